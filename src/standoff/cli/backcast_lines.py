"""Lines of a backcast for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def lines(case: Any, made: Any) -> list[str]:
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
