"""Does every table and figure in an experiment's folder come from the trials in it?

By a rule, not by a list of files: the report is written again and compared, whatever it consists of. What another
command wrote (`export`, `sensitivity`) says by its manifest of which trials. Else there is to be nothing of the kind.
"""

import filecmp
from collections.abc import Collection, Iterator, Sequence
from mimetypes import guess_type
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import fingerprint
from bench.experiment import load_experiment
from bench.report.folders import MADE_OF, MANIFEST, manifest_of, prints_of
from bench.report.html import write_report
from bench.verification import Finding

REMEDY = "move it elsewhere"


def file_findings(folder: Path) -> Iterator[Finding]:
    """The report and what is beside it, and what other commands made of the trials, where they did."""
    others = sorted(path.parent for path in folder.rglob(MANIFEST))
    yield report_finding(folder, others)
    if others:
        yield manifest_finding(folder, others)


def report_finding(folder: Path, others: Sequence[Path]) -> Finding:
    """Whether the report is what the stored trials give, and nothing that shows results is in its folder but for it."""
    with TemporaryDirectory() as rest:
        fresh = Path(rest) / folder.name
        write_report(load_experiment(folder), fresh)
        written = files_in(fresh)
        there = [name for name in written if (folder / name).is_file()]
        faults = [
            f"{name} is not what the stored trials give here; write it again with: python -m bench report {folder.name}"
            for name in there
            if not filecmp.cmp(fresh / name, folder / name, shallow=False)
        ]
    faults += [f"{name} is not of this experiment's report; {REMEDY}" for name in strangers(folder, written, others)]
    return Finding(f"{len(there)} tables and figures are what the trials give", tuple(faults))


def files_in(folder: Path) -> list[Path]:
    """Every file below `folder`, relative to it; hidden ones apart, which nobody takes for a result."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    return sorted(name for name in names if not any(part.startswith(".") for part in name.parts))


def strangers(folder: Path, written: Collection[Path], others: Sequence[Path]) -> Iterator[Path]:
    """What looks as if it were `written`, and is not: of one of its kinds, or a picture. There may be notes beside."""
    kinds = {name.suffix for name in written}
    for name in files_in(folder):
        is_apart = name in written or any((folder / name).is_relative_to(other) for other in others)
        if not is_apart and (name.suffix.lower() in kinds or is_picture(name)):
            yield name


def is_picture(name: Path) -> bool:
    """Whether it is one by its name."""
    return str(guess_type(name.name)[0]).startswith("image/")


def manifest_finding(folder: Path, others: Sequence[Path]) -> Finding:
    """Whether what other commands wrote is as they wrote it, and of the trials that are stored now."""
    now, faults = fingerprint(folder), list[str]()
    for other in others:
        where, written, there = other.relative_to(folder), manifest_of(other), prints_of(other)
        if written.get(MADE_OF) != now:
            faults.append(f"{where} was not made of the trials that are stored now; make it again")
        changed = [name for name in there if name in written and there[name] != written[name]]
        faults += [f"{where / name} was changed since it was written" for name in changed]
        files = {Path(name) for name in written if name != MADE_OF}
        faults += [f"{where / name} was not written with the rest; {REMEDY}" for name in strangers(other, files, ())]
    names = ", ".join(str(other.relative_to(folder)) for other in others)
    return Finding(f"{names} were made of these trials, and are as they were written", tuple(faults))
