"""incidents.yaml: what tells one happening, in whatever order it was joined, and what `check` refuses."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from evidence_case import FILES, read_case
from hypothesis import given
from hypothesis import strategies as st

from standoff.case.checks import check
from standoff.case.model import Case
from standoff.case.reports import Incident, incidents_of, versions_of
from standoff.evidence.accounts import reports, stances_of

JOIN = "- {id: first, reports: [e2-red, e2-blue], by: a desk, on: 2001-05-01, why: one place and day}\n"


def problems_of(root: Path, incidents: str, **files: str) -> list[tuple[str, str, int, str]]:
    named = {"incidents.yaml": incidents, **{name.replace("_", "."): text for name, text in files.items()}}
    case = read_case(root, named)
    return [(p.what, p.file, p.line, p.severity) for p in check(case) if p.check == "incidents"]


def test_the_old_key_and_a_merge_mean_the_same(tmp_path: Path) -> None:
    old = read_case(tmp_path / "old")
    events = FILES["events.csv"].replace("wire.example,e2,", "wire.example,,")
    new = read_case(tmp_path / "new", {"events.csv": events, "incidents.yaml": JOIN.replace("first", "e2")})
    assert incidents_of(old) == incidents_of(new)
    assert versions_of(new) == {"e2": ("e2-red", "e2-blue"), "e5": ("e5-x", "e5-y")}
    assert stances_of(old) == stances_of(new)
    for account in ("record", "one", "two"):
        one, two = reports(old, account), reports(new, account)
        assert [(r.event.id, r.asserted, r.denied, r.why) for r in one] == [
            (r.event.id, r.asserted, r.denied, r.why) for r in two
        ]


def test_what_nothing_joins_is_called_as_its_event(tmp_path: Path) -> None:
    names = incidents_of(read_case(tmp_path, {"incidents.yaml": "- {id: left, reports: e3, status: alleged}\n"}))
    assert (names["e1"], names["e3"], names["e2-red"]) == ("e1", "left", "e2")


def joined(case: Case, incidents: tuple[Incident, ...]) -> dict[str, str]:
    return dict(incidents_of(replace(case, incidents={i.id: i for i in incidents})))


PAIRS = st.lists(st.lists(st.sampled_from(["e1", "e2-red", "e2-blue", "e3", "e4", "e5-x"]), min_size=1, unique=True))


@given(PAIRS)
def test_the_order_of_merges_does_not_matter(pairs: list[list[str]]) -> None:
    from evidence_case import unchanged

    case = unchanged()
    incidents = tuple(Incident(id=f"i{number}", reports=tuple(ids)) for number, ids in enumerate(pairs[:4]))
    turned = tuple(replace(i, reports=i.reports[::-1]) for i in incidents)
    outcomes = [joined(case, order) for order in permutations(incidents)] + [joined(case, turned)]
    assert all(outcome == outcomes[0] for outcome in outcomes)
    for incident in incidents:
        assert len({outcomes[0][report] for report in incident.reports}) == 1


@pytest.mark.parametrize(
    ("incidents", "what"),
    [
        (JOIN, []),
        (
            "- {id: i, reports: [e1, e33], by: a, why: b}\n",
            [("there is no event 'e33'", "incidents.yaml", 1, "error")],
        ),
        ("- {id: i, reports: [e1, e3]}\n", [("it joins reports, and does not say who decided that and why", "w")]),
        ("- {id: i, reports: [e1, e1], by: a, why: b}\n", [("reports are e1, e1", "e")]),
        ("- {id: i, reports: e1, apart: true}\n", [("it keeps one report apart", "e")]),
        (
            "- {id: i, reports: [e2-red, e2-blue], apart: true, by: a, why: b}\n",
            [("e2-red and e2-blue are decided to be apart, and 'e2' joins them", "e")],
        ),
        (
            "- {id: i, reports: e1, status: verified}\n",
            [("status is 'verified', and nobody is named who looked into it", "e")],
        ),
        ("- {id: i, reports: e1, attributed: red}\n", [("it is attributed to red by nobody", "e")]),
        ("- {id: i, reports: e1, status: verified, found_by: counters, attributed: red}\n", []),
        ("- {id: i, reports: e1, violation: grave}\n", [("violation is 'grave'", "e")]),
    ],
)
def test_check_says_what_is_wrong(tmp_path: Path, incidents: str, what: list[tuple[object, ...]]) -> None:
    problems = problems_of(tmp_path, incidents)
    assert [(p[0], p[3][0]) for p in problems] == [(w[0], str(w[-1])[0]) for w in what]


def test_a_class_of_violation_is_one_of_an_agreement(tmp_path: Path) -> None:
    agreements = (
        "- {id: deal, title: A deal, parties: [red, blue], date: 2001-01-10, violations: {grave: a shelling}}\n"
    )
    lines = (
        "- {id: a, reports: e1, violation: grave}\n"
        "- {id: b, reports: e3, violation: deal/grave}\n"
        "- {id: c, reports: e4, violation: small}\n"
    )
    case = read_case(tmp_path, {"agreements.yaml": agreements, "incidents.yaml": lines})
    problems = [p for p in check(case) if p.check == "incidents"]
    assert [(p.what, p.line, p.expected) for p in problems] == [
        ("violation is 'small'", 3, "one of deal/grave, grave"),
    ]


def test_an_unknown_status_names_the_four(tmp_path: Path) -> None:
    from evidence_case import write_case

    from standoff.case.read import read_records

    case, problems = read_records(write_case(tmp_path, {"incidents.yaml": "- {id: a, reports: e1, status: verifed}\n"}))
    assert case is None
    assert [p.expected for p in problems if p.file == "incidents.yaml"] == [
        "alleged, under-inquiry, verified, not-verifiable"
    ]
