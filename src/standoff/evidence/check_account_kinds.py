"""Checks of kinds of accounts: a statement account holds what was said, and old kinds say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.case.model import Account, Case
from standoff.case.vocabulary import OLD_ACCOUNTS
from standoff.case.where import at
from standoff.errors import Problem
from standoff.evidence.standing import NAMED


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
        expected = _NEW_KINDS[kind]
        yield at(case, "accounts", names[0], what, "kind", expected=expected, check="account-kind", severity="warning")


_NEW_KINDS = {
    "voice": "kind: reading",
    "party": "kind: statement with party, and without answers; or kind: reading, where the answers are one voice's",
    "monitor": "kind: statement with party, and without answers; or kind: reading, where the answers are one voice's",
    "pooled": "kind: reading, with its credence",
}


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
