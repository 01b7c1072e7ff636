"""What could be known on a day: a case without everything that was published or happened later. Enforced, not trusted.

Documents, claims, events, agreements, commitments and observations later than the day are gone; an account keeps an
answer only if a claim behind it was published by then (its own voice's claim, where that voice gives one). What a case
assumes (options, stakes, parameters) stays: it was written by people who know what came after, and reports say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from standoff.case.claims import Account, Answer, Claim, Dispute, Sets
from standoff.case.model import Case, Observation
from standoff.case.terms import Commitment
from standoff.evidence.accounts import known_by
from standoff.values import When


def _past(when: When | None, day: date) -> bool:
    """Whether all of ``when`` has passed on ``day``; a date that is not told has not."""
    last = None if when is None else (when.end or when.start)
    return last is not None and last <= day


def _begun(when: When | None, day: date) -> bool:
    return when is None or when.start is None or when.start <= day


def _reported(observation: Observation, day: date) -> bool:
    """Whether a figure was published by the day, where its record says when; else its period has to be over."""
    try:
        return not observation.published or _past(When.parse(observation.published), day)
    except ValueError:
        return False


def _claim_known(case: Case, claim: Claim, day: date) -> bool:
    if claim.document:
        document = case.documents.get(claim.document)
        return document is not None and _past(document.published, day)
    return _past(claim.published, day)


def _sets(sets: Sets, events: Mapping[str, Any], commitments: Mapping[str, Any]) -> Sets:
    return replace(
        sets,
        asserts=tuple(e for e in sets.asserts if e in events),
        denies=tuple(e for e in sets.denies if e in events),
        readings={c: r for c, r in sets.readings.items() if c in commitments and _has(commitments[c], r)},
        commitments_on=tuple(c for c in sets.commitments_on if c in commitments),
        commitments_off=tuple(c for c in sets.commitments_off if c in commitments),
    )


def _has(commitment: Commitment, reading: str) -> bool:
    return reading == "" or any(r.id == reading for r in commitment.readings)


def _backed(answer: Answer, claims: Iterable[str]) -> bool:
    return bool(answer.assumed) or not answer.claims or any(c in claims for c in answer.claims)


def _account(case: Case, account: Account, disputes: Mapping[str, Dispute], claims: Mapping[str, Claim]) -> Account:
    answers = {}
    for name, answer_id in account.answers.items():
        answer = next((a for a in disputes[name].answers if a.id == answer_id), None) if name in disputes else None
        if answer is None:
            continue
        voiced = [c for c in answer.claims if c in case.claims and _voice(case, case.claims[c]) == account.id]
        if not account.is_voice or not voiced or any(c in claims for c in voiced):
            answers[name] = answer_id
    weights = {
        name: {a.id: table[a.id] for a in disputes[name].answers if a.id in table}
        for name, table in account.weights.items()
        if name in disputes
    }
    return replace(account, answers=answers, weights={k: v for k, v in weights.items() if v})


def _voice(case: Case, claim: Claim) -> str:
    document = case.documents.get(claim.document)
    return document.voice if document is not None else ""


def case_as_of(case: Case, day: date) -> Case:
    """Return the case as it could be known at the end of ``day``."""
    claims = {k: c for k, c in case.claims.items() if _claim_known(case, c, day)}
    events = {k: e for k, e in case.events.items() if known_by(e, day)}
    commitments = {}
    for name, c in case.commitments.items():
        backed = not c.claims or bool(c.citation or c.assumed) or any(x in claims for x in c.claims)
        if backed and c.from_.start is not None and c.from_.start <= day:
            readings = tuple(r for r in c.readings if not r.claims or any(x in claims for x in r.claims))
            commitments[name] = replace(c, readings=readings)
    disputes = {}
    for name, dispute in case.disputes.items():
        answers = tuple(
            replace(a, claims=tuple(c for c in a.claims if c in claims), sets=_sets(a.sets, events, commitments))
            for a in dispute.answers
            if _backed(a, claims)
        )
        if answers:
            disputes[name] = replace(dispute, answers=answers)
    closures = tuple(
        replace(c, until=None if not _past(c.until, day) else c.until) for c in case.closures if _begun(c.from_, day)
    )
    return replace(
        case,
        documents={k: d for k, d in case.documents.items() if _past(d.published, day)},
        claims=claims,
        events=events,
        commitments=commitments,
        agreements={k: a for k, a in case.agreements.items() if _begun(a.date, day)},
        disputes=disputes,
        accounts={k: _account(case, a, disputes, claims) for k, a in case.accounts.items()},
        closures=closures,
        observed={k: o for k, o in case.observed.items() if _past(o.to, day) and _reported(o, day)},
    )
