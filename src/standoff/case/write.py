"""A case written back: records added, changed and removed by id; what is not changed keeps every byte it has.

Changes are gathered in memory as texts of whole files. Nothing is written unless the case would pass `check` with them,
and then all files are replaced together or none is.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import IO, Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from standoff.case.as_dict import as_written, plain
from standoff.case.checks import READING as READING_CHECKS
from standoff.case.history import JOURNAL, Hunk, JournalEntry, Touch, replaced_lines
from standoff.case.history import write as write_with_entry
from standoff.case.model import Kind
from standoff.case.parsing import FORMER, MAX_CSV_BYTES, keys_of
from standoff.case.read import LOGS, SHIPPED, TABLES, UNNAMED, read, yaml_files
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.atomic import WORK
from standoff.files.opener import is_there, read_bytes
from standoff.files.yaml import LOADER, MAX_YAML_BYTES, Lines, parse_yaml

Values = Mapping[str, Any]  # keys of a file and what they hold; None takes a key away
_Strings: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LINE = 100  # letters of a list or a record that is still written on one line
_COMMENT = re.compile(r"[^\S\n]+#[^\n]*")


class Amendment:
    """Changes to the files of a case, not written yet.

    A record is known by its kind and its id; routes, closures and coverage, which have none, by ``file:line`` as they
    stand now. Every method raises StandoffError with the nearest name where there is no such record.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.texts: dict[str, str | None] = {}  # by name of the file; None removes it
        self.others: dict[str, bytes | None] = {}
        self.large: dict[str, Callable[[IO[bytes]], None]] = {}  # what writes a file that is not held in memory
        self.touched: dict[tuple[Kind, str], str] = {}  # record -> add, change or remove
        self.hashes: dict[str, str | None] = {}  # file -> its SHA-256 as it was read here
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def __bool__(self) -> bool:
        return bool(self.texts or self.others or self.large)

    def text(self, file: str) -> str:
        """Return a file as it would be; empty where there is none."""
        if file in self.texts:
            return self.texts[file] or ""
        data = self._read(file)
        try:
            return (data or b"").decode("utf-8")
        except UnicodeDecodeError as error:
            what = f"byte {error.start} is not UTF-8"
            raise StandoffError.of(what, file=file, expected="a text file in UTF-8") from None

    def _read(self, file: str) -> bytes | None:
        """Return what a file holds on disk, which must be the same when it is replaced."""
        path = self.root / file
        most = max(MAX_YAML_BYTES, MAX_CSV_BYTES)
        data = read_bytes(path, file, most, within=self.root) if is_there(path) else None
        self.hashes.setdefault(file, None if data is None else hashlib.sha256(data).hexdigest())
        return data

    def _touch(self, kind: Kind, key: str, act: str) -> None:
        before = self.touched.get((kind, key))
        if before == "add" and act == "remove":
            del self.touched[kind, key]
        elif before == "remove" and act == "add":
            self.touched[kind, key] = "change"
        else:
            self.touched[kind, key] = "add" if before == "add" else act

    def put_large(self, file: str, write: Callable[[IO[bytes]], None]) -> None:
        """Have a file written that is too large to hold: ``write`` is called with it when the change is saved."""
        self.large[file] = write

    def path(self, file: str) -> Path | None:
        """Return where a file can be read as it would be, or None where there is none."""
        if file in self.large:
            if self._scratch is None:
                self._scratch = tempfile.TemporaryDirectory(prefix="standoff-change-")
            path = Path(self._scratch.name) / f"{len(os.listdir(self._scratch.name))}.part"  # noqa: PTH208
            with path.open("wb") as target:
                self.large[file](target)
            return path
        return self.root / file if is_there(self.root / file) else None

    def put(self, file: str, text: str | None) -> None:
        """Set the text of a whole file; None removes it. A text that is there already is no change."""
        is_new = not is_there(self.root / file)
        before = None if is_new else read_bytes(self.root / file, file, 2**31, within=self.root)
        if (text is None and is_new) or (text is not None and before == text.encode("utf-8")):
            self.texts.pop(file, None)
        else:
            self.texts[file] = text

    def add(self, kind: Kind, records: Any, *, file: str = "") -> None:
        """Add a record, or several, behind those of its kind; ``file`` is one of several files of the kind."""
        several = [_values(one) for one in (records if isinstance(records, list | tuple) else [records])]
        if not several:
            return
        is_named = kind not in UNNAMED and kind is not Kind.ZONES
        there = {name for _, name, _ in self._keys(kind)} if is_named else set()
        for one in several:
            if kind not in UNNAMED and not str(one.get("id") or ""):
                raise StandoffError.of("the record has no id", file=file or str(kind), expected="an id")
            if is_named and str(one["id"]) in there:
                what = f"there is a record {one['id']!r} already"
                raise StandoffError.of(what, file=file or str(kind), expected="another id, or a change of this one")
        if kind is Kind.CASE:
            raise StandoffError.of("case.yaml is one record", file="case.yaml", expected="a change of it")
        if kind is Kind.SCENARIOS and not file:
            for one in several:
                self.put(f"scenarios/{one['id']}.yaml", _block(one, 0))
        elif kind in TABLES:
            name = f"{kind}.csv"
            self.put(name, amended_table(self.text(name), added=several, columns=keys_of(TABLES[kind][0]), file=name))
        elif kind is Kind.ZONES:
            self.put("zones.geojson", _features_added(self.text("zones.geojson"), several))
        else:
            name = file or self._file(kind)
            self.put(name, amended_list(self.text(name), added=several, file=name))
        for one in several:
            self._touch(kind, str(one.get("id", "")), "add")

    def change(self, kind: Kind, key: str, values: Values) -> None:
        """Set keys of a record; None takes a key away, and keys that are not named stay as they are."""
        file, index = self._place(kind, key)
        self._touch(kind, key, "change")
        values = _values(values)
        if kind in TABLES:
            columns = keys_of(TABLES[kind][0])
            self.put(file, amended_table(self.text(file), changes={index: values}, columns=columns, file=file))
        elif kind is Kind.ZONES:
            self.put(file, _feature_changed(self.text(file), index, values))
        elif index < 0:
            self.put(file, amended_record(self.text(file), values, file=file))
        else:
            self.put(file, amended_list(self.text(file), changes={index: values}, file=file))

    def change_all(self, kind: Kind, changes: Mapping[str, Values]) -> None:
        """Set keys of several records, as `change` does of one; a table is written once for all of them."""
        if kind not in TABLES:
            for key, values in changes.items():
                self.change(kind, key, values)
            return
        file = f"{kind}.csv"
        numbers = {name: index for _, name, index in self._keys(kind)} if changes else {}
        rows = {numbers[key] if key in numbers else self._place(kind, key)[1]: v for key, v in changes.items()}
        if rows:
            cells = {index: _values(values) for index, values in rows.items()}
            text = amended_table(self.text(file), changes=cells, columns=keys_of(TABLES[kind][0]), file=file)
            self.put(file, text)
        for key in changes:
            self._touch(kind, key, "change")

    def remove(self, kind: Kind, key: str) -> None:
        """Take a record away, with the comments inside it; comments above it stay."""
        if kind is Kind.CASE:
            raise StandoffError.of("case.yaml cannot be removed", file="case.yaml", expected="a change of it")
        file, index = self._place(kind, key)
        self._touch(kind, key, "remove")
        if kind in TABLES:
            self.put(file, amended_table(self.text(file), removed={index}, file=file))
        elif kind is Kind.ZONES:
            self.put(file, _feature_changed(self.text(file), index, None))
        elif index < 0:
            self.put(file, None)
        else:
            self.put(file, amended_list(self.text(file), removed={index}, file=file))

    def values(self, kind: Kind, key: str) -> dict[str, Any]:
        """Return a record as it is written: its keys with plain texts, lists and records."""
        file, index = self._place(kind, key)
        if kind in TABLES:
            row = next(row for number, (_, row) in enumerate(_table_rows(self.text(file))) if number == index)
            return {column: cell.strip() for column, cell in row.items() if cell.strip()}
        if kind is Kind.ZONES:
            feature = _features(self.text(file))[index][2]
            return {**(feature.get("properties") or {}), "geometry": feature.get("geometry")}
        data = _parsed(self.text(file), file)
        return dict(data if index < 0 else data[index])

    def where(self, kind: Kind, key: str) -> tuple[str, int, int, Lines]:
        """Return where a record would stand: its file, its first and last line, and the lines of its keys."""
        file, index = self._place(kind, key)
        text = self.text(file)
        if kind in TABLES:
            starts = [line for line, _ in _table_rows(text)]
            last = starts[index + 1] - 1 if index + 1 < len(starts) else text.count("\n") + 1
            return file, starts[index], last, Lines(starts[index])
        if kind is Kind.ZONES:
            start, stop, _ = _features(text)[index]
            first = text.count("\n", 0, start) + 1
            return file, first, text.count("\n", 0, stop) + 1, Lines(first)
        lines = parse_yaml(text.removeprefix("\ufeff"), file)[1]
        if index < 0:
            return file, 1, text.count("\n") + 1, lines
        own = lines.inside.get(index, lines)
        behind = lines.inside.get(index + 1)
        return file, own.line, behind.line - 1 if behind else text.count("\n") + 1, own

    def files(self, kind: Kind) -> tuple[str, ...]:
        """Return the files that records of a kind are read from."""
        if kind in TABLES:
            return (f"{kind}.csv",)
        if kind is Kind.ZONES:
            return ("zones.geojson",)
        return tuple(path.relative_to(self.root).as_posix() for path in yaml_files(self.root, kind))

    def ids(self, kind: Kind) -> tuple[str, ...]:
        """Return the ids of a kind as they are written; of records without one, ``file:line``."""
        return tuple(name for _, name, _ in self._keys(kind))

    def replaced(self) -> dict[str, tuple[Hunk, ...]]:
        """Return the lines that would be another, by file."""
        texts = {name: None if text is None else text.encode("utf-8") for name, text in self.texts.items()}
        return {name: hunks for name, text in texts.items() if (hunks := replaced_lines(self.root / name, text))}

    def _file(self, kind: Kind) -> str:
        files = [path.relative_to(self.root).as_posix() for path in yaml_files(self.root, kind)]
        return f"{kind}.yaml" if f"{kind}.yaml" in files or not files else files[-1]

    def _place(self, kind: Kind, key: str) -> tuple[str, int]:
        if (place := self._find(kind, key)) is None:
            names = [name for _, name, _ in self._keys(kind)]
            what = f"there is no record {key!r} of {kind}"
            raise StandoffError.of(what, file=str(kind), expected="an id of the case", hint=nearest(key, names))
        return place

    def _find(self, kind: Kind, key: str) -> tuple[str, int] | None:
        return next(((file, index) for file, name, index in self._keys(kind) if name == key), None)

    def _keys(self, kind: Kind) -> Iterator[tuple[str, str, int]]:
        """Yield the file, the id and the number of every record of a kind; -1 where the record is the whole file."""
        if kind in TABLES:
            file = f"{kind}.csv"
            for index, (line, row) in enumerate(_table_rows(self.text(file))):
                yield file, f"{file}:{line}" if kind in UNNAMED else row.get("id", "").strip(), index
            return
        if kind is Kind.ZONES:
            for index, (_, _, feature) in enumerate(_features(self.text("zones.geojson"))):
                properties = feature.get("properties") or {}
                yield "zones.geojson", str(properties.get("id", "")), index
            return
        if kind is Kind.CASE:
            about = _parsed(self.text("case.yaml"), "case.yaml")
            yield "case.yaml", str(about.get("id", "")) if isinstance(about, dict) else "", -1
            return
        files = {path.relative_to(self.root).as_posix() for path in yaml_files(self.root, kind)}
        written = (name for name in self.texts if re.fullmatch(rf"{kind}(/[^/]+)?\.yaml", name))
        for file in sorted(files.union(written)):
            if self.texts.get(file, "") is None:
                continue
            data = _parsed(self.text(file), file)
            if isinstance(data, dict):
                yield file, str(data.get("id", "")), -1
            for index, one in enumerate(data if isinstance(data, list) else ()):
                yield file, str(one.get("id", "")) if isinstance(one, dict) else "", index

    def problems(self, *, warnings: bool = False) -> list[Problem]:
        """Return the errors that the case would have with these changes, as `check` finds them in a copy of it."""
        ignored = shutil.ignore_patterns("library", "runs", WORK, LOGS, JOURNAL)
        with tempfile.TemporaryDirectory(prefix="standoff-check-") as scratch:
            draft = Path(shutil.copytree(self.root, Path(scratch) / self.root.name, ignore=ignored))
            for log in (self.root / LOGS).glob("*.csv"):  # checks ask which logs there are, and no more
                (draft / LOGS).mkdir(exist_ok=True)
                (draft / LOGS / log.name).touch()
            for path in (self.root / "library").glob("*.geojson"):  # areas, which decisions on names may be
                (draft / "library").mkdir(exist_ok=True)
                shutil.copyfile(path, draft / "library" / path.name)
            for name, text in self.texts.items():
                if name.startswith(f"{LOGS}/"):
                    continue
                if text is None:
                    (draft / name).unlink(missing_ok=True)
                else:
                    (draft / name).parent.mkdir(parents=True, exist_ok=True)
                    (draft / name).write_text(text, encoding="utf-8", newline="")
            return [p for p in read(draft)[1] if warnings or p.severity == "error"]

    def new_problems(self, *, warnings: bool = False) -> list[Problem]:
        """Return the errors that these changes bring; what is wrong in the case already is none of theirs.

        Where the case could not be read before, errors elsewhere that show now were there, too.
        """
        after = self.problems(warnings=warnings)
        if not after:
            return []
        case, before = read(self.root)
        left = Counter((p.file, p.what, p.check) for p in before)
        new = []
        for problem in after:
            key = problem.file, problem.what, problem.check
            if left[key]:
                left[key] -= 1
            elif case is not None or problem.check == READING_CHECKS[0] or self._is_touched(problem):
                new.append(problem)
        return new

    def _is_touched(self, problem: Problem) -> bool:
        """Whether a problem lies in a record that is added or changed, or in a file that is put whole."""
        if problem.file not in self.texts:
            return False
        spans = []
        for (kind, key), act in self.touched.items():
            if act != "remove":
                file, first, last, _ = self.where(kind, key)
                spans.append((file, first, last))
        here = [(first, last) for file, first, last in spans if file == problem.file]
        return not here or any(first <= problem.line <= last for first, last in here)

    def save(self, *, what: str = "", by: str = "", why: str = "", undoes: str = "") -> tuple[str, ...]:
        """Write all changed files or none, with an entry in the journal; return their names.

        ``what`` says what the change is, ``by`` whose it is. Raises StandoffError where the case would have an error
        that it has not now, with all of them; where the case is one that came with the program; where a file was
        changed on disk since it was read here; and where one cannot be written.
        """
        entry = self.commit(what=what, by=by, why=why, undoes=undoes)
        return entry.names if entry is not None else ()

    def commit(self, *, what: str = "", by: str = "", why: str = "", undoes: str = "") -> JournalEntry | None:
        """Write as `save`, and return the entry of the journal; None where nothing is changed."""
        if not self:
            return None
        refuse_shipped(self.root)
        if errors := self.new_problems():
            raise StandoffError(errors)
        files = {name: None if text is None else text.encode("utf-8") for name, text in self.texts.items()}
        whole = {**files, **self.others, **self.large}
        touched = tuple(Touch(kind=kind.value, id=key, act=act) for (kind, key), act in self.touched.items())
        return write_with_entry(
            self.root,
            whole,
            what=what or touched_in_words(touched) or f"change of {', '.join(sorted(whole))}",
            by=by,
            why=why,
            records=touched,
            undoes=undoes,
            hashes={name: self.hashes[name] for name in whole if name in self.hashes},
        )


