"""The command line: flags in, exit code out. Imports nothing heavy; what a command does is loaded when it is called."""

import io
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from bench.errors import UsageError
from bench.limits import (
    LONGEST_CHECK_S,
    LONGEST_COMPLAINT,
    MOST_DIMS,
    MOST_JOBS,
    MOST_REPEATS,
    MOST_SEEDS,
    MOST_STEPS,
    MOST_TRIALS,
)
from bench.visible import cut, visible
from problems.loading import resolve
from problems.user_files import VARIABLE

DONE, SOME_FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130
RESULTS = Path("results")
NO_SETTING = ("config", "results", "data", "log")  # parameters of commands that are not about the experiment

app = typer.Typer(
    help="Compare hyperparameter search strategies honestly: regret against trial count, on equal budgets and seeds.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Rich's panels cost 0.2 s of imports for every --help
)

Problems = Annotated[
    str | None,
    typer.Option(help="Names, comma-separated, also with wrappers (ackley+noise=0.1); or `all` but the dearest."),
]
Dims = Annotated[str | None, typer.Option(help="Dimensions: 2..10 or 2,5,10.")]
Strategies = Annotated[str | None, typer.Option(help="Names, comma-separated, or `all` but controls and the dearest.")]
Initial = Annotated[
    str | None,
    typer.Option(help="First trials: default (each strategy's own), 10 or 2d (the same random ones for all), or both."),
]
Workers = Annotated[
    str | None, typer.Option(help="Workers within a run, 8 or 1,8,64; simulated, whatever this machine has.")
]
Clock = Annotated[str | None, typer.Option(help="simulated: trials of a run overlap in simulated time; for --workers.")]
Pruners = Annotated[str | None, typer.Option(help="Early stopping: names, comma-separated, or `all`; none is without.")]
Trials = Annotated[str | None, typer.Option(help="Budget of a run: 50, or 10d for ten per dimension.")]
Seeds = Annotated[str | None, typer.Option(help="Seeds (and instances) per cell.")]
Profile = Annotated[str | None, typer.Option(help="Defaults: quick (minutes), standard (hours), full (days).")]
Config = Annotated[Path | None, typer.Option(help="An experiment.toml with any of these settings; flags override it.")]
JobCount = Annotated[int | None, typer.Option(min=1, max=MOST_JOBS, help="Worker processes; default: one per core.")]
Jobs = Annotated[str | None, typer.Option(help="Worker processes; default: one per core, or per CPU of a cluster.")]
Name = Annotated[str | None, typer.Option(help="Folder below the results; default: follows from the settings.")]
Results = Annotated[Path, typer.Option(help="Where experiments are kept.")]
Data = Annotated[
    Path | None, typer.Option(help="The folder of your MNIST or CIFAR-10 files (or set SEARCH_BENCH_DATA).")
]


def settings_of(context: typer.Context) -> dict[str, Any]:
    """The checked settings: the flags that were given, over what the file of `--config` says."""
    use_data(context.params["data"])
    flags = {key: value for key, value in context.params.items() if value is not None and key not in NO_SETTING}
    settings: dict[str, Any] = resolve("bench.settings:read_settings")(flags, context.params["config"])
    return settings


def use_data(folder: Path | None) -> None:
    """Look for the user's data sets in `folder`, also in the worker processes, which inherit the environment."""
    if folder is None:
        return
    if not folder.is_dir():
        raise UsageError(f"--data needs a folder, got {folder}; give the one that holds the files")
    os.environ[VARIABLE] = str(folder.resolve())


