"""Strategies against dimension and budget: which is best in how many dimensions after how many trials."""

import secrets
from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from pydantic import Field, ValidationError

from bench.charts.chart import plain
from bench.charts.regret_chart import words_of
from bench.errors import UsageError
from bench.explore.background import Background
from bench.explore.controls import choice, control, graph, options, panel, several, slider, switch
from bench.explore.query import Query
from bench.explore.view import Place, View
from bench.explore.views.scaling.answer import Answer, live_answer, recorded_answer
from bench.explore.views.scaling.figures import DIMS, HEIGHT, Part, by_dimension, by_trial, empty
from bench.explore.views.scaling.live import Asked, Result, digest, live_problems
from bench.explore.views.scaling.recorded import problems_of, sources, strategies_of
from bench.explore.views.scaling.words import interval, number
from bench.visible import visible
from strategies.registry import strategies

NAME = "scaling"
LIVE = "live"
SLOW_MS = 600  # until it is shown that something takes long, as reading a large experiment does
CLOCK_MS = 400  # between two looks at what is still running
FIELDS = ("problem", "dim", "trials", "strategies", "seeds", "source", "every")
BANDS = (
    "Lines are medians over seeds, bands 95 % bootstrap intervals of them (with fewer than six seeds, simply from the "
    "best to the worst seed). Every seed is another instance of the problem, the same for every strategy."
)
FIGURES = {"by_dim": "scaling-by-dim", "by_trial": "scaling-by-trial"}


class Asking(Query):
    """The state of the view."""

    problem: str = "embedded-1"
    dim: int = Field(5, ge=DIMS[0], le=DIMS[1])
    trials: int = Field(40, ge=5, le=100)
    strategies: tuple[str, ...] = ("grid", "random", "sobol", "optuna-tpe", "gp")
    seeds: int = Field(5, ge=1, le=20)
    source: str = LIVE
    every: bool = False


def layout(state: Asking, place: Place) -> Component:
    """Controls above, what there is to see in a sentence, the two figures, the numbers."""
    offered = asked_too(source_choices(place, state.problem), state.source)
    problems = asked_too(problem_choices(place), state.problem)
    names = asked_too(strategy_choices(place), *state.strategies)
    return html.Div(
        [
            panel(
                choice(NAME, "problem", "Problem", problems, state.problem),
                slider(NAME, "dim", "Dimension d (parameters)", DIMS, state.dim, marks=marks(1, 10, 1)),
                slider(NAME, "trials", "Budget (trials)", (5, 100), state.trials, 5, marks(20, 100, 20)),
                slider(NAME, "seeds", "Seeds (runs of each)", (1, 20), state.seeds, marks=marks(5, 20, 5)),
                choice(NAME, "source", "Source", offered, state.source),
                several(NAME, "strategies", "Strategies", names, state.strategies),
                switch(NAME, "every", "Run every d from 1 to 10", state.every),
            ),
            html.P([html.Span(id="scaling-said", role="status"), html.Span(id="scaling-running")], className="said"),
            dcc.Loading(
                html.Div(
                    [
                        graph(
                            FIGURES["by_dim"], "What is left at the end of the budget, against dimension", height=HEIGHT
                        ),
                        graph(FIGURES["by_trial"], "Regret of the best trial so far, trial by trial", height=HEIGHT),
                    ],
                    className="pair",
                ),
                delay_show=SLOW_MS,
                overlay_style={"visibility": "visible", "opacity": 0.5},
            ),
            html.Div(id="scaling-numbers"),
            html.Ul(id="scaling-notes", className="soft"),
            dcc.Interval(id="scaling-clock", interval=CLOCK_MS, disabled=True),
            dcc.Store(id="scaling-page", data=secrets.token_hex(8)),
            dcc.Store(id="scaling-drawn"),
        ]
    )


def marks(low: int, high: int, step: int) -> dict[float, str]:
    """The numbers under a slider."""
    return {number: str(number) for number in range(low, high + 1, step)}


def asked_too(choices: Mapping[str, str], *asked: str) -> dict[str, str]:
    """`choices`, and what an address asks for beside them: a menu would drop it, and nobody could say why."""
    return {**choices, **{value: visible(value)[:60] for value in asked if value not in choices}}


def problem_choices(place: Place) -> dict[str, str]:
    """What is run live, and what some experiment recorded."""
    live = {name: f"{name}: {summary}" for name, summary in live_problems().items()}
    return live | {name: f"{visible(name)} (recorded)" for name in problems_of(place.results) if name not in live}


def source_choices(place: Place, problem: str) -> dict[str, str]:
    """Here and now, or an experiment that recorded `problem`."""
    here = {LIVE: "live, here and now"} if problem in live_problems() else {}
    return here | sources(place.results, problem)


