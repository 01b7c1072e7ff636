"""Filters by place: a place by its id, name or alias, and what lies inside an area; names that are none are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from claim_pairs import claim, with_claims
from evidence_case import unchanged

from standoff.case.claims import AssessmentSaid, EventSaid, QuantitySaid
from standoff.case.geography import Place, Zone
from standoff.errors import StandoffError
from standoff.evidence.claim_places import claim_place, find_place
from standoff.evidence.listing import select_claims
from standoff.values import When
from standoff.views.evidence import ClaimFilter, matching_claims, options

DAY = When.parse("2001-02-03")


def town(name: str, lon: float, lat: float, **more: str) -> Place:
    return Place(id=name.lower(), name=name, kind="town", lat=lat, lon=lon, country="X", **more)  # type: ignore[arg-type]


SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}
ROAD = {"type": "LineString", "coordinates": [[0, 60], [5, 60]]}
PLACES = (
    town("Ash", 1, 1, sector="south", aliases=("Esche",)),  # type: ignore[arg-type]
    town("Birch", 5, 5, sector="south", adm3="X01"),
    town("Cedar", 3, 60.05),  # 5.6 km from the road
    town("Dill", 3, 60.5),
)
ZONES = (Zone(id="box", title="The box", geometry=SQUARE), Zone(id="road", title="", geometry=ROAD, buffer_km=10))
CASE = replace(
    with_claims(
        unchanged(),
        [
            claim("ash", EventSaid(event="shelling", at="Ash", date=DAY)),
            claim("ash-id", QuantitySaid(quantity="q", measure="deaths", value=1.0, of="ash")),
            claim("birch", EventSaid(event="shelling", at="birch", date=DAY)),
            claim("cedar", EventSaid(event="shelling", at="cedar")),
            claim("dill", EventSaid(event="shelling", at="dill")),
            claim("box", EventSaid(event="shelling", at="box")),
            claim("far", EventSaid(event="shelling", at="Elsewhere")),
            claim("idea", AssessmentSaid(assessment="cause", of="the talks")),
            claim("idea-ash", AssessmentSaid(assessment="cause", of="Ash")),
        ],
    ),
    places={p.id: p for p in PLACES},
    zones=ZONES,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ash", {"ash", "ash-id", "idea-ash"}),
        ("Ash", {"ash", "ash-id", "idea-ash"}),
        ("esche", {"ash", "ash-id", "idea-ash"}),
        ("south", {"ash", "ash-id", "idea-ash", "birch"}),
        ("X01", {"birch"}),
        ("the box", {"ash", "ash-id", "idea-ash", "box"}),
        ("road", {"cedar"}),
        ("Elsewhere", {"far"}),
    ],
)
def test_a_place_or_what_lies_inside_an_area(text: str, expected: set[str]) -> None:
    assert {c.id for c in select_claims(CASE, place=text)} == expected
    assert {c.id for c in matching_claims(CASE, ClaimFilter(place=text))} == expected


def test_a_place_that_is_none_gets_the_nearest_name() -> None:
    for wrong in ("brich", "the talks"):
        with pytest.raises(StandoffError, match="there is no place"):
            select_claims(CASE, place=wrong)
    with pytest.raises(StandoffError, match="did you mean 'birch'"):
        find_place(CASE, "Brich")


def test_the_filter_offers_places_areas_and_names_apart() -> None:
    assert options(CASE)["place"] == [
        ("ash", "Ash"), ("birch", "Birch"), ("cedar", "Cedar"), ("dill", "Dill"), ("road", "road (area)"),
        ("south", "south (area)"), ("box", "The box (area)"), ("Elsewhere", "Elsewhere (a name only)"),
    ]  # fmt: skip
    assert claim_place(CASE, CASE.claims["idea"]) == ""


def test_a_name_that_several_places_have_means_none_of_them() -> None:
    twins = (town("Elm", 1, 1), replace(town("Elm", 2, 2), id="elm-camp", kind="camp"), town("Fir / Tanne", 3, 3))
    case = replace(CASE, places={p.id: p for p in twins})
    assert claim_place(case, claim("x", EventSaid(event="shelling", at="Tanne"))) == "fir / tanne"
    assert claim_place(case, claim("x", EventSaid(event="shelling", at="elm"))) == "elm"  # an id
    two = replace(case, places={"elm-a": replace(twins[0], id="elm-a"), "elm-camp": twins[1]})
    assert claim_place(two, claim("x", EventSaid(event="shelling", at="Elm"))) == "Elm"
    with pytest.raises(StandoffError, match=r"'Elm' is the name of several; expected one of elm-a \(town\), elm-camp"):
        find_place(two, "Elm")
