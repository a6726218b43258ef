"""A view with one control of each kind, to test what all views share."""

from typing import Any, Literal

from dash import Dash, Input, Output, html
from dash.development.base_component import Component
from pydantic import Field

from bench.errors import UsageError
from bench.explore.controls import choice, control, panel, radio, several, slider, switch
from bench.explore.query import Query
from bench.explore.view import Place, View


class State(Query):
    """The state of the test's view."""

    letter: Literal["a", "b", "c"] = "a"
    size: Literal["small", "large"] = "small"
    number: int = Field(3, ge=1, le=9)
    names: tuple[str, ...] = ("random",)
    shout: bool = False


def layout(state: State, place: Place) -> Component:
    return html.Div(
        [
            panel(
                choice("test", "letter", "Letter", ("a", "b", "c"), state.letter),
                radio("test", "size", "Size", {"small": "Small", "large": "Large"}, state.size),
                slider("test", "number", "Number", (1, 9), state.number),
                several("test", "names", "Names", ("random", "gp", "<script>"), state.names),
                switch("test", "shout", "Shout", state.shout),
            ),
            html.P(id="said"),
        ]
    )


def register(app: Dash, place: Place) -> None:
    @app.callback(
        Output("said", "children"),
        *(Input(control("test", field), "value") for field in ("letter", "size", "number", "names", "shout")),
    )
    def said(letter: str, size: str, number: int, names: list[str], shout: list[str]) -> Any:
        if letter == "c":
            raise UsageError("c is not for sale, got 'c'; take a or b")
        return f"{number} {size} {letter} of {', '.join(names)}{'!' if shout else ''}"


VIEW = View("test", "A test", "Say something.", State, layout, register)
