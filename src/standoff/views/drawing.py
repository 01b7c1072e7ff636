"""Drawing in SVG by hand: shapes, text that wraps, textures that repeat a colour, scales and their ticks.

A drawing stands alone (a file, a docx, a PDF) and in a page: every mark has its colour as an attribute, and those that
change with the reader's choice of light or dark also a class (``ink``, ``soft``, ``line``, ``paper``, ``tint``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from standoff.oneline import OneLine
from standoff.views.words import is_turned

INK, SOFT, LINE, PAPER, TINT = "#1a1a1a", "#555555", "#d0ccc2", "#ffffff", "#f6f4ef"
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', 'DejaVu Sans', sans-serif"
RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"  # a number at the beginning of Arabic words stays with them
SMALL = 560.0  # below this width names stand above what they name, and maps name fewer places
Data = Mapping[str, Any]  # what a figure is drawn from
# A class, its colour by day, and its colour where the reader's screen is dark.
_PAIRS = {
    "ink": (INK, "#f0ede6"),
    "soft": (SOFT, "#b9b4a8"),
    "line": (LINE, "#4b483f"),
    "paper": (PAPER, "#191814"),
    "tint": (TINT, "#24221c"),
    "sea": ("#dfe9ef", "#14222b"),
    "land": ("#f7f5f0", "#2a2822"),
    "border": ("#8d8678", "#8a8474"),
    "inner": ("#b5ae9f", "#615c50"),
    "faint": ("#d3cdc0", "#45423a"),
    "name": ("#6b6455", "#b3ab9b"),
}
_CLASSES = {name: light for name, (light, _) in _PAIRS.items()}
DARK = {name: dark for name, (_, dark) in _PAIRS.items()}
_DARK_RULES = "".join(f".{name}{{fill:{colour}}}.{name}-stroke{{stroke:{colour}}}" for name, colour in DARK.items())
STYLE = (
    f"text{{font-family:{FONT}}}.halo{{paint-order:stroke;stroke:{PAPER};stroke-width:3px;stroke-linejoin:round}}"
    f"@media (prefers-color-scheme:dark){{{_DARK_RULES}.halo{{stroke:{DARK['paper']}}}}}"
)

# Widths of letters in a plain sans serif, in ems: enough to wrap a line and to keep labels apart.
_NARROW, _WIDE = set("iIl.,:;'|!()[]jft r"), set("mwMW@%—ACDGHNOQRUVXYBEKPS&")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is at a size, both in the drawing's units; rather too wide than too narrow."""
    width = size * sum(0.37 if c in _NARROW else 0.76 if c in _WIDE else 0.61 for c in text)
    return width * (1.1 if bold else 1.0)


def wrap(text: str, size: float, width: float, most: int = 0, *, bold: bool = False) -> list[str]:
    """Return a text as lines that fit a width; beyond ``most`` lines (0: no limit) the last ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if most and len(lines) > most:
        last = lines[most - 1]
        while last and text_width(f"{last} …", size, bold=bold) > width:
            last = last[:-1].rstrip()
        lines = [*lines[: most - 1], f"{last} …"]
    return lines or [""]


def coordinate(value: float) -> str:
    """Return a coordinate, to a tenth, without trailing zeros."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


