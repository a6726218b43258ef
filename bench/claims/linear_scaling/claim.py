"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.linear_scaling import parts

CLAIM = Claim(
    name="linear-scaling-rule",
    statement="When the batch size is multiplied by k, multiply the learning rate by k.",
    source=(
        "P. Goyal et al.: Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour (arXiv:1706.02677, 2017), section "
        "2.1, which also says that it ends: beyond 8000 images a batch, their error rises"
    ),
    parts=(parts.WITHIN_PART, parts.BEYOND_PART),
)
