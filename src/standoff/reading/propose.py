"""Put attributions, realis and numbers together as proposed claims, each with words that are found again in the text.

A proposal is never a claim: its text is to be written by a person, who also decides on source, payload and realis. A
proposal whose anchor is not found again at its place is dropped and counted. A conditional promise or threat comes with
its condition, its consequence and who would be bound.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from standoff.case.claims import UNWRITTEN, Anchor, Document
from standoff.case.model import Case
from standoff.evidence.anchors import normal, view
from standoff.oneline import OneLine
from standoff.reading.attribution import attributions, is_clause
from standoff.reading.dates import dating
from standoff.reading.layout import as_read, is_apart, is_heading
from standoff.reading.numbers import is_fate
from standoff.reading.page import Attribution, Passage, leaves_unsaid, paragraphs, plain_view, sentences, trimmed
from standoff.reading.payloads import ActorNames, Payload, act_words, is_talk, payloads
from standoff.reading.realis import act_realis, is_due, realis_of

# The terms of a conditional promise or threat.


_IF = re.compile(
    r"\b(?:if|unless|in (?:the )?(?:case|event) (?:of|that)|should (?=the |they |he |it |any )|provided that|"
    r"(?:on|under) (?:the )?condition that|"
    r"as long as)\s*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\s*\"?(?P<who>(?:\S+\s+){1,6}?)(?:would|will|shall|could|may|might|must|won't|cannot)\b", re.IGNORECASE
)
_SELF = re.compile(r"(?:we|i|he|she|they|it)\b", re.IGNORECASE)
_BOUND = re.compile(r"\b(?:would|will|shall|could|may|might|must|won't|'ll|going to|to)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Terms(OneLine):
    """Spans of a text: the condition (None if there is none), the consequence, and who is bound (None: the speaker)."""

    condition: Passage | None
    consequence: Passage
    debtor: Passage | None


def _debtor(plain: str, consequence: Passage) -> Passage | None:
    subject = _SUBJECT.match(plain, consequence.start, consequence.end)
    if subject is None:
        return None
    span = trimmed(plain, *subject.span("who"), ' \t,;:"')
    words = plain[span.start : span.end]
    return None if not words or _SELF.match(words) else span


def terms(plain: str, content: Passage, realis: str) -> Terms | None:
    """Find the terms of a content told as ``realis``, or None when it binds nobody.

    ``plain`` must be ``plain_view``. With a condition, the consequence is the clause before or after it that has a
    modal verb; without one, only what is threatened or promised has terms.
    """
    mark = _IF.search(plain, content.start, content.end)
    if mark is None:
        if realis not in ("threatened", "promised"):
            return None
        return Terms(None, content, _debtor(plain, content))
    comma = re.compile(r"[,;]\s|\bthen\b").search(plain, mark.end(), content.end)
    end = comma.start() if comma else content.end
    condition = trimmed(plain, mark.end(), end, ' \t,;:."')
    later = Passage(comma.end(), content.end) if comma else Passage(content.end, content.end)
    sooner = Passage(content.start, mark.start())
    # Prefer the clause after the condition; the one before it where the condition closes the sentence.
    for clause in (later, sooner):
        if clause.start < clause.end and _BOUND.search(plain, clause.start, clause.end):
            consequence = trimmed(plain, clause.start, clause.end, ' \t,;:."')
            if consequence.start < consequence.end and condition.start < condition.end:
                return Terms(condition, consequence, _debtor(plain, consequence))
    return None


# Proposals: what of a text is proposed, with which anchor, and what is left out.


WORDS = 8
_HELPERS = 25  # code points of what may stand between a speaker and the verb (has since)
_LEAST = 5  # words of the beginning of a sentence that is told by its author
_JOINT = re.compile(
    r",?\s+(?:after|as|while|when|and|but|because|since|amid|before|although|though|with|in)$", re.IGNORECASE
)
_SETTING = re.compile(
    r"(?:on|in|at|under|despite|after|before|during|since|with|by|for|from|following|amid|as|when|while|if|asked|invited|"
    r"(?!beijing)\w+ing)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:if|that|which|who|whether|of|to|the|an?)$", re.IGNORECASE)
_UNSAID = (Payload({"assessment": "statement"}, "unsaid"),)
LONGEST_GAP = 160  # code points of an interruption of one sentence
_FULL_STOP = re.compile(r"[.!?][\"')]*\s+\"")


@dataclass(frozen=True, slots=True, repr=False)
class Proposal(OneLine):
    """A claim a person may make of a place in a text. ``words`` are the reader's own copy and stay there."""

    anchor: Anchor
    span: Passage
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


@dataclass(frozen=True, slots=True, repr=False)
class Reading(OneLine):
    """What was proposed for one text, and how many proposals were dropped because no anchor was found again."""

    proposals: tuple[Proposal, ...]
    dropped: int


