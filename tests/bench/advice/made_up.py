"""Evidence from a few numbers: random search's regret is 1 after any number of trials, everyone else's is given."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bench.advice.evidence import COLUMNS, LADDER, reached
from bench.advice.record import Record, record_of
from bench.prices import PriceList

BUDGET = 100
FREE = PriceList({("strategy", name): {(2, 1): 1e-9} for name in ("random", "good", "bad", "other")})


def row(problem: str, strategy: str, regret: float | Sequence[float], **more: Any) -> dict[str, Any]:
    """A run; one `regret` is that of every trial."""
    steps = reached(more.get("budget", BUDGET))
    curve = list(regret) if isinstance(regret, Sequence) else [regret] * steps
    return {
        **{"source": "shipped", "problem": problem, "dim": 5, "workers": 1, "categorical": 0, "noisy": 0.0},
        **{"strategy": strategy, "version": "lib 1.0", "seed": 0, "budget": BUDGET, "regret": curve},
        **{"optimiser_s": [], **more},
    }


def evidence(scores: Mapping[str, Mapping[str, float]], **more: Any) -> pd.DataFrame:
    """A run per problem and strategy that has a regret there, and random search beside it."""
    rows = []
    for problem, of_strategy in scores.items():
        rows.append(row(problem, "random", [1.0] * len(LADDER), **{**more, "budget": 1000, "workers": 1}))
        rows += [row(problem, strategy, regret, **more) for strategy, regret in of_strategy.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def record(scores: Mapping[str, Mapping[str, float]], prices: PriceList = FREE, **more: Any) -> Record:
    return record_of(evidence(scores, **more), prices)
