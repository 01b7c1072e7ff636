"""What a number in a report measures: what became of people, where they are counted; else what is counted."""

from __future__ import annotations

import re

from standoff.evidence.reading.numbers import PEOPLE, Number
from standoff.evidence.reading.sentences import Span

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


def fate(number: Number, before: str, after: str) -> tuple[str, Span | None]:
    """What became of the people counted (``killed``, ``hurt``, ``moved`` or nothing), and where its word stands.

    ``before`` ends where the number starts and ``after`` starts where its counted words end. Words right after the
    counted ones go first (20 others were wounded), then the last before, then the first after.
    """
    if number.unit or (number.counted and not PEOPLE.search(number.counted)):
        return "", None
    left = number.span.start - len(before)
    if (driven := _DRIVEN.search(before)) and _AWAY.match(after):
        return "moved", Span(left + driven.start(), left + driven.end() - 1)
    own = _FATE.search(number.counted)
    following = _FATE.search(after)
    preceding = [m for m in _FATE.finditer(before) if not _NEGATED.search(before, 0, m.start())]
    if own is not None:
        found, shift = own, number.end - len(number.counted)
    elif following is not None and (_PASSIVE.match(after, 0, following.start()) or not preceding):
        found, shift = following, number.end
    elif preceding:
        found, shift = preceding[-1], left
    else:
        return "", None
    return str(found.lastgroup), Span(shift + found.start(), shift + found.end())


def measure_of(number: Number, before: str = "", after: str = "") -> tuple[str, str]:
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
        told = f"{counted}{after}"
        need, first = _IN_NEED.search(told), _FATE.search(told)
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
