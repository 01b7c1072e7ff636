"""The verdicts of the audit of the Idlib case, as a careful monitor would put them: verdicts.csv, row by row.

``no row`` says that an account must not be charged with, or credited for, what it does not hold.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from format_runs import idlib

from standoff.commitments.ledger import Row, ledger

TABLE = Path(__file__).with_name("verdicts.csv")
EXPECTED = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@cache
def rows(day: date) -> dict[tuple[str, str], Row]:
    every = ledger(idlib(), list(idlib().accounts), on=day)
    return {(row.commitment, row.account): row for row in every if not row.reading and row.exists}


@pytest.mark.parametrize("line", EXPECTED, ids=[f"{r['commitment']}/{r['account']}/{r['on']}" for r in EXPECTED])
def test_the_row_says_what_a_careful_monitor_would(line: dict[str, str]) -> None:
    row = rows(date.fromisoformat(line["on"])).get((line["commitment"], line["account"]))
    if line["verdict"] == "no row":
        assert row is None
        return
    assert row is not None
    first = row.first_breach.isoformat() if row.first_breach else ""
    assert (row.verdict, row.says) == (line["verdict"], line["says"]), row.rule
    if line["first_breach"]:
        assert first == line["first_breach"]


def test_the_table_speaks_of_every_commitment_of_the_audit() -> None:
    assert len({line["commitment"] for line in EXPECTED}) >= 20


def test_nothing_stands_since_the_day_on_which_it_was_replaced() -> None:
    row = rows(date(2020, 5, 1))["truce-2019-08-31", "record"]
    assert row.verdict == "violated"
    assert row.since == row.first_breach == date(2019, 8, 31)


def test_late_is_shown_as_late() -> None:
    late = [row for row in rows(date(2020, 5, 1)).values() if row.late]
    assert {row.words for row in late} <= {"kept late", "carried out late", "not carried out in time"}
    assert late
