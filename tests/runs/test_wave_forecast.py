"""The winter told nothing: later records change nothing, and scores agree with sums done by hand."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from inspect import signature
from pathlib import Path

import numpy as np
import pytest
from as_printed import as_printed
from click.testing import CliRunner

from standoff.case.read import SHIPPED, load
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.runs import wave_forecast
from standoff.runs.ensemble import fear_in_waves
from standoff.runs.wave_forecast import (
    WaveForecast,
    blind_forecast,
    rate_forecasts,
    reports_within,
    score_wave,
    wave_skill,
)
from standoff.runs.waves import fit_waves, reported_since, wave_network
from standoff.views.lines.waves import wave_lines
from standoff.world.setting import movement_settings

START = date(2019, 12, 1)
TEMPLATE = SHIPPED.parent / "case" / "template"


@pytest.fixture(scope="module")
def case(idlib):
    return idlib


@pytest.mark.thorough
def test_nothing_after_the_cut_off_changes_the_untold_forecast(case) -> None:
    made = blind_forecast(case, START, 40, trajectories=20)
    later = {k for k, e in case.events.items() if e.date.start is not None and e.date.start >= START}
    assert later
    seen = {k: replace(o, value=o.value * 9) if (o.to.end or START) >= START else o for k, o in case.observed.items()}
    again = blind_forecast(replace(case, observed=seen), START, 40, trajectories=20)
    assert (made.people == again.people).all()
    assert made.frozen == again.frozen
    assert made.knows == "nothing after 30 Nov 2019"
    assert (np.diff(made.people, axis=1) >= 0).all()


@pytest.mark.thorough
def test_rates_know_only_the_earlier_waves(case) -> None:
    setup = movement_settings(case)
    network = wave_network(case, setup["moving"], "SY", setup["draw"])
    fit = fit_waves(case, network, ("d017", "d052", "d108"), fear_in_waves(case))
    made = {w.method: w for w in rate_forecasts(case, fit, START, 30)}
    pace = [w.people / ((w.last - w.first).days + 1) for w in fit.waves]
    assert made["highest rate"].people[0, 9] == pytest.approx(10 * max(pace))
    assert made["nobody"].people.max() == 0.0
    spread = made["rates of earlier waves"].at(date(2019, 12, 10))
    assert np.quantile(spread, 0.1) < 10 * np.exp(np.mean(np.log(pace))) < np.quantile(spread, 0.9)


def test_scores_by_hand(case) -> None:
    reports = reported_since(case, START)
    short = WaveForecast("x", "all", START, np.tile(np.arange(100.0) * 1000, (1, 1)))
    first, on = reports_within(short, reports)[0]
    one = wave_skill(short, [first])
    gap = abs((on - START).days * 1000 - first.value)
    assert (one.error, one.crps, one.point, one.n) == (pytest.approx(gap / first.value), pytest.approx(gap), True, 1)
    spread = WaveForecast("y", "all", START, np.linspace(0, 2 * first.value, 101)[:, None].repeat(100, axis=1))
    two = wave_skill(spread, [first])
    assert two.inside == 1
    assert two.error == pytest.approx(0.0)
    assert two.crps < one.crps
    with pytest.raises(StandoffError, match="lies within the wave"):
        wave_skill(WaveForecast("z", "all", START, np.zeros((1, 3))), reports)


@pytest.fixture(scope="module")
def report(case):
    return score_wave(case, START, trajectories=60)


@pytest.mark.thorough
def test_the_page_says_what_each_was_told_and_fits(case, report, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[dict[str, object]] = []
    monkeypatch.setattr(wave_forecast, "score_wave", lambda *_, **options: calls.append(options) or report)
    page = CliRunner().invoke(cli, ["score", "idlib"], catch_exceptions=False).output
    assert "trajectories" not in calls[0]
    assert signature(score_wave).parameters["trajectories"].default == 500
    assert max(map(len, page.splitlines())) <= 80
    for method, knows in (
        ("model, told the fighting", "the fighting on record"),
        ("model, told nothing", "nothing after 30 Nov 2019"),
        ("rates of earlier waves", "nothing after 30 Nov 2019"),
    ):
        assert any(method in line and line.endswith(knows) for line in page.splitlines())
    assert page.count("sha256") == 2
    answer = " ".join(" ".join(page.splitlines()[:3]).split())
    error = round(100 * report.skills[0].error)
    assert answer.startswith(f"People displaced from {START}, 9 reports, n = 60: the median is off")
    assert f"told the fighting {error} %" in answer


def test_the_record_holds_what_the_page_shows(report) -> None:
    record = json.loads(json.dumps(report.as_json()))
    assert list(record) == ["n", "seed", "nu", "fitted", "frozen", "dates", "scores", "nights"]
    assert len(set(record["frozen"].values())) == 2
    assert {s["told"] for s in record["scores"]} == {"the fighting on record", "nothing after 30 Nov 2019"}
    for day in record["dates"]:
        assert [m["method"] for m in day["methods"]] == [s["method"] for s in record["scores"]]
        assert all(0 <= m["low"] <= m["median"] <= m["high"] for m in day["methods"])
    model = [s for s in record["scores"] if not s["point"]]
    for s in model:  # the scores are of the ranges shown
        rows = [next(m for m in d["methods"] if m["method"] == s["method"]) for d in record["dates"]]
        assert s["inside"] == sum(
            m["low"] <= d["reported"] <= m["high"] for m, d in zip(rows, record["dates"], strict=True)
        )
    assert "\n" not in repr(report)
    assert len(repr(report)) < 120


def _score(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["score", *map(str, arguments)])
    return result.exit_code, result.output if result.exit_code in (0, 2) else as_printed(result.exception)


@pytest.mark.thorough
def test_a_case_of_ones_own_is_scored_from_any_day(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "idlib", tmp_path / "mine")
    code, text = _score(tmp_path / "mine", "--from", "2019-05-01", "-n", 10, "--json")
    assert code == 0
    record = json.loads(text)
    # two waves were over by then; the third is the one predicted, and takes no part in the fit
    assert [wave["observation"] for wave in record["fitted"]] == ["d017", "d052"]
    assert record["n"] == 10
    mine = load(tmp_path / "mine")
    again, other = (score_wave(mine, date(2019, 5, 1), trajectories=10, seed=seed) for seed in (1, 2))
    assert json.loads(json.dumps(again.as_json())) == record
    assert other.as_json()["dates"] != again.as_json()["dates"]
    page = "\n".join(wave_lines(mine, again, 80))
    assert "People displaced since 2019-05-01, in this model (n = 10;" in page
    assert max(map(len, page.splitlines())) <= 80


def test_what_cannot_be_scored_is_said(tmp_path: Path) -> None:
    assert "1 waves before 2018-09-01 to fit on" in _score("idlib", "--from", "2018-09-01")[1]
    assert "no report of people displaced since 2024-03-01" in _score(TEMPLATE)[1]
    assert "'never' is not a day" in _score("idlib", "--from", "never")[1]
    assert "neither run.json nor case.yaml" in _score(tmp_path)[1]
    assert "--case goes with a run folder" in _score("idlib", "--case", "idlib")[1]
    (tmp_path / "run.json").write_text("{}")
    assert "--seed goes with a case" in _score(tmp_path, "--seed", 3)[1]


def test_of_several_sources_the_one_with_most_dates_is_taken(case) -> None:
    assert {o.source for o in reported_since(case, START)} == {"OCHA"}
    fewer = {k: o for k, o in case.observed.items() if o.source != "OCHA"}
    found = reported_since(replace(case, observed=fewer), START)
    assert len({o.source for o in found}) == 1
    assert found[0].source != "OCHA"
