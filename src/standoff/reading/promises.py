"""Promises, threats, demands and clauses: who is bound, to whom, on which condition, to do what, by when.

What binds nobody (a forecast, an expectation, an onlooker's warning) is no commitment. Whose act it is must be told:
the speaker's own side, somebody who is asked, or somebody whom a deal binds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from standoff.oneline import OneLine
from standoff.reading.dates import printed
from standoff.reading.page import Passage, trimmed

_IF = re.compile(
    r"\b(?:if(?! (?:needed|necessary|possible|any|not|so|only)\b)|unless|in (?:the )?(?:case|event) (?:of|that)|"
    r"should (?=(?:the|they|he|she|it|any|its|their|our|we|his|"
    r"her|"
    r"[A-Z]\w+|\w+s)\b)|provid(?:ed|ing)(?: that)?(?= \w+ \w+)|(?:on|under) (?:the )?condition that|(?:as|so) "
    r"long as|"
    r"in (?:return|exchange) for|only (?:if|when|after)|"
    r"once (?=(?:the|they|he|she|it|its|their|our|we|a|an|all|both|[A-Z]\w+|\w+s)\b(?! (?:more|again|said)\b))|"
    r"until (?=(?:the|they|he|she|it|its|their|our|we|all|both|[A-Z]\w+|\w+s)\b(?: [\w'-]+){0,6}? (?:is|are|was|were|"
    r"has|have|had|\w+s|"
    r"\w+ed)\b))\s*",
    re.IGNORECASE,
)
_MODAL = r"(?:would|will|shall|could|may|might|must|won't|cannot|can)"
_SUBJECT = re.compile(rf"\s*\"?(?P<who>(?:\S+\s+){{1,7}}?){_MODAL}\b", re.IGNORECASE)
_OUGHT = re.compile(
    r"\s*\"?(?P<who>(?:\S+\s+){1,7}?)(?:(?:is|are|was|were) (?:to|obliged to|required to|bound to|supposed to|"
    r"due to)|"
    r"(?:has|have|had) to|must|shall|should|undertakes? to|undertook to|commits? to|committed to)\b",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:we|i|he|she|they|it|(?:his|her|its|their|our|the country's|the group's) (?:[\w-]+ ){0,3}?[\w-]+)$",
    re.IGNORECASE,
)
_BOUND = re.compile(rf"\b(?:{_MODAL}|'ll|going to|to)\b|'ll\b", re.IGNORECASE)
_BINDING = re.compile(r"\b(?:would|will|shall|won't|going to)\b|'ll\b", re.IGNORECASE)
_LOOSE = re.compile(r"\b(?:could|may|might|can)\b", re.IGNORECASE)
_SPLIT = re.compile(r"[,;]\s|\bthen\b")
# Acts that harm whom they are done to; who says that they will do so threatens.
HARM = re.compile(
    r"\b(?:strik\w+|struck|hit(?:ting)?|attack\w*|bomb\w*|retaliat\w*|respon[ds]\w*|reply|answer\w*|react\w*|act "
    r"(?:\w+ )*?(?:strongly|firmly|"
    r"decisively)|punish\w*|crush\w*|destroy\w*|target\w*|shell\w*|fir(?:e|ing) (?:on|at|back)|shoot\w*|kill\w*|"
    r"force\b|(?:return|open)(?:s|ing|ed)? fire|"
    r"military (?:action|operation|means)|what(?:ever)? is necessary|necessary|consequences|price|"
    r"clos(?:e[sd]?|ing) (?:\w+ "
    r"){0,3}?(?:border|"
    r"crossing|road|strait)|sanction\w*|cut (?:off|ties|aid)|invad\w*|offensive|war\b|resum\w+ (?:the )?(?:attack|"
    r"offensive|fight)\w*|"
    r"wipe out|eliminat\w*|block\w*|expel\w*|suspend\w*|withdraw from the (?:deal|agreement|truce|cease-?fire|talks)|"
    r"(?:open|let)\w* (?:\w+ ){0,4}?(?:refugees|migrants|gates|borders?)|not stop (?:\w+ ){0,3}?(?:refugees|"
    r"migrants)|counter\w*|assault\w*|"
    r"storm\w*|not hesitate|not remain (?:silent|idle)|not stand idle|avenge\w*|revenge)\b",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"^[\s\"]*(?:(?:any|every)\s(?P<if>(?:[\w'-]+\s){1,12}?)|(?P<act>an?\s(?:attack|assault|strike|aggression|use of "
    r"force|incursion)\b"
    r"(?:\s[\w'-]+){0,8}?\s))(?P<then>(?:will|would|shall)\s|(?:is|will be|would be)\s(?:considered\s|seen\s|"
    r"treated\s)?(?:as\s)?an? "
    r"(?:attack|declaration))",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"\b(?:reserv|retain)\w* (?:the|its|their) (?:full )?right to\b|\b(?:has|have|had) (?:the|every|a|an) (?:(?:full|"
    r"absolute|legitimate) )?right to (?=respond|retaliate|defend|strike|attack|hit|chase)",
    re.IGNORECASE,
)
_DEAL = re.compile(
    r"\b(?:under|by|in|as part of|according to|per) (?:the|an?|this|that|its|their) (?:[\w-]+ ){0,4}?(?:deal|"
    r"agreement|accord|"
    r"memorandum|truce|cease-?fire|plan|protocol|terms|resolution|declaration|pact|treaty|arrangement)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:deal|agreement|accord|memorandum|truce|cease-?fire|plan|protocol|resolution|pact|treaty|"
    r"terms)\b[^.;]{0,40}?\b(?:requires?|"
    r"required|obliges?|obliged|stipulates?|stipulated|calls? (?:for|on)|called (?:for|on)|provides? for|provided "
    r"for|commits?|committed)\b",
    re.IGNORECASE,
)
_REQUIRES = re.compile(
    r"\b(?:requires?|required|obliges?|obliged|commits|committed|binds|bound|calls on|called on|calls for|called for|"
    r"compels)\s+(?P<who>(?:[\w'’-]+,?\s+){1,8}?)to\s+"
)
# What a deal that opens the sentence binds to: under the accord the fighters will lay down their weapons.
_TO_COME = re.compile(
    r"(?: of \d{4})?,? (?:[\w'’-]+ ){1,7}?(?:will|would|shall) (?!be (?:an?|the)\b)[a-z]+", re.IGNORECASE
)
_ASK = re.compile(
    r"^\s*(?:that\s+)?(?P<who>(?!to\b|that\b|(?:an?|the)\s(?:\w+\s)?(?:end|halt|stop)\b)"
    r"(?:[\w'’.-]+,?\s+){1,9}?)(?P<to>(?:not )?to|immediately|pull|withdraw|"
    r"release|stop|leave|end|"
    r"allow|hand|halt|lift|open|be)\b\s*",
)
_TO = re.compile(r"^[\s\"]*(?:that\s+)?(?:not\s+)?to\s+", re.IGNORECASE)
_WITHIN = re.compile(
    r"\b(?:within|in the next|in less than|no later than)\s+(?P<span>(?:an?|the next|the coming|\d+|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|"
    r"twelve|fifteen|twenty|thirty|sixty|ninety)\s+(?:hours?|days?|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
_AGENT = re.compile(
    r"\b(?:army|armies|forces?|troops|government|authorities|rebels?|parties|party|sides?|militias?|militants|"
    r"fighters|group|"
    r"movement|coalition|guarantors?|soldiers|police|ministry|military|regime|leaders?|president|minister|opposition|"
    r"front|council|"
    r"state|country|countries|kingdom|factions?|separatists|insurgents)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:there|this|that|these|those|which|who|what|nothing|nobody|people|civilians|prices|thousands|millions|"
    r"hundreds)\b",
    re.I,
)
_OBJECT = re.compile(
    r"^\s*(?P<to>(?:the\s+)?(?:[A-Z][\w'’.-]*)(?:\s+(?:and\s+)?[A-Z][\w'’.-]*){0,3})\s+(?:on \w+day\s+)?(?:that|to|"
    r"it|he|they|of|not)\b"
)
_OWNED = re.compile(r"['’]s?\b")
_DROP = ' \t,;:."'


@dataclass(frozen=True, slots=True, repr=False)
class Terms(OneLine):
    """Spans of a text: the condition (None if there is none), the consequence, and who is bound (None: the speaker)."""

    condition: Passage | None
    consequence: Passage
    debtor: Passage | None


def _debtor(plain: str, consequence: Passage) -> Passage | None:
    subject = _SUBJECT.match(plain, consequence.start, consequence.end) or _OUGHT.match(
        plain, consequence.start, consequence.end
    )
    if subject is None:
        return None
    span = trimmed(plain, *subject.span("who"), ' \t,;:"')
    for lead in ("that ", "and ", "but ", "then "):
        if plain[span.start : span.end].lower().startswith(lead):
            span = trimmed(plain, span.start + len(lead), span.end)
    comma = plain.rfind(", ", span.start, span.end)
    if comma > 0 and _DEAL.search(plain, span.start, comma):
        span = Passage(comma + 2, span.end)
    words = plain[span.start : span.end]
    return None if not words or _SELF.match(words) else span


def _any(plain: str, content: Passage) -> Terms | None:
    """``Any attack will be answered``: the subject is the condition."""
    match = _ANY.match(plain[content.start : content.end])
    if match is None:
        return None
    name = "if" if match["if"] else "act"
    condition = trimmed(plain, content.start + match.start(name), content.start + match.end(name), _DROP)
    return Terms(condition, trimmed(plain, content.start + match.start("then"), content.end, _DROP), None)


def terms(plain: str, content: Passage, realis: str) -> Terms | None:
    """Find the terms of a content told as ``realis``, or None when it binds nobody.

    ``plain`` must be ``plain_view``. With a condition, the consequence is the clause before or after it that has a
    modal verb; without one, only what is threatened or promised has terms.
    """
    if (whole := _any(plain, content)) is not None:
        return whole
    mark = _IF.search(plain, content.start, content.end)
    if mark is None:
        if realis not in ("threatened", "promised"):
            return None
        return Terms(None, content, _debtor(plain, content))
    comma = _SPLIT.search(plain, mark.end(), content.end)
    end = comma.start() if comma else content.end
    condition = trimmed(plain, mark.end(), end, _DROP)
    later = Passage(comma.end(), content.end) if comma else Passage(content.end, content.end)
    sooner = Passage(content.start, mark.start())
    # Prefer the clause after the condition; the one before it where the condition closes the sentence.
    for clause in (later, sooner):
        bound = clause.start < clause.end and (
            _BOUND.search(plain, clause.start, clause.end) or _OUGHT.match(plain, clause.start, clause.end)
        )
        if bound:
            consequence = trimmed(plain, clause.start, clause.end, _DROP)
            if consequence.start < consequence.end and condition.start < condition.end:
                return Terms(condition, consequence, _debtor(plain, consequence))
    return None


def _words(plain: str, span: Passage | None) -> str:
    return "" if span is None else " ".join(plain[span.start : span.end].split()).strip(_DROP)


_BEFORE = re.compile(r"\bbefore\s*(?:the\s*)?$", re.IGNORECASE)
_YET = re.compile(r"\b(?:will|must|shall|is to|are to|has to|have to)\b")


def deadline(words: str, published: date | None) -> str:
    """The last day to act that some words print, as EDTF, or the span in words (``two weeks``), or an empty string."""
    for one in printed(words):
        if one.how != "by" or (days := one.means(published, ahead=True)) is None:
            continue
        if (
            published is not None
            and days[1] < published
            and not {"year", "shift"} & set(one.parts)
            and _YET.search(words)
        ):
            if (
                later := one.means(published.replace(year=published.year + 1, day=min(28, published.day)), ahead=False)
            ) is None:
                continue
            days = later
        last = days[1]
        if _BEFORE.search(words[: one.span.start]) and "day" in one.parts:  # the day itself is too late
            last -= timedelta(days=1)
        return last.isoformat()
    within = _WITHIN.search(words)
    return f"within {' '.join(within['span'].split())}" if within else ""


@dataclass(frozen=True, slots=True, repr=False)
class Speaker(OneLine):
    """Who says something: the words that name them, whether nobody is named, and whether they only look on."""

    words: str
    narrator: bool = False
    onlooker: bool = False
    parties: Callable[[str], set[str]] | None = None  # the actors of the case that some words name


# Who speaks of a state and not for it.
_OTHER_SIDE = re.compile(
    r"\b(?:rebels?|opposition|militants?|militias?|activists?|residents?|witness\w*|observatory|monitors?|front|"
    r"movement|"
    r"guerrillas?|insurgents?|separatists?|fighters?|diplomats?|newspaper|report)\b",
    re.IGNORECASE,
)
# What is granted: what a side says that it will allow, release or open, it promises.
_GRANT = re.compile(
    r"\s*(?:allow|let|permit|release|free|re-?open|open|lift|withdraw|return|hand|halt|cease|respect|observe|"
    r"admit|extend)\b"
)


def _own(who: str, speaker: Speaker, states: re.Pattern[str]) -> bool:
    """Whether an act is one of the speaker's own side: ``we``, ``its forces``, or a state whose official speaks."""
    if not who or _SELF.match(who):
        return True
    if any(len(w) > 3 and w in speaker.words for w in re.findall(r"[A-Z][\w-]+", who)):
        return True
    if speaker.parties is not None and (mine := speaker.parties(speaker.words)) and (theirs := speaker.parties(who)):
        return bool(mine & theirs)  # the ministry in Bangkok says what Thai forces will do
    other = states.search(speaker.words)
    state = states.search(who)
    if state and other:
        return state[0] == other[0]  # a US adviser says that the US will act
    return bool(state and not _NOBODY.match(who) and not _OTHER_SIDE.search(speaker.words))


