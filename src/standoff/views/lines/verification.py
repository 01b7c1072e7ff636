"""What a check of the machinery prints: reductions, recoveries, counts beside the record, the weight of assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from standoff.text.sentences import fold
from standoff.text.table_printer import Column, Number, Row, table

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.runs.predictive import Predictive
    from standoff.runs.prior_sensitivity import Overlap, TornadoBar
    from standoff.runs.reductions import Alike, Recovery, Reduction
    from standoff.runs.verification import Verification

FAILS = "DOES NOT HOLD"


def verification_lines(case: Case, report: Verification, width: int) -> Iterator[str]:
    """Yield the page: what holds and what misses in short, then a table of each."""
    yield from _in_short(report, width)
    yield ""
    yield from reduction_lines(report.reductions, width)
    yield ""
    yield from recovery_lines(report.recoveries, report.indistinguishable, width)
    yield ""
    yield from count_lines(report.predictive, report.seed, width)
    yield ""
    yield from overlap_lines((*report.fitted, *report.beliefs), report.account, width)
    yield ""
    yield from tornado_lines(case, report, width)


def _in_short(report: Verification, width: int) -> Iterator[str]:
    """Yield what holds, what misses and how much is assumed, in three sentences."""
    reductions, recoveries, bars = report.reductions, report.recoveries, report.tornado
    counts = report.predictive.counts
    missed = sum(c.misses for c in counts)
    assumed = sum(bar.basis == "assumed" for bar in bars)
    hold = f"{sum(r.holds for r in reductions)} of {len(reductions)} reductions hold"
    yield from fold(f"{hold}, {sum(r.holds for r in recoveries)} of {len(recoveries)} recoveries", width)
    yield from fold(f"counts of {missed} of {len(counts)} kinds of event miss the record", width)
    text = f"{_moving(bars)} of {len(bars)} parameters move an outcome; {assumed} of the {len(bars)} are assumed"
    yield from fold(text, width)


def _moving(bars: Sequence[TornadoBar]) -> int:
    return sum(any(abs(s) > 2.0 * e for s, e in zip(bar.swing, bar.error, strict=True)) for bar in bars)


def reduction_lines(reductions: Sequence[Reduction], width: int) -> Iterator[str]:
    """Yield the table of reductions."""
    yield from fold("Reductions: the model of choice against the textbook", width)
    rows = [
        (r.name, str(r.cases), f"{r.deviation:.0e}", f"{r.allowed:.0e}", "" if r.holds else FAILS) for r in reductions
    ]
    yield from table(("", *map(Number, ("cases", "deviation", "allowed")), ""), rows, width, indent="  ")
    text = "against closed forms; the equilibrium of two players against gambit's digits"
    yield from _indented(text, width)


def recovery_lines(recoveries: Sequence[Recovery], alike: Sequence[Alike], width: int) -> Iterator[str]:
    """Yield the table of parameters found again, and what cannot be told apart."""
    yield from fold("Recovery: parameters found again in data that the model itself made", width)
    n = recoveries[0].trials
    yield from _indented(f"n = {n:,} trials each; the posterior is right if ranks are even (p not tiny)", width)
    rows = [
        (r.name, r.data, f"{r.inside:.0%}", f"{r.p:.2f}", f"{r.shrinks:.2f}", "" if r.holds else FAILS)
        for r in recoveries
    ]
    yield from table(("", "from", *map(Number, ("80 % hold", "p", "spread")), ""), rows, width, indent="  ")
    yield from _indented("spread: of the posterior, as a share of the prior's", width)
    yield from _indented("No data on choices tell these apart:", width)
    for a in alike:
        yield from fold(
            f"{a.names}: {a.why} (chances differ by {a.deviation:.0e}).", width, indent="    ", hang="      "
        )


def count_lines(predictive: Predictive, seed: int, width: int) -> Iterator[str]:
    """Yield the table of counts and the first breaches."""
    starts = predictive.starts
    text = f"Counts of events in {len(starts)} spells of {predictive.days} days, {starts[0]} to {starts[-1]} and on"
    yield from fold(text, width, hang="  ")
    text = f"in this model, account {predictive.account}, n = {predictive.n:,} a spell, seed {seed}"
    yield from _indented(text, width)
    rows = [
        (
            c.type,
            str(c.recorded) if c.recorded_low == c.recorded else f"{c.recorded_low}-{c.recorded}",
            _whole(c.median),
            f"{_whole(c.low)}-{_whole(c.high)}",
            f"{c.p:.0%}",
            "misses" if c.misses else "",
        )
        for c in predictive.counts
    ]
    heads: tuple[Column, ...] = ("", *map(Number, ("recorded", "median", "90 %", "runs with so many or fewer")), "")
    yield from table(heads, rows, width, indent="  ")
    missed = [c for c in predictive.counts if c.misses]
    text = f"The record lies outside the 90 % interval for {len(missed)} of {len(predictive.counts)} types."
    yield from _indented(text, width)
    many = [c.type for c in missed if c.recorded < c.low]
    few = [c.type for c in missed if c.recorded_low > c.high]
    for label, names in (("The model gives more than were recorded", many), ("fewer", few)):
        if names:
            yield from _indented(f"{label}: {', '.join(names)}.", width)
    yield from _indented("Its sizes were set by people who know this record: no test of foresight.", width)
    yield ""
    yield "First commitment broken"
    for b in predictive.breaches:
        text = f"from {b.start}: on record {', '.join(b.recorded) or 'none'}; {b.p:.0%} of runs"
        if b.likeliest and b.likeliest not in b.recorded:
            text += f"; in runs: {b.likeliest} {b.p_likeliest:.0%}, none {b.none:.0%}"
        elif b.recorded:
            text += f"; in runs: none {b.none:.0%}"
        yield from _indented(text, width)


def _whole(x: float) -> str:
    return f"{x:.0f}" if x == round(x) else f"{x:.1f}"


def overlap_lines(overlaps: Sequence[Overlap], account: str, width: int) -> Iterator[str]:
    """Yield the table of overlaps of prior and posterior."""
    text = f"Prior and posterior, account {account} (overlap 1: the record taught nothing)"
    yield from fold(text, width)
    rows = [(o.name, f"{o.prior:.3f}", f"{o.posterior:.3f}", f"{o.cases:.0f}", f"{o.overlap:.2f}") for o in overlaps]
    yield from table(("", *map(Number, ("prior", "posterior", "cases", "overlap"))), rows, width, indent="  ")
    weak = sum(o.overlap > 0.35 for o in overlaps)
    text = f"{weak} of {len(overlaps)} overlap by more than 0.35: what was assumed still decides there."
    yield from _indented(text, width)


def tornado_lines(case: Case, report: Verification, width: int, *, most: int = 4) -> Iterator[str]:
    """Yield for each outcome the parameters that move its chance most, one at a time over their ranges."""
    bars = report.tornado
    yield from fold("One parameter at a time over its range, chance in % (common random numbers)", width)
    start = report.start.isoformat()
    text = f"in this model, account {report.account}, {report.days} days from {start}, n = {report.n:,}, "
    yield from _indented(f"{text}seed {report.seed}", width)
    yield from _indented("* = beyond two standard errors", width)
    rows: list[Row] = []
    for k, (name, outcome) in enumerate(case.outcomes.items()):
        rows.append(f"{name}: {outcome.title}")
        ranked = sorted(bars, key=lambda bar: (-abs(bar.swing[k]), bar.name))[:most]
        moving = [bar for bar in ranked if bar.swing[k]]
        for bar in moving:
            low, high = 100 * bar.at_low[k], 100 * bar.at_high[k]
            star = "*" if abs(bar.swing[k]) > 2.0 * bar.error[k] else ""
            change = f"{high - low:+.0f} +- {100 * bar.error[k]:.0f}{star:1}"
            rows.append((f"  {bar.name}", f"{bar.low:g} to {bar.high:g}", f"{low:.0f} -> {high:.0f}", change))
        if not moving:
            rows.append("  nothing moves it")
    yield from table(("parameter", *map(Number, ("over", "chance", "change"))), rows, width, indent="  ")
    yield ""
    yield from _indented(f"{_moving(bars)} of {len(bars)} parameters move some outcome beyond two errors.", width)


def _indented(text: str, width: int) -> list[str]:
    return fold(text, width, indent="  ", hang="    ")
