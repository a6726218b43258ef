"""COCO's data format, for its post-processing (package cocopp): one folder per suite, in it one per strategy.

The format is that of COCO's own logger (`data_format = 'bbob-new2'`): an `.info` file per function, with per dimension
a header, a comment and a line of `instance:evaluations|best`; a `.dat` file with the rows that were an improvement, a
`.tdat` file with those at given evaluations (here all). Hansen et al. 2021, Optimization Methods and Software 36:114.

The functions of BBOB are exported as such. cocopp draws no function that is not of a suite it knows, so the others
come with a script that makes them known to it under their own names; so do BBOB's in dimensions that COCO leaves out.
"""

import math
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from bench.errors import UsageError
from bench.exchange.evaluations import Sequences, bbob_function, improvements, position, sequences
from bench.exchange.rows import groups, rows
from bench.experiment import Experiment
from bench.report.files import safe_name

BBOB, OURS = "bbob", "search-bench"  # suites
BBOB_DIMS = (2, 3, 5, 10, 20, 40)
FIRST, LAST = 31, 100  # free numbers: cocopp groups those to 24 by BBOB's classes, and takes those above 100 for noisy
REACHABLE = ("analytic", "certified")  # a target above a mere bound would be a target that nobody can reach
PRECISION = 1e-8  # of COCO's last target
NOTHING_YET = 3e21  # how cocopp writes an infinite value
SCRIPT = "postprocess.py"
HEADER = (
    "% f evaluations | g evaluations | best noise-free fitness - Fopt ({optimum:.12e}) + sum g_i+ | measured fitness | "
    "best measured fitness or single-digit g-values | x1 | x2...\n"
)


def write(experiment: Experiment, folder: Path) -> Sequence[str]:
    """One data set per strategy, problem and dimension; returns what has no place there."""
    found = sequences(experiment)
    runs, refused = with_targets(found.runs)
    if runs.empty:
        raise UsageError(f"nothing of {experiment.name} is for COCO: {'; '.join([*refused, *found.left_out])}")
    runs = runs.assign(suite=[suite_of(run.problem, run.dim) for run in rows(runs)])
    ours = our_numbers(runs.loc[runs["suite"] == OURS, "problem"])
    for (suite, strategy, problem), of_pair in groups(runs, ["suite", "strategy", "problem"]).items():
        number = ours[problem] if suite == OURS else bbob_function(problem) or 0  # BBOB's, as its suite says
        write_function(found, of_pair, number, suite, folder / suite / safe_name(strategy))
    dims = sorted({row.dim for row in rows(runs[runs["suite"] == OURS])})
    (folder / SCRIPT).write_text(script({number: name for name, number in ours.items()}, dims), encoding="utf-8")
    return [*refused, *found.left_out]


def with_targets(runs: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The runs whose optimum is known and can be reached, and why the others have no place in COCO."""
    reachable = runs["optimum_origin"].isin(REACHABLE)
    refused = [
        f"{problem}: COCO's targets are distances to an optimum, which is {origin or 'not known'} here"
        for problem, origin in runs.loc[~reachable, ["problem", "optimum_origin"]].drop_duplicates().to_numpy()
    ]
    return runs[reachable], refused


def suite_of(problem: str, dim: int) -> str:
    """COCO's suite has its functions in its dimensions only: elsewhere cocopp misses its reference data, and stops."""
    return BBOB if bbob_function(problem) is not None and dim in BBOB_DIMS else OURS


def our_numbers(problems: pd.Series) -> Mapping[str, int]:
    """Numbers by name, from `FIRST`."""
    names = sorted(problems.unique())
    if len(names) > LAST - FIRST + 1:
        raise UsageError(f"COCO has numbers for {LAST - FIRST + 1} problems beside BBOB's, got {len(names)}; run fewer")
    return {name: FIRST + index for index, name in enumerate(names)}


def write_function(found: Sequences, runs: pd.DataFrame, number: int, suite: str, folder: Path) -> None:
    """The files of one strategy on one function, in all its dimensions."""
    data = folder / f"data_f{number}"
    data.mkdir(parents=True)
    entries = []
    for (dim,), of_dim in sorted(groups(runs, ["dim"]).items()):
        name = f"{data.name}/bbobexp_f{number}_DIM{dim}"
        entries.append(entry(found, of_dim, number, suite, f"{name}.dat"))
        for ending, choose in (("dat", improvements), ("tdat", rows)):
            with (folder / f"{name}.{ending}").open("w", encoding="utf-8") as file:
                for run in rows(of_dim):
                    file.write(HEADER.format(optimum=run.optimum))
                    file.writelines(line(row, run.optimum) for row in choose(found.of(run)))
    (folder / f"bbobexp_f{number}.info").write_text("\n".join(entries) + "\n", encoding="utf-8")


def entry(found: Sequences, runs: pd.DataFrame, number: int, suite: str, path: str) -> str:
    """The three lines of an `.info` file about one dimension."""
    first = next(rows(runs))
    header = (
        f"suite = '{suite}', funcId = {number}, DIM = {first.dim}, Precision = {PRECISION:.3e}, "
        f"algId = '{algorithm(first.strategy)}', coco_version = '', logger = 'bbob', data_format = 'bbob-new2'"
    )
    comment = f"% search-bench: {plain(first.problem)} by {plain(first.strategy_version)}"
    results = [result(run, found.of(run)) for run in rows(runs)]
    return "\n".join((header, comment, ", ".join((path, *results))))


def result(run: Any, evaluations: pd.DataFrame) -> str:
    """How one run ended: `instance:evaluations|best`."""
    *_, last = rows(evaluations)
    return f"{run.instance + 1}:{last.evaluation}|{gap(last.best_truth, run.optimum):.1e}"


def line(row: Any, optimum: float) -> str:
    """One evaluation."""
    numbers = (gap(row.best_truth, optimum), number_or_nothing(row.told), number_or_nothing(row.best_told))
    columns = [f"{value:+.9e}" for value in numbers] + [f"{x:+.4e}" for x in position(row.config)]
    return f"{row.evaluation} 0 {' '.join(columns)}\n"


def gap(value: float, optimum: float) -> float:
    """Distance to the optimum."""
    return number_or_nothing(value - optimum)


def number_or_nothing(value: float) -> float:
    """`value`, or COCO's stand-in where there is none."""
    return value if math.isfinite(value) else NOTHING_YET


def algorithm(name: str) -> str:
    """`name` as cocopp can read it: it takes quotes and commas for its own."""
    return name if re.fullmatch(r"[\w.+-]{1,80}", name, flags=re.ASCII) else safe_name(name)


def plain(text: str) -> str:
    """`text` in one line of ASCII, as a comment."""
    return "".join(character if character.isascii() and character.isprintable() else "?" for character in text)


def script(names: Mapping[int, str], dims: Sequence[int]) -> str:
    """The post-processing of the exported folders, with the names of our functions."""
    template = files("bench.exchange").joinpath("coco_postprocess.txt").read_text(encoding="utf-8")
    shown = {number: plain(name) for number, name in names.items()}
    return template.replace("{names}", repr(shown)).replace("{dims}", repr(tuple(dims)))