def is_shipped(root: Path) -> bool:
    """Whether a case is one that came with the program."""
    return root.resolve().is_relative_to(SHIPPED.resolve())


def refuse_shipped(root: Path) -> None:
    """Raise StandoffError, with the way on, where a case is one that came with the program."""
    if is_shipped(root):
        hint = f"copy it first: standoff new FOLDER --from {root.name}"
        what = "a case that comes with the program is not written to"
        raise StandoffError.of(what, file=root.name, expected="a case of your own", hint=hint)


def touched_in_words(touched: Sequence[Touch]) -> str:
    """Return which records a change touches, in words: ``change actors red; add claims a, b and 3 more``."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in touched:
        groups.setdefault((one.act, one.kind), []).append(one.id)
    words = []
    for (act, kind), ids in groups.items():
        more = f" and {len(ids) - 3} more" if len(ids) > 4 else ""
        words.append(f"{act} {kind} {', '.join(ids[: 3 if more else 4])}{more}")
    return "; ".join(words)


def records_in(kind: Kind, text: str, file: str) -> dict[str, Any]:
    """Return the records of a text of a kind by id, as they are written; those without one by their content."""
    if kind in TABLES:
        rows = [row for _, row in _table_rows(text)]
        return {str(sorted(row.items())) if kind in UNNAMED else row.get("id", ""): row for row in rows}
    data = _parsed(text, file)
    several = [data] if isinstance(data, dict) else data
    return {
        str(one.get("id", number)) if isinstance(one, dict) else str(number): one for number, one in enumerate(several)
    }


def _values(record: Any) -> dict[str, Any]:
    """Return a record (without keys at their default), or some keys of one, as values that a file can hold."""
    if is_dataclass(record) and not isinstance(record, type):
        return as_written(record)
    return {key: plain(value) for key, value in record.items()}


# YAML: a text, where its nodes stand in it, and pieces cut out and put in.


def _parsed(text: str, file: str) -> Any:
    try:
        return yaml.load(text, Loader=_Strings) or []  # noqa: S506 - plain strings
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is not YAML: {getattr(error, 'problem', None) or error}"
        line = mark.line + 1 if mark is not None else 0
        raise StandoffError.of(what, file=file, line=line, expected="keys and values indented with spaces") from None


# what needs no quotes for any reader of YAML: words, addresses, days and spans of days
_PLAIN = tuple(
    re.compile(form)
    for form in (
        r"[^\W\d_](?:[\w .()/&+-]*[\w.)])?",
        r"https?://[\w./%?=&~+-]+",
        r"\d{4}-\d{2}-\d{2}",
        r"\d{4}(-\d{2}){0,2}~?/\d{4}(-\d{2}){0,2}~?",
    )
)
_WORDS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


@cache
def _writer() -> YAML:
    writer = YAML()
    writer.width = 1_000_000
    writer.allow_unicode = True
    return writer


def _scalar(value: Any) -> str:
    """Return a value that is no list and no record as YAML writes it on one line, between brackets too."""
    if value is None or value == "":
        return '""'
    if isinstance(value, str):
        if any(form.fullmatch(value) for form in _PLAIN) and value.lower() not in _WORDS:
            return value
        is_odd = "\n" in value or not value.isprintable()
        value = DoubleQuotedScalarString(value) if is_odd else SingleQuotedScalarString(value)
    holder = CommentedSeq([value])
    holder.fa.set_flow_style()
    out = io.StringIO()
    _writer().dump(holder, out)
    return out.getvalue().strip()[1:-1]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[^\W\d][\w-]*", name) else _scalar(name)


def in_line(value: Any) -> str:
    """Return a value on one line, lists and records in brackets."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)}: {in_line(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(in_line, value)) + "]"
    return _scalar(value)


