"""Cells of people that are no plain number: about a number, a range, a bound; and why others are refused.

Nothing is guessed. About a number is read as the number; of a range the middle is used, rounded down; a bound (<5, 90+)
stays unknown. Each is kept with its line and bounds, counted and shown. What can be meant in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from standoff.intake.columns import is_blank, plain_digits
from standoff.text.sentences import count, people

_NUMBER = r"\d[\d.,\s'’٫٬]*"
_ABOUT_WORDS = (
    r"[~≈∼～]|(?:about|around|some|roughly|nearly|almost|approx(?:\.|imately)?|circa|ca\.?|c\.|est\.?|"
    r"estimated(?: at)?|environ|env\.|approximativement|alrededor de|aprox\.?|unos|unas|cerca de|около|примерно|"
    r"прибл\.?|близько|приблизно|حوالي|نحو|تقريبا|yaklaşık)(?![^\W\d_])"
)
_AFTER_WORDS = r"\(?(?:est|estimated?|estimation|approx|approximately|about|circa|ca)\.?\)?|~"
_ABOUT = re.compile(
    rf"(?:{_ABOUT_WORDS})\s*({_NUMBER})(?:\s*(?:{_AFTER_WORDS}))?|({_NUMBER})\s*(?:{_AFTER_WORDS})", re.I
)
_RANGE = re.compile(
    rf"(?:{_ABOUT_WORDS})?\s*(?:(?:from|de|desde|von|от|від|من)\s+)?(?P<low>{_NUMBER})"
    rf"(?:\s*[-\u2010-\u2015\u2212]\s*|\s*(?:to|à|a|bis|до|إلى)\s+)(?P<high>{_NUMBER})|"
    rf"(?:between|entre|zwischen|между|між|بين)\s+(?P<first>{_NUMBER})\s*(?:and|et|y|und|и|і|та|و)\s*(?P<second>{_NUMBER})",
    re.I,
)
_BELOW = re.compile(
    r"(?P<strict><|＜|under|below|(?:fewer|less) than|moins de|menos de|менее|менше|أقل من)\s*"
    rf"(?P<number>{_NUMBER})|(?:≤|<=|up to|at most|no more than|max\.?|jusqu'à|hasta|до|حتى)\s*(?P<most>{_NUMBER})",
    re.I,
)
_OVER = re.compile(
    r"(?P<strict>>|＞|over|above|more than|plus de|más de|более|більше|أكثر من)\s*"
    rf"(?P<number>{_NUMBER})|(?:≥|>=|at least|minimum|min\.?|au moins|al menos|не менее)\s*(?P<least>{_NUMBER})|"
    rf"(?P<plus>{_NUMBER})\s*(?:\+|(?:and|or) more|and over)",
    re.I,
)
_WITH_UNIT = re.compile(r"[\d.,\s]+\s*([^\W\d_]{1,20})\.?", re.UNICODE)
_LIKE_NUMBER = re.compile(r"[-+\u2212]?[\d.,\s'’\u00a0\u202f٬٫٠-٩۰-۹]*[\d٠-٩۰-۹](?:\s*[^\W\d_]{1,20}\.?)?")
_EITHER = re.compile(r"\d{1,3}-\d{3}")
_MARKED = re.compile(rf"({_NUMBER})\s*(?:\?|\*+|\([a-z0-9]\)|\[[a-z0-9]\])", re.I)
_SPLIT = re.compile(rf"({_NUMBER})\s*(?:/|;|\bor\b|\bou\b)\s*({_NUMBER})", re.I)
_SPREAD = re.compile(rf"({_NUMBER})\s*(?:±|\+/-)\s*({_NUMBER})")
_MOST_WIDE = 10  # times its low end, from which on the high end of 12-345 may be the rest of 12,345
_LONGEST = 60  # characters

Number = Callable[[str], float | None]


class Inexact(NamedTuple):
    """What such a cell says: its sort (about, range, bound), its bounds, and the figure used, None where unknown."""

    text: str
    sort: str
    low: float | None
    high: float | None
    used: float | None

    def in_words(self) -> str:
        """Return the cell as it is shown beside a forecast: about 90; 340 to 400; under 5."""
        if self.sort == "about":
            return f"about {people(self.used or 0)}"
        if self.low is None or self.high is None:
            return f"{people(self.low or 0)} or more"
        return f"{people(self.low)} to {people(self.high)}"


class InexactCell(NamedTuple):
    """An inexact cell with where it stands: its line, the path of its areas, its day."""

    line: int
    path: tuple[str, ...]
    day: int
    cell: Inexact


def count_is(number: int, noun: str) -> str:
    """Return a count with its noun and verb: ``1 row is``, ``1,000 rows are``."""
    return f"{count(number, noun)} {'is' if number == 1 else 'are'}"


def looks_numeric(cell: str, *, inexact_too: bool = True) -> bool:
    """Whether a cell looks like one of a column of numbers, exact or not."""
    return bool(_LIKE_NUMBER.fullmatch(cell)) or (inexact_too and any(_parts(cell)))


def _parts(cell: str) -> Iterator[str]:
    """Yield the numbers that stand in an inexact cell, so that the decimal mark of its column is settled with them."""
    if cell.isdigit() or len(cell) > _LONGEST or not any(map(str.isdigit, cell)):
        return
    text = plain_digits(cell).strip()
    for pattern in (_ABOUT, _BELOW, _OVER, _RANGE):
        if match := pattern.fullmatch(text):
            numbers = [part for part in match.groups() if part and part[0].isdigit()]
            yield from (part.strip(" \u00a0\u202f\t,.") for part in numbers)
            return


def settled_by(cells: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield the cells by which a column's decimal mark is settled, with their lines; of inexact ones their numbers."""
    for cell, line in cells:
        if parts := list(_parts(cell)):
            yield from ((part, line) for part in parts)
        elif not _WITH_UNIT.fullmatch(cell):
            yield cell, line


