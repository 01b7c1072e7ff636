"""Numbers in prose and what they measure.

A number has a value or range, a bound, a unit and counted words, each as a span; dates and names are passed over. What
it measures is what became of people, where they are counted; else what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
# ``m`` is a million of money and of people, and a metre of everything else: 50m east of the bridge.
_MILLIONS = (
    r"m\b(?=\s+(?:people|persons|civilians|children|refugees|displaced|residents|inhabitants|Syrians|tonnes|"
    r"tons|barrels|dollars|euros)\b)"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = (
    rf"(?:(?:{_DIGITS})(?:\s?(?:hundred|thousand|million|billion|bn|mn)\b|\s?{_MILLIONS})?"
    rf"|(?:half a|a|{_WORD})\s(?:dozen|hundred|thousand|million|billion)(?:\s(?:thousand|million))?\b"
    rf"|(?:{_WORD})(?:-(?:{_WORD}))?\b)"
)
_VAGUE = r"(?:a few |several )?(?:tens|dozens|scores|hundreds|thousands|millions)(?: of (?:thousands|millions))?\b"
_BOUNDS = {
    "at-least": "at least|no fewer than|no less than|not fewer than|not less than|a minimum of",
    "more-than": "more than|over|above|exceeding|upwards of|in excess of|well over",
    "at-most": "at most|up to|no more than|not more than|not exceeding|fewer than|less than|under|as many as|"
    "a maximum of",
    "almost": "almost|nearly|close to|just under",
    "about": "about|around|some|roughly|approximately|an estimated|estimated",
}
_BOUND = "|".join(words for words in _BOUNDS.values())
_UNIT = r"(?:\s?(?:%|percent\b|per cent\b))?"
# A part of a whole: half of the schools, more than half the population, two-thirds of them; no time, no way, no place.
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FRACTION = re.compile(
    rf"(?<![\w-])(?P<bound>(?:{_BOUND})\s)?(?:(?P<many>an?|one|two|three|four|nine)[\s-])?"
    r"(?P<part>half|thirds?|quarters?|fifths?|tenths?)(?=\sof\b|\s(?:the|its|their|his|her|all|those)\s)"
    r"(?!\s(?:of\s)?(?:(?:the|an?|this|that|last|its|their)\s)?(?:first|second|day|night|hour|week|month|year|"
    r"decade|century|"
    r"way|time|mile|kilomet\w+|distance|\d{4}|January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b)",
    re.IGNORECASE,
)
# One person in five, four out of ten families.
_IN_EACH = re.compile(
    rf"(?<![\w.,/:-])(?P<bound>(?:{_BOUND})\s)?(?P<some>{_WORD}|\d{{1,2}})(?:\s[a-z]+)?\s(?:in|out "
    rf"of)(?:\severy)?\s(?P<each>{_WORD}|10{{1,3}})\b"
    r"(?!\s(?:days?|weeks?|months?|years?|hours?|minutes?|km|kilomet\w+|miles?|places|incidents|attacks|strikes|"
    r"districts?|towns?|"
    r"villages?|provinces?|regions?|cities|camps|sites|countries|schools|states|areas|locations|January|"
    r"February|March|April|May|"
    r"June|July|August|September|October|November|December)\b)",
    re.IGNORECASE,
)
_OF_WHOLE = re.compile(r"\s(?:of\s)?(?:(?:all|the|its|their|his|her|those|our|them|whom)\s)*")
_FIND = re.compile(
    rf"(?<![\w.,/:-])(?P<bound>(?:{_BOUND})\s)?(?P<between>between\s)?(?P<money>[$£€]\s?)?"
    rf"(?:(?P<low>{_NUMBER})(?:\s?(?:to|and|-)\s?(?P<high>[$£€]?(?:{_NUMBER})))?|(?P<vague>{_VAGUE}))"
    rf"(?:(?<=[\d])(?P<much>m\b))?(?P<unit>{_UNIT})(?!(?!(?:kms?|k?m|ft|[mc]m)\b)[\w/]|-\d)",
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
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|km|kms|kilomet(?:re|er)s?|miles?|met(?:re|er)s?|m|"
    r"feet|ft|yards?|mm|cm"
)
_MEASURING = re.compile(rf"(?:-(?:an?-)?|\s|(?<=\d))(?P<word>{_UNITS})\b(?:-long\b)?", re.IGNORECASE)
_COMPOUND = re.compile(r"-[a-z]{3}", re.IGNORECASE)  # a three-party meeting counts no parties
PEOPLE = re.compile(
    r"\b(?:people|persons?|civilians?|residents|men|women|children|soldiers?|troops|personnel|fighters?|militants?|"
    r"rebels?|"
    r"members?|killed|dead|deaths|displaced|refugees?|others|wounded|injured|hurt|police\w*|forces|lives|insurgents?|"
    r"gunmen|\w+(?:service|police|country)(?:men|women)|"
    r"servicemen|servicewomen|policemen|paramedics?|peacekeepers?|students?|pupils|teachers|workers?|staff|"
    r"journalists?|doctors|medics|nurses|monitors|observers|"
    r"families|households|inhabitants|villagers|farmers|worshippers|pilgrims|patients|girls?|boys?|babies|infants|"
    r"passengers|prisoners?|hostages?|detainees?|captives?|"
    r"officers?|officials?|commanders?|conscripts?|recruits?|guards?|pilots?|combatants?|guerrillas?|jihadists?|"
    r"terrorists?|mercenaries|tribesmen|attackers?|"
    r"IDPs?|migrants?|returnees?|evacuees|asylum[- ]seekers|individuals|victims|bodies|crew|protest(?:e|o)rs|"
    r"demonstrators|casualties|fatalities|injuries|"
    r"(?-i:[A-Z][a-z]+(?:[aei]ans|ns|is|s))(?=\s|$))\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(rf"(?:\b|(?<=\d))(?:{_UNITS})\s\($", re.IGNORECASE)  # 30 kilometres (19 miles)
# Numbers that name something: resolution 1701, article 5, [3], 33°47'N, (2006).
_NUMBERED = re.compile(
    r"\b(?:resolutions?|articles?|paragraphs?|para|sections?|chapters?|annex|figure|table|page|pp?\.|item|rule|route|"
    r"highway|phase|"
    r"footnote|note|number|no\.?|nos\.|law|decree|decision|directive|order|flight|grid|unit|zone|sector|box|step|"
    r"version|reports?|"
    r"fact sheet|update|situation report|sitrep|issue|day|brigade|division|battalion|camp|block|district|post|"
    r"checkpoint|hill|height)\s(?:#|no\.\s)?\(?$",
    re.IGNORECASE,
)
_RESOLVED = re.compile(
    r"\b(?:resolutions?|articles?|paragraphs?|annex|footnote|decree|law)\s\d[\d\s()/,]*(?:(?:and|to|or)\s)?$",
    re.IGNORECASE,
)
_COORDINATE = re.compile(r"\s?[°º′″]|['’]\d|\.\d+\s?[°NSEW]\b|\s?(?:degrees|[NSEW]\b(?=[\s,;)]))")
_COORDINATE_BEFORE = re.compile(r"[°º′″]\s?$|\b(?:coordinates|latitude|longitude|lat|lon)\W{0,3}$", re.IGNORECASE)
_CLOCK = re.compile(r"\b(?:at|by|until|from|before|after|since|around|about|of)\s$", re.IGNORECASE)
_OF_DAY = re.compile(
    r"\s(?:o'clock|in the (?:morning|afternoon|evening)|at night|that (?:morning|evening))\b", re.IGNORECASE
)
_PRONOUN = re.compile(r"^(?:\s(?:or more|of|another|is|was|can|that|who|side|day|by)\b|[.,;:]|$|-)", re.IGNORECASE)
_STOP_WORDS = (
    "of in on at have has had were was are is be been to from by who that which and or since for with as it they he "
    "she we than after before during when while but would could will may might per over into under near between "
    "against through because if not along this these those the a an some each inside outside around across "
    "among only "
    "also without including such using ago later earlier already fled flee towards toward crossed live lived depend "
    "remain remained now"
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
    if words[:1] in (["more"], ["others"]) and len(words) == 1:
        return ("others" if words == ["others"] else ""), end
    return " ".join(words), end


def _is_name_or_date(plain: str, match: re.Match[str]) -> bool:
    """Whether a bare number is a year, a day, a time, an ordinal, a designation or a pronoun."""
    low, before = match["low"], plain[max(0, match.start() - 24) : match.start()]
    start_of_number = match.start("low") if low else match.start()
    near, following = plain[max(0, start_of_number - 28) : start_of_number], plain[match.end() : match.end() + 12]
    if _COORDINATE_BEFORE.search(near) or (low and low[0].isdigit() and _COORDINATE.match(following)):
        return True
    if near.endswith("[") and following.startswith("]"):
        return True
    if low and low.isdigit() and near.endswith("(") and following.startswith(")"):
        return len(low) == 4 or _RESOLVED.search(near[:-1]) is not None
    if low and low[0].isdigit() and not match["money"] and (_NUMBERED.search(near) or _RESOLVED.search(near)):
        return True
    if low and _CLOCK.search(near) and _OF_DAY.match(plain, match.end()):
        return True
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


# A figure that changed: corrected from 4,200 to 3,900, revised down to 132 from 140.
_CHANGING = re.compile(
    r"\b(?:revis|correct|rais|lower|updat|cut|reduc|adjust|increas|rose|ris|f[ae]ll|grew|grow|climb|jump|dropp?|"
    r"declin|shr[iau]nk|"
    r"chang|went (?:up|down))\w*\b[^.;]*$",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\b(?:revis|correct|lower|rais|adjust|updat|chang)\w*\b[^.;]*\bfrom\s$|\b(?:up|down)\sfrom\s$", re.IGNORECASE
)


def _changed(plain: str, match: re.Match[str]) -> bool | None:
    """True for ``from A to B`` of a figure that changed to B, False for the A that was corrected, else None."""
    before = plain[max(0, match.start() - _AROUND) : match.start()]
    if match["high"]:
        return True if re.search(r"\bfrom\s$", before) and _CHANGING.search(before) else None
    return False if _CORRECTED.search(before) else None


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
    """The least a vague word says, taken at its word (dozens: 24 or more), never a number that nobody printed."""
    for convention in ("plural", "acled"):
        try:
            return read_vague(words.lower(), convention).value, convention
        except StandoffError:
            continue
    return None


def numbers(text: str, within: Passage | None = None) -> list[PrintedNumber]:
    """Return the numbers of a text (or of a span of it) that count or measure something.

    Years, days of a month, times, ages, ordinals, designations (S-400), numbers of a list, a length told again in
    another unit and ``one`` as a pronoun are passed over. A vague word gives the least it says (``plural``:
    dozens are 24 or more), as a lower bound.
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
            bound = "at-least" if bound == "exact" else bound
        else:
            first, last = _ends(match)
            if (changed := _changed(plain, match)) is not None:
                if not changed:
                    continue  # the figure that was corrected
                first = last = value_of(match["high"])
            if match["much"] and (match["money"] or "").strip():
                first, last = first * 1e6, last * 1e6
            if not last <= MOST:  # a row of digits counts nothing
                continue
        if first != last and bound == "exact":
            bound = "range"
        place = Passage(match.start() + first_at, match.end() + first_at)
        of = re.compile(r"\sof(?:\s(?:the|its|their|his|her))?\b").match(plain, match.end()) if convention else None
        end = of.end() if of else match.end()  # dozens of tanks
        if match["much"] and not unit:
            unit = "m"
        elif not unit and (measuring := _MEASURING.match(plain, end)):
            unit, end = measuring["word"].lower(), measuring.end()
            if unit in ("mm", "cm"):
                continue  # a calibre (120 mm mortars): how wide a barrel is, and no figure of the record
        elif match["low"] and _COMPOUND.match(plain, end):
            continue
        counted, end = _counted(plain, end)
        out.append(PrintedNumber(place, first, last, bound, unit, counted, convention, end + first_at))
    parts = list(_fractions(plain, Passage(span.start - first_at, span.end - first_at), first_at))
    apart = [n for n in out if not any(p.span.start <= n.span.start < p.span.end for p in parts)]
    return sorted(apart + parts, key=lambda one: one.span.start)


