"""The first page: the region on a day, what is reported of the days before it, and where; of the record or with a log.

The map and the histogram are chart here; when the day is stepped the page asks for the marks and words of that day
(``/now/day.json``) and puts them in place. Rows that may not be passed on are counted, never at a settlement, and never
listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from standoff.case.claims import AccountKind
from standoff.case.map_files import sound_background
from standoff.case.model import Case, Event
from standoff.case.restrictions import LEAST, is_free, restricted_words
from standoff.evidence.accounts import kind_of
from standoff.exports.geojson import SETTLEMENT, rounded_point
from standoff.intake.boundaries import drawn_boundaries
from standoff.text.sentences import count, day, listing, nonbreaking, number, visible, when
from standoff.views import accounts, happenings, maps
from standoff.views.base_map import CREDIT
from standoff.views.charts import NEUTRAL, VIOLATED, Figure, figure
from standoff.views.figures import NARROW, WIDE, drawing_of
from standoff.views.map_picture import event_layers
from standoff.views.pages import render
from standoff.workbench.ledgers import changes_of
from standoff.workbench.page import Page, account_events, check_name, opening_day
from standoff.workbench.uploads import (
    ALONE,
    LedgerSource,
    chosen_log,
    is_being_read,
    kept_logs,
    ledger_source,
    log_summary,
)
from standoff.workbench.workspace import Workspace

LISTED = 60  # events of the list beside the map
SHARE = 8  # changes of the ledger that are listed
_ON_THE_MAP = ("told", "contested", "asserted", "says both")  # what the histogram counts, as marks do


@dataclass(frozen=True)
class LogDays:
    """The events of a log as columns: first and last day, whether a row may be passed on, and where it stands."""

    events: tuple[Event, ...]
    first: np.ndarray
    last: np.ndarray
    spots: list[tuple[float, float, str, str] | None]  # longitude, latitude, place and its name

    def within(self, first: date, last: date) -> list[int]:
        """Return which events may have happened on some day of a window, the latest first."""
        inside = np.flatnonzero((self.first <= last.toordinal()) & (self.last >= first.toordinal()))
        return [int(n) for n in inside[np.argsort(-self.first[inside], kind="stable")]]


@dataclass
class Sight:
    """What is asked: an account, the days, a place, a log; and what is reported then."""

    ws: Workspace
    account: str
    kind: AccountKind
    source: LedgerSource
    log: str
    skip_bad: bool
    place: str
    on: date
    days: int
    first: date
    last: date
    rows: list[dict[str, Any]]
    log_days: LogDays | None
    log_rows: list[int] = field(default_factory=list)

    @property
    def since(self) -> date:
        """The first of the days that end on this one."""
        return self.on - timedelta(days=self.days - 1)

    @property
    def case(self) -> Case:
        """The case with the places of the log."""
        return self.source.case

    def of_log(self, most: int) -> Iterator[dict[str, Any]]:
        """Yield events of the log that may be passed on, as pages show events, the latest first."""
        for n in self.log_rows:
            if most <= 0:
                return
            event = self.log_days.events[n] if self.log_days else None
            if event is not None and is_free(event):
                most -= 1
                yield happenings.log_record(self.case, event, self.log)

    @property
    def restricted(self) -> int:
        """How many reports of these days may not be passed on."""
        own = self.ws.case.events.values() if not self.place and self.kind != AccountKind.STATEMENT else ()
        recorded = sum(not is_free(event) and event.date.possibly_within(self.since, self.on) for event in own)
        return recorded + self.restricted_of_log

    @property
    def restricted_of_log(self) -> int:
        """How many of those are rows of the log."""
        return sum(not is_free(self.log_days.events[n]) for n in self.log_rows) if self.log_days else 0

    def listed(self, most: int) -> list[dict[str, Any]]:
        """Return the events of the record and of the log, the latest first, without those of which it says nothing."""
        mine = [h for h in self.rows if h["told"] != "says nothing"]
        both = [*mine[:most], *self.of_log(most)]
        return sorted(both, key=lambda h: h["date"], reverse=True)[:most]


def sight(
    ws: Workspace,
    account: str = "",
    on: date | None = None,
    days: int = 30,
    place: str = "",
    log: str = "",
    skip_bad: bool = False,
) -> Sight:
    """Return what is reported in the days that end on one, by default the last with a report.

    Raises StandoffError for names that are not there, with the nearest.
    """
    account = ws.account(account)
    kind = kind_of(ws.case, account)
    source = ledger_source(ws, "" if kind == AccountKind.STATEMENT else chosen_log(ws, log), skip_bad)
    chosen = source.log
    check_name("place", place, list(source.case.places))
    table = ws.kept(("log-days", *source.key), lambda: _log_days(source)) if chosen else None
    first, last = ws.period()
    if table is not None and len(table.events):
        first = min(first, date.fromordinal(int(table.first.min())))
        last = max(last, date.fromordinal(int(table.last.max())))
    today = min(max(on or opening_report(ws, table), first), last)
    length = min(max(days, 1), 366)
    since = today - timedelta(days=length - 1)
    rows = happenings.within_window(account_events(ws, account), since, today)
    rows = [h for h in rows if not place or h["place"] == place]
    inside = table.within(since, today) if table is not None else []
    if place and table is not None:
        events = table.events  # a number at one settlement would tell of a row that may not be passed on
        inside = [n for n in inside if place in events[n].place and is_free(events[n])]
    return Sight(
        ws, account, kind, source, chosen, skip_bad, place, today, length, first, last, rows, table, inside
    )  # fmt: skip


def opening_report(ws: Workspace, table: LogDays | None = None) -> date:
    """Return the last day of which anything is reported; without any, the day a run starts."""
    if table is not None and len(table.events):
        exact = table.last[table.last == table.first]
        logged = date.fromordinal(int((exact if exact.size else table.last).max()))
        return max(logged, opening_day(ws.case)) if ws.case.events else logged
    return opening_day(ws.case)


def _log_days(source: LedgerSource) -> LogDays:
    starts, ends, spots = [], [], []
    spot_of: dict[str, tuple[float, float, str, str] | None] = {}
    for event in source.events:
        start = event.date.start or event.date.end or date.min
        starts.append(start.toordinal())
        ends.append((event.date.end or start).toordinal())
        name = next(iter(event.place), "")
        if name not in spot_of:
            place = source.case.places.get(name)
            at = rounded_point(place, settlement=True) if place else None
            spot_of[name] = (
                (round(at[0], SETTLEMENT), round(at[1], SETTLEMENT), name, place.name) if at and place else None
            )
        spots.append(spot_of[name])
    return LogDays(source.events, np.array(starts, dtype=int), np.array(ends, dtype=int), spots)


def map_events(view: Sight) -> tuple[list[dict[str, Any]], int]:
    """Return what the map draws of a window, and how many reports name no place that it knows.

    What may not be passed on has no mark: a number at a settlement would tell of it.
    """
    marks = happenings.marks(view.ws.case, view.rows)
    places = {h["id"]: h["place"] for h in view.rows}
    events: list[dict[str, Any]] = [
        {
            **m,
            "place": places.get(m["id"], ""),
            "corroborated": m["solid"],
            "title": f"{m['when']}: {m['title']} ({'corroborated' if m['solid'] else 'claimed'}"
            f"{', reported by area only' if m['area'] else ''})",
        }
        for m in reversed(marks)
    ]
    counted: Counter[tuple[float, float, str, str]] = Counter()
    unplaced = 0
    for n in view.log_rows:
        spot = view.log_days.spots[n] if view.log_days else None
        event = view.log_days.events[n] if view.log_days else None
        if event is not None and not is_free(event):
            continue
        if spot is None or event is None:
            unplaced += 1
        elif len(view.log_rows) > LISTED * 2:
            counted[spot] += 1
        else:
            title = f"{when(event.date)}: {event.title or event.type.replace('-', ' ')} (log {view.log})"
            events.append(_mark(spot, 1) | {"id": event.id, "title": title})
    events += [_mark(spot, n) for spot, n in counted.items()]
    return events, unplaced


def _mark(spot: tuple[float, float, str, str], n: int) -> dict[str, Any]:
    lon, lat, place, name = spot
    title = f"{count(n, 'report')} at {name}"
    return {"lon": lon, "lat": lat, "n": n, "place": place, "where": name, "title": title, "corroborated": False}


def now_figure(view: Sight, *, live: bool = False) -> Figure:
    """Return the map of a window; ``live`` as the page needs it, with every zone and what a script may move."""
    ws, case = view.ws, view.ws.case
    region = ws.kept(("map",), lambda: maps.region_map(case))
    outlines = ws.kept(("outlines",), lambda: sound_background(case))
    boundaries = ws.kept(("boundaries",), lambda: drawn_boundaries(case) or maps.case_outlines(case))
    events, unplaced = map_events(view)
    zones = [
        {**zone, "holds": maps.holds(z, view.on), **_zone_days(z)}
        for zone, z in zip(maps.zones_on(case), case.zones, strict=True)
    ]
    data = {
        **region["data"],
        "background": outlines,  # areas are drawn above, with their borders
        "zones": zones if live else [zone for zone in zones if zone["holds"]],
        "events": events,
        "live": live,
        **area_counts(view, boundaries, events),
    }
    listed = view.listed(5000)
    missing = f" {count(unplaced, 'report names', 'reports name')} no place that is known." if unplaced else ""
    if view.restricted_of_log:
        missing += f" {restricted_words(view.restricted_of_log)}{ON_MAP if boundaries else ''}."
    return {
        **region,
        "title": title_of(view),
        "definition": f"{region['definition']} {_marks_mean(view)}{missing}",
        "source": region["source"] if outlines else f"{region['source']}; {CREDIT}",
        "as_of": day(view.on),
        "n": f"n = {count(len(view.rows) + len(view.log_rows), 'event')}",
        "columns": ["date", "event", "type", "place", "mark"],
        "rows": [[h["date"], h["title"], h["type"], "; ".join(h["places"]), h["mark"]] for h in listed],
        "data": data,
    }


ON_MAP = f"; an area counts its own from {LEAST} on"
STEPS = (0.0, 2.0, 9.0, 99.0)  # of shades: the same on every day, since the key of the map is drawn once
MAP_LABEL = "Map of the region; arrow keys go from place to place, and every place is in the table below"


def live_picture(view: Sight, chart: Figure) -> str:
    """Return the map of the page as markup for wide and narrow screens: its ground is chart once, days go into it."""
    data = chart["data"]
    holding = tuple(zone["holds"] for zone in data["zones"])
    parts = []
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        bare = {**chart, "title": MAP_LABEL, "data": {**data, "events": [], "areas": []}}
        key = ("ground", width, holding, bool(data.get("areas")))
        svg = view.ws.kept(key, lambda bare=bare, width=width: _markup(drawing_of(bare, width, None).svg()))  # type: ignore[misc]
        for part, text in event_layers(data, width).items():
            empty = f'<g class="{part}-layer"></g>'
            svg = svg.replace(empty, empty.replace("></g>", f">{_markup(text)}</g>"))
        parts.append(f'<div class="{name}">{svg}</div>')
    return "".join(parts)


BROAD = 1240.0  # of the histogram, which is as wide as the page


def timeline_picture(chart: Figure) -> str:
    """Return the histogram of the page as markup for wide and narrow screens."""
    widths = (("wide", BROAD), ("narrow", NARROW))
    return "".join(f'<div class="{n}">{_markup(drawing_of(chart, width, None).svg())}</div>' for n, width in widths)


def _markup(drawing: str) -> str:
    return nonbreaking(visible(drawing))


def _marks_mean(view: Sight) -> str:
    if view.kind == AccountKind.STATEMENT:
        who = accounts.speaker(view.ws.case, view.account)
        return f"Events: only those that {who} asserts, hatched, since one side alone says so here."
    words = "Events: solid when two or more independent sources stand behind them and nobody denies them, else hatched."
    return f"{words} An event reported only by area stands at the middle of its area."


def _zone_days(zone: Any) -> dict[str, str]:
    return {
        "from": zone.from_.start.isoformat() if zone.from_ and zone.from_.start else "",
        "until": zone.until.end.isoformat() if zone.until and zone.until.end else "",
    }


def area_counts(view: Sight, boundaries: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the user's areas in shades by the reports of a window; nothing where the user has given none."""
    if not boundaries:
        return {}
    index = view.ws.kept(("area-index",), lambda: maps.AreaIndex(boundaries))
    return maps.shaded_areas(boundaries, [*events, *_withheld_by_area(view, index)], "report", index, STEPS)


