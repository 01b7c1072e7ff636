"""The map as a picture: sea and land, borders, areas in shades, zones and roads, places by people, events on top.

What a script may move is marked in the drawing: places and events are groups with an id, zones carry their days, and
all that keeps its size when the map is drawn larger stands in a group ``fix``. The script draws nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from standoff.text.sentences import count, number
from standoff.views.base_map import countries_in, local_name
from standoff.views.charts import NEUTRAL, VIOLATED
from standoff.views.drawing import SMALL, Data, Drawing, symbol, text_width, wrap
from standoff.views.words import Words, is_turned

MOST_MARKS = 150  # events that stand alone; of more, those at one spot are one mark
MOST_SPOTS = 250  # of more, those that nearly touch are one mark
CELL = 18.0  # how near that is, in the drawing's units
ZONE, ZONE_EDGE, ROAD, RIVER, UNKNOWN = "#8c7b4a", "#6f6136", "#7a6a55", "#5b8fb0", "#c9c9c9"
SHADES = ("#e8f1f7", "#bcd7e8", "#86b8d6", "#4a93c0", "#0072B2")  # of areas, light to dark: readable in grey
_OUTLINES = {  # kind of outline -> fill, edge, weight
    "country": ("land", "border", 1.2),
    "governorate": ("none", "inner", 0.7),
    "subdistrict": ("none", "faint", 0.4),
}
_LINES = {"river": (RIVER, 1.2), "road": (ROAD, 1.0)}  # of background.geojson
Box = tuple[float, float, float, float]


class Ground:
    """Equirectangular with the region's own scale, good to a per mille over two degrees."""

    def __init__(self, region: Sequence[float], width: float) -> None:
        """Lay out west, south, east and north in degrees over a width."""
        self.west, south, east, self.north = region
        self.squeeze = math.cos(math.radians((south + self.north) / 2))
        self.scale = width / ((east - self.west) * self.squeeze)
        self.width, self.height = width, round((self.north - south) * self.scale)
        self.km = (east - self.west) * 111.32 * self.squeeze

    def __repr__(self) -> str:
        return f"<Ground of {self.km:.0f} km over {self.width:.0f}>"

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point stands."""
        return (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale

    def path(self, shape: Data) -> str:
        """Return a geometry as the path of a drawing."""
        kind, parts = shape["type"], shape["coordinates"]
        rings = {"LineString": [parts], "MultiLineString": parts, "Polygon": parts}.get(kind)
        if rings is None:
            rings = [ring for polygon in parts for ring in polygon]
        end = "" if "Line" in kind else "Z"
        return "".join(self._line(ring) + end for ring in rings)

    def _line(self, line: Sequence[Sequence[float]]) -> str:
        """Return a line as its first point and the steps from there, to a tenth: half as long as all its points."""
        (x, y), *points = ((round(10 * x), round(10 * y)) for x, y in (self.at(p[0], p[1]) for p in line))
        path = f"M{_tenths(x)},{_tenths(y)}"
        steps = []
        for other in points:
            if other != (x, y):
                steps += [_tenths(other[0] - x), _tenths(other[1] - y)]
                x, y = other
        return f"{path}l{_SPARE_BLANK.sub('', ' '.join(steps or ('0', '0')))}"


_SPARE_BLANK = re.compile(r" (?=-)|(?<=\.\d) (?=\.)")  # a sign, or a second point, begins the next number, too


def _tenths(number: int) -> str:
    """Write a number of tenths as short as it may stand in a path."""
    whole, tenth = divmod(abs(number), 10)
    text = f"{whole or ''}.{tenth}" if tenth else str(whole)
    return f"-{text}" if number < 0 else text


def draw_map(drawing: Drawing, data: Data) -> None:
    """Draw a map from its data; with ``live`` for a page whose script zooms, steps by day and chooses places."""
    ground = Ground(data["region"], drawing.width)
    background = list(data["background"])
    if not any(feature["kind"] == "country" for feature in background):
        background = [*countries_in(data["region"]), *background]
    clip = f"{drawing.name}-clip"
    drawing.parts.append(
        f'<clipPath id="{clip}"><rect width="{ground.width:.0f}" height="{ground.height:.0f}"/></clipPath>'
    )
    drawing.open_group(clip_path=f"url(#{clip})", class_="map", data_height=ground.height)
    _textures(drawing)
    drawing.rect(0, 0, ground.width, ground.height, fill="sea")
    drawing.open_group(class_="zoomed")
    _background(drawing, background, ground)
    drawing.open_group(class_="areas-layer")
    _areas(drawing, data, ground)
    drawing.close_group()
    _lines(drawing, background, ground)
    letters = _zones(drawing, data, ground)
    largest = max([place["people"] for place in data["places"]], default=0) or 1
    boxes: list[Box] = []
    marks = [(p, *ground.at(p["lon"], p["lat"]), _radius(p["people"], largest, drawing.width)) for p in data["places"]]
    marks = [m for m in marks if -m[3] < m[1] < ground.width + m[3] and -m[3] < m[2] < ground.height + m[3]]
    faint = "events" in data  # the people stand behind what is told of them
    for place, x, y, r in marks:
        _place(drawing, place, x, y, r, faint, live=bool(data.get("live")))
    boxes += [(x - r, y - r, x + r, y + r) for _, x, y, r in marks[:60]]
    events = event_marks(data.get("events", []), ground)
    if not data.get("live"):
        boxes += event_boxes(events, drawing.width)
    drawing.open_group(class_="labels", aria_hidden="true")
    _labels(drawing, marks, boxes, ground)
    _shaded_names(drawing, data, boxes, ground)
    _area_names(drawing, background, marks, boxes, ground, data.get("language", "en"))
    drawing.close_group()
    drawing.open_group(class_="events-layer")
    draw_events(drawing, events)
    drawing.close_group()
    drawing.close_group()
    _scale_bar(drawing, ground)
    drawing.close_group()
    drawing.height = _map_key(drawing, data, letters, largest, events, ground.height + 8)


def _textures(drawing: Drawing) -> None:
    """Ask for the textures of what is drawn again by day first, so that they have the same names each time."""
    drawing.texture("hatch", VIOLATED)
    drawing.texture("hatch", UNKNOWN)


def event_layers(data: Data, width: float, name: str = "map") -> dict[str, str]:
    """Return what changes from day to day, as `draw_map` has it: ``areas`` and ``events``, as markup.

    ``name`` is the id of the figure whose picture it goes into.
    """
    layers = {}
    ground = Ground(data["region"], width)
    for layer in ("areas", "events"):
        drawing = Drawing(width, "", name=f"{name}-{width:.0f}")
        _textures(drawing)
        if layer == "areas":
            _areas(drawing, data, ground)
        else:
            draw_events(drawing, event_marks(data["events"], ground))
        layers[layer] = "".join(drawing.parts)
    return layers


def _at(drawing: Drawing, x: float, y: float, **values: str | float | None) -> None:
    """Begin what stands at a point and keeps its size there; close it with two groups."""
    drawing.open_group(transform=f"translate({x:.1f},{y:.1f})", **values)
    drawing.open_group(class_="fix")


def _end(drawing: Drawing) -> None:
    drawing.close_group()
    drawing.close_group()


def _background(drawing: Drawing, background: Sequence[Data], ground: Ground) -> None:
    order = list(_OUTLINES)
    polygons = [feature for feature in background if "Line" not in feature["type"]]
    for feature in sorted(polygons, key=lambda f: order.index(f["kind"]) if f["kind"] in order else len(order)):
        fill, stroke, weight = _OUTLINES.get(feature["kind"], _OUTLINES["subdistrict"])
        drawing.mark(
            "path",
            d=ground.path(feature),
            fill=fill,
            fill_rule="evenodd",
            stroke=stroke,
            stroke_width=weight,
            stroke_dasharray="5 3" if feature["kind"] == "governorate" else None,
        )


def _lines(drawing: Drawing, background: Sequence[Data], ground: Ground) -> None:
    """Draw the rivers and roads of the case, above what is shaded."""
    for feature in background:
        if "Line" in feature["type"]:
            colour, weight = _LINES[feature["kind"]]
            path = ground.path(feature)
            drawing.mark("path", d=path, fill="none", stroke=colour, stroke_width=weight, title=feature["name"])


def _place(drawing: Drawing, place: Data, x: float, y: float, r: float, faint: bool, *, live: bool) -> None:
    people = f", {number(place['people'])} people" if place["people"] else ""
    off = f"; position within {number(place['km'])} km" if place["km"] >= 1 else ""
    local = f" {place['ar']}" if place.get("ar") else ""
    values: dict[str, str | float | None] = {"class_": "place"}
    if live:
        words = f"{place['name']}{people}"
        values |= {"data_place": place["id"], "role": "button", "tabindex": -1, "aria_label": words}
    _at(drawing, x, y, **values)
    drawing.mark(
        "path",
        d=symbol(place["shape"], math.pi * r * r),
        fill=NEUTRAL if place["people"] else "paper",
        fill_opacity=(0.3 if faint else 0.55) if place["people"] else 0.9,
        stroke="ink",
        stroke_width=0.5 if faint else 0.8,
        title=f"{place['name']}{local}{people}{off}",
    )
    _end(drawing)


# Events.


def event_marks(events: Iterable[Data], ground: Ground) -> list[dict[str, Any]]:
    """Return where the marks of events stand: each its own, or one for a spot where there are many.

    Each event has ``lon``, ``lat``, ``title`` and ``corroborated``; with ``n`` it stands for so many that are only
    counted. Of more than `MOST_MARKS` those at one spot are one mark, as large as they are many.
    """
    placed = []
    for event in events:
        x, y = ground.at(event["lon"], event["lat"])
        if 0 <= x <= ground.width and 0 <= y <= ground.height:
            placed.append({"n": 1, "area": False, "id": "", "place": "", **event, "x": x, "y": y})
    if len(placed) <= MOST_MARKS and all(e["n"] == 1 for e in placed):
        return _fanned(placed, 6.0 if ground.width < SMALL else 9.0)
    spots = _grouped(placed, lambda e: (round(e["x"], 1), round(e["y"], 1)))
    if len(spots) > (MOST_SPOTS if ground.width >= SMALL else MOST_SPOTS // 4):
        spots = _grouped(placed, lambda e: (int(e["x"] // CELL), int(e["y"] // CELL)))
    return spots


def _fanned(placed: list[dict[str, Any]], step: float) -> list[dict[str, Any]]:
    """Put events of one spot beside and above each other, five in a row."""
    nths: dict[tuple[int, int], int] = {}
    for event in placed:
        spot = (round(event["x"] / 8), round(event["y"] / 8))
        nth = nths[spot] = nths.get(spot, -1) + 1
        event["dx"], event["dy"] = step * (nth % 5) - step, -step - 3 - step * (nth // 5)
    return placed


def _grouped(placed: list[dict[str, Any]], spot_of: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
    groups: dict[Any, list[dict[str, Any]]] = {}
    for event in placed:
        groups.setdefault(spot_of(event), []).append(event)
    marks = []
    for some in groups.values():
        n = sum(e["n"] for e in some)
        solid = sum(e["n"] for e in some if e.get("corroborated"))
        x, y = (sum(e[k] * e["n"] for e in some) / n for k in ("x", "y"))
        alone = some[0] if n == 1 and len(some) == 1 else {}
        where = next((e["where"] for e in some if e.get("where")), "")
        words = f"{count(n, 'incident')}{f' at {where}' if where else ''}; corroborated: {solid}"
        marks.append(
            {
                "id": alone.get("id", ""),
                "place": some[0]["place"],
                "title": alone.get("title") or words,
                "corroborated": solid * 2 > n,
                "area": all(e["area"] for e in some),
                "n": n,
                "x": x,
                "y": y,
                "dx": 0.0,
                "dy": 0.0,
            }
        )
    return sorted(marks, key=lambda m: -m["n"])


def _event_areas(marks: Sequence[Data], width: float) -> list[float]:
    most = max([m["n"] for m in marks], default=1)
    plain = 64.0 if width < SMALL else 110.0
    return [plain if most == 1 else _size(m["n"], most, width) for m in marks]


def event_boxes(marks: Sequence[Data], width: float) -> list[Box]:
    """Return the room that marks of events take, which names keep free: they stand above the names."""
    boxes = []
    for m, area in zip(marks[:MOST_MARKS], _event_areas(marks, width), strict=False):
        x, y, r = m["x"] + m["dx"], m["y"] + m["dy"], 0.8 * area**0.5
        boxes.append((x - r, y - r, x + r, y + r))
    return boxes


def draw_events(drawing: Drawing, marks: Sequence[Data]) -> None:
    """Draw marks of events: solid where corroborated, hatched else; dashed where only an area is reported."""
    for m, area in zip(marks, _event_areas(marks, drawing.width), strict=True):
        values: dict[str, str | float | None] = {"class_": "event", "data_event": m["id"] or None}
        values["data_place"] = (m["place"] or None) if m["n"] > 1 else None
        _at(drawing, m["x"], m["y"], **values)
        move = f"translate({m['dx']:.0f},{m['dy']:.0f})" if m["dx"] or m["dy"] else ""
        drawing.mark(
            "path",
            d=symbol("triangle", area),
            transform=f"{move}rotate(180)",
            fill=VIOLATED if m.get("corroborated") else drawing.texture("hatch", VIOLATED),
            stroke="#1a1a1a",
            stroke_width=0.9,
            stroke_dasharray="2 2" if m["area"] else None,
            title=m["title"],
        )
        _end(drawing)


def _size(n: float, most: float, width: float) -> float:
    """Return the area of a mark of many: the largest is the same on every map."""
    return 30.0 + (420.0 if width < SMALL else 900.0) * n / most


def _radius(people: float, largest: float, width: float) -> float:
    return float(2.6 + (max(9.0, width / 46) - 2.6) * (max(people, 0) / largest) ** 0.5)


# Areas and zones.


def _shade(value: float | None, steps: Sequence[float]) -> str | None:
    if value is None:
        return None
    return SHADES[sum(value > step for step in steps)]


def _areas(drawing: Drawing, data: Data, ground: Ground) -> None:
    for area in data.get("areas", []):
        colour = _shade(area.get("value"), data["steps"])
        drawing.mark(
            "path",
            d=ground.path(area),
            fill=colour or drawing.texture("hatch", UNKNOWN),
            fill_rule="evenodd",
            fill_opacity=0.85,
            stroke="border",
            stroke_width=0.6,
            title=area["title"],
        )


def _shaded_names(drawing: Drawing, data: Data, boxes: list[Box], ground: Ground) -> None:
    """Name the ``data["named"]`` areas of the highest values, inside themselves and where nothing is covered."""
    from shapely.geometry import shape
    from shapely.validation import make_valid

    size = 10.0 if drawing.width < SMALL else 11.5
    areas = sorted((a for a in data.get("areas", []) if a.get("value")), key=lambda a: -a["value"])
    for area in areas[: data.get("named", 0)]:
        point = make_valid(shape({"type": area["type"], "coordinates": area["coordinates"]})).representative_point()
        x, y = ground.at(point.x, point.y)
        half = text_width(area["name"], size) / 2 + 1
        box = (x - half, y - size * 0.6, x + half, y + size * 0.5)
        inside = box[0] > 2 and box[2] < ground.width - 2 and box[1] > 2 and box[3] < ground.height - 26
        if inside and _free(box, boxes, -1):
            boxes.append(box)
            drawing.text(x, y + size / 3, area["name"], size, text_anchor="middle", class_="halo", fill="ink")


def _zones(drawing: Drawing, data: Data, ground: Ground) -> dict[str, str]:
    zones: Sequence[Data] = data["zones"]
    letters = {zone["id"]: "" for zone in zones if not zone["road"]}
    letters = {name: chr(65 + n % 26) for n, name in enumerate(letters)}
    lettered: set[str] = set()
    for zone in zones:
        drawing.open_group(
            class_="zone",
            data_from=zone.get("from"),
            data_until=zone.get("until"),
            display=None if zone.get("holds", True) else "none",
        )
        if zone["road"]:
            drawing.mark(
                "path",
                d=ground.path(zone),
                fill="none",
                stroke=ROAD,
                stroke_width=2.4,
                stroke_linejoin="round",
                title=zone["title"],
            )
            drawing.close_group()
            continue
        sure = zone["certainty"] == "certain"
        drawing.mark(
            "path",
            d=ground.path(zone),
            fill=ZONE,
            fill_opacity=0.16 if sure else 0.07,
            stroke=ZONE_EDGE,
            stroke_width=1,
            stroke_dasharray=None if sure else "2 3",
            title=zone["title"],
        )
        if zone["id"] not in lettered:
            lettered.add(zone["id"])
            ring = (zone["coordinates"] if zone["type"] == "Polygon" else zone["coordinates"][0])[0]
            points = [ground.at(*p[:2]) for p in ring]
            inside = [p for p in points if 8 < p[0] < ground.width - 8 and 14 < p[1] < ground.height - 8] or points
            slope = 0.2 if len(lettered) % 2 else -0.2
            x, y = min(inside, key=lambda p: p[1] - p[0] * slope)
            _at(drawing, x, y)
            letter = letters[zone["id"]]
            drawing.text(0, -3, letter, 12, font_weight=700, text_anchor="middle", class_="halo", fill="ink")
            _end(drawing)
        drawing.close_group()
    return letters


# Names.


def _free(box: Box, boxes: Sequence[Box], own: int = -1) -> bool:
    return not any(
        n != own and box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1] for n, b in enumerate(boxes)
    )


def _around(reach: float) -> list[tuple[float, float]]:
    return [(x, y) for y in (-reach / 2, reach / 2) for x in (reach, -reach)]


def _labels(drawing: Drawing, marks: Sequence[Any], boxes: list[Box], ground: Ground) -> None:
    """Name the largest places first, where nothing is covered: right, left, above, below, then a line's length away."""
    size = 10.0 if drawing.width < SMALL else 11.5
    most = 14 if drawing.width < SMALL else 46
    for number_, (place, x, y, r) in enumerate(marks):
        if number_ >= most:
            break
        w, gap = text_width(place["name"], size) + 2, r + 3
        tries = [
            (gap, size / 3, "start", x + gap),
            (-gap, size / 3, "end", x - gap - w),
            (0.0, -gap, "middle", x - w / 2),
            (0.0, gap + size * 0.8, "middle", x - w / 2),
        ]
        if number_ < 5:  # the largest are named even where it is crowded, with a line to their mark
            tries += [
                (dx, dy, "start" if dx > 0 else "end", x + dx - (0 if dx > 0 else w))
                for reach in (28, 44, 60)
                for dx, dy in _around(reach)
            ]
        for order, (dx, dy, anchor, left) in enumerate(tries):
            base = y + dy
            box = (left, base - size * 0.85, left + w, base + size * 0.25)
            if box[0] < 2 or box[2] > ground.width - 2 or box[1] < 2 or box[3] > ground.height - 26:
                continue
            if not _free(box, boxes, number_ if number_ < 60 else -1):
                continue
            boxes.append(box)
            _at(drawing, x, y)
            if order > 3:
                drawing.line(0, 0, dx, dy - size / 3, stroke="ink", stroke_width=0.7)
            drawing.text(dx, dy, place["name"], size, text_anchor=anchor, class_="halo", fill="ink")
            _end(drawing)
            break


