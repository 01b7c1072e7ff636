"""The textbook models that the choice kernel must contain: each reduction is a test."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from world_case import mind, outlook, values

from standoff.world.actors import cascade, fixed_point, horizon_of, logit, two_player, utility
from standoff.world.state import believe

NO_CHAIN = np.zeros((1, 1, 1))
ALL = slice(None)


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + np.exp(-x))


# attacker and defender: c is the attacker's payoff, d the defender's; SQ status quo, DC attack unresisted, DD attack
# resisted. The values of the hard type make it want to resist.
SQ, DC, DD = 0.0, 1.0, -1.0
D_DC, D_DD_HARD, D_DD_SOFT = -1.0, -0.5, -1.5


def _resist(d_resist: float, lam: float) -> float:
    """The defender's choice when attacked, by the kernel: resisting is worth d_DD - d_DC more than giving way."""
    defender = mind([0.0, 0.0], harm=[[-d_resist, -D_DC]], rationality=[lam])
    value = values(defender, outlook(), np.zeros((1, 1)), ALL, chain=NO_CHAIN, discount=1.0, lookahead=0)
    return float(logit(value, defender.rationality)[0, 0])


def _attack(belief: float, lam: float) -> float:
    """The attacker's choice: the threat is one commitment, kept with chance ``belief``, that costs it DC - DD."""
    attacker = mind(
        [0.0, 0.0, 0.0],
        own=2,
        harm=[[-SQ, -DC, DC - DD]],  # hold, attack, and what the defender's resistance costs it
        triggers=[[[0.0], [1.0]]],
        answer=[[0.0], [0.0], [1.0]],
        rationality=[lam],
    )
    view = outlook(belief=belief)
    value = values(attacker, view, np.zeros((1, 1)), ALL, chain=NO_CHAIN, discount=1.0, lookahead=1)
    return float(logit(value, attacker.rationality)[0, 1])


@pytest.mark.parametrize(("p", "lam"), list(itertools.product((0.3, 0.5, 0.7), (0.5, 1.0, 2.0, 5.0, 20.0))))
def test_consistent_beliefs_in_sequence_are_the_agent_quantal_response_equilibrium(p: float, lam: float) -> None:
    # closed form of the agent QRE of the five-leaf tree with private types: no fixed point, the defender moves last
    hard = _logistic(lam * (D_DD_HARD - D_DC))
    soft = _logistic(lam * (D_DD_SOFT - D_DC))
    q = p * hard + (1.0 - p) * soft
    expected = _logistic(lam * ((1.0 - q) * DC + q * DD - SQ))
    belief = p * _resist(D_DD_HARD, lam) + (1.0 - p) * _resist(D_DD_SOFT, lam)
    assert abs(belief - q) < 1e-9
    assert abs(_attack(belief, lam) - expected) < 1e-9


def test_at_high_rationality_the_threshold_is_that_of_perfect_deterrence() -> None:
    # Zagare and Kilgour (2000): attack unless credibility exceeds (DC - SQ) / (DC - DD)
    threshold = (DC - SQ) / (DC - DD)
    assert threshold == 0.5
    assert _attack(threshold - 0.01, 1000.0) > 0.999
    assert _attack(threshold + 0.01, 1000.0) < 0.001


@pytest.mark.parametrize(
    ("lam", "first", "second"), [(1.0, 0.643, 0.5883), (2.0, 0.7727, 0.6117), (3.0, 0.8595, 0.6038)]
)
def test_two_players_at_once_are_the_logit_equilibrium(lam: float, first: float, second: float) -> None:
    # golden numbers of gambit's logit solver for its constant-sum test game, stored to the digits it prints
    a = np.array([[1.0, 1.0], [0.0, 1.0]])
    p, q = two_player([a, 2.0 - a], lam)
    assert p[0] == pytest.approx(first, abs=6e-4 if lam == 1.0 else 6e-5)
    assert q[0] == pytest.approx(second, abs=6e-5)


def test_an_equilibrium_answers_itself() -> None:
    rng = np.random.default_rng(4)
    for _ in range(10):
        a, b = rng.normal(size=(2, 3, 4))
        p, q = two_player([a, b], 1.5)
        again = np.exp(1.5 * (a @ q))
        assert np.allclose(p, again / again.sum(), atol=1e-8)


