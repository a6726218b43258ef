"""Pictures of the report and of every view of the explorer, for the docs: docs/pictures/*.png.

python scripts/make_screenshots.py                        all of them; a few minutes, with the runs that they show
python scripts/make_screenshots.py report landscape       these

They are made in Debian's Chromium (apt-get install chromium), 1280 pixels wide, and again on a phone's 390 into
results/pictures/, where they are looked at and not kept.
"""

import argparse
import shutil
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from threading import Thread

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.experiment import Experiment, run_experiment
from bench.explore.server import listening
from bench.report.html import write_report

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results" / "pictures"
DOCS = ROOT / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
COLOURS = 128  # of a picture; a third of the size of all of them
EXPERIMENT = {
    "problems": "ackley,branin,hartmann6,levy,rosenbrock,rastrigin", "dims": "2,5",
    "strategies": "grid,random,sobol,gp,optuna-tpe", "trials": 30, "seeds": 5, "name": "example",
}  # fmt: skip
SETTLE_MS = 3000  # until what moves has come to rest


def example() -> Experiment:
    """The experiment that is shown."""
    return run_experiment(results=RESULTS, **EXPERIMENT)


def save(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep what `page` shows: wide for the docs, narrow to be looked at."""
    page.wait_for_timeout(SETTLE_MS)
    picture = Image.open(BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    folder = DOCS if page.viewport_size == WIDE else RESULTS
    kind = "" if page.viewport_size == WIDE else "-phone"
    picture.quantize(COLOURS).save(folder / f"{name}{kind}.png", optimize=True)


WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 800}


def report(section: str) -> Callable[[Page, str], None]:
    """The report at the heading of a section."""

    def show(page: Page, address: str) -> None:
        page.goto((RESULTS / "example" / "report.html").as_uri())
        page.locator(f"h2:text-is('{section}')").evaluate("heading => heading.scrollIntoView()")

    return show


def opened(page: Page, address: str, there: str) -> None:
    """Go to `address`, and wait for what must be `there`."""
    page.goto(address)
    page.wait_for_selector(there, state="attached")


def view(path: str, there: str = ".js-plotly-plot .main-svg") -> Callable[[Page, str], None]:
    """A view of the explorer at an address that says what to show, as soon as it is `there`."""
    return lambda page, address: opened(page, f"{address}/{path}", there)


SHOWN: Mapping[str, Callable[[Page, str], None]] = {
    "report": report("Answer"),
    "report-curves": report("Curves"),
    "report-time": report("Time"),
    "explore": lambda page, address: opened(page, address, "main .card"),
    "landscape": view("landscape?function=ackley&first=grid&second=gp&step=25"),
    "one-dimension": view("one-dimension"),
    "sensitivity": view("sensitivity", "#sensitivity-ranking table"),
    "scaling": view("scaling?dim=5&trials=40&every=on", "#scaling-running:empty"),
    "experiment": view("experiment?name=example"),
}


def take(browser: Browser, address: str, names: list[str]) -> None:
    """Every picture of `names`, at both widths."""
    for size in (WIDE, NARROW):
        page = browser.new_page(viewport=size)
        page.set_default_timeout(120_000)
        for name in names:
            SHOWN[name](page, address)
            save(page, name)
            print(name, f"{size['width']} pixels wide")
        page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which pictures: {', '.join(SHOWN)}; default: all")
    names = parser.parse_args().names or list(SHOWN)
    if unknown := [name for name in names if name not in SHOWN]:
        parser.error(f"no picture is called {unknown[0]!r}; there are {', '.join(SHOWN)}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    DOCS.mkdir(parents=True, exist_ok=True)
    write_report(example(), RESULTS / "example")
    server = listening(RESULTS, "127.0.0.1", 0)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        take(browser, f"http://127.0.0.1:{server.server_port}", names)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
