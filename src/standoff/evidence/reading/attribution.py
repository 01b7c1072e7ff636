"""Who is said to say what: attributions found by cue words, word order and quotation marks (no parser needed)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from standoff.evidence.anchors import view
from standoff.evidence.reading.cues import ACCORDING, CUE
from standoff.evidence.reading.sentences import Span, paragraphs, quotations, sentences, trimmed

_AUXILIARY = re.compile(
    r"(?:\b(?:has|have|had|is|are|was|were|been|also|later|then|would|will|did|not|never|often|recently|repeatedly)\s+)+$",
    re.IGNORECASE,
)
_NOT_SOURCE = {
    "which", "that", "there", "this", "these", "those", "what", "as", "to", "and", "but", "or", "if", "when",
    "while", "because", "being", "be", "been", "is", "was", "were", "are", "by", "of", "the", "a", "an", "in", "on",
}  # fmt: skip
_WANTING = {
    "wants", "wanted", "plans", "planned", "called", "calls", "agreed", "agrees", "pledged", "promised", "vowed",
    "hopes", "hoped", "threatened", "threatens", "expects", "expected", "urged", "promises", "pledges", "vows",
}  # fmt: skip
_BREAK = re.compile(r"[;:()]|\s[-]+\s|\b(?:but|because|although|while|after|when|if|that|which|as)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attribution:
    """A content with the words that name its source (None when only carried over or not told) and its cue."""

    content: Span
    source: Span | None
    cue: Span | None
    quoted: bool
    carried: bool = False  # the speaker of the quotation before


def _before(plain: str, sentence: Span, cue: int) -> Span | None:
    """The noun phrase that ends just before a cue: back to a break of the clause, at most 14 words."""
    end = cue
    if helper := _AUXILIARY.search(plain, sentence.start, cue):
        end = helper.start()
    start = sentence.start
    for stop in _BREAK.finditer(plain, sentence.start, end):
        start = stop.end()
    quote = plain.rfind('"', start, end)
    start = max(start, quote + 1)
    if len(plain[start:end].split()) > 14 or quote >= 0:
        comma = plain.rfind(",", start, max(start, end - 2))
        start = comma + 1 if comma >= 0 else start
    span = trimmed(plain, start, end, " \t,;:\"'")
    words = plain[span.start : span.end].split()
    if not words or len(words) > 14 or words[-1].lower() in _NOT_SOURCE or words[0].lower() in {"to", "of", "which"}:
        return None
    for joint in ("and ", "then ", "also "):
        if plain[span.start : span.end].lower().startswith(joint):
            span = trimmed(plain, span.start + len(joint), span.end)
    return span


def _after(plain: str, start: int, end: int) -> Span | None:
    """The noun phrase right after an inverted cue (``said the minister``): to the next mark, at most 12 words."""
    stop = re.compile(r"[,.;:!?\"]\s|[,.;:!?\"]$|\s(?:in|on|at|during|as|after|who|that)\s").search(plain, start, end)
    span = trimmed(plain, start, stop.start() if stop else end, " \t,.;:\"'")
    words = plain[span.start : span.end].split()
    return span if words and len(words) <= 12 and words[0].lower() not in _NOT_SOURCE - {"the", "a", "an"} else None


def _last_phrase(plain: str, source: Span, cue: int) -> Span:
    """The speaker named after the content (``content, a witness said``): from the last comma that ends the content on.

    A comma just before the cue closes an apposition (``content, Ann, a witness, said``), which takes two phrases.
    """
    commas = [k for k in range(source.start, source.end) if plain[k : k + 2] == ", "]
    back = 2 if plain[source.end : cue].strip(" ").startswith(",") else 1
    if len(commas) < back or len(plain[source.start : commas[-back]].split()) < 3:
        return source
    return trimmed(plain, commas[-back] + 1, source.end)


def _indirect(plain: str, sentence: Span, cue: re.Match[str], quoted: list[Span]) -> Attribution | None:
    if any(q.start <= cue.start() < q.end for q in quoted):
        return None
    rest = plain[cue.end() : sentence.end]
    source = _before(plain, sentence, cue.start())
    that = re.match(r"\s+(?:(?!that\b)[\w'’.-]+\s+){0,6}?that\s+", rest) if rest else None
    if source is not None and that:
        content = trimmed(plain, cue.end() + that.end(), sentence.end, " \t,;:.")
        start = cue.end() + that.group().rfind("that")
        return Attribution(Span(start, content.end), source, Span(*cue.span()), False)
    trailing = len(rest.strip(" .,!?\"'").split()) <= 9
    if trailing and source is not None:
        source = _last_phrase(plain, source, cue.start())
    head = trimmed(plain, sentence.start, source.start if source else cue.start(), " \t")
    posed = head.end > head.start and plain[head.end - 1] in ',"?!'
    if posed and trailing and len(plain[head.start : head.end].split()) > 2:
        speaker = source or _after(plain, cue.end(), sentence.end)
        if speaker is not None:
            return Attribution(trimmed(plain, head.start, head.end, ' \t,"'), speaker, Span(*cue.span()), False)
    if source is None or len(rest.split()) <= 3 or rest[:1] not in " ,:":
        return None
    wanting = cue.group().lower() in _WANTING
    if rest[:1] == " " and re.match(r"\s+(?:by|about|in|at)\b" if wanting else r"\s+(?:to|by|about|in|on|at)\b", rest):
        return None
    return Attribution(trimmed(plain, cue.end(), sentence.end, ' \t,;:."'), source, Span(*cue.span()), False)


def _accorded(plain: str, sentence: Span, cue: re.Match[str]) -> Attribution | None:
    stop = plain.find(",", cue.end(), sentence.end)
    leads = cue.start() - sentence.start < 3
    if leads and stop > 0:
        source = trimmed(plain, cue.end(), stop)
        return Attribution(trimmed(plain, stop, sentence.end, " ,."), source, Span(*cue.span()), False)
    source = trimmed(plain, cue.end(), stop if stop > 0 else sentence.end, ' ,."')
    head = trimmed(plain, sentence.start, cue.start(), ' ,"')
    if source.start < source.end and head.end > head.start:
        return Attribution(head, source, Span(*cue.span()), False)
    return None


def _speaker(plain: str, quote: Span, sentence: Span, quoted: list[Span]) -> tuple[Span | None, Span | None]:
    """The cue and source that belong to a quotation: the cue outside all quotations nearest to it in its sentence."""
    best: tuple[int, Span | None, Span | None] | None = None
    for cue in CUE.finditer(plain, sentence.start, sentence.end):
        if any(q.start <= cue.start() < q.end for q in quoted):
            continue
        source = _before(plain, sentence, cue.start()) or _after(plain, cue.end(), sentence.end)
        if source is None:
            continue
        gap = cue.start() - quote.end if cue.start() >= quote.end else quote.start - cue.end()
        if best is None or gap < best[0]:
            best = (gap, source, Span(*cue.span()))
    return (best[1], best[2]) if best else (None, None)


def _same(span: Span | None, match: re.Match[str]) -> bool:
    return span is not None and span.start == match.start()


def attributions(text: str) -> list[Attribution]:
    """Return the attributions of a text in order. ``text`` must be ``anchors.normal``.

    Quotations take the nearest cue of their sentence or of the one before or after in the paragraph; without one, the
    speaker of the quotation before is carried over. Quotations of one or two words are left to the content around.
    """
    plain = view(text)
    quoted = quotations(text)
    found: list[Attribution] = []
    speaker: Span | None = None
    for paragraph in paragraphs(text):
        parts = sentences(text, paragraph)
        inside = [q for q in quoted if paragraph.start <= q.start < paragraph.end]
        for number, sentence in enumerate(parts):
            mine = [q for q in inside if sentence.start <= q.start < sentence.end]
            long = [q for q in mine if len(q.of(plain).split()) >= 3]
            made: list[Attribution] = []
            if cue := ACCORDING.search(plain, sentence.start, sentence.end):
                accorded = _accorded(plain, sentence, cue)
                made += [accorded] if accorded else []
            for word in CUE.finditer(plain, sentence.start, sentence.end):
                if any(m.content.start <= word.start() < m.content.end or _same(m.cue, word) for m in made):
                    continue
                if (told := _indirect(plain, sentence, word, quoted)) is not None:
                    made.append(told)
            if made and all(any(m.content.start <= q.start and q.end <= m.content.end + 2 for m in made) for q in long):
                found += [
                    replace(m, quoted=any(m.content.start <= q.start < m.content.end for q in long)) for m in made
                ]
                speaker = made[-1].source
                continue
            for quote in long:
                near = [sentence, *(parts[k] for k in (number + 1, number - 1) if 0 <= k < len(parts))]
                tellers = (_speaker(plain, quote, part, quoted) for part in near)
                source, cue_span = next((t for t in tellers if t[0]), (None, None))
                carried = source is None and speaker is not None
                source = source or speaker
                speaker = source
                found.append(Attribution(quote, source, cue_span, True, carried))
    return found
