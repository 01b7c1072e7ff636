from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from page_case import write_case

COMMAND = [sys.executable, "-m", "standoff", "serve"]


@pytest.mark.parametrize("how", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.thorough)])
def test_serves_until_it_is_stopped_and_stops_in_order(tmp_path: Path, how: signal.Signals) -> None:
    case = write_case(tmp_path / "case")
    command = [*COMMAND, str(case), "--port", "0", "--no-browser", "--runs", str(tmp_path / "runs")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        address = next(line.strip() for line in process.stdout if re.match(r"http://127\.0\.0\.1:\d+/", line))
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - the address is the one just printed
            assert answer.status == 200
            assert b"Elbonia" in answer.read()
        process.send_signal(how)
        _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["no-such-case"], "there is no case 'no-such-case'", marks=pytest.mark.thorough),
        (["idlib", "--host", "0.0.0.0"], "can be reached from other machines"),  # noqa: S104
        (["idlib", "--port", "70000"], "70000"),
    ],
)
def test_what_cannot_be_served_is_told(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments, "--no-browser"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
