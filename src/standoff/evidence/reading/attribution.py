"""Who is said to say what: attributions found by cue words, word order and quotation marks (no parser needed)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from standoff.evidence.reading.cues import ACCORDING, CUE, is_noun
from standoff.evidence.reading.sentences import Span, paragraphs, plain_view, quotations, sentences, trimmed
from standoff.evidence.reading.speakers import after, before, masked, resolve, subject

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
_LONG = 3  # words of a quotation that is a content of its own
_RECENT = 12  # speakers among whom a pronoun finds its own
_NEAR = 14  # words between a quotation and its cue
_NAMED_LINE = re.compile(r"\"?([A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]+){0,3}):\s")
_SIGNED = re.compile(r"\"?\s*-{1,2}\s*([A-Z][\w.'-]*(?:,? [\w.'-]+){0,6})\s*$")
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
class _Page:
    """A text as the rules see it: plain marks, and the same with quotations and brackets blank."""

    plain: str
    bare: str
    quoted: list[Span]
    starts: list[int]  # where the quotations start


def _words(plain: str, start: int, end: int) -> int:
    return len(plain[start:end].split())


def _cues(page: _Page, start: int, end: int) -> Iterator[re.Match[str]]:
    """Words of saying outside quotations that are no nouns."""
    for cue in CUE.finditer(page.bare, start, end):
        if not is_noun(page.bare, cue):
            yield cue


def _content_end(page: _Page, start: int, end: int) -> int:
    """Where a content stops: the sentence's end, or a second verb of saying of the same speaker (``and warned``)."""
    for cue in _cues(page, start, end):
        if joint := _AGAIN.search(page.bare, start, cue.start()):
            return joint.start()
    return end


def _source(page: _Page, sentence: Span, cue: re.Match[str]) -> Span | None:
    """The speaker of a cue: the phrase before it, else the sentence's subject for ``, saying`` and ``and said``."""
    joint = re.search(r"(?:,|\b(?:and|but|then))\s*(?:also |then |later )?$", page.bare[sentence.start : cue.start()])
    shared = cue.group().lower().endswith("ing") or (joint and joint[0][0] != ",")
    if joint and shared:
        return subject(page.bare, sentence.start, cue.start())
    return before(page.bare, sentence.start, cue.start())


def _indirect(page: _Page, sentence: Span, cue: re.Match[str]) -> Attribution | None:
    plain, bare = page.plain, page.bare
    span = Span(*cue.span())
    rest = plain[cue.end() : sentence.end]
    source = _source(page, sentence, cue)
    that = re.match(r"\s+(?:(?!that\b)[\w'.-]+\s+){0,6}?that\s+", rest)
    if source is not None and that and not _FINITE.search(that.group()) and not CUE.search(that.group()):
        start = cue.end() + that.group().rfind("that")
        content = trimmed(plain, start, _content_end(page, start + 4, sentence.end), " \t,;:.")
        return Attribution(content, source, span, False)
    trailing = _words(bare, cue.end(), sentence.end) <= 12
    head = trimmed(plain, sentence.start, source.start if source else cue.start(), " \t")
    posed = head.end > head.start and plain[head.end - 1] in ',"?!' and _words(plain, head.start, head.end) >= _LONG
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
    if source is None or len(rest.split()) < _LONG or rest[:1] not in " ,:":
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
    if bare[head.end - 1] != "," or len(rest.split()) < _LONG:
        return False
    first = bare[head.start : head.end]
    setting = re.match(r"(?:on|in|at|after|during|since|last|for|with|by)\b", first, re.IGNORECASE)
    if setting and len(first.split()) <= 8:
        return False
    return bool(re.match(r",\s+(?!who|which|a |an |the |\w+ing\b)[a-z]", rest))


def _accorded(page: _Page, sentence: Span, cue: re.Match[str]) -> Attribution | None:
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


def _teller(page: _Page, quote: Span, start: int, end: int) -> tuple[Span, Span] | None:
    """Source and cue of a quotation between ``start`` and ``end``: the nearest cue outside quotations, that after it
    first where the quotation ends with a comma (``"X," said``)."""
    best: tuple[float, Span, Span] | None = None
    leads = page.plain[max(0, quote.end - 1) : quote.end + 1].strip()[:1] in (",", "?", "!")
    for cue in _cues(page, start, end):
        follows = cue.start() >= quote.end
        gap = _words(page.plain, *((quote.end, cue.start()) if follows else (cue.end(), quote.start)))
        if gap > _NEAR:
            continue
        sentence = Span(quote.end + 1 if follows else start, end)
        source = (after(page.bare, cue.end(), end) if follows and gap <= 1 else None) or _source(page, sentence, cue)
        source = source or (after(page.bare, cue.end(), end) if follows else None)
        if source is None:
            continue
        rank = gap + (0 if follows == leads else _NEAR)
        if best is None or rank < best[0]:
            best = (rank, source, Span(*cue.span()))
    return (best[1], best[2]) if best else None


def _opening(page: _Page, sentence: Span, quote: Span) -> Span | None:
    """Who a sentence is about that only sets words of theirs in quotation marks (``Red has gone after "the ...``)."""
    if _words(page.bare, sentence.start, quote.start) < 2:
        return None
    return subject(page.bare, sentence.start, max(sentence.start, quote.start - 1))


