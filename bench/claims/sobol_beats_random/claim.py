"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.sobol_beats_random import functions, trainings, where

CLAIM = Claim(
    name="sobol-beats-random",
    statement=(
        "Sobol' points beat random search at the same number of trials, most of all in few dimensions, at powers of "
        "two and on smooth functions."
    ),
    source=(
        "J. Bergstra & Y. Bengio: Random Search for Hyper-Parameter Optimization. Journal of Machine Learning Research "
        "13 (2012), 281–305, section 4; since then said of every quasi-random sampler"
    ),
    parts=(
        functions.PART,
        where.FEW_DIMENSIONS,
        where.POWERS_OF_TWO,
        where.SMOOTH_FUNCTIONS,
        trainings.PART,
    ),
)
