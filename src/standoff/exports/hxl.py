"""HXL tables: events, places and the ledger of a case; arrivals, displacement and recorded history of a run.

HXL sheets (HXL 1.1) are columns with a header and a hashtag, as UTF-8 CSV; `standoff.intake.hxl` reads them back. A
cell that a spreadsheet would run as a formula gets a leading apostrophe, which reading takes off again. Every measure
of observed figures has a hashtag of its own, and no measure's hashtag matches another's column: people, movements and
partial counts are never added by mistake. What a model computed carries ``+modelled``, so that no tool takes it for
observed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from standoff.case.claims import RECORD, AccountKind
from standoff.case.geography import Place
from standoff.case.model import Case, Event, Kind, Observation
from standoff.case.vocabulary import coded
from standoff.evidence.accounts import EventTelling, kind_of, reports
from standoff.evidence.independence import origin
from standoff.evidence.statements import denials
from standoff.exports.geojson import rounded_point
from standoff.intake.hxl import MEASURE_TAGS, TAG_OF_NOTE, Column, HxlSheet
from standoff.runs.results import Arrivals, Fan, Run
from standoff.values import When

if TYPE_CHECKING:
    from standoff.commitments.ledger import Row


_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z", re.ASCII)


def cell_text(value: Any) -> str:
    """Write one value: days in ISO 8601, whole numbers without a point, lists with ``;``, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "; ".join(cell_text(part) for part in value)
    return str(value)


