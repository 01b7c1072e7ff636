"""A table that no source is known by, but that has a row of hashtags, comes in as HXL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.case.read import load, start
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.intake.batch import read_file

HXL = (
    "When,Where,People,Notes\n#date+reported,#adm2+pcode,#affected+idps+ind,#comment\n"
    "2024-02-01T00:00:00,XX0101,1250,x\n"
)


def test_figures_keep_their_code_and_day(tmp_path: Path) -> None:
    case = load(start(tmp_path / "c"))
    batch = read_file(HXL.encode(), case, name="idps.csv")
    assert (batch.kind, batch.source, batch.rows) == ("figures", "hxl", 1)
    (one,) = batch.records
    assert (one.pcode, one.value, str(one.to.end)) == ("XX0101", 1250, "2024-02-01")
    assert "hashtags" in batch.why and batch.columns["#adm2+pcode"] == "Where"


def test_they_are_written_and_a_second_time_nothing_changes(tmp_path: Path) -> None:
    folder = start(tmp_path / "c")
    (tmp_path / "idps.csv").write_text(HXL, encoding="utf-8")
    arguments = ["import", str(tmp_path / "idps.csv"), "--into", str(folder), "--yes", "--json"]
    first = CliRunner().invoke(cli, arguments)
    assert first.exit_code == 0, first.output
    assert {"kind", "rows", "records", "undecided", "left_out", "problems"} <= set(json.loads(first.output)[0])
    before = (folder / "observed.csv").read_bytes()
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert (folder / "observed.csv").read_bytes() == before
    assert any(o.pcode == "XX0101" for o in load(folder).observed.values())


def test_what_has_no_hashtags_is_still_of_no_known_source(tmp_path: Path) -> None:
    case = load(start(tmp_path / "c"))
    with pytest.raises(StandoffError, match="no source that is known"):
        read_file(b"When,Where,How many\n2024-02-01,XX0101,5\n", case, name="t.csv")


@pytest.mark.parametrize("tag", ["#affected+idps", "#affected+refugees"])
def test_hashtags_say_who_is_counted_where_the_header_says_people(tag: str, tmp_path: Path) -> None:
    content = f"Date,Site,Individuals\n#date,#loc+name,{tag}\n2024-02-01,Camp A,1250\n"
    batch = read_file(content.encode(), load(start(tmp_path / "c")), name="sites.csv")
    (one,) = batch.records
    assert (one.measure, one.value) == (f"{tag.partition('+')[2]}-stock", 1250)


@pytest.mark.parametrize(
    ("content", "measure"),
    [
        ("Date;Localité;Personnes déplacées\n29/02/2024;Moulin;1 250\n", "idps-stock"),
        ("Date;Localite\u0301;Réfugiés\n29/02/2024;Moulin;1 250\n", "refugees-stock"),
        ("Fecha,Lugar,Personas\n2024-02-29,Molino,1250\n", "people-stock"),
        ("Дата;Населений пункт;Кількість ВПО\n29.02.2024;Млин;1 250\n", "idps-stock"),
        ("التاريخ,المكان,عدد النازحين\n٢٠٢٤-٠٢-٢٩,الطاحونة,١٢٥٠\n", "idps-stock"),
        ("Date of report,Site name,IDPs (ind.)\n2024-02-29,Mill,1250\nSub-total,,1250\n", "idps-stock"),
    ],
)
def test_a_table_of_sites_has_headers_of_other_languages(content: str, measure: str, tmp_path: Path) -> None:
    batch = read_file(content.encode(), load(start(tmp_path / "c")), name="sites.csv")
    (one,) = batch.records
    assert (one.measure, one.value, str(one.to.end)) == (measure, 1250, "2024-02-29")
