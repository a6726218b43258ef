"""One thread per test process, before numpy loads, as in a worker."""

import os

from hypothesis import settings

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

# `make torture`: the same properties, other examples each time, and many of them.
settings.register_profile("torture", parent=settings.get_profile("ci"), max_examples=3000, derandomize=False)
