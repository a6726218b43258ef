"""`tune`: the best config of a user's own training, and what it is worth."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.commands.progress import ProgressBar
from bench.console import SafeConsole
from bench.records import Outcome, RunKey
from bench.report.tuning_page import as_toml, best_config, write_tuning
from bench.settings import check_settings
from bench.tuning.design import Request, make_design
from bench.tuning.stages import Place
from bench.tuning.workflow import Tuning
from bench.tuning.workflow import tune as carry_out

LONG = 8  # trials of a stage whose quarters are told


class StageProgress(ProgressBar):
    """The bar of a stage; where there is no terminal, a line per quarter of its trials."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._total, self._spent, self._told = 0.0, 0.0, 0

    def starting(self, keys: Any, finished: int, spent: float) -> None:
        """Note how much there is to do."""
        self._total, self._spent, self._told = float(sum(key.budget for key in keys)), spent, 0
        super().starting(keys, 0, spent)

    def trials(self, key: RunKey, spent: float) -> None:
        """Advance, and say so at each quarter."""
        super().trials(key, spent)
        self._spent += spent
        quarter = int(4 * self._spent / self._total) if self._total >= LONG else 4
        if self._told < quarter < 4:
            self._told = quarter
            super()._say(f"  {self._spent:.3g} of {self._total:g} full trials")

    def finished(self, key: RunKey, outcome: Outcome) -> None:
        """Advance without a word: a stage is what a reader counts."""
        self._runs = 0
        super().finished(key, outcome)

    def _say(self, line: str) -> None:
        """Runs are no word of this command's."""


def tune(request: Mapping[str, Any], settings: Mapping[str, Any], results: Path) -> int:
    """Tune, or go on; print the best config as TOML, the rest of what is to be said as its comments.

    `settings` are those of `run`: `name`, `jobs`, `trial_timeout`. Returns 1 where a stage ended before its time.
    """
    checked = check_settings(settings)
    design = make_design(Request(**request))
    folder = results / checked.get("name", design.default_name)
    stderr = SafeConsole(stderr=True)

    def say(line: str) -> None:
        stderr.print(line, highlight=False, markup=False, soft_wrap=True)

    say(f"{folder}: {design.shares.total} full trials of {design.problem.name}")
    jobs = checked.get("jobs") or len(os.sched_getaffinity(0))
    try:
        with StageProgress(stderr) as progress:
            place = Place(folder, {**checked, "jobs": jobs}, progress)
            tuning = carry_out(design, place, say)
    except KeyboardInterrupt:
        say(f"Interrupted; every finished trial is kept in {folder}. The same command goes on from there.")
        raise
    page = write_tuning(tuning)
    SafeConsole().print(answer(tuning, page), highlight=False, markup=False, soft_wrap=True, end="")
    return 1 if tuning.failed else 0


def answer(tuning: Tuning, page: Path) -> str:
    """What is printed: TOML, in which all but the config is a comment."""
    outcome = tuning.outcome
    lines = [outcome.verdict]
    for row in outcome.scores:
        lines.append(f"{row.score + ':':12} defaults {row.defaults}, winner {row.winner}, lower by {row.gain}")
    lines.append(
        f"In the search, the winner's validation score was {outcome.told:.4g}: the lowest of many, luck included."
    )
    lines += [f"Warning: {warning}" for warning in (*tuning.failed, *outcome.warnings)]
    lines.append(f"Report: {page}")
    whose = "" if outcome.is_better else "# The defaults, since the winner is no better:\n"
    return "".join(f"# {line}\n" for line in lines) + whose + as_toml(best_config(tuning))
