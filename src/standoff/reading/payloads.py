"""What a span of a text may say: its numbers with their measures, and the first act with the actors beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from standoff.case.model import Case
from standoff.case.vocabulary import is_a
from standoff.evidence.anchors import view
from standoff.oneline import OneLine
from standoff.reading.numbers import PrintedNumber, fate, in_measure, is_fate, is_toll, measure_of, numbers
from standoff.reading.page import Passage
from standoff.reading.parties_of_acts import parties_of_act

# Words for acts and the event type each may be; the first word of a sentence that is one decides.

_DEAL = r"(?:cease-?fire|truce|armistice|agreement|accord|deal|memorandum)"  # what is breached
# type -> stems of words that may tell it; longer and earlier entries win where two start at one word
_STEMS: dict[str, str] = {
    "chemical-attack": r"chemical (?:attack|weapon)s?(?: attack)?|sarin|chlorine|gassed|poison gas",
    "drone-attack": r"drone (?:attack|strike|raid)s?|drones? (?:struck|hit|attack\w*|target\w*|strik\w+)",
    "airstrike": r"air ?-?strikes?|air raids?|air attacks?|aerial (?:attack|strike|bombardment|bombing|raid)s?|"
    r"bombard\w*|(?:war)?planes? "
    r"(?:struck|hit|bomb\w*|attack\w*|pound\w*|target\w*|raid\w*|launch\w*)|(?:jets?|aircraft|helicopters?|"
    r"gunships?) (?:struck|hit|bomb\w*|attack\w*|pound\w*|"
    r"target\w*|raid\w*)|warplanes?(?= (?:of|over)\b)|barrel bombs?|strikes? by (?:\w+ ){0,2}?(?:warplanes|jets|"
    r"aircraft|drones)",
    "missile-strike": r"(?:cruise |ballistic )?missiles? (?:strike|attack|hit|fire|launch|barrage)\w*|(?:fir|"
    r"launch)\w* (?:[\w-]+ ){0,4}?missiles?|by an? (?:[\w-]+ ){0,2}?missile|"
    r"missiles? (?:were |was |have been |had been )?(?:fired|launched|landed|struck|slammed|fell)",
    "small-arms-fire": r"small[- ]arms(?: fire)?|gunfire|gunshots?|snip(?:er|ing)\w*(?: fire)?|machine[- ]gun fire|"
    r"shots? (?:were |was )?fired|shot (?:dead|and (?:killed|wounded)|at)|"
    r"gunmen (?:shot|opened|fired)|gunned down|exchang\w* of gunfire|light[- ]weapons? fire",
    "shelling": r"shell(?:ed|ing|s)(?! out\b| of\b| compan)|artillery (?:fire|shell\w*|strike|attack|barrage|"
    r"bombard\w*|round|duel|exchange)s?|with artillery|mortars? (?:fire|attack|shell\w*|round|"
    r"bomb|strike|hit|landed|struck|fell)s?|(?:rocket|mortar) and (?:artillery|mortar) fire|rockets? (?:fire|attack|"
    r"strike|hit|barrage|landed|struck|fell|launch\w*|slammed)s?|"
    r"rockets? (?:\w+ ){0,2}?(?:fired|launched)|(?:fir|launch)\w* (?:[\w-]+ ){0,4}?(?:rockets?|mortars?|shells|"
    r"artillery|projectiles)|(?:rockets?|mortars?|shells|projectiles) "
    r"(?:were|was|have|had|hit|land|struck|fell|rain)\w*|(?:artillery |mortar |tank |stray |single )?shell "
    r"(?:had |has )?(?:landed|hit|struck|fell|exploded|slammed)|shell (?=(?:the|its|their|any) \w+)",
    "bombing": r"car bombs?|suicide (?:bomb\w*|attack\w*)|(?:roadside|truck|improvised|vehicle) (?:\w+ )?(?:bombs?|"
    r"explosive device)|bombs? (?:attack|blast|explo\w+|went off|hit|"
    r"kill\w*)|bomb(?:ed|ing|ings)\b|bomb (?=(?:the|its|their|any) \w+)|explosions?|exploded|blast|blew up|"
    r"detonated|hit (?:the|an?) (?:[\w-]+ "
    r")?(?:bomb|mine|landmine)|(?:land)?mines? (?:explo\w+|blast|kill\w*)|\bIEDs?\b",
    "aircraft-shot-down": r"shot (?:it |them |one )?down|downed|shoot(?:s|ing)? down",
    "heavy-weapons-presence": r"(?:weapons?|tanks?|howitzers?|mortars?|artillery|systems?|guns)(?: [\w-]+){0,6}? in "
    r"violation of|in violation of (?:[\w-]+ ){0,4}?withdrawal lines",
    "breach": rf"(?:violat\w*|breach\w*|breaks?|broke|broken|breaking)(?: of)? (?:[\w-]+ ){{0,4}}?{_DEAL}(?! down)|"
    rf"{_DEAL} (?:violations?|breach(?:es)?)|in violation of (?:[\w-]+ ){{0,4}}?{_DEAL}|not lived up to (?:[\w-]+ "
    rf"){{0,2}}?\W?commitments?",
    "talks-failed": r"(?:talks|negotiations|dialogue)(?: [\w-]+){0,3}? (?:broke down|collaps\w+|failed|ended without|"
    r"broken down)|fail(?:ed|ure) of (?:the )?(?:talks|negotiations)",
    "ceasefire-end": r"(?:broke off|ends?|ended|ending|call(?:s|ed|ing)? off|suspend\w*|scrap\w*|abandon\w*|"
    r"collapse of|end of|breakdown of|terminat\w*|withdr[ae]w\w* from|pull\w* out of|renounc\w*) "
    r"(?:[\w-]+ ){0,3}?(?:cease-?fire|truce)|(?:cease-?fire|truce)(?: [\w-]+){0,2}? (?:collaps\w+|broke down|expired|"
    r"ended|broken down|is over|was over)",
    "extension": r"exten(?:d|ds|ded|ding|sion) (?:of )?(?:[\w-]+ ){0,3}?(?:cease-?fire|truce|halt)",
    "ceasefire": r"cease-?fire|truce|halt(?:ed)? (?:in|to) (?:the )?(?:fighting|hostilities)|cessation of "
    r"hostilities|cease hostilities|armistice|(?:an? |the )(?:immediate |complete |temporary )?"
    r"(?:end|halt|stop|pause) (?:to|of|in) "
    r"(?:[\w-]+ ){0,2}?(?:hostilities|fighting|attacks?|air ?strikes|strikes|shelling|bombardment|bombing|offensive|"
    r"operations?|violence|killing)",
    "suspension": r"suspend\w* (?:[\w-]+ ){0,3}?(?:talks|dialogue|negotiations|agreement|participation)|"
    r"(?:talks|dialogue|negotiations)(?: [\w-]+){0,2} (?:is|are|was|were|been) suspended",
    "border-closed": r"(?:clos(?:e|es|ed|ing|ure of)|shut(?:s|ting)?(?: down)?|seal(?:s|ed|ing)?(?: off)?) (?:[\w-]+ "
    r"){0,5}?(?:borders?|frontier|(?:border )?crossings?)\b|(?:borders?|frontier|crossings?)"
    r"(?: [\w-]+){0,4}? (?:is|are|was|were|been|remain\w*|stay\w*) (?:\w+ )?(?:closed|shut|sealed)",
    "border-opened": r"(?:re-?)?open(?:s|ed|ing)? (?:[\w-]+ ){0,4}?(?:borders?|frontier|(?:border )?crossings?)\b|"
    r"(?:borders?|frontier|crossings?)(?: [\w-]+){0,3}? (?:(?:is|are|was|were|been) "
    r"(?:re-?)?open(?:ed)?|re-?open(?:s|ed))",
    "corridor-opened": r"(?:open(?:s|ed|ing)?|establish\w*) (?:[\w-]+ ){0,4}?corridors?|corridors?(?: [\w-]+){0,3}? "
    r"(?:was|were|is|are|been) (?:opened|established)",
    "road-opened": r"(?:re-?)?open(?:s|ed|ing)? (?:[\w-]+ ){0,3}?(?:roads?|highway|bridges?|motorway|airport|port|"
    r"M[45])\b|(?:roads?|highway|bridge|motorway|airport|port|route)(?: [\w-]+){0,3}? "
    r"(?:(?:is|are|was|were|been) (?:re-?)?opened|re-?opened)",
    "road-closed": r"(?:clos(?:e|es|ed|ing)|block(?:s|ed|ing)?|shut(?:s|ting)?|cut(?:s|ting)?(?: off)?) (?:[\w-]+ "
    r"){0,3}?(?:roads?|highway|bridges?|motorway|supply (?:line|route)s?|route|airport|port|"
    r"M[45])\b|(?:roads?|highway|bridge|motorway|airport|route)(?: [\w-]+){0,6}? (?:is|are|was|were|been|"
    r"remain\w*|stay\w*) "
    r"(?:\w+ )?(?:closed|blocked|cut|shut)",
    "abduction": r"kidnap\w*|abduct\w*|(?:took|tak(?:e|es|en|ing)|seiz\w+|hold\w*|held) (?:\w+ ){0,4}?(?:hostages?|"
    r"prisoners?|captives?)|captur(?:ed|ing) (?:him|her|them|(?:[\w-]+ ){0,3}?"
    r"(?:soldiers?|troops|men|people|police\w*|pilots?|fighters|servicemen|prisoners|journalists?|civilians|hostages|"
    r"officers?|sailors))|(?:soldiers?|troops|men|people|police\w*|pilots?|fighters|rebels?|militants|servicemen|"
    r"journalists?|civilians|officers?|sailors)(?: (?:had|have|has|were|was|been|being)){1,2} (?:captured|taken "
    r"(?:prisoner|captive|hostage))\b|(?:took|tak(?:e|es|en|ing)|held) [^.;,]{3,60}? (?:hostage|captive|prisoner)\b",
    "territorial-change": r"captur\w*|retak\w*|retook|seiz(?:e|es|ed|ing|ure)\b(?! (?:weapons|arms|drugs|ammunition|"
    r"power))|recaptur\w*|overr[au]n|(?:took|tak(?:e|es|en|ing)|gain\w*|regain\w*|assum\w*) (?:\w+ ){0,2}?"
    r"control|liberat(?:ed|es|ing)|(?:have |has |had |since )+taken (?:the )?(?:town|village|city|area|base|airport|"
    r"hill)|fell to|fall of",
    "encirclement": r"encircl\w*|besieg\w*|(?:laid )?siege|surrounded",
    "blockade": r"blockad\w*",
    "operation-postponed": r"(?:postpon\w*|delay(?:s|ed|ing)?|call(?:s|ed|ing)? off|halt(?:s|ed|ing)?) (?:of "
    r")?(?:[\w-]+ ){0,5}?"
    r"(?:offensive|attack|assault|operation|strikes?|campaign)|(?:offensive|attack|assault|operation) (?:was|were|"
    r"has been|is) "
    r"(?:postponed|delayed|called off|put off)",
    "offensive": r"offensive(?! (?:actions?|weapons?|remarks?|language|operations?)\b)|ground assault|storm(?:ed|"
    r"ing)\b|"
    r"invad\w*|invasion|military operations?",
    "ground-assault": r"(?:pushed into|advanced (?:into|on|towards?)|fought (?:its|their) way into) (?:the "
    r")?(?:[\w-]+ ){0,3}?"
    r"(?:towns?|cit(?:y|ies)|villages?|suburbs?|outskirts|districts?|neighbou?rhoods?|quarters?|centre|center|"
    r"(?-i:[A-Z])\w+)",
    "incursion": r"incursions?|encroach\w*|infiltrat(?:e|es|ed|ing|ions?)\b|"
    r"(?:violat\w*|enter\w*) (?:[\w-]+ ){0,2}?air ?space",
    "obstruction": r"obstruct\w*|(?:block|prevent|stop|turn|held up|hold|delay|bar|halt)\w* (?:back )?(?:[\w-]+ "
    r"){0,3}?(?:convoys?|"
    r"aid (?:deliver\w+|workers?|trucks?)|relief (?:goods|supplies|trucks?)|patrols?|monitors|observers)\b|"
    r"(?:den(?:ied|y|ies)|refus\w*) (?:[\w-]+ ){0,3}?access",
    "clash": r"clash\w*|battl(?:es?|ed|ing)|fought|fighting(?! chance)|(?:exchang|trad)\w* (?:of )?(?:[\w-]+ )?fire|"
    r"hostilities (?:broke|erupt|resum|continu)\w*|firefights?|skirmish\w*",
    "displacement": r"displac(?:es?|ed|ing|ement)(?! (?:camps?|sites?|persons?|people|residents|civilians|"
    r"communit|famil|population))|fled|flee(?:s|ing)?\b|exodus",
    "withdrawal": r"withdr\w*(?! lines?\b| from the (?:agreement|deal|accord|treaty|talks))|pull(?:s|ed|ing)? (?:out|"
    r"back|(?:[\w-]+ ){0,4}?(?:troops|forces|staff(?: members)?|soldiers) out)|"
    r"retreat\w*|evacuat\w*|le(?:ave|aves|aving|ft) (?:the )?(?:captured )?(?:city|town|village|base|area|camp|zone|"
    r"Camp [A-Z]\w+)|"
    r"remov\w* (?:[\w-]+ ){0,5}?(?:troops|forces|soldiers|fighters|checkpoints)",
    "reinforcement": r"reinforce\w*",
    "deployment": r"(?:troops|forces?|peacekeepers|marines|paratroopers|soldiers) (?:have |had )?landed|"
    r"deploy(?:s|ed|ing|ment|ments)?\b|mobili[sz]\w*(?! (?:units|forces)\b)|"
    r"on (?:full |high )?alert|"
    r"sen(?:d|ds|t|"
    r"ding) (?:[\w-]+ )?(?:troops|forces|tanks|warplanes|warships|reinforcements)|mass(?:ed|ing) (?:\w+ )?(?:troops|"
    r"forces|tanks)|massing|positioned (?:\w+ ){0,2}?(?:tanks|troops|forces)",
    "exercise": r"(?:military|joint|naval|live-fire|air) (?:\w+ )?(?:exercise|drill|man(?:oe|eu)ver)s?|man(?:oe|"
    r"eu)vers?",
    "sanction": r"sanction\w*|embargo\w*|expel\w*|suspend\w*|cut(?:s|ting)? (?:off )?(?:aid|ties)|sever(?:s|ed|"
    r"ing)? (?:ties|relations|links)|halt\w*",
    "protest": r"demonstrat(?:ors?|ions?|ing)|demonstrated(?! (?:the|its|their|that|an?|his|her|our)\b)|"
    r"protest\w*|rall(?:y|ied|ies)|riot\w*|went on (?:hunger )?strike|hunger strikes?|general strike|marched",
    "aid": r"(?:humanitarian|food|economic|military|financial|emergency) (?:\w+ )?(?:aid|assistance)|aid (?:convoys?|"
    r"deliver\w+)|relief supplies",
    "arrest": r"arrest\w*|detain\w*|jail\w*|crackdown|cracked down",
    "threat": r"threat\w*|warn(?:s|ed|ing)?|ultimatum|vow\w* to|retaliat(?:e|es|ion|ory|ing)",
    "accusation": r"accus\w*|blam\w*|condemn\w*|denounc\w*|critici[sz]\w*|alleg(?:e|es|ed|ing|ations?)\b|complain\w*|"
    r"lash\w* out|sued",
    "denial": r"den(?:y|ies|ied)",
    "refusal": r"reject\w*|refus(?:e|es|ed|ing|al)\b|rul(?:ed|es|ing) out|oppos(?:e|es|ed|ing)\b|declin(?:e|es|ed|"
    r"ing)\b|turned down|defy|defied|dismiss(?:es|ed|ing)?\b",
    "veto": r"veto\w*",
    "demand": r"demand\w*|urg(?:e|es|ed|ing)|call(?:s|ed|ing)? (?:for|on|upon)|insist\w*|appeal(?:s|ed|ing)?\b|"
    r"ask(?:s|ed|ing)?\b|"
    r"(?<!\bin )(?<!public )(?<!law and )(?<!restored )(?<!restore )(?<!restoring )order(?:s|ed|ing)?\b(?! of\b)",
    "request": r"request\w*|sought|seeks?|seeking",
    "offer": r"offer(?:s|ed|ing)?\b|prais(?:e|es|ed|ing)\b|support(?:s|ed|ing)(?! by\b)|welcom(?:e|es|ed|ing)\b|"
    r"apologi[sz]\w*|endors\w*|"
    r"(?<!-)back(?:s|ed|ing)(?! by\b| up\b| down\b| off\b)|thank\w*",
    "prisoner-release": r"(?:freed|releas(?:ed|es|ing)) (?:all |about |some |at least |another )?(?:\d[\d,]*|"
    r"two|three|four|five|six|"
    r"seven|eight|nine|ten|\w+teen|\w+ty|dozens of|hundreds of|several|the remaining) (?:of (?:the|its|their) "
    r")?(?:[\w-]+ ){0,2}?"
    r"(?:\w+men|soldiers?|police\w*|troops|boys|girls|children|women|men|people|civilians|workers?|sailors?|"
    r"journalists?|"
    r"officers?|peacekeepers?|officials?|students|villagers|fighters|rebels|crew)\b|(?:releas\w*|freed|"
    r"exchang\w*|swap\w*) (?:of )?(?:[\w-]+ ){0,5}?(?:prisoners?|"
    r"detainees|hostages|captives)|"
    r"prisoner (?:exchange|swap|release)s?|(?:has been|have been|was|were) (?:freed|released) (?:by|from)|(?:has "
    r"been|have been|was|were) freed",
    "agreement": r"agree(?:s|d|ing|ment|ments)?\b|(?<!national )accord\b(?! with\b)|signed|promis\w*|pledg\w*|will "
    r"(?:send|help|provide|"
    r"join|attend)|accept(?:s|ed|ing)?\b",
    "disarmament": r"disarm(?:s|ed|ing|ament)?",
    "demining": r"demin(?:es?|ed|ing)",
    "compliance": r"releas(?:e|es|ed|ing)\b|lift(?:s|ed|ing)?\b|eas(?:e|es|ed|ing)\b|conced\w*|allow(?:s|ed|ing)?\b|"
    r"resign(?:s|ed|ing)?\b|free[ds]\b",
    "summit": r"summit",
    "meeting": r"(?<!been )(?<!be )(?<!not )(?:met|meets?|meeting)(?! (?:\w+ ){0,3}?(?:deadline|demand|condition|"
    r"term|criteri|need|target|obligation)\w*)|talks|visit(?:s|ed|ing)?\b|discuss\w*|negotiat\w*|mediat(?:e|es|ed|"
    r"ing|ion)|host(?:s|ed|ing)|arriv\w*",
    "property-damage": r"set on fire|torched|burned down|destroy(?:ed|ing|s)? (?:[\w-]+ ){0,3}?(?:homes?|houses?|"
    r"buildings?|villages?|bridges?|schools?|hospitals?)",
    "looting": r"loot(?:s|ed|ing)?|pillag\w*",
    "violence-against-civilians": r"massacr\w*|execut(?:ed|ion)\w*|tortur\w*|target\w* (?:of )?civilians",
    "assault": r"attack(?:s|ed|ing)?\b|(?<!hunger )(?<!general )(?<!labor )(?<!labour )(?<!rail )(?<!on )strikes?(?! "
    r"(?:a|the) (?:deal|balance|agreement|compromise|note|chord)\b)|struck(?! (?:a|the) (?:deal|"
    r"balance|agreement)\b)|striking (?=civilian|\w+ (?:positions|targets|settlements|villages))|kill\w*|assault\w*|"
    r"(?<!the )wound(?:ed|ing)|assassinat\w*|"
    r"ambush\w*|under (?:heavy |sustained |intense |renewed |enemy |constant |direct )?(?:fire|attack)\b|"
    r"retaliated|(?:open|return)(?:s|ed|ing)? (?:\w+ )?fire|fir(?:ed|ing) (?:first|on|at|upon|from)|"
    r"raid(?:ed|s)?(?! the (?:shel|fridge|cupboard|shops|larder|bank))\b|"
    r"ramm(?:ed|ing)|stabb(?:ed|ing)",
}
_WORD = re.compile(
    r"\b(?:" + "|".join(rf"(?P<t{k}>(?:{stems})\b)" for k, stems in enumerate(_STEMS.values())) + ")",
    re.IGNORECASE,
)
_KINDS = tuple(_STEMS)
_TALK = ("statement", "agreement", "summit", "diplomacy")


def is_talk(kind: str) -> bool:
    """Whether an event type is talk: words such as "asked" or "met" are too common to propose on their own."""
    return kind == "compliance" or any(is_a(kind, talk) for talk in _TALK)


# Talk that is an act when it is told as done: a truce that came into force, a text that was signed, a meeting held.
_DEED = re.compile(
    rf"\b{_DEAL}\b(?: [\w-]+){{0,9}}? (?:entered into|came into|comes into|took|takes|went into|goes into|is in|was "
    rf"in|remain\w* in) (?:force|effect)|"
    rf"\b{_DEAL}\b(?: [\w-]+){{0,7}}? (?:began|started|held|holds|holding|was signed|were signed|was reached|was "
    rf"agreed|was announced|was declared)\b|"
    rf"\b(?:signed|reached|concluded|declared|announced|brokered|agreed(?: \w+)? to|extended) (?:[\w-]+ "
    rf"){{0,5}}?(?:{_DEAL}|halt)|"
    r"\b(?:met|held (?:[\w-]+ ){0,3}?(?:talks|meetings?|consultations|summit)|hosted|visited)\b|\b(?:talks|meetings?|"
    r"summit|negotiations)(?: [\w-]+){0,3}? "
    r"(?:began|opened|resumed|was held|were held|took place|convened)\b|\bconvened\b",
    re.IGNORECASE,
)


def is_deed(words: str) -> bool:
    """Whether talk in some words is told as an act: a ceasefire entered into force, a deal was signed, ministers "
    "met."""
    return _DEED.search(words) is not None


