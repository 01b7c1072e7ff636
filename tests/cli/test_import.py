"""From a stranger's file to a row of the ledger, by the command alone. Rows and names are made up."""

from __future__ import annotations

import io
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from standoff.case.read import load, start
from standoff.cli import main
from standoff.commitments.ledger import ledger
from standoff.intake.logs import open_log
from standoff.intake.preview import decide_names

HEADER = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,location,latitude,"
    "longitude,geo_precision,source,notes,fatalities,timestamp\n"
)
SHELLING = "Explosions/Remote violence,Shelling/artillery/missile attack"
STAMP = 1709500000


def row(
    number: int, actor: str, target: str, day: str = "26 February 2024", deaths: int = 1, stamp: int = STAMP
) -> str:
    where = "Elbonia,North,Rivertown,41.0,11.0,1,The Observer,words of the source"
    return f"ELB{number},26 February 2024,1,{SHELLING},{actor},{target},{where},{deaths},{stamp}\n"


ROWS = (
    row(1, "Military Forces of Red (2020-)", "Blue (invented)"),
    row(2, "Red Veterans Brigade", "Blue (invented)"),
    row(3, "Unidentified Armed Group (Elbonia)", "Blue (invented)"),
    row(4, "Blue Street Sellers", "Civilians (Elbonia)"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "case")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "download.csv"
    path.write_text(HEADER + "".join(ROWS), encoding="utf-8")
    return path


def state(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file() and ".standoff" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def import_json(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    main(["import", *words, "--json"])
    return json.loads(capsys.readouterr().out)


def verdicts(folder: Path, log: str | Path = "acled") -> dict[str, str]:
    case = load(folder)
    loaded = open_log(case, log)
    rows = ledger(loaded.added_to(case), "record", events=loaded.events)
    return {r.commitment: f"{r.breaches}/{r.breaches_possible}" for r in rows}


def test_from_a_download_to_a_row_of_the_ledger(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = verdicts(folder, file)
    main(["import", str(file), "--into", str(folder), "--yes"])
    text = capsys.readouterr().out
    for words in (
        "ACLED, csv",
        "columns read:",
        "4 rows, 4 reports",
        "to decide",
        "logs/acled.csv: 4 added",
        "written: logs/acled.csv, logs/acled.yaml, mapping.yaml",
    ):
        assert words in text
    assert load(folder).errors == ()
    assert verdicts(folder) == before  # the log says what the file said
    assert "words of the source" not in (folder / "logs" / "acled.csv").read_text(encoding="utf-8")
    main(["ledger", str(folder), "--events", "logs/acled.csv", "--why", "red-holds-fire"])
    assert "red-holds-fire" in capsys.readouterr().out


def test_nobody_is_accused_until_a_person_decides(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The name in row 1 is Red's by rule; that of row 2 is Red's, or nobody's, once a person says so."""
    main(["import", str(file), "--into", str(folder), "--yes"])
    table = {
        # what is decided: certain breaches and possible ones of Red's duty
        (): "1/5",
        (("Red Veterans Brigade", "red"),): "2/5",
        (("Red Veterans Brigade", "nobody"),): "1/4",
        (("Military Forces of Red (2020-)", "nobody"), ("Red Veterans Brigade", "blue")): "0/3",
    }
    for decisions, expected in table.items():
        keys = {("actor", "acled", name): "" for name in ("Red Veterans Brigade", "Military Forces of Red (2020-)")}
        keys |= {("actor", "acled", name): what for name, what in decisions}
        decide_names(load(folder), keys, "A. Clerk")
        assert verdicts(folder)["red-holds-fire"] == expected, decisions
        assert verdicts(folder, file)["red-holds-fire"] == expected, decisions  # the file itself takes the same road


def test_yes_decides_nothing(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (answer,) = import_json(capsys, str(file), "--into", str(folder), "--yes")
    waiting = {one["name"] for one in answer["undecided"]}
    assert "Red Veterans Brigade" in waiting
    (again,) = import_json(capsys, str(file), "--into", str(folder), "--yes")
    assert {one["name"] for one in again["undecided"]} == waiting
    assert answer["decided_by_rule"] == again["decided_by_rule"] == 2
    assert answer["decided_by_person"] == 0


def test_json_has_what_is_promised_and_writes_nothing_without_yes(
    folder: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(folder)
    (answer,) = import_json(capsys, str(file), "--into", str(folder))
    assert {"kind", "rows", "records", "undecided", "left_out", "problems"} <= answer.keys()
    assert (answer["kind"], answer["rows"], answer["records"], answer["written"]) == ("reports", 4, 4, [])
    assert state(folder) == before


@pytest.mark.parametrize("words", [("--dry-run",), ("--dry-run", "--yes")])
def test_a_dry_run_writes_nothing(
    folder: Path, file: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    before = state(folder)
    main(["import", str(file), "--into", str(folder), *words])
    assert "nothing was written" in capsys.readouterr().out
    assert state(folder) == before


def test_nothing_is_written_unasked(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(folder)
    with pytest.raises(SystemExit) as stop:
        main(["import", str(file), "--into", str(folder)])
    assert stop.value.code == 2
    assert "add --yes" in capsys.readouterr().err
    assert state(folder) == before


def test_the_same_file_again_changes_nothing(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(file), "--into", str(folder), "--yes"])
    before = state(folder)
    capsys.readouterr()
    main(["import", str(file), "--into", str(folder), "--yes"])
    assert "has all of this already; nothing changes" in capsys.readouterr().out
    assert state(folder) == before


def test_a_newer_download_adds_and_amends_and_keeps_what_is_gone(
    folder: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(file), "--into", str(folder), "--yes"])
    decide_names(load(folder), {("actor", "acled", "Red Veterans Brigade"): "red"}, "A. Clerk")
    newer = tmp_path / "newer.csv"
    rows = [ROWS[0], row(2, "Red Veterans Brigade", "Blue (invented)", deaths=3, stamp=STAMP + 90_000)]
    rows += [ROWS[3], row(5, "Red Veterans Brigade", "Blue (invented)", stamp=STAMP + 90_000)]
    newer.write_text(HEADER + "".join(rows), encoding="utf-8")
    (answer,) = import_json(capsys, str(newer), "--into", str(folder), "--yes")
    assert {k: answer[k] for k in ("added", "amended", "same", "gone")} == {"added": 1, "amended": 1, "same": 2, "gone": 1}  # fmt: skip  # noqa: E501
    assert answer["amended_columns"] == {"tolls": 1}
    assert len(open_log(load(folder), "acled").events) == 5
    assert "A. Clerk" in (folder / "mapping.yaml").read_text(encoding="utf-8")  # what persons decided stays
    (older,) = import_json(capsys, str(file), "--into", str(folder), "--yes")
    assert (older["older"], older["amended"]) == (1, 0)


def test_the_order_of_files_does_not_matter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "one.csv": [ROWS[0], ROWS[1]],
        "two.csv": [ROWS[2], row(2, "Red Veterans Brigade", "Civilians", deaths=9, stamp=STAMP + 99_000)],
        "three.csv": [ROWS[3], ROWS[1], row(6, "Red Veterans Brigade", "Blue (invented)")],
    }
    for name, rows in files.items():
        (tmp_path / name).write_text(HEADER + "".join(rows), encoding="utf-8")
    ends = []
    for number, order in enumerate(itertools.permutations(files)):
        for at_once in (True, False):
            folder = start(tmp_path / f"case-{number}-{at_once}")
            groups = [order] if at_once else [[name] for name in order]
            for group in groups:
                main(["import", *(str(tmp_path / name) for name in group), "--into", str(folder), "--yes"])
            log = (folder / "logs" / "acled.csv").read_text(encoding="utf-8")
            blocks = (folder / "mapping.yaml").read_text(encoding="utf-8").split("\n- ")
            ends.append((log, sorted(block.strip() for block in blocks[1:])))
    assert len(ends) == 12
    for log, blocks in ends:
        assert log == ends[0][0]
        assert blocks == ends[0][1]


def test_standard_input(
    folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Piped(io.StringIO):
        buffer = io.BytesIO(file.read_bytes())

    monkeypatch.setattr(sys, "stdin", Piped())
    (answer,) = import_json(capsys, "-", "--into", str(folder), "--yes")
    assert (answer["file"], answer["added"]) == ("standard input", 4)


def test_a_shipped_case_is_not_written_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.csv"
    there = ROWS[0].replace("26 February 2024", "10 March 2020").replace("41.0,11.0", "35.8,36.6")
    path.write_text(HEADER + there, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["import", str(path), "--into", "idlib", "--yes"])
    assert "standoff new FOLDER --from idlib" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n", "error:"),
        (HEADER + ROWS[0].replace("41.0", "91.0"), "1 bad row"),
        (HEADER + ROWS[0].replace("26 February 2024", "05/03/2024"), "--dates"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    before = state(folder)
    with pytest.raises(SystemExit) as stop:
        main(["import", str(path), "--into", str(folder), "--yes"])
    assert stop.value.code == 1
    assert words in capsys.readouterr().err
    assert state(folder) == before


def test_an_unknown_log_names_the_nearest(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(file), "--into", str(folder), "--yes", "--name", "north"])
    with pytest.raises(SystemExit):
        main(["ledger", str(folder), "--events", "nort"])
    assert "did you mean 'north'" in capsys.readouterr().err


def test_a_type_that_a_person_decided_is_no_event(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(file), "--into", str(folder), "--yes"])
    with (folder / "mapping.yaml").open("a", encoding="utf-8") as mapping:
        mapping.write("- {name: Shelling/artillery/missile attack, kind: type, source: acled, decision: none, by: me, on: 2026-01-01}\n")  # fmt: skip  # noqa: E501
    assert len(open_log(load(folder), "acled").events) == 0
    assert len(open_log(load(folder), file).events) == 0


def test_boundaries_are_kept_beside_the_texts(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    square = {"type": "Polygon", "coordinates": [[[11, 41], [11.1, 41], [11.1, 41.1], [11, 41.1], [11, 41]]]}
    feature = {"type": "Feature", "properties": {"ADM2_PCODE": "XX01", "ADM2_EN": "North"}, "geometry": square}
    path = tmp_path / "adm2.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    (answer,) = import_json(capsys, str(path), "--into", str(folder), "--yes")
    assert (answer["kind"], answer["records"], answer["written"]) == ("boundaries", 1, ["library/adm2.geojson"])
    (again,) = import_json(capsys, str(path), "--into", str(folder), "--yes")
    assert (again["same"], again["written"]) == (1, [])
    assert load(folder).errors == ()


def test_what_may_not_be_passed_on_is_counted_and_left_out(
    folder: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ACLED's rows are read and counted; no text, page, JSON or export lists them."""
    main(["import", str(file), "--into", str(folder), "--yes"])
    daily = ["daily", str(folder), "--on", "2024-02-28", "--days", "7", "--events", "acled"]
    capsys.readouterr()
    main(daily)
    text = " ".join(capsys.readouterr().out.split())
    assert "4 reports are left out: their sources may not be passed on" in text
    main([*daily, "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report["restricted_left_out"] == 4
    assert [e["id"] for e in report["events"]] == ["e2-red"]
    main([*daily, "--html", str(tmp_path / "daily.html")])
    page = (tmp_path / "daily.html").read_text(encoding="utf-8")
    assert "4 reports are left out" in page
    assert "ELB1" not in page
    capsys.readouterr()
    main(["ledger", str(folder), "--events", "acled", "--why", "red-holds-fire", "--json"])
    assert "Shelling/artillery/missile attack" not in capsys.readouterr().out
    table = folder / "events.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [f"{lines[0]},restricted", f"{lines[1]},yes", f"{lines[2]},"]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    for form in ("geojson", "hxl"):
        main(["export", str(folder), "--to", form, "--table", "events", "-o", str(tmp_path / form)])
        assert "left out: 1 of sources that may not be passed on" in capsys.readouterr().out
        assert "Ceasefire at the river" not in (tmp_path / form).read_text(encoding="utf-8")


def test_an_agreement_has_no_party_that_nobody_decided(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "agreements.csv"
    head = "paid,pa_name,pa_date,actor_name,actor_id\n"
    path.write_text(f'{head}7,The bridge accord,2024-03-01,"Government of Red, River Front","1, 2"\n', encoding="utf-8")
    (answer,) = import_json(capsys, str(path), "--into", str(folder), "--yes")
    assert (answer["kind"], answer["added"]) == ("agreements", 1)
    assert [one["name"] for one in answer["undecided"]] == ["River Front"]
    (agreement,) = [a for a in load(folder).agreements.values() if a.title == "The bridge accord"]
    assert agreement.parties == ("red",)
    (again,) = import_json(capsys, str(path), "--into", str(folder), "--yes")
    assert (again["same"], again["written"]) == (1, [])


def test_rows_of_a_log_are_those_of_its_reports(folder: Path, file: Path) -> None:
    """The rows that are made on the way are, cell by cell, what the reports of the same file give."""
    from standoff.intake.importer import open_batch
    from standoff.intake.log_rows import log_cells

    case = load(folder)
    batch, _ = open_batch(case, file, file.name, log_rows=True)
    assert batch.log_rows is not None
    rows = list(batch.log_rows)
    assert len(rows) == len(batch.records) > 2
    assert rows == [log_cells(report, batch.source) for report in batch.records]
