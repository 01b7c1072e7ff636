"""Observed figures as HXL, written and read.

Every measure has a hashtag of its own, and no measure's hashtag matches another's column: people, movements and
partial counts are never added by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from standoff.case.model import Case, Observation
from standoff.case.values import When
from standoff.case.vocabulary import BOUNDS
from standoff.errors import Problem, StandoffError, nearest
from standoff.exchange.hashtags import Column, Sheet, parts, read_file, sheet

MOST = 1e15
SHOWN = 50  # problems listed in full
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


def as_written(when: When | None, bound: date | None) -> str:
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
                as_written(one.from_, first),
                as_written(one.to, last),
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


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures read from an HXL file, the columns of numbers that name no measure, and the rows without a figure."""

    observations: tuple[Observation, ...]
    left_out: tuple[str, ...]
    empty: int


def measure_of(tag: str) -> str:
    """Return the measure a hashtag names, or an empty text.

    A column with further attributes is part of a measure (``#affected+idps+children``) or a model's result, not it.
    """
    name, given = parts(tag)
    for measure, own in MEASURE_TAGS.items():
        own_name, needed = parts(own)
        if name == own_name and needed <= given and given - needed <= _NEUTRAL:
            return measure
    return ""


def read_observed(path: Path) -> Figures:
    """Read an HXL file of figures: one Observation for each filled cell of a column that names a measure.

    Dates come from ``#date+start`` and ``#date+end``, or from ``#date``; places from the deepest administrative code
    and name. Raises StandoffError with every problem found: hashtags, dates, numbers, bounds, ids given twice.
    """
    shown, made = str(path), read_file(path)
    measures = {i: m for i, column in enumerate(made.columns) if (m := measure_of(column.tag))}
    problems: list[Problem] = []
    if not measures:
        tags = [column.tag for column in made.columns]
        hints = filter(None, (nearest(tag, MEASURE_TAGS.values()) for tag in tags))
        what = "no column holds an observed figure"
        problems.append(Problem(shown, 0, what, f"one of {', '.join(MEASURE_TAGS.values())}", next(hints, "")))
    if all(made.index(tag) is None for tag in ("#date", "#date+start", "#date+end")):
        problems.append(Problem(shown, 0, "no column holds the date", "#date, or #date+start and #date+end"))
    if problems:
        raise StandoffError(problems)
    found: list[Observation] = []
    first_line: dict[str, int] = {}
    bad = empty = 0
    for row, line in zip(made.rows, made.lines, strict=True):
        filled = [i for i in measures if row[i]]
        empty += not filled
        for i in filled:
            try:
                one = _observation(made, row, i, measures[i], f"{path.stem}-{line}", len(filled) > 1)
                if one.id in first_line:
                    raise ValueError(f"the figure {one.id!r} is given twice; expected each id once")
            except ValueError as error:
                bad += 1
                what, _, expected = str(error).partition("; expected ")
                expected, _, hint = expected.partition(" | ")
                if len(problems) < SHOWN:
                    problems.append(Problem(shown, line, what, expected, hint))
                continue
            first_line[one.id] = line
            found.append(one)
    if bad > len(problems):
        problems.append(Problem(shown, 0, f"{bad - len(problems)} more cells cannot be read"))
    if problems:
        raise StandoffError(problems)
    counts = (c.tag for i, c in enumerate(made.columns) if i not in measures and parts(c.tag)[0] in _COUNTS)
    names = tuple(tag for tag in counts if parts(tag) != parts("#indicator+name"))
    return Figures(tuple(found), names, empty)


def _observation(made: Sheet, row: tuple[str, ...], i: int, measure: str, name: str, several: bool) -> Observation:
    def cell(*tags: str) -> str:
        at = (made.index(tag) for tag in tags)
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
        indicator=cell("#indicator+name") or made.columns[i].header or measure,
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