@lru_cache(maxsize=256)
def act_words(words: str) -> list[tuple[str, int, int]]:
    """Return the event type, start and end of each word for an act, in order."""
    return [(_KINDS[int(m.lastgroup[1:])], m.start(), m.end()) for m in _WORD.finditer(words) if m.lastgroup]


_AROUND = 60  # code points around a number that tell what became of those counted
_FAR = 140  # code points over which a toll is the toll of a number
_CLAUSE = re.compile(r"[;.:]\s|\s[-–—]+\s|\sof whom\b")
# A name goes on: the Washington Post is not Washington, Moscow time is not Moscow.
_GOES_ON = (
    r"(?!\s(?:Post|Times|Time|Journal|Herald|Tribune|Gazette|Street|University|Institute|Declaration|Accords?|"
    r"Memorandum|"
    r"Protocol|Airport|Sea|Strait|Gulf|Heights)\b)"
)


# An ambassador to the United Nations does not speak for them, nor a minister's adviser for the minister.
_TOWARDS = r"(?<!\bto )(?<!\bto the )"


def _owned(record: Any, apart: str) -> str:
    return r"(?!'s\b)" if apart and record.kind == "person" else ""


_JOINED = re.compile(r"^(?:'s)?(?: [\w-]+){0,2}?,? and (?:[\w-]+ ){0,2}$|^, ")


