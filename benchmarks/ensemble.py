"""How fast the world is: trajectories a CPU second on a made-up standoff, and the Idlib case per trajectory-day.

    OPENBLAS_NUM_THREADS=1 python benchmarks/ensemble.py [--idlib 250] [--mixed] [--workers 2]

``--idlib 4000 --mixed`` are 20,000 trajectories: four accounts, and the mixed answers that disputes are ranked by.

The made-up standoff has 6 actors with 5 options each, 12 threats, 3 steps of lookahead and 52 days on each of which
everybody reconsiders; three places and nobody to speak of move in it. An idiomatic Mesa 3.3 port of a standoff of that
size was measured at 89 trajectories a CPU second on a machine of this kind. CPU time is what the process used, so that
a busy machine inflates it less than it does the wall clock.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace

import numpy as np

from standoff.case.model import Actor, Case, Parameter
from standoff.case.read import SHIPPED, load, read
from standoff.case.strategy import Emission, Issue, Option, Stake
from standoff.case.terms import Commitment, Pattern
from standoff.runs.ensemble import make_plan, run_batch, run_plan, workers
from standoff.runs.spec import make_spec
from standoff.values import Duration, When

TYPES = ("shelling", "airstrike", "clash", "bombing")


def made_up(actors: int = 6, options: int = 5, commitments: int = 12) -> Case:
    case, _ = read(SHIPPED.parent / "case" / "template")
    assert case is not None
    rng = np.random.default_rng(1)
    names = [f"a{i}" for i in range(actors)]
    choices, stakes = {}, {}
    for i, name in enumerate(names):
        for k in range(3):
            key = f"{name}-{k}"
            stakes[key] = Stake(id=key, actor=name, issue=f"k{k}", position=float(rng.random()), salience=1 / 3)
        for o in range(options):
            key = f"{name}-{o}"
            target = names[(i + o) % actors]
            emits = (Emission(type=TYPES[o - 1], target=(target,), sector=("front",), chance=0.2),) if o else ()
            moves = {f"k{k}": float(rng.normal(scale=0.1)) for k in range(3)}
            harms = {target: 0.1} if o else {}
            choices[key] = Option(
                id=key, actor=name, title=key, emits=emits, moves=moves, cost=0.05 * o, harms=harms, default=o == 0
            )
    threats = {}
    for c in range(commitments):
        holder, other = names[c % actors], names[(c + 1 + c // actors) % actors]
        threats[f"c{c}"] = Commitment(
            id=f"c{c}",
            title=f"c{c}",
            kind="achieve",
            adverse=True,
            debtor=(holder,),
            creditor=(other,),
            from_=When.parse("2024-01-01"),
            within=Duration.parse("7d"),
            when=Pattern(type=("assault",), actor=(other,)),
            then=Pattern(type=(TYPES[c % 4],), actor=(holder,)),
        )
    numbers = {"lookahead": 3.0, "audience-cost": 0.1, "reputation": 0.5, "spill-over": 0.1, "period": 1.0}
    numbers |= {f"rationality.{n}": 4.0 for n in names} | {f"revisions.{n}": 1000.0 for n in names}
    parameters = {
        k: Parameter(id=k, title=k, value=v, range=(v, v), unit="", assumed="made up") for k, v in numbers.items()
    }
    return replace(
        case,
        actors={n: Actor(id=n, name=n, kind="state") for n in names},
        issues={f"k{k}": Issue(id=f"k{k}", title="", zero="", one="", start=0.5) for k in range(3)},
        stakes=stakes,
        options=choices,
        commitments=threats,
        parameters=parameters,
        agreements={},
        disputes={},
        events={},
        accounts={"blue-tells": replace(case.accounts["blue-tells"], answers={})},
        places={k: replace(p, residents=0, displaced=0) for k, p in case.places.items()},
    )


def standoffs(case: Case, n: int) -> None:
    made = make_plan(case, make_spec(case, accounts=("blue-tells",), trajectories=n, batch=n, days=52))
    arguments = made.setting, made.openings["blue-tells"], made.spec, made.stretches["baseline"], 0
    run_batch(*arguments)
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        run_batch(*arguments)
        best = min(best, time.process_time() - start)
    each = f"{1e6 * best / n / 52 / 6:.1f} us a decision"
    print(f"made-up standoff, batches of {n:,}: {n / best:,.0f} trajectories a CPU second ({each})")


def idlib(n: int, mixed: bool, number: int) -> None:
    case = load("idlib")
    wall, cpu = time.perf_counter(), time.process_time()
    made = make_plan(case, make_spec(case, trajectories=n, mixed=mixed))
    planning = time.process_time() - cpu
    print(f"idlib: plan {planning:.1f} s CPU")
    start = time.perf_counter()
    with workers(number) as pool:
        results = run_plan(made, executor=pool)
    took = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime if number > 1 else time.process_time() - cpu - planning
    total = sum(b.first.shape[0] for b in results.values())
    days = made.spec.days
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    each = used.ru_maxrss / 2**20
    print(f"idlib: {total:,} trajectories x {days} days in {took:.1f} s with {number} workers, {cpu:.0f} s CPU")
    print(f"  {1e6 * cpu / total / days:.0f} us CPU a trajectory-day; all in all {time.perf_counter() - wall:.1f} s")
    print(f"  peak memory {own:.2f} GB, and {each:.2f} GB in the largest worker")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--idlib", type=int, default=250, help="trajectories an account")
    parser.add_argument("--mixed", action="store_true", help="the mixed answers too")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    case = made_up()
    for n in (1024, 4096):
        standoffs(case, n)
    idlib(given.idlib, given.mixed, given.workers)


if __name__ == "__main__":
    main()
