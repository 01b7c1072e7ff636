"""The network as columns: debtors, commitments with their state, creditors; no layout that moves by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from standoff.case.model import Case
from standoff.commitments.ledger import Row
from standoff.commitments.states import words
from standoff.views.bars import LOOKS, look
from standoff.views.records import names
from standoff.views.words import day


def columns(case: Case, rows: Iterable[Row]) -> dict[str, Any]:
    """Return debtors, commitments and creditors with the links between them.

    Of a commitment with several keys or readings the row that the account holds is shown, the worst verdict first.
    """
    shown: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.reading and not row.held:
            continue
        known = shown.get(row.commitment)
        if known and _RANK.get(row.verdict, 9) >= _RANK.get(known["verdict"], 9):
            continue
        appearance = look(row.state, row.verdict, row.kind)
        shown[row.commitment] = {
            "id": row.commitment,
            "title": row.title,
            "adverse": row.adverse,
            "debtor": list(row.debtor),
            "creditor": list(row.creditor),
            "verdict": row.verdict,
            "words": words(row.verdict, row.adverse),
            "look": appearance,
            "colour": LOOKS.get(appearance, LOOKS["unknown"])[0],
            "since": day(row.since),
            "agreement": row.agreement,
        }
    order = list(shown.values())
    debtors = list(dict.fromkeys(a for c in order for a in c["debtor"]))
    creditors = list(dict.fromkeys(a for c in order for a in c["creditor"]))
    count = {a: (sum(a in c["debtor"] for c in order), sum(a in c["creditor"] for c in order)) for a in case.actors}
    return {
        "debtors": [_actor(case, a, count.get(a, (0, 0))[0]) for a in sorted(debtors, key=lambda a: -count[a][0])],
        "commitments": order,
        "creditors": [_actor(case, a, count.get(a, (0, 0))[1]) for a in sorted(creditors, key=lambda a: -count[a][1])],
    }


_RANK = {"violated": 0, "contested": 1, "detached": 2, "suspended": 3, "satisfied": 4, "unknown": 5, "conditional": 6}


def _actor(case: Case, actor: str, many: int) -> dict[str, Any]:
    found = case.actors.get(actor)
    return {
        "id": actor,
        "name": names(case, [actor])[0],
        "ar": found.name_ar if found else "",
        "kind": found.kind if found else "",
        "commitments": many,
    }