def commitment(
    plain: str,
    content: Passage,
    cue: str,
    realis: str,
    speaker: Speaker,
    states: re.Pattern[str],
    published: date | None,
) -> tuple[dict[str, Any], str, Terms] | None:
    """What a content binds somebody to: the record, how it is told, and its spans; None where it binds nobody.

    The record has ``form``, ``debtor`` (words; empty: not told), ``creditor``, ``if``, ``then`` and ``by``, each only
    where the text gives it.
    """
    if (saying := _by_word_of_saying(plain, content, cue, realis, speaker, states, published)) is not None:
        return saying
    if speaker.onlooker or (owed := _owed(plain, content, cue, realis, speaker, published)) is None:
        return None
    spans, form, how = owed
    words = plain[content.start : content.end]
    return _record(plain, spans, form, speaker, published, words, cue), how, spans


def _by_word_of_saying(
    plain: str,
    content: Passage,
    cue: str,
    realis: str,
    speaker: Speaker,
    states: re.Pattern[str],
    published: date | None,
) -> tuple[dict[str, Any], str, Terms] | None:
    """What a content binds to by its word of saying, by its modal verbs and conditions, or by readiness."""
    words = plain[content.start : content.end]
    found = terms(plain, content, realis)
    verb = cue.lower()
    if speaker.onlooker and not verb.startswith(("demand", "urg", "call", "request", "appeal")):
        return None
    if verb.startswith(("promis", "pledg", "vow", "threat", "agree", "offer")) or (
        _TO.match(words) and verb.startswith(("plan", "intend", "prepar"))
    ):
        how = (
            "threatened"
            if verb.startswith("threat")
            or (HARM.search(_words(plain, found.consequence if found else content)) and not verb.startswith("agree"))
            else "promised"
        )
        if verb.startswith("offer"):
            how = "offered"
        if verb.startswith("agree") and not (_TO.match(words) or _BINDING.search(words)):
            return None
        found = found or Terms(None, trimmed(plain, content.start, content.end, _DROP), _debtor(plain, content))
        return (
            _record(
                plain,
                found,
                {"threatened": "threat", "promised": "promise", "offered": "offer"}[how],
                speaker,
                published,
                words,
                cue,
            ),
            how,
            found,
        )
    asking = verb.startswith(
        ("demand", "urg", "call", "ask", "request", "appeal", "order", "insist", "press", "want", "advis")
    )
    if (
        asking
        and realis in ("demanded", "requested")
        and verb
        and (asked := _ASK.match(words))
        and not _BINDING.search(asked["who"])
    ):
        who = trimmed(plain, content.start + asked.start("who"), content.start + asked.end("who"), _DROP)
        then = trimmed(plain, content.start + asked.start("to"), content.end, _DROP)
        if found is not None and found.condition is not None and found.condition.start > then.start:
            then = trimmed(plain, then.start, found.condition.start, _DROP)
        spans = Terms(found.condition if found else None, then, who)
        return _record(plain, spans, "demand", speaker, published, words, cue), realis, spans
    if (
        verb.startswith("warn")
        and found is not None
        and realis == "threatened"
        and found.condition is None
        and not _BINDING.search(words)
    ):
        return None
    if (right := _RIGHT.search(words)) is not None:
        then = trimmed(plain, content.start + right.end(), content.end, _DROP)
        spans = Terms(None, then if then.start < then.end else content, None)
        return _record(plain, spans, "warning", speaker, published, words, cue), "threatened", spans
    lead = _DEAL.match(words.lstrip(' "'))
    to_come = lead is not None and _TO_COME.match(words.lstrip(' "')[lead.end() :]) is not None
    if (_DEAL.search(words) and _OUGHT.match(words.partition(", ")[2] or words)) or to_come or _CLAUSE.search(words):
        start = content.start + (words.find(", ") + 2 if _DEAL.match(words) and ", " in words else 0)
        if lead is not None and to_come:
            start = content.start + len(words) - len(words.lstrip(' "')) + lead.end()
        body = trimmed(plain, start, content.end, _DROP)
        if (asks := _REQUIRES.search(plain, start, content.end)) is not None:
            who = trimmed(plain, asks.start("who"), asks.end("who"), _DROP)
            spans = Terms(found.condition if found else None, trimmed(plain, asks.end("who"), content.end, _DROP), who)
            how = "demanded" if realis in ("demanded", "asserted", "predicted") else realis
            return _record(plain, spans, "clause", speaker, published, words, cue), how, spans
        spans = found if found and found.condition else Terms(None, body, _debtor(plain, body))
        return (
            _record(plain, spans, "clause", speaker, published, words, cue),
            "demanded" if realis in ("demanded", "asserted", "predicted") else realis,
            spans,
        )
    if (
        found is None
        and not speaker.narrator
        and _BINDING.search(words)
        and not _LOOSE.search(words[: max(1, len(words) // 2)])
    ):
        found = Terms(None, trimmed(plain, content.start, content.end, _DROP), _debtor(plain, content))
        subject = _SUBJECT.match(words)
        if subject is None or not _SELF.match(" ".join(subject["who"].split()).removeprefix("that ")):
            subject_words = _words(plain, found.debtor)
            if (
                subject is None
                or not (HARM.search(words[subject.end() :][:60]) or _GRANT.match(words, subject.end()))
                or not _own(subject_words, speaker, states)
            ):
                return None
    if found is None and (aim := _aim(plain, content)) is not None:
        spans, form, how = aim
        return _record(plain, spans, form, speaker, published, words, ""), how, spans
    if found is None:
        due = re.match(
            r"\s*(?:that )?(?P<who>(?:[A-Z][\w'-]*|the [\w'-]+|[a-z][\w'-]+)(?:\s[\w'-]+){0,4}?)\s(?:is|are) to\s"
            r"(?!be\b|blame\b)",
            words,
        )
        if due is None or not deadline(words, published):
            return None
        if due["who"][0].islower() and not due["who"].startswith("the ") and not _ACTING.search(due["who"]):
            return None
        found = Terms(None, content, Passage(content.start + due.start("who"), content.start + due.end("who")))
        return _record(plain, found, "clause", speaker, published, words, cue), "demanded", found
    owed = _words(plain, found.consequence)
    debtor = _words(plain, found.debtor)
    subject = _SUBJECT.match(owed)
    named = (" ".join(subject["who"].split()) if subject else "").removeprefix("that ")
    if _NOBODY.match(named) or (_LOOSE.search(owed) and not _BINDING.search(owed)):
        return None
    if speaker.narrator:
        if found.condition is None or not (
            _AGENT.search(named) or re.match(r"(?:the )?[A-Z]\w+$", named) or states.search(named)
        ):
            return None
        if not _BINDING.search(owed):
            return None
        how = "conditional"
    else:
        any_act = found.condition is not None and _ANY.match(words) is not None
        if not any_act and not _BINDING.search(owed):
            return None
        own_threat = realis == "threatened" and HARM.search(named) is not None  # air strikes would resume
        if not any_act and not own_threat and not _own(debtor, speaker, states):
            return None
        if own_threat:
            found = Terms(found.condition, found.consequence, None)
        harm = HARM.search(owed) is not None or any_act
        how = "threatened" if harm else "promised" if found.condition is None else "conditional"
        if re.search(r"\b(?:would|will) not\b|\bwon't\b|\bno\b", owed[:60]) and not harm and found.condition is None:
            how = "refused"
    form = {"threatened": "threat", "promised": "promise", "refused": "refusal"}.get(how, "promise")
    return _record(plain, found, form, speaker, published, words, cue), how, found


# A name begins where a word does: else a word of 10,000 letters would be tried from each of them.
_WHO = r"(?<![\w-])(?P<who>(?:[Tt]he |[Ii]ts |[Tt]heir )?(?:[A-Z][\w'’-]*|[\w-]+)(?: [\w'’-]+){0,4}?)"
_HAVE = r"(?: (?:has|have|had|is|are|was|were|itself|also|now|still|already|repeatedly|\w+ly)){0,3}"
# Readiness, threats as nouns, offers and refusals that a text tells without a word of saying.
_AIMS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), form, how)
    for pattern, form, how in (
        (
            rf"{_WHO}{_HAVE} (?:not|never) (?:ready|willing|prepared|going|about) to (?P<then>[^.;]+)",
            "refusal",
            "refused",
        ),
        (
            rf"{_WHO}{_HAVE} (?:prepared|ready|preparing|poised|set|determined|resolved|gearing up) (?:to|for) "
            rf"(?P<then>[^.;]+)",
            "warning",
            "predicted",
        ),
        (
            rf"{_WHO} (?:will|would) (?:not|never) (?P<then>(?:accept|allow|tolerate|permit|give up|leave|stop|back "
            rf"down|retreat|"
            r"withdraw|abandon|surrender|hesitate|recogni[sz]e)\b[^.;]*)",
            "refusal",
            "refused",
        ),
        (
            r"(?P<who>(?:[Tt]he )?[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,2}?)(?:['’]s?)? (?:repeated |open |latest "
            r")?(?:threats?|warnings?|ultimatums?) "
            r"(?:to|of|that) (?P<then>[^.;,]+)",
            "threat",
            "threatened",
        ),
        (
            rf"{_WHO}{_HAVE} (?:offered|offering|offers|proposed|proposing|proposes) (?P<then>(?:to|[A-Z]\w+ (?:the|"
            rf"an?|to|its|protection))\b"
            r"[^.;]*)",
            "offer",
            "offered",
        ),
        (
            rf"{_WHO}{_HAVE} (?:pressed|pressing|encouraged|encouraging|invited|pressured|told) (?P<to>(?:[Tt]he "
            rf")?(?:[A-Z][\w'’-]*|[\w-]+)"
            r"(?: [\w'’-]+){0,4}?) to (?P<then>(?!the\b|an?\b)[^.;]+)",
            "demand",
            "requested",
        ),
        (
            rf"{_WHO}{_HAVE} (?:[a-z]+ ){{0,6}}?threaten(?:s|ed|ing) (?:that|to) (?P<then>[^.;]+)",
            "threat",
            "threatened",
        ),
        (
            rf"{_WHO}{_HAVE} (?:raised|raises|raising|floated|floating|held out|holding out|brandish\w*) the "
            r"(?:prospect|possibility|threat|spectre|specter|option)(?: (?:on |late |last )*\w+day)? of "
            r"(?P<then>[^.;]+)",
            "warning",
            "threatened",
        ),
        (
            r"(?P<if>[^.;,]{4,80}?) (?:is|are|was|were|would be|remains?|as) (?:an? |its |their )?red lines? (?:for|"
            r"of) (?P<who>[^.;,]{2,60})",
            "red-line",
            "threatened",
        ),
        (
            r"(?P<who>\b)(?:deal|agreement|accord|memorandum|truce|commitment)s?(?: [\w’'-]+){0,8}?,? (?:whereby|"
            r"under which|which (?:limit|oblig|requir|"
            r"provid|bind|allow|commit)\w*|that (?:limit|oblig|requir|provid|bind|commit)\w*|consisted of|consists "
            r"of) (?P<then>[^.;]+)",
            "clause",
            "asserted",
        ),
    )
)


