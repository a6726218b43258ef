"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.grid_explodes import consequence, counting, resolution

CLAIM = Claim(
    name="grid-explodes",
    statement=(
        "k values of each of d parameters cost k^d trials; at a fixed budget, a grid's resolution collapses as "
        "parameters are added, and what it finds gets worse."
    ),
    source=(
        "every tutorial on hyperparameter search; R. Bellman: Adaptive Control Processes (1961), who named the curse "
        "of dimensionality; J. Bergstra & Y. Bengio, Journal of Machine Learning Research 13 (2012), section 1"
    ),
    parts=(counting.PART, resolution.PART, consequence.PART),
)
