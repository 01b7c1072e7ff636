"""Templates of clauses: questions a person can answer from a text, and the records that the answers make.

Each template asks what texts leave open or readers overlook: does the day itself count, must both act, who verifies,
how many places, an act or an effort. The answers become commitments, and beside them stories: what happens, and what
the ledger must then say. The stories are played before anybody trusts the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from standoff.case.model import Case
from standoff.case.terms import Agreement
from standoff.commitments.clause_answers import APART, ONE, OPEN_ENDED, TOGETHER, Blank, parse_answer
from standoff.errors import Problem, StandoffError, nearest
from standoff.evidence.standing import blocs_of
from standoff.oneline import OneLine
from standoff.text.sentences import listing
from standoff.values import Duration, When, after_hours, clock_minutes, moment, months_on

Answers = Mapping[str, Any]
FIRE = ("shelling", "strike", "small-arms-fire", "ground-assault", "clash", "bombing")
ACT, EFFORT = "act", "effort"


@dataclass(slots=True, repr=False)
class Draft(OneLine):
    """What the answers to one template make: commitments and stories as a file has them."""

    commitments: list[dict[str, Any]] = field(default_factory=list)
    stories: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Template(OneLine):
    """A kind of clause: what it is for, its questions, and how the answers become records."""

    id: str
    title: str
    questions: tuple[Blank, ...]
    make: Callable[[Case, dict[str, Any], str], Draft]


# Questions that several templates ask.


def _who(text: str = "Who owes it? Ids of parties, with commas") -> Blank:
    return Blank(key="who", text=text, kind="parties")


TO = Blank(key="to", text="To whom is it owed? Ids; nothing: the text names nobody", kind="parties", default="")
ACTS = Blank(
    key="acts", text="Who acts, where it is not who owes it (a guarantor owes that Red leaves)? Ids; nothing: who owes",
    kind="parties", default="",
)  # fmt: skip
EACH = Blank(
    key="both",
    text="Must each act, each judged for itself; all together, done when all have; or is one of them enough?",
    kind="joint",
    choices=(APART, TOGETHER, ONE),
    default=APART,
    only_if="who",
)
PLACES = Blank(
    key="places",
    text="How many different places, where the text gives a number and no names? Nothing: no number",
    kind="number",
    default="",
)
START = Blank(key="from", text="From which day does it bind?", kind="date")
FIRST = Blank(key="first_day", text="Does that day itself count?", kind="yes", default="yes")
HOUR = Blank(key="hour", text="From what hour, if the text gives one: HH:MM", kind="hour", default="")
UNTIL = Blank(
    key="until",
    text="Until which day, or for how long (30d, 72h, 6m), if the text says so?",
    kind="deadline",
    default="",
)
BY = Blank(
    key="by", kind="deadline", default="",
    text="By when: a day, a span from the start such as 30d, or none where it is owed without a last day; nothing: "
    "7 to 90 days are assumed",
)  # fmt: skip
LAST = Blank(
    key="last_day",
    text="Does the last day count (done on it is in time)?",
    kind="yes",
    default="yes",
    only_if="by",
)
OR_EFFORT = Blank(
    key="duty", text="Does the text owe the act itself, or an effort (measures, steps, to facilitate)?", kind="choice",
    choices=(ACT, EFFORT), default=ACT,
)  # fmt: skip
VERIFIES = Blank(
    key="verifies", text="Who verifies it? An id, or nothing where the text names nobody", kind="party", default=""
)
WITHIN = Blank(
    key="verified_within", text="Within which span after it?", kind="span", default="30d", only_if="verifies"
)
WHERE = Blank(
    key="where", text="Where: ids of places, a zone or a sector; nothing for everywhere", kind="where", default=""
)
EVERY = Blank(key="every", text="How often: a span such as 7d, 1m; nothing for once", kind="span", default="")
CITATION = Blank(key="citation", text="Where can the text be read? Nothing: where its agreement can", default="")
PROVISION = Blank(key="provision", text="Its number in the text; nothing where no text holds it", default="")
TITLE = Blank(key="title", text="What it says in your words; nothing for a title made from the answers", default="")


# How answers become records. A story has a name, events, and what each commitment must be on a day.


def _start(a: Answers) -> date:
    day: date = a["from"]
    return day if a.get("first_day", True) else day + timedelta(1)


def clause_id(text: str) -> str:
    """Return a text as an id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _place_words(case: Case, a: Answers) -> str:
    """Return where it is owed, for a title: so that two clauses of one kind are told apart."""
    where = a.get("where") or {}
    zones = {zone.id: zone.title for zone in case.zones}
    names = [case.places[name].name for name in where.get("at", ())]
    names += [zones.get(name, name) for name in [where.get("within", "")] if name]
    return f" ({listing(names)})" if 0 < len(names) < 4 else ""


