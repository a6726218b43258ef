"""Every method on many parts of the trials: how much of what it says is owed to these trials and not to others."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from numpy.random import Generator

from bench.analysis.importance import SUBSET, r_squared
from bench.analysis.sensitivity.data import part, with_nothing
from bench.analysis.sensitivity.methods import METHODS, Method, Sample
from bench.analysis.sensitivity.partial_dependence import curves_of
from bench.threads import one_thread
from problems.space import Floats

REFITS = 20


@dataclass(frozen=True, eq=False)
class Refitted:
    """What methods say of one instance, refit by refit."""

    estimates: pd.DataFrame  # refit, parameter, measure, value; one more parameter, NOTHING
    explained: pd.DataFrame  # refit, method, r_squared: of trials that the fit did not see
    curves: pd.DataFrame  # refit, parameter, unit, value: partial dependence
    lines: pd.DataFrame  # line, parameter, unit, value: of single configs, in the first refit


def refitted(sample: Sample, rng: Generator, methods: Sequence[Method] = METHODS, count: int = REFITS) -> Refitted:
    """`count` fits, each to a random `SUBSET` of the trials and with another parameter `NOTHING`."""
    estimators = [(method, method.load()) for method in methods]
    estimates, explained, curves, lines = [], [], [], []
    with one_thread():
        for refit in range(count):
            order, kept = rng.permutation(len(sample.values)), round(SUBSET * len(sample.values))
            whole = with_nothing(sample, rng)
            seen, unseen = part(whole, order[:kept]), part(whole, order[kept:])
            for method, estimator in estimators:
                found = estimator(seen, rng)
                estimates += [tidy(whole, measure, shares, refit) for measure, shares in found.shares.items()]
                if found.predict is None:
                    continue
                quality = r_squared(unseen.values, found.predict(unseen.units))
                explained.append({"refit": refit, "method": method.name, "r_squared": quality})
                if method.curves:
                    mean, single = curves_of(sample.space, found.predict, rng)
                    curves.append(mean.assign(refit=refit))
                    lines += [single] if refit == 0 else []
    return Refitted(*(pd.concat(t, ignore_index=True) for t in (estimates, [pd.DataFrame(explained)], curves, lines)))


def tidy(sample: Sample, measure: str, shares: Floats, refit: int) -> pd.DataFrame:
    """The numbers of one measure as rows."""
    return pd.DataFrame({"refit": refit, "parameter": sample.space.names, "measure": measure, "value": shares})
