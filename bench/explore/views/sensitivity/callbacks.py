"""What happens on the page: a training after each move, the dependence along what was moved, the ranking once."""

import math
from collections.abc import Iterable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html
from dash.exceptions import PreventUpdate

from bench.errors import UsageError
from bench.explore.controls import control
from bench.explore.view import Place
from bench.explore.views.sensitivity import figures, recorded, training
from bench.explore.views.sensitivity.parts import places, ranking, slide
from bench.explore.views.sensitivity.words import LABELS, change, plain, reading, short, summary
from problems.space import Config, Float

NAME = "sensitivity"
SEEN = 3  # settings: the one now, and two before
NAMES = tuple(LABELS)


def typed(values: tuple[float | None, ...]) -> Config:
    """The setting of the controls; raises `UsageError` for a field that is empty or holds what cannot be."""
    config: Config = {}
    for parameter, value in zip(recorded.parameters(), values, strict=True):
        kind = "a number" if isinstance(parameter, Float) else "a whole number"
        native = float(value) if value is not None and isinstance(parameter, Float) else value
        if not parameter.contains(native):
            label, low, high = LABELS[parameter.name].partition(",")[0], plain(parameter.low), plain(parameter.high)
            raise UsageError(f"{label} takes {kind} from {low} to {high}; nothing was trained.")
        config[parameter.name] = native
    return config


def moved_last() -> str | None:
    """The parameter whose control was moved; None where several were, or none."""
    changed: Iterable[Any] = ctx.triggered_prop_ids.values()
    names = [found["field"] for found in changed if isinstance(found, dict) and found.get("field") in NAMES]
    return names[0] if len(names) == 1 else None


def register(app: Dash, place: Place) -> None:
    """Trainings and rankings are made here; slider and number of a parameter are kept together in the browser."""
    values = [Input(control(NAME, name), "value") for name in NAMES]

    @app.callback(
        Output("sensitivity-runs", "data"),
        Output("sensitivity-curves", "figure"),
        Output("sensitivity-summary", "children"),
        Output("sensitivity-reading", "children"),
        Output("notice", "children", allow_duplicate=True),
        *values,
        Input(control(NAME, "seed"), "value"),
        State("sensitivity-runs", "data"),
        prevent_initial_call="initial_duplicate",
    )
    def train(*given: Any) -> tuple[Any, ...]:
        *chosen, seed, before = given
        config = typed(tuple(chosen))
        kept: dict[str, Any] = before or {"settings": [], "moved": NAMES[0]}
        now = {"config": config, "seed": seed}
        settings = [*(setting for setting in kept["settings"] if setting != now), now][-SEEN:]
        kept = {"settings": settings, "moved": moved_last() or kept["moved"]}
        if reason := training.refusal():
            return kept, figures.nothing(), f"Nothing can be trained here: {reason}", "", ""
        runs = [training.curves(setting["config"], setting["seed"]) for setting in settings]
        moved = change(config, settings[-2]["config"]) if len(settings) > 1 else ""
        said = f"Moved: {moved}. {reading(runs[-1])}" if moved else reading(runs[-1])
        return kept, figures.errors(runs), summary(runs[-1]), said, ""

    @app.callback(
        Output("sensitivity-dependence", "figure"),
        Output("sensitivity-along", "children"),
        Input("sensitivity-runs", "data"),
        prevent_initial_call=True,
    )
    def depend(kept: dict[str, Any] | None) -> tuple[Any, str]:
        if not kept:
            raise PreventUpdate
        name, now = kept["moved"], kept["settings"][-1]
        heading = f"Along the {short(name)}"
        if reason := recorded.refusal():
            return figures.nothing(reason), heading
        config = typed(tuple(now["config"].values()))
        known = None if training.refusal() else training.curves(config, now["seed"])
        error = math.nan if known is None or known.diverged else known.validation[-1]
        parameter = next(p for p in recorded.parameters() if p.name == name)
        at, here = recorded.along(config, name)
        average = recorded.averages().query("parameter == @name")["value"].tolist()
        return figures.dependence(parameter, at, average, here, config[name], error), heading

    @app.callback(
        Output("sensitivity-ranking", "children"),
        Output("sensitivity-ranked", "data"),
        *(Output(f"sensitivity-place-{name}", "children") for name in NAMES),
        Input("sensitivity-runs", "data"),  # the first training goes before
        State("sensitivity-ranked", "data"),
        prevent_initial_call=True,
    )
    def rank(kept: dict[str, Any] | None, is_ranked: bool | None) -> tuple[Any, ...]:
        if not kept or is_ranked:
            raise PreventUpdate
        if reason := recorded.refusal():
            return html.P(reason), True, *("" for _ in NAMES)
        cell = recorded.ranked()
        found = places(cell)
        return ranking(cell, len(recorded.recording().trials)), True, *(found.get(name, "") for name in NAMES)

    browser = app.clientside_callback
    for name in NAMES:
        browser(  # type: ignore[no-untyped-call]
            ClientsideFunction(NAME, "pair"),
            Output(slide(name), "value"),
            Output(control(NAME, name), "value"),
            Output(f"sensitivity-means-{name}", "children"),
            Input(slide(name), "value"),
            Input(control(NAME, name), "value"),
            State(f"sensitivity-scale-{name}", "data"),
            prevent_initial_call=True,
        )

    @app.callback(
        *(Output(control(NAME, name), "value", allow_duplicate=True) for name in NAMES),
        Input("sensitivity-best", "n_clicks"),
        prevent_initial_call=True,
    )
    def back(clicks: int | None) -> tuple[Any, ...]:
        return tuple(rounded(recorded.best().config[name]) for name in NAMES)


def rounded(value: float) -> float:
    """`value` with the three digits that the page shows."""
    return float(f"{value:.3g}") if isinstance(value, float) else value
