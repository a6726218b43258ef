"""The page: a function, two strategies on the same instance, and a player."""

import secrets
from collections.abc import Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update, set_props
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from pydantic import Field

from bench.errors import UsageError
from bench.explore.background import Background
from bench.explore.controls import choice, control, graph, panel, slider
from bench.explore.live import KEPT, LiveRun
from bench.explore.offered import offered_strategy
from bench.explore.query import Query
from bench.explore.view import Place, View
from bench.explore.views.landscape import figures
from bench.explore.views.landscape.fallen import fallen
from bench.explore.views.landscape.figures import HEIGHT
from bench.explore.views.landscape.ground import DIM, functions, ground, refusal
from bench.explore.views.landscape.running import digest, keys_of, runs_of
from bench.plots.style import shown
from bench.report.wording import last_line
from strategies.registry import strategies

NAME = "landscape"
MOST = 200  # trials
WAIT_MS = 400  # between two looks at what is running
SPEEDS = {"2": "2 trials a second", "5": "5 trials a second", "10": "10 trials a second"}
RUNNING: Any = {"landscape-drawn": "data"}  # not the figures: they change with every step
BUTTONS = {"play": "▶ Play", "back": "Step back", "forward": "Step", "start": "To the start"}


class Landscape(Query):
    """The page's state; `step`: how many trials have fallen."""

    function: str = "branin"
    seed: int = Field(0, ge=0, le=20)
    first: str = "grid"
    second: str = "random"
    budget: int = Field(25, ge=1, le=MOST)
    speed: str = Field("5", pattern=f"^({'|'.join(SPEEDS)})$")
    step: int = Field(25, ge=0, le=MOST)


def page(state: Landscape, place: Place) -> Component:
    """The controls, the player, and three figures beside each other."""
    offered = list(dict.fromkeys([*functions(), state.function]))
    names = {name: label(name) for name in (*strategies(), state.first, state.second)}
    return html.Div(
        [
            panel(
                choice(NAME, "function", "Function", offered, state.function),
                choice(NAME, "first", "Strategy on the left", names, state.first),
                choice(NAME, "second", "Strategy on the right", names, state.second),
                slider(NAME, "budget", "Budget, trials", (1, MOST), state.budget),
                slider(NAME, "seed", "Seed: instance and draws", (0, 20), state.seed),
            ),
            player(state),
            html.P(id="landscape-running", className="said", role="status"),
            dcc.Loading(
                [
                    dcc.Store(id="landscape-drawn"),
                    html.Div(
                        [
                            side("first", "The landscape under the trials of the strategy on the left"),
                            side("second", "The landscape under the trials of the strategy on the right"),
                            html.Div(
                                [
                                    html.P("Best so far, both", className="over"),
                                    html.P("How far the best one is above the lowest value", className="soft told"),
                                    graph("landscape-regret", "Simple regret of both against trial", height=HEIGHT),
                                ]
                            ),
                        ],
                        className="trio",
                    ),
                ],
                target_components=RUNNING,
                delay_show=300,
                custom_spinner=html.P("Running the trials …", role="status"),
                overlay_style={"visibility": "visible", "opacity": 0.4},
            ),
            html.P(
                "Circles: trials, white to yellow from the first to the last, the largest is the newest. Red star: the "
                "best so far. White rings: where the function is lowest, which no strategy is told. The strokes along "
                "the edges are the values that each parameter was tried at: a grid of 25 trials has five of either, "
                "random search 25.",
                className="soft",
            ),
            dcc.Store(id="landscape-stands", data=True),
            dcc.Store(id="landscape-page", data=secrets.token_hex(8)),
            dcc.Interval(id="landscape-wait", interval=WAIT_MS, disabled=True),
            dcc.Interval(id="landscape-clock", interval=1000 / int(state.speed), disabled=True),
        ]
    )


def player(state: Landscape) -> Component:
    """Play, pause, step, how fast, and where it is."""
    return html.Div(
        [
            html.Div(
                [
                    html.Button(words, id=f"landscape-{name}", className="first" if name == "play" else "")
                    for name, words in BUTTONS.items()
                ],
                className="buttons",
            ),
            slider(NAME, "step", "Trials that have fallen", (0, state.budget), min(state.step, state.budget)),
            choice(NAME, "speed", "Speed", SPEEDS, state.speed),
        ],
        className="controls player",
    )


