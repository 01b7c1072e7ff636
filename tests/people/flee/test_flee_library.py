"""Flee from Python: the calls give what the commands write, and closures mean what they say."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.people import flee
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import scenario_of

MADE_UP = Path(__file__).parent / "made_up"


def read(days: int = 40) -> flee.FleeInput:
    return flee.read(MADE_UP / "input", MADE_UP / "data", days=days)


@pytest.mark.parametrize("profile", ["flee", "standoff"])
def test_the_library_writes_what_the_command_writes(tmp_path: Path, profile: str) -> None:
    run = read().run(4, seed=3, profile=profile)
    scores = run.score()
    assert scores is not None
    scores.write(run.write(tmp_path / "library"))
    arguments = ["flee", "run", str(MADE_UP / "input"), "--data", str(MADE_UP / "data"), "-n", "4", "--seed", "3"]
    arguments += ["--days", "40", "--profile", profile, "-o", str(tmp_path / "command")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    for name in ("out.csv", "scores.json", "run.json"):
        assert (tmp_path / "library" / name).read_bytes() == (tmp_path / "command" / name).read_bytes(), name


def test_a_score_of_a_written_run_is_that_of_the_run(tmp_path: Path) -> None:
    run = read().run(3)
    later = flee.score_folder(run.write(tmp_path), MADE_UP / "data")
    now = run.score()
    assert now is not None
    assert later.scores == now.scores
    assert later.leaks == now.leaks
    assert now.scores[0].n > 0
    assert repr(now).startswith("<CampScores: ARD 0.")


def test_forecasts_are_scored_against_persistence_and_written(tmp_path: Path) -> None:
    forecasts = flee.read(MADE_UP / "input", MADE_UP / "data").forecast([20])
    out = forecasts.write(tmp_path / "out")
    rows = list(csv.DictReader((out / "forecasts.csv").open(encoding="utf-8")))
    assert len(rows) == len(forecasts.rows)
    assert {r["horizon"] for r in rows} == {"20"}
    assert rows[-1]["reported"] == ""  # due after the last report
    table = json.loads((out / "skill.json").read_text(encoding="utf-8"))
    assert table[0]["method"] == "persistence of levels"
    assert all(base.method == "persistence of levels" for _, base in forecasts.skills)


def test_without_reports_there_is_no_score_and_no_forecast() -> None:
    folder = flee.read(MADE_UP / "input", days=9)
    run = folder.run(2, rules=FleeRules(spawn_mode="constant", displaced_per_conflict_day=50.0))
    assert run.score() is None
    assert repr(folder).endswith("9 days, no reports>")
    assert repr(run).endswith(f"2 runs of 9 days, {len(run.scenario.names)} places>")
    with pytest.raises(StandoffError, match="no camp has a report"):
        folder.forecast()


@pytest.mark.parametrize(
    ("start", "end", "shut", "warning"),
    [
        (0, 0, {}, "no effect"),
        (5, 0, {5: False}, "read as never"),
        (5, 5, {}, "no effect"),
        (5, 9, {5: False, 9: True}, ""),
        (-3, 9, {9: True}, "never shut"),
        (5, -1, {5: False}, ""),
    ],
)
def test_a_closure_shuts_from_its_first_day_to_before_its_last(
    tmp_path: Path, start: int, end: int, shut: dict[int, bool], warning: str
) -> None:
    folder = tmp_path / "input"
    shutil.copytree(MADE_UP / "input", folder)
    (folder / "closures.csv").write_text(
        f"#closure_type,name1,name2,closure_start,closure_end\nlocation,Birch,,{start},{end}\n", encoding="utf-8"
    )
    source = flee.read(folder, MADE_UP / "data", days=30)
    scenario = scenario_of(source.folder, source.series, FleeRules())
    at = scenario.names.index("Birch")
    ends = (scenario.source == at) | (scenario.target == at)
    assert {day: bool(mask[ends].any()) for day, mask in scenario.open_links.items()} == shut
    assert all(mask[~ends].all() for mask in scenario.open_links.values())
    texts = [str(p) for p in source.warnings if "closures.csv" in str(p) and "links" not in str(p)]
    assert any(warning in text for text in texts) if warning else texts == []


def test_capacities_bind_in_flees_process_and_not_by_road() -> None:
    source = read(60)
    small = {p.name: p.population for p in source.folder.places if p.kind == "camp" and p.population > 0}
    run, by_road = source.run(5), source.run(5, profile="standoff")
    assert small
    assert by_road.scenario.capacity.max() == 0
    for name, room in small.items():
        at = run.arrivals.names.index(name)
        start = float(run.scenario.start[at])
        assert run.arrivals.quantiles[-1, :, at].max() <= max(1.02 * room, start), name
    everybody = run.scenario.start.sum() + np.cumsum(run.scenario.spawn)
    for one in (run, by_road):
        total = one.arrivals.mean.sum(axis=1) + one.arrivals.travelling
        assert total == pytest.approx(everybody)
