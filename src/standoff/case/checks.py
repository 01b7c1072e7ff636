"""Every check of a case: the one registry, and the checks of records; each yields problems with file and line."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TypeVar

from standoff.case import vocabulary as words
from standoff.case.claims import AccountKind, Claim, EventSaid, QuantitySaid
from standoff.case.map_files import check_outlines
from standoff.case.model import Case, Kind, labels_of
from standoff.case.rechecks import Rule, Session
from standoff.case.references import Reference, patterns, references
from standoff.case.reports import LOGS, Incident, Status, check_logs, incidents_of
from standoff.case.terms import Pattern
from standoff.case.vocabulary import is_a
from standoff.errors import Problem, Severity, nearest
from standoff.files.geojson_reader import extent, other_way_round, touches
from standoff.oneline import OneLine
from standoff.plugins import CHECKS, load_plugin, plugin_names
from standoff.values import MOST_AT_ALL, When

# The registry. A check is a function of a case that yields problems; the room it belongs to registers it.


R = TypeVar("R", bound=Rule)
RECORDS = "case"  # the room whose checks come first: the others trust what they have seen
READING = ("reading", "strays")  # problems of files rather than of records
# This room imports none above it, so the modules that register checks there are named, and imported when they are run.
ROOMS: dict[str, tuple[str, ...]] = {
    "intake": ("standoff.intake.party_names", "standoff.intake.boundaries"),
    "evidence": ("standoff.evidence.checks",),
    "commitments": (
        "standoff.commitments.checks",
        "standoff.commitments.incidents",
        "standoff.commitments.stories",
        "standoff.commitments.threads",
        "standoff.commitments.signals",
    ),
    "world": ("standoff.world.parameters",),
    "runs": ("standoff.runs.scenario", "standoff.runs.questions"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Check(OneLine):
    """One check: the room it belongs to, its name in ``--json``, and the function that yields problems of a case."""

    room: str
    name: str
    rule: Rule


_REGISTRY: dict[tuple[str, str], Check] = {}


def register(room: str, name: str = "") -> Callable[[R], R]:
    """Add a function to the checks of a room, under its own name without ``check_`` unless another is given.

    Raises ValueError where another function has this name in this room.
    """

    def add(rule: R) -> R:
        key = room, name or rule.__name__.removeprefix("check_").replace("_", "-")
        other = _REGISTRY.setdefault(key, Check(*key, rule)).rule
        if (other.__module__, other.__name__) != (rule.__module__, rule.__name__):
            raise ValueError(f"two checks of {room} are called {key[1]}")
        return rule

    return add


# Where a record of a case stands, for the messages of checks.


def at(
    case: Case,
    kind: Kind,
    key: str,
    what: str,
    *path: str | int,
    expected: str = "",
    hint: str = "",
    check: str = "",
    severity: Severity = "error",
) -> Problem:
    """Return a problem at a key of a record; at its file where the record was not read from one."""
    where = case.written.get((kind, key))
    file, line = (where.file, where.at(*path)) if where else (f"{kind}.yaml", 0)
    return Problem(file, line, what, expected, hint, check, severity)


register(RECORDS)(check_outlines)
register(RECORDS)(check_logs)


# What can be shut or opened: a place, a route between two places, or the border between two countries.


def unknown_way(case: Case, kind: str, a: str, b: str) -> tuple[str, str, str] | None:
    """Return what is wrong with a way, what was expected, and the nearest name; None when the case has it."""
    countries = {p.country for p in case.places.values() if p.country}
    names = countries if kind == "border" else set(case.places)
    noun = "country" if kind == "border" else "place"
    for name in (a,) if kind in ("place", "into") else (a, b):
        if name not in names:
            expected = f"one of {', '.join(sorted(countries))}" if kind == "border" else "one of the places of the case"
            return f"there is no {noun} {name!r}", expected, nearest(name, names)
    if kind == "route" and not any({a, b} == {r.a, r.b} for r in case.routes):
        return f"no route joins {a!r} and {b!r}", "a row of routes.csv", ""
    if kind == "border" and a == b:
        return f"the border of {a!r} with itself", "two countries", ""
    return None


# Checks of words: closed lists, event types with those of the case's own, kinds of places, what outcomes watch for.


LEVERS = ("none", "humanitarian", "mediation", "monitoring")
_CLOSED: dict[tuple[Kind, str], tuple[str, ...]] = {
    (Kind.CLAIMS, "realis"): words.REALIS,
    (Kind.CLAIMS, "voice"): words.VOICES,
    (Kind.CLAIMS, "says.measure"): tuple(words.MEASURES),
    (Kind.CLAIMS, "says.bound"): words.BOUNDS,
    (Kind.CLAIMS, "grade.reliability"): tuple(words.RELIABILITY),
    (Kind.CLAIMS, "grade.credibility"): tuple(words.CREDIBILITY),
    (Kind.SOURCES, "reliability"): tuple(words.RELIABILITY),
    (Kind.OBSERVED, "measure"): tuple(words.MEASURES),
    (Kind.OBSERVED, "bound"): words.BOUNDS,
    (Kind.SCENARIOS, "lever"): LEVERS,
    (Kind.CLOSURES, "kind"): ("route", "place", "border"),
    (Kind.SOURCES, "standing"): ("", *words.STANDINGS),
    (Kind.PUBLISHERS, "standing"): tuple(words.STANDINGS),
    (Kind.CLAIMS, "says.standing"): ("", "kept", "partly", "broken", "in-force", "justified"),
    (Kind.COMMITMENTS, "duty"): ("result", "effort"),
    (Kind.COMMITMENTS, "early"): ("", "counts", "anew"),
    (Kind.COMMITMENTS, "each"): ("", "actor", "place", "type"),
    (Kind.COMMITMENTS, "distinct"): ("", "actor", "place", "type"),
    (Kind.EVENTS, "sourcing"): ("", "unsourced"),
}


def closed_words(kind: Kind, path: str) -> tuple[str, ...]:
    """Return the words of the closed list of a key, such as ``says.measure`` of claims; none where it has no list."""
    return _CLOSED.get((kind, path), ())


_OWN = re.compile(r"[a-z0-9][a-z0-9-]*$")
_READ = ("type", "actor", "target")  # keys of the pattern of an outcome


@register(RECORDS)
def check_types(case: Case) -> Iterator[Problem]:
    """Event types of the case's own are a kind of one that exists."""
    for key in case.types:
        above, slash, word = key.rpartition("/")
        types = [*words.EVENT_TYPES, *case.types]
        if not slash or not _OWN.match(word):
            expected = "TYPE/WORD, such as shelling/in-truce-hours or shelling/100mm, in small letters, digits and -"
            yield at(case, Kind.TYPES, key, f"the id is {key!r}", "id", expected=expected)
        elif above not in types:
            what = f"{key!r} is a kind of {above!r}, which is not an event type"
            yield at(case, Kind.TYPES, key, what, "id", expected="a type that exists", hint=nearest(above, types))


