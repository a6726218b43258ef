"""What an experiment is: which strategies on which problems, how often and for how long. Read from flags and TOML."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from bench.errors import UsageError
from bench.limits import (
    LARGEST_FILE,
    LONGEST_FOLDER,
    LONGEST_NAME,
    LONGEST_S,
    MOST_DIMS,
    MOST_JOBS,
    MOST_SEEDS,
    MOST_TRIALS,
)
from bench.shards import parse_shard
from bench.visible import cut, in_a_few_words
from strategies.names import MOST_WORKERS
from strategies.pruners.registry import NO_PRUNER

PLAIN_NAME = rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_FOLDER - 1}}}$"  # of a folder; no path
DEFAULT_PROFILE = "quick"
ADDRESS = r"auto|([^\s:/@]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}"  # of a Ray cluster


def parse_dims(text: str) -> list[int]:
    """`"2..10"` or `"2,5,10"` (or both: `"2,4..6"`) as ascending dimensions; raises `ValueError` with the remedy."""
    dims: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,4})(?:\.\.(\d{1,4}))?\s*", part, re.ASCII)
        if not match:
            raise ValueError(f"dims must look like 2..10 or 2,5,10, got {text!r}")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            raise ValueError(f"dims must ascend, got {part.strip()!r}; did you mean {last}..{first}?")
        if not 1 <= first <= last <= MOST_DIMS:
            raise ValueError(f"dims must lie in 1..{MOST_DIMS}, got {part.strip()!r}")
        dims.update(range(first, last + 1))
    return sorted(dims)


def names_in(value: str | Sequence[str]) -> list[str]:
    """The names that are meant by `"gp,random"`, or by a list."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)


def parse_trials(text: str, dim: int) -> int:
    """`"50"` trials, or `"10d"`: ten per dimension; raises `ValueError` with the remedy."""
    match = re.fullmatch(r"\s*([1-9]\d{0,5})(d?)\s*", text, re.ASCII)
    if not match:
        raise ValueError(f"trials must look like 50 or 10d, from 1 to {MOST_TRIALS}, got {text!r}")
    return int(match[1]) * (dim if match[2] else 1)


OWN_DESIGN = "default"  # of `--initial`: every strategy begins as it likes


def parse_initial(arms: str | list[str | int]) -> list[str]:
    """`"default,10"` or `"2d"`: how runs begin, each once; raises `ValueError` with the remedy."""
    given = arms.split(",") if isinstance(arms, str) else arms
    parts = [part.strip() if isinstance(part, str) else in_a_few_words(part) for part in given]
    for part in parts:
        try:
            if part != OWN_DESIGN:
                parse_trials(part, 1)
        except ValueError:
            raise ValueError(
                f"initial must look like default, 10 or 2d (of each dimension), or several of them, got {part!r}"
            ) from None
    return list(dict.fromkeys(parts))


def parse_workers(text: str | int | list[int]) -> list[int]:
    """`"1,8,64"`: how many simulated workers, each once; raises `ValueError` with the remedy."""
    parts = text.split(",") if isinstance(text, str) else text if isinstance(text, list) else [text]
    texts = [part if isinstance(part, str) else in_a_few_words(part) for part in parts]
    counts = [int(text) if re.fullmatch(r"\s*\d{1,4}\s*", text, re.ASCII) else 0 for text in texts]
    if not counts or min(counts) < 1:
        raise ValueError(
            f"workers must look like 8 or 1,8,64, each from 1 to {MOST_WORKERS}, got {in_a_few_words(text)}"
        )
    return list(dict.fromkeys(counts))


def parse_address(text: str) -> str:
    """`"auto"` or `"10.0.0.1:6379"`, of a Ray cluster; raises `ValueError` with the remedy."""
    if not re.fullmatch(ADDRESS, text):
        raise ValueError(f"address must look like auto or 10.0.0.1:6379, got {text!r}")
    return text


class ExperimentSpec(BaseModel):
    """The identity of an experiment: two equal specs give equal results, whatever executes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    problems: tuple[str, ...]
    dims: tuple[int, ...]
    strategies: tuple[str, ...]
    trials: str
    seeds: int
    pruners: tuple[str, ...] = (NO_PRUNER,)

    @model_serializer(mode="wrap")
    def _without_pruners_that_are_none(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave `pruners` out where there are none: such an experiment keeps the name that it had before them."""
        fields: dict[str, Any] = plain(self)
        return {name: value for name, value in fields.items() if name != "pruners" or self.pruners != (NO_PRUNER,)}

    @field_validator("problems", "strategies", "pruners", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        names = names_in(value) if isinstance(value, str) else value
        if isinstance(names, (list, tuple)):
            if not names or not all(isinstance(name, str) and name for name in names):
                raise ValueError(f"expected names separated by commas, got {in_a_few_words(value)}")
            return tuple(dict.fromkeys(names))
        return names

    @field_validator("dims", mode="before")
    @classmethod
    def _dims(cls, value: object) -> object:
        if isinstance(value, (list, tuple)) and all(type(dim) is int for dim in value):
            value = ",".join(map(in_a_few_words, value))
        if not isinstance(value, str):
            raise ValueError(f"dims must look like 2..10 or 2,5,10, got {in_a_few_words(value)}")
        return tuple(parse_dims(value))

    @field_validator("trials", mode="before")
    @classmethod
    def _trials(cls, value: object) -> object:
        text = in_a_few_words(value) if type(value) is int else value
        if not isinstance(text, str):
            raise ValueError(f"trials must look like 50 or 10d, got {in_a_few_words(value)}")
        parse_trials(text, 1)
        return text.strip()

    @field_validator("seeds")
    @classmethod
    def _seeds(cls, value: int) -> int:
        if not 1 <= value <= MOST_SEEDS:
            raise ValueError(f"seeds must lie in 1..{MOST_SEEDS}, got {in_a_few_words(value)}")
        return value


PROFILES: Mapping[str, Mapping[str, Any]] = {
    "quick": {  # minutes: a first look
        "problems": "ackley,rosenbrock,embedded-2,mlp-digits",
        "dims": "2..10",
        "strategies": "grid,random,sobol,gp,skopt-gp,hyperopt-tpe,optuna-tpe",
        "trials": "18",
        "seeds": 2,
    },
    "standard": {  # hours: a decision
        "problems": "ackley,rosenbrock,rastrigin,levy,styblinski-tang,embedded-1,embedded-2,mlp-digits",
        "dims": "2,5,10",
        "strategies": "grid,random,sobol,lhs,gp,skopt-gp,skopt-forest,hyperopt-tpe,optuna-tpe,optuna-gp,optuna-cmaes",
        "trials": "100",
        "seeds": 10,
    },
    "full": {  # days: a paper
        "problems": (
            "sphere,ellipsoid,rosenbrock,ackley,rastrigin,griewank,levy,styblinski-tang,schwefel,michalewicz,"
            "branin,hartmann3,hartmann6,embedded-1,embedded-2,mlp-digits"
        ),
        "dims": "2..10",
        "strategies": "all",
        "trials": "20d",
        "seeds": 30,
    },
}


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


def make_spec(settings: Mapping[str, Any]) -> ExperimentSpec:
    """The spec that checked `settings` give on top of their profile; raises `UsageError`."""
    fields = {name: settings[name] for name in ExperimentSpec.model_fields if name in settings}
    try:
        return ExperimentSpec.model_validate({**PROFILES[settings.get("profile", DEFAULT_PROFILE)], **fields})
    except ValidationError as error:
        raise UsageError(first_complaint(error)) from error


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
