"""What MkDocs calls while it builds the site: pages that are made of the code, and of files that lie elsewhere.

A page that repeats what the code says would go out of date; so the code says it.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]  # MkDocs loads this file by its path

import cards  # noqa: E402
import commands  # noqa: E402
import floors  # noqa: E402
import functions  # noqa: E402

FROM_ELSEWHERE: Mapping[str, str] = {  # page -> file of the repository
    "reference/columns.md": "results/README.md",
    "inside/contributing.md": "CONTRIBUTING.md",
    "inside/changes.md": "CHANGELOG.md",
}
MADE: Mapping[str, Callable[[], Mapping[str, str | bytes]]] = {  # page -> what makes it and its pictures
    "reference/commands.md": commands.pages,
    "reference/cards.md": cards.pages,
    "reference/problems.md": functions.pages,
    "inside/floors.md": floors.pages,
}
LINK = re.compile(r"\]\((?!https?:|#)([^)\s#]+)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are not in the folder of the documentation."""
    found: dict[str, str | bytes] = {page: (ROOT / file).read_text("utf-8") for page, file in FROM_ELSEWHERE.items()}
    for make in MADE.values():
        found |= make()
    for name, content in found.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links to files of the repository lead to their pages."""
    here = page.file.src_uri
    return LINK.sub(lambda link: f"]({moved(link[1], here)}", markdown)


def moved(target: str, here: str) -> str:
    """`target`, a link of the page `here`, as a link of the site."""
    origin = ROOT / FROM_ELSEWHERE.get(here, f"docs/{here}")
    file = (origin.parent / target).resolve()
    if not file.is_relative_to(ROOT):
        return target
    name = file.relative_to(ROOT).as_posix()
    page = {source: made for made, source in FROM_ELSEWHERE.items()}.get(name, name.removeprefix("docs/"))
    up = "../" * here.count("/")
    return f"{up}{page}"
