"""What each answer of a dispute does to events, and how an account weighs the answers."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.case.disputes import RECORD
from standoff.case.model import Account, Answer, Case, Dispute
from standoff.errors import StandoffError, nearest


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


def kind_of(case: Case, account: str) -> str:
    """Return the kind of an account by its id: ``record``, ``statement`` or ``reading``.

    The kinds of older cases are readings, and so is an account that the case does not have.
    """
    record = case.accounts.get(account)
    if account == RECORD.id or (record is not None and record.is_record):
        return "record"
    return "statement" if record is not None and record.is_statement else "reading"


def pool(case: Case, account: Account) -> tuple[tuple[Account, float], ...]:
    """Return the accounts a pooled account draws from with their credences; any other account is its own pool.

    A pooled account that declares no credence weighs its ``voices`` equally, or every account of kind ``voice``.
    Raises StandoffError when it names an account that does not exist or that is pooled itself.
    """
    if not account.is_pool:
        return ((account, 1.0),)
    names = dict(account.credence)
    if not names:
        listed = account.voices or tuple(
            a.id for a in case.accounts.values() if a.kind in ("voice", "reading") and not a.is_pool
        )
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


def variants(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the versions of each happening that has several: ``variant_of`` -> event ids, in file order."""
    groups: dict[str, list[str]] = {}
    for event in case.events.values():
        if event.variant_of:
            groups.setdefault(event.variant_of, []).append(event.id)
    return {name: tuple(ids) for name, ids in groups.items()}


@dataclass(frozen=True, slots=True)
class Stance:
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
    rivals = {one: frozenset(ids) - {one} for ids in variants(case).values() for one in ids}
    found: dict[str, tuple[Stance, ...]] = {}
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
        found[dispute.id] = tuple(Stance(a, d, only_denied - d, o) for (a, d), o in zip(pairs, off, strict=True))
    return found


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
        given = holder.weights.get(dispute.id)
        if given:
            for name in given:
                index_of(dispute, name, "accounts.yaml")
            total = sum(given.values())
            return [given.get(name, 0.0) / total for name in ids]
    return [1 / len(ids)] * len(ids)
