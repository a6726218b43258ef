"""100,000 inputs, led by what our code does with them (atheris), for every parser that takes what others wrote.

python scripts/fuzz.py [--inputs 100000] [--seed 0]

Atheris is not part of the project's environment: `make torture` installs it where there is a wheel for this Python, or
`pip install atheris`. Without it, the same targets are given mutated examples, and a line says so. Prints inputs,
seconds and faults per target; exit code 1 if there is any.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType

from bench.errors import UsageError
from bench.forms import parse_dims, parse_initial, parse_trials
from bench.plan import make_plan, resolve_spec
from bench.reasons import storable
from bench.settings import check_settings, parse_toml
from bench.shards import parse_shard
from bench.verification import parse_sample
from bench.visible import visible
from problems.space import Categorical, Float, Int, SearchSpace
from problems.space_form import config_from_json
from strategies.adapters.child_process import parse_answer
from strategies.names import parts_of_name

INSTRUMENTED = (  # whose branches atheris looks for
    *("bench.forms", "bench.settings", "bench.plan", "bench.shards", "bench.verification", "bench.visible"),
    *("strategies.adapters.child_process", "strategies.names", "problems.space_form"),
    *("tomllib._parser", "tomllib._re", "json.decoder"),
)
SPACE = SearchSpace((Float("x", 0.1, 1, log=True), Int("n", 1, 9), Categorical("c", ("a", 1, True))))
LONGEST_INPUT = 4096  # bytes


def settings(data: bytes) -> None:
    """The reader of experiment.toml, up to the plan; nothing outside the tables is imported."""
    with suppress(UsageError):
        checked = check_settings(parse_toml(data, Path("experiment.toml")))
        if ":" not in f"{checked.get('problems')}{checked.get('strategies')}{checked.get('pruners')}":
            make_plan(resolve_spec(checked))


def values(data: bytes) -> None:
    """Every parser of a value on the command line: dims, trials, initial, shard, sample, names."""
    text = data.decode(errors="surrogateescape")
    for parse in (parse_dims, lambda t: parse_trials(t, 3), parse_initial, parse_shard, lambda t: parse_sample(t, 10)):
        with suppress(ValueError):
            parse(text)
    parts_of_name(text)
    storable(text)
    assert all(sign.isprintable() or sign in "\n\t" for sign in visible(text))
    for name in ("dims", "trials", "initial", "shard", "name", "seeds", "jobs", "time_limit", "strategies"):
        with suppress(UsageError):
            check_settings({name: text})


def protocol(data: bytes) -> None:
    """A line of a process, up to the config that it stands for."""
    with suppress(ValueError):
        answer = parse_answer(data)
        str(answer)
        SPACE.validate(config_from_json(SPACE, answer.get("config")))


@dataclass(frozen=True)
class Target:
    """A parser, and what it takes."""

    parse: Callable[[bytes], None]
    examples: tuple[bytes, ...]


TARGETS: Mapping[str, Target] = {
    "settings": Target(
        settings,
        (
            b'problems = ["sphere"]\ndims = "2..4"\nstrategies = "random,gp@2d"\ntrials = "10d"\nseeds = 2\njobs = 1\n',
            b'profile = "quick"\nname = "mine"\nshard = "1/2"\ntime_limit = 1e3\ninitial = ["default", 10]\n',
            b"pruners = \"asha\"\nretry_failed = true\nexecutor = 'serial'\ntrial_timeout = 0x10\n[a.b]\nc = {}\n",
        ),
    ),
    "values": Target(
        values, (b"2..10", b"2,5,10", b"10d", b"default,10,2d", b"3/16", b"5%", b"0.5%", b"gp@2d", b"1e3")
    ),
    "protocol": Target(
        protocol,
        (
            b'{"config": {"x": 0.5, "n": 3, "c": 1}, "id": 0}',
            b'{"protocol": 1, "name": "\\u00e9\\ud800", "adopts": true}',
            b'{"error": [null, -1.5E+3, NaN, Infinity]}',
        ),
    ),
}


def mutated(examples: tuple[bytes, ...], rng: random.Random) -> bytes:
    """An example with other bytes, pieces repeated or left out."""
    data = bytearray(rng.choice(examples))
    for _ in range(rng.randrange(1, 6)):
        start, length = rng.randrange(len(data) + 1), rng.randrange(6)
        piece = rng.choice([rng.randbytes(length), bytes(data[start : start + length]) * rng.randrange(4), b""])
        data[start : start + length * rng.randrange(2)] = piece
    return bytes(data[:LONGEST_INPUT])


def drive_at_random(name: str, inputs: int, seed: int) -> None:
    """Give a target mutated examples; raises what it raises, after saying for which input."""
    rng, target = random.Random(seed), TARGETS[name]
    for _ in range(inputs):
        data = mutated(target.examples, rng)
        try:
            target.parse(data)
        except BaseException:
            print(f"fault: {name}: {data!r}", file=sys.stderr)
            raise
    print(f"Done {inputs} runs")


def drive_by_coverage(name: str, inputs: int, seed: int) -> None:
    """Let atheris choose the inputs; ends the process."""
    atheris = import_module("atheris")
    for module in map(import_module, INSTRUMENTED):
        for function in list(vars(module).values()):
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                atheris.instrument_func(function)
    with tempfile.TemporaryDirectory() as corpus:
        for number, example in enumerate(TARGETS[name].examples):
            Path(corpus, str(number)).write_bytes(example)
        flags = [f"-runs={inputs}", f"-seed={seed or 1}", f"-max_len={LONGEST_INPUT}", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *flags, f"-artifact_prefix={corpus}/", corpus], TARGETS[name].parse)
        atheris.Fuzz()


def rows(inputs: int, seed: int, names: Iterable[str] = TARGETS) -> Iterator[tuple[str, int, float, int]]:
    """Target, inputs, seconds and faults, each target in a process of its own."""
    for name in names:
        begun = time.monotonic()
        command = [sys.executable, __file__, "--target", name, "--inputs", str(inputs), "--seed", str(seed)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        said = done.stdout + done.stderr
        count = re.search(r"Done (\d+) (?:runs|in)", said) or re.search(r"number_of_executed_units:\s*(\d+)", said)
        if done.returncode:
            print(said[-3000:], file=sys.stderr)
        yield name, int(count[1]) if count else 0, time.monotonic() - begun, int(done.returncode != 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000, help="of every target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=sorted(TARGETS), help="this one alone, in this process")
    given = parser.parse_args()
    led = find_spec("atheris") is not None
    if given.target:
        (drive_by_coverage if led else drive_at_random)(given.target, given.inputs, given.seed)
        return 0
    if not led:
        print("atheris is not installed (pip install atheris): mutated examples instead", file=sys.stderr)
    faults = 0
    print(f"{'target':<10} {'inputs':>8} {'seconds':>8} {'faults':>7}")
    for name, inputs, seconds, found in rows(given.inputs, given.seed):
        print(f"{name:<10} {inputs:>8} {seconds:>8.1f} {found:>7}", flush=True)
        faults += found
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
