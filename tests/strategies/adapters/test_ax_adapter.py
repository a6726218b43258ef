"""The adapter does with pending and failed trials what it says; its trials are in `test_native_loops.py`."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import strategies.adapters.ax_adapter  # noqa: F401  before Ax itself, whose import writes a line otherwise
from strategies.base import Exhausted
from strategies.registry import strategy_entry
from strategies.testing import SPACES, TINY, bowl, search
from tests.strategies.adapters.native import spaces

from ax.core.trial_status import TrialStatus  # isort: skip

ROOT = Path(__file__).parents[3]
SPACE = spaces.SPACES["mixed"]
TRIALS = 9  # the model begins after 5


def make(space=SPACE, budget=TRIALS):
    return strategy_entry("ax").make(space, budget=budget, rng=np.random.default_rng(5))


def test_the_model_finds_the_bowl():
    space = SPACES["two floats"]
    assert min(bowl(space, 0, config) for config in search(make(space, 12), trials=12)) < 1e-2


def test_more_than_five_trials_may_be_pending_before_any_is_told():
    strategy = make()
    configs = [repr(strategy.ask().config) for _ in range(8)]
    assert len(set(configs)) == 8


def test_a_failed_trial_has_axs_status():
    strategy = make()
    for value in (None, 1.0):
        strategy.tell(strategy.ask(), value)
    trials = strategy._client._experiment.trials
    assert [trials[number].status for number in range(2)] == [TrialStatus.FAILED, TrialStatus.COMPLETED]


def test_a_finite_space_is_exhausted_when_every_config_was_tried():
    strategy = make(TINY, 13)
    assert len({repr(config) for config in search(strategy, trials=13)}) == TINY.cardinality == 8
    with pytest.raises(Exhausted, match="all 8 configs"):
        strategy.ask()


def test_the_import_writes_nothing():
    code = "import strategies.adapters.ax_adapter"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_deviations_are_stated():
    assert set(strategy_entry("ax").load().deviations) == {
        "allow_exceeding_initialization_budget",
        "values",
        "one-value ranges",
    }
