"""Figures drawn once, as SVG: a page, a report, a docx, a PDF and a file show the same picture.

A figure is the plain dict of :mod:`standoff.views.charts`; ``drawing_of`` makes a `Drawing` of a width from it.
Pages hold two widths, for wide and narrow screens, and show the one that fits: no script draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from standoff.errors import StandoffError
from standoff.text.sentences import day, number, percent, percents
from standoff.views.charts import DUE, INK, NEUTRAL, VIOLATED, Figure
from standoff.views.drawing import Drawing, Scale, day_ticks, symbol, text_width, wrap
from standoff.views.timeline import paint_timeline
from standoff.views.world import countries_in

WIDE, NARROW = 720.0, 360.0
SMALL = 560.0  # below this width names stand above their strips
Data = Mapping[str, Any]


Link = Callable[[str, str], str]


def in_page(kind: str, name: str) -> str:
    """Return where a report tells of a record: further down."""
    return f"#{kind}-{name}"


def drawing_of(figure: Figure, width: float = WIDE, link: Link | None = in_page) -> Drawing:
    """Return the picture of a figure at a width in pixels; ``link`` gives the address of a commitment or dispute.

    Raises StandoffError for a kind of figure that has no picture.
    """
    painter = _KINDS.get(figure["kind"])
    if painter is None:
        raise StandoffError.of(f"a figure of kind {figure['kind']!r} cannot be drawn", expected=", ".join(_KINDS))
    drawing = Drawing(width, figure["title"], name=f"{figure['id']}-{width:.0f}".replace(":", "-"))
    painter(drawing, {**figure["data"], "link": link or (lambda kind, name: "")})
    drawing.height = max(drawing.height, 1.0)
    return drawing


def both(figure: Figure, link: Link | None = in_page) -> tuple[str, str]:
    """Return the picture for wide and for narrow screens, as markup for a page that shows one of them."""
    return drawing_of(figure, WIDE, link).svg(), drawing_of(figure, NARROW, link).svg()


def svg_file(figure: Figure, width: float = WIDE) -> str:
    """Return the picture as a file of its own, with its title above and its source below."""
    body = drawing_of(figure, width, None)
    margin = 14.0
    frame = Drawing(width + 2 * margin, figure["title"], name=f"{figure['id']}-file")
    y = frame.lines(margin, margin + 16, wrap(figure["title"], 16, width, bold=True), 16, font_weight=700) + 2
    frame.open_group(transform=f"translate({margin:.0f},{y:.1f})")
    frame.parts += body.parts
    frame.close_group()
    frame.textures = dict(body.textures)
    note = f"Source: {figure['source']}. As of {figure['as_of']}. {figure['n']}."
    y = frame.lines(margin, y + body.height + 18, wrap(note, 11, width), 11, fill="soft")
    frame.height = y + margin - 8
    return frame.svg(alone=True)


# Strips: one line for each share or difference, with its range; name, strip, words.


def _strip_columns(width: float) -> tuple[float, float, float]:
    """Return where strips start, where they end, and where their words start."""
    if width < SMALL:
        return 0.0, width * 0.42, width * 0.42 + 10
    return width * 0.36, width * 0.66, width * 0.66 + 12


def _strip_scale(drawing: Drawing, y: float) -> float:
    start, end, _ = _strip_columns(drawing.width)
    scale = Scale(0, 1, start + 6, end - 6)
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        drawing.text(scale.at(share), y + 10, percent(share) if share else "0", 11, fill="soft", text_anchor=anchor)
    return y + 16


def _strip_title(drawing: Drawing, y: float, title: str, link: str = "") -> float:
    drawing.line(0, y + 2, drawing.width, y + 2)
    if link:
        drawing.open_link(link)
    y = drawing.lines(0, y + 18, wrap(title, 13, drawing.width, bold=True), 13, font_weight=600)
    if link:
        drawing.close_link()
    return y - 8


def _strip(drawing: Drawing, y: float, name: str, words: str, paint: Callable[[float], None]) -> float:
    """Draw one line: the name, whatever ``paint`` draws around the middle of the line, the words."""
    start, _, side = _strip_columns(drawing.width)
    narrow = drawing.width < SMALL
    if name and narrow:
        y = drawing.lines(0, y + 12, wrap(name, 11.5, drawing.width), 11.5, fill="soft") - 12
    names = [] if narrow or not name else wrap(name, 11.5, start - 10, 3)
    said = wrap(words, 11.5, drawing.width - side, 4)
    middle = y + 9
    drawing.lines(0, middle + 4, names, 11.5)
    paint(middle)
    drawing.lines(side, middle + 4, said, 11.5)
    return y + max(18.0, 15 * max(len(names), len(said)) + 3)


def _range(drawing: Drawing, scale: Scale, middle: float, row: Data) -> None:
    """Draw the range of a row as a broad line, around which the dot stands."""
    low, high = scale.at(row["low"]), scale.at(row["high"])
    drawing.line(low, middle, high, middle, stroke=NEUTRAL, stroke_width=5, opacity=0.45)


def _share(drawing: Drawing, row: Data, middle: float) -> None:
    start, end, _ = _strip_columns(drawing.width)
    scale = Scale(0, 1, start + 6, end - 6)
    drawing.line(start + 6, middle, end - 6, middle)
    for mark in (0, 0.5, 1):
        drawing.line(scale.at(mark), middle - 4, scale.at(mark), middle + 4)
    if row.get("low") is not None:
        _range(drawing, scale, middle, row)
    else:
        drawing.rect(start + 6, middle - 4, scale.at(row["p"]) - start - 6, 8, fill=NEUTRAL, opacity=0.45)
    drawing.mark("circle", cx=scale.at(row["p"]), cy=middle, r=4.5, fill=NEUTRAL, stroke="ink", stroke_width=0.6)


def _outlook(drawing: Drawing, data: Data) -> None:
    y = _strip_scale(drawing, 0)
    outcomes: dict[str, list[Data]] = {}
    for point in data["points"]:
        outcomes.setdefault(point["outcome"], []).append(point)
    for rows in outcomes.values():
        y = _strip_title(drawing, y, rows[0]["title"])
        for row in rows:
            name = data["accounts"][row["account"]]
            y = _strip(drawing, y, name, row["words"], partial(_share, drawing, row))
    drawing.height = y


def _breaks(drawing: Drawing, data: Data) -> None:
    y = _strip_scale(drawing, 0)
    for commitment in data["commitments"]:
        y = _strip_title(drawing, y, commitment["title"], data["link"]("commitment", commitment["id"]))
        for point in data["points"]:
            if point["commitment"] == commitment["id"]:
                row = {"p": point["share"]}
                y = _strip(
                    drawing,
                    y,
                    data["accounts"][point["account"]],
                    percent(point["share"]),
                    partial(_share, drawing, row),
                )
    drawing.height = y


def _matters(drawing: Drawing, data: Data) -> None:
    y = _strip_scale(drawing, 0)
    for point in data["points"]:
        y = _strip_title(drawing, y, point["question"], data["link"]("dispute", point["dispute"]))
        words = f"{percent(point['share'])} ({percents(point['low'], point['high'])})"
        if point["top"] >= 0.01:
            words += f"; largest in {percent(point['top'])} of resamples"
        row = {"p": point["share"], "low": point["low"], "high": point["high"]}
        y = _strip(drawing, y, "", words, partial(_share, drawing, row))
    drawing.height = y


def _differences(drawing: Drawing, data: Data) -> None:
    start, end, _ = _strip_columns(drawing.width)
    tops = {"share": 0.02, "people": 1.0}
    for group in data["groups"]:
        reach = max(max(abs(point["low"]), abs(point["high"])) for point in group["points"])
        tops[group["unit"]] = max(tops[group["unit"]], reach)
    still = [group["title"] for group in data["groups"] if all(point["same"] for point in group["points"])]
    y = 0.0
    for group in data["groups"]:
        if group["title"] in still:
            continue
        top = tops[group["unit"]]
        scale = Scale(-top, top, start + 7, end - 7)
        y = _strip_title(drawing, y, group["title"])
        for point in group["points"]:

            def paint(middle: float, scale: Scale = scale, point: Data = point) -> None:
                drawing.line(scale.start, middle, scale.end, middle)
                drawing.line(scale.at(0), middle - 8, scale.at(0), middle + 8, stroke="ink")
                _range(drawing, scale, middle, point)
                drawing.mark(
                    "circle",
                    cx=scale.at(point["mean"]),
                    cy=middle,
                    r=4.5,
                    fill=NEUTRAL if point["clear"] else "paper",
                    stroke="ink" if point["clear"] else NEUTRAL,
                    stroke_width=0.6 if point["clear"] else 1.6,
                )

            y = _strip(drawing, y, data["accounts"][point["account"]], point["text"], paint)
    notes = []
    if still:
        notes.append(f"The same in every run of every account: {'; '.join(still)}.")
    if len(still) < len(data["groups"]):
        notes.append("Upright line: no difference. Filled: the interval leaves out zero. Hollow: it does not.")
    drawing.height = _notes(drawing, y, notes)


def _shifts(drawing: Drawing, data: Data) -> None:
    start, end, _ = _strip_columns(drawing.width)
    top = max((abs(point["change"]) for point in data["points"]), default=1.0) or 1.0
    scale = Scale(-top, top, start + 4, end - 4)
    y = 0.0
    for point in data["points"]:
        change = point["change"]

        def paint(middle: float, change: float = change) -> None:
            left, right = sorted((scale.at(0), scale.at(change)))
            drawing.rect(left, middle - 5, right - left, 10, fill=NEUTRAL if change > 0 else "paper", stroke=NEUTRAL)
            drawing.line(scale.at(0), middle - 8, scale.at(0), middle + 8, stroke="ink")

        words = f"{'+' if change > 0 else '−'}{number(abs(change))} people"
        y = _strip(drawing, y, point["place"], words, paint)
    drawing.height = _notes(drawing, y, ["Filled: more people arrive than in the base scenario. Hollow: fewer."])


def _notes(drawing: Drawing, y: float, notes: Sequence[str]) -> float:
    for note in notes:
        y = drawing.lines(0, y + 16, wrap(note, 11, drawing.width), 11, fill="soft") - 11
    return y + 4


# Panels: the same axes for every account.


def _panels(
    drawing: Drawing, panels: Sequence[Data], height: float, paint: Callable[[float, float, float, Data], None]
) -> float:
    """Draw each panel with its title, two beside each other where there is room; return where they end."""
    across = 2 if len(panels) > 1 and drawing.width >= SMALL else 1
    gap = 20.0
    width = (drawing.width - gap * (across - 1)) / across
    y = 0.0
    for first in range(0, len(panels), across):
        row = panels[first : first + across]
        titles = [wrap(panel["title"], 12.5, width, bold=True) for panel in row]
        head = max(len(lines) for lines in titles) * 16.5 + 4
        for number_, panel in enumerate(row):
            x = number_ * (width + gap)
            drawing.lines(x, y + 13, titles[number_], 12.5, font_weight=600)
            paint(x, y + head, width, panel)
        y += head + height + 8
    return y


def _time_axis(drawing: Drawing, scale: Scale, first: date, y: float, most: int) -> None:
    last = first + timedelta(days=round(scale.high))
    drawing.line(scale.start, y, scale.end, y, stroke="soft")
    for tick, words in day_ticks(first, last, most):
        x = scale.at((tick - first).days)
        drawing.line(x, y, x, y + 4, stroke="soft")
        half = text_width(words, 11) / 2
        anchor = "start" if x - half < scale.start - 30 else "end" if x + half > scale.end + 8 else "middle"
        drawing.text(x, y + 16, words, 11, fill="soft", text_anchor=anchor)


def _fan(drawing: Drawing, data: Data) -> None:
    panels = data["panels"]
    observed = data.get("observed", [])

    def highest(some: Sequence[Data]) -> float:
        earlier = [value for panel in some for _, value in panel.get("past", ())]
        points = [point[5] for panel in some for point in panel["points"]]
        return max([*points, *earlier, *(o["value"] for o in observed)], default=1) or 1

    height = 230.0 if drawing.width >= SMALL else 200.0
    unit = str(data.get("unit", ""))

    def paint(x: float, y: float, width: float, panel: Data) -> None:
        points, past = panel["points"], panel.get("past", ())
        top = highest([panel] if data.get("apart") else panels)
        first = date.fromisoformat(past[0][0] if past else points[0][0])
        days = [(date.fromisoformat(point[0]) - first).days for point in points]
        left = x + max(text_width(number(tick), 11) for tick in Scale(0, top, 0, 1).ticks(4)) + 10
        across = Scale(0, max(days[-1], 1), left, x + width - 4)
        up = Scale(0, top, y + height - 26, y + 18)
        drawing.text(x, y + 8, unit, 11, fill="soft")
        for tick in up.ticks(4):
            drawing.line(left, up.at(tick), across.end, up.at(tick))
            drawing.text(left - 6, up.at(tick) + 4, number(tick), 11, fill="soft", text_anchor="end")
        for low, high, strength in ((1, 5, 0.18), (2, 4, 0.35)):
            edge = [f"{across.at(d):.1f},{up.at(p[high]):.1f}" for d, p in zip(days, points, strict=True)]
            back = [f"{across.at(d):.1f},{up.at(p[low]):.1f}" for d, p in zip(days, points, strict=True)]
            drawing.mark("path", d=f"M{'L'.join(edge + back[::-1])}Z", fill=NEUTRAL, fill_opacity=strength)
        middle = "L".join(f"{across.at(d):.1f},{up.at(p[3]):.1f}" for d, p in zip(days, points, strict=True))
        drawing.mark("path", d=f"M{middle}", fill="none", stroke=NEUTRAL, stroke_width=2.2)
        for day_, value in past:
            before = across.at((date.fromisoformat(day_) - first).days)
            drawing.mark("circle", cx=before, cy=up.at(value), r=2.2, fill="ink", title=f"{day_}: {value:,.0f}")
        for point in observed:
            x_of = across.at((date.fromisoformat(str(point["date"])) - first).days)
            said = f"{point['title']}: {number(point['value'])}"
            drawing.mark("circle", cx=x_of, cy=up.at(point["value"]), r=3.2, fill="ink", title=said)
        _time_axis(drawing, across, first, y + height - 26, 3 if width < 420 else 6)

    y = _panels(drawing, panels, height, paint)
    notes = ["Line: median. Dark band: half of the runs. Light band: 90 % of the runs."]
    if data.get("key"):
        notes = [str(data["key"])]
    if observed:
        notes.append("Black dots: reported by humanitarian sources, same measure; not used by the run.")
    drawing.height = _notes(drawing, y - 8, notes)


def _stack(values: Sequence[float], scale: Scale, size: float, mark: float) -> list[tuple[float, int, float]]:
    """Return dots (value, level, x): columns stand from the mark outwards; what equals the mark is on it."""
    columns: dict[float, int] = {}
    half = 0.0 if mark in values else 0.5
    dots = []
    for value in sorted(values):
        away = (scale.at(value) - scale.at(mark)) / size
        side = (value > mark) - (value < mark)
        column = side * max(1 - half, round(abs(away) + half) - half) if side else 0.0
        level = columns.get(column, 0)
        columns[column] = level + 1
        dots.append((value, level, scale.at(mark) + column * size))
    return dots


def _dots(drawing: Drawing, data: Data) -> None:
    panels, mark, signed = data["panels"], data["mark"], bool(data.get("signed"))
    values = [value for panel in panels for value in panel["values"]] + [mark]
    low, high = min(values), max(values)
    if signed and low == high == 0:
        drawing.height = _notes(drawing, 0, ["In every run as many people are displaced as in the base scenario."])
        return
    if low == high:
        low, high = low - 1, high + 1
    across = 2 if len(panels) > 1 and drawing.width >= SMALL else 1
    width = (drawing.width - 20 * (across - 1)) / across
    ends = Scale(low, high, 26, width - max(26.0, 4.0 * len(number(high))))
    size = max(9.0, min(17.0, width / 26))
    room = ends.at(mark) - ends.start
    if not signed and room >= size:
        size = room / -(-room // size)
    stacks = [_stack(panel["values"], ends, size, mark) for panel in panels]
    if max(level for dots in stacks for _, level, _ in dots) >= 10:
        size = 9.0
        stacks = [_stack(panel["values"], ends, size, mark) for panel in panels]
    height = (max(level for dots in stacks for _, level, _ in dots) + 1) * size + 54
    titled = []
    for panel, dots in zip(panels, stacks, strict=True):
        over = sum(value > mark for value in panel["values"])
        under = sum(value < mark for value in panel["values"])
        way = "no change in any"
        if over or under:
            way = f"more in {over} of 20" if over >= under else f"fewer in {under} of 20"
        words = way if signed else f"more than {number(mark)} in {over} of 20"
        titled.append({"title": f"{panel['title']}: {words}", "dots": dots})

    def paint(x: float, y: float, width: float, panel: Data) -> None:
        floor = y + height - 36
        at = x + ends.at(mark)
        drawing.line(at, y + 14, at, floor, stroke="ink", stroke_dasharray="4 3")
        anchor = "end" if ends.at(mark) > width - 60 else "start" if ends.at(mark) < 60 else "middle"
        drawing.text(at, y + 10, "no change" if signed else number(mark), 11, fill="soft", text_anchor=anchor)
        for value, level, place in panel["dots"]:
            drawing.mark(
                "circle",
                cx=x + place,
                cy=floor - size / 2 - 1 - level * size,
                r=size / 2 - 1,
                fill=NEUTRAL if value > mark else "paper",
                stroke=NEUTRAL,
                stroke_width=1.6,
            )
        drawing.line(x + ends.start, floor, x + ends.end, floor, stroke="soft")
        for tick in ends.ticks(3 if width < 420 else 5):
            drawing.line(x + ends.at(tick), floor, x + ends.at(tick), floor + 4, stroke="soft")
            drawing.text(x + ends.at(tick), floor + 16, number(tick), 11, fill="soft", text_anchor="middle")
        drawing.text(x + width, floor + 32, str(data["unit"]), 11, fill="soft", text_anchor="end")

    y = _panels(drawing, titled, height, paint)
    key = "more people displaced than in the base scenario" if signed else f"more than {number(mark)}"
    drawing.height = _notes(drawing, y - 8, [f"Filled: {key}. Hollow: as many or fewer."])


# The ledger: one lane for each version of a commitment.


def _ledger(drawing: Drawing, data: Data) -> None:
    looks = {look["id"]: look for look in data["looks"]}
    y = _looks(drawing, data["looks"])
    wide = drawing.width >= SMALL
    left = drawing.width * 0.44 if wide else 0.0
    first = min(date.fromisoformat(bar["from"]) for lane in data["lanes"] for bar in lane["bars"])
    until = date.fromisoformat(data["until"])
    scale = Scale(0, max((until - first).days, 1), left, drawing.width - 1)
    _time_axis(drawing, scale, first, y + 4, 3 if drawing.width < SMALL else 5)
    y += 26
    start_of_lanes = y
    before = ""
    for lane in data["lanes"]:
        detail = "; ".join(filter(None, [lane["instances"], "" if lane["told"] == "all accounts" else lane["told"]]))
        room = left - 12 if wide else drawing.width
        title = f"{'Threat: ' if lane['adverse'] else ''}{lane['title']}"
        names = wrap(title, 12, room) if lane["commitment"] != before else []
        details = wrap(detail, 10.5, room, 3) if detail else []
        if names and before:
            drawing.line(0, y, drawing.width, y)
            y += 3
        top = y
        if names:
            drawing.open_link(data["link"]("commitment", lane["commitment"]))
            y = drawing.lines(0, y + 12, names, 12) - 12
            drawing.close_link()
        if details:
            y = drawing.lines(0, y + 11, details, 10.5, fill="soft") - 11
        bar_top = top + 1 if wide else y + 2
        drawing.line(left, bar_top + 7, drawing.width, bar_top + 7)
        for bar in lane["bars"]:
            look = looks[bar["look"]]
            start = scale.at((date.fromisoformat(bar["from"]) - first).days)
            end = scale.at((date.fromisoformat(bar["to"]) - first).days + 1)
            drawing.rect(
                start,
                bar_top,
                max(2.5, end - start),
                14,
                fill=drawing.texture(look["texture"], look["colour"]),
                stroke=look["colour"] if look["texture"] == "outline" else "ink",
                stroke_width=0.5,
                title=f"{look['label']}: {day(bar['from'])} to {day(bar['to'])}",
            )
        y = max(y + 4, bar_top + 18) if wide else bar_top + 20
        before = lane["commitment"]
    on = date.fromisoformat(data["on"]) if data.get("on") else None
    if on and first <= on <= until:
        at = scale.at((on - first).days)
        drawing.line(at, start_of_lanes, at, y, stroke="ink", stroke_width=1.6)
        y = _notes(drawing, y, [f"Upright line: {day(on)}."])
    drawing.height = y


def _looks(drawing: Drawing, looks: Sequence[Data]) -> float:
    x, y = 0.0, 0.0
    for look in looks:
        words = wrap(look["label"], 11, drawing.width - 34)
        width = 32 + max(text_width(line, 11) for line in words) + 14
        if x and x + width > drawing.width:
            x, y = 0.0, y + 18
        drawing.rect(
            x + 0.5,
            y + 0.5,
            25,
            13,
            fill=drawing.texture(look["texture"], look["colour"]),
            stroke=look["colour"] if look["texture"] == "outline" else "ink",
            stroke_width=0.5,
        )
        drawing.lines(x + 31, y + 11, words, 11, fill="soft")
        y += 14.3 * (len(words) - 1)
        x += width
    return y + 26


# Counts: columns by day, and bars by area.


def _columns(drawing: Drawing, data: Data) -> None:
    """Days as columns in layers; ``layers`` is [{label, colour, texture}], ``days`` [[date, count of each layer]]."""
    days = data["days"]
    base: float
    first = date.fromisoformat(days[0][0])
    length = (date.fromisoformat(days[-1][0]) - first).days + 1
    most = max(sum(row[1:]) for row in days) or 1
    y = _looks(drawing, data["layers"]) if len(data["layers"]) > 1 else 4.0
    height = 120.0
    left = text_width(number(most), 11) + 10
    across, up = Scale(0, length, left, drawing.width - 4), Scale(0, most, y + height, y + 4)
    for tick in [t for t in up.ticks(3) if t == int(t)]:
        drawing.line(left, up.at(tick), across.end, up.at(tick))
        drawing.text(left - 6, up.at(tick) + 4, number(tick), 11, fill="soft", text_anchor="end")
    step = (across.end - across.start) / length
    for row in days:
        at: float = (date.fromisoformat(row[0]) - first).days
        base = 0.0
        for layer, value in zip(data["layers"], row[1:], strict=True):
            if value:
                paint = drawing.texture(layer["texture"], layer["colour"])
                top, wide = up.at(base + value), max(step - (1 if step > 3 else 0), 0.6)
                words = f"{day(row[0])}: {number(value)} {layer['label']}"
                drawing.rect(across.at(at), top, wide, up.at(base) - top, fill=paint, title=words)
            base += value
    for mark in data.get("marks", []):
        at = across.at((date.fromisoformat(mark["date"]) - first).days)
        drawing.line(at, y, at, y + height, stroke="ink", stroke_dasharray="4 3")
        late = at + 3 + text_width(mark["label"], 10.5) > drawing.width
        drawing.text(at + (-3 if late else 3), y + 9, mark["label"], 10.5, fill="soft",
                     text_anchor="end" if late else None, class_="halo")  # fmt: skip
    _time_axis(drawing, across, first, y + height, 3 if drawing.width < SMALL else 6)
    drawing.height = y + height + 22


def _bars(drawing: Drawing, data: Data) -> None:
    """Areas with their count now (filled) and in the period before (outline)."""
    rows = data["rows"]
    most = max([max(row["now"], row.get("before") or 0) for row in rows], default=1) or 1
    start, end, _ = _strip_columns(drawing.width)
    scale = Scale(0, most, start + 2, end)
    y = 0.0
    for row in rows:

        def paint(middle: float, row: Data = row) -> None:
            if row.get("before") is not None:
                drawing.rect(start + 2, middle - 6, scale.at(row["before"]) - start - 2, 12, fill="none", stroke="soft")
            drawing.rect(start + 2, middle - 3.5, scale.at(row["now"]) - start - 2, 7, fill=NEUTRAL)

        y = _strip(drawing, y, row["name"], row["words"], paint)
    drawing.height = _notes(drawing, y, [data["key"]] if data.get("key") else [])


def _ranges(drawing: Drawing, data: Data) -> None:
    """Areas with what is expected: a dot, an 80 % range, and a small upright line for what is usual."""
    rows = data["rows"]
    most = max([max(row["high"], row.get("usual") or 0) for row in rows], default=1) or 1
    start, end, _ = _strip_columns(drawing.width)
    scale = Scale(0, most, start + 6, end - 6)
    y = 0.0
    for row in rows:

        def paint(middle: float, row: Data = row) -> None:
            drawing.line(scale.start, middle, scale.end, middle)
            _range(drawing, scale, middle, row)
            if row.get("usual") is not None:
                drawing.line(
                    scale.at(row["usual"]),
                    middle - 7,
                    scale.at(row["usual"]),
                    middle + 7,
                    stroke="ink",
                    stroke_width=1.5,
                )
            drawing.mark(
                "circle", cx=scale.at(row["middle"]), cy=middle, r=4.5, fill=NEUTRAL, stroke="ink", stroke_width=0.6
            )

        y = _strip(drawing, y, row["name"], row["words"], paint)
    drawing.height = _notes(drawing, y, [data["key"]] if data.get("key") else [])


# The map.


class _Ground:
    """Equirectangular with the region's own scale, good to a per mille over two degrees."""

    def __init__(self, region: Sequence[float], width: float) -> None:
        import math

        self.west, south, east, self.north = region
        self.squeeze = math.cos(math.radians((south + self.north) / 2))
        self.scale = width / ((east - self.west) * self.squeeze)
        self.width, self.height = width, round((self.north - south) * self.scale)
        self.km = (east - self.west) * 111.32 * self.squeeze

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale

    def path(self, shape: Data) -> str:
        kind, parts = shape["type"], shape["coordinates"]
        rings = {"LineString": [parts], "MultiLineString": parts, "Polygon": parts}.get(kind)
        if rings is None:
            rings = [ring for polygon in parts for ring in polygon]
        end = "" if "Line" in kind else "Z"
        return "".join("M" + "L".join(self._point(p) for p in ring) + end for ring in rings)

    def _point(self, point: Sequence[float]) -> str:
        x, y = self.at(point[0], point[1])
        return f"{x:.1f},{y:.1f}"


