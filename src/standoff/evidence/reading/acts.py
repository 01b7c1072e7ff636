"""Words for acts and the event type each may be: a list of stems; the first word of a sentence that is one decides."""

from __future__ import annotations

import re

from standoff.case.vocabulary import is_a

# type -> stems of words that may tell it; longer and earlier entries win where two start at one word
_STEMS: dict[str, str] = {
    "chemical-attack": r"chemical (?:attack|weapon)\w*|sarin|chlorine|gassed",
    "airstrike": r"air ?strikes?|air raids?|bombard\w*|warplanes?",
    "drone-attack": r"drone (?:attack|strike)s?",
    "missile-strike": r"(?:cruise )?missiles?(?: strikes?)?",
    "shelling": r"shell(?:ed|ing|s)|artillery|mortars?|rockets?",
    "bombing": r"car bombs?|suicide bomb\w*|bomb(?:ed|ing|ings)?|explosions?|explosives?|exploded",
    "aircraft-shot-down": r"shot down|downed",
    "ceasefire": r"cease-?fire|truce",
    "ceasefire-end": r"broke (?:off )?the (?:truce|cease-?fire)",
    "offensive": r"offensive|ground assault|storm(?:ed|ing|s)|invad\w*|invasion",
    "territorial-change": r"captur\w*|retak\w*|retook|seiz\w*|recaptur\w*|overr[au]n",
    "encirclement": r"encircl\w*|besieg\w*|siege|blockad\w*",
    "clash": r"clash\w*|battl\w*|fought|fighting",
    "displacement": r"displac\w*|fled|flee\w*",
    "withdrawal": r"withdr\w*|pull(?:ed|ing)? (?:out|back)|retreat\w*|evacuat\w*",
    "reinforcement": r"reinforce\w*",
    "deployment": r"deploy\w*|mobili[sz]\w*|on (?:full |high )?alert|sent? (?:\w+ )?(?:troops|forces|tanks)|massing",
    "exercise": r"(?:military|joint|naval) (?:exercise|drill)s?|man(?:oe|eu)vers?",
    "sanction": r"sanction\w*|embargo\w*|expel\w*|suspend\w*|cut(?:s|ting)? (?:off )?(?:aid|ties)|sever(?:s|ed|"
    r"ing)? (?:ties|relations|links)|halt\w*",
    "protest": r"demonstrat\w*|protest\w*|rall(?:y|ied|ies)|riot\w*|went on strike|marched",
    "aid": r"(?:humanitarian|food|economic|military|financial) (?:aid|assistance)|aid convoy\w*|relief supplies",
    "arrest": r"arrest\w*|detain\w*|jail\w*|crackdown|cracked down|raid(?:ed|s)?",
    "threat": r"threat\w*|warn(?:s|ed|ing)?|ultimatum|vow\w* to|retaliat\w*",
    "accusation": r"accus\w*|blam\w*|condemn\w*|denounc\w*|critici[sz]\w*|alleg\w*|complain\w*|lash\w* out|sued",
    "denial": r"den(?:y|ies|ied)",
    "refusal": r"reject\w*|refus\w*|rul(?:ed|es|ing) out|oppos\w*|declin\w*|turned down|defy|defied|dismiss\w*",
    "veto": r"veto\w*",
    "demand": r"demand\w*|urg(?:e|es|ed|ing)|call(?:s|ed|ing)? (?:for|on|upon)|insist\w*|appeal\w*|ask\w*|order\w*",
    "request": r"request\w*|sought|seeks?|seeking",
    "offer": r"offer\w*|prais\w*|support\w*|welcom\w*|apologi[sz]\w*|endors\w*|back(?:s|ed|ing)|thank\w*",
    "agreement": r"agree\w*|accord|signed|promis\w*|pledg\w*|will (?:send|help|provide|join|attend)|accept\w*",
    "compliance": r"releas\w*|lift(?:s|ed|ing)?|eas(?:e|es|ed|ing)|conced\w*|allow\w*|resign\w*|free[ds]",
    "summit": r"summit|met|meets?|meeting|talks|visit\w*|discuss\w*|negotiat\w*|mediat\w*|host(?:s|ed|ing)|arriv\w*",
    "violence-against-civilians": r"massacr\w*|execut(?:ed|ion)\w*|kidnap\w*|abduct\w*|tortur\w*|hostages?",
    "assault": r"attack(?:s|ed|ing)?|strikes?|struck|kill\w*|assault\w*|wound(?:ed|ing)|assassinat\w*|ambush\w*",
}
_WORD = re.compile("|".join(rf"(?P<t{k}>\b(?:{stems})\b)" for k, stems in enumerate(_STEMS.values())), re.IGNORECASE)
_KINDS = tuple(_STEMS)
_TALK = ("statement", "agreement", "compliance", "summit", "diplomacy")


def is_talk(kind: str) -> bool:
    """Whether an event type is talk: words such as "asked" or "met" are too common to propose on their own."""
    return any(is_a(kind, talk) for talk in _TALK)


def act_words(words: str) -> list[tuple[str, int, int]]:
    """Return the event type, start and end of each word for an act, in order."""
    return [(_KINDS[int(m.lastgroup[1:])], m.start(), m.end()) for m in _WORD.finditer(words) if m.lastgroup]


def act_word(words: str) -> tuple[str, int, int] | None:
    """Return the event type, start and end of the first word for an act, or None."""
    return next(iter(act_words(words)), None)
