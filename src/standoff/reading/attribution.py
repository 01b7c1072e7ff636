"""Who says what in a text, from cue words, word order and quotation marks; no parser is needed.

First the words that name a speaker: the noun phrase before or after a cue, and who ``he`` or ``the official`` is. Then
what is told without quotation marks: where it starts and ends. Then a whole text, paragraph by paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from standoff.reading.page import (
    SHORT,
    Attribution,
    PageText,
    Passage,
    cues_in,
    is_negated,
    paragraphs,
    plain_view,
    quotations,
    sentences,
    trimmed,
    words_in,
)
from standoff.reading.realis import ACCORDING, CUE, CUES

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
    r"[;:\[\]]|\s[-]+\s|\b(?:but|because|although|though|while|after|before|when|if|unless|that|which|as|what|whom|"
    r"whose|"
    r"where)\b",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\s*(?:who|whose|which|a|an|the|of|from|in|at|one|\d|[A-Z][a-z]{0,4}\.?$|[a-z])")
_LEAD = re.compile(
    r"(?:on|in|at|under|despite|after|before|during|since|with|by|for|last|earlier|late|this|meanwhile|"
    r"however)\b",
    re.I,
)
_VERB = re.compile(
    r"(?:\w{3,}ed|is|are|was|were|has|have|had|will|would|can|could|may|might|do|does|did|went|took|made|gave|"
    r"met|held|"
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
    r"\b(?:officials|sources|witnesses|residents|they|\w+ and \w+|experts|analysts|rebels|diplomats|both|sides|"
    r"parties|"
    r"leaders|generals|presidents|ministers|militias|fighters|militants|forces|troops|observers|monitors|countries|"
    r"authorities|ministries)\b",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:spokes\w+|minister|president|commander|officer|general|envoy|ambassador|leader|secretary|chancellor|king|"
    r"witness|resident|chief|head|director|mayor|governor|official|source|author|analyst|expert|diplomat|senator|"
    r"mother|"
    r"father|man|woman|doctor|teacher|coordinator|representative|lawmaker|prince|adviser|aide|negotiator|mediator)\b",
    re.I,
)
# Names of two words or more that are of no person, and offices that speak without one.
_NO_PERSON = re.compile(
    r"\b(?:UN|EU|NATO|OSCE|AFP|AP|TASS|Reuters|ministry|government|statement|army|military|agency|council|party|"
    r"group|report|"
    r"organi[sz]ation|mission|office|command|court|parliament|embassy|union|committee|news\w*|network|review|toll|"
    r"agreement|deal|movement|front|coalition|administration|police|times|post|journal)\b|"
    r"\b(?:North|South|East|West|United|Saudi|New|Northern|Southern) [A-Z]",
)


def masked(plain: str, quoted: Sequence[Passage]) -> str:
    """Return a text of the same length with quotations and short brackets blank, for finding who speaks."""
    letters = list(plain)
    for span in quoted:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return re.sub(r"\([^()\n]{1,40}\)", lambda m: " " * len(m[0]), "".join(letters))


def _words(plain: str, span: Passage) -> list[str]:
    return plain[span.start : span.end].split()


_LIGHT = re.compile(
    r"\s(?:has |have |had )?(?:issued|made|gave|given|repeated|renewed|sent|delivered|sounded)(?: (?:an?|the|"
    r"its|his|her|their))?"
    r"(?: \w+){0,2}$",
    re.IGNORECASE,
)


# What stands before a word of saying and is nobody: a setting, a comparison, the rest of a clause.
_NO_SPEAKER = re.compile(
    r"(?:compared|including|such|between|besides|despite|among|amid|according|following|during|since|in the|at the|"
    r"on the|under|about|more|less|"
    r"nearly|even|only|just|there|here|no|not|nor|without|if|in which|measles|dates?|figures? for)\b(?! (?:\w+ "
    r")?(?:officials?|sources?))",
    re.IGNORECASE,
)
_HAS_VERB = re.compile(
    r"(?<!\bwho )(?<!\bwhich )(?<!\bthat )\b(?:is|are|was|were|has|have|had|been|will|would|can|could|may|might|must|"
    r"did|does)\b(?! (?:said|says)\b)"
)
_ACTED = re.compile(
    r"(?<!\bwho )(?<!\bwhich )(?<!\bthat )\b(?!(?:allied|opposed|linked|related|tied|loyal|committed|appointed|based|"
    r"close|accused|known|attached|accredited|assigned|"
    r"named|called|posted|deployed|sent)\b)\w{3,}ed (?:to|not|that|a|an|its|their|his)\b"
)
_DID = re.compile(
    r"(?:issued|made|gave|sent|held|took|met|repeated|used|called|visited|signed|released|published|posted|"
    r"trade[ds]?|traded)",
    re.IGNORECASE,
)


def _fits(plain: str, span: Passage) -> Passage | None:
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
    if (len(words) > _USUAL and is_clause(plain, span)) or _NO_SPEAKER.match(plain, span.start, span.end):
        return None
    if _ACTED.search(plain, span.start, span.end) or words[-1].lower() in ("only", "even", "already", "still", "never"):
        return None
    if _HAS_VERB.search(plain, span.start, span.end) or (words[0][:1].islower() and _DID.fullmatch(words[0])):
        return None
    if len(words) == 1 and words[0].lower().endswith("ly"):
        return None
    return None if words[0].lower() in {"to", "of", "which", "who", "by", "for", "let"} else span


_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|"
    r"aug|sept?|oct|nov|dec)\b\.?"
)
_WHEN = re.compile(
    r"(?:(?:but|and) )?(?:on|late|early|earlier|last|this|later)(?: (?:on|last|late|early))? "
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|year)\b"
    r"(?:'s)?(?: (?:morning|afternoon|evening|night))?,?\s*|"
    rf"(?:(?:but|and) )?(?:late |early )?on (?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? \d{{4}})?(?![\w-]),?\s*|"
    r"(?:19|20)\d\d,?\s+(?=\S)",  # On August 8, 2019 the army said: its comma parts the day
    re.IGNORECASE,
)


def before(plain: str, start: int, cue: int) -> Passage | None:
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
        phrase = pieces[-1] if pieces else Passage(start, start)
        if mark >= 0 and pieces and not _LEAD.match(plain[pieces[0].start : pieces[0].end]):
            phrase = next((p for p in pieces if all(w[:1].isupper() for w in _words(plain, p))), pieces[0])
    else:
        for stop in _BREAK.finditer(plain, start, end):
            start = stop.end()
        phrase = Passage(start, end)
        comma = plain.rfind(", ", start, end)
        if comma >= 0 and plain[comma + 1 : end].strip():
            phrase = Passage(comma + 1, end)
    span = trimmed(plain, phrase.start, phrase.end, " \t,;:\"'-")
    if when := _WHEN.match(plain[span.start : span.end]):
        if when.end() == span.end - span.start and phrase.start > start:  # Red, on Monday, said
            return before(plain, start, phrase.start)
        span = Passage(span.start + when.end(), span.end)
    return _fits(plain, span)


def is_clause(plain: str, span: Passage) -> bool:
    """Whether a phrase has a verb after its first word, so that it is no name."""
    words = [word.strip(",;:\"'") for word in _words(plain, span)]
    return any(_VERB.match(word) for word in words[1:] if word[:1].islower())


def _pieces(plain: str, start: int, end: int) -> list[Passage]:
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


def after(plain: str, start: int, end: int) -> Passage | None:
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


def subject(plain: str, start: int, end: int) -> Passage | None:
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


def _is_person(text: str, span: Passage) -> bool:
    """Whether a source is a person: by office, by a name of two words, or by a last word of a name told before."""
    name = span.of(text)
    if _PERSON.search(name):
        return True
    if _NO_PERSON.search(name) or name.isupper():
        return False
    if re.search(r"\b[A-Z][\w'’-]+ (?:[A-Za-z]{1,3}[ -])?[A-Z]", name):
        return True
    last = name.split()[-1]
    full = re.compile(rf"\b[A-Z][\w'’-]+ (?:[a-z]{{1,3}}[ -])?{re.escape(last)}\b")
    return last[:1].isupper() and full.search(text, max(0, span.start - _BACK), span.start) is not None


def resolve(text: str, source: Passage, earlier: Sequence[Passage]) -> Passage | None:
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


_BODY = re.compile(
    r"(?:the|this|that) (council|government|movement|front|army|party|union|committee|coalition|mission|agency|"
    r"observatory|"
    r"commission|authority|alliance|league|group|brigade|congress|assembly)(?:['’]s (?:\w+ )?(?:spokes\w+|"
    r"leaders?|chief|"
    r"commander|officials?))?$",
    re.IGNORECASE,
)


def body(text: str, source: Passage) -> Passage | None:
    """The whole name of ``the council`` where the text up to there names just one that ends so, else None."""
    match = _BODY.match(source.of(text))
    if match is None:
        return None
    start = max(0, source.start - _BACK)
    full = re.compile(rf"(?:\b[A-Z][\w'’-]+ )+{match[1].capitalize()}\b")
    spans = [trimmed(text, *m.span()) for m in full.finditer(text, start, source.start)]
    spans = [Passage(s.start + 4, s.end) if s.of(text).startswith("The ") else s for s in spans]
    spans = [s for s in spans if " " in s.of(text)]
    return spans[-1] if len({s.of(text) for s in spans}) == 1 else None


# What is told without quotation marks: its speaker, and where it starts and ends.


LONG = 3  # words of a content of its own
_AND_AGAIN = re.compile(r",?\s+(?:and|but|then)\s+(?:also\s+|later\s+|then\s+|even\s+)?$", re.IGNORECASE)
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
_DENYING = re.compile(r"den(?:y|ies|ied)", re.IGNORECASE)  # two words are enough: Red denied bombing it
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
_STATED = re.compile(
    r"\s*(?:[\w'’-]+\s+){1,12}?(?:is|are|was|were|has|have|had|will|would|could|may|might|must|did|does|do|\w{3,}ed|"
    r"fled|shot|struck|"
    r"took|broke|held|hit|began|fell|met|sent|came|went|left|withdrew|fought|rose|lost|seized)\b"
)
_WHERE = "near|from|along|across|inside|outside|off"  # Shelling reported near a river: nobody said it
# What may follow a cue that closes its sentence: ``..., he said on Monday``.
_SETTING = re.compile(
    r"\s*(?:[,.]\s*)?(?:$|(?!(?:at|up to|as many as|over|around|about)\s+(?:least|most|\d|half|a |one|two|three|four|"
    r"five|six|seven|eight|nine|"
    r"ten|\w+ty\b|\w+teen\b|hundreds|thousands|dozens))(?:in|on|at|to|during|after|before|through|when|as|of|with|by|"
    r"from|while|late|earlier|last|(?:an?|one|two|three|four|five|six|\d+|hours|days|weeks|minutes) (?:\w+ "
    r")?(?:after|before|ahead|later)|"
    r"(?:an?|one|two|three|four|five|six|\d+) (?:hours?|days?|weeks?|months?|years?) (?:after|before|ahead of|"
    r"since|later)|"
    r"this|"
    r"yesterday|today|\w+day|recently|adding|speaking)\b)",
    re.IGNORECASE,
)
# What stands between a word of saying and what is said: ``said on Friday``, ``said in a statement``, ``told Reuters``.
_NUMBER_AHEAD = (
    r"(?=\s+(?:(?:at )?(?:least|most)\b|\$?\d|(?:half|one|two|three|four|five|six|seven|eight|nine|ten|\w+ty|\w+teen|"
    r"a dozen|"
    r"hundreds|thousands|dozens|scores|tens)\b))"
)
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAYWORD = (
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|\d{{1,2}}(?:st|nd|rd|th)? {_MONTHS}(?:,? "
    rf"\d{{4}})?|"
    rf"{_MONTHS} \d{{1,2}}(?:,? \d{{4}})?)"
)
_SAID_WHEN = re.compile(
    rf"(?:\s+(?:(?:on|late|early|earlier|later|last)\s+)*{_DAYWORD}(?:\s+(?:morning|afternoon|evening|night))?,?"
    r"|\s+(?:earlier|later)(?=\s+(?:on|the|that|its|it|he|they)\b)"
    r"|\s+(?:in|through|via|during|at|on) (?:an?|its|his|her|their|the) (?:[\w-]+ ){0,3}?(?:statement|tweet|post|"
    r"report|interview|"
    r"message|speech|briefing|letter|note|communiqu\S|broadcast|address|update|(?:press|news) conference|phone call|"
    r"website)"
    r"(?: (?:on|to|with|from|published|posted|carried|issued|released) (?:[\w.'’-]+ ?){1,5}?(?=,| (?:that|the|it|its|"
    r"he|they|at|on|\d)\b))?,?"
    r"|\s+on (?:Twitter|Facebook|Telegram|X|television|radio|state (?:television|TV|radio)),?"
    r"|\s+by (?:phone|telephone|e-?mail),?)+(?=\s)",
    re.IGNORECASE,
)
# Whom it is said to: ``told Reuters``, ``told reporters in Ankara``.
_HEARER = re.compile(
    r"\s+(?:(?:the )?[A-Z][\w.'’]*(?:\s+(?:[A-Z][\w.'’]*|to|of)){0,5}?|reporters|journalists|deputies|lawmakers|"
    r"parliament|the "
    r"(?:newspaper|agency|council|media|press|parliament)|state (?:television|media|TV|radio)|an? (?:[\w-]+ "
    r"){0,2}?(?:conference|briefing|"
    r"newspaper|agency|broadcaster|channel|meeting))(?:\s+(?:in|at) [A-Z]\w+)?(?=\s)"
)
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should)\b", re.IGNORECASE)


# A second party in one sentence: Red pledged to disband and the government promised to withdraw.
_PLEDGING = re.compile(r"(?:promis|pledg|vow|agree|refus|threaten)\w*", re.IGNORECASE)
_ANOTHER = re.compile(r"\s+(?:and|while|but)\s+(?=(?:the|its|their|both|all|[A-Z])[\w'.-]*\s)(?:[\w'.-]+\s+){1,4}$")
_DONE_TO = re.compile(r"\b(?:is|are|was|were|been|being)\s(?:(?:not|also|still|now|widely|\w+ly)\s)*$", re.IGNORECASE)
# What is only supposed: if it refused to stop, should they agree to leave.
_SUPPOSED = re.compile(r"\b(?:if|unless|should|whether|until|once|provided(?: that)?)\s+(?:the\s+)?$", re.IGNORECASE)


def _content_end(page: PageText, start: int, end: int) -> int:
    """Where a content stops: the sentence's end, or a second verb of saying (``and warned``, ``, but Blue denied``)."""
    for cue in cues_in(page, start, end):
        for pattern in (_AND_AGAIN, _ADDING, _OTHER):
            if pattern is _ADDING and not cue.group().lower().endswith("ing"):
                continue
            if joint := pattern.search(page.bare, start, cue.start()):
                return joint.start()
        pledged = _PLEDGING.fullmatch(cue.group()) and page.bare.startswith(" to ", cue.end())
        if pledged and (joint := _ANOTHER.search(page.bare, start, cue.start())):
            return joint.start()
    return end


