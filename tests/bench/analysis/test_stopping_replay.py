"""Median stopping replayed, by hand."""

import json

import numpy as np
import pandas as pd
import pytest

from bench.analysis.stopping_replay import looks, median_stopping
from tests.bench.made_by_hand import a_run, frames, trials_of


def a_search(curves: list[list[float | None]]) -> pd.DataFrame:
    """One run whose trials have these looks; a trial is told its last one."""
    run = a_run("gp", budget=len(curves))
    observations = [json.dumps([[value, None] for value in curve]) if len(curve) > 1 else None for curve in curves]
    return frames((run, trials_of(run, [curve[-1] for curve in curves], observations=observations)))[1]


def test_looks():
    assert looks("[[0.5, 1], [null, null], [0.25, 1]]", 0.25).tolist() == [0.5, np.inf, 0.25]
    assert looks(None, 0.75).tolist() == [0.75]


def test_a_trial_stops_when_its_best_is_above_the_median_of_the_running_means():
    # running means at half a trial: 4, 3, 2; their median is 3
    ended = [[5.0, 3.0, 3.0, 3.0], [4.0, 2.0, 2.0, 2.0], [3.0, 1.0, 1.0, 1.0]]
    tried = [[9.0, 3.5, 0.0, 0.0], [9.0, 3.0, 0.0, 0.0]]  # worse at half; equal at half, so it goes on
    for last, spent in zip(tried, (0.5, 1.0), strict=True):
        replay = median_stopping(a_search([*ended, last]), warm_up_trials=3, warm_up_share=0.5)
        assert replay["spent"].tolist() == [1.0, 1.0, 1.0, spent]
        assert replay["stopped"].tolist() == [False, False, False, spent < 1]


def test_nothing_stops_before_the_warm_up_and_a_stopped_trial_is_compared_as_far_as_it_got():
    curves = [[1.0, 1.0], [5.0, 5.0], [5.0, 5.0], [5.0, 0.0]]
    assert median_stopping(a_search(curves), warm_up_trials=4)["spent"].tolist() == [1.0] * 4
    assert median_stopping(a_search(curves), warm_up_trials=1, warm_up_share=0.6)["spent"].tolist() == [1.0] * 4
    # the second stops; then the median is 3, the third stops; then it is 5, and the fourth goes on
    assert median_stopping(a_search(curves), warm_up_trials=1)["spent"].tolist() == [1.0, 0.5, 0.5, 1.0]


def test_what_diverged_stops_and_costs_what_it_took():
    replay = median_stopping(a_search([[1.0, 1.0, 1.0, 1.0], [None, None, None, None]]), warm_up_trials=1)
    assert replay["spent"].tolist() == [1.0, 0.25]


def test_trials_of_one_look_are_never_stopped():
    replay = median_stopping(a_search([[1.0], [9.0], [9.0]]), warm_up_trials=1)
    assert replay["spent"].tolist() == [1.0] * 3
    assert not replay["stopped"].any()


def test_runs_know_nothing_of_each_other():
    first = a_search([[1.0, 1.0]] * 6)
    second = a_search([[9.0, 9.0]] * 6).assign(seed=1, instance=1)
    replay = median_stopping(pd.concat([first, second], ignore_index=True))
    assert replay["spent"].to_numpy() == pytest.approx(1.0)
    assert replay.index.tolist() == list(range(12))
