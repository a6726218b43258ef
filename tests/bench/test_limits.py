"""The limits that docs/limits.md states are the ones that hold: what is at them is taken, what is beyond refused."""

import re
from pathlib import Path

import pytest

from bench import limits
from bench.errors import UsageError
from bench.plan import make_plan, resolve_spec
from bench.reasons import LONGEST
from bench.settings import check_settings, parse_toml
from bench.spec import make_spec
from strategies.adapters.child_process import LONGEST_LINE
from strategies.names import MOST_WORKERS

STATED = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")


def planned(**settings: object) -> None:
    make_plan(resolve_spec(check_settings({"problems": "sphere", "strategies": "random", "dims": "2", **settings})))


def test_every_number_is_stated_and_no_other():
    known = {str(value) for value in vars(limits).values() if isinstance(value, int)}
    stated = set(re.findall(r"\d+", "".join(line.rpartition("|")[0] for line in STATED.splitlines() if "|" in line)))
    assert stated - {"1", "2", "8"} == known | {str(LONGEST), str(LONGEST_LINE), str(MOST_WORKERS)}


@pytest.mark.parametrize(
    ("setting", "at", "beyond"),
    [
        ("dims", "1000", "1001"),
        ("trials", "999999", "1000000"),
        ("trials", "999999d", "1000000d"),
        ("initial", "999999", "1000000"),
        ("retrain", 1000, 1001),
        ("jobs", 1024, 1025),
        ("shard", "999999/999999", "1/1000000"),
        ("workers", "9999", "10000"),
        ("name", "x" * 100, "x" * 101),
        ("time_limit", 31536000, 31536001),
        ("trial_timeout", 31536000, 31536001),
        ("ask_timeout", 31536000, 31536001),
        ("strategies", "x" * 1000, "x" * 1001),
        ("seeds", 10000, 10001),
    ],
)
def test_what_is_at_a_limit_is_taken_and_what_is_beyond_is_refused(setting: str, at: object, beyond: object):
    make_spec(check_settings({setting: at}))
    with pytest.raises(UsageError):
        make_spec(check_settings({setting: beyond}))


def test_an_experiment_has_at_most_so_many_runs():
    planned(seeds=1000, dims="1..10")
    with pytest.raises(UsageError, match="at most 1000000 runs, and these settings mean 1010000"):
        planned(seeds=10_000, dims="1..101")


def test_a_file_of_settings_has_at_most_so_many_bytes():
    assert parse_toml(b"#" * limits.LARGEST_FILE, Path("experiment.toml")) == {}
    with pytest.raises(UsageError, match="more than 100000 bytes"):
        parse_toml(b"#" * (limits.LARGEST_FILE + 1), Path("experiment.toml"))
