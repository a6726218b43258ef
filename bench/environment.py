"""Where an experiment ran: versions, machine, git state. Stored with it and shown in its report."""

import hashlib
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from os import cpu_count
from pathlib import Path
from typing import Any

from problems.registry import problems
from strategies.registry import strategies

ROOT = Path(__file__).resolve().parent.parent
CORE = ("search-bench", "numpy", "scipy", "pandas")
BELOW = ("greenlet", "gpytorch", "ConfigSpace", "bayesian-optimization")  # what searches inside of a library


def environment() -> dict[str, Any]:
    """What a reader needs to judge or repeat the results, as JSON."""
    installed = installed_packages()
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": processor(),
        "cores": cpu_count(),
        "threads per run": 1,
        "versions": versions(installed),
        "packages": digest("\n".join(sorted(f"{name}=={number}" for name, number in installed.items()))),
        "constraints": constraints(),
        "git": git_state(),
        "command": sys.argv[1:],
    }


def installed_packages() -> dict[str, str]:
    """The version of every package that is installed."""
    return {dist.metadata["Name"]: dist.version for dist in distributions()}


def versions(installed: Mapping[str, str]) -> dict[str, str]:
    """Of those that are `installed`, the ones that numbers may hang on."""
    needed = (entry.needs.distribution for table in (problems(), strategies()) for entry in table.values())
    return {name: installed[name] for name in dict.fromkeys((*CORE, *needed, *BELOW)) if name in installed}


def processor() -> str:
    """The processor's name, as well as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def digest(text: str) -> str:
    """What tells two texts apart: the packages of two machines, say."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def constraints() -> str | None:
    """The digest of the versions that a checkout asks for, or None outside of one."""
    file = ROOT / "constraints.txt"
    return digest(file.read_text(encoding="utf-8")) if file.is_file() else None


def git_state() -> str | None:
    """The commit of the code (`-dirty` with local changes), or None outside a checkout."""
    if not (ROOT / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
