"""Records drawn at random, every kind of commitment with every feature, and logs dense enough that all of it plays.

A draw of Hypothesis leaves most commitments untouched by the few events of its log; here types, doers and places are
few and events many, a feature is dealt to each kind in turn, and one seed always gives one record.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

Record = dict[str, Any]
KINDS = ("achieve", "maintain", "quantity", "recurrent", "permission")
TYPES = ("shelling", "withdrawal", "patrol", "statement")
ENDINGS = ("notice", "suspension")  # rarer events, for what ends or stops a commitment
WHO = ("red", "blue", "red-militia", "band", "wing")
SECTORS = ("north", "south")
FEATURES = (
    "plain", "event", "event-within", "threshold", "absent", "state", "state-within", "state-and-event", "suspended",
    "released", "reopened", "cancelled", "while", "verified", "several", "until", "by",
)  # fmt: skip
ENDS = ("released", "suspended", "cancelled", "reopened", "while", "event", "verified", "state")
STATES = ("violated", "satisfied", "detached", "violated", "satisfied", "expired", "superseded", "suspended", "claimed")
ALLIES: tuple[Record, ...] = (
    {},
    {"red": ["band"]},
    {"red": [{"actor": "wing", "from": "2020-01-06", "until": "2020-01-15"}]},
)


class Draw:
    """A drawer of records from ``first`` on, whose dates lie ``scale`` times as far apart as days of a short record."""

    def __init__(self, seed: int, first: date, *, scale: int = 1, months: bool = False) -> None:
        self.rng = Random(f"records {seed}")
        self.first, self.scale, self.months = first, scale, months

    def day(self, n: int) -> str:
        return (self.first + timedelta(days=n * self.scale)).isoformat()

    def span(self, low: int, high: int) -> str:
        if self.months and self.rng.random() < 0.7:
            return f"{self.rng.randint(1, 2)}m"
        return f"{self.rng.randint(low, high) * self.scale}d"

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def pattern(self, depth: int = 1, types: Sequence[str] = TYPES) -> Record:
        rng = self.rng
        own: Record = {"type": rng.sample(types, rng.choice((1, 1, 2)))}
        if self.maybe(0.3):
            own["actor"] = [rng.choice(("red", "blue"))]
        if self.maybe(0.15):
            own["target"] = [rng.choice(("red", "blue", "band"))]
        if self.maybe(0.15):
            own[rng.choice(("within", "beyond"))] = rng.choice(SECTORS)
        if depth and self.maybe(0.15):
            own["not"] = self.pattern(0)
        elif depth and self.maybe(0.1):
            return {"any": [own, self.pattern(0)]}
        return own

    def state(self, others: Sequence[str]) -> Record:
        some = self.rng.sample(others, min(len(others), self.rng.choice((1, 1, 2))))
        return {"commitment": some, "state": self.rng.sample(STATES, self.rng.choice((1, 1, 2)))}

    def condition(self, feature: str, others: Sequence[str]) -> Record | None:
        rng = self.rng
        if feature == "threshold":
            return {**self.pattern(0), "at_least": str(rng.randint(2, 3)), "per": f"{rng.randint(2, 9) * self.scale}d"}
        if feature == "absent":
            return {"not": self.pattern(0), "by": self.day(rng.randint(3, 12))}
        if feature in ("state", "state-within") and others:
            one = self.state(others)
            return rng.choice((one, one, {"not": one}, {"any": [one, self.state(others)]}))
        if feature == "state-and-event" and others:
            return {rng.choice(("all", "any")): [self.state(others), self.pattern(0)]}
        return self.pattern() if feature.startswith("event") or self.maybe(0.4) else None

    def commitment(self, name: str, kind: str, feature: str, others: Sequence[str]) -> Record:
        rng = self.rng
        start = rng.randint(0, 6)
        one: Record = {
            "id": name, "title": "T", "kind": kind, "debtor": rng.choice(("red", "blue")),
            "agreement": rng.choice(("", "pact")), "from": self.day(start),
        }  # fmt: skip
        if (when := self.condition(feature, others)) is not None:
            one["when"] = when
        if feature == "until" or self.maybe(0.3):
            one["until"] = self.day(rng.randint(start, 22))
        if kind in ("achieve", "maintain", "quantity") and (feature.endswith("within") or self.maybe(0.4)):
            one["within"] = self.span(0, 8)
        if kind in ("achieve", "quantity"):
            if feature == "by" or self.maybe(0.2):
                one["by"] = self.day(rng.randint(start, 20))
            one["then"] = self.pattern()
        elif kind == "maintain":
            one |= {"forbid": self.pattern(), "answers_for": rng.choice(ALLIES)}
            if self.maybe(0.3):
                one["except"] = self.exception(others)
        else:
            one |= {"then": self.pattern(), "every": self.span(1, 6)}
        if kind == "quantity":
            one["amount"] = {"value": str(rng.randint(1, 4)), "unit": rng.choice(("guns", "guns", "share"))}
        if feature == "several":
            self.several(one, kind)
        if kind in ("achieve", "quantity") and feature == "verified":
            one["verify"] = self.pattern(0)
        self.endings(one, feature, others)
        return one

    def exception(self, others: Sequence[str]) -> Record:
        kinds = [{"listed": "the-list"}, self.pattern(0)]
        if others:
            kinds += [self.state(others), {**self.pattern(0), **self.state(others)}]
        one = self.rng.choice(kinds)
        return {"any": [one, self.pattern(0)]} if self.maybe(0.2) else one

    def several(self, one: Record, kind: str) -> None:
        rng = self.rng
        if kind == "achieve" and self.maybe(0.3):
            one["then"] = {"all": [{"type": ["withdrawal"], "actor": [actor]} for actor in ("red", "blue")]}
        elif kind in ("achieve", "quantity"):
            actors = rng.sample(("red", "blue", "band"), rng.choice((2, 3)))
            one["then"] = {"type": rng.sample(TYPES, 2), "actor": actors}
            one["each" if kind == "achieve" else "distinct"] = rng.choice(("actor", "type"))
            if kind == "quantity":
                one["amount"] = {"value": str(rng.randint(1, 2)), "unit": "guns"}

    def endings(self, one: Record, feature: str, others: Sequence[str]) -> None:
        rare = {"suspended": ("suspend", "resume"), "released": ("release",), "reopened": ("release", "reopen"),
                "cancelled": ("cancel",)}  # fmt: skip
        for role in rare.get(feature, ()):
            one[role] = self.pattern(0, (*ENDINGS, self.rng.choice(TYPES)))
        if feature == "suspended" and self.maybe(0.2):
            del one["resume"]
        if others and (feature == "while" or self.maybe(0.05)):
            state = self.state(others)
            one["while"] = self.rng.choice(({"not": state}, state, {"not": self.pattern(0)}))
        if others and self.maybe(0.06):
            one["supersedes"] = self.rng.choice(others)

    def commitments(self, number: int, offset: int = 0, features: Sequence[str] = FEATURES) -> list[Record]:
        """Draw commitments; kinds and features are dealt in turn, from ``offset`` on. Each reads some before it."""
        deal = [(kind, feature) for feature in features for kind in KINDS]
        terms: list[Record] = []
        for n in range(number):
            kind, feature = deal[(n + offset) % len(deal)]
            others = [term["id"] for term in terms if "supersedes" not in term][-6:]
            terms.append(self.commitment(f"c{n}", kind, feature, others))
        return terms

    def log(self, number: int, days: int) -> list[Record]:
        rng, rows = self.rng, []
        for n in range(number):
            kind = rng.choice(ENDINGS) if self.maybe(0.3) else rng.choice(TYPES)
            rows.append({
                "id": f"e{n}", "date": (self.first + timedelta(days=rng.randrange(days))).isoformat(), "type": kind,
                "actor": rng.choice(WHO[:2] if self.maybe(0.6) else WHO), "target": rng.choice(WHO),
                "sector": rng.choice(SECTORS),
            })  # fmt: skip
        return rows
