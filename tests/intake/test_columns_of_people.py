"""Tables of people under the names that offices give their columns: areas in many words, people by a word. Made up."""

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


@pytest.mark.parametrize(
    ("head", "cells", "months"),
    [
        ("Month,Site,IDPs", "2024-02,Here,120", "2024-02-01/2024-02-29"),
        ("Mois;Site;IDPs", "février 2024;Here;120", "2024-02-01/2024-02-29"),
        ("Year,Month,Site,IDPs", "2024,2,Here,120", "2024-02-01/2024-02-29"),
        ("Año;Mes;Lugar;Personas desplazadas", "2024;febrero;Here;120", "2024-02-01/2024-02-29"),
        ("Month,Date,Site,IDPs", "2,2024-02-05,Here,120", "2024-02-05/2024-02-05"),
    ],
)
def test_a_month_is_the_day_where_there_is_none(template: Case, head: str, cells: str, months: str) -> None:
    (one,) = read(template, f"{head}\n{cells}\n").records
    assert (f"{one.from_}/{one.to.end}", one.value) == (months, 120.0)


def test_a_month_without_its_year_is_not_completed(template: Case) -> None:
    with pytest.raises(StandoffError, match="the date in Month is '2'; expected a day, or a month with its year"):
        read(template, "Month,Site,IDPs\n2,Here,120\n")


def test_the_deepest_area_is_the_place_and_only_its_own_code_is_its_code(template: Case) -> None:
    head = "Admin 1 P-Code,Admin 1 Name,Admin 2 P-Code,Admin 2 Name,Date,IDPs"
    (one,) = read(template, f"{head}\nXX01,North,XX0101,Mill,2024-02-05,120\n").records
    assert (one.pcode, one.title, one.value) == ("XX0101", "displaced people, Mill", 120.0)
    (two,) = read(template, "adm3_name,adm2_pcode,date,IDPs\nOldmill,XX0101,2024-02-05,9\n").records
    assert (two.pcode, two.title) == ("", "displaced people, Oldmill")


def test_a_total_with_a_day_of_its_own_is_not_a_place(template: Case) -> None:
    batch = read(template, "Date,Site,IDPs\n2024-02-05,Here,5\n2024-02-05,There,7\n2024-02-05,Total,12\n")
    assert [one.value for one in batch.records] == [5.0, 7.0]
    assert "1 row: a total of others, which is left out" in batch.assumptions
