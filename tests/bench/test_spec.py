from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import UsageError
from bench.forms import parse_dims, parse_trials
from bench.settings import check_settings, read_settings
from bench.spec import PROFILES, make_spec

dims = st.integers(1, 1000)


@given(dims, dims)
def test_a_range_of_dims_is_every_dimension_in_it(a: int, b: int):
    first, last = sorted((a, b))
    assert parse_dims(f"{first}..{last}") == list(range(first, last + 1))


@given(st.lists(dims, min_size=1))
def test_a_list_of_dims_is_sorted_and_without_repeats(many: list[int]):
    assert parse_dims(",".join(map(str, many))) == sorted(set(many))


@given(st.text())
def test_whatever_dims_are_given_they_are_read_or_refused_in_one_line(text: str):
    with suppress(UsageError):
        dims = make_spec({"dims": text}).dims
        assert all(1 <= dim <= 1000 for dim in dims)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("10..2", "2..10"), ("2..x", "like 2..10"), ("0", "1..1000"), ("", "like"), ("2..1001", "1..1000")],
)
def test_bad_dims_name_the_value_and_the_remedy(text: str, remedy: str):
    with pytest.raises(UsageError, match="dims must") as caught:
        make_spec(check_settings({"dims": text}))
    assert remedy in str(caught.value)


def test_trials_count_per_dimension_where_they_say_so():
    assert (parse_trials("50", 4), parse_trials("10d", 4)) == (50, 40)
    for bad in ("0", "-3", "ten", "d", "10 d d", "1e3"):
        with pytest.raises(ValueError, match="trials must look like"):
            parse_trials(bad, 2)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_a_spec(profile: str):
    assert make_spec({"profile": profile}).seeds > 0


def test_flags_override_the_file_which_overrides_the_profile(tmp_path: Path):
    file = tmp_path / "experiment.toml"
    file.write_text('profile = "standard"\ndims = [2, 3]\nseeds = 4\n')
    spec = make_spec(read_settings({"seeds": "7"}, file))
    assert (spec.dims, spec.seeds, spec.trials) == ((2, 3), 7, PROFILES["standard"]["trials"])


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("sedes = 3", "unknown setting 'sedes'"),
        ("seeds = 'three'", "'three'"),
        ("seeds = 0", "got 0"),
        ("dims = [2, 'x']", "dims"),
        ("seeds = ", "not TOML"),
        ("name = '../elsewhere'", "'../elsewhere'"),
        ("jobs = 0", "got 0"),
        ("time_limit = nan", "time_limit"),
        ("profile = 'fast'", "'fast'"),
        ("problems = ''", "names"),
    ],
)
def test_a_bad_file_is_one_line_that_says_what_is_wrong(tmp_path: Path, toml: str, complaint: str):
    file = tmp_path / "experiment.toml"
    file.write_text(toml)
    with pytest.raises(UsageError) as caught:
        make_spec(read_settings({}, file))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


CHOICES = {"executor": "'local', 'serial' or 'ray'", "profile": "'quick', 'standard' or 'full'", "clock": "'simulated'"}


@pytest.mark.parametrize(("setting", "choices"), CHOICES.items())
def test_every_choice_that_there_is_is_named(setting: str, choices: str):
    with pytest.raises(UsageError, match=f"^{setting} should be {choices}, got 'another'$"):
        check_settings({setting: "another"})
