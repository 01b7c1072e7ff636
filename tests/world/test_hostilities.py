"""How fighting rises and fades, by hand: one town and a market in other sectors, and a gain of two a shelling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from world_case import template

from standoff.case.model import Case, Event
from standoff.values import When
from standoff.world.hostilities import by_sector, event_reach, fade, gain, recorded_intensity
from standoff.world.pace import LONG_AGO, pace_of

FIRST = date(2024, 3, 1)
GAIN = {"shelling": 2.0, "assault": 0.5}


def event(when: str, kind: str = "shelling", **given: tuple[str, ...]) -> Event:
    return replace(Event(id="e", date=When.parse(when), type=kind, place=() if given else ("town",)), **given)


def case() -> Case:
    """The invented case, with a hamlet in no sector."""
    made = template()
    hamlet = replace(made.places["town"], id="hamlet", sector="")
    return replace(made, places={**made.places, "hamlet": hamlet})


def test_an_event_reaches_its_place_in_full_and_the_rest_of_the_sector_in_part() -> None:
    assert event_reach(case(), event("2024-03-01", place=("market",)), 0.25) == {"market": 1.0, "camp": 0.25}
    assert event_reach(case(), event("2024-03-01", sector=("rear",)), 0.25) == {"market": 0.25, "camp": 0.25}
    assert event_reach(case(), event("2024-03-01", place=("hamlet",)), 0.25) == {"hamlet": 1.0}
    assert event_reach(case(), event("2024-03-01", place=("elsewhere",)), 0.25) == {}


def test_a_type_without_an_entry_adds_what_its_nearest_kind_does() -> None:
    assert [gain(kind, GAIN) for kind in ("shelling", "assault", "airstrike", "summit")] == [2.0, 0.5, 0.5, 0.0]


def town(*events: Event, days: int = 8, decay: float = 0.5) -> list[float]:
    made = case()
    return recorded_intensity(made, events, FIRST, days, decay, GAIN)[:, list(made.places).index("town")].tolist()


@pytest.mark.parametrize(
    ("when", "levels"),
    [
        ("2024-03-03", [0, 0, 2, 1, 0.5, 0.25, 0.125, 0.0625]),
        ("2024-03-03/2024-03-04", [0, 0, 2, 3, 1.5, 0.75, 0.375, 0.1875]),
        ("2024-02-28/2024-03-01", [3.5, 1.75, 0.875, 0.4375, 0.21875, 0.109375, 0.0546875, 0.02734375]),
        ("2024-03-01/2024-03-07", [2, 3, 3.5, 3.75, 3.875, 3.9375, 3.96875, 1.984375]),  # seven days: on each of them
        ("2024-03-01/2024-03-08", [0, 0, 0, 2, 1, 0.5, 0.25, 0.125]),  # eight: once, in the middle
        ("2024-03-08/2024-03-10", [0, 0, 0, 0, 0, 0, 0, 2]),
        ("2024-03-09", [0] * 8),
    ],
)
def test_what_is_recorded_adds_on_its_days_and_fades_by_half(when: str, levels: list[float]) -> None:
    assert town(event(when)) == levels


def test_what_happened_up_to_ninety_days_before_has_faded_in() -> None:
    on = [event((FIRST - timedelta(days=d)).isoformat()) for d in (90, 91)]
    assert town(on[0], decay=1.0) == [2.0] * 8
    assert town(on[1], decay=1.0) == [0.0] * 8


def test_a_simulated_day_fades_as_a_recorded_one() -> None:
    level, added = np.array([[2.0, 4.0]]), np.array([[1.0, 0.0]])
    assert fade(level, 0.5, added).tolist() == [[2.0, 2.0]]
    assert fade(level, np.array([[0.25]]), added).tolist() == [[1.5, 1.0]]


def test_a_sector_has_the_mean_of_its_places_and_an_empty_one_nothing() -> None:
    level = np.array([[1.0, 3.0, 100.0, 8.0]])
    assert by_sector(level, np.array([0, 0, -1, 2]), 3).tolist() == [[2.0, 0.0, 8.0]]


def test_fire_touches_those_it_is_aimed_at_or_harms_and_neither_its_own_side_nor_others() -> None:
    made = template()
    actors = ("red", "blue", "green", "grey")
    shell = replace(made.options["red-shell"], harms={"green": 0.2, "red": 0.4})
    talk = replace(made.options["blue-shell"], emits=(replace(made.options["blue-shell"].emits[0], type="summit"),))
    emissions = [(0, shell.emits[0]), (1, talk.emits[0])]
    start = date(2024, 3, 10)
    found = pace_of(made, start, date(2023, 1, 1), actors, [shell, talk], emissions)
    assert found.touches.tolist() == [[False, True, True, False], [False] * 4]
    shelled = date(2024, 2, 25)  # the one shelling on record
    assert found.touched.tolist() == [LONG_AGO, (shelled - start).days, (shelled - start).days, LONG_AGO]
    for days, touched in ((28, -28), (29, LONG_AGO)):
        later = pace_of(made, shelled + timedelta(days=days), date(2023, 1, 1), actors, [shell, talk], emissions)
        assert later.touched.tolist() == [LONG_AGO, touched, touched, LONG_AGO]
    same_day = pace_of(made, shelled, date(2023, 1, 1), actors, [shell, talk], emissions)
    assert same_day.touched.tolist() == [LONG_AGO] * 4
