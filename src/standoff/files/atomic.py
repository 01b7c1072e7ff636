"""Several files of a folder replaced together: all of them or none, also where the program is killed in between.

The new files and copies of the old ones are written beside them first, with a journal. The files are then renamed into
place one by one, and the change is done when its folder is renamed. Whoever opens the folder after a kill puts the old
files back by the journal.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from standoff.errors import StandoffError

Content = bytes | Callable[[IO[bytes]], None] | None
WORK = ".standoff"  # the folder in a folder: the change under way, and what the last import replaced
_CHANGE, _LAST, _JOURNAL = "change", "last", "journal.json"
_WAIT = 3.0  # seconds in which another program's change should be through
_OLD = 60.0  # seconds after which a change is given up, where it cannot be asked whether its program lives


def replace_files(root: Path, files: Mapping[str, Content], *, undo: str = "") -> None:
    """Write files into a folder, by their names relative to it; None removes one. All of them or none.

    Parameters
    ----------
    root
        The folder.
    files
        What each file is to hold, or what writes it into a file that is open for bytes.
    undo
        What the change was, where it may be undone: what it replaced is then kept until the next such change.

    Raises
    ------
    StandoffError
        A file lies outside the folder, another program is changing it, or it cannot be written. Nothing is changed.
    """
    targets = {name: _target(root, name) for name in files}
    work = root / WORK
    change = work / _CHANGE
    try:
        if not work.is_dir():
            work.mkdir()
            (work / ".gitignore").write_text("*\n", encoding="utf-8")
        recover(root)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=work))
    except OSError as error:
        raise _unwritable(root, error) from None
    try:
        _prepare(draft, files, targets, undo)
        draft.rename(change)  # from here on a kill is put right; fails where another change is under way
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError):
            raise _busy(root) if change.is_dir() else _unwritable(root, error) from None
        raise
    try:
        for number, (name, data) in enumerate(files.items()):
            target = targets[name]
            if data is None:
                target.unlink(missing_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(change / f"new-{number}", target)  # noqa: PTH105 - as the journal counts on
        for folder in {target.parent for target in targets.values()}:
            _sync_folder(folder)
        _finish(work, change, undo)
    except BaseException as error:
        _roll_back(root, change)
        if isinstance(error, OSError):
            raise _unwritable(root, error) from None
        raise


def _target(root: Path, name: str) -> Path:
    target = (root / name).resolve()
    if not target.is_relative_to(root.resolve()) or Path(name).parts[:1] == (WORK,):
        raise StandoffError.of("this leaves the folder", file=name, expected=f"a file in {root.name}")
    if target.is_dir():
        raise StandoffError.of("this is a folder", file=name, expected="a file")
    return target


def _prepare(draft: Path, files: Mapping[str, Content], targets: Mapping[str, Path], undo: str) -> None:
    listed = []
    for number, (name, data) in enumerate(files.items()):
        target = targets[name]
        is_old = target.is_file()
        if is_old:
            shutil.copy2(target, draft / f"old-{number}")
        if data is not None:
            _write(draft / f"new-{number}", data)
            if is_old:
                shutil.copymode(target, draft / f"new-{number}")
        digest = None if data is None else _digest(draft / f"new-{number}")
        listed.append({"file": name, "was": is_old, "sha256": digest})
    journal = {"pid": os.getpid(), "host": platform.node(), "undo": undo, "files": listed}
    _write(draft / _JOURNAL, json.dumps(journal, indent=1).encode())
    _sync_folder(draft)


def _finish(work: Path, change: Path, undo: str) -> None:
    """Rename the change away: by this one step it is done."""
    aside = work / f"done-{os.getpid()}-{time.monotonic_ns()}"
    if undo and (work / _LAST).is_dir():
        (work / _LAST).rename(aside)
        change.rename(work / _LAST)
    else:
        change.rename(work / _LAST if undo else aside)
    shutil.rmtree(aside, ignore_errors=True)
    for draft in work.glob("draft-*"):  # of a program that was killed before it began to replace anything
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _OLD:
                shutil.rmtree(draft, ignore_errors=True)


def recover(root: Path) -> bool:
    """Put the old files back where a program was killed in the middle of a change; whether there was such a change.

    A change of a program that lives is waited for. Raises StandoffError where it does not end, or where the old files
    cannot be put back.
    """
    change = root / WORK / _CHANGE
    if not change.is_dir():
        return False
    last = time.monotonic() + _WAIT
    while _lives(change):
        if time.monotonic() > last:
            raise _busy(root)
        time.sleep(0.02)
        if not change.is_dir():
            return False
    try:
        _roll_back(root, change)
    except OSError as error:
        raise _unwritable(root, error) from None
    return True


def _lives(change: Path) -> bool:
    """Whether the program that makes this change may still be at it."""
    try:
        journal = _journal(change)
        age = time.time() - change.stat().st_mtime
    except OSError:
        return change.is_dir()
    if journal is None:
        return age < _OLD
    if journal["host"] != platform.node() or os.name == "nt":
        return age < _OLD
    try:
        os.kill(journal["pid"], 0)  # asks, and sends nothing
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _journal(change: Path) -> dict[str, Any] | None:
    try:
        journal: dict[str, Any] = json.loads((change / _JOURNAL).read_text(encoding="utf-8"))
        return journal
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _roll_back(root: Path, change: Path) -> None:
    journal = _journal(change)
    for number, entry in enumerate(journal["files"] if journal else ()):
        target = root / entry["file"]
        if not entry["was"]:
            target.unlink(missing_ok=True)
        elif (old := change / f"old-{number}").is_file():
            os.replace(old, target)  # noqa: PTH105
    shutil.rmtree(change, ignore_errors=True)


def undoable(root: Path, spare: Collection[str] = ()) -> tuple[str, dict[str, bytes | None]] | None:
    """Return what the last change that may be undone was, and the files as they stood before it.

    None where there is none, or where a file of it has been changed since: the undoing would take that away. A file
    of ``spare`` that was changed since is left as it is.
    """
    last = root / WORK / _LAST
    if (journal := _journal(last)) is None:
        return None
    before: dict[str, bytes | None] = {}
    for number, entry in enumerate(journal["files"]):
        target = root / entry["file"]
        now = _digest(target) if target.is_file() else None
        if now != entry["sha256"]:
            if entry["file"] in spare:
                continue
            return None
        before[entry["file"]] = (last / f"old-{number}").read_bytes() if entry["was"] else None
    return journal["undo"], before


def forget_undo(root: Path) -> None:
    """Drop what is kept of the last change."""
    shutil.rmtree(root / WORK / _LAST, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes | Callable[[IO[bytes]], None]) -> None:
    with path.open("wb") as file:
        if callable(data):
            data(file)
        else:
            file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with suppress(OSError):  # not every file system has it
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _busy(root: Path) -> StandoffError:
    what = "another program is changing this folder"
    return StandoffError.of(what, file=str(root), expected="one change at a time", hint="try again in a moment")


def _unwritable(root: Path, error: OSError) -> StandoffError:
    what = f"the files cannot be written: {error.strerror or error}"
    return StandoffError.of(what, file=str(error.filename or root), expected="a folder you may write in")
