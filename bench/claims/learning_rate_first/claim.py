"""The claim and its parts. Quick: two minutes on two cores; full: about an hour and a half."""

from bench.claims.claim import Claim
from bench.claims.learning_rate_first import alone_part, known_functions_part, largest_part

CLAIM = Claim(
    name="learning-rate-first",
    statement=(
        "The learning rate is the most important hyperparameter; with fewer than ten trials, tune it and nothing else."
    ),
    source=(
        "I. Goodfellow, Y. Bengio & A. Courville: Deep Learning. MIT Press (2016), section 11.4.1; "
        "Y. Bengio: Practical Recommendations for Gradient-Based Training of Deep Architectures (2012)"
    ),
    parts=(largest_part.PART, alone_part.PART, known_functions_part.PART),
)