def sheet(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> HxlSheet:
    """Make a sheet of values; optional columns that no row fills are left out."""
    texts = [[cell_text(value) for value in row] for row in rows]
    kept = [i for i, column in enumerate(columns) if not column.optional or any(row[i] for row in texts)]
    return HxlSheet(tuple(columns[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in texts))


def with_caution(sheet: HxlSheet, text: str) -> HxlSheet:
    """Return a sheet with a text of warning in every row, where it outlives sorting, filtering and joining."""
    if not text:
        return sheet
    columns = (*sheet.columns, Column("caution", "#meta+caution"))
    return HxlSheet(columns, tuple((*row, text) for row in sheet.rows), sheet.lines)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def to_csv(sheet: HxlSheet) -> str:
    """Return the sheet as CSV: headers, hashtags, rows; ``\\n`` ends a line."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.header for column in sheet.columns])
    writer.writerow([column.tag for column in sheet.columns])
    writer.writerows([_guarded(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


ADMIN_DIGITS = {2: "#adm1+code", 4: "#adm2+code", 6: "#adm3+code"}  # OCHA's P-codes: two letters, then digits


def admin_tag(pcode: str) -> str:
    """Return the hashtag of a P-code by its length; a code of another form is a code of a location."""
    letters, digits = pcode[:2], pcode[2:]
    return ADMIN_DIGITS.get(len(digits), "#loc+code") if letters.isalpha() and digits.isdigit() else "#loc+code"


def area_tags(pcodes: Iterable[str]) -> tuple[str, str]:
    """Return the hashtags of the names and codes of areas: those of their level where all their P-codes have one."""
    tags = {admin_tag(code) for code in pcodes if code}
    code = tags.pop() if len(tags) == 1 else "#loc+area+code"
    return (code.replace("+code", "+name"), code) if code.startswith("#adm") else ("#loc+area+name", "#loc+area+code")


def date_as_written(when: When | None, bound: date | None) -> str:
    """Return a date as the case writes it, where the day in its own column does not say it all."""
    return "" if when is None or (when.start == when.end == bound and not when.approximate) else when.text


def observed(figures: Iterable[Observation]) -> HxlSheet:
    """Return observed figures, one a row, in a column for each measure; `read_observed` reads them back."""
    figures = list(figures)
    codes = ["#adm1+code", "#adm2+code", "#adm3+code", "#loc+code"]
    columns = [
        Column("id", "#meta+id"),
        Column("from", "#date+start"),
        Column("to", "#date+end"),
        Column("from, as written", "#meta+start+edtf", True),
        Column("to, as written", "#meta+end+edtf", True),
        *(Column(tag[1:].replace("+", " "), tag, True) for tag in codes),
        Column("place", "#loc+name", True),
        Column("what is counted", "#indicator+name"),
        *(Column(measure, tag, True) for measure, tag in MEASURE_TAGS.items()),
        *(Column(name, tag, name != "bound") for name, tag in TAG_OF_NOTE.items()),
    ]
    rows = []
    for one in figures:
        first, last = one.from_.start or one.from_.end, one.to.end or one.to.start
        tag = admin_tag(one.pcode) if one.pcode else ""
        rows.append(
            [
                one.id,
                first,
                last,
                date_as_written(one.from_, first),
                date_as_written(one.to, last),
                *(one.pcode if tag == code else "" for code in codes),
                one.place,
                one.indicator,
                *(one.value if measure == one.measure else "" for measure in MEASURE_TAGS),
                *(getattr(one, name) for name in TAG_OF_NOTE),
            ]
        )
    return sheet(columns, rows)


def observed_by(case: Case, on: date | None = None) -> tuple[Observation, ...]:
    """Return the observed figures whose window had ended on a day, and which were out by then as far as is known.

    What may not be passed on is left out.
    """

    def out(one: Observation) -> bool:
        if one.restricted:
            return False
        if on is None:
            return True
        try:
            published = When.parse(one.published).end if one.published else None
        except ValueError:
            published = None
        return max(one.to.end or one.to.start or date.max, published or date.min) <= on

    return tuple(one for one in case.observed.values() if out(one))


WORD_ON_EVENT = {(True, False): "asserted", (False, True): "denied", (True, True): "asserted and denied"}


def stances(case: Case, account: str | None = None, on: date | None = None) -> list[tuple[Event, str]]:
    """Return the events known on a day and how they stand in an account; None asks for the record.

    In the record an event is ``asserted``, or ``disputed`` where somebody denies it, or versions of it differ. Of a
    statement account there are only the events that it asserts or denies, each with the claims by which it does, their
    addresses, and no number but what stands in those claims. What may not be passed on is left out. Raises
    StandoffError for an unknown account.
    """
    chosen = RECORD.id if account is None else account
    account_reports = [r for r in reports(case, chosen, as_of=on) if not r.event.restricted]
    if kind_of(case, chosen) == AccountKind.RECORD:
        return [(r.event, "asserted" if r.asserted and not r.denied else "disputed") for r in account_reports]
    if kind_of(case, chosen) == AccountKind.STATEMENT:
        return [
            (_as_spoken(case, r), WORD_ON_EVENT[r.asserted, r.denied])
            for r in account_reports
            if r.asserted or r.denied
        ]
    return [(r.event, WORD_ON_EVENT.get((r.asserted, r.denied), "not reported")) for r in account_reports]


def _as_spoken(case: Case, report: EventTelling) -> Event:
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
    names = {}
    for event, claims in denials(case, by=on).items():
        who = dict.fromkeys(origin(case, case.claims[c]) for c in claims)
        names[event] = _names(case, Kind.SOURCES, tuple(who))
    return names


def _names(case: Case, kind: Kind, ids: Sequence[str]) -> tuple[str, ...]:
    records = case.records(kind)
    return tuple(records[i].name if i in records else i for i in ids)


def events(case: Case, account: str | None = None, on: date | None = None) -> HxlSheet:
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
    for e, stance in stances(case, account, on):
        at = [case.places[p] for p in e.place if p in case.places]
        lon, lat = rounded_point(at[0], settlement=True) if len(at) == 1 else (None, None)
        code = coded(e.type)
        rows.append(
            [
                e.id,
                e.date.start,
                e.date.end,
                e.known.end if e.known else None,
                date_as_written(e.date, e.date.start),
                e.type,
                code.plover,
                code.acled,
                e.title,
                _names(case, Kind.ACTORS, e.actor),
                _names(case, Kind.ACTORS, e.target),
                _names(case, Kind.PLACES, e.place),
                lat,
                lon,
                (at[0].accuracy_km or None) if len(at) == 1 else None,
                e.low,
                e.high,
                e.counted,
                of,
                kind,
                stance,
                against.get(e.id, ()) if kind != AccountKind.STATEMENT else (),
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
    lon, lat = rounded_point(place)
    km = place.accuracy_km or None
    return [name, place.name, place.name_local, place.pcode, place.adm3, place.country, lat, lon, km]


def places(case: Case) -> HxlSheet:
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


def ledger(ledger_rows: Iterable[Row], on: date) -> HxlSheet:
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
    for r in ledger_rows:
        by_party = r.account_kind == AccountKind.STATEMENT
        # A party gives no counts of kept and broken, and the clock of the record is not its word.
        counts = [None] * 4 if by_party else [r.kept, r.broken, r.breaches, r.breaches_possible]
        rows.append(
            [
                *(r.commitment, r.title, r.debtor, r.creditor, r.adverse, r.agreement, r.provision, r.account),
                *(r.account_kind, r.reading, r.key, on, "" if by_party else r.state, "" if by_party else r.worst),
                *(r.words, r.word_on, r.by, r.duty, None if by_party else r.since, r.due, *counts),
                *(r.rule, r.because, r.claims),
            ]
        )
    return sheet(columns, rows)


def run_ledger(run: Run, account: str | None = None) -> HxlSheet:
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
        kind = AccountKind.RECORD if s.account == RECORD.id else AccountKind.READING  # nothing else is run
        rows.append([s.commitment, s.key, s.account, kind, s.reading, s.from_, s.to, s.state, s.verdict, s.breaches])
    return sheet(columns, rows)


_WHOSE = (Column("account", "#meta+account"), Column("scenario", "#meta+scenario"), Column("runs", "#meta+n"))


def arrivals(case: Case, run: Run, arrival_rows: Iterable[Arrivals]) -> HxlSheet:
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
        for a in arrival_rows
    ]
    return sheet(columns, rows)


SERIES = {"displaced-people": "#affected+displaced+modelled", "in-sites": "#affected+in_sites+modelled"}


def displaced(case: Case, run: Run, fans: Iterable[Fan]) -> HxlSheet:
    """Return people newly displaced and people in sites in the model, by day and place: mean and quantiles."""
    marks = ("mean", "q05", "q10", "q25", "q50", "q75", "q90", "q95")
    columns = [
        *_WHOSE,
        Column("date", "#date"),
        *(Column(c.header, c.tag, c.tag != "#loc+name") for c in _where(case)),
        *(Column(f"{series}, {mark}", f"{tag}+{mark}", True) for series, tag in SERIES.items() for mark in marks),
    ]
    cells: dict[tuple[str, str, str, str], dict[tuple[str, str], float]] = {}
    for fan in fans:
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
