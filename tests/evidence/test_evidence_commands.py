"""The five commands on the invented case: what they show, field names that stay, 80 columns, and errors with a hint."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from evidence_case import FILES

from standoff.cli import cli
from standoff.errors import StandoffError

SHEET = "id,section,title,left_out\nQTY-1,8,Dead at A,\nQTY-2,8,Dead again,\nACT-1,1,Red,said in passing\n"
LIBRARY = {"library/one-1.txt": "So seven soldiers died.\nThen red shelled A, all say.\nx\nBut the gate may shut.\n"}

Run = Callable[..., Result]


@pytest.fixture
def run(write: Callable[..., Path]) -> Run:
    def runner(command: str, *options: str, files: dict[str, str] | None = None) -> Result:
        root = write({"coding.csv": SHEET} | (files or {}))
        return CliRunner().invoke(cli, [command, str(root), *options])

    return runner


def output(result: Result) -> str:
    assert result.exit_code == 0, result.exception
    return result.output


def records(result: Result) -> list[dict[str, Any]]:
    found = json.loads(output(result))
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("command", ["claims", "disputes", "contradictions", "corroboration", "sources", "coverage"])
def test_every_page_fits_80_columns_and_ends_with_what_to_try_next(run: Run, command: str) -> None:
    lines = output(run(command)).splitlines()
    assert max(len(line.rstrip()) for line in lines if "/invented" not in line) <= 80
    assert lines[-1].startswith("next: standoff ")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {FILES["claims.yaml"].split("- id: ")[k].split("\n")[0] for k in range(1, 8)}),
        (("--about", "c-one-killed"), {"c-one-killed"}),
        (("--about", "red"), {"c-one-red-did", "c-one-again"}),
        (("--about", "dis-02"), {"c-two-open", "c-one-open"}),
        (("--about", "gate"), {"c-two-open", "c-one-open"}),
        (("--about", "e2-red"), {"c-one-red-did", "c-one-again"}),
        (("--about", "e2"), {"c-one-red-did", "c-one-again", "c-two-blue-did"}),
        (("--about", "killed-at-a"), {"c-one-killed", "c-two-killed"}),
        (("--about", "one-2"), {"c-one-again"}),
        (("--about", "B"), set()),
        (("--source", "wire"), {"c-one-killed"}),
        (("--source", "red-command"), {"c-one-red-did"}),
        (("--source", "outlet-two", "--about", "gate"), {"c-two-open"}),
        (("--realis", "promised"), {"c-two-open", "c-one-open"}),
    ],
)
def test_claims_are_chosen(run: Run, options: tuple[str, ...], expected: set[str]) -> None:
    assert {record["id"] for record in records(run("claims", *options, "--json"))} == expected


def test_the_fields_of_a_claim_stay(run: Run) -> None:
    (record,) = records(run("claims", "--about", "c-one-killed", "--json"))
    assert record == {
        "id": "c-one-killed",
        "text": "Seven soldiers died at A.",
        "document": "one-1",
        "citation": None,
        "published": "2001-03-01",
        "spoken_of": "2001-02-28",
        "days": "said 1 Mar 2001 of 28 Feb 2001",
        "at": [{"paragraph": 1, "anchor": "seven soldiers died"}],
        "chain": ["ann", "wire"],
        "origin": "wire",
        "voice": "narrator",
        "realis": "asserted",
        "says": {
            "kind": "quantity", "quantity": "killed-at-a", "measure": "deaths-military", "value": 7.0,
            "bound": "exact", "of": "a", "as_of": "2001-02-28",
        },
        "denies": [],
        "supersedes": [],
        "corrected_by": [],
        "grade": {"reliability": "F", "credibility": "6", "by": None},
        "disputes": [{"dispute": "dis-04", "answer": "seven"}],
        "row": ["QTY-1"],
        "sentences": [],
    }  # fmt: skip
    (record,) = records(run("claims", "--about", "c-one-red-did", "--json", files=LIBRARY))
    assert record["sentences"] == ["Then red shelled A, all say."]
    assert '"Then red shelled A, all say."' in output(run("claims", "--about", "c-one-red-did", files=LIBRARY))


def test_claims_are_shown_in_place_only_from_the_readers_copy(run: Run) -> None:
    assert ">>" not in output(run("claims", "--in-place"))
    shown = " ".join(output(run("claims", "--in-place", "--about", "c-one-red-did", files=LIBRARY)).split())
    assert "line 2: ...Then >>red shelled A<<, all say...." in shown
    (record,) = records(run("claims", "--in-place", "--about", "c-one-red-did", "--json", files=LIBRARY))
    assert record["in_place"][0]["words"] == "red shelled A"


def test_vague_words_can_be_reread(run: Run) -> None:
    files = {"claims.yaml": FILES["claims.yaml"].replace("value: 7,", "value: 12, convention: acled,")}
    (record,) = records(run("claims", "--about", "c-one-killed", "--vague", "plural", "--json", files=files))
    assert (record["says"]["value"], record["says"]["convention"]) == (24, "plural")


def test_the_fields_of_a_dispute_stay_and_witnesses_are_counted(run: Run) -> None:
    (record,) = records(run("disputes", "--about", "dis-01", "--json"))
    assert list(record) == ["id", "question", "kind", "answers", "moves", "unmodelled", "row"]
    red, blue = record["answers"]
    assert red == {
        "id": "red",
        "text": "Red did.",
        "claims": ["c-one-red-did", "c-one-again"],
        "assumed": None,
        "independent": 1,
        "exact": True,
        "witnesses": [
            {
                "claim": "c-one-red-did",
                "origin": "a-red-officer",
                "also": [{"claim": "c-one-again", "reason": "author", "shared": "ann"}],
            }
        ],
        "corrected": [],
        "accounts": ["one"],
        "sets": {"asserts": ["e2-red"]},
    }
    assert (blue["independent"], blue["accounts"]) == (1, ["two"])
    assert "One source: c-one-again with c-one-red-did (author ann)." in output(run("disputes", "--about", "dis-01"))


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("gate", {"dis-02", "dis-03"}),
        ("response", {"dis-02"}),
        ("c-one-killed", {"dis-04"}),
        ("e3", {"dis-03"}),
    ],
)
def test_disputes_are_chosen_by_what_they_are_about(run: Run, about: str, expected: set[str]) -> None:
    assert {r["id"] for r in records(run("disputes", "--about", about, "--json"))} == expected


def test_contradictions_have_a_reason_and_their_dispute(run: Run) -> None:
    found = records(run("contradictions", "--json"))
    assert list(found[0]) == [
        "first", "second", "relation", "reason", "why", "certain", "same_witness", "dispute", "near",
    ]  # fmt: skip
    assert {(p["first"], p["second"], p["reason"], p["dispute"]) for p in found} == {
        ("c-one-killed", "c-two-killed", "value", "dis-04"),
        ("c-one-red-did", "c-two-blue-did", "perpetrator", "dis-01"),
        ("c-two-blue-did", "c-one-again", "perpetrator", "dis-01"),
        ("c-two-open", "c-one-open", "definition", "dis-02"),
    }
    later = FILES["claims.yaml"].replace("of: a, as_of: 2001-02-28}", "of: a, as_of: 2001-02-27}", 1)
    both = records(run("contradictions", "--differences", "--json", files={"claims.yaml": later}))
    assert [(p["relation"], p["reason"]) for p in both if "killed" in p["first"]] == [("differs", "as-of")]
    assert "Only seem to clash" in output(run("contradictions", "--differences", files={"claims.yaml": later}))


def test_sources_say_what_rests_on_them(run: Run) -> None:
    found = {r["id"]: r for r in records(run("sources", "--json"))}
    assert found["ann"] | {"documents": []} == {
        "id": "ann", "name": "Writer One", "kind": "person", "of": "outlet-one", "party": None, "reliability": "F",
        "graded_by": None, "tells": 4, "relays": 2, "origin_of": 2, "relayed_by": [], "documents": [],
        "republishes": [],
    }  # fmt: skip
    assert found["wire"]["relayed_by"] == ["ann"]
    assert found["copier"]["republishes"] == ["two-1"]


def test_coverage_counts_rows(run: Run) -> None:
    shown = output(run("coverage"))
    assert "3 rows: 2 covered, 1 left out with a reason, 0 missing." in shown
    assert "said in passing" in shown
    assert "claim:c-one-killed" in output(run("coverage", "--all"))
    assert [r["state"] for r in records(run("coverage", "--json"))] == ["covered", "covered", "left out"]


@pytest.mark.parametrize(
    ("command", "options", "hint"),
    [
        ("claims", ("--about", "gaate"), "'gate'"),
        ("claims", ("--source", "wyre"), "'wire'"),
        ("claims", ("--realis", "assertd"), "'asserted'"),
        ("claims", ("--vague", "aclad"), "'acled'"),
        ("disputes", ("--about", "dis-1"), "'dis-01'"),
    ],
)
def test_unknown_names_get_the_nearest_one(run: Run, command: str, options: tuple[str, ...], hint: str) -> None:
    result = run(command, *options)
    assert result.exit_code != 0
    assert isinstance(result.exception, StandoffError)
    assert hint in str(result.exception)
