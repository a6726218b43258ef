"""Bayesian optimisation over one parameter, sample by sample: by suggestion, by a click, or by typing a place."""

from typing import Annotated, Any, Literal

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update, set_props
from dash.development.base_component import Component
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from bench.errors import UsageError
from bench.explore.controls import choice, control, graph, kept, panel, radio, slider, switch
from bench.explore.query import Query
from bench.explore.view import Place, View
from bench.explore.views.one_dimension.figure import HEIGHT, figure_of
from bench.explore.views.one_dimension.step import (
    MOST_SAMPLES,
    Samples,
    Step,
    curve_of,
    ends,
    functions,
    placed,
    problem_of,
    step_of,
)
from bench.explore.views.one_dimension.words import meaning, next_words, table
from bench.explore.views.one_dimension.worth import KINDS

NAME = "one-dimension"
DEFAULT = "forrester"


def numbers_of(value: object) -> object:
    """`0.1,0.55` of an address, or of the page's own field, as numbers; `start` stays."""
    if not isinstance(value, str) or value == "start":
        return value
    try:
        return tuple(float(part) for part in value.split(",") if part.strip())
    except ValueError:
        raise PydanticCustomError("samples", "places are numbers with commas between them") from None


class OneDimension(Query):
    """What is optimised, how, and the samples taken so far."""

    function: str = DEFAULT
    noise: int = Field(0, ge=0, le=50)  # of told values: standard deviation in per cent of the function's
    seed: int = Field(0, ge=0, le=20)
    acquisition: Literal["ei", "logei", "pi", "ucb"] = "ei"
    kappa: float = Field(2.0, ge=0.0, le=5.0)
    fitted: bool = True  # whether the model learns its length scale and noise
    length: float = Field(0.2, ge=0.02, le=1.0)  # of the range
    doubt: float = Field(0.0, ge=0.0, le=1.0)  # the model's noise: standard deviation as a share of the signal's
    warp: bool = True
    hidden: bool = False
    x: Annotated[Samples, BeforeValidator(numbers_of)] = "start"

    @field_validator("function")
    @classmethod
    def known(cls, function: str) -> str:
        """`function`, if there is one of that name."""
        if function not in functions():
            raise PydanticCustomError("function", "there are {names}", {"names": ", ".join(functions())})
        return function

    @field_validator("x")
    @classmethod
    def within(cls, x: Samples, info: ValidationInfo) -> Samples:
        """`x`, if all of it lies in the range of the function."""
        low, high = ends(info.data.get("function", DEFAULT))
        if x == "start":
            return x
        if len(x) > MOST_SAMPLES:
            raise PydanticCustomError("samples", "at most {most} samples", {"most": MOST_SAMPLES})
        if not all(low <= place <= high for place in x):
            raise PydanticCustomError(
                "samples", "places go from {low} to {high}", {"low": f"{low:g}", "high": f"{high:g}"}
            )
        return x

    def step(self) -> Step:
        """The search that this state describes."""
        held = None if self.fitted else (self.length, self.doubt)
        return step_of(
            self.function, self.noise, self.seed, self.x, self.acquisition, self.kappa, held, self.warp
        )  # fmt: skip


FIELDS = tuple(OneDimension.model_fields)


def state_of(values: tuple[Any, ...]) -> OneDimension:
    """The state that the controls' `values` make, in the order of `FIELDS`; an emptied one counts as its default."""
    given = {field: value for field, value in zip(FIELDS, values, strict=True) if value is not None}
    for field in ("fitted", "warp", "hidden"):
        given[field] = bool(given.get(field))
    return OneDimension(**given)


