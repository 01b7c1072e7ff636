"""Checks of what is owed: it names who acts and against whom, a clause stands in a text, a reading has a holder."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.case.model import Account, Case, Claim
from standoff.case.terms import Commitment, Pattern
from standoff.case.where import at
from standoff.errors import Problem, nearest
from standoff.evidence.independence import institutions
from standoff.evidence.standing import carries_words, speaks_for

# What is owed here is a state of things, whoever brings it about: "transit is restored" may name nobody.
RESULTS = (
    "weapons-withdrawn", "radicals-withdrawn", "transit-restored", "zone-established", "corridor-opened",
    "separation-done", "access-granted", "evacuation", "demining", "return", "aid",
)  # fmt: skip


def check_consequents(case: Case) -> Iterator[Problem]:
    """What is owed, forbidden or threatened names who acts, and a threat against whom.

    - ``forbid``: an actor. Without one it is read as its debtors; where others are meant, they are judged by nothing.
    - ``then``: an actor, unless all its types are states of things that anybody may bring about (`RESULTS`), and
      the commitment is no threat. Who owes the result is its debtor.
    - In a threat (``adverse``): a target as well. Without one an act against somebody else, elsewhere and for other
      reasons, carries the threat out.

    Parts keyed by ``event`` name what happened, and ``commitment`` a state: they need neither. ``answers_for`` widens
    the actors that are named, and stands in for none.
    """
    for key, record in case.commitments.items():
        for path, where, role, pattern in _consequents(record):
            for missing in _nobody(record, role, pattern):
                what = f"{key}: {role} names no {missing}{where}"
                expected = _expected(record, missing, role)
                yield at(case, "commitments", key, what, *path, expected=expected, check="consequent-party")


def _expected(record: Commitment, missing: str, role: str) -> str:
    if missing == "target":
        names = ", ".join(record.creditor) or "those it threatens"
        return f"target: against whom ({names}?); an act against anybody else would carry the threat out"
    names = ", ".join(record.debtor)
    return f"actor: who ({names}, or others?); as it stands an act of anybody could {_does(role, record)}"


def _does(role: str, record: Commitment) -> str:
    if role == "forbid":
        return "be meant, and only its debtors are judged"
    return "carry it out" if record.adverse else "fulfil it"


def _consequents(record: Commitment) -> Iterator[tuple[tuple[str | int, ...], str, str, Pattern]]:
    holders: list[tuple[tuple[str | int, ...], str, object]] = [((), "", record)]
    holders += [
        (("readings", number), f" in the reading {reading.id!r}", reading)
        for number, reading in enumerate(record.readings)
    ]
    for path, where, holder in holders:
        for role in ("then", "forbid"):
            pattern = getattr(holder, role)
            if pattern is None:
                continue
            turned = role == "then" and record.kind == "maintain" and pattern.not_ is not None
            yield (*path, role), where, ("forbid" if turned else role), (pattern.not_ if turned else pattern)


def _nobody(record: Commitment, role: str, pattern: Pattern) -> tuple[str, ...]:
    """Return which of actor and target a consequent lacks."""
    if _keyed(pattern):
        return ()
    lacks = []
    passive = role == "then" and not record.adverse and _types(pattern) and _types(pattern) <= set(RESULTS)
    if not passive and not _names(pattern, "actor"):
        lacks.append("actor")
    if record.adverse and role == "then" and not _names(pattern, "target"):
        lacks.append("target")
    return tuple(lacks)


def _keyed(pattern: Pattern) -> bool:
    """Whether every alternative is keyed by the id of an event, or reads the state of a commitment."""
    if pattern.event or pattern.commitment:
        return True
    if any(_keyed(part) for part in pattern.all):
        return True
    return bool(pattern.any) and all(_keyed(part) for part in pattern.any)


def _names(pattern: Pattern, key: str) -> bool:
    """Whether every alternative of a pattern names an actor, or a target; a list of all targets names them."""
    if getattr(pattern, key) or (key == "target" and pattern.listed) or any(_names(p, key) for p in pattern.all):
        return True
    return bool(pattern.any) and all(_keyed(part) or _names(part, key) for part in pattern.any)


def _types(pattern: Pattern) -> set[str]:
    return {*pattern.type, *(name for part in (*pattern.any, *pattern.all) for name in _types(part))}


def check_clauses(case: Case) -> Iterator[Problem]:
    """A clause stands in a text that can be read, at a place that is given; else it is a reading of its holder."""
    for key, record in case.commitments.items():
        if record.form != "clause":
            continue
        agreement = case.agreements.get(record.agreement)
        lacks = []
        if agreement is None:
            lacks.append("no agreement")
        elif not (agreement.text or agreement.reference or record.reference):
            lacks.append(f"no text: {agreement.id} has neither text nor reference")
        if not record.provision.strip():
            lacks.append("no provision")
        if lacks:
            what = f"{key} is a clause with {' and '.join(lacks)}"
            expected = "an agreement with text or reference, and provision: the place in it"
            hint = "what no text holds is no clause: a reading with held_by and claims, or another form"
            yield at(case, "commitments", key, what, "form", expected=expected, hint=hint, check="clause")


def check_holders(case: Case) -> Iterator[Problem]:
    """A reading names who holds it, an account or actor of the case, and a claim by which each holds it."""
    for key, record in case.commitments.items():
        for number, reading in enumerate(record.readings):
            path = ("readings", number, "held_by")
            claims = [case.claims[name] for name in reading.claims if name in case.claims]
            for holder in reading.held_by:
                if holder not in case.accounts and holder not in case.actors:
                    what = f"{key}: the reading {reading.id!r} is held by {holder!r}"
                    hint = nearest(holder, [*case.accounts, *case.actors])
                    expected = "an account or an actor of the case"
                    yield at(case, "commitments", key, what, *path, expected=expected, hint=hint, check="holder")
                elif not any(_holds(case, holder, claim) for claim in claims):
                    what = f"{key}: the reading {reading.id!r} has no claim by {holder!r}, who is to hold it"
                    expected = f"in its claims: one by a named organ or official, or by a voice, of {holder}"
                    yield at(case, "commitments", key, what, *path, expected=expected, check="holder")


def _holds(case: Case, holder: str, claim: Claim) -> bool:
    account = case.accounts.get(holder)
    if holder in case.actors and claim.chain and speaks_for(case, claim.chain[-1], holder):
        return carries_words(case, claim)
    if account is None:
        return False
    if account.is_statement:
        return bool(claim.chain) and claim.chain[-1] in account.voices and carries_words(case, claim)
    return claim.realis != "denied" and account.id in {_voice_of(case, claim), *_accounts_of(case, claim, account)}


def _voice_of(case: Case, claim: Claim) -> str:
    document = case.documents.get(claim.document)
    return document.voice if document else ""


def _accounts_of(case: Case, claim: Claim, account: Account) -> tuple[str, ...]:
    """Return the account where a claim is by one of its voices: the innermost source, or its document's author."""
    document = case.documents.get(claim.document)
    names = {*claim.chain[-1:], *(document.author if document else ()), document.outlet if document else ""}
    owners = {owner for name in names for owner in institutions(case, name)}
    return (account.id,) if (names | owners) & set(account.voices) else ()


