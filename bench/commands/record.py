"""`record`: trials that are run once, or were by somebody, as a problem that is searched in seconds."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from bench.commands.progress import ProgressBar
from bench.console import SafeConsole
from bench.errors import UsageError
from bench.experiment import carry_out, load_experiment
from bench.recording import Request, plan_of, recording_of
from bench.report.files import safe_name
from bench.visible import visible
from problems.entries import Needs
from problems.loading import resolve
from problems.recorded.judging import judged
from problems.recorded.recording import Recording, RecordingError
from problems.recorded.storage import refuse_foreign, write
from problems.recorded.surrogates import KINDS, Kind, kind_called
from problems.registry import RECORDED

FOLDER = "recordings"  # below the results
OPTUNA = Needs("optuna", ("optuna",), "optuna")


def record_problem(asked: Request, surrogate: str | None, output: Path | None, jobs: int | None, results: Path) -> int:
    """Run the trials that are not stored yet, and write the recording; returns 1 if a run failed."""
    place = output or results / FOLDER / asked.file_name
    kinds = prepared(place, surrogate)
    plan, folder = plan_of(asked), results / asked.name
    stderr = SafeConsole(stderr=True, highlight=False, markup=False)
    stderr.print(f"{folder}: {asked.trials} trials in {len(plan.runs)} parts", soft_wrap=True)
    try:
        with ProgressBar(stderr) as progress:
            carry_out({} if jobs is None else {"jobs": jobs}, plan, folder, progress)
    except KeyboardInterrupt:
        stderr.print(f"Interrupted; every finished trial is kept in {folder}. The same command goes on from there.",
                     soft_wrap=True)  # fmt: skip
        raise
    experiment = load_experiment(folder)
    failed = experiment.runs[experiment.runs["status"] == "failed"]
    for error in failed["error"].unique():
        stderr.print(f"failed: {str(error).strip().splitlines()[-1]}", soft_wrap=True)
    if len(failed):
        return 1
    finish(recording_of(asked, plan, experiment), kinds, surrogate, place)
    return 0


def record_study(storage: str, study: str | None, surrogate: str | None, output: Path | None, results: Path) -> int:
    """Write a recording of a study of Optuna's."""
    if missing := OPTUNA.missing():
        raise UsageError(f"--from-optuna {missing}")
    found: Recording = resolve("bench.exchange.optuna_studies:recording_of")(storage, study)
    place = output or results / FOLDER / f"{safe_name(found.facts.problem)}.parquet"
    finish(found, prepared(place, surrogate), surrogate, place)
    return 0


def prepared(place: Path, surrogate: str | None) -> Sequence[Kind]:
    """The models that can be tried here; raises `UsageError` where the end could not be written, or not as asked."""
    if any(sign in str(place) for sign in ",+") or not str(place).isprintable():
        raise UsageError(f"--output becomes a name, and must have no comma, plus or control character: {str(place)!r}")
    try:
        if place.exists():
            refuse_foreign(place)
        if surrogate is not None and (missing := kind_called(surrogate).needs.missing()):
            raise UsageError(f"--surrogate {surrogate} {missing}")
    except RecordingError as error:
        raise UsageError(str(error)) from error
    return [kind for kind in KINDS.values() if not kind.needs.missing()]


def finish(recording: Recording, kinds: Sequence[Kind], surrogate: str | None, place: Path) -> None:
    """Judge the models, write the file, say how good the model is and how to use it."""
    try:
        whole = judged(recording, kinds, surrogate)
        write(whole, place)
    except RecordingError as error:
        raise UsageError(str(error)) from error
    stderr, stdout = (SafeConsole(stderr=to_stderr, highlight=False, markup=False) for to_stderr in (True, False))
    for line in whole.facts.left_out:
        stderr.print(f"not kept: {line}", soft_wrap=True)
    for kind in KINDS.values():
        if kind not in kinds:
            stderr.print(f"not tried: {kind.name} {kind.needs.missing()}", soft_wrap=True)
    stdout.print(error_table(whole))
    if whole.facts.surrogate == "nearest":
        stdout.print("It is a table: between recorded trials, values jump.", soft_wrap=True)
    name = shlex.quote(f"{RECORDED}{place}")
    stdout.print(
        f"Recorded in {place}; search it with: python -m bench run --problems {name} --dims {len(whole.space)} "
        "--strategies random,gp,optuna-tpe --trials 50 --seeds 10",
        soft_wrap=True,
    )


def error_table(recording: Recording) -> Table:
    """What each model makes of trials that it did not see."""
    facts = recording.facts
    failed = int(recording.failed.sum())
    models = (f"{name}, which stands for it" if name == facts.surrogate else name for name in facts.errors)
    table = Table("predicted in five folds", *models)
    for measure in next(iter(facts.errors.values())):
        table.add_row(measure, *(f"{errors[measure]:.3g}" for errors in facts.errors.values()))
    table.title = f"{escape(visible(facts.problem))}: {len(recording.trials)} trials, {failed} failed"
    return table
