from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_case import HOSTILE, write_case

from standoff.workbench import api
from standoff.workbench.app import DATA, PAGES
from standoff.workbench.workspace import Workspace


@pytest.mark.parametrize("name", list(PAGES))
def test_every_page_is_html_json_and_csv(serve: Callable[..., Any], name: str) -> None:
    client = serve()
    path, stem, _ = PAGES[name]
    html = client.get(path)
    assert html.status_code == 200
    assert html.headers["content-type"].startswith("text/html")
    assert f"{stem}.json" in html.text
    found = client.get(f"{stem}.json").json()
    assert found["title"]
    rows = list(csv.reader(io.StringIO(client.get(f"{stem}.csv").text)))
    assert rows[0] == found["columns"]
    assert len(rows) == len(found["rows"]) + 1


@pytest.mark.parametrize("path", list(DATA))
def test_data_of_open_pages(serve: Callable[..., Any], path: str) -> None:
    client = serve()
    assert client.get(f"{path}.json").json()["columns"]
    assert client.get(f"{path}.csv").text.startswith(client.get(f"{path}.json").json()["columns"][0])


@pytest.mark.parametrize("name", list(PAGES))
def test_the_account_switch_is_on_every_page_and_acts(serve: Callable[..., Any], name: str) -> None:
    client = serve()
    text = client.get(PAGES[name][0], params={"account": "two"}).text
    assert '<option value="two" selected>' in text
    assert client.get(f"{PAGES[name][1]}.json", params={"account": "two"}).json()["account"] == "two"


@pytest.mark.parametrize("name", list(PAGES))
def test_text_of_a_case_is_escaped_on_every_page(serve: Callable[..., Any], name: str) -> None:
    text = serve().get(PAGES[name][0]).text
    assert HOSTILE not in text
    assert "<img" not in text
    assert "<svg onload" not in text
    assert "javascript:" not in re.sub(r'<script type="application/json".*?</script>', "", text, flags=re.S)
    assert "\u202e" not in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    tags = re.sub(r'"[^"<>]*"', '""', re.sub(r">[^<]*<", "><", text))  # what stands in quotation marks is no attribute
    assert not re.search(r"\son\w+=|\sstyle=", tags)


def test_a_day_shows_what_was_told_in_the_days_before_it(serve: Callable[..., Any]) -> None:
    client = serve()
    found = client.get("/now.json", params={"on": "2001-02-21", "days": "7"}).json()
    assert [e["id"] for e in found["events"]] == ["e2"]
    found = client.get("/now.json", params={"on": "2001-02-21", "days": "30", "place": "mudville"}).json()
    assert [e["id"] for e in found["events"]] == ["e1"]
    assert found["events"][0]["solid"] is False


def test_claims_are_chosen_by_what_they_speak_of(serve: Callable[..., Any]) -> None:
    client = serve()

    def ids(**query: str) -> list[str]:
        return [c["id"] for c in client.get("/evidence.json", params=query).json()["claims"]]

    assert ids() == ["c-one", "c-two", "c-three"]
    assert ids(place="mudville") == ["c-three"]
    assert ids(actor="sylvania") == ["c-one", "c-two"]
    assert ids(document="herald-1") == ["c-two"]
    assert ids(until="2001-02-15") == ["c-three"]
    assert ids(realis="denied") == ["c-two"]
    assert ids(dispute="dis-01") == ["c-one", "c-two"]
    assert ids(source="ann") == ["c-one"]


def test_the_users_own_text_is_shown_with_the_claims_in_place(serve: Callable[..., Any], workspace: Workspace) -> None:
    library = workspace.root / "library"
    library.mkdir()
    (library / "gazette-1.txt").write_text("Title\nHere the gate <b>stays</b> open, it says.\n", encoding="utf-8")
    text = serve().get("/evidence", params={"claim": "c-one"}).text
    assert '<mark data-claims="c-one" class="chosen">the gate &lt;b&gt;stays&lt;/b&gt; open</mark>' in text
    (library / "gazette-1.txt").write_text("Title\nSomething else.\n", encoding="utf-8")
    assert "Not found in your copy" in serve().get("/evidence", params={"document": "gazette-1"}).text


def test_why_leads_from_a_verdict_to_events_claims_and_places(serve: Callable[..., Any]) -> None:
    client = serve()
    found = client.get("/ledger.json", params={"commitment": "gate", "account": "one"}).json()
    assert found["why"]["rows"][0]["verdict"] == "violated"
    text = client.get("/ledger", params={"commitment": "gate", "account": "one"}).text
    assert "Sylvania shuts the gate for a day" in text
    assert "/evidence?account=one&amp;claim=c-one" in text
    assert "paragraph 2" in text


def test_two_clocks_give_two_verdicts(serve: Callable[..., Any]) -> None:
    client = serve()

    def state(**query: str) -> str:
        rows = client.get("/ledger.json", params={"commitment": "gate", "account": "one", **query}).json()["ledger"]
        return next(r["verdict"] for r in rows if r["commitment"] == "gate")

    assert state(on="2001-02-19") != "violated"
    assert state(on="2001-02-20") == "violated"


def test_network_has_columns_and_the_state_of_the_day(serve: Callable[..., Any]) -> None:
    found = serve().get("/network.json", params={"on": "2001-02-21", "account": "one"}).json()["network"]
    assert [a["id"] for a in found["debtors"]] == ["sylvania", "freedonia", "elbonia"]
    assert {c["id"]: c["verdict"] for c in found["commitments"]}["gate"] == "violated"
    chosen = serve().get("/network.json", params={"actor": "sylvania", "account": "one"}).json()["network"]
    assert [c["id"] for c in chosen["commitments"]] == ["gate"]


