"""`setup`: make an environment for a library that cannot live beside the others."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bench.console import SafeConsole
from bench.errors import UsageError
from problems.environments import FOLDER, python_of

PINS = Path(__file__).parents[2] / "strategies" / "environments"


def setup(name: str) -> None:
    """Make the environment `name` below the current folder, exactly as pinned; raises `UsageError` where it cannot be.

    It is put into its place when it is whole: an attempt that was cut off leaves nothing that could be mistaken for it.
    """
    pins = PINS / f"{name}.txt"
    if name not in (known := sorted(path.stem for path in PINS.glob("*.txt"))):
        raise UsageError(f"no environment is called {name!r}; known: {', '.join(known)}")
    console, place = SafeConsole(stderr=True, highlight=False, markup=False, soft_wrap=True), python_of(name).parents[1]
    if python_of(name).exists():
        console.print(f"{FOLDER / name} is there already; delete it to make it anew")
        return
    draft = place.with_name(f"{name}.draft")
    console.print(f"making {FOLDER / name}")
    try:
        venv.create(draft, with_pip=True, clear=True, symlinks=True)
        install = [f"{draft}/bin/python", "-m", "pip", "install", "--quiet", "--requirement", str(pins)]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise UsageError(f"pip could not install {name}: {last}; check the network and the index that pip uses")
        draft.rename(place)
    except subprocess.CalledProcessError as error:
        raise UsageError(f"{sys.executable} cannot make environments: {error}; install python3-venv") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    console.print(f"{FOLDER / name} is ready")
