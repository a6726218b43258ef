"""The page of all commands, as their `--help` has them."""

from collections.abc import Iterator, Mapping
from inspect import cleandoc

import typer
from typer.core import TyperGroup, TyperOption

from bench.cli import app

HEAD = """# Commands

`python -m bench COMMAND`, or `search-bench COMMAND` where it is installed. Any flag of `run` can stand in a TOML file,
given by `--config`. Exit codes: 0 done, 1 some runs failed (`compare`: a strategy is worse; `verify`: something is not
what it shows), 2 bad usage, 130 interrupted.
"""


def pages() -> Mapping[str, str]:
    """The page by its name."""
    return {"reference/commands.md": "\n".join(lines())}


def lines() -> Iterator[str]:
    """The page: a section per command, with its options as a table."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    yield HEAD
    for name, command in group.commands.items():
        said, _, example = cleandoc(command.help or "").partition("Example: ")
        yield f"## {name}\n"
        yield f"{said}\n"
        yield f"```\n{example.strip()}\n```\n"
        yield "| flag | meaning |"
        yield "|---|---|"
        for parameter in command.params:
            flags = parameter.opts if isinstance(parameter, TyperOption) else [(parameter.name or "").upper()]
            yield f"| `{' '.join([*flags, *parameter.secondary_opts])}` | {cell(getattr(parameter, 'help', None))} |"
        yield ""


def cell(text: str | None) -> str:
    """As a table may hold it."""
    return (text or "").replace("|", "\\|").replace("\n", " ")
