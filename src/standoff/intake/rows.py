"""Rows of others' tables as records of a case: what a source says, in our words, with its own beside them.

Nothing is guessed: a name the case does not know is nobody of the case; what a source does not tell (who began a
battle, what "Other" was) is not told here either. Coordinates become places whose accuracy is that of the source's
precision code, so that zones are met certainly, possibly or not at all.
"""

from __future__ import annotations

import calendar
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from standoff.case.geography import SPOT, Place
from standoff.case.model import Case, as_sides
from standoff.case.reports import Report, Toll
from standoff.case.terms import Agreement
from standoff.case.vocabulary import EVENT_TYPES, is_a
from standoff.case.write import as_cell
from standoff.errors import nearest
from standoff.intake.columns import Days, Numbers, code_of, is_blank, plain_digits
from standoff.intake.log_rows import Cells, is_two_sided
from standoff.intake.mapping import DOUBTS, NO_NAMES, NameMap
from standoff.intake.party_names import PartyNames
from standoff.oneline import OneLine
from standoff.values import When, is_year


@dataclass(frozen=True, slots=True, repr=False)
class Coding(OneLine):
    """How a type of a source is read: our type, whether the source tells who of the two began, and who was hit."""

    type: str
    one_sided: bool = False
    first_was_hit: bool = False  # whoever did it


# ACLED sub-event types (codebook of 2021), one to one. Battles have no initiator there: the order of actor1 and actor2
# tells none. In protests and riots actor1 are those in the street, whoever used force; where force was excessive the
# protesters are peaceful by its definition, so they did none of it. A transfer is made by actor1,
# who gains the place; "Other" may be a closed school, "Disrupted weapons use" a bomb that was defused: none of them is
# an attack.
ACLED_TYPES = {
    "Government regains territory": Coding("territory-regained"),
    "Non-state actor overtakes territory": Coding("territory-overtaken"),
    "Armed clash": Coding("clash"),
    "Air/drone strike": Coding("strike", one_sided=True),
    "Shelling/artillery/missile attack": Coding("shelling", one_sided=True),
    "Remote explosive/landmine/IED": Coding("remote-explosive", one_sided=True),
    "Grenade": Coding("grenade-attack", one_sided=True),
    "Suicide bomb": Coding("suicide-bombing", one_sided=True),
    "Chemical weapon": Coding("chemical-attack", one_sided=True),
    "Attack": Coding("attack-on-civilians", one_sided=True),
    "Abduction/forced disappearance": Coding("abduction", one_sided=True),
    "Sexual violence": Coding("sexual-violence", one_sided=True),
    "Agreement": Coding("agreement"),
    "Arrests": Coding("arrest", one_sided=True),
    "Headquarters or base established": Coding("base-established"),
    "Non-violent transfer of territory": Coding("territory-transfer"),
    "Change to group/activity": Coding("change-of-group"),
    "Peaceful protest": Coding("peaceful-protest", one_sided=True),
    "Protest with intervention": Coding("protest-with-intervention", one_sided=True),
    "Excessive force against protesters": Coding("force-against-protesters", first_was_hit=True),
    "Violent demonstration": Coding("violent-demonstration", one_sided=True),
    "Mob violence": Coding("mob-violence"),
    "Disrupted weapons use": Coding("disrupted-weapons-use"),
    "Looting/property destruction": Coding("property-damage", one_sided=True),
    "Other": Coding("development"),
}
_ACLED_BY_CASE = {name.casefold(): (name, coding) for name, coding in ACLED_TYPES.items()}
# UCDP GED type_of_violence: 1 state-based, 2 non-state (both list sides, and tell no initiator), 3 one-sided
GED_TYPES = {
    "1": Coding("assault"),
    "2": Coding("assault"),
    "3": Coding("violence-against-civilians", one_sided=True),
}
# kilometres by which coordinates may be off: ACLED geo_precision, UCDP GED where_prec (both: 1 is the place itself)
ACLED_KM = {"1": 2.0, "2": 15.0, "3": 50.0}
GED_KM = {"1": 2.0, "2": 25.0, "3": 30.0, "4": 60.0, "5": 60.0, "6": 300.0, "7": 300.0}
MOST_SPOTS = 100_000  # that are remembered by their cells
EXACT = "1"  # the code of both for the place itself
EXACT_KM = 2.0
LEAST_ALIKE = 60.0  # of 100: names of places less alike than this are not proposed


