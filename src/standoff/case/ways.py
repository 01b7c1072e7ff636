"""What can be shut or opened: a place, a route between two places, or the border between two countries."""

from __future__ import annotations

from standoff.case.model import Case
from standoff.errors import nearest


def unknown_way(case: Case, kind: str, a: str, b: str) -> tuple[str, str, str] | None:
    """Return what is wrong with a way, what was expected, and the nearest name; None when the case has it."""
    countries = {p.country for p in case.places.values() if p.country}
    known = countries if kind == "border" else set(case.places)
    noun = "country" if kind == "border" else "place"
    for name in (a,) if kind == "place" else (a, b):
        if name not in known:
            expected = f"one of {', '.join(sorted(countries))}" if kind == "border" else "one of the places of the case"
            return f"there is no {noun} {name!r}", expected, nearest(name, known)
    if kind == "route" and not any({a, b} == {r.a, r.b} for r in case.routes):
        return f"no route joins {a!r} and {b!r}", "a row of routes.csv", ""
    if kind == "border" and a == b:
        return f"the border of {a!r} with itself", "two countries", ""
    return None
