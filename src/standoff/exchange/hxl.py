"""HXL tables: events, places and the ledger of a case; arrivals, displacement and recorded history of a run.

What a model computed carries ``+modelled``, so that no tool takes it for an observed figure.
Observed figures are in ``hxl_figures``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from standoff.case.disputes import RECORD
from standoff.case.model import Case, Event, Place
from standoff.case.vocabulary import coded
from standoff.evidence.independence import origin
from standoff.evidence.stances import kind_of
from standoff.evidence.statements import denials
from standoff.evidence.telling import Report, reports
from standoff.exchange.geojson import rounded
from standoff.exchange.hashtags import Column, Sheet, sheet
from standoff.exchange.hxl_figures import as_written
from standoff.experiment.results import Arrivals, Fan, Run

if TYPE_CHECKING:
    from standoff.commitments.ledger import Row


SPOKEN = {(True, False): "asserted", (False, True): "denied", (True, True): "asserted and denied"}


def stances(case: Case, account: str | None = None, on: date | None = None) -> list[tuple[Event, str]]:
    """Return the events known on a day and how they stand in an account; None asks for the record.

    In the record an event is ``asserted``, or ``disputed`` where somebody denies it, or versions of it differ. Of a
    statement account there are only the events that it asserts or denies, each with the claims by which it does, their
    addresses, and no number but what stands in those claims. Raises StandoffError for an unknown account.
    """
    if account is None or kind_of(case, account) == "record":
        found = reports(case, account or RECORD.id, as_of=on)
        return [(r.event, "asserted" if r.asserted and not r.denied else "disputed") for r in found]
    found = reports(case, account, as_of=on)
    if kind_of(case, account) == "statement":
        return [(_as_spoken(case, r), SPOKEN[r.asserted, r.denied]) for r in found if r.asserted or r.denied]
    return [(r.event, SPOKEN.get((r.asserted, r.denied), "not reported")) for r in found]


def _as_spoken(case: Case, report: Report) -> Event:
    """Return an event with what a statement account said of it: its own claims, their addresses, no other's number."""
    cited = dict.fromkeys(case.claims[c].citation for c in report.claims if c in case.claims)
    return replace(
        report.event,
        claims=report.claims,
        source="; ".join(filter(None, cited)),
        low=None,
        high=None,
        counted="",
        contested="",
    )


def denied_by(case: Case, on: date | None = None) -> dict[str, tuple[str, ...]]:
    """Return who denies each recorded event, by name: those whose public claims deny it by a day."""
    found = {}
    for event, claims in denials(case, by=on).items():
        who = dict.fromkeys(origin(case, case.claims[c]) for c in claims)
        found[event] = _names(case, "sources", tuple(who))
    return found


def _names(case: Case, kind: str, ids: Sequence[str]) -> tuple[str, ...]:
    records = getattr(case, kind)
    return tuple(records[i].name if i in records else i for i in ids)


def events(case: Case, account: str | None = None, on: date | None = None) -> Sheet:
    """Return recorded events with PLOVER and ACLED types and how they stand; coordinates where there is one place.

    ``account`` is the record where none is named; a statement account has only what it asserts or denies.

    Raises StandoffError for an unknown account.
    """
    columns = [
        Column("id", "#event+id"),
        Column("first day", "#date+occurred+start"),
        Column("last day", "#date+occurred+end"),
        Column("known on", "#date+known", True),
        Column("date, as written", "#meta+occurred+edtf", True),
        Column("type", "#event+type"),
        Column("PLOVER type", "#event+type+v_plover"),
        Column("ACLED sub-event type", "#event+type+v_acled", True),
        Column("what", "#description"),
        Column("actor", "#group+name+first"),
        Column("target", "#group+name+second", True),
        Column("place", "#loc+name"),
        Column("latitude", "#geo+lat"),
        Column("longitude", "#geo+lon"),
        Column("coordinates may be off by, km", "#geo+precision+km"),
        Column("low", "#indicator+low+num", True),
        Column("high", "#indicator+high+num", True),
        Column("what is counted", "#indicator+name", True),
        Column("account", "#meta+account"),
        Column("kind of account", "#meta+account+kind"),
        Column("how it stands there", "#status+told"),
        Column("denied by", "#meta+denied_by", True),
        Column("one version of", "#meta+variant_of", True),
        Column("claims", "#meta+claims", True),
        Column("source", "#meta+source"),
    ]
    rows = []
    of = account or RECORD.id
    kind, against = kind_of(case, of), denied_by(case, on)
    for e, told in stances(case, account, on):
        at = [case.places[p] for p in e.place if p in case.places]
        lon, lat = rounded(at[0], settlement=True) if len(at) == 1 else (None, None)
        code = coded(e.type)
        rows.append(
            [
                e.id,
                e.date.start,
                e.date.end,
                e.known.end if e.known else None,
                as_written(e.date, e.date.start),
                e.type,
                code.plover,
                code.acled,
                e.title,
                _names(case, "actors", e.actor),
                _names(case, "actors", e.target),
                _names(case, "places", e.place),
                lat,
                lon,
                (at[0].accuracy_km or None) if len(at) == 1 else None,
                e.low,
                e.high,
                e.counted,
                of,
                kind,
                told,
                against.get(e.id, ()) if kind != "statement" else (),
                e.variant_of,
                e.claims,
                e.source,
            ]
        )
    return sheet(columns, rows)


