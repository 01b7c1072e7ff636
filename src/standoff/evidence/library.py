"""The reader's own copies of the documents: read from ``library/`` of the case, checked, and quoted in place.

No text is ever shipped or copied elsewhere. A copy whose hash is that of documents.yaml must hold every anchor word
for word; in any other copy an anchor that has moved is found again, and what cannot be found is said to be lost.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from standoff.case.claims import Anchor, Claim, Document
from standoff.case.model import Case, Kind, Written
from standoff.case.restrictions import is_free
from standoff.errors import Problem, StandoffError
from standoff.evidence.anchors import (
    CONTEXT,
    Lost,
    Match,
    Selector,
    bounds,
    find_anchor,
    normal,
    occurrences,
    paragraph_of,
    refind,
    select,
    view,
)
from standoff.files.opener import decoded, inside, is_there, read_bytes
from standoff.oneline import OneLine

MAX_TEXT_BYTES = 16 * 2**20
MAX_ORIGINAL_BYTES = 64 * 2**20
MOST_SHOWN = 4 * 2**20  # bytes of a text that a page shows


@dataclass(frozen=True, slots=True, repr=False)
class Text(OneLine):
    """One document as the reader has it; ``same`` when its hash is the one the case was coded from."""

    document: str
    text: str
    same: bool


@dataclass(frozen=True, slots=True, repr=False)
class Excerpt(OneLine):
    """A claim's place in the reader's copy: what stands before, the anchored words, what stands after, and how found.

    ``how`` is exact, moved, changed, or the reason it is lost (missing, ambiguous, rewritten); a lost passage has no
    words. ``paragraph`` is the line of the reader's copy, ``sentence`` the whole sentence or sentences around the
    words, which begins ``sentence_at`` in the copy.
    """

    claim: str
    document: str
    paragraph: int
    before: str
    words: str
    after: str
    how: str
    start: int = -1
    end: int = -1
    sentence: str = ""
    sentence_at: int = -1


_STOP = re.compile(r"[.!?؟。！？]+[\"'”’»)\]]*(?=\s+[^\sa-zа-я])")
_SHORT = frozenset(
    (
        "mr", "mrs", "ms", "dr", "gen", "col", "lt", "maj", "sgt", "capt", "sen", "rep", "gov", "pres", "prof", "st",
        "jr", "sr", "no", "vs", "etc", "inc", "co", "corp", "ltd", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
        "sep", "sept", "oct", "nov", "dec", "rev", "adm", "cmdr", "art", "para", "u.s", "u.n", "u.k", "e.g", "i.e",
        "a.m", "p.m",
    )
)  # fmt: skip


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return start and end of the sentence, or sentences, of one paragraph that hold the words from start to end.

    An abbreviation or an initial ends none. Where no mark ends a sentence, it is the paragraph.
    """
    first, last = bounds(text, paragraph_of(text, start))
    ends = [first]
    for stop in _STOP.finditer(text, first, last):
        word = re.split(r"[\s\"'(“‘]", text[ends[-1] : stop.start()])[-1].lower()
        if text[stop.start()] == "." and ((len(word) == 1 and word.isalpha()) or word in _SHORT):
            continue
        ends.append(stop.end())
    begin = max(stop for stop in ends if stop <= start)
    finish = min((stop for stop in ends if stop >= end), default=last)
    whole = text[begin:finish]
    return begin + len(whole) - len(whole.lstrip()), begin + len(whole.rstrip())


def _path_problem(case: Case, document: Document, name: str, key: str = "file") -> Problem | None:
    path = case.root / "library" / name
    try:
        if path.resolve().is_relative_to((case.root / "library").resolve()):
            return None
    except (OSError, ValueError, RuntimeError):  # no name of a file: a NUL in it, or links in a circle
        pass
    where = case.written[Kind.DOCUMENTS, document.id]
    what = f"the file {name!r} lies outside library/"
    return Problem(where.file, where.at(key), what, "the name of a file in library/", check="anchors")


def text_name(document: Document) -> str:
    """Return the name of the user's copy of a document inside ``library/``: ``file`` of its record, else its id."""
    return document.file.removeprefix("library/") or f"{document.id}.txt"


