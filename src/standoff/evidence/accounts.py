"""One account's version of what happened and what applies: chosen answers turned into events, parameters and readings.

The *record* has all reports, contested where somebody denies. A *reading account* is the record read with one voice's
answers where it is disputed. A *statement account* has what its party or body itself said, and nothing else.

An *answer* sets things (events it asserts or denies, parameters, readings of commitments, commitments in or out of
force). A *telling* is what one choice of answers sets. A dispute on which an account is silent sets nothing in
``tell``; in ``sample_answers`` it is drawn, because a trajectory of a simulation has to live in one world. What is
contested outside disputes is drawn too (``sample_doubts``): each doubt at one half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress
from types import MappingProxyType
from typing import TYPE_CHECKING

from standoff.case.claims import RECORD, Account, AccountKind, Answer, Dispute, Sets
from standoff.case.model import Case, Event, refuse_errors
from standoff.case.reports import versions_of
from standoff.case.terms import Commitment
from standoff.errors import StandoffError, nearest
from standoff.evidence.independence import corroboration, institutions, origin
from standoff.evidence.standing import UNSOURCED, carries_words, doubt_in_words
from standoff.evidence.statements import about, denials, is_statement, speakers, statements
from standoff.oneline import OneLine
from standoff.values import as_day

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def find_account(case: Case, account: str) -> Account:
    """Return an account of the case. Raises StandoffError with the nearest name when there is none."""
    if account not in case.accounts:
        raise StandoffError.of(
            f"there is no account {account!r}",
            file="--account",
            expected=", ".join(case.accounts),
            hint=nearest(account, case.accounts),
        )
    return case.accounts[account]


def kind_of(case: Case, account: str) -> AccountKind:
    """Return the kind of an account by its id: ``record``, ``statement`` or ``reading``.

    The kinds of older cases are readings, and so is an account that the case does not have.
    """
    record = case.accounts.get(account)
    if account == RECORD.id or (record is not None and record.is_record):
        return AccountKind.RECORD
    return AccountKind.STATEMENT if record is not None and record.is_statement else AccountKind.READING


def pool(case: Case, account: Account) -> tuple[tuple[Account, float], ...]:
    """Return the accounts a pooled account draws from with their credences; any other account is its own pool.

    A pooled account that declares no credence weighs its ``voices`` equally, or every account of kind ``voice``.
    Raises StandoffError when it names an account that does not exist or that is pooled itself.
    """
    if not account.is_pool:
        return ((account, 1.0),)
    names = dict(account.credence)
    if not names:
        listed = account.voices or tuple(a.id for a in case.accounts.values() if a.is_voice and not a.is_pool)
        names = {name: 1 / len(listed) for name in listed}
    members = tuple((find_account(case, name), share) for name, share in names.items())
    for member, _ in members:
        if member.is_pool:
            raise StandoffError.of(
                f"the account {account.id!r} pools {member.id!r}, which is pooled itself",
                file="accounts.yaml",
                expected="reading accounts that draw from no others",
            )
    return members


def index_of(dispute: Dispute, answer: str, source: str) -> int:
    """Return the position of an answer; ``source`` names where it was given. Raises StandoffError with a hint."""
    ids = [a.id for a in dispute.answers]
    if answer not in ids:
        what = f"the dispute {dispute.id!r} has no answer {answer!r}"
        raise StandoffError.of(what, file=source, expected=", ".join(ids), hint=nearest(answer, ids))
    return ids.index(answer)


@dataclass(frozen=True, slots=True, repr=False)
class Stance(OneLine):
    """What one answer says of events: asserted, denied (directly or through a rival version), and left standing.

    ``off`` are the commitments it puts out of force.
    """

    asserts: frozenset[str]
    denies: frozenset[str]
    keeps: frozenset[str]
    off: frozenset[str]

    def on(self, event: str) -> tuple[bool, bool]:
        """Return whether the answer asserts the event and whether it denies it."""
        return event in self.asserts or event in self.keeps, event in self.denies

    @property
    def events(self) -> frozenset[str]:
        """Every event the answer takes a stance on."""
        return self.asserts | self.denies | self.keeps


def stances_of(case: Case) -> dict[str, tuple[Stance, ...]]:
    """Per dispute, the stance of each answer: an event that rivals only ever deny is kept by the other answers."""
    rivals = {one: frozenset(ids) - {one} for ids in versions_of(case).values() for one in ids}
    stances: dict[str, tuple[Stance, ...]] = {}
    for dispute in case.disputes.values():
        pairs = []
        for answer in dispute.answers:
            asserts = frozenset(answer.sets.asserts)
            implied = frozenset(rival for event in asserts for rival in rivals.get(event, frozenset()))
            pairs.append((asserts, frozenset(answer.sets.denies) | (implied - asserts)))
        asserted = frozenset(event for asserts, _ in pairs for event in asserts)
        only_denied = frozenset(event for _, denies in pairs for event in denies) - asserted
        only_denied -= frozenset(r for event in asserted for r in rivals.get(event, frozenset()))
        off = [frozenset(turned_off(dispute, answer)) for answer in dispute.answers]
        stances[dispute.id] = tuple(Stance(a, d, only_denied - d, o) for (a, d), o in zip(pairs, off, strict=True))
    return stances


def turned_off(dispute: Dispute, answer: Answer) -> set[str]:
    """Return the commitments an answer puts out of force: those it names, and those only its rivals put in force."""
    others = {c for rival in dispute.answers for c in rival.sets.commitments_on}
    return (others | set(answer.sets.commitments_off)) - set(answer.sets.commitments_on)


def weights_of(dispute: Dispute, member: Account, pooled: Account) -> list[float]:
    """Chances of the answers of one dispute as one member of a pool tells it (the account itself where not pooled)."""
    ids = [answer.id for answer in dispute.answers]
    for holder in (pooled, member):
        if dispute.id in holder.answers:
            fixed = index_of(dispute, holder.answers[dispute.id], "accounts.yaml")
            return [float(k == fixed) for k in range(len(ids))]
    for holder in (member, pooled):
        shares = holder.weights.get(dispute.id)
        if shares:
            for name in shares:
                index_of(dispute, name, "accounts.yaml")
            total = sum(shares.values())
            return [shares.get(name, 0.0) / total for name in ids]
    return [1 / len(ids)] * len(ids)


@dataclass(frozen=True, slots=True, repr=False)
class Holding(OneLine):
    """Whether a commitment stands in the record (and so in every account), else which accounts hold it, and why."""

    record: bool
    accounts: frozenset[str]
    why: str

    def lives_in(self, account: str) -> bool:
        """Whether an account holds the commitment itself."""
        return self.record or account in self.accounts


def holding(case: Case, commitment: Commitment) -> Holding:
    """Return where a commitment lives: in the record and every account, or with the one voice that reports it.

    What a text holds, what public reporting is cited for, what the obliged party said of itself in public, and what
    two independent voices report stand in the record. What one other voice alone reports lives in that voice's account:
    nobody else is charged with it.
    """
    none: frozenset[str] = frozenset()
    agreement = case.agreements.get(commitment.agreement)
    if agreement is not None and (agreement.text or agreement.reference or commitment.reference):
        return Holding(True, none, "a text holds it")
    if commitment.citation:
        return Holding(True, none, "public reporting is cited for it")
    claims = [case.claims[name] for name in commitment.claims if name in case.claims]
    if not claims:
        return Holding(True, none, "the case assumes it")
    for claim in claims:
        source = case.sources.get(claim.chain[-1]) if claim.chain else None
        parties = {source.party, *institutions(case, source.id)} if source else set()
        if parties & set(commitment.debtor) and carries_words(case, claim):
            return Holding(True, none, "the obliged party said it in public")
    if corroboration(case, commitment.claims).count > 1:
        return Holding(True, none, "independent voices report it")
    accounts = {
        account.id
        for account in case.accounts.values()
        for claim in claims
        if (is_statement(case, account, claim) if account.is_statement else _reads(case, account, claim.id))
    }
    accounts |= {account.id for account in case.accounts.values() if commitment.id in _answered(case, account)}
    if not accounts:
        return Holding(True, none, "one voice reports it, and no account is that voice's")
    return Holding(False, frozenset(accounts), f"only {origin(case, claims[0])} reports it")


def _answered(case: Case, account: Account) -> set[str]:
    """Return the commitments that the answers of a reading account read or put in force: it holds them."""
    named: set[str] = set()
    for dispute, chosen in account.answers.items():
        for answer in case.disputes[dispute].answers if dispute in case.disputes else ():
            if answer.id == chosen:
                named |= {*answer.sets.readings, *answer.sets.commitments_on}
    return named


def _reads(case: Case, account: Account, claim: str) -> bool:
    if account.is_record or account.is_pool:
        return False
    record = case.claims[claim]
    document = case.documents.get(record.document)
    return bool(document and document.voice == account.id) or bool(record.chain and record.chain[0] in account.voices)


def absent(case: Case, account: Account) -> set[str]:
    """Return the commitments that an account does not hold, since one other voice alone reports them.

    One that draws from others plays what each of them holds: a drawn world has them all.
    """
    members = [member.id for member, _ in pool(case, account)]
    lives = {name: holding(case, one) for name, one in case.commitments.items()}
    return {name for name, home in lives.items() if not any(home.lives_in(member) for member in members)}


def _twins(case: Case) -> dict[str, frozenset[str]]:
    there = case.commitments.keys()
    return {name: frozenset(one.same_as) & there for name, one in case.commitments.items() if one.same_as}


@dataclass(frozen=True, slots=True, repr=False)
class Telling(OneLine):
    """What happened and what applies, as one account tells it.

    ``answers`` has every dispute of the case, ``None`` where the account is silent. ``asserted`` and ``denied`` are the
    ids of events these answers assert and deny (asserting one version of a happening denies its other versions);
    ``off`` are commitments not in force. Events no dispute mentions are in neither set: they are common record.
    """

    account: str
    title: str
    answers: Mapping[str, str | None]
    asserted: frozenset[str]
    denied: frozenset[str]
    parameters: Mapping[str, float]
    readings: Mapping[str, str]
    off: frozenset[str]


@dataclass(frozen=True, slots=True, repr=False)
class Doubt(OneLine):
    """Events that are contested outside disputes and stand or fall together: all that one party denies, or one event.

    A run draws each doubt at one half.
    """

    title: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class EventTelling(OneLine):
    """One recorded event as one account has it: asserted, denied, both (contested) or neither (not reported).

    ``one_of`` names the happening of which it is a version, where the account has that exactly one version is true and
    leaves open which: then it is denied by the other versions, and by nothing else.
    """

    event: Event
    asserted: bool
    denied: bool
    why: str
    claims: tuple[str, ...]
    one_of: str = ""
    sure: bool = True  # it was certainly known on the day in question


def _chosen(case: Case, record: Account, answers: Mapping[str, str] | None) -> dict[str, int | None]:
    for name in answers or {}:
        if name not in case.disputes:
            what, hint = f"there is no dispute {name!r}", nearest(name, case.disputes)
            raise StandoffError.of(what, file="--answer", expected="the id of a dispute", hint=hint)
    chosen: dict[str, int | None] = {}
    for name, dispute in case.disputes.items():
        answer = (answers or {}).get(name, record.answers.get(name))
        source = "--answer" if name in (answers or {}) else "accounts.yaml"
        chosen[name] = None if answer is None else index_of(dispute, answer, source)
    return chosen


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is the same for every choice of answers: what answers do, what the voice itself tells, what it lacks."""

    stances: Mapping[str, tuple[Stance, ...]]
    own: Mapping[str, bool]
    lacks: frozenset[str]
    twins: Mapping[str, frozenset[str]]  # descriptions of promises that are others of the case, and which


