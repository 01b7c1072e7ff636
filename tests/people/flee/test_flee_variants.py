"""Spellings of Flee's files that others use: each is read, or refused by file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from standoff.case.geography import Route
from standoff.case.parsing import read_table
from standoff.errors import StandoffError
from standoff.exports.flee_tables import case_tables
from standoff.people.flee.folder import FleeFolder, read_folder
from standoff.people.flee.process import FleeProcess
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import left_out, scenario_of
from standoff.people.flee.series import FleeSeries, read_series

MADE_UP = Path(__file__).parent / "made_up" / "input"


def changed(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "input"
    shutil.copytree(MADE_UP, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_date_needs_no_leading_zeros(tmp_path: Path) -> None:
    folder = changed(tmp_path, "sim_period.csv", "2031-03-01", "2031-3-1")
    assert read_folder(folder).start == read_folder(MADE_UP).start


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("conflicts.csv", "Birch", "Alder", "given twice"),
        ("locations.csv", "Mid", "M" * 200_000, "cannot be read"),
        ("sim_period.csv", "2031-03-01", "2031-13-01", "YYYY-MM-DD"),
        ("sim_period.csv", "2031-03-01", "20310301", "YYYY-MM-DD"),
        ("sim_period.csv", "2031-03-01", "9999-12-31", "pass the year 9999"),
        ("sim_period.csv", "2031-03-01", "9999-12-31", "a year from 1800 to 2200"),
        ("sim_period.csv", "2031-03-01", "0025-03-10", "a year from 1800 to 2200"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_file(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    with pytest.raises(StandoffError) as refused:
        read_folder(changed(tmp_path, file, old, new))
    assert message in str(refused.value)
    assert file in str(refused.value)


def written(tmp_path: Path, files: dict[str, str]) -> tuple[Path, Path]:
    """The made-up folder and its data with some files written anew; the key is below ``made_up``."""
    for part in ("input", "data"):
        shutil.copytree(MADE_UP.parent / part, tmp_path / part)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "input", tmp_path / "data"


def text_of(name: str) -> str:
    return (MADE_UP.parent / name).read_text(encoding="utf-8")


CSV = [f"{part}/{path.name}" for part in ("input", "data") for path in sorted((MADE_UP.parent / part).glob("*.csv"))]
SPELLINGS: dict[str, Callable[[str, str], str]] = {
    "a byte order mark": lambda name, text: "\ufeff" + text,
    "line ends of Windows": lambda name, text: text.replace("\n", "\r\n"),
    "commas at the end": lambda name, text: text.replace("\n", ",,\n"),
    "blank lines": lambda name, text: "\n" + text.replace("\n", "\n\n"),
    "blanks after commas": lambda name, text: text.replace(",", ", "),
    "quotes": lambda name, text: re.sub(r"[^,\n]+", r'"\g<0>"', text),
    "headers without #": lambda name, text: text.replace("#", "", 1),
    "headers with # and a blank": lambda name, text: text.replace("#", "# ", 1),
    "headers in small letters": lambda name, text: text.replace("Date,Count", "date,individuals"),
    "headers with #": lambda name, text: text.replace("Date,Count", "#Date,Count"),
    "no headers": lambda name, text: text.replace("Date,Count\n", ""),
    "types in capitals": lambda name, text: (
        re.sub(r"conflict_zone|town|forwarding_hub|idpcamp|,camp,", lambda m: m[0].title(), text)
        if "locations" in name
        else text
    ),
    "closures in capitals": lambda name, text: text.replace("country,", "Country,") if "closures" in name else text,
    "a period in small letters": lambda name, text: text.lower() if "period" in name else text,
    "dates of conflict in words": lambda name, text: text.replace("town,,", "town,n/a,").replace("camp,,", "camp,-,"),
    "limits of -1": lambda name, text: text.replace("14.0,camp,,", "14.0,camp,,-1"),
    "newest first": lambda name, text: (
        "".join([(lines := text.splitlines(keepends=True))[0], *lines[:0:-1]]) if "Date,Count" in text else text
    ),
    "dates twice": lambda name, text: re.sub(r"^(\d.*\n)", r"\1\1", text, flags=re.M) if "Date,Count" in text else text,
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_is_the_same_folder(tmp_path: Path, spelling: str) -> None:
    given, data = written(tmp_path, {name: SPELLINGS[spelling](name, text_of(name)) for name in CSV})
    changed = [name for name in CSV if SPELLINGS[spelling](name, text_of(name)) != text_of(name)]
    assert changed
    plain = read_folder(MADE_UP)
    folder = read_folder(given)
    series = read_series(data, folder)
    for name in ("names", "kind", "conflict", "open_links", "capacity", "spawn", "start", "km"):
        ours, theirs = (getattr(scenario_of(f, s, FleeRules()), name) for f, s in pair(plain, folder, series))
        np.testing.assert_equal(ours, theirs)
    expected = "order of date|the last count is read" if spelling in ("newest first", "dates twice") else "^$"
    warned = folder.warnings + series.warnings
    assert all(re.search(expected, str(p)) for p in warned)
    assert len(warned) == (len(changed) if spelling in ("newest first", "dates twice") else 0)


def pair(plain: FleeFolder, folder: FleeFolder, series: FleeSeries) -> list[tuple[FleeFolder, FleeSeries]]:
    return [(plain, read_series(MADE_UP.parent / "data", plain)), (folder, series)]


PASSED_OVER: dict[str, tuple[str, Callable[[str], str], str]] = {
    "fighting elsewhere": (
        "conflicts.csv",
        lambda text: re.sub(r"$", ",1", text.strip(), flags=re.M).replace("Cedar,1", "Cedar,Quaking"),
        "fighting at 'Quaking': not in locations.csv",
    ),
    "a quiet place misspelt": (
        "conflicts.csv",
        lambda text: re.sub(r"$", ",0", text.strip(), flags=re.M).replace("Cedar,0", "Cedar,Dogwoot"),
        "no fighting there",
    ),
    "a border elsewhere": (
        "closures.csv",
        lambda text: text + "country,Home,Zanadu,3,9\n",
        "country 'Zanadu' is not in locations.csv",
    ),
    "a place elsewhere": ("closures.csv", lambda text: text + "location,Quaking,,3,9\n", "place 'Quaking'"),
    "shut before the first day": (
        "closures.csv",
        lambda text: text + "country,Home,Farland,-9,-1\n",
        "never shut, as in Flee",
    ),
    "coordinates the wrong way round": (
        "locations.csv",
        lambda text: text.replace("11.4,14.0", "114.0,11.4"),
        "'Elm': no latitude and longitude on Earth",
    ),
    "days by date": (
        "conflicts.csv",
        lambda text: re.sub(r"^(\d+),", r"2031-03-\1,", text, flags=re.M),
        "day '2031-03-0' where day 0 was expected (all lines are read by position)",
    ),
}


@pytest.mark.parametrize("case", PASSED_OVER)
def test_what_flee_passes_over_is_one_warning(tmp_path: Path, case: str) -> None:
    file, change, message = PASSED_OVER[case]
    given, data = written(tmp_path, {f"input/{file}": change(text_of(f"input/{file}"))})
    plain, folder = read_folder(MADE_UP), read_folder(given)
    assert [message in str(p) for p in folder.warnings] == [True]
    for name in ("conflict", "open_links", "spawn"):
        ours, theirs = (
            getattr(scenario_of(f, s, FleeRules()), name) for f, s in pair(plain, folder, read_series(data, folder))
        )
        np.testing.assert_equal(ours, theirs)


def test_a_closure_that_ends_on_day_0_never_ends(tmp_path: Path) -> None:
    given, _ = written(tmp_path, {"input/closures.csv": "#a\ncountry,Home,Farland,3,0\n"})
    folder = read_folder(given)
    assert [(c.start, c.end) for c in folder.closures] == [(3, -1)]
    assert "read as never" in str(folder.warnings[0])


@pytest.mark.thorough
def test_a_route_of_0_km_is_weighed_as_such_and_can_be_walked(tmp_path: Path) -> None:
    routes = text_of("input/routes.csv").replace("Cedar,Fir,40", "Cedar,Fir,0")
    given, data = written(tmp_path, {"input/routes.csv": routes})
    folder = read_folder(given)
    scenario = scenario_of(folder, read_series(data, folder), FleeRules(softening=0.0))
    run = FleeProcess(scenario, FleeRules(softening=0.0)).run(np.random.default_rng(1), 4)
    whole = (run.counts.sum(axis=1) + run.travelling)[-1]
    assert (whole == scenario.start.sum() + scenario.spawn.sum()).all()
    at = scenario.names.index("Fir")
    assert run.counts[-1, at].min() > 0.5 * scenario.capacity[at]  # next door to where most people pass


def test_a_route_of_0_km_becomes_one_that_a_case_can_have(tmp_path: Path) -> None:
    given, _ = written(
        tmp_path, {"input/routes.csv": text_of("input/routes.csv").replace("Cedar,Fir,40", "Cedar,Fir,0")}
    )
    case_tables(read_folder(given), None, tmp_path / "tables")
    rows, problems = read_table(tmp_path / "tables/routes.csv", "routes.csv", Route)
    assert problems == []
    assert min(float(row.data["km"]) for row in rows) == 1.0


def test_an_earlier_edition_calls_the_period_otherwise(tmp_path: Path) -> None:
    given, _ = written(tmp_path, {})
    (given / "sim_period.csv").rename(given / "conflict_period.csv")
    assert read_folder(given).days == 120


def test_a_correction_may_name_a_series_that_is_no_camp(tmp_path: Path) -> None:
    corrections = "Gorse,2031-05-20\nElsewhere,2031-04-20\n"
    layout = text_of("data/data_layout.csv") + "Elsewhere,fir.csv\n"
    given, data = written(tmp_path, {"input/registration_corrections.csv": corrections, "data/data_layout.csv": layout})
    series = read_series(data, read_folder(given))
    assert series.camps["Elsewhere"][0][1] == pytest.approx(100 * 620 / 300)
    assert series.raw["Elsewhere"][0][1] == 100


def test_a_misspelt_correction_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    given, data = written(tmp_path, {"input/registration_corrections.csv": "Gorsse,2031-05-20\n"})
    with pytest.raises(StandoffError, match=r"registration_corrections.csv:1: camp 'Gorsse' .*did you mean 'Gorse'"):
        read_series(data, read_folder(given))


def test_people_who_have_nowhere_to_come_from_are_told(tmp_path: Path) -> None:
    places = text_of("input/locations.csv").replace("conflict_zone,0,40000", "conflict_zone,0,")
    given, data = written(tmp_path, {"input/locations.csv": places})
    folder = read_folder(given)
    scenario = scenario_of(folder, read_series(data, folder), FleeRules())
    (warning,) = left_out(folder, scenario)
    first = int(np.flatnonzero(scenario.spawn)[0])
    assert f"the first day {first} (Flee stops there" in str(warning)
    run = FleeProcess(scenario, FleeRules()).run(np.random.default_rng(1), 2)
    arisen = (run.counts.sum(axis=1) + run.travelling)[-1] - scenario.start.sum()
    missing = int(str(warning).split(": ", 1)[1].split()[0])
    assert (arisen == scenario.spawn.sum() - missing).all()
    assert missing > 0
