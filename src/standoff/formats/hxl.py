"""HXL tables: events, places and the ledger of a case; arrivals, displacement and recorded history of a run.

HXL sheets (HXL 1.1) are columns with a header and a hashtag, as UTF-8 CSV, read back with line numbers. A cell that a
spreadsheet would run as a formula gets a leading apostrophe, which reading takes off again. Every measure of observed
figures has a hashtag of its own, and no measure's hashtag matches another's column: people, movements and partial
counts are never added by mistake. What a model computed carries ``+modelled``, so that no tool takes it for observed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.case.claims import RECORD, AccountKind
from standoff.case.geography import Place
from standoff.case.model import Case, Event, Kind, Observation
from standoff.case.vocabulary import BOUNDS, coded
from standoff.errors import Problem, StandoffError, nearest
from standoff.evidence.accounts import EventTelling, kind_of, reports
from standoff.evidence.independence import origin
from standoff.evidence.statements import denials
from standoff.files import opener as files
from standoff.formats.geojson import rounded_point
from standoff.oneline import OneLine
from standoff.runs.results import Arrivals, Fan, Run
from standoff.values import When

if TYPE_CHECKING:
    from standoff.commitments.ledger import Row


MAX_BYTES = 64 * 2**20
SEARCHED = 25  # HXL 1.1: the hashtag row is one of the first 25 rows
HASHTAGS = (
    "access", "activity", "adm1", "adm2", "adm3", "adm4", "adm5", "affected", "beneficiary", "capacity", "cause",
    "channel", "contact", "country", "crisis", "currency", "date", "delivery", "description", "event", "frequency",
    "geo", "group", "impact", "indicator", "inneed", "item", "loc", "meta", "modality", "need", "operations", "org",
    "output", "population", "reached", "region", "sector", "service", "severity", "status", "subsector", "targeted",
    "value",
)  # fmt: skip
_TAG = re.compile(r"\s*#([A-Za-z]\w*)((?:\s*\+\s*[A-Za-z]\w*)*)\s*\Z", re.ASCII)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Column(OneLine):
    """A header and its hashtag; an ``optional`` column is left out where no row fills it."""

    header: str
    tag: str
    optional: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Sheet(OneLine):
    """A table with hashtags: every row has a text for every column, and ``lines`` where each stands in its file."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = ()

    def index(self, tag: str) -> int | None:
        """Return the first column with exactly this hashtag and these attributes, in whatever order."""
        parts = tag_parts(tag)
        return next((i for i, column in enumerate(self.columns) if tag_parts(column.tag) == parts), None)


def tag_parts(tag: str) -> tuple[str, frozenset[str]]:
    """Return hashtag and attributes in lower case. Raises ValueError for a text that is not a hashtag."""
    match = _TAG.match(tag)
    if not match:
        raise ValueError(f"{tag!r} is not a hashtag; expected one such as #affected+idps")
    return match[1].lower(), frozenset(a.strip().lower() for a in match[2].split("+") if a.strip())


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


