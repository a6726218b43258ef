"""`write_report`: tables, figures and one page that holds them, each file whole or not there at all."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bench.analysis.competitors import by_pair, has_pruners, parts_of
from bench.analysis.scores import BASELINE
from bench.cards import cards_to_show
from bench.charts.listing import Make, charts
from bench.experiment import Experiment
from bench.forked import side_by_side
from bench.report.answer import answers
from bench.report.bundle import bundle
from bench.report.chart_files import Interactive, write_chart
from bench.report.drawings import Draw, drawings
from bench.report.files import replacing
from bench.report.findings import headline, honestly, saved
from bench.report.latex import comparisons_table, summary_table
from bench.report.listings import failures, set_ups, skipped_cells
from bench.report.measures import Measures, measure
from bench.report.pages import as_text, in_trials, templates
from bench.report.pictures import FOR_PRINT, Picture, write_figure
from bench.report.sections import ALWAYS, arranged
from bench.report.swatches import swatches
from bench.report.wording import bracket, number, ranges, share, significant

TEXT_COLUMNS = ("error", "observations", "optimum_origin", "value_label")  # of nothing but None, they have no type
LISTED = ".report"  # in the folder: the files that the last report wrote, a line each
KINDS = frozenset(
    {".csv", ".tex", ".html", ".parquet", *(f".{kind}" for kind in FOR_PRINT)}
)  # of the files of a report

LIVE = re.compile(r"<!--live-->.*?<!--/live-->\n", re.DOTALL)  # in the page: no name can hold these marks, escaped


def write_report(
    experiment: Experiment, folder: Path, every: int = 0, tell: Callable[[Measures], object] = lambda measures: None
) -> Path:
    """Write tables, figures and `report.html` of `experiment` into `folder`; returns the page's path.

    With `every`, the page loads itself again after so many seconds. `tell` is called with what was measured, which is
    there before the figures are.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    again = [("retrainings", experiment.retrainings)] if len(experiment.retrainings) else []
    stored = (("trials", experiment.trials), ("runs", experiment.runs), *again)
    measures = measure(
        experiment, [partial(write_parquet, frame, folder / f"{name}.parquet") for name, frame in stored]
    )
    tell(measures)
    written = [*write_tables(measures, folder), *(f"{name}.parquet" for name, _ in stored)]
    runs, trials, skips = (by_pair(frame) for frame in (experiment.runs, experiment.trials, experiment.skips))
    work: list[Callable[[], Interactive | Picture]] = [
        partial(write_made, make, figures) for make in charts(runs, trials, skips, measures)
    ]
    work += [partial(write_drawn, draw, figures) for draw in drawings(runs, trials, skips, measures)]
    shown = side_by_side(work, len(trials))
    interactive = [item for item in shown if isinstance(item, Interactive)]
    pictures = [item for item in shown if isinstance(item, Picture)]
    page = folder / "report.html"
    written += [page.name, *(path for item in shown for path in item.files.values())]
    with replacing(page) as draft:
        paired = replace(experiment, runs=runs, trials=trials, skips=skips)
        draft.write_text(render(paired, measures, interactive, pictures, every), encoding="utf-8")
    remove_outdated(folder, frozenset(written))
    return page


def at_rest(page: Path) -> None:
    """Take out of a written page that it is loaded again."""
    if page.exists():
        text = page.read_text(encoding="utf-8")
        with replacing(page) as draft:
            draft.write_text(LIVE.sub("", text), encoding="utf-8")


def write_tables(measures: Measures, folder: Path) -> list[str]:
    """Write what was measured as CSV, and what papers print of it as LaTeX; returns the files' names."""
    tables = {
        "summary": measures.summary, "comparisons": measures.pairs, "running_times": measures.times,
        "leaders": measures.leaders,
    }  # fmt: skip
    sometimes = {"workers": measures.workers, "savings": measures.savings, "honest": measures.honest}
    tables |= {name: table for name, table in sometimes.items() if len(table)}
    for name, table in tables.items():
        with replacing(folder / f"{name}.csv") as draft:
            table.to_csv(draft, index=False)
    texts = {"summary": summary_table(measures.summary), "comparisons": comparisons_table(measures.pairs)}
    for name, text in texts.items():
        with replacing(folder / f"{name}.tex") as draft:
            draft.write_text(text, encoding="utf-8")
    return [*(f"{name}.csv" for name in tables), *(f"{name}.tex" for name in texts)]


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with its text columns as text even where every value is missing."""
    return frame.astype({name: "string" for name in TEXT_COLUMNS if name in frame})


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table."""
    with replacing(path) as draft:
        typed(frame).to_parquet(draft, index=False)


