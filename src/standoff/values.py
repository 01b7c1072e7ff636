"""Values with their bounds and their uncertainty: numbers that are finite, dates known to a month, assumed spans."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from standoff.errors import StandoffError
from standoff.oneline import OneLine

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?([~?%]?)$")
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}[T\s].*\S")
_SPAN = re.compile(r"(\d+)\s*(d|w|m|y|h|days?|weeks?|months?|years?|hours?)$")
_SPANS = "a span such as 7d, 2w, 6m (calendar months), 1y or {assumed: 3d, range: [1d, 14d]}"
_EXPECTED = "an EDTF date such as 2018-09-14, 2018-09, 2018-09~, 2018-09-01/2018-09-08, ../2018-09-10 or 2018-09-10/.."

FIRST_YEAR, LAST_YEAR = 1800, 2200  # of every date; beyond them days can neither be counted on nor be meant
YEARS = f"a year from {FIRST_YEAR} to {LAST_YEAR}"
MOST_PEOPLE = 1_000_000_000  # so that a table of places adds up in whole numbers of 32 bits
MOST_AT_ALL = 2_000_000_000  # people: what whole numbers of 32 bits hold
MOST_SPAN = 50 * 366  # days
BY_DAY = "a date without a time or a time zone, such as 2020-03-06: the ledger is by day"


def _schema(parse: Any) -> Any:
    from pydantic_core import core_schema

    return core_schema.no_info_plain_validator_function(parse)


_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?", re.ASCII)
_LONGEST = 400  # digits: beyond this no number is meant, and Python refuses to read some


class RefusedValueError(ValueError):
    """A value that cannot be read: what was ``expected``, and as ``hint`` what may be meant, where that is clear."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(f"expected {expected}" + (f" ({hint})" if hint else ""))
        self.expected, self.hint = expected, hint


class OutOfBoundsError(RefusedValueError):
    """A value that a key does not allow; ``nearest`` is one that it allows, with which the other checks can go on."""

    def __init__(self, expected: str, nearest: float, hint: str = "") -> None:
        super().__init__(expected, hint)
        self.nearest = nearest


# What a person who wrote a number or a day in another way may have meant. It is said, and never taken.


_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_GROUPED = re.compile(r"([+-]?\d{1,3})((?:[ ,'’]\d{3})+)(\.\d+)?")
_POINTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+\d\d")  # as spreadsheets write long numbers
_COMMA = re.compile(r"([+-]?\d+),(\d+)")
_SCALED = re.compile(r"(\d+(?:\.\d+)?) ?(k|thousand|m|mn|mln|million)", re.IGNORECASE)
_WITH_UNIT = re.compile(r"([+-]?\d+(?:\.\d+)?) ?([^\W\d_]+\.?(?: [^\W\d_]+)*)")
_ABOUT = re.compile(
    r"(?:about|around|some|approx\.?|approximately|circa|ca?\.|over|at least|up to|[~≈<>]) ?(\d+(?:\.\d+)?)\+?|(\d+)\+",
    re.IGNORECASE,
)
_PART = r"(\d+(?:\.\d+)?) ?"
_DEGREES = re.compile(rf"{_PART}[°º](?: ?{_PART}['′’])?(?: ?{_PART}[\"″”])? ?([NSEWnsew])?")
_NOT_KNOWN = ("unknown", "n/a", "na", "none", "null", "-", "--", "?", "tbd", "nil", "n.a.", "not known")


