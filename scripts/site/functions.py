"""The page of all problems: formula, box, optimum, source and picture of each test function; the others in a table."""

from collections.abc import Iterator, Mapping
from io import BytesIO

import numpy as np
from matplotlib.figure import Figure

from bench.plots.page import as_it_comes
from problems.catalogue import FORMULAS, Formula
from problems.registry import ProblemEntry, problems

POINTS = 201  # along an axis
LEVELS = 24
NUMBER = "{:.6g}"
MOVED = {"everywhere": "shifted", "box": "stretched and mirrored"}
HEAD = """# Problems

Everything is minimised. An *instance* follows from the seed, and puts the optimum somewhere new: functions that are
valid everywhere are shifted, some are also rotated, the others stretched and mirrored within their box. Pictures and
minimisers are of the formula itself. [Wrappers](../problems.md) add noise, steps, logarithms and parameters without
effect.

## Test functions
"""
OTHERS = """## Trainings, models and suites

| problem | what it is | how many | needs |
|---|---|---|---|"""


def pages() -> Mapping[str, str | bytes]:
    """The page and its pictures by their names."""
    drawn = {
        f"reference/problems/{name}.png": picture(FORMULAS[name], shown_dim(entry))
        for name, entry in functions().items()
    }
    return {"reference/problems.md": "\n".join(lines()), **drawn}


def functions() -> Mapping[str, ProblemEntry]:
    """The test functions."""
    return {name: entry for name, entry in problems().items() if name in FORMULAS}


def shown_dim(entry: ProblemEntry) -> int:
    """In how many dimensions it is described: two, where it has them."""
    return max(entry.min_dim, min(2, entry.max_dim or 2))


def lines() -> Iterator[str]:
    """The page."""
    yield HEAD
    for name, entry in functions().items():
        yield from described(name, entry, FORMULAS[name])
    yield OTHERS
    for name, entry in problems().items():
        if name not in FORMULAS:
            needs = "your files" if entry.needs.files else f"`{entry.needs.extra}`" if entry.needs.extra else ""
            yield f"| `{name}` | {entry.summary} | {parameters(entry)} | {needs} |"


def described(name: str, entry: ProblemEntry, formula: Formula) -> Iterator[str]:
    """The section of a function."""
    dim = shown_dim(entry)
    low, high = formula.box(dim)
    box = " × ".join(f"[{number(a)}, {number(b)}]" for a, b in zip(low, high, strict=True))
    places = "; ".join(f"({', '.join(map(number, point))})" for point in formula.minimisers(dim))
    yield f"### {name}\n"
    yield f"![{name}: {entry.summary}](problems/{name}.png){{ width=320 }}\n"
    yield f"{entry.summary.capitalize()}, of {parameters(entry)}.\n"
    yield "| | |"
    yield "|---|---|"
    yield f"| formula | {' '.join((formula.function.__doc__ or '').split()).replace('|', chr(92) + '|')} |"
    yield f"| box | {box} |"
    yield f"| minimum | {number(formula.minimum(dim))} at {places} ({formula.origin}) |"
    yield f"| instances | {MOVED[formula.valid]}{' and rotated' if formula.rotated else ''} |"
    yield f"| source | {formula.source} |"
    yield ""


def parameters(entry: ProblemEntry) -> str:
    """How many it may have."""
    if entry.max_dim == entry.min_dim:
        return f"{entry.min_dim} {'parameter' if entry.min_dim == 1 else 'parameters'}"
    return f"{entry.min_dim} to {entry.max_dim} parameters" if entry.max_dim else f"{entry.min_dim} or more parameters"


def number(value: float) -> str:
    """A number as people write it."""
    return NUMBER.format(value).replace("-", "−")


def picture(formula: Formula, dim: int) -> bytes:
    """A line, or the first two coordinates with the others at a minimiser, as PNG."""
    low, high = formula.box(dim)
    best = formula.minimisers(dim)[0]
    axes = [np.linspace(a, b, POINTS) for a, b in zip(low[:2], high[:2], strict=True)]
    with as_it_comes():
        figure = Figure(figsize=(4, 3.2), layout="constrained")
        ax = figure.add_subplot()
        if dim == 1:
            ax.plot(axes[0], formula.function(axes[0][:, None]), color="#0072B2")
            ax.set(xlabel="x₁", ylabel="value")
        else:
            points = np.broadcast_to(np.array(best), (POINTS, POINTS, dim)).copy()
            points[..., 0], points[..., 1] = np.meshgrid(*axes)
            values = formula.function(points)
            shown = np.log10(values - values.min() + 1e-3 * np.ptp(values))  # the valley, and the mountains
            ax.contourf(*axes, shown, levels=LEVELS, cmap="viridis")
            for point in formula.minimisers(dim):
                ax.plot(*point[:2], marker="*", color="white", markeredgecolor="black", markersize=13)
            ax.set(xlabel="x₁", ylabel="x₂")
        buffer = BytesIO()
        figure.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    return buffer.getvalue()
