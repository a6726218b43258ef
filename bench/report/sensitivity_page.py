"""`write_sensitivity`: tables, figures and one page that holds them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.analysis.sensitivity.data import NOTHING
from bench.analysis.sensitivity.methods import MEASURES, METHODS, SOBOL
from bench.experiment import Experiment
from bench.plots.page import Drawing
from bench.plots.sensitivity_figures import (
    agreement_figure,
    importance_figure,
    partial_dependence_figure,
    rug_of,
)
from bench.plots.style import shown
from bench.report.files import replacing
from bench.report.pages import as_text, templates
from bench.report.pictures import write_figure
from bench.report.wording import bracket, number
from bench.sensitivity.advice import agreement_in_words, order_in_words, quality_in_words, warnings
from bench.sensitivity.cells import Cell, cell_of

ALL = "all"  # instances together
RANK = "mean_rank"  # a measure of its own in the table
COLUMNS = ["parameter", "measure", "model", "value", "low", "high", "place", "seen"]


def write_sensitivity(experiment: Experiment, cells: Sequence[Cell], notes: Sequence[str], folder: Path) -> Path:
    """Write `sensitivity.csv`, `partial_dependence.csv`, figures and `report.html` into `folder`; returns the page."""
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    curves = pd.concat([named(cell, with_values(cell)) for cell in cells], ignore_index=True)
    tables = {"sensitivity": pd.concat(map(rows_of, cells), ignore_index=True), "partial_dependence": curves}
    for name, table in tables.items():
        with replacing(folder / f"{name}.csv") as draft:
            table.to_csv(draft, index=False)
    labels = dict(zip(experiment.runs["problem"], experiment.runs["value_label"], strict=True))
    pictures = [
        [write_figure(drawing, figures) for drawing in draw(cell, label_of(labels.get(cell.problem)))] for cell in cells
    ]
    page = folder / "report.html"
    text = templates().get_template("sensitivity.html").render(
        name=experiment.name, cells=list(zip(cells, pictures, strict=True)), notes=notes, methods=METHODS,
        measures=MEASURES, nothing=NOTHING, order_in_words=order_in_words, agreement_in_words=agreement_in_words,
        quality_in_words=quality_in_words, warnings=warnings, shown=with_interval,
        environment={key: as_text(value) for key, value in experiment.environment.items()},
    )  # fmt: skip
    with replacing(page) as draft:
        draft.write_text(text, encoding="utf-8")
    return page


def label_of(label: object) -> str:
    """What an axis of values is called; a run that never began has not said."""
    return label if isinstance(label, str) and label else "value"


def named(cell: Cell, table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the columns `problem` and `dim` in front."""
    found = table.copy()
    found.insert(0, "problem", cell.problem)
    found.insert(1, "dim", cell.dim)
    return found


def rows_of(cell: Cell) -> pd.DataFrame:
    """All instances together, and each alone: a row per parameter and measure.

    Columns: `problem`, `dim`, `instance`, `parameter`, `measure`, `model`, `value`, `low`, `high`, `place`, `seen`.
    """
    alone = [(str(answer.instance.number), cell_of([answer])) for answer in cell.instances]
    parts = [of(each).assign(instance=instance) for instance, each in ((ALL, cell), *alone)]
    return named(cell, pd.concat(parts, ignore_index=True)[["instance", *COLUMNS]])


def of(cell: Cell) -> pd.DataFrame:
    """What each measure says, and the mean rank."""
    models = {measure.name: method.name for method in METHODS for measure in method.measures}
    models |= dict.fromkeys(SOBOL, "the function itself") if cell.direct else {}
    numbers = cell.importances.assign(model=cell.importances["measure"].map(models))
    ranks = cell.order.assign(measure=RANK, value=cell.order["mean_rank"])
    return pd.concat([numbers, ranks], ignore_index=True).reindex(columns=COLUMNS)


def with_values(cell: Cell) -> pd.DataFrame:
    """Partial dependence with `at`: the parameter's own value at the unit."""
    parameters = {parameter.name: parameter for parameter in cell.space}
    pairs = zip(cell.curves["parameter"], cell.curves["unit"], strict=True)
    at = [parameters[name].from_unit(unit) for name, unit in pairs]
    return cell.curves.assign(at=pd.Series(at, index=cell.curves.index, dtype=object))[
        ["parameter", "unit", "at", "value", "low", "high"]
    ]


def draw(cell: Cell, value_label: str) -> Iterator[Drawing]:
    """The three figures of a problem in a dimension."""
    order, count = list(cell.order["parameter"]), len(cell.instances)
    of = f"{shown(cell.problem)}, d = {cell.dim}"
    stem = f"{cell.problem}-{cell.dim}d"
    configs = sum(len(i.observed.sample.values) for i in cell.instances)
    subtitle = f"n = {configs} configs of {count} instance{'s' * (count > 1)}; 95 % intervals"
    headings = {name: MEASURES[name].heading for name in cell.answers.measures}
    table = cell.importances.assign(heading=cell.importances["measure"].map(headings))
    yield importance_figure(
        f"importances-{stem}", f"Which parameters matter: {of}", subtitle, table, [*order, NOTHING],
        list(headings.values()),
    )  # fmt: skip
    yield partial_dependence_figure(
        f"partial-dependence-{stem}", f"What each parameter does: {of}", subtitle, cell.space, cell.curves, cell.lines,
        rug(cell), order, value_label,
    )  # fmt: skip
    if len(headings) > 1 and len(order) > 1:
        tau = cell.agreement.rename(index=headings, columns=headings)
        yield agreement_figure(
            f"agreement-{stem}", f"Do the methods agree? {of}", f"Kendall's τ over {len(order)} parameters", tau
        )


def rug(cell: Cell) -> pd.DataFrame:
    """Where the trials of all instances were."""
    names = list(cell.space.names)
    units = []
    for answer in cell.instances:
        sample = answer.observed.sample
        units.append(sample.units[:, [sample.space.names.index(name) for name in names]])
    return rug_of(np.concatenate(units), names)


def with_interval(cell: Cell, parameter: str, measure: str) -> str:
    """`"0.31 [0.29, 0.33]"`."""
    rows = cell.importances
    row = rows[(rows["parameter"] == parameter) & (rows["measure"] == measure)].iloc[0]
    value, low, high = (max(float(row[name]), 0.0) for name in ("value", "low", "high"))
    return f"{number(value)}{bracket(low, high)}"
