"""Ensembles: a plan of accounts x scenarios x batches, each batch the unit of work that a worker does.

Batches are handed to any ``concurrent.futures.Executor``, and may be stopped and gone on with at any moment: each
finished one is a file in a folder beside the result, and the same spec finds them again. The result does not depend on
the executor, on how many workers it has, or on how often the run was stopped.

What people feared while a recorded wave of displacement lasted is not on record. In runs people leave for the fighting
and for the fear of it, so that a fit of departures that leaves fear out is a fit of something else (decision 79). So
the case is played from the first day of the wave with what was known the day before, and the fear of each day and
place is the mean over the runs.
"""

from __future__ import annotations

import glob
import hashlib
import math
import mmap
import shutil
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case, refuse_errors
from standoff.commitments.engine.arrays import State as Ledger
from standoff.cores import begin_as_worker
from standoff.errors import StandoffError
from standoff.files.atomic import write_synced
from standoff.people.headcount import Areas, Headcount
from standoff.runs.areas import areas_of_network
from standoff.runs.as_of import case_as_of
from standoff.runs.margins import Margin, draw_parameters, margins_of, shift_draws, with_dependent_draws
from standoff.runs.opening import Draws, Opening, Openings, inner_accounts, is_inner, open_accounts, pooled_of
from standoff.runs.scenario import BASELINE, Stretch, sound_scenarios, stretches, with_capacity
from standoff.runs.spec import Spec, make_spec
from standoff.runs.waves import reported_waves, span_of
from standoff.world.choice import Beliefs, Mode, Observer
from standoff.world.choice_rules import ChoiceRule, rule_of
from standoff.world.dials import Dials, Values, compile_dials
from standoff.world.incident_level import BaseLevel, brought_by, draw_levels, level_of, open_tally
from standoff.world.played import played_case
from standoff.world.random_streams import stream
from standoff.world.setting import Setting, compile_setting, movement_settings
from standoff.world.state import World, moved_odds, opening
from standoff.world.step import Day, daily_constants, expected_intensity, play_day

Floats = NDArray[np.float64]
RUNS = 100  # in which fear is measured
SEED = 1  # of its own, so that a fit does not hang on the seed of a run
LONG_NAME = 60  # letters of a scenario's id in the name of a file
STALE = 7 * 24 * 3600.0  # seconds after which finished batches that nobody went on with are removed
IN_HAND = 2  # batches that wait or are played for each worker; an executor that has no number of workers counts as 16
MEMORY = 16  # waves whose fear is kept
Job = tuple[str, str, int]  # account, scenario, batch
Tell = Callable[[int, int], None]
LARGE = 2**26  # bytes of finished batches beyond which their arrays are looked at in a file, not held
ALIGNED = 64  # bytes at a multiple of which an array begins in such a file
WIDENED = ("displaced", "in_sites")  # counts of people, which batches hold in as few bytes as will do
BY_BATCH = ("present", "origins")  # arrays with a row for each batch, not for each trajectory


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Trajectories:
    """What is kept of n trajectories over T days.

    ``first`` [n, outcomes] and ``broke`` [n, C]: day counted from 1, 0 for never. ``displaced``, ``in_sites`` [n, T]:
    people. ``intensity`` [n, T]: mean over sectors. ``arrived`` [n, P]: people. ``answers`` [n, D]. ``pushes`` [n, W,
    S] and ``lulls`` [n, W]: what the level of incidents is moved by (`standoff.world.incident_level`), none without a
    level. ``pursued`` [n, O]: days on which each option was pursued.
    ``present`` and ``origins`` are of whole batches [B, ...], as `standoff.people.headcount.Headcount` has them.
    """

    first: NDArray[np.int16]
    broke: NDArray[np.int16]
    tested: NDArray[np.bool_]
    sound: NDArray[np.bool_]
    displaced: NDArray[np.int32 | np.int64]
    in_sites: NDArray[np.int32 | np.int64]
    intensity: NDArray[np.float32]
    arrived: NDArray[np.int64]
    answers: NDArray[np.int16]
    pushes: NDArray[np.float32]
    lulls: NDArray[np.float32]
    pursued: NDArray[np.int16]
    present: NDArray[np.float32]
    origins: NDArray[np.float32]

    def __repr__(self) -> str:
        return f"<Trajectories: {self.displaced.shape[0]:,} of {self.displaced.shape[1]} days>"

    def save(self, path: Path) -> None:
        """Write the arrays to one file, which is there in full or not at all."""
        part = path.with_suffix(".part")
        arrays = {f.name: getattr(self, f.name) for f in fields(self)}
        try:
            write_synced(part, lambda file: np.savez(file, **arrays))
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            what = f"a finished batch cannot be kept: {error.strerror or error}"
            expected = "space on the disk; what is finished stays, and the same command goes on from it"
            raise StandoffError.of(what, file=str(path), expected=expected) from None

    def put_aside(self) -> None:
        """Let the system take back the memory of arrays that lie in a file (`on_disk`); they stay as they are."""
        for array in (getattr(self, f.name) for f in fields(self)):
            base: Any = array
            while isinstance(base, np.ndarray | memoryview):
                base = base.obj if isinstance(base, memoryview) else base.base
            if isinstance(base, mmap.mmap) and hasattr(base, "madvise"):
                base.madvise(mmap.MADV_DONTNEED)
                return  # all of them lie in one file


