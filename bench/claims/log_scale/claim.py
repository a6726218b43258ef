"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.log_scale import known_optimum_part, trainings_part

CLAIM = Claim(
    name="log-scale",
    statement="Search the learning rate on a log scale, not on a linear one.",
    source=(
        "Y. Bengio: Practical Recommendations for Gradient-Based Training of Deep Architectures (2012), section 3.3; "
        "J. Bergstra & Y. Bengio (2012) draw learning rates and penalties log-uniformly; repeated in most tutorials"
    ),
    parts=(known_optimum_part.LOG_PART, known_optimum_part.LINEAR_PART, trainings_part.PART),
)
