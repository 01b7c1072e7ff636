"""Put attributions, realis and numbers together as proposed claims, each with words that are found again in the text.

A proposal is never a claim: its text is to be written by a person, who also decides on source, payload and realis. A
proposal whose anchor is not found again at its place is dropped and counted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from standoff.case.model import Anchor, Case, Document
from standoff.evidence.anchors import Found, locate, normal, view
from standoff.evidence.reading import UNWRITTEN
from standoff.evidence.reading.acts import act_words, is_talk
from standoff.evidence.reading.attribution import Attribution, attributions
from standoff.evidence.reading.blocks import is_apart
from standoff.evidence.reading.conditions import Terms, terms
from standoff.evidence.reading.numbers import Number, measure_of, numbers
from standoff.evidence.reading.realis import act_realis, realis_of
from standoff.evidence.reading.sentences import Span, paragraphs, plain_view, sentences

WORDS = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim a person may make of a place in a text. ``words`` are the reader's own copy and stay there."""

    anchor: Anchor
    span: Span
    words: str
    voice: str
    realis: str
    source: str  # id of a source of the case, or empty
    source_words: str
    cue: str
    says: dict[str, Any]
    why: str  # which rules made it
    named: str = ""  # who ``he`` or ``the official`` is, as an earlier source is printed
    terms: Terms | None = None  # condition and consequence, where the content binds somebody


@dataclass(frozen=True, slots=True)
class Reading:
    """What was proposed for one text, and how many proposals were dropped because no anchor was found again."""

    proposals: tuple[Proposal, ...]
    dropped: int


class _Names:
    """Names of sources and actors of a case, longest first, for finding them in words of the text."""

    def __init__(self, case: Case | None) -> None:
        self.sources = self._table(case.sources if case else {})
        self.actors = self._table(case.actors if case else {})

    @staticmethod
    def _table(records: Any) -> list[tuple[re.Pattern[str], str]]:
        named = [
            (name, key)
            for key, record in records.items()
            for name in {record.name, *record.aliases}
            if len(name) > 2 and name.lower() not in ("the", "government")
        ]
        named.sort(key=lambda pair: (-len(pair[0]), pair[1]))
        return [(re.compile(rf"(?<!\w){re.escape(view(name))}(?!\w)"), key) for name, key in named]

    def source(self, words: str) -> str:
        return next((key for pattern, key in self.sources if pattern.search(words)), "")

    def found(self, words: str) -> list[tuple[int, str]]:
        taken: set[int] = set()
        out = []
        for pattern, key in self.actors:
            for match in pattern.finditer(words):
                place = set(range(*match.span()))
                if not place & taken:
                    taken |= place
                    out.append((match.start(), key))
        return sorted(out)


class _Lines:
    """Where the lines of a text start, for anchors of a place without a walk through the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def of(self, offset: int) -> tuple[int, int, int]:
        """The 1-based line of an offset with its start and end."""
        line = bisect_right(self.starts, offset)
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        return line, self.starts[line - 1], end


def _anchor(lines: _Lines, span: Span, centre: Span | None = None) -> Anchor | None:
    """Return at most eight words of a span, around ``centre``, that are found again at just that place, or None."""
    text = lines.text
    line, begin, line_end = lines.of(span.start)
    words = [m.span() for m in re.finditer(r"\S+", text[span.start : min(span.end, line_end)])]
    if not words:
        return None
    middle = centre.start - span.start if centre else 0
    near = next((k for k, (_, end) in enumerate(words) if end > middle), 0)
    first = max(0, min(near - 2, len(words) - WORDS)) if centre else 0
    chosen = words[first : first + WORDS]
    start, end = span.start + chosen[0][0], span.start + chosen[-1][1]
    for anchor in (
        Anchor(paragraph=line, anchor=text[start:end]),
        Anchor(paragraph=line, anchor=text[start:end], prefix=text[max(begin, start - 16) : start]),
    ):
        alone = Anchor(paragraph=1, anchor=anchor.anchor, prefix=anchor.prefix)
        if locate(text[begin:line_end], alone) == Found(start - begin, end - begin, "exact"):
            return anchor
    return None


def _quantity(number: Number, around: str) -> dict[str, Any]:
    measure = measure_of(number, around)
    named = re.sub(r"[^a-z0-9]+", "-", number.counted.lower()).strip("-") or measure
    said: dict[str, Any] = {"quantity": named, "measure": measure}
    said |= {"value": number.low} if number.low == number.high else {"low": number.low, "high": number.high}
    for key, value in (("bound", number.bound), ("counted", number.counted), ("convention", number.convention)):
        if value and value != "exact":
            said[key] = value
    if number.unit:
        said["unit"] = number.unit
    return said


def _event(words: str, names: _Names) -> tuple[dict[str, Any], Span] | None:
    """The act of a sentence with the actors before and after it, and where its word stands.

    The first act is taken; one that is no talk goes before one that is, which is what others' saying is mostly about.
    """
    found = act_words(words)
    if not found:
        return None
    kind, start, end = next((act for act in found if not is_talk(act[0])), found[0])
    actors = names.found(words)
    before = [key for at, key in actors if at < start]
    after = [key for at, key in actors if at >= end and key not in before]
    said: dict[str, Any] = {"event": kind}
    said |= {"actor": before[-1:]} if before else {}
    return said | ({"target": after[:1]} if after else {}), Span(start, end)


def _is_idle(number: Number) -> bool:
    """Whether a number is a ``one`` or ``two`` that counts nothing a case keeps (``one consequence``)."""
    small = number.low == number.high and number.low <= 2 and number.bound == "exact" and not number.unit
    return small and not number.convention and measure_of(number, "") == "count"


def _payloads(text: str, span: Span, names: _Names) -> Iterator[tuple[dict[str, Any], Span | None, str]]:
    """What a span may say, with the place of its number or act, and the rule."""
    counted = [n for n in numbers(text, span) if not _is_idle(n)]
    for number in counted:
        around = text[max(span.start, number.span.start - 40) : min(span.end, number.span.end + 60)]
        yield _quantity(number, around), number.span, "number"
    if not counted:
        event = _event(view(span.of(text)), names)
        if event is None:
            yield {"assessment": "statement"}, None, "attribution"
        else:
            said, at = event
            yield said, Span(span.start + at.start, span.start + at.end), "event word"


def _narrated(text: str, told: list[Attribution]) -> Iterator[Span]:
    """Sentences outside every attribution: the author's own voice. Bylines, captions and footers are passed over."""
    taken = sorted((p.start, p.end) for t in told for p in t.pieces)
    starts = [start for start, _ in taken]
    furthest = 0
    ends = [furthest := max(furthest, end) for _, end in taken]
    for paragraph in paragraphs(text):
        if is_apart(paragraph.of(text)):
            continue
        for sentence in sentences(text, paragraph):
            k = bisect_right(starts, sentence.end - 1)
            if k == 0 or ends[k - 1] <= sentence.start:
                yield sentence