@register(RECORDS)
def check_words(case: Case) -> Iterator[Problem]:
    """Values of closed word lists are on their list: event types, measures, realis, kinds, levers, grades."""
    for (kind, path), allowed in _CLOSED.items():
        for key, record in case.records(kind).items():
            value = record
            for step in path.split("."):
                value = getattr(value, step, None)
            if isinstance(value, str) and value not in allowed:
                choices = (
                    ", ".join(filter(None, allowed))
                    if len(allowed) < 12
                    else f"one of {len(allowed)} words of the reference"
                )
                hint = nearest(value, allowed)
                what = f"{path.split('.')[-1]} is {value!r}"
                yield at(case, kind, key, what, *path.split("."), expected=choices, hint=hint)
    types = [*words.EVENT_TYPES, *case.types]
    for kind, key, where, name in _types(case):
        if name not in types:
            base, slash, _ = name.partition("/")
            own = bool(slash) and base in words.EVENT_TYPES
            what = f"the event type {name!r} is {'not declared' if own else 'unknown'}"
            expected = "a record of types.yaml" if own else "a type of the word list, or TYPE/WORD of types.yaml"
            yield at(case, kind, key, what, *where, expected=expected, hint=nearest(name, types))


def _types(case: Case) -> Iterator[tuple[Kind, str, tuple[str | int, ...], str]]:
    """Yield every event type that is named: kind and id of the record, path of the key, the name."""
    for key, event in case.events.items():
        yield Kind.EVENTS, key, ("type",), event.type
    for key, claim in case.claims.items():
        if isinstance(claim.says, EventSaid):
            yield Kind.CLAIMS, key, ("says", "event"), claim.says.event
    for kind, key, where, pattern in patterns(case):
        yield from ((kind, key, (*where, "type"), name) for name in pattern.type)
    for key, option in case.options.items():
        for number, emission in enumerate(option.emits):
            yield Kind.OPTIONS, key, ("emits", number, "type"), emission.type
    for key, record in case.records(Kind.COVERAGE).items():
        yield from ((Kind.COVERAGE, key, ("types",), name) for name in getattr(record, "types", ()))
    for key in case.parameters:
        if key.startswith("intensity."):
            yield Kind.PARAMETERS, key, ("id",), key.removeprefix("intensity.")


@register(RECORDS)
def check_outcomes(case: Case) -> Iterator[Problem]:
    """Outcomes watch for one thing, in keys that are read."""
    for key, outcome in case.outcomes.items():
        fields = [name for name in ("event", "border", "people") if getattr(outcome, name)]
        if len(fields) != 1:
            what = f"it watches for {' and '.join(fields) or 'nothing'}"
            yield at(case, Kind.OUTCOMES, key, what, expected="exactly one of event, border and people")
        if outcome.border not in ("", "open", "shut"):
            yield at(case, Kind.OUTCOMES, key, f"border is {outcome.border!r}", "border", expected="open or shut")
        if outcome.people and (outcome.people != "newly-displaced" or outcome.threshold is None):
            what = f"people is {outcome.people!r}, threshold {outcome.threshold}"
            yield at(case, Kind.OUTCOMES, key, what, "people", expected="newly-displaced, and a threshold")
        if outcome.event is None:
            continue
        plain = Pattern(**{name: getattr(outcome.event, name) for name in _READ})
        if plain != outcome.event or not outcome.event.type:
            what = "an outcome watches for events by type, actor and target alone"
            yield at(case, Kind.OUTCOMES, key, what, "event", expected="a type, and no other keys than these three")


