"""Numbers in text: their bounds, what is counted, and which measure it is."""

from __future__ import annotations

import pytest
from reading_scores import quantity_scores

from standoff.reading.numbers import measure_of, numbers, value_of
from standoff.reading.page import paragraphs, sentences


@pytest.mark.parametrize(
    ("text", "low", "high", "bound", "unit", "counted"),
    [
        ("at least 20 soldiers were killed", 20, 20, "at-least", "", "soldiers"),
        ("between 2.5 and 3 million people", 2.5e6, 3e6, "range", "", "people"),
        ("more than half of the schools", 0.5, 0.5, "more-than", "share", "schools"),
        ("about one-third of all buildings", 1 / 3, 1 / 3, "about", "share", "buildings"),
        ("three quarters of its villages", 0.75, 0.75, "exact", "share", "villages"),
        ("half the population", 0.5, 0.5, "exact", "share", "population"),
        ("more than 30,000 displaced people fled", 30000, 30000, "more-than", "", "displaced people"),
        ("half a million refugees", 5e5, 5e5, "exact", "", "refugees"),
        ("dozens of tanks", 24, 24, "at-least", "", "tanks"),
        ("tens of thousands of people", 20000, 20000, "at-least", "", "people"),
        ("some 60 percent of the town", 60, 60, "about", "percent", ""),
        ("$12.4 billion in aid", 12.4e9, 12.4e9, "exact", "usd", ""),
        ("thirty-five posts", 35, 35, "exact", "", "posts"),
        ("nearly two million civilians", 2e6, 2e6, "almost", "", "civilians"),
        ("up to four weeks", 4, 4, "at-most", "weeks", ""),
        ("a 30-day truce with blue", 30, 30, "exact", "day", "truce"),
        ("some 20km of road", 20, 20, "about", "km", ""),
        ("four kilometres (two miles) from the town", 4, 4, "exact", "kilometres", ""),
        ("6\u202f500 fighters", 6500, 6500, "exact", "", "fighters"),
        ("6 000 fighters", 6000, 6000, "exact", "", "fighters"),
        ("more than 1.5mn people", 1.5e6, 1.5e6, "more-than", "", "people"),
        ("over a dozen people", 12, 12, "more-than", "", "people"),
        ("not more than 24 ministers", 24, 24, "at-most", "", "ministers"),
        ("not fewer than 24 ministers", 24, 24, "at-least", "", "ministers"),
        ("seven more soldiers", 7, 7, "exact", "", "soldiers"),
    ],
)
def test_numbers(text: str, low: float, high: float, bound: str, unit: str, counted: str) -> None:
    (found,) = numbers(text)
    assert (found.low, found.high, found.bound, found.unit, found.counted) == (low, high, bound, unit, counted)


@pytest.mark.parametrize(
    "text",
    ["in 2018", "on 14 September 2018", "September 14, 2018", "at 10:30", "the 3rd corps", "S-400", "Force 50, he said",
     "no one came", "one of them", "under Resolution 2254, they", "a 12-year-old girl", "a guard aged 30",
     "the 2016 agreement", "at 0630 hours", "a four-party meeting"],
)  # fmt: skip
def test_dates_names_and_pronouns_are_no_numbers(text: str) -> None:
    assert numbers(f"It was {text}") == []


@pytest.mark.parametrize(
    ("words", "value"), [("twelve", 12), ("two hundred thousand", 2e5), ("1,234.5", 1234.5), ("a million", 1e6)]
)
def test_values(words: str, value: float) -> None:
    assert value_of(words) == value


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("seven soldiers were killed", ["deaths-military"]),
        ("seven soldiers", ["troops"]),
        ("60 percent", ["share"]),
        ("killing 20 people and wounding 30 others", ["deaths", "wounded"]),
        ("a raid that killed two soldiers and injured more than 20", ["deaths-military", "wounded"]),
        ("20 people were wounded and 12 civilians killed", ["wounded", "deaths-civilian"]),
        ("shells drove 20 people from their homes", ["people-displaced"]),
        ("20 people are in urgent need after others fled", ["people-in-need"]),
        ("a truce of 30 days over 20 miles", ["duration", "distance"]),
        ("20 people stayed", ["people-stock"]),
        ("30 families have left", ["people-displaced"]),
        ("200 families left Riverton", ["people-displaced"]),
        ("20 people left wounded", ["wounded"]),
        ("20 people left the meeting", ["people-stock"]),
        ("30 soldiers have left", ["troops"]),
    ],
)
def test_measures_are_guessed_from_what_is_counted(text: str, measures: list[str]) -> None:
    assert [measure_of(n, text[: n.span.start], text[n.end :])[0] for n in numbers(text)] == measures


def test_people_wounded_are_counted_as_such() -> None:
    (found,) = numbers("more than 20")
    assert measure_of(found, "a raid that injured ", "") == ("wounded", "people wounded")


def test_a_number_at_the_start_of_a_line_may_be_that_of_a_list() -> None:
    assert numbers("1) The troops leave\n2. The guns stay") == []


def test_numbers_of_a_span_are_those_of_the_text() -> None:
    text = "In May 2021 seven soldiers fell. " * 40 + "At least 20 tanks came. " * 3
    whole = numbers(text)
    (paragraph,) = paragraphs(text)
    assert [n for s in sentences(text, paragraph) for n in numbers(text, s)] == whole


@pytest.mark.fetched
def test_quantities_on_reports_that_others_marked() -> None:
    assert quantity_scores().recall >= 0.90


@pytest.mark.parametrize(
    "text",
    [
        "half of the night",
        "a quarter of an hour",
        "the third of May",
        "in a quarter of Damascus",
        "the second half of 2019",
        "half the way to the border",
        "one half-brother of the king",
        "the last quarter of the town",
    ],
)
def test_a_part_of_a_time_a_way_or_a_town_is_not_a_share(text: str) -> None:
    assert not [one for one in numbers(text) if one.unit == "share"]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("The blast killed 12 reservists.", "deaths-military"),
        ("The blast killed 12 anglers.", "deaths"),
        ("The blast killed 12 goats.", "count"),
        ("The blast wounded at least 9 clerks.", "wounded"),
    ],
)
def test_whom_something_killed_are_people_whatever_they_are_called(text: str, measure: str) -> None:
    (one,) = numbers(text)
    assert measure_of(one, text[: one.span.start], text[one.end :])[0] == measure
