"""What people do wrong in a case: each mistake is told with its file, its line, the value, and the way on."""

# ruff: noqa: E501 - tables of rows, one a line

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from broken_input import write_full_case

from standoff.case.read import read
from standoff.errors import LONGEST_WORD, Problem, StandoffError, closest, in_one_line
from standoff.files.opener import decoded, parse_json
from standoff.values import Bounds, Duration, RefusedValueError, When, day_meant, number_meant

# file, what stands there, the mistake, the line it is told at, what is said of it, the way on
EDITS: list[tuple[str, str, str, int, str, str]] = [
    # days in other orders and words
    ("events.csv", "e2-red,2024-02-25", "e2-red,20/02/2024", 3, "date is '20/02/2024'", "did you mean 2024-02-20?"),
    ("events.csv", "e2-red,2024-02-25", "e2-red,2/25/2024", 3, "date is '2/25/2024'", "did you mean 2024-02-25?"),
    ("events.csv", "e2-red,2024-02-25", "e2-red,05/03/2024", 3, "date is", "write 2024-03-05 or 2024-05-03, whichever"),
    ("events.csv", "e2-red,2024-02-25", "e2-red,25-Feb-24", 3, "date is '25-Feb-24'", "did you mean 2024-02-25?"),
    ("events.csv", "e2-red,2024-02-25", "e2-red,Feb 2024", 3, "date is 'Feb 2024'", "did you mean 2024-02?"),
    ("events.csv", "e2-red,2024-02-25", "e2-red,45347", 3, "date is 45347", "did you mean 2024-02-25?"),
    ("events.csv", ",2024-02-26,", ",#VALUE!,", 3, "known is '#VALUE!'", "a formula of a spreadsheet, or its error"),
    ("case.yaml", "start: 2024-03-01", "start: March 1, 2024", 6, "start is 'March 1, 2024'", "mean 2024-03-01?"),
    ("case.yaml", "start: 2024-03-01", "start: 20240301", 6, "start is 20240301", "did you mean 2024-03-01?"),
    ("case.yaml", "2024-01-01/2024-12-31", "2024-01-01 to 2024-12-31", 5, "period is", "2024-01-01/2024-12-31?"),
    ("case.yaml", "2024-01-01/2024-12-31", "[2024-01-01, 2024-12-31]", 5, "period is", "2024-01-01/2024-12-31?"),
    ("tests/river.yaml", "2024-02-25, type", "25/02/2024, type", 5, "date is '25/02/2024'", "mean 2024-02-25?"),
    ("incidents.yaml", "on: 2024-05-01", "on: 1 May 2024", 5, "on is '1 May 2024'", "did you mean 2024-05-01?"),
    ("questions.yaml", "deadline: 2024-02-29", "deadline: 2023-02-29", 5, "'2023-02-29'", "exists in the calendar"),
    # numbers with separators, units, words; what spreadsheets make of them
    ("places.csv", ",20000,", ',"20,000",', 2, "residents is '20,000'", "write 20000, or 20, whichever it is"),
    ("places.csv", ",20000,", ",20.000,", 2, "residents is 20.000", "write 20000, or 20"),
    ("places.csv", ",20000,", ",20 000,", 2, "residents is '20 000'", "write 20000"),
    ("places.csv", ",20000,", ",20k,", 2, "residents is '20k'", "write 20000"),
    ("places.csv", ",20000,", ",2.0E+04,", 2, "residents is '2.0E+04'", "a spreadsheet has shortened it"),
    ("places.csv", ",20000,", ",unknown,", 2, "residents is 'unknown'", "leave it empty where it is not known"),
    ("places.csv", ",20000,", ",about 20000,", 2, "residents is 'about 20000'", "write 20000"),
    ("places.csv", "41.0,11.0", '"41,0","11,0"', 2, "lat is '41,0'", "write 41.0"),
    ("places.csv", "41.0,11.0", "41°30'N,11.0", 2, "lat is", "write 41.5"),
    ("routes.csv", "30,invented", "30 km,invented", 2, "km is '30 km'", "write 30"),
    ("stakes.yaml", "salience: 0.6", "salience: 60%", 1, "salience is '60%'", "write 0.6"),
    ("stakes.yaml", "salience: 0.6", "salience: 0,6", 1, "the key '6' is unknown", "a comma begins a new key"),
    ("stakes.yaml", "salience: 0.6", "salience: 0.5", 1, "they sum to 0.9", "saliences that sum to 1"),
    ("outcomes.yaml", "threshold: 10000", "threshold: 10k", 14, "threshold is '10k'", "write 10000"),
    ("observed.csv", ",100,", ',"1,000",', 2, "value is '1,000'", "write 1000, or 1"),
    ("case.yaml", "days: 60", "days: 60 days", 7, "days is '60 days'", "write 60"),
    # lengths of time
    ("commitments.yaml", "within: {assumed: 7d, range: [1d, 30d]}", "within: {assumed: 7, range: [1, 30]}", 34,
     "within is {assumed: 7, range: [1, 30]}", "did you mean 7d?"),
    ("commitments.yaml", "within: {assumed: 7d, range: [1d, 30d]}", "within: a week", 34, "'a week'", "mean 1w?"),
    ("commitments.yaml", "{assumed: 7d, range: [1d", "{asumed: 7d, range: [1d", 34, "asumed", "'asumed' is unknown"),
    # names in the place of ids, several in one cell, words of everyday speech
    ("events.csv", "shelling,red,blue,town,Shells hit", "shelling,Red (invented),blue,town,Shells hit", 3,
     "there is no actor 'Red (invented)'", "did you mean 'red', which is called so?"),
    ("events.csv", "shelling,red,blue,town,Shells hit", "shelling,red,blue,Rivertown,Shells hit", 3,
     "there is no place 'Rivertown'", "did you mean 'town', which is called so?"),
    ("events.csv", "red;blue,", "red|blue,", 2, "there is no actor 'red|blue'", "red; blue in a table"),
    ("events.csv", "red;blue,", "red,blue,", 2, "13 cells", "a comma inside a cell?"),
    ("events.csv", "shelling,red,blue,town,Shells hit", "bombardment,red,blue,town,Shells hit", 3, "'bombardment'",
     "did you mean 'shelling'?"),
    ("claims.yaml", "says: {event: ceasefire,", "says: {event: cease-fire,", 7, "'cease-fire'", "mean 'ceasefire'?"),
    ("commitments.yaml", "kind: maintain", "kind: prohibition", 6, "kind is 'prohibition'", "did you mean 'maintain'?"),
    ("places.csv", ",town,41", ",village,41", 2, "kind is 'village'", "did you mean 'town'?"),
    ("sources.yaml", "standing: wire", "standing: newspaper", 5, "standing is 'newspaper'", "did you mean 'wire'?"),
    ("incidents.yaml", "status: alleged", "status: confirmed", 3, "status is 'confirmed'", "did you mean 'verified'?"),
    ("mapping.yaml", "decision: red", "decision: Red", 1, "the decision is 'Red'", "did you mean 'red'?"),
    ("scenarios/camp-enlarged.yaml", "capacity: camp", "capacity: Hill camp", 5, "'Hill camp'", "did you mean 'camp'"),
    # keys
    ("actors.yaml", "{id: red,", "{Id: red,", 1, "the key 'Id' is unknown", "did you mean 'id'?"),
    ("actors.yaml", "{id: red,", "{id:red,", 1, "the key 'id:red' is unknown", "a blank belongs after the colon: id: red"),
    ("commitments.yaml", "debtor: red", "obliged: red", 8, "the key 'obliged' is unknown", "did you mean 'debtor'?"),
    ("claims.yaml", "says: {event: ceasefire,", "says: {events: ceasefire,", 7, "the key 'events'", "mean 'event'?"),
    ("scenarios/camp-enlarged.yaml", "value: 20000", "value: 20,000", 5, "000' is unknown", "a comma begins a new key"),
    ("places.csv", "lat,lon", "latitude,longitude", 1, "the column 'latitude' is unknown", "did you mean 'lat'?"),
    ("places.csv", "id,name", "id,id", 1, "the column 'id' is given twice", "each column once"),
    ("case.yaml", "days: 60", "days: 60\ndays: 30", 8, "the key 'days' is given twice", "each key once"),
    # kinds of value
    ("commitments.yaml", "forbid: {type: [shelling, airstrike, ground-assault], actor: red, target: blue}",
     "forbid: shelling by red", 11, "forbid is 'shelling by red'", "keys such as type, actor, target"),
    ("commitments.yaml", "adverse: true", "adverse: maybe", 28, "adverse is 'maybe'", "true or false"),
    ("claims.yaml", "realis: alleged", "realis: [alleged, denied]", 14, "realis is [alleged, denied]", "one value"),
    ("claims.yaml", "says: {commitment: blue-answers}", "says: blue-answers", 32, "says is 'blue-answers'", "keys such as"),
    ("case.yaml", "[10.0, 40.0, 12.0, 42.0]", "[10.0, 40.0, 12.0]", 8, "region is [10.0, 40.0, 12.0]", "four numbers"),
    ("case.yaml", "[10.0, 40.0, 12.0, 42.0]", "10, 40, 12, 42", 8, "region is", "in square brackets"),
    # YAML that is none: the line where it begins to be wrong
    ("claims.yaml", "text: Red denies", "text: Red: denies", 17, "a colon stands inside a text", 'quotes: "Red: denies'),
    ("claims.yaml", 'anchor: "agreed to hold fire"', 'anchor: "agreed to hold fire', 5, "a bracket is opened here", "each {"),
    ("claims.yaml", "- id: c-threat", "-id: c-threat", 25, "no blank stands behind the dash", "write - id: c-threat"),
    ("claims.yaml", "- id: c-threat", "id: c-threat", 25, "belongs to no entry of the list", "'- ' before the first key"),
    ("claims.yaml", "  chain: observer\n", "   chain: observer\n", 6, "is not a key of the entry", "as many spaces"),
    ("claims.yaml", "  chain: observer\n", "\tchain: observer\n", 6, "a tab indents this line", "spaces"),
    ("case.yaml", "days: 60", "days:60", 7, "no blank stands behind the colon", "write days: 60"),
    ("case.yaml", "days: 60", " days: 60", 7, "indented deeper", "as many spaces"),
    ("actors.yaml", "kind: civilians}", "kind: civilians", 3, "a bracket is opened here", "each { with its }"),
    ("actors.yaml", "- {id: red", "<<<<<<< HEAD\n- {id: red", 1, "a mark of a merge conflict", "one of the two versions"),
    # coordinates
    ("case.yaml", "[10.0, 40.0, 12.0, 42.0]", "[40.0, 10.0, 42.0, 12.0]", 8, "all do the other way round", "lat (north)"),
    ("places.csv", "lat,lon", "lon,lat", 0, "all do the other way round", "latitude and longitude changed"),
    ("places.csv", "41.0,11.0", "11.0,41.0", 2, "outside the region", "lat and lon changed places"),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_full_case(tmp_path_factory.mktemp("mistakes") / "case")


def errors_of(folder: Path) -> list[Problem]:
    return [p for p in read(folder)[1] if p.severity == "error"]


def test_the_case_is_sound_before_a_mistake(sound: Path) -> None:
    assert errors_of(sound) == []


@pytest.mark.parametrize(("file", "old", "new", "line", "said", "way"), EDITS)
def test_a_mistake_is_told_where_it_is_with_the_way_on(
    sound: Path, file: str, old: str, new: str, line: int, said: str, way: str
) -> None:
    path = sound / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        errors = errors_of(sound)
    finally:
        path.write_text(text, encoding="utf-8")
    place = (file, line) if line else ("case.yaml", 8)
    lines = [str(p) for p in errors]
    found = [p for p in errors if said in p.what and (p.file, p.line) == place]
    assert found, lines
    assert any(way in f"{p.expected} {p.hint}" for p in found), lines
    assert not any(word in one for one in lines for word in ("pydantic", "unable to parse", "valid string", "dict;"))


FILES: list[tuple[str, Callable[[bytes], bytes], str, str]] = [
    ("places.csv", lambda data: data.replace(b",", b";"), "places.csv:1: the cells are parted by semicolons", "CSV UTF-8"),
    ("places.csv", lambda data: data.replace(b",", b"\t"), "places.csv:1: the cells are parted by tabs", "commas"),
    ("places.csv", lambda data: b"My places\n" + data, "places.csv:2: the header stands in line 2", "lines above"),
    ("places.csv", lambda data: data.split(b"\n", 1)[1], "places.csv:1: the first row holds values", "columns id, name"),
    ("places.csv", lambda data: data + b"Total,,,,,,,,55000,,,,\n", "places.csv:5: the row 'Total'", "each record alone"),
    ("places.csv", lambda data: data.replace(b"Rivert", b'"Rivert', 1), "places.csv:2: a quote", "each quote twice"),
    ("places.csv", lambda data: b"", "places.csv:1: the table is empty", "columns id, name"),
    ("places.csv", lambda data: data.split(b"\n")[0], "places.csv: there are no places, and other files", "the places"),
    ("places.csv", lambda data: data.replace(b"Rivert", "Rív".encode("cp1252")), "places.csv:2: byte", "near"),
    ("places.csv", lambda data: data.decode().encode("utf-16"), "places.csv: this is a text in UTF-16", "CSV UTF-8"),
    ("places.csv", lambda data: b"PK\x03\x04" + data, "places.csv: this is a workbook", "CSV UTF-8"),
    ("places.csv", lambda data: data.replace(b"town,", b"to\0wn,", 1), "places.csv:2: this holds zero bytes", "text"),
    ("actors.yaml", lambda data: data.replace(b"red,", b"r\0d,", 1), "actors.yaml:1: this is not YAML: the control", "text"),
    ("actors.yaml", lambda data: b"red: {name: Red}\n", "actors.yaml:1: the file does not hold a list", "'- id:'"),
    ("actors.yaml", lambda data: b"", "actors.yaml: there are no actors, and other files", "the actors of the case"),
    ("actors.yaml", lambda data: data + "\u2028\u2028- {".encode(), "actors.yaml:", "each { with its }"),
    ("case.yaml", lambda data: b"- a\n", "case.yaml:1: a list stands where a record should", "keys such as id"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "said", "way"), FILES)
def test_a_file_of_another_form_is_told_as_a_whole(
    sound: Path, file: str, change: Callable[[bytes], bytes], said: str, way: str
) -> None:
    data = (sound / file).read_bytes()
    (sound / file).write_bytes(change(data))
    try:
        errors = [str(p) for p in errors_of(sound)]
    finally:
        (sound / file).write_bytes(data)
    assert any(one.startswith(said) and way in one for one in errors), errors
    assert len([one for one in errors if one.startswith(file)]) <= 2, errors


@pytest.mark.parametrize(
    ("file", "other", "said"),
    [
        ("places.csv", "places.xlsx", "is it 'places.xlsx'? rename it, or save it as CSV UTF-8"),
        ("actors.yaml", "actors.yml", "is it 'actors.yml'? rename it"),
        ("claims.yaml", "Claims.yaml", "is it 'Claims.yaml'?"),
        ("sources.yaml", "source.yaml", "is it 'source.yaml'?"),
    ],
)
def test_a_file_under_another_name_is_found(sound: Path, tmp_path: Path, file: str, other: str, said: str) -> None:
    copy = Path(shutil.copytree(sound, tmp_path / "copy"))
    (copy / file).rename(copy / other)
    assert any(f"{file}: the file is missing" in str(p) and said in p.hint for p in errors_of(copy))


@pytest.mark.parametrize(
    ("text", "share", "meant"),
    [
        ("2.5 million", False, "write 2500000"), ("1.200.000", False, "write 1200000"), ("1'000", False, "write 1000"),
        ("1,234,567.8", False, "write 1234567.8"), ("20\u00a0000", False, "write 20000"), ("20000+", False, "write 20000"),
        ("50 %", True, "write 0.5"), ("33.5S", False, "write -33.5"), ("36°30'36\"E", False, "write 36.51"),
        ("=A1+B1", False, "a formula of a spreadsheet"), ("sixty", False, ""), ("", False, ""), ("1e5", False, ""),
    ],
)  # fmt: skip
def test_what_a_number_may_mean_is_said_where_it_is_clear(text: str, share: bool, meant: str) -> None:
    hint = number_meant(text, share=share)
    assert hint.startswith(meant)
    assert bool(hint) == bool(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 février 2024", "2024-02-01"), ("Friday, 1 March 2024", "2024-03-01"), ("1st of March 2024", "2024-03-01"),
        ("2024.3.1", "2024-03-01"), ("03/2024", "2024-03"), ("2024-25-02", "2024-02-25"), ("28.2.2024", "2024-02-28"),
        ("1 Jan 2024 - 3 Mar 2024", "2024-01-01/2024-03-03"), ("soon", ""), ("31/02/2024", ""), ("99999", ""), ("", ""),
        ("spring 2024", ""), ("2024-13-45", ""),
    ],
)  # fmt: skip
def test_what_a_day_may_mean_is_said_where_it_is_clear(text: str, meant: str) -> None:
    assert day_meant(text) == (f"did you mean {meant}?" if meant else "")


