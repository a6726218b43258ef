"""A worker process: executes the runs that the driver sends, and dies with it."""

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from socket import gethostname

from bench.executors.batch import Batcher
from bench.records import Step, unwatched
from bench.run import execute
from problems.loading import resolve


def follow_driver_into_death(lifeline: int) -> None:
    """End this process and what it started as soon as the driver's end of the `lifeline` pipe closes."""
    os.read(lifeline, 1)
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def serve(driver: Connection) -> None:
    """Execute one run after the other until the driver hangs up.

    In: `(order, code)`. Out: `("begin", setting)`, with a signature if the order says so, `("restart", reason)`,
    `("trials", trials)`, `("retrained", retrainings)` and `("finished", outcome)`, each answered once it is committed,
    and, if the order is careful, `("step", step)`, which is not.
    A trial is committed before the next one of its run is asked, unless it was cheap and nobody is careful.
    Where ours is not the `code` that is asked for, the only answer is `("refused", reason)`.
    """
    home = os.getpid()

    def say(kind: str, content: object) -> None:
        if os.getpid() != home:
            os._exit(0)  # a copy that a strategy or an objective made by a fork, and let return: not one of our runs
        driver.send((kind, content))

    def tell(kind: str, content: object) -> None:
        say(kind, content)
        driver.recv()  # the driver's receipt

    while True:
        try:
            order, code = driver.recv()
        except EOFError:
            return
        if code is not None and (difference := resolve("bench.code:other_code")(order.key, code)):
            tell("refused", f"the node {gethostname()} {difference}")
            continue
        batcher = Batcher(*(partial(tell, kind) for kind in ("begin", "trials", "restart", "retrained")))
        enter = partial(tell_step, batcher, say) if order.careful else unwatched
        outcome = execute(order.key, order.stored, batcher, enter, again=order.again, sign=order.sign)
        batcher.flush()
        tell("finished", outcome)


def tell_step(batcher: Batcher, say: Callable[[str, object], None], step: Step) -> None:
    """Have every complete trial committed, and say what comes next."""
    batcher.flush()
    say("step", step)


def main() -> None:
    """Entry point: the file descriptors of the connection and of the lifeline are the arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is asked to end, the driver decides
    faulthandler.enable()  # a crash in a library's C code shows where
    connection, lifeline = map(int, sys.argv[1:])
    threading.Thread(target=follow_driver_into_death, args=(lifeline,), daemon=True).start()
    driver = Connection(connection)
    os.register_at_fork(after_in_child=driver.close)  # what a run forks has nothing to say to the driver
    serve(driver)