def strategy_choices(place: Place) -> dict[str, str]:
    """Every strategy; with one that is not installed, what to install."""
    known = {name: missing(name) for name, entry in strategies().items() if not entry.only_by_name}
    return known | {name: name for name in strategies_of(place.results) if name not in known}


def missing(name: str) -> str:
    """The strategy's name, and what it lacks here."""
    lacking = strategies()[name].needs.missing()
    return f"{name} ({lacking})" if lacking else name


def register(app: Dash, place: Place) -> None:
    """The callbacks; the runs of all pages share their workers."""
    background: Background[Result] = Background(digest)

    @app.callback(
        Output(control(NAME, "source"), "options"),
        Output(control(NAME, "source"), "value"),
        Input(control(NAME, "problem"), "value"),
        State(control(NAME, "source"), "value"),
        prevent_initial_call=True,
    )
    def offer(problem: str | None, source: str | None) -> tuple[Any, Any]:
        offered = source_choices(place, problem or "")
        return options(offered), no_update if source in offered else next(iter(offered), LIVE)

    @app.callback(
        Output(FIGURES["by_dim"], "figure"),
        Output(FIGURES["by_trial"], "figure"),
        Output("scaling-said", "children"),
        Output("scaling-numbers", "children"),
        Output("scaling-notes", "children"),
        Output("scaling-running", "children"),
        Output("scaling-clock", "disabled"),
        Output("scaling-drawn", "data"),
        *(Input(control(NAME, name), "value") for name in FIELDS),
        Input("scaling-clock", "n_intervals"),
        State("scaling-page", "data"),
        State("scaling-drawn", "data"),
    )
    def look(*given: Any) -> tuple[Any, ...]:
        *values, _, page, drawn = given
        state = state_of(dict(zip(FIELDS, values, strict=True)))
        if state is None:
            return (no_update,) * 8
        asked = Asked(state.problem, state.strategies, state.trials, state.seeds)
        if state.source == LIVE:
            answer = live_answer(asked, state.dim, state.every, page, background)
        else:
            background.ask(page, [])
            answer = recorded_answer(asked, state.dim, state.source, place.results)
        still = " ".join(filter(None, [answer.running, answer.lacking]))
        token = repr([state.model_dump_json(), sorted(answer.seen.items())])
        if token == drawn:
            return *(no_update,) * 5, still, not answer.busy, no_update
        return *page_of(answer, state), still, not answer.busy, token


def state_of(values: Mapping[str, Any]) -> Asking | None:
    """The state that the controls stand for; None where a number was just deleted, to be typed anew."""
    if any(values[name] is None for name in ("problem", "dim", "trials", "seeds", "source")):
        return None
    given = {**values, "strategies": tuple(values["strategies"] or ()), "every": bool(values["every"])}
    try:
        return Asking(**given)
    except ValidationError as error:
        fault = error.errors()[0]
        raise UsageError(f"{fault['loc'][0]} cannot be {fault['input']!r}: {fault['msg'].lower()}") from error


def page_of(answer: Answer, state: Asking) -> tuple[Any, ...]:
    """Both figures, the sentences, the numbers, the notes."""
    part = answer.parts.get(state.dim)
    order = part.order if part else list(state.strategies)
    left = (
        by_dimension(list(answer.parts.values()), state.dim, state.trials, order) if answer.parts else empty(answer.why)
    )
    right = by_trial(part, state.trials) if part else empty(answer.why)
    axes = dict.fromkeys(note for figure in (left, right) if (note := figure["layout"].get("meta")))
    notes = [*answer.notes, *axes, *([BANDS] if answer.parts else [])]
    return left, right, " ".join(answer.said), numbers(part) if part else None, [html.Li(note) for note in notes]


def numbers(part: Part) -> Component:
    """What the figures show at the end, as a table."""
    heads = ("Strategy", f"Median {words_of(part.measure.name)}", "95 % interval", "Seeds")
    rows = [
        html.Tr(
            [
                html.Td(plain(row["strategy"])),
                html.Td(number(row["median"]), className="n"),
                html.Td(interval(row["low"], row["high"]), className="n"),
                html.Td(int(row["n"]), className="n"),
            ]
        )
        for _, row in part.ends.iterrows()
    ]
    table = html.Table([html.Thead(html.Tr([html.Th(word) for word in heads])), html.Tbody(rows)])
    return html.Details([html.Summary(f"The numbers at d = {part.dim}, lowest first"), table], open=True)


LEAD = (
    "Move d and the budget: the strategies run here and now. Look for lines that climb with d, and bands that do not "
    "overlap."
)
VIEW = View(
    NAME, "Strategies against dimension and budget", LEAD, Asking, layout, register, menu="Dimension and budget"
)
