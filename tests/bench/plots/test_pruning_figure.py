import numpy as np
import pytest

from bench.plots.page import Drawing
from bench.plots.pruning_figure import regret_with_pruners, survival, trial_lengths
from tests.bench.made_by_hand import a_run, frames, trials_of
from tests.bench.plots.conftest import Comparison


@pytest.fixture
def pruned() -> Comparison:
    """Two strategies alone and with two pruners; grid has none. The pruned see two trials for each full one."""
    parts = []
    for dim in (2, 3):
        for seed in range(3):
            for strategy, pruner in (
                ("gp", "none"), ("gp", "asha"), ("gp", "hyperband"), ("random", "none"), ("random", "asha"),
                ("grid", "none"),
            ):  # fmt: skip
                label = strategy if pruner == "none" else f"{strategy}+{pruner}"
                run = a_run(label, seed, 6, pruner=pruner, dim=dim, problem="net")
                length, states, costs = 6, ["ok"] * 6, [1.0] * 6
                if pruner != "none":
                    length, states, costs = 10, ["ok", "pruned"] * 5, [1.0, 0.2] * 5
                values = [2.0**-number * (1 + seed) * dim for number in range(length)]
                parts.append((run, trials_of(run, values, status=states, cost=costs)))
    return Comparison(*frames(*parts))


def drawings(pruned: Comparison) -> list[Drawing]:
    rng = np.random.default_rng(0)
    return [
        regret_with_pruners(pruned.runs, pruned.curves, pruned.ranked, rng),
        trial_lengths(pruned.runs, pruned.trials, pruned.ranked, rng),
    ]


def test_each_panel_is_a_strategy_with_its_pruners(pruned: Comparison):
    regret, lengths = (drawing.figure.axes for drawing in drawings(pruned))
    assert [ax.get_title(loc="left") for ax in regret] == ["gp, d = 2", "random, d = 2", "gp, d = 3", "random, d = 3"]
    assert [sorted(line.get_label() for line in ax.lines) for ax in regret[:2]] == [
        ["gp", "gp+asha", "gp+hyperband"],
        ["random", "random+asha"],
    ]
    assert [sorted(line.get_label() for line in ax.lines) for ax in lengths] == [
        ["gp+asha", "gp+hyperband"],
        ["random+asha"],
    ]


def test_the_axis_is_the_budget_and_everything_is_said(pruned: Comparison):
    regret, lengths = drawings(pruned)
    assert regret.figure.axes[2].get_xlabel() == "budget spent (full trials)"
    assert lengths.figure.axes[0].get_xlabel() == "share of its full fidelity (%)"
    for drawing in (regret, lengths):
        written = " ".join(text.get_text() for text in drawing.figure.texts)
        assert "n = 3 seeds" in written.replace("\n", " ")
        assert drawing.caption.startswith("How to read: ")
        drawing.figure.draw_without_rendering()
        page = drawing.figure.bbox
        for box in (ax.get_tightbbox() for ax in drawing.figure.axes):
            assert page.x0 <= box.x0
            assert box.x1 <= page.x1


def test_survival_counts_trials_that_came_so_far(pruned: Comparison):
    trials = pruned.trials.copy()
    of_one = survival(trials[(trials["strategy"] == "gp+asha") & (trials["seed"] == 0)]).set_index("step")["share"]
    assert of_one[[0, 20, 21, 100]].tolist() == [100, 100, 50, 50]
    trials.loc[trials["status"] == "pruned", "status"] = "failed"
    assert (survival(trials)["share"] == 100).all()
