"""A view's state as the query of its address, read with complaints instead of errors: there is always a page."""

from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, ValidationError

from bench.visible import visible

LONGEST_VALUE = 60  # characters of what is repeated in a complaint


class Query(BaseModel):
    """The state of a view that its address restores: every field has a default and, but for strings, is checked.

    A tuple is written with commas. A field that depends on another is checked by the view, which shows what it says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


Q = TypeVar("Q", bound=Query)


def read_query(model: type[Q], search: str) -> tuple[Q, list[str]]:
    """The state that `search` (`?dim=3&…`) describes, and a line for each value that was not understood.

    What was not understood has its default.
    """
    given: dict[str, Any] = {}
    for name, value in parse_qsl(search.removeprefix("?"), keep_blank_values=True):
        field = model.model_fields.get(name)
        is_tuple = field is not None and isinstance(field.get_default(call_default_factory=True), tuple)
        given[name] = tuple(filter(None, value.split(","))) if is_tuple else value
    complaints: list[str] = []
    while True:
        try:
            return model(**given), complaints
        except ValidationError as error:
            for name, why in {str(fault["loc"][0]): fault for fault in error.errors()}.items():
                complaints.append(complaint(model, name, given.pop(name, ""), why["msg"]))


def complaint(model: type[Query], name: str, value: object, why: str) -> str:
    """One line about a value of an address."""
    if name not in model.model_fields:
        return f"This view has no {visible(name)[:LONGEST_VALUE]!r}; it has {', '.join(model.model_fields)}."
    given = ",".join(value) if isinstance(value, tuple) else str(value)
    default = as_text(model.model_fields[name].get_default(call_default_factory=True))
    return f"{name}={visible(given)[:LONGEST_VALUE]} cannot be used ({why.lower()}); {default or 'nothing'} is shown."


def as_text(value: Any) -> str:
    """A value of a state in an address."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"  # as the browser writes it
    return ",".join(map(as_text, value)) if isinstance(value, tuple) else str(value)
