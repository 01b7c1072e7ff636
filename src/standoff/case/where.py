"""Where a record of a case stands, for the messages of checks."""

from __future__ import annotations

from standoff.case.model import Case
from standoff.errors import Problem, Severity


def at(case: Case, kind: str, key: str, what: str, *path: str | int, **more: str) -> Problem:
    """Return a problem at a key of a record; ``expected``, ``hint`` and ``severity`` may be given."""
    where = case.written[kind, key]
    severity: Severity = "warning" if more.pop("severity", "") == "warning" else "error"
    return Problem(where.file, where.at(*path), what, more.pop("expected", ""), more.pop("hint", ""), severity=severity)


def items(case: Case, kind: str, records: object) -> list[tuple[str, object]]:
    """Return the records of a kind with the keys under which they are written."""
    if isinstance(records, tuple):
        keys = [key for (k, key) in case.written if k == kind]
        return list(zip(keys, records, strict=True))
    return list(records.items())  # type: ignore[attr-defined]