@app.command()
def run(
    context: typer.Context,
    problems: Problems = None,
    dims: Dims = None,
    strategies: Strategies = None,
    initial: Initial = None,
    workers: Workers = None,
    clock: Clock = None,
    pruners: Pruners = None,
    trials: Trials = None,
    seeds: Seeds = None,
    profile: Profile = None,
    config: Config = None,
    jobs: Jobs = None,
    name: Name = None,
    shard: Annotated[
        str | None, typer.Option(help="3/16: only the third of sixteen parts, in a folder of its own, for `merge`.")
    ] = None,
    time_limit: Annotated[str | None, typer.Option(help="Start no further run after so many seconds.")] = None,
    trial_timeout: Annotated[str | None, typer.Option(help="Seconds after which a trial has failed.")] = None,
    ask_timeout: Annotated[
        str | None, typer.Option(help="Seconds after which a strategy that proposes or learns has failed its run.")
    ] = None,
    retrain: Annotated[
        str | None,
        typer.Option(help="How often a noisy problem's winner is trained again, for an honest score; default: 3."),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Do failed runs again, from their start.")
    ] = False,
    executor: Annotated[
        str | None, typer.Option(help="local (worker processes; the default), serial (in this one) or ray (a cluster).")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(help="With --executor ray: the cluster, auto or host:port; without, one is started here."),
    ] = None,
    log: Annotated[
        str | None, typer.Option(help="wandb: also write W&B's offline runs at the end, for `wandb sync`.")
    ] = None,
    data: Data = None,
    results: Results = RESULTS,
) -> None:
    """Run an experiment, or go on with it, and write its tables and figures.

    Example: python -m bench run --dims 2..10
    """
    raise typer.Exit(resolve("bench.commands.run:run")(settings_of(context), results, log))


@app.command()
def plan(
    context: typer.Context,
    problems: Problems = None,
    dims: Dims = None,
    strategies: Strategies = None,
    initial: Initial = None,
    workers: Workers = None,
    clock: Clock = None,
    pruners: Pruners = None,
    trials: Trials = None,
    seeds: Seeds = None,
    profile: Profile = None,
    config: Config = None,
    jobs: Jobs = None,
    data: Data = None,
) -> None:
    """Say what `run` with the same settings would do, what it would skip and why, and how long it would take.

    Example: python -m bench plan --dims 2..10 --jobs 2
    """
    resolve("bench.commands.plan:plan")(settings_of(context))


@app.command(name="list")
def list_(
    strategy: Annotated[str | None, typer.Option(help="One strategy's card: all that a comparison hangs on.")] = None,
) -> None:
    """List strategies and problems: what they are, their version, what is not a default, what must be installed.

    Example: python -m bench list --strategy optuna-gp
    """
    if strategy is None:
        resolve("bench.commands.list:list_all")()
    else:
        resolve("bench.commands.card:show_card")(strategy)


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="An experiment: its folder's name below the results.")],
    results: Results = RESULTS,
) -> None:
    """Write the tables, figures and report.html of an experiment again, also while it runs.

    Example: python -m bench report quick-1a2b3c
    """
    resolve("bench.commands.report:report")(name, results)


@app.command()
def merge(
    experiments: Annotated[list[str], typer.Argument(help="Experiments: folders, or their names below the results.")],
    name: Annotated[str, typer.Option(help="What the whole is called.")],
    results: Results = RESULTS,
) -> None:
    """Make one experiment of several: the shards of a job array, or strategies that were run at other times.

    Example: python -m bench merge standard-1-of-2 standard-2-of-2 --name standard
    """
    resolve("bench.commands.merge:merge")(experiments, name, results)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="An experiment: a folder, or its name below the results.")],
    new: Annotated[
        str | None, typer.Argument(help="Another, with the same settings; left out: two strategies of OLD.")
    ] = None,
    strategies: Annotated[
        str | None, typer.Option(help="Which: gp,random, or OLD_NAME=NEW_NAME; default: all that both have.")
    ] = None,
    margin: Annotated[float, typer.Option(help="The factor of regret up to which nothing has changed.")] = 1.25,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 also where it cannot tell, or one problem alone is worse.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="The folder to write to; default: compare-OLD-NEW below the results.")
    ] = None,
    results: Results = RESULTS,
) -> None:
    """Say whether a strategy's new version is better, worse or no different; exit code 1 where it is worse.

    Example: python -m bench compare before after --strategies my_sampler.py:MySampler
    """
    command = resolve("bench.commands.compare:compare")
    raise typer.Exit(command(old, new, strategies, margin, strict, output, results))


