"""PED-ANOVA by Optuna: what tells the best tenth of the trials from all of them, parameter by parameter.

Optuna sees numbers as units of the cube and choices as choices. Its other defaults are kept: the best tenth, among all
trials, against where the trials were (`evaluate_on_local`), so that a crowd of trials is no importance by itself.
"""

import math
import warnings

import numpy as np
import optuna
from numpy.random import Generator
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.importance import PedAnovaImportanceEvaluator
from optuna.trial import create_trial

from bench.analysis.sensitivity.methods import Estimate, Sample
from bench.exchange.optuna_storage import quiet
from problems.space import Categorical, Parameter


def estimate(sample: Sample, rng: Generator) -> Estimate:
    """The measure `ped_anova` (d,), as shares of their sum; NaN where all are 0. `rng` is not used."""
    names = [f"x{j}" for j in range(len(sample.space))]  # ours may hold what Optuna does not take
    distributions = dict(zip(names, map(distribution, sample.space), strict=True))
    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study = optuna.create_study(direction="minimize")
        study.add_trials(
            create_trial(
                params={
                    name: place_of(parameter, unit)
                    for name, parameter, unit in zip(names, sample.space, units, strict=True)
                },
                distributions=distributions,
                value=value,
            )
            for units, value in zip(sample.units.tolist(), sample.values.tolist(), strict=True)
        )
        found = PedAnovaImportanceEvaluator().evaluate(study, names)
    divergences = np.array([found[name] for name in names])
    total = divergences.sum()
    return Estimate({"ped_anova": divergences / total if total > 0.0 else np.full(len(names), math.nan)})


def distribution(parameter: Parameter) -> BaseDistribution:
    """The unit interval, or so many choices."""
    if isinstance(parameter, Categorical):
        return CategoricalDistribution(list(range(len(parameter.choices))))
    return FloatDistribution(0.0, 1.0)


def place_of(parameter: Parameter, unit: float) -> float | int:
    """The unit, or which choice it is."""
    if isinstance(parameter, Categorical):
        count = len(parameter.choices)
        return min(int(unit * count), count - 1)
    return unit