def _fractions(plain: str, span: Passage, shift: int) -> Iterator[PrintedNumber]:
    """The parts of a whole that a text tells in words, as shares."""
    for match in _IN_EACH.finditer(plain, span.start, span.end):
        some, each = value_of(match["some"]), value_of(match["each"])
        if not 0 < some < each or each not in (2, 3, 4, 5, 6, 8, 10, 100, 1000):
            continue
        bound = next(
            (b for b, w in _BOUNDS.items() if re.fullmatch(w, (match["bound"] or "").strip(), re.IGNORECASE)), "exact"
        )
        counted, end = _counted(plain, match.end())
        place = Passage(match.start() + shift, match.end() + shift)
        yield PrintedNumber(place, some / each, some / each, bound, "share", counted, "", end + shift)
    for match in _FRACTION.finditer(plain, span.start, span.end):
        part = match["part"].lower()
        many = value_of(match["many"]) if match["many"] else 1.0
        if part == "half" and many != 1:
            continue
        if part != "half" and (not match["many"] or (many > 1) != part.endswith("s")):
            continue  # the third of May, the last quarter of the town, thirds of it
        if part.startswith("quarter") and re.search(
            r"\b(?:in|from|of|at|near) an?\squarter\sof\s[A-Z]",
            match.string[max(0, match.start() - 6) : match.end() + 6],
        ):
            continue  # a part of a town
        words = (match["bound"] or "").strip()
        bound = next((b for b, w in _BOUNDS.items() if re.fullmatch(w, words, re.IGNORECASE)), "exact")
        share = many / _PARTS[part.removesuffix("s") if part != "half" else part]
        whole = _OF_WHOLE.match(plain, match.end())
        end = whole.end() if whole else match.end()
        counted, end = _counted(plain, end - 1 if plain[end - 1] == " " else end)
        yield PrintedNumber(
            Passage(match.start() + shift, match.end() + shift), share, share, bound, "share", counted, "", end + shift
        )


