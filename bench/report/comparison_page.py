"""`write_comparison`: tables, figures and one page that says what came of two versions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.analysis.paired_change import Estimate
from bench.charts.comparison_charts import comparison_charts
from bench.comparison.measures import Comparison, summary
from bench.comparison.pairing import Side
from bench.comparison.rule import ERRORS, RULE
from bench.comparison.sources import same_machine
from bench.plots.comparison_figures import draw_comparison
from bench.report.bundle import bundle
from bench.report.chart_files import Interactive, write_chart
from bench.report.comparison_findings import sentences, times, with_interval
from bench.report.files import replacing
from bench.report.measures import BOOTSTRAP_SEED
from bench.report.pages import as_text, templates
from bench.report.pictures import FOR_PRINT, write_figure
from bench.report.sections import beside
from bench.report.wording import bracket, number, share


def write_comparison(
    old: Side, new: Side, found: Sequence[Comparison], notes: Sequence[str], margin: float, folder: Path
) -> Path:
    """Write `comparison.csv`, `cells.csv`, `pairs.csv`, figures and `report.html` into `folder`; returns the page."""
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    tables = {
        "comparison": summary(found),
        "cells": pd.concat([each.cells.assign(strategy=str(each.match)) for each in found]),
        "pairs": pd.concat([each.pairs.assign(strategy=str(each.match)) for each in found]),
    }
    for name, table in tables.items():
        with replacing(folder / f"{name}.csv") as draft:
            table.to_csv(draft, index=False)
    for_print, for_charts = (np.random.default_rng(BOOTSTRAP_SEED).spawn(len(found)) for _ in range(2))  # alike
    shown = [
        beside(
            [write_chart(chart, figures) for chart in comparison_charts(each, margin, stream)],
            [write_figure(drawing, figures, FOR_PRINT) for drawing in draw_comparison(each, margin, alike)],
        )
        for each, stream, alike in zip(found, for_charts, for_print, strict=True)
    ]
    one_machine = same_machine(old, new)
    text = templates().get_template("comparison.html").render(
        old=old.name, new=new.name, found=list(zip(found, shown, strict=True)), notes=notes, margin=margin,
        bundle=bundle([chart for items in shown for chart in items if isinstance(chart, Interactive)]),
        said=lambda each: sentences(each, margin, one_machine), rule=RULE, errors=ERRORS,
        times=times, with_interval=with_interval, ratio_of=ratio_of, bracket=bracket, number=number, share=share,
        environment=of_both(old.experiment.environment, new.experiment.environment),
    )  # fmt: skip
    page = folder / "report.html"
    with replacing(page) as draft:
        draft.write_text(text, encoding="utf-8")
    return page


def ratio_of(row: Mapping[str, float]) -> str:
    """The ratio of a cell with its interval."""
    return with_interval(Estimate(row["ratio"], row["ratio_low"], row["ratio_high"]))


def of_both(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Two environments as one: what differs, as both have it."""
    shown = [{key: as_text(value) for key, value in side.items()} for side in (old, new)]
    before, now = shown
    return {
        key: before.get(key, "–") if before.get(key) == now.get(key)
        else f"old: {before.get(key, '–')}; new: {now.get(key, '–')}"
        for key in dict.fromkeys([*before, *now])
    }  # fmt: skip
