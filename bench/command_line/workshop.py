"""Commands about code and machines: what keeps its contract, and what is there."""

from typing import Annotated

import typer

from bench.command_line.options import RESULTS, Results
from bench.limits import LONGEST_CHECK_S
from problems.loading import resolve

commands = typer.Typer()


@commands.command()
def check(
    name: Annotated[str, typer.Argument(help="file.py:Class, module:Class, exec:COMMAND, or a name of a table.")],
    timeout: Annotated[float, typer.Option(min=1, max=LONGEST_CHECK_S, help="Seconds that a rule may take.")] = 120.0,
) -> None:
    """Say rule by rule whether a strategy or a problem keeps its contract, and whether a strategy learns.

    Example: python -m bench check my_sampler.py:MySampler
    """
    raise typer.Exit(resolve("bench.commands.check:check")(name, timeout))


@commands.command()
def setup(
    environment: Annotated[str, typer.Argument(help="wandb (W&B's sweep package) or nevergrad.")],
) -> None:
    """Make an environment of its own, below .venvs/, for a library that cannot live beside the others.

    Example: python -m bench setup wandb
    """
    resolve("bench.commands.setup:setup")(environment)


@commands.command()
def doctor(results: Results = RESULTS) -> None:
    """Check this machine: versions, optional libraries, cores, threads, where results would go.

    Example: python -m bench doctor
    """
    raise typer.Exit(resolve("bench.commands.doctor:doctor")(results))
