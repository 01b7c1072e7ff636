"""Formats of which no real file stands here: rows made up after the public documentation of each, and read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from as_printed import as_printed
from ledger_case import case
from workbooks import xlsx

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.intake.batch import Batch, read_file
from standoff.values import When

TODAY = date(2026, 1, 1)


def anywhere() -> Case:
    made = case()
    return replace(
        made, about=replace(made.about, period=When.parse("1990-01-01/2025-12-31"), region=(-180.0, -90.0, 180.0, 90.0))
    )


def read(data: bytes | str, **options: str) -> Batch:
    return read_file(data.encode() if isinstance(data, str) else data, anywhere(), today=TODAY, name="t", **options)


def told(batch: Batch) -> list[tuple[str, str, str, float]]:
    return [(str(f.from_), str(f.to), f.measure, f.value) for f in batch.records]


# HDX HAPI (hapi.humdata.org, encoded CSV or JSON {"data": [...]})
HAPI = {"location_code": "XXX", "location_name": "Nowhere", "admin1_code": "XX01", "admin1_name": "North",
        "admin2_code": "XX0101", "admin2_name": "Rivers", "admin_level": 2,
        "reference_period_start": "2024-03-01T00:00:00", "reference_period_end": "2024-03-31T23:59:59"}  # fmt: skip


def test_hapi_conflict_events_are_counts_and_deaths_of_a_month() -> None:
    rows = [
        {**HAPI, "event_type": "political_violence", "events": 4, "fatalities": 7},
        {**HAPI, "event_type": "demonstration", "events": 2, "fatalities": None},
    ]
    batch = read(json.dumps({"data": rows}))
    assert (batch.kind, batch.source) == ("figures", "hapi-events")
    assert told(batch) == [
        ("2024-03-01", "2024-03-31", "count", 4), ("2024-03-01", "2024-03-31", "deaths", 7),
        ("2024-03-01", "2024-03-31", "count", 2),
    ]  # fmt: skip
    assert {f.pcode for f in batch.records} == {"XX0101"}
    assert batch.records[0].qualifier == "what: political_violence"
    assert "1 row: no number in fatalities" in batch.assumptions


def test_hapi_displaced_people_and_population() -> None:
    idps = read(json.dumps({"data": [{**HAPI, "population": 1200, "reporting_round": 7, "assessment_type": "BA"}]}))
    assert (idps.source, told(idps)) == ("hapi-idps", [("2024-03-01", "2024-03-31", "idps-stock", 1200)])
    base = {**HAPI, "population": 5000, "gender": "all", "age_range": "all"}
    people = read(json.dumps({"data": [base, {**base, "gender": "f", "population": 2600}]}))
    assert (people.source, [f.value for f in people.records]) == ("hapi-population", [5000, 2600])
    assert len({f.id for f in people.records}) == 2
    assert any("part of the people" in one for one in people.assumptions)


def test_hapi_refugees_are_counted_by_group_and_by_where_they_came_from() -> None:
    base = {
        "origin_location_code": "XXX", "origin_location_name": "Nowhere", "asylum_location_code": "YYY",
        "asylum_location_name": "Elsewhere", "gender": "all", "age_range": "all", "min_age": "", "max_age": "",
        "reference_period_start": "2024-01-01", "reference_period_end": "2024-12-31",
    }  # fmt: skip
    groups = {"REF": 1200, "ASY": 30, "RET": 4, "RDP": 5, "IOC": 6, "STA": 7, "ZZZ": 8}
    batch = read(json.dumps({"data": [{**base, "population_group": g, "population": n} for g, n in groups.items()]}))
    assert batch.source == "hapi-refugees"
    assert [(one.measure, one.value) for one in batch.records] == [
        ("refugees-stock", 1200), ("people-stock", 30), ("people-returned", 4), ("people-returned", 5),
        ("idps-stock", 6), ("people-stock", 7), ("people-stock", 8),
    ]  # fmt: skip
    first, second = batch.records[:2]
    assert (first.origin, first.title, str(first.to)) == ("Nowhere", "refugees, Elsewhere", "2024-12-31")
    assert (first.qualifier, second.qualifier) == (
        "gender: all; age: all; group: REF",
        "gender: all; age: all; group: ASY",
    )
    assert second.title == "asylum seekers, Elsewhere" and len({one.id for one in batch.records}) == 7


def test_acled_by_month_as_hdx_publishes_it() -> None:
    header = [
        "Country",
        "Admin1",
        "Admin2",
        "ISO3",
        "Admin2 Pcode",
        "Admin1 Pcode",
        "Month",
        "Year",
        "Events",
        "Fatalities",
    ]
    book = xlsx({
        "Licensing": [["Terms of use"], ["acleddata.com"]],
        "Data": [header, ["Nowhere", "North", "Rivers", "XXX", "XX0101", "XX01", "March", 2024.0, 4.0, 7.0]],
    })  # fmt: skip
    batch = read(book)
    assert (batch.source, batch.format, told(batch)) == (
        "acled-months", "xlsx", [("2024-03-01", "2024-03-31", "count", 4), ("2024-03-01", "2024-03-31", "deaths", 7)],
    )  # fmt: skip


ACLED = {"event_id_cnty": "XXX1", "event_date": "2020-01-15", "time_precision": 1, "sub_event_type": "Armed clash",
         "actor1": "Red", "actor2": "Blue", "country": "Nowhere", "admin1": "North", "admin2": "Rivers", "admin3": "",
         "location": "Middle", "latitude": "35.5", "longitude": "36.5", "geo_precision": 1, "fatalities": "3",
         "source": "Wire; Paper", "notes": "Their words.", "timestamp": 1579219200, "assoc_actor_1": "Red militia",
         "inter1": 1, "tags": ""}  # fmt: skip


def test_the_answer_of_acleds_api_is_a_list_of_reports() -> None:
    batch = read(json.dumps({"status": 200, "success": True, "count": 1, "data": [ACLED]}))
    (report,) = batch.records
    assert (batch.source, batch.format, report.source, report.restricted) == ("acled", "json", "ACLED", True)
    assert (str(report.known_from), str(report.known_by)) == ("2020-01-15", "2020-01-17")
    assert report.areas == ("Nowhere", "North", "Rivers")
    assert (report.actor, report.target, report.actor_written) == (("side:red",), ("side:blue",), "Red")
    assert [(t.measure, t.low, t.high) for t in report.tolls] == [("deaths", 3, 3)]
    assert (report.text, report.others["told_by"], report.others["actor_with"]) == (
        "Their words.",
        "Wire; Paper",
        "Red militia",
    )
    assert batch.columns["date"] == "event_date"
    assert batch.left == ("inter1",)


def test_a_workbook_of_events_with_real_days_and_numbers() -> None:
    row = {**ACLED, "event_date": date(2020, 1, 15), "latitude": 35.5, "longitude": 36.5}
    batch = read(xlsx({"Sheet1": [list(row), list(row.values())]}))
    assert [str(r.date) for r in batch.records] == ["2020-01-15"]
    assert batch.format == "xlsx"


# UNHCR: api.unhcr.org/population/v1 (items), the Refugee Data Finder's CSV, and the portal's lists
def test_unhcr_by_year_as_its_api_and_its_finder_give_it() -> None:
    item = {"year": 2022, "coo_id": 1, "coo_name": "Nowhere", "coo": "NOW", "coo_iso": "NOW", "coa_name": "Elsewhere",
            "coa_iso": "ELS", "refugees": 1200, "asylum_seekers": "30", "idps": "0",
            "returned_refugees": "-"}  # fmt: skip
    batch = read(json.dumps({"page": 1, "maxPages": 1, "total": [], "items": [item]}))
    assert (batch.source, [(f.measure, f.value) for f in batch.records]) == (
        "unhcr-years", [("refugees-stock", 1200), ("people-stock", 30), ("idps-stock", 0)],
    )  # fmt: skip
    assert {(f.origin, str(f.from_), str(f.to)) for f in batch.records} == {("Nowhere", "2022-01-01", "2022-12-31")}
    finder = read(
        '"Year","Country of origin","Country of origin (ISO)","Country of asylum","Country of asylum (ISO)",'
        '"Refugees under UNHCR\'s mandate","Asylum-seekers"\n"2022","Nowhere","NOW","Elsewhere","ELS","1200","30"\n'
    )
    assert [f.value for f in finder.records] == [1200, 30]


def test_the_portals_list_of_countries() -> None:
    answer = {"data": [
        {"id": "1", "geomaster_name": "Elsewhere", "date": "2022-03-05", "individuals": "1200", "source": "Government",
         "centroid_lon": "20.1", "centroid_lat": "50.2"},
    ]}  # fmt: skip
    batch = read(json.dumps(answer))
    assert (batch.source, told(batch)) == ("unhcr-portal", [("2022-03-05", "2022-03-05", "refugees-stock", 1200)])
    assert batch.records[0].title == "refugees, Elsewhere"


def test_crossings_so_far_are_counted_from_the_first_day_of_the_table_and_those_of_a_day_from_that_day() -> None:
    batch = read("data_date,daily_refugees,cumulative_refugees\n2022-03-02,5,12\n2022-03-01,7,7\n")
    assert {(str(f.from_), str(f.to), f.value) for f in batch.records} == {
        ("2022-03-01", "2022-03-02", 12), ("2022-03-02", "2022-03-02", 5), ("2022-03-01", "2022-03-01", 7),
    }  # fmt: skip
    assert {f.measure for f in batch.records} == {"border-crossings"}


# IDMC: updates (helix-tools-api.idmcdb.org) and GIDD by year
def test_idmc_updates_and_years() -> None:
    row = {"id": 5, "country": "Nowhere", "iso3": "NOW", "latitude": 10.5, "longitude": 20.5,
           "displacement_type": "Conflict", "qualifier": "more than", "figure": 350, "displacement_date": "2023-02-04",
           "displacement_start_date": "2023-02-03", "displacement_end_date": "2023-02-05", "year": 2023,
           "created_at": "2023-02-09T08:00:00Z", "locations_name": "Rivers"}  # fmt: skip
    batch = read(json.dumps([row]))
    (figure,) = batch.records
    assert (batch.source, told(batch)) == (
        "idmc-updates", [("2023-02-03", "2023-02-05", "displacement-movements", 350)],
    )  # fmt: skip
    assert (figure.bound, figure.published, figure.qualifier) == ("more-than", "2023-02-09", "what: Conflict")
    assert figure.source == batch.title
    years = read("iso3,country_name,year,new_displacement,total_displacement\nNOW,Nowhere,2021,1200,3400\n")
    assert [(f.measure, f.value) for f in years.records] == [("displacement-movements", 1200), ("idps-stock", 3400)]


def test_idmc_by_month_has_a_country_in_each_column_that_has_a_name() -> None:
    batch = read("Month,XXX,,YYY\n2023-01,10,7,20\n2023-02,,7,30\n", kind="idmc-months")
    assert [(str(f.from_), str(f.to), f.pcode, f.value) for f in batch.records] == [
        ("2023-01-01", "2023-01-31", "XXX", 10), ("2023-01-01", "2023-01-31", "YYY", 20),
        ("2023-02-01", "2023-02-28", "YYY", 30),
    ]  # fmt: skip


def test_a_plain_table_of_sites_meets_the_places_of_the_case() -> None:
    batch = read("Site;Date;People\nNorthtown;25/03/2020;1.200.300\nElsewhere;05/03/2020;7\n")
    assert (batch.source, [(f.place, f.value, str(f.from_)) for f in batch.records]) == (
        "people", [("northtown", 1200300, "2020-03-25"), ("", 7, "2020-03-05")],
    )  # fmt: skip
    assert read("camp,date,idps\nA,2020-01-01,5\n").records[0].measure == "idps-stock"


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        ("site,date,people\nA,05/03/2020,7\n", {}, "--dates dmy"),
        ("site,date,people\nA,2020-03-05,1.200\n", {}, "--numbers point"),
        ("site,date,people\nA,2020-03-05,2.5\n", {}, "a number of people"),
        ("site,date,people\nA,,7\n", {}, "no date"),
        ("site,date,people\nA,2020-03-05,7,8\n", {}, "more cells than the header"),
        ("site,when,people\nA,2020-03-05,7\n", {}, "'date' is missing"),
    ],
)
def test_figures_that_cannot_be_read_in_one_way_are_refused_with_their_line(
    data: str, options: dict[str, str], said: str
) -> None:
    with pytest.raises(StandoffError) as caught:
        read(data, **options)
    assert said in as_printed(caught.value)
    assert any(p.line in (1, 2) for p in caught.value.problems)


def test_a_file_read_twice_gives_the_same_ids_and_rows_alike_are_told_apart() -> None:
    data = "site,date,people\nA,2020-01-01,5\nA,2020-01-01,5\nB,2020-01-01,5\n"
    one, two = read(data), read(data)
    assert [f.id for f in one.records] == [f.id for f in two.records]
    assert len({f.id for f in one.records}) == 3


def test_agreements_part_their_parties_as_the_numbers_of_their_parties_say() -> None:
    header = "paid,pa_name,pa_date,actor_name,actor_id,cease,withd,pa_3rd,linktofulltextagreement"
    rows = [
        'a1,"Accord, one",2001-02-03,"Government of Red, Blue, The band","1, 2, 3",1,0,UN,http://example.org/1',
        'a2,Accord two,2002-02-03,"The band, Northern branch, Blue","2, 3",0,1,,',
    ]
    first, second = read("\n".join([header, *rows])).records
    assert first.agreement.parties == ("red", "blue", "band")
    assert (first.provisions, first.third_parties, str(first.agreement.date)) == (("ceasefire",), "UN", "2001-02-03")
    assert all(p.startswith("unknown:") for p in second.agreement.parties)  # three commas, two parties: not parted
    assert second.provisions == ("withdrawal of foreign forces",)


@pytest.mark.parametrize(
    ("place", "lat", "precision", "at"),
    [
        ("Northtown", "35.9", "1", "northtown"),
        ("NORTHTOWN", "35.91", "1", "northtown"),
        ("Northtown", "35.9", "2", "at:"),  # near it, by the source's own word
        ("Northtown", "35.2", "1", "at:"),  # another place of that name
        ("Norttown", "35.9", "1", "at:"),
        ("", "35.9", "1", "at:"),
    ],
)
def test_a_spot_is_a_place_of_the_case_only_by_name_exactness_and_distance(
    place: str, lat: str, precision: str, at: str
) -> None:
    row = {**ACLED, "location": place, "latitude": lat, "longitude": "36.6", "geo_precision": precision}
    (report,) = read(json.dumps([row])).records
    assert report.place.startswith(at)


def test_a_file_is_read_from_bytes_and_a_path_alike(tmp_path: Path) -> None:
    data = json.dumps([ACLED]).encode()
    (tmp_path / "x.json").write_bytes(data)
    one, two = read_file(tmp_path / "x.json", anywhere(), today=TODAY), read(data)
    assert [r.id for r in one.records] == [r.id for r in two.records] == ["XXX1"]


def test_of_a_small_file_records_are_held_and_are_the_same_each_time() -> None:
    records = read(json.dumps([ACLED, {**ACLED, "event_id_cnty": "XXX2"}])).records
    assert [a is b for a, b in zip(records, records, strict=True)] == [True, True]


def test_of_a_large_file_records_are_made_again_and_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**ACLED, "event_id_cnty": f"X{k}"} for k in range(9)]
    whole = list(read(json.dumps(rows)).records)
    monkeypatch.setattr("standoff.intake.parts.MOST_HELD", 3)
    batch = read(json.dumps([*rows, {**ACLED, "event_id_cnty": "Y", "fatalities": "x"}]), skip_bad=True)  # type: ignore[arg-type]
    assert list(batch.records) == list(batch.records) == whole
    assert (len(batch.records), batch.records[2], batch.bad) == (9, whole[2], 1)
