"""Whatever shows results in an experiment's folder is of the trials that are stored there, or said not to be."""

from pathlib import Path

import pytest

from bench.commands.export import write
from bench.database import fingerprint
from bench.exchange.formats import format_called
from bench.experiment import load_experiment, run_experiment
from bench.report.folders import replacing_folder
from bench.report.html import write_report
from bench.verified_files import file_findings, files_in, manifest_finding, strangers
from tests.bench.conftest import cut_off

SETTINGS = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": 4, "seeds": 1, "name": "small"}
HARMLESS = ("notes.md", ".draft.csv", ".cache/figure.png", "slurm-17.out", "figures/README", "paper.ipynb")
WRITTEN = tuple(map(Path, ("report.html", "summary.csv", "summary.tex", "figures/a.png", "figures/a.pdf")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run_experiment(SETTINGS, executor="serial", results=tmp_path)
    return tmp_path / "small"


def put(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"made up")


@pytest.mark.parametrize(
    "name",
    [
        *("honest.csv", "SUMMARY.CSV", "paper.tex", "better.pdf", "old/report.html", "report.html.png"),
        *("better.jpg", "figures/better.gif"),
    ],
)
def test_what_looks_like_a_result_and_is_not_of_the_report_is_said(tmp_path: Path, name: str):
    for each in (*map(str, WRITTEN), *HARMLESS, "experiment.db", "experiment.db-wal"):
        put(tmp_path, each)
    assert list(strangers(tmp_path, WRITTEN, [])) == []
    put(tmp_path, name)
    assert list(strangers(tmp_path, WRITTEN, [])) == [Path(name)]
    assert list(strangers(tmp_path, WRITTEN, [(tmp_path / name).parent])) == []


def test_every_file_of_a_report_that_differs_by_a_byte_is_said_and_no_other(folder: Path):
    """Whatever a report consists of, now or one day."""
    write_report(load_experiment(folder), folder)
    (report,) = file_findings(folder)
    assert report.faults == ()
    written = [path for path in files_in(folder) if not path.name.startswith("experiment.db")]
    assert report.subject.startswith(f"{len(written)} tables and figures are")
    assert {".csv", ".html", ".parquet", ".png", ".svg"} <= {path.suffix for path in written}
    for path in written:
        whole = (folder / path).read_bytes()
        (folder / path).write_bytes(whole[:200] if path.suffix == ".pdf" else whole + b" ")
    (report,) = file_findings(folder)
    assert [fault.partition(" is not what the stored trials give")[0] for fault in report.faults] == list(
        map(str, written)
    )


def test_what_other_commands_wrote_is_as_it_was_written_and_of_these_trials(folder: Path):
    write(format_called("csv"), folder)
    with replacing_folder(folder / "sensitivity", fingerprint(folder)) as draft:
        put(draft, "figures/importances.png")
    report, others = file_findings(folder)
    assert (report.faults, others.faults) == ((), ())
    assert others.subject.startswith("exports/csv, sensitivity were made of these trials")
    places = [folder / "exports" / "csv", folder / "sensitivity"]
    put(folder, "exports/csv/trials.csv")
    put(folder, "sensitivity/figures/better.png")
    put(folder, "exports/csv/all.zip")
    assert manifest_finding(folder, places).faults == (
        "exports/csv/trials.csv was changed since it was written",
        "sensitivity/figures/better.png was not written with the rest; move it elsewhere",
    )
    (folder / "exports/csv/trials.csv").unlink()
    (folder / "sensitivity/figures/better.png").unlink()
    cut_off(folder, 2)
    assert manifest_finding(folder, places).faults == (
        "exports/csv was not made of the trials that are stored now; make it again",
        "sensitivity was not made of the trials that are stored now; make it again",
    )
