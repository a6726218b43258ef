"""Figures for print as files, and as a page shows them."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from bench.plots.page import Drawing, as_it_comes
from bench.report.files import replacing, safe_name

PNG_DPI = 120
LARGEST_SVG = 450_000  # bytes; from there on the page holds the PNG, so that it can be mailed
NOT_DATED: Mapping[str, Mapping[str, Any]] = {  # by kind, what must not be in a file: the same data give the same bytes
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
TRUETYPE = 42  # journals refuse PDFs with fonts of type 3, Matplotlib's default
ON_PAGES = ("png", "svg")
FOR_PRINT = (*ON_PAGES, "pdf")


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it."""

    title: str
    caption: str
    data_uri: str
    width: int  # CSS pixels
    files: Mapping[str, str]  # label -> path relative to the page
    name: str = ""  # of the drawing
    section: str = ""  # of the page


def image(figure: Figure, kind: str) -> bytes:
    """`figure` as a file of `kind`; the same data give the same bytes."""
    buffer = BytesIO()
    with (
        as_it_comes(),
        rc_context({"svg.hashsalt": "search-bench", "svg.fonttype": "path", "pdf.fonttype": TRUETYPE}),
    ):
        figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=dict(NOT_DATED[kind]))
    return buffer.getvalue()


def write_figure(drawing: Drawing, folder: Path, kinds: Sequence[str] = ON_PAGES) -> Picture:
    """Write a drawing's files, PNG and SVG among the `kinds`, and return what the page shows of it."""
    name = safe_name(drawing.name)
    files = {kind: image(drawing.figure, kind) for kind in kinds}
    for kind, content in files.items():
        with replacing(folder / f"{name}.{kind}") as draft:
            draft.write_bytes(content)
    mime, content = ("image/svg+xml", files["svg"]) if len(files["svg"]) <= LARGEST_SVG else ("image/png", files["png"])
    data_uri = f"data:{mime};base64,{b64encode(content).decode()}"
    links = {kind.upper(): f"{folder.name}/{name}.{kind}" for kind in files}
    width = round(96 * drawing.figure.get_size_inches()[0])  # CSS has 96 pixels to the inch
    title = drawing.title.replace(r"\$", "$")
    return Picture(title, drawing.caption, data_uri, width, links, drawing.name, drawing.section)
