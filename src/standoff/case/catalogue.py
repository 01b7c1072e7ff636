"""Every record of a case in one line, by kind: what ``show`` lists, search reads, and pages link to.

Rows of a source that may not be passed on (``restricted``) are counted and left out here, so that no list, page or
search can pass them on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from standoff.case.as_dict import as_written, payload
from standoff.case.model import Case, Event, Kind, bare, is_unknown
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine
from standoff.text.sentences import count, day, listing, number, span, when
from standoff.values import When

CROSSINGS = ("crossing", "internal_crossing")  # kinds of places


@dataclass(frozen=True, slots=True, repr=False)
class Entry(OneLine):
    """A record in one line: its title, what else a reader wants to see first, and what it is about."""

    kind: str  # a key of KINDS
    id: str
    title: str
    facts: tuple[str, ...] = ()  # one for each head of its kind
    words: str = ""  # other text that search reads: names in other scripts, aliases, notes
    day: date | None = None  # of what it speaks of, the first
    parties: tuple[str, ...] = ()  # ids of actors
    places: tuple[str, ...] = ()  # ids of places
    restricted: bool = False  # not to be passed on


Lister = Callable[[Case], Iterator[Entry]]


@dataclass(frozen=True, slots=True, repr=False)
class RecordKind(OneLine):
    """One kind of record: its name, its heads in a table, and how a case lists it."""

    key: str
    title: str
    heads: tuple[str, ...]
    lister: Lister
    record: Kind | None  # the file it is written in; None for what is derived from others


def _start(value: When | None) -> date | None:
    return (value.start or value.end) if value else None


def _names(case: Case, parties: Iterable[str]) -> str:
    return listing(case.actors[p].name if p in case.actors else bare(p) for p in parties)


def _actor_ids(case: Case, parties: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for p in parties if p in case.actors))


def _place_names(case: Case, places: Iterable[str]) -> str:
    return listing(case.places[p].name if p in case.places else p for p in places)


def _actors(case: Case) -> Iterator[Entry]:
    for one in case.actors.values():
        words = " ".join((one.name_local, *one.aliases, *one.persons, one.note))
        yield Entry("actors", one.id, one.name, (one.kind, one.name_local), words, parties=(one.id,))


def _sources(case: Case) -> Iterator[Entry]:
    for one in case.sources.values():
        party = _actor_ids(case, (one.party,))
        words = " ".join((*one.aliases, one.note))
        yield Entry("sources", one.id, one.name, (one.kind, _names(case, party)), words, parties=party)


def _documents(case: Case) -> Iterator[Entry]:
    for one in case.documents.values():
        outlet = case.sources[one.outlet].name if one.outlet in case.sources else one.outlet
        authors = [case.sources[a].name if a in case.sources else a for a in one.author]
        words = " ".join((*authors, outlet, one.stance, one.note, one.url))
        yield Entry("documents", one.id, one.title, (outlet, when(one.published)), words, _start(one.published))


def _claims(case: Case) -> Iterator[Entry]:
    for one in case.claims.values():
        says = payload(one)
        parties = [p for key in ("actor", "target", "by", "from", "to", "of") for p in _several(says.get(key))]
        places = [p for p in _several(says.get("at")) if p in case.places]
        document = case.documents.get(one.document)
        said = one.published or (document.published if document else None)
        chain = [case.sources[s].name if s in case.sources else s for s in one.chain]
        words = " ".join((*(a.anchor for a in one.at), one.citation, one.note, document.title if document else ""))
        facts = (" through ".join(reversed(chain)), when(said))
        yield Entry(
            "claims", one.id, one.text, facts, f"{words} {' '.join(chain)}", _start(said), _actor_ids(case, parties),
            tuple(dict.fromkeys(places)),
        )  # fmt: skip


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [v for v in value if isinstance(v, str)] if value else []


def event_entry(case: Case, event: Event) -> Entry:
    """Return an event, of the record or of a log beside it, in one line."""
    parties = _actor_ids(case, (*event.actor, *event.target))
    unknown = [bare(p) for p in (*event.actor, *event.target) if is_unknown(p)]
    where = _place_names(case, event.place) or listing(event.sector)
    local = [case.places[p].name_local for p in event.place if p in case.places]
    title = event.title or event.type.replace("-", " ")
    names = _names(case, parties)
    words = " ".join((event.type, where, *local, *unknown, names, event.source, event.contested))
    return Entry(
        "events", event.id, title, (when(event.date), where), words, _start(event.date), parties, tuple(event.place),
        event.restricted,
    )  # fmt: skip


def _events(case: Case) -> Iterator[Entry]:
    return (event_entry(case, one) for one in case.events.values())


def _threads(case: Case) -> Iterator[Entry]:
    for one in case.threads.values():
        texts = [case.claims[name].text for name in one.claims if name in case.claims]
        facts = (one.kind.value, _names(case, one.by), _names(case, one.of))
        parties = _actor_ids(case, (*one.by, *one.of))
        yield Entry("threads", one.id, one.title, facts, " ".join((*texts, *facts, one.note)), _start(one.on), parties)


def _signals(case: Case) -> Iterator[Entry]:
    for one in case.signals.values():
        texts = [case.claims[name].text for name in (*one.claims, *one.means) if name in case.claims]
        facts = (one.kind.value, _names(case, one.by), _names(case, one.towards))
        parties = _actor_ids(case, (*one.by, *one.towards))
        yield Entry(
            "signals", one.id, one.title, facts, " ".join((*texts, *facts, one.note)), _start(one.date), parties
        )


def _incidents(case: Case) -> Iterator[Entry]:
    for one in case.incidents.values():
        events = [case.events[name] for name in one.reports if name in case.events]
        titles = list(dict.fromkeys(e.title or e.type for e in events))
        title = one.title or (titles[0] if titles else listing(one.reports))
        places = tuple(dict.fromkeys(p for e in events for p in e.place))
        first = min((d for e in events if (d := _start(e.date))), default=None)
        facts = ("kept apart" if one.apart else "one happening", count(len(one.reports), "report"))
        words = " ".join((*titles, *one.reports, one.why, one.found_by, one.note))
        parties = _actor_ids(case, [p for e in events for p in (*e.actor, *e.target)])
        hidden = any(e.restricted for e in events)
        yield Entry("incidents", one.id, title, facts, words, first, parties, places, hidden)


def _commitments(case: Case) -> Iterator[Entry]:
    for one in case.commitments.values():
        agreement = case.agreements[one.agreement].title if one.agreement in case.agreements else ""
        kind = "threat" if one.adverse else "promise"
        words = " ".join((agreement, one.provision, one.citation, one.note, one.kind, one.form))
        words += f" {_names(case, one.debtor)} {_names(case, one.creditor)}"
        parties = _actor_ids(case, (*one.debtor, *one.creditor))
        facts = (f"{kind} of {_names(case, one.debtor)}", when(one.from_))
        yield Entry("commitments", one.id, one.title, facts, words, _start(one.from_), parties)


def _agreements(case: Case) -> Iterator[Entry]:
    for one in case.agreements.values():
        parties = _actor_ids(case, one.parties)
        words = " ".join((one.reference, one.status, one.citation, one.note, one.place, one.text))
        facts = (when(one.date), _names(case, one.parties))
        yield Entry("agreements", one.id, one.title, facts, words, _start(one.date), parties)


def _disputes(case: Case) -> Iterator[Entry]:
    for one in case.disputes.values():
        answers = [a.text for a in one.answers]
        yield Entry("disputes", one.id, one.question, (count(len(answers), "answer"), one.kind), " ".join(answers))


def _place(case: Case, name: str, kind: str) -> Entry:
    one = case.places[name]
    people = one.residents + one.displaced
    facts = (one.kind.replace("_", " "), one.name_local, number(people) if people else "", one.sector)
    words = " ".join((one.name_local, *one.aliases, one.pcode, one.adm3, one.sector))
    return Entry(kind, one.id, one.name, facts, words, places=(one.id,))


def _places(case: Case) -> Iterator[Entry]:
    return (_place(case, name, "places") for name in case.places)


def _crossings(case: Case) -> Iterator[Entry]:
    return (_place(case, one.id, "crossings") for one in case.places.values() if one.kind in CROSSINGS)


def _areas(case: Case) -> Iterator[Entry]:
    """Yield the sectors and sub-districts that the places of a case are in."""
    for field, what in (("sector", "sector"), ("adm3", "sub-district")):
        groups: dict[str, list[str]] = {}
        for place in case.places.values():
            if name := str(getattr(place, field)):
                groups.setdefault(name, []).append(place.id)
        for name, members in groups.items():
            shown = listing(case.places[p].name for p in members[:3])
            facts = (what, count(len(members), "place"), shown)
            yield Entry("areas", name, name.replace("-", " "), facts, places=tuple(members))


def _zones(case: Case) -> Iterator[Entry]:
    versions: dict[str, list[Any]] = {}
    for zone in case.zones:
        versions.setdefault(zone.id, []).append(zone)
    for name, some in versions.items():
        kind = "road or line" if "Line" in str(some[0].geometry["type"]) else "area"
        facts = (kind, count(len(some), "version"))
        yield Entry("zones", name, some[0].title, facts, " ".join(z.basis for z in some), _start(some[0].from_))


def _scenarios(case: Case) -> Iterator[Entry]:
    for one in case.scenarios.values():
        changes = [_change(case, change) for change in one.changes]
        yield Entry("scenarios", one.id, one.title, (one.lever, listing(filter(None, changes))), one.note)


def _change(case: Case, change: Any) -> str:
    """Return what a scenario changes, with the names of the places it speaks of: which crossing is meant."""
    for word in ("open", "shut", "capacity"):
        if target := str(getattr(change, word)):
            kind, _, rest = target.partition(":")
            names = [case.places[p].name if p in case.places else p for p in (rest or kind).split(":")]
            since = f" from {when(change.from_)}" if change.from_ else ""
            value = f" {number(change.value)}" if word == "capacity" and change.value is not None else ""
            return f"{word} {' to '.join(names)}{value}{since}"
    if change.withdraw:
        return f"withdraw {change.withdraw}"
    return f"{change.parameter} {number(change.value)}" if change.parameter and change.value is not None else ""


def _options(case: Case) -> Iterator[Entry]:
    for one in case.options.values():
        party = _actor_ids(case, (one.actor,))
        yield Entry("options", one.id, one.title, (_names(case, (one.actor,)), listing(one.needs)), parties=party)


def _figures(case: Case) -> Iterator[Entry]:
    for one in case.observed.values():
        title = one.indicator or one.title
        places = (one.place,) if one.place in case.places else ()
        facts = (f"{one.value:,.0f}" if one.value >= 1000 else number(one.value), _window(one.from_, one.to))
        words = " ".join((one.title, one.measure, one.source, one.note, one.pcode, _place_names(case, places)))
        when = _start(one.from_)
        yield Entry("figures", one.id, title, facts, words, when, places=places, restricted=one.restricted)


def _window(first: When, last: When) -> str:
    return when(first) if str(first) == str(last) else f"{day(_start(first))} to {day(last.end or last.start)}"


def _parameters(case: Case) -> Iterator[Entry]:
    for one in case.parameters.values():
        facts = (f"{number(one.value)} {one.unit}".strip(), span(*one.range))
        yield Entry("parameters", one.id, one.title, facts, " ".join((one.citation, one.assumed, one.note)))


KINDS: Mapping[str, RecordKind] = {
    "agreements": RecordKind("agreements", "agreements", ("date", "parties"), _agreements, Kind.AGREEMENTS),
    "commitments": RecordKind("commitments", "promises and threats", ("whose", "from"), _commitments, Kind.COMMITMENTS),
    "events": RecordKind("events", "recorded events", ("when", "where"), _events, Kind.EVENTS),
    "incidents": RecordKind("incidents", "decisions on incidents", ("decision", "reports"), _incidents, Kind.INCIDENTS),
    "threads": RecordKind("threads", "requests, offers and demands", ("kind", "by", "of"), _threads, Kind.THREADS),
    "signals": RecordKind("signals", "signals", ("kind", "by", "towards"), _signals, Kind.SIGNALS),
    "actors": RecordKind("actors", "actors", ("kind", "local name"), _actors, Kind.ACTORS),
    "claims": RecordKind("claims", "claims", ("who says so", "said"), _claims, Kind.CLAIMS),
    "disputes": RecordKind("disputes", "disputes", ("answers", "about"), _disputes, Kind.DISPUTES),
    "documents": RecordKind("documents", "documents", ("outlet", "published"), _documents, Kind.DOCUMENTS),
    "sources": RecordKind("sources", "sources", ("kind", "speaks for"), _sources, Kind.SOURCES),
    "places": RecordKind("places", "places", ("kind", "local name", "people", "area"), _places, Kind.PLACES),
    "crossings": RecordKind(
        "crossings", "crossings", ("kind", "local name", "people", "area"), _crossings, Kind.PLACES
    ),
    "areas": RecordKind("areas", "areas", ("kind", "places", "such as"), _areas, None),
    "zones": RecordKind("zones", "zones and roads", ("kind", "versions"), _zones, Kind.ZONES),
    "figures": RecordKind("figures", "figures", ("value", "when"), _figures, Kind.OBSERVED),
    "scenarios": RecordKind("scenarios", "scenarios", ("lever", "changes"), _scenarios, Kind.SCENARIOS),
    "options": RecordKind("options", "options of actors", ("actor", "needs"), _options, Kind.OPTIONS),
    "parameters": RecordKind("parameters", "parameters", ("value", "90 % range"), _parameters, Kind.PARAMETERS),
}


def kind_named(kind: str) -> RecordKind:
    """Return a kind of record by its name or its singular. Raises StandoffError with the nearest."""
    name = next((k for k in KINDS if kind.lower() in (k, k.removesuffix("s"), k.replace("ies", "y"))), "")
    if not name:
        hint = nearest(kind, KINDS)
        raise StandoffError.of(
            f"there is no kind of record {kind!r}", file="show", expected=", ".join(KINDS), hint=hint
        )
    return KINDS[name]


def entries_of(case: Case, kind: str) -> tuple[tuple[Entry, ...], int]:
    """Return the records of a kind, and how many were left out since they may not be passed on.

    Raises StandoffError, with the nearest name, for a kind that there is not.
    """
    every = tuple(kind_named(kind).lister(case))
    free = tuple(entry for entry in every if not entry.restricted)
    return free, len(every) - len(free)


def every_entry(case: Case) -> Iterator[Entry]:
    """Yield every record of a case that may be passed on; crossings and areas are places already."""
    for name, kind in KINDS.items():
        if name not in ("crossings", "areas"):
            yield from (entry for entry in kind.lister(case) if not entry.restricted)


def written_fields(case: Case, kind: str, name: str) -> dict[str, Any]:
    """Return a record as its file has it, with where it stands; keys at their default are left out.

    Raises StandoffError for an unknown kind or name, with the nearest, and for a record that may not be passed on.
    """
    chosen = kind_named(kind)
    every = {entry.id: entry for entry in chosen.lister(case)}
    if name not in every:
        near = nearest(name, every) or nearest(name, {e.title: e for e in every.values()})
        raise StandoffError.of(f"there is none called {name!r} among the {chosen.title}", file="show", hint=near)
    if every[name].restricted:
        raise StandoffError.of(f"{name!r} is of a source that may not be passed on", file="show")
    if chosen.record is None:
        return {"id": name, "places": list(every[name].places)}
    record = case.records(chosen.record)[name]
    written = case.written.get((chosen.record, name))
    fields = as_written(record)
    if chosen.record is Kind.ZONES:
        fields["geometry"] = str(record.geometry["type"])
    return fields | ({"written": f"{written.file}:{written.line}"} if written else {})
