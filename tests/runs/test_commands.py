"""The commands over ensembles, on an invented case: what they print, what they refuse, and the words they may use."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from run_case import START

from standoff.case.read import SHIPPED
from standoff.cli import main

OUTCOMES = """
- id: red-shells
  title: Red shells the town
  event: {type: shelling, actor: red}
- id: blue-shells
  title: Blue fires back
  event: {type: assault, actor: blue}
- id: thousand
  title: At least 1,000 people newly displaced
  people: newly-displaced
  threshold: 1000
"""
SCENARIO = """
id: road-shut
title: The road to the camp is shut
lever: humanitarian
changes:
  - {shut: "route:market:camp", from: 2024-03-10}
"""
QUESTIONS = """
- id: q1
  cutoff: 2024-03-01
  text: Does Blue fire by 20 March?
  deadline: 2024-03-20
  outcome: blue-shells
  resolved: "yes"
  resolution: invented
  said: {red-tells: 0.4}
"""
OBSERVED = """id,from,to,measure,indicator,value,bound,place,origin
o1,2024-03-01,2024-03-20,people-displaced,people displaced,9000,about,the region,OCHA
o2,2024-01-01,2024-02-15,people-displaced,people displaced,4500,about,the region,OCHA
"""
FORBIDDEN = re.compile(
    r"\bwill (happen|attack|strike|fall|win|lose)\b|\bvalidated\b|\bproven\b|\blying\b"
    r"|\blies\b(?! (outside|inside|within|beyond|between|ahead|in|on|at)\b)",
    re.IGNORECASE,
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    root = tmp_path / "case"
    shutil.copytree(SHIPPED.parent / "case" / "template", root)
    (root / "outcomes.yaml").write_text(OUTCOMES)
    (root / "questions.yaml").write_text(QUESTIONS)
    (root / "observed.csv").write_text(OBSERVED)
    (root / "scenarios").mkdir(exist_ok=True)
    (root / "scenarios" / "road-shut.yaml").write_text(SCENARIO)
    return root


def _call(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    code = 0
    try:
        main([str(a) for a in args])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_run_writes_a_folder_and_the_same_one_again(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bytes_of = []
    for name, workers in (("one", 1), ("two", 2)):
        out = tmp_path / name
        code, text, _ = _call(
            capsys, "run", case, "-n", 20, "--days", 30, "--out", out, "--workers", workers, "--no-report"
        )
        assert code == 0
        assert text.rstrip().endswith(str(out))
        assert not FORBIDDEN.search(text)
        bytes_of.append({p.name: p.read_bytes() for p in out.iterdir()})
    assert bytes_of[0] == bytes_of[1]
    assert START.isoformat() in bytes_of[0]["run.json"].decode()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]
    code, _, err = _call(capsys, "run", case, "-n", 20, "--out", tmp_path / "one")
    assert code == 1
    assert "--force" in err


def test_explain_tells_where_each_step_rests(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    assert _call(capsys, "run", case, "-n", 8, "--days", 30, "--out", out, "--no-report", "--workers", 1)[0] == 0
    code, text, _ = _call(capsys, "explain", out, "--case", case, "--trajectory", 2)
    assert code == 0
    assert "rests on" in text
    assert not FORBIDDEN.search(text)
    code, _, err = _call(capsys, "explain", out, "--case", case, "--account", "blue-tels")
    assert code == 1
    assert "blue-tells" in err
    (case / "options.yaml").write_text((case / "options.yaml").read_text() + "\n# changed\n")
    code, _, err = _call(capsys, "explain", out, "--case", case)
    assert code == 1
    assert "changed" in err


def test_score_sets_the_run_beside_what_was_observed(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    assert _call(capsys, "run", case, "-n", 20, "--days", 30, "--out", out, "--no-report", "--workers", 1)[0] == 0
    code, text, _ = _call(capsys, "score", out, "--case", case, "--json")
    assert code == 0
    rows = json.loads(text)
    assert {r["method"] for r in rows} >= {"model: pooled", "nobody", "pace of the last wave"}
    pace = next(r for r in rows if r["method"] == "pace of the last wave")
    assert pace["median"] == pytest.approx(4500 / 45 * 19)
    assert all(r["loss"] >= 0 for r in rows)
    text = _call(capsys, "score", out, "--case", case)[1]
    assert max(map(len, text.splitlines())) <= 80
    assert all(r["method"][:25] in text and f"{r['median']:,.0f}" in text for r in rows)
    assert text.count("*") - 1 == sum(not r["inside"] for r in rows)  # one in the key


def test_compare_is_paired_and_says_so(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = _call(capsys, "compare", case, "-n", 20, "--days", 25, "--workers", 1)
    assert code == 0
    assert "paired" in text
    assert "in this model" in text.lower()
    code, text, _ = _call(capsys, "compare", case, "-n", 20, "--days", 25, "--workers", 1, "--json")
    found = json.loads(text)["differences"]
    assert {d["kind"] for d in found} == {"scenario", "account"}


def test_rank_tells_chance_from_disputed_fact(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ("rank", case, "-n", 60, "--days", 25, "--workers", 1, "--outcome", "blue-shells")
    code, text, _ = _call(capsys, *args, "--stock", "1:5")
    assert code == 0
    for word in ("in this model", "n = 60", "chance", "who-shelled", "best stock"):
        assert word in text
    assert not FORBIDDEN.search(text)
    told = json.loads(_call(capsys, *args, "--json")[1])
    assert told["ranking"]["share_chance"] + told["ranking"]["share_disputed"] == pytest.approx(1.0)
    code, _, err = _call(capsys, "rank", case, "--outcome", "blue-shels")
    assert code == 1
    assert "blue-shells" in err


def test_backcast_prints_where_it_loses(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = _call(capsys, "backcast", case, "-n", 20, "--workers", 1)
    assert code == 0
    for word in (
        "Where the model loses",
        "uniform",
        "persistence",
        "base rate",
        "commitments off",
        "n = 20",
        "no claim",
        "uniform: always one half",
    ):
        assert word in text
    assert not FORBIDDEN.search(text)
    assert re.search(
        r"^in short: mean Brier score on \d+ questions: model: \S+ 0\.\d{3}, uniform 0\.250,", text, re.MULTILINE
    )
    code, _, err = _call(capsys, "backcast", case, "--cutoff", "2024-02-30")
    assert code == 1
    assert "calendar" in err


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("--account", "pooledd"), "pooled"),
        (("--scenario", "road-shutt"), "road-shut"),
        (("-n", "0"), "-n"),
        (("--days", "100000"), "--days"),
        (("--start", "2024-02-30"), "--start"),
        (("--mode", "sequentiall"), "sequential"),
        (("--workers", "0"), "--workers"),
    ],
)
def test_bad_options_are_refused_with_the_nearest_name(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], word: str
) -> None:
    code, _, err = _call(capsys, "run", case, *args, "--out", tmp_path / "run")
    assert code == 1
    assert word in err
    assert "Traceback" not in err
    assert not (tmp_path / "run").exists()


def test_no_sentence_of_the_code_says_what_must_not_be_said() -> None:
    root = SHIPPED.parent
    for folder in ("experiment", "world", "views", "cli"):
        for path in sorted((root / folder).rglob("*.py")):
            for text in re.findall(r'"[^"\n]*"', path.read_text(encoding="utf-8")):
                assert not FORBIDDEN.search(text), (path.name, text)


@pytest.mark.thorough
def test_a_rolling_backcast_prints_what_it_left_out(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about = (case / "case.yaml").read_text()
    assert "period:" in about
    (case / "case.yaml").write_text(re.sub(r"period: .*", "period: 2023-01-01/2024-04-30", about))
    (case / "coverage.csv").write_text(
        "source,types,actor,from,to,within,note\nobserver,assault,,2023-01-01,2024-12-31,,invented\n"
    )
    code, text, err = _call(capsys, "backcast", case, "--rolling", "-n", 4, "--workers", 1)
    assert code == 0, err
    for word in ("n = 4", "left out", "no claim of significance", "Calibration", "base rate by crisis", "in sample"):
        assert word in " ".join(text.split())
    assert not FORBIDDEN.search(text)
    assert max(len(line) for line in text.splitlines()) <= 80
    code, _, err = _call(capsys, "backcast", case, "--rolling", "--cutoff", "2024-03-01")
    assert code == 1
    assert "--rolling" in err
