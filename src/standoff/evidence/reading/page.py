"""A text as the rules of attribution see it, and what they find: a content with its source and cue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.evidence.reading.cues import CUE, is_noun
from standoff.evidence.reading.sentences import Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """A content with the words that name its source (None when only carried over or not told) and its cue."""

    content: Span
    source: Span | None
    cue: Span | None
    quoted: bool
    carried: bool = False  # the speaker of the quotation before
    more: tuple[Span, ...] = ()  # further pieces of the same content: ``"X," he said. "Y."``
    named: Span | None = None  # who ``he`` or ``the official`` is, where an earlier source tells

    negated: bool = False  # ``does not believe that``

    @property
    def pieces(self) -> tuple[Span, ...]:
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


@dataclass(frozen=True, slots=True)
class Page:
    """A text as the rules see it: plain marks, and the same with quotations and brackets blank."""

    plain: str
    bare: str
    quoted: list[Span]
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


def cues_in(page: Page, start: int, end: int) -> Iterator[re.Match[str]]:
    """Words of saying outside quotations that are no nouns, and by which something is said."""
    for cue in CUE.finditer(page.bare, start, end):
        unsaid = _SAYING.fullmatch(cue.group()) and is_negated(page.bare, cue.start())
        part = cue.start() > 0 and page.bare[cue.start() - 1] == "-"  # so-called, long-planned
        part = part or bool(_PARTICLE.match(page.bare, cue.start()))
        if not is_noun(page.bare, cue) and not unsaid and not part and not _is_passive(page.bare, cue):
            yield cue


def leaves_unsaid(words: str) -> bool:
    """Whether a sentence tells that something was not said (``has not claimed the attack``): it claims no act."""
    return any(_SAYING.fullmatch(cue.group()) and is_negated(words, cue.start()) for cue in CUE.finditer(words))
