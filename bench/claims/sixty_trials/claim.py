"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.sixty_trials import rank, value

CLAIM = Claim(
    name="sixty-trials",
    statement=(
        "Sixty random trials (59 are enough) find a configuration in the top 5 % with a probability of 95 %; that is a "
        "statement about ranks, not about values."
    ),
    source="A. Zheng: Evaluating Machine Learning Models. O'Reilly (2015), chapter on hyperparameter tuning",
    parts=(rank.PART, value.PART),
)
