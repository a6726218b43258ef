"""A run here and now: the trials of a strategy on a problem, the same as `bench run` would store for that seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from bench.records import Outcome, Retraining, RunKey, Setting, Trial
from bench.run import execute
from bench.threads import one_thread

KEPT = 256  # runs
ONE_AT_A_TIME = Lock()  # libraries that know global random states alone are lent them, and threads are pinned


@dataclass(frozen=True)
class LiveRun:
    """What a run came to; `setting` is None where it failed before its problem stood."""

    key: RunKey
    setting: Setting | None
    trials: Sequence[Trial]
    outcome: Outcome


class Kept:
    """A sink that keeps the trials in memory."""

    def __init__(self) -> None:
        self.setting: Setting | None = None
        self.trials: list[Trial] = []

    def begin(self, setting: Setting) -> None:
        """Keep what is known of the run."""
        self.setting = setting

    def add(self, trial: Trial) -> None:
        """Keep a trial."""
        self.trials.append(trial)

    def retrained(self, retraining: Retraining) -> None:
        """Nothing is evaluated again here."""

    def restart(self, reason: str) -> None:
        """Forget what there was."""
        self.trials.clear()


@lru_cache(KEPT)
def live_run(problem: str, dim: int, strategy: str, seed: int, budget: int) -> LiveRun:
    """Run `strategy` on the instance of `seed`; what was run before is remembered.

    A failure of the strategy is in `outcome`, that of a trial in the trial, as in an experiment. Raises `KeyError` for
    unknown names; whether strategy and problem go together is to be asked first (`Entry.unavailable`).
    """
    kept, key = Kept(), RunKey(problem, dim, seed, strategy, seed, budget)
    with ONE_AT_A_TIME, one_thread():
        outcome = execute(key, (), kept)
    return LiveRun(key, kept.setting, tuple(kept.trials), outcome)
