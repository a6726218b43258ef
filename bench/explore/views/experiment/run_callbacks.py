"""What is shown of the run that is looked into, and what is saved.

`looked`, a store, says which run, and `below` the same as soon as its trials are looked at: what is seen comes first.
"""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from bench.charts.chart import plain
from bench.errors import UsageError
from bench.exchange.rows import records
from bench.exchange.spaces import INFERRED, Origin, Spaces, inferred
from bench.explore.controls import control
from bench.explore.offered import offered_problem
from bench.explore.views.experiment.choices import LONGEST
from bench.explore.views.experiment.curves import nothing
from bench.explore.views.experiment.names import NAME, Row, of_cell, part
from bench.explore.views.experiment.one_run import learning_curves, seconds
from bench.explore.views.experiment.parallel import parallel
from bench.explore.views.experiment.stored import Shelf
from bench.explore.views.experiment.table import PAGE, pages_of, table
from bench.records import RunKey
from bench.report.files import safe_name
from bench.visible import visible
from problems.space import Config
from strategies.pruners.registry import NO_PRUNER

OF_KEY = ("problem", "dim", "instance", "strategy", "seed", "budget")


def one_run(app: Dash, shelf: Shelf, spaces: Spaces) -> None:
    """The figures and the table of the trials of the run that is looked into."""

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAME, "below"),
        Output(part("below"), "data"),
        Input(part("runs"), "figure"),  # these are drawn first
        State(part("looked"), "data"),
        prevent_initial_call=True,
    )
    its_trials(app, shelf, spaces)
    its_table(app, shelf)


def its_trials(app: Dash, shelf: Shelf, spaces: Spaces) -> None:
    """The figures of the trials of a run."""

    @app.callback(
        Output(part("parallel"), "figure"),
        Output(part("parallel-caption"), "children"),
        Input(part("below"), "data"),
        prevent_initial_call=True,
    )
    def parameters(looked: Row | None) -> Any:
        if not looked or looked["strategy"] is None:
            return nothing("Nothing to show."), ""
        found, trials = run_of(shelf, looked)
        configs = [json.loads(config) for config in trials["config"]]
        key = RunKey(**{name: found[name] for name in OF_KEY})
        plot = parallel(trials, origin_of(key, configs, spaces), label_of(found))
        return plot.figure, plot.caption

    @app.callback(
        *(Output(part(name), "figure") for name in ("seconds", "learning")),
        *(Output(part(f"{name}-caption"), "children") for name in ("seconds", "learning")),
        *(Output(part(name), "children") for name in ("run-heading", "run-facts")),
        Output(part("learned"), "hidden"),
        Input(part("below"), "data"),
        prevent_initial_call=True,
    )
    def run(looked: Row | None) -> Any:
        if not looked or looked["strategy"] is None:
            return *(nothing("Nothing to show.") for _ in range(2)), "", "", "", "", True
        found, trials = run_of(shelf, looked)
        plots = [seconds(trials), learning_curves(trials, label_of(found))]
        figures = [no_update if plot is None else plot.figure for plot in plots]
        captions = ["" if plot is None else plot.caption for plot in plots]
        strategy, problem = (plain(name, LONGEST) for name in (looked["strategy"], found["problem"]))
        heading = f"{strategy} on {problem}, d = {found['dim']}, seed {found['seed']}"
        return *figures, *captions, heading, told_of(found, trials), plots[1] is None


def its_table(app: Dash, shelf: Shelf) -> None:
    """The trials of a run as a table."""

    @app.callback(
        Output(part("table"), "children"),
        Output(part("which"), "children"),
        Output(part("page"), "data"),
        Output(part("previous"), "disabled"),
        Output(part("next"), "disabled"),
        Input(part("below"), "data"),
        Input(control(NAME, "order"), "value"),
        Input(part("previous"), "n_clicks"),
        Input(part("next"), "n_clicks"),
        State(part("page"), "data"),
        prevent_initial_call=True,
    )
    def rows(looked: Row | None, order: str, _: int, __: int, before: Row | None) -> Any:
        if not looked or looked["strategy"] is None:
            return None, "", None, True, True
        found, trials = run_of(shelf, looked)
        this = {"order": order, "run": [looked["shown"]["name"], *(found[name] for name in OF_KEY)]}
        step = {part("previous"): -1, part("next"): 1}.get(str(ctx.triggered_id), 0)
        last = pages_of(trials) - 1
        page = min(max(before["page"] + step, 0), last) if before and before["this"] == this else 0
        first = page * PAGE + 1
        which = f"Trials {first}–{min(first + PAGE - 1, len(trials))} of {len(trials):,}" if len(trials) else "No trial"
        return table(trials, order, page), which, {"this": this, "page": page}, page == 0, page == last


def exporting(app: Dash, shelf: Shelf) -> None:
    """What is seen, as CSV."""

    @app.callback(
        Output(part("download"), "data"),
        Input(part("export-curves"), "n_clicks"),
        Input(part("export-run"), "n_clicks"),
        State(part("looked"), "data"),
        prevent_initial_call=True,
    )
    def export(_: int, __: int, looked: Row | None) -> Any:
        if not looked or looked["strategy"] is None:
            raise UsageError("there is nothing to export; choose strategies that have runs")
        shown = looked["shown"]
        name = f"{shown['name']}-{shown['problem']}-{shown['dim']}d"
        if ctx.triggered_id == part("export-run"):
            trials = run_of(shelf, looked)[1]
            name += f"-{looked['strategy']}-{looked['seed']}"
        else:
            cell = shelf.cell(**of_cell(shown))
            runs = cell.runs[cell.runs["strategy"].isin(shown["curves"])]
            trials = shelf.opened(shown["name"]).trials_of(runs)
        return {"content": trials.to_csv(index=False), "filename": f"{safe_name(name)}.csv", "type": "text/csv"}


def run_of(shelf: Shelf, looked: Row) -> tuple[Row, pd.DataFrame]:
    """The run that is looked into, and its trials."""
    opened = shelf.opened(looked["shown"]["name"])
    runs = shelf.cell(**of_cell(looked["shown"])).runs
    is_it = (runs["strategy"] == looked["strategy"]) & (runs["seed"] == looked["seed"])
    (row,) = records(opened.experiment.runs.loc[runs.index[is_it]])
    return row, opened.trials_of(runs[is_it])


def origin_of(key: RunKey, configs: Sequence[Config], spaces: Spaces) -> Origin:
    """The space of a run: of its problem where a page may make that, else what the trials show of it.

    The name stands in a database, which an address chose: a file or a module that it names is not run.
    """
    try:
        offered_problem(key.problem)
    except (KeyError, ValueError):
        return Origin(inferred(configs), INFERRED)
    return spaces.of(key, configs)


def label_of(found: Row) -> str:
    """What the run's problem calls its values."""
    return found["value_label"] if isinstance(found["value_label"], str) else "value"


def told_of(found: Row, trials: pd.DataFrame) -> list[Component]:
    """How a run went, and why it failed."""
    told = trials["value"].where(trials["status"] == "ok")
    full = "full trials" if found["pruner"] != NO_PRUNER else "trials"
    best = (
        f", the best {told.min():.5g} at trial {trials['trial'].iloc[int(told.argmin())]}" if told.notna().any() else ""
    )
    words = f"{found['status']}: {len(trials):,} trials of a budget of {found['budget']:,} {full}{best}."
    error = found["error"]
    if not isinstance(error, str) or not error:
        return [html.P(words)]
    return [html.P(words), html.Details([html.Summary("What went wrong"), html.Pre(visible(error))])]
