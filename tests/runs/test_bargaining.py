"""Bargaining in rounds: the published example, a slow reference from the formulas, and what must not matter."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from thorough import examples

from standoff.case.read import load
from standoff.runs.bargaining import PUBLISHED, Rule, bargained_share, positions_by_round, votes

FETCHED = Path(__file__).parents[2].parent / "shared" / "data" / "fetched" / "actors" / "ec_emissions.csv"
ROUNDS = (7.4613, 7.5525, 7.5901, 7.3581, 7.3492, 7.4149, 7.5105, 7.5724, 7.3250, 7.2421)
RULES = (PUBLISHED, Rule())
Floats = NDArray[np.float64]
ACTORS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(1, 20)), min_size=2, max_size=6
)  # position, capability, salience in twentieths


def numbers(actors: list[tuple[int, int, int]]) -> tuple[Floats, Floats, Floats]:
    x, c, s = np.array(actors, dtype=np.float64).T / 20.0
    return x, c, s


def unbeaten(position: Floats, weight: Floats) -> float:
    """Return the position that loses to no other by weighted votes: where the median voter stands."""
    loses = {a: any(votes(position, weight, a, b).sum() < -1e-12 for b in position) for a in position.tolist()}
    return min(a for a in loses if not loses[a])


@pytest.mark.fetched
def test_ten_states_and_the_emissions_of_cars_round_by_round() -> None:
    if not FETCHED.is_file():
        pytest.skip("../shared/data/fetched is not here")
    with FETCHED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    position, capability, salience = (
        np.array([float(r[name]) for r in rows]) for name in ("Position", "Capability", "Salience")
    )
    weight = capability * salience
    assert unbeaten(position, weight) == 7.0  # the published median before the first round
    path = positions_by_round(position, capability, salience, rule=PUBLISHED)
    assert np.round(path[1:] @ weight / weight.sum(), 4).tolist() == pytest.approx(ROUNDS, abs=1e-9)
    # a rule that does not depend on the way the scale runs ends where the median voter stands
    assert unbeaten(positions_by_round(position, capability, salience)[-1], weight) == pytest.approx(7.0)


def apart(x: list[float], i: int, j: int, length: float) -> float:
    return round(abs(x[i] - x[j]) / length, 12)


def chance(x: list[float], w: list[float], rho: list[float], i: int, j: int, length: float, rule: Rule) -> float:
    """The chance that i's position beats j's, voter by voter."""
    n = len(x)

    def vote(k: int, a: int, b: int) -> float:
        return w[k] * (apart(x, k, b, length) ** rho[k] - apart(x, k, a, length) ** rho[k])

    won = sum(max(0.0, vote(k, i, j)) for k in range(n))
    if rule.contest == "pair":
        cast = sum(abs(vote(k, i, j)) for k in range(n))
    else:
        cast = sum(abs(vote(k, a, b)) for k in range(n) for a in range(n) for b in range(n))
    return won / cast if cast > 0 else 0.5


def gain(d: float, p: float, resists: float, r: float) -> float:
    """What challenging somebody ``d`` away brings, as seen with risk exponent r."""
    won, lost, kept = 2 - 4 * (0.5 - d / 2) ** r, 2 - 4 * (0.5 + d / 2) ** r, 2 - 4 * 0.5**r
    return float(resists * (p * won + (1 - p) * lost) + (1 - resists) * won - kept)


def one_round(x: list[float], c: list[float], s: list[float], length: float, rule: Rule) -> list[float]:
    """Reference: one round, offer by offer."""
    n = len(x)
    w = [c[k] * s[k] for k in range(n)]
    ones = [1.0] * n
    danger = [
        sum(gain(apart(x, i, j, length), chance(x, w, ones, j, i, length, rule), s[i], 1.0) for j in range(n) if j != i)
        for i in range(n)
    ]
    low, high = min(danger), max(danger)
    rho = ones
    if high - low > 1e-9:
        share = [(2 * t - high - low) / (high - low) for t in danger]
        rho = [(1 - r / 3) / (1 + r / 3) for r in share]
    moved = []
    for i in range(n):
        offers: list[tuple[int, float, float]] = []  # class, rank in it, position
        for j in range(n):
            d = apart(x, i, j, length)
            if d <= 1e-9:
                continue
            a = gain(d, chance(x, w, rho, i, j, length, rule), s[j], rho[i])
            b = gain(d, chance(x, w, rho, j, i, length, rule), s[i], rho[i])
            if b > a > 0:
                offers.append((0, d, x[j]))
            elif a < 0 < b and b > -a:
                to = x[i] + (x[j] - x[i]) * -a / b
                middle = (-a * x[i] + b * x[j]) / (b - a)
                offers.append((1, middle if rule.compromise == "lowest" else -a / b * d, to))
            elif a < 0 < b < -a:
                offers.append((2, d, x[j]))
        moved.append(min(offers, key=lambda offer: offer[:2])[2] if offers else x[i])
    return moved


@settings(max_examples=examples(60))
@given(actors=ACTORS, rule=st.sampled_from(RULES))
def test_a_round_equals_the_reference(actors: list[tuple[int, int, int]], rule: Rule) -> None:
    x, c, s = numbers(actors)
    length = float(np.ptp(x))
    found = positions_by_round(x, c, s, rounds=1, rule=rule)[1]
    if length == 0:
        assert found.tolist() == x.tolist()
        return
    assert found.tolist() == pytest.approx(one_round(x.tolist(), c.tolist(), s.tolist(), length, rule), abs=1e-9)


@settings(max_examples=examples(60))
@given(actors=ACTORS, stretch=st.sampled_from([0.5, 3.0]), shift=st.sampled_from([-2.0, 0.0, 7.0]))
def test_units_and_the_whole_capability_do_not_matter(
    actors: list[tuple[int, int, int]], stretch: float, shift: float
) -> None:
    x, c, s = numbers(actors)
    plain = positions_by_round(x, c, s, rounds=1)[1]
    assert positions_by_round(stretch * x + shift, 4.0 * c, s, rounds=1)[1] == pytest.approx(
        stretch * plain + shift, abs=1e-7
    )


def test_the_way_the_scale_runs_matters_to_the_published_rule_only() -> None:
    x = np.array([0.2, 0.35, 0.2, 0.2, 0.5, 0.5, 0.5, 0.35, 0.2, 0.35])
    c = np.array([0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08])
    s = np.array([0.8, 0.4, 0.2, 0.8, 0.6, 0.6, 0.9, 0.1, 1.0, 0.7])
    assert 1.0 - positions_by_round(1.0 - x, c, s)[-1] == pytest.approx(positions_by_round(x, c, s)[-1], abs=1e-6)
    assert 1.0 - positions_by_round(1.0 - x, c, s, rule=PUBLISHED)[-1] != pytest.approx(
        positions_by_round(x, c, s, rule=PUBLISHED)[-1], abs=1e-3
    )


def test_nobody_moves_where_all_agree_and_bad_numbers_are_refused() -> None:
    assert positions_by_round(np.full(3, 0.4), np.ones(3), np.ones(3)).tolist() == [[0.4] * 3] * 11
    for bad in ((np.ones(2), np.ones(3), np.ones(3)), (np.ones(2), -np.ones(2), np.ones(2)), (np.ones(2),) * 2):
        with pytest.raises((ValueError, TypeError)):
            positions_by_round(*bad)
    with pytest.raises(ValueError, match="between 0 and 1"):
        positions_by_round(np.arange(2.0), np.ones(2), np.full(2, 1.5))


def test_an_outcome_is_put_to_the_issue_that_matters_most_to_who_brings_it_about() -> None:
    case = load("idlib")
    before = bargained_share(case, case.outcomes["offensive"], rounds=0)
    # an offensive moves refugees more, but Syria has no stake in them: control of Idlib, which Iran wants, too, and
    # Turkey, HTS and the United States the other way
    assert before == pytest.approx((0.75 + 0.4 + 0.6) / (0.75 + 0.4 + 0.6 + 0.2 + 0.5 + 0.45))
    assert bargained_share(case, None) is None
    assert bargained_share(case, case.outcomes["displaced-100k"]) is None