def source_of(page: PageText, sentence: Passage, cue: re.Match[str]) -> Passage | None:
    """The speaker of a cue: the phrase before it, else the sentence's subject for ``, saying`` and ``and said``."""
    joint = re.search(r"(?:,|\b(?:and|but|then))\s*(?:also |then |later )?$", page.bare[sentence.start : cue.start()])
    shared = cue.group().lower().endswith("ing") or (joint and joint[0][0] != ",")
    if joint and shared:
        return subject(page.bare, sentence.start, cue.start())
    found = before(page.bare, sentence.start, cue.start())
    if found is None and _PLEDGING.fullmatch(cue.group()):
        other = _ANOTHER.search(page.bare, sentence.start, cue.start())
        return _fits(page.bare, trimmed(page.bare, other.start(), cue.start())) if other else None
    return (
        subject(page.bare, sentence.start, cue.start())
        if found is None and cue.group().lower().endswith("ing")
        else found
    )


def _inverted(page: PageText, sentence: Passage, cue: re.Match[str], source: Passage | None) -> Attribution | None:
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
    return Attribution(trimmed(page.plain, head.start, head.end, ' \t,"'), speaker, Passage(*cue.span()), False)


_DECLARING = re.compile(r"(?:declar|announc)(?:ed?|es|ing)", re.IGNORECASE)
_DEED_AFTER = re.compile(
    r"\s(?:(?:an?|the|its|his|her|their|martial|full)\s)?(?:[\w-]+\s){0,3}?(?:cease-?fire|truce|law|emergency|war|"
    r"curfew|independence|mobili[sz]ation|halt|blockade|sanctions|withdrawal|embargo)\b"
    r"(?!\s(?:is|are|was|were|has|have|had|will|would)\b)"
)


