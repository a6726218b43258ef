"""Figures of sensitivity: axes in the parameters' own values, nothing outside of the page or on top of another."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from bench.analysis.sensitivity.data import NOTHING
from bench.plots.sensitivity_figures import (
    agreement_figure,
    decades,
    importance_figure,
    partial_dependence_figure,
    ticks,
)
from bench.plots.style import shown
from problems.space import Categorical, Float, Int, SearchSpace

SPACE = SearchSpace(
    (
        Float("learning_rate_of_the_last_layer", 1e-5, 1.0, log=True), Int("layers", 1, 4),
        Int("width", 16, 256, log=True), Categorical("kind", ("plain", "a choice with a long name", None)),
        Float("share", 0.0, 0.9),
    )
)  # fmt: skip
NAMES = list(SPACE.names)
HEADINGS = ["fANOVA", "PED-ANOVA", "ARD", "Sobol' first", "Sobol' total"]


def is_tidy(figure: Figure) -> bool:
    figure.draw_without_rendering()
    boxes = [ax.get_tightbbox() for ax in figure.axes] + [t.get_window_extent() for t in figure.texts if t.get_text()]
    inside = all(figure.bbox.x0 <= b.x0 and b.x1 <= figure.bbox.x1 and b.y1 <= figure.bbox.y1 for b in boxes)
    return inside and not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_importances_have_a_row_per_parameter_the_first_to_tune_on_top():
    rows = [
        {"parameter": name, "heading": heading, "value": 0.1 * i, "low": 0.1 * i - 0.2, "high": 0.1 * i + 0.1}
        for heading in HEADINGS
        for i, name in enumerate([*NAMES, NOTHING])
    ]
    drawing = importance_figure("i", "Which matter", "n = 9", pd.DataFrame(rows), [*NAMES, NOTHING], HEADINGS)
    assert is_tidy(drawing.figure)
    labels = [label.get_text() for label in drawing.figure.axes[0].get_yticklabels()]
    assert labels == [shown(name) for name in reversed([*NAMES, NOTHING])]


def test_partial_dependence_is_in_the_parameters_own_values():
    units = np.linspace(0.02, 0.98, 9)
    curves = pd.concat(
        [
            pd.DataFrame({"parameter": n, "unit": units, "value": units, "low": units - 1, "high": units + 1})
            for n in NAMES
        ]
    )
    lines = pd.concat([curves.assign(instance=0, line=i, value=curves["value"] + i) for i in range(3)])
    rug = pd.DataFrame(np.random.default_rng(0).random((30, 5)), columns=NAMES)
    drawing = partial_dependence_figure("p", "What each does", "n = 9", SPACE, curves, lines, rug, NAMES, "loss")
    assert is_tidy(drawing.figure)
    assert [label.get_text() for label in drawing.figure.axes[1].get_xticklabels()] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("parameter", SPACE.parameters, ids=NAMES)
def test_ticks_lie_where_their_values_do(parameter):
    places, labels = ticks(parameter)
    assert len(places) == len(labels) > 1
    assert all(0.0 <= place <= 1.0 for place in places)
    assert sorted(places) == places


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1e-5, 1.0, [1e-5, 1e-3, 1e-1]),
        (1e-3, 1e-1, [1e-3, 1e-2, 1e-1]),
        (2.0, 30.0, [2.0, 30.0]),
        (0.2, 3.0, [0.2, 3.0]),
    ],
)
def test_decades(low: float, high: float, expected: list[float]):
    assert decades(low, high) == pytest.approx(expected)


def test_agreement_holds_every_pair():
    table = pd.DataFrame(np.eye(5), index=HEADINGS, columns=HEADINGS)
    drawing = agreement_figure("a", "Do the methods agree?", "over 5 parameters", table)
    assert is_tidy(drawing.figure)
    assert len(drawing.figure.axes[0].texts) == 25
