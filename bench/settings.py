"""What `run` can be told, by flags and by TOML: types and forms are checked here, before anything is planned."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from bench.errors import UsageError
from bench.forms import names_in, parse_address, parse_initial, parse_workers
from bench.limits import LARGEST_FILE, LONGEST_FOLDER, LONGEST_NAME, LONGEST_S, MOST_JOBS, MOST_RETRAININGS
from bench.shards import parse_shard
from bench.visible import cut, in_a_few_words

PLAIN_NAME = rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_FOLDER - 1}}}$"  # of a folder; no path
FORMS: Mapping[str, Callable[[Any], object]] = {  # what raises `ValueError` where a setting is not of its form
    "initial": parse_initial,
    "workers": parse_workers,
    "shard": parse_shard,
    "address": parse_address,
}


class Settings(BaseModel):
    """Everything that `run` can be told, by its flags' names; what an `experiment.toml` may hold."""

    model_config = ConfigDict(extra="forbid")

    profile: Literal["quick", "standard", "full"] | None = None
    problems: str | list[str] | None = None
    dims: str | list[int] | None = None
    strategies: str | list[str] | None = None
    initial: str | list[str | int] | None = None
    workers: str | int | list[int] | None = None
    clock: Literal["simulated"] | None = None
    pruners: str | list[str] | None = None
    trials: str | int | None = None
    seeds: int | None = None
    retrain: int | None = Field(None, ge=0, le=MOST_RETRAININGS)
    jobs: int | None = Field(None, ge=1, le=MOST_JOBS)
    name: str | None = Field(None, pattern=PLAIN_NAME)
    shard: str | None = None
    time_limit: float | None = Field(None, ge=0, le=LONGEST_S, allow_inf_nan=False)
    trial_timeout: float | None = Field(None, gt=0, le=LONGEST_S, allow_inf_nan=False)
    ask_timeout: float | None = Field(None, gt=0, le=LONGEST_S, allow_inf_nan=False)
    retry_failed: bool | None = None
    executor: Literal["local", "serial", "ray"] | None = None
    address: str | None = None

    @field_validator("problems", "strategies", "pruners")
    @classmethod
    def _names(cls, value: str | list[str] | None) -> str | list[str] | None:
        for name in names_in(value or []):
            if len(name) > LONGEST_NAME or not name.isprintable():
                raise ValueError(f"a name has at most {LONGEST_NAME} printable characters, got {in_a_few_words(name)}")
        return value

    @field_validator(*FORMS)
    @classmethod
    def _form(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None:
            FORMS[str(info.field_name)](value)
        return value


def read_settings(flags: Mapping[str, Any], file: Path | None) -> dict[str, Any]:
    """The flags over what the TOML `file` says, checked; raises `UsageError` that names what is wrong, and where."""
    try:
        from_file = read_toml(file) if file else {}
        Settings.model_validate(from_file)
    except ValidationError as error:
        raise UsageError(f"{file}: {first_complaint(error)}") from error
    return check_settings({**from_file, **flags})


def read_toml(file: Path) -> dict[str, Any]:
    """What the TOML `file` holds; raises `UsageError`."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)  # no more: a device has no end
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}; give an experiment.toml") from error
    return parse_toml(content, file)


def parse_toml(content: bytes, file: Path) -> dict[str, Any]:
    """What `content` says, which was read from `file` and may be no larger than settings are; raises `UsageError`."""
    if len(content) > LARGEST_FILE:
        raise UsageError(f"{file} has more than {LARGEST_FILE} bytes; give an experiment.toml of settings alone")
    try:
        return tomllib.loads(content.decode())
    except RecursionError as error:
        raise UsageError(f"{file} is nested too deeply; a setting is a value or a list of values") from error
    except ValueError as error:  # not TOML, not UTF-8, or a number of more digits than Python reads
        raise UsageError(f"{file} is not TOML: {error}") from error


def check_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """`settings` with every value of its type and those that are None left out; raises `UsageError`."""
    try:
        checked = Settings.model_validate(settings).model_dump(exclude_none=True)
    except ValidationError as error:
        raise UsageError(first_complaint(error)) from error
    if "address" in checked and checked.get("executor") != "ray":
        raise UsageError(f"address is that of a Ray cluster, got {checked['address']!r}; add --executor ray")
    return checked


def first_complaint(error: ValidationError) -> str:
    """The first of pydantic's complaints in one line that names the field, the value and what was expected."""
    detail = error.errors()[0]
    where, input_ = str(detail["loc"][0]), in_a_few_words(detail["input"])
    if isinstance(complaint := detail.get("ctx", {}).get("error"), ValueError):
        return str(complaint)
    if detail["type"] == "extra_forbidden":
        return f"unknown setting {cut(where, LONGEST_NAME)!r}; known: {', '.join(Settings.model_fields)}"
    if detail["type"] == "string_pattern_mismatch":
        return f"{where} must be a plain name of letters, digits, '.', '_' and '-', not a path, got {input_}"
    expected = detail.get("ctx", {}).get("expected")  # of a choice, all there are
    rule = f"should be {expected}" if expected else detail["msg"].removeprefix("Input ").split(",")[0]
    return f"{where} {rule}, got {input_}"
