"""Kinds are enums in a case, words in its files and outputs, and known to the engine by those words."""

from __future__ import annotations

import json

import standoff as so
from standoff.case.as_dict import as_dict
from standoff.case.claims import AccountKind
from standoff.case.terms import CommitmentKind
from standoff.commitments.engine.arrays import KINDS
from standoff.evidence.accounts import kind_of


def test_a_case_holds_kinds_and_writes_words() -> None:
    case = so.load("idlib")
    assert {type(c.kind) for c in case.commitments.values()} == {CommitmentKind}
    assert {type(a.kind) for a in case.accounts.values()} == {AccountKind}
    assert {type(kind_of(case, name)) for name in (*case.accounts, "nobody")} == {AccountKind}
    one = next(iter(case.commitments.values()))
    assert json.loads(json.dumps(as_dict(one), default=str))["kind"] == one.kind.value == f"{one.kind}"


def test_the_engine_knows_the_kinds_of_a_case() -> None:
    assert tuple(CommitmentKind) == KINDS


def test_kinds_of_older_cases_are_known_as_such() -> None:
    assert [kind for kind in AccountKind if kind.is_old] == ["voice", "party", "monitor", "pooled"]
    assert [kind for kind in AccountKind if not kind.is_old] == ["statement", "reading", "record"]
