from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.experiment import Experiment
from bench.report.files import replacing, safe_name
from bench.report.findings import headline
from bench.report.listings import failures
from bench.report.measures import measure
from bench.report.wording import between, bracket, last_line, listed, number, ranges, seconds, share
from bench.spec import ExperimentSpec
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


NO_SKIPS = pd.DataFrame(columns=["problem", "dim", "strategy", "reason"])


def made(curves: dict, problems: int = 1, **more: object) -> Experiment:
    """The same curves on several problems."""
    parts = [simple_runs(curves, problem=f"p{number}", **more) for number in range(problems)]
    runs, trials = (pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True))
    return Experiment("made", ExperimentSpec.model_construct(), {}, runs, trials, NO_SKIPS)


def sentences(curves: dict, problems: int = 1, **more: object) -> str:
    experiment = made(curves, problems, **more)
    measures = measure(experiment)
    said = headline(experiment.runs, measures.ranked, measures.summary, measures.pairs, measures.untested)
    return " ".join([*said, *measures.missing])


def test_a_clear_leader_is_named_with_its_test():
    text = sentences({"a": [[1.0]] * 3, "b": [[2.0]] * 3, "random": [[2.0], [3.0], [2.5]]}, problems=9)
    assert "a has the best mean rank, 1.00 [1.00, 1.00] of 3, at the end of the budget, over 27 cells" in text
    assert "It ended lower than random search in 100 % [87 %, 100 %] of 27 pairs" in text
    assert "Its regret is lower than that of b and random (Wilcoxon's signed-rank test over 9" in text
    assert "Holm's correction for all 3 pairs, 0.05)" in text
    assert "With only 3 seeds" in text


def test_what_could_not_be_told_apart_comes_with_the_difference_that_could():
    factors = {dim: 1.5 ** ((-1) ** dim * dim) for dim in range(2, 9)}  # up and down
    parts = [made({"a": [[1.0]] * 2, "b": [[factor]] * 2}, problems=2, dim=dim) for dim, factor in factors.items()]
    runs, trials = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in ("runs", "trials")
    )
    measures = measure(Experiment("made", ExperimentSpec.model_construct(), {}, runs, trials, NO_SKIPS))
    text = " ".join(headline(runs, measures.ranked, measures.summary, measures.pairs, measures.untested))
    assert "Not told apart from it: " in text
    (factor,) = measures.pairs["factor"]
    assert f"regret would have had to differ by a factor of {factor:.2g} or more" in text


def test_where_no_difference_could_be_seen_that_is_said():
    """Five cells: p is 2/32 at the least."""
    text = sentences({"a": [[1.0], [1.0]], "b": [[2.0], [1.5]]}, problems=5)
    assert "Not told apart from it: b" in text
    assert "no difference, however large, could have been called one; that takes 6 or more" in text


def test_what_is_not_shown_is_said_and_why():
    one = sentences({"a": [[1.0]], "b": [[2.0]]})
    assert "There is one problem only, so there is no test over problems" in one
    assert "Random search is not among the strategies" in one
    assert "There is one seed, and with it no interval" in one
    unknown = sentences({"a": [[1.0]], "random": [[2.0]]}, problems=6, optimum=None, optimum_origin=None)
    assert "No optimum or bound is known of p0, p1, p2, p3, p4, p5" in unknown
    assert "No problem has a known optimum or bound, so there is no test over problems" in unknown


def test_intervals_in_words():
    assert bracket(1.234, 2.0) == " [1.23, 2.00]"
    assert bracket(np.nan, np.nan) == ""
    assert between(0.5, 0.75, share) == "50–75 %"
    assert between(1.0, np.inf) == "1.00–∞"
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_equal_errors_are_counted_together():
    rows = [a_run("a", seed, status="failed", dim=dim) for seed in range(2) for dim in (2, 3, 5)]
    (only,) = failures(pd.DataFrame([*rows, a_run("b")]))
    assert (only.strategy, only.dims, only.count, only.reason) == ("a", "2–3, 5", 6, "ValueError: broke")