def _base(case: Case, a: Answers, name: str, who: Sequence[str], kind: str, title: str) -> dict[str, Any]:
    """Return the keys that every commitment of a template has."""
    record: dict[str, Any] = {
        "id": name,
        "title": a.get("title") or f"{title}{_place_words(case, a)}",
        "agreement": a.get("agreement", ""),
        "provision": a.get("provision", ""),
        "kind": kind,
        "form": "clause" if a.get("provision") and a.get("_text") else "promise",
        "debtor": list(who),
        "creditor": list(a.get("to") or ()),
        "from": _start(a),
        **_until(a),
        "duty": "effort" if a.get("duty") == EFFORT else "",
        "citation": a.get("citation", ""),
        "claims": list(a.get("claims") or ()),
    }
    return {key: value for key, value in record.items() if value not in ("", [], None)}


def _until(a: Answers) -> dict[str, Any]:
    """Return the last day of what binds until a day, or for a span of which the first day is one."""
    until, start = a.get("until"), _start(a)
    if not until or until == OPEN_ENDED:
        return {}
    if not isinstance(until, str):
        return {"until": until}
    span = Duration.parse(until)
    if span.hours and a.get("hour"):
        days, minute = after_hours(clock_minutes(a["hour"]), span.hours)
        return {"until": start + timedelta(days), "until_hour": f"{minute // 60:02d}:{minute % 60:02d}"}
    end = months_on(start, span.months) if span.months else start + timedelta(span.days)
    return {"until": end - timedelta(1)}


def _each(a: Answers) -> list[list[str]]:
    """Return the parties of each commitment: one each where each is judged for itself."""
    apart = a.get("both", APART) in (APART, True)
    return [[name] for name in a["who"]] if apart and len(a["who"]) > 1 else [list(a["who"])]


def _named(case: Case, names: Iterable[str]) -> str:
    return listing(case.actors[name].name if name in case.actors else name for name in names)


def _id(name: str, who: Sequence[str], a: Answers) -> str:
    return f"{name}-{clause_id('-'.join(who))}" if len(a["who"]) > 1 and len(who) == 1 else name


def _event(day: date, type_: str, who: Sequence[str], a: Answers, **more: Any) -> dict[str, Any]:
    """Return an event of a story; it happens at the first place, or in the zone, that the clause names."""
    event: dict[str, Any] = {"date": day, "type": type_, "actor": list(who), "target": list(a.get("to") or ())}
    where = a.get("where") or {}
    if where.get("at"):
        event["place"] = where["at"][0]
    elif where.get("within"):
        event["zone" if a["_zones"] else "sector"] = where["within"]
    return {key: value for key, value in {**event, **more}.items() if value not in ("", [], None)}


def _deadline_of(a: Answers, start: date) -> tuple[dict[str, Any], date | None]:
    """Return the keys of a deadline, and its last day where it is one day and no assumption."""
    by = a.get("by")
    if not by:
        return {"within": {"assumed": "30d", "range": ["7d", "90d"]}}, None
    if by == OPEN_ENDED:
        return {}, None
    if isinstance(by, date):
        last = by if a.get("last_day", True) else by - timedelta(1)
        return {"by": last}, last
    span = Duration.parse(by)
    if span.hours:  # counted by the hour where hours are told
        return {"within": by}, None if span.hours % 24 else start + timedelta(span.days)
    if span.months or span.days < 2:
        return {"within": by}, None
    days = span.days if a.get("last_day", True) else span.days - 1
    return {"within": f"{days}d"}, start + timedelta(days)


