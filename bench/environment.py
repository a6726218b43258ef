"""Where an experiment ran: versions, machine, git state. Stored with it and shown in its report."""

import platform
import subprocess
import sys
from importlib.metadata import distributions
from os import cpu_count
from pathlib import Path
from typing import Any

LIBRARIES = (
    *("search-bench", "numpy", "scipy", "pandas", "scikit-learn", "torch"),
    *("scikit-optimize", "hyperopt", "optuna", "cmaes", "greenlet", "botorch", "gpytorch", "ax-platform"),
)


def environment() -> dict[str, Any]:
    """What a reader needs to judge or repeat the timings, as JSON."""
    installed = {dist.metadata["Name"]: dist.version for dist in distributions()}
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": processor(),
        "cores": cpu_count(),
        "versions": {name: installed[name] for name in LIBRARIES if name in installed},
        "git": git_state(),
        "command": sys.argv[1:],
    }


def processor() -> str:
    """The processor's name, as well as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def git_state() -> str | None:
    """The commit of the code (`-dirty` with local changes), or None outside a checkout."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--dirty"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
