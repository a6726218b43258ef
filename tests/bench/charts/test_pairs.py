"""The win matrix and the diagram of mean ranks."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from bench.charts.chart import Chart
from bench.charts.dark import ON_DARK
from bench.charts.difference_chart import critical_difference_diagram
from bench.charts.wins_chart import framed


def test_a_square_shows_how_often_its_row_beats_its_column_and_its_mirror_the_rest(made: Mapping[str, Chart]):
    chart = made["wins"]
    (heatmap,) = chart.figure["data"]
    names = chart.figure["layout"]["yaxis"]["ticktext"]
    for i, row in enumerate(names):
        assert heatmap["z"][i][i] is None
        for j, column in enumerate(names):
            if i == j:
                continue
            assert heatmap["z"][i][j] + heatmap["z"][j][i] == pytest.approx(1, abs=2e-4)
            expected = chart.table[(chart.table["row"] == row) & (chart.table["column"] == column)]
            assert heatmap["z"][i][j] == pytest.approx(expected["won"].item(), abs=1e-4)
            assert heatmap["customdata"][i][j][:2] == [row, column]
            assert "95 %" in heatmap["customdata"][i][j][3]


def test_a_frame_is_as_dark_as_the_words_in_it_also_where_the_page_is_dark(made: Mapping[str, Chart]):
    (heatmap,) = made["wins"].figure["data"]
    colours = {framed(0, 1)["line"]["color"], heatmap["textfont"]["color"]}
    assert len(colours) == 1
    assert not colours & set(ON_DARK)


def test_strategies_hang_at_their_mean_rank_and_bars_lie_over_those_that_were_not_told_apart():
    generator = np.random.default_rng(0)
    cells = pd.DataFrame(generator.normal(loc=[0.0, 0.1, 9.0], size=(30, 3)), columns=["gp", "sobol", "grid"])
    chart = critical_difference_diagram(cells)
    data = chart.figure["data"]
    stems = {trace["legendgroup"]: trace for trace in data if "legendgroup" in trace}
    assert {name: stem["x"][1] for name, stem in stems.items()} == pytest.approx(
        dict(zip(chart.table["strategy"], chart.table["mean_rank"], strict=True))
    )
    (bar,) = [trace for trace in data if trace.get("name") == "not told apart"]
    assert bar["x"] == sorted(stems[name]["x"][1] for name in ("gp", "sobol"))
    told = chart.table.set_index("strategy")["not_told_apart_from"]
    assert told.to_dict() == {"gp": "sobol", "sobol": "gp", "grid": ""}
    assert "n = 30 cells" in chart.caption