def propose(text: str, case: Case | None = None) -> Reading:
    """Read a text and propose claims, in its order. The text is brought to ``anchors.normal`` first.

    Proposed are every attribution, and every sentence of the author's own voice that holds a number or a word for an
    act. Words that carry a condition, threat, promise, demand or plan keep it from being proposed as asserted. Two
    proposals of one anchor and one payload are one.
    """
    text = normal(text)
    plain = plain_view(text)
    names, lines = _Names(case), _Lines(text)
    told = attributions(text)
    made: list[Proposal] = []
    seen: set[tuple[Anchor, str]] = set()
    dropped = 0
    apart = {lines.of(line.start)[0] for line in paragraphs(text) if is_apart(line.of(text))}
    spans: list[tuple[Span, Attribution | None]] = [
        (piece, t) for t in told for piece in t.pieces if lines.of(piece.start)[0] not in apart
    ]
    spans += [(sentence, None) for sentence in _narrated(text, told)]
    for span, by in sorted(spans, key=lambda pair: pair[0].start):
        words = span.of(text)
        cue = by.cue.of(text) if by and by.cue else ""
        realis = realis_of(cue, words)
        source_words = by.source.of(text) if by and by.source else ""
        named = by.named.of(text) if by and by.named else ""
        for says, centre, rule in _payloads(text, span, names):
            if by is None and (rule == "attribution" or ("event" in says and is_talk(says["event"]))):
                continue
            anchor = _anchor(lines, span, centre)
            if anchor is None:
                dropped += 1
                continue
            if (anchor, repr(says)) in seen:
                continue
            seen.add((anchor, repr(says)))
            how = realis
            if centre is not None and "event" in says:
                how = act_realis(realis, words, centre.start - span.start, centre.end - span.start)
            made.append(
                Proposal(
                    anchor=anchor,
                    span=span,
                    words=words,
                    voice="narrator" if by is None else "quote" if by.quoted else "paraphrase",
                    realis=how,
                    source=names.source(view(named or source_words)) if source_words else "",
                    source_words=source_words,
                    cue=cue,
                    says=says,
                    why=f"{'narrator' if by is None else 'carried speaker' if by.carried else 'cue'}, {rule}",
                    named=named,
                    terms=terms(plain, span, realis),
                )
            )
    return Reading(tuple(made), dropped)


def _note(p: Proposal) -> str:
    source = f"source as printed: {p.source_words}" if p.source_words else "no source printed"
    return f"proposed by rules ({p.why}); {source}" + (f", perhaps {p.named}" if p.named else "")


def as_claims(reading: Reading, document: Document | None) -> list[dict[str, Any]]:
    """Return proposals with the keys of claims.yaml; their text is still to be written and no check lets them pass."""
    made = []
    for number, p in enumerate(reading.proposals, 1):
        chain = [document.outlet, *document.author] if document else []
        at: dict[str, Any] = {"paragraph": p.anchor.paragraph, "anchor": p.anchor.anchor}
        made.append(
            {
                "id": f"proposal-{number}",
                "document": document.id if document else "",
                "at": at | ({"prefix": p.anchor.prefix} if p.anchor.prefix else {}),
                "text": f"{UNWRITTEN}: in your own words",
                "chain": [*dict.fromkeys(name for name in (*chain, p.source) if name)],
                "voice": p.voice,
                "realis": p.realis,
                "says": p.says,
                "note": _note(p),
            }
        )
    return made
