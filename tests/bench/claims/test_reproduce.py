"""`reproduce` as a user meets it: bad names, a second call that runs nothing, a page that escapes."""

import html
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from bench.claims.claim import Setting
from bench.claims.measure import Place, measure, stored
from bench.claims.random_beats_grid import hit_probability, relevance_part
from bench.claims.registry import load_claim
from bench.report.claims_page import ClaimResult, write_claims_page
from tests.bench.claims.made_trials import drawn_trials
from tests.bench.claims.random_beats_grid import test_low_dimension, test_neural_part
from tests.bench.conftest import Bench

INSTEAD = {  # parts that take long are not measured here
    "low-dimension": lambda setting: test_low_dimension.made_up([-0.5, -0.6, -0.4]),
    "neural-networks": lambda setting: test_neural_part.made_up({"digits": 0.2, "convex": 0.16}),
}


@pytest.mark.parametrize(
    ("words", "says"),
    [(["random-beats-gird"], ["'random-beats-gird'", "random-beats-grid"]), ([], ["--all", "--list"])],
)
def test_bad_names_are_one_line_exit_2_and_nothing_written(
    bench: Bench, tmp_path: Path, words: list[str], says: list[str]
):
    done = bench("reproduce", *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert all(said in done.stderr for said in says)
    assert list(tmp_path.iterdir()) == []


def test_list_names_the_claims(bench: Bench):
    assert "random-beats-grid" in bench("reproduce", "--list").stdout


def test_stored_data_are_judged_again_and_nothing_runs(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hit_probability, "BATCHES", 2)
    monkeypatch.setattr(hit_probability, "SIZES", [1, 8, 128, 512])
    monkeypatch.setitem(hit_probability.POINT_SETS, "quick", 1)
    monkeypatch.setattr(relevance_part, "random_trials", lambda setting: drawn_trials(("sphere", "embedded-2"), 16))
    monkeypatch.setattr(relevance_part, "REFITS", 2)
    claim = load_claim("random-beats-grid")
    place = Place(tmp_path / "results", "quick", 1)
    for part in claim.parts:
        measure(claim, replace(part, experiment=INSTEAD.get(part.name, part.experiment)), place)
    done = bench("reproduce", claim.name)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("nothing to run") == len(claim.parts)
    assert "being measured" not in done.stderr
    page = (place.folder(claim) / "report.html").read_text(encoding="utf-8")
    for part in claim.parts:
        assert f"{part.name}: " in page
        assert html.escape(part.statement) in page
        assert part.name in done.stdout
    figures = list((place.folder(claim) / "figures").glob("*.png"))
    assert page.count("data:image/") == len(figures) >= len(claim.parts)
    assert "How to read" in page


def test_another_version_is_measured_again(tmp_path: Path):
    def experiment(setting: Setting) -> dict[str, pd.DataFrame]:
        return {"table": pd.DataFrame({"x": [setting.rng.random()]})}

    claim = load_claim("random-beats-grid")
    part, place = replace(claim.parts[0], experiment=experiment), Place(tmp_path, "quick", 1)
    assert stored(claim, part, place) is None
    made = measure(claim, part, place)
    again = stored(claim, part, place)
    assert again is not None
    pd.testing.assert_frame_equal(again["table"], made["table"])
    assert stored(claim, replace(part, version=2), place) is None


def test_the_page_escapes_what_it_is_given(tmp_path: Path):
    claim = replace(load_claim("random-beats-grid"), statement="<script>alert(1)</script>", parts=())
    page = write_claims_page([ClaimResult(claim, [])], "quick", tmp_path).read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
