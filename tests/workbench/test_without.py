"""What if one report is withdrawn: the page, its JSON and CSV, the way there from a commitment, and the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from standoff.cli import cli
from standoff.commitments.ledger import rows
from standoff.commitments.monitor import evaluate
from standoff.errors import StandoffError
from standoff.workbench.workspace import Workspace

CLOSING = {"event": "e2", "account": "one"}


def test_the_page_of_a_commitment_leads_to_what_each_of_its_reports_changes(serve: Callable[..., Any]) -> None:
    text = serve().get("/ledger", params={"commitment": "gate", "account": "one", "on": "2001-03-01"}).text
    path = "/ledger/without?account=one&amp;on=2001-03-01&amp;commitment=gate&amp;event=e2"
    assert f'href="{path}">what if withdrawn?<span class="visually-hidden"> Sylvania shuts the gate for a day' in text


def test_the_only_breach_withdrawn(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    found = client.get("/ledger/without.json", params=CLOSING).json()
    answer = found["withdrawal"]
    changes = {(c["commitment"], c["account"]): c for c in answer["changes"]}
    gate = changes["gate", "one"]
    assert (gate["kind"], gate["before"]["verdict"], gate["after"]["verdict"]) == ("verdict", "violated", "detached")
    assert gate["sentence"] == "As the Gazette tells it (a reading): broken; without it in force."
    assert answer["summary"] == "Without this report 1 row of 1 commitment reads otherwise."
    text = client.get("/ledger/without", params=CLOSING).text
    assert "As the Gazette tells it (a reading): broken; without it in force." in text
    assert '<span class="state violated">broken</span>' in text
    table = client.get("/ledger/without.csv", params=CLOSING).text.splitlines()
    assert table[0] == "commitment,title,key,reading,account,kind,before,after,sentence"
    assert len(table) == 1 + len(answer["changes"])


def test_the_page_says_what_a_ledger_without_the_report_says(serve: Callable[..., Any], workspace: Workspace) -> None:
    case = workspace.case
    client, on = serve(), workspace.period()[1]
    for event in case.events:
        less = replace(case, events={name: one for name, one in case.events.items() if name != event})
        key = {
            (r.commitment, r.account, r.reading, r.key): r for r in rows(evaluate(case, tuple(case.accounts), on=on))
        }
        new = {
            (r.commitment, r.account, r.reading, r.key): r for r in rows(evaluate(less, tuple(case.accounts), on=on))
        }
        expected = {name: new[name].verdict for name in key if key[name].verdict != new[name].verdict}
        changes = client.get("/ledger/without.json", params={"event": event}).json()["withdrawal"]["changes"]
        assert {
            (c["commitment"], c["account"], c["reading"], c["key"]): c["after"]["verdict"]
            for c in changes
            if c["before"]["verdict"] != c["after"]["verdict"]
        } == expected


def test_nothing_is_stored(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    files = {p: p.read_bytes() for p in Path(workspace.root).rglob("*") if p.is_file()}
    before = client.get("/ledger.json", params={"account": "one"}).json()
    client.get("/ledger/without", params=CLOSING)
    assert client.get("/ledger.json", params={"account": "one"}).json() == before
    assert {p: p.read_bytes() for p in Path(workspace.root).rglob("*") if p.is_file()} == files


def test_without_a_choice_every_report_is_offered(serve: Callable[..., Any]) -> None:
    found = serve().get("/ledger/without.json").json()
    assert found["withdrawal"] is None
    assert [r["id"] for r in found["reports"]] == ["e1", "e2"]
    assert found["reports"][0]["label"] == "10 Feb 2001: Freedonia shells Mudville"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("event=e9", "there is no report &#39;e9&#39;"),
        ("event=e1&commitment=gat", "did you mean"),
        ("ev=1", "not asked"),
    ],
)
def test_what_is_not_there_is_refused(serve: Callable[..., Any], query: str, words: str) -> None:
    answer = serve().get(f"/ledger/without?{query}")
    assert answer.status_code == 400
    assert words in answer.text


def test_a_report_on_which_nothing_rests(serve: Callable[..., Any]) -> None:
    answer = serve().get("/ledger/without.json", params={"event": "e1", "on": "2001-01-06"}).json()["withdrawal"]
    assert (answer["changes"], answer["summary"]) == (
        [],
        "Nothing in the ledger rests on this report: no row changes without it.",
    )


def test_the_terminal_says_the_same(workspace: Workspace) -> None:
    asked = ["ledger", str(workspace.root), "--without", "e2", "--account", "one"]
    found = CliRunner().invoke(cli, asked)
    assert found.exit_code == 0, found.output
    assert "As the Gazette tells it (a reading): broken; without it in force." in found.output
    assert "Nothing is stored" in found.output
    answer = json.loads(CliRunner().invoke(cli, [*asked, "--json"]).stdout)
    assert [c["commitment"] for c in answer["changes"]] == ["gate"]
    refused = CliRunner().invoke(cli, [*asked, "--why", "gate"])
    assert refused.exit_code == 2
    missing = CliRunner().invoke(cli, ["ledger", str(workspace.root), "--without", "e9"])
    assert isinstance(missing.exception, StandoffError)
