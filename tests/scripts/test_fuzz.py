"""The targets of `scripts/fuzz.py`, by mutated examples and by atheris; `make torture` gives them more of both."""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

import fuzz
import pytest

from tests.faults import befell

INPUTS = 1500


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_every_target_takes_mutated_examples(name: str, often: Callable[[int, int], int]):
    inputs = often(INPUTS, 20_000)
    fuzz.drive_at_random(name, inputs, seed=0)
    befell(f"mutated {name}", tried=inputs)


@pytest.mark.skipif(find_spec("atheris") is None, reason="needs atheris, which make torture installs where it can")
@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_every_target_takes_what_atheris_finds(name: str, often: Callable[[int, int], int]):
    inputs = often(INPUTS, 100_000)
    ((_, given, _, faults),) = fuzz.rows(inputs, 0, [name])
    assert (given, faults) == (inputs, 0)
    befell(f"{name} by atheris", tried=inputs)


def test_a_fault_is_found_and_its_input_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    target = replace(fuzz.TARGETS["values"], parse=lambda data: float(b"1" if len(data) < 9 else data))
    monkeypatch.setattr(fuzz, "TARGETS", {"values": target})
    with pytest.raises(ValueError, match="could not convert"):
        fuzz.drive_at_random("values", INPUTS, seed=0)
    assert "fault: values: b" in capsys.readouterr().err