_NAME = (
    r"(?<![\w'’-])(?:[Tt]he |[Aa] |[Ii]ts |[Tt]heir |[Hh]is |[Hh]er |[Bb]oth |[Aa]ll |[Ee]ach |[Ee]very |[Nn]either |"
    r"[Nn]o |[Aa]ny )?"
)
_PARTY = rf"(?P<who>{_NAME}[\w'’-]+(?: (?:of|and|the|[\w'’-]+)){{0,6}}?)"
_CARRIED_OUT = (
    r"(?:withdrawn|removed|released|returned|lifted|handed|exchanged|opened|reopened|evacuated|disbanded|dismantled|"
    r"halted|suspended|disarmed|demobili[sz]ed|repatriated|surrendered|destroyed|freed|restored|paid|ceded|"
    r"transferred|vacated|established|deployed|stopped|ended|closed|admitted|respected|protected|guaranteed|"
    r"carried out)"
)
_ACTING = re.compile(
    r"\b(?:forces?|troops|army|armies|fighters|rebels?|guns?|weapons|prisoners?|hostages?|detainees|captives|sides?|"
    r"part(?:y|ies)|governments?|powers?|militias?|militants|factions?|units?|soldiers?|garrisons?|fleet|posts?|"
    r"siege|blockade|sanctions|mines|tanks|artillery|movement|authorities|state|states|kingdom|republic|"
    r"presidents?|ministers?|officials|leaders?|commanders?|council|coalition|mercenaries|police|settlers|"
    r"guarantors?|"
    r"groups?|guerrillas|paramilitar(?:y|ies)|parliaments?|signator(?:y|ies)|community|nations|countries|union|"
    r"he|she|it|they|we)\b",
    re.IGNORECASE,
)
_THEM = r"(?P<to>(?:the |its |their |all |both |any )?(?:[A-Z][\w'’-]*|[a-z][\w'’-]*)(?: [\w'’-]+){0,4}?)"
_SPAN = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|\w+ty|\w+teen|\w+ty-\w+)"
# What binds by the words of the act itself, whoever tells it: duties, days of grace, guarantees, refusals, permissions.
_DUTIES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), form, how)
    for pattern, form, how in (
        (
            rf"{_PARTY}{_HAVE} (?:gave|given|give|gives) {_THEM} (?P<by>(?:{_SPAN}|another {_SPAN}) (?:hours?|days?|"
            rf"weeks?|months?)|until [\w :.]{{2,30}}?) to (?P<then>[^.;]+)",
            "ultimatum",
            "demanded",
        ),
        (
            rf"{_PARTY} (?:has|have|had) (?P<by>(?:until|till) [\w :.]{{2,30}}?|{_SPAN} (?:hours?|days?|weeks?)) to "
            rf"(?P<then>[^.;]+)",
            "ultimatum",
            "demanded",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:undertook|undertaken|undertakes?|agreed|agrees?|pledged|promised|vowed|sworn|swore|"
            rf"committed (?:itself|themselves|himself|herself)|bound (?:itself|themselves)|engage[sd]? (?:itself|"
            rf"themselves)) (?P<then>(?:not )?to (?!an? |the |its )[a-z]\w+[^.;]*)",
            "promise",
            "promised",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:agreed|accepted) (?P<then>on (?!\w+day\b|\d)[^.;]+|that [^.;]+ (?:will|would|shall|"
            rf"should|must)\b[^.;]+)",
            "promise",
            "promised",
        ),
        (
            rf"{_PARTY}{_HAVE} committed to (?P<then>(?!an?\b|the\b)[a-z]+\b[^.;]*)",
            "promise",
            "promised",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:\w+ )?(?:an?|its|their|the) (?:\w+ )?(?:obligation|duty|commitment|undertaking|"
            rf"pledge|promise|vow) to (?P<then>[a-z]+\b[^.;]*)",
            "promise",
            "promised",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:no|any) (?:plans?|intention|wish|desire) (?:to|of) (?P<then>[^.;]+)",
            "refusal",
            "refused",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:been )?(?:asked|urged|requested|ordered|instructed|told|pressed|invited|"
            r"called (?:up)?on)"
            r"(?: by (?:[\w'’-]+ ){1,5}?)? to (?P<then>(?!the\b|an?\b)[a-z][^.;]+)",
            "demand",
            "demanded",
        ),
        (
            rf"(?P<who>\b)(?:asks?|asking|asked|urges?|urging|urged|press(?:es|ing|ed)?|calling (?:up)?on|ordering|"
            rf"ordered|instructing) {_THEM}(?:, [^,;.]{{3,50}},)? to (?P<then>(?!the\b|an?\b)[a-z][^.;]+)",
            "demand",
            "requested",
        ),
        (
            rf"(?P<who>\b)to (?:demand|insist|require) that {_THEM} (?P<then>(?:be |not )?[a-z]{{3,}}\b[^.;]+)",
            "demand",
            "demanded",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:guarantee[sd]?|guaranteeing|assured|assures?|vouch\w* for|underw(?:rites?|rote)) "
            rf"(?P<then>(?:the|that|its|their|free|safe|to|all|his|her)\b[^.;]+)",
            "assurance",
            "promised",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:refus(?:ed|es?|ing)|declin(?:ed|es?|ing)) (?P<then>to [^.;]+)",
            "refusal",
            "refused",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:rul(?:ed|es?|ing) out|swor[en]+ off) (?P<then>[^.;]+)",
            "refusal",
            "refused",
        ),
        (
            rf"{_PARTY} (?:(?:may|must|shall|will) (?P<then>not\b [^.;]+)|(?<=either side )may (?P<then2>[^.;]+))",
            "clause",
            "demanded",
        ),
        (
            r"(?P<who>(?:[Nn]either|[Nn]o) (?:of the )?[\w'’-]+(?: [\w'’-]+){0,3}?) (?:may|must|shall) "
            r"(?P<then>[^.;]+)",
            "clause",
            "demanded",
        ),
        (
            rf"{_PARTY} (?:must|shall|(?:is|are|was|were) (?:obliged|required|bound|obligated) to|"
            rf"(?:has|have) to) (?P<then>(?!have\b|be (?:a|an|the)\b)[^.;]+)",
            "clause",
            "demanded",
        ),
        (
            rf"{_PARTY} (?:(?:will|shall|must|should) be|(?:is|are|was|were) to be) (?P<then>{_CARRIED_OUT}\b[^.;]*)",
            "clause",
            "demanded",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:allowed|permitted|entitled|authori[sz]ed) (?P<then>to [^.;]+)",
            "permission",
            "asserted",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:ready|willing|prepared) (?P<then>to [^.;]+)",
            "offer",
            "offered",
        ),
        (
            rf"{_PARTY}{_HAVE} (?:intend(?:s|ed|ing)?|determined|resolved|plan(?:s|ned|ning)?) (?P<then>to [^.;]+)",
            "warning",
            "threatened",
        ),
        (
            r"(?P<then>(?:[^.;,]{4,80}?) (?:is|are|was|were|would be|will be|remains?|constitutes?|as) "
            r"(?P<who>an? |its |their |our |the )(?:\w+ )?red lines?)(?! (?:on|in) the map)",
            "red-line",
            "threatened",
        ),
    )
)
# A word that each of them must have, looked for first: a name of several words before a verb is slow to look for.
_HINTS = tuple(
    re.compile(hint)
    for hint in (
        r"\bg[ai]ve",
        r"\bha(?:s|ve|d)\b",
        r"\b(?:undert|agree|pledg|promis|vow|sw[oe]r|commit|bound|engage)",
        r"\b(?:agreed|accepted)\b",
        r"\bcommitted to\b",
        r"\b(?:obligation|duty|commitment|undertaking|pledge|promise|vow)\b",
        r"\b(?:plans?|intention|wish|desire)\b",
        r"\b(?:asked|urged|requested|ordered|instructed|told|pressed|invited|called)\b",
        r"(?:ask|urg|press|calling|order|instruct)",
        r"\b(?:demand|insist|require)\b",
        r"\b(?:guarantee|assur|vouch|underw)",
        r"\b(?:refus|declin)",
        r"\b(?:rul|swor)",
        r"\b(?:may|must|shall|will)\b",
        r"\b(?:may|must|shall)\b",
        r"\b(?:must|shall|obliged|required|bound|obligated|has|have)\b",
        r"\bbe\b",
        r"\b(?:allowed|permitted|entitled|authori[sz]ed)\b",
        r"\b(?:ready|willing|prepared)\b",
        r"\b(?:intend|determined|resolved|plan)",
        r"\bred line",
    )
)
_DEMANDING = re.compile(r"(?:demand|insist|order|request|urg)\w*", re.IGNORECASE)
_TELLING = re.compile(r"(?:tell|told|order|instruct|direct|command)\w*", re.IGNORECASE)
_THAT_THEY = re.compile(
    rf"\s*that (?P<who>{_NAME}[\w'’-]+(?: [\w'’-]+){{0,4}}?) (?P<then>(?:be|not )?[a-z]{{3,}}\b.*)", re.S
)
_NONE = re.compile(
    r"\s*(?:that )?(?P<then>(?:no|neither|not (?:a|one)|never)\b.*?\b(?:would|will|shall)\b.*)", re.IGNORECASE | re.S
)


