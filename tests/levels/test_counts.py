"""Counting: each row once, in its area, on its day; what is not counted is said."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.case.read import load
from standoff.case.reports import incidents_of
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.levels.counts import count_case, count_file, largest
from standoff.levels.forecast import expect
from standoff.views.lines.levels import areas_words

HEADER = "event_id_cnty,event_date,sub_event_type,actor1,actor2,admin1,admin2,latitude,longitude,fatalities"
FETCHED = Path(__file__).parents[3] / "shared" / "data" / "fetched" / "events"


def acled(days: int = 240) -> str:
    """Return made-up rows in ACLED's form: one a day in Eastshire, one every fifth day in Westshire."""
    rows = [HEADER]
    for n in range(days):
        day = date(2001, 1, 1) + timedelta(days=n)
        rows.append(f"AA{n},{day},Armed clash,Red Army (2001-),Blue Guard,North,Eastshire,1.0,1.0,0")
        if n % 5 == 0:
            rows.append(
                f"BB{n},{day},Shelling/artillery/missile attack,Blue Guard,Red Army (2001-),North,Westshire,1.5,1.0,2"
            )
    rows.append(f"CC1,{date(2001, 1, 9)},Attack,Blue Guard,Civilians,North,,1.5,1.0,2")
    return "\n".join(rows) + "\n"  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(acled(), encoding="utf-8")
    return path


def test_rows_are_counted_by_district_unless_another_column_is_named(log: Path) -> None:
    counts, left = count_file(log)
    assert counts.areas == ("Eastshire", "Westshire")
    assert counts.values.sum(1).tolist() == [240, 48]
    assert (counts.first, counts.last) == (date(2001, 1, 1), date(2001, 8, 28))
    assert left.no_area == 1
    whole, left = count_file(log, by="admin1")
    assert whole.areas == ("North",) and int(whole.values.sum()) == 289 and left.no_area == 0


def test_a_party_and_a_type_are_what_the_file_writes(log: Path) -> None:
    assert int(count_file(log, kind="shelling")[0].values.sum()) == 48
    counts, left = count_file(log, party="civilians", by="admin1")
    assert int(counts.values.sum()) == 1 and left.others == 288


def test_days_after_the_last_are_not_counted(log: Path) -> None:
    counts, left = count_file(log, until=date(2001, 2, 1))
    assert counts.last == date(2001, 2, 1)
    assert counts.values.sum(1).tolist() == [32, 7] and left.outside == 288 - 39


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", "which of its columns is the area"),
        ("area,when\nx,2001-01-01\n", "columns look like the day"),
        ("area,date\nx,05/03/2001\n", "dmy"),
        ("area,date\n,2001-01-05\n", "no row can be counted"),
        ("area,date\nx,soon\n", "soon"),
    ],
)
def test_what_cannot_be_counted_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StandoffError, match=expected):
        count_file(path, by="" if text.startswith("a,") else "area")


def test_an_unknown_column_gets_the_nearest(log: Path) -> None:
    with pytest.raises(StandoffError, match="admin2"):
        count_file(log, by="admin22")


def test_the_smaller_areas_stand_together(log: Path) -> None:
    counts, _ = count_file(log)
    assert largest(counts, 2) is counts
    one = largest(counts, 1)
    assert one.areas == ("2 other areas",) and int(one.values.sum()) == 288


def test_areas_that_stand_together_come_last_and_are_counted_apart(log: Path) -> None:
    counts, _ = count_file(log, by="event_id_cnty")  # every row an area of its own, so that the rest is the largest
    levels = expect(largest(counts, 3), (28,))
    assert [one.area for one in levels.of(28)][-1] == "287 other areas"
    assert areas_words(levels.counts) == "289 areas (the 287 smallest as one)"
    assert areas_words(counts) == "289 areas"


