"""People present by area: as a map in shades, as a table, in lines, and on two pages for the cluster.

What is shown is who is there on a day. Gross arrivals, in which who moves on is counted at every stop, are in a file of
the run folder and in no title, total or map.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from standoff.case.map_files import sound_background
from standoff.case.model import Case
from standoff.errors import StandoffError, nearest
from standoff.intake.areas import case_areas
from standoff.oneline import OneLine
from standoff.people.headcount import ROAD
from standoff.runs.results import Present, Run
from standoff.text.sentences import count, day, fold, listing, number, people, quoted, rounded, span
from standoff.text.table_printer import Number, table
from standoff.views.accounts import title as account_title
from standoff.views.charts import (
    BOUNDARIES,
    Figure,
    base_scenario,
    figure,
    main_account,
    run_end,
    run_start,
    scenario_title,
    trajectories,
)
from standoff.views.maps import NAMED, SHAPES, kinds_shown, map_extent, shade_steps, shade_words

COLUMNS = (
    "area", "code", "present", "present 5 %", "present 95 %", "displaced", "displaced 5 %", "displaced 95 %",
    "came since the start", "came 5 %", "came 95 %", "displaced at the start", "last reported", "reported on", "from",
)  # fmt: skip
MOST = 15
CAUTION = "In this model, not counted: people present at the end of the day. Who moved on is counted where they are."


@dataclass(frozen=True, slots=True, repr=False)
class AreaPeople(OneLine):
    """One area on one day: everybody, the displaced, those who came since the start, and which areas they left."""

    pcode: str
    name: str
    present: Present
    displaced: Present | None
    newcomers: Present | None
    origins: tuple[tuple[str, float], ...]  # area left and people, the most first; on the last day only


def area_people(run: Run, account: str = "", scenario: str = "", on: str = "") -> list[AreaPeople]:
    """Return how many people are where in a run, by area: present, displaced, come since the start, and where from.

    Parameters
    ----------
    run : Run
        As `simulate` or `load_run` returns it.
    account, scenario : str, optional
        Which of the run's. Default: its main ones.
    on : str, optional
        The day, such as ``2019-12-30``. Default: the last of the run.

    Returns
    -------
    list of AreaPeople
        Most newcomers first, then most displaced.

    Raises
    ------
    StandoffError
        For an account, a scenario or a day that the run does not have.

    Examples
    --------
    >>> import standoff as so
    >>> run = so.simulate(so.load("idlib"), accounts="pooled", trajectories=4, days=30)
    >>> so.people_present(run)[0].present.measure
    'present'
    """
    account, scenario = account or main_account(run), scenario or base_scenario(run)
    for option, name, names in (("--account", account, run.accounts), ("--scenario", scenario, run.scenarios)):
        if name not in names:
            hint = nearest(name, names)
            raise StandoffError.of(f"the run has no {name!r}", file=option, expected=", ".join(names), hint=hint)
    mine = [r for r in run.present if (r.account, r.scenario) == (account, scenario)]
    if not mine:
        return []
    days = sorted({r.date for r in mine})
    chosen = on or days[-1]
    if chosen not in days:
        expected = f"one of {', '.join(days)}" if len(days) <= 8 else f"one of {days[0]}, {days[1]}, ... {days[-1]}"
        raise StandoffError.of(
            f"people are not kept for {chosen}", file="--on", expected=expected, hint=nearest(chosen, days)
        )
    rows = {(r.pcode, r.area, r.measure): r for r in mine if r.date == chosen}
    left: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for o in run.origins:
        if (o.account, o.scenario, o.date) == (account, scenario, chosen) and o.from_area:
            left.setdefault((o.pcode, o.area), []).append((o.from_area, o.mean))
    out = [
        AreaPeople(
            pcode, name, row, rows.get((pcode, name, "displaced")), rows.get((pcode, name, "newcomers")),
            tuple(sorted(left.get((pcode, name), ()), key=lambda pair: (-pair[1], pair[0]))),
        )
        for (pcode, name, measure), row in rows.items() if measure == "present"
    ]  # fmt: skip
    return sorted(out, key=lambda a: (a.name == ROAD, -_mean(a.newcomers), -_mean(a.displaced), a.name))


def _mean(row: Present | None) -> float:
    return row.mean if row else 0.0


def _span(row: Present | None) -> str:
    return span(row.q05, row.q95) if row else ""


def _stock(row: Present | None) -> tuple[float | None, str]:
    return (row.reported, row.reported_on) if row else (None, "")


def _stock_words(row: Present | None) -> str:
    stock, on = _stock(row)
    return f"{number(stock, 3)} ({on[:7]})" if stock else ""


def present_answer(run: Run, rows: Sequence[AreaPeople]) -> str:
    """Return who is where on the day, in a sentence."""
    there = [a for a in rows if a.newcomers and a.newcomers.mean >= 0.5 and a.name != ROAD]
    if not rows:
        return "This run holds no people by area."
    on = day(rows[0].present.date)
    if not there:
        return f"By {on} nobody has come to any area and stayed, in this model."
    parts = []
    for a in there[:3]:
        parts.append(f"{a.name} {number(_mean(a.newcomers))} ({_span(a.newcomers)})")
    return (
        f"By {on}, people who came since {day(run_start(run))} and stay are most in {listing(parts)} in this model; "
        "ranges of 90 % of runs."
    )


def origin_words(area: AreaPeople, most: int = 3) -> str:
    """Return the areas that newly displaced people of an area left, the most first."""
    return ", ".join(f"{name} {number(value)}" for name, value in area.origins[:most] if value >= 0.5)


def table_rows(rows: Sequence[AreaPeople]) -> list[list[Any]]:
    """Return every area as a row of `COLUMNS`, people in whole persons."""
    out = []
    for a in rows:
        cells: list[Any] = [a.name, a.pcode]
        for row in (a.present, a.displaced, a.newcomers):
            cells += [round(row.mean), round(row.q05), round(row.q95)] if row else [0, 0, 0]
        start = round(a.displaced.start) if a.displaced else 0
        stock = (
            (round(a.displaced.reported), a.displaced.reported_on)
            if a.displaced and a.displaced.reported
            else (None, "")
        )
        out.append([*cells, start, *stock, origin_words(a)])
    return out


def present_lines(
    case: Case, run: Run, rows: Sequence[AreaPeople], width: int, *, every: bool = False
) -> Iterator[str]:
    """Yield the answer and the table by area."""
    yield from fold(present_answer(run, rows), width)
    if not rows:
        return
    account, scenario = rows[0].present.account, rows[0].present.scenario
    who = f"{account_title(case, account)}; {scenario_title(case, scenario)}; {count(trajectories(run), 'run')}"
    yield from fold(f"Account: {who}.", width)
    yield ""
    yield f"PEOPLE BY AREA at the end of {day(rows[0].present.date)}"
    heads = ("area", Number("present"), Number("displaced"), Number("came since"), Number("90 % of runs"),
             Number("at the start"), Number("last reported"))  # fmt: skip
    shown = rows if every else [*[a for a in rows if a.name != ROAD][:MOST], *[a for a in rows if a.name == ROAD]]
    cells = []
    for a in shown:
        new, old = a.newcomers, a.displaced
        cells.append((
            f"{a.name} {a.pcode}".strip(), number(a.present.mean, 3), number(_mean(old), 3), number(_mean(new)),
            _span(new), number(old.start, 3) if old else "", _stock_words(old),
        ))  # fmt: skip
    yield from table(heads, cells, width, indent="  ")
    if len(shown) < len(rows):
        yield f"  and {count(len(rows) - len(shown), 'other')}; all with --all"
    told = [a for a in shown if a.origins][:5]
    if told:
        yield ""
        yield "WHERE FROM, mean of those newly displaced who stay"
        for a in told:
            yield from fold(f"{a.name}: {origin_words(a)}", width, indent="  ", hang="    ")
    yield ""
    yield from fold(total_line(rows), width)
    yield from fold(CAUTION, width)


def total_line(rows: Sequence[AreaPeople]) -> str:
    """Return how many people there are in all: the same every day."""
    everybody = sum(a.present.mean for a in rows)
    displaced = sum(_mean(a.displaced) for a in rows)
    of_them = f"{people(rounded(displaced, 3))} of them displaced"
    return f"In all {people(rounded(everybody, 4))} people, {of_them}, on the mean."


def present_map(case: Case, run: Run, account: str = "", scenario: str = "") -> Figure | None:
    """Return who came since the start and stays, by area in shades; None for a run without people by area."""
    rows = [a for a in area_people(run, account, scenario) if a.name != ROAD]
    if not rows:
        return None
    shapes = case_areas(case).by_code
    values = {a.pcode.casefold(): _mean(a.newcomers) for a in rows if a.pcode}
    drawn = [(a, shapes[a.pcode.casefold()]) for a in rows if a.pcode.casefold() in shapes]
    steps = shade_steps([values[a.pcode.casefold()] for a, _ in drawn]) if drawn else [0.0]
    places = [] if drawn else _as_places(case, rows)
    new = [a for a in rows if a.newcomers and a.newcomers.mean >= 0.5]
    top = new[0] if new else None
    title = (
        f"{top.name} takes in most: {number(_mean(top.newcomers))} people who came since {day(run_start(run))} and "
        f"stay (90 % of runs: {_span(top.newcomers)})"
        if top
        else "Nobody has come to any area and stayed"
    )
    return figure(
        "present",
        "map",
        title=title,
        definition=f"People who came since {day(run_start(run))} and are there at the end of {day(run_end(run))}, "
        "mean; the table has everybody present, the displaced, and ranges. Account: "
        f"{quoted([account_title(case, rows[0].present.account)])}. {BOUNDARIES}",
        source="; ".join(filter(None, (f"{case.about.title}, edition {case.about.edition}", case.about.map_credit))),
        as_of=day(run.meta["spec"].get("as_of") or run_start(run)),
        n=f"n = {count(trajectories(run), 'run')}",
        columns=COLUMNS,
        rows=table_rows(rows),
        data={
            "region": map_extent(case),
            "background": sound_background(case),
            "zones": [],
            "places": places,
            "kinds": kinds_shown(places),
            "areas": [
                {**shape.geometry, "name": shape.name, "value": round(_mean(a.newcomers)),
                 "title": f"{shape.name}: {number(_mean(a.newcomers))} came and stay"}
                for a, shape in drawn
            ],
            "steps": steps,
            "shades": shade_words(steps),
            "named": NAMED,
        },
    )  # fmt: skip


def _as_places(case: Case, rows: Sequence[AreaPeople]) -> list[dict[str, Any]]:
    """Return marks for areas without boundaries: at the middle of their places."""
    marks = []
    for a in rows:
        inside = [
            p for p in case.places.values() if (p.adm3 or p.sector.replace("-", " ") or p.country) in (a.pcode, a.name)
        ]
        if inside and _mean(a.newcomers) >= 0.5:
            lat = sum(p.lat for p in inside) / len(inside)
            lon = sum(p.lon for p in inside) / len(inside)
            mark = {"id": a.pcode or a.name, "name": a.name, "ar": "", "kind": "town", "shape": SHAPES["town"][0]}
            marks.append({**mark, "lat": lat, "lon": lon, "km": 0.0, "people": rounded(_mean(a.newcomers), 3)})
    return marks


# Two pages for the cluster.

_PAGES = """#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 18mm, footer: context [
  #set text(8pt)
  #d.footer #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(font: ("Noto Sans", "Noto Sans Arabic"), size: 9.5pt)