def own_copy(case: Case, document: Document) -> str | None:
    """Return the user's own copy of a document, or None: ``file`` of its record, else ``<id>.txt``, in ``library/``.

    Words that may not be passed on are shown on no page.
    """
    if not is_free(document):
        return None
    path = inside(case.root / "library", text_name(document))
    if path is None:
        return None
    try:
        return read_bytes(path, path.name, MOST_SHOWN).decode("utf-8", errors="replace")
    except StandoffError:  # too large, or gone since
        return None


def document_text(case: Case, document: Document) -> Text | Problem | None:
    """Return the reader's copy of one document, a problem that keeps it from being read, or None without a copy."""
    name = text_name(document)
    if problem := _path_problem(case, document, name):
        return problem
    path = case.root / "library" / name
    if not is_there(path):
        return None
    file = f"library/{name}"
    try:
        raw = read_bytes(path, file, MAX_TEXT_BYTES, within=case.root / "library")
        text = normal(decoded(raw, file, "a plain text in UTF-8"))
    except StandoffError as error:
        return replace(error.problems[0], check="anchors")
    return Text(document.id, text, hashlib.sha256(raw).hexdigest() == document.sha256)


def texts(case: Case) -> tuple[dict[str, Text], list[Problem]]:
    """Return the reader's copies by document, and the problems of those that cannot be read."""
    copies: dict[str, Text] = {}
    problems: list[Problem] = []
    for document in case.documents.values():
        text = document_text(case, document)
        if isinstance(text, Problem):
            problems.append(text)
        elif text is not None:
            copies[document.id] = text
    return copies, problems


def place(text: Text, anchor: Anchor) -> Match | Lost:
    """Find an anchor in a copy: word for word in its paragraph, or else in another paragraph of an edited copy.

    In a copy that is not the coded one, words that stand in one other paragraph only are ``moved``; with a prefix or
    suffix in the anchor they are found again even when edited.
    """
    match = find_anchor(text.text, anchor)
    if isinstance(match, Match) or text.same or match.why == "ambiguous":
        return match
    if anchor.prefix or anchor.suffix:
        return refind(text.text, Selector(anchor.anchor, anchor.prefix, anchor.suffix, -1, -1))
    places = occurrences(view(text.text), view(anchor.anchor))
    if len(places) == 1:
        return Match(places[0], places[0] + len(anchor.anchor), "moved")
    return Lost("ambiguous" if places else "missing")


def excerpts(case: Case, claim: Claim, context: int = 160) -> tuple[Excerpt, ...]:
    """Return the places of a claim in the reader's copy with ``context`` letters around; empty without a copy."""
    document = case.documents.get(claim.document)
    text = document_text(case, document) if document else None
    if not isinstance(text, Text):
        return ()
    if document is not None and not is_free(document):
        return ()  # its words may not be passed on
    parts = []
    for anchor in claim.at:
        match = place(text, anchor)
        if isinstance(match, Lost):
            parts.append(Excerpt(claim.id, claim.document, anchor.paragraph, "", "", "", match.why))
            continue
        paragraph = paragraph_of(text.text, match.start)
        first, last = bounds(text.text, paragraph)
        before = text.text[max(first, match.start - context) : match.start]
        after = text.text[match.end : min(last, match.end + context)]
        words = text.text[match.start : match.end]
        begin, finish = sentence_around(text.text, match.start, min(match.end, last))
        sentence = text.text[begin:finish]
        parts.append(
            Excerpt(
                claim.id,
                claim.document,
                paragraph,
                before,
                words,
                after,
                match.how,
                match.start,
                match.end,
                sentence,
                begin,
            )
        )
    return tuple(parts)


def selectors(case: Case, claim: Claim, context: int = CONTEXT) -> tuple[Selector | None, ...]:
    """Return the W3C selectors of a claim's anchors in the reader's copy; None for one that is lost or has no copy."""
    document = case.documents.get(claim.document)
    text = document_text(case, document) if document else None
    if not isinstance(text, Text) or (document is not None and document.restricted):
        return (None,) * len(claim.at)
    places = [place(text, anchor) for anchor in claim.at]
    return tuple(select(text.text, p.start, p.end, context) if isinstance(p, Match) else None for p in places)


