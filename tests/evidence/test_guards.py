"""Guards against saying too much: two claims clash only about one thing at one place and time, and count once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from claim_pairs import claim

from standoff.case.claims import Claim, CommitmentSaid, EventSaid, OfferSaid, PositionSaid, QuantitySaid
from standoff.case.model import Case
from standoff.evidence.accounts import known_by, reports
from standoff.evidence.contradictions import compare_claims
from standoff.evidence.independence import linked, ties
from standoff.evidence.quantities import comparable, interval, unit, word_of
from standoff.values import When

FIGURE = QuantitySaid(quantity="t", measure="deaths", value=10, of="a", as_of=When.parse("2001-02-03"))
EVENT = EventSaid(event="shelling", actor=("red",), target=("blue",), at="a", date=When.parse("2001-02-03"))


def both(case: Case, first: Any, second: Any) -> tuple[str, str]:
    found, back = compare_claims(case, first, second), compare_claims(case, second, first)
    assert (found.relation, found.reason) == (back.relation, back.reason)
    return found.relation, found.reason


@pytest.mark.parametrize(
    ("published", "relation"),
    [("2001-03-05", "contradicts"), ("2001-03-06", "contradicts"), ("2001-04-03", "contradicts"),
     ("2001-04-04", "differs"), ("2001-05-02", "differs")],
)  # fmt: skip
def test_undated_figures_are_of_one_time_within_31_days(case: Case, published: str, relation: str) -> None:
    undated = replace(FIGURE, as_of=None)
    first = replace(claim("p", undated), document="", published=When.parse("2001-03-03"))
    second = replace(claim("q", replace(undated, value=99)), document="", published=When.parse(published))
    assert both(case, first, second)[0] == relation
    assert not compare_claims(case, first, second).certain or relation == "differs"


@pytest.mark.parametrize(
    ("denial", "expected"),
    [
        ({"value": None}, ("contradicts", "polarity")),  # that there were any
        ({}, ("contradicts", "polarity")),
        ({"value": 99}, ("agrees", "")),  # another number is denied
        ({"value": None, "low": 50, "high": 99}, ("agrees", "")),
        ({"value": None, "low": 50}, ("agrees", "")),
        ({"value": None, "high": 5}, ("agrees", "")),
        ({"value": None, "high": 50}, ("contradicts", "polarity")),
    ],
)
def test_a_denied_quantity(case: Case, denial: dict[str, Any], expected: tuple[str, str]) -> None:
    assert both(case, claim("p", FIGURE), claim("q", replace(FIGURE, **denial), realis="denied")) == expected


@pytest.mark.parametrize(
    ("key", "first", "second", "certain"),
    [
        ("as_of", "2001-02-03", "2001-02-03", True),
        ("as_of", "2001-02-03", "2001-02-03~", False),
        ("window", "2001-02-01/2001-02-03", "2001-02-01/2001-02-03~", False),
        ("window", "2001-02-01/2001-02-03", "2001-02-01/2001-02-03", True),
    ],
)
def test_figures_clash_for_certain_only_on_exact_dates(
    case: Case, key: str, first: str, second: str, certain: bool
) -> None:
    undated = replace(FIGURE, as_of=None)
    a = claim("p", replace(undated, **{key: When.parse(first)}))
    b = claim("q", replace(undated, **{key: When.parse(second), "value": 99}))
    assert compare_claims(case, a, b).certain == compare_claims(case, b, a).certain == certain


@pytest.mark.parametrize("account", ["record", "one", "two"])
def test_a_report_is_had_once_its_day_of_knowing_has_passed(case: Case, account: str) -> None:
    every = [report.event for report in reports(case, account)]
    days = sorted({day for event in every if (when := event.known or event.date) and (day := when.end or when.start)})
    for day in days:
        for as_of in (day - timedelta(days=1), day):
            had = [report.event.id for report in reports(case, account, as_of=as_of)]
            assert had == [event.id for event in every if known_by(event, as_of)]
    assert days
    assert reports(case, account, as_of=days[0] - timedelta(days=1)) == ()


def test_two_denials_of_figures_agree(case: Case) -> None:
    first, second = (claim(n, replace(FIGURE, value=v), realis="denied") for n, v in (("p", 1), ("q", 99)))
    assert both(case, first, second) == ("agrees", "")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"of": "b"}, ("differs", "scope")),
        ({"measure": "people-displaced"}, ("differs", "incomparable")),
        ({"unit": "percent"}, ("differs", "incomparable")),
        ({"as_of": When.parse("2001-02-04")}, ("differs", "as-of")),
        ({"as_of": None, "window": When.parse("2001-02")}, ("differs", "window")),
        ({"quantity": "u"}, ("unrelated", "")),
        ({"counted": "men"}, ("contradicts", "value")),  # the other does not say what it counts
        ({"value": 10}, ("agrees", "")),
        ({"bound": "at-most"}, ("contradicts", "value")),
        ({"bound": "at-least", "value": 9}, ("agrees", "")),
    ],
)
def test_figures_clash_only_of_one_thing_place_time_and_measure(
    case: Case, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    changed = replace(FIGURE, **{"value": 99, **change})
    if change.get("bound") == "at-most":
        changed = replace(changed, value=5)
    assert both(case, claim("p", FIGURE), claim("q", changed)) == expected


def test_figures_of_different_people_differ_in_definition(case: Case) -> None:
    pair = [claim(n, replace(FIGURE, value=v, counted=c)) for n, v, c in (("p", 1, "men"), ("q", 9, "Women"))]
    assert both(case, *pair) == ("differs", "definition")
    alike = [
        claim(n, replace(FIGURE, value=v, counted=c)) for n, v, c in (("p", 1, "young-men"), ("q", 9, "Young men"))
    ]
    assert both(case, *alike) == ("contradicts", "value")


@pytest.mark.parametrize(
    ("claimed", "denied", "expected"),
    [
        ({}, {}, ("contradicts", "polarity")),
        ({}, {"event": "assault"}, ("contradicts", "polarity")),  # whoever denies any attack denies a shelling
        ({"event": "assault"}, {"event": "shelling"}, ("differs", "scope")),  # but not the other way round
        ({"event": "assault", "recorded": "e3"}, {"recorded": "e3"}, ("contradicts", "polarity")),  # of one happening
        ({}, {"actor": ("green",)}, ("agrees", "")),  # it is denied of another
        ({}, {"actor": ()}, ("contradicts", "polarity")),
        ({}, {"at": "b"}, ("differs", "scope")),
        ({}, {"target": ("red",)}, ("differs", "scope")),
        ({}, {"target": ()}, ("contradicts", "polarity")),
        ({}, {"date": When.parse("2001-02")}, ("contradicts", "polarity")),  # the month has the day
        ({"date": When.parse("2001-02")}, {}, ("differs", "as-of")),  # a day is not the month
        ({}, {"date": When.parse("2001-02-04")}, ("differs", "as-of")),
        ({}, {"date": None}, ("differs", "as-of")),
        ({"recorded": "e3"}, {"recorded": "e2-red"}, ("unrelated", "")),
        ({"recorded": "e2-blue"}, {"recorded": "e2-red"}, ("contradicts", "polarity")),  # versions of one happening
        ({"event": "summit"}, {}, ("unrelated", "")),
    ],
)
def test_a_denial_reaches_what_it_covers_and_no_more(
    case: Case, claimed: dict[str, Any], denied: dict[str, Any], expected: tuple[str, str]
) -> None:
    first, second = claim("p", replace(EVENT, **claimed)), claim("q", replace(EVENT, **denied), realis="denied")
    assert both(case, first, second) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {"actor": ("green",)}, ("contradicts", "perpetrator")),
        ({}, {"actor": ("green",), "at": "b"}, ("differs", "scope")),
        ({"at": ""}, {"actor": ("green",), "at": ""}, ("differs", "scope")),  # may be two
        ({}, {"actor": ("green",), "date": None}, ("differs", "scope")),
        ({}, {"actor": ("green",), "date": When.parse("2001-02")}, ("differs", "as-of")),
        ({}, {"actor": ("red", "green")}, ("agrees", "")),
        ({}, {"actor": ("red-guard",)}, ("agrees", "")),  # of a member and its group
        ({}, {"actor": ()}, ("agrees", "")),
        ({"event": "summit"}, {"event": "summit", "actor": ("green",)}, ("unrelated", "")),  # two may meet
        ({"recorded": "e3"}, {"recorded": "e3", "actor": ("green",)}, ("contradicts", "perpetrator")),
        ({"recorded": "e3"}, {"recorded": "e3", "event": "airstrike"}, ("contradicts", "definition")),
        ({"recorded": "e3"}, {"recorded": "e3", "event": "assault"}, ("agrees", "")),
        ({"recorded": "e3"}, {"recorded": "e3", "date": When.parse("2001-02-04")}, ("differs", "as-of")),
        ({"recorded": "e3"}, {"recorded": "e3", "date": When.parse("2001-02")}, ("agrees", "")),
    ],
)
def test_two_acts_are_one_only_where_all_that_is_told_fits(
    case: Case, first: dict[str, Any], second: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert both(case, claim("p", replace(EVENT, **first)), claim("q", replace(EVENT, **second))) == expected


@pytest.mark.parametrize(
    ("says", "first", "second", "expected"),
    [
        (FIGURE, "asserted", "alleged", ("contradicts", "value")),
        (FIGURE, "asserted", "predicted", ("differs", "incomparable")),
        (FIGURE, "conditional", "predicted", ("differs", "incomparable")),
        (FIGURE, "predicted", "predicted", ("contradicts", "value")),
        (CommitmentSaid(commitment="gate"), "promised", "asserted", ("agrees", "")),
        (CommitmentSaid(commitment="gate"), "promised", "refused", ("contradicts", "polarity")),
        (CommitmentSaid(commitment="gate"), "promised", "denied", ("contradicts", "polarity")),
        (CommitmentSaid(commitment="gate"), "promised", "predicted", ("differs", "incomparable")),
        (OfferSaid(offer="talks", from_=("red",)), "offered", "refused", ("agrees", "")),
        (OfferSaid(offer="talks", from_=("red",)), "offered", "denied", ("contradicts", "polarity")),
        (PositionSaid(position="stay", actor=("red",)), "asserted", "conditional", ("differs", "incomparable")),
    ],
)
def test_only_claims_of_one_class_clash(
    case: Case, says: Any, first: str, second: str, expected: tuple[str, str]
) -> None:
    other = replace(says, value=99) if isinstance(says, QuantitySaid) else says
    assert both(case, claim("p", says, realis=first), claim("q", other, realis=second)) == expected


@pytest.mark.parametrize(
    ("text", "family", "label", "factor"),
    [
        ("", "", "", 1.0),
        ("percent", "share", "", 0.01),
        ("km", "distance", "", 1.0),
        ("kilometres", "distance", "", 1.0),
        ("metres", "distance", "", 0.001),
        ("miles", "distance", "", 1.609344),
        ("hours", "duration", "", 1 / 24),
        ("weeks", "duration", "", 7.0),
        ("kg", "mass", "", 0.001),
        ("tonnes", "mass", "", 1.0),
        ("thousand people", "", "", 1e3),
        ("hundreds of people", "", "", 1e2),
        ("million usd", "", "usd", 1e6),
        ("bn usd", "", "usd", 1e9),
        ("thousand tonnes", "mass", "", 1e3),
        ("m", "", "m", 1.0),  # alone it is no million
        ("families", "", "families", 1.0),
    ],
)
def test_a_unit_is_a_family_a_label_and_a_factor(text: str, family: str, label: str, factor: float) -> None:
    assert unit(text) == (family, label, factor)


@pytest.mark.parametrize(
    ("measure", "first", "second", "same"),
    [
        ("deaths", "", "", True),
        ("deaths", "people", "thousand", True),
        ("deaths", "families", "people", True),  # one names nothing of its own
        ("deaths", "families", "tents", False),
        ("deaths", "families", "families", True),
        ("share", "", "percent", True),
        ("share", "", "km", False),
        ("distance", "", "miles", True),
        ("distance", "day", "miles", False),
        ("duration", "", "weeks", True),
        ("money", "usd", "", True),
        ("money", "usd", "eur", False),
        ("money", "usd", "kg", False),
    ],
)
def test_units_that_convert_are_comparable(measure: str, first: str, second: str, same: bool) -> None:
    a, b = (QuantitySaid(quantity="t", measure=measure, value=1, unit=u) for u in (first, second))
    assert comparable(a, b) == comparable(b, a) == same


@pytest.mark.parametrize(
    ("figure", "low", "high", "open_"),
    [
        ({"value": 10}, 10, 10, ""),
        ({"value": 10, "bound": "about"}, 9, 11, ""),
        ({"value": 10, "bound": "almost"}, 9, 10, "high"),
        ({"low": 5, "high": 10, "bound": "almost"}, 5, 10, "high"),
        ({"value": 10, "bound": "at-least"}, 10, float("inf"), ""),
        ({"value": 10, "bound": "more-than"}, 10, float("inf"), "low"),
        ({"value": 10, "bound": "at-most"}, float("-inf"), 10, ""),
        ({"low": 5, "high": 10, "bound": "range"}, 5, 10, ""),
        ({"low": 5, "high": 10, "bound": "about"}, 4.5, 11, ""),
        ({"value": 12, "convention": "acled"}, 12, float("inf"), ""),
        ({"low": 5, "high": 12, "convention": "acled"}, 5, 12, ""),
        ({"low": 5, "bound": "about"}, 4.5, float("inf"), ""),
        ({}, float("-inf"), float("inf"), ""),
        ({"value": 10, "unit": "thousand"}, 10_000, 10_000, ""),
    ],
)
def test_the_values_a_quantity_allows(figure: dict[str, Any], low: float, high: float, open_: str) -> None:
    allows = interval(QuantitySaid(quantity="t", measure="deaths", **figure))
    assert (allows.low, allows.high) == (pytest.approx(low), pytest.approx(high))
    assert (allows.low_open, allows.high_open) == (open_ == "low", open_ == "high")


@pytest.mark.parametrize(
    ("value", "convention", "word"),
    [
        (12, "acled", "dozens"), (12_000, "acled", "dozens of thousands"), (1000, "acled", "thousands"),
        (24, "plural", "dozens"), (2000, "plural", "thousands"), (13, "acled", ""), (2, "open", ""), (12, "none", ""),
    ],
)  # fmt: skip
def test_the_vague_word_of_a_value(value: float, convention: str, word: str) -> None:
    assert word_of(value, convention) == word


def test_whoever_republishes_or_passes_on_news_links_as_an_outlet_does(case: Case) -> None:
    kinds = {"copies": "republisher", "wires": "agency", "prints": "outlet", "talks": "person"}
    sources = {n: replace(next(iter(case.sources.values())), id=n, kind=kind, of="") for n, kind in kinds.items()}
    changed = replace(case, sources={**case.sources, **sources})

    def of(name: str, *chain: str) -> Claim:
        return replace(claim(name, FIGURE), document="", citation=f"page {name}", chain=chain)

    assert {name: ties(changed, of("p", "x", name))[name] for name in kinds} == {
        "copies": "outlet", "wires": "outlet", "prints": "outlet", "talks": "origin",
    }  # fmt: skip
    for name in kinds:  # its own word, beside the word of somebody that it passes on
        pair = {"p": of("p", "x", name), "q": of("q", name, "talker")}
        link = linked(replace(changed, claims=pair), "p", "q")
        assert (link and (link.reason, link.shared)) == (None if name == "talks" else ("outlet", name))
