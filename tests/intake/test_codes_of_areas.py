"""Codes of areas: P-codes are told apart from numbers of other publishers, such as GAUL's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standoff.case.model import Observation
from standoff.case.read import load
from standoff.intake.batch import read_file
from standoff.intake.boundaries import read_boundaries


@pytest.mark.parametrize(("code", "scheme"), [("SY0703", "pcode"), ("29703", "other"), ("ML-2-1", "pcode")])
def test_numbers_under_adm2_code_are_not_pcodes(tmp_path: Path, code: str, scheme: str) -> None:
    ring = [[36.5, 35.7], [36.8, 35.7], [36.8, 36.0], [36.5, 35.7]]
    feature = {
        "type": "Feature",
        "properties": {"ADM2_CODE": code, "ADM2_NAME": "Ariha"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    (area,) = read_boundaries(path)
    assert (area.pcode, area.scheme) == (code, scheme)


@pytest.mark.parametrize(
    "text",
    [
        "date,site,people,p-code\n2020-03-05,Somewhere,1200,@\n",
        "Day,Where,People,Code\n#date,#adm2+name,#affected+idps+ind,#adm2+code\n2020-03-05,Somewhere,1200,@\n",
    ],
)
@pytest.mark.parametrize(("code", "pcode", "qualifier"), [("SY0703", "SY0703", ""), ("29703", "", "code: 29703")])
def test_a_number_beside_a_figure_is_kept_and_is_not_a_pcode(text: str, code: str, pcode: str, qualifier: str) -> None:
    (figure,) = read_file(text.replace("@", code).encode(), load("idlib"), name="t.csv").records
    assert isinstance(figure, Observation)
    assert (figure.pcode, figure.qualifier) == (pcode, qualifier)
