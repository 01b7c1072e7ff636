"""What would change without one report, as a person reads it: a sentence a row, the farthest changes first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from standoff.case.model import Case, Event
from standoff.case.restrictions import is_free
from standoff.commitments.ledger import Row
from standoff.commitments.revision import ChangeKind, RowChange, Withdrawal
from standoff.text.sentences import count, day, fold, listing
from standoff.views import accounts, bars

HEADINGS = {
    ChangeKind.VERDICT: "Reads otherwise",
    ChangeKind.APPEARS: "Would be a row of its own",
    ChangeKind.DISAPPEARS: "Would have no row",
    ChangeKind.COUNTS: "Same verdict, another number or day",
    ChangeKind.GROUNDS: "Same verdict, resting on other reports",
}
_NUMBERS = {
    "breaches": "certain breaches",
    "breaches_possible": "breaches in all",
    "begun": "instances called in",
    "kept": "instances kept",
    "broken": "instances broken",
    "disputed": "instances disputed",
}
_DAYS = {
    "since": "since",
    "due": "due",
    "first_breach": "first breach",
    "remedied": "made good",
    "word_on": "latest word",
}


def report_words(report: Event) -> tuple[str, str]:
    """Return the id and the title of a report; of one that may not be passed on only that it is such a one."""
    if not is_free(report):
        return "restricted", "a report that may not be passed on"
    return report.id, report.title or report.type


def row_words(case: Case, row: Row) -> str:
    """Return the state of a row as the ledger writes it."""
    return accounts.wording(case, bars.state_words(bars.appearance_of(row), row.words), row.says, row.by)


def row_name(case: Case, row: Row) -> str:
    """Return what a row is of: the title, with its place and the reading of the text."""
    key = case.places[row.key].name if row.key in case.places else row.key
    return "".join((row.title, f", {key}" if key else "", f", if it is read: {row.reading_title or row.reading}"
                    if row.reading else ""))  # fmt: skip


def sentence(case: Case, change: RowChange) -> str:
    """Say what happens to one row, in its account."""
    name = accounts.title(case, change.row.account)
    if change.after is None:
        return f"{name}: {row_words(case, change.row)}; without it there is no such row."
    if change.before is None:
        return f"{name}: no row; without it {row_words(case, change.after)}."
    before, after = row_words(case, change.before), row_words(case, change.after)
    if before != after:
        return f"{name}: {before}; without it {after}."
    if change.kind == ChangeKind.VERDICT:  # two verdicts with one word
        return f"{name}: {before} ({change.before.verdict}); without it {after} ({change.after.verdict})."
    more = details(change)
    return f"{name}: still {after}" + (f"; {listing(more)}." if more else ", resting on other reports.")


def details(change: RowChange) -> list[str]:
    """Say which numbers and days of a row change, from what to what."""
    if change.before is None or change.after is None:
        return []
    phrases = []
    for name in change.fields:
        old, new = getattr(change.before, name), getattr(change.after, name)
        if name in _NUMBERS:
            phrases.append(f"{_NUMBERS[name]} {new} in place of {old}")
        elif name in _DAYS:
            phrases.append(f"{_DAYS[name]} {day(new) or 'no day'} in place of {day(old) or 'none'}")
    return phrases


def summary(withdrawal: Withdrawal) -> str:
    """Say in a sentence how many rows of how many commitments change."""
    otherwise = [c for c in withdrawal.changes if c.kind not in (ChangeKind.COUNTS, ChangeKind.GROUNDS)]
    rest = len(withdrawal.changes) - len(otherwise)
    if not withdrawal.changes:
        return "Nothing in the ledger rests on this report: no row changes without it."
    beside = f"{count(rest, 'row')} {'keeps its' if rest == 1 else 'keep their'} verdict with other numbers or grounds"
    if not otherwise:
        return f"No verdict rests on this report alone. {beside}."
    many = len({c.row.commitment for c in otherwise})
    verb = "reads" if len(otherwise) == 1 else "read"
    text = f"Without this report {count(len(otherwise), 'row')} of {count(many, 'commitment')} {verb} otherwise"
    return f"{text}; {beside}." if rest else f"{text}."


def lines(case: Case, withdrawal: Withdrawal, width: int) -> Iterator[str]:
    """Yield the answer for a terminal: the report, the summary, then the rows by how far they change."""
    report = withdrawal.report
    name, title = report_words(report)
    which = f"{name}, {report.date.text}" if is_free(report) else name
    yield from fold(f"Without {title} ({which}), on {withdrawal.on}"
                    + (f", as known on {withdrawal.as_of}" if withdrawal.as_of else ""), width)  # fmt: skip
    yield from fold(summary(withdrawal), width)
    for kind, heading in HEADINGS.items():
        some = [c for c in withdrawal.changes if c.kind == kind]
        if some:
            yield ""
            yield heading
        last = ""
        for change in some:
            if (name := row_name(case, change.row)) != last:
                yield from fold(f"{name} ({change.row.commitment})", width, indent="  ", hang="  ")
                last = name
            yield from fold(sentence(case, change), width, indent="    ", hang="  ")
    yield f"n = {withdrawal.rows} rows. Nothing is stored: the case is as it was."


def change_record(case: Case, change: RowChange) -> dict[str, Any]:
    """Return one change as plain data: what changes, from what to what, and the sentence."""
    row = change.row
    return {
        "kind": change.kind.value,
        "commitment": row.commitment,
        "title": row.title,
        "key": row.key,
        "reading": row.reading,
        "account": row.account,
        "account_kind": row.account_kind,
        "before": None if change.before is None else _state(case, change.before),
        "after": None if change.after is None else _state(case, change.after),
        "fields": list(change.fields),
        "sentence": sentence(case, change),
    }


def _state(case: Case, row: Row) -> dict[str, Any]:
    return {
        "verdict": row.verdict,
        "words": row_words(case, row),
        "look": bars.appearance_of(row),
        "since": row.since.isoformat() if row.since else None,
        "due": row.due.isoformat() if row.due else None,
        "breaches": row.breaches,
        "breaches_possible": row.breaches_possible,
        "kept": row.kept,
        "broken": row.broken,
        "because": list(row.because),
    }


def withdrawal_record(case: Case, withdrawal: Withdrawal) -> dict[str, Any]:
    """Return a withdrawal as JSON-able data."""
    report = withdrawal.report
    described = {"id": report.id, "date": report.date.text, "type": report.type, "title": report.title}
    if not is_free(report):
        described = dict(zip(("id", "title"), report_words(report), strict=True)) | {"date": "", "type": ""}
    return {
        "report": described,
        "on": withdrawal.on.isoformat(),
        "as_of": withdrawal.as_of.isoformat() if withdrawal.as_of else None,
        "accounts": list(withdrawal.accounts),
        "rows": withdrawal.rows,
        "summary": summary(withdrawal),
        "changes": [change_record(case, change) for change in withdrawal.changes],
    }
