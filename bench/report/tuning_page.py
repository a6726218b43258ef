"""What a tuning leaves: the best config to paste, a table of all trials, figures, and a page that holds them."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bench.environment import environment
from bench.plots.tuning_figures import draw_tuning
from bench.report.files import replacing
from bench.report.pages import as_text, templates
from bench.report.pictures import write_figure
from bench.report.wording import last_line
from bench.tuning.outcome import SCORES, Outcome, in_short
from bench.tuning.stages import CONFIRM, DEFAULTS, FIRST, REST
from bench.tuning.trials import columns_for_people, pairs
from bench.tuning.workflow import Tuning
from problems.space import Categorical, Config, Parameter

MOST_FAILURES = 20  # that are listed; all are in trials.csv


def write_tuning(tuning: Tuning) -> Path:
    """Write best.toml, best.json, trials.csv, the figures and report.html; returns the page's path."""
    folder, problem, outcome = tuning.folder, tuning.design.problem, tuning.outcome
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    best = best_config(tuning)
    texts = {
        "best.toml": as_toml(best),
        "best.json": json.dumps(best, indent=2) + "\n",
        "trials.csv": columns_for_people(tuning.trials, problem.space.names).to_csv(index=False),
    }
    scores = {SCORES[column]: both for column in SCORES if len(both := pairs(tuning.trials, column))}
    drawings = draw_tuning(
        tuning.trials, problem.space, problem.defaults, outcome.winner, tuning.design.first, scores
    )  # fmt: skip
    pictures = [write_figure(drawing, figures) for drawing in drawings]
    where = {key: as_text(value) for key, value in environment().items()}
    page = templates().get_template("tuning.html").render(
        name=folder.name, stated=facts(tuning), verdict=outcome.verdict, is_better=outcome.is_better,
        warnings=[*tuning.failed, *outcome.warnings], scores=outcome.scores, told=f"{outcome.told:.4g}",
        parameters=[parameter_row(p, problem.defaults, outcome) for p in problem.space], pictures=pictures,
        stages=stage_rows(tuning), failures=failure_rows(tuning.trials), environment=where,
    )  # fmt: skip
    for name, text in {**texts, "report.html": page}.items():
        with replacing(folder / name) as draft:
            draft.write_text(text, encoding="utf-8")
    return folder / "report.html"


def best_config(tuning: Tuning) -> Config:
    """The winner; the defaults where it is not better on the mean."""
    return tuning.outcome.winner if tuning.outcome.is_better else tuning.design.problem.defaults


def as_toml(config: Mapping[str, Any]) -> str:
    """A config as TOML, one line per parameter."""
    return "".join(f"{toml_key(name)} = {toml_value(value)}\n" for name, value in config.items())


def toml_key(name: str) -> str:
    """A name as it may stand left of the sign."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_text(name)


def toml_value(value: object) -> str:
    """A text, number or truth value."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return toml_text(value)
        case _:
            return repr(value)


def toml_text(text: str) -> str:
    """A text in quotes; JSON's escapes are TOML's, but that TOML has DEL escaped, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def facts(tuning: Tuning) -> dict[str, str]:
    """What was tuned, and how."""
    design, shares = tuning.design, tuning.design.shares
    return {
        "objective and space": design.problem.name,
        "code and space file": design.version,
        "strategy": design.strategy,
        "early stopping": tuning.pruner,
        "searched first": design.first or f"nothing ({design.no_first})",
        "budget": f"{shares.total} full trials, {2 * shares.repeats} of them to compare winner and defaults",
    }


def parameter_row(parameter: Parameter, defaults: Mapping[str, Any], outcome: Outcome) -> dict[str, str]:
    """A parameter's two values and what was searched."""
    if isinstance(parameter, Categorical):
        searched = ", ".join(map(str, parameter.choices))
    else:
        searched = f"{parameter.low:g} to {parameter.high:g}{', logarithmic' if parameter.log else ''}"
    values = {"default": defaults[parameter.name], "winner": outcome.winner[parameter.name]}
    return {"name": parameter.name, "range": searched, **{who: in_short(value) for who, value in values.items()}}


def stage_rows(tuning: Tuning) -> list[dict[str, Any]]:
    """What every stage took and brought."""
    titles = {
        DEFAULTS: "the defaults",
        FIRST: f"{tuning.design.first} alone",
        REST: "all parameters",
        CONFIRM: "winner and defaults again",
    }
    return [
        {
            "title": titles[str(stage)],
            "trials": len(rows),
            "pruned": int((rows["status"] == "pruned").sum()),
            "failed": int(rows["status"].isin(["failed", "timeout"]).sum()),
            "cost": float(rows["cost"].sum()),
            "best": f"{rows.loc[rows['status'] == 'ok', 'value'].min():.4g}",
            "seconds": float(rows["evaluate_s"].sum()),
        }
        for stage, rows in tuning.trials.groupby("stage", sort=True)
    ]


def failure_rows(trials: pd.DataFrame) -> Sequence[Mapping[str, Any]]:
    """The first trials that failed."""
    failed = trials[trials["status"].isin(["failed", "timeout"])].head(MOST_FAILURES)
    return [
        {
            "number": row["number"],
            "config": ", ".join(f"{name} = {in_short(value)}" for name, value in row["config"].items()),
            "reason": last_line(row["error"]),
        }
        for row in failed.to_dict("records")
    ]
