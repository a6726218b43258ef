from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from bench.analysis.ranks import rank_bands
from bench.plots.coverage_figure import coverage, coverage_cells, is_complete
from bench.plots.held_out_figure import held_out
from bench.plots.lines import plain_number
from bench.plots.page import Drawing
from bench.plots.rank_figure import rank_by_trial
from bench.plots.regret_figures import bands_by_dim, bands_by_trial, regret_by_dim, regret_by_trial
from bench.plots.style import style_of
from bench.plots.targets_figure import profiles, targets_reached
from bench.plots.time_figure import optimiser_seconds
from tests.bench.made_by_hand import a_run, frames, simple_runs, trials_of
from tests.bench.plots.conftest import BEST_FIRST, SPEED, Comparison

NO_SKIPS = pd.DataFrame(columns=["problem", "dim", "strategy", "reason"])


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def regret_of(part: Comparison, rng: np.random.Generator) -> Drawing:
    return regret_by_trial(part.runs, part.curves, part.ranked, bands_by_trial(part.curves, rng))


def by_dim_of(part: Comparison, rng: np.random.Generator) -> Drawing:
    return regret_by_dim(part.runs, part.curves, part.ranked, bands_by_dim(part.runs, part.curves, rng))


def regret(comparison: Comparison, problem: str = "ackley") -> Drawing:
    part = comparison.of(problem)
    return regret_of(part, np.random.default_rng(0))


def every(comparison: Comparison) -> list[Drawing]:
    rng = np.random.default_rng(0)
    net = comparison.of("net")
    return [
        regret(comparison),
        regret(comparison, "net"),
        by_dim_of(comparison, rng),
        rank_by_trial(comparison.runs, comparison.ranked, rank_bands(comparison.ranked, rng)),
        targets_reached(comparison.runs, comparison.curves, comparison.ranked, profiles(comparison.curves, rng)),
        optimiser_seconds(comparison.trials, comparison.ranked),
        held_out(net.runs, net.curves, net.ranked, rng),
    ]


def legend(figure: Figure) -> list[str]:
    (only,) = figure.legends
    return [text.get_text() for text in only.get_texts()]


def written(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.texts)


def test_every_figure_has_one_line_per_strategy_in_its_own_style(comparison: Comparison):
    for drawing in every(comparison):
        for ax in drawing.figure.axes:
            assert sorted(line.get_label() for line in ax.lines) == sorted(SPEED), drawing.name
            for line in ax.lines:
                style = style_of(line.get_label())
                assert same_color(line.get_color(), style.colour)
                assert line.get_marker() == style.marker
                assert line.get_linewidth() == style.width


def test_every_figure_draws_its_uncertainty_in_the_colour_of_the_line(comparison: Comparison):
    for drawing in every(comparison):
        for ax in drawing.figure.axes:
            bands = [band.get_facecolor()[0][:3] for band in ax.collections]
            assert all(any(same_color(band, style_of(name).colour) for band in bands) for name in SPEED), drawing.name


def test_every_figure_has_one_legend_in_the_order_of_the_final_rank(comparison: Comparison):
    for drawing in every(comparison):
        assert legend(drawing.figure) == BEST_FIRST, drawing.name


def test_every_figure_says_what_it_shows_and_how_often_that_was_measured(comparison: Comparison):
    for drawing in every(comparison):
        assert drawing.title in written(drawing.figure)
        assert "n = " in written(drawing.figure), drawing.name
        assert drawing.caption.startswith("How to read: ")
        assert all(ax.get_title(loc="left") for ax in drawing.figure.axes)


def test_nothing_is_left_with_pyplot(comparison: Comparison):
    every(comparison)
    assert plt.get_fignums() == []


def test_nothing_lies_outside_the_page_and_no_panel_covers_another(comparison: Comparison):
    for drawing in every(comparison):
        drawing.figure.draw_without_rendering()
        page = drawing.figure.bbox
        boxes = [ax.get_tightbbox() for ax in drawing.figure.axes]
        boxes += [text.get_window_extent() for text in drawing.figure.texts if text.get_text()]
        boxes += [each.get_window_extent() for each in drawing.figure.legends]
        for box in boxes:
            assert page.x0 <= box.x0, drawing.name
            assert box.x1 <= page.x1, drawing.name
            assert page.y0 <= box.y0, drawing.name
            assert box.y1 <= page.y1, drawing.name
        for number, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[number + 1 :]), drawing.name


