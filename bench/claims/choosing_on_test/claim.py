"""The claim and its parts."""

from bench.claims.choosing_on_test import known_truth, trainings_part
from bench.claims.claim import Claim

CLAIM = Claim(
    name="test-set-tuning",
    statement="Never choose hyperparameters by the test error: the error that you then report flatters.",
    source=(
        "G. Cawley & N. Talbot: On Over-fitting in Model Selection and Subsequent Selection Bias in Performance "
        "Evaluation. Journal of Machine Learning Research 11 (2010), 2079–2107; repeated in every textbook"
    ),
    parts=(known_truth.PART, trainings_part.PART),
)