def _ground(case: Case, record: Account) -> _Ground:
    return _Ground(stances_of(case), _own_words(case, record), frozenset(absent(case, record)), _twins(case))


def _make(
    case: Case, record: Account, chosen: Mapping[str, int | None], ground: _Ground, assumed: Mapping[str, bool]
) -> Telling:
    asserted: set[str] = set()
    denied: set[str] = set()
    kept: set[str] = set()
    off: set[str] = set()
    parameters: dict[str, float] = {}
    readings: dict[str, str] = {}
    answers: dict[str, str | None] = {}
    for name, number in chosen.items():
        if number is None:
            answers[name] = None
            continue
        answer, stance = case.disputes[name].answers[number], ground.stances[name][number]
        answers[name] = answer.id
        asserted |= stance.asserts
        denied |= stance.denies
        kept |= stance.keeps
        off |= stance.off
        parameters |= answer.sets.parameters
        readings |= answer.sets.readings
    settled = asserted | denied | kept
    for event, happened in {**assumed, **ground.own}.items():
        if event not in settled:
            (asserted if happened else denied).add(event)
    off |= ground.lacks
    off |= {name for name, others in ground.twins.items() if name not in off and others - off}
    return Telling(
        account=record.id,
        title=record.title,
        answers=MappingProxyType(answers),
        asserted=frozenset(asserted | (kept - denied)),
        denied=frozenset(denied),
        parameters=MappingProxyType(parameters),
        readings=MappingProxyType(readings),
        off=frozenset(off),
    )


