from pathlib import Path

from rich.console import Console

from bench.commands.list import problem_table, strategy_table
from problems.entries import Needs
from problems.registry import ProblemEntry
from strategies.registry import StrategyEntry
from tests.bench.conftest import Bench

ABSENT = Needs("future", ("no_such_module",))


def test_what_is_not_installed_is_listed_with_the_line_that_installs_it():
    for table in (
        strategy_table([StrategyEntry("absent", "nowhere:Nothing", "", needs=ABSENT)]),
        problem_table([ProblemEntry("absent", "nowhere:Nothing", "", needs=ABSENT)]),
    ):
        console = Console(width=300)
        with console.capture() as shown:
            console.print(table)
        assert 'pip install "search-bench[future]"' in shown.get()


def test_a_card_says_what_a_comparison_hangs_on(bench: Bench):
    said = bench("list", "--strategy", "optuna-gp").stdout
    for word in ("optuna 5", "arXiv:2310.20708", "clipped", "1..", "the same 12 trials"):
        assert word in " ".join(said.split()), said
    grid = bench("list", "--strategy", "optuna-grid").stdout
    assert "the levels of our own grid" in " ".join(grid.split())


def test_a_card_says_how_first_trials_and_failures_are_treated(bench: Bench):
    said = " ".join(bench("list", "--strategy", "hyperopt-tpe").stdout.split())
    assert "20 independent random draws" in said
    assert "one of the bad trials" in said
    assert 'pip install "search-bench[hyperopt]"' in said


MINE = """
from strategies.base import Strategy
class Mine(Strategy):
    "Raises [bold]at once[/bold]."
    def ask(self): raise RuntimeError("singular")
    def tell(self, proposal, value): pass
"""


def test_the_card_of_a_file_that_declares_nothing_and_raises_has_no_traceback(bench: Bench, tmp_path: Path):
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    done = bench("list", "--strategy", "mine.py:Mine")
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    assert "Raises [bold]at once[/bold]." in said
    assert "not known: it raised RuntimeError: singular (at mine.py, line 5)" in said
    assert said.count("not declared") == 7  # the six lines of the card, and the source


def test_a_card_tells_on_what_ignores_its_seed(bench: Bench):
    assert "OTHER TRIALS each time" in bench("list", "--strategy", "unrepeatable").stdout


def test_a_card_of_what_cannot_run_says_why(bench: Bench):
    assert "AxSearch" in bench("list", "--strategy", "ray-ax").stdout
    done = bench("list", "--strategy", "optuna-pg")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "optuna-gp" in done.stderr
