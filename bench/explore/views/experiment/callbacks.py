"""What happens on the page of a stored experiment: a choice is fitted to what there is, then shown.

`shown` (a store) says which curves, `looked` which run of them: what of these is another is drawn in the same answer.
`below` is the same as `looked` as soon as the trials of the run are looked at; they are drawn then.
"""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from bench.charts.chart import plain
from bench.errors import UsageError
from bench.exchange.rows import records
from bench.exchange.spaces import Spaces
from bench.explore.controls import control, options
from bench.explore.view import Place
from bench.explore.views.experiment.choices import LONGEST, Menus, Shown, fitted
from bench.explore.views.experiment.choices import State as Wanted
from bench.explore.views.experiment.curves import medians, nothing, single_runs
from bench.explore.views.experiment.names import NAME, Row, part
from bench.explore.views.experiment.run_callbacks import exporting, one_run
from bench.explore.views.experiment.stored import Cell, Opened, Shelf
from bench.records import FINISHED
from bench.visible import visible

OF_CURVES = (("curves", "figure"), ("curves-caption", "children"), ("curves-of", "data"))
OF_RUNS = (("runs", "figure"), ("runs-caption", "children"), ("runs-heading", "children"))
NO_CURVES: tuple[Any, ...] = (nothing("Nothing to show."), "", [])
NO_RUNS: tuple[Any, ...] = (nothing("Nothing to show."), "", "Runs")
CHOSEN = ("problem", "dim", "strategies", "pruner", "strategy", "run")  # what is fitted to the experiment


def register(app: Dash, place: Place) -> None:
    """Add the callbacks to `app`."""
    shelf, spaces = Shelf(place.results), Spaces()
    choosing(app, shelf)
    clicking(app)
    one_run(app, shelf, spaces)
    exporting(app, shelf)


def choosing(app: Dash, shelf: Shelf) -> None:
    """Fit what is chosen to what there is; look for news."""
    wanted = [control(NAME, field) for field in CHOSEN]

    @app.callback(
        *(Output(name, kind) for name in wanted for kind in ("options", "value")),
        *(Output(part(name), "children") for name in ("complaints", "facts")),
        *(Output(part(name), "data") for name in ("shown", "looked")),
        *(Output(part(name), kind) for name, kind in (*OF_CURVES, *OF_RUNS)),
        Input(control(NAME, "name"), "value"),
        *(Input(name, "value") for name in wanted),
        Input(part("tick"), "data"),
        State(part("shown"), "data"),
        State(part("looked"), "data"),
        *(State(name, "options") for name in wanted),
    )
    def choose(name: str, *given: Any) -> tuple[Any, ...]:
        values, (_, shown_before, looked_before), choices = given[:6], given[6:9], given[9:]
        is_news = not shown_before or ctx.triggered_id == control(NAME, "name")
        try:
            opened = shelf.refreshed(name) if is_news else shelf.opened(name)
        except UsageError as error:
            return *(no_update for _ in 2 * CHOSEN), [html.Li(str(error))], "", {}, {}, *NO_CURVES, *NO_RUNS
        asked = {field: value for field, value in zip(CHOSEN, values, strict=True) if value}
        shown, menus, said = fitted(Wanted.model_validate({**asked, "name": name}), opened)
        chosen = asdict(shown)
        looked = {key: chosen.pop(key) for key in ("strategy", "seed")}
        both = {**looked, "shown": chosen}
        is_shown, is_looked = chosen == shown_before, both == looked_before
        cell = opened.cell(shown.problem, shown.dim)
        return (
            *changed(of_menus(shown, menus), chain.from_iterable(zip(choices, values, strict=True))),
            [html.Li(line) for line in said],
            facts_of(opened, shown),
            no_update if is_shown else chosen,
            no_update if is_looked else both,
            *((no_update for _ in OF_CURVES) if is_shown else curves(cell, shown)),
            *((no_update for _ in OF_RUNS) if is_looked else runs(cell, shown)),
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


def changed(news: Iterable[Any], before: Iterable[Any]) -> list[Any]:
    """`news` where they are any; a menu that is told what it says already is drawn again."""
    return [no_update if new == old else new for new, old in zip(news, before, strict=True)]


def curves(cell: Cell, shown: Shown) -> tuple[Any, ...]:
    """What is shown of the strategies, in the order of `OF_CURVES`."""
    if not shown.curves:
        return NO_CURVES
    plot = medians(cell, shown.curves)
    return plot.figure, plot.caption, plot.stands_for


def runs(cell: Cell, shown: Shown) -> tuple[Any, ...]:
    """What is shown of the runs of a strategy, in the order of `OF_RUNS`."""
    if shown.strategy is None or shown.seed is None:
        return NO_RUNS
    plot = single_runs(cell, shown.strategy, shown.seed)
    return plot.figure, plot.caption, f"Runs of {plain(shown.strategy, LONGEST)}"


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
    """A click on a curve is the choice of what it stands for, made in the browser."""
    browser = app.clientside_callback
    browser(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAME, "strategy"),
        Output(control(NAME, "strategy"), "value", allow_duplicate=True),
        Input(part("curves"), "clickData"),
        State(part("curves-of"), "data"),
        prevent_initial_call=True,
    )
    browser(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAME, "run"),
        Output(control(NAME, "run"), "value", allow_duplicate=True),
        Input(part("runs"), "clickData"),
        prevent_initial_call=True,
    )
