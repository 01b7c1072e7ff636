"""Sentences that tell by a cue outside quotation marks: ``he said that ...``, ``..., he said``, ``according to``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.evidence.reading.cues import ACCORDING, CUE, is_noun
from standoff.evidence.reading.sentences import Span, trimmed
from standoff.evidence.reading.speakers import after, before, subject

_WANTING = {
    "wants", "wanted", "plans", "planned", "agreed", "agrees", "pledged", "promised", "vowed", "promise", "pledge",
    "hopes", "hoped", "threatened", "threatens", "expects", "expected", "urged", "promises", "pledges", "vows", "vow",
    "threaten", "demand", "demands", "demanded", "promising", "threatening", "vowing", "pledging",
}  # fmt: skip
# Verbs that tell something only before a clause or a quotation: they knew that ..., but they knew the town.
_CLAUSE_ONLY = re.compile(
    r"(?:know|knew|known|find|found|learn|add|continu|mention|writ|wrot|show|feel|stat(?:e|ed)|respon|repl|repeat|"
    r"recall)\w*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\s*(?:[\":]|that\b|how\b|why\b|what\b|whether\b|if\b|it was\b|(?:\S+\s+){1,7}?(?:is|are|was|were|has|have|had|"
    r"will|would|"
    r"can|could|should|may|might|must|did|does|do|\w+n't)\b)",
    re.IGNORECASE,
)
# What may follow a cue that closes its sentence: ``..., he said on Monday``.
_SETTING = re.compile(
    r"\s*(?:[,.]\s*)?(?:$|(?:in|on|at|to|during|after|before|through|when|as|of|with|by|from|while|late|earlier|last|"
    r"this|"
    r"yesterday|today|\w+day|recently|adding|speaking)\b)",
    re.IGNORECASE,
)
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should)\b", re.IGNORECASE)
LONG = 3  # words of a quotation that is a content of its own
_AGAIN = re.compile(r",?\s+(?:and|but|then)\s+(?:also\s+|later\s+|then\s+|even\s+)?$", re.IGNORECASE)


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

    @property
    def pieces(self) -> tuple[Span, ...]:
        """All spans of the content, in order."""
        return self.content, *self.more


@dataclass(frozen=True, slots=True)
class Page:
    """A text as the rules see it: plain marks, and the same with quotations and brackets blank."""

    plain: str
    bare: str
    quoted: list[Span]
    starts: list[int]  # where the quotations start


def words(plain: str, start: int, end: int) -> int:
    """How many words stand between two places of a text."""
    return len(plain[start:end].split())


def cues_in(page: Page, start: int, end: int) -> Iterator[re.Match[str]]:
    """Words of saying outside quotations that are no nouns."""
    for cue in CUE.finditer(page.bare, start, end):
        if not is_noun(page.bare, cue):
            yield cue


def _content_end(page: Page, start: int, end: int) -> int:
    """Where a content stops: the sentence's end, or a second verb of saying of the same speaker (``and warned``)."""
    for cue in cues_in(page, start, end):
        if joint := _AGAIN.search(page.bare, start, cue.start()):
            return joint.start()
    return end


def source_of(page: Page, sentence: Span, cue: re.Match[str]) -> Span | None:
    """The speaker of a cue: the phrase before it, else the sentence's subject for ``, saying`` and ``and said``."""
    joint = re.search(r"(?:,|\b(?:and|but|then))\s*(?:also |then |later )?$", page.bare[sentence.start : cue.start()])
    shared = cue.group().lower().endswith("ing") or (joint and joint[0][0] != ",")
    if joint and shared:
        return subject(page.bare, sentence.start, cue.start())
    return before(page.bare, sentence.start, cue.start())


