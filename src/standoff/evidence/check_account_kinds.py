"""Checks of statement accounts: they hold what was said, by voices that have a name."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.case.model import Account, Case
from standoff.case.where import at
from standoff.errors import Problem
from standoff.evidence.standing import NAMED


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
            yield at(case, "accounts", key, what, name, expected=expected, check=check)
    if not account.party:
        what, expected = f"the statement account {key!r} has no party", "party: the actor or body whose words it holds"
        yield at(case, "accounts", key, what, expected=expected, check=check)
    if not account.voices:
        what, expected = (
            f"the statement account {key!r} has no voices",
            "voices: named organs and officials of the party",
        )
        yield at(case, "accounts", key, what, expected=expected, check=check)
    for number, voice in enumerate(account.voices):
        source = case.sources.get(voice)
        if source is not None and source.kind not in NAMED:
            what = f"the voice {voice!r} of the statement account {key!r} is of kind {source.kind!r}"
            expected = f"a named source: {', '.join(NAMED)}"
            yield at(case, "accounts", key, what, "voices", number, expected=expected, check=check)
