"""The words that name a speaker: the noun phrase before or after a cue, and who ``he`` or ``the official`` is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from standoff.evidence.reading.cues import CUES
from standoff.evidence.reading.sentences import SHORT, Span, trimmed

_BACK = 20_000  # code points in which a name in full is looked for
LONGEST = 24  # words of a source
_USUAL = 14  # words above which a source has no verb: names with their offices
_AUXILIARY = re.compile(
    r"(?:\b(?:has|have|had|is|are|was|were|been|be|also|later|then|would|will|did|does|do|not|never|often|once|again|"
    r"now|even|just|still|"
    r"first|recently|repeatedly|[a-z]{3,}ly)\s+)+$",
    re.IGNORECASE,
)
_NOT_SOURCE = {
    "which", "that", "there", "this", "these", "those", "what", "as", "to", "and", "but", "or", "if", "when", "who",
    "while", "because", "being", "be", "been", "is", "was", "were", "are", "by", "of", "the", "a", "an", "in", "on",
    "his", "her", "their", "its", "for", "from", "with", "at", "whom", "also", "now", "not", "said", "says",
}  # fmt: skip
_BREAK = re.compile(
    r"[;:\[\]]|\s[-]+\s|\b(?:but|because|although|though|while|after|before|when|if|unless|that|which|as|what|whom|whose|"
    r"where)\b",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\s*(?:who|whose|which|a|an|the|of|from|in|at|one|\d|[A-Z][a-z]{0,4}\.?$|[a-z])")
_LEAD = re.compile(
    r"(?:on|in|at|under|despite|after|before|during|since|with|by|for|last|earlier|late|this|meanwhile|however)\b", re.I
)
_VERB = re.compile(
    r"(?:\w{3,}ed|is|are|was|were|has|have|had|will|would|can|could|may|might|do|does|did|went|took|made|gave|met|held|"
    r"led|left|came|began|hit|saw|got|put|set|sent|ran|spoke|laid|doesn't|didn't|don't|isn't|won't)$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:he|she|they|it|i|we)$", re.IGNORECASE)
_HEADS = (
    "official", "officials", "source", "sources", "minister", "ministry", "spokesman", "spokeswoman", "spokesperson",
    "president", "commander", "officer", "general", "statement", "report", "article", "paper", "newspaper", "group",
    "agency", "author", "envoy", "ambassador", "leader", "secretary", "chancellor", "king", "witness", "witnesses",
)  # fmt: skip
_AGAIN = re.compile(rf"(?:the|this|that|these|those)(?: same)? ({'|'.join(_HEADS)})$", re.IGNORECASE)
_MANY = re.compile(
    r"\b(?:officials|sources|witnesses|residents|they|\w+ and \w+|experts|analysts|rebels|diplomats|both|sides|parties|"
    r"leaders|generals|presidents|ministers|militias|fighters|militants|forces|troops|observers|monitors|countries|"
    r"authorities|ministries)\b",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:spokes\w+|minister|president|commander|officer|general|envoy|ambassador|leader|secretary|chancellor|king|"
    r"witness|resident|chief|head|director|mayor|governor|official|source|author|analyst|expert|diplomat|senator|mother|"
    r"father|man|woman|doctor|teacher|coordinator|representative|lawmaker|prince|adviser|aide|negotiator|mediator)\b",
    re.I,
)
# Names of two words or more that are of no person, and offices that speak without one.
_NO_PERSON = re.compile(
    r"\b(?:UN|EU|NATO|OSCE|AFP|AP|TASS|Reuters|ministry|government|statement|army|military|agency|council|party|group|report|"
    r"organi[sz]ation|mission|office|command|court|parliament|embassy|union|committee|news\w*|network|review|toll|"
    r"agreement|deal|movement|front|coalition|administration|police|times|post|journal)\b|"
    r"\b(?:North|South|East|West|United|Saudi|New|Northern|Southern) [A-Z]",
)


def masked(plain: str, quoted: Sequence[Span]) -> str:
    """Return a text of the same length with quotations and short brackets blank, for finding who speaks."""
    letters = list(plain)
    for span in quoted:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return re.sub(r"\([^()\n]{1,40}\)", lambda m: " " * len(m[0]), "".join(letters))


def _words(plain: str, span: Span) -> list[str]:
    return plain[span.start : span.end].split()


_LIGHT = re.compile(
    r"\s(?:has |have |had )?(?:issued|made|gave|given|repeated|renewed|sent|delivered|sounded)(?: (?:an?|the|"
    r"its|his|her|their))?"
    r"(?: \w+){0,2}$",
    re.IGNORECASE,
)


def _fits(plain: str, span: Span) -> Span | None:
    """A span if it can be the name of a speaker, without a joint before it."""
    for joint in (
        "and ",
        "then ",
        "also ",
        "but ",
        "yet ",
        "so ",
        "with ",
        "as ",
        "meanwhile ",
        "however ",
        "earlier ",
        "later ",
        "separately ",
    ):
        if plain[span.start : span.end].lower().startswith(joint):
            span = trimmed(plain, span.start + len(joint), span.end)
    if light := _LIGHT.search(plain, span.start, span.end):
        span = trimmed(plain, span.start, light.start())  # Red issued a stark warning that
    words = _words(plain, span)
    if not words or len(words) > LONGEST or (words[-1].lower().strip(",") in _NOT_SOURCE and words != ["An"]):
        return None
    if len(words) > _USUAL and is_clause(plain, span):
        return None
    if len(words) == 1 and words[0].lower().endswith("ly"):
        return None
    return None if words[0].lower() in {"to", "of", "which", "who", "by", "for", "let"} else span


_WHEN = re.compile(
    r"(?:(?:but|and) )?(?:on|late|early|earlier|last|this|later)(?: (?:on|last|late|early))? "
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|year)\b"
    r"(?:'s)?(?: (?:morning|afternoon|evening|night))?,?\s*",
    re.IGNORECASE,
)


def before(plain: str, start: int, cue: int) -> Span | None:
    """The noun phrase that ends just before a cue, at most 24 words; ``plain`` must be ``masked``.

    A comma or dash just before the cue closes an addition (``Ann, a witness, said``): the phrase before it is meant.
    """
    helper = _AUXILIARY.search(plain, start, cue)
    end = helper.start() if helper else cue
    mark = plain.rfind('"', start, end)
    start = max(start, mark + 1)
    region = plain[start:end].rstrip()
    if region.endswith((" --", " -")) and (dash := region.rstrip(" -").rfind(" -")) > 0:
        end = start + dash
        region = plain[start:end].rstrip()
    if region.endswith(","):
        pieces = _pieces(plain, start, start + len(region) - 1)
        while len(pieces) > 1 and _ADDED.match(plain[pieces[-1].start : pieces[-1].end]):
            pieces.pop()
        # Right after a quotation the name comes first and its office after it (``"X," Ann Red, envoy to B, said``).
        found = pieces[-1] if pieces else Span(start, start)
        if mark >= 0 and pieces and not _LEAD.match(plain[pieces[0].start : pieces[0].end]):
            found = next((p for p in pieces if all(w[:1].isupper() for w in _words(plain, p))), pieces[0])
    else:
        for stop in _BREAK.finditer(plain, start, end):
            start = stop.end()
        found = Span(start, end)
        comma = plain.rfind(", ", start, end)
        if comma >= 0 and plain[comma + 1 : end].strip():
            found = Span(comma + 1, end)
    span = trimmed(plain, found.start, found.end, " \t,;:\"'-")
    if when := _WHEN.match(plain[span.start : span.end]):
        if when.end() == span.end - span.start and found.start > start:  # Red, on Monday, said
            return before(plain, start, found.start)
        span = Span(span.start + when.end(), span.end)
    return _fits(plain, span)


def is_clause(plain: str, span: Span) -> bool:
    """Whether a phrase has a verb after its first word, so that it is no name."""
    words = [word.strip(",;:\"'") for word in _words(plain, span)]
    return any(_VERB.match(word) for word in words[1:] if word[:1].islower())


def _pieces(plain: str, start: int, end: int) -> list[Span]:
    """A region cut at its commas."""
    cuts = [start, *(m.end() for m in re.compile(r",\s").finditer(plain, start, end)), end]
    return [span for a, b in pairwise(cuts) if (span := trimmed(plain, a, b)).start < span.end]


_STOP_AFTER = re.compile(
    r"[,;:!?\"]|\.(?=\s|$)|\s(?:in|on|at|during|as|after|before|who|that|when|while|about|to|of (?:the|his|her))\s|"
    r"\s-+\s|\n"
)
_DAYS = re.compile(
    r"\s(?:sunday|monday|tuesday|wednesday|thursday|friday|saturday|yesterday|today|earlier|later|last)\b",
    re.IGNORECASE,
)


def after(plain: str, start: int, end: int) -> Span | None:
    """The noun phrase right after an inverted cue (``said the minister``), at most 12 words; initials do not end it."""
    stop_at = end
    for stop in _STOP_AFTER.finditer(plain, start, end):
        word = plain[start : stop.start()].split(" ")[-1].lower()
        if stop[0] == "." and (word in SHORT or (len(word) == 1 and word.isalpha()) or "." in word):
            continue
        if stop[0].startswith(" of"):
            continue
        stop_at = stop.start()
        break
    if day := _DAYS.search(plain, start, stop_at):
        stop_at = day.start()
    span = trimmed(plain, start, stop_at, " \t,.;:\"'")
    words = _words(plain, span)
    if not words or len(words) > 12 or words[0].lower() in _NOT_SOURCE - {"the", "a", "an", "his", "her", "their"}:
        return None
    named = words[0][0].isupper() or words[0].lower() in {"the", "a", "an", "one", "his", "her", "their", "he", "she"}
    return span if named or any(w.lower() in _HEADS for w in words) else None


def subject(plain: str, start: int, end: int) -> Span | None:
    """The subject a sentence opens with (``Red withdrew, saying ...``): up to its first verb, at most 8 words."""
    lead = _LEAD.match(plain[start:end].lstrip())
    comma = plain.find(",", start, end)
    if lead and 0 <= comma < end - 2:
        start = comma + 1
    last = start
    for count, word in enumerate(re.compile(r"\S+").finditer(plain, start, end)):
        bare = word[0].strip(",;:\"'").lower()
        if count and (_VERB.match(bare) or bare in CUES):
            break
        if count == 8:
            return None
        last = word.end()
        if word[0].endswith(","):
            break
    else:
        return None
    return _fits(plain, trimmed(plain, start, last, " \t,;:\"'"))


def _is_person(text: str, span: Span) -> bool:
    """Whether a source is a person: by office, by a name of two words, or by a last word of a name told before."""
    name = span.of(text)
    if _PERSON.search(name):
        return True
    if _NO_PERSON.search(name) or name.isupper():
        return False
    if re.search(r"\b[A-Z][\w'’-]+ (?:[A-Za-z]{1,3}[ -])?[A-Z]", name):
        return True
    last = name.split()[-1]
    told = re.compile(rf"\b[A-Z][\w'’-]+ (?:[a-z]{{1,3}}[ -])?{re.escape(last)}\b")
    return last[:1].isupper() and told.search(text, max(0, span.start - _BACK), span.start) is not None


def resolve(text: str, source: Span, earlier: Sequence[Span]) -> Span | None:
    """Who a pronoun or ``the official`` is: the last fitting source of ``earlier`` (nearest last), or None.

    ``they`` takes a source in the plural, ``it`` one that is not, ``he`` and ``she`` a person: an office, a name of two
    words, or one that stood in such a name before; ``the official`` takes one with that head noun.
    """
    words = source.of(text)
    again = _AGAIN.match(words)
    if not (_PRONOUN.match(words) or again) or words.lower() in ("i", "we"):
        return None
    for span in reversed(earlier):
        name = span.of(text)
        head = name.split(" of ")[0]
        if _PRONOUN.match(name) or _AGAIN.match(name):
            continue
        if again:
            if re.search(rf"\b{again[1]}\b", name, re.IGNORECASE):
                return span
        elif words.lower() == "they":
            if _MANY.search(head):
                return span
        elif not _MANY.search(head) and (words.lower() == "it" or _is_person(text, span)):
            return span
    return None
