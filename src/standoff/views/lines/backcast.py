"""A backcast and a rolling backcast on a terminal: questions, scores of all methods, who loses to what, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from standoff.scoring.scores import calibration, gaps, ranged
from standoff.text.sentences import refold, thousands
from standoff.text.table_printer import Number, table


def backcast_lines(case: Any, backcast: Any, width: int) -> Iterator[str]:
    """Yield the page of a backcast: each question, then mean scores by method and cut-off, then who loses to what."""
    yield from refold(_questions(case, backcast), width)
    yield ""
    yield from refold(["Mean Brier score by cut-off (a cut-off is one cluster; no claim of significance)"], width)
    yield from _method_scores(backcast, width)
    notes = "Brier: squared miss of a chance; log: minus the log of the chance of what came out; "
    yield from refold([f"  {notes}0 is best in both. uniform: always one half.", "", *_losses(backcast)], width)
    if backcast.people:
        yield ""
        yield from _people(backcast, width)


def _questions(case: Any, backcast: Any) -> Iterator[str]:
    short = {f.method: f.method.replace("model: ", "").replace(", commitments", "") for f in backcast.forecasts}
    yield case.about.title
    yield f"Backcast in this model, n = {backcast.n:,} a method; 0 is the best score"
    yield from _in_short(backcast)
    yield f"estimated from what was known by each cut-off: sha256 {backcast.frozen[:16]}"
    yield ""
    for question in backcast.questions:
        yield f"{question.id}  by {question.deadline}: {question.text}"
        yield f"      came out: {question.resolved or 'not resolved'} ({question.resolution})"
        forecasts = [f for f in backcast.forecasts if f.question == question.id]
        for kind in ("model", "ablation", "baseline", "mixture", "voice"):
            answers = [f"{short[f.method]} {f.p:.2f}" for f in forecasts if f.kind == kind]
            if answers:
                yield f"      {kind:9} {', '.join(answers)}"
    for cutoff in dict.fromkeys(f.cutoff for f in backcast.forecasts):
        if _alike(backcast, cutoff):
            yield ""
            yield f"{cutoff}: all accounts answer alike; nothing known by then sets them apart."


def _method_scores(backcast: Any, width: int) -> list[str]:
    cutoffs = list(dict.fromkeys(f.cutoff for f in backcast.forecasts))
    whole = backcast.mean("uniform", "brier")[1]
    rows = []
    for method, kind in backcast.methods():
        if kind == "voice":
            continue
        brier, n = backcast.mean(method, "brier")
        means = [backcast.mean(method, "brier", cutoff)[0] for cutoff in cutoffs]
        figures = (*means, brier, backcast.mean(method, "log")[0])
        rows.append((_of(method, n, whole), *(f"{x:.3f}" for x in figures)))
    return table(("", *map(Number, (*cutoffs, "all", "log"))), rows, width, indent="  ")


def _in_short(backcast: Any) -> list[str]:
    """The mean Brier score of the last account, beside always one half and base rates, on all questions."""
    models = [method for method, kind in backcast.methods() if kind == "model"]
    if not models:
        return []
    beside = [method for method, _ in backcast.methods() if method in ("uniform", "base rate")]
    scores = ", ".join(f"{method} {backcast.mean(method, 'brier')[0]:.3f}" for method in (models[-1], *beside))
    n = backcast.mean(models[-1], "brier")[1]
    return [f"in short: mean Brier score on {n} questions: {scores}"]


def _alike(backcast: Any, cutoff: str) -> bool:
    """Whether every account gives every question of a cut-off the same chance."""
    chances: dict[str, set[float]] = {}
    for f in backcast.forecasts:
        if f.cutoff == cutoff and f.kind == "model":
            chances.setdefault(f.question, set()).add(f.p)
    models = {f.method for f in backcast.forecasts if f.kind == "model"}
    return len(models) > 1 and bool(chances) and all(len(ps) == 1 for ps in chances.values())


def _people(backcast: Any, width: int) -> Iterator[str]:
    """Yield what was observed, and each method's median and 80 % interval: a row a date."""
    methods = list(dict.fromkeys(p.method for p in backcast.people))
    cell = {(p.date, p.method): p for p in backcast.people}
    rows = [
        (on, thousands(value), *(_interval(cell[on, method]) for method in methods))
        for on, value in sorted({(p.date, p.value) for p in backcast.people})
    ]
    by = [[p for p in backcast.people if p.method == method] for method in methods]
    rows.append(("mean CRPS", "", *(thousands(sum(p.crps for p in ps) / len(ps)) for ps in by)))
    rows.append(("inside 80 %", "", *(f"{sum(p.inside for p in ps)} of {len(ps)}" for ps in by)))
    title = f"People newly displaced, thousands: median and 80 % interval, n = {backcast.n:,}; "
    yield from refold([f"{title}dates of one wave are not a sample"], width)
    heads = [method.replace("model: ", "") for method in methods]
    yield from table(("date", *map(Number, ("observed", *heads))), rows, width)


