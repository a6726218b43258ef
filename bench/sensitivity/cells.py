"""One problem in one dimension: what its instances say together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from bench.analysis.sensitivity.data import NOTHING
from bench.analysis.sensitivity.methods import SOBOL, TOTAL
from bench.analysis.sensitivity.order import (
    HALF,
    Answers,
    agreement,
    answers,
    importances,
    instance_concordance,
    mean_and_error,
    method_concordance,
    tuning_order,
)
from bench.sensitivity.instances import InstanceAnswer
from problems.space import SearchSpace

Name: TypeAlias = tuple[str, int]  # of a problem, in a dimension


@dataclass(frozen=True, eq=False)
class Cell:
    """Tables to print, draw and store; all numbers are means over the instances."""

    problem: str
    dim: int
    space: SearchSpace
    instances: Sequence[InstanceAnswer]
    answers: Answers
    importances: pd.DataFrame  # parameter (NOTHING the last), measure, value, low, high
    order: pd.DataFrame  # parameter, place, mean_rank, low, high, seen
    agreement: pd.DataFrame  # τ, measures × measures
    concordance: float  # W of the methods
    concordance_of_instances: float
    explained: pd.Series  # R² by method
    noise: float
    curves: pd.DataFrame  # parameter, unit, value, low, high
    lines: pd.DataFrame  # instance, line, parameter, unit, value
    direct: bool  # Sobol' indices are those of the function itself

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.problem}, d = {self.dim}"


def cell_of(instances: Sequence[InstanceAnswer]) -> Cell:
    """What `instances` of one problem in one dimension say together; at least one."""
    first = instances[0]
    common = [name for name in first.observed.sample.space.names if all(varied(i, name) for i in instances)]
    if not common:
        raise ValueError(f"importance needs a parameter that varies in every instance of {first.instance.problem}")
    direct = all(i.direct is not None for i in instances)
    estimates = pd.concat([numbers(i, direct, common) for i in instances], ignore_index=True)
    found, deciding = answers(estimates), deciding_measures(direct)
    table = importances(found)
    if direct:
        table = pd.concat([table[~table["measure"].isin(SOBOL)], of_the_function(instances, common)], ignore_index=True)
    noises = [i.observed.noise for i in instances if not math.isnan(i.observed.noise)]
    explained = pd.concat([i.refitted.explained for i in instances])
    lines = pd.concat([i.refitted.lines.assign(instance=i.instance.number) for i in instances], ignore_index=True)
    return Cell(
        problem=first.instance.problem,
        dim=first.instance.dim,
        space=SearchSpace(tuple(p for p in first.space if p.name in common)),
        instances=instances,
        answers=found,
        importances=table,
        order=tuning_order(found, deciding),
        agreement=agreement(found),
        concordance=method_concordance(found),
        concordance_of_instances=instance_concordance(found, deciding),
        explained=explained.groupby("method", sort=False)["r_squared"].mean(),
        noise=float(np.mean(noises)) if noises else math.nan,
        curves=mean_curves(instances, common),
        lines=lines[lines["parameter"].isin(common)],
        direct=direct,
    )


def deciding_measures(direct: bool) -> tuple[str, ...]:
    """What makes the order: the function's own total index where it is known; empty: all measures that vote."""
    return (TOTAL,) if direct else ()


def varied(answer: InstanceAnswer, name: str) -> bool:
    """Whether a parameter was varied in this instance."""
    return name in answer.observed.sample.space.names


def numbers(answer: InstanceAnswer, direct: bool, common: Sequence[str]) -> pd.DataFrame:
    """The estimates of an instance, with the function's own Sobol' indices in every refit where they are to be had."""
    table = answer.refitted.estimates
    table = table[table["parameter"].isin([*common, NOTHING])].assign(instance=answer.instance.number)
    if not direct or answer.direct is None:
        return table
    own = answer.direct.melt(id_vars="parameter", value_vars=list(SOBOL), var_name="measure", value_name="own")
    merged = table.merge(own, on=["parameter", "measure"], how="left")
    replaced = merged["measure"].isin(SOBOL)
    value = merged["value"].where(~replaced, merged["own"].fillna(0.0))  # NOTHING has none
    return merged.assign(value=value).drop(columns="own")


def of_the_function(instances: Sequence[InstanceAnswer], common: Sequence[str]) -> pd.DataFrame:
    """Rows of `importances` with the function's own indices; intervals are those of the integration."""
    tables = [i.direct.set_index("parameter").loc[list(common)] for i in instances if i.direct is not None]
    rows = []
    for measure in SOBOL:
        value = np.mean([t[measure] for t in tables], axis=0)
        half = np.array([(t[f"{measure}_high"] - t[f"{measure}_low"]) / 2 for t in tables])
        reach = np.sqrt((half**2).sum(axis=0)) / len(tables)
        rows += [(name, measure, v, v - r, v + r) for name, v, r in zip(common, value, reach, strict=True)]
        rows.append((NOTHING, measure, 0.0, 0.0, 0.0))
    return pd.DataFrame(rows, columns=["parameter", "measure", "value", "low", "high"])


def mean_curves(instances: Sequence[InstanceAnswer], common: Sequence[str]) -> pd.DataFrame:
    """Partial dependence with its interval: columns `parameter`, `unit`, `value`, `low`, `high`."""
    parts = []
    for name in common:
        tables = [i.refitted.curves for i in instances]
        wide = [
            table[table["parameter"] == name].pivot(index="refit", columns="unit", values="value") for table in tables
        ]
        mean, error = mean_and_error(np.array([w.to_numpy() for w in wide]))
        parts.append(
            pd.DataFrame(
                {
                    "parameter": name, "unit": wide[0].columns.to_numpy(), "value": mean,
                    "low": mean - HALF * error, "high": mean + HALF * error,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)
