"""What a number counts: wordings to groups, which groups include which, and the file with which a case adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from claim_pairs import claim
from evidence_case import FILES, unchanged

from standoff.case.claims import QuantitySaid
from standoff.case.groups import DEMONYMS, GROUPS, MEASURE_GROUPS, CountedGroup
from standoff.case.model import Actor
from standoff.case.read import read
from standoff.case.vocabulary import MEASURES
from standoff.evidence.claim_places import place_id
from standoff.evidence.contradictions import compare_claims
from standoff.evidence.what_is_counted import includes, subject_of
from standoff.values import When

DAY = When.parse("2001-02-03")
ACTORS = (
    Actor(id="armenia", name="Armenia", kind="state"),
    Actor(id="karabakh", name="Karabakh forces", kind="armed-group", aliases=("Karabakh",)),
    Actor(id="turkey", name="Turkey", kind="state", aliases=("Turkish Armed Forces",)),
)
CASE = replace(unchanged(), actors={a.id: a for a in ACTORS}, groups={})


def said(counted: str, measure: str = "deaths-military", quantity: str = "killed", **more: object) -> QuantitySaid:
    values = {"value": 5.0, "of": "a", "window": DAY} | more
    return QuantitySaid(quantity=quantity, measure=measure, counted=counted, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counted", "heads", "parties", "extra"),
    [
        ("soldiers", {"soldiers"}, set(), set()),
        ("Soldiers killed", {"soldiers"}, set(), set()),
        ("Armenian soldiers", {"soldiers"}, {"armenia"}, set()),
        ("soldiers of Armenia", {"soldiers"}, {"armenia"}, set()),
        ("Armenia's soldiers", {"soldiers"}, {"armenia"}, set()),
        ("Karabakh fighters", {"fighters"}, {"karabakh"}, set()),
        ("French soldiers", {"soldiers"}, {"nation:france"}, set()),
        ("Turkish servicemen", {"soldiers"}, {"turkey"}, set()),
        ("masked gunmen", {"fighters"}, set(), {"masked"}),
        ("soldiers and fighters", {"military"}, set(), set()),
        ("fighters and one reporter", {"military", "journalists"}, set(), set()),
        (
            "soldiers killed by shelling near the Greek border",
            {"soldiers"},
            set(),
            {"by shelling near the greek border"},
        ),
        ("", {"military"}, set(), set()),
        ("people", {"military"}, set(), set()),  # the measure counts soldiers and fighters
        ("Armenians", {"military"}, {"armenia"}, set()),
        ("gendarmes", {"gendarmes"}, set(), {"among military"}),
    ],
)
def test_a_wording_is_read(counted: str, heads: set[str], parties: set[str], extra: set[str]) -> None:
    group = subject_of(CASE, said(counted)).group
    if counted.startswith("fighters and"):
        heads = {"fighters", "journalists"}
        extra = {"among military"}
    assert (group.heads, group.parties, group.extra) == (heads, parties, extra)


@pytest.mark.parametrize(
    ("name", "label", "parties"),
    [
        ("turkish-soldiers-killed", "", {"turkey"}),
        ("killed-at-a", "", set()),
        ("killed-2001-02-03", "", set()),
        ("killed-in-the-strike", "", set()),
        ("killed-february-2001", "", set()),
        ("thing-7", "7 thing", set()),
        ("killed-greek-border", "border greek", set()),
    ],
)
def test_the_name_of_a_quantity_says_what_its_place_and_time_do_not(name: str, label: str, parties: set[str]) -> None:
    subject = subject_of(CASE, said("people", quantity=name))
    assert (subject.label, subject.group.parties) == (label, parties)


@pytest.mark.parametrize(
    ("whole", "part", "inside"),
    [
        ("soldiers", "Armenian soldiers", True),
        ("Armenian soldiers", "soldiers", False),
        ("military", "soldiers", True),
        ("soldiers", "fighters", False),
        ("soldiers and fighters", "rebels", True),
        ("Armenian soldiers", "Turkish soldiers", False),
        ("fighters", "fighters killed by shelling", True),
        ("fighters", "masked fighters", True),
    ],
)
def test_one_group_includes_another(whole: str, part: str, inside: bool) -> None:
    one, other = subject_of(CASE, said(whole)).group, subject_of(CASE, said(part)).group
    assert includes(CASE, one, other) == inside


def test_the_soldiers_of_a_member_are_among_those_of_the_whole() -> None:
    member = replace(ACTORS[1], member_of=("armenia",))
    case = replace(CASE, actors={**CASE.actors, "karabakh": member})
    one, other = (subject_of(case, said(words)).group for words in ("Armenian soldiers", "Karabakh soldiers"))
    assert (includes(case, one, other), includes(case, other, one)) == (True, False)


PART = ("differs", "definition", True)
POSSIBLY, SURELY = ("contradicts", "value", False), ("contradicts", "value", True)
FEBRUARY = When.parse("2001-02")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (said("soldiers", value=525.0), said("Armenian soldiers", value=600.0), POSSIBLY),
        (said("soldiers", value=600.0), said("Armenian soldiers", value=525.0), POSSIBLY),
        (said("soldiers", value=6.0, window=FEBRUARY), said("Armenian soldiers", value=5.0, window=FEBRUARY), PART),
        (said("soldiers", value=5.0, window=FEBRUARY), said("Armenian soldiers", value=6.0, window=FEBRUARY), POSSIBLY),
        (said("people", "deaths", value=12.0), said("civilians", "deaths-civilian", value=9.0), PART),
        (said("people", "deaths", value=12.0), said("civilians", "deaths-civilian", value=15.0), SURELY),
        (said("people", "deaths", value=12.0), said("", "deaths-military", value=12.0), PART),
        (said("soldiers", value=5.0), said("fighters", value=50.0), PART),
        (said("Armenian soldiers"), said("Turkish soldiers", value=50.0), PART),
        (said("soldiers"), said("troops", value=50.0), SURELY),
        (said("people", "idps-stock"), said("displaced people", "people-stock", value=50.0), SURELY),
    ],
)
def test_two_numbers_of_two_groups(one: QuantitySaid, other: QuantitySaid, expected: tuple[str, str, bool]) -> None:
    for a, b in ((one, other), (other, one)):
        found = compare_claims(CASE, claim("x", a), claim("y", b))
        assert (found.relation, found.reason, found.certain) == expected


def test_a_place_is_one_by_its_id_and_its_name() -> None:
    assert place_id(CASE, "A") == place_id(CASE, "a") == "a"
    assert place_id(CASE, "elsewhere") == "elsewhere"


def test_a_case_adds_groups_and_words() -> None:
    own = {
        "grey-fighters": CountedGroup(id="grey-fighters", part_of=("fighters",), words=("men in grey",)),
        "soldiers": CountedGroup(id="soldiers", words=("redcoats",)),
    }
    case = replace(CASE, groups=own)
    grey, fighters, coats, soldiers = (
        subject_of(case, said(words)).group for words in ("men in grey", "fighters", "redcoats", "soldiers")
    )
    assert includes(case, fighters, grey)
    assert coats == soldiers
    assert subject_of(CASE, said("men in grey")).group.heads == {"men"}


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("{id: Grey Men, part_of: people}", "the id is 'Grey Men'"),
        ("{id: grey, part_of: figters}", "there is no group 'figters'; expected a group of the list or of groups.yaml"),
        ("{id: grey, part_of: figters}", "(did you mean 'fighters'?)"),
        ("{id: grey, part_of: grey}", "the group 'grey' is part of itself"),
        ("{id: grey, party: redd}", "there is no actor 'redd'"),
        ("{id: grey, words: [men in grey]}\n- {id: gray, words: [Men in grey]}", "'Men in grey' means 'grey', too"),
    ],
)  # fmt: skip
def test_groups_of_a_case_are_checked(write: Callable[..., Path], row: str, what: str) -> None:
    _, problems = read(write({"groups.yaml": f"- {row}\n"}))
    assert [what in str(p) for p in problems if p.severity == "error"] == [True]


def test_a_wording_that_no_list_has_gets_the_nearest_one(write: Callable[..., Path]) -> None:
    text = FILES["claims.yaml"].replace("value: 7,", "value: 7, counted: soliders,")
    _, problems = read(write({"claims.yaml": text}))
    (found,) = (p for p in problems if "soliders" in p.what)
    assert found.severity == "warning"
    assert "did you mean 'soldiers'?" in str(found)
    own = "- {id: soliders, part_of: soldiers}\n"
    _, problems = read(write({"claims.yaml": text, "groups.yaml": own}))
    assert not [p for p in problems if "soliders" in p.what]


def test_the_lists_hold_together() -> None:
    assert all(above in GROUPS for group in GROUPS.values() for above in group.part_of)
    assert all(measure in MEASURES and (group in GROUPS) for measure, (_, group) in MEASURE_GROUPS.items())
    words = [word for group in GROUPS.values() for word in group.words]
    assert len(words) == len(set(words))
    assert all(adjective == adjective.lower() for adjective in DEMONYMS)


@pytest.mark.parametrize(
    ("measure", "one", "other", "relation"),
    [
        ("equipment", ("tanks", "tanks"), ("tanks", "tanks"), "contradicts"),
        ("equipment", ("tanks", "tanks"), ("armoured-vehicles", "armoured vehicles"), "differs"),  # 5 of the 9
        ("equipment", ("planes", "planes"), ("warplanes", "warplanes"), "contradicts"),
        ("equipment", ("tanks", "tanks"), ("armenian-tanks", "Armenian tanks"), "contradicts"),
        ("equipment", ("tanks-lost", "tanks"), ("tanks-sent", "tanks"), "unrelated"),
        ("equipment", ("tanks-lost", "tanks lost"), ("tanks", "tanks lost"), "contradicts"),
        ("equipment", ("trucks", "trucks"), ("tanks", "tanks"), "unrelated"),
        ("count", ("men-killed", "men"), ("men-wounded", "men"), "unrelated"),
        ("count", ("tents", "tents"), ("sites", "sites"), "unrelated"),
        ("posts", ("turkish-posts", "posts"), ("posts-of-russia", "posts"), "unrelated"),
        ("share", ("share-fled", "people"), ("share-in-need", "people"), "unrelated"),
        ("share", ("share-fled", "people"), ("share-fled", "people"), "contradicts"),
    ],
)
def test_things_meet_by_their_words_and_shares_by_one_name(
    measure: str, one: tuple[str, str], other: tuple[str, str], relation: str
) -> None:
    low, high = (0.1, 0.9) if measure == "share" else (5.0, 5.0)
    a = said(one[1], measure, one[0], value=low)
    b = said(other[1], measure, other[0], value=9.0 if measure != "share" else high)
    for pair in ((claim("x", a), claim("y", b)), (claim("y", b), claim("x", a))):
        assert compare_claims(CASE, *pair).relation == relation