def _achieve(case: Case, a: dict[str, Any], name: str, type_: str, title: str, **pattern: Any) -> Draft:
    """Return what is to be done once by a deadline, in every place that is named, by each who must act."""
    if a.get("places"):
        return _in_places(case, a, name, type_, title, **pattern)
    draft = Draft()
    start = _start(a)
    for who in _each(a):
        key = _id(name, who, a)
        where = dict(a.get("where") or {})
        record = _base(case, a, key, who, "achieve", f"{_named(case, who)} {title}")
        keys, last = _deadline_of(a, start)
        doers = list(a.get("acts") or who)
        then = {"type": type_, "actor": doers, **where, **pattern}
        record |= {**keys, "then": then}
        places = where.get("at", [])
        joint = a.get("both") == TOGETHER and len(who) > 1 and not a.get("acts")
        if joint:
            record["each"] = "actor"
        elif len(places) > 1 and a.get("every_place", True):
            record["key"] = "place"
        draft.commitments.append(record)
        rows = [f"{key}/{place}" for place in places] if record.get("key") else [key]
        if record.get("duty"):
            continue
        day = last or start + timedelta(1)
        done = [_event(day, type_, some, {**a, "where": {"at": [p]} if record.get("key") else where, "to": []})
                for p in (places if record.get("key") else [""])
                for some in ([[one] for one in who] if joint else [doers])]  # fmt: skip
        draft.stories.append(
            {
                "name": f"{key}: done{' on the last day' if last else ''}",
                "commitments": [key],
                "events": done,
                "expect": {row: {day: "satisfied"} for row in rows},
            }
        )
        if joint and last is not None:
            draft.stories.append(
                {
                    "name": f"{key}: only {who[0]} did it",
                    "commitments": [key],
                    "events": done[:1],
                    "expect": {key: {last + timedelta(1): "violated"}},
                }
            )
        if last is not None:
            draft.stories.append(
                {
                    "name": f"{key}: not done by the last day",
                    "commitments": [key],
                    "events": [],
                    "expect": {row: {last: "detached", last + timedelta(1): "violated"} for row in rows},
                }
            )
    return _verified(case, a, draft)


def _in_places(case: Case, a: dict[str, Any], name: str, type_: str, title: str, **pattern: Any) -> Draft:
    """Return what is to be done in so many different places, each counted once; not judged one by one."""
    draft = Draft()
    start, many = _start(a), int(a["places"])
    where = {key: value for key, value in (a.get("where") or {}).items() if value}
    known = where.get("at") or [p.id for p in case.places.values() if not where or p.sector == where.get("within")]
    for who in _each(a):
        key = _id(name, who, a)
        record = _base(case, a, key, who, "quantity", f"{_named(case, who)} {title} in {many} places")
        keys, last = _deadline_of(a, start)
        then = {"type": type_, "actor": list(who), **where, **pattern}
        amount = {"value": many, "unit": "places"}
        draft.commitments.append({**record, **keys, "then": then, "distinct": "place", "amount": amount})
        if last is None or record.get("duty") or not known:
            continue
        some = [_event(last, type_, who, {**a, "where": {"at": [place]}, "to": []}) for place in known[:many]]
        if len(some) == many:
            draft.stories.append(
                {
                    "name": f"{key}: {many} places on the last day",
                    "commitments": [key],
                    "events": some,
                    "expect": {key: {last: "satisfied"}},
                }
            )
        if many > 1:
            draft.stories.append(
                {
                    "name": f"{key}: one place told {many} times",
                    "commitments": [key],
                    "events": [some[0]] * many,
                    "expect": {key: {last + timedelta(1): "violated"}},
                }
            )
    return _verified(case, a, draft)


_SHARED = ("agreement", "provision", "form", "from", "citation", "claims")  # keys of a duty and of its verification


def _verified(case: Case, a: Answers, draft: Draft) -> Draft:
    """Add that somebody verifies what was done, where the text names who does: done and proved are two acts."""
    if not a.get("verifies"):
        return draft
    who = [a["verifies"]]
    draft.stories = [story for one in draft.stories for story in _proved(one, who)]
    for record in list(draft.commitments):
        record["verify"] = {"type": "verification", "actor": who}
        if record.get("key"):
            continue
        draft.commitments.append(
            {
                **{k: v for k, v in record.items() if k in _SHARED},
                "id": f"{record['id']}-verified",
                "title": f"{_named(case, who)} verifies: {record['title']}",
                "kind": "achieve",
                "debtor": who,
                "creditor": record["debtor"],
                "when": {"commitment": record["id"], "state": "claimed"},
                "then": {"type": "verification", "actor": who},
                "within": a.get("verified_within") or "30d",
            }
        )
    return draft