def inexact(cell: str, number: Number) -> Inexact | None:
    """Return what an inexact cell says, None for any other. ``number`` reads a plain number of its column.

    Raises ValueError where it can be meant in two ways.
    """
    text = plain_digits(cell).strip()
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None

    def read(part: str) -> float:
        part = part.strip(" \u00a0\u202f\t")
        try:
            value = number(part)
        except ValueError as error:
            raise ValueError(str(error).replace(repr(part), repr(cell[:40]))) from None
        if value is None:
            raise ValueError(f"{part!r} is empty")
        return value

    if match := _ABOUT.fullmatch(text):
        value = read(match[1] or match[2])
        return Inexact(cell, "about", None, None, value)
    if match := _BELOW.fullmatch(text):
        if match["strict"]:
            end = read(match["number"])
            return Inexact(cell, "bound", 0.0, end - 1, None) if end > 1 else None
        return Inexact(cell, "bound", 0.0, read(match["most"]), None)
    if match := _OVER.fullmatch(text):
        low = read(match["number"]) + 1 if match["strict"] else read(match["least"] or match["plus"])
        return Inexact(cell, "bound", low, None, None)
    if match := _RANGE.fullmatch(text):
        ends = [part.strip() for part in match.groups() if part]
        low, high = map(read, ends)
        _refuse_two_ways(text, ends, low, high)
        return Inexact(cell, "range", low, high, float((low + high) // 2))
    return None


def _refuse_two_ways(text: str, ends: Sequence[str], low: float, high: float) -> None:
    first, last = ends
    if any(len(end) > 1 and end[0] == "0" for end in ends):
        raise ValueError(f"{text[:40]!r} is a day or a range of people; expected a range such as 3 - 4")
    if low >= high:
        what = "runs downward" if low > high else "has one number twice"
        raise ValueError(f"the range {text[:40]!r} {what}; expected the lower number first, such as 340 - 400")
    if _EITHER.fullmatch(text) and high >= _MOST_WIDE * low:
        whole = f"{first}{last}"
        raise ValueError(
            f"{text[:40]!r} is {people(float(whole))} or {first} to {last}; expected a number such as {whole}, "
            f"or a range with spaces such as {first} - {last}"
        )
    if 1900 <= low < high <= 2100 and high - low == 1:
        raise ValueError(f"{text[:40]!r} is two years or a range of people; expected people such as {people(low)}")


def refusal(cell: str, column: str) -> str | None:
    """Return why a cell that is no number and not inexact is refused, and what to write; None: no special reason."""
    text = plain_digits(cell).strip().replace("\u2212", "-")
    what = f"the number in {column} is {cell[:40]!r}"
    unit = _WITH_UNIT.fullmatch(cell)
    if unit and not is_blank(cell):
        return f"{what}, with the unit {unit[1]!r}; expected people as a plain number: the column has two units"
    if re.fullmatch(r"-[\d.,\s]+", text):
        return f"{what}, below zero; expected people, 0 or more (a change is not a count)"
    if re.fullmatch(r"\d+[.,]\d+", text):
        return f"{what}, a part of a person; expected whole people (thousands or averages are not a count)"
    if match := _MARKED.fullmatch(text):
        number = match[1].strip()
        return f"{what}, a number with a mark; expected {number} where it is a count, ~{number} where it is about that"
    if match := _SPREAD.fullmatch(text):
        return f"{what}; expected a range of two numbers such as 340 - 400"
    if match := _SPLIT.fullmatch(text):
        one, two = match[1].strip(), match[2].strip()
        return f"{what}, two numbers; expected {one} or {two}, or a range such as {one} - {two}"
    return None


def added(one: float | Inexact | None, two: float | Inexact | None) -> float | Inexact | None:
    """Return the sum of two cells of a row; unknown where one is, about where one is inexact."""
    if not (isinstance(one, Inexact) or isinstance(two, Inexact)):
        return None if one is None or two is None else one + two
    parts = [x if isinstance(x, Inexact) else Inexact(f"{x:.0f}", "", x, x, x) for x in (one, two) if x is not None]
    text = " + ".join(part.text for part in parts)
    if len(parts) < 2 or any(part.used is None for part in parts):
        lows = [part.used if part.low is None else part.low for part in parts]
        highs = [part.high if part.low is not None else part.used for part in parts]
        high = None if any(x is None for x in highs) or len(parts) < 2 else sum(x for x in highs if x is not None)
        return Inexact(text, "bound", sum(x for x in lows if x is not None), high, None)
    return Inexact(text, "about", None, None, sum(part.used for part in parts if part.used is not None))


def inexact_notes(cells: list[InexactCell]) -> Iterator[str]:
    """Yield how many cells were not exact, sort by sort, with the first of each, and what was made of them."""
    by_sort: dict[str, list[InexactCell]] = {}
    for one in cells:
        by_sort.setdefault(one.cell.sort, []).append(one)
    for sort, some in by_sort.items():
        listed = ", ".join(f"{cell.text[:24]!r} on line {line}" for line, _, _, cell in some[:3])
        listed += ", ..." if len(some) > 3 else ""
        many, first = len(some) > 1, some[0].cell
        if sort == "about":
            yield f"{count_is(len(some), 'figure')} about a number, read as that number: {listed}"
        elif sort == "range":
            yield (
                f"{count(len(some), 'figure')} {'are ranges' if many else 'is a range'}, of which the middle is used, "
                f"rounded down ({first.text[:24]!r} is {people(first.used or 0)}): {listed}"
            )
        else:
            yield (
                f"{count(len(some), 'cell')} {'are bounds and stay' if many else 'is a bound and stays'} unknown "
                f"({first.text[:24]!r} is {first.in_words()}): {listed}"
            )