def tell(case: Case, account: str, answers: Mapping[str, str] | None = None) -> Telling:
    """Return what an account sets: its answers, parameters and readings.

    Where two disputes set one parameter or reading, the later dispute of the file holds (``check`` warns).
    A commitment that a rival answer puts in force is off unless the chosen answer names it too.

    Parameters
    ----------
    case : Case
        A case without errors.
    account : str
        Its id.
    answers : mapping of str to str, optional
        Dispute -> answer, in place of or beside its own choices.

    Returns
    -------
    Telling

    Raises
    ------
    StandoffError
        For an unknown account, dispute or answer, with the nearest name.

    Examples
    --------
    >>> import standoff as so
    >>> so.tell(so.load("idlib"), "daher").answers["dis-06"]
    'government'
    """
    refuse_errors(case)
    record = find_account(case, account)
    return _make(case, record, _chosen(case, record, answers), _ground(case, record), {})


def doubts(case: Case, *, as_of: date | None = None) -> tuple[Doubt, ...]:
    """Return what is contested outside disputes, as known on ``as_of``.

    What one party denies is one doubt: its denials are believed or not together. An event that ``contested`` speaks of
    in words, and that nobody's claim denies, is a doubt of its own.
    """
    apart = _in_disputes(case) | {e for ids in versions_of(case).values() for e in ids}
    against = denials(case, by=as_of)
    parties = {voice: account.id for account in speakers(case) for voice in account.voices}
    events: dict[str, list[str]] = {}
    for event in case.events.values():
        if event.id in apart or event.sourcing == UNSOURCED:
            continue
        if event.id in against:
            who = origin(case, case.claims[against[event.id][0]])
            events.setdefault(f"denied by {parties.get(who, who)}", []).append(event.id)
        elif doubt_in_words(case, event):
            events.setdefault(f"contested: {event.id}", []).append(event.id)
    return tuple(Doubt(title, tuple(events)) for title, events in events.items())