def _proved(story: dict[str, Any], who: Sequence[str]) -> list[dict[str, Any]]:
    """Return a story in which what is done is claimed only, and one in which it is proved a day later."""
    days = {day for expected in story["expect"].values() for day, word in expected.items() if word == "satisfied"}
    if not days:
        return [story]
    last = max(days)

    def expect(words: Mapping[date, str]) -> dict[str, dict[date, str]]:
        return {row: dict(words) for row in story["expect"]}

    places = [event["place"] for event in story["events"] if event.get("place")] or [""]
    proof = [{"date": last + timedelta(1), "type": "verification", "actor": list(who)} for _ in places]
    for event, place in zip(proof, places, strict=True):
        if place:
            event["place"] = place
    proved = {last: "claimed", last + timedelta(1): "satisfied"}
    return [
        {**story, "name": f"{story['name']}, not verified", "expect": expect({last: "claimed"})},
        {
            **story,
            "name": f"{story['name']}, and verified",
            "events": [*story["events"], *proof],
            "expect": expect(proved),
        },
    ]


def _maintain(case: Case, a: dict[str, Any], name: str, types: Sequence[str], title: str, target: bool = True) -> Draft:
    """Return what must not happen, for each who must refrain."""
    draft = Draft()
    start = _start(a)
    for who in _each(a):
        key = _id(name, who, a)
        others = list(a.get("to") or ()) or [p for p in a["who"] if p not in who]
        record = _base(case, a, key, who, "maintain", f"{_named(case, who)} {title}")
        forbid = {"type": list(types), "actor": list(who), **(a.get("where") or {})}
        if target and others:
            forbid["target"] = others
            record.setdefault("creditor", others)
        record["forbid"] = forbid
        if a.get("hour"):
            record["from_hour"] = a["hour"]
        draft.commitments.append(record)
        if record.get("duty"):
            continue
        day, minutes = moment(start, a.get("hour") or "00:00", a["_zone"], case.about.timezone)
        if not a.get("hour"):
            day, minutes = start, 0
        hit = _event(day, types[0], who, {**a, "to": others if target else []})
        before = {**hit, "date": day - timedelta(1)}
        if minutes:
            hit["hour"] = f"{minutes // 60:02d}:{minutes % 60:02d}"
            before = {**hit, "hour": f"{(minutes - 1) // 60:02d}:{(minutes - 1) % 60:02d}"}
        draft.stories.append(
            {
                "name": f"{key}: an act {'at that hour' if minutes else 'on the first day'} breaks it",
                "commitments": [key],
                "events": [hit],
                "expect": {key: {day: "violated"}},
            }
        )
        draft.stories.append(
            {
                "name": f"{key}: an act {'a minute' if minutes else 'on the day'} before does not",
                "commitments": [key],
                "events": [before],
                "expect": {key: {day: "detached"}},
            }
        )
    return draft


def _limit(case: Case, a: dict[str, Any], name: str) -> Draft:
    """Return that there are at most so many, as counts tell; what arrives in parts is not added up."""
    most, unit = a["number"], a["counted"]
    draft = _maintain(case, a, name, a["types"], f"has at most {most} {unit}", target=False)
    for record in draft.commitments:
        record["forbid"]["above"] = {"value": most, "unit": unit}
    for story in draft.stories:
        for event in story["events"]:
            event |= {"low": most + 1, "high": most + 1, "counted": unit}
    for story in draft.stories[::2]:
        (key,) = story["commitments"]
        (day,) = story["expect"][key]
        as_many = {**story["events"][0], "low": most, "high": most}
        draft.stories.append(
            {**story, "name": f"{key}: as many as that do not", "events": [as_many], "expect": {key: {day: "detached"}}}
        )
    return draft


def _recurrent(case: Case, a: dict[str, Any], name: str, type_: str, title: str) -> Draft:
    """Return what must happen in every period, or once where the text gives no period."""
    if not a.get("every"):
        return _achieve(case, a, name, type_, title)
    draft = Draft()
    start = _start(a)
    days = Duration.parse(a["every"]).days
    for who in _each(a):
        key = _id(name, who, a)
        record = _base(case, a, key, who, "recurrent", f"{_named(case, who)} {title}")
        record |= {"every": a["every"], "then": {"type": type_, "actor": list(who), **(a.get("where") or {})}}
        draft.commitments.append(record)
        if not record.get("duty"):
            draft.stories.append(
                {
                    "name": f"{key}: two periods without it break it",
                    "commitments": [key],
                    "events": [],
                    "expect": {key: {start: "detached", start + timedelta(2 * days + 2): "violated"}},
                }
            )
    return draft


