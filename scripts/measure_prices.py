"""Measure what strategies and problems cost, and write bench/prices.csv: what `plan` predicts from.

Takes about fifteen minutes on one core: python scripts/measure_prices.py [NAME…] (only these; the rest is kept)
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator

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


def main() -> None:
    wanted = set(sys.argv[1:]) or {*strategies(), *problems()}
    with PRICES.open(encoding="utf-8", newline="") as file:
        kept = [tuple(row.values()) for row in csv.DictReader(file) if row["name"] not in {*wanted, ""}]
    rows: list[tuple[object, ...]] = [("probe", "", 0, 0, probe()), *kept]
    for name in sorted(wanted & set(strategies())):
        print(name, file=sys.stderr)
        rows += [*strategy_prices(name), import_price("strategy", name, strategies()[name].factory.partition(":")[0])]
    for name in sorted(wanted & set(problems())):
        print(name, file=sys.stderr)
        rows += [*problem_prices(name), import_price("problem", name, problems()[name].factory.partition(":")[0])]
    with PRICES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "name", "dim", "trial", "seconds"))
        writer.writerows((*row[:4], f"{float(str(row[4])):.3g}") for row in rows)


if __name__ == "__main__":
    main()
