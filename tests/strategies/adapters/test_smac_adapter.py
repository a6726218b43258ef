"""The adapter sets what the facade sets; its trials are in `test_native_loops.py`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from ConfigSpace import (
    CategoricalHyperparameter,
    ConfigurationSpace,
    UniformFloatHyperparameter,
    UniformIntegerHyperparameter,
)
from smac import HyperparameterOptimizationFacade, Scenario

from problems.space import Categorical, Float, Int, SearchSpace
from strategies.base import Exhausted
from strategies.registry import strategy_entry
from strategies.testing import SPACES, TINY, search

CHOICES = ("relu", "gelu", "silu")
SPACE = SearchSpace(
    (
        Float("rate", 1e-5, 1, log=True),
        Int("width", 16, 256, log=True),
        Int("layers", 1, 4),
        Categorical("activation", CHOICES),
    )
)
NATIVE = (
    UniformFloatHyperparameter("rate", 1e-5, 1, log=True),
    UniformIntegerHyperparameter("width", 16, 256, log=True),
    UniformIntegerHyperparameter("layers", 1, 4),
    CategoricalHyperparameter("activation", [0, 1, 2]),
)
TRIALS = 14  # three of a Sobol' sequence, and two forests
QUICK = {"trees": 1, "challengers": 50, "local_searches": 1}
ROOT = Path(__file__).parents[3]


def made(space=SPACE, budget=TRIALS, **options):
    return strategy_entry("smac").load()(space, budget=budget, rng=np.random.default_rng(5), **options)


def test_but_for_the_order_the_search_is_that_of_the_facade(tmp_path):
    """Whatever the facade sets by itself, now or in a later version, is set here too."""
    scenario = Scenario(ConfigurationSpace(space=list(NATIVE)), output_directory=tmp_path, n_trials=TRIALS)
    theirs = HyperparameterOptimizationFacade(scenario, lambda config, seed=0: 0.0, logging_level=False).meta
    ours = made()._begun().meta
    for part in theirs.keys() - {"facade", "runner", "initial_design"}:
        assert plain(ours[part]) == plain(theirs[part]), part
    assert ours["initial_design"]["n_configs"] == theirs["initial_design"]["n_configs"] == 3


def plain(meta):
    """What is set in a part of the facade, without names of classes, seeds and threads."""
    if not isinstance(meta, dict):
        return meta
    return {key: plain(meta[key]) for key in meta.keys() - {"name", "seed", "random_state", "n_jobs"}}


def test_the_same_trials_whatever_the_hash_seed():
    code = (
        "from tests.strategies.adapters.test_smac_adapter import QUICK, made, search; "
        "print(search(made(**QUICK), trials=14))"
    )
    expected = str(search(made(**QUICK), trials=14))
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected


def test_failures_wait_for_a_success_and_get_the_worst_value():
    strategy = made(**QUICK)
    for value in (None, None, 4.0, 7.0, None):
        strategy.tell(strategy.ask(), value)
    costs = [trial.cost for trial in strategy._facade.runhistory.values()]
    assert sorted(costs) == [4.0, 4.0, 4.0, 7.0, 7.0]


def test_a_shared_minimum_beyond_a_million_is_no_trouble():
    assert len(search(made(**QUICK), lambda space, n, config: -1e9 if n % 2 else 0.0, trials=TRIALS)) == TRIALS


def test_it_ends_after_the_last_config():
    strategy = made(TINY, 30, **QUICK)
    configs = search(strategy, trials=30)
    assert len({tuple(config.items()) for config in configs}) == len(configs) == 8
    with pytest.raises(Exhausted, match="not tried"):
        strategy.ask()


def test_it_leaves_no_folder_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    strategy = made(**QUICK)
    search(strategy, trials=3)
    assert len(list(tmp_path.iterdir())) == 1
    strategy.close()
    assert list(tmp_path.iterdir()) == []


def test_a_space_of_one_config():
    assert search(made(SPACES["one value each"]), trials=2) == [{"x": 2.0, "y": 1, "z": None}] * 2
