"""Figures of people from tables as people have them: which column is what, and what is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest

from standoff.errors import StandoffError
from standoff.intake.series import PeopleTable, read_figures


def read(text: str, **options: object) -> PeopleTable:
    return read_figures(text.encode(), name="t.csv", today=date(2026, 1, 1), **options)  # type: ignore[arg-type]


def refusal(text: str, **options: object) -> str:
    with pytest.raises(StandoffError) as caught:
        read(text, **options)
    return "\n".join(map(str, caught.value.problems))


def values(table: PeopleTable) -> dict[str, list[tuple[str, float]]]:
    return {
        path[-1]: [(date.fromordinal(d).isoformat(), v) for d, v in sorted(days.items())]
        for path, days in table.figures.items()
    }


def test_a_row_for_each_site_and_day() -> None:
    table = read("date,site,people\n2024-01-31,Alma,100\n2024-02-29,Alma,120\n2024-01-31,Berg,7\n")
    assert values(table) == {"Alma": [("2024-01-31", 100.0), ("2024-02-29", 120.0)], "Berg": [("2024-01-31", 7.0)]}


def test_days_as_columns() -> None:
    table = read('Region,Camp,31/01/2024,29/02/2024,Remarks\nEast,Alma,"1,000","1,200",x\nEast,Berg,7,,y\n')
    assert values(table) == {"Alma": [("2024-01-31", 1000.0), ("2024-02-29", 1200.0)], "Berg": [("2024-01-31", 7.0)]}
    assert list(table.figures) == [("East", "Alma"), ("East", "Berg")]
    assert "1 cell without a number" in table.notes


def test_months_as_columns_are_their_last_days() -> None:
    table = read("District;Jan 2024;Feb 2024;Mar 2024\nAlma;10;20;30\nBerg;1;2;3\n")
    assert values(table)["Alma"] == [("2024-01-31", 10.0), ("2024-02-29", 20.0), ("2024-03-31", 30.0)]


def test_sites_as_columns_and_their_total() -> None:
    table = read("Date,Alma,Berg,Total\n2024-01-31,10,1,11\n2024-02-29,20,2,22\n")
    assert list(values(table)) == ["Alma", "Berg"]
    assert list(table.totals) == [("Total",)]


def test_hashtags() -> None:
    table = read(
        "Jour,Zone,Code,Deplaces,Femmes\n#date,#adm2+name,#adm2+code,#affected+idps,#affected+idps+f\n"
        "2024-01-31,Alma,XX0101,10,5\n2024-04-30,Alma,XX0101,20,11\n"
    )
    assert values(table) == {"Alma": [("2024-01-31", 10.0), ("2024-04-30", 20.0)]}
    assert table.codes == {("Alma",): "XX0101"} and table.measure == "idps-stock"


def test_rows_of_larger_areas_are_totals_and_parts_are_added() -> None:
    head = "admin0Name,admin1Name,admin2Name,numPresentIdpInd,reportingDate,displacementReason\n"
    rows = "Xland,,,30,2024-01-31,Conflict\nXland,East,,30,2024-01-31,Conflict\n"
    rows += "Xland,East,Alma,10,2024-01-31,Conflict\nXland,East,Alma,20,2024-01-31,Flood\n"
    table = read(head + rows)
    assert table.figures == {("Xland", "East", "Alma"): {date(2024, 1, 31).toordinal(): 30.0}}
    assert len(table.totals) == 2
    assert any("by displacementReason" in note for note in table.notes)


def test_json_of_the_portal() -> None:
    rows = [{"data_date": f"2024-01-{d:02d}", "individuals": str(100 + d), "geomaster_name": "Alma"} for d in (1, 8)]
    table = read(json.dumps({"data": rows}))
    assert values(table) == {"Alma": [("2024-01-01", 101.0), ("2024-01-08", 108.0)]}
    assert table.measure == "refugees-stock"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,site,people\n2024-01-31,Alma,-5\n", "below zero"),
        ("date,site,people\n2024-01-31,Alma,12.5\n", "a part of a person"),
        ("date,site,people\n2024-01-31,Alma,350 families\n", "with the unit 'families'"),
        ("date,site,people,unit\n2024-01-31,Alma,5,people\n2024-02-29,Alma,2,households\n", "two units"),
        ("date,site,people\n2024-01-31,Alma,5\n2024-01-31,Alma,6\n", "two figures on 2024-01-31"),
        ("date,site,people\n2031-01-31,Alma,5\n", "in the future"),
        ("Day of report,Camp name,Displaced persons,Returned persons\n2024-01-31,Alma,5,6\n", "several columns may be"),
        ("site,people\nAlma,5\n", "no column holds days"),
        ("date,site,people\n05/03/2024,Alma,5\n", "say --dates dmy"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_and_where(text: str, words: str) -> None:
    told = refusal(text)
    assert words in told
    assert "t.csv" in told


def test_all_bad_rows_are_told_at_once_and_can_be_left_out() -> None:
    text = "date,site,people\n2024-01-31,Alma,5\n2024-02-29,Alma,-6\n2024-03-31,Alma,x\n"
    told = refusal(text)
    assert "2 rows" in told and "t.csv:3" in told and "t.csv:4" in told and "--skip-bad" in told
    assert values(read(text, skip_bad=True)) == {"Alma": [("2024-01-31", 5.0)]}


def test_repeated_rows_are_what_the_user_says() -> None:
    text = "date,site,people\n2024-01-31,Alma,5\n2024-01-31,Alma,6\n"
    assert values(read(text, repeats="sum"))["Alma"][0][1] == 11.0
    assert values(read(text, repeats="last"))["Alma"][0][1] == 6.0
    same = read("date,site,people\n2024-01-31,Alma,5\n2024-01-31,Alma,5\n")
    assert values(same)["Alma"][0][1] == 5.0 and any("read once" in note for note in same.notes)


def test_another_column_of_people_is_named() -> None:
    table = read("date,site,idps,returnees\n2024-01-31,Alma,5,6\n")
    assert "returnees is left alone; for it say --map people='returnees'" in table.notes
    assert values(read("date,site,idps,returnees\n2024-01-31,Alma,5,6\n", measure="returnees"))["Alma"][0][1] == 6.0


def test_units_are_chosen_by_only_and_columns_by_map() -> None:
    text = "When,Where,IDPs,Returnees,unit\n2024-01-31,Alma,5,1,people\n2024-01-31,Alma,2,1,households\n"
    table = read(text, columns={"people": "IDPs", "site": "Where"}, only={"unit": "people"})
    assert values(table) == {"Alma": [("2024-01-31", 5.0)]}


def test_writings_of_a_name_are_one_site_and_a_code_joins_two_names() -> None:
    table = read("date,site,people\n2024-01-31,Al-Ma,5\n2024-02-29,al ma,6\n")
    assert len(table.figures) == 1 and any("several ways" in note for note in table.notes)
    coded = read("date,site,pcode,people\n2024-01-31,Old,XX01,5\n2024-02-29,New,XX01,6\n")
    assert values(coded) == {"New": [("2024-01-31", 5.0), ("2024-02-29", 6.0)]}


def test_days_out_of_order_are_read_in_order_and_said() -> None:
    table = read("date,site,people\n2024-03-31,Alma,3\n2024-01-31,Alma,1\n2024-02-29,Alma,2\n")
    assert [v for _, v in values(table)["Alma"]] == [1.0, 2.0, 3.0]
    assert any("read in order of date" in note for note in table.notes)


def test_a_row_called_total_is_not_added_wherever_it_stands() -> None:
    table = read("date,site,people\n2024-01-31,Alma,5\n2024-01-31,Berg,6\n2024-01-31,Grand total,11\n")
    assert list(values(table)) == ["Alma", "Berg"] and list(table.totals) == [("Grand total",)]


@pytest.mark.parametrize("head", ["Ménages", "Households", "HHs", "Hogares", "Familles", "أسر"])
def test_households_beside_people_are_told(head: str) -> None:
    rows = "".join(f"Alma;2023-0{n}-15;{200 + n};{1000 + n}\n" for n in range(1, 5))
    table = read(f"Site;Date;{head};Individus\n{rows}")
    assert f"{head} is left alone: people are counted, not households" in table.notes
    assert [v for _, v in values(table)["Alma"]] == [1001, 1002, 1003, 1004]


@pytest.mark.parametrize("head", ["Round {}", "Ronda {}", "R{} (round)", "Tour {}"])
def test_rounds_without_days_ask_for_them(head: str) -> None:
    heads = ",".join(head.format(n) for n in range(1, 4))
    words = refusal(f"Governorate,{heads}\nA,100,120,130\nB,50,60,70\n")
    assert "are rounds, and no day is told of them; expected the day of each round" in words


SITES = {"Alma": (100, 120, 130, 145), "Berg": (50, 60, 70, 65)}
MONTHS = ("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30")


def rows_of(days: tuple[str, ...], mark: str = ",") -> str:
    return "".join(f"{s}{mark}{d}{mark}{SITES[s][n]}\n" for n, d in enumerate(days) for s in SITES)


def people_of(table: PeopleTable) -> dict[str, tuple[float, ...]]:
    return {name: tuple(v for _, v in past) for name, past in values(table).items()}


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        (("W10 2024", "W11 2024", "W12 2024", "W13 2024"), "2024-03-10", "2024-03-31"),
        (("2024-W10", "2024-W11", "2024-W12", "2024-W13"), "2024-03-10", "2024-03-31"),
        (("S1 2024", "S2 2024", "S3 2024", "S4 2024"), "2024-01-07", "2024-01-28"),
        (("Q1 2024", "Q2 2024", "Q3 2024", "Q4 2024"), "2024-03-31", "2024-12-31"),
        (("Dec-23", "Jan-24", "Feb-24", "Mar-24"), "2023-12-31", "2024-03-31"),
        (("déc.-23", "janv.-24", "févr.-24", "mars-24"), "2023-12-31", "2024-03-31"),
        (("45322", "45351", "45382", "45412"), "2024-01-31", "2024-04-30"),
        (("1-7 March 2024", "8-14 March 2024", "15-21 March 2024", "22-28 March 2024"), "2024-03-07", "2024-03-28"),
    ],
)  # fmt: skip
def test_weeks_quarters_months_and_spans_are_days(days: tuple[str, ...], first: str, last: str) -> None:
    table = read("site,date,people\n" + rows_of(days))
    assert people_of(table) == SITES
    assert (values(table)["Alma"][0][0], values(table)["Alma"][-1][0]) == (first, last)


def test_a_year_and_a_week_are_a_day_and_what_lacks_its_year_asks() -> None:
    text = "site,year,week,people\n" + "".join(
        f"{s},2024,{n + 10},{v}\n" for s in SITES for n, v in enumerate(SITES[s])
    )
    table = read(text)
    assert people_of(table) == SITES and values(table)["Alma"][0][0] == "2024-03-10"
    assert "weeks are those of ISO 8601, Monday to Sunday" in table.notes
    assert "no column the year" in refusal("place,week,persons\nAlma,10,5\nAlma,11,6\n")


@pytest.mark.parametrize(
    "days", [("Jan-07", "Jan-14", "Jan-21", "Jan-28"), ("S1 2024", "S2 2024", "S1 2025", "S2 2025")]
)
def test_days_that_may_be_something_else_are_not_guessed(days: tuple[str, ...]) -> None:
    assert "may be" in refusal("site,date,people\n" + rows_of(days))


@pytest.mark.parametrize(
    "upper_lower",
    [
        ("Location,,When,Displaced,\nRegion,Site,Date,HH,Ind\n"),
        ("Camp list,,,,\nLocation,,When,Displaced,\nRegion,Site,Date,HH,Ind\n"),
    ],
)
def test_a_header_on_two_rows(upper_lower: str) -> None:
    rows = "".join(f"East,{s},{d},{v // 5},{v}\n" for s in SITES for d, v in zip(MONTHS, SITES[s], strict=True))
    table = read(upper_lower + rows)
    assert people_of(table) == SITES and table.levels == ("Region", "Site")
    assert any(note.startswith("the header is on lines") for note in table.notes)


def test_a_first_row_without_numbers_is_not_a_part_of_the_header() -> None:
    table = read("site,date,people\nAlma,2024-01-31,not assessed\n" + rows_of(MONTHS[1:]))
    assert people_of(table)["Alma"] == SITES["Alma"][:3]


def test_days_over_households_and_people_and_years_over_months() -> None:
    heads = ",".join(f"{day}," for day in MONTHS)
    rows = "".join(f"{s},{','.join(f'{v // 5},{v}' for v in SITES[s])}\n" for s in SITES)
    table = read(f"Site,{heads}\n,{','.join(['HH,Ind'] * 4)}\n{rows}".replace(",\n,HH", "\n,HH"))
    assert people_of(table) == SITES and "HH is left alone" in table.notes
    several = f"Site,{heads}\n,{','.join(['Arrived,Present'] * 4)}\n{rows}".replace(",\n,Arr", "\n,Arr")
    assert "several columns of a day may be the people: Arrived, Present" in refusal(several)
    assert people_of(read(several, columns={"people": "Present"})) == SITES
    months = read("Site,2024,,,\n,Jan,Feb,Mar,Apr\n" + "".join(f"{s},{','.join(map(str, SITES[s]))}\n" for s in SITES))
    assert values(months)["Alma"][-1] == ("2024-04-30", 145.0)


def test_blank_cells_below_a_name_mean_that_name_where_each_stands_once() -> None:
    rows = "".join(
        f"{'East' if s == 'Alma' and n == 0 else ''},{s if n == 0 else ''},{d},{SITES[s][n]}\n"
        for s in SITES
        for n, d in enumerate(MONTHS)
    )
    table = read(f"Region,Site,Date,People\n{rows}")
    assert people_of(table) == SITES and list(table.figures) == [("East", "Alma"), ("East", "Berg")]
    by_date = "".join(f"{d if s == 'Alma' else ''},{s},{SITES[s][n]}\n" for n, d in enumerate(MONTHS) for s in SITES)
    assert people_of(read(f"Date,Site,People\n{by_date}")) == SITES


def test_a_row_without_its_site_is_refused_and_one_that_is_the_sum_is_a_total() -> None:
    text = "date,site,people\n2024-01-31,Alma,100\n2024-01-31,,50\n2024-02-29,Alma,120\n2024-02-29,Berg,60\n"
    assert "t.csv:3" in refusal(text) and "has no site" in refusal(text)
    assert people_of(read(text, skip_bad=True)) == {"Alma": (100, 120), "Berg": (60,)}
    table = read("date,site,people\n2024-01-31,Alma,100\n2024-01-31,Berg,50\n2024-01-31,,150\n")
    assert people_of(table) == {"Alma": (100,), "Berg": (50,)}
    assert any("sum of the sites" in note for note in table.notes)


@pytest.mark.parametrize(
    "name", ["Toplam", "Всього", "Razem", "North total", "Total of North", "إجمالي الشمال", "合计"]
)
def test_totals_in_many_languages_are_not_sites(name: str) -> None:
    text = "date,site,people\n" + "".join(f"{d},{n},{v}\n" for d in MONTHS for n, v in (("A", 5), ("B", 6), (name, 11)))
    assert list(values(read(text))) == ["A", "B"]


def test_what_counts_other_than_people_says_so() -> None:
    rows = "".join(f"Alma,2024-0{n}-15,{100 + n},{110 + n}\n" for n in range(1, 5))
    said = refusal(f"place,date,male,female\n{rows}")
    assert "no column counts all people" in said and "--map people='male+female'" in said
    table = read(f"place,date,male,female\n{rows}", columns={"people": "male+female"})
    assert people_of(table)["Alma"] == (212, 214, 216, 218) and table.column == "male + female"
    assert "households and not people" in refusal(f"place,date,households,of which families of one\n{rows}")
    both = refusal(f"site,date,arrivals,present\n{rows}")
    assert "several columns may be the people: arrivals, present" in both


THREE = {"Alma": [10, 12, 14], "Berg": [20, 21, 22], "Cove": [30, 29, 28]}
DAYS = ["2024-01-31", "2024-02-29", "2024-03-31"]
LONG = [f"{day},{site},{some[k]}" for k, day in enumerate(DAYS) for site, some in THREE.items()]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("site,date,people\n" + "\n".join(
            [",".join((r.split(",")[1], r.split(",")[0], r.split(",")[2])) for r in LONG]
            + [f"Total,{d},{n}" for d, n in zip(DAYS, (60, 67, 64), strict=True)]), 12),
        ("site," + ",".join(DAYS) + "\n" + "\n".join(f"{s},{a},{b},{c}" for s, (a, b, c) in THREE.items())
         + "\nTotal,60,67,64\n", 5),
        ("date,Alma,Berg,Cove,Total\n" + "\n".join(
            f"{d},{','.join(str(x[k]) for x in THREE.values())},{(60, 67, 64)[k]}" for k, d in enumerate(DAYS)), 0),
        ("region,site,date,people\n" + "\n".join(
            [f"East,{r.split(',')[1]},{r.split(',')[0]},{r.split(',')[2]}" for r in LONG]
            + [f"East,,{d},{n}" for d, n in zip(DAYS, (60, 67, 64), strict=True)]), 0),
    ],
    ids=["rows", "days-as-columns", "sites-as-columns", "areas"],
)  # fmt: skip
def test_a_total_that_misfits_is_shown_with_sum_and_difference_by_day(text: str, line: int) -> None:
    table = read(text)
    off = [one for one in table.compared if one.difference]
    assert len(table.compared) == 3
    assert [(one.line, one.day, one.total, one.of_sites, one.difference, one.sites) for one in off] == [
        (line, date(2024, 2, 29).toordinal(), 67.0, 62.0, 5.0, 3)
    ]
    assert any("on 2024-02-29: 67, its 3 sites have 62 (5 more)" in note for note in table.notes)


def test_a_total_says_which_sites_have_no_figure_and_a_subtotal_is_that_of_its_rows() -> None:
    text = "site,date,people\nAlma,2024-01-31,10\nBerg,2024-01-31,20\nSubtotal,2024-01-31,30\nCove,2024-01-31,30\n"
    text += "Subtotal,2024-01-31,31\nTotal,2024-01-31,60\nAlma,2024-02-29,11\nTotal,2024-02-29,61\nTotal,,99\n"
    table = read(text)
    assert [one.difference for one in table.compared] == [0, 1, 0, 50]
    assert any("1 more" in note and "1 site" in note for note in table.notes)
    assert "line 10 is a total without a day, and is not added or compared: Total | 99" in table.notes
    whole = read("date,Alma,Berg,Total\n2024-01-31,1,2,3\n2024-02-29,4,,6\n")
    assert [(one.difference, one.absent) for one in whole.compared] == [(0, 0), (2, 1)]


def test_rows_without_a_site_that_misfit_are_each_shown() -> None:
    blank = [f"{d},,{n}" for d, n in zip(DAYS, (60, 67, 64), strict=True)]
    said = refusal("date,site,people\n" + "\n".join([*LONG, *blank]))
    assert "t.csv:12" in said and "67, its 3 sites have 62 (5 more)" in said


@pytest.mark.parametrize(
    "head", ["people (thousands)", "IDPs ('000)", "Personnes déplacées (milliers)", "IDPs in millions"]
)
def test_a_column_of_thousands_is_refused_until_it_is_named(head: str) -> None:
    text = f"site,date,{head}\nAlma,2024-01-31,34\nAlma,2024-02-29,36\n"
    assert "does not count single people" in refusal(text) and "--map people=" in refusal(text)
    assert values(read(text, columns={"people": head}))["Alma"][-1] == ("2024-02-29", 36.0)


@pytest.mark.parametrize("unit", ["households", "HH", "thousands"])
def test_a_unit_that_is_never_people_is_refused(unit: str) -> None:
    said = refusal(f"site,date,unit,figure\nAlma,2024-01-31,{unit},34\nAlma,2024-02-29,{unit},36\n")
    assert "t.csv:2" in said and "not counted one by one" in said


@pytest.mark.parametrize(
    "head",
    ["Region,Site name,Date,IDPs", "Province,Lieu,Date,Personnes déplacées", "المحافظة,الموقع,التاريخ,عدد النازحين"],
)
def test_the_site_is_the_site_beside_a_column_of_its_area(head: str) -> None:
    table = read(f"{head}\nN,Alma,2024-01-31,5\nN,Berg,2024-01-31,7\nN,Alma,2024-02-29,5\nN,Berg,2024-02-29,8\n")
    assert list(table.figures) == [("N", "Alma"), ("N", "Berg")]


def test_arrivals_year_to_date_are_people() -> None:
    assert values(read("site,month,arrivals year to date\nAlma,2024-01,5\nAlma,2024-02,9\n"))["Alma"][1][1] == 9
