"""Tables at every width of a terminal: nothing too wide, no number cut, no word lost, blocks where no table fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.text.table_printer import Number, table, terminal_width

HEADS = ("place", Number("people"), "what is said of it", Number("90 %"))
ROWS = [
    ("north-crossing-of-the-river", "948,123", "reported by two monitors in n = 12 notes", "610,000 to 740,000"),
    ("mill", "7", "", "1 to 9"),
]
NUMBERS = ("948,123", "610,000 to 740,000", "1 to 9")


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("width", [40, 59, 60, 80, 120, 200])
def test_a_table_fits_and_cuts_no_number(width: int) -> None:
    lines = table(HEADS, ROWS, width)
    assert max(map(len, lines)) <= width
    assert all(any(number in line for line in lines) for number in NUMBERS)
    assert all(line == line.rstrip() for line in lines)


def test_in_few_columns_each_row_is_a_block() -> None:
    assert table(HEADS, ROWS, 40) == [
        "north-crossing-of-the-river",
        "  people: 948,123",
        "  what is said of it: reported by two",
        "    monitors in n = 12 notes",
        "  90 %: 610,000 to 740,000",
        "mill",
        "  people: 7",
        "  90 %: 1 to 9",
    ]


def test_from_sixty_columns_on_a_table_stays_a_table() -> None:
    for width in (60, 80, 120, 200):
        lines = table(HEADS, ROWS, width)
        rule = next(i for i, line in enumerate(lines) if set(line) == {"─"})
        assert lines[rule - 1].startswith("place")
        letters = "north-crossing-of-the-river" if width > 100 else "north-crossing-of"
        assert letters in lines[rule + 1]
    assert table(("a", "b", "c"), [("x" * 18, "y", "z")], 40)[0].startswith("a ")  # whole, however few columns


def test_words_are_cut_before_numbers() -> None:
    wide = [("w" * 30, "9" * 20, "v" * 30, "8" * 20)]
    lines = table(("a", Number("n"), "b", Number("m")), wide, 70)
    assert "9" * 20 in lines[2]
    assert "8" * 20 in lines[2]
    assert lines[2].startswith("w" * 10)
    assert table(("a", Number("n"), "b", Number("m")), wide, 62) == [
        "w" * 30,
        "  n: " + "9" * 20,
        "  b: " + "v" * 30,
        "  m: " + "8" * 20,
    ]


def test_numbers_stand_at_the_right_and_texts_at_the_left() -> None:
    assert table(("a", Number("n")), [("x", "1"), ("yy", "1,000")], 80) == [
        "a       n",
        "─" * 9,
        "x       1",
        "yy  1,000",
    ]


def test_a_text_across_the_table_folds_and_hangs() -> None:
    lines = table(("a", "b"), [("1", "2"), "  a long line across the table that does not fit", ("3", "4")], 24)
    assert lines[2:] == ["1  2", "  a long line across the", "    table that does not", "    fit", "3  4"]


def test_without_heads_there_is_no_rule() -> None:
    assert table(("", ""), [("pooled", "12"), ("wsws", "7")], 80, indent="  ") == ["  pooled  12", "  wsws    7"]


def test_a_number_stays_with_what_it_counts() -> None:
    for width in range(20, 40):
        lines = [
            line.split("│")[0].strip()
            for line in table(("a", "b"), [("x" * 9, "of them 90 % in 30 days, n = 5")], width)
        ]
        assert not any(line.split()[-1] in ("90", "n", "=", "30") for line in lines), (width, lines)


def test_what_turns_text_around_is_shown_as_a_mark() -> None:
    lines = table(("a", "b"), [("x\u202ey", "\x1b[31mred"), "line\ue001\u2066"], 60)
    assert not set("".join(lines)) & set("\u202e\u2066\x1b\ue000\ue001")
    assert lines[-1].startswith("line")


@given(
    st.lists(
        st.tuples(
            st.text("ab c-", max_size=60), st.integers(0, 10**9).map(lambda n: f"{n:,}"), st.text("xyz \n", max_size=80)
        ),
        max_size=6,
    ),
    st.integers(40, 200),
)
def test_every_letter_of_every_cell_is_there(rows: list[tuple[str, str, str]], width: int) -> None:
    lines = table(("a", Number("n"), "b"), rows, width)
    assert all(len(line) <= width for line in lines)
    text = words("".join(lines))
    letters = "".join(sorted(words("".join(cell for row in rows for cell in row))))
    for letter in set(letters):
        assert text.count(letter) >= letters.count(letter)
    assert all(any(number in line for line in lines) for _, number, _ in rows)


@pytest.mark.parametrize(
    ("columns", "width"), [("20", 40), ("40", 40), ("123", 123), ("900", 200), ("", 80), ("x", 80)]
)
def test_the_width_is_that_of_the_terminal_within_bounds(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width() == width


def test_an_id_that_is_too_long_goes_on_after_a_joint() -> None:
    row = ("international-view-point", "republisher of what others wrote", "damascus-decision-makers")
    lines = table(("source", "kind", "of"), [row], 60)
    told = [line.split()[0] for line in lines[2:] if line[:1].strip()]
    assert "".join(told) == "international-view-point"
    assert all(part.endswith("-") for part in told[:-1])
