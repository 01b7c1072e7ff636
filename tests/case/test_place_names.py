"""Ways by name: ids, names in any script and aliases are one; what is called twice or not at all is refused."""

from __future__ import annotations

import pytest

from standoff.case.model import Case
from standoff.case.place_names import case_place, namesakes, shut_already, way_title, written_way
from standoff.errors import StandoffError
from standoff.text.names import place_named


@pytest.mark.parametrize(
    "text",
    ["bab-al-hawa", "Bab al-Hawa", "BAB AL HAWA", "Cilvegözü", "Cilvegozu", "Bab al-Hawa / Cilvegözü", "باب الهوى"],
)
def test_a_crossing_by_any_of_its_names(idlib: Case, text: str) -> None:
    assert case_place(idlib, text, "--close") == "bab-al-hawa"


def test_an_id_comes_before_a_name_and_a_name_before_an_alias(idlib: Case) -> None:
    assert case_place(idlib, "Kafr Lusin", "--close") == "kafr-lusin"
    assert case_place(idlib, "Kafr Lusin crossing", "--close") == "kafr-lusin-crossing"
    (said,) = namesakes(idlib, [("place", "kafr-lusin", "")])
    assert said == "kafr-lusin is meant, the camp area; also called Kafr Lusin: kafr-lusin-crossing (crossing)"
    assert way_title(idlib, ("place", "kafr-lusin", "")) == "Kafr Lusin (camp area)"


def test_a_name_of_two_is_refused_with_both() -> None:
    names = {"north-gate": (("The gate",),), "south-gate": (("The gate",),)}
    with pytest.raises(StandoffError, match=r"the name of 2 places; expected one of north-gate .* and south-gate"):
        place_named(names, "the gate", "--close")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("babalhawa", "did you mean 'bab-al-hawa'"),
        ("Bab al-Hava", "did you mean 'bab-al-hawa'"),
        ("", "no name"),
        ("nowhere at all", "there is no place 'nowhere at all'"),
        ("border:SY:XX", "there is no country 'XX'; expected one of GR, SY, TR"),
        ("route:atma:idlib", "no road joins 'atma' and 'idlib'; expected a road of routes.csv: atma is joined to"),
        ("gate:atma", "not a way"),
    ],
)
def test_what_is_no_way_is_refused_with_the_nearest(idlib: Case, text: str, words: str) -> None:
    with pytest.raises(StandoffError, match=words):
        written_way(idlib, text, "--close")


def test_roads_and_borders_by_name(idlib: Case) -> None:
    assert written_way(idlib, "border:sy:tr", "--open") == ("border", "SY", "TR")
    assert written_way(idlib, "route:Atma:Qah", "--close") == ("route", "atma", "qah")
    assert written_way(idlib, "Atma", "--full", takes_in=True) == ("into", "atma", "")
    assert way_title(idlib, ("route", "atma", "qah")) == "the road Atma to Qah"


def test_a_crossing_of_a_border_that_is_shut_already_says_so(idlib: Case) -> None:
    way = ("place", "bab-al-hawa", "")
    (said,) = shut_already(idlib, [way], [("border", "SY", "TR")])
    assert "the border SY-TR is shut to people in this case already" in said
    assert shut_already(idlib, [way], []) == []
