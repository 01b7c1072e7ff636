"""A Flee folder becomes tables that a case reads, and a case becomes a folder that runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from standoff.case.geography import Closure, Place, Route
from standoff.case.model import Event, Observation
from standoff.case.parsing import read_table
from standoff.case.read import TEMPLATE, load
from standoff.cli import main
from standoff.exports.flee_tables import case_tables, flee_folder, slug
from standoff.people.flee.folder import Finds, read_folder
from standoff.people.flee.process import FleeProcess
from standoff.people.flee.scenario import scenario_of
from standoff.people.flee.series import read_series
from standoff.people.flee.settings import read_settings

MADE_UP = Path(__file__).parent / "made_up"


def test_the_tables_of_a_folder_are_read_as_those_of_a_case(tmp_path: Path) -> None:
    folder = read_folder(MADE_UP / "input")
    series = read_series(MADE_UP / "data", folder)
    files = case_tables(folder, series, tmp_path)
    rows = {}
    for name, kind in zip(files, (Place, Route, Closure, Event, Observation), strict=True):
        read, problems = read_table(tmp_path / name, name, kind)
        rows[name] = [row.data for row in read]
        assert problems == []
    assert [r["id"] for r in rows["places.csv"]][:2] == ["alder", "birch"]
    assert len(rows["routes.csv"]) == len(folder.routes)
    assert rows["closures.csv"][0]["until"] == "2031-04-14"  # open again on day 45: shut until the day before
    assert [r["date"] for r in rows["events.csv"]][1] == "2031-03-31/2031-05-19"
    assert sum(float(r["value"]) for r in rows["observed.csv"]) == sum(v for s in series.raw.values() for _, v in s)


def test_a_case_becomes_a_folder_that_runs(tmp_path: Path) -> None:
    case = load("idlib")
    flee_folder(case, tmp_path / "flee", date(2019, 12, 1), 45, "SY")
    finds = Finds()
    rules = read_settings(tmp_path / "flee/simsetting.yml", finds)
    finds.raise_errors()
    rules = replace(rules, max_move_speed=60.0)  # the roads are short: a day of 360 km has 300,000 ways to go on
    folder = read_folder(tmp_path / "flee")
    assert folder.days == 45
    process = FleeProcess(scenario_of(folder, None, rules), rules)
    run = process.run(np.random.default_rng(1), 3)
    people = (run.counts.sum(axis=1) + run.travelling)[-1]
    assert (people > 20_000).all()
    at = {n: i for i, n in enumerate(process.scenario.names)}
    abroad = [at[n] for n in at if process.scenario.foreign[at[n]]]
    assert (run.counts[-1, abroad] == 0).all()  # the border with Turkey is shut


def test_the_commands_convert_both_ways_and_overwrite_nothing(tmp_path: Path) -> None:
    main(["convert", "flee", str(MADE_UP / "input"), str(tmp_path / "case"), "--data", str(MADE_UP / "data")])
    main(["convert", "to-flee", "idlib", str(tmp_path / "flee"), "--days", "9"])
    assert read_folder(tmp_path / "flee").days == 9
    with pytest.raises(SystemExit) as stopped:
        main(["convert", "to-flee", "idlib", str(tmp_path / "case")])
    assert stopped.value.code == 1


def test_ids_are_plain_and_never_twice() -> None:
    taken: set[str] = set()
    assert [slug(n, taken) for n in ("Ma'arrat al-Nu‘mān", "maarrat", "Maarrat", "…")] == [
        "ma-arrat-al-numan",
        "maarrat",
        "maarrat-2",
        "place",
    ]


def test_a_case_that_leaves_its_parameters_to_the_model_becomes_a_folder(tmp_path: Path) -> None:
    main(["convert", "to-flee", str(TEMPLATE), str(tmp_path / "flee")])
    settings = (tmp_path / "flee" / "simsetting.yml").read_text(encoding="utf-8")
    assert "displaced_per_conflict_day: 0.05" in settings  # the model's own, as in the reference of parameters
