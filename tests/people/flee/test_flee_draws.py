"""Draws by the thousand against the distributions themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats
from test_flee_agents import a_scenario

from standoff.people.flee import process
from standoff.people.flee.cells import LEAST_VARIANCE, PERSONS, Guide, binomial_quantile, binomials, scatter
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import run_members


@pytest.mark.thorough
@pytest.mark.parametrize("p", [1e-5, 0.003, 0.05, 0.2, 0.35, 0.5, 0.75, 0.99, 0.99999])
@pytest.mark.parametrize("variance", [LEAST_VARIANCE, 9.0, 14.0, 40.0, 1000.0])
def test_the_quantile_has_the_binomials_distribution_to_a_ten_thousandth(p: float, variance: float) -> None:
    n = int(np.ceil(variance / (p * (1 - p))))
    z = np.linspace(-9.0, 9.0, 1_000_001)
    weight = np.diff(stats.norm.cdf(np.concatenate([[-np.inf], (z[1:] + z[:-1]) / 2, [np.inf]])))
    found = np.clip(binomial_quantile(z, np.array(n), np.array(p)), 0, n)
    whole, index = np.unique(found, return_inverse=True)
    distribution = np.cumsum(np.bincount(index, weights=weight))
    assert np.abs(distribution - stats.binom.cdf(whole, n, p)).max() < 1e-4


def test_rows_of_any_size_are_binomial() -> None:
    rng = np.random.default_rng(1)
    n = np.repeat([[0], [3], [40], [60], [5000]], 20_000, axis=1)
    n[3, ::2] = 2  # small and large variances in one row
    p = np.array([[0.5], [0.2], [0.1], [0.5], [0.9]])
    for chance in (p, np.broadcast_to(p, n.shape).copy()):
        drawn = binomials(rng, n, chance)
        assert ((drawn >= 0) & (drawn <= n)).all()
        for row, wanted, share in ((1, 3, 0.2), (2, 40, 0.1), (3, 60, 0.5), (3, 2, 0.5), (4, 5000, 0.9)):
            mine = drawn[row][n[row] == wanted]
            cut = np.unique(stats.binom.ppf([0.1, 0.3, 0.5, 0.7, 0.9], wanted, share))
            seen = [(mine <= c).mean() for c in cut]
            error = 4.5 * np.sqrt(0.25 / mine.size)
            assert np.abs(seen - stats.binom.cdf(cut, wanted, share)).max() < error, (row, wanted)
        assert not drawn[0].any()


def test_scattered_people_are_a_multinomial_and_nobody_is_lost() -> None:
    rng = np.random.default_rng(2)
    chances = {0: np.array([0.5, 0.3, 0.1, 0.06, 0.04]), 1: np.geomspace(1, 1e-4, 40), 2: np.array([1.0])}
    where = {0: np.array([4, 0, 7, 2, 9]), 1: np.arange(40)[::-1].copy(), 2: np.array([3])}
    chances = {c: x / x.sum() for c, x in chances.items()}
    given = {c: x / np.cumsum(x[::-1])[::-1] for c, x in chances.items()}
    tables = SimpleNamespace(
        table=lambda c: (where[c], given[c]), guide=lambda c, head: Guide(where[c][head:], given[c][head:])
    )
    members = 30_000
    waiting = {0: rng.poisson(12, members), 1: np.full(members, 90), 2: rng.poisson(2, members)}
    for one in ({0: waiting[0]}, {1: waiting[1]}, {2: waiting[2]}, waiting):
        ends = np.zeros((41, members), dtype=np.int64)
        scatter(rng, tables, one, ends)
        assert (ends.sum(axis=0) == sum(one.values())).all()
        assert (ends >= 0).all()
        mean = np.zeros(41)
        covariance = np.zeros((41, 41))
        for cell, count in one.items():
            at = where[cell]
            mean[at] += count.mean() * chances[cell]
            x = chances[cell]
            covariance[np.ix_(at, at)] += count.mean() * (np.diag(x) - np.outer(x, x)) + count.var() * np.outer(x, x)
        error = np.sqrt(np.maximum(np.diag(covariance), 1e-9) / members)
        assert (np.abs(ends.mean(axis=1) - mean) < 4.7 * error + 1e-9).all()
        scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)) + covariance**2)
        loose = 6.0 * scale / np.sqrt(members) + 6.0 * np.sqrt(scale) / members**0.75
        assert (np.abs(np.cov(ends) - covariance) < loose + 1e-3).all()
    assert sum(x.sum() for x in waiting.values()) > 5 * PERSONS  # more than one part


def test_a_guide_has_the_chances_it_was_given() -> None:
    chance = np.array([0.4, 0.3, 0.2, 0.0999, 0.0001])
    guide = Guide(np.arange(5), chance / np.cumsum(chance[::-1])[::-1])
    edges = [0, *guide.limits.tolist(), 1 << 32]
    assert np.allclose([(b - a) / 2**32 for a, b in pairwise(edges)], chance, atol=1e-9)
    inside = guide.bucket >= 0
    middle = (np.arange(guide.bucket.size) + 0.5) * (1 << 22)
    assert (guide.bucket[inside] == np.searchsorted(guide.limits, middle[inside], side="right")).all()
    assert (~inside).sum() == 4


@pytest.mark.parametrize("most_bytes", [0, pytest.param(process.MOST_BYTES, marks=pytest.mark.thorough)])
def test_the_number_of_workers_changes_no_byte(monkeypatch: pytest.MonkeyPatch, most_bytes: int) -> None:
    monkeypatch.setattr(process, "BATCH", 20)
    monkeypatch.setattr(process, "MOST_BYTES", most_bytes)
    scenario = replace(a_scenario(capacity=120), spawn=np.full(25, 40))
    one, two = (run_members(scenario, FleeRules(), 50, 3, workers) for workers in (1, 2))
    assert one.mean.tobytes() == two.mean.tobytes()
    assert one.quantiles.tobytes() == two.quantiles.tobytes()
    assert one.travelling.tobytes() == two.travelling.tobytes()
    other = run_members(scenario, FleeRules(), 50, 4)
    assert other.mean.tobytes() != one.mean.tobytes()