def _closing(page: PageText, sentence: Passage, cue: re.Match[str]) -> re.Match[str] | None:
    """The word of saying that closes a sentence after a comma and a name (``..., the envoy said``), if there is one."""
    for later in cues_in(page, cue.end(), sentence.end):
        rest = page.bare[later.end() : sentence.end]
        comma = page.bare.rfind(", ", cue.end(), later.start())
        if comma < 0 or not re.fullmatch(r"(?:\s(?:on )?\w+day)?[\s.\"']*", rest):
            continue
        name = trimmed(page.bare, comma + 1, later.start())
        words = page.bare[name.start : name.end].split()
        if (
            words
            and len(words) <= 8
            and not is_clause(page.bare, name)
            and words[0].lower() not in ("and", "but", "who")
        ):
            return later
    return None


def indirect(page: PageText, sentence: Passage, cue: re.Match[str], last: Passage | None = None) -> Attribution | None:
    """What a cue of a sentence tells, or None; ``last`` is who spoke before in the sentence."""
    plain, bare = page.plain, page.bare
    span = Passage(*cue.span())
    if _NO_SPEECH.fullmatch(cue.group()) and _closing(page, sentence, cue) is not None:
        return None  # The sides agreed to meet, the envoy said: it is the envoy who says so
    if _DECLARING.fullmatch(cue.group()) and _DEED_AFTER.match(plain, cue.end(), sentence.end):
        return None  # Red declared a truce: what was done, by whoever tells it
    begins = _after_setting(plain, cue, sentence.end)
    rest = plain[begins : sentence.end]
    passive = bare.startswith(" to ", cue.end()) and not cue.group().lower().endswith("ing")
    if passive and _DONE_TO.search(bare, sentence.start, cue.start()):
        return None  # they are expected to leave, they were told to stop: others say so
    source = source_of(page, sentence, cue)
    if (
        source is not None
        and _PLEDGING.fullmatch(cue.group())
        and (
            _SUPPOSED.search(plain, max(sentence.start, source.start - 20), source.start)
            or re.match(r"(?:Had|Were|Should|If|Unless)\b", source.of(plain))
        )
    ):
        return None
    if last is not None and cue.group().lower().endswith("ing") and _ADDING.search(bare, sentence.start, cue.start()):
        source = last  # ..., Red said, adding that
    if (inverted := _inverted(page, sentence, cue, source)) is not None:
        return inverted
    told = plain[cue.end() : sentence.end]
    that = re.match(r"\s+(?:(?!that\b)[\w'.-]+,?\s+){0,12}?that\s+", told)
    promised_act = _PLEDGING.fullmatch(cue.group()) and told.startswith(" to ")  # pledged to free those that it holds
    if (
        source is not None
        and that
        and not promised_act
        and not _FINITE.search(that.group())
        and not CUE.search(that.group())
    ):
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
        head = Passage(head.start, closed + 1)  # what stands between a quotation and a name is an office
    elif posed and source is not None and (office := _office(bare, head, source)) is not None:
        head = Passage(head.start, office)
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
    least = 1 if _DENYING.fullmatch(cue.group()) else LONG
    if source is None or len(rest.split()) < least or rest[:1] not in " ,:":
        return None
    to = r"\s+(?:by|about|in|at)\b" if cue.group().lower() in _WANTING else rf"\s+(?:to|by|about|in|on|at|{_WHERE})\b"
    if rest[:1] == " " and (
        re.match(rf"(?!\s+(?:at|about){_NUMBER_AHEAD}){to}", rest) or re.match(r"\s+(?:and|or)\b", rest)
    ):
        return None
    if _CLAUSE_ONLY.fullmatch(cue.group()) and not _CLAUSE.match(rest):
        return None
    end = _content_end(page, begins, sentence.end)
    if (later := _closing(page, sentence, cue)) is not None:  # Red told them to leave, two envoys said
        end = min(end, bare.rfind(", ", begins, later.start()))
    content = trimmed(plain, begins, end, ' \t,;:."')
    return Attribution(content, source, span, False) if content.start < content.end else None