def number_meant(text: str, *, share: bool = False) -> str:
    """Return a hint from a text that is not a number: the number to write, where it is clear; else nothing."""
    text = _SPACES.sub(" ", text).strip()
    if text.casefold() in _NOT_KNOWN:
        return "leave it empty where it is not known"
    if text.startswith(("#", "=")):
        return "a formula of a spreadsheet, or its error: write the number"
    if match := _GROUPED.fullmatch(text):
        plain = match[1] + re.sub(r"\D", "", match[2]) + (match[3] or "")
        either = match[2].count(",") == 1 and len(match[2]) == 4 and not match[3]
        other = f", or {float(f'{match[1]}.{match[2][1:]}'):g}, whichever it is" if either else ""
        return f"write {plain}{other}"
    if _POINTED.fullmatch(text):
        return f"write {text.replace('.', '')}, or {float(text):g}" if text.count(".") == 1 else (
            f"write {text.replace('.', '')}")  # fmt: skip
    if match := _COMMA.fullmatch(text):
        return f"write {match[1]}.{match[2]}"
    if _SHORTENED.fullmatch(text):
        return "a spreadsheet has shortened it: write all its digits"
    if match := re.fullmatch(r"(\d+(?:\.\d+)?) ?(?:%|percent|per cent)", text):
        return f"write {float(match[1]) / 100:g}" if share else f"write {match[1]}"
    if match := _SCALED.fullmatch(text):
        return f"write {float(match[1]) * (1_000 if match[2].lower() in ('k', 'thousand') else 1_000_000):.0f}"
    if match := _DEGREES.fullmatch(text):
        degrees = float(match[1]) + float(match[2] or 0) / 60 + float(match[3] or 0) / 3600
        return f"write {'-' if (match[4] or '').upper() in ('S', 'W') else ''}{degrees:.5g}"
    if match := _ABOUT.fullmatch(text):
        return f"write {match[1] or match[2]}"
    if match := _WITH_UNIT.fullmatch(text):
        south = match[2].upper() in ("S", "W")
        return f"write {'-' if south else ''}{match[1]}"
    return ""


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier", "feb february fev fevrier", "mar march mars", "apr april avr avril", "may mai",
            "jun june juin", "jul july juillet", "aug august aout", "sep sept september septembre",
            "oct october octobre", "nov november novembre", "dec december decembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_NAMED_DAY = re.compile(
    r"(?:[^\W\d_]+day,? )?(\d{1,2})(?:st|nd|rd|th)?[ .-]*(?:of )?([^\W\d_]{3,9})[ .,-]*(\d{4}|\d{2})", re.IGNORECASE
)
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,9})\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")
_RANGE = re.compile(r"(.{4,30}?)(?: to | until | till | bis | – | - |–|\.\.)(.{4,30})")
_FIRST_DAY = date(1899, 12, 30)  # of a spreadsheet


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else (2000 if year < 70 else 1900) + year


def _day_text(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if is_year(year) else ""
    except ValueError:
        return ""


def days_meant(text: str) -> list[str]:
    """Return the days or months, as a case writes them, that a text in another form may mean: none, one or two."""
    text = _SPACES.sub(" ", text).strip()
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        return list(filter(None, [_day_text(int(match[1]), int(match[2]), int(match[3]))]))
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", text):
        return [f"{match[1]}-{int(match[2]):02d}"] if 1 <= int(match[2]) <= 12 else []
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text):
        return [f"{match[2]}-{int(match[1]):02d}"] if 1 <= int(match[1]) <= 12 else []
    if match := _NUMBERS.fullmatch(text):
        a, b, c = match.groups()
        if len(a) == 4:
            ways = [_day_text(int(a), int(b), int(c)), _day_text(int(a), int(c), int(b))] if len(c) <= 2 else []
            return [way for way in ways[:1] if way] or [way for way in ways if way]
        if len(c) == 3 or len(a) == 3:
            return []
        year = _year(c)
        ways = [_day_text(year, int(b), int(a)), _day_text(year, int(a), int(b))]
        return list(dict.fromkeys(way for way in ways if way))
    if match := _NAMED_DAY.fullmatch(text):
        month = _MONTHS.get(match[2].casefold().replace("é", "e").replace("û", "u"))
        return list(filter(None, [_day_text(_year(match[3]), month, int(match[1]))])) if month else []
    if match := _NAMED_FIRST.fullmatch(text):
        month = _MONTHS.get(match[1].casefold().replace("é", "e").replace("û", "u"))
        if month and not match[2]:
            return [f"{match[3]}-{month:02d}"]
        return list(filter(None, [_day_text(int(match[3]), month, int(match[2]))])) if month and match[2] else []
    if match := re.fullmatch(r"(\d{5})(?:\.0)?", text):
        day = _FIRST_DAY + timedelta(days=int(match[1]))
        return [day.isoformat()] if 1950 <= day.year <= 2100 else []
    return []


