"""Who is said to say what: attributions found by cue words, word order and quotation marks (no parser needed)."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from standoff.evidence.reading.cues import ACCORDING
from standoff.evidence.reading.indirect import LONG, accorded, indirect, source_of
from standoff.evidence.reading.page import Attribution, Page, cues_in, is_negated, words_in
from standoff.evidence.reading.sentences import Span, paragraphs, plain_view, quotations, sentences, trimmed
from standoff.evidence.reading.speakers import after, masked, resolve, subject

_RECENT = 12  # speakers among whom a pronoun finds its own
_NEAR = 14  # words between a quotation and its cue
_NAMED_LINE = re.compile(r"\"?([A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]+){0,3}):\s")
_SIGNED = re.compile(r"\"?\s*-{1,2}\s*([A-Z][\w.'-]*(?:,? [\w.'-]+){0,6})\s*$")


def _teller(page: Page, quote: Span, start: int, end: int) -> tuple[Span, Span] | None:
    """Source and cue of a quotation between ``start`` and ``end``: the nearest cue outside quotations, that after it
    first where the quotation ends with a comma (``"X," said``)."""
    best: tuple[float, Span, Span] | None = None
    leads = page.plain[max(0, quote.end - 1) : quote.end + 1].strip()[:1] in (",", "?", "!")
    for cue in cues_in(page, start, end):
        follows = cue.start() >= quote.end
        gap = words_in(page.plain, *((quote.end, cue.start()) if follows else (cue.end(), quote.start)))
        if gap > _NEAR:
            continue
        sentence = Span(quote.end + 1 if follows else start, end)
        source = (after(page.bare, cue.end(), end) if follows and gap <= 1 else None) or source_of(page, sentence, cue)
        source = source or (after(page.bare, cue.end(), end) if follows else None)
        if source is None:
            continue
        rank = gap + (0 if follows == leads else _NEAR)
        if best is None or rank < best[0]:
            best = (rank, source, Span(*cue.span()))
    return (best[1], best[2]) if best else None


def _opening(page: Page, sentence: Span, quote: Span) -> Span | None:
    """Who a sentence is about that only sets words of theirs in quotation marks (``Red has gone after "the ...``)."""
    if words_in(page.bare, sentence.start, quote.start) < 2:
        return None
    return subject(page.bare, sentence.start, max(sentence.start, quote.start - 1))


def _marked_line(page: Page, paragraph: Span) -> Attribution | None:
    """``NAME: words`` of a transcript, or a quotation signed with a dash."""
    line = page.plain[paragraph.start : paragraph.end]
    if named := _NAMED_LINE.match(line):
        content = trimmed(page.plain, paragraph.start + named.end(), paragraph.end, ' "')
        source = Span(paragraph.start + named.start(1), paragraph.start + named.end(1))
        return Attribution(content, source, None, True) if words_in(line, named.end(), len(line)) >= LONG else None
    if line.startswith('"') and (signed := _SIGNED.search(line)) and signed.start() > 0:
        content = trimmed(page.plain, paragraph.start, paragraph.start + signed.start(), ' "')
        source = Span(paragraph.start + signed.start(1), paragraph.start + signed.end(1))
        return Attribution(content, source, None, True) if content.start < content.end else None
    return None


def _leads(page: Page, paragraph: Span) -> tuple[Span, Span] | None:
    """Source and cue of a paragraph that ends with ``the minister said:``; the next one is what was said."""
    if page.plain[paragraph.end : paragraph.end + 1] != ":" and page.plain[paragraph.end - 1] != ":":
        return None
    last = sentences(page.bare, paragraph)[-1]
    for cue in reversed(list(cues_in(page, last.start, last.end))):
        if words_in(page.bare, cue.end(), last.end) <= 4 and (source := source_of(page, last, cue)) is not None:
            return source, Span(*cue.span())
    return None


def _sentence(page: Page, sentence: Span) -> list[Attribution]:
    """Attributions of one sentence that a cue outside quotations makes."""
    made: list[Attribution] = []
    if cue := ACCORDING.search(page.bare, sentence.start, sentence.end):
        made += [told] if (told := accorded(page, sentence, cue)) else []
    for word in cues_in(page, sentence.start, sentence.end):
        if any(p.start <= word.start() < p.end for m in made for p in m.pieces):
            continue
        if any(m.cue is not None and m.cue.start <= word.start() < m.cue.end for m in made):
            continue
        if (told := indirect(page, sentence, word, made[-1].source if made else None)) is not None and not any(
            told.content.start < p.end and p.start < told.content.end for m in made for p in m.pieces
        ):
            made.append(told)
    return made


def _covers(made: list[Attribution], quote: Span) -> bool:
    return any(p.start <= quote.start and quote.end <= p.end + 2 for m in made for p in m.pieces)


def _paragraph(page: Page, text: str, paragraph: Span, speaker: Span | None) -> list[Attribution]:
    if (whole := _marked_line(page, paragraph)) is not None:
        return [whole]
    parts = sentences(text, paragraph)
    inside = page.quoted[bisect_left(page.starts, paragraph.start) : bisect_left(page.starts, paragraph.end)]
    found: list[Attribution] = []
    open_quote = -1  # the place in ``found`` of the quotation that a following one goes on from
    for number, sentence in enumerate(parts):
        mine = [q for q in inside if sentence.start <= q.start < sentence.end]
        long = [q for q in mine if words_in(page.plain, q.start, q.end) >= LONG]
        # The end of a quotation over several sentences is told already, with its start.
        told_of = [p for f in found for p in f.pieces]
        made = [
            m
            for m in _sentence(page, sentence)
            if not any(p.start <= m.content.start and m.content.end <= p.end for p in told_of)
        ]
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
                # After a full stop, a next sentence with a content of its own is about something else.
                apart = page.plain[quote.end - 1] in ".!?" and last + 1 < len(parts)
                aside = apart and _sentence(page, parts[last + 1])
                for k in (number - 1,) if aside else (last + 1, number - 1):
                    told = told or (_teller(page, quote, parts[k].start, parts[k].end) if 0 <= k < len(parts) else None)
            source, cue = told or (None, None)
            same = open_quote >= 0 and (cue is None or cue == found[open_quote].cue)
            if same:
                before_it = found[open_quote]
                found[open_quote] = replace(before_it, more=(*before_it.more, quote))
                continue
            around = None if told else _opening(page, sentence, quote)
            own = next(cues_in(page, parts[number].start, parts[last].end), None)  # somebody else is said to speak here
            carried = told is None and around is None and speaker is not None and own is None
            source = source or around or (speaker if carried else None)
            found.append(Attribution(quote, source, cue, True, carried))
            speaker = source or speaker
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
    page = Page(plain, masked(plain, quoted), quoted, [q.start for q in quoted])
    found: list[Attribution] = []
    speakers: list[Span] = []
    lead: tuple[Span, Span] | None = None
    for paragraph in paragraphs(text):
        made = _paragraph(page, text, paragraph, speakers[-1] if speakers else None)
        if lead is not None and not made and words_in(plain, paragraph.start, paragraph.end) >= LONG:
            made = [Attribution(paragraph, *lead, False)]
        lead = _leads(page, paragraph)
        for told in made:
            named = resolve(text, told.source, speakers[-_RECENT:]) if told.source else None
            negated = told.cue is not None and is_negated(page.bare, told.cue.start)
            found.append(replace(told, named=named, negated=negated))
            if told.source:
                speakers.append(told.source)
        if lead is not None:
            speakers.append(lead[0])
    return found
