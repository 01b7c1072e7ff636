"""Days and numbers by the evidence of a whole column: what one cell proves, what contradicts, what is asked."""

from __future__ import annotations

from datetime import date

import pytest
from as_printed import prints

from standoff.errors import StandoffError
from standoff.files.sheet_layout import TypedNumber
from standoff.intake.columns import Numbers, code_of, days_of, is_blank, month_number, numbers_of

PEOPLE = {"whole": True, "high": 1e12, "noun": "a number of people such as 3 or 1,000"}
NORTH = {"low": -90.0, "high": 90.0, "noun": "degrees"}


def at(*cells: str) -> dict[str, int]:
    return {cell: line for line, cell in enumerate(cells, 2)}


def day(cell: str, *others: str, order: str | None = None) -> str:
    return str(days_of(at(cell, *others), "when", "t.csv", order).moment(cell).when)


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        ("2020-03-05", "2020-03-05"), ("2020/3/5", "2020-03-05"), ("2020.03.05", "2020-03-05"),
        ("20200305", "2020-03-05"), ("2020-03-05T00:00:00", "2020-03-05"), ("2020-03-05 23:59:59.999", "2020-03-05"),
        ("2020-03-05T14:30:00Z", "2020-03-05"), ("2020-03-05T14:30:00+03:00", "2020-03-05"),
        ("05 March 2020", "2020-03-05"), ("5-Mar-20", "2020-03-05"), ("05-MAR-20", "2020-03-05"),
        ("5-May-69", "1969-05-05"), ("5-May-68", "2068-05-05"), ("March 5, 2020", "2020-03-05"),
        ("Thursday, 5 March 2020", "2020-03-05"), ("5th March 2020", "2020-03-05"), ("5 Sept. 2020", "2020-09-05"),
        ("1er mars 2020", "2020-03-01"), ("5 août 2020", "2020-08-05"), ("5 déc. 2020", "2020-12-05"),
        ("5 de marzo de 2020", "2020-03-05"), ("5 марта 2020", "2020-03-05"), ("5 березня 2020", "2020-03-05"),
        ("٥ آذار ٢٠٢٠", "2020-03-05"), ("٥ مارس ٢٠٢٠", "2020-03-05"), ("5 كانون الثاني 2020", "2020-01-05"),
        ("٢٠٢٠-٠٣-٠٥", "2020-03-05"), ("۲۰۲۰/۰۳/۰۵", "2020-03-05"), ("March 2020", "2020-03"), ("2020-03", "2020-03"),
        ("05/05/2020", "2020-05-05"), ("7.7.2020", "2020-07-07"), ("31/12/2020", "2020-12-31"),
        ("12/31/2020", "2020-12-31"), ("le 5 mars 2020", "2020-03-05"), ("5 марта 2020 г.", "2020-03-05"),
        ("5 березня 2020 р.", "2020-03-05"), ("2020年3月5日", "2020-03-05"),
    ],
)  # fmt: skip
def test_a_day_that_can_be_read_in_one_way(cell: str, when: str) -> None:
    assert day(cell) == when


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("yesterday", "a day such as 2020-03-05"), ("0020-03-10", "a year from 1800 to 2200"),
        ("9999-12-31", "a year from 1800 to 2200"), ("2020-02-30", "exists in the calendar"),
        ("30 February 2020", "exists in the calendar"), ("2020-13-01", "exists in the calendar"),
        ("43895", "2020-03-05: save it as a date"), ("2020-03-05T00:01 Nowhere/Zone", "the ledger is by day"),
        ("5 Marsh 2020", "a day such as"), ("", "a day such as"), ("x" * 10_000, "a day such as"),
        ("2020-03-05 25:61", "a time of day"), ("5/3", "a day such as"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_told_with_what_was_expected(cell: str, said: str) -> None:
    with pytest.raises(ValueError, match="the date in when is") as caught:
        days_of(at(cell), "when", "t.csv").moment(cell)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


def test_an_hour_is_kept_and_midnight_is_none() -> None:
    days = days_of({}, "when", "t.csv")
    cells = ("2020-03-05T14:30:00+03:00", "2020-03-05 2:30 PM", "2020-03-05 00:00", "2020-03-05")
    assert [days.moment(cell).hour for cell in cells] == ["14:30+03:00", "14:30", "", ""]


@pytest.mark.parametrize(
    ("others", "order", "when"),
    [
        (["25/03/2020"], None, "2020-03-05"),
        (["03/25/2020"], None, "2020-05-03"),
        (["13.1.20", "1.1.20"], None, "2020-03-05"),
        (["2020-03-25"], "mdy", "2020-05-03"),
        ([], "dmy", "2020-03-05"),
        ([], "mdy", "2020-05-03"),
    ],
)
def test_one_cell_decides_for_its_column_or_the_user_does(others: list[str], order: str | None, when: str) -> None:
    days = days_of(at("05/03/2020", *others), "when", "t.csv", order)
    assert str(days.moment("05/03/2020").when) == when
    assert "day, month, year" in days.notes[0] or "month, day, year" in days.notes[0]


@pytest.mark.parametrize("others", [[], ["01/01/2020"], ["2020-03-25"], ["25 March 2020"], ["12/11/2020"]])
def test_where_no_cell_decides_it_is_asked(others: list[str]) -> None:
    with pytest.raises(StandoffError) as caught:
        days_of(at("05/03/2020", *others), "when", "t.csv")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("t.csv", 2)
    assert "5 March or 3 May" in problem.what
    assert "--dates dmy" in problem.hint
    assert "mdy" in problem.hint


def test_two_orders_in_one_column_are_refused_with_both_lines() -> None:
    with pytest.raises(StandoffError, match=r"t.csv:3: when is '03/25/2020' here and '25/03/2020' on line 2"):
        days_of(at("25/03/2020", "03/25/2020"), "when", "t.csv")
    days = days_of(at("25/03/2020", "03/25/2020"), "when", "t.csv", "dmy")
    with pytest.raises(ValueError, match="expected day, month and year"):
        days.moment("03/25/2020")
    with prints("--dates"):
        days_of({}, "when", "t.csv", "ymd")


def test_a_number_of_a_workbook_is_a_day_and_one_of_a_text_is_not() -> None:
    days = days_of({TypedNumber("43895"): 2}, "when", "t.xlsx")
    assert str(days.moment(TypedNumber("43895")).when) == "2020-03-05"
    assert days.moment(TypedNumber("43895.5")).hour == "12:00"
    assert "day numbers of a spreadsheet" in days.notes[0]
    for cell in (TypedNumber("7"), TypedNumber("1e9"), "43895"):
        with pytest.raises(ValueError, match="the date in when"):
            days.moment(cell)
    assert days.day(TypedNumber("20200305")) == date(2020, 3, 5)


def test_a_month_is_no_day() -> None:
    with pytest.raises(ValueError, match="a day such as"):
        days_of({}, "when", "t.csv").day("March 2020")


def test_names_of_months_are_one_month_each() -> None:
    for names, number in (
        ("January janvier enero janeiro января ocak يناير", 1),
        ("December décembre aralık грудня", 12),
    ):
        assert {month_number(name) for name in names.split()} == {number}
    assert month_number("Marsh") is None


def number(*cells: str, mark: str | None = None, hint: bool = False, **options: object) -> list[float | str | None]:
    numbers = numbers_of(at(*cells), "n", "t.csv", mark, hint=hint, **options)  # type: ignore[arg-type]
    out: list[float | str | None] = []
    for cell in cells:
        try:
            out.append(numbers.number(cell))
        except ValueError as error:
            out.append(str(error))
    return out


@pytest.mark.parametrize(
    ("cells", "options", "values"),
    [
        (["1200", "0", "-3"], {"low": -10.0}, [1200, 0, -3]),
        (["1,000"], PEOPLE, [1000]), (["12,345,678"], PEOPLE, [12345678]), (["3.0"], PEOPLE, [3]),
        (["1 200", "1\u202f200 300", "1'200"], PEOPLE, [1200, 1200300, 1200]),
        (["1.200.300", "1.200"], PEOPLE, [1200300, 1200]), (["1.200,5"], {}, [1200.5]), (["12,5", "3"], {}, [12.5, 3]),
        (["1,000", "2.5"], {}, [1000, 2.5]), (["1.200", "2,5"], {}, [1200, 2.5]), (["1.2345"], {}, [1.2345]),
        (["35,8222"], NORTH, [35.8222]), (["35,822"], NORTH, [35.822]), (["35.822"], NORTH, [35.822]),
        (["٣٥٫٨٢٢٢"], NORTH, [35.8222]), (["١٬٢٠٠", "۱۲"], PEOPLE, [1200, 12]),
        (["\u22123,5"], NORTH, [-3.5]),
        (["NA", "nan", "-", "", "N/A", "#N/A", "null", "–", "."], PEOPLE, [None] * 9),
    ],
)  # fmt: skip
def test_numbers_that_can_be_read_in_one_way(cells: list[str], options: dict[str, object], values: list[float]) -> None:
    assert number(*cells, **options) == values


@pytest.mark.parametrize(
    ("cell", "options", "hint"),
    [
        ("1.200", PEOPLE, False),
        ("1.000", PEOPLE, False),
        ("1,000", PEOPLE, True),
        ("1.200", {}, False),
        ("1,200", {}, False),
    ],
)
def test_numbers_that_can_be_read_in_two_ways_are_asked(cell: str, options: dict[str, object], hint: bool) -> None:
    with pytest.raises(StandoffError) as caught:
        number("7", cell, hint=hint, **options)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("t.csv", 3)
    assert "--numbers point" in problem.hint
    assert "--numbers comma" in problem.hint
    by_comma, by_point = number(cell, mark="comma"), number(cell, mark="point")
    assert sorted([*by_comma, *by_point]) in ([1.0, 1000.0], [1.2, 1200.0])


def test_two_marks_in_one_column_are_refused_with_both_lines() -> None:
    with pytest.raises(StandoffError, match=r"t.csv:2: n is '12,5' here and '12.5' on line 3"):
        number("12,5", "12.5")
    with prints("--numbers"):
        number("1", mark="dot")


@pytest.mark.parametrize("cell", ["1e3", "3-5", "a few", "-3", "1,00", "2.5", "inf", "9999999999999", "1,0000", "1 20"])
def test_what_is_no_number_of_people_is_told(cell: str) -> None:
    (said,) = number(cell, **PEOPLE)
    assert said == f"the number in n is {cell!r}; expected a number of people such as 3 or 1,000"


def test_a_number_of_a_workbook_needs_no_evidence() -> None:
    cell = TypedNumber("1.234")
    numbers = numbers_of([(cell, 2)], "n", "t.xlsx")
    assert numbers.number(cell) == 1.234
    assert Numbers("n", "comma").number(cell) == 1.234


def test_a_blank_is_not_a_zero() -> None:
    assert not is_blank("0")
    assert is_blank(" NA ".strip())


@pytest.mark.parametrize(("cell", "day"), [("01-Feb-68", "2068-02-01"), ("01-Feb-69", "1969-02-01")])
def test_years_of_two_digits_are_from_1969_to_2068(cell: str, day: str) -> None:
    assert str(days_of({cell: 2}, "date", "f.csv").moment(cell).when) == day


def test_a_code_in_other_digits_is_the_same_code() -> None:
    assert [code_of(cell) for cell in ("1", "١", "2.0", "2,0", "", "x")] == ["1", "1", "2", "2", "", "x"]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("W10 2024", "W11 2024"), ["2024-03-04/2024-03-10", "2024-03-11/2024-03-17"]),
        (("2024-W10", "semaine 11, 2024"), ["2024-03-04/2024-03-10", "2024-03-11/2024-03-17"]),
        (("Q1 2024", "2024 Q2"), ["2024-01-01/2024-03-31", "2024-04-01/2024-06-30"]),
        (("Jan-23", "Feb-23", "Dec-22", "Nov-22"), ["2023-01", "2023-02", "2022-12", "2022-11"]),
        (("1 March 2023 - 7 March 2023",), ["2023-03-01/2023-03-07"]),
        (("1 - 7 March 2023", "8-14 March 2023"), ["2023-03-01/2023-03-07", "2023-03-08/2023-03-14"]),
        (("2023-03-01 to 2023-03-07",), ["2023-03-01/2023-03-07"]),
        (("March 2023 - May 2023",), ["2023-03-01/2023-05-31"]),
        (("2023-3", "2023/12"), ["2023-03", "2023-12"]),
    ],
)
def test_weeks_quarters_months_and_spans_are_all_their_days(cells: tuple[str, ...], days: list[str]) -> None:
    column = days_of(at(*cells), "when", "t.csv")
    assert [str(column.moment(cell).when) for cell in cells] == days


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("S1 2024", "expected a week such as 2024-W01: S1 may be half a year"),
        ("W54 2024", "expected a week that the year has"), ("W53 2021", "expected a week that the year has"),
        ("W10 1700", "a year from 1800 to 2200"), ("Q5 2024", "a day such as"), ("2024-00", "exists in the calendar"),
        ("2024-13", "exists in the calendar"), ("1700-12", "a year from 1800 to 2200"),
        ("7 March 2023 - 1 March 2023", "a span of days that ends on or after its start"),
    ],
)  # fmt: skip
def test_what_is_no_week_or_span_is_told(cell: str, said: str) -> None:
    with pytest.raises(ValueError, match="the date in when is") as caught:
        days_of(at(cell), "when", "t.csv").moment(cell)
    assert said in str(caught.value)


