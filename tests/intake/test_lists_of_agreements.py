"""Lists of agreements: PA-X by its columns (written after its codebook), and lists of one's own. Rows are made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.case.read import load, start
from standoff.case.write import Amendment
from standoff.errors import StandoffError
from standoff.intake.batch import Batch
from standoff.intake.importer import open_batch
from standoff.intake.preview import Import
from standoff.intake.rows import AgreementDraft

PAX = "Con,PP,PPName,AgtId,Agt,Dat,Status,Agtp,Stage,Part,ThrdPart,CeProv,SsrDdr,TjAm\n"
ROW = (
    "River conflict,9,River process,1365,Accord of the river,2024-02-20,Signed,Intra,SubPar,"
    '"Red (invented)\nFront; Blue (invented)",Observer,3,0,1\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "case")


def read(folder: Path, text: str) -> Batch:
    return open_batch(load(folder), text.encode(), "list.csv")[0]


def test_a_row_of_pax_is_a_draft_of_an_agreement(folder: Path) -> None:
    batch = read(folder, PAX + ROW)
    (draft,) = batch.records
    assert isinstance(draft, AgreementDraft)
    assert (batch.title, draft.id, draft.agreement.title) == (
        "PA-X Peace Agreements",
        "pax-1365",
        "Accord of the river",
    )
    assert draft.agreement.parties == ("red", "unknown:Front", "blue")
    assert (draft.provisions, draft.third_parties) == (("ceasefire", "amnesty"), "Observer")
    assert batch.undecided == {"Front": 1}


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Agreement;Date signed;Signatories;Mediator", "20/02/2024"),
        ("Acuerdo;Fecha de firma;Firmantes;Enlace", "20 de febrero de 2024"),
        ("Соглашение;Дата;Стороны;Посредник", "20.02.2024"),
        ("الاتفاق;التاريخ;الأطراف;ملاحظات", "٢٠ شباط ٢٠٢٤"),
    ],
)
def test_a_list_of_somebodys_own_is_known_by_name_day_and_parties(folder: Path, head: str, day: str) -> None:
    (draft,) = read(folder, f"{head}\nTruce at the river;{day};Red | Somebody;x\n").records
    assert (str(draft.date), draft.agreement.parties) == ("2024-02-20", ("red", "unknown:Somebody"))


def test_it_is_written_once_and_passes_check(folder: Path) -> None:
    for added in (1, 0):
        case = load(folder)
        whole = Import(case, Amendment(folder))
        assert whole.add(*open_batch(case, (PAX + ROW).encode(), "pax.csv")).added == added
        whole.save()
    case = load(folder)
    assert case.errors == ()
    assert case.agreements["pax-1365"].parties == ("red", "blue")  # nobody is a party before a person says so


def test_a_row_without_a_name_or_a_day_is_told(folder: Path) -> None:
    with pytest.raises(StandoffError) as caught:
        read(folder, "Agreement,Date,Parties\n,2024-02-20,Red\nTruce,,Red\n")
    assert [p.line for p in caught.value.problems] == [0, 2, 3]


def test_a_date_a_party_and_a_name_are_no_agreement(folder: Path) -> None:
    assert read(folder, "Date,Party,Name\n2024-02-20,Red,x\n").kind == "reports"
