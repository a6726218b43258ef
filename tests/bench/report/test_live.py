"""`report --live` beside an experiment that grows: the page follows, keeps its reader's place, and comes to rest."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench.cli import main
from bench.experiment import Silent, run_experiment
from bench.records import Outcome, RunKey
from tests.bench.a_browser import seen, until

SETTINGS: Mapping[str, object] = {
    "problems": "sphere,branin", "dims": "2", "strategies": "random,sobol", "trials": 8, "seeds": 2, "name": "grows",
    "executor": "serial",
}  # fmt: skip
PATIENCE = 120  # seconds; a report takes two on a machine that does nothing else


class Ends(Silent):
    """Presses Ctrl-C when so many runs are finished."""

    def __init__(self, runs: int) -> None:
        self._left = runs

    def finished(self, key: RunKey, outcome: Outcome) -> None:
        self._left -= 1
        if not self._left:
            raise KeyboardInterrupt


@pytest.fixture
def results(tmp_path: Path) -> Path:
    with pytest.raises(KeyboardInterrupt):
        run_experiment(SETTINGS, results=tmp_path, watcher=Ends(6))
    return tmp_path


@pytest.fixture
def live(results: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench", "report", "grows", "--live", "--every=1", f"--results={results}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_page_follows_keeps_its_place_and_comes_to_rest(
    browser: Browser, results: Path, live: subprocess.Popen[str]
):
    report = results / "grows" / "report.html"
    wait_for(report.exists, live)
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.as_uri() + "#curves")
    page.wait_for_selector(".chips:not([hidden])", state="attached")
    page.get_by_role("button", name="sobol", exact=True).click()
    seen(page, "scrollTo(0, 777); window.isOld = true")
    until(page, "window.isOld", None)
    page.wait_for_selector(".chips:not([hidden])", state="attached")
    until(page, "scrollY", 777)
    assert page.locator("[data-strategy=sobol]").get_attribute("aria-pressed") == "false"
    assert "2 of 8 runs are missing" in page.inner_text("body")
    run_experiment(SETTINGS, results=results)
    out, err = live.communicate(timeout=PATIENCE)
    assert live.returncode == 0
    assert "6 of 8 runs are finished" in err
    assert "waiting for the others" in err
    assert "Report:" in out
    until(page, "document.getElementById('live')", None)
    page.evaluate("window.isOld = true")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.isOld") is True
    assert "missing" not in page.inner_text("#answer + p")
    assert "refresh" not in report.read_text(encoding="utf-8").partition("<body>")[0]
    assert said == []
    page.close()


def test_ctrl_c_ends_it_and_leaves_a_page_at_rest(results: Path, live: subprocess.Popen[str]):
    report = results / "grows" / "report.html"
    wait_for(report.exists, live)
    assert 'http-equiv="refresh"' in report.read_text(encoding="utf-8")
    live.send_signal(signal.SIGINT)
    _, err = live.communicate(timeout=PATIENCE)
    assert live.returncode == 130
    assert "Traceback" not in err
    text = report.read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' not in text
    assert 'id="live"' not in text
    assert text.endswith("</html>\n") or text.endswith("</html>")


def test_a_finished_experiment_needs_no_waiting_and_every_needs_live(results: Path, capsys: pytest.CaptureFixture[str]):
    run_experiment(SETTINGS, results=results)
    where = ["grows", f"--results={results}"]
    assert main(["report", *where, "--live"]) == 0
    assert 'id="live"' not in (results / "grows" / "report.html").read_text(encoding="utf-8")
    assert main(["report", *where, "--every=3"]) == 2
    assert "--every 3 says how often --live looks again" in capsys.readouterr().err
    assert main(["report", "nowhere", f"--results={results}", "--live"]) == 2
    assert "no experiment at" in capsys.readouterr().err
