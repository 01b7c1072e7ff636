"""Rankings against cases whose answer is known on paper."""

from __future__ import annotations

import numpy as np
import pytest

from standoff.runs.sensitivity import Fit, between, code, rank_disputes, shapley


def _draw(n: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Three independent fair questions; P(Y=1) = 0.2 + 0.5 a + 0.2 b + 0 c."""
    rng = np.random.default_rng(seed)
    answers = rng.integers(0, 2, (n, 3))
    p = 0.2 + 0.5 * answers[:, 0] + 0.2 * answers[:, 1]
    return (rng.random(n) < p).astype(float), answers


def test_shares_are_those_of_the_paper_case() -> None:
    # Var(E[Y|q]): 0.5^2/4 = 0.0625 for a, 0.2^2/4 = 0.01 for b, 0 for c; p = 0.55, Var(Y) = 0.2475
    y, answers = _draw(60_000)
    found = rank_disputes(y, answers, ["a", "b", "c"], rng=np.random.default_rng(0), bootstrap=60)
    gains = {r.name: r for r in found.ranked}
    assert found.ranked[0].name == "a"
    assert found.variance == pytest.approx(0.2475, abs=0.001)
    assert found.share_disputed == pytest.approx(0.0725 / 0.2475, abs=0.01)
    assert found.share_chance + found.share_disputed == pytest.approx(1.0)
    assert gains["a"].brier == pytest.approx(0.0625, abs=0.003)
    assert gains["b"].brier == pytest.approx(0.01, abs=0.002)
    assert gains["c"].brier < 0.0005
    assert gains["a"].first_order == pytest.approx(0.862, abs=0.02)
    assert sum(r.shapley for r in found.ranked) == pytest.approx(1.0, abs=1e-9)
    assert gains["a"].shapley == pytest.approx(0.862, abs=0.02)  # additive: Shapley, total and first order agree
    assert gains["a"].total == pytest.approx(0.862, abs=0.02)
    assert gains["a"].p_top == 1.0
    assert gains["a"].low <= 0.0625 <= gains["a"].high
    share = 0.0725 / 0.2475
    assert share - 0.03 < found.low < share < found.high < share + 0.03


def test_an_interaction_is_shared_evenly_and_seen_by_the_total_effect() -> None:
    # Y = a xor b: neither alone tells anything, both together everything
    rng = np.random.default_rng(8)
    answers = rng.integers(0, 2, (20_000, 2))
    y = (answers[:, 0] ^ answers[:, 1]).astype(float)
    found = {r.name: r for r in rank_disputes(y, answers, ["a", "b"], rng=rng, bootstrap=20).ranked}
    for name in ("a", "b"):
        assert found[name].first_order < 0.01
        assert found[name].total == pytest.approx(1.0, abs=0.01)
        assert found[name].shapley == pytest.approx(0.5, abs=0.01)


def test_noise_alone_gives_no_gain_on_average() -> None:
    rng = np.random.default_rng(5)
    group = rng.integers(0, 40, 800)
    found = [between(rng.random(800), group) for _ in range(400)]
    error = np.std(found) / np.sqrt(400)
    assert abs(np.mean(found)) < 4 * error
    plain = 40 / 800 / 12  # what the variance of group means would be without taking the noise out
    assert abs(np.mean(found)) < 0.1 * plain


def test_questions_on_which_all_agree_are_left_out() -> None:
    y, answers = _draw(500)
    answers[:, 1] = 1
    found = rank_disputes(y, answers, ["a", "b", "c"], rng=np.random.default_rng(0), bootstrap=10)
    assert {r.name for r in found.ranked} == {"a", "c"}


def test_an_outcome_that_always_comes_hangs_on_nothing() -> None:
    _, answers = _draw(200)
    found = rank_disputes(np.ones(200), answers, ["a", "b", "c"], rng=np.random.default_rng(0), bootstrap=10)
    assert found.share_chance == 1.0
    assert all(r.brier == 0.0 for r in found.ranked)


def test_groups_are_told_apart_by_every_column() -> None:
    answers = np.array([[0, 0], [0, 1], [1, 0], [0, 1]])
    assert code(answers, [0, 1]).tolist() == [0, 1, 2, 1]
    assert code(answers, []).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("count", [3, 12])
def test_shapley_values_sum_to_the_worth_of_all(count: int) -> None:
    rng = np.random.default_rng(1)
    weight = rng.random(count)

    def worth(players: frozenset[int]) -> float:
        return float(sum(weight[i] for i in players)) + 0.5 * ({0, 1} <= players)

    found = shapley(count, worth, rng, permutations=400)
    assert found.sum() == pytest.approx(worth(frozenset(range(count))))
    assert found[2:] == pytest.approx(weight[2:])
    assert found[0] - weight[0] == pytest.approx(0.25, abs=1e-9)


def _many(n: int, seed: int, questions: int = 20) -> tuple[np.ndarray, np.ndarray, float]:
    """Twenty independent fair questions, three of which move the outcome; the true share of variance with them."""
    rng = np.random.default_rng(seed)
    answers = rng.integers(0, 2, (n, questions))
    p = 0.35 + (answers[:, [0, 2, 4]] - 0.5) @ np.array([0.2, 0.2, 0.16])
    y = (rng.random(n) < p).astype(float)
    return y, answers, (0.01 + 0.01 + 0.0064) / (0.35 * 0.65)


def test_many_questions_are_added_up_where_no_two_runs_have_the_same_answers() -> None:
    told, inside = [], 0
    for seed in range(12):
        y, answers, true = _many(800, seed)
        found = rank_disputes(
            y, answers, [str(k) for k in range(20)], rng=np.random.default_rng(seed), bootstrap=10, effects=True
        )
        assert found.fitted == "one by one"
        told.append(found.share_disputed)
        inside += found.low <= true <= found.high
        shares = {r.name: r.shapley for r in found.ranked}
        assert shares["0"] + shares["2"] + shares["4"] > 0.6
    assert np.mean(told) == pytest.approx(true, abs=0.03)  # the largest alone is 0.044, all together 0.116
    assert inside >= 8  # of 12, at 90 %


@pytest.mark.thorough
def test_pairs_are_fitted_where_there_is_room() -> None:
    rng = np.random.default_rng(4)
    answers = rng.integers(0, 2, (3000, 12))
    y = (answers[:, 3] ^ answers[:, 7]).astype(float)
    found = rank_disputes(y, answers, [str(k) for k in range(12)], rng=rng, bootstrap=2)
    assert found.fitted == "pairs"
    gains = {r.name: r for r in found.ranked}
    assert found.share_disputed == pytest.approx(1.0, abs=0.01)
    for name in ("3", "7"):
        assert gains[name].total == pytest.approx(1.0, abs=0.02)
        assert gains[name].shapley == pytest.approx(0.5, abs=0.02)


def test_a_fit_of_one_question_is_the_analysis_of_variance() -> None:
    rng = np.random.default_rng(2)
    answers = rng.integers(0, 4, (400, 15))
    y = rng.random(400) + 0.3 * (answers[:, 1] == 2)
    fit = Fit.of(answers, range(15))
    assert fit.kind == "one by one"
    for k in range(15):
        assert fit.explained(y, frozenset({k}))[0] == pytest.approx(between(y, code(answers, [k])), abs=1e-12)


def test_questions_answered_together_explain_what_one_of_them_does() -> None:
    rng = np.random.default_rng(6)
    answers = rng.integers(0, 2, (300, 14))
    answers[:, 5] = answers[:, 1]
    y = (rng.random(300) < 0.2 + 0.5 * answers[:, 1]).astype(float)
    fit = Fit.of(answers, range(14))
    alone, both = fit.explained(y, frozenset({1})), fit.explained(y, frozenset({1, 5}))
    assert both == pytest.approx(alone)