def day_meant(text: str) -> str:
    """Return a hint from a text that is not a date: the date to write, or both that it may be."""
    if _SPACES.sub("", text).casefold() in _NOT_KNOWN:
        return "leave it empty where it is not known"
    if text.strip().startswith(("#", "=")):
        return "a formula of a spreadsheet, or its error: write the day"
    ways = days_meant(text)
    if not ways and (match := _RANGE.fullmatch(text.strip())):
        ends = [[end.strip()] if _DATE.match(end.strip()) else days_meant(end) for end in match.groups()]
        if all(len(end) == 1 for end in ends):
            ways = [f"{ends[0][0]}/{ends[1][0]}"]
    if len(ways) == 2:
        return f"write {ways[0]} or {ways[1]}, whichever it is"
    return f"did you mean {ways[0]}?" if ways else ""


@dataclass(frozen=True, slots=True, repr=False)
class Bounds(OneLine):
    """The numbers that a key allows: finite, from ``low`` to ``high``; ``whole`` leaves out fractions.

    Of a number that ``counts``, 1.200 and what a spreadsheet has shortened (1.2E+06) are refused: digits may be lost.

    It stands in an annotation (``Annotated[float, Bounds(0, 1, "a share")]``), where pydantic asks it to read values,
    and any other reader may call ``parse``.
    """

    low: float
    high: float
    noun: str
    whole: bool = False
    counts: bool = False  # of things and people: 1.200 may be meant as 1200, and is asked

    @property
    def expected(self) -> str:
        """What is allowed, in words."""
        if self.low == 0 and self.high > 1:
            return f"zero or more: {self.noun} up to {_plain_number(self.high)}"
        return f"{self.noun} from {_plain_number(self.low)} to {_plain_number(self.high)}"

    def parse(self, value: Any) -> float:
        """Return a number, read from text where it is one. Raises OutOfBoundsError that says what was expected."""
        number = value if type(value) in (int, float) else _read_number(str(value).strip())
        nearest = self.low if number is None or number != number else min(max(number, self.low), self.high)
        nearest = int(nearest) if self.whole else float(nearest)
        text = value.strip() if isinstance(value, str) else ""
        if number is None or (self.counts and (_POINTED.fullmatch(text) or _SHORTENED.fullmatch(text))):
            expected = f"{self.expected}, in digits with a point, no separators and no unit"
            if isinstance(value, list | dict):
                raise OutOfBoundsError(f"{self.expected}, as one value", nearest)
            raise OutOfBoundsError(expected, nearest, number_meant(text[:80], share=self.high == 1))
        if not self.low <= number <= self.high:  # nan is not, either
            raise OutOfBoundsError(self.expected, nearest)
        if self.whole and number != nearest:
            raise OutOfBoundsError(f"a whole number, {self.expected}", nearest)
        return nearest

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return _schema(self.parse)