# A name inside a longer phrase that does not speak: ``a critic of Blue``, ``residents of Blue-held Town``.
_APART = (
    r"rivals?|critics?|opponents?|enem(?:y|ies)|foes?|adversar(?:y|ies)|victims?|opposition|neighbou?rs?|allies|ally|"
    r"residents?|inhabitants|people|citizens?|civilians|villagers|locals|refugees?|exiles?|defectors?|deserters?|"
    r"prisoners?|hostages?|detainees?|captives?|survivors?|relatives|families|family|observers?|monitors?|experts?|"
    r"analysts?|scholars?|historians?|visitors?|travell?ers?|journalists?|reporters?|correspondents?|supporters?|"
    r"sympathi[sz]ers?|friends?|protesters?|demonstrators?|dissidents?|separatists?|rebels?|insurgents?|invaders?|"
    r"occupiers?|ambassadors?|envoys?|mediators?|guarantors?|creditors?|backers?|paymasters?|hosts?|guests?|"
    r"doctors?|medics|activists?|lawyers?|human rights groups?|rights groups?|aid workers?|charit(?:y|ies)"
)
_APART_BEFORE = re.compile(
    rf"\b(?:{_APART})(?: (?:living|based|who \w+))? (?:of|to|in|from|for|on|at|with|by|near) (?:the |what is )?"
    r"(?:\w+ )?$|"
    r"\b(?:in|inside|outside|near|from|against|fleeing|around|over|about|across|than|unlike|leaving|visiting|"
    r"entering|"
    r"hostile to|opposed to|close to|loyal to|allied (?:to|with)|backed by|supported by|armed by|held by|run by|"
    r"controlled by|occupied by|wanted by|expelled by|jailed by|detained by) (?:the )?$|\b(?:anti|pro|ex|non)-$",
    re.IGNORECASE,
)
_APART_AFTER = re.compile(
    rf"(?:-(?:held|controlled|backed|occupied|run|led|allied|aligned|born|supported|armed|funded|installed|"
    rf"administered|dominated|ruled|appointed|trained|imposed|besieged|opposed)\b)|['’]s? "
    rf"(?:[\w-]+ ){{0,2}}?(?:{_APART})\b",
    re.IGNORECASE,
)


