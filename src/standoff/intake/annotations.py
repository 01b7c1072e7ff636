"""Annotations of others read as claims and notes: W3C Web Annotations, Hypothesis' API and its export.

What we wrote ourselves (``standoff:claim``) becomes the claims it was; every other annotation becomes a note of which a
person may make a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff.case.claims import Claim, Document
from standoff.case.model import Case
from standoff.case.parsing import record
from standoff.errors import Problem, StandoffError
from standoff.files.opener import read_json
from standoff.files.yaml import Lines
from standoff.oneline import OneLine

MAX_BYTES = 64 * 2**20
_LINE = re.compile(r"line=(\d{1,9})(?:,(\d{1,9}))?(?!\d)")
_DEEPEST = 50  # selectors in selectors, collections in collections


@dataclass(frozen=True, slots=True, repr=False)
class Note(OneLine):
    """An annotation by another tool: its text and where it points; a person may make a claim of it."""

    id: str
    source: str
    document: str  # id of the case's document with this address, or empty
    text: str
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    paragraph: int = 0
    start: int = -1
    end: int = -1
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Annotations(OneLine):
    """What an annotation file held: claims written by us, and notes by other tools."""

    claims: tuple[Claim, ...]
    notes: tuple[Note, ...]


def urn(case: Case, kind: str, name: str) -> str:
    """Return the name of a record of a case beyond it: ``urn:standoff:CASE:KIND:ID``."""
    return f"urn:standoff:{case.about.id}:{kind}:{name}"


def _items(data: Any, file: str, depth: int = 0) -> list[Any]:
    """Return the annotations of a page, a collection with its first page inside, a list, or a single annotation."""
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        kinds = data.get("type", data.get("@type"))
        for key in ("items", "rows", "annotations"):  # of a W3C page; of Hypothesis' API, and its export
            if isinstance(data.get(key), list):
                return list(data[key])
        if isinstance(data.get("first"), dict) and depth < _DEEPEST:
            return _items(data["first"], file, depth + 1)
        if _is_hypothesis(data) or kinds == "Annotation" or (isinstance(kinds, list) and "Annotation" in kinds):
            return [data]
    raise StandoffError.of(
        "there are no annotations in this file", file=file, expected="an AnnotationPage, a list, or an Annotation"
    )


def _is_hypothesis(item: dict[str, Any]) -> bool:
    """Whether an annotation is one of Hypothesis, as its API and its exports have it: ``uri`` and ``text``, no body."""
    return isinstance(item.get("uri"), str) and "body" not in item and isinstance(item.get("text", ""), str)


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(item: dict[str, Any]) -> str:
    if isinstance(item.get("bodyValue"), str):
        return str(item["bodyValue"])
    if _is_hypothesis(item):
        return str(item.get("text", ""))
    bodies = (b for b in _all(item.get("body")) if not (isinstance(b, dict) and b.get("purpose") == "tagging"))
    parts = [b if isinstance(b, str) else b.get("value") for b in bodies if isinstance(b, str | dict)]
    return "\n".join(part for part in parts if isinstance(part, str))


def _tags(item: dict[str, Any]) -> tuple[str, ...]:
    """Return the tags of an annotation: ``tags`` of Hypothesis, bodies with the purpose of tagging in W3C's model."""
    bodies = (b for b in _all(item.get("body")) if isinstance(b, dict) and b.get("purpose") == "tagging")
    tags = [*_all(item.get("tags")), *(b.get("value") for b in bodies)]
    return tuple(dict.fromkeys(tag.strip() for tag in tags if isinstance(tag, str) and tag.strip()))


def _selectors(target: Any) -> Iterator[dict[str, Any]]:
    for chosen in _all(target.get("selector") if isinstance(target, dict) else None):
        for _ in range(_DEEPEST):
            if not isinstance(chosen, dict):
                break
            yield chosen
            chosen = chosen.get("refinedBy")


def _address(target: Any) -> str:
    if isinstance(target, str):
        return target
    source = target.get("source", target.get("id", "")) if isinstance(target, dict) else ""
    return str(source.get("id", "")) if isinstance(source, dict) else str(source)


def _document(case: Case | None, source: str) -> str:
    documents: Iterable[Document] = case.documents.values() if case else ()
    for document in documents:
        if source and source in (document.url, urn(case, "document", document.id) if case else ""):
            return document.id
    return ""


def _note(case: Case | None, item: dict[str, Any], number: int) -> Note:
    targets = _all(item.get("target"))
    target = targets[0] if targets else ""
    quote: dict[str, Any] = {}
    start = end = -1
    paragraph = 0
    for chosen in _selectors(target):
        if chosen.get("type") == "TextQuoteSelector" and not quote:
            quote = chosen
        elif chosen.get("type") == "TextPositionSelector":
            place = (chosen.get("start"), chosen.get("end"))
            if all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in place):
                start, end = place  # type: ignore[assignment]
        elif match := _LINE.search(str(chosen.get("value", ""))):
            paragraph = int(match[1]) + 1
    words = {k: str(quote.get(k) or "") for k in ("exact", "prefix", "suffix")}
    source = _address(target) or (str(item["uri"]) if _is_hypothesis(item) else "")
    name = str(item.get("id") or f"annotation-{number}")
    found = (name, source, _document(case, source), _text(item))
    return Note(*found, **words, paragraph=paragraph, start=start, end=end, tags=_tags(item))


def from_annotations(data: Any, case: Case | None = None, *, file: str = "annotations") -> Annotations:
    """Read annotations of W3C's model or of Hypothesis: our own become claims, those of other tools become notes.

    ``case`` is used to tell which document a note is about. Notes are never made claims by themselves.
    Raises StandoffError with every problem found.
    """
    claims: list[Claim] = []
    notes: list[Note] = []
    problems: list[Problem] = []
    for number, item in enumerate(_items(data, file), 1):
        if not isinstance(item, dict) or not (_all(item.get("target")) or _is_hypothesis(item)):
            what = f"item {number} is not an annotation"
            problems.append(Problem(file, 0, what, "an object of type Annotation with a target"))
            continue
        if "standoff:claim" not in item:
            notes.append(_note(case, item, number))
            continue
        claim, faults = record(Claim, item["standoff:claim"], file, Lines(0))
        problems += [
            Problem(p.file, p.line, f"item {number}: {p.what}", p.expected, p.hint, p.check, p.severity) for p in faults
        ]
        if claim is not None:
            claims.append(claim)
    if problems:
        raise StandoffError(problems)
    return Annotations(tuple(claims), tuple(notes))


def read_annotations(path: Path, case: Case | None = None) -> Annotations:
    """Read a JSON-LD file of annotations. Raises StandoffError with file, line and what was expected."""
    label = str(path)
    if not path.is_file():
        raise StandoffError.of("there is no such file", file=label, expected="a JSON file of annotations")
    data = read_json(path, label, MAX_BYTES, expected="W3C annotations")
    return from_annotations(data, case, file=label)
