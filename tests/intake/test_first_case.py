"""A case for a file: its period, its region, its parties under the file's own names, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.case.read import load
from standoff.case.record_form import short_name
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.intake.first_case import start_for
from standoff.intake.importer import open_batch

HEADER = "event_id_cnty,event_date,sub_event_type,actor1,actor2,country,admin1,latitude,longitude,fatalities"
ROWS = """
AA1,2001-03-05,Armed clash,Military Forces of Ruritania (1990-),RLF: Ruritanian Front,Ruritania,North,10.0,20.0,3
AA2,2001-04-15,Attack,Unidentified Armed Group (Ruritania),Civilians (Ruritania),Ruritania,North,10.5,20.5,1
AA3,2001-05-25,Armed clash,RLF: Ruritanian Front,Military Forces of Ruritania (1990-),Ruritania,South,11.0,21.0,0
"""


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_the_case_holds_what_the_file_says(feed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ruritania"
    assert start_for(folder, feed) == {"rows": 3, "actors": 2}
    case = load(folder)
    assert case.errors == ()
    assert (case.about.id, str(case.about.period)) == ("ruritania", "2001-03-05/2001-05-25")
    west, south, east, north = case.about.region
    assert west < 20.0 < 21.0 < east and south < 10.0 < 11.0 < north and east - west < 2
    assert {a.name for a in case.actors.values()} == {
        "Military Forces of Ruritania (1990-)",
        "RLF: Ruritanian Front",
    }
    assert not case.commitments and not case.events and not case.places and not case.claims


def test_nobody_unnamed_becomes_a_party(feed: Path, tmp_path: Path) -> None:
    """Those whom the source itself does not name, and civilians, are no party of the case."""
    start_for(tmp_path / "c", feed)
    names = " ".join(a.name for a in load(tmp_path / "c").actors.values())
    assert "Unidentified" not in names and "Civilians" not in names


def test_from_the_file_to_a_brief_without_yaml(feed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    run = CliRunner().invoke
    for arguments in (
        ["new", str(folder), "--for", str(feed)],
        ["check", str(folder)],
        ["import", str(feed), "--into", str(folder), "--yes"],
        ["levels", str(feed), "--by", "admin1", "--horizon", "7"],
        ["levels", str(folder), "--by", "country", "--horizon", "7"],  # its one log, since it has no event of its own
        ["brief", str(folder)],
    ):
        result = run(cli, arguments)
        assert result.exit_code == 0, (arguments, result.output)
    assert "the case holds no promise and no threat" in " ".join(result.output.split())
    refused = run(cli, ["levels", str(folder), "--by", "admin1", "--log", "record"])
    assert "log acled" in str(refused.exception)
    journal = (folder / "journal.jsonl").read_text(encoding="utf-8")
    assert "the import of feed.csv" in journal and str(tmp_path) not in journal  # a case may be handed over


def test_the_brief_says_that_nobody_has_an_account(feed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    start_for(folder, feed)
    who = next(iter(load(folder).actors))
    clause = ["clause", str(folder), "--template", "ceasefire", f"--set=who={who}", "--set=from=2001-05-20"]
    assert CliRunner().invoke(cli, [*clause, "--set=citation=The truce, article 1"]).exit_code == 0
    result = CliRunner().invoke(cli, ["brief", str(folder), "--on", "2001-05-25"])
    assert "the case has no account of what a party itself said (standoff serve c" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER + "\n", "nothing|no row"),
        ("a,b\n1,2\n", "no source that is known"),
        (HEADER + "\nAA1,2001-03-05,Armed clash,X,Y,R,N,,,0\n", "where"),
        (HEADER + "\nAA1,05/03/2001,Armed clash,X,Y,R,N,1,1,0\n", "dmy|5 March"),
    ],
)
def test_what_cannot_begin_a_case_leaves_nothing(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "feed.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StandoffError, match=expected):
        start_for(tmp_path / "c", path)
    assert [p.name for p in tmp_path.iterdir()] == ["feed.csv"]


def test_a_folder_with_something_in_it_is_left_alone(feed: Path, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(StandoffError, match="not empty"):
        start_for(tmp_path / "c", feed)
    with pytest.raises(StandoffError, match="does not exist"):
        start_for(tmp_path / "a" / "b", feed)


def test_ids_are_plain_and_differ() -> None:
    taken: set[str] = set()
    assert short_name("Military Forces of Mali (2020-)", taken) == "military-forces-of-mali"
    taken.add("military-forces-of-mali")
    assert short_name("Military Forces of Mali (2012-2020)", taken) == "military-forces-of-mali-2"
    assert short_name("الجيش", taken) == "party"
    assert short_name("5th Brigade", taken) == "party-5th-brigade"


def test_our_own_table_of_events_is_a_file_of_incidents_too(tmp_path: Path) -> None:
    head = "id,date,type,actor,target,place,title,lat,lon\n"
    rows = "e1,2022-04-03,shelling,Red Army,Blue Army,Rivertown,Shells,14.5,-4.2\n"
    rows += "e2,2022-05-09,clash,Blue Army,,,Raid,16,0\n"
    file, folder = tmp_path / "own.csv", tmp_path / "c"
    file.write_text(head + rows, encoding="utf-8")
    assert start_for(folder, file) == {"rows": 2, "actors": 2}
    made = load(folder)
    assert sorted(one.name for one in made.actors.values()) == ["Blue Army", "Red Army"]
    assert str(made.about.period) == "2022-04-03/2022-05-09"
    west, south, east, north = made.about.region
    assert west < -4.2 < 0 < east
    assert south < 14.5 < 16 < north
    log = open_batch(made, file, str(file))[0].events()
    assert (len(log.events), log.unknown_actors) == (2, {})


def test_a_table_without_coordinates_needs_the_region(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("id,date,type,actor\ne1,2022-04-03,shelling,Red Army\n", encoding="utf-8")
    with pytest.raises(StandoffError, match="no row of the file says where") as caught:
        start_for(tmp_path / "c", file)
    assert "--region" in caught.value.problems[0].hint
    assert not (tmp_path / "c").exists()
    assert start_for(tmp_path / "c", file, region=(-5, 10, 5, 20)) == {"rows": 1, "actors": 1}


def test_a_table_of_people_starts_no_case_and_says_what_does(tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("Date,Site,IDPs\n2022-04-03,Camp,100\n", encoding="utf-8")
    with pytest.raises(StandoffError, match="which holds no reports of incidents") as caught:
        start_for(tmp_path / "c", file)
    assert "--region, --period and --actor" in caught.value.problems[0].hint
