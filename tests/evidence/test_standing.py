"""Standing of sources: what an address, a symbol and a chain of sources are, and what they may carry."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest
from evidence_case import FILES

from standoff.case.model import Case
from standoff.case.vocabulary import EVENT_TYPES, STANDINGS
from standoff.evidence import standing
from standoff.evidence.standing import (
    accuses,
    best,
    carriers_of,
    carries_words,
    citable,
    is_host,
    known_publishers,
    speaks_for,
    standing_of,
)

OWN = """id,name,standing,party,note
reuters.com,A made-up verdict on a known host,copy,,made up
wire.example,The Invented Wire,wire,,made up
opinion.wire.example,Its opinion pages,commentary,,made up
wire.example/letters,Its letters,commentary,,made up
t.me/red_office,Office of red,statement,red,made up
X/REP/,Reports of a made-up council,monitor,,made up
X/,Its other papers,copy,,made up
red.example,Red,statement,red,made up
copy.example,Copies,copy,,made up
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://wire.example/2001/a", [("wire.example", "wire")]),
        ("http://www.wire.example:8080/a).", [("wire.example", "wire")]),
        ("https://WIRE.EXAMPLE/A", [("wire.example", "wire")]),
        ("https://opinion.wire.example/a", [("opinion.wire.example", "commentary")]),
        ("https://wire.example/letters/a", [("wire.example/letters", "commentary")]),
        ("https://wire.example/lettersfrom", [("wire.example", "wire")]),
        ("https://notwire.example/a", [("notwire.example", "")]),  # ends so, at no dot
        ("https://wire.example.evil.test/a", [("wire.example.evil.test", "")]),
        ("https://wire.example@evil.test/a", [("evil.test", "")]),  # what stands before the @ is not a host
        ("https://web.archive.org/web/2001/https://wire.example/a", [("wire.example", "wire")]),
        ("https://web.archive.org/web/2001", [("web.archive.org", "")]),
        ("https://t.me/red_office/5", [("t.me/red_office", "statement")]),
        ("https://t.me/somebody/5", [("t.me/somebody", "")]),  # a platform says nothing of whoever writes there
        ("github:someone/mirror (a mirror) page.md", [("github.com/someone", "")]),
        ("X/REP/43/57", [("X/REP/", "monitor")]),
        ("X/2001/5 and X/REP/1", [("X/REP/", "monitor"), ("X/", "copy")]),
        ("UN A/HRC/43/57", [("A/HRC/", "monitor")]),
        ("S/2018/852, PA-X 2169", [("S/", "copy"), ("PA-X", "copy")]),
        ("AX/REP/43", []),  # a symbol begins a word
        ("https://reuters.com/a", [("reuters.com", "copy")]),  # the case's own row comes first
        ("https://uk.reuters.com/a", [("reuters.com", "copy")]),
        ("https://www.theguardian.com/world/a", [("theguardian.com", "wire")]),
        ("https://www.theguardian.com/commentisfree/a", [("theguardian.com/commentisfree", "commentary")]),
        ("https://tass.com/a ; https://wire.example/b", [("tass.com", "statement"), ("wire.example", "wire")]),
        ("https://wire.example/a https://wire.example/b", [("wire.example", "wire")]),  # each once
        ("page 3 of unknown.test, no. 5", [("unknown.test", "")]),
        ("an invented gazette; page.html; 5 p.m.", []),
        ("https://[bad/a", []),
        ("", []),
    ],
)
def test_addresses_have_the_standing_of_the_row_that_says_most(
    make: Callable[..., Case], text: str, expected: list[tuple[str, str]]
) -> None:
    found = standing_of(make({"publishers.csv": OWN}), text)
    assert sorted((c.name, c.standing) for c in found) == sorted(expected)


SOURCES = """
- {id: wire, name: The Invented Wire, kind: agency}
- {id: red-agency, name: Agency of red, kind: agency, party: red}
- {id: paper, name: A paper, kind: outlet}
- {id: newsroom, name: A newsroom, kind: outlet, standing: wire}
- {id: writer, name: A writer, kind: person, of: newsroom, standing: commentary}
- {id: counters, name: The Counters, kind: monitor}
- {id: copier, name: The Copier, kind: republisher}
- {id: magazine, name: A magazine of opinion, kind: outlet, standing: commentary}
- {id: red-office, name: Red Office, kind: office, of: red-state, party: red}
- {id: red-state, name: Red as a whole, kind: office, party: red}
- {id: blue-office, name: Blue Office, kind: office, party: blue}
- {id: guard-office, name: Office of the Red Guard, kind: office, party: red-guard}
- {id: unnamed, name: A red source, kind: anonymous, of: red-office, party: red}
"""


