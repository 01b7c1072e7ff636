"""A folder or file replaced as a whole: whoever looks sees the old or the new one, also where the program is killed.

The new folder is written beside its place, with every file on the disk, and then exchanged with the old one by one call
of the system (Linux, macOS). Where the system has none the old folder is put aside first, under a name that says whose
it is, and `recover_folder` puts it back if the program ended in between. What a killed program leaves lies under such
names too, and goes when the next one begins.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from standoff.errors import StandoffError
from standoff.files.atomic import sync_folder, write_synced

_HERE = -100  # AT_FDCWD: paths are taken from the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_MISSING = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)  # the system or the file system has none
_ASIDE = re.compile(r"\.(?P<name>.+)-(?P<host>[0-9a-f]{6})-(?P<pid>\d{1,10})-[a-z0-9_]{8}(?P<old>-old)?")


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a file beside ``path`` to write to, which takes its place when the block has ended; else nothing changes.

    What is no plain file, such as ``/dev/stdout``, is written to as it is. Raises StandoffError where it cannot be.
    """
    temporary = ""
    try:
        if path.exists() and not path.is_file():
            yield path
            return
        place = path.resolve()
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name}-", suffix=place.suffix, dir=place.parent)
        os.close(handle)
        yield Path(temporary)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(place)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, texts in UTF-8 as they are. Raises StandoffError where it cannot be written."""
    with new_file(path) as file:
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def replace_folder(path: Path, files: Mapping[str, str]) -> None:
    """Write a folder of text files, and put it in the place of ``path``, which may be there or not.

    Raises StandoffError that names the file which cannot be written. What was at ``path`` then stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        recover_folder(path)
        new = Path(tempfile.mkdtemp(prefix=f".{path.name}-{_host()}-{os.getpid()}-", dir=path.parent))
    except OSError as error:
        raise _unwritable(path, error) from None
    old = new.with_name(f"{new.name}-old")
    try:
        for name, text in files.items():
            try:
                write_synced(new / name, text.encode())
            except OSError as error:
                raise _unwritable(path / name, error) from None
        try:
            new.chmod(0o755)
            sync_folder(new)
            if not path.exists():
                new.rename(path)
            elif not exchange(new, path):
                path.rename(old)
                new.rename(path)
        except OSError as error:
            raise _unwritable(path, error) from None
        sync_folder(path.parent)
    finally:
        if old.is_dir() and not path.exists():
            old.rename(path)
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders exchange their names in one step; False where the system or the file system cannot.

    Raises OSError for anything else.
    """
    call = _call()
    if call is None:
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _MISSING:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _call() -> Callable[[bytes, bytes], int] | None:
    if sys.platform not in ("linux", "darwin"):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        swap = getattr(library, "renamex_np", None)
        return None if swap is None else lambda one, other: swap(one, other, _EXCHANGE)
    rename = getattr(library, "renameat2", None)
    return None if rename is None else lambda one, other: rename(_HERE, one, _HERE, other, _EXCHANGE)


def recover_folder(path: Path) -> None:
    """Put back the folder that a killed program had put aside, and remove what else it left beside ``path``."""
    _recover(path.parent, path.name)


def recover_folders(parent: Path) -> None:
    """Do the same for every folder in ``parent``."""
    _recover(parent, None)


def _recover(parent: Path, name: str | None) -> None:
    with suppress(OSError):  # a folder that nobody may write in
        for left in sorted(parent.glob(".*-*"), key=lambda p: not p.name.endswith("-old")):
            match = _ASIDE.fullmatch(left.name)
            if match is None or name not in (None, match["name"]) or not left.is_dir():
                continue
            if match["host"] != _host() or _lives(int(match["pid"])):
                continue
            if match["old"] and not (parent / match["name"]).exists():
                left.rename(parent / match["name"])
                sync_folder(parent)
            else:
                shutil.rmtree(left, ignore_errors=True)


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:6]


def _lives(pid: int) -> bool:
    if pid == os.getpid() or os.name == "nt":  # Windows cannot be asked without ending it: what is left stays
        return True
    try:
        os.kill(pid, 0)  # asks, and sends nothing
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _unwritable(path: Path, error: OSError) -> StandoffError:
    what = f"this cannot be written: {error.strerror or error}"
    return StandoffError.of(what, file=str(path), expected="space on the disk, and a folder you may write in")