_UNTRUE = re.compile(r"(?:had|were|should|have|if|unless)\b", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:if|unless|whether|once|provided(?: that)?)\s+(?:the\s+)?$", re.IGNORECASE)
_OF_MIND = re.compile(r"(?:to )?(?:expect|believe|think|know|hope|fear|imagine|guess)\b", re.IGNORECASE)
# Harm done to somebody: the militias will be disarmed by force if they stay.
_DONE_TO = re.compile(rf"{_NAME}[\w'’-]+(?: [\w'’-]+){{0,6}}? (?:will|would|shall) be [a-z]\w+", re.IGNORECASE)
_OWN_ACT = re.compile(r"\b(?:it|he|she|they|we) (?P<then>(?:would|will|shall)\b)", re.IGNORECASE)


def _owed(
    plain: str, content: Passage, cue: str, realis: str, speaker: Speaker, published: date | None
) -> tuple[Terms, str, str] | None:
    """What somebody is bound to by the words of the act: its spans, form and how it is told.

    The author's own ``must`` and ``will be`` bind only those who can act, and a passive to come only with a day or
    under a deal; a plan or a readiness only where it harms, or where it has a condition.
    """
    words = plain[content.start : content.end]
    if cue and _DEMANDING.fullmatch(cue):
        if (none := _NONE.match(words)) is not None:
            then = trimmed(plain, content.start + none.start("then"), content.end, _DROP)
            return Terms(None, then, None), "refusal", "refused"
        if realis == "demanded" and (asked := _THAT_THEY.match(words)) is not None:
            return (
                Terms(
                    None,
                    trimmed(plain, content.start + asked.start("then"), content.end, _DROP),
                    trimmed(plain, content.start + asked.start("who"), content.start + asked.end("who"), _DROP),
                ),
                "demand",
                "demanded",
            )
    if cue and _TELLING.fullmatch(cue) and (asked := _ASK.match(words)) and asked["to"] in ("to", "not to"):
        who = trimmed(plain, content.start + asked.start("who"), content.start + asked.end("who"), _DROP)
        return (
            Terms(None, trimmed(plain, content.start + asked.start("to"), content.end, _DROP), who),
            "demand",
            "demanded",
        )
    if cue and cue.lower().startswith(("refus", "declin")) and _TO.match(words):
        return _with_condition(plain, content, None), "refusal", "refused"
    if realis == "threatened" and cue and (own := _OWN_ACT.search(plain, content.start, content.end)) is not None:
        return (
            _with_condition(plain, trimmed(plain, own.start("then"), content.end, _DROP), None),
            "threat",
            "threatened",
        )
    if realis == "threatened" and cue and (done := _DONE_TO.search(plain, content.start, content.end)) is not None:
        # whom it is done to is not bound: the speaker threatens it
        duty = _with_condition(plain, trimmed(plain, done.start(), content.end, _DROP), None)
        if duty.condition is not None and HARM.search(_words(plain, duty.consequence)):
            return duty, "threat", "threatened"
    for hint, (pattern, form, how) in zip(_HINTS, _DUTIES, strict=True):
        if hint.search(plain, content.start, content.end) is None:
            continue
        match = pattern.search(plain, content.start, content.end)
        if match is None:
            continue
        groups = match.groupdict()
        name = "then" if groups.get("then") else "then2"
        side = "to" if groups.get("to") else "who"
        who = _party_alone(plain, trimmed(plain, *match.span(side), _DROP))
        party = plain[who.start : who.end]
        act = groups[name] or ""
        deal = _DEAL.search(words) is not None
        owing = None if form == "red-line" and speaker.words else who
        if form != "red-line" and (
            not party or _NOBODY.match(party) or not (_ACTING.search(party) or re.search(r"\b[A-Z]", party))
        ):
            continue
        if (
            form == "clause"
            and re.match(rf"{_CARRIED_OUT}\b|be \w+", act)
            and not (deal or deadline(words, published) or re.search(r"\bshall\b", match[0]))
        ):
            continue
        if _UNTRUE.match(party) or _SUPPOSED.search(plain, max(content.start, who.start - 20), who.start):
            continue  # had it refused, if they agreed
        if form == "demand" and _OF_MIND.match(act):
            continue
        if how == "requested" and re.match(r"(?:order|instruct)", match[0].strip(), re.IGNORECASE):
            how = "demanded"
        if form == "permission" and not deal and not re.search(r"\bterms\b", words):
            continue
        duty = _with_condition(plain, trimmed(plain, *match.span(name), _DROP), owing)
        if form in ("warning", "offer") and duty.condition is None and not HARM.search(act):
            continue
        if form == "warning" and not HARM.search(act):
            form, how = "promise", "conditional"
        elif form == "offer" and HARM.search(act):
            form, how = "warning", "threatened"
        return duty, form, how
    return _aim(plain, content)


