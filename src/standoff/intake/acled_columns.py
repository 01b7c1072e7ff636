"""Many rows of ACLED at a time, by the column: what recurs in a column is worked out once.

`acled_rows` says what a row means; this says the same of thousands of rows, for files with a million of them. Whatever
is not plain in one row of them (a bad cell, an id twice) leaves them all to `acled_rows`, which names the row.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from standoff.case.model import NO_NAME, UNKNOWN, bare, is_unknown
from standoff.case.write import as_cell
from standoff.files.table_reader import Block
from standoff.intake.columns import code_of, is_blank
from standoff.intake.log_rows import COLUMNS, Waiting, is_two_sided
from standoff.intake.rows import (
    ACLED_FIELDS,
    ACLED_MORE,
    EPOCH,
    MOST_SPOTS,
    NO_STAMP,
    Frame,
    Settled,
    acled_coding,
    acled_place,
    future,
    precise,
    sides_of,
    stamp_day,
)
from standoff.values import is_year

_NUMBERS = {name: number for number, name in enumerate(COLUMNS)}
_SPOT = ("place", "place_written", "lat", "lon", "accuracy_km")


class _Memory(dict[Any, Any]):
    """What was worked out of a key, worked out when it is first asked for; forgotten when it is too much."""

    def __init__(self, work_out: Callable[[Any], Any]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: Any) -> Any:
        if len(self) >= MOST_SPOTS:
            self.clear()
        value = self[key] = self._work_out(key)
        return value

    def of(self, keys: Iterable[Any]) -> list[Any]:
        """Return what each key gives."""
        return list(map(self.__getitem__, keys))


class _Day(NamedTuple):
    text: str
    hour: str
    start: str
    is_inside: bool


class _Spot(NamedTuple):
    is_inside: bool
    cells: tuple[str, str, str, str, str]  # as in _SPOT


class _Side(NamedTuple):
    is_one_of_two: bool
    unknown: tuple[str, ...]
    is_nobody: bool


class AcledColumns:
    """Rows of ACLED, counted and made rows of a log, thousands at a time.

    ``wrong`` are the lines that lie outside the period or the region; ``undecided`` counts the rows of names that the
    case does not know, ``nobody_known`` rows that name nobody it knows.
    """

    def __init__(self, settled: Settled, frame: Frame, rows: Waiting | None, ids: set[str]) -> None:
        self._settled, self._frame, self._rows, self._ids = settled, frame, rows, ids
        self.wrong: list[int] = []
        self.undecided: Counter[str] = Counter()
        self.nobody_known = 0
        at = settled.at
        self._at = {name: at.get(name, -1) for name in ACLED_FIELDS}
        self._areas_at = [at[name] for name in ("country", "admin1", "admin2", "admin3") if name in at]
        self._more = [("told_by", at.get("told_by", -1)), *((name, at[name]) for name in ACLED_MORE if name in at)]
        self._same = {
            "source": "ACLED",
            "said": "",
            "licence": settled.licence,
            "restricted": as_cell(settled.restricted),
            "feed": settled.feed,
            "origin": "acled",
        }
        self._types = _Memory(acled_coding)
        self._days = _Memory(self._day)
        self._spots = _Memory(self._spot)
        self._sides = _Memory(self._side)
        self._areas = _Memory(lambda cells: ";".join([cell for cell in cells if not is_blank(cell)]))
        self._others = _Memory(self._other)
        self._tolls = _Memory(self._toll)
        self._titles = _Memory(lambda key: f"{key[0]}, {key[1] or 'no place given'}")
        self._stamps = _Memory(lambda cell: _text(stamp_day(cell)))
        self._stamp_days = _Memory(_day_since)

    def read(self, block: Block) -> bool:
        """Take rows, all of them or none: False where one of them has to be looked at by itself."""
        if block.is_ragged:
            return False
        many = len(block)

        def column(at: int) -> Sequence[str]:
            return block.column(at) if at >= 0 else [""] * many

        cells = {name: column(at) for name, at in self._at.items() if name != "text"}  # which goes into no log
        ids = cells["id"]
        new = set(ids)
        if len(new) != many or any(map(is_blank, new)) or not self._ids.isdisjoint(new):
            return False
        try:
            types = self._types.of(cells["subtype"])
            days = self._days.of(zip(cells["date"], cells["time_precision"], strict=True))
            spots = self._spots.of(
                zip(cells["lat"], cells["lon"], cells["place_precision"], cells["place"], strict=True)
            )
            one_sided = [coding.one_sided for _, coding in types]
            actors = self._sides.of(zip(one_sided, cells["actor"], strict=True))
            targets = self._sides.of(zip(one_sided, cells["target"], strict=True))
            tolls = self._tolls.of(cells["deaths"])
        except (ValueError, KeyError, TypeError):
            return False
        stamps = list(map(self._stamp, cells["changed"]))
        if without := stamps.count(""):
            self._settled.note(NO_STAMP, without)
        self._ids |= new
        kept = self._counted(block.lines, days, spots, actors, targets)
        if self._rows is not None and kept:
            in_areas = zip(*map(column, self._areas_at), strict=True) if self._areas_at else [()] * many
            counted: dict[str, Sequence[str]] = {
                "date": [day.text for day in days],
                "subtype": [word for word, _ in types],
                "actor": cells["actor"],
                "target": ["" if is_blank(cell) else cell for cell in cells["target"]],
                "areas": self._areas.of(in_areas),
            }
            counted |= zip(_SPOT, zip(*(spot.cells for spot in spots), strict=True), strict=True)
            if self._rows.keeps_text:
                one, two, today = as_cell(False), as_cell(True), self._settled.today.isoformat()
                counted |= {
                    "id": ids,
                    "hour": [day.hour for day in days],
                    "type": [coding.type for _, coding in types],
                    "two_sided": [
                        two if actor.is_one_of_two or target.is_one_of_two else one
                        for actor, target in zip(actors, targets, strict=True)
                    ],
                    "tolls": tolls,
                    "title": self._titles.of(
                        (word, spot.cells[1]) for (word, _), spot in zip(types, spots, strict=True)
                    ),
                    "known_from": [day.start for day in days],
                    "known_by": [max(stamp or today, day.start) for stamp, day in zip(stamps, days, strict=True)],
                    "row": list(map(str, block.lines)),
                    "others": self._others.of(zip(*(column(at) for _, at in self._more), strict=True)),
                    **{name: [word] * many for name, word in self._same.items()},
                }
            if len(kept) < many:
                counted = {name: [texts[k] for k in kept] for name, texts in counted.items()}
            self._rows.add_columns({_NUMBERS[name]: texts for name, texts in counted.items()})
        return True

    def _counted(
        self, lines: Sequence[int], days: list[_Day], spots: list[_Spot], actors: list[_Side], targets: list[_Side]
    ) -> Sequence[int]:
        """Count rows, and return which of them lie in the period and the region."""
        frame, undecided = self._frame, self.undecided
        kept = []
        for k, (day, spot, actor, target) in enumerate(zip(days, spots, actors, targets, strict=True)):
            if not day.is_inside:
                frame.outside_period += 1
                self.wrong.append(lines[k])
            elif not spot.is_inside:
                frame.outside_region += 1
                self.wrong.append(lines[k])
            else:
                kept.append(k)
                for name in actor.unknown:
                    undecided[name] += 1
                for name in target.unknown:
                    if name not in actor.unknown:
                        undecided[name] += 1
                self.nobody_known += actor.is_nobody and target.is_nobody
        return kept

    def _day(self, key: tuple[str, str]) -> _Day:
        moments = self._settled.days["date"]
        moment, day = moments.moment(key[0]), moments.day(key[0])
        when = precise(day, code_of(key[1]), self._settled.today)
        if why := future(when, self._settled.today):
            raise ValueError(why)
        return _Day(when.text, moment.hour, (when.start or day).isoformat(), self._frame.is_in_period(when))

    def _spot(self, key: tuple[str, str, str, str]) -> _Spot:
        lat, lon, precision, name = key
        place = "" if is_blank(name) else name
        where, kilometres, spot = acled_place(self._settled, lat, lon, precision, place)
        is_inside = not where or self._frame.is_in_region([self._settled.spots.place(where)])
        north, east = (as_cell(one) for one in spot or (None, None))
        return _Spot(is_inside, (where, place, north, east, as_cell(kilometres)))

    def _side(self, key: tuple[bool, str]) -> _Side:
        parties, _ = sides_of(key[0], self._settled.of(key[1]), ())
        unknown = tuple(
            bare(party) for party in dict.fromkeys(parties) if party.startswith(UNKNOWN) and party != NO_NAME
        )
        return _Side(is_two_sided(parties), unknown, all(map(is_unknown, parties)))

    def _toll(self, cell: str) -> str:
        count = as_cell(self._settled.numbers["deaths"].number(cell))
        return f"deaths={count}..{count}" if count else ""

    def _other(self, cells: tuple[str, ...]) -> str:
        kept = {name: cell for (name, _), cell in zip(self._more, cells, strict=True) if not is_blank(cell)}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""

    def _stamp(self, cell: str) -> str:
        """Return the day of a time stamp; empty where it is none. Nearly all of them differ, their days do not."""
        if 9 <= len(cell) <= 11 and cell.isdigit() and cell.isascii():
            text: str = self._stamp_days[int(cell) // 86_400]
            return text
        return str(self._stamps[cell]) if cell else ""


def _day_since(days: int) -> str:
    try:
        day = EPOCH + timedelta(days=days)
    except OverflowError:
        return ""
    return day.isoformat() if is_year(day.year) else ""


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
