"""What happens on the page of a stored experiment: a choice is fitted to what there is, then shown.

`shown` (a store) says which curves, `looked` which run of them; a figure is made anew when its store changes.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd
from dash import Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from bench.charts.chart import plain
from bench.errors import UsageError
from bench.exchange.rows import records
from bench.exchange.spaces import Spaces
from bench.explore.controls import control, options
from bench.explore.view import Place
from bench.explore.views.experiment.choices import LONGEST, Menus, Shown, fitted
from bench.explore.views.experiment.choices import State as Wanted
from bench.explore.views.experiment.curves import medians, nothing, single_runs
from bench.explore.views.experiment.one_run import learning_curves, seconds
from bench.explore.views.experiment.parallel import parallel
from bench.explore.views.experiment.stored import Cell, Opened, Shelf
from bench.explore.views.experiment.table import PAGE, pages_of, table
from bench.records import FINISHED, RunKey
from bench.report.files import safe_name
from bench.visible import visible
from strategies.pruners.registry import NO_PRUNER

NAME = "experiment"
OF_KEY = ("problem", "dim", "instance", "strategy", "seed", "budget")
CHOSEN = ("problem", "dim", "strategies", "pruner", "strategy", "run")  # what is fitted to the experiment
Row = Mapping[str, Any]


def part(name: str) -> str:
    """The id of a part of the page."""
    return f"{NAME}-{name}"


def register(app: Dash, place: Place) -> None:
    """Add the callbacks to `app`."""
    shelf, spaces = Shelf(place.results), Spaces()
    choosing(app, shelf)
    clicking(app)
    many_runs(app, shelf)
    one_run(app, shelf, spaces)
    exporting(app, shelf)


def choosing(app: Dash, shelf: Shelf) -> None:
    """Fit what is chosen to what there is; look for news."""
    wanted = [control(NAME, field) for field in CHOSEN]

    @app.callback(
        *(Output(name, kind) for name in wanted for kind in ("options", "value")),
        *(Output(part(name), "children") for name in ("complaints", "facts")),
        *(Output(part(name), "data") for name in ("shown", "looked")),
        Input(control(NAME, "name"), "value"),
        *(Input(name, "value") for name in wanted),
        Input(part("tick"), "data"),
        State(part("shown"), "data"),
        State(part("looked"), "data"),
    )
    def choose(name: str, *given: Any) -> tuple[Any, ...]:
        *values, _, shown_before, looked_before = given
        is_news = not shown_before or ctx.triggered_id == control(NAME, "name")
        try:
            opened = shelf.refreshed(name) if is_news else shelf.opened(name)
        except UsageError as error:
            return *(no_update for _ in 2 * CHOSEN), [html.Li(str(error))], "", {}, {}
        asked = {field: value for field, value in zip(CHOSEN, values, strict=True) if value}
        shown, menus, said = fitted(Wanted.model_validate({**asked, "name": name}), opened)
        chosen = asdict(shown)
        looked = {key: chosen.pop(key) for key in ("strategy", "seed")}
        both = {**looked, "shown": chosen}
        return (
            *of_menus(shown, menus),
            [html.Li(line) for line in said],
            facts_of(opened, shown),
            no_update if chosen == shown_before else chosen,
            no_update if both == looked_before else both,
        )

    @app.callback(Output(part("clock"), "disabled"), Input(control(NAME, "watch"), "value"))
    def watch(on: list[str]) -> bool:
        return not on

    @app.callback(
        Output(part("tick"), "data"),
        Input(part("clock"), "n_intervals"),
        State(control(NAME, "name"), "value"),
        State(part("shown"), "data"),
        State(part("tick"), "data"),
        prevent_initial_call=True,
    )
    def tick(_: int, name: str, shown: Row | None, last: str | None) -> Any:
        try:
            version = f"{shelf.refreshed(name).read_at}"
        except UsageError as error:
            version = str(error)
        return no_update if version in (last, (shown or {}).get("version")) else version


def of_menus(shown: Shown, menus: Menus) -> list[Any]:
    """Options and value of each menu, in the order of `CHOSEN`."""
    values = {
        **asdict(shown),
        "dim": str(shown.dim),
        "strategy": shown.strategy or "",
        "run": "" if shown.seed is None else str(shown.seed),
    }
    return [what for field in CHOSEN for what in (options(getattr(menus, field)), values[field])]


def facts_of(opened: Opened, shown: Shown) -> str:
    """How large the experiment is, how far, and what of this cell was skipped."""
    runs, skips = opened.experiment.runs, opened.experiment.skips
    finished = int(runs["status"].isin(FINISHED).sum())
    failed = int((runs["status"] == "failed").sum())
    here = skips[(skips["problem"] == shown.problem) & (skips["dim"] == shown.dim)]
    names = ", ".join(f"{plain(row['strategy'])} ({visible(row['reason'])})" for row in records(here))
    parts = [
        f"{finished:,} of {len(runs):,} runs finished" + (f", {failed:,} of them failed" if failed else ""),
        f"{len(opened.experiment.trials):,} trials",
        *([f"skipped here: {names}"] if names else []),
    ]
    return "; ".join(parts) + "."


def clicking(app: Dash) -> None:
    """A click on a curve is the choice of what it stands for."""

    @app.callback(
        Output(control(NAME, "strategy"), "value", allow_duplicate=True),
        Input(part("curves"), "clickData"),
        State(part("curves-of"), "data"),
        prevent_initial_call=True,
    )
    def choose_strategy(clicked: Row | None, stands_for: list[str]) -> Any:
        return stands_for[clicked["points"][0]["curveNumber"]] if clicked else no_update

    @app.callback(
        Output(control(NAME, "run"), "value", allow_duplicate=True),
        Input(part("runs"), "clickData"),
        prevent_initial_call=True,
    )
    def choose_run(clicked: Row | None) -> Any:
        return str(clicked["points"][0]["customdata"]) if clicked else no_update


def many_runs(app: Dash, shelf: Shelf) -> None:
    """The figures of curves."""

    @app.callback(
        Output(part("curves"), "figure"),
        Output(part("curves-caption"), "children"),
        Output(part("curves-of"), "data"),
        Input(part("shown"), "data"),
        prevent_initial_call=True,
    )
    def curves(shown: Row | None) -> Any:
        if not shown or not shown["curves"]:
            return nothing("Nothing to show."), "", []
        plot = medians(cell_of(shelf, shown), shown["curves"])
        return plot.figure, plot.caption, plot.stands_for

    @app.callback(
        Output(part("runs"), "figure"),
        Output(part("runs-caption"), "children"),
        Output(part("runs-heading"), "children"),
        Input(part("looked"), "data"),
        prevent_initial_call=True,
    )
    def runs(looked: Row | None) -> Any:
        if not looked or looked["strategy"] is None:
            return nothing("Nothing to show."), "", "Runs"
        plot = single_runs(cell_of(shelf, looked["shown"]), looked["strategy"], looked["seed"])
        return plot.figure, plot.caption, f"Runs of {plain(looked['strategy'], LONGEST)}"


def one_run(app: Dash, shelf: Shelf, spaces: Spaces) -> None:
    """The figures and the table of the trials of the run that is looked into."""

    @app.callback(
        Output(part("parallel"), "figure"),
        Output(part("parallel-caption"), "children"),
        Input(part("looked"), "data"),
        prevent_initial_call=True,
    )
    def parameters(looked: Row | None) -> Any:
        if not looked or looked["strategy"] is None:
            return nothing("Nothing to show."), ""
        found, trials = run_of(shelf, looked)
        configs = [json.loads(config) for config in trials["config"]]
        key = RunKey(**{name: found[name] for name in OF_KEY})
        plot = parallel(trials, spaces.of(key, configs), label_of(found))
        return plot.figure, plot.caption

    @app.callback(
        *(Output(part(name), "figure") for name in ("seconds", "learning")),
        *(Output(part(f"{name}-caption"), "children") for name in ("seconds", "learning")),
        Output(part("learned"), "hidden"),
        Output(part("run-heading"), "children"),
        Output(part("run-facts"), "children"),
        Input(part("looked"), "data"),
        prevent_initial_call=True,
    )
    def run(looked: Row | None) -> Any:
        if not looked or looked["strategy"] is None:
            return nothing("Nothing to show."), nothing(""), "", "", True, "", ""
        found, trials = run_of(shelf, looked)
        times, learned = seconds(trials), learning_curves(trials, label_of(found))
        strategy, problem = (plain(name, LONGEST) for name in (looked["strategy"], found["problem"]))
        heading = f"{strategy} on {problem}, d = {found['dim']}, seed {found['seed']}"
        shown = (nothing(""), "") if learned is None else (learned.figure, learned.caption)
        return times.figure, shown[0], times.caption, shown[1], learned is None, heading, told_of(found, trials)

    @app.callback(
        Output(part("table"), "children"),
        Output(part("which"), "children"),
        Output(part("page"), "data"),
        Output(part("previous"), "disabled"),
        Output(part("next"), "disabled"),
        Input(part("looked"), "data"),
        Input(control(NAME, "order"), "value"),
        Input(part("previous"), "n_clicks"),
        Input(part("next"), "n_clicks"),
        State(part("page"), "data"),
        prevent_initial_call=True,
    )
    def rows(looked: Row | None, order: str, _: int, __: int, before: int | None) -> Any:
        if not looked or looked["strategy"] is None:
            return None, "", 0, True, True
        trials = run_of(shelf, looked)[1]
        step = {part("previous"): -1, part("next"): 1}.get(str(ctx.triggered_id))
        last = pages_of(trials) - 1
        page = 0 if step is None else min(max((before or 0) + step, 0), last)
        first = page * PAGE + 1
        which = f"Trials {first}–{min(first + PAGE - 1, len(trials))} of {len(trials):,}" if len(trials) else "No trial"
        return table(trials, order, page), which, page, page == 0, page == last


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
            cell = cell_of(shelf, shown)
            runs = cell.runs[cell.runs["strategy"].isin(shown["curves"])]
            trials = shelf.opened(shown["name"]).trials_of(runs)
        return {"content": trials.to_csv(index=False), "filename": f"{safe_name(name)}.csv", "type": "text/csv"}


def cell_of(shelf: Shelf, shown: Row) -> Cell:
    """The cell that is shown."""
    return shelf.opened(shown["name"]).cell(shown["problem"], shown["dim"])


def run_of(shelf: Shelf, looked: Row) -> tuple[Row, pd.DataFrame]:
    """The run that is looked into, and its trials."""
    opened = shelf.opened(looked["shown"]["name"])
    runs = cell_of(shelf, looked["shown"]).runs
    is_it = (runs["strategy"] == looked["strategy"]) & (runs["seed"] == looked["seed"])
    (row,) = records(opened.experiment.runs.loc[runs.index[is_it]])
    return row, opened.trials_of(runs[is_it])


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
