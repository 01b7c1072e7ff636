"""How a content is told, and whether an act in it is told as done: what is only threatened or planned is no fact.

An act is judged where it stands: by a modal verb or an infinitive before it, by a word that makes what follows
unreal (a plan, a threat, a call for, to avert), by a condition of its clause, and by a modal verb after it.
"""

from __future__ import annotations

import re

# Verbs of saying, with the realis they carry.


# realis -> verbs (their base); an empty realis leaves it to the words of the content
_VERBS = {
    "": (
        "add announce argue assert assure believe comment concede conclude confirm declare describe emphasize "
        "estimate "
        "explain feel indicate insist maintain mention note observe recall recognize remark repeat reply report "
        "respond reveal show state stress suggest testify tweet acknowledge admit agree quip continue joke recount "
        "reiterate caution contend signal clarify counter underline underscore disclose argue call stipulate remind "
        "inform"
    ),
    "alleged": "claim allege accuse blame",
    "denied": "deny dispute reject refute refuse",
    "threatened": "threaten warn",
    "promised": "promise pledge vow intend",
    "demanded": "demand urge advise",
    "predicted": "predict expect forecast hope fear",
    "opinion": "criticize blast slam mock question cite praise condemn denounce endorse propose",
}
_IRREGULAR = {
    "": (
        "say says said saying tell tells told telling find finds found know knows knew learn learned think thinks "
        "thought write writes wrote writing ask asks asked asking wonders wondered shown emphasised criticised reads "
        "calling"
    ),
    "demanded": "wants wanted",
    "promised": "plans planned",
}
# Two words that together are a cue; the first alone means something else or nothing.
_PHRASES = {
    "demanded": r"(?:call|calls|called|calling) (?:for|on|upon)",
    "": r"(?:point|points|pointed|pointing) (?:out|to)|made (?:it )?clear|makes (?:it )?clear|make clear|made known",
    "alleged": r"complain(?:s|ed)? (?:about|of|that)",
}
# Words that are nouns as often as verbs: no cue after a word that makes them a noun.
_NOUNS = (
    "plans claims claim comments comment reports report states state tweet tweets shows show notes note calls call "
    "hopes hope fears fear estimates estimate remarks remark promises promise demands demand pledges pledge vows vow "
    "finds find question questions forecast forecasts dispute disputes signal signals counter blast blame praise "
    "feels feel mock repeat"
)
_MAKES_NOUN = re.compile(
    r"(?:\b(?:the|a|an|his|her|its|their|our|my|your|this|these|those|any|no|some|of|in|for|with|by|from|united|to|"
    r"and|on|latest|new|recent|other|many|several|more|all|full|final|initial|earlier|previous|unconfirmed|"
    r"false|media|police|first|annual|daily|raise[sd]?|raising|"
    r"dash(?:es|ed)|voic(?:e|es|ed)|express(?:es|ed)?|amid|public|news|media|two|three)|'s|s')\s+$",
    re.IGNORECASE,
)


