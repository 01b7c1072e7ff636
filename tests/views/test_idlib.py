"""The shipped case through the views: a small real run, its report and its page."""

from __future__ import annotations

import pytest

from standoff.case.model import Case
from standoff.runs import ensemble
from standoff.runs.results import Run
from standoff.runs.spec import make_spec
from standoff.runs.summary import summarise
from standoff.views import maps
from standoff.views.report import report
from standoff.views.terminal import page


@pytest.fixture(scope="module")
def small(idlib: Case) -> Run:
    made = ensemble.make_plan(idlib, make_spec(idlib, trajectories=4, days=20, batch=4))
    return summarise(idlib, made, ensemble.run_plan(made))


def test_the_report_is_small_and_whole(idlib: Case, small: Run) -> None:
    html = report(idlib, small)
    assert len(html.encode()) < 1_600_000
    for name in ("displacement", "futures", "accounts", "ledger", "map"):
        assert f'<figure id="{name}"' in html
    assert html.count('id="claim-') == len(idlib.claims)
    assert html.count('id="dispute-') == len(idlib.disputes)


def test_the_terminal_page_is_a_page(idlib: Case, small: Run) -> None:
    lines = page(idlib, small).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert len(lines) <= 70


def test_the_map_has_places_zones_and_both_roads(idlib: Case) -> None:
    data = maps.region_map(idlib)["data"]
    assert {"M4 motorway", "M5 motorway"} <= {z["title"] for z in data["zones"] if z["road"]}
    assert {"sochi-dmz", "idlib-deescalation-area"} <= {z["id"] for z in data["zones"]}
    assert {"town", "camp_area", "crossing", "observation_post"} <= {k["kind"] for k in data["kinds"]}
    west, south, east, north = data["region"]
    peopled = [p for p in data["places"] if p["people"]]
    assert peopled
    assert all(west < p["lon"] < east and south < p["lat"] < north for p in peopled)