@pytest.mark.parametrize("lam", [0.3, 2.0, 8.0])
def test_three_players_settle_where_the_solution_is_known(lam: float) -> None:
    """The first gains 1 by acting, the second follows the first, the third is the odd one out: closed forms in turn."""

    def answer(chances: list[np.ndarray], share: float) -> list[np.ndarray]:  # type: ignore[type-arg]
        first, second, _ = (p[:, 0] for p in chances)
        worth = (np.ones_like(first), 2.0 * first - 1.0, 1.0 - first - second)
        acts = [1.0 / (1.0 + np.exp(-share * lam * w)) for w in worth]
        return [np.stack([p, 1.0 - p], axis=1) for p in acts]

    chances, left = fixed_point(answer, [np.full((1, 2), 0.5)] * 3)
    first = 1.0 / (1.0 + np.exp(-lam))
    second = 1.0 / (1.0 + np.exp(-lam * (2.0 * first - 1.0)))
    third = 1.0 / (1.0 + np.exp(-lam * (1.0 - first - second)))
    assert left < 1e-9
    assert [float(p[0, 0]) for p in chances] == pytest.approx([first, second, third], abs=1e-8)


def jordan(target: tuple[float, float, float], lam: float) -> Callable[[list[np.ndarray], float], list[np.ndarray]]:
    """Return three-player matching pennies (Jordan 1993) with bonuses that make ``target`` its equilibrium at ``lam``.

    The first wants to match the second, the second the third, and the third not to match the first. Without bonuses
    everybody tosses a coin, at any rationality; there is no other equilibrium.
    """
    p, q, r = (2.0 * x - 1.0 for x in target)
    bonus = [np.log(x / (1.0 - x)) / lam - w for x, w in zip(target, (2 * q, 2 * r, -2 * p), strict=True)]

    def answer(chances: list[np.ndarray], share: float) -> list[np.ndarray]:
        p, q, r = (2.0 * x[:, 0] - 1.0 for x in chances)
        worth = (2.0 * q + bonus[0], 2.0 * r + bonus[1], -2.0 * p + bonus[2])
        heads = [1.0 / (1.0 + np.exp(-share * lam * w)) for w in worth]
        return [np.stack([x, 1.0 - x], axis=1) for x in heads]

    return answer


@pytest.mark.parametrize(
    ("target", "lam"),
    [((0.5, 0.5, 0.5), 4.0), ((0.4, 0.6, 0.7), 1.0), ((0.4, 0.6, 0.7), 4.0), ((0.35, 0.5, 0.55), 12.0)],
)
def test_three_players_who_go_round_in_circles_settle(target: tuple[float, float, float], lam: float) -> None:
    answer = jordan(target, lam)
    start = [np.array([[x, 1.0 - x]]) for x in (0.6, 0.5, 0.45)]
    chances, left = fixed_point(answer, start, steps=8, most=40)
    assert left < 1e-9
    assert [float(x[0, 0]) for x in chances] == pytest.approx(target, abs=1e-7)


def test_in_that_game_answers_to_answers_alone_do_not_settle() -> None:
    """However slowly: the wheel of three turns outwards where rationality is above 1, by whatever part one answers."""
    answer = jordan((0.4, 0.6, 0.7), 4.0)
    for weight in (1.0, 0.5, 0.1):
        now = [np.array([[x + 0.001, 1.0 - x - 0.001]]) for x in (0.4, 0.6, 0.7)]
        for _ in range(400):
            now = [(1.0 - weight) * b + weight * a for a, b in zip(answer(now, 1.0), now, strict=True)]
        assert max(float(np.abs(a - b).max()) for a, b in zip(answer(now, 1.0), now, strict=True)) > 0.05


def test_one_actor_without_commitments_is_a_multinomial_logit() -> None:
    rng = np.random.default_rng(1)
    harm = rng.normal(size=(50, 5))
    lone = mind(np.zeros(5), harm=harm, rationality=[1.7])
    value = values(lone, outlook(50), np.zeros((50, 1)), ALL, chain=NO_CHAIN, discount=0.9, lookahead=3)
    expected = np.exp(-1.7 * harm)
    assert np.allclose(logit(value, lone.rationality), expected / expected.sum(axis=1, keepdims=True), atol=1e-12)


