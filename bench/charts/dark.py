"""Colours of charts on a dark page, in place of those that could hardly be seen there; all others stay."""

from collections.abc import Mapping
from types import MappingProxyType

from bench.charts.chart import GRID, INK, SOFT
from bench.plots.style import BLACK, GREY, OTHER_COLOURS, WINE

CARD = "#202226"  # what charts stand on where the page is dark, as in its style
LEAST_CONTRAST = 3.0  # of a line with its ground (WCAG 2.2, 1.4.11)
INDIGO, _, FOREST = OTHER_COLOURS
ON_DARK: Mapping[str, str] = MappingProxyType(
    {
        INK: "#e8e8ea",
        SOFT: "#a8a8ae",
        GRID: "#383a40",
        BLACK: "#f4f4f6",
        GREY: "#a0a0a6",
        WINE: "#c9558f",
        INDIGO: "#8f83e6",
        FOREST: "#43b36a",
    }
)
