"""What compare, rank and explain print: no line beyond 80 columns, nothing told as certain, noise told as noise."""

from __future__ import annotations

import numpy as np
import pytest

from standoff.runs.compare import Difference
from standoff.views.lines.matters import contrast_lines
from standoff.views.lines.story import _chance


def _one(account: str, outcome: str, unit: str, mean: float, half: float, differ: float) -> Difference:
    return Difference(
        kind="scenario",
        account=account,
        scenario="aid",
        against="baseline",
        outcome=outcome,
        title=f"Something long that may come about and that is called {outcome}",
        unit=unit,
        n=100,
        mean=mean,
        low=mean - half,
        high=mean + half,
        differ=differ,
    )


@pytest.mark.parametrize("accounts", [1, 4, 9])
def test_differences_fit_80_columns_for_any_number_of_accounts(accounts: int) -> None:
    rng = np.random.default_rng(accounts)
    names = [f"account-with-a-name-{i}" for i in range(accounts)]
    found = [_one(a, "a", "share", float(rng.normal(0, 0.5)), 0.13, 0.4) for a in names]
    found += [_one(a, "b", "people", float(rng.normal(0, 4e6)), 1_900_000.0, 1.0) for a in names]
    found += [_one(a, "c", "share", 0.0, 0.01, 0.0) for a in names]
    text = list(contrast_lines(found, {"aid": "A title " * 12}, 80))
    assert max(map(len, text)) <= 80
    assert sum("+-" in cell for line in text[5:] for cell in line.split()) == 2 * accounts
    assert "the same in every run" in " ".join(text)


def test_a_pair_that_is_the_same_in_every_run_shows_no_invented_error() -> None:
    found = [
        _one("one", "b", "people", 0.0, 16_507.0, 0.0),
        _one("two", "b", "people", -98_421.0, 18_600.0, 1.0),
        _one("one", "a", "share", 0.0, 0.006, 0.0),
        _one("two", "a", "share", 0.0, 0.006, 0.0),
    ]
    text = "\n".join(contrast_lines(found, {"aid": "Aid ends"}, 80))
    assert "-98 +-19*" in text
    assert "16" not in text.split("thousand")[1]


@pytest.mark.parametrize(
    ("chance", "options", "told"),
    [
        (1.0, 3, "chance over 99 %"),
        (0.999999, 2, "chance over 99 %"),
        (1e-12, 2, "chance under 1 %"),
        (0.334, 3, "chance 33 %"),
        (1.0, 1, "the only one open"),
    ],
)
def test_a_chance_is_never_told_as_none_or_all(chance: float, options: int, told: str) -> None:
    assert _chance(chance, options) == told
