"""Values with their uncertainty: dates known to a month, spans that are assumed, where a number comes from."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?([~?%]?)$")
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}[T\s].*\S")
_SPAN = re.compile(r"(\d+)\s*(d|w|m|y|h|days?|weeks?|months?|years?|hours?)$")
_SPANS = "a span such as 7d, 2w, 6m (calendar months), 1y or {assumed: 3d, range: [1d, 14d]}"
_EXPECTED = "an EDTF date such as 2018-09-14, 2018-09, 2018-09~, 2018-09-01/2018-09-08, ../2018-09-10 or 2018-09-10/.."

BY_DAY = "a date without a time or a time zone, such as 2020-03-06: the ledger is by day"


def _schema(parse: Any) -> Any:
    from pydantic_core import core_schema

    return core_schema.no_info_plain_validator_function(parse)


def is_timed(text: str) -> bool:
    """Whether a text is a day followed by a time of day, a time zone or both, which the ledger has no use for."""
    return _TIMED.match(text.strip()) is not None


def _bounds(text: str) -> tuple[date, date, bool]:
    found = _DATE.match(text)
    if not found and is_timed(text):
        raise ValueError(f"expected {BY_DAY}")
    if not found:
        raise ValueError(f"expected {_EXPECTED}")
    year, month, day, mark = found.groups()
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in days. ``assumed`` spans carry a range, and verdicts are reported over that range.

    ``months`` is above 0 where it is one of calendar months; ``days`` is then the most that it can be.
    """

    days: int
    low: int
    high: int
    assumed: bool = False
    months: int = 0

    @classmethod
    def parse(cls, value: Any) -> Span:
        """Read ``7d``, ``2w``, ``72h``, ``6m``, ``1y`` or ``{assumed: 3d, range: [1d, 14d]}``.

        Raises ValueError that says what was expected.
        """
        if isinstance(value, Span):
            return value
        if isinstance(value, dict):
            if set(value) - {"assumed", "range"} or "assumed" not in value:
                raise ValueError("expected {assumed: 3d, range: [1d, 14d]}")
            ends = value.get("range") or [value["assumed"], value["assumed"]]
            if not isinstance(ends, list) or len(ends) != 2:
                raise ValueError("expected a range of two spans, such as [1d, 14d]")
            spans = [cls.parse(part) for part in (value["assumed"], *ends)]
            if any(span.months for span in spans):
                raise ValueError("expected an assumed span in days or weeks: no text gives its months")
            best, low, high = (span.days for span in spans)
            if not low <= best <= high:
                raise ValueError("expected a range that holds the assumed span")
            return cls(best, low, high, True)
        found = _SPAN.match(str(value).strip())
        if not found:
            raise ValueError(f"expected {_SPANS}")
        many, unit = int(found[1]), found[2][0]
        if unit == "h" and many % 24:
            raise ValueError("expected whole days, such as 24h or 72h: the ledger is by day")
        if unit in "my":
            months = many * (12 if unit == "y" else 1)
            if not 1 <= months <= 600:
                raise ValueError("expected at least a month and at most 50 years")
            return cls(longest(months), longest(months), longest(months), months=months)
        days = many // 24 if unit == "h" else many * (7 if unit == "w" else 1)
        return cls(days, days, days)

    def __str__(self) -> str:
        if self.months:
            return f"{self.months} month{'' if self.months == 1 else 's'}"
        return f"{self.days} d (assumed, {self.low} to {self.high})" if self.assumed else f"{self.days} d"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _schema(cls.parse)
