from rich.console import Console

from bench.commands.list import problem_table, strategy_table
from problems.plugins import Needs
from problems.registry import ProblemEntry
from strategies.registry import StrategyEntry

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
