"""Who goes home: from quiet places alone, and no more than are not on the road; and who of the displaced moves on."""

from __future__ import annotations

import numpy as np
import pytest
from test_kernel import a_network

from standoff.people import people_at
from standoff.people.kernel import onward, returns
from standoff.people.presence import Presence

FRONT, MARKET, HILL, CAMP = 0, 1, 2, 3
QUIET = np.zeros((1, 6))


def people(away: tuple[int, int], displaced: tuple[int, int]) -> Presence:
    """``away`` from the front and the market, ``displaced`` on the hill and in the camp; nobody at home."""
    made = people_at(a_network(), [0] * 6)
    made.away[0, [FRONT, MARKET]] = away
    made.displaced[0, [HILL, CAMP]] = displaced
    return made


@pytest.mark.parametrize(
    ("away", "displaced", "back"),
    [((5, 0), (2, 3), 5), ((5, 0), (2, 2), 4), ((5, 0), (0, 0), 0), ((4, 3), (1, 5), 6), ((4, 3), (2, 0), 2)],
)
@pytest.mark.parametrize("exact", [True, False])
def test_those_on_the_road_do_not_come_home_today(
    away: tuple[int, int], displaced: tuple[int, int], back: int, exact: bool
) -> None:
    made = people(away, displaced)
    came = returns(np.random.default_rng(3), made, a_network(exact=exact), QUIET, chance=1.0)
    assert came.sum() == back
    assert made.residents.sum() == back
    assert made.displaced.sum() == sum(displaced) - back
    assert made.away.sum() == sum(away) - back
    assert (came == made.residents).all()
    for counts in (came, made.displaced, made.away):
        assert (counts >= 0).all()


def test_nobody_goes_home_to_fighting_or_where_it_is_not_allowed() -> None:
    network, loud = a_network(), QUIET.copy()
    quiet = network.settings.quiet
    loud[0, FRONT], loud[0, MARKET] = quiet + 1e-6, quiet
    came = returns(np.random.default_rng(3), people((4, 3), (9, 9)), network, loud, chance=1.0)
    assert came[0, [FRONT, MARKET]].tolist() == [0, 3]
    allowed = np.array([True, False, True, True, True, True])
    came = returns(np.random.default_rng(3), people((4, 3), (9, 9)), network, QUIET, allowed, 1.0)
    assert came[0, [FRONT, MARKET]].tolist() == [4, 0]
    sector = np.array([1, 0, 0, 0, 0, 0])
    by_sector = np.array([[0.0, quiet + 1.0]])
    came = returns(np.random.default_rng(3), people((4, 3), (9, 9)), network, by_sector, chance=1.0, sector=sector)
    assert came[0, [FRONT, MARKET]].tolist() == [0, 3]


def test_on_average_those_who_go_home_are_the_share_of_those_away() -> None:
    made = people((40, 20), (30, 60))
    came = returns(None, made, a_network(), QUIET, chance=0.25)
    assert came[0, [FRONT, MARKET]] == pytest.approx([10.0, 5.0])
    assert made.displaced[0, [HILL, CAMP]] == pytest.approx([30 - 15 * 30 / 90, 60 - 15 * 60 / 90])


def test_the_displaced_leave_of_themselves_or_from_fighting() -> None:
    displaced = np.array([[100.0, 40.0]])
    drift, chance = np.array([0.1, 0.0]), np.array([[0.5, 0.25]])
    assert onward(None, displaced, drift, chance)[0] == pytest.approx([100 * (1 - 0.9 * 0.5), 40 * 0.25])
    by_sector = onward(None, displaced, drift, np.array([[0.25, 0.5]]), sector=np.array([1, 0]))
    assert by_sector[0] == pytest.approx([100 * (1 - 0.9 * 0.5), 40 * 0.25])
