"""Flee folders as people have them: each is read as it is meant and says so, or refused with the way on."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from as_printed import as_printed, prints
from click.testing import CliRunner

from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.people import flee
from standoff.people.flee import process
from standoff.people.flee.folder import MOST_ALIKE, FleeFolder
from standoff.people.flee.omissions import difference
from standoff.people.flee.rules import FleeRules
from standoff.people.flee.scenario import in_force, scenario_of
from standoff.people.flee.settings import left_out_by

MADE_UP = Path(__file__).parent / "made_up"
FETCHED = Path(__file__).parents[4] / "shared" / "data" / "fetched" / "flee_more"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    shutil.copytree(MADE_UP / "input", tmp_path / "input")
    shutil.copytree(MADE_UP / "data", tmp_path / "data")
    return tmp_path


def read(case: Path, **options: object) -> flee.FleeInput:
    return flee.read(case / "input", case / "data", **options)  # type: ignore[arg-type]


def swap(case: Path, file: str, old: str, new: str) -> None:
    text = (case / file).read_text()
    assert old in text
    (case / file).write_text(text.replace(old, new))


def told(given: flee.FleeInput) -> str:
    return "\n".join(map(str, given.warnings))


def plain(folder: FleeFolder) -> tuple[object, ...]:
    """What a folder means, whatever the lines on which it stands."""
    places = [(p.name, p.country, p.lat, p.lon, p.kind, p.conflict_date, p.population) for p in folder.places]
    return places, [(r.a, r.b, r.km, r.forced) for r in folder.routes], folder.conflict, folder.start, folder.days


def test_without_conflicts_fighting_begins_by_its_date(case: Path) -> None:
    (case / "input/conflicts.csv").unlink()
    swap(case, "input/locations.csv", "conflict_zone,0,", "conflict_zone,7,")
    given = read(case)
    zones = [p for p in given.folder.places if p.kind == "conflict_zone"]
    force = in_force(given.folder.places, given.folder.conflict, given.folder.days)
    for i, place in enumerate(given.folder.places):
        first = place.conflict_date if place in zones else given.folder.days
        assert list(force[:, i]) == [float(day >= first) for day in range(given.folder.days)]
    assert f"fighting begins by conflict_date in locations.csv (places: {len(zones)})" in told(given)
    swap(case, "input/locations.csv", "conflict_zone", "town")
    with pytest.raises(StandoffError, match=r"no place of locations.csv is a conflict_zone"):
        read(case)


def test_without_a_period_it_is_that_of_the_reports_or_asked_for(case: Path) -> None:
    whole = read(case)
    (case / "input/sim_period.csv").unlink()
    given = read(case)
    assert given.folder.start == whole.folder.start
    assert given.folder.days == whole.folder.days  # conflicts.csv has so many
    assert "the first day is that of the reports, 2031-03-01" in told(given)
    assert read(case, start="2031-02-01", days=20).folder.start == date(2031, 2, 1)
    (case / "input/conflicts.csv").unlink()
    assert "days until the last report" in told(read(case))
    with prints(r"no such file, and no reports to take the period from; expected .* --start"):
        flee.read(case / "input")


def test_fewer_days_of_fighting_than_the_period_are_run_as_far_as_they_go(case: Path) -> None:
    lines = (case / "input/conflicts.csv").read_text().splitlines()
    (case / "input/conflicts.csv").write_text("\n".join(lines[:31]) + "\n")
    given = read(case)
    assert given.folder.days == 30
    assert "30 days of fighting, and a period of 120 (30 days are run)" in told(given)
    with pytest.raises(StandoffError, match="30 days of fighting; expected 50"):
        read(case, days=50)


def test_columns_are_read_by_the_names_of_the_header(case: Path) -> None:
    before = plain(read(case).folder)
    lines = [line.split(",") for line in (case / "input/locations.csv").read_text().splitlines()]
    order = [0, 2, 1, 4, 3, 7, 6, 5]
    (case / "input/locations.csv").write_text("\n".join(",".join(line[i] for i in order) for line in lines) + "\n")
    given = read(case)
    assert plain(given.folder) == before
    assert "columns stand in another order than in Flee (read by their names)" in told(given)
    lines = [line.split(",") for line in (case / "input/routes.csv").read_text().splitlines()]
    words = ["link_type", *["drive", "walk"] * len(lines)]
    (case / "input/routes.csv").write_text(
        "\n".join(",".join([*line[:3], word]) for line, word in zip(lines, words, strict=False)) + "\n"
    )
    given = read(case)
    assert [r[:3] for r in plain(given.folder)[1]] == [r[:3] for r in before[1]]  # type: ignore[index, attr-defined]
    assert {r.forced for r in given.folder.routes} == {0}
    assert "column 'link_type' has no effect here" in told(given)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("40000", '"40,000"', "'40,000' with a separator of thousands"),
        ("40000", "40 000", "'40 000' with a separator of thousands"),
        ("40000", "40000.0", ""),
        ("40000", "4e4", ""),
    ],
)
def test_whole_numbers_as_spreadsheets_write_them(case: Path, old: str, new: str, said: str) -> None:
    before = plain(read(case).folder)
    swap(case, "input/locations.csv", old, new)
    given = read(case)
    assert plain(given.folder) == before
    assert said in told(given)


@pytest.mark.parametrize("new", ["40.000", '"40,00"', '"4,0000"', "40000.5", "4e-1", "nan", "1e99", '"0,400"'])
def test_numbers_that_may_mean_something_else_are_refused(case: Path, new: str) -> None:
    swap(case, "input/locations.csv", ",40000", f",{new}")
    with pytest.raises(StandoffError, match=r"locations.csv:2: population .* a whole number"):
        read(case)


def test_a_decimal_comma_is_refused_with_the_number_meant(case: Path) -> None:
    swap(case, "input/routes.csv", "Birch,60", 'Birch,"60,5"')
    with pytest.raises(StandoffError, match=r"distance '60,5'; expected a number .* \(write 60.5\)"):
        read(case)


def test_separators_are_one_warning_a_file(case: Path) -> None:
    path = case / "data/hazel.csv"
    path.write_text(re.sub(r",(\d)(\d*)\n", r',"\1,\g<2>000"\n', path.read_text()))
    path.write_text('Date,Count\n2031-03-01,"1,000"\n2031-04-01,"2,000"\n2031-05-01,"2,500"\n')
    given = read(case)
    assert [v for _, v in given.series.raw["Hazel"]] == [1000, 2000, 2500]  # type: ignore[union-attr]
    assert told(given).count("with a separator of thousands") == 1
    assert "'1,000' and 2 more with" in told(given)


def test_names_in_other_signs_are_the_same_name_and_said(case: Path) -> None:
    before = plain(read(case).folder)
    swap(case, "input/locations.csv", "Alder,", "Old_Alder,")
    swap(case, "input/routes.csv", "Alder,", "old alder,")
    swap(case, "input/conflicts.csv", "Alder", "OLD-ALDER")
    swap(case, "data/data_layout.csv", "Hazel,", "HAZEL,")
    given = read(case)
    assert given.folder.conflict["Old_Alder"] == before[2]["Alder"]  # type: ignore[index, call-overload]
    assert {r.a for r in given.folder.routes} >= {"Old_Alder"}
    assert "Hazel" in given.series.camps  # type: ignore[union-attr]
    assert "'OLD-ALDER' read as 'Old_Alder': Flee takes them for two places" in told(given)


def test_near_names_are_refused_or_left_out_on_request(case: Path) -> None:
    swap(case, "input/conflicts.csv", "Cedar", "Ceder")
    with prints(r"'Ceder' is not known \(did you mean 'Cedar'.*--without near-names"):
        read(case)
    given = read(case, without=["near-names"])
    assert "Cedar" not in given.folder.conflict
    assert "fighting at 'Ceder': not in locations.csv" in told(given)


def test_a_place_given_twice_is_told_with_both_lines(case: Path) -> None:
    lines = (case / "input/locations.csv").read_text().splitlines()
    (case / "input/locations.csv").write_text("\n".join([*lines, lines[1]]) + "\n")
    assert "is given twice, in the same words (read once)" in told(read(case))
    (case / "input/locations.csv").write_text("\n".join([*lines, lines[1].replace("40000", "50000")]) + "\n")
    with pytest.raises(StandoffError, match=r"given twice, in other words; .* \(first on line 2\)"):
        read(case)


SETTINGS = """spawn_rules:
  flood_driven_spawning: {spawn_mode: pop_ratio}
