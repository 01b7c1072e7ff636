"""Accounts of each kind on every page, on a made-up case: nobody is given words that are not theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_case import FILES, write_case

from standoff.case.model import Case
from standoff.case.read import read
from standoff.exports import hxl
from standoff.views import accounts, bars
from standoff.workbench.app import DATA, PAGES
from standoff.workbench.workspace import Workspace

SPOKEN = {
    "accounts.yaml": """
- {id: one, title: As the Gazette tells it, kind: reading, voices: [gazette], answers: {dis-01: "yes"}}
- {id: free, title: What Freedonia said, kind: statement, party: freedonia, voices: [free-ministry]}
- {id: sylvan, title: What Sylvania said, kind: statement, party: sylvania, voices: [sylvan-ministry]}
- {id: mute, title: What Elbonia said, kind: statement, party: elbonia, voices: [elbonian-ministry]}
""",
    "sources.yaml": FILES["sources.yaml"]
    + """
- {id: wire, name: The Mud Wire, kind: agency}
- {id: free-ministry, name: Ministry of Freedonia, kind: office, party: freedonia}
- {id: sylvan-ministry, name: Ministry of Sylvania, kind: office, party: sylvania}
- {id: elbonian-ministry, name: Ministry of Elbonia, kind: office, party: elbonia}
""",
    "commitments.yaml": FILES["commitments.yaml"].replace(
        "  claims: [c-one]\n", '  claims: [c-one]\n  citation: "Made-up treaty, https://example.org/gate"\n'
    ),
    "documents.yaml": FILES["documents.yaml"].replace("voice: two", "voice: one"),
    "publishers.csv": "id,name,standing\nwire.example.org,The Mud Wire,wire\n",
    "claims.yaml": FILES["claims.yaml"]
    + """
- id: c-free
  citation: "Made-up wire, https://wire.example.org/1"
  published: 2001-02-23
  text: Freedonia says that Sylvania broke its word on the gate.
  chain: [wire, free-ministry]
  says: {commitment: gate, standing: broken, by: sylvania}
- id: c-sylvan
  citation: "Made-up wire, https://wire.example.org/2"
  published: 2001-02-24
  text: Sylvania says that it shut no gate.
  chain: [wire, sylvan-ministry]
  realis: denied
  says: {event: border-closed, actor: sylvania, at: gatehouse, date: 2001-02-20, recorded: e2}