# Kinds of actors whose fighters act for them.
_ARMED = re.compile(r"armed|group|movement|militia|front|rebel|faction|alliance|coalition|insurg|guerr", re.IGNORECASE)


class ActorNames:
    """Names of sources and actors of a case, longest first, for finding them in words of the text."""

    def __init__(self, case: Case | None) -> None:
        self.sources = self._table(case.sources if case else {}, _TOWARDS)
        self.actors = self._table(case.actors if case else {})
        self.armed = {key for key, one in (case.actors if case else {}).items() if _ARMED.search(one.kind)}

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
        """The id of the source that words name or speak for (``a spokesman of Blue``), or an empty string.

        ``Blue's rival``, ``a critic of Blue`` and ``residents of Blue-held Town`` are not Blue.
        """
        found: list[tuple[int, int, str]] = []
        for pattern, key in self.sources:
            for m in pattern.finditer(words):
                if m.span() != (0, len(words)) and self._is_apart(words, m):
                    continue
                if not any(start < m.end() and m.start() < end for start, end, _ in found):
                    found.append((*m.span(), key))
        if not found:
            return ""
        found.sort()
        joined = len({key for _, _, key in found}) > 1 and _JOINED.search(words[found[0][1] : found[-1][0]])
        if joined:
            return ""
        return max(found, key=lambda one: (one[1] - one[0], -one[0]))[2]

    @staticmethod
    def _is_apart(words: str, name: re.Match[str]) -> bool:
        """Whether a name in a phrase tells where or against whom its speaker stands, not for whom they speak."""
        return bool(_APART_BEFORE.search(words, 0, name.start()) or _APART_AFTER.match(words, name.end()))

    def party(self, words: str) -> str:
        """The actor that words name alone, or an empty string."""
        named = {key for _, key in self.places_in(words)}
        return next(iter(named)) if len(named) == 1 else ""

    def places_in(self, words: str) -> list[tuple[int, str]]:
        """The actors that words name, each with its place, in order."""
        return [(start, key) for start, _, key in self.spans_in(words)]

    def spans_in(self, words: str) -> list[tuple[int, int, str]]:
        """The actors that words name, each with where it starts and ends, in order."""
        covered: set[int] = set()
        out = []
        for pattern, key in self.actors:
            for match in pattern.finditer(words):
                place = set(range(*match.span()))
                if not place & covered:
                    covered |= place
                    out.append((*match.span(), key))
        return sorted(out)


