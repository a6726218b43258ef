"""Commands about experiments: to run them, to look at them, to put them together."""

from pathlib import Path
from typing import Annotated

import typer

from bench.command_line.options import (
    RESULTS,
    Clock,
    Config,
    Data,
    Dims,
    Initial,
    JobCount,
    Jobs,
    Name,
    Problems,
    Profile,
    Pruners,
    Results,
    Seeds,
    Strategies,
    Trials,
    Workers,
    settings_of,
)
from problems.loading import resolve

commands = typer.Typer()


@commands.command()
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


@commands.command()
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


@commands.command(name="list")
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


@commands.command()
def report(
    name: Annotated[str, typer.Argument(help="An experiment: its folder's name below the results.")],
    live: Annotated[
        bool, typer.Option("--live", help="Again and again while it runs; the page loads itself again, too.")
    ] = False,
    every: Annotated[
        int | None, typer.Option(min=1, max=3600, help="With --live: seconds between two looks; default: 5.")
    ] = None,
    results: Results = RESULTS,
) -> None:
    """Write the tables, figures and report.html of an experiment again, also while it runs.

    Example: python -m bench report quick-1a2b3c --live
    """
    resolve("bench.commands.report:report")(name, results, live, every)


@commands.command()
def merge(
    experiments: Annotated[list[str], typer.Argument(help="Experiments: folders, or their names below the results.")],
    name: Annotated[str, typer.Option(help="What the whole is called.")],
    results: Results = RESULTS,
) -> None:
    """Make one experiment of several: the shards of a job array, or strategies that were run at other times.

    Example: python -m bench merge standard-1-of-2 standard-2-of-2 --name standard
    """
    resolve("bench.commands.merge:merge")(experiments, name, results)


@commands.command()
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


@commands.command()
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


@commands.command()
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


@commands.command()
def explore(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port to listen to; default: the first free one from 8050.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen to; 0.0.0.0 lets others in.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    results: Results = RESULTS,
) -> None:
    """Open a web page in which the strategies run live, and any experiment can be looked at.

    Example: python -m bench explore --port 8050 --no-browser
    """
    resolve("bench.commands.explore:explore")(results, host, port, browser)
