"""What a step comes to, in words."""

from itertools import accumulate
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from bench.explore.views.one_dimension.step import Step
from bench.explore.views.one_dimension.worth import Kind
from problems.base import Problem


def shown(value: float) -> str:
    """A number for people."""
    return f"{value:.4g}".replace("-", "−")


def next_words(step: Step, kind: Kind, problem: Problem | None) -> list[Any]:
    """Where next and why, the best so far, and how far from the optimum; `problem` is None where that is hidden."""
    lines = [html.Strong(f"Next: x = {shown(step.suggestion)}"), f"{because(step, kind)} ", best_words(step)]
    return [*lines, " ", "True optimum: hidden." if problem is None else optimum_words(step, problem)]


def because(step: Step, kind: Kind) -> str:
    """Why there."""
    if step.belief is None:
        return ", a Sobol' point, as gp begins: the model needs two samples before it believes anything."
    place = int(np.searchsorted(step.grid, step.suggestion))
    unit = f" {kind.unit}" if kind.unit else ""
    return f", because {kind.short} is highest there: {shown(float(step.belief.worth[place]))}{unit}."


def best_words(step: Step) -> str:
    """The incumbent."""
    if step.best is None:
        return "No samples yet."
    return f"Best of {len(step.x)} so far: {shown(step.told[step.best])} at x = {shown(step.x[step.best])}."


def optimum_words(step: Step, problem: Problem) -> str:
    """The optimum, and the regret."""
    optimum = problem.optimum
    if optimum is None:
        return "The true optimum is not known."
    places = [shown(next(iter(minimiser.values()))) for minimiser in optimum.minimisers]
    return f"True optimum: {shown(optimum.value)} at x = {' and '.join(places)}."


def hyperparameters(step: Step) -> str:
    """Those of the model."""
    if step.belief is None:
        return ""
    length, noise = step.belief.length, step.belief.noise
    return f"Length scale {length:.2g} of the range, noise {noise:.1g} of the signal's standard deviation. "


def meaning(step: Step, kind: Kind, problem: Problem, warped: bool) -> list[Component]:
    """What the acquisition weighs, on which scale the model believes, and whose the function is."""
    scale = (
        "The model is that of gp: a Gaussian process (Matérn-5/2) of warped values, log(1 + b · gap to the best), with "
        "b learned. Its mean and its 95 % band are put back into units of the value here, where the mean is the median."
        if warped
        else "The model is that of gp, a Gaussian process (Matérn-5/2), without its warp of the values."
    )
    return [
        html.H2(f"{kind.title}" if kind.short in kind.title else f"{kind.title} ({kind.short})"),
        html.P([f"{kind.says} ", html.Code(kind.formula), f" ({kind.source}). "]),
        html.P(
            f"{scale} {hyperparameters(step)}m and s are the belief's mean and standard deviation on that scale, best "
            "its smallest mean at a sample, z = (best − m)/s. The band is about the function itself, without the "
            "noise of a told value.",
            className="soft",
        ),
        html.P(
            f"The function: {problem.source}; shifted, or stretched and perhaps mirrored, by the seed.",
            className="soft",
        ),
    ]  # fmt: skip


def table(step: Step) -> Component:
    """The samples in the order taken."""
    rows = [
        html.Tr([html.Td(text, className="n") for text in (str(i), shown(x), shown(told), shown(best))])
        for i, (x, told, best) in enumerate(zip(step.x, step.told, accumulate(step.told, min), strict=True), start=1)
    ]
    heads = html.Tr([html.Th(word) for word in ("sample", "x", "told value", "best so far")])
    return html.Div(html.Table([html.Thead(heads), html.Tbody(rows)]), className="wide")
