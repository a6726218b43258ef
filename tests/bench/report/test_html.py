import base64
import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import rc_context

from bench.experiment import Experiment
from bench.report import html
from bench.report.html import write_report, write_tables
from bench.report.measures import measure

EVIL = "<script>alert('$x')</script>"


class Reader(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.images += [given["src"] or ""] if tag == "img" else []
        self.links += [given["href"] or ""] if "href" in given else []

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: Path) -> Reader:
    return Reader(page.read_text(encoding="utf-8"))


def with_strategy(experiment: Experiment, old: str, new: str) -> Experiment:
    """`experiment` with a strategy of another name."""
    frames = {
        name: getattr(experiment, name).assign(strategy=getattr(experiment, name)["strategy"].replace(old, new))
        for name in ("runs", "trials", "skips")
    }
    strategies = tuple(new if name == old else name for name in experiment.spec.strategies)
    return replace(experiment, **frames, spec=experiment.spec.model_copy(update={"strategies": strategies}))


def charts_of(page: Path) -> dict[str, Any]:
    """What the page holds packed: its charts by name."""
    (packed,) = re.findall(r'<script type="application/octet-stream" id="charts">(.*?)</script>', page.read_text())
    charts: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))["charts"]
    return charts


def test_a_report_is_tables_figures_and_one_page(written: Path):
    figures = {path.stem for path in (written / "figures").iterdir()}
    drawn = {path.stem for path in (written / "figures").glob("*.png")}
    assert {"mean-rank", "wins", "targets", "regret-by-dimension", "regret-sphere", "regret-branin"} <= drawn
    assert {"optimiser-seconds", "coverage"} <= drawn
    for kind in ("svg", "pdf"):
        assert {path.stem for path in (written / "figures").glob(f"*.{kind}")} == drawn
    assert {path.stem for path in (written / "figures").glob("*.csv")} == set(charts_of(written / "report.html"))
    assert figures == drawn | set(charts_of(written / "report.html"))
    assert {path.name for path in written.iterdir()} == {
        *("report.html", "summary.csv", "comparisons.csv", "running_times.csv", "leaders.csv"),
        *("summary.tex", "comparisons.tex", "runs.parquet", "trials.parquet", "figures", html.LISTED),
    }


def test_tables_can_be_read_back(experiment: Experiment, written: Path):
    trials, runs = (pd.read_parquet(written / f"{name}.parquet") for name in ("trials", "runs"))
    assert trials["value"].tolist() == experiment.trials["value"].tolist()
    assert trials["config"].tolist() == experiment.trials["config"].tolist()
    assert len(runs) == len(experiment.runs)
    assert set(pd.read_csv(written / "summary.csv")["strategy"]) == {"grid", "random", "optuna-tpe"}


def test_every_figure_is_a_chart_or_a_picture_and_its_files_exist(written: Path):
    page, charts = read(written / "report.html"), charts_of(written / "report.html")
    drawn = {path.stem for path in (written / "figures").glob("*.png")}
    assert len(page.images) == len(drawn - set(charts))
    assert all(re.match(r"data:image/(svg\+xml|png);base64,[A-Za-z0-9+/=]+$", image) for image in page.images)
    files = [link for link in page.links if not link.startswith("#")]
    assert all((written / link).is_file() for link in files)
    assert {Path(link).name for link in files} >= {path.name for path in (written / "figures").iterdir()}


def test_a_chart_carries_the_numbers_of_its_table(written: Path):
    for name, chart in charts_of(written / "report.html").items():
        assert chart["csv"] == (written / "figures" / f"{name}.csv").read_text()
    ranks = pd.read_csv(written / "figures" / "mean-rank.csv")
    assert set(ranks["strategy"]) == {"grid", "random", "optuna-tpe"}
    summary = pd.read_csv(written / "summary.csv").set_index("strategy")
    last = ranks[ranks["trial"] == 8].set_index("strategy")
    assert last["median"].sort_index().tolist() == pytest.approx(summary["mean_rank"].sort_index().tolist(), rel=1e-5)