def _plain_number(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"


def _read_number(text: str) -> float | None:
    """Return the number a text is, inf where it is too long or too large for one, None where it is none."""
    if text.lower().lstrip("+-") in ("nan", ".nan", "inf", ".inf", "infinity"):
        return math.nan
    if not _NUMBER.fullmatch(text):
        return None
    if len(text) > _LONGEST:
        return -math.inf if text.startswith("-") else math.inf
    try:
        return int(text)
    except ValueError:
        return float(text)


Number = Annotated[float, Bounds(-1e15, 1e15, "a number")]  # money is told in trillions
NonNegative = Annotated[float, Bounds(0, 1e15, "a number", counts=True)]
Share = Annotated[float, Bounds(0, 1, "a number")]
Shift = Annotated[float, Bounds(-1, 1, "a change")]  # of an issue, whose scale is 0 to 1
Loss = Annotated[float, Bounds(0, 100, "a loss")]  # in units of the core issue, worth 1 from worst to best
Intensity = Annotated[float, Bounds(0, 100, "an intensity")]  # 1 is what the shares of people who leave are told for
People = Annotated[int, Bounds(0, MOST_PEOPLE, "people", whole=True, counts=True)]
Threshold = Annotated[float, Bounds(0, MOST_PEOPLE, "people", counts=True)]
Kilometres = Annotated[float, Bounds(0, 20_040, "kilometres")]  # half of the way round the Earth
Days = Annotated[int, Bounds(1, 1000, "days", whole=True)]  # of a run
Format = Annotated[int, Bounds(1, 2, "the format of a case", whole=True)]
Count = Annotated[int, Bounds(1, 1_000_000, "a whole number", whole=True)]
Line = Annotated[int, Bounds(0, 10_000_000, "a line", whole=True)]
Latitude = Annotated[float, Bounds(-90, 90, "degrees north")]
Longitude = Annotated[float, Bounds(-180, 360, "degrees east")]  # beyond 180: a region across the 180th meridian


@dataclass(frozen=True, slots=True)
class _Label:
    """A short word or plain number that names something; ``nan``, ``-1`` or ``1e30`` is a slip of a spreadsheet."""

    def parse(self, value: Any) -> str:
        text = str(value).strip()
        number = _read_number(text)
        if not text or len(text) > 60 or (number is not None and not re.fullmatch(r"[\d.]+", text)):
            raise ValueError("expected a plain number or a word, of at most 60 letters")
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return _schema(self.parse)


Edition = Annotated[str, _Label()]


def is_year(year: int) -> bool:
    """Whether a year is one that a date may have."""
    return FIRST_YEAR <= year <= LAST_YEAR


def calendar_day(text: str) -> date:
    """Return the day that a text such as 2020-02-14 is. Raises ValueError for a day or a year that is none."""
    day = date.fromisoformat(text)
    if not is_year(day.year):
        raise ValueError(f"expected {YEARS}")
    return day


def as_day(value: date | str | None, name: str) -> date | None:
    """Return a day, given as one or as text such as 2020-02-14; of a day and time that is midnight, the day.

    Raises StandoffError, under the name of the parameter, with what was expected.
    """
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return calendar_day(str(value))
    except ValueError:
        expected = "a day such as 2020-02-14"
        raise StandoffError.of(f"{name} is {str(value)!r}", file=name, expected=expected) from None


def is_timed(text: str) -> bool:
    """Whether a text is a day followed by a time of day, a time zone or both, which the ledger has no use for."""
    return _TIMED.match(text.strip()) is not None


def _bounds(text: str) -> tuple[date, date, bool]:
    match = _DATE.match(text)
    if not match:
        hint = day_meant(text[:80])
        if is_timed(text) and not hint:
            raise RefusedValueError(BY_DAY, f"did you mean {text[:10]}?")
        raise RefusedValueError(_EXPECTED, hint)
    year, month, day, mark = match.groups()
    if not is_year(int(year)):
        raise ValueError(f"expected {YEARS}")
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(f"expected a day that exists in the calendar; {text} does not") from None
    if day:
        last = first
    elif month:
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    else:
        last = first.replace(month=12, day=31)
    return first, last, bool(mark)


@dataclass(frozen=True, slots=True, repr=False)
class When:
    """A date or interval known to some precision, in a subset of EDTF (ISO 8601-2).

    ``start`` and ``end`` are inclusive; ``None`` means open. ``2018-09`` covers the whole month: the thing happened on
    some day of it. ``approximate`` is EDTF's ``~``.
    """

    start: date | None
    end: date | None
    approximate: bool
    text: str

    @classmethod
    def parse(cls, value: Any) -> When:
        """Read an EDTF text, a date or a When. Raises ValueError that says what was expected."""
        if isinstance(value, When):
            return value
        if isinstance(value, datetime):
            raise ValueError(f"expected {BY_DAY}")
        if isinstance(value, date):
            if not is_year(value.year):
                raise ValueError(f"expected {YEARS}")
            return cls(value, value, False, value.isoformat())
        if isinstance(value, list | dict):
            ends = [str(end) for end in value] if isinstance(value, list) else []
            hint = f"did you mean {'/'.join(ends)}?" if len(ends) == 2 and all(map(_DATE.match, ends)) else ""
            raise RefusedValueError(_EXPECTED, hint)
        text = str(value).strip()
        left, slash, right = text.partition("/")
        if not slash:
            return _single(text)
        if text.count("/") > 1 and (hint := day_meant(text[:80])):
            raise RefusedValueError(_EXPECTED, hint)
        start, end, about = None, None, False
        if left not in ("", ".."):
            start, _, about = _bounds(left)
        if right not in ("", ".."):
            _, end, more = _bounds(right)
            about = about or more
        if start is None and end is None:
            raise ValueError(f"expected {_EXPECTED}")
        if start and end and end < start:
            raise ValueError("expected an interval that ends on or after its start")
        return cls(start, end, about, text)

    @property
    def is_day(self) -> bool:
        """Whether this is one known day."""
        return self.start is not None and self.start == self.end and not self.approximate

    def certainly_within(self, first: date | None, last: date | None) -> bool:
        """Whether every day it may mean lies in the closed window (None is open)."""
        after = first is None or (self.start is not None and self.start >= first)
        before = last is None or (self.end is not None and self.end <= last)
        return after and before

    def possibly_within(self, first: date | None, last: date | None) -> bool:
        """Whether some day it may mean lies in the closed window (None is open)."""
        after = first is None or self.end is None or self.end >= first
        before = last is None or self.start is None or self.start <= last
        return after and before

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"When({self.text!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _schema(cls.parse)


@lru_cache(maxsize=8192)  # rows of a long table share their days
def _single(text: str) -> When:
    return When(*_bounds(text), text)


def months_on(day: date, months: int, anchor: int = 0) -> date:
    """Return the day so many calendar months after a day; of a month that is too short, its last day.

    ``anchor`` is the day of the month that is meant, where a short month has cut it before (default: that of ``day``).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(anchor or day.day, calendar.monthrange(year, month + 1)[1]))


@cache
def longest(months: int) -> int:
    """Return the most days that so many calendar months can have."""
    starts = (date(2000 + n // 12, n % 12 + 1, 1) for n in range(48))  # four years hold every case
    return max((months_on(start, months) - start).days for start in starts)


_SPAN_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "seven": 7, "ten": 10}
_LOOSE_SPAN = re.compile(r"(?:within )?(\d+|[a-z]+)[ -]+(hour|day|week|month|year)s?\b", re.IGNORECASE)


def _span_meant(text: str) -> str:
    """Return a hint from a text that is no span: the span to write, where it is clear; else nothing."""
    text = _SPACES.sub(" ", text).strip()
    if text.isdecimal() and text.isascii():
        return f"did you mean {text}d?"
    match = _LOOSE_SPAN.match(text)
    many = (match[1] if match[1].isdecimal() else _SPAN_WORDS.get(match[1].lower())) if match else None
    return f"did you mean {many}{match[2][0].lower()}?" if match and many else ""


@dataclass(frozen=True, slots=True, repr=False)
class Duration:
    """A length of time in days. ``assumed`` spans carry a range, and verdicts are reported over that range.

    ``months`` is above 0 where it is one of calendar months; ``days`` is then the most that it can be. ``hours`` is
    above 0 where it is given in hours.
    """

    days: int
    low: int
    high: int
    assumed: bool = False
    months: int = 0
    hours: int = 0  # of a span that the text gives in hours; ``days`` is then rounded up

    @classmethod
    def parse(cls, value: Any) -> Duration:
        """Read ``7d``, ``2w``, ``36h``, ``6m``, ``1y`` or ``{assumed: 3d, range: [1d, 14d]}``.

        Raises ValueError that says what was expected.
        """
        if isinstance(value, Duration):
            return value
        if isinstance(value, dict):
            if odd := set(value) - {"assumed", "range"} or ({"assumed"} - set(value)):
                hint = f"{'the key ' + repr(min(odd)) + ' is unknown' if min(odd) in value else 'assumed is missing'}"
                raise RefusedValueError("{assumed: 3d, range: [1d, 14d]}", hint)
            ends = value.get("range") or [value["assumed"], value["assumed"]]
            if not isinstance(ends, list) or len(ends) != 2:
                raise ValueError("expected a range of two spans, such as [1d, 14d]")
            spans = [cls.parse(part) for part in (value["assumed"], *ends)]
            if any(span.months or span.hours % 24 for span in spans):
                raise ValueError("expected an assumed span in days or weeks: no text gives its months or hours")
            best, low, high = (span.days for span in spans)
            if not low <= best <= high:
                raise ValueError("expected a range that holds the assumed span")
            return cls(best, low, high, True)
        match = _SPAN.match(str(value).strip())
        if not match:
            raise RefusedValueError(_SPANS, _span_meant(str(value)[:80]))
        if len(match[1]) > 9:
            raise ValueError("expected at most 50 years")
        many, unit = int(match[1]), match[2][0]
        if unit == "h" and not many:
            raise ValueError("expected at least an hour")
        if unit in "my":
            months = many * (12 if unit == "y" else 1)
            if not 1 <= months <= 600:
                raise ValueError("expected at least a month and at most 50 years")
            return cls(longest(months), longest(months), longest(months), months=months)
        days = -(-many // 24) if unit == "h" else many * (7 if unit == "w" else 1)
        if days > MOST_SPAN:
            raise ValueError("expected at most 50 years")
        return cls(days, days, days, hours=many if unit == "h" else 0)

    def __repr__(self) -> str:
        return f"Duration({str(self)!r})"

    def __str__(self) -> str:
        if self.months:
            return f"{self.months} month{'' if self.months == 1 else 's'}"
        if self.hours % 24:
            return f"{self.hours} h"
        return f"{self.days} d (assumed, {self.low} to {self.high})" if self.assumed else f"{self.days} d"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _schema(cls.parse)


# Hours: the ledger is by day, and an hour says on which side of a moment something lies, where it is told


MINUTES = 24 * 60  # of a day
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_OFFSET = re.compile(r"Z|[+-](?:0\d|1[0-4]):[0-5]\d")


def clock_minutes(text: str) -> int:
    """Return the minutes since midnight of a clock such as 19:30; 24:00 is the end of the day."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(text: str) -> str:
    match = _CLOCK.fullmatch(text)
    if not match or clock_minutes(text) > MINUTES:
        raise ValueError("expected an hour of the day from 00:00 to 24:00, such as 19:30")
    return f"{int(match[1]):02d}:{match[2]}"


@dataclass(frozen=True, slots=True)
class _ClockText:
    """An hour of the day as HH:MM; with ``zoned``, a zone may stand behind it (22:30Z, 22:30+03:00)."""

    zoned: bool = False

    def parse(self, value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MINUTES:
            value = f"{value // 60:02d}:{value % 60:02d}"  # YAML reads 19:30 without quotes as a number of base 60
        text = str(value).strip()
        if not text:
            return ""
        head, tail = text, ""
        if self.zoned and (match := re.search(r"(Z|[+-]\d{2}:\d{2})$", text)):
            head, tail = text[: match.start()].strip(), match[0]
            if not _OFFSET.fullmatch(tail):
                raise ValueError("expected a zone such as Z or +03:00 behind the hour")
        return _clock(head) + tail

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return _schema(self.parse)


@dataclass(frozen=True, slots=True)
class _ZoneText:
    """A time zone: a name of the tz database, or an offset such as +03:00."""

    def parse(self, value: Any) -> str:
        text = str(value).strip()
        try:
            _tz(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("expected a time zone such as Asia/Aden, Europe/Kyiv or +03:00") from None
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return _schema(self.parse)


Clock = Annotated[str, _ClockText()]
Hour = Annotated[str, _ClockText(zoned=True)]
TimeZone = Annotated[str, _ZoneText()]


def _tz(text: str) -> tzinfo:
    if text in ("", "Z"):
        return UTC
    if _OFFSET.fullmatch(text):
        sign = -1 if text[0] == "-" else 1
        return timezone(sign * timedelta(minutes=clock_minutes(text[1:])))
    return ZoneInfo(text)


def moment(day: date, clock: str, zone: str, here: str) -> tuple[date, int]:
    """Return the (day, minutes) in the zone ``here`` of a clock of a day; a zone behind the clock goes before ``zone``.

    Where ``here`` is not told, or is the zone of the clock, the day and the clock stand as they are.
    """
    match = re.search(r"(Z|[+-]\d{2}:\d{2})$", clock)
    own, head = (match[0], clock[: match.start()]) if match else (zone, clock)
    minutes = clock_minutes(head)
    if not own or not here or own == here:
        return day, minutes
    told = datetime.combine(day, time(), _tz(own)) + timedelta(minutes=minutes)
    then = told.astimezone(_tz(here))
    if minutes == MINUTES and then.hour == then.minute == 0:
        return then.date() - timedelta(days=1), MINUTES
    return then.date(), then.hour * 60 + then.minute


def after_hours(minute: int, hours: int) -> tuple[int, int]:
    """Return (days later, minute) of the moment so many hours after a minute of a day; midnight ends the day before."""
    days, rest = divmod(minute + hours * 60, MINUTES)
    return (days - 1, MINUTES) if rest == 0 and days > 0 else (days, rest)


# Ties and marks with dates: a text, as everywhere, that also knows the days on which it holds


def _span(fields: dict[str, Any], keys: set[str], expected: str) -> tuple[date | None, date | None]:
    """Return the first and last day of a dated entry. Raises ValueError that says what was expected."""
    if set(fields) - keys - {"from", "until"}:
        raise ValueError(f"expected {expected}")
    first = When.parse(fields["from"]).start if "from" in fields else None
    last = When.parse(fields["until"]).end if "until" in fields else None
    if first and last and last < first:
        raise ValueError("expected an until on or after from")
    return first, last


class Tie(str):
    """The id of an actor to whom another belongs, or who acts for it, and the days between which that holds.

    It is the id everywhere; ``from_`` and ``until`` are None where the file gives no date: for ever.
    """

    from_: date | None
    until: date | None

    def __new__(cls, actor: str, from_: date | None = None, until: date | None = None) -> Tie:
        """Return the id with its days."""
        tie = super().__new__(cls, actor)
        tie.from_, tie.until = from_, until
        return tie

    @property
    def is_dated(self) -> bool:
        """Whether it does not hold for ever."""
        return self.from_ is not None or self.until is not None

    def holds(self, first: int, last: int) -> tuple[bool, bool]:
        """Return whether it holds on all, and on any, of the days (ordinals) from ``first`` to ``last``."""
        begins = self.from_.toordinal() if self.from_ else first
        ends = self.until.toordinal() if self.until else last
        return begins <= first and last <= ends, begins <= last and first <= ends

    @classmethod
    def parse(cls, value: Any) -> Tie:
        """Read an id, or ``{actor: ID, from: DAY, until: DAY}``. Raises ValueError that says what was expected."""
        if isinstance(value, Tie):
            return value
        expected = "an id, or {actor: ID, from: DAY, until: DAY}"
        if isinstance(value, dict):
            if not isinstance(value.get("actor"), str):
                raise ValueError(f"expected {expected}")
            return cls(value["actor"], *_span(value, {"actor"}, expected))
        if not isinstance(value, str):
            raise ValueError(f"expected {expected}")
        return cls(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _schema(cls.parse)


class ListMark(str):
    """Whether an actor is on a list: yes, no or disputed; where it is dated, the mark of its latest days.

    ``spans`` has (mark, first day, last day) for each dated entry; on other days the actor is not on the list.
    """

    spans: tuple[tuple[str, date | None, date | None], ...]

    def __new__(cls, mark: str, spans: tuple[tuple[str, date | None, date | None], ...] = ()) -> ListMark:
        """Return the mark with its days."""
        one = super().__new__(cls, mark)
        one.spans = spans
        return one

    def marks(self, first: int, last: int) -> set[str]:
        """Return every mark that holds on some of the days (ordinals) from ``first`` to ``last``."""
        if not self.spans:
            return {str(self)}
        found, days = set(), 0
        for mark, begin, end in self.spans:
            begins = max(begin.toordinal() if begin else first, first)
            ends = min(end.toordinal() if end else last, last)
            if begins <= ends:
                found.add(mark)
                days += ends - begins + 1
        return found | ({"no"} if days < last - first + 1 else set())

    @classmethod
    def parse(cls, value: Any) -> ListMark:
        """Read a word, or entries such as ``{mark: "yes", from: DAY, until: DAY}``. Raises ValueError otherwise."""
        if isinstance(value, ListMark):
            return value
        expected = 'yes, no or disputed, or entries such as {mark: "yes", from: 2019-01-01, until: 2019-12-31}'
        if value is True or value is False:
            return cls("yes" if value else "no")
        if isinstance(value, str):
            if value not in ("yes", "no", "disputed"):
                raise ValueError(f"expected {expected}")
            return cls(value)
        entries = [value] if isinstance(value, dict) else value
        if not isinstance(entries, list) or not entries:
            raise ValueError(f"expected {expected}")
        spans = []
        for entry in entries:
            if not isinstance(entry, dict) or str(entry.get("mark")) not in ("yes", "no", "disputed"):
                raise ValueError(f"expected {expected}")
            spans.append((str(entry["mark"]), *_span(entry, {"mark"}, expected)))
        return cls(spans[-1][0], tuple(spans))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _schema(cls.parse)
