"""The first contact: help is quick, imports nothing heavy, and mistakes get a sentence instead of a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "shapely", "pydantic", "starlette", "scipy", "rich", "jinja2")


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "standoff", *args], capture_output=True, text=True, check=False, timeout=120
    )


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from standoff.cli import cli\n"
        "try: cli.main(['--help'], standalone_mode=False)\n"
        f"finally: print('LOADED', [m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED []"
    assert "standoff" in done.stdout or "Commands" in done.stdout


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["check", "idlip"], "did you mean 'idlib'"),
        (["check", "pyproject.toml"], "this is a file"),
        (["chek", "idlib"], "did you mean 'check'"),
        (["new", "src"], "not empty"),
    ],
)
def test_mistakes_get_a_sentence(args: list[str], expected: str) -> None:
    done = run(*args)
    assert done.returncode != 0
    assert expected in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
