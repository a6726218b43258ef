"""`compare`: is the new version of a strategy better, worse, or no different?"""

from collections.abc import Sequence
from pathlib import Path

from bench.comparison.measures import Comparison, comparisons
from bench.comparison.pairing import Paired, Side, matches, paired
from bench.comparison.sources import environments, same_machine, sides
from bench.console import SafeConsole
from bench.errors import UsageError
from bench.report.comparison_findings import sentences
from bench.report.comparison_page import write_comparison
from bench.report.comparison_table import comparison_table
from bench.report.files import safe_name

NOT_WORSE, WORSE = 0, 1  # exit codes
LARGEST_MARGIN = 100.0


def compare(
    old: str, new: str | None, strategies: str | None, margin: float, strict: bool, output: Path | None, results: Path
) -> int:
    """Print what came of `old` and `new`, and write the page; 1 where a strategy is worse.

    With `strict` also where one cannot be told, or is worse on a problem taken alone. Raises `UsageError` for what
    cannot be compared, and then writes nothing.
    """
    if not 1 < margin <= LARGEST_MARGIN:
        raise UsageError(
            f"--margin is the factor of regret up to which nothing has changed, above 1 and at most "
            f"{LARGEST_MARGIN:g}, got {margin:g}; leave it out for 1.25"
        )
    first, second = sides(old, new, results)
    folder = output or results / folder_name(first, second)
    check_folder(folder)
    pairs, left_out = pairs_of(strategies, first, second)
    found = comparisons(pairs, margin)
    notes = [*left_out, *(f"other {line}" for line in environments(first, second))]
    show(found, margin, same_machine(first, second))
    said = SafeConsole(stderr=True, highlight=False, markup=False, soft_wrap=True)
    for note in notes:
        said.print(f"{note[0].upper()}{note[1:]}.")
    page = write_comparison(first, second, found, notes, margin, folder)
    stdout = SafeConsole(highlight=False, markup=False, soft_wrap=True)
    stdout.print(f"Report: {page}")
    return exit_code(found, strict)


def check_folder(folder: Path) -> None:
    """Raise `UsageError` where something else is, that would be lost."""
    is_ours = folder.is_dir() and ((folder / "comparison.csv").is_file() or not any(folder.iterdir()))
    if folder.exists() and not is_ours:
        raise UsageError(f"{folder} is there already, and is no comparison; give another --output")


def folder_name(old: Side, new: Side) -> str:
    """Where it is written below the results."""
    names = [Path(side.name).name for side in (old, new)]
    return safe_name(f"compare-{'-'.join(names if old is not new else names[:1])}")


def pairs_of(strategies: str | None, old: Side, new: Side) -> tuple[list[Paired], list[str]]:
    """What is compared, and what is left out, in words; raises `UsageError` where there is no pair of runs."""
    asked = matches(strategies, old, new)
    found = [paired(match, old, new) for match in asked]
    left_out = [f"left out: {each.match} on {line}" for each in found for line in each.left_out]
    empty = [each for each in found if each.runs.empty]
    if empty and (strategies is not None or len(empty) == len(found)):
        why = "; ".join(empty[0].left_out) or "neither has runs"
        raise UsageError(
            f"{empty[0].match} has no finished run on the same problem, dimension, seed and budget in {old.name} and "
            f"{new.name} ({why}); run both with the same settings"
        )
    if strategies is None:
        for side, other in ((old, new), (new, old)):
            alone = [name for name in side.strategies() if name not in other.strategies()]
            left_out += [f"left out: {name}, in {side.name} only" for name in alone]
    return [each for each in found if len(each.runs)], left_out


def show(found: Sequence[Comparison], margin: float, one_machine: bool) -> None:
    """Tables first, then a verdict for each strategy with its sentences: the last lines are the answer."""
    stdout = SafeConsole()
    for each in found:
        stdout.print(comparison_table(each, explained=each is found[-1]))
        stdout.print()
    for each in found:
        stdout.print(f"{each.match}: {each.verdict.word} ({each.verdict.reason}).", highlight=False, markup=False)
        for sentence in sentences(each, margin, one_machine):
            stdout.print(f"  {sentence}", highlight=False, markup=False)


def exit_code(found: Sequence[Comparison], strict: bool) -> int:
    """What a pipeline goes by."""
    bad = {"worse", "cannot tell"} if strict else {"worse"}
    if any(each.verdict.word in bad or (strict and len(each.worse_cells)) for each in found):
        return WORSE
    return NOT_WORSE