def sample_doubts(case: Case, rng: np.random.Generator, n: int) -> NDArray[np.bool_]:
    """Draw, for ``n`` trajectories, whether each doubt of ``doubts(case)`` happened: bool ``[n, doubts]``, one half."""
    import numpy as np

    return np.asarray(rng.random((n, len(doubts(case)))) < 0.5, dtype=np.bool_)


def _in_disputes(case: Case) -> set[str]:
    return {e for per_answer in stances_of(case).values() for stance in per_answer for e in stance.events}


def _own_words(case: Case, account: Account) -> dict[str, bool]:
    """Return the events that the voice of a reading account asserts (true) or denies (false) in its own documents."""
    if account.is_record or account.is_statement or account.is_pool:
        return {}
    words: dict[str, set[bool]] = {}
    for claim in case.claims.values():
        document = case.documents.get(claim.document)
        if document is not None and document.voice == account.id:
            for event in about(case, claim):
                words.setdefault(event, set()).add(claim.realis == "asserted")
    return {event: next(iter(both)) for event, both in words.items() if len(both) == 1}


def sample_answers(case: Case, account: str, rng: np.random.Generator, n: int) -> NDArray[np.int16]:
    """Draw the answers that ``n`` trajectories live in.

    Returns int16 ``[n, D]``: the index of an answer for each dispute, in the order of ``case.disputes``. A dispute an
    account answers is fixed; one it is silent on is drawn by the account's ``weights``, or over all answers equally.
    A pooled account first draws one of its voices by credence and then all of that voice's answers, so that answers
    stay correlated as that voice holds them together. Every call uses the same ``n * (D + 1)`` uniforms (voice first,
    then disputes), so that accounts compared with one seed share their random numbers.
    Raises StandoffError for an unknown account or answer.
    """
    import numpy as np

    record = find_account(case, account)
    members = pool(case, record)
    disputes = list(case.disputes.values())
    uniform = rng.random((n, len(disputes) + 1))
    edges = np.cumsum([share for _, share in members])
    voice = np.minimum(np.searchsorted(edges / edges[-1], uniform[:, 0], side="right"), len(members) - 1)
    answers = np.full((n, len(disputes)), -1, dtype=np.int16)
    for number, (member, _) in enumerate(members):
        rows = np.flatnonzero(voice == number)
        for column, dispute in enumerate(disputes):
            if dispute.answers:
                steps = np.cumsum(weights_of(dispute, member, record))
                steps[-1] = 1.0
                answers[rows, column] = np.searchsorted(steps, uniform[rows, column + 1], side="right")
    return answers


