"""A record of a case as a plain dictionary: the keys of its file, ids and words as they are written there.

Whatever lists, explains or shows a record starts from here and adds what it alone knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from typing import Any

from standoff.case.claims import SAYINGS, Claim
from standoff.values import Duration, ListMark, Tie, When


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: dates and durations in words, lists for tuples, dictionaries for records."""
    if isinstance(value, When | Duration):
        return str(value)
    if isinstance(value, Tie):
        days = {"from": value.from_, "until": value.until}
        return {"actor": str(value), **_days(days)} if value.is_dated else str(value)
    if isinstance(value, ListMark):
        spans = [{"mark": mark, **_days({"from": first, "until": last})} for mark, first, last in value.spans]
        return spans or str(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return as_dict(value)
    return value


def _days(days: Mapping[str, date | None]) -> dict[str, str]:
    return {key: day.isoformat() for key, day in days.items() if day is not None}


def as_dict(record: Any) -> dict[str, Any]:
    """Return every field of a record under the key of its file."""
    return {field.name.removesuffix("_"): plain(getattr(record, field.name)) for field in fields(record)}


def as_written(record: Any) -> dict[str, Any]:
    """Return a record as a file would have it: keys at their default are left out, of the records inside it too."""
    return {
        field.name.removesuffix("_"): _written(getattr(record, field.name))
        for field in fields(record)
        if getattr(record, field.name) != _default(field)
    }


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, Duration) and value.assumed:
        return {"assumed": f"{value.days}d", "range": [f"{value.low}d", f"{value.high}d"]}
    return as_written(value) if is_dataclass(value) and not isinstance(value, When | Duration | type) else plain(value)


def pick(record: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return some keys of a dictionary, in the order in which they are asked for."""
    return {key: record[key] for key in keys}


def places_of_claim(claim: Claim) -> list[dict[str, Any]]:
    """Return where a claim stands in its document: the line and its words, without what is around them."""
    return [pick(as_dict(anchor), ("paragraph", "anchor")) for anchor in claim.at]


def payload_kind(claim: Claim) -> str:
    """Return what kind of thing a claim says: quantity, event, commitment, relation, position, assessment or offer."""
    return next(name for name, kind in SAYINGS.items() if isinstance(claim.says, kind))


def payload(claim: Claim) -> dict[str, Any]:
    """Return what a claim says as written in its file, empty fields left out, with its ``kind`` first."""
    written = {key: value for key, value in as_dict(claim.says).items() if value not in (None, "", [])}
    return {"kind": payload_kind(claim), **written}


def grade_mark(claim: Claim) -> str:
    """Return the Admiralty grade of a claim as one mark, such as ``B2``."""
    return f"{claim.grade.reliability}{claim.grade.credibility}"
