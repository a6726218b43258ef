"""The claim and its parts."""

from bench.claims.claim import Claim
from bench.claims.validation_gap import gap_part, winner_part

CLAIM = Claim(
    name="validation-gap",
    statement=(
        "A wide gap between training and validation error means overfitting: pick by validation error, and do not "
        "trust a config whose gap is wide."
    ),
    source=(
        "tutorial wisdom, after the learning curves of I. Goodfellow, Y. Bengio & A. Courville: Deep Learning (2016), "
        "section 5.2; no study of the sentence itself is known to us"
    ),
    parts=(gap_part.POLYNOMIALS, gap_part.TRAININGS, winner_part.PART),
)
