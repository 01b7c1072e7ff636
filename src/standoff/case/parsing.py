"""Plain strings to frozen records: pydantic checks the types, and its errors get file, line and nearest name.

Before pydantic sees a record, keys that are Python keywords get an underscore (``from`` becomes ``from_``) and a
single value where a list is allowed becomes a list of one.
"""

from __future__ import annotations

import csv
import dataclasses
import difflib
import io
import keyword
import re
import types
import typing
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from standoff.case.claims import SAYINGS, Saying
from standoff.errors import Problem, StandoffError, closest, nearest
from standoff.files.opener import read_text
from standoff.files.table_reader import HEADER_WITHIN, is_total
from standoff.files.yaml import NOTHING_INSIDE, Lines
from standoff.oneline import OneLine
from standoff.values import OutOfBoundsError, RefusedValueError

BOUNDS = "bounds"  # the check that a number out of its bounds fails
WORDS = "words"  # the check that a word fails which is not on its list
PASSABLE = (BOUNDS, WORDS)  # the other checks go on beside these, with the nearest value that is allowed


@cache
def adapter(kind: type) -> TypeAdapter[Any]:
    """Return the validator of a record type (built once)."""
    return TypeAdapter(kind)


@cache
def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


@cache
def _fields(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {f.name: hints[f.name] for f in dataclasses.fields(kind)}


def keys_of(kind: type) -> list[str]:
    """Return the keys a record may have, as they are written in files."""
    return [name.removesuffix("_") for name in _fields(kind)]


@cache
def _as_is(hint: Any) -> bool:
    """Whether values of this type are never reshaped, so that most fields cost one lookup."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        choices = [a for a in typing.get_args(hint) if a is not type(None)]
        return hint != Saying and (len(choices) != 1 or _as_is(choices[0]))
    if origin in (tuple, dict):
        return False
    return not (dataclasses.is_dataclass(hint) and isinstance(hint, type)) or hasattr(hint, "parse")


@cache
def _origin(hint: Any) -> Any:
    return typing.get_origin(hint)


@cache
def _item_of(hint: Any) -> Any:
    return typing.get_args(hint)[0]


def _shape(hint: Any, value: Any) -> Any:
    if _as_is(hint):
        return value
    origin = _origin(hint)
    if origin in (types.UnionType, typing.Union):
        if hint == Saying:
            return shape(_saying(value), value) if isinstance(value, dict) else value
        choices = [a for a in typing.get_args(hint) if a is not type(None)]
        return _shape(choices[0], value) if len(choices) == 1 else value
    if origin is tuple:
        inner = _item_of(hint)
        items = value if isinstance(value, list) else [value]
        return items if _as_is(inner) else [_shape(inner, item) for item in items]
    if origin is dict and isinstance(value, dict):
        inner = typing.get_args(hint)[1]
        return {key: _shape(inner, item) for key, item in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
        return shape(hint, value) if not hasattr(hint, "parse") else value
    return value


def _saying(value: dict[str, Any]) -> type:
    """Return the kind of what a claim says, by the key that names it; where none does, by one that is near it."""
    near = (key for name in value if (key := closest(name, SAYINGS)))
    known = next((key for key in SAYINGS if key in value), "") or next(near, "assessment")
    return SAYINGS[known]


MOST_SHOWN = 60  # letters of a value, in a message
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
FORMER = {"name_ar": "name_local"}  # keys of earlier versions


@cache
def _plain_keys(kind: type) -> frozenset[str]:
    """Return the keys whose name and value are taken as they are: most of those of a table."""
    return frozenset(key for key, hint in _fields(kind).items() if _as_is(hint) and not keyword.iskeyword(key))


def shape(kind: type, data: dict[str, Any]) -> dict[str, Any]:
    """Rename keyword keys and wrap single values, following the type hints of ``kind``."""
    hints, plain = _fields(kind), _plain_keys(kind)
    shaped: dict[str, Any] = {}
    for key, value in data.items():
        if key in plain:
            shaped[key] = value
            continue
        name = f"{key}_" if keyword.iskeyword(key) else FORMER.get(key, key)
        shaped[name] = _shape(hints[name], value) if name in hints else value
    return shaped


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(item)}' for key, item in list(value.items())[:9])}}}"
    return f"[{', '.join(map(_flow, value[:9]))}]" if isinstance(value, list) else str(value)[:MOST_SHOWN]


def _value(value: Any) -> str:
    if value is None or not isinstance(value, str | int | float | list | dict):
        return _article(type(value).__name__)
    text = _flow(value)
    if len(text) > MOST_SHOWN:
        text = f"{text[:MOST_SHOWN]}..."
    return text if isinstance(value, list | dict) or _NUMBER.fullmatch(text) else repr(text)


_NOUNS = {"About": "case.yaml", "OwnType": "a type"}


def _noun(kind: type) -> str:
    """Return what a record is called in messages: ``a claim``; of what a claim says, ``says``."""
    name = kind.__name__
    return (
        "says"
        if name.endswith("Said")
        else _NOUNS.get(name) or _article(re.sub(r"(?<!^)([A-Z])", r" \1", name).lower())
    )


# pydantic's errors, in our words
_EXPECTED = {
    "string_type": "one value, as text", "bool_parsing": "true or false", "bool_type": "true or false",
    "tuple_type": "a list", "dict_type": "keys and values", "list_type": "a list",
}  # fmt: skip


def _unknown_key(key: str, names: list[str]) -> str:
    """Return a hint from a key that is none: the nearest, or a comma or colon that YAML reads in another way."""
    if re.fullmatch(r"\d[\d ]*%?", key):
        return "a comma begins a new key: write a number without it"
    head, colon, rest = key.partition(":")
    if colon and head in names:
        return f"a blank belongs after the colon: {head}: {rest}"
    return nearest(key, names)


def _listed(item: ErrorDetails) -> list[str]:
    """Return the words of a closed list, from the error about one that is not on it."""
    return re.findall("'([^']*)'", item["ctx"]["expected"])


def _problems(kind: type, error: ValidationError, file: str, lines: Lines) -> list[Problem]:
    problems: dict[tuple[int, str], Problem] = {}
    for item in error.errors(include_url=False):
        path = tuple(p.removesuffix("_") if isinstance(p, str) else p for p in item["loc"])
        path = tuple(p for p in path if not (isinstance(p, str) and p.endswith("Said")))
        line = lines.at(path)
        key = ".".join(str(p) for p in path)
        if item["type"] == "missing" and isinstance(path[-1], int):  # of several values that belong together
            key, values = ".".join(str(p) for p in path[:-1]), item["input"]
            many = len(values) if isinstance(values, list | tuple) else 1
            shown = _value(values[0] if many == 1 and isinstance(values, list) else values)
            hint = "write them in square brackets, [..., ...]" if many == 1 and "," in shown else ""
            problem = Problem(file, line, f"{key} is {shown}", _several(kind, path), hint)
            problems = {at: one for at, one in problems.items() if not one.what.startswith(f"{key}.")}
        elif item["type"] == "missing":
            problem = Problem(file, line, f"the key {key!r} is missing", f"{_noun(kind)} with {path[-1]}")
        elif item["type"] == "unexpected_keyword_argument":
            here = _at(kind, item["loc"][:-1])
            names = keys_of(here) if here else []
            problem = Problem(
                file,
                line,
                f"the key {key!r} is unknown",
                f"one of {', '.join(names)}",
                _unknown_key(str(path[-1]), names),
            )
        elif item["type"] in ("dataclass_type", "dataclass_exact_type", "dict_type"):
            here = _at(kind, item["loc"])
            names = keys_of(here) if here else []
            problem = Problem(file, line, f"{key} is {_value(item['input'])}", _keys_expected(names))
        elif item["type"] == "enum":
            names = _listed(item)
            hint = nearest(str(item["input"]), names)
            problem = Problem(file, line, f"{key} is {_value(item['input'])}", ", ".join(names), hint, WORDS)
        else:
            error_of = item.get("ctx", {}).get("error")
            expected = _EXPECTED.get(item["type"]) or (
                error_of.expected
                if isinstance(error_of, RefusedValueError)
                else item["msg"]
                .removeprefix("Value error, ")
                .removeprefix("expected ")
                .removeprefix("Input should be ")
            )
            hint = getattr(error_of, "hint", "")
            what, check = f"{key} is {_value(item['input'])}", BOUNDS if isinstance(error_of, OutOfBoundsError) else ""
            problem = Problem(file, line, what, expected[:1].lower() + expected[1:], hint, check)
        problems.setdefault((line, problem.what), problem)
    return list(problems.values())


def _several(kind: type, path: tuple[Any, ...]) -> str:
    if path[0] == "region":
        return "four numbers: west, south, east, north in degrees"
    here: Any = kind
    for step in path[:-1]:
        here = (
            _fields(here).get(f"{step}_" if keyword.iskeyword(str(step)) else str(step))
            if isinstance(here, type)
            else None
        )
    many = len(typing.get_args(here))
    return f"{many} values" if many else "a list of values"


def _keys_expected(names: list[str]) -> str:
    return f"keys such as {', '.join(names[:6])}, in braces: {{{names[0]}: ...}}" if names else "keys and values"


def _at(kind: type, loc: tuple[Any, ...]) -> type | None:
    here: Any = kind
    for step in loc:
        if isinstance(step, int):
            continue
        if step.endswith("Said"):
            here = next((k for k in SAYINGS.values() if k.__name__ == step), None)
            continue
        if not (isinstance(here, type) and dataclasses.is_dataclass(here)):
            return None
        hint = _fields(here).get(step)
        args = [a for a in typing.get_args(hint) if dataclasses.is_dataclass(a)]
        here = hint if isinstance(hint, type) else (args[0] if len(args) == 1 else None)
    return here if isinstance(here, type) and dataclasses.is_dataclass(here) else None


def record(kind: type, data: Any, file: str, lines: Lines) -> tuple[Any, list[Problem]]:
    """Make one frozen record of ``kind`` from plain strings; problems come back instead of being raised.

    Where all that is wrong is numbers out of their bounds and words that are not on their list, the record comes back
    beside the problems, with the nearest values that are allowed: the other checks can then tell what else is wrong. It
    is not to be used for anything else.
    """
    if not isinstance(data, dict):
        what = f"{_article(type(data).__name__)} stands where a record should"
        return None, [Problem(file, lines.line, what, f"keys such as {', '.join(keys_of(kind)[:4])}")]
    shaped = shape(kind, data)
    problems: list[Problem] = []
    if "says" in shaped and isinstance(data["says"], dict):
        says, problems = record(_saying(data["says"]), data["says"], file, lines.inside.get("says", lines))
        shaped["says"] = {"assessment": "unreadable"} if says is None else says
    try:
        item = adapter(kind).validate_python(shaped)
    except ValidationError as error:
        problems += _problems(kind, error, file, lines)
        item = _allowed(kind, shaped, error)
    return (None if any(p.check not in PASSABLE for p in problems) else item), problems


def _allowed(kind: type, shaped: dict[str, Any], error: ValidationError) -> Any:
    """Return the record with the nearest values that are allowed, or None where something else is wrong too."""
    for item in error.errors(include_url=False):
        wrong = item.get("ctx", {}).get("error")
        if item["type"] == "enum":
            words = _listed(item)
            allowed: Any = (difflib.get_close_matches(str(item["input"]), words, n=1) or words)[0]
        elif isinstance(wrong, OutOfBoundsError):
            allowed = wrong.nearest
        else:
            return None
        *way, last = item["loc"]
        here: Any = shaped
        for step in way:
            here = here[step]
        here[last] = allowed
    try:
        return adapter(kind).validate_python(shaped)
    except ValidationError:
        return None


# CSV tables as rows of plain strings with their lines. Empty cells are absent; lists are separated by ``;``.


MAX_CSV_BYTES = 64 * 2**20
_AS_CSV = "in a spreadsheet save it as CSV UTF-8, parted by commas"


def _no_table(text: str, file: str, names: list[str]) -> list[Problem]:
    """Return why a text is not a table of ours as a whole: what it is, or what stands in place of the header."""
    columns = f"columns {', '.join(names)}"
    first, _, rest = text.partition("\n")
    if not text.strip():
        return [Problem(file, 1, "the table is empty", columns)]
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return [Problem(file, line, "this holds zero bytes and is not a text", "a table as text", _AS_CSV)]
    known = {*names, *FORMER}
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if "," not in first and len(known & {cell.strip('" ') for cell in first.split(mark)}) > 1:
            return [Problem(file, 1, f"the cells are parted by {word}", f"commas: {columns}", _AS_CSV)]
    cells = {cell.strip('" \ufeff') for cell in first.split(",")}
    if cells & known:
        return []
    for line, row in enumerate(rest.split("\n")[:HEADER_WITHIN], 2):
        if len(known & {cell.strip('" ') for cell in row.split(",")}) > 1:
            what = f"the header stands in line {line}, below {first.strip()[:MOST_SHOWN]!r}"
            return [Problem(file, line, what, "a table that begins with its header: take out the lines above")]
    if len(cells) > 2 and any(re.fullmatch(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d", cell) for cell in cells):
        what = f"the first row holds values ({first.strip()[:MOST_SHOWN]}), and no names of columns"
        return [Problem(file, 1, what, columns)]
    return []


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class TableRow(OneLine):
    """One row of a table: what its cells hold, its line, and the header and cells as they are written."""

    data: dict[str, Any]
    lines: Lines
    written: tuple[str, ...]


def read_table(path: Path, file: str, kind: type) -> tuple[list[TableRow], list[Problem]]:
    """Read a table whose columns are the keys of ``kind``; problems come back instead of being raised."""
    try:
        text = read_text(path, file, MAX_CSV_BYTES, kind="; give logs with --events")
    except StandoffError as error:
        return [], list(error.problems)
    names = keys_of(kind)
    hints = _fields(kind)
    if why := _no_table(text, file, names):
        return [], why
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    rows: list[TableRow] = []
    problems: list[Problem] = []
    try:
        header = [FORMER.get(column, column) for column in next(reader, [])]
        for column in header:
            if column not in names:
                expected = f"columns {', '.join(names)}"
                problems.append(Problem(file, 1, f"the column {column!r} is unknown", expected, nearest(column, names)))
        if twice := sorted({column for column in header if header.count(column) > 1}):
            problems.append(Problem(file, 1, f"the column {twice[0]!r} is given twice", "each column once"))
        if problems or not header:
            return [], problems
        columns = [(c, str(hints.get(c, hints.get(f"{c}_"))).startswith("tuple")) for c in header]
        head = ",".join(header)
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cells):
                continue
            if len(cells) != len(header):
                hint = "a comma inside a cell? put the cell in quotes" if len(cells) > len(header) else ""
                expected = f"{len(header)}, as in the header"
                problems.append(Problem(file, line, f"{len(cells)} cells", expected, hint))
                continue
            if is_total(cells[0].strip()):
                what = f"the row {cells[0].strip()!r} is a total, and no record"
                problems.append(Problem(file, line, what, "a row for each record alone"))
                continue
            row: dict[str, Any] = {}
            for (column, is_list), cell in zip(columns, cells, strict=True):
                if cell and (value := cell.strip()):
                    row[column] = list(map(str.strip, value.split(";"))) if is_list else value
            rows.append(TableRow(row, Lines(line, NOTHING_INSIDE), (head, *cells)))
    except csv.Error as error:
        what = 'a quote (") in a cell of this row is open or stray'
        if "quote" not in str(error) and "end of data" not in str(error):
            what = f"this is not CSV: {error}"
        expected = 'cells parted by commas; in a quoted cell each quote twice ("")'
        problems.append(Problem(file, start, what, expected))
    needed = [f.name for f in dataclasses.fields(kind) if f.default is f.default_factory is dataclasses.MISSING]
    if rows and (missing := [key for name in needed if (key := name.removesuffix("_")) not in header]):
        spare = [column for column in header if column not in needed]
        return [], [  # once, not again in every row
            Problem(file, 1, f"the column {key!r} is missing", f"a column {key}", nearest(key, spare))
            for key in missing
        ]
    return rows, problems