def _is_long(value: Any) -> bool:
    """Whether a value is written on lines of its own: a list or a record that does not fit on one, a text of lines."""
    if isinstance(value, Mapping | list | tuple):
        return bool(value) and len(in_line(value)) > _LINE
    return isinstance(value, str) and "\n" in value


def _block(values: Values, indent: int) -> str:
    """Return keys and values as lines of YAML, each behind ``indent`` spaces; an empty value stays empty."""
    lines = []
    for key, value in values.items():
        if value is None:
            continue
        head = " " * indent + f"{_key(key)}:"
        if not _is_long(value):
            lines.append(f"{head} {in_line(value)}" if value != "" else head)
        elif isinstance(value, Mapping):
            lines += [head, _block(value, indent + 2).rstrip("\n")]
        elif isinstance(value, str):
            if value == value.strip() and all(line.isprintable() for line in value.split("\n")):
                lines.append(f"{head} |-")
                lines += [" " * (indent + 2) + line if line else "" for line in value.split("\n")]
            else:
                lines.append(f"{head} {_scalar(value)}")
        else:
            lines.append(head)
            lines += [_item(one, indent + 2).rstrip("\n") for one in value]
    return "".join(f"{line}\n" for line in lines)


def _item(value: Any, indent: int) -> str:
    """Return a record or a value as one of a list."""
    dash = " " * indent + "- "
    if isinstance(value, Mapping) and value:
        return dash + _block(value, indent + 2)[indent + 2 :]
    return f"{dash}{in_line(value)}\n"