class Spots:
    """Places for coordinates: a place of the case where its name says so, else one for each spot and accuracy.

    A place made for coordinates is in no sector of the record. A place of the case is met only by what is known to lie
    at the place itself and lies within the accuracy of both, when a name or the P-code equals, or when a person decided
    that the name of this source means the place. A name decided to be none of the case's places meets none.
    """

    def __init__(self, case: Case, names: NameMap = NO_NAMES, source: str = "") -> None:
        self.places: dict[str, Place] = {}
        self._names, self._source = names, source
        self._case = case.places
        self._named: dict[str, set[str]] = {}
        self._codes: dict[str, set[str]] = {}
        for place in case.places.values():
            for name in (place.id, place.name, place.name_local, *place.aliases):
                if name:
                    self._named.setdefault(bare_place(name), set()).add(place.id)
            if place.pcode:
                self._codes.setdefault(place.pcode.casefold(), set()).add(place.id)

    @property
    def of_case(self) -> Mapping[str, Place]:
        """The places of the case."""
        return self._case

    def named(self, name: str, pcode: str = "") -> str:
        """Return the id of the one place of the case with a P-code or, failing that, a name; empty where none is.

        What a person decided of the name goes before both.
        """
        if decision := self._names.decision("place", name, self._source) if name else "":
            return decision if decision in self._case else ""
        for table, key in ((self._codes, pcode.strip().casefold()), (self._named, bare_place(name))):
            found = table.get(key) if key else None
            if found:
                return next(iter(found)) if len(found) == 1 else ""
        return ""

    def at(
        self, lat: float, lon: float, kilometres: float, name: str, *, exact: bool = False, country: str = ""
    ) -> str:
        """Return the id of the place for coordinates, made when new."""
        if exact and name:
            decision = self._names.decision("place", name, self._source)
            for known in (decision,) if decision else self._named.get(bare_place(name), ()):
                if known not in self._case:
                    continue
                place = self._case[known]
                if distance_km(lat, lon, place.lat, place.lon) <= kilometres + place.accuracy_km:
                    return known
        spot = f"{SPOT}{lat:.4f},{lon:.4f},{kilometres:.0f}km"
        if spot not in self.places:
            title = name or f"{lat:.2f}, {lon:.2f}"
            self.places[spot] = Place(
                id=spot, name=title, kind="site", lat=lat, lon=lon, country=country[:2], accuracy_km=kilometres
            )
        return spot

    def decided(self, name: str) -> str:
        """Return the place that a person decided a name to be, for a row without coordinates; empty where none is."""
        decision = self._names.decision("place", name, self._source) if name else ""
        return decision if decision in self._case else ""

    @cached_property
    def _bare_names(self) -> list[tuple[Place, list[str]]]:
        """The places of the case, with their names without the word for what each is."""
        return [
            (place, [bare_place(n) for n in (place.name, place.name_local, *place.aliases) if n])
            for place in self._case.values()
        ]

    def proposal(self, name: str, lat: float, lon: float, kilometres: float) -> tuple[str, str]:
        """Return the place of the case that lies where a name of a source does, and why. Decides nothing.

        Of several within the accuracy it is the one whose name is most alike, then the nearest.
        """
        best: tuple[float, float, str] | None = None
        own = bare_place(name)
        for place, names in self._bare_names:
            if abs(place.lat - lat) * 111.0 > kilometres + place.accuracy_km:
                continue
            apart = distance_km(lat, lon, place.lat, place.lon)
            if apart <= kilometres + place.accuracy_km:
                alike = max((fuzz.ratio(own, n) for n in names), default=0.0)
                if alike < LEAST_ALIKE:
                    continue
                if best is None or (alike, -apart) > best[:2]:
                    best = alike, -apart, place.id
        if best is None:
            return "", ""
        alike, apart, known = best
        return known, f"{-apart:.1f} km away, within the accuracy; {alike:.0f} of 100 like {self._case[known].name!r}"

    def place(self, name: str) -> Place:
        """Return a place by the id that this gave."""
        return self.places.get(name) or self._case[name]


def plain_place(name: str) -> str:
    """Return the name of a place without case, marks and hyphens, but for marks of doubt: "Mill?" may be elsewhere."""
    return " ".join(re.sub(rf"[^\w\s{DOUBTS}]", " ", name.casefold()).split())


def bare_place(name: str) -> str:
    """Return the plain name of a place without the word behind it for what it is: Saraqib town, Idlib city."""
    return re.sub(r"(?<=\w) (?:town|city|village)$", "", plain_place(name))


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the kilometres between two places, on a sphere."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 12742 * math.asin(min(math.sqrt(half), 1.0))


