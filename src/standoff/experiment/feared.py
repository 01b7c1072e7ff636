"""What people feared while a recorded wave lasted: the model's own fear, in runs begun on the wave's first day.

What was feared is not on record. In runs people leave for the fighting and for the fear of it, so that a fit of
departures that leaves fear out is a fit of something else (decision 79). Here the case is played from the first day of
the wave with what was known the day before, and the fear of each day and place is the mean over the runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from standoff.case.model import Case
from standoff.experiment.arrival_waves import reported_waves, span_of
from standoff.experiment.batch import begun
from standoff.experiment.known import known
from standoff.experiment.margins import margins_of
from standoff.experiment.opening import open_accounts, pooled_of
from standoff.experiment.scenario import BASELINE, stretches
from standoff.experiment.spec import make_spec
from standoff.world.from_case import moving
from standoff.world.setting import compile_setting
from standoff.world.step import day, expected_intensity, prepare
from standoff.world.streams import stream

Floats = NDArray[np.float64]
RUNS = 100
SEED = 1  # of its own, so that a fit does not hang on the seed of a run


def feared(case: Case, first: date, days: int, *, trajectories: int = RUNS, seed: int = SEED) -> Floats:
    """Return the intensity feared on each day at each place [days, P], places in the order of the case's network.

    The account is the pooled one. Nothing is fitted in these runs: a fitted parameter is drawn from its declared range.
    """
    before = first - timedelta(days=1)
    seen = known(case, before)
    seen = replace(seen, parameters={k: replace(p, fitted=()) for k, p in seen.parameters.items()})
    account = pooled_of(seen)
    spec = make_spec(
        seen,
        accounts=(account,),
        start=first,
        days=days,
        trajectories=trajectories,
        batch=trajectories,
        seed=seed,
        as_of=before,
    )
    setting = compile_setting(seen, first, **moving(seen))
    at = open_accounts(seen, setting, spec, margins_of(seen, setting.network, {}))[account]
    world, _, dials = begun(setting, at, spec, 0, stretches(BASELINE, setting, days)[0])
    daily = prepare(setting)
    out = np.empty((days, setting.network.places))
    for t in range(days):
        day(setting, dials, daily, world, partial(stream, seed, 0))
        level = np.append(expected_intensity(setting, dials, world).mean(axis=0), 0.0)  # 0 for places in no sector
        out[t] = level[daily.sector]
    return out


def feared_in(case: Case, *, every: bool = False) -> Mapping[str, Floats]:
    """Return observation -> what was feared in it [days, P], for the waves that a run of the case is fitted on.

    With ``every``, for all that a run from an earlier day may be fitted on as well.
    """
    named = [[n for n in p.fitted if n in case.observed] for p in case.parameters.values()]
    names = {n for found in named for n in (found if every else reported_waves(case, found))}
    spans = {name: span_of(case, name) for name in sorted(names)}
    return {name: feared(case, first, (last - first).days + 1) for name, (first, last) in spans.items()}
