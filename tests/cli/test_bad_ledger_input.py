"""What a user may get wrong about a ledger: each is a sentence with file, line, value and what was expected."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.case.read import load, start
from standoff.cli import cli
from standoff.commitments.ledger import rows
from standoff.commitments.monitor import evaluate
from standoff.commitments.reasons import events_counting
from standoff.errors import StandoffError
from standoff.intake.logs import open_log

BY_DAY = "expected a date without a time or a time zone, such as 2020-03-06: the ledger is by day"
TIMES = ("2024-02-20T00:01 Europe/Moskow", "2024-02-20 Europe/Moskow", "2024-02-20T00:01:00+03:00", "2024-02-20 00:01")
HOURS = {"2024-02-20T00:01:00+03:00": "00:01+03:00", "2024-02-20 00:01": "00:01"}
CROSSED = [[10, 40], [11, 41], [11, 40], [10, 41], [10, 40]]


@pytest.fixture
def river(tmp_path: Path) -> Path:
    return start(tmp_path / "river")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(*args: str) -> str:
    made = CliRunner().invoke(cli, list(args))
    assert isinstance(made.exception, StandoffError), made.output
    return str(made.exception)


@pytest.mark.parametrize("time", TIMES)
def test_a_time_or_a_zone_in_a_date_is_refused_everywhere(river: Path, tmp_path: Path, time: str) -> None:
    log = tmp_path / "log.csv"
    log.write_text(f"id,date,type\na,{time},shelling\n", encoding="utf-8")
    if time in HOURS:  # of a log the hour is kept, with its zone
        (event,) = open_log(load(river), log).events
        assert (str(event.date), event.hour) == ("2024-02-20", HOURS[time])
    else:
        said = refused("ledger", str(river), "--events", str(log))
        assert f"log.csv:2: the date in date is {time!r}; {BY_DAY}" in said
    made = CliRunner().invoke(cli, ["ledger", str(river), "--on", time])
    assert made.exit_code == 2
    assert "the ledger is by day" in made.output
    edit(river / "commitments.yaml", "from: 2024-02-20", f"from: {time}")
    edit(river / "events.csv", "e1,2024-02-20", f"e1,{time}")
    said = refused("ledger", str(river))
    assert f"commitments.yaml:10: from is {time!r}; {BY_DAY}" in said
    assert f"events.csv:2: date is {time!r}; {BY_DAY}" in said


def test_two_that_suspend_each_other_have_no_ledger(river: Path) -> None:
    for name, other in (("red-holds-fire", "blue-holds-fire"), ("blue-holds-fire", "red-holds-fire")):
        suspend = f"\n  suspend: {{commitment: {other}, state: detached}}\n  title:"
        edit(river / "commitments.yaml", f"id: {name}\n  title:", f"id: {name}{suspend}")
    for command in (("ledger",), ("daily", "--on", "2024-03-01"), ("track",)):
        assert "commitments.yaml:14: blue-holds-fire: it and 'red-holds-fire' suspend each other" in refused(
            command[0], str(river), *command[1:]
        )


def test_zones_that_cross_themselves_have_no_ledger(river: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"id": "belt"},
        "geometry": {"type": "Polygon", "coordinates": [CROSSED]},
    }
    path = river / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert "zones.geojson:1: feature 1: the shape is not valid: Self-intersection" in refused("ledger", str(river))
    feature["properties"] = {"id": "belt", "from": TIMES[0]}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert f"zones.geojson:1: feature 1: from is {TIMES[0]!r}; {BY_DAY}" in refused("ledger", str(river))


def test_a_missing_column_is_said_once(river: Path) -> None:
    text = (river / "events.csv").read_text(encoding="utf-8").splitlines()
    rows = [",".join((line.split(",")[0], *line.split(",")[2:])) for line in text]
    (river / "events.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert refused("ledger", str(river)) == "events.csv:1: the column 'date' is missing; expected a column date"


def test_many_bad_rows_of_a_case_are_counted_and_the_first_twenty_shown(river: Path) -> None:
    rows = "".join(f"x{i},2024-13-45,shelling\n" for i in range(300))
    (river / "events.csv").write_text(f"id,date,type\n{rows}", encoding="utf-8")
    made = CliRunner().invoke(cli, ["check", str(river)])
    assert made.exit_code == 1
    assert sum(line.startswith("error: events.csv:") for line in made.output.splitlines()) == 20
    assert "events.csv: 300 problems, of which the first 20 are shown" in made.output


def test_the_order_of_reports_does_not_matter(river: Path) -> None:
    args = ["ledger", str(river), "--json"]
    before = CliRunner().invoke(cli, args).stdout
    header, *rows = (river / "events.csv").read_text(encoding="utf-8").splitlines()
    (river / "events.csv").write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    assert json.loads(CliRunner().invoke(cli, args).stdout) == json.loads(before)


def test_what_names_no_act_is_not_yet_in_force_before_it_was_said() -> None:
    """Found by hand on five commitments of the Idlib case: they were called unknown years before they were made."""
    case = load("idlib")
    for day, verdict in ((date(2020, 3, 1), "not-yet"), (date(2020, 6, 1), "unknown")):
        assert {r.verdict for r in rows(evaluate(case, ["wsws"], on=day), "com-61")} == {verdict}


def test_a_zone_that_the_source_names_counts_beside_a_sector() -> None:
    """Patrols told to be on the M4 were doubtful as soon as a sector was named too."""
    made = evaluate(load("idlib"), ["pooled"], on=date(2020, 3, 31))
    slot = next(i for i, s in enumerate(made.schedule.slots) if s.commitment == "moscow-3-patrols" and not s.span)
    found = {c.event: c for c in events_counting(made, slot, "pooled") if c.role == "then"}
    assert found["evt-patrol-2"].certain
    assert all(c.first <= made.today for c in found.values())
