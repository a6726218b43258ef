"""The runs of the page: a quick one is made at once, any other by a worker while the page says how far it is."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bench.charts.chart import plain
from bench.errors import UsageError
from bench.explore.background import Background
from bench.explore.live import LiveRun, live_run
from bench.explore.offered import offered_strategy
from bench.explore.views.landscape.ground import DIM
from bench.prices import PriceList
from bench.records import Outcome, RunKey, Setting, Trial
from strategies.names import parts_of_name

QUICK_S = 1.0  # that imports and thinking may take where prices were measured; a worker's start takes as long


def keys_of(function: str, seed: int, chosen: Sequence[str], budget: int) -> list[RunKey]:
    """The runs of the strategies `chosen`; raises `UsageError` where one is none or cannot be run."""
    for name in chosen:
        try:
            reason = offered_strategy(name).unavailable(DIM)
        except (KeyError, ValueError) as error:
            raise UsageError(str(error.args[0])) from None
        if reason:
            raise UsageError(reason)
    return [RunKey(function, DIM, seed, name, seed, budget) for name in chosen]


def digest(key: RunKey, setting: Setting | None, trials: Sequence[Trial], outcome: Outcome) -> LiveRun:
    """What is kept of a run; see `bench.explore.background`."""
    return LiveRun(key, setting, tuple(trials), outcome)


def runs_of(keys: Sequence[RunKey], page: str, background: Background[LiveRun]) -> tuple[list[LiveRun], str]:
    """The runs, or none of them and how far they are. What `page` asked for before is not waited for any more."""
    slow = [key for key in dict.fromkeys(keys) if not is_quick(key.strategy, key.budget)]
    found = background.ask(page, slow)
    at = background.at()
    waited = [f"{plain(key.strategy)}, trial {at.get(key, 0) + 1} of {key.budget}" for key in slow if key not in found]
    if waited:
        return [], f"Running {'; '.join(waited)} … Another choice ends it."
    return [found.get(key) or here(key) for key in keys], ""


def here(key: RunKey) -> LiveRun:
    """The run, made now by this process, or remembered."""
    return live_run(key.problem, key.dim, key.strategy, key.seed, key.budget)


@lru_cache(4096)
def is_quick(strategy: str, budget: int) -> bool:
    """Whether the strategy is known to think so shortly that nobody waits for it; functions cost nothing."""
    prices, searcher = price_list(), parts_of_name(strategy).searcher
    if ("strategy", searcher) not in prices.seconds:
        return False
    thinking = float(prices.curve("strategy", searcher, DIM, np.arange(1.0, budget + 1)).sum())
    return prices.single("setup", searcher) + thinking < QUICK_S


@lru_cache(1)
def price_list() -> PriceList:
    """The shipped prices."""
    return PriceList.read()
