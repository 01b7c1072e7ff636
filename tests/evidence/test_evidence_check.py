"""Every check of the evidence fires on one planted fault, with file and line, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from evidence_case import FILES

from standoff.case.checks import check_room
from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.evidence.coding_sheet import coverage


def told(case: Case) -> list[str]:
    return [p.what for p in check_room(case, "evidence")]


def test_the_invented_case_is_clean(case: Case) -> None:
    assert check_room(case, "evidence") == []


FAULTS = [
    ("claims.yaml", "chain: [ann, wire]", "chain: [ann, wire, ann]", "the chain loops: ann > wire > ann", 5),
    (
        "claims.yaml",
        "chain: [ann, wire]",
        "chain: [bob, wire]",
        "the chain starts with 'bob', who does not tell one-1",
        5,
    ),
    (
        "claims.yaml",
        "chain: [ann, wire]",
        "voice: quote\n  chain: [ann]",
        "the quote is of nobody: the chain ends with 'ann', who tells the document",
        6,
    ),
    ("claims.yaml", "row: [QTY-1]", "denies: c-one-killed", "the claim 'c-one-killed' denies itself", 7),
    ("claims.yaml", "row: [QTY-1]", "supersedes: c-one-killed", "the claim 'c-one-killed' supersedes itself", 7),
    (
        "claims.yaml",
        "row: [QTY-1]",
        "denies: c-two-killed\n  supersedes: c-two-killed",
        "the claim both denies and supersedes 'c-two-killed'",
        8,
    ),
    ("claims.yaml", "value: 7", "low: 9, high: 7", "low 9 is above high 7", 6),
    ("claims.yaml", "value: 7", "value: 7, low: 8, high: 9", "value 7 lies outside low and high", 6),
    ("claims.yaml", " value: 7,", "", "the quantity has no number", 6),
    ("claims.yaml", "value: 7", "value: 7, bound: range", "the range has no two ends", 6),
    ("claims.yaml", "value: 7", "value: 7, window: 2001-01", "the quantity has both a date and a window", 6),
    ("claims.yaml", "deaths-military, value: 7", "share, value: 7", "the share is 7", 6),
    ("claims.yaml", "value: 7", "value: 12, convention: acle", "there is no convention 'acle'", 6),
    (
        "claims.yaml",
        "value: 7, of: a, as_of: 2001-02-28",
        "value: 7, of: a, as_of: 2001-04-28",
        "told as asserted for 2001-04-28, after it was published on 2001-03-01",
        6,
    ),
    ("claims.yaml", "row: [QTY-1]", "grade: {reliability: B, credibility: 2}", "the grade B2 was set by no person", 7),
    ("sources.yaml", "kind: agency", "kind: agency, reliability: B", "the reliability B was set by no person", 3),
    ("sources.yaml", "kind: agency", "kind: agency, of: wire", "the source 'wire' belongs to itself: wire > wire", 3),
    ("disputes.yaml", "kind: perpetrator", "kind: perpetrater", "kind is 'perpetrater'", 3),
    ("disputes.yaml", "{id: nothing", "{id: open", "the answer 'open' is given twice", 13),
    (
        "disputes.yaml",
        "unmodelled: the dead of A move nothing",
        "moves: nothing",
        "no answer sets anything",
        20,
    ),
    (
        "disputes.yaml",
        "{asserts: e2-red}",
        "{asserts: e2-red, denies: e2-red}",
        "the answer 'red' both asserts and denies 'e2-red'",
        5,
    ),
    (
        "disputes.yaml",
        "{commitments_off: gate}",
        "{commitments_off: gate, commitments_on: gate}",
        "the answer 'nothing' puts 'gate' both in and out of force",
        13,
    ),
    (
        "disputes.yaml",
        "{response: 0.9}",
        "{response: 1.9}",
        "the answer 'open' sets response to 1.9",
        11,
    ),
    ("disputes.yaml", "{gate: peace}", "{gate: piece}", "'gate' has no reading 'piece'", 12),
    (
        "disputes.yaml",
        "sets: {denies: e3}",
        "sets: {parameters: {response: 0.3}}",
        "the parameter 'response' is set by 'dis-02' too; this later dispute holds",
        14,
    ),
    ("accounts.yaml", "dis-01: red", "dis-01: reed", "the dispute 'dis-01' has no answer 'reed'", 2),
    (
        "accounts.yaml",
        "answers: {dis-01: blue",
        "weights: {dis-03: {leaft: 1}}, answers: {dis-01: blue",
        "the dispute 'dis-03' has no answer 'leaft'",
        4,
    ),
    ("accounts.yaml", "dis-01: red", "dis-01: blue", "no claim behind dis-01 = blue is by a voice of 'one'", 2),
    (
        "accounts.yaml",
        "{one: 0.5, two: 0.5}",
        "{one: 0.5, pooled: 0.5}",
        "the account draws from 'pooled', which draws from others itself",
        5,
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "what", "line"), FAULTS, ids=[f[3][:40] for f in FAULTS])
def test_one_fault_one_problem(make: Callable[..., Case], file: str, old: str, new: str, what: str, line: int) -> None:
    assert old in FILES[file]
    case = make({file: FILES[file].replace(old, new, 1)})
    problems = check_room(case, "evidence")
    assert [(p.what, p.file, p.line) for p in problems] == [(what, file, line)]


def test_a_circle_of_sources_and_of_replacements_is_found(make: Callable[..., Case]) -> None:
    loop = "- {id: p, name: n, kind: office, of: q}\n- {id: q, name: n, kind: office, of: p}\n"
    assert told(make({"sources.yaml": FILES["sources.yaml"] + loop})) == [
        "the source 'p' belongs to itself: p > q > p",
        "the source 'q' belongs to itself: q > p > q",
    ]
    claims = FILES["claims.yaml"].replace("row: [QTY-1]", "supersedes: c-two-killed")
    claims = claims.replace("row: [QTY-2]", "supersedes: c-one-killed")
    assert "the claim 'c-one-killed' supersedes itself through 'c-two-killed'" in told(make({"claims.yaml": claims}))


def test_a_dispute_of_one_answer_is_none(make: Callable[..., Case]) -> None:
    lonely = (
        "- id: dis-05\n  question: q\n  kind: value\n  unmodelled: no\n  answers:\n    - {id: x, text: t, assumed: y}\n"
    )
    assert told(make({"disputes.yaml": FILES["disputes.yaml"] + lonely})) == ["the dispute has 1 answer"]


def test_an_answer_of_outlets_that_relay_each_other_is_warned_of(make: Callable[..., Case]) -> None:
    claims = FILES["claims.yaml"].replace("[ann, wire]", "[ann, bob]", 1).replace("[bob, counters]", "[bob, ann]", 1)
    both = """
