"""How likely a commitment was broken (or done): a range from declared reliabilities, with its factors, never a point.

A source's Admiralty letter, set by a person, stands for a range of the chance that it is right about such a report; F,
"cannot be judged", is no information. Independent chains multiply their odds; chains that share an author, an outlet or
an origin are one witness. An event counts with the product of four factors: it happened, it was the party that counts,
in the place that counts, and no exception covers it. Each factor is a range; products of lows and of highs bound the
event, and events are taken to be independent of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from standoff.case.model import Case
from standoff.case.terms import Pattern
from standoff.commitments.monitor import Evaluation
from standoff.commitments.pattern import Log, log_of
from standoff.commitments.reasons import counted
from standoff.commitments.wording import says_actor, text_and_readings
from standoff.evidence.independence import corroboration
from standoff.evidence.telling import Report

Range = tuple[float, float]

# Admiralty letter of a source -> chance that it is right. The letters are NATO's; the numbers are assumed, and wide.
RIGHT: dict[str, Range] = {
    "A": (0.95, 0.99),
    "B": (0.80, 0.95),
    "C": (0.60, 0.85),
    "D": (0.35, 0.65),
    "E": (0.10, 0.40),
}
UNJUDGED: Range = (0.0, 1.0)
BEFORE: Range = (0.2, 0.8)  # chance of a reported event before any source is weighed; assumed


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors of one event, each (low, high), and how many independent witnesses assert and deny it."""

    event: str
    happened: Range
    attributed: Range
    located: Range
    not_excepted: Range
    asserting: int
    denying: int
    graded: bool

    @property
    def counts(self) -> Range:
        """The chance that the event counts for the commitment."""
        parts = (self.happened, self.attributed, self.located, self.not_excepted)
        return prod(p[0] for p in parts), prod(p[1] for p in parts)


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance that something that breaks (``of="broken"``) or does (``of="done"``) a commitment happened."""

    of: str
    low: float
    high: float
    factors: tuple[Factors, ...]
    said: str


def chance(made: Evaluation, slot: int) -> Chance | None:
    """Return the range for one slot over the events that count for it, or None where no event does.

    A range that graded sources do not narrow is said to be none: ``low`` 0 and ``high`` 1.
    """
    own = made.plan.slots[slot]
    role = "bad" if own.kind == "maintain" else "then"
    opens, closes = int(made.plan.opens[slot]), min(int(made.plan.closes[slot]), made.today)
    told = [c for account in made.accounts for c in counted(made, slot, account) if c.role == role]
    names = [c.event for c in told if c.last >= opens and c.first <= closes]
    if not names:
        return None
    term = text_and_readings(made.case.commitments[own.commitment])[own.reading]
    pattern = term.forbid if role == "bad" else term.then
    said = {r.event.id: r for r in made.reports[made.accounts[0]]}
    if pattern is not None and role == "bad" and not says_actor(pattern):
        pattern = replace(pattern, actor=term.debtor)
    factors = tuple(
        _factors(made, pattern or Pattern(), term.except_, said[n], term.answers_for) for n in dict.fromkeys(names)
    )
    low = 1 - prod(1 - f.counts[0] for f in factors)
    high = 1 - prod(1 - f.counts[1] for f in factors)
    of = "broken" if role == "bad" else "done"
    judged = sum(f.graded for f in factors)
    if (low, high) == (0.0, 1.0) or not judged:
        words = f"no chance can be given: no source of what is reported ({len(factors)}) has been graded"
        return Chance(of, 0.0, 1.0, factors, words)
    words = (
        f"{of} with a chance of {low:.2f} to {high:.2f}, from {judged} of {len(factors)} reports with graded sources"
    )
    return Chance(of, low, high, factors, words)


def _factors(
    made: Evaluation, pattern: Pattern, except_: Pattern | None, report: Report, answers: Mapping[str, tuple[str, ...]]
) -> Factors:
    log = log_of([report.event])

    def part(**keys: Any) -> Range:
        return _seen(made, replace(Pattern(), **keys), log, answers)

    asserting, denying, happened, graded = _happened(made.case, report)
    excepted = (0.0, 0.0) if except_ is None else _seen(made, except_, log, answers)
    return Factors(
        event=report.event.id,
        happened=happened,
        attributed=part(actor=pattern.actor),
        located=part(at=pattern.at, within=pattern.within, beyond=pattern.beyond),
        not_excepted=(1 - excepted[1], 1 - excepted[0]),
        asserting=asserting,
        denying=denying,
        graded=graded,
    )


def _seen(made: Evaluation, pattern: Pattern, log: Log, answers: Mapping[str, tuple[str, ...]]) -> Range:
    certain, possible = made.matcher.match(pattern, log, answers)
    return float(certain[0]), float(possible[0])


def _happened(case: Case, report: Report) -> tuple[int, int, Range, bool]:
    tells = [c for c in report.event.claims if c in case.claims]
    against = [c.id for c in case.claims.values() if set(c.denies) & set(tells)]
    pro = _witnesses(case, [c for c in tells if case.claims[c].realis != "denied"])
    con = _witnesses(case, [*against, *(c for c in tells if case.claims[c].realis == "denied")])
    graded = [g for g in (*pro, *con) if g != UNJUDGED]
    if not graded:
        return len(pro), len(con), UNJUDGED, False
    low = _odds(BEFORE[0], (g[0] for g in pro if g != UNJUDGED), (g[1] for g in con if g != UNJUDGED))
    high = _odds(BEFORE[1], (g[1] for g in pro if g != UNJUDGED), (g[0] for g in con if g != UNJUDGED))
    return len(pro), len(con), (low, high), True


def _odds(before: float, right: Iterable[float], wrong: Iterable[float]) -> float:
    """Chance that it happened, given the chance before and how likely asserting and denying witnesses are right."""
    odds = before / (1 - before) * prod(p / (1 - p) for p in right) / prod(p / (1 - p) for p in wrong)
    return float(odds / (1 + odds))


def _witnesses(case: Case, claims: Sequence[str]) -> list[Range]:
    """The range of each independent witness: of its claims, the best graded one."""
    found = []
    for witness in corroboration(case, claims).witnesses if claims else ():
        each = [_right(case, name) for name in (witness.claim, *(also for also, _ in witness.also))]
        judged = [g for g in each if g != UNJUDGED]
        found.append(max(judged, default=UNJUDGED))
    return found


def _right(case: Case, claim: str) -> Range:
    record = case.claims[claim]
    letters = [record.grade.reliability] if record.grade.reliability != "F" else []
    letters += [case.sources[s].reliability for s in record.chain if s in case.sources]
    ranges = [RIGHT[letter] for letter in letters if letter in RIGHT]
    # a chain is no better than its weakest graded link
    return min(ranges) if ranges else UNJUDGED
