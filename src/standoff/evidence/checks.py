"""Checks of the evidence of a case.

Claims go through chains that end, and give numbers, times and grades that can be meant. Disputes have answers, and
accounts give those that their voices back. What is owed names who acts and against whom, a clause stands in a text, a
reading has a holder. Nobody is accused without a source and an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from standoff.case.checks import at, register
from standoff.case.claims import UNWRITTEN, Account, AccountKind, Claim, EventSaid, QuantitySaid
from standoff.case.groups import GROUPS
from standoff.case.model import Case, Event, Kind
from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.errors import Problem, nearest
from standoff.evidence.coding_sheet import check_coverage
from standoff.evidence.contradictions import CONTRADICTIONS, DIFFERENCES, published
from standoff.evidence.independence import circle, institutions
from standoff.evidence.library import check_originals, check_texts
from standoff.evidence.quantities import CONVENTIONS, convention_name, states_conversion
from standoff.evidence.standing import (
    NAMED,
    UNSOURCED,
    accuses,
    carriers_of,
    carries_answer,
    carries_words,
    citable,
    event_carriers,
    on_its_page,
    parties_of,
    speaks_for,
)
from standoff.evidence.statements import claims_about
from standoff.evidence.what_is_counted import nearest_group, unlisted

register("evidence")(check_texts)
register("evidence")(check_originals)
register("evidence")(check_coverage)

# Claims: chains, numbers, times and grades. Ids that dangle and words of closed lists are checked with the case.


@register("evidence")
def check_chains(case: Case) -> Iterator[Problem]:
    """A chain names each source once, starts with who tells the document, and no source belongs to itself."""
    for key, source in case.sources.items():
        trail, step = [key], source.of
        while step and step not in trail:
            trail.append(step)
            step = case.sources[step].of if step in case.sources else ""
        if step == key:
            what = f"the source {key!r} belongs to itself: {' > '.join([*trail, key])}"
            yield at(case, Kind.SOURCES, key, what, "of", expected="what it belongs to, without a circle")
    for key, claim in case.claims.items():
        for number, name in enumerate(claim.chain):
            if name in claim.chain[:number]:
                what = f"the chain loops: {' > '.join(claim.chain)}"
                expected = "each source once, from the outermost teller to the innermost origin"
                yield at(case, Kind.CLAIMS, key, what, "chain", number, expected=expected)
        yield from _teller(case, claim)


def _teller(case: Case, claim: Claim) -> Iterator[Problem]:
    document = case.documents.get(claim.document)
    if document is None or not claim.chain:
        return
    tellers = {*document.author, document.outlet, *document.republished}
    first = claim.chain[0]
    if first not in tellers and not tellers & set(institutions(case, first)):
        what = f"the chain starts with {first!r}, who does not tell {claim.document}"
        expected = ", ".join(name for name in (document.outlet, *document.author) if name)
        yield at(case, Kind.CLAIMS, claim.id, what, "chain", 0, expected=expected, hint=nearest(first, tellers))
    elif claim.voice in ("quote", "paraphrase") and not set(claim.chain) - tellers:
        what = f"the {claim.voice} is of nobody: the chain ends with {claim.chain[-1]!r}, who tells the document"
        yield at(
            case,
            Kind.CLAIMS,
            claim.id,
            what,
            "chain",
            expected="whom it quotes, at the end of the chain; or 'voice: narrator'",
        )


@register("evidence")
def check_claims(case: Case) -> Iterator[Problem]:
    """Claims have a text of their own; none denies or replaces itself, directly or in a circle, or both another one."""
    for key, claim in case.claims.items():
        if not claim.text.strip() or claim.text.startswith(UNWRITTEN):
            what = "the claim is only proposed: its text is not written"
            yield at(case, Kind.CLAIMS, key, what, "text", expected="what the source says, in your own words")
        for name in ("denies", "supersedes"):
            if key in getattr(claim, name):
                expected = f"another claim that it {name}"
                yield at(case, Kind.CLAIMS, key, f"the claim {key!r} {name} itself", name, expected=expected)
        for other in sorted(set(claim.denies) & set(claim.supersedes)):
            what = f"the claim both denies and supersedes {other!r}"
            expected = "denies for what is untrue, supersedes for what was corrected"
            yield at(case, Kind.CLAIMS, key, what, "supersedes", expected=expected)
        trail, ahead = {key}, [c for c in claim.supersedes if c != key]
        while ahead:
            step = ahead.pop()
            if step == key:
                what = f"the claim {key!r} supersedes itself through {claim.supersedes[0]!r}"
                yield at(case, Kind.CLAIMS, key, what, "supersedes", expected="an earlier claim")
                break
            if step not in trail and step in case.claims:
                trail.add(step)
                ahead += case.claims[step].supersedes


@register("evidence")
def check_quantities(case: Case) -> Iterator[Problem]:
    """Quantities have ends in order, one time, a share from 0 to 1, and a convention that exists."""
    for key, claim in case.claims.items():
        quantity = claim.says
        if not isinstance(quantity, QuantitySaid):
            continue
        low, high, value = quantity.low, quantity.high, quantity.value
        if low is not None and high is not None and low > high:
            what = f"low {low:g} is above high {high:g}"
            yield at(case, Kind.CLAIMS, key, what, "says", "low", expected="low up to high")
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            what = f"value {value:g} lies outside low and high"
            yield at(case, Kind.CLAIMS, key, what, "says", "value", expected="a value between them, or none")
        if value is None and low is None and high is None and claim.realis != "denied":
            yield at(case, Kind.CLAIMS, key, "the quantity has no number", "says", expected="value, or low and high")
        if quantity.bound == "range" and (low is None or high is None):
            yield at(case, Kind.CLAIMS, key, "the range has no two ends", "says", "bound", expected="low and high")
        if quantity.as_of is not None and quantity.window is not None:
            what = "the quantity has both a date and a window"
            yield at(
                case, Kind.CLAIMS, key, what, "says", "window", expected="as_of (at a date) or window (over a time)"
            )
        top = 1.0 if quantity.measure == "share" and not quantity.unit else None
        for name, number in (("value", value), ("low", low), ("high", high)):
            if number is not None and top is not None and not 0 <= number <= top:
                expected = "a share from 0 to 1, or 'unit: percent'"
                yield at(case, Kind.CLAIMS, key, f"the share is {number:g}", "says", name, expected=expected)
        text = quantity.convention
        if text and not convention_name(text) and not states_conversion(text):
            hint = nearest(text, CONVENTIONS)
            expected = f"{', '.join(CONVENTIONS)}, or a conversion such as 'a mile is 1.609 km'"
            what = f"there is no convention {text!r}"
            yield at(case, Kind.CLAIMS, key, what, "says", "convention", expected=expected, hint=hint)


_GROUP = re.compile(r"[a-z0-9][a-z0-9-]*$")


@register("evidence")
def check_groups(case: Case) -> Iterator[Problem]:
    """Groups that are counted have plain ids, are part of groups that exist, and no wording means two of them."""
    known = [*GROUPS, *case.groups]
    meant: dict[str, str] = {}
    for key, group in case.groups.items():
        if not _GROUP.match(key):
            expected = "small letters, digits and -, such as pro-government-fighters"
            yield at(case, Kind.GROUPS, key, f"the id is {key!r}", "id", expected=expected)
        for number, name in enumerate(group.part_of):
            if name not in known:
                what = f"there is no group {name!r}"
                expected = "a group of the list or of groups.yaml"
                yield at(case, Kind.GROUPS, key, what, "part_of", number, expected=expected, hint=nearest(name, known))
        if key in _above_groups(case, key):
            what = f"the group {key!r} is part of itself"
            yield at(case, Kind.GROUPS, key, what, "part_of", expected="a wider group")
        for number, word in enumerate(group.words):
            plain = " ".join(word.casefold().split())
            if meant.setdefault(plain, key) != key:
                what = f"{word!r} means {meant[plain]!r}, too"
                yield at(case, Kind.GROUPS, key, what, "words", number, expected="each wording once")
    for key, claim in case.claims.items():
        if isinstance(claim.says, QuantitySaid) and unlisted(case, claim.says):
            what = f"no group of the list is called {claim.says.counted!r}, so it is compared with nothing else"
            expected = "a word of the list, or this wording in groups.yaml"
            hint = nearest_group(case, claim.says.counted)
            yield at(case, Kind.CLAIMS, key, what, "says", "counted", expected=expected, hint=hint, severity="warning")


def _above_groups(case: Case, key: str) -> set[str]:
    above: set[str] = set()
    ahead = list(case.groups[key].part_of)
    while ahead:
        step = ahead.pop()
        if step not in above:
            above.add(step)
            ahead += case.groups[step].part_of if step in case.groups else ()
    return above


@register("evidence")
def check_times(case: Case) -> Iterator[Problem]:
    """What is told as a fact does not lie after the day it was published."""
    for key, claim in case.claims.items():
        if claim.realis not in ("asserted", "denied", "alleged"):
            continue
        when = None
        name = ""
        if isinstance(claim.says, QuantitySaid):
            when, name = (claim.says.as_of, "as_of") if claim.says.as_of else (claim.says.window, "window")
        elif isinstance(claim.says, EventSaid):
            when, name = claim.says.date, "date"
        out = published(case, claim)
        if when and when.start and out and out.end and when.start > out.end:
            what = f"told as {claim.realis} for {when}, after it was published on {out}"
            expected = "a date up to then, or another realis (predicted, threatened, promised)"
            yield at(case, Kind.CLAIMS, key, what, "says", name, expected=expected, severity="warning")


@register("evidence")
def check_grades(case: Case) -> Iterator[Problem]:
    """Admiralty grades other than F6 name the person who set them; no program sets one."""
    for key, claim in case.claims.items():
        grade = claim.grade
        if (grade.reliability, grade.credibility) != ("F", "6") and not grade.by.strip():
            what = f"the grade {grade.reliability}{grade.credibility} was set by no person"
            yield at(case, Kind.CLAIMS, key, what, "grade", expected="by: who graded it, or no grade (F6)")
    for key, source in case.sources.items():
        if source.reliability != "F" and not source.graded_by.strip():
            what = f"the reliability {source.reliability} was set by no person"
            yield at(case, Kind.SOURCES, key, what, "reliability", expected="graded_by: who graded it, or F")


# Disputes and accounts.

# People find disputes, too: about causes, intentions, expectations and who belongs together.
DISPUTE_KINDS = tuple(dict.fromkeys((*CONTRADICTIONS, *DIFFERENCES, "cause", "intention", "prediction", "structure")))


@register("evidence")
def check_disputes(case: Case) -> Iterator[Problem]:
    """A dispute has a known kind and at least two answers with ids of their own, and sets something or says why not."""
    for key, dispute in case.disputes.items():
        if dispute.kind not in DISPUTE_KINDS:
            hint = nearest(dispute.kind, DISPUTE_KINDS)
            expected = ", ".join(DISPUTE_KINDS)
            yield at(case, Kind.DISPUTES, key, f"kind is {dispute.kind!r}", "kind", expected=expected, hint=hint)
        ids = [answer.id for answer in dispute.answers]
        if len(ids) < 2:
            what = f"the dispute has {len(ids)} answer{'' if len(ids) == 1 else 's'}"
            yield at(case, Kind.DISPUTES, key, what, "answers", expected="two or more")
        for number, name in enumerate(ids):
            if name in ids[:number]:
                what = f"the answer {name!r} is given twice"
                yield at(case, Kind.DISPUTES, key, what, "answers", number, "id", expected="each id once")
        empty = type(dispute.answers[0].sets)() if dispute.answers else None
        moves = [answer for answer in dispute.answers if answer.sets != empty]
        if not moves and not dispute.unmodelled:
            what = "no answer sets anything"
            expected = "sets, or 'unmodelled: why not'"
            yield at(case, Kind.DISPUTES, key, what, expected=expected)
        for number, answer in enumerate(dispute.answers):
            if around := circle(case, answer.claims):
                what = f"behind {answer.id!r} {' and '.join(around)} only relay each other: whose word is it?"
                expected = "who said it first, at the end of a chain"
                here = "answers", number, "claims"
                yield at(case, Kind.DISPUTES, key, what, *here, expected=expected, severity="warning")
            for name in sorted(set(answer.sets.asserts) & set(answer.sets.denies)):
                what = f"the answer {answer.id!r} both asserts and denies {name!r}"
                yield at(case, Kind.DISPUTES, key, what, "answers", number, "sets", expected="one of the two")
            for name in sorted(set(answer.sets.commitments_on) & set(answer.sets.commitments_off)):
                what = f"the answer {answer.id!r} puts {name!r} both in and out of force"
                yield at(case, Kind.DISPUTES, key, what, "answers", number, "sets", expected="one of the two")


@register("evidence")
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
                    yield at(case, Kind.DISPUTES, key, what, *here, "parameters", name, expected=expected)
            for name, reading in answer.sets.readings.items():
                commitment = case.commitments.get(name)
                readings = [r.id for r in commitment.readings] if commitment else []
                if commitment and reading not in (*readings, "text"):
                    what = f"{name!r} has no reading {reading!r}"
                    expected = ", ".join(["text", *readings])
                    hint = nearest(reading, readings)
                    yield at(case, Kind.DISPUTES, key, what, *here, "readings", name, expected=expected, hint=hint)
        things = {("parameter", p) for a in dispute.answers for p in a.sets.parameters}
        things |= {("reading of", c) for a in dispute.answers for c in a.sets.readings}
        for thing in sorted(things):
            first = setters.setdefault(thing, key)
            if first != key:
                what = f"the {thing[0]} {thing[1]!r} is set by {first!r} too; this later dispute holds"
                expected = "one dispute for each thing"
                yield at(case, Kind.DISPUTES, key, what, expected=expected, severity="warning")


def _own(case: Case, account: Account, claim: Claim) -> bool:
    document = case.documents.get(claim.document)
    if document and document.voice == account.id:
        return True
    names = {*claim.chain, *(document.author if document else ()), document.outlet if document else ""}
    owners = {owner for name in names for owner in institutions(case, name)}
    parties = {case.sources[name].party for name in names if name in case.sources} - {""}
    return bool((names | owners | parties) & {*account.voices, account.id})


@register("evidence")
def check_accounts(case: Case) -> Iterator[Problem]:
    """Accounts give answers that exist, backed by claims of their own voices; a pool draws from accounts, not pools."""
    for key, account in case.accounts.items():
        if account.is_record:
            continue
        for name, answer in account.answers.items():
            yield from _answer(case, key, name, answer, "answers", name)
            dispute = case.disputes.get(name)
            chosen = next((a for a in dispute.answers if a.id == answer), None) if dispute else None
            if chosen and chosen.claims and not account.is_pool:
                claims = [case.claims[c] for c in chosen.claims if c in case.claims]
                if not any(_own(case, account, claim) for claim in claims):
                    what = f"no claim behind {name} = {answer} is by a voice of {key!r}"
                    expected = "a claim by one of its voices, or silence"
                    yield at(case, Kind.ACCOUNTS, key, what, "answers", name, expected=expected, severity="warning")
        for name, weights in account.weights.items():
            for answer in weights:
                yield from _answer(case, key, name, answer, "weights", name, answer)
        if account.credence and account.kind in (AccountKind.VOICE, AccountKind.PARTY, AccountKind.MONITOR):
            what = f"an account of kind '{account.kind}' has credences"
            yield at(case, Kind.ACCOUNTS, key, what, "credence", expected="kind: reading, or no credence")
            continue
        if not account.is_pool:
            if not account.voices:
                what = "the account has no voices"
                yield at(case, Kind.ACCOUNTS, key, what, expected="the sources it speaks for", severity="warning")
            continue
        for name in account.credence:
            if name in case.accounts and case.accounts[name].is_pool:
                what = f"the account draws from {name!r}, which draws from others itself"
                yield at(case, Kind.ACCOUNTS, key, what, "credence", name, expected="accounts that are not pooled")


def _answer(case: Case, account: str, name: str, answer: str, *path: str) -> Iterator[Problem]:
    dispute = case.disputes.get(name)
    ids = [a.id for a in dispute.answers] if dispute else []
    if dispute and answer not in ids:
        what = f"the dispute {name!r} has no answer {answer!r}"
        yield at(case, Kind.ACCOUNTS, account, what, *path, expected=", ".join(ids), hint=nearest(answer, ids))


def check_account_kinds(case: Case) -> Iterator[Problem]:
    """A statement account has a party and named voices, and nothing that is chosen for it."""
    for account in case.accounts.values():
        if account.is_statement:
            yield from _statement_account(case, account)


def _statement_account(case: Case, account: Account) -> Iterator[Problem]:
    key, check = account.id, "statement-account"
    for name in ("answers", "weights", "credence"):
        if getattr(account, name):
            what = f"the statement account {key!r} has {name}"
            expected = "claims by its voices: what a party did not say is not chosen for it; or kind: reading"
            yield at(case, Kind.ACCOUNTS, key, what, name, expected=expected, check=check)
    if not account.party:
        what, expected = f"the statement account {key!r} has no party", "party: the actor or body whose words it holds"
        yield at(case, Kind.ACCOUNTS, key, what, expected=expected, check=check)
    if not account.voices:
        what, expected = (
            f"the statement account {key!r} has no voices",
            "voices: named organs and officials of the party",
        )
        yield at(case, Kind.ACCOUNTS, key, what, expected=expected, check=check)
    for number, voice in enumerate(account.voices):
        source = case.sources.get(voice)
        if source is not None and source.kind not in NAMED:
            what = f"the voice {voice!r} of the statement account {key!r} is of kind {source.kind!r}"
            expected = f"a named source: {', '.join(NAMED)}"
            yield at(case, Kind.ACCOUNTS, key, what, "voices", number, expected=expected, check=check)


# What is owed: who acts, against whom, and whose reading it is.

# States of things, whoever brings them about: "transit is restored" may name nobody.
RESULTS = (
    "weapons-withdrawn", "radicals-withdrawn", "transit-restored", "zone-established", "corridor-opened",
    "separation-done", "access-granted", "evacuation", "demining", "return", "aid",
)  # fmt: skip


def check_consequent_parties(case: Case) -> Iterator[Problem]:
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
                yield at(case, Kind.COMMITMENTS, key, what, *path, expected=expected, check="consequent-party")


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
            forbidden = role == "then" and record.kind == CommitmentKind.MAINTAIN and pattern.not_ is not None
            yield (*path, role), where, ("forbid" if forbidden else role), (pattern.not_ if forbidden else pattern)


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
            hint = "what no text holds is not a clause: a reading with held_by and claims, or another form"
            yield at(case, Kind.COMMITMENTS, key, what, "form", expected=expected, hint=hint, check="clause")


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
                    yield at(case, Kind.COMMITMENTS, key, what, *path, expected=expected, hint=hint, check="holder")
                elif not any(_holds(case, holder, claim) for claim in claims):
                    what = f"{key}: the reading {reading.id!r} has no claim by {holder!r}, who is to hold it"
                    expected = f"in its claims: one by a named organ or official, or by a voice, of {holder}"
                    yield at(case, Kind.COMMITMENTS, key, what, *path, expected=expected, check="holder")


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
                yield at(case, Kind.COMMITMENTS, key, what, "same_as", number, expected=expected, check="same-as")


def _unlike(record: Commitment, other: Commitment) -> tuple[str, str] | None:
    """Say why another commitment is no description of the same promise, and what was expected."""
    if other.id == record.id:
        return "itself", "another commitment"
    if other.same_as:
        first = other.same_as[0]
        return f"{other.id!r}, which is the same as {first!r}", f"{first!r} itself: no chains"
    if other.kind != record.kind:
        return f"{other.id!r}, which is of kind '{other.kind}'", f"one of kind '{record.kind}'"
    if other.adverse != record.adverse:
        return f"{other.id!r}, which is {'a threat' if other.adverse else 'no threat'}", "adverse alike"
    if not set(record.debtor) & set(other.debtor):
        return f"{other.id!r}, which {' and '.join(other.debtor)} owe", "a debtor that both have"
    return None


# Accusations. These checks, and those of what is owed, are errors with ``format: 2``; an older case gets one warning
# for each kind of fault. Stories (``tests/``) and rows of a log are not looked at.

NONE_FOUND = "none found"
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


def silences(case: Case, event: Event, words: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """Return the accused of a row who have neither an answer nor ``none found``, in order.

    An answer is a claim in ``answer``, a claim whose ``recorded`` is this row, or a denial of all such acts that covers
    it. Its innermost source is named and speaks for the accused, and it is carried by what may carry words. ``words``
    is what `claims_about` returns, for whoever asks of many rows.
    """
    if not accuses(event) or event.sourcing == UNSOURCED or NONE_FOUND in event.answer:
        return ()
    names = (*event.answer, *(claims_about(case) if words is None else words).get(event.id, ()))
    claims = [case.claims[name] for name in dict.fromkeys(names) if name in case.claims]
    answers = [claim for claim in claims if carries_answer(case, claim) or on_its_page(case, claim, event)]
    return tuple(
        actor
        for actor in dict.fromkeys(event.actor)
        if not any(speaks_for(case, claim.chain[-1], actor) for claim in answers)
    )


def check_accusing_rows(case: Case) -> Iterator[Problem]:
    """An accusing row has a citable source and the answer of everybody it accuses, or is marked ``unsourced``."""
    words = claims_about(case)
    for key, event in case.events.items():
        yield from _answers(case, event)
        if event.sourcing == UNSOURCED:
            if accuses(event) and citable(case, event):
                what = f"{key} is marked 'unsourced', and {_carried(case, event)} carries it"
                yield at(case, Kind.EVENTS, key, what, "sourcing", expected="an empty cell", check="sourcing")
            continue
        if not accuses(event):
            continue
        accused = " and ".join(event.actor)
        if not citable(case, event) and not owned(case, event, words):
            what = f"{key} accuses {accused} of {event.type} on {_carried(case, event)}"
            expected = "an address of a wire or a monitor in source, or sourcing: unsourced"
            hint = "" if event.source or event.claims else "standing of an address: publishers.csv"
            yield at(case, Kind.EVENTS, key, what, "source", expected=expected, hint=hint, check="accusation-source")
        yield from _overlooked(case, event, words)
        if left := silences(case, event, words):
            what = f"{key} accuses {' and '.join(left)} of {event.type} without an answer"
            expected = f"in answer: a claim by a named organ or official of each, or '{NONE_FOUND}'"
            yield at(case, Kind.EVENTS, key, what, "answer", expected=expected, check="accusation-answer")


def _overlooked(case: Case, event: Event, words: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """A row does not say that no answer is found where the case holds the denial of who is accused."""
    if NONE_FOUND not in event.answer:
        return
    for name in words.get(event.id, ()):
        claim = case.claims[name]
        if claim.realis != "denied" or name in event.answer:
            continue
        if any(speaks_for(case, claim.chain[-1], actor) for actor in event.actor):
            if not carries_answer(case, claim) and not on_its_page(case, claim, event):
                by = ", ".join(f"{c.name} ({c.standing or 'not judged'})" for c in carriers_of(case, claim))
                what = f"{name} denies {event.id} for the accused, and is not heard: {by or 'no address'} carries it"
                expected = "a row of publishers.csv that says what it is, or another address"
                yield at(
                    case, Kind.EVENTS, event.id, what, "answer", expected=expected, check="answer", severity="warning"
                )
                continue
            what = f"{event.id} says '{NONE_FOUND}', and {name} is a denial by who speaks for the accused"
            yield at(case, Kind.EVENTS, event.id, what, "answer", expected=name, check="answer", severity="warning")


def owned(case: Case, event: Event, words: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether everybody whom a row accuses said in public that it did it: then nobody else's word is needed."""
    own = [case.claims[name] for name in words.get(event.id, ()) if case.claims[name].realis == "asserted"]
    own = [claim for claim in own if carries_words(case, claim)]
    return all(any(speaks_for(case, claim.chain[-1], actor) for claim in own) for actor in event.actor)


