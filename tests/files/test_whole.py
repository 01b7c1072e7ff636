"""A folder is replaced as a whole: killed at any step, the old one is there or the new one, and nothing else stays."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from standoff.errors import StandoffError
from standoff.files import whole
from standoff.files.whole import exchange, new_file, recover_folder, recover_folders, replace_folder, write_whole

OLD, NEW = {"a.csv": "old\n", "run.json": "{}"}, {"a.csv": "new\n", "b.csv": "1\n", "run.json": "[]"}
needs_fork = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")


def files(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in folder.iterdir()}


def killed_at(step: int, path: Path, swap: bool) -> bool:
    """Replace ``path`` in a process that kills itself before its ``step``-th call of the system; whether it was."""

    def work() -> None:
        left = [step]

        def counted(name: str, holder: object) -> None:
            real = getattr(holder, name)

            def call(*args: object, **more: object) -> object:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **more)

            setattr(holder, name, call)

        counted("rename", Path)
        counted("fsync", os)
        counted("rmtree", whole.shutil)
        if swap:
            counted("exchange", whole)
        else:
            whole.exchange = lambda *_: False  # type: ignore[assignment]
        replace_folder(path, NEW)

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


@needs_fork
@pytest.mark.parametrize("swap", [True, False], ids=["by exchange", "by the journal"])
def test_killed_at_any_step_the_old_or_the_new_is_there(tmp_path: Path, swap: bool) -> None:
    path = tmp_path / "run"
    kept = set()
    for step in range(1, 40):
        replace_folder(path, OLD)
        killed = killed_at(step, path, swap)
        recover_folder(path)
        assert files(path) in (OLD, NEW), step
        kept.add(files(path) == NEW)
        assert [p.name for p in tmp_path.iterdir()] == ["run"], step
        if not killed:
            break
    assert not killed
    assert kept == {True, False}


@needs_fork
def test_what_a_killed_program_left_goes_when_the_next_begins(tmp_path: Path) -> None:
    path = tmp_path / "run"
    replace_folder(path, OLD)
    assert killed_at(1, path, swap=True)
    (tmp_path / ".run-original").mkdir()  # not ours
    ours = tmp_path / f".run-{whole._host()}-{os.getpid()}-abcdefgh"  # of a program that lives
    elsewhere = tmp_path / ".run-000000-1-abcdefgh"  # of another machine
    ours.mkdir()
    elsewhere.mkdir()
    assert len(list(tmp_path.iterdir())) == 5
    recover_folders(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"run", ".run-original", ours.name, elsewhere.name}


def test_two_folders_exchange_their_names(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system cannot")
    assert (tmp_path / "a/b").is_file()
    assert (tmp_path / "b/a").is_file()
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "a", tmp_path / "none")


def test_a_full_disk_names_the_file_and_keeps_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run"
    replace_folder(path, OLD)
    real = whole.write_synced

    def full(file: Path, data: bytes) -> None:
        if file.name == "b.csv":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file, data)

    monkeypatch.setattr(whole, "write_synced", full)
    with pytest.raises(StandoffError, match=r"run.b\.csv: this cannot be written: No space left on device"):
        replace_folder(path, NEW)
    assert files(path) == OLD
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_whole(path, "old\n")
    with (
        pytest.raises(StandoffError, match=r"table\.csv: this cannot be written: No space left"),
        new_file(path) as new,
    ):
        new.write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert files(tmp_path) == {"table.csv": "old\n"}
    with pytest.raises(StandoffError, match="this cannot be written"):
        write_whole(tmp_path / "none" / "table.csv", "new\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes and links")
def test_a_link_stays_one_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("old\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "table.csv")
    write_whole(tmp_path / "link.csv", "new\n")
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "table.csv").read_text() == "new\n"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, b"new\n")
    assert os.read(end, 9) == b"new\n" and pipe.is_fifo()
    os.close(end)
