"""What followed agreements like this one: deaths in the months after, against what was to be expected without it.

The table ``truces.csv`` is made by ``docs/experiments/truce_classes.py`` from UCDP's peace agreements and deaths by
country and month (Uppsala Conflict Data Program, CC BY 4.0), 1990 to 2014: agreements in countries with at least 25
deaths in the year before. What was to be expected is a forecast from the months before signing. It says what followed,
not what the agreement caused, and it counts a whole country: a truce of one area can hold in a country that does not.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.random import Generator, Philox

from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine

CREDIT = "Uppsala Conflict Data Program: UCDP Peace Agreement Dataset and UCDP GED, to 2014, CC BY 4.0"
KINDS = {
    "ceasefire": "agreements with a written ceasefire",
    "third_party": "agreements that a third party signed or witnessed",
    "all_parties": "agreements of all parties to the fighting",
    "renewed": "agreements that followed another within two years",
}
MONTHS = 6
SAMPLES = 1000


@dataclass(frozen=True, slots=True, repr=False)
class Followed(OneLine):
    """Deaths in one month after signing: times what was to be expected, with a 90 % range, and how often under half."""

    month: int
    ratio: float
    low: float
    high: float
    halved: int


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Agreements of one kind: how many, in how many countries, and what followed month by month."""

    words: str
    n: int
    countries: int
    months: tuple[Followed, ...]

    def __repr__(self) -> str:
        return f"<ReferenceClass of {self.n} {self.words}>"


def shipped_rows() -> list[dict[str, str]]:
    """Return the shipped rows, one an agreement."""
    text = files("standoff.levels").joinpath("truces.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _is(row: Mapping[str, str], kind: str) -> bool:
    return int(row["earlier"]) > 0 if kind == "renewed" else row[kind] == "1"


def words_of(kinds: Mapping[str, bool]) -> str:
    """Return a kind of agreement in words."""
    parts = [KINDS[kind].removeprefix("agreements ") for kind, yes in kinds.items() if yes]
    parts += ["not " + KINDS[kind].removeprefix("agreements ") for kind, yes in kinds.items() if not yes]
    return "agreements " + ", ".join(parts) if parts else "agreements"


def reference_class(*, seed: int = 1, **kinds: bool) -> ReferenceClass:
    """Return what followed agreements of a kind, such as ``ceasefire=True, third_party=False``.

    The ratio is the geometric mean over agreements of (deaths + 1) / (expected + 1); its range comes from drawing
    countries again and again (90 %, cluster bootstrap). Raises StandoffError for a kind that the table does not tell.
    """
    for kind in kinds:
        if kind not in KINDS:
            expected = f"one of {', '.join(KINDS)}"
            raise StandoffError.of(f"the kind of agreement is {kind!r}", expected=expected, hint=nearest(kind, KINDS))
    rows = [row for row in shipped_rows() if all(_is(row, kind) == yes for kind, yes in kinds.items())]
    by_country: defaultdict[str, list[list[float]]] = defaultdict(list)
    for row in rows:
        gaps = [
            np.log1p(float(row[f"deaths_{month}"])) - np.log1p(float(row[f"expected_{month}"]))
            for month in range(1, MONTHS + 1)
        ]
        by_country[row["country"]].append(gaps)
    if not rows:
        return ReferenceClass(words_of(kinds), 0, 0, ())
    groups = [np.array(gaps) for gaps in by_country.values()]
    every = np.concatenate(groups)
    draws = Generator(Philox(seed)).integers(0, len(groups), size=(SAMPLES, len(groups)))
    means = np.array([np.concatenate([groups[i] for i in draw]).mean(0) for draw in draws])
    low, high = np.exp(np.quantile(means, [0.05, 0.95], axis=0))
    ratio = np.exp(every.mean(0))
    halved = (every < np.log(0.5)).sum(0)
    months = tuple(
        Followed(k + 1, float(ratio[k]), float(low[k]), float(high[k]), int(halved[k])) for k in range(MONTHS)
    )
    return ReferenceClass(words_of(kinds), len(rows), len(groups), months)
