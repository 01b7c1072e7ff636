"""Lines of the daily report: what is beyond doubt in full, what is only possible cut short. Made up."""

from __future__ import annotations

import pytest

from standoff.views.lines.daily import bearing_lines

NOBODY = "the attacker is not named"


def line(name: str, role: str, doubt: str = "") -> dict[str, object]:
    told = f"possibly {role}" if doubt else role
    return {"commitment": name, "title": f"The {name}", "role": told, "certain": not doubt, "doubt": doubt}


@pytest.mark.parametrize(
    ("bears", "lines"),
    [
        ([], []),
        ([line("a", "forbidden by"), line("b", "forbidden by")], ["forbidden by a, b"]),
        ([line(n, "forbidden by") for n in "abcde"], ["forbidden by a, b, c, d, e"]),
        ([line("a", "forbidden by", NOBODY)], [f"possibly forbidden by a: {NOBODY}"]),
        ([line(n, "forbidden by", NOBODY) for n in "abcde"], [f"possibly forbidden by a, b, c and 2 more: {NOBODY}"]),
        (
            [line("a", "forbidden by"), line("b", "forbidden by", NOBODY)],
            ["forbidden by a", f"possibly forbidden by b: {NOBODY}"],
        ),
        (
            [line("a", "permitted by", NOBODY), line("b", "does what is owed by", NOBODY)],
            [f"possibly permitted by a: {NOBODY}", f"possibly does what is owed by b: {NOBODY}"],
        ),
        (
            [line(n, r, NOBODY) for n in "abcde" for r in ("permitted by", "meets the condition of")],
            [f"possibly bears on a, b, c and 2 more: {NOBODY}"],
        ),
    ],
)
def test_an_event_bears_on_in_few_lines(bears: list[dict[str, object]], lines: list[str]) -> None:
    assert bearing_lines(bears) == lines


def test_a_page_names_commitments_by_their_titles() -> None:
    assert bearing_lines([line("a", "forbidden by", NOBODY)], "title") == [f"possibly forbidden by The a: {NOBODY}"]
