"""One witness or two: shared authors, outlets, republications and relayed origins are one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.evidence.independence import (
    _independent,
    circle,
    corroboration,
    institutions,
    linked,
    linker,
    origin,
    ties,
)

DOCUMENTS = """
- {id: d1, title: t, author: [ann], outlet: outlet-one, published: 2001-03-01}
- {id: d2, title: t, author: [ann], outlet: elsewhere, published: 2001-03-01}
- {id: d3, title: t, author: [bob], outlet: outlet-two, published: 2001-03-01, republished: [copier]}
- {id: d4, title: t, author: [eve], outlet: copier, published: 2001-03-01}
- {id: d5, title: t, author: [kim], outlet: outlet-one, published: 2001-03-01}
- {id: d6, title: t, author: [zoe], outlet: outlet-six, published: 2001-03-01}
- {id: d7, title: t, author: [joe], outlet: outlet-seven, published: 2001-03-01}
"""
SOURCES = """
- {id: outlet-one, name: n, kind: outlet}
- {id: outlet-two, name: n, kind: outlet}
- {id: wire, name: n, kind: agency}
- {id: copier, name: n, kind: republisher}
- {id: ann, name: n, kind: person, of: outlet-one}
- {id: bob, name: n, kind: person, of: outlet-two}
- {id: somebody, name: n, kind: anonymous}
- {id: a-red-officer, name: n, kind: anonymous, of: red-command}
- {id: another-red-officer, name: n, kind: anonymous, of: red-command}
- {id: red-command, name: n, kind: office}
- {id: counters, name: n, kind: monitor}
"""


def claims(*rows: tuple[str, str, str]) -> str:
    lines = []
    for name, document, chain in rows:
        where = f"citation: {document[1:]}" if document.startswith("@") else f"document: {document}"
        lines.append(f"- {{id: {name}, {where}, text: t, chain: [{chain}], says: {{assessment: x}}}}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def of(make: Callable[..., Case]) -> Callable[..., Case]:
    def build(*rows: tuple[str, str, str]) -> Case:
        return make({"documents.yaml": DOCUMENTS, "sources.yaml": SOURCES, "claims.yaml": claims(*rows)})

    return build


@pytest.mark.parametrize(
    ("first", "second", "reason", "shared"),
    [
        (("d1", "ann"), ("d1", "ann, wire"), "document", "d1"),
        (("d1", "ann"), ("d2", "ann"), "author", "ann"),
        (("d1", "ann"), ("d5", "kim"), "outlet", "outlet-one"),
        (("d3", "bob"), ("d4", "eve"), "republished", "copier"),
        (("d3", "bob, counters"), ("d6", "zoe, counters"), "origin", "counters"),
        (("d3", "bob, wire, a-red-officer"), ("d6", "zoe, wire"), "outlet", "wire"),
        (("d3", "bob"), ("d4", "eve, bob, red-command"), "author", "bob"),
        (("d3", "bob, somebody"), ("d3", "bob, red-command"), "document", "d3"),  # only the page vouches for it
        (("d3", "bob, wire, somebody"), ("d6", "zoe, wire, a-red-officer"), "relay", "wire"),
        (("d3", "bob, a-red-officer"), ("d6", "zoe, another-red-officer"), "office", "red-command"),
        (("@a paper http://x", "wire"), ("@a paper http://x", "counters"), "citation", "a paper http://x"),
    ],
)
def test_linked_claims_are_one_witness_and_say_why(
    of: Callable[..., Case], first: tuple[str, str], second: tuple[str, str], reason: str, shared: str
) -> None:
    case = of(("c1", *first), ("c2", *second))
    link = linked(case, "c1", "c2")
    assert link is not None
    assert (link.reason, link.shared) == (reason, shared)
    assert linked(case, "c2", "c1") == link
    assert corroboration(case, ["c1", "c2"]).count == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("d1", "ann, wire"), ("d3", "bob, counters")),
        (("d6", "zoe"), ("d7", "joe")),
        (("d4", "eve"), ("d1", "ann")),
        (("@one paper", "counters"), ("@another paper", "wire")),
        (("d3", "bob, counters"), ("d3", "bob, red-command")),  # two bodies in one article
        (("@a paper", "counters"), ("@a paper", "red-command")),
        (("d3", "bob, wire, counters"), ("d6", "zoe, wire, red-command")),  # through one agency
        (("d3", "bob, counters"), ("d4", "eve, bob, red-command")),
        (("d3", "bob, somebody"), ("d6", "zoe, a-red-officer")),  # unnamed, on two pages by two authors
    ],
)
def test_chains_that_share_nothing_are_two_witnesses(
    of: Callable[..., Case], first: tuple[str, str], second: tuple[str, str]
) -> None:
    case = of(("c1", *first), ("c2", *second))
    assert linked(case, "c1", "c2") is None
    assert corroboration(case, ["c1", "c2"]).count == 2


def test_two_claims_linked_only_through_a_third_are_two_witnesses(of: Callable[..., Case]) -> None:
    case = of(("c1", "d6", "zoe"), ("c2", "d6", "zoe, counters"), ("c3", "d7", "joe, counters"))
    found = corroboration(case, ["c2", "c1", "c3"])
    assert found.count == 2
    assert [w.claim for w in found.sources] == ["c1", "c3"]
    assert found.sources[0].also[0][0] == "c2"
    assert found.sources[0].also[0][1].reason == "document"


def test_claims_with_the_same_chain_are_merged_however_many(of: Callable[..., Case]) -> None:
    case = of(*[(f"c{k}", "d1", "ann, wire") for k in range(60)], ("z", "d6", "zoe"))
    found = corroboration(case, case.claims)
    assert found.count == 2
    assert found.exact
    assert sum(len(w.also) for w in found.sources) == 59


def test_republishing_the_same_outlet_does_not_link_its_other_authors(of: Callable[..., Case]) -> None:
    case = of(("c1", "d3", "bob"), ("c2", "d6", "zoe"))
    assert linked(case, "c1", "c2") is None


def test_no_claims_are_no_witness(case: Case) -> None:
    assert corroboration(case, []).count == 0


def test_origin_and_institutions(of: Callable[..., Case]) -> None:
    case = of(("c1", "d1", "ann, wire, a-red-officer"))
    assert origin(case, case.claims["c1"]) == "a-red-officer"
    assert institutions(case, "a-red-officer") == ("red-command",)
    assert ties(case, case.claims["c1"])["red-command"] == "office"


def test_sources_that_belong_to_each_other_do_not_hang(make: Callable[..., Case]) -> None:
    loop = "- {id: p, name: n, kind: office, of: q}\n- {id: q, name: n, kind: office, of: p}\n"
    case = make({"sources.yaml": SOURCES + loop})
    assert institutions(case, "p") == ("q",)


@given(
    st.integers(0, 9).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)))))
)
def test_the_count_is_the_largest_set_of_unlinked_claims(drawn: tuple[int, set[tuple[int, int]]]) -> None:
    n, pairs = drawn
    edges = {frozenset(p) for p in pairs if p[0] != p[1] and max(p) < n}
    adjacent = [frozenset(k for k in range(n) if frozenset((k, node)) in edges) for node in range(n)]
    slow = max(
        (size for size in range(n + 1) for some in combinations(range(n), size)
         if not any(frozenset(p) in edges for p in combinations(some, 2))),
        default=0,
    )  # fmt: skip
    found, exact = _independent(adjacent)
    assert exact
    assert len(found) == slow
    assert not any(frozenset(p) in edges for p in combinations(found, 2))


def test_many_chains_get_a_lower_bound_and_say_so() -> None:
    star = [frozenset(range(1, 40))] + [frozenset({0})] * 39
    found, exact = _independent(star)
    assert not exact
    assert found == list(range(1, 40))


def test_the_linker_of_a_case_says_what_linked_says(case: Case) -> None:
    link = linker(case)
    for first in case.claims:
        for second in case.claims:
            assert link(first, second) == linked(case, first, second)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            (
                ("a", "d1", "outlet-one, wire"),
                ("b", "d3", "outlet-two, outlet-one"),
                ("c", "@wire", "wire, outlet-two"),
            ),
            3,
        ),
        ((("a", "d1", "outlet-one, bob"), ("b", "d3", "outlet-two, ann")), 2),  # an author is its outlet
        ((("a", "d1", "outlet-one, wire"), ("b", "d3", "outlet-two, outlet-one")), 0),  # the wire tells none of them
        ((("a", "d1", "outlet-one, outlet-two"), ("b", "d3", "outlet-two, bob")), 0),  # the second speaks for itself
        ((("a", "d1", "outlet-one, outlet-two"), ("b", "d3", "outlet-two, outlet-one"), ("c", "d5", "outlet-one")), 0),
        ((("a", "d1", "outlet-one, outlet-two"), ("b", "d3", "outlet-two, outlet-one, counters")), 0),
        ((("a", "d1", "outlet-one, bob"), ("b", "d3", "outlet-two, ann"), ("c", "d6", "outlet-six, wire")), 2),
    ],
)
def test_those_who_only_relay_each_other_are_a_circle(
    of: Callable[..., Case], rows: tuple[tuple[str, str, str], ...], found: int
) -> None:
    case = of(*rows)
    assert len(circle(case, case.claims)) == found


def test_a_claim_that_the_case_does_not_have_is_told_with_the_nearest(of: Callable[..., Case]) -> None:
    case = of(("one", "d1", "outlet-one"))
    with pytest.raises(StandoffError, match=r"there is no claim 'onne'.*did you mean 'one'") as error:
        corroboration(case, ["one", "onne", "two"])
    assert len(error.value.problems) == 2