def layout(state: OneDimension, place: Place) -> Component:
    """Samples and figure on the left, what they depend on beside them."""
    acquisitions = {name: kind.short for name, kind in KINDS.items()}
    samples = state.x if isinstance(state.x, str) else ",".join(map(str, state.x))
    left = html.Div(
        [
            html.Div(
                [
                    html.Button("Add suggested point", id="one-suggested", className="first"),
                    html.Button("Undo", id="one-undo"),
                    html.Button("Reset", id="one-reset"),
                    html.Label(["or at x = ", dcc.Input(id="one-own", type="number", step="any", className="short")]),
                    html.Button("Add", id="one-add"),
                ],
                className="actions",
            ),
            graph("one-figure", "The samples, the belief, and the acquisition; told in words below", height=HEIGHT),
            html.P(id="one-next", className="said", role="status"),
        ]
    )
    right = panel(
        choice(NAME, "function", "Function to minimise", functions(), state.function),
        slider(NAME, "seed", "Seed: where the optimum lies", (0, 20), state.seed),
        slider(NAME, "noise", "Noise on told values, % of the spread", (0, 50), state.noise),
        switch(NAME, "hidden", "Hide the function", state.hidden),
        radio(NAME, "acquisition", "Acquisition", acquisitions, state.acquisition),
        html.Div(slider(NAME, "kappa", "κ: weight of the uncertainty", (0, 5), state.kappa, 0.1), id="one-kappa"),
        switch(NAME, "fitted", "Learn length scale and noise", state.fitted),
        html.Div(
            [
                slider(NAME, "length", "Length scale, of the range", (0.02, 1), state.length, 0.02),
                slider(NAME, "doubt", "Noise that the model believes in", (0, 1), state.doubt, 0.02),
            ],
            id="one-held",
        ),
        switch(NAME, "warp", "Warp the values, as gp does", state.warp),
        kept(NAME, "x", samples),
    )
    listed = html.Details([html.Summary("The samples as a table"), html.Div(id="one-table")])
    return html.Div([html.Div([left, right], className="beside"), html.Div(id="one-meaning"), listed])


def register(app: Dash, place: Place) -> None:
    """Draw whenever anything changes; take samples."""
    values = [(control(NAME, field), "value") for field in FIELDS]

    @app.callback(
        Output("one-figure", "figure"),
        *(Output(f"one-{part}", "children") for part in ("next", "meaning", "table")),
        *(Output(f"one-{part}", "hidden") for part in ("kappa", "held")),
        Output("one-undo", "disabled"),
        *(Input(*value) for value in values),
    )
    def drawn(*values: Any) -> tuple[Any, ...]:
        drawing = picture(state_of(values))
        set_props("notice", {"children": ""})  # what could not be done before is no longer of interest
        return drawing

    @app.callback(
        Output(control(NAME, "x"), "value"),
        Input("one-suggested", "n_clicks"),
        Input("one-undo", "n_clicks"),
        Input("one-reset", "n_clicks"),
        Input("one-add", "n_clicks"),
        Input("one-own", "n_submit"),
        Input("one-figure", "clickData"),
        Input(control(NAME, "function"), "value"),
        State("one-own", "value"),
        *(State(*value) for value in values),
        prevent_initial_call=True,
    )
    def sampled(*arguments: Any) -> Any:
        clicked, _, own, *values = arguments[5:]
        if ctx.triggered_id == control(NAME, "function"):
            return "start"  # the places of one function are not those of another
        state = state_of(tuple(values))
        match ctx.triggered_id:
            case "one-reset":
                return "start"
            case "one-undo":
                return text_of(state.step().x[:-1])
            case "one-suggested":
                return text_of(one_more(state, state.step().suggestion))
            case "one-figure":
                return text_of(one_more(state, clicked["points"][0]["x"])) if clicked else no_update
            case _:
                return text_of(one_more(state, own))


def text_of(x: tuple[float, ...]) -> str:
    """Samples as the page's field holds them."""
    return ",".join(f"{place:.10g}" for place in x)


def one_more(state: OneDimension, x: float | None) -> tuple[float, ...]:
    """The samples and one at `x`; raises `UsageError` where it cannot be taken."""
    low, high = ends(state.function)
    if x is None or not low <= x <= high:
        given = "nothing" if x is None else f"{x:g}"
        raise UsageError(f"a sample of {state.function} lies from x = {low:g} to {high:g}, got {given}; give one there")
    taken = state.step().x
    if len(taken) >= MOST_SAMPLES:
        raise UsageError(f"there are {MOST_SAMPLES} samples, which is the most; undo some, or reset")
    return (*taken, placed(state.function, x))


def picture(state: OneDimension) -> tuple[Any, ...]:
    """What `drawn` puts out."""
    step, kind = state.step(), KINDS[state.acquisition]
    problem = problem_of(state.function, state.noise, state.seed)
    curve = None if state.hidden else curve_of(state.function, state.seed)
    return (
        figure_of(step, kind, curve, problem.value_label),
        next_words(step, kind, None if state.hidden else problem),
        meaning(step, kind, problem, state.warp),
        table(step),
        state.acquisition != "ucb",
        state.fitted,
        len(step.x) == 0,
    )


VIEW = View(
    NAME,
    "Bayesian optimisation in one dimension",
    "Add the suggested point again and again, or click anywhere in the figure for a sample of your own, and watch what "
    "the model believes and where it would look next. Values are minimised.",
    OneDimension,
    layout,
    register,
    menu="One dimension",
)
