"""The case that `standoff new` starts is one in which every command runs, and its pages fit 80 columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.cli import main

TOUR = (
    "check CASE",
    "claims CASE",
    "disputes CASE",
    "contradictions CASE",
    "corroboration CASE",
    "sources CASE",
    "ledger CASE",
    "daily CASE --on 2024-02-25",
    "audit CASE",
    "track CASE",
    "test CASE",
    "run CASE -n 8 --days 8 --workers 1 --out RUN",
    "explain RUN --case CASE --trajectory 2",
    "report RUN --case CASE",
    "rank CASE -n 20 --days 8 --workers 1",
    "compare CASE -n 8 --days 8 --workers 1",
    "backcast CASE -n 4 --workers 1",
    "verify CASE -n 4 --days 4 --spell 20 --workers 1",
    "export CASE --to annotations --out OUT",
    "export RUN --case CASE --to geojson --out OUT",
)


def _main(*arguments: object) -> int:
    try:
        main([str(a) for a in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_every_command_runs_on_a_new_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    assert _main("new", "river") == 0
    names = {"CASE": "river", "RUN": "played"}
    for number, command in enumerate(TOUR):
        capsys.readouterr()
        arguments = [{**names, "OUT": f"out{number}"}.get(word, word) for word in command.split()]
        assert _main(*arguments) == 0, (command, capsys.readouterr().err)
        page = capsys.readouterr().out
        assert page.strip(), command
        assert max(map(len, page.splitlines())) <= 80, command


def test_a_run_of_ones_own_case_asks_for_the_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _main("new", "river")
    _main("run", "river", "-n", 4, "--days", 4, "--workers", 1, "--no-report", "--out", "played")
    for command in (("explain", "played", "--trajectory", 1), ("report", "played"), ("score", "played")):
        capsys.readouterr()
        assert _main(*command) == 1
        told = capsys.readouterr().err
        assert "--case: the run is of 'example', which does not come with Standoff" in told, command


def test_a_case_that_watches_for_nothing_cannot_be_ranked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _main("new", "river")
    for name in ("outcomes.yaml", "questions.yaml"):
        (tmp_path / "river" / name).unlink()
    capsys.readouterr()
    assert _main("rank", "river", "-n", 4) == 1
    assert "outcomes.yaml: the case watches for no outcome" in capsys.readouterr().err


def test_a_case_of_a_file_has_an_empty_ledger_that_says_so_and_levels_of_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{n},2024-02-{1 + n % 28:02d},shelling,Red,Blue,41,11\n" for n in range(40))
    Path("f.csv").write_text(f"id,date,type,actor,target,lat,lon\n{rows}", encoding="utf-8")
    assert _main("new", "river", "--for", "f.csv") == 0
    assert _main("import", "f.csv", "--into", "river", "--yes", "--name", "feed") == 0
    capsys.readouterr()
    assert _main("ledger", "river", "--events", "feed") == 0
    page = capsys.readouterr().out
    assert page.startswith("The case holds no promise and no threat") and page.endswith("standoff clause river\n")
    assert _main("levels", "river", "--events", "feed", "--by", "country") == _main(
        "levels", "river", "--log", "feed", "--by", "country"
    )
