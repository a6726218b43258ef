"""A search space in TOML: what it means, and what is said of one that cannot be used."""

from pathlib import Path

import pytest

from problems.space import Categorical, Float, Int
from problems.space_file import read_space

GOOD = """
[lr]
type = "float"
low = 1e-5
high = 1
log = true
default = 0.01
[n]
type = "int"
low = 1
high = 9
default = 5
[kind]
type = "categorical"
choices = ["a", 1, 1.0, true]
default = 1.0
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "space.toml"
    path.write_text(text)
    return path


def test_parameters_come_in_their_order_with_their_defaults(tmp_path: Path):
    said = read_space(written(tmp_path, GOOD))
    assert said.space.parameters == (
        Float("lr", 1e-5, 1.0, log=True),
        Int("n", 1, 9),
        Categorical("kind", ("a", 1, 1.0, True)),
    )
    said.space.validate(said.defaults)
    assert [(type(value), value) for value in said.defaults.values()] == [(float, 0.01), (int, 5), (float, 1.0)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ["no parameters"]),
        ("lr = 3", ["'lr'", "3", "table"]),
        ("[lr", ["not TOML"]),
        ("[lr]\nlow = 1", ["'lr'", "type", "nothing"]),
        ('[lr]\ntype = "real"', ["'lr'", "'real'", "'float'"]),
        ('[lr]\ntype = "float"\nlow = "0.1"\nhigh = 1\ndefault = 1', ["'lr'", "low", "'0.1'", "number"]),
        ('[lr]\ntype = "float"\nlow = 0.1\nhigh = 1', ["'lr'", "default", "today"]),
        ('[lr]\ntype = "float"\nlow = 0.1\nhigh = 1\ndefault = 2.5', ["'lr'", "2.5", "[0.1, 1]"]),
        ('[lr]\ntype = "float"\nlow = 0.1\nhigh = 1\ndefault = nan', ["'lr'", "nan"]),
        ('[lr]\ntype = "float"\nlow = 2\nhigh = 1\ndefault = 1.5', ["'lr'", "low <= high"]),
        ('[lr]\ntype = "float"\nlow = 0\nhigh = 1\nlog = true\ndefault = 0.5', ["'lr'", "low > 0"]),
        ('[lr]\ntype = "float"\nlow = 0.1\nhigh = 1\ndefault = 1\nstep = 1', ["'lr'", "'step'", "log"]),
        ('[n]\ntype = "int"\nlow = 1\nhigh = 5\ndefault = 2.5', ["'n'", "default", "2.5", "integer"]),
        ('[k]\ntype = "categorical"\nchoices = ["a", "b"]\ndefault = "c"', ["'k'", "'c'", "'a'"]),
        ('[k]\ntype = "categorical"\nchoices = []\ndefault = "c"', ["'k'", "at least one"]),
        ('[k]\ntype = "categorical"\nchoices = [["a"]]\ndefault = "a"', ["'k'", "['a']"]),
        ("x = " + "[" * 5000, []),
    ],
)
def test_what_cannot_be_used_is_one_line_that_names_it(tmp_path: Path, text: str, says: list[str]):
    with pytest.raises(ValueError, match=r"space\.toml") as caught:
        read_space(written(tmp_path, text))
    assert "\n" not in str(caught.value)
    for said in says:
        assert said in str(caught.value)


def test_a_file_that_is_not_there_or_has_no_end_is_one_line():
    for path in ("nowhere.toml", "/dev/zero", "/"):
        with pytest.raises(ValueError, match=path):
            read_space(Path(path))