# What a number measures.


_DISTANCE = re.compile(r"(?:[kcm]?m\b|kms\b|kilomet|miles?|met(?:re|er)|feet|ft\b|yard)", re.IGNORECASE)
_DURATION = re.compile(r"(?:second|minute|hour|day|week|month|year)s?", re.IGNORECASE)
_KILLED = (
    r"kill(?:s|ed|ing)?|dead|died|dies|dying|deaths?|fatalit\w+|slain|massacred|lives|shot dead|martyred|"
    r"executed|perished"
)
_HURT = r"hurt|wound(?:s|ed|ing)?|injur\w*|maim(?:s|ed|ing)?"
_MOVED = (
    r"displac(?:ed|es|ing)|fled|flee(?:s|ing)?|uproot\w*|forced (?:from|out|to (?:flee|leave))|(?:left|leave|"
    r"leaving) (?:their (?:homes|villages|houses)|the (?:islands?|area|towns?|villages?|city|region|zone|valley|"
    r"province|camps?))|"
    r"driven (?:from|out)"
)
# 30 families have left, 200 people left Crater; not: 30 people left wounded, 30 soldiers have left.
_LEFT = re.compile(
    r"(?:[\w-]+ ){0,2}?(?:famil(?:y|ies)|households?|people|persons|residents?|civilians?|inhabitants|villagers)\s"
    r"(?:(?:have|has|had) )?(?:(?:already|now|since|also) )?(?P<moved>left)(?=\s*(?:[.;,]|$)|\s(?-i:[A-Z])|"
    r"\s(?:since|so far)\b)",
    re.IGNORECASE,
)
_DRIVEN = re.compile(r"\b(?:driven|driving|drove|forced|forcing)\s$", re.IGNORECASE)  # 20 people from their homes
_BODIES = re.compile(r"\b(?P<what>bodies|corpses|remains|deaths?|killing) of (?:the )?$", re.IGNORECASE)
_AWAY = re.compile(r"\s(?:from|out|to (?:flee|leave))\b", re.IGNORECASE)
_SEIZURE = (
    r"abduct(?:ed|s|ing)|kidnap\w*|taken (?:hostage|prisoner|captive)|took (?:hostage|prisoner)|captured|detained|"
    r"arrested|missing|rescued|freed|released|"
    r"surrendered|evacuated|exchanged"
)
_CROSSED = r"crossed(?: the border)?(?: into| to| from)?|crossing into"
_RETURNED = r"returned|gone back|went back|going home|come back"
_FATE = re.compile(
    rf"\b(?:(?P<killed>{_KILLED})|(?P<hurt>{_HURT})|(?P<moved>{_MOVED})|(?P<taken>{_SEIZURE})|"
    rf"(?P<crossed>{_CROSSED})|"
    rf"(?P<returned>{_RETURNED}))\b",
    re.IGNORECASE,
)
_OUTCOMES = ("killed", "hurt", "moved")
_NEGATED = re.compile(r"(?:\bno|\bnot|n't)\s(?:\w+\s)?$", re.IGNORECASE)
# ``20 others were wounded``: what became of them stands right after the counted words.
_PASSIVE = re.compile(
    r"(?:\s(?:in|from|of|at|near|on|across)(?:\s(?!were\b|was\b|are\b|have\b|had\b|and\b)[\w'-]+){1,5}?(?=\s(?:were|"
    r"was|are|have|has|had)\b))?"
    r"(?:\s(?!and\b|but\b|or\b|in\b|on\b|by\b|after\b)[\w'-]+){0,4}?\s(?:(?:were|was|are|have|has|had|been|also|"
    r"being|"
    r"reported(?:ly)?|left|found|shot|to|said|believed|feared)\s)*$",
    re.IGNORECASE,
)
_SOLDIER = re.compile(
    r"\b(?:soldiers?|troops?|personnel|fighters?|militants?|rebels?|insurgents?|jihadists?|gunmen|servicemen|forces|"
    r"reservists?|officers?|\w*servicemen|conscripts?|recruits?|combatants?|guerrillas?|militiamen|terrorists?|"
    r"mercenaries|"
    r"tribesmen|commanders?|"
    r"paratroopers|marines|commandos|members)\b",
    re.IGNORECASE,
)
_CHILD = re.compile(r"\b(?:child(?:ren)?|boys?|girls?|babies|infants|minors|schoolchildren)\b", re.IGNORECASE)
_CIVILIAN = re.compile(
    r"\b(?:civilians?|child\w*|boys?|girls?|babies|women|woman|residents|villagers|journalists?|students|pupils|"
    r"teachers|doctors|medics|paramedics|nurses|"
    r"farmers|worshippers|patients|passengers|aid workers|protest(?:e|o)rs|demonstrators|pilgrims|IDPs|refugees)\b",
    re.IGNORECASE,
)
_IN_NEED = re.compile(
    r"\bin (?:\w+ )?need\b|\b(?:need|needs|needed|requir\w+) (?:\w+ ){0,2}(?:aid|assistance|humanitarian|food|"
    r"protection|shelters?|tents?|water|help|support|blankets|medicines?|health|medical|care|relief)\b",
    re.IGNORECASE,
)
_COUNTED = (
    (r"\b(?:ceasefire|cease-fire|truce|air ?space)? ?violations?\b|\bbreaches\b", "violations"),
    (r"\b(?:hostages?|prisoners?|detainees?|captives?|bodies|casualties)\b", "count"),
    (r"\brefugees?\b", "refugees-stock"),
    (r"\b(?:IDPs?|internally displaced|displaced (?:people|persons|civilians))\b", "idps-stock"),
    (
        r"\b(?:fighters?|militants?|rebels?|jihadists?|insurgents?|gunmen|armed men|combatants?|guerrillas?|"
        r"mercenaries|terrorists?|militiamen)\b",
        "fighters",
    ),
    (r"\b(?:soldiers?|troops|personnel|forces|servicemen|peacekeepers?|conscripts?|marines)\b", "troops"),
    (
        r"\b(?:rockets?|missiles?|shells|mortars?|rounds|projectiles)\b(?= (?:\w+ ){0,3}?(?:fired|launched|hit|"
        r"landed|struck|fell|were))",
        "attacks",
    ),
    (
        r"\b(?:tanks?|vehicles?|aircraft|planes?|ships?|helicopters?|warships?|missiles?|drones?|rockets?|weapons?|"
        r"howitzers?|guns|launchers?|jets?|bombers?|mines?)\b",
        "equipment",
    ),
    (r"\b(?:air ?strikes?|strikes|attacks?|sorties|bombings?)\b", "attacks"),
    (r"\b(?:posts?|checkpoints?|(?:military|army|air|naval) bases)\b", "posts"),
    (
        r"\b(?:people|persons|civilians|residents|children|women|inhabitants|individuals|families|households|"
        r"population)\b",
        "people-stock",
    ),
)


