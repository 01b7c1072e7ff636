"""What followed agreements like this one: deaths in the months after, against what was to be expected without it.

The table ``truces.csv`` is made by ``docs/experiments/truce_classes.py`` from UCDP's peace agreements and deaths by
country and month (Uppsala Conflict Data Program, CC BY 4.0), 1990 to 2014: agreements in countries with at least 25
deaths in the year before. What was to be expected is a forecast from the months before signing. It says what followed,
not what the agreement caused, and it counts a whole country: a truce of one area can hold in a country that does not.

Where a case ships a log by day, its own truces are followed by day: a truce still holds while no seven days since its
start saw as many incidents as the mean seven of the 28 days before it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

import numpy as np
from numpy.random import Generator, Philox

from standoff.case.model import Case, bare
from standoff.case.reports import Report
from standoff.case.terms import Agreement
from standoff.errors import StandoffError, nearest
from standoff.intake.logs import log_reports
from standoff.levels.counts import counted_log
from standoff.levels.forecast import FIRST, Counts, expect
from standoff.oneline import OneLine
from standoff.scoring.scores import wilson
from standoff.text.sentences import listing, percents

CREDIT = "Uppsala Conflict Data Program: UCDP Peace Agreement Dataset and UCDP GED, to 2014, CC BY 4.0"
KINDS = {
    "ceasefire": "agreements with a written ceasefire",
    "third_party": "agreements that a third party signed or witnessed",
    "all_parties": "agreements of all parties to the fighting",
    "renewed": "agreements that followed another within two years",
}
MONTHS = 6
SAMPLES = 1000
TRUCE = "ceasefire"  # the kind of an agreement that is one
HELD_AFTER = (7, 30, 90)  # days
WEEK = 7
A_PARTY = 0.1  # of the incidents before a truce: whoever stands in fewer does not fight


@dataclass(frozen=True, slots=True, repr=False)
class Followed(OneLine):
    """Deaths in one month after signing: times what was to be expected, with a 90 % range, and how often under half."""

    month: int
    ratio: float
    low: float
    high: float
    halved: int


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Agreements of one kind: how many, in how many countries, and what followed month by month."""

    words: str
    n: int
    countries: int
    months: tuple[Followed, ...]

    def __repr__(self) -> str:
        return f"<ReferenceClass of {self.n} {self.words}>"


@dataclass(frozen=True, slots=True, repr=False)
class HeldShare(OneLine):
    """How many of ``n`` still held after so many days, and the 90 % range of such a share."""

    days: int
    still: int
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ObservedTruce(OneLine):
    """A truce of a case beside the counts by day: what was before, what came after, and what was to be expected.

    ``fighters`` are the parties whose incidents count, empty where all count. ``before`` are incidents in the 28 days
    before, ``since`` those in the ``days`` from its first day on that are counted; ``expected`` with its 80 % range is
    the forecast of the day before for as many of those days as a forecast reaches, ``reached``. ``back`` is the day,
    from the first, on which seven days had seen as many incidents as the mean seven before; None while it holds.
    """

    agreement: str
    title: str
    start: date
    fighters: tuple[str, ...]
    before: int
    days: int
    since: int
    back: int | None
    reached: int = 0
    came: int = 0
    expected: int = 0
    low: int = 0
    high: int = 0

    def holds_after(self, days: int) -> bool | None:
        """Whether it still held after so many days; None where the counts do not reach so far."""
        if self.back is not None and self.back <= days:
            return False
        return True if self.days >= days else None


def _fighters(before: Sequence[Report], agreement: Agreement) -> tuple[str, ...]:
    """Return the parties of a truce that fought before it: those in at least a tenth of the incidents."""
    parties = [{*map(bare, report.actor), *map(bare, report.target)} for report in before]
    least = max(1.0, A_PARTY * len(parties))
    return tuple(one for one in agreement.parties if sum(one in some for some in parties) >= least)