def _carried(case: Case, event: Event) -> str:
    """Say what carries a row: each name with its standing."""
    names = [f"{c.name} ({c.standing or 'not judged'})" for c in event_carriers(case, event)]
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "") or "no address"


def _answers(case: Case, event: Event) -> Iterator[Problem]:
    for name in event.answer:
        if name == NONE_FOUND:
            continue
        claim = case.claims.get(name)
        if claim is None:
            hint = nearest(name, [*case.claims, NONE_FOUND])
            expected = f"the id of a claim, or '{NONE_FOUND}'"
            yield at(case, Kind.EVENTS, event.id, f"answer names {name!r}", "answer", expected=expected, hint=hint)
            continue
        why = _no_answer(case, claim, event)
        if why:
            expected = f"a public claim by a named organ or official of {' or '.join(event.actor) or 'an actor'}"
            yield at(case, Kind.EVENTS, event.id, f"{name} {why}", "answer", expected=expected, check="answer")


def _no_answer(case: Case, claim: Claim, event: Event) -> str:
    """Say why a claim is no answer of an actor of the row; empty where it is one."""
    voice = claim.chain[-1] if claim.chain else ""
    source = case.sources.get(voice)
    if source is None or source.kind == "anonymous":
        return f"is by {voice!r}, who is not named"
    if source.kind not in NAMED:
        organ = "; an organ of a party is of kind organisation or agency" if source.party else ""
        return f"is by {voice!r}, of kind {source.kind!r}, which speaks for no party{organ}"
    if not any(speaks_for(case, voice, actor) for actor in event.actor):
        of = ", ".join(parties_of(case, voice)) or "nobody"
        return f"is by {voice!r}, who speaks for {of}"
    if not carries_answer(case, claim) and not on_its_page(case, claim, event):
        by = ", ".join(f"{c.name} ({c.standing or 'not judged'})" for c in carriers_of(case, claim))
        return f"is carried by {by or 'no address'}, which may not carry the words of {voice!r}"
    return ""


