"""N more people arrive: where they go, by place and area, with ranges, when some ways are shut and some camps are full.

The rule is that of `standoff.people.destinations`: old shares where it is known who is where, and choice. How far such
shares were off in seven crises gives the ranges: each share is multiplied by a factor whose logarithm has that spread
(`SPREAD`), most of it common to an area, and the shares are made to sum to one again. The factors are the same with and
without the closures, so that the difference is theirs alone. What is expected is the share itself.

This is for those who prepare tents, water and food where people arrive. It names no road: not which way to take, and
not which way is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine
from standoff.people.destinations import FITTED, DestinationWeights, choice_shares, open_shares, people_there
from standoff.text.names import comparable_name, place_named
from standoff.text.sentences import count, percent
from standoff.text.sentences import day as day_words
from standoff.values import When

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Way = tuple[str, str, str]  # as in `standoff.people.network.Network.open_links`
Closure = tuple[str, Way, date | None]  # shut or open, what, and from which day
SPREAD = 1.6  # of the logarithm of a share about its forecast, over seven crises at 30 and 90 days
COMMON = 0.75  # of its variance, that all places of an area have in common; assumed
COVER = (0.69, 0.77)  # of 80 % ranges at 30 and at 90 days, mean over seven crises; 8 % of shares lay above
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
COLUMNS = (
    "id", "name", "kind", "area", "area_code", "present", "mean", "q05", "q10", "q25", "q50", "q75", "q90", "q95",
    "share", "change", "state",
)  # fmt: skip
CAUTION = "expected by rule, not counted"
MOST_PEOPLE_MORE = 100_000_000
MOST_DAYS = 1000
MOST_DRAWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Grounds:
    """What is known of a region on a day: P places, L links both ways.

    ``takes`` says which places people stay at, ``leaves`` which may be left; ``front`` those of the front line of the
    day. ``shut`` are the ways that are shut already. ``displaced`` [P] is the last known stock, of ``as_of`` (None
    where none is known); ``parts`` says into how many destinations the people of a place's country are divided.
    """

    title: str
    names: tuple[str, ...]
    titles: Mapping[str, str]
    by_name: Mapping[str, Sequence[Sequence[str]]]  # what each place is called, by precedence
    kinds: Mapping[str, str]
    country: tuple[str, ...]
    area: tuple[tuple[str, str], ...]  # code and name of the area of each place
    groups: Mapping[str, tuple[str, ...]]  # areas that people may be said to leave, by any of their names
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    km: Floats
    takes: Bools
    leaves: Bools
    front: Bools
    shut: tuple[Way, ...]
    displaced: Floats
    residents: Floats
    parts: Floats
    on: date
    as_of: date | None = None  # of the stock
    notes: tuple[str, ...] = ()
    weights: DestinationWeights = FITTED

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Grounds of {self.title} on {self.on}: {len(self.names)} places, {self.source.size} links>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ArrivalRow(OneLine):
    """People who arrive at a place or in an area: expected (``mean``), quantiles, and compared with nothing shut.

    ``present`` is the last known stock of displaced people, before them. ``change`` is how many more or fewer than with
    nothing closed or full. ``state`` says why nobody comes, where that is so.
    """

    id: str
    name: str
    kind: str
    area: str
    area_code: str
    present: float
    mean: float
    q05: float
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    q95: float
    share: float
    change: float
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ExpectedArrivals:
    """Where so many more people go: ``places`` and ``areas`` by how many, and who finds no way (``stay``)."""

    title: str
    people: int
    origins: tuple[str, ...]
    from_title: str
    on: date
    days: int
    places: tuple[ArrivalRow, ...]
    areas: tuple[ArrivalRow, ...]
    stay: float
    changes: tuple[str, ...]
    notes: tuple[str, ...]
    as_of: date | None
    n: int
    seed: int
    daily: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # mean arrivals by day, of every place

    def __repr__(self) -> str:
        """Return one line."""
        first = f", most to {self.areas[0].name}" if self.areas else ""
        return f"<ExpectedArrivals: {self.people:,} people from {self.from_title} from {self.on}{first}>"


def people_number(text: str) -> int:
    """Return a number of people such as 50000 or 50,000. Raises StandoffError for anything else."""
    plain = text.replace(",", "").replace("_", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 12 and int(plain) > 0):
        expected = "a whole number of people above 0, such as 50000"
        raise StandoffError.of(f"{text!r} is not read", file="--people", expected=expected)
    return int(plain)


def origins_named(grounds: Grounds, text: str, option: str = "--from") -> tuple[tuple[str, ...], str]:
    """Return the places that people leave, and what they are called: an area, a place, or ``all`` that may be left.

    Raises StandoffError with the nearest name, and where nobody lives or can leave there.
    """
    folded = comparable_name(text)
    every = tuple(name for name, may in zip(grounds.names, grounds.leaves, strict=True) if may)
    if folded == "all":
        if not every:
            what = f"no place has fighting or residents on {grounds.on}"
            raise StandoffError.of(what, file=option, expected="the name of a place or area")
        return every, "all places that people leave"
    groups = {comparable_name(name): name for name in grounds.groups}
    if folded in groups and folded not in {
        comparable_name(name)
        for key in grounds.names
        for name in (key, *(n for group in grounds.by_name[key] for n in group))
    }:
        return grounds.groups[groups[folded]], groups[folded]
    by_name = {key: grounds.by_name[key] for key in grounds.names} | {
        name: ((name,),) for name in grounds.groups if name not in grounds.by_name
    }
    able = {k: v for k, v in by_name.items() if k in grounds.names or comparable_name(k) != folded}
    key = place_named(able, text, option, grounds.kinds, what="place or area")
    return (key,), grounds.titles[key]


def asked_ways(
    grounds: Grounds, close: Iterable[str] = (), opened: Iterable[str] = (), full: Iterable[str] = ()
) -> tuple[tuple[Closure, ...], tuple[str, ...]]:
    """Return what is to be shut, opened or full, each ``NAME`` or ``NAME@DATE``, and a sentence for each.

    A name is a place, ``route:A:B`` or ``border:X:Y``. Raises StandoffError with every name and date that is none.
    """
    closures: list[Closure] = []
    words: list[str] = []
    problems: list[Problem] = []
    for option, what, texts in (("--close", "shut", close), ("--full", "full", full), ("--open", "open", opened)):
        for text in texts:
            name, mark, written = text.rpartition("@") if "@" in text else (text, "", "")
            begin, way = None, None
            try:
                begin = When.parse(written.strip()) if mark else None
                if begin is not None and (begin.start is None or begin.start != begin.end):
                    problems.append(Problem(option, 0, f"{written!r} is not one day", "a day such as 2020-01-15"))
            except ValueError as error:
                problems.append(Problem(option, 0, f"{written!r} is not a date", str(error).removeprefix("expected ")))
            try:
                way = _way_named(grounds, name.strip(), option)
            except StandoffError as error:
                problems += error.problems
            if way is None:
                continue
            if what == "full" and way[0] != "place":
                problems.append(Problem(option, 0, f"{name!r} cannot be full", "a camp or another place"))
                continue
            way = ("into", way[1], "") if what == "full" else way
            first = begin.start if begin else None
            closures.append(("open" if what == "open" else "shut", way, first))
            words.append(f"{_way_title(grounds, way)} is {what}" + (f" from {day_words(first)}" if first else ""))
    if problems:
        raise StandoffError(problems)
    return tuple(closures), tuple(words)


def _way_named(grounds: Grounds, text: str, option: str) -> Way:
    kind, mark, rest = text.partition(":")
    if not text:
        raise StandoffError.of("no name", file=option, expected="NAME or NAME@DATE, such as atma@2020-01-15")
    if mark and kind in ("route", "border"):
        a, _, b = rest.partition(":")
        if kind == "border":
            folded = {comparable_name(c): c for c in grounds.country}
            wrong = [
                Problem(option, 0, f"there is no country {c!r}", f"one of {', '.join(sorted(folded.values()))}",
                        nearest(c, folded.values()))
                for c in (a, b) if comparable_name(c) not in folded
            ]  # fmt: skip
            if wrong:
                raise StandoffError(wrong)
            return "border", folded[comparable_name(a)], folded[comparable_name(b)]
        a, b = (place_named(grounds.by_name, end, option, grounds.kinds) for end in (a, b))
        i, j = grounds.names.index(a), grounds.names.index(b)
        if not ((grounds.source == i) & (grounds.target == j)).any():
            joined = [grounds.names[k] for k in grounds.target[grounds.source == i]]
            expected = f"a road: {a} is joined to {', '.join(joined[:6]) or 'nothing'}"
            raise StandoffError.of(f"no road joins {a!r} and {b!r}", file=option, expected=expected)
        return "route", a, b
    return "place", place_named(grounds.by_name, rest if mark else text, option, grounds.kinds), ""


def _way_title(grounds: Grounds, way: Way) -> str:
    kind, a, b = way
    if kind == "border":
        return f"the border {a}-{b}"
    if kind == "route":
        return f"the road {grounds.titles[a]} to {grounds.titles[b]}"
    name = grounds.titles[a]
    return name if grounds.kinds[a] in name.lower() else f"{name} ({grounds.kinds[a]})"


def unmoved(grounds: Grounds, closures: Iterable[Closure]) -> list[str]:
    """Return a sentence for each crossing that is asked to be shut while its border is shut already."""
    borders = {frozenset((a, b)) for kind, a, b in grounds.shut if kind == "border"}
    said = []
    for what, (kind, a, _), _ in closures:
        if what != "shut" or kind != "place":
            continue
        i = grounds.names.index(a)
        beyond = {grounds.country[k] for k in grounds.target[grounds.source == i]} - {grounds.country[i]}
        if beyond and all(frozenset((grounds.country[i], other)) in borders for other in beyond):
            shut = ", ".join(f"{grounds.country[i]}-{other}" for other in sorted(beyond))
            said.append(
                f"{grounds.titles[a]}: the border {shut} is shut to people already, so closing the crossing sends "
                "nobody elsewhere; aid that comes through it is not in this, other than as camps that are full (--full)"
            )
    return said


def open_mask(grounds: Grounds, shut: Iterable[Way]) -> Bools:
    """Return which links are open [L]; ways are those of `standoff.people.network.Network.open_links`."""
    at = {name: i for i, name in enumerate(grounds.names)}
    country = np.array(grounds.country)
    ends = country[grounds.source], country[grounds.target]
    mask = np.ones(grounds.source.size, dtype=np.bool_)
    through: list[int] = []
    for kind, a, b in shut:
        if kind == "border":
            mask[((ends[0] == a) & (ends[1] == b)) | ((ends[0] == b) & (ends[1] == a))] = False
        elif kind == "place":
            mask[(grounds.source == at[a]) | (grounds.target == at[a])] = False
        elif kind == "route":
            i, j = at[a], at[b]
            mask[((grounds.source == i) & (grounds.target == j)) | ((grounds.source == j) & (grounds.target == i))] = (
                False
            )
        elif kind == "through":
            through.append(at[a])
    if through:
        touches = np.isin(grounds.source, through) | np.isin(grounds.target, through)
        mask |= touches & (ends[0] != ends[1])
    return mask


def road_km(grounds: Grounds, origins: Sequence[int], mask: Bools) -> Floats:
    """Return the distances by open roads [O, P] from some places, infinite where there is no way."""
    many = len(grounds.names)
    length = np.full((many, many), np.inf)
    np.minimum.at(length, (grounds.source[mask], grounds.target[mask]), grounds.km[mask])
    graph = np.where(np.isfinite(length), np.maximum(length, 1e-9), 0.0)
    from scipy.sparse import csr_array  # when first needed: the workbench starts without it
    from scipy.sparse.csgraph import dijkstra

    return np.asarray(dijkstra(csr_array(graph), indices=list(origins)))


def shares_on(grounds: Grounds, origins: Sequence[int], shut: Iterable[Way]) -> tuple[Floats, Bools]:
    """Return the share of newcomers by place [P] while ``shut`` holds, and which origins [O] have any way.

    Origins send by their residents, alike where none are known.
    """
    ways = list(shut)
    km = road_km(grounds, origins, open_mask(grounds, ways))
    full = {a for kind, a, _ in ways if kind in ("into", "place")}
    closed = ~grounds.takes | grounds.front | np.array([name in full for name in grounds.names])
    closed[list(origins)] = True
    km = np.where(closed, np.inf, km)
    there = people_there(grounds.displaced, grounds.residents, grounds.weights)
    choice = choice_shares(km, there, grounds.weights, parts=grounds.parts)
    reach = np.isfinite(km)
    old = open_shares(np.broadcast_to(there, km.shape), ~reach)
    known = old.sum(axis=1, keepdims=True) > 0 if grounds.as_of is not None else np.zeros((len(origins), 1), bool)
    rows = np.where(known, grounds.weights.old * old + (1.0 - grounds.weights.old) * choice, choice)
    able = rows.sum(axis=1) > 0
    weight = np.maximum(grounds.residents[list(origins)], 0.0)
    weight = weight if weight.sum() > 0 else np.ones(len(origins))
    weight = weight / weight.sum()
    return np.asarray(weight @ rows), np.asarray(able, dtype=np.bool_)


def expect_arrivals(
    grounds: Grounds,
    people: int,
    origins: Sequence[str],
    *,
    from_title: str = "",
    closures: Sequence[Closure] = (),
    days: int = 30,
    n: int = 2000,
    seed: int = 1,
    changes: Sequence[str] = (),
) -> ExpectedArrivals:
    """Say where so many more people arrive and stay, over some days, with ranges.

    Parameters
    ----------
    grounds : the region as it is known on the day
    people : how many leave, the same number each day
    origins : the places they leave
    from_title : what these are called together
    closures : what is asked: ``shut`` or ``open``, a way, and from which day (None: from the first)
    days, n, seed : length, draws, and the seed: the same seed gives the same numbers

    Returns
    -------
    means and quantiles by place and area; they sum to the people, with who finds no way

    Raises
    ------
    StandoffError
        For numbers out of bounds, and a day that lies after the last.
    """
    problems = [
        Problem(option, 0, f"{value:,}", f"from 1 to {most:,}")
        for option, value, most in (
            ("--people", people, MOST_PEOPLE_MORE),
            ("--days", days, MOST_DAYS),
            ("-n", n, MOST_DRAWS),
        )
        if not 1 <= value <= most
    ]
    if problems:
        raise StandoffError(problems)
    last = grounds.on + timedelta(days=days - 1)
    for what, way, begin in closures:
        if begin is not None and begin > last:
            option = "--open" if what == "open" else "--full" if way[0] == "into" else "--close"
            late = f"{_way_title(grounds, way)}, {begin}: after the {days} days from {grounds.on}"
            problems.append(Problem(option, 0, late, f"a day up to {last}, or more days than {days}"))
    if problems:
        raise StandoffError(problems)
    at = [grounds.names.index(name) for name in origins]
    plain = shares_on(grounds, at, grounds.shut)[0]
    if not plain.any() and not any(what == "open" for what, _, _ in closures):
        what = f"nobody who leaves {from_title or ', '.join(origins)} reaches any place on {grounds.on}"
        hint = "" if len(at) < len(grounds.names) else "leave a part of the region, not all of it"
        raise StandoffError.of(what, file="--from", expected="a place with an open road to another", hint=hint)
    edges = sorted({0, days, *((b - grounds.on).days for _, _, b in closures if b and b > grounds.on)})
    cuts: list[tuple[int, Floats]] = []  # days of a stretch, and the shares in it
    for first, after in pairwise(edges):
        cuts.append((after - first, shares_on(grounds, at, _in_force(grounds, closures, first))[0]))
    rng = Generator(Philox(key=np.array([seed & (2**64 - 1), 18], dtype=np.uint64)))
    luck = _luck(rng, grounds, n)
    expected, came = np.zeros(plain.size), np.zeros((n, plain.size))
    daily: list[Floats] = []
    for length, share in cuts:
        expected += people * length / days * share
        came += people * length / days * _shared_out(luck, share)
        daily += [people / days * share] * length
    change = expected - people * plain
    whole = _whole(came, rng.random((n, 1)))
    stay = people - float(expected.sum())
    states = _states(grounds, at, plain, cuts, closures)
    shown = np.flatnonzero((expected >= 0.5) | (plain > 0) | np.array([bool(state) for state in states]))
    places = [
        _row(grounds, int(j), whole[:, j], people, float(expected[j]), float(change[j]), states[j],
             float(grounds.displaced[j]))
        for j in shown
    ]  # fmt: skip
    groups: dict[tuple[str, str], list[int]] = {}
    for j in shown:
        groups.setdefault(grounds.area[j], []).append(int(j))
    areas = []
    for (code, name), members in groups.items():
        inside = [j for j, where in enumerate(grounds.area) if where == (code, name)]
        row = _row(
            grounds, members[0], whole[:, members].sum(axis=1), people, float(expected[members].sum()),
            float(change[members].sum()), "", float(grounds.displaced[inside].sum()),
        )  # fmt: skip
        areas.append(_as_area(row, code, name, len(members)))
    return ExpectedArrivals(
        title=grounds.title,
        people=people,
        origins=tuple(origins),
        from_title=from_title or ", ".join(origins),
        on=grounds.on,
        days=days,
        places=tuple(sorted(places, key=lambda r: (-r.mean, r.id))),
        areas=tuple(sorted(areas, key=lambda r: (-r.mean, r.id))),
        stay=max(stay, 0.0),
        changes=tuple(changes),
        notes=(*grounds.notes, *_even_areas(places)),
        as_of=grounds.as_of,
        n=n,
        seed=seed,
        daily={grounds.names[j]: tuple(float(day[j]) for day in daily) for j in shown},
    )


def _even_areas(places: Sequence[ArrivalRow]) -> list[str]:
    """Say where all places of an area have one number of people: hardly counts of places."""
    by_area: dict[str, list[ArrivalRow]] = {}
    for one in places:
        by_area.setdefault(one.area, []).append(one)
    even = {
        area: some
        for area, some in by_area.items()
        if area and len(some) > 1 and max(p.present for p in some) - min(p.present for p in some) <= 1 < some[0].present
    }
    if not even:
        return []
    area, some = max(even.items(), key=lambda item: sum(p.present for p in item[1]))
    where = f"{count(len(even), 'area')} all places have the same number there before"
    return [
        f"in {where} ({area}: {len(some)} with {some[0].present:,.0f}): most likely a figure of the area that was "
        "shared out, and no counts of places; read the areas"
    ]


def _in_force(grounds: Grounds, closures: Sequence[Closure], day: int) -> list[Way]:
    """Return what is shut on a day of the period, by the region's closures and those that are asked, in their order."""
    on = grounds.on + timedelta(days=day)
    shut = list(grounds.shut)
    for what, way, begin in closures:
        if begin is not None and begin > on:
            continue
        same = [item for item in shut if item[0] == way[0] and {*item[1:]} == {*way[1:]}]
        if what == "open":
            full = ("into", way[1], "")
            shut = [item for item in shut if item not in same and not (way[0] == "place" and item == full)]
            if way[0] == "place":
                shut.append(("through", way[1], ""))
        else:
            shut = [item for item in shut if item != ("through", way[1], "")]
            shut.append(way)
    return shut