def _marked_line(page: _Page, paragraph: Span) -> Attribution | None:
    """``NAME: words`` of a transcript, or a quotation signed with a dash."""
    line = page.plain[paragraph.start : paragraph.end]
    if named := _NAMED_LINE.match(line):
        content = trimmed(page.plain, paragraph.start + named.end(), paragraph.end, ' "')
        source = Span(paragraph.start + named.start(1), paragraph.start + named.end(1))
        return Attribution(content, source, None, True) if _words(line, named.end(), len(line)) >= _LONG else None
    if line.startswith('"') and (signed := _SIGNED.search(line)) and signed.start() > 0:
        content = trimmed(page.plain, paragraph.start, paragraph.start + signed.start(), ' "')
        source = Span(paragraph.start + signed.start(1), paragraph.start + signed.end(1))
        return Attribution(content, source, None, True) if content.start < content.end else None
    return None


def _leads(page: _Page, paragraph: Span) -> tuple[Span, Span] | None:
    """Source and cue of a paragraph that ends with ``the minister said:``; the next one is what was said."""
    if page.plain[paragraph.end : paragraph.end + 1] != ":" and page.plain[paragraph.end - 1] != ":":
        return None
    last = sentences(page.bare, paragraph)[-1]
    for cue in reversed(list(_cues(page, last.start, last.end))):
        if _words(page.bare, cue.end(), last.end) <= 4 and (source := _source(page, last, cue)) is not None:
            return source, Span(*cue.span())
    return None


def _sentence(page: _Page, sentence: Span) -> list[Attribution]:
    """Attributions of one sentence that a cue outside quotations makes."""
    made: list[Attribution] = []
    if cue := ACCORDING.search(page.bare, sentence.start, sentence.end):
        made += [accorded] if (accorded := _accorded(page, sentence, cue)) else []
    for word in _cues(page, sentence.start, sentence.end):
        if any(p.start <= word.start() < p.end for m in made for p in m.pieces):
            continue
        if any(m.cue is not None and m.cue.start <= word.start() < m.cue.end for m in made):
            continue
        if (told := _indirect(page, sentence, word)) is not None and not any(
            told.content.start < p.end and p.start < told.content.end for m in made for p in m.pieces
        ):
            made.append(told)
    return made


def _covers(made: list[Attribution], quote: Span) -> bool:
    return any(p.start <= quote.start and quote.end <= p.end + 2 for m in made for p in m.pieces)


def _paragraph(page: _Page, text: str, paragraph: Span, speaker: Span | None) -> list[Attribution]:
    if (whole := _marked_line(page, paragraph)) is not None:
        return [whole]
    parts = sentences(text, paragraph)
    inside = page.quoted[bisect_left(page.starts, paragraph.start) : bisect_left(page.starts, paragraph.end)]
    found: list[Attribution] = []
    open_quote = -1  # the place in ``found`` of the quotation that a following one goes on from
    for number, sentence in enumerate(parts):
        mine = [q for q in inside if sentence.start <= q.start < sentence.end]
        long = [q for q in mine if _words(page.plain, q.start, q.end) >= _LONG]
        made = _sentence(page, sentence)
        if made and all(_covers(made, q) for q in long):
            quoting = [any(p.start <= q.start < p.end for q in long for p in m.pieces) for m in made]
            found += [replace(m, quoted=q) for m, q in zip(made, quoting, strict=True)]
            open_quote = len(found) - 1 if quoting[-1] else -1
            speaker = made[-1].source or speaker
            continue
        for quote in long:
            last = next((k for k, s in enumerate(parts) if s.start <= max(quote.start, quote.end - 1) < s.end), number)
            told = _teller(page, quote, parts[number].start, parts[last].end)
            if told is None and open_quote < 0:
                for k in (last + 1, number - 1):
                    told = told or (_teller(page, quote, parts[k].start, parts[k].end) if 0 <= k < len(parts) else None)
            source, cue = told or (None, None)
            same = open_quote >= 0 and (cue is None or cue == found[open_quote].cue)
            if same:
                before_it = found[open_quote]
                found[open_quote] = replace(before_it, more=(*before_it.more, quote))
                continue
            around = None if told else _opening(page, sentence, quote)
            carried = told is None and around is None and speaker is not None
            source = source or around or speaker
            found.append(Attribution(quote, source, cue, True, carried))
            speaker = source
            open_quote = len(found) - 1
        if not long and not mine:
            open_quote = -1
    return found


def attributions(text: str) -> list[Attribution]:
    """Return the attributions of a text in order. ``text`` must be ``anchors.normal``.

    Quotations take the nearest cue of their sentence or of the one before or after in the paragraph; further ones of a
    paragraph go on from the first; without a cue, the speaker of the quotation before is carried over. Quotations of
    one or two words are left to the content around.
    """
    plain = plain_view(text)
    quoted = quotations(text)
    page = _Page(plain, masked(plain, quoted), quoted, [q.start for q in quoted])
    found: list[Attribution] = []
    speakers: list[Span] = []
    lead: tuple[Span, Span] | None = None
    for paragraph in paragraphs(text):
        made = _paragraph(page, text, paragraph, speakers[-1] if speakers else None)
        if lead is not None and not made and _words(plain, paragraph.start, paragraph.end) >= _LONG:
            made = [Attribution(paragraph, *lead, False)]
        lead = _leads(page, paragraph)
        for told in made:
            named = resolve(text, told.source, speakers[-_RECENT:]) if told.source else None
            found.append(replace(told, named=named) if named else told)
            if told.source:
                speakers.append(told.source)
        if lead is not None:
            speakers.append(lead[0])
    return found
