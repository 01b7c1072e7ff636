"""Who does an act of a sentence, and to whom: only what its grammar shows, since a party charged in error is harmed.

A party is the actor of an act where it is the subject of the act's own clause: no other verb, clause, preposition or
object stands between. Whoever is acted upon, whose vehicle hits a mine, where it happens or whom somebody else supports
is no actor. Where that is not sure, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from standoff.reading.page import Passage

Named = tuple[int, int, str]  # where a name starts and ends, and whose it is

# Where a clause begins: what stands before is another clause.
_CLAUSE_START = re.compile(
    r"[;:\n]\s?|\s-+\s|\b(?:that|when|while|whereas|after|before|because|as|who|which|whom|whose|where|although|"
    r"though|but|"
    r"if|unless|until|since|amid|despite|how|why|what|whether|so|than|and then)\b"
)
_WHEN = (
    r"(?:\w+day|January|February|March|April|May|June|July|August|September|October|November|December|\d{1,2}|"
    r"\d{4}|week|"
    r"month|year|days?|weeks?|months?|years?|hours?|morning|afternoon|evening|night|dawn|dusk|noon|midnight|recent|"
    r"last|early|late|the|this|that|same|past|of|next|following|\w+ier)"
)
# A day or hour before the subject: On Friday Red shelled; Late on Sunday night, Red shelled.
_SETTING = re.compile(
    rf"^(?:(?:early|late|earlier|later|overnight|meanwhile|then|also|in addition|however|separately|yesterday|"
    rf"today)\b,? ?)*"
    rf"(?:(?:on|in|at|by|during|early|late|earlier|later|last|this|for|over) (?:{_WHEN} ?)+,? ?)*",
    re.IGNORECASE,
)
# Who acts for a party: its forces and offices. Its settlers and firms do not, nor do rebels of a state for it.
_OFFICE = (
    r"(?:governments?|authorities|regime|junta|cabinet|state|side|delegations?|negotiators|representatives?|"
    r"parliaments?|"
    r"ministr(?:y|ies)|ministers?|premier|presidents?|king|leaders?|leadership|commanders?|command|staff|"
    r"officials?|officers?|"
    r"envoys?|diplomats|spokes\w+|council|headquarters|administration|courts?)"
)
_FORCE = (
    r"(?:forces?|troops?|army|armies|soldiers?|military|militaries|units?|jets?|planes?|warplanes|aircraft|"
    r"helicopters?|"
    r"drones?|gunships?|warships?|tanks?|artillery|gunners|snipers?|commandos|marines|paratroopers|peacekeepers|"
    r"police|"
    r"guards?|gendarmes|patrols?|brigades?|battalions?|divisions?|navy|air force|ships?|fleet|reservists|"
    r"missiles?|rockets?|"
    r"shells?|mortars?|guns|intelligence|security|services?|positions|batteries|regulars|conscripts)"
)
_IRREGULAR = (
    r"(?:rebels?|fighters?|militants?|militia(?:men|s)?|insurgents?|guerrillas?|gunmen|men|members|movement|"
    r"wing|group|"
    r"combatants|faction|cadres|cells?|front|party|bombers?|groups)"
)
_MODIFIER = (
    r"(?:armed|border|special|security|state|air|naval|ground|army|government|foreign|defen[cs]e|interior|prime|"
    r"deputy|"
    r"military|riot|federal|national|regular|elite|fighter|attack|combat|transport|coast|rapid|reaction|presidential|"
    r"regional|local|senior|top|general|chief|vice|crown|war|light|heavy|long-range|short-range|cruise|ballistic|"
    r"surface|medical|observer|first|new|separatist|islamist|loyalist|allied|joint|masked|united|combined|republican|"
    r"revolutionary|central|supreme|high|political|armoured|armored|mechani[sz]ed|\d\w*)"
)
# What may stand before a name inside the subject: the, two, armed, soldiers of the, the defence ministry in.
_OF = (
    rf"(?:(?:{_OFFICE} (?:of|in|for)|{_FORCE} (?:of|belonging to)|{_FORCE} from the|{_IRREGULAR} (?:of|belonging to)|"
    rf"{_IRREGULAR} from the) (?:the )?)"
)
_LEADING = re.compile(rf"^(?:(?:\d[\d,.]*|[\w'’-]+) )*?{_OF}?$", re.IGNORECASE)
_PREPOSITION = (
    r"(?:of|in|on|at|near|from|to|into|against|by|with|without|towards?|between|inside|outside|around|across|"
    r"over|along|"
    r"for|about|under|amid|among|beside|behind|beyond|through|throughout|within|off|opposite|via|like|including|"
    r"excluding|called|named)"
)
_AUXILIARY = (
    r"(?:has|have|had|did|does|do|is|are|was|were|will|would|can|could|may|might|must|shall|should|not|never|"
    r"also|again|"
    r"then|later|still|now|already|reportedly|allegedly|twice|once|first|since|jointly|both|have|be|been|"
    r"(?!family|early|fly|ally|supply|rely|reply)\w{2,}ly)"
)
_VERB = re.compile(
    r"(?:(?!armed|allied|united|combined|renowned|unidentified|masked|mounted|so-called|Mohamed|Ahmed|Said|sacred|"
    r"hundred)\w{3,}ed|(?!during|king|thing|being|wing|ring|evening|morning|ruling|governing|interim|beijing|nanjing|"
    r"outgoing|incoming|opposing|warring)\w{3,}ing|died|hit|fell|lost|came|went|took|taken|made|gave|given|met|"
    r"held|led|left|began|begun|"
    r"saw|seen|got|put|set|sent|ran|spoke|said|says|say|told|tells|knew|known|found|fought|shot|struck|fled|withdrew|"
    r"overran|broke|broken|drove|driven|flew|rose|won|lay|sat|stood|became|become|bore|brought|built|bought|chose|"
    r"dealt|dug|fed|felt|kept|meant|paid|read|sought|sold|slain|swore|threw|wrote|is|are|was|were|has|have|had|"
    r"wants?|backs|supports|denies|accuses|blames|killing|suffers?|faces)$",
    re.IGNORECASE,
)
# Words that carry the subject over to an act after them: vowed to attack, launched an offensive, did not fire.
_BEARING = re.compile(
    r"(?:(?:threaten|vow|pledg|promis|plan|prepar|agree|refus|decid|beg[aiu]n|start|continu|try|tri|attempt|"
    r"want|intend|"
    r"mean|fail|manag|ceas|stopp?|resum|keep|kept|threatening|announc|declar|confirm|admit|launch|mount|stag|conduct|"
    r"carr|unleash|open|commit|wag|escalat|intensif|expand|halt|suspend|end|postpon|perpetrat|execut|"
    r"sign|reach|conclud|claim)\w*|made|ready|poised|set|able|responsible|went|out|up|on|off|back|ahead|with|"
    r"for|to|an?|"
    r"the|its|their|his|any|all|more|another|new|fresh|further|several|two|three|series|of|major|large-scale|"
    r"joint|military|ground|air|heavy|massive|full-scale|limited|cross-border|"
    r"artillery|rocket|mortar|aerial|drone|missile)$",
    re.IGNORECASE,
)
_SECOND_VERB = re.compile(r"(?:,| and| but| then| before| or)\s(?:also\s|then\s|later\s|even\s)?$")
_PAST_TENSE = re.compile(
    r"(?:\w+ed|struck|fled|shot|withdrew|retook|took|fought|overran|broke|sent|hit|left|laid)\b", re.IGNORECASE
)
_APPOSITION = re.compile(r"\s?,[^,]{2,70},\s?|\s?\([^()]*\)\s?")
_CHARGE = re.compile(
    r"(?:['’]s?)?(?: (?!of\b|for\b|with\b)[\w'’-]+){0,4} (?:of|for|over|with)(?: (?:also|repeatedly|"
    r"deliberately|the|a|an|"
    r"its|having|carrying|launching|conducting|staging|mounting|being|out|behind|responsible|this|last|"
    r"[\w'’-]+day['’]s|"
    r"\w+ly)\b)* $"
)
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|gets?|got)\s(?:\w+ly\s|also\s|then\s|later\s|twice\s)*$", re.IGNORECASE
)
# Acts that happen to who stands before them.
_HAPPENS_TO = re.compile(
    r"under\b|hit (?:the|an?) (?:[\w-]+ )?(?:bomb|mine|landmine)|explo\w+|blast|"
    r"detonated|fell to|fall of|(?:surrounded|besieged|encircled)$|displac\w+",
    re.IGNORECASE,
)
_FALL_TO = re.compile(r"fell to", re.IGNORECASE)
# What joins two names: Red and Blue; Red rebels, the Blue army and forces of the Green Front.
_JOINT = re.compile(
    rf"(?:['’]s)?(?: (?:{_MODIFIER} ){{0,2}}(?:{_OFFICE}|{_FORCE}|{_IRREGULAR}))?(?:,? and |, | as well as |, and )"
    rf"(?:the |both |by )?(?:{_MODIFIER} )?{_OF}?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\sbetween\s(?:the\s)?(?:[\w-]+\s){0,3}?$")
_BY = re.compile(r"(?:\s[\w'’-]+){0,5}?\sby\s(?:the\s)?(?:(?!and\b)[\w-]+\s){0,3}?$")
_WHERE = re.compile(
    r"\b(?:in|inside|near|across|outside|within|throughout|around|over|along|from|into|to|through|beside|north|"
    r"south|east|"
    r"west|of|with|between|by|for|amid|off) (?:the )?(?:[\w-]+ )?$",
    re.IGNORECASE,
)
_FOREIGN_RULE = re.compile(
    r"['’]s (?:border|frontier|coast|north|south|east|west|capital)|-\w+(?:ed|led|run|held)\b|\s(?:border|"
    r"frontier|capital)\b"
)
_ATTRIBUTE = re.compile(
    r"['’]?s? (?:[\w-]+ )?(?:shell\w*|attacks?|strikes?|raids?|fire|offensives?|bomb\w*|assaults?|air ?strikes?|"
    r"invasion|"
    r"rule|control|threats?|demands?|sanctions|warnings?|claims?|request|call|offer|proposal)\b"
)
# An act that bears a name before it: Red shelling, a Red air strike.
_BEFORE_NOUN = re.compile(
    rf"(?:['’]s)?(?: (?:{_MODIFIER}|[\w-]+-[\w]+|recent|latest|overnight|heavy|new|{_FORCE}|deadly))* $", re.IGNORECASE
)
_UNDER = re.compile(r"\b(?:c[ao]me|comes|coming|been|were|was|are|is) under (?:[\w-]+ ){0,3}$", re.IGNORECASE)
_OTHERS = re.compile(
    r"[,;:]\s(?!and\b)|\b(?:that|which|who|after|while|when|as|because|but|although|before|if|unless|until)\b"
)


_QUALITY = re.compile(
    rf"(?:{_MODIFIER}|[\w]+-[\w-]+|\d[\d,.]*|\w{{3,}}(?:ly|ous|ive|ic|less|ful)|recent|latest|overnight|alleged|"
    rf"reported|"
    r"new|major|early|fresh|further|more|other|repeated|heavy|deadly|massive|third|second|two|three|four|five|six)$",
    re.IGNORECASE,
)


def _has_verb(words: str) -> bool:
    return any(_VERB.match(word.strip(",;:\"'’()")) for word in words.split())


def _is_subject(words: str, start: int, name: Passage, act: Passage, armed: bool) -> bool:
    """Whether a name opens the clause that starts at ``start`` and what follows leads to the act."""
    lead = words[start : name.start]
    if setting := _SETTING.match(lead):
        lead = lead[setting.end() :]
    comma = lead.rfind(", ")
    if comma >= 0:
        if _has_verb(lead[:comma]) and not re.match(r"(?:[Ii]n|[Aa]t|[Oo]n|[Uu]nder|[Dd]uring)\b", lead):
            return False
        lead = lead[comma + 2 :]
    bare = re.sub(rf"\b{_OF}$", "", lead, flags=re.IGNORECASE)
    if not _LEADING.match(lead) or _has_verb(bare) or re.search(rf"\b{_PREPOSITION}\b", bare, re.IGNORECASE):
        return False
    return _leads_on(words, name, act, armed)


def _leads_on(words: str, name: Passage, act: Passage, armed: bool) -> bool:
    """Whether what stands between a name and an act is the rest of its subject and what carries it to the act."""
    between = _APPOSITION.sub(" ", words[name.end : act.start])
    done = _PAST_TENSE.match(words[act.start : act.end]) is not None
    if between[:1] == "-" or _CLAUSE_START.search(between):
        return False  # Red-held
    if _SECOND_VERB.search(between) and done:
        between = between[: _SECOND_VERB.search(between).start()]  # type: ignore[union-attr]
        return _head(between, armed) is not None  # entered the town and shelled it
    rest = _head(between, armed)
    if rest is None or "," in rest.strip(" ,"):
        return False
    verb, phrase = False, 0
    for token in rest.split():
        word = token.strip(",;:\"'’()")
        if verb:
            if not (_BEARING.match(word) or _QUALITY.match(word) or re.fullmatch(_AUXILIARY, word, re.IGNORECASE)):
                return False
        elif re.fullmatch(_AUXILIARY, word, re.IGNORECASE):
            phrase = 0
        elif word.lower() in ("ready", "poised", "responsible") or (_BEARING.match(word) and _VERB.match(word)):
            verb = True
        elif _VERB.match(word):
            return False
        elif re.fullmatch(_PREPOSITION, word, re.IGNORECASE):
            if word.lower() not in ("in", "at", "near", "from", "on", "along", "inside", "around"):
                return False
            phrase = 1
        elif phrase:
            phrase += 1
        elif not _QUALITY.match(word):
            return False
    if phrase and not done:
        return False  # Red soldiers in an air strike
    last = rest.split()[-1:]
    return (
        verb or not last or not re.fullmatch(r"is|are|was|were|be|been|the|an?|their|his|her", last[0], re.IGNORECASE)
    )


def _head(between: str, armed: bool) -> str | None:
    """What follows the forces or the office of a name, or the words as they are after a bare name; None: others act.

    Israeli settlers are not Israel, and Congolese rebels not Congo; Houthi fighters are the Houthis.
    """
    whose = rf"{_OFFICE}|{_FORCE}|{_IRREGULAR}" if armed else rf"{_OFFICE}|{_FORCE}"
    charge = r"(?: (?:of|for) (?:foreign|defen[cs]e|the|interior|state|war|\w+ affairs|affairs))*"
    one = rf"(?:{_MODIFIER} )*(?:{whose}){charge}\b"
    match = re.match(rf"(?:['’]s?)?\s+{one}(?:(?:,? and|,| or) (?:the )?{one})*", between, re.IGNORECASE)
    if match is not None:
        return between[match.end() :]
    return re.sub(r"^['’]s?", "", between)


def _joined(words: str, names: Sequence[Named]) -> list[str]:
    """The parties of names that an ``and`` or comma joins, from the first on."""
    out, at = [], -1
    for start, end, key in names:
        if at >= 0 and not _JOINT.fullmatch(words[at:start]):
            break
        out.append(key)
        at = end
    return list(dict.fromkeys(out))


def _targets(words: str, act: Passage, after: Sequence[Named], actors: Sequence[str]) -> list[str]:
    """Whom an act is done to: the first party after it in its clause that is no place, and those joined with it."""
    stop = _OTHERS.search(words, act.end)
    end = stop.start() if stop else len(words)
    own = [n for n in after if n[0] < end]
    if not own or _WHERE.search(words, act.end, own[0][0]) or _FOREIGN_RULE.match(words, own[0][1]):
        return []
    if _ATTRIBUTE.match(words, own[0][1]):
        return []  # who fled Red shelling was not attacking Red
    return [key for key in _joined(words, own) if key not in actors]


def parties_of_act(
    words: str, act: Passage, named: Sequence[Named], armed: Set[str] = frozenset()
) -> dict[str, list[str]]:
    """Return actor and target of an act as far as the sentence shows them.

    ``by`` names who did it; of ``between Red and Blue`` and ``Red and Blue clashed`` both did; who comes under fire, or
    drives over a mine, is the target. The fighters of parties that are ``armed`` groups act for them, those of a state
    do not.
    """
    before = [n for n in named if n[0] < act.start]
    after = [n for n in named if n[0] >= act.end]
    word = words[act.start : act.end]
    passive = _PASSIVE.search(words[: act.start]) is not None
    if (under := _UNDER.search(words[: act.start])) is not None:
        return _one("target", _sufferers(words, under.start(), before))
    subject = _subject(words, act, before, armed)
    doers = next((k for k, n in enumerate(after) if _BY.fullmatch(words[act.end : n[0]])), None)
    if doers is not None and (passive or not _PAST_TENSE.match(word) or not subject):
        actors = _joined(words, after[doers:])
        sooner = _sufferers(words, act.start, before) if passive else [n[2] for n in after[:doers]][-1:]
        return {"actor": actors} | _one("target", [key for key in sooner if key not in actors])
    if passive or (_HAPPENS_TO.match(word) and not _FALL_TO.match(word)):
        return _one("target", _sufferers(words, act.start, before))
    if _FALL_TO.match(word):
        taker = [n for n in after if re.fullmatch(r"\s(?:the\s)?(?:[\w-]+\s){0,1}?", words[act.end : n[0]])]
        return _one("actor", _joined(words, taker))
    if after and _BETWEEN.fullmatch(words[act.end : after[0][0]]):
        both = _joined(words, after)
        return _one("actor", both if len(both) > 1 else [])
    if (
        not subject
        and before
        and not _PAST_TENSE.match(word)
        and _BEFORE_NOUN.fullmatch(words[before[-1][1] : act.start])
    ):
        subject = [before[-1][2]]
    return _one("actor", subject) | _one("target", _targets(words, act, after, subject))


def _one(side: str, parties: list[str]) -> dict[str, list[str]]:
    return {side: parties} if parties else {}


def _sufferers(words: str, end: int, before: Sequence[Named]) -> list[str]:
    """The party that the subject of a passive is of: a Red convoy was attacked, Red villages came under fire."""
    start = max((m.end() for m in _CLAUSE_START.finditer(words, 0, end)), default=0)
    own = [n for n in before if n[0] >= start]
    if not own or len(words[own[-1][1] : end].split()) > _NEAR:
        return []
    between = re.sub(rf"\b(?:{_AUXILIARY}|c[ao]me|comes|coming)\b", "", words[own[-1][1] : end])
    lead = words[start : own[0][0]]
    apart = re.search(rf"\b{_PREPOSITION}\s", f"{lead} {between} ") or between.startswith("-") or "," in between
    return [] if apart or _has_verb(between) or _has_verb(lead) else _joined(words, own)


_NEAR = 6  # words between a party and what was done to it


def _subject(words: str, act: Passage, before: Sequence[Named], armed: Set[str]) -> list[str]:
    """The parties that are the subject of the act's clause, or none: the first of it, and those joined with it."""
    start = max((m.end() for m in _CLAUSE_START.finditer(words, 0, act.start)), default=0)
    own = [n for n in before if n[0] >= start]
    if not own:
        return []
    group = [own[0]]
    for name in own[1:]:
        if not _JOINT.fullmatch(words[group[-1][1] : name[0]]):
            break
        group.append(name)
    keys = list(dict.fromkeys(key for _, _, key in group))
    last = group[-1]
    lead = words[start : group[0][0]]
    if _CHARGE.fullmatch(words[last[1] : act.start]) and _LEADING.match(lead) and not _has_verb(lead):
        return keys  # what somebody is accused of
    whole = Passage(group[0][0], last[1])
    return keys if _is_subject(words, start, whole, act, last[2] in armed) else []