def truces_of(case: Case, *, until: date | None = None, forecasts: bool = False) -> list[ObservedTruce]:
    """Return the truces of a case that its log by day covers, with 28 days before them, in the order of the case.

    Parameters
    ----------
    case : Case
        A case with a log to be counted; without one there are none.
    until : date, optional
        The last day that is counted. Default: the last of the log.
    forecasts : bool
        Whether to work out what was to be expected, too.
    """
    log = counted_log(case)
    if log is None or log.period.start is None or log.period.end is None:
        return []
    first, last = log.period.start, min(until or log.period.end, log.period.end)
    reports = log_reports(case, log.id)
    truces = []
    for agreement in case.agreements.values():
        start = agreement.date.start
        if agreement.kind != TRUCE or start is None or start > last or (start - first).days < FIRST:
            continue
        near = [r for r in reports if r.date.start and start - timedelta(days=FIRST) <= r.date.start < start]
        fighters = _fighters(near, agreement)
        mine = [r for r in reports if not fighters or {*map(bare, r.actor), *map(bare, r.target)} & {*fighters}]
        width = (last - first).days + 1
        at = [(r.date.start - first).days for r in mine if r.date.start and first <= r.date.start <= last]
        values = np.bincount(np.array(at, dtype=np.int64), minlength=width)
        truces.append(_followed(agreement, start, fighters, values, (start - first).days, forecasts=forecasts))
    return truces


def _followed(
    agreement: Agreement, start: date, fighters: tuple[str, ...], values: np.ndarray, at: int, *, forecasts: bool
) -> ObservedTruce:
    before, after = int(values[at - FIRST : at].sum()), values[at:]
    weeks = np.convolve(after, np.ones(WEEK, dtype=np.int64))[WEEK - 1 : len(after)]  # none in the first six days
    back = before > 0 and len(after) >= WEEK
    returns: list[int] = np.flatnonzero(weeks >= before * WEEK / FIRST).tolist() if back else []
    reached = came = expected = low = high = 0
    if forecasts:
        reached = min(len(after), 84)
        counts = Counts(("all",), start - timedelta(days=at), values[None, :at])
        level = expect(counts, (reached,)).levels[0]
        came, expected, low, high = int(after[:reached].sum()), level.median, level.low, level.high
    return ObservedTruce(
        agreement=agreement.id,
        title=agreement.title,
        start=start,
        fighters=fighters,
        before=before,
        days=len(after),
        since=int(after.sum()),
        back=returns[0] + WEEK if returns else None,
        reached=reached,
        came=came,
        expected=expected,
        low=low,
        high=high,
    )


def held_shares(truces: Sequence[ObservedTruce]) -> tuple[HeldShare, ...]:
    """Return how many truces still held after 7, 30 and 90 days, of those that had incidents before and are counted."""
    shares = []
    for days in HELD_AFTER:
        ends = [one.holds_after(days) for one in truces if one.before]
        sure = [end for end in ends if end is not None]
        if sure:
            shares.append(HeldShare(days, sum(sure), len(sure), *wilson(sum(sure), len(sure))))
    return tuple(shares)


def held_words(shares: Sequence[HeldShare]) -> str:
    """Return how many still held, with the range, for each number of days."""
    return listing([f"{one.days} days: {one.still} of {one.n} ({percents(one.low, one.high)})" for one in shares])


def observed_words(one: ObservedTruce, names: Mapping[str, str] | None = None) -> str:
    """Return how a truce was observed, beside what was to be expected of the days before it, in a sentence.

    ``names`` are those of parties, by id.
    """
    fighters = [(names or {}).get(party, party) for party in one.fighters]
    who = f" with {listing(fighters)}" if fighters else ""
    many = "an incident" if one.came == 1 else f"{one.came:,} incidents"
    expected = (
        f"{many}{who} in {one.reached} days, where {one.expected:,} were to be expected ({one.low:,} to {one.high:,})"
    )
    if not one.before:
        return f"{expected}; there was none in the 28 days before it"
    if one.back is None:
        return f"{expected}; seven days have not been back at the mean of the 28 before it"
    return f"{expected}; after {one.back} days seven were back at the mean of the 28 before it"