move_rules:
  awareness_level: 2
  start_on_foot: true
  avoid_short_stints: true
  flood_movechance: 0.3
"""


def test_what_is_not_modelled_is_refused_by_its_word_and_left_out_on_request(case: Path) -> None:
    swap(case, "input/locations.csv", "town,,9000", "flood_zone,,9000")
    (case / "simsetting.yml").write_text(SETTINGS)
    arguments = ["flee", "run", str(case / "input"), "--data", str(case / "data"), "-n", "2", "--days", "10"]
    arguments += ["--settings", str(case / "simsetting.yml"), "-o", str(case / "out")]
    words = ["flood-zones", "awareness-level", "start-on-foot", "avoid-short-stints"]
    with pytest.raises(StandoffError) as refused:
        flee.read_rules(case / "simsetting.yml")
    assert all(f"--without {word} runs without it" in as_printed(refused.value) for word in words)
    with prints(r"location_type 'flood_zone'; .*--without flood-zones runs without it"):
        read(case)
    done = CliRunner().invoke(cli, [*arguments, "--without", ",".join(words[:2]), "--without", ",".join(words[2:])])
    assert done.exit_code == 0, done.output
    assert all(f"is left out: {difference(word)}" in done.stderr for word in words)
    assert json.loads((case / "out/run.json").read_text())["without"] == sorted(words)
    before = (case / "out/scores.json").read_bytes()
    again = CliRunner().invoke(cli, ["flee", "score", str(case / "out"), "--data", str(case / "data")])
    assert again.exit_code == 0, again.output
    assert (case / "out/scores.json").read_bytes() == before
    with pytest.raises(StandoffError, match=r"'flod-zones' is nothing to leave out; .*did you mean 'flood-zones'"):
        flee.read_rules(None, ["flod-zones"])


def test_a_first_word_is_enough_to_leave_something_out() -> None:
    assert left_out_by(["flood,awareness"]) == {"flood-zones", "flood-zone-spawning-only", "awareness-level"}
    assert left_out_by(["floods"]) == {"flood-zones", "flood-zone-spawning-only"}
    with pytest.raises(StandoffError, match=r"'conflict' may be conflict-spawn-decay-interval or conflict-zone"):
        left_out_by(["conflict"])


def test_forced_routes_are_obeyed_or_ignored_as_flee_does(case: Path) -> None:
    swap(case, "input/routes.csv", "Elm,Gorse,120,0", "Elm,Gorse,120,1")
    obeyed, ignored = read(case, days=20), read(case, days=20, ignore_forced_routes=True)
    assert [r.forced for r in obeyed.folder.routes if r.a == "Elm" and r.b == "Gorse"] == [1]
    assert {r.forced for r in ignored.folder.routes} == {0}
    assert "so the run is not Flee's" in told(obeyed)
    assert "--ignore-forced-routes runs as Flee does" in told(obeyed)
    assert "are read as any other (as Flee 3.1 does" in told(ignored)
    swap(case, "input/routes.csv", "Elm,Gorse,120,1", "Elm,Gorse,120,0")
    assert (ignored.run(3).arrivals.mean == read(case, days=20).run(3).arrivals.mean).all()
    swap(case, "input/routes.csv", "Elm,Gorse,120,0", "Elm,Gorse,120,1")
    arguments = ["flee", "run", str(case / "input"), "--data", str(case / "data"), "-n", "2", "--days", "20"]
    done = CliRunner().invoke(cli, [*arguments, "--ignore-forced-routes", "-o", str(case / "out")])
    assert done.exit_code == 0, done.output
    assert json.loads((case / "out/run.json").read_text())["ignore_forced_routes"] is True
    assert flee.score_folder(case / "out", case / "data").scores[0].n > 0


@pytest.mark.parametrize(
    "text",
    [
        "#name,type,day\nCedar,idpcamp,10\nCedar,town,20\n",
        "#day,location_type,name\n20,Town,Cedar\n10,IDP camp,Cedar\n",
        "name,type,date\nCedar,idpcamp,2031-03-11\nCedar,town,2031-3-21\n",
    ],
)
def test_places_change_their_type_by_day(case: Path, text: str) -> None:
    (case / "input/location_changes.csv").write_text(text)
    given = read(case, days=30)
    assert [(c.name, c.kind, c.day) for c in given.folder.changes] == [("Cedar", "idpcamp", 10), ("Cedar", "town", 20)]
    assert "Cedar" in given.folder.camps
    kinds = scenario_of(given.folder, given.series, FleeRules()).kinds
    at = [p.name for p in given.folder.places].index("Cedar")
    assert {day: kind[at] for day, kind in kinds.items()} == {10: "idpcamp", 20: "town"}
    stay = given.run(20).arrivals.mean[19, at]
    (case / "input/location_changes.csv").unlink()
    assert stay > read(case, days=30).run(20).arrivals.mean[19, at]  # people seldom leave a camp


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Ceder,camp,10", "place 'Ceder' is not known .*'Cedar'"),
        ("Cedar,kamp,10", "location_type 'kamp'.*'camp'"),
        ("Cedar,camp,soon", "day 'soon'"),
        ("Cedar,marker,10", "becomes a marker"),
        ("Cedar,flood_zone,10", "--without flood-zones"),
    ],
)
def test_a_change_that_cannot_be_read_is_refused(case: Path, line: str, message: str) -> None:
    (case / "input/location_changes.csv").write_text(f"#name,type,day\n{line}\n")
    with prints(message) as refused:
        read(case)
    assert refused.value.problems[0].file.endswith("location_changes.csv")
    assert refused.value.problems[0].line == 2


def test_fighting_may_begin_and_end_by_a_change_where_no_file_says_it(case: Path) -> None:
    (case / "input/location_changes.csv").write_text("#name,type,day\nCedar,conflict_zone,10\nCedar,town,20\n")
    assert "no effect (conflicts.csv says where fighting is)" in told(read(case, days=30))
    (case / "input/conflicts.csv").unlink()
    fighting = read(case, days=30).folder.conflict["Cedar"]
    assert [day for day, level in enumerate(fighting) if level] == list(range(10, 20))


def test_repeats_are_one_line_with_their_number(case: Path) -> None:
    routes = (case / "input/routes.csv").read_text().splitlines()
    (case / "input/routes.csv").write_text("\n".join([*routes, *routes[1:6]]) + "\n")
    (line,) = (w for w in told(read(case)).splitlines() if "a second route" in w)
    assert re.search(rf"routes.csv:{len(routes) + 1}: .*, and 4 more such, the last on line {len(routes) + 5}", line)
    bad = "".join(f"Nowhere{n},Alder,9,0\n" for n in range(300))
    (case / "input/routes.csv").write_text("\n".join(routes) + "\n" + bad)
    with pytest.raises(StandoffError) as refused:
        read(case)
    assert len(refused.value.problems) == MOST_ALIKE
    assert f"and {300 - MOST_ALIKE} more such" in str(refused.value)


def test_names_are_compared_in_one_form_of_letters(case: Path) -> None:
    for file in ("locations.csv", "routes.csv", "conflicts.csv"):
        text = (case / "input" / file).read_text().replace("Cedar", "Cédar")
        form = "NFC" if file == "locations.csv" else "NFD"
        (case / "input" / file).write_text(unicodedata.normalize(form, text))
    given = read(case, days=20)
    assert "Cédar" in given.folder.conflict
    assert any("Cédar" in (r.a, r.b) for r in given.folder.routes)
    rows = (case / "input/locations.csv").read_text().splitlines()
    again = unicodedata.normalize("NFD", next(row for row in rows if row.startswith("Cédar")))
    (case / "input/locations.csv").write_text("\n".join([*rows, again]) + "\n")
    assert "is given twice, in the same words (read once)" in told(read(case, days=20))


def test_a_folder_without_a_period_is_scored_with_the_day_that_its_run_began(case: Path) -> None:
    (case / "input/sim_period.csv").unlink()
    out = read(case, days=40).run(2).write(case / "out")
    assert flee.score_folder(out, case / "data").scores[0].n > 0


def test_a_network_past_counting_is_walked_hop_by_hop(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = read(case, days=30)
    lumped = given.run(200).arrivals.mean
    monkeypatch.setattr(process, "MOST_BYTES", 1000)
    walked = given.run(200).arrivals.mean
    assert walked.tobytes() != lumped.tobytes()
    assert walked.sum() == pytest.approx(lumped.sum(), rel=0.01)
    assert walked[-1] == pytest.approx(lumped[-1], rel=0.05, abs=20)


@pytest.mark.fetched
@pytest.mark.parametrize(
    "name",
    [
        *("ukraine2022", "mali2017_adm1", "nigeria2016", "venezuela2022", "ethiopia2020"),
        pytest.param("nigeria2024", marks=pytest.mark.thorough),
    ],
)
def test_folders_of_others_are_played(name: str) -> None:
    if not FETCHED.is_dir():
        pytest.skip("there is no flee_more in ../shared/data/fetched")
    given = flee.read(FETCHED / name / "input_csv", FETCHED / name / "source_data", days=20)
    run = given.run(2)  # nigeria2024 has 780 places beside each other, and is walked hop by hop
    assert np.isfinite(run.arrivals.mean).all()
    assert run.arrivals.mean[-1].sum() + run.arrivals.travelling[-1] > 0
    assert scenario_of(given.folder, given.series, flee.FleeRules()).days == 20
