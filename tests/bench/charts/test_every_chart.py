"""What holds for each chart that an experiment allows."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from bench.charts.chart import Chart, line_of, see_through
from bench.experiment import Experiment
from bench.report.drawings import drawings
from bench.report.measures import measure
from bench.spec import ExperimentSpec
from tests.bench.charts.conftest import NO_SKIPS, charts_of
from tests.bench.made_by_hand import a_run, frames, trials_of

SECTIONS = {"Curves", "By problem", "Scaling", "Time", "Pairs", "Profiles", "Trust"}


def of_strategies(chart: Chart) -> Iterator[dict[str, Any]]:
    """The traces that belong to a strategy."""
    return (trace for trace in chart.figure["data"] if "legendgroup" in trace)


def test_an_experiment_has_these_charts_in_the_order_of_the_page(made: Mapping[str, Chart]):
    assert list(made) == [
        *("mean-rank", "wins", "critical-difference", "targets", "regret-by-dimension"),
        *("regret-sphere", "regret-ackley", "regret-branin", "regret-knn-digits"),
        *("price", "seconds", "optimiser-seconds", "held-out-knn-digits", "optimism", "coverage"),
    ]


def test_every_chart_is_what_plotly_takes_and_json_as_the_page_writes_it(made: Mapping[str, Chart]):
    for chart in made.values():
        go.Figure(dict(chart.figure))  # raises for what Plotly does not know
        json.dumps(chart.figure, allow_nan=False)
        assert chart.section in SECTIONS
        assert chart.title
        assert len(chart.table)


def test_a_strategy_has_the_same_line_in_every_chart_and_one_legend_entry(made: Mapping[str, Chart]):
    for chart in made.values():
        entries = [trace["legendgroup"] for trace in of_strategies(chart) if trace.get("showlegend", True)]
        assert sorted(entries) == sorted(set(entries)), chart.name
        for trace in of_strategies(chart):
            own = line_of(trace["legendgroup"])
            if trace.get("meta") == "band":
                assert trace["fillcolor"] == see_through(own["line"]["color"])
            else:
                assert own["line"]["color"] in (trace["marker"]["color"], trace.get("line", {}).get("color"))
            if "dash" in trace.get("line", {}):
                assert trace["line"]["dash"] == own["line"]["dash"]


def test_every_caption_says_how_many_there_were(made: Mapping[str, Chart]):
    for chart in made.values():
        assert "n = " in chart.caption, chart.name


def test_what_a_line_shows_is_in_the_table(made: Mapping[str, Chart]):
    for name, panel in (("mean-rank", {}), ("regret-sphere", {"dim": 2})):
        chart = made[name]
        lines = [
            trace for trace in of_strategies(chart) if trace.get("meta") != "band" and trace.get("xaxis", "x") == "x"
        ]
        assert len(lines) == 3
        for line in lines:
            rows = chart.table[chart.table["strategy"] == line["legendgroup"]]
            for column, value in panel.items():
                rows = rows[rows[column] == value]
            assert line["x"] == rows["trial"].tolist()
            assert line["y"] == pytest.approx(rows["median"].tolist(), rel=1e-4)


def test_a_chart_has_the_bands_of_its_figure_for_print():
    generator = np.random.default_rng(0)
    parts = []
    for dim, strategy, seed in product((2, 3), ("random", "gp"), range(9)):
        run = a_run(strategy, seed, dim=dim, optimum_origin="bound")
        parts.append((run, trials_of(run, generator.normal(size=4).tolist(), test_value=generator.normal(size=4))))
    runs, trials = frames(*parts)
    experiment = Experiment("made", ExperimentSpec.model_construct(), {}, runs, trials, NO_SKIPS)
    made = charts_of(experiment)
    draws = list(drawings(runs, trials, NO_SKIPS, measure(experiment)))
    for name, drawing in (("mean-rank", draws[0]()), ("held-out-sphere", draws[5]())):
        assert drawing.name == name
        paths = (path for ax in drawing.figure.axes for band in ax.collections for path in band.get_paths())
        heights = np.concatenate([path.vertices[:, 1] for path in paths])
        for end in ("low", "high"):
            assert np.isclose(made[name].table[end].to_numpy()[:, None], heights).any(axis=1).all(), name
