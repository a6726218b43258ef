"""The page's headings, in order, and what stands under which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from bench.report.chart_files import Interactive
from bench.report.pictures import Picture

SECTIONS = (
    "Answer", "Summary", "Curves", "By problem", "Scaling", "Time", "Pairs", "Profiles", "Trust",
    "Set-up", "Environment",
)  # fmt: skip
ALWAYS = ("Answer", "Summary", "Trust", "Set-up", "Environment")
Shown: TypeAlias = Interactive | Picture


def arranged(charts: Sequence[Interactive], pictures: Iterable[Picture]) -> Mapping[str, Sequence[Shown]]:
    """What each section shows: the charts, and the figures for print that no chart of the page stands for.

    A chart that is too large for a page gives way to the figure of its name. Every file is linked beside what is shown.
    """
    found: dict[str, list[Shown]] = {section: [] for section in SECTIONS}
    for item in beside(charts, pictures):
        found[item.section].append(item)
    return found


def beside(charts: Sequence[Interactive], pictures: Iterable[Picture]) -> list[Shown]:
    """Charts, then figures for print that no chart stands for; each with the files of both that have its name."""
    fit = {chart.name: chart for chart in charts if chart.packed}
    numbers = {chart.name: chart.files for chart in charts}
    drawn = {picture.name: picture for picture in pictures}
    interactive = [
        replace(chart, files={**numbers[name], **(drawn[name].files if name in drawn else {})})
        for name, chart in fit.items()
    ]
    printed = [
        replace(picture, files={**numbers.get(name, {}), **picture.files})
        for name, picture in drawn.items()
        if name not in fit
    ]
    return [*interactive, *printed]
