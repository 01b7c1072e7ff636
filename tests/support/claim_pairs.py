"""Made-up claims and pairs of claims with one known perturbation each, for the finder and its benchmark."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from standoff.case.claims import Claim, CommitmentSaid, EventSaid, QuantitySaid
from standoff.case.model import Case
from standoff.values import When

START = date(2001, 1, 1)


def day(rng: random.Random) -> When:
    return When.parse(START + timedelta(days=rng.randrange(300)))


def other_day(when: When | None, rng: random.Random) -> When:
    assert when is not None
    assert when.start is not None
    return When.parse(when.start + timedelta(days=rng.choice([-9, -1, 1, 2, 30])))


@dataclass(frozen=True)
class Planted:
    """A pair and what the finder should say of it: a contradiction with this reason, or None for no contradiction."""

    kind: str
    first: Claim
    second: Claim
    reason: str | None
    difference: str = ""


def quantity(rng: random.Random, thing: str) -> QuantitySaid:
    """An exact number of something, dated or over a window."""
    dated = rng.random() < 0.5
    first = day(rng)
    assert first.start is not None
    window = None if dated else When.parse(f"{first.start}/{first.start + timedelta(days=rng.randint(3, 30))}")
    return QuantitySaid(
        quantity=thing,
        measure=rng.choice(["deaths", "distance", "share", "people-displaced"]),
        value=float(rng.randint(20, 900)),
        of=rng.choice("ab"),
        as_of=first if dated else None,
        window=window,
    )


def event(rng: random.Random) -> EventSaid:
    return EventSaid(
        event=rng.choice(["shelling", "airstrike", "ground-assault", "chemical-attack"]),
        actor=("red",),
        target=("blue",),
        at=rng.choice("ab"),
        date=day(rng),
    )


def claim(name: str, says: Any, **more: Any) -> Claim:
    document = more.pop("document", "one-1" if name.endswith("x") else "two-1")
    chain = ("ann", "wire") if document.startswith("one") else ("bob", "counters")
    return Claim(id=name, text="invented", chain=chain, says=says, document=document, **more)


QUANTITY_PAIRS = (
    "value", "unit-same", "unit-other", "at-least-fits", "at-least-clashes", "at-most-fits", "at-most-clashes",
    "more-than-clashes", "about-fits", "about-clashes", "range-fits", "range-clashes", "as-of", "as-of-and-value",
    "scope", "window", "measure", "quantity-denied", "counted",
)  # fmt: skip
EVENT_PAIRS = (
    "same", "perpetrator", "perpetrator-elsewhere", "perpetrator-other-day", "event-denied", "denied-elsewhere",
    "denied-other-day", "denied-of-another", "general-denial", "narrow-denial", "denied-month", "member",
)  # fmt: skip
OTHER_PAIRS = ("reading", "reading-same", "commitment-denied", "denies", "supersedes", "predicted")


def planted(kind: str, number: int) -> Planted:
    """Make the pair of one kind; its thing is its own, so that it clashes with nothing else."""
    rng = random.Random(f"{kind}-{number}")
    name = f"{kind}-{number}"
    if kind in QUANTITY_PAIRS:
        return _quantities(kind, name, rng)
    if kind in EVENT_PAIRS:
        return _events(kind, name, rng)
    return _others(kind, name, rng)


def _quantities(kind: str, name: str, rng: random.Random) -> Planted:
    x = quantity(rng, f"thing-{name}")
    assert x.value is not None
    v = x.value
    y, reason, difference = x, None, ""
    match kind:
        case "value":
            y, reason = replace(x, value=v + rng.choice([1, 7, 400])), "value"
        case "unit-same":
            x = replace(x, measure="distance", unit="km")
            y = replace(x, unit="miles", value=v / 1.609344)
        case "unit-other":
            x = replace(x, measure="distance", unit="km")
            y, reason = replace(x, unit="miles"), "value"
        case "at-least-fits":
            y = replace(x, bound="at-least", value=v - rng.choice([0, 3, 19]))
        case "at-least-clashes":
            y, reason = replace(x, bound="at-least", value=v + rng.choice([1, 50])), "value"
        case "at-most-fits":
            y = replace(x, bound="at-most", value=v + rng.choice([0, 3, 500]))
        case "at-most-clashes":
            y, reason = replace(x, bound="at-most", value=v - 1), "value"
        case "more-than-clashes":
            y, reason = replace(x, bound="more-than"), "value"
        case "about-fits":
            y = replace(x, bound="about", value=v * 1.05)
        case "about-clashes":
            y, reason = replace(x, bound="about", value=v * 1.5), "value"
        case "range-fits":
            y = replace(x, bound="range", value=None, low=v - 5, high=v + 5)
        case "range-clashes":
            y, reason = replace(x, bound="range", value=None, low=v + 5, high=v + 9), "value"
        case "as-of" | "as-of-and-value":
            x = replace(x, window=None, as_of=day(rng))
            y, difference = replace(x, as_of=other_day(x.as_of, rng)), "as-of"
            if kind == "as-of-and-value":
                y = replace(y, value=v + 40)
        case "scope":
            y, difference = replace(x, of="b" if x.of == "a" else "a", value=v + 30), "scope"
        case "window":
            x = replace(x, as_of=None, window=When.parse("2001-02-01/2001-02-20"))
            y = replace(x, window=When.parse("2001-02-01/2001-03-20"), value=v + 30)
            difference = "window"
        case "measure":
            x = replace(x, measure="people-displaced")
            y = replace(x, measure="displacement-movements", value=v + 30)
            difference = "incomparable"
        case "counted":
            x = replace(x, counted="soldiers")
            y, difference = replace(x, counted="civilians", value=v + 30), "definition"
        case "quantity-denied":
            return Planted(kind, claim(f"{name}-x", x), claim(f"{name}-y", x, realis="denied"), "polarity")
    return Planted(kind, claim(f"{name}-x", x), claim(f"{name}-y", y), reason, difference)


def _events(kind: str, name: str, rng: random.Random) -> Planted:
    place = f"place-{name}"
    x = replace(event(rng), at=place)
    y, reason, difference, more = x, None, "", {}
    match kind:
        case "perpetrator":
            y, reason = replace(x, actor=("blue",)), "perpetrator"
        case "perpetrator-elsewhere":
            y, difference = replace(x, actor=("blue",), at=f"{place}-2"), "scope"
        case "perpetrator-other-day":
            y, difference = replace(x, actor=("blue",), date=other_day(x.date, rng)), "as-of"
        case "event-denied":
            more, reason = {"realis": "denied"}, "polarity"
        case "denied-elsewhere":
            y, more, difference = replace(x, at=f"{place}-2"), {"realis": "denied"}, "scope"
        case "denied-other-day":
            y, more, difference = replace(x, date=other_day(x.date, rng)), {"realis": "denied"}, "as-of"
        case "denied-of-another":
            y, more = replace(x, actor=("green",)), {"realis": "denied"}
        case "general-denial":
            y, more, reason = replace(x, event="assault"), {"realis": "denied"}, "polarity"
        case "narrow-denial":
            x = replace(x, event="strike")
            y, more, difference = replace(x, event="airstrike"), {"realis": "denied"}, "scope"
        case "denied-month":
            x = replace(x, date=When.parse("2001-03-14"))
            y, more, reason = replace(x, date=When.parse("2001-03")), {"realis": "denied"}, "polarity"
        case "member":
            y = replace(x, actor=("red-guard",))
    return Planted(kind, claim(f"{name}-x", x), claim(f"{name}-y", y, **more), reason, difference)


def _others(kind: str, name: str, rng: random.Random) -> Planted:
    x = CommitmentSaid(commitment=f"vow-{name}", reading="open")
    q = quantity(rng, f"thing-{name}")
    first = claim(f"{name}-x", x, realis="promised")
    match kind:
        case "reading":
            y = replace(x, reading="shut")
            return Planted(kind, first, claim(f"{name}-y", y, realis="promised"), "definition")
        case "reading-same":
            return Planted(kind, first, claim(f"{name}-y", x, realis="alleged"), None)
        case "commitment-denied":
            return Planted(kind, first, claim(f"{name}-y", x, realis="refused"), "polarity")
        case "denies":
            return Planted(kind, claim(f"{name}-x", q), claim(f"{name}-y", x, denies=(f"{name}-x",)), "denies")
        case "supersedes":
            y = claim(f"{name}-y", replace(q, value=1.0), supersedes=(f"{name}-x",))
            return Planted(kind, claim(f"{name}-x", q), y, None, "supersedes")
    return Planted(
        kind, claim(f"{name}-x", q), claim(f"{name}-y", replace(q, value=1.0), realis="predicted"), None, "incomparable"
    )


KINDS = QUANTITY_PAIRS + EVENT_PAIRS + OTHER_PAIRS


def with_claims(case: Case, claims: list[Claim]) -> Case:
    """Return the case with these claims instead of its own, and no disputes."""
    return replace(case, claims={c.id: c for c in claims}, disputes={})
