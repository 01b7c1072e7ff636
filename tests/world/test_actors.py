"""Metamorphic tests of choice: what must not change the answer, and what may move it one way only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples
from world_case import mind, outlook, values

from standoff.world.actors import Mind, draw, logit

ALL = slice(None)
shares = st.floats(0.0, 1.0, allow_nan=False)
sizes = st.floats(-2.0, 2.0, allow_nan=False)


def _random(seed: int, slots: int = 4, options: int = 3, count: int = 6) -> tuple[Mind, np.ndarray]:
    rng = np.random.default_rng(seed)
    held = np.array([False, True, False, True])
    answer = np.zeros((count, slots))
    answer[rng.integers(options, count, slots), np.arange(slots)] = 1.0
    one = mind(
        rng.normal(scale=0.3, size=(count, 2)),
        own=options,
        slots=slots,
        position=rng.random(2),
        salience=rng.random(2),
        harm=rng.normal(scale=0.2, size=(1, count)),
        triggers=rng.random((1, options, slots)) * ~held,
        fulfils=rng.random((1, options, slots)) * held,
        breaches=rng.random((1, options, slots)) * held,
        answer=answer,
        owns=held,
        rationality=[3.0],
        audience=[0.2],
        reputation=[0.5],
        spill=[0.1],
    )
    return one, rng.random((1, slots, slots)) * 0.3


def _values(one: Mind, chain: np.ndarray, lookahead: int = 2, **given: object) -> np.ndarray:
    view = outlook(5, 4, **{"due": 0.5, "kept": 1.0, **given})
    x = np.random.default_rng(9).random((5, 2))
    return values(one, view, x, ALL, chain=chain, discount=0.9, lookahead=lookahead, deterrence=np.ones(4))


@given(st.integers(0, 200), st.floats(0.1, 10.0))
@settings(max_examples=examples(40))
def test_doubling_utilities_and_halving_lambda_changes_nothing(seed: int, factor: float) -> None:
    made, chain = _random(seed)
    scaled = replace(
        made,
        salience=made.salience * factor,
        harm=made.harm * factor,
        audience=made.audience * factor,
        reputation=made.reputation * factor,
    )
    one, other = _values(made, chain), _values(scaled, chain)
    assert np.allclose(one * factor, other)
    assert np.allclose(logit(one, made.rationality), logit(other, made.rationality / factor))


@given(st.integers(0, 200))
@settings(max_examples=examples(40))
def test_relabelling_options_and_commitments_changes_nothing(seed: int) -> None:
    made, chain = _random(seed)
    o, c = np.array([2, 0, 1]), np.array([3, 1, 0, 2])
    q = np.concatenate([o, np.arange(3, 6)])
    again = replace(
        made,
        moves=made.moves[q],
        harm=made.harm[:, q],
        triggers=made.triggers[:, o][:, :, c],
        fulfils=made.fulfils[:, o][:, :, c],
        breaches=made.breaches[:, o][:, :, c],
        answer=made.answer[q][:, c],
        owns=made.owns[c],
    )
    assert np.allclose(_values(made, chain)[:, o], _values(again, chain[:, c][:, :, c]))


@given(st.integers(0, 200), shares)
@settings(max_examples=examples(40))
def test_without_lookahead_threats_are_ignored(seed: int, belief: float) -> None:
    made, chain = _random(seed)
    made = replace(made, owns=np.zeros(4, dtype=bool))
    assert np.allclose(_values(made, chain, 0, belief=belief), _values(made, chain, 0, belief=0.0))


@given(st.floats(0.05, 0.95), st.floats(0.0, 1.0), st.floats(0.01, 2.0), st.floats(0.5, 20.0))
@settings(max_examples=examples(60))
def test_more_credible_threats_do_not_make_what_they_warn_of_likelier(
    belief: float, more: float, loss: float, lam: float
) -> None:
    actor = mind(
        [0.0, 0.3, 0.0], own=2, harm=[[0.0, 0.0, loss]], triggers=[[[0.0], [0.7]]], answer=[[0.0], [0.0], [1.0]],
        rationality=[lam],
    )  # fmt: skip

    def attack(pi: float) -> float:
        value = values(
            actor, outlook(belief=pi), np.zeros((1, 1)), ALL, chain=np.zeros((1, 1, 1)), discount=1.0, lookahead=1
        )
        return float(logit(value, actor.rationality)[0, 1])

    assert attack(belief + more * (1.0 - belief)) <= attack(belief) + 1e-12


def test_an_option_that_keeps_what_is_due_is_preferred_the_more_it_is_due() -> None:
    holder = mind(
        [0.0, 0.0], fulfils=[[[0.0], [1.0]]], owns=[True], audience=[0.3], rationality=[5.0]
    )  # the second option keeps the commitment

    def keep(due: float) -> float:
        value = values(
            holder, outlook(due=due), np.zeros((1, 1)), ALL, chain=np.zeros((1, 1, 1)), discount=1.0, lookahead=1
        )
        return float(logit(value, holder.rationality)[0, 1])

    assert keep(0.0) == 0.5
    assert 0.5 < keep(0.4) < keep(1.0)


def test_reputation_that_does_not_travel_costs_nothing() -> None:
    holder = mind([0.0, 0.0], breaches=[[[0.0], [1.0]]], owns=[True], reputation=[0.0], rationality=[5.0])
    value = values(
        holder, outlook(kept=1.0), np.zeros((1, 1)), ALL, chain=np.zeros((1, 1, 1)), discount=1.0, lookahead=1,
        deterrence=np.ones(1),
    )  # fmt: skip
    assert value.tolist() == [[0.0, 0.0]]
    harmed = replace(holder, reputation=np.array([1.0]))
    value = values(
        harmed, outlook(kept=1.0), np.zeros((1, 1)), ALL, chain=np.zeros((1, 1, 1)), discount=1.0, lookahead=1,
        deterrence=np.ones(1),
    )  # fmt: skip
    assert value[0, 1] < value[0, 0] == 0.0


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6).filter(lambda p: sum(p) > 0.01), st.floats(0.0, 0.999999))
def test_an_option_without_chance_is_never_drawn(weights: list[float], uniform: float) -> None:
    chances = np.array([weights]) / sum(weights)
    assert chances[0, draw(chances, np.array([uniform]))[0]] > 0.0


def test_illegal_options_have_no_chance_and_ties_split_evenly() -> None:
    chance = logit(np.array([[5.0, 1.0, 1.0]]), np.array([50.0]), np.array([[False, True, True]]))
    assert chance.tolist() == [[0.0, 0.5, 0.5]]
