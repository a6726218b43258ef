"""Running holds no more in memory than one run does, however many trials the experiment has."""

import subprocess
import sys
from pathlib import Path

from tests.bench.conftest import environment

PEAK = """
import resource, sys
from pathlib import Path
from bench.experiment import Silent, carry_out
from bench.plan import make_plan, resolve_spec
from bench.settings import check_settings
settings = check_settings({"problems": "sphere", "dims": "5", "strategies": "random", "trials": 2000,
                           "seeds": sys.argv[1], "executor": "serial"})
carry_out(settings, make_plan(resolve_spec(settings)), Path(sys.argv[1]), Silent())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_kib(folder: Path, seeds: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(seeds)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_memory_does_not_grow_with_the_trials(tmp_path: Path):
    few, many = peak_kib(tmp_path, 1), peak_kib(tmp_path, 20)
    assert many - few < 5_000  # 38,000 more trials, 400 bytes each at the least, would be 15,000