def _withheld_by_area(view: Sight, index: maps.AreaIndex) -> list[dict[str, Any]]:
    """Return how many reports that may not be passed on each area has, where it has enough to be counted by name."""
    table = view.log_days
    hidden = [table.spots[n] for n in view.log_rows if not is_free(table.events[n])] if table else []
    spots: dict[int, list[tuple[float, float]]] = {}
    for spot in hidden:
        area = index.at(spot[0], spot[1]) if spot else None
        if area is not None and spot is not None:
            spots.setdefault(area, []).append(spot[:2])
    return [{"lon": lon, "lat": lat} for some in spots.values() if len(some) >= LEAST for lon, lat in some]


def report_histogram(view: Sight, *, live: bool = False) -> Figure:
    """Return the reports of the whole period as a histogram, with the window marked."""
    case, last = view.ws.case, view.last
    starts = bins(view.first, last)
    edges = np.array([one.toordinal() for one in starts])

    def binned(ordinals: Sequence[int]) -> np.ndarray:
        return np.bincount(
            np.searchsorted(edges, np.array(ordinals, dtype=int), side="right") - 1, minlength=len(edges)
        )

    mine = [h for h in account_events(view.ws, view.account) if h["told"] in _ON_THE_MAP and h["date"]]
    inside = [h for h in mine if view.first.isoformat() <= h["date"] <= last.isoformat()]
    layers = [
        ("corroborated", VIOLATED, "plain", [h for h in inside if h["solid"]]),
        ("claimed", VIOLATED, "hatch", [h for h in inside if not h["solid"]]),
    ]
    counts = [binned([date.fromisoformat(h["date"]).toordinal() for h in some]) for *_, some in layers]
    shown = [{"label": label, "colour": colour, "texture": texture} for label, colour, texture, _ in layers]
    if view.log_days is not None and len(view.log_days.events):
        counts.append(binned(view.log_days.first.tolist()))
        shown.append({"label": f"in the log {view.log}", "colour": NEUTRAL, "texture": "plain"})
    keep = [n for n, some in enumerate(counts) if some.any()] or [0]
    rows = [[one.isoformat(), *(int(counts[n][b]) for n in keep)] for b, one in enumerate(starts)]
    width = {0: "day", 1: "week", 2: "month"}[_step(view.first, last)]
    totals = np.sum([counts[n] for n in keep], axis=0)
    total, at = int(totals.sum()), int(totals.argmax())
    most = f"Most events are of the {width} from {day(starts[at])}: {int(totals[at]):,} of {total:,}"
    return figure(
        "timeline",
        "columns",
        title=most if total else "No event is recorded",
        definition=f"Events by {width}, by their first day."
        + ("" if view.log else " The record is a selection by whoever made the case: no count of what happened."),
        source=f"{case.about.title}, edition {case.about.edition}",
        as_of=day(last),
        n=f"n = {count(total, 'event')}",
        columns=(f"{width} from", *(shown[n]["label"] for n in keep)),
        rows=rows,
        data={
            "layers": [shown[n] for n in keep],
            "days": rows,
            "until": last.isoformat(),
            "window": [max(view.since, view.first).isoformat(), view.on.isoformat()],
            "live": live,
            "height": 64 if live else 120,
            "step": "" if width == "day" else f"{width} from ",
        },
    )


