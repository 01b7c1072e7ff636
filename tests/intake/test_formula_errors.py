"""What a spreadsheet writes where a formula went wrong is told with its cell, and is no number, name or day."""

from __future__ import annotations

import io
import zipfile

import pytest
from workbooks import ods, xlsx

from standoff.case.read import TEMPLATE, load
from standoff.errors import StandoffError
from standoff.intake.batch import Batch
from standoff.intake.importer import open_batch
from standoff.intake.series import read_figures

ROWS = [["", "Count of February"], ["", "Date", "Site", "IDPs"], ["", "2024-02-05", "Camp A", 120.0]]


def sheet(*errors: str) -> bytes:
    """A workbook below a title and beside an empty column, in which a formula has gone wrong below 120."""
    rows = [*ROWS, *(["", "2024-02-06", f"Camp {n}", f"@{error}@"] for n, error in enumerate(errors))]
    return with_errors(xlsx({"Sites": rows}))


def with_errors(book: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for part in text.split("@")[1::2]:
                string = f't="inlineStr"><is><t xml:space="preserve">@{part}@</t></is>'
                text = text.replace(string, f't="e"><f>1/0</f><v>{part}</v>')
                string = f'office:value-type="string"><text:p>@{part}@</text:p>'
                kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
                text = text.replace(string, f'table:formula="of:=1/0" {kind}><text:p>{part}</text:p>')
            new.writestr(name, text.replace("xmlns:office", 'xmlns:calcext="urn:calc" xmlns:office', 1))
    return out.getvalue()


def read(data: bytes | str, name: str) -> Batch:
    return open_batch(load(TEMPLATE), data.encode() if isinstance(data, str) else data, name)[0]


def test_an_error_is_told_with_its_cell_and_is_no_number() -> None:
    batch = read(sheet("#REF!", "#DIV/0!", "#N/A"), "sites.xlsx")
    assert [one.value for one in batch.records] == [120.0]
    told = (
        "3 cells of IDPs are errors of a formula in the sheet and read as empty: #REF! in D4, #DIV/0! in D5, #N/A in D6"
    )
    assert told in batch.assumptions
    assert not [note for note in batch.assumptions if "no number" in note]


def test_an_error_of_another_program_is_told_too() -> None:
    batch = read(with_errors(ods({"S": [*ROWS, ["", "2024-02-06", "Camp B", "@Err:502@"]]})), "sites.ods")
    assert "1 cell of IDPs is the error of a formula in the sheet and read as empty: Err:502 in D4" in batch.assumptions


@pytest.mark.parametrize("error", ["#REF!", "#NAME?", "#¡DIV/0!", "#WERT!", "#ССЫЛКА!", "#N/A", "Err:508"])
def test_a_text_that_was_a_sheet_tells_the_line(error: str) -> None:
    batch = read(f"Date,Site,IDPs\n2024-02-05,Camp A,120\n2024-02-06,Camp B,{error}\n", "sites.csv")
    assert [one.value for one in batch.records] == [120.0]
    assert f"1 cell of IDPs is the error of a formula in the sheet and read as empty: {error} on line 3" in (
        batch.assumptions
    )


def test_a_party_that_is_an_error_is_nobody_and_told() -> None:
    head = "event_id_cnty,event_date,sub_event_type,actor1,actor2,country,latitude,longitude,fatalities\n"
    batch = read(f"{head}A1,2024-02-26,Air/drone strike,#NAME?,Blue,Land,41.0,11.0,#VALUE!\n", "a.csv")
    (report,) = batch.records
    assert (report.actor, report.target, report.tolls) == ((), ("blue",), ())
    assert [note.partition(" is ")[0] for note in batch.assumptions if "formula" in note] == [
        "1 cell of actor1",
        "1 cell of fatalities",
    ]


def test_a_day_that_is_an_error_refuses_its_row() -> None:
    with pytest.raises(StandoffError, match="the row has no date"):
        read("Date,Site,IDPs\n#REF!,Camp A,120\n2024-02-06,Camp A,7\n", "sites.csv")


def test_a_forecast_tells_it() -> None:
    table = read_figures(sheet("#REF!"), name="sites.xlsx")
    assert "1 cell of IDPs is the error of a formula in the sheet and read as empty: #REF! in D4" in table.notes
