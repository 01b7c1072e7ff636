"""Dates near acts and numbers: what they mean on the day of publication, and that none is given where unsure."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.reading.dates import printed
from standoff.reading.promises import deadline
from standoff.reading.propose import propose
from standoff.values import When

FRIDAY = date(2020, 3, 6)


def dates(text: str, published: date | None = FRIDAY) -> list[str]:
    """What is said of when, proposal by proposal; empty where nothing is."""
    return [p.when for p in propose(text, None, published).proposals]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Red shelled the town on 3 February 2019.", "2019-02-03"),
        ("Red shelled the town on February 3rd, 2019.", "2019-02-03"),
        ("On 2019-02-03 red shelled the town.", "2019-02-03"),
        ("Red shelled the town on 3 February.", "2020-02-03"),
        ("Red shelled the town on 9 September.", "2019-09-09"),
        ("Red shelled the town from 3 to 5 February.", "2020-02-03/2020-02-05"),
        ("Red shelled the town in February.", "2020-02"),
        ("Red shelled the town in late February.", "2020-02~"),
        ("Red shelled the town in April last year.", "2019-04"),
        ("Red shelled the town in 2015.", "2015"),
        ("Red shelled the town on Friday.", "2020-03-06"),
        ("Red shelled the town last Friday.", "2020-02-28"),
        ("Red shelled the town on Sunday.", "2020-03-01"),
        ("After red shelled the town on 3 February, blue left.", "2020-02-03"),
        ("Yesterday red shelled the town.", "2020-03-05"),
        ("Red has shelled the town since 3 February.", "2020-02-03/.."),
        ("Red has been shelling the town since the beginning of the war in April last year.", "2019-04-01/.."),
        ("Red will withdraw on Monday.", "2020-03-09"),
        ("Red promised to withdraw by 20 March.", "../2020-03-20"),
        ("Red promised to withdraw by the end of March.", "../2020-03-31"),
    ],
)
def test_a_date_is_read_from_the_day_of_publication(text: str, found: str) -> None:
    assert dates(text) == [found]
    assert When.parse(found)


@pytest.mark.parametrize(
    "text",
    [
        "Red shelled the town after 3 February.",
        "Red shelled the town until 3 February.",
        "Red shelled the town while blue, which had met it on 3 February, looked on.",
        "Red shelled the town on Sunday and Monday.",
        "Red shelled the town on 31 February.",
        "Red planned on Monday to shell the town.",  # the plan is of Monday
        "Red may shell the town again.",
        "Red welcomed the accord of 3 February.",
        "After the truce in January, red shelled the town.",
        "Red shells the villages - many have had no bread since January.",
        "Red looked into breaches of the truce that was announced by both on 3 February.",
    ],
)
def test_where_it_is_not_sure_none_is_given(text: str) -> None:
    assert [d for d in dates(text) if d] == []


def test_without_a_day_of_publication_only_whole_dates_are_read() -> None:
    assert dates("Red shelled the town on 3 February 2019.", None) == ["2019-02-03"]
    for text in ("on 3 February", "on Monday", "yesterday", "in April last year"):
        assert dates(f"Red shelled the town {text}.", None) == [""]


def test_the_nearest_act_has_the_date() -> None:
    text = "Red captured the hill on 2 February and blue shelled the town on 3 February."
    assert dates(text) == ["2020-02-02", "2020-02-03"]


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("Some 300 civilians were killed on 3 February.", "window", "2020-02-03"),
        ("Since the start of the offensive in December, 300 civilians were killed.", "window", "2019-12-01/2020-03-06"),
        ("On 3 February there were 200 tanks on the road.", "as_of", "2020-02-03"),
        ("The truce was to hold for ten days from 6 March.", "", ""),
    ],
)
def test_what_flows_has_a_window_and_what_stands_a_day(text: str, key: str, found: str) -> None:
    (says,) = [p.says for p in propose(text, None, FRIDAY).proposals if "quantity" in p.says]
    assert {k: v for k, v in says.items() if k in ("date", "window", "as_of")} == ({key: found} if key else {})


def test_a_month_that_is_a_verb_or_a_number_is_no_date() -> None:
    assert printed("They may march, 12 of them; 5 may stay, and 3,000 march on.") == []
    assert [p.span.of("on May 5, 200 men came") for p in printed("on May 5, 200 men came")] == ["May 5"]


WORDS = """
red shelled killed 300 people since by on in last next late the end of 31 29 3 to and until after February May March
Monday Sunday yesterday year 2019 2020-02-30 2021 , . will promised
"""


@settings(max_examples=examples(300))
@given(
    st.lists(st.sampled_from(WORDS.split()), min_size=4, max_size=16).map(" ".join),
    st.dates() | st.sampled_from((date.min, date.max, None)),
)
def test_whatever_is_printed_a_case_can_hold_the_date(text: str, published: date | None) -> None:
    for found in dates(f"Red shelled the town {text}.", published):
        assert not found or When.parse(found)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("they must leave by 31 August", "2020-08-31"),
        ("they must leave before 31 August", "2020-08-30"),
        ("they must leave before 1 September", "2020-08-31"),
        ("they must leave no later than 31 August", "2020-08-31"),
        ("they must leave before the end of August", "2020-08-31"),
        ("they must leave within 30 days", "within 30 days"),
    ],
)
def test_the_last_day_to_act(words: str, day: str) -> None:
    assert deadline(words, date(2020, 7, 29)) == day
