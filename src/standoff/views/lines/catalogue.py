"""Records of a case, listed by kind or searched, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import count, fold
from standoff.text.table_printer import Number, table

if TYPE_CHECKING:
    from standoff.case.catalogue import Entry
    from standoff.case.model import Case
    from standoff.evidence.search import SearchResult


def kind_lines(case: Case, width: int) -> Iterator[str]:
    """Yield the kinds of records of a case with their numbers."""
    from standoff.case.catalogue import KINDS, entries_of

    rows = []
    for name, kind in KINDS.items():
        entries, _ = entries_of(case, name)
        rows.append((name, f"{len(entries):,}", "" if kind.title == name else kind.title))
    yield from table(("kind", Number("records"), ""), rows, width)


def record_lines(heads: Sequence[str], entries: Sequence[Entry], most: int, width: int) -> Iterator[str]:
    """Yield a table of records of one kind, at most ``most`` of them."""
    used = [n for n in range(len(heads)) if any(entry.facts[n] for entry in entries)]
    rows = [(f"{entry.title}\n{entry.id}", *(entry.facts[n] for n in used)) for entry in entries[:most]]
    if rows:
        yield from table(("title and id", *(heads[n] for n in used)), rows, width)


def field_lines(fields: Mapping[str, Any], width: int, indent: str = "") -> Iterator[str]:
    """Yield the fields of one record, a line or a block each."""
    for key, value in fields.items():
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from field_lines(value, width, indent + "  ")
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            yield f"{indent}{key}:"
            for number, item in enumerate(value, 1):
                yield from field_lines({str(number): item}, width, indent + "  ")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else _word(value)
            yield from fold(f"{key}: {text}", width, indent=indent, hang=indent + "  ")


def _word(value: Any) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def search_lines(case: Case, result: SearchResult, width: int) -> Iterator[str]:
    """Yield what a search finds: how many of each kind, then records with the words around what matches."""
    kinds = ", ".join(count(number, kind.removesuffix("s"), kind) for kind, number in result.facets["kind"])
    yield from fold(f"{count(result.total, 'record')}{f': {kinds}' if kinds else ''}", width)
    for hit in result.hits:
        entry = hit.entry
        yield ""
        facts = "; ".join(filter(None, entry.facts))
        yield from fold("".join(text for text, _ in hit.title), width)
        yield from fold(f"{entry.kind} {entry.id}{f'; {facts}' if facts else ''}", width, indent="  ", hang="  ")
        if hit.words:
            around = "".join(f"[{text}]" if match else text for text, match in hit.words)
            yield from fold(" ".join(around.split()), width, indent="  ", hang="  ")
