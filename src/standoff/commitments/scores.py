"""Scores from 0 to 3 for every kind of commitment, as the Peace Accords Matrix of the Kroc Institute has them.

0 not started, 1 minimal, 2 intermediate, 3 full. The matrix is coded by people from a year of news; here a rule for
each kind reads the ledger, so that two people get the same score:

- *achieve*: the share done, late or not, of what was called in: nothing 0, less than half 1, half or more 2, all 3.
- *quantity*: the share of the amount that is reported, by the same cuts.
- *recurrent*: the share of the periods that are over in which it was done, by the same cuts.
- *maintain*: the share of the weeks in force without a breach: all 3, nine of ten 2, half 1, fewer 0.
- *permission*: used 3, not used 0. It owes nothing: a 0 is not a breach, only that nobody is known to have used it.

A score is a pair, the lowest and the highest that disputed, missing or imprecise reports leave open: 0 to 3 where the
verdict is unknown or contested and no count says more, and from 0 for a prohibition that nobody watched. There is none
where nothing has been called in, for a party's own words, and where an effort is owed, which no count of results can
judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from standoff.case.claims import AccountKind
from standoff.case.terms import CommitmentKind
from standoff.commitments.engine.run import Mark
from standoff.commitments.engine.states import NOT_YET, degree_score
from standoff.commitments.ledger import Row, row_record
from standoff.commitments.monitor import Evaluation

QUIET, HALF = 0.9, 0.5  # shares of weeks without a breach
OPEN = ("unknown", "contested")


def score_of(evaluation: Evaluation, row: Row) -> tuple[int, int] | None:
    """Return the lowest and the highest score of a row of the ledger; None where it has none."""
    if row.account_kind == AccountKind.STATEMENT or not row.exists or row.duty == "effort":
        return None
    if row.account not in evaluation.accounts:
        return None
    if row.degree is not None:
        return row.score
    slot = next(
        (
            n
            for n, s in enumerate(evaluation.schedule.slots)
            if not s.span and (s.commitment, s.reading, s.key) == (row.commitment, row.reading, row.key)
        ),
        None,
    )
    if slot is None or evaluation.schedule.opens[slot] > evaluation.today:
        return None
    scores = []
    for column in evaluation.columns(row.account):
        marks = [m for m in evaluation.marks.get((column, slot), ()) if m.day <= evaluation.today]
        late = int(evaluation.state.remedied[column, slot]) >= 0
        if row.kind == CommitmentKind.MAINTAIN:
            scores.append(_maintain(evaluation, slot, marks))
        elif row.kind == CommitmentKind.PERMISSION:
            scores.append(_used(marks))
        else:
            scores.append(_done(row.kind, marks, late))
    some = [score for score in scores if score is not None]
    if some and row.verdict in OPEN and min(some) == max(some):
        return 0, 3
    if some and row.kind == CommitmentKind.PERMISSION:
        return min(some), 3 if not row.watched else max(some)  # where nobody watched it may have been used
    if some and row.kind == CommitmentKind.MAINTAIN and not row.watched:
        return 0, max(some)  # in weeks that nobody watched it may have been broken
    return (min(some), max(some)) if some else None


def _done(kind: str, marks: Sequence[Mark], late: bool) -> int | None:
    """Return the score of what is to be done once, each time it is called, or in each period."""
    if not marks:
        return None
    last = marks[-1]
    over = last.kept + last.broken
    total = over if kind == CommitmentKind.RECURRENT else max(last.begun, over)
    if total == 0:
        return None
    return degree_score(min((last.kept + (late and last.broken > 0)) / total, 1.0))


def _used(marks: Sequence[Mark]) -> int | None:
    """Return the score of a permission: whether it was used since it was in force."""
    if not marks or marks[-1].begun == 0:
        return None
    return 3 if marks[-1].kept else 0


def _maintain(evaluation: Evaluation, slot: int, marks: Sequence[Mark]) -> int | None:
    """Return the score of a prohibition: from the weeks in which it was in force and not broken."""
    if marks and marks[-1].state == NOT_YET:
        return None
    first = int(evaluation.schedule.opens[slot])
    last = min(evaluation.today, int(evaluation.schedule.closes[slot]))
    weeks = max((last - first) // 7 + 1, 1)
    breaches, bad = 0, set()
    for mark in marks:
        if mark.breaches > breaches or mark.broken > breaches:
            bad.add((mark.day - first) // 7)
        breaches = max(mark.breaches, mark.broken, breaches)
    quiet = 1 - len(bad) / weeks
    return 3 if not bad else 2 if quiet >= QUIET else 1 if quiet >= HALF else 0


def score_words(score: tuple[int, int] | None) -> str:
    """Return a score as a person reads it: ``2``, ``0 to 3``, or nothing."""
    if score is None:
        return ""
    low, high = score
    return str(low) if low == high else f"{low} to {high}"


def scored_record(
    evaluation: Evaluation, row: Row, observed: Mapping[str, Mapping[str, Any] | None] | None = None
) -> dict[str, Any]:
    """Return a row of the ledger as it is written to JSON, with its score and, of the record, how it is observed."""
    data = {**row_record(row), "score": score_of(evaluation, row)}
    own = row.account_kind != AccountKind.STATEMENT and not row.reading
    return {**data, "observance": (observed or {}).get(row.commitment) if own else None}
