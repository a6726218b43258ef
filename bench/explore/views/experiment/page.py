"""The page of a stored experiment: which one, which curves, which run; its callbacks are in `callbacks`."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from bench.charts.chart import plain
from bench.database import experiments
from bench.explore.controls import choice, graph, labelled, panel, radio, several, switch
from bench.explore.view import Place, View
from bench.explore.views.experiment.callbacks import register
from bench.explore.views.experiment.choices import ALL, LONGEST, State
from bench.explore.views.experiment.curves import nothing
from bench.explore.views.experiment.names import NAME, part
from bench.explore.views.experiment.table import ORDERS
from bench.visible import cut, visible

LEAD = (
    "Compare the strategies of an experiment that you ran: lower is better. Click a curve to see its single runs, "
    "and a run to see its trials below."
)
EVERY_MS = 1000  # while an experiment is watched
TABLE: Mapping[str, Any] = {"aria-label": "Trials of the run"}
NO_EXPERIMENT = "python -m bench run --dims 2 --problems ackley --trials 20"


def layout(state: State, place: Place) -> Component:
    """The page; what depends on the experiment is filled by callbacks, since reading it may take seconds."""
    names = experiments(place.results)
    if not names:
        return html.Div(
            [
                html.P(f"There is no experiment in {visible(str(place.results))} yet. Make one and reload the page:"),
                html.Pre(NO_EXPERIMENT),
            ]
        )
    name = state.name if state.name in names else names[0]
    labels = {each: plain(each, LONGEST) for each in names}
    complaint = f"There is no experiment {cut(visible(state.name), LONGEST)!r}; {labels[name]}, the latest, is shown."
    return html.Div(
        [
            html.Ul([html.Li(complaint)], className="complaints") if state.name not in ("", name) else None,
            panel(
                choice(NAME, "name", "Experiment", labels, name),
                choice(NAME, "problem", "Problem", [state.problem], state.problem),
                choice(NAME, "dim", "Dimension", [state.dim], state.dim),
                several(NAME, "strategies", "Strategies", state.strategies, state.strategies, nothing="all of them"),
                choice(NAME, "pruner", "Pruner", list(dict.fromkeys([ALL, state.pruner])), state.pruner),
                switch(NAME, "watch", "Watch it run", state.watch),
            ),
            dcc.Loading(
                [html.Ul(id=part("complaints"), className="complaints"), html.P(id=part("facts"), className="soft")],
                delay_show=300,
                custom_spinner=html.P("Reading the experiment …", role="status"),
                overlay_style={"visibility": "hidden"},
            ),
            html.Div(
                [
                    html.Div([html.H2("Strategies"), figure("curves", "Regret curves of the strategies", 390)]),
                    html.Div([html.H2("Runs", id=part("runs-heading")), figure("runs", "Runs of a strategy", 390)]),
                ],
                className="pair",
            ),
            panel(
                choice(NAME, "strategy", "Strategy (or click a curve)", [state.strategy], state.strategy),
                choice(NAME, "run", "Run (or click a line)", [state.run], state.run),
                labelled(
                    "As CSV",
                    html.Div(
                        [
                            html.Button("Trials of all curves", id=part("export-curves")),
                            html.Button("Trials of this run", id=part("export-run")),
                        ],
                        className="buttons player",
                    ),
                ),
            ),
            html.Div(
                [
                    html.H2(id=part("run-heading")),
                    html.Div(id=part("run-facts"), className="soft"),
                    dcc.Loading(
                        figure("parallel", "Parallel coordinates of the trials", 400),
                        delay_show=300,
                        custom_spinner=html.P("Making the problem, whose parameters these are …", role="status"),
                    ),
                    html.Div(
                        [
                            html.Div([html.H2("Seconds per trial"), figure("seconds", "Seconds per trial", 340)]),
                            html.Div(
                                [html.H2("Learning curves"), figure("learning", "Learning curves", 340)],
                                id=part("learned"),
                            ),
                        ],
                        className="pair",
                    ),
                    html.H2("Trials"),
                    panel(
                        radio(NAME, "order", "Order", ORDERS, state.order),
                        labelled(
                            "Page",
                            html.Div(
                                [
                                    html.Button("Previous", id=part("previous")),
                                    html.Button("Next", id=part("next")),
                                    html.Span(id=part("which"), role="status"),
                                ],
                                className="buttons player",
                            ),
                        ),
                    ),
                    html.Div(id=part("table"), className="wide", tabIndex="0", role="region", **TABLE),
                ],
                id=part("trials"),
            ),
            *(dcc.Store(part(name)) for name in ("shown", "looked", "below", "page", "tick", "curves-of")),
            dcc.Interval(part("clock"), EVERY_MS, disabled=not state.watch),
            dcc.Download(part("download")),
        ]
    )


def figure(name: str, label: str, height: int) -> Component:
    """A figure and its caption."""
    drawn = graph(part(name), label, nothing("", height), height)
    return html.Div([drawn, html.P(id=part(f"{name}-caption"), className="soft")])


VIEW = View(NAME, "Your experiment", LEAD, State, layout, register)
