from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.text import sentences as words
from standoff.values import When


def test_no_page_and_no_line_says_a_probability_in_words() -> None:
    """A term such as those of ICD 203 would say more than the scores of such chances allow."""
    terms = re.compile(
        r"\b(almost no chance|roughly even chance|almost certain|(very )?unlikely|(very|more|most|is|are) likely)\b"
    )
    src = Path(words.__file__).parents[1]
    shown = [p for p in (src / "views").rglob("*") if p.suffix in (".py", ".html") and "vendor" not in p.parts]
    assert len(shown) > 40
    found = [(p.name, m[0]) for p in shown for m in terms.finditer(p.read_text(encoding="utf-8"))]
    assert not found


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (0, "0"),
        (7, "7"),
        (42, "42"),
        (142, "140"),
        (948123, "950,000"),
        (0.0423, "0.042"),
        (99.6, "100"),
        (-1234, "-1,200"),
    ],
)
def test_numbers_have_two_significant_digits(x: float, said: str) -> None:
    assert words.number(x) == said


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_rounding_stays_within_half_a_unit_of_the_second_digit(x: float) -> None:
    said = float(words.number(x).replace(",", ""))
    assert abs(said - x) <= 0.5000001 * 10 ** (math.floor(math.log10(x)) - 1)
    assert len(re.sub(r"[^0-9]", "", f"{said:.9e}".split("e")[0]).rstrip("0")) <= 2


def test_ranges_that_round_to_one_number_are_one_number() -> None:
    assert words.span(101, 102) == "100"
    assert words.percents(0.611, 0.614) == "61 %"
    assert words.nonbreaking("90 % of n = 20 runs") == "90\u00a0% of n\u00a0=\u00a020 runs"
    assert words.nonbreaking("under 1 %, over 99 %") == "under\u00a01\u00a0%, over\u00a099\u00a0%"
    assert words.quoted(["a", "b"]) == "\u201ca\u201d and \u201cb\u201d"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2018-10-12", "12 Oct 2018"),
        ("2018-09", "Sep 2018"),
        ("2018-09~", "about Sep 2018"),
        ("2018", "2018"),
        ("2018-09-01/2018-09-08", "1 to 8 Sep 2018"),
        ("2018-09-28/2018-10-02", "28 Sep 2018 to 2 Oct 2018"),
        ("../2018-09-10", "until 10 Sep 2018"),
        ("2018-09-10/..", "from 10 Sep 2018"),
    ],
)
def test_dates_keep_their_precision(text: str, said: str) -> None:
    assert words.when(When.parse(text)) == said


def test_days() -> None:
    assert words.day(date(2020, 2, 5)) == words.day("2020-02-05") == "5 Feb 2020"
    assert words.day(None) == ""


def test_natural_frequency() -> None:
    assert words.in_twenty(0.35, "it rains") == "in 7 of 20 simulated futures it rains"


@given(st.text())
def test_nothing_that_turns_text_around_is_left(text: str) -> None:
    shown = words.visible(text)
    assert not set(shown) & {chr(c) for c in [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]}
    assert len(shown) == len(text)


@pytest.mark.parametrize(
    ("share", "said"), [(0.1234, "+12.3"), (-0.04, "\N{MINUS SIGN}4"), (0.0, "0"), (-0.0004, "0"), (0.0005, "+0.1")]
)
def test_differences_of_shares_are_told_in_points(share: float, said: str) -> None:
    assert words.points(share) == said


def test_differences_carry_their_sign() -> None:
    assert [words.signed(v) for v in (4512.0, -1234.0, 0.0)] == ["+4,500", "\N{MINUS SIGN}1,200", "0"]


@pytest.mark.parametrize(
    ("n", "args", "text"),
    [
        (1, ("run",), "1 run"),
        (0, ("run",), "0 runs"),
        (1234, ("run",), "1,234 runs"),
        (2, ("story", "stories"), "2 stories"),
    ],
)
def test_counts_have_their_noun(n: int, args: tuple[str, ...], text: str) -> None:
    assert words.count(n, *args) == text


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_are_joined_as_people_do(items: list[str], text: str) -> None:
    assert words.listing(items) == text
    assert words.listing(iter(items)) == text


def test_a_long_list_is_cut_with_a_count() -> None:
    assert words.shortlist("abc", 3) == "a, b, c"
    assert words.shortlist("abcde", 3) == "a, b, c and 2 more"


@pytest.mark.parametrize(
    ("account", "kind", "text"),
    [("record", "record", "the record"), ("un", "statement", "un"), ("wsws", "reading", "wsws (reading)")],
)
def test_an_account_is_named_by_its_kind(account: str, kind: str, text: str) -> None:
    assert words.label(account, kind) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "0 %"),
        (1e-12, "0 %"),
        (0.0099, "under 1 %"),
        (0.01, "1 %"),
        (0.99, "99 %"),
        (0.991, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_that_rounds_to_none_or_all_says_so(p: float, text: str) -> None:
    assert words.percent(p) == text


def test_people_to_the_last_one_and_in_thousands() -> None:
    assert (words.people(948123.4), words.thousands(948123.4), words.thousands(400)) == ("948,123", "948", "0")


def test_lines_too_wide_go_on_further_in() -> None:
    assert list(words.refold(["  one two three", "four"], 10)) == ["  one two", "    three", "four"]