@app.command()
def verify(
    name: Annotated[str, typer.Argument(help="An experiment: its folder's name below the results.")],
    sample: Annotated[str, typer.Option(help="Runs to do again: 5% of those that ended, or 20 of them.")] = "5%",
    jobs: JobCount = None,
    results: Results = RESULTS,
) -> None:
    """Check that an experiment shows what happened: its database, its tables and figures, and a sample of runs.

    Example: python -m bench verify quick-1a2b3c --sample 5%
    """
    raise typer.Exit(resolve("bench.commands.verify:verify")(name, sample, jobs, results))


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="An experiment: its folder's name below the results.")],
    to: Annotated[str, typer.Option(help="coco, ioh, optuna, csv, parquet or wandb.")],
    output: Annotated[
        Path | None, typer.Option(help="The folder to make; default: exports/FORMAT below the experiment's.")
    ] = None,
    wide: Annotated[
        bool, typer.Option("--wide", help="csv and parquet: a column per parameter instead of JSON.")
    ] = False,
    results: Results = RESULTS,
) -> None:
    """Write an experiment in the format of somebody else's tool: cocopp, IOHanalyzer, Optuna, pandas or R, W&B.

    Example: python -m bench export quick-1a2b3c --to optuna
    """
    resolve("bench.commands.export:export")(name, to, output, wide, results)


