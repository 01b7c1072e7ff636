"""Every page as a typed function of the workspace and its query: plain data for HTML, ``.json`` and ``.csv`` alike."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from standoff.evidence.accounts import kind_of
from standoff.evidence.library import own_copy, text_name
from standoff.evidence.statements import is_statement
from standoff.text.sentences import count
from standoff.views import accounts, evidence, records
from standoff.views.report import card
from standoff.workbench.ledgers import changes_page, histories, ledger_page
from standoff.workbench.now import ledger_in_counts, now_page, sight
from standoff.workbench.page import Page, check_name
from standoff.workbench.uploads import is_being_read, kept_logs
from standoff.workbench.workspace import Workspace

CLAIMS_EACH = 60  # claims of a page


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
    page: int = 0,
) -> Page:
    """Claims beside the document they stand in, and disputes as cards with their independent sources."""
    case = ws.case
    account = ws.account(account)
    check_name("document", document, list(case.documents))
    check_name("claim", claim, list(case.claims))
    check_name("dispute", dispute, list(case.disputes))
    if claim and not document:
        document = case.claims[claim].document
    choice = evidence.ClaimFilter(document, actor, place, measure, source, realis, since, until)
    chosen = evidence.matching_claims(case, choice)
    if dispute:
        behind = {c for a in case.disputes[dispute].answers for c in a.claims}
        chosen = [c for c in chosen if c.id in behind]
    every = ws.kept(("claims",), lambda: {c.id: evidence.claim_on_page(case, c) for c in case.claims.values()})
    cards = ws.kept(("disputes",), lambda: records.dispute_records(case))
    mine = case.accounts[account]
    answers = mine.answers
    own = {c.id for c in chosen if mine.is_statement and is_statement(case, mine, c)}
    rows = [{**every[c.id], "own": c.id in own} for c in chosen]
    pages = max(-(-len(rows) // CLAIMS_EACH), 1)
    place_of_claim = next((n for n, row in enumerate(rows) if row["id"] == claim), 0)
    at = min(page or place_of_claim // CLAIMS_EACH + 1, pages)
    text = own_copy(case, case.documents[document]) if document else None
    paragraphs: list[list[evidence.Piece]] = []
    lost: list[str] = []
    if text is not None:
        paragraphs, lost = evidence.marked(text, (c for c in case.claims.values() if c.document == document))
    return Page(
        f"{len(rows)} of {len(case.claims)} claims"
        + (f", {len(own)} of them public words of {accounts.speaker(case, account)}" if mine.is_statement else ""),
        (
            "id",
            "claim",
            "chain",
            "realis",
            "grade",
            "document",
            "paragraph",
            "anchor",
            "time",
            "citation",
            "disputes",
            "days",
            "corrected_by",
        ),
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
                c["days"],
                "; ".join(c["corrected_by"]),
            ]
            for c in rows
        ],
        {
            "account": account,
            "account_kind": kind_of(case, account),
            "party": accounts.speaker(case, account) if mine.is_statement else "",
            "claims": rows,
            "page": at,
            "pages": pages,
            "each": CLAIMS_EACH,
            "claim": claim,
            "card": ws.kept(("claim", claim), lambda: evidence.claim_card(case, case.claims[claim])) if claim else None,
            "dispute": dispute,
            **ws.kept(("comparisons",), lambda: evidence.comparison_rows(case)),
            "choice": {**asdict(choice), "since": str(since or ""), "until": str(until or "")},
            "options": ws.kept(("options",), lambda: evidence.options(case)),
            "documents": records.document_records(case),
            "document": next((d for d in records.document_records(case) if d["id"] == document), None),
            "paragraphs": [[{"text": p.text, "claims": list(p.claims)} for p in para] for para in paragraphs],
            "has_text": text is not None,
            "text_name": text_name(case.documents[document]) if document else "",
            "lost": lost,
            "disputes": [{**d, "answer": answers.get(d["id"], "")} for d in cards if dispute in ("", d["id"])],
        },
    )


def problems_page(ws: Workspace, account: str = "") -> Page:
    """Every problem of the case folder, as of the last time its files changed."""
    snapshot = ws.snapshot
    errors = sum(p.severity == "error" for p in snapshot.problems)
    return Page(
        f"{count(errors, 'error')}, {count(len(snapshot.problems) - errors, 'warning')}",
        ("severity", "file", "line", "what", "expected", "hint"),
        [[p.severity, p.file, p.line, p.what, p.expected, p.hint] for p in snapshot.problems],
        {
            "account": ws.account(account),
            "current": snapshot.current,
            "version": snapshot.version,
            "problems": [asdict(p) for p in snapshot.problems],
        },
    )


def about_page(ws: Workspace, account: str = "") -> Page:
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
    names = kept_logs(ws)
    if names and not ws.case.events:
        is_being_read(ws, names[0], False)  # a long log: pages wait for one reader
    now_page(ws)
    evidence_page(ws)
    histories(ws)
    ledger_page(ws)
    changes_page(ws, account)
    ledger_in_counts(sight(ws))
