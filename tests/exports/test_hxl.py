"""HXL: every value survives, measures stay apart, and bad files are refused with the place and the nearest word."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from as_printed import as_printed
from format_runs import idlib, invented_run
from hypothesis import given, settings
from hypothesis import strategies as st
from thorough import examples

from standoff.case.claims import RECORD, AccountKind
from standoff.case.model import Observation
from standoff.case.vocabulary import BOUNDS, MEASURES
from standoff.commitments.ledger import ledger
from standoff.errors import StandoffError
from standoff.evidence.accounts import reports
from standoff.exports import hxl
from standoff.exports.hxl import observed, observed_by, sheet, to_csv
from standoff.intake import hxl as hxl_figures
from standoff.intake.hxl import MEASURE_TAGS, Column, read_observed, read_sheet, tag_parts
from standoff.values import When

HOSTILE = ("=1+1", "'=x", "''@home", "-", "+a", "@b", "'", "#date", "a,b", 'say "so"', "café إدلب", "-5", "'-5")
LETTERS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
TEXTS = st.one_of(*(st.lists(LETTERS, max_size=3).map(gap.join) for gap in (" ", "\n")), st.sampled_from(HOSTILE))
DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
DATES = st.one_of(
    DAYS.map(When.parse),
    DAYS.map(lambda d: When.parse(f"{d}~")),
    DAYS.map(lambda d: When.parse(f"{d:%Y-%m}")),
    DAYS.map(lambda d: When.parse(f"../{d}")),
    DAYS.map(lambda d: When.parse(f"{d}/..")),
)
PCODES = st.one_of(st.just(""), st.from_regex(r"[A-Z]{2}(\d{2}|\d{4}|\d{6}|\d{5})", fullmatch=True), st.just("C4521"))
FIGURES = st.builds(
    Observation,
    id=st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True),
    from_=DATES,
    to=DATES,
    measure=st.sampled_from(sorted(MEASURES)),
    indicator=TEXTS.filter(bool),
    value=st.floats(0, 1e12) | st.integers(0, 10**9).map(float),
    bound=st.sampled_from(BOUNDS),
    place=TEXTS,
    pcode=PCODES,
    origin=TEXTS,
    source=TEXTS,
    title=TEXTS,
    published=TEXTS,
    url=TEXTS,
    qualifier=TEXTS,
    note=TEXTS,
    contested=TEXTS,
)


def write(folder: Path, text: str) -> Path:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path


def said(error: pytest.ExceptionInfo[StandoffError]) -> str:
    return as_printed(error.value)


@settings(max_examples=examples(40))  # seventeen cells a figure: dear to draw
@given(figures=st.lists(FIGURES, max_size=4, unique_by=lambda f: f.id))
def test_observed_figures_come_back_as_they_went(
    figures: list[Observation], tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not figures:
        return
    path = write(tmp_path_factory.getbasetemp(), to_csv(observed(figures)))
    read = read_observed(path)
    assert list(read.observations) == figures
    assert (read.left_out, read.empty) == ((), 0)


@given(cells=st.lists(st.lists(TEXTS, min_size=3, max_size=3).filter(any), max_size=6))
def test_any_table_comes_back_as_it_went(cells: list[list[str]]) -> None:
    made = sheet([Column("a", "#meta+a"), Column("b", "#loc+name"), Column("c", "#description")], cells)
    again = read_sheet(to_csv(made), "x.csv")
    assert (again.columns, again.rows) == (made.columns, made.rows)


def test_the_figures_of_the_shipped_case_come_back(tmp_path: Path) -> None:
    path = write(tmp_path, to_csv(observed(idlib().observed.values())))
    assert read_observed(path).observations == tuple(idlib().observed.values())


def test_every_measure_has_a_hashtag_that_matches_no_other() -> None:
    assert set(MEASURE_TAGS) == set(MEASURES)
    for (_, one), (_, other) in permutations(MEASURE_TAGS.items(), 2):
        name, attributes = tag_parts(one)
        other_name, other_attributes = tag_parts(other)
        assert not (name == other_name and attributes <= other_attributes), f"{one} also selects {other}"
    for measure, tag in MEASURE_TAGS.items():
        assert hxl_figures.measure_of_tag(tag) == measure


def test_measures_stand_in_columns_of_their_own() -> None:
    made = observed(idlib().observed.values())
    by_id = {row[0]: row for row in made.rows}
    columns = {m: made.index(tag) for m, tag in MEASURE_TAGS.items()}
    for one in idlib().observed.values():
        filled = {m for m, i in columns.items() if i is not None and by_id[one.id][i]}
        assert filled == {one.measure}


@pytest.mark.parametrize(
    "tag", ["#affected+idps+children", "#affected+displaced+modelled+q50", "#population", "#reached", "#indicator+num"]
)
def test_a_part_of_a_measure_or_a_models_result_is_no_observation(tag: str, tmp_path: Path) -> None:
    text = f"date,people,other\n#date,#affected+idps,{tag}\n2020-02-01,5,7\n"
    read = read_observed(write(tmp_path, text))
    assert [o.value for o in read.observations] == [5.0]
    assert read.left_out == (tag,)


def test_a_file_of_somebody_else_is_read(tmp_path: Path) -> None:
    text = (
        "Displacement,,,\n\nWhen,Where,Code,IDPs\n#date +reported,#adm3+name,#adm3 + Code,#AFFECTED+ind+idps\n"
        "2020-02-01,Dana,SY070301,1200\n2020-02-02,Dana,SY070301,\n"
    )
    read = read_observed(write(tmp_path, text))
    (one,) = read.observations
    assert (one.place, one.pcode, one.value, one.measure) == ("Dana", "SY070301", 1200.0, "idps-stock")
    assert (one.from_, one.to, one.indicator) == (When.parse("2020-02-01"), When.parse("2020-02-01"), "IDPs")
    assert read.empty == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", ["no row of hashtags"]),
        ("", ["no row of hashtags"]),
        ("d,p\n#date,#afected+idps\n", ["no column holds an observed figure", "did you mean '#affected+idps'"]),
        ("d,p\n#loc,#affected+idps\nx,4\n", ["no column holds the date"]),
        ("d,p\n#date,#affected+idp\n2020-01-01,4\n", ["no column holds an observed figure", "#affected+idps'"]),
        ("d,p\n#date,#affected+idps\n01/02/2020,4\n", ["figures.csv:3", "'01/02/2020'", "--dates dmy for 1 February"]),
        ("d,p\n#date,#affected+idps\n2020-01-01,1.200\n", ["figures.csv:3", "'1.200'", "--numbers point"]),
        ("d,p\n#date,#affected+idps\n2020-01-01,-4\n2020-01-01,4.5\n", ["figures.csv:3", "figures.csv:4", "'4.5'"]),
        ("d,p\n#date,#affected+idps\n,4\n", ["figures.csv:3", "there is no date"]),
        ("d,p,b\n#date,#affected+idps,#meta+bound\n2020-01-01,4,abuot\n", ["'abuot'", "did you mean 'about'"]),
        ("d,p,b\n#date,#affected+idps,#meta+id\n2020-01-01,4,a\n2020-01-02,4,a\n", ["figures.csv:4", "given twice"]),
        ("d,p\n#date,#affected+idps\n2020-01-01,4,9\n", ["figures.csv:3", "3 cells"]),
        ('d,p\n#date,#affected+idps\n2020-01-01,"4\n', ["this is not CSV"]),
    ],
)
def test_bad_files_are_refused_in_words(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(StandoffError) as error:
        read_observed(write(tmp_path, text))
    for word in words:
        assert word in said(error)


def test_a_file_without_a_figure_or_none_at_all_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("d,p\n#date,#loc\n2020-01-01,caf\xe9\n".encode("latin-1"))
    for bad, word in (
        (path, "no column holds an observed figure"),
        (tmp_path / "none.csv", "no such file"),
        (tmp_path, "plain file"),
    ):
        with pytest.raises(StandoffError, match=word):
            read_observed(bad)


def test_many_bad_rows_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    rows = "".join(f"2020-01-01,x{i}\n" for i in range(80))
    with pytest.raises(StandoffError) as error:
        read_observed(write(tmp_path, f"d,p\n#date,#affected+idps\n{rows}"))
    assert len(error.value.problems) == hxl_figures.MOST_LISTED + 1
    assert "30 more cells" in said(error)


def test_a_cell_is_never_run_as_a_formula() -> None:
    text = to_csv(sheet([Column("a", "#description")], [["=HYPERLINK(1)"], ["@SUM"], ["-5"], ["-x"]]))
    assert text.splitlines()[2:] == ["'=HYPERLINK(1)", "'@SUM", "-5", "'-x"]


def test_events_as_of_a_day_and_as_an_account_tells_them() -> None:
    case, day = idlib(), date(2019, 6, 30)
    made = hxl.events(case, on=day)
    known = made.index("#date+known")
    first = made.index("#date+occurred+start")
    assert known is not None
    assert first is not None
    assert made.rows
    assert all((row[known] or row[first]) <= "2019-06-30" for row in made.rows)
    assert len(made.rows) < len(hxl.events(case).rows) == sum(e.sourcing != "unsourced" for e in case.events.values())
    told = made.index("#status+told")
    assert told is not None
    disputed = {row[0] for row in made.rows if row[told] == "disputed"}
    assert disputed
    by_account = [hxl.stances(case, account, day) for account in case.accounts]
    differing = {e.id for stances in by_account for e, how in stances if how != "asserted"}
    assert differing == disputed


def test_events_carry_no_coordinate_finer_than_a_settlement() -> None:
    made = hxl.events(idlib())
    lat, lon = made.index("#geo+lat"), made.index("#geo+lon")
    assert lat is not None
    assert lon is not None
    shown = [row[i] for row in made.rows for i in (lat, lon) if row[i]]
    assert len(shown) > 100
    assert max(len(value.partition(".")[2]) for value in shown) <= 2


def test_the_ledger_says_what_the_ledger_says() -> None:
    case, day = idlib(), date(2020, 2, 14)
    found = ledger(case, "daher", on=day, as_of=day)
    made = hxl.ledger(found, day)
    verdict = made.index("#status+verdict")
    assert verdict is not None
    assert [(row[0], row[verdict]) for row in made.rows] == [(r.commitment, r.words) for r in found]


def test_what_a_party_says_stands_without_the_counts_and_the_clock_of_the_record() -> None:
    case, day = idlib(), date(2020, 2, 14)
    (one, *_) = (row for row in ledger(case, "daher", on=day, as_of=day) if row.broken and row.since)
    made = hxl.ledger([one, replace(one, account_kind=AccountKind.STATEMENT)], day)
    of_record, of_party = (dict(zip((c.tag for c in made.columns), row, strict=True)) for row in made.rows)
    counts = [tag for tag in of_record if tag.startswith(("#indicator+kept", "#indicator+broken", "#indicator+breach"))]
    clock = ["#status+state", "#status+worst", "#date+start"]
    assert len(counts) == 4
    assert {tag for tag in of_record if of_record[tag] != of_party[tag]} == {*counts, *clock, "#meta+account+kind"}
    assert {of_party[tag] for tag in (*counts, *clock)} == {""}


@pytest.mark.parametrize(
    ("asserted", "denied", "record", "statement", "reading"),
    [
        (True, False, "asserted", "asserted", "asserted"),
        (True, True, "disputed", "asserted and denied", "asserted and denied"),
        (False, True, "disputed", "denied", "denied"),
        (False, False, "disputed", "", "not reported"),  # of what a party does not speak it says nothing
    ],
)
def test_how_an_event_stands_in_an_account_of_each_kind(
    monkeypatch: pytest.MonkeyPatch, asserted: bool, denied: bool, record: str, statement: str, reading: str
) -> None:
    case = idlib()
    one = replace(reports(case, RECORD.id)[0], asserted=asserted, denied=denied)
    monkeypatch.setattr(hxl, "reports", lambda *asked, **more: [one])
    for kind, word in (("RECORD", record), ("STATEMENT", statement), ("READING", reading)):
        monkeypatch.setattr(hxl, "kind_of", lambda *asked, kind=kind: AccountKind[kind])
        assert [stance for _, stance in hxl.stances(case)] == [word] * bool(word)


def test_what_a_model_computed_is_marked() -> None:
    case, run = idlib(), invented_run()
    for made in (hxl.arrivals(case, run, run.arrivals), hxl.displaced(case, run, run.quantiles)):
        numbers = [c for c in made.columns if tag_parts(c.tag)[0] == "affected"]
        assert numbers
        assert all("modelled" in tag_parts(c.tag)[1] for c in numbers)
        assert not any(hxl_figures.measure_of_tag(c.tag) for c in made.columns)


def test_arrivals_and_quantiles_keep_every_value() -> None:
    case, run = idlib(), invented_run()
    made = hxl.arrivals(case, run, run.arrivals)
    marks = [made.index(f"#affected+arrivals+modelled+{m}") for m in ("mean", "q05", "q50", "q95")]
    place = made.index("#loc+id")
    got = [(row[0], row[place or 0], *(float(row[i or 0]) for i in marks)) for row in made.rows]
    assert got == [(a.account, a.place, a.mean, a.q05, a.q50, a.q95) for a in run.arrivals]
    shown = hxl.displaced(case, run, run.quantiles)
    column = shown.index("#affected+in_sites+modelled+q95")
    day = shown.index("#date")
    got_sites = {(row[0], row[day or 0]): float(row[column or 0]) for row in shown.rows}
    assert got_sites == {(f.account, f.date): f.q95 for f in run.quantiles if f.series == "in-sites"}
    assert len(shown.rows) == 4


def test_observed_by_a_day_leaves_out_what_was_not_yet_over_or_published() -> None:
    case = idlib()
    some = next(o for o in case.observed.values() if o.published == "2018-01-16")
    late = replace(some, id="late", published="2018-03-01")
    odd = replace(some, id="odd", published="spring")
    changed = replace(case, observed={o.id: o for o in (some, late, odd)})
    assert [o.id for o in observed_by(changed, date(2018, 1, 16))] == [some.id, "odd"]
    assert [o.id for o in observed_by(changed, date(2018, 1, 15))] == []
    assert len(observed_by(changed, date(2018, 3, 1))) == len(observed_by(changed)) == 3


def test_header_and_hashtags_head_the_file_in_utf8() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(hxl.places(idlib())))))
    assert rows[0][:2] == ["place id", "place"]
    assert rows[1][:2] == ["#loc+id", "#loc+name"]
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize(
    ("languages", "tag"), [(("en", "ru"), "#loc+name+i_ru"), (("am",), "#loc+name+i_am"), (("en",), "#loc+name+alt")]
)
def test_local_names_have_the_language_of_the_case(languages: tuple[str, ...], tag: str) -> None:
    case = replace(idlib(), about=replace(idlib().about, languages=languages))
    assert tag in to_csv(hxl.places(case)).splitlines()[1].split(",")


WHERE = ("#loc+id", "#loc+name", "#geo+lat", "#geo+lon", "#geo+precision+km")
WHOSE = ("#meta+account", "#meta+scenario", "#meta+n")
STAY = {  # the columns that a sheet has even where no row fills them; all others are left out then
    "events": (
        "#event+id", "#date+occurred+start", "#date+occurred+end", "#event+type", "#event+type+v_plover",
        "#description", "#group+name+first", "#loc+name", "#geo+lat", "#geo+lon", "#geo+precision+km",
        "#meta+account", "#meta+account+kind", "#status+told", "#meta+source",
    ),
    "places": (*WHERE, "#loc+type", "#population+residents", "#affected+idps"),
    "ledger": (
        "#meta+commitment", "#description+commitment", "#group+name+debtor", "#meta+adverse", "#meta+account",
        "#meta+account+kind", "#date+on", "#status+state", "#status+worst", "#status+verdict", "#meta+duty",
        "#date+start", "#indicator+kept+num", "#indicator+broken+num", "#indicator+breaches+low+num",
        "#indicator+breaches+high+num", "#description+rule",
    ),
    "observed": ("#meta+id", "#date+start", "#date+end", "#indicator+name", "#meta+bound"),
    "arrivals": (
        *WHOSE, "#date+start", "#date+end", *WHERE,
        *(f"#affected+arrivals+modelled+{mark}" for mark in ("mean", "q05", "q50", "q95")),
    ),
    "displaced": (*WHOSE, "#date", "#loc+name"),
}  # fmt: skip


def test_columns_that_nothing_fills_are_left_out_but_for_those_that_say_what_a_row_is() -> None:
    case, run = replace(idlib(), events={}, places={}), invented_run()
    empty = {
        "events": hxl.events(case),
        "places": hxl.places(case),
        "ledger": hxl.ledger([], date(2020, 3, 1)),
        "observed": observed([]),
        "arrivals": hxl.arrivals(case, run, []),
        "displaced": hxl.displaced(case, run, []),
    }
    assert {name: tuple(column.tag for column in made.columns) for name, made in empty.items()} == STAY


@pytest.mark.parametrize(
    ("first", "last", "cells"),
    [
        ("2020-01-05", "2020-02-07", ("2020-01-05", "2020-02-07")),
        ("2020-01", "2020-02", ("2020-01-01", "2020-02-29")),
        ("../2020-01-05", "2020-02-07/..", ("2020-01-05", "2020-02-07")),
    ],
)
def test_a_figure_runs_from_its_first_day_to_its_last(first: str, last: str, cells: tuple[str, str]) -> None:
    figure = Observation(
        id="a", from_=When.parse(first), to=When.parse(last), measure="people", indicator="people", value=1.0
    )
    made = observed([figure])
    row = dict(zip([column.tag for column in made.columns], made.rows[0], strict=True))
    assert (row["#date+start"], row["#date+end"]) == cells