def _local(case: Case) -> Column:
    """The column of local names, with the language of the case beside English, where it says one."""
    language = next((code for code in case.about.languages if code != "en"), "")
    return Column("place, local name", f"#loc+name+{f'i_{language}' if language else 'alt'}", True)


def _where(case: Case) -> tuple[Column, ...]:
    return (*_AT[:2], _local(case), *_AT[2:])


_AT = (
    Column("place id", "#loc+id"),
    Column("place", "#loc+name"),
    Column("P-code", "#loc+code+v_pcode", True),
    Column("sub-district P-code", "#adm3+code", True),
    Column("country", "#country+code", True),
    Column("latitude", "#geo+lat"),
    Column("longitude", "#geo+lon"),
    Column("coordinates may be off by, km", "#geo+precision+km"),
)


def _at(place: Place | None, name: str) -> list[Any]:
    if place is None:
        return [name, name or "whole region", *[None] * (len(_AT) - 1)]
    lon, lat = rounded(place)
    km = place.accuracy_km or None
    return [name, place.name, place.name_local, place.pcode, place.adm3, place.country, lat, lon, km]


def places(case: Case) -> Sheet:
    """Return the places with the people a run starts from and how far off the coordinates may be."""
    columns = [
        *_where(case),
        Column("kind", "#loc+type"),
        Column("residents", "#population+residents"),
        Column("displaced", "#affected+idps"),
        Column("capacity", "#capacity+people", True),
        Column("source", "#meta+source", True),
    ]
    return sheet(
        columns,
        [[*_at(p, p.id), p.kind, p.residents, p.displaced, p.capacity or None, p.source] for p in case.places.values()],
    )


def ledger(found: Iterable[Row], on: date) -> Sheet:
    """Return rows of the ledger as they stand on a day: state, verdict, counts, reasons and claims.

    A row of a statement account has what its party says, on which day and by which claims, and no verdict of ours.
    """
    columns = [
        Column("commitment", "#meta+commitment"),
        Column("title", "#description+commitment"),
        Column("debtor", "#group+name+debtor"),
        Column("creditor", "#group+name+creditor", True),
        Column("threat", "#meta+adverse"),
        Column("agreement", "#meta+agreement", True),
        Column("provision", "#meta+provision", True),
        Column("account", "#meta+account"),
        Column("kind of account", "#meta+account+kind"),
        Column("reading", "#meta+reading", True),
        Column("key", "#meta+key", True),
        Column("on", "#date+on"),
        Column("state", "#status+state"),
        Column("state at worst", "#status+worst"),
        Column("verdict, or what is said", "#status+verdict"),
        Column("said on", "#date+said", True),
        Column("named as who did it", "#group+name+named", True),
        Column("duty", "#meta+duty"),
        Column("since", "#date+start"),
        Column("due", "#date+due", True),
        Column("kept", "#indicator+kept+num"),
        Column("broken", "#indicator+broken+num"),
        Column("breaches, certain", "#indicator+breaches+low+num"),
        Column("breaches, reported", "#indicator+breaches+high+num"),
        Column("rule", "#description+rule"),
        Column("events", "#meta+events", True),
        Column("claims", "#meta+claims", True),
    ]
    rows = []
    for r in found:
        spoken = r.account_kind == "statement"
        # A party gives no counts of kept and broken, and the clock of the record is not its word.
        counts = [None] * 4 if spoken else [r.kept, r.broken, r.breaches, r.breaches_possible]
        rows.append(
            [
                *(r.commitment, r.title, r.debtor, r.creditor, r.adverse, r.agreement, r.provision, r.account),
                *(r.account_kind, r.reading, r.key, on, "" if spoken else r.state, "" if spoken else r.worst),
                *(r.words, r.said_on, r.by, r.duty, None if spoken else r.since, r.due, *counts),
                *(r.rule, r.because, r.claims),
            ]
        )
    return sheet(columns, rows)


