import numpy as np
import pandas as pd
import pytest

from bench.experiment import Experiment
from bench.plots.critical_difference_figure import bar_rows, critical_difference_diagram
from bench.report.drawings import drawings
from bench.report.measures import measure
from bench.spec import ExperimentSpec
from tests.bench.made_by_hand import simple_runs


def values(strategies: int, cells: int = 12) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    names = [f"strategy-with-a-long-name-{number}" for number in range(strategies)]
    return pd.DataFrame(rng.normal(size=(cells, strategies)) + np.arange(strategies), columns=names)


@pytest.mark.parametrize("strategies", [2, 3, 21])
def test_every_strategy_is_named_once_with_its_rank_and_nothing_overlaps(strategies: int):
    figure = critical_difference_diagram(values(strategies)).figure
    (ax,) = figure.axes
    figure.canvas.draw()
    page = figure.bbox
    labels = [text for text in ax.texts if "strategy-with" in text.get_text()]
    assert len(labels) == strategies
    boxes = [text.get_window_extent() for text in labels]
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_bar_gets_a_row_in_which_it_has_room():
    assert bar_rows([(0.0, 1.0), (0.5, 2.0), (1.5, 3.0), (2.5, 4.0)], 0.2) == [0, 1, 0, 1]


@pytest.mark.parametrize(("cells", "problems", "drawn"), [(4, 2, False), (5, 2, True), (9, 1, False)])
def test_a_report_draws_it_from_five_cells_of_two_problems_on(cells: int, problems: int, drawn: bool):
    parts = [
        simple_runs(
            {"a": [[3.0, 1.0]], "b": [[2.0, 2.0]], "c": [[4.0, 3.0]]},
            dim=number // problems + 1,
            problem=f"p{number % problems}",
        )
        for number in range(cells)
    ]
    runs, trials = (pd.concat(frame, ignore_index=True) for frame in zip(*parts, strict=True))
    skips = pd.DataFrame(columns=["problem", "dim", "strategy", "reason"])
    measures = measure(Experiment("made", ExperimentSpec.model_construct(), {}, runs, trials, skips))
    names = [draw().name for draw in drawings(runs, trials, skips, measures)]
    assert ("critical-difference" in names) is drawn
