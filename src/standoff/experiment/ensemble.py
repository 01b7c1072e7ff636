"""Accounts x scenarios x batches handed to any ``concurrent.futures.Executor``; stopped and gone on with at any moment.

Each finished batch is one file in a folder beside the result; the same spec finds them again. The result does not
depend on the executor, on how many workers it has, or on how often the run was stopped.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.experiment.batch import Batch, join, load_batch, run_batch
from standoff.experiment.feared import feared_in
from standoff.experiment.known import known
from standoff.experiment.margins import Margin, margins_of
from standoff.experiment.opening import MIXED, Opening, open_accounts
from standoff.experiment.scenario import Stretch, refuse, stretches
from standoff.experiment.spec import Spec
from standoff.world.from_case import moving
from standoff.world.setting import Setting, compile_setting

Floats = NDArray[np.float64]
Job = tuple[str, str, int]  # account, scenario, batch
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a spec needs before the first day: the case as known, the setting, openings and stretches."""

    case: Case
    spec: Spec
    setting: Setting
    openings: Mapping[str, Opening]
    stretches: Mapping[str, tuple[Stretch, ...]]

    @property
    def jobs(self) -> list[Job]:
        """Every batch to run, accounts first, so that the first results come from all of them."""
        return [(a, s, b) for b in range(len(self.spec.sizes)) for a, s in self.columns]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Every (account, scenario); the mixed answers come last, in the first scenario."""
        made = [(a, s) for s in self.spec.scenarios for a in self.spec.accounts]
        return [*made, (MIXED, self.spec.scenarios[0])] if self.spec.mixed else made


def plan(case: Case, spec: Spec, feared: Mapping[str, Floats] | None = None) -> Plan:
    """Compile a spec. Raises StandoffError with what is wrong with the case's options, stakes or scenarios.

    ``feared`` is what was feared in the waves that parameters are fitted on, where the caller has worked it out
    already (`standoff.experiment.feared.feared_in`): it is the same for every start.
    """
    chosen = refuse(case, spec.scenarios)
    seen = known(case, spec.as_of)
    setting = compile_setting(seen, spec.start, **moving(seen))
    margins: tuple[Margin, ...] = ()
    if spec.parameters == "drawn":
        margins = margins_of(seen, setting.network, feared_in(seen) if feared is None else feared)
    return Plan(
        case=seen,
        spec=spec,
        setting=setting,
        openings=open_accounts(seen, setting, spec, margins),
        stretches={scenario.id: stretches(scenario, setting, spec.days) for scenario in chosen},
    )


@contextmanager
def workers(number: int) -> Iterator[Executor | None]:
    """Give processes on this machine, or nothing for one worker (the work is then done in this process)."""
    if number <= 1:
        yield None
        return
    with ProcessPoolExecutor(max_workers=number, initializer=_quiet) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _quiet() -> None:
    """Leave Ctrl-C to the parent, which stops in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(
    made: Plan,
    *,
    executor: Executor | None = None,
    parts: Path | None = None,
    tell: Tell | None = None,
    columns: Sequence[tuple[str, str]] | None = None,
) -> dict[tuple[str, str], Batch]:
    """Run every batch of a plan, or of some of its columns, and return the trajectories of each, joined in order.

    ``parts`` is a folder for finished batches: those found there are not run again. ``tell(done, all)`` is called as
    batches finish.
    """
    wanted = made.columns if columns is None else list(columns)
    jobs = [job for job in made.jobs if job[:2] in wanted]
    done: dict[Job, Batch] = {}
    if parts is not None:
        parts.mkdir(parents=True, exist_ok=True)
        for job in jobs:
            if (found := load_batch(_file(parts, job))) is not None:
                done[job] = found
    left = [job for job in jobs if job not in done]
    if tell:
        tell(len(done), len(jobs))
    for job, batch in _results(made, left, executor):
        done[job] = batch
        if parts is not None:
            batch.save(_file(parts, job))
        if tell:
            tell(len(done), len(jobs))
    return {(a, s): join([done[a, s, b] for b in range(len(made.spec.sizes))]) for a, s in wanted}


def _results(made: Plan, jobs: list[Job], executor: Executor | None) -> Iterator[tuple[Job, Batch]]:
    def arguments(job: Job) -> tuple[Any, ...]:
        account, scenario, number = job
        return made.setting, made.openings[account], made.spec, made.stretches[scenario], number

    if executor is None:
        for job in jobs:
            yield job, run_batch(*arguments(job))
        return
    futures: dict[Future[Batch], Job] = {executor.submit(run_batch, *arguments(job)): job for job in jobs}
    for future in as_completed(futures):
        yield futures[future], future.result()


def _file(parts: Path, job: Job) -> Path:
    account, scenario, number = job
    return parts / f"{account}~{scenario}~{number}.npz"


def parts_of(out: Path, case: Case, spec: Spec) -> Path:
    """Return where finished batches of a run into ``out`` are kept until it is complete."""
    return out.parent / f".{out.name}.{spec.digest(case)}.parts"


def forget(parts: Path) -> None:
    """Remove the finished batches of a run that is complete."""
    shutil.rmtree(parts, ignore_errors=True)
