"""What a number counts, read from ``counted`` and the name of the quantity: heads, parties, and what narrows them.

"Turkish soldiers killed" are the soldiers of Turkey; "soldiers" include them; "civilians" are other people. Nothing is
guessed: words that no list has narrow the group, so that the two are never taken for the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from standoff.case.claims import QuantitySaid
from standoff.case.groups import COUNTED_BY_WORDS, DEMONYMS, GROUPS, MEASURE_GROUPS, CountedGroup
from standoff.case.model import Actor, Case
from standoff.errors import nearest
from standoff.evidence.claim_places import place_id
from standoff.oneline import OneLine

_LONGEST = 5  # words of one name
_NATION = "nation:"  # a country that is no actor of the case
_MOST_READ = 20_000  # wordings kept for a case


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing, and what a measure of people says already: they make no group narrower.
_SMALL = _words("a an the of or and their its his her our own all some other one counted number total toll")
_FILLERS = _SMALL | _words("""
    killed dead died death deaths dying slain fallen lost life lives perished wounded injured hurt injuries displaced
    fled flee moved movement movements crossed returned present
""")
# What comes behind one of these tells which of them, in words of its own.
_CUTS = _words("""
    by in at who whom while during near without excluding except among with linked on that which when since after before
    beside besides not from under to into moving living registered shot hit against for because within across outside
    inside aged
