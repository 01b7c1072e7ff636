"""Figures as SVG: every kind is drawn inside its frame, from its data alone, and says nothing as markup."""

from __future__ import annotations

import random
import re
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.runs.results import Run
from standoff.views import charts, comparing, maps
from standoff.views.base_map import countries_in
from standoff.views.charts import Figure, figure
from standoff.views.drawing import Drawing, Scale, day_ticks, symbol, text_width, ticks, wrap
from standoff.views.figures import NARROW, WIDE, both, drawing_of, svg_file
from standoff.views.map_picture import Ground, event_boxes, event_marks
from standoff.views.report import sections

PLACE = {"shape": "circle", "km": 0, "id": "a", "kind": "town"}
MAP: dict[str, Any] = {"region": [42.0, 12.0, 46.0, 16.0], "background": [], "zones": [], "kinds": []}
MADE = {
    "columns": {
        "layers": [
            {"label": "shelling", "colour": "#0072B2", "texture": "plain"},
            {"label": "raids", "colour": "#D55E00", "texture": "hatch"},
        ],
        "days": [["2020-01-01", 3, 0], ["2020-01-02", 0, 2], ["2020-03-01", 1, 1]],
        "marks": [{"date": "2020-01-20", "label": "truce"}],
    },
    "bars": {
        "rows": [
            {"name": "North <b>", "now": 3, "before": 5, "words": "3; 5 before"},
            {"name": "South", "now": 0, "before": None, "words": "none"},
        ],
        "key": "Outline: before.",
    },
    "ranges": {
        "rows": [{"name": "North", "middle": 3, "low": 1, "high": 7, "usual": 4, "words": "3 (1 to 7)"}],
        "key": "Upright: usual.",
    },
    "map": {**MAP, "places": [{**PLACE, "name": "Wide & Long", "lon": 44.2, "lat": 15.4, "people": 1000}]},
}


def made(kind: str, data: dict[str, Any]) -> Figure:
    return figure(
        f"a-{kind}",
        kind,
        title="A <title> & more",
        definition="d",
        source="s",
        as_of="1 Jan 2020",
        n="n = 1",
        columns=("a",),
        rows=[[1]],
        data=data,
    )


