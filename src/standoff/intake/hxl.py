"""HXL as people publish it: any dialect of a table with a row of hashtags, and the figures in it.

The row of hashtags is one of the first 25, and at least half of what is in it are hashtags. Columns without one are
left out; hashtags that HXL 1.1 does not have are left alone and named. One Observation is made of each filled cell of a
column that names a measure, with the date, the deepest P-code and name, the round and the source of its row. What its
numbers and dates mean is decided by the whole column (`standoff.intake.columns`), and asked for where nothing decides.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from standoff.case.model import Observation
from standoff.case.vocabulary import BOUNDS
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import read_bytes
from standoff.files.table_reader import Table, read_table_file
from standoff.intake.columns import Days, Numbers, days_of, is_blank, is_like_pcode, numbers_of
from standoff.oneline import OneLine
from standoff.values import When

MAX_BYTES = 64 * 2**20
SEARCHED = 25  # HXL 1.1: the hashtag row is one of the first 25 rows
HASHTAGS = (
    "access", "activity", "adm1", "adm2", "adm3", "adm4", "adm5", "affected", "beneficiary", "capacity", "cause",
    "channel", "contact", "country", "crisis", "currency", "date", "delivery", "description", "event", "frequency",
    "geo", "group", "impact", "indicator", "inneed", "item", "loc", "meta", "modality", "need", "operations", "org",
    "output", "population", "reached", "region", "sector", "service", "severity", "status", "subsector", "targeted",
    "value",
)  # fmt: skip
_TAG = re.compile(r"\s*#\s*([A-Za-z]\w*)((?:\s*\+\s*[A-Za-z]\w*)*)\s*\Z", re.ASCII)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True, repr=False)
class Column(OneLine):
    """A header and its hashtag; an ``optional`` column is left out where no row fills it."""

    header: str
    tag: str
    optional: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class HxlSheet(OneLine):
    """A table with hashtags: every row has a text for every column, and ``lines`` where each stands in its file.

    ``unknown`` are the hashtags that HXL 1.1 does not have, ``notes`` what had to be supposed to read the file.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    decimal_comma_likely: bool = False

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


