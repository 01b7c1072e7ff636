"""Forecasts of real tables: UNHCR's daily counts and a folder of Flee, with what was learned left as it ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.people.series.outlook import forecast

FETCHED = Path(__file__).parents[4] / "shared" / "data" / "fetched"
pytestmark = [
    pytest.mark.fetched,
    pytest.mark.skipif(not FETCHED.is_dir(), reason=f"{FETCHED} is absent: published counts are not shipped"),
]


def test_moldova_at_14_days_is_better_than_the_last_report() -> None:
    result = forecast(FETCHED / "displacement" / "unhcr_moldova.csv", horizons="14")
    score = result.scores["14 days"]
    assert result.kind == "cumulative" and score is not None and score.n == 81
    assert score.gain is not None and score.gain > 0.3


def test_placeholders_and_dummies_of_real_folders_are_named() -> None:
    venezuela = forecast(FETCHED / "flee_more" / "venezuela2022", horizons="30")
    assert sum(d.what == "placeholder" for d in venezuela.doubts) == 17
    ethiopia = forecast(FETCHED / "flee_more" / "ethiopia2020", horizons="30")
    assert sum(d.what == "dummy" for d in ethiopia.doubts) == 5


def test_a_count_of_crossings_is_no_stock_though_nothing_says_so() -> None:
    assert forecast(FETCHED / "flee_more" / "ukraine2022", horizons="30").kind == "cumulative"