def _end(node: Any, text: str) -> int:
    """Return where a node ends, without the blank lines and comments behind it."""
    if isinstance(node, yaml.ScalarNode):
        if node.style in ("|", ">"):
            return len(text[: node.end_mark.index].rstrip())
        return int(node.end_mark.index)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last, text)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


_Cut = tuple[int, int, str]  # characters from, to, and what stands there instead


def _apply(text: str, cuts: Iterable[_Cut]) -> str:
    pieces, at = [], 0
    for start, end, new in sorted(cuts, key=lambda cut: cut[0]):  # of two at one place the first comes first
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _record_cuts(text: str, node: Any, values: Values, *, whole: bool = False) -> Iterator[_Cut]:
    """Yield the cuts that set keys of a record; unless ``whole``, only pieces of the lists and records inside it."""
    pairs = [(key.value, key, value) for key, value in node.value]
    names = [name for name, _, _ in pairs]
    added = {key: value for key, value in values.items() if key not in names and value is not None}
    for number, (name, key, value) in enumerate(pairs):
        if name not in values:
            continue
        new = values[name]
        end = _end(value, text)
        if new is None:
            yield _key_cut(text, node, pairs, number, end)
        elif not whole and (inside := _inner_cuts(text, value, new)) is not None:
            yield from inside
        elif node.flow_style or (value.start_mark.line == key.start_mark.line and not _is_long(new)):
            lead = "" if value.start_mark.index > key.end_mark.index + 1 else " "
            yield value.start_mark.index, end, lead + in_line(new)
        else:
            yield _block_cut(text, key, end, name, new)
    if not added:
        return
    if node.flow_style:
        inline = ", ".join(f"{_key(key)}: {in_line(value)}" for key, value in added.items())
        at = _end(pairs[-1][2], text) if pairs else node.start_mark.index + 1
        yield at, at, f", {inline}" if pairs else inline
        return
    at = _line_end(text, _end(pairs[-1][2], text))
    yield at, at, "\n" + _block(added, pairs[0][1].start_mark.column).removesuffix("\n")


