"""Opening the files that people give: plain files only, up to a size, in UTF-8, and JSON without what is not a number.

A pipe or a device would be waited for, or read, without end; a link may lead out of the folder that was given. Every
refusal is a StandoffError of one line, with the name of the file as it is ``name`` to the user.
"""

from __future__ import annotations

import json
import math
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standoff.errors import StandoffError

TEXT = "a text file in UTF-8"
_FOREIGN = (
    (b"PK\x03\x04", "a workbook, a word processor's file or an archive"),
    (b"\xd0\xcf\x11\xe0", "a workbook or a word processor's file of an older kind"),
    (b"\xff\xfe", "a text in UTF-16"), (b"\xfe\xff", "a text in UTF-16"),
    (b"%PDF", "a PDF"), (b"\x1f\x8b", "a gzip archive"),
)  # fmt: skip


def is_there(path: Path) -> bool:
    """Whether there is anything of this name, also a link that leads nowhere; no name is too odd to ask."""
    try:
        path.lstat()
    except (OSError, ValueError):  # too long; a NUL in it
        return False
    return True


def inside(folder: Path, name: str) -> Path | None:
    """Return the file ``name`` of a folder if it is a file that lies in it, also after links are followed."""
    if not name or "\0" in name or Path(name).is_absolute():
        return None
    path = folder / name
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return resolved if resolved.is_file() and resolved.is_relative_to(folder.resolve()) else None


def read_bytes(
    path: Path, name: str, most: int, *, within: Path | None = None, kind: str = "", part: int | None = None
) -> bytes:
    """Return what is in a plain file of at most ``most`` bytes, which lies in ``within`` after links are followed.

    ``part`` asks for so many bytes of its beginning only. Raises StandoffError for anything else.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "this is not a plain file and cannot be read"
            raise StandoffError.of(what, file=name, expected="a file: no folder, pipe or device")
        if within is not None and not path.resolve().is_relative_to(within.resolve()):
            raise StandoffError.of("this leaves the folder", file=name, expected=f"a file in {within.name}")
        with path.open("rb") as file:
            data = file.read(most + 1 if part is None else part)
    except FileNotFoundError:
        what = "the file cannot be read: there is no such file"
        raise StandoffError.of(what, file=name, expected="a file") from None
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a NUL in the name
        why = getattr(error, "strerror", None) or error
        raise StandoffError.of(f"the file cannot be read: {why}", file=name, expected="a file") from None
    if max(len(data), status.st_size if part is not None else 0) > most:
        what = f"the file has {max(status.st_size, len(data)) / 2**20:.0f} MB"
        raise StandoffError.of(what, file=name, expected=f"at most {most // 2**20} MB{kind}")
    return data


def read_standard_input(most: int, name: str = "standard input") -> bytes:
    """Return what comes in by standard input. Raises StandoffError for more than ``most`` bytes, read no further."""
    data = sys.stdin.buffer.read(most + 1)
    if len(data) > most:
        what = f"more than {most // 2**20} MB come in"
        raise StandoffError.of(what, file=name, expected=f"at most {most // 2**20} MB, or the file by its name")
    return data


def read_text(
    path: Path, name: str, most: int, *, within: Path | None = None, expected: str = TEXT, kind: str = ""
) -> str:
    """Return the text of a plain file, without a byte-order mark and with ``\\n`` at the end of lines.

    ``kind`` is said of a file that is too large, such as " of YAML". Raises StandoffError, with the line of a byte that
    is not UTF-8.
    """
    return decoded(read_bytes(path, name, most, within=within, kind=kind), name, expected)


def decoded(data: bytes, name: str, expected: str = TEXT) -> str:
    """Return the text that bytes of UTF-8 are, as ``read_text`` does. Raises StandoffError with the line of another."""
    if known := next((word for start, word in _FOREIGN if data.startswith(start)), ""):
        hint = "save what it holds as a text in UTF-8; in a spreadsheet choose CSV UTF-8"
        raise StandoffError.of(f"this is {known}", file=name, expected=expected, hint=hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begins = data.rfind(b"\n", 0, error.start) + 1
        near = (
            data[max(begins, error.start - 20) : error.start + 12].split(b"\n")[0].decode("cp1252", "replace").strip()
        )
        what = f"byte {error.start} is not UTF-8, near {near!r}"
        hint = "save it as UTF-8; in a spreadsheet choose CSV UTF-8"
        raise StandoffError.of(what, file=name, line=line, expected=expected, hint=hint) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def ends_of_rows(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """Yield ends of lines, each about ``size`` bytes behind the one before, that lie in no quotes, with their line."""
    quotes = lines = at = begin = 0
    before = b""
    with path.open("rb") as file:
        for line in file:  # in C, at the speed of the disk
            at += len(line)
            quotes += line.count(b'"')
            lines += 1 + (line.count(b"\r") - line.count(b"\r\n") if b"\r" in line else 0)
            if at - begin >= size and not quotes % 2:
                yield at, lines
                begin = at
            before = line
    if before and begin < at:
        yield at, lines


_JSON_WORDS = {  # Python's own, and ours
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Unterminated string starting at": "a quote is opened and not closed",
    "Extra data": "something stands behind the end",
    "Illegal trailing comma before end of object": "a comma stands before the closing bracket",
    "Illegal trailing comma before end of array": "a comma stands before the closing bracket",
}


class _NotFiniteError(ValueError):
    pass


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _NotFiniteError(f"{text[:40]} is too large for a number")
    return number


def _whole(text: str) -> int:
    if len(text) > 25:
        raise _NotFiniteError(f"{text[:25]}... is too large for a number")
    return int(text)


def _constant(text: str) -> float:
    raise _NotFiniteError(f"{text} is not a number of JSON")


def parse_json(text: str, name: str, expected: str = "JSON") -> Any:
    """Return what a text of JSON holds. Raises StandoffError for what is not JSON, too deep, or no finite number."""
    try:
        return json.loads(text, parse_float=_finite, parse_int=_whole, parse_constant=_constant)
    except json.JSONDecodeError as error:
        what = f"this is not JSON: {_JSON_WORDS.get(error.msg, error.msg)}, at letter {error.colno} of the line"
        raise StandoffError.of(what, file=name, line=error.lineno, expected=expected) from None
    except _NotFiniteError as error:
        at = text.find(str(error).partition(" ")[0].rstrip("."))
        line = text.count("\n", 0, at) + 1 if at >= 0 else 0
        raise StandoffError.of(str(error), file=name, line=line, expected=expected) from None
    except RecursionError:
        what = "lists lie in lists too deep to be read"
        raise StandoffError.of(what, file=name, expected=expected) from None


def read_json(path: Path, name: str, most: int, *, within: Path | None = None, expected: str = "JSON") -> Any:
    """Return what a plain file of JSON holds. Raises StandoffError as ``read_text`` and ``parse_json`` do."""
    return parse_json(read_text(path, name, most, within=within, expected=expected), name, expected)