def tree_of(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 - our own markup


def numbers(svg: str) -> list[float]:
    return [float(n) for n in re.findall(r' (?:x|x1|x2|cx)="(-?[\d.]+)"', svg)]


def every(case: Case, run: Run) -> list[Figure]:
    return [f for part in sections(case, run) for f in part["figures"]]


def test_every_figure_of_a_report_is_drawn_inside_its_frame(case: Case, run: Run) -> None:
    figures = every(case, run)
    assert len({f["kind"] for f in figures}) >= 7
    for f in figures:
        for width in (WIDE, NARROW):
            drawing = drawing_of(f, width)
            svg = drawing.svg()
            tree_of(svg)
            assert "nan" not in svg and "inf" not in re.findall(r'="(inf|-inf)"', svg)
            outside = [x for x in numbers(svg) if not -1 <= x <= width + 1]
            assert f["kind"] == "map" or not outside, (f["id"], width, outside[:5])
            assert drawing.height > 10


@pytest.mark.parametrize("kind", MADE)
def test_other_kinds_are_drawn_and_escape_what_they_say(kind: str) -> None:
    for svg in both(made(kind, MADE[kind])):
        tree_of(svg)
        assert "<b>" not in svg and "<title> &" not in svg
    file = svg_file(made(kind, MADE[kind]))
    tree = tree_of(file)
    assert tree.tag.endswith("svg") and "A &lt;title&gt; &amp; more" in file
    assert "prefers-color-scheme:dark" in file


def test_the_same_figure_gives_the_same_bytes(case: Case, run: Run) -> None:
    for f in every(case, run):
        assert both(f) == both(f)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(StandoffError, match="pie"):
        drawing_of(made("pie", {}))


def test_a_strip_says_the_share_it_shows(case: Case, run: Run) -> None:
    f = charts.outlook(case, run)
    assert f is not None
    svg = drawing_of(f).svg()
    dots = re.findall(r'<circle class="ink-stroke" cx="([\d.]+)"', svg)
    assert len(dots) == len(f["data"]["points"])
    shares = sorted((float(x) - (0.36 * WIDE + 6)) / (0.30 * WIDE - 12) for x in dots)
    assert shares == pytest.approx(sorted(p["p"] for p in f["data"]["points"]), abs=0.001)


def test_dots_stand_on_the_side_of_the_mark_their_value_is_on(case: Case, run: Run) -> None:
    f = charts.dots(case, run)
    assert f is not None
    svg = drawing_of(f).svg()
    filled = len(re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="[\d.]+" fill="#0072B2"', svg))
    assert filled == sum(v > f["data"]["mark"] for panel in f["data"]["panels"] for v in panel["values"])
    assert svg.count("<circle") == 20 * len(f["data"]["panels"])


def test_columns_add_up_to_their_days() -> None:
    """The height of all columns together is that of all incidents."""
    svg = drawing_of(made("columns", MADE["columns"])).svg()
    heights = [float(h) for h in re.findall(r'height="([\d.]+)"[^>]*><title>', svg)]
    assert len(heights) == 4
    assert sum(heights) == pytest.approx(7 * 116 / 3, abs=0.3)


def test_a_case_without_a_background_has_land_and_borders() -> None:
    svg = drawing_of(made("map", MADE["map"])).svg()
    assert "YEMEN" in svg and svg.count("<path") > 3
    assert "1,000 people" in svg and "250 people" in svg, "a legend with sizes"


def test_the_largest_marks_are_named_even_where_it_is_crowded() -> None:
    crowd = [
        {
            **PLACE,
            "id": str(n),
            "name": f"Town number {n}",
            "lon": 44.0 + n / 200,
            "lat": 14 + n % 7 / 200,
            "people": 999 - n,
        }
        for n in range(60)
    ]
    svg = drawing_of(made("map", {**MAP, "places": crowd})).svg()
    for n in range(5):
        assert f">Town number {n}</text>" in svg


def test_what_changes_with_the_light_has_a_class() -> None:
    drawing = Drawing(100, "x")
    drawing.text(0, 0, "a")
    drawing.line(0, 0, 1, 1)
    svg = drawing.svg()
    assert '<text class="ink"' in svg and 'class="line-stroke"' in svg and "#1a1a1a" in svg


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [(0, 10, 5, [0, 2, 4, 6, 8, 10]), (0, 1, 2, [0, 0.5, 1]), (3, 3, 5, [3]), (0, 970_000, 4, [0, 500_000])],
)
def test_ticks_are_round(low: float, high: float, most: int, expected: list[float]) -> None:
    assert ticks(low, high, most) == expected


def test_days_are_marked_by_what_fits() -> None:
    assert [w for _, w in day_ticks(date(2020, 1, 30), date(2020, 2, 3), 6)] == [
        "30 Jan",
        "31 Jan",
        "1 Feb",
        "2 Feb",
        "3 Feb",
    ]
    assert [w for _, w in day_ticks(date(2019, 12, 10), date(2020, 6, 20), 3)] == ["Jan 2020", "Apr"]
    assert [w for _, w in day_ticks(date(1990, 5, 1), date(2020, 5, 1), 6)] == [
        "1995",
        "2000",
        "2005",
        "2010",
        "2015",
        "2020",
    ]
    assert len(day_ticks(date(1900, 1, 1), date(2100, 1, 1), 6)) <= 8


def test_lines_fit_and_end_in_an_ellipsis() -> None:
    lines = wrap("a fairly long sentence that must be cut somewhere before its end", 12, 120, 2)
    assert len(lines) == 2 and lines[1].endswith("…")
    assert all(text_width(line, 12) <= 120 for line in lines)
    assert wrap("", 12, 50) == [""]


def test_a_scale_ends_where_it_ends() -> None:
    scale = Scale(0, 10, 100, 200)
    assert (scale.at(-5), scale.at(5), scale.at(50)) == (100, 150, 200)
    assert Scale(1, 1, 3, 9).at(1) == 3


@pytest.mark.parametrize("shape", ["circle", "triangle", "square", "diamond", "cross", "star"])
def test_marks_are_paths(shape: str) -> None:
    assert symbol(shape, 80).startswith("M") and symbol(shape, 80).endswith("Z")


def test_countries_are_cut_to_the_region() -> None:
    names = {c["name"] for c in countries_in([35.0, 35.0, 38.0, 37.0])}
    assert names == {"Syria", "Turkey"}
    for country in countries_in([35.0, 35.0, 38.0, 37.0]):
        for ring in country["coordinates"]:
            assert all(34.999 <= x <= 38.001 and 34.999 <= y <= 37.001 for x, y in ring)


def test_a_region_across_the_meridian_has_both_sides() -> None:
    lands = countries_in([178.0, -20.0, 182.0, -15.0])
    reach = [x for c in lands for ring in c["coordinates"] for x, _ in ring]
    assert min(reach) < 179.5 and max(reach) > 180.5


def test_maps_of_a_run_are_drawn(case: Case, run: Run) -> None:
    assert "<path" in drawing_of(maps.region_map(case)).svg()
    for f in comparing.every(case, run):
        assert drawing_of(f).height > 0


_NUMBER = re.compile(r"-?(?:\d+\.\d|\d+|\.\d)")


def points_of(path: str) -> list[list[tuple[int, int]]]:
    """Return the points of a path, in tenths, by reading its steps as a browser does."""
    lines = []
    for start, steps in re.findall(r"M([^lM]*)l([^ZM]*)", path):
        x, y = (round(10 * float(n)) for n in _NUMBER.findall(start))
        moves = [round(10 * float(n)) for n in _NUMBER.findall(steps)]
        line = [(x, y)]
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            x, y = x + dx, y + dy
            line.append((x, y))
        lines.append(line)
    return lines


def test_a_path_of_steps_has_the_points_of_the_shape() -> None:
    chance = random.Random(3)
    ground = Ground((35.0, 34.0, 38.0, 37.0), 720)
    for _ in range(60):
        spread = 10 ** chance.uniform(-3, 0)
        ring = [(36 + spread * chance.gauss(0, 1), 35.5 + spread * chance.gauss(0, 1)) for _ in range(40)]
        ring.append(ring[0])
        expected = [(round(10 * x), round(10 * y)) for x, y in (ground.at(lon, lat) for lon, lat in ring)]
        apart = [expected[0], *(b for a, b in pairwise(expected) if a != b)] if len(set(expected)) > 1 else expected[:2]
        path = ground.path({"type": "MultiPolygon", "coordinates": [[ring], [ring]]})
        assert path.count("Z") == 2
        assert points_of(path) == [apart, apart]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_name_of_a_place_lies_below_a_mark_of_an_event(width: float) -> None:
    places = [
        {"id": f"p{n}", "name": f"Town {n}", "lon": 10.2 + n % 6 * 0.25, "lat": 10.3 + n // 6 * 0.3, "people": 30 - n,
         "shape": "circle", "km": 1, "kind": "town", "ar": ""}
        for n in range(30)
    ]  # fmt: skip
    one = {"title": "x", "corroborated": False}
    events = [{**one, "lon": p["lon"], "lat": p["lat"]} for p in places[::3] for _ in "123"]
    data = {"region": [10, 10, 12, 12], "background": [], "zones": [], "places": places, "kinds": [], "events": events}
    f = {"id": "m", "kind": "map", "title": "Map", "data": data, "source": "", "as_of": "", "n": ""}
    svg = drawing_of(f, width, None).svg(alone=True)
    at, place = r'<g transform="translate\(([\d.]+),([\d.]+)\)"><g class="fix">', r'x="([-\d.]+)" y="([-\d.]+)"'
    rest = r'font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>(Town \d+)<'
    names = re.findall(f'{at}(?:<line[^>]*>)?<text class="halo ink" {place} {rest}', svg)
    assert names
    marks = event_boxes(event_marks(events, Ground(data["region"], width)), width)
    for x, y, dx, dy, size, anchor, text in names:
        w, base = text_width(text, float(size)), float(y) + float(dy)
        left = float(x) + float(dx) - {"start": 0, "middle": w / 2, "end": w}[anchor]
        box = (left, base - 0.8 * float(size), left + w, base)
        assert not [m for m in marks if box[0] < m[2] and box[2] > m[0] and box[1] < m[3] and box[3] > m[1]], text
