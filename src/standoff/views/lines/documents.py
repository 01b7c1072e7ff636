"""Documents on their way into a case, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from standoff.case.as_dict import as_written
from standoff.text.sentences import count, day, fold

if TYPE_CHECKING:
    from standoff.case.claims import Document
    from standoff.reading.accession import Accession

_NAMES = {"published": "day", "publisher": "publisher"}
_OPTIONS = {"title": "--title", "author": "--author", "published": "--date", "address": "--address",
            "publisher": "--source"}  # fmt: skip


def document_lines(one: Accession, width: int) -> Iterator[str]:
    """Yield what a document is, what it says of itself and where, what is not known, and what would be written."""
    copy, document = one.copy, one.document
    yield from fold(f"{copy.name}: {copy.format}, {count(_paragraphs(copy.text), 'paragraph')}", width)
    if one.same_as:
        yield from fold(f"  this is in the case already, as {one.same_as}: nothing changes", width, hang="  ")
        return
    for key, particular in one.particulars.items():
        yield from fold(f"  {_NAMES.get(key, key):10} {particular.value}  [{particular.where}]", width, hang=" " * 13)
    for key in one.unknown:
        yield from fold(f"  {_NAMES.get(key, key):10} not known; say it with {_OPTIONS[key]}", width, hang=" " * 13)
    for remark in copy.remarks:
        yield from fold(f"  {remark}", width, hang="  ")
    yield from fold(f"  document   {document.id}, {_published(document)}", width, hang=" " * 13)
    for source in one.sources:
        more = f", of {source.of}" if source.of else ""
        yield from fold(f"  new source {source.id}: {source.name}, {source.kind}{more}", width, hang=" " * 13)


def _published(document: Document) -> str:
    """Return when a document was published; of one without a day, that it was there on the day it was taken in."""
    when = document.published
    if when.start is None and when.end is not None:
        return f"on a day that is not known, by {day(when.end)} at the latest"
    return f"published {when}"


def _paragraphs(text: str) -> int:
    return sum(bool(line.strip()) for line in text.split("\n"))


def document_record(one: Accession, written: tuple[str, ...]) -> dict[str, Any]:
    """Return a document on its way into a case as plain data."""
    return {
        "file": one.copy.name,
        "format": one.copy.format,
        "paragraphs": _paragraphs(one.copy.text),
        "same_as": one.same_as,
        "particulars": {k: {"value": p.value, "where": p.where} for k, p in one.particulars.items()},
        "not_known": list(one.unknown),
        "remarks": list(one.copy.remarks),
        "document": as_written(one.document),
        "sources": [as_written(source) for source in one.sources],
        "files": sorted(one.files),
        "written": bool(written) and not one.same_as,
    }
