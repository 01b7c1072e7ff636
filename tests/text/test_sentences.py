"""Folding text: no line is too wide, no word is lost, and a number stays with what it counts."""

from __future__ import annotations

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from standoff.text.sentences import fold


def test_a_number_stays_with_its_unit() -> None:
    for text in ("the share of runs is 100 % here", "and n = 1,000 runs of 180 days", "in 7 of 22 types"):
        for width in range(12, 40):
            rows = fold(text, width)
            assert not any(re.search(r"\d$", row) and re.match(r"%|days|of \d", after)
                           for row, after in itertools.pairwise(rows)), (width, rows)  # fmt: skip
            assert not any(row.endswith(("n", "=")) and row.split()[-1] in ("n", "=") for row in rows)


@given(st.lists(st.sampled_from(["people", "n = 5", "30 %", "a", "2019-12-01", "30 days", "of"]), max_size=30))
def test_lines_fit_and_hold_every_word(words: list[str]) -> None:
    text = " ".join(words)
    rows = fold(text, 24, indent="  ", hang="    ")
    assert all(len(row) <= 24 for row in rows)
    assert " ".join(" ".join(rows).split()) == text
    assert rows[0].startswith("  ") or not words


def test_no_text_is_one_empty_line() -> None:
    assert fold("") == [""]
