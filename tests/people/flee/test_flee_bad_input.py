"""Bad Flee folders are refused or warned of with file and line: never a traceback, never a silent default."""
# ruff: noqa: E501

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.cli import main
from standoff.errors import StandoffError
from standoff.people.flee.folder import Finds, read_folder
from standoff.people.flee.series import read_series
from standoff.people.flee.settings import read_settings

MADE_UP = Path(__file__).parent / "made_up"
Change = Callable[[Path], None]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    shutil.copytree(MADE_UP / "input", tmp_path / "input")
    shutil.copytree(MADE_UP / "data", tmp_path / "data")
    return tmp_path


def write(file: str, text: str) -> Change:
    def change(case: Path) -> None:
        (case / file).write_text(text)

    return change


def swap(file: str, old: str, new: str) -> Change:
    def change(case: Path) -> None:
        path = case / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return change


def add(file: str, line: str) -> Change:
    return lambda case: (case / file).write_text((case / file).read_text() + line + "\n") and None


def settings(text: str) -> Change:
    return lambda case: (case / "simsetting.yml").write_text(text) and None


def short(case: Path) -> None:
    path = case / "input/conflicts.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:50]) + "\n")


REFUSED: list[tuple[str, Change, str, int, str]] = [
    ("1 negative distance", swap("input/routes.csv", "Birch,60", "Birch,-60"), "routes.csv", 2, "distance -60"),
    ("2 unknown endpoint", swap("input/routes.csv", "Alder,Birch", "Aldr,Birch"), "routes.csv", 2, "'Alder'"),
    ("3 duplicate place", add("input/locations.csv", "Cedar,M,Home,1,1,town,,5"), "locations.csv", 11, "given twice"),
    ("4 misspelt type", swap("input/locations.csv", "camp,,2600", "kamp,,2600"), "locations.csv", 8, "'camp'"),
    ("5 text latitude", swap("input/locations.csv", "10.0,10.0", "N10.0,10.0"), "locations.csv", 2, "latitude 'N10.0'"),
    ("6 float population", swap("input/locations.csv", "40000", "40000.5"), "locations.csv", 2, "whole number"),
    ("8 conflict elsewhere", swap("input/conflicts.csv", "Cedar", "Ceder"), "conflicts.csv", 1, "'Cedar'"),
    ("10 closure country", swap("input/closures.csv", "Neighbour", "Neighbor"), "closures.csv", 2, "'Neighbour'"),
    ("11 camp without series", swap("data/data_layout.csv", "Hazel,hazel.csv\n", ""), "data_layout.csv", 0, "'Hazel'"),
    ("12 impossible date", swap("data/hazel.csv", "2031-03-21", "29/02/2012"), "hazel.csv", 3, "YYYY-MM-DD"),
    ("14 negative refugees", swap("data/hazel.csv", "520", "-520"), "hazel.csv", 5, "count -520"),
    ("fractional refugees", swap("data/hazel.csv", "520", "520.5"), "hazel.csv", 5, "count '520.5'; expected a whole number"),
    ("a total among the dates", add("data/hazel.csv", "Total,5200"), "hazel.csv", 7, "date 'Total'"),
    ("a unit in a cell", swap("data/hazel.csv", "520", "520 HH"), "hazel.csv", 5, "count '520 HH'"),
    ("15 settings key", settings("move_rules:\n  default_movchance: 0.3\n"), "simsetting.yml", 2, "default_movechance"),
    ("16 move chance", settings("move_rules:\n  camp_movechance: 3.0\n"), "simsetting.yml", 2, "between 0 and 1"),
    ("17 awareness 0", settings("move_rules: {awareness_level: 0}\n"), "simsetting.yml", 1, "nobody moves"),
    ("19 correction off", swap("input/registration_corrections.csv", "20", "21"), "registration_corrections.csv", 1, "no report"),
    ("20 empty distance", swap("input/routes.csv", "Birch,60", "Birch,"), "routes.csv", 2, "distance ''"),
    ("21 self-loop", add("input/routes.csv", "Cedar,Cedar,9,0"), "routes.csv", 14, "to itself"),
    ("closure type", add("input/closures.csv", "contry,Home,Farland,3,9"), "closures.csv", 4, "'country'"),
    ("closure ends early", add("input/closures.csv", "country,Home,Farland,9,3"), "closures.csv", 4, "before it begins"),
    ("flood zone", swap("input/locations.csv", "town,,9000", "flood_zone,,9000"), "locations.csv", 5, "flood"),
    ("conflict without date", swap("input/locations.csv", "conflict_zone,0", "conflict_zone,"), "locations.csv", 2, "conflict_date"),
    ("bad start", swap("input/sim_period.csv", "2031-03-01", "1 March 2031"), "sim_period.csv", 1, "StartDate"),
    ("no routes file", lambda case: (case / "input/routes.csv").unlink(), "routes.csv", 0, "no such file"),
    ("no series file", lambda case: (case / "data/ivy.csv").unlink(), "ivy.csv", 0, "no such file"),
    ("not YAML", settings("move_rules: {a: [\n"), "simsetting.yml", 2, "a bracket is opened here and not closed"),
    ("a typo that Flee has", settings("spawn_rules: {camps_are_sicks: true}\n"), "simsetting.yml", 1, "camps_are_sinks"),
    ("no place", write("input/locations.csv", "#name,region\n"), "locations.csv", 0, "holds no place"),
    ("no route", write("input/routes.csv", ""), "routes.csv", 0, "holds no route"),
    ("no fighting", write("input/conflicts.csv", "\n"), "conflicts.csv", 0, "holds no day of fighting"),
    ("period twice", add("input/sim_period.csv", "Length,50"), "sim_period.csv", 3, "Length is given twice"),
    ("no series at all", write("data/data_layout.csv", "total,refugees.csv\n"), "data_layout.csv", 0, "names no camp"),
    ("a camp in the total's line", swap("data/data_layout.csv", "total", "Hazel"), "data_layout.csv", 1, "total,refugees.csv"),
    ("intensity", swap("input/conflicts.csv", "0,1,0", "0,x,0"), "conflicts.csv", 2, "intensity of 'Alder'"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "file", "line", "message"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_bad_folder_is_refused(case: Path, change: Change, file: str, line: int, message: str) -> None:
    change(case)
    arguments = ["flee", "run", str(case / "input"), "--data", str(case / "data"), "-o", str(case / "out"), "-n", "1"]
    if (case / "simsetting.yml").exists():
        arguments += ["--settings", str(case / "simsetting.yml")]
    with pytest.raises(StandoffError) as caught:
        finds = Finds()
        read_settings(case / "simsetting.yml" if "--settings" in arguments else None, finds)
        finds.raise_errors()
        read_series(case / "data", read_folder(case / "input"))
    problem = next(p for p in caught.value.problems if message in str(p))
    assert problem.file.endswith(file)
    assert problem.line == line
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 1
    assert not (case / "out").exists()


WARNED: list[tuple[str, Change, str, int, str]] = [
    ("9 closure without a route", add("input/closures.csv", "link,Alder,Ivy,3,9"), "closures.csv", 4, "no route"),
    ("13 a date out of order", swap("data/hazel.csv", "2031-04-15", "2031-03-15"), "hazel.csv", 4, "2031-03-15 is a date earlier than the one before"),
    ("a total by another name", swap("data/data_layout.csv", "total", "Totals"), "data_layout.csv", 1, "read as the total"),
    ("18 fighting without a route", add("input/locations.csv", "Juniper,S,Home,1,1,conflict_zone,0,50"), "locations.csv", 11, "no route"),
    ("parallel routes", add("input/routes.csv", "Birch,Alder,65,0"), "routes.csv", 14, "a second route"),
    ("forced redirection", swap("input/routes.csv", "Elm,Gorse,120,0", "Elm,Gorse,120,1"), "routes.csv", 10, "Flee 3.1 stores this"),
    ("closure of a link", add("input/closures.csv", "link,Alder,Cedar,3,9"), "closures.csv", 4, "in Flee 3.1 they change nothing"),
    ("constant series", lambda case: (case / "data/hazel.csv").write_text("Date,Count\n2031-03-01,9\n2031-04-01,9\n2031-05-01,9\n") and None, "data_layout.csv", 3, "the same number"),
    ("tiny series", lambda case: (case / "data/gorse.csv").write_text("Date,Count\n2031-03-01,9\n2031-05-20,19\n") and None, "data_layout.csv", 2, "never passes"),
    ("camp nobody knows", add("data/data_layout.csv", "Jasmine,ivy.csv"), "data_layout.csv", 6, "no camp"),
    ("closure of no length", add("input/closures.csv", "country,Home,Farland,9,9"), "closures.csv", 4, "no effect"),
    ("7 short conflicts", short, "conflicts.csv", 50, "49 days of fighting, and a period of 120 (49 days are run)"),
    ("dates without counts", add("data/ivy.csv", "2031-07-30,"), "ivy.csv", 7, "left out"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "file", "line", "message"), [r[1:] for r in WARNED], ids=[r[0] for r in WARNED])
def test_what_is_odd_is_warned_of(case: Path, change: Change, file: str, line: int, message: str) -> None:
    change(case)
    folder = read_folder(case / "input")
    warnings = folder.warnings + read_series(case / "data", folder).warnings
    problem = next(p for p in warnings if message in str(p))
    assert problem.file.endswith(file)
    assert problem.line == line


def test_the_made_up_case_has_nothing_to_complain_of() -> None:
    folder = read_folder(MADE_UP / "input")
    assert folder.warnings + read_series(MADE_UP / "data", folder).warnings == ()


def test_all_problems_come_at_once(case: Path) -> None:
    for _, change, *_ in REFUSED[:6]:
        change(case)
    with pytest.raises(StandoffError) as caught:
        read_folder(case / "input")
    assert len(caught.value.problems) >= 6


def test_what_makes_every_name_unknown_is_told_alone(case: Path) -> None:
    (case / "input/locations.csv").write_text("#name,region\n")
    with pytest.raises(StandoffError) as caught:
        read_folder(case / "input")
    assert len(caught.value.problems) == 1
    shutil.copy(MADE_UP / "input/locations.csv", case / "input/locations.csv")
    (case / "data/data_layout.csv").unlink()
    with pytest.raises(StandoffError) as caught:
        read_series(case / "data", read_folder(case / "input"))
    assert len(caught.value.problems) == 1


def test_a_run_that_cannot_be_scored_writes_nothing(case: Path) -> None:
    (case / "input/sim_period.csv").write_text("StartDate,2001-03-01\nLength,20\n")
    (case / "input/registration_corrections.csv").unlink()
    arguments = ["flee", "run", str(case / "input"), "--data", str(case / "data"), "-n", "2", "-o", str(case / "out")]
    result = CliRunner().invoke(main_group(), arguments)
    assert result.exit_code != 0
    assert "falls within the simulated days; expected dates from 2001-03-01 to 2001-03-20" in str(result.exception)
    assert not (case / "out").exists()


def test_the_commands_write_what_they_say(case: Path) -> None:
    runner = CliRunner()
    arguments = ["--data", str(case / "data"), "-n", "20", "--days", "60", "-o"]
    outs = []
    for name, more in (("a", []), ("b", []), ("c", ["--profile", "standoff"])):
        result = runner.invoke(main_group(), ["flee", "run", str(case / "input"), *arguments, str(case / name), *more])
        assert result.exit_code == 0, result.output
        outs.append((case / name / "out.csv").read_bytes())
    assert outs[0] == outs[1] != outs[2]
    text = outs[0].decode().splitlines()
    assert len(text) == 61
    assert text[0].startswith("Day,Date,Fir sim,Fir data,Fir error,Gorse sim,")
    assert "Total error" in text[0]
    assert text[1].startswith("0,2031-03-01,")
    assert "LEAK" in result.output or (case / "a/scores.json").read_text().count('"leak": true') >= 1
    before = (case / "a/scores.json").read_bytes()
    again = runner.invoke(main_group(), ["flee", "score", str(case / "a"), "--data", str(case / "data")])
    assert again.exit_code == 0, again.output
    assert (case / "a/scores.json").read_bytes() == before
    forecast = runner.invoke(
        main_group(),
        [
            "flee",
            "forecast",
            str(case / "input"),
            "--data",
            str(case / "data"),
            "--horizon",
            "20",
            "-o",
            str(case / "f"),
        ],
    )
    assert forecast.exit_code == 0, forecast.output
    assert "persistence of levels" in forecast.output
    assert (case / "f/forecasts.csv").read_text().startswith("camp,origin,date,horizon,last_report")


def main_group() -> object:
    from standoff.cli import cli

    return cli
