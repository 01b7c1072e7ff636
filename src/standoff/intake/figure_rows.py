"""Rows of figures as observations of a case, and which of them lie in its period and in its region.

A figure lies outside the region where its coordinates, its place or the boundaries of its area say so for certain; what
says nothing of that stays. People whose origin is told are of this case wherever they are.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from standoff.case.geography import Place
from standoff.case.model import Case, Observation
from standoff.files.geojson_reader import extent, touches
from standoff.files.table_reader import is_total
from standoff.intake.areas import CaseAreas, case_areas
from standoff.intake.columns import code_of, is_blank, is_formula_error, is_like_pcode, month_number
from standoff.intake.rows import Frame, RowsReader, Settled, kilometres_written, stamp_day
from standoff.values import When

_AREAS = (("code2", "admin2"), ("code1", "admin1"), ("code0", "country"))
_BOUNDS = {"total": "exact", "approximately": "about", "more than": "more-than", "at least": "at-least"}
_QUALIFIERS = ("what", "round", "assessment", "gender", "age", "group", "event", "operation", "status")
_WORDS = {
    "count": "events", "deaths": "people killed", "idps-stock": "displaced people", "people-stock": "people",
    "refugees-stock": "refugees", "border-crossings": "people arrived",
    "displacement-movements": "displacements", "people-returned": "people returned",
}  # fmt: skip

_GROUPS = {  # of UNHCR, as HAPI has them; people of any other group are people, with the group beside
    "REF": ("refugees-stock", ""), "ROC": ("refugees-stock", "people-in-a-situation-like-refugees"),
    "ASY": ("people-stock", "asylum-seekers"), "OIP": ("people-stock", "other-people-in-need-of-protection"),
    "IDP": ("idps-stock", ""), "IOC": ("idps-stock", ""), "STA": ("people-stock", "stateless-people"),
    "OOC": ("people-stock", "others-of-concern"), "HST": ("people-stock", "host-community"),
    "RET": ("people-returned", "refugees"), "RDP": ("people-returned", "idps"),
}  # fmt: skip


NOT_PCODES = "an area code that is a number, as GAUL's are, and not a P-code; it stands in the qualifier"


def is_code_of_case(case: Case, code: str) -> bool:
    """Whether a place or an area of the case has a code."""
    code = code.casefold()
    return any(place.pcode.casefold() == code for place in case.places.values()) or any(
        area.pcode.casefold() == code for area in case_areas(case).areas
    )


def figure_rows(s: Settled) -> RowsReader:
    """Return the reader of rows of figures: one observation for each number. It raises ValueError for a bad row."""
    at = {name: s.at.get(name, -1) for name in (*s.at, *_FIGURE_FIELDS)}
    measures = [(f, s.at[f], *f.removeprefix("figure:").partition("+")[::2]) for f in s.at if f.startswith("figure:")]
    extra = [(n, at[n]) for n in _QUALIFIERS if at.get(n, -1) >= 0]
    ids: Counter[str] = Counter()

    def cell(cells: Sequence[str], name: str) -> str:
        text = cells[at[name]]
        return "" if is_blank(text) else text

    def figures(line: int, cells: Sequence[str]) -> Iterator[Observation]:
        first, last = _window(s, at, cells)
        code = next((c for c, _ in _AREAS if cell(cells, c)), "")
        area = cell(cells, "place") or next(
            (text for _, n in _AREAS if (text := cell(cells, n))), cell(cells, "country_code3")
        )
        pcode = cell(cells, code) if code else ""
        place = s.spots.named(area, pcode)
        told = "; ".join(f"{name}: {cells[k]}" for name, k in extra if not is_blank(cells[k]))
        if pcode and not is_like_pcode(pcode) and not is_code_of_case(s.case, pcode):
            s.note(NOT_PCODES)
            told, pcode = "; ".join(filter(None, (told, f"code: {pcode}"))), ""
        origin, source = cell(cells, "origin"), cell(cells, "told_by")
        around = cell(cells, "admin1") if cell(cells, "place") and not pcode else ""
        if around and around != area:  # two towns may have one name
            told = "; ".join(filter(None, (told, f"in: {around}")))
        if any(cell(cells, n).casefold() not in ("", "all", "*") for n in ("gender", "age")):
            s.note("of a part of the people, by sex or age, who are in the totals as well")
        if area and not pcode and is_total(area):
            s.note("a total of others, which is left out")
            return
        group = cell(cells, "group").upper()
        for name, k, measure, words in measures:
            if group:
                measure, words = _GROUPS.get(group, (measure, words))
            value = s.numbers[name].number(cells[k])
            if value is None:
                if not is_formula_error(cells[k]):  # those are told with their cells
                    s.note(f"no number in {s.numbers[name].column}")
                continue
            begins = s.first if words == "so-far" and s.first else first.start
            key = "|".join((measure, words, str(begins), str(last), pcode or area, place, origin, told, source))
            ids[key] += 1
            again = f"-{ids[key]}" if ids[key] > 1 else ""
            noun = words.replace("-", " ") if words and words != "so-far" else _WORDS.get(measure, measure)
            yield Observation(
                id=f"{s.begin}-{last.start}-{hashlib.blake2s(key.encode(), digest_size=5).hexdigest()}{again}",
                from_=When.parse(begins),
                to=When.parse(last.end),
                measure=measure,
                indicator=f"{noun} ({s.numbers[name].column})",
                value=value,
                bound=_BOUNDS.get(cell(cells, "bound").casefold(), "exact"),
                place=place,
                pcode=pcode,
                origin=origin,
                source=f"{s.title}; {source}" if source else s.title,
                title=f"{noun}, {area}" if area else noun,
                published=str(stamp_day(cell(cells, "published")) or ""),
                qualifier=told,
                note=f"{s.feed}, line {line}",
            )

    return figures


_FIGURE_FIELDS = (
    "date", "from", "to", "year", "month", "code0", "code1", "code2", "country", "country_code3", "admin1", "admin2",
    "place", "origin", "told_by", "bound", "published", "gender", "age", "group", "lat", "lon",
)  # fmt: skip


def _window(s: Settled, at: Mapping[str, int], cells: Sequence[str]) -> tuple[When, When]:
    """Return the first and the last days that a figure is of."""
    if "year" in s.at and "date" not in s.at:
        year, month = code_of(cells[at["year"]]), code_of(cells[at["month"]])
        if not re.fullmatch(r"\d{4}", year):
            raise ValueError(f"the year is {year!r}; expected a year such as 2020")
        number = (int(month) if month.isdigit() else month_number(month)) if month else None
        if month and not (number and 1 <= number <= 12):
            raise ValueError(f"the month is {month!r}; expected a month such as 3 or March")
        when = When.parse(f"{year}-{number:02d}" if number else year)
        return when, when
    day = None if is_blank(cells[at["date"]]) else s.days["date"].moment(cells[at["date"]]).when
    first = None if is_blank(cells[at["from"]]) else s.days["from"].moment(cells[at["from"]]).when
    last = None if is_blank(cells[at["to"]]) else s.days["to"].moment(cells[at["to"]]).when
    if day is None and first is None and last is None:
        raise ValueError("the row has no date; expected one")
    first, last = first or day or last, last or day or first
    assert first is not None and last is not None  # noqa: S101 - one of the three is there
    if last.start is not None and first.start is not None and last.start < first.start:
        raise ValueError(f"the last day {last} lies before the first day {first}")
    return first, last


def wide_rows(s: Settled, header: Sequence[str]) -> RowsReader:
    """Return the reader of a table with a month in each row and a country in each column (figures of IDMC)."""
    months = s.at["month_of"]

    def figures(line: int, cells: Sequence[str]) -> Iterator[Observation]:
        when = s.days["month_of"].moment(cells[months]).when
        if any(is_blank(text) for text, name in zip(cells, header, strict=False) if name):
            s.note("blank cells for some countries")
        for k, country in enumerate(header):
            if k == months or not country:
                continue
            value = s.numbers["figure:displacement-movements"].number(cells[k])
            if value is None:
                continue
            yield Observation(
                id=f"{s.begin}-{when}-{country}",
                from_=When.parse(when.start),
                to=When.parse(when.end),
                measure="displacement-movements",
                indicator="displacements in a month",
                value=value,
                pcode=country,
                source=s.title,
                title=f"displacements, {country}",
                note=f"{s.feed}, line {line}",
            )

    return figures


class FigureFrame(Frame):
    """The period and the region of a case for figures: how many of a file lie outside, and of which places."""

    def __init__(self, s: Settled | None, case: Case, source: str) -> None:
        super().__init__(case)
        self._s, self._case = s, case
        self._has_spots = s is not None and source in _OF_SITES and {"lat", "lon"} <= set(s.at)
        self.elsewhere: Counter[str] = Counter()

    @cached_property
    def _areas(self) -> CaseAreas:
        return case_areas(self._case)

    def holds_figure(self, one: Observation, cells: Sequence[str] = ()) -> bool:
        """Whether a figure may lie in the period and in the region; ``cells`` are the row it stands in."""
        if not self.is_in_period(When.parse(f"{one.from_.start}/{one.to.end}")):
            self.outside_period += 1
            return False
        if one.origin or self._may_lie_here(one, cells):
            return True
        self.outside_region += 1
        self.elsewhere[one.title.rpartition(", ")[2] or one.pcode] += 1
        return False

    def _may_lie_here(self, one: Observation, cells: Sequence[str]) -> bool:
        if one.place in self._case.places:
            return self.is_in_region([self._case.places[one.place]])
        if self._has_spots and (spot := self._spot(cells)):
            return self.is_in_region([spot])
        area = self._areas.of_code(one.pcode) if one.pcode else None
        return area is None or touches(extent(area.geometry), self.region)

    def _spot(self, cells: Sequence[str]) -> Place | None:
        assert self._s is not None  # noqa: S101 - asked before
        lat, lon = (cells[self._s.at[name]] for name in ("lat", "lon"))
        try:
            north, east = self._s.numbers["lat"].number(lat), self._s.numbers["lon"].number(lon)
        except ValueError:
            self._s.note("coordinates that cannot be read as degrees, and do not say where it lies")
            return None
        if north is None or east is None:
            return None
        far = kilometres_written(lat, lon)
        return Place(id=f"{lat},{lon}", name="", kind="site", lat=north, lon=east, country="", accuracy_km=far)

    def notes(self) -> list[str]:
        """Say of which places the figures outside the region are."""
        if not self.elsewhere:
            return []
        names = [name for name, _ in self.elsewhere.most_common(_MOST_NAMED)]
        more = f" and {len(self.elsewhere) - len(names)} more" if len(self.elsewhere) > len(names) else ""
        return [f"outside the region of the case, and left out: {', '.join(names)}{more}"]


_OF_SITES = ("people",)  # whose coordinates are of the very place: other sources give the middle of an area
_MOST_NAMED = 8
