"""Numbers and dates of a case are finite and within bounds: field by field, value by value, with file and line."""

from __future__ import annotations

import dataclasses
import math
import os
import signal
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from thorough import some

from standoff import values
from standoff.case import claims, model, strategy, terms
from standoff.case import claims as saying
from standoff.case.read import TABLES, YAML_KINDS, load, read
from standoff.errors import StandoffError
from standoff.files.opener import parse_json, read_text
from standoff.values import Bounds, Duration, OutOfBoundsError, When

RECORDS = sorted(
    {
        model.About, claims.Anchor, claims.Grade, claims.Answer, claims.Sets, terms.Pattern, terms.Interpretation,
        terms.Amount, strategy.Emission, strategy.Change, *saying.SAYINGS.values(),
        *(kind for kind, _ in (*YAML_KINDS.values(), *TABLES.values())),
    },
    key=lambda kind: kind.__name__,
)  # fmt: skip


def _leaves(hint: Any) -> Iterator[Any]:
    """Yield the types inside a type; one with bounds is whole."""
    if typing.get_origin(hint) is typing.Annotated:
        if not any(isinstance(part, Bounds) for part in hint.__metadata__):
            yield from _leaves(hint.__origin__)
    elif args := typing.get_args(hint):
        for part in args:
            yield from _leaves(part)
    else:
        yield hint


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_no_record_has_a_number_without_bounds(kind: type) -> None:
    hints = typing.get_type_hints(kind, include_extras=True)
    bare = {f.name for f in dataclasses.fields(kind) for leaf in _leaves(hints[f.name]) if leaf in (int, float)}
    assert bare == set()


# A folder with every kind of number in it (made up); '@' stands where a value goes
PARAMETERS = """\
- {id: inertia, title: made up, value: 0.1, range: [0.0, 0.3], unit: '', assumed: made up}
- {id: displacement.phi, title: made up, value: 0.1, range: [0.0, 0.3], unit: a day, assumed: made up}
- {id: displacement.hops, title: made up, value: 3, range: [1, 5], unit: links, assumed: made up}
"""
SCENARIO = """\
id: camp-enlarged
title: made up
lever: humanitarian
changes:
  - capacity: camp
    value: 5000
  - parameter: displacement.phi
    value: 0.05
"""
ZONES = """\
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"id": "z", "buffer_km": 5, "from": "2024-01-01"},
 "geometry": {"type": "Polygon", "coordinates": [[[10.5, 40.5], [11.5, 40.5], [11.5, 41.5], [10.5, 40.5]]]}}
]}
"""
OBSERVED = (
    "id,from,to,measure,indicator,value,source\n"
    "o1,2024-02-01,2024-02-10,people-displaced,people displaced,100,observer\n"
)


@pytest.fixture
def full(folder: Path) -> Path:
    (folder / "parameters.yaml").write_text(PARAMETERS)
    (folder / "scenarios" / "camp-enlarged.yaml").write_text(SCENARIO)
    (folder / "zones.geojson").write_text(ZONES)
    (folder / "observed.csv").write_text(OBSERVED)
    return folder


def test_the_folder_with_every_number_has_no_error(full: Path) -> None:
    assert [str(p) for p in read(full)[1] if p.severity == "error"] == []


