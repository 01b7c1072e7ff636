"""The ledger at size: 10^6 made-up reports, 100 mixed commitments, 5 accounts, both completions, geometry included.

Run ``python benchmarks/ledger.py [reports] [commitments] [accounts]``. Bars, on 2 cores: 60 s and 4 GB for
10^6 x 100 x 5; the shipped case under 2 s. The large record is made up.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from ledger_case import case, records

from standoff.case.geography import Place, Zone
from standoff.case.model import Case
from standoff.case.terms import Commitment
from standoff.commitments.engine.arrays import initial
from standoff.commitments.engine.run import run_facts
from standoff.commitments.patterns.compiler import compile_schedule
from standoff.commitments.patterns.facts import Facts, Reports, gather
from standoff.commitments.patterns.pattern import Log, Matcher

# processor time of this process: what it costs whether or not the machine is busy with other things
CLOCK = time.process_time
FIRST = date(2018, 1, 1)
DAYS = 730
ACCOUNTS = 5
TYPES = ("shelling", "airstrike", "ground-assault", "clash", "attack-on-post", "withdrawal", "patrol", "statement")
WHO = ("red", "blue", "green", "red-militia", "blue-militia", "band")


def zone(rng: np.random.Generator, name: str, corners: int = 617) -> Zone:
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = 0.25 + 0.03 * rng.standard_normal(corners)
    ring = [[36.6 + r * np.cos(t), 35.65 + r * np.sin(t)] for r, t in zip(reach, turn, strict=True)]
    return Zone(id=name, title=name, geometry={"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def terms(count: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Half hold over time, a third answer a trigger, the rest recur or are ultimatums; every fifth is kept by place."""
    made: list[dict[str, Any]] = []
    for n in range(count):
        start = (FIRST + timedelta(days=int(rng.integers(0, 300)))).isoformat()
        one: dict[str, Any] = {"id": f"c{n}", "title": "T", "from": start, "debtor": str(rng.choice(WHO[:3]))}
        kind = n % 6
        if kind in (0, 1, 2):
            one |= {"kind": "maintain", "forbid": {"type": [str(rng.choice(TYPES[:5]))], "within": "zone"},
                    "except": {"listed": "the-list"}}  # fmt: skip
        elif kind in (3, 4):
            one |= {"kind": "achieve", "adverse": "true", "within": f"{int(rng.integers(1, 31))}d",
                    "when": {"type": [str(rng.choice(TYPES[:5]))], "target": one["debtor"], "within": "zone"},
                    "then": {"type": ["airstrike", "patrol"], "actor": one["debtor"]}}  # fmt: skip
        else:
            one |= {"kind": "recurrent", "every": "7d", "then": {"type": ["patrol"], "actor": one["debtor"]}}
        if n % 5 == 0:
            one["key"] = "place"
        made.append(one)
    return made


def build(reports: int, commitments: int, accounts: int = ACCOUNTS) -> tuple[Case, Reports, dict[str, tuple[str, ...]]]:
    rng = np.random.default_rng(1)
    places = {
        f"p{n}": Place(id=f"p{n}", name=f"P{n}", kind="town", lat=float(rng.uniform(35.2, 36.1)),
                       lon=float(rng.uniform(36.1, 37.1)), country="XX", accuracy_km=2)
        for n in range(400)
    }  # fmt: skip
    made = replace(
        case(), places=places, commitments=records(Commitment, terms(commitments, rng)), zones=(zone(rng, "zone"),)
    )
    day = np.sort(rng.integers(0, DAYS, reports)).astype(np.int32) + FIRST.toordinal()
    log = Log(
        type=rng.integers(0, len(TYPES), reports).astype(np.int32),
        actor=rng.integers(0, len(WHO), reports).astype(np.int32),
        target=rng.integers(0, len(WHO), reports).astype(np.int32),
        where=rng.integers(0, 400, reports).astype(np.int32),
        id=np.arange(reports),
        first=day,
        last=day,
        types=TYPES,
        actors=tuple((w,) for w in WHO),
        targets=tuple((w,) for w in WHO),
        wheres=tuple(((p,), (), ()) for p in places),
    )
    asserts = rng.integers(1, 2**accounts, reports).astype(np.uint64)
    denies = np.where(rng.random(reports) < 0.2, rng.integers(0, 2**accounts, reports), 0).astype(np.uint64)
    keys = {c: tuple(places) for c, term in made.commitments.items() if term.key}
    return made, Reports(log, asserts, denies, accounts), keys


def main(reports: int = 10**6, commitments: int = 100, accounts: int = ACCOUNTS) -> dict[str, float]:
    """Measure and print; return the seconds of each part."""
    made, given, keys = build(reports, commitments, accounts)
    out: dict[str, float] = {}
    start = CLOCK()
    matcher = Matcher(made)
    plan = compile_schedule(made, first=FIRST, keys=keys)
    out["compile"] = CLOCK() - start
    facts: Facts = gather(plan, matcher, given)
    out["daily facts"] = CLOCK() - start - out["compile"]
    harsh = np.arange(2 * accounts) < accounts
    partner = np.roll(np.arange(2 * accounts), accounts)
    state = initial(plan, 2 * accounts, harsh=harsh, partner=partner)
    run_facts(plan, state, facts, DAYS)
    out["all"] = CLOCK() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{reports} reports x {commitments} commitments ({len(plan.slots)} slots) x {accounts} accounts x 2")
    print(
        f"  compile {out['compile']:.1f} s, facts {out['daily facts']:.1f} s, all {out['all']:.1f} s, {memory:.1f} GB"
    )
    print(
        f"  instances {int(state.begun.sum())}, broken {int(state.broken.sum())}, breaches {int(state.breaches.sum())}"
    )
    barred = reports <= 10**6 and commitments <= 100
    assert out["all"] < 60 or not barred, "slower than 60 s"
    assert memory < 4 or not barred, "more than 4 GB"
    return out | idlib()


def idlib() -> dict[str, float]:
    """Measure the shipped case: the whole ledger, and what one report changes in it."""
    from standoff.case.read import load
    from standoff.commitments.ledger import rows
    from standoff.commitments.monitor import evaluate
    from standoff.commitments.revision import withdraw

    case = load("idlib")
    times = []
    for _ in range(5):
        start = CLOCK()
        run = evaluate(case)
        rows(run)
        times.append(CLOCK() - start)
    ledger = statistics.median(times)
    print(f"idlib: the whole ledger, {len(run.accounts)} accounts, {ledger:.2f} s (median of 5)")
    spent = []
    for name in list(case.events)[:: len(case.events) // 9]:
        start = CLOCK()
        withdraw(run, name)
        spent.append(CLOCK() - start)
    print(f"idlib: the ledger without one report, {statistics.median(spent):.2f} s (median of {len(spent)})")
    return {"idlib": ledger, "without": statistics.median(spent)}


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
