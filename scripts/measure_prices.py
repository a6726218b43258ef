"""Measure what strategies and problems cost, and write bench/prices.csv: what `plan` predicts from.

Takes about twenty minutes on one core: python scripts/measure_prices.py [NAME…] (only these; the rest is kept). What
is not installed, whose files are not there, or takes minutes per evaluation (-paper) is measured only when named.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # before numpy loads

from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from bench.experiment import run_experiment
from bench.prices import PRICES, probe
from problems.registry import problems
from strategies.registry import strategies

Row = tuple[str, str, int, int, float]
DIMS = (2, 5, 10)
WINDOWS = {1: (1, 3), 10: (9, 11), 15: (14, 16), 30: (28, 32), 60: (57, 63), 100: (95, 100)}
IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"
PLAIN = "import bench.executors.worker"


def strategy_prices(name: str) -> Iterator[Row]:
    """Seconds of ask and tell on ackley around some trials."""
    with TemporaryDirectory() as folder:
        trials = run_experiment(
            problems="ackley", dims=list(DIMS), strategies=[name], trials=100, seeds=1, executor="serial",
            results=Path(folder),
        ).trials  # fmt: skip
    for dim in sorted(set(trials["dim"])):
        here = trials[trials["dim"] == dim]
        for trial, (first, last) in WINDOWS.items():
            window = here[here["trial"].between(first, last)]
            if len(window):
                yield "strategy", name, int(dim), trial, mean(window["ask_s"] + window["tell_s"])


def problem_prices(name: str) -> Iterator[Row]:
    """Mean seconds of an evaluation of random configs."""
    entry = problems()[name]
    dims = sorted({max(entry.min_dim, min(dim, entry.max_dim or dim)) for dim in (2, 3, 5, 10)})
    with TemporaryDirectory() as folder:
        trials = run_experiment(
            problems=[name], dims=dims, strategies="random", trials=60, seeds=1, executor="serial", results=Path(folder)
        ).trials
    for dim, here in trials.groupby("dim"):
        yield "problem", name, int(dim), 1, mean(here["evaluate_s"])  # type: ignore[call-overload]


def import_price(kind: str, name: str, module: str) -> Row:
    """Seconds that a fresh worker spends on importing what an entry needs."""
    code = IMPORT.format(f"{PLAIN}; t = time.perf_counter(); import {module}")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return "setup", name, 0, 0, float(done.stdout)


def at_reference_speed(rows: Iterable[Row], reference: float, before: float) -> Iterator[Row]:
    """The rows as on a machine whose probe takes `reference` seconds, judged by the probes around the measurement."""
    measured = list(rows)
    speed = (before + probe()) / 2 / reference
    return ((*row[:4], row[4] / speed) for row in measured)


def rows_of(name: str) -> Iterator[Row]:
    """Everything that is measured of one name."""
    tables = (("strategy", strategies(), strategy_prices), ("problem", problems(), problem_prices))
    for kind, table, prices in tables:
        if name in table:
            yield from prices(name)
            yield import_price(kind, name, table[name].factory.partition(":")[0])


def main() -> None:
    entries = {**strategies(), **problems()}
    wanted = set(sys.argv[1:]) or {
        name for name, entry in entries.items() if not (entry.needs.missing() or name.endswith("-paper"))
    }
    with PRICES.open(encoding="utf-8", newline="") as file:
        stored = [
            (row["kind"], row["name"], row["dim"], row["trial"], float(row["seconds"])) for row in csv.DictReader(file)
        ]
    reference = next((row[4] for row in stored if row[0] == "probe"), probe())
    rows: list[tuple[object, ...]] = [("probe", "", 0, 0, reference)]
    rows += [row for row in stored if row[1] not in {*wanted, ""}]
    for name in sorted(wanted):
        print(name, file=sys.stderr)
        rows += at_reference_speed(rows_of(name), reference, probe())
    with PRICES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "name", "dim", "trial", "seconds"))
        writer.writerows((*row[:4], f"{float(str(row[4])):.3g}") for row in rows)


if __name__ == "__main__":
    main()