def sheet(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Sheet:
    """Make a sheet of values; optional columns that no row fills are left out."""
    texts = [[cell_text(value) for value in row] for row in rows]
    kept = [i for i, column in enumerate(columns) if not column.optional or any(row[i] for row in texts)]
    return Sheet(tuple(columns[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in texts))


def with_caution(sheet: Sheet, text: str) -> Sheet:
    """Return a sheet with a text of warning in every row, where it outlives sorting, filtering and joining."""
    if not text:
        return sheet
    columns = (*sheet.columns, Column("caution", "#meta+caution"))
    return Sheet(columns, tuple((*row, text) for row in sheet.rows), sheet.lines)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def to_csv(sheet: Sheet) -> str:
    """Return the sheet as CSV: headers, hashtags, rows; ``\\n`` ends a line."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.header for column in sheet.columns])
    writer.writerow([column.tag for column in sheet.columns])
    writer.writerows([_guarded(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def _is_hashtag_row(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(_TAG.match(cell) for cell in filled)


def _records(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise StandoffError.of(
            f"this is not CSV: {error}", file=file, line=reader.line_num, expected="comma-separated cells"
        ) from None


def read_sheet(text: str, file: str) -> Sheet:
    """Read HXL from a text; columns without a hashtag are left out.

    Raises StandoffError when there is no hashtag row in the first 25, for a hashtag that HXL 1.1 does not have (except
    ``#x_...``) and for rows with more cells than hashtags.
    """
    records = _records(text, file)
    header: list[str] = []
    for tag_line, tags in islice(records, SEARCHED):  # noqa: B007 - the loop looks for them
        if _is_hashtag_row(tags):
            break
        header = tags
    else:
        what = f"no row of hashtags in the first {SEARCHED} rows"
        raise StandoffError.of(what, file=file, expected="HXL: a row such as #date,#adm3+code,#affected+idps")
    tags = [tag.strip() for tag in tags]
    problems = list(_wrong_tags(tags, file, tag_line))
    kept = [i for i, tag in enumerate(tags) if tag]
    columns = tuple(Column(header[i].strip() if i < len(header) else "", tags[i]) for i in kept)
    rows, lines = [], []
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(tags):
            problems.append(Problem(file, line, f"{len(cells)} cells", f"at most {len(tags)}, as in the hashtag row"))
            continue
        padded = [*cells, *[""] * (len(tags) - len(cells))]
        rows.append(tuple(_plain(padded[i].strip()) for i in kept))
        lines.append(line)
    if problems:
        raise StandoffError(problems)
    return Sheet(columns, tuple(rows), tuple(lines))


def _wrong_tags(tags: Sequence[str], file: str, line: int) -> Iterator[Problem]:
    for tag in filter(None, tags):
        name, _ = tag_parts(tag)
        if name not in HASHTAGS and not name.startswith("x_"):
            hint = nearest(name, HASHTAGS)
            yield Problem(file, line, f"HXL 1.1 has no hashtag #{name}", "a core hashtag, or #x_...", hint)


def read_file(path: Path) -> Sheet:
    """Read an HXL file of at most 64 MB. Raises StandoffError when it cannot be read, as ``read_sheet`` does."""
    file = str(path)
    return read_sheet(files.read_text(path, file, MAX_BYTES, expected="a text file"), file)


MOST = 1e15
MOST_LISTED = 50  # problems listed in full
_NEUTRAL = frozenset({"num", "ind", "people", "persons"})  # attributes that do not change what is counted
_COUNTS = ("affected", "indicator", "inneed", "population", "reached", "targeted", "value")

MEASURE_TAGS: dict[str, str] = {
    "people-displaced": "#affected+displaced",
    "displacement-movements": "#indicator+movements+all+num",
    "movements-partial": "#indicator+movements+partial+num",
    "people-stock": "#population+present",
    "idps-stock": "#affected+idps",
    "refugees-stock": "#affected+refugees",
    "people-in-sites": "#affected+in_sites",
    "people-in-need": "#inneed",
    "people-returned": "#affected+returnees",
    "planning-figure": "#targeted+planned",
    "people-at-risk": "#population+at_risk",
    "border-crossings": "#indicator+border_crossings+num",
    "deaths-civilian": "#affected+killed+civilians",
    "deaths-military": "#affected+killed+military",
    "deaths": "#affected+killed+unspecified",
    "attacks": "#indicator+attacks+num",
    "fighters": "#indicator+fighters+num",
    "troops": "#indicator+troops+num",
    "equipment": "#indicator+equipment+num",
    "posts": "#indicator+posts+num",
    "share": "#indicator+share+num",
    "money": "#value+money",
    "distance": "#indicator+distance+km+num",
    "duration": "#indicator+duration+days+num",
    "count": "#indicator+counted+num",
}
ADMIN_DIGITS = {2: "#adm1+code", 4: "#adm2+code", 6: "#adm3+code"}  # OCHA's P-codes: two letters, then digits
TAG_OF_NOTE: dict[str, str] = {
    "bound": "#meta+bound",
    "origin": "#loc+name+origin",
    "source": "#meta+source",
    "title": "#meta+title",
    "published": "#meta+published",
    "url": "#meta+url",
    "qualifier": "#meta+qualifier",
    "note": "#description+note",
    "contested": "#meta+contested",
}


def admin_tag(pcode: str) -> str:
    """Return the hashtag of a P-code by its length; a code of another form is a code of a location."""
    letters, digits = pcode[:2], pcode[2:]
    return ADMIN_DIGITS.get(len(digits), "#loc+code") if letters.isalpha() and digits.isdigit() else "#loc+code"


def date_as_written(when: When | None, bound: date | None) -> str:
    """Return a date as the case writes it, where the day in its own column does not say it all."""
    return "" if when is None or (when.start == when.end == bound and not when.approximate) else when.text


def observed(figures: Iterable[Observation]) -> Sheet:
    """Return observed figures, one a row, in a column for each measure; ``read_observed`` reads them back."""
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
    """Return the observed figures whose window had ended on a day, and which were out by then as far as is known."""

    def out(one: Observation) -> bool:
        if on is None:
            return True
        try:
            published = When.parse(one.published).end if one.published else None
        except ValueError:
            published = None
        return max(one.to.end or one.to.start or date.max, published or date.min) <= on

    return tuple(one for one in case.observed.values() if out(one))


@dataclass(frozen=True, slots=True, repr=False)
class Figures(OneLine):
    """Figures read from an HXL file, the columns of numbers that name no measure, and the rows without a figure."""

    observations: tuple[Observation, ...]
    left_out: tuple[str, ...]
    empty: int


def measure_of_tag(tag: str) -> str:
    """Return the measure a hashtag names, or an empty text.

    A column with further attributes is part of a measure (``#affected+idps+children``) or a model's result, not it.
    """
    name, attributes = tag_parts(tag)
    for measure, own in MEASURE_TAGS.items():
        own_name, needed = tag_parts(own)
        if name == own_name and needed <= attributes and attributes - needed <= _NEUTRAL:
            return measure
    return ""


def read_observed(path: Path) -> Figures:
    """Read an HXL file of figures: one Observation for each filled cell of a column that names a measure.

    Dates come from ``#date+start`` and ``#date+end``, or from ``#date``; places from the deepest administrative code
    and name. Raises StandoffError with every problem figures: hashtags, dates, numbers, bounds, ids given twice.
    """
    file, sheet = str(path), read_file(path)
    measures = {i: m for i, column in enumerate(sheet.columns) if (m := measure_of_tag(column.tag))}
    problems: list[Problem] = []
    if not measures:
        tags = [column.tag for column in sheet.columns]
        hints = filter(None, (nearest(tag, MEASURE_TAGS.values()) for tag in tags))
        what = "no column holds an observed figure"
        problems.append(Problem(file, 0, what, f"one of {', '.join(MEASURE_TAGS.values())}", next(hints, "")))
    if all(sheet.index(tag) is None for tag in ("#date", "#date+start", "#date+end")):
        problems.append(Problem(file, 0, "no column holds the date", "#date, or #date+start and #date+end"))
    if problems:
        raise StandoffError(problems)
    figures: list[Observation] = []
    first_line: dict[str, int] = {}
    bad = empty = 0
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        filled = [i for i in measures if row[i]]
        empty += not filled
        for i in filled:
            try:
                one = _observation(sheet, row, i, measures[i], f"{path.stem}-{line}", len(filled) > 1)
                if one.id in first_line:
                    raise ValueError(f"the figure {one.id!r} is given twice; expected each id once")
            except ValueError as error:
                bad += 1
                what, _, expected = str(error).partition("; expected ")
                expected, _, hint = expected.partition(" | ")
                if len(problems) < MOST_LISTED:
                    problems.append(Problem(file, line, what, expected, hint))
                continue
            first_line[one.id] = line
            figures.append(one)
    if bad > len(problems):
        problems.append(Problem(file, 0, f"{bad - len(problems)} more cells cannot be read"))
    if problems:
        raise StandoffError(problems)
    counts = (c.tag for i, c in enumerate(sheet.columns) if i not in measures and tag_parts(c.tag)[0] in _COUNTS)
    names = tuple(tag for tag in counts if tag_parts(tag) != tag_parts("#indicator+name"))
    return Figures(tuple(figures), names, empty)


def _observation(sheet: Sheet, row: tuple[str, ...], i: int, measure: str, name: str, several: bool) -> Observation:
    def cell(*tags: str) -> str:
        at = (sheet.index(tag) for tag in tags)
        return next((row[k] for k in at if k is not None and row[k]), "")

    start = cell("#meta+start+edtf", "#date+start", "#date", "#date+end")
    end = cell("#meta+end+edtf", "#date+end", "#date", "#date+start")
    if not start:
        raise ValueError("there is no date; expected a day such as 2020-02-14")
    bound = cell("#meta+bound") or "exact"
    if bound not in BOUNDS:
        raise ValueError(f"the bound is {bound!r}; expected {', '.join(BOUNDS)} | {nearest(bound, BOUNDS)}")
    notes = {field: cell(tag) for field, tag in TAG_OF_NOTE.items() if field != "bound"}
    own = cell("#meta+id") or name
    return Observation(
        id=f"{own}-{measure}" if several else own,
        from_=_day(start),
        to=_day(end),
        measure=measure,
        indicator=cell("#indicator+name") or sheet.columns[i].header or measure,
        value=_number(row[i]),
        bound=bound,
        place=cell("#loc+name", "#adm3+name", "#adm2+name", "#adm1+name"),
        pcode=cell("#loc+code", "#adm3+code", "#adm2+code", "#adm1+code"),
        **notes,
    )


def _day(text: str) -> When:
    try:
        return When.parse(text)
    except ValueError as error:
        raise ValueError(f"the date is {text!r}; {error}") from None


def _number(text: str) -> float:
    expected = "expected a number of zero or more, written without separators"
    try:
        value = float(text)
    except ValueError:
        bare = text.replace(",", "").replace(" ", "")
        hint = f" | write {bare}" if bare.isdecimal() and len(bare) < 16 else ""
        raise ValueError(f"the figure is {text[:40]!r}; {expected}{hint}") from None
    if not 0 <= value <= MOST:  # nan is not, either
        raise ValueError(f"the figure is {text[:40]!r}; {expected}")
    return value


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


def ledger(ledger_rows: Iterable[Row], on: date) -> Sheet:
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
        kind = AccountKind.RECORD if s.account == RECORD.id else AccountKind.READING  # nothing else is run
        rows.append([s.commitment, s.key, s.account, kind, s.reading, s.from_, s.to, s.state, s.verdict, s.breaches])
    return sheet(columns, rows)


_WHOSE = (Column("account", "#meta+account"), Column("scenario", "#meta+scenario"), Column("runs", "#meta+n"))


def arrivals(case: Case, run: Run, arrival_rows: Iterable[Arrivals]) -> Sheet:
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


def displaced(case: Case, run: Run, fans: Iterable[Fan]) -> Sheet:
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
