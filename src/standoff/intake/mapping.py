"""mapping.yaml: the names of other people's files, and who, what or where a person decided each of them is.

A whole name that the rules of names know is recorded as decided by rule. Everything else waits for a person: a proposal
decides nothing, and a name that is not decided stays unknown in every output, with its count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from standoff.case.checks import register
from standoff.case.model import Case
from standoff.case.parsing import record
from standoff.case.read import LOGS, MAPPING
from standoff.case.vocabulary import EVENT_TYPES
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import is_there
from standoff.files.yaml import Lines, read_yaml
from standoff.oneline import OneLine
from standoff.values import People, When

RULE = "rule"  # who decided, where no person did
NOBODY, NONE = (
    "nobody",
    "none",
)  # decisions: a party is nobody of the case; a type is not an event
KINDS = {  # what a name may be of, and the word that decides that it is none of the case's
    "actor": NOBODY,
    "type": NONE,
    "area": NONE,
    "place": NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ForeignName(OneLine):
    """A name in other people's files, and what it was decided to be.

    ``decision`` is an id of the case, ``nobody`` (a party that is nobody of the case), ``none`` (a type that is no
    event; a place or an area that is none of the case), or empty: not decided yet.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    name: str  # as the source writes it
    kind: str  # actor, type, area or place
    source: str = ""  # whose files: ACLED, UCDP GED, ...; empty: whatever file it stands in
    count: People = 0  # rows in which it stands
    proposal: str = ""  # an id that may be meant; decides nothing
    reason: str = ""  # of the proposal, or of the rule
    decision: str = ""
    by: str = ""  # who decided; rule: a rule of whole names
    on: When | None = None  # the day of the decision
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What the name is known by: its kind, its source, and the name itself without stray spaces."""
        return self.kind, self.source, tidy(self.name)

    @property
    def by_person(self) -> bool:
        """Whether a person decided it."""
        return bool(self.decision) and self.by != RULE


DOUBTS = "?¿؟？*~≈≠¬!±+"  # marks that say that a name is not certain, or not that name: no rule decides of it


def tidy(name: str) -> str:
    """Return a name in composed letters, with single spaces; nothing else of it is changed."""
    return " ".join(unicodedata.normalize("NFC", name).split())


@dataclass(frozen=True, slots=True, repr=False)
class NameMap(OneLine):
    """The names of a case's mapping.yaml by kind, source and name, and where each is written."""

    names: Mapping[tuple[str, str, str], ForeignName] = field(default_factory=dict)
    lines: Mapping[tuple[str, str, str], Lines] = field(default_factory=dict)
    _decisions: Mapping[tuple[str, str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep what persons decided at hand: it is asked for every row of a file."""
        decisions = {key: one.decision for key, one in self.names.items() if one.by_person}
        object.__setattr__(self, "_decisions", decisions)

    def decision(self, kind: str, name: str, source: str = "") -> str:
        """Return what a person decided of a name of a source: an id, ``nobody``, ``none``; empty where nobody did.

        A decision of this source goes before one of every source; a decision of another source does not hold.
        """
        if not self._decisions:
            return ""
        name = tidy(name)
        return self._decisions.get((kind, source, name)) or self._decisions.get((kind, "", name), "")

    def undecided(self) -> list[ForeignName]:
        """Return the names that wait for a person, the most frequent first."""
        waiting = [one for one in self.names.values() if not one.decision]
        return sorted(waiting, key=lambda one: (-one.count, one.kind, one.name))

    def joined(self, names: Iterable[ForeignName]) -> NameMap:
        """Return the map with these names in the place of those of the same key, or behind them."""
        return replace(self, names={**self.names, **{one.key: one for one in names}})


NO_NAMES = NameMap()


def ids_of(case: Case, kind: str) -> set[str]:
    """Return what a name of a kind may be decided to be, but for the words ``nobody`` and ``none``."""
    if kind == "actor":
        return set(case.actors)
    if kind == "type":
        return {*EVENT_TYPES, *case.types}
    if kind == "place":
        return set(case.places)
    from standoff.intake.areas import case_areas  # it reads boundaries, which few cases have

    areas = {part for place in case.places.values() for part in (place.sector, place.pcode, place.adm3) if part}
    areas |= {area.pcode for area in case_areas(case).areas}
    return areas | {zone.id for zone in case.zones} | set(case.places)


def decision_problem(case: Case, kind: str, decision: str) -> tuple[str, str, str] | None:
    """Return what is wrong with a decision, what was expected, and the nearest id; None where nothing is."""
    ids = ids_of(case, kind)
    if decision in ids or decision == KINDS[kind]:
        return None
    if decision in KINDS.values():
        what = {NOBODY: "nobody is a decision on a party", NONE: "none is a decision on a type, a place or an area"}
        return f"{what[decision]}, and this name is of kind {kind}", f"an id, {KINDS[kind]}, or empty", ""
    noun = {"type": "an event type"}.get(kind, f"an {kind}" if kind[0] in "a" else f"a {kind}")
    expected = f"the id of {noun} of the case, {KINDS[kind]}, or empty"
    return f"the decision is {decision!r}, which is no {noun.split(' ', 1)[1]}", expected, nearest(decision, ids)


def read_mapping(root: Path) -> tuple[NameMap, list[Problem]]:
    """Read the mapping.yaml of a case folder, if there is one; problems come back instead of being raised."""
    path = root / MAPPING
    if not is_there(path):
        return NO_NAMES, []
    data, lines, problems = read_yaml(path, MAPPING)
    if problems:
        return NO_NAMES, problems
    if not isinstance(data, list):
        expected = "a list of names, each starting with '- name:'"
        return NO_NAMES, [Problem(MAPPING, lines.line, "the file does not hold a list", expected)]
    names: dict[tuple[str, str, str], ForeignName] = {}
    where: dict[tuple[str, str, str], Lines] = {}
    for index, item in enumerate(data):
        here = lines.inside.get(index, lines)
        one, faults = record(ForeignName, item, MAPPING, here)
        problems += faults
        if one is None or faults:
            continue
        if one.kind not in KINDS:
            what = f"the kind is {one.kind!r}"
            problems.append(Problem(MAPPING, here.at(("kind",)), what, ", ".join(KINDS), nearest(one.kind, KINDS)))
        elif one.key in names:
            what, first = (
                f"the {one.kind} {one.name!r} of {one.source or 'every source'} is given twice",
                where[one.key],
            )
            problems.append(Problem(MAPPING, here.line, what, "each name once", f"first at {MAPPING}:{first.line}"))
        else:
            names[one.key], where[one.key] = one, here
    return NameMap(names, where), problems


def mapping_of(case: Case) -> NameMap:
    """Return what persons decided of foreign names, from the folder of a case. Raises StandoffError of a bad file."""
    names, problems = read_mapping(case.root)
    problems += [p for p in _decisions(case, names) if p.severity == "error"]
    if problems:
        raise StandoffError(problems)
    return names


@register("intake")
def check_mapping(case: Case) -> Iterator[Problem]:
    """Check mapping.yaml: decisions are ids of the case, and somebody is named who took them."""
    names, problems = read_mapping(case.root)
    yield from problems
    yield from _decisions(case, names)


@register("intake")
def check_kept_files(case: Case) -> Iterator[Problem]:
    """Check logs/ and library/: what is in them are plain files, and no links that lead out of the case."""
    for folder in (LOGS, "library"):
        root = case.root / folder
        for path in sorted(root.iterdir()) if root.is_dir() else ():
            name = f"{folder}/{path.name}"
            try:
                is_inside = path.resolve().is_relative_to(case.root.resolve())
            except (OSError, RuntimeError):  # a loop of links
                is_inside = False
            if not is_inside:
                hint = "copy what it leads to into the folder"
                yield Problem(name, 0, "this link leaves the case folder", "a file of the case", hint)
            elif not path.is_file() and not path.is_dir():
                yield Problem(name, 0, "this is not a plain file and cannot be read", "a file: no pipe or device")


def _decisions(case: Case, names: NameMap) -> Iterator[Problem]:
    for key, one in names.names.items():
        lines = names.lines.get(key) or Lines(0)
        if one.proposal and one.proposal not in ids_of(case, one.kind):
            hint = nearest(one.proposal, ids_of(case, one.kind))
            what = f"the proposal is {one.proposal!r}, which is not in the case"
            yield Problem(MAPPING, lines.at(("proposal",)), what, "an id of the case", hint, severity="warning")
        if not one.decision:
            continue
        if wrong := decision_problem(case, one.kind, one.decision):
            if one.by == RULE:
                continue  # a rule's record decides nothing: the rule is asked again for every row
            yield Problem(MAPPING, lines.at(("decision",)), *wrong)
        elif not one.by or one.on is None:
            missing = " and ".join(word for word, value in (("by", one.by), ("on", one.on)) if not value)
            what = f"{one.name!r} is decided, and {missing} is empty"
            yield Problem(MAPPING, lines.at(("decision",)), what, "who decided (by) and the day (on)")


def entry(one: ForeignName) -> dict[str, Any]:
    """Return a name as mapping.yaml has it: with its decision, also where that is empty and waits for a person."""
    kept = {
        key: value
        for key in ("name", "kind", "source", "count", "proposal", "reason", "decision", "by", "on", "note")
        if (value := getattr(one, key)) or key == "decision"
    }
    return {key: str(value) if isinstance(value, When) else value for key, value in kept.items()}
