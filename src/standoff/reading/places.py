"""Where something is said to be: the place that a sentence names for an act or a number.

A place is a name of the case, a state, or a name that its words show to be one: ``in the Obe district``, ``the town of
Sake``, ``captured Kobani``. What is none of these is no place, and an actor's name is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from standoff.case.model import Case
from standoff.evidence.anchors import view
from standoff.intake.country_names import STATES
from standoff.oneline import OneLine
from standoff.reading.page import Passage

_WORD = r"(?:(?:[Aa]l|[Ee]l|[Aa]n|[Aa]s|[Aa]sh|[Aa]r|[Aa]d|[Aa]t|[Aa]z|[Uu]l)-)?[A-Z][\w'’-]*"
_NAME = rf"{_WORD}(?:\s(?:{_WORD}|(?:de|du|la|of|al|el|ad|as|ar|y)(?=\s[A-Z])))*"
_KIND = (
    r"(?:cit(?:y|ies)|towns?|villages?|districts?|provinces?|governorates?|regions?|states?|counties|county|areas?|"
    r"islands?|peninsula|neighbou?rhoods?|suburbs?|"
    r"camps?|refugee camp|crossing|border crossing|checkpoints?|airport|airbase|air base|base|port|valley|"
    r"countryside|oblast|raion|department|enclave|"
    r"municipality|subdistrict|sub-district|quarter|corridor|sector|strip|front|capital|outskirts)"
)
_SIDE = (
    r"(?:(?:north|south|east|west|central|rural|greater|upper|lower|downtown|nearby|neighbou?ring|mainland|inner|"
    r"far|war-torn)\w*[\s-]){0,3}"
)
_IN = re.compile(
    rf"\b(?P<role>[Ii]n|[Aa]t|[Nn]ear|[Ii]nside|[Oo]utside|[Aa]round|[Aa]cross|[Oo]ver|[Aa]long|[Aa]bove|"
    rf"[Tt]hroughout|[Ww]ithin|[Oo]n|[Ii]nto|[Tt]o|[Tt]owards?|[Ff]rom|[Oo]f|"
    rf"[Oo]ut of|[Bb]etween|[Aa]gainst|[Bb]y|[Aa]nd|[Oo]r)\s(?P<kind>(?:the\s|its\s|an?\s|other\s|parts "
    rf"of\s)*{_SIDE}(?:[\w-]+\s){{0,2}}?{_KIND}(?:\sof)?\s|(?:the\s)?{_SIDE})?"
    rf"(?P<name>{_NAME})(?P<after>\s(?:[\w-]+\s)?{_KIND}\b)?"
)
_SEIZURE = re.compile(
    rf"\b(?:captur|seiz|retak|retook|storm|shell|bomb|pound|enter|left|leav|struck|hit|raid|besieg|encircl|evacuat|"
    rf"reach|liberat|recaptur|surround|overran|overrun|took|"
    rf"taken|hitting|striking|bombard|attack|target|occup|flee|fled|control of|capture of|fall of|siege of|battle "
    rf"for|siege on|airport of|outskirts of|north of|south of|east of|west of)"
    rf"\w*\s(?P<kind>(?:the\s|its\s|parts of\s|most of\s|control of\s)*{_SIDE}(?:[\w-]+\s){{0,2}}?{_KIND}(?:\sof)?\s|"
    rf"(?:the\s)?{_SIDE})?(?P<name>{_NAME})(?P<after>\s(?:[\w-]+\s)?{_KIND}\b)?"
)
_KINDED = re.compile(
    rf"\b(?P<name>{_NAME})(?P<after>\s(?:[\w-]+\s)?(?:refugee camp|district|province|governorate|valley|airport|"
    rf"crossing|peninsula|island|oblast|raion)\b)"
)
# What fire falls on and what a kind is named of: ``air strikes on Ariha``, ``the town of Sarmin``.
_FIRE_ON = re.compile(
    rf"\b(?:air ?-?strikes?|air raids?|shelling|bombardment|bombing|artillery fire|rocket fire|missile strikes?) "
    rf"(?:on|of|against|in|near) "
    rf"(?P<kind>(?:the\s|"
    rf"its\s)?{_SIDE}(?:[a-z][\w-]*\s)?(?:{_KIND}\sof\s)?)?(?P<name>{_NAME})(?P<after>\s(?:[\w-]+\s)?{_KIND}\b)?"
)
_KIND_OF = re.compile(rf"\b(?P<kind>{_KIND}\sof\s)(?P<name>{_NAME})(?P<after>\s{_KIND}\b)?")
_PLACE_BY_KIND = re.compile(
    rf"\b(?:town|city|village|district|province|governorate|island|port|camp|suburb|county|"
    rf"municipality)\sof\s(?P<name>{_NAME})"
)
_ARMED = re.compile(
    r"(?:Hamas|Hezbollah|Hizb\w+|Taliban|Houthis?|Boko Haram|Islamic (?:State|Jihad)|[Aa]l-Qa\w+|[Aa]l-Shabab\w*|"
    r"Daesh|Fatah|Wagner|Janjaweed|Fulani|"
    r"Hayat Tahrir|Jabhat|Ansar|Jaish|Lashkar|Ahrar|Faylaq|Liwa|Seleka|Tuareg)\b"
)
_NO_PLACE = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December|Jan|Feb|Mar|"
    r"Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Parliament|Congress|Council|Ministry|Reuters|AFP|AP|VOA|BBC|CNN|TASS|SANA|"
    r"Twitter|Facebook|Telegram|YouTube|X|Arabic|"
    r"English|French|Russian|Ramadan|Christmas|Easter|Islam|NATO|EU|UN|OSCE|UNHCR|OCHA|ICRC|WFP|IOM|UNICEF|WHO|"
    r"United Nations|European Union|African Union|"
    r"Arab League|Security Council|General Assembly|State Department|Pentagon|Kremlin|White House|Human Rights|"
    r"President|Prime|Minister|General|Colonel|"
    r"Captain|Major|Mr|Mrs|Ms|Dr|Sheikh|King|Queen|Prince|Article|Annex|Resolution|Chapter|GMT|UTC|I|He|She|It|They|"
    r"We|The|This|That|Both|Two|God|Allah|"
    r"Muslims?|Christians?|Sunnis?|Shi\w+|Kurds|Arabs|Jews|Army|Forces?|Front|Party|Movement|Government|Coalition|"
    r"Committee|Agency|Organi[sz]ation|Red "
    r"Cross|Red Crescent|White Helmets|Doctors|Save|Amnesty|Operation|War|Battle|Agreement|Accords?|Protocol|"
    r"Declaration|IDPs?|NGOs?)\b"
)
_PEOPLE_OF = re.compile(
    r"(?:ians?|ish|ese|[a-z]eli|[a-z]ani|[a-z]aqi|[a-z]eni|Afghan|Turkish|Kurdish|French|Dutch|German|Czech|Greek|"
    r"Arab|Druze|ists?|ites?)(?:-\w+)?$"
)
_GROUP = re.compile(
    r"\b(?:Army|Forces|Front|Party|Movement|Guards?|Brigades?|Ministry|Council|Agency|Observatory|Union|Committee|"
    r"Mission|Authority|Government|Group|News|Times|"
    r"Post|University|Hospital|Institute|Foundation|Fund|Programme?|Organi[sz]ation|Watch|International|Office|"
    r"Department|Service|Press|Court|Police|"
    r"Battalion|Division|Corps|Command|Coalition|League|Association|Centre|Center|Agreement|Memorandum|Accords?|"
    r"Declaration|Resolution|Street|Summit|Process)\b"
)
_SURE = ("in", "at", "near", "inside", "outside", "around", "across", "within", "throughout", "into", "over", "along")
_STOP = re.compile(r"[;:]|\.\s|\b(?:after|before|while|when|although|because|whereas|but|since|despite)\b|\"")
_FAR = 110  # code points between an act and its place


@dataclass(frozen=True, slots=True, repr=False)
class NamedPlace(OneLine):
    """A place in some words: its span, name (an id where the case has it) and the word that leads to it."""

    span: Passage
    name: str
    role: str
    certain: bool  # the case or a list of states has it


class PlaceNames:
    """Places of a case by name, and what else is known to be one; actors' and sources' names are none."""

    def __init__(self, case: Case | None) -> None:
        self.ids: dict[str, str] = {}
        for key, place in (case.places if case else {}).items():
            for name in {place.name, key, *getattr(place, "aliases", ())}:
                if len(name) > 2:
                    self.ids.setdefault(view(name).lower(), key)
        named = sorted((name for name in self.ids if not name.isdigit()), key=len, reverse=True)
        self.by_name = (
            re.compile(rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, named))})(?![\w-])", re.IGNORECASE) if named else None
        )
        records = (*(case.actors.values() if case else ()), *(case.sources.values() if case else ()))
        self.others = {view(name).lower() for record in records for name in (record.name, *record.aliases)} - set(
            self.ids
        )
        self.states = {view(name).lower() for names in STATES for name in names}
        self.by_kind: set[str] = set()

    def learn(self, text: str) -> None:
        """Take as places the names that a text shows to be some (``the town of Sake``), wherever they stand in it."""
        plain = view(text)
        for m in _PLACE_BY_KIND.finditer(plain):
            low = m["name"].lower()
            if low not in self.others and not _NO_PLACE.match(m["name"]) and not _GROUP.search(m["name"]):
                self.by_kind.add(low)

    def _accepts(self, match: re.Match[str]) -> tuple[str, bool] | None:
        """The name of a match, and whether it is certain; None where it is no place."""
        name = match["name"].rstrip("'’")
        name = re.sub(r"['’]s\b.*$", "", name)
        if (_NO_PLACE.match(name) or _ARMED.match(name)) and name.lower() not in self.ids:
            return None
        low = view(name).lower()
        if low in self.ids:
            return self.ids[low], True
        if low in self.states or low in self.by_kind:
            return name, True
        following = match.string[match.end() : match.end() + 24]
        kinded = bool(match["after"]) or bool(re.search(_KIND, match.groupdict().get("kind") or ""))
        if _GROUP.search(name) or (low in self.others and not kinded) or (name.isupper() and len(name) < 6):
            return None
        if _PEOPLE_OF.search(name) and (not kinded or re.search(r"(?:s|ies)$", match["after"] or "")):
            return None  # Turkish posts, Congolese villages
        if not kinded and re.match(
            r"['’]s\b|\s(?!and\b|or\b|on\b|in\b|at\b|by\b|to\b|as\b|for\b|with\b|after\b|before\b|during\b|"
            r"when\b|while\b|from\b|that\b|which\b|"
            r"where\b|who\b|was\b|were\b|is\b|are\b|has\b|have\b|had\b|will\b|would\b|since\b|overnight\b|"
            r"early\b|late\b|last\b|this\b|"
            r"yesterday\b|killing\b|killed\b|following\b|but\b|said\b|says\b|under\b|over\b|between\b|until\b|"
            r"through\b|near\b|could\b|of\b|against\b|\w+ed\b|\w+ing\b)[a-z]",
            following,
        ):
            return None
        return name, False

    def within(self, words: str) -> list[NamedPlace]:
        """The places that some words name, in order."""
        found: dict[int, NamedPlace] = {}
        plain = view(words)
        if self.by_name is not None:
            for m in self.by_name.finditer(plain):
                if plain[m.start()].isupper():
                    lead = re.search(r"(\w+)\s(?:the\s)?(?:[\w-]+\s){0,3}?$", plain[max(0, m.start() - 40) : m.start()])
                    role = _role(plain, m.start())
                    if plain[m.end() : m.end() + 2] not in ("'s", "’s") or lead is not None:
                        found[m.start()] = NamedPlace(Passage(*m.span()), self.ids[m[0].lower()], role, True)
        for pattern in (_IN, _SEIZURE, _KINDED, _FIRE_ON, _KIND_OF):
            for m in _overlapping(pattern, plain):
                at = m.start("name")
                if any(p.span.start <= at < p.span.end or at <= p.span.start < m.end("name") for p in found.values()):
                    continue
                role = (m.groupdict().get("role") or "of").lower()
                accepted = self._accepts(m)
                if accepted is None:
                    continue
                name, certain = accepted
                kinded = bool(m["after"]) or bool(re.search(_KIND, m.groupdict().get("kind") or ""))
                if pattern is _IN and role not in _SURE and not (certain or kinded):
                    continue
                if role == "by" and not kinded:
                    continue  # accused by Blue
                if (
                    pattern is _SEIZURE
                    and not (certain or kinded)
                    and not re.match(
                        r"(?:captur|seiz|retak|retook|storm|recaptur|liberat|enter|overr|control|capture|fall|siege|"
                        r"battle)",
                        m[0],
                    )
                ):
                    continue
                if role in ("and", "or") and not any(p.span.end >= m.start() - 2 for p in found.values()):
                    continue
                found[at] = NamedPlace(Passage(at, at + len(m["name"])), name, role, certain)
        return [found[at] for at in sorted(found)]


def _role(plain: str, start: int) -> str:
    lead = re.search(
        r"\b(in|at|near|into|from|to|towards?|on|of|across|inside|outside|around|over|"
        r"between)\s(?:[\w'’-]+\s){0,5}?$",
        plain[max(0, start - 50) : start],
        re.IGNORECASE,
    )
    return lead[1].lower() if lead else ""


def _overlapping(pattern: re.Pattern[str], text: str) -> Sequence[re.Match[str]]:
    out, at = [], 0
    while (match := pattern.search(text, at)) is not None:
        out.append(match)
        at = match.start("name") + 1 if match.end() <= match.start("name") else match.start("name") + len(match["name"])
    return out


_FIRE = (
    "shelling",
    "airstrike",
    "missile-strike",
    "drone-attack",
    "bombing",
    "strike",
    "assault",
    "small-arms-fire",
    "attacks",
)
_LEAVING = ("withdrawal", "displacement", "people-displaced", "evacuation", "border-crossings")


def place_of(places: Sequence[NamedPlace], words: str, at: Passage, kind: str) -> NamedPlace | None:
    """Which of some places is that of what stands at ``at``: the nearest in its clause, those after it first.

    Fire is where it lands and not where it comes from. None where no place stands in the clause.
    """
    best: tuple[float, NamedPlace] | None = None
    for place in places:
        after = place.span.start >= at.end
        gap = words[at.end : place.span.start] if after else words[place.span.end : at.start]
        inside = place.span.start < at.end and at.start < place.span.end  # closed the Bab al-Hawa crossing
        if inside and at.start <= place.span.start and place.span.end <= at.end:
            return place
        if inside or len(gap) > _FAR or _STOP.search(gap):
            continue
        rank = len(gap) + (0.0 if after else 45.0)
        if kind in _FIRE and place.role in ("from", "out of"):
            continue
        if kind not in _LEAVING and place.role in ("from", "to", "between", "against"):
            rank += 60
        if kind in _LEAVING and place.role in ("to", "into"):
            rank += 20
        if not after and place.role not in _SURE and kind not in _FIRE:
            rank += 40
        if best is None or rank < best[0]:
            best = (rank, place)
    return best[1] if best else None