def _quantity(number: PrintedNumber, before: str, after: str, *, toll: bool = False) -> dict[str, Any]:
    measure, counted = measure_of(number, before, after)
    if toll and measure in ("count", "people-stock"):
        measure = "deaths"
    named = re.sub(r"[^a-z0-9]+", "-", counted.lower()).strip("-") or measure
    record: dict[str, Any] = {"quantity": named, "measure": measure}
    first, last, how = in_measure(number)
    low, high = (int(end) if float(end).is_integer() else end for end in (first, last))
    record |= {"value": low} if low == high else {"low": low, "high": high}
    for key, value in (("bound", number.bound), ("counted", counted), ("convention", number.convention or how)):
        if value and value != "exact":
            record[key] = value
    if number.unit and measure != "share":
        record["unit"] = {"distance": "km", "duration": "days"}.get(measure, number.unit.upper())
    return record


# What somebody asks for, as an object: a request by Red, the Blue offer of talks.
REQUESTS = (
    r"(?:(?:an?|the|its|their|his|her|all|any|another|this|that|these|two|several|[\w-]+['’]s?|"
    r"(?-i:[A-Z])[\w-]+|[\w-]+) ){0,4}?"
    r"(?:requests?|demands?|calls?|offers?|proposals?|appeals?|plans?|ultimatums?|suggestions?|invitations?|"
    r"terms|conditions?)\b"
)
_REBUFF = re.compile(
    rf"\b(?:refus(?:ed|es)|reject(?:ed|s)|turn(?:ed|s) down|dismiss(?:ed|es)|declin(?:ed|es)|rebuff(?:ed|s)|"
    rf"spurn(?:ed|s)) {REQUESTS}",
    re.IGNORECASE,
)


