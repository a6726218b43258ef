"""The page: five hyperparameters to move, the training that follows, and what recorded trainings say of each."""

from dash import dcc, html
from dash.development.base_component import Component
from pydantic import Field

from bench.explore.controls import graph, slider
from bench.explore.query import Query
from bench.explore.view import Place, View
from bench.explore.views.sensitivity import figures, recorded
from bench.explore.views.sensitivity.callbacks import NAME, NAMES, register
from bench.explore.views.sensitivity.parts import hyperparameter
from bench.explore.views.sensitivity.words import percent, short, valued

FIRST = "Training… before the first one, torch is loaded: some seconds."
SEEN_THROUGH = {"visibility": "visible", "opacity": 0.5}  # what is there while something takes its time


class Sensitivity(Query):
    """The page's state: the hyperparameters of the recorded problem, and the seed of weights and order."""

    learning_rate: float = Field(0.01, ge=1e-5, le=1)
    log2_batch_size: int = Field(5, ge=3, le=9)
    epochs: int = Field(20, ge=2, le=30)
    hidden_layers: int = Field(1, ge=1, le=4)
    width: int = Field(64, ge=16, le=256)
    seed: int = Field(0, ge=0, le=20)


def page(state: Sensitivity, place: Place) -> Component:
    """Controls at the left; the curves, the ranking and the dependence at the right."""
    return html.Div(
        [
            html.Div(
                [
                    *(hyperparameter(NAME, p, getattr(state, p.name)) for p in recorded.parameters()),
                    slider(NAME, "seed", "Seed: weights and order", (0, 20), state.seed),
                    html.Button("Back to the best recorded", id="sensitivity-best", className="first"),
                    html.P(best_in_words(), className="soft"),
                ],
                className="controls stack",
            ),
            html.Div(
                [
                    html.P(FIRST, id="sensitivity-summary", className="summary", role="status"),
                    html.P(id="sensitivity-reading", className="soft"),
                    dcc.Loading(
                        graph("sensitivity-curves", "Errors against epoch, of this setting and the two before",
                              height=figures.HEIGHT),
                        delay_show=300,
                        overlay_style=SEEN_THROUGH,
                    ),
                    html.Div(
                        [
                            html.Div(
                                [
                                    html.H2("Which parameters matter"),
                                    dcc.Loading(
                                        html.Div(waiting(), id="sensitivity-ranking"), delay_show=300,
                                        overlay_style=SEEN_THROUGH,
                                    ),
                                ]
                            ),
                            html.Div(
                                [
                                    html.H2(id="sensitivity-along"),
                                    graph("sensitivity-dependence", "Expected error along the parameter moved last",
                                          height=figures.SMALL),
                                    html.P(
                                        "What a random forest, fitted to the recorded trainings, expects as this "
                                        "parameter moves: on average over all others, and with the others as now. "
                                        "Dashed line and star: this training.", className="soft",
                                    ),
                                ]
                            ),
                        ],
                        className="halves",
                    ),
                ]
            ),
            dcc.Store(id="sensitivity-runs"),
            dcc.Store(id="sensitivity-ranked"),
        ],
        className="sensitivity",
    )  # fmt: skip


def best_in_words() -> str:
    """The setting of the best recorded training."""
    best = recorded.best()
    values = ", ".join(f"{short(name)} {valued(name, best.config[name])}" for name in NAMES)
    count = len(recorded.recording().trials)
    return f"The best of {count} recorded had {percent(best.value or 0.0)}, partly by luck and other weights: {values}."


def waiting() -> Component:
    """What stands where the ranking will be."""
    return html.P("Ranked from the recorded trainings; this takes some ten seconds, once.", className="soft")


VIEW = View(
    NAME,
    "Sensitivity",
    "Move a hyperparameter: a small network is trained anew on digits. Compare with what recorded trainings say.",
    Sensitivity,
    page,
    register,
)