def _after_setting(plain: str, cue: re.Match[str], end: int) -> int:
    """Where what is said starts: after the day, the hearer and the medium, where a clause of its own follows them."""
    at = cue.end()
    word = cue.group().lower()
    if word in ("told", "tells", "telling") and (hearer := _HEARER.match(plain, at, end)) is not None:
        at = hearer.end()
    while (when := _SAID_WHEN.match(plain, at, end)) is not None and when.end() > at:
        at = when.end()
    if at == cue.end():
        return at
    rest = plain[at:end]
    opened = re.match(
        r"\s+(?:that|the|an?|its?|he|she|they|his|her|their|there|\d|at least|more than|about|some|[A-Z\"])", rest
    )
    return at if len(rest.split()) >= LONG and (opened or _STATED.match(rest)) else cue.end()


def _office(bare: str, head: Passage, source: Passage) -> int | None:
    """Where an office starts that stands before a name (``..., the envoy to B, Ann Red, said``), or None."""
    name = bare[source.start : source.end].split()
    match = _OFFICE.search(bare, head.start, head.end)
    if match is None or len(name) < 2 or not all(word[:1].isupper() for word in name):
        return None
    return None if is_clause(bare, Passage(*match.span("office"))) else match.start("office")


def _interrupts(bare: str, head: Passage, cue_end: int, end: int) -> bool:
    """Whether a cue stands inside one sentence of content: ``The firm was strong, he said, until it failed.``"""
    rest = bare[cue_end:end]
    if bare[head.end - 1] != "," or len(rest.split()) < LONG:
        return False
    first = bare[head.start : head.end]
    setting = re.match(r"(?:on|in|at|after|during|since|last|for|with|by)\b", first, re.IGNORECASE)
    if setting and len(first.split()) <= 8:
        return False
    return bool(re.match(r",\s+(?!who|which|a |an |the |\w+ing\b)[a-z]", rest))