def _acts(words: str, names: ActorNames) -> Iterator[tuple[dict[str, Any], Passage]]:
    """The acts of a sentence with the actors before and after each, and where its word stands.

    The first act is taken; one that is no talk goes before one that is, and a word for what became of people (killed)
    after both, since the strike that killed them is the act. Further verbs in the past tell acts of their own.
    """
    acts = act_words(words)
    if not acts:
        return
    if (turned := _REBUFF.search(words)) is not None:  # what was asked for is not done
        at = Passage(turned.start(), turned.start() + turned[0].index(" "))
        yield {"event": "refusal"} | parties_of_act(words, at, names.spans_in(words)[:1] or [], names.armed), at
        return
    fates = [act for act in acts if is_fate(words[act[1] : act[2]]) and act[0] in ("assault", "displacement")]
    deeds = [act for act in acts if act not in fates and not is_talk(act[0])]
    talks = [act for act in acts if act not in fates and is_talk(act[0])]
    first = next(iter(deeds or talks[:0] or fates or talks))
    if not deeds and talks and fates and is_deed(words):
        first = talks[0]
    chosen, kinds = [first], {first[0]}
    if first in deeds:
        for act in deeds:
            done = _FINITE.match(words[act[1] : act[2]]) and not _ATTRIBUTE.search(words[: act[1]])
            if (
                act[0] not in kinds
                and done
                and not any(is_a(act[0], k) or is_a(k, act[0]) for k in kinds)
                and len(chosen) < _MOST_ACTS
            ):
                chosen.append(act)
                kinds.add(act[0])
    named = names.spans_in(words)
    for kind, start, end in chosen:
        yield {"event": kind} | parties_of_act(words, Passage(start, end), named, names.armed), Passage(start, end)


