"""The command line: flags in, exit code out. Imports nothing heavy; what a command does is loaded when it is called."""

import io
import signal
import sys
from collections.abc import Callable
from types import FrameType

import typer
from typer.exceptions import TyperException

from bench.command_line import experiments, searches, workshop
from bench.errors import UsageError
from bench.limits import LONGEST_COMPLAINT
from bench.visible import cut, visible
from problems.loading import resolve

DONE, SOME_FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    help="Compare hyperparameter search strategies honestly: regret against trial count, on equal budgets and seeds.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Rich's panels cost 0.2 s of imports for every --help
)
for group in (experiments, searches, workshop):
    app.add_typer(group.commands)


def terminate(signal_number: int, frame: FrameType | None) -> None:
    """Treat a polite request to end as Ctrl-C."""
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 some runs failed, 2 bad usage, 130 interrupted."""
    signal.signal(signal.SIGTERM, terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know fewer letters than we write
            stream.reconfigure(errors="backslashreplace")
    try:
        words = sys.argv[1:] if arguments is None else arguments
        code = app(words or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except UsageError as error:
        return complain(str(error))
    except TyperException as error:
        return complain(f"{in_words(error)}; see --help")
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        return DONE
    except OSError as error:
        return complain(
            f"{error.strerror or error}: {error.filename or 'no file named'}; check path, permissions and space"
        )
    except Exception:
        if fault := resolve("problems.plugins:broken_package")():
            return complain(f"{fault}; install that package again, or remove it")
        raise
    return code if isinstance(code, int) else DONE


def in_words(error: TyperException) -> str:
    """What Typer refuses, with the value that it does not name where a number was expected."""
    said = error.format_message().rstrip(".")
    faults: Callable[[], list[dict[str, object]]] = getattr(error.__cause__, "errors", list)  # pydantic's, not imported
    refused = faults()
    return f"{said}, got {refused[0]['input']!r}" if refused else said


def complain(message: object) -> int:
    """One line on stderr, in which nothing steers the terminal."""
    print("error:", cut(" ".join(visible(str(message)).split()), LONGEST_COMPLAINT), file=sys.stderr)
    return BAD_USAGE
