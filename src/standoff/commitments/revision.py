"""What if one report is withdrawn: the rows of the ledger that would read otherwise.

The ledger is run once more without the report. That costs as much as a ledger does, and nothing has to be held or kept
true between two questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from standoff.case.claims import RECORD
from standoff.case.model import Case, Event
from standoff.commitments.ledger import Row, rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine

_GROUNDS = frozenset({"because", "rule", "claims", "watched", "denied", "denied_of"})


class ChangeKind(StrEnum):
    """How far a row changes, the farthest first."""

    VERDICT = "verdict"
    APPEARS = "appears"
    DISAPPEARS = "disappears"
    COUNTS = "counts"  # the verdict stands; a number or a day beside it does not
    GROUNDS = "grounds"  # all stands, on other reports


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RowChange(OneLine):
    """One row of the ledger with a report and without it; ``fields`` are the columns that differ."""

    kind: ChangeKind
    before: Row | None
    after: Row | None
    fields: tuple[str, ...] = ()

    @property
    def row(self) -> Row:
        """The row as it stands, or would stand where there is none with the report."""
        row = self.before or self.after
        assert row is not None  # noqa: S101 (one of both is always there)
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What the ledger of some accounts would be on a day without one report: the rows that change, in its order."""

    report: Event
    accounts: tuple[str, ...]
    on: date
    as_of: date | None
    changes: tuple[RowChange, ...]
    rows: int  # of the ledger with the report

    def __repr__(self) -> str:
        return f"<Withdrawal of {self.report.id} on {self.on}: {len(self.changes)} of {self.rows} rows change>"


def without_report(
    case: Case,
    report: str,
    *,
    account: str | Sequence[str] | None = None,
    on: date | None = None,
    as_of: date | None = None,
    events: Sequence[Event] | None = None,
) -> Withdrawal:
    """Return which rows of the ledger would change without one report; nothing is stored.

    ``report`` is the id of an event of the case or of ``events``, which are added to the record; the rest as for
    ``ledger``. Raises StandoffError for a report that is in neither.
    """
    accounts = [account] if isinstance(account, str) else account
    report_of(case, report, events or ())  # before the ledger is run
    return withdraw(evaluate(case, accounts, on=on, as_of=as_of, events=events), report, events or ())


def withdraw(ledger: Evaluation, report: str, events: Sequence[Event] = ()) -> Withdrawal:
    """Return which rows of a finished ledger would change without one report; ``events`` are those added to it."""
    case = ledger.case
    event = report_of(case, report, events)
    other = evaluate(
        replace(case, events={name: one for name, one in case.events.items() if name != report}),
        ledger.row_accounts,
        on=ledger.on,
        as_of=ledger.as_of,
        events=[one for one in events if one.id != report],
    )
    before = rows(ledger)
    return Withdrawal(
        report=event,
        accounts=ledger.row_accounts,
        on=ledger.on,
        as_of=ledger.as_of,
        changes=row_changes(before, rows(other)),
        rows=len(before),
    )


def report_of(case: Case, report: str, events: Sequence[Event] = ()) -> Event:
    """Return the event that a report is. Raises StandoffError with the nearest id where there is none."""
    both = {one.id: one for one in events} | dict(case.events)
    if report not in both:
        raise StandoffError.of(
            f"there is no report {report[:80]!r}",
            file="report",
            expected="the id of an event",
            hint=nearest(report, both),
        )
    return both[report]


def row_changes(before: Sequence[Row], after: Sequence[Row]) -> tuple[RowChange, ...]:
    """Return the rows in which two ledgers differ, in the order of the first; new rows are last.

    Of how many acts a party that says nothing could have spoken is no difference.
    """
    theirs = _by_name(after)
    changes = []
    for name, row in _by_name(before).items():
        other = theirs.pop(name, None)
        if other is None:
            changes.append(RowChange(kind=ChangeKind.DISAPPEARS, before=row, after=None))
        elif columns := _columns(row, other):
            kind = ChangeKind.GROUNDS if set(columns) <= _GROUNDS else ChangeKind.COUNTS
            if row.words != other.words or row.verdict != other.verdict:
                kind = ChangeKind.VERDICT
            changes.append(RowChange(kind=kind, before=row, after=other, fields=columns))
    changes += [RowChange(kind=ChangeKind.APPEARS, before=None, after=row) for row in theirs.values()]
    return tuple(changes)


def _columns(row: Row, other: Row) -> tuple[str, ...]:
    """Return the columns in which two rows differ."""
    names = tuple(f.name for f in fields(Row) if getattr(row, f.name) != getattr(other, f.name))
    return () if names == ("denied_of",) and row.says == other.says == "silent" else names


def _by_name(ledger: Sequence[Row]) -> dict[tuple[str, str, str, str], Row]:
    return {(row.commitment, row.account, row.reading, row.key): row for row in ledger}


def verdicts_moved(case: Case, event: Event) -> tuple[str, ...]:
    """Return the verdicts of the record that one more event would change, each as ``commitment: before, then after``.

    Rows in which only a count or the grounds differ are left out. Raises StandoffError where the ledger cannot be run.
    """
    before = evaluate(case, [RECORD.id])
    after = evaluate(case, [RECORD.id], on=before.on, as_of=before.as_of, events=[event])
    return tuple(
        f"{change.row.commitment}: {change.before.words if change.before else 'no row'}, then "
        f"{change.after.words if change.after else 'no row'}"
        for change in row_changes(rows(before), rows(after))
        if change.kind is not ChangeKind.GROUNDS and change.kind is not ChangeKind.COUNTS
    )