_OUTLINES = {
    "country": ("#f7f5f0", "#8d8678", 1.2),
    "governorate": ("none", "#b5ae9f", 0.7),
    "subdistrict": ("none", "#d3cdc0", 0.4),
}
SEA, ZONE, ZONE_EDGE, ROAD = "#dfe9ef", "#8c7b4a", "#6f6136", "#7a6a55"
_SHADES = ("#e8f1f7", "#bcd7e8", "#86b8d6", "#4a93c0", "#0072B2")  # of areas, light to dark: readable in grey


def _map(drawing: Drawing, data: Data) -> None:
    ground = _Ground(data["region"], drawing.width)
    background = list(data["background"])
    if not any(feature["kind"] == "country" for feature in background):
        background = [*countries_in(data["region"]), *background]
    clip = f"{drawing.name}-clip"
    drawing.parts.append(
        f'<clipPath id="{clip}"><rect width="{ground.width:.0f}" height="{ground.height:.0f}"/></clipPath>'
    )
    drawing.open_group(clip_path=f"url(#{clip})", class_="map")
    drawing.rect(0, 0, ground.width, ground.height, fill=SEA)
    order = list(_OUTLINES)
    for feature in sorted(background, key=lambda f: order.index(f["kind"]) if f["kind"] in order else len(order)):
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
    _areas(drawing, data, ground)
    letters = _zones(drawing, data["zones"], ground)
    largest = max([place["people"] for place in data["places"]], default=0) or 1
    boxes: list[tuple[float, float, float, float]] = []
    marks = [(p, *ground.at(p["lon"], p["lat"]), _radius(p["people"], largest, drawing.width)) for p in data["places"]]
    marks = [m for m in marks if -m[3] < m[1] < ground.width + m[3] and -m[3] < m[2] < ground.height + m[3]]
    for place, x, y, r in marks:
        people = f", {number(place['people'])} people" if place["people"] else ""
        off = f"; position within {number(place['km'])} km" if place["km"] >= 1 else ""
        drawing.mark(
            "path",
            d=symbol(place["shape"], 3.1416 * r * r),
            transform=f"translate({x:.1f},{y:.1f})",
            fill=NEUTRAL if place["people"] else "#ffffff",
            fill_opacity=0.55 if place["people"] else 0.9,
            stroke=INK,
            stroke_width=0.8,
            title=f"{place['name']}{people}{off}",
        )
    for event in data.get("events", []):
        x, y = ground.at(event["lon"], event["lat"])
        sure = event.get("corroborated")
        drawing.mark(
            "path",
            d=symbol("triangle", 90 * event.get("size", 1)),
            stroke=INK,
            stroke_width=0.8,
            transform=f"translate({x:.1f},{y:.1f}) rotate(180)",
            title=event["title"],
            fill=VIOLATED if sure else drawing.texture("hatch", VIOLATED),
        )
    boxes += [(x - r, y - r, x + r, y + r) for _, x, y, r in marks[:60]]
    _labels(drawing, marks, boxes, ground)
    _area_names(drawing, background, marks, boxes, ground)
    _scale_bar(drawing, ground)
    drawing.close_group()
    drawing.height = _map_key(drawing, data, letters, largest, ground.height + 8)


