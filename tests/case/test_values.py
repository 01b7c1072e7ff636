"""Dates with partial precision and spans with their assumed range."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.values import Duration, When

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(DAYS)
def test_a_day_is_certainly_within_itself(day: date) -> None:
    when = When.parse(day.isoformat())
    assert when.is_day
    assert when.certainly_within(day, day)


@given(DAYS, DAYS, DAYS, DAYS)
def test_certain_implies_possible(a: date, b: date, c: date, d: date) -> None:
    when = When.parse(f"{min(a, b)}/{max(a, b)}")
    first, last = min(c, d), max(c, d)
    if when.certainly_within(first, last):
        assert when.possibly_within(first, last)


@pytest.mark.parametrize(
    ("text", "start", "end", "about"),
    [
        ("2018-02", date(2018, 2, 1), date(2018, 2, 28), False),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), False),
        ("2018", date(2018, 1, 1), date(2018, 12, 31), False),
        ("2018-09-14~", date(2018, 9, 14), date(2018, 9, 14), True),
        ("../2018-09-10", None, date(2018, 9, 10), False),
        ("2018-09-10/..", date(2018, 9, 10), None, False),
        ("2018-09-01/2018-09", date(2018, 9, 1), date(2018, 9, 30), False),
    ],
)
def test_edtf(text: str, start: date | None, end: date | None, about: bool) -> None:
    when = When.parse(text)
    assert (when.start, when.end, when.approximate) == (start, end, about)


@pytest.mark.parametrize("text", ["", "..", "../..", "2018-13", "2018-02-30", "next week", "2018-09-10/2018-09-01"])
def test_bad_dates_say_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        When.parse(text)


def test_spans() -> None:
    assert Duration.parse("7d") == Duration(7, 7, 7)
    assert Duration.parse("2w").days == 14
    assumed = Duration.parse({"assumed": "3d", "range": ["1d", "14d"]})
    assert (assumed.days, assumed.low, assumed.high, assumed.assumed) == (3, 1, 14, True)
    for bad in ("soon", {"assumed": "30d", "range": ["1d", "14d"]}, {"range": ["1d", "2d"]}, "-3d"):
        with pytest.raises(ValueError, match="expected"):
            Duration.parse(bad)
