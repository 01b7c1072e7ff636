"""Why: the whole account of one commitment as plain data, from the verdict down to the place in the document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from standoff.case.model import Case, Claim, Event
from standoff.case.terms import Commitment
from standoff.commitments.ledger import Row, rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.probability import chance
from standoff.commitments.reasons import Counted, counted, doubt, is_late
from standoff.commitments.run import Mark
from standoff.commitments.states import STATES, words
from standoff.errors import StandoffError, nearest
from standoff.prose import fold

_ROLES = {
    "when": "meets the condition",
    "then": "does what was owed",
    "bad": "breaks it",
    "while": "bears on what it rests on",
    "suspend": "suspends it",
    "resume": "resumes it",
    "release": "releases it",
    "cancel": "cancels it",
}


def find_commitment(case: Case, commitment: str) -> Commitment:
    """Return a commitment of the case. Raises StandoffError with the nearest name when there is none."""
    if commitment not in case.commitments:
        what, hint = f"there is no commitment {commitment!r}", nearest(commitment, case.commitments)
        raise StandoffError.of(what, file="--why", expected="the id of a commitment", hint=hint)
    return case.commitments[commitment]


def why(
    case: Case,
    account: str | Sequence[str] | None,
    commitment: str,
    *,
    on: date | None = None,
    as_of: date | None = None,
    events: Sequence[Event] | None = None,
) -> dict[str, Any]:
    """Explain one commitment for an account (or several, or all): text, readings, verdicts, events, claims, places.

    Raises StandoffError for an unknown commitment or account, or a day after ``as_of``.
    """
    find_commitment(case, commitment)
    accounts = [account] if isinstance(account, str) else account
    return explain(evaluate(case, accounts, on=on, as_of=as_of, events=events), commitment)


def explain(made: Evaluation, commitment: str) -> dict[str, Any]:
    """Explain one commitment from a finished run, as JSON-able data."""
    record = find_commitment(made.case, commitment)
    found = rows(made, commitment)
    claims = dict.fromkeys(c for row in found for c in row.claims)
    return {
        "commitment": _terms(made.case, record),
        "on": made.on.isoformat(),
        "as_of": made.as_of.isoformat() if made.as_of else None,
        "known": bool(found),
        "rows": [_row(made, row) for row in found],
        "claims": [place(made.case, made.case.claims[c]) for c in claims if c in made.case.claims],
        "first_breach": first_breaches(made, record),
    }


def _terms(case: Case, record: Commitment) -> dict[str, Any]:
    agreement = case.agreements.get(record.agreement)
    return {
        "id": record.id,
        "title": record.title,
        "kind": record.kind,
        "threat": record.adverse,
        "form": record.form,
        "condition": record.condition,
        "debtor": list(record.debtor),
        "creditor": list(record.creditor),
        "answers_for": {k: list(v) for k, v in record.answers_for.items()},
        "agreement": record.agreement,
        "agreement_title": agreement.title if agreement else "",
        "provision": record.provision,
        "reference": record.reference or (agreement.reference if agreement else ""),
        "from": str(record.from_),
        "until": str(record.until) if record.until else None,
        "by": str(record.by) if record.by else None,
        "within": str(record.within) if record.within else None,
        "replaces": [*record.supersedes, *([record.amends] if record.amends else [])],
        "readings": [{"id": r.id, "title": r.title, "held_by": list(r.held_by)} for r in record.readings],
        "observable": record.observable,
        "assumed": record.assumed,
        "citation": record.citation,
        "note": record.note,
    }


def _row(made: Evaluation, row: Row) -> dict[str, Any]:
    slot = next(
        i
        for i, s in enumerate(made.plan.slots)
        if (s.commitment, s.reading, s.key, s.span) == (row.commitment, row.reading, row.key, "")
    )
    said = {r.event.id: r for r in made.reports[row.account]}
    return {
        "account": row.account,
        "reading": row.reading or "text",
        "reading_title": row.reading_title,
        "held": row.held,
        "key": row.key,
        "state": row.state,
        "worst": row.worst,
        "verdict": row.verdict,
        "words": row.words,
        "rule": row.rule,
        "since": row.since.isoformat() if row.since else None,
        "due": row.due.isoformat() if row.due else None,
        "kept": row.kept,
        "broken": row.broken,
        "disputed": row.disputed,
        "breaches": [row.breaches, row.breaches_possible],
        "degree": list(row.degree) if row.degree else None,
        "remedied": row.remedied.isoformat() if row.remedied else None,
        "watched": row.watched,
        "because": list(row.because),
        "chance": _chance(made, slot),
        "timeline": timeline(made, slot, row),
        "events": [
            _event(
                c,
                said[c.event].event,
                said[c.event].why,
                is_late(made, slot, row.account, c),
                doubt(made, slot, row.account, c),
            )
            for c in counted(made, slot, row.account)
        ],
    }


def _chance(made: Evaluation, slot: int) -> dict[str, Any] | None:
    found = chance(made, slot)
    return None if found is None else asdict(found)


def _event(found: Counted, event: Event, told: str, late: bool, why: str) -> dict[str, Any]:
    return {
        "id": found.event,
        "date": str(event.date),
        "title": event.title,
        "role": _ROLES[found.role] + (", late" if late else ""),
        "certain": not why and not found.denied,
        "doubt": why,
        "denied": found.denied,
        "why": told,
        "claims": list(event.claims),
        "source": event.source,
        "contested": event.contested,
    }


def timeline(made: Evaluation, slot: int, row: Row) -> list[dict[str, Any]]:
    """Return what changed day by day; ``certain`` when both completions have the change on that day."""
    changes: dict[tuple[int, str], int] = {}
    for column in made.columns(row.account):
        before = Mark(0, 0, 0, 0, 0, 0)
        for mark in made.marks.get((column, slot), ()):
            for what in _differences(before, mark, row.adverse):
                changes[mark.day, what] = changes.get((mark.day, what), 0) + 1
            before = mark
    return [
        {"date": made.plan.date(day).isoformat(), "what": what, "certain": count == 2}
        for (day, what), count in sorted(changes.items(), key=lambda item: item[0][0])
    ]


def _differences(before: Mark, mark: Mark, adverse: bool) -> list[str]:
    out = []
    if mark.begun > before.begun and mark.state != 2:
        out.append("called in")
    if mark.breaches > before.breaches:
        out.append(
            f"breach {mark.breaches}" if mark.breaches - before.breaches == 1 else f"breaches to {mark.breaches}"
        )
    if mark.state != before.state:
        out.append(words(STATES[mark.state], adverse))
    elif mark.broken > before.broken:
        out.append(words("violated", adverse))
    elif mark.kept > before.kept:
        out.append(words("satisfied", adverse))
    return out


def place(case: Case, claim: Claim) -> dict[str, Any]:
    """Return a claim with its place in the document and who relays whom, outermost first."""
    document = case.documents.get(claim.document)
    return {
        "id": claim.id,
        "text": claim.text,
        "document": claim.document,
        "title": document.title if document else "",
        "at": [{"paragraph": a.paragraph, "anchor": a.anchor} for a in claim.at],
        "chain": list(claim.chain),
        "realis": claim.realis,
        "grade": claim.grade.reliability + claim.grade.credibility,
        "citation": claim.citation,
    }


def first_breaches(made: Evaluation, record: Commitment) -> dict[str, dict[str, Any] | None]:
    """Return, per account, who first broke a provision of the same agreement: commitment, day, debtors.

    Both sides of an agreement say that the other broke it first; each account gives its own answer. Only breaches that
    are certain in the account count, in the reading the account holds.
    """
    out: dict[str, dict[str, Any] | None] = {}
    for account in made.accounts:
        harsh, lenient = made.columns(account)
        found = []
        for slot, own in enumerate(made.plan.slots):
            other = made.case.commitments[own.commitment]
            same = other.id == record.id or (bool(record.agreement) and other.agreement == record.agreement)
            if not same or other.adverse or not made.state.told[harsh, slot]:
                continue
            days = [int(made.state.first_broken[column, slot]) for column in (harsh, lenient)]
            if min(days) >= 0:
                found.append((max(days), own.commitment, own.debtor))
        out[account] = None
        if found:
            day, name, debtor = min(found)
            out[account] = {"commitment": name, "on": made.plan.date(day).isoformat(), "debtor": list(debtor)}
    return out


def _in_short(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how a commitment stands as it is written, and who tells it so."""
    told: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["reading"] == "text":
            told.setdefault(row["words"], []).append(row)
    everyone = {row["account"] for some in told.values() for row in some}
    parts = []
    for words_, some in told.items():
        accounts = list(dict.fromkeys(row["account"] for row in some))
        places = len({row["key"] for row in some if row["key"]})
        at = f" at {places} places" if places > 1 else ""
        by = "every account" if len(everyone) > 1 and len(accounts) == len(everyone) else ", ".join(accounts)
        parts.append(f"{words_}{at} as told by {by}")
    return "; ".join(parts) or "no verdict as it is written"


