"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.random_beats_grid import hitting_part, low_dimension_part, neural_part, nine_trials, relevance_part

CLAIM = Claim(
    name="random-beats-grid",
    statement=(
        "With the same number of trials, random search tries more values of every hyperparameter than grid search, "
        "finds better values where few parameters matter, and is more likely to hit a small region of good ones."
    ),
    source=(
        "J. Bergstra & Y. Bengio: Random Search for Hyper-Parameter Optimization. Journal of Machine Learning Research "
        "13 (2012), 281–305"
    ),
    parts=(nine_trials.PART, low_dimension_part.PART, hitting_part.PART, neural_part.PART, relevance_part.PART),
)