def _radius(people: float, largest: float, width: float) -> float:
    return float(2.6 + (max(9.0, width / 46) - 2.6) * (max(people, 0) / largest) ** 0.5)


def _shade(value: float | None, steps: Sequence[float]) -> str | None:
    if value is None:
        return None
    return _SHADES[sum(value > step for step in steps)]


def _areas(drawing: Drawing, data: Data, ground: _Ground) -> None:
    for area in data.get("areas", []):
        colour = _shade(area.get("value"), data["steps"])
        drawing.mark(
            "path",
            d=ground.path(area),
            fill=colour or drawing.texture("hatch", "#c9c9c9"),
            fill_rule="evenodd",
            stroke="#8d8678",
            stroke_width=0.6,
            title=area["title"],
        )


def _zones(drawing: Drawing, zones: Sequence[Data], ground: _Ground) -> dict[str, str]:
    letters = {zone["id"]: "" for zone in zones if not zone["road"]}
    letters = {name: chr(65 + n % 26) for n, name in enumerate(letters)}
    lettered: set[str] = set()
    for zone in zones:
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
            drawing.text(
                x, y - 3, letters[zone["id"]], 12, font_weight=700, text_anchor="middle", class_="halo", fill=INK
            )
    return letters


def _free(
    box: tuple[float, float, float, float], boxes: Sequence[tuple[float, float, float, float]], own: int = -1
) -> bool:
    return not any(
        n != own and box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1] for n, b in enumerate(boxes)
    )


