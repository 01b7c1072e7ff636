"""Incidents by the areas of the user, in shades, on the maps of the brief and of the daily report. Rows are made up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from page_case import write_case

from standoff.case.brief_sections import BriefDay
from standoff.case.read import load
from standoff.commitments.daily import daily
from standoff.views.brief import brief_map
from standoff.views.daily import daily_map
from standoff.views.drawing import Drawing
from standoff.views.map_picture import draw_map
from standoff.views.maps import shade_steps, shade_words, shaded_areas


def square(west: float, south: float, size: float) -> dict[str, object]:
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_mark_counts_as_often_as_it_says_and_one_of_an_area_nowhere() -> None:
    outlines = [{"name": "West", **square(10.0, 10.0, 0.5)}, {"name": "East", **square(10.5, 10.0, 0.4)}]
    marks = [{"lon": 10.1, "lat": 10.1, "n": 3}, {"lon": 10.2, "lat": 10.1}, {"lon": 10.7, "lat": 10.1, "area": True}]
    data = shaded_areas(outlines, marks, "incident")
    assert [(a["name"], a["value"], a["title"]) for a in data["areas"]] == [
        ("West", 4, "West: 4 incidents"),
        ("East", 0, "East: 0 incidents"),
    ]
    assert shaded_areas([], marks, "incident") == {}


def test_brief_and_daily_have_the_areas_of_the_case(tmp_path: Path) -> None:
    write_case(tmp_path)
    feature = {
        "type": "Feature",
        "properties": {"ADM1_EN": "Mud", "ADM1_PCODE": "M1"},
        "geometry": square(10.5, 11.0, 1.0),
    }
    (tmp_path / "library").mkdir(exist_ok=True)
    layer = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "library" / "boundaries.geojson").write_text(json.dumps(layer), encoding="utf-8")
    case, on = load(tmp_path), date(2001, 2, 21)
    drawn = brief_map(BriefDay(case, on, 14))
    report = daily(case, on=on, days=14)
    printed = daily_map(case, report)
    assert drawn is not None
    assert printed is not None
    for figure in (drawn, printed):
        (area,) = figure["data"]["areas"]
        assert area["name"] == "Mud"
        assert area["value"] == 1  # e2 at the gate; e1 was not known yet
        assert figure["data"]["shades"][0] == "0"


def test_ends_of_shades_are_round_from_a_hundred_on() -> None:
    assert shade_steps([0, 3, 8]) == [0, 2, 4, 6]
    assert shade_steps([34_020, 12]) == [0, 8500, 17_000, 26_000]
    assert shade_words(shade_steps([34_020])) == [
        "0",
        "1 to 8,500",
        "8,501 to 17,000",
        "17,001 to 26,000",
        "26,001 and more",
    ]


def test_the_areas_of_most_people_are_named_on_their_map() -> None:
    outlines = [{"name": "West", **square(10.0, 10.0, 0.5)}, {"name": "East", **square(10.5, 10.0, 0.4)}]
    areas = [{**one, "value": value, "title": ""} for one, value in zip(outlines, (700, 20), strict=True)]
    data = {"region": [9.5, 9.5, 11.5, 11.5], "background": [], "zones": [], "places": [], "kinds": [], "areas": areas}
    data |= {"steps": [0.0, 100.0], "shades": ["0", "1 to 100", "101 and more"]}
    names = {}
    for many in (0, 1, 2):
        drawing = Drawing(600, "people", name=f"m{many}")
        draw_map(drawing, {**data, "named": many})
        names[many] = [name for name in ("West", "East") if f">{name}</text>" in "".join(drawing.parts)]
    assert names == {0: [], 1: ["West"], 2: ["West", "East"]}
