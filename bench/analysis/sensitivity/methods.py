"""The table of methods: a new one is one line here and one function of a `Sample` in a file of its own.

Every method sees the unit cube, in which each parameter has the distribution that it is searched in, and says of each
parameter how much it matters, in numbers that compare within the method and not between methods.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from numpy.random import Generator

from problems.entries import NOTHING, Needs
from problems.loading import resolve
from problems.space import Floats, SearchSpace

Predict: TypeAlias = Callable[[Floats], Floats]  # points (m, d) of the unit cube -> values (m,)


@dataclass(frozen=True, eq=False)
class Sample:
    """Trials of one instance: points of the unit cube, and what was told of them."""

    space: SearchSpace
    units: Floats  # (n, d)
    values: Floats  # (n,) finite


@dataclass(frozen=True, eq=False)
class Estimate:
    """What one fit to a sample says."""

    shares: Mapping[str, Floats]  # by measure, (d,); NaN where a measure has nothing to say
    predict: Predict | None = None  # where the method has a model of the values, which can be tested


Estimator: TypeAlias = Callable[[Sample, Generator], Estimate]


@dataclass(frozen=True)
class Measure:
    """One column of numbers."""

    name: str
    heading: str
    meaning: str
    votes: bool = True  # counts for the tuning order


@dataclass(frozen=True)
class Method:
    """What gives one or several measures by one fit."""

    name: str
    measures: tuple[Measure, ...]
    factory: str  # "module:estimator", imported only when it is used
    source: str
    needs: Needs = NOTHING
    curves: bool = False  # partial dependence is that of its model

    def load(self) -> Estimator:
        """Import the estimator."""
        estimator: Estimator = resolve(self.factory)
        return estimator


METHODS: tuple[Method, ...] = (
    Method(
        "random forest",
        (Measure("fanova", "fANOVA", "part of a random forest's variance that the parameter explains alone"),),
        "bench.analysis.sensitivity.random_forest:estimate",
        "Hutter, Hoos & Leyton-Brown 2014, ICML",
        Needs("sklearn", ("sklearn",), "scikit-learn"),
    ),
    Method(
        "Parzen estimators",
        (Measure("ped_anova", "PED-ANOVA", "how far its values among the best tenth are from those of all trials"),),
        "bench.exchange.optuna_importance:estimate",
        "Watanabe, Bansal & Hutter 2023, IJCAI (optuna.importance.PedAnovaImportanceEvaluator)",
        Needs("optuna", ("optuna",), "optuna"),
    ),
    Method(
        "Gaussian process",
        (
            Measure("ard", "ARD", "inverse length scale of a Gaussian process, as a share of all of them"),
            Measure("first", "Sobol' first", "part of the variance that the parameter explains alone", votes=False),
            Measure("total", "Sobol' total", "part of the variance that the parameter has a hand in"),
        ),
        "bench.analysis.sensitivity.gaussian_process:estimate",
        "Bergstra & Bengio 2012, JMLR 13, Figure 7 (ARD); Sobol' 1993; Homma & Saltelli 1996",
        curves=True,
    ),
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for method in METHODS for measure in method.measures}
TOTAL = "total"
SOBOL = ("first", TOTAL)
