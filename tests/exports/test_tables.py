"""What every written table says, field by field, on a small made-up case; and what no table may say."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from page_case import make_run, read_case

from standoff.case.model import Case
from standoff.commitments.ledger import ledger
from standoff.exports import geojson, hxl
from standoff.exports.xlsx import Sheet, write_sheets
from standoff.values import When

FINE = {  # coordinates much finer than a settlement
    "places.csv": (
        "id,name,name_ar,kind,lat,lon,country,sector,residents,displaced,accuracy_km,source\n"
        "mudville,Mudville,مدينة,town,10.512345,10.698765,EL,west,60000,0,0,made up\n"
        "dryton,Dryton,,town,11.123456,11.254321,EL,west,25000,4000,30,made up\n"
        "mudcamp,Mudcamp,,camp_area,11.2,10.7,EL,border,0,30000,3,made up\n"
        "gatehouse,Gatehouse,,crossing,11.444444,11.055555,EL,border,0,0,0.1,made up\n"
        "lookout,Lookout,,observation_post,10.8,11.5,EL,west,0,0,5,made up\n"
    ),
    "events.csv": (
        "id,date,type,actor,target,place,title,known,claims,source,low,high,counted\n"
        "e1,2001-02-10,shelling,freedonia,elbonia,mudville,Shells,2001-02-22,c-three,,2,5,deaths\n"
        "e2,2001-02,border-closed,sylvania,,gatehouse,Shut,,,a gazette,,,\n"
        "e3,2001-02-12,shelling,freedonia,elbonia,mudville;dryton,Two places,,,a gazette,,,\n"
        "e4,2001-02-13,shelling,freedonia,elbonia,,Nowhere told,,,a gazette,,,\n"
    ),
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(tmp_path_factory.mktemp("fine"), FINE)


def cells(sheet: hxl.HxlSheet) -> list[dict[str, str]]:
    return [dict(zip([column.tag for column in sheet.columns], row, strict=True)) for row in sheet.rows]


def digits(value: float | str) -> int:
    return len(str(value).partition(".")[2])


def test_no_exporter_gives_an_event_a_coordinate_finer_than_a_settlement(case: Case) -> None:
    rows = {row["#event+id"]: row for row in cells(hxl.events(case))}
    assert (rows["e1"]["#geo+lat"], rows["e1"]["#geo+lon"]) == ("10.51", "10.7")
    assert (rows["e2"]["#geo+lat"], rows["e2"]["#geo+lon"]) == ("11.44", "11.06")
    assert (rows["e3"]["#geo+lat"], rows["e4"]["#geo+lat"]) == ("", "")
    features = {f["id"]: f["geometry"] for f in geojson.events(case, hxl.stances(case))}
    assert features["e1"] == {"type": "Point", "coordinates": [10.7, 10.51]}
    # 30 km off: no decimal is borne
    assert features["e3"] == {"type": "MultiPoint", "coordinates": [[10.7, 10.51], [11.3, 11.1]]}
    assert features["e4"] is None


def test_no_page_gives_an_event_a_coordinate_finer_than_a_settlement(case: Case, tmp_path: Path) -> None:
    from standoff.workbench.app import DATA, PAGES
    from standoff.workbench.workspace import Workspace

    read_case(tmp_path / "case", FINE)
    workspace = Workspace(str(tmp_path / "case"), tmp_path / "runs")
    drawn = 0
    for _, _, endpoint in PAGES.values():
        data = json.loads(json.dumps(endpoint(workspace).as_json(), default=str))
        for mark in data.get("marks", ()):
            drawn += 1
            assert digits(mark["lon"]) <= geojson.SETTLEMENT, mark
            assert digits(mark["lat"]) <= geojson.SETTLEMENT, mark
        for event in data.get("events", ()):
            assert not {"lon", "lat"} & set(event)
    for endpoint in DATA.values():
        assert '"lat"' not in json.dumps(endpoint(workspace).as_json(), default=str)
    assert drawn


def test_an_event_is_written_field_by_field(case: Case) -> None:
    first, second = cells(hxl.events(case, "record"))[:2]
    assert first == {
        "#event+id": "e1", "#date+occurred+start": "2001-02-10", "#date+occurred+end": "2001-02-10",
        "#date+known": "2001-02-22", "#meta+occurred+edtf": "", "#event+type": "shelling",
        "#event+type+v_plover": "ASSAULT", "#event+type+v_acled": "Shelling/artillery/missile attack",
        "#description": "Shells", "#group+name+first": "Freedonia", "#group+name+second": "Elbonia",
        "#loc+name": "Mudville", "#geo+lat": "10.51", "#geo+lon": "10.7", "#geo+precision+km": "",
        "#indicator+low+num": "2", "#indicator+high+num": "5", "#indicator+name": "deaths", "#meta+account": "record",
        "#meta+account+kind": "record", "#status+told": "asserted", "#meta+claims": "c-three", "#meta+source": "",
    }  # fmt: skip
    assert second["#meta+occurred+edtf"] == "2001-02"
    assert (second["#date+occurred+start"], second["#date+occurred+end"]) == ("2001-02-01", "2001-02-28")
    assert (second["#geo+precision+km"], second["#status+told"]) == ("0.1", "asserted")


def test_a_feature_of_an_event_field_by_field(case: Case) -> None:
    first = geojson.events(case, hxl.stances(case))[0]
    assert first["properties"] == {
        "title": "Shells", "type": "shelling", "plover": "ASSAULT", "acled": "Shelling/artillery/missile attack",
        "date": "2001-02-10", "start": "2001-02-10", "end": "2001-02-10", "known": "2001-02-22",
        "actor": ["Freedonia"], "target": ["Elbonia"], "place": ["Mudville"], "low": 2.0, "high": 5.0,
        "counted": "deaths", "account": "record", "account_kind": "record", "told": "asserted", "claims": ["c-three"],
    }  # fmt: skip


ZONE_DAYS = [
    ("2001-01-05", "2001-01-04", False),
    ("2001-01-05", "2001-01-05", True),
    ("2001-01-05", "2001-02-20", True),
    ("2001-01-05", "2001-02-21", False),
    ("2001-01-05", None, True),
    (None, "1990-01-01", True),
]


@pytest.mark.parametrize(("opens", "on", "there"), ZONE_DAYS)
def test_a_zone_is_on_the_map_from_its_first_day_to_its_last(
    case: Case, opens: str | None, on: str | None, there: bool
) -> None:
    from standoff.views.maps import zones_on

    strip = next(z for z in case.zones if z.id == "strip")
    dated = replace(strip, from_=When.parse(opens) if opens else None, until=When.parse("2001-02-20"))
    only = replace(case, zones=(dated,))
    day = date.fromisoformat(on) if on else None
    assert [f["properties"]["zone"] for f in geojson.zones(only, day)] == (["strip"] if there else [])
    if day is not None:
        assert [z["id"] for z in zones_on(only, day)] == (["strip"] if there else [])


def test_a_zone_dated_by_the_month_holds_all_of_it(case: Case) -> None:
    strip = next(z for z in case.zones if z.id == "strip")
    only = replace(case, zones=(replace(strip, from_=When.parse("2001-02"), until=When.parse("2001-03")),))
    days = (date(2001, 1, 31), date(2001, 2, 1), date(2001, 3, 31), date(2001, 4, 1))
    assert [bool(geojson.zones(only, day)) for day in days] == [False, True, True, False]


def test_a_place_is_written_field_by_field(case: Case) -> None:
    first = cells(hxl.places(case))[0]
    assert first == {
        "#loc+id": "mudville", "#loc+name": "Mudville", "#loc+name+alt": "مدينة", "#country+code": "EL",
        "#geo+lat": "10.5123", "#geo+lon": "10.6988", "#geo+precision+km": "", "#loc+type": "town",
        "#population+residents": "60000", "#affected+idps": "0", "#meta+source": "made up",
    }  # fmt: skip
    assert cells(hxl.places(case))[1]["#geo+precision+km"] == "30"
    assert geojson.places(case)[0] == {
        "type": "Feature", "id": "mudville", "geometry": {"type": "Point", "coordinates": [10.6988, 10.5123]},
        "properties": {"name": "Mudville", "name_local": "مدينة", "kind": "town", "country": "EL", "residents": 60000,
                       "displaced": 0, "source": "made up"},
    }  # fmt: skip


def test_the_ledger_is_written_field_by_field(case: Case) -> None:
    on = date(2001, 2, 20)
    rows = {row["#meta+commitment"]: row for row in cells(hxl.ledger(ledger(case, "one", on=on), on))}
    source = {row.commitment: row for row in ledger(case, "one", on=on)}
    for name, row in rows.items():
        expected = source[name]
        assert row["#status+state"] == expected.state
        assert row["#status+worst"] == expected.worst
        assert row["#status+verdict"] == expected.words
        assert row["#date+on"] == "2001-02-20"
        assert row["#date+start"] == str(expected.since or "")
        assert row.get("#date+due", "") == str(expected.due or "")
        counted = [row[f"#indicator+{k}+num"] for k in ("kept", "broken", "breaches+low", "breaches+high")]
        assert counted == [
            str(n) for n in (expected.kept, expected.broken, expected.breaches, expected.breaches_possible)
        ]
        assert row["#meta+adverse"] == ("true" if expected.adverse else "false")
        assert row["#group+name+debtor"] == "; ".join(expected.debtor)
        assert row["#group+name+creditor"] == "; ".join(expected.creditor)
        assert row.get("#meta+events", "") == "; ".join(expected.because)


@pytest.mark.parametrize("table", ["arrivals", "displaced", "run_ledger"])
def test_a_table_of_a_run_has_every_number_of_the_run(case: Case, table: str) -> None:
    run = make_run(case, n=20)
    if table == "arrivals":
        rows = cells(hxl.arrivals(case, run, run.arrivals))
        for row, one in zip(rows, run.arrivals, strict=True):
            numbers = [float(row[f"#affected+arrivals+modelled+{m}"]) for m in ("mean", "q05", "q50", "q95")]
            assert numbers == [one.mean, one.q05, one.q50, one.q95]
            assert (row["#meta+account"], row["#meta+scenario"], row["#meta+n"]) == (one.account, one.scenario, "20")
            assert (row["#date+start"], row["#date+end"], row["#loc+id"]) == ("2001-03-01", one.date, one.place)
        for feature, one in zip(geojson.arrivals(case, run, run.arrivals), run.arrivals, strict=True):
            found: dict[str, Any] = feature["properties"]
            assert [found[m] for m in ("mean", "q05", "q50", "q95")] == [one.mean, one.q05, one.q50, one.q95]
            assert (found["n"], found["start"], found["date"]) == (20, "2001-03-01", one.date)
    elif table == "displaced":
        rows = cells(hxl.displaced(case, run, run.quantiles))
        for row, one in zip(rows, run.quantiles, strict=True):
            for mark in ("mean", "q05", "q10", "q25", "q50", "q75", "q90", "q95"):
                assert float(row[f"#affected+displaced+modelled+{mark}"]) == getattr(one, mark)
            assert (row["#date"], row["#loc+name"]) == (one.date, "whole region")
    else:
        rows = cells(hxl.run_ledger(run, "one"))
        spans = [s for s in run.ledger if s.account == "one"]
        assert [
            (r["#meta+commitment"], r["#date+start"], r["#date+end"], r["#status+state"], r["#status+verdict"],
             r["#indicator+breaches+num"], r["#meta+account+kind"])
            for r in rows
        ] == [(s.commitment, s.from_, s.to, s.state, s.verdict, str(s.breaches), "reading") for s in spans]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (False, "false"), (2.0, "2"), (2.5, "2.5"), (1e15, "1000000000000000.0"), (-3.0, "-3"),
     (date(2001, 2, 3), "2001-02-03"), (("a", 1.0), "a; 1"), (0, "0")],
)  # fmt: skip
def test_how_one_value_is_written(value: Any, text: str) -> None:
    assert hxl.cell_text(value) == text


@pytest.mark.parametrize(
    ("pcode", "tag"),
    [("SY07", "#adm1+code"), ("SY0701", "#adm2+code"), ("SY070101", "#adm3+code"), ("SY070101001", "#loc+code"),
     ("C1070101", "#loc+code"), ("SYab", "#loc+code")],
)  # fmt: skip
def test_a_code_goes_into_the_column_of_its_length(pcode: str, tag: str) -> None:
    assert hxl.admin_tag(pcode) == tag


@pytest.mark.parametrize(
    ("km", "settlement", "expected"),
    [(0, True, 2), (0, False, 4), (30, True, 1), (56, True, 0), (55, True, 1), (0.6, True, 2), (0.001, False, 4),
     (0.06, False, 3), (5.6, False, 1)],
)  # fmt: skip
def test_decimals_by_accuracy(km: float, settlement: bool, expected: int) -> None:
    assert geojson.decimals(km, settlement) == expected


def test_a_workbook_prints_one_page_wide_and_its_numbers_have_forms(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "x.xlsx"
    rows = [("Camp", 54151, 0.9731, 2024)]
    heads = ("site", "people", "chance", "year")
    write_sheets(path, [Sheet("one", heads, rows, people={"people"}, shares={"chance"})])
    with zipfile.ZipFile(path) as book:
        styles, page = (book.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
    own = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles))
    cells = {name: formats[int(kind)] for name, kind in re.findall(r'<c r="([A-Z]2)" s="(\d+)"', page)}
    assert [own.get(cells[name], "") for name in ("B2", "C2", "D2")] == ["#,##0", "0.0%", ""]  # a year has no thousands
    assert 'orientation="landscape"' in page
    assert 'fitToHeight="0"' in page