@register(RECORDS)
def check_closures(case: Case) -> Iterator[Problem]:
    """Closures shut a place, route or border that the case has."""
    for key, closure in case.records(Kind.CLOSURES).items():
        if closure.kind in ("place", "route", "border") and (
            wrong := unknown_way(case, closure.kind, closure.a, closure.b)
        ):
            yield at(case, Kind.CLOSURES, key, wrong[0], "a", expected=wrong[1], hint=wrong[2])


@register(RECORDS)
def check_place_kinds(case: Case) -> Iterator[Problem]:
    """Places that roads lead to are of a kind that the model knows."""
    linked = {name for route in case.routes for name in (route.a, route.b)}
    for key, place in case.places.items():
        if place.kind not in words.PLACE_KINDS:
            severity: Severity = "error" if key in linked else "warning"
            hint = nearest(place.kind, words.PLACE_KINDS)
            expected = ", ".join(words.PLACE_KINDS)
            what = f"kind is {place.kind!r}"
            yield at(case, Kind.PLACES, key, what, "kind", expected=expected, hint=hint, severity=severity)


OLD_KIND = "account-kind"
_EITHER = "kind: statement with party, and without answers; or kind: reading, where the answers are one voice's"
NEW_KINDS = {
    AccountKind.VOICE: "kind: reading",
    AccountKind.PARTY: _EITHER,
    AccountKind.MONITOR: _EITHER,
    AccountKind.POOLED: "kind: reading, with its credence",
}


@register(RECORDS)
def check_old_accounts(case: Case) -> Iterator[Problem]:
    """Accounts of older kinds are read as readings of the record: a warning for each kind says what to write."""
    old: dict[AccountKind, list[str]] = {}
    for key, account in case.accounts.items():
        if account.kind.is_old:
            old.setdefault(account.kind, []).append(key)
    for kind, names in old.items():
        many = f"{len(names)} accounts are" if len(names) > 1 else "an account is"
        what = f"{many} of the old kind '{kind}', read as a reading of the record: {', '.join(names)}"
        expected = NEW_KINDS[kind]
        yield at(case, Kind.ACCOUNTS, names[0], what, "kind", expected=expected, check=OLD_KIND, severity="warning")


@register(RECORDS)
def check_incidents(case: Case) -> Iterator[Problem]:
    """Incidents name reports that exist; what is joined is not decided apart; a finding names the body that has it."""
    expected = "one of the events of the case"
    names = incidents_of(case)
    logs = (case.root / LOGS).is_dir()
    for key, incident in case.incidents.items():
        for number, report in enumerate(incident.reports):
            if report not in case.events:
                what = f"there is no event {report!r}"
                hint = nearest(report, case.events)
                severity: Severity = "warning" if logs and not hint else "error"
                more = f"{expected}, or of a log named with --events" if logs else expected
                yield at(
                    case, Kind.INCIDENTS, key, what, "reports", number, expected=more, hint=hint, severity=severity
                )
        if len(set(incident.reports)) < len(incident.reports) or not incident.reports:
            what = f"reports are {', '.join(incident.reports) or 'none'}"
            yield at(case, Kind.INCIDENTS, key, what, "reports", expected="ids of events, each once")
        if incident.apart:
            yield from _apart(case, key, incident, names)
        elif incident.joins and not (incident.by and incident.why):
            what = "it joins reports, and does not say who decided that and why"
            expected_keys = "the keys by and why"
            yield at(case, Kind.INCIDENTS, key, what, expected=expected_keys, severity="warning")
        if incident.status != Status.ALLEGED and not incident.found_by:
            what = f"status is {incident.status.value!r}, and nobody is named who looked into it"
            yield at(case, Kind.INCIDENTS, key, what, "status", expected="the key found_by: a source, actor or account")
        if incident.attributed and not incident.found_by:
            what = f"it is attributed to {', '.join(incident.attributed)} by nobody"
            yield at(case, Kind.INCIDENTS, key, what, "attributed", expected="the key found_by: the body that does so")
        if incident.violation:
            yield from _violation(case, key, incident.violation)


def _apart(case: Case, key: str, incident: Incident, names: Mapping[str, str]) -> Iterator[Problem]:
    if len(incident.reports) < 2:
        yield at(case, Kind.INCIDENTS, key, "it keeps one report apart", "reports", expected="two or more")
    first: dict[str, str] = {}
    for number, report in enumerate(incident.reports):
        name = names.get(report, report)
        if name in first:
            what = f"{first[name]} and {report} are decided to be apart, and {name!r} joins them"
            expected = "one of the two decisions, and the other taken out"
            yield at(case, Kind.INCIDENTS, key, what, "reports", number, expected=expected)
        first.setdefault(name, report)
    if any((incident.status != Status.ALLEGED, incident.attributed, incident.violation, incident.response_asked)):
        what = "what became of it stands with a decision that these are several happenings"
        yield at(case, Kind.INCIDENTS, key, what, expected="a record of its own for each happening")


def violation_classes(case: Case) -> dict[str, str]:
    """Return the classes of violation of all agreements: AGREEMENT/CLASS, and CLASS alone where one text has it."""
    full = {f"{a.id}/{name}": title for a in case.agreements.values() for name, title in a.violations.items()}
    alone = Counter(name for a in case.agreements.values() for name in a.violations)
    short = {n: t for a in case.agreements.values() for n, t in a.violations.items() if alone[n] == 1}
    return {**full, **short}


