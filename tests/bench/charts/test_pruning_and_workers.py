"""Charts of experiments with pruners, and with several workers."""

import pytest

from bench.charts.chart import Chart
from bench.experiment import Experiment
from bench.spec import ExperimentSpec
from tests.bench.charts.conftest import NO_SKIPS, charts_of
from tests.bench.made_by_hand import a_run, frames, trials_of

FALLING = [9.0, 4.0, 2.0, 1.0]


def lines_of(chart: Chart, axis: str = "x") -> dict[str, dict]:
    return {
        trace["legendgroup"]: trace
        for trace in chart.figure["data"]
        if trace.get("meta") != "band" and trace.get("xaxis") == axis
    }


@pytest.fixture(scope="module")
def pruned() -> dict[str, Chart]:
    parts = []
    for seed in range(3):
        alone, pair = (a_run("random", seed, pruner=pruner) for pruner in ("none", "asha"))
        stopped = {"cost": [1.0, 0.5, 0.5, 1.0, 1.0], "status": ["ok", "pruned", "pruned", "ok", "ok"]}
        parts += [(alone, trials_of(alone, FALLING)), (pair, trials_of(pair, [8.0, 9.0, 9.0, 1.0, 0.5], **stopped))]
    runs, trials = frames(*parts)
    return charts_of(Experiment("made", ExperimentSpec.model_construct(), {}, runs, trials, NO_SKIPS))


def test_with_a_pruner_the_line_is_against_what_was_spent_and_a_dotted_one_is_where_the_search_alone_ends(
    pruned: dict[str, Chart],
):
    chart = pruned["early-stopping-sphere"]
    lines = lines_of(chart)
    assert lines["random"]["y"] == FALLING
    assert (lines["random+asha"]["x"], lines["random+asha"]["y"]) == ([1, 2, 3, 4], [8.0, 8.0, 1.0, 0.5])
    (end,) = chart.figure["layout"]["shapes"]
    assert (end["y0"], end["y1"]) == (1.0, 1.0)


def test_the_share_of_trials_falls_where_they_were_stopped(pruned: dict[str, Chart]):
    (line,) = lines_of(pruned["trial-lengths-sphere"]).values()
    share = dict(zip(line["x"], line["y"], strict=True))
    assert (share[0], share[50], share[51], share[100]) == (100, 100, 60, 60)
    assert line["line"]["shape"] == "hv"


def test_workers_are_lines_against_simulated_time_and_ends_are_earlier_with_more_of_them():
    parts = []
    for seed in range(3):
        for name in ("random", "random@2w"):
            run = a_run(name, seed)
            parts.append((run, [row | {"duration": 1.0} for row in trials_of(run, FALLING)]))
    runs, trials = frames(*parts)
    trials["duration"] = 1.0
    made = charts_of(Experiment("made", ExperimentSpec.model_construct(), {}, runs, trials, NO_SKIPS))
    lines = lines_of(made["workers-sphere"])
    assert lines["random"]["x"][-1] == pytest.approx(4)
    assert lines["random@2w"]["x"][-1] == pytest.approx(2, rel=0.05)
    assert lines["random"]["y"][-1] == lines["random@2w"]["y"][-1] == 1.0
    assert not {"random@2w"} & {trace.get("legendgroup") for trace in made["price"].figure["data"]}