class _Lines:
    """Where the lines of a text start, for anchors of a place without a walk through the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = view(text)
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def of(self, offset: int) -> tuple[int, int, int]:
        """The 1-based line of an offset with its start and end."""
        line = bisect_right(self.starts, offset)
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        return line, self.starts[line - 1], end


def _anchor(lines: _Lines, span: Passage, centre: Passage | None = None) -> Anchor | None:
    """Return at most eight words of a span, around ``centre``, that are found again at just that place, or None.

    Where a margin breaks the span, the words are those on the line of ``centre``, or the first line.
    """
    text = lines.text
    line, begin, line_end = lines.of(centre.start if centre else span.start)
    opening = max(begin, span.start)
    words = [m.span() for m in re.finditer(r"\S+", text[opening : min(span.end, line_end)])]
    if not words:
        return None
    middle = centre.start - opening if centre else 0
    near = next((k for k, (_, end) in enumerate(words) if end > middle), 0)
    first = max(0, min(near - 2, len(words) - WORDS)) if centre else 0
    chosen = words[first : first + WORDS]
    start, end = opening + chosen[0][0], opening + chosen[-1][1]
    for anchor in (
        Anchor(paragraph=line, anchor=text[start:end]),
        Anchor(paragraph=line, anchor=text[start:end], prefix=text[max(begin, start - 16) : start]),
    ):
        words_there, plain = view(anchor.prefix + anchor.anchor), lines.plain
        if plain.find(words_there, begin, line_end) == start - len(anchor.prefix) and (
            plain.find(words_there, start - len(anchor.prefix) + 1, line_end) < 0
        ):
            return anchor  # as `anchors.find_anchor` would find it, without a list of all places
    return None


def _sentence_goes_on(plain: str, first: Passage, second: Passage) -> bool:
    """Whether two pieces of a content are one sentence that its cue interrupts (``If blue stays, he said, we ...``)."""
    between = plain[first.end : second.start]
    ended = plain[first.end - 1] in ".!?" or _FULL_STOP.search(between)
    opening = plain[second.start : second.start + 2]
    return not ended and len(between) <= LONGEST_GAP and (opening[:1].islower() or opening == "I ")


def _is_aside(plain: str, one: Attribution) -> bool:
    """Whether a content is only some words of a sentence set in quotation marks, which nobody is said to have said."""
    start = one.content.start
    begins = re.search(r"(?:^|[.!?\n])[\s\"']*$", plain[max(0, start - 4) : start]) is not None
    return one.quoted and one.cue is None and not one.more and plain[start].islower() and not begins


def _contents(plain: str, attributed: list[Attribution]) -> tuple[list[tuple[Passage, Attribution]], str]:
    """The spans of all contents, sentence by sentence, and the text with what interrupts a sentence blank."""
    contents: list[tuple[Passage, Attribution]] = []
    letters = list(plain)
    for one in attributed:
        whole: list[Passage] = []
        pieces = [sentence for piece in one.pieces for sentence in sentences(plain, piece)]
        for piece in pieces:
            if whole and _sentence_goes_on(plain, whole[-1], piece):
                cut = whole[-1].end + (plain[whole[-1].end] == ",")  # the comma parts a condition from what follows
                letters[cut : piece.start] = " " * (piece.start - cut)
                whole[-1] = Passage(whole[-1].start, piece.end)
            else:
                whole.append(piece)
        contents += [(span, one) for span in whole]
    return contents, "".join(letters)


def _outside(plain: str, attributed: list[Attribution], sentence: Passage) -> Passage | None:
    """What a sentence tells before its first content and the words that name who tells it, or None if it is short."""
    starts = []
    for one in attributed:
        first = one.cue.start if one.cue else one.content.start
        near = one.source is not None and 0 <= first - one.source.end <= _HELPERS
        starts.append(min(one.content.start, one.source.start if near and one.source else first))
    rest = trimmed(plain, sentence.start, max(sentence.start, min(starts)), " \t,;:-")
    rest = trimmed(
        plain, rest.start, rest.end - len(match[0]) if (match := _JOINT.search(rest.of(plain))) else rest.end
    )
    words = rest.of(plain)
    whole = len(words.split()) >= _LEAST and is_clause(plain, rest)
    return rest if whole and not _SETTING.match(words) and not _OPEN.search(words) else None


def _narrated(plain: str, prose: list[Passage], attributed: list[Attribution]) -> Iterator[Passage]:
    """What is told outside every attribution: the author's own voice, in whole sentences or their beginnings."""
    covered = sorted(((p.start, p.end, k) for k, t in enumerate(attributed) for p in t.pieces))
    starts = [start for start, _, _ in covered]
    furthest = 0
    ends = [furthest := max(furthest, end) for _, end, _ in covered]
    for paragraph in prose:
        if is_heading(paragraph.of(plain)):
            continue
        for sentence in sentences(plain, paragraph):
            k = bisect_right(starts, sentence.end - 1)
            if k == 0 or ends[k - 1] <= sentence.start:
                yield sentence
                continue
            inside = [attributed[n] for start, end, n in covered[max(0, k - 8) : k] if end > sentence.start]
            if (rest := _outside(plain, inside, sentence)) is not None:
                yield rest