def answers_by_effect(case: Case, answers: NDArray[np.int16]) -> NDArray[np.int64]:
    """Return answers [n, D] with those that set the same things under one number: they cannot matter apart."""
    import numpy as np

    coded = np.zeros(answers.shape, dtype=np.int64)
    for column, dispute in enumerate(case.disputes.values()):
        distinct: list[Sets] = []
        numbers = []
        for answer in dispute.answers:
            if answer.sets not in distinct:
                distinct.append(answer.sets)
            numbers.append(distinct.index(answer.sets))
        if numbers:
            coded[:, column] = np.asarray(numbers)[np.maximum(answers[:, column], 0)]
    return coded


def tellings(
    case: Case, account: str, answers: NDArray[np.int16], coins: NDArray[np.bool_] | None = None
) -> tuple[list[Telling], NDArray[np.intp]]:
    """Group trajectories by what their drawn answers do.

    ``answers`` is ``[n, D]`` from ``sample_answers``, ``coins`` ``[n, doubts]`` from ``sample_doubts``; without it no
    doubt holds. Returns the distinct tellings and, for each trajectory, the index of its telling (``[n]``). Answers
    that set the same things are one telling; where trajectories of a telling differ in such an answer, the telling's
    answer to that dispute is ``None``.
    """
    import numpy as np

    record = find_account(case, account)
    ground = _ground(case, record)
    disputes = list(case.disputes.values())
    coded = answers_by_effect(case, answers)
    open_ = doubts(case)
    if coins is not None:
        # what the account's own words settle makes no difference
        differs = [not set(one.events) <= ground.own.keys() for one in open_]
        coded = np.concatenate([coded, (coins & np.array(differs, np.bool_)).astype(np.int16)], axis=1)
    _, first, index = np.unique(coded, axis=0, return_index=True, return_inverse=True)
    index = index.reshape(-1)
    low = np.full((len(first), len(disputes)), np.iinfo(np.int16).max, dtype=np.int16)
    high = np.full((len(first), len(disputes)), -1, dtype=np.int16)
    np.minimum.at(low, index, answers)
    np.maximum.at(high, index, answers)
    distinct = []
    for number, row in enumerate(answers[first].tolist()):
        chosen = {d.id: row[k] if row[k] >= 0 else None for k, d in enumerate(disputes)}
        sides = [] if coins is None else coins[first[number]].tolist()
        happened = {event: side for one, side in zip(open_, sides, strict=bool(sides)) for event in one.events}
        telling = _make(case, record, chosen, ground, happened)
        mixed = {disputes[k].id for k in np.flatnonzero(low[number] != high[number])}
        settled = {name: None if name in mixed else answer for name, answer in telling.answers.items()}
        distinct.append(replace(telling, answers=MappingProxyType(settled)))
    return distinct, index


def _answer_parts(
    event: str, disputes: list[Dispute], stances: Mapping[str, tuple[Stance, ...]], teller: Account, asking: Account
) -> Iterator[tuple[bool, bool, str, str, tuple[str, ...]]]:
    who = "" if teller is asking else teller.id
    for dispute in disputes:
        weights = weights_of(dispute, teller, asking)
        left = [k for k, weight in enumerate(weights) if weight > 0]
        bits = [stances[dispute.id][k].on(event) for k in left]
        claims = tuple(c for k in left for c in dispute.answers[k].claims)
        if len(left) == 1:
            yield *bits[0], f"{dispute.id} = {dispute.answers[left[0]].id}", who, claims
        elif all(bit == bits[0] for bit in bits):
            yield *bits[0], f"{dispute.id}: every answer agrees on it", who, claims
        else:
            yield True, True, f"no answer to dispute {dispute.id}, and the answers differ", who, claims


