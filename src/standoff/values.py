"""Values with their bounds and their uncertainty: numbers that are finite, dates known to a month, assumed spans."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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


class OutOfBoundsError(ValueError):
    """A value that a key does not allow; ``nearest`` is one that it allows, with which the other checks can go on."""

    def __init__(self, expected: str, nearest: float) -> None:
        super().__init__(f"expected {expected}")
        self.nearest = nearest


@dataclass(frozen=True, slots=True, repr=False)
class Bounds(OneLine):
    """The numbers that a key allows: finite, from ``low`` to ``high``; ``whole`` leaves out fractions.

    It stands in an annotation (``Annotated[float, Bounds(0, 1, "a share")]``), where pydantic asks it to read values,
    and any other reader may call ``parse``.
    """

    low: float
    high: float
    noun: str
    whole: bool = False

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
        if number is None:
            raise OutOfBoundsError(f"{self.expected}, in digits with a point, no separators and no unit", nearest)
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
NonNegative = Annotated[float, Bounds(0, 1e15, "a number")]
Share = Annotated[float, Bounds(0, 1, "a number")]
Shift = Annotated[float, Bounds(-1, 1, "a change")]  # of an issue, whose scale is 0 to 1
Loss = Annotated[float, Bounds(0, 100, "a loss")]  # in units of the core issue, worth 1 from worst to best
Intensity = Annotated[float, Bounds(0, 100, "an intensity")]  # 1 is what the shares of people who leave are told for
People = Annotated[int, Bounds(0, MOST_PEOPLE, "people", whole=True)]
Threshold = Annotated[float, Bounds(0, MOST_PEOPLE, "people")]
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


def is_timed(text: str) -> bool:
    """Whether a text is a day followed by a time of day, a time zone or both, which the ledger has no use for."""
    return _TIMED.match(text.strip()) is not None


def _bounds(text: str) -> tuple[date, date, bool]:
    match = _DATE.match(text)
    if not match and is_timed(text):
        raise ValueError(f"expected {BY_DAY}")
    if not match:
        raise ValueError(f"expected {_EXPECTED}")
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
        text = str(value).strip()
        left, slash, right = text.partition("/")
        if not slash:
            first, last, about = _bounds(text)
            return cls(first, last, about, text)
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
            if set(value) - {"assumed", "range"} or "assumed" not in value:
                raise ValueError("expected {assumed: 3d, range: [1d, 14d]}")
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
            raise ValueError(f"expected {_SPANS}")
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