def test_the_page_loads_nothing_and_runs_nothing_but_its_own(written: Path):
    text = (written / "report.html").read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    tags = Reader(text).tags
    assert not {"link", "iframe", "object", "embed", "base"} & set(tags)
    assert tags.count("script") == 3  # Plotly and the charts, both packed, and what unpacks them
    assert "default-src &#39;none&#39;;" in text
    assert "unsafe-eval" not in text
    assert len(text) < 5_000_000


def test_tables_for_a_paper_are_latex(experiment: Experiment, written: Path, folder: Path):
    table = (written / "summary.tex").read_text()
    assert table.count(r"\\") == 4
    assert r"\toprule" in table
    assert re.search(r"^optuna-tpe & \d\.\d\d \[", table, re.MULTILINE)
    folder.mkdir()
    write_tables(measure(with_strategy(experiment, "random", r"[50%]_{$x$} & \input{~/x}#^")), folder)
    escaped = r"{}[50\%]\_\{\$x\$\} \& \textbackslash{}input\{\textasciitilde{}/x\}\#\textasciicircum{}"
    assert escaped in (folder / "summary.tex").read_text()
    assert escaped in (folder / "comparisons.tex").read_text()


def test_the_page_says_who_leads_how_sure_that_is_and_how_each_was_set_up(experiment: Experiment, written: Path):
    page = read(written / "report.html")
    text = page.text
    assert "has the best mean rank" in text
    assert "over 6 cells" in text
    assert "With only 2 seeds per cell" in text
    assert text.count("How to read:") == page.tags.count("figure") >= 8
    assert "a quarter" in text
    assert "not told apart from it" in text
    assert "branin goes no further than dimension 2" in text
    assert "Watanabe 2023" in text
    assert experiment.environment["python"] in text


def test_names_are_escaped_everywhere(experiment: Experiment, folder: Path):
    evil = replace(with_strategy(experiment, "optuna-tpe", EVIL), name=f"{EVIL}-experiment")
    runs = evil.runs.assign(error="Traceback\nValueError: <img src=x onerror=alert(1)>")
    runs.loc[runs["strategy"] == EVIL, "status"] = "failed"
    page = read(write_report(replace(evil, runs=runs), folder))
    assert page.tags.count("script") == 3
    assert EVIL in page.text
    assert "ValueError: <img src=x onerror=alert(1)>" in page.text
    assert "not known: is not registered here" in page.text


def test_a_problem_of_any_name_gives_safe_files(experiment: Experiment, folder: Path):
    runs, trials = (
        frame.assign(problem=frame["problem"].replace({"sphere": "../Ünsafe", "branin": "../ünsafe"}))
        for frame in (experiment.runs, experiment.trials)
    )
    write_report(replace(experiment, runs=runs, trials=trials), folder)
    names = [path.stem for path in (folder / "figures").iterdir()]
    assert all(re.fullmatch(r"[a-z0-9_-]+", name) for name in names)
    assert len({name for name in names if name.startswith("regret-") and "nsafe" in name}) == 2
    assert [path.name for path in folder.parent.iterdir()] == ["small"]


@pytest.mark.parametrize("done", [0, 7, 18])
def test_an_unfinished_experiment_has_a_report(experiment: Experiment, folder: Path, done: int):
    later = experiment.runs.index >= done
    runs = experiment.runs.copy()
    runs.loc[later, ["status", "optimum", "optimum_origin", "value_label"]] = ["planned", np.nan, None, None]
    kept = experiment.trials.merge(experiment.runs.loc[~later, ["problem", "dim", "strategy", "seed"]])
    page = read(write_report(replace(experiment, runs=runs, trials=kept), folder))
    missing = len(experiment.runs) - done
    assert (f"{missing} of {len(runs)} runs are missing" in page.text) == (missing > 0)


