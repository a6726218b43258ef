import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from bench.analysis.comparisons import compare_pairs, values_for_tests
from bench.analysis.summary import at_the_end
from bench.plots.wins_figure import both_ways, win_matrix
from tests.bench.plots.conftest import BEST_FIRST, Comparison


def matrix_of(comparison: Comparison, pairs: pd.DataFrame, untested: str = ""):
    return win_matrix(comparison.runs, pairs, comparison.ranked, untested)


@pytest.fixture
def pairs(comparison: Comparison) -> pd.DataFrame:
    ends = at_the_end(comparison.curves)
    return compare_pairs(ends, values_for_tests(ends), np.random.default_rng(0))


def test_a_pair_is_told_from_both_sides(pairs: pd.DataFrame):
    table = both_ways(pairs).set_index(["row", "column"])
    assert len(table) == 12
    there, back = table.loc[("gp", "grid")], table.loc[("grid", "gp")]
    assert there["won"] + back["won"] == pytest.approx(1)
    assert back["low"] == pytest.approx(1 - there["high"])
    assert (table["low"] <= table["high"]).all()


def test_squares_hold_shares_in_the_order_of_rank_and_frames_a_test(comparison: Comparison, pairs: pd.DataFrame):
    called = pairs.assign(p_holm=np.where((pairs["first"] == "gp") & (pairs["second"] == "grid"), 0.01, 0.9))
    drawing = matrix_of(comparison, called)
    (ax,) = drawing.figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == BEST_FIRST
    words = [text.get_text() for text in ax.texts]
    assert words[0] == "100 %\n74–100"  # gp against optuna-tpe: 12 of 12, and 0.025^(1/12) is 0.735
    assert len([patch for patch in ax.patches if isinstance(patch, Rectangle)]) == 2
    assert "n = 12 pairs" in " ".join(text.get_text() for text in drawing.figure.texts).replace("\n", " ")


def test_why_there_is_no_test_is_said_in_the_figure(comparison: Comparison, pairs: pd.DataFrame):
    figure = matrix_of(comparison, pairs, "There is one problem only.").figure
    text = " ".join(text.get_text() for text in figure.texts)
    assert "There is one problem only." in text
    assert "framed" not in text


@pytest.mark.parametrize("strategies", [2, 4, 21])
def test_nothing_overlaps(comparison: Comparison, strategies: int):
    rng = np.random.default_rng(0)
    names = [f"a-strategy-called-{number}" for number in range(strategies)]
    rows = [{"first": a, "second": b} for i, a in enumerate(names) for b in names[i + 1 :]]
    table = pd.DataFrame(rows).assign(pairs=9, won=rng.random(len(rows)), won_low=0.0, won_high=1.0, p_holm=1.0)
    figure = matrix_of(comparison, table).figure
    figure.draw_without_rendering()
    boxes = [ax.get_tightbbox() for ax in figure.axes] + [t.get_window_extent() for t in figure.texts if t.get_text()]
    assert all(figure.bbox.x0 <= b.x0 and b.x1 <= figure.bbox.x1 and b.y1 <= figure.bbox.y1 for b in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
