import io

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from bench.experiment import Experiment
from bench.report.measures import measure
from bench.report.terminal import summary_table


def printed(summary: pd.DataFrame, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(summary_table(summary))
    return console.file.getvalue()


def test_a_row_per_strategy_in_the_order_of_rank(experiment: Experiment):
    summary = measure(experiment).summary
    text = printed(summary)
    positions = [text.index(f"\n{name} ") for name in summary["strategy"]]
    assert positions == sorted(positions)
    assert "1.00–1.00" in text  # the score of random


@pytest.mark.parametrize(
    ("name", "pruned"), [("optuna-tpe-independent", 0.0), ("random+path/to/a/file/of/mine.py:AccuracyPruner", 0.5)]
)
def test_it_fits_a_terminal_of_80_columns(name: str, pruned: float):
    row = {"strategy": name, "failed_runs": 0.001, "failed_trials": 0.999, "pruned_trials": pruned}
    row |= dict.fromkeys(("mean_rank", "mean_rank_low", "mean_rank_high"), 33.333)
    row |= dict.fromkeys(("score", "score_low", "score_high"), 0.888) | dict.fromkeys(("won", "won_low", "won_high"), 1)
    text = printed(pd.DataFrame([row | {"ask_s": 0.5, "n_runs": 1000}]), width=80)
    for piece in ("33.33–33.33", "0.89–0.89", "100–100 %", "100 %", "500 ms", "1000", *(["50 %"] if pruned else [])):
        assert piece in text
    body = text.partition("─\n")[2].partition("Best mean")[0]
    assert "".join(line[:19].strip() for line in body.splitlines()).startswith(name[:19])


def test_numbers_are_for_people_and_names_are_no_markup():
    row = {
        **{"strategy": "[red]x[/red]", "version": "lib 1", "mean_rank": np.nan, "score": np.inf, "failed_runs": 0.001},
        **{"failed_trials": 0.25, "pruned_trials": 0.0, "ask_s": 17.2e-6, "n_runs": 3, "n_ranked": 0},
    }
    text = printed(pd.DataFrame([row]))
    assert "[red]x[/red]" in text
    for piece in ("–", "∞", "<1 %", "25 %", "17 µs"):
        assert piece in text


def test_the_caption_explains_the_columns():
    summary = pd.DataFrame(columns=["strategy", "pruned_trials"])
    text = " ".join(printed(summary).split())
    assert summary_table(summary).row_count == 0
    for word in ("rank:", "score:", "failed:", "time:", "n:"):
        assert word in text
