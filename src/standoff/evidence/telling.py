"""One account's version of what happened and what applies: chosen answers turned into events, parameters and readings.

An *answer* sets things (events it asserts or denies, parameters, readings of commitments, commitments in or out of
force). A *telling* is what one choice of answers sets. A dispute on which an account is silent sets nothing in
``tell``; in ``sample_answers`` it is drawn, because a trajectory of a simulation has to live in one world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress
from types import MappingProxyType
from typing import TYPE_CHECKING

from standoff.case.model import Account, Case, Dispute, Event, Sets
from standoff.errors import StandoffError, nearest
from standoff.evidence.stances import Stance, find_account, index_of, pool, stances_of, turned_off, variants, weights_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Telling:
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


@dataclass(frozen=True, slots=True)
class Report:
    """One recorded event as one account has it: asserted, denied, both (contested) or neither (not reported)."""

    event: Event
    asserted: bool
    denied: bool
    why: str
    claims: tuple[str, ...]


def _chosen(case: Case, record: Account, answers: Mapping[str, str] | None) -> dict[str, int | None]:
    for name in answers or {}:
        if name not in case.disputes:
            what, hint = f"there is no dispute {name!r}", nearest(name, case.disputes)
            raise StandoffError.of(what, file="--answer", expected="the id of a dispute", hint=hint)
    chosen: dict[str, int | None] = {}
    for name, dispute in case.disputes.items():
        given = (answers or {}).get(name, record.answers.get(name))
        source = "--answer" if name in (answers or {}) else "accounts.yaml"
        chosen[name] = None if given is None else index_of(dispute, given, source)
    return chosen


def _make(
    case: Case, record: Account, chosen: Mapping[str, int | None], stances: Mapping[str, tuple[Stance, ...]]
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
        answer, stance = case.disputes[name].answers[number], stances[name][number]
        answers[name] = answer.id
        asserted |= stance.asserts
        denied |= stance.denies
        kept |= stance.keeps
        off |= stance.off
        parameters |= answer.sets.parameters
        readings |= answer.sets.readings
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
    """Return what ``account`` sets; ``answers`` (dispute -> answer) replaces or adds to its own choices.

    Where two disputes set one parameter or reading, the later dispute of the file holds (``check_evidence`` warns).
    A commitment that a rival answer puts in force is off unless the chosen answer names it too.
    Raises StandoffError, with the nearest name, for an unknown account, dispute or answer.
    """
    record = find_account(case, account)
    return _make(case, record, _chosen(case, record, answers), stances_of(case))


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
    drawn = np.full((n, len(disputes)), -1, dtype=np.int16)
    for number, (member, _) in enumerate(members):
        rows = np.flatnonzero(voice == number)
        for column, dispute in enumerate(disputes):
            if dispute.answers:
                steps = np.cumsum(weights_of(dispute, member, record))
                steps[-1] = 1.0
                drawn[rows, column] = np.searchsorted(steps, uniform[rows, column + 1], side="right")
    return drawn


def _effects(dispute: Dispute) -> list[int]:
    """Number the answers of a dispute by what they do: answers that set the same things get the same number."""
    seen: list[tuple[Sets, frozenset[str]]] = []
    numbers = []
    for answer in dispute.answers:
        does = (answer.sets, frozenset(turned_off(dispute, answer)))
        if does not in seen:
            seen.append(does)
        numbers.append(seen.index(does))
    return numbers


def tellings(case: Case, account: str, drawn: NDArray[np.int16]) -> tuple[list[Telling], NDArray[np.intp]]:
    """Group trajectories by what their drawn answers do.

    ``drawn`` is ``[n, D]`` from ``sample_answers``. Returns the distinct tellings and, for each trajectory, the index
    of its telling (``[n]``). Answers that set the same things are one telling; where trajectories of a telling differ
    in such an answer, the telling's answer to that dispute is ``None``.
    """
    import numpy as np

    record = find_account(case, account)
    disputes = list(case.disputes.values())
    coded = np.zeros(drawn.shape, dtype=np.int16)
    for column, dispute in enumerate(disputes):
        if dispute.answers:
            coded[:, column] = np.asarray(_effects(dispute), dtype=np.int16)[drawn[:, column]]
    _, first, index = np.unique(coded, axis=0, return_index=True, return_inverse=True)
    index = index.reshape(-1)
    low = np.full((len(first), len(disputes)), np.iinfo(np.int16).max, dtype=np.int16)
    high = np.full((len(first), len(disputes)), -1, dtype=np.int16)
    np.minimum.at(low, index, drawn)
    np.maximum.at(high, index, drawn)
    stances = stances_of(case)
    made = []
    for number, row in enumerate(drawn[first].tolist()):
        chosen = {d.id: row[k] if row[k] >= 0 else None for k, d in enumerate(disputes)}
        telling = _make(case, record, chosen, stances)
        mixed = {disputes[k].id for k in np.flatnonzero(low[number] != high[number])}
        shown = {name: None if name in mixed else answer for name, answer in telling.answers.items()}
        made.append(replace(telling, answers=MappingProxyType(shown)))
    return made, index


def _told(
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


def reports(case: Case, account: str, *, as_of: date | None = None) -> tuple[Report, ...]:
    """Return every recorded event as ``account`` has it, in file order.

    Events no dispute touches are common record: asserted. Disputed ones follow the account's answers; where it is
    silent and the answers differ, both bits are set. For a pooled account the bits of its voices are united. Versions
    of one happening (``variant_of``) that no dispute settles are contested for everybody. ``as_of`` drops events that
    were not certainly known by the end of that day. Raises StandoffError for an unknown account.
    """
    record = find_account(case, account)
    versions = {event for ids in variants(case).values() if len(ids) > 1 for event in ids}
    stances = stances_of(case)
    touching: dict[str, list[Dispute]] = {}
    for name, per_answer in stances.items():
        for event in sorted(frozenset().union(*(stance.events for stance in per_answer))):
            touching.setdefault(event, []).append(case.disputes[name])
    tellers = [member for member, share in pool(case, record) if share > 0]
    found = []
    for one in case.events.values():
        if as_of is not None and not known_by(one, as_of):
            continue
        disputes = touching.get(one.id, [])
        if not disputes:
            contested = one.id in versions
            why = "versions differ and no dispute settles them" if contested else "common record"
            found.append(Report(one, True, contested, why, one.claims))
            continue
        parts = [part for teller in tellers for part in _told(one.id, disputes, stances, teller, record)]
        claims = dict.fromkeys((*one.claims, *(c for part in parts for c in part[4])))
        reasons: dict[str, list[str]] = {}
        for part in parts:
            reasons.setdefault(part[2], []).append(part[3])
        why = "; ".join(f"{reason} ({', '.join(who)})" if any(who) else reason for reason, who in reasons.items())
        found.append(Report(one, any(p[0] for p in parts), any(p[1] for p in parts), why, tuple(claims)))
    return tuple(found)


def hold(case: Case, told: Sequence[Telling], *, as_of: date | None = None) -> NDArray[np.bool_]:
    """Return which recorded events hold in each telling [tellings, events], events in file order.

    An event a dispute touches holds only when the telling asserts it and does not deny it; of versions that no dispute
    settles, none holds. ``as_of`` drops what was not certainly known by then.
    """
    import numpy as np

    place = {event: k for k, event in enumerate(case.events)}
    apart = {event for ids in variants(case).values() if len(ids) > 1 for event in ids}
    apart |= {e for per_answer in stances_of(case).values() for stance in per_answer for e in stance.events}
    out = np.tile(np.array([event not in apart for event in case.events], dtype=np.bool_), (len(told), 1))
    for row, one in zip(out, told, strict=True):
        row[[place[event] for event in one.denied if event in place]] = False
        row[[place[event] for event in one.asserted - one.denied if event in place]] = True
    if as_of is not None:
        out &= np.array([known_by(event, as_of) for event in case.events.values()], dtype=np.bool_)
    return out


def accepted(case: Case, telling: Telling, *, as_of: date | None = None) -> tuple[Event, ...]:
    """Return the recorded events that hold in one telling, in file order; see `hold`."""
    return tuple(compress(case.events.values(), hold(case, [telling], as_of=as_of)[0]))
