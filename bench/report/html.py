"""`write_report`: tables, figures and one page that holds them, each file whole or not there at all."""

from base64 import b64encode
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib import rc_context
from matplotlib.figure import Figure

from bench.analysis.competitors import by_pair, has_pruners, parts_of
from bench.analysis.scores import BASELINE
from bench.cards import cards_to_show
from bench.experiment import Experiment
from bench.forked import side_by_side
from bench.plots.page import Drawing
from bench.report.drawings import Draw, drawings
from bench.report.files import replacing, safe_name
from bench.report.findings import headline, honestly, saved
from bench.report.listings import failures, set_ups, skipped_cells
from bench.report.measures import Measures, measure
from bench.report.wording import bracket, number, ranges, seconds, share, significant

PNG_DPI = 120
LARGEST_SVG = 450_000  # bytes; from there on the page holds the PNG, so that it can be mailed
TEXT_COLUMNS = ("error", "observations", "optimum_origin", "value_label")  # of nothing but None, they have no type
ONLY_SOMETIMES = (
    "coverage",
    "critical-difference",
    "optimism",
    "wins",
)  # figures that a later report may no longer have


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it."""

    title: str
    caption: str
    data_uri: str
    width: int  # CSS pixels
    files: Mapping[str, str]  # label -> path relative to the page


def write_report(experiment: Experiment, folder: Path, measures: Measures | None = None) -> Path:
    """Write tables, figures and `report.html` of `experiment` into `folder`; returns the page's path.

    `measures` are computed unless given.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    measures = measures or measure(experiment)
    for name, frame in (
        ("summary", measures.summary), ("comparisons", measures.pairs), ("running_times", measures.times),
        *(
            (name, table)
            for name, table in (
                ("workers", measures.workers), ("savings", measures.savings), ("honest", measures.honest),
            )
            if len(table)
        ),
    ):  # fmt: skip
        with replacing(folder / f"{name}.csv") as draft:
            frame.to_csv(draft, index=False)
    runs, trials, skips = (by_pair(frame) for frame in (experiment.runs, experiment.trials, experiment.skips))
    again = [("retrainings", experiment.retrainings)] if len(experiment.retrainings) else []
    work: list[Callable[[], Picture | None]] = [
        partial(write_parquet, frame, folder / f"{name}.parquet")
        for name, frame in (("trials", experiment.trials), ("runs", experiment.runs), *again)
    ]
    work += [partial(write_drawn, draw, figures) for draw in drawings(runs, trials, skips, measures)]
    pictures = [picture for picture in side_by_side(work, len(trials)) if picture is not None]
    remove_outdated(figures, pictures)
    page = folder / "report.html"
    with replacing(page) as draft:
        paired = replace(experiment, runs=runs, trials=trials, skips=skips)
        draft.write_text(render(paired, measures, pictures), encoding="utf-8")
    return page


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with its text columns as text even where every value is missing."""
    return frame.astype({name: "string" for name in TEXT_COLUMNS if name in frame})


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table."""
    with replacing(path) as draft:
        typed(frame).to_parquet(draft, index=False)


def image(figure: Figure, kind: str) -> bytes:
    """`figure` as a file of `kind`; the same data give the same bytes."""
    buffer = BytesIO()
    plain: Mapping[str, Mapping[str, Any]] = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}
    with rc_context({"svg.hashsalt": "search-bench", "svg.fonttype": "path"}):
        figure.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=dict(plain[kind]))
    return buffer.getvalue()


def write_drawn(draw: Draw, folder: Path) -> Picture:
    """Draw, and write what was drawn."""
    return write_figure(draw(), folder)


def write_figure(drawing: Drawing, folder: Path) -> Picture:
    """Write a drawing's PNG and SVG, and return what the page shows of it."""
    name = safe_name(drawing.name)
    files = {kind: image(drawing.figure, kind) for kind in ("png", "svg")}
    for kind, content in files.items():
        with replacing(folder / f"{name}.{kind}") as draft:
            draft.write_bytes(content)
    mime, content = ("image/svg+xml", files["svg"]) if len(files["svg"]) <= LARGEST_SVG else ("image/png", files["png"])
    data_uri = f"data:{mime};base64,{b64encode(content).decode()}"
    links = {kind.upper(): f"{folder.name}/{name}.{kind}" for kind in files}
    width = round(96 * drawing.figure.get_size_inches()[0])  # CSS has 96 pixels to the inch
    return Picture(drawing.title.replace(r"\$", "$"), drawing.caption, data_uri, width, links)


def remove_outdated(folder: Path, pictures: Iterable[Picture]) -> None:
    """Delete the figure of an earlier report that says what is no longer so."""
    current = {Path(path).name for picture in pictures for path in picture.files.values()}
    for name in (f"{figure}.{kind}" for figure in ONLY_SOMETIMES for kind in ("png", "svg")):
        if name not in current:
            (folder / name).unlink(missing_ok=True)


def templates() -> Environment:
    """The pages' templates; whatever is put into them is escaped."""
    made = Environment(
        loader=PackageLoader("bench.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"seconds": seconds, "number": number, "share": share, "trials": in_trials}
    return made


def in_trials(value: float) -> str:
    """An expected running time: whole trials from ten on."""
    return number(value, 1 if value < 9.95 else 0)


def render(experiment: Experiment, measures: Measures, pictures: Iterable[Picture]) -> str:
    """The page of an experiment by pairs as HTML; everything that is not ours is escaped by the template."""
    spec, runs, summary = experiment.spec, experiment.runs, measures.summary
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
            pictures=list(pictures),
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


def as_text(value: object) -> str:
    """A value of the environment in one line."""
    match value:
        case Mapping():
            return ", ".join(f"{name} {version}" for name, version in value.items())
        case list() | tuple():
            return " ".join(map(str, value)) or "–"
        case _:
            return "–" if value is None else str(value)
