"""The profile ``standoff``: the process on direct links is the choice by road, people are conserved, closures hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.sparse import csr_array

from standoff.cli import cli
from standoff.people.flee.direct import (
    camp_shares,
    camps_by_day,
    direct_rules,
    direct_scenario,
    newcomer_shares,
    road_distances,
)
from standoff.people.flee.folder import read_folder
from standoff.people.flee.process import FleeProcess
from standoff.people.flee.rules import FleeRules, FleeScenario
from standoff.people.flee.scenario import scenario_of
from standoff.people.flee.series import read_series

MADE_UP = Path(__file__).parent / "made_up"


@pytest.fixture
def scenario() -> FleeScenario:
    folder = read_folder(MADE_UP / "input")
    return scenario_of(folder, read_series(MADE_UP / "data", folder), FleeRules(), capacities=False)


def test_the_process_sends_people_where_the_choice_does(scenario: FleeScenario) -> None:
    at = [i for i, kind in enumerate(scenario.kind) if "camp" in kind]
    rules = replace(direct_rules(FleeRules()), max_move_speed=1e5)  # everybody arrives on the day
    made = FleeProcess(direct_scenario(scenario, FleeRules()), rules).means().course()
    share = newcomer_shares(scenario.conflict > 0, camp_shares(scenario, at), [scenario.country[i] for i in at])
    closed = {day for day, _, camp in camps_by_day(scenario) if not camp[at].all()}
    until = min(closed, default=scenario.days)  # from then on those of a closed camp move on
    wanted = scenario.start[at] + np.cumsum(scenario.spawn[:until, None] * share[:until], axis=0)
    assert np.abs(made[:until][:, at] - wanted).max() < 1.0


def test_nobody_is_lost_and_nobody_enters_a_closed_country(scenario: FleeScenario) -> None:
    run = FleeProcess(direct_scenario(scenario, FleeRules()), direct_rules(FleeRules())).run(
        np.random.default_rng(3), 20
    )
    total = scenario.start.sum() + np.cumsum(scenario.spawn)
    assert (run.counts.sum(axis=1) + run.travelling == total[:, None]).all()
    neighbour = [i for i, c in enumerate(scenario.country) if c == "Neighbour"]
    shut = run.counts[24:45][:, neighbour]  # closed on days 20 to 45; those on the road arrive first
    assert (np.diff(shut, axis=0) <= 0).all()


def test_roads_are_those_open_on_the_day(scenario: FleeScenario) -> None:
    mask = next(m for day, m, _ in camps_by_day(scenario) if day == 20)
    gorse, alder = scenario.names.index("Gorse"), scenario.names.index("Alder")
    assert np.isinf(road_distances(scenario, mask)[alder, gorse])
    assert np.isfinite(road_distances(scenario, np.ones(mask.size, dtype=bool))[alder, gorse])


def test_a_folder_where_no_camp_can_be_reached_still_runs(scenario: FleeScenario) -> None:
    cut = replace(scenario, open_links={0: np.zeros(scenario.source.size, dtype=bool)}, kinds={})
    course = FleeProcess(direct_scenario(cut, FleeRules()), direct_rules(FleeRules())).means().course()
    assert course[-1].sum() == pytest.approx(scenario.start.sum() + scenario.spawn.sum())


def test_the_run_tells_that_move_rules_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "simsetting.yml").write_text("move_rules:\n  camp_movechance: 0.5\n")
    words = ["flee", "run", str(MADE_UP / "input"), "--data", str(MADE_UP / "data"), "-n", "20"]
    words += ["--profile", "standoff", "--settings", str(tmp_path / "simsetting.yml"), "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "move rules are not used" in done.output
    found = {s["method"]: s for s in json.loads((tmp_path / "out/scores.json").read_text())["scores"]}
    assert found["this run"]["ard_days_true_denominator"] == pytest.approx(
        found["country, then camp"]["ard_days_true_denominator"], abs=0.08
    )
    assert not found["this run"]["leak"]
    assert "reports 30 days old" in found["... 30, rest by choice"]["told"]
    assert max(len(line) for line in done.output.splitlines() if str(tmp_path) not in line) <= 80


def test_places_of_fighting_send_people_alike_and_those_without_residents_nobody(scenario: FleeScenario) -> None:
    residents = np.zeros_like(scenario.population)
    residents[:2] = 1, 40_000
    few = replace(scenario, population=residents)
    alike = direct_scenario(few, FleeRules()).population.tolist()
    assert alike == [1000, 1000] + [0] * (residents.size - 2)
    for rules in (FleeRules(spawn_mode="pop_ratio"), FleeRules(take_from_population=True)):
        assert direct_scenario(few, rules).population.tolist() == residents.tolist()


@pytest.mark.parametrize("direct", [False, True])
def test_means_without_their_zeros_are_the_same(
    scenario: FleeScenario, monkeypatch: pytest.MonkeyPatch, *, direct: bool
) -> None:
    """Maps of means of a network with many long links took 5.6 GB with their zeros (65 places, 45 epochs)."""
    rules = direct_rules(FleeRules()) if direct else FleeRules()
    rules = replace(rules, max_move_speed=60.0)  # most links take days
    process = FleeProcess(direct_scenario(scenario, FleeRules()) if direct else scenario, rules)
    whole = process.means()
    monkeypatch.setattr("standoff.people.flee.cells.MOST_DENSE", 0)
    few = process.means()
    assert {type(one) for one in whole.maps.values()} == {np.ndarray}
    assert {type(one) for one in few.maps.values()} == {csr_array} and few.turns.keys() == whole.turns.keys()
    assert np.allclose(few.course(), whole.course(), rtol=1e-12)
    for one, other in zip(few.by_origin(), whole.by_origin(), strict=True):
        assert np.allclose(one, other, rtol=1e-12)
