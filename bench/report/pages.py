"""What every page is made with: templates that escape, and values in a line."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from bench.report.wording import number, seconds, share


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


def as_text(value: object) -> str:
    """A value of the environment in one line."""
    match value:
        case Mapping():
            return ", ".join(f"{name} {version}" for name, version in value.items())
        case list() | tuple():
            return " ".join(map(str, value)) or "–"
        case _:
            return "–" if value is None else str(value)