def load_trajectories(path: Path) -> Trajectories | None:
    """Read a batch again; None when there is none that can be read."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Trajectories(**{f.name: arrays[f.name] for f in fields(Trajectories)})
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def join(batches: Iterable[Trajectories], sizes: Sequence[int]) -> Trajectories:
    """Put batches of given sizes one after the other; each is let go of before the next is taken."""
    whole: dict[str, NDArray[Any]] = {}
    at = 0
    for number, batch in enumerate(batches):
        for f in fields(Trajectories):
            part = getattr(batch, f.name)
            old = whole.get(f.name)
            kind = part.dtype if old is None else np.promote_types(old.dtype, part.dtype)
            if old is None:
                rows = len(sizes) if f.name in BY_BATCH else sum(sizes)
                whole[f.name] = np.empty((rows, *part.shape[1:]), kind)
            elif old.dtype != kind:
                whole[f.name] = old.astype(kind)
            first = number if f.name in BY_BATCH else at
            whole[f.name][first : first + len(part)] = part
        at += len(batch.first)
    return Trajectories(**whole)


def on_disk(files: Sequence[Path], folder: Path) -> Trajectories:
    """Put finished batches one after the other in a file without a name in ``folder``, and return the arrays in it.

    The arrays can be read only. The system reads what is looked at, so that runs of any size fit into memory.
    Raises StandoffError where a batch is gone or the disk is full.
    """
    try:
        with TemporaryFile(dir=folder) as room:
            where: dict[str, tuple[int, tuple[int, ...], np.dtype[Any]]] = {}
            for name in (f.name for f in fields(Trajectories)):
                kinds = [_member(file, name).dtype for file in (files if name in WIDENED else files[:1])]
                kind = np.result_type(*kinds)
                room.write(b"\0" * (-room.tell() % ALIGNED))
                begin, rows = room.tell(), 0
                shape: tuple[int, ...] = ()
                for file in files:
                    part = np.ascontiguousarray(_member(file, name), kind)
                    room.write(part.data if part.size else b"")
                    rows, shape = rows + len(part), part.shape[1:]
                where[name] = begin, (rows, *shape), kind
            room.write(b"\0")  # a file without a byte cannot be looked into
            room.flush()
            whole = mmap.mmap(room.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        what = f"the batches cannot be put together: {error.strerror or error}"
        expected = "space on the disk; what is finished stays, and the same command goes on from it"
        raise StandoffError.of(what, file=str(folder), expected=expected) from None
    arrays: dict[str, NDArray[Any]] = {}
    for name, (begin, shape, kind) in where.items():
        size = math.prod(shape)
        flat = np.frombuffer(whole, kind, size, begin) if size else np.zeros(0, kind)
        arrays[name] = flat.reshape(shape)
    return Trajectories(**arrays)


def _member(file: Path, name: str) -> NDArray[Any]:
    """Read one array of a finished batch."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return np.asarray(arrays[name])
    except (FileNotFoundError, ValueError, KeyError, BadZipFile):
        raise _missing_batch(file) from None


