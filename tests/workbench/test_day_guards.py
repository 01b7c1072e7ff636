"""Guards against saying too much on the page of a day: what is denied, what went on before the window, where it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from page_case import FILES, write_case

from standoff.exports import hxl
from standoff.views import happenings
from standoff.workbench.workspace import Workspace

EVENTS = (
    "id,date,type,actor,target,place,sector,title,known,claims,source,contested\n"
    "seen,2001-02-10,shelling,freedonia,elbonia,mudville,,Two papers tell it,2001-02-22,c-three,"
    "https://one.example/1 ; https://www.two.example/2,\n"
    "single,2001-02-11,shelling,freedonia,elbonia,mudville,,One paper tells it,,,https://one.example/3,\n"
    "denied,2001-02-12,border-closed,sylvania,,gatehouse,,Two papers tell it and Sylvania denies it,,c-two-deny,"
    "https://one.example/4 ; https://two.example/5,\n"
    "long,2001-02-01/2001-02-20,shelling,freedonia,elbonia,,west,Shelling in the west for weeks,,,https://one.example/6,\n"
    "late,2001-02-21,shelling,freedonia,elbonia,mudville,,After the window,,,https://one.example/7,\n"
    "early,2001-01-31,shelling,freedonia,elbonia,mudville,,Before the window,,,https://one.example/8,\n"
)
DENIAL = """
- id: c-two-deny
  citation: "Made-up wire, https://two.example/9"
  published: 2001-02-13
  text: Sylvania says that it shut no gate.
  chain: [herald, sylvan-ministry]
  realis: denied
  says: {event: border-closed, actor: sylvania, at: gatehouse, date: 2001-02-12, recorded: denied}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    sources = FILES["sources.yaml"] + "- {id: sylvan-ministry, name: Ministry, kind: office, party: sylvania}\n"
    claims = FILES["claims.yaml"].replace("recorded: e1", "recorded: seen") + DENIAL
    publishers = "id,name,standing\none.example,One,wire\ntwo.example,Two,wire\n"
    files = {"events.csv": EVENTS, "sources.yaml": sources, "claims.yaml": claims, "publishers.csv": publishers}
    write_case(tmp_path / "case", files)
    return Workspace(str(tmp_path / "case"), tmp_path / "runs")


def standing(workspace: Workspace) -> dict[str, dict[str, Any]]:
    return {h["id"]: h for h in happenings.event_records(workspace.case, "record")}


def test_a_denied_event_is_never_drawn_as_corroborated(workspace: Workspace) -> None:
    events = standing(workspace)
    assert (events["seen"]["mark"], events["seen"]["solid"]) == ("corroborated", True)
    assert (events["single"]["mark"], events["single"]["solid"]) == ("claimed", False)
    assert (events["denied"]["told"], events["denied"]["tag"]) == ("contested", "contested in the record")
    assert (events["denied"]["mark"], events["denied"]["solid"]) == ("claimed", False)
    drawn = {m["id"]: m["solid"] for m in happenings.marks(workspace.case, list(events.values()))}
    assert drawn["denied"] is False
    assert drawn["seen"] is True


def test_sources_are_counted_once_each(workspace: Workspace) -> None:
    events = standing(workspace)
    assert events["single"]["witnesses"] == "1 independent source"
    assert happenings.publishers(workspace.case.events["seen"].source) == {"one.example", "two.example"}


@pytest.mark.parametrize(
    ("first", "last", "ids"),
    [
        ((2001, 2, 1), (2001, 2, 20), {"long", "seen", "single", "denied"}),
        ((2001, 2, 20), (2001, 2, 20), {"long"}),
        ((2001, 2, 15), (2001, 2, 16), {"long"}),
        ((2001, 1, 31), (2001, 1, 31), {"early"}),
        ((2001, 1, 20), (2001, 2, 1), {"early", "long"}),
        ((2001, 2, 21), (2001, 2, 28), {"late"}),
    ],
)
def test_what_began_before_the_window_and_goes_on_in_it_is_there(
    workspace: Workspace, first: tuple[int, int, int], last: tuple[int, int, int], ids: set[str]
) -> None:
    events = happenings.event_records(workspace.case, "record")
    found = happenings.within_window(events, date(*first), date(*last))
    assert {h["id"] for h in found} == ids
    assert [h["date"] for h in found] == sorted((h["date"] for h in found), reverse=True)


def test_an_event_told_only_by_area_stands_at_its_middle_and_says_so(workspace: Workspace) -> None:
    marks = {m["id"]: m for m in happenings.marks(workspace.case, list(standing(workspace).values()))}
    assert (marks["long"]["area"], marks["seen"]["area"]) == (True, False)
    centre = happenings.sector_centres(workspace.case)["west"]
    assert (marks["long"]["lon"], marks["long"]["lat"]) == (round(centre[0], 2), round(centre[1], 2))
    assert centre == pytest.approx(((10.6 + 11.2 + 11.5) / 3, (10.5 + 11.1 + 10.8) / 3))


def test_the_page_of_a_day_shows_what_goes_on_then(serve: Callable[..., Any]) -> None:
    found = serve().get("/now.json", params={"on": "2001-02-20", "days": 1}).json()
    assert "Shelling in the west for weeks" in serve().get("/", params={"on": "2001-02-20", "days": 1}).text
    assert "long" in {m["id"] for m in found["marks"]}


@pytest.mark.parametrize(
    ("told", "there"),
    [("told", True), ("contested", True), ("asserted", True), ("says both", True), ("denied", False),
     ("not told", False), ("says nothing", False)],
)  # fmt: skip
def test_only_what_an_account_reports_is_drawn(workspace: Workspace, told: str, there: bool) -> None:
    event = standing(workspace)["seen"] | {"told": told}
    assert bool(happenings.marks(workspace.case, [event])) is there


def test_what_somebody_denies_is_disputed_in_every_table_of_the_record(workspace: Workspace) -> None:
    stances = {event.id: how for event, how in hxl.stances(workspace.case, "record")}
    assert (stances["seen"], stances["denied"]) == ("asserted", "disputed")


def test_a_source_without_an_address_is_known_by_the_name_it_begins_with() -> None:
    assert happenings.publishers("Reuters, 3 February") == {"reuters"}
