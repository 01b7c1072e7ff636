"""What a span of a text may say: its numbers with their measures, and the first act with the actors beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from standoff.case.model import Case
from standoff.evidence.anchors import view
from standoff.evidence.reading.acts import act_words, is_talk
from standoff.evidence.reading.measures import fate, is_fate, measure_of
from standoff.evidence.reading.numbers import Number, numbers
from standoff.evidence.reading.sentences import Span

_AROUND = 60  # code points around a number that tell what became of those counted
_CLAUSE = re.compile(r"[;.:]\s|\s[-–—]+\s|\sof whom\b")
# A name goes on: the Washington Post is not Washington, Moscow time is not Moscow.
_GOES_ON = (
    r"(?!\s(?:Post|Times|Time|Journal|Herald|Tribune|Gazette|Street|University|Institute|Declaration|Accords?|Memorandum|"
    r"Protocol|Airport|Sea|Strait|Gulf|Heights)\b)"
)


# An ambassador to the United Nations does not speak for them, nor a minister's adviser for the minister.
_TOWARDS = r"(?<!\bto )(?<!\bto the )"


def _owned(record: Any, apart: str) -> str:
    return r"(?!'s\b)" if apart and record.kind == "person" else ""


class Names:
    """Names of sources and actors of a case, longest first, for finding them in words of the text."""

    def __init__(self, case: Case | None) -> None:
        self.sources = self._table(case.sources if case else {}, _TOWARDS)
        self.actors = self._table(case.actors if case else {})

    @staticmethod
    def _table(records: Any, apart: str = "") -> list[tuple[re.Pattern[str], str]]:
        named = [
            (name, key)
            for key, record in records.items()
            for name in {record.name, *record.aliases}
            if len(name) > 2 and name.lower() not in ("the", "government")
        ]
        named.sort(key=lambda pair: (-len(pair[0]), pair[1]))
        return [
            (re.compile(rf"{apart}(?<!\w){re.escape(view(name))}(?!\w){_owned(records[key], apart)}{_GOES_ON}"), key)
            for name, key in named
        ]

    def source(self, words: str) -> str:
        """The id of the source that words name, or an empty string."""
        return next((key for pattern, key in self.sources if pattern.search(words)), "")

    def found(self, words: str) -> list[tuple[int, str]]:
        """The actors that words name, each with its place, in order."""
        taken: set[int] = set()
        out = []
        for pattern, key in self.actors:
            for match in pattern.finditer(words):
                place = set(range(*match.span()))
                if not place & taken:
                    taken |= place
                    out.append((match.start(), key))
        return sorted(out)


def _quantity(number: Number, before: str, after: str) -> dict[str, Any]:
    measure, counted = measure_of(number, before, after)
    named = re.sub(r"[^a-z0-9]+", "-", counted.lower()).strip("-") or measure
    said: dict[str, Any] = {"quantity": named, "measure": measure}
    low, high = (int(end) if float(end).is_integer() else end for end in (number.low, number.high))
    said |= {"value": low} if low == high else {"low": low, "high": high}
    for key, value in (("bound", number.bound), ("counted", counted), ("convention", number.convention)):
        if value and value != "exact":
            said[key] = value
    if number.unit:
        said["unit"] = number.unit
    return said


def _event(words: str, names: Names) -> tuple[dict[str, Any], Span] | None:
    """The act of a sentence with the actors before and after it, and where its word stands.

    The first act is taken; one that is no talk goes before one that is, which is what others' saying is mostly about.
    """
    found = act_words(words)
    if not found:
        return None
    kind, start, end = next((act for act in found if not is_talk(act[0])), found[0])
    actors = names.found(words)
    before = [key for at, key in actors if at < start]
    after = [key for at, key in actors if at >= end and key not in before]
    said: dict[str, Any] = {"event": kind}
    said |= {"actor": before[-1:]} if before else {}
    return said | ({"target": after[:1]} if after else {}), Span(start, end)


def _is_idle(number: Number) -> bool:
    """Whether a number is a ``one`` or ``two`` that counts nothing a case keeps (``one consequence``)."""
    small = number.low == number.high and number.low <= 2 and number.bound == "exact" and not number.unit
    return small and not number.convention and measure_of(number)[0] == "count"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a span may say, the rule that found it, the place of its number or act, and of the verb that it rests on."""

    says: dict[str, Any]
    rule: str
    centre: Span | None = None
    act: Span | None = None


def payloads(text: str, span: Span, names: Names) -> Iterator[Payload]:
    """What a span may say.

    An act is proposed beside numbers too, unless it is talk or the numbers already tell it (seven were killed).
    """
    counted = [n for n in numbers(text, span) if not _is_idle(n)]
    for number in counted:
        before = _CLAUSE.split(text[max(span.start, number.span.start - _AROUND) : number.span.start])[-1]
        after = _CLAUSE.split(text[number.end : min(span.end, number.end + _AROUND)])[0]
        yield Payload(_quantity(number, before, after), "number", number.span, fate(number, before, after)[1])
    event = _event(view(span.of(text)), names)
    if event is None:
        if not counted:
            yield Payload({"assessment": "statement"}, "attribution")
        return
    said, at = event
    place = Span(span.start + at.start, span.start + at.end)
    if not counted or not (is_talk(said["event"]) or is_fate(place.of(text))):
        yield Payload(said, "event word", place, place)