def _forms(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    if verb.endswith(("s", "h")):
        return verb, f"{verb}es", f"{verb}ed", f"{verb}ing"
    if verb in ("admit", "quip"):
        return verb, f"{verb}s", f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"
    return verb, f"{verb}s", f"{verb}ed", f"{verb}ing"


CUES: dict[str, str] = {form: realis for realis, verbs in _VERBS.items() for v in verbs.split() for form in _forms(v)}
CUES |= {word: realis for realis, words in _IRREGULAR.items() for word in words.split()}
for _gerund in (
    "knowing",
    "feeling",
    "showing",
    "continuing",
    "finding",
    "learning",
    "thinking",
    "expecting",
    "hoping",
    "citing",
):
    CUES.pop(_gerund, None)
_PHRASE = "|".join(_PHRASES.values())
CUE = re.compile(rf"\b({_PHRASE}|{'|'.join(sorted(CUES, key=len, reverse=True))})\b", re.IGNORECASE)
_NOUN = frozenset(_NOUNS.split())
ACCORDING = re.compile(
    r"\b(?:according to|in the (?:view|words|opinion) of|(?:as )?(?:reported|told|confirmed|quoted) by)\b",
    re.IGNORECASE,
)


def is_noun(plain: str, cue: re.Match[str]) -> bool:
    """Whether a word of saying is a noun where it stands (``his claims``, ``the United States``)."""
    return cue.group().lower() in _NOUN and bool(_MAKES_NOUN.search(plain, max(0, cue.start() - 16), cue.start()))


def carried(cue: str) -> str:
    """Return the realis a cue carries, or an empty string."""
    word = cue.lower()
    for realis, words in _PHRASES.items():
        if re.fullmatch(words, word):
            return realis
    return "" if CUES.get(word, "") == "opinion" else CUES.get(word, "")


_CONDITION = re.compile(
    r"\b(?:if(?! (?:needed|necessary|possible|any|not|so|only)\b)|unless|whether(?! \w+ or\b)|should (?:the|they|he|"
    r"it|any)|in case|in the event|provided that|as long as|"
    r"were (?:\w+ly )?to|(?:on|under) (?:the )?condition that|only (?:when|with|after))\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:did not|didn't|has not|have not|never|no longer|denied|was not|were not|is not|are not)\b", re.IGNORECASE
)
# What is not known is not denied: it was not clear who fired.
_NOT_KNOWN = re.compile(
    r"\b(?:is|was|are|were) not (?:yet |immediately |entirely |only |just )?(?:clear|known|certain|sure|"
    r"identified|established|"
    r"only|just)\b",
    re.IGNORECASE,
)
_WOULD = re.compile(
    r"\b(?:would(?! (?:not |neither )?(?:comment|say|confirm|elaborate|discuss)\b)|"
    r"could(?! (?:not|be (?:heard|seen|felt))\b)|might|(?-i:may)(?! \d))\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?:will|shall|won't|\w+'ll|is going to|are going to|plans? to|about to|"
    r"(?:is|are|was|were|been) (?:set|expected|scheduled|due|planned) to)\b",
    re.IGNORECASE,
)
# The funds required are not a demand.
_REQUIRED = r"(?<!funds )(?<!funding )(?<!money )(?<!amount )(?<!resources )requir(?:es|ed|ing)"
_MUST = re.compile(
    r"\b(?:must|should|ought to|has to|have to|(?<!the )(?<!a )(?<!no )needs? to|stipulat\w+|obliges?|"
    rf"{_REQUIRED}|(?:is|are|was|were|been) (?:required|obliged|bound|supposed|meant) to)\b",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:is|are|was|were|been) (?:\w+ly )?(?:set|expected|scheduled|due|planned|required|obliged|bound|"
    r"supposed|meant) to\b|"
    r"\b(?:must|shall|requires|stipulat\w+|obliges|provides for)\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:allegedly|reportedly|purported(?:ly)?|apparently|"
    r"apparent(?! (?:prelude|effort|attempt|bid|move|reference|response|reaction|sign))|is said to|are said to)\b",
    re.IGNORECASE,
)
_MODALS = ((_WOULD, "conditional"), (_WILL, "predicted"), (_MUST, "demanded"))
_UNCERTAIN = re.compile(rf"{_CONDITION.pattern}|{_WOULD.pattern}|{_WILL.pattern}|{_MUST.pattern}", re.IGNORECASE)

# What makes the act after it unreal, with the realis that gives it. The first that fits decides.
_THREAT = r"threat\w*|(?:or|and) (?:else )?fac(?:e|es|ing)|warn\w*|vow\w*|ultimatum\w*"
_CALL = (
    r"(?:call(?:s|ed|ing)?|press(?:es|ed|ing)?|push(?:es|ed|ing)?) for|demand\w*|urg(?:e|es|ed|ing)|appeal\w* (?:for|"
    r"to)|"
    r"ask(?:s|ed|ing)? (?:for|to)|insist\w* on|necessity of|need(?:s|ed)? (?:for|of|to)|ban(?:s|ned|ning)? on|"
    rf"banned|prohibit\w*|forbid\w*|{_REQUIRED}|oblig(?:es|ed)|order(?:s|ed|ing)? (?:an?|the|"
    r"his|to)"
)
_PROMISE = r"promis\w*|pledg\w*|committed to|commitment to|agree(?:s|d|ing|ment)?(?: \w+)? to|offer(?:s|ed|ing)? to"
_PLAN = (
    r"plan(?:s|ned|ning)?|postpon\w*|prepar\w+|possib\w+|potential\w*|looming|imminent|impending|upcoming|intend\w*|"
    r"intention\w*|ready (?:to|for)|seek(?:s|ing)?|sought|aim(?:s|ed|ing)?|in order to|risk\w*|danger\w*|fear\w*|"
    r"prospect\w*|"
    r"call(?:s|ed|ing)? off|deter\w*|avoid\w*|prevent\w*|avert\w*|block(?:s|ed|ing)?|delay\w*|forestall\w*|"
    r"discourag\w*|"
    r"stav(?:e|es|ed|ing)(?: \w+)? off|stop(?:s|ped|ping)? (?:an?|any|the|further)|(?:dis|inter)rupt\w*|"
    r"pretext\w* for|"
    r"excuse\w*|prelude to|expect\w*|anticipat\w*|predict\w*|want\w*|wish\w*|hop(?:e|es|ed|ing)|consider\w*|oppos\w*|"
    r"decid\w*|decision|attempt\w*|tr(?:y|ies|ied|ying)|capab\w+|capacity|ability|right|able|likelihood|likely|"
    r"chance|"
    r"future|next|eventual\w*|ultimate\w*|envisag\w*|contemplat\w*|propos\w*|(?-i:mission) to|effort\w*|opportunity|"
    r"bid to|"
    r"against any|"
    r"decisive|brink|verge|eve|run-up|instead of|rather than|without|before|until|authori[sz]\w*|allow\w*|so that|"
    r"bluff\w*|"
    r"toward[s]? an?|option\w*|alternative\w*|scenario\w*|ahead of|slow(?:s|ed|ing)?|aimed|goal\w*|objective\w*|"
    r"when necessary|"
    r"suspend\w*|talk of|debat\w*|discuss\w*|question of|lead(?:s|ing)? to|stall\w*|imagin\w*|provok\w+|refus\w*|"
    r"no plans?"
)
_CASE = (
    r"in (?:the )?(?:case|event) of|any|if|unless|whether|in case|should (?:the|they|he|it|any)|were (?:\w+ly )?to|"
    r"once|upon"
)
_UNSURE = (
    r"(?:can't|cannot|can not|could not|couldn't|unable to|not|yet to) (?:\w+ )?(?:confirm\w*|verif\w+|establish\w*)|"
    r"unconfirmed|(?:lack of|no) (?:data|information|evidence|signs?|indications?|confirmation)"
)
_SCOPES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<!-)\b(?:{words})\b", re.IGNORECASE), realis)
    for words, realis in (
        (_CASE, "conditional"),
        (_THREAT, "threatened"),
        (_CALL, "demanded"),
        (_PROMISE, "promised"),
        (_PLAN, "predicted"),
        (_UNSURE, "alleged"),
        (r"accus\w*|alleg(?:e|es|ed|ing|ations?)", "alleged"),
    )
)
_REACH = 14  # words over which such a word holds
_PASSED = re.compile(  # where it stops to hold
    r"[;:.!?]\s|\b(?:after|following|since|because|although|while|as|who|which|during|where|but|despite|due|previous|"
    r"recent|latest|today's|yesterday's|this week's|last (?:week|month|year)'s)\b|"
    r",\s(?!\w+ing\b)(?:\w+\s){0,3}?(?:has|have|had|was|were)\b",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"(?P<will>\b(?:will|shall|won't|cannot|can|'ll|going to)|'ll)\s+(?:\S+\s+){0,2}?(?:be\s+|"
    r"have\s+)?(?:\w+ly\s+)?$|"
    r"(?P<would>\b(?:would|could|might|(?-i:may)))\s+(?:\S+\s+){0,2}?(?:be\s+|have\s+(?:been\s+)?)?(?:\w+ly\s+)?$|"
    r"(?P<must>\b(?:must|should|ought to))\s+(?:\S+\s+){0,2}?(?:be\s+)?(?:\w+ly\s+)?$|"
    r"(?P<to>\bto\s+)(?:carry out\s+|launch\s+|conduct\s+|begin\s+|start\s+|join\s+|be\s+|have\s+|not\s+|\w+ly\s+)*"
    r"(?:an?\s+|the\s+|its\s+|their\s+|his\s+|more\s+|further\s+|new\s+|\w+ly\s+)*(?:\w+\s+)?$",
    re.IGNORECASE,
)
_DONE_TO = re.compile(  # infinitives that tell what was done
    r"\b(?:continu\w+|beg[aiu]n\w*|start\w*|forced|forcing|manag\w+|went on|used|proceed\w*|helped|due|response|"
    r"reaction|according|"
    r"addition|contrary|prior|responds?|responded|subject\w*)\s+to\s+(?:\S+\s+){0,4}$",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|n't|no)\s+(?:\w+\s+){0,2}$|\bfailed to\s+$|\bcould not\s+$|\w+n't\s+(?:\w+\s+)?$", re.IGNORECASE
)
_THEN = re.compile(
    r"(?:[\s,]+[\w'-]+){0,9}?[\s,]+(would|could|might|(?-i:may)|will|won't|can|must|should)\b(?! have\b)", re.IGNORECASE
)
_STOP_THEN = re.compile(r"[;:.!?]|,?\s(?:and|but|which|who|that|while|after|as)\b", re.IGNORECASE)
_PAST = re.compile(
    r"(?:\w+ed|struck|fled|shot down|withdrew|retook|took|fought|drove|overran|broke|sent|met|hit|beat)$", re.IGNORECASE
)
_SPEECH = re.compile(
    r"(?:warn|threaten|vow|promis|pledg|demand|urg|ask|call|agree|accus|reject|refus|request|offer|accept|"
    r"insist)\w*$",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\b(?:the|a|an|those|these|of|for|internally|such|being|and)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_MODAL_REALIS = {"will": "predicted", "would": "conditional", "must": "demanded", "to": "predicted"}


_PRETERITE = re.compile(
    r"(?:\w+ed|struck|fled|withdrew|retook|took|fought|drove|overran|broke|sent|met)\b", re.IGNORECASE
)
_TO_BE = re.compile(r"\b(?:be|been|have|get)\s", re.IGNORECASE)
_TO_ACT = re.compile(
    r"(?:on \w+day )?to (?!(?:an?|the|one|two|its|their|his|her|this|that|these|those|new|joint|\w+-\w+)\b)[a-z]+\b"
)
_STATE = re.compile(r"(?:that\s+)?(?:\S+\s+){1,14}?(?:is|are|was|were|has|have|had|cannot|can't)\b", re.IGNORECASE)
_PAST_CUE = re.compile(r"(?:said|told|wrote|thought|knew|\w+ed)\b", re.IGNORECASE)
_REPORTED = re.compile(r"\bwould\b", re.IGNORECASE)
# Who warns of what others may do, not of what they would do themselves.
_ONLOOKER = re.compile(
    r"\b(?:UN|U\.N\.|United Nations|UNICEF|UNHCR|OCHA|WFP|WHO|Red Cross|Red Crescent)\b|\b(?i:aid|relief|"
    r"humanitarian|"
    r"experts?|analysts?|observers?|monitors?|doctors?|charit\w+|rights|residents?|economists?|watchdog|envoy|"
    r"mediators?)\b"
)


def _warned(words: str, source: str) -> str:
    """How a warning is told: an onlooker's predicts, one of how things are is a statement, others are threats."""
    if not _UNCERTAIN.search(words) and _STATE.match(words):
        return ""
    return "predicted" if _ONLOOKER.search(source) else "threatened"


def _modal(words: str, cue: str) -> str:
    """The realis of the first modal verb; ``would`` after a cue in the past tells what was then to come."""
    modals = [(m.start(), realis) for p, realis in _MODALS if (m := p.search(words))]
    if not modals:
        return ""
    at, realis = min(modals)
    return "predicted" if _PAST_CUE.match(cue) and _REPORTED.match(words, at) else realis


_ASKING = re.compile(r"(?:ask|request|appeal)\w*$", re.IGNORECASE)
_FOR_OR_TO = re.compile(r"(?:for|to|(?:[A-Z][\w'-]+ ){1,3}to) ")
_SAYINGS = re.compile(
    r"(?:the |any |all |these |those |such |its |their |his |\w+['’]s? |\w+n )*(?:claims?|reports?|allegations?|"
    r"accusations?|"
    r"charges?|suggestions?|rumou?rs?|assertions?|statements?|idea|notion)\b",
    re.IGNORECASE,
)
_FALSE = re.compile(
    r"(?:that |the |an? |any |all |these |those |such |earlier |media |some |its |\w+['’]s? )*(?:reports?|"
    r"claims?|allegations?|"
    r"accusations?|rumou?rs?|figures?|statements?|news)\b[^;]*\b(?:was|were|is|are) (?:\w+ly )?(?:wrong|false|untrue|"
    r"incorrect|baseless|unfounded|inaccurate|fabricated|groundless|fake|a lie|lies|not true)\b",
    re.IGNORECASE,
)
_REFUSING = re.compile(r"(?:refus|reject|declin)\w*$", re.IGNORECASE)


def realis_of(cue: str, content: str, source: str = "") -> str:
    """Return how a content is told: what its cue carries, else what the words of the content carry.

    Words that carry a condition, threat, promise, demand or expectation outweigh the cue: if and unless make
    it conditional, as do would, could, might, may; will and about to make it predicted, and so does would after a cue
    in the past (he said he would); must and should demanded; the first of these decides. Allegedly and reportedly make
    it alleged; a negation denied. What somebody agreed to do is promised. A warning is a threat unless it tells how
    things are, or ``source`` looks on (an aid agency, an analyst): then it predicts.
    """
    words = content.replace("’", "'")
    realis = carried(cue)
    if realis == "threatened" and cue.lower().startswith("warn"):
        realis = _warned(words, source)
    if cue.lower().startswith("agree") and _TO_ACT.match(words):
        realis = "promised"
    if _ASKING.match(cue) and _FOR_OR_TO.match(words):
        return "requested"
    if realis == "denied" and _REFUSING.match(cue) and not words.startswith("that "):
        return "denied" if _SAYINGS.match(words) else "refused"
    if _FALSE.match(words):
        return "denied"  # a report that ... was wrong
    if realis in ("threatened", "promised", "demanded", "denied"):
        return realis
    if _CONDITION.search(words):
        return "conditional"
    if modal := _modal(words, cue):
        return modal
    if _HEARSAY.search(words):
        return "alleged"
    return realis or ("denied" if _NOT.search(_NOT_KNOWN.sub("", words)) else "asserted")


def is_due(sentence: str) -> bool:
    """Whether a sentence of the author tells what is to be done: expected, scheduled, required, stipulated."""
    return _DUE.search(sentence) is not None


_ASIDE = re.compile(
    r",\s(?:\w+ly )?(?:accused|blamed|suspected|condemned|criticised|criticized|wanted|sought|who|which)\b[^,]*,\s"
)
_IN_VAIN = re.compile(
    r"\b(?:nothing|little|fail\w*|unable|powerless|not (?:enough|able)|too (?:little|late)|(?:did|done|does|do|"
    r"had) not(?: \w+)?) "
    r"(?:been )?(?:done )?to (?:stop|prevent|halt|end|avert|avoid)\b(?: (?:the|these|those|this|such|further|"
    r"all))?[^,;.]*$",
    re.IGNORECASE,
)


def _scope(before: str) -> str:
    """The realis of a word whose reach covers what follows ``before``, or an empty string."""
    near = before = _ASIDE.sub(", ", before)
    for passed in _PASSED.finditer(before):
        near = before[passed.end() :]
    near = " ".join(near.split()[-_REACH:])
    return next((realis for pattern, realis in _SCOPES if pattern.search(near)), "")


def unreal(words: str, start: int, end: int) -> str:
    """Return why the act at ``start`` to ``end`` of a sentence is no fact, as a realis, or an empty string.

    A verb in the past is a fact unless a modal verb, a condition of its clause or a negation is before it. Everything
    else (nouns, infinitives, participles) is one unless a word in whose reach it stands makes it unreal.
    """
    plain = words.replace("’", "'")
    before, after = plain[:start], plain[end:]
    if _SAID_TO_HAVE.search(before):
        return "alleged"
    if _scope(before) == "alleged":  # what could not be confirmed is not denied
        return "alleged"
    if _NEGATED.search(_NOT_KNOWN.sub("", before)):
        return "denied"
    modal = _MODAL.search(before)
    if modal and modal.lastgroup == "to" and _PRETERITE.match(plain[start:end]) and not _TO_BE.search(modal[0]):
        modal = None  # rebels loyal to Red ambushed a lorry
    if modal and modal.lastgroup and not (modal.lastgroup == "to" and _DONE_TO.search(before)):
        return (modal.lastgroup == "to" and _scope(before)) or _MODAL_REALIS[modal.lastgroup]
    if _PAST.match(plain[start:end]) and not _ATTRIBUTE.search(before):
        clause = re.split(r"[,;:]\s|\b(?:who|which|because|since|after)\b", before)[-1]
        return "conditional" if _CONDITION.search(clause) else ""
    if (scope := _scope(before)) and not _IN_VAIN.search(before):
        return scope  # what nothing was done to stop did happen
    stop = _STOP_THEN.search(after)
    then = _THEN.match(after[: stop.start()] if stop else after)
    if then:
        return "predicted" if then[1].lower() in ("will", "won't") else "conditional"
    return "predicted" if _LOOMING.match(after) else ""


_LOOMING = re.compile(
    r"(?: [\w'-]+){0,4}? (?:is|was|are|were|seems?|seemed|looks?|looked|appears?|appeared) (?:\w+ly "
    r")?(?:imminent|likely|possible|"
    r"inevitable|unlikely|planned|expected|being (?:planned|prepared|considered)|looming|near|close at hand|"
    r"feared)\b",
    re.IGNORECASE,
)
_SAID_TO_HAVE = re.compile(
    r"\b(?:reported|said|believed|thought|alleged|understood|rumou?red|suspected|claimed)\s+to "
    r"have\s+(?:been\s+)?(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[,;:]\s|\b(?:that|after|before|while|when|as|because|but|and|although|though|until|who|which|since|ahead "
    r"of|for "
    r"fear)\b",
    re.IGNORECASE,
)


def _clause(words: str, start: int, end: int) -> str:
    """The clause in which something stands: up to a comma or a conjunction on both sides."""
    first = max((m.end() for m in _CLAUSES.finditer(words, 0, start)), default=0)
    after = _CLAUSES.search(words, end)
    return words[first : after.start() if after else len(words)]


def is_false(words: str) -> bool:
    """Whether some words tell that a report or claim was wrong."""
    return _FALSE.match(words) is not None


def is_denied(words: str, start: int, end: int) -> bool:
    """Whether a negation stands in the clause of what is at ``start`` to ``end`` of some words."""
    return _NOT.search(_NOT_KNOWN.sub("", _clause(words.replace("’", "'"), start, end))) is not None


def clause_realis(realis: str, cue: str, content: str, start: int, end: int) -> str:
    """The realis of what stands at a place of a content told as ``realis``: plain where its own clause is plain.

    What a cue carries (claimed, denied, threatened) holds for the whole content; a modal verb or a condition for its
    clause alone.
    """
    if carried(cue) or realis not in ("conditional", "predicted", "demanded"):
        return realis
    words = content.replace("’", "'")
    clause = _clause(words, start, end)
    if re.search(r"\balready\b", clause):
        return "asserted"
    if _UNCERTAIN.search(clause) or _scope(words[:start]) or _CONDITION.search(words[:start]):
        return realis
    return "alleged" if _HEARSAY.search(clause) else "asserted"


# What somebody wants, plans or fears is told by who tells it: nobody is said to have said so.
_MENTAL = re.compile(r"(?:want|plan|fear|intend|wish|threaten|seek|attempt|feel)\w*$", re.IGNORECASE)


def is_mental(cue: str, content: str) -> bool:
    """Whether a cue tells what somebody wants or fears rather than what they say (``threatening to attack``)."""
    noun = r"(?:to|an?|the|that)\s" if cue.lower().startswith("fear") else r"to\s"
    return _MENTAL.match(cue) is not None and re.match(noun, content) is not None


def is_onlooker(source: str) -> bool:
    """Whether a source looks on (an aid agency, an analyst): what it says of others' acts to come, it predicts."""
    return _ONLOOKER.search(source) is not None


_CAME = re.compile(
    r"(?:\s[\w'-]+){0,5}?\s(?:\w{2,}ed|struck|hit|left|broke|began|was|were|took|went|came|fell|drove|cut|shook|"
    r"led|lost)\b"
)


def act_realis(realis: str, content: str, start: int, end: int) -> str:
    """Return the realis of an act at ``start`` to ``end`` of a content that is told as ``realis``.

    An act told as done keeps what its cue carries (asserted, alleged, denied); one in the past is asserted even where
    another clause of the content is conditional, unless it is itself a word (``as we have warned``).
    """
    if why := unreal(content, start, end):
        kept = realis in ("threatened", "promised", "demanded", "denied", "conditional")
        return realis if kept or (realis == "predicted" and why == "conditional") else why
    done = _PAST.match(content[start:end]) and not _SPEECH.match(content[start:end])
    plain = content.replace("’", "'")
    clause = _clause(plain, start, end)
    told = _CAME.match(clause[max(0, clause.find(plain[start:end])) + end - start :])  # the strike killed seven
    sure = told and not _UNCERTAIN.search(clause) and not _CONDITION.search(plain[:start])
    if realis in ("conditional", "predicted", "demanded") and (done or sure):
        return "asserted"
    return realis