def _violation(case: Case, key: str, violation: str) -> Iterator[Problem]:
    classes = violation_classes(case)
    if violation not in classes:
        what = f"violation is {violation!r}"
        expected = f"one of {', '.join(classes)}" if classes else "a class that an agreement has under violations"
        hint = nearest(violation, classes)
        yield at(case, Kind.INCIDENTS, key, what, "violation", expected=expected, hint=hint)


MAX_ANCHOR_WORDS = 8
ANNOUNCED_DAYS = 31
MOST_YEARS = 40  # of a record: its days are counted one by one
AFTER = timedelta(days=366)  # how long after the record a run may start
RESOLVED = ("yes", "no")


@register(RECORDS)
def check_references(case: Case) -> Iterator[Problem]:
    """Every id that names another record names one that exists."""
    yield from dangling(case, references(case))


def dangling(case: Case, of: Iterable[Reference]) -> Iterator[Problem]:
    """Yield a problem for each of some references that names a record which the case does not have."""
    names: dict[str, set[str]] = {kind: set(case.records(kind)) for kind in _TARGETS}
    names["zones"] = {zone.id for zone in case.zones} | {place.sector for place in case.places.values() if place.sector}
    names["sectors"] = {place.sector for place in case.places.values() if place.sector}
    names["observed"] = set(case.observed)
    labels: dict[str, dict[str, str]] = {}
    empty: Counter[str] = Counter()
    targets: dict[str, set[str]] = {}
    for kind, key, path, target, value in of:
        if target not in targets:
            targets[target] = set().union(*(names[part] for part in target.split("|")))
        allowed = targets[target]
        if not allowed and target in (Kind.ACTORS, Kind.PLACES, Kind.SOURCES, Kind.DOCUMENTS, Kind.CLAIMS):
            empty[target] += 1
        elif value not in allowed:
            singular = " or ".join(part.removesuffix("s") for part in target.split("|"))
            if target not in labels:
                labels[target] = labels_of(case, target)
            hint = nearest(value, allowed, labels[target])
            yield at(
                case,
                kind,
                key,
                f"there is no {singular} {value!r}",
                *path,
                expected=f"one of the {target.replace('|', ' or ')} of the case",
                hint=hint,
            )
    for target, many in empty.items():
        file = f"{target}.csv" if target == Kind.PLACES else f"{target}.yaml"
        what = f"there are no {target}, and other files name one {many} time{'' if many == 1 else 's'}"
        yield Problem(file, 0, what, f"the {target} of the case")


_TARGETS = (
    Kind.SOURCES,
    Kind.DOCUMENTS,
    Kind.CLAIMS,
    Kind.DISPUTES,
    Kind.ACCOUNTS,
    Kind.ACTORS,
    Kind.AGREEMENTS,
    Kind.COMMITMENTS,
    Kind.PARAMETERS,
    Kind.OPTIONS,
    Kind.ISSUES,
    Kind.PLACES,
    Kind.EVENTS,
    Kind.SCENARIOS,
    Kind.THREADS,
    Kind.SIGNALS,
)


@register(RECORDS)
def check_answers(case: Case) -> Iterator[Problem]:
    """Accounts choose answers that exist, and answers choose readings that exist; answer ids are given once."""
    for key, dispute in case.disputes.items():
        ids = [answer.id for answer in dispute.answers]
        if len(ids) < 2 or len(set(ids)) != len(ids):
            yield at(
                case,
                Kind.DISPUTES,
                key,
                f"the answers are {', '.join(ids)}",
                "answers",
                expected="two or more, each once",
            )
        for number, answer in enumerate(dispute.answers):
            for commitment, reading in answer.sets.readings.items():
                readings = (
                    [r.id for r in case.commitments[commitment].readings] if commitment in case.commitments else []
                )
                if reading not in (*readings, "text"):
                    what = f"{commitment} has no reading {reading!r}"
                    path = ("answers", number, "sets", "readings", commitment)
                    yield at(
                        case,
                        Kind.DISPUTES,
                        key,
                        what,
                        *path,
                        expected=", ".join(["text", *readings]),
                        hint=nearest(reading, readings),
                    )
    for key, account in case.accounts.items():
        chosen: list[tuple[str, str, tuple[str, ...]]] = [(d, a, ("answers", d)) for d, a in account.answers.items()]
        chosen += [(d, a, ("weights", d, a)) for d, w in account.weights.items() for a in w]
        for dispute_id, answer_id, where in chosen:
            if dispute_id in case.disputes:
                answers = [a.id for a in case.disputes[dispute_id].answers]
                if answer_id not in answers:
                    what = f"{dispute_id} has no answer {answer_id!r}"
                    yield at(
                        case,
                        Kind.ACCOUNTS,
                        key,
                        what,
                        *where,
                        expected=", ".join(answers),
                        hint=nearest(answer_id, answers),
                    )


