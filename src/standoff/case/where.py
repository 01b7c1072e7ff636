"""Where a record of a case stands, for the messages of checks."""

from __future__ import annotations

from collections.abc import Mapping

from standoff.case.model import Case
from standoff.errors import Problem, Severity


def at(
    case: Case,
    kind: str,
    key: str,
    what: str,
    *path: str | int,
    expected: str = "",
    hint: str = "",
    check: str = "",
    severity: Severity = "error",
) -> Problem:
    """Return a problem at a key of a record; at its file where the record was not read from one."""
    where = case.written.get((kind, key))
    file, line = (where.file, where.at(*path)) if where else (f"{kind}.yaml", 0)
    return Problem(file, line, what, expected, hint, check, severity)


def items(case: Case, kind: str, records: tuple[object, ...] | Mapping[str, object]) -> list[tuple[str, object]]:
    """Return the records of a kind with the keys under which they are written."""
    if isinstance(records, Mapping):
        return list(records.items())
    keys = [key for (k, key) in case.written if k == kind]
    return list(zip(keys, records, strict=True))
