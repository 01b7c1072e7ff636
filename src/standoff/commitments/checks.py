"""Named checks of commitments: what can be read but cannot be meant. Each ``check_*`` yields problems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from standoff.case.checks import register
from standoff.case.model import Case, Kind
from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.case.vocabulary import is_a
from standoff.commitments.engine.states import CODE, DONE
from standoff.commitments.patterns.compiler import MOST_MEETINGS, by_state, forbidden_by, meetings
from standoff.commitments.patterns.wording import (
    PATTERNS,
    TEXT,
    duties_of,
    everything,
    is_about_events,
    names_event,
    text_and_readings,
)
from standoff.commitments.patterns.zones import OUTSIDE, crs_of, zones_of
from standoff.errors import Problem, nearest

# The map: the coordinate system that distances are measured in, and the zones in it


@register("commitments")
def check_crs(case: Case) -> Iterator[Problem]:
    """A coordinate system that is given measures in metres and is made for the region."""
    crs = case.about.crs
    if not crs:
        return
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        what = f"crs is {crs!r}, which is not a coordinate system"
        yield Problem("case.yaml", 0, what, f"{crs_of(case.about.region)}, or no crs", "", "crs")
        return
    units = {axis.unit_name for axis in system.axis_info}
    if not system.is_projected or units != {"metre"}:
        what = f"crs is {crs!r}, which measures in {', '.join(sorted(units))}"
        yield Problem("case.yaml", 0, what, f"a system in metres: {crs_of(case.about.region)}, or no crs", "", "crs")
        return
    made_for = system.area_of_use
    west, south, east, north = case.about.region
    lon, lat = ((west + east) / 2 + 180) % 360 - 180, (south + north) / 2
    if made_for is not None and not (
        made_for.south <= lat <= made_for.north
        and (
            made_for.west <= lon <= made_for.east
            or (made_for.west > made_for.east and not made_for.east < lon < made_for.west)
        )
    ):
        what = f"crs is {crs!r}, made for {made_for.name or 'another area'}: distances of this region come out wrong"
        yield Problem("case.yaml", 0, what, f"{crs_of(case.about.region)}, or no crs", "", "crs", "warning")


@register("commitments")
def check_zone_shapes(case: Case) -> Iterator[Problem]:
    """Zones that cross themselves, end before they start, or have no area; loads the geometry library."""
    if not case.zones:
        return
    from shapely.errors import ShapelyError
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    patterns = [
        getattr(term, role)
        for c in case.commitments.values()
        for term in text_and_readings(c).values()
        for role in PATTERNS
    ]
    zones_named = {name for p in patterns if p is not None for q in everything(p) for name in (q.within, q.beyond)}
    for zone in case.zones:
        try:
            geometry = shape(zone.geometry)
        except (ShapelyError, ValueError, TypeError, KeyError, AttributeError):
            yield Problem(
                "zones.geojson", zone.line, f"{zone.id}: this is not a geometry", "a GeoJSON polygon", "", "zones"
            )
            continue
        if not geometry.is_valid:
            what = f"{zone.id}: the zone is not valid: {explain_validity(geometry)}"
            yield Problem("zones.geojson", zone.line, what, "an outline that does not cross itself", "", "zones")
        elif geometry.area == 0 and not zone.buffer_km and zone.id in zones_named:
            what = f"{zone.id}: a commitment asks what lies within this line, which has no area"
            yield Problem("zones.geojson", zone.line, what, "a polygon, or buffer_km beside the line", "", "zones")
        if zone.buffer_km < 0:
            yield Problem(
                "zones.geojson", zone.line, f"{zone.id}: buffer_km is {zone.buffer_km}", "0 or more", "", "zones"
            )
        first = zone.from_.start if zone.from_ else None
        last = zone.until.end if zone.until else None
        if first and last and last < first:
            what = f"{zone.id}: until {zone.until} lies before from {zone.from_}"
            yield Problem("zones.geojson", zone.line, what, "a zone that ends on or after its start", "", "zones")


@register("commitments")
def check_zones_of_events(case: Case) -> Iterator[Problem]:
    """Zones that the cell of an event names, as they stand or after ``not``, and that are on no map."""
    names = zones_of(case)
    for event in case.events.values():
        for cell in event.zone:
            name = cell.removeprefix(OUTSIDE)
            if name not in names:
                written = case.written.get((Kind.EVENTS, event.id))
                file, line = (written.file, written.line) if written else ("events.csv", 0)
                what = f"{event.id}: there is no zone or sector {name!r}"
                expected = "a zone of zones.geojson or a sector of places.csv, with 'not ' before it for outside"
                yield Problem(file, line, what, expected, nearest(name, names), "zones")


@register("commitments")
def check_joint_duties(case: Case) -> Iterator[Problem]:
    """What is owed by several, verified, put in force again or due at an hour, as it stands with the other keys."""
    for record, where, term in _terms(case):
        if term.each and term.kind != "achieve":
            hint = "key: actor for a duty of each" if term.kind in ("quantity", "recurrent") else ""
            what = f"each is for what is done once, and the kind is {term.kind}{where}"
            yield _at(case, record, what, "kind: achieve, or no each", "joint", hint)
        elif term.each and len(duties_of(term)) < 2:
            what = f"each is {term.each}, and then names fewer than two{where}"
            yield _at(case, record, what, f"several names of {term.each} in then", "joint")
        elif not term.each and not term.key and term.kind == "achieve" and _all_debtors_act(term):
            what = f"then names all {len(term.debtor)} debtors: one of them who acts keeps it for all{where}"
            expected = "each: actor if every one must act; any of them in the title if one is enough"
            yield _warn(_at(case, record, what, expected, "joint"))
        if term.distinct and term.kind != "quantity":
            what = f"distinct is for amounts, and the kind is {term.kind}{where}"
            yield _at(case, record, what, "kind: quantity, or no distinct", "joint")
        if term.early and (term.kind not in ("achieve", "quantity") or term.adverse):
            kind = "threat" if term.adverse else f"kind {term.kind}"
            what = f"early is for a promise of what is done once, and this is a {kind}{where}"
            yield _at(case, record, what, "kind: achieve or quantity and no threat, or no early", "joint")
        if term.verify is not None and term.kind not in ("achieve", "quantity"):
            what = f"verify proves what was done, and the kind is {term.kind}{where}"
            yield _at(case, record, what, "kind: achieve or quantity, or no verify", "joint")
        if term.reopen is not None and term.release is None:
            yield _at(case, record, f"reopen without release{where}", "release: what it is re-opened after", "joint")
        for hour, day in (("from_hour", term.from_), ("until_hour", term.until), ("by_hour", term.by)):
            if getattr(term, hour) and (day is None or not day.is_day):
                name = hour.removesuffix("_hour")
                yield _at(case, record, f"{hour} without a day in {name}{where}", f"{name}: a day", "hours")


def _all_debtors_act(term: Commitment) -> bool:
    then = term.then
    several = not term.adverse and len(term.debtor) > 1
    return several and then is not None and set(then.actor) == set(term.debtor) and not _meets(then)


def _meets(pattern: Pattern) -> bool:
    """Whether what is asked for is one act of several, such as a meeting."""
    together = ("meeting", "summit", "agreement", "diplomacy", "ceasefire", "statement", "patrol")
    return any(is_a(kind, one) for kind in pattern.type for one in together)


@register("commitments")
def check_hours(case: Case) -> Iterator[Problem]:
    """An hour with a zone of its own needs to know the zone of the case."""
    if case.about.timezone:
        return
    for event in case.events.values():
        if event.hour.endswith("Z") or "+" in event.hour or "-" in event.hour:
            written = case.written.get((Kind.EVENTS, event.id))
            file, line = (written.file, written.line) if written else ("events.csv", 0)
            what = f"{event.id}: the hour {event.hour} has a zone, and case.yaml has no timezone to compare it with"
            yield Problem(file, line, what, "timezone: such as Asia/Aden in case.yaml", "", "hours")
            return


def _at(case: Case, record: Commitment, what: str, expected: str, check: str, hint: str = "") -> Problem:
    written = case.written.get((Kind.COMMITMENTS, record.id))
    file, line = (written.file, written.line) if written else ("commitments.yaml", 0)
    return Problem(file, line, f"{record.id}: {what}", expected, hint, check)


def _warn(problem: Problem) -> Problem:
    return Problem(
        problem.file, problem.line, problem.what, problem.expected, problem.hint, problem.check, severity="warning"
    )


def _terms(case: Case) -> Iterator[tuple[Commitment, str, Commitment]]:
    for record in case.commitments.values():
        for reading, term in text_and_readings(record).items():
            yield record, (f" in the reading {reading!r}" if reading else ""), term


@register("commitments")
def check_windows(case: Case) -> Iterator[Problem]:
    """A deadline or an end before the start, and a window that closes before it opens."""
    for record, where, term in _terms(case):
        start = term.from_.start
        if start is None:
            yield _at(case, record, f"it has no first day{where}", "from: a day", "dates")
            continue
        for name, when in (("by", term.by), ("until", term.until)):
            if when is not None and when.end is not None and when.end < start:
                what = f"{name} {when} lies before its start {term.from_}{where}"
                yield _at(case, record, what, f"{name} on or after from", "dates")
        for role in PATTERNS:
            pattern = getattr(term, role)
            for part in everything(pattern) if pattern is not None else ():
                if part.by is not None and part.by.end is not None and part.by.end < start:
                    what = f"{role.strip('_')}.by {part.by} lies before its start {term.from_}{where}"
                    yield _at(case, record, what, "a window that ends on or after from", "dates")


@register("commitments")
def check_succession(case: Case) -> Iterator[Problem]:
    """A commitment that replaces itself, in one step or in a circle, or one that starts after its successor."""
    replaces = {r.id: tuple(dict.fromkeys((*r.supersedes, *([r.amends] if r.amends else [])))) for r in _all(case)}
    for record in _all(case):
        visited, queue = set(), list(replaces[record.id])
        while queue:
            name = queue.pop()
            if name == record.id:
                what = "it replaces itself" if name in replaces[name] else "it replaces itself through others"
                yield _at(case, record, what, "a chain of successors without a circle", "succession")
                break
            if name not in visited:
                visited.add(name)
                queue += replaces.get(name, ())
        for name in replaces[record.id]:
            old = case.commitments.get(name)
            if old is None and name not in case.agreements:
                hint = nearest(name, case.commitments)
                yield _at(
                    case, record, f"it replaces {name!r}, which does not exist", "a commitment", "succession", hint
                )
            elif old is not None and _start(old) > _start(record):
                what = f"it starts on {record.from_}, before {name!r}, which it replaces"
                yield _warn(_at(case, record, what, "a successor that starts on or after it", "succession"))


def _all(case: Case) -> list[Commitment]:
    return list(case.commitments.values())


def _start(record: Commitment) -> int:
    return record.from_.start.toordinal() if record.from_.start else 0


@register("commitments")
def check_mutual_suspension(case: Case) -> Iterator[Problem]:
    """Two commitments that suspend each other from the same day on: neither can be said to have come first.

    Mutual conditions as such are allowed, since each reads the other's state strictly before the day. What cannot be
    meant is that each is in force only while the other is, or that each is suspended by the other's being in force,
    when both start on one day.
    """
    for record, where, term in _terms(case):
        for name, how in _leans_on(term):
            other = case.commitments.get(name)
            if other is None:
                continue
            backs = any((record.id, how) in _leans_on(t) for t in text_and_readings(other).values())
            if name == record.id or (backs and _start(other) == _start(record) and record.id < name):
                what = f"it and {name!r} {how}, from the same day{where}"
                yield _at(case, record, what, "a condition that one of them can meet first", "mutual-suspension")


def _leans_on(term: Commitment) -> set[tuple[str, str]]:
    """Commitments on whose being in force the suspension of a term hangs, and how."""
    in_force = {"detached", "satisfied"}
    names = set()
    for pattern, how in (
        (term.while_, "each hold only while the other is in force"),
        (term.suspend, "suspend each other"),
    ):
        for part in (pattern, *pattern.all) if pattern is not None else ():
            if part.commitment and part.state and set(part.state) <= in_force:
                names |= {(name, how) for name in part.commitment}
    return names


@register("commitments")
def check_states_read(case: Case) -> Iterator[Problem]:
    """States and commitments that a pattern names and nobody knows."""
    for record, where, term in _terms(case):
        for role in PATTERNS:
            pattern = getattr(term, role)
            for part in everything(pattern) if pattern is not None else ():
                for name in part.commitment:
                    if name not in case.commitments:
                        what = f"{role.strip('_')} reads the commitment {name!r}, which does not exist{where}"
                        yield _at(case, record, what, "a commitment", "states", nearest(name, case.commitments))
                    elif name == record.id:
                        what = f"{role.strip('_')} reads its own state{where}"
                        yield _at(case, record, what, "the state of another commitment", "states")
                for state in part.state:
                    if state not in (*CODE, DONE):
                        what = f"{role.strip('_')} names the state {state!r}{where}"
                        expected = f"one of {', '.join((*CODE, DONE))}"
                        yield _at(case, record, what, expected, "states", nearest(state, (*CODE, DONE)))
        if term.while_ is not None and any(names_event(p) for p in everything(term.while_)):
            what = f"while asks for events, which last a day{where}"
            yield _warn(
                _at(case, record, what, "the state of a commitment; use suspend and resume for events", "states")
            )


@register("commitments")
def check_exceptions(case: Case) -> Iterator[Problem]:
    """Each set of exceptions that one event may meet is counted apart, so that there is a limit to them."""
    for record, where, term in _terms(case):
        forbidden = forbidden_by(term)
        if forbidden is None:
            continue
        exceptions = by_state(term, case.commitments.values())
        if sum(1 for _ in islice(meetings(forbidden, exceptions), MOST_MEETINGS + 1)) > MOST_MEETINGS:
            what = (
                f"one event may meet more than {MOST_MEETINGS} sets of its {len(exceptions)} exceptions by state{where}"
            )
            expected = "fewer permissions or exceptions by state for the same type of event: 6 are never too many"
            yield _at(case, record, what, expected, "except")


@register("commitments")
def check_consequents(case: Case) -> Iterator[Problem]:
    """Each kind needs what it is judged by; what cannot be observed says why."""
    for record, where, term in _terms(case):
        need = "forbid" if term.kind == CommitmentKind.MAINTAIN else "then"
        negation = term.kind == CommitmentKind.MAINTAIN and term.then is not None and term.then.not_ is not None
        has_consequent = getattr(term, need) is not None or negation
        if not has_consequent and not term.observable:
            what = f"nothing could be observed to decide it{where}"
            yield _at(
                case, record, what, f"{need}: a pattern, or observable: the reason why there is none", "consequent"
            )
        if term.kind == CommitmentKind.ACHIEVE and term.forbid is not None:
            what = f"an {term.kind} is judged by then; forbid is not read{where}"
            yield _warn(_at(case, record, what, "kind: maintain, or no forbid", "consequent"))
        if term.kind == CommitmentKind.QUANTITY and term.amount is None:
            yield _at(case, record, f"no amount is owed{where}", "amount: {value, unit}", "consequent")
        elif term.kind == CommitmentKind.QUANTITY and term.amount and term.amount.unit and term.then is not None:
            otherwise = _counted_otherwise(case, term.then, term.amount.unit)
            if otherwise:
                what = (
                    f"{otherwise[0]} counts {otherwise[1]!r} and not {term.amount.unit!r}: it counts as one, of people "
                )
                what += f"as one at least{where}"
                yield _warn(_at(case, record, what, "the same word in counted and in unit", "consequent"))
        if term.kind == CommitmentKind.RECURRENT and term.every is None:
            yield _at(case, record, f"no period is given{where}", "every: a span such as 7d", "consequent")
        open_ended = term.by is None and term.within is None and term.until is None
        threat = term.adverse and term.kind == CommitmentKind.ACHIEVE and term.then is not None and not term.then.by
        if threat and open_ended and has_consequent:
            what = f"the threat has no last day, so it can never be found not carried out{where}"
            expected = "within: {assumed: 14d, range: [3d, 60d]}, or by, or until"
            yield _warn(_at(case, record, what, expected, "consequent"))
        if term.key not in ("", "place", "actor"):
            yield _at(case, record, f"the key is {term.key!r}", "place or actor", "consequent")


def _counted_otherwise(case: Case, pattern: Pattern, unit: str) -> tuple[str, str] | None:
    """Return an event of the types and actors of a pattern that counts something else than ``unit``, and what."""
    for event in case.events.values():
        same = any(is_a(event.type, t) for t in pattern.type) and (
            not pattern.actor or not event.actor or bool(set(pattern.actor) & set(event.actor))
        )
        if same and event.counted and event.counted != unit:
            return event.id, event.counted
    return None


@register("commitments")
def check_patterns(case: Case) -> Iterator[Problem]:
    """Patterns that no event can match, and negations that have no day to be decided on."""
    for record, where, term in _terms(case):
        for role in ("when", "then"):
            pattern = getattr(term, role)
            for part in everything(pattern) if pattern is not None else ():
                alone = part.not_ is not None and part.by is None and not names_event(part)
                if alone and part.not_ is not None and is_about_events(part.not_):
                    what = f"{role} is the absence of an event, without a day by which it is decided{where}"
                    yield _at(case, record, what, "by: a day beside not", "patterns")
        for role in PATTERNS:
            pattern = getattr(term, role)
            for part in everything(pattern) if pattern is not None else ():
                if part.per is not None and part.at_least < 2:
                    what = f"{role.strip('_')} has per without at_least{where}"
                    yield _warn(_at(case, record, what, "at_least: 2 or more", "patterns"))
                if part.per is not None and part.per.months:
                    what = f"{role.strip('_')} has a per of {part.per}{where}"
                    yield _at(case, record, what, "per in days or weeks: a threshold counts back", "patterns")
                if _never(part):
                    what = f"{role.strip('_')} asks one event to be of types that exclude each other{where}"
                    yield _at(case, record, what, "any: for alternatives", "patterns")


def _never(pattern: Pattern) -> bool:
    types = [p.type for p in (pattern, *pattern.all) if p.type]
    return any(not any(is_a(a, b) or is_a(b, a) for a in one for b in other) for one in types for other in types)


@register("commitments")
def check_readings(case: Case) -> Iterator[Problem]:
    """Readings that are given twice, change nothing, or are held by nobody the case knows."""
    for record in _all(case):
        visited: set[str] = set()
        for reading in record.readings:
            if reading.id in visited:
                yield _at(case, record, f"the reading {reading.id!r} is given twice", "each id once", "readings")
            visited.add(reading.id)
            if text_and_readings(record)[reading.id] == record:
                what = f"the reading {reading.id!r} changes nothing"
                yield _warn(_at(case, record, what, "at least one key that replaces one of the text", "readings"))
    for dispute in case.disputes.values():
        for answer in dispute.answers:
            for name, readings in answer.sets.readings.items():
                term = case.commitments.get(name)
                names = [r.id for r in term.readings] if term else []
                if term is not None and readings not in ("", TEXT, *names):
                    written = case.written.get((Kind.DISPUTES, dispute.id))
                    what = f"{dispute.id}: the answer {answer.id!r} sets the reading {readings!r} of {name}"
                    file, line = (written.file, written.line) if written else ("disputes.yaml", 0)
                    expected = f"one of {', '.join(names) or 'no reading: it has none'}"
                    yield Problem(file, line, what, expected, nearest(readings, names), "readings")