_MOST_ACTS = 3
_FINITE = re.compile(
    r"(?:\w+ed|struck|fled|shot down|withdrew|retook|took|fought|overran|broke|sent|hit|left|seized|closed)\b",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"\b(?:the|a|an|those|these|of|for|internally|such|being|by|recently)\s(?:\w+ly\s)?$|\bto\s$", re.IGNORECASE
)


_LATELY = re.compile(
    r"\b(?:previous|past|last|next|coming|first|another|every|each|about an?|for the)\s$", re.IGNORECASE
)
_BEFORE_EVENT = re.compile(r"\s(?:before|after|ago|earlier|later|from now)\b", re.IGNORECASE)


def _is_idle(number: PrintedNumber, text: str, span: Passage) -> bool:
    """Whether a number counts nothing a case keeps: a ``one`` or ``two``, the past 24 hours, two hours before."""
    days = number.unit and measure_of(number)[0] == "duration"
    if days and (
        _LATELY.search(text[max(0, number.span.start - 20) : number.span.start])
        or _BEFORE_EVENT.match(text, number.end)
    ):
        return True
    small = number.low == number.high and number.low <= 2 and number.bound == "exact" and not number.unit
    before, after = _beside(number, text, span)
    return small and not number.convention and measure_of(number)[0] == "count" and not fate(number, before, after)[0]


