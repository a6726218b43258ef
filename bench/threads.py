"""One thread per run: it must not get faster because its neighbour is idle, nor differ with the number of threads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREAD_VARIABLES, "1")  # for a process whose numpy is not loaded yet


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold this process to one thread: the libraries that are loaded, and through the environment those to come."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(ONE_THREAD)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