@dataclass(repr=False)
class Settled(OneLine):
    """What is settled of a table before its rows are read: where its fields stand, and how its cells are meant."""

    case: Case
    names: PartyNames
    at: Mapping[str, int]
    days: Mapping[str, Days]
    numbers: Mapping[str, Numbers]
    spots: Spots
    feed: str  # the file
    today: date
    released: date | None = None
    title: str = ""
    first: date | None = None  # the earliest day of the table
    begin: str = ""  # how the ids of its figures begin
    source: str = ""
    licence: str = ""
    restricted: bool = False
    notes: dict[str, int] = field(default_factory=dict)  # what is said of the whole, with how many rows it is of
    tolls: dict[tuple[str, float | None, float | None], Toll] = field(default_factory=dict)
    parties: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def note(self, what: str, rows: int = 1) -> None:
        """Count a row, or several, of which something has to be said."""
        self.notes[what] = self.notes.get(what, 0) + rows

    def toll(self, measure: str, low: float | None, high: float | None) -> Toll:
        """Return a count of people; the same one for the same numbers."""
        key = (measure, low, high)
        if key not in self.tolls:
            self.tolls[key] = Toll(measure=measure, low=low, high=high)
        return self.tolls[key]

    def of(self, cell: str) -> tuple[str, ...]:
        """Return the parties of a cell."""
        if cell not in self.parties:
            self.parties[cell] = () if is_blank(cell) else self.names.of(cell)
        return self.parties[cell]

    def of_side(self, cell: str) -> tuple[str, ...]:
        """Return the parties of a side of UCDP."""
        if cell not in self.parties:
            self.parties[cell] = () if is_blank(cell) else self.names.of_side(cell)
        return self.parties[cell]


class Brief(NamedTuple):
    """What is counted of a report before it is wanted whole."""

    id: str
    date: When
    place: str
    actor: tuple[str, ...]
    target: tuple[str, ...]
    row: Cells = []  # noqa: RUF012 - of a log, where it was asked for


RowReader = Callable[
    ..., Report | Brief
]  # of a line and its cells; ``brief`` asks for what is counted, ``log`` for a row
RowsReader = Callable[[int, Sequence[str]], Iterator[Any]]  # several records of a row, or none


def tells_who_began(origin: str, type_: str, subtype: str) -> bool:
    """Whether a row of a log tells who of the two parties began; that depends on its type, not on who is known.

    Logs that were written while a party was not decided may say so in no cell of theirs.
    """
    if origin == "acled" and (row := _ACLED_BY_CASE.get(subtype.casefold())):
        return row[1].one_sided
    return not (origin == "ged" and type_ == GED_TYPES["1"].type)


def first_was_hit(origin: str, subtype: str) -> bool:
    """Whether a row names first who suffered, by the definition of its type."""
    row = _ACLED_BY_CASE.get(subtype.casefold()) if origin == "acled" else None
    return row is not None and row[1].first_was_hit


