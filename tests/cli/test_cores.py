"""Numerical libraries keep to one thread a process, since their threads cost half the speed of an ensemble."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COUNT = """
import sys
from standoff.cli import main
main(["{0}", "--help"])
import numpy as np
a = np.ones((600, 600))
a @ a
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("Threads")][0])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="counts threads where the system tells them")
@pytest.mark.parametrize("command", ["run", "rank", "backcast", "verify", "flee"])
def test_a_command_has_one_thread(command: str) -> None:
    env = {"PATH": "", "PYTHONPATH": ":".join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", COUNT.format(command)], capture_output=True, text=True, check=True, env=env
    )
    assert told.stdout.split()[-1] == "1"
