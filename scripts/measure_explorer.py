"""What the explorer takes to answer: first paint of each view, and from a click to the change that it asked for.

python scripts/measure_explorer.py              as it is used; a million trials are made first, once: some two minutes
python scripts/measure_explorer.py experiment   this view alone

In Debian's Chromium, 1280 x 900 pixels. A change is seen when the browser has drawn it; `page`: how long the page's
thread was busy with it, also afterwards; `server`: its time of a processor; `KiB`: what it sent. Medians of seven.
"""

import argparse
import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from threading import Thread
from typing import NamedTuple

from measure_growth import CARRY_OUT, COMMON, RESULTS, SIZES, cost_of
from playwright.sync_api import Browser, CDPSession, Page, Response, ViewportSize, sync_playwright

from bench.database import DATABASE
from bench.explore.server import listening
from bench.explore.view import load_views

RUNS = 10_000
SIZE: ViewportSize = {"width": 1280, "height": 900}
SETTLE_MS = 2000  # until what moves has come to rest
TIMES = 7  # that each change is asked for
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# From the first event of a press on, until what `shown` gives is another than it was, and that is drawn.
WATCH = """shown => {
  const seen = new Function(`return JSON.stringify(${shown}) ?? ""`), before = seen();
  window.measured = new Promise((found, failed) => {
    let begun;
    setTimeout(() => failed(`${shown} stayed the same`), 10_000);
    const begin = () => (begun ??= performance.now());
    for (const kind of ["mousedown", "keydown"]) addEventListener(kind, begin, { capture: true, once: true });
    const look = () => {
      if (begun === undefined || seen() === before) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => found(performance.now() - begun)));
    };
    look();
  });
}"""
LINE = "[...document.querySelectorAll('#{} .scatterlayer .js-line')].at({})?.getAttribute('d')"
POINTS = "document.querySelectorAll('#landscape-first .points path').length"
# Where the highest line of a graph ends on the screen and, every second time, the lowest, which is chosen first.
PLACE = """([name, number]) => {
  const graph = document.querySelector(`#${name} .js-plotly-plot`), box = graph.getBoundingClientRect();
  const { xaxis, yaxis } = graph._fullLayout;
  const ends = graph.data.filter((trace) => trace.meta !== "band").flatMap(({ x, y }) =>
    x.flatMap((_, at) => (x[at] !== null && (x[at + 1] ?? null) === null ? [[x[at], y[at]]] : [])));
  const [x, y] = ends.sort(([, one], [, other]) => other - one).at(-(number % 2));
  return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
}"""

Act = Callable[[Page, int], None]  # the number: how often it was done before


class Answer(NamedTuple):
    """What a change took, in milliseconds but for `kib`."""

    seen: float
    page: float
    server: float
    kib: float


class Change(NamedTuple):
    """A change at an address: `prepare` for it, then `ask`, by one press, and what `shown` gives is another."""

    view: str
    name: str
    query: str
    shown: str
    ask: Act
    prepare: Act = lambda page, number: None


def press(name: str) -> Act:
    """Press a button."""
    return lambda page, _: page.get_by_role("button", name=name, exact=True).click()


def unfold(menu: str) -> Act:
    """Open a menu."""
    return lambda page, _: page.get_by_role("group", name=menu).get_by_role("button").first.click()


def choose(*labels: str) -> Act:
    """Take one after the other of an open menu."""
    return lambda page, number: page.locator(
        f".dash-dropdown-option:has-text('{labels[number % len(labels)]}')"
    ).click()


def point(graph: str) -> Act:
    """Point at a line of a graph, the worst and the best by turns."""

    def move(page: Page, number: int) -> None:
        page.mouse.move(*page.evaluate(PLACE, [graph, number]))

    return move


def click(page: Page, number: int) -> None:
    """Where the pointer is."""
    page.mouse.down()
    page.mouse.up()


