"""A text as rules read it: paragraphs, sentences, quotations and cues, as spans of code points.

The text itself is never changed. What the rules find is an attribution: a content with its source and cue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.evidence.anchors import view
from standoff.oneline import OneLine
from standoff.reading.realis import CUE, is_noun

SHORT = (
    "mr", "mrs", "ms", "dr", "gen", "col", "lt", "maj", "sgt", "capt", "sen", "rep", "gov", "pres", "prof", "st", "jr",
    "sr", "no", "vs", "etc", "inc", "co", "corp", "ltd", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
    "oct", "nov", "dec", "rev", "del", "adm", "cmdr", "supt", "atty", "hon", "u.s", "u.n", "u.k", "e.g", "i.e", "a.m",
    "p.m",
)  # fmt: skip
_STOP = re.compile(r"[.!?]+[\"')\]]*(?=\s+[\"'(\[]*[A-Z0-9])|[.!?]+[\"')\]]*\s*$")
_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True, repr=False)
class Passage(OneLine):
    """Code points ``start`` to ``end`` (exclusive) of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words of the span."""
        return text[self.start : self.end]


def trimmed(text: str, start: int, end: int, drop: str = " \t,;:") -> Passage:
    """Return a span without blanks and loose marks at its ends."""
    while start < end and text[start] in drop:
        start += 1
    while start < end and text[end - 1] in drop:
        end -= 1
    return Passage(start, end)


def plain_view(text: str) -> str:
    """Return ``anchors.view`` of a text; the two apostrophes some wires print for a mark are a mark and a blank."""
    return view(text).replace("''", '" ')


def paragraphs(text: str) -> list[Passage]:
    """Return the lines that are not empty; one line is one paragraph."""
    return [span for m in _PARAGRAPH.finditer(text) if (span := trimmed(text, *m.span())).start < span.end]


def _ends(plain: str, start: int, end: int) -> Iterator[int]:
    for stop in _STOP.finditer(plain, start, end):
        word = re.split(r"[\s\"'(]", plain[start : stop.start()])[-1].lower()
        initial = len(word) == 1 and word.isalpha()
        if stop.end() < end and plain[stop.start()] == "." and (initial or word in SHORT):
            continue
        yield stop.end()


def sentences(text: str, paragraph: Passage) -> list[Passage]:
    """Split a paragraph into sentences; abbreviations and initials do not end one."""
    plain = plain_view(paragraph.of(text))
    passages, start = [], paragraph.start
    for stop in [*_ends(plain, 0, len(plain)), len(plain)]:
        end = paragraph.start + stop
        span = trimmed(text, start, end, " \t")
        if span.start < span.end:
            passages.append(span)
        start = end
    return passages


def quotations(text: str) -> list[Passage]:
    """Return what stands in double quotation marks, without the marks.

    A quotation left open at the end of a paragraph runs to that end; if the next paragraph starts with a mark, it is a
    quotation of its own (as news prose prints long ones).
    """
    plain = plain_view(text)
    passages = []
    for paragraph in paragraphs(text):
        open_ = -1
        for at in range(paragraph.start, paragraph.end):
            if plain[at] != '"':
                continue
            if open_ < 0:
                open_ = at + 1
            else:
                passages.append(trimmed(text, open_, at))
                open_ = -1
        if open_ >= 0:
            passages.append(trimmed(text, open_, paragraph.end))
    return [span for span in passages if span.start < span.end]


# What is attributed, and the cues by which it is.


@dataclass(frozen=True, slots=True, repr=False)
class Attribution(OneLine):
    """A content with the words that name its source (None when only carried over or not told) and its cue."""

    content: Passage
    source: Passage | None
    cue: Passage | None
    quoted: bool
    carried: bool = False  # the speaker of the quotation before
    more: tuple[Passage, ...] = ()  # further pieces of the same content: ``"X," he said. "Y."``
    named: Passage | None = None  # who ``he`` or ``the official`` is, where an earlier source tells
    negated: bool = False  # ``does not believe that``
    relay: Passage | None = None  # who passes the words of the source on: ``Ann Red, quoted by the agency, said``

    @property
    def pieces(self) -> tuple[Passage, ...]:
        """All spans of the content, in order."""
        return self.content, *self.more


_NOT = re.compile(r"(?:\b(?:not|never|without|(?:refus|declin)\w+ to)|n't)\s+(?:\w+ly\s+|yet\s+)?$", re.IGNORECASE)
# Not to say so leaves nothing said; not to believe or expect it is a position.
_SAYING = re.compile(
    r"(?:sa(?:y|id)|claim|comment|report|announc|confirm|disclos|mention|explain|reveal|respond|repl|describ|noted?\b|"
    r"noting|tell|told|declar|state|add|elaborat|answer|identif|testif)\w*",
    re.IGNORECASE,
)


_PARTICLE = re.compile(r"(?:call\w* (?:off|up|in|back|out)|show\w* (?:up|off)|(?:find|found) out)\b", re.IGNORECASE)


def is_negated(bare: str, cue: int) -> bool:
    """Whether a negation stands right before the cue at ``cue`` (``did not say``)."""
    return _NOT.search(bare, max(0, cue - 30), cue) is not None


@dataclass(frozen=True, slots=True, repr=False)
class PageText(OneLine):
    """A text as the rules see it: plain marks, and the same with quotations and brackets blank."""

    plain: str
    bare: str
    quoted: list[Passage]
    starts: list[int]  # where the quotations start


def words_in(plain: str, start: int, end: int) -> int:
    """How many words a stretch of a text has."""
    return len(plain[start:end].split())


# ``He was expected to``: the subject of a passive is not the speaker.
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|also\s+|now\s+|then\s+|still\s+)?$", re.IGNORECASE
)
_REDUCED = re.compile(r"\bwith\s+(?:[\w'-]+\s+){1,5}$", re.IGNORECASE)  # with a truce expected to begin
_AWAITED = re.compile(r"expected|feared|believed|planned|estimated|predicted|promised|demanded", re.IGNORECASE)
_PARTICIPLE = re.compile(r"\w+ed$|known$|found$|told$|thought$|shown$|written$|said$", re.IGNORECASE)


def _is_passive(bare: str, cue: re.Match[str]) -> bool:
    if _AWAITED.fullmatch(cue.group()) and _REDUCED.search(bare, max(0, cue.start() - 60), cue.start()):
        return True
    before_it = _PASSIVE.search(bare, max(0, cue.start() - 30), cue.start())
    return bool(before_it and _PARTICIPLE.match(cue.group()))


# Words of saying that mean something else where they stand: the White Nile states, the reporting period, the raids
# continue.
_STATES = re.compile(r"\s+(?:that|clearly|explicitly)\b|\s*[:\"]")
_PERIOD = re.compile(r"\s+(?:period|on|from|by|in|week|day|month|year|lines?)\b|\s*[,.;]", re.IGNORECASE)


def _is_other_word(bare: str, cue: re.Match[str]) -> bool:
    word = cue.group().lower()
    if word in ("states", "state"):
        return _STATES.match(bare, cue.end()) is None
    if word == "reporting":
        return _PERIOD.match(bare, cue.end()) is not None
    if word in ("continue", "continues"):
        return True
    return (
        word in ("calling", "called", "call", "calls")
        and re.match(r"\s+(?:off|in|up)\b", bare[cue.end() : cue.end() + 6]) is not None
    )


def cues_in(page: PageText, start: int, end: int) -> Iterator[re.Match[str]]:
    """Words of saying outside quotations that are no nouns, and by which something is said."""
    for cue in CUE.finditer(page.bare, start, end):
        unsaid = _SAYING.fullmatch(cue.group()) and is_negated(page.bare, cue.start())
        part = cue.start() > 0 and page.bare[cue.start() - 1] == "-"  # so-called, long-planned
        part = part or bool(_PARTICLE.match(page.bare, cue.start())) or _is_other_word(page.bare, cue)
        if not is_noun(page.bare, cue) and not unsaid and not part and not _is_passive(page.bare, cue):
            yield cue


def leaves_unsaid(words: str) -> bool:
    """Whether a sentence tells that something was not said (``has not claimed the attack``): it claims no act."""
    return any(_SAYING.fullmatch(cue.group()) and is_negated(words, cue.start()) for cue in CUE.finditer(words))
