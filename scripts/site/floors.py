"""The page of the floors: which package imports which, read from the code and drawn."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from bench.plots.page import as_it_comes

ROOT = Path(__file__).parents[2]
FLOORS = ("bench", "strategies", "problems")  # the highest first
COLOURS = ("#0072B2", "#009E73", "#E69F00")
PICTURE = "inside/floors.png"
HEAD = """# Floors

Three packages, each of which may import those below it and none above (`tests/test_house.py` reads every import):

| floor | what it is | what it knows |
|---|---|---|
| `bench/` | the harness: plan, run loop, store, measures, figures, pages, commands | problems and strategies |
| `strategies/` | who searches: homemade strategies, adapters, pruners | the search space, nothing else of problems |
| `problems/` | what is searched: spaces, functions, models, trainings | nothing of the others |

![Which package imports which](floors.png)

Drawn from the imports as they are: from each package to those on lower floors; an arrow's width is the number of files.
A floor's own name stands for the files directly in it. Third-party optimisers are imported in
`strategies/adapters/`, each in a file of its own, and that file only when its name is asked for.

## The way of a trial

1. `bench/settings.py` checks what was asked for; `bench/plan.py` makes the list of runs and of planned skips.
2. `bench/store.py` opens the database and says which runs are unfinished.
3. `bench/executors/` gives a run to a worker process, here or on a Ray cluster.
4. `bench/run.py`, the only loop there is, asks the strategy for a config, lets the problem `observe` it look by look (a
   pruner may end it), and tells the value. Random streams are made by name in `bench/seeding.py`.
5. The driver alone writes the trial, with its times, as a row of `experiment.db`
   ([columns](../reference/columns.md)).
6. `bench/analysis/` turns tables into measures, `bench/plots/` and `bench/charts/` draw them, `bench/report/` writes
   the page.

## How to test

`make test` is everything. A new strategy or problem is held to the contract of `strategies/testing.py` or
`problems/testing.py` by being in its table; `make torture` does every fault more often. [Contributing](contributing.md)
says what a change must bring along.

## Every import between packages

| package | imports (files) |
|---|---|"""


def pages() -> Mapping[str, str | bytes]:
    """The page and its picture by their names."""
    edges = imports()
    return {"inside/floors.md": "\n".join(lines(edges)), PICTURE: picture(edges)}


def imports() -> Counter[tuple[str, str]]:
    """How many files of a package import another one of ours: (importing, imported) -> files."""
    edges: Counter[tuple[str, str]] = Counter()
    for floor in FLOORS:
        for file in (ROOT / floor).rglob("*.py"):
            here = package(file.relative_to(ROOT).with_suffix("").parts)
            edges.update((here, other) for other in {package(name.split(".")) for name in imported(file)} - {here})
    return edges


def imported(file: Path) -> Iterator[str]:
    """The modules of ours that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        yield from (name for name in names if name.split(".")[0] in FLOORS)


def package(parts: tuple[str, ...] | list[str]) -> str:
    """The package of a module: a floor, or a folder of it."""
    is_folder = len(parts) > 1 and (ROOT / parts[0] / parts[1]).is_dir()
    return ".".join(parts[:2]) if is_folder else parts[0]


def lines(edges: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """The page."""
    yield HEAD
    for here in sorted({here for here, _ in edges}):
        others = ", ".join(f"`{other}` ({count})" for (who, other), count in sorted(edges.items()) if who == here)
        yield f"| `{here}` | {others} |"


def picture(edges: Mapping[tuple[str, str], int]) -> bytes:
    """The packages in a row per floor, and arrows to what they import on a lower one, as PNG."""
    packages = sorted({name for edge in edges for name in edge})
    rows = {floor: [name for name in packages if name.split(".")[0] == floor] for floor in FLOORS}
    places = {
        name: ((column + 1) / (len(own) + 1), -row)
        for row, own in enumerate(rows.values())
        for column, name in enumerate(own)
    }
    colours = dict(zip(FLOORS, COLOURS, strict=True))
    with as_it_comes():
        figure = Figure(figsize=(12, 4.5))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, 1), ylim=(0.3 - len(FLOORS), 0.3))
        ax.axis("off")
        for (here, other), count in edges.items():
            if places[here][1] > places[other][1]:
                look = {"color": colours[here.split(".")[0]], "linewidth": 0.4 + 0.15 * count, "alpha": 0.35}
                ends = {"arrowstyle": "-|>", "mutation_scale": 8, "shrinkA": 12, "shrinkB": 14}
                ax.add_patch(FancyArrowPatch(places[here], places[other], **look, **ends))
        for name, (x, y) in places.items():
            floor, _, folder = name.partition(".")
            box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": colours[floor]}
            weight = "normal" if folder else "bold"
            ax.text(
                x,
                y,
                folder.replace("_", "_\n") or floor,
                ha="center",
                va="center",
                fontsize=8.5,
                weight=weight,
                bbox=box,
            )
        buffer = BytesIO()
        figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return buffer.getvalue()
