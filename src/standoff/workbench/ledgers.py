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
from standoff.workbench import logs
from standoff.workbench.logs import Record
from standoff.workbench.page import Page, first_day, known, told_events
from standoff.workbench.workspace import Workspace


def histories(ws: Workspace, record: Record | None = None) -> tuple[Bar, ...]:
    """Return the whole history of every account, computed once for a reading of the case (and a log beside it)."""
    told = record or logs.record(ws, "", False)
    return ws.kept(("history", *told.key), lambda: spans(evaluation(ws, told, told.last, None)))


def evaluation(ws: Workspace, told: Record, on: date, as_of: date | None) -> Evaluation:
    """Return the ledger of every account run up to a day with what was known on another, computed once for each.

    Accounts are columns of one array: all of them cost about as much as one.
    """
    key = ("evaluation", on, as_of, *told.key)
    return ws.kept(key, lambda: evaluate(told.case, on=on, as_of=as_of, events=told.events))


def ledger_rows(ws: Workspace, told: Record, account: str, on: date, as_of: date | None) -> tuple[Row, ...]:
    """Return the ledger of an account on a day as known on another."""
    every = ws.kept(("rows", on, as_of, *told.key), lambda: rows(evaluation(ws, told, on, as_of)))
    return tuple(row for row in every if row.account == account)


def reasons(
    ws: Workspace, record: Record, account: str, on: date, as_of: date | None, commitment: str
) -> dict[str, Any]:
    """Return why a commitment stands where it stands, with each event as the account has it."""
    key = ("why", on, as_of, commitment, *record.key)
    found = dict(ws.kept(key, lambda: explain(evaluation(ws, record, on, as_of), commitment)))
    kind = record.case.commitments[commitment].kind
    found["rows"] = [dict(row) for row in found["rows"] if row["account"] == account]
    found["commitment"] = {**found["commitment"], "terms": records.terms(record.case.commitments[commitment])}
    found["claims"] = [{**c, "told_by": [records.source_name(ws.case, s) for s in c["chain"]]} for c in found["claims"]]
    found["debtor"] = records.names(ws.case, found["commitment"]["debtor"])
    found["creditor"] = records.names(ws.case, found["commitment"]["creditor"])
    told = {h["id"]: h for h in told_events(ws, account)}
    for row in found["rows"]:
        row["key_title"] = ws.case.places[row["key"]].name if row["key"] in ws.case.places else row["key"]
        row["look"] = bars.look(row["state"], row["verdict"], kind)
        row["words"] = bars.say(row["look"], row["words"])
        # What happened after the day the ledger stands at does not speak of it.
        before = [e for e in row["events"] if not e["date"][:1].isdigit() or e["date"][:10] <= on.isoformat()]
        row["events"] = [{**e, **told.get(e["id"], {})} for e in before]
    return found


def ledger_page(
    ws: Workspace,
    account: str = "",
    on: date | None = None,
    as_of: date | None = None,
    commitment: str = "",
    log: str = "",
    skip_bad: bool = False,
) -> Page:
    """The state of every commitment on a day, as known on a day, and why; ``log`` adds the events of a kept log."""
    case = ws.case
    account = ws.account(account)
    known("commitment", commitment, list(case.commitments))
    told = logs.record(ws, log, skip_bad)
    today = min(on or told.last, as_of or told.last)
    every = ledger_rows(ws, told, account, today, as_of)
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
            "why": reasons(ws, told, account, today, as_of, commitment) if commitment else None,
            "bars_to": told.last.isoformat(),
            "log": logs.summary(told, log),
            "logs": logs.kept_logs(ws),
            "skip_bad": skip_bad,
        },
    )


def _row(case: Case, row: Row) -> dict[str, Any]:
    appearance = bars.look(row.state, row.verdict, row.kind)
    return {
        "commitment": row.commitment,
        "title": row.title,
        "key": row.key,
        "key_title": case.places[row.key].name if row.key in case.places else row.key,
        "reading": row.reading,
        "reading_title": row.reading_title,
        "held": row.held,
        "adverse": row.adverse,
        "debtor": records.names(case, row.debtor),
        "creditor": records.names(case, row.creditor),
        "verdict": row.verdict,
        "words": bars.say(appearance, row.words),
        "look": appearance,
        "since": day(row.since),
        "due": day(row.due),
        "breaches": row.breaches,
        "breaches_possible": row.breaches_possible,
        "rule": row.rule,
        "because": list(row.because),
        "claims": [c for c in row.claims if c in case.claims],
    }


def ledger_bars(ws: Workspace, account: str = "", whole: bool = False, log: str = "", skip_bad: bool = False) -> Page:
    """The recorded ledger as bars: one account, or every account where they differ; ``log`` as on the ledger page."""
    told = logs.record(ws, log, skip_bad)
    known("account", account, list(told.case.accounts))
    chosen = [b for b in histories(ws, told) if account in ("", b.account)]
    figure = bars.ledger_bars(told.case, chosen, until=told.last, as_of=None, whole=whole)
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
        words = bars.say(look, state_words(bar.verdict, c.adverse))
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