def test_beliefs_are_conjugate() -> None:
    rng = np.random.default_rng(2)
    alpha, beta = np.array([[1.2]]), np.array([[2.8]])
    kept, broken = 0, 0
    for _ in range(40):
        k = float(rng.random() < 0.3)
        alpha, beta = believe(
            alpha,
            beta,
            np.array([[k]]),
            np.array([[1.0 - k]]),
            together=np.zeros((1, 1)),
            spill=np.zeros(1),
            keep=np.ones(1),
        )
        kept, broken = kept + k, broken + 1.0 - k
    a, b = float(alpha[0, 0]), float(beta[0, 0])
    assert (a, b) == pytest.approx((1.2 + kept, 2.8 + broken))
    assert a / (a + b) == pytest.approx((1.2 + kept) / 44.0)


def test_an_observed_breach_spills_over_to_the_holders_other_commitments() -> None:
    together = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    broke = np.array([[1.0, 0.0, 0.0]])
    alpha, beta = believe(
        np.ones((1, 3)), np.ones((1, 3)), broke * 0.0, broke, together=together, spill=np.array([0.25]), keep=np.ones(1)
    )
    assert beta.tolist() == [[2.0, 1.25, 1.0]]
    assert alpha.tolist() == [[1.0, 1.0, 1.0]]


def test_what_is_forgotten_leaves_one_case() -> None:
    alpha, beta = believe(
        np.array([[5.0]]), np.array([[0.4]]), np.zeros((1, 1)), np.zeros((1, 1)),
        together=np.zeros((1, 1)), spill=np.zeros(1), keep=np.array([0.5]),
    )  # fmt: skip
    assert alpha.tolist() == [[3.0]]
    assert beta.tolist() == [[0.4]]


def _cascade(belief: np.ndarray, worth: np.ndarray, chain: np.ndarray, lookahead: int) -> list[float]:
    """W of the commitments that the only option can trigger."""
    slots = belief.size
    looker = mind([0.0], triggers=np.ones((1, 1, slots)), slots=slots)
    near = horizon_of(looker, chain, lookahead)
    assert near.slots.tolist() == list(range(slots))
    return cascade(near, belief[:, None], worth[:, None], 0.9, ALL)[:, 0].tolist()


def test_the_cascade_is_the_sum_over_paths() -> None:
    belief, worth = np.array([0.5, 0.8]), np.array([-1.0, -2.0])
    chain = np.array([[[0.0, 0.3], [0.0, 0.0]]])
    assert np.allclose(_cascade(belief, worth, chain, 1), [-0.5, -1.6])
    assert np.allclose(_cascade(belief, worth, chain, 2), [0.5 * (-1.0 + 0.9 * 0.3 * -1.6), -1.6])


@pytest.mark.parametrize("lookahead", [1, 2, 3, 5])
def test_looking_only_where_it_matters_gives_what_the_recursion_over_all_commitments_gives(lookahead: int) -> None:
    rng = np.random.default_rng(lookahead)
    for _ in range(30):
        slots = int(rng.integers(1, 9))
        chain = rng.random((1, slots, slots)) * (rng.random((1, slots, slots)) < 0.3)
        triggers = rng.random((1, 3, slots)) * (rng.random((1, 3, slots)) < 0.3)
        answer = np.eye(slots)
        looker = mind(
            np.zeros((slots + 3, 1)), own=3, slots=slots, harm=-rng.normal(size=(1, slots + 3)), triggers=triggers,
            answer=np.vstack([np.zeros((3, slots)), answer]),
        )  # fmt: skip
        view = outlook(4, slots, belief=rng.random((4, slots)), open=rng.random((4, slots)) < 0.7)
        made = values(looker, view, np.zeros((4, 1)), ALL, chain=chain, discount=0.9, lookahead=lookahead)
        worth, belief = -looker.harm[0, 3:], view.belief * view.open
        for row in range(4):
            reached = [0.0] * slots
            for _ in range(lookahead):
                reached = [
                    belief[row, c] * (worth[c] + 0.9 * sum(chain[0, c, e] * reached[e] for e in range(slots)))
                    for c in range(slots)
                ]
            expected = [
                -looker.harm[0, j] + sum(triggers[0, j, c] * reached[c] for c in range(slots)) for j in range(3)
            ]
            assert np.allclose(made[row], expected, rtol=1e-12, atol=1e-12)


def test_the_core_issue_is_worth_one() -> None:
    x = np.array([[0.0], [1.0]])
    assert utility(x, np.array([1.0]), np.array([1.0])).tolist() == [-1.0, 0.0]
    assert utility(np.array([[0.5]]), np.array([1.0]), np.array([1.0]), 2.0).tolist() == [-0.25]