def _luck(rng: Generator, grounds: Grounds, n: int) -> Floats:
    """Return the factors of the places [n, P]; those of one area have most in common."""
    areas = {area: i for i, area in enumerate(dict.fromkeys(grounds.area))}
    common = rng.standard_normal((n, len(areas)))[:, [areas[area] for area in grounds.area]]
    own = rng.standard_normal((n, len(grounds.names)))
    return np.asarray(np.exp(SPREAD * (np.sqrt(COMMON) * common + np.sqrt(1.0 - COMMON) * own)))


def _shared_out(luck: Floats, share: Floats) -> Floats:
    """Return the drawn shares [n, P]: ``share`` [P] times the luck of each place, with the same sum."""
    drawn = luck * share
    total = drawn.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(drawn, total, out=np.zeros(drawn.shape), where=total > 0) * share.sum())


def _whole(came: Floats, offset: Floats) -> Floats:
    """Return whole people [n, P], each row of the same sum as before (rounded), none more than one off."""
    upto = np.cumsum(came, axis=1)
    total = np.rint(upto[:, -1:])
    upto = np.minimum(np.floor(upto + offset * (1.0 - 1e-9)), total)
    upto[:, -1:] = total
    return np.diff(upto, axis=1, prepend=0.0)


def _states(
    grounds: Grounds, at: Sequence[int], plain: Floats, cuts: Sequence[tuple[int, Floats]],
    closures: Sequence[Closure],
) -> list[str]:  # fmt: skip
    """Return for each place why nobody comes, or comes only until a day; empty where people come all the time."""
    asked: dict[str, str] = {}
    for what, way, begin in closures:
        if what == "shut" and way[0] in ("place", "into"):
            word = "full" if way[0] == "into" else "shut"
            asked[way[1]] = word + (f" from {begin}" if begin and begin > grounds.on else "")
        elif what == "open":
            asked.pop(way[1], None)
    out = []
    for j, name in enumerate(grounds.names):
        if name in asked and (grounds.takes[j] or plain[j] > 0):
            out.append(asked[name])
        elif grounds.front[j] and grounds.takes[j] and j not in at:
            out.append("front line of the day")
        elif grounds.takes[j] and plain[j] > 0 and all(share[j] <= 0 for _, share in cuts):
            out.append("no way there")
        else:
            out.append("")
    return out


