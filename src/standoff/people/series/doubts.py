"""Series of which a figure may be no count: named, left out of scores, and never put right in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from standoff.oneline import OneLine
from standoff.people.series.experts import CountKind
from standoff.people.series.forecaster import LEAST, Series
from standoff.text.names import comparable_name

_DUMMY = re.compile(r"dummy|placeholder|\btest\b|\bexample\b|\bfake\b|\bn/?a\b", re.IGNORECASE)
_FALL = 0.3  # share of a site that one step takes, from which on it may be a re-registration
_CALM = 4.0  # times the other steps, that such a step is larger
SILENT, ROUNDS = 60.0, 4.0  # days, and times its usual gap, after which a site counts as silent
SHORT, UNSCORED = "few reports", ["constant", "placeholder", "copy", "dummy", "jump", "ended", "thousand"]


@dataclass(frozen=True, slots=True, repr=False)
class Oddity(OneLine):
    """What is odd in a series, in words; ``scored`` is whether it is scored all the same."""

    site: str
    what: str  # a key of `standoff.views.lines.forecast.SORTS`
    words: str
    scored: bool = False
    day: date | None = None


def quiet_days(series: Series) -> float:
    """Return the days without a report after which a site counts as silent: by how often it reported."""
    gaps = np.diff(series.days)
    return max(SILENT, ROUNDS * float(np.median(gaps))) if gaps.size else SILENT * ROUNDS


def _day(number: float) -> str:
    return date.fromordinal(int(number)).isoformat()


def _people(value: float) -> str:
    return f"{value:,.0f}"


def oddities(table: Sequence[Series], kind: CountKind, files: Sequence[str] = ()) -> list[Oddity]:
    """Return what is odd in a table's series, one or more a series.

    ``files`` are the names of the files that the series stand in, where each has its own.
    """
    out: list[Oddity] = []
    end = max((one.days[-1] for one in table if len(one)), default=0.0)
    shared = _shared(table) if kind is not CountKind.FLOW else {}
    same: dict[bytes, str] = {}
    for number, one in enumerate(table):
        label = files[number] if number < len(files) else one.name
        out += _of_values(one, kind, label, shared, same)
        if kind is CountKind.STOCK and len(one) and end - one.days[-1] > quiet_days(one):
            words = f"ends on {_day(one.days[-1])} with {_people(one.values[-1])}"
            out.append(Oddity(one.name, "ended", words))
    return out


def _shared(table: Sequence[Series]) -> dict[float, int]:
    """Return numbers that stand in more than half of the sites on one day, or last, with how many sites these are."""
    sites: dict[tuple[float, float], int] = Counter()
    for one in table:
        pairs = set(zip(one.days.tolist(), one.values.tolist(), strict=True))
        sites.update(pair for pair in pairs if pair[1] > 0)
        if len(one) and one.values[-1] > 0:
            sites[0.0, float(one.values[-1])] += 1
    often = {key: n for key, n in sites.items() if n >= 3 and n > 0.5 * len(table)}
    return {value: n for (_, value), n in sorted(often.items(), key=lambda item: item[1])}


def _of_values(
    one: Series, kind: CountKind, label: str, shared: dict[float, int], same: dict[bytes, str]
) -> list[Oddity]:
    values, some = one.values, []
    steps = np.diff(values)
    moved = np.flatnonzero(steps)
    distinct = set(values[values > 0].tolist())
    if _DUMMY.search(label) or _DUMMY.search(one.name):
        some.append(Oddity(one.name, "dummy", f"is called a dummy ({label})"))
    elif filler := next((value for value in shared if value in distinct), 0.0):
        words = f"has {_people(filler)}, as {shared[filler]} sites do: no count?"
        some.append(Oddity(one.name, "placeholder", words))
    elif len(one) >= 3 and not moved.size:
        some.append(Oddity(one.name, "constant", f"is {_people(values[0])} on all {len(one)} days"))
    elif len(one) >= LEAST and len(distinct) == 1 and kind is not CountKind.FLOW:
        words = f"is {_people(next(iter(distinct)))} or nothing on all {len(one)} days: a made-up figure?"
        some.append(Oddity(one.name, "dummy", words))
    elif len(one) >= LEAST and moved.size == 1 and kind is not CountKind.FLOW:
        at = moved[0] + 1
        words = f"goes from {_people(values[at - 1])} to {_people(values[at])} on {_day(one.days[at])} and never else"
        some.append(Oddity(one.name, "jump", words))
    elif len(one) < LEAST:
        reports = "1 report" if len(one) == 1 else f"{len(one)} reports"
        some.append(Oddity(one.name, SHORT, f"has {reports}"))
    if not some and len(distinct) > 2:
        twin = same.setdefault(values.tobytes(), one.name)
        if twin != one.name:
            some.append(Oddity(one.name, "copy", f"has the figures of {twin}, all {len(one)}"))
    ratio = values[1:] / np.maximum(values[:-1], 1.0)
    thousand = ((ratio > 750) & (ratio < 1300)) | ((ratio < 1 / 750) & (ratio > 1 / 1300))
    odd = np.flatnonzero(thousand & (np.minimum(values[1:], values[:-1]) >= 20))
    if odd.size and kind is not CountKind.FLOW:
        at = odd[0] + 1
        step = f"from {_people(values[at - 1])} to {_people(values[at])} on {_day(one.days[at])}"
        words = f"goes {step}: thousands beside people?"
        some.append(Oddity(one.name, "thousand", words))
    elif kind is CountKind.CUMULATIVE:
        some += _falls(one, steps)
    elif kind is CountKind.STOCK and len(one) >= 6:
        falls = -steps / np.maximum(values[:-1], 1.0)
        largest = int(falls.argmax())
        rest = np.delete(np.abs(steps), largest)
        if falls[largest] >= _FALL and -steps[largest] > _CALM * rest.max() and values[largest] >= 100:
            on = date.fromordinal(int(one.days[largest + 1]))
            step = f"from {_people(values[largest])} to {_people(values[largest + 1])} on {on}"
            words = f"falls {step}"
            some.append(Oddity(one.name, "re-registration", words, scored=True, day=on))
    return some


def _falls(one: Series, steps: NDArray[np.float64]) -> list[Oddity]:
    """Return that a count so far falls, which such a count does not; with the day of the largest if it is large."""
    down = np.flatnonzero(steps < 0)
    if not down.size:
        return []
    at = int(steps.argmin())
    on = date.fromordinal(int(one.days[at + 1]))
    words = f"falls from {_people(one.values[at])} to {_people(one.values[at + 1])} on {on}"
    if down.size > 1:
        words += f", the largest of {down.size:,} falls"
    large = -steps[at] >= _FALL * one.values[at]
    return [Oddity(one.name, "fall", words, scored=True, day=on if large else None)]


def crossing(some: Sequence[Oddity], origin: float, target: float) -> bool:
    """Whether a re-registration that is suspected lies between an origin and its target."""
    return any(d.day is not None and origin < d.day.toordinal() <= target for d in some)


def sum_of_others(table: Sequence[Series]) -> list[int]:
    """Return the numbers of series that are the sum of all others on nearly every day that three or more report.

    On one day alone that says enough where four or more are added and the sum has four digits.
    """
    days: dict[float, list[tuple[int, float]]] = {}
    for number, one in enumerate(table):
        for day, value in zip(one.days.tolist(), one.values.tolist(), strict=True):
            days.setdefault(day, []).append((number, value))
    hits, chances = Counter[int](), Counter[int]()
    sure = set()
    for reports in days.values():
        if len(reports) < 3:
            continue
        total = sum(value for _, value in reports)
        for number, value in reports:
            if value > 0:
                chances[number] += 1
                is_sum = abs(total - 2 * value) <= 0.5
                hits[number] += is_sum
                if is_sum and value >= 1000 and sum(1 for _, some in reports if some > 0) >= 4:
                    sure.add(number)
    return [n for n, k in hits.items() if (k >= 2 or n in sure) and k >= 0.8 * chances[n]]


MOST_STACKED = 1000  # series, beyond which no levels are looked for


def stacked_levels(table: Sequence[Series]) -> dict[int, list[int]]:
    """Return the numbers of series that are, on every day, the sum of others beside each other, and of which.

    So a table that stacks a country, its regions and their districts is told from one of sites. Those that are found
    are left out, and it is looked again: a country may be the sum of what then stands beside each other.
    """
    days = sorted({day for one in table for day in one.days.tolist()})
    if not 3 <= len(table) <= MOST_STACKED or len(days) < 3:
        return {}
    at = {day: i for i, day in enumerate(days)}
    values = np.zeros((len(table), len(days)))
    for number, one in enumerate(table):
        values[number, [at[day] for day in one.days.tolist()]] = np.rint(one.values)
    some = np.unique(np.linspace(0, len(days) - 1, 8).astype(int))  # all days are looked at where these agree
    told = np.array([len(set(row[row > 0].tolist())) >= 3 and row.max() >= 20 for row in values])
    out: dict[int, list[int]] = {}
    left = list(range(len(table)))
    while True:
        upto = np.vstack([np.zeros(some.size), np.cumsum(values[left][:, some], axis=0)])
        ends: dict[bytes, int] = {row.tobytes(): k for k, row in enumerate(upto)}
        more: dict[int, list[int]] = {}
        for parent in (n for n in left if told[n]):
            for begin in range(len(left)):
                end = ends.get((upto[begin] + values[parent, some]).tobytes(), 0)
                members = [n for n in left[begin:end] if values[n].any()]
                of_others = len(members) >= 2 and parent not in members
                fewer = parent not in more or len(members) < len(more[parent])
                if of_others and fewer and np.array_equal(values[members].sum(axis=0), values[parent]):
                    more[parent] = members
        if not more:
            return out
        out |= more
        left = [n for n in left if n not in more]


def new_names(table: Sequence[Series], apart: Collection[frozenset[str]] = ()) -> list[Oddity]:
    """Return series that begin where one of a name nearly alike ends: perhaps one site under two names.

    ``apart`` are pairs of names that are two sites, as the user says.
    """
    from rapidfuzz import fuzz

    out = []
    end = max((one.days[-1] for one in table), default=0.0)
    out += _marks_alone(table, apart)
    ended = [one for one in table if one.days[-1] < end]
    if len(ended) * len(table) > 250_000:
        return out
    known = {one.site for one in out}
    for old in ended:
        for new in table:
            if (
                new is old
                or old.name in known
                or frozenset((old.name, new.name)) in apart
                or new.areas != old.areas
                or not old.days[-1] < new.days[0] <= old.days[-1] + 2 * quiet_days(old)
            ):
                continue
            alike = fuzz.token_set_ratio(old.name.casefold(), new.name.casefold())
            if re.findall(r"\d+", old.name) != re.findall(r"\d+", new.name):
                continue  # Camp 1 and Camp 11 are two sites
            near = 0.5 <= (new.values[0] + 1) / (old.values[-1] + 1) <= 2
            if alike >= 85 and near:
                words = (
                    f"ends on {_day(old.days[-1])} with {_people(old.values[-1])}, and {new.name} begins on "
                    f"{_day(new.days[0])} with {_people(new.values[0])}: one site under a new name? A stock's "
                    f"totals take the later only; to join them say --same '{old.name}={new.name}', and if they are two "
                    f"sites --two '{old.name}' '{new.name}'"
                )
                out.append(Oddity(old.name, "new name", words, scored=True))
    return out


def _marks_alone(table: Sequence[Series], apart: Collection[frozenset[str]]) -> list[Oddity]:
    """Return series whose names differ by accents or signs alone, and of which no two have a figure on one day."""
    alike: dict[tuple[tuple[str, ...], str], list[Series]] = {}
    for one in table:
        alike.setdefault((one.areas, comparable_name(one.name)), []).append(one)
    out = []
    for some in alike.values():
        days = [day for one in some for day in one.days.tolist()]
        if len(some) < 2 or len(days) > len(set(days)):
            continue
        last = max(some, key=lambda one: one.days[-1])
        for one in some:
            if one is not last and frozenset((one.name, last.name)) not in apart:
                words = (
                    f"and {last.name} differ in accents or signs alone, and have no day in common: one site in two "
                    f"writings? A stock's totals take {last.name} only; to join them say --same "
                    f"'{one.name}={last.name}', and if they are two sites --two '{one.name}' '{last.name}'"
                )
                out.append(Oddity(one.name, "new name", words, scored=True))
    return out
