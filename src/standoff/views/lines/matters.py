"""Lines of compare and rank for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from standoff.case.model import Case
from standoff.runs.compare import Difference
from standoff.runs.matters import Ranking, Stock
from standoff.text.sentences import count, fold, number, percent, percents

WIDTH = 80
ACROSS = 4  # accounts beside one another
TITLE = 24  # least width of a title
NARROW = 9  # least width of a column
KINDS = {"combinations": "for every combination", "pairs": "one by one and in pairs", "one by one": "one by one"}


def comparison(found: Sequence[Difference], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield one block a contrast: outcomes in rows, accounts in columns; what is the same in every run goes below.

    ``titles`` are the titles of scenarios by id.
    """
    moved = sum(d.differ > 0 for d in found)
    yield f"Differences in this model, {found[0].n:,} paired runs each: mean +- 90 % sampling error"
    yield "  = the same in every pair of runs;  * beyond sampling error"
    chance = round(moved / 10)
    noted = f"{chance} of the {moved} that differ would be starred by chance alone if none had an effect"
    yield from _wrapped(noted, "  ")
    for (kind, scenario), group in groupby(found, key=lambda d: (d.kind, d.scenario if d.kind == "scenario" else "")):
        rows = list(group)
        yield ""
        if kind == "scenario":
            yield from _wrapped(f"{titles[scenario]}, less {rows[0].against} ({scenario})")
        else:
            yield from _wrapped(f"Accounts, less {rows[0].against} ({rows[0].scenario})")
        yield from _block(rows)


def _block(rows: Sequence[Difference]) -> Iterator[str]:
    accounts = list(dict.fromkeys(d.account for d in rows))
    outcomes = {k: {d.account: d for d in v} for k, v in groupby(rows, key=lambda d: d.outcome)}
    shown = [k for k, ds in outcomes.items() if any(d.differ > 0 for d in ds.values())]
    first = {k: next(iter(ds.values())) for k, ds in outcomes.items()}
    for unit, head in (("share", "percentage points of runs"), ("people", "thousand people")):
        mine = [k for k in shown if first[k].unit == unit]
        cells = {(k, a): _cell(outcomes[k].get(a)) for k in mine for a in accounts}
        wide = max([NARROW, *map(len, cells.values())]) + 1
        across = max(1, min(ACROSS, (WIDTH - TITLE) // wide))
        for at in range(0, len(accounts) if mine else 0, across):
            some = accounts[at : at + across]
            room = WIDTH - 2 - wide * len(some)
            yield f"  {head:{room}}" + "".join(f"{a[: wide - 2]:>{wide - 1}} " for a in some).rstrip()
            for k in mine:
                title = textwrap.wrap(first[k].title, room - 3)
                yield f"    {title[0]:{room - 2}}{''.join(f'{cells[k, a]:>{wide}}' for a in some)}".rstrip()
                yield from (f"      {more}" for more in title[1:])
    same = [first[k].title for k in outcomes if k not in shown]
    if same and shown:
        named = "; ".join(same) if len(same) < 3 else f"the other {len(same)} outcomes"
        yield from _wrapped(f"the same in every run: {named}", "  ")
    elif same:
        yield "  every outcome is the same in every run"


def _cell(d: Difference | None) -> str:
    if d is None:
        return ""
    if d.differ == 0:
        return "= "
    star = "*" if d.clear else " "
    half = (d.high - d.low) / 2
    if d.unit == "people":
        return _told(d.mean / 1000, half / 1000, 0 if half >= 10_000 else 1) + star
    return _told(100 * d.mean, 100 * half, 0 if half >= 0.005 else 1) + star


def _told(mean: float, half: float, digits: int) -> str:
    told = f"{mean:+,.{digits}f}"
    return f"{'0' if float(told.replace(',', '')) == 0 else told} +-{half:,.{digits}f}"


def ranking(case: Case, made: Ranking, p: float, *, most: int = 8) -> Iterator[str]:
    """Yield how much is disputed fact, and the disputes with most to gain, each with its question."""
    if made.variance == 0.0:
        often = "every one" if p else "none"
        yield f"It comes about in {often} of the {made.n:,} runs: it hangs on no disputed question."
        return
    yield f"It comes about in {percent(p)} of runs. Of the variance between runs"
    yield f"  disputed fact  {percent(made.share_disputed)} (90 %: {percents(made.low, made.high)})"
    yield f"  chance         {percent(made.share_chance)}"
    if not made.ranked:
        yield "No disputed question has more than one answer here."
        return
    best, of = made.ranked[: max(most, 1)], len(made.ranked)
    yield ""
    yield from _wrapped(
        f"Brier gain: by how much one settled question lowers the expected score; {made.variance:.3f} is the score of "
        "one who knows the share alone. first, total, Shapley: of the disputed part; answers are fitted "
        f"{KINDS[made.fitted]}. top: bootstrap samples in which it is the largest."
    )
    yield ""
    yield f"  {'question':13}{'Brier gain (90 %)':27}{'first':>9}{'total':>10}{'Shapley':>10}{'top':>9}"
    for r in best:
        gain = f"{r.brier:.4f} ({r.low:.4f} to {r.high:.4f})"
        shares = (r.first_order, r.total, r.shapley)
        told = "".join(f"{_part(x):>{w}}" for x, w in zip(shares, (9, 10, 10), strict=True))
        yield f"  {r.name[:12]:13}{gain:27}{told}{percent(r.p_top):>9}"
        yield from _wrapped(case.disputes[r.name].question, "      ")
    if of > len(best):
        yield f"  and {count(of - len(best), 'question')} with less to gain"
    clear = [r.name for r in made.ranked if round(r.low, 4) > 0]
    if clear:
        yield from _wrapped(f"Beyond sampling error: {', '.join(clear)}.")
    else:
        yield f"With {made.n:,} runs no question stands out from sampling error."


def _part(share: float) -> str:
    """Return a share of the disputed part; an estimate that noise puts below nothing is told as nothing."""
    return "-" if share != share else percent(min(max(share, 0.0), 1.0))


def stock(case: Case, worth: Stock) -> Iterator[str]:
    """Yield the stock that is best, its expected loss, and what an answer saves."""
    yield ""
    yield f"Stock set aside at {worth.cost:g} a person, {worth.penalty:g} for each person without"
    yield f"  best stock {number(worth.stock)} people, expected loss {number(worth.loss)}"
    clear = [w for w in worth.worth if w.low > 0]
    for w in clear[:5]:
        yield f"  knowing {w.name} saves {number(w.evppi)} (90 %: {number(w.low)} to {number(w.high)})"
        yield from _wrapped(case.disputes[w.name].question, "      ")
    if not clear:
        most = max((w.high for w in worth.worth), default=0.0)
        yield from _wrapped(f"no answer is worth more than sampling error: at most {number(most)} (95 %)", "  ")


def _wrapped(text: str, indent: str = "") -> Iterable[str]:
    return fold(text, WIDTH, indent=indent, hang=indent + "  ")