def _missing_batch(file: Path) -> StandoffError:
    what, expected = "this batch was finished, and is gone", "the folder of batches, left alone by others"
    return StandoffError.of(what, file=str(file), expected=expected)


def _narrow(people: NDArray[Any]) -> NDArray[Any]:
    """Return counts of people in half the memory, where they fit into it."""
    return people.astype(np.int32 if people.max(initial=0) < 2**31 else np.int64)


def begin(setting: Setting, at: Opening, spec: Spec, number: int, stretch: Stretch) -> tuple[World, Values]:
    """Return the world of a batch on its first morning, and the values of its parameters."""
    world, values, _ = first_morning(setting, at, spec, number, stretch)
    return world, values


def first_morning(
    setting: Setting, at: Opening, spec: Spec, number: int, stretch: Stretch
) -> tuple[World, Values, Dials]:
    """Return the same and the parameters compiled."""
    telling = at.telling[at.rows(spec, number)]
    version = at.version[telling]
    values = values_of(setting, at, spec, number, stretch)
    dials = dials_of(setting, values, spec)
    record = at.kept[version], at.broken[version]
    ledger: Ledger = at.ledger.take(np.asarray(version, dtype=np.intp))
    world = opening(setting, dials, ledger, record, at.intensity[version], at.pursued[version])
    take_in(setting, dials, world, {one.id for one in setting.sent} - stretch.unsent)
    return world, values, dials


def take_in(setting: Setting, dials: Dials, world: World, names: Collection[str], *, back: bool = False) -> None:
    """Let beliefs follow signals on record, or with ``back`` go back to where they were without them."""
    logs = np.zeros((1, setting.slots))
    for one in setting.sent:
        if one.id in names:
            step = np.zeros(setting.slots)
            step[list(one.slots)] = -1.0 if back else 1.0
            logs = logs + dials.evidence[one.cost][:, None] * step
    if logs.any():
        world.alpha, world.beta = moved_odds(world.alpha, world.beta, np.broadcast_to(logs, world.alpha.shape))


def values_of(setting: Setting, at: Draws, spec: Spec, number: int, stretch: Stretch) -> Values:
    """Return the values of a batch's parameters on the days of a stretch: the case's, a telling's, or drawn ones.

    What a scenario changes is set where it is fixed or a telling sets it; draws are moved by the same factor.
    """
    changed = stretch.parameters
    sets, row = at.parameters(at.rows(spec, number))
    draws = draw_parameters(at.margins, spec.seed, number, spec.sizes[number])
    usual = Values(setting.parameters, sets, row, draws)
    draws = with_dependent_draws(draws, at.margins, usual.get)
    own = shift_draws(draws, at.margins, setting.parameters, changed)
    tellings = [{**one, **{k: v for k, v in changed.items() if k in one or k not in own}} for one in sets]
    return Values(setting.parameters, tellings, row, own)


def dials_of(setting: Setting, values: Values, spec: Spec) -> Dials:
    """Compile the parameters, with commitments left out or shuffled where the spec says so."""
    if spec.ablation == "shuffled":
        order = np.random.Generator(np.random.Philox(key=spec.seed)).permutation(setting.slots)
        setting = replace(setting, meets=setting.meets[:, order], keeps=setting.keeps[:, order])
    return compile_dials(setting, values, commitments=spec.ablation != "off")


