"""What a page may run: what the tables name, and plug-ins. An address, which anybody may have written, starts no code.

`module:Class`, `path/to/file.py:Class`, `exec:COMMAND` and files are for who types a command.
"""

from bench.visible import visible
from problems.registry import ProblemEntry, problem_entry, problems
from problems.wrappers.names import split
from strategies.names import parts_of_name
from strategies.registry import StrategyEntry, strategies, strategy_entry

HERE = "a page runs what `python -m bench list` shows"
LONGEST = 200  # characters of a name that is repeated


def offered_strategy(name: str) -> StrategyEntry:
    """The entry of the table called `name`, perhaps with given trials or workers; raises `KeyError` with the reason."""
    searcher = parts_of_name(name).searcher
    if ":" in searcher and searcher not in strategies():
        raise KeyError(f"{visible(name)[:LONGEST]} is not run: {HERE}")
    return strategy_entry(name)


def offered_problem(name: str) -> ProblemEntry:
    """The entry of the table called `name`, perhaps with wrappers; raises `KeyError` with the reason."""
    base, _ = split(name, problems())
    if ":" in base and base not in problems():
        raise KeyError(f"{visible(name)[:LONGEST]} is not run: {HERE}")
    return problem_entry(name)
