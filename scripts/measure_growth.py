"""What an experiment costs as it grows, from 10 to 10,000 runs of 100 trials: docs/growth.md and docs/growth.png.

python scripts/measure_growth.py                some six minutes on two quiet cores
python scripts/measure_growth.py --quick        up to 1,000 runs; writes below results/growth/ alone

Cheap strategies on cheap problems, so that what is measured is the harness: the driver with its workers and its store,
then `python -m bench report`, each in a process of its own. The last report is of a million trials.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from bench.environment import environment
from bench.plots.lines import spans_decades

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "results" / "growth"
TRIALS = 100
CELLS = {"problems": "sphere,ackley,rastrigin,levy,rosenbrock", "dims": "2,3,5,10"}
SIZES: Mapping[int, Mapping[str, object]] = {  # runs -> settings
    10: {"problems": "sphere", "dims": "2,5", "seeds": 1},
    100: {**CELLS, "seeds": 1},
    1_000: {**CELLS, "seeds": 10},
    10_000: {**CELLS, "seeds": 100},
}
COMMON = {"strategies": "random,sobol,lhs,grid,cmaes", "trials": TRIALS}
CARRY_OUT = """
import json, sys
from pathlib import Path
from bench.experiment import Silent, carry_out
from bench.plan import make_plan, resolve_spec
from bench.settings import check_settings
settings = check_settings(json.loads(sys.argv[1]))
carry_out(settings, make_plan(resolve_spec(settings)), Path(sys.argv[2]), Silent())
"""


class Cost(NamedTuple):
    """Of one process: seconds of the clock, and the most memory that it had."""

    seconds: float
    mib: float


class Row(NamedTuple):
    """What was measured at one size."""

    runs: int
    trials: int
    run: Cost
    kib: float  # of the database
    report: Cost


def cost_of(command: Sequence[str]) -> Cost:
    """Run `command` to its end; raises `SystemExit` where it fails."""
    begun = monotonic()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Cost(monotonic() - begun, usage.ru_maxrss / 1024)


def measured(runs: int) -> Row:
    """An experiment of so many runs, made and reported."""
    folder = RESULTS / f"runs-{runs}"
    shutil.rmtree(folder, ignore_errors=True)
    run = cost_of(["-c", CARRY_OUT, json.dumps({**SIZES[runs], **COMMON}), str(folder)])
    size = sum(path.stat().st_size for path in folder.glob("experiment.db*")) / 1024
    report = cost_of(["-m", "bench", "report", folder.name, "--results", str(RESULTS)])
    return Row(runs, runs * TRIALS, run, size, report)


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """The page."""
    where = environment()
    yield "# What an experiment costs as it grows\n"
    machine = f"Python {where['python']}, {where['processor']}, {where['cores']} cores"
    yield f"Written by `python scripts/measure_growth.py`; {machine}."
    yield f"Runs of {TRIALS} trials of cheap strategies on cheap problems; a grid may end before.\n"
    yield "![What an experiment costs as it grows](growth.png)\n"
    yield "| runs | ms per run | driver, MiB | database, KiB per run | report, s | report, MiB |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        per_run = f"{1000 * row.run.seconds / row.runs:.1f} | {row.run.mib:.0f} | {row.kib / row.runs:.1f}"
        yield f"| {row.runs:,} | {per_run} | {row.report.seconds:.1f} | {row.report.mib:.0f} |"
    yield "\nThe time of a run falls with their number, as starts and imports are shared. A report reads every row"
    yield "of the database, checks it, and draws all figures: `python -m bench report` from start to end.\n"


def drawn(rows: Sequence[Row]) -> Figure:
    """Four panels against the number of runs."""
    panels = {
        "milliseconds per run": [1000 * row.run.seconds / row.runs for row in rows],
        "database, KiB per run": [row.kib / row.runs for row in rows],
        "report, seconds": [row.report.seconds for row in rows],
        "memory, MiB": [row.report.mib for row in rows],
    }
    with sns.axes_style("ticks", {"axes.grid": True, "grid.color": "#E6E6E6"}):
        figure = Figure(figsize=(11, 3.4), layout="constrained")
        figure.suptitle("What an experiment costs as it grows", x=0.01, ha="left", fontweight="bold")
        for ax, (label, values) in zip(figure.subplots(1, 4), panels.items(), strict=True):
            ax.plot([row.runs for row in rows], values, marker="o", color="#0072B2", label="report")
            ax.set(xscale="log", xlabel=f"runs of {TRIALS} trials", title=label)
            if spans_decades(pd.Series(values)):
                ax.set_yscale("log")
            else:
                ax.set_ylim(0, 1.15 * max(values))
            sns.despine(ax=ax)
        ax.plot([row.runs for row in rows], [row.run.mib for row in rows], marker="s", color="#D55E00", label="driver")
        ax.legend(frameon=False)
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="up to 1,000 runs")
    is_quick = parser.parse_args().quick
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows = [measured(runs) for runs in SIZES if runs <= 1_000 or not is_quick]
    folder = RESULTS if is_quick else ROOT / "docs"
    drawn(rows).savefig(folder / "growth.png", dpi=110)
    (folder / "growth.md").write_text("\n".join(lines(rows)), encoding="utf-8")
    print((folder / "growth.md").read_text())


if __name__ == "__main__":
    main()