def run_ledger(run: Run, account: str | None = None) -> Sheet:
    """Return the recorded history a run starts from: spans of days over which a commitment was in one state."""
    columns = [
        Column("commitment", "#meta+commitment"),
        Column("key", "#meta+key", True),
        Column("account", "#meta+account"),
        Column("kind of account", "#meta+account+kind"),
        Column("reading", "#meta+reading", True),
        Column("from", "#date+start"),
        Column("to", "#date+end"),
        Column("state", "#status+state"),
        Column("verdict", "#status+verdict"),
        Column("breaches", "#indicator+breaches+num"),
    ]
    kept = [s for s in run.ledger if account in (None, s.account)]
    rows = []
    for s in kept:
        kind = "record" if s.account == RECORD.id else "reading"  # nothing else is run
        rows.append([s.commitment, s.key, s.account, kind, s.reading, s.from_, s.to, s.state, s.verdict, s.breaches])
    return sheet(columns, rows)


_WHOSE = (Column("account", "#meta+account"), Column("scenario", "#meta+scenario"), Column("runs", "#meta+n"))


def arrivals(case: Case, run: Run, found: Iterable[Arrivals]) -> Sheet:
    """Return people arriving at each place in the model by a day: mean and quantiles over the runs of an account."""
    marks = ("mean", "q05", "q50", "q95")
    columns = [
        *_WHOSE,
        Column("from", "#date+start"),
        Column("to", "#date+end"),
        *_where(case),
        *(Column(f"arrivals, {mark}", f"#affected+arrivals+modelled+{mark}") for mark in marks),
    ]
    spec = run.meta["spec"]
    rows = [
        [
            *(a.account, a.scenario, spec["trajectories"], spec["start"], a.date),
            *_at(case.places.get(a.place), a.place),
            *(getattr(a, mark) for mark in marks),
        ]
        for a in found
    ]
    return sheet(columns, rows)


SERIES = {"displaced-people": "#affected+displaced+modelled", "in-sites": "#affected+in_sites+modelled"}


def displaced(case: Case, run: Run, found: Iterable[Fan]) -> Sheet:
    """Return people newly displaced and people in sites in the model, by day and place: mean and quantiles."""
    marks = ("mean", "q05", "q10", "q25", "q50", "q75", "q90", "q95")
    columns = [
        *_WHOSE,
        Column("date", "#date"),
        *(Column(c.header, c.tag, c.tag != "#loc+name") for c in _where(case)),
        *(Column(f"{series}, {mark}", f"{tag}+{mark}", True) for series, tag in SERIES.items() for mark in marks),
    ]
    cells: dict[tuple[str, str, str, str], dict[tuple[str, str], float]] = {}
    for fan in found:
        if fan.series in SERIES:
            row = cells.setdefault((fan.account, fan.scenario, fan.date, fan.place), {})
            row |= {(fan.series, mark): getattr(fan, mark) for mark in marks}
    n = run.meta["spec"]["trajectories"]
    return sheet(
        columns,
        [
            [account, scenario, n, day, *_at(case.places.get(place), place)]
            + [row.get((series, mark)) for series in SERIES for mark in marks]
            for (account, scenario, day, place), row in cells.items()
        ],
    )
