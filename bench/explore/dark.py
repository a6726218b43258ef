"""Colours of the explorer's figures where the reader's system is dark: those of the charts, and of its own figures."""

from collections.abc import Mapping
from types import MappingProxyType

from bench.charts.dark import CARD, ON_DARK
from bench.explore.views.experiment.parallel import SHADES
from bench.explore.views.one_dimension import figure as one_dimension
from bench.explore.views.sensitivity import figures as sensitivity

IN_THE_DARK: Mapping[str, str] = MappingProxyType(
    {
        **ON_DARK,
        "#fff": CARD,  # what parts a mark, or words, from the lines behind it
        "#ffffff": CARD,
        one_dimension.NEXT: "#f0723f",
        one_dimension.WORTH: "#2fb597",
        sensitivity.VALIDATION: "#4aa3e0",
        sensitivity.TRAINING: "#f08a3c",
        sensitivity.NOW: "#ff8a80",
        sensitivity.GREYS[1]: "#55575e",
        **dict(zip(SHADES, reversed(SHADES), strict=True)),  # what stands out stands out
    }
)