def _step(first: date, last: date) -> int:
    days = (last - first).days
    return 0 if days <= 120 else 1 if days <= 900 else 2


def bins(first: date, last: date) -> list[date]:
    """Return the first days of the columns of a histogram: days, weeks or months, by how long the period is."""
    step = _step(first, last)
    if step < 2:
        length = 7 if step else 1
        return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, length)]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [max(first, date(n // 12, n % 12 + 1, 1)) for n in months]


def title_of(view: Sight) -> str:
    """Say what is reported in a window, in one line."""
    rows, length = view.rows, count(view.days, "day")
    if view.kind == AccountKind.STATEMENT:
        return f"{_spoken_of(view.ws.case, view.account, rows)} {length} to {day(view.on)}"
    many = len(rows) + len(view.log_rows)
    title = f"{count(many, 'event')} reported in the {length} to {day(view.on)}"
    if view.log:
        return f"{title}, {number(len(view.log_rows), 6)} of them in the log {view.log}"
    title += f", {sum(h['solid'] for h in rows)} of them corroborated" if rows else ""
    denied = sum(h["told"] in ("contested", "denied") for h in rows)
    return title + (f", {denied} contested or denied" if denied else "")


def _spoken_of(case: Case, account: str, rows: Sequence[dict[str, Any]]) -> str:
    """Say how many of the recorded events a party or body asserts or denies, and of how many it says nothing."""
    tally = Counter(h["told"] for h in rows)
    parts = [f"{word} {tally[key]}" for key, word in (("asserted", "asserts"), ("denied", "denies")) if tally[key]]
    parts += [f"says both of {tally['says both']}"] if tally["says both"] else []
    parts += [f"says nothing of {tally['says nothing']}"] if tally["says nothing"] or not rows else []
    return f"{accounts.speaker(case, account)} {listing(parts)} of {count(len(rows), 'recorded event')} in the"


def now_page(
    ws: Workspace,
    account: str = "",
    on: date | None = None,
    days: int = 30,
    place: str = "",
    event: str = "",
    log: str = "",
    skip_bad: bool = False,
) -> Page:
    """The region on a day: what is reported of the days before it, where, and by how many independent sources.

    ``log`` puts the events of a kept log beside the record; ``none`` shows the record alone.
    """
    view = sight(ws, account, on, days, place, log, skip_bad)
    ids = {*ws.case.events, *(e.id for e in view.source.events)} if event else set()
    check_name("event", event, list(ids))
    every = [*view.rows, *view.of_log(100_000)]
    chart = now_figure(view, live=True)
    return Page(
        chart["title"],
        ("date", "event", "type", "place", "told", "corroborated", "witnesses", "why", "claims", "source"),
        [
            [
                h["date"],
                h["title"],
                h["type"],
                "; ".join(h["places"]),
                h["told"],
                h["solid"],
                h["witnesses"],
                h["why"],
                "; ".join(h["claims"]),
                h["source"],
            ]
            for h in every
        ],
        {
            "account": view.account,
            "account_kind": view.kind,
            "party": accounts.speaker(ws.case, view.account) if view.kind == AccountKind.STATEMENT else "",
            "silent": sum(h["told"] == "says nothing" for h in view.rows),
            "restricted": restricted_words(view.restricted),
            "on": view.on.isoformat(),
            "days": view.days,
            "first": view.first.isoformat(),
            "last": view.last.isoformat(),
            "place": place,
            "event": event,
            "events": every,
            "log": log_summary(view.source, view.log),
            "logs": kept_logs(ws),
            "reading": "",  # the log that is still being read
            "skip_bad": skip_bad,
            "map": chart,
            "timeline": report_histogram(view, live=True),
            "marks": chart["data"]["events"],
            "summary": ledger_in_counts(view) if ws.ready(("changes", view.account)) else "",
        },
    )


def opening_page(
    ws: Workspace,
    account: str = "",
    on: date | None = None,
    days: int = 30,
    place: str = "",
    event: str = "",
    log: str = "",
    skip_bad: bool = False,
) -> Page:
    """The page for a browser: while a long log is being read it shows the record alone, and says so."""
    names = kept_logs(ws)
    asked = log or (names[0] if names and not ws.case.events else "")
    if asked == ALONE or event or kind_of(ws.case, ws.account(account)) == AccountKind.STATEMENT:
        return now_page(ws, account, on, days, place, event, log, skip_bad)
    if not is_being_read(ws, asked, skip_bad):
        return now_page(ws, account, on, days, place, event, log, skip_bad)
    known = place if place in ws.case.places else ""  # a place of the log is not known yet
    page = now_page(ws, account, on, days, known, event, ALONE, skip_bad)
    return Page(page.title, page.columns, page.rows, {**page.data, "reading": asked})


def day_page(
    ws: Workspace,
    account: str = "",
    on: date | None = None,
    days: int = 30,
    place: str = "",
    log: str = "",
    skip_bad: bool = False,
) -> Page:
    """The marks and the words of one day, as the open page puts them in place."""
    view = sight(ws, account, on, days, place, log, skip_bad)
    chart = now_figure(view, live=True)
    layers = {
        name: {part: _markup(text) for part, text in event_layers(chart["data"], width).items()}
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    }
    return Page(
        chart["title"],
        ("date", "event"),
        [[h["date"], h["title"]] for h in view.listed(LISTED)],
        {
            "account": view.account,
            "on": view.on.isoformat(),
            "n": len(view.rows) + len(view.log_rows),
            "list": events_html(view, ""),
            "layers": layers,
        },
    )


def _has_areas(case: Case) -> bool:
    return bool(drawn_boundaries(case) or maps.case_outlines(case))


def events_html(view: Sight, chosen: str) -> str:
    """Return the list of events of a window as markup."""
    shown = view.listed(LISTED)
    silent = sum(h["told"] == "says nothing" for h in view.rows)
    more = len(view.rows) - silent + len(view.log_rows) - view.restricted_of_log - len(shown)
    return render(
        "workbench/now_events.html.j2",
        events=shown,
        more=max(more, 0),
        silent=silent,
        restricted=restricted_words(view.restricted),
        on_map=ON_MAP if view.restricted_of_log and view.ws.kept(("outlined",), lambda: _has_areas(view.case)) else "",
        account=view.account,
        account_kind=view.kind,
        chosen=chosen,
    )


def ledger_in_counts(view: Sight) -> str:
    """Return the ledger of the record on a day as markup: how many stand where, and what changed in these days."""
    rows = changes_of(view.ws, view.account)
    on, since = view.on.isoformat(), view.since.isoformat()
    tally: Counter[tuple[str, str]] = Counter()
    fresh = []
    for first, commitment, key, title, words, look, last, _ in rows:
        if str(first) > on:
            break
        if str(first) >= since and look != "conditional":
            fresh.append(
                {"on": first, "commitment": commitment, "key": key, "title": title, "words": words, "look": look}
            )
        if not last or str(last) >= on:
            tally[words, look] += 1
    return render(
        "workbench/now_ledger.html.j2",
        counts=tally.most_common(),
        fresh=fresh[::-1],
        share=SHARE,
        days=view.days,
        on=on,
        account=view.account,
    )


def now_ledger_page(ws: Workspace, account: str = "", on: date | None = None, days: int = 30) -> Page:
    """The ledger of one day in counts, as the open page puts it in place."""
    view = sight(ws, account, on, days)
    return Page("The ledger on this day", ("html",), [], {"account": view.account, "html": ledger_in_counts(view)})
