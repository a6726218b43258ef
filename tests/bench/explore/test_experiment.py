"""`Your experiment`: filtered, looked into run by run, exported, watched, and what cannot be shown is said."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Dialog, Page, expect

from bench.database import DATABASE
from bench.experiment import load_experiment, run_experiment
from bench.explore.view import Place
from bench.explore.views.experiment.choices import State
from bench.explore.views.experiment.page import layout
from bench.integrity import sign, teach_checksums
from tests.bench.a_browser import OVERFLOW, serious
from tests.bench.explore.a_training import ATTRIBUTE, LOOKS

Opens = Callable[..., Page]

SMALL = {"problems": "sphere,levy", "dims": "2,3", "strategies": "random,lhs,sobol", "trials": "15", "seeds": 4}
FILE = "a.py"
DATA = "name => document.querySelector(`#experiment-${name} .js-plotly-plot`)?.data"
# Where a point of a graph is on the screen: of the trace, the point of that number.
PLACE = """([name, trace, point]) => {
  const graph = document.querySelector(`#experiment-${name} .js-plotly-plot`);
  const {xaxis, yaxis} = graph._fullLayout, {x, y} = graph.data[trace];
  const box = graph.getBoundingClientRect();
  return [box.x + xaxis._offset + xaxis.d2p(x[point]), box.y + yaxis._offset + yaxis.d2p(y[point])];
}"""


@pytest.fixture(scope="module", autouse=True)
def stored(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three experiments: a small one, one of trainings with a pruner and hostile names, one of which a run goes on."""
    run_experiment(SMALL, results=results, name="small", executor="serial")
    place = tmp_path_factory.mktemp("users")
    shutil.copy(Path(__file__).parent / "a_training.py", place / FILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)  # later, the problem cannot be made
        run_experiment(
            problems=f"{FILE}:problem", dims="3", strategies=f"random,{FILE}:{ATTRIBUTE}", pruners="none,median",
            trials="12", seeds=2, name="training", results=results, executor="serial",
        )  # fmt: skip
    return results


def traces(page: Page, name: str) -> list[dict[str, Any]]:
    """What a graph shows."""
    found: list[dict[str, Any]] = page.evaluate(DATA, name)
    return found


def names_of(page: Page) -> list[str]:
    """The strategies whose medians are drawn."""
    return sorted(trace["name"] for trace in traces(page, "curves") if trace.get("meta") != "band")


def number_of_lines(found: list[dict[str, Any]]) -> int:
    """How many lines there are in traces with gaps."""
    return sum(1 for trace in found for y, after in zip(trace["y"], [*trace["y"][1:], None], strict=True)
               if y is not None and after is None)  # fmt: skip


def wait_for(page: Page, heading: str) -> None:
    """Until a run is looked into, and its figures stand."""
    expect(page.locator("#experiment-run-heading")).to_have_text(heading)
    page.wait_for_function(f"({DATA})('parallel')?.length > 0 && ({DATA})('seconds')?.length > 0")


def click_point(page: Page, name: str, trace: int, point: int) -> None:
    x, y = page.evaluate(PLACE, [name, trace, point])
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def test_filters_clicks_a_run_and_its_export(opened: Opens, stored: Path):
    page = opened("experiment?name=small&problem=levy&strategies=random,lhs")
    expect(page.locator("#experiment-facts")).to_contain_text("48 of 48 runs finished; 720 trials")
    page.wait_for_function(f"({DATA})('curves')?.length > 0")
    assert names_of(page) == ["lhs", "random"]

    # A click on the other curve than that of the strategy which is looked into; then on a run of it.
    own = page.inner_text("#experiment-runs-heading").removeprefix("Runs of ")
    (other,) = {"lhs", "random"} - {own}
    lines = traces(page, "curves")
    number = next(at for at, trace in enumerate(lines) if trace.get("meta") != "band" and trace["name"] == other)
    click_point(page, "curves", number, len(lines[number]["x"]) - 1)
    expect(page.locator("#experiment-runs-heading")).to_have_text(f"Runs of {other}")
    page.wait_for_function(f"({DATA})('runs')?.length == 2")
    runs = traces(page, "runs")
    assert number_of_lines(runs) == 4
    seed = runs[0]["customdata"][-1]
    click_point(page, "runs", 0, len(runs[0]["x"]) - 1)
    wait_for(page, f"{other} on levy, d = 2, seed {seed}")

    # All of its trials.
    every = load_experiment(stored / "small").trials
    cell = every[(every["problem"] == "levy") & (every["dim"] == 2)]
    trials = cell[(cell["strategy"] == other) & (cell["seed"] == seed)]
    assert number_of_lines(traces(page, "parallel")) == len(trials) == 15
    assert [len(trace["y"]) for trace in traces(page, "seconds")] == [15, 15, 15]
    assert page.locator("#experiment-table tbody tr").count() == 12
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#experiment-which")).to_have_text("Trials 13–15 of 15")
    expect(page.locator("#experiment-table tbody th").first).to_have_text("13")
    page.get_by_text("best first").click()
    expect(page.locator("#experiment-table tbody td").first).to_have_text(f"{trials['value'].min():.5g}")

    # Just these, and just those of the curves, as a table that can be read again.
    for button, expected in (("Trials of this run", trials), ("Trials of all curves", cell)):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        expected = expected[expected["strategy"].isin(["lhs", "random"])]
        found = pd.read_csv(StringIO(Path(download.value.path()).read_text()))
        assert list(found.columns) == list(every.columns)
        identity = ["strategy", "seed", "trial", "value", "config"]
        assert found[identity].to_numpy().tolist() == expected[identity].to_numpy().tolist()
    assert serious(page) == []

    # The address says all of it.
    assert "order=best" in page.url
    page.reload()
    wait_for(page, f"{other} on levy, d = 2, seed {seed}")
    assert names_of(page) == ["lhs", "random"]
    expect(page.locator("#experiment-table tbody td").first).to_have_text(f"{trials['value'].min():.5g}")


