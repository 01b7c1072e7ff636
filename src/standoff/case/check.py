"""Named checks of a case that can be read: each ``check_*`` yields problems with file, line and nearest valid name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from standoff.case.check_words import (
    check_closures,
    check_old_accounts,
    check_outcomes,
    check_place_kinds,
    check_types,
    check_words,
)
from standoff.case.geometry import extent
from standoff.case.model import Case
from standoff.case.outlines import check_outlines
from standoff.case.references import references
from standoff.case.saying import QuantitySaid
from standoff.case.vocabulary import is_a
from standoff.case.where import at, items
from standoff.errors import Problem, nearest

MAX_ANCHOR_WORDS = 8
ANNOUNCED_DAYS = 31
MOST_YEARS = 40  # of a record: its days are counted one by one
AFTER = timedelta(days=366)  # how long after the record a run may start
RESOLVED = ("yes", "no")
MOST_AT_ALL = 2_000_000_000  # people: what whole numbers of 32 bits hold


def check_references(case: Case) -> Iterator[Problem]:
    """Every id that names another record names one that exists."""
    names = {kind: set(getattr(case, kind)) for kind in _TARGETS}
    names["zones"] = {zone.id for zone in case.zones} | {place.sector for place in case.places.values() if place.sector}
    names["sectors"] = {place.sector for place in case.places.values() if place.sector}
    names["observed"] = set(case.observed)
    for kind, key, path, target, value in references(case):
        allowed: set[str] = set().union(*(names[part] for part in target.split("|")))
        if value not in allowed:
            singular = " or ".join(part.removesuffix("s") for part in target.split("|"))
            hint = nearest(value, allowed)
            yield at(
                case,
                kind,
                key,
                f"there is no {singular} {value!r}",
                *path,
                expected=f"one of the {target.replace('|', ' or ')} of the case",
                hint=hint,
            )


_TARGETS = (
    "sources", "documents", "claims", "disputes", "accounts", "actors", "agreements", "commitments", "parameters",
    "options", "issues", "places", "events", "scenarios",
)  # fmt: skip


def check_answers(case: Case) -> Iterator[Problem]:
    """Accounts choose answers that exist, and answers choose readings that exist; answer ids are given once."""
    for key, dispute in case.disputes.items():
        ids = [answer.id for answer in dispute.answers]
        if len(ids) < 2 or len(set(ids)) != len(ids):
            yield at(
                case, "disputes", key, f"the answers are {', '.join(ids)}", "answers", expected="two or more, each once"
            )
        for number, answer in enumerate(dispute.answers):
            for commitment, reading in answer.sets.readings.items():
                known = [r.id for r in case.commitments[commitment].readings] if commitment in case.commitments else []
                if reading not in (*known, "text"):
                    what = f"{commitment} has no reading {reading!r}"
                    path = ("answers", number, "sets", "readings", commitment)
                    yield at(
                        case,
                        "disputes",
                        key,
                        what,
                        *path,
                        expected=", ".join(["text", *known]),
                        hint=nearest(reading, known),
                    )
    for key, account in case.accounts.items():
        chosen: list[tuple[str, str, tuple[str, ...]]] = [(d, a, ("answers", d)) for d, a in account.answers.items()]
        chosen += [(d, a, ("weights", d, a)) for d, w in account.weights.items() for a in w]
        for dispute_id, answer_id, where in chosen:
            if dispute_id in case.disputes:
                known = [a.id for a in case.disputes[dispute_id].answers]
                if answer_id not in known:
                    what = f"{dispute_id} has no answer {answer_id!r}"
                    yield at(
                        case, "accounts", key, what, *where, expected=", ".join(known), hint=nearest(answer_id, known)
                    )


def check_anchors(case: Case) -> Iterator[Problem]:
    """Anchors have one to eight words and stand in a paragraph the document has."""
    for key, claim in case.claims.items():
        document = case.documents.get(claim.document)
        for number, anchor in enumerate(claim.at):
            length = len(anchor.anchor.split())
            if not 1 <= length <= MAX_ANCHOR_WORDS:
                what = f"the anchor has {length} words"
                yield at(case, "claims", key, what, "at", number, "anchor", expected="one to eight words")
            last = document.paragraphs if document else 0
            if anchor.paragraph < 1 or (last and anchor.paragraph > last):
                what = f"paragraph {anchor.paragraph} does not exist"
                expected = f"1 to {last}" if last else "1 or more"
                yield at(case, "claims", key, what, "at", number, "paragraph", expected=expected)


def check_origins(case: Case) -> Iterator[Problem]:
    """Every claim, parameter, stake, option, event and commitment says where it comes from."""
    for key, claim in case.claims.items():
        if not claim.document and not claim.citation:
            yield at(case, "claims", key, "the claim has neither a document nor a citation", expected="one of the two")
        if claim.document and not claim.at:
            yield at(case, "claims", key, "the claim has no place in its document", expected="at: {paragraph, anchor}")
        if not claim.chain:
            yield at(case, "claims", key, "the chain is empty", expected="the teller at least")
    for kind in ("parameters", "stakes", "options", "issues", "commitments"):
        for key, record in getattr(case, kind).items():
            if not (record.claims or getattr(record, "citation", "") or record.assumed):
                what = f"the {kind[:-1]} has no origin"
                yield at(case, kind, key, what, expected="claims, a citation, or 'assumed: why'")
    for key, event in case.events.items():
        if not (event.claims or event.source):
            yield at(case, "events", key, "the event has no origin", expected="claims or a source")
    for key, dispute in case.disputes.items():
        for number, answer in enumerate(dispute.answers):
            if not (answer.claims or answer.assumed):
                what = f"the answer {answer.id!r} has no claim"
                yield at(case, "disputes", key, what, "answers", number, expected="claims, or 'assumed: why'")


def check_numbers(case: Case) -> Iterator[Problem]:
    """Parameters lie in their ranges, low stands before high, people can be counted, and shares sum to 1.

    That every number is finite and in its bounds has been seen as the records were read (values.py).
    """
    for key, parameter in case.parameters.items():
        low, high = parameter.range
        if low <= high and not low <= parameter.value <= high:
            what = f"the value {parameter.value:g} lies outside the range"
            yield at(case, "parameters", key, what, "value", expected=f"{low:g} to {high:g}")
        elif low > high:
            yield at(case, "parameters", key, f"the range is {low:g} to {high:g}", "range", expected="low, then high")
    people = sum(place.residents + place.displaced for place in case.places.values())
    if people > MOST_AT_ALL:
        expected = f"up to {MOST_AT_ALL:,} in all places together"
        yield Problem("places.csv", 0, f"residents and displaced are {people:,} people", expected)
    for key, event in case.events.items():
        if event.low is not None and event.high is not None and event.low > event.high:
            what = f"low is {event.low:g} and high is {event.high:g}"
            yield at(case, "events", key, what, "low", expected="low up to high")
    for key, claim in case.claims.items():
        said = claim.says
        if not isinstance(said, QuantitySaid):
            continue
        for name in ("value", "low", "high"):
            number = getattr(said, name)
            if number is not None and number < 0:
                yield at(case, "claims", key, f"{name} is {number:g}", "says", name, expected="zero or more")
        if said.low is not None and said.high is not None and said.low > said.high:
            what = f"low is {said.low:g} and high is {said.high:g}"
            yield at(case, "claims", key, what, "says", "low", expected="low up to high")
    for account, record in case.accounts.items():
        shares = [record.credence] if record.credence else []
        for share in [*shares, *record.weights.values()]:
            if not abs(sum(share.values()) - 1) <= 1e-6:
                what = f"the weights sum to {sum(share.values()):g}"
                yield at(case, "accounts", account, what, "credence", expected="weights from 0 to 1 that sum to 1")
    if not case.accounts:
        yield Problem("accounts.yaml", 0, "there is no account", "an account: whose version of what happened is read")
    totals: dict[str, float] = {}
    for stake in case.stakes.values():
        totals[stake.actor] = totals.get(stake.actor, 0.0) + stake.salience
    for key, stake in case.stakes.items():
        if stake.actor in totals and not abs(totals.pop(stake.actor) - 1) <= 1e-6:
            what = f"the saliences of {stake.actor!r} do not sum to 1"
            yield at(case, "stakes", key, what, "salience", expected="saliences that sum to 1 for each actor")


def check_region(case: Case) -> Iterator[Problem]:
    """The region runs from west to east and from south to north, in degrees."""
    west, south, east, north = case.about.region
    if not (-180 <= west < east <= 360 and -90 <= south < north <= 90 and east - west <= 360):
        expected = "west, south, east, north in degrees; a region across the 180th meridian has an east beyond 180"
        yield Problem("case.yaml", 0, f"region is {west:g}, {south:g}, {east:g}, {north:g}", expected)


def check_places(case: Case) -> Iterator[Problem]:
    """Places lie inside the region of the case, unless they stand for what lies beyond it."""
    west, south, east, north = case.about.region
    for key, place in case.places.items():
        if place.kind != "beyond" and not (west <= place.lon <= east and south <= place.lat <= north):
            what = f"{place.name} ({place.lat:g}, {place.lon:g}) lies outside the region"
            expected = f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}, or kind 'beyond'"
            turned = west <= place.lat <= east and south <= place.lon <= north
            hint = "lat and lon changed places" if turned else ""
            yield at(case, "places", key, what, "lat", expected=expected, hint=hint)


def check_zones(case: Case) -> Iterator[Problem]:
    """Zones touch the region of the case, or hold one of its places."""
    west, south, east, north = case.about.region
    for zone in case.zones:
        box = extent(zone.geometry)
        near = any(
            box[0] + turn <= east and west <= box[2] + turn and box[1] <= north and south <= box[3]
            for turn in (0, 360, -360)
        )
        if near or any(box[0] <= p.lon <= box[2] and box[1] <= p.lat <= box[3] for p in case.places.values()):
            continue
        what = f"{zone.id} lies at {box[0]:g} to {box[2]:g} east, {box[1]:g} to {box[3]:g} north, outside the region"
        expected = f"a zone within longitude {west:g} to {east:g}, latitude {south:g} to {north:g}"
        yield Problem("zones.geojson", zone.line, what, expected)


def check_routes(case: Case) -> Iterator[Problem]:
    """Routes join two different places once, over a positive distance."""
    seen: dict[frozenset[str], str] = {}
    for (key, _), route in zip(items(case, "routes", case.routes), case.routes, strict=True):
        pair = frozenset((route.a, route.b))
        if route.a == route.b:
            yield at(case, "routes", key, f"the route joins {route.a!r} with itself", expected="two places")
        elif pair in seen:
            yield at(
                case, "routes", key, f"the route {route.a} to {route.b} is given twice", hint=f"first at {seen[pair]}"
            )
        seen.setdefault(pair, key)
        if not route.km > 0:
            yield at(case, "routes", key, f"km is {route.km:g}", "km", expected="a distance above zero")


def check_commitments(case: Case) -> Iterator[Problem]:
    """Commitments have an observable consequent, deadlines after their start, and do not supersede in circles."""
    for key, c in case.commitments.items():
        if not (c.then or c.forbid or c.observable):
            what = "the commitment has no consequent that can be observed"
            yield at(case, "commitments", key, what, expected="then, forbid, or 'observable: why not'")
        start = c.from_.start
        for name in ("by", "until"):
            end = getattr(c, name)
            if end and end.end and start and end.end < start:
                what = f"{name} {end} lies before from {c.from_}"
                yield at(case, "commitments", key, what, name, expected="a day on or after its start")
    for kind in ("commitments", "agreements"):
        records = getattr(case, kind)
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


def check_dates(case: Case) -> Iterator[Problem]:
    """Recorded events lie inside the period of the case and are not known long before they happen."""
    last = case.about.period.end
    for key, event in case.events.items():
        if last and event.date.start and event.date.start > last:
            what = f"the event of {event.date} lies after the period of the case"
            yield at(case, "events", key, what, "date", expected=f"a day up to {last}")
        known = event.known
        # What takes effect later may be announced a few days ahead; more than a month is a slip of the pen.
        if known and known.end and event.date.start and (event.date.start - known.end).days > ANNOUNCED_DAYS:
            what = f"known on {known}, long before it happens on {event.date}"
            yield at(case, "events", key, what, "known", expected=f"at most {ANNOUNCED_DAYS} days ahead of the date")
        elif known and known.end and event.date.start and known.end < event.date.start and is_a(event.type, "assault"):
            what = f"known on {known}, before it happens on {event.date}"
            yield at(case, "events", key, what, "known", expected="the day of the violence, or a later one")


def check_span(case: Case) -> Iterator[Problem]:
    """Events and commitments begin within the years that one ledger can cover."""
    about = case.about
    last = about.period.end or about.start.start
    if last is None:
        return
    days = [("events", key, "date", event.date.start) for key, event in case.events.items()]
    days += [("commitments", key, "from", record.from_.start) for key, record in case.commitments.items()]
    for kind, key, name, day in days:
        if day and abs((last - day).days) > MOST_YEARS * 365.25:
            what = f"{name} {day} lies {abs(last.year - day.year)} years from the end of the record"
            yield at(case, kind, key, what, name, expected=f"a day within {MOST_YEARS} years of {last}")


def check_start(case: Case) -> Iterator[Problem]:
    """A run starts within the record, or up to a year after it."""
    about = case.about
    start, first, last = about.start.start, about.period.start, about.period.end
    if start is None:
        yield at(case, "case", about.id, f"start is {about.start}", "start", expected="the first day of a run")
    elif (first and start < first) or (last and start > last + AFTER):
        expected = f"a day of the period {about.period}, or of the year after it"
        yield at(case, "case", about.id, f"start is {about.start}", "start", expected=expected)


def check_questions(case: Case) -> Iterator[Problem]:
    """Questions end on or after the day they are asked, and are resolved by yes, no, or not at all."""
    for key, question in case.questions.items():
        cutoff, deadline = question.cutoff.start, question.deadline.end
        if cutoff and deadline and deadline < cutoff:
            what = f"deadline {question.deadline} lies before cutoff {question.cutoff}"
            yield at(case, "questions", key, what, "deadline", expected="a day on or after the cut-off")
        if question.resolved not in ("", *RESOLVED):
            hint = nearest(question.resolved, RESOLVED)
            expected = "yes, no, or nothing where the record does not resolve it"
            yield at(
                case, "questions", key, f"resolved is {question.resolved!r}", "resolved", expected=expected, hint=hint
            )


CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    check_types,
    check_words,
    check_old_accounts,
    check_outcomes,
    check_place_kinds,
    check_closures,
    check_references,
    check_answers,
    check_anchors,
    check_origins,
    check_numbers,
    check_region,
    check_outlines,
    check_places,
    check_zones,
    check_routes,
    check_commitments,
    check_dates,
    check_span,
    check_start,
    check_questions,
)


def check(case: Case) -> list[Problem]:
    """Run every check and return the problems, errors and warnings, sorted by file and line."""
    return sorted((problem for run in CHECKS for problem in run(case)), key=lambda p: p.sort_key)
