"""What is reported of people, for the brief of a day: how many, what to expect after that, and where they last were.

Only figures of the case that were known by the day are used. Nothing says who is where between two counts, so that the
section names the day of each count, and does not carry it forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from standoff.case.brief_sections import BriefDay, BriefItem, BriefSection, brief_section
from standoff.case.model import Observation
from standoff.people.series.experts import CountKind
from standoff.people.series.forecaster import LeadTime, Series
from standoff.people.series.outlook import forecast
from standoff.text.sentences import count, listing, people, rounded
from standoff.text.sentences import day as day_words

AHEAD = 30  # days
FEW = 20  # past forecasts below which a score says little
FRESH = timedelta(days=60)  # an older figure is not forecast from
LEAST = 4  # reports of a series that is forecast
STOCKS = ("idps-stock", "refugees-stock", "people-in-sites")
SO_FAR = "people-displaced"
TITLE = "People"
LEARNED = "ranges learned on crises up to 2026"
COUNTED = {"idps-stock": "displaced people", "refugees-stock": "refugees", "people-in-sites": "people in sites"}


def _figures_by(day: BriefDay) -> list[Observation]:
    """Return the figures of people that were known on the day, and may be passed on."""
    out = []
    for one in day.case.observed.values():
        end, told = one.to.end, one.published
        if one.measure not in (SO_FAR, *STOCKS) or one.restricted or end is None or end > day.on:
            continue
        if len(told) == 10 and told > day.on.isoformat():
            continue
        out.append(one)
    return out


def _teller(one: Observation) -> str:
    return one.source.replace("(", " ").replace("/", " ").split()[0] if one.source.strip() else ""


def _end(one: Observation) -> date:
    assert one.to.end is not None  # noqa: S101 - `_figures_by` takes no open figure
    return one.to.end


def _runs(figures: Sequence[Observation]) -> list[list[Observation]]:
    """Return figures of one thing by one source, from old to new, the last report of each day.

    The longest run that can be forecast comes first, then the latest and largest figure.
    """
    runs: dict[tuple[str, ...], dict[date, Observation]] = {}
    for one in sorted(figures, key=lambda o: (_end(o), o.published)):
        since = str(one.from_) if one.measure == SO_FAR else ""
        key = (one.measure, one.indicator, one.place, one.pcode, since, _teller(one))
        runs.setdefault(key, {})[_end(one)] = one
    lists = [list(run.values()) for run in runs.values()]
    return sorted(
        lists, key=lambda run: (-len(run) if len(run) >= LEAST else 0, -_end(run[-1]).toordinal(), -run[-1].value)
    )


def _figure(one: Observation) -> str:
    bound = "" if one.bound == "exact" else f"{one.bound.replace('-', ' ')} "
    return f"{bound}{people(one.value)}"


def _place(day: BriefDay, one: Observation) -> str:
    place = day.case.places.get(one.place)
    return place.name if place is not None else one.place


def _reported(day: BriefDay, one: Observation) -> BriefItem:
    where = f" in {_place(day, one)}" if one.place else ""
    since = f" since {day_words(one.from_.start)}" if one.measure == SO_FAR and one.from_.start else ""
    of = " " if one.indicator.startswith("people ") else ", "
    text = f"{day_words(_end(one))}: {_figure(one)}{of}{one.indicator}{where}{since}"
    disputed = f"; {_disputed(day, one.contested)}" if one.contested else ""
    return BriefItem(text, f"according to {one.source or 'no source'}{disputed}", "observation", one.id)


def _disputed(day: BriefDay, by: str) -> str:
    """Return that a figure is disputed, and in what: what a dispute asks, with how many answers it has."""
    dispute = day.case.disputes.get(by)
    if dispute is None:
        return f"disputed: {by}"
    return f"disputed, with {count(len(dispute.answers), 'answer')} in the record ({by})"


def _expected(run: Sequence[Observation]) -> str:
    """Return what to expect of a run of reports in `AHEAD` days, and how such forecasts did on it."""
    days = np.array([_end(one).toordinal() for one in run], float)
    series = Series(run[-1].indicator, days, np.array([one.value for one in run], float))
    kind = CountKind.CUMULATIVE if run[-1].measure == SO_FAR else CountKind.STOCK
    ahead = forecast([series], kind=kind, horizons=[LeadTime(AHEAD)])
    (expected,) = ahead.sites[0].expected
    low, high = (people(rounded(end, 2)) for end in expected.ranges[80])
    middle = people(rounded(expected.value, 2))
    reports = count(len(run), "report")
    text = f"this program expects from {reports} for {day_words(expected.day)} {middle} (80 %: {low} to {high})"
    score = ahead.scores[f"{AHEAD} days"]
    if score is None or score.n < FEW or score.gain is None:
        n = 0 if score is None else score.n
        return f"{text}; n = {n}, too few to say how good this is; {LEARNED}"
    word = "better" if score.gain > 0 else "worse"
    return f"{text}; {abs(100 * score.gain):.0f} % {word} than the last report, n = {score.n}; {LEARNED}"


def _by_area(day: BriefDay, figures: Sequence[Observation]) -> BriefItem | None:
    """Return the youngest count of people present by area, the largest areas first; None where none has two areas."""
    counts: dict[tuple[date, str, str], list[Observation]] = {}
    for one in figures:
        if one.measure in STOCKS and one.place:
            counts.setdefault((_end(one), one.measure, one.indicator), []).append(one)
    several = {key: some for key, some in counts.items() if len({one.place for one in some}) > 1}
    if not several:
        return None
    (end, measure, _), some = max(several.items(), key=lambda entry: entry[0][0])
    some.sort(key=lambda one: -one.value)
    told = listing(f"{_place(day, one)} {people(one.value)}" for one in some[: day.most])
    more = f", {len(some) - day.most} more" if len(some) > day.most else ""
    old = (day.on - end).days
    what = COUNTED[measure]
    since = f"No count of {what} by area since {day_words(end)} ({count(old, 'day')})"
    text = since if old else f"{what[0].upper()}{what[1:]} by area on {day_words(end)}"
    return BriefItem(f"{text}: {told}{more}", f"according to {some[0].source}", "observation", some[0].id)


@brief_section(48)
def people_known(day: BriefDay) -> BriefSection:
    """People who are reported, what to expect after that with its score, and where they last were counted."""
    figures = _figures_by(day)
    if not figures:
        missing = f"the case has no figure of people up to {day_words(day.on)}"
        return BriefSection("people", TITLE, missing=missing, way_on="standoff import FILE --into CASE")
    fresh = [run for run in _runs(figures) if day.on - _end(run[-1]) <= FRESH]
    run = fresh[0] if fresh else [max(figures, key=_end)]
    reported = _reported(day, run[-1])
    if fresh and len(run) >= LEAST:
        text = f"{reported.text}, {reported.rests}; {_expected(run)}"  # the forecast is not its source's
        reported = replace(reported, text=text, rests="")
    items = [reported]
    areas = _by_area(day, figures)
    items.append(areas or BriefItem(f"No count by area up to {day_words(day.on)}"))
    one = run[-1]
    headline = f"{_figure(one)} people are reported for {day_words(_end(one))}"
    return BriefSection("people", TITLE, headline, tuple(items), way_on=f"standoff show {day.case.about.id} figures")
