"""Harm to civilians and relations on a terminal: figures with who tells them, and lines with their claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from standoff.case.as_dict import plain
from standoff.case.model import Case, party_name
from standoff.case.vocabulary import MEASURES
from standoff.commitments.daily import answer_words
from standoff.evidence.harm import HARM_MEASURES, HarmFigure, ProtestMet
from standoff.evidence.relations import LineKind, RelationLine
from standoff.text.sentences import count, fold, listing, number, percent, reported_in_words, shortlist, when
from standoff.views.lines.talks import teller_words

NEVER_ADDED = (
    "Figures of different measures, places or windows are never added. None is a forecast. Fighters and soldiers are "
    "not counted here."
)
TITLES = {
    "deaths-civilian": "Civilians killed",
    "deaths-children": "Children killed",
    "deaths": "People killed, civilians among them",
    "wounded-civilian": "Civilians wounded",
    "wounded-children": "Children wounded",
    "wounded": "People wounded",
    "injuries": "Injuries",
    "attacks-health": "Attacks on health care",
    "attacks-education": "Attacks on schools",
    "facilities-closed": "Facilities closed",
    "people-in-need": "People in need",
    "people-aid-dependent": "People who live on aid",
    "people-at-risk": "People said to be at risk",
    "share": "Shares",
    "count": "Other counts",
}
_ORDER = (*HARM_MEASURES, "share", "count")


def figure_words(one: HarmFigure) -> str:
    """Return the number of a figure with its bound: ``at least 25``, ``7 to 9``, ``over 80 %``."""
    write = percent if one.measure == "share" else _number
    low, high = one.low, one.high
    if low is not None and high is not None and low != high:
        return f"{write(low)} to {write(high)}"
    value = low if low is not None else high
    if value is None:
        return "not told"
    before = {
        "at-least": "at least ",
        "more-than": "over ",
        "at-most": "at most ",
        "almost": "almost ",
        "about": "about ",
    }
    if low is None and one.bound in ("exact", "range"):
        return f"at most {write(value)}"
    if high is None and one.bound in ("exact", "range"):
        return f"at least {write(value)}"
    return before.get(one.bound, "") + write(value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else number(value)


def teller_of(case: Case, one: HarmFigure) -> str:
    """Return who tells a figure: an innermost source and through whom, or who publishes the event."""
    if one.kind == "claim":
        return teller_words(case, one.teller, one.through)
    return shortlist([one.teller, *one.through], 2) if one.teller else "no source is named"


def answer_of(case: Case, one: HarmFigure) -> str:
    """Return what the accused answer to a figure that is told with an act of theirs; empty where nobody is accused."""
    return answer_words(case, case.events[one.id]) if one.kind == "event" else ""


def place_words(case: Case, where: str) -> str:
    """Return a place of a figure by its name; an area of the case, which has an id alone, as a name is written."""

    def name(place: str) -> str:
        if place in case.places:
            return case.places[place].name
        if place != place.lower():
            return place
        return " ".join(word.upper() if len(word) < 3 else word.title() for word in place.split("-"))

    return listing([name(place) for place in where.split(", ") if place])


def harm_lines(case: Case, figures: Sequence[HarmFigure], protests: Sequence[ProtestMet], width: int) -> Iterator[str]:
    """Yield a table for each measure, in the order of days, then protests and how they were met."""
    yield from fold(f"Harm to civilians in {case.about.title}", width, hang="  ")
    for measure in _ORDER:
        rows = [one for one in figures if one.measure == measure]
        if not rows:
            continue
        yield ""
        yield from fold(f"{TITLES[measure]} ({MEASURES[measure]})", width, hang="  ")
        for one in rows:
            marks = [one.text.rstrip(".")]
            if one.contested:
                marks.append(f"contested: {one.contested}")
            if one.against:
                marks.append(f"differs from {shortlist(one.against, 3)}")
            if answer := answer_of(case, one):
                marks.append(answer)
            head = f"{reported_in_words(one.when, one.published)}: {figure_words(one)}. "
            text = f"{head}{'; '.join(marks)}; according to {teller_of(case, one)} [{one.id}]"
            yield from fold(text, width, indent="  ", hang="    ")
    if protests:
        yield ""
        yield from fold("Protests, and how they were met", width)
        for row in protests:
            yield from fold(
                f"{when(row.when)}  {row.text.rstrip('.')} [{row.id}; {row.teller}]", width, indent="  ", hang="    "
            )
            for name, text in row.met:
                teller = case.claims[name].chain[-1] if case.claims[name].chain else ""
                yield from fold(
                    f"{text.rstrip('.')}; according to {teller_words(case, teller)}",
                    width,
                    indent="    ",
                    hang="      ",
                )
            if not row.met:
                yield from fold("how it was met is not told", width, indent="    ")
    yield ""
    n = len(figures)
    against = sum(bool(one.against) or bool(one.contested) for one in figures)
    yield from fold(f"n = {count(n, 'figure')}, {against} of them contested or told otherwise. {NEVER_ADDED}", width)


def harm_record(one: HarmFigure | ProtestMet) -> dict[str, Any]:
    """Return a figure, or a protest, as it is written to JSON."""
    record: dict[str, Any] = plain(one)
    return record


RELATION_WORDS = {
    "sponsor": "sponsor of", "ally": "ally of", "partner": "partner of", "rival": "against",
    "clashes-with": "in a fight with", "abandons": "gave up", "failed-to-control": "without control of",
    "member": "part of", "occupies": "on the ground of", "controls": "in control of", "closes": "has closed the",
}  # fmt: skip
HEADS = {
    LineKind.BACKS: "Who backs whom",
    LineKind.OPPOSES: "Who is against whom",
    LineKind.BELONGS: "Who belongs to what",
    LineKind.HOLDS: "Who holds or closes what",
    LineKind.OTHER: "Other relations",
    LineKind.OWES: "Who owes whom",
    LineKind.RELAYS: "Who passes on whose words",
}


def relation_words(case: Case, line: RelationLine) -> str:
    """Return a line as a sentence without its tellers."""
    if line.kind is LineKind.RELAYS:
        a, b = (case.sources[n].name if n in case.sources else n for n in (line.source, line.target))
        return f"{a} passes on {b}: {count(line.weight, 'claim')}"
    a = party_name(line.source, case.actors)
    b = party_name(line.target, case.actors) if line.target else ""
    if line.kind is LineKind.OWES:
        return f"{a} to {b or 'nobody named'}: {line.of}" if line.of else f"{a} to {b}"
    verb = RELATION_WORDS.get(line.relation, line.relation.replace("-", " "))
    of = f" ({line.of})" if line.of and b else f" {line.of}" if line.of else ""
    days = f", {when(line.when)}" if line.when else ""
    return f"{a}: {verb} {b}{of}{days}".replace("  ", " ")


def relation_lines(case: Case, lines: Sequence[RelationLine], width: int) -> Iterator[str]:
    """Yield the lines of the network by kind, each with who tells it."""
    yield from fold(f"Relations in {case.about.title}", width, hang="  ")
    for kind in LineKind:
        some = [line for line in lines if line.kind is kind]
        if not some:
            continue
        yield ""
        yield HEADS[kind]
        for line in some:
            names = [teller_words(case, name) for name in line.tellers] if kind is not LineKind.RELAYS else []
            told = [f"according to {shortlist(names, 3)}"] if names else []
            if line.in_case and not names:
                told = ["as the case has it"]
            yield from fold("; ".join([relation_words(case, line), *told]), width, indent="  ", hang="    ")
    yield ""
    yield from fold(
        f"n = {count(len(lines), 'line')}. Each is what its tellers say; --json has the claims behind it.", width
    )


def relation_records(lines: Iterable[RelationLine]) -> list[dict[str, Any]]:
    """Return lines as they are written to JSON."""
    return [plain(line) for line in lines]
