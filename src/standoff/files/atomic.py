"""Several files of a folder replaced together: all of them or none, also where the program is killed in between.

The new files and copies of the old ones are written beside them first, with a list of them. The files are then renamed
into place one by one, a line is added to a log where one is asked for, and the change is done when its folder is
renamed. Whoever opens the folder after a kill puts the old files back by the list and cuts the log.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from standoff.errors import StandoffError
from standoff.oneline import OneLine

try:
    import fcntl
except ImportError:  # Windows has none: two programs then find each other by the folder of the change alone
    fcntl = None  # type: ignore[assignment]

Content = bytes | Callable[[IO[bytes]], None] | None
WORK = ".standoff"  # the folder in a folder: the change under way, and old files that a log does not hold itself
_CHANGE, _COPIES, _LIST, _LOCK = "change", "copies", "journal.json", "lock"
WRITABLE = "space on the disk, and a folder you may write in"
MOST_COPIES = 256 * 2**20  # bytes of old files; those of the oldest changes go first
_WAIT = 3.0  # seconds in which another program's change should be through
_OLD = 60.0  # seconds after which a change is given up, where it cannot be asked whether its program lives


@dataclass(frozen=True, slots=True, repr=False)
class Swap(OneLine):
    """A file of a change: the SHA-256 it had and has; None where there was or is none."""

    file: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, repr=False)
class LogLine(OneLine):
    """A line that a change adds to the end of a file, made of the files that it replaces."""

    file: str
    line: Callable[[Sequence[Swap]], bytes]
    copies: str = ""  # a name under which the old files are kept, where the line does not hold what they were


class ConflictError(StandoffError):
    """A file was changed on disk by somebody else since it was read."""


def replace_files(
    root: Path,
    files: Mapping[str, Content],
    *,
    log: LogLine | None = None,
    expect: Mapping[str, str | None] | None = None,
) -> tuple[Swap, ...]:
    """Write files into a folder, by their names relative to it; None removes one. All of them or none.

    Parameters
    ----------
    root
        The folder.
    files
        What each file is to hold, or what writes it into a file that is open for bytes.
    log
        A line to add to a file, with the change or not at all.
    expect
        The SHA-256 of files (None: there was none) as whoever changes them has read them.

    Returns
    -------
    tuple of Swap
        Each file with what it was and is.

    Raises
    ------
    ConflictError
        A file is not what it was when it was read. Nothing is changed.
    StandoffError
        A file lies outside the folder, another program is changing it, or it cannot be written. Nothing is changed.
    """
    targets = {name: _target(root, name) for name in files}
    work = root / WORK
    change = work / _CHANGE
    try:
        work.mkdir(exist_ok=True)
        ignored = work / ".gitignore"
        if not ignored.is_file() or ignored.stat().st_size == 0:  # new, or the disk was full when it was
            write_synced(ignored, b"*\n")
        lock = (work / _LOCK).open("ab")
    except OSError as error:
        raise _unwritable(root / next(iter(files), ""), error) from None
    with lock, _alone(root, lock) as alone:
        _mend(root, alone)
        _compare(root, expect or {})
        try:
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=work))
        except OSError as error:
            raise _unwritable(root, error) from None
        try:
            swaps = _prepare(root, draft, files, targets, log)
            draft.rename(change)  # from here on a kill is put right; fails where another change is under way
        except BaseException as error:
            shutil.rmtree(draft, ignore_errors=True)
            if isinstance(error, OSError):
                raise _busy(root) if change.is_dir() else _unwritable(root, error) from None
            raise
        try:
            sync_folder(work)
            for number, (name, data) in enumerate(files.items()):
                target = targets[name]
                if data is None:
                    target.unlink(missing_ok=True)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(change / f"new-{number}", target)  # noqa: PTH105 - as the list counts on
            for folder in {target.parent for target in targets.values()}:
                sync_folder(folder)
            if log is not None:
                _append(root / log.file, log.line(swaps))
            _finish(work, change, log.copies if log is not None else "")
        except BaseException as error:
            _roll_back(root, change)
            if isinstance(error, OSError):
                raise _unwritable(root, error) from None
            raise
    return swaps


@contextmanager
def _alone(root: Path, lock: IO[bytes]) -> Iterator[bool]:
    """Let one program at a time change a folder, where the system can; a program that is killed lets go of it."""
    if fcntl is None:
        yield False
        return
    last = time.monotonic() + _WAIT
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > last:
                raise _busy(root) from None
            time.sleep(0.02)
        except OSError:  # not every file system has it
            yield False
            return
        else:
            break
    try:
        yield True
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


def file_hash(path: Path) -> str | None:
    """Return the SHA-256 of a file, or None where there is none."""
    return _digest(path) if path.is_file() else None


def _compare(root: Path, expect: Mapping[str, str | None]) -> None:
    changed = [name for name, old in expect.items() if file_hash(_target(root, name)) != old]
    if changed:
        what = "this file was changed on disk since it was read"
        problems = [
            StandoffError.of(what, file=name, expected="the file as it was read").problems[0] for name in changed
        ]
        raise ConflictError(problems)


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _target(root: Path, name: str) -> Path:
    target = (root / name).resolve()
    if not target.is_relative_to(root.resolve()) or Path(name).parts[:1] == (WORK,):
        raise StandoffError.of("this leaves the folder", file=name, expected=f"a file in {root.name}")
    if target.is_dir():
        raise StandoffError.of("this is a folder", file=name, expected="a file")
    return target


def _prepare(
    root: Path, draft: Path, files: Mapping[str, Content], targets: Mapping[str, Path], log: LogLine | None
) -> tuple[Swap, ...]:
    swaps = []
    for number, (name, data) in enumerate(files.items()):
        target = targets[name]
        is_old = target.is_file()
        try:
            if is_old:
                shutil.copy2(target, draft / f"old-{number}")
            if data is not None:
                write_synced(draft / f"new-{number}", data)
                if is_old:
                    shutil.copymode(target, draft / f"new-{number}")
        except OSError as error:  # of the draft, whose names tell nobody anything
            raise OSError(error.errno, error.strerror or str(error), str(root / name)) from None
        swaps.append(Swap(name, file_hash(draft / f"old-{number}"), file_hash(draft / f"new-{number}")))
    grown: dict[str, Any] = {}
    if log is not None:
        path = root / log.file
        grown = {"log": log.file, "size": path.stat().st_size if path.is_file() else None}
    listed = [{"file": swap.file, "was": swap.old is not None} for swap in swaps]
    about = {"pid": os.getpid(), "host": platform.node(), "files": listed, **grown}
    write_synced(draft / _LIST, json.dumps(about).encode())
    sync_folder(draft)
    return tuple(swaps)


def _finish(work: Path, change: Path, copies: str) -> None:
    """Rename the change away: by this one step it is done."""
    if copies:
        (work / _COPIES).mkdir(exist_ok=True)
        change.rename(work / _COPIES / copies)
        _drop_copies(work / _COPIES)
    else:
        _put_aside(change)
    sync_folder(work)
    for left in (*work.glob("draft-*"), *work.glob("done-*")):  # of a program that was killed before or after
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _OLD:
                shutil.rmtree(left, ignore_errors=True)


def _put_aside(change: Path) -> None:
    """End a change in one step, and then remove what is left of it."""
    aside = change.with_name(f"done-{os.getpid()}-{time.monotonic_ns()}")
    change.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _drop_copies(folder: Path) -> None:
    """Drop what is kept of the oldest changes where all of it is more than it may be; the last one stays."""
    sizes = {one: sum(p.stat().st_size for p in one.iterdir()) for one in folder.iterdir() if one.is_dir()}
    for one in sorted(sizes, key=lambda one: one.stat().st_mtime)[:-1]:
        if sum(sizes.values()) <= MOST_COPIES:
            break
        shutil.rmtree(one, ignore_errors=True)
        del sizes[one]


def old_copy(root: Path, copies: str, file: str) -> Path | None:
    """Return what is kept of a file as it was before a change, or None where nothing is."""
    folder = root / WORK / _COPIES / copies
    listed = (_listed(folder) or {}).get("files", ())
    number = next((number for number, one in enumerate(listed) if one["file"] == file), -1)
    path = folder / f"old-{number}"
    return path if path.is_file() else None


def recover(root: Path) -> bool:
    """Put the old files back where a program was killed in the middle of a change; whether there was such a change.

    A change of a program that lives is waited for. Raises StandoffError where it does not end, or where the old files
    cannot be put back.
    """
    change = root / WORK / _CHANGE
    if not change.is_dir():
        return False
    try:
        with (root / WORK / _LOCK).open("ab") as lock, _alone(root, lock) as alone:
            return _mend(root, alone)
    except OSError:  # a folder that nobody may write in, and so nobody is changing now
        return _mend(root, False)


def _mend(root: Path, alone: bool) -> bool:
    change = root / WORK / _CHANGE
    last = time.monotonic() + _WAIT
    while _lives(change, alone):
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


def _lives(change: Path, alone: bool) -> bool:
    """Whether the program that makes this change may still be at it; ``alone``: none on this machine is."""
    try:
        listed = _listed(change)
        age = time.time() - change.stat().st_mtime
    except OSError:
        return change.is_dir()
    if listed is None or listed["host"] != platform.node() or os.name == "nt":
        return age < _OLD
    if alone:
        return False
    try:
        os.kill(listed["pid"], 0)  # asks, and sends nothing
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _listed(change: Path) -> dict[str, Any] | None:
    try:
        listed: dict[str, Any] = json.loads((change / _LIST).read_text(encoding="utf-8"))
        return listed
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _roll_back(root: Path, change: Path) -> None:
    listed = _listed(change) or {}
    for number, entry in enumerate(listed.get("files", ())):
        target = root / entry["file"]
        if not entry["was"]:
            target.unlink(missing_ok=True)
        elif (old := change / f"old-{number}").is_file():
            os.replace(old, target)  # noqa: PTH105
    if "log" in listed and (root / listed["log"]).is_file():
        if listed["size"] is None:
            (root / listed["log"]).unlink()
        else:
            os.truncate(root / listed["log"], listed["size"])
    _put_aside(change)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_synced(path: Path, data: bytes | Callable[[IO[bytes]], None]) -> None:
    """Write a file, and put it on the disk. ``data`` may be what writes it into a file that is open for bytes."""
    with path.open("wb") as file:
        if callable(data):
            data(file)
        else:
            file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk, where the file system can."""
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
    return StandoffError.of(what, file=str(error.filename or root), expected=WRITABLE)
