"""A worker process: executes the runs that the driver sends, and dies with it. Started as `python -m`."""

import os
import signal
import sys
import threading
from functools import partial
from multiprocessing.connection import Connection

from bench.executors.batch import Batcher
from bench.run import execute


def follow_driver_into_death(lifeline: int) -> None:
    """End this process as soon as the driver's end of the `lifeline` pipe closes, even in the middle of a trial."""
    os.read(lifeline, 1)
    os._exit(1)


def serve(driver: Connection) -> None:
    """Execute one run after the other until the driver hangs up.

    In: `(key, stored trials)`. Out: `("begin", setting)`, `("trials", trials)`, each answered once it is committed, and
    `("finished", outcome)`. A trial is committed before the next one of its run is asked, unless it was cheap.
    """

    def tell(kind: str, content: object) -> None:
        driver.send((kind, content))
        driver.recv()  # the driver's receipt

    while True:
        try:
            key, stored = driver.recv()
        except EOFError:
            return
        batcher = Batcher(partial(tell, "begin"), partial(tell, "trials"))
        outcome = execute(key, stored, batcher)
        batcher.flush()
        tell("finished", outcome)


def main() -> None:
    """Entry point: the file descriptors of the connection and of the lifeline are the arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the driver decides
    connection, lifeline = map(int, sys.argv[1:])
    threading.Thread(target=follow_driver_into_death, args=(lifeline,), daemon=True).start()
    serve(Connection(connection))


if __name__ == "__main__":
    main()
