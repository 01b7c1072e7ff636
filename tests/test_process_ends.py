"""Processes of a run end with the program that started them, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

POOL = """
import os, sys, time
from standoff.runs.ensemble import workers
if __name__ == "__main__":
    with workers(2) as pool:
        for future in [pool.submit(os.getpid) for _ in range(2)]:
            future.result()
        print(*pool._processes, flush=True)
        [pool.submit(time.sleep, 600) for _ in range(4)]
        time.sleep(600)
"""


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.is_file() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="processes are looked up in /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(POOL)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    assert all(map(alive, pids))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    last = time.monotonic() + 60
    while any(map(alive, pids)) and time.monotonic() < last:
        time.sleep(0.02)
    left = [pid for pid in pids if alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


def test_a_process_ends_when_nobody_holds_its_input() -> None:
    code = "import time; from standoff.cores import end_with_input; end_with_input(); print('on', flush=True); "
    code += "time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "on\n"
    assert child.poll() is None
    child.stdin.close()
    assert child.wait(60) == 1
    child.stdout.close()