def _release(case: Case, a: dict[str, Any], name: str) -> Draft:
    """Return the release of prisoners: so many, or of whoever is held, by each who must release."""
    many = a.get("number")
    if not many:
        return _achieve(case, a, name, "prisoner-release", "releases prisoners")
    draft = Draft()
    start = _start(a)
    for who in _each(a):
        key = _id(name, who, a)
        record = _base(case, a, key, who, "quantity", f"{_named(case, who)} releases {many} prisoners")
        keys, last = _deadline_of(a, start)
        record |= {
            **keys,
            "then": {"type": "prisoner-release", "actor": list(who)},
            "amount": {"value": many, "unit": "prisoners"},
        }
        draft.commitments.append(record)
        if last is None or record.get("duty"):
            continue
        full = _event(
            last, "prisoner-release", who, {**a, "to": [], "where": {}}, low=many, high=many, counted="prisoners"
        )
        fewer = {**full, "low": many - 1, "high": many - 1}
        draft.stories += [
            {
                "name": f"{key}: all on the last day",
                "commitments": [key],
                "events": [full],
                "expect": {key: {last + timedelta(1): "satisfied"}},
            },
            {
                "name": f"{key}: one too few",
                "commitments": [key],
                "events": [fewer],
                "expect": {key: {last + timedelta(1): "violated"}},
            },
        ]
    return _verified(case, a, draft)


def _ultimatum(case: Case, a: dict[str, Any], name: str) -> Draft:
    """Return a deadline with a consequence: unless one acts by a day, the other does something within a span."""
    other = list(a["other"])
    record = {
        **_base(case, {**a, "to": other}, name, a["who"], "achieve", f"{_named(case, a['who'])}: or else"),
        "form": "ultimatum",
        "adverse": True,
        "when": {"not": {"type": a["act"], "actor": other}, "by": a["by"]},
        "then": {"type": a["consequence"], "actor": list(a["who"]), "target": other},
        "within": a["then_within"],
    }
    if not a.get("title"):
        record["title"] = (
            f"Unless {_named(case, other)} has done it ({listing(a['act'])}) by {a['by']}, {_named(case, a['who'])} "
            f"answers with {listing(a['consequence'])}"
        )
    met = {"date": a["by"], "type": a["act"][0], "actor": other}
    story = {
        "name": f"{name}: what is asked is done on the last day",
        "commitments": [name],
        "events": [met],
        "expect": {name: {a["by"]: "conditional", a["by"] + timedelta(1): "expired"}},
    }
    return Draft([record], [story])


def _unobservable(case: Case, a: dict[str, Any], name: str) -> Draft:
    return Draft([{**_base(case, a, name, a["who"], "achieve", a["title"]), "observable": a["why"]}])


