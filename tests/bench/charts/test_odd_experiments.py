"""Charts of experiments in which something is missing, broken, or called by a name that means something elsewhere."""

import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from bench.charts.chart import Chart
from bench.experiment import Experiment
from bench.spec import ExperimentSpec
from tests.bench.charts.conftest import NO_SKIPS, charts_of
from tests.bench.made_by_hand import a_run, frames, simple_runs, trials_of

HOSTILE = '<script>alert("1")</script>%{y}$x$'


def made_of(runs: pd.DataFrame, trials: pd.DataFrame) -> dict[str, Chart]:
    """Every chart, each of which must be one that Plotly takes."""
    made = charts_of(Experiment("made", ExperimentSpec.model_construct(), {}, runs, trials, NO_SKIPS))
    for chart in made.values():
        go.Figure(dict(chart.figure))
        json.dumps(chart.figure, allow_nan=False)
    return made


def test_one_seed_and_one_trial_are_drawn_without_intervals():
    made = made_of(*simple_runs({"random": [[3.0]], "gp": [[2.0]]}))
    assert {"mean-rank", "regret-sphere", "optimiser-seconds"} <= set(made)
    lines = made["regret-sphere"].figure["data"]
    assert sorted(trace["y"][0] for trace in lines) == [2.0, 3.0]
    assert not any("error_y" in trace for trace in lines)
    assert "n = 1 seed," in made["regret-sphere"].caption


def test_where_every_run_failed_only_the_coverage_and_the_seconds_are_shown():
    run = a_run("random", status="failed")
    assert list(made_of(*frames((run, trials_of(run, [None, None]))))) == ["optimiser-seconds", "coverage"]
    assert list(made_of(*frames((run, [])))) == ["coverage"]


def test_a_strategy_that_failed_early_ends_where_it_failed_and_is_named():
    whole, broken = a_run("random"), a_run("gp", status="failed")
    made = made_of(*frames((whole, trials_of(whole, [4.0, 3.0, 2.0, 1.0])), (broken, trials_of(broken, [2.0, 1.0]))))
    (line,) = [trace for trace in made["regret-sphere"].figure["data"] if trace["legendgroup"] == "gp"]
    assert line["y"] in ([2.0, 1.0], [2.0, 1.0, None, None])
    assert "gp 1 of 1" in made["regret-sphere"].caption
    (matrix,) = [trace for trace in made["coverage"].figure["data"] if trace["type"] == "heatmap"]
    assert matrix["text"] == [[""], ["F"]]
    assert "1 failed" in matrix["customdata"][1][0][2]


def test_names_stay_text_within_figures_and_whole_beside_them():
    falling = np.geomspace(100.0, 1.0, 5).tolist()
    made = made_of(
        *simple_runs({"random": [falling] * 2, HOSTILE: [falling] * 2}, problem=HOSTILE, value_label=HOSTILE)
    )
    for chart in made.values():
        figure = json.loads(json.dumps(chart.figure))
        assert list(tags_of(figure)) == []
        assert "&lt;" not in chart.title + chart.caption


def tags_of(figure: object, key: str = "") -> list[str]:
    """What Plotly would read as a tag or as a place for a value, in any string that it shows."""
    if isinstance(figure, dict):
        return [found for name, value in figure.items() for found in tags_of(value, name)]
    if isinstance(figure, list):
        return [found for value in figure for found in tags_of(value, key)]
    if not isinstance(figure, str) or key in ("legendgroup", "strategies"):
        return []
    ours = key == "hovertemplate" and "alert" not in figure
    return [figure] if "<script" in figure or "$x" in figure or ("%{y" in figure and not ours) else []


def test_an_interval_without_an_upper_end_says_so_where_it_has_none():
    falling = [4.0, 3.0, 2.0, 1.0]
    pairs = [(a_run("gp", seed), falling) for seed in range(2)] + [(a_run("gp", 2, status="failed"), falling[:2])]
    made = made_of(*frames(*((run, trials_of(run, values)) for run, values in pairs)))
    (line,) = [trace for trace in made["regret-sphere"].figure["data"] if trace.get("meta") != "band"]
    assert ["no end" in template for template in line["hovertemplate"]] == [False, False, True, True]


def test_nine_dimensions_are_nine_panels():
    dims, parts = range(2, 11), []
    for dim in dims:
        for strategy in ("random", "gp"):
            run = a_run(strategy, dim=dim)
            parts.append((run, trials_of(run, [4.0, 3.0, 2.0, 1.0])))
    layout = made_of(*frames(*parts))["regret-sphere"].figure["layout"]
    assert [note["text"] for note in layout["annotations"]] == [f"<b>d = {dim}</b>" for dim in dims]
    assert layout["meta"] == {"columns": 3, "panels": 9}
    domains = [(layout[f"xaxis{mark}"]["domain"], layout[f"yaxis{mark}"]["domain"]) for mark in ("", "5", "9")]
    assert domains[0][1][1] == 1
    assert domains[1][0][0] > domains[0][0][1], "beside each other"
    assert domains[2][1][0] == pytest.approx(0, abs=1e-4)