def _content(node: Any) -> Any:
    """Return what a node holds, as plain strings."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_content(item) for item in node.value]
    return {key.value: _content(value) for key, value in node.value}


def _inner_cuts(text: str, node: Any, new: Any) -> list[_Cut] | None:
    """Return the cuts inside a list or a record that leave what is the same in it; None where it is to be set whole."""
    old, wanted = _content(node), _strings(new)
    if old == wanted:
        return []
    if isinstance(old, dict) and isinstance(wanted, dict) and old.keys() & wanted.keys():
        changed = {key: new.get(key) for key in (*new, *old) if old.get(key) != wanted.get(key)}
        return list(_record_cuts(text, node, changed))
    if not (isinstance(old, list) and isinstance(wanted, list) and old and wanted) or node.flow_style:
        return None
    keys, own = ([json.dumps(one, ensure_ascii=False) for one in some] for some in (old, wanted))
    steps = SequenceMatcher(None, keys, own, autojunk=False).get_opcodes()
    if not all(isinstance(one, dict) for one in (*old, *wanted)) and not any(step[0] == "equal" for step in steps):
        return None
    cuts: list[_Cut] = []
    column = node.start_mark.column
    for tag, first, last, start, stop in steps:
        if tag == "equal":
            continue
        both = min(last - first, stop - start)
        for item, one, was in zip(
            node.value[first : first + both], new[start : start + both], old[first:], strict=False
        ):
            if isinstance(was, dict) and isinstance(one, Mapping) and was.keys() & one.keys():
                cuts += _inner_cuts(text, item, one) or []
            elif isinstance(was, str) and not isinstance(one, Mapping | list | tuple) and not _is_long(one):
                cuts.append((item.start_mark.index, _end(item, text), in_line(one)))
            else:
                return None
        for item in node.value[first + both : last]:
            cuts.append((_line_start(text, item.start_mark.index), _line_end(text, _end(item, text)) + 1, ""))
        if more := "".join(_item(one, column) for one in new[start + both : stop]):
            before = first + both - 1
            if before >= 0:
                at = _line_end(text, _end(node.value[before], text))
                cuts.append((at, at, "\n" + more.removesuffix("\n")))
            else:
                at = _line_start(text, node.value[0].start_mark.index)
                cuts.append((at, at, more))
    return cuts


def _key_cut(text: str, node: Any, pairs: Sequence[tuple[str, Any, Any]], number: int, end: int) -> _Cut:
    key = pairs[number][1]
    if node.flow_style:
        if number:
            return _end(pairs[number - 1][2], text), end, ""
        return key.start_mark.index, pairs[1][1].start_mark.index if len(pairs) > 1 else end, ""
    if number == 0 and len(pairs) > 1:  # the next key takes its place behind the dash
        return key.start_mark.index, pairs[1][1].start_mark.index, ""
    return _line_start(text, key.start_mark.index), min(_line_end(text, end) + 1, len(text)), ""


def _block_cut(text: str, key: Any, end: int, name: str, new: Any) -> _Cut:
    """Return the cut of a value that has lines of its own, before or after; the comment behind its key stays."""
    first = _line_end(text, key.end_mark.index)
    comment = _COMMENT.search(text, key.end_mark.index, first)
    behind = comment[0] if comment else ""
    column = key.start_mark.column
    lines = _block({name: new}, column).rstrip("\n")[column:].split("\n")
    return key.start_mark.index, max(end, first if comment else end), "\n".join([lines[0] + behind, *lines[1:]])


def _bare(text: str) -> tuple[str, str, str]:
    """Return the byte-order mark of a text, the text without it and with plain line ends, and its line end."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    end = "\r\n" if "\r\n" in text else "\n"
    return mark, text.removeprefix("\ufeff").replace("\r\n", "\n"), end