- id: dis-05
  question: q
  kind: value
  unmodelled: no
  answers:
    - {id: x, text: t, assumed: y}
    - {id: z, text: t, claims: [c-one-killed, c-two-killed]}
"""
    files = {"claims.yaml": claims, "disputes.yaml": FILES["disputes.yaml"] + both}
    (problem,) = [p for p in check_room(make(files), "evidence") if "relay each other" in p.what]
    assert "'z' outlet-one and outlet-two only relay each other" in problem.what
    assert problem.severity == "warning"


SHEET = (
    "id,section,title,left_out\nQTY-1,8,Dead at A,\nqty-2,8,Dead again,\ne1,6,A deal,\nACT-1,1,Red,said in passing\n"
)


def test_coverage_says_covered_left_out_and_missing(make: Callable[..., Case]) -> None:
    case = make({"coding.csv": SHEET + "QTY-9,8,Nobody coded this,\n"})
    rows = {row.id: (row.state, row.covered_by) for row in coverage(case)}
    assert rows == {
        "QTY-1": ("covered", ("claim:c-one-killed",)),
        "qty-2": ("covered", ("claim:c-two-killed",)),
        "e1": ("covered", ("event:e1",)),
        "ACT-1": ("left out", ()),
        "QTY-9": ("missing", ()),
    }
    (problem,) = check_room(case, "evidence")
    assert (problem.severity, problem.file, problem.line) == ("warning", "coding.csv", 6)


@pytest.mark.parametrize(
    ("sheet", "what"),
    [
        ("id,part\n", "the columns are id, part"),
        (SHEET + "x,1\n", "2 cells"),
        (SHEET + 'x,1,"y,\n', "this is not CSV"),
        (SHEET + "QTY-1,8,Again,\n", "the row 'QTY-1' is given twice"),
        (
            SHEET.replace("qty-2", "qty-3").replace(",Dead again,", ",Dead again,no"),
            "the coding sheet has no row 'QTY-2'",
        ),
    ],
)
def test_a_broken_sheet_is_told(make: Callable[..., Case], sheet: str, what: str) -> None:
    assert any(found.startswith(what) for found in told(make({"coding.csv": sheet})))


def test_without_a_sheet_the_command_says_so_and_the_check_does_not(case: Case) -> None:
    with pytest.raises(StandoffError, match="no coding sheet"):
        coverage(case)
