"""Every page as a typed function of the workspace and its query: plain data for HTML, ``.json`` and ``.csv`` alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from standoff.case.model import Case
from standoff.commitments.explain import explain
from standoff.commitments.ledger import Bar, Row, rows
from standoff.commitments.ledger import bars as spans
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.states import words as state_words
from standoff.errors import StandoffError, nearest
from standoff.evidence.telling import tell
from standoff.views import bars, evidence, happenings, maps, network, records
from standoff.views.modelcard import card
from standoff.views.words import count, day
from standoff.workbench import library
from standoff.workbench.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Page:
    """What an end-point answers: the finding as title, the table that ``.csv`` gives, and ``data`` for the page."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the page as JSON-able data."""
        return {"title": self.title, "columns": list(self.columns), "rows": [list(r) for r in self.rows], **self.data}


def known(what: str, name: str, names: Sequence[str]) -> str:
    """Return ``name`` if it is one of ``names``. Raises StandoffError with the nearest otherwise."""
    if name and name not in names:
        near = nearest(name, names)
        raise StandoffError.of(f"there is no {what} {name!r}", file=f"?{what}", expected=f"a {what} id", hint=near)
    return name


def _start(case: Case) -> date:
    return case.about.start.start or date(2000, 1, 1)


def now(
    ws: Workspace, account: str = "", on: date | None = None, days: int = 30, place: str = "", event: str = ""
) -> Page:
    """The region on a day: what is told to have happened in the days before it, where, and by how many witnesses."""
    case = ws.case
    account = ws.account(account)
    first, last = ws.period()
    today = min(max(on or _start(case), first), last)
    length = min(max(days, 1), 366)
    known("place", place, list(case.places))
    known("event", event, list(case.events))
    told = told_events(ws, account)
    window = happenings.between(told, today - timedelta(days=length - 1), today)
    shown = [h for h in window if not place or h["place"] == place]
    region = dict(ws.kept(("map",), lambda: maps.region_map(case)))
    drawn = ws.kept(("boundaries",), lambda: library.boundaries(case))
    region["data"] = {**region["data"], "zones": maps.zones_on(case), "background": [*maps.background(), *drawn]}
    title = f"{count(len(shown), 'event')} told in the {length} days to {day(today)}"
    return Page(
        title,
        ("date", "event", "type", "place", "told", "corroborated", "witnesses", "why", "claims", "source"),
        [
            [
                h["date"],
                h["title"],
                h["type"],
                "; ".join(h["places"]),
                h["told"],
                h["solid"],
                h["witnesses"],
                h["why"],
                "; ".join(h["claims"]),
                h["source"],
            ]
            for h in shown
        ],
        {
            "account": account,
            "on": today.isoformat(),
            "days": length,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "place": place,
            "event": event,
            "events": shown,
            "map": region,
            "zone_times": _zone_times(case),
            "marks": ws.kept(("marks", account), lambda: happenings.marks(case, told)),
        },
    )


def _zone_times(case: Case) -> list[list[str]]:
    """Return first and last day of each zone, in the order of ``zones_on`` without a day; empty is open."""
    return [
        [
            z.from_.start.isoformat() if z.from_ and z.from_.start else "",
            z.until.end.isoformat() if z.until and z.until.end else "",
        ]
        for z in case.zones
    ]


def evidence_page(
    ws: Workspace,
    account: str = "",
    document: str = "",
    claim: str = "",
    dispute: str = "",
    actor: str = "",
    place: str = "",
    measure: str = "",
    source: str = "",
    realis: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """Claims beside the document they stand in, and disputes as cards with their independent witnesses."""
    case = ws.case
    account = ws.account(account)
    known("document", document, list(case.documents))
    known("claim", claim, list(case.claims))
    known("dispute", dispute, list(case.disputes))
    if claim and not document:
        document = case.claims[claim].document
    choice = evidence.Choice(document, actor, place, measure, source, realis, since, until)
    chosen = evidence.choose(case, choice)
    if dispute:
        behind = {c for a in case.disputes[dispute].answers for c in a.claims}
        chosen = [c for c in chosen if c.id in behind]
    every = ws.kept(("claims",), lambda: {c.id: evidence.said_in(case, c) for c in case.claims.values()})
    cards = ws.kept(("disputes",), lambda: records.dispute_records(case))
    answers = case.accounts[account].answers
    shown = [every[c.id] for c in chosen]
    text = library.text_of(case, case.documents[document]) if document else None
    paragraphs: list[list[evidence.Piece]] = []
    lost: list[str] = []
    if text is not None:
        paragraphs, lost = evidence.marked(text, (c for c in case.claims.values() if c.document == document))
    return Page(
        f"{len(shown)} of {len(case.claims)} claims",
        ("id", "claim", "chain", "realis", "grade", "document", "paragraph", "anchor", "time", "citation", "disputes"),
        [
            [
                c["id"],
                c["text"],
                " > ".join(c["chain_ids"]),
                c["realis"],
                c["grade"],
                c["document"],
                c["at"][0]["paragraph"] if c["at"] else "",
                c["at"][0]["anchor"] if c["at"] else "",
                c["time"],
                c["citation"],
                "; ".join(c["disputes"]),
            ]
            for c in shown
        ],
        {
            "account": account,
            "claims": shown,
            "claim": claim,
            "dispute": dispute,
            "choice": {**asdict(choice), "since": str(since or ""), "until": str(until or "")},
            "options": ws.kept(("options",), lambda: evidence.options(case)),
            "documents": records.document_records(case),
            "document": next((d for d in records.document_records(case) if d["id"] == document), None),
            "paragraphs": [[{"text": p.text, "claims": list(p.claims)} for p in para] for para in paragraphs],
            "has_text": text is not None,
            "lost": lost,
            "disputes": [{**d, "answer": answers.get(d["id"], "")} for d in cards if dispute in ("", d["id"])],
        },
    )


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


def told_events(ws: Workspace, account: str) -> list[dict[str, Any]]:
    """Return every recorded event as an account has it, computed once."""
    return ws.kept(("happenings", account), lambda: happenings.happenings(ws.case, account))


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
    today = on or _start(case)
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


def problems(ws: Workspace, account: str = "") -> Page:
    """Every problem of the case folder, as of the last time its files changed."""
    seen = ws.snapshot
    errors = sum(p.severity == "error" for p in seen.problems)
    return Page(
        f"{errors} errors, {len(seen.problems) - errors} warnings",
        ("severity", "file", "line", "what", "expected", "hint"),
        [[p.severity, p.file, p.line, p.what, p.expected, p.hint] for p in seen.problems],
        {
            "account": ws.account(account),
            "current": seen.current,
            "version": seen.version,
            "problems": [asdict(p) for p in seen.problems],
        },
    )


def about(ws: Workspace, account: str = "") -> Page:
    """The model card, and what the case does not know."""
    case = ws.case
    return Page(
        "About this model",
        ("heading", "text"),
        [[s.heading, p] for s in card() for p in s.paragraphs],
        {
            "account": ws.account(account),
            "card": [asdict(s) for s in card()],
            "unknown": records.unknowns(case),
            "parameters": records.parameter_records(case),
            "sources": records.source_records(case),
            "summary": case.about.summary,
            "licence": case.about.licence,
            "disclaimer": case.about.disclaimer,
            "edition": case.about.edition,
        },
    )


def warm(ws: Workspace) -> None:
    """Compute what the pages ask for first: events, marks and map of the first account, and the ledger's history."""
    account = ws.account("")
    now(ws)
    evidence_page(ws)
    histories(ws)
    ledger_page(ws)
    changes(ws, account)
