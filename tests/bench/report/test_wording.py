from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.analysis.ranks import ranks
from bench.analysis.regret import regret_curves
from bench.report.files import replacing, safe_name
from bench.report.findings import headline
from bench.report.listings import failures
from bench.report.wording import last_line, number, ranges, seconds, share
from tests.bench.made_by_hand import a_run, simple_runs


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(1.5, "1.5 s"), (123.4, "123 s"), (3.21e-3, "3.2 ms"), (0.9999, "1 s"), (17e-6, "17 µs"), (0.0, "0 µs")],
        *[(2e-8, "0.02 µs"), (np.nan, "–"), (99.7e-3, "100 ms")],
    ],
)
def test_seconds(value: float, text: str):
    assert seconds(value) == text


def test_numbers_and_shares():
    assert [number(value) for value in (1.234, np.inf, np.nan)] == ["1.23", "∞", "–"]
    assert [share(value) for value in (0.0, 0.004, 0.25, 1.0, np.nan)] == ["0 %", "<1 %", "25 %", "100 %", "–"]


def test_ranges():
    assert ranges([4, 2, 3, 7, 3]) == "2–4, 7"
    assert ranges([]) == ""


def test_the_last_line_of_an_error():
    assert last_line("Traceback\n  File\nValueError: broke\n") == "ValueError: broke"
    assert last_line(None) == "no message"


@pytest.mark.parametrize("name", ["", "a/b", "../..", "A", "ü", "x" * 300, "con\n"])
def test_names_of_files_are_safe_and_distinct(name: str):
    safe = safe_name(name)
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert len(safe) <= 100
    assert safe_name("regret-mlp-digits") == "regret-mlp-digits"


def test_names_that_look_alike_stay_apart():
    assert len({safe_name(name) for name in ("a-b", "a/b", "A-b", "a b")}) == 4


def test_a_file_that_was_not_finished_is_never_there(tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def write_half() -> None:
        with replacing(path) as draft:
            draft.write_text("half of the n")
            raise RuntimeError("broke")

    with pytest.raises(RuntimeError, match="broke"):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def sentences(curves: dict) -> str:
    runs, trials = simple_runs(curves)
    return " ".join(headline(runs, ranks(runs, regret_curves(runs, trials))))


def test_a_clear_leader_is_named_and_a_tie_is_admitted():
    clear = sentences({"a": [[1.0]] * 12, "b": [[2.0]] * 12})
    assert "a has the best mean rank, 1.00 of 2, at the end of the budget, over 12 cells" in clear
    assert "Not told apart" not in clear
    near = sentences({"a": [[1.0], [1.0], [3.0]], "b": [[2.0], [2.0], [2.0]]})
    assert "Not told apart from it at the 95 % level: b." in near
    assert "With only 3 seeds" in near


def test_one_cell_proves_nothing():
    assert "Not told apart from it at the 95 % level: b." in sentences({"a": [[1.0]], "b": [[2.0]]})


def test_equal_errors_are_counted_together():
    rows = [a_run("a", seed, status="failed", dim=dim) for seed in range(2) for dim in (2, 3, 5)]
    (only,) = failures(pd.DataFrame([*rows, a_run("b")]))
    assert (only.strategy, only.dims, only.count, only.reason) == ("a", "2–3, 5", 6, "ValueError: broke")