def is_fate(words: str) -> bool:
    """Whether a word tells what became of people: killed, wounded, displaced."""
    match = _FATE.fullmatch(words)
    return match is not None and match.lastgroup in _OUTCOMES


# Whom it killed or wounded are people, whatever they are called (12 reservists), but for animals and things.
_JUST_HURT = re.compile(
    rf"\b(?:kill(?:s|ed|ing)|wound(?:s|ed|ing)|injur(?:es|ed|ing)) (?:(?:{_BOUND})\s)?$", re.IGNORECASE
)
_ANIMALS = re.compile(
    r"\b(?:animals?|cattle|livestock|sheep|goats?|cows?|camels?|horses?|donkeys?|dogs?|birds?|chickens?|pigs?|"
    r"hectares?|"
    r"trees?|tanks?|vehicles?|jobs?|projects?|bills?|plans?|hopes?)\b",
    re.IGNORECASE,
)


def counts_people(number: PrintedNumber, before: str) -> bool:
    """Whether a number counts people: by its counted words, or as whom something killed or wounded."""
    if PEOPLE.search(number.counted):
        return True
    named = re.match(r"[a-z]\w*s\b", number.counted) is not None
    return named and _JUST_HURT.search(before) is not None and not _ANIMALS.search(number.counted)


_POPULATION = re.compile(
    r"\b(?:population|total|capacity|garrison|force|contingent) of (?:about |some |around |nearly |over |more than |"
    r"at least )?$|"
    rf"\bout of (?:an? \w+ of )?$|\b(?:\d+|{_WORD}|half|some|most|many|several|all) of (?:the|its|their|his|her|"
    rf"those|these|our|an estimated) $",
    re.IGNORECASE,
)


