"""Only what was known by the cut-off: enforced, not trusted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from format_runs import idlib as _idlib
from run_case import invented

from standoff.case.model import Coverage
from standoff.runs.as_of import case_as_of
from standoff.runs.backcast import backcast
from standoff.runs.ensemble import make_plan, run_plan
from standoff.runs.observed import earlier_waves
from standoff.runs.spec import make_spec
from standoff.values import When

CUTOFF = date(2019, 12, 1)


def test_nothing_later_is_left() -> None:
    seen = case_as_of(_idlib(), CUTOFF)
    for event in seen.events.values():
        assert (event.known or event.date).end <= CUTOFF
    for document in seen.documents.values():
        assert document.published.end <= CUTOFF
    assert "wsws-2020-03-06" not in seen.documents
    for claim in seen.claims.values():
        assert claim.document != "wsws-2020-03-06"
    for commitment in seen.commitments.values():
        assert commitment.from_.start <= CUTOFF
    assert not any("2020" in name for name in seen.commitments)
    for closure in seen.closures:
        assert closure.from_.start <= CUTOFF
        assert closure.until is None or closure.until.end <= CUTOFF
    for observed in seen.observed.values():
        assert observed.to.end <= CUTOFF


def test_answers_rest_on_claims_that_were_made() -> None:
    case = _idlib()
    seen = case_as_of(case, CUTOFF)
    for account in seen.accounts.values():
        for dispute, answer in account.answers.items():
            found = next(a for a in seen.disputes[dispute].answers if a.id == answer)
            assert found.assumed or not found.claims or any(c in seen.claims for c in found.claims)
    assert set(seen.accounts) == set(case.accounts)


@pytest.mark.thorough
def test_rewriting_the_future_does_not_change_a_run() -> None:
    case = _idlib()
    later = {
        name: replace(event, type="aid", actor=("un",), target=(), sector=("border",))
        if (event.known or event.date).end > CUTOFF
        else event
        for name, event in case.events.items()
    }
    assert later != dict(case.events)
    observed = {n: replace(o, value=o.value * 3) if o.to.end > CUTOFF else o for n, o in case.observed.items()}
    turned = replace(case, events=later, observed=observed)
    batches = []
    for one in (case, turned):
        spec = make_spec(one, accounts=("daher",), trajectories=10, batch=10, days=20, start=CUTOFF)
        batches.append(run_plan(make_plan(one, spec))["daher", "baseline"])
    assert np.array_equal(batches[0].displaced, batches[1].displaced)
    assert np.array_equal(batches[0].first, batches[1].first)


def test_rewriting_the_past_does() -> None:
    case = invented()
    shelled = replace(
        case.events["e2-red"], id="e3", date=When.parse("2024-02-28"), known=None, contested="", answer=()
    )
    shelled = replace(shelled, variant_of="")
    busier = replace(case, events={**case.events, "e3": shelled})
    made = [make_plan(one, make_spec(one, accounts=("blue-tells",), trajectories=4, days=5)) for one in (case, busier)]
    breaches = [one.openings["blue-tells"].ledger.breaches.sum() for one in made]
    assert breaches[1] == breaches[0] + 1


def test_actors_start_on_the_course_that_the_record_shows() -> None:
    case = invented()
    days = [f"2024-02-{day:02d}" for day in range(10, 24)]
    shelled = {d: replace(case.events["e2-red"], id=d, date=When.parse(d), known=None, variant_of="") for d in days}
    busy = replace(case, events={**case.events, **shelled})
    for one, expected in ((case, "red-hold"), (busy, "red-shell")):
        made = make_plan(one, make_spec(one, accounts=("blue-tells",), trajectories=2, days=2))
        course = made.openings["blue-tells"].pursued[0]
        assert [made.setting.options[o].id for o in course] == [expected, "blue-hold"]


def test_a_backcast_scores_every_method_on_every_question() -> None:
    case = invented()
    made = backcast(case, trajectories=40, seed=3)
    methods = dict(made.methods())
    assert {"uniform", "base rate", "persistence", "model: pooled", "pooled, commitments off"} <= set(methods)
    for method, kind in methods.items():
        if kind != "voice" and method not in ("weighted votes", "bargaining"):
            assert made.mean(method, "brier")[1] == 2, method
    for f in made.forecasts:
        assert 0.0 <= f.p <= 1.0
        assert f.brier is not None
    said = [f for f in made.forecasts if f.method == "said: observer"]
    assert [f.p for f in said] == [0.6]
    assert made.mean("uniform", "brier") == (0.25, 2)
    assert len(made.frozen) == 64


def test_displaced_people_are_set_beside_the_rates_of_earlier_waves() -> None:
    case = _idlib()
    then = case_as_of(case, CUTOFF)
    sample = earlier_waves(then, date(2019, 12, 2), date(2019, 12, 31))
    rates = [212_000 / 39, 45_500 / 20, 400_000 / 115]  # d017, d052, d107: what was reported by 1 December
    centre = np.exp(np.mean(np.log(rates))) * 30
    assert np.median(sample) == pytest.approx(centre, rel=0.01)
    width = 1.8856 * np.std(np.log(rates), ddof=1) * np.sqrt(4 / 3)
    assert np.quantile(sample, 0.9) == pytest.approx(centre * np.exp(width), rel=0.02)
    assert earlier_waves(invented(), date(2024, 3, 1), date(2024, 3, 2)).size == 0


@pytest.mark.thorough
def test_recalibrated_forecasts_lie_between_model_base_rate_and_one_half() -> None:
    case = invented()
    watched = Coverage(source="o", types=("assault",), from_=When.parse("2022-01-01"), to=When.parse("2024-12-31"))
    long = replace(case, coverage=(watched,), about=replace(case.about, period=When.parse("2022-10-01/2024-12-31")))
    made = backcast(long, trajectories=4, seed=3, recalibrated=True)
    told = {(f.question, f.method): f.p for f in made.forecasts}
    for q in made.questions:
        parts = [told[q.id, "model: pooled"], told[q.id, "base rate"], 0.5]
        assert min(parts) - 1e-12 <= told[q.id, "recalibrated: pooled"] <= max(parts) + 1e-12