def amended_list(
    text: str,
    *,
    changes: Mapping[int, Values] | None = None,
    added: Sequence[Values] = (),
    removed: Iterable[int] = (),
    file: str = "",
) -> str:
    """Return a YAML list of records with some changed, added and removed, by their number.

    Raises StandoffError where the text is no such list, or where it cannot be changed without touching other records.
    """
    changes, removed = dict(changes or {}), set(removed)
    mark, text, end = _bare(text)
    before = _parsed(text, file)
    if not isinstance(before, list):
        raise StandoffError.of("the file does not hold a list", file=file, expected="a list of records")
    node: Any = yaml.compose(text, Loader=LOADER)
    if node is not None and node.value and node.flow_style:
        raise StandoffError.of("the list is written in brackets", file=file, line=1, expected="a record a line")
    expected = [
        one if i not in changes else _merged(one, changes[i]) for i, one in enumerate(before) if i not in removed
    ]
    expected += [_merged({}, one) for one in added]

    def write(whole: bool) -> str:
        if node is None or not node.value:
            kept = text
            if node is not None and node.flow_style:  # an empty list in brackets: the comments around it stay
                kept = text[: node.start_mark.index] + text[node.end_mark.index :].lstrip("\n")
            kept = kept if not kept or kept.endswith("\n") else f"{kept}\n"
            return kept + "".join(_item(one, 0) for one in added)
        cuts: list[_Cut] = []
        for index, item in enumerate(node.value):
            if index in removed:
                start = _line_start(text, item.start_mark.index)
                cuts.append((start, min(_line_end(text, _end(item, text)) + 1, len(text)), ""))
            elif index in changes:
                cuts += _record_cuts(text, item, changes[index], whole=whole)
        if added:
            at = _line_end(text, _end(node.value[-1], text))
            cuts.append((at, at, "\n" + "".join(_item(one, node.start_mark.column) for one in added).rstrip("\n")))
        after = _apply(text, cuts)
        return after if after.endswith("\n") else f"{after}\n"

    return mark + _faithful(write, expected, file).replace("\n", end)


