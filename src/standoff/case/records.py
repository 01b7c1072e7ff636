"""A case from records in memory: lists of mappings or data frames in the columns of its files, without a folder."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from standoff.case import model
from standoff.case.checks import check
from standoff.case.claims import RECORD, Account, Claim, Document, Source
from standoff.case.geography import Place
from standoff.case.model import Kind
from standoff.case.parsing import record
from standoff.case.terms import Agreement, Commitment
from standoff.errors import Problem, StandoffError
from standoff.files.yaml import Lines

ID = "records"
WORLD = (-180.0, -90.0, 180.0, 90.0)
_ORIGIN = {"claims", "citation", "assumed"}
_NOWHERE = Path("records-in-memory")  # no folder: nothing beside the records is looked for
_KINDS: dict[Kind, type] = {
    Kind.COMMITMENTS: Commitment,
    Kind.EVENTS: model.Event,
    Kind.ACTORS: model.Actor,
    Kind.AGREEMENTS: Agreement,
    Kind.PLACES: Place,
    Kind.COVERAGE: model.Coverage,
    Kind.SOURCES: Source,
    Kind.DOCUMENTS: Document,
    Kind.CLAIMS: Claim,
    Kind.ACCOUNTS: Account,
}
_SEVERAL = frozenset(("debtor", "creditor", "actor", "target", "place", "sector", "zone", "type", "claims", "answer",
                      "parties", "chain", "member_of", "sponsors", "aliases"))  # fmt: skip


def case_of_records(
    commitments: Any, events: Any = (), *, about: Mapping[str, Any] | None = None, **more: Any
) -> model.Case:
    """Return a case made of records, checked as a folder is.

    Parameters
    ----------
    commitments, events
        Lists of mappings, or data frames, with the keys of commitments.yaml and the columns of events.csv. A column
        ``forbid.type`` is the key ``type`` of ``forbid``; several names in one cell are parted by semicolons; blank
        cells and NaN are nothing.
    about
        Keys of case.yaml that differ from what follows from the records (the period is that of their days).
    more
        Records of other files in the same forms: ``actors``, ``agreements``, ``places``, ``coverage``, ``sources``,
        ``documents``, ``claims``, ``accounts``. Actors and agreements that are named and not given are added under
        their names.

    Raises
    ------
    StandoffError
        With all that is wrong: the file is the name of the list, the line the number of the row in it.

    Examples
    --------
    >>> case_of_records([{"id": "fire", "kind": "maintain", "debtor": "red", "creditor": "blue", "from": "2024-01-05",
    ...                   "forbid": {"type": "shelling", "actor": "red"}}])
    <Case records: 0 claims, 1 commitment, 0 events, 0 errors, 0 warnings>
    """
    unknown = [name for name in more if name not in _KINDS]
    if unknown:
        raise StandoffError.of(
            f"there are no records {unknown[0]!r}", file="case_of_records", expected=f"one of {', '.join(_KINDS)}"
        )
    lists = {kind: list(_rows(value)) for kind, value in {"commitments": commitments, "events": events, **more}.items()}
    lists["commitments"] = [
        {"title": str(row.get("id", "")), **row, **({} if _ORIGIN & row.keys() else {"assumed": "given as a record"})}
        for row in lists["commitments"]
    ]
    _add_named(lists)
    problems: list[Problem] = []
    records: dict[str, Any] = {}
    written: dict[tuple[Kind, str], model.Written] = {}
    for kind, sort in _KINDS.items():
        records[kind] = _read(kind, sort, lists.get(kind, []), problems, written)
    about_record, faults = record(model.About, _about(lists, about or {}), "about", Lines(1))
    problems += faults
    if problems:
        raise StandoffError(problems)
    records["accounts"] = {RECORD.id: RECORD, **records["accounts"]}
    records["coverage"] = tuple(records["coverage"].values())
    empty: dict[str, Any] = {k: {} for k in ("disputes", "parameters", "issues", "stakes", "options", "observed",
                                             "scenarios", "questions")}  # fmt: skip
    text = json.dumps([lists, about_record.period.text], sort_keys=True, default=str)
    case = model.Case(
        root=_NOWHERE,
        about=about_record,
        routes=(),
        closures=(),
        zones=(),
        written=written,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        **empty,
        **records,
    )
    case = replace(case, problems=tuple(check(case)))
    if case.errors:
        raise StandoffError(case.errors)
    return case


def _rows(table: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list of mappings or of a data frame, blank cells left out, dotted names as keys of keys."""
    rows: Iterable[Mapping[str, Any]] = table.to_dict("records") if hasattr(table, "to_dict") else table
    for row in rows:
        if not isinstance(row, Mapping):
            what = f"{str(row)[:40]!r} stands where a record should"
            raise StandoffError.of(what, expected="mappings, such as {'id': 'fire', 'kind': 'maintain', ...}")
        out: dict[str, Any] = {}
        for name, value in row.items():
            if _is_blank(value):
                continue
            *outer, last = str(name).split(".")
            here = out
            for key in outer:
                here = here.setdefault(key, {})
            here[last] = _value(last, value)
        yield out


