"""The states of a commitment, their words for promises and for threats, and verdicts from two completions.

The optimistic and the pessimistic completion bracket every way in which disputed, imprecise or missing reports could be
settled. Where they agree, that is the verdict. Where they differ it is ``contested`` if somebody denies what another
asserts (or disputes who is on a list), and ``unknown`` if reports are only missing or imprecise.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    "claimed",
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
    CLAIMED,
) = range(11)
CODE = {name: code for code, name in enumerate(STATES)}

DONE = "done"  # of another commitment that is read: kept, or missed once and made up for since
RESULT_BROKEN = "result-broken"  # an effort is owed: its result did not come about, the effort is not judged
VERDICTS = (*STATES, "contested", "unknown", RESULT_BROKEN)
# what a party or body itself says of a commitment, from the firmest word to none
SAYS = ("broken", "justified", "partly", "kept", "own-act", RESULT_BROKEN, "both", "denies", "in-force", "silent")

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
    "claimed": "claimed, unverified",
    "contested": "contested",
    "unknown": "unknown",
    RESULT_BROKEN: "effort not judged; result broken",
    "partly": "kept in part",
    "own-act": "reports its own act",
    "both": "says both",
    "denies": "denies it",
    "silent": "says nothing",
    "broken": "broken",
    "justified": "justified",
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


# what is allowed is neither kept nor broken: it is used, or nobody knows that it was
_PERMISSION = {
    **_PROMISE,
    "satisfied": "used",
    "kept": "used",
    "expired": "over, no use known",
    "cancelled": "given up",
}


def words(state: str, adverse: bool, kind: str = "") -> str:
    """Say a state or verdict in plain words; threats are carried out or not, or not tested; permissions are used."""
    return (_PERMISSION if kind == "permission" else _THREAT if adverse else _PROMISE)[state]


def late_words(adverse: bool) -> str:
    """Say that something was done after its last day.

    Whether a later act carries a threat out, or is another thing, only the party itself can say.
    """
    return "not carried out in time" if adverse else f"{_PROMISE['satisfied']} late"


def record_words(verdict: str, adverse: bool, kept: int, broken: int, kind: str = "") -> str:
    """Say a verdict, and for a mixed record how often the word was kept; of a permission how often it was used."""
    if kind == "permission" and verdict in ("detached", "expired") and kept:
        times = "once" if kept == 1 else f"{kept} times"
        return f"used {times}" if verdict == "expired" else f"{words(verdict, adverse, kind)}; used {times}"
    if verdict == "violated" and kept and broken:
        return f"{words('satisfied', adverse)} {kept} of {kept + broken}"
    return words(verdict, adverse, kind)


CONTESTED, UNKNOWN = "contested", "unknown"


def settle(pessimistic: int, optimistic: int, disputed: bool, same_counts: bool = True) -> str:
    """Return the verdict of one slot and account from the codes of its two completions.

    ``same_counts``: the counts of instances agree as well, or at least one is broken in both.
    """
    if pessimistic == optimistic and (same_counts or pessimistic == VIOLATED):
        return STATES[pessimistic]
    return CONTESTED if disputed else UNKNOWN


def over_range(verdicts: Iterable[str]) -> str:
    """Return the verdict over the range of an assumed deadline: firm only when every end of the range agrees."""
    distinct = set(verdicts)
    if len(distinct) == 1:
        return distinct.pop()
    return CONTESTED if CONTESTED in distinct else UNKNOWN


def pooled_verdict(by_account: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Pool accounts: (skeptical, credulous). Skeptical holds what all accounts agree on; credulous is what some say."""
    distinct = tuple(dict.fromkeys(by_account))
    firm = tuple(v for v in distinct if v not in (CONTESTED, UNKNOWN))
    if len(distinct) == 1:
        return distinct[0], distinct
    return (CONTESTED if len(firm) > 1 or CONTESTED in distinct else UNKNOWN), distinct


def degree_score(degree: float) -> int:
    """Return the score of the Kroc Institute's Peace Accords Matrix for a degree of compliance from 0 to 1.

    0 not initiated, 1 minimal, 2 intermediate, 3 full. The cut between 1 and 2, at one half, is ours.
    """
    if degree <= 0:
        return 0
    if degree >= 1:
        return 3
    return 1 if degree < 0.5 else 2
