"""Checks that nobody is accused without a source and an answer, and that nothing is owed by or against nobody.

They hold for a case with ``format: 2``. An older case gets one warning for each kind of fault, with how many there are
and the first. Stories (``tests/``) and rows of a log are no rows of events.csv and are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from standoff.case.model import Account, Case, Claim, Event
from standoff.case.saying import EventSaid
from standoff.case.terms import Commitment, Pattern
from standoff.case.values import When
from standoff.case.vocabulary import OLD_ACCOUNTS, is_a
from standoff.case.where import at
from standoff.errors import Problem, nearest
from standoff.evidence.independence import institutions
from standoff.evidence.standing import (
    NAMED,
    UNSOURCED,
    accuses,
    blocs_of,
    carriers_of,
    carries_words,
    citable,
    event_carriers,
    parties_of,
    speaks_for,
)

FORMATS = (1, 2)
NONE_FOUND = "none found"
# What is owed here is a state of things, whoever brings it about: "transit is restored" may name nobody.
RESULTS = (
    "weapons-withdrawn", "radicals-withdrawn", "transit-restored", "zone-established", "corridor-opened",
    "separation-done", "access-granted", "evacuation", "demining", "return", "aid",
)  # fmt: skip
_KINDS = {
    "accusation-source": ("accusing row without a citable source", "accusing rows without a citable source"),
    "accusation-answer": (
        "accusing row without the answer of everybody it accuses",
        "accusing rows without the answer of everybody they accuse",
    ),
    "answer": ("answer that answers for nobody accused", "answers that answer for nobody accused"),
    "sourcing": ("row marked 'unsourced' that has a citable source", "rows marked 'unsourced' with a citable source"),
    "consequent-party": ("consequent without actor or target", "consequents without actor or target"),
    "clause": ("clause without a place in a text", "clauses without a place in a text"),
    "holder": ("reading without a claim of its holder", "readings without a claim of their holder"),
}


@dataclass(frozen=True, slots=True)
class Silence:
    """An accused actor of whom a row has no answer, and why the claims that it names are none."""

    actor: str
    why: str = ""


def silences(case: Case, event: Event) -> tuple[Silence, ...]:
    """Return the accused of a row who have neither an answer nor ``none found``, in order.

    An answer is a claim in ``answer``, a claim whose ``recorded`` is this row, or a denial of all such acts that covers
    it. Its innermost source is named and speaks for the accused, and it is carried by what may carry words.
    """
    if not accuses(event) or event.sourcing == UNSOURCED or NONE_FOUND in event.answer:
        return ()
    claims = [case.claims[name] for name in event.answer if name in case.claims]
    claims += [claim for claim in case.claims.values() if _speaks_of(case, claim, event)]
    heard = [claim for claim in claims if carries_words(case, claim)]
    return tuple(
        Silence(actor)
        for actor in dict.fromkeys(event.actor)
        if not any(speaks_for(case, claim.chain[-1], actor) for claim in heard)
    )


def _speaks_of(case: Case, claim: Claim, event: Event) -> bool:
    """Whether a claim asserts or denies an event: by name, through the claim that it denies, or as one of its kind."""
    says = claim.says
    if claim.realis not in ("asserted", "denied"):
        return False
    if isinstance(says, EventSaid) and says.recorded:
        return says.recorded == event.id
    if claim.realis != "denied":
        return False
    against = [case.claims[name].says for name in claim.denies if name in case.claims]
    if any(isinstance(other, EventSaid) and other.recorded == event.id for other in against):
        return True
    return isinstance(says, EventSaid) and not against and _covers(case, says, event)


def _covers(case: Case, says: EventSaid, event: Event) -> bool:
    """Whether a row lies inside the type, actor, place and days of a general denial, as far as names tell."""
    if not is_a(event.type, says.event) or says.date is None or not _inside(event.date, says.date):
        return False
    for wanted, names in ((says.actor, event.actor), (says.target, event.target)):
        if wanted and not any(set(wanted) & {name, *blocs_of(case, name)} for name in names):
            return False
    sectors = {case.places[p].sector for p in event.place if p in case.places}
    return bool(says.actor) and (not says.at or says.at in {*event.place, *event.sector, *event.zone, *sectors})


def _inside(when: When, window: When) -> bool:
    if when.start is None or when.end is None:
        return False
    return (window.start is None or window.start <= when.start) and (window.end is None or when.end <= window.end)


def check_accusing_rows(case: Case) -> Iterator[Problem]:
    """An accusing row has a citable source and the answer of everybody it accuses, or is marked ``unsourced``."""
    for key, event in case.events.items():
        yield from _answers(case, event)
        if event.sourcing == UNSOURCED:
            if accuses(event) and citable(case, event):
                what = f"{key} is marked 'unsourced', and {_carried(case, event)} carries it"
                yield _fault(case, "events", key, "sourcing", what, "sourcing", expected="an empty cell")
            continue
        if not accuses(event):
            continue
        accused = " and ".join(event.actor)
        if not citable(case, event):
            what = f"{key} accuses {accused} of {event.type} on {_carried(case, event)}"
            expected = "an address of a wire or a monitor in source, or sourcing: unsourced"
            hint = "" if event.source or event.claims else "standing of an address: publishers.csv"
            yield _fault(case, "events", key, "accusation-source", what, "source", expected=expected, hint=hint)
        if left := silences(case, event):
            what = f"{key} accuses {' and '.join(s.actor for s in left)} of {event.type} without an answer"
            expected = f"in answer: a claim by a named organ or official of each, or '{NONE_FOUND}'"
            yield _fault(case, "events", key, "accusation-answer", what, "answer", expected=expected)


def _carried(case: Case, event: Event) -> str:
    """Say what carries a row: each name with its standing."""
    found = [f"{c.name} ({c.standing or 'not judged'})" for c in event_carriers(case, event)]
    return ", ".join(found[:3]) + (" and others" if len(found) > 3 else "") or "no address"


def _answers(case: Case, event: Event) -> Iterator[Problem]:
    for name in event.answer:
        if name == NONE_FOUND:
            continue
        claim = case.claims.get(name)
        if claim is None:
            hint = nearest(name, [*case.claims, NONE_FOUND])
            expected = f"the id of a claim, or '{NONE_FOUND}'"
            yield at(case, "events", event.id, f"answer names {name!r}", "answer", expected=expected, hint=hint)
            continue
        why = _no_answer(case, claim, event)
        if why:
            expected = f"a public claim by a named organ or official of {' or '.join(event.actor) or 'an actor'}"
            yield _fault(case, "events", event.id, "answer", f"{name} {why}", "answer", expected=expected)


def _no_answer(case: Case, claim: Claim, event: Event) -> str:
    """Say why a claim is no answer of an actor of the row; empty where it is one."""
    voice = claim.chain[-1] if claim.chain else ""
    source = case.sources.get(voice)
    if source is None or source.kind not in NAMED:
        return f"is by {voice!r}, who is not named" if source is None or source.kind == "anonymous" else (
            f"is by {voice!r}, of kind {source.kind!r}, which speaks for no party"
        )  # fmt: skip
    if not any(speaks_for(case, voice, actor) for actor in event.actor):
        of = ", ".join(parties_of(case, voice)) or "nobody"
        return f"is by {voice!r}, who speaks for {of}"
    if not carries_words(case, claim):
        by = ", ".join(f"{c.name} ({c.standing or 'not judged'})" for c in carriers_of(case, claim))
        return f"is carried by {by or 'no address'}, which may not carry the words of {voice!r}"
    return ""


def check_consequents(case: Case) -> Iterator[Problem]:
    """What is owed, forbidden or threatened names who acts, and a threat against whom.

    - ``forbid``: an actor. Without one it is read as its debtors; where others are meant, they are judged by nothing.
    - ``then``: an actor, unless all its types are states of things that anybody may bring about (`RESULTS`), and
      the commitment is no threat. Who owes the result is its debtor.
    - In a threat (``adverse``): a target as well. A threat of retaliation without one is carried out by an act against
      somebody else, a red line for ever crossed and answered by chance.

    Parts keyed by ``event`` name what happened, and ``commitment`` a state: they need neither. ``answers_for`` widens
    the actors that are named, and stands in for none.
    """
    for key, record in case.commitments.items():
        for path, where, role, pattern in _consequents(record):
            for missing in _nobody(record, role, pattern):
                what = f"{key}: {role} names no {missing}{where}"
                yield _fault(
                    case, "commitments", key, "consequent-party", what, *path, expected=_expected(record, missing, role)
                )


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
    found = []
    passive = role == "then" and not record.adverse and _types(pattern) and _types(pattern) <= set(RESULTS)
    if not passive and not _names(pattern, "actor"):
        found.append("actor")
    if record.adverse and role == "then" and not _names(pattern, "target"):
        found.append("target")
    return tuple(found)


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
            yield _fault(case, "commitments", key, "clause", what, "form", expected=expected, hint=hint)


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
                    yield _fault(case, "commitments", key, "holder", what, *path, expected=expected, hint=hint)
                elif not any(_holds(case, holder, claim) for claim in claims):
                    what = f"{key}: the reading {reading.id!r} has no claim by {holder!r}, who is to hold it"
                    expected = f"in its claims: one by a named organ or official, or by a voice, of {holder}"
                    yield _fault(case, "commitments", key, "holder", what, *path, expected=expected)


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


def check_account_kinds(case: Case) -> Iterator[Problem]:
    """A statement account has a party and named voices, and nothing that is chosen for it; old kinds get a warning."""
    old: dict[str, list[str]] = {}
    for key, account in case.accounts.items():
        if account.kind in OLD_ACCOUNTS:
            old.setdefault(account.kind, []).append(key)
        if account.is_statement:
            yield from _statement_account(case, account)
    for kind, names in old.items():
        many = f"{len(names)} accounts are" if len(names) > 1 else "an account is"
        what = f"{many} of the old kind {kind!r}, read as a reading of the record: {', '.join(names)}"
        found = at(case, "accounts", names[0], what, "kind", expected=_NEW_KINDS[kind], severity="warning")
        yield replace(found, check="account-kind")


_NEW_KINDS = {
    "voice": "kind: reading",
    "party": "kind: statement with party, and without answers; or kind: reading, where the answers are one voice's",
    "monitor": "kind: statement with party, and without answers; or kind: reading, where the answers are one voice's",
    "pooled": "kind: reading, with its credence",
}


def _statement_account(case: Case, account: Account) -> Iterator[Problem]:
    key = account.id
    for name in ("answers", "weights", "credence"):
        if getattr(account, name):
            what = f"the statement account {key!r} has {name}"
            expected = "claims by its voices: what a party did not say is not chosen for it; or kind: reading"
            yield _named(at(case, "accounts", key, what, name, expected=expected))
    if not account.party:
        what = f"the statement account {key!r} has no party"
        yield _named(at(case, "accounts", key, what, expected="party: the actor or body whose words it holds"))
    if not account.voices:
        what = f"the statement account {key!r} has no voices"
        yield _named(at(case, "accounts", key, what, expected="voices: named organs and officials of the party"))
    for number, voice in enumerate(account.voices):
        source = case.sources.get(voice)
        if source is not None and source.kind not in NAMED:
            what = f"the voice {voice!r} of the statement account {key!r} is of kind {source.kind!r}"
            expected = f"a named source: {', '.join(NAMED)}"
            yield _named(at(case, "accounts", key, what, "voices", number, expected=expected))


def _named(problem: Problem) -> Problem:
    return replace(problem, check="statement-account")


def check_same_as(case: Case) -> Iterator[Problem]:
    """Two descriptions of one promise are of one kind, both threats or neither, and of a common debtor; no chains."""
    for key, record in case.commitments.items():
        for number, name in enumerate(record.same_as):
            other = case.commitments.get(name)
            if other is None:
                continue
            wrong = ""
            if name == key:
                wrong, expected = "itself", "another commitment"
            elif other.same_as:
                wrong, expected = f"{name!r}, which is the same as {other.same_as[0]!r}", f"{other.same_as[0]!r} itself"
            elif other.kind != record.kind:
                wrong, expected = f"{name!r}, which is of kind {other.kind!r}", f"one of kind {record.kind!r}"
            elif other.adverse != record.adverse:
                threat = "a threat" if other.adverse else "no threat"
                wrong, expected = f"{name!r}, which is {threat}", "adverse alike"
            elif not set(record.debtor) & set(other.debtor):
                wrong, expected = f"{name!r}, which {' and '.join(other.debtor)} owe", "a debtor that both have"
            if wrong:
                found = at(
                    case, "commitments", key, f"{key} is the same as {wrong}", "same_as", number, expected=expected
                )
                yield replace(found, check="same-as")


def check_format(case: Case) -> Iterator[Problem]:
    """The format of a case is one that is known."""
    if case.about.format not in FORMATS:
        yield Problem("case.yaml", 0, f"format is {case.about.format}", "1 or 2", check="format")


def _fault(
    case: Case, kind: str, key: str, check: str, what: str, *path: str | int, expected: str = "", hint: str = ""
) -> Problem:
    return replace(at(case, kind, key, what, *path, expected=expected, hint=hint), check=check)


CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    check_format,
    check_accusing_rows,
    check_consequents,
    check_clauses,
    check_holders,
    check_account_kinds,
    check_same_as,
)


def check_accusations(case: Case) -> list[Problem]:
    """Run the checks; a case older than format 2 gets one warning for each kind of fault that format 2 refuses."""
    found = [problem for run in CHECKS for problem in run(case)]
    if case.about.format >= 2:
        return found
    kept = [p for p in found if p.check not in _KINDS]
    for check, (one, many) in _KINDS.items():
        if faults := [p for p in found if p.check == check]:
            kept.append(_summary(faults, one, many))
    return kept


def _summary(faults: list[Problem], one: str, many: str) -> Problem:
    first, count = faults[0], len(faults)
    what = f"{count} {one if count == 1 else many}; {'it' if count == 1 else 'the first'}: {first.what}"
    return replace(first, what=what, hint="an error with format: 2 in case.yaml", severity="warning")
