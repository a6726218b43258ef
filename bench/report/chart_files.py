"""Interactive figures as the report's page holds them, and their numbers as files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.charts.chart import Chart
from bench.report.files import replacing, safe_name

LARGEST_CHART = 3_000_000  # characters; from there on the page holds the figure for print
DIGITS = "%.6g"  # of the numbers beside a chart


@dataclass(frozen=True)
class Interactive:
    """A chart on its way to the page."""

    name: str
    title: str
    caption: str
    section: str
    height: int  # CSS pixels
    file: str  # safe stem of its files, and its mark on the page
    packed: str  # JSON: `figure`, `csv`, `title`; empty where it would be too large for a page
    files: Mapping[str, str]  # label -> path relative to the page


def write_chart(chart: Chart, folder: Path) -> Interactive:
    """Write the numbers of `chart` as CSV, and return what the page needs."""
    file = safe_name(chart.name)
    table = chart.table.to_csv(index=False, float_format=DIGITS, lineterminator="\n")
    with replacing(folder / f"{file}.csv") as draft:
        draft.write_text(table, encoding="utf-8")
    figure = {"data": chart.figure["data"], "layout": chart.figure["layout"]}
    packed = json.dumps({"figure": figure, "csv": table}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Interactive(
        name=chart.name,
        title=chart.title,
        caption=chart.caption,
        section=chart.section,
        height=int(chart.figure["layout"].get("height", 430)),
        file=file,
        packed=packed if len(packed) <= LARGEST_CHART else "",
        files={"CSV": f"{folder.name}/{file}.csv"},
    )