_PREDICATE = re.compile(
    r"\s+(?:are|is|was|were|will|would|have|has|had|must|shall|should|can|could|may|might)\s", re.IGNORECASE
)


def accorded(page: PageText, sentence: Passage, cue: re.Match[str]) -> Attribution | None:
    """What a sentence tells according to somebody, or None."""
    plain = page.plain
    stop = page.bare.find(",", cue.end(), sentence.end)
    leads = cue.start() - sentence.start < 3
    if leads and stop > 0:
        source = trimmed(plain, cue.end(), stop)
        return Attribution(trimmed(plain, stop, sentence.end, " ,."), source, Passage(*cue.span()), False)
    source = trimmed(plain, cue.end(), stop if stop > 0 else sentence.end, ' ,."')
    if _RELATIVE.match(plain, source.start):
        return None
    head = trimmed(plain, sentence.start, cue.start(), ' ,"')
    goes_on = stop > 0 and not is_clause(plain, head) and _PREDICATE.match(plain, stop + 1, sentence.end)
    if goes_on and head.start < head.end and plain[cue.start() - 2 : cue.start() - 1] == ",":
        rest = trimmed(plain, stop + 1, sentence.end, " ,.")  # The rebels, according to the plan, are to leave
        return Attribution(head, source, Passage(*cue.span()), False, more=(rest,))
    if source.start < source.end and head.end > head.start:
        return Attribution(head, source, Passage(*cue.span()), False)
    return None


