"""How a prohibition is observed, in sentences for any medium: beside a verdict, and in full.

The figures are those of ``standoff.commitments.observance.observance_data``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from standoff.commitments.observance import COVERAGE, SELECTION
from standoff.text.sentences import count, day, number

Data = Mapping[str, Any]
MOST_NAMED = 4  # areas or parties named in a line
WEEK = 7  # days, from which on there is a rate by the week
METHOD = (
    "Rates count what the prohibition forbids, certain and possible, by week; the range of a ratio is one of 90 % for "
    "counts that cluster (quasi-Poisson)."
)


def observance_sentence(one: Data) -> str:
    """Return how a prohibition is observed in a sentence that stands beside its verdict."""
    parts = [_since(one), _before(one, "before", "28 days"), _before(one, "year", "year"), _last(one)]
    return "; ".join(filter(None, parts))


def _since(one: Data) -> str:
    n, certain = one["since"]["incidents"], one["since"]["certain"]
    over = one["since"]["days"] <= one["age"]
    begun = f"from {day(one['start'])} to {day(one['end'])}" if over else f"since {day(one['start'])}"
    sure = "" if not n else ", all certain" if certain == n else f", {certain} certain" if certain else ", none certain"
    if not one["counted"]:
        return f"{n} recorded {begun}{sure}: not a count"
    rate = f": {_rate(one['since'])} a week" if one["since"]["days"] >= WEEK else ""  # of some days nothing is a rate
    if one["since"]["first"] > one["start"]:  # a log has nothing of the days before it begins
        begun = f"from {day(one['since']['first'])}, when the log begins, to {day(one['end'])}"
    if certain < n:
        surely = count(certain, "certain incident") if certain else "no certain incident"
        return f"{surely} and {n - certain:,} possible {begun}{rate}"
    return f"{count(n, 'incident')} {begun}{sure}{rate}"


def _rate(window: Data) -> str:
    return number(window["per_week"] or 0.0)


def _before(one: Data, which: str, name: str) -> str:
    window = one[which]
    if not one["counted"]:
        return f"{window['incidents']} recorded in the {name} before" if window["incidents"] else ""
    if window["per_week"] is None:
        return f"the {name} before: not covered"
    ratio = next((r for r in one["ratios"] if r["against"] == window["days"]), None)
    return f"{_rate(window)} a week in the {name} before{_times(ratio)}"


def _times(ratio: Data | None) -> str:
    if ratio is None or ratio["low"] is None:
        return ""
    span = f"{number(ratio['low'])} to {number(ratio['high'])}"
    return f" (ratio {number(ratio['value'])}, {span})" if ratio["value"] is not None else f" (ratio {span})"


def _last(one: Data) -> str:
    breach = "act against the result" if one["duty"] == "effort" else "breach"
    if one["last_breach"] is None:
        return f"no certain {breach}"
    ago = f", {count(one['quiet'], 'day')} ago" if one["quiet"] else ""
    return f"last certain {breach} {day(one['last_breach'])}{ago}"


def observance_lines(one: Data) -> Iterator[str]:
    """Yield how a prohibition is observed in full: rates, areas, parties, what is counted and what is not compared."""
    yield f"{observance_sentence(one)}."
    yield f"It is {count(one['age'], 'day')} old."
    for what, table in (("By area", one["areas"]), ("By party", one["parties"])):
        if table:
            yield f"{what} (since, in the 28 days before, in the year before): {_table(table)}."
    if one["basis"] == SELECTION:
        yield (
            "Counted are rows of the record, a selection of whoever made the case; a coverage row for the area in both "
            "periods, or a log (--events), makes them a count."
        )
    elif one["basis"] == COVERAGE:
        yield "Counted are rows of the record, in an area that a coverage row has watched in both periods."
    else:
        yield "Counted are the rows of the log alone, each incident once."
    yield from (f"{note[:1].upper()}{note[1:]}." for note in one["notes"])
    if one["ratios"] and one["dispersion"]:
        yield f"Weekly counts vary {number(one['dispersion'])} times as much as chance alone would have it. {METHOD}"


def _table(table: Mapping[str, Sequence[int]]) -> str:
    some = [f"{name} {since}, {before}, {year}" for name, (since, before, year) in table.items()]
    rest = len(some) - MOST_NAMED
    return "; ".join(some[:MOST_NAMED]) + (f"; and {rest} more" if rest > 0 else "")