def sides_of(
    one_sided: bool, first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who did and who suffered; as two sides where the source does not tell who began."""
    return (first, second) if one_sided else (as_sides(first), as_sides(second))


def _shifted(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def precise(day: date, precision: str, today: date) -> When:
    """Return the days that ACLED's time precision allows: 1 the day itself, 2 a week that holds it, 3 its month."""
    if precision == "2":
        return When.parse(f"{_shifted(day, -6)}/{min(_shifted(day, 6), max(day, today))}")
    if precision == "3":
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return When.parse(f"{day.replace(day=1)}/{min(last, max(day, today))}")
    return When.parse(day)


EPOCH = date(1970, 1, 1)
_SECONDS = re.compile(r"\d{9,11}(\.\d+)?", re.ASCII)


def stamp_day(cell: str) -> date | None:
    """Return the day of a time stamp: seconds since 1970, or a day and time; None for what is none."""
    try:
        if _SECONDS.fullmatch(cell):
            day: date | None = EPOCH + timedelta(days=int(float(cell)) // 86_400)
        else:
            day = date.fromisoformat(cell[:10]) if len(cell) >= 10 else None
    except (ValueError, OverflowError, OSError):
        return None
    return day if day is not None and is_year(day.year) else None


def _coordinates(s: Settled, cells: Sequence[str], lat: int, lon: int) -> tuple[float, float] | None:
    if is_blank(cells[lat]) or is_blank(cells[lon]):
        return None
    try:
        north, east = s.numbers["lat"].number(cells[lat]), s.numbers["lon"].number(cells[lon])
    except ValueError:
        what = f"the coordinates are {cells[lat]}, {cells[lon]}; expected degrees, latitude first"
        raise ValueError(what) from None
    return None if north is None or east is None else (north, east)


NO_STAMP = "no time stamp, so with --as-of known for certain from today on only"
Where = tuple[str, float | None, tuple[float, float] | None]  # id of a place, kilometres by which it may be off, where


def acled_coding(cell: str) -> tuple[str, Coding]:
    """Return a sub-event type as ACLED writes it, and how it is read. Raises ValueError with the nearest."""
    coded = _ACLED_BY_CASE.get(cell.casefold())
    if coded is None:
        what = f"the sub_event_type is {cell!r}; expected a sub-event type of ACLED {nearest(cell, ACLED_TYPES)}"
        raise ValueError(what.strip())
    return coded


def acled_place(s: Settled, lat: str, lon: str, precision: str, place: str) -> Where:
    """Return the place of a row of ACLED by its cells. Raises ValueError for coordinates that are none."""
    spot, code = _coordinates(s, (lat, lon), 0, 1), code_of(precision)
    if spot is None:
        return s.spots.decided(place), None, None
    kilometres = ACLED_KM.get(code, 50.0)
    return s.spots.at(*spot, kilometres, place, exact=code == EXACT), kilometres, spot


def acled_rows(s: Settled) -> RowReader:
    """Return the reader of rows of ACLED. It raises ValueError, with the value and what was expected."""
    at = {name: s.at.get(name, -1) for name in (*s.at, *ACLED_FIELDS)}
    id_, date_, subtype, actor, target = (at[n] for n in ("id", "date", "subtype", "actor", "target"))
    lat, lon, name, precision, told = (at[n] for n in ("lat", "lon", "place", "place_precision", "told_by"))
    areas = [at[n] for n in ("country", "admin1", "admin2", "admin3") if at[n] >= 0]
    more = [(n, at[n]) for n in ACLED_MORE if at.get(n, -1) >= 0]
    whens: dict[tuple[date, str], When] = {}
    days = s.days["date"]
    wheres: dict[tuple[str, str, str, str], Where] = {}

    def where_of(cells: Sequence[str], place: str) -> Where:
        key = (cells[lat], cells[lon], cells[precision], place)
        found = wheres.get(key)
        if found is None:
            found = acled_place(s, *key)
            if len(wheres) < MOST_SPOTS:
                wheres[key] = found
        return found

    row_of = _acled_log_row(s, at, areas, (("told_by", told), *more))

    def report(line: int, cells: Sequence[str], brief: bool = False, log: bool = False) -> Report | Brief:
        word, coding = acled_coding(cells[subtype])
        if is_blank(cells[id_]):
            raise ValueError("the event has no id; expected one, such as SYR1234")
        moment = days.moment(cells[date_])
        day = days.day(cells[date_])
        key = (day, code_of(cells[at["time_precision"]]))
        when = whens.get(key)
        if when is None:
            when = whens[key] = precise(*key, s.today)
        deaths = s.numbers["deaths"].number(cells[at["deaths"]])
        place = "" if is_blank(cells[name]) else cells[name]
        where, kilometres, spot = where_of(cells, place)
        doers, suffer = sides_of(coding.one_sided, s.of(cells[actor]), s.of(cells[target]))
        if coding.first_was_hit:
            doers, suffer = suffer, s.of(cells[actor])
        stamp = cells[at["changed"]]
        changed = stamp_day(stamp) if stamp else None
        if changed is None:
            s.note(NO_STAMP)
        if log:
            known_by = max(changed or s.today, when.start or day)
            row = row_of(line, cells, when, moment.hour, known_by, coding.type, word, doers, suffer, place, where,
                         kilometres, spot, deaths)  # fmt: skip
            return Brief(cells[id_], when, where, doers, suffer, row)
        if brief:
            return Brief(cells[id_], when, where, doers, suffer)
        return Report(
            id=cells[id_],
            source="ACLED",
            feed=s.feed,
            row=line,
            licence=s.licence,
            restricted=s.restricted,
            known_from=when.start,
            known_by=max(changed or s.today, when.start or day),
            date=when,
            hour=moment.hour,
            type=coding.type,
            subtype=word,
            actor=doers,
            target=suffer,
            actor_written=cells[actor],
            target_written="" if is_blank(cells[target]) else cells[target],
            place=where,
            place_written=place,
            lat=spot[0] if spot else None,
            lon=spot[1] if spot else None,
            accuracy_km=kilometres,
            areas=tuple(cells[k] for k in areas if not is_blank(cells[k])),
            tolls=() if deaths is None else (s.toll("deaths", deaths, deaths),),
            title=f"{word}, {place or 'no place given'}",
            text=cells[at["text"]],
            others={n: cells[k] for n, k in (("told_by", told), *more) if not is_blank(cells[k])},
        )

    return report


def _acled_log_row(
    s: Settled, at: Mapping[str, int], areas: Sequence[int], more: Sequence[tuple[str, int]]
) -> Callable[..., Cells]:
    """Return what makes of a row of ACLED a row of a log, as `log_cells` does of its report; what recurs is kept."""
    texts: dict[Any, str] = {None: ""}
    sided: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    others: dict[tuple[str, ...], str] = {}
    restricted = as_cell(s.restricted)

    def text(value: Any) -> str:
        found = texts.get(value)
        if found is None:
            found = value.isoformat() if isinstance(value, date) else as_cell(value)
            if len(texts) < MOST_SPOTS:
                texts[value] = found
        return found

    def other(cells: Sequence[str]) -> str:
        key = tuple([cells[k] for _, k in more])
        found = others.get(key)
        if found is None:
            kept = {n: cells[k] for n, k in more if not is_blank(cells[k])}
            found = json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""
            if len(others) < MOST_SPOTS:
                others[key] = found
        return found

    def row(
        line: int,
        cells: Sequence[str],
        when: When,
        hour: str,
        known_by: date,
        type_: str,
        word: str,
        doers: tuple[str, ...],
        suffer: tuple[str, ...],
        place: str,
        where: str,
        kilometres: float | None,
        spot: tuple[float, float] | None,
        deaths: float | None,
    ) -> Cells:
        sides = doers, suffer
        two = sided.get(sides)
        if two is None:
            two = sided[sides] = as_cell(is_two_sided(doers, suffer))
        count = text(deaths)
        target = cells[at["target"]]
        return [
            cells[at["id"]], when.text, hour, type_, word, two, cells[at["actor"]], "" if is_blank(target) else target,
            where, place, text(spot[0]) if spot else "", text(spot[1]) if spot else "", text(kilometres),
            ";".join([cells[k] for k in areas if not is_blank(cells[k])]), f"deaths={count}..{count}" if count else "",
            f"{word}, {place or 'no place given'}", "ACLED", "", text(when.start), text(known_by), s.licence,
            restricted, s.feed, str(line), "acled", other(cells),
        ]  # fmt: skip

    return row


ACLED_FIELDS = (
    "id", "date", "subtype", "actor", "target", "lat", "lon", "place", "place_precision", "told_by", "country",
    "admin1", "admin2", "admin3", "time_precision", "deaths", "changed", "text",
)  # fmt: skip
ACLED_MORE = ("actor_with", "target_with", "event_type", "civilian_targeting", "tags", "told_by_scale")


def ged_rows(s: Settled) -> RowReader:
    """Return the reader of rows of UCDP GED. It raises ValueError, with the value and what was expected."""
    at = {name: s.at.get(name, -1) for name in (*s.at, *_GED_FIELDS)}
    areas = [at[n] for n in ("country", "admin1", "admin2") if at[n] >= 0]
    more = [(n, at[n]) for n in _GED_MORE if at.get(n, -1) >= 0]
    first_days, last_days = s.days["date"], s.days["date_end"]

    def report(line: int, cells: Sequence[str], brief: bool = False, log: bool = False) -> Report | Brief:
        code = code_of(cells[at["subtype"]])
        coding = GED_TYPES.get(code)
        if coding is None:
            raise ValueError(f"the type_of_violence is {cells[at['subtype']]!r}; expected 1, 2 or 3")
        if is_blank(cells[at["id"]]):
            raise ValueError("the event has no id; expected one, such as 252300")
        first, last = first_days.day(cells[at["date"]]), last_days.day(cells[at["date_end"]])
        if last < first:
            raise ValueError(f"date_end {last} lies before date_start {first}")
        when = When.parse(first if first == last else f"{first}/{last}")
        counts = {n: s.numbers[n].number(cells[at[n]]) for n in _GED_COUNTS}
        low, high = counts["low"], counts["high"]
        if low is not None and high is not None and high < low:
            low, high = high, low
            s.note("a high number of deaths below the low one; the two are taken as the ends of a range")
        tolls = [s.toll("deaths", low, high)] if low is not None or high is not None else []
        if counts["deaths_civilian"] is not None:
            tolls.append(s.toll("deaths-civilian", counts["deaths_civilian"], None))
        spot = _coordinates(s, cells, at["lat"], at["lon"])
        place = "" if is_blank(cells[at["place"]]) else cells[at["place"]]
        where, kilometres = s.spots.decided(place), None
        if spot is not None:
            accuracy = code_of(cells[at["place_precision"]])
            kilometres = GED_KM.get(accuracy, 300.0)
            where = s.spots.at(*spot, kilometres, place, exact=accuracy == EXACT)
        side_a, side_b = cells[at["actor"]], cells[at["target"]]
        doers, suffer = sides_of(coding.one_sided, s.of_side(side_a), s.of_side(side_b))
        if s.released is None:
            s.note("no day of publication, so with --as-of known for certain from today on only")
        if brief and not log:
            return Brief(f"ged-{code_of(cells[at['id']])}", when, where, doers, suffer)
        return Report(
            id=f"ged-{code_of(cells[at['id']])}",
            source="UCDP GED",
            feed=s.feed,
            row=line,
            licence=s.licence,
            restricted=s.restricted,
            known_from=first,
            known_by=max(s.released or s.today, first),
            date=when,
            type=coding.type,
            subtype=_GED_WORDS[code],
            actor=doers,
            target=suffer,
            actor_written=side_a,
            target_written=side_b,
            place=where,
            place_written=place,
            lat=spot[0] if spot else None,
            lon=spot[1] if spot else None,
            accuracy_km=kilometres,
            areas=tuple(cells[k] for k in areas if not is_blank(cells[k])),
            tolls=tuple(tolls),
            title=f"{side_a or _UNNAMED_SIDE} and {side_b or _UNNAMED_SIDE}, fatal event",
            others={n: cells[k] for n, k in (("told_by", at["told_by"]), *more) if not is_blank(cells[k])},
        )

    return report


_GED_FIELDS = (
    "id", "date", "date_end", "subtype", "actor", "target", "lat", "lon", "place", "place_precision", "told_by",
    "country", "admin1", "admin2", "low", "high", "best", "deaths_a", "deaths_b", "deaths_civilian", "deaths_unknown",
)  # fmt: skip
_GED_COUNTS = ("low", "high", "best", "deaths_a", "deaths_b", "deaths_civilian", "deaths_unknown")
_GED_MORE = (
    "conflict", "dyad", "told_office", "told_on", "told_first_by", "headline", "clarity", "best", "deaths_a",
    "deaths_b", "deaths_unknown", "code_status",
)  # fmt: skip
_UNNAMED_SIDE = "a side that is not named"
_GED_WORDS = {"1": "state-based", "2": "non-state", "3": "one-sided"}


UNKNOWN_KIND = "development"  # of an event of which nobody has decided what it was: it keeps and breaks nothing
_BOTH_SIDES = ("clash", "agreement", "diplomacy", "talks-failed", "summit")  # none of those named began it


def is_of_both_sides(type_: str) -> bool:
    """Whether an event of a type has two sides by what it is, none of which is told to have begun."""
    return any(is_a(type_, both) for both in _BOTH_SIDES)


def type_named(words: str, own: Collection[str] = ()) -> str:
    """Return the event type whose word a text is, or whose sub-event type of ACLED; empty where it is none."""
    word = "-".join(words.casefold().replace("_", " ").replace("-", " ").split())
    if word in EVENT_TYPES or word in own:
        return word
    coded = _ACLED_BY_CASE.get(" ".join(words.casefold().split()))
    return coded[1].type if coded and coded[1].type != UNKNOWN_KIND else ""


def kilometres_written(lat: str, lon: str) -> float:
    """Return by how many kilometres coordinates may be off as written: a unit of the last digit, at least 2."""
    digits = min(len(re.split(r"[.,٫]", plain_digits(cell).strip() + ".")[1]) for cell in (lat, lon))
    return max(EXACT_KM, round(111.2 * 0.1**digits, 1))


def incident_table_rows(s: Settled) -> RowReader:
    """Return the reader of a table of incidents with plain names of columns. It raises ValueError for a bad row.

    Who stands in a column of parties is involved, and is not told to have begun; who stands in a column of
    perpetrators did it, but for a clash. Who stands in a column of targets or victims was hit, and is not taken to have
    begun. A kind of incident that no word of ours names waits for a person.
    """
    names = ("id", "date", "subtype", "actor", "party", "target", "second", "place", "lat", "lon", "accuracy",
             "deaths", "wounded", "told_by", "text", "hour", "country")  # fmt: skip
    at = {name: s.at.get(name, -1) for name in names}
    areas = [s.at[n] for n in ("country", "admin1", "admin2") if n in s.at]
    read = sorted(set(s.at.values()))
    ids: Counter[str] = Counter()
    made: dict[int, str] = {}  # by line: rows are read again whenever they are asked for

    def cell(cells: Sequence[str], name: str) -> str:
        text = cells[at[name]]
        return "" if is_blank(text) else text

    def where_of(cells: Sequence[str], place: str) -> Where:
        spot = _coordinates(s, cells, at["lat"], at["lon"])
        if spot is None:
            return s.spots.named(place), None, None
        told = s.numbers["accuracy"].number(cells[at["accuracy"]]) if cell(cells, "accuracy") else None
        kilometres = max(told, 0.1) if told is not None else kilometres_written(cells[at["lat"]], cells[at["lon"]])
        if told is None:
            s.note("coordinates taken to be as exact as they are written, and to 2 km at best")
        return s.spots.at(*spot, kilometres, place, exact=kilometres <= EXACT_KM), kilometres, spot

    def report(line: int, cells: Sequence[str], brief: bool = False, log: bool = False) -> Report | Brief:
        moment = s.days["date"].moment(cells[at["date"]])
        word, written = cell(cells, "subtype"), " ".join(cell(cells, "subtype").split())
        type_ = type_named(word, s.case.types) if word else ""
        if not type_:
            s.note("of a kind of event that is not known; it keeps and breaks nothing until a person decides")
        type_ = type_ or UNKNOWN_KIND
        doer = cell(cells, "actor") or cell(cells, "party")
        target = cell(cells, "target") or cell(cells, "second")
        both_began = is_of_both_sides(type_)
        one_sided = bool(cell(cells, "actor")) and not both_began
        doers, suffer = sides_of(one_sided, s.of(doer), s.of(target))
        if cell(cells, "target") and not both_began:  # who was hit is told, whoever did it
            suffer = s.of(target)
        if (doer and not s.of(doer)) or (target and not s.of(target)):
            s.note("a number where a party is named: nobody is read from it")
        place = cell(cells, "place")
        where, kilometres, spot = where_of(cells, place)
        tolls = [
            s.toll(measure, number, number)
            for name, measure in (("deaths", "deaths"), ("wounded", "wounded"))
            if (number := s.numbers[name].number(cells[at[name]])) is not None
        ]
        if is_blank(cells[at["id"]]):
            if line not in made:
                key = hashlib.blake2s("|".join(cells[k] for k in read).encode(), digest_size=5).hexdigest()
                ids[key] += 1
                made[line] = f"row-{moment.day}-{key}" + (f"-{ids[key]}" if ids[key] > 1 else "")
            id_ = made[line]
        else:
            id_ = cells[at["id"]]
        s.note(NO_STAMP)
        clock = _CLOCK.fullmatch(plain_digits(cell(cells, "hour")))
        return Report(
            id=id_,
            source=cell(cells, "told_by")[:120] or s.feed,
            feed=s.feed,
            row=line,
            known_from=moment.day,
            known_by=max(s.today, moment.day),
            date=moment.when,
            hour=moment.hour or (f"{int(clock[1]):02d}:{clock[2]}" if clock and int(clock[1]) < 24 else ""),
            type=type_,
            subtype=written,
            actor=doers,
            target=suffer,
            actor_written=doer,
            target_written=target,
            place=where,
            place_written=place,
            lat=spot[0] if spot else None,
            lon=spot[1] if spot else None,
            accuracy_km=kilometres,
            areas=tuple(cells[k] for k in areas if not is_blank(cells[k])),
            tolls=tuple(tolls),
            title=f"{written or 'an event'}, {place or 'no place given'}",
            text=cells[at["text"]],
            others={"country": country} if (country := cell(cells, "country")) else {},
        )

    return report


_CLOCK = re.compile(r"(\d{1,2})[:.hH](\d{2})(?::\d{2})?")


@dataclass(frozen=True, slots=True, repr=False)
class AgreementDraft(OneLine):
    """A row of a list of agreements: what agreements.yaml would hold, and what the list says of it besides.

    ``parties`` of the agreement hold ids of actors and names with their mark; ``provisions`` are the kinds of clauses
    that the source finds in the text, in its words.
    """

    agreement: Agreement
    parties_written: str
    provisions: tuple[str, ...] = ()
    ended: str = ""
    third_parties: str = ""

    @property
    def id(self) -> str:
        """The id of the agreement."""
        return self.agreement.id

    @property
    def date(self) -> When:
        """The day of the agreement."""
        return self.agreement.date


_PROVISIONS = {
    "cease": "ceasefire", "withd": "withdrawal of foreign forces", "ddr": "disarmament and demobilisation",
    "pris": "release of prisoners", "amn": "amnesty", "pko": "peacekeepers", "elections": "elections",
    "demarcation": "demarcation", "return": "return of refugees",
}  # fmt: skip


_LISTS_OF_AGREEMENTS = {  # how ids begin, and what a text is called
    "ucdp-agreements": ("ucdp", "UCDP Peace Agreement"),
    "pax-agreements": ("pax", "PA-X agreement"),
    "agreements": ("agreement", "agreement"),
}


def agreement_reader(s: Settled) -> RowsReader:
    """Return the reader of rows of a list of agreements. It raises ValueError for a bad row."""
    fields = ("id", "parties", *_PROVISIONS, "party_ids", "third", "reference", "ended_on")
    at = {name: s.at.get(name, -1) for name in (*s.at, *fields)}
    begin, words = _LISTS_OF_AGREEMENTS[s.source]

    def agreements(line: int, cells: Sequence[str]) -> Iterator[AgreementDraft]:
        number, title = code_of(cells[at["id"]]), cells[at["title"]]
        if is_blank(title) or (not number and "id" in s.at):
            needed = "both" if "id" in s.at else "a name"
            raise ValueError(f"the agreement has no name{' or no number' * ('id' in s.at)}; expected {needed}")
        day = s.days["date"].moment(cells[at["date"]]).when
        reference = f"{words} {number}" if number else ""
        if not number:  # the list has none: the name and the day say which it is
            number = hashlib.blake2s(f"{plain_place(title)}|{day}".encode(), digest_size=5).hexdigest()
        written = "" if is_blank(cells[at["parties"]]) else cells[at["parties"]]
        parts, numbers = (
            [p.strip() for p in text.split(",") if p.strip()] for text in (written, cells[at["party_ids"]])
        )
        if len(numbers) == len(parts) > 1:  # as many names as numbers: each comma parts
            parties = tuple(dict.fromkeys(p for part in parts for p in s.of(part)))
        else:
            parties = tuple(p for line_ in filter(None, map(str.strip, written.splitlines())) for p in s.of_side(line_))
        yield AgreementDraft(
            Agreement(
                id=f"{begin}-{re.sub(r'[^A-Za-z0-9]+', '-', number).strip('-').lower()}",
                title=" ".join(title.split()),
                parties=tuple(dict.fromkeys(parties)),
                date=day,
                reference=reference,
                text="" if is_blank(cells[at["reference"]]) else cells[at["reference"]],
            ),
            written,
            tuple(w for name, w in _PROVISIONS.items() if code_of(cells[at[name]]) in ("1", "2", "3")),
            "" if is_blank(cells[at["ended_on"]]) else cells[at["ended_on"]],
            "" if is_blank(cells[at["third"]]) else cells[at["third"]],
        )

    return agreements


class Frame:
    """The period and the region of a case: what lies outside is counted, and is not an event of its ledger."""

    def __init__(self, case: Case) -> None:
        self.period = case.about.period
        self.region = case.about.region
        self.outside_period = 0
        self.outside_region = 0
        self._reach: dict[str, bool] = {}
        self._days: dict[str, bool] = {}

    def holds(self, when: When, places: Collection[Place]) -> bool:
        """Whether an event may lie in the period and in the region; what has no place lies nowhere else."""
        if not self.is_in_period(when):
            self.outside_period += 1
            return False
        if not self.is_in_region(places):
            self.outside_region += 1
            return False
        return True

    def is_in_period(self, when: When) -> bool:
        """Whether an event may lie in the period."""
        if when.text not in self._days:
            self._days[when.text] = when.possibly_within(self.period.start, self.period.end)
        return self._days[when.text]

    def is_in_region(self, places: Collection[Place]) -> bool:
        """Whether one of the places may lie in the region; no place lies nowhere else."""
        return not places or any(self._reaches(place) for place in places)

    def _reaches(self, place: Place) -> bool:
        if place.id not in self._reach:
            self._reach[place.id] = self._meets(place)
        return self._reach[place.id]

    def _meets(self, place: Place) -> bool:
        west, south, east, north = self.region
        up = place.accuracy_km / 111.2
        across = up / max(math.cos(math.radians(min(abs(place.lat) + up, 89.0))), 0.01)
        inside = any(west - across <= lon <= east + across for lon in (place.lon, place.lon + 360))
        return inside and south - up <= place.lat <= north + up


def future(when: When, today: date) -> str:
    """Say that a day lies in the future, or that an interval ends there; nothing where it does not."""
    last = f"{today}, today by this machine's clock"
    if when.start is not None and when.start > today:
        return f"the event is dated {when}, in the future; expected a day up to {last}"
    if (
        "/" in when.text and when.end is not None and when.end > today
    ):  # a year or month that is not over is no interval
        return f"the event is dated {when}, which ends in the future; expected a last day up to {last}"
    return ""


def counted(report: Report) -> dict[str, Any]:
    """Return the first toll of a report as an event has it."""
    if not report.tolls:
        return {"low": None, "high": None, "counted": ""}
    toll = report.tolls[0]
    return {"low": toll.low, "high": toll.high, "counted": toll.measure}