def test_a_value_is_refused_with_what_it_may_mean_and_is_never_changed() -> None:
    for parse, text in ((When.parse, "20/02/2024"), (Duration.parse, "7"), (Bounds(0, 9e9, "people").parse, "20 000")):
        with pytest.raises(RefusedValueError) as caught:
            parse(text)
        assert caught.value.hint in str(caught.value)
        assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "names", "meant"),
    [
        ("Shelling", ["shelling", "clash"], "shelling"), ("air strike", ["airstrike"], "airstrike"),
        ("killing", ["shelling", "clash"], ""), ("bombardment", ["agreement", "summit"], ""), ("rde", ["red"], "red"),
        ("refugee camp", ["camp", "town"], "camp"), ("x", ["y"], ""), ("", ["y"], ""), ("z" * 9000, ["z"], ""),
    ],
)  # fmt: skip
def test_the_nearest_name_is_one_that_may_be_meant(name: str, names: list[str], meant: str) -> None:
    assert closest(name, names) == meant


def test_no_value_fills_a_page_breaks_a_line_or_turns_it_round() -> None:
    problem = Problem("a.yaml", 1, f"the id is {'x' * 5000} \u202e\n\x00", hint="\ud800")
    assert len(str(problem)) < 2 * LONGEST_WORD
    assert str(problem).isprintable()
    named = Problem(f"/some/folder/{'deep/' * 40}{'x' * 300}.csv", 0, "no such file")
    assert "deep/deep" in str(named) and len(str(named)) < 400
    assert in_one_line("Дамаск, 20\u00a0000") == "Дамаск, 20\u00a0000"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{'a': 1}", "a name in double quotes is missing, at letter 2"), ('{"a" 1}', "a colon is missing"),
        ('[1 2]', "a comma or a closing bracket is missing"), ("[1,", "a value is missing"), ("{} x", "behind the end"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_json_is_said_in_words(text: str, said: str) -> None:
    with pytest.raises(StandoffError, match=said):
        parse_json(text, "a.json")


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08", b"%PDF-1.7", b"\xfe\xff\x00a", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_text_is_told_by_what_it_is(data: bytes) -> None:
    with pytest.raises(StandoffError, match="this is a"):
        decoded(data, "a.yaml")
