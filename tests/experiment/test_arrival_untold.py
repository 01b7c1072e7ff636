"""The winter told nothing: later records change nothing, and scores agree with sums done by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner

from standoff.case.read import load
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.experiment.arrival_untold import Wave, due, rates, untold, wave_skill
from standoff.experiment.arrival_waves import fit_waves, reported_since, wave_network
from standoff.experiment.ensemble import moving

START = date(2019, 12, 1)


@pytest.fixture(scope="module")
def case():
    return load("idlib")


def test_nothing_after_the_cut_off_changes_the_untold_forecast(case) -> None:
    made = untold(case, START, 40, trajectories=20)
    later = {k for k, e in case.events.items() if e.date.start is not None and e.date.start >= START}
    assert later
    seen = {k: replace(o, value=o.value * 9) if (o.to.end or START) >= START else o for k, o in case.observed.items()}
    again = untold(replace(case, observed=seen), START, 40, trajectories=20)
    assert (made.people == again.people).all()
    assert made.frozen == again.frozen
    assert made.told == "nothing after 30 Nov 2019"
    assert (np.diff(made.people, axis=1) >= 0).all()


def test_rates_know_only_the_earlier_waves(case) -> None:
    setup = moving(case)
    fit = fit_waves(case, wave_network(case, setup["moving"], "SY", setup["draw"]), ("d017", "d052", "d108"))
    made = {w.method: w for w in rates(case, fit, START, 30)}
    pace = [w.people / ((w.last - w.first).days + 1) for w in fit.waves]
    assert made["highest rate"].people[0, 9] == pytest.approx(10 * max(pace))
    assert made["nobody"].people.max() == 0.0
    spread = made["rates of earlier waves"].at(date(2019, 12, 10))
    assert np.quantile(spread, 0.1) < 10 * np.exp(np.mean(np.log(pace))) < np.quantile(spread, 0.9)


def test_scores_by_hand(case) -> None:
    reports = reported_since(case, START)
    short = Wave("x", "all", START, np.tile(np.arange(100.0) * 1000, (1, 1)))
    first, on = due(short, reports)[0]
    one = wave_skill(short, [first])
    gap = abs((on - START).days * 1000 - first.value)
    assert (one.error, one.crps, one.point, one.n) == (pytest.approx(gap / first.value), pytest.approx(gap), True, 1)
    spread = Wave("y", "all", START, np.linspace(0, 2 * first.value, 101)[:, None].repeat(100, axis=1))
    two = wave_skill(spread, [first])
    assert two.inside == 1
    assert two.error == pytest.approx(0.0)
    assert two.crps < one.crps
    with pytest.raises(StandoffError, match="lies within the wave"):
        wave_skill(Wave("z", "all", START, np.zeros((1, 3))), reports)


def test_the_page_says_what_each_was_told_and_fits() -> None:
    told = CliRunner().invoke(cli, ["score", "idlib"], catch_exceptions=False).output
    assert max(map(len, told.splitlines())) <= 80
    for method, knows in (
        ("model, told the fighting", "the fighting on record"),
        ("model, told nothing", "nothing after 30 Nov 2019"),
        ("rates of earlier waves", "nothing after 30 Nov 2019"),
    ):
        assert any(method in line and line.endswith(knows) for line in told.splitlines())
    assert told.count("sha256") == 2


def test_the_record_holds_what_the_page_shows() -> None:
    told = json.loads(CliRunner().invoke(cli, ["score", "idlib", "--json"], catch_exceptions=False).output)
    assert len(set(told["frozen"].values())) == 2
    assert {s["told"] for s in told["scores"]} == {"the fighting on record", "nothing after 30 Nov 2019"}
    for day in told["dates"]:
        assert [m["method"] for m in day["methods"]] == [s["method"] for s in told["scores"]]
        assert all(0 <= m["low"] <= m["median"] <= m["high"] for m in day["methods"])
    model = [s for s in told["scores"] if not s["point"]]
    for s in model:  # the scores are of the ranges shown
        shown = [next(m for m in d["methods"] if m["method"] == s["method"]) for d in told["dates"]]
        assert s["inside"] == sum(
            m["low"] <= d["reported"] <= m["high"] for m, d in zip(shown, told["dates"], strict=True)
        )
