"""What a check has looked at: it is run again when that has changed, and else keeps its verdict.

A check is handed a case that notes which of its parts are read. It can read nothing else but the files beside them,
which it finds by the folder of the case: who asks for the folder depends on every file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from operator import eq, is_
from typing import Any

from standoff.case.model import Case, Kind, Written
from standoff.errors import Problem

Key = tuple[Kind, str]
_PARTS = frozenset(one.name for one in fields(Case))


Rule = Callable[[Case], Iterable[Problem]]


@dataclass(slots=True)
class _Notes:
    """The parts of a case that a check read, the lines that it looked up, and the problems that came of it."""

    parts: dict[str, Any] = field(default_factory=dict)
    lines: dict[Key, Written | None] = field(default_factory=dict)
    order: Mapping[Key, Written] | None = None  # whose keys it went through, one after the other
    problems: tuple[Problem, ...] = ()


class Verdicts:
    """What the checks of a folder came to when it was read last, with what each of them had looked at."""

    def __init__(self) -> None:
        self.notes: dict[Rule, _Notes] = {}

    def begin(self, case: Case, state: object) -> Session:
        """Return what runs the checks of a case; ``state`` tells one content of its folder from another."""
        return Session(self.notes, case, state)


class Session:
    """Runs the checks of one reading of a case, those alone that look at something that has changed."""

    def __init__(self, notes: dict[Rule, _Notes], case: Case, state: object) -> None:
        self._notes, self._case, self._state = notes, case, state
        self._now = _Notes()
        self._same: dict[tuple[int, int], tuple[Any, Any, bool]] = {}  # with the two, so that no other takes their ids
        self._watched = _WatchedCase.over(self)

    def problems(self, rule: Rule) -> tuple[Problem, ...]:
        """Return the problems that a check yields, or those of before where it would yield the same."""
        notes = self._notes.get(rule)
        if notes is None or not self._holds(notes):
            notes = self._now = _Notes()
            notes.problems = tuple(rule(self._watched))
            self._now = _Notes()
        # An earlier reading is not kept in memory because it is equal to this one.
        notes.parts = {part: self._part(part) for part in notes.parts}
        notes.order = self._case.written if notes.order is not None else None
        self._notes[rule] = notes
        return notes.problems

    def part(self, name: str) -> Any:
        """Return a part of the case, and note that a check read it."""
        value = getattr(self._case, name)
        if name == "written":
            return _WatchedLines(self)
        if name not in self._now.parts:
            self._now.parts[name] = self._part(name)
        return value

    def line(self, key: Key) -> Written:
        """Return where a record stands, and note that a check looked it up. Raises KeyError where there is none."""
        self._now.lines[key] = self._case.written.get(key)
        return self._case.written[key]

    def lines(self) -> Mapping[Key, Written]:
        """Return where all records stand, and note that a check went through them."""
        self._now.order = self._case.written
        return self._case.written

    def _part(self, name: str) -> Any:
        return self._state if name == "root" else getattr(self._case, name)

    def _holds(self, notes: _Notes) -> bool:
        """Whether all that a check looked at is what it was."""
        written = self._case.written
        return (
            all(self._is_same(name, value) for name, value in notes.parts.items())
            and (notes.order is None or (len(notes.order) == len(written) and all(map(eq, notes.order, written))))
            and all(written.get(key) == where for key, where in notes.lines.items())
        )

    def _is_same(self, name: str, old: Any) -> bool:
        new = self._part(name)
        if name in ("root", "digest", "problems"):
            return bool(old == new)
        ids = id(old), id(new)
        if ids not in self._same:
            self._same[ids] = old, new, _same_records(old, new)
        return self._same[ids][2]


def _same_records(old: Any, new: Any) -> bool:
    """Whether records are the very same, in the same order: what stands in a file that was changed is made anew."""
    if isinstance(old, Mapping):
        return len(old) == len(new) and all(map(eq, old, new)) and all(map(is_, old.values(), new.values()))
    if isinstance(old, tuple):
        return len(old) == len(new) and all(map(is_, old, new))
    return old is new


class _WatchedCase(Case):
    """A case that tells a session which of its parts are read. A copy that is made of it is a case as others are."""

    __slots__ = ("_session",)

    @classmethod
    def over(cls, session: Session) -> Case:
        case = object.__new__(cls)
        object.__setattr__(case, "_session", session)
        return case

    def __getattribute__(self, name: str) -> Any:
        if name in _PARTS:
            return object.__getattribute__(self, "_session").part(name)
        return Case if name == "__class__" else object.__getattribute__(self, name)


class _WatchedLines(Mapping[Key, Written]):
    """Where the records of a case stand, telling a session what of it is looked up."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getitem__(self, key: Key) -> Written:
        return self._session.line(key)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._session.lines())

    def __len__(self) -> int:
        return len(self._session.lines())