def without_guard(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _is_hashtag_row(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    tags = sum(1 for cell in filled if _TAG.match(cell))
    return tags > 0 and tags * 2 >= len(filled)


def read_sheet(text: str, file: str) -> HxlSheet:
    """Read HXL from a text of comma-separated cells; columns without a hashtag are left out.

    Raises StandoffError when there is no hashtag row in the first 25, and for rows with more cells than hashtags.
    """
    records = _records(text, file)
    header: list[str] = []
    for tag_line, tags in islice(records, SEARCHED):
        if _is_hashtag_row(tags):
            return _sheet(header, tags, records, file, tag_line)
        header = tags
    raise _no_tags(file)


def _no_tags(file: str) -> StandoffError:
    what = f"no row of hashtags in the first {SEARCHED} rows"
    return StandoffError.of(what, file=file, expected="HXL: a row such as #date,#adm3+code,#affected+idps")


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


def _sheet(
    header: Sequence[str], tags: Sequence[str], records: Iterable[tuple[int, list[str]]], file: str, tag_line: int
) -> HxlSheet:
    """Return the sheet of a header, its hashtags and the rows below."""
    plain = [tag.strip() if _TAG.match(tag) else "" for tag in tags]
    kept = [i for i, tag in enumerate(plain) if tag]
    columns = tuple(Column(header[i].strip() if i < len(header) else "", plain[i]) for i in kept)
    problems, rows, lines = [], [], []
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[max(len(plain), len(header)) :]):
            many, most = len(cells), max(len(plain), len(header))
            problems.append(Problem(file, line, f"{many} cells", f"at most {most}, as in the hashtag row"))
            continue
        padded = [*cells, *[""] * (len(plain) - len(cells))]
        rows.append(tuple(_text(padded[i]) for i in kept))
        lines.append(line)
    if problems:
        raise StandoffError(problems)
    names = ((column.tag, tag_parts(column.tag)[0]) for column in columns)
    unknown = tuple(dict.fromkeys(tag for tag, name in names if name not in HASHTAGS and not name.startswith("x_")))
    return HxlSheet(columns, tuple(rows), tuple(lines), unknown)


def _text(cell: str) -> str:
    return without_guard(cell.strip()) if type(cell) is str else cell  # a number of a workbook stays one


def read_hxl(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> HxlSheet:
    """Read an HXL file in any dialect: CSV, a workbook, JSON or one of them in a zip.

    Parameters
    ----------
    path
        The file. Of a text at most 64 MB are read.
    sheet, encoding
        As in `standoff.files.table_reader.read_table_file`.

    Raises
    ------
    StandoffError
        When the file cannot be read, or no row of hashtags is among the first 25.
    """
    file = str(path)
    data = read_bytes(path, file, MAX_BYTES)
    if sheet is None and encoding is None:
        try:  # commas in UTF-8 as HXL says, where nothing has to be supposed
            return read_sheet(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), file)
        except UnicodeDecodeError:
            pass
        except StandoffError as error:
            if "no row of hashtags" not in error.problems[0].what:
                raise
    if not data.strip():
        raise _no_tags(file)
    return sheet_of(read_table_file(data, file, sheet=sheet, encoding=encoding))


def sheet_of(table: Table) -> HxlSheet:
    """Return a table as HXL. Raises StandoffError where it has no row of hashtags."""
    header, tags = list(table.header), list(table.tags)
    rows = iter(table)
    line = table.header_line + 1
    if not tags and _is_hashtag_row(header):
        tags, header = header, []
    if not tags:
        for at, cells in islice(rows, SEARCHED):
            line = at
            if _is_hashtag_row(cells):
                tags = cells
                break
            header = cells
        else:
            raise _no_tags(table.name)
    sheet = _sheet(header, tags, rows, table.name, line)
    left = tuple(f"line {aside.line} is left out, {aside.why}: {aside.text[:60]}" for aside in table.asides)
    return replace(sheet, notes=(*table.assumptions, *left), decimal_comma_likely=table.decimal_comma_likely)


MOST = 1e15
MOST_LISTED = 50  # problems listed in full
# attributes that do not change what is counted
_NEUTRAL = frozenset({"num", "ind", "people", "persons", "individuals", "total", "all", "est"})
_COUNTS = ("affected", "indicator", "inneed", "population", "reached", "targeted", "value")
_NOT_PEOPLE = {"share", "money", "distance", "duration"}

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
    "wounded": "#affected+injured+unspecified",
    "wounded-civilian": "#affected+injured+civilians",
    "wounded-military": "#affected+injured+military",
    "injuries": "#indicator+injuries+num",
    "attacks": "#indicator+attacks+num",
    "violations": "#indicator+violations+num",
    "attacks-health": "#indicator+health_attacks+num",
    "attacks-education": "#indicator+education_attacks+num",
    "facilities-closed": "#indicator+closed_facilities+num",
    "people-aid-dependent": "#indicator+aid_dependent+num",
    "deaths-children": "#affected+killed+children",
    "wounded-children": "#affected+injured+children",
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
_USUAL = ("#affected+idps", "#affected+refugees", "#affected+displaced", "#population+present", "#affected+killed")
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


_OTHERS = {"#affected+killed": "deaths", "#affected+injured": "wounded", "#affected+deaths": "deaths"}
_CODES = frozenset({"code", "pcode", "id"})
# which of several dates is that of a figure: the first of these that there is
_DATES: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"occurred"}),
    frozenset({"reported"}),
    frozenset({"survey"}),
    frozenset({"assessment"}),
)
_PARTS = frozenset({"year", "month", "week", "day", "quarter", "known", "published", "updated", "created", "received"})
_STARTS, _ENDS = frozenset({"start", "from", "begin"}), frozenset({"end", "to", "until"})


@dataclass(frozen=True, slots=True, repr=False)
class Figures(OneLine):
    """Figures of an HXL file, the columns of numbers that name no measure, and the rows without a figure.

    ``unknown`` are the hashtags that HXL 1.1 does not have, ``notes`` what had to be supposed to read the file.
    """

    observations: tuple[Observation, ...]
    left_out: tuple[str, ...]
    empty: int
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def measure_of_tag(tag: str) -> str:
    """Return the measure a hashtag names, or an empty text.

    A column with further attributes is part of a measure (``#affected+idps+children``) or a model's result, not it.
    """
    if not _TAG.match(tag):
        return ""
    name, attributes = tag_parts(tag)
    for measure, own in MEASURE_TAGS.items():
        own_name, needed = tag_parts(own)
        if name == own_name and needed <= attributes and attributes - needed <= _NEUTRAL:
            return measure
    for own, measure in _OTHERS.items():
        own_name, needed = tag_parts(own)
        if name == own_name and attributes - _NEUTRAL == needed:
            return measure
    return ""


