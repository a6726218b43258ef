"""Call a function in a process of its own, so that what it calls can hang, die or raise without harm."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from problems.loading import place


def apart(function: Callable[..., object], arguments: tuple[str, ...], timeout_s: float) -> object:
    """What `function` returns in a process of its own; a sentence where that hung, died or raised."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=report, args=(function, arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(timeout_s):
            return f"it did not end within {timeout_s:g} s"
        return ours.recv()
    except EOFError:
        process.join(5)
        return f"its process died (exit code {process.exitcode})"
    finally:
        process.kill()
        process.join()


def report(function: Callable[..., object], arguments: tuple[str, ...], connection: Connection) -> None:
    """The other end of `apart`."""
    try:
        connection.send(function(*arguments))
    except Exception as error:  # noqa: BLE001  a user's code may raise anything; that is the finding
        connection.send(f"it raised {type(error).__name__}: {error}{place(error)}")
