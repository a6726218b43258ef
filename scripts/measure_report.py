"""How large the report of the `standard` profile is, and how soon a browser shows it.

python scripts/measure_report.py        some five minutes; writes below results/report-size/ alone

As many problems, dimensions, strategies, seeds and trials as `standard` has, all of them cheap: it would take days.
What a page weighs hangs on how many curves there are, and hardly on whose.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from bench.experiment import run_experiment
from bench.report.html import write_report
from bench.spec import PROFILES

RESULTS = Path(__file__).parents[1] / "results" / "report-size"
PROFILE = PROFILES["standard"]
INSTEAD: Mapping[str, str] = {  # of what is dear: something cheap, of another name
    "mlp-digits": "griewank+noise=10%", "gp": "cmaes", "skopt-gp": "optuna-qmc", "skopt-forest": "optuna-grid",
    "hyperopt-tpe": "hyperopt-random", "optuna-tpe": "optuna-random", "optuna-gp": "random-linear",
}  # fmt: skip
PARTS = {
    "Plotly, packed": r'id="plotly">(.*?)</script>',
    "charts, packed": r'id="charts">(.*?)</script>',
    "pictures": r'<img src="(.*?)"',
}
OPENINGS = 7
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def cheap(names: str) -> str:
    """The same number of names, none of them dear."""
    return ",".join(INSTEAD.get(name, name) for name in names.split(","))


def opened(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds until something is seen, and until the first chart is, where its reader has gone there at once."""
    begun = perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("#curves").evaluate("heading => heading.scrollIntoView()")
    page.locator(".plot .main-svg").first.wait_for()
    drawn = 1000 * (perf_counter() - begun)
    return float(page.evaluate(FIRST_PAINT)), drawn


def main() -> None:
    shutil.rmtree(RESULTS, ignore_errors=True)
    settings = {name: PROFILE[name] for name in ("dims", "trials", "seeds")}
    experiment = run_experiment(
        {**settings, "problems": cheap(str(PROFILE["problems"])), "strategies": cheap(str(PROFILE["strategies"]))},
        results=RESULTS, name="standard-like", retrain=1,
    )  # fmt: skip
    path = write_report(experiment, RESULTS / "standard-like")
    text = path.read_text(encoding="utf-8")
    print(f"{len(experiment.runs)} runs, {len(experiment.trials)} trials; page: {path.stat().st_size / 1e6:.2f} MB")
    for part, pattern in PARTS.items():
        print(f"  {part}: {sum(map(len, re.findall(pattern, text))) / 1e6:.2f} MB")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        times = [opened(browser.new_page(), path.resolve().as_uri()) for _ in range(OPENINGS)]
        browser.close()
    painted, drawn = (median(column) for column in zip(*times, strict=True))
    print(f"first paint after {painted:.0f} ms, first chart after {drawn:.0f} ms (medians of {OPENINGS})")


if __name__ == "__main__":
    main()
