"""Ray Tune's schedulers that stop trials, driven as its controller calls them, without a cluster."""

import os
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
from ray.tune.schedulers import AsyncHyperBandScheduler, TrialScheduler

from strategies.pruners.base import Pruner, is_whole

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # telemetry

TIME, METRIC = "ninths", "value"
FULL = 9  # of Tune's time: one unit is the first rung of our own pruners, 1/9
DIGITS = 6  # so that three looks of a ninth are 3, and not a little less


class RayAsha(Pruner):
    """Asynchronous successive halving in the stopping form: a trial goes on unless it is below a rung's upper third.

    The third is a percentile of those that came there before it, interpolated, from the second on. A look far on counts
    at the highest rung that it has reached, and the next looks of its trial in the rungs below, as Ray has it.
    """

    reference = "Li et al. 2020, MLSys (ray.tune.schedulers.AsyncHyperBandScheduler)"
    deviations: ClassVar[Mapping[str, str]] = {
        "time_attr": "ninths of the trial's full fidelity; the default counts reports, and trainings differ in length",
        "max_t": "9, the full fidelity; the default of 100 is of a training that nobody knows",
        "reduction_factor": "3, as our own asha; the default is 4",
    }

    def __init__(self) -> None:
        self._scheduler = scheduler()
        self._trials: dict[int, SimpleNamespace] = {}

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """What the scheduler decides; a whole trial, which it stops as well, has come to its end.

        Tune tells a scheduler again of the last result of a trial that ended, which counts in a rung below, too.
        """
        if proposal_id not in self._trials:
            self._trials[proposal_id] = SimpleNamespace(trial_id=str(proposal_id))
            add(self._scheduler, self._trials[proposal_id])
        result = {TIME: round(FULL * step, DIGITS), METRIC: value}
        trial = self._trials[proposal_id]
        decision = self._scheduler.on_trial_result(None, trial, result)
        if decision == TrialScheduler.STOP or is_whole(step):
            self._scheduler.on_trial_complete(None, trial, result)
            del self._trials[proposal_id]
        return bool(decision == TrialScheduler.STOP) and not is_whole(step)


def scheduler() -> Any:
    """With the library's defaults but for `deviations`: one bracket, its first rung at one unit of time.

    Untyped: its methods want a controller, which they do not look at, and Tune's trials, of which they see the id.
    """
    return AsyncHyperBandScheduler(time_attr=TIME, metric=METRIC, mode="min", max_t=FULL, reduction_factor=3)


def add(tune: Any, trial: SimpleNamespace) -> None:
    """Announce a trial. Its bracket is drawn from the global stream, which is left as it was: there is one bracket."""
    before = np.random.get_state()  # noqa: NPY002  Ray's, not ours
    tune.on_trial_add(None, trial)
    np.random.set_state(before)  # noqa: NPY002
