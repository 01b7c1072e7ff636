"""The brief of a day as one HTML page: three sentences and a map first; opens without a server, prints on A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from standoff.case.brief_sections import BriefDay, BriefItem, BriefSection, brief_section, sections_on
from standoff.case.claims import RECORD
from standoff.case.model import Case, Event, refuse_errors
from standoff.case.reports import incidents_of
from standoff.case.restrictions import is_free, refuse_files
from standoff.commitments.brief import daily_figures
from standoff.commitments.daily import as_read_now, is_incident, last_report
from standoff.commitments.monitor import first_day
from standoff.errors import StandoffError
from standoff.intake.logs import log_alone, open_log
from standoff.levels.brief import AHEAD, LEVELS, truces_beside
from standoff.text.sentences import count, day, quoted
from standoff.values import as_day
from standoff.version import VERSION
from standoff.views import happenings, maps
from standoff.views.base_map import CREDIT
from standoff.views.charts import BOUNDARIES, Figure, figure
from standoff.views.levels import levels_figure
from standoff.views.lines.brief import brief_answers, brief_data, brief_head, brief_lines
from standoff.views.lines.observance import observance_sentence
from standoff.views.pages import STATIC, render
from standoff.views.paper import (
    Block,
    Grid,
    Heading,
    Items,
    Paper,
    Paragraph,
    Picture,
    check_ending,
    write_file,
    write_paper,
)
from standoff.views.words import Words

MOST_AREAS = 15


@brief_section(50)
def observance_of_truces(day_of_brief: BriefDay) -> BriefSection:
    """How prohibitions in force are observed, the youngest first: broken once and quiet since is not collapsed."""
    every = [one for one in daily_figures(day_of_brief)["observance"] if one["since"]["incidents"]]
    every.sort(key=lambda one: (one["start"], one["commitment"]), reverse=True)
    shown = every[: max(1, day_of_brief.most - 1)]
    items = [
        BriefItem(f"{quoted([one['title']])}: {observance_sentence(one)}", "", "commitment", one["commitment"])
        for one in shown
    ]
    missing = "" if every else "no incident is known of what a ban or truce in force forbids"
    if not any(one.forbid for one in day_of_brief.case.commitments.values()):
        missing = "the case holds no ban and no truce"
    title = "How bans and truces are observed"
    note = truces_beside(day_of_brief) if items else ""
    return BriefSection("observance", title, "", tuple(items), len(every) - len(items), note, missing=missing)


PLACE_KEY = [{"kind": "place", "shape": "circle", "label": "place"}]


def brief_map(opened: BriefDay) -> Figure | None:
    """Return where the incidents of these days are recorded, at the settlement and no finer; None without any place.

    With a log its rows are the incidents, as in the counts; those that may not be passed on are counted, not drawn.
    """
    case = opened.case
    if not case.places:
        return None
    withheld = 0
    if opened.events is None:
        records = happenings.event_records(case, RECORD.id, as_of=opened.on)
    else:
        logged = {event.id: event for event in as_read_now(opened.events, None) or ()}
        records = happenings.event_records(replace(case, events=logged), RECORD.id, as_of=opened.on)
        first, last = opened.first.isoformat(), opened.on.isoformat()
        withheld = sum(
            not is_free(e)
            and is_incident(e.type)
            and str(e.date.start or "") <= last
            and str(e.date.end or "9") >= first
            for e in logged.values()
        )
    names = incidents_of(case)
    once = {names.get(h["id"], h["id"]): h for h in happenings.within_window(records, opened.first, opened.on)}
    own = ""
    if withheld and not once:  # of the log nothing may be drawn: then what the case itself records
        own = " of the case's own record"
        records = happenings.event_records(case, RECORD.id, as_of=opened.on)
        once = {names.get(h["id"], h["id"]): h for h in happenings.within_window(records, opened.first, opened.on)}
    window = [h for h in once.values() if is_incident(h["type"])]  # versions of one happening stand once
    marks = happenings.marks(case, window)
    region = maps.region_map(case, opened.on)
    events = [
        {**mark, "corroborated": mark["solid"], "title": f"{mark['when']}: {mark['title']}"} for mark in reversed(marks)
    ]
    drawn = f"{count(len(marks), 'incident')}{own} {'stands' if len(marks) == 1 else 'stand'}"
    rest = f" of {len(window)} recorded" if len(window) != len(marks) else " recorded"
    period = f"in the {opened.days} days to {day(opened.on)}"
    title = f"{drawn} on the map,{rest} {period}" if not own else f"{drawn} on the map, {period}"
    if withheld and not window:
        title = f"No incident stands on the map: the {withheld:,} recorded {period} may not be passed on"
    elif withheld:
        title += f"; {withheld:,} of the log may not be passed on"
    return figure(
        "brief-map",
        "map",
        title=title,
        definition="Hatched: claimed by one source. Solid: by two or more that are independent. At the settlement or "
        f"the middle of the area that is named, no finer. {BOUNDARIES}",
        source=f"{region['source']}; {CREDIT}",
        as_of=day(opened.on),
        n=f"n = {count(len(window), 'incident')}",
        columns=("when", "incident", "latitude", "longitude", "corroborated"),
        rows=[[m["when"], m["title"], m["lat"], m["lon"], "yes" if m["solid"] else "no"] for m in marks],
        data={
            **region["data"],
            "places": _named(region),
            "kinds": PLACE_KEY if region["data"]["places"] else [],
            "events": events,
            **maps.shaded_areas(maps.case_outlines(case), marks, "incident"),
        },
    )


def _named(region: Figure) -> list[dict[str, object]]:
    """Return the largest places, small: they say where one is, and the events stand above them."""
    return [{**place, "people": 0, "shape": "circle"} for place in region["data"]["places"][:24]]


def area_bars(opened: BriefDay, section: BriefSection) -> Figure | None:
    """Return the incidents of each area now and before as bars; None where there are none."""
    if not section.counts:
        return None
    shown = section.counts[:MOST_AREAS]
    covered = all(row["before"] is not None for row in shown)
    rows = [
        {
            **row,
            "before": row["before"] or 0,
            "words": f"{row['now']}" + (f"; {row['before']} before" if covered else ""),
        }
        for row in shown
    ]
    before = f"the {opened.days} days before"
    return figure(
        "brief-areas",
        "bars",
        title=section.headline,
        definition=section.note or f"Incidents of these {opened.days} days by area.",
        source=opened.case.about.title,
        as_of=day(opened.on),
        n=f"n = {count(section.total, 'incident')}; one that is in two areas counts in both",
        columns=("area", "now", "before"),
        rows=[[row["name"], row["now"], row["before"]] for row in section.counts],
        data={
            "rows": rows,
            "key": f"Filled: now. Outline: {before}." if covered else "The days before are not covered.",
        },
    )


def brief_paper(opened: BriefDay, sections: Sequence[BriefSection]) -> Paper:
    """Return a brief as a report for paper: PDF, docx and workbook."""
    say = Words()
    blocks: list[Block] = [
        Items(tuple((f"{text}.", ()) for text in brief_answers(sections))),
        Paragraph(brief_head(opened), "small"),
    ]
    if (drawn := brief_map(opened)) is not None:
        blocks.append(Picture(drawn, drawn["title"]))
    if opened.case.warnings:
        blocks.append(Paragraph(opened.case.caution, "caution"))
    for section in sections:
        blocks.append(Heading(section.title))
        bars = area_bars(opened, section)
        if section.missing:
            blocks.append(Paragraph(say.say("not-known", text=section.missing)))
        elif section.headline and bars is None:
            blocks.append(Paragraph(f"{section.headline}."))
        if bars is not None:
            blocks.append(Picture(bars, bars["title"]))
        if section.rows and bars is None:
            blocks.append(Grid(section.id, section.title, section.rows[0], section.rows[1:]))
        if section.items:
            entries = (
                (f"{item.text.rstrip('.')}.", (f"{item.rests}.",) if item.rests else ()) for item in section.items
            )
            blocks.append(Items(tuple(entries)))
        if section.more and not section.counts:
            way = f": {section.way_on}" if section.way_on else ""
            blocks.append(Paragraph(say.say("more", n=section.more, way=way), "small"))
        if section.note:
            blocks.append(Paragraph(section.note, "small"))
    about = opened.case.about
    foot = (
        *((say.say("credit", text=about.licence),) if about.licence else ()),
        say.say("silence"),
        about.disclaimer or BOUNDARIES,
        say.say("made-by", version=VERSION),
    )
    return Paper(say.say("brief", day=opened.on), about.title, tuple(blocks), foot, say)


def brief_page(opened: BriefDay, sections: Sequence[BriefSection]) -> str:
    """Return the page of a brief."""
    css = Markup((STATIC / "standoff.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    figures = {section.id: [f for f in (area_bars(opened, section),) if f] for section in sections}
    if LEVELS in opened.shared:
        figures["level"] = [levels_figure(opened.shared[LEVELS], AHEAD)]
    return render(
        "brief.html.j2",
        css=css,
        title=opened.case.about.title,
        on=opened.on,
        head=brief_head(opened),
        answers=brief_answers(sections),
        map=brief_map(opened),
        sections=sections,
        figures=figures,
        caution=opened.case.caution if opened.case.warnings else "",
        disclaimer=opened.case.about.disclaimer or BOUNDARIES,
        version=VERSION,
    )


@dataclass(frozen=True, slots=True, repr=False)
class DayBrief:
    """The brief of a day: ``str()`` is its page for a terminal, a notebook shows its page for a browser."""

    opened: BriefDay
    sections: tuple[BriefSection, ...]

    def __repr__(self) -> str:
        return f"<DayBrief of {self.opened.case.about.id} on {self.opened.on}: {count(len(self.sections), 'section')}>"

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, width: int = 80) -> list[str]:
        """Return its lines for a terminal of a width."""
        return brief_lines(self.opened, self.sections, width)

    def record(self) -> dict[str, Any]:
        """Return it as plain data, as ``--json`` prints it."""
        return brief_data(self.opened, self.sections)

    def save(self, file: str | Path) -> Path:
        """Write it as the ending of a file says: .html, .pdf, .docx or .xlsx. Raises StandoffError for another one."""
        path = Path(file)
        check_ending(path)
        refuse_files("the brief")
        if path.suffix.lower() in (".html", ".htm"):
            write_file(path, brief_page(self.opened, self.sections).encode())
        else:
            write_paper(path, brief_paper(self.opened, self.sections))
        return path

    def _repr_html_(self) -> str:
        page = escape(brief_page(self.opened, self.sections))
        return f'<iframe srcdoc="{page}" width="100%" height="700" title="Brief"></iframe>'


def brief(
    case: Case,
    on: date | str | None = None,
    *,
    days: int = 14,
    events: str | Path | Sequence[Event] | None = None,
    areas: Mapping[str, str] | None = None,
    log: str = "",
) -> DayBrief:
    """Return the brief of a day: what changed, falls due and is contested, incidents by area, who is silent.

    Parameters
    ----------
    case
        A case without errors; with the places of the log, where one is given as records.
    on
        The day. Default: the last with a report.
    days
        Days back and ahead.
    events, areas
        A log beside the record: a file of others, a log of the case by its name, or records with the area of each.
        Default: the log of a case that holds no event of its own.
    log
        How the log is called, for the commands that are named, where its records are given.

    Returns
    -------
    DayBrief
        ``print(brief)`` is its text, ``.html()`` its page.

    Raises
    ------
    StandoffError
        For a case with errors, a day before its record, or a file that cannot be read.

    Examples
    --------
    >>> import standoff as so
    >>> so.brief(so.load("idlib"), "2020-02-20")
    <DayBrief of idlib on 2020-02-20: 11 sections>
    """
    refuse_errors(case)
    if events is None:
        events = log_alone(case)
    name = str(log or (events if isinstance(events, str | Path) else ""))
    if isinstance(events, str | Path):
        read = open_log(case, events)
        case, events, areas = read.added_to(case), read.events, read.areas
    chosen = as_day(on, "on") or last_report(case, events or ())
    first = min(filter(None, [first_day(case), case.about.period.start]))
    last = case.about.period.end or chosen
    if not first <= chosen <= last:
        what = f"{chosen} is {'before' if chosen < first else 'after'} the record"
        raise StandoffError.of(what, file="--on", expected=f"a day from {first} to {last}")
    opened = BriefDay(case, chosen, days, events, areas=areas or {}, log=name)
    return DayBrief(opened, tuple(sections_on(opened)))