def side(name: str, words: str) -> Component:
    """One strategy's landscape; above, its name and what it did."""
    return html.Div(
        [
            html.P(id=f"landscape-{name}-name", className="over"),
            html.P(id=f"landscape-{name}-told", className="soft told", role="status"),
            graph(f"landscape-{name}", words, height=HEIGHT),
        ]
    )


def label(name: str) -> str:
    """A strategy in the menu, with what it lacks."""
    try:
        reason = offered_strategy(name).unavailable(DIM)
    except (KeyError, ValueError):
        return name
    return f"{name} (not here: {reason})" if reason else name


def drawn(function: str, seed: int, runs: Sequence[LiveRun], budget: int) -> dict[str, Any]:
    """All that the browser needs to show every step of two runs."""
    under, chosen = ground(function, seed), [run.key.strategy for run in runs]
    falls = [fallen(run, under.names, under.lowest) for run in runs]
    wrong = [f"It failed: {last_line(run.outcome.error)}" if run.outcome.error else "" for run in runs]
    return {
        "strategies": [shown(name) for name in chosen],
        "names": under.names,
        "figures": [figures.landscape(under, name) for name in chosen],
        "regrets": figures.regrets(chosen, [fall.regret for fall in falls], budget),
        "runs": [{**fall.as_json(), "wrong": line} for fall, line in zip(falls, wrong, strict=True)],
    }


def register(app: Dash, place: Place) -> None:
    """Runs are made here, what falls when is the browser's."""
    background: Background[LiveRun] = Background(digest, kept=KEPT)

    @app.callback(
        Output("landscape-drawn", "data"),
        Output(control(NAME, "step"), "max"),
        Output(control(NAME, "step"), "marks"),
        Output(control(NAME, "step"), "value"),
        Output("landscape-first-name", "children"),
        Output("landscape-second-name", "children"),
        Output("notice", "children", allow_duplicate=True),
        Output("landscape-running", "children"),
        Output("landscape-wait", "disabled"),
        *(Input(control(NAME, field), "value") for field in ("function", "seed", "first", "second", "budget")),
        Input("landscape-wait", "n_intervals"),
        State(control(NAME, "step"), "value"),
        State(control(NAME, "step"), "max"),
        State("landscape-page", "data"),
        prevent_initial_call="initial_duplicate",
    )
    def draw(
        function: str, seed: int | None, first: str, second: str, budget: int | None, _: int,
        step: int | None, most: int, page: str,
    ) -> tuple[Any, ...]:  # fmt: skip
        if seed is None or budget is None:  # the number was deleted, to be typed anew
            raise PreventUpdate
        try:
            if reason := refusal(function):
                raise UsageError(reason)
            runs, running = runs_of(keys_of(function, seed, (first, second), budget), page, background)
        except UsageError:
            background.ask(page, [])
            set_props("landscape-running", {"children": ""})
            set_props("landscape-wait", {"disabled": True})
            raise
        if running:
            return *(no_update,) * 6, "", running, False
        step = most if step is None else step
        marks = {number: str(number) for number in (0, budget)}
        at = budget if step >= most or step > budget else step
        return drawn(function, seed, runs, budget), budget, marks, at, shown(first), shown(second), "", "", True

    browser = app.clientside_callback
    step, stands = Output(control(NAME, "step"), "value", allow_duplicate=True), "landscape-stands"
    browser(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAME, "draw"),
        *(Output(f"landscape-{name}", "figure") for name in ("first", "second", "regret")),
        *(Output(f"landscape-{name}-told", "children") for name in ("first", "second")),
        Input(control(NAME, "step"), "value"),
        Input("landscape-drawn", "data"),
    )
    browser(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAME, "move"),
        step,
        Output(stands, "data"),
        Input("landscape-clock", "n_intervals"),
        *(Input(f"landscape-{name}", "n_clicks") for name in BUTTONS),
        State(control(NAME, "step"), "value"),
        State(stands, "data"),
        State(control(NAME, "step"), "max"),
        prevent_initial_call=True,
    )
    browser(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAME, "stands"),
        Output("landscape-clock", "disabled"),
        Output("landscape-play", "children"),
        Input(stands, "data"),
    )
    browser(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAME, "pace"), Output("landscape-clock", "interval"), Input(control(NAME, "speed"), "value")
    )


VIEW = View(
    NAME,
    "Strategies on a landscape",
    "Pick a function and two strategies, press Play, and watch where they try: the same instance, the same seed.",
    Landscape,
    page,
    register,
    menu="Landscape",
)
