"""The claim and its parts."""

from bench.claims.bayesian_beats_random.parts import PARTS
from bench.claims.claim import Claim

CLAIM = Claim(
    name="bayesian-beats-random",
    statement=(
        "Bayesian search beats random search: with the same number of trials, and in the same time when a trial takes "
        "a millisecond, a second or a minute."
    ),
    source=(
        "J. Snoek, H. Larochelle & R. P. Adams: Practical Bayesian Optimization of Machine Learning Algorithms. "
        "NeurIPS 2012; R. Turner et al.: Bayesian Optimization is Superior to Random Search for Machine Learning "
        "Hyperparameter Tuning. NeurIPS 2020 competition track"
    ),
    parts=PARTS,
)
