"""Records of a case changed in one step, told in its journal, and taken back: `apply`, `undo`, `entries`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff.case.history import JOURNAL, JournalEntry, entries, entry_named, file_before, undone_ids
from standoff.case.model import Kind
from standoff.case.read import LOGS, MAPPING, TABLES, UNNAMED, YAML_KINDS, locate
from standoff.case.write import Amendment, records_in, refuse_shipped
from standoff.errors import Problem, StandoffError
from standoff.files.atomic import ConflictError, recover
from standoff.oneline import OneLine

__all__ = ["RecordChange", "apply", "conflicts", "entries", "history_of", "record_stamp", "undo"]

_BACK = {"add": "remove", "remove": "add", "change": "change"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordChange(OneLine):
    """What is to become of one record; `RecordChange.add`, `RecordChange.change` and `RecordChange.remove` make one.

    ``stamp`` is the `record_stamp` of the record as whoever changes it has seen it: where it stands otherwise on disk
    by then, nothing is written.
    """

    act: str  # add, change or remove
    kind: Kind
    id: str
    values: Any = None  # a record, or keys and values; None takes a key away
    file: str = ""  # of several files of the kind, the one to add to
    stamp: str = ""

    @classmethod
    def add(cls, kind: Kind, record: Any, *, file: str = "") -> RecordChange:
        """Return the change that adds a record, given as a dataclass or as keys and values."""
        key = record.get("id", "") if isinstance(record, Mapping) else getattr(record, "id", "")
        return cls(act="add", kind=kind, id=str(key), values=record, file=file)

    @classmethod
    def change(cls, kind: Kind, key: str, values: Mapping[str, Any], *, stamp: str = "") -> RecordChange:
        """Return the change that sets some keys of a record, and takes those away whose value is None."""
        return cls(act="change", kind=kind, id=key, values=values, stamp=stamp)

    @classmethod
    def remove(cls, kind: Kind, key: str, *, stamp: str = "") -> RecordChange:
        """Return the change that takes a record out."""
        return cls(act="remove", kind=kind, id=key, stamp=stamp)


def record_stamp(values: Mapping[str, Any]) -> str:
    """Return the mark of a record as it is written (`Amendment.values`): another mark, another record."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:20]


def amend(folder: str | Path, changes: Iterable[RecordChange]) -> Amendment:
    """Return changes of records as changes of files, not written yet.

    Raises ConflictError where a record is not what was seen of it, StandoffError where it cannot be changed so.
    """
    root = locate(folder)
    recover(root)
    amendment = Amendment(root)
    changes = tuple(changes)
    if problems := [p for one in changes if one.stamp for p in conflicts(amendment, one)]:
        raise ConflictError(problems)
    for one in changes:
        if one.act == "add":
            amendment.add(one.kind, one.values, file=one.file)
        elif one.act == "remove":
            amendment.remove(one.kind, one.id)
        else:
            amendment.change(one.kind, one.id, one.values)
    return amendment


def conflicts(amendment: Amendment, change: RecordChange) -> list[Problem]:
    """Return what stands in the way of a change: its record is gone from the disk, or is not what was seen of it."""
    try:
        now = amendment.values(change.kind, change.id)
    except StandoffError:
        what = f"the record {change.id!r} was taken out by somebody since you opened it"
        return [Problem(f"{change.kind}", 0, what, "the record as you saw it")]
    if record_stamp(now) == change.stamp:
        return []
    what = f"the record {change.id!r} was changed by somebody since you opened it"
    return [Problem(f"{change.kind}", 0, what, "the record as you saw it", "look at it again, then decide")]


def apply(
    folder: str | Path,
    changes: Amendment | Iterable[RecordChange],
    *,
    by: str,
    why: str = "",
    what: str = "",
    hashes: Mapping[str, str | None] | None = None,
) -> JournalEntry:
    """Change records of a case in one step, over as many files as it needs, and tell it in its journal.

    Parameters
    ----------
    folder : str or Path
        The folder of the case.
    changes : iterable of RecordChange, or Amendment
        What is to become of which records. All of it is written, or nothing.
    by : str
        Who makes the change.
    why : str
        For which reason.
    what : str
        What is done, in words; made of the records where nothing is said.
    hashes : mapping of str to str or None
        The SHA-256 of files as whoever makes the change has read them, for changes that rest on whole files.

    Returns
    -------
    JournalEntry
        The entry of the journal.

    Raises
    ------
    ConflictError
        A record or a file is not what was seen of it. Nothing is changed.
    StandoffError
        The case would have an error that it has not now; nobody is named; nothing would change; the case came with the
        program; or a file cannot be written. Nothing is changed.
    """
    if not by.strip():
        raise StandoffError.of("nobody is named who makes the change", file="by", expected="the name of a person")
    refuse_shipped(locate(folder))
    amendment = changes if isinstance(changes, Amendment) else amend(folder, changes)
    amendment.hashes.update(hashes or {})
    entry = amendment.commit(what=what, by=by, why=why)
    if entry is None:
        raise StandoffError.of("nothing is changed", file=str(amendment.root.name), expected="a value that is another")
    return entry


