"""Numbers in text: their bounds, what is counted, and which measure it is."""

from __future__ import annotations

import pytest
from measured import quantity_scores

from standoff.evidence.reading.numbers import measure_of, numbers, value_of
from standoff.evidence.reading.sentences import paragraphs, sentences


@pytest.mark.parametrize(
    ("text", "low", "high", "bound", "unit", "counted"),
    [
        ("at least 20 soldiers were killed", 20, 20, "at-least", "", "soldiers"),
        ("between 2.5 and 3 million people", 2.5e6, 3e6, "range", "", "people"),
        ("more than 30,000 displaced people fled", 30000, 30000, "more-than", "", "displaced people fled"),
        ("half a million refugees", 5e5, 5e5, "exact", "", "refugees"),
        ("dozens of tanks", 12, 12, "exact", "", "tanks"),
        ("tens of thousands of people", 10000, 10000, "exact", "", "people"),
        ("some 60 percent of the town", 60, 60, "about", "percent", ""),
        ("$12.4 billion in aid", 12.4e9, 12.4e9, "exact", "usd", ""),
        ("thirty-five posts", 35, 35, "exact", "", "posts"),
        ("nearly two million civilians", 2e6, 2e6, "almost", "", "civilians"),
        ("up to four weeks", 4, 4, "at-most", "", "weeks"),
    ],
)
def test_numbers(text: str, low: float, high: float, bound: str, unit: str, counted: str) -> None:
    (found,) = numbers(text)
    assert (found.low, found.high, found.bound, found.unit, found.counted) == (low, high, bound, unit, counted)


@pytest.mark.parametrize(
    "text",
    ["in 2018", "on 14 September 2018", "September 14, 2018", "at 10:30", "the 3rd corps", "S-400", "Force 50, he said",
     "no one came", "one of them", "under Resolution 2254, they"],
)  # fmt: skip
def test_dates_names_and_pronouns_are_no_numbers(text: str) -> None:
    assert numbers(f"It was {text}") == []


@pytest.mark.parametrize(
    ("words", "value"), [("twelve", 12), ("two hundred thousand", 2e5), ("1,234.5", 1234.5), ("a million", 1e6)]
)
def test_values(words: str, value: float) -> None:
    assert value_of(words) == value


def test_measures_are_guessed_from_what_is_counted() -> None:
    (found,) = numbers("seven soldiers")
    assert measure_of(found, "seven soldiers were killed") == "deaths-military"
    assert measure_of(found, "seven soldiers arrived") == "troops"
    (share,) = numbers("60 percent")
    assert measure_of(share, "") == "share"


def test_numbers_of_a_span_are_those_of_the_text() -> None:
    text = "In May 2021 seven soldiers fell. " * 40 + "At least 20 tanks came. " * 3
    whole = numbers(text)
    (paragraph,) = paragraphs(text)
    assert [n for s in sentences(text, paragraph) for n in numbers(text, s)] == whole


@pytest.mark.fetched
def test_quantities_on_reports_that_others_marked() -> None:
    assert quantity_scores().recall >= 0.90