def read_observed(
    path: Path,
    *,
    dates: str | None = None,
    numbers: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    source: str = "",
) -> Figures:
    """Read an HXL file of figures: one Observation for each filled cell of a column that names a measure.

    Parameters
    ----------
    path
        The file, in any dialect (`read_hxl`).
    dates, numbers
        ``dmy`` or ``mdy``, ``point`` or ``comma``: where no cell of a column decides.
    sheet, encoding
        As in `read_hxl`.
    source
        Where the file is from; a column of the source comes first.

    Raises
    ------
    StandoffError
        With every problem figures: dates, numbers, bounds, ids given twice, columns that can be read in two ways.
    """
    whole = read_hxl(Path(path), sheet=sheet, encoding=encoding)
    return figures_of(whole, str(path), Path(path).stem, dates=dates, numbers=numbers, source=source)


def figures_of(
    sheet: HxlSheet, file: str, stem: str, *, dates: str | None = None, numbers: str | None = None, source: str = ""
) -> Figures:
    """Return the figures of a sheet; ``stem`` begins the ids. Raises StandoffError as `read_observed` does."""
    reader = _Rows(sheet, file, stem, source)
    reader.settle(dates, numbers)
    problems: list[Problem] = []
    observations: list[Observation] = []
    first_line: dict[str, int] = {}
    bad = empty = 0
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        filled = [i for i in reader.measures if not reader.blank(row[i])]
        empty += not filled
        for i in filled:
            try:
                one = reader.observation(row, line, i, len(filled) > 1)
                if one.id in first_line:
                    raise ValueError(f"the figure {one.id!r} is given twice; expected each id once")
            except ValueError as error:
                bad += 1
                if len(problems) < MOST_LISTED:
                    what, _, rest = str(error).partition("; expected ")
                    expected, _, hint = rest.partition(" | ")
                    problems.append(Problem(file, line, what, expected, hint))
                continue
            first_line[one.id] = line
            observations.append(one)
    if bad > len(problems):
        problems.append(Problem(file, 0, f"{bad - len(problems)} more cells cannot be read"))
    if problems:
        raise StandoffError(problems)
    columns = enumerate(sheet.columns)
    counts = (c.tag for i, c in columns if i not in reader.measures and tag_parts(c.tag)[0] in _COUNTS)
    names = tuple(tag for tag in counts if tag_parts(tag) != tag_parts("#indicator+name"))
    unknown = tuple(tag for tag in sheet.unknown if tag_parts(tag)[0] not in ("round", "source"))
    return Figures(tuple(observations), names, empty, unknown, (*sheet.notes, *reader.notes))