@pytest.mark.parametrize(("length", "shown"), [(60, 60), (61, 60)])
def test_a_long_cell_is_shown_by_its_beginning(length: int, shown: int) -> None:
    cell = "x" * length
    with pytest.raises(ValueError, match="the date in when is") as caught:
        days_of(at(cell), "when", "t.csv").moment(cell)
    assert f"is {cell[:shown] + '...' * (length > shown)!r};" in str(caught.value)
    (said,) = number(cell[20:])
    assert f"is {cell[20:][:40] + '...' * (length > shown)!r};" in str(said)


@pytest.mark.parametrize(
    ("cell", "when", "hour"),
    [
        ("43895", "2020-03-05", ""), ("43895.25", "2020-03-05", "06:00"), ("43895.0001", "2020-03-05", ""),
        ("43895.51", "2020-03-05", "12:14"), ("20000", "1954-10-03", ""), ("79999.0", "2119-01-10", ""),
    ],
)  # fmt: skip
def test_a_day_number_of_a_spreadsheet_is_a_day_and_an_hour(cell: str, when: str, hour: str) -> None:
    moment = days_of({}, "when", "t.xlsx").moment(TypedNumber(cell))
    assert (str(moment.when), moment.hour) == (when, hour)


@pytest.mark.parametrize("cell", ["19999", "80000", "-5"])
def test_a_number_outside_a_spreadsheets_days_is_no_day(cell: str) -> None:
    with pytest.raises(ValueError, match="the date in when"):
        days_of({}, "when", "t.xlsx").moment(TypedNumber(cell))


