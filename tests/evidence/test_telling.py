"""Accounts tell versions: what each choice of answers sets, how answers are drawn, and what is common record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from evidence_case import FILES, unchanged
from hypothesis import given
from hypothesis import strategies as st

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.evidence.accounts import accepted, hold, known_by, reports, sample_answers, tell, tellings


def bits(case: Case, account: str, **options: date) -> dict[str, tuple[bool, bool]]:
    return {r.event.id: (r.asserted, r.denied) for r in reports(case, account, **options)}


def test_an_account_sets_what_its_answers_set(case: Case) -> None:
    one = tell(case, "one")
    assert one.answers == {"dis-01": "red", "dis-02": "peace", "dis-03": "left", "dis-04": "seven"}
    assert one.parameters == {"response": 0.2}
    assert one.readings == {"gate": "peace"}
    assert one.off == frozenset()


def test_asserting_one_version_denies_the_other(case: Case) -> None:
    one = tell(case, "one")
    assert "e2-red" in one.asserted
    assert one.denied == {"e2-blue"}


def test_an_event_that_is_only_ever_denied_stands_for_those_who_do_not_deny_it(case: Case) -> None:
    assert "e3" in tell(case, "one").asserted
    assert "e3" in tell(case, "two", {"dis-03": "stayed"}).denied


def test_silence_sets_nothing(case: Case) -> None:
    two = tell(case, "two")
    assert two.answers["dis-03"] is None
    assert "e3" not in two.asserted | two.denied


def test_given_answers_replace_those_of_the_account(case: Case) -> None:
    nothing = tell(case, "one", {"dis-02": "nothing"})
    assert nothing.off == {"gate"}
    assert nothing.parameters == {}


def test_a_commitment_only_a_rival_puts_in_force_is_off(make: Callable[..., Case]) -> None:
    disputes = FILES["disputes.yaml"].replace("sets: {asserts: e2-red}", "sets: {commitments_on: gate}")
    case = make({"disputes.yaml": disputes})
    assert tell(case, "one").off == frozenset()
    assert tell(case, "two").off == {"gate"}


@pytest.mark.parametrize(
    ("account", "answers", "hint"),
    [
        ("oen", None, "'one'"),
        ("one", {"dis-1": "red"}, "'dis-01'"),
        ("one", {"dis-01": "reed"}, "'red'"),
    ],
)
def test_unknown_names_get_the_nearest_one(case: Case, account: str, answers: dict[str, str] | None, hint: str) -> None:
    with pytest.raises(StandoffError) as caught:
        tell(case, account, answers)
    assert hint in str(caught.value)


def test_reports_are_four_valued(case: Case) -> None:
    one, two, pooled = (bits(case, account) for account in ("one", "two", "pooled"))
    assert one["e1"] == two["e1"] == pooled["e1"] == (True, False)
    assert (one["e2-red"], one["e2-blue"]) == ((True, False), (False, True))
    assert (two["e2-red"], two["e2-blue"]) == ((False, True), (True, False))
    assert pooled["e2-red"] == pooled["e2-blue"] == (True, True)
    assert one["e3"] == (True, False)
    assert two["e3"] == (True, True), "silent, and the answers differ"
    assert one["e5-x"] == one["e5-y"] == (True, True), "no dispute settles the two versions"


def test_an_event_of_an_answer_not_chosen_is_not_reported(make: Callable[..., Case]) -> None:
    disputes = FILES["disputes.yaml"].replace("sets: {denies: e3}", "sets: {asserts: e3}")
    assert bits(make({"disputes.yaml": disputes}), "one")["e3"] == (False, False)


def test_reports_carry_the_claims_and_say_why(case: Case) -> None:
    report = {r.event.id: r for r in reports(case, "one")}
    assert report["e1"].why == "nobody is known to deny it"
    assert report["e2-red"].why == "dis-01 = red"
    assert report["e2-red"].claims == ("c-one-red-did", "c-one-again")
    pooled = {r.event.id: r.why for r in reports(case, "pooled")}
    assert pooled["e2-red"] == "dis-01 = red (one); dis-01 = blue (two)"


def test_as_of_drops_what_was_not_certainly_known(case: Case) -> None:
    assert set(bits(case, "one", as_of=date(2001, 3, 1))) == {"e1", "e2-red"}
    assert "e4" not in bits(case, "one", as_of=date(2001, 3, 30)), "known only to the month"
    assert "e4" in bits(case, "one", as_of=date(2001, 3, 31))


def test_accepted_events_are_the_common_record_and_what_is_asserted(case: Case) -> None:
    assert [e.id for e in accepted(case, tell(case, "one"))] == ["e1", "e2-red", "e3", "e4"]
    assert [e.id for e in accepted(case, tell(case, "two"))] == ["e1", "e2-blue", "e4"]


@given(seed=st.integers(0, 2**32 - 1))
def test_what_holds_is_common_or_asserted_and_not_denied(seed: int) -> None:
    case = unchanged()
    told = tellings(case, "pooled", sample_answers(case, "pooled", np.random.default_rng(seed), 5))[0]
    told += [tell(case, name) for name in case.accounts]
    versions = [e.variant_of for e in case.events.values() if e.variant_of]
    mentioned = {e for name in case.accounts for e in tell(case, name).asserted | tell(case, name).denied}
    for day in (None, date(2001, 3, 20)):
        for row, one in zip(hold(case, told, as_of=day), told, strict=True):
            for held, event in zip(row, case.events.values(), strict=True):
                common = event.id not in mentioned and versions.count(event.variant_of) < 2
                stands = event.id in one.asserted or common
                assert held == (stands and event.id not in one.denied and (day is None or known_by(event, day)))


@given(seed=st.integers(0, 2**32 - 1))
def test_pooled_answers_stay_together_as_a_voice_holds_them(seed: int) -> None:
    drawn = sample_answers(unchanged(), "pooled", np.random.default_rng(seed), 50)
    assert drawn.dtype == np.int16
    assert drawn.shape == (50, 4)
    assert {(int(a), int(b), int(d)) for a, b, _, d in drawn} <= {(0, 1, 0), (1, 0, 1)}


def test_drawn_shares_follow_credence_and_silence_is_drawn_equally(case: Case) -> None:
    n = 20_000
    drawn = sample_answers(case, "pooled", np.random.default_rng(7), n)
    assert abs((drawn[:, 0] == 0).mean() - 0.5) < 5 * np.sqrt(0.25 / n)
    silent = drawn[drawn[:, 0] == 1, 2]
    assert abs((silent == 0).mean() - 0.5) < 5 * np.sqrt(0.25 / len(silent))


def test_weights_of_an_account_are_used_where_it_is_silent(make: Callable[..., Case]) -> None:
    accounts = FILES["accounts.yaml"].replace(
        "answers: {dis-01: blue", "weights: {dis-03: {left: 0, stayed: 1}}, answers: {dis-01: blue"
    )
    case = make({"accounts.yaml": accounts})
    assert set(sample_answers(case, "two", np.random.default_rng(1), 40)[:, 2]) == {1}
    assert bits(case, "two")["e3"] == (False, True)


def test_more_trajectories_keep_the_first_ones(case: Case) -> None:
    few = sample_answers(case, "pooled", np.random.default_rng(3), 10)
    many = sample_answers(case, "pooled", np.random.default_rng(3), 100)
    assert np.array_equal(few, many[:10])


def test_tellings_group_trajectories_by_what_their_answers_do(case: Case) -> None:
    drawn = sample_answers(case, "pooled", np.random.default_rng(5), 200)
    made, index = tellings(case, "pooled", drawn)
    assert len(made) == 3, "one; two with red leaving B; two with red staying"
    for row, number in zip(drawn, index, strict=True):
        answers = {d.id: d.answers[k].id for d, k in zip(case.disputes.values(), row, strict=True)}
        alone = tell(case, "pooled", answers)
        telling = made[number]
        assert (telling.asserted, telling.denied, telling.off) == (alone.asserted, alone.denied, alone.off)
        assert (telling.parameters, telling.readings) == (alone.parameters, alone.readings)


def test_an_answer_that_sets_nothing_does_not_split_tellings(case: Case) -> None:
    drawn = np.array([[0, 0, 0, 0], [0, 0, 0, 1]], dtype=np.int16)
    made, index = tellings(case, "one", drawn)
    assert len(made) == 1
    assert list(index) == [0, 0]
    assert made[0].answers["dis-04"] is None


def test_a_pool_of_pools_is_refused(make: Callable[..., Case]) -> None:
    case = make({"accounts.yaml": FILES["accounts.yaml"].replace("{one: 0.5, two", "{pooled: 0.5, two")})
    with pytest.raises(StandoffError, match="pooled itself"):
        sample_answers(case, "pooled", np.random.default_rng(1), 1)
