"""Which course each actor is on at the start: the option that makes what was recorded just before most likely."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.case.vocabulary import is_a
from standoff.world.setting import Setting

if TYPE_CHECKING:
    from standoff.case.model import Event

WEEKS = 4
FLOOR = 0.02  # expected events of a type that an option does not emit: the record is not the model


def course(setting: Setting, events: Iterable[Event], start: date) -> NDArray[np.int64]:
    """Return the option each actor pursues on the first morning [A].

    Counts of recorded events in the four weeks before, by type of emission, are taken as Poisson with each option's
    daily chances; what an option emits only on the day it is taken up does not count. Ties, and actors of whom nothing
    was recorded, go to the default option; so does an option that another actor's course shuts.
    """
    first = start - timedelta(weeks=WEEKS)
    recent = [e for e in events if e.date.end is not None and first <= e.date.end < start]
    chosen = np.array(setting.default)
    for a, actor in enumerate(setting.actors):
        own = np.flatnonzero(setting.maker == a)
        mine = [e for e in recent if actor in e.actor]
        kinds = sorted({setting.emitted[e].type for e in range(len(setting.emitted)) if _lasting(setting, e, own)})
        counts = {kind: sum(is_a(event.type, kind) for event in mine) for kind in kinds}
        if not any(counts.values()):
            continue
        scores = [_likelihood(setting, int(o), counts) + (1e-9 if o == setting.default[a] else 0.0) for o in own]
        chosen[a] = own[int(np.argmax(scores))]
    pursued = np.zeros(len(setting.options), dtype=np.bool_)
    pursued[chosen] = True
    for a, o in enumerate(chosen):
        shut = (setting.needy[o] and not (setting.needs[o] & pursued).any()) or (setting.bars[o] & pursued).any()
        if shut or setting.lasts[o] > 0:
            chosen[a] = setting.default[a]
    return chosen


def _lasting(setting: Setting, emission: int, own: NDArray[np.int64]) -> bool:
    return bool(setting.option[emission] in own and not setting.first[emission] and setting.chance[emission] > 0)


def _likelihood(setting: Setting, option: int, counts: dict[str, int]) -> float:
    total = 0.0
    for kind, count in counts.items():
        rate = sum(
            float(setting.chance[e])
            for e in range(len(setting.emitted))
            if setting.option[e] == option and not setting.first[e] and is_a(setting.emitted[e].type, kind)
        )
        expected = max(rate * 7 * WEEKS, FLOOR)
        total += count * log(expected) - expected
    return total
