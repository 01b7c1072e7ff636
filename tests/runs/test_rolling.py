"""The rolling backcast: questions and answers by rule, forecasts from what was known, weights from the past alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from format_runs import idlib as _idlib
from hypothesis import given
from hypothesis import strategies as st
from run_case import invented
from thorough import THOROUGH

from standoff.case.model import Case, Coverage
from standoff.errors import StandoffError
from standoff.runs.questions import by_then, crisis_rate, matches, recorded_episodes, resolve_outcome, unwatched
from standoff.runs.rolling import RollingForecast, learn_weights, monthly_questions, origins, roll
from standoff.scoring.scores import calibration, mixed, ranged, resampled, weights
from standoff.values import When


def _watched(case: Case, first: str, last: str) -> Case:
    seen = Coverage(
        source="observer", types=("shelling", "assault"), actor=(), from_=When.parse(first), to=When.parse(last)
    )
    return replace(case, coverage=(seen,))


@cache
def _long() -> Case:
    """The invented case with two years of record, shelled by Red in March and April 2024."""
    case = _watched(invented(), "2023-01-01", "2024-12-31")
    like = case.events["e2-red"]
    made = {
        d: replace(like, id=d, date=When.parse(d), known=None, variant_of="")
        for d in ("2023-05-02", "2024-03-09", "2024-03-11", "2024-04-20")
    }
    period = When.parse("2023-01-01/2024-08-31")
    return replace(case, about=replace(case.about, period=period), events={**case.events, **made})


def test_an_answer_needs_somebody_who_would_have_told() -> None:
    case, outcome = _long(), _long().outcomes["red-shells"]
    first, last = date(2024, 3, 1), date(2024, 3, 30)
    assert resolve_outcome(case, outcome, first, last).came is True
    assert resolve_outcome(case, outcome, date(2023, 7, 1), date(2023, 7, 30)).came is False
    half = _watched(case, "2024-01-01", "2024-03-15")
    assert unwatched(half, outcome, first, last) == 15
    found = resolve_outcome(half, outcome, first, last)
    assert found.came is None, "an event on record is no answer where silence would not have been one"
    assert "15 days" in found.why
    assert resolve_outcome(case, case.outcomes["thousand"], first, last).came is None


def test_events_that_accounts_differ_about_and_vague_ones_answer_nothing() -> None:
    case = _long()
    outcome = case.outcomes["red-shells"]
    told = {e for d in case.disputes.values() for a in d.answers for e in (*a.sets.asserts, *a.sets.denies)}
    assert "e2-red" in told
    only = replace(case, events={"e2-red": case.events["e2-red"]})
    day = only.events["e2-red"].date.start
    assert resolve_outcome(only, outcome, day - timedelta(days=5), day + timedelta(days=5)).came is None
    vague = replace(case.events["2024-03-09"], date=When.parse("2024-03"))
    over = replace(case, events={"v": replace(vague, id="v")})
    assert resolve_outcome(over, outcome, date(2024, 3, 10), date(2024, 4, 10)).came is None
    assert resolve_outcome(over, outcome, date(2024, 3, 1), date(2024, 4, 10)).came is True


def test_coverage_of_other_things_is_none_and_coverage_without_an_end_goes_on() -> None:
    case, outcome = _long(), _long().outcomes["red-shells"]
    first, last = date(2023, 7, 1), date(2023, 7, 30)
    (seen,) = case.coverage
    assert unwatched(replace(case, coverage=(replace(seen, types=("protest",)),)), outcome, first, last) == 30
    assert unwatched(replace(case, coverage=(replace(seen, within="front"),)), outcome, first, last) == 30
    assert unwatched(replace(case, coverage=(replace(seen, actor=("blue",)),)), outcome, first, last) == 30
    assert unwatched(replace(case, coverage=(replace(seen, actor=("red", "blue")),)), outcome, first, last) == 0
    onward = replace(seen, from_=When.parse("2023-07-11"), to=When.parse("2023-07-11/.."))
    assert unwatched(replace(case, coverage=(onward,)), outcome, first, last) == 10
    before = replace(seen, from_=When.parse("../2023-01-01"), to=When.parse("2023-07-10"))
    assert unwatched(replace(case, coverage=(before,)), outcome, first, last) == 20


@pytest.mark.parametrize("when", ["../2023-07-15", "2023-07-15/..", "2023-06-20/2023-07-02"])
def test_an_event_that_may_lie_outside_the_window_answers_nothing(when: str) -> None:
    case, outcome = _long(), _long().outcomes["red-shells"]
    first, last = date(2023, 7, 1), date(2023, 7, 30)
    like = replace(case.events["2024-04-20"], id="open", date=When.parse(when))
    found = resolve_outcome(replace(case, events={"open": like}), outcome, first, last)
    assert found.came is None
    assert found.why.endswith("open")
    assert (
        resolve_outcome(replace(case, events={"open": like}), outcome, date(2022, 1, 1), date(2022, 2, 1)).came
        is not True
    )


@given(st.integers(0, 700), st.integers(1, 60))
def test_answers_are_those_of_a_slow_look_at_every_day(shift: int, length: int) -> None:
    case = _long()
    first = date(2023, 1, 1) + timedelta(days=shift)
    last = first + timedelta(days=length)
    days = {date(2023, 5, 2), date(2024, 3, 9), date(2024, 3, 11), date(2024, 4, 20)}
    told = {case.events["e2-red"].date.start}
    found = resolve_outcome(case, case.outcomes["red-shells"], first, last)
    if last > date(2024, 12, 31):
        assert found.came is None
    elif any(first <= d <= last for d in days):
        assert found.came is True
    elif any(first <= d <= last for d in told):
        assert found.came is None
    else:
        assert found.came is False


def test_an_agreement_on_record_is_one_with_each_who_made_it() -> None:
    case = _idlib()
    agreement = case.outcomes["agreement"]
    assert case.events["t032"].target == ()
    assert matches(agreement, case.events["t032"])
    assert not matches(agreement, case.events["t074"])  # announced by Syria and Russia alone
    assert len(recorded_episodes(case, agreement, date(2019, 12, 1))) == 4


def test_rates_in_and_out_of_crises() -> None:
    case = _idlib()
    strikes = case.outcomes["turkey-strikes"]
    quiet, crisis = (crisis_rate(case, strikes, day, 30) for day in (date(2019, 4, 1), date(2019, 8, 1)))
    assert 0.0 < quiet < crisis < 1.0
    assert by_then(0, 365, 30) == pytest.approx(1.0 - np.exp(-0.5 / 365 * 30))


def test_questions_of_the_idlib_case() -> None:
    case = _idlib()
    made = monthly_questions(case)
    assert origins(case)[0] == date(2018, 6, 1)
    for asked in made:
        assert asked.origin.day == 1
        assert asked.deadline <= case.about.period.end
        if case.outcomes[asked.outcome].people:
            assert asked.came is None
    came = {(a.origin, a.outcome, a.days): a.came for a in made}
    assert came[date(2018, 9, 1), "agreement", 30] is True
    assert came[date(2019, 12, 1), "offensive", 30] is True
    assert came[date(2019, 6, 1), "agreement", 30] is None  # whether there was a truce on 12 June is disputed
    assert came[date(2018, 10, 1), "offensive", 90] is False


@pytest.mark.thorough
def test_a_rolling_backcast_knows_nothing_later_and_scores_all_alike() -> None:
    case = _long()
    last = date(2024, 5, 31) if THOROUGH else date(2024, 4, 30)
    options = {"trajectories": 8, "seed": 2, "until": last, "accounts": ("blue-tells", "pooled")[not THOROUGH :]}
    made = roll(case, **options)
    counts = {m: len(made.of(m)) for m, _ in made.methods()}
    assert len(set(counts.values())) == 1
    assert counts["uniform"] == sum(a.came is not None for a in made.questions)
    assert {"model: pooled", "pooled, commitments off", "base rate by crisis", "recalibrated: pooled"} <= set(counts)
    cut = date(2024, 4, 1)
    fewer = {k: e for k, e in case.events.items() if (e.known or e.date).end < cut}
    early = roll(replace(case, events=fewer), **options)
    for one, other in zip(made.forecasts, early.forecasts, strict=True):
        if date.fromisoformat(one.origin) <= cut and one.kind != "mixture":
            assert (one.method, one.outcome, one.days, one.p) == (other.method, other.outcome, other.days, other.p)
    assert len(made.frozen) == 64
    with pytest.raises(StandoffError, match="no question can be answered"):
        roll(replace(case, coverage=()), trajectories=2)


def _row(origin: str, days: int, method: str, p: float, came: bool) -> RollingForecast:
    return RollingForecast(
        origin=origin, outcome="x", days=days, method=method, kind="model", p=p, n=1, came=came, brier=0.0, log=0.0
    )


def test_weights_are_learned_from_what_was_over() -> None:
    rows = []
    for k in range(40):
        origin = (date(2020, 1, 1) + timedelta(days=k)).isoformat()
        came = k % 2 == 0
        rows += [_row(origin, 30, "model: a", float(came), came), _row(origin, 30, "base rate", 0.5, came)]
    assert learn_weights(rows, "model: a", date(2021, 1, 1)).tolist() == [1.0, 0.0, 0.0]
    assert learn_weights(rows, "model: a", date(2020, 2, 1)).tolist() == pytest.approx([1 / 3] * 3)
    turned = [replace(r, came=not r.came) if r.origin > "2020-02-01" else r for r in rows]
    before = date(2020, 3, 1)
    seen = [r for r in rows if date.fromisoformat(r.origin) + timedelta(days=29) < before]
    assert learn_weights(turned, "model: a", before).tolist() == learn_weights(seen, "model: a", before).tolist()


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans()), min_size=30, max_size=60))
def test_learned_weights_are_no_worse_than_any_single_forecast_on_what_they_saw(
    rows: list[tuple[float, float, bool]],
) -> None:
    model, base, came = (np.array([float(r[i]) for r in rows]) for i in range(3))
    share = weights(model, base, came)
    assert share.sum() == pytest.approx(1.0)
    own = np.mean([(mixed(share, m, b) - c) ** 2 for m, b, c in zip(model, base, came, strict=True)])
    for other in (model, base, np.full_like(model, 0.5)):
        assert own <= ((other - came) ** 2).mean() + 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80))
def test_calibration_counts_every_forecast_once(rows: list[tuple[float, bool]]) -> None:
    p, came = np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows])
    found = calibration(p, came)
    assert sum(b.n for b in found) == len(rows)
    assert sum(b.n * b.mean for b in found) == pytest.approx(p.sum())
    assert sum(b.n * b.came for b in found) == pytest.approx(came.sum())
    assert all(b.low <= b.mean <= b.high for b in found)


def test_months_are_drawn_in_blocks_and_whole() -> None:
    month = np.repeat(np.arange(12), [1, 2, 3, 4] * 3)
    for pick in resampled(month, samples=20):
        drawn = month[pick]
        counts = {m: (drawn == m).sum() / (month == m).sum() for m in np.unique(drawn)}
        assert all(c == int(c) for c in counts.values())
        assert sum(counts.values()) == 12
    mean, low, high = ranged(np.ones(month.size), month)
    assert (mean, low, high) == (1.0, 1.0, 1.0)
    value = (month >= 6).astype(float)
    mean, low, high = ranged(value, month)
    assert low < mean < high