def _around(reach: float) -> list[tuple[float, float]]:
    return [(x, y) for y in (-reach / 2, reach / 2) for x in (reach, -reach)]


def _labels(
    drawing: Drawing, marks: Sequence[Any], boxes: list[tuple[float, float, float, float]], ground: _Ground
) -> None:
    """Name the largest places first, where nothing is covered: right, left, above, below, then a line's length away."""
    size = 10.0 if drawing.width < SMALL else 11.5
    most = 14 if drawing.width < SMALL else 46
    for number_, (place, x, y, r) in enumerate(marks):
        if number_ >= most:
            break
        w, gap = text_width(place["name"], size) + 2, r + 3
        tries = [
            (x + gap, y + size / 3, "start", x + gap),
            (x - gap, y + size / 3, "end", x - gap - w),
            (x, y - gap, "middle", x - w / 2),
            (x, y + gap + size * 0.8, "middle", x - w / 2),
        ]
        if number_ < 5:  # the largest are named even where it is crowded, with a line to their mark
            tries += [
                (x + dx, y + dy, "start" if dx > 0 else "end", x + dx - (0 if dx > 0 else w))
                for reach in (28, 44, 60)
                for dx, dy in _around(reach)
            ]
        for order, (at, base, anchor, left) in enumerate(tries):
            box = (left, base - size * 0.85, left + w, base + size * 0.25)
            if box[0] < 2 or box[2] > ground.width - 2 or box[1] < 2 or box[3] > ground.height - 26:
                continue
            if not _free(box, boxes, number_ if number_ < 60 else -1):
                continue
            boxes.append(box)
            if order > 3:
                drawing.line(x, y, at, base - size / 3, stroke=INK, stroke_width=0.7)
            drawing.text(at, base, place["name"], size, text_anchor=anchor, class_="halo", fill=INK)
            break