# A whole text: quotations and cues, joined with their speakers.


_RECENT = 12  # speakers among whom a pronoun finds its own
_NEAR = 14  # words between a quotation and its cue
_NAMED_LINE = re.compile(r"\"?([A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]+){0,3}):\s")
_SIGNED = re.compile(r"\"?\s*-{1,2}\s*([A-Z][\w.'-]*(?:,? [\w.'-]+){0,6})\s*$")


def _teller(page: PageText, quote: Passage, start: int, end: int) -> tuple[Passage, Passage] | None:
    """Source and cue of a quotation between ``start`` and ``end``: the nearest cue outside quotations, that after it
    first where the quotation ends with a comma (``"X," said``)."""
    best: tuple[float, Passage, Passage] | None = None
    leads = page.plain[max(0, quote.end - 1) : quote.end + 1].strip()[:1] in (",", "?", "!")
    for cue in cues_in(page, start, end):
        follows = cue.start() >= quote.end
        gap = words_in(page.plain, *((quote.end, cue.start()) if follows else (cue.end(), quote.start)))
        if gap > _NEAR:
            continue
        sentence = Passage(quote.end + 1 if follows else start, end)
        source = (after(page.bare, cue.end(), end) if follows and gap <= 1 else None) or source_of(page, sentence, cue)
        source = source or (after(page.bare, cue.end(), end) if follows else None)
        if source is None:
            continue
        rank = gap + (0 if follows == leads else _NEAR)
        if best is None or rank < best[0]:
            best = (rank, source, Passage(*cue.span()))
    return (best[1], best[2]) if best else None


def _opening(page: PageText, sentence: Passage, quote: Passage) -> Passage | None:
    """Who a sentence is about that only sets words of theirs in quotation marks (``Red has gone after "the ...``)."""
    if words_in(page.bare, sentence.start, quote.start) < 2:
        return None
    return subject(page.bare, sentence.start, max(sentence.start, quote.start - 1))


def _marked_line(page: PageText, paragraph: Passage) -> Attribution | None:
    """``NAME: words`` of a transcript, or a quotation signed with a dash."""
    line = page.plain[paragraph.start : paragraph.end]
    if named := _NAMED_LINE.match(line):
        content = trimmed(page.plain, paragraph.start + named.end(), paragraph.end, ' "')
        source = Passage(paragraph.start + named.start(1), paragraph.start + named.end(1))
        return Attribution(content, source, None, True) if words_in(line, named.end(), len(line)) >= LONG else None
    if line.startswith('"') and (signed := _SIGNED.search(line)) and signed.start() > 0:
        content = trimmed(page.plain, paragraph.start, paragraph.start + signed.start(), ' "')
        source = Passage(paragraph.start + signed.start(1), paragraph.start + signed.end(1))
        return Attribution(content, source, None, True) if content.start < content.end else None
    return None


def _leads(page: PageText, paragraph: Passage) -> tuple[Passage, Passage] | None:
    """Source and cue of a paragraph that ends with ``the minister said:``; the next one is what was said."""
    if page.plain[paragraph.end : paragraph.end + 1] != ":" and page.plain[paragraph.end - 1] != ":":
        return None
    last = sentences(page.bare, paragraph)[-1]
    for cue in reversed(list(cues_in(page, last.start, last.end))):
        if words_in(page.bare, cue.end(), last.end) <= 4 and (source := source_of(page, last, cue)) is not None:
            return source, Passage(*cue.span())
    return None


# Who passes on what another said: ``Ann Red, quoted by the agency, said``, ``the agency quoted Ann Red as saying``.
_PASSED_ON = re.compile(r",\s(?:as\s)?(?:quoted|cited)\sby\s(?P<relay>[^,.;:\"]{2,80}?)\s*(?=[,.;:]|$)")
_SAYING_OF = re.compile(
    r"\b(?:quot|cit)(?:ed|es|ing|e)\s(?P<speaker>[^,.;:\"]{2,80}?)\sas\s(?:also\s)?(?:saying|telling|stating|having\ssaid)\b"
)
_WAS_QUOTED = re.compile(
    r"\s(?:was|were|is|are|has\sbeen|have\sbeen)\s(?:also\s)?(?:quoted|cited)(?:\sby\s(?P<relay>[^,.;:\"]{2,80}?))?"
    r"\sas\s(?:saying|telling|stating|having\ssaid)(?:\sby\s(?P<later>[^,.;:\"]{2,80}?)(?=[,.;:]|$))?"
)