class _Rows:
    """The columns of a sheet by what they are for, and a row as an observation."""

    def __init__(self, sheet: HxlSheet, file: str, stem: str, source: str) -> None:
        self.sheet, self.file, self.stem, self.source = sheet, file, stem, source
        parts = [tag_parts(column.tag) for column in sheet.columns]
        self.measures = {i: m for i, column in enumerate(sheet.columns) if (m := measure_of_tag(column.tag))}
        self.own = sheet.index("#meta+id") is not None and sheet.index("#indicator+name") is not None
        self.start = self._where(parts, _STARTS)
        self.end = self._where(parts, _ENDS)
        self.day, others = self._day(parts)
        self.notes: list[str] = []
        if others:
            self.notes.append(f"the date is {sheet.columns[self.day].tag}; {', '.join(others)} is left alone")
        self.codes = self._areas(parts, _CODES)
        self.names = self._areas(parts, frozenset({"name"}))
        self.origins = [i for i, (_, attributes) in enumerate(parts) if "origin" in attributes]
        self.rounds = [i for i, (name, _) in enumerate(parts) if name == "round"]
        self.sources = [
            i for i, (name, attributes) in enumerate(parts)
            if name == "source" or (name == "meta" and attributes == {"source"})
            or (name == "org" and "source" in attributes)
        ]  # fmt: skip
        self.days: dict[int, Days] = {}
        self.numbers: dict[int, Numbers] = {}
        self._columns: dict[str, int | None] = {}
        self._again: Counter[str] = Counter()

    def _column(self, tag: str) -> int | None:
        """Return the column of a tag, looked up once a sheet and not once a row."""
        if tag not in self._columns:
            self._columns[tag] = self.sheet.index(tag)
        return self._columns[tag]

    def blank(self, cell: str) -> bool:
        """Whether a cell says nothing; what we write says so with nothing at all."""
        return not cell if self.own else is_blank(cell)

    @staticmethod
    def _where(parts: Sequence[tuple[str, frozenset[str]]], words: frozenset[str]) -> int | None:
        return next((i for i, (name, attributes) in enumerate(parts) if name == "date" and attributes & words), None)

    def _day(self, parts: Sequence[tuple[str, frozenset[str]]]) -> tuple[int, list[str]]:
        """Return the column of the date of a figure, -1 where there is none, and the other dates."""
        dates = {
            i: attributes for i, (name, attributes) in enumerate(parts)
            if name == "date" and not attributes & (_PARTS | _STARTS | _ENDS)
        }  # fmt: skip
        for wanted in _DATES:
            if at := [i for i, attributes in dates.items() if attributes == wanted]:
                return at[0], [self.sheet.columns[i].tag for i in dates if i != at[0]]
        if len(dates) > 1 and self.start is None and self.end is None:
            tags = ", ".join(self.sheet.columns[i].tag for i in dates)
            what = f"there are several dates: {tags}"
            hint = "take the plus and what follows from the hashtag of the one that counts"
            raise StandoffError.of(what, file=self.file, expected="one column #date", hint=hint)
        return next(iter(dates), -1), []

    @staticmethod
    def _areas(parts: Sequence[tuple[str, frozenset[str]]], words: frozenset[str]) -> list[int]:
        """Return the columns of places of a kind, the deepest first."""
        depth = {"loc": 9, "adm5": 5, "adm4": 4, "adm3": 3, "adm2": 2, "adm1": 1, "region": 0, "country": 0}
        found = []
        for i, (name, attributes) in enumerate(parts):
            plain = words == {"name"} and not attributes & _CODES and not any(a.startswith("v_") for a in attributes)
            mine = attributes & words or (words == _CODES and any(a.startswith("v_") for a in attributes))
            if name in depth and "origin" not in attributes and (mine or plain):
                exact = bool(attributes & {"code", "pcode", "name"})
                found.append((-depth[name], not exact, i))
        return [i for _, _, i in sorted(found)]

    def settle(self, dates: str | None, numbers: str | None) -> None:
        """Decide what the dates and numbers of each column mean. Raises StandoffError where a column does not say."""
        problems: list[Problem] = []
        if not self.measures:
            tags = [column.tag for column in self.sheet.columns]
            hints = filter(None, (nearest(tag, MEASURE_TAGS.values()) for tag in tags))
            there = ", ".join(tag for tag in tags if tag)
            what = f"no column holds an observed figure; the hashtags are {there[:200]}"
            expected = f"a hashtag such as {', '.join(_USUAL)}"
            way = next(hints, "")
            if families := next((tag for tag in tags if {"hh", "households"} & tag_parts(tag)[1]), ""):
                way = f"{families} counts households, which are not people: take a column of people"
            problems.append(Problem(self.file, 0, what, expected, way))
        if self.day < 0 and self.start is None and self.end is None:
            problems.append(Problem(self.file, 0, "no column holds the date", "#date, or #date+start and #date+end"))
        for i in [i for i in (self.day, self.start, self.end) if i is not None and i >= 0]:
            cells = {cell: line for cell, line in reversed(list(self._cells(i))) if _edtf(cell) is None}
            try:
                self.days[i] = days_of(cells, self._label(i), self.file, dates)
                self.notes += self.days[i].notes
            except StandoffError as error:
                problems += error.problems
        for i, measure in self.measures.items():
            if self.own:  # what we write is written in one way
                continue
            people = measure not in _NOT_PEOPLE
            noun = f"a number of zero or more{', and whole, such as 1200' if people else ''}"
            hint = self.sheet.decimal_comma_likely
            try:
                self.numbers[i] = numbers_of(
                    list(self._cells(i)),
                    self._label(i),
                    self.file,
                    numbers,
                    high=MOST,
                    whole=people,
                    noun=noun,
                    hint=hint,
                )
                self.notes += self.numbers[i].notes
            except StandoffError as error:
                problems += error.problems
        if problems:
            raise StandoffError(problems)

    def _cells(self, i: int) -> Iterator[tuple[str, int]]:
        for row, line in zip(self.sheet.rows, self.sheet.lines, strict=True):
            yield row[i], line

    def _label(self, i: int) -> str:
        return self.sheet.columns[i].header or self.sheet.columns[i].tag

    def observation(self, row: Sequence[str], line: int, i: int, several: bool) -> Observation:
        """Return the figure in a cell of a row. Raises ValueError that says what is wrong with the row."""

        def cell(*tags: str) -> str:
            at = (self._column(tag) for tag in tags)
            return next((row[k] for k in at if k is not None and row[k]), "")

        def first(columns: Iterable[int]) -> str:
            return next((row[k] for k in columns if not self.blank(row[k])), "")

        start = cell("#meta+start+edtf") or self._date(row, self.start, self.day, self.end)
        end = cell("#meta+end+edtf") or self._date(row, self.end, self.day, self.start)
        if not start or not end:
            raise ValueError("there is no date; expected a day such as 2020-02-14")
        bound = cell("#meta+bound") or "exact"
        if bound not in BOUNDS:
            raise ValueError(f"the bound is {bound!r}; expected {', '.join(BOUNDS)} | {nearest(bound, BOUNDS)}")
        notes: dict[str, Any] = {field: cell(tag) for field, tag in TAG_OF_NOTE.items() if field != "bound"}
        notes["source"] = first(self.sources) or self.source
        if not notes["origin"] and not self.own:
            notes["origin"] = ", ".join(dict.fromkeys(row[k] for k in self.origins if not is_blank(row[k])))
        if not notes["qualifier"] and (number := first(self.rounds)):
            notes["qualifier"] = f"round {number}"
        code = first(self.codes)
        if code and not self.own and not is_like_pcode(code):  # a number, as GAUL's are
            notes["qualifier"] = "; ".join(filter(None, (notes["qualifier"], f"code: {code}")))
            code = ""
        measure = self.measures[i]
        if name := cell("#meta+id"):
            same = [k for k, other in self.measures.items() if other == measure and not self.blank(row[k])]
            again = f"-{same.index(i) + 1}" if len(same) > 1 and same[0] != i else ""
            name = f"{name}-{measure}{again}" if several else name
        else:  # by what is counted, when and where: a newer file has its rows on other lines
            where = [row[k] for k in (*self.codes, *self.names)]
            tag = " ".join(("+".join((part[0], *sorted(part[1])))) for part in [tag_parts(self.sheet.columns[i].tag)])
            told = (tag, measure, str(start), str(end), *where, notes["origin"], notes["source"], notes["qualifier"])
            key = hashlib.blake2s("|".join(told).encode(), digest_size=5).hexdigest()
            self._again[key] += 1
            name = f"{self.stem}-{_when(end).start}-{key}" + (f"-{n}" if (n := self._again[key]) > 1 else "")
        return Observation(
            id=name,
            from_=_when(start),
            to=_when(end),
            measure=measure,
            indicator=cell("#indicator+name") or self.sheet.columns[i].header or measure,
            value=self._value(row, i),
            bound=bound,
            place=first(self.names),
            pcode=code,
            **notes,
        )

    def _date(self, row: Sequence[str], *columns: int | None) -> Any:
        """Return the date in the first of some columns that is filled; empty where none is."""
        for k in columns:
            if k is None or k < 0 or self.blank(row[k]):
                continue
            return _edtf(row[k]) or self.days[k].moment(row[k]).when
        return ""

    def _value(self, row: Sequence[str], i: int) -> float:
        if i in self.numbers:
            value = self.numbers[i].number(row[i])
            return 0.0 if value is None else value  # blank cells were left out before
        try:
            value = float(row[i])
        except ValueError:
            value = -1.0
        if not 0 <= value <= MOST:  # nan is not, either
            expected = "expected a number of zero or more, written without separators"
            raise ValueError(f"the figure is {row[i][:40]!r}; {expected}")
        return value


def _edtf(cell: str) -> When | None:
    try:
        return When.parse(cell) if type(cell) is str else None
    except ValueError:
        return None


def _when(value: Any) -> When:
    try:
        return When.parse(value)
    except ValueError as error:
        raise ValueError(f"the date is {value!r}; {error}") from None
