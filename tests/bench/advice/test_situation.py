"""What is asked, what on record is like it, and how many trials fit into the time."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.advice.situation import OTHER_KIND, Situation, trials_in_time
from bench.errors import UsageError

ASKED = Situation(dims=6, trials=10, seconds=2.0)


def test_who_thinks_has_fewer_trials_in_the_same_time():
    assert trials_in_time(np.zeros(10), ASKED) == 10
    assert trials_in_time(np.full(10, 2.0), ASKED) == pytest.approx(5)  # 20 s; each trial keeps it 4 s
    growing = np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9])  # trials end at 2, 5, 9, 14, 20 s
    assert trials_in_time(growing, ASKED) == pytest.approx(5)
    assert trials_in_time(growing, replace(ASKED, trials=6)) == pytest.approx(3.6)  # 12 s: 3 of the 5 s after 9


def test_workers_share_the_trials_but_not_the_thinking():
    four = replace(ASKED, trials=40, workers=4)  # 20 s
    assert trials_in_time(np.zeros(40), four) == pytest.approx(40)
    assert trials_in_time(np.full(40, 0.5), four) == pytest.approx(32)  # (2 + 0.5)/4 s for each
    assert trials_in_time(np.full(40, 2.0), four) == pytest.approx(10)  # one every two seconds, whoever waits


@given(st.lists(st.floats(0, 100), min_size=10, max_size=10), st.floats(1e-3, 1e3), st.integers(1, 20))
def test_thinking_never_gives_trials(thinking: list[float], seconds: float, workers: int):
    asked = Situation(dims=6, trials=10, seconds=seconds, workers=workers)
    assert 0 <= trials_in_time(np.array(thinking), asked) <= 10


def cell(**more: float) -> pd.DataFrame:
    return pd.DataFrame([{"dim": 6, "workers": 1, "categorical": 0, "noisy": 0.0, **more}])


def test_the_same_kind_and_dimension_count_most_and_other_kinds_a_little():
    plain, choices = ASKED, replace(ASKED, categorical=2)
    noisy = replace(ASKED, noise=True)
    assert plain.weights(cell()) == [1.0]
    assert plain.weights(cell(dim=3)) == pytest.approx([math.exp(-0.5)])
    assert plain.weights(cell(dim=12)) == pytest.approx(plain.weights(cell(dim=3)))
    assert plain.weights(cell(dim=2)) > 0  # a factor of three, and no further
    assert plain.weights(cell(dim=19)) == [0.0]
    assert plain.weights(cell(categorical=1)) == plain.weights(cell(noisy=1.0)) == [OTHER_KIND]
    assert plain.weights(cell(workers=8)) == [0.0]
    assert choices.weights(cell(categorical=1)) == noisy.weights(cell(noisy=1.0)) == [1.0]
    assert choices.weights(cell()) == noisy.weights(cell()) == [OTHER_KIND]
    assert not choices.is_kind_of(cell()).any()
    assert replace(ASKED, workers=8).weights(cell(workers=8)) == [1.0]


def test_where_nobody_knows_of_noise_a_training_is_like_both():
    unknown = cell(noisy=math.nan)
    assert ASKED.weights(unknown) == replace(ASKED, noise=True).weights(unknown) == [1.0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"dims": 0}, "--dims"),
        ({"dims": 10**9}, "--dims"),
        ({"trials": 0}, "--trials"),
        ({"trials": 10**7}, "--trials"),
        ({"workers": 0}, "--workers"),
        ({"seconds": -1.0}, "--seconds-per-trial"),
        ({"seconds": 0.0}, "--seconds-per-trial"),
        ({"seconds": math.nan}, "--seconds-per-trial"),
        ({"seconds": math.inf}, "--seconds-per-trial"),
        ({"categorical": 7}, "--categorical"),
        ({"categorical": -1}, "--categorical"),
    ],
)
def test_what_cannot_be_is_refused_by_its_flag(wrong: dict[str, float], says: str):
    with pytest.raises(UsageError, match=says):
        replace(ASKED, **wrong)
