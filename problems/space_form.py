"""A search space and its configs as JSON that every language reads alike.

A categorical's value is the position of its choice: few languages tell `1`, `1.0` and `true` apart. A whole number in
the place of a float is that float: many languages have one kind of number.
"""

from collections.abc import Mapping
from typing import Any, assert_never

from problems.space import Categorical, Config, Float, Int, Parameter, SearchSpace


def space_as_json(space: SearchSpace) -> list[dict[str, Any]]:
    """One object per parameter, in the order of the space: `name`, `type`, and `low`, `high`, `log` or `choices`."""
    return [_parameter_as_json(parameter) for parameter in space]


def _parameter_as_json(parameter: Parameter) -> dict[str, Any]:
    match parameter:
        case Float():
            kind = "float"
        case Int():
            kind = "int"
        case Categorical():
            return {"name": parameter.name, "type": "categorical", "choices": list(parameter.choices)}
        case _:
            assert_never(parameter)
    return {
        "name": parameter.name, "type": kind, "low": parameter.low, "high": parameter.high, "log": parameter.log,
    }  # fmt: skip


def config_as_json(space: SearchSpace, config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` with the positions of choices."""
    return {p.name: p.index(config[p.name]) if isinstance(p, Categorical) else config[p.name] for p in space}


def config_from_json(space: SearchSpace, form: object) -> Config:
    """The config that `form` stands for; raises `ValueError` where it stands for none of `space`."""
    if not isinstance(form, dict) or set(form) != set(space.names):
        given = list(form) if isinstance(form, dict) else form
        raise ValueError(f"a config needs exactly the parameters {list(space.names)}, got {given!r:.200}")
    return {parameter.name: _value(parameter, form[parameter.name]) for parameter in space}


def _value(parameter: Parameter, form: object) -> Any:
    number = type(form) in (int, float)
    match parameter:
        case Float():
            try:
                value: Any = float(form) if number else form  # type: ignore[arg-type]
            except OverflowError:
                value = form
        case Int():
            value = int(form) if type(form) is float and form.is_integer() else form
        case Categorical():
            if type(form) is not int or not 0 <= form < len(parameter.choices):
                raise ValueError(
                    f"a choice is given by its position, 0 to {len(parameter.choices) - 1} for {parameter.name!r}, "
                    f"got {form!r:.100}"
                )
            return parameter.choices[form]
        case _:
            assert_never(parameter)
    if not parameter.contains(value):
        raise ValueError(f"{form!r:.100} is not a value of {parameter}")
    return value
