"""Claims that run strategies: stored like any experiment, and no verdict on part of the data."""

from pathlib import Path

import numpy as np
import pytest

from bench.claims.claim import Setting
from bench.claims.runs import run
from bench.errors import UsageError
from bench.experiment import load_experiment
from tests.bench.conftest import what_happened

SPEC = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": 5, "seeds": 2}


def setting(folder: Path) -> Setting:
    return Setting("quick", np.random.default_rng(0), folder, 1)


def test_an_experiment_of_its_own_name_that_is_read_back(tmp_path: Path):
    first = run(setting(tmp_path), "bowl", executor="serial", **SPEC)
    again = run(setting(tmp_path), "bowl", executor="serial", **SPEC)
    assert first.name == again.name == "claim-bowl-quick"
    assert again.trials["started_at"].tolist() == first.trials["started_at"].tolist()
    assert what_happened(load_experiment(tmp_path / first.name).trials).equals(what_happened(first.trials))


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({**SPEC, "problems": "sphere,branin", "dims": "2,3"}, "branin"),
        ({**SPEC, "strategies": "random,raises"}, "raises on sphere-2d, seed 0"),
    ],
    ids=["skipped", "failed"],
)
def test_what_is_incomplete_is_refused_with_the_reason(tmp_path: Path, settings: dict[str, object], says: str):
    with pytest.raises(UsageError, match=says):
        run(setting(tmp_path), "part", executor="serial", **settings)
