"""Checks of disputes and accounts: answers that exist, are backed by who gives them, and do not set one thing twice."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.case.model import Account, Case, Claim
from standoff.case.where import at
from standoff.errors import Problem, nearest
from standoff.evidence.compare import CONTRADICTIONS, DIFFERENCES
from standoff.evidence.independence import circle, institutions

# Disputes are found by people, too: about causes, intentions, expectations and who belongs together.
DISPUTE_KINDS = tuple(dict.fromkeys((*CONTRADICTIONS, *DIFFERENCES, "cause", "intention", "prediction", "structure")))


def check_disputes(case: Case) -> Iterator[Problem]:
    """A dispute has a known kind and at least two answers with ids of their own, and sets something or says why not."""
    for key, dispute in case.disputes.items():
        if dispute.kind not in DISPUTE_KINDS:
            hint = nearest(dispute.kind, DISPUTE_KINDS)
            expected = ", ".join(DISPUTE_KINDS)
            yield at(case, "disputes", key, f"kind is {dispute.kind!r}", "kind", expected=expected, hint=hint)
        ids = [answer.id for answer in dispute.answers]
        if len(ids) < 2:
            what = f"the dispute has {len(ids)} answer{'' if len(ids) == 1 else 's'}"
            yield at(case, "disputes", key, what, "answers", expected="two or more")
        for number, name in enumerate(ids):
            if name in ids[:number]:
                what = f"the answer {name!r} is given twice"
                yield at(case, "disputes", key, what, "answers", number, "id", expected="each id once")
        empty = type(dispute.answers[0].sets)() if dispute.answers else None
        moves = [answer for answer in dispute.answers if answer.sets != empty]
        if not moves and not dispute.unmodelled:
            what = "no answer sets anything"
            expected = "sets, or 'unmodelled: why not'"
            yield at(case, "disputes", key, what, expected=expected)
        for number, answer in enumerate(dispute.answers):
            if around := circle(case, answer.claims):
                what = f"behind {answer.id!r} {' and '.join(around)} only relay each other: whose word is it?"
                expected = "who said it first, at the end of a chain"
                here = "answers", number, "claims"
                yield at(case, "disputes", key, what, *here, expected=expected, severity="warning")
            for name in sorted(set(answer.sets.asserts) & set(answer.sets.denies)):
                what = f"the answer {answer.id!r} both asserts and denies {name!r}"
                yield at(case, "disputes", key, what, "answers", number, "sets", expected="one of the two")
            for name in sorted(set(answer.sets.commitments_on) & set(answer.sets.commitments_off)):
                what = f"the answer {answer.id!r} puts {name!r} both in and out of force"
                yield at(case, "disputes", key, what, "answers", number, "sets", expected="one of the two")


def check_sets(case: Case) -> Iterator[Problem]:
    """Answers set parameters inside their range and readings that exist; two disputes do not set one thing."""
    setters: dict[tuple[str, str], str] = {}
    for key, dispute in case.disputes.items():
        for number, answer in enumerate(dispute.answers):
            here = ("answers", number, "sets")
            for name, value in answer.sets.parameters.items():
                parameter = case.parameters.get(name)
                if parameter and not parameter.range[0] <= value <= parameter.range[1]:
                    what = f"the answer {answer.id!r} sets {name} to {value:g}"
                    expected = f"{parameter.range[0]:g} to {parameter.range[1]:g}"
                    yield at(case, "disputes", key, what, *here, "parameters", name, expected=expected)
            for name, reading in answer.sets.readings.items():
                commitment = case.commitments.get(name)
                known = [r.id for r in commitment.readings] if commitment else []
                if commitment and reading not in (*known, "text"):
                    what = f"{name!r} has no reading {reading!r}"
                    expected = ", ".join(["text", *known])
                    hint = nearest(reading, known)
                    yield at(case, "disputes", key, what, *here, "readings", name, expected=expected, hint=hint)
        things = {("parameter", p) for a in dispute.answers for p in a.sets.parameters}
        things |= {("reading of", c) for a in dispute.answers for c in a.sets.readings}
        for thing in sorted(things):
            first = setters.setdefault(thing, key)
            if first != key:
                what = f"the {thing[0]} {thing[1]!r} is set by {first!r} too; this later dispute holds"
                expected = "one dispute for each thing"
                yield at(case, "disputes", key, what, expected=expected, severity="warning")


def _own(case: Case, account: Account, claim: Claim) -> bool:
    document = case.documents.get(claim.document)
    if document and document.voice == account.id:
        return True
    names = {*claim.chain, *(document.author if document else ()), document.outlet if document else ""}
    owners = {owner for name in names for owner in institutions(case, name)}
    parties = {case.sources[name].party for name in names if name in case.sources} - {""}
    return bool((names | owners | parties) & {*account.voices, account.id})


def check_accounts(case: Case) -> Iterator[Problem]:
    """Accounts give answers that exist, backed by claims of their own voices; a pool draws from accounts, not pools."""
    for key, account in case.accounts.items():
        if account.is_record:
            continue
        for name, answer in account.answers.items():
            yield from _answer(case, key, name, answer, "answers", name)
            dispute = case.disputes.get(name)
            given = next((a for a in dispute.answers if a.id == answer), None) if dispute else None
            if given and given.claims and not account.is_pool:
                claims = [case.claims[c] for c in given.claims if c in case.claims]
                if not any(_own(case, account, claim) for claim in claims):
                    what = f"no claim behind {name} = {answer} is by a voice of {key!r}"
                    expected = "a claim by one of its voices, or silence"
                    yield at(case, "accounts", key, what, "answers", name, expected=expected, severity="warning")
        for name, weights in account.weights.items():
            for answer in weights:
                yield from _answer(case, key, name, answer, "weights", name, answer)
        if account.credence and account.kind in ("voice", "party", "monitor"):
            what = f"an account of kind {account.kind!r} has credences"
            yield at(case, "accounts", key, what, "credence", expected="kind: reading, or no credence")
            continue
        if not account.is_pool:
            if not account.voices:
                what = "the account has no voices"
                yield at(case, "accounts", key, what, expected="the sources it speaks for", severity="warning")
            continue
        for name in account.credence:
            if name in case.accounts and case.accounts[name].is_pool:
                what = f"the account draws from {name!r}, which draws from others itself"
                yield at(case, "accounts", key, what, "credence", name, expected="accounts that are not pooled")


def _answer(case: Case, account: str, name: str, answer: str, *path: str) -> Iterator[Problem]:
    dispute = case.disputes.get(name)
    ids = [a.id for a in dispute.answers] if dispute else []
    if dispute and answer not in ids:
        what = f"the dispute {name!r} has no answer {answer!r}"
        yield at(case, "accounts", account, what, *path, expected=", ".join(ids), hint=nearest(answer, ids))
