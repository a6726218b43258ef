"""The adapter finds exactly the trials of a loop around Ax's client, and does otherwise only what it says."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.adapters.ax_adapter import handled_by_ax  # before Ax itself, whose import writes a line otherwise
from strategies.base import Exhausted
from strategies.registry import strategy_entry
from strategies.testing import SPACES, TINY, bowl, search

from ax.api.client import Client  # isort: skip
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig  # isort: skip
from ax.core.trial_status import TrialStatus  # isort: skip

ROOT = Path(__file__).parents[3]
SPACE = SearchSpace(
    (
        Float("rate", 1e-5, 1, log=True),
        Int("width", 16, 256, log=True),
        Int("layers", 1, 4),
        Float("momentum", 0, 0.999),
        Categorical("activation", ("relu", "gelu", "silu")),
    )
)
TRIALS = 9  # the model begins after 5


def make(space=SPACE, budget=TRIALS):
    return strategy_entry("ax").make(space, budget=budget, rng=np.random.default_rng(5))


def fails(number):
    return number == 2


def client_configs():
    client = Client(random_seed=int(np.random.default_rng(5).integers(2**31)))
    client.configure_experiment(
        [
            RangeParameterConfig("rate", (1e-5, 1.0), "float", scaling="log"),
            RangeParameterConfig("width", (16, 256), "int", scaling="log"),
            RangeParameterConfig("layers", (1, 4), "int"),
            RangeParameterConfig("momentum", (0.0, 0.999), "float"),
            ChoiceParameterConfig("activation", ["relu", "gelu", "silu"], "str", is_ordered=False),
        ]
    )
    client.configure_optimization("-loss")
    configs = []
    for number in range(TRIALS):
        ((index, config),) = client.get_next_trials(max_trials=1).items()
        configs.append(config)
        if fails(number):
            client.mark_trial_failed(index)
        else:
            client.complete_trial(index, {"loss": bowl(SPACE, number, config)})
    return configs


def test_same_trials_as_the_clients_loop():
    def objective(space, number, config):
        return None if fails(number) else bowl(space, number, config)

    with handled_by_ax():
        expected = client_configs()
    assert search(make(), objective, trials=TRIALS) == expected


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