def check_same_as(case: Case) -> Iterator[Problem]:
    """Two descriptions of one promise are of one kind, both threats or neither, and of a common debtor; no chains."""
    for key, record in case.commitments.items():
        for number, name in enumerate(record.same_as):
            if name in case.commitments and (wrong := _unlike(record, case.commitments[name])):
                what, expected = f"{key} is the same as {wrong[0]}", wrong[1]
                yield at(case, "commitments", key, what, "same_as", number, expected=expected, check="same-as")


def _unlike(record: Commitment, other: Commitment) -> tuple[str, str] | None:
    """Say why another commitment is no description of the same promise, and what was expected."""
    if other.id == record.id:
        return "itself", "another commitment"
    if other.same_as:
        first = other.same_as[0]
        return f"{other.id!r}, which is the same as {first!r}", f"{first!r} itself: no chains"
    if other.kind != record.kind:
        return f"{other.id!r}, which is of kind {other.kind!r}", f"one of kind {record.kind!r}"
    if other.adverse != record.adverse:
        return f"{other.id!r}, which is {'a threat' if other.adverse else 'no threat'}", "adverse alike"
    if not set(record.debtor) & set(other.debtor):
        return f"{other.id!r}, which {' and '.join(other.debtor)} owe", "a debtor that both have"
    return None
