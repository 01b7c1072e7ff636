"""Figures drawn once, as SVG: a page, a report, a docx, a PDF and a file show the same picture.

A figure is the plain dict of :mod:`standoff.views.charts`; ``drawing_of`` makes a `Drawing` of a width from it.
Pages hold two widths, for wide and narrow screens, and show the one that fits: no script draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

from standoff.errors import StandoffError
from standoff.text.sentences import day, number, percent, percents
from standoff.views.charts import NEUTRAL, Figure
from standoff.views.drawing import MONTHS, SMALL, Data, Drawing, Scale, day_ticks, text_width, wrap
from standoff.views.map_picture import draw_map
from standoff.views.matrix import paint_matrix
from standoff.views.timeline import paint_timeline

WIDE, NARROW = 720.0, 360.0
AXIS_START, AXIS_END = 0.06, 0.985  # of the width, where an axis of time stands above a slider


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
    tops = {"share": 0.02, "people": 1.0, "incidents": 1.0}
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
    drawing.height = _notes(drawing, y, ["Filled: more people than in the base scenario. Hollow: fewer."])


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


def _time_axis(drawing: Drawing, scale: Scale, first: date, y: float, most: int, names: Sequence[str] = MONTHS) -> None:
    last = first + timedelta(days=round(scale.high))
    drawing.line(scale.start, y, scale.end, y, stroke="soft")
    for tick, words in day_ticks(first, last, most, names):
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


# The network: who promised or threatened, what, and to whom.


def _network(drawing: Drawing, data: Data) -> None:
    """Three columns and the lines between them; on a narrow screen a list that says the same."""
    looks = {look["id"]: look for look in data["looks"]}
    y = _looks(drawing, data["looks"])
    names = {side: {a["id"]: a for a in data[side]} for side in ("debtors", "creditors")}
    if drawing.width < SMALL:
        drawing.height = _network_list(drawing, data, looks, names, y)
        return
    width = drawing.width
    left, right, room = width * 0.25, width * 0.74, width * 0.2
    drawing.lines(0, y + 12, ["Who promised"], 12, font_weight=600)
    drawing.lines(left, y + 12, ["What"], 12, font_weight=600)
    drawing.lines(right + width * 0.04, y + 12, ["To whom"], 12, font_weight=600)
    top = y = y + 22
    middles: dict[str, float] = {}
    rows = []
    for c in data["commitments"]:
        words = wrap(("Threat: " if c["adverse"] else "") + c["title"], 11.5, right - left - 24)
        rows.append((c, words, y))
        middles[c["id"]] = y + 9
        y += 15 * len(words) + 6
    sides = {
        "debtors": _network_side(names["debtors"], data["commitments"], "debtor", middles, top),
        "creditors": _network_side(names["creditors"], data["commitments"], "creditor", middles, top),
    }
    for c in data["commitments"]:
        for side, key in (("debtors", "debtor"), ("creditors", "creditor")):
            for actor in c[key]:
                if actor in sides[side]:
                    ends = (room, sides[side][actor], left - 4, middles[c["id"]])
                    if side == "creditors":
                        ends = (right + 4, middles[c["id"]], right + width * 0.035, sides[side][actor])
                    half = (ends[0] + ends[2]) / 2
                    drawing.mark(
                        "path",
                        d=f"M{ends[0]:.1f},{ends[1]:.1f}C{half:.1f},{ends[1]:.1f} {half:.1f},{ends[3]:.1f} "
                        f"{ends[2]:.1f},{ends[3]:.1f}",
                        fill="none",
                        stroke="inner",
                        stroke_width=0.8,
                        class_="link",
                        data_from=f"{side}-{actor}",
                        data_to=c["id"],
                    )
    for c, words, at in rows:
        look = looks[c["look"]]
        drawing.open_link(data["link"]("commitment", c["id"]))
        drawing.open_group(class_="node", data_node=c["id"])
        _state_box(drawing, left, at + 3, look, f"{look['label']}; {c['words']}")
        drawing.lines(left + 20, at + 13, words, 11.5)
        drawing.close_group()
        drawing.close_link()
    for side, x in (("debtors", 0.0), ("creditors", right + width * 0.04)):
        for actor, middle in sides[side].items():
            record = names[side][actor]
            drawing.open_link(data["link"]("actor", actor))
            drawing.open_group(class_="node", data_node=f"{side}-{actor}")
            words = wrap(f"{record['name']} ({record['commitments']})", 11.5, room, 3, bold=True)
            drawing.lines(x, middle + 4, words, 11.5, font_weight=600)
            if record["ar"]:
                local = {"direction": "rtl", "text_anchor": "end", "lang": "ar"}
                drawing.text(x, middle + 4 + 15 * len(words), record["ar"], 11, fill="soft", **local)
            drawing.close_group()
            drawing.close_link()
    ends_at = max((m for side in sides.values() for m in side.values()), default=0.0) + 36
    drawing.height = max(y, ends_at)


def _network_side(
    names: Data, commitments: Sequence[Data], key: str, middles: dict[str, float], top: float
) -> dict[str, float]:
    """Return where actors stand: each by the middle of what it is linked with, and apart from the others."""
    wished = []
    for actor in names:
        linked = [middles[c["id"]] for c in commitments if actor in c[key]]
        wished.append((sum(linked) / len(linked) if linked else top, actor))
    wished.sort()
    step = 44.0
    placed: dict[str, float] = {}
    at = top + 8
    total = step * len(wished)
    bottom = max([*middles.values(), top + total])
    for n, (wish, actor) in enumerate(wished):
        at = min(max(at, wish), max(at, bottom - step * (len(wished) - n - 1)))
        placed[actor] = at
        at += step
    return placed


def _network_list(drawing: Drawing, data: Data, looks: Data, names: Data, y: float) -> float:
    for c in data["commitments"]:
        drawing.open_link(data["link"]("commitment", c["id"]))
        look = looks[c["look"]]
        _state_box(drawing, 0, y + 3, look, f"{look['label']}; {c['words']}")
        title = ("Threat: " if c["adverse"] else "") + c["title"]
        y = drawing.lines(20, y + 13, wrap(title, 12, drawing.width - 20), 12) - 2
        drawing.close_link()
        owes, owed = (
            ", ".join(names[side][a]["name"] for a in c[key] if a in names[side])
            for side, key in (("debtors", "debtor"), ("creditors", "creditor"))
        )
        words = f"{owes or 'nobody named'} to {owed or 'nobody named'}: {c['words']}"
        y = drawing.lines(20, y, wrap(words, 11, drawing.width - 20), 11, fill="soft") - 4
    return y + 6


def _state_box(drawing: Drawing, x: float, y: float, look: Data, title: str) -> None:
    fill, outline = drawing.texture(look["texture"], look["colour"]), look["texture"] == "outline"
    drawing.rect(x, y, 14, 12, fill=fill, stroke=look["colour"] if outline else "ink", stroke_width=0.5, title=title)


# Counts: columns by day, and bars by area.


def _columns(drawing: Drawing, data: Data) -> None:
    """Counts as columns in layers: ``layers`` is [{label, colour, texture}], ``days`` [[date, count of each layer]].

    A column is as wide as the time to the next; ``until`` is the last day. ``live`` leaves room for a slider below: the
    axis then starts and ends at a fixed share of the width.
    """
    days = data["days"]
    base: float
    starts = [date.fromisoformat(row[0]) for row in days]
    first, last = starts[0], date.fromisoformat(data["until"]) if data.get("until") else starts[-1]
    length = (last - first).days + 1
    ends = [*((one - first).days for one in starts[1:]), length]
    most = max(sum(row[1:]) for row in days) or 1
    y = _looks(drawing, data["layers"]) if len(data["layers"]) > 1 else 4.0
    height = float(data.get("height", 120))
    left = text_width(number(most), 11) + 10
    across = Scale(0, length, left, drawing.width - 4)
    if data.get("live"):
        across = Scale(0, length, drawing.width * AXIS_START, drawing.width * AXIS_END)
    up = Scale(0, most, y + height, y + 4)
    for tick in [t for t in up.ticks(3) if t == int(t)]:
        drawing.line(across.start, up.at(tick), across.end, up.at(tick))
        drawing.text(across.start - 6, up.at(tick) + 4, number(tick), 11, fill="soft", text_anchor="end")
    if window := data.get("window"):
        here = [across.at((date.fromisoformat(window[n]) - first).days + n) for n in (0, 1)]
        wide = max(here[1] - here[0], 2)
        drawing.rect(here[0], y, wide, height, fill="#E69F00", fill_opacity=0.35, class_="window")
    for row, end in zip(days, ends, strict=True):
        at: float = (date.fromisoformat(row[0]) - first).days
        base, step = 0.0, across.at(end) - across.at(at)
        for layer, value in zip(data["layers"], row[1:], strict=True):
            if value:
                paint = drawing.texture(layer["texture"], layer["colour"])
                top, wide = up.at(base + value), max(step - (1 if step > 3 else 0), 0.6)
                on = data["day_words"][row[0]] if "day_words" in data else day(row[0])
                words = f"{data.get('step', '')}{on}: {number(value)} {layer['label']}"
                drawing.rect(across.at(at), top, wide, up.at(base) - top, fill=paint, title=words)
            base += value
    for mark in data.get("marks", []):
        at = across.at((date.fromisoformat(mark["date"]) - first).days)
        drawing.line(at, y, at, y + height, stroke="ink", stroke_dasharray="4 3")
        late = at + 3 + text_width(mark["label"], 10.5) > drawing.width
        drawing.text(at + (-3 if late else 3), y + 9, mark["label"], 10.5, fill="soft",
                     text_anchor="end" if late else None, class_="halo")  # fmt: skip
    _time_axis(drawing, across, first, y + height, 3 if drawing.width < SMALL else 6, data.get("months", MONTHS))
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


_KINDS: dict[str, Callable[[Drawing, Data], None]] = {
    "bars": _bars,
    "breaks": _breaks,
    "columns": _columns,
    "differences": _differences,
    "dots": _dots,
    "fan": _fan,
    "ledger": _ledger,
    "map": draw_map,
    "matrix": paint_matrix,
    "matters": _matters,
    "network": _network,
    "outlook": _outlook,
    "ranges": _ranges,
    "shifts": _shifts,
    "timeline": paint_timeline,
}
