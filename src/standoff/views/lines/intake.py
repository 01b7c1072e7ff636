"""What a file of others would change in a case, for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import count, fold
from standoff.text.table_printer import Number, table

if TYPE_CHECKING:
    from standoff.intake.preview import FileDraft

MOST = 20  # rows left out, and names to decide, that are listed
_NOUNS = {"reports": "report", "events": "event", "figures": "figure", "places": "place", "agreements": "agreement"}
_NOUNS |= {"claims": "claim"}
_PLURALS = {"boundary": "boundaries"}


def draft_lines(draft: FileDraft, width: int) -> Iterator[str]:
    """Yield what a file is, what of it is read and left, what a person has to decide, and what would be written."""
    batch = draft.batch
    yield from fold(f"{batch.name}: {batch.title}, {batch.format}", width, hang="  ")
    yield from _part("why", batch.why, width)
    yield from _part("rows", f"{count(batch.rows, 'row')}, {records_in_words(batch.kind, len(batch.records))}", width)
    if batch.columns:
        taken = [ours if ours == theirs else f"{theirs} as {ours}" for ours, theirs in batch.columns.items()]
        yield from _part("columns read", ", ".join(taken), width)
    if batch.left:
        yield from _part("columns left", ", ".join(batch.left), width)
    for text in (*batch.assumptions, *draft.notes):
        yield from _part("supposed", text, width)
    for number, where in ((batch.outside_period, "period"), (batch.outside_region, "region")):
        if number:
            yield from _part("outside", f"{count(number, 'row')} outside the {where} of the case", width)
    if batch.asides:
        yield from _part("no records", count(len(batch.asides), "row") + " of titles, tags, totals or notes", width)
    if batch.bad:
        yield from _part("left out", f"{count(batch.bad, 'row')} that cannot be read", width)
        for row in batch.left_out[:MOST]:
            yield from fold(f"line {row.line}: {row.why}", width, indent="    ", hang="      ")
    yield from _name_lines(draft, width)
    yield from _part("would change", changes_in_words(draft), width)
    yield ""


def records_in_words(kind: str, number: int) -> str:
    """Say how many records of a kind there are."""
    noun = _NOUNS.get(kind, kind.removesuffix("ies") + "y" if kind.endswith("ies") else kind.removesuffix("s"))
    return count(number, noun, _PLURALS.get(noun, ""))


def _part(head: str, text: str, width: int) -> Iterator[str]:
    yield from fold(f"{head}: {text}", width, indent="  ", hang="    ")


def _name_lines(draft: FileDraft, width: int) -> Iterator[str]:
    by_rule = sum(one.by == "rule" for one in draft.names)
    by_person = sum(one.by_person for one in draft.names)
    waiting = draft.undecided
    if draft.names:
        words = f"{by_rule} decided by rule, {by_person} by a person, {len(waiting)} to decide"
        yield from _part("names", words, width)
    if not waiting:
        return
    rows: list[Sequence[str]] = [
        (one.name, one.kind, str(one.count), f"{one.proposal}? {one.reason}" if one.proposal else "")
        for one in waiting[:MOST]
    ]
    yield from table(("to decide", "kind", Number("rows"), "proposal"), rows, width, indent="  ")
    if len(waiting) > MOST:
        yield from fold(f"and {len(waiting) - MOST} more, in mapping.yaml", width, indent="  ")
    kinds = {one.kind for one in waiting}
    if "actor" in kinds:
        text = "Until a person decides they are unknown: no event is laid to them."
        yield from fold(text, width, indent="  ", hang="  ")
    if kinds & {"place", "area"}:
        text = "Until a person decides of a place or an area, a report is placed by its coordinates."
        yield from fold(text, width, indent="  ", hang="  ")


def changes_in_words(draft: FileDraft) -> str:
    """Say what a file would add, amend and keep, and where."""
    parts = []
    if draft.added:
        parts.append(f"{draft.added} added")
    if draft.changed:
        columns = ", ".join(f"{column} {number}" for column, number in sorted(draft.amended.items()))
        parts.append(f"{draft.changed} amended ({columns})")
    if draft.same:
        parts.append(f"{draft.same} the same")
    if draft.older:
        parts.append(f"{draft.older} older than what is there, left as they are")
    if draft.missing:
        parts.append(f"{draft.missing} gone from the file, kept")
    return f"{draft.file}: {', '.join(parts) or 'nothing'}"


def draft_record(draft: FileDraft, written: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a file would change as plain data."""
    batch = draft.batch
    return {
        "file": batch.name,
        "kind": batch.kind,
        "source": batch.source,
        "title": batch.title,
        "version": batch.version,
        "why": batch.why,
        "format": batch.format,
        "rows": batch.rows,
        "records": len(batch.records),
        "columns": dict(batch.columns),
        "columns_left": list(batch.left),
        "assumptions": [*batch.assumptions, *draft.notes],
        "undecided": [
            {"name": one.name, "kind": one.kind, "rows": one.count, "proposal": one.proposal, "reason": one.reason}
            for one in draft.undecided
        ],
        "decided_by_rule": sum(one.by == "rule" for one in draft.names),
        "decided_by_person": sum(one.by_person for one in draft.names),
        "outside_period": batch.outside_period,
        "outside_region": batch.outside_region,
        "left_out": batch.bad,
        "left_out_rows": [{"line": row.line, "why": row.why} for row in batch.left_out[:MOST]],
        "problems": [asdict(problem) for problem in batch.problems],
        "into": draft.file,
        "added": draft.added,
        "amended": draft.changed,
        "amended_columns": dict(sorted(draft.amended.items())),
        "same": draft.same,
        "older": draft.older,
        "gone": draft.missing,
        "written": list(written),
    }
