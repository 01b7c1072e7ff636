"""Checks of words: closed lists, event types with those of the case's own, kinds of places, what outcomes watch for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from standoff.case import vocabulary as words
from standoff.case.model import Case
from standoff.case.references import patterns
from standoff.case.saying import EventSaid
from standoff.case.terms import Pattern
from standoff.case.ways import unknown_way
from standoff.case.where import at, items
from standoff.errors import Problem, Severity, nearest

LEVERS = ("none", "humanitarian", "mediation", "monitoring")
_CLOSED: dict[tuple[str, str], tuple[str, ...]] = {
    ("claims", "realis"): words.REALIS,
    ("claims", "voice"): words.VOICES,
    ("claims", "says.measure"): tuple(words.MEASURES),
    ("claims", "says.bound"): words.BOUNDS,
    ("claims", "grade.reliability"): tuple(words.RELIABILITY),
    ("claims", "grade.credibility"): tuple(words.CREDIBILITY),
    ("sources", "reliability"): tuple(words.RELIABILITY),
    ("commitments", "kind"): words.KINDS,
    ("observed", "measure"): tuple(words.MEASURES),
    ("observed", "bound"): words.BOUNDS,
    ("scenarios", "lever"): LEVERS,
    ("closures", "kind"): ("route", "place", "border"),
    ("accounts", "kind"): ("statement", "reading", "record", *words.OLD_ACCOUNTS),
    ("sources", "standing"): ("", *words.STANDINGS),
    ("publishers", "standing"): tuple(words.STANDINGS),
    ("claims", "says.standing"): ("", "kept", "partly", "broken", "in-force"),
    ("commitments", "duty"): ("result", "effort"),
    ("events", "sourcing"): ("", "unsourced"),
}


_OWN = re.compile(r"[a-z][a-z0-9-]*$")
_READ = ("type", "actor", "target")  # keys of the pattern of an outcome


def check_types(case: Case) -> Iterator[Problem]:
    """Event types of the case's own are a kind of one that exists."""
    for key in case.types:
        above, slash, word = key.rpartition("/")
        known = [*words.EVENT_TYPES, *case.types]
        if not slash or not _OWN.match(word):
            expected = "TYPE/WORD, such as shelling/in-truce-hours, in small letters"
            yield at(case, "types", key, f"the id is {key!r}", "id", expected=expected)
        elif above not in known:
            what = f"{key!r} is a kind of {above!r}, which is no event type"
            yield at(case, "types", key, what, "id", expected="a type that exists", hint=nearest(above, known))


def check_words(case: Case) -> Iterator[Problem]:
    """Values of closed word lists are on their list: event types, measures, realis, kinds, levers, grades."""
    for (kind, path), allowed in _CLOSED.items():
        records = getattr(case, kind)
        for key, record in items(case, kind, records):
            value = record
            for step in path.split("."):
                value = getattr(value, step, None)
            if isinstance(value, str) and value not in allowed:
                shown = ", ".join(allowed) if len(allowed) < 12 else f"one of {len(allowed)} words of the reference"
                hint = nearest(value, allowed)
                what = f"{path.split('.')[-1]} is {value!r}"
                yield at(case, kind, key, what, *path.split("."), expected=shown, hint=hint)
    known = [*words.EVENT_TYPES, *case.types]
    for kind, key, where, name in _types(case):
        if name not in known:
            base, slash, _ = name.partition("/")
            own = bool(slash) and base in words.EVENT_TYPES
            what = f"the event type {name!r} is {'not declared' if own else 'unknown'}"
            expected = "a record of types.yaml" if own else "a type of the word list, or TYPE/WORD of types.yaml"
            yield at(case, kind, key, what, *where, expected=expected, hint=nearest(name, known))


