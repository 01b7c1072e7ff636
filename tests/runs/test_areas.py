"""Arrivals by area: sums are taken trajectory by trajectory, and a place near a border is told as unsure."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from format_runs import idlib
from hypothesis import given
from hypothesis import strategies as st

from standoff.cli.run import run
from standoff.intake.boundaries import Boundary
from standoff.runs.areas import UNPLACED, AreaOfPlace, areas_csv, areas_of, by_area, read_areas

FETCHED = Path(__file__).parents[3] / "shared" / "data" / "fetched"


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def area(pcode: str, *box: float, level: int = 3) -> Boundary:
    return Boundary(pcode, f"Area {pcode}", "", level, "", square(*box))


def test_a_place_lies_in_the_deepest_area_and_surely_when_its_whole_disc_does() -> None:
    case = idlib()
    town = case.places["saraqib"]
    near = town.accuracy_km / 111.0
    wide = area("A", town.lon - 1, town.lat - 1, town.lon + 1, town.lat + 1)
    above = area("ALL", 30, 30, 45, 40, level=2)
    sure = areas_of(case, (above, wide))["saraqib"]
    assert (sure.pcode, sure.certain) == ("A", True)
    astride = area("B", town.lon - near / 3, town.lat - 1, town.lon + 1, town.lat + 1)
    assert areas_of(case, (astride,))["saraqib"] == AreaOfPlace("B", "Area B", False)
    assert "saraqib" not in areas_of(case, (area("C", 10, 10, 11, 11),))


@given(st.integers(1, 40), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_quantiles_are_those_of_the_sums(n: int, size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrived = rng.integers(0, 10**6, (n, size))
    places = [f"p{i}" for i in range(size)]
    placed = {p: AreaOfPlace(f"A{i % 3}", f"Area {i % 3}", i % 2 == 0) for i, p in enumerate(places) if i % 4}
    rows = by_area(arrived, places, placed, account="a", date="2020-01-01")
    assert sum(r.places for r in rows) <= size
    for row in rows:
        mine = [i for i, p in enumerate(places) if (placed[p].pcode if p in placed else "") == row.pcode]
        sums = sorted(int(arrived[k, mine].sum()) for k in range(n))
        assert row.q50 == pytest.approx(float(np.quantile(sums, 0.5)), abs=0.06)
        doubt = sum(int(arrived[:, i].sum()) for i in mine if row.pcode and not placed[places[i]].certain)
        assert row.unsure == pytest.approx(doubt / sum(sums), abs=1e-3)
        assert row.n == n
    assert [r.area for r in rows if not r.pcode] in ([], [UNPLACED])
    read = list(csv.DictReader(io.StringIO(areas_csv(rows))))
    assert [r["pcode"] for r in read] == [r.pcode for r in rows]


def test_a_bad_boundary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}), encoding="utf-8")
    with pytest.raises(Exception, match="no feature"):
        read_areas(idlib(), path)


@pytest.mark.fetched
@pytest.mark.skipif(not FETCHED.exists(), reason="the fetched boundaries are not here")
def test_towns_of_the_case_lie_where_their_records_say() -> None:
    case = idlib()
    placed, _ = read_areas(case, FETCHED / "cod_ab_nwsyria_adm3.geojson")
    given = {p.id: p.adm3 for p in case.places.values() if p.adm3}
    assert given
    assert {p: placed[p].pcode for p in given} == given


def test_a_run_with_boundaries_says_and_keeps_the_arrivals_by_area(tmp_path: Path) -> None:
    out, shapes = tmp_path / "run", idlib().root / "areas.geojson"
    asked = ["idlib", "-n", "20", "--days", "5", "--account", "daher", "--out", str(out), "--no-report"]
    result = CliRunner().invoke(run, [*asked, "--boundaries", str(shapes)])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((out / "areas.csv").read_text(encoding="utf-8").splitlines()))
    assert {(row["account"], row["n"]) for row in rows} == {("daher", "20")}
    assert "ARRIVALS BY AREA by 2019-12-06, account daher, n = 20" in result.output
    assert rows[0]["area"] in result.output.split("ARRIVALS BY AREA")[1]
