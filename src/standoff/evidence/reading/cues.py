"""Words that say how something is told: verbs of saying with the realis they carry, and marks of what is not a fact."""

from __future__ import annotations

import re

# realis -> verbs (their base); an empty realis leaves it to the words of the content
_VERBS = {
    "": (
        "add announce argue assert assure believe comment concede conclude confirm declare describe emphasize estimate "
        "explain feel indicate insist maintain mention note observe recall recognize remark repeat reply report "
        "respond reveal show state stress suggest testify tweet acknowledge admit agree quip continue joke recount"
    ),
    "alleged": "claim allege accuse",
    "denied": "deny dispute reject",
    "threatened": "threaten warn",
    "promised": "promise pledge vow",
    "demanded": "demand urge",
    "predicted": "predict expect forecast hope fear",
}
_IRREGULAR = {
    "": (
        "say says said tell tells told find finds found know knows knew learn learned point pointed think thinks "
        "thought write writes wrote ask asks asked wonders wondered shown emphasised says"
    ),
    "demanded": "called calls",
    "promised": "plans planned",
    "demanded ": "wants wanted",
}


def _forms(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied"
    if verb.endswith(("s", "h")):
        return verb, f"{verb}es", f"{verb}ed"
    if verb in ("admit", "quip"):
        return verb, f"{verb}s", f"{verb}{verb[-1]}ed"
    return verb, f"{verb}s", f"{verb}ed"


CUES: dict[str, str] = {form: realis for realis, verbs in _VERBS.items() for v in verbs.split() for form in _forms(v)}
CUES |= {word: realis.strip() for realis, words in _IRREGULAR.items() for word in words.split()}
CUE = re.compile(rf"\b({'|'.join(sorted(CUES, key=len, reverse=True))})\b", re.IGNORECASE)
ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)

_CONDITION = re.compile(
    r"\b(?:if|unless|should (?:the|they|he|it|any)|in case|provided that|as long as)\b", re.IGNORECASE
)
_NOT = re.compile(
    r"\b(?:did not|didn't|has not|have not|never|no longer|denied|was not|were not|is not|are not)\b", re.I
)
_WOULD = re.compile(r"\b(?:would|could|might|may)\b", re.IGNORECASE)
_WILL = re.compile(r"\b(?:will|shall|won't|is going to|are going to|is set to|are set to|plans? to|about to)\b", re.I)
_MUST = re.compile(r"\b(?:must|should|ought to|has to|have to|need(?:s)? to)\b", re.IGNORECASE)
_HEARSAY = re.compile(r"\b(?:allegedly|reportedly|so-called|purported(?:ly)?|is said to|are said to)\b", re.IGNORECASE)
# Acts that are only spoken of: a planned offensive, a threat of strikes, preparations, a postponement.
_UNREAL = re.compile(
    r"\b(?:plan|plans|planned|planning|postpon\w*|prepar\w+|threat\w*|possible|potential\w*|looming|imminent|"
    r"intend\w*|intention|ready to|seek\w* to|aims? to|in order to|risk\w*|danger\w*|warn\w*|fears?|prospect|"
    r"call(?:s|ed|ing)? (?:for|off)|demand\w*|urg\w+|deter\w*|avoid\w*|prevent\w*|avert\w*|block(?:s|ed|ing)?|delay\w*|"
    r"stop(?:s|ped|ping)?|halt\w*|disrupt\w*|in (?:the )?(?:case|event) of|necessity of|excuse|pretext)\b",
    re.IGNORECASE,
)


def act_realis(realis: str, content: str) -> str:
    """Return the realis of an act in a content: one that is only planned, threatened or prevented is predicted."""
    return "predicted" if realis in ("asserted", "alleged") and _UNREAL.search(content) else realis


def realis_of(cue: str, content: str) -> str:
    """Return how a content is told: what its cue carries, else what the words of the content carry.

    Words that carry a condition, threat, promise, demand or expectation outweigh the cue: if and unless make
    it conditional; would, could, might, may too; will and about to make it predicted; must and should demanded;
    allegedly and reportedly alleged; a negation denied.
    """
    words = content.replace("’", "'")
    carried = CUES.get(cue.lower(), "")
    if carried in ("threatened", "promised", "demanded", "denied"):
        return carried
    for pattern, realis in (
        (_CONDITION, "conditional"),
        (_WOULD, "conditional"),
        (_WILL, "predicted"),
        (_MUST, "demanded"),
        (_HEARSAY, "alleged"),
    ):
        if pattern.search(words):
            return realis
    return carried or ("denied" if _NOT.search(words) else "asserted")
