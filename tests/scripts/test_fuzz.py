"""The targets of `scripts/fuzz.py`, by mutated examples."""

from dataclasses import replace

import fuzz
import pytest

INPUTS = 1500


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_every_target_takes_mutated_examples(name: str):
    fuzz.drive_at_random(name, INPUTS, seed=0)


def test_a_fault_is_found_and_its_input_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    target = replace(fuzz.TARGETS["values"], parse=lambda data: float(b"1" if len(data) < 9 else data))
    monkeypatch.setattr(fuzz, "TARGETS", {"values": target})
    with pytest.raises(ValueError, match="could not convert"):
        fuzz.drive_at_random("values", INPUTS, seed=0)
    assert "fault: values: b" in capsys.readouterr().err