@app.command()
def record(
    problem: Annotated[str | None, typer.Argument(help="A problem: its name, or file.py:factory.")] = None,
    dim: Annotated[int | None, typer.Option(help="How many of its parameters.")] = None,
    trials: Annotated[int, typer.Option(help="How many trials.")] = 2000,
    design: Annotated[str, typer.Option(help="Where: random or sobol.")] = "random",
    instance: Annotated[int, typer.Option(help="Which instance of the problem.")] = 0,
    seed: Annotated[int, typer.Option(help="Another design, other noise.")] = 0,
    from_optuna: Annotated[
        str | None,
        typer.Option(metavar="STORAGE", help="Your own study instead: sqlite:///study.db."),
    ] = None,
    study: Annotated[str | None, typer.Option(help="With --from-optuna: its name, where there are several.")] = None,
    surrogate: Annotated[
        str | None, typer.Option(help="forest or nearest; default: what predicts the best fifth better.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="The file; default: in recordings/ below the results.")] = None,
    jobs: JobCount = None,
    data: Data = None,
    results: Results = RESULTS,
) -> None:
    """Run trials once and keep them as a problem, `recorded:FILE`, that is searched in seconds.

    Example: python -m bench record mlp-digits --dim 4 --trials 2000
    """
    use_data(data)
    if (problem is None) == (from_optuna is None):
        raise UsageError("record needs a PROBLEM to run, or --from-optuna STORAGE to read; give one of the two")
    if from_optuna is not None:
        raise typer.Exit(resolve("bench.commands.record:record_study")(from_optuna, study, surrogate, output, results))
    asked = resolve("bench.recording:request")(problem, dim, trials=trials, design=design, instance=instance, seed=seed)
    raise typer.Exit(resolve("bench.commands.record:record_problem")(asked, surrogate, output, jobs, results))


@app.command()
def reproduce(
    claims: Annotated[list[str] | None, typer.Argument(help="Claims to test; --list shows them.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show the claims, run nothing.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Every claim.")] = False,
    full: Annotated[bool, typer.Option("--full", help="More replications: narrower intervals, longer runs.")] = False,
    results: Results = RESULTS,
    jobs: JobCount = None,
    data: Data = None,
) -> None:
    """Put to the test what papers and tutorials say, with a verdict by a rule that was fixed before.

    Example: python -m bench reproduce random-beats-grid
    """
    if list_:
        resolve("bench.commands.reproduce:list_claims")()
    else:
        use_data(data)
        resolve("bench.commands.reproduce:reproduce")(claims or [], everything, full, results, jobs)


@app.command()
def tune(
    context: typer.Context,
    objective: Annotated[
        str, typer.Argument(help="file.py:function or module:function, of a config; see docs/tune.md.")
    ],
    space: Annotated[str, typer.Option(help="A TOML file: a table per parameter, with its default.")],
    trials: Annotated[int, typer.Option(min=1, max=MOST_TRIALS, help="Full trials in all, every stage included.")] = 50,
    strategy: Annotated[
        str, typer.Option(help="Who searches: gp, optuna-tpe, … (one that takes given trials).")
    ] = "gp",
    pruner: Annotated[
        str, typer.Option(help="Early stopping, where trials show several looks; none is without.")
    ] = "asha",
    first: Annotated[
        str | None,
        typer.Option(help="The parameter that is searched alone first; default: the learning rate; or none."),
    ] = None,
    repeats: Annotated[
        int | None, typer.Option(min=2, max=MOST_REPEATS, help="Fresh seeds for winner and defaults at the end.")
    ] = None,
    jobs: JobCount = None,
    trial_timeout: Annotated[str | None, typer.Option(help="Seconds after which a trial has failed.")] = None,
    name: Name = None,
    results: Results = RESULTS,
) -> None:
    """Tune your own training: the defaults, the learning rate, everything; then the winner against the defaults.

    Example: python -m bench tune docs/examples/tune_digits.py:train --space docs/examples/tune_digits.toml --trials 50
    """
    request = ("objective", "space", "trials", "strategy", "pruner", "first", "repeats")
    asked = {key: context.params[key] for key in request}
    settings = {key: context.params[key] for key in ("jobs", "trial_timeout", "name")}
    raise typer.Exit(resolve("bench.commands.tune:tune")(asked, settings, results))


@app.command()
def sensitivity(
    name: Annotated[str, typer.Argument(help="A problem, or an experiment: its folder's name below the results.")],
    dim: Annotated[int | None, typer.Option(min=1, max=MOST_DIMS, help="How many parameters of the problem.")] = None,
    trials: Annotated[str | None, typer.Option(help="Of a problem: trials per seed, 120 or 20d (the default).")] = None,
    seeds: Annotated[int | None, typer.Option(min=1, max=MOST_SEEDS, help="Of a problem: instances; 2.")] = None,
    strategies: Annotated[
        str | None, typer.Option(help="Of an experiment: whose trials; default: all together.")
    ] = None,
    jobs: JobCount = None,
    data: Data = None,
    results: Results = RESULTS,
) -> None:
    """Say which parameters matter, by several methods, how sure that is, and in which order to tune them.

    Example: python -m bench sensitivity mlp-digits --dim 6
    """
    use_data(data)
    resolve("bench.commands.sensitivity:sensitivity")(name, dim, trials, seeds, strategies, jobs, results)


@app.command()
def lr_find(
    training: Annotated[str, typer.Argument(help="A torch problem, or file.py:function, module:function of your own.")],
    low: Annotated[float, typer.Option(help="The first learning rate.")] = 1e-7,
    high: Annotated[float, typer.Option(help="The last one, unless the loss diverges before.")] = 10.0,
    steps: Annotated[int, typer.Option(min=100, max=MOST_STEPS, help="Updates from one to the other.")] = 400,
    data: Data = None,
    results: Results = RESULTS,
) -> None:
    """Find the range of learning rates that is worth searching, by a range test, and draw it.

    Example: python -m bench lr-find mlp-digits
    """
    use_data(data)
    resolve("bench.commands.lr_find:lr_find")(training, low, high, steps, results)


@app.command()
def recommend(
    dims: Annotated[int | None, typer.Option(help="Parameters that are searched.")] = None,
    trials: Annotated[int | None, typer.Option(help="Trials that there is time for.")] = None,
    seconds_per_trial: Annotated[float | None, typer.Option(help="Seconds of one trial.")] = None,
    categorical: Annotated[int, typer.Option(help="How many of the parameters are choices.")] = 0,
    noise: Annotated[bool, typer.Option("--noise", help="The same config twice gives different values.")] = False,
    workers: Annotated[int, typer.Option(help="Trials that run at the same time.")] = 1,
    from_: Annotated[
        str | None, typer.Option("--from", help="Also your own experiments: names below the results, or all.")
    ] = None,
    figure: Annotated[
        Path | None, typer.Option(help="Draw who is best over seconds per trial and budget, a .png or .svg.")
    ] = None,
    validate: Annotated[
        bool, typer.Option("--validate", help="How good is the advice? Every problem is left out in turn.")
    ] = False,
    results: Results = RESULTS,
) -> None:
    """Say which strategy suits a search to come, by what is on record, the optimiser's own time counted in.

    Example: python -m bench recommend --dims 6 --trials 50 --seconds-per-trial 30
    """
    if validate:
        resolve("bench.commands.recommend:validate")(from_, results)
        return
    if dims is None or trials is None or seconds_per_trial is None:
        raise UsageError("recommend needs --dims, --trials and --seconds-per-trial (or --validate alone); see --help")
    situation = resolve("bench.advice.situation:Situation")(
        dims, trials, seconds_per_trial, categorical, noise, workers
    )
    resolve("bench.commands.recommend:recommend")(situation, from_, results, figure)


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="file.py:Class, module:Class, exec:COMMAND, or a name of a table.")],
    timeout: Annotated[float, typer.Option(min=1, max=LONGEST_CHECK_S, help="Seconds that a rule may take.")] = 120.0,
) -> None:
    """Say rule by rule whether a strategy or a problem keeps its contract, and whether a strategy learns.

    Example: python -m bench check my_sampler.py:MySampler
    """
    raise typer.Exit(resolve("bench.commands.check:check")(name, timeout))


