"""Accounts as a person reads them: the record, what parties and bodies said, readings; each says which it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from standoff.case.claims import Account, AccountKind
from standoff.case.model import Case
from standoff.commitments.engine.states import RESULT_BROKEN
from standoff.commitments.ledger import Row
from standoff.evidence.accounts import kind_of
from standoff.text.sentences import count, day, listing

HEADINGS = {"record": "The record", "statement": "What parties and bodies said", "reading": "Readings"}
KINDS = {"record": "the record", "statement": "statements", "reading": "a reading"}
_READ = ("the record, read", "the record read")  # how the title of a reading begins that says itself what it is
_BY = ("broken", RESULT_BROKEN, "own-act")  # words beside which it stands who did it


def title(case: Case, account: str) -> str:
    """Return the title of an account; a reading whose title does not say so is labelled as one."""
    entry = case.accounts.get(account)
    name = entry.title if entry else account
    if kind_of(case, account) != AccountKind.READING or name.casefold().startswith(_READ):
        return name
    return f"{name} (a reading)"


def groups(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the accounts as a switch offers them: a heading for each kind, with (id, title) of its accounts."""
    by_kind: dict[str, list[tuple[str, str]]] = {kind: [] for kind in HEADINGS}
    for name in case.accounts:
        by_kind[kind_of(case, name)].append((name, title(case, name)))
    return [(HEADINGS[kind], some) for kind, some in by_kind.items() if some]


def speaker(case: Case, account: str) -> str:
    """Return the name of the party or body that speaks in a statement account; of other accounts their title."""
    entry = case.accounts.get(account)
    if entry is None or not entry.is_statement:
        return title(case, account)
    actor = case.actors.get(entry.party)
    source = case.sources.get(entry.party)
    return actor.name if actor else source.name if source else entry.party or entry.id


def account_scope(case: Case, account: str) -> str:
    """Say in a sentence what an account holds, and what it does not."""
    entry: Account | None = case.accounts.get(account)
    kind = kind_of(case, account)
    if kind == AccountKind.RECORD:
        return "All reports of the case; what somebody denies is contested."
    if kind == AccountKind.STATEMENT:
        standard = f" It finds what it finds by this standard: {entry.standard}." if entry and entry.standard else ""
        return f"Only what {speaker(case, account)} itself said in public. Of all else it says nothing.{standard}"
    if entry is not None and entry.is_pool:
        return "A reading: the record, read with the answers of several voices, weighed as declared. Nobody said it so."
    return "A reading: the record, with one voice's answers where it is disputed. The rest is not that voice's word."


def wording(case: Case, words: str, says: str, by: Sequence[str]) -> str:
    """Say what a party or body says of a commitment, with whom it names as the one who broke it."""
    if not by or says not in _BY:
        return words
    names = [case.actors[name].name if name in case.actors else name for name in by]
    return f"{words}, by {listing(names)}" if says == "own-act" else f"{words} by {listing(names)}"


def party_line(case: Case, row: Row) -> dict[str, Any]:
    """Return what one party or body says of a row of the record, as plain data."""
    return {
        "account": row.account,
        "account_kind": row.account_kind,
        "party": speaker(case, row.account),
        "reading": row.reading,
        "reading_title": row.reading_title,
        "says": row.says,
        "words": wording(case, row.words, row.says, row.by),
        "said_on": row.word_on.isoformat() if row.word_on else None,
        "by": list(row.by),
        "denied": list(row.denied),
        "denied_of": row.denied_of,
        "late": row.late,
        "rule": row.rule,
        "claims": [c for c in row.claims if c in case.claims],
    }


def party_text(line: dict[str, Any]) -> str:
    """Return a line of ``party_line`` in words: who, what, and the day of its latest word."""
    on = f" ({day(line['said_on'])})" if line["said_on"] else ""
    return f"{line['party']}: {line['words']}{on}"


def silence(case: Case, rows: Sequence[Row]) -> str:
    """Say who says nothing of a commitment: by name whom it obliges or benefits, the others by number."""
    spoke = {row.account for row in rows if row.says not in ("", "silent")}
    mute = {row.account: row for row in rows if row.says == "silent" and row.account not in spoke}
    named = [name for name, row in mute.items() if row.party in (*row.debtor, *row.creditor)]
    names = [speaker(case, name) for name in named]
    rest = len(mute) - len(named)
    if names:
        others = [count(rest, "other")] if rest else []
        return f"Nothing said by {listing([*names, *others])}."
    if mute and not spoke:
        return f"Nothing said by any of the {rest} who speak."
    return ""
