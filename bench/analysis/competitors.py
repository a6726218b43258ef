"""A strategy with a pruner is a competitor of its own: `gp+asha` beside `gp`."""

import re

import pandas as pd

from bench.records import pair_label
from strategies.names import parts_of_name
from strategies.pruners.registry import NO_PRUNER, pruners
from strategies.registry import PROCESS, strategies

USERS = re.compile(r"[^:]+:\w+")  # how a class of the user is named


def by_pair(frame: pd.DataFrame) -> pd.DataFrame:
    """Runs, trials or skips with `strategy` naming the pair; the frame itself where nothing has a pruner."""
    if (frame["pruner"] == NO_PRUNER).all():
        return frame
    labels = [pair_label(strategy, pruner) for strategy, pruner in zip(frame["strategy"], frame["pruner"], strict=True)]
    return frame.assign(strategy=labels)


def parts_of(label: str) -> tuple[str, str]:
    """Strategy and pruner of a pair's label; a name that merely holds a plus is a strategy's."""
    for place in (match.start() for match in re.finditer(r"\+", label)):
        strategy, pruner = label[:place], label[place + 1 :]
        if strategy and (pruner in pruners() or (USERS.fullmatch(pruner) and is_strategy(strategy))):
            return strategy, pruner
    return label, NO_PRUNER


def is_strategy(name: str) -> bool:
    """Whether `name` is one of the table, or of the user's code; a command may be anything, with any plus in it."""
    return parts_of_name(name).searcher in strategies() or (USERS.match(name) is not None and PROCESS not in name)


def has_pruners(frame: pd.DataFrame) -> bool:
    """Whether any row of runs or trials has a pruner: then budgets are counted in full trials."""
    return bool((frame["pruner"] != NO_PRUNER).any())