def test_trainings_with_a_pruner_and_names_that_mean_something(opened: Opens, stored: Path):
    page = opened("experiment?name=training&pruner=median", width=390)
    happened: list[str] = []

    def seen(dialog: Dialog) -> None:
        happened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", seen)
    page.wait_for_function(f"({DATA})('curves')?.length > 0")
    assert len(names_of(page)) == 2
    assert all(name.endswith("+median") for name in names_of(page))
    page.get_by_role("group", name="Strategy (or click a curve)").get_by_role("button").click()
    page.locator(".dash-dropdown-option").filter(has_text=ATTRIBUTE).click()
    expect(page.locator("#experiment-run-heading")).to_contain_text(ATTRIBUTE)
    page.wait_for_function(f"({DATA})('learning')?.length > 1")

    experiment = load_experiment(stored / "training")
    found = experiment.trials[experiment.trials["strategy"].str.contains(ATTRIBUTE, regex=False)]
    seed = int(page.inner_text("#experiment-run-heading").rsplit(" ", 1)[1])
    trials = found[(found["pruner"] == "median") & (found["seed"] == seed)]
    assert set(trials["status"]) == {"ok", "pruned", "failed"}
    assert number_of_lines(traces(page, "parallel")) == len(trials)
    full = next(trace for trace in traces(page, "learning") if trace["name"] == "to the end")
    assert max(full["x"], key=lambda x: x or 0) == 1
    best = next(trace for trace in traces(page, "learning") if trace["name"].startswith("the best, trial"))
    assert len([y for y in best["y"] if y is not None]) == LOOKS
    assert "ValueError: three layers <b>of</b>" in page.inner_text("#experiment-table")
    assert "the problem is not made here" in page.inner_text("#experiment-parallel-caption").lower()
    assert page.locator("main img[src=x], main b:has-text('of'), main i").count() == 0
    assert page.evaluate(OVERFLOW) == 0
    assert happened == []


def test_a_running_experiment_grows_while_it_is_watched(opened: Opens, stored: Path):
    folder = stored / "growing"
    shutil.copytree(stored / "small", folder)
    with closing(sqlite3.connect(folder / DATABASE)) as connection:  # as if one run were in the middle
        teach_checksums(connection)
        connection.execute("UPDATE runs SET status = 'running' WHERE id = 1")
        sign(connection, "runs", "id = 1")
        connection.execute("DELETE FROM trials WHERE run = 1 AND trial > 6")
        connection.commit()
    row = load_experiment(folder).runs.iloc[0]
    address = f"problem={row['problem']}&dim={row['dim']}&strategy={row['strategy']}&run={row['seed']}"
    page = opened(f"experiment?name=growing&watch=on&{address}")
    expect(page.locator("#experiment-which")).to_have_text("Trials 1–6 of 6")
    expect(page.locator("#experiment-facts")).to_contain_text("47 of 48 runs finished; 711 trials")
    expect(page.locator("#experiment-run-facts")).to_contain_text("running: 6 trials of a budget of 15")
    assert max(traces(page, "runs")[-1]["x"]) == 6
    assert "1 unfinished run, so far; in no median" in page.inner_text("#experiment-curves-caption")
    run_experiment(SMALL, results=stored, name="growing", executor="serial")
    expect(page.locator("#experiment-which")).to_have_text("Trials 1–12 of 15")
    expect(page.locator("#experiment-facts")).to_contain_text("48 of 48 runs finished; 720 trials")
    page.wait_for_function(f"Math.max(...({DATA})('runs').at(-1).x) == 15")


def test_what_cannot_be_shown_is_said_in_a_line(opened: Opens, stored: Path, tmp_path: Path):
    shutil.copytree(stored / "small", stored / "damaged")
    place = stored / "damaged" / DATABASE
    found = place.read_bytes()
    place.write_bytes(found.replace(b'{"x1"', b'{"x7"', 1))
    page = opened("experiment?name=damaged")
    complaint = page.locator("#experiment-complaints li")
    expect(complaint).to_have_count(1)
    expect(complaint).to_contain_text("is damaged (a row of the table trials is not what was written)")
    shutil.rmtree(stored / "damaged")

    page = opened("experiment?name=small&problem=<i>&dim=9&strategies=grid,lhs&run=x&watch=maybe")
    expect(page.locator("#experiment-complaints li")).to_have_text(
        [
            "There is no problem '<i>' here; sphere is shown.",
            "There is no dimension of sphere '9' here; 2 is shown.",
            "There is no strategy 'grid' here; it was left out.",
            re.compile(r"There is no run of lhs with the seed 'x' here; \d is shown\."),
        ]
    )
    expect(page.locator("#notice")).to_have_text("")
    page = opened("experiment?name=../small")
    expect(page.locator("main")).to_contain_text("There is no experiment '../small'")
    assert "python -m bench run" in str(layout(State(), Place(tmp_path)))