""")
_CALENDAR = _words("""
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec spring summer autumn winter first second third
""")


@dataclass(frozen=True, slots=True, repr=False)
class Group(OneLine):
    """Which people or things: groups of the list, whose they are, and words that narrow them.

    ``heads`` joined by "and" are counted together; ``parties`` and ``extra`` narrow them. ``listed`` is false where no
    group of the list was read from the words.
    """

    heads: frozenset[str]
    parties: frozenset[str] = frozenset()
    extra: frozenset[str] = frozenset()
    listed: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Subject(OneLine):
    """What a number is about but for its place and time: what is counted of the group, and the group.

    ``base`` joins measures that count one thing of several groups (``deaths-civilian`` and ``deaths`` are deaths). For
    a measure that names no group it holds the quantity's name, too.
    """

    base: str
    group: Group
    label: str = ""  # words of the quantity's name that neither the group nor its place and time have


@lru_cache(maxsize=1 << 15)
def _tokens(text: str) -> tuple[str, ...]:
    plain = re.sub(r"['’]s\b", "", text.casefold()).replace("-", " ").replace("_", " ")
    return tuple(re.findall(r"[^\W_]+", plain))


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


@cache
def _list_phrases() -> dict[tuple[str, ...], str]:
    return {_tokens(word): key for key, group in GROUPS.items() for word in (*group.words, key)}


class _Book:
    """The groups and parties of cases that share these actors and groups, with every wording read so far."""

    def __init__(self, actors: Mapping[str, Actor], groups: Mapping[str, CountedGroup]) -> None:
        self.actors, self.groups = actors, groups
        self.phrases = dict(_list_phrases())
        self.whole: dict[tuple[str, ...], Group] = {}
        self.above: dict[str, frozenset[str]] = {}
        own_parties = {}
        for key, group in groups.items():
            for word in (key, *group.words):
                self.phrases[_tokens(word)] = key
                self.whole[_tokens(word)] = Group(frozenset({key}), frozenset(group.party))
            own_parties[key] = frozenset(group.party)
        self.own_parties = own_parties
        self.parties = self._party_names(actors)
        self._read: dict[tuple[tuple[str, ...], bool], Group] = {}
        self._subjects: dict[tuple[object, ...], Subject] = {}
        self._parties_above: dict[str, frozenset[str]] = {}

    @staticmethod
    def _party_names(actors: Mapping[str, Actor]) -> dict[tuple[str, ...], str]:
        names: dict[tuple[str, ...], str] = {}
        for actor in actors.values():
            for label in (actor.id, actor.name, *actor.aliases):
                if tokens := _tokens(re.sub(r"\s*\([^()]*\)$", "", label)):
                    names.setdefault(tokens, actor.id)
                    names.setdefault((*tokens[:-1], _singular(tokens[-1])), actor.id)
        for adjective, country in DEMONYMS.items():
            words = _tokens(adjective)
            party = names.get(_tokens(country), _NATION + country)
            names.setdefault(words, party)
            names.setdefault((*words[:-1], words[-1] + "s"), party)
        return names

    def groups_above(self, key: str) -> frozenset[str]:
        """Return a group and every group that it is part of."""
        if key not in self.above:
            found: set[str] = set()
            ahead = [key]
            while ahead:
                step = ahead.pop()
                if step in found:
                    continue
                found.add(step)
                for table in (self.groups, GROUPS):
                    ahead += table[step].part_of if step in table else ()
            self.above[key] = frozenset(found)
        return self.above[key]

    def parties_above(self, party: str) -> frozenset[str]:
        """Return a party and every bloc that it is part of."""
        if party not in self._parties_above:
            found: set[str] = set()
            ahead = [party]
            while ahead:
                step = ahead.pop()
                if step not in found:
                    found.add(step)
                    ahead += self.actors[step].member_of if step in self.actors else ()
            self._parties_above[party] = frozenset(found)
        return self._parties_above[party]

    def read(self, words: str, deeds: bool = False) -> Group:
        """Read one wording: heads up to the first word that starts a clause, parties, and what is left.

        A party counts where it stands before a head ("Turkish soldiers") or last ("soldiers of Turkey"); in "the Greek
        border" it does not. With ``deeds``, words such as "killed" count, too: the measure does not say them.
        """
        tokens = _tokens(words)
        if (tokens, deeds) not in self._read:
            if len(self._read) > _MOST_READ:
                self._read.clear()
            self._read[tokens, deeds] = self.whole.get(tokens) or self._parse(tokens, _SMALL if deeds else _FILLERS)
        return self._read[tokens, deeds]

    def _parse(self, tokens: tuple[str, ...], fillers: frozenset[str]) -> Group:
        heads: set[str] = set()
        parties: set[str] = set()
        extra: set[str] = set()
        waiting: list[tuple[str, str]] = []  # parties that no head has followed yet, with their words
        at = 0
        while at < len(tokens):
            if tokens[at] in _CUTS and at > 0:
                extra.add(" ".join(tokens[at:]))
                break
            at, group, party = self._next(tokens, at)
            if group is not None:
                heads.add(group)
                parties |= self.own_parties.get(group, frozenset()) | {name for name, _ in waiting}
                waiting = []
                if party is not None and "military" in self.groups_above(group):
                    parties.add(party)
            elif party is not None:
                waiting.append((party, tokens[at - 1]))
            elif tokens[at - 1] not in fillers:
                extra |= {word for _, word in waiting} | {_singular(tokens[at - 1])}
                waiting = []
        parties |= {name for name, _ in waiting}
        return Group(frozenset(heads), frozenset(parties), frozenset(extra), bool(heads))

    def _next(self, tokens: tuple[str, ...], at: int) -> tuple[int, str | None, str | None]:
        """Return where the words go on, and the group and the party that the next of them name."""
        for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
            phrase = tokens[at : at + length]
            group, party = self.phrases.get(phrase), self.parties.get(phrase)
            if group is not None or party is not None:
                return at + length, group, party
        return at + 1, None, None

    def within(self, part: str, whole: str) -> bool:
        return whole in self.groups_above(part)

    def subject(self, quantity: QuantitySaid, place_words: Iterable[str]) -> Subject:
        moment = quantity.as_of or quantity.window
        when = moment.text if moment is not None else ""
        key = (quantity.quantity, quantity.measure, quantity.counted, quantity.of, when)
        if key not in self._subjects:
            if len(self._subjects) > _MOST_READ:
                self._subjects.clear()
            self._subjects[key] = self._work_out(quantity, when, place_words)
        return self._subjects[key]

    def _work_out(self, quantity: QuantitySaid, when: str, place_words: Iterable[str]) -> Subject:
        base, own = MEASURE_GROUPS.get(quantity.measure, (quantity.measure, ""))
        counted, name = (self.read(words, not own) for words in (quantity.counted, quantity.quantity))
        if not own and (quantity.measure not in COUNTED_BY_WORDS or not (counted.heads or name.heads)):
            words = frozenset(_tokens(quantity.counted)) if not counted.heads else frozenset()
            group = Group(counted.heads or words, counted.parties, counted.extra if counted.heads else frozenset())
            return Subject(f"{base}: {quantity.quantity}", group)
        heads: set[str] = set()
        extra = set(counted.extra)
        for head in counted.heads or name.heads or {own}:
            if not own or self.within(head, own):
                heads.add(head)
            elif self.within(own, head):
                heads.add(own)
            else:  # children among the dead civilians: both at once
                heads.add(head)
                extra.add(f"among {own}")
        dates = set(re.findall(r"\d+", when))
        place = {word for text in (quantity.of, *place_words) for word in _tokens(text)}
        spare = place | dates | _CALENDAR
        spare |= (_SMALL | {_singular(word) for word in _tokens(quantity.counted)}) if not own else _FILLERS
        label = " ".join(sorted(w for w in _name_left(name.extra) if w not in spare and (w,) not in self.phrases))
        if label:
            extra.add(f"called {label}")
        group = Group(frozenset(heads), counted.parties | name.parties, frozenset(extra), counted.listed)
        return Subject(base, group, label)


def _name_left(extra: Iterable[str]) -> Iterator[str]:
    for words in extra:
        yield from (word for word in words.split() if word not in _CUTS)


_last: _Book | None = None


def _book(case: Case) -> _Book:
    global _last
    book = _last
    if book is None or book.actors is not case.actors or book.groups is not case.groups:
        book = _last = _Book(case.actors, case.groups)
    return book


def subject_of(case: Case, quantity: QuantitySaid) -> Subject:
    """Return what a number counts of whom, from its measure, ``counted`` and the name of the quantity."""
    place = case.places.get(place_id(case, quantity.of))
    return _book(case).subject(quantity, (place.name,) if place else ())


def includes(case: Case, whole: Group, part: Group) -> bool:
    """Whether every member of ``part`` is one of ``whole``, as the words have it; equal groups include each other."""
    book = _book(case)
    return (
        whole.extra <= part.extra
        and all(any(party in book.parties_above(p) for p in part.parties) for party in whole.parties)
        and all(any(book.within(head, above) for above in whole.heads) for head in part.heads)
    )


def group_words(case: Case, quantity: QuantitySaid) -> str:
    """Return what is counted in words: ``counted`` as it is written, or the group that the measure names."""
    if quantity.counted:
        return quantity.counted
    group = subject_of(case, quantity).group
    names = sorted(GROUPS[head].id.replace("-", " ") if head in GROUPS else head for head in group.heads)
    owners = sorted(case.actors[p].name if p in case.actors else p.removeprefix(_NATION) for p in group.parties)
    return " and ".join(names) + (f" of {', '.join(owners)}" if owners else "")


def is_of_people(case: Case, words: str) -> bool:
    """Whether the words of a number count people, of whatever group."""
    book = _book(case)
    heads = book.read(words).heads
    return bool(heads) and all(book.within(head, "people") for head in heads)


def is_other_people(case: Case, words: str, unit: str) -> bool:
    """Whether ``words`` count people other than the ``unit`` asks for, and not a wider group that may hold them."""
    book = _book(case)
    heads, asked = book.read(words).heads, book.read(unit).heads
    if words == unit or not is_of_people(case, words):
        return False
    wider = heads != asked and bool(asked) and all(any(book.within(a, h) for h in heads) for a in asked)
    return not wider


def unlisted(case: Case, quantity: QuantitySaid) -> bool:
    """Whether no group of the list and no party is named by ``counted``, where the measure counts people."""
    if not quantity.counted or quantity.measure not in MEASURE_GROUPS:
        return False
    group = _book(case).read(quantity.counted)
    return not group.heads and (not group.parties or bool(group.extra))


def nearest_group(case: Case, words: str) -> str:
    """Return the wording of the list that is nearest to ``words``, as a hint, or an empty string."""
    known = {" ".join(phrase): key for phrase, key in _book(case).phrases.items()}
    return nearest(" ".join(_tokens(words)), known)
