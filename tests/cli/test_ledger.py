"""The commands ledger, daily and track on the shipped case, as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.cli import cli

RECORD = ["ledger", "idlib", "--account", "pooled"]


def run(*args: str) -> str:
    result = CliRunner().invoke(cli, list(args), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    "args",
    [
        ("ledger", "idlib", "--on", "2018-12-31", "--account", "wsws", "--account", "turkey"),
        ("ledger", "idlib", "--why", "sochi-6", "--account", "turkey", "--account", "russia"),
        ("daily", "idlib", "--on", "2020-02-16", "--account", "wsws"),
        ("ledger", "idlib", "--on", "2020-05-01"),
        ("track", "idlib", "--account", "magnier"),
    ],
)
def test_what_is_printed_fits_eighty_columns(args: tuple[str, ...]) -> None:
    printed = run(*args)
    assert printed
    assert max(map(len, printed.splitlines())) <= 80


def test_each_row_says_what_it_is_and_what_is_still_to_come_stands_in_one_line() -> None:
    printed = run("ledger", "idlib", "--on", "2018-12-01")
    assert max(map(len, printed.splitlines())) <= 80
    lines = printed.splitlines()
    at = lines.index("astana-3  Steps are taken to complete maps of the areas by 4 June 2017")
    assert " ".join(lines[at + 1].split()) == "effort not judged; result broken 2017-06-05 0/1 the record"
    assert lines[at + 2].split()[:2] == ["nothing", "said:"]  # no party's word on the maps is in the record
    assert printed.count("not yet in force") == 1
    later = " ".join(printed.partition("not yet in force: ")[2].partition("\nn = ")[0].split()).split(", ")
    assert "moscow-1" in later
    assert "ultimatum-2020-02-05" in later
    assert not [name for name in later if any(line.startswith(f"{name}  ") for line in lines)]
    table = json.loads(run("ledger", "idlib", "--on", "2018-12-01", "--json"))
    assert {row["commitment"] for row in table} >= set(later)


def test_the_ultimatum_has_two_dated_verdicts() -> None:
    found = {}
    for day in ("2020-02-14", "2020-02-20"):
        table = json.loads(run(*RECORD, "--as-of", day, "--json"))
        found[day] = next(row["verdict"] for row in table if row["commitment"] == "ultimatum-2020-02-05")
    assert found == {"2020-02-14": "conditional", "2020-02-20": "superseded"}


def test_why_gives_events_claims_and_places_in_the_text() -> None:
    found = json.loads(run("ledger", "idlib", "--account", "wsws", "--why", "com-30", "--json"))
    row = found["rows"][0]
    # the offensive came in April 2019, not within the weeks that "imminent" can mean; a raid in November may be one
    assert (row["verdict"], row["words"]) == ("unknown", "unknown")
    raid = next(e for e in row["events"] if e["id"] == "m-2018-11-09-latamneh")
    assert not raid["certain"]
    assert "ground assault" in raid["doubt"]
    assert (row["account_kind"], row["says"]) == ("reading", "")
    claim = found["claims"][0]
    assert claim["at"][0]["paragraph"] > 0
    assert claim["chain"]


def test_the_daily_page_stands_alone(tmp_path: Path) -> None:
    page = tmp_path / "daily.html"
    run("daily", "idlib", "--on", "2020-02-16", "--days", "7", "--account", "wsws", "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert "Taftanaz" in text
    assert "<script" not in text
    assert 'src="' not in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--on", "2020-02-20", "--as-of", "2020-02-14"), "lies after"),
        (("--account", "wsw"), "did you mean 'wsws'?"),
        (("--why", "sochi-55"), "did you mean 'sochi-5'?"),
        (("--events", "no.csv"), "there is no such file"),
    ],
)
def test_bad_input_is_said_and_not_thrown(args: tuple[str, ...], said: str) -> None:
    from standoff.errors import StandoffError

    result = CliRunner().invoke(cli, ["ledger", "idlib", *args])
    assert isinstance(result.exception, StandoffError)
    assert said in str(result.exception)


def test_a_day_that_is_none_is_a_usage_error() -> None:
    result = CliRunner().invoke(cli, ["ledger", "idlib", "--on", "yesterday"])
    assert result.exit_code == 2
    assert "expected one such as 2020-02-14" in result.output


def test_agreements_are_told_apart_by_account_and_fit_the_table() -> None:
    asked = ("ledger", "idlib", "--agreements", "--account", "record", "--account", "daher", "--on", "2020-04-01")
    printed = run(*asked)
    assert max(map(len, printed.splitlines())) <= 80
    assert "superseded by" in printed
    table = json.loads(run(*asked, "--json"))
    june = {row["account"]: row["state"] for row in table if row["agreement"] == "truce-2019-06-12"}
    assert june == {"record": "ended", "daher": "ended"}


def test_a_party_has_no_track_record_of_its_own_telling() -> None:
    from standoff.errors import StandoffError

    result = CliRunner().invoke(cli, ["track", "idlib", "--account", "turkey"])
    assert isinstance(result.exception, StandoffError)
    assert "expected record, wsws, daher, magnier, pooled" in str(result.exception)


def test_a_line_says_whose_word_it_is() -> None:
    table = json.loads(run("ledger", "idlib", "--on", "2018-12-01", "--json"))
    by = {row["account"]: row for row in table if row["commitment"] == "sochi-6"}
    assert (by["record"]["account_kind"], by["record"]["says"], by["record"]["verdict"]) == ("record", "", "contested")
    turkey = by["turkey"]
    assert (turkey["account_kind"], turkey["party"], turkey["says"]) == ("statement", "turkey", "kept")
    assert (turkey["said_on"], turkey["since"]) == ("2018-10-10", "2018-10-10")
    assert (by["russia"]["says"], by["russia"]["said_on"], by["russia"]["claims"]) == ("silent", None, [])
    assert (by["damascus"]["says"], by["damascus"]["by"]) == ("broken", ["turkey"])


def test_whole_agreements_and_the_reasons_of_one_commitment_do_not_go_together() -> None:
    result = CliRunner().invoke(cli, ["ledger", "idlib", "--agreements", "--why", "sochi-6"])
    assert result.exit_code == 2
    assert "do not go together" in result.output
