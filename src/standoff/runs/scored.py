"""How runs of a case scored, as every page of runs says it.

The table ``scored.json`` is made by ``docs/experiments/score_outcomes.py``, which asks by rule, answers from the record
and scores what a run says beside base rates. It holds for the edition of the case that it names, and for no other.
Where what is played has changed since, that is said beside the scores.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from standoff.case.model import Case
from standoff.oneline import OneLine

MECHANICS = "0.10.0"  # the release that runs now play by; raised where a decision changes what is played


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ScoredCase(OneLine):
    """Scores of the chances that runs of a case give to outcomes: mean Brier scores, 0 is best.

    ``yes`` of ``n`` questions came about; ``mean`` is the mean chance that was given. Of ``high`` chances above 40 %
    ``high_came`` came about. ``mechanics`` and ``ranks_mechanics`` are the releases whose runs were scored.
    """

    edition: str
    mechanics: str
    ranks_mechanics: str
    n: int
    yes: int
    brier: float
    brier_base: float
    brier_decayed: float
    mean: float
    high: int
    high_came: int
    gap: tuple[float, float, float]  # Brier score less that of the better base rate, and its 90 % range over months
    ranks: tuple[int, float, float] | None = None  # months; rank correlation with incidents of the runs, of the last
    districts: tuple[int, float, float] | None = None  # the same by district and month

    @property
    def outdated(self) -> bool:
        """Whether what is played has changed since runs were asked for chances of outcomes."""
        return self.mechanics != MECHANICS

    @property
    def outdated_ranks(self) -> bool:
        """Whether what is played has changed since incidents of runs were ranked."""
        return self.ranks_mechanics != MECHANICS


@cache
def _table() -> dict[str, Any]:
    text = files("standoff.runs").joinpath("scored.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def scored_case(case: Case) -> ScoredCase | None:
    """Return how runs of this edition of a case scored; None where nobody has scored them."""
    row = _table().get(case.about.id)
    return ScoredCase(**row) if row and row["edition"] == case.about.edition else None
