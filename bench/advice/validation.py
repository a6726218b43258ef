"""Would the advice have been good? Every problem in turn is left out, in all its forms, and advised on from the others.

| policy | who is taken |
|---|---|
| `recommend` | the pick for that situation (`bench.advice.ranking`), from the other problems |
| `overall best` | the lowest score over all cells, budgets and prices of the other problems, whatever the situation |
| `random choice` | anyone, by chance: the mean |
| `oracle` | who turned out best there |

All choose among those that ran on the cell that was left out.
"""

from itertools import product
from typing import Any, TypeAlias
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bench.advice.ranking import Field, expected_scores, field_of, standing_of
from bench.advice.record import Record, scores
from bench.advice.situation import Situation
from bench.analysis.statistics import RESAMPLES, bounds, drawn
from problems.space import Floats

TRIALS = (10, 20, 40, 60)
SECONDS = (0.01, 1.0, 100.0)
POLICIES = ("recommend", "overall best", "random choice", "oracle")
AGAINST = "recommend"

Ints: TypeAlias = NDArray[np.intp]


def situations_of(record: Record, cell: int) -> list[Situation]:
    """What somebody with that cell as the problem could ask; noise that nobody knows of (trainings) is noise."""
    row = record.cells.iloc[cell]
    return [
        Situation(int(row["dim"]), trials, seconds, int(row["categorical"]), row["noisy"] != 0, int(row["workers"]))
        for trials, seconds in product(TRIALS, SECONDS)
    ]


def outcomes(record: Record, rng: Generator, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Regret over random's of every policy in every situation that the cells of `record` make.

    Columns: `base`, `cell`, `trials`, `seconds`, and the policies; `recommend` is NaN where there was no evidence.
    """
    asked = [situations_of(record, cell) for cell in range(len(record.cells))]
    tables: dict[tuple[int, int, int, float], Floats] = {}
    for situation in (one for several in asked for one in several):
        if key_of(situation) not in tables:
            tables[key_of(situation)] = scores(record, situation).values
    own = [[tables[key_of(situation)][cell] for situation in several] for cell, several in enumerate(asked)]
    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)  # a strategy that did not run there has no mean
        everywhere = np.nanmean(np.array(own), axis=1)  # (c, k)
    base, rows = record.cells["base"], []
    for held_out in dict.fromkeys(base):
        others = (base != held_out).to_numpy(dtype=float)
        overall = overall_order(field_of(everywhere, others, base, others > 0))
        for cell in np.flatnonzero(base == held_out):
            for situation, truth in zip(asked[cell], own[cell], strict=True):
                if np.isfinite(truth).sum() < 2:
                    continue
                similar = others * situation.weights(record.cells)
                field = field_of(tables[key_of(situation)], similar, base, situation.is_kind_of(record.cells))
                advised = advised_order(field, rng, resamples)
                facts = {"base": held_out, "cell": cell, "trials": situation.trials, "seconds": situation.seconds}
                rows.append(facts | dict(zip(POLICIES, chosen(truth, advised, overall), strict=True)))
    return pd.DataFrame(rows, columns=["base", "cell", "trials", "seconds", *POLICIES])


def key_of(situation: Situation) -> tuple[int, int, int, float]:
    """What `scores` depend on."""
    return situation.dims, situation.workers, situation.trials, situation.seconds


def overall_order(field: Field) -> Ints:
    """Strategies with evidence enough, the lowest mean score first."""
    columns = np.flatnonzero(field.enough)
    order: Ints = columns[np.argsort(expected_scores(field.y[:, columns], field.weights[None])[0])]
    return order


def advised_order(field: Field, rng: Generator, resamples: int) -> Ints:
    """Strategies in the order in which they are advised; none where there is no evidence."""
    if field.enough.sum() < 2:
        return np.zeros(0, dtype=np.intp)
    standing = standing_of(field, rng, resamples)
    return standing.columns[standing.order]


def chosen(truth: Floats, advised: Ints, overall: Ints) -> tuple[float, ...]:
    """What each of `POLICIES` gets, of the scores `truth` (k,) of the cell that was left out."""
    picks = [truth[order][np.isfinite(truth[order])][:1] for order in (advised, overall)]
    got = [float(pick[0]) if len(pick) else np.nan for pick in picks]
    return *got, float(np.nanmean(truth)), float(np.nanmin(truth))


def validation(found: pd.DataFrame, rng: Generator, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Mean of each policy over problems, with bootstrap intervals over them, where there was evidence.

    `found` are `outcomes`. Columns: `policy`, `score`, `low`, `high`, and the same of the score minus that of the
    advice: `more`, `more_low`, `more_high`. A problem counts once, whatever its cells and situations; in `asked`, the
    mean of the score over all situations, it counts as often as it was asked about.
    """
    answered = found.dropna(subset=list(POLICIES))
    of_problem = answered.groupby(["base", "cell"])[list(POLICIES)].mean().groupby("base").mean().to_numpy()  # (p, 4)
    shares = drawn(len(of_problem), rng, resamples)
    more = of_problem - of_problem[:, [POLICIES.index(AGAINST)]]
    table: dict[str, Any] = {"policy": POLICIES, "asked": answered[list(POLICIES)].mean().to_numpy()}
    for name, values in (("score", of_problem), ("more", more)):
        low, high = bounds(shares @ values)
        ends = ("", values.mean(axis=0)), ("_low", low), ("_high", high)
        table |= {f"{name}{end}".replace("score_", ""): column for end, column in ends}
    return pd.DataFrame(table)
