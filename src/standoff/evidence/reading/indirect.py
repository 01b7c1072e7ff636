"""Contents that a word of saying tells without quotation marks: its speaker, and where what is said starts and ends."""

from __future__ import annotations

import re

from standoff.evidence.reading.cues import CUE
from standoff.evidence.reading.page import Attribution, Page, cues_in, words_in
from standoff.evidence.reading.sentences import Span, trimmed
from standoff.evidence.reading.speakers import after, before, is_clause, subject

LONG = 3  # words of a content of its own
_AGAIN = re.compile(r",?\s+(?:and|but|then)\s+(?:also\s+|later\s+|then\s+|even\s+)?$", re.IGNORECASE)
_ADDING = re.compile(r",\s+(?:and\s+|while\s+|also\s+)?$", re.IGNORECASE)  # ..., adding that
_OTHER = re.compile(r",\s+(?:and|but|while|though|although|whereas)\s+(?:[\w'.-]+\s+){1,5}$", re.IGNORECASE)
_WANTING = {
    "wants", "wanted", "plans", "planned", "agreed", "agrees", "pledged", "promised", "vowed", "promise", "pledge",
    "hopes", "hoped", "threatened", "threatens", "expects", "expected", "urged", "promises", "pledges", "vows", "vow",
    "refuses", "refused", "refuse", "refusing", "intends", "intended", "intend", "threaten", "demand", "demands",
    "demanded", "promising", "threatening", "vowing", "pledging",
}  # fmt: skip
# Verbs that tell something only before a clause or a quotation: they knew that ..., but they knew the town.
_CLAUSE_ONLY = re.compile(
    r"(?:know|knew|known|find|found|learn|add|continu|mention|writ|wrot|show|feel|stat(?:e|ed)|respon|repl|repeat|"
    r"recall|maintain)\w*",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"(?:know|knew|find|found|learn|continu|show|feel|felt)\w*", re.IGNORECASE
)  # the raids continued
_JOINED = re.compile(r",\s+(?:and|but|while)\b", re.IGNORECASE)
_OFFICE = re.compile(r",\s+(?P<office>(?:the|an?|its|his|her|their|[A-Z][\w-]*(?:'s)?)\s[^,\n]{3,80},)\s*$")
_TITLE = re.compile(r"(?:[Tt]he )?[A-Z][\w'-]*(?: (?:[A-Z][\w'-]*|of|for|the|and|to))*")
_RELATIVE = re.compile(r"(?:which|whom|whose|what)\b", re.IGNORECASE)  # a statement according to which
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


def _content_end(page: Page, start: int, end: int) -> int:
    """Where a content stops: the sentence's end, or a second verb of saying (``and warned``, ``, but Blue denied``)."""
    for cue in cues_in(page, start, end):
        for pattern in (_AGAIN, _ADDING, _OTHER):
            if pattern is _ADDING and not cue.group().lower().endswith("ing"):
                continue
            if joint := pattern.search(page.bare, start, cue.start()):
                return joint.start()
    return end


def source_of(page: Page, sentence: Span, cue: re.Match[str]) -> Span | None:
    """The speaker of a cue: the phrase before it, else the sentence's subject for ``, saying`` and ``and said``."""
    joint = re.search(r"(?:,|\b(?:and|but|then))\s*(?:also |then |later )?$", page.bare[sentence.start : cue.start()])
    shared = cue.group().lower().endswith("ing") or (joint and joint[0][0] != ",")
    if joint and shared:
        return subject(page.bare, sentence.start, cue.start())
    return before(page.bare, sentence.start, cue.start())


def _inverted(page: Page, sentence: Span, cue: re.Match[str], source: Span | None) -> Attribution | None:
    """``The number is falling, said the spokesman``: what stands before the comma is a clause, no speaker."""
    head = trimmed(page.plain, sentence.start, cue.start(), " \t")
    if (
        page.plain[head.end - 1] != ","
        or cue.group().lower().endswith("ing")
        or words_in(page.plain, head.start, head.end) < LONG
    ):
        return None
    clause = source is None or is_clause(page.bare, source)
    speaker = after(page.bare, cue.end(), sentence.end) if clause else None
    if speaker is None or is_clause(page.bare, speaker):
        return None
    return Attribution(trimmed(page.plain, head.start, head.end, ' \t,"'), speaker, Span(*cue.span()), False)


