"""A fight has no beginner, whether names were decided before or after their file came in. Rows are made up."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import standoff as so
from standoff.case.model import two_sided
from standoff.case.read import load, start
from standoff.cli import main
from standoff.commitments.daily import ACCUSES, is_any
from standoff.intake.logs import open_log
from standoff.intake.preview import decide_names
from standoff.intake.rows import ACLED_TYPES

HEADER = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,location,latitude,"
    "longitude,geo_precision,source,notes,fatalities,timestamp\n"
)
NAMES = {"Red Veterans Brigade": "red", "Blue Riders": "blue"}


def written(path: Path) -> Path:
    """One row of each sub-event type between two groups that no case knows by these names."""
    where = "Elbonia,North,Rivertown,41.0,11.0,1,The Observer,words"
    rows = [
        f"ELB{n},26 February 2024,1,,{word},Red Veterans Brigade,Blue Riders,{where},1,1709500000\n"
        for n, word in enumerate(ACLED_TYPES)
    ]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def decide(folder: Path) -> None:
    decide_names(load(folder), {("actor", "acled", name): who for name, who in NAMES.items()}, "A. Clerk")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same file in two cases: names decided after the import, and before a second one."""
    root = tmp_path_factory.mktemp("order")
    file = written(root / "download.csv")
    late, early = start(root / "late"), start(root / "early")
    for folder in (late, early):
        main(["import", str(file), "--into", str(folder), "--yes"])
        decide(folder)
    main(["import", str(file), "--into", str(early), "--yes"])
    return late, early


def test_the_order_of_deciding_and_importing_does_not_matter(folders: tuple[Path, Path]) -> None:
    late, early = (open_log(load(folder), "acled").events for folder in folders)
    assert late == early
    by_type = {event.type: event for event in late}
    for word, coding in ACLED_TYPES.items():
        event = by_type[coding.type]
        assert two_sided(event.actor, event.target) is not coding.one_sided, word
        first = "blue" if coding.first_was_hit else "red"  # who stands first in the file was hit
        assert event.actor == ((first,) if coding.one_sided else (f"side:{first}",)), word


def test_a_fight_is_nobodys_certain_act_in_a_daily_report(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        report = so.daily(load(folder), on="2024-02-26", days=1, events="acled")
        certain = {p["party"]: p["certain"] for p in report["parties"]}
        one_sided = [coding.type for coding in ACLED_TYPES.values() if coding.one_sided]
        assert certain == {"Red (invented)": sum(is_any(kind, ACCUSES) for kind in one_sided), "Blue (invented)": 0}


def test_a_log_of_an_older_edition_says_it_by_its_type(folders: tuple[Path, Path]) -> None:
    """Editions up to 0.9.0 left the cell empty where nobody of a fight was known."""
    late, _ = folders
    path = late / "logs" / "acled.csv"
    before = path.read_text(encoding="utf-8")
    rows = list(csv.DictReader(before.splitlines()))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "two_sided": ""} for row in rows)
    try:
        events = open_log(load(late), "acled").events
        fights = {e.type for e in events if two_sided(e.actor, e.target)}
        assert fights == {coding.type for coding in ACLED_TYPES.values() if not coding.one_sided}
    finally:
        path.write_text(before, encoding="utf-8")


def test_of_two_unknown_names_neither_has_begun(tmp_path: Path) -> None:
    folder = start(tmp_path / "case")
    main(["import", str(written(tmp_path / "download.csv")), "--into", str(folder), "--yes"])
    (clash,) = (e for e in open_log(load(folder), "acled").events if e.type == "clash")
    assert two_sided(clash.actor, clash.target)
    report = so.daily(load(folder), on="2024-02-26", days=1, events="acled")
    assert all(p["certain"] == 0 for p in report["parties"])
    assert {p["party"].split(" (")[0] for p in report["parties"]} == set(NAMES)
