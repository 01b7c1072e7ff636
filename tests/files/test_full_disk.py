"""A disk that is full: the file is named, what was there stays, and nothing half-written is left."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from standoff.case.read import start
from standoff.errors import StandoffError
from standoff.files.atomic import WORK, replace_files

SPACE = "space on the disk"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_a_change_of_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    before, count, sync = contents(tmp_path), 0, os.fsync

    def full(handle: int) -> None:
        nonlocal count
        count += 1
        if count == after + 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    files = {"a.csv": b"new", "b.csv": b"new", "sub/c.csv": b"new"}
    try:
        replace_files(tmp_path, files)
    except StandoffError as error:
        (problem,) = error.problems
        assert "No space left" in problem.what
        assert problem.expected.startswith(SPACE)
        named = Path(problem.file)
        assert named == tmp_path or named.relative_to(tmp_path).as_posix() == list(files)[max(after - 1, 0)]
        assert {k: v for k, v in contents(tmp_path).items() if not k.startswith(WORK)} == before
    assert not (tmp_path / WORK / "change").exists()
    assert not list((tmp_path / WORK).glob("draft-*"))


def test_a_new_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path, **_: Any) -> None:
        target.mkdir()
        text = f"[Errno {errno.ENOSPC}] {os.strerror(errno.ENOSPC)}: '{source}' -> '{target}'"
        raise shutil.Error([(str(source), str(target), text)])

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(StandoffError) as told:
        start(tmp_path / "mine")
    (problem,) = told.value.problems
    assert problem.file == str(tmp_path / "mine")
    assert problem.what == "the case cannot be written: No space left on device"
    assert problem.expected.startswith(SPACE)
    assert list(tmp_path.iterdir()) == []


def test_what_keeps_the_work_folder_out_of_git_is_written_again_after_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StandoffError, match="No space left") as caught:
            replace_files(tmp_path, {"logs.csv": b"a\n"})
    (problem,) = caught.value.problems
    assert problem.file == str(tmp_path / "logs.csv")
    ignored = tmp_path / ".standoff" / ".gitignore"
    ignored.write_bytes(b"")  # as a disk leaves it that was full before the first byte
    replace_files(tmp_path, {"logs.csv": b"a\n"})
    assert ignored.read_text(encoding="utf-8") == "*\n"
