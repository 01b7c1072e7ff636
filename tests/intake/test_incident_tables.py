"""A table of incidents with plain names of columns; our own table with coordinates, people killed and foreign days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import standoff as so
from standoff.case.read import load, start
from standoff.case.terms import Pattern
from standoff.case.write import Amendment
from standoff.commitments import daily
from standoff.commitments.patterns.pattern import Matcher, log_of
from standoff.errors import StandoffError
from standoff.intake.batch import Batch, read_file
from standoff.intake.first_case import start_for
from standoff.intake.preview import Import, decide_names

PLAIN = """\
Date,Place,Who,What,Number,Latitude,Longitude,Killed,Injured
05/03/2020,Saraqib,Turkey,shelling,3,35.86,36.80,2,1
17/03/2020,Binnish,HTS,ambush,1,35.9,36.7,,
17/03/2020,Binnish,HTS,ambush,1,35.9,36.7,,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(tmp_path_factory.mktemp("incidents") / "c", "idlib")


def batch(folder: Path, text: str, **options: object) -> Batch:
    return read_file(text.encode(), load(folder), name="t.csv", **options)  # type: ignore[arg-type]


def test_plain_names_of_columns_are_reports_and_what_is_not_told_stays_so(folder: Path) -> None:
    found = batch(folder, PLAIN)
    assert (found.kind, found.source, found.left) == ("reports", "incidents", ("Number",))
    first, second, third = found.records
    assert (str(first.date), first.type, first.place, first.accuracy_km) == ("2020-03-05", "shelling", "saraqib", 2.0)
    assert first.actor == ("side:turkey",)  # involved: the column does not say who began
    assert [(t.measure, t.low, t.high) for t in first.tolls] == [("deaths", 2, 2), ("wounded", 1, 1)]
    assert (second.type, second.accuracy_km, second.tolls) == ("development", 11.1, ())
    assert len({first.id, second.id, third.id}) == 3
    assert [r.id for r in found.records] == [r.id for r in batch(folder, PLAIN).records]
    assert any("2 rows: of a kind of event that is not known" in note for note in found.assumptions)


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("date,perpetrator,victim,incident type", "2020-03-05,Turkey,Syria,shelling", ("turkey", "syria")),
        ("date,perpetrator,victim,incident type", "2020-03-05,Turkey,Syria,clash", ("side:turkey", "side:syria")),
        ("date,who,whom,what", "2020-03-05,Turkey,Syria,shelling", ("side:turkey", "syria")),
        ("date,who,victim,what", "2020-03-05,,Syria,shelling", ("unknown:not named", "syria")),
        ("date,who,whom,what", "2020-03-05,Turkey,Syria,clash", ("side:turkey", "side:syria")),
        ("date,actor 1,actor 2,what", "2020-03-05,Turkey,Syria,shelling", ("side:turkey", "side:syria")),
        ("fecha;lugar;perpetrador;víctima", "05.03.2020;Saraqib;Turkey;Syria", ("turkey", "syria")),
        ("дата;сторона;загиблих", "25.03.2020;Turkey;٣", ("side:turkey", "unknown:not named")),
        ("التاريخ,الجاني,الضحية,القتلى", "2020-03-05,Turkey,Syria,٣", ("turkey", "syria")),
        ("date,lieu,auteur,cible,morts", "5 mars 2020,Saraqib,Turkey,Syria,3", ("turkey", "syria")),
    ],
)
def test_other_languages_and_who_did_it(folder: Path, header: str, row: str, expected: tuple[str, str]) -> None:
    if "05.03.2020" in row:
        with pytest.raises(StandoffError, match="no row of the column decides"):
            batch(folder, f"{header}\n{row}\n")
    (report,) = batch(folder, f"{header}\n{row}\n", dates="dmy").records
    assert ("".join(report.actor), "".join(report.target)) == expected


def test_a_kind_waits_for_a_person_and_then_holds(tmp_path: Path) -> None:
    folder = start(tmp_path / "c", "idlib")
    case = load(folder)
    whole = Import(case, Amendment(case.root))
    draft = whole.add(read_file(PLAIN.encode(), case, name="t.csv", log_rows=True))
    assert [(one.kind, one.name, one.count) for one in draft.undecided] == [("type", "ambush", 2)]
    whole.save()
    decide_names(load(folder), {("type", "incidents", "ambush"): "assault"}, "A. Person")
    assert [event.type for event in so.read_log("incidents", load(folder)).events] == ["shelling", "assault", "assault"]
    again = Import(load(folder), Amendment(folder))
    assert again.add(read_file(PLAIN.encode(), load(folder), name="t.csv", log_rows=True)).same == 3
    assert not again.amendment


def test_a_case_begins_with_a_table_of_plain_columns(tmp_path: Path) -> None:
    assert start_for(tmp_path / "c", PLAIN.encode(), name="t.csv") == {"rows": 3, "actors": 2}
    assert set(load(tmp_path / "c").actors) == {"turkey", "hts"}


OWN = "id,date,type,actor,place,lat,lon,deaths\na,05/03/2020,shelling,syria,Saraqib,35.86,36.80,2\n" + (
    "b,06/03/2020,shelling,syria,,35.8623,36.8034,\n"
)