@dataclass
class Drawing:
    """One picture: ``label`` says in words what it shows, for who cannot see it."""

    width: float
    label: str
    height: float = 0.0
    name: str = "figure"  # begins the ids inside, which must differ between the pictures of a page
    parts: list[str] = field(default_factory=list)
    textures: dict[tuple[str, str], str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)  # how those that are open end

    def __repr__(self) -> str:
        return f"<Drawing {self.name}: {self.width:.0f} by {self.height:.0f}>"

    def mark(self, tag: str, *, title: str = "", **values: str | float | None) -> None:
        """Add a shape. A fill or stroke that is a class (``ink``) becomes its colour and the class."""
        end = f">{_title(title)}</{tag}>" if title else "/>"
        self.parts.append(f"<{tag}{self._attributes(values)}{end}")

    def _attributes(self, values: dict[str, str | float | None]) -> str:
        classes = [str(values.pop("class_", "") or "")]
        attributes = []
        for key, value in values.items():
            if value is None:
                continue
            if key in ("fill", "stroke") and value in _CLASSES:
                classes.append(str(value) if key == "fill" else f"{value}-stroke")
                value = _CLASSES[str(value)]
            text = coordinate(value) if isinstance(value, int | float) else str(value)
            attributes.append(f" {key.rstrip('_').replace('_', '-')}={quoteattr(text)}")
        name = " ".join(filter(None, classes))
        return (f' class="{name}"' if name else "") + "".join(attributes)

    def rect(self, x: float, y: float, width: float, height: float, **values: str | float | None) -> None:
        """Add a rectangle."""
        title = str(values.pop("title", "") or "")
        self.mark("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), title=title, **values)

    def line(self, x1: float, y1: float, x2: float, y2: float, **values: str | float | None) -> None:
        """Add a line, of the colour of rules unless another is given."""
        values.setdefault("stroke", "line")
        self.mark("line", x1=x1, y1=y1, x2=x2, y2=y2, **values)  # type: ignore[arg-type]

    def text(self, x: float, y: float, text: str, size: float = 12, **values: str | float | None) -> None:
        """Add a line of text on its base line."""
        values.setdefault("fill", "ink")
        shown = f"{RIGHT_TO_LEFT_MARK}{text}" if is_turned(text, "") and text[:1].isdigit() else text
        self.parts.append(
            f"<text{self._attributes({'x': x, 'y': y, 'font-size': size, **values})}>{escape(shown)}</text>"
        )

    def lines(self, x: float, y: float, lines: Iterable[str], size: float = 12, **values: str | float | None) -> float:
        """Add lines of text, the first on the base line ``y``; return the base line of the next."""
        for text in lines:
            self.text(x, y, text, size, **values)
            y += size * 1.3
        return y

    def open_group(self, **values: str | float | None) -> None:
        """Begin a group; close it with `close_group`."""
        self.parts.append(f"<g{self._attributes(values)}>")

    def close_group(self) -> None:
        """End the group that was begun last."""
        self.parts.append("</g>")

    def open_link(self, address: str) -> None:
        """Begin a link, or a plain group where there is no address; close it with `close_link`."""
        self.parts.append(f"<a href={quoteattr(address)}>" if address else "<g>")
        self.links.append("</a>" if address else "</g>")

    def close_link(self) -> None:
        """End the link that was begun last."""
        self.parts.append(self.links.pop())

    def texture(self, kind: str, colour: str) -> str:
        """Return the paint of a texture: plain, outline, hatch, lines, ticks, cross or dots of a colour."""
        if kind == "plain":
            return colour
        if kind == "outline":
            return PAPER
        if (kind, colour) not in self.textures:
            self.textures[kind, colour] = f"{self.name}-t{len(self.textures)}"
        return f"url(#{self.textures[kind, colour]})"

    def _patterns(self) -> str:
        patterns = []
        for (kind, colour), name in self.textures.items():
            ground = PAPER if kind == "hatch" else colour
            marks = {
                "hatch": f'<path d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" stroke="{colour}" stroke-width="2"/>',
                "lines": f'<path d="M0,3 h6" stroke="{PAPER}" stroke-width="1"/>',
                "ticks": f'<path d="M3,0 v6" stroke="{PAPER}" stroke-width="1.4"/>',
                "cross": '<path d="M0,0 l6,6 M6,0 l-6,6" stroke="#8a8a8a" stroke-width="0.8"/>',
                "dots": f'<circle cx="3" cy="3" r="1.3" fill="{PAPER}"/>',
            }[kind]
            patterns.append(
                f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="6" height="6">'
                f'<rect width="6" height="6" fill="{ground}"/>{marks}</pattern>'
            )
        return f"<defs>{''.join(patterns)}</defs>" if patterns else ""

    def svg(self, *, alone: bool = False) -> str:
        """Return the picture; ``alone`` with its own style and a ground, as a file of its own needs them."""
        size = f"{coordinate(self.width)} {coordinate(self.height)}"
        wide = f' width="{coordinate(self.width)}" height="{coordinate(self.height)}"'
        space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
        # an image hides its links and buttons from who cannot see it
        role = "group" if any(part.startswith("<a ") or 'role="button"' in part for part in self.parts) else "img"
        head = f'<svg{space} viewBox="0 0 {size}"{wide} role="{role}" aria-label={quoteattr(self.label)}>'
        ground = (
            f'<style>{STYLE}</style><rect width="100%" height="100%" class="paper" fill="{PAPER}"/>' if alone else ""
        )
        font = f' font-family="{FONT}"' if alone else ""
        return f"{head}{ground}{self._patterns()}<g{font}>{''.join(self.parts)}</g></svg>"


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>" if text else ""


@dataclass(frozen=True, slots=True, repr=False)
class Scale(OneLine):
    """A straight scale from numbers to positions; what lies outside stands at its end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a number stands."""
        if self.high == self.low:
            return self.start
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, most: int = 5) -> list[float]:
        """Return round numbers from low to high, at most about ``most``."""
        return ticks(self.low, self.high, most)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers between two numbers: steps of 1, 2 or 5 times a power of ten."""
    if high <= low:
        return [low]
    rough = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_ticks(first: date, last: date, most: int = 6, names: Sequence[str] = MONTHS) -> list[tuple[date, str]]:
    """Return days to mark on an axis of time, with their words: days, months or years, whichever fit.

    ``names`` are those of the twelve months.
    """
    days = (last - first).days
    if days <= 28 * most:
        step = next(step for step in (1, 2, 7, 14, 28) if days <= step * most)
        marks = [first + timedelta(days=n) for n in range(0, days + 1, step)]
        return [(day, f"{day.day} {names[day.month - 1]}") for day in marks]
    months = max(1, math.ceil(days / 30.44 / most))
    months = next((m for m in (1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600, 1200, 2400) if m >= months), 2400)
    number = first.year * 12 + first.month - 1
    number = -(-number // months) * months if months > 1 else number
    marks = []
    while (day := date(number // 12, number % 12 + 1, 1)) <= last and number < 9998 * 12:
        if day >= first:
            marks.append(day)
        number += months
    words = []
    for n, day in enumerate(marks):
        name = names[day.month - 1]
        words.append(f"{day.year}" if months >= 12 else f"{name} {day.year}" if day.month == 1 or n == 0 else name)
    return list(zip(marks, words, strict=True))


# Shapes of marks, each of about the same area; the centre is 0, 0.


def symbol(shape: str, area: float) -> str:
    """Return the path of a mark: circle, triangle, square, diamond, cross or star."""
    r = math.sqrt(area / math.pi)
    if shape == "triangle":
        a = math.sqrt(area * 4 / math.sqrt(3)) / 2
        return _path([(0, -a * 1.155), (a, a * 0.577), (-a, a * 0.577)])
    if shape == "square":
        a = math.sqrt(area) / 2
        return _path([(-a, -a), (a, -a), (a, a), (-a, a)])
    if shape == "diamond":
        a = math.sqrt(area / 2) * 1.1
        return _path([(0, -a), (a, 0), (0, a), (-a, 0)])
    if shape == "cross":
        a = math.sqrt(area / 5) / 2
        corners = [(-a, -3 * a), (a, -3 * a), (a, -a), (3 * a, -a), (3 * a, a), (a, a)]
        return _path([*corners, *((-x, -y) for x, y in corners)])
    if shape == "star":
        points = []
        for n in range(10):
            reach = r * (1.45 if n % 2 == 0 else 0.58)
            angle = -math.pi / 2 + n * math.pi / 5
            points.append((reach * math.cos(angle), reach * math.sin(angle)))
        return _path(points)
    half, whole = coordinate(r), coordinate(2 * r)
    arc = f"a{half},{half} 0 1,0 "
    return f"M-{half},0{arc}{whole},0{arc}-{whole},0Z"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points) + "Z"