def _types(case: Case) -> Iterator[tuple[str, str, tuple[str | int, ...], str]]:
    """Yield every event type that is named: kind and id of the record, path of the key, the name."""
    for key, event in case.events.items():
        yield "events", key, ("type",), event.type
    for key, claim in case.claims.items():
        if isinstance(claim.says, EventSaid):
            yield "claims", key, ("says", "event"), claim.says.event
    for kind, key, where, pattern in patterns(case):
        yield from ((kind, key, (*where, "type"), name) for name in pattern.type)
    for key, option in case.options.items():
        for number, emission in enumerate(option.emits):
            yield "options", key, ("emits", number, "type"), emission.type
    for key, record in items(case, "coverage", case.coverage):
        yield from (("coverage", key, ("types",), name) for name in getattr(record, "types", ()))
    for key in case.parameters:
        if key.startswith("intensity."):
            yield "parameters", key, ("id",), key.removeprefix("intensity.")


def check_outcomes(case: Case) -> Iterator[Problem]:
    """Outcomes watch for one thing, in keys that are read."""
    for key, outcome in case.outcomes.items():
        given = [name for name in ("event", "border", "people") if getattr(outcome, name)]
        if len(given) != 1:
            what = f"it watches for {' and '.join(given) or 'nothing'}"
            yield at(case, "outcomes", key, what, expected="exactly one of event, border and people")
        if outcome.border not in ("", "open", "shut"):
            yield at(case, "outcomes", key, f"border is {outcome.border!r}", "border", expected="open or shut")
        if outcome.people and (outcome.people != "newly-displaced" or outcome.threshold is None):
            what = f"people is {outcome.people!r}, threshold {outcome.threshold}"
            yield at(case, "outcomes", key, what, "people", expected="newly-displaced, and a threshold")
        if outcome.event is None:
            continue
        plain = Pattern(**{name: getattr(outcome.event, name) for name in _READ})
        if plain != outcome.event or not outcome.event.type:
            what = "an outcome watches for events by type, actor and target alone"
            yield at(case, "outcomes", key, what, "event", expected="a type, and no other keys than these three")


def check_closures(case: Case) -> Iterator[Problem]:
    """Closures shut a place, route or border that the case has."""
    for (key, _), closure in zip(items(case, "closures", case.closures), case.closures, strict=True):
        if closure.kind in ("place", "route", "border") and (
            wrong := unknown_way(case, closure.kind, closure.a, closure.b)
        ):
            yield at(case, "closures", key, wrong[0], "a", expected=wrong[1], hint=wrong[2])


def check_place_kinds(case: Case) -> Iterator[Problem]:
    """Places that roads lead to are of a kind that the model knows."""
    linked = {name for route in case.routes for name in (route.a, route.b)}
    for key, place in case.places.items():
        if place.kind not in words.PLACE_KINDS:
            severity: Severity = "error" if key in linked else "warning"
            hint = nearest(place.kind, words.PLACE_KINDS)
            expected = ", ".join(words.PLACE_KINDS)
            what = f"kind is {place.kind!r}"
            yield at(case, "places", key, what, "kind", expected=expected, hint=hint, severity=severity)


OLD_KIND = "account-kind"
_NEW_KINDS = {
    "voice": "kind: reading",
    "party": "kind: statement with party, and without answers; or kind: reading, where the answers are one voice's",
    "monitor": "kind: statement with party, and without answers; or kind: reading, where the answers are one voice's",
    "pooled": "kind: reading, with its credence",
}


def check_old_accounts(case: Case) -> Iterator[Problem]:
    """Accounts of older kinds are read as readings of the record: a warning for each kind says what to write."""
    old: dict[str, list[str]] = {}
    for key, account in case.accounts.items():
        if account.kind in words.OLD_ACCOUNTS:
            old.setdefault(account.kind, []).append(key)
    for kind, names in old.items():
        many = f"{len(names)} accounts are" if len(names) > 1 else "an account is"
        what = f"{many} of the old kind {kind!r}, read as a reading of the record: {', '.join(names)}"
        expected = _NEW_KINDS[kind]
        yield at(case, "accounts", names[0], what, "kind", expected=expected, check=OLD_KIND, severity="warning")