def known_by(event: Event, as_of: date) -> bool:
    """Whether the event was certainly known on ``as_of``: its ``known`` date, or else its date, has fully passed."""
    when = event.known or event.date
    last = when.end or when.start
    return last is not None and last <= as_of


def may_be_known_by(event: Event, as_of: date) -> bool:
    """Whether the event may have been known on ``as_of``: its ``known`` interval, or else its date, has begun."""
    when = event.known or event.date
    first = when.start or when.end
    return first is None or first <= as_of


def reports(case: Case, account: str, *, as_of: date | str | None = None) -> tuple[EventTelling, ...]:
    """Return every recorded event as an account has it, in file order; what is marked unsourced is left out.

    In the record an event is asserted, and denied as well where a claim denies it, where ``contested`` says so, where a
    dispute has answers that differ on it, or where it is one of several versions of an incident. A reading account
    has the same, but for what its voice's answers and own claims settle; for a pooled one the bits of its members are
    united. A statement account asserts and denies what its party or body said of the event, and has nothing else.

    Parameters
    ----------
    case : Case
        A case without errors.
    account : str
        Its id; ``record`` is the account of the record.
    as_of : date or str, optional
        Leave out what was not certainly known by the end of that day.

    Returns
    -------
    tuple of EventTelling
        Of each event whether the account asserts it, denies it, and why.

    Raises
    ------
    StandoffError
        For an unknown account, or a case with errors.

    Examples
    --------
    >>> import standoff as so
    >>> rows = so.reports(so.load("idlib"), "turkey", as_of="2019-12-31")
    >>> sum(row.denied for row in rows)
    2
    """
    refuse_errors(case)
    as_of = as_day(as_of, "as_of")
    record = find_account(case, account)
    if record.is_statement:
        return _statement_reports(case, record, as_of)
    versions = {event for ids in versions_of(case).values() for event in ids}
    stances = stances_of(case)
    touching: dict[str, list[Dispute]] = {}
    for name, per_answer in stances.items():
        for event in sorted(frozenset().union(*(stance.events for stance in per_answer))):
            touching.setdefault(event, []).append(case.disputes[name])
    tellers = [member for member, share in pool(case, record) if share > 0]
    against, own = denials(case, by=as_of), _own_words(case, record)
    open_ = _open_versions(case, touching, stances, against)
    rows = []
    for one in case.events.values():
        if one.sourcing == UNSOURCED or (as_of is not None and not known_by(one, as_of)):
            continue
        doubt = _doubt(case, one, tuple(against.get(one.id, ())))
        disputes = touching.get(one.id, [])
        if not disputes:
            if one.id in versions:
                why, of = "versions differ and no dispute settles them", open_.get(one.id, "")
                rows.append(EventTelling(one, True, True, why, one.claims, of))
            elif one.id in own:
                word = "tells it" if own[one.id] else "denies it"
                rows.append(EventTelling(one, own[one.id], not own[one.id], f"this voice {word}", one.claims))
            else:
                claims = tuple(dict.fromkeys((*one.claims, *against.get(one.id, ()))))
                rows.append(EventTelling(one, True, bool(doubt), doubt or "nobody is known to deny it", claims))
            continue
        parts = [part for teller in tellers for part in _answer_parts(one.id, disputes, stances, teller, record)]
        claims = tuple(dict.fromkeys((*one.claims, *(c for part in parts for c in part[4]))))
        reasons: dict[str, list[str]] = {}
        for part in parts:
            reasons.setdefault(part[2], []).append(part[3])
        why = "; ".join(f"{reason} ({', '.join(who)})" if any(who) else reason for reason, who in reasons.items())
        asserted, denied = any(p[0] for p in parts), any(p[1] for p in parts)
        settled = record.is_pool or any(d.id in record.answers for d in disputes)
        if doubt and asserted and not denied and not settled:
            denied, why = True, f"{why}; {doubt}"
        rows.append(EventTelling(one, asserted, denied, why, claims, open_.get(one.id, "")))
    return _with_all_versions(rows)