def _passed_on(page: PageText, sentence: Passage) -> Attribution | None:
    """What one is told to have said by another who is named in the same clause, or None."""
    if (match := _WAS_QUOTED.search(page.bare, sentence.start, sentence.end)) is not None:
        name = "relay" if match["relay"] else "later"
        relay = Passage(*match.span(name)) if match[name] else None
        source = before(page.bare, sentence.start, match.start())
    elif (match := _SAYING_OF.search(page.bare, sentence.start, sentence.end)) is not None:
        source = Passage(*match.span("speaker"))
        relay = subject(page.bare, sentence.start, match.start()) or before(page.bare, sentence.start, match.start())
    else:
        return None
    if source is None:
        return None
    cue = Passage(match.start() + len(match.group()) - len(match.group().lstrip()), match.end())
    head = trimmed(page.plain, sentence.start, source.start, ' \t,"')
    content = trimmed(page.plain, match.end(), sentence.end, _LOOSE_ENDS)
    if match.re is _WAS_QUOTED and words_in(page.plain, head.start, head.end) >= LONG:
        content = head  # Three were killed, the governor was quoted as saying
    return Attribution(content, source, cue, False, relay=relay) if content.start < content.end else None


def _sentence(page: PageText, sentence: Passage) -> list[Attribution]:
    """Attributions of one sentence that a cue outside quotations makes."""
    if (passed := _passed_on(page, sentence)) is not None:
        return [passed]
    parts = _told_in(page, sentence)
    relay = _PASSED_ON.search(page.bare, sentence.start, sentence.end)
    if relay is None:
        return parts
    by = Passage(*relay.span("relay"))
    own = [one for one in parts if one.cue is not None and not relay.start() <= one.cue.start < relay.end()]
    near = [
        replace(one, relay=by) if one.source is not None and one.source.start < relay.start() else one for one in own
    ]
    return near if any(one.relay for one in near) else parts


def _told_in(page: PageText, sentence: Passage) -> list[Attribution]:
    parts: list[Attribution] = []
    passed = [m.span() for m in _PASSED_ON.finditer(page.bare, sentence.start, sentence.end)]
    if not any(cue.start() >= end for _, end in passed for cue in cues_in(page, end, sentence.end)):
        passed = []  # X, quoted by Y, said: the words are those of X; without a cue of X they are told by Y
    cue = ACCORDING.search(page.bare, sentence.start, sentence.end)
    if cue is not None and not any(start <= cue.start() < end for start, end in passed):
        parts += [one] if (one := accorded(page, sentence, cue)) else []
    for word in cues_in(page, sentence.start, sentence.end):
        if any(p.start <= word.start() < p.end for m in parts for p in m.pieces):
            continue
        if any(start <= word.start() < end for start, end in passed):
            continue
        if any(m.cue is not None and m.cue.start <= word.start() < m.cue.end for m in parts):
            continue
        if (one := indirect(page, sentence, word, parts[-1].source if parts else None)) is not None and not any(
            one.content.start < p.end and p.start < one.content.end for m in parts for p in m.pieces
        ):
            parts.append(one)
    if not parts and (one := _counting(page, sentence)) is not None:
        parts.append(one)
    return parts


_NO_SPEECH = re.compile(
    r"(?:want|plan|fear|intend|wish|threaten|seek|hope|expect|know|feel|ask|demand|believ|think|thought|show|find|"
    r"found|learn|agree|accept|refus|reject)\w*",
    re.IGNORECASE,
)


def _speaks(page: PageText, one: Attribution) -> bool:
    """Whether a cue tells that somebody spoke, so that a quotation may go on with their words."""
    return one.quoted or one.cue is None or _NO_SPEECH.fullmatch(one.cue.of(page.plain)) is None


# Who counted: ``The ministry put the toll at 41``, ``A report by the monitor documented the deaths of 10 people``.
_COUNTING = re.compile(
    r"\s(?:has |have |had |also |so far |since |again )*(?:puts? (?=(?:the|its)\b[^.;]{0,60}?\b(?:toll|number|figure|"
    r"count|total)\b[^.;]{0,40}? at )|"
    r"(?:documented|recorded|registered|counted|verified|tallied|logged) (?=(?:[\w-]+ ){0,6}?(?:\d|a total|at least|"
    r"more than|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|\w+teen|\w+ty|dozens|hundreds|thousands)))"
)