TEMPLATES: dict[str, Template] = {
    t.id: t
    for t in (
        Template(
            id="ceasefire",
            title="Parties hold their fire",
            questions=(
                _who("Who must stop? Ids of parties, with commas"),
                Blank(key="to", text="Fire at whom? Nothing: at each other", kind="parties", default=""),
                Blank(
                    key="both", text="Is each judged for itself? No: all as one", kind="yes", default="yes"
                ),
                Blank(key="types", text="What must stop? Types of event", kind="types", default=", ".join(FIRE)),
                WHERE, START, HOUR, FIRST, UNTIL, OR_EFFORT,
            ),
            make=lambda c, a, n: _maintain(c, a, n, a["types"], "holds its fire"),
        ),
        Template(
            id="withdrawal-of-forces",
            title="Forces leave places or an area",
            questions=(
                _who(), TO, EACH, WHERE,
                Blank(key="every_place", text="Must each be left? No: one is enough", kind="yes", default="yes"),
                PLACES,
                START, FIRST, BY, LAST, OR_EFFORT, VERIFIES, WITHIN,
            ),
            make=lambda c, a, n: _achieve(c, a, n, "withdrawal", "withdraws its forces"),
        ),
        Template(
            id="withdrawal-of-weapons",
            title="Weapons are taken behind a line or out of an area",
            questions=(_who(), TO, EACH, WHERE, START, FIRST, BY, LAST, OR_EFFORT, VERIFIES, WITHIN),
            make=lambda c, a, n: _achieve(c, a, n, "weapons-withdrawn", "withdraws its weapons"),
        ),
        Template(
            id="no-reinforcement",
            title="Nobody brings in more forces or weapons",
            questions=(_who(), TO, EACH, WHERE, START, FIRST, UNTIL, OR_EFFORT),
            make=lambda c, a, n: _maintain(c, a, n, ["deployment", "arms-transfer"], "brings in no forces", False),
        ),
        Template(
            id="prisoners",
            title="Prisoners are released or exchanged",
            questions=(
                _who("Who must release? Ids of parties, with commas"), TO, EACH,
                Blank(key="number", text="How many, each? Nothing: no number", kind="number", default=""),
                START, FIRST, BY, LAST, OR_EFFORT, VERIFIES, WITHIN,
            ),
            make=_release,
        ),
        Template(
            id="access",
            title="Relief or people may pass",
            questions=(
                _who("Who must let them pass? Ids, with commas"), TO, EACH, WHERE, START, FIRST, UNTIL, OR_EFFORT,
            ),
            make=lambda c, a, n: _maintain(
                c, a, n, ["access-refused", "movement-restricted", "obstruction", "blockade"], "lets them pass", False
            ),
        ),
        Template(
            id="corridor",
            title="A crossing or corridor is opened",
            questions=(_who(), TO, EACH, WHERE, PLACES, START, FIRST, BY, LAST, OR_EFFORT),
            make=lambda c, a, n: _achieve(c, a, n, "corridor-opened", "opens a way"),
        ),
        Template(
            id="joint-patrols",
            title="Patrols, joint or each its own",
            questions=(_who(), EACH, WHERE, EVERY, START, FIRST, BY, LAST, OR_EFFORT),
            make=lambda c, a, n: _recurrent(c, a, n, "patrol", "patrols"),
        ),
        Template(
            id="deadline-with-consequence",
            title="An ultimatum: unless it is done by a day, something follows",
            questions=(
                _who("Who sets it? An id"),
                Blank(key="other", text="Who must act? Ids", kind="parties"),
                Blank(key="act", text="What must they do? Types of event, such as withdrawal", kind="types"),
                START,
                Blank(key="by", text="By which day? It counts", kind="date"),
                Blank(key="consequence", text="What follows? Types of event", kind="types"),
                Blank(key="then_within", text="Within which span after that day?", kind="span", default="14d"),
            ),
            make=_ultimatum,
        ),
        Template(
            id="reporting",
            title="Somebody reports, once or every so often",
            questions=(_who(), TO, EVERY, START, FIRST, BY, LAST, OR_EFFORT),
            make=lambda c, a, n: _recurrent(c, a, n, "report", "reports"),
        ),
        Template(
            id="meetings",
            title="A committee or the parties meet, once or every so often",
            questions=(_who(), EACH, EVERY, START, FIRST, BY, LAST, OR_EFFORT),
            make=lambda c, a, n: _recurrent(c, a, n, "meeting", "meets"),
        ),
        Template(
            id="monitoring",
            title="Monitors may work: nobody obstructs or attacks them",
            questions=(
                _who("Who must let them work? Ids, with commas"),
                Blank(key="to", text="Who monitors? Ids", kind="parties"),
                EACH, WHERE, START, FIRST, UNTIL, OR_EFFORT,
            ),
            make=lambda c, a, n: _maintain(
                c, a, n, ["obstruction", "movement-restricted", "access-refused", "assault"], "lets monitors work"
            ),
        ),
        Template(
            id="verification",
            title="Somebody verifies something by a day",
            questions=(_who("Who verifies?"), TO, EACH, WHERE, START, FIRST, BY, LAST, OR_EFFORT),
            make=lambda c, a, n: _achieve(c, a, n, "verification", "verifies it"),
        ),
        Template(
            id="amnesty",
            title="An amnesty is given",
            questions=(_who(), TO, START, FIRST, BY, LAST, OR_EFFORT),
            make=lambda c, a, n: _achieve(c, a, n, "amnesty", "gives an amnesty"),
        ),
        Template(
            id="disarmament",
            title="Fighters are disarmed, assembled or demobilised",
            questions=(
                _who(), TO, EACH,
                Blank(
                    key="act", text="Which: disarmament, cantonment or demobilisation?", kind="choice",
                    choices=("disarmament", "cantonment", "demobilisation"), default="disarmament",
                ),
                WHERE, START, FIRST, BY, LAST, OR_EFFORT, VERIFIES, WITHIN,
            ),
            make=lambda c, a, n: _achieve(c, a, n, a["act"], f"completes {a['act']}"),
        ),
        Template(
            id="demining",
            title="Mines are cleared or marked",
            questions=(_who(), TO, EACH, WHERE, PLACES, START, FIRST, BY, LAST, OR_EFFORT, VERIFIES, WITHIN),
            make=lambda c, a, n: _achieve(c, a, n, "demining", "clears mines"),
        ),
        Template(
            id="returns",
            title="Displaced people can come back, and are not driven out",
            questions=(_who(), TO, EACH, WHERE, START, FIRST, UNTIL, OR_EFFORT),
            make=lambda c, a, n: _maintain(c, a, n, ["displacement", "obstruction"], "lets people come back", False),
        ),
        Template(
            id="zone",
            title="A zone or corridor is set up",
            questions=(_who(), TO, EACH, WHERE, START, FIRST, BY, LAST, OR_EFFORT, VERIFIES, WITHIN),
            make=lambda c, a, n: _achieve(c, a, n, "zone-established", "sets up a zone"),
        ),
        Template(
            id="other-act",
            title="Any other act: choose its type",
            questions=(
                _who(), TO, EACH, Blank(key="types", text="Which act? A type of event", kind="types"), ACTS, WHERE,
                START, FIRST, BY, LAST, OR_EFFORT,
            ),
            make=lambda c, a, n: _achieve(c, a, n, a["types"][0], f"does it ({a['types'][0]})"),
        ),
        Template(
            id="other-ban",
            title="Any other ban: choose what must not happen",
            questions=(
                _who(), TO, EACH, Blank(key="types", text="What must not happen? Types of event", kind="types"),
                WHERE, START, FIRST, UNTIL, OR_EFFORT,
            ),
            make=lambda c, a, n: _maintain(c, a, n, a["types"], f"refrains ({listing(a['types'])})", bool(a.get("to"))),
        ),
        Template(
            id="limit",
            title="No more than so many: troops, posts, guns",
            questions=(
                _who(), TO, EACH, Blank(key="number", text="At most how many?", kind="number"),
                Blank(key="counted", text="Of what, as reports count it: troops, posts, guns"),
                Blank(
                    key="types", text="In which types of event do reports count them?", kind="types",
                    default="deployment",
                ),
                WHERE, START, FIRST, UNTIL,
            ),
            make=_limit,
        ),
        Template(
            id="unobservable",
            title="A provision whose fulfilment nobody could observe",
            questions=(
                _who(), TO, Blank(key="title", text="What it says in your words"), START,
                Blank(key="why", text="Why could nobody observe it?"),
            ),
            make=_unobservable,
        ),
    )
}  # fmt: skip


