"""Which sentences are in another language than English, and months, weekdays and scales of four of them."""

from __future__ import annotations

import re

from standoff.reading.page import Passage, paragraphs, sentences

_COMMON = (
    "the of and to in that was said with were by from has have is are for at on it as be not he they its had will "
    "would who been this after an or but which their more than i we his her she about over when there no"
)
_ELSEWHERE = (
    "le la les des du et est une un dans sur par pour qui que aux au ont été sont avec ce cette selon plus pas "
    "der die das und ist ein eine nicht mit von den dem auf für zu im wurden nach "
    "el los las del en con por una fue se según y su para al han il di che della sono nel ha dei non "
    "ve bir bu için ile olarak da de olan oldu het een van dat op met zijn werd os uma um não com foi na ao"
)
_ENGLISH = frozenset(_COMMON.split())
_OTHERS = frozenset(_ELSEWHERE.split()) - _ENGLISH
_LEAST_WORDS = 4  # below which a line of Latin letters is not judged


def may_be_english(words: str) -> bool:
    """Whether some words may be English: by their letters, then by the common words of English and of other "
    "languages."""
    letters = [c for c in words if c.isalpha()]
    if letters and sum(c > "\u024f" for c in letters) > 0.5 * len(letters):
        return False
    tokens = re.findall(r"[^\W\d_]+", words.lower())
    if len(tokens) < _LEAST_WORDS:
        return True
    other = sum(token in _OTHERS for token in tokens)
    return other < 2 or other <= sum(token in _ENGLISH for token in tokens)


def foreign_sentences(text: str) -> list[Passage]:
    """The sentences of a text that are not English, in order."""
    found = []
    for paragraph in paragraphs(text):
        if may_be_english(paragraph.of(text)) and paragraph.of(text).isascii():
            continue
        found += [s for s in sentences(text, paragraph) if not may_be_english(s.of(text))]
    return found


# For checking what a model reads in other languages: a day, a month or a scale must stand in the words it quotes.

_MONTHS = {
    1: "january|jan|janvier|январ\\w*|січ\\w*|يناير|كانون الثاني",
    2: "february|feb|février|феврал\\w*|лют\\w*|فبراير|شباط",
    3: "march|mar|mars|март\\w*|берез\\w*|مارس|آذار",
    4: "april|apr|avril|апрел\\w*|квіт\\w*|أبريل|نيسان|ابريل",
    5: "may|mai|ма[йяею]\\w*|трав\\w*|مايو|أيار",
    6: "june|jun|juin|июн\\w*|черв(?!о)\\w*|يونيو|حزيران",
    7: "july|jul|juillet|июл\\w*|лип\\w*|يوليو|تموز",
    8: "august|aug|août|август\\w*|серп\\w*|أغسطس|آب|اغسطس",
    9: "september|sept?|septembre|сентябр\\w*|верес\\w*|سبتمبر|أيلول",
    10: "october|oct|octobre|октябр\\w*|жовт\\w*|أكتوبر|تشرين الأول|اكتوبر",
    11: "november|nov|novembre|ноябр\\w*|листопад\\w*|نوفمبر|تشرين الثاني",
    12: "december|dec|décembre|декабр\\w*|груд\\w*|ديسمبر|كانون الأول",
}
MONTHS = {number: re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE) for number, names in _MONTHS.items()}
_WEEKDAYS = (
    "monday|lundi|понедельник\\w*|понеділ\\w*|الاثنين|الإثنين",
    "tuesday|mardi|вторник\\w*|вівтор\\w*|الثلاثاء",
    "wednesday|mercredi|сред[уыае]|серед[уиа]|الأربعاء|الاربعاء",
    "thursday|jeudi|четверг\\w*|четвер\\w*|الخميس",
    "friday|vendredi|пятниц\\w*|п['’]ятниц\\w*|الجمعة",
    "saturday|samedi|суббот\\w*|субот\\w*|السبت",
    "sunday|dimanche|воскресень\\w*|неділ\\w*|الأحد|الاحد",
)
WEEKDAYS = tuple(re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE) for names in _WEEKDAYS)
YESTERDAY = re.compile(r"(?<!\w)(?:yesterday|hier|вчера|вчора|أمس|امس)(?!\w)", re.IGNORECASE)
TODAY = re.compile(r"(?<!\w)(?:today|aujourd['’]hui|сегодня|сьогодні|اليوم)(?!\w)", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<!\w)(?:thousand\w*|mille|milliers?|тыс\w*|тис\w*|ألف\w*|آلاف|الف)(?!\w)", re.IGNORECASE)
_MILLIONS = re.compile(r"(?<!\w)(?:millions?|млн|миллион\w*|мільйон\w*|مليون\w*|ملايين)(?!\w)", re.IGNORECASE)
_WORDS = {
    1: "one|une?|один\\w*|одн\\w+|واحد\\w*", 2: "two|deux|дв[аео]\\w*|обе|اثنان|اثنين", 3: "three|trois|тр[иёе]\\w*|"
        "ثلاث\\w*",
    4: "four|quatre|четыр\\w*|чотир\\w*|أربع\\w*", 5: "five|cinq|пят[ьи]\\w*|п['’]ят\\w*|خمس\\w*", 6: "six|шест\\w*|"
        "шіст\\w*|шест\\w*|ست\\w*",
    7: "seven|sept|сем[ьи]\\w*|сім\\w*|سبع\\w*", 8: "eight|huit|восем\\w*|вісім\\w*|ثماني\\w*", 9: "nine|neuf|"
        "девят\\w*|дев['’]ят\\w*|تسع\\w*",
    10: "ten|dix|десят\\w*|عشر\\w*", 11: "eleven|onze|одиннадцат\\w*|одинадцят\\w*", 12: "twelve|douze|двенадцат\\w*|"
        "дванадцят\\w*",
}  # fmt: skip
_NUMERALS = {n: re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE) for n, names in _WORDS.items()}
_DIGITS = re.compile(r"\d+(?:[.,\u00a0\u202f \u066b\u066c٬]\d{3})*(?:[.,\u066b]\d+)?")


def values_in(words: str) -> set[float]:
    """Every number that some words may print, in digits of any script, with a scale beside it, or as a word to "
    "twelve."""
    found: set[float] = set()
    for match in _DIGITS.finditer(words):
        digits = "".join(str(int(c)) if c.isdigit() else c for c in match[0])
        plain = re.sub(r"[\u00a0\u202f \u066c٬]", "", digits).replace("\u066b", ".")
        readings = {plain.replace(",", ""), plain.replace(",", "."), plain.replace(".", "").replace(",", "")}
        after = words[match.end() : match.end() + 14]
        for reading in readings:
            if reading.count(".") > 1 or not reading.replace(".", ""):
                continue
            value = float(reading)
            found.add(value)
            if _THOUSANDS.search(after):
                found.add(value * 1e3)
            if _MILLIONS.search(after):
                found.add(value * 1e6)
    found |= {float(n) for n, pattern in _NUMERALS.items() if pattern.search(words)}
    return found
