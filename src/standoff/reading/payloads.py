"""What a span of a text may say: its numbers with their measures, and the first act with the actors beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from standoff.case.model import Case
from standoff.case.vocabulary import is_a
from standoff.evidence.anchors import view
from standoff.oneline import OneLine
from standoff.reading.numbers import PrintedNumber, fate, is_fate, measure_of, numbers
from standoff.reading.page import Passage

# Words for acts and the event type each may be; the first word of a sentence that is one decides.

_DEAL = r"(?:cease-?fire|truce|armistice|agreement|accord|deal|memorandum)"  # what is breached
# type -> stems of words that may tell it; longer and earlier entries win where two start at one word
_STEMS: dict[str, str] = {
    "chemical-attack": r"chemical (?:attack|weapon)\w*|sarin|chlorine|gassed",
    "airstrike": r"air ?strikes?|air raids?|bombard\w*|warplanes?",
    "drone-attack": r"drone (?:attack|strike)s?",
    "missile-strike": r"(?:cruise )?missiles?(?: strikes?)?",
    "shelling": r"shell(?:ed|ing|s)|artillery|mortars?|rockets?",
    "bombing": r"car bombs?|suicide bomb\w*|bomb(?:ed|ing|ings)?|explosions?|explosives?|exploded",
    "aircraft-shot-down": r"shot down|downed",
    "breach": rf"(?:violat\w*|breach\w*|breaks?|broke|broken|breaking)(?: of)? (?:[\w-]+ ){{0,4}}?{_DEAL}|"
    rf"{_DEAL} (?:violations?|breach(?:es)?)",
    "ceasefire-end": r"(?:broke off|end(?:s|ed|ing)?|call(?:s|ed|ing)? off|suspend\w*|scrap\w*|abandon\w*|terminat\w*) "
    r"(?:[\w-]+ ){0,2}?(?:cease-?fire|truce)",
    "extension": r"exten(?:d|ds|ded|sion) (?:of )?(?:[\w-]+ ){0,3}?(?:cease-?fire|truce)",
    "ceasefire": r"cease-?fire|truce",
    "suspension": r"suspend\w* (?:[\w-]+ ){0,3}?(?:talks|dialogue|negotiations|agreement|participation)|"
    r"(?:talks|dialogue|negotiations)(?: [\w-]+){0,2} (?:is|are|was|were|been) suspended",
    "offensive": r"offensive(?! (?:actions?|weapons?|remarks?|language)\b)|ground assault|storm(?:ed|ing|s)|"
    r"invad\w*|invasion",
    "territorial-change": r"captur\w*|retak\w*|retook|seiz\w*|recaptur\w*|overr[au]n",
    "encirclement": r"encircl\w*|besieg\w*|siege",
    "blockade": r"blockad\w*",
    "incursion": r"incursions?|encroach\w*",
    "obstruction": r"obstruct\w*",
    "clash": r"clash\w*|battl(?:es?|ed|ing)|fought|fighting|exchang\w* (?:of )?(?:\w+ )?fire",
    "displacement": r"displac(?:es?|ed|ing|ement)(?! (?:camps?|sites?|persons?|people|residents|civilians|"
    r"communit|famil))|fled|flee\w*",
    "withdrawal": r"withdr\w*|pull(?:ed|ing)? (?:out|back)|retreat\w*|evacuat\w*|"
    r"remov\w* (?:[\w-]+ ){0,5}?(?:troops|forces|soldiers|fighters|checkpoints)",
    "reinforcement": r"reinforce\w*",
    "deployment": r"deploy\w*|mobili[sz]\w*(?! (?:units|forces)\b)|on (?:full |high )?alert|sen(?:d|ds|t|"
    r"ding) (?:\w+ )?(?:troops|"
    r"forces|tanks|warplanes|warships|reinforcements)|massing",
    "exercise": r"(?:military|joint|naval) (?:exercise|drill)s?|man(?:oe|eu)vers?",
    "sanction": r"sanction\w*|embargo\w*|expel\w*|suspend\w*|cut(?:s|ting)? (?:off )?(?:aid|ties)|sever(?:s|ed|"
    r"ing)? (?:ties|relations|links)|halt\w*",
    "protest": r"demonstrat(?:ors?|ions?|ing)|demonstrated(?! (?:the|its|their|that|an?|his|her|our)\b)|"
    r"protest\w*|rall(?:y|ied|ies)|riot\w*|went on strike|marched",
    "aid": r"(?:humanitarian|food|economic|military|financial) (?:aid|assistance)|aid convoy\w*|relief supplies",
    "arrest": r"arrest\w*|detain\w*|jail\w*|crackdown|cracked down|raid(?:ed|s)?",
    "threat": r"threat\w*|warn(?:s|ed|ing)?|ultimatum|vow\w* to|retaliat(?:e|es|ion|ory|ing)",
    "accusation": r"accus\w*|blam\w*|condemn\w*|denounc\w*|critici[sz]\w*|alleg\w*|complain\w*|lash\w* out|sued",
    "denial": r"den(?:y|ies|ied)",
    "refusal": r"reject\w*|refus\w*|rul(?:ed|es|ing) out|oppos\w*|declin\w*|turned down|defy|defied|dismiss\w*",
    "veto": r"veto\w*",
    "demand": r"demand\w*|urg(?:e|es|ed|ing)|call(?:s|ed|ing)? (?:for|on|upon)|insist\w*|appeal\w*|ask\w*|order\w*",
    "request": r"request\w*|sought|seeks?|seeking",
    "offer": r"offer\w*|prais\w*|support(?:s|ed|ing)?(?! by\b)|welcom\w*|apologi[sz]\w*|endors\w*|"
    r"(?<!-)back(?:s|ed|ing)(?! by\b)|thank\w*",
    "agreement": r"agree\w*|(?<!national )accord(?! with\b)|signed|promis\w*|pledg\w*|will (?:send|help|provide|"
    r"join|attend)|accept\w*",
    "prisoner-release": r"(?:releas\w*|freed|exchang\w*|swap\w*) (?:of )?(?:[\w-]+ ){0,4}?(?:prisoners?|"
    r"detainees|hostages|captives)|"
    r"prisoner (?:exchange|swap|release)s?",
    "disarmament": r"disarm(?:s|ed|ing|ament)?",
    "demining": r"demin(?:es?|ed|ing)",
    "compliance": r"releas\w*|lift(?:s|ed|ing)?|eas(?:e|es|ed|ing)|conced\w*|allow\w*|resign\w*|free[ds]",
    "summit": r"summit",
    "meeting": r"(?<!been )(?<!be )(?<!not )(?:met|meets?|meeting)(?! (?:\w+ ){0,3}?(?:deadline|demand|condition|"
    r"term|criteri|need|target|obligation)\w*)|talks|visit\w*|discuss\w*|negotiat\w*|mediat(?:e|es|ed|ing|ion)|host(?:s|ed|ing)|arriv\w*",
    "abduction": r"kidnap\w*|abduct\w*|(?:took|tak(?:e|es|en|ing)|seiz\w+) (?:\w+ ){0,4}?hostages?",
    "looting": r"loot(?:s|ed|ing)?|pillag\w*",
    "violence-against-civilians": r"massacr\w*|execut(?:ed|ion)\w*|tortur\w*",
    "assault": r"attack(?:s|ed|ing)?|strikes?|struck|kill\w*|assault\w*|(?<!the )wound(?:ed|ing)|assassinat\w*|"
    r"ambush\w*|retaliated|(?:open|return)(?:s|ed|ing)? (?:\w+ )?fire|fired (?:on|at|upon)",
}
_WORD = re.compile("|".join(rf"(?P<t{k}>\b(?:{stems})\b)" for k, stems in enumerate(_STEMS.values())), re.IGNORECASE)
_KINDS = tuple(_STEMS)
_TALK = ("statement", "agreement", "summit", "diplomacy")


def is_talk(kind: str) -> bool:
    """Whether an event type is talk: words such as "asked" or "met" are too common to propose on their own."""
    return kind == "compliance" or any(is_a(kind, talk) for talk in _TALK)


def act_words(words: str) -> list[tuple[str, int, int]]:
    """Return the event type, start and end of each word for an act, in order."""
    return [(_KINDS[int(m.lastgroup[1:])], m.start(), m.end()) for m in _WORD.finditer(words) if m.lastgroup]


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


class ActorNames:
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

    def places_in(self, words: str) -> list[tuple[int, str]]:
        """The actors that words name, each with its place, in order."""
        covered: set[int] = set()
        out = []
        for pattern, key in self.actors:
            for match in pattern.finditer(words):
                place = set(range(*match.span()))
                if not place & covered:
                    covered |= place
                    out.append((match.start(), key))
        return sorted(out)


def _quantity(number: PrintedNumber, before: str, after: str) -> dict[str, Any]:
    measure, counted = measure_of(number, before, after)
    named = re.sub(r"[^a-z0-9]+", "-", counted.lower()).strip("-") or measure
    record: dict[str, Any] = {"quantity": named, "measure": measure}
    low, high = (int(end) if float(end).is_integer() else end for end in (number.low, number.high))
    record |= {"value": low} if low == high else {"low": low, "high": high}
    for key, value in (("bound", number.bound), ("counted", counted), ("convention", number.convention)):
        if value and value != "exact":
            record[key] = value
    if number.unit:
        record["unit"] = number.unit
    return record


def _event(words: str, names: ActorNames) -> tuple[dict[str, Any], Passage] | None:
    """The act of a sentence with the actors before and after it, and where its word stands.

    The first act is taken; one that is no talk goes before one that is, which is what others' saying is mostly about.
    """
    acts = act_words(words)
    if not acts:
        return None
    kind, start, end = next((act for act in acts if not is_talk(act[0])), acts[0])
    actors = names.places_in(words)
    before = [key for at, key in actors if at < start]
    after = [key for at, key in actors if at >= end and key not in before]
    record: dict[str, Any] = {"event": kind}
    record |= {"actor": before[-1:]} if before else {}
    return record | ({"target": after[:1]} if after else {}), Passage(start, end)


def _is_idle(number: PrintedNumber) -> bool:
    """Whether a number is a ``one`` or ``two`` that counts nothing a case keeps (``one consequence``)."""
    small = number.low == number.high and number.low <= 2 and number.bound == "exact" and not number.unit
    return small and not number.convention and measure_of(number)[0] == "count"


@dataclass(frozen=True, slots=True, repr=False)
class Payload(OneLine):
    """What a span may say, the rule that found it, the place of its number or act, and of the verb that it rests on."""

    says: dict[str, Any]
    rule: str
    centre: Passage | None = None
    act: Passage | None = None


def payloads(text: str, span: Passage, names: ActorNames) -> Iterator[Payload]:
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
    record, at = event
    place = Passage(span.start + at.start, span.start + at.end)
    if not counted or not (is_talk(record["event"]) or is_fate(place.of(text))):
        yield Payload(record, "event word", place, place)