def _counting(page: PageText, sentence: Passage) -> Attribution | None:
    """What somebody counted, told with who counted it, or None."""
    match = _COUNTING.search(page.bare, sentence.start, sentence.end)
    if match is None or words_in(page.bare, sentence.start, match.start()) > _USUAL:
        return None
    source = subject(page.bare, sentence.start, match.start() + 1) or before(page.bare, sentence.start, match.start())
    content = trimmed(page.plain, match.end(), sentence.end, _LOOSE_ENDS)
    if source is None or not source.end <= match.start() + 1 or content.start >= content.end:
        return None
    if page.bare[source.start : source.end].split()[0].lower() in ("it", "they", "he", "she", "who", "which"):
        return None
    return Attribution(content, source, Passage(match.start() + 1, match.end() - 1), False)


_LOOSE_ENDS = ' \t,;:."'


def _covers(parts: list[Attribution], quote: Passage) -> bool:
    return any(p.start <= quote.start and quote.end <= p.end + 2 for m in parts for p in m.pieces)


def _paragraph(page: PageText, text: str, paragraph: Passage, speaker: Passage | None) -> list[Attribution]:
    if (whole := _marked_line(page, paragraph)) is not None:
        return [whole]
    parts = sentences(text, paragraph)
    inside = page.quoted[bisect_left(page.starts, paragraph.start) : bisect_left(page.starts, paragraph.end)]
    every: list[Attribution] = []
    open_quote = -1  # the place in ``every`` of the quotation that a following one goes on from
    for number, sentence in enumerate(parts):
        mine = [q for q in inside if sentence.start <= q.start < sentence.end]
        long = [q for q in mine if words_in(page.plain, q.start, q.end) >= LONG]
        # The end of a quotation over several sentences is told already, with its start.
        told_of = [p for f in every for p in f.pieces]
        direct = [
            m
            for m in _sentence(page, sentence)
            if not any(p.start <= m.content.start and m.content.end <= p.end for p in told_of)
        ]
        if direct and all(_covers(direct, q) for q in long):
            quoting = [any(p.start <= q.start < p.end for q in long for p in m.pieces) for m in direct]
            every += [replace(m, quoted=q) for m, q in zip(direct, quoting, strict=True)]
            open_quote = len(every) - 1 if quoting[-1] else -1
            speaker = next((m.source for m in reversed(direct) if m.source and _speaks(page, m)), None) or speaker
            continue
        for quote in long:
            last = next((k for k, s in enumerate(parts) if s.start <= max(quote.start, quote.end - 1) < s.end), number)
            teller = _teller(page, quote, parts[number].start, parts[last].end)
            if teller is None and open_quote < 0:
                # After a full stop, a next sentence with a content of its own is about something else.
                apart = page.plain[quote.end - 1] in ".!?" and last + 1 < len(parts)
                aside = apart and _sentence(page, parts[last + 1])
                for k in (number - 1,) if aside else (last + 1, number - 1):
                    if teller is None and 0 <= k < len(parts):
                        teller = _teller(page, quote, parts[k].start, parts[k].end)
            source, cue = teller or (None, None)
            same = open_quote >= 0 and (cue is None or cue == every[open_quote].cue)
            if same:
                before_it = every[open_quote]
                every[open_quote] = replace(before_it, more=(*before_it.more, quote))
                continue
            around = None if teller else _opening(page, sentence, quote)
            own = next(cues_in(page, parts[number].start, parts[last].end), None)  # somebody else is said to speak here
            carried = teller is None and around is None and speaker is not None and own is None
            source = source or around or (speaker if carried else None)
            every.append(Attribution(quote, source, cue, True, carried))
            speaker = source or speaker
            open_quote = len(every) - 1
        if not long and not mine:
            open_quote = -1
    return every


def attributions(text: str) -> list[Attribution]:
    """Return the attributions of a text in order. ``text`` must be ``anchors.normal``.

    Quotations take the nearest cue of their sentence or of the one before or after in the paragraph; further ones of a
    paragraph go on from the first; without a cue, the speaker of the quotation before is carried over. Quotations of
    one or two words are left to the content around.
    """
    plain = plain_view(text)
    quoted = quotations(text)
    page = PageText(plain, masked(plain, quoted), quoted, [q.start for q in quoted])
    every: list[Attribution] = []
    speakers: list[Passage] = []
    lead: tuple[Passage, Passage] | None = None
    for paragraph in paragraphs(text):
        parts = _paragraph(page, text, paragraph, speakers[-1] if speakers else None)
        if lead is not None and not parts and words_in(plain, paragraph.start, paragraph.end) >= LONG:
            parts = [Attribution(paragraph, *lead, False)]
        lead = _leads(page, paragraph)
        for one in parts:
            named = resolve(text, one.source, speakers[-_RECENT:]) or body(text, one.source) if one.source else None
            negated = one.cue is not None and is_negated(page.bare, one.cue.start)
            every.append(replace(one, named=named, negated=negated))
            if one.source:
                speakers.append(one.source)
        if lead is not None:
            speakers.append(lead[0])
    return every
