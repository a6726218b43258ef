"""One explorer, served from a thread, for all its tests that a process runs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

import bench.explore.view as views
from bench.explore.server import listening

PATIENCE_MS = 20_000  # what a page may take where others use the machine, too
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of experiments that the explorer looks at."""
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def address(results: Path) -> Iterator[str]:
    """Of the explorer's page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "VIEWS", [*views.VIEWS, "tests.bench.explore.a_view:VIEW"])
        server = listening(results, "127.0.0.1", 0)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Opens a page of the explorer; at the end, nothing may have been complained of or fetched from elsewhere."""
    pages: list[Page] = []
    wrong: list[str] = []

    def open_page(path: str, width: int = 1280) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((address, "data:", "blob:")) else wrong.append(asked.url),
        )
        page.goto(f"{address}/{path.removeprefix('/')}")
        page.wait_for_selector("main h1")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert wrong == []
