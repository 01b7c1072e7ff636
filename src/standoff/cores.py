"""Processes: one thread for each, and none that outlives the one that started it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

# Numerical libraries read these names once, when they are first imported.
NAMES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_thread_each() -> None:
    """Keep numerical libraries to one thread a process, but for what the user has set; call before NumPy is imported.

    Standoff shares work out over processes. Products of small matrices gain nothing from threads, which then wait for
    one another in a busy loop: measured on two cores, twice the processor time and half the speed.
    """
    for name in NAMES:
        os.environ.setdefault(name, "1")


def usable_cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def begin_as_worker() -> None:
    """Begin the work of a pool's process: leave Ctrl-C to its parent, which stops in order, and end when that ends."""
    from multiprocessing import connection, parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        _end_after(lambda: connection.wait([parent.sentinel]))


def end_with_input() -> None:
    """End this process when its standard input ends: whoever started it holds the other end for as long as it lives."""

    def wait() -> None:
        while os.read(0, 4096):  # not by sys.stdin, whose lock a thread must not hold as the program ends
            pass

    _end_after(wait)


def _end_after(wait: Callable[[], object]) -> None:
    def watch() -> None:
        wait()
        os._exit(1)  # at once: nobody is there to be told, and batches and folders are there in full or not at all

    threading.Thread(target=watch, name="end with the parent", daemon=True).start()