def _indirect(page: Page, sentence: Span, cue: re.Match[str]) -> Attribution | None:
    plain, bare = page.plain, page.bare
    span = Span(*cue.span())
    rest = plain[cue.end() : sentence.end]
    source = source_of(page, sentence, cue)
    that = re.match(r"\s+(?:(?!that\b)[\w'.-]+\s+){0,6}?that\s+", rest)
    if source is not None and that and not _FINITE.search(that.group()) and not CUE.search(that.group()):
        start = cue.end() + that.group().rfind("that")
        content = trimmed(plain, start, _content_end(page, start + 4, sentence.end), " \t,;:.")
        return Attribution(content, source, span, False)
    trailing = words(bare, cue.end(), sentence.end) <= 12
    head = trimmed(plain, sentence.start, source.start if source else cue.start(), " \t")
    posed = head.end > head.start and plain[head.end - 1] in ',"?!' and words(plain, head.start, head.end) >= LONG
    if posed and source is not None and _interrupts(bare, head, cue.end(), sentence.end):
        second = trimmed(plain, cue.end(), sentence.end, " \t,;:.")
        return Attribution(trimmed(plain, head.start, head.end, ' \t,"'), source, span, False, more=(second,))
    mark = plain[head.end - 1]
    settled = (
        source is None
        or cue.group().lower() in ("told", "asked", "tells")
        or bool(_SETTING.match(bare[cue.end() : sentence.end]))
    )
    told_first = (
        posed and (mark == '"' or (trailing and (settled or mark in "?!"))) and not cue.group().lower().endswith("ing")
    )
    if told_first and (speaker := source or after(bare, cue.end(), sentence.end)) is not None:
        return Attribution(trimmed(plain, head.start, head.end, ' \t,"'), speaker, span, False)
    if source is None or len(rest.split()) < LONG or rest[:1] not in " ,:":
        return None
    to = r"\s+(?:by|about|in|at)\b" if cue.group().lower() in _WANTING else r"\s+(?:to|by|about|in|on|at)\b"
    if rest[:1] == " " and re.match(to, rest):
        return None
    if _CLAUSE_ONLY.fullmatch(cue.group()) and not _CLAUSE.match(rest):
        return None
    end = _content_end(page, cue.end(), sentence.end)
    content = trimmed(plain, cue.end(), end, ' \t,;:."')
    return Attribution(content, source, span, False) if content.start < content.end else None


def _interrupts(bare: str, head: Span, cue_end: int, end: int) -> bool:
    """Whether a cue stands inside one sentence of content: ``The firm was strong, he said, until it failed.``"""
    rest = bare[cue_end:end]
    if bare[head.end - 1] != "," or len(rest.split()) < LONG:
        return False
    first = bare[head.start : head.end]
    setting = re.match(r"(?:on|in|at|after|during|since|last|for|with|by)\b", first, re.IGNORECASE)
    if setting and len(first.split()) <= 8:
        return False
    return bool(re.match(r",\s+(?!who|which|a |an |the |\w+ing\b)[a-z]", rest))


def _accorded(page: Page, sentence: Span, cue: re.Match[str]) -> Attribution | None:
    plain = page.plain
    stop = page.bare.find(",", cue.end(), sentence.end)
    leads = cue.start() - sentence.start < 3
    if leads and stop > 0:
        source = trimmed(plain, cue.end(), stop)
        return Attribution(trimmed(plain, stop, sentence.end, " ,."), source, Span(*cue.span()), False)
    source = trimmed(plain, cue.end(), stop if stop > 0 else sentence.end, ' ,."')
    head = trimmed(plain, sentence.start, cue.start(), ' ,"')
    if source.start < source.end and head.end > head.start:
        return Attribution(head, source, Span(*cue.span()), False)
    return None


def told_in(page: Page, sentence: Span) -> list[Attribution]:
    """Attributions of one sentence that a cue outside quotations makes."""
    made: list[Attribution] = []
    if cue := ACCORDING.search(page.bare, sentence.start, sentence.end):
        made += [accorded] if (accorded := _accorded(page, sentence, cue)) else []
    for word in cues_in(page, sentence.start, sentence.end):
        if any(p.start <= word.start() < p.end for m in made for p in m.pieces):
            continue
        if any(m.cue is not None and m.cue.start <= word.start() < m.cue.end for m in made):
            continue
        if (told := _indirect(page, sentence, word)) is not None and not any(
            told.content.start < p.end and p.start < told.content.end for m in made for p in m.pieces
        ):
            made.append(told)
    return made