def _beside(number: PrintedNumber, text: str, span: Passage, reach: int = _AROUND) -> tuple[str, str]:
    """The words of its clause before and after a number."""
    before = _CLAUSE.split(text[max(span.start, number.span.start - reach) : number.span.start])[-1]
    return before, _CLAUSE.split(text[number.end : min(span.end, number.end + reach)])[0]


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
    every = numbers(text, span)
    counted = [n for n in every if not _is_idle(n, text, span)]
    for number in counted:
        before, after = _beside(number, text, span)
        record = _quantity(number, before, after, toll=is_toll(_beside(number, text, span, _FAR)[0]))
        if number.counted == "others" and record["measure"] in ("deaths", "wounded"):
            # two soldiers and three others: of those told before
            sooner = [_quantity(n, "", "")["measure"] for n in every if n.span.end <= number.span.start and n.counted]
            if sooner and sooner[-1] in ("troops", "fighters"):
                record["measure"] += "-military"
        yield Payload(record, "number", number.span, fate(number, before, after)[1])
    words = view(span.of(text))
    acts = list(_acts(words, names))
    if not acts:
        if not counted:
            yield Payload({"assessment": "statement"}, "attribution")
        return
    for record, at in acts:
        place = Passage(span.start + at.start, span.start + at.end)
        told = record["event"] == "breach" and any(measure_of(n)[0] == "violations" for n in counted)
        toll = told or (is_fate(place.of(text)) and record["event"] in ("assault", "displacement"))
        if record["event"] == "refusal" and _REBUFF.match(words, at.start):
            yield Payload(record, "speech", place, place)
        elif not counted or not ((is_talk(record["event"]) and not is_deed(words)) or toll):
            yield Payload(record, "event word", place, place)
