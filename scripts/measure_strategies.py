"""Measure every strategy that can run here, and write docs/strategies.md: cost, installation, determinism, rank.

python scripts/measure_strategies.py            about an hour on two quiet cores; writes docs/strategies.md
python scripts/measure_strategies.py --quick    ten minutes, fewer of everything; writes results/strategies-quick.md

What was run is stored below results/: interrupted, the same command goes on where it was.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from statistics import mean, median
from time import monotonic

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # before numpy loads

from pathlib import Path

import pandas as pd
from measure_prices import import_price
from strategy_table.sizes import install_mib

from bench.commands.card import tried
from bench.environment import environment
from bench.experiment import Experiment, run_experiment
from bench.report.measures import measure
from strategies.registry import StrategyEntry, strategies

ROOT = Path(__file__).parents[1]
MARKS = (30, 100, 200)  # trials
BEFORE = 0.06  # share of the trials before a mark that its mean is over
IMPORTS = 3
LEFT_OUT = {
    "HEBO": "no adapter: it runs in an environment of its own (numpy 1.24, pandas 2.0, torch), but takes seconds per "
    "trial; as a process of your own (docs/process-protocol.md) it can take part",
}
SETTINGS: Mapping[bool, Mapping[str, Mapping[str, object]]] = {
    False: {
        "speed": {"problems": "ackley", "dims": "2,5,10", "trials": max(MARKS), "seeds": 1, "jobs": 1},
        "suite": {"profile": "quick"},
    },
    True: {
        "speed": {"problems": "ackley", "dims": "2,5,10", "trials": min(MARKS), "seeds": 1, "jobs": 1},
        "suite": {"problems": "ackley,mlp-digits", "dims": "2,5", "trials": 18, "seeds": 1},
    },
}


def experiment(part: str, is_quick: bool) -> Experiment:
    """All strategies' runs of one part. Each is an experiment of its own: a new strategy costs its own runs alone."""
    folder = ROOT / "results" / f"strategies{'-quick' if is_quick else ''}" / part
    able = [name for name, entry in strategies().items() if not (entry.needs.missing() or entry.only_by_name)]
    found = []
    for name in able:
        print(f"{part}: {name}", file=sys.stderr)
        found.append(run_experiment(strategies=[name], name=name, results=folder, **SETTINGS[is_quick][part]))
    runs, trials, skips = (pd.concat([getattr(one, frame) for one in found]) for frame in ("runs", "trials", "skips"))
    return replace(found[0], runs=runs, trials=trials, skips=skips)


def milliseconds(trials: pd.DataFrame) -> dict[str, list[str]]:
    """Of ask and tell just before each mark, by strategy: a cell per mark, one number per dimension in it."""
    cells: dict[str, list[str]] = {}
    for strategy, here in trials.assign(own_s=trials["ask_s"] + trials["tell_s"]).groupby("strategy"):
        cells[str(strategy)] = [
            " / ".join(before_mark(of_dim, mark) for _, of_dim in here.groupby("dim")) for mark in MARKS
        ]
    return cells


def before_mark(trials: pd.DataFrame, mark: int) -> str:
    """Mean milliseconds of the trials just before `mark`; a dash where the run ended earlier."""
    if trials["trial"].max() < mark:
        return "–"
    seconds = trials.loc[trials["trial"].between(round(mark * (1 - BEFORE)), mark), "own_s"]
    return plain(1000 * mean(seconds))


def plain(number: float) -> str:
    """Two digits that matter, without an exponent: `"0.0058"`, `"4.1"`, `"1700"`."""
    rounded = float(f"{number:.2g}")
    return f"{rounded:.0f}" if rounded >= 10 else f"{rounded:.2g}"


def import_seconds(entry: StrategyEntry) -> float:
    """Median over fresh processes, beyond what a worker imports anyway."""
    module = entry.factory.partition(":")[0]
    return median(import_price("strategy", entry.name, module)[-1] for _ in range(IMPORTS))


def lines(speed: Experiment, suite: Experiment) -> Iterator[str]:
    """The table, the best mean rank first; then what does not run here."""
    table = measure(suite).summary.set_index("strategy")
    cost = milliseconds(speed.trials)
    marks = " | ".join(f"ms at {mark}" for mark in MARKS)
    yield f"| strategy | version | rank | {marks} | import, s | install, MiB | same seed |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name in table.index:
        entry = strategies()[name]
        rank = (
            f"{table['mean_rank'][name]:.2f} ({table['mean_rank_low'][name]:.2f}–{table['mean_rank_high'][name]:.2f})"
        )
        print(name, file=sys.stderr)
        same_seed = tried(entry).removesuffix(", tried just now")
        yield (
            f"| `{name}` | {entry.version()} | {rank} | {' | '.join(cost.get(name, ['–'] * len(MARKS)))} "
            f"| {import_seconds(entry):.2f} | {install_mib(entry.needs):.0f} | {same_seed} |"
        )
    yield ""
    for name, entry in strategies().items():
        if missing := entry.needs.missing():
            yield f"- `{name}`: {missing}"
    yield from (f"- {name}: {why}" for name, why in LEFT_OUT.items())


def heading(speed: Experiment, suite: Experiment, command: str, minutes: float) -> str:
    """What was measured, and how."""
    where, spec = environment(), suite.spec
    marks, dims = ", ".join(map(str, MARKS)), " / ".join(map(str, speed.spec.dims))
    return f"""# Every strategy, measured

Written by `{command}`; Python {where["python"]}, {where["processor"]}, {where["cores"]} cores,
one thread per run; {minutes:.0f} minutes since it was last begun.

- rank: mean over {", ".join(spec.problems)} in dimensions {", ".join(map(str, spec.dims))},
  {spec.trials} trials, {spec.seeds} seeds; 1 is best of {suite.runs["strategy"].nunique()}; in brackets 95 % intervals.
  So short a budget is one of many: before you choose, run an experiment like your own.
- ms at {marks}: milliseconds of ask and tell, mean of the trials just before that one, on
  {", ".join(speed.spec.problems)} in dimensions {dims}; a dash where the strategy had nothing more to propose.
- import: seconds in a fresh process, beyond the harness's own; of those in an environment of their own, the adapter's.
- install: the extra's packages and all that they need, beyond the core; 0 is homemade, or part of the core.
- same seed: tried when this was written, on a space of a log-scaled number, an integer and a choice.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="ten minutes instead of an hour")
    is_quick, begun = parser.parse_args().quick, monotonic()
    suite, speed = (experiment(part, is_quick) for part in ("suite", "speed"))
    table = list(lines(speed, suite))
    command = f"python scripts/measure_strategies.py{' --quick' if is_quick else ''}"
    text = heading(speed, suite, command, (monotonic() - begun) / 60)
    file = ROOT / ("results/strategies-quick.md" if is_quick else "docs/strategies.md")
    file.write_text(text + "\n".join(table) + "\n", encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
