"""Two versions of a sampler: found better, worse, the same, or not told apart; exit codes, files, refusals."""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser

from bench.cli import main
from bench.comparison.measures import Comparison, comparisons
from bench.comparison.pairing import Match, Paired
from bench.experiment import run_experiment
from bench.plots.comparison_figures import draw_comparison
from bench.report.comparison_findings import sentences, times
from tests.bench.a_browser import serious
from tests.bench.conftest import ROOT, environment, tamper
from tests.bench.made_by_hand import Curve, simple_runs

SAMPLER = """
from strategies.base import Proposal, Strategy
from strategies.random_search import RandomSearch


class Sampler(Strategy):
    card = RandomSearch.card
    best = None

    def ask(self):
        if self.best is None or self.rng.random() < {anywhere}:
            return self.propose(self.space.sample(self.rng))
        units = self.space.to_unit(self.best[1]) + self.rng.normal(0, 0.08, size=len(self.space))
        return self.propose(self.space.from_unit(units.clip(0, 1)))

    def tell(self, proposal, value):
        {learns}
        if value is not None and (self.best is None or value < self.best[0]):
            self.best = (value, dict(proposal.config))
"""
GOOD = SAMPLER.format(anywhere=0.1, learns="")
NAME = "my_sampler.py:Sampler"
VERSIONS = {
    "good": GOOD,
    "cleaned": f"# the same with a comment\n{GOOD}",
    "poor": SAMPLER.format(anywhere=1.0, learns=""),
    "raises": SAMPLER.format(anywhere=0.1, learns="if self.space.names and proposal.id > 3: raise ValueError('broke')"),
}
SETTINGS = {"problems": "sphere,ellipsoid", "dims": "2,3", "trials": 25, "seeds": 6}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an experiment of every version, and others that do not fit them."""
    home = tmp_path_factory.mktemp("versions")
    with pytest.MonkeyPatch.context() as patch:
        for version, source in VERSIONS.items():
            (home / version).mkdir()
            (home / version / "my_sampler.py").write_text(source)
            patch.chdir(home / version)
            run(home, version, **({"seeds": 1} if version == "raises" else {}))
        patch.chdir(home / "good")
        run(home, "few", seeds=1)
        run(home, "short", trials=24, seeds=1)
        run(home, "elsewhere", problems="ackley", seeds=1, strategies=f"{NAME},random")
    return home / "results"


def run(home: Path, name: str, **more: object) -> None:
    settings = {"strategies": NAME, **SETTINGS, **more}
    run_experiment(settings, name=name, executor="serial", results=home / "results")


@pytest.fixture
def compared(
    made: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Callable[..., tuple[int, str, str]]:
    """The command in this process: exit code, stdout and stderr, whatever the width of the terminal."""
    if not getattr(request, "param", False):  # a second for each call
        monkeypatch.setattr("bench.report.comparison_page.draw_comparison", lambda *_: iter(()))

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["compare", *words, "--results", str(made), "--output", str(tmp_path / "out")])
        said = capsys.readouterr()
        return code, " ".join(said.out.split()), said.err

    return call


def row(tmp_path: Path, table: str = "comparison") -> dict[str, object]:
    return pd.read_csv(tmp_path / f"out/{table}.csv").iloc[0].to_dict()


Compared = Callable[..., tuple[int, str, str]]


def test_a_better_version_is_found_and_from_the_other_side_a_worse_one(compared: Compared, tmp_path: Path):
    code, out, _ = compared("poor", "good")
    assert (code, "my_sampler.py:Sampler: better (by the ratio of regrets)." in out) == (0, True), out
    better = row(tmp_path)
    code, out, _ = compared("good", "poor")
    assert (code, "my_sampler.py:Sampler: worse (by the ratio of regrets)." in out) == (1, True), out
    worse = row(tmp_path)
    assert better["ratio_high"] < 1 < worse["ratio_low"]
    assert better["ratio"] == pytest.approx(1 / worse["ratio"])
    assert better["won"] == pytest.approx(1 - worse["won"])
    assert better["pairs"] == worse["pairs"] == 24


def test_a_change_that_changes_nothing_has_the_same_trials(compared: Compared, tmp_path: Path):
    code, out, _ = compared("good", "cleaned", "--strict")
    assert code == 0
    assert "no difference (the same trials, bit for bit). All 24 runs have the same trials as before" in out
    assert (row(tmp_path)["differing"], row(tmp_path)["ratio"]) == (0, 1)
    assert row(tmp_path)["old_version"] != row(tmp_path)["new_version"]


def test_with_few_seeds_it_cannot_tell_and_says_how_many_would(compared: Compared, tmp_path: Path):
    code, out, _ = compared("poor", "few")
    assert (code, "cannot tell" in out) == (0, True)
    assert "With 4 pairs no difference, however large, could have been found." in out
    assert "seeds per problem and dimension" in out
    assert row(tmp_path)["pairs_to_find"] > 6
    assert (row(tmp_path)["ratio_low"], row(tmp_path)["ratio_high"]) == (0, math.inf)
    assert compared("poor", "few", "--strict")[0] == 1


def test_a_version_that_raises_is_worse_however_few_the_runs(compared: Compared):
    code, out, _ = compared("few", "raises")
    assert code == 1
    assert "worse (4 of its runs failed, none of the old ones did)" in out
    assert "4 of 4 runs failed, 0 did before" in out


def test_two_strategies_of_one_experiment(compared: Compared, tmp_path: Path):
    code, out, _ = compared("elsewhere", "--strategies", f"random={NAME}")
    assert (code, f"random → {NAME}: cannot tell" in out) == (0, True)
    assert row(tmp_path)["pairs"] == 2


@pytest.mark.parametrize("compared", ["with figures"], indirect=True)
def test_what_the_files_say_is_what_was_run(compared: Compared, tmp_path: Path):
    compared("poor", "good")
    pairs, cells = (pd.read_csv(tmp_path / f"out/{name}.csv") for name in ("pairs", "cells"))
    assert len(pairs) == 24
    assert sorted(cells["problem"] + cells["dim"].astype(str)) == ["ellipsoid2", "ellipsoid3", "sphere2", "sphere3"]
    one = pairs[(pairs["problem"] == "sphere") & (pairs["dim"] == 2)]
    of_cell = cells[(cells["problem"] == "sphere") & (cells["dim"] == 2)].iloc[0]
    assert of_cell["won"] == ((one["new"] < one["old"]) + 0.5 * (one["new"] == one["old"])).mean()
    assert of_cell["new"] == one["new"].median()
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "poor" in page
    assert "better" in page
    assert page.count('<figure class="chart">') == 3
    for kind in ("png", "svg", "pdf", "csv"):
        assert len(list((tmp_path / "out/figures").glob(f"*.{kind}"))) == 3
    (numbers,) = (tmp_path / "out/figures").glob("differences-*.csv")
    pd.testing.assert_series_equal(pd.read_csv(numbers)["ratio"], cells["ratio"], rtol=1e-5)


def test_the_page_is_drawn_in_a_browser_and_keeps_nobody_out(compared: Compared, tmp_path: Path, browser: Browser):
    compared("poor", "good")
    page, said = browser.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((tmp_path / "out/report.html").as_uri())
    for number in range(3):
        page.locator(".plot").nth(number).scroll_into_view_if_needed()
        page.locator(".plot").nth(number).locator(".main-svg").first.wait_for()
    assert page.locator(".ytick text", has_text="ellipsoid-3d").count() == 1
    assert "old" in page.locator(".plot").nth(1).locator(".legendtext").all_text_contents()
    assert serious(page) == []
    assert said == []
    page.close()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["good"], "compare needs two experiments, or two strategies of good"),
        (["good", "nowhere"], "no experiment at"),
        (["good", "elsewhere"], "no finished run on the same problem"),
        (["good", "short"], "sphere-2d: runs of 25 trials in good, of 24 in short"),
        (["good", "poor", "--strategies", "gp"], "good has no 'gp' but my_sampler.py:Sampler"),
        (["elsewhere", "elsewhere", "--strategies", "random=gp"], "has no 'gp' but my_sampler.py:Sampler, random"),
        (["good", "poor", "--margin", "1"], "--margin is the factor of regret"),
        (["good", "poor", "--margin", "nan"], "--margin is the factor of regret"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_writes_nothing(
    compared: Compared, tmp_path: Path, words: list[str], says: str
):
    code, out, err = compared(*words)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert says in err
    assert not (tmp_path / "out").exists()


def test_what_is_there_already_is_not_written_over(made: Path, capsys: pytest.CaptureFixture[str]):
    before = (made / "poor/experiment.db").read_bytes()
    assert main(["compare", "good", "poor", "--results", str(made), "--output", str(made / "poor")]) == 2
    assert "is there already, and is no comparison" in capsys.readouterr().err
    assert (made / "poor/experiment.db").read_bytes() == before


OTHER_PROBLEM = "UPDATE experiment SET value = '[1.0, 2.0]' WHERE key = 'signature [\"sphere\", 2, 0]'"
OTHER_CODE = f"UPDATE experiment SET value = '{json.dumps({'sphere': 'file 1'})}' WHERE key = 'problem_versions'"
OTHER_LIBRARY = (
    "UPDATE experiment SET value = replace(value, '\"numpy\": \"', '\"numpy\": \"0.') WHERE key = 'environment'"
)
UNFINISHED = "UPDATE runs SET status = 'running' WHERE seed = 0 AND dim = 2"


def changed(made: Path, tmp_path: Path, *statements: str) -> str:
    """A copy of the experiment `few`, changed."""
    shutil.copytree(made / "few", tmp_path / "few")
    tamper(tmp_path / "few", *statements)
    return str(tmp_path / "few")


def test_other_problems_under_one_name_are_refused(compared: Compared, made: Path, tmp_path: Path):
    code, _, err = compared("good", changed(made, tmp_path, OTHER_PROBLEM))
    assert (code, err.count("\n")) == (2, 1)
    assert "sphere-2d, instance 0 is not the same in good and few: fixed configs gave" in err
    assert "give 1, 2; run both on the same problem" in err


def test_other_code_of_a_problem_is_refused(compared: Compared, made: Path, tmp_path: Path):
    other = changed(made, tmp_path, OTHER_CODE)
    shutil.copytree(tmp_path / "few", tmp_path / "more")
    tamper(tmp_path / "more", OTHER_CODE.replace("file 1", "file 2"))
    code, _, err = compared(other, str(tmp_path / "more"))
    assert (code, "sphere is file 1 in few and file 2 in more; run both" in err) == (2, True), err


def test_what_is_left_out_and_other_libraries_are_said(compared: Compared, made: Path, tmp_path: Path):
    other = changed(made, tmp_path, OTHER_LIBRARY, UNFINISHED)
    code, out, err = compared("good", other)
    assert code == 0
    assert "sphere-2d: 1 pair of runs not finished" in err
    assert "sphere-3d: 5 runs in good only" in err
    assert "Other libraries: numpy" in err
    assert "All 2 runs have the same trials" in out


def test_the_table_fits_a_narrow_terminal(
    compared: Compared, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """`compared` leaves out the figures here, too."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["compare", str(made / "good"), str(made / "poor"), "--output", str(tmp_path / "ci")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines[:-1])) <= 80
    assert lines[-1] == f"Report: {tmp_path}/ci/report.html"


