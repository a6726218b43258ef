import io

import numpy as np
import pandas as pd
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
    positions = [text.index(f"\n {name} ") for name in summary["strategy"]]
    assert positions == sorted(positions)
    assert "optuna 5" in text
    assert "1.00–1.00" in text  # the score of random


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