def play_batch(
    setting: Setting,
    at: Opening,
    spec: Spec,
    stretches: Sequence[Stretch],
    number: int,
    *,
    witness: Observer | None = None,
    level: BaseLevel | None = None,
    streams: bool = False,
) -> Iterator[tuple[World, Day | None]]:
    """Play a batch day by day: yield the world on its first morning, and then after each day with what the day did."""
    world, _, first = first_morning(setting, at, spec, number, stretches[0])
    if level is not None:
        draws = draw_levels(level, stream(spec.seed, number, 0, "level"), spec.sizes[number])
        world.tally = open_tally(level, draws.lull, brought_by(first.brings, world.pursued))
    mode: Mode = spec.mode  # type: ignore[assignment]
    beliefs: Beliefs = spec.beliefs  # type: ignore[assignment]
    yield world, None
    for i, stretch in enumerate(stretches):
        now = replace(setting, network=with_capacity(setting.network, stretch.capacity))
        dials = dials_of(now, values_of(setting, at, spec, number, stretch), spec) if i else first
        daily = daily_constants(now, stretch.shut)
        if i:
            take_in(now, dials, world, stretch.unsent - stretches[i - 1].unsent, back=True)
            take_in(now, dials, world, stretches[i - 1].unsent - stretch.unsent)
        for name in stretch.withdrawn:
            take_back(world.ledger, [i for i, s in enumerate(now.plan.slots) if s.commitment == name])
        for _ in range(stretch.start, stretch.end):
            draw = partial(stream, spec.seed, number)
            did = play_day(now, dials, daily, world, draw, mode=mode, witness=witness, beliefs=beliefs, streams=streams)
            refuse_no_number(world, now, stretch.scenario)
            yield world, did


def refuse_no_number(world: World, setting: Setting, scenario: str) -> None:
    """Stop a run in which something is not a finite number after a day: what it would go on to say is worth nothing.

    Raises StandoffError with the scenario, the day and the quantity.
    """
    for what, values in (
        ("position of the issue", world.issues),
        ("intensity of fighting in the sector", world.intensity),
        ("belief that is kept of the commitment", world.alpha),
        ("belief that is broken of the commitment", world.beta),
        ("loss of the actor", world.loss),
        ("number of people come to the place", world.arrived),
        ("chance of the option", world.chances),
    ):
        if np.isfinite(values.sum()):  # of finite numbers within bounds the sum is one, too
            continue
        names: Sequence[str] = {
            "issue": setting.issues, "sector": setting.sectors, "actor": setting.actors, "place": setting.network.ids,
            "option": [option.id for option in setting.options],
            "commitment": [slot.commitment for slot in setting.plan.slots],
        }[what.rpartition(" ")[2]]  # fmt: skip
        wrong = np.flatnonzero(~np.isfinite(values).all(axis=0))
        name = names[wrong[0]] if wrong.size else names[int(np.abs(values).max(axis=0).argmax())]
        day = setting.start + timedelta(days=world.day - 1)
        where = f"scenario {scenario or BASELINE.id!r}, day {world.day} ({day})"
        raise StandoffError.of(
            f"{where}: the {what} {name!r} is not a finite number",
            file="run",
            expected="numbers that are finite: the run is stopped, its results would be worth nothing",
        )