@pytest.mark.parametrize("cell", ["5/3/2020", "05/03/2020", "5.3.20"])
def test_a_day_of_one_digit_is_asked_as_well(cell: str) -> None:
    with pytest.raises(StandoffError, match="5 March or 3 May"):
        days_of(at(cell), "when", "t.csv")
    assert day(cell, "25/3/2020") == "2020-03-05"


def test_a_number_of_a_workbook_is_none_of_a_text_that_looks_alike() -> None:
    numbers = Numbers("n", "comma")
    assert [numbers.number(cell) for cell in ("1.200", TypedNumber("1.200"), "1.200")] == [1200.0, 1.2, 1200.0]
    days = days_of({}, "when", "t.csv")
    with pytest.raises(ValueError, match="the date in when"):
        days.moment("43895")
    assert str(days.moment(TypedNumber("43895")).when) == "2020-03-05"


@pytest.mark.parametrize(("zeros", "read"), [(40, True), (41, False)])
def test_no_day_takes_more_than_sixty_characters(zeros: int, read: bool) -> None:
    cell = "2020-03-05 10:00:00." + "0" * zeros
    days = days_of({"2020-03-05": 2}, "when", "t.csv")
    if read:
        assert (len(cell), str(days.moment(cell).when)) == (60, "2020-03-05")
    else:
        with pytest.raises(ValueError, match="the date in when is"):
            days.moment(cell)