def questions_of(template: Template) -> tuple[Blank, ...]:
    """Return what a template asks, with what every clause is asked."""
    own = {q.key for q in template.questions}
    return (*(q for q in (PROVISION, TITLE, CITATION) if q.key not in own), *template.questions)


def applies(question: Blank, answers: Answers) -> bool:
    """Whether a question has to be asked, after what was answered before."""
    if question.only_if == "who":
        return len(answers.get("who") or ()) > 1
    return not question.only_if or answers.get(question.only_if) not in ("", None, False, [], {}, OPEN_ENDED)


def find_template(name: str) -> Template:
    """Return a template by its id. Raises StandoffError with the nearest name."""
    if name not in TEMPLATES:
        what = f"there is no template {name!r}"
        raise StandoffError.of(what, file="template", expected=", ".join(TEMPLATES), hint=nearest(name, TEMPLATES))
    return TEMPLATES[name]


OF_OTHERS = ("reporting", "meetings", "monitoring", "verification")  # owed by bodies that need not have signed


def refuse_strangers(case: Case, text: Agreement, bound: Sequence[str]) -> None:
    """Raise StandoffError for whoever is to be bound by a text without being a party of it, or part of one."""

    def is_of(actor: str) -> bool:
        return any(actor == p or p in blocs_of(case, actor) or actor in blocs_of(case, p) for p in text.parties)

    strangers = [actor for actor in bound if not is_of(actor)] if text.parties else []
    if strangers:
        names = ", ".join(text.parties)
        raise StandoffError(
            Problem("who", 0, f"{actor!r} is not a party of {text.id!r}: nobody is bound by what others signed",
                    f"one of its parties: {names}; or {actor} among the parties of {text.id}, if the text binds it")
            for actor in strangers
        )  # fmt: skip


