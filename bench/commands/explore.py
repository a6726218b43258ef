"""`explore`: the web page in which the strategies run live."""

from pathlib import Path

from bench.errors import UsageError
from problems.entries import Needs
from problems.loading import resolve

DASH = Needs("explore", ("dash",), "dash")


def explore(results: Path, host: str, port: int | None, browser: bool) -> None:
    """Serve the explorer until Ctrl-C; raises `UsageError` where Dash is not installed or the port is taken."""
    if missing := DASH.missing():
        raise UsageError(f"explore {missing}")
    resolve("bench.explore.server:serve")(results, host, port, browser)
