"""The journal of a case: one line for each change of its files, who made it and why, and what stood there before.

``journal.jsonl`` grows by a line with each change and is never rewritten; the line is written with the change or not at
all. Lines of text that were replaced stand in it, with the lines around them; of files that are too large for that, or
no text, copies are kept beside for a while.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from standoff.case.as_dict import as_dict
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.atomic import Content, LogLine, Swap, file_hash, old_copy, replace_files
from standoff.files.opener import is_there, read_bytes
from standoff.oneline import OneLine

JOURNAL = "journal.jsonl"
_MOST_TEXT = 256 * 1024  # letters of replaced lines that an entry holds
_MOST_RECORDS = 400  # records that an entry names
_AROUND = 2  # lines around a replaced piece, by which it is found again
_COMPARED = 4_000_000  # lines times lines that are compared; beyond, all between the first and the last change is one
_MOST_BYTES = 2**31


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Touch(OneLine):
    """A record that a change adds, changes or removes."""

    kind: str
    id: str
    act: str  # add, change or remove


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Hunk(OneLine):
    """A piece of a text that was replaced: the number of its first line, what stood there, and the lines around it."""

    at: int  # in the new text, from 0
    old: str
    new: str
    above: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FileChange(OneLine):
    """A file with the SHA-256 it had and got (None: no file), and its replaced pieces where the entry holds them."""

    file: str
    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...] | None = None  # None: a copy of the old file is kept beside


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class JournalEntry(OneLine):
    """One line of the journal: a change of a case that was written as a whole."""

    id: str  # the day and a word of its own
    at: str  # day and time, UTC
    by: str  # who made it; empty: a command, by whoever called it
    what: str  # what was done, in words
    why: str = ""
    records: tuple[Touch, ...] = ()
    more: int = 0  # records that are not named, there being many
    files: tuple[FileChange, ...] = ()
    undoes: str = ""  # the entry that it takes back

    @property
    def names(self) -> tuple[str, ...]:
        """The files that were written."""
        return tuple(sorted(one.file for one in self.files))


def entries(folder: str | Path) -> tuple[JournalEntry, ...]:
    """Return the journal of a case, the oldest change first. Raises StandoffError with every line that is none."""
    folder = Path(folder)
    path = folder / JOURNAL
    if not is_there(path):
        return ()
    table: list[JournalEntry] = []
    problems: list[Problem] = []
    for line, text in enumerate(read_bytes(path, JOURNAL, _MOST_BYTES, within=folder).split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            table.append(_entry(json.loads(text.decode("utf-8"))))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            hint = "the journal is written by the program: put the line back as it was, or take it out"
            problems.append(
                Problem(JOURNAL, line, "this is not an entry of a journal", "one change a line, as JSON", hint)
            )
    if problems:
        raise StandoffError(problems)
    return tuple(table)


def _entry(data: dict[str, Any]) -> JournalEntry:
    words = {key: str(data.get(key, "")) for key in ("id", "at", "by", "what", "why", "undoes")}
    if not words["id"]:
        raise ValueError("no id")
    files = tuple(
        FileChange(
            file=str(one["file"]),
            old=one["old"],
            new=one["new"],
            hunks=None if one.get("hunks") is None else tuple(Hunk(**hunk) for hunk in one["hunks"]),
        )
        for one in data["files"]
    )
    records = tuple(Touch(**one) for one in data.get("records", ()))
    return JournalEntry(**words, records=records, more=int(data.get("more", 0)), files=files)


def entry_named(table: Sequence[JournalEntry], name: str) -> JournalEntry:
    """Return an entry by its id. Raises StandoffError with the nearest where there is none."""
    for entry in table:
        if entry.id == name:
            return entry
    near = nearest(name, (entry.id for entry in table))
    raise StandoffError.of(f"there is no entry {name!r}", file=JOURNAL, expected="an entry of the journal", hint=near)


def undone_ids(table: Iterable[JournalEntry]) -> frozenset[str]:
    """Return the ids of the entries that are taken back, by an entry that is not taken back itself."""
    gone: set[str] = set()
    for entry in reversed(tuple(table)):
        if entry.undoes and entry.id not in gone:
            gone.add(entry.undoes)
    return frozenset(gone)


def write(
    folder: Path,
    files: Mapping[str, Content],
    *,
    what: str,
    by: str = "",
    why: str = "",
    records: Sequence[Touch] = (),
    undoes: str = "",
    hashes: Mapping[str, str | None] | None = None,
) -> JournalEntry:
    """Replace files of a case and add the entry that tells it to its journal: both or neither.

    Parameters
    ----------
    folder : Path
        The case.
    files : mapping of str to bytes, callable or None
        What each file is to hold; None removes it.
    what, by, why : str
        What is done, by whom and for which reason, in words.
    records : sequence of Touch
        The records that are touched, where it is known.
    undoes : str
        The entry that this takes back.
    hashes : mapping of str to str or None
        The SHA-256 of files as whoever changes them has read them.

    Returns
    -------
    JournalEntry
        The line of the journal.

    Raises
    ------
    StandoffError
        As `replace_files`; nothing is changed then.
    """
    now = datetime.now(UTC)
    id_ = f"{now:%Y-%m-%d}-{secrets.token_hex(4)}"
    pieces = {name: replaced_lines(folder / name, data) for name, data in files.items() if not callable(data)}
    large = sum(len(hunk.old) + len(hunk.new) for some in pieces.values() for hunk in some or ()) > _MOST_TEXT
    if large:
        pieces = {}
    made: list[JournalEntry] = []
    is_apart = is_there(folder / JOURNAL) and not _ends_a_line(folder / JOURNAL)

    def line(swaps: Sequence[Swap]) -> bytes:
        changes = tuple(
            FileChange(file=swap.file, old=swap.old, new=swap.new, hunks=pieces.get(swap.file)) for swap in swaps
        )
        entry = JournalEntry(
            id=id_,
            at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            by=by.strip(),
            what=what,
            why=why.strip(),
            records=tuple(records[:_MOST_RECORDS]),
            more=max(len(records) - _MOST_RECORDS, 0),
            files=changes,
            undoes=undoes,
        )
        made.append(entry)
        text = json.dumps(_plain(entry), ensure_ascii=False, separators=(",", ":"))
        return b"\n" * is_apart + text.encode("utf-8", "backslashreplace") + b"\n"

    whole = any(pieces.get(name) is None and is_there(folder / name) for name in files)
    replace_files(folder, files, log=LogLine(JOURNAL, line, id_ if whole else ""), expect=hashes)
    return made[0]


def _plain(entry: JournalEntry) -> dict[str, Any]:
    data = {key: value for key, value in as_dict(entry).items() if value not in ("", 0, [])}
    for one in data["files"]:
        if one["hunks"] is None:
            del one["hunks"]
    return data


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if not size:
            return True
        file.seek(size - 1)
        return file.read() == b"\n"


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends; no other mark of Unicode ends a line."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def replaced_lines(path: Path, data: bytes | None) -> tuple[Hunk, ...] | None:
    """Return what would be replaced in a file by new bytes (None: it goes); None where it is no text or much of it."""
    try:
        old = read_bytes(path, path.name, _MOST_BYTES).decode("utf-8") if is_there(path) else ""
        new = (data or b"").decode("utf-8")
    except UnicodeDecodeError:
        return None
    before, after = _lines(old), _lines(new)
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    most = shorter - head
    tail = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    if sum(map(len, left)) + sum(map(len, right)) > _MOST_TEXT * 8:
        return None
    if len(left) * len(right) > _COMPARED:
        blocks: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(left), 0, len(right))]
    else:
        blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    hunks = []
    for tag, a, b, c, d in blocks:
        if tag != "equal":
            first, last = head + c, head + d
            around = "".join(after[max(first - _AROUND, 0) : first]), "".join(after[last : last + _AROUND])
            was = "".join(left[a:b])
            hunks.append(Hunk(at=first, old=was, new="".join(right[c:d]), above=around[0], below=around[1]))
    return tuple(hunks)


def file_before(folder: Path, entry: JournalEntry, change: FileChange, now: bytes | None) -> bytes | None:
    """Return what a file is when a change is taken out of it, whatever else was changed since; None where no file is.

    Raises StandoffError where the lines of the change are not what it left, or its copy is not kept any more.
    """
    digest = file_hash(folder / change.file)
    if digest == change.old:
        return now
    if change.hunks is None:
        if digest != change.new:
            what = "this file was changed since, and it is put back whole or not at all"
            raise StandoffError.of(what, file=change.file, expected="the file as the change left it")
        if change.old is None:
            return None
        copy = old_copy(folder, entry.id, change.file)
        if copy is None or file_hash(copy) != change.old:
            what = "what this file was before is not kept any more"
            raise StandoffError.of(what, file=change.file, expected="a change that is not so long ago")
        return copy.read_bytes()
    lines = _lines((now or b"").decode("utf-8"))
    limit = len(lines)
    is_same = digest == change.new
    for hunk in reversed(change.hunks):
        new = _lines(hunk.new)
        at = hunk.at if is_same else _find(lines[:limit], hunk, new)
        if at is None:
            what, hint = "these lines were changed since", "undo the later change first"
            raise StandoffError.of(what, file=change.file, expected=_excerpt(hunk), hint=hint)
        lines[at : at + len(new)] = _lines(hunk.old)
        limit = at
    text = "".join(lines)
    return None if change.old is None and not text else text.encode("utf-8")


def _excerpt(hunk: Hunk) -> str:
    text = (hunk.new or hunk.above or hunk.below).strip()
    return repr(text if len(text) <= 100 else f"{text[:100]}...")


def _find(lines: list[str], hunk: Hunk, new: list[str]) -> int | None:
    """Return where a piece stands now: by the lines around it, fewer of them where those were changed, too."""
    above, below = _lines(hunk.above), _lines(hunk.below)
    for up, down in ((2, 2), (1, 1), (2, 0), (0, 2), (1, 0), (0, 1), (0, 0)):
        head, tail = above[len(above) - up :] if up else [], below[:down]
        if not new and not (head and tail):  # a piece taken out is put between lines that were beside it
            if (head or tail) and (not above or not below):
                pass  # at the beginning or the end of the file
            else:
                continue
        block = [*head, *new, *tail]
        if not block:
            continue
        found = list(_starts(lines, block))
        if found:
            return min(found, key=lambda i: abs(i + len(head) - hunk.at)) + len(head)
    return None


def _starts(lines: list[str], block: list[str]) -> Iterator[int]:
    many = len(block)
    return (i for i in range(len(lines) - many + 1) if lines[i] == block[0] and lines[i : i + many] == block)
