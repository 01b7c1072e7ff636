"""The ledger for a room: rows chosen and grouped by agreement, party or state; provisions against versions.

A table of provisions has a row for each provision of an agreement and place, and a column for each version: the record,
then every party and body that speaks. Who says nothing of any provision has no column, and is named below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from standoff.case.claims import AccountKind
from standoff.case.model import Case
from standoff.commitments.engine.states import RESULT_BROKEN, VERDICTS
from standoff.commitments.ledger import Row
from standoff.commitments.monitor import Evaluation
from standoff.commitments.scores import score_of, score_words
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine

GROUPS = ("agreement", "party", "state")
NO_AGREEMENT = "no agreement"
SILENT = ("", "silent")


def chosen_rows(
    case: Case, rows: Sequence[Row], *, agreement: str = "", party: str = "", state: str = ""
) -> tuple[Row, ...]:
    """Return the rows of an agreement, of a party that owes or is owed, and of a verdict; empty means all.

    Where a state is asked for, all rows of a commitment stay of which the record (or reading) has that verdict. Raises
    StandoffError for a name that the case does not have.
    """
    for option, value, names in (
        ("--agreement", agreement, (*case.agreements, NO_AGREEMENT)),
        ("--party", party, tuple(case.actors)),
        ("--state", state, VERDICTS),
    ):
        if value and value not in names:
            what = f"there is no {option.removeprefix('--')} {value!r}"
            expected = ", ".join(names) if len(names) < 20 else f"one of {len(names)} of the case"
            raise StandoffError.of(what, file=option, expected=expected, hint=nearest(value, names))
    some = [row for row in rows if agreement in ("", row.agreement or NO_AGREEMENT)]
    some = [row for row in some if not party or party in (*row.debtor, *row.creditor)]
    if state:
        met = {(r.commitment, r.key) for r in some if r.account_kind != AccountKind.STATEMENT and r.verdict == state}
        some = [row for row in some if (row.commitment, row.key) in met]
    return tuple(some)


def grouped_rows(case: Case, rows: Sequence[Row], by: str) -> dict[str, tuple[Row, ...]]:
    """Return rows by the title of their agreement, the name of who owes, or the verdict of the record.

    What several parties owe stands under each of them.
    """
    own = (r for r in rows if r.account_kind != AccountKind.STATEMENT and not r.reading)
    verdicts = {(r.commitment, r.key): r.words for r in own}
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if by == "agreement":
            names = [case.agreements[row.agreement].title if row.agreement in case.agreements else NO_AGREEMENT]
        elif by == "party":
            names = [case.actors[name].name if name in case.actors else name for name in row.debtor]
        else:
            names = [verdicts.get((row.commitment, row.key), row.words)]
        for name in dict.fromkeys(names):
            groups.setdefault(name, []).append(row)
    order = sorted(groups, key=str.lower) if by != "agreement" else list(groups)
    return {name: tuple(groups[name]) for name in order}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Provision(OneLine):
    """One provision of an agreement, and how each version has it: account -> words, empty where it says nothing."""

    commitment: str
    title: str
    provision: str
    key: str
    debtor: tuple[str, ...]
    score: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProvisionTable(OneLine):
    """Provisions against versions: ``accounts`` are the columns, ``silent`` those that say nothing of any provision."""

    accounts: tuple[str, ...]
    provisions: tuple[Provision, ...]
    silent: tuple[str, ...]


def provision_table(evaluation: Evaluation, rows: Sequence[Row]) -> ProvisionTable:
    """Return provisions against versions from rows of the ledger; readings that no account holds are left out."""
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        if row.own_reading and (not row.reading or row.account_kind != AccountKind.RECORD):
            held = lines.setdefault((row.commitment, row.key), {})
            if row.account not in held or (held[row.account].says in SILENT and row.says not in SILENT):
                held[row.account] = row  # what is said of a reading, where nothing is said of the text
    accounts = list(dict.fromkeys(row.account for row in rows))
    speak = [a for a in accounts if any(_word(own[a]) for own in lines.values() if a in own)]
    provisions = []
    for (name, key), own in lines.items():
        first = next((r for r in own.values() if r.account_kind != AccountKind.STATEMENT), next(iter(own.values())))
        provisions.append(
            Provision(
                commitment=name,
                title=first.title,
                provision=first.provision,
                key=key,
                debtor=first.debtor,
                score=score_words(score_of(evaluation, first)),
                words={a: _word(own[a]) if a in own else "" for a in speak},
            )
        )
    return ProvisionTable(
        accounts=tuple(speak),
        provisions=tuple(provisions),
        silent=tuple(a for a in accounts if a not in speak),
    )


def _word(row: Row) -> str:
    """Return how a version has a provision, with whom it names; empty where it says nothing."""
    if row.account_kind == AccountKind.STATEMENT and row.says in SILENT:
        return ""
    doers = f" by {', '.join(row.by)}" if row.by and row.says in ("broken", RESULT_BROKEN) else ""
    return f"{row.words}{doers}"