def fate(number: PrintedNumber, before: str, after: str) -> tuple[str, Passage | None]:
    """What became of the people counted (``killed``, ``hurt``, ``moved`` or nothing), and where its word stands.

    ``before`` ends where the number starts and ``after`` starts where its counted words end. Words right after the
    counted ones go first (20 others were wounded), then the last before, then the first after.
    """
    if number.unit or (number.counted and not counts_people(number, before)):
        return "", None
    if _POPULATION.search(before):
        return "", None
    left = number.span.start - len(before)
    if (bodies := _BODIES.search(before)) is not None:
        return "killed", Passage(left + bodies.start(), left + bodies.end("what"))
    if (driven := _DRIVEN.search(before)) and _AWAY.match(after):
        return "moved", Passage(left + driven.start(), left + driven.end() - 1)
    if gone := _LEFT.match(f"{number.counted}{after}"):
        shift = number.end - len(number.counted)
        return "moved", Passage(shift + gone.start("moved"), shift + gone.end("moved"))
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


def is_toll(before: str) -> bool:
    """Whether the words before a number tell that it is what a death toll stands at."""
    return _TOLL.search(before) is not None


def measure_of(number: PrintedNumber, before: str = "", after: str = "") -> tuple[str, str]:
    """Guess the measure of a number and what it counts, from its unit, its counted words and the words around it.

    ``count`` if nothing fits. Words around decide only where people are counted.
    """
    if number.unit in ("percent", "share"):
        return "share", number.counted
    if _DISTANCE.match(number.unit):
        return "distance", number.counted
    if _DURATION.match(number.unit):
        return "duration", number.counted
    if number.unit:
        return "money", number.counted
    counted = number.counted
    if not counted or counts_people(number, before):
        if _IN_SITES.search(after) and re.search(r"IDPs?\b|displaced|people|persons", counted):
            return "people-in-sites", counted
        phrase = f"{counted}{after}"
        if _POPULATION.search(before) and re.search(r"population", before[-30:]):
            return "people-stock", counted or "population"
        need, first = _IN_NEED.search(phrase), _FATE.search(phrase)
        if need and (first is None or need.start() < first.start()):
            return "people-in-need", counted
        became, _ = fate(number, before, after)
        who = _who(counted, after)
        if became == "hurt":
            if re.search(r"\binjuries\b", counted):
                return "injuries", counted
            return f"wounded{who}", counted if re.search(_HURT, counted) else f"{counted or 'people'} wounded"
        if became == "crossed":
            return "border-crossings", counted
        if became == "returned":
            return "people-returned", counted
        if became == "taken":
            return "count", counted
        if became == "moved":
            # displaced people are there; people were displaced
            own = _STOCK.match(counted) and not _MOVING.search(after)
            return "idps-stock" if own else "people-displaced", counted
        if became == "killed":
            return f"deaths{who}", counted
    counted = (
        f"{counted}{after[:24]}"
        if re.search(r"\b(?:rockets?|missiles?|shells|mortars?|rounds|projectiles)$", counted)
        else counted
    )
    return _plain_measure(counted), number.counted


