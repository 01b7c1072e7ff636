"""The network as columns: debtors, commitments with their state, creditors; no layout that moves by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.commitments.ledger import Bar
from standoff.commitments.states import words
from standoff.views.bars import look, say
from standoff.views.records import names
from standoff.views.words import day


def columns(case: Case, spans: Iterable[Bar], account: str, on: date, held: Mapping[str, str]) -> dict[str, Any]:
    """Return debtors, commitments and creditors with the links between them, as an account has them on a day.

    ``held`` names the reading of a commitment that the account holds. Of a commitment with several instances the worst
    verdict is shown; what is not yet in force on the day is left out.
    """
    worst: dict[str, Bar] = {}
    for bar in spans:
        if bar.account != account or bar.verdict == "not-yet" or bar.reading != held.get(bar.commitment, ""):
            continue
        if bar.from_ > on or (bar.to is not None and bar.to < on):
            continue
        known = worst.get(bar.commitment)
        if known is None or _RANK.get(bar.verdict, 9) < _RANK.get(known.verdict, 9):
            worst[bar.commitment] = bar
    order: list[dict[str, Any]] = []
    for name, record in case.commitments.items():
        if name not in worst:
            continue
        bar = worst[name]
        order.append(
            {
                "id": name,
                "title": record.title,
                "adverse": record.adverse,
                "debtor": list(record.debtor),
                "creditor": list(record.creditor),
                "verdict": bar.verdict,
                "words": say(look(bar.state, bar.verdict, record.kind), words(bar.verdict, record.adverse)),
                "look": look(bar.state, bar.verdict, record.kind),
                "since": day(bar.from_),
                "agreement": record.agreement,
            }
        )
    owes = Counter(a for c in order for a in c["debtor"])
    owed = Counter(a for c in order for a in c["creditor"])
    return {
        "debtors": [_actor(case, actor, n) for actor, n in owes.most_common()],
        "commitments": order,
        "creditors": [_actor(case, actor, n) for actor, n in owed.most_common()],
    }


_RANK = {"violated": 0, "contested": 1, "detached": 2, "suspended": 3, "satisfied": 4, "unknown": 5, "conditional": 6}


def _actor(case: Case, actor: str, many: int) -> dict[str, Any]:
    found = case.actors.get(actor)
    return {
        "id": actor,
        "name": names(case, [actor])[0],
        "ar": found.name_local if found else "",
        "kind": found.kind if found else "",
        "commitments": many,
    }
