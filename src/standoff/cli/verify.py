"""The command that checks the machinery: reductions, recovery, predictive counts, the weight of assumptions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from standoff.cli.run import check_workers
from standoff.text.sentences import fold

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.runs.predictive import Predictive
    from standoff.runs.prior_sensitivity import Overlap, TornadoBar
    from standoff.runs.reductions import Alike, Recovery, Reduction
    from standoff.runs.verification import Verification


@click.command()
@click.argument("case_name", metavar="CASE")
@click.option("--account", help="Account [default: the pooled one].")
@click.option("-n", "trajectories", default=100, show_default=True, help="Simulated runs each.")
@click.option("--days", default=60, show_default=True, help="Days played, one parameter at a time.")
@click.option("--spell", default=180, show_default=True, help="Days of a spell of the record.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same result.")
@click.option("--workers", default=2, show_default=True, help="Processes; the result does not depend on it.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def verify(
    case_name: str,
    account: str | None,
    trajectories: int,
    days: int,
    spell: int,
    seed: int,
    workers: int,
    as_json: bool,
) -> None:
    """Check the machinery: reductions, recovery, counts beside the record, priors.

    Exit status 1 when a reduction or a recovery does not hold. What misses the record, or hangs on an assumption, is
    printed and is no error.
    """
    from standoff.case.read import load
    from standoff.runs import ensemble
    from standoff.runs.verification import verify as verify_case

    check_workers(workers)
    case = load(case_name)
    with ensemble.workers(workers) as pool:
        report = verify_case(
            case,
            account=account,
            trajectories=trajectories,
            days=days,
            spell=spell,
            seed=seed,
            executor=pool,
            tell=lambda text: click.echo(text, err=True),
        )
    click.echo(json.dumps(report.as_json(), indent=2) if as_json else "\n".join(verification_lines(case, report)))
    report.check()


def verification_lines(case: Case, report: Verification) -> list[str]:
    """Return the page: what holds and what misses in short, then a table of each."""
    start = report.start.isoformat()
    return [
        *in_short(report.reductions, report.recoveries, report.predictive, report.tornado),
        "",
        *reduction_lines(report.reductions),
        "",
        *recovery_lines(report.recoveries, report.indistinguishable),
        "",
        *count_lines(case, report.predictive, report.seed),
        "",
        *overlap_lines(report.fitted, report.beliefs, report.account),
        "",
        *tornado_lines(case, report.tornado, report.account, start, report.days, report.n, report.seed),
    ]


def in_short(
    held: tuple[Reduction, ...], found: tuple[Recovery, ...], counted: Predictive, bars: tuple[TornadoBar, ...]
) -> list[str]:
    """Return what holds, what misses and how much is assumed, in three lines."""
    missed = sum(c.misses for c in counted.counts)
    assumed = sum(bar.basis == "assumed" for bar in bars)
    return [
        f"{sum(r.holds for r in held)} of {len(held)} reductions hold, {sum(r.holds for r in found)} of {len(found)} "
        "recoveries",
        f"counts of {missed} of {len(counted.counts)} kinds of event miss the record",
        f"{_moving(bars)} of {len(bars)} parameters move an outcome; {assumed} of the {len(bars)} are assumed",
    ]


def _moving(bars: tuple[TornadoBar, ...]) -> int:
    return sum(any(abs(s) > 2.0 * e for s, e in zip(bar.swing, bar.error, strict=True)) for bar in bars)


def reduction_lines(made: tuple[Reduction, ...]) -> list[str]:
    """Return the table of reductions."""
    out = [
        "Reductions: the model of choice against the textbook",
        f"  {'':36} {'cases':>5} {'deviation':>10} {'allowed':>8}",
    ]
    for r in made:
        told = "" if r.holds else "  DOES NOT HOLD"
        out.append(f"  {r.name[:36]:36} {r.cases:5d} {r.deviation:10.0e} {r.allowed:8.0e}{told}")
    return [*out, "  against closed forms; the equilibrium of two players against gambit's digits"]


def recovery_lines(made: tuple[Recovery, ...], alike: tuple[Alike, ...]) -> list[str]:
    """Return the table of parameters found again, and what cannot be told apart."""
    out = [
        "Recovery: parameters found again in data that the model itself made",
        f"  n = {made[0].trials:,} trials each; the posterior is right if ranks are even (p not tiny)",
        f"  {'':31} {'from':20} {'80 % hold':>9} {'p':>5} {'spread':>7}",
    ]
    for r in made:
        told = "" if r.holds else "  DOES NOT HOLD"
        out.append(f"  {r.name[:31]:31} {r.data[:20]:20} {r.inside:9.0%} {r.p:5.2f} {r.shrinks:7.2f}{told}")
    out += ["  spread: of the posterior, as a share of the prior's", "  No data on choices tell these apart:"]
    for a in alike:
        out += _wrapped(f"  {a.names}: {a.why} (chances differ by {a.deviation:.0e}).")
    return out


def _whole(x: float) -> str:
    return f"{x:.0f}" if x == round(x) else f"{x:.1f}"


def count_lines(case: Case, made: Predictive, seed: int) -> list[str]:
    """Return the table of counts and that of first breaches."""
    last = made.starts[-1]
    out = [
        f"Counts of events in {len(made.starts)} spells of {made.days} days, {made.starts[0]} to {last} and on",
        f"  in this model, account {made.account}, n = {made.n:,} a spell, seed {seed}",
        f"  {'':20} {'recorded':>9} {'median':>7} {'90 %':>10}   runs with so many or fewer",
    ]
    for c in made.counts:
        seen = str(c.recorded) if c.recorded_low == c.recorded else f"{c.recorded_low}-{c.recorded}"
        span = f"{_whole(c.low)}-{_whole(c.high)}"
        told = "  misses" if c.misses else ""
        out.append(f"  {c.type[:20]:20} {seen:>9} {_whole(c.median):>7} {span:>10}   {c.p:5.0%}{told}")
    missed = [c for c in made.counts if c.misses]
    many = [c.type for c in missed if c.recorded < c.low]
    few = [c.type for c in missed if c.recorded_low > c.high]
    out.append(f"  The record lies outside the 90 % interval for {len(missed)} of {len(made.counts)} types.")
    for label, names in (("The model gives more than were recorded", many), ("fewer", few)):
        if names:
            out += _wrapped(f"  {label}: {', '.join(names)}.")
    out += ["  Its sizes were set by people who know this record: no test of foresight.", "", "First commitment broken"]
    for b in made.breaches:
        what = ", ".join(b.recorded) or "none"
        out.append(f"  from {b.start}: on record {what}; {b.p:.0%} of runs")
        if b.likeliest and b.likeliest not in b.recorded:
            most = f"{b.likeliest} {b.p_likeliest:.0%}, none {b.none:.0%}"
            out.append(f"  {'':15} in runs: {most}")
        elif b.recorded:
            out.append(f"  {'':15} in runs: none {b.none:.0%}")
    return out


def _wrapped(text: str) -> list[str]:
    return fold(text, 78, indent="  ", hang="    ")


def overlap_lines(fitted: tuple[Overlap, ...], beliefs: tuple[Overlap, ...], account: str) -> list[str]:
    """Return the table of overlaps."""
    out = [
        f"Prior and posterior, account {account} (overlap 1: the record taught nothing)",
        f"  {'':36} {'prior':>7} {'posterior':>9} {'cases':>6} {'overlap':>8}",
    ]
    for o in (*fitted, *beliefs):
        out.append(f"  {o.name[:36]:36} {o.prior:7.3f} {o.posterior:9.3f} {o.cases:6.0f} {o.overlap:8.2f}")
    weak = sum(o.overlap > 0.35 for o in (*fitted, *beliefs))
    out.append(
        f"  {weak} of {len(fitted) + len(beliefs)} overlap by more than 0.35: what was assumed still decides there."
    )
    return out


def tornado_lines(
    case: Case, bars: tuple[TornadoBar, ...], account: str, start: str, days: int, n: int, seed: int, most: int = 4
) -> list[str]:
    """Return for each outcome the parameters that move its chance most, one at a time over their ranges."""
    out = [
        "One parameter at a time over its range, chance in % (common random numbers)",
        f"  in this model, account {account}, {days} days from {start}, n = {n:,}, seed {seed}",
        "  * = beyond two standard errors",
    ]
    for k, (name, outcome) in enumerate(case.outcomes.items()):
        out += ["", f"  {name}: {outcome.title}"[:80]]
        ranked = sorted(bars, key=lambda bar: (-abs(bar.swing[k]), bar.name))
        shown = [bar for bar in ranked[:most] if bar.swing[k]]
        for bar in shown:
            low, high = 100 * bar.at_low[k], 100 * bar.at_high[k]
            star = "*" if abs(bar.swing[k]) > 2.0 * bar.error[k] else " "
            ends = f"{bar.low:g} to {bar.high:g}"
            gap = f"({high - low:+.0f} +- {100 * bar.error[k]:.0f}){star}".rstrip()
            out.append(f"    {bar.name[:30]:30} {ends:>13}  {low:3.0f} -> {high:3.0f}  {gap}")
        if not shown:
            out.append("    nothing moves it")
    return [*out, "", f"  {_moving(bars)} of {len(bars)} parameters move some outcome beyond two errors."]
