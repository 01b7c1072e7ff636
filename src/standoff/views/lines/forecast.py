"""A table's forecast on a terminal and as plain data: how such forecasts did, then what to expect, then doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import count, day, fold, people, percent, rounded
from standoff.text.table_printer import Column, Number, table
from standoff.views.forecasts import COUNTED, ranked

if TYPE_CHECKING:
    from standoff.people.series.doubts import Oddity
    from standoff.people.series.forecaster import SeriesScore
    from standoff.people.series.outlook import DayForecast, PeopleForecast, SiteForecast

MOST = 20  # rows of a table
FEW = 20  # targets below which a score says little
_WIDE = 112  # columns, below which a range takes two lines
EACH = 5  # doubts of one sort that are printed
SORTS = {
    "total": "Totals, not added",
    "placeholder": "Placeholders",
    "dummy": "Dummies",
    "copy": "Copies",
    "constant": "The same on all days",
    "jump": "One jump and nothing else",
    "thousand": "Thousands beside people",
    "few reports": "Too few reports",
    "ended": "Ended before the table does, and not in the totals from then on",
    "re-registration": "One large fall: a re-registration, or did people leave?",
    "fall": "Falls of a count so far, which does not fall: put right, or begun anew?",
    "new name": "Perhaps renamed",
}
NOTE = (
    "From the past of this table alone: it knows of no fighting, border, flood or aid. Middle numbers add up: an area "
    "is the sum of its sites. Ranges do not: those of an area come from how such sums did. A range of 80 % is meant to "
    "hold 80 times of 100."
)


def figure_of(value: float) -> str:
    """Return a number of people that is expected, to three digits: it is not a count."""
    return people(rounded(value, 3))


def score_lines(forecast: PeopleForecast) -> list[str]:
    """Return how such forecasts did on the table's own past, in sentences; that is the first thing to read."""
    out = []
    for horizon, score in forecast.scores.items():
        out.append(f"{horizon}: {_score_words(score)}")
        whole = forecast.with_left.get(horizon)
        if score is not None and whole is not None and whole.n > score.n and whole.gain is not None:
            left = count(whole.n - score.n, "report")
            out.append(
                f"{horizon}: {left} of sites that ended, or across a large fall, not counted there; with them "
                f"{_against(whole.gain)} (n = {whole.n:,})."
            )
    for horizon, score in forecast.sums.items():
        if score is not None and score.n >= FEW:
            out.append(f"{horizon}, all sites together: {_score_words(score)}")
    return out


def _against(gain: float) -> str:
    if abs(gain) < 0.005:
        return "as good as the last report"
    return f"{percent(abs(gain))} {'better' if gain > 0 else 'worse'} than the last report"


def _score_words(score: SeriesScore | None) -> str:
    if score is None or not score.n:
        return "the past is too short to say how good this is."
    if score.gain is None:
        return f"nothing changed in {count(score.n, 'report')}, so nothing can be said."
    if score.n < FEW:
        return (
            f"too few past reports to say how good this is (n = {score.n:,}; errors of {100 * score.ard:.1f} % of the "
            f"people reported beside {100 * score.persistence:.1f} % with the last report)."
        )
    return (
        f"{_against(score.gain)} (errors of {100 * score.ard:.1f} % of the people reported beside "
        f"{100 * score.persistence:.1f} %; n = {score.n:,}). Of the 80 % ranges {percent(score.covered)} held; "
        f"{percent(score.above)} of reports lay above, {percent(score.below)} below."
    )


def oddity_lines(doubts: Sequence[Oddity]) -> Iterator[str]:
    """Yield what is doubtful, sort by sort."""
    for sort, words in SORTS.items():
        mine = [one for one in doubts if one.what == sort]
        if mine:
            told = "; ".join(f"{one.site} {one.words}" for one in mine[:EACH])
            more = f"; and {count(len(mine) - EACH, 'more site')}" if len(mine) > EACH else ""
            scored = "" if mine[0].scored else " Not scored."
            head = f"{words[:-1]} ({len(mine)})?" if words.endswith("?") else f"{words} ({len(mine)}):"
            yield f"{head} {told}{more}.{scored}"