def _claim(chain: str, citation: str = "", outlet: str = "") -> str:
    where = f"citation: {citation}, published: 2001-03-01" if citation else f"document: {outlet}-1"
    at = "" if citation else ", at: {paragraph: 1, anchor: some words}"
    says = "says: {event: shelling, actor: red, date: 2001-02-28}"
    return f"- {{id: c, text: t, chain: [{chain}], {where}{at}, {says}}}\n"


def _case(make: Callable[..., Case], claim: str) -> Case:
    documents = "".join(
        f"- {{id: {one}-1, title: t, author: [], outlet: {one}, published: 2001-03-01}}\n"
        for one in ("paper", "newsroom", "wire", "counters", "copier", "red-agency", "magazine")
    )
    empty = dict.fromkeys(("disputes.yaml", "accounts.yaml", "commitments.yaml"), "[]\n")
    events = FILES["events.csv"].split("\n")[0] + "\n"
    return make(
        empty
        | {"sources.yaml": SOURCES, "documents.yaml": documents, "claims.yaml": claim, "events.csv": events}
        | {"publishers.csv": OWN}
    )


@pytest.mark.parametrize(
    ("chain", "citation", "outlet", "standing", "words"),
    [
        # a citation: its address, and nothing else
        ("red-office", "https://wire.example/a", "", "wire", True),
        ("wire, red-office", "https://copy.example/a", "", "copy", True),
        ("wire, red-office", "https://unknown.test/a", "", "", False),  # the wire itself could be cited
        ("red-office", "https://red.example/a", "", "statement", True),
        ("blue-office", "https://red.example/a", "", "statement", False),  # red's organ does not speak for blue
        ("guard-office", "https://red.example/a", "", "statement", False),
        ("unnamed", "https://wire.example/a", "", "wire", False),
        ("paper", "https://wire.example/a", "", "wire", False),  # an outlet speaks for no party
        ("red-office", "https://opinion.wire.example/a", "", "commentary", False),
        ("red-office", "X/REP/1", "", "monitor", True),
        # a document: who publishes it, and wires and monitors between it and the voice
        ("newsroom, red-office", "", "newsroom", "wire", True),
        ("paper, red-office", "", "paper", "", False),
        ("paper, wire, red-office", "", "paper", "wire", True),
        ("paper, counters, red-office", "", "paper", "monitor", True),
        ("paper, wire", "", "paper", "", False),  # the wire is the voice that the paper relays
        ("paper, counters", "", "paper", "", False),
        ("wire", "", "wire", "wire", True),  # the wire publishes its own words
        ("counters", "", "counters", "monitor", True),
        ("copier, red-office", "", "copier", "copy", True),
        ("copier, red-office", "", "magazine", "commentary", False),  # a copy of an opinion is an opinion
        ("copier, red-office", "", "paper", "", False),
        ("copier, red-office", "", "newsroom", "wire", True),
        ("writer, red-office", "", "newsroom", "commentary", False),  # an article of opinion in a newsroom's pages
        ("red-agency, red-office", "", "red-agency", "statement", True),
        ("red-agency, blue-office", "", "red-agency", "statement", False),
        ("paper, red-agency, red-office", "", "paper", "", False),  # a party's organ is no wire
        ("paper, wire, unnamed", "", "paper", "wire", False),
    ],
)
def test_a_claim_is_carried_by_its_address_or_by_who_publishes_and_passes_it_on(
    make: Callable[..., Case], chain: str, citation: str, outlet: str, standing: str, words: bool
) -> None:
    case = _case(make, _claim(chain, citation, outlet))
    assert (best(carriers_of(case, case.claims["c"])), carries_words(case, case.claims["c"])) == (standing, words)


