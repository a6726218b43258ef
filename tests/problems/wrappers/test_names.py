"""A name with wrappers is read as it is meant, or refused in one line."""

import re

import numpy as np
import pytest

from problems.registry import problem_entry
from problems.wrappers.names import no_wrapper, split
from problems.wrappers.table import WRAPPERS


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("ackley", ("ackley", ())),
        ("ackley+noise=0.1", ("ackley", ("noise=0.1",))),
        ("ackley+embedded=2+log", ("ackley", ("embedded=2", "log"))),
        ("c++/mine.py:f+log", ("c++/mine.py:f", ("log",))),
        ("ackley+nose=1+log", ("ackley+nose=1", ("log",))),
        ("theirs+log", ("theirs+log", ())),  # a plug-in's name
    ],
)
def test_a_name_is_split_at_its_wrappers(name, parts):
    assert split(name, {"theirs+log"}) == parts


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("ackley+nose=1", r"unknown wrapper 'nose=1'; known: noise, discrete, log, linear, permuted, embedded"),
        ("ackley+", "unknown wrapper ''; known: noise"),
        ("no/such/file.py:f+nose", "unknown wrapper 'nose'"),
        ("akley+noise=1", r"unknown problem 'akley'; did you mean ackley"),
        ("ackley+noise", r"noise must look like noise=0.1 or noise=10%, got 'noise'"),
        ("ackley+noise=-1", "noise must look like"),
        ("ackley+noise=nan", "noise must look like"),
        ("ackley+noise=.", "noise must look like"),
        ("ackley+noise=0%", "noise must look like"),
        ("ackley+noise=", "noise must look like"),
        ("ackley+discrete=1", r"discrete must look like discrete=5, from 2 to 1000, got 'discrete=1'"),
        ("ackley+discrete=²", "discrete must look like"),
        ("ackley+log=101", "log must look like log or log=6, from 1 to 100"),
        ("ackley+permuted=1", "permuted must look like permuted, got 'permuted=1'"),
        ("ackley+embedded", "embedded must look like embedded=2"),
        ("ackley+log+noise=1+log", "log is put on more than once"),
        ("branin+embedded=3", "branin goes no further than dimension 2"),
        ("mixed+log+embedded=2", r"mixed\+log needs dimension 3 or more"),
        ("mlp-digits+noise=5%", "noise=5% would cost hundreds of trials of mlp-digits; give it in units of the value"),
    ],
)
def test_a_wrong_wrapper_is_refused_in_one_line(name, complaint):
    with pytest.raises(KeyError) as caught:
        problem_entry(name)
    (message,) = caught.value.args
    assert "\n" not in message
    assert name in message or name.startswith("akley")
    assert re.search(complaint, message), message


def test_a_file_may_have_a_mark_in_its_name(tmp_path):
    (tmp_path / "a+b.parquet").touch()
    assert split(f"recorded:{tmp_path}/a+b.parquet+log") == (f"recorded:{tmp_path}/a+b.parquet", ("log",))
    assert no_wrapper(f"recorded:{tmp_path}/a+b.parquet") == ""
    assert no_wrapper(f"recorded:{tmp_path}/a+b.parquet+nose=1")
    assert no_wrapper(f"recorded:{'a' * 300}+b")  # no file has such a name


def test_each_wrapper_reads_what_its_form_shows():
    for wrapper in WRAPPERS.values():
        for text in wrapper.form.split(",")[0].split(" or "):
            entry = problem_entry(f"ackley+{text}")
            assert (entry.name, entry.base) == (f"ackley+{text}", "ackley")


def test_dimensions_are_those_of_the_problem_or_those_around_it():
    assert problem_entry("hartmann3+noise=1").dimensions == "3"
    assert problem_entry("hartmann3+embedded=3").dimensions == "3.."
    assert problem_entry("hartmann3+embedded=3+noise=1").drawn_as(9) == ("hartmann3", 3)
    with pytest.raises(ValueError, match=r"hartmann3\+noise=1 goes no further than dimension 3"):
        problem_entry("hartmann3+noise=1").make(4, 0, np.random.default_rng(0))


def test_what_a_problem_needs_its_wrapped_forms_need():
    plain, wrapped = problem_entry("mlp-digits"), problem_entry("mlp-digits+noise=0.1")
    assert (wrapped.needs, wrapped.looks, wrapped.asks_for_gpu()) == (plain.needs, True, plain.asks_for_gpu())
