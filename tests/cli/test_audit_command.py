"""What ``standoff audit`` prints: the answer first, within 60, 80 and 120 columns, and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from standoff.case.read import load
from standoff.cli import main
from standoff.commitments.audit import Audit, audit
from standoff.views.lines.audit import audit_lines


def _main(*arguments: object) -> int:
    try:
        main([str(a) for a in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture(scope="module")
def idlib() -> Audit:
    return audit(load("idlib"))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit(idlib: Audit, width: int) -> None:
    lines = list(audit_lines(idlib, width))
    assert max(map(len, lines)) <= width
    assert max(map(len, lines)) > width - 20  # and use it
    whole = list(audit_lines(idlib, width, 10**6))
    assert max(map(len, whole)) <= width
    short = list(audit_lines(idlib, width, 1))
    assert max(map(len, short)) <= width
    assert len(short) < len(whole)
    assert any(" more" in line for line in short)


def test_every_id_is_listed_with_all(idlib: Audit) -> None:
    text = " ".join(" ".join(audit_lines(idlib, 80, 10**6)).split())
    for party in idlib.parties:
        for ids in (party.contested, party.unanswered, *party.uncitable.values(), party.unsourced):
            assert not ids or f"({len(ids)}): {', '.join(ids)}" in text
    for host, uses in idlib.hosts.items():
        assert f"{host} {uses}" in text


def test_the_answer_comes_first_and_counts_what_the_record_has(idlib: Audit) -> None:
    first = " ".join(list(audit_lines(idlib, 120))[:4])
    assert first.startswith(f"{len(idlib.accusing)} rows accuse somebody by name")
    assert f"{len(idlib.unanswered)} without the answer of everybody accused" in first
    assert f"{len(idlib.uncitable)} on sources that no newsroom could cite" in first
    assert {e for p in idlib.parties for e in p.acts} == set(idlib.accusing)


def test_the_command_prints_a_new_case_and_its_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    assert _main("new", "river") == 0
    capsys.readouterr()
    assert _main("audit", "river") == 0
    out = capsys.readouterr().out
    assert out.startswith("1 row accuses somebody by name on 2024-12-31: 0 without the\nanswer of everybody accused")
    assert "river-ceasefire: red 1 (1 contested); blue 0" in out
    assert out.endswith("next: standoff audit river --all\n")
    assert max(map(len, out.splitlines())) <= 60
    assert _main("audit", "river", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    expected = json.loads(json.dumps(asdict(audit(load("river"))), default=str))
    assert found == expected
    assert [p["actor"] for p in found["parties"]] == ["red"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("audit", "idlibb"), "did you mean 'idlib'?"),
        (("audit", "idlib", "--on", "soon"), "'soon' is not a day"),
        (("audit", "idlib", "--on", "1999-01-01"), "--on: 1999-01-01 is before the record"),
    ],
)
def test_what_cannot_be_audited_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert _main(*arguments) != 0
    assert words in capsys.readouterr().err


def test_a_new_case_passes_with_no_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _main("new", "river")
    capsys.readouterr()
    assert _main("check", "river", "--strict") == 0
    assert "river: 0 errors, 0 warnings" in capsys.readouterr().out
    text = Path("river/events.csv").read_text(encoding="utf-8")
    Path("river/events.csv").write_text(text.replace(",c-shelling-denied\n", ",\n"), encoding="utf-8")
    assert _main("check", "river") == 0  # the denial names the row: it answers without being named
    Path("river/publishers.csv").write_text("id,name,standing,party,note\n", encoding="utf-8")
    text = Path("river/sources.yaml").read_text(encoding="utf-8")
    Path("river/sources.yaml").write_text(text.replace("standing: wire", "standing: commentary"), encoding="utf-8")
    capsys.readouterr()
    assert _main("check", "river") == 1
    out = capsys.readouterr().out
    assert "e2-red accuses red of shelling on observer.example (not judged), observer (commentary)" in out
    assert "without an answer" not in out  # the page that tells the row prints the denial (decision 178)
