"""A strategy with a pruner is a competitor of its own: `gp+asha` beside `gp`."""

import pandas as pd

from bench.records import pair_label
from strategies.pruners.registry import NO_PRUNER, pruners


def by_pair(frame: pd.DataFrame) -> pd.DataFrame:
    """Runs, trials or skips with `strategy` naming the pair; the frame itself where nothing has a pruner."""
    if (frame["pruner"] == NO_PRUNER).all():
        return frame
    labels = [pair_label(strategy, pruner) for strategy, pruner in zip(frame["strategy"], frame["pruner"], strict=True)]
    return frame.assign(strategy=labels)


def parts_of(label: str) -> tuple[str, str]:
    """Strategy and pruner of a pair's label; a name that merely holds a plus is a strategy's."""
    strategy, _, pruner = label.rpartition("+")
    return (strategy, pruner) if strategy and pruner in pruners() else (label, NO_PRUNER)


def has_pruners(frame: pd.DataFrame) -> bool:
    """Whether any row of runs or trials has a pruner: then budgets are counted in full trials."""
    return bool((frame["pruner"] != NO_PRUNER).any())