def test_a_row_without_a_day_is_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"x,{date(2001, 1, 1) + timedelta(days=n)}" for n in range(40)]
    path.write_text("\n".join(["area,date", *rows, "x,", "x,perhaps"]), encoding="utf-8")
    with pytest.raises(StandoffError, match="perhaps"):
        count_file(path, by="area")
    path.write_text("\n".join(["area,date", *rows, "x,", "x,"]), encoding="utf-8")
    counts, left = count_file(path, by="area")
    assert int(counts.values.sum()) == 40 and left.no_day == 2


def test_a_file_by_week_and_a_column_of_counts_are_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"x,{date(2001, 1, 1) + timedelta(days=7 * n)},{n % 4}" for n in range(12)]
    path.write_text("\n".join(["area,date,incidents", *rows]), encoding="utf-8")
    counts, _ = count_file(path, by="area")
    assert int(counts.values.sum()) == 12
    assert any("counts by week" in note for note in counts.notes)
    assert any("--count incidents" in note for note in counts.notes)
    counts, _ = count_file(path, by="area", number="incidents")
    assert int(counts.values.sum()) == 18 and not any("--count" in note for note in counts.notes)


def test_the_record_of_a_case_says_that_it_is_a_selection() -> None:
    case = load("idlib")
    counts, left = count_case(case, log="record")
    placed: dict[str, str] = {}
    for e in case.events.values():
        areas = {*(case.places[p].sector for p in e.place if case.places[p].sector), *e.sector}
        if len(areas) == 1:
            placed.setdefault(incidents_of(case)[e.id], areas.pop())
    assert "selection" in counts.what
    happenings = {incidents_of(case)[event] for event in case.events}
    assert int(counts.values.sum()) + left.no_area + left.outside == len(happenings)
    by_area = dict(zip(counts.areas, counts.values.sum(1).tolist(), strict=True))
    assert by_area["saraqib"] == Counter(placed.values())["saraqib"]
    with pytest.raises(StandoffError, match="turkey"):
        count_case(case, log="record", party="turkei")
    with pytest.raises(StandoffError, match="sector, adm3 or country"):
        count_case(case, log="record", by="town")


def test_the_command_says_how_it_did_first(log: Path) -> None:
    result = CliRunner().invoke(cli, ["levels", str(log), "--horizon", "7,28"], env={"COLUMNS": "80"})
    assert result.exit_code == 0, result.output
    text = result.output
    assert max(map(len, text.splitlines())) <= 80
    assert text.index("How such forecasts did") < text.index("Expected in the 7 days from 29 Aug 2001")
    assert "Not counted: 1 row names no area" in text
    data = json.loads(CliRunner().invoke(cli, ["levels", str(log), "--horizon", "7", "--json"]).output)
    assert {"source", "scores", "levels", "not_counted"} <= set(data)
    east = next(one for one in data["levels"] if one["area"] == "Eastshire")
    assert east["last"] == 7 and east["low"] <= 7 <= east["high"] and east["surge"] is None
    assert data["scores"][0]["gain"].keys() == {"persistence", "long-run", "conflictology"}


def test_from_standard_input(log: Path) -> None:
    result = CliRunner().invoke(cli, ["levels", "-", "--horizon", "7"], input=log.read_bytes())
    assert result.exit_code == 0 and "standard input: 288 incidents" in result.output


@pytest.mark.parametrize("horizon", ["0", "400", "7,x", "", "٧"])
def test_a_horizon_that_is_none_is_refused(log: Path, horizon: str) -> None:
    result = CliRunner().invoke(cli, ["levels", str(log), "--horizon", horizon])
    assert result.exit_code == 2 and "7,28,84" in result.output


@pytest.mark.fetched
def test_counts_of_a_real_file_are_those_of_its_raw_columns() -> None:
    path = FETCHED / "ged_syria_2018_2019.csv"
    if not path.is_file():
        pytest.skip("the fetched data are absent")
    with path.open(encoding="utf-8", newline="") as file:
        raw = Counter(row["adm_1"] for row in csv.DictReader(file) if row["adm_1"])
    counts, _ = count_file(path, by="adm_1")
    assert dict(zip(counts.areas, counts.values.sum(1).tolist(), strict=True)) == dict(raw)