def _interval(p: Any) -> str:
    return f"{thousands(p.median)} {thousands(p.low)}-{thousands(p.high)}"


def _losses(backcast: Any) -> Iterator[str]:
    yield "Where the model loses"
    others = [method for method, kind in backcast.methods() if kind in ("baseline", "ablation")]
    for method, kind in backcast.methods():
        if kind != "model":
            continue
        own, whole = backcast.mean(method, "brier")
        better = []
        for other in others:
            theirs, n = backcast.mean(other, "brier")
            ours, _ = backcast.mean(method, "brier", shared=other)
            if theirs <= ours:
                fewer = f" beside {ours:.3f} on {n} of {whole}" if n < whole else ""
                better.append(f"{other} ({theirs:.3f}{fewer})")
        yield f"  {method} ({own:.3f}) does no better than: {', '.join(better) or 'none of the others'}"


def _of(method: str, n: int, whole: int) -> str:
    """Name a method, with how many questions it answered where these are not all."""
    return method if n == whole else f"{method} ({n} of {whole})"


def rolling_lines(case: Any, rolling: Any, width: int) -> Iterator[str]:
    """Yield the page: what was asked, scores with ranges, by period and outcome, calibration, what was learned."""
    answered = [a for a in rolling.questions if a.came is not None]
    yes = sum(bool(a.came) for a in answered)
    origins = sorted({a.origin for a in answered})
    split = (case.about.start.start or date.min).isoformat()
    head = [
        case.about.title,
        f"Rolling backcast in this model, n = {rolling.n:,} an account and origin; 0 is the best score",
        f"{len(rolling.questions)} questions made by rule, on the first of {len(origins)} months from {origins[0]} to "
        f"{origins[-1]}: {len(answered)} answered by the record, {yes} of them yes; estimates frozen, "
        f"sha256 {rolling.frozen[:16]}",
        "",
    ]
    yield from refold(head, width)
    yield from _by_outcome(case, rolling, width)
    yield ""
    yield from _scores(rolling, width)
    yield ""
    yield from _parts(rolling, split, width)
    yield ""
    yield from refold((*_bins(rolling), "", *_learned(rolling)), width)
    empty = {
        account: sum(not rolling.answers[d].get(account) for d in origins) for account in rolling.answers[origins[0]]
    }
    late = ", ".join(f"{account} at {n}" for account, n in empty.items() if n)
    if late:
        yield ""
        text = f"Accounts with no document published yet say nothing of disputes: {late} of {len(origins)} origins."
        yield from refold([text], width)
    text = f"Options, costs and inertia were set on the record before {split}, the start of the case"
    yield from refold([f"{text}: earlier origins are in sample."], width)