def test_regret_has_a_panel_per_dimension_logarithmic_where_values_span_decades(comparison: Comparison):
    figure = regret(comparison).figure
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["d = 2", "d = 5"]
    assert {ax.get_yscale() for ax in figure.axes} == {"log"}
    assert figure.axes[0].get_ylabel() == "simple regret\nagainst analytic optimum"
    assert figure.axes[0].get_xlabel() == "trial"


def test_a_problem_whose_optimum_is_only_a_bound_shows_its_value(comparison: Comparison):
    drawing = regret(comparison, "net")
    ax = drawing.figure.axes[0]
    assert ax.get_ylabel() == "validation error"
    assert ax.get_yscale() == "linear"
    assert "validation error" in drawing.title
    (line,) = (line for line in ax.lines if line.get_label() == "gp")
    assert line.get_ydata()[0] == pytest.approx(0.501)


def test_a_best_seen_optimum_is_called_so():
    runs, trials = simple_runs({"a": [[3.0, 1.0]], "random": [[4.0, 2.0]]}, optimum=None, optimum_origin=None)
    part = Comparison(runs, trials)
    figure = regret_of(part, np.random.default_rng(0)).figure
    assert "against best value seen here" in figure.axes[0].get_ylabel()


def test_zeros_are_drawn_at_the_floor_of_a_logarithmic_axis_and_that_is_said():
    part = Comparison(*simple_runs({"a": [[100.0, 0.5, 0.0]], "random": [[200.0, 100.0, 50.0]]}))
    figure = regret_of(part, np.random.default_rng(0)).figure
    (line,) = (line for line in figure.axes[0].lines if line.get_label() == "a")
    assert list(line.get_ydata()) == [100.0, 0.5, 0.5]
    assert "Zeros, and what is below 0.5, are drawn at 0.5." in written(figure)


def test_a_band_is_shown_whole_though_it_reaches_below_every_line(rng: np.random.Generator):
    part = Comparison(*simple_runs({"a": [[100.0, 2.0], [100.0, 2.0], [100.0, 0.1]]}))
    figure = regret_of(part, rng).figure
    assert figure.axes[0].get_ylim()[0] < 0.1


def test_regret_that_is_zero_throughout_can_be_drawn(rng: np.random.Generator):
    part = Comparison(*simple_runs({"a": [[0.0, 0.0]], "b": [[0.0, 0.0]]}))
    figure = regret_of(part, rng).figure
    assert figure.axes[0].get_yscale() == "linear"


def failing() -> Comparison:
    parts = []
    for seed in range(3):
        good, bad = a_run("a", seed), a_run("b", seed, status="failed" if seed else "done")
        parts.append((good, trials_of(good, [None, 4.0, 3.0, 2.0])))
        parts.append((bad, trials_of(bad, [5.0, 4.0, 3.0, 2.0][: 2 if seed else 4])))
    return Comparison(*frames(*parts))


def test_failures_are_gaps_and_named_in_a_note(rng: np.random.Generator):
    part = failing()
    figure = regret_of(part, rng).figure
    lines = {line.get_label(): np.asarray(line.get_ydata(), dtype=float) for line in figure.axes[0].lines}
    assert np.isnan(lines["a"]).tolist() == [True, False, False, False]
    assert np.isnan(lines["b"]).tolist() == [False, False, True, True]
    assert "b 2 of 3" in written(figure)


def test_unfinished_runs_are_counted_in_a_note(comparison: Comparison):
    runs = comparison.runs.copy()
    runs.loc[(runs["strategy"] == "gp") & (runs["seed"] == 2), "status"] = "running"
    figure = regret(Comparison(runs, comparison.trials)).figure
    assert "Not finished and left out: 2 of 24 runs." in written(figure)
    assert "n = 2–3 seeds" in written(figure)


def test_a_dimension_in_which_nothing_succeeded_says_so(comparison: Comparison):
    trials = comparison.trials.copy()
    trials.loc[trials["dim"] == 5, ["value", "status"]] = [np.nan, "failed"]
    figure = regret(Comparison(comparison.runs, trials)).figure
    assert [text.get_text() for text in figure.axes[1].texts] == ["no trial succeeded"]