def _party_alone(plain: str, who: Passage) -> Passage:
    """Who is bound, without what leads up to the name: a setting, ``that``, ``said``."""
    lead = re.match(
        r"(?:(?:[Uu]nder|[Bb]y|[Ii]n|[Oo]n|[Aa]t|[Aa]fter|[Ii]f|[Ww]hen|[Aa]s)\b[^,]*?(?:agreement|deal|accord|"
        r"truce|plan|terms|protocol|treaty|"
        r"pact|ceasefire|cease-fire|memorandum|resolution) |.*\b(?:that|which|and also|said|but|whereby|after|"
        r"before|when|while|because|since|until|where) )",
        plain[who.start : who.end],
    )
    if lead is None:
        return who
    party = trimmed(plain, who.start + lead.end(), who.end, _DROP)
    if not _A_TIME.fullmatch(plain, party.start, party.end):
        return party
    # all forces that moved since August shall: who moved is meant, and no month
    ends = [plain.rfind(mark, 0, who.start) + 1 for mark in (". ", "; ", "\n")]
    start = max(ends)
    start += plain[start : start + 1] == " "
    head = _HEAD.match(plain, start, who.end)
    return Passage(*head.span()) if head else who


_HEAD = re.compile(r"(?!\w+ (?:said|says)\b)[\w'’-]+(?: [\w'’-]+){0,3}?(?= (?:that|which|who)\b)")
_A_TIME = re.compile(
    r"(?:the )?(?:(?:beginning|start|end|middle|first|last)(?: day)? of )?(?:(?:early|late|mid|last|this)[ -])?"
    r"(?:\d{1,2} )?"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|week|month|year|"
    r"\w+day)(?: \d{1,2})?(?:,? \d{4})?",
    re.IGNORECASE,
)