def _faithful(write: Callable[[bool], str], expected: list[Any], file: str) -> str:
    """Return the text that reads as it should: changed piece by piece, or else by whole values of keys."""
    text = write(False)
    try:
        after = _parsed(text, file)
        if (after if isinstance(after, list) else [after]) == expected:
            return text
    except StandoffError:
        pass
    text = write(True)
    after = _parsed(text, file)
    _compare(after if isinstance(after, list) else [after], expected, file)
    return text


def amended_record(text: str, values: Values, *, file: str = "") -> str:
    """Return a YAML file that is one record with some keys set; None takes a key away. Raises StandoffError."""
    mark, text, end = _bare(text)
    before = _parsed(text, file)
    node = yaml.compose(text, Loader=LOADER)
    if not isinstance(before, dict) or node is None:
        raise StandoffError.of("the file does not hold a record", file=file, expected="keys and values")

    def write(whole: bool) -> str:
        return _apply(text, _record_cuts(text, node, values, whole=whole))

    return mark + _faithful(write, [_merged(before, values)], file).replace("\n", end)


def _merged(record: Mapping[str, Any], values: Values) -> dict[str, Any]:
    new = {key: _strings(value) for key, value in values.items() if value is not None}
    return {key: value for key, value in {**record, **new}.items() if key not in values or values[key] is not None}