def test_our_own_table_takes_coordinates_deaths_and_foreign_days(tmp_path: Path) -> None:
    folder = start(tmp_path / "c", "idlib")
    with pytest.raises(StandoffError, match="5 March or 3 May"):
        batch(folder, OWN, kind="own")
    found = batch(folder, OWN, kind="own", dates="dmy")
    first, second = found.records
    assert (str(first.date), first.low, first.high, first.counted) == ("2020-03-05", 2, 2, "deaths")
    assert first.place == ("saraqib",)
    assert found.places[second.place[0]].accuracy_km == 2.0
    case = load(folder)
    whole = Import(case, Amendment(case.root))
    whole.add(found)
    whole.save()
    back = so.read_log("logs/t.csv", load(folder))
    assert [(e.id, e.place, e.low) for e in back.events] == [(e.id, e.place, e.low) for e in found.records]


def test_deaths_and_low_are_one_too_many(folder: Path) -> None:
    text = "id,date,type,low,deaths\na,2020-03-05,shelling,1,2\n"
    with pytest.raises(StandoffError, match=r"t\.csv:2: deaths and low or high are both given"):
        batch(folder, text)


def test_of_two_columns_of_parties_none_is_told_to_have_begun(folder: Path) -> None:
    text = "date,type,actor1,actor2,place\n2020-03-05,shelling,Turkey,Syria,Saraqib\n"
    (report,) = batch(folder, text).records
    assert (report.type, report.actor, report.target) == ("shelling", ("side:turkey",), ("side:syria",))


def test_rows_without_ids_of_their_own_are_numbered_only_where_they_are_alike(folder: Path) -> None:
    first, second, third = (report.id for report in batch(folder, PLAIN).records)
    assert third == f"{second}-2"
    assert all(name.startswith(f"row-{day}-") for name, day in ((first, "2020-03-05"), (second, "2020-03-17")))
    assert {first.count("-"), second.count("-")} == {4}  # the first of a kind has no number
    alone = batch(folder, "\n".join(PLAIN.splitlines()[:3]) + "\n").records
    assert [report.id for report in alone] == [first, second]  # whatever follows


def test_the_country_of_an_incident_stands_beside_it(folder: Path) -> None:
    text = "date,place,country,party,incident type\n2020-03-05,Saraqib,Syria,Turkey,shelling\n"
    (report,) = batch(folder, text).records
    assert report.others == {"country": "Syria"}
    (bare,) = batch(folder, text.replace(",Syria,", ",,")).records
    assert bare.others == {}


@pytest.mark.parametrize(("accuracy", "met"), [("1", True), ("2", True), ("2.1", False), ("30", False)])
def test_a_name_means_a_place_of_the_case_where_the_row_is_exact_to_two_kilometres(
    folder: Path, accuracy: str, met: bool
) -> None:
    text = f"id,date,type,actor,place,lat,lon,accuracy_km\na,2020-03-05,shelling,syria,Saraqib,35.86,36.80,{accuracy}\n"
    (event,) = batch(folder, text).records
    assert (event.place == ("saraqib",)) is met


def test_the_count_of_bad_rows_is_of_the_whole_file_and_each_is_told_once(folder: Path) -> None:
    text = "id,date,type,actor,low,high\na,some day,shelling,syria,1,2\nb,2020-03-05,shellling,syria,9,2\n"
    with pytest.raises(StandoffError) as refused:
        batch(folder, text, kind="own")
    assert next(p.line for p in refused.value.problems) == 0
    kept = batch(folder, text, kind="own", skip_bad=True)
    assert [left.line for left in kept.left_out] == [2, 3]


HIT = """\
date,who,whom,what,where,told by
2020-03-05,Turkey,Syria,assault,Saraqib,a
2020-03-05,,Syria,assault,Saraqib,b
"""


def test_who_was_hit_is_never_among_those_who_may_have_done_it(tmp_path: Path) -> None:
    folder = start(tmp_path / "c", "idlib")
    case = load(folder)
    whole = Import(case, Amendment(case.root))
    whole.add(read_file(HIT.encode(), case, name="t.csv", columns={"told_by": "told by"}, log_rows=True))
    whole.save()
    events = so.read_log("incidents", load(folder)).events
    assert [(e.actor, e.target, e.source) for e in events] == [
        (("side:turkey",), ("syria",), "a"),
        (("unknown:not named",), ("syria",), "b"),
    ]
    day = daily.daily(load(folder), on=date(2020, 3, 5), as_of=None, days=1, events=events)
    assert [(row["party"], row["certain"], row["possible"]) for row in day["acts"]] == [
        ("Turkey", 0, 1),
        (daily.NOBODY, 0, 1),
    ]
    made = load(folder)
    asked = {who: Pattern(type=("assault",), actor=(who,)) for who in ("syria", "turkey")}
    log = log_of(events)
    assert {who: Matcher(made).match(one, log)[1].tolist() for who, one in asked.items()} == {
        "syria": [False, True],  # of the second nobody is named: then it may have been anybody
        "turkey": [True, True],
    }


def test_a_table_with_headings_of_its_own_is_told_what_it_has_of_incidents(folder: Path) -> None:
    with pytest.raises(StandoffError) as refused:
        batch(folder, "No.,When,Where,Deed,By whose hand,Killed\n1,2020-03-05,Saraqib,shelling,Turkey,2\n")
    (problem,) = refused.value.problems
    assert problem.hint.endswith("of incidents (a table with who, what or whom) it has When, Where and Killed")
    with pytest.raises(StandoffError) as refused:
        batch(folder, "Colour,Shape\nred,round\n")
    assert refused.value.problems[0].hint == "name the source with --as, and columns with --map"