def _open_versions(
    case: Case,
    touching: Mapping[str, Sequence[Dispute]],
    stances: Mapping[str, Sequence[Stance]],
    against: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    """Return the versions (id -> happening) of which exactly one is true, whatever is answered.

    Not where somebody denies one of them or contests it in words, which may be a denial of the whole; nor where a
    dispute has an answer that leaves none, or several, of them.
    """
    open_: dict[str, str] = {}
    for name, ids in versions_of(case).items():
        disputes = {d.id for one in ids for d in touching.get(one, ())}
        if not disputes:
            settled = not any(_doubt(case, case.events[one], tuple(against.get(one, ()))) for one in ids)
        else:
            settled = len(disputes) == 1 and all(
                [answer.on(one) for one in ids].count((True, False)) == 1 for answer in stances[next(iter(disputes))]
            )
        if settled:
            open_ |= dict.fromkeys(ids, name)
    return open_


def _with_all_versions(rows: Sequence[EventTelling]) -> tuple[EventTelling, ...]:
    """Return the rows; ``one_of`` stays where two versions or more are left open, and none of them is settled."""
    groups: dict[str, list[EventTelling]] = {}
    for row in rows:
        if row.one_of:
            groups.setdefault(row.one_of, []).append(row)
    kept = {
        name
        for name, group in groups.items()
        if sum(row.asserted and row.denied for row in group) > 1 and all(row.denied for row in group)
    }
    return tuple(
        row if not row.one_of or (row.one_of in kept and row.asserted and row.denied) else replace(row, one_of="")
        for row in rows
    )


def _doubt(case: Case, event: Event, against: tuple[str, ...]) -> str:
    """Say who denies an event, by the claims that do; else how it is contested in words; empty where it is not."""
    if against:
        names = dict.fromkeys(origin(case, case.claims[c]) for c in against)
        return "denied by " + ", ".join(case.sources[n].name if n in case.sources else n for n in names)
    why = doubt_in_words(case, event)
    return f"contested: {why}" if why else ""


def _statement_reports(case: Case, account: Account, as_of: date | None) -> tuple[EventTelling, ...]:
    own = statements(case, account.id, as_of=as_of)
    rows = []
    for one in case.events.values():
        if one.sourcing == UNSOURCED or (as_of is not None and not known_by(one, as_of)):
            continue
        words = own.events.get(one.id, ())
        asserted, denied = any(w.asserts for w in words), any(not w.asserts for w in words)
        what = " and ".join(w for w, is_said in (("asserts", asserted), ("denies", denied)) if is_said)
        why = f"{what} it ({', '.join(str(w.on) for w in words)})" if words else "says nothing of it"
        rows.append(EventTelling(one, asserted, denied, why, tuple(w.claim for w in words)))
    return tuple(rows)


def hold(case: Case, versions: Sequence[Telling], *, as_of: date | None = None) -> NDArray[np.bool_]:
    """Return which recorded events hold in each telling [tellings, events], events in file order.

    An event that a dispute touches, or that is contested, holds only when the telling asserts it and does not deny it;
    of versions that no dispute settles, none holds, nor what is marked unsourced. ``as_of`` drops what was not
    certainly known by then.
    """
    import numpy as np

    place = {event: k for k, event in enumerate(case.events)}
    apart = {event for ids in versions_of(case).values() for event in ids} | _in_disputes(case)
    apart |= {event for one in doubts(case) for event in one.events}
    apart |= {event.id for event in case.events.values() if event.sourcing == UNSOURCED}
    out = np.tile(np.array([event not in apart for event in case.events], dtype=np.bool_), (len(versions), 1))
    for row, one in zip(out, versions, strict=True):
        row[[place[event] for event in one.denied if event in place]] = False
        row[[place[event] for event in one.asserted - one.denied if event in place]] = True
    if as_of is not None:
        out &= np.array([known_by(event, as_of) for event in case.events.values()], dtype=np.bool_)
    return out


def accepted(case: Case, telling: Telling, *, as_of: date | None = None) -> tuple[Event, ...]:
    """Return the recorded events that hold in one telling, in file order; see `hold`."""
    return tuple(compress(case.events.values(), hold(case, [telling], as_of=as_of)[0]))
