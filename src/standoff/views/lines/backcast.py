"""The page of a rolling backcast: scores of all methods on questions made by rule, and how well they are calibrated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from standoff.scoring.scores import calibration, gaps, ranged
from standoff.text.sentences import fold

# Lines of a backcast for a terminal of 80 columns.


def backcast_lines(case: Any, made: Any) -> list[str]:
    """Return the page of a backcast: each question, then mean scores by method and cut-off, then who loses to what."""
    short = {f.method: f.method.replace("model: ", "").replace(", commitments", "") for f in made.forecasts}
    out = [case.about.title, f"Backcast in this model, n = {made.n:,} a method; 0 is the best score", *_in_short(made)]
    out += [f"estimated from what was known by each cut-off: sha256 {made.frozen[:16]}", ""]
    for q in made.questions:
        out.append(f"{q.id}  by {q.deadline}: {q.text}")
        out.append(f"      came out: {q.resolved or 'not resolved'} ({q.resolution})")
        told = [f for f in made.forecasts if f.question == q.id]
        for kind in ("model", "ablation", "baseline", "mixture", "voice"):
            row = [f"{short[f.method]} {f.p:.2f}" for f in told if f.kind == kind]
            if row:
                out.append(f"      {kind:9} {', '.join(row)}")
    days = list(dict.fromkeys(f.cutoff for f in made.forecasts))
    for day in days:
        if _alike(made, day):
            out += ["", f"{day}: all accounts answer alike; nothing known by then sets them apart."]
    out += ["", "Mean Brier score by cut-off (a cut-off is one cluster; no claim of significance)"]
    out.append(f"  {'':28}" + "".join(f"{d:>11}" for d in days) + f"{'all':>8}{'log':>7}")
    asked = made.mean("uniform", "brier")[1]
    for method, kind in made.methods():
        if kind == "voice":
            continue
        cells = "".join(f"{made.mean(method, 'brier', d)[0]:11.3f}" for d in days)
        brier, n = made.mean(method, "brier")
        out.append(f"  {_of(method, n, asked)[:28]:28}{cells}{brier:8.3f}{made.mean(method, 'log')[0]:7.3f}")
    out.append("  Brier: squared miss of a chance; log: minus the log of the chance of what came out;")
    out.append("  0 is best in both. uniform: always one half.")
    out += ["", *_losses(made)]
    if made.people:
        out += ["", *_people(made)]
    return out


def _in_short(made: Any) -> list[str]:
    """The mean Brier score of the last account, beside always one half and base rates, on all questions."""
    mine = [m for m, kind in made.methods() if kind == "model"]
    beside = [m for m, _ in made.methods() if m in ("uniform", "base rate")]
    if not mine:
        return []
    told = ", ".join(f"{m} {made.mean(m, 'brier')[0]:.3f}" for m in (mine[-1], *beside))
    asked = made.mean(mine[-1], "brier")[1]
    return [f"in short: mean Brier score on {asked} questions: {told}"]


def _alike(made: Any, day: str) -> bool:
    """Whether every account gives every question of a cut-off the same chance."""
    asked: dict[str, set[float]] = {}
    for f in made.forecasts:
        if f.cutoff == day and f.kind == "model":
            asked.setdefault(f.question, set()).add(f.p)
    models = {f.method for f in made.forecasts if f.kind == "model"}
    return len(models) > 1 and bool(asked) and all(len(ps) == 1 for ps in asked.values())


def _people(made: Any) -> list[str]:
    """One line a date: what was observed, and each method's median and 80 % interval."""
    methods = list(dict.fromkeys(p.method for p in made.people))
    days = sorted({(p.date, p.value) for p in made.people})
    names = [m.replace("model: ", "") for m in methods]
    cell = {(p.date, p.method): p for p in made.people}
    told = [[_cell(cell[day, m]) for m in methods] for day, _ in days]
    mine = [[p for p in made.people if p.method == m] for m in methods]
    crps = [_thousands(sum(p.crps for p in ps) / len(ps)) for ps in mine]
    inside = [f"{sum(p.inside for p in ps)} of {len(ps)}" for ps in mine]
    widest = max(len(c) for row in [*told, crps, inside] for c in row) + 1

    def row(name: str, cells: Sequence[str]) -> str:
        return f"{name:<17}" + "".join(f"{c:>{widest}}" for c in cells)

    return [
        f"People newly displaced, thousands: median and 80 % interval, n = {made.n:,};",
        "dates of one wave are no sample",
        row("", [name.rpartition(" ")[0] for name in names]).rstrip(),
        row("date     observed", [name.rpartition(" ")[2] for name in names]),
        *(row(f"{day} {_thousands(value):>6}", cells) for (day, value), cells in zip(days, told, strict=True)),
        row("mean CRPS", crps),
        row("inside 80 %", inside),
    ]


def _cell(p: Any) -> str:
    return f"{_thousands(p.median)} {_thousands(p.low)}-{_thousands(p.high)}"


def _thousands(people: float) -> str:
    return f"{people / 1000:.0f}"


def _losses(made: Any) -> list[str]:
    found = []
    plain = [m for m, kind in made.methods() if kind in ("baseline", "ablation")]
    for method, kind in made.methods():
        if kind != "model":
            continue
        own, asked = made.mean(method, "brier")
        lost = []
        for other in plain:
            theirs, n = made.mean(other, "brier")
            mine, _ = made.mean(method, "brier", shared=other)
            if theirs <= mine:
                fewer = f" beside {mine:.3f} on {n} of {asked}" if n < asked else ""
                lost.append(f"{other} ({theirs:.3f}{fewer})")
        found.append(f"{method} ({own:.3f}) does no better than: {', '.join(lost) if lost else 'none of the others'}")
    return ["Where the model loses", *(f"  {line}" for line in found)]


def _of(method: str, n: int, asked: int) -> str:
    """Name a method, with how many questions it answered where these are not all."""
    return method if n == asked else f"{method} ({n} of {asked})"


def rolling_lines(case: Any, made: Any) -> list[str]:
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
