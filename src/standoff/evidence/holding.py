"""Where a commitment lives: in the record and every account, or only in the account of the one voice that reports it.

What a text holds, what public reporting is cited for, what the obliged party said of itself in public, and what two
independent voices report stand in the record. What one other voice alone reports lives in that voice's account: nobody
else is charged with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from standoff.case.model import Account, Case
from standoff.case.terms import Commitment
from standoff.evidence.independence import corroboration, institutions, origin
from standoff.evidence.stances import pool
from standoff.evidence.standing import carries_words
from standoff.evidence.statements import is_statement

RECORD = "record"


@dataclass(frozen=True, slots=True)
class Holding:
    """Whether a commitment stands in the record (and so in every account), else which accounts hold it, and why."""

    record: bool
    accounts: frozenset[str]
    why: str

    def lives_in(self, account: str) -> bool:
        """Whether an account holds the commitment itself."""
        return self.record or account in self.accounts


def holding(case: Case, commitment: Commitment) -> Holding:
    """Return where a commitment lives."""
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


def described_twice(case: Case, off: set[str]) -> set[str]:
    """Return the descriptions of promises that count as another commitment in force (``same_as``)."""
    return {
        name
        for name, one in case.commitments.items()
        if name not in off and any(other in case.commitments and other not in off for other in one.same_as)
    }
