"""What Flee models and this does not: a folder with it is refused, or run without it where the user asks for that.

Each omission has a word (``--without start-on-foot``) and a sentence that says how a run without it differs.
"""

from __future__ import annotations

from collections.abc import Iterable

from standoff.errors import Problem, StandoffError, nearest

FLOODS = "flood-zones"
NEAR_NAMES = "near-names"
_DIFFERENCES = {
    FLOODS: "flood zones are towns: nobody flees from water, and fewer people arise than in Flee",
    NEAR_NAMES: "what is said of names that no place has is left out, as in Flee",
    "awareness-level": "people weigh the places one link away, and not those further on or none at all",
    "avoid-short-stints": "people may rest before they have come a full day's way, and arrive later than in Flee",
    "start-on-foot": "people travel the first link at full speed and not on foot, and arrive sooner than in Flee",
    "use-v1-rules": "people follow the rules of Flee 3, and not those of Flee 1",
    "stay-close-to-home": "people go as far as any other, and not by the distance from home",
    "use-pop-for-loc-weight": "places draw people whatever their population",
    "movechance-pop-scale-factor": "people leave large and small places alike",
    "fixed-routes": "people choose each link anew, and not a whole route",
    "conflict-zone-spawning-only": "people arise at places of fighting alone",
    "read-from-agents-csv-file": "people have no attributes: agents.csv is not read",
    "sum-from-camps": "the daily total is the sum of the camps, and not the series of the total",
    "conflict-spawn-decay-interval": "the factors of conflict_spawn_decay are 30 days apart",
}
_OTHER = "people move as if it were not there"


def omission(key: str) -> str:
    """Return the word for a setting of Flee, such as start-on-foot for start_on_foot."""
    return key.replace("_", "-").lower()


def difference(word: str) -> str:
    """Return how a run without something differs from Flee's."""
    return _DIFFERENCES.get(word, _OTHER)


def omissions(words: Iterable[str], keys: Iterable[str] = ()) -> frozenset[str]:
    """Return the words of ``--without``, which may stand in one text with commas.

    The first word or words are enough where no other begins so: awareness. All of floods begin with flood.

    Raises `StandoffError` for one that names nothing, or several.
    """
    every = sorted({*_DIFFERENCES, *(omission(key) for key in keys)})
    asked = {omission(part.strip()) for text in words for part in text.split(",") if part.strip()}
    out: set[str] = set()
    wrong = []
    for word in sorted(asked):
        meant = (
            [word] if word in every else [one for one in every if one.startswith((f"{word}-", f"{word.rstrip('s')}-"))]
        )
        if len(meant) == 1 or (meant and word.startswith("flood")):
            out.update(meant)
        else:
            what = f"{word!r} may be {' or '.join(meant)}" if meant else f"{word!r} is nothing to leave out"
            hint = "" if meant else nearest(word, every)
            wrong.append(Problem("--without", 0, what, ", ".join(meant or every), hint))
    if wrong:
        raise StandoffError(wrong)
    return frozenset(out)
