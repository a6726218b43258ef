"""Whatever an experiment.toml holds: it gives a plan, or one line that says what is wrong with it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import UsageError
from bench.limits import LARGEST_FILE, LONGEST_NAME
from bench.plan import make_plan, resolve_spec
from bench.settings import Settings, check_settings, parse_toml, read_settings
from tests.faults import befell

FILE = Path("experiment.toml")
FUZZED = "a fuzzed file of settings"
VALID = b"""profile = "quick"
problems = ["sphere", "branin"]
dims = [2, 3]  # or "2..10"
strategies = "random,grid@2d"
initial = "default"
pruners = "none"
trials = "10d"
seeds = 3
jobs = 2
name = "mine"
shard = "1/2"
time_limit = 60.5
trial_timeout = 0x10
ask_timeout = 1e3
retry_failed = true
executor = "serial"
"""


def plan_of(content: bytes) -> bool:
    """Whether `content` is planned; where it is not, that is the user's error and no other."""
    befell(FUZZED)
    try:
        settings = check_settings(parse_toml(content, FILE))
        make_plan(resolve_spec(settings))
    except UsageError:
        return False
    return True


def test_the_document_that_is_mutated_is_valid():
    assert plan_of(VALID)


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes):
    plan_of(content)


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.binary(max_size=3)), min_size=1, max_size=4))
def test_a_valid_document_with_other_bytes(changes: list[tuple[int, bytes]]):
    content = VALID
    for place, other in changes:
        content = content[:place] + other + content[place + 1 :]
    plan_of(content)


VALUES = st.recursive(
    st.text(max_size=20)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.datetimes().map(str)
    | st.sampled_from(["all", "1..1000", "999999d", "x" * 2000, "a\nb", "\x1b[31m", "\u202e", "../x", "file.py:A"])
    | st.sampled_from([10000, 1024, 2**63, 10**4000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(tuple(Settings.model_fields)) | st.text(max_size=5), VALUES, max_size=4))
def test_any_value_of_any_setting(settings: dict[str, object]):
    """As `run_experiment` takes them in Python, too."""
    befell(FUZZED)
    with suppress(UsageError):
        checked = check_settings(settings)
        make_plan(resolve_spec({"problems": "sphere", "strategies": "random", **checked}))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"problems = " + b"[" * 5000, "nested too deeply"),
        (b"seeds = " + b"1" * 5000, "is not TOML: Exceeds the limit"),
        (b"jobs = 0x" + b"f" * 5000, "got an int too large to print"),
        (b"time_limit = 0x" + b"f" * 5000, "time_limit"),
        (b"dims = [0x" + b"f" * 5000 + b"]", "an int too large to print"),
        (b"trials = 0x" + b"f" * 5000, "an int too large to print"),
        (b"seeds = 0x" + b"f" * 5000, "seeds"),
        (b"initial = [0x" + b"f" * 5000 + b"]", "an int too large to print"),
        (b"\xff\xfe", "is not TOML"),
        (b"#" * (LARGEST_FILE + 1), f"more than {LARGEST_FILE} bytes"),
        (b'problems = "' + b"x" * (LONGEST_NAME + 1) + b'"', f"at most {LONGEST_NAME} printable characters"),
        (b'strategies = ["a\\nb"]', "printable characters, got 'a\\nb'"),
        (b'pruners = "\\u202e"', "printable characters"),
        (b'trials = "1\xd9\xa1"', "trials must look like"),  # an Arabic one
        (b'dims = "\xd9\xa1"', "dims must look like"),
        (b'shard = "\xd9\xa1/2"', "shard must look like"),
        (b"trial_timeout = 1e300", "trial_timeout should be less than or equal to 31536000"),
        (b'dims = "1..1000"\nseeds = 10000\nstrategies = "random"\nproblems = "sphere"', "mean 10000000"),
    ],
)
def test_faults_that_were_found(tmp_path: Path, content: bytes, says: str):
    file = tmp_path / "experiment.toml"
    file.write_bytes(content)
    with pytest.raises(UsageError) as raised:
        make_plan(resolve_spec(read_settings({}, file)))
    assert says in str(raised.value)


def test_a_file_without_an_end_is_not_read_to_it():
    with pytest.raises(UsageError, match="more than"):
        read_settings({}, Path("/dev/zero"))