PAIRS = [(a, b) for a in (1, 11, 12, 13, 31) for b in (1, 11, 12, 13, 31)]


def possible(pair: tuple[int, int]) -> set[str]:
    """Return the orders in which a pair of numbers before a year can be read."""
    return {order for order, month in (("dmy", pair[1]), ("mdy", pair[0])) if month <= 12}


@pytest.mark.parametrize("first", PAIRS)
def test_two_cells_settle_the_order_of_day_and_month_or_do_not(first: tuple[int, int]) -> None:
    for second in PAIRS:
        pairs = [pair for pair in (first, second) if pair[0] <= 12 or pair[1] <= 12]  # others are no days in any order
        cells = at("5 March 2020", *(f"{a}/{b}/2020" for a, b in (first, second)))
        decided = [possible(pair) for pair in pairs if len(possible(pair)) == 1]
        unlike = [pair for pair in pairs if pair[0] != pair[1] and len(possible(pair)) == 2]
        if len({*map(frozenset, decided)}) == 2:
            with pytest.raises(StandoffError, match="one order of day and month"):
                days_of(cells, "when", "t.csv")
        elif not decided and unlike:
            with pytest.raises(StandoffError) as asked:
                days_of(cells, "when", "t.csv")
            a, b = unlike[0]
            assert asked.value.problems[0].line == cells[f"{a}/{b}/2020"]
            assert f"which is {a} {MONTHS[b]} or {b} {MONTHS[a]}" in asked.value.problems[0].what
        else:
            days = days_of(cells, "when", "t.csv")
            assert days.order == (next(iter(decided[0])) if decided else "")
            assert len(days.notes) == len(decided[:1])


