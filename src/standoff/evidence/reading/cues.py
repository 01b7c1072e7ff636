"""Words that say how something is told: verbs of saying, with the realis they carry."""

from __future__ import annotations

import re

# realis -> verbs (their base); an empty realis leaves it to the words of the content
_VERBS = {
    "": (
        "add announce argue assert assure believe comment concede conclude confirm declare describe emphasize estimate "
        "explain feel indicate insist maintain mention note observe recall recognize remark repeat reply report "
        "respond reveal show state stress suggest testify tweet acknowledge admit agree quip continue joke recount "
        "reiterate caution contend signal clarify counter underline underscore disclose argue call stipulate remind "
        "inform"
    ),
    "alleged": "claim allege accuse",
    "denied": "deny dispute reject refute refuse",
    "threatened": "threaten warn",
    "promised": "promise pledge vow intend",
    "demanded": "demand urge advise",
    "predicted": "predict expect forecast hope fear",
    "opinion": "criticize blast slam mock question cite praise condemn denounce endorse propose blame",
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
    r"and|on|latest|new|recent|other|many|several|more|all|full|final|initial|first|annual|daily|raise[sd]?|raising|dash(?:es|ed)|voic(?:e|es|ed)|express(?:es|ed)?|amid|public|news|media|two|three)|'s|s')\s+$",
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
    told = cue.lower()
    for realis, words in _PHRASES.items():
        if re.fullmatch(words, told):
            return realis
    return "" if CUES.get(told, "") == "opinion" else CUES.get(told, "")
