"""What trials become before methods see them."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from bench.analysis.sensitivity.data import MOST, noise_share, observed
from problems.space import Float, SearchSpace

SPACE = SearchSpace((Float("x", 0.0, 1.0), Float("fixed", 2.0, 4.0)))


def trials(x, values, status="ok") -> pd.DataFrame:
    configs = [json.dumps({"x": float(place), "fixed": 3.0}) for place in x]
    return pd.DataFrame({"config": configs, "value": values, "status": status})


def seen(table: pd.DataFrame):
    return observed(SPACE, table, np.random.default_rng(0))


def test_a_parameter_that_never_varied_is_named_and_left_out():
    found = seen(trials(np.linspace(0, 1, 12), np.arange(12.0)))
    assert found.constant == ("fixed",)
    assert found.sample.space.names == ("x",)
    assert found.sample.units.shape == (12, 1)


def test_a_config_seen_twice_counts_once_by_its_mean():
    x = [*np.linspace(0, 1, 12), 0.0]
    found = seen(trials(x, [*np.arange(12.0), 5.0]))
    assert (found.trials, found.repeats, len(found.sample.values)) == (13, 1, 12)
    assert found.sample.values[0] == 2.5


def test_failed_trials_count_as_the_worst_and_pruned_ones_not_at_all():
    table = trials(np.linspace(0, 1, 14), [*np.arange(12.0), math.nan, 99.0], ["ok"] * 12 + ["failed", "pruned"])
    found = seen(table)
    assert (found.failed, found.pruned, found.trials) == (1, 1, 13)
    assert found.sample.values.max() == found.sample.values[-1] == 11.0


def test_of_very_many_trials_some_are_drawn():
    found = seen(trials(np.linspace(0, 1, MOST + 100), np.arange(MOST + 100.0)))
    assert len(found.sample.values) == MOST
    assert found.trials == MOST + 100


def test_trials_of_one_config_say_nothing():
    with pytest.raises(ValueError, match="at least 8 trials"):
        seen(trials(np.full(20, 0.5), np.arange(20.0)))


def test_noise_is_the_variance_that_remains_when_nothing_is_changed():
    rng = np.random.default_rng(0)
    x = np.repeat(rng.random(400), 2)
    values = x * math.sqrt(12) + 0.5 * rng.normal(size=800)  # variances 1 and ¼
    assert noise_share(trials(x, values)) == pytest.approx(0.2, abs=0.03)
    assert noise_share(trials(x, x)) == 0.0
    assert math.isnan(noise_share(trials(x[::2], values[::2]))), "nothing was tried twice"