def text(found: dict[str, Any], width: int = 80) -> str:
    """Return an explanation as plain text, ``width`` columns wide; accounts that tell the same share a part."""

    c = found["commitment"]
    out: list[str] = []

    def line(said: str, indent: int = 0) -> None:
        pad = " " * indent
        out.extend(fold(said, width, indent=pad, hang=pad + "  "))

    line(f"{c['id']}: {c['title']}")
    line(_in_short(found["rows"]))
    line(f"{', '.join(c['debtor'])} to {', '.join(c['creditor']) or 'nobody named'}; {c['kind']}, from {c['from']}")
    if c["agreement"]:
        reference = f"; {c['reference']}" if c["reference"] else ""
        line(f"{c['agreement_title']}, {c['provision'] or 'no provision named'}{reference}")
    for name in ("note", "assumed", "observable"):
        if c[name]:
            line(f"{name}: {c[name]}")
    groups: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for row in found["rows"]:
        told = {k: v for k, v in row.items() if k not in ("account", "held")}
        groups.setdefault(json.dumps(told, sort_keys=True, default=str), (row, []))[1].append(row["account"])
    for row, accounts in groups.values():
        out.append("")
        key = f" at {row['key']}" if row["key"] else ""
        reading = "as written" if row["reading"] == "text" else row["reading"]
        line(f"As told by {', '.join(accounts)}; reading: {reading}{key}")
        line(f"{row['words'].upper()}: {row['rule']}", 2)
        if row["chance"] is not None:
            line(row["chance"]["said"], 2)
        if not row["watched"]:
            line("nobody is known to have watched on every day", 2)
        for step in row["timeline"]:
            line(f"{step['date']}  {step['what']}{'' if step['certain'] else ' (only if doubtful reports hold)'}", 2)
        for event in row["events"]:
            mark = " (asserted and denied)" if event["denied"] else f" (possibly: {event['doubt']})"
            mark = "" if event["certain"] else mark
            line(f"{event['date']}  {event['title']} [{event['id']}]: {event['role']}{mark}", 4)
            if event["source"]:
                line(event["source"], 6)
    if found["claims"]:
        out.extend(["", "Claims"])
    for claim in found["claims"]:
        at = "; ".join(f'paragraph {a["paragraph"]}, "{a["anchor"]}"' for a in claim["at"])
        line(f"{claim['id']}: {claim['text']}", 2)
        line(f"{claim['document'] or claim['citation']} {at}; chain {' > '.join(claim['chain'])}", 6)
    broke = {a: b for a, b in found["first_breach"].items() if b}
    if broke:
        out.extend(["", "Who first broke a provision of it, as each account tells it"])
        for account, first in broke.items():
            line(f"{account}: {', '.join(first['debtor'])}, {first['commitment']}, {first['on']}", 2)
    return "\n".join(out) + "\n"