@register(RECORDS)
def check_anchors(case: Case) -> Iterator[Problem]:
    """Anchors have one to eight words and stand in a paragraph the document has."""
    for key, claim in case.claims.items():
        document = case.documents.get(claim.document)
        for number, anchor in enumerate(claim.at):
            length = len(anchor.anchor.split())
            if not 1 <= length <= MAX_ANCHOR_WORDS:
                what = f"the anchor has {length} words"
                yield at(case, Kind.CLAIMS, key, what, "at", number, "anchor", expected="one to eight words")
            last = document.paragraphs if document else 0
            if anchor.paragraph < 1 or (last and anchor.paragraph > last):
                what = f"paragraph {anchor.paragraph} does not exist"
                expected = f"1 to {last}" if last else "1 or more"
                yield at(case, Kind.CLAIMS, key, what, "at", number, "paragraph", expected=expected)


@register(RECORDS)
def check_origins(case: Case) -> Iterator[Problem]:
    """Every claim, parameter, stake, option, event and commitment says where it comes from."""
    for key, claim in case.claims.items():
        if not claim.document and not claim.citation:
            yield at(
                case, Kind.CLAIMS, key, "the claim has neither a document nor a citation", expected="one of the two"
            )
        if claim.document and not claim.at:
            yield at(
                case, Kind.CLAIMS, key, "the claim has no place in its document", expected="at: {paragraph, anchor}"
            )
        if not claim.chain:
            yield at(case, Kind.CLAIMS, key, "the chain is empty", expected="the teller at least")
    for kind in (Kind.PARAMETERS, Kind.STAKES, Kind.OPTIONS, Kind.ISSUES, Kind.COMMITMENTS):
        for key, record in case.records(kind).items():
            if not (record.claims or getattr(record, "citation", "") or record.assumed):
                what = f"the {kind[:-1]} has no origin"
                yield at(case, kind, key, what, expected="claims, a citation, or 'assumed: why'")
    for key, event in case.events.items():
        if not (event.claims or event.source):
            yield at(case, Kind.EVENTS, key, "the event has no origin", expected="claims or a source")
    for key, dispute in case.disputes.items():
        for number, answer in enumerate(dispute.answers):
            if not (answer.claims or answer.assumed):
                what = f"the answer {answer.id!r} has no claim"
                yield at(case, Kind.DISPUTES, key, what, "answers", number, expected="claims, or 'assumed: why'")


@register(RECORDS)
def check_numbers(case: Case) -> Iterator[Problem]:
    """Parameters lie in their ranges, low stands before high, people can be counted, and shares sum to 1.

    That every number is finite and in its bounds has been seen as the records were read (values.py).
    """
    for key, parameter in case.parameters.items():
        low, high = parameter.range
        if low <= high and not low <= parameter.value <= high:
            what = f"the value {parameter.value:g} lies outside the range"
            yield at(case, Kind.PARAMETERS, key, what, "value", expected=f"{low:g} to {high:g}")
        elif low > high:
            yield at(
                case, Kind.PARAMETERS, key, f"the range is {low:g} to {high:g}", "range", expected="low, then high"
            )
    people = sum(place.residents + place.displaced for place in case.places.values())
    if people > MOST_AT_ALL:
        expected = f"up to {MOST_AT_ALL:,} in all places together"
        yield Problem("places.csv", 0, f"residents and displaced are {people:,} people", expected)
    for key, event in case.events.items():
        if event.low is not None and event.high is not None and event.low > event.high:
            what = f"low is {event.low:g} and high is {event.high:g}"
            yield at(case, Kind.EVENTS, key, what, "low", expected="low up to high")
    for key, claim in case.claims.items():
        quantity = claim.says
        if not isinstance(quantity, QuantitySaid):
            continue
        for name in ("value", "low", "high"):
            number = getattr(quantity, name)
            if number is not None and number < 0:
                yield at(case, Kind.CLAIMS, key, f"{name} is {number:g}", "says", name, expected="zero or more")
        if quantity.low is not None and quantity.high is not None and quantity.low > quantity.high:
            what = f"low is {quantity.low:g} and high is {quantity.high:g}"
            yield at(case, Kind.CLAIMS, key, what, "says", "low", expected="low up to high")
    for account, record in case.accounts.items():
        shares = [record.credence] if record.credence else []
        for share in [*shares, *record.weights.values()]:
            if not abs(sum(share.values()) - 1) <= 1e-6:
                what = f"the weights sum to {sum(share.values()):g}"
                yield at(case, Kind.ACCOUNTS, account, what, "credence", expected="weights from 0 to 1 that sum to 1")
    if not case.accounts:
        yield Problem("accounts.yaml", 0, "there is no account", "an account: whose version of what happened is read")
    totals: dict[str, float] = {}
    for stake in case.stakes.values():
        issue = case.issues.get(stake.issue)
        if issue is not None and issue.arena:
            continue
        totals[stake.actor] = totals.get(stake.actor, 0.0) + stake.salience
    for key, stake in case.stakes.items():
        if stake.actor in totals and not abs((total := totals.pop(stake.actor)) - 1) <= 1e-6:
            what = f"the saliences of {stake.actor!r} do not sum to 1: they sum to {total:g}"
            yield at(case, Kind.STAKES, key, what, "salience", expected="saliences that sum to 1 for each actor")


