"""The page on what the texts came to says what the ledger says; on failure it prints the lines that should be there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from standoff.case.read import load
from standoff.commitments.ledger import Row, ledger
from standoff.commitments.states import words

PAGE = Path(__file__).parents[2] / "docs/explanation/idlib-texts.md"
ACCOUNTS = ["wsws", "daher", "magnier", "turkey", "russia", "damascus", "un"]


def _say(rows: list[Row]) -> str:
    if len(rows) > 1:  # one row per post
        each = Counter(words(r.verdict, r.adverse) for r in rows)
        return ", ".join(f"{n} {word}" for word, n in sorted(each.items()))
    row = rows[0]
    if row.verdict == "not-yet":
        return "not part of this account"
    if row.kept and row.broken and row.kind == "achieve":
        return f"{words('satisfied', row.adverse)} {row.kept}, {words('violated', row.adverse)} {row.broken}"
    late = f", done {row.remedied}" if row.remedied and row.verdict == "violated" else ""
    return words(row.verdict, row.adverse) + late


def _cell(by_account: dict[str, list[Row]]) -> str:
    said = {account: _say(by_account[account]) for account in ACCOUNTS}
    most = Counter(said.values()).most_common(1)[0][0]
    others: dict[str, list[str]] = {}
    for account in ACCOUNTS:
        if said[account] != most:
            others.setdefault(said[account], []).append(account)
    return "; ".join([most, *(f"{', '.join(names)}: {word}" for word, names in others.items())])


def lines() -> list[str]:
    """The lines of the page's tables, one for each text and reading that an event can decide."""
    case = load("idlib")
    found: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for row in ledger(case, ACCOUNTS):
        found.setdefault((row.commitment, row.reading), {}).setdefault(row.account, []).append(row)
    made = []
    for name, commitment in case.commitments.items():
        if not commitment.observable:
            made.append(f"| `{name}` | {commitment.title} | {_cell(found[name, ''])} |")
            made += [f"| `{name}:{r.id}` | {r.title} | {_cell(found[name, r.id])} |" for r in commitment.readings]
    return made


def test_the_page_says_what_the_ledger_says():
    page = PAGE.read_text(encoding="utf-8").splitlines()
    wanted = lines()
    stale = [line for line in page if line.startswith("| `") and line not in wanted]
    missing = [line for line in wanted if line not in page]
    assert not missing and not stale, "\n".join(["these lines are missing:", *missing, "these are stale:", *stale])
