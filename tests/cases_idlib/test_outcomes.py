"""The page on what the texts came to says what the ledger says; on failure it prints the lines that should be there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from standoff.case.model import Case
from standoff.commitments.engine.states import RESULT_BROKEN
from standoff.commitments.ledger import Row, rows
from standoff.commitments.monitor import evaluate
from standoff.text.sentences import label

PAGE = Path(__file__).parents[2] / "docs/explanation/idlib-texts.md"
READINGS = ("wsws", "daher", "magnier")
Row_ = tuple[str, str]


@pytest.fixture(scope="module")
def case(idlib: Case) -> Case:
    return idlib


@pytest.fixture(scope="module")
def table(case: Case) -> dict[Row_, dict[str, list[Row]]]:
    """Rows by text or reading, then by account."""
    asked = ("record", *READINGS, *(a.id for a in case.accounts.values() if a.is_statement))
    found: dict[Row_, dict[str, list[Row]]] = {}
    for row in rows(evaluate(case, asked, on=None, as_of=None), every_reading=True):
        found.setdefault((row.commitment, row.reading), {}).setdefault(row.account, []).append(row)
    return found


def _say(some: list[Row]) -> str:
    if len(some) > 1:  # one row per post
        return ", ".join(f"{n} {word}" for word, n in sorted(Counter(row.words for row in some).items()))
    row = some[0]
    if row.verdict == "not-yet":
        return "not yet in force"
    by = f" by {', '.join(row.by)}" if row.by and row.says in ("broken", RESULT_BROKEN) else ""
    return row.words + by


def _others(by_account: dict[str, list[Row]]) -> str:
    """What parties and bodies say, without those who say nothing, and readings that differ from the record."""
    record = _say(by_account["record"]) if "record" in by_account else ""
    words: dict[str, list[str]] = {}
    for account, some in by_account.items():
        if account == "record" or all(row.says == "silent" for row in some):
            continue
        if some[0].account_kind == "reading" and _say(some) == record:
            continue
        words.setdefault(_say(some), []).append(label(account, some[0].account_kind))
    return "; ".join(f"{', '.join(names)}: {word}" for word, names in words.items())


def lines(case: Case, table: dict[Row_, dict[str, list[Row]]]) -> list[str]:
    """The lines of the page's tables, one for each text and reading that an event can decide."""
    found = []
    for name, commitment in case.commitments.items():
        if commitment.observable:
            continue
        for reading, title in (("", commitment.title), *((r.id, r.title) for r in commitment.readings)):
            by_account = table.get((name, reading))
            if by_account:
                which = f"`{name}:{reading}`" if reading else f"`{name}`"
                record = _say(by_account["record"]) if "record" in by_account else "not in it"
                found.append(f"| {which} | {title} | {record} | {_others(by_account)} |")
    return found


def test_the_page_says_what_the_ledger_says(case: Case, table: dict[Row_, dict[str, list[Row]]]) -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    wanted = lines(case, table)
    stale = [line for line in page if line.startswith("| `") and line not in wanted]
    missing = [line for line in wanted if line not in page]
    assert not missing and not stale, "\n".join(["these lines are missing:", *missing, "these are stale:", *stale])


def test_no_party_has_words_in_the_table_that_no_claim_of_its_own_carries(
    case: Case, table: dict[Row_, dict[str, list[Row]]]
) -> None:
    for by_account in table.values():
        for account, some in by_account.items():
            if case.accounts[account].is_statement:
                for row in some:
                    spoken = [case.claims[c] for c in row.claims]
                    assert row.says in ("", "silent") or spoken, row
                    assert all(claim.chain[-1] in case.accounts[account].voices for claim in spoken), row