NEVER = ("nan", ".nan", "inf", "-inf", "1e400", "9" * 400, "1e30")
BELOW = ("-1", "-0.001", "-1e308")
# file, what stands there, the same with '@' for the value, values beside NEVER, the line
FIELDS: list[tuple[str, str, str, tuple[str, ...], int]] = [
    ("case.yaml", "days: 60", "days: @", ("-1", "0", "1.5", "1001", "sixty"), 7),
    ("case.yaml", "[10.0, 40.0", "[@, 40.0", ("-181", "361"), 8),
    ("case.yaml", "40.0, 12.0, 42.0]", "40.0, 12.0, @]", ("91", "-91"), 8),
    ("issues.yaml", "start: 0.0", "start: @", (*BELOW, "5", "1.001", "50%"), 5),
    ("stakes.yaml", "position: 1,", "position: @,", (*BELOW, "1.5"), 1),
    ("stakes.yaml", "salience: 0.6", "salience: @", (*BELOW, "1.5"), 1),
    ("options.yaml", "chance: 0.5", "chance: @", (*BELOW, "1.5", "often"), 5),
    ("options.yaml", "intensity: 0.3", "intensity: @", BELOW, 5),
    ("options.yaml", "{town-control: 0.1", "{town-control: @", ("-1.01", "1.01"), 6),
    ("options.yaml", "cost: 0.1", "cost: @", BELOW, 7),
    ("options.yaml", "harms: {red: 0.3}", "harms: {red: @}", BELOW, 16),
    ("outcomes.yaml", "threshold: 10000", "threshold: @", (*BELOW, "10,000", "10k"), 14),
    ("accounts.yaml", "{blue-tells: 0.5", "{blue-tells: @", (*BELOW, "1.5"), 27),
    ("claims.yaml", "paragraph: 3", "paragraph: @", ("-1", "2.5"), 5),
    ("places.csv", ",20000,", ",@,", ("-1", "1000000001", "2.5", "20k"), 2),
    ("places.csv", "12000,1,", "@,1,", ("-1", "1000000001"), 4),
    ("places.csv", "12000,1,", "12000,@,", (*BELOW, "20041", "1 km"), 4),
    ("places.csv", "41.0,11.0", "@,11.0", ("91", "-91", "41N"), 2),
    ("places.csv", "41.0,11.0", "41.0,@", ("361", "-181"), 2),
    ("routes.csv", "camp,22,", "camp,@,", (*BELOW, "0", "20041", "22 km"), 3),
    ("observed.csv", ",100,", ",@,", BELOW, 2),
    ("parameters.yaml", "value: 0.1", "value: @", BELOW, 1),
    ("parameters.yaml", "range: [0.0", "range: [@", ("-1", "0.4"), 1),
    ("parameters.yaml", "0.3], unit: ''", "@], unit: ''", ("-1", "101"), 1),
    ("parameters.yaml", "value: 3", "value: @", ("0", "6", "-1"), 3),
    ("scenarios/camp-enlarged.yaml", "value: 5000", "value: @", BELOW, 6),
    ("scenarios/camp-enlarged.yaml", "value: 0.05", "value: @", (*BELOW, "101"), 8),
    ("zones.geojson", '"buffer_km": 5', '"buffer_km": @', ("-1", "2001", '"wide"', "[1]"), 2),
    ("zones.geojson", "[10.5, 40.5]", "[@, 40.5]", ("-181", "361", '"x"', "true", "null"), 2),
]
TABLE = [(f, old, new, value, line) for f, old, new, more, line in FIELDS for value in (*NEVER, *more)]


@pytest.mark.parametrize(("file", "old", "new", "value", "line"), some(TABLE, 3))
def test_a_number_that_cannot_be_meant_is_refused_with_its_line(
    full: Path, file: str, old: str, new: str, value: str, line: int
) -> None:
    path = full / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new.replace("@", value), 1), encoding="utf-8")
    errors = [p for p in read(full)[1] if p.severity == "error"]
    assert errors
    where = {p.line for p in errors if p.file == file}
    if file == "zones.geojson" and not {p.what for p in errors} & {"this is not JSON"}:
        assert where  # of a value that JSON does not have, the line is told where it is known
    else:
        assert line in where, [str(p) for p in errors]
    assert all(len(str(p)) < 500 for p in errors)
    assert all(p.expected for p in errors)


YEARS = ("9999-12", "9999-12-31", "0025-03-10", "0000-01-01", "0001-01-01", "1799-12-31", "2201-01-01", "9999", "0000")
DATES: list[tuple[str, str, str]] = [
    ("case.yaml", "period: 2024-01-01/2024-12-31", "period: @"),
    ("case.yaml", "period: 2024-01-01/2024-12-31", "period: 2024-01-01/@"),
    ("case.yaml", "start: 2024-03-01", "start: @"),
    ("events.csv", "2024-02-20", "@"),
    ("events.csv", "2024-02-26", "@"),
    ("coverage.csv", "2024-02-20,2024-03-31", "2024-02-20,@"),
    ("observed.csv", "2024-02-01", "@"),
    ("agreements.yaml", "date: 2024-02-20", "date: @"),
    ("documents.yaml", "published: 2024-02-28", "published: @"),
    ("zones.geojson", '"from": "2024-01-01"', '"from": "@"'),
]


@pytest.mark.parametrize(("file", "old", "new", "value"), some([(*row, year) for row in DATES for year in YEARS], 3))
def test_a_year_that_cannot_be_meant_is_refused_in_one_line(
    full: Path, file: str, old: str, new: str, value: str
) -> None:
    path = full / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new.replace("@", value), 1), encoding="utf-8")
    errors = [str(p) for p in read(full)[1] if p.severity == "error"]
    assert any("a year from 1800 to 2200" in e and e.startswith(file) for e in errors), errors