@register(RECORDS)
def check_region(case: Case) -> Iterator[Problem]:
    """The region runs from west to east and from south to north, in degrees."""
    west, south, east, north = case.about.region
    if not (-180 <= west < east <= 360 and -90 <= south < north <= 90 and east - west <= 360):
        expected = "west, south, east, north in degrees; a region across the 180th meridian has an east beyond 180"
        where = case.written.get((Kind.CASE, case.about.id))
        line = where.at("region") if where else 0
        yield Problem("case.yaml", line, f"region is {west:g}, {south:g}, {east:g}, {north:g}", expected)


@register(RECORDS)
def check_places(case: Case) -> Iterator[Problem]:
    """Places lie inside the region of the case, unless they stand for what lies beyond it."""
    west, south, east, north = case.about.region
    outside = [
        (key, place)
        for key, place in case.places.items()
        if place.kind != "beyond" and not (west <= place.lon <= east and south <= place.lat <= north)
    ]
    inside = sum(place.kind != "beyond" for place in case.places.values()) - len(outside)
    turned = all(south <= p.lon <= north and west <= p.lat <= east for _, p in outside)
    if len(outside) > 1 and not inside and turned:  # told once, for it is one mistake
        where = case.written.get((Kind.CASE, case.about.id))
        what = f"no place lies in the region {west:g}, {south:g}, {east:g}, {north:g}, and all do the other way round"
        expected = "region: [west, south, east, north] in case.yaml; lat (north) and lon (east) in places.csv"
        hint = "one of the two has latitude and longitude changed"
        yield Problem("case.yaml", where.at("region") if where else 0, what, expected, hint)
        return
    for key, place in outside:
        what = f"{place.name} ({place.lat:g}, {place.lon:g}) lies outside the region"
        expected = f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}, or kind 'beyond'"
        other_way_round = west <= place.lat <= east and south <= place.lon <= north
        hint = "lat and lon changed places" if other_way_round else ""
        yield at(case, Kind.PLACES, key, what, "lat", expected=expected, hint=hint)


@register(RECORDS)
def check_zones(case: Case) -> Iterator[Problem]:
    """Zones touch the region of the case, or hold one of its places."""
    west, south, east, north = region = case.about.region
    for zone in case.zones:
        box = extent(zone.geometry)
        near = touches(box, region)
        if near or any(box[0] <= p.lon <= box[2] and box[1] <= p.lat <= box[3] for p in case.places.values()):
            continue
        what = f"{zone.id} lies at {box[0]:g} to {box[2]:g} east, {box[1]:g} to {box[3]:g} north, outside the region"
        expected = f"a zone within longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"
        hint = "latitude and longitude are the wrong way round" if touches(other_way_round(box), region) else ""
        yield Problem("zones.geojson", zone.line, what, expected, hint)


@register(RECORDS)
def check_routes(case: Case) -> Iterator[Problem]:
    """Routes join two different places once, over a positive distance."""
    firsts: dict[frozenset[str], str] = {}
    for key, route in case.records(Kind.ROUTES).items():
        pair = frozenset((route.a, route.b))
        if route.a == route.b:
            yield at(case, Kind.ROUTES, key, f"the route joins {route.a!r} with itself", expected="two places")
        elif pair in firsts:
            yield at(
                case,
                Kind.ROUTES,
                key,
                f"the route {route.a} to {route.b} is given twice",
                hint=f"first at {firsts[pair]}",
            )
        firsts.setdefault(pair, key)
        if not route.km > 0:
            yield at(case, Kind.ROUTES, key, f"km is {route.km:g}", "km", expected="a distance above zero")


@register(RECORDS)
def check_commitments(case: Case) -> Iterator[Problem]:
    """Commitments have an observable consequent, deadlines after their start, and do not supersede in circles."""
    for key, c in case.commitments.items():
        if not (c.then or c.forbid or c.observable):
            what = "the commitment has no consequent that can be observed"
            yield at(case, Kind.COMMITMENTS, key, what, expected="then, forbid, or 'observable: why not'")
        start = c.from_.start
        for name in ("by", "until"):
            end = getattr(c, name)
            if end and end.end and start and end.end < start:
                what = f"{name} {end} lies before from {c.from_}"
                yield at(case, Kind.COMMITMENTS, key, what, name, expected="a day on or after its start")
    for kind in (Kind.COMMITMENTS, Kind.AGREEMENTS):
        records = case.records(kind)
        for key in records:
            trail, ahead = {key}, list(records[key].supersedes)
            while ahead:
                step = ahead.pop()
                if step == key:
                    what = f"the {kind[:-1]} {key!r} supersedes itself"
                    hint = "directly" if key in records[key].supersedes else f"through {records[key].supersedes[0]}"
                    yield at(case, kind, key, what, "supersedes", expected="an earlier one", hint=hint)
                    break
                if step not in trail and step in records:
                    trail.add(step)
                    ahead += records[step].supersedes