def write_made(make: Make, folder: Path) -> Interactive:
    """Make a chart, and write its numbers."""
    return write_chart(make(), folder)


def write_drawn(draw: Draw, folder: Path) -> Picture:
    """Draw, and write what was drawn."""
    return write_figure(draw(), folder, FOR_PRINT)


def remove_outdated(folder: Path, written: Set[str]) -> None:
    """Delete what an earlier report wrote and this one did not; nothing else, whatever is in the folder."""
    listing = folder / LISTED
    earlier = listing.read_text(encoding="utf-8", errors="replace").splitlines() if listing.is_file() else []
    for path in (folder / name for name in earlier if name not in written):
        if path.parent in (folder, folder / "figures") and path.suffix in KINDS:  # the list may have been changed
            path.unlink(missing_ok=True)
    with replacing(listing) as draft:
        draft.write_text("".join(f"{name}\n" for name in sorted(written)), encoding="utf-8")


def render(
    experiment: Experiment,
    measures: Measures,
    interactive: Sequence[Interactive],
    pictures: Iterable[Picture],
    every: int = 0,
) -> str:
    """The page of an experiment by pairs as HTML; everything that is not ours is escaped by the template."""
    spec, runs, summary = experiment.spec, experiment.runs, measures.summary
    sections = arranged(interactive, pictures)
    with_a_table = ["Time"] * bool(len(measures.savings) + len(measures.workers))
    with_a_table += ["Profiles"] * bool(len(measures.times))
    return (
        templates()
        .get_template("report.html")
        .render(
            name=experiment.name,
            spec={
                "problems": ", ".join(spec.problems),
                "dimensions": ranges(spec.dims),
                "strategies": ", ".join(spec.strategies),
                **({"pruners": ", ".join(spec.pruners)} if has_pruners(experiment.runs) else {}),
                "trials per run": spec.trials,
                "seeds": spec.seeds,
            },
            sentences=[
                *headline(runs, measures.ranked, summary, measures.pairs, measures.untested),
                *honestly(summary["strategy"], measures.honest),
            ],
            missing=measures.missing,
            summary=summary.to_dict("records"),
            baseline=BASELINE if "score" in summary else "",
            bracket=bracket,
            number=number,
            share=share,
            in_trials=in_trials,
            workers=measures.workers.to_dict("records"),
            savings=measures.savings.to_dict("records"),
            saved=saved(measures.savings),
            times=by_problem(measures.times, summary["strategy"]),
            honest=by_problem(measures.honest, summary["strategy"]),
            value=significant,
            sections=sections,
            contents=[name for name in sections if sections[name] or name in ALWAYS or name in with_a_table],
            has_charts=any(chart.packed for chart in interactive),
            answers=answers(measures.leaders),
            swatches=swatches(summary["strategy"]),
            bundle=bundle([chart for chart in interactive if chart.packed]),
            every=every,
            skipped=skipped_cells(experiment.skips),
            pruned=has_pruners(runs),
            failed_runs=failures(runs),
            failed_trials=failures(experiment.trials),
            set_ups=set_ups(dict(zip(summary["strategy"], summary["version"], strict=True))),
            cards=cards_to_show(dict.fromkeys(parts_of(name)[0] for name in summary["strategy"]), experiment.cards),
            environment={key: as_text(value) for key, value in experiment.environment.items()},
        )
    )


def by_problem(times: pd.DataFrame, order: Iterable[str]) -> dict[str, dict[str, dict[Hashable, Any]]]:
    """`running_times` as problem -> strategy -> row, strategies in `order`; nothing where there are no times."""
    of = {(row["problem"], row["strategy"]): row for row in times.to_dict("records")}
    ran = set(times["strategy"])
    return {
        str(problem): {name: of.get((problem, name), {}) for name in order if name in ran}
        for problem in times["problem"].unique()
    }
