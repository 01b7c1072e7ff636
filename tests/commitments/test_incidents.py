"""Incidents: what is proposed and why, versions and who says which, decisions kept, and rows that look alike."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations, pairwise, permutations
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from evidence_case import FILES, read_case, write_case
from hypothesis import given
from hypothesis import strategies as st

from standoff.case.checks import check
from standoff.case.model import Case, Event, Kind
from standoff.case.read import read
from standoff.case.reports import Incident, alike, cites, incidents_of
from standoff.case.write import Amendment
from standoff.commitments.incidents import check_alike, decide, happenings, proposals
from standoff.errors import StandoffError
from standoff.text.sentences import listing
from standoff.values import When

HEAD = "id,date,type,actor,target,place,title,low,high,counted,source\n"
RELEASES = (
    "w,2001-04-10,prisoner-release,red,blue,a,Red releases prisoners,200,200,prisoners,The Wire\n"
    "p,2001-04-11,prisoner-release,red,blue,a,Red lets prisoners go,220,220,prisoners,A Paper\n"
    "far,2001-04-10,prisoner-release,red,blue,b,Red releases prisoners at B,200,200,prisoners,A Paper\n"
    "later,2001-05-10,prisoner-release,red,blue,a,Red releases more,200,200,prisoners,A Paper\n"
    "talk,2001-04-10,meeting,red,,a,They meet,,,,A Paper\n"
)


def with_rows(folder: Path, rows: str, **files: str) -> Case:
    named = {name.replace("_", "."): text for name, text in files.items()}
    quiet = {"disputes.yaml": "", "claims.yaml": "", "commitments.yaml": "", "accounts.yaml": "[]\n"}
    return read_case(folder, {**quiet, "events.csv": HEAD + rows, **named})


def test_a_pair_is_proposed_with_its_reasons_and_others_are_not(tmp_path: Path) -> None:
    case = with_rows(tmp_path, RELEASES)
    (one,) = proposals(case)
    assert one.pair == ("w", "p")
    assert one.reasons == (
        "a day apart: 10 Apr 2001 and 11 Apr 2001",
        "both at A",
        "the same type, prisoner-release",
        "numbers near each other: 200 prisoners and 220 prisoners",
        "the same of who did it: Red",
        "the same of to whom: Blue",
    )
    assert one.against == ()
    assert 0.5 <= one.score < 0.8


@pytest.mark.parametrize(
    ("cell", "value", "raises"),
    [("date", When.parse("2001-04-10"), True), ("low", 200.0, True), ("actor", ("blue",), False)],
)
def test_what_two_reports_share_raises_the_score(tmp_path: Path, cell: str, value: object, raises: bool) -> None:
    case = with_rows(tmp_path, RELEASES)
    changes = {cell: value, "high": 200.0} if cell == "low" else {cell: value}
    other = replace(case, events={**case.events, "p": replace(case.events["p"], **changes)})
    before, after = (proposals(c, least=0)[0].score for c in (case, other))
    assert (after > before) is raises


def test_a_page_that_lists_both_speaks_against_and_a_relay_for(tmp_path: Path) -> None:
    page = RELEASES.replace("The Wire", "https://wire.example/1").replace("A Paper", "https://wire.example/1")
    relay = RELEASES.replace("A Paper", "The Paper (citing The Wire)")
    (plain,), (cited,) = (proposals(with_rows(tmp_path / n, r)) for n, r in (("a", RELEASES), ("b", relay)))
    (listing,) = proposals(with_rows(tmp_path / "c", page), least=0.3)
    assert listing.score < plain.score < cited.score
    assert listing.against == ("both stand on one page, which may list two events",)
    assert "the source of one says that it cites that of the other" in cited.reasons


def test_claims_that_go_back_to_one_source_are_a_relay(tmp_path: Path) -> None:
    claims = "".join(
        f"- {{id: c-{n}, document: {doc}, at: {{paragraph: 1, anchor: x}}, text: Red did.,\n"
        f"   chain: [{who}, wire], says: {{event: prisoner-release, actor: red, recorded: {n}}}}}\n"
        for n, doc, who in (("w", "one-1", "ann"), ("p", "two-1", "bob"))
    )
    (one,) = proposals(with_rows(tmp_path, RELEASES, claims_yaml=claims))
    assert "both go back to The Invented Wire" in one.reasons


def test_what_is_decided_is_not_asked_again(tmp_path: Path) -> None:
    write_case(tmp_path, {"events.csv": FILES["events.csv"] + "e3-b,2001-03-03,withdrawal,red,,b,Left,,,a gazette,,\n"})
    case, problems = read(tmp_path)
    assert case is not None
    assert [p.what for p in problems if p.check == "incidents-alike"] == [
        "e3 and e3-b look like one happening: equal in day, place, parties, type and number"
    ]
    assert any(set(p.pair) == {"e3", "e3-b"} for p in proposals(case))
    for apart in (True, False):
        record = decide(case, ["e3", "e3-b"], apart=apart, by="the desk", why="one source", on=date(2001, 5, 1))
        amendment = Amendment(case.root)
        amendment.add(Kind.INCIDENTS, record)
        amendment.save()
        after, problems = read(tmp_path)
        assert after is not None
        assert after.incidents == {record.id: record}
        assert not [p for p in problems if p.check.startswith("incidents")]
        assert not any(set(p.pair) == {"e3", "e3-b"} for p in proposals(after, least=0))
        assert (incidents_of(after)["e3"] == incidents_of(after)["e3-b"]) is not apart
        amendment = Amendment(case.root)
        amendment.remove(Kind.INCIDENTS, record.id)
        amendment.save()
        again, _ = read(tmp_path)
        assert again is not None
        assert again.incidents == {}


def test_a_decision_needs_who_why_and_reports_that_exist(tmp_path: Path) -> None:
    case = with_rows(tmp_path, RELEASES)
    with pytest.raises(StandoffError) as refused:
        decide(case, ["w", "pp"], apart=False, by=" ", why="", on=date(2001, 5, 1))
    assert [p.file for p in refused.value.problems] == ["--by", "--merge", "--why"]
    joined = replace(case, incidents={"i": Incident(id="i", reports=("w", "p"))})
    for apart, word in ((True, "are joined"), (False, "joined already")):
        with pytest.raises(StandoffError, match=word):
            decide(joined, ["w", "p"], apart=apart, by="a", why="b", on=date(2001, 5, 1))
    parted = replace(case, incidents={"i": Incident(id="i", reports=("w", "p"), apart=True)})
    with pytest.raises(StandoffError, match="decided to be apart"):
        decide(parted, ["w", "p"], apart=False, by="a", why="b", on=date(2001, 5, 1))


def test_an_incident_shows_who_says_which_number_and_whom(tmp_path: Path) -> None:
    incidents = (
        "- {id: release, reports: [w, p], by: the desk, on: 2001-05-01, why: one release, status: verified,\n"
        "   found_by: counters, response_asked: a list of names, response_given: a list came}\n"
    )
    case = with_rows(tmp_path, RELEASES, incidents_yaml=incidents)
    (one,) = happenings(case)
    assert (one.low, one.high, one.counted) == (200, 220, ("prisoners",))
    assert {w: [(v.value, v.by) for v in vs] for w, vs in one.differences.items()} == {
        "day": [("10 Apr 2001", ("The Wire",)), ("11 Apr 2001", ("A Paper",))],
        "number": [("200 prisoners", ("The Wire",)), ("220 prisoners", ("A Paper",))],
    }
    assert (one.status, one.found_by, one.response_given) == ("verified", "counters", "a list came")
    assert one.decision == ("joined by the desk on 1 May 2001: one release",)
    assert len(happenings(case, every=True)) == 4


def test_a_row_that_says_it_cites_an_equal_one_is_no_second_happening(tmp_path: Path) -> None:
    rows = (
        "w,2001-04-10,prisoner-release,red,blue,a,,200,200,prisoners,The Wire\n"
        'p,2001-04-10,prisoner-release,red,blue,a,,200,200,prisoners,"The Paper, citing The Wire"\n'
        'q,2001-04-10,prisoner-release,red,blue,a,,210,210,prisoners,"The Paper, citing The Wire"\n'
    )
    case = with_rows(tmp_path, rows)
    names = incidents_of(case)
    assert names["w"] == names["p"] != names["q"]
    assert not [p for p in check(case) if p.check == "incidents-alike"]
    kept = replace(case, incidents={"i": Incident(id="i", reports=("w", "p"), apart=True)})
    assert incidents_of(kept)["w"] != incidents_of(kept)["p"]


@given(st.permutations(["w", "p", "far"]), st.booleans())
def test_the_order_of_decisions_changes_no_incident(order: list[str], chained: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case = with_rows(Path(folder), RELEASES)
    pairs = list(pairwise(order)) if chained else [(order[0], order[1])]
    records = [Incident(id=f"i-{'-'.join(sorted(pair))}", reports=pair, by="a", why="b") for pair in pairs]
    shown = set()
    for some in permutations(records):
        joined = replace(case, incidents={i.id: i for i in some})
        shown.add(tuple((h.id, h.reports, h.low, h.high) for h in happenings(joined)))
    assert len(shown) == 1


def event(name: str, **keys: object) -> Event:
    return Event(id=name, date=When.parse("2001-04-10"), type="shelling", **keys)  # type: ignore[arg-type]


def test_a_log_is_compared_with_the_record(tmp_path: Path) -> None:
    case = with_rows(tmp_path, "s,2001-04-10,shelling,red,blue,a,Shells,,,,The Wire\n")
    log = (event("row-1", actor=("red",), place=("a",)), event("row-2", actor=("red",), place=("b",)))
    assert [p.pair for p in proposals(case, log)] == [("row-1", "s")]


LETTERS = "abcdef"
SOURCES = ["The Wire", "the wire.", "A Paper, citing The Wire", "B Post via A Paper, citing The Wire", "A Paper", ""]
DECISIONS = st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from(LETTERS), min_size=1, unique=True)), max_size=4)
ROWS = st.lists(
    st.tuples(st.sampled_from(["1", "2"]), st.sampled_from(SOURCES)), min_size=len(LETTERS), max_size=len(LETTERS)
)


def drawn(rows: list[tuple[str, str]], decisions: list[tuple[bool, list[str]]]) -> Case:
    events = {
        name: event(name, low=float(number), high=float(number), source=source)
        for name, (number, source) in zip(LETTERS, rows, strict=True)
    }
    records = {
        f"i{n}": Incident(id=f"i{n}", reports=tuple(some), apart=apart) for n, (apart, some) in enumerate(decisions)
    }
    return replace(plain_case(), events=events, incidents=records, written={})


@cache
def plain_case() -> Case:
    with tempfile.TemporaryDirectory() as folder:
        return with_rows(Path(folder), RELEASES)


@given(ROWS, DECISIONS)
def test_rows_alike_are_asked_of_as_pair_by_pair(rows: list[tuple[str, str]], decisions: list[Any]) -> None:
    case = drawn(rows, decisions)
    names = incidents_of(case)
    apart = {
        frozenset((names.get(a, a), names.get(b, b)))
        for i in case.incidents.values()
        if i.apart
        for a, b in combinations(i.reports, 2)
    }
    wanted = set()
    for number in "12":
        some = [name for name, (n, _) in zip(LETTERS, rows, strict=True) if n == number]
        pairs = [(a, b) for a, b in combinations(some, 2) if names[a] != names[b]]
        open_ = {names[x] for a, b in pairs if frozenset((names[a], names[b])) not in apart for x in (a, b)}
        if open_:
            last = {names[name]: name for name in some}
            wanted.add(f"{listing([last[name] for name in sorted(open_)])} look like one happening")
    assert {problem.what.partition(":")[0] for problem in check_alike(case)} == wanted


@given(ROWS, DECISIONS)
def test_rows_that_cite_are_joined_as_pair_by_pair(rows: list[tuple[str, str]], decisions: list[Any]) -> None:
    case = drawn(rows, decisions)
    group = {name: {name} for name in LETTERS}

    def join(a: str, b: str) -> None:
        whole = group[a] | group[b]
        group.update(dict.fromkeys(whole, whole))

    for a, b in permutations(LETTERS, 2):
        one, other = case.events[a], case.events[b]
        apart = any(i.apart and {a, b} <= set(i.reports) for i in case.incidents.values())
        if alike(one) == alike(other) and cites(one.source, other.source) and not apart:
            join(a, b)
    for incident in case.incidents.values():
        for a, b in pairwise(incident.reports if not incident.apart else ()):
            join(a, b)
    names = incidents_of(case)
    assert {(a, b): names[a] == names[b] for a, b in combinations(LETTERS, 2)} == {
        (a, b): b in group[a] for a, b in combinations(LETTERS, 2)
    }


def test_many_rows_alike_cost_no_pairs() -> None:
    rows = {f"e{n}": event(f"e{n}", source="The Wire" if n % 2 else "A Paper, citing The Wire") for n in range(40_000)}
    other = {f"f{n}": replace(event(f"f{n}", source="A Paper"), type="clash") for n in range(40_000)}
    case = replace(plain_case(), events={**rows, **other}, incidents={}, written={})
    begin = process_time()
    assert len(set(incidents_of(case).values())) == 40_001
    assert len(list(check_alike(case))) == 1
    assert process_time() - begin < 20  # pair by pair it takes minutes
