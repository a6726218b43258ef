"""Parts of the page: a hyperparameter's control in its own scale, and the ranked sensitivities."""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from bench.analysis.sensitivity.data import NOTHING
from bench.exchange.rows import records
from bench.explore.controls import control
from bench.explore.views.sensitivity.training import Number
from bench.explore.views.sensitivity.words import LABELS, MARKS, POWERS, meaning, short
from bench.report.wording import between, listed, share
from bench.sensitivity.advice import order_in_words, quality_in_words, warnings
from bench.sensitivity.cells import Cell
from problems.space import Float

SHOWN = {"fanova": "Alone", "total": "With others", "ped_anova": "In the best"}  # measure -> heading


def position(parameter: Number, value: float) -> float:
    """Where the slider stands: decades on a log scale."""
    return math.log10(value) if parameter.log else value


def hyperparameter(view: str, parameter: Number, value: float) -> Component:
    """A slider in the parameter's own scale, its value to read and to type, and its place in the tuning order."""
    name, (low, high) = parameter.name, (parameter.low, parameter.high)
    whole = not isinstance(parameter, Float)
    bar = dcc.Slider(
        min=position(parameter, low), max=position(parameter, high), value=position(parameter, value),
        step=(0.01 if whole else 0.05) if parameter.log else 1, updatemode="mouseup", allow_direct_input=False,
        marks={position(parameter, at): words for at, words in MARKS[name].items()}, id=slide(name),
    )  # fmt: skip
    number = dcc.Input(
        type="number", value=value, min=low, max=high, step=1 if whole else "any", debounce=True,
        id=control(view, name), className="number",
    )  # fmt: skip
    label = LABELS[name]
    said: dict[str, Any] = {"aria-label": label}
    head = [
        html.Span(
            [
                label,
                html.Span(f" = {meaning(name, value)}" * bool(meaning(name, value)), id=f"sensitivity-means-{name}"),
            ]
        ),
        html.Span(id=f"sensitivity-place-{name}", className="place"),
    ]
    return html.Div(
        [
            html.Div(head, className="label"),
            html.Div([html.Div(bar, className="bar"), number], className="both"),
            dcc.Store(
                id=f"sensitivity-scale-{name}", data={"log": parameter.log, "whole": whole, "power": name in POWERS}
            ),
        ],
        className="control",
        role="group",
        **said,
    )


def slide(name: str) -> str:
    """The id of a parameter's slider."""
    return f"sensitivity-slide-{name}"


def ordered(cell: Cell) -> Iterator[tuple[str, str]]:
    """Every parameter once, what to tune first first, and its place: `"1"`, `"2–4"`; empty where no effect was seen."""
    rows = records(cell.order)
    for row in rows:
        first, count = int(row["place"]), sum(other["place"] == row["place"] for other in rows)
        last = f"–{first + count - 1}" if count > 1 else ""
        yield str(row["parameter"]), f"{first}{last}" if row["seen"] else ""


def places(cell: Cell) -> dict[str, str]:
    """What stands beside each parameter's control."""
    count = len(cell.space)
    return {name: f"place {place} of {count}" if place else "no effect seen" for name, place in ordered(cell)}


def ranking(cell: Cell, recorded: int) -> list[Component]:
    """Every parameter once, what to tune first on top; the order in words; how far to trust it."""
    table = cell.importances.set_index(["parameter", "measure"])
    measures = {name: words for name, words in SHOWN.items() if name in cell.answers.measures}
    head = html.Tr([html.Th("Place"), html.Th("Parameter"), *(html.Th(words) for words in measures.values())])
    rows = []
    for name, place in ordered(cell):
        numbers = [numbers_of(table, name, measure) for measure in measures]
        rows.append(html.Tr([html.Td(place or "–"), html.Th(short(name), scope="row"), *(bar(*n) for n in numbers)]))
    by_chance = {words: numbers_of(table, NOTHING, measure)[0] for measure, words in measures.items()}
    chance = listed([f"{share(value)} ({words.lower()})" for words, value in by_chance.items()])
    configs = sum(len(instance.observed.sample.values) for instance in cell.instances)
    advice = [quality_in_words(cell), *warnings(cell)]
    return [
        html.P([html.Strong("Tuning order: "), f"{in_words(cell)}."], id="sensitivity-order"),
        html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="ranks"), className="wide", tabIndex="0"),
        html.Details(
            [
                html.Summary(f"From {configs} of {recorded} recorded trainings; how far to trust it"),
                html.P(
                    "Alone: the part of the error's variance that the parameter explains by itself (fANOVA, of a "
                    "random forest). With others: the part that it has a hand in (Sobol' total index, of a Gaussian "
                    "process). In the best: how far its values among the best tenth are from those of all (PED-ANOVA, "
                    f"as shares). Each with its 95 % interval; a parameter without effect gets {chance}. The order "
                    "is by the mean rank over these and a fourth, ARD; parameters that none tells apart share a place."
                ),
                html.Ul([html.Li(f"{line[0].upper()}{line[1:]}.") for line in advice]),
            ],
            className="soft",
        ),
    ]


def numbers_of(table: pd.DataFrame, name: str, measure: str) -> tuple[float, float, float]:
    """What a measure says of a parameter, and the ends of its interval."""
    row = table.loc[(name, measure), ["value", "low", "high"]].to_numpy(dtype=float)
    return float(row[0]), float(row[1]), float(row[2])


def in_words(cell: Cell) -> str:
    """The tuning order with the names that the controls have."""
    words = order_in_words(cell)
    for name in cell.space.names:
        words = words.replace(name, short(name))
    return words


def bar(value: float, low: float, high: float) -> Component:
    """A part of the variance as a bar with its interval, and in numbers."""
    value, low, high = (min(max(number, 0.0), 1.0) for number in (value, low, high))
    hidden: dict[str, Any] = {"aria-hidden": "true"}
    drawn = html.Div(
        [
            html.Div(className="part", style={"width": f"{100 * value:.1f}%"}),
            html.Div(className="span", style={"left": f"{100 * low:.1f}%", "width": f"{100 * (high - low):.1f}%"}),
        ],
        className="track",
        **hidden,
    )
    return html.Td([html.Span(share(value)), html.Small(f" {between(low, high, share)}".removesuffix(" %")), drawn])
