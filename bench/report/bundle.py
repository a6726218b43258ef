"""What makes the page's charts move: Plotly and our script, within the page, and nothing else allowed.

Plotly lies in the page once, compressed, and so do the charts, of which a standard experiment has megabytes; the script
unpacks both. The page's Content-Security-Policy names the two scripts by their hashes: no other runs, whatever a name
or a message says.
"""

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup

from bench.charts.dark import CARD, ON_DARK
from bench.report.chart_files import Interactive

LEVEL = 6  # of compression; the next ones cost more time than they save bytes


@dataclass(frozen=True)
class Bundle:
    """Parts of the page, which hold nothing that a browser could take for a tag: base64, or our own words."""

    policy: str
    script: Markup
    plotly: Markup
    charts: Markup


def bundle(charts: Iterable[Interactive]) -> Bundle:
    """Scripts and data of a page with these charts."""
    script = (files("bench.report") / "templates" / "charts.js").read_text(encoding="utf-8")
    library, its_hash = plotly()
    entries = ",".join(f"{json.dumps(chart.file)}:{chart.packed}" for chart in charts)
    colours = json.dumps({"card": CARD, "onDark": dict(ON_DARK)})
    return Bundle(
        policy=(
            "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; "
            f"script-src '{hash_of(script.encode())}' '{its_hash}'"
        ),
        script=Markup(script),
        plotly=Markup(library),
        charts=Markup(packed(f'{{"charts":{{{entries}}},"colours":{colours}}}'.encode())),
    )


@cache
def plotly() -> tuple[str, str]:
    """plotly.js as the Python package brings it, packed; and its hash."""
    library = (files("plotly") / "package_data" / "plotly.min.js").read_bytes()
    return packed(library), hash_of(library)


def packed(content: bytes) -> str:
    """Compressed and in letters that mean nothing; the same content gives the same."""
    return b64encode(gzip.compress(content, LEVEL, mtime=0)).decode()


def hash_of(script: bytes) -> str:
    """As a Content-Security-Policy names it."""
    return f"sha256-{b64encode(sha256(script).digest()).decode()}"
