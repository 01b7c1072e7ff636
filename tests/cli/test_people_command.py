"""The command people: who is where in a run of the Idlib case, with its sub-districts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standoff.cli import main


def test_people_of_a_run_by_sub_district(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    main([
        "run", "idlib", "-n", "6", "--days", "3", "--account", "pooled", "--fixed-parameters", "--workers", "1",
        "--no-report", "--full", "atma", "--out", str(run),
    ])  # fmt: skip
    capsys.readouterr()
    shapes = tmp_path / "areas.geojson"
    main(["people", str(run), "--geojson", str(shapes), "--json"])
    data = json.loads(capsys.readouterr().out)
    dana = next(a for a in data["areas"] if a["area"] == "Dana")
    assert (dana["code"], dana["displaced at the start"], dana["last reported"]) == ("SY070301", 634804, 234000.0)
    assert sum(a["present"] for a in data["areas"]) == pytest.approx(4_136_962, abs=60)
    assert any(f["geometry"] for f in json.loads(shapes.read_text(encoding="utf-8"))["features"])
    main(["people", str(run), "--scenario", "full=atma"])
    assert "Atma is full" in " ".join(capsys.readouterr().out.split())
    with pytest.raises(SystemExit):
        main(["people", str(run), "--on", "2019-12-09"])
    assert "people are not kept for 2019-12-09" in capsys.readouterr().err
