"""The states of a commitment, their codes, and the words a monitor uses for promises and for threats."""

from __future__ import annotations

STATES = (
    "not-yet",
    "conditional",
    "detached",
    "satisfied",
    "violated",
    "expired",
    "suspended",
    "cancelled",
    "released",
    "superseded",
)
(
    NOT_YET,
    CONDITIONAL,
    DETACHED,
    SATISFIED,
    VIOLATED,
    EXPIRED,
    SUSPENDED,
    CANCELLED,
    RELEASED,
    SUPERSEDED,
) = range(10)
CODE = {name: code for code, name in enumerate(STATES)}

RESULT_BROKEN = "result-broken"  # an effort is owed: its result did not come about, the effort is not judged
VERDICTS = (*STATES[:7], "cancelled", "released", "superseded", "contested", "unknown", RESULT_BROKEN)
# what a party or body itself says of a commitment, from the firmest word to none
SAYS = ("broken", "partly", "kept", "own-act", RESULT_BROKEN, "both", "denies", "in-force", "silent")

_PROMISE = {
    "not-yet": "not yet in force",
    "conditional": "waiting for its condition",
    "detached": "in force",
    "satisfied": "kept",
    "violated": "broken",
    "expired": "lapsed untested",
    "suspended": "suspended",
    "cancelled": "cancelled by its debtor",
    "released": "released",
    "superseded": "replaced",
    "contested": "contested",
    "unknown": "unknown",
    RESULT_BROKEN: "effort not judged; result broken",
    "partly": "kept in part",
    "own-act": "reports its own act",
    "both": "says both",
    "denies": "denies it",
    "silent": "says nothing",
    "broken": "broken",
    "kept": "kept",
    "in-force": "still in force",
}
_THREAT = {
    **_PROMISE,
    "conditional": "not tested",
    "detached": "called: due",
    "satisfied": "carried out",
    "violated": "not carried out",
    "expired": "not tested",
    "partly": "carried out in part",
    "broken": "not carried out",
    "kept": "carried out",
}


def words(state: str, adverse: bool) -> str:
    """Say a state or verdict in plain words; threats are carried out, not carried out or not tested."""
    return (_THREAT if adverse else _PROMISE)[state]


def record_words(verdict: str, adverse: bool, kept: int, broken: int) -> str:
    """Say a verdict, and for a mixed record how often the word was kept."""
    if verdict == "violated" and kept and broken:
        return f"{words('satisfied', adverse)} {kept} of {kept + broken}"
    return words(verdict, adverse)
