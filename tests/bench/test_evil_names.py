"""Names, choices and messages that mean something to a browser, a terminal, a table or a file system do nothing."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from bench.charts.chart import plain
from bench.experiment import load_experiment
from problems.registry import problems
from strategies.pruners.registry import pruners
from strategies.registry import strategies
from tests.bench.a_browser import a_browser
from tests.bench.test_fuzz_command_line import call
from tests.bench.users.evil import ATTRIBUTE, SAID

STRATEGIES = (
    "../../x<script>alert(4)</script>",
    "a|b[red]x[/]",
    "\x1b[31m\x1b]0;title\x07\u202e",
    "/etc/passwd",
    '<img src onerror alert(5)>"',
)
RAISES = "$x^2$<b>raises"
ABSENT = {"nowhere": "no_such_module:Thing", "nothing": "evil", "\x1b[31m": "no_such_module:\x1b[31m"}
PROBLEMS = ("../../p<script>alert(6)</script>|", "\x1b[31m\u202e<img src onerror>")
EVIL_FILE = "<img src=x onerror=alert(7)>|.py"
HANDLERS = """Array.from(document.querySelectorAll('*')).flatMap(element => element.getAttributeNames())
    .filter(name => name.startsWith('on'))"""
FORMATS = ("csv", "parquet", "optuna", "ioh", "wandb")


@dataclass(frozen=True)
class Told:
    """An experiment of such names, and all that the command line said of it."""

    folder: Path
    said: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    place = tmp_path_factory.mktemp("evil") / "deep" / "down"
    place.mkdir(parents=True)
    package = place.parent / "package"
    (package / "evil-1.dist-info").mkdir(parents=True)
    code = Path(__file__).parent / "users" / "evil.py"
    shutil.copy(code, package / "evil.py")
    shutil.copy(code, place / EVIL_FILE)
    (package / "evil-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    (package / "evil-1.dist-info" / "entry_points.txt").write_text(
        "\n".join(
            [
                "[search_bench.strategies]",
                *(f"{name} = evil:Searches" for name in STRATEGIES),
                f"{RAISES} = evil:Raises",
                *(f"{name} = {target}" for name, target in ABSENT.items()),
                "[search_bench.problems]",
                *(f"{name} = evil:problem" for name in PROBLEMS),
            ]
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(package))
        patch.chdir(place)
        patch.setenv("COLUMNS", "300")
        for table in (strategies, pruners, problems):
            table.cache_clear()
        # Not whatever is new: other tests' plug-ins may be installed, of which one kills its process.
        names = [*STRATEGIES, RAISES, *ABSENT]
        searchers = f"random,{EVIL_FILE}:Searches,{EVIL_FILE}:{ATTRIBUTE}"
        Path("all.toml").write_text(f'strategies = "{searchers}"\nproblems = "{EVIL_FILE}:problem"\n')
        files = ["--config=all.toml", "--name=files"]
        ours = {name: strategies()[name] for name in ("random", *names)}
        theirs = {name: problems()[name] for name in PROBLEMS}
        for module in ("bench.plan", "bench.commands.list"):  # `all` of them, without the libraries
            patch.setattr(f"{module}.strategies", lambda: ours)
            patch.setattr(f"{module}.problems", lambda: theirs)
        small = ["--dims=2", "--trials=4", "--seeds=2", "--executor=serial"]
        everything = ["--strategies=all", "--problems=all"]
        said = ""
        for words, code_expected in (
            (["run", *everything, *small, "--name=evil"], 1),
            (["run", *files, *small], 0),
            (["plan", *everything, *small[:3]], 0),
            (["verify", "evil", "--sample=1", "--jobs=1"], 0),
            (
                ["compare", "evil", "evil", f"--strategies={STRATEGIES[0]},{RAISES}", "--output=results/evil/compared"],
                0,
            ),
            (["list"], 0),
            *((["export", "evil", f"--to={name}"], 0) for name in FORMATS),
        ):
            code_found, stdout, stderr = call(words)
            assert code_found == code_expected, stderr
            said += stdout + stderr
        yield Told(place / "results" / "evil", said)
    for table in (strategies, pruners, problems):
        table.cache_clear()


def test_nothing_that_is_printed_steers_the_terminal(told: Told):
    assert [sign for sign in told.said if not (sign.isprintable() or sign in "\n\t")] == []
    assert "Traceback" not in told.said
    for shown in (
        STRATEGIES[0],
        r"\x1b[31m\x1b]0;title\x07\u202e",
        "a|b[red]x[/]",
        "cannot be imported: ModuleNotFound",
    ):
        assert shown in told.said


def test_every_file_lies_below_its_experiment_under_a_name_that_is_safe_everywhere(told: Told):
    place = told.folder.parent.parent
    assert {path.name for path in place.iterdir()} - {"__pycache__"} == {"results", "all.toml", EVIL_FILE}
    assert {path.name for path in place.parent.iterdir()} == {"down", "package"}
    assert {path.name for path in told.folder.parent.iterdir()} == {"evil", "files"}
    for folder in (told.folder, told.folder.parent / "files"):
        for path in folder.rglob("*"):
            assert re.fullmatch(r"[A-Za-z0-9_. -]+", path.name), path
            assert len(path.name) < 130


def test_tables_hold_every_name_as_it_is(told: Told):
    summary = pd.read_csv(told.folder / "summary.csv")
    assert {*STRATEGIES, RAISES, "random"} <= set(summary["strategy"])
    assert set(PROBLEMS) <= set(pd.read_parquet(told.folder / "trials.parquet")["problem"])
    exported = pd.read_csv(told.folder / "exports" / "csv" / "trials.csv")
    assert set(STRATEGIES) <= set(exported["strategy"])
    errors = load_experiment(told.folder).trials["error"].dropna()
    assert errors.str.contains(SAID, regex=False).any()


def test_no_script_runs_in_a_browser_and_no_name_leaves_its_place(told: Told):
    happened: list[str] = []
    with a_browser() as browser:
        page = browser.new_page(bypass_csp=True)  # not even without the page's own last line of defence
        page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: happened.append(str(error)))
        page.on("request", lambda request: happened.append(request.url))
        legend = {"evil": STRATEGIES[:2], "files": [f"{EVIL_FILE}:Searches"], "evil/compared": ["old", "new"]}
        for name, expected in legend.items():
            address = (told.folder.parent / name / "report.html").as_uri()
            page.goto(address)
            boxes = page.locator(".plot")
            for number in range(boxes.count()):
                boxes.nth(number).scroll_into_view_if_needed()
                boxes.nth(number).locator(".main-svg").first.wait_for()
            assert page.locator("script").count() == 4  # Plotly and the charts, packed; what unpacks them; Plotly
            assert page.locator("img:not([src^='data:']), svg img, svg script, svg a, b").count() == 0
            assert page.evaluate(HANDLERS) == []
            legends = {*page.locator(".plot .legendtext").all_text_contents()}
            assert {plain(each) for each in expected} <= legends
            broken = "Array.from(document.images).filter(image => !image.complete || !image.naturalWidth).length"
            assert page.evaluate(broken) == 0
            assert (EVIL_FILE if name == "files" else STRATEGIES[0]) in page.inner_text("body")
            assert name == "evil/compared" or SAID.splitlines()[0] in page.inner_text("body")
        cells = "Array.from(document.querySelectorAll('td, th, dd, dt, h1, h3, p'))"
        assert set(page.evaluate(f"{cells}.map(cell => getComputedStyle(cell).unicodeBidi)")) == {"isolate"}
    assert [url for url in happened if not url.startswith(("data:", "file://"))] == []
    assert all(url.endswith("report.html") for url in happened if url.startswith("file:"))
