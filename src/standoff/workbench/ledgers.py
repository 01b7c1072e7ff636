"""The ledger and the network as end-points: states of commitments on a day, over time, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.commitments.explain import explain
from standoff.commitments.ledger import Bar, Row, rows
from standoff.commitments.ledger import bars as spans
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.states import words as state_words
from standoff.evidence.telling import tell
from standoff.views import bars, network, records
from standoff.views.words import count, day
from standoff.workbench.page import Page, first_day, known, told_events
from standoff.workbench.workspace import Workspace


def histories(ws: Workspace) -> tuple[Bar, ...]:
    """Return the whole history of every account, computed once for a reading of the case."""
    _, last = ws.period()
    return ws.kept(("history",), lambda: spans(evaluation(ws, last, None)))


def evaluation(ws: Workspace, on: date, as_of: date | None) -> Evaluation:
    """Return the ledger of every account run up to a day with what was known on another, computed once for each.

    Accounts are columns of one array: all of them cost about as much as one.
    """
    return ws.kept(("evaluation", on, as_of), lambda: evaluate(ws.case, on=on, as_of=as_of))


def ledger_rows(ws: Workspace, account: str, on: date, as_of: date | None) -> tuple[Row, ...]:
    """Return the ledger of an account on a day as known on another."""
    every = ws.kept(("rows", on, as_of), lambda: rows(evaluation(ws, on, as_of)))
    return tuple(row for row in every if row.account == account)


def reasons(ws: Workspace, account: str, on: date, as_of: date | None, commitment: str) -> dict[str, Any]:
    """Return why a commitment stands where it stands, with each event as the account has it."""
    found = dict(ws.kept(("why", on, as_of, commitment), lambda: explain(evaluation(ws, on, as_of), commitment)))
    found["rows"] = [dict(row) for row in found["rows"] if row["account"] == account]
    found["debtor"] = records.names(ws.case, found["commitment"]["debtor"])
    found["creditor"] = records.names(ws.case, found["commitment"]["creditor"])
    told = {h["id"]: h for h in told_events(ws, account)}
    for row in found["rows"]:
        row["events"] = [{**e, **told.get(e["id"], {})} for e in row["events"]]
    return found


def ledger_page(
    ws: Workspace,
    account: str = "",
    on: date | None = None,
    as_of: date | None = None,
    commitment: str = "",
) -> Page:
    """The state of every commitment on a day, as known on a day, and why."""
    case = ws.case
    account = ws.account(account)
    known("commitment", commitment, list(case.commitments))
    _, last = ws.period()
    today = min(on or last, as_of or last)
    every = ledger_rows(ws, account, today, as_of)
    chosen = [r for r in every if not commitment or r.commitment == commitment]
    return Page(
        f"{count(len({r.commitment for r in chosen}), 'commitment')} on {day(today)}",
        (
            "commitment",
            "title",
            "key",
            "reading",
            "held",
            "verdict",
            "in words",
            "since",
            "due",
            "breaches",
            "rule",
            "because",
            "claims",
        ),
        [
            [
                r.commitment,
                r.title,
                r.key,
                r.reading,
                r.held,
                r.verdict,
                r.words,
                str(r.since or ""),
                str(r.due or ""),
                r.breaches,
                r.rule,
                "; ".join(r.because),
                "; ".join(r.claims),
            ]
            for r in chosen
        ],
        {
            "account": account,
            "on": today.isoformat(),
            "as_of": as_of.isoformat() if as_of else "",
            "commitment": commitment,
            "ledger": [_row(case, r) for r in every],
            "why": reasons(ws, account, today, as_of, commitment) if commitment else None,
        },
    )


def _row(case: Case, row: Row) -> dict[str, Any]:
    appearance = bars.look(row.state, row.verdict, row.kind)
    return {
        "commitment": row.commitment,
        "title": row.title,
        "key": row.key,
        "reading": row.reading,
        "reading_title": row.reading_title,
        "held": row.held,
        "adverse": row.adverse,
        "debtor": records.names(case, row.debtor),
        "creditor": records.names(case, row.creditor),
        "verdict": row.verdict,
        "words": row.words,
        "look": appearance,
        "since": day(row.since),
        "due": day(row.due),
        "breaches": row.breaches,
        "breaches_possible": row.breaches_possible,
        "rule": row.rule,
        "because": list(row.because),
        "claims": [c for c in row.claims if c in case.claims],
    }


def ledger_bars(ws: Workspace, account: str = "", whole: bool = False) -> Page:
    """The recorded ledger as bars: one account, or every account where they differ."""
    case = ws.case
    _, last = ws.period()
    known("account", account, list(case.accounts))
    chosen = [b for b in histories(ws) if account in ("", b.account)]
    figure = bars.ledger_bars(case, chosen, until=last, as_of=None, whole=whole)
    if figure is None:
        return Page("No commitment has fallen due", ("commitment",), [], {"figure": None})
    return Page(figure["title"], figure["columns"], figure["rows"], {"figure": figure})


def changes(ws: Workspace, account: str = "") -> Page:
    """Every change of state of an account's ledger by day: what the date stepper counts and lists."""
    case = ws.case
    account = ws.account(account)
    held = tell(case, account).readings
    found = []
    for bar in histories(ws):
        if bar.account != account or bar.verdict == "not-yet" or bar.reading != held.get(bar.commitment, ""):
            continue
        c = case.commitments[bar.commitment]
        look = bars.look(bar.state, bar.verdict, c.kind)
        words = state_words(bar.verdict, c.adverse)
        found.append(
            [bar.from_.isoformat(), bar.commitment, bar.key, c.title, words, look, str(bar.to or ""), c.adverse]
        )
    found.sort()
    return Page(
        f"{len(found)} changes of state",
        ("from", "commitment", "key", "title", "state", "look", "to", "threat"),
        found,
        {"looks": {k: {"colour": c, "texture": t, "label": w} for k, (c, t, w) in bars.LOOKS.items()}},
    )


def network_page(ws: Workspace, account: str = "", on: date | None = None, actor: str = "") -> Page:
    """Debtors, commitments and creditors in columns, with the state of each commitment on a day."""
    case = ws.case
    account = ws.account(account)
    known("actor", actor, list(case.actors))
    today = on or first_day(case)
    data = network.columns(case, histories(ws), account, today, tell(case, account).readings)
    if actor:
        data["commitments"] = [c for c in data["commitments"] if actor in (*c["debtor"], *c["creditor"])]
        linked = {a for c in data["commitments"] for a in (*c["debtor"], *c["creditor"])}
        for side in ("debtors", "creditors"):
            data[side] = [a for a in data[side] if a["id"] in linked]
    return Page(
        f"{len(data['commitments'])} commitments between {len(data['debtors'])} debtors and "
        f"{len(data['creditors'])} creditors",
        ("debtor", "commitment", "title", "threat", "state", "since", "creditor"),
        [
            [
                "; ".join(c["debtor"]),
                c["id"],
                c["title"],
                c["adverse"],
                c["words"],
                c["since"],
                "; ".join(c["creditor"]),
            ]
            for c in data["commitments"]
        ],
        {"account": account, "on": today.isoformat(), "actor": actor, "network": data},
    )