def test_all_numbers_out_of_bounds_are_told_at_once_beside_what_else_is_wrong(full: Path) -> None:
    for file, old, new in (
        ("places.csv", ",20000,", ",-5,"),
        ("routes.csv", "camp,22,", "camp,inf,"),
        ("stakes.yaml", "salience: 0.6", "salience: nan"),
        ("commitments.yaml", "debtor: blue\n", "debtor: bleu\n"),
    ):
        path = full / file
        path.write_text(path.read_text().replace(old, new, 1))
    case, problems = read(full)
    assert case is None
    assert {p.file for p in problems} >= {"places.csv", "routes.csv", "stakes.yaml", "commitments.yaml"}
    with pytest.raises(StandoffError):
        load(full)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("case.yaml", "start: 2024-03-01", "start: 2025-03-01", ""),  # within a year of the record
        ("case.yaml", "start: 2024-03-01", "start: 2026-03-01", "case.yaml:6: start is 2026-03-01; expected a day of"),
        ("case.yaml", "start: 2024-03-01", "start: 2023-12-31", "case.yaml:6: start is 2023-12-31; expected a day of"),
        ("events.csv", ",2024-02-26,", ",2024-02-24,", "events.csv:3: known on 2024-02-24, before it happens"),
        ("events.csv", "e1,2024-02-20,ceasefire", "e1,1980-02-20,ceasefire", "events.csv:2: date 1980-02-20 lies 44"),
        ("zones.geojson", "[[10.5, 40.5], [11.5, 40.5], [11.5, 41.5], [10.5, 40.5]]", "[[70, 40], [71, 40], [71, 41]]",
         "zones.geojson:2: z lies at 70 to 71 east, 40 to 41 north, outside the region"),
        ("zones.geojson", '"Polygon"', '"GeometryCollection"', "the geometry is 'GeometryCollection'"),
        ("zones.geojson", '"id": "z"', '"id": "z", "claims": "c-ceasefire"', ""),
        ("zones.geojson", '"id": "z"', '"id": "z", "claims": 3', "claims is 3; expected a list of claims"),
        ("zones.geojson", '"id": "z"', '"id": "z", "certainty": "sure"', "certainty is 'sure'; expected certain or"),
        ("zones.geojson", "[10.5, 40.5]", "[280000, 3950000]", "(these look like metres: save the layer in EPSG:4326)"),
        ("places.csv", ",20000,0,", ",1000000000,1000000000,", "residents and displaced are 2,000,040,500 people"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told(full: Path, file: str, old: str, new: str, said: str) -> None:
    path = full / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    errors = " | ".join(str(p) for p in read(full)[1] if p.severity == "error")
    assert said in errors
    assert bool(errors) == bool(said)


QUESTION = """\
- id: q1
  cutoff: 2024-03-01
  text: made up
  deadline: 2024-03-31
  outcome: red-shells
  resolved: "no"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("deadline: 2024-03-31", "deadline: 2024-02-28", "questions.yaml:4: deadline 2024-02-28 lies before cutoff"),
        ('resolved: "no"', "resolved: maybe", "questions.yaml:6: resolved is 'maybe'; expected yes, no, or nothing"),
        ("  resolved", "  base_rate: 1.5\n  resolved", "questions.yaml:6: base_rate is 1.5; expected a number from 0"),
        ("  resolved", "  said: {observer: nan}\n  resolved", "questions.yaml:6: said.observer is 'nan'"),
    ],
)
def test_questions_end_after_they_are_asked(full: Path, old: str, new: str, said: str) -> None:
    (full / "questions.yaml").write_text(QUESTION.replace(old, new, 1) if old else QUESTION)
    errors = " | ".join(str(p) for p in read(full)[1] if p.severity == "error")
    assert said in errors
    assert bool(errors) == bool(said)


@pytest.mark.parametrize(
    ("bounds", "value", "made"),
    [
        (Bounds(0, 1, "a number"), "0.5", 0.5),
        (Bounds(0, 1, "a number"), " 1 ", 1.0),
        (Bounds(0, 1, "a number"), ".5", 0.5),
        (Bounds(0, 1, "a number"), "1e-3", 0.001),
        (Bounds(0, 1, "a number"), 1, 1.0),
        (Bounds(0, 10**9, "people", whole=True), "20000", 20000),
        (Bounds(0, 10**9, "people", whole=True), "20_000", 20000),
        (Bounds(0, 10**9, "people", whole=True), "5.0", 5),
        (Bounds(-90, 90, "degrees"), "-12.25", -12.25),
    ],
)
def test_numbers_are_read_as_before(bounds: Bounds, value: Any, made: float) -> None:
    found = bounds.parse(value)
    assert found == made
    assert type(found) is type(made)


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ("nan", 0), (math.nan, 0), ("inf", 0), (-math.inf, 0), ("1e999", 10), ("9" * 5000, 10), ("-" + "9" * 5000, 0),
        (True, 0), (None, 0), ([1], 0), ({}, 0), ("", 0), ("5,0", 0), ("5 km", 0), ("٥", 0), ("0x5", 0),
        ("5" * 401, 10), (11, 10), (-0.1, 0), (10.0000001, 10),
    ],
)  # fmt: skip
def test_what_is_out_of_bounds_tells_the_nearest_number(value: Any, nearest: float) -> None:
    with pytest.raises(OutOfBoundsError, match="expected zero or more: hours up to 10") as caught:
        Bounds(0, 10, "hours").parse(value)
    assert caught.value.nearest == nearest


@pytest.mark.parametrize("text", ["51y", "18301d", "9999999999d", "9" * 5000 + "w", "2701w", "439224h"])
def test_a_span_has_an_end(text: str) -> None:
    with pytest.raises(ValueError, match="at most 50 years"):
        Duration.parse(text)


@pytest.mark.parametrize("year", [values.FIRST_YEAR, 1864, 2026, values.LAST_YEAR])
def test_years_from_1800_to_2200_are_read(year: int) -> None:
    assert When.parse(f"{year}-12").end is not None
    assert When.parse(f"{year}-12-31").is_day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[NaN]", "NaN is not a number of JSON"),
        ("[\n1e400]", "here:2: 1e400 is too large"),
        ("[" + "9" * 5000 + "]", "is too large for a number"),
        ("[" * 100_000, "too deep"),
        ('{"a": }', "this is not JSON"),
    ],
)
def test_json_that_cannot_be_used_is_one_line(text: str, said: str) -> None:
    with pytest.raises(StandoffError) as caught:
        parse_json(text, "here")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 200


PIPES = (
    "claims.yaml",
    "scenarios/x.yaml",
    "tests/x.yaml",
    "zones.geojson",
    "background.geojson",
    "events.csv",
    "issues.yaml",
)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", PIPES)
def test_a_pipe_is_refused_and_not_waited_for(folder: Path, name: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    signal.signal(signal.SIGALRM, _waits)
    signal.alarm(60)
    try:
        problems = [str(p) for p in read(folder)[1]]
    finally:
        signal.alarm(0)
    assert any(f"{name}: this is not a plain file" in line for line in problems)


def _waits(*_: object) -> None:
    raise TimeoutError("it waits for the other end of a pipe")


@pytest.mark.parametrize("name", ["claims.yaml", "events.csv", "zones.geojson", "background.geojson", "issues.yaml"])
def test_a_link_out_of_the_folder_or_to_a_device_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    for target in (tmp_path / "outside", Path("/dev/zero"), tmp_path / "nothing"):
        (tmp_path / "outside").write_text("[]")
        path = folder / name
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        assert name in {p.file for p in read(folder)[1] if p.severity == "error"}


def test_a_mark_at_the_beginning_of_a_file_is_passed_over(full: Path) -> None:
    for name in ("zones.geojson", "claims.yaml", "events.csv"):
        path = full / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    (full / "background.geojson").write_bytes(b'\xef\xbb\xbf{"features": []}')
    assert [p for p in read(full)[1] if p.severity == "error"] == []


def test_a_text_is_read_with_plain_ends_of_lines(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\r\ntwo\rthree\n")
    assert read_text(tmp_path / "a", "a", 100) == "one\ntwo\nthree\n"
    with pytest.raises(StandoffError, match="at most 0 MB"):
        read_text(tmp_path / "a", "a", 5)
    with pytest.raises(StandoffError, match="leaves the folder"):
        read_text(tmp_path / "a", "a", 100, within=tmp_path / "b")


def test_one_salience_that_is_no_number_never_reaches_a_run(
    folder: Path, problems: Callable[[Path], list[str]]
) -> None:
    path = folder / "stakes.yaml"
    path.write_text(path.read_text().replace("salience: 0.6", "salience: nan", 1))
    found = problems(folder)
    assert any(line.startswith("stakes.yaml:1: salience is 'nan'; expected a number from 0 to 1") for line in found)