def indirect(page: Page, sentence: Span, cue: re.Match[str], last: Span | None = None) -> Attribution | None:
    """What a cue of a sentence tells, or None; ``last`` is who spoke before in the sentence."""
    plain, bare = page.plain, page.bare
    span = Span(*cue.span())
    rest = plain[cue.end() : sentence.end]
    source = source_of(page, sentence, cue)
    if last is not None and cue.group().lower().endswith("ing") and _ADDING.search(bare, sentence.start, cue.start()):
        source = last  # ..., Red said, adding that
    if (inverted := _inverted(page, sentence, cue, source)) is not None:
        return inverted
    that = re.match(r"\s+(?:(?!that\b)[\w'.-]+\s+){0,10}?that\s+", rest)
    if source is not None and that and not _FINITE.search(that.group()) and not CUE.search(that.group()):
        start = cue.end() + that.group().rfind("that")
        content = trimmed(plain, start, _content_end(page, start + 4, sentence.end), " \t,;:.")
        return Attribution(content, source, span, False)
    clause_end = joint.start() if (joint := _JOINED.search(bare, cue.end(), sentence.end)) else sentence.end
    trailing = words_in(bare, cue.end(), clause_end) <= 12
    head = trimmed(plain, sentence.start, source.start if source else cue.start(), " \t")
    posed = head.end > head.start and plain[head.end - 1] in ',"?!' and words_in(plain, head.start, head.end) >= LONG
    if posed and source is not None and _interrupts(bare, head, cue.end(), sentence.end):
        second = trimmed(plain, cue.end(), sentence.end, " \t,;:.")
        return Attribution(trimmed(plain, head.start, head.end, ' \t,"'), source, span, False, more=(second,))
    if posed and (closed := plain.rfind('"', head.start + 1, head.end)) > 0 and plain[closed - 1] in ",.?!":
        head = Span(head.start, closed + 1)  # what stands between a quotation and a name is an office
    elif posed and source is not None and (office := _office(bare, head, source)) is not None:
        head = Span(head.start, office)
    mark = plain[head.end - 1]
    settled = (
        source is None
        or cue.group().lower() in ("told", "asked", "tells")
        or bool(_SETTING.match(bare[cue.end() : sentence.end]))
    )
    told_first = (
        posed and (mark == '"' or (trailing and (settled or mark in "?!"))) and not cue.group().lower().endswith("ing")
    )
    if mark != '"' and _NOT_AFTER.fullmatch(cue.group()):
        told_first = False
    if mark == "," and _TITLE.fullmatch(plain[head.start : head.end - 1]):
        told_first = False  # The Minister, Ann Red, said
    if told_first and (speaker := source or after(bare, cue.end(), sentence.end)) is not None:
        return Attribution(trimmed(plain, head.start, head.end, ' \t,"'), speaker, span, False)
    if source is None or len(rest.split()) < LONG or rest[:1] not in " ,:":
        return None
    to = r"\s+(?:by|about|in|at)\b" if cue.group().lower() in _WANTING else r"\s+(?:to|by|about|in|on|at)\b"
    if rest[:1] == " " and (re.match(to, rest) or re.match(r"\s+(?:and|or)\b", rest)):
        return None
    if _CLAUSE_ONLY.fullmatch(cue.group()) and not _CLAUSE.match(rest):
        return None
    end = _content_end(page, cue.end(), sentence.end)
    content = trimmed(plain, cue.end(), end, ' \t,;:."')
    return Attribution(content, source, span, False) if content.start < content.end else None


def _office(bare: str, head: Span, source: Span) -> int | None:
    """Where an office starts that stands before a name (``..., the envoy to B, Ann Red, said``), or None."""
    name = bare[source.start : source.end].split()
    found = _OFFICE.search(bare, head.start, head.end)
    if found is None or len(name) < 2 or not all(word[:1].isupper() for word in name):
        return None
    return None if is_clause(bare, Span(*found.span("office"))) else found.start("office")


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


def accorded(page: Page, sentence: Span, cue: re.Match[str]) -> Attribution | None:
    """What a sentence tells according to somebody, or None."""
    plain = page.plain
    stop = page.bare.find(",", cue.end(), sentence.end)
    leads = cue.start() - sentence.start < 3
    if leads and stop > 0:
        source = trimmed(plain, cue.end(), stop)
        return Attribution(trimmed(plain, stop, sentence.end, " ,."), source, Span(*cue.span()), False)
    source = trimmed(plain, cue.end(), stop if stop > 0 else sentence.end, ' ,."')
    if _RELATIVE.match(plain, source.start):
        return None
    head = trimmed(plain, sentence.start, cue.start(), ' ,"')
    if source.start < source.end and head.end > head.start:
        return Attribution(head, source, Span(*cue.span()), False)
    return None
