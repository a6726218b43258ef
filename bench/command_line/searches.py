"""Commands about a search to come: what it would be like, what to search, and the search itself."""

from pathlib import Path
from typing import Annotated

import typer

from bench.command_line.options import RESULTS, Data, JobCount, Name, Results, use_data
from bench.errors import UsageError
from bench.limits import MOST_DIMS, MOST_REPEATS, MOST_SEEDS, MOST_STEPS, MOST_TRIALS
from problems.loading import resolve

commands = typer.Typer()


@commands.command()
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


@commands.command()
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


@commands.command()
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


@commands.command()
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


@commands.command()
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


@commands.command()
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
