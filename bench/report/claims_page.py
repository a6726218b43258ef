"""`write_claims_page`: one page with every claim that was tested, its rule, its effects, its figures, its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.claims.claim import Claim, Data, Effect, Finding, Part, Verdict, combined
from bench.environment import environment
from bench.report.files import replacing
from bench.report.pages import as_text, templates
from bench.report.pictures import Picture, write_figure


@dataclass(frozen=True)
class PartResult:
    """A part with what was measured."""

    part: Part
    finding: Finding
    data: Data


@dataclass(frozen=True)
class ClaimResult:
    """A claim with its parts' findings."""

    claim: Claim
    parts: Sequence[PartResult]

    @property
    def verdict(self) -> Verdict:
        """`combined` over the parts."""
        return combined(part.finding.verdict for part in self.parts)


def write_claims_page(tested: Sequence[ClaimResult], profile: str, folder: Path) -> Path:
    """Write the figures and `report.html` of the `tested` claims into `folder`; returns the page's path."""
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    pictures: dict[tuple[str, str], list[Picture]] = {}
    for claim in tested:
        for part in claim.parts:
            pictures[claim.claim.name, part.part.name] = [
                write_figure(replace(drawing, name=f"{claim.claim.name}-{drawing.name}"), figures)
                for drawing in part.part.draw(part.data)
            ]
    page = folder / "report.html"
    where = {key: as_text(value) for key, value in environment().items()}
    with replacing(page) as draft:
        text = templates().get_template("claims.html").render(
            tested=tested, profile=profile, pictures=pictures, shown=interval, environment=where
        )  # fmt: skip
        draft.write_text(text, encoding="utf-8")
    return page


def interval(effect: Effect) -> str:
    """`"0.31 [0.29, 0.33]"`."""
    if effect.low == effect.high:
        return f"{effect.value:.4g} (exact)"
    return f"{effect.value:.3g} [{effect.low:.3g}, {effect.high:.3g}]"
