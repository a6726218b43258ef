"""Run the experiments that `recommend` knows from, write bench/advice/evidence.parquet, and say in docs/recommend.md
what is in it.

An hour on one quiet core. What has finished when it is interrupted counts (`--only-write`), and the same command goes
on: python scripts/measure_evidence.py [PART…] [--jobs 2] [--time-limit 3600]
"""

import argparse
import os
import re
import sys
import time

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # before numpy loads

from pathlib import Path

import numpy as np
import pandas as pd

from bench.advice.evidence import EVIDENCE, SHIPPED, evidence_of
from bench.analysis.scores import BASELINE
from bench.commands.progress import ProgressBar
from bench.console import SafeConsole
from bench.database import DATABASE
from bench.experiment import RESULTS, load_experiment, run_experiment
from bench.report.wording import ranges

CHEAP = "random,sobol,gp,gp-ei,hyperopt-tpe,hyperopt-anneal,optuna-tpe,cmaes,scipy-de,nevergrad"
DEARER = "random,optuna-gp,smac,wandb-bayes"
DEAREST = "random,ax,botorch,skopt-gp,skopt-forest"
PARALLEL = "random,sobol,gp,hyperopt-tpe,optuna-tpe,cmaes,scipy-de"
SMOOTH = "ellipsoid,rosenbrock,griewank,levy,styblinski-tang,embedded-2"
RUGGED = "ackley,rastrigin,schwefel,michalewicz,bbob-f15,bbob-f21"
NOISY = "ackley+noise=10%,rosenbrock+noise=10%,levy+noise=10%,styblinski-tang+noise=10%,embedded-2+noise=10%"
KINDS = "mixed,mixed+noise=10%,conditional,ackley+discrete=5"  # choices, integers, what does not always matter
FEW = "ackley,rosenbrock,levy,styblinski-tang,embedded-2,mixed"
TRAININGS = "mlp-digits,knn-digits,svm-digits,elastic-net-diabetes"
PARTS = {  # the most needed first
    "functions": {"problems": f"{SMOOTH},{RUGGED}", "dims": "2,5,10", "strategies": CHEAP, "trials": 60, "seeds": 2},
    "kinds": {"problems": KINDS, "dims": "3,5,10", "strategies": CHEAP, "trials": 60, "seeds": 2},
    "trainings": {"problems": TRAININGS, "dims": "5", "strategies": CHEAP, "trials": 40, "seeds": 1},
    "noise": {"problems": NOISY, "dims": "2,5,10", "strategies": CHEAP, "trials": 60, "seeds": 1},
    "short": {  # many plan by their budget: what they do in ten of sixty trials is not what they do in ten
        "problems": f"{SMOOTH},{RUGGED},{KINDS}", "dims": "2,3,5,10", "strategies": CHEAP, "trials": 15, "seeds": 2,
    },
    "dearer": {"problems": FEW, "dims": "2,5,10", "strategies": DEARER, "trials": 60, "seeds": 1},
    "workers": {
        "problems": FEW, "dims": "2,5,10", "strategies": PARALLEL, "trials": 60, "seeds": 1,
        "workers": "8", "clock": "simulated",
    },
    "dearest": {"problems": FEW, "dims": "5", "strategies": DEAREST, "trials": 30, "seeds": 1},
}  # fmt: skip


PAGE = Path("docs/recommend.md")
MARKED = re.compile(r"(?<=<!-- evidence -->\n).*(?=<!-- end -->)", re.DOTALL)


def described(rows: pd.DataFrame) -> str:
    """Markdown: how many runs of whom, on how many problems, in which dimensions, how long."""
    runs = rows[rows["strategy"] != BASELINE]
    lines = [
        "| strategy | version | runs | problems | dimensions | trials | 8 workers |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, own in runs.groupby("strategy", sort=False):
        alone = own[own["workers"] == 1]
        lines.append(
            f"| `{name}` | {own['version'].iloc[0]} | {len(own)} | {alone['problem'].nunique()} | "
            f"{ranges(alone['dim'])} | {ranges(alone['budget'])} | {len(own) - len(alone) or '–'} |"
        )
    forms = ", ".join(f"`{name}` ({ranges(own['dim'])})" for name, own in runs.groupby("problem", sort=False))
    return "\n".join([*lines, "", f"Problems (dimensions): {forms}.", ""])


def write() -> pd.DataFrame:
    """Make the table of what is finished; seconds of thinking are those of bench/prices.csv, from a quiet machine."""
    folders = [RESULTS / f"evidence-{part}" for part in PARTS]
    rows = evidence_of([load_experiment(folder) for folder in folders if (folder / DATABASE).exists()], SHIPPED)
    small = rows.assign(
        regret=[np.asarray(regret, dtype=np.float32) for regret in rows["regret"]],
        optimiser_s=[np.zeros(0, dtype=np.float32)] * len(rows),
    )
    small.to_parquet(EVIDENCE, index=False, compression="zstd")
    PAGE.write_text(MARKED.sub(lambda _: described(rows), PAGE.read_text("utf-8")), "utf-8")
    return small


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=86400.0)
    parser.add_argument("--only-write", action="store_true")
    arguments = parser.parse_args()
    deadline = time.monotonic() + arguments.time_limit
    with ProgressBar(SafeConsole(stderr=True)) as progress:
        for name in [] if arguments.only_write else arguments.parts or PARTS:
            print(name, file=sys.stderr)
            run_experiment(
                PARTS[name], name=f"evidence-{name}", jobs=arguments.jobs, watcher=progress,
                time_limit=max(1.0, deadline - time.monotonic()),
            )  # fmt: skip
    print(f"{EVIDENCE}: {len(write())} rows, {EVIDENCE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
