"""Where more people would arrive, drawn: areas in shades where the case has their shapes, else places as marks."""

from __future__ import annotations

from standoff.case.map_files import sound_background
from standoff.case.model import Case
from standoff.intake.areas import case_areas
from standoff.people.arrivals import COLUMNS, ExpectedArrivals, arrival_rows, caution_of
from standoff.text.sentences import count, day, listing, number, people, rounded, span
from standoff.views.charts import BOUNDARIES, Figure, figure
from standoff.views.maps import NAMED, SHAPES, kinds_shown, map_extent, shade_steps, shade_words

FIELDS = ("level", *COLUMNS)


def arrivals_map(case: Case, result: ExpectedArrivals) -> Figure:
    """Return people expected to arrive by area, in shades; the table has areas and places with their ranges."""
    shapes = case_areas(case).by_code
    drawn = [(r, shapes[r.area_code.casefold()]) for r in result.areas if r.area_code.casefold() in shapes]
    steps = shade_steps([r.mean for r, _ in drawn]) if drawn else [0.0]
    marks = []
    for row in [] if drawn else result.places:
        place = case.places.get(row.id)
        if place is not None and row.mean >= 0.5:
            mark = {"id": row.id, "name": row.name, "ar": "", "kind": place.kind, "shape": SHAPES[place.kind][0]}
            marks.append({**mark, "lat": place.lat, "lon": place.lon, "km": 0.0, "people": rounded(row.mean, 3)})
    top = next((r for r in result.areas if r.mean >= 0.5), None)
    title = (
        f"{top.name} takes in most: {number(top.mean)} of {people(result.people)} (80 %: {span(top.q10, top.q90)})"
        if top
        else "Nobody finds an open way to a place that takes people in"
    )
    asked = f" Asked: {listing(result.changes)}." if result.changes else ""
    return figure(
        "arrivals",
        "map",
        title=title,
        definition=f"People expected to arrive from {result.from_title} in {count(result.days, 'day')} from "
        f"{day(result.on)}, mean; expected by rule, not counted.{asked} {caution_of(result)} {BOUNDARIES}",
        source="; ".join(filter(None, (f"{case.about.title}, edition {case.about.edition}", case.about.map_credit))),
        as_of=day(result.as_of or result.on),
        n=f"n = {count(result.n, 'draw')}, seed {result.seed}",
        columns=FIELDS,
        rows=[[row[name] for name in FIELDS] for row in arrival_rows(result)],
        data={
            "region": map_extent(case),
            "background": sound_background(case),
            "zones": [],
            "places": marks,
            "kinds": kinds_shown(marks),
            "areas": [
                {**shape.geometry, "name": shape.name, "value": round(row.mean),
                 "title": f"{shape.name}: {number(row.mean)} expected, 80 % {span(row.q10, row.q90)}"}
                for row, shape in drawn
            ],
            "steps": steps,
            "shades": shade_words(steps),
            "named": NAMED,
        },
    )  # fmt: skip