def test_one_dimension_is_drawn_side_by_side_with_intervals(comparison: Comparison, rng: np.random.Generator):
    part = Comparison(*(frame[frame["dim"] == 2] for frame in (comparison.runs, comparison.trials)))
    ax = by_dim_of(part, rng).figure.axes[0]
    assert len({line.get_xdata()[0] for line in ax.lines}) == len(SPEED)
    assert len(ax.collections) == len(SPEED)
    assert ax.get_xticks().tolist() == [2]


def test_final_regret_has_a_panel_per_problem_each_with_its_own_measure(comparison: Comparison):
    figure = by_dim_of(comparison, np.random.default_rng(0)).figure
    labels = {ax.get_title(loc="left"): (ax.get_ylabel(), ax.get_yscale()) for ax in figure.axes}
    assert labels == {
        "ackley": ("simple regret\nagainst analytic optimum", "log"),
        "net": ("validation error", "linear"),
    }


def test_the_best_rank_is_on_top_and_the_number_of_cells_is_stated(comparison: Comparison):
    figure = rank_by_trial(
        comparison.runs, comparison.ranked, rank_bands(comparison.ranked, np.random.default_rng(0))
    ).figure
    low, high = figure.axes[0].get_ylim()
    assert low > high
    assert "n = 12 cells" in written(figure)


def test_times_have_a_unit_and_a_logarithmic_axis(comparison: Comparison):
    figure = optimiser_seconds(comparison.trials, comparison.ranked).figure
    assert [ax.get_yscale() for ax in figure.axes] == ["log", "log"]
    assert all("seconds" in ax.get_ylabel() for ax in figure.axes)


def test_validation_and_test_share_one_axis_and_test_was_told_to_no_one(comparison: Comparison):
    part = comparison.of("net")
    drawing = held_out(part.runs, part.curves, part.ranked, np.random.default_rng(0))
    left, right = drawing.figure.axes
    assert left.get_ylim() == right.get_ylim()
    assert right.get_title(loc="left") == "test error (told to no one)"
    assert "never told to anyone" in drawing.caption
    (line,) = (line for line in right.lines if line.get_label() == "random")
    assert line.get_ydata()[0] == pytest.approx(0.5 - 0.03 * 0.3 * 9 + 0.001 + 0.02)


def states(runs: pd.DataFrame, skips: pd.DataFrame) -> dict[str, str]:
    cells = coverage_cells(runs, skips)
    return dict(zip(cells["strategy"], cells["state"], strict=True))


def test_coverage_names_the_worst_of_a_cell():
    def runs_with(statuses: Sequence[str], strategy: str) -> list[dict[str, object]]:
        return [a_run(strategy, seed, status=status) for seed, status in enumerate(statuses)]

    rows = [
        *runs_with(["done", "failed"], "a"),
        *runs_with(["done", "planned"], "b"),
        *runs_with(["done", "exhausted"], "grid"),
    ]
    runs = pd.DataFrame(rows)
    skips = pd.DataFrame([{"problem": "sphere", "dim": 2, "strategy": "c", "reason": "no"}])
    assert states(runs, skips) == {"a": "failed", "b": "not finished", "grid": "done", "c": "skipped"}
    assert not is_complete(runs, NO_SKIPS)
    assert is_complete(runs[runs["strategy"] == "grid"], NO_SKIPS)
    assert not is_complete(runs[runs["strategy"] == "grid"], skips)
    figure = coverage(runs, skips).figure
    assert legend(figure) == ["F failed", "… not finished", "– skipped", "done"]


def test_names_that_mean_something_to_a_drawing_library_are_harmless(comparison: Comparison):
    names = {"gp": "_gp", "optuna-tpe": "$x^", "random": "<b>&", "grid": "n" * 90}
    part = Comparison(
        *(frame.assign(strategy=frame["strategy"].replace(names)) for frame in (comparison.runs, comparison.trials))
    )
    for drawing in every(part):
        drawing.figure.draw_without_rendering()
        assert len(legend(drawing.figure)) == len(SPEED)


def test_numbers_read_the_same_in_figures_and_in_captions():
    shown = [plain_number(value) for value in (0.03, 300.0, 3e5, 1e-8)]
    assert shown == ["0.03", "300", "3·10⁵", "10⁻⁸"]