def _is_blank(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value)) or str(value) == "NaT"


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str) and name in _SEVERAL and ";" in value:
        return [part.strip() for part in value.split(";") if part.strip()]
    if isinstance(value, datetime):  # as data frames hold days
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    return value


def _read(
    kind: Kind,
    sort: type,
    rows: list[dict[str, Any]],
    problems: list[Problem],
    written: dict[tuple[Kind, str], model.Written],
) -> dict[str, Any]:
    records: dict[str, Any] = {}
    for number, row in enumerate(rows, 1):
        item, faults = record(sort, row, str(kind), Lines(number))
        problems += faults
        if item is None:
            continue
        key = str(getattr(item, "id", "") or number)
        if key in records:
            first = written[kind, key].line
            what = f"the {str(kind)[:-1]} {key!r} is given twice"
            problems.append(Problem(str(kind), number, what, "each id once", f"first in row {first}"))
            continue
        records[key] = item
        written[kind, key] = model.Written(file=str(kind), line=number, lines=Lines(number))
    return records


def _listed(value: Any) -> list[str]:
    return [] if value is None else [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


def _parties(value: Any) -> Iterator[str]:
    """Yield the parties that a commitment or an event names, also inside its clauses."""
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _parties(inner)
        elif key in ("debtor", "creditor", "actor", "target"):
            yield from (name.removeprefix("not ") for name in _listed(inner))


def _add_named(lists: dict[str, list[dict[str, Any]]]) -> None:
    """Add the actors and agreements that records name and nobody gave."""
    if "actors" not in lists:
        names = dict.fromkeys(n for kind in ("commitments", "events") for row in lists[kind] for n in _parties(row))
        plain = [n for n in names if re.fullmatch(r"[^\W_][\w-]*", n)]  # what is no id is for the checks to name
        lists["actors"] = [{"id": n, "name": n, "kind": "party"} for n in plain]
    if "agreements" not in lists:
        of: dict[str, list[dict[str, Any]]] = {}
        for row in lists["commitments"]:
            for name in _listed(row.get("agreement")):
                of.setdefault(name, []).append(row)
        lists["agreements"] = [
            {
                "id": name,
                "title": name,
                "parties": list(dict.fromkeys(p for row in rows for p in _parties({k: row.get(k) for k in _ENDS}))),
                "date": min(str(row.get("from", "")) for row in rows),
            }
            for name, rows in of.items()
        ]


_ENDS = ("debtor", "creditor")


def _about(lists: Mapping[str, list[dict[str, Any]]], other: Mapping[str, Any]) -> dict[str, Any]:
    days = [str(row[key]) for rows in lists.values() for row in rows for key in ("date", "from", "until", "by")
            if key in row]  # fmt: skip
    ends = sorted(part for day in days for part in day.rstrip("~").split("/") if re.match(r"\d{4}", part))
    start = ends[0] if ends else "2000-01-01"
    about = {
        "id": ID,
        "title": "Records in memory",
        "edition": "1",
        "period": f"{start}/{ends[-1] if ends else start}",
        "start": start,
        "days": 1,
        "region": list(WORLD),
    }
    return {**about, **other}