def propose(text: str, case: Case | None = None, published: date | None = None) -> Reading:
    """Read a text and propose claims, in its order. The text is brought to ``anchors.normal`` first.

    Proposed are every attribution, and every sentence of the author's own voice that holds a number, a word for an
    act, or what is to be done (expected, required). Words that carry a condition, threat, promise, demand or plan keep
    it from being proposed as asserted. Dates without a year are read from the day it was ``published``, if that is
    given. Two proposals of one anchor and one payload are one.
    """
    text = normal(text)
    read = as_read(text)
    plain = plain_view(read)
    names, lines = ActorNames(case), _Lines(text)
    attributed = [one for one in attributions(read) if not _is_aside(plain, one)]
    proposals: list[Proposal] = []
    places: set[tuple[Anchor, str]] = set()
    dropped = 0
    prose = [p for p in paragraphs(read) if not is_apart(p.of(text).replace("\n", " "))]
    contents, quoted_words = _contents(plain, attributed)
    opened = [paragraph.start for paragraph in prose]
    spans: list[tuple[Passage, Attribution | None]] = [
        (span, by) for span, by in contents if (k := bisect_right(opened, span.start)) and span.start < prose[k - 1].end
    ]
    spans += [(sentence, None) for sentence in _narrated(plain, prose, attributed)]
    for span, by in sorted(spans, key=lambda pair: pair[0].start):
        words = span.of(quoted_words)
        cue = by.cue.of(text) if by and by.cue else ""
        source_words = by.source.of(read) if by and by.source else ""
        named = by.named.of(read) if by and by.named else ""
        unsaid = by is None and leaves_unsaid(words)
        realis = "denied" if unsaid or (by and by.negated) else realis_of(cue, words, named or source_words)
        others = [Passage(start, end) for kind, start, end in act_words(words) if not is_talk(kind)]
        for payload in _UNSAID if unsaid else payloads(quoted_words, span, names):
            says, act = payload.says, payload.act
            plainly = payload.rule == "attribution" and realis == "asserted"
            if by is not None and plainly and span.start > by.content.start + 2:
                continue  # of a long quotation, what tells no number, act or obligation is left out after its start
            talk = payload.rule == "attribution" or ("event" in says and is_talk(says["event"]))
            if by is None and talk and not unsaid and not is_due(words):
                continue
            anchor = _anchor(lines, span, payload.centre)
            if anchor is None:
                dropped += 1
                continue
            how = realis
            if act is not None:
                how = act_realis(realis, words, act.start - span.start, act.end - span.start)
            if payload.centre is not None:
                at = Passage(payload.centre.start - span.start, payload.centre.end - span.start)
                apart = [o for o in others if "event" in says or not is_fate(o.of(words))]
                says = says | dating(says, words, at, apart, published, how)
            if (anchor, repr(says)) in places:
                continue
            places.add((anchor, repr(says)))
            proposals.append(
                Proposal(
                    anchor=anchor,
                    span=span,
                    words=" ".join(span.of(read).split()),
                    voice="narrator" if by is None else "quote" if by.quoted else "paraphrase",
                    realis=how,
                    source=names.source(view(named or source_words)) if source_words else "",
                    source_words=" ".join(source_words.split()),
                    cue=cue,
                    says=says,
                    why=f"{'narrator' if by is None else 'carried speaker' if by.carried else 'cue'}, {payload.rule}",
                    named=" ".join(named.split()),
                    terms=terms(quoted_words, span, realis),
                )
            )
    return Reading(tuple(proposals), dropped)


def _note(p: Proposal) -> str:
    source = f"source as printed: {p.source_words}" if p.source_words else "no source printed"
    return f"proposed by rules ({p.why}); {source}" + (f", perhaps {p.named}" if p.named else "")


def as_claims(reading: Reading, document: Document | None) -> list[dict[str, Any]]:
    """Return proposals with the keys of claims.yaml; their text is still to be written and no check lets them pass."""
    drafts = []
    for number, p in enumerate(reading.proposals, 1):
        chain = [document.outlet, *document.author] if document else []
        at: dict[str, Any] = {"paragraph": p.anchor.paragraph, "anchor": p.anchor.anchor}
        drafts.append(
            {
                "id": f"{document.id}-p{number}" if document else f"proposal-{number}",
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
    return drafts