_STOCK = re.compile(r"(?:internally )?displaced \w+", re.IGNORECASE)
_MOVING = re.compile(
    r"^(?: \w+){0,3}? (?:arriv|left|fled|flee|mov|cross|reach|since|by|in the past|during|between)\w*\b", re.IGNORECASE
)
# The number a toll stands at: the death toll rose to 34, put the toll at 12.
_TOLL = re.compile(
    r"\b(?:death toll|toll|number of (?:dead|deaths|fatalities))\b(?! of wounded)[^.;]*?\b(?:at|to|was|is|of|"
    r"reached|hit|passed|"
    r"exceeded|stood at|stands at|by) (?:(?:now|at least|more than|about|around|some|nearly|over) )*$",
    re.IGNORECASE,
)
_IN_SITES = re.compile(
    r"^(?:\s\([^()]*\))?\s(?:\w+ ){0,3}?(?:resid\w+|liv\w+|shelter\w+|stay\w+|hosted|housed)\s(?:\w+ ){0,3}?in "
    r"(?:[\w-]+ ){0,4}?(?:camps?|sites?|shelters|centers|centres)\b",
    re.IGNORECASE,
)


_KIN = re.compile(
    r"\sof (?:(?:his|her|their|the|a|an|one|same|[A-Z]\w+) )*(?:famil\w+|household|parliament|clan|staff|"
    r"congregation|public)\b"
)


