"""The pace of a crisis: what the record says of each option while fighting is about, and whom events touch.

A crisis, on record and in the model alike: an offensive, a change of hands or an attack on a post between the parties
of the case within the last four weeks. For each option that begins with an event of its own, the bouts on record (of
that event; of all its events where it lasts some days only) are counted in and out of crises. The rate in either state
is shrunk towards the unconditional one by a Gamma prior worth one event (a Gamma-Poisson model; Gelman et al. 2013,
section 2.6)::

    rate = bouts / days        rate_s = (bouts_s + 1) / (days_s + 1 / rate)        s in quiet, crisis

``tilt`` is log(rate_s / rate): what an option gains or loses in log odds; 0 where it was never on record. How often an
actor reconsiders is apart from it (``crisis.revisions``). The case compiled is the case as known, so that nothing later
than a cut-off enters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, Event
from standoff.case.strategy import Emission, Option
from standoff.case.vocabulary import is_a

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CRISIS = ("offensive", "territorial-change", "attack-on-post")
WINDOW = 28  # days that a crisis outlasts its last event
BOUT = 14  # days within which events of one option count as one
VAGUE = 7  # days; an event dated less well is not counted
LONG_AGO = -(10**4)
PSEUDO = 1.0  # events that the prior is worth


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pace:
    """``tilt`` [2, O]: log odds in quiet (0) and crisis (1). ``alarms`` [E] and ``touches`` [E, A]: what emissions do.

    ``alarm`` and ``touched`` [A] are the days of the last recorded event that did so, counted from the start (below 0).
    ``bouts`` [2, O] and ``days`` [2] are the counts that ``tilt`` rests on.
    """

    tilt: Floats
    alarms: Bools
    touches: Bools
    alarm: int
    touched: Ints
    bouts: Ints
    days: Ints

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Pace: {self.tilt.shape[1]} options, {int(self.bouts.sum())} bouts on {int(self.days.sum())} days>"


def violent(kind: str) -> bool:
    """Whether events of a type are fire, attack or encirclement."""
    return is_a(kind, "assault") or is_a(kind, "encirclement")


def alarming(kind: str) -> bool:
    """Whether events of a type make a crisis."""
    return any(is_a(kind, one) for one in CRISIS)


def _dated(events: Iterable[Event]) -> list[tuple[date, Event]]:
    """Return (last day, event) by date, of those dated to a week or better."""
    rows = [
        (e.date.end, e)
        for e in events
        if e.date.start is not None and e.date.end is not None and (e.date.end - e.date.start).days <= VAGUE
    ]
    return sorted(rows, key=lambda item: (item[0], item[1].id))


def _like(event: Event, maker: str, emission: Emission) -> bool:
    """Whether an emission stands for a recorded event; of what several do together, the others count as targets."""
    if not is_a(event.type, emission.type) or maker not in event.actor:
        return False
    others = set(event.target) | (set(event.actor) - {maker})
    return not emission.target or bool(set(emission.target) & others) or not others


def crisis_days(case: Case, parties: set[str], first: date, until: date) -> Bools:
    """Return for each day from ``first`` to before ``until`` whether it is one of crisis."""
    days = max((until - first).days, 0)
    out = np.zeros(days, dtype=np.bool_)
    for day in _alarms(case, parties):
        at = (day - first).days
        out[max(at + 1, 0) : max(at + 1 + WINDOW, 0)] = True
    return out


def _alarms(case: Case, parties: set[str]) -> list[date]:
    sectors = {p.id for p in case.places.values() if p.sector}
    return [
        day
        for day, e in _dated(case.events.values())
        if alarming(e.type) and parties & set(e.target) and (e.sector or sectors & set(e.place))
    ]


def bouts_of(case: Case, maker: str, emissions: Sequence[Emission]) -> list[date]:
    """Return the days on which recorded bouts of an option began, by the events that it begins with."""
    begun: list[date] = []
    last = date.min
    for day, event in _dated(case.events.values()):
        if any(_like(event, maker, emission) for emission in emissions):
            if (day - last).days > BOUT:
                begun.append(day)
            last = day
    return begun


def ratio(bouts: Floats, days: Floats) -> Floats:
    """Return [2, ...]: the shrunk rate in either state over the unconditional one; ``bouts`` [2, ...], ``days`` [2].

    It is 1 where nothing is on record.
    """
    rate = bouts.sum(axis=0) / max(float(days.sum()), 1.0)
    span = days.reshape(2, *[1] * (bouts.ndim - 1))
    divisor = np.where(rate > 0.0, rate, 1.0)
    return np.asarray(np.where(rate > 0.0, (bouts + PSEUDO) / (span + PSEUDO / divisor) / divisor, 1.0))


def pace_of(
    case: Case,
    start: date,
    first: date,
    actors: Sequence[str],
    options: Sequence[Option],
    emissions: Sequence[tuple[int, Emission]],
) -> Pace:
    """Estimate the pace from the record from ``first`` to before ``start``; ``emissions`` is (option, emission) [E]."""
    parties = set(actors) | {name for _, e in emissions for name in e.target}
    state = crisis_days(case, parties, first, start)
    days = np.array([(~state).sum(), state.sum()], dtype=np.int64)
    bouts = np.zeros((2, len(options)), dtype=np.int64)
    for o, option in enumerate(options):
        opening = [e for e in option.emits if e.first or option.lasts]
        for day in bouts_of(case, option.actor, opening) if opening else ():
            at = (day - first).days
            if 0 <= at < state.size:
                bouts[int(state[at]), o] += 1
    tilt = np.log(ratio(bouts.astype(np.float64), days.astype(np.float64)))
    alarms = np.array([alarming(e.type) for _, e in emissions], dtype=np.bool_)
    touches = np.zeros((len(emissions), len(actors)), dtype=np.bool_)
    for i, (o, emission) in enumerate(emissions):
        if violent(emission.type):
            for a, name in enumerate(actors):
                touches[i, a] = options[o].actor != name and (
                    name in emission.target or options[o].harms.get(name, 0) > 0
                )
    touched = np.full(len(actors), LONG_AGO, dtype=np.int64)
    for day, event in _dated(case.events.values()):
        if start - timedelta(days=WINDOW) <= day < start:
            for i, (o, emission) in enumerate(emissions):
                if touches[i].any() and _like(event, options[o].actor, emission):
                    touched[touches[i]] = (day - start).days
    last = [day for day in _alarms(case, parties) if day < start]
    return Pace(
        tilt=tilt,
        alarms=alarms,
        touches=touches,
        alarm=(last[-1] - start).days if last else LONG_AGO,
        touched=touched,
        bouts=bouts,
        days=days,
    )
