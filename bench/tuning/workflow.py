"""A tuning from beginning to end: stage after stage, each of which goes on from what is stored."""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bench.database import DATABASE
from bench.errors import UsageError
from bench.experiment import Experiment
from bench.report.files import replacing
from bench.report.wording import last_line
from bench.tuning.design import Design, pruner_for, where
from bench.tuning.outcome import Outcome, in_short, outcome_of, winner_of
from bench.tuning.stages import (
    DEFAULTS,
    Place,
    Stage,
    confirm_stage,
    defaults_stage,
    first_stage,
    rest_stage,
    run_stage,
)
from bench.tuning.trials import known, trials_of
from strategies.pruners.registry import NO_PRUNER

TRACEBACK = "traceback.txt"
ROOT = Path(__file__).resolve().parent.parent.parent  # of our own code
Say = Callable[[str], None]


@dataclass(frozen=True)
class Tuning:
    """What a folder holds of a tuning. `failed`: why stages ended before their time."""

    design: Design
    folder: Path
    trials: pd.DataFrame
    outcome: Outcome
    pruner: str  # that was used: none where there was nothing to go by
    failed: list[str]


def tune(design: Design, place: Place, say: Say) -> Tuning:
    """Do what is left of a tuning; raises `UsageError` where its folder holds another, or nothing of it succeeds."""
    begin(design, place.folder)
    done: dict[str, Experiment] = {}

    def carry_out(stage: Stage, title: str) -> pd.DataFrame:
        say(f"stage {stage.name[0]} of 4: {title}")
        done[stage.name] = run_stage(design, stage, place)
        return trials_of(done)

    shares = design.shares
    trials = carry_out(defaults_stage(design), f"the defaults, {shares.defaults} trials with as many seeds")
    if trials["value"].isna().all():
        raise failure_at_the_defaults(done[DEFAULTS], place.folder)
    pruner = pruner_for(design, trials["fidelity"].tolist())
    say(f"  {spread_of(trials['value'])}")
    if pruner != design.pruner:
        say(f"  no early stopping ({design.pruner}): a trial shows one look; for more, yield scores with 'done'")
    stopping = "" if pruner == NO_PRUNER else f", stopped early by {pruner}"
    if design.first:
        stage = first_stage(design, known(trials), pruner)
        trials = carry_out(stage, f"{design.first} alone by {design.strategy}, {shares.first} trials{stopping}")
        say(best_line(trials, [design.first]))
    else:
        say(f"stage 2 of 4: skipped, {design.no_first}")
    found = winner_of(trials)
    stage = rest_stage(design, known(trials), pruner, design.problem.defaults if found is None else found[0])
    names = f"all {design.problem.dim} parameters" if design.problem.dim > 1 else design.problem.space.names[0]
    trials = carry_out(stage, f"{names} by {design.strategy}, {shares.rest} trials{stopping}")
    say(best_line(trials, design.problem.space.names))
    found = winner_of(trials)
    if found is None:
        raise UsageError(f"no trial of the search succeeded: {failed_runs(done) or first_failure(trials)}")
    confirming = confirm_stage(design, found[0])
    trials = carry_out(confirming, f"the winner and the defaults again, {shares.repeats} fresh seeds for each")
    return Tuning(design, place.folder, trials, outcome_of(design, trials, *found), pruner, failed_runs(done))


def begin(design: Design, folder: Path) -> None:
    """Note what is done in `folder`; raises `UsageError` where that is something else."""
    file, now = where(folder), design.identity()
    if (folder / DATABASE).exists():
        raise UsageError(f"{folder} holds an experiment of run; use another --name")
    if file.exists():
        try:
            before = json.loads(file.read_text(encoding="utf-8"))
            other = next((key for key in now if before.get(key) != now[key]), None)
        except (ValueError, AttributeError) as error:
            raise UsageError(f"{file} is damaged ({error}); restore a copy, or use another --name") from error
        if other is not None:
            was = before.get(other)
            raise UsageError(
                f"{folder} holds another tuning (its {other}: {was}, not {now[other]}); use another --name"
            )
    else:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(file) as draft:
            draft.write_text(json.dumps(now, indent=2), encoding="utf-8")
    (folder / TRACEBACK).unlink(missing_ok=True)


def failure_at_the_defaults(experiment: Experiment, folder: Path) -> UsageError:
    """What is said when not one trial of the defaults succeeds. Nothing is kept but the traceback: there is none to
    go on from once the function is mended."""
    errors = [*experiment.trials["error"].dropna(), *experiment.runs["error"].dropna()]
    whole = str(errors[0]) if errors else "no message"
    shutil.rmtree(folder / DEFAULTS)
    where(folder).unlink(missing_ok=True)
    (folder / TRACEBACK).write_text(whole, encoding="utf-8")
    return UsageError(
        f"the objective fails at its defaults: {last_line(whole)}{place_in(whole)}; all of it is in "
        f"{folder / TRACEBACK}; mend function or defaults, and run the same command"
    )


def place_in(traceback: str) -> str:
    """The user's own last line in a traceback, to be appended to its message."""
    frames = re.findall(r'^  File "(.+)", line (\d+)', traceback, flags=re.MULTILINE)
    own = [(file, line) for file, line in frames if is_users(Path(file))]
    return f" (at {own[-1][0]}, line {own[-1][1]})" if own else ""


def is_users(file: Path) -> bool:
    """Whether a file is neither a library nor our harness."""
    harness = any(file.is_relative_to(ROOT / floor) for floor in ("bench", "strategies", "problems"))
    return not harness and "site-packages" not in file.parts and not file.name.startswith("<")


def spread_of(values: pd.Series) -> str:
    """Mean and spread of the defaults' scores."""
    known_values = values.dropna()
    if len(known_values) > 1 and known_values.nunique() == 1:
        return f"validation score {known_values.iloc[0]:.4g}, the same with every seed"
    spread = f", standard deviation {known_values.std(ddof=1):.2g}" if len(known_values) > 1 else ""
    return f"validation score {known_values.mean():.4g}{spread}"


def best_line(trials: pd.DataFrame, names: Sequence[str]) -> str:
    """The best of the search so far, and what it has for `names`."""
    found = winner_of(trials)
    stopped = int((trials["status"] == "pruned").sum())
    failed = int(trials["status"].isin(["failed", "timeout"]).sum())
    counts = [f"{count} trials {word}" for count, word in ((stopped, "stopped early"), (failed, "failed")) if count]
    after = f" ({', '.join(counts)} so far)" if counts else ""
    if found is None:
        return f"  no trial succeeded yet{after}"
    config = ", ".join(f"{name} = {in_short(found[0][name])}" for name in names)
    return f"  best {found[1]:.4g} at {config}{after}"


def first_failure(trials: pd.DataFrame) -> str:
    """Why the first failed trial did."""
    errors = trials["error"].dropna()
    return last_line(str(errors.iloc[0])) if len(errors) else "no message"


def failed_runs(done: dict[str, Experiment]) -> list[str]:
    """The stages whose runs failed, and why."""
    said = []
    for stage, experiment in done.items():
        for error in experiment.runs.loc[experiment.runs["status"] == "failed", "error"]:
            said.append(f"stage {stage} ended early: {last_line(str(error))}")
    return said
