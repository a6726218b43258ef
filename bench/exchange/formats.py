"""The table of formats: a new one is one line here and one file beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from bench.errors import UsageError
from bench.experiment import Experiment
from problems.entries import NOTHING, Needs
from problems.loading import resolve

Writer: TypeAlias = Callable[[Experiment, Path], Sequence[str]]
"""Fills an empty folder; returns what was left out and why, one line each. Raises `UsageError` for nothing to write."""


@dataclass(frozen=True)
class Format:
    """What somebody's tool reads."""

    name: str
    writer: str  # "module:function", imported only when it is used
    opens: str  # the line that opens what was written, `{folder}` in the place of its folder
    needs: Needs = NOTHING
    wide: str = ""  # the writer with a column per parameter, where there is one
    environment: Mapping[str, str] = field(default_factory=dict)  # set before the library is imported

    def load(self, wide: bool) -> Writer:
        """Import the writer; raises `UsageError` with the line that installs what it needs."""
        if missing := self.needs.missing():
            raise UsageError(f"--to {self.name} {missing}")
        if wide and not self.wide:
            able = ", ".join(name for name, entry in FORMATS.items() if entry.wide)
            raise UsageError(f"--wide is for --to {able}, got --to {self.name}; leave it out")
        writer: Writer = resolve(self.wide if wide else self.writer)
        return writer


OPTUNA = Needs("optuna", ("optuna",), "optuna")
WANDB = Needs("wandb", ("wandb",), "wandb")

TABLE: tuple[Format, ...] = (
    Format("coco", "bench.exchange.coco:write", "python {folder}/postprocess.py"),
    Format("ioh", "bench.exchange.ioh:write", "zip {folder}, and load it into IOHanalyzer"),
    Format("optuna", "bench.exchange.optuna_storage:write", "optuna-dashboard {folder}/optuna.log", OPTUNA),
    Format(
        "csv", "bench.exchange.tables:write_csv", "{folder}/trials.csv, with pandas or R",
        wide="bench.exchange.tables:write_wide_csv",
    ),
    Format(
        "parquet", "bench.exchange.tables:write_parquet", "{folder}/trials.parquet, with pandas or R",
        wide="bench.exchange.tables:write_wide_parquet",
    ),
    Format(
        "wandb", "bench.exchange.wandb_runs:write", "wandb sync {folder}/wandb/offline-run-*", WANDB,
        environment={"WANDB_ERROR_REPORTING": "false"},  # its reports of crashes would need the network
    ),
)  # fmt: skip
FORMATS: Mapping[str, Format] = {entry.name: entry for entry in TABLE}


def format_called(name: str) -> Format:
    """The format; raises `UsageError` with those that there are."""
    if name not in FORMATS:
        raise UsageError(f"--to must be one of {', '.join(FORMATS)}, got {name!r}")
    return FORMATS[name]