def _area_names(
    drawing: Drawing,
    background: Sequence[Data],
    marks: Sequence[Any],
    boxes: list[tuple[float, float, float, float]],
    ground: _Ground,
) -> None:
    """Name a country or governorate once: at the point of a grid inside it that is farthest from every mark."""
    from shapely import contains_xy
    from shapely.geometry import shape
    from shapely.validation import make_valid

    named: set[tuple[str, str]] = set()
    for feature in background:
        if feature["kind"] == "subdistrict" or (feature["kind"], feature["name"]) in named:
            continue
        outline = make_valid(shape({"type": feature["type"], "coordinates": feature["coordinates"]}))
        country = feature["kind"] == "country"
        words = feature["name"].upper() if country else feature["name"]
        size, spacing = (12.5, 3.0) if country else (11.0, 1.0)
        half = (text_width(words, size) + spacing * len(words)) / 2
        reach = half * 0.8  # a name stands on its own ground
        best: tuple[float, float, float] | None = None
        for i in range(1, 24):
            for j in range(1, 24):
                x, y = ground.width * i / 24, ground.height * j / 24
                lat = ground.north - y / ground.scale
                ends = [ground.west + at / ground.squeeze / ground.scale for at in (x - reach, x, x + reach)]
                if not contains_xy(outline, ends, [lat] * 3).all():
                    continue
                away = min((abs(m[1] - x) / 2.2 + abs(m[2] - y) for m in marks), default=99.0)
                edge = min(x / 2.2, (ground.width - x) / 2.2, y, ground.height - 26 - y)
                if best is None or min(away, edge) > best[0]:
                    best = (min(away, edge), x, y)
        if best is None or best[0] < 14:
            continue
        box = (best[1] - half, best[2] - 12, best[1] + half, best[2] + 6)
        if box[0] < 2 or box[2] > ground.width - 2 or not _free(box, boxes):
            continue
        boxes.append(box)
        named.add((feature["kind"], feature["name"]))
        drawing.text(
            best[1],
            best[2],
            words,
            size,
            text_anchor="middle",
            letter_spacing=spacing,
            font_style="italic",
            fill="#6b6455",
            class_="halo",
        )


