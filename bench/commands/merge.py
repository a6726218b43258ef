"""`merge`: one experiment of several."""

import re
from collections.abc import Sequence
from pathlib import Path

from bench import merging
from bench.commands.showing import show
from bench.console import SafeConsole
from bench.database import folder_named
from bench.errors import UsageError
from bench.experiment import load_experiment
from bench.settings import PLAIN_NAME


def merge(experiments: Sequence[str], name: str, results: Path) -> None:
    """Merge the `experiments` as `name`, say what is missing, and show the whole; raises `UsageError`."""
    if not re.fullmatch(PLAIN_NAME, name):
        raise UsageError(f"--name must be a plain name of letters, digits, '.', '_' and '-', not a path, got {name!r}")
    folders = [folder for word in experiments for folder in folders_of(word, results)]
    merging.merge(list(dict.fromkeys(folders)), results / name)
    experiment = load_experiment(results / name)
    show(experiment, results / name)
    if missing := int(experiment.runs["status"].isin(["planned", "running"]).sum()):
        SafeConsole(stderr=True).print(
            f"{missing} of {len(experiment.runs)} runs are in none of them; run the same settings with --name {name} "
            "to do these.",
            soft_wrap=True, highlight=False, markup=False,
        )  # fmt: skip


def folders_of(word: str, results: Path) -> list[Path]:
    """The experiments that `word` names: a folder, a name below `results`, or a pattern of such names."""
    found = folder_named(word, results)
    if not found.is_dir() and Path(word).name == word and any(sign in word for sign in "*?["):
        try:
            return sorted(folder for folder in results.glob(word) if folder.is_dir()) or [found]
        except ValueError as error:
            raise UsageError(f"{word!r} is no pattern of names: {error}; write * for any letters") from error
    return [found]
