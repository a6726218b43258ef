"""One thread per test process, before numpy loads, as in a worker; and faults, counted."""

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.faults import LEDGER

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

# `make torture`: the same properties, other examples each time, and many of them.
settings.register_profile("torture", parent=settings.get_profile("ci"), max_examples=1000, derandomize=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="try every fault much more often, as `make torture` does")


@pytest.fixture(scope="session")
def often(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """How often something is tried: `often(usually, tortured)`."""
    return lambda usually, tortured: tortured if pytestconfig.getoption("--torture") else usually


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[None]:  # what befell travels with the report, out of a process of pytest-xdist, too
    if call.when == "call":
        item.user_properties += LEDGER.taken().items()
    return (yield)