def _by_outcome(case: Any, rolling: Any, width: int) -> Iterator[str]:
    rows = []
    for name in case.outcomes:
        questions = [a for a in rolling.questions if a.outcome == name]
        answers = [a.came for a in questions if a.came is not None]
        reasons = Counter(_short(a.why) for a in questions if a.came is None).most_common(1)
        counts = (len(answers), sum(map(bool, answers)), len(questions) - len(answers))
        rows.append((name, *map(str, counts), reasons[0][0] if reasons else ""))
    heads = ("outcome", Number("answered"), Number("yes"), Number("left out"), "most often since")
    yield from table(heads, rows, width, indent="  ")
    never = [n for n in case.outcomes if not any(a.came is not None for a in rolling.questions if a.outcome == n)]
    blind = [n for n in never if any(a.why.startswith("nobody") for a in rolling.questions if a.outcome == n)]
    if blind:
        text = f"  never asked, since no row of coverage.csv says who would have told: {', '.join(blind)}"
        yield from refold([text], width)


def _short(why: str) -> str:
    if why.startswith("nobody"):
        return "nobody is known to have watched"
    if why.startswith("whether people"):
        return "absence is not reported"
    return "accounts differ" if why.startswith("not told alike") else why


def _columns(rolling: Any, score: str) -> tuple[dict[str, Any], Any]:
    months = np.array([int(f.origin[:4]) * 12 + int(f.origin[5:7]) for f in rolling.of("uniform")])
    return {m: np.array([getattr(f, score) for f in rolling.of(m)]) for m, _ in rolling.methods()}, months


def _scores(rolling: Any, width: int) -> Iterator[str]:
    briers, months = _columns(rolling, "brier")
    logs, _ = _columns(rolling, "log")
    against = gaps(briers, "base rate", months)
    title = "Mean scores; 90 % range over blocks of three months (months are the clusters; no claim of significance)"
    yield from refold([title], width)
    rows = []
    for method, _ in rolling.methods():
        mean, low, high = ranged(briers[method], months)
        gap = ""
        if method in against:
            less, at_least, at_most = against[method]
            gap = f"{less:+.3f} ({at_least:+.3f} to {at_most:+.3f})"
        rows.append((method, f"{mean:.3f}", f"{low:.3f} to {high:.3f}", f"{float(logs[method].mean()):.2f}", gap))
    yield from table(("", *map(Number, ("Brier", "range", "log", "less base rate"))), rows, width, indent="  ")


def _parts(rolling: Any, split: str, width: int) -> Iterator[str]:
    yield "Mean Brier score by part"
    forecasts = rolling.of("uniform")
    parts = {
        "30 d": np.array([f.days == 30 for f in forecasts]),
        "90 d": np.array([f.days == 90 for f in forecasts]),
        "before": np.array([f.origin < split for f in forecasts]),
        "after": np.array([f.origin >= split for f in forecasts]),
        "yes": np.array([f.came for f in forecasts]),
        "no": np.array([not f.came for f in forecasts]),
    }
    briers, _ = _columns(rolling, "brier")
    rows = [("questions", *(str(int(mask.sum())) for mask in parts.values()))]
    for method, _ in rolling.methods():
        means = (f"{float(briers[method][mask].mean()):.3f}" if mask.any() else "-" for mask in parts.values())
        rows.append((method, *means))
    yield from table(("", *map(Number, parts)), rows, width, indent="  ")
    yield from refold([f"  before, after: origins before and from {split}"], width)


def _bins(rolling: Any) -> Iterator[str]:
    yield "Calibration: mean of forecasts of a size > the share that came about (how many)"
    for method, kind in rolling.methods():
        if kind == "baseline" and method != "base rate":
            continue
        forecasts = rolling.of(method)
        bins = calibration(np.array([f.p for f in forecasts]), np.array([float(f.came) for f in forecasts]))
        yield f"  {method}"
        yield f"    {'  '.join(f'{b.mean:.2f}>{b.came:.2f} ({b.n})' for b in bins)}"


def _learned(rolling: Any) -> Iterator[str]:
    last = max(rolling.shares)
    model, base, half = rolling.shares[last]
    yield "Recalibrated: model, base rate and one half, mixed by weights learned from earlier questions alone"
    yield f"  at the last origin, {last}: model {model:.1f}, base rate {base:.1f}, one half {half:.1f}"