def _who(counted: str, after: str) -> str:
    """The end of a measure of deaths or wounded: who they are, where the counted words tell."""
    if re.search(r"\b(?:police\w*|family|household|clan)\b", counted, re.IGNORECASE) or (
        re.search(r"\bmembers$", counted) and _KIN.match(after)
    ):
        return ""
    civilian, soldier = _CIVILIAN.search(counted), _SOLDIER.search(counted)
    if civilian and not soldier:
        return (
            "-children"
            if _CHILD.search(counted) and not re.search(r"\b(?:and|women|civilians?)\b", counted, re.IGNORECASE)
            else "-civilian"
        )
    return "-military" if soldier and not civilian else ""


def _plain_measure(counted: str) -> str:
    return next((m for pattern, m in _COUNTED if re.search(pattern, counted, re.IGNORECASE)), "count")


_KILOMETRES = {"m": 0.001, "metre": 0.001, "meter": 0.001, "km": 1.0, "kms": 1.0, "kilometre": 1.0, "kilometer": 1.0,
               "mile": 1.609344,
               "feet": 0.0003048, "ft": 0.0003048, "yard": 0.0009144, "mm": 1e-6, "cm": 1e-5}  # fmt: skip
_IN_DAYS = {
    "second": 1 / 86400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.0,
    "year": 365.0,
}


def in_measure(number: PrintedNumber) -> tuple[float, float, str]:
    """The ends of a number in the unit its measure has (a share of 1, kilometres, days), and how they were converted.

    The words are empty where nothing was converted.
    """
    unit = number.unit.lower()
    if unit == "percent":
        return number.low / 100, number.high / 100, "1% is 0.01"
    if unit == "share":
        return round(number.low, 6), round(number.high, 6), ""
    single = unit[:-1] if unit.endswith("s") and unit not in ("kms",) else unit
    for table, name in ((_KILOMETRES, "km"), (_IN_DAYS, "days")):
        factor = table.get(unit, table.get(single))
        if factor is not None:
            how = "" if factor == 1.0 else f"1 {single} is {factor:.6g} {name}"
            return round(number.low * factor, 6), round(number.high * factor, 6), how
    return number.low, number.high, ""
