"""Operations: options that, once begun, go on by themselves until they end.

An option with a ``duration`` D (its mean, in days) ends on each day after it was taken up with the chance 1/D, whatever
day it is: its length is geometric. While it goes on its actor does not weigh it anew at each ordinary occasion, and
what it needs opens it but does not end it. What bars it (a ceasefire agreed by others) halts it with the chance
``halting`` when it comes about, and otherwise not at all; its actor's own choice may, where a commitment of that actor
has fallen due. When it ends the actor is back on its default.

No random number is drawn for it: the uniform that would have decided whether the actor reconsiders decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from standoff.case.strategy import Option
from standoff.errors import Problem
from standoff.world.defaults import durations

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def end_chances(
    options: Sequence[Option], has: Callable[[str], bool], get: Callable[[str], Floats]
) -> tuple[Floats, ...]:
    """Return the daily chance that each option ends ([1] or [n] each): 1 over its mean duration, 0 without one.

    ``has`` and ``get`` look up a parameter by name. A mean below a day counts as one day.
    """
    made = []
    for option in options:
        if option.duration is None:
            made.append(np.zeros(1))
            continue
        given = next((get(name) for name in durations(option) if has(name)), np.array([float(option.duration.days)]))
        made.append(1.0 / np.maximum(given, 1.0))
    return tuple(made)


def ending(ends: Floats, pursued: Ints) -> Floats | None:
    """Return the chance that what each actor pursues ends today [n, A]; None where no option is an operation.

    ``ends`` is [n or 1, O] and ``pursued`` [n, A]. It is above 0 just where an operation is under way.
    """
    if not ends.any():
        return None
    return ends[0].take(pursued) if ends.shape[0] == 1 else np.take_along_axis(ends, pursued, axis=1)


def barred(bars: Bools, goes_on: Bools, pursued: Ints) -> Bools | None:
    """Return which operations under way are barred by what others pursue [n, A]; None where none is.

    ``bars`` [O, O] and ``goes_on`` [O] are those of the options, ``pursued`` [n, A].
    """
    on = goes_on[pursued]
    if not on.any():
        return None
    found = np.zeros(on.shape, dtype=np.bool_)
    row, actor = np.nonzero(on)
    found[row, actor] = bars[pursued[row, actor][:, None], pursued[row]].any(axis=1)
    return found if found.any() else None


def problems_of(option: Option, file: str, line: int) -> list[Problem]:
    """Find what is wrong with the duration of an option."""
    found = []
    if option.duration is not None:
        if option.duration.days < 1:
            found.append(Problem(file, line, f"{option.id} has a duration below a day", "a mean of 1d or more"))
        if option.lasts is not None:
            what = f"{option.id} has both lasts and duration"
            found.append(Problem(file, line, what, "lasts (an exact number of days) or duration (a mean)"))
        if option.default:
            what = f"the default option {option.id} has a duration"
            found.append(Problem(file, line, what, "a default option, which goes on until another is taken up"))
    return found
