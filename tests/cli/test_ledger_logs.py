"""Logs on the command line: what is counted and shown, the names nobody knows, and what is only possible. Made up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from workbooks import xlsx

from standoff.case.read import TEMPLATE, load
from standoff.case.restrictions import SWITCH
from standoff.cli import cli
from standoff.commitments.daily import daily
from standoff.errors import StandoffError
from standoff.intake.logs import open_log
from standoff.views.lines.daily import daily_paper
from standoff.views.paper import paper_page
from standoff.views.words import Words

HEADER = "event_id_cnty,event_date,sub_event_type,actor1,actor2,latitude,longitude,geo_precision,location,fatalities"
SHELLING = "Shelling/artillery/missile attack"
ROWS = [
    f"A1,2024-03-05,{SHELLING},Rioters (Red),Blue,41.0,11.0,1,Rivertown,0",
    f"A2,2024-03-05,{SHELLING},Rioters (Red),Passers-by,41.0,11.0,1,Rivertown,0",
    f"A3,2024-03-06,{SHELLING},Military Forces of Red (2011-),Blue,41.0,11.0,1,Rivertown,0",
    f"A4,1999-03-06,{SHELLING},Red,Blue,41.0,11.0,1,Rivertown,0",
    f"A5,2024-03-06,{SHELLING},Red,Blue,15.0,44.0,1,Far,0",
    "A6,2024-03-07,Peaceful protest,Students,,41.0,11.0,1,Rivertown,0",
]


def run(folder: Path, *args: str, rows: list[str] = ROWS) -> Result:
    log = folder / "log.csv"
    log.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    command, *options = args
    return CliRunner().invoke(cli, [command, str(TEMPLATE), *options, "--events", str(log)])


def told(words: list[str]) -> str:
    """Return the problems that a command is refused with, as the command line prints them."""
    error = CliRunner().invoke(cli, words).exception
    assert isinstance(error, StandoffError), error
    return "\n".join(map(str, error.problems))


def whole_report(log: Path) -> dict[str, Any]:
    """The daily report of 8 March 2024 with the rows that commands print and do not pass on."""
    case = load(TEMPLATE)
    loaded = open_log(case, log)
    return daily(loaded.added_to(case), on=date(2024, 3, 8), days=7, events=loaded.events)


def test_the_header_says_what_of_a_log_is_no_event_and_names_nobody(tmp_path: Path) -> None:
    said = " ".join(run(tmp_path, "ledger").stderr.split())
    assert said.endswith(
        "log.csv: 4 events of ACLED, 1 row outside the period of the case, 1 row outside its region, 3 names are not "
        "known to the case, 2 events name no party of the case; --names lists them"
    )


@pytest.mark.parametrize("command", [("ledger",), ("daily", "--on", "2024-03-08")])
def test_names_lists_every_unknown_name(tmp_path: Path, command: tuple[str, ...]) -> None:
    found = json.loads(run(tmp_path, *command, "--names", "--json").stdout)
    assert found == [
        {"name": "Rioters (Red)", "rows": 2},
        {"name": "Passers-by", "rows": 1},
        {"name": "Students", "rows": 1},
    ]
    printed = run(tmp_path, *command, "--names").stdout
    assert [line.split(maxsplit=1) for line in printed.splitlines()[2:5]] == [
        ["2", "Rioters (Red)"],
        ["1", "Passers-by"],
        ["1", "Students"],
    ]


def test_names_without_a_log_is_a_usage_error() -> None:
    found = CliRunner().invoke(cli, ["ledger", str(TEMPLATE), "--names"])
    assert found.exit_code == 2
    assert "give one with --events" in found.stderr


def test_the_daily_report_says_forbidden_only_of_whom_the_log_names(tmp_path: Path) -> None:
    printed = json.loads(run(tmp_path, "daily", "--on", "2024-03-08", "--days", "7", "--json").stdout)
    assert printed["restricted_left_out"] == 4  # ACLED's rows are counted, and not passed on
    log = printed["log"]
    report = whole_report(tmp_path / "log.csv")
    assert (log["events"], log["outside_period"], log["outside_region"], log["nobody_known"]) == (4, 1, 1, 2)
    bears = {e["id"]: {(b["commitment"], b["role"], b["doubt"]) for b in e["bears_on"]} for e in report["events"]}
    assert set(bears) == {"A1", "A2", "A3", "A6"}
    known = [role for roles in bears.values() for _, role, why in roles if not why]
    assert known
    assert not [b for name in ("A1", "A2", "A6") for b in bears[name] if not b[2]]
    assert ("red-holds-fire", "possibly forbidden by", "the attacker is Rioters (Red), not known to the case") in bears[
        "A1"
    ]
    shown = {e["id"]: e["actor"] for e in report["events"]}
    assert shown["A1"] == ["Rioters (Red) (not known to the case)"]
    text = run(tmp_path, "daily", "--on", "2024-03-08", "--days", "7").stdout
    flat = " ".join(text.split())
    assert "4 reports are left out" in flat
    assert "With a log: 4 events" in flat
    assert max(map(len, text.splitlines())) <= 80


def test_the_page_keeps_possible_and_certain_apart(tmp_path: Path) -> None:
    page = tmp_path / "daily.html"
    assert run(tmp_path, "daily", "--on", "2024-03-08", "--days", "7", "--html", str(page)).exit_code == 0
    assert "4 reports are left out" in page.read_text(encoding="utf-8")
    report = whole_report(tmp_path / "log.csv")
    free = {**report, "events": [{**e, "restricted": False} for e in report["events"]]}
    text = paper_page(daily_paper(free, Words(), {}))
    assert "Possibly forbidden by" in text
    assert "not known to the case" in text


def test_why_says_what_is_in_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "show")  # ACLED is not passed on
    text = " ".join(run(tmp_path, "ledger", "--why", "red-holds-fire", "--account", "red-tells").stdout.split())
    assert "[A1]: breaks it (possibly: the attacker is Rioters (Red), not known to the case)" in text
    assert "[A3]: breaks it (" not in text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f'A9,2024-03-05,{SHELLING},"Red,Blue,41.0,11.0,1,Rivertown,0', "a quote"),
        (f"A9,2024-03-05,{SHELLING},Red,Blue,41.0,11.0,1,Rivertown,seven", "expected a number of people"),
        (f"A9,9999-03-05,{SHELLING},Red,Blue,41.0,11.0,1,Rivertown,0", "a year from 1800 to 2200"),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    found = run(tmp_path, "ledger", rows=[*ROWS, row])
    assert isinstance(found.exception, StandoffError)
    assert any(said in str(p) and p.line == len(ROWS) + 2 for p in found.exception.problems)


@pytest.mark.parametrize("command", ["ledger", "daily", "brief", "incidents", "audit", "search"])
def test_every_command_with_a_log_is_told_what_the_log_does_not_decide(tmp_path: Path, command: str) -> None:
    log = tmp_path / "log.csv"
    head = HEADER.replace("event_date", "Datum").replace(",", ";")
    row = f"A1;05/03/2024;{SHELLING};Red;Blue;41,0;11,0;1;Rivertown;1.200"
    log.write_text(f"{head}\n{row}\n", encoding="utf-8")
    words = [command, str(TEMPLATE), *(["town"] if command == "search" else []), "--events", str(log)]
    assert "the column 'event_date' is missing" in told(words)
    assert "say --dates dmy for 5 March, or --dates mdy" in told([*words, "--map", "event_date=Datum"])
    read = CliRunner().invoke(cli, [*words, "--map", "event_date=Datum", "--dates", "dmy", "--numbers", "comma"])
    assert read.exit_code == 0, read.output
    assert "1 event of ACLED" in read.stderr
    assert "has no '='" in told([*words, "--map", "event_date"])


def test_a_log_may_be_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    log = tmp_path / "log.xlsx"
    cells = [HEADER.split(","), *(row.split(",") for row in ROWS[:3])]
    other = [HEADER.split(","), ROWS[3].split(",")]
    log.write_bytes(xlsx({"May": cells, "June": other}))
    words = ["ledger", str(TEMPLATE), "--events", str(log)]
    assert "name the sheet with --sheet" in told(words)
    assert "3 events of ACLED" in CliRunner().invoke(cli, [*words, "--sheet", "May"]).stderr


def test_an_audit_counts_what_a_log_accuses_of(tmp_path: Path) -> None:
    alone = json.loads(CliRunner().invoke(cli, ["audit", str(TEMPLATE), "--json"]).stdout)
    beside = json.loads(run(tmp_path, "audit", "--json").stdout)
    acts = {p["actor"]: len(p["acts"]) for p in alone["parties"]}
    more = {p["actor"]: p["acts"] for p in beside["parties"]}
    assert acts == {"red": 1}
    assert more["red"] == ["e2-red", "1 restricted"]
