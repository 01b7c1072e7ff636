"""One thread for each process: numerical libraries read these names once, when they are first imported."""

from __future__ import annotations

import os

NAMES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_thread_each() -> None:
    """Keep numerical libraries to one thread a process, but for what the user has set; call before NumPy is imported.

    Standoff shares work out over processes. Products of small matrices gain nothing from threads, which then wait for
    one another in a busy loop: measured on two cores, twice the processor time and half the speed.
    """
    for name in NAMES:
        os.environ.setdefault(name, "1")