def run_batch(
    setting: Setting,
    at: Opening,
    spec: Spec,
    stretches: Sequence[Stretch],
    number: int,
    level: BaseLevel | None = None,
    areas: Areas | None = None,
) -> Trajectories:
    """Play all days of one batch. The same arguments give the same arrays, wherever they are run.

    With ``areas`` people present are counted in them.
    """
    kept: dict[str, list[Any]] = {"displaced": [], "in_sites": [], "intensity": []}
    pursued = np.zeros((spec.sizes[number], len(setting.options)), dtype=np.int16)
    every = np.arange(spec.sizes[number])[:, None]
    present: Headcount | None = None
    for world, did in play_batch(setting, at, spec, stretches, number, level=level, streams=areas is not None):
        if did is None and areas is not None:
            present = Headcount(areas, world.people, spec.days)
        if did is not None:
            pursued[every, world.pursued] += 1
            if present is not None:
                present.day(world.people, did.moves)
            kept["displaced"].append(world.displaced.copy())
            kept["in_sites"].append(world.people.displaced.T[setting.camps].sum(axis=0))
            kept["intensity"].append(world.intensity.mean(axis=1))
    n = spec.sizes[number]
    pushes, lulls = world.tally.means() if world.tally else (np.zeros((n, 0, 0)), np.zeros((n, 0)))
    return Trajectories(
        first=world.first,
        broke=world.broke,
        tested=world.tested,
        sound=world.sound,
        displaced=_narrow(np.stack(kept["displaced"], axis=1)),
        in_sites=_narrow(np.stack(kept["in_sites"], axis=1)),
        intensity=np.stack(kept["intensity"], axis=1).astype(np.float32),
        arrived=world.arrived.astype(np.int64),
        answers=at.answers[at.rows(spec, number)],
        pushes=pushes.astype(np.float32),
        lulls=lulls.astype(np.float32),
        pursued=pursued,
        present=np.zeros((1, 0), dtype=np.float32) if present is None else present.table[None],
        origins=np.zeros((1, 0), dtype=np.float32) if present is None else present.came[None],
    )


def take_back(ledger: Ledger, slots: Sequence[int]) -> None:
    """Take commitments back: they are in force no longer, and what they made due is not owed."""
    for slot in slots:
        ledger.live[:, slot] = False
        ledger.own_reading[:, slot] = False
        ledger.waiting[:, slot] = 0
        ledger.pending[:, slot] = 0


_fear: deque[tuple[Case, tuple[date, int, int, int], Floats]] = deque(maxlen=MEMORY)


def fear_by_day(case: Case, first: date, days: int, *, trajectories: int = 0, seed: int = SEED) -> Floats:
    """Return the intensity feared on each day at each place [days, P], places in the order of the case's network.

    The account is the pooled one. Nothing is fitted in these runs: a fitted parameter is drawn from its declared range.
    Of one case object each wave is played once, in ``RUNS`` trajectories unless told otherwise.
    """
    trajectories = trajectories or RUNS
    key = (first, days, trajectories, seed)
    for owner, wave, fear in _fear:
        if owner is case and wave == key:
            return fear
    fear = _play_fear(case, first, days, trajectories, seed)
    fear.setflags(write=False)
    _fear.append((case, key, fear))
    return fear


def _play_fear(case: Case, first: date, days: int, trajectories: int, seed: int) -> Floats:
    before = first - timedelta(days=1)
    then = case_as_of(case, before)
    then = replace(then, parameters={k: replace(p, fitted=()) for k, p in then.parameters.items()})
    then = played_case(then, first)
    account = pooled_of(then)
    spec = make_spec(
        then,
        accounts=(account,),
        start=first,
        days=days,
        trajectories=trajectories,
        batch=trajectories,
        seed=seed,
        as_of=before,
    )
    setting = compile_setting(then, first, **movement_settings(then))
    at = open_accounts(then, setting, spec, margins_of(then, setting.network, {}))[account]
    world, _, dials = first_morning(setting, at, spec, 0, stretches(BASELINE, setting, days)[0])
    daily = daily_constants(setting)
    out = np.empty((days, setting.network.places))
    for t in range(days):
        play_day(setting, dials, daily, world, partial(stream, seed, 0))
        level = np.append(expected_intensity(setting, dials, world).mean(axis=0), 0.0)  # 0 for places in no sector
        out[t] = level[daily.sector]
    return out


