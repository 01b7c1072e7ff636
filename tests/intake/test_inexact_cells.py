"""Cells of people that are about a number, a range or a bound: read so, counted and shown; never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from standoff.errors import StandoffError
from standoff.intake.inexact import Inexact, added
from standoff.intake.series import PeopleTable, read_figures


def table(*cells: str, more: str = "", **options: object) -> PeopleTable:
    """A table of one site with exact figures, and a row for each cell, a day each."""
    rows = [f"Alma,2024-01-{day:02},{1000 + day}" for day in range(1, 11)]
    rows += [f'Alma,2024-02-{day:02},"{cell}"' for day, cell in enumerate(cells, 1)]
    text = "\n".join(["site,date,people", *rows]) + "\n" + more
    return read_figures(text.encode(), name="t.csv", today=date(2026, 1, 1), **options)  # type: ignore[arg-type]


def figure(read: PeopleTable, day: str = "2024-02-01") -> float | None:
    (values,) = read.figures.values()
    return values.get(date.fromisoformat(day).toordinal())


def refusal(*cells: str) -> str:
    with pytest.raises(StandoffError) as caught:
        table(*cells)
    return "\n".join(map(str, caught.value.problems))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("~90", 90),
        ("~ 1,200", 1200),
        ("about 90", 90),
        ("About 90", 90),
        ("ca. 1 200", 1200),
        ("ca 90", 90),
        ("c. 90", 90),
        ("approx. 1,200", 1200),
        ("≈90", 90),
        ("environ 90", 90),
        ("около 90", 90),
        ("حوالي ٩٠", 90),
        ("90 (est.)", 90),
        ("90 approx.", 90),
    ],
)
def test_about_a_number_is_read_as_it_and_marked(cell: str, value: float) -> None:
    read = table(cell)
    assert figure(read) == value
    (one,) = read.inexact
    assert (one.line, one.path, one.cell.sort, one.cell.used) == (12, ("Alma",), "about", value)
    assert f"1 figure is about a number, read as that number: {cell!r} on line 12" in read.notes


@pytest.mark.parametrize(
    ("cell", "low", "high", "used"),
    [
        ("340 - 400", 340, 400, 370),
        ("340-400", 340, 400, 370),
        ("340–400", 340, 400, 370),
        ("340 to 400", 340, 400, 370),
        ("between 340 and 400", 340, 400, 370),
        ("~340 - 400", 340, 400, 370),
        ("1,200 - 1,301", 1200, 1301, 1250),
        ("1 200 à 1 400", 1200, 1400, 1300),
        ("3-4", 3, 4, 3),
    ],
)
def test_a_range_keeps_its_ends_and_says_what_is_used(cell: str, low: float, high: float, used: float) -> None:
    read = table(cell)
    assert figure(read) == used
    (one,) = read.inexact
    assert (one.cell.sort, one.cell.low, one.cell.high, one.cell.used) == ("range", low, high, used)
    assert any(f"({cell!r} is {used:,})" in note and "the middle is used" in note for note in read.notes)


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("<5", 0, 4),
        ("< 5", 0, 4),
        ("≤5", 0, 5),
        ("fewer than 5", 0, 4),
        ("up to 90", 0, 90),
        ("90+", 90, None),
        ("90 or more", 90, None),
        (">90", 91, None),
        ("at least 1,200", 1200, None),
    ],
)
def test_a_bound_stays_unknown_within_its_bounds(cell: str, low: float, high: float | None) -> None:
    read = table(cell)
    assert figure(read) is None
    (one,) = read.inexact
    assert (one.cell.sort, one.cell.low, one.cell.high, one.cell.used) == ("bound", low, high, None)
    assert any(note.startswith("1 cell is a bound and stays unknown") for note in read.notes)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("400 - 340", "runs downward"),
        ("12-345", "a number such as 12345, or a range with spaces such as 12 - 345"),
        ("2019-2020", "two years or a range of people"),
        ("03-04", "a day or a range of people"),
        ("90?", "90 where it is a count, ~90 where it is about that"),
        ("90*", "a number with a mark"),
        ("340/400", "two numbers; expected 340 or 400, or a range such as 340 - 400"),
        ("90 ± 10", "a range of two numbers"),
        ("about 1.5", "about 1.5"),
        ("~-90", "~-90"),
        ("hundreds", "hundreds"),
        ("~90 households", "~90 households"),
    ],
)
def test_what_may_mean_two_things_is_refused(cell: str, words: str) -> None:
    said = refusal(cell)
    assert words in said and "t.csv:12:" in said


def test_all_bad_cells_are_told_at_once() -> None:
    said = refusal("90?", "~90", "400 - 340")
    assert "90?" in said and "400 - 340" in said and "~90" not in said.replace("~90 where", "")


def test_the_decimal_mark_of_a_column_is_settled_with_inexact_cells_too() -> None:
    assert figure(table("~1.200", numbers="comma")) == 1200
    with pytest.raises(StandoffError) as caught:
        table("~1.200")
    assert "numbers comma for 1200" in str(caught.value)


def test_a_column_of_ages_is_not_one_of_people() -> None:
    rows = [f"2024-01-{day:02},{group},{day}" for day in range(1, 10) for group in ("0-17", "18-59", "60+")]
    text = "\n".join(["date,cohort,people", *rows])
    read = read_figures(text.encode(), today=date(2026, 1, 1))
    assert sorted(path[-1] for path in read.figures) == ["0-17", "18-59", "60+"] and not read.inexact


def test_columns_that_are_added_keep_what_is_not_exact() -> None:
    assert added(3.0, 4.0) == 7.0 and added(None, None) is None
    about = Inexact("~90", "about", None, None, 90.0)
    some = added(about, 10.0)
    assert isinstance(some, Inexact) and (some.sort, some.used) == ("about", 100.0)
    bound = added(Inexact("<5", "bound", 0.0, 4.0, None), 10.0)
    assert isinstance(bound, Inexact) and (bound.used, bound.low, bound.high) == (None, 10.0, 14.0)


def test_words_beside_a_forecast() -> None:
    assert Inexact("~90", "about", None, None, 90.0).in_words() == "about 90"
    assert Inexact("340-400", "range", 340.0, 400.0, 370.0).in_words() == "340 to 400"
    assert Inexact("90+", "bound", 90.0, None, None).in_words() == "90 or more"
