"""A search space in a TOML file, a table per parameter, each with the value that is in use today: its default."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, assert_never

from pydantic import BaseModel, ConfigDict, ValidationError

from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace

LARGEST = 100_000  # bytes
LONGEST = 100  # characters of a value that is shown


class Form(BaseModel):
    """A parameter's table; `strict`: the text "0.1" is no number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class FloatForm(Form):
    """A real number."""

    type: Literal["float"]
    low: float
    high: float
    log: bool = False
    default: float


class IntForm(Form):
    """A whole number."""

    type: Literal["int"]
    low: int
    high: int
    log: bool = False
    default: int


class CategoricalForm(Form):
    """One of several texts, numbers or truth values."""

    type: Literal["categorical"]
    choices: list[Any]
    default: Any


AnyForm: TypeAlias = FloatForm | IntForm | CategoricalForm
FORMS: Mapping[object, type[AnyForm]] = {"float": FloatForm, "int": IntForm, "categorical": CategoricalForm}


@dataclass(frozen=True)
class SpaceFile:
    """A space, and the config that is in use today; `digest` tells two files apart."""

    space: SearchSpace
    defaults: Config
    digest: str


def read_space(path: Path) -> SpaceFile:
    """What the file at `path` says; raises `ValueError` in one line: parameter, value, what was expected."""
    content = read(path)
    try:
        tables = tomllib.loads(content.decode())
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deeply; give a table per parameter") from error
    except ValueError as error:  # not TOML, not UTF-8, or a number of more digits than Python reads
        raise ValueError(f"{path} is not TOML: {error}") from error
    if not tables:
        raise ValueError(f"{path} has no parameters; give a table for each, as [learning_rate]")
    try:
        read_tables = [parameter_of(name, table) for name, table in tables.items()]
        space = SearchSpace(tuple(parameter for parameter, _ in read_tables))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    defaults = {parameter.name: default for parameter, default in read_tables}
    return SpaceFile(space, defaults, hashlib.sha256(content).hexdigest()[:12])


def read(path: Path) -> bytes:
    """The bytes at `path`; raises `ValueError`."""
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)  # no more: a device has no end
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}; give a TOML file, a table per parameter") from error
    if len(content) > LARGEST:
        raise ValueError(f"{path} has more than {LARGEST} bytes; give a search space alone")
    return content


def parameter_of(name: str, table: object) -> tuple[Parameter, Any]:
    """A parameter and its default; raises `ValueError`."""
    if not isinstance(table, dict):
        raise ValueError(f"parameter {name!r} needs a table, [{name}], got {shown(table)}")
    kind = table.get("type")
    if not isinstance(kind, str) or kind not in FORMS:
        raise ValueError(f"parameter {name!r} needs type = {', '.join(map(repr, FORMS))}, got {shown(kind)}")
    try:
        form = FORMS[kind].model_validate(table)
    except ValidationError as error:
        raise ValueError(f"parameter {name!r}: {complaint(error, FORMS[kind])}") from error
    match form:
        case FloatForm():
            parameter: Parameter = Float(name, form.low, form.high, form.log)
        case IntForm():
            parameter = Int(name, form.low, form.high, form.log)
        case CategoricalForm():
            parameter = Categorical(name, tuple(form.choices))
        case _:
            assert_never(form)
    if not parameter.contains(form.default):
        where = f"[{table['low']}, {table['high']}]" if "low" in table else f"the choices {shown(table['choices'])}"
        raise ValueError(f"parameter {name!r}: its default must be in {where}, got {shown(form.default)}")
    return parameter, form.default


def complaint(error: ValidationError, form: type[AnyForm]) -> str:
    """The first of pydantic's complaints: field, value, what was expected."""
    detail = error.errors()[0]
    field = str(detail["loc"][0])
    if detail["type"] == "missing":
        meaning = ", the value that you use today" if field == "default" else ""
        return f"it needs {field}{meaning}"
    if detail["type"] == "extra_forbidden":
        return f"unknown key {field!r}; known: {', '.join(form.model_fields)}"
    return f"{field} {detail['msg'].removeprefix('Input ')}, got {shown(detail['input'])}"


def shown(value: object) -> str:
    """`value` in a few words."""
    try:
        text = "nothing" if value is None else repr(value)
    except ValueError:  # an int of more digits than Python prints
        return "a number too large to print"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
