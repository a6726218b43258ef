"""What a view is steered with: labelled, usable by keyboard, and part of its address.

A control's id is `{"view": view, "field": field}` of the state (`bench.explore.query`) that it sets; its value is the
input of callbacks, `Input(control("landscape", "budget"), "value")`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

Choices = Mapping[str, str] | Sequence[str]  # value -> label, or values that are their own labels


def control(view: str, field: str) -> dict[str, str]:
    """The id of the control that sets `field` of a view's state."""
    return {"view": view, "field": field}


def options(choices: Choices) -> list[dict[str, str]]:
    """As Dash takes them."""
    labels = choices if isinstance(choices, Mapping) else dict(zip(choices, choices, strict=True))
    return [{"value": value, "label": label} for value, label in labels.items()]


def choice(view: str, field: str, label: str, choices: Choices, value: str) -> Component:
    """One of several; shown as a menu with a search."""
    menu = dcc.Dropdown(options(choices), value, id=control(view, field), clearable=False)
    return labelled(label, menu)


def several(
    view: str, field: str, label: str, choices: Choices, values: Iterable[str], nothing: str = "none"
) -> Component:
    """Any of several; shown as a menu, which says what `nothing` stands for."""
    menu = dcc.Dropdown(options(choices), list(values), id=control(view, field), multi=True, placeholder=nothing)
    return labelled(label, menu)


def radio(view: str, field: str, label: str, choices: Choices, value: str) -> Component:
    """One of a few, all of them seen."""
    buttons = dcc.RadioItems(options(choices), value, id=control(view, field), inline=True, className="radio")
    return labelled(label, buttons)


def switch(view: str, field: str, label: str, value: bool) -> Component:
    """Yes or no; its value is `["on"]` or `[]`."""
    return html.Div(
        dcc.Checklist([{"value": "on", "label": label}], ["on"] if value else [], id=control(view, field)),
        className="control switch",
    )


def slider(
    view: str,
    field: str,
    label: str,
    ends: tuple[float, float],
    value: float,
    step: float = 1,
    marks: Mapping[float, str] | None = None,
) -> Component:
    """A number between `ends`; beside it, the number can be typed."""
    low, high = ends
    shown = marks or {low: f"{low:g}", high: f"{high:g}"}
    bar = dcc.Slider(
        min=low, max=high, step=step, value=value, id=control(view, field), marks=dict(shown),
        updatemode="mouseup",
    )  # fmt: skip
    return labelled(label, bar)


def kept(view: str, field: str, value: str) -> Component:
    """A field that no control shows: other parts of the page set it."""
    return dcc.Input(type="hidden", value=value, id=control(view, field))


def labelled(label: str, part: Component) -> Component:
    """A control under its label."""
    said: dict[str, Any] = {"aria-label": label}
    return html.Div([html.Div(label, className="label"), part], className="control", role="group", **said)


def panel(*parts: Component) -> Component:
    """Controls side by side, above what they steer."""
    return html.Div(list(parts), className="controls")


def graph(name: str, label: str, figure: Mapping[str, Any] | None = None, height: int = 420) -> Component:
    """A figure that callbacks fill, `Output(name, "figure")`; `label` is read to those who cannot see it."""
    unseen = {"visible": False}
    shown = figure or {"data": [], "layout": {"height": height, "xaxis": unseen, "yaxis": unseen}}
    config: Any = {
        "displaylogo": False,
        "showSendToCloud": False,  # by default, a button sends the figure to a server of Plotly's
        "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
    }
    drawn = dcc.Graph(id=name, figure=shown, config=config, responsive=True, style={"height": f"{height}px"})
    said: dict[str, Any] = {"aria-label": label}
    return html.Div(drawn, role="figure", className="graph", **said)