MONTHS = ("", "January", *[""] * 9, "November", "December")


@pytest.mark.parametrize("cell", ["05/03/2020", "03/05/2020"])
def test_a_cell_that_nobody_settled_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="in an order that is known: say --dates dmy or mdy"):
        days_of({}, "when", "t.csv").moment(cell)
    assert str(days_of({}, "when", "t.csv").moment("05/05/2020").when) == "2020-05-05"


@pytest.mark.parametrize(
    ("cell", "when", "hour"),
    [
        ("20211215", "2021-12-15", ""), ("20000", "1954-10-03", ""), ("79999", "2119-01-10", ""),
        ("43895.25", "2020-03-05", "06:00"), ("43895.99999", "2020-03-05", ""), ("43895.00001", "2020-03-05", ""),
        ("43895.0007", "2020-03-05", "00:01"), ("43895.9993", "2020-03-05", "23:59"),
    ],
)  # fmt: skip
def test_a_day_number_of_a_workbook(cell: str, when: str, hour: str) -> None:
    moment = days_of({}, "when", "t.xlsx").moment(TypedNumber(cell))
    assert (str(moment.when), moment.hour) == (when, hour)


@pytest.mark.parametrize("cell", ["19999", "80000", "19991301", "19991232"])
def test_a_number_of_a_workbook_that_is_no_day(cell: str) -> None:
    with pytest.raises(ValueError, match="the date in when is"):
        days_of({}, "when", "t.xlsx").moment(TypedNumber(cell))


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("24:00", ""), ("00:00", ""), ("24:30", "24:30"), ("12:00 AM", ""), ("12:59 PM", "12:59"), ("0:59", "00:59"),
        ("14:30 UTC", "14:30Z"), ("14:30 GMT", "14:30Z"), ("14:30 +0300", "14:30+03:00"),
        ("14:30-05:30", "14:30-05:30"),
        ("14:59:59,5", "14:59"), ("2:05 p.m.", "14:05"),
    ],
)  # fmt: skip
def test_a_time_of_day_behind_a_day(cell: str, hour: str) -> None:
    assert days_of({}, "when", "t.csv").moment(f"2020-03-05 {cell}").hour == hour


