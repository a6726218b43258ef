"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.early_stopping import equal_cost, set_parts

CLAIM = Claim(
    name="early-stopping-saves",
    statement="Early stopping saves most of the price of a search, and hardly ever stops the winner.",
    source=(
        "L. Li et al.: A System for Massively Parallel Hyperparameter Tuning (MLSys 2020); L. Li et al.: Hyperband "
        "(JMLR 2018); repeated in most tutorials"
    ),
    parts=(set_parts.SAVES, set_parts.KEPT, equal_cost.PART),
)
