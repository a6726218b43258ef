"""Ratios between the benchmarks of one run, and within their rounds, printed below their table."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

# Keys of a benchmark's extra_info.
PROBLEM = "problem"
TRIALS = "trials"  # how many trials one round is
NATIVE_S = "native_s"  # what the library's own loop took before each round
CALLS = "calls"  # of functions in our loop, over those in the library's


def overheads(benchmarks: list[Any]) -> Iterator[str]:
    """A row of Markdown for each adapter: the ratio within each round, its median and quartiles."""
    yield "| strategy | problem | trials × rounds | library, ms per trial | adapter | ratio (quartiles) | calls |"
    yield "|---|---|---|---|---|---|---|"
    for bench in benchmarks:
        trials, theirs, ours = (
            bench.extra_info[TRIALS],
            np.array(bench.extra_info[NATIVE_S]),
            np.array(bench.stats.data),
        )
        low, ratio, high = np.quantile(ours / theirs, [0.25, 0.5, 0.75])
        one, other = (1e3 * np.median(seconds) / trials for seconds in (theirs, ours))
        yield (
            f"| {bench.param} | {bench.extra_info[PROBLEM]} | {trials} × {len(ours)} | {one:.3g} | {other:.3g} | "
            f"{ratio:.2f} ({low:.2f} to {high:.2f}) | "
            f"{f'{bench.extra_info[CALLS]:.3f}' if CALLS in bench.extra_info else '–'} |"
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    session = getattr(config, "_benchmarksession", None)
    medians = {bench.name: bench.stats.median for bench in session.benchmarks if bench.stats.rounds} if session else {}
    counts = {bench.name: bench.extra_info.get(TRIALS, 1) for bench in session.benchmarks} if session else {}
    per_trial = {name: 1e6 * seconds / counts[name] for name, seconds in medians.items()}
    write = terminalreporter.write_line
    if {"test_harness", "test_bare_loop"} <= set(per_trial):
        ours = per_trial["test_harness"] - per_trial["test_bare_loop"]
        write(f"harness, beyond objective and strategy: {ours:.1f} µs per trial (goal: 30)")
        for name, what, goal in (
            ("test_optuna_in_memory", "study.optimize in memory", 4),
            ("test_optuna_on_sqlite", "study.optimize on Optuna's SQLite storage", 100),
        ):
            if name in per_trial:
                theirs = per_trial[name] - per_trial["test_optuna_objective"]
                write(f"{what}: {theirs:.0f} µs per trial, {theirs / ours:.1f} times ours (goal: {goal})")
    if {"test_jobs[1]", "test_jobs[2]"} <= set(medians):
        write(
            f"two jobs against one: {medians['test_jobs[1]'] / medians['test_jobs[2]']:.2f} times as fast (goal: 1.8)"
        )
    for trial, goal in ((100, 10), (200, 20), (500, 100)):
        ms = [1e-3 * value for name, value in per_trial.items() if name.startswith("test_gp[") and f"-{trial}]" in name]
        if ms:
            write(
                f"gp, ask + tell up to trial {trial}: {min(ms):.1f} to {max(ms):.1f} ms over dimensions (goal: {goal})"
            )
    if adapters := [bench for bench in session.benchmarks if NATIVE_S in bench.extra_info] if session else []:
        write("adapters against their libraries' own loops (goal: 1.10 or less)")
        for line in overheads(adapters):
            write(line)