def test_an_experiment_where_everything_failed_has_a_report(experiment: Experiment, folder: Path):
    runs = experiment.runs.assign(
        status="failed", error="Traceback\nValueError: no luck", optimum=np.nan, optimum_origin=None, value_label=None
    )
    page = read(write_report(replace(experiment, runs=runs, trials=experiment.trials.iloc[:0]), folder))
    assert "Every run failed" in page.text
    assert "ValueError: no luck" in page.text
    shown = {*charts_of(folder / "report.html"), *(path.stem for path in (folder / "figures").glob("*.png"))}
    assert shown == {"coverage"}  # what was run


def test_an_experiment_of_failed_trials_has_a_report(experiment: Experiment, folder: Path):
    trials = experiment.trials.assign(value=np.nan, true_value=np.nan, status="failed", error="the value is nan")
    page = read(write_report(replace(experiment, trials=trials), folder))
    assert "nothing here tells them apart" in page.text
    assert "the value is nan" in page.text


def test_the_same_experiment_gives_the_same_bytes(experiment: Experiment, written: Path, folder: Path):
    page = write_report(experiment, folder)
    assert page == folder / "report.html"
    files = [path.relative_to(written) for path in written.rglob("*.*") if path.is_file()]
    assert len(files) >= 40
    assert all((written / name).read_bytes() == (folder / name).read_bytes() for name in files)


def test_a_report_that_breaks_off_leaves_the_old_one_whole(
    experiment: Experiment, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    page = folder / "report.html"
    folder.mkdir()
    page.write_text("the old one")

    def fail(*_: object) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(html, "render", fail)
    with pytest.raises(OSError, match="no space"):
        write_report(experiment, folder)
    assert page.read_text() == "the old one"
    assert not list(folder.rglob(".*"))


def test_a_report_takes_away_what_an_earlier_one_wrote_and_nothing_else(experiment: Experiment, folder: Path):
    write_report(experiment, folder)
    assert len(list((folder / "figures").glob("coverage.*"))) == 4
    mine = [folder / "figures" / "mine.png", folder / "experiment.db", folder.parent / "outside.csv"]
    for path in mine:
        path.write_text("mine")
    with (folder / html.LISTED).open("a", encoding="utf-8") as listing:
        listing.write("experiment.db\n../outside.csv\nfigures/none.png\n")
    write_report(replace(experiment, skips=experiment.skips.iloc[:0]), folder)
    assert not list((folder / "figures").glob("coverage.*"))
    assert all(path.exists() for path in mine)


def test_what_the_winners_are_worth_is_a_sentence_a_table_and_a_figure(experiment: Experiment, folder: Path):
    """Made up: the winners of grid were told 0.5 less than they are worth, those of the others nothing wrong."""
    last = experiment.runs.assign(repeat=1, trial=1, status="ok", error=None, evaluate_s=0.1, started_at=0.0)
    told = (
        experiment.trials.groupby(["problem", "dim", "strategy", "seed"])["value"].min().rename("value").reset_index()
    )
    table = last.merge(told, on=["problem", "dim", "strategy", "seed"])
    flattered = 0.5 * (table["strategy"] == "grid")
    table = table.assign(test_value=table["value"] + flattered, true_value=np.nan)[experiment.retrainings.columns]
    page = read(write_report(replace(experiment, retrainings=table), folder))
    scores = pd.read_csv(folder / "honest.csv").set_index(["problem", "strategy"])
    assert scores["optimism"].unstack().round(9).to_numpy().tolist() == [[0.5, 0.0, 0.0]] * 2
    assert (folder / "figures" / "optimism.png").is_file()
    assert len(pd.read_parquet(folder / "retrainings.parquet")) == len(table)
    assert "the winners of" in page.text
    assert "too good to be true" in page.text
    write_report(experiment, folder)
    assert not (folder / "figures" / "optimism.png").exists()


def test_a_report_is_the_same_whatever_settings_of_matplotlib_a_user_or_another_package_has(
    experiment: Experiment, written: Path, folder: Path
):
    with rc_context({"pdf.fonttype": 3, "font.size": 20, "axes.facecolor": "black", "font.family": "monospace"}):
        write_report(experiment, folder)
    names = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert any(name.suffix == ".pdf" for name in names)
    assert [name for name in sorted(names) if (folder / name).read_bytes() != (written / name).read_bytes()] == []
