"""The documentation as a site, and every command that it or the README shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from bench.cli import app
from problems.registry import problems
from strategies.registry import strategies

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "results" / "README.md",
    *sorted(ROOT.glob("docs/**/*.md")),
]
COMMAND = re.compile(r"^(?:python -m bench|search-bench) (.+)$", re.MULTILINE)
FETCHED = re.compile(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)="?(?:https?:)?//(?!www\.w3\.org)[^>]*>""")


def commands() -> list[str]:
    """Every command of a fenced block, its comment left out."""
    blocks = [block for page in PAGES for block in re.findall(r"```\w*\n(.*?)```", page.read_text("utf-8"), re.DOTALL)]
    return sorted({line.partition("  #")[0].strip() for block in blocks for line in COMMAND.findall(block)})


@pytest.mark.parametrize("words", commands())
def test_every_command_that_is_shown_is_one(words: str):
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    name, *arguments = shlex.split(words)
    assert name in group.commands
    group.commands[name].make_context(name, arguments)  # raises at a flag or a value that it does not take


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr  # a warning is an error: a dead link, a page that is nowhere
    assert done.stderr == ""
    return folder


def test_the_reference_is_of_what_there_is(site: Path):
    shown = {
        name: (site / "reference" / f"{name}.html").read_text("utf-8") for name in ("commands", "cards", "problems")
    }
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for name, command in group.commands.items():
        assert f'<h2 id="{name}">' in shown["commands"]
        flags = [flag for parameter in command.params for flag in parameter.opts[:1] if flag.startswith("-")]
        assert [flag for flag in flags if f"<code>{flag}" not in shown["commands"]] == []
    assert all(f'<h2 id="{name}">' in shown["cards"] for name, entry in strategies().items() if not entry.only_by_name)
    assert all(f">{name}" in shown["problems"] for name in problems())


def test_the_site_fetches_nothing(site: Path):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    assert [
        (page.name, FETCHED.findall(page.read_text("utf-8")))
        for page in pages
        if FETCHED.search(page.read_text("utf-8"))
    ] == []