@register(RECORDS)
def check_dates(case: Case) -> Iterator[Problem]:
    """Recorded events lie inside the period of the case and are not known long before they happen."""
    first, last = case.about.period.start, case.about.period.end
    for key, event in case.events.items():
        if first and event.date.end and event.date.end < first:
            what = f"the event of {event.date} lies before the period of the case"
            yield at(case, Kind.EVENTS, key, what, "date", expected=f"a day from {first}")
        if last and event.date.start and event.date.start > last:
            what = f"the event of {event.date} lies after the period of the case"
            yield at(case, Kind.EVENTS, key, what, "date", expected=f"a day up to {last}")
        publication = event.known
        # What takes effect later may be announced a few days ahead; more than a month is a slip of the pen.
        if (
            publication
            and publication.end
            and event.date.start
            and (event.date.start - publication.end).days > ANNOUNCED_DAYS
        ):
            what = f"known on {publication}, long before it happens on {event.date}"
            yield at(case, Kind.EVENTS, key, what, "known", expected=f"at most {ANNOUNCED_DAYS} days ahead of the date")
        elif (
            publication
            and publication.end
            and event.date.start
            and publication.end < event.date.start
            and is_a(event.type, "assault")
        ):
            what = f"known on {publication}, before it happens on {event.date}"
            yield at(case, Kind.EVENTS, key, what, "known", expected="the day of the violence, or a later one")


# Keys of one record that hold a first and a last day.
_INTERVALS: tuple[tuple[Kind, str, str], ...] = (
    (Kind.CLOSURES, "from", "until"),
    (Kind.COVERAGE, "from", "to"),
    (Kind.OBSERVED, "from", "to"),
)


def _before(last: When | None, first: When | None) -> bool:
    """Whether all of ``last`` certainly lies before all of ``first``; what is not given is in order."""
    return bool(last and first and last.end and first.start and last.end < first.start)


@register(RECORDS)
def check_intervals(case: Case) -> Iterator[Problem]:
    """What has a first and a last day ends on or after its first; a deadline lies within the life of what it ends."""
    for kind, first, last in _INTERVALS:
        for key, record in case.records(kind).items():
            begin, end = getattr(record, f"{first}_" if first == "from" else first), getattr(record, last)
            if _before(end, begin):
                what = f"{last} {end} lies before {first} {begin}"
                yield at(case, kind, key, what, last, expected="a day on or after the first")
    for key, scenario in case.scenarios.items():
        for number, change in enumerate(scenario.changes):
            if _before(change.until, change.from_):
                what = f"until {change.until} lies before from {change.from_}"
                path = ("changes", number, "until")
                yield at(case, Kind.SCENARIOS, key, what, *path, expected="a day on or after the first")
    for key, commitment in case.commitments.items():
        if _before(commitment.until, commitment.by):
            what = f"by {commitment.by} lies after until {commitment.until}, its last day"
            yield at(case, Kind.COMMITMENTS, key, what, "by", expected="a day up to its last", severity="warning")


@register(RECORDS)
def check_published(case: Case) -> Iterator[Problem]:
    """A figure is published once what it counts has begun, and a correction not before what it corrects."""
    for key, figure in case.observed.items():
        try:
            published = When.parse(figure.published) if figure.published else None
        except ValueError as error:
            expected = str(error).removeprefix("expected ")
            what = f"published is {figure.published[:40]!r}"
            yield at(case, Kind.OBSERVED, key, what, "published", expected=expected)
            continue
        if _before(published, figure.from_):
            what = f"published {published}, before what it counts begins on {figure.from_}"
            yield at(case, Kind.OBSERVED, key, what, "published", expected="a day on or after from")
    for key, claim in case.claims.items():
        for number, name in enumerate(claim.supersedes):
            old = case.claims.get(name)
            mine, theirs = _published(case, claim), _published(case, old) if old else None
            if name != key and _before(mine, theirs):
                what = f"it was published on {mine}, before {name!r} of {theirs}, which it corrects"
                yield at(case, Kind.CLAIMS, key, what, "supersedes", number, expected="an earlier claim")


def _published(case: Case, claim: Claim) -> When | None:
    document = case.documents.get(claim.document)
    return document.published if document else claim.published


@register(RECORDS)
def check_agreement_dates(case: Case) -> Iterator[Problem]:
    """An agreement is not older than what it replaces, and a clause does not bind before its text was agreed."""
    for key, agreement in case.agreements.items():
        for number, name in enumerate(agreement.supersedes):
            old = case.agreements.get(name)
            if old is not None and name != key and _before(agreement.date, old.date):
                what = f"its date {agreement.date} lies before that of {name!r}, {old.date}, which it supersedes"
                yield at(case, Kind.AGREEMENTS, key, what, "supersedes", number, expected="an earlier agreement")
    for key, commitment in case.commitments.items():
        text = case.agreements.get(commitment.agreement)
        if text is not None and _before(commitment.from_, text.date):
            what = f"from {commitment.from_} lies before {text.id!r} was made on {text.date}"
            expected = "a day on or after that of its agreement"
            yield at(case, Kind.COMMITMENTS, key, what, "from", expected=expected, severity="warning")


@register(RECORDS)
def check_changes(case: Case) -> Iterator[Problem]:
    """A change of a scenario falls into the run that the case plays, or a run as the case has it never sees it."""
    start = case.about.start.start
    if start is None:
        return
    last = start + timedelta(days=case.about.days - 1)
    for key, scenario in case.scenarios.items():
        for number, change in enumerate(scenario.changes):
            begin = change.from_.start if change.from_ else None
            end = change.until.end if change.until else None
            if (begin and begin > last) or (end and end < start):
                days = f"{change.from_ or '..'} to {change.until or '..'}"
                what = f"the change of {days} lies outside the run of {start} to {last}"
                expected = "a day of the run, unless --start and --days are given"
                path = ("changes", number, "from" if change.from_ else "until")
                yield at(case, Kind.SCENARIOS, key, what, *path, expected=expected, severity="warning")


