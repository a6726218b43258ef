"""`sensitivity`: which parameters of a problem matter, and in which order to tune them."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from bench.commands.progress import ProgressBar
from bench.console import SafeConsole
from bench.database import DATABASE, fingerprint, folder_of
from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment, run_experiment
from bench.forms import names_in, parse_trials
from bench.report.files import safe_name
from bench.report.folders import replacing_folder
from bench.report.sensitivity_page import write_sensitivity
from bench.report.sensitivity_table import sensitivity_table
from bench.report.wording import last_line
from bench.sensitivity.advice import adaptive, agreement_in_words, order_in_words, quality_in_words, warnings
from bench.sensitivity.cells import Cell, cell_of
from bench.sensitivity.instances import InstanceAnswer, Refusal, answers_of, missing_methods, tasks_of
from problems.registry import problem_entry

DESIGN = "sobol-repeated"
TRIALS, SEEDS = "20d", 2
FOLDER = "sensitivity"  # below the experiment's


def sensitivity(
    name: str,
    dim: int | None,
    trials: str | None,
    seeds: int | None,
    strategies: str | None,
    jobs: int | None,
    results: Path,
) -> None:
    """Analyse the experiment called `name`, or evaluate a design on the problem of that name and analyse this.

    Raises `UsageError` where there is neither, and where nothing can be said.
    """
    if is_experiment(name, results):
        if trials or seeds:
            raise UsageError(f"{name} is an experiment, and has its trials; leave out --trials and --seeds")
        made_of = fingerprint(folder_of(name, results))  # before it is read: a trial that comes in between is not in it
        experiment = chosen(load_experiment(folder_of(name, results)), dim, strategies)
    else:
        if strategies:
            raise UsageError(f"--strategies chooses from an experiment's trials, and {name} is a problem; leave it out")
        experiment = evaluated(name, dim, trials or TRIALS, seeds or SEEDS, jobs, results)
        made_of = fingerprint(results / experiment.name)
    cells, refusals = analysed(experiment, jobs)
    if not cells:
        raise UsageError(f"nothing can be said of {name}: {refusals[0].reason}")
    show(experiment, cells, refusals, made_of, results)


def is_experiment(name: str, results: Path) -> bool:
    """Whether there is an experiment of that name."""
    return Path(name).name == name and (results / name / DATABASE).is_file()


def chosen(experiment: Experiment, dim: int | None, strategies: str | None) -> Experiment:
    """`experiment` with the trials of these dimensions and strategies only; raises `UsageError` where none are left."""
    trials = experiment.trials
    for column, wanted in (("dim", None if dim is None else [dim]), ("strategy", strategies and names_in(strategies))):
        if not wanted:
            continue
        there = list(trials[column].unique())
        if missing := [value for value in wanted if value not in there]:
            known = ", ".join(map(str, there)) or "none yet"
            raise UsageError(f"{experiment.name} has no trials of {column} {missing[0]}; it has {known}")
        trials = trials[trials[column].isin(wanted)]
    if trials.empty:
        raise UsageError(f"{experiment.name} has no trials yet; run it first")
    return Experiment(
        experiment.name, experiment.spec, experiment.environment, experiment.runs, trials, experiment.skips
    )


def evaluated(name: str, dim: int | None, trials: str, seeds: int, jobs: int | None, results: Path) -> Experiment:
    """A design on the problem `name`: run, resumed, or read back; raises `UsageError` where that cannot be."""
    try:
        entry = problem_entry(name)
    except KeyError as error:
        raise UsageError(f"there is no experiment {name!r} in {results}, and {error.args[0]}") from error
    if dim is None and entry.min_dim != entry.max_dim:
        raise UsageError(f"{name} is a problem of {entry.dimensions} parameters: say how many, by --dim")
    d = entry.min_dim if dim is None else dim
    try:
        parse_trials(trials, d)
    except ValueError as error:
        raise UsageError(str(error)) from error
    settings = {
        "problems": [name], "dims": str(d), "strategies": [DESIGN], "trials": trials, "seeds": seeds,
        "name": f"sensitivity-{safe_name(name)}-{d}d-{trials.strip()}-{seeds}", **({"jobs": jobs} if jobs else {}),
    }  # fmt: skip
    stderr = SafeConsole(stderr=True)
    try:
        with ProgressBar(stderr) as progress:
            experiment = run_experiment(settings, results=results, watcher=progress)
    except KeyboardInterrupt:
        stderr.print("Interrupted; every finished trial is kept. The same command goes on from there.", soft_wrap=True)
        raise
    failed = experiment.runs[experiment.runs["status"] == "failed"]
    if len(failed):
        raise UsageError(f"{name} cannot be evaluated: {last_line(failed['error'].iloc[0])}")
    return experiment


def analysed(experiment: Experiment, jobs: int | None) -> tuple[list[Cell], list[Refusal]]:
    """Every problem in every dimension, and the instances of which nothing can be said."""
    stderr = SafeConsole(stderr=True)
    found = list(answers_of(tasks_of(experiment), jobs, lambda line: stderr.print(line, highlight=False, markup=False)))
    refusals = [answer for answer in found if isinstance(answer, Refusal)]
    good = sorted(
        (answer for answer in found if isinstance(answer, InstanceAnswer)), key=lambda answer: tuple(answer.instance)
    )
    cells = []
    for _, instances in groupby(good, key=lambda answer: (answer.instance.problem, answer.instance.dim)):
        together = list(instances)
        try:
            cells.append(cell_of(together))
        except ValueError as error:
            refusals.append(Refusal(together[0].instance, str(error)))
    return cells, refusals


def show(
    experiment: Experiment, cells: Sequence[Cell], refusals: Sequence[Refusal], made_of: str, results: Path
) -> None:
    """Print tables, order, agreement and warnings; write the files."""
    stdout, stderr = SafeConsole(), SafeConsole(stderr=True)
    notes = notes_on(experiment, refusals)
    for cell in cells:
        stdout.print(sensitivity_table(cell))
        for line in (f"Tuning order: {order_in_words(cell)}", quality_in_words(cell), agreement_in_words(cell)):
            stdout.print(f"{line}.", highlight=False, markup=False)
        for line in warnings(cell):
            stdout.print(f"Warning: {line}.", highlight=False, markup=False)
        stdout.print()
    for line in notes:
        stderr.print(f"{line}.", highlight=False, markup=False)
    place = results / experiment.name / FOLDER
    with replacing_folder(place, made_of, "move it elsewhere") as draft:  # an earlier one may be of other dimensions
        write_sensitivity(experiment, cells, notes, draft)
    stdout.print(f"Report: {place / 'report.html'}", highlight=False, markup=False, soft_wrap=True)


def notes_on(experiment: Experiment, refusals: Sequence[Refusal]) -> list[str]:
    """What is true of all tables."""
    notes = [f"{refusal.instance} is left out: {refusal.reason}" for refusal in refusals]
    notes += [f"Left out: {name} {reason}" for name, reason in missing_methods().items()]
    if crowded := adaptive(list(experiment.trials["strategy"].unique())):
        notes.append(
            f"Trials of {', '.join(crowded)} lie where these expected low values: they are no design, and importance "
            "is that among such trials; choose others by --strategies, or analyse the problem itself"
        )
    return notes
