"""Rows of digits in a text count nothing, and take nothing down."""

from __future__ import annotations

from datetime import date

import pytest

from standoff.reading.numbers import numbers
from standoff.reading.propose import as_claims, propose


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 400, "1" + ",000" * 9, "9" * 16 + " billion", "0" * 5000])
def test_a_row_of_digits_counts_nothing(digits: str) -> None:
    text = f"The ministry said that {digits} people were displaced, and 35 people were killed on 3 March.\n"
    assert {n.low for n in numbers(text)} <= {0.0, 35.0}
    assert 35.0 in {n.low for n in numbers(text)}
    assert as_claims(propose(text, None, date(2020, 3, 5)), None)


@pytest.mark.parametrize("published", [date.min, date.max, date(2200, 12, 31), date(1800, 1, 1)])
@pytest.mark.parametrize("when", ["yesterday", "on Monday", "next Friday", "in December", "at the end of February"])
def test_days_beyond_the_years_of_a_case_are_not_told(published: date, when: str) -> None:
    found = propose(f"Red shelled the town {when}, and killed 12 people, the mayor said.\n", None, published)
    for p in found.proposals:
        told = str(p.says.get("date", p.says.get("as_of", "2000")))
        assert 1800 <= int(told[:4]) <= 2200
