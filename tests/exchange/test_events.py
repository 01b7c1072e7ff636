"""Logs of others: what is read, what is refused, and that nothing is loaded of a log that is refused."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "commitments"))
from made_up import case

from standoff.commitments.ledger import ledger
from standoff.errors import StandoffError
from standoff.exchange.events import read_events

ACLED = (
    "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,latitude,longitude,geo_precision,location,source,"
    "fatalities"
)
ROWS = [
    "XXX1,05 January 2020,Battles,Armed clash,Military Forces of Red (1999-),Blue,35.50,36.50,1,Middle,Wire,3",
    "XXX2,2020-01-07,Explosions,Shelling/artillery/missile attack,Red militia,Civilians (Nowhere),35.9,36.6,2,N,Wire,0",
]
GED = "id,date_start,date_end,type_of_violence,side_a,side_b,low,high,latitude,longitude,where_prec,source_article"
TODAY = date(2021, 1, 1)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "log.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_an_acled_export_becomes_events_with_actors_places_and_accuracy(tmp_path: Path) -> None:
    loaded = read_events(write(tmp_path, ACLED, *ROWS), case(), today=TODAY)
    first, second = loaded.events
    assert (first.type, first.actor, first.target, str(first.date)) == ("clash", ("red",), ("blue",), "2020-01-05")
    assert (second.type, second.actor) == ("shelling", ("red-militia",))
    assert loaded.unknown_actors == {"Civilians (Nowhere)": 1}
    assert [loaded.places[e.place[0]].accuracy_km for e in loaded.events] == [2.0, 15.0]
    assert (first.low, first.counted, loaded.format) == (3.0, "deaths", "acled")


def test_a_ged_export_keeps_intervals_of_dates_and_deaths(tmp_path: Path) -> None:
    log = write(tmp_path, GED, "77,2020-01-03,2020-01-05,1,Red,Blue,2,9,35.5,36.5,1,Wire")
    event = read_events(log, case(), today=TODAY).events[0]
    assert (event.id, str(event.date), event.low, event.high) == ("ged-77", "2020-01-03/2020-01-05", 2.0, 9.0)


def test_our_own_table_is_read_as_a_case_reads_it(tmp_path: Path) -> None:
    log = write(tmp_path, "id,date,type,actor,target", "a,2020-01-05,shelling,red;blue,green")
    assert read_events(log, case(), today=TODAY).events[0].actor == ("red", "blue")


def test_the_log_joins_the_record_and_breaks_a_truce(tmp_path: Path) -> None:
    made = case("- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling}}")
    loaded = read_events(write(tmp_path, ACLED, *ROWS), made, today=TODAY)
    row = ledger(loaded.added_to(made), "red-tells", on=date(2020, 2, 1), events=loaded.events)[0]
    assert (row.verdict, row.because) == ("violated", ("XXX2",))


def refused(path: Path) -> list[str]:
    with pytest.raises(StandoffError) as error:
        read_events(path, case(), today=TODAY)
    return [str(p) for p in error.value.problems]


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    header = ACLED.replace("sub_event_type", "sub_event_typ")
    found = refused(write(tmp_path, header, ROWS[0]))
    assert len(found) == 1
    assert "'sub_event_type' is missing" in found[0]
    assert "sub_event_typ" in found[0]


def test_many_bad_rows_are_counted_and_the_first_twenty_shown(tmp_path: Path) -> None:
    bad = [f"B{n},yesterday,Battles,Armed clash,Red,Blue,35.5,36.5,1,Middle,Wire,0" for n in range(100_000)]
    path = write(tmp_path, ACLED, ROWS[0], *bad)
    found = refused(path)
    assert len(found) == 21
    assert "100000 bad rows; no event was loaded" in found[0]
    assert ":3:" in found[1]
    loaded = read_events(path, case(), skip_bad=True, today=TODAY)
    assert ([e.id for e in loaded.events], loaded.left_out) == (["XXX1"], 100_000)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("X,2022-05-01,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,0", "in the future"),
        ("X,2020-01-05,Battles,Armed clsh,Red,Blue,35.5,36.5,1,M,W,0", "did you mean 'Armed clash'?"),
        ("X,2020-01-05,Battles,Armed clash,Red,Blue,95.5,36.5,1,M,W,0", "degrees, latitude first"),
        ("X,2020-01-05,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,many", "many"),
        ("X,2020-01-05T00:01 Nowhere/Zone,Battles,Armed clash,Red,Blue,35.5,36.5,1,M,W,0", "the ledger is by day"),
    ],
)
def test_a_bad_row_says_what_was_expected(tmp_path: Path, row: str, said: str) -> None:
    found = refused(write(tmp_path, ACLED, row))
    assert said in found[1]


def test_an_event_given_twice_is_bad(tmp_path: Path) -> None:
    assert "given twice" in refused(write(tmp_path, ACLED, ROWS[0], ROWS[0]))[1]
    own = write(tmp_path, "id,date,type", "a,2020-01-05,shelling", "a,2020-01-06,shelling")
    assert "given twice" in refused(own)[1]


def test_there_is_no_such_file(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "nothing.csv")[0]
