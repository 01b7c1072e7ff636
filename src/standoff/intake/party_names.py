"""Names of parties as others write them, and whom of the case each means: whole names by rule, and never by guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from functools import cached_property

from rapidfuzz import fuzz

from standoff.case.checks import register
from standoff.case.model import OTHER, UNKNOWN, Case
from standoff.case.read import MAPPING
from standoff.errors import Problem
from standoff.files.yaml import Lines
from standoff.intake.country_names import STATES
from standoff.intake.mapping import DOUBTS, NO_NAMES, NOBODY, RULE, NameMap, read_mapping

_YEARS = re.compile(r"\(\s*(?:\d{4}\s*[-–]\s*(?:\d{4})?|[-–]\s*\d{4}|\d{4})\s*\)")
_LAST = re.compile(r"\s*\(([^()]*)\)\s*$")
_OF_STATE = re.compile(r"(?:government|military forces|police forces) of (?:the )?(.+)$")
_SHORT = re.compile(r"([A-Z][\w/&.-]{1,11}):\s+(\S.*)$")
_PARTS = re.compile(r"\s*[;|]\s*|\s*,\s*(?=Government of \w)")
_LEAST = 75.0  # of 100: names less alike than this are not proposed


_NUMBER = re.compile(r"[\d.,+\s]*\d[\d.,+\s]*")


def _plain(name: str) -> str:
    """Return a name without case and marks, but for those of doubt: who writes "Red?" does not say that it was Red."""
    return " ".join(re.sub(rf"[^\w\s{DOUBTS}]", " ", name.casefold()).split())


_STATE_NAMES = {_plain(name): {_plain(n) for n in names} for names in STATES for name in names}


@register("intake")
def check_rules(case: Case) -> Iterator[Problem]:
    """Warn of names recorded as decided by rule of which the rules say something else by now: they are undecided."""
    names, _ = read_mapping(case.root)
    parties = PartyNames(case)
    for key, one in names.names.items():
        if one.kind == "actor" and one.by == RULE and one.decision and parties.by_rule(one.name) != one.decision:
            line = (names.lines.get(key) or Lines(0)).at(("decision",))
            what = f"{one.name!r} is not {one.decision!r} by rule, and counts as undecided"
            yield Problem(MAPPING, line, what, "who decided it (by)", severity="warning")


def _years_in(name: str) -> str:
    """Return the years that stand in brackets in a name, such as ``2016-``; empty where none do."""
    years = _YEARS.search(name)
    return "".join(years.group().replace("–", "-").split()).strip("()") if years else ""


def _may_be_same_years(one: str, other: str) -> bool:
    """Whether two names may be of one body by their years: those begin alike, and only one of them may be over."""
    if not one or not other or one == other:
        return True
    (first, _, end), (begin, _, last) = one.partition("-"), other.partition("-")
    return first == begin and not (end and last)


class PartyNames:
    """Names as others write them to the ids of the case's actors: whole names only, and never by guess.

    A name is known when it equals an id, a name or an alias of one actor, as it stands or after years and country are
    taken off both; the country has to be the same, or that of a state of the case where the actor gives none. Known
    too are "Government of X", "Military Forces of X" and "Police Forces of X" with nothing behind but years, X being
    the name of an actor of kind ``state``; and "ABC: Full Name", when the full name is known and the abbreviation is
    no other actor's. What a person has decided of a name of this source goes before these rules.
    Whatever else it is, and whatever fits two actors, is unknown.

    Parameters
    ----------
    case
        The case whose actors are meant.
    names
        What persons have decided, from the case's ``mapping.yaml``.
    source
        Who publishes the file: decisions on another's names do not hold for it.
    """

    def __init__(self, case: Case, names: NameMap = NO_NAMES, source: str = "") -> None:
        self._names, self._source = names, source
        self.decisions = names
        self._written: defaultdict[str, set[str]] = defaultdict(set)
        self._stripped: defaultdict[str, set[tuple[str, frozenset[str], str]]] = defaultdict(set)
        self._states: defaultdict[str, set[str]] = defaultdict(set)
        self._countries = set(_STATE_NAMES)
        named = {a.id: [n for n in (a.id, a.name, a.name_local, *a.aliases) if n] for a in case.actors.values()}
        self._named = named
        states = [actor.id for actor in case.actors.values() if _plain(actor.kind) == "state"]
        for actor in states:
            self._countries.update(map(_plain, named[actor]))
        for actor, own in named.items():
            for name in own:
                self._written[_plain(name)].add(actor)
                self._stripped[self._bare(name)].add((actor, frozenset(self._in_brackets(name)), _years_in(name)))
        for actor in states:
            for name in map(self._bare, named[actor]):
                for other in {name, *_STATE_NAMES.get(name, ())}:
                    self._states[other].add(actor)
        self._of_country = {actor: set().union(*map(self._lands, own)) for actor, own in named.items()}
        for actor in states:
            plain = set(map(self._bare, named[actor]))
            self._of_country[actor] |= plain.union(*(_STATE_NAMES.get(name, ()) for name in plain))

    @cached_property
    def _bare_names(self) -> dict[str, list[tuple[str, str]]]:
        """The names of each actor, as they are written and without years and country."""
        return {actor: [(own, self._bare(own)) for own in names] for actor, names in self._named.items()}

    def _bare(self, name: str) -> str:
        """Return a name without its years and without the country behind it; other brackets are part of the name."""
        bare = _YEARS.sub(" ", name)
        while (last := _LAST.search(bare)) and _plain(last[1]) in self._countries:
            bare = bare[: last.start()]
        return _plain(bare)

    def id_of(self, name: str) -> str | None:
        """Return the id of the one actor that a whole name means, by a person's decision or by rule, or None."""
        decision = self._names.decision("actor", name, self._source)
        return (None if decision == NOBODY else decision) if decision else self.by_rule(name)

    def by_rule(self, name: str) -> str | None:
        """Return the id of the one actor that a whole name means by rule alone, or None."""
        if actors := self._written.get(_plain(name)):
            return next(iter(actors)) if _plain(name) and len(actors) == 1 else None
        if alike := self._stripped.get(self._bare(name)):
            lands, years = self._in_brackets(name), _years_in(name)
            actors = {
                actor
                for actor, own, their in alike
                if self._is_of_same_land(lands, own) and _may_be_same_years(years, their)
            }
            of_all = {actor for actor, _, _ in alike}
            return next(iter(actors)) if self._bare(name) and len(of_all) == len(actors) == 1 else None
        if state := _OF_STATE.match(self._bare(name)):
            actors = self._states.get(state[1], set())
            return next(iter(actors)) if len(actors) == 1 else None
        if short := _SHORT.match(name):
            actor = self.by_rule(short[2])
            return actor if self._written.get(_plain(short[1]), {actor}) == {actor} else None
        return None

    def _is_of_same_land(self, lands: Set[str], own: Set[str]) -> bool:
        """Whether a name with these countries in brackets may be that of an actor with those: groups share names.

        An actor without one is of a country of which the case has the state: the National Liberation Army (Myanmar) is
        not an army of Colombia. A name without one may be of anywhere, and is not that of an actor with one.
        """
        return bool(lands & own) if own else not lands or not lands.isdisjoint(self._states)

    def of(self, text: str) -> tuple[str, ...]:
        """Return the parties of a cell, parted at ``;``, ``|`` and before "Government of": ids, or names with a mark.

        A name that nobody has decided is marked as unknown; one of which a person has decided that it is nobody of the
        case is marked as such. Where the whole cell is a name that is known, it is not parted.
        """
        return self._parties(self.parts(text))

    def of_side(self, text: str) -> tuple[str, ...]:
        """Return the parties of a side of UCDP GED; a comma parts it only where each part is known, or a government."""
        return self._parties(self.parts(text, sides=True))

    def parts(self, text: str, *, sides: bool = False) -> list[str]:
        """Return the names in a cell; ``sides`` for those of UCDP GED, which are parted at commas too."""
        whole = text.strip()
        if not whole or self._is_decided(whole):
            return [whole] if whole else []
        if _NUMBER.fullmatch(whole):  # of people harmed, and nobody's name
            return []
        names: list[str] = []
        for cell in filter(None, _PARTS.split(whole)):
            parts = [part.strip() for part in cell.split(",")] if sides else []
            names += parts if len(parts) > 1 and all(map(self._is_side, parts)) else [cell.strip()]
        return names

    def _is_decided(self, name: str) -> bool:
        return bool(self._names.decision("actor", name, self._source)) or self.by_rule(name) is not None

    def _is_side(self, part: str) -> bool:
        state = _OF_STATE.match(self._bare(part))
        return self._is_decided(part) or (state is not None and state[1] in _STATE_NAMES)

    def _parties(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._party(name) for name in names if name))

    def _party(self, name: str) -> str:
        if self._names.decision("actor", name, self._source) == NOBODY:
            return OTHER + name
        return self.id_of(name) or UNKNOWN + name

    def proposal(self, name: str) -> tuple[str, str]:
        """Return the actor that a person may mean by a name, and why; both empty where none is near. Decides nothing.

        Actors of other countries than the name's own are not proposed.
        """
        bare, lands = self._bare(name), self._lands(name)
        best: tuple[float, str, str] = (_LEAST, "", "")
        for actor, names in self._bare_names.items():
            if lands and self._of_country[actor] and not lands & self._of_country[actor]:
                continue
            for own, bare_own in names:
                if not _may_be_same_years(_years_in(name), _years_in(own)):
                    continue  # another government, or another army, under the name of the state
                if (score := fuzz.token_sort_ratio(bare, bare_own, score_cutoff=best[0])) > best[0]:
                    best = (score, actor, own)
        score, actor, own = best
        if behind := self._behind(name):
            return behind, f"{self._named[behind][1]!r} with other words behind it"
        if not actor:
            return "", ""
        same = " and the same country" if lands & self._of_country[actor] else ""
        return actor, f"{score:.0f} of 100 like {own!r}{same}"

    def _behind(self, name: str) -> str:
        """Return the state whose forces a name begins with, where a body of theirs stands behind the years."""
        years = _YEARS.search(name)
        return (self.by_rule(name[: years.end()]) or "") if years and name[years.end() :].strip() else ""

    def _in_brackets(self, name: str) -> set[str]:
        """Return the countries that stand in brackets in a name: a group of one is none of another."""
        lands = {_plain(part) for part in re.findall(r"\(([^()]*)\)", name)} & self._countries
        return {other for land in lands for other in {land, *_STATE_NAMES.get(land, ())}}

    def _lands(self, name: str) -> set[str]:
        """Return the countries that a name gives, as the state of "Government of X" or in brackets at its end."""
        lands = {_plain(part) for part in re.findall(r"\(([^()]*)\)", name)} & self._countries
        years = _YEARS.search(name)
        for whole in (name, name[: years.start()] if years else name):
            if (state := _OF_STATE.match(self._bare(whole))) and state[1] in self._countries:
                lands.add(state[1])
        return {other for land in lands for other in {land, *_STATE_NAMES.get(land, ())}}
