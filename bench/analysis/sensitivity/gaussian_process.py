"""ARD relevance and Sobol' indices, from one Gaussian process (see `bench.analysis.importance`)."""

from numpy.random import Generator

from bench.analysis.importance import REFIT_POINTS, relevances, variance_shares
from bench.analysis.sensitivity.methods import Estimate, Sample
from bench.analysis.surrogate import fit


def estimate(sample: Sample, rng: Generator) -> Estimate:
    """The measures `ard`, `first` and `total`, each (d,), and the process's mean."""
    surrogate = fit(sample.space, sample.units, sample.values)
    indices = variance_shares(surrogate, rng, REFIT_POINTS, resamples=0)
    shares = {"ard": relevances(surrogate)["share"].to_numpy(dtype=float)}
    shares |= {name: indices[name].to_numpy(dtype=float) for name in ("first", "total")}
    return Estimate(shares, surrogate.predict)
