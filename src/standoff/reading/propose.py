"""Put attributions, realis and numbers together as proposed claims, each with words that are found again in the text.

A proposal is never a claim: its text is to be written by a person, who also decides on source, payload and realis. A
proposal whose anchor is not found again at its place is dropped and counted. A conditional promise or threat comes with
its condition, its consequence and who would be bound.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from standoff.case.claims import UNWRITTEN, Anchor, Document
from standoff.case.model import Case
from standoff.evidence.anchors import normal, view
from standoff.intake.country_names import STATES
from standoff.oneline import OneLine
from standoff.reading.attribution import attributions, is_clause
from standoff.reading.dates import dating, printed
from standoff.reading.foreign import foreign_sentences
from standoff.reading.numbers import is_fate
from standoff.reading.page import Attribution, Passage, leaves_unsaid, paragraphs, plain_view, sentences, trimmed
from standoff.reading.parties_of_acts import parties_of_act
from standoff.reading.payloads import REQUESTS, ActorNames, Payload, act_words, is_deed, is_talk, payloads
from standoff.reading.places import PlaceNames, place_of
from standoff.reading.promises import Speaker, Terms, commitment, terms
from standoff.reading.prose_lines import as_read, is_apart, is_heading
from standoff.reading.realis import (
    act_realis,
    carried,
    clause_realis,
    is_denied,
    is_due,
    is_false,
    is_mental,
    is_onlooker,
    realis_of,
)

# Proposals: what of a text is proposed, with which anchor, and what is left out.


WORDS = 8
_HELPERS = 25  # code points of what may stand between a speaker and the verb (has since)
_LEAST = 5  # words of the beginning of a sentence that is told by its author
_JOINT = re.compile(
    r",?\s+(?:after|as|while|when|and|but|because|since|amid|before|although|though|with|in)$", re.IGNORECASE
)
_SETTING = re.compile(
    r"(?:on|in|at|under|despite|after|before|during|since|with|by|for|from|following|amid|as|when|while|if|asked|"
    r"invited|"
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
    relay: str = ""  # who passes the words of the source on, as printed
    terms: Terms | None = None  # condition and consequence, where the content binds somebody
    reader: str = "rules"  # or "model" and its name
    sentence: str = ""  # the sentence it came from, whole
    sentence_span: Passage = field(default_factory=lambda: Passage(0, 0))
    place: str = ""  # as the text or the case names it
    when: str = ""  # EDTF
    disagrees: str = ""  # in which way the other reader reads this place otherwise
    english: str = ""  # what a model says of it in English, where the text is in another language


@dataclass(frozen=True, slots=True, repr=False)
class Reading(OneLine):
    """What was proposed for one text, and how many proposals were dropped because no anchor was found again.

    ``foreign`` are the sentences that are not English, which the rules do not read.
    """

    proposals: tuple[Proposal, ...]
    dropped: int
    foreign: tuple[Passage, ...] = ()


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


def without(text: str, spans: Iterable[Passage]) -> str:
    """Return a text of the same length with some spans blank."""
    letters = list(text)
    for span in spans:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)


def anchored(text: str, span: Passage) -> Anchor | None:
    """The words of a span that are found again at just that place of a text, or None; ``text`` must be ``normal``."""
    return _anchor(_Lines(text), span)


def sentence_at(text: str, span: Passage) -> Passage:
    """The whole sentence, or sentences, in which a span of a text stands."""
    line = Passage(text.rfind("\n", 0, span.start) + 1, len(text) if (end := text.find("\n", span.end)) < 0 else end)
    over = [s for s in sentences(text, line) if s.start < span.end and span.start < s.end]
    return Passage(over[0].start, over[-1].end) if over else span


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
    """Read a text and propose claims, in its order; none is accepted.

    Proposed are every attribution, and every sentence of the author's own voice that holds a number, a word for an
    act, or what is to be done (expected, required). Words that carry a condition, threat, promise, demand or plan keep
    it from being proposed as asserted. Two proposals of one anchor and one payload are one.

    Parameters
    ----------
    text : str
        Brought to ``anchors.normal`` first.
    case : Case, optional
        Its actors, places and sources are known by name.
    published : date, optional
        Dates without a year are read from this day.

    Returns
    -------
    Reading
        The proposals, each with its anchor.

    Examples
    --------
    >>> import standoff as so
    >>> reading = so.propose_claims("Turkey said on Monday that two soldiers were killed.", so.load("idlib"))
    >>> [(proposal.source_words, proposal.realis) for proposal in reading.proposals]
    [('Turkey', 'asserted')]
    """
    return _Reader(normal(text), case, published).read()


def saying_day(document: Document) -> date | None:
    """The day by which ``Friday`` in a document is meant: that of its publication, where it is one day.

    Of a document whose day is not known, days without a year are left open.
    """
    first, last = document.published.start, document.published.end
    return last if first == last else None


_TOLD_BY = re.compile(
    r"\b(?:according to|says?|said|tells?|told|reports?(?= that| at least| \d)|reported(?= that| at least| \d)|"
    r"announced|claim(?:s|ed)|den(?:y|ies|ied)|"
    r"accus(?:es|ed)|put (?:the|its) (?:death )?toll|confirmed|alleg(?:es|ed)|warn(?:s|ed))\b",
    re.IGNORECASE,
)
# A second party that is bound in the same sentence: ``, and the government must ...``.
_DUTY = re.compile(
    r"\b(?:would|will|shall|should|must|could|can|cannot|may|might|to|is|are|was|were|has|have|had|not)\b|,", re.I
)
_SECOND_DUTY = re.compile(
    r"(?:,|;)? and (?:that )?(?=(?:the |its |their |both |all )?(?:[\w'’-]+ ){1,4}?"
    r"(?:will|would|shall|must|is to|are to|has to|have to) (?!have\b))"
)
# A second act of one party: agreed to remove its posts and to let monitors in.
_SECOND_ACT = re.compile(r",? and (?=(?:not )?to (?!(?:the|an?|its|their|his|her|all|both|[A-Z])\b)[a-z]+)")
_TURNING_DOWN = re.compile(r"(?:refus|reject|declin|dismiss)(?:es?|ed|s|ing)", re.IGNORECASE)
_ACCUSING = re.compile(r"(?:accus|blam)(?:e|es|ed|ing)", re.IGNORECASE)
_EACH_OTHER = re.compile(r"(?:each other|one another)\b", re.IGNORECASE)
_CHARGES = re.compile(
    r"(?:the|this|that|these|those|all|any|such|both) (?:\w+ )?(?:accusations?|allegations?|charges?|claims?|"
    r"reports?)|"
    r"(?:any |all )?(?:responsibility|involvement|wrongdoing|knowledge|it|them|this)",
    re.IGNORECASE,
)
_REQUEST = re.compile(REQUESTS, re.IGNORECASE)
_EVER = re.compile(
    r"\b(?:often|usually|sometimes|always|frequently|generally|in general|typically|regularly)\b", re.IGNORECASE
)


class _Reader:
    """Reads one text: the attributions, what is told outside them, and the payload, place and day of each."""

    def __init__(self, text: str, case: Case | None, published: date | None) -> None:
        self.text, self.case, self.published = text, case, published
        self.foreign = foreign_sentences(text)
        self.page = as_read(without(text, self.foreign))
        self.plain = plain_view(self.page)
        self.names, self.places, self.lines = ActorNames(case), PlaceNames(case), _Lines(text)
        self.places.learn(self.page)
        self.proposals: list[Proposal] = []
        self.keys: set[tuple[Anchor, str]] = set()
        self.dropped = 0

    def read(self) -> Reading:
        attributed = [one for one in attributions(self.page) if not _is_aside(self.plain, one)]
        prose = [p for p in paragraphs(self.page) if not is_apart(p.of(self.text).replace("\n", " "))]
        contents, self.quoted_words = _contents(self.plain, attributed)
        opened = [paragraph.start for paragraph in prose]
        self.whole = [sentence for paragraph in prose for sentence in sentences(self.plain, paragraph)]
        self.whole_starts = [sentence.start for sentence in self.whole]
        spans: list[tuple[Passage, Attribution | None]] = [
            (span, by)
            for span, by in contents
            if (k := bisect_right(opened, span.start)) and span.start < prose[k - 1].end
        ]
        spans += [(sentence, None) for sentence in _narrated(self.plain, prose, attributed)]
        for span, by in sorted(spans, key=lambda pair: pair[0].start):
            self._span(span, by)
        return Reading(tuple(self.proposals), self.dropped, tuple(self.foreign))

    def _sentence(self, span: Passage) -> Passage:
        """The whole sentence a span stands in, or the sentences, where it goes over several."""
        first = max(0, bisect_right(self.whole_starts, span.start) - 1)
        last = max(first, bisect_right(self.whole_starts, max(span.start, span.end - 1)) - 1)
        if not self.whole or not self.whole[first].start <= span.start < self.whole[first].end:
            return span
        return Passage(self.whole[first].start, max(self.whole[last].end, span.end))

    def _span(self, span: Passage, by: Attribution | None) -> None:
        """Propose what one span says."""
        words = span.of(self.quoted_words)
        cue = by.cue.of(self.text) if by and by.cue else ""
        source_words = by.source.of(self.page) if by and by.source else ""
        named = by.named.of(self.page) if by and by.named else ""
        relay = by.relay.of(self.page) if by and by.relay else ""
        if by is not None and not by.quoted and is_mental(cue, words):
            source_words = named = relay = ""  # nobody is said to have said so
        unsaid = by is None and leaves_unsaid(words)
        unknown = by is None and _TOLD_BY.search(_outside_quotes(words)) is not None
        realis = "denied" if unsaid or (by and by.negated) else realis_of(cue, words, named or source_words)
        others = [Passage(start, end) for kind, start, end in act_words(words) if not is_talk(kind)]
        day = self._saying_day(by)
        source = self.names.source(view(named or source_words)) if source_words else ""
        speaker = (by.named or by.source) if by else None
        bounds = (
            [] if unsaid else self._bounds(span, by, cue, realis, speaker.of(self.page) if speaker else "", unknown)
        )
        bound = bounds[0] if bounds else None
        places = self.places.within(words)
        todo: list[tuple[Payload, str, Terms | None]] = []
        for record, how, found in bounds:
            todo.append((Payload({"commitment": record}, "terms", found.consequence), how, found))
        speech = None if unsaid or by is None or by.quoted else self._speech(span, cue, words, speaker)
        for payload in _UNSAID if unsaid else (speech,) if speech else payloads(self.quoted_words, span, self.names):
            told = bound is not None and is_deed(_before_clause(words, bound[2].consequence.start - span.start))
            if bound is not None and (
                "assessment" in payload.says
                or ("event" in payload.says and is_talk(payload.says["event"]) and not told)
                or payload.says.get("measure") == "duration"
            ):
                continue
            todo.append((payload, realis, None))
        for payload, realis_told, spans in todo:
            says, act = payload.says, payload.act
            plainly = payload.rule == "attribution" and realis == "asserted"
            if by is not None and plainly and span.start > by.content.start + 2:
                continue  # of a long quotation, what tells no number, act or obligation is left out after its start
            talk = payload.rule == "attribution" or ("event" in says and is_talk(says["event"]))
            talk = talk and payload.rule != "speech"
            if by is None and talk and not unsaid and not is_due(words) and not (is_deed(words) and "event" in says):
                continue
            if by is None and "event" in says and _EVER.search(words):
                continue  # what often happens is not an event
            how = realis_told = "asserted" if payload.rule == "speech" else realis_told
            centre = payload.centre
            at = Passage(centre.start - span.start, centre.end - span.start) if centre is not None else None
            if how == "denied" and at is not None and not (unsaid or (by and by.negated) or carried(cue)):
                how = "denied" if is_denied(words, at.start, at.end) or is_false(words) else "asserted"
                realis_there = how
            else:
                realis_there = realis
            if act is not None:
                how = act_realis(realis_there, words, act.start - span.start, act.end - span.start)
            elif "quantity" in says and at is not None:
                how = clause_realis(realis_there, cue, words, at.start, at.end)
                if how == "demanded" and says["measure"] == "people-in-need":
                    how = "asserted"  # they need, nobody demands
            if bound is not None and "event" in says and how not in ("asserted", "alleged", "denied"):
                continue  # the commitment tells it
            anchor = _anchor(self.lines, span, centre)
            if anchor is None:
                self.dropped += 1
                continue
            place = ""
            if at is not None:
                apart = [o for o in others if "event" in says or not is_fate(o.of(words))]
                says = says | dating(says, words, at, apart, self.published, how, day)
                kind = str(says.get("event") or says.get("measure") or "")
                where = place_of(places, view(words), at, kind)
                place = where.name if where and "commitment" not in says and payload.rule != "speech" else ""
                if place and "event" in says:
                    says = says | {"at": place}
                elif place and "quantity" in says and says["measure"] not in ("distance", "duration", "share", "money"):
                    says = says | {"of": place}
            if (anchor, repr(says)) in self.keys:
                continue
            self.keys.add((anchor, repr(says)))
            sentence = self._sentence(span)
            told_by_author = by is None or (by.source is not None and not source_words)
            voice = "paraphrase" if unknown or by is not None else "narrator"
            voice = "narrator" if told_by_author and not unknown else "quote" if by is not None and by.quoted else voice
            self.proposals.append(
                Proposal(
                    anchor=anchor,
                    span=span,
                    words=" ".join(span.of(self.page).split()),
                    voice=voice,
                    realis=how,
                    source=source,
                    source_words=" ".join(source_words.split()),
                    cue=cue,
                    says=says,
                    why=f"{'narrator' if by is None else 'carried speaker' if by.carried else 'cue'}, {payload.rule}",
                    named=" ".join(named.split()),
                    relay=" ".join(relay.split()),
                    terms=spans or terms(self.quoted_words, span, realis),
                    sentence=" ".join(sentence.of(self.page).split()),
                    sentence_span=sentence,
                    place=place,
                    when=_when(says),
                )
            )

    def _speech(self, span: Passage, cue: str, words: str, speaker: Passage | None) -> Payload | None:
        """What is said as the act itself: a request was refused, two sides blamed each other; else None."""
        kind = (
            "refusal"
            if _TURNING_DOWN.fullmatch(cue) and _REQUEST.match(words)
            else "accusation"
            if _ACCUSING.fullmatch(cue) and _EACH_OTHER.match(words)
            else "denial"
            if cue.lower() in ("denied", "denies", "deny", "denying") and _CHARGES.fullmatch(words.strip(" .,"))
            else ""
        )
        if not kind:
            return None
        told = f"{view(speaker.of(self.page))} {cue}" if speaker else ""
        verb = Passage(len(told) - len(cue), len(told))
        found = parties_of_act(told, verb, self.names.spans_in(told), self.names.armed) if told else {}
        actors = {"actor": found["actor"]} if "actor" in found else {}
        return Payload({"event": kind} | actors, "speech", Passage(span.start, span.start + len(words.split()[0])))

    def _saying_day(self, by: Attribution | None) -> date | None:
        """The day on which something was said, where it stands between the word of saying and what was said."""
        if by is None or by.cue is None or self.published is None:
            return None
        near = self.plain[by.cue.end : by.content.start] if by.cue.end < by.content.start else ""
        for one in printed(near[:120]):
            if one.how == "on" and (days := one.means(self.published, ahead=False)) is not None and days[0] == days[1]:
                return days[0]
        return None

    def _bounds(
        self, span: Passage, by: Attribution | None, cue: str, realis: str, speaker: str, unknown: bool
    ) -> list[tuple[dict[str, Any], str, Terms]]:
        """The commitments of a span: two where it binds two parties (..., and Blue must ...), else one or none."""
        joint = _SECOND_DUTY.search(span.of(self.quoted_words))
        if joint is not None and _DUTY.search(joint.string, 0, joint.start()):  # else Red and Blue are bound together
            halves = Passage(span.start, span.start + joint.start()), Passage(span.start + joint.end(), span.end)
            both = [self._bound(half, by, cue, realis, speaker, unknown) for half in halves]
            alone = [one for one in both if one is not None]
            if alone and " if " not in joint.string.lower():
                return alone
        again = _SECOND_ACT.search(span.of(self.quoted_words))
        if again is not None and re.match(r"\s*(?:not )?to\b", again.string):
            halves = Passage(span.start, span.start + again.start()), Passage(span.start + again.end(), span.end)
            both = [self._bound(half, by, cue, realis, speaker, unknown) for half in halves]
            if all(both) and not re.search(r"\b(?:if|unless)\b", again.string):
                return [one for one in both if one is not None]
        one = self._bound(span, by, cue, realis, speaker, unknown)
        return [one] if one is not None else []

    def _bound(
        self, span: Passage, by: Attribution | None, cue: str, realis: str, speaker: str, unknown: bool
    ) -> tuple[dict[str, Any], str, Terms] | None:
        """The commitment that a span tells, with actors of the case in place of words that name just one."""
        told_by = Speaker(
            speaker,
            narrator=by is None and not unknown,
            onlooker=is_onlooker(speaker),
            parties=lambda named: {key for _, key in self.names.places_in(view(named))},
        )
        found = commitment(self.quoted_words, span, cue, realis, told_by, self.states(), self.published)
        if found is None:
            return None
        record, how, spans = found
        for side in ("debtor", "creditor"):
            if side in record:
                record[side] = self._party(str(record[side]), speaker)
        if "creditor" not in record and record["form"] in ("threat", "warning"):
            named = self.names.places_in(view(str(record["then"])))
            harmed = [key for _, key in named if [key] != record.get("debtor")]
            if harmed:
                record["creditor"] = harmed[:1]
        order = ("form", "debtor", "creditor", "if", "then", "by")
        return {key: record[key] for key in order if key in record}, how, spans

    def _party(self, words: str, speaker: str) -> list[str]:
        """The actors that words name, by id where the case knows them; the words themselves where it does not."""
        if words == speaker and self.case is not None:
            source = self.case.sources.get(self.names.source(view(words)))
            if source is not None and source.party:
                return [source.party]
        named = list(dict.fromkeys(key for _, key in self.names.places_in(view(words))))
        return named or [words]

    def states(self) -> re.Pattern[str]:
        return _states_of(self.case)


def _before_clause(words: str, start: int) -> str:
    """What some words tell before what they bind to: Red and Blue signed a truce | under which all troops will go."""
    return words[:start] if start > 0 else re.split(r"\b(?:that|which|under|whereby)\b", words)[0]


def _when(says: dict[str, Any]) -> str:
    """The time a payload is of, as EDTF: its date, window or day, or the deadline of a commitment."""
    by = says["commitment"].get("by", "") if "commitment" in says else ""
    deadline = f"../{by}" if re.fullmatch(r"\d{4}-\d\d-\d\d", by) else ""
    return str(says.get("date") or says.get("window") or says.get("as_of") or deadline)


def _outside_quotes(words: str) -> str:
    return re.sub(r'"[^"]*"', " ", words)


@cache
def _state_pattern(more: tuple[str, ...]) -> re.Pattern[str]:
    names = sorted({name for names in STATES for name in names} | set(more), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")


def _states_of(case: Case | None) -> re.Pattern[str]:
    more = (
        {name for actor in case.actors.values() if actor.kind == "state" for name in (actor.name, *actor.aliases)}
        if case
        else set()
    )
    return _state_pattern(tuple(sorted(more)))


def _note(p: Proposal) -> str:
    source = f"source as printed: {p.source_words}" if p.source_words else "no source printed"
    return f"proposed by rules ({p.why}); {source}" + (f", perhaps {p.named}" if p.named else "")


def as_claims(reading: Reading, document: Document | None) -> list[dict[str, Any]]:
    """Return proposals with the keys of claims.yaml; their text is still to be written and no check lets them pass."""
    drafts = []
    for number, p in enumerate(reading.proposals, 1):
        chain = [document.outlet, *document.author] if document else []
        says = p.says
        if "commitment" in says:  # the id its record would have in commitments.yaml
            name = f"{document.id}-c{number}" if document else f"commitment-{number}"
            says = says | {"commitment": {"id": name, **says["commitment"]}}
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
                "says": says,
                "note": _note(p),
            }
        )
    return drafts
