"""Tables of people under the names that offices give their columns: areas in many words, people by a word. Made up."""

from __future__ import annotations

import pytest

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.formats.incoming import open_batch
from standoff.intake.batch import Batch


@pytest.fixture(scope="module")
def template() -> Case:
    return load(TEMPLATE)


def read(case: Case, text: str) -> Batch:
    return open_batch(case, text.encode(), "sites.csv")[0]


@pytest.mark.parametrize(
    ("head", "measure"),
    [
        ("Date;Région;Nombre de personnes déplacées internes;Ménages", "idps-stock"),
        ("Fecha;Municipio;Población desplazada;Hogares", "idps-stock"),
        ("Data;Distrito;Total de pessoas deslocadas;Famílias", "idps-stock"),
        ("Дата;Место;Количество вынужденных переселенцев;Семей", "idps-stock"),
        ("Дата;Громада;Зареєстровано біженців;Родин", "refugees-stock"),
        ("التاريخ;المحافظة;عدد الأفراد النازحين;عدد العائلات", "idps-stock"),
        ("Tarih;İlçe;Yerinden edilmiş kişi sayısı;Hane", "idps-stock"),
        ("Date;Ward;Total number of persons counted;Households", "people-stock"),
    ],
)
def test_the_one_column_that_counts_people_is_known_by_its_word(template: Case, head: str, measure: str) -> None:
    (one,) = read(template, f"{head}\n2024-02-05;Here;120;30\n").records
    assert (one.measure, one.value) == (measure, 120.0)


@pytest.mark.parametrize(
    "people", ["Displaced households", "New IDPs this month,IDPs this month", "IDP women", "Share of displaced people"]
)
def test_a_part_of_the_people_is_not_taken_for_all(template: Case, people: str) -> None:
    with pytest.raises(StandoffError, match="'people' is missing"):
        read(template, f"Date,Ward,{people}\n2024-02-05,Here,30,20\n")


def test_the_smallest_area_is_the_place_and_the_larger_one_is_told(template: Case) -> None:
    rows = "2024-02-05,North,Newtown,120\n2024-02-05,South,Newtown,80\n"
    found = {one.qualifier: one.value for one in read(template, f"Date,Province,Village,IDPs\n{rows}").records}
    turned = "".join(line + "\n" for line in reversed(rows.splitlines()))
    again = {one.qualifier: one.id for one in read(template, f"Date,Province,Village,IDPs\n{turned}").records}
    assert found == {"in: North": 120.0, "in: South": 80.0}
    ids = {one.qualifier: one.id for one in read(template, f"Date,Province,Village,IDPs\n{rows}").records}
    assert ids == again


def test_people_or_incidents_is_asked(template: Case) -> None:
    text = "Date,Location,Incident,People displaced\n2024-02-05,Here,Attack,200\n"
    with pytest.raises(StandoffError, match="names incidents in 'Incident'") as caught:
        read(template, text)
    assert "--as incidents" in caught.value.problems[0].hint
    kinds = {kind: open_batch(template, text.encode(), "a.csv", kind=kind)[0].kind for kind in ("incidents", "people")}
    assert kinds == {"incidents": "reports", "people": "figures"}
