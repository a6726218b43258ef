"""What an experiment is: which strategies on which problems, how often and for how long."""

from collections.abc import Mapping
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidationError,
    field_validator,
    model_serializer,
)

from bench.errors import UsageError
from bench.forms import names_in, parse_dims, parse_trials
from bench.limits import MOST_SEEDS
from bench.settings import first_complaint
from bench.visible import in_a_few_words
from strategies.pruners.registry import NO_PRUNER

DEFAULT_PROFILE = "quick"


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


def make_spec(settings: Mapping[str, Any]) -> ExperimentSpec:
    """The spec that checked `settings` give on top of their profile; raises `UsageError`."""
    fields = {name: settings[name] for name in ExperimentSpec.model_fields if name in settings}
    try:
        return ExperimentSpec.model_validate({**PROFILES[settings.get("profile", DEFAULT_PROFILE)], **fields})
    except ValidationError as error:
        raise UsageError(first_complaint(error)) from error