def _area_names(
    drawing: Drawing,
    background: Sequence[Data],
    marks: Sequence[Any],
    boxes: list[Box],
    ground: Ground,
    language: str = "en",
) -> None:
    """Name a country or governorate once: at the point of a grid inside it that is farthest from every mark."""
    import numpy as np
    from shapely import contains_xy, prepare
    from shapely.geometry import shape
    from shapely.validation import make_valid

    named: set[tuple[str, str]] = set()
    part = np.arange(1, 24)
    xs, ys = (side.ravel() for side in np.meshgrid(ground.width * part / 24, ground.height * part / 24, indexing="ij"))
    away = np.full(xs.shape, 99.0 if not marks else np.inf)
    for mark in marks:
        np.minimum(away, np.abs(mark[1] - xs) / 2.2 + np.abs(mark[2] - ys), out=away)
    edge = np.minimum.reduce([xs / 2.2, (ground.width - xs) / 2.2, ys, ground.height - 26 - ys])
    for feature in background:
        if feature["kind"] not in ("country", "governorate") or (feature["kind"], feature["name"]) in named:
            continue
        outline = make_valid(shape({"type": feature["type"], "coordinates": feature["coordinates"]}))
        country = feature["kind"] == "country"
        name = local_name(feature["name"], language) if country else feature["name"]
        words = name.upper() if country else name
        size, spacing = (12.5, 3.0) if country else (11.0, 1.0)
        spacing = 0.0 if is_turned(words, "") else spacing  # Arabic letters join
        half = (text_width(words, size) + spacing * len(words)) / 2
        reach = half * 0.8  # a name stands on its own ground
        ends = np.stack([xs - reach, xs, xs + reach])
        lon = ground.west + ends / ground.squeeze / ground.scale
        prepare(outline)
        inside = contains_xy(outline, lon, np.broadcast_to(ground.north - ys / ground.scale, lon.shape)).all(axis=0)
        if not inside.any():
            continue
        room = np.where(inside, np.minimum(away, edge), -1.0)
        best = float(room.max()), float(xs[room.argmax()]), float(ys[room.argmax()])
        if best[0] < 14:
            continue
        box = (best[1] - half, best[2] - 12, best[1] + half, best[2] + 6)
        if box[0] < 2 or box[2] > ground.width - 2 or not _free(box, boxes):
            continue
        boxes.append(box)
        named.add((feature["kind"], feature["name"]))
        _at(drawing, best[1], best[2])
        drawing.text(
            0,
            0,
            words,
            size,
            text_anchor="middle",
            letter_spacing=spacing,
            font_style="italic",
            fill="name",
            class_="halo",
        )
        _end(drawing)


