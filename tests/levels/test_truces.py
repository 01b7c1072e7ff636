"""What followed agreements: a class is the rows that are of its kind, and a ratio is a geometric mean."""

from __future__ import annotations

from math import exp, log1p

import pytest

from standoff.errors import StandoffError
from standoff.levels.truces import MONTHS, reference_class, shipped_rows


def test_the_table_is_what_it_says() -> None:
    """Agreements in countries with at least 25 deaths in the year before, each once, none expected below zero."""
    rows = shipped_rows()
    assert len(rows) > 200 and len({row["id"] for row in rows}) == len(rows)
    assert all(int(row["year_before"]) >= 25 for row in rows)
    assert all(float(row[f"expected_{k}"]) >= 0 for row in rows for k in range(1, MONTHS + 1))


def test_a_class_and_its_opposite_are_all() -> None:
    """Every agreement has a written ceasefire or has none."""
    with_one, without = reference_class(ceasefire=True), reference_class(ceasefire=False)
    assert with_one.n + without.n == reference_class().n == len(shipped_rows())


def test_the_ratio_is_a_geometric_mean_by_hand() -> None:
    """Counted again row by row."""
    rows = [row for row in shipped_rows() if row["ceasefire"] == "1" and row["third_party"] == "0"]
    made = reference_class(ceasefire=True, third_party=False)
    gaps = [log1p(float(row["deaths_2"])) - log1p(float(row["expected_2"])) for row in rows]
    assert made.n == len(rows) and made.countries == len({row["country"] for row in rows})
    assert made.months[1].ratio == pytest.approx(exp(sum(gaps) / len(gaps)))
    assert made.months[1].low < made.months[1].ratio < made.months[1].high
    assert made.months[1].halved == sum(gap < -0.6931471805 for gap in gaps)


def test_ranges_do_not_hang_on_the_process() -> None:
    """The same seed gives the same range."""
    assert reference_class(ceasefire=True).months == reference_class(ceasefire=True).months


def test_an_unknown_kind_is_refused() -> None:
    """With the nearest."""
    with pytest.raises(StandoffError, match="ceasefire"):
        reference_class(ceasefires=True)