def undo(folder: str | Path, entry_id: str, *, by: str = "", why: str = "") -> JournalEntry:
    """Take a change of a case back, and leave what was changed since.

    Parameters
    ----------
    folder : str or Path
        The folder of the case.
    entry_id : str
        The entry of the journal to take back; it may itself be one that took another back.
    by, why : str
        Who takes it back, and for which reason.

    Returns
    -------
    JournalEntry
        The new entry of the journal.

    Raises
    ------
    StandoffError
        There is no such entry; it is taken back already; its lines were changed since; or something in the case rests
        on it now. Nothing is changed.
    """
    root = locate(folder)
    refuse_shipped(root)
    recover(root)
    table = entries(root)
    entry = entry_named(table, entry_id)
    if entry.id in undone_ids(table):
        raise StandoffError.of(f"{entry.what} ({entry.id}) is taken back already", file=JOURNAL, expected="another")
    amendment = _reverse(root, table, entry)
    if not amendment:
        what = f"{entry.what} ({entry.id}) changes nothing any more: its files stand as before it"
        raise StandoffError.of(what, file=JOURNAL, expected="another entry")
    if errors := amendment.new_problems():
        what = f"{entry.what} ({entry.id}) cannot be taken back: something in the case rests on it now"
        raise StandoffError([Problem(JOURNAL, 0, what, "first what rests on it is changed or undone"), *errors])
    made = amendment.commit(what=f"undo: {entry.what}", by=by, why=why, undoes=entry.id)
    assert made is not None  # noqa: S101 - the amendment is not empty
    return made


def _reverse(root: Path, table: Iterable[JournalEntry], entry: JournalEntry) -> Amendment:
    """Return the changes that take an entry back. Raises StandoffError with each file where that is not possible."""
    amendment = Amendment(root)
    problems: list[Problem] = []
    for change in entry.files:
        path = amendment.path(change.file)
        now = path.read_bytes() if path is not None else None
        old: bytes | None = None
        try:
            old = file_before(root, entry, change, now)
            if old == now:
                continue
            amendment.hashes[change.file] = None if now is None else hashlib.sha256(now).hexdigest()
            if change.file.startswith(f"{LOGS}/"):
                amendment.others[change.file] = old
                continue
            amendment.put(change.file, None if old is None else old.decode("utf-8"))
            if change.hunks is not None:
                problems += _others(amendment, entry, change.file, now)
        except UnicodeDecodeError:
            amendment.others[change.file] = old
        except StandoffError as error:
            if change.file == MAPPING:  # decisions on names that persons took since stay
                continue
            problems += error.problems
    if problems:
        files = {p.file for p in problems}
        *_, later = (e for e in (entry, *table) if files & set(e.names))
        more = f"; the last change there is {later.what} ({later.id})" if later.id != entry.id else ""
        what = f"{entry.what} ({entry.id}) cannot be taken back{more}"
        raise StandoffError([Problem(JOURNAL, 0, what, "lines that are still as it left them"), *problems])
    for touch in entry.records:
        amendment.touched[Kind(touch.kind), touch.id] = _BACK[touch.act]
    return amendment


def _others(amendment: Amendment, entry: JournalEntry, file: str, now: bytes | None) -> list[Problem]:
    """Return a problem for each record that is none of an entry's and would be changed by taking it back."""
    kind = next(
        (k for k in (*YAML_KINDS, *TABLES) if file in (f"{k}.csv", f"{k}.yaml") or file.startswith(f"{k}/")), None
    )
    if kind is None or kind in UNNAMED or not entry.records or entry.more:
        return []
    own = {touch.id for touch in entry.records if touch.kind == kind}
    try:
        old, new = records_in(kind, (now or b"").decode("utf-8"), file), records_in(kind, amendment.text(file), file)
    except StandoffError as error:
        return list(error.problems)
    others = [key for key in old.keys() | new.keys() if key not in own and old.get(key) != new.get(key)]
    return [Problem(file, 0, f"the record {key!r} would be changed, too", "the records of the entry") for key in others]


def history_of(folder: str | Path, kind: Kind, key: str) -> tuple[JournalEntry, ...]:
    """Return the entries of the journal that touch a record, the oldest first. Raises StandoffError as `entries`."""
    wanted = kind.value, key
    return tuple(e for e in entries(locate(folder)) if any((t.kind, t.id) == wanted for t in e.records))