def draft_clause(case: Case, given_answers: Answers, agreement: Agreement | None = None) -> Draft:
    """Return the commitments and stories that answers make.

    Parameters
    ----------
    case
        Names in the answers are those of its records.
    given_answers
        ``template`` with the id of one, and an answer to each of its questions, as texts or lists of texts; ``id``
        names the commitment where it is not to be made from the agreement and the number of the provision.
    agreement
        The text that holds the clause, where it is not in the case yet.

    Raises
    ------
    StandoffError
        With every answer that does not fit, and every key that is asked by nobody.
    """
    template = find_template(str(given_answers.get("template", "")))
    asks = questions_of(template)
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    for key in given_answers:
        if key not in {"template", "id", "agreement", *(q.key for q in asks)}:
            names = [q.key for q in asks]
            what = f"{template.id} does not ask for {key!r}"
            problems.append(Problem(key, 0, what, ", ".join(names), nearest(key, names)))
    for question in asks:
        if not applies(question, answers):
            continue
        try:
            answers[question.key] = parse_answer(case, question, given_answers.get(question.key, ""))
        except StandoffError as error:
            problems += error.problems
    if problems:
        raise StandoffError(problems)
    name = str(given_answers.get("agreement") or (agreement.id if agreement else ""))
    text = agreement if agreement and agreement.id == name else case.agreements.get(name)
    if name and text is None:
        hint = nearest(name, case.agreements)
        raise StandoffError.of(
            f"there is no agreement {name!r}", file="agreement", expected="one of the case", hint=hint
        )
    answers["agreement"] = name
    if text is not None and template.id not in OF_OTHERS:
        refuse_strangers(case, text, answers.get("who") or ())
    answers["citation"] = answers.get("citation") or (text and (text.citation or text.text or text.reference)) or ""
    answers["_zone"] = text.timezone if text else ""
    answers["_text"] = bool(text and (text.text or text.reference))
    answers["claims"] = list(text.claims) if text and not answers["citation"] else []
    if not (answers["citation"] or answers["claims"]):
        where = f"agreement {name!r} does not say either" if text else "and no agreement is named that says it"
        expected = "an address or a title, such as 'Riyadh Agreement, article 2', or an agreement that has one"
        raise StandoffError.of(
            f"nothing says where the text can be read, {where}",
            file="citation",
            expected=expected,
            hint=f"agreements are made in the browser: standoff serve {case.root.name}, Edit",
        )
    answers["_zones"] = {zone.id for zone in case.zones} & {(answers.get("where") or {}).get("within", "")}
    base = str(given_answers.get("id") or clause_id(f"{name or 'clause'}-{answers.get('provision') or template.id}"))
    if base in case.commitments and "id" not in given_answers:
        what = f"there is a commitment {base!r} already"
        expected = "another id, if it is another duty of this provision: --set id=..., or id: in the file"
        raise StandoffError.of(what, file="id", expected=expected)
    return template.make(case, answers, base)


# A row of the UCDP Peace Agreements data as an agreement, and which templates its columns call for.


UCDP = {
    "cease": "ceasefire",
    "withd": "withdrawal-of-forces",
    "ddr": "disarmament",
    "pris": "prisoners",
    "amn": "amnesty",
    "return": "returns",
    "pko": "monitoring",
    "co_impl": "meetings",
    "natalks": "meetings",
}
UCDP_OTHERS = {
    "intarmy": "rebels join the army",
    "mil_prov": "other military provisions",
    "pp": "a rebel group becomes a party",
    "elections": "elections",
    "interim": "an interim government",
    "shagov": "a share in the government",
    "aut": "autonomy",
    "fed": "federation",
    "ref": "a referendum",
    "locgov": "power of local government",
    "cul": "cultural freedoms",
    "recon": "national reconciliation",
}


def from_ucdp(row: Mapping[str, str], parties: Sequence[str]) -> tuple[Agreement, tuple[str, ...], tuple[str, ...]]:
    """Return a row of the UCDP Peace Agreements data as an agreement, the templates it calls for, and what else it has.

    Raises StandoffError where the row has no name or no day.
    """
    cells = {key.strip(): (value or "").strip() for key, value in row.items() if key}
    title, day = cells.get("pa_name", ""), cells.get("pa_date", "")[:10]
    try:
        when = When.parse(day)
    except ValueError:
        raise StandoffError.of(f"pa_date is {day!r}", file="UCDP", expected="a day such as 1992-04-24") from None
    if not title:
        raise StandoffError.of("pa_name is empty", file="UCDP", expected="the name of an agreement")
    agreement = Agreement(
        id=clause_id(f"{title}-{day[:4]}")[:50].strip("-"),
        title=title,
        parties=tuple(parties),
        date=when,
        reference=f"UCDP Peace Agreements {cells.get('paid', '')}".strip(),
        text=cells.get("linktofulltextagreement", ""),
        citation=f"UCDP Peace Agreement Dataset, agreement {cells.get('paid', '')}".strip(" ,"),
    )
    calls = tuple(dict.fromkeys(name for column, name in UCDP.items() if cells.get(column) in ("1", "1.0")))
    others = tuple(words for column, words in UCDP_OTHERS.items() if cells.get(column) in ("1", "1.0"))
    return agreement, calls, others
