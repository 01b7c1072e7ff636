"""Tables that monitors keep for themselves: their own headings, doubts written beside a name, counts where parties are.

What is certain is read; a doubt decides nothing: nobody is charged by a name with a mark of doubt.
"""

from __future__ import annotations

import pytest

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.intake.batch import Batch
from standoff.intake.importer import open_batch


@pytest.fixture(scope="module")
def template() -> Case:
    return load(TEMPLATE)


def read(case: Case, data: str | bytes, name: str = "monitor.csv", **options: object) -> Batch:
    return open_batch(case, data.encode() if isinstance(data, str) else data, name, **options)[0]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Date,Village,Violation,By whom,Source/Partner", "2024-03-05,Town,shelling,Red,Partner A"),
        ("Fecha del hecho,Vereda,Tipo de hecho,Presunto responsable,Fuentes", "2024-03-05,Town,shelling,Red,Partner A"),
        ("Date des faits,Lieu de l'incident,Faits,Commis par,Partenaire", "2024-03-05,Town,shelling,Red,Partner A"),
        ("Дата,Село,Событие,Кем,Источники", "2024-03-05,Town,shelling,Red,Partner A"),
        ("Дата,Місце,Порушення,Ким,Джерела", "2024-03-05,Town,shelling,Red,Partner A"),
        ("Data,Aldeia,Ocorrência,Por quem,Fontes", "2024-03-05,Town,shelling,Red,Partner A"),
    ],
)
def test_headings_of_monitors_say_who_did_what_where(template: Case, head: str, row: str) -> None:
    (one,) = read(template, f"{head}\n{row}\n").records
    assert (one.actor, one.type, one.place_written, one.source) == (("red",), "shelling", "Town", "Partner A")


def test_a_party_that_nobody_says_to_have_begun_is_on_a_side(template: Case) -> None:
    (one,) = read(template, "Fecha,Lugar,Hecho,Parte\n2024-03-05,Town,shelling,Red\n").records
    assert one.actor == ("side:red",)


@pytest.mark.parametrize(
    "name",
    ["Red?", "Red ?", "Red (?)", "¿Red?", "~Red", "≈ Red", "Red*", "Red!", "!Red", "≠Red", "Red+", "Red؟", "not Red",
     "possibly Red", "anti-Red", "Red or Blue", "Red/Blue", "Red and Blue", "Red (alleged)", "Red etc."],
)  # fmt: skip
@pytest.mark.parametrize("acled", [False, True])
def test_a_name_with_a_doubt_is_nobody_until_a_person_decides(template: Case, name: str, acled: bool) -> None:
    text = f"Date,Place,Incident,Perpetrator\n2024-03-05,Town,Attack,{name}\n"
    if acled:
        head = "event_id_cnty,event_date,sub_event_type,actor1,actor2,country,latitude,longitude,fatalities"
        text = f"{head}\nA1,2024-03-05,Air/drone strike,{name},,Land,41.0,11.0,1\n"
    batch = read(template, text)
    assert batch.records[0].actor == (f"unknown:{name}",)
    assert batch.undecided == {name: 1}


@pytest.mark.parametrize("name", ["RED", " red ", "Red.", "(Red)", "«Red»"])
def test_other_marks_around_a_whole_name_change_nothing(template: Case, name: str) -> None:
    (one,) = read(template, f"Date,Place,Incident,Perpetrator\n2024-03-05,Town,Attack,{name}\n").records
    assert one.actor == ("red",)


@pytest.mark.parametrize(("name", "place"), [("Hill camp (invented)", "camp"), ("Hill camp (invented)?", "")])
def test_a_place_with_a_doubt_is_no_place_of_the_case(template: Case, name: str, place: str) -> None:
    (one,) = read(template, f"Date,Place,Incident,Perpetrator\n2024-03-05,{name},Attack,Red\n").records
    assert one.place == place
    (figure,) = read(template, f"Date,Site,IDPs\n2024-03-05,{name},12\n").records
    assert figure.place == place


@pytest.mark.parametrize("cell", ["12", "1.200", "3 ", "٣", "10+"])
def test_a_number_is_nobodys_name(template: Case, cell: str) -> None:
    batch = read(template, f"Date,Place,Incident,Perpetrator,Victims\n2024-03-05,Town,Attack,Red,{cell}\n")
    (one,) = batch.records
    assert (one.actor, one.target, batch.undecided) == (("red",), (), {})
    assert "1 row: a number where a party is named: nobody is read from it" in batch.assumptions


def test_a_note_with_commas_below_a_table_is_a_note(template: Case) -> None:
    batch = read(
        template, "Date,Site,IDPs\n2024-03-05,Camp,12\nSource: a ministry\nNote: counts of households, see annex\n"
    )
    assert [one.value for one in batch.records] == [12.0]
    assert [aside.line for aside in batch.asides] == [3, 4]
    batch = read(template, "Note,Date,Site,IDPs\nNote: some words here,2024-03-05,Camp,12\n")
    assert [one.value for one in batch.records] == [12.0]


@pytest.mark.parametrize("place", ["Bogotá", "Peñón de Cañón à l'île", "Orléans café"])
def test_a_text_of_an_old_mac_is_asked_of(template: Case, place: str) -> None:
    text = f"Date,Place,Incident,Perpetrator\n2024-03-05,{place},Attack,Red\n"
    with pytest.raises(StandoffError) as caught:
        read(template, text.encode("mac_roman"))
    assert "encoding" in str(caught.value)
    (one,) = read(template, text.encode("mac_roman"), encoding="mac_roman").records
    assert one.place_written == place


def test_a_table_of_annotations_is_told_by_name(template: Case) -> None:
    head = "Created at,Author,Page URL,Group,Annotation/Reply Type,Quote,Comment,Tags"
    with pytest.raises(StandoffError, match="annotations of Hypothesis in a table") as caught:
        read(template, f"{head}\n2024-03-05T00:00:00,a,https://example.org/1,Public,Annotation,words,note,t\n")
    assert "export them as JSON" in caught.value.problems[0].hint