def _elsewhere(anchor: Anchor, own: str, copies: dict[str, Text]) -> str:
    for name, text in copies.items():
        if name != own and (places := occurrences(view(text.text), view(anchor.anchor))):
            return f"these words stand in {name}, paragraph {paragraph_of(text.text, places[0])}"
    return ""


def _anchor_problems(case: Case, claim: Claim, text: Text, copies: dict[str, Text]) -> Iterator[Problem]:
    where = case.written.get((Kind.CLAIMS, claim.id))
    for number, anchor in enumerate(claim.at):
        match = place(text, anchor)
        if isinstance(match, Match) and match.how == "exact":
            continue
        file, line = (where.file, where.at("at", number, "anchor")) if where else ("claims.yaml", 0)
        words = f"the anchor {anchor.anchor!r}"
        expected = f"its words in paragraph {anchor.paragraph} of {claim.document}"
        if isinstance(match, Match):
            moved = f"{words} has {match.how}: it is in paragraph {paragraph_of(text.text, match.start)}"
            yield Problem(file, line, moved, expected, check="anchors", severity="warning")
            continue
        if match.why == "ambiguous":
            hint = "give a prefix or a suffix of the anchor"
            yield Problem(file, line, f"{words} stands there more than once", expected, hint, "anchors")
            continue
        other = _elsewhere(anchor, claim.document, copies)
        places = occurrences(view(text.text), view(anchor.anchor))
        hint = f"it is in paragraph {paragraph_of(text.text, places[0])}" if places else other
        severe = "error" if text.same or (other and not places) else "warning"
        what = f"{words} is {'in the wrong document' if other and not places else match.why}"
        yield Problem(file, line, what, expected, hint, "anchors", "error" if severe == "error" else "warning")


def check_texts(case: Case) -> list[Problem]:
    """Verify every anchor against the reader's copies; documents without a copy are passed over.

    Errors: a copy that cannot be read; an anchor that is not in the coded copy or stands there twice; words that stand
    in another document only. Warnings: a copy that is not the coded one, and anchors that have moved in it or are lost.
    """
    copies, problems = texts(case)
    for name, text in copies.items():
        document = case.documents[name]
        if document.sha256 and not text.same:
            file = f"library/{text_name(document)}"
            what = "this copy is not the one the case was coded from"
            expected = f"sha256 {document.sha256[:12]}..."
            problems.append(Problem(file, 0, what, expected, check="anchors", severity="warning"))
    for claim in case.claims.values():
        if claim.document in copies:
            problems += _anchor_problems(case, claim, copies[claim.document], copies)
    return sorted(problems, key=lambda p: p.sort_key)


def check_originals(case: Case) -> Iterator[Problem]:
    """The file as it was captured is the one whose hash is written; the time of capture is a time."""
    for document in case.documents.values():
        where = case.written.get((Kind.DOCUMENTS, document.id))

        def at(key: str, where: Written | None = where) -> tuple[str, int]:
            return (where.file, where.at(key)) if where else ("documents.yaml", 0)

        if document.captured:
            try:
                datetime.fromisoformat(document.captured)
            except ValueError:
                what = f"captured is {document.captured!r}"
                yield Problem(*at("captured"), what, "a time such as 2020-03-01T09:30:00Z", check="originals")
        if not document.original:
            continue
        if problem := _path_problem(case, document, document.original, "original"):
            yield problem
            continue
        path = case.root / "library" / document.original
        if not is_there(path):
            continue
        file = f"library/{document.original}"
        try:
            raw = read_bytes(path, file, MAX_ORIGINAL_BYTES, within=case.root / "library")
        except StandoffError as error:
            yield replace(error.problems[0], check="originals")
            continue
        if hashlib.sha256(raw).hexdigest() != document.original_sha256:
            what = "this is not the file that was captured"
            expected = f"sha256 {document.original_sha256[:12] or 'of it in documents.yaml'}..."
            yield Problem(file, 0, what, expected, check="originals", severity="warning")