def forecast_lines(
    forecast: PeopleForecast, width: int, *, every: bool = False, names: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the lines of a forecast, none wider than ``width``."""
    reports = sum(one.reports for one in forecast.sites)
    first = min(one.past[0][0] for one in forecast.sites)
    sites, days = count(len(forecast.sites), "site"), f"{day(first)} to {day(forecast.origin)}"
    yield from fold(f"{forecast.name}: {count(reports, 'report')} of {sites}, {days} ({forecast.title})", width)
    yield from fold(f"Counted: {COUNTED[forecast.kind]}; {forecast.reason}.", width)
    yield ""
    yield from fold("How such forecasts did on the past of this table", width)
    for sentence in score_lines(forecast):
        yield from fold(f"- {sentence}", width, hang="  ")
    rows = ranked(forecast, names)
    mark = "\n" if width < _WIDE else " "
    for k, horizon in enumerate(forecast.horizons):
        if not rows:
            break
        yield ""
        yield from fold(f"Expected on {day(rows[0].expected[k].day)} ({horizon} after the last report)", width)
        for level in dict.fromkeys(one.level for one in rows):
            mine = [one for one in rows if one.level == level]
            shown = mine if every or names else mine[:MOST]
            if mine[0] is not rows[0]:
                yield ""
            head = {"total": "total", "site": "site"}.get(level, f"area ({level})")
            yield from table(_heads(forecast, head), [_row(one, one.expected[k], mark) for one in shown], width)
            if len(mine) > len(shown):
                yield from fold(f"{count(len(mine) - len(shown), 'more row')}: say --all, or --xlsx FILE.", width)
    some = list(oddity_lines(forecast.doubts))
    if some:
        yield ""
        yield from fold("Doubtful; nothing was put right", width)
        for line in some:
            yield from fold(f"- {line}", width, hang="  ")
    if forecast.notes:
        yield ""
        yield from fold("Read so", width)
        for line in forecast.notes:
            yield from fold(f"- {line}.".replace("..", "."), width, hang="  ")
    yield ""
    yield from fold(NOTE, width)


def _heads(forecast: PeopleForecast, first: str) -> tuple[Column, ...]:
    chances = [f"over {people(a)}" for a in forecast.above]
    return (first, *map(Number, ("last", "middle", "50 %", "80 %", "90 %", *chances)))


def _row(one: SiteForecast, expected: DayForecast, mark: str) -> tuple[str, ...]:
    name = f"{one.name} (doubtful)" if one.doubtful else one.name
    ranges = [f"{figure_of(low)} to{mark}{figure_of(high)}" for low, high in expected.ranges.values()]
    return (
        name,
        one.last_words or people(one.last),
        figure_of(expected.value),
        *ranges,
        *map(percent_words, expected.above.values()),
    )


def percent_words(chance: float) -> str:
    """Return a chance in per cent, and no certainty where there is none."""
    return "under 1 %" if chance < 0.01 else "over 99 %" if chance > 0.99 else percent(chance)


COLUMNS = (
    "name", "level", "areas", "code", "reports", "last_day", "last", "horizon", "day", "middle", "low_50", "high_50",
    "low_80", "high_80", "low_90", "high_90", "last_words",
)  # fmt: skip


def forecast_rows(forecast: PeopleForecast) -> list[dict[str, Any]]:
    """Return a row for each site, area and total at each horizon, with every number."""
    out = []
    for one in ranked(forecast):
        for expected in one.expected:
            row: dict[str, Any] = {
                "name": one.name,
                "level": one.level,
                "areas": list(one.areas),
                "code": one.code,
                "reports": one.reports,
                "last_day": one.last_day.isoformat(),
                "last": one.last,
                "horizon": expected.horizon,
                "day": expected.day.isoformat(),
                "middle": round(expected.value),
            }
            for share, (low, high) in expected.ranges.items():
                row |= {f"low_{share}": round(low), f"high_{share}": round(high)}
            row["chance_above"] = {f"{a:.0f}": round(p, 3) for a, p in expected.above.items()}
            row["doubtful"] = one.doubtful
            row["last_words"] = one.last_words
            out.append(row)
    return out


def inexact_rows(forecast: PeopleForecast) -> list[dict[str, Any]]:
    """Return a row for each cell that is about a number, a range or a bound, with the figure used; None: unknown."""
    return [
        {"site": one.path[-1], "day": date.fromordinal(one.day).isoformat(), "line": one.line, "cell": one.cell.text,
         "sort": one.cell.sort, "low": one.cell.low, "high": one.cell.high, "used": one.cell.used}
        for one in forecast.inexact
    ]  # fmt: skip


def total_rows(forecast: PeopleForecast) -> list[dict[str, Any]]:
    """Return a row for each total that the table has, beside the sum of its sites on that day; line 0: no one line."""
    return [
        {"name": one.name, "day": date.fromordinal(one.day).isoformat(), "line": one.line, "total": one.total,
         "sum": one.of_sites, "difference": one.difference, "sites": one.sites, "absent": one.absent}
        for one in forecast.totals
    ]  # fmt: skip


def forecast_data(forecast: PeopleForecast) -> dict[str, Any]:
    """Return a forecast as plain data, scores first."""

    def score(one: SeriesScore | None) -> dict[str, Any]:
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(one).items()} if one else {"n": 0}

    return {
        "source": forecast.name,
        "title": forecast.title,
        "column": forecast.column,
        "kind": forecast.kind.value,
        "reason": forecast.reason,
        "from": forecast.origin.isoformat(),
        "scores": [{"horizon": h, **score(one)} for h, one in forecast.scores.items()],
        "scores_total": [{"horizon": h, **score(one)} for h, one in forecast.sums.items()],
        "scores_with_left_out": [score(one) for one in forecast.with_left.values()],
        "forecasts": forecast_rows(forecast),
        "doubts": [{"site": d.site, "sort": d.what, "words": d.words, "scored": d.scored} for d in forecast.doubts],
        "inexact": inexact_rows(forecast),
        "totals": total_rows(forecast),
        "notes": list(forecast.notes),
        "experts": {h: {n: round(w, 4) for n, w in some.items()} for h, some in forecast.experts.items()},
        "caution": NOTE,
    }