def fear_in_waves(case: Case, *, every: bool = False, whole: Case | None = None) -> Mapping[str, Floats]:
    """Return observation -> what was feared in it [days, P], for the waves that a run of the case is fitted on.

    With ``every``, for all that a run from an earlier day may be fitted on as well. The fear is the same whether
    ``case`` or the ``whole`` that it is the known part of is played, and the whole is often at hand from another run.
    """
    named = [[n for n in p.fitted if n in case.observed] for p in case.parameters.values()]
    names = {n for fitted in named for n in (fitted if every else reported_waves(case, fitted))}
    spans = {name: span_of(case, name) for name in sorted(names)}
    return {name: fear_by_day(whole or case, first, (last - first).days + 1) for name, (first, last) in spans.items()}


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """Everything a spec needs before the first day: the case as known, the setting, openings and stretches."""

    case: Case
    spec: Spec
    setting: Setting
    openings: Openings
    stretches: Mapping[str, tuple[Stretch, ...]]
    level: BaseLevel | None = None
    no_level: str = ""  # why there is none
    areas: Areas | None = None  # that people present are counted in
    snapshot: Case | None = None  # what was known of the case; `case` has what runs play beyond it, too

    def __repr__(self) -> str:
        return f"<Plan {self.case.about.id}: {len(self.jobs)} batches; {self.spec!r}>"

    @property
    def jobs(self) -> list[Job]:
        """Every batch to run, accounts first, so that the first results come from all of them."""
        return [(a, s, b) for b in range(len(self.spec.sizes)) for a, s in self.columns]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Every (account, scenario); mixed answers, and with one changed, come last, in the first scenario."""
        pairs = [(a, s) for s in self.spec.scenarios for a in self.spec.accounts]
        return [*pairs, *((a, self.spec.scenarios[0]) for a in inner_accounts(self.case, self.spec))]


def make_plan(
    case: Case,
    spec: Spec,
    fear: Mapping[str, Floats] | None = None,
    *,
    level: bool = False,
    present: bool = False,
    choice_rule: ChoiceRule | None = None,
) -> Plan:
    """Compile a spec. Raises StandoffError with what is wrong with the case's options, stakes or scenarios.

    ``feared`` is what was feared in the waves that parameters are fitted on, where the caller has worked it out
    already (`standoff.runs.ensemble.feared_in`): it is the same for every start. ``level`` asks for the incidents to
    expect, too, ``present`` for people present by area. ``choice_rule`` is the function whose name the spec has, where
    it is not a plug-in.
    """
    refuse_errors(case)
    changes = sound_scenarios(case, spec.scenarios)
    clauses = {c.id: c for scenario in changes for c in scenario.clauses}
    snapshot = case_as_of(case, spec.as_of)
    then = played_case(snapshot, spec.start, clauses.values())
    setting = compile_setting(then, spec.start, later=tuple(clauses), **movement_settings(then))
    setting = replace(setting, rule=choice_rule or rule_of(spec.choice_rule))
    margins: tuple[Margin, ...] = ()
    if spec.parameters == "drawn":
        margins = margins_of(then, setting.network, fear_in_waves(then, whole=case) if fear is None else fear)
    expected, missing = None, "no level was asked for"
    if level:
        expected, missing = level_of(then, setting.sectors, spec.start, spec.days, spec.as_of)
    return Plan(
        level=expected,
        no_level=missing,
        case=then,
        snapshot=snapshot,
        spec=spec,
        setting=setting,
        openings=open_accounts(then, setting, spec, margins),
        stretches={
            scenario.id: stretches(
                scenario, setting, spec.days, frozenset(clauses).difference(c.id for c in scenario.clauses)
            )
            for scenario in changes
        },
        areas=areas_of_network(then, setting.network.ids) if present else None,
    )


@contextmanager
def workers(number: int) -> Iterator[Executor | None]:
    """Give processes on this machine, or nothing for one worker (the work is then done in this process).

    They begin at once: where processes are copies of this one, each carries what this one holds when it begins.
    """
    if number <= 1:
        yield None
        return
    with ProcessPoolExecutor(max_workers=number, initializer=begin_as_worker) as pool:
        try:
            pool.submit(int).result()
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def run_plan(
    plan: Plan,
    *,
    executor: Executor | None = None,
    parts: Path | None = None,
    tell: Tell | None = None,
    columns: Sequence[tuple[str, str]] | None = None,
) -> dict[tuple[str, str], Trajectories]:
    """Run every batch of a plan, or of some of its columns, and return the trajectories of each, joined in order.

    ``parts`` is a folder for finished batches: those found there are not run again, and none is held in memory until
    all are there. Where they are large (``LARGE``) not even then: their arrays lie in a file. ``tell(done, all)`` is
    called as batches finish. Raises StandoffError where a batch cannot be kept.
    """
    pairs = plan.columns if columns is None else list(columns)
    jobs = [job for job in plan.jobs if job[:2] in pairs]
    done: dict[Job, Trajectories | None] = {}  # None: in its file
    if parts is not None:
        try:
            parts.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            what = f"the folder of finished batches cannot be made: {error.strerror or error}"
            raise StandoffError.of(
                what, file=str(parts), expected="space on the disk, and a folder to write in"
            ) from None
        done = {job: None for job in jobs if load_trajectories(_file(parts, job)) is not None}
    left = [job for job in jobs if job not in done]
    if tell:
        tell(len(done), len(jobs))
    for job, batch in _results(plan, left, executor):
        if parts is None:
            done[job] = batch
        else:
            batch.save(_file(parts, job))
            done[job] = None
        if tell:
            tell(len(done), len(jobs))

    def finished_of(account: str, scenario: str) -> Iterator[Trajectories]:
        for number in range(len(plan.spec.sizes)):
            job = (account, scenario, number)
            batch = done.pop(job)
            if batch is None and parts is not None:
                batch = load_trajectories(_file(parts, job))
            if batch is None:
                raise _missing_batch(_file(parts or Path(), job))
            yield batch

    if (
        parts is not None
        and sum(_file(parts, job).stat().st_size for job in jobs if _file(parts, job).exists()) > LARGE
    ):
        every = range(len(plan.spec.sizes))
        return {(a, s): on_disk([_file(parts, (a, s, number)) for number in every], parts) for a, s in pairs}
    return {(a, s): join(finished_of(a, s), plan.spec.sizes) for a, s in pairs}


def _results(plan: Plan, jobs: list[Job], executor: Executor | None) -> Iterator[tuple[Job, Trajectories]]:
    def arguments(job: Job) -> tuple[Any, ...]:
        account, scenario, number = job
        areas = None if is_inner(account) else plan.areas
        at = plan.openings.batch(account, number)
        return plan.setting, at, plan.spec, plan.stretches[scenario], number, plan.level, areas

    if executor is None:
        for job in jobs:
            yield job, run_batch(*arguments(job))
        return
    most = IN_HAND * getattr(executor, "_max_workers", 16)
    futures: dict[Future[Trajectories], Job] = {}
    for job in jobs:
        while len(futures) >= most:  # a batch is opened when somebody can take it
            yield from _finished(futures)
        futures[executor.submit(run_batch, *arguments(job))] = job
    while futures:
        yield from _finished(futures)


def _finished(futures: dict[Future[Trajectories], Job]) -> Iterator[tuple[Job, Trajectories]]:
    """Wait for some batch to be done; yield those that are, no longer kept here: they are large."""
    for future in list(wait(futures, return_when=FIRST_COMPLETED).done):
        yield futures.pop(future), future.result()


def _file(parts: Path, job: Job) -> Path:
    account, scenario, number = job
    named = scenario.replace(":", "~")
    if len(named) > LONG_NAME:  # of many ways: longer than a file name may be
        named = hashlib.sha256(scenario.encode()).hexdigest()[:LONG_NAME]
    return parts / f"{account}~{named}~{number}.npz"


def parts_of(out: Path, case: Case, spec: Spec) -> Path:
    """Return where finished batches of a run into ``out`` are kept until it is complete."""
    return out.parent / f".{out.name}.{spec.digest(case)}.parts"


def forget(parts: Path) -> None:
    """Remove the finished batches of a run that is complete, and those that another into its folder left long ago."""
    shutil.rmtree(parts, ignore_errors=True)
    name = parts.name.removesuffix(".parts").rpartition(".")[0]
    for left in parts.parent.glob(f"{glob.escape(name)}.*.parts"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE:
                shutil.rmtree(left, ignore_errors=True)