@pytest.mark.parametrize(
    ("source", "actor", "speaks"),
    [
        ("red-office", "red", True),
        ("unnamed", "red", True),  # it belongs to red; that it is not named is another rule
        ("red-office", "blue", False),
        ("guard-office", "red", True),  # the guard is a member of red
        ("red-office", "red-guard", False),  # a bloc does not speak for its members
        ("paper", "red", False),
        ("nobody", "red", False),
    ],
)
def test_a_source_speaks_for_its_party_and_for_the_blocs_of_that(
    make: Callable[..., Case], source: str, actor: str, speaks: bool
) -> None:
    assert speaks_for(_case(make, _claim("wire", "https://wire.example")), source, actor) is speaks


EVENTS = {
    "https://wire.example/a": True,
    "https://red.example/a": False,
    "https://red.example/a ; X/REP/1": True,
    "https://copy.example/a": False,
    "https://opinion.wire.example/a": False,
    "https://en.wikipedia.org/wiki/Somewhere": False,
    "https://unknown.test/a": False,
    "an article": False,
}


def test_a_row_is_citable_on_a_wire_or_monitor(make: Callable[..., Case]) -> None:
    rows = "".join(f"x{n},2001-02-28,shelling,red,blue,a,t,,,{text},,\n" for n, text in enumerate(EVENTS))
    case = make({"publishers.csv": OWN, "events.csv": FILES["events.csv"] + rows})
    assert [citable(case, case.events[f"x{n}"]) for n in range(len(EVENTS))] == list(EVENTS.values())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("shelling", True),
        ("airstrike", True),
        ("clash", True),
        ("territorial-change", True),
        ("abduction", True),
        ("looting", True),
        ("border-shooting", True),
        ("arrest", True),
        ("blockade", True),
        ("encirclement", False),
        ("border-incident", False),
        ("aid-cut", False),
        ("sanction", False),
        ("incursion", False),
        ("heavy-weapons-presence", False),
        ("threat", False),
        ("accusation", False),
        ("displacement", False),
        ("protest", False),
    ],
)
def test_acts_of_force_accuse_whoever_is_named(make: Callable[..., Case], kind: str, expected: bool) -> None:
    assert kind in EVENT_TYPES
    rows = f"x1,2001-02-28,{kind},red,blue,a,t,,,s,,\nx2,2001-02-28,{kind},,blue,a,t,,,s,,\n"
    case = make({"events.csv": FILES["events.csv"] + rows})
    assert accuses(case.events["x1"]) is expected
    assert not accuses(case.events["x2"])  # who did it is not known: nobody is accused


def test_the_table_of_publishers_is_sound() -> None:
    rows = known_publishers()
    assert len(rows) > 500
    for name, row in rows.items():
        assert name == name.strip()
        assert row.name
        assert row.standing in STANDINGS, name
        assert (row.standing == "statement") == bool(row.party), name  # organs alone have a party
        assert row.note, name
        if is_host(name):
            assert name == name.lower()
            assert not name.startswith("www."), name
    assert {row.standing for row in rows.values()} == set(STANDINGS)


def test_every_standing_has_a_rank() -> None:
    from standoff.evidence.standing import Carrier

    for word in STANDINGS:
        assert best([Carrier("a", word), Carrier("b")]) == word
    assert best([]) == ""
    assert best([Carrier("a", "copy"), Carrier("b", "monitor"), Carrier("c", "statement")]) == "monitor"


PIECES = (
    "wire.example", "a", "B", ".", "/", "/", "?", "#", ":", "80", "@", "[", "]", "%20", ";", "-", "_", "é", "//", "&=",
    "web.archive.org", "archive.org", "/web/2019/https://red.example/x?y", ".example",
)  # fmt: skip


def test_a_plain_address_is_read_as_every_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = Random(1)
    texts = ["https://" + "".join(rng.choices(PIECES, k=rng.randint(1, 7))) for _ in range(5000)]
    texts += [f"https://wire.example{''.join(rng.choices(PIECES, k=rng.randint(0, 5)))}" for _ in range(5000)]
    plain = [standing._url(text) for text in texts]
    assert sum(standing._PLAIN.fullmatch(text) is not None for text in texts) > 1000
    monkeypatch.setattr(standing, "_PLAIN", re.compile("(?!)"))
    assert plain == [standing._url(text) for text in texts]