def test_the_network_shows_by_switch_and_the_old_page_of_relations_leads_there(serve: Callable[..., Any]) -> None:
    client = serve()
    kinds = client.get("/network.json").json()["kinds"]
    assert next(iter(kinds)) == client.get("/network.json").json()["show"] == "owes"
    for kind, title in kinds.items():
        page = client.get("/network", params={"show": kind})
        assert page.status_code == 200
        assert f'<strong aria-current="true">{title}</strong>' in page.text
        assert page.text.count("/network?account=") >= len(kinds) - 1
    moved = client.get("/relations.csv", params={"show": "relays", "actor": "sylvania"})
    assert (moved.status_code, moved.headers["location"]) == (308, "/network.csv?show=relays&actor=sylvania")
    assert client.get("/relations").headers["location"] == "/network?show=backs"
    assert "did you mean" in client.get("/network", params={"show": "back"}).text


def test_a_kept_run_can_be_opened_again(serve: Callable[..., Any]) -> None:
    client = serve()
    text = client.get("/futures", params={"run": "first", "account": "two"}).text
    assert "What this run shows" in text
    assert 'data-kind="fan"' in text
    assert "/futures/runs/first/report.html" in text
    report = client.get("/futures/runs/first/report.html")
    assert report.headers["content-disposition"].startswith("attachment")
    assert client.get("/futures", params={"run": "first", "scenario": "stock"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?acount=one", "did you mean"),
        ("/?account=on", "did you mean"),
        ("/?on=2001-02-30", "a day such as"),
        ("/?days=many", "a whole number"),
        ("/evidence?claim=c-on", "did you mean"),
        ("/ledger?commitment=gat", "did you mean"),
        ("/futures?run=frst", "did you mean"),
        ("/futures?run=first&scenario=stok", "did you mean"),
        ("/network?actor=sylvani", "did you mean"),
        ("/?account=" + "x" * 600, "at most 500 characters"),
    ],
)
def test_a_wrong_address_is_told_with_the_nearest_name(serve: Callable[..., Any], path: str, said: str) -> None:
    answer = serve().get(path)
    assert answer.status_code == 400
    assert said in answer.text
    assert "Traceback" not in answer.text


def test_an_unknown_page_is_told(serve: Callable[..., Any]) -> None:
    answer = serve().get("/nowhere")
    assert answer.status_code == 404
    assert "there is no such page" in answer.text


def test_the_icon_is_found_where_browsers_look_without_being_told(serve: Callable[..., Any]) -> None:
    answer = serve().get("/favicon.ico")  # a missing one is an error in the console of every JSON page
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in answer.content


def test_an_event_beyond_the_period_does_not_break_the_stepper(serve: Callable[..., Any]) -> None:
    found = serve().get("/now.json", params={"on": "1900-01-01"}).json()
    assert found["on"] == found["first"]


def test_problems_follow_the_files(workspace: Workspace) -> None:
    assert workspace.snapshot.current
    (workspace.root / "claims.yaml").write_text("- {id: c-one, txt: nothing}\n", encoding="utf-8")
    seen = workspace.refresh()
    assert not seen.current
    assert any(p.file == "claims.yaml" and p.line == 1 for p in seen.problems)
    assert "c-two" in workspace.case.claims
    write_case(workspace.root)
    assert workspace.refresh().current


def test_what_is_kept_is_dropped_with_the_reading(workspace: Workspace) -> None:
    made = []
    workspace.kept(("x",), lambda: made.append(1))
    workspace.kept(("x",), lambda: made.append(2))
    assert made == [1]
    write_case(workspace.root, {"routes.csv": "a,b,km\nmudville,dryton,81\n"})
    workspace.refresh()
    workspace.kept(("x",), lambda: made.append(3))
    assert made == [1, 3]


def test_warming_makes_what_pages_ask_for(workspace: Workspace) -> None:
    api.warm(workspace)
    assert workspace.ready(("history",))
    assert workspace.ready(("map",))


def test_json_pages_round_trip(serve: Callable[..., Any]) -> None:
    for _, stem, _ in PAGES.values():
        json.loads(serve().get(f"{stem}.json").text)


def test_boundaries_of_the_user_are_drawn(serve: Callable[..., Any], workspace: Workspace, tmp_path: Path) -> None:
    ring = [[10.2, 10.2], [10.9, 10.2], [10.9, 10.9], [10.2, 10.9], [10.2, 10.2]]
    far = [[50.0, 50.0], [51.0, 50.0], [51.0, 51.0], [50.0, 50.0]]
    features = [
        {"type": "Feature", "properties": {"ADM3_EN": name}, "geometry": {"type": "Polygon", "coordinates": [points]}}
        for name, points in (("Mud district", ring), ("Elsewhere", far))
    ]
    (workspace.root / "library").mkdir()
    path = workspace.root / "library" / "boundaries.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    client = serve()
    data = client.get("/now.json").json()["map"]["data"]
    assert [area["name"] for area in data["areas"]] == ["Mud district"]
    assert not [f for f in data["background"] if f["kind"] == "subdistrict"]  # they are drawn once, as areas
    assert client.get("/").text.count("<title>Mud district: ") == 2  # wide and narrow
