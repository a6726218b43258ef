"""The trials of a run as a table, a page at a time."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from bench.charts.chart import plain
from bench.explore.views.experiment.one_run import duration
from bench.visible import cut, visible

PAGE = 12  # rows
LONGEST = 24  # characters of a name
LONGEST_ERROR = 70
ORDERS = {"tried": "as tried", "best": "best first"}


def ordered(trials: pd.DataFrame, order: str) -> pd.DataFrame:
    """The trials in an order of `ORDERS`; those without a full value last."""
    if order != "best":
        return trials
    told = trials["value"].where(trials["status"] == "ok").fillna(np.inf)
    return trials.iloc[told.argsort(kind="stable")]


def pages_of(trials: pd.DataFrame) -> int:
    """How many pages there are."""
    return max(1, -(-len(trials) // PAGE))


def table(trials: pd.DataFrame, order: str, page: int) -> Component:
    """The rows of `page` (from 0)."""
    rows = ordered(trials, order)[page * PAGE : (page + 1) * PAGE]
    configs = [json.loads(config) for config in rows["config"]]
    names = list(dict.fromkeys(name for config in configs for name in config))
    known = {title: show for title, is_told, show in COLUMNS if is_told(trials)}
    told = trials["value"].where(trials["status"] == "ok")
    best = trials["trial"].iloc[int(told.argmin())] if told.notna().any() else None
    head = ["trial", *known, *(plain(name, LONGEST) for name in names), "ask", "evaluate", "tell"]
    body = [
        html.Tr(list(cells(row, config, names, known)), className="best" if row["trial"] == best else None)
        for row, config in zip(rows.to_dict("records"), configs, strict=True)
    ]
    return html.Table([html.Thead(html.Tr([html.Th(word, scope="col") for word in head])), html.Tbody(body)])


def cells(
    row: Mapping[Any, Any], config: Mapping[str, Any], names: list[str], known: Mapping[str, Callable[..., str]]
) -> Iterator[Component]:
    """The cells of a trial."""
    yield html.Th(f"{row['trial']}", scope="row", className="n")
    yield from (html.Td(show(row), className="n" if title != "status" else None) for title, show in known.items())
    yield from (html.Td(shown(config.get(name, "")), className="n") for name in names)
    yield from (html.Td(duration(row[part]), className="n") for part in ("ask_s", "evaluate_s", "tell_s"))


def shown(value: Any) -> str:
    """A number with five digits that count, or a choice."""
    if isinstance(value, float):
        return "" if value != value else f"{value:.5g}"
    return cut(visible(str(value)), LONGEST)


def status_of(row: Mapping[Any, Any]) -> str:
    """How a trial ended, and the last line of why."""
    error = row["error"]
    why = error.strip().splitlines()[-1] if isinstance(error, str) and error.strip() else ""
    return f"{row['status']}: {cut(visible(why), LONGEST_ERROR)}" if why else str(row["status"])


COLUMNS: Sequence[tuple[str, Callable[[pd.DataFrame], bool], Callable[[Mapping[Any, Any]], str]]] = [
    # title, whether it says anything of these trials, what is shown of one
    ("value", lambda trials: True, lambda row: shown(row["value"])),
    ("true value", lambda trials: differs(trials), lambda row: shown(row["true_value"])),
    ("held out", lambda trials: bool(trials["test_value"].notna().any()), lambda row: shown(row["test_value"])),
    ("status", lambda trials: True, status_of),
    ("cost", lambda trials: bool(trials["observations"].notna().any()), lambda row: f"{row['cost']:.3g}"),
]


def differs(trials: pd.DataFrame) -> bool:
    """Whether the truth is another than what was told."""
    return bool((trials["true_value"].notna() & (trials["true_value"] != trials["value"])).any())
