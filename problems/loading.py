"""Lazy imports, in the one form that the house allows: `"module:attribute"`, or `"path/to/file.py:attribute"`."""

import hashlib
import sys
import traceback
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any


def resolve(target: str) -> Any:
    """Import `"module:attribute"` and return the attribute."""
    module, _, attribute = target.rpartition(":")
    return getattr(_file(Path(module)) if module.endswith(".py") else import_module(module), attribute)


def _file(path: Path) -> ModuleType:
    """The module in the file `path`, loaded once; what lies beside it can be imported by it."""
    path = path.resolve()
    name = f"{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look themselves up while the file is executed
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def users_object(target: str, kind: str) -> Any:
    """What a user's `"module:attribute"` or `"file.py:attribute"` is; raises `KeyError` with the reason in one line."""
    module, _, attribute = target.rpartition(":")
    path = Path(module)
    if module.endswith(".py") and not path.is_file():
        raise KeyError(
            f"{kind} {target!r} needs the file {module}, which is not there; give its path from {Path.cwd()}"
        )
    try:
        return resolve(target)
    except AttributeError as error:
        if attribute not in str(error):
            raise KeyError(f"{kind} {target!r} cannot be imported: AttributeError: {error}{place(error)}") from error
        raise KeyError(f"{kind} {target!r}: {module} has no {attribute!r}; check the name after the colon") from error
    except (Exception, SystemExit) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise KeyError(f"{kind} {target!r} cannot be imported: {reason}{place(error)}") from error


def obstacle(target: str) -> str | None:
    """Why `target` cannot be imported, in one line, or None; somebody's package may raise anything."""
    try:
        resolve(target)
    except (Exception, SystemExit) as error:  # noqa: BLE001  anybody's code
        return "cannot be imported: " + " ".join(f"{type(error).__name__}: {error}{place(error)}".split())
    return None


def place(error: BaseException) -> str:
    """Where `error` was raised, to be appended to its text: the last line of code that is not the import's own."""
    frames = traceback.extract_tb(error.__traceback__)
    passed = [frame for frame in frames if frame.filename != __file__ and "importlib" not in frame.filename]
    return f" (at {Path(passed[-1].filename).name}, line {passed[-1].lineno})" if passed else ""


def fingerprint(target: str) -> str:
    """What identifies the code of a user's object: `"sampler.py 1a2b3c4d5e6f"`, the hash of its file."""
    module = target.rpartition(":")[0]
    if module.endswith(".py"):
        origin: str | None = module
    else:
        try:
            spec = find_spec(module)
        except ValueError:  # of `__main__`, which no import made
            spec = None
        origin = spec.origin if spec else None
    if origin is None or not Path(origin).is_file():
        return f"{module}, version unknown"
    return f"{Path(origin).name} {hashlib.sha256(Path(origin).read_bytes()).hexdigest()[:12]}"