def check_publishers(case: Case) -> Iterator[Problem]:
    """A publisher is a host as it stands in addresses, or the beginning of a symbol; a statement says whose it is."""
    for key, publisher in case.publishers.items():
        if (host := _plain(key)) != key:
            what, expected = f"the id {key!r} is not a host as addresses are looked up", repr(host)
            yield at(case, Kind.PUBLISHERS, key, what, "id", expected=expected, check="publisher")
        if publisher.standing == "statement" and not publisher.party:
            what = f"{key} is a statement of nobody"
            expected = "party: the actor whose organ it is, by id or name"
            yield at(case, Kind.PUBLISHERS, key, what, "party", expected=expected, check="publisher")


def _plain(name: str) -> str:
    """Return the id of a publisher as it is looked up: a host without scheme, www and the slash at its end."""
    bare = re.sub(r"^[a-z]+://", "", name, flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}", host):
        return name  # a symbol
    return (host.lower().removeprefix("www.") + slash + path).rstrip("/")


ACCUSATION_CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    check_publishers,
    check_accusing_rows,
    check_consequent_parties,
    check_clauses,
    check_holders,
    check_account_kinds,
    check_same_as,
)


@register("evidence")
def check_accusations(case: Case) -> list[Problem]:
    """Run the checks; a case older than format 2 gets one warning for each kind of fault that format 2 refuses."""
    problems = [problem for run in ACCUSATION_CHECKS for problem in run(case)]
    if case.about.format >= 2:
        return problems
    kept = [p for p in problems if p.check not in _KINDS]
    for check, (one, many) in _KINDS.items():
        if faults := [p for p in problems if p.check == check]:
            kept.append(_summary(faults, one, many))
    return kept


def _summary(faults: list[Problem], one: str, many: str) -> Problem:
    first, count = faults[0], len(faults)
    what = f"{count} {one if count == 1 else many}; {'it' if count == 1 else 'the first'}: {first.what}"
    return replace(first, what=what, hint="an error with format: 2 in case.yaml", severity="warning")
