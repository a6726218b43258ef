"""Debian's Chromium for the tests of pages: one at a time, and where it is missing, a line that says how to get it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def a_browser() -> Iterator[Browser]:
    """A browser, to be driven before another one is opened in the same process."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


def serious(page: Page) -> list[str]:
    """What axe-core finds on a page that keeps people out."""
    found = Axe().run(page).response["violations"]
    bad = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:300]}" for fault in bad]


def seen(page: Page, expression: str) -> Any:
    """The value of `expression` on a page that may be loaded again at any moment."""
    while True:
        try:
            return page.evaluate(expression)
        except Error as error:
            if "because of a navigation" not in str(error):
                raise
            page.wait_for_load_state()


def until(page: Page, expression: str, expected: object) -> None:
    """Wait; `wait_for_function` would be a script that the report does not allow."""
    for _ in range(100):
        if seen(page, expression) == expected:
            return
        page.wait_for_timeout(50)
    assert seen(page, expression) == expected
