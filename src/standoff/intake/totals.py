"""Names of areas and of their totals, in tables of people, and totals beside the sums of their sites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from standoff.files.table_reader import Aside, is_total
from standoff.text.sentences import count

MOST_MISFITS = 10  # that are written out in notes; the workbook and --json have all

_TOTAL_OF = re.compile(
    r"(?:sub-?)?totals? [^\W\d_].*|.*\s(?:sub-?)?total|(?:sous-total|итого|всего|всього|разом|"
    r"إجمالي|مجموع|المجموع|الإجمالي)[\s:-].*|.*\s(?:toplam|toplamı)",
    re.IGNORECASE,
)


def named_total(name: str) -> str:
    """Return the area that a name says it is the total of, or nothing: North of North total."""
    words = [word for word in re.split(r"[\s:-]+", name) if not is_total(word) and folded(word) not in _OF]
    return " ".join(words) if is_total_name(name) else ""


_OF = frozenset(("of", "for", "de", "du", "des", "in", "la", "le", "the", "sub", "grand", "sous", "toplamı"))


def is_total_name(name: str) -> bool:
    """Whether a name says that it is a total, alone or of an area: North total, sous-total Nord."""
    return is_total(name) or bool(_TOTAL_OF.fullmatch(name.strip(" .:")))


def folded(name: str) -> str:
    """Return a name without case, marks and spaces, so that writings of one name are equal."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.sub(r"[^\w]+|_", " ", text).split())


Figures = Mapping[tuple[str, ...], Mapping[int, float]]


class TotalRow(NamedTuple):
    """A figure that a table calls a total, beside the sum of its ``sites`` that have a figure on that day.

    ``line`` is 0 where the total is a column, or an area. ``absent`` sites have figures on other days only.
    """

    line: int
    name: str
    day: int
    total: float
    of_sites: float
    sites: int
    absent: int = 0

    @property
    def difference(self) -> float:
        """How much more the total says than its sites; 0 where they are equal but for a rounding of halves."""
        off = self.total - self.of_sites
        return off if abs(off) > 0.5 else 0.0

    def in_words(self) -> str:
        """Return total, sum and difference."""
        where = f"line {self.line}, " if self.line else ""
        off = f"{abs(self.difference):,.0f} {'more' if self.difference > 0 else 'fewer'}"
        off += f"; {count(self.absent, 'site')} without a figure" if self.absent else ""
        sites = f"its {count(self.sites, 'site')} {'have' if self.sites > 1 else 'has'} {self.of_sites:,.0f}"
        return f"{where}{self.name} on {date.fromordinal(self.day)}: {self.total:,.0f}, {sites} ({off})"


def totals_beside_sums(totals: Figures, figures: Figures) -> list[TotalRow]:
    """Return each figure of the totals of areas beside the sum of the sites in that area, by day.

    An area is that of the path, or the one that the name says: North total. Days without any site are left out.
    """
    out = []
    members: dict[str, list[tuple[str, ...]]] = {}
    for path in figures:
        for part in {folded(part) for part in path if part}:
            members.setdefault(part, []).append(path)
    for path, values in totals.items():
        within = [part for part in path if part]
        of = folded(named_total(within[-1])) if within and is_total_name(within[-1]) else ""
        prefix = within[:-1] if within and is_total_name(within[-1]) else within
        some = [one for one in (members.get(of, []) if of else figures) if list(one[: len(prefix)]) == prefix]
        for day, value in sorted(values.items()):
            there = [figures[one][day] for one in some if day in figures[one]]
            if there:
                name = within[-1] if within else "the total"
                out.append(TotalRow(0, name, day, value, sum(there), len(there), len(some) - len(there)))
    return out


def rows_of_totals(
    asides: Sequence[Aside],
    read: Callable[[int, Sequence[str]], list[tuple[int, float]]],
    figures: Figures,
    lines: Sequence[tuple[int, int, float]],
    *,
    above: bool = False,
) -> tuple[list[TotalRow], list[str]]:
    """Return rows that are totals beside the sums of the sites on their days, and what is said of those without a day.

    ``read`` returns the days and people of a row. Where ``lines`` (line, day and people of each figure) are given, a
    row that is not the sum of all sites may be that of the rows since the total before it. With ``above`` a row without
    a day has that of the row above.
    """
    by_day: dict[int, list[float]] = {}
    for values in figures.values() if asides else ():
        for day, value in values.items():
            by_day.setdefault(day, []).append(value)
    rows: list[TotalRow] = []
    notes: list[str] = []
    before = 0
    for aside in asides:
        block = [(day, value) for line, day, value in lines if before < line < aside.line]
        before = aside.line
        try:
            some = read(aside.line, aside.cells)
        except ValueError:
            notes.append(f"line {aside.line} is a total without a day, and is not added or compared: {aside.text[:60]}")
            continue
        for day, value in some:
            whole, absent = by_day.get(day, []), len(figures) - len(by_day.get(day, []))
            own = [one for of, one in block if of == day]
            if own and abs(sum(own) - value) < abs(sum(whole) - value):
                whole, absent = own, 0
            if whole:
                name = next(cell for cell in aside.cells if cell)
                rows.append(TotalRow(aside.line, name, day, value, sum(whole), len(whole), absent))
    return rows, notes


def total_notes(rows: Sequence[TotalRow], many: int, *, areas: bool) -> list[str]:
    """Return what is said of ``many`` totals: that they are not added, and which are not the sums of their sites.

    They are columns or sites that are totals of ``areas``, or rows.
    """
    if not many:
        return []
    if areas:
        several = f"{many:,} series are totals of larger areas and are"
        said = f"{'1 series is the total of a larger area and is' if many == 1 else several} not added"
    else:
        first = min((one.line for one in rows), default=0)
        said = f"line {first} is a total and is not added"
        said = said if many == 1 else f"{many:,} rows are totals and are not added, the first on line {first}"
    if not rows:
        return [said]
    off = [one for one in rows if one.difference]
    figures = "its figure" if len(rows) == 1 else f"their {len(rows):,} figures"
    if not off:
        equal = "equals the sum" if len(rows) == 1 else "equal the sums"
        return [f"{said}; {figures} {equal} of the sites on that day"]
    of = "" if len(rows) == 1 else f"{len(off):,} of "
    is_not = "is not the sum" if len(off) == 1 else "are not the sums"
    out = [f"{said}; {of}{figures} {is_not} of the sites on that day"]
    out += [f"a total that is not the sum: {one.in_words()}" for one in off[:MOST_MISFITS]]
    left = len(off) - MOST_MISFITS
    return [*out, f"{left:,} more such totals stand in the workbook and in --json"] if left > 0 else out


def total_in_words(rows: Sequence[TotalRow]) -> str:
    """Return that a site is the sum of the others, and on which days it is not."""
    off = [one for one in rows if one.difference]
    if not off:
        return "is the sum of the other sites: it is not added"
    listed = "; ".join(one.in_words() for one in off[:MOST_MISFITS]) + ("; ..." if len(off) > MOST_MISFITS else "")
    days = f"{len(rows) - len(off):,} of {len(rows):,} days"
    return f"is the sum of the other sites on {days}: it is not added. On the others: {listed}"
