"""What is printed can be written in any code page, and a reader that goes away is not an error."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from standoff.case.read import start
from standoff.cli import main
from standoff.text.console import plain_text

TITLE = "Zoë’s − “river” — كفر…"


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = start(tmp_path_factory.mktemp("case") / "river")
    for name in ("case.yaml", "sources.yaml", "commitments.yaml", "claims.yaml", "disputes.yaml", "actors.yaml"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        marked = [
            f"{line} {TITLE}" if line.strip().startswith(("title: ", "text: ", "name: ")) else line for line in lines
        ]
        (folder / name).write_text("\n".join(marked) + "\n", encoding="utf-8")
    return folder


def printed(monkeypatch: pytest.MonkeyPatch, encoding: str, *args: str) -> bytes:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=encoding))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    main(list(args))
    return out.getvalue()


@pytest.mark.parametrize(
    "args",
    [
        ("check",), ("claims",), ("disputes",), ("contradictions",), ("corroboration",), ("sources",), ("ledger",),
        ("audit",), ("track",),
        ("daily", "--on", "2024-03-01"), ("ledger", "--agreements"), ("ledger", "--why", "red-holds-fire"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_every_code_page_will_do(
    monkeypatch: pytest.MonkeyPatch, river: Path, encoding: str, args: tuple[str, ...]
) -> None:
    text = printed(monkeypatch, encoding, args[0], str(river), *args[1:]).decode(encoding)
    assert text.strip()
    if encoding == "ascii":
        whole = printed(monkeypatch, "utf-8", args[0], str(river), *args[1:]).decode()
        assert text == plain_text(whole)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_json_keeps_every_letter(monkeypatch: pytest.MonkeyPatch, river: Path, encoding: str) -> None:
    text = printed(monkeypatch, encoding, "claims", str(river), "--json").decode(encoding)
    assert any(TITLE in record["text"] for record in json.loads(text))


def test_plain_equivalents() -> None:
    assert plain_text(TITLE) == 'Zoe\'s - "river" - \\u0643\\u0641\\u0631...'


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0"}, marks=pytest.mark.thorough)]
)
def test_the_code_page_of_the_terminal(river: Path, env: dict[str, str]) -> None:
    call = [sys.executable, "-m", "standoff", "sources", str(river)]
    done = subprocess.run(call, env={**os.environ, **env}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"source" in done.stdout.decode("ascii").encode()


@pytest.mark.parametrize(
    ("lines", "args"),
    [
        (0, ("--help",)),
        (1, ("--help",)),
        (0, ("check", "river")),
        (0, ("sources", "river")),
        pytest.param(1, ("claims", "idlib"), marks=pytest.mark.thorough),
    ],
)
def test_a_closed_pipe_is_no_error(river: Path, lines: int, args: tuple[str, ...]) -> None:
    """The reader is gone before the first line, or after it: of more than a pipe holds."""
    read, write = os.pipe()
    call = subprocess.Popen(
        [sys.executable, "-m", "standoff", *args], stdout=write, stderr=subprocess.PIPE, cwd=river.parent
    )
    os.close(write)
    with os.fdopen(read, "rb") as reader:
        for _ in range(lines):
            reader.readline()
    _, errors = call.communicate(timeout=120)
    assert (call.returncode, errors) == (0, b"")
