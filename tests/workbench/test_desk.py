"""The map of the first page with a log, figures by address, search, and the brief as a page. Rows are made up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import python_calamine

from standoff.views.figures import drawing_of
from standoff.views.map_picture import MOST_MARKS, Ground, event_marks
from standoff.workbench import api, desk, now
from standoff.workbench.app import PAGES
from standoff.workbench.pictures import FIGURES
from standoff.workbench.uploads import ledger_source
from standoff.workbench.workspace import Workspace

HEAD = "id,date,type,actor,target,place,title,restricted\n"


def put_log(workspace: Workspace, rows: list[str], name: str = "monitor.csv") -> None:
    folder = workspace.root / "library" / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def test_the_page_opens_on_the_last_day_with_a_report(serve: Callable[..., Any], workspace: Workspace) -> None:
    assert serve().get("/now.json").json()["on"] == "2001-02-20"
    put_log(workspace, ["x1,2001-06-01,shelling,freedonia,elbonia,mudville,A shell,"])
    assert serve().get("/now.json?log=monitor.csv").json()["on"] == "2001-06-01"


def test_a_log_is_on_the_map_in_the_list_and_in_the_histogram(serve: Callable[..., Any], workspace: Workspace) -> None:
    put_log(workspace, ["x1,2001-02-18,shelling,freedonia,elbonia,dryton,A shell in Dryton,"])
    client = serve()
    found = client.get("/now.json?log=monitor.csv&on=2001-02-20&days=7").json()
    assert [e["id"] for e in found["events"]] == ["e2", "x1"]
    assert found["title"] == "2 events reported in the 7 days to 20 Feb 2001, 1 of them in the log monitor.csv"
    assert {m["id"] for m in found["marks"]} == {"e2", "x1"}
    assert sum(row[-1] for row in found["timeline"]["rows"]) == 1
    page = client.get("/?log=monitor.csv&on=2001-02-20&days=7").text
    assert page.count('data-event="x1"') == 3  # wide, narrow, list
    assert "log=monitor.csv" in page[page.index("The whole ledger") - 200 :]
    assert [e["id"] for e in client.get("/now.json?log=none&on=2001-02-20&days=7").json()["events"]] == ["e2"]


def test_rows_that_may_not_be_passed_on_are_counted_and_named_nowhere(
    serve: Callable[..., Any], workspace: Workspace
) -> None:
    put_log(workspace, ["secret-1,2001-02-18,shelling,freedonia,elbonia,dryton,A secret shell,yes"])
    client = serve()
    for path in (
        "/",
        "/now.json",
        "/now.csv",
        "/now/day.json",
        "/figure/map.svg",
        "/figure/map.csv",
        "/search",
        "/search.json",
    ):
        query = "&q=secret" if path.startswith("/search") else "&on=2001-02-20&days=7"
        text = client.get(f"{path}?log=monitor.csv{query}").text
        assert "secret-1" not in text, path
        assert "A secret shell" not in text, path
    found = client.get("/now.json?log=monitor.csv&on=2001-02-20&days=7").json()
    assert found["restricted"] == "1 report may not be passed on, and is left out"
    assert not [m for m in found["marks"] if m["place"] == "dryton"]
    for path in ("/", "/figure/map.svg", "/now/day.json"):  # a number at a settlement would tell of the row
        assert "at Dryton" not in client.get(f"{path}?log=monitor.csv&on=2001-02-20&days=7").text, path
    there = client.get("/now.json?log=monitor.csv&on=2001-02-20&days=7&place=dryton").json()
    assert there["title"].startswith("0 events")
    assert there["restricted"] == ""


RING = "[[10.2,10.2],[10.9,10.2],[10.9,10.9],[10.2,10.9],[10.2,10.2]]"


def put_area(workspace: Workspace) -> None:
    feature = (
        f'{{"type":"Feature","properties":{{"ADM3_EN":"Mud"}},"geometry":{{"type":"Polygon","coordinates":[{RING}]}}}}'
    )
    path = Path(workspace.root / "library" / "boundaries.geojson")
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}', encoding="utf-8")


@pytest.mark.parametrize(("number", "counted"), [(1, 0), (2, 0), (3, 3), (4, 4)])
def test_an_area_counts_rows_that_may_not_be_passed_on_from_three_on(
    serve: Callable[..., Any], workspace: Workspace, number: int, counted: int
) -> None:
    put_area(workspace)
    put_log(
        workspace, [f"x{n},2001-05-{18 + n},shelling,freedonia,elbonia,mudville,A shell,yes" for n in range(number)]
    )
    found = serve().get("/now.json?log=monitor.csv&on=2001-05-30&days=20").json()
    assert [(a["name"], a["value"]) for a in found["map"]["data"]["areas"]] == [("Mud", counted)]
    assert found["title"].startswith(f"{number} event")
    assert "an area counts its own from 3 on" in found["map"]["definition"]


def test_a_day_in_place_is_the_day_of_the_page(serve: Callable[..., Any]) -> None:
    client = serve()
    page = client.get("/?on=2001-02-21&days=30").text
    day = client.get("/now/day.json?on=2001-02-21&days=30").json()
    for width in ("wide", "narrow"):
        assert f'<g class="events-layer">{day["layers"][width]["events"]}</g>' in page
    assert day["list"].strip() in page
    assert "state violated" in client.get("/now/ledger.json?on=2001-02-21&account=one").json()["html"]


def test_a_log_of_a_whole_country_is_small_and_grouped(serve: Callable[..., Any], workspace: Workspace) -> None:
    first = date(2001, 1, 1)
    places = ("mudville", "dryton", "mudcamp", "gatehouse", "lookout")
    rows = [
        f"x{n},{first + timedelta(days=n % 300)},shelling,freedonia,elbonia,{places[n % 5]},Shell {n},"
        for n in range(5000)
    ]
    put_log(workspace, rows)
    page = serve().get("/?log=monitor.csv&days=366&on=2001-10-27")
    assert len(page.content) < 500_000
    assert page.text.count('class="event"') == 2 * 5
    assert "1,000 incidents at Dryton" in page.text
    assert "4,942 more" in page.text


def test_events_of_one_spot_stand_apart_until_they_are_many() -> None:
    ground = Ground([10, 10, 12, 11.6], 720)
    events = [{"lon": 11.0, "lat": 11.0, "title": str(n), "corroborated": False, "id": str(n)} for n in range(12)]
    marks = event_marks(events, ground)
    assert len({(m["x"] + m["dx"], m["y"] + m["dy"]) for m in marks}) == 12
    many = event_marks(events * 20, ground)
    assert [m["n"] for m in many] == [240]
    assert len(events * 20) > MOST_MARKS


ARRIVALS = "&number=5000&origin=mudville&on=2001-02-21"


@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_every_figure_has_an_address(serve: Callable[..., Any], kind: str) -> None:
    client = serve()
    of_pages = ("talks", "signals", "harm", "relations", "levels", "people-ahead")  # of which this case has nothing
    for name in [one for one in FIGURES if one not in of_pages] if kind != "png" else ("timeline",):
        asked = {"bars": "", "arrivals": ARRIVALS}.get(name, "&on=2001-02-21")
        answer = client.get(f"/figure/{name}.{kind}?account=one{asked}")
        assert answer.status_code == 200, (name, answer.text[:300])
        if kind == "svg":
            assert ElementTree.fromstring(answer.text).tag.endswith("svg")  # noqa: S314 - our own drawing
        elif kind == "png":
            assert answer.content.startswith(b"\x89PNG")
        else:
            assert answer.text.count("\n") >= 2


def test_pages_name_the_address_of_each_figure(serve: Callable[..., Any]) -> None:
    client = serve()
    for path in ("/?on=2001-02-21", "/network?on=2001-02-21", "/brief?on=2001-02-21", "/futures?run=first", "/ledger"):
        text = client.get(path).text
        links = set(re.findall(r'href="(/figure/[^"]+\.(?:svg|csv)\?[^"]*)"', text))
        assert links, path
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_a_figure_that_is_not_there_names_those_that_are(serve: Callable[..., Any]) -> None:
    answer = serve().get("/figure/mapp.svg")
    assert answer.status_code == 400
    assert "did you mean" in answer.text
    assert serve().get("/figure/map.gif").status_code == 400
    assert "this is not asked here" in serve().get("/figure/map.svg?page=2").text


def test_search_answers_with_addresses_that_open(serve: Callable[..., Any]) -> None:
    client = serve()
    found = client.get("/search.json?q=mud").json()
    assert found["total"] >= 5
    for hit in found["hits"]:
        assert client.get(hit["address"].partition("#")[0]).status_code == 200, hit["address"]
    kinds = {v["name"]: v for v in found["facets"][0]["values"]}
    chosen = client.get(kinds["places"]["at"].replace("/search?", "/search.json?")).json()
    assert chosen["total"] == kinds["places"]["n"]
    assert client.get("/search?kind=plces").status_code == 400
    assert "Is <a" in client.get("/search?q=mudvile").text


def test_the_brief_has_its_two_figures(serve: Callable[..., Any]) -> None:
    text = serve().get("/brief?on=2001-02-21").text
    assert text.count("<figure") == 2
    assert "What changed" in text
    assert serve().get("/brief.json?on=2001-02-21").json()["sections"][0]["title"] == "What changed"


def test_the_figures_of_a_brief_are_drawn_once(workspace: Workspace) -> None:
    opened, sections = desk.brief_day(workspace, on=date(2001, 2, 21))
    first = desk.brief_figures(opened, sections)
    assert desk.brief_figures(*desk.brief_day(workspace, on=date(2001, 2, 21))) is first
    assert desk.brief_figures(*desk.brief_day(workspace, on=date(2001, 2, 20))) is not first


def test_the_ground_of_the_map_is_drawn_once_for_a_day(workspace: Workspace) -> None:
    seen = now.sight(workspace, on=date(2001, 2, 21))
    drawn = now.now_figure(seen, live=True)
    page = now.live_picture(seen, drawn)
    alone = drawing_of({**drawn, "title": now.MAP_LABEL}, 720, None).svg()
    assert "".join(re.findall('<g class="event".*?</g></g>', alone)) in page


def test_areas_of_the_user_are_shaded_by_reports(serve: Callable[..., Any], workspace: Workspace) -> None:
    put_area(workspace)
    data = serve().get("/now.json?on=2001-02-21").json()["map"]["data"]
    assert [(a["name"], a["value"], a["title"]) for a in data["areas"]] == [("Mud", 1, "Mud: 1 report")]
    assert data["shades"] == ["0", "1 to 2", "3 to 9", "10 to 99", "100 and more"]
    for day in ("2001-02-21", "2001-01-01"):  # the key stands for every day that is stepped to
        page = serve().get(f"/?on={day}").text
        assert page.count("3 to 9</text>") == page.count("100 and more</text>") == 2


def test_a_case_that_only_has_a_log_is_seen_with_it(serve: Callable[..., Any], workspace: Workspace) -> None:
    put_log(workspace, ["x1,2001-02-18,shelling,freedonia,elbonia,dryton,A shell,"])
    workspace.snapshot = replace(workspace.snapshot, case=replace(workspace.case, events={}))
    assert now.sight(workspace).log == "monitor.csv"
    assert [desk.brief_day(workspace, log=asked)[0].log for asked in ("", "none")] == ["monitor.csv", ""]
    assert desk.brief_day(workspace)[0].on == date(2001, 2, 18)
    assert 'value="monitor.csv" selected' in serve().get("/brief").text
    assert ledger_source(workspace, "", skip_bad=False).events == ()


@pytest.mark.parametrize("name", PAGES)
def test_tables_are_workbooks(serve: Callable[..., Any], tmp_path: Path, name: str) -> None:
    client = serve()
    stem = PAGES[name][1]
    answer = client.get(f"{stem}.xlsx?account=one")
    assert answer.status_code == 200, answer.text[:300]
    (tmp_path / "it.xlsx").write_bytes(answer.content)
    sheets = python_calamine.CalamineWorkbook.from_path(tmp_path / "it.xlsx")
    assert sheets.sheet_names[-1] == "about"
    first = sheets.get_sheet_by_index(0).to_python()
    if name != "ledger":
        page = client.get(f"{stem}.json?account=one").json()
        assert first[0] == page["columns"]
        assert len(first) == len(page["rows"]) + 1
    else:
        assert sheets.sheet_names[:3] == ["provisions", "rows", "observance"]
        assert [row[0] for row in first[1:]] == ["gate", "mud-threat", "withdraw"]


def test_the_form_of_a_run_keeps_what_was_chosen(serve: Callable[..., Any]) -> None:
    client = serve()
    text = client.get("/futures?job=1&trajectories=37&seed=9&days=11&scenarios=stock&accounts=two").text
    for name, value in (("trajectories", 37), ("seed", 9), ("days", 11)):
        assert re.search(rf'name="{name}" value="{value}"', text)
    assert 'value="stock" checked' in text
    assert 'name="accounts" value="two" checked' in text
    assert 'name="accounts" value="one" checked' not in text
    assert 'value="100"' in client.get("/futures?run=first").text  # of the open run
    assert "there is nothing to play" in text  # this case has no options of actors


def test_claims_are_shown_in_pages(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "CLAIMS_EACH", 1)
    client = serve()
    assert client.get("/evidence").text.count("data-claim=") == 1
    second = client.get("/evidence?page=2").text
    assert "Page 2 of 3" in second
    assert 'data-claim="c-two"' in second
    assert 'data-claim="c-three" class="chosen"' in client.get("/evidence?claim=c-three").text
    assert len(client.get("/evidence.json").json()["claims"]) == 3