def _with_condition(plain: str, body: Passage, who: Passage | None) -> Terms:
    """The spans of an act whose condition stands in it or opens its sentence."""
    mark = _IF.search(plain, body.start, body.end)
    if mark is None or mark.start() <= body.start:
        return Terms(None, body, who)
    stop = _SPLIT.search(plain, mark.end(), body.end)
    condition = trimmed(plain, mark.end(), stop.start() if stop else body.end, _DROP)
    return (
        Terms(condition, trimmed(plain, body.start, mark.start(), _DROP), who)
        if condition.start < condition.end
        else Terms(None, body, who)
    )


def _aim(plain: str, content: Passage) -> tuple[Terms, str, str] | None:
    """What somebody is ready to do, threatens, offers or refuses, told without a word of saying."""
    for pattern, form, how in _AIMS:
        match = pattern.search(plain, content.start, content.end)
        if match is None:
            continue
        groups = match.groupdict()
        side = "to" if "to" in groups else "who"
        who = trimmed(plain, *match.span(side), _DROP)
        if form == "warning" and not HARM.search(groups["then"]):
            continue
        if who.start < who.end and _NOBODY.match(plain, who.start, who.end):
            continue
        then = trimmed(plain, *match.span("then" if "then" in groups else 0), _DROP)
        bound = who if who.start < who.end else None
        if "if" in groups:
            return Terms(trimmed(plain, *match.span("if"), _DROP), then, bound), form, how
        return _with_condition(plain, then, bound), form, how
    return None


def _record(
    plain: str, spans: Terms, form: str, speaker: Speaker, published: date | None, words: str, cue: str
) -> dict[str, Any]:
    who = _words(plain, spans.debtor) or ("" if speaker.narrator else speaker.words)
    record: dict[str, Any] = {"form": form}
    if who and not _NOBODY.match(who):
        record["debtor"] = who
    if (
        form in ("threat", "promise", "warning", "offer")
        and cue
        and (to := _OBJECT.match(words))
        and to["to"] not in record.get("debtor", "")
    ):
        record["creditor"] = " ".join(to["to"].split())
    if spans.condition is not None:
        mark = plain[max(0, spans.condition.start - 12) : spans.condition.start]
        negative = re.search(r"\b(unless|until|only (?:if|when|after))\s*$", mark, re.IGNORECASE)
        record["if"] = (f"{negative[1].lower()} " if negative else "") + _words(plain, spans.condition)
    record["then"] = re.split(r",? because\b", _words(plain, spans.consequence))[0].removeprefix("that ")
    if by := deadline(words, published):
        record["by"] = by
    return record