LARGE = f"name=runs-{RUNS}&problem=ackley&dim=5"
CHANGES = (
    Change("landscape", "step, after 25 trials", "second=random&budget=200&step=25", POINTS, press("Step")),
    Change("landscape", "step, after 180 trials", "second=random&budget=200&step=180", POINTS, press("Step")),
    Change("experiment", "another problem", LARGE, LINE.format("experiment-curves", -1), choose("levy", "sphere"),
           unfold("Problem")),
    Change("experiment", "another dimension", LARGE, LINE.format("experiment-curves", -1), choose("10", "3"),
           unfold("Dimension")),
    Change("experiment", "click on a curve", LARGE, LINE.format("experiment-runs", 0), click,
           point("experiment-curves")),
    Change("experiment", "click on a run", LARGE, LINE.format("experiment-runs", -1), click, point("experiment-runs")),
)  # fmt: skip


def answers(page: Page, address: str, change: Change) -> Iterator[Answer]:
    """What it took each time."""
    page.goto(f"{address}/{change.view}?{change.query}")
    page.wait_for_function(f"() => {change.shown}", timeout=60_000)
    page.wait_for_timeout(SETTLE_MS)
    sent: list[Response] = []
    page.on("response", lambda response: sent.append(response))
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    for number in range(TIMES):
        change.prepare(page, number)
        page.wait_for_timeout(SETTLE_MS)
        sent.clear()
        busy, used = busy_s(devtools), time.process_time()
        page.evaluate(WATCH, change.shown)
        change.ask(page, number)
        seen = page.evaluate("measured")
        page.wait_for_timeout(SETTLE_MS)
        kib = sum(len(response.body()) for response in sent) / 1024
        yield Answer(seen, 1000 * (busy_s(devtools) - busy), 1000 * (time.process_time() - used), kib)


def busy_s(devtools: CDPSession) -> float:
    """Seconds that the page's thread has worked."""
    found = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in found if each["name"] == "TaskDuration"))


PAINTED = """() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return [paint.startTime, window.headed ?? performance.now()];
}"""


def paints(browser: Browser, address: str, view: str) -> list[float]:
    """Milliseconds until the browser drew anything, and until the view's heading stood; the library is fetched anew."""
    page = browser.new_page(viewport=SIZE)
    page.add_init_script(
        "new MutationObserver(() => { if (document.querySelector('main h1')) window.headed ??= performance.now(); })"
        ".observe(document, { childList: true, subtree: true });"
    )
    page.goto(f"{address}/{view}")
    page.wait_for_selector("main h1")
    page.wait_for_timeout(SETTLE_MS)
    found: list[float] = page.evaluate(PAINTED)
    page.close()
    return found


def lines(browser: Browser, address: str, views: Sequence[str]) -> Iterator[str]:
    """Both tables."""
    yield "| view | first paint, ms | its heading, ms |"
    yield "|---|---|---|"
    for view in views:
        first, heading = (
            median(ms) for ms in zip(*(paints(browser, address, view) for _ in range(TIMES)), strict=True)
        )
        yield f"| {view} | {first:.0f} | {heading:.0f} |"
    yield "\n| view | change | seen, ms | page, ms | server, ms | KiB |"
    yield "|---|---|---|---|---|---|"
    for change in CHANGES:
        if change.view in views:
            page = browser.new_page(viewport=SIZE)
            columns = zip(*answers(page, address, change), strict=True)
            page.close()
            yield f"| {change.view} | {change.name} | {' | '.join(f'{median(column):.0f}' for column in columns)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = list(load_views())
    parser.add_argument("views", nargs="*", metavar="VIEW", help=f"which: {', '.join(known)}; default: all")
    views = parser.parse_args().views or known
    if unknown := [name for name in views if name not in known]:
        parser.error(f"no view is called {unknown[0]!r}; there are {', '.join(known)}")
    folder = RESULTS / f"runs-{RUNS}"
    if "experiment" in views and not (folder / DATABASE).exists():
        cost_of(["-c", CARRY_OUT, json.dumps({**SIZES[RUNS], **COMMON}), str(folder)])
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = listening(RESULTS, "127.0.0.1", 0)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for line in lines(browser, f"http://127.0.0.1:{server.server_port}", views):
            print(line, flush=True)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