def _scale_bar(drawing: Drawing, ground: Ground) -> None:
    length = next(km for km in (500, 200, 100, 50, 20, 10, 5, 2, 1) if km <= ground.km / 4 or km == 1)
    wide = length / ground.km * ground.width
    y = ground.height - 12
    drawing.open_group(class_="scale-bar")
    drawing.mark("path", d=f"M12,{y - 4:.0f}V{y:.0f}H{12 + wide:.1f}V{y - 4:.0f}", fill="none", stroke="ink")
    drawing.text(18 + wide, y + 1, f"{length} km", 11, class_="halo", fill="ink")
    drawing.close_group()


# The key.


def _map_key(
    drawing: Drawing, data: Data, letters: Mapping[str, str], largest: float, events: Sequence[Data], y: float
) -> float:
    """Draw the key below the map: shapes, sizes, zones, shades; return where it ends."""
    x, say = 0.0, Words(data.get("language", "en"))

    def entry(words: str, paint: Callable[[float, float], None]) -> None:
        nonlocal x, y
        lines = wrap(words, 11, drawing.width - 26)
        width = 24 + max(text_width(line, 11) for line in lines) + 16
        if x and x + width > drawing.width:
            x, y = 0.0, y + 18
        paint(x + 10, y + 9)
        drawing.lines(x + 23, y + 13, lines, 11, fill="soft")
        y += 14.3 * (len(lines) - 1)
        x += width

    def mark(shape: str, area: float, fill: str, turn: str, opacity: float, cx: float, cy: float) -> None:
        move = f"translate({cx:.1f},{cy:.1f}){turn}"
        drawing.mark("path", d=symbol(shape, area), transform=move, fill=fill, fill_opacity=opacity, stroke="ink")

    opacity = 0.3 if "events" in data else 0.55
    for kind in data["kinds"]:
        entry(kind["label"], partial(mark, kind["shape"], 75, NEUTRAL, "", opacity))
    if data.get("events") or data.get("live"):
        for key, sure in (("map-claimed", False), ("map-corroborated", True)):
            fill = VIOLATED if sure else drawing.texture("hatch", VIOLATED)
            entry(say.say(key), partial(mark, "triangle", 90, fill, " rotate(180)", 1.0))
        most = max([m["n"] for m in events], default=1)
        if most > 1 and not data.get("live"):
            area = _size(most, most, 0)
            entry(
                say.say("map-largest", most),
                partial(mark, "triangle", area / 3, VIOLATED, " rotate(180)", 0.4),
            )
    zones = {zone["id"]: zone for zone in reversed(data["zones"]) if not zone["road"]}
    for name in letters:
        possible = any(z["id"] == name and z["certainty"] != "certain" for z in data["zones"])
        title = zones[name]["title"]
        words = str(say.say("map-zone-possible" if possible else "map-zone", letter=letters[name], title=title))

        def box(cx: float, cy: float, letter: str = letters[name]) -> None:
            drawing.rect(cx - 9, cy - 7, 18, 14, fill=ZONE, fill_opacity=0.2, stroke=ZONE_EDGE)
            drawing.text(cx, cy + 4, letter, 11, text_anchor="middle")

        entry(words, box)
    roads = list(dict.fromkeys(zone["title"] for zone in data["zones"] if zone["road"]))

    def stroke(colour: str, weight: float, cx: float, cy: float) -> None:
        drawing.line(cx - 9, cy, cx + 9, cy, stroke=colour, stroke_width=weight)

    if roads:
        entry(", ".join(roads), partial(stroke, ROAD, 2.4))
    for kind, (colour, weight) in _LINES.items():
        if any(feature["kind"] == kind and "Line" in feature["type"] for feature in data["background"]):
            entry(say.say(f"map-{kind}s"), partial(stroke, colour, weight))

    def shade(colour: str, cx: float, cy: float) -> None:
        drawing.rect(cx - 9, cy - 6, 18, 12, fill=colour, stroke="soft")

    for colour, words in zip(SHADES, data.get("shades", []), strict=False):
        entry(words, partial(shade, colour))
    if any(area.get("value") is None for area in data.get("areas", [])):
        entry(say.say("map-no-figure"), partial(shade, drawing.texture("hatch", UNKNOWN)))
    x, y = 0.0, y + 20 if x else y
    if any(place["people"] for place in data["places"]):
        for share in (1.0, 0.25):
            r = _radius(largest * share, largest, drawing.width)
            drawing.mark(
                "circle",
                cx=x + r + 1,
                cy=y + 14,
                r=r,
                fill=NEUTRAL,
                fill_opacity=opacity,
                stroke="ink",
                stroke_width=0.8,
            )
            words = f"{number(largest * share)} people"
            drawing.text(x + 2 * r + 8, y + 18, words, 11, fill="soft")
            x += 2 * r + 8 + text_width(words, 11) + 18
        if not all(place["people"] for place in data["places"]):
            drawing.text(x, y + 18, "white: no figure", 11, fill="soft")
        y += 34
    return y
