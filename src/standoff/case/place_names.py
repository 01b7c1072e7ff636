"""Which place, road or border a name means: by id, by name in any script, by alias, or by its P-code; never by guess.

A name that several places have is refused with all of them, and one that none has with the nearest, so that whoever
closes "Kafr Lusin" closes the crossing or the camp that was meant.
"""

from __future__ import annotations

from collections.abc import Iterable

from standoff.case.geography import Place
from standoff.case.model import Case
from standoff.errors import Problem, StandoffError, nearest
from standoff.text.names import comparable_name, place_named
from standoff.text.sentences import listing

Way = tuple[str, str, str]  # (place, ID, ""), (into, ID, ""), (route, ID, ID) or (border, XX, YY)
TAKES_IN = "into"  # the kind of a way that ends in a place: shut, the place takes in nobody more
MOST_SHOWN = 6


def names_of_place(place: Place) -> tuple[str, ...]:
    """Return what a place is called beside its id: its name, each part of a name with a slash, and local name."""
    parts = [part for part in place.name.split("/") if part.strip()]
    return tuple(filter(None, (place.name, *(parts if len(parts) > 1 else ()), place.name_local)))


def case_place(case: Case, text: str, option: str) -> str:
    """Return the id of a place of the case by id, name or alias. Raises StandoffError as `place_named`."""
    names = {key: (names_of_place(place), place.aliases) for key, place in case.places.items()}
    return place_named(names, text.strip(), option, {key: place.kind for key, place in case.places.items()})


def written_way(case: Case, text: str, option: str, *, takes_in: bool = False) -> Way:
    """Return what is to be shut or opened: a place by id or name, ``route:A:B`` or ``border:XX:YY``.

    With ``takes_in`` it is a place that is full. Raises StandoffError with the nearest name.
    """
    text = text.strip()
    kind, mark, rest = text.partition(":")
    if not text:
        raise StandoffError.of("no name", file=option, expected="NAME or NAME@DATE, such as atma@2020-01-15")
    if not mark or kind in ("place", TAKES_IN):
        name = case_place(case, rest if mark else text, option)
        if not any(name in (route.a, route.b) for route in case.routes):
            what = f"no road of the case touches {name!r} ({case.places[name].name}): nobody passes it in the model"
            raise StandoffError.of(what, file=option, expected="a place that a row of routes.csv names")
        return (TAKES_IN if takes_in or kind == TAKES_IN else "place", name, "")
    if takes_in:
        raise StandoffError.of(f"{text!r} cannot be full", file=option, expected="a camp or another place")
    a, _, b = rest.partition(":")
    if kind not in ("route", "border") or not (a and b):
        expected = "a place by id or name, route:PLACE:PLACE or border:XX:YY (countries)"
        raise StandoffError.of(f"{text!r} is not a way", file=option, expected=expected)
    if kind == "border":
        countries = sorted({place.country for place in case.places.values()})
        problems = [
            Problem(option, 0, f"there is no country {name!r}", f"one of {', '.join(countries)}",
                    nearest(name.upper(), countries))
            for name in (a, b)
            if name.upper() not in countries
        ]  # fmt: skip
        if problems:
            raise StandoffError(problems)
        return "border", a.upper(), b.upper()
    a, b = case_place(case, a, option), case_place(case, b, option)
    if not any({a, b} == {route.a, route.b} for route in case.routes):
        joined = sorted({r.b if r.a == a else r.a for r in case.routes if a in (r.a, r.b)})
        expected = f"a road of routes.csv: {a} is joined to {', '.join(joined[:MOST_SHOWN]) or 'nothing'}"
        raise StandoffError.of(f"no road joins {a!r} and {b!r}", file=option, expected=expected)
    return "route", a, b


def way_title(case: Case, way: Way) -> str:
    """Return a way as a reader knows it, so that it is plain which crossing is meant."""
    kind, a, b = way
    if kind == "border":
        return f"the border {a}-{b}"
    names = [case.places[name].name if name in case.places else name for name in (a, b) if name]
    if kind == "route":
        return f"the road {' to '.join(names)}"
    shown = names[0]
    place = case.places.get(a)
    if place is not None and "crossing" in place.kind and "crossing" not in shown.lower():
        shown += " crossing"
    elif place is not None and any(a != key and called_alike(place, other) for key, other in case.places.items()):
        shown += f" ({place.kind.replace('_', ' ')})"
    return shown


def called_alike(one: Place, other: Place) -> bool:
    """Whether two places share a name or an alias."""
    mine, theirs = ({comparable_name(name) for name in (*names_of_place(p), *p.aliases)} for p in (one, other))
    return bool(mine & theirs)


def namesakes(case: Case, ways: Iterable[Way]) -> list[str]:
    """Return a sentence for each way whose place shares its name with others: which one is meant, and the others."""
    said = []
    for kind, a, _ in ways:
        place = case.places.get(a)
        if kind not in ("place", TAKES_IN) or place is None:
            continue
        others = [p for key, p in case.places.items() if key != a and called_alike(place, p)]
        if others:
            shown = listing(f"{p.id} ({p.kind.replace('_', ' ')})" for p in others[:MOST_SHOWN])
            said.append(f"{a} is meant, the {place.kind.replace('_', ' ')}; also called {place.name}: {shown}")
    return said


def shut_already(case: Case, ways: Iterable[Way], shut: Iterable[Way]) -> list[str]:
    """Return a sentence for each way that closing does nothing to, because what leads on from it is shut already.

    ``shut`` are the closures in force. Only crossings into another country are spoken of.
    """
    closed = {frozenset((a, b)) for kind, a, b in shut if kind == "border"}
    said = []
    for kind, a, _ in ways:
        place = case.places.get(a)
        if kind != "place" or place is None or place.kind != "crossing":
            continue
        ends = [(r.b if r.a == a else r.a) for r in case.routes if a in (r.a, r.b)]
        beyond = {case.places[p].country for p in ends if p in case.places} - {place.country}
        if beyond and all(frozenset((place.country, other)) in closed for other in beyond):
            borders = listing(f"{place.country}-{other}" for other in sorted(beyond))
            said.append(
                f"{way_title(case, (kind, a, ''))}: the border {borders} is shut to people in this case already, so "
                "that closing the crossing sends nobody elsewhere. What it lets in (aid) is in the model only as room "
                "in camps: --full CAMP"
            )
    return said
