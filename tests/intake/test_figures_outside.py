"""Figures of places outside the region of a case are left out and told, as reports are; what is not certain stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standoff import copy_case
from standoff.case.read import TEMPLATE, load
from standoff.intake.batch import Batch
from standoff.intake.importer import open_batch

HEAD = "Date,Site,IDPs,Latitude,Longitude\n"  # the region is 10 to 12 east, 40 to 42 north


def read(text: str, name: str = "sites.csv", folder: Path = TEMPLATE) -> Batch:
    return open_batch(load(folder), text.encode(), name)[0]


@pytest.mark.parametrize(
    ("row", "is_held"),
    [
        ("Camp A,10,41.0,11.0", True),
        ("Camp B,10,41.0,15.0", False),
        ("Camp C,10,,", True),  # nobody says where
        ("Camp D,10,41.0,12.01", True),  # a kilometre off, within what the digits say
        ("Camp E,10,41,12", True),
        ("Hill camp (invented),10,3.0,3.0", True),  # a place of the case lies where the case has it
        ("Camp F,10,north,15.0", True),
    ],
)
def test_a_figure_lies_outside_where_its_coordinates_say_so(row: str, is_held: bool) -> None:
    batch = read(f"{HEAD}2024-02-05,{row}\n2024-02-05,Camp,5,41.1,11.1\n")
    assert (len(batch.records), batch.outside_region) == (1 + is_held, 1 - is_held)
    told = [note for note in batch.assumptions if note.startswith("outside the region")]
    assert told == ([] if is_held else ["outside the region of the case, and left out: Camp B"])


def test_a_figure_outside_the_period_is_counted_there_alone() -> None:
    batch = read(f"{HEAD}1999-02-05,Camp B,10,3.0,15.0\n2024-02-05,Camp A,10,41.0,11.0\n")
    assert (batch.outside_period, batch.outside_region, len(batch.records)) == (1, 0, 1)


@pytest.mark.parametrize("tagged", [False, True])
def test_a_figure_lies_outside_where_the_boundaries_of_its_area_do(tmp_path: Path, tagged: bool) -> None:
    folder = copy_case(tmp_path / "c")
    (folder / "library").mkdir(exist_ok=True)

    def area(code: str, west: float) -> dict[str, object]:
        ring = [[west, 41], [west + 0.5, 41], [west + 0.5, 41.5], [west, 41]]
        return {
            "type": "Feature",
            "properties": {"ADM1_PCODE": code, "ADM1_EN": f"Area {code}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    layer = {"type": "FeatureCollection", "features": [area("XX01", 11), area("XX02", 30)]}
    (folder / "library" / "areas.geojson").write_text(json.dumps(layer), encoding="utf-8")
    head = "date,admin1_pcode,admin1,IDPs\n" + ("#date,#adm1+code,#adm1+name,#affected+idps\n" if tagged else "")
    rows = "".join(f"2024-02-05,XX0{n},Area {n},{n}0\n" for n in (1, 2, 3))  # nobody knows where the third is
    batch = read(head + rows, folder=folder)
    assert batch.source == ("hxl" if tagged else "people")
    assert [(one.pcode, one.value) for one in batch.records] == [("XX01", 10.0), ("XX03", 30.0)]
    assert batch.outside_region == 1


def test_people_whose_origin_is_told_stay_wherever_they_are() -> None:
    rows = [{"year": 2024, "coo_name": "Land", "coa_name": "Far", "coa_iso": "FAR", "refugees": 7}]
    batch = read(json.dumps({"items": rows}), "population.json")
    assert [one.value for one in batch.records] == [7.0]
    assert batch.outside_region == 0