@app.command()
def setup(
    environment: Annotated[str, typer.Argument(help="wandb (W&B's sweep package) or nevergrad.")],
) -> None:
    """Make an environment of its own, below .venvs/, for a library that cannot live beside the others.

    Example: python -m bench setup wandb
    """
    resolve("bench.commands.setup:setup")(environment)


@app.command()
def doctor(results: Results = RESULTS) -> None:
    """Check this machine: versions, optional libraries, cores, threads, where results would go.

    Example: python -m bench doctor
    """
    raise typer.Exit(resolve("bench.commands.doctor:doctor")(results))


def terminate(signal_number: int, frame: FrameType | None) -> None:
    """Treat a polite request to end as Ctrl-C."""
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 some runs failed, 2 bad usage, 130 interrupted."""
    signal.signal(signal.SIGTERM, terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know fewer letters than we write
            stream.reconfigure(errors="backslashreplace")
    try:
        words = sys.argv[1:] if arguments is None else arguments
        code = app(words or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except UsageError as error:
        return complain(str(error))
    except TyperException as error:
        return complain(f"{error.format_message().rstrip('.')}; see --help")
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        return DONE
    except OSError as error:
        return complain(
            f"{error.strerror or error}: {error.filename or 'no file named'}; check path, permissions and space"
        )
    except Exception:
        if fault := resolve("problems.plugins:broken_package")():
            return complain(f"{fault}; install that package again, or remove it")
        raise
    return code if isinstance(code, int) else DONE


def complain(message: object) -> int:
    """One line on stderr, in which nothing steers the terminal."""
    print("error:", cut(" ".join(visible(str(message)).split()), LONGEST_COMPLAINT), file=sys.stderr)
    return BAD_USAGE
