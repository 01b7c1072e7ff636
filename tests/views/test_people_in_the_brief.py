"""What the brief of a day says of people: what was known by then, the last count by area, and what to expect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from standoff.case.brief_sections import BriefDay, BriefSection
from standoff.case.model import Case, Observation
from standoff.case.read import load
from standoff.values import When
from standoff.views.known_people import people_known


@pytest.fixture(scope="module")
def idlib() -> Case:
    return load("idlib")


def section(case: Case, on: str, observed: dict[str, Observation] | None = None) -> BriefSection:
    changed = case if observed is None else replace(case, observed=observed)
    return people_known(BriefDay(changed, date.fromisoformat(on)))


def test_the_last_figure_comes_first_then_the_last_count_by_area(idlib: Case) -> None:
    one = section(idlib, "2020-02-20")
    (reported, expected), (by_area, _) = (item.text.partition("; ")[::2] for item in one.items)
    assert reported == "20 Feb 2020: almost 900,000 people displaced in NW Syria since 1 Dec 2019, according to OCHA"
    assert by_area.startswith("No count of displaced people by area since 30 Nov 2018 (447 days): Dana 234,000, ")
    assert expected.startswith("this program expects from 8 reports for 21 Mar 2020 ") and "n = 4, too few" in expected
    assert one.items[0].rests == ""  # the forecast is not OCHA's


def test_nothing_published_later_is_in_it(idlib: Case) -> None:
    on = date(2020, 2, 12)
    known = [o for o in idlib.observed.values() if o.published <= on.isoformat() and (o.to.end or on) <= on]
    assert section(idlib, "2020-02-12", {o.id: o for o in known if o.published or o.to.end}) == section(
        idlib, "2020-02-12"
    )
    assert "800,000" not in " ".join(item.text for item in section(idlib, "2020-02-12").items)


def test_without_figures_it_says_so_and_restricted_ones_stay_out(idlib: Case) -> None:
    empty = section(idlib, "2020-02-20", {})
    assert empty.missing and not empty.items
    shut = {key: replace(one, restricted=True) for key, one in idlib.observed.items()}
    assert section(idlib, "2020-02-20", shut) == empty


def test_a_score_is_given_where_there_are_enough_reports(idlib: Case) -> None:
    like = next(o for o in idlib.observed.values() if o.measure == "people-displaced" and o.source == "OCHA")
    first = date(2018, 1, 7)
    weekly = {
        f"w{n}": replace(
            like, id=f"w{n}", from_=When.parse(first), to=When.parse(first + timedelta(days=7 * n)),
            value=1000.0 + 900 * n, published="",
        )
        for n in range(40)
    }  # fmt: skip
    expected = section(idlib, "2018-10-10", weekly).items[0].text
    assert "better than the last report, n = " in expected and "too few" not in expected
    stale = section(idlib, "2019-06-01", weekly)
    assert not any("expects" in item.text for item in stale.items)