#set par(justify: false)
#text(16pt, weight: "bold")[#d.title]
#v(2pt)
#text(11pt)[#d.headline]
#v(2pt)
#text(8.5pt, fill: luma(70))[#d.who]
#v(4pt)
#align(center, image(bytes(sys.inputs.svg), format: "svg", height: 150mm, fit: "contain"))
#text(8pt, fill: luma(70))[#d.definition]
#v(6pt)
#for line in d.notes [- #line
]
#pagebreak()
#text(12pt, weight: "bold")[#d.heading]
#v(4pt)
#set text(8pt)
#table(
  columns: (1.7fr, auto, auto, auto, auto, auto, 1.8fr),
  align: (left, right, right, right, right, right, left),
  stroke: (x, y) => if y == 0 { (bottom: 0.8pt) } else { (bottom: 0.2pt + luma(200)) },
  inset: 3pt,
  ..d.heads.map(h => text(weight: "bold")[#h]),
  ..d.rows.flatten().map(c => [#c]),
)
#v(4pt)
#text(8pt)[#d.caution]
"""
ON_A_PAGE = 30


def cluster_pdf(case: Case, run: Run, rows: Sequence[AreaPeople]) -> bytes:
    """Return two pages: the answer, the map and what to know of it, then the table by area.

    Raises StandoffError without the extra ``print``, and for a run without people by area.
    """
    from standoff.views.figures import svg_file
    from standoff.views.press import pages

    chart = present_map(case, run, rows[0].present.account, rows[0].present.scenario) if rows else None
    if chart is None:
        raise StandoffError.of("this run holds no people by area", file="--pdf", expected="a run of this edition")
    account, scenario = rows[0].present.account, rows[0].present.scenario
    body = [a for a in rows if a.name != ROAD]
    cells = []
    for a in body[:ON_A_PAGE]:
        new, old = a.newcomers, a.displaced
        cells.append([
            f"{a.name} {a.pcode}".strip(), number(a.present.mean, 3), number(_mean(old), 3), number(_mean(new)),
            _span(new), _stock_words(old), origin_words(a, 2),
        ])  # fmt: skip
    more = len(body) - len(cells)
    data = {
        "title": f"People present by area, {day(rows[0].present.date)}",
        "headline": present_answer(run, rows),
        "who": f"{case.about.title}. Account: {account_title(case, account)}. Scenario: "
        f"{scenario_title(case, scenario)}. {count(trajectories(run), 'run')}, seed {run.meta['spec']['seed']}.",
        "definition": chart["definition"],
        "notes": [
            total_line(rows),
            "Model output: not a count, and no forecast shown to be right. Read it beside yours.",
            "Plan for the upper end of a range: what is not modelled widens it further.",
            "Last reported: displaced people as last published, often of assessed communities only.",
        ],
        "heading": f"By area at the end of {day(rows[0].present.date)}"
        + (f"; {more} smaller areas left out" if more else ""),
        "heads": [
            "area",
            "present",
            "displaced",
            "came, stay",
            "90 % of runs",
            "last reported",
            "newly displaced, from",
        ],
        "rows": cells,
        "caution": f"{CAUTION} {case.about.disclaimer}",
        "footer": f"Standoff {run.meta['standoff']}, run of {run.meta['spec']['days']} days from {day(run_start(run))}",
    }
    return pages(_PAGES, "pdf", inputs={"data": json.dumps(data, ensure_ascii=False), "svg": svg_file(chart)})
