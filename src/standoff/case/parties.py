"""Parties as an event log names them: actors of the case, names it does not know, and sides of which none is the doer.

An actor of the case stands in an event by its id. A name that the case does not know is kept as it was written, marked
``unknown:``; it is nobody's id, and anybody may be meant. In a two-sided event (a battle, a conflict of which a source
only lists the sides) the known parties are marked ``side:``: one side in the place of the actor, the other in that of
the target, and either may have begun. No id holds a colon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

UNKNOWN, SIDE = "unknown:", "side:"
NO_NAME = f"{UNKNOWN}not named"


def is_unknown(name: str) -> bool:
    """Whether the case does not know a party by this name."""
    return name.startswith(UNKNOWN)


def bare(name: str) -> str:
    """Return the id of a party, or its name as it was written, without its mark."""
    return name.removeprefix(UNKNOWN).removeprefix(SIDE)


def as_sides(parties: Iterable[str]) -> tuple[str, ...]:
    """Return the parties as one side of a two-sided event; nobody named is one unknown party."""
    return tuple(p if is_unknown(p) else SIDE + p for p in parties) or (NO_NAME,)


def two_sided(*cells: tuple[str, ...]) -> bool:
    """Whether the parties of an event are sides, of which none is told to have begun."""
    return any(party.startswith(SIDE) for cell in cells for party in cell)


def shown(party: str, actors: Mapping[str, Any]) -> str:
    """Return a party as a person reads it: the name of an actor, or the name as written and that nobody knows it."""
    name = bare(party)
    if is_unknown(party):
        return name if party == NO_NAME else f"{name} (not known to the case)"
    return str(actors[name].name) if name in actors else name