@pytest.mark.parametrize("cell", ["25:00", "14:60", "13:61"])
def test_what_is_no_time_of_day(cell: str) -> None:
    with pytest.raises(ValueError, match="expected a time of day"):
        days_of({}, "when", "t.csv").moment(f"2020-03-05 {cell}")


# cells of one column, whether people are counted, whether the file has decimal commas -> mark, or what is asked
COLUMNS_OF_NUMBERS: list[tuple[tuple[str, ...], bool, bool, str]] = [
    (("1", "20"), False, False, "point"), (("1.5",), False, False, "point"), (("1,5",), False, False, "comma"),
    (("1.234",), False, False, "asked"), (("1,234",), False, False, "asked"), (("1,234,567",), False, False, "point"),
    (("1.234.567",), False, False, "comma"), (("1.234,5",), False, False, "comma"),
    (("1,234.5",), False, False, "point"), (("1,5", "2.5"), False, False, "two marks"),
    (("1,234.5", "1.234,5"), False, False, "two marks"), (("1.234", "1,5"), False, False, "comma"),
    (("1,234", "1.5"), False, False, "point"), (("1,234", "1,5"), False, False, "comma"),
    (("1,200",), True, False, "point"), (("1,200",), True, True, "point"), (("1,000",), True, True, "asked"),
    (("1.200",), True, False, "asked"),
    (("1.200", "1.200.300"), True, False, "comma"), (("1,00",), True, False, "point"), (("1,00",), True, True, "comma"),
    (("12", "", "n/a"), True, False, "point"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "people", "commas", "mark"), COLUMNS_OF_NUMBERS)
def test_a_column_settles_its_decimal_mark_or_does_not(
    cells: tuple[str, ...], people: bool, commas: bool, mark: str
) -> None:
    for order in (cells, cells[::-1]):
        found = str(settled(order, people, commas))
        assert found == mark, order


def settled(cells: tuple[str, ...], people: bool, commas: bool) -> str:
    try:
        return numbers_of(at(*cells), "n", "t.csv", hint=commas, **PEOPLE if people else NORTH | {"high": 1e9}).mark  # type: ignore[arg-type]
    except StandoffError as refused:
        return "two marks" if "two decimal marks" in str(refused) else "asked"


@pytest.mark.parametrize(("zeros", "read"), [(39, True), (40, False)])
def test_no_number_takes_more_than_forty_characters(zeros: int, read: bool) -> None:
    cell = "0" * zeros + "7"
    if read:
        assert Numbers("n").number(cell) == 7.0
    else:
        with pytest.raises(ValueError, match="the number in n is"):
            Numbers("n").number(cell)


@pytest.mark.parametrize("before", [TypedNumber("43895"), "March 5, 2020", "5 March 2020", "31/31/2020", "05/05/2020"])
def test_cells_that_decide_nothing_hide_none_that_does(before: str) -> None:
    days = days_of({before: 2, "05/03/2020": 3, "25/03/2020": 4}, "when", "t.xlsx")
    assert (days.order, days.notes[0]) == ("dmy", "when is read as day, month, year: line 4 has 25/03/2020")