def _row(
    grounds: Grounds, j: int, came: Floats, people: int, mean: float, change: float, state: str, present: float
) -> ArrivalRow:
    name, (code, area) = grounds.names[j], grounds.area[j]
    return ArrivalRow(
        id=name,
        name=grounds.titles[name],
        kind=grounds.kinds[name],
        area=area,
        area_code=code,
        present=present,
        mean=mean,
        **{f"q{round(100 * q):02d}": float(v) for q, v in zip(LEVELS, np.quantile(came, LEVELS), strict=True)},
        share=mean / people,
        change=change,
        state=state,
    )


def _as_area(row: ArrivalRow, code: str, name: str, many: int) -> ArrivalRow:
    return replace(row, id=code or name, name=name, kind=f"{many} place{'' if many == 1 else 's'}")


def caution_of(result: ExpectedArrivals) -> str:
    """Return what a reader must know of the numbers, in three sentences."""
    known = (
        f"half by where displaced people were on {day_words(result.as_of)} and half by distance and size"
        if result.as_of
        else "by distance and size alone"
    )
    return (
        f"People are shared out {known}; the rule was fitted over seven crises. Of its 80 % ranges {percent(COVER[0])} "
        f"to {percent(COVER[1])} held there, so plan for the upper end. It knows nothing of rents, kin, aid or orders, "
        "and says nothing of which way to take."
    )


def arrival_rows(result: ExpectedArrivals) -> list[dict[str, Any]]:
    """Return every area and place as a plain row with its ``level``, people in whole persons."""
    out = []
    for level, rows in (("area", result.areas), ("place", result.places)):
        for row in rows:
            plain = asdict(row)
            whole = {k: round(v) for k, v in plain.items() if isinstance(v, float) and k != "share"}
            out.append({"level": level, **plain, **whole, "share": round(row.share, 4)})
    return out