def _strings(value: Any) -> Any:
    """Return a value as a file of plain strings gives it back."""
    if isinstance(value, Mapping):
        return {str(key): _strings(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_strings(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _scalar(value)
    return str(value)


def _compare(after: Any, expected: list[Any], file: str) -> None:
    """Refuse a change that would touch more than it should: the file has a form that is not written to."""
    if after != expected:
        many = sum(a != b for a, b in zip(after, expected, strict=False)) if isinstance(after, list) else 0
        where = next((str(b.get("id", b.get("name", ""))) for a, b in zip(after, expected, strict=False) if a != b), "")
        what = f"{many or 1} records of this file could not be kept as they are" + (
            f", such as {where!r}" if where else ""
        )
        raise StandoffError.of(what, file=file, expected="a plain list of records", hint="change it in an editor")


# CSV: rows and their cells as they are written.


_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_CELL = re.compile(r'\s*"(?:[^"]|"")*"\s*|[^,]*')


def _rows_of(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield the line, the cells and the text of every row that is not blank, the header first."""
    lines = _LINES.findall(text)
    reader = csv.reader(lines)
    start = 0
    for cells in reader:
        if any(cells):
            yield start + 1, cells, "".join(lines[start : reader.line_num])
        start = reader.line_num


def _table_rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the cells by column of every row of a table."""
    rows = _rows_of(text.removeprefix("\ufeff"))
    header = [FORMER.get(column, column) for column in next(rows, (0, [], ""))[1]]
    for line, cells, _ in rows:
        yield line, dict(zip(header, cells, strict=False))


def as_cell(value: Any) -> str:
    """Return a value as a cell holds it: lists parted by ``;``, whole numbers without decimals, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _quoted(value: str) -> str:
    if re.search(r'[",\r\n]|^\s|\s$', value):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return value


def amended_table(
    text: str,
    *,
    changes: Mapping[int, Values] | None = None,
    added: Sequence[Values] = (),
    removed: Iterable[int] = (),
    columns: Sequence[str] = (),
    file: str = "",
) -> str:
    """Return a CSV table with rows changed, added and removed, by their number; all others keep their bytes.

    ``columns`` is the order of columns that are new. A new column adds an empty cell to every row. Raises StandoffError
    where a row has not the cells of the header.
    """
    changes, removed = dict(changes or {}), set(removed)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix("\ufeff")
    end = "\r\n" if "\r\n" in text else "\n"
    used = dict.fromkeys(key for one in (*changes.values(), *added) for key, value in one.items() if value is not None)
    order = {column: number for number, column in enumerate(columns)}
    rows = _rows_of(text)
    _, header, first = next(rows, (0, [], ""))
    own = [FORMER.get(column.strip(), column.strip()) for column in header]
    new = sorted((key for key in used if key not in own), key=lambda key: order.get(key, len(order)))
    names = own + new
    out = []
    if header:
        out.append(first.rstrip("\r\n") + "".join(f",{name}" for name in new) + (_ending(first) or end))
    elif names:
        out.append(",".join(names) + end)
    for index, (line, cells, raw) in enumerate(rows):
        if index in removed:
            continue
        if len(cells) != len(header):
            what = f"{len(cells)} cells"
            raise StandoffError.of(what, file=file, line=line, expected=f"{len(header)}, as in the header")
        if index in changes:
            values = changes[index]
            pieces = _cells_as_written(raw.rstrip("\r\n"), cells)
            pieces += [""] * len(new)
            for position, name in enumerate(names):
                if name in values:
                    pieces[position] = _quoted(as_cell(values[name]))
            out.append(",".join(pieces) + (_ending(raw) or end))
        elif new:
            out.append(raw.rstrip("\r\n") + "," * len(new) + (_ending(raw) or end))
        else:
            out.append(raw if _ending(raw) or not added else raw + end)
    out += [",".join(_quoted(as_cell(one.get(name))) for name in names) + end for one in added]
    return mark + "".join(out)


def _ending(raw: str) -> str:
    return raw[len(raw.rstrip("\r\n")) :]


def _cells_as_written(raw: str, cells: list[str]) -> list[str]:
    """Return the cells of a row with the quotes they are written in."""
    pieces: list[str] = []
    at = 0
    while at <= len(raw):
        match = _CELL.match(raw, at)
        piece = match[0] if match else ""
        pieces.append(piece)
        at += len(piece) + 1
    return pieces if len(pieces) == len(cells) else [_quoted(cell) for cell in cells]


# GeoJSON: the features of a collection where they stand in the text.


_DECODER = json.JSONDecoder()


def _features(text: str) -> list[tuple[int, int, dict[str, Any]]]:
    """Return where each feature begins and ends in the text of a collection, and the feature."""
    at = text.find("[", max(text.find('"features"'), 0)) + 1
    try:
        collection = json.loads(text.removeprefix("\ufeff")) if text.strip() else {"features": []}
        many = len(collection["features"])
        spans = []
        for _ in range(many):
            start = at + len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
            feature, at = _DECODER.raw_decode(text, start)
            spans.append((start, at, feature))
        if [feature for _, _, feature in spans] != collection["features"]:
            raise ValueError("features are not where they were expected")
    except (ValueError, KeyError, TypeError) as error:
        what = f"this is not a collection of features that can be written to: {error}"
        raise StandoffError.of(what, file="zones.geojson", expected="a GeoJSON FeatureCollection") from None
    return spans


def _feature(values: Values, old: Mapping[str, Any] | None = None) -> str:
    old = dict(old or {"type": "Feature", "properties": {}, "geometry": None})
    properties = {key.removesuffix("_"): value for key, value in values.items() if key not in ("geometry", "line")}
    merged = {**old["properties"], **properties}
    old["properties"] = {key: value for key, value in merged.items() if value not in (None, "")}
    if "geometry" in values:
        old["geometry"] = values["geometry"]
    return json.dumps(old, ensure_ascii=False)


def _features_added(text: str, several: Sequence[Values]) -> str:
    new = ",\n".join(_feature(one) for one in several)
    if not text.strip():
        return f'{{"type": "FeatureCollection", "features": [\n{new}\n]}}\n'
    spans = _features(text)
    if spans:
        return text[: spans[-1][1]] + ",\n" + new + text[spans[-1][1] :]
    at = text.index("[", text.index('"features"')) + 1
    return f"{text[:at]}\n{new}\n{text[at:]}"


def _feature_changed(text: str, index: int, values: Values | None) -> str:
    spans = _features(text)
    start, end, feature = spans[index]
    if values is not None:
        new = _feature(values, feature)
        return text if json.loads(new) == feature else text[:start] + new + text[end:]
    if index + 1 < len(spans):
        return text[:start] + text[spans[index + 1][0] :]
    return text[: spans[index - 1][1] if index else start] + text[end:]
