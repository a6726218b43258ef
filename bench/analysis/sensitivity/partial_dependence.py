"""Partial dependence: what a model predicts as one parameter moves and all others stay, on average and one by one.

Friedman 2001, Ann. Statist. 29:1189-1232, section 8.2 (averages); Goldstein et al. 2015, J. Comput. Graph. Stat. 24:44
(single lines, ICE). Averages are over the space's own distribution.
"""

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.stats import qmc

from bench.analysis.sensitivity.methods import Predict
from problems.space import Floats, Parameter, SearchSpace

STEPS = 25  # along a parameter
BACKGROUND = 64  # configs that the others are averaged over; a power of two
LINES = 12  # of them shown one by one


def curves_of(space: SearchSpace, predict: Predict, rng: Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Averages (columns `parameter`, `unit`, `value`) and single lines (`line` besides).

    `predict` takes points (m, d + 1): the last coordinate is the parameter without effect, which moves with the others.
    """
    others = qmc.Sobol(len(space) + 1, rng=rng).random(BACKGROUND)  # (B, d + 1)
    means, lines = [], []
    for j, parameter in enumerate(space):
        units = places(parameter)
        points = np.repeat(others[None], len(units), axis=0)  # (S, B, d + 1)
        points[:, :, j] = units[:, None]
        values = predict(points.reshape(-1, points.shape[2])).reshape(len(units), BACKGROUND)  # (S, B)
        means.append(pd.DataFrame({"parameter": parameter.name, "unit": units, "value": values.mean(axis=1)}))
        single = pd.DataFrame(values[:, :LINES], index=units).rename_axis("unit").reset_index()
        long = single.melt(id_vars="unit", var_name="line", value_name="value")
        lines.append(long.assign(parameter=parameter.name))
    return pd.concat(means, ignore_index=True), pd.concat(lines, ignore_index=True)


def places(parameter: Parameter) -> Floats:
    """Units along a parameter, ascending: those of values that it takes."""
    count = int(min(STEPS, parameter.cardinality))
    evenly = np.linspace(0.5 / count, 1.0 - 0.5 / count, count)
    return np.unique(parameter.snap(evenly))