@register(RECORDS)
def check_span(case: Case) -> Iterator[Problem]:
    """Events and commitments begin within the years that one ledger can cover."""
    about = case.about
    last = about.period.end or about.start.start
    if last is None:
        return
    days = [(Kind.EVENTS, key, "date", event.date.start) for key, event in case.events.items()]
    days += [(Kind.COMMITMENTS, key, "from", record.from_.start) for key, record in case.commitments.items()]
    for kind, key, name, day in days:
        if day and abs((last - day).days) > MOST_YEARS * 365.25:
            what = f"{name} {day} lies {abs(last.year - day.year)} years from the end of the record"
            yield at(case, kind, key, what, name, expected=f"a day within {MOST_YEARS} years of {last}")


@register(RECORDS)
def check_start(case: Case) -> Iterator[Problem]:
    """A run starts within the record, or up to a year after it."""
    about = case.about
    start, first, last = about.start.start, about.period.start, about.period.end
    if start is None:
        yield at(case, Kind.CASE, about.id, f"start is {about.start}", "start", expected="the first day of a run")
    elif (first and start < first) or (last and start > last + AFTER):
        expected = f"a day of the period {about.period}, or of the year after it"
        yield at(case, Kind.CASE, about.id, f"start is {about.start}", "start", expected=expected)


@register(RECORDS)
def check_questions(case: Case) -> Iterator[Problem]:
    """Questions are asked within the record, end on or after that day, and are resolved by yes, no, or not at all."""
    first, last = case.about.period.start, case.about.period.end
    for key, question in case.questions.items():
        cutoff, deadline = question.cutoff.start, question.deadline.end
        if cutoff and ((first and cutoff < first) or (last and cutoff > last + AFTER)):
            expected = f"a day of the period {case.about.period}, or of the year after it"
            yield at(case, Kind.QUESTIONS, key, f"cutoff is {question.cutoff}", "cutoff", expected=expected)
        if cutoff and deadline and deadline < cutoff:
            what = f"deadline {question.deadline} lies before cutoff {question.cutoff}"
            yield at(case, Kind.QUESTIONS, key, what, "deadline", expected="a day on or after the cut-off")
        if question.resolved not in ("", *RESOLVED):
            hint = nearest(question.resolved, RESOLVED)
            expected = "yes, no, or nothing where the record does not resolve it"
            yield at(
                case,
                Kind.QUESTIONS,
                key,
                f"resolved is {question.resolved!r}",
                "resolved",
                expected=expected,
                hint=hint,
            )


# One check of a case: the checks of its records, then those that the other rooms and plug-ins add.


def checks(*, rooms: bool = True) -> tuple[Check, ...]:
    """Return the checks in the order they run: of records, and with ``rooms`` of the rooms above and of plug-ins.

    The modules of rooms and plug-ins are imported here, since they bring geometry and arrays. Raises StandoffError
    where a plug-in cannot be imported.
    """
    if rooms:
        for modules in ROOMS.values():
            for module in modules:
                importlib.import_module(module)
        _import_plugins()
    order = {room: number for number, room in enumerate((RECORDS, *ROOMS))}
    chosen = (check for check in _REGISTRY.values() if rooms or check.room == RECORDS)
    return tuple(sorted(chosen, key=lambda check: (order.get(check.room, len(order)), check.room, check.name)))


@cache
def _import_plugins() -> None:
    for name in plugin_names(CHECKS):
        load_plugin(CHECKS, name)


def check_room(case: Case, room: str) -> list[Problem]:
    """Run the checks of one room alone; return problems sorted by file and line."""
    return _run(case, (c for c in checks(rooms=room != RECORDS) if c.room == room))


def check(case: Case) -> list[Problem]:
    """Run every check of every room.

    Those of the rooms above run once the records themselves are sound: they follow references and count days.

    Parameters
    ----------
    case : Case
        As `standoff.read` returns it.

    Returns
    -------
    list of Problem
        Errors and warnings, sorted by file and line; empty for a case without any.

    Examples
    --------
    >>> import standoff as so
    >>> so.check(so.load("idlib"))
    []
    """
    return check_again(case, None)


def check_again(case: Case, session: Session | None) -> list[Problem]:
    """Run the checks of a case as `check` does; with a ``session`` those alone that look at something new.

    New is what changed since the folder was read last. Checks of plug-ins, which may look anywhere, always run.
    """
    problems = [p for p in case.problems if p.check in READING]  # seen as the files were read, and in no record
    problems += _run(case, (c for c in checks(rooms=False) if c.room == RECORDS), session)
    if not any(p.severity == "error" for p in problems):
        problems += _run(case, (c for c in checks() if c.room != RECORDS), session)
    return sorted(problems, key=lambda p: p.sort_key)


def _run(case: Case, chosen: Iterable[Check], session: Session | None = None) -> list[Problem]:
    def of(rule: Rule) -> Iterable[Problem]:
        own = rule.__module__.startswith("standoff.")
        return session.problems(rule) if session is not None and own else rule(case)

    problems = (p if p.check else replace(p, check=c.name) for c in chosen for p in of(c.rule))
    return sorted(problems, key=lambda p: p.sort_key)