def test_the_script_for_a_pipeline_finds_that_the_working_tree_is_worse(tmp_path: Path):
    """The sampler of a commit against what lies here, in a folder of a repository; nothing else is left behind."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    sampler = tmp_path / "src/my_sampler.py"
    sampler.parent.mkdir()
    sampler.write_text(GOOD)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "good"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    sampler.write_text(VERSIONS["raises"])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # as where it is activated
    words = [
        "--strategies",
        NAME,
        "--problems",
        "sphere",
        "--dims",
        "2",
        "--trials",
        "9",
        "--seeds",
        "2",
        "--jobs",
        "1",
    ]
    done = subprocess.run(
        ["sh", str(ROOT / "docs/examples/compare_with.sh"), "HEAD", *words], cwd=sampler.parent,
        env=environment(PATH=path, TMPDIR=str(tmp_path)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "worse (2 of its runs failed, none of the old ones did)." in done.stdout
    assert (sampler.parent / "comparison/report.html").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", "src"]
    trees = subprocess.run([*git, "worktree", "list"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert trees.stdout.count("\n") == 1


def by_hand(old: list[Curve], new: list[Curve], **more: object) -> Comparison:
    """The comparison of runs with these told values."""
    runs, trials = simple_runs({"old": old, "new": new}, **more)
    (found,) = comparisons([Paired(Match("s", "s"), runs, trials, [], ("1", "2"))], 1.25)
    return found


def test_without_a_known_optimum_the_share_of_pairs_decides():
    found = by_hand([[3.0, 2.0]] * 8, [[3.0, 1.5]] * 8, optimum=None, optimum_origin=None)
    assert (found.verdict.word, found.verdict.reason) == ("better", "by the share of pairs won")
    assert found.evidence.ratio is None
    said = " ".join(sentences(found, 1.25, one_machine=True))
    assert "there is no ratio: new is lower in 100 % [63 %, 100 %] of 8 pairs" in said
    names = [drawing.name for drawing in draw_comparison(found, 1.25, np.random.default_rng(0))]
    assert names == ["differences-s", "regret-s-sphere"]


def test_runs_that_fail_on_both_sides_say_nothing_of_regret():
    found = by_hand([[2.0]] * 6 + [[None]] * 4, [[1.0]] * 6 + [[None]] * 4)
    assert (found.evidence.pairs, found.evidence.differing, found.verdict.word) == (6, 6, "better")
    assert by_hand([[None]], [[None]]).verdict.reason == "the same trials, bit for bit"
    nothing = by_hand([[None]], [[None, None]])
    assert (nothing.verdict.word, nothing.verdict.reason) == ("cannot tell", "no pair of runs can be compared")


def test_several_strategies_share_the_error_rate():
    runs, trials = simple_runs({"old": [[2.0]] * 8, "new": [[1.0]] * 8})
    same = trials.assign(value=1.0)
    three = [Paired(Match("s", "s"), runs, each, [], ("1", "2")) for each in (trials, trials, same)]
    assert {round(found.level, 9) for found in comparisons(three, 1.25)} == {0.975}


def test_factors_as_people_read_them():
    assert [times(x) for x in (1.618, 0.5, 152.3, 0.0031, 3e7, math.inf, math.nan)] == [
        *("1.62", "0.50", "152", "0.0031", "3e+07", "∞", "–"),
    ]  # fmt: skip
