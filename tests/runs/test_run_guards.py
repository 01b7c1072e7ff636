"""Guards against over-claiming, each at its edge: what may be compared, what counts as known, clear, recent or due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from run_case import invented

from standoff.case.claims import Answer, Dispute, Sets
from standoff.case.model import Case, Observation, Parameter
from standoff.case.strategy import Outcome
from standoff.case.terms import Pattern
from standoff.errors import StandoffError
from standoff.evidence.accounts import answers_by_effect
from standoff.runs.as_of import case_as_of
from standoff.runs.compare import Difference, paired, paired_differences
from standoff.runs.observed import earlier_waves, naive, score_run, totals
from standoff.runs.questions import (
    base_rate,
    days_on_record,
    matches,
    no_change,
    outcome_of,
    recorded_episodes,
    resolve_outcome,
)
from standoff.runs.results import Fan, Run
from standoff.runs.sensitivity import best_stock, between, check_prices, evppi
from standoff.runs.summary import NEVER, first_breaks
from standoff.scoring.scores import CLIP, FEW, calibration, crps, gaps, logarithmic, mixed, weights, wilson
from standoff.values import When

START = date(2024, 3, 1)


def _figure(name: str, first: str, last: str, value: float, **other: Any) -> Observation:
    usual = {"measure": "people-displaced", "indicator": "people displaced", "source": "OCHA"}
    return Observation(id=name, from_=When.parse(first), to=When.parse(last), value=value, **{**usual, **other})


def _observed(*figures: Observation) -> Case:
    return replace(invented(), observed={f.id: f for f in figures})


def _event(case: Case, name: str, day: str, **other: Any) -> dict[str, Any]:
    like = replace(case.events["e2-red"], id=name, date=When.parse(day), known=None, contested="", answer=())
    return {name: replace(like, variant_of="", **other)}


def test_only_totals_of_the_region_since_the_start_are_compared_with_a_run() -> None:
    right = _figure("right", "2024-03-01", "2024-03-20", 9000)
    others = [
        _figure("two-days-off", "2024-03-03", "2024-03-21", 1),
        _figure("movements", "2024-03-01", "2024-03-22", 1, measure="displacement-movements"),
        _figure("people-in-need", "2024-03-01", "2024-03-23", 1, indicator="people in need"),
        _figure("contested", "2024-03-01", "2024-03-24", 1, contested="the government"),
    ]
    assert [o.id for o in totals(_observed(right, *others), START)] == ["right"]
    day_off = _figure("day-off", "2024-03-02", "2024-03-19", 8000)
    assert [o.id for o in totals(_observed(right, day_off, *others), START)] == ["day-off", "right"]
    assert totals(_observed(*others), START) == []


def test_the_pace_of_the_last_wave_is_of_one_long_enough_and_over() -> None:
    over = _figure("over", "2024-01-01", "2024-01-31", 3000)  # 30 days, 100 a day
    short = _figure("short", "2024-02-01", "2024-03-01", 1)  # 29 days, and not over
    running = _figure("running", "2024-01-01", "2024-03-01", 1)  # ends on the day of the start
    earlier = _figure("earlier", "2023-01-01", "2023-03-01", 1)
    assert naive(_observed(over, short, running, earlier), START, date(2024, 3, 11)) == pytest.approx(1000.0)
    assert naive(_observed(short, running), START, date(2024, 3, 11)) is None
    assert naive(_observed(replace(over, contested="x")), START, date(2024, 3, 11)) is None


def test_a_run_is_scored_beside_nobody_and_the_last_wave() -> None:
    case = _observed(_figure("o", "2024-03-01", "2024-03-11", 900.0), _figure("over", "2024-01-01", "2024-01-31", 3000))
    levels = [100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 899.0]
    fan = Fan("a", "baseline", "displaced-people", "", "2024-03-11", 400.0, *levels)
    other = replace(fan, place="market", q95=9999.0)
    spec = {"start": START.isoformat(), "accounts": ["a"], "scenarios": ["baseline"]}
    rows = score_run(case, Run(meta={"spec": spec}, quantiles=(fan, other)))
    assert [(r.method, r.median, r.inside) for r in rows] == [
        ("model: a", 400.0, False),  # 899 is not 900
        ("nobody", 0.0, False),
        ("pace of the last wave", 1000.0, False),
    ]
    by_hand = sum(p * (900.0 - q) for p, q in zip((0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95), levels, strict=True)) / 7
    assert rows[0].loss == pytest.approx(by_hand)
    assert rows[1].loss == pytest.approx(450.0)  # mean level one half, of 900
    with pytest.raises(StandoffError, match="nothing observed can be compared"):
        score_run(case, Run(meta={"spec": spec}, quantiles=(replace(fan, date="2024-03-12"),)))


@pytest.mark.parametrize(
    ("low", "high", "clear"), [(0.0, 1.0, False), (1e-9, 1.0, True), (-1.0, 0.0, False), (-1.0, -1e-9, True)]
)
def test_a_difference_is_clear_beyond_nought_alone(low: float, high: float, clear: bool) -> None:
    words = {"kind": "scenario", "account": "a", "scenario": "s", "against": "baseline", "outcome": "o", "title": "t"}
    difference = Difference(**words, unit="share", n=9, mean=0.0, low=low, high=high, differ=0.5)
    assert difference.clear is clear


def test_differences_that_are_all_alike_are_not_called_sure() -> None:
    same = np.ones(100)
    mean, low, high = paired(same, same)
    assert (mean, low, high) == (0.0, pytest.approx(-0.01), pytest.approx(0.01))  # one trajectory in a hundred
    assert paired(np.full(100, 500.0), np.full(100, 200.0))[1:] == (pytest.approx(295.0), pytest.approx(305.0))
    assert paired(np.ones(1), np.zeros(1))[1] == -np.inf
    gap = np.array([0.0, 1.0, 2.0, 3.0])
    assert paired(gap, np.zeros(4))[2] - 1.5 == pytest.approx(1.6448536 * gap.std(ddof=1) / 2.0)


def test_an_episode_begins_more_than_thirty_days_after_the_last_event() -> None:
    case = invented()
    outcome = Outcome(id="x", title="x", event=Pattern(type=("shelling",), actor=("red",)))
    days = ("2023-01-01", "2023-01-31", "2023-03-02", "2023-04-02")  # 30, 30 and 31 days apart
    events = {k: e for day in days for k, e in _event(case, day, day).items()}
    found = recorded_episodes(replace(case, events=events), outcome, date(2024, 1, 1))
    assert found == [date(2023, 1, 1), date(2023, 4, 2)]
    assert recorded_episodes(replace(case, events=events), outcome, date(2023, 4, 1)) == [date(2023, 1, 1)]


def test_no_change_looks_back_thirty_days_and_not_ahead() -> None:
    case = invented()
    outcome = Outcome(id="x", title="x", event=Pattern(type=("shelling",), actor=("red",)))
    for day, chance in (("2024-01-31", 0.95), ("2024-01-30", 0.05), ("2024-03-01", 0.95), ("2024-03-02", 0.05)):
        one = replace(case, events=_event(case, "e", day))
        assert no_change(one, outcome, START) == pytest.approx(chance), day


def test_the_rate_of_a_question_is_its_own_or_that_of_the_record() -> None:
    case = invented()
    question = case.questions["q1"]
    outcome = outcome_of(case, question)
    first = case.about.period.start
    days = (START - first).days
    quiet = replace(case, events={})
    rate, basis = base_rate(quiet, question, outcome, START)
    assert rate == pytest.approx(1.0 - exp(-0.5 / days * (question.deadline.end - START).days))
    assert basis == f"0 on record in {days} days"
    given = replace(question, base_rate=0.3, base_rate_source="somebody")
    assert base_rate(quiet, given, outcome, START) == (0.3, "somebody")


def test_of_an_agreement_the_other_side_counts_as_its_target() -> None:
    case = invented()
    wanted = Outcome(id="x", title="x", event=Pattern(type=("ceasefire",), actor=("red",), target=("blue",)))
    both = next(iter(_event(case, "e", "2024-02-01", type="ceasefire", actor=("red", "blue"), target=()).values()))
    assert matches(wanted, both)
    assert not matches(wanted, replace(both, actor=("red",)))
    assert not matches(wanted, replace(both, type="shelling"))
    assert not matches(wanted, replace(both, target=("green",)))


def test_people_and_what_nobody_watched_are_never_answered() -> None:
    case = invented()
    assert resolve_outcome(case, case.outcomes["thousand"], START, START).came is None
    bare = replace(case, coverage=(), events=_event(case, "e", "2024-03-01"))
    assert resolve_outcome(bare, case.outcomes["red-shells"], START, START).came is None


def test_a_figure_is_known_once_its_days_are_over_and_it_was_published() -> None:
    figure = _figure("o", "2024-02-01", "2024-02-10", 5.0)
    cases = {
        "2024-02-09": (figure, False),
        "2024-02-10": (figure, True),
        "2024-02-11": (replace(figure, published="2024-02-12"), False),
        "2024-02-12": (replace(figure, published="2024-02-12"), True),
        "2024-02-13": (replace(figure, published="soon"), False),
        "2024-02-14": (replace(figure, published="2024-02-15", to=When.parse("2024-02-01")), False),
    }
    for day, (one, known) in cases.items():
        assert ("o" in case_as_of(_observed(one), date.fromisoformat(day)).observed) is known, day


def test_a_claim_of_a_later_document_backs_nothing() -> None:
    case = invented()
    dispute, answer = next((d, a) for d in case.disputes.values() for a in d.answers if a.claims)
    late = answer.claims[0]
    document = case.documents[case.claims[late].document]
    documents = {**case.documents, "later": replace(document, id="later", published=When.parse("2024-03-05"))}
    claims = {**case.claims, late: replace(case.claims[late], document="later")}
    case = replace(case, documents=documents, claims=claims)
    for day, known in ((date(2024, 3, 4), False), (date(2024, 3, 5), True)):
        then = case_as_of(case, day)
        assert (late in then.claims) is known
        assert set(then.claims) - {late} == set(claims) - {late}
        answers = {a.id: a.claims for a in then.disputes[dispute.id].answers} if dispute.id in then.disputes else {}
        assert (late in answers.get(answer.id, ())) is known
    nothing = case_as_of(case, date(1900, 1, 1))
    assert (nothing.claims, nothing.events, nothing.documents, nothing.observed) == ({}, {}, {}, {})


def test_answers_that_set_the_same_have_one_number() -> None:
    same, other = Sets(asserts=("e",)), Sets(denies=("e",))
    answers = tuple(Answer(id=name, text=name, sets=sets) for name, sets in (("a", same), ("b", other), ("c", same)))
    dispute = Dispute(id="d", question="?", kind="cause", answers=answers)
    case = replace(invented(), disputes={"d": dispute})
    assert answers_by_effect(case, np.array([[0], [1], [2], [-1]], dtype=np.int16)).tolist() == [[0], [1], [0], [0]]


def test_the_first_break_is_of_a_promise_and_the_first_listed_on_a_day() -> None:
    def slot(name: str, adverse: bool) -> SimpleNamespace:
        return SimpleNamespace(commitment=name, adverse=adverse, reading="")

    case = invented()
    promise, threat = (next(k for k, c in case.commitments.items() if c.adverse is a) for a in (False, True))
    slots = [slot(threat, True), slot(promise, False), slot(promise, False)]
    plan = SimpleNamespace(case=case, setting=SimpleNamespace(plan=SimpleNamespace(slots=slots)))
    broke = np.array([[1, 5, 3], [1, 0, 0], [2, 4, 4], [0, 0, 0]], dtype=np.int16)
    assert first_breaks(plan, SimpleNamespace(broke=broke)) == [promise, "", promise, ""]
    assert NEVER > 20_000


def test_stock_is_best_at_the_critical_fractile_and_knowing_all_is_worth_most() -> None:
    people = np.array([0.0, 0.0, 0.0, 100.0])
    assert best_stock(people, 1.0, 5.0) == (100.0, 100.0)  # the 80 % point; without any it would be 125
    assert best_stock(people, 1.0, 3.0) == (0.0, 75.0)
    assert evppi(people, np.array([0, 0, 0, 1]), 1.0, 5.0) == pytest.approx(75.0)
    assert evppi(people, np.zeros(4, dtype=np.int64), 1.0, 5.0) == 0.0


def test_one_group_or_one_run_a_group_explains_nothing() -> None:
    y = np.array([0.0, 1.0, 0.0, 1.0])
    assert between(y, np.zeros(4, dtype=np.int64)) == 0.0
    assert between(y, np.arange(4)) == 0.0
    assert between(y, np.array([0, 1, 0, 1])) == pytest.approx(0.25)
    assert wilson(0, 0) == (0.0, 1.0)


def test_weights_are_equal_until_there_are_enough_answers() -> None:
    model, base = np.ones(FEW), np.zeros(FEW)
    assert weights(model[1:], base[1:], model[1:]).tolist() == pytest.approx([1 / 3] * 3)
    assert weights(model, base, model).tolist() == [1.0, 0.0, 0.0]


def test_scores_of_the_sure_and_their_bins() -> None:
    assert logarithmic(1.0, False) == pytest.approx(-np.log(CLIP))
    bins = calibration(np.array([0.0, 0.05, 1.0]), np.array([0.0, 1.0, 1.0]))
    assert [(b.low, b.high, b.n, b.came) for b in bins] == [
        (0.0, 0.05, 1, 0.0),
        (0.05, 0.1, 1, 1.0),
        (0.8, 1.0, 1, 1.0),
    ]
    own = {"model": np.array([0.1, 0.1]), "uniform": np.array([0.25, 0.25])}
    assert gaps(own, "uniform", np.array([1, 2])) == {"model": pytest.approx((-0.15, -0.15, -0.15))}


def test_a_mixture_gives_one_half_its_share() -> None:
    assert mixed((0.2, 0.3, 0.5), 1.0, 0.5) == pytest.approx(0.2 + 0.15 + 0.25)
    assert crps([1.0, 2.0, 4.0], 2.0) == pytest.approx(1.0 - 2.0 / 2.0)  # mean distance 1, of pairs 2
    assert crps([1.0, 3.0], 10.0) == pytest.approx(8.0 - 1.0)


@pytest.mark.parametrize("prices", [(0.0, 5.0), (5.0, 5.0), (1.0, float("inf")), (-1.0, 2.0)])
def test_prices_that_make_no_choice_are_refused(prices: tuple[float, float]) -> None:
    with pytest.raises(StandoffError, match="0 < cost < penalty"):
        check_prices(*prices)


def test_rates_of_earlier_waves_are_people_a_day() -> None:
    case = _observed(_figure("w1", "2023-01-01", "2023-01-10", 1000))  # ten days, a hundred a day
    phi = Parameter(id="displacement.phi", title="phi", value=0.1, range=(0.05, 0.2), unit="", fitted=("w1",))
    case = replace(case, parameters={"displacement.phi": phi})
    few = earlier_waves(case, START, date(2024, 3, 2), draws=101)
    assert few[50] == pytest.approx(200.0)  # two days, both counted
    everybody = sum(p.residents + p.displaced for p in case.places.values())
    assert few.max() <= everybody
    assert earlier_waves(replace(case, observed={}), START, START).size == 0


def test_what_a_question_means_is_named_or_spelled_out() -> None:
    case = invented()
    question = case.questions["q2"]
    assert outcome_of(case, question).threshold == 1000.0
    with pytest.raises(StandoffError, match="is not an outcome"):
        outcome_of(case, replace(question, threshold=None))
    event = outcome_of(case, replace(question, outcome="event:shelling:red:blue")).event
    assert (event.type, event.actor, event.target) == (("shelling",), ("red",), ("blue",))
    assert outcome_of(case, replace(question, outcome="event:shelling")).event.actor == ()


def test_without_a_period_the_record_is_a_year_long() -> None:
    case = invented()
    endless = replace(case, about=replace(case.about, period=When.parse("../2024-12-31")))
    assert days_on_record(endless, START) == 365
    assert days_on_record(case, date(1900, 1, 1)) == 1


def test_people_are_paired_as_people_and_outcomes_as_shares() -> None:
    meta = {
        "spec": {"accounts": ["a"], "scenarios": ["baseline", "other"]},
        "outcomes": [{"id": "x", "title": "X"}],
    }
    columns = {
        "account": ["a"] * 4,
        "scenario": ["baseline"] * 2 + ["other"] * 2,
        "x": [3, None, None, None],
        "newly-displaced": [100, 300, 400, 400],
    }
    rows = paired_differences(Run(meta=meta, outcomes=columns))
    assert [(r.outcome, r.unit, r.mean, r.differ) for r in rows] == [
        ("x", "share", -0.5, 0.5),
        ("newly-displaced", "people", 200.0, 1.0),
    ]
