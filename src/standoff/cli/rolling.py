"""The page of a rolling backcast: scores of all methods on questions made by rule, and how well they are calibrated."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import numpy as np

from standoff.experiment.skill import calibration, gaps, ranged
from standoff.prose import fold


def lines(case: Any, made: Any) -> list[str]:
    """Return the page: what was asked, scores with ranges, by period and outcome, calibration, what was learned."""
    answered = [a for a in made.asked if a.came is not None]
    came = sum(bool(a.came) for a in answered)
    days = sorted({a.origin for a in answered})
    out = [
        case.about.title,
        f"Rolling backcast in this model, n = {made.n:,} an account and origin; 0 is the best score",
        f"{len(made.asked)} questions made by rule, on the first of {len(days)} months from {days[0]} to {days[-1]}:",
        f"{len(answered)} answered by the record, {came} of them yes; estimates frozen, sha256 {made.frozen[:16]}",
        "",
        "  outcome              answered  yes  left out",
    ]
    for name in case.outcomes:
        mine = [a for a in made.asked if a.outcome == name]
        done = [a for a in mine if a.came is not None]
        why = Counter(_short(a.why) for a in mine if a.came is None).most_common(1)
        reason = f" ({why[0][0]})" if why else ""
        row = f"{len(done):8d}{sum(bool(a.came) for a in done):5d}{len(mine) - len(done):10d}"
        out.append(f"  {name:20}{row}{reason}")
    never = [n for n in case.outcomes if not any(a.came is not None for a in made.asked if a.outcome == n)]
    blind = [n for n in never if any(a.why.startswith("nobody") for a in made.asked if a.outcome == n)]
    if blind:
        out.append(f"  never asked, since no row of coverage.csv says who would have told: {', '.join(blind)}")
    split = (case.about.start.start or date.min).isoformat()
    out += ["", *_scores(made), "", *_parts(made, split), "", *_bins(made), "", *_learned(made)]
    empty = {account: sum(1 for d in days if not made.answers[d].get(account)) for account in made.answers[days[0]]}
    late = ", ".join(f"{account} at {n}" for account, n in empty.items() if n)
    if late:
        out += ["", f"Accounts with no document published yet say nothing of disputes: {late} of {len(days)} origins."]
    said = f"Options, costs and inertia were set on the record before {split}, the start of the case"
    out += fold(f"{said}: earlier origins are in sample.")
    return out


def _short(why: str) -> str:
    if why.startswith("nobody"):
        return "nobody is known to have watched"
    if why.startswith("whether people"):
        return "absence is not reported"
    return "accounts differ" if why.startswith("not told alike") else why


def _columns(made: Any, score: str) -> tuple[dict[str, Any], Any]:
    months = np.array([int(f.origin[:4]) * 12 + int(f.origin[5:7]) for f in made.of("uniform")])
    return {m: np.array([getattr(f, score) for f in made.of(m)]) for m, _ in made.methods()}, months


def _scores(made: Any) -> list[str]:
    briers, months = _columns(made, "brier")
    logs, _ = _columns(made, "log")
    against = gaps(briers, "base rate", months)
    out = [
        "Mean scores; 90 % range over blocks of three months (months are the clusters;",
        "no claim of significance)",
        f"  {'':24}{'Brier':>6}  {'range':14}{'log':>5}  less base rate",
    ]
    for method, _ in made.methods():
        mean, low, high = ranged(briers[method], months)
        gap = ""
        if method in against:
            d, at_least, at_most = against[method]
            gap = f"{d:+.3f} ({at_least:+.3f} to {at_most:+.3f})"
        out.append(f"  {method[:24]:24}{mean:6.3f}  {low:.3f} to {high:.3f}{float(logs[method].mean()):5.2f}  {gap}")
    return out


def _parts(made: Any, split: str) -> list[str]:
    out = ["Mean Brier score by part"]
    rows = made.of("uniform")
    parts = {
        "30 days": np.array([f.days == 30 for f in rows]),
        "90 days": np.array([f.days == 90 for f in rows]),
        "before": np.array([f.origin < split for f in rows]),
        "after": np.array([f.origin >= split for f in rows]),
        "came yes": np.array([f.came for f in rows]),
        "came no": np.array([not f.came for f in rows]),
    }
    out.append(f"  {'':24}" + "".join(f"{name:>9}" for name in ("30 d", "90 d", "before", "after", "yes", "no")))
    out.append(f"  {'questions':24}" + "".join(f"{int(mask.sum()):9d}" for mask in parts.values()))
    briers, _ = _columns(made, "brier")
    for method, _ in made.methods():
        cells = "".join(f"{float(briers[method][m].mean()):9.3f}" if m.any() else f"{'-':>9}" for m in parts.values())
        out.append(f"  {method[:24]:24}{cells}")
    out.append(f"  before, after: origins before and from {split}")
    return out


def _bins(made: Any) -> list[str]:
    out = ["Calibration: mean of forecasts of a size > the share that came about (how many)"]
    for method, kind in made.methods():
        if kind == "baseline" and method != "base rate":
            continue
        rows = made.of(method)
        found = calibration(np.array([f.p for f in rows]), np.array([float(f.came) for f in rows]))
        cells = [f"{b.mean:.2f}>{b.came:.2f} ({b.n})" for b in found]
        out += [f"  {method}", f"    {('  ' if len(cells) < 5 else ' ').join(cells)}"]
    return out


def _learned(made: Any) -> list[str]:
    last = max(made.shares)
    model, base, half = made.shares[last]
    return [
        "Recalibrated: model, base rate and one half, mixed by weights learned from",
        "earlier questions alone",
        f"  at the last origin, {last}: model {model:.1f}, base rate {base:.1f}, one half {half:.1f}",
    ]
