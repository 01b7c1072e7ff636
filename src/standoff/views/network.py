"""The network as columns: debtors, commitments with their state, creditors; no layout that moves by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.commitments.engine.states import SAYS, words
from standoff.commitments.ledger import Bar, Row
from standoff.text.sentences import count, day
from standoff.views.accounts import wording
from standoff.views.bars import LOOKS, Late, appearance, appearance_of, state_words
from standoff.views.charts import Figure, figure
from standoff.views.records import actor_names


def ledger_columns(
    case: Case, spans: Iterable[Bar], account: str, on: date, own_readings: Mapping[str, str], late: Late | None = None
) -> dict[str, Any]:
    """Return debtors, commitments and creditors with the links between them, as an account has them on a day.

    ``own_readings`` names the reading of a commitment that the account holds. Of a commitment with several instances
    the worst verdict is shown; what is not yet in force on the day is left out.
    """
    worst: dict[str, Bar] = {}
    for bar in spans:
        if bar.account != account or bar.verdict == "not-yet" or bar.reading != own_readings.get(bar.commitment, ""):
            continue
        if bar.from_ > on or (bar.to is not None and bar.to < on):
            continue
        worst_bar = worst.get(bar.commitment)
        if worst_bar is None or _RANK.get(bar.verdict, 9) < _RANK.get(worst_bar.verdict, 9):
            worst[bar.commitment] = bar
    late = late or {}
    lanes = {}
    for name, bar in worst.items():
        record = case.commitments[name]
        done = late.get((account, name, bar.key, bar.reading))
        mark = appearance(bar.state, bar.verdict, record.kind)
        text = state_words(mark, words(bar.verdict, record.adverse, record.kind))
        if mark == "violated" and done is not None and done <= on:
            mark, text = "late", f"{words('satisfied', record.adverse)} late"
        lanes[name] = {"verdict": bar.verdict, "words": text, "look": mark, "since": day(bar.from_)}
    return _columns(case, lanes)


def spoken_columns(case: Case, rows: Iterable[Row]) -> dict[str, Any]:
    """Return the same columns for a statement account: the commitments of which it says something, and what it says.

    ``rows`` are those of the account on the day. Of a commitment with several the firmest word is shown.
    """
    lanes: dict[str, Row] = {}
    for row in rows:
        if row.says in ("", "silent"):
            continue
        firmest_row = lanes.get(row.commitment)
        if firmest_row is None or SAYS.index(row.says) < SAYS.index(firmest_row.says):
            lanes[row.commitment] = row
    return _columns(
        case,
        {
            name: {
                "verdict": r.verdict,
                "says": r.says,
                "words": wording(case, r.words, r.says, r.by),
                "look": appearance_of(r),
                "since": day(r.word_on),
            }
            for name, r in lanes.items()
        },
    )


def _columns(case: Case, lanes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    order: list[dict[str, Any]] = [
        {
            "id": name,
            "title": record.title,
            "adverse": record.adverse,
            "debtor": list(record.debtor),
            "creditor": list(record.creditor),
            "agreement": record.agreement,
            **lanes[name],
        }
        for name, record in case.commitments.items()
        if name in lanes
    ]
    owes = Counter(a for c in order for a in c["debtor"])
    owed = Counter(a for c in order for a in c["creditor"])
    return {
        "debtors": [_actor(case, actor, n) for actor, n in owes.most_common()],
        "commitments": order,
        "creditors": [_actor(case, actor, n) for actor, n in owed.most_common()],
    }


_ORDER = ("violated", "contested", "result-broken", "detached", "suspended", "satisfied", "unknown", "conditional")
_RANK = {name: number for number, name in enumerate(_ORDER)}


def _actor(case: Case, actor: str, many: int) -> dict[str, Any]:
    record = case.actors.get(actor)
    return {
        "id": actor,
        "name": actor_names(case, [actor])[0],
        "ar": record.name_local if record else "",
        "kind": record.kind if record else "",
        "commitments": many,
    }


def network_figure(case: Case, data: Mapping[str, Any], on: date, source: str) -> Figure:
    """Return the network of a day as a figure: who owes on the left, to whom on the right, what in the middle."""
    commitments, states = data["commitments"], Counter(c["words"] for c in data["commitments"])
    worded = "; ".join(f"{number} {state}" for state, number in states.most_common())
    used = {c["look"] for c in commitments}
    many = count(len(commitments), "promise or threat", "promises and threats")
    return figure(
        "network",
        "network",
        title=f"{many} on {day(on)}{f': {worded}' if worded else ''}",
        definition="Left: who promised or threatened. Right: to whom. A commitment with several places or occasions "
        "shows its worst state.",
        source=f"{case.about.title}, edition {case.about.edition}: {source}",
        as_of=day(on),
        n=f"n = {count(len(commitments), 'commitment')}",
        columns=("obliged party", "commitment", "title", "threat", "state", "since", "beneficiary"),
        rows=[
            [
                "; ".join(actor_names(case, c["debtor"])),
                c["id"],
                c["title"],
                "yes" if c["adverse"] else "no",
                c["words"],
                c["since"],
                "; ".join(actor_names(case, c["creditor"])),
            ]
            for c in commitments
        ],
        data={
            **data,
            "looks": [{"id": k, "colour": c, "texture": t, "label": w} for k, (c, t, w) in LOOKS.items() if k in used],
        },
    )