def held_by_month(months: tuple[int, ...] = (1, 3, 6), *, seed: int = 1, **kinds: bool) -> tuple[HeldShare, ...]:
    """Return how many agreements of a kind had under half of the deaths to be expected in every month up to each.

    The range comes from drawing countries again and again (90 %). Raises StandoffError as `reference_class`.
    """
    by_country: defaultdict[str, list[list[bool]]] = defaultdict(list)
    for row in _rows_of(kinds):
        under = [float(row[f"deaths_{k}"]) + 1 < 0.5 * (float(row[f"expected_{k}"]) + 1) for k in range(1, MONTHS + 1)]
        by_country[row["country"]].append([all(under[:month]) for month in months])
    if not by_country:
        return ()
    groups = [np.array(some) for some in by_country.values()]
    every = np.concatenate(groups)
    draws = Generator(Philox(seed)).integers(0, len(groups), size=(SAMPLES, len(groups)))
    low, high = np.quantile([np.concatenate([groups[i] for i in d]).mean(0) for d in draws], [0.05, 0.95], axis=0)
    return tuple(
        HeldShare(30 * month, int(every[:, k].sum()), len(every), float(low[k]), float(high[k]))
        for k, month in enumerate(months)
    )


def shipped_rows() -> list[dict[str, str]]:
    """Return the shipped rows, one an agreement."""
    text = files("standoff.levels").joinpath("truces.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _is(row: Mapping[str, str], kind: str) -> bool:
    return int(row["earlier"]) > 0 if kind == "renewed" else row[kind] == "1"


def _rows_of(kinds: Mapping[str, bool]) -> list[dict[str, str]]:
    for kind in kinds:
        if kind not in KINDS:
            expected = f"one of {', '.join(KINDS)}"
            raise StandoffError.of(f"the kind of agreement is {kind!r}", expected=expected, hint=nearest(kind, KINDS))
    return [row for row in shipped_rows() if all(_is(row, kind) == yes for kind, yes in kinds.items())]


def words_of(kinds: Mapping[str, bool]) -> str:
    """Return a kind of agreement in words."""
    parts = [KINDS[kind].removeprefix("agreements ") for kind, yes in kinds.items() if yes]
    parts += ["not " + KINDS[kind].removeprefix("agreements ") for kind, yes in kinds.items() if not yes]
    return "agreements " + ", ".join(parts) if parts else "agreements"


def reference_class(*, seed: int = 1, **kinds: bool) -> ReferenceClass:
    """Return what followed agreements of a kind, such as ``ceasefire=True, third_party=False``.

    The ratio is the geometric mean over agreements of (deaths + 1) / (expected + 1); its range comes from drawing
    countries again and again (90 %, cluster bootstrap). Raises StandoffError for a kind that the table does not tell.
    """
    rows = _rows_of(kinds)
    by_country: defaultdict[str, list[list[float]]] = defaultdict(list)
    for row in rows:
        gaps = [
            np.log1p(float(row[f"deaths_{month}"])) - np.log1p(float(row[f"expected_{month}"]))
            for month in range(1, MONTHS + 1)
        ]
        by_country[row["country"]].append(gaps)
    if not rows:
        return ReferenceClass(words_of(kinds), 0, 0, ())
    groups = [np.array(gaps) for gaps in by_country.values()]
    every = np.concatenate(groups)
    draws = Generator(Philox(seed)).integers(0, len(groups), size=(SAMPLES, len(groups)))
    means = np.array([np.concatenate([groups[i] for i in draw]).mean(0) for draw in draws])
    low, high = np.exp(np.quantile(means, [0.05, 0.95], axis=0))
    ratio = np.exp(every.mean(0))
    halved = (every < np.log(0.5)).sum(0)
    months = tuple(
        Followed(k + 1, float(ratio[k]), float(low[k]), float(high[k]), int(halved[k])) for k in range(MONTHS)
    )
    return ReferenceClass(words_of(kinds), len(rows), len(groups), months)
