"""`plan`: what would run, what would not, and how long it would take."""

import os
from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from bench.console import SafeConsole
from bench.experiment import experiment_name
from bench.plan import Plan, make_plan, resolve_spec
from bench.prices import PriceList, price, probe
from strategies.pruners.registry import NO_PRUNER


def plan(settings: Mapping[str, Any]) -> None:
    """Print the plan and its price; runs nothing and writes nothing."""
    planned = make_plan(resolve_spec(settings))
    cores = len(os.sched_getaffinity(0))
    jobs = settings.get("jobs") or cores
    prices = PriceList.read()
    cost = price(planned, min(jobs, cores), prices, probe() / prices.single("probe", ""))
    console = SafeConsole()
    spec = planned.spec
    trials = sum(key.budget for key in planned.runs)
    lines = [
        f"experiment  {experiment_name(settings)}",
        f"problems    {', '.join(spec.problems)} in dimensions {', '.join(map(str, spec.dims))}",
        f"strategies  {', '.join(spec.strategies)}",
        *([f"pruners     {', '.join(spec.pruners)}"] if spec.pruners != (NO_PRUNER,) else []),
        f"runs        {len(planned.runs)} of {spec.trials} trials, {spec.seeds} seeds each: {trials} trials",
        f"time        about {duration(cost.seconds)} with {jobs} jobs ({duration(cost.work_s)} of work on one core)",
    ]
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)
    table = Table("seconds on one core", "")
    for name, seconds in sorted({**cost.by_strategy, **cost.by_problem}.items(), key=lambda item: -item[1]):
        table.add_row(escape(name), f"{seconds:.1f}")
    console.print(table)
    if cost.unknown:
        console.print(
            f"not counted, no price known: {', '.join(cost.unknown)}", markup=False, highlight=False, soft_wrap=True
        )
    for reason, count in skip_reasons(planned).items():
        console.print(f"skipped: {count} cells: {reason}", markup=False, soft_wrap=True, highlight=False)


def skip_reasons(planned: Plan) -> dict[str, int]:
    """How many cells are skipped for each reason."""
    counts: dict[str, int] = {}
    for skip in planned.skips:
        counts[skip.reason] = counts.get(skip.reason, 0) + 1
    return counts


def duration(seconds: float) -> str:
    """`"7 min"`: one unit, for people."""
    for unit, size in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
