"""Names and types of the logs of others: whole names only, known forms by rule, nobody charged by guess. Made up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ledger_case import case

from standoff.case.model import Case
from standoff.case.vocabulary import EVENT_TYPES, is_a
from standoff.commitments.ledger import Row, ledger
from standoff.intake.batch import read_events
from standoff.intake.party_names import PartyNames
from standoff.intake.rows import ACLED_TYPES, GED_TYPES

ACTORS = """
- {id: mali, name: Malian government, kind: state, aliases: [Bamako]}
- {id: usa, name: United States, kind: state}
- {id: uk, name: United Kingdom, kind: state}
- {id: france, name: France, kind: state}
- {id: russia, name: Russia, kind: state}
- {id: chad, name: Chad, kind: bloc, aliases: [Force of Chad]}
- {id: council, name: Government of Fiji (Council), kind: state, aliases: [Military Forces of Fiji]}
- {id: movement, name: The Movement, kind: armed-group, aliases: [Military Forces of Fiji (2016-) Upper Council]}
- {id: islamic-state, name: Islamic State, kind: armed-group, aliases: [ISIL]}
- {id: front, name: "Jabhat al-Shams", kind: armed-group, aliases: [JAS]}
- {id: other-front, name: Other Front, kind: armed-group, aliases: [OFF]}
- {id: north-a, name: Guards (Peru), kind: militia}
- {id: north-b, name: Guards (Chile), kind: militia}
- {id: citizens, name: Civilians, kind: civilians}
"""


def world() -> Case:
    return case(actors=ACTORS)


@pytest.mark.parametrize(
    ("written", "actor"),
    [
        # whole names: an id, a name, an alias, after years and country are taken off both sides
        ("Bamako", "mali"),
        ("bamako", "mali"),
        ("Islamic State", "islamic-state"),
        ("Islamic State (Mali)", "islamic-state"),
        ("Islamic State (Mali) (2014-)", "islamic-state"),
        ("ISIL (2013-2019)", "islamic-state"),
        ("Civilians (Mali)", "citizens"),
        ("Jabhat al Shams", "front"),
        # known forms
        ("Government of Mali (2012-2020)", "mali"),
        ("Military Forces of Mali (2020-)", "mali"),
        ("Police Forces of Mali (2020-)", "mali"),
        ("Government of United States of America", "usa"),
        ("Military Forces of the United States (2017-2021)", "usa"),
        ("Government of Russia (Soviet Union)", "russia"),
        ("JS: Jabhat al-Shams", "front"),
        # the case lists the body behind the years, and the form without it for another
        ("Military Forces of Fiji (2016-) Upper Council", "movement"),
        ("Military Forces of Fiji (2016-)", "council"),
        ("Guards (Peru)", "north-a"),
        # a name inside a longer one is nobody
        ("Rioters (Mali)", None),
        ("Unidentified Armed Group (Mali)", None),
        ("Bamako Communal Militia (Mali)", None),
        ("Global Coalition Against Islamic State", None),
        ("Islamic State (Sahel)", None),
        ("Islamic State and/or Jabhat al-Shams", None),
        ("Mutiny of Military Forces of Mali (2012-2020)", None),
        ("Former Government of Mali", None),
        # another body behind the years is another name
        ("Military Forces of Mali (2020-) Republican Guard", None),
        ("Police Forces of Mali (2020-) Gendarmerie", None),
        ("Military Forces of Fiji (2016-) Lower Council", None),
        ("Government of Fiji (2016-) Upper Council", None),
        # a form is of a state of the case alone
        ("Military Forces of Chad (1990-)", None),
        ("Government of Bamako Province", None),
        ("Military Forces of Unknown", None),
        # fits two, or the short name is another's
        ("Guards (Bolivia)", None),
        ("Guards", None),
        ("OFF: Jabhat al-Shams", None),
        ("OFF: Jabhat", None),
        # brackets that are no country and no years stay
        ("Civilians (Students)", None),
        ("Islamic State (Emni)", None),
        ("???", None),
    ],
)
def test_a_name_is_known_whole_or_by_a_stated_form(written: str, actor: str | None) -> None:
    assert PartyNames(world()).id_of(written) == actor


@pytest.mark.parametrize(
    ("cell", "parties"),
    [
        ("Bamako; Islamic State (Mali)", ("mali", "islamic-state")),
        ("Bamako; Rioters (Mali)", ("mali", "unknown:Rioters (Mali)")),
        ("France", ("france",)),
        ("France, Bamako", ("unknown:France, Bamako",)),
        ("", ()),
        ("islamic", ("unknown:islamic",)),
        ("unknown", ("unknown:unknown",)),
    ],
)
def test_a_cell_is_parted_at_semicolons(cell: str, parties: tuple[str, ...]) -> None:
    assert PartyNames(world()).of(cell) == parties


@pytest.mark.parametrize(
    ("side", "parties"),
    [
        (
            "Government of France, Government of United Kingdom, Government of United States of America",
            ("france", "uk", "usa"),
        ),
        ("Government of France, Islamic State", ("france", "islamic-state")),
        ("Government of France, Government of Peru", ("france", "unknown:Government of Peru")),
        ("Islamic State, Some Division", ("unknown:Islamic State, Some Division",)),
        ("23rd Division, Sham Legion", ("unknown:23rd Division, Sham Legion",)),
        ("Civilians", ("citizens",)),
    ],
)
def test_a_side_is_parted_at_commas_only_where_each_part_is_a_side(side: str, parties: tuple[str, ...]) -> None:
    assert PartyNames(world()).of_side(side) == parties


def test_every_type_of_a_source_is_a_word_of_the_list() -> None:
    assert {c.type for c in (*ACLED_TYPES.values(), *GED_TYPES.values())} <= set(EVENT_TYPES)


@pytest.mark.parametrize(
    "sub_event",
    [
        "Other",
        "Disrupted weapons use",
        "Non-violent transfer of territory",
        "Headquarters or base established",
        "Change to group/activity",
        "Agreement",
        "Arrests",
        "Looting/property destruction",
        "Peaceful protest",
        "Protest with intervention",
        "Violent demonstration",
    ],
)
def test_what_is_no_attack_in_the_source_is_none_here(sub_event: str) -> None:
    kind = ACLED_TYPES[sub_event].type
    assert not is_a(kind, "assault")
    assert not is_a(kind, "withdrawal")


ACLED = "event_id_cnty,event_date,sub_event_type,actor1,actor2,latitude,longitude,geo_precision,location,fatalities"
GED = "id,date_start,date_end,type_of_violence,side_a,side_b,low,high,latitude,longitude,where_prec"
TRUCE = "- {{id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {{{}}}}}"
LEAVE = (
    "- {id: truce, title: T, kind: achieve, debtor: red, from: 2020-01-01, by: 2020-03-01, then: {type: withdrawal}}"
)


def stands(folder: Path, terms: str, header: str, row: str) -> Row:
    log = folder / "log.csv"
    log.write_text(f"{header}\n{row}\n", encoding="utf-8")
    made = case(terms)
    loaded = read_events(log, made, today=date(2021, 1, 1))
    (found,) = ledger(loaded.added_to(made), "red-tells", on=date(2020, 2, 1), events=loaded.events)
    return found


def acled(kind: str, first: str, second: str) -> str:
    return f"X1,2020-01-05,{kind},{first},{second},35.30,36.60,1,Middle,0"


@pytest.mark.parametrize(
    ("forbidden", "row", "certain", "possible"),
    [
        # named, one-sided, of the type
        ("type: shelling", acled("Shelling/artillery/missile attack", "Military Forces of Red (1999-)", "Blue"), 1, 1),
        ("type: shelling", acled("Shelling/artillery/missile attack", "Red militia", "Blue"), 1, 1),
        # others' acts, and acts of nobody the case knows
        (
            "type: shelling",
            acled("Shelling/artillery/missile attack", "Military Forces of Green (1999-)", "Blue"),
            0,
            0,
        ),
        ("type: shelling", acled("Shelling/artillery/missile attack", "Rioters (Red)", "Blue"), 0, 1),
        ("type: shelling", acled("Shelling/artillery/missile attack", "", "Blue"), 0, 1),
        ("type: shelling", acled("Shelling/artillery/missile attack", "Green; Rioters (Red)", "Blue"), 0, 1),
        # a target that is not known may be anybody; one that is known is nobody else
        ("type: shelling, target: blue", acled("Shelling/artillery/missile attack", "Red", "Civilians (Blue)"), 0, 1),
        ("type: shelling, target: blue", acled("Shelling/artillery/missile attack", "Red", ""), 0, 1),
        ("type: shelling, target: blue", acled("Shelling/artillery/missile attack", "Red", "Green"), 0, 0),
        # a battle has two sides and no initiator, and nobody else is in it
        ("type: clash", acled("Armed clash", "Red", "Blue"), 0, 1),
        ("type: clash", acled("Armed clash", "Blue", "Red"), 0, 1),
        ("type: clash", acled("Armed clash", "Blue", "Green"), 0, 0),
        ("type: clash", acled("Armed clash", "Blue", ""), 0, 1),
        ("type: assault", acled("Government regains territory", "Red", "Blue"), 0, 1),
        ("type: clash, target: blue", acled("Armed clash", "Blue", "Red"), 0, 1),
        ("type: clash, target: blue", acled("Armed clash", "Red", "Green"), 0, 0),
        ("type: clash, target: [red, blue]", acled("Armed clash", "Red", "Green"), 0, 0),
        ("type: clash, target: blue", acled("Armed clash", "Red", "Rioters (Red)"), 0, 1),
        (
            "type: violence-against-civilians",
            acled("Excessive force against protesters", "Protesters (Red)", "Red"),
            0,
            1,
        ),
        ("type: assault", acled("Mob violence", "Red militia", "Blue"), 0, 1),
        # an air or drone strike may have been either
        ("type: strike", acled("Air/drone strike", "Red", "Blue"), 1, 1),
        ("type: airstrike", acled("Air/drone strike", "Red", "Blue"), 0, 1),
        ("type: shelling", acled("Air/drone strike", "Red", "Blue"), 0, 0),
        ("type: looting", acled("Looting/property destruction", "Red", "Blue"), 0, 1),
        # no attacks
        ("type: assault", acled("Other", "Red", "Blue"), 0, 0),
        ("type: assault", acled("Disrupted weapons use", "Red", "Blue"), 0, 0),
        ("type: assault", acled("Looting/property destruction", "Red", "Blue"), 0, 0),
        ("type: assault", acled("Non-violent transfer of territory", "Red", "Blue"), 0, 0),
        ("type: assault", acled("Arrests", "Red", "Blue"), 0, 0),
        ("type: [deployment, post-established]", acled("Headquarters or base established", "Red", "Blue"), 0, 0),
    ],
)
def test_a_row_of_acled_charges_only_whom_it_names(
    tmp_path: Path, forbidden: str, row: str, certain: int, possible: int
) -> None:
    found = stands(tmp_path, TRUCE.format(f"actor: red, {forbidden}"), ACLED, row)
    assert (found.breaches, found.breaches_possible) == (certain, possible)


@pytest.mark.parametrize(
    ("as_of", "certain", "possible"),
    [("2020-01-04", 0, 0), ("2020-01-05", 0, 1), ("2020-01-16", 0, 1), ("2020-01-17", 1, 1), ("2020-02-01", 1, 1)],
)
def test_a_row_is_possible_from_the_event_on_and_certain_from_its_time_stamp(
    tmp_path: Path, as_of: str, certain: int, possible: int
) -> None:
    log = tmp_path / "log.csv"
    row = acled("Shelling/artillery/missile attack", "Red", "Blue")
    log.write_text(f"{ACLED},timestamp\n{row},1579219200\n", encoding="utf-8")  # 17 January
    day, made = date.fromisoformat(as_of), case(TRUCE.format("actor: red, type: shelling"))
    loaded = read_events(log, made, today=date(2021, 1, 1))
    (found,) = ledger(loaded.added_to(made), "red-tells", on=day, as_of=day, events=loaded.events)
    assert (found.breaches, found.breaches_possible) == (certain, possible)
    assert ("not have been known yet" in found.rule) == (certain < possible)


def test_of_rows_alike_each_keeps_its_own_time_stamp(tmp_path: Path) -> None:
    log, day = tmp_path / "log.csv", date(2020, 1, 20)
    row = acled("Shelling/artillery/missile attack", "Red", "Blue")
    rows = [f"{row.replace('X1', f'X{k}')},{stamp}" for k, stamp in enumerate((1579219200, 1580428800, 1579219200))]
    log.write_text("\n".join([f"{ACLED},timestamp", *rows]) + "\n", encoding="utf-8")
    made = case(TRUCE.format("actor: red, type: shelling"))
    loaded = read_events(log, made, today=date(2021, 1, 1))
    (found,) = ledger(loaded.added_to(made), "red-tells", on=day, as_of=day, events=loaded.events)
    assert (found.breaches, found.breaches_possible) == (2, 3)


@pytest.mark.parametrize("first", ["Red", "Blue"])
def test_a_place_handed_over_is_no_promise_kept_by_who_gains_it(tmp_path: Path, first: str) -> None:
    second = "Blue" if first == "Red" else "Red"
    found = stands(tmp_path, LEAVE, ACLED, acled("Non-violent transfer of territory", first, second))
    assert (found.verdict, found.kept) == ("detached", 0)


@pytest.mark.parametrize(
    ("forbidden", "kind", "sides", "certain", "possible"),
    [
        ("type: assault", "1", "Government of Red,Blue", 0, 1),
        ("type: assault", "1", "Blue,Government of Red", 0, 1),
        ("type: shelling", "1", "Government of Red,Blue", 0, 1),
        ("type: assault", "2", "Red militia,Blue militia", 0, 1),
        ("type: assault", "1", "Government of Green,Blue", 0, 0),
        ("type: assault, target: blue", "1", "Government of Red,Green", 0, 0),
        ("type: assault", "3", "Government of Red,Civilians", 1, 1),
        ("type: shelling", "3", "Government of Red,Civilians", 0, 0),
        ("type: assault", "3", "Red insurgents,Civilians", 0, 1),
    ],
)
def test_a_row_of_ged_lists_sides_and_tells_who_did_it_only_in_one_sided_violence(
    tmp_path: Path, forbidden: str, kind: str, sides: str, certain: int, possible: int
) -> None:
    row = f"7,2020-01-05,2020-01-05,{kind},{sides},1,3,35.30,36.60,1"
    found = stands(tmp_path, TRUCE.format(f"actor: red, {forbidden}"), GED, row)
    assert (found.breaches, found.breaches_possible) == (certain, possible)


@pytest.mark.parametrize(
    ("row", "unknown", "nobody"),
    [
        (acled("Armed clash", "Rioters (Red)", "Blue"), {"Rioters (Red)": 1}, 0),
        (acled("Armed clash", "Rioters (Red)", "Rioters (Red)"), {"Rioters (Red)": 1}, 1),
        (acled("Armed clash", "Red", "Blue"), {}, 0),
        (acled("Shelling/artillery/missile attack", "", ""), {}, 1),
        (acled("Armed clash", "", "Blue"), {}, 0),
    ],
)
def test_unknown_names_are_counted_and_rows_that_name_nobody(
    tmp_path: Path, row: str, unknown: dict[str, int], nobody: int
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(f"{ACLED}\n{row}\n", encoding="utf-8")
    loaded = read_events(log, case(), today=date(2021, 1, 1))
    assert (loaded.unknown_actors, loaded.nobody_known) == (unknown, nobody)
    assert loaded.names() == [{"name": name, "rows": rows} for name, rows in unknown.items()]


def test_a_name_that_two_actors_have_is_nobodys() -> None:
    twins = "- {id: a, name: Twin Front, kind: militia, aliases: [Alone]}\n- {id: b, name: Twin Front, kind: militia}\n"
    names = PartyNames(case(actors=twins))
    assert names.by_rule("Twin Front") is None
    assert names.by_rule("TWIN FRONT") is None
    assert names.by_rule("Alone") == "a"
    assert names.by_rule("") is None
