"""Ray Tune's scheduler decides through our interface as it does when Tune calls it."""

import random

import numpy as np
import pytest

pytest.importorskip("ray.tune", reason="needs ray")

from ray.tune.schedulers import AsyncHyperBandScheduler, TrialScheduler

from strategies.adapters.ray_tune_schedulers import RayAsha
from strategies.pruners.registry import pruner_entry
from strategies.pruners.testing import show, some_trials
from tests.strategies.pruners.test_contracts import turning


class ATrial:
    """What the scheduler knows of one of Tune's."""

    def __init__(self, number: int) -> None:
        self.trial_id = f"{number:05}"


def tunes_own(trials: list[list[tuple[float, float]]]) -> list[int]:
    """The looks that Tune takes of `trials`, one after the other, as its controller calls a scheduler."""
    scheduler = AsyncHyperBandScheduler(
        time_attr="share", metric="loss", mode="min", grace_period=100, max_t=900, reduction_factor=3
    )
    taken = []
    for number, looks in enumerate(trials):
        trial = ATrial(number)
        scheduler.on_trial_add(None, trial)
        for count, (step, value) in enumerate(looks, start=1):
            result = {"share": round(900 * step, 3), "loss": value}
            if scheduler.on_trial_result(None, trial, result) == TrialScheduler.STOP or count == len(looks):
                scheduler.on_trial_complete(None, trial, result)
                taken.append(count)
                break
    return taken


def test_the_same_trials_are_stopped_as_by_tunes_own_controller():
    trials = [turning(trial) for trial in some_trials(80)]
    ours = RayAsha()
    taken = [show(ours, number, looks) for number, looks in enumerate(trials)]
    assert taken == tunes_own(trials)
    lengths = list(map(len, trials))
    assert len({(count, length) for count, length in zip(taken, lengths, strict=True) if count < length}) > 2


def test_rungs_by_hand():
    """Nine looks, rungs at the first and the third; a trial ends below the percentile of those before it.

    First rung: 5 → nobody before; 4 → {5}: not above 5. 6 > 4.33 of {4, 5}, the 33rd percentile: stopped. 3 goes on.
    """
    pruner = RayAsha()
    flat = [[(look / 9, value) for look in range(1, 10)] for value in (5.0, 4.0, 6.0, 3.0)]
    assert [show(pruner, number, looks) for number, looks in enumerate(flat)] == [9, 9, 1, 9]


def test_the_global_streams_are_left_alone():
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    show(RayAsha(), 0, some_trials(1)[0])
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


def test_without_ray_it_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("problems.entries._installed", lambda module: module != "ray")
    assert "needs ray; install with" in str(pruner_entry("ray-asha").unavailable(2))
