"""Names of parties as others write them, and whom of the case each means: whole names by rule, and never by guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from standoff.case.model import UNKNOWN, Case
from standoff.intake.country_names import STATES

_YEARS = re.compile(r"\(\s*(?:\d{4}\s*[-–]\s*(?:\d{4})?|[-–]\s*\d{4}|\d{4})\s*\)")
_LAST = re.compile(r"\s*\(([^()]*)\)\s*$")
_OF_STATE = re.compile(r"(?:government|military forces|police forces) of (?:the )?(.+)$")
_SHORT = re.compile(r"([A-Z][\w/&.-]{1,11}):\s+(\S.*)$")


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", name.casefold()).split())


_STATE_NAMES = {_plain(name): {_plain(n) for n in names} for names in STATES for name in names}


class PartyNames:
    """Names as others write them to the ids of the case's actors: whole names only, and never by guess.

    A name is known when it equals an id, a name or an alias of one actor, as it stands or after years and country are
    taken off both. Known too are "Government of X", "Military Forces of X" and "Police Forces of X" with nothing behind
    but years, X being the name of an actor of kind ``state``; and "ABC: Full Name", when the full name is known and the
    abbreviation is no other actor's. Whatever else it is, and whatever fits two actors, is unknown.
    """

    def __init__(self, case: Case) -> None:
        self._written: defaultdict[str, set[str]] = defaultdict(set)
        self._stripped: defaultdict[str, set[str]] = defaultdict(set)
        self._states: defaultdict[str, set[str]] = defaultdict(set)
        self._countries = set(_STATE_NAMES)
        named = {a.id: [n for n in (a.id, a.name, a.name_local, *a.aliases) if n] for a in case.actors.values()}
        states = [actor.id for actor in case.actors.values() if _plain(actor.kind) == "state"]
        for actor in states:
            self._countries.update(map(_plain, named[actor]))
        for actor, names in named.items():
            for name in names:
                self._written[_plain(name)].add(actor)
                self._stripped[self._bare(name)].add(actor)
        for actor in states:
            for name in map(self._bare, named[actor]):
                for other in {name, *_STATE_NAMES.get(name, ())}:
                    self._states[other].add(actor)

    def _bare(self, name: str) -> str:
        """Return a name without its years and without the country behind it; other brackets are part of the name."""
        bare = _YEARS.sub(" ", name)
        while (last := _LAST.search(bare)) and _plain(last[1]) in self._countries:
            bare = bare[: last.start()]
        return _plain(bare)

    def id_of(self, name: str) -> str | None:
        """Return the id of the one actor that a whole name means, or None."""
        for table, key in ((self._written, _plain(name)), (self._stripped, self._bare(name))):
            if actors := table.get(key):
                return next(iter(actors)) if key and len(actors) == 1 else None
        if state := _OF_STATE.match(self._bare(name)):
            actors = self._states.get(state[1], set())
            return next(iter(actors)) if len(actors) == 1 else None
        if short := _SHORT.match(name):
            actor = self.id_of(short[2])
            return actor if self._written.get(_plain(short[1]), {actor}) == {actor} else None
        return None

    def of(self, text: str) -> tuple[str, ...]:
        """Return the parties of a cell, parted by ``;``: ids of actors, and unknown names as they are written."""
        return self._parties(part.strip() for part in text.split(";"))

    def of_side(self, text: str) -> tuple[str, ...]:
        """Return the parties of a side of UCDP GED; a comma parts it only where each part is known, or a government."""
        parts = [part.strip() for part in text.split(",")]
        if len(parts) > 1 and self.id_of(text.strip()) is None and all(map(self._is_side, parts)):
            return self._parties(parts)
        return self._parties([text.strip()])

    def _is_side(self, part: str) -> bool:
        state = _OF_STATE.match(self._bare(part))
        return self.id_of(part) is not None or (state is not None and state[1] in _STATE_NAMES)

    def _parties(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.id_of(name) or UNKNOWN + name for name in names if name))
