"""Outlines behind the map belong to the case: no case shows those of another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from standoff.case.read import load
from standoff.case.start import TEMPLATE
from standoff.errors import StandoffError
from standoff.views.maps import background, region_map

OUTLINE = """{"type": "FeatureCollection", "features": [{"type": "Feature",
 "properties": {"name": "Riverland", "kind": "country"},
 "geometry": {"type": "Polygon", "coordinates": [[[10, 40], [12, 40], [12, 42], [10, 40]]]}}]}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "case"))


def test_a_case_without_outlines_shows_none_and_credits_nobody(folder: Path) -> None:
    figure = region_map(load(folder))
    assert figure["data"]["background"] == ()
    assert "Natural Earth" not in figure["source"]


def test_a_case_shows_its_own(folder: Path) -> None:
    (folder / "background.geojson").write_text(OUTLINE, encoding="utf-8")
    assert [(f["name"], f["kind"], f["type"]) for f in background(load(folder))] == [
        ("Riverland", "country", "Polygon")
    ]
    assert {"Syria", "Idlib"} <= {f["name"] for f in background(load("idlib"))}
    assert region_map(load("idlib"))["source"].endswith("outlines: Natural Earth; towns: GeoNames, CC BY 4.0")


@pytest.mark.parametrize("text", ["{", '{"features": [{"properties": {}}]}', "[]"])
def test_outlines_that_cannot_be_read_are_refused(folder: Path, text: str) -> None:
    (folder / "background.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(StandoffError, match=r"background.geojson: the outlines cannot be read; expected a GeoJSON"):
        background(load(folder))