def _scale_bar(drawing: Drawing, ground: _Ground) -> None:
    length = next(km for km in (500, 200, 100, 50, 20, 10, 5, 2, 1) if km <= ground.km / 4 or km == 1)
    wide = length / ground.km * ground.width
    y = ground.height - 12
    drawing.mark("path", d=f"M12,{y - 4:.0f}V{y:.0f}H{12 + wide:.1f}V{y - 4:.0f}", fill="none", stroke=INK)
    drawing.text(18 + wide, y + 1, f"{length} km", 11, class_="halo", fill=INK)


def _map_key(drawing: Drawing, data: Data, letters: Mapping[str, str], largest: float, y: float) -> float:
    """Draw the key below the map: shapes, sizes, zones, shades."""
    x = 0.0

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

    for kind in data["kinds"]:
        entry(kind["label"], partial(mark, kind["shape"], 75, NEUTRAL, "", 0.55))
    if data.get("events"):
        for words, sure in (("event, claimed", False), ("event, corroborated", True)):
            fill = VIOLATED if sure else drawing.texture("hatch", VIOLATED)
            entry(words, partial(mark, "triangle", 90, fill, " rotate(180)", 1.0))
    zones = {zone["id"]: zone for zone in reversed(data["zones"]) if not zone["road"]}
    for name in letters:
        possible = any(z["id"] == name and z["certainty"] != "certain" for z in data["zones"])
        words = f"zone {letters[name]}: {zones[name]['title']}{'; dotted: possible extent' if possible else ''}"

        def box(cx: float, cy: float, letter: str = letters[name]) -> None:
            drawing.rect(cx - 9, cy - 7, 18, 14, fill=ZONE, fill_opacity=0.2, stroke=ZONE_EDGE)
            drawing.text(cx, cy + 4, letter, 11, text_anchor="middle")

        entry(words, box)
    roads = list(dict.fromkeys(zone["title"] for zone in data["zones"] if zone["road"]))
    if roads:
        entry(", ".join(roads), lambda cx, cy: drawing.line(cx - 9, cy, cx + 9, cy, stroke=ROAD, stroke_width=2.4))

    def shade(colour: str, cx: float, cy: float) -> None:
        drawing.rect(cx - 9, cy - 6, 18, 12, fill=colour, stroke="soft")

    for colour, words in zip(_SHADES, data.get("shades", []), strict=False):
        entry(words, partial(shade, colour))
    x, y = 0.0, y + 20 if x else y
    if any(place["people"] for place in data["places"]):
        for share in (1.0, 0.25):
            r = _radius(largest * share, largest, drawing.width)
            drawing.mark(
                "circle", cx=x + r + 1, cy=y + 14, r=r, fill=NEUTRAL, fill_opacity=0.55, stroke="ink", stroke_width=0.8
            )
            words = f"{number(largest * share)} people"
            drawing.text(x + 2 * r + 8, y + 18, words, 11, fill="soft")
            x += 2 * r + 8 + text_width(words, 11) + 18
        if not all(place["people"] for place in data["places"]):
            drawing.text(x, y + 18, "white: no figure", 11, fill="soft")
        y += 34
    return y


_KINDS: dict[str, Callable[[Drawing, Data], None]] = {
    "bars": _bars,
    "breaks": _breaks,
    "columns": _columns,
    "differences": _differences,
    "dots": _dots,
    "fan": _fan,
    "ledger": _ledger,
    "map": _map,
    "matters": _matters,
    "outlook": _outlook,
    "ranges": _ranges,
    "shifts": _shifts,
    "timeline": paint_timeline,
}
AMBER = DUE  # of marks that say: due
