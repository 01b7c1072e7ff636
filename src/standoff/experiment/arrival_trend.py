"""Point forecasts of people in a camp from the reports known at an origin: the last report, and what may be added.

The last report (persistence) is hard to beat. `camp_trend` adds the slope of the last 120 days only as far as the
movement ran one way and was not a single jump, lets it die away, trusts it less the longer the camp has been silent,
and leaves what the trend does not claim to the growth of young camps, as far as they are seen to grow. Every part can
be left out, for the ablation; decisions 53, 67 and 80 say what each adds and how the constants were chosen, 78 what
else was tried at 90 days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Reports = Sequence[tuple[int, float]]  # (day, people), by day
Method = Callable[[Reports, int, int], float]  # (reports, origin, horizon) -> people

WINDOW = 120  # days that a trend is read from
SPAN = 30  # days that it is spread over at the least: a steep week is no trend of months
DAMPING = 120.0  # days in which a trend dies away to 1/e
LOSS = 0.5  # of the level, that a trend may take
SILENCE = 60.0  # days without a report in which what was seen before it loses its weight to 1/e
GROWTH = 0.25  # a camp without a trend grows as its age to this power
YOUNG = 60.0  # days added to a camp's age, at the least


def known(reports: Reports, origin: int) -> list[tuple[int, float]]:
    """Return the reports up to and with the day of the origin."""
    return [r for r in reports if r[0] <= origin]


def persistence(reports: Reports, origin: int, horizon: int) -> float:
    """Return the last report known at the origin."""
    return known(reports, origin)[-1][1]


def plain_trend(reports: Reports, origin: int, horizon: int, *, window: int = 60, damping: float = 0.8) -> float:
    """Return the level plus a damped share of the last ``window`` days' slope, as a simple extrapolation does."""
    past = known(reports, origin)
    day, level = past[-1]
    first = ([r for r in past if r[0] <= day - window] or past)[-1 if past[0][0] <= day - window else 0]
    slope = (level - first[1]) / (day - first[0]) if day - first[0] >= 7 else 0.0
    return max(level + damping * slope * (origin + horizon - day), 0.0)


def direction(reports: Reports) -> float:
    """Return how far a series ran one way without being a single jump, from 0 (no) to 1 (steadily).

    The net movement over all movement, times how far the largest step is from being all of it. The latter is taken
    relative to equal steps, so that a monthly series can be as steady as a weekly one; under four reports it is 0.
    """
    steps = np.diff([v for _, v in reports])
    moved = float(np.abs(steps).sum())
    if len(reports) < 4 or moved <= 0.0:
        return 0.0
    return float(abs(steps.sum()) / moved * (1.0 - np.abs(steps).max() / moved) / (1.0 - 1.0 / steps.size))


def recent(reports: Reports, origin: int) -> list[tuple[int, float]]:
    """Return the reports of the `WINDOW` days before the last one that is known at the origin."""
    past = known(reports, origin)
    return [r for r in past if r[0] >= past[-1][0] - WINDOW]


def camp_trend(
    reports: Reports,
    origin: int,
    horizon: int,
    *,
    gate: bool = True,
    damp: bool = True,
    silence: bool = True,
    growth: bool = True,
) -> float:
    """Return people in a camp ``horizon`` days after the origin.

    With level L at the last report, d days before the origin, h days from it to the target, slope s of the last 120
    days, direction g and the camp's age a (days since its first report above 0)::

        w = exp(-d / SILENCE)
        (L + w g s DAMPING (1 - exp(-h / DAMPING))) (1 + h / (a + y))^(w (1 - g) GROWTH)

    where the trend may take at most half of L and y is that of `unseen_days`. Each keyword leaves out its part.
    """
    past = known(reports, origin)
    day, level = past[-1]
    now = recent(reports, origin)
    ahead = float(origin + horizon - day)
    weight = float(np.exp(-(origin - day) / SILENCE)) if silence else 1.0
    one_way = direction(now) if gate else 1.0
    value = level
    if len(now) >= 4:
        slope = (level - now[0][1]) / max(now[-1][0] - now[0][0], SPAN) * one_way * weight
        change = slope * (DAMPING * (1.0 - np.exp(-ahead / DAMPING)) if damp else ahead)
        most = LOSS * max(level, 1.0)
        value = max(level + (float(most * np.tanh(change / most)) if damp and change < 0 else change), 0.0)
    begun = next((d for d, v in past if v > 0.0), None)
    if growth and begun is not None:
        spare = weight * (1.0 - direction(now))
        value *= float((1.0 + ahead / (day - begun + unseen_days(past))) ** (spare * GROWTH))
    return value


def unseen_days(past: Reports) -> float:
    """Return the days to add to a camp's age: how old it was already when it was first reported.

    A camp that was reported empty before has `YOUNG`. Another may have stood for years when its reports begin. Its age
    is that at which growth with age to the power `GROWTH` gives what it grew since; without any growth, infinite
    (decision 80).
    """
    at = next(i for i, (_, v) in enumerate(past) if v > 0.0)
    if at > 0:
        return YOUNG
    (begun, first), (day, level) = past[at], past[-1]
    grown = (level / max(first, 1.0)) ** (1.0 / GROWTH) - 1.0
    return max(YOUNG, (day - begun) / grown) if grown > 0.0 and day > begun else float("inf")


def methods(total: Reports = ()) -> dict[str, Method]:
    """Return what forecasts are compared with, by name, simplest first; ``total`` is the series of the whole."""

    def shares(reports: Reports, origin: int, horizon: int) -> float:
        day, level = known(reports, origin)[-1]
        then, now = known(total, day), known(total, origin)
        return level * now[-1][1] / then[-1][1] if then and then[-1][1] > 0 else level

    found: dict[str, Method] = {"persistence of levels": persistence}
    if total:
        found["persistence of shares"] = shares
    plain = {"gate": False, "damp": False, "silence": False, "growth": False}
    found["damped trend, 60 days"] = plain_trend
    found["trend, 120 days"] = lambda r, o, h: camp_trend(r, o, h, **plain)
    found["... gated by direction"] = lambda r, o, h: camp_trend(r, o, h, damp=False, silence=False, growth=False)
    found["... and damped"] = lambda r, o, h: camp_trend(r, o, h, silence=False, growth=False)
    found["... less so after silence"] = lambda r, o, h: camp_trend(r, o, h, growth=False)
    found["standoff: ... growth by age"] = camp_trend
    return found