""",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write_case(tmp_path / "case", SPOKEN)
    ws = Workspace(str(tmp_path / "case"), tmp_path / "runs")
    ws.runs.mkdir()
    return ws


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[Case]:
    case, problems = read(write_case(tmp_path / "spoken", SPOKEN))
    assert case is not None, problems
    yield case


def gate(client: Any, account: str) -> dict[str, Any]:
    rows = client.get("/ledger.json", params={"account": account}).json()["ledger"]
    return next(r for r in rows if r["commitment"] == "gate" and not r["reading"])


@pytest.mark.parametrize(
    "account", ["record", "sylvan", *(pytest.param(a, marks=pytest.mark.thorough) for a in ("one", "free", "mute"))]
)
@pytest.mark.parametrize("name", [*PAGES, *DATA])
def test_every_page_works_in_every_account(serve: Callable[..., Any], name: str, account: str) -> None:
    stem = PAGES[name][1] if name in PAGES else name
    paths = [f"{stem}.json", f"{stem}.csv", *([PAGES[name][0]] if name in PAGES else [])]
    assert [serve().get(p, params={"account": account}).status_code for p in paths] == [200] * len(paths)


@pytest.mark.parametrize(
    ("account", "kind", "says", "words", "on"),
    [
        ("record", "record", "", "contested", None),
        ("one", "reading", "", "contested", None),
        ("free", "statement", "broken", "broken by Sylvania", "2001-02-23"),
        ("sylvan", "statement", "denies", "denies it", "2001-02-24"),
        ("mute", "statement", "silent", "says nothing", None),
    ],
)
def test_a_row_says_whose_it_is(
    serve: Callable[..., Any], account: str, kind: str, says: str, words: str, on: str | None
) -> None:
    row = gate(serve(), account)
    assert (row["account_kind"], row["says"], row["words"], row["said_on"]) == (kind, says, words, on)
    assert row["look"] != "violated"


def test_beside_the_record_stands_what_each_party_says(serve: Callable[..., Any]) -> None:
    row = gate(serve(), "record")
    assert [(p["party"], p["words"]) for p in row["parties"]] == [
        ("Freedonia", "broken by Sylvania"),
        ("Sylvania", "denies it"),
    ]
    assert row["silent"] == "Nothing said by Elbonia."
    text = serve().get("/ledger", params={"commitment": "gate"}).text
    for part in ("Denied by Sylvania (24 Feb 2001)", "https://wire.example.org/1", "What parties and bodies say of it"):
        assert part in text


def test_the_switch_groups_accounts_and_offers_the_record_first(serve: Callable[..., Any]) -> None:
    text = serve().get("/ledger").text
    places = [text.index(f'<optgroup label="{name}">') for name in accounts.HEADINGS.values()]
    assert places == sorted(places)
    assert '<option value="record" selected>' in text
    assert "As the Gazette tells it (a reading)" in text


def test_beside_a_party_stand_the_bars_of_the_record_and_say_so(serve: Callable[..., Any]) -> None:
    figure = serve().get("/ledger/bars.json", params={"account": "free"}).json()["figure"]
    assert figure["title"].startswith("The record, for comparison: ")
    assert figure["data"]["faded"]
    assert "Freedonia gave no verdicts day by day" in figure["definition"]


@pytest.mark.parametrize(
    ("account", "told"),
    [("free", {"e1": "says nothing", "e2": "says nothing"}), ("sylvan", {"e1": "says nothing", "e2": "denied"})],
)
def test_events_of_a_party_are_its_own_words(serve: Callable[..., Any], account: str, told: dict[str, str]) -> None:
    found = serve().get("/now.json", params={"account": account, "on": "2001-02-24", "days": "60"}).json()["events"]
    assert {h["id"]: h["told"] for h in found} == told
    assert not any(h["solid"] for h in found)


def test_what_a_party_said_changes_on_the_day_it_said_it(serve: Callable[..., Any]) -> None:
    rows = serve().get("/ledger/changes.json", params={"account": "free"}).json()["rows"]
    assert [(r[0], r[1], r[4], r[5]) for r in rows] == [("2001-02-23", "gate", "broken by Sylvania", "said")]


def test_only_the_record_and_readings_are_offered_for_a_run(serve: Callable[..., Any]) -> None:
    choices = serve().get("/futures.json").json()["choices"]["accounts"]
    assert [(c[0], c[2]) for c in choices] == [("record", "record"), ("one", "reading")] or {c[0] for c in choices} == {
        "record",
        "one",
    }
    answer = serve().post("/futures/runs", content="accounts=free", headers={"Origin": "http://testserver"})
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize(
    ("account", "ids"), [("free", []), ("sylvan", ["e2"]), ("mute", []), (None, ["e1", "e2"]), ("one", ["e1", "e2"])]
)
def test_an_export_of_a_party_has_only_what_it_said(spoken: Case, account: str | None, ids: list[str]) -> None:
    made = hxl.events(spoken, account)
    assert [row[0] for row in made.rows] == ids
    claims, source = made.index("#meta+claims"), made.index("#meta+source")
    if account == "sylvan":
        assert claims is not None
        assert source is not None
        assert (made.rows[0][claims], made.rows[0][source]) == ("c-sylvan", "Made-up wire, https://wire.example.org/2")


@pytest.mark.parametrize("verdict", ["result-broken", "contested", "unknown", "detached"])
def test_what_is_not_a_breach_does_not_look_like_one(verdict: str) -> None:
    assert bars.appearance("violated", verdict) != "violated"
    assert bars.LOOKS[bars.appearance("violated", verdict)][:2] != bars.LOOKS["violated"][:2]
