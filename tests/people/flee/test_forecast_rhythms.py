"""`standoff flee forecast` on made-up folders of every reporting rhythm: it forecasts, and never breaks."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from math import isfinite
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from standoff.cli import cli
from standoff.errors import StandoffError

START = date(2031, 3, 1)
Counts = list[tuple[int, int]]


def steady(days: range) -> Counts:
    return [(d, 200 + 30 * d) for d in days]


def irregular(camp: int) -> Counts:
    rng = np.random.default_rng(camp)
    days = np.unique(np.cumsum(rng.integers(1, 60, 18)))
    return [(int(d), int(v)) for d, v in zip(days, 1000 + np.cumsum(rng.integers(-90, 200, days.size)), strict=True)]


KINDS: dict[str, list[Counts]] = {
    "daily": [steady(range(130))],
    "weekly": [steady(range(0, 400, 7)), [(d, 4000 - 5 * d) for d in range(0, 400, 7)]],
    "monthly": [steady(range(0, 700, 30)), [(d, 90 * d // 4) for d in range(0, 700, 31)]],
    "irregular": [irregular(1), irregular(2), irregular(3)],
    "opening in the middle": [
        steady(range(0, 300, 10)),
        [(d, 0 if d < 150 else 50 * (d - 149)) for d in range(0, 300, 10)],
    ],
    "closing": [
        steady(range(0, 300, 10)),
        [(d, max(3000 - 20 * d, 0)) for d in range(0, 300, 10)],
        steady(range(0, 90, 10)),
    ],
    "few reports": [[(0, 10), (200, 4000)], [(100, 50)]],
    "a single report": [[(40, 1234)]],
    "constant": [[(d, 5000) for d in range(0, 600, 15)]],
    "nobody": [[(d, 0) for d in range(0, 300, 15)]],
    "corrections": [[(d, int((300 + 25 * d) * (1 if d < 200 else 0.4))) for d in range(0, 400, 8)]],
    "a silent half year": [[(d, 100 * d) for d in [*range(0, 120, 10), *range(300, 400, 10)]]],
    "before the first day": [[(d, 500 + d) for d in range(-90, 200, 15)]],
}


def write(folder: Path, camps: list[Counts]) -> tuple[Path, Path]:
    """A folder with one place of fighting and these camps, and its data."""
    source, data = folder / "input", folder / "data"
    source.mkdir()
    data.mkdir()
    names = [f"Camp{i}" for i in range(len(camps))]
    head = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
    places = [f"{n},Far,Farland,1.0,{i + 1}.0,camp,,0\n" for i, n in enumerate(names)]
    (source / "locations.csv").write_text(head + "Alder,North,Home,0.0,0.0,conflict_zone,0,90000\n" + "".join(places))
    routes = "".join(f"Alder,{n},{100 + i},0\n" for i, n in enumerate(names))
    (source / "routes.csv").write_text("#name1,name2,distance,forced_redirection\n" + routes)
    (source / "conflicts.csv").write_text("#Day,Alder\n" + "".join(f"{d},1\n" for d in range(31)))
    (source / "closures.csv").write_text("#closure_type,name1,name2,closure_start,closure_end\n")
    (source / "sim_period.csv").write_text(f"StartDate,{START}\nLength,30\n")
    layout = "total,all.csv\n" + "".join(f"{n},{n}.csv\n" for n in names)
    (data / "data_layout.csv").write_text(layout)
    whole: dict[int, int] = {}
    for name, counts in zip(names, camps, strict=True):
        rows = "".join(f"{START + timedelta(days=d)},{v}\n" for d, v in counts)
        (data / f"{name}.csv").write_text("Date,Count\n" + rows)
        for d, v in counts:
            whole[d] = whole.get(d, 0) + v
    rows = "".join(f"{START + timedelta(days=d)},{whole[d]}\n" for d in sorted(whole))
    (data / "all.csv").write_text("Date,Count\n" + rows)
    return source, data


@pytest.fixture
def forecast(tmp_path: Path) -> Callable[[list[Counts]], tuple[str, list[dict[str, str]], list[dict[str, float]]]]:
    def run(camps: list[Counts]) -> tuple[str, list[dict[str, str]], list[dict[str, float]]]:
        given, data = write(tmp_path, camps)
        out = tmp_path / "out"
        done = CliRunner().invoke(cli, ["flee", "forecast", str(given), "--data", str(data), "-o", str(out)])
        assert done.exit_code == 0, done.output
        with (out / "forecasts.csv").open() as handle:
            return done.output, list(csv.DictReader(handle)), json.loads((out / "skill.json").read_text())

    return run


@pytest.mark.parametrize("kind", KINDS)
def test_every_rhythm_is_forecast(kind: str, forecast) -> None:
    camps = KINDS[kind]
    told, rows, skill = forecast(camps)
    assert max(len(line) for line in told.splitlines() if "forecasts.csv" not in line and "warning" not in line) <= 80
    for row in rows:
        low, middle, high = (float(row[k]) for k in ("low80", "forecast", "high80"))
        assert 0 <= low <= middle <= high
        origin, last = date.fromisoformat(row["origin"]), float(row["last_report"])
        reports = [v for d, v in camps[int(row["camp"][4:])] if START + timedelta(days=d) <= origin]
        assert reports[-1] == last
        assert middle <= max(6 * last, 1.0)
    for horizon in (30, 90):
        counted = [c for c in camps if len(c) >= 4 and len({v for _, v in c}) > 1]  # what is not a count is not scored
        due = sum(counts[0][0] <= d - horizon for counts in counted for d, _ in counts)
        scored = [r for r in rows if r["horizon"] == str(horizon) and r["reported"]]
        assert len(scored) == due
        assert sum(not r["reported"] for r in rows if r["horizon"] == str(horizon)) == len(camps)
        assert (f"No report stands {horizon} days after an earlier one" in told) == (due == 0)
        assert {s["n"] for s in skill if s["horizon"] == horizon} == ({due} if due else set())
    assert all(isfinite(s["crps"]) and isfinite(s["ard"]) for s in skill)


def gain(skill: list[dict[str, float]], horizon: int, score: str) -> float:
    mine = {str(s["method"]): s[score] for s in skill if s["horizon"] == horizon}
    ours = next(v for name, v in mine.items() if name.startswith("standoff"))
    return 1 - ours / mine["persistence of levels"]


@pytest.mark.parametrize("kind", ["weekly", "monthly"])
def test_steady_camps_gain_much_at_any_rhythm(kind: str, forecast) -> None:
    _, _, skill = forecast(KINDS[kind])
    assert gain(skill, 30, "ard") > 0.4
    assert gain(skill, 90, "crps") > 0.05


def test_a_camp_that_stands_still_is_not_made_to_grow(forecast) -> None:
    _, rows, skill = forecast(KINDS["constant"])
    assert {float(r["forecast"]) for r in rows} == {5000}
    assert skill == []


def test_only_the_reports_are_needed(tmp_path: Path) -> None:
    given, data = write(tmp_path, KINDS["weekly"])
    for name in ("locations.csv", "routes.csv", "conflicts.csv", "sim_period.csv"):
        (given / name).write_text("what,ever\n")
    for n, words in enumerate((["--data", str(data)], [str(given), "--data", str(data)], [str(data)], [str(tmp_path)])):
        done = CliRunner().invoke(cli, ["flee", "forecast", *words, "-o", str(tmp_path.parent / f"out{n}")])
        assert done.exit_code == 0, done.output
    written = {(tmp_path.parent / f"out{n}/forecasts.csv").read_bytes() for n in range(4)}
    assert len(written) == 1
    with pytest.raises(StandoffError, match="no folder is named"):
        CliRunner().invoke(cli, ["flee", "forecast", "-o", str(tmp_path / "o")], catch_exceptions=False)
    with pytest.raises(StandoffError, match="no such folder"):
        CliRunner().invoke(cli, ["flee", "forecast", str(data / "none"), "-o", "o"], catch_exceptions=False)
    assert not (tmp_path / "o").exists()


def test_folders_without_a_report_are_refused(tmp_path: Path) -> None:
    given, data = write(tmp_path, [[]])
    words = ["flee", "forecast", str(given), "--data", str(data), "-o", str(tmp_path / "out")]
    with pytest.raises(StandoffError, match="no camp has a report"):
        CliRunner().invoke(cli, words, catch_exceptions=False)
    assert not (tmp_path / "out").exists()
