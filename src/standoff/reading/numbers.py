"""Numbers in prose and what they measure.

A number has a value or range, a bound, a unit and counted words, each as a span; dates and names are passed over. What
it measures is what became of people, where they are counted; else what is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from standoff.errors import StandoffError
from standoff.evidence.anchors import view
from standoff.evidence.quantities import read_vague
from standoff.oneline import OneLine
from standoff.reading.page import Passage

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL: dict[str, float] = {word: number for number, word in enumerate(_ONES.split())}
_SMALL |= {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
_SCALE = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "m": 1e6,
    "mn": 1e6,
    "bn": 1e9,
    "k": 1e3,
}
_WORD = "|".join(_SMALL)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = (
    rf"(?:(?:{_DIGITS})(?:\s?(?:hundred|thousand|million|billion|bn|mn|m)\b)?"
    rf"|(?:half a|a|{_WORD})\s(?:dozen|hundred|thousand|million|billion)(?:\s(?:thousand|million))?\b"
    rf"|(?:{_WORD})(?:-(?:{_WORD}))?\b)"
)
_VAGUE = r"(?:a few |several )?(?:tens|dozens|scores|hundreds|thousands|millions)(?: of (?:thousands|millions))?\b"
_BOUNDS = {
    "at-least": "at least|no fewer than|no less than|a minimum of",
    "more-than": "more than|over|above|exceeding|upwards of|in excess of|well over",
    "at-most": "at most|up to|no more than|fewer than|less than|under|as many as|a maximum of",
    "almost": "almost|nearly|close to|just under",
    "about": "about|around|some|roughly|approximately|an estimated|estimated",
}
_BOUND = "|".join(words for words in _BOUNDS.values())
_UNIT = r"(?:\s?(?:%|percent\b|per cent\b))?"
_FIND = re.compile(
    rf"(?<![\w.,/:-])(?P<bound>(?:{_BOUND})\s)?(?P<between>between\s)?(?P<money>[$£€]\s?)?"
    rf"(?:(?P<low>{_NUMBER})(?:\s?(?:to|and|-)\s?(?P<high>[$£€]?(?:{_NUMBER})))?|(?P<vague>{_VAGUE}))"
    rf"(?P<unit>{_UNIT})(?!(?!kms?\b)[\w/]|-\d)",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE_AFTER = re.compile(
    rf"(?:st|nd|rd|th)?\s{_MONTH}\b|:\d\d|\s?(?:am|pm|a\.m|p\.m|gmt|bc|b\.c|a\.d)\b|(?:st|nd|rd|th)\b", re.IGNORECASE
)
_DATE_BEFORE = re.compile(rf"\b(?:{_MONTH}|since|until|by|during|in|of|from)\s$", re.IGNORECASE)
_DAY_BEFORE = re.compile(rf"\b{_MONTH}\s$", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"[\w,)]\s\(?[A-Z][\w-]*\s\(?$|\bnumber\s$")  # CTF 50, Resolution 2254, number one
_ALWAYS_NAME = re.compile(r"\b[A-Z]{2,}\)?\s$|\bnumber\s$|\bNo\.\s$")  # CTF 50 sailed, the number one priority
_FULL_DATE = re.compile(rf"\b{_MONTH}\s\d{{1,2}},\s$", re.IGNORECASE)
_GROUPED = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))|(?<=\d) (?=000(?!\d))")  # 6 000 people
_AGE = re.compile(r"-years?-olds?\b|\syears?(?:\sold\b|\sof\sage\b)", re.IGNORECASE)
_ITEM = re.compile(r"[.)](?:\s|$)")  # after a number that opens a line: a list
_OWNED = re.compile(r"(?:\b(?:a|an|the|its|their|his|her|this|that)|'s)\s$", re.IGNORECASE)  # the 2016 agreement
_UNITS = (
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|km|kms|kilomet(?:re|er)s?|miles?|met(?:re|er)s?|feet|yards?"
)
_MEASURING = re.compile(rf"(?:-(?:an?-)?|\s|(?<=\d))(?P<word>{_UNITS})\b(?:-long\b)?", re.IGNORECASE)
_COMPOUND = re.compile(r"-[a-z]{3}", re.IGNORECASE)  # a three-party meeting counts no parties
PEOPLE = re.compile(
    r"\b(?:people|persons?|civilians?|residents|men|women|children|soldiers?|troops|personnel|fighters?|militants?|rebels?|"
    r"members?|killed|dead|deaths|displaced|refugees?|others|wounded|injured|police\w*|forces|lives)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(rf"\b(?:{_UNITS})\s\($", re.IGNORECASE)  # 30 kilometres (19 miles)
_PRONOUN = re.compile(r"^(?:\s(?:or more|of|another|is|was|can|that|who|side|day|by)\b|[.,;:]|$|-)", re.IGNORECASE)
_STOP_WORDS = (
    "of in on at have has had were was are is be been to from by who that which and or since for with as it they he "
    "she we than after before during when while but would could will may might per over into under near between "
    "against through because if not along this these those the a an some each inside outside around across among only "
    "also without including such using ago later earlier"
)
_STOP = frozenset(_STOP_WORDS.split())
MOST = 1e15
_AROUND = 80  # code points around a span that tell what its numbers are
_MORE = re.compile(r"\s(?:more|other|additional|further)(?=\s)", re.IGNORECASE)
_NEXT = re.compile(r"\s+([A-Za-z][\w'-]*)")


@dataclass(frozen=True, slots=True, repr=False)
class PrintedNumber(OneLine):
    """A number in a text: its span, the ends it gives, its bound, unit, counted words and vague-word convention.

    The unit is ``percent``, a currency, or a measure of length or time as printed (``km``, ``hours``).
    """

    span: Passage
    low: float
    high: float
    bound: str
    unit: str
    counted: str
    convention: str = ""
    end: int = 0  # where its unit and counted words end


def value_of(words: str) -> float:
    """Return the value of ``2.5 million``, ``thirty-five``, ``half a million`` or ``12,000``."""
    text = words.lower().lstrip("$£€ ").replace(",", "")
    part: float | None = None
    for word in re.findall(r"\d+(?:\.\d+)?|[a-z]+", text):
        if word in _SMALL:
            part = (part or 0.0) + _SMALL[word]
        elif word == "half":
            part = 0.5
        elif word == "a":
            part = 1.0 if part is None else part
        elif word in _SCALE:
            part = (1.0 if part is None else part) * _SCALE[word]
        else:
            part = float(word)
    return part or 0.0


def _counted(plain: str, end: int) -> tuple[str, int]:
    """The words after a number that it counts, at most four, and where they end."""
    words: list[str] = []
    if more := _MORE.match(plain, end):
        end = more.end()
    while len(words) < 4 and (match := _NEXT.match(plain, end)) and match[1].lower() not in _STOP:
        words.append(match[1])
        end = match.end()
    return " ".join(words), end


def _is_name_or_date(plain: str, match: re.Match[str]) -> bool:
    """Whether a bare number is a year, a day, a time, an ordinal, a designation or a pronoun."""
    low, before = match["low"], plain[max(0, match.start() - 24) : match.start()]
    if low and low.lower() in ("one", "a") and (_PRONOUN.match(plain[match.end() :]) or before.endswith("no ")):
        return True
    if _DATE_AFTER.match(plain[match.end() : match.end() + 12]) or _AGE.match(plain, match.end()):
        return True
    if before.endswith((" aged ", " age ")) or (low and re.fullmatch(r"0\d{3}", low)):  # 0745 hours
        return True
    if _AGAIN.search(before) and _MEASURING.match(plain, match.end()):
        return True
    if low and low.isdigit() and len(low) <= 4 and int(low) <= 31 and _DAY_BEFORE.search(before):
        return True
    if low is None or match["high"] or match["bound"] or match["money"] or match["unit"]:
        return False
    if _ALWAYS_NAME.search(before) or _FULL_DATE.search(before):
        return True
    if low.isdigit() and before.rpartition("\n")[2].strip() == "" and _ITEM.match(plain, match.end()):
        return True
    counted, _ = _counted(plain, match.end())
    if not counted and _NAME_BEFORE.search(before):
        return True
    if not low.isdigit() or len(low) != 4 or not 1800 <= int(low) <= 2100:
        return False
    owned = _OWNED.search(before) and not PEOPLE.search(counted)
    return bool(not counted or owned or _DATE_BEFORE.search(before))


def _ends(match: re.Match[str]) -> tuple[float, float]:
    """The two ends of a number; a scale that only the second end names holds for the first (2.5 to 3 million)."""
    first = value_of(match["low"])
    if not match["high"]:
        return first, first
    last = value_of(match["high"])
    scale = re.search(r"hundred|thousand|million|billion", match["high"], re.IGNORECASE)
    if scale and not re.search(r"[a-z]{4}", match["low"], re.IGNORECASE):
        factor = _SCALE[scale[0].lower()]
        first *= factor if first * factor <= last else 1.0
    return first, max(first, last)


def _vague(words: str) -> tuple[float, str] | None:
    """The value of a vague word by the first convention that reads it."""
    for convention in ("acled", "plural"):
        try:
            return read_vague(words.lower(), convention).value, convention
        except StandoffError:
            continue
    return None


def numbers(text: str, within: Passage | None = None) -> list[PrintedNumber]:
    """Return the numbers of a text (or of a span of it) that count or measure something.

    Years, days of a month, times, ages, ordinals, designations (S-400), numbers of a list, a length told again in
    another unit and ``one`` as a pronoun are passed over. Vague words are read by the ``acled`` convention, or by
    ``plural`` where that has no value for them.
    """
    span = within or Passage(0, len(text))
    first_at = max(0, span.start - _AROUND)  # only what can matter of a long text
    plain = view(_GROUPED.sub(",", text[first_at : span.end + _AROUND]))
    out = []
    for match in _FIND.finditer(plain, span.start - first_at, span.end - first_at):
        if _is_name_or_date(plain, match):
            continue
        unit = (match["unit"] or "").strip().lower().replace("%", "percent").replace("per cent", "percent")
        unit = {"$": "usd", "£": "gbp", "€": "eur"}.get((match["money"] or "").strip(), unit)
        bound_words = (match["bound"] or "").strip()
        bound = next((b for b, words in _BOUNDS.items() if re.fullmatch(words, bound_words, re.IGNORECASE)), "exact")
        convention = ""
        if match["vague"]:
            if (vague := _vague(match["vague"])) is None:
                continue
            first = last = vague[0]
            convention = vague[1]
        else:
            first, last = _ends(match)
            if not last <= MOST:  # a row of digits counts nothing
                continue
        if first != last and bound == "exact":
            bound = "range"
        place = Passage(match.start() + first_at, match.end() + first_at)
        of = re.compile(r"\sof(?:\s(?:the|its|their|his|her))?\b").match(plain, match.end()) if convention else None
        end = of.end() if of else match.end()  # dozens of tanks
        if not unit and (measuring := _MEASURING.match(plain, end)):
            unit, end = measuring["word"].lower(), measuring.end()
        elif match["low"] and _COMPOUND.match(plain, end):
            continue
        counted, end = _counted(plain, end)
        out.append(PrintedNumber(place, first, last, bound, unit, counted, convention, end + first_at))
    return out


# What a number measures.


_DISTANCE = re.compile(r"(?:km|kilomet|miles?|met(?:re|er)|feet|yard)", re.IGNORECASE)
_DURATION = re.compile(r"(?:second|minute|hour|day|week|month|year)s?", re.IGNORECASE)
_KILLED = r"kill(?:s|ed|ing)?|dead|died|dies|dying|deaths?|fatalit\w+|slain|massacred|lives"
_HURT = r"wound(?:s|ed|ing)?|injur\w*|maim(?:s|ed|ing)?"
_MOVED = (
    r"displac(?:ed|es|ing)|fled|flee(?:s|ing)?|uproot\w*|forced (?:from|out|to (?:flee|leave))|(?:left|leave|"
    r"leaving) their homes|"
    r"driven (?:from|out)"
)
_DRIVEN = re.compile(r"\b(?:driven|driving|drove|forced|forcing)\s$", re.IGNORECASE)  # 20 people from their homes
_AWAY = re.compile(r"\s(?:from|out|to (?:flee|leave))\b", re.IGNORECASE)
_FATE = re.compile(rf"\b(?:(?P<killed>{_KILLED})|(?P<hurt>{_HURT})|(?P<moved>{_MOVED}))\b", re.IGNORECASE)
_NEGATED = re.compile(r"(?:\bno|\bnot|n't)\s(?:\w+\s)?$", re.IGNORECASE)
# ``20 others were wounded``: what became of them stands right after the counted words.
_PASSIVE = re.compile(
    r"(?:\s(?!and\b|but\b|or\b|in\b|on\b|by\b|after\b)[\w'-]+){0,4}?\s(?:(?:were|was|are|have|has|had|been|also|being|"
    r"reported(?:ly)?|left|found|shot)\s)*$",
    re.IGNORECASE,
)
_SOLDIER = re.compile(
    r"\b(?:soldiers?|troops?|personnel|fighters?|militants?|rebels?|insurgents?|jihadists?|gunmen|servicemen|forces|"
    r"officers?|members)\b",
    re.IGNORECASE,
)
_CIVILIAN = re.compile(r"\b(?:civilians?|child\w*|women|residents|villagers|journalists?)\b", re.IGNORECASE)
_IN_NEED = re.compile(
    r"\bin (?:\w+ )?need\b|\b(?:need|needs|needed|requir\w+) (?:\w+ ){0,2}(?:aid|assistance|humanitarian|food|"
    r"protection)\b",
    re.IGNORECASE,
)
_COUNTED = (
    (r"\brefugees?\b", "refugees-stock"),
    (r"\b(?:fighters?|militants?|rebels?|jihadists?|insurgents?)\b", "fighters"),
    (r"\b(?:soldiers?|troops|personnel|forces)\b", "troops"),
    (r"\b(?:tanks?|vehicles?|aircraft|planes?|ships?|helicopters?|warships?|missiles?|drones?)\b", "equipment"),
    (r"\b(?:air ?strikes?|strikes|attacks?|sorties|bombings?)\b", "attacks"),
    (r"\b(?:posts?|checkpoints?)\b", "posts"),
    (r"\b(?:people|persons|civilians|residents|children|women)\b", "people-stock"),
)


def is_fate(words: str) -> bool:
    """Whether a word tells what became of people: killed, wounded, displaced."""
    return _FATE.fullmatch(words) is not None


def fate(number: PrintedNumber, before: str, after: str) -> tuple[str, Passage | None]:
    """What became of the people counted (``killed``, ``hurt``, ``moved`` or nothing), and where its word stands.

    ``before`` ends where the number starts and ``after`` starts where its counted words end. Words right after the
    counted ones go first (20 others were wounded), then the last before, then the first after.
    """
    if number.unit or (number.counted and not PEOPLE.search(number.counted)):
        return "", None
    left = number.span.start - len(before)
    if (driven := _DRIVEN.search(before)) and _AWAY.match(after):
        return "moved", Passage(left + driven.start(), left + driven.end() - 1)
    own = _FATE.search(number.counted)
    following = _FATE.search(after)
    preceding = [m for m in _FATE.finditer(before) if not _NEGATED.search(before, 0, m.start())]
    if own is not None:
        match, shift = own, number.end - len(number.counted)
    elif following is not None and (_PASSIVE.match(after, 0, following.start()) or not preceding):
        match, shift = following, number.end
    elif preceding:
        match, shift = preceding[-1], left
    else:
        return "", None
    return str(match.lastgroup), Passage(shift + match.start(), shift + match.end())


def measure_of(number: PrintedNumber, before: str = "", after: str = "") -> tuple[str, str]:
    """Guess the measure of a number and what it counts, from its unit, its counted words and the words around it.

    ``count`` if nothing fits. Words around decide only where people are counted. The vocabulary has no measure of
    people wounded: they are a ``count`` of ``people wounded``.
    """
    if number.unit == "percent":
        return "share", number.counted
    if _DISTANCE.match(number.unit):
        return "distance", number.counted
    if _DURATION.match(number.unit):
        return "duration", number.counted
    if number.unit:
        return "money", number.counted
    counted = number.counted
    if not counted or PEOPLE.search(counted):
        phrase = f"{counted}{after}"
        need, first = _IN_NEED.search(phrase), _FATE.search(phrase)
        if need and (first is None or need.start() < first.start()):
            return "people-in-need", counted
        became, _ = fate(number, before, after)
        if became == "hurt":
            return "count", counted if re.search(_HURT, counted) else f"{counted or 'people'} wounded"
        if became == "moved":
            return "people-displaced", counted
        if became == "killed":
            civilian, soldier = _CIVILIAN.search(counted), _SOLDIER.search(counted)
            kind = "-civilian" if civilian and not soldier else "-military" if soldier and not civilian else ""
            return f"deaths{kind}", counted
    return next((m for pattern, m in _COUNTED if re.search(pattern, counted, re.IGNORECASE)), "count"), counted
