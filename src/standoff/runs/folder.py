"""The run folder: what it holds, how it is written at one stroke, and how it is read again.

The folder is plain CSV and JSON that anyone can open without Standoff; docs/reference/run-folder.md tells every column.
Nothing in it depends on the clock or on the number of workers: the same spec gives the same bytes. Two descriptors are
made from the files themselves, a Frictionless data package and an RO-Crate 1.1. Of run.json, keys that an earlier
edition did not write may be absent when it is read; what is there has to be of its kind (``KEYS``).
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import math
import os
import typing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from operator import attrgetter
from pathlib import Path
from typing import Any

from standoff.errors import Problem, StandoffError, nearest
from standoff.files.geojson_reader import short
from standoff.files.opener import read_json, read_text
from standoff.files.whole import recover_folder, replace_folder
from standoff.runs.results import TABLES, Run
from standoff.values import YEARS, calendar_day

MAX_BYTES = 16 * 2**20  # of run.json
MAX_TABLE = 2 * 2**30
MOST = 1_000_000_000
_MOST = 1e15
# tables that run folders of earlier editions do not have
LATER = ("incidents", "options", "answers", "present", "origins")
_SHARES = {  # columns that hold shares of trajectories, by table
    "Outlook": ("p", "low", "high"),
    "Break": ("detached", "broken", "first", "sound", "fresh"),
}
_DAYS = ("date", "from", "to", "by")
_Check = Callable[[Any], bool]
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
TITLES = {
    "run.json": "What was run: case, spec, outcomes, parameters with their sources",
    "outcomes.csv": "One row a trajectory: the day on which each outcome first came about, empty if never",
    "outlook.csv": "Share of trajectories in which each outcome came about, with a 90 % Monte-Carlo interval",
    "quantiles.csv": "Quantiles over trajectories, by day",
    "options.csv": "Days on which each option is pursued, less those in the first scenario",
    "answers.csv": "What each answer to a disputed question changes in each outcome",
    "arrivals.csv": "Gross arrivals at each place by the last day: who moves on is counted at every stop",
    "present.csv": "People present in each area at the end of days: everybody, displaced, and come since the start",
    "origins.csv": "Displaced people staying in each area on the last day, by the area they left",
    "areas.csv": "Gross arrivals in each administrative area of the boundaries given, by the last day",
    "incidents.csv": "Incidents by area from the start over windows of days, beside the level forecast",
    "breaks.csv": "How each commitment fared in the simulated runs",
    "ledger.csv": "The recorded ledger before the start, by account",
    "matters.csv": "Which disputed question each outcome hangs on",
    "report.html": "The report, one self-contained page",
}
_MEDIA = {".csv": "text/csv", ".json": "application/json", ".html": "text/html"}


def _kind(hint: Any) -> str:
    kinds = [k for k in (typing.get_args(hint) or (hint,)) if k is not type(None)]
    return _TYPES[kinds[0]]


def _fields(name: str, text: str, kinds: Mapping[str, type]) -> list[dict[str, str]]:
    header = next(csv.reader(io.StringIO(text)), [])
    if name in kinds:
        hints = typing.get_type_hints(kinds[name])
        return [
            {"name": f.name.removesuffix("_"), "type": _kind(hints[f.name])} for f in dataclasses.fields(kinds[name])
        ]
    words = ("account", "scenario", "first-break")
    return [{"name": column, "type": "string" if column in words else "integer"} for column in header]


def datapackage(meta: Mapping[str, Any], texts: Mapping[str, str], kinds: Mapping[str, type]) -> str:
    """Return datapackage.json (Frictionless Data Package 1) for the CSV files in ``texts``."""
    resources = [
        {
            "name": name.removesuffix(".csv"),
            "path": name,
            "title": TITLES.get(name, name),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "hash": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
            "bytes": len(text.encode()),
            "schema": {"fields": _fields(name, text, kinds), "missingValues": [""]},
        }
        for name, text in sorted(texts.items())
        if name.endswith(".csv")
    ]
    about = meta["case"]
    package = {
        "name": f"standoff-run-{about['id']}",
        "title": f"Simulated trajectories: {about['title']}",
        "description": "Results of a model, conditional on its coded claims and assumptions; not observations.",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": resources,
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def crate(meta: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return ro-crate-metadata.json (RO-Crate 1.1) for the files in ``texts``."""
    about = meta["case"]
    parts = sorted([*texts, "datapackage.json"])
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"Simulated trajectories: {about['title']}",
            "description": "Results of a model, conditional on its coded claims and assumptions; not observations.",
            "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
            "hasPart": [{"@id": name} for name in parts],
            "mentions": {"@id": "#run"},
            # The day of the case's edition: a clock would make two runs of one spec differ.
            **({"datePublished": about["issued"]} if about.get("issued") else {}),
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": "standoff run",
            "instrument": {"@id": "#standoff"},
            "description": json.dumps(meta["spec"], sort_keys=True),
            "object": {"@id": "#case"},
            "result": {"@id": "./"},
        },
        {
            "@id": "#case",
            "@type": "Dataset",
            "name": about["title"],
            "version": about["edition"],
            "identifier": f"sha256:{about['digest']}",
        },
        {"@id": "#standoff", "@type": "SoftwareApplication", "name": "Standoff", "version": meta["standoff"]},
        {
            "@id": "https://creativecommons.org/licenses/by/4.0/",
            "@type": "CreativeWork",
            "name": "Creative Commons Attribution 4.0 International",
        },
    ]
    for name in parts:
        suffix = name[name.rfind(".") :]
        graph.append(
            {
                "@id": name,
                "@type": "File",
                "name": TITLES.get(name, name),
                "encodingFormat": _MEDIA.get(suffix, "text/plain"),
            }
        )
    body = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _word(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _whole(low: int, high: int) -> _Check:
    return lambda value: type(value) is int and low <= value <= high


def is_day(value: Any) -> bool:
    """Whether a value is the text of a day, such as 2020-02-14."""
    try:
        return isinstance(value, str) and len(value) == 10 and calendar_day(value) is not None
    except ValueError:
        return False


def _words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_word, value)) and len(set(value)) == len(value)


def _titled(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and _word(item.get("id")) and _text(item.get("title")) for item in value
    )


_DAY = f"a day such as 2020-02-14, {YEARS}"
_TITLED = "a list of records with id and title"
# key: (needed, may it be null, check, what was expected)
KEYS: dict[str, tuple[bool, bool, _Check, str]] = {
    "case": (True, False, lambda v: isinstance(v, dict), "id, title and digest of the case"),
    "case.id": (True, False, _word, "the id of the case"),
    "case.title": (True, False, _text, "a text"),
    "case.digest": (True, False, _text, "a text"),
    "case.edition": (False, True, _text, "a text"),
    "spec": (True, False, lambda v: isinstance(v, dict), "what was run"),
    "spec.start": (True, False, is_day, _DAY),
    "spec.as_of": (False, True, is_day, _DAY),
    "spec.days": (True, False, _whole(1, 36_600), "a whole number of days from 1 on"),
    "spec.trajectories": (True, False, _whole(1, MOST), "a whole number from 1 on"),
    "spec.seed": (True, False, _whole(0, 2**63 - 1), "a whole number from 0 on"),
    "spec.batch": (False, False, _whole(1, MOST), "a whole number from 1 on"),
    "spec.accounts": (True, False, _words, "a list of accounts, each once"),
    "spec.scenarios": (True, False, _words, "a list of scenarios, each once"),
    "spec.mode": (False, False, _text, "a word"),
    "spec.ablation": (False, False, _text, "a word"),
    "spec.beliefs": (False, False, _text, "a word"),
    "spec.parameters": (False, False, _text, "a word"),
    "spec.choice_rule": (False, False, _text, "a word"),
    "spec.mixed": (False, False, lambda v: isinstance(v, bool), "true or false"),
    "outcomes": (True, False, _titled, _TITLED),
    "scenarios": (False, False, _titled, _TITLED),
    "standoff": (False, False, _text, "a version"),
    "warnings": (False, False, lambda v: isinstance(v, list) and all(map(_text, v)), "a list of texts"),
}


def read_record(root: Path) -> dict[str, Any]:
    """Return run.json of a run folder. Raises StandoffError with everything in it that cannot be used."""
    file = str(root / "run.json")
    needs = "spec, outcomes and case as standoff run writes them"
    record = read_json(root / "run.json", file, MAX_BYTES, within=root, expected="the record of a run")
    if not isinstance(record, dict) or not {"case", "spec"} & record.keys():
        raise StandoffError.of("this is not the run.json of a run", file=file, expected=needs)
    if missing := [key for key, rule in KEYS.items() if rule[0] and not _has(record, key.split("."))]:
        raise StandoffError.of(f"run.json has no {', '.join(missing)}", file=file, expected="a complete run folder")
    if problems := list(_wrong(record, file)):
        raise StandoffError(problems)
    return record


def _has(record: Any, keys: list[str]) -> bool:
    return isinstance(record, dict) and keys[0] in record and (len(keys) == 1 or _has(record[keys[0]], keys[1:]))


def _wrong(record: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for key, (_, empty, good, expected) in KEYS.items():
        keys = key.split(".")
        if not _has(record, keys):
            continue
        value: Any = record
        for step in keys:
            value = value[step]
        if not (good(value) or (empty and value is None)):
            yield Problem(file, 0, f"{key} is {short(value)}", expected)


def columns(kind: type) -> list[str]:
    """Return the column names of a table, in order."""
    return [f.name.removesuffix("_") for f in dataclasses.fields(kind)]


def cell(value: Any) -> str:
    """Write one value for a CSV cell: six significant digits, true and false, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, ".6g") if isinstance(value, float) else str(value)


def _csv(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    out = io.BytesIO()  # a StringIO holds four bytes a letter: outcomes.csv of a large run is tens of megabytes
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    text.flush()
    return out.getvalue().decode()


def files_of(run: Run) -> dict[str, str]:
    """Return the text of every file of the folder but the two descriptors."""
    texts = {"run.json": json.dumps(run.meta, indent=2, ensure_ascii=False, sort_keys=True) + "\n"}
    texts["outcomes.csv"] = _csv(list(run.outcomes), zip(*run.outcomes.values(), strict=True))
    for name, kind in TABLES.items():
        rows = map(attrgetter(*(f.name for f in dataclasses.fields(kind))), getattr(run, name))
        texts[f"{name}.csv"] = _csv(columns(kind), rows)
    return texts


def refuse_existing(path: Path, force: bool) -> None:
    """Raise StandoffError when ``path`` holds something that a run may not replace."""
    if not path.exists():
        above = next(p for p in (*path.absolute().parents,) if p.exists())
        if not above.is_dir() or not os.access(above, os.W_OK):
            what = "no folder can be made in it" if above.is_dir() else "this is a file, not a folder"
            raise StandoffError.of(what, file=str(above), expected="an --out that you may write to")
        return
    if path.is_file() or (any(path.iterdir()) and not (path / "run.json").is_file()):
        raise StandoffError.of("this is not a run folder", file=str(path), expected="a new or empty folder")
    if (path / "run.json").is_file() and not force:
        raise StandoffError.of(
            "there is a run in this folder already", file=str(path), expected="another --out, or --force to replace it"
        )


def write_run(run: Run, path: Path, *, force: bool = False, extra: Mapping[str, str] | None = None) -> Path:
    """Write a run folder beside its place and exchange the two: it is there in full or not at all.

    Parameters
    ----------
    run : Run
        As `standoff.simulate` returns it.
    path : str or path
        A new or empty folder, or with ``force`` one that holds a run.
    force : bool
        Replace the run that is there; it stays until the new one is whole.
    extra : mapping of str to str, optional
        Further text files by name.

    Returns
    -------
    path
        Where it stands.

    Raises
    ------
    StandoffError
        When something else is at ``path``, and where a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import standoff as so
    >>> run = so.simulate(so.load("idlib"), accounts="record", trajectories=2, days=3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     so.write_run(run, f"{folder}/first").name
    'first'
    """
    path = Path(path)
    recover_folder(path)
    refuse_existing(path, force)
    texts = {**files_of(run), **(extra or {})}
    texts["datapackage.json"] = datapackage(run.meta, texts, {f"{k}.csv": v for k, v in TABLES.items()})
    texts["ro-crate-metadata.json"] = crate(run.meta, texts)
    replace_folder(path, texts)
    return path


def _cell_reader(kind: type, name: str, hint: Any) -> Callable[[str], Any]:
    """Return what reads the cells of a column. It raises ValueError that says what was expected."""
    among = typing.get_args(hint) or (hint,)
    kinds = [k for k in among if k is not type(None)]
    optional, share = len(kinds) < len(among), name in _SHARES.get(kind.__name__, ())

    def day(text: str) -> str:
        if text and not is_day(text):
            raise ValueError(f"{name} is {text[:40]!r}; expected a day such as 2020-02-14")
        return text

    def number(text: str) -> Any:
        if text == "":
            if not optional:
                raise ValueError(f"{name} is empty; expected a number")
            return None
        if kinds[0] is bool:
            if text not in ("true", "false"):
                raise ValueError(f"{name} is {text[:40]!r}; expected true or false")
            return text == "true"
        return _number(name, text, whole=kinds[0] is int, share=share)

    if kinds[0] is str:
        return day if name in _DAYS else str
    return number


def _number(name: str, text: str, *, whole: bool, share: bool = False) -> float:
    try:
        number: float = int(text) if whole else float(text)
    except ValueError:
        number = math.nan
    low, high = (0.0, 1.0) if share else (-_MOST, _MOST)
    if not low <= number <= high:  # nan is not, either
        expected = "a share from 0 to 1" if share else "a whole number" if whole else "a finite number"
        raise ValueError(f"{name} is {text[:40]!r}; expected {expected}")
    return number


def _table(path: Path, problems: list[Problem]) -> tuple[list[str], Iterator[tuple[int, list[str]]]] | None:
    """Return the header of a table, and its rows with their lines; None where it cannot be read, which is told."""
    if not path.is_file():
        problems.append(Problem(path.name, 0, "the file is missing", "a complete run folder"))
        return None
    try:
        text = read_text(path, path.name, MAX_TABLE, within=path.parent)
    except StandoffError as error:
        problems += error.problems
        return None
    rows = _lines(text, path.name, problems)
    _, header = next(rows, (0, []))
    return header, rows


def _lines(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, f"this is not CSV: {error}", "comma-separated cells"))


def _rows(path: Path, kind: type, problems: list[Problem]) -> tuple[Any, ...]:
    hints = typing.get_type_hints(kind)
    names = {f.name.removesuffix("_"): f.name for f in dataclasses.fields(kind)}
    table = _table(path, problems)
    if table is None:
        return ()
    header, rows = table
    expected = f"columns {', '.join(names)}"
    for column in header:
        if column not in names:
            what = f"the column {column[:40]!r} is unknown"
            problems.append(Problem(path.name, 1, what, expected, nearest(column[:40], names)))
            return ()
    if len(set(header)) != len(header):
        problems.append(Problem(path.name, 1, "a column is given twice", expected))
        return ()
    needs = [f.name.removesuffix("_") for f in dataclasses.fields(kind) if f.default is dataclasses.MISSING]
    if missing := [name for name in needs if name not in header]:
        what = f"the columns {', '.join(missing)} are missing" if header else "the file is empty"
        problems.append(Problem(path.name, 1 if header else 0, what, expected))
        return ()
    columns_of_row = [(names[name], _cell_reader(kind, name, hints[names[name]])) for name in header]
    records = []
    for line, row in rows:
        try:
            if len(row) != len(header):
                raise ValueError(f"it has {len(row)} cells; expected {len(header)}")
            cells = zip(columns_of_row, row, strict=True)
            records.append(kind(**{name: reading(text) for (name, reading), text in cells}))
        except ValueError as error:
            what, _, kind_of_cell = str(error).partition("; expected ")
            problems.append(Problem(path.name, line, f"the row cannot be read: {what}", kind_of_cell or "numbers"))
            break
    return tuple(records)


def _outcomes(path: Path, problems: list[Problem], spec: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Read outcomes.csv, which holds a row for each trajectory of each account and scenario of the spec."""
    table = _table(path, problems)
    if table is None:
        return {}
    header, rows = table
    if missing := [name for name in ("account", "scenario") if name not in header]:
        what = f"the columns {', '.join(missing)} are missing" if header else "the file is empty"
        problems.append(Problem(path.name, 1 if header else 0, what, "account, scenario, and a column an outcome"))
        return {}
    values: dict[str, list[Any]] = {name: [] for name in header}
    count = 0
    for line, row in rows:
        count += 1
        try:
            for name, text in zip(header, row, strict=True):
                as_text = name in ("account", "scenario", "first-break")
                values[name].append(text if as_text else int(_number(name, text, whole=False)) if text else None)
        except ValueError as error:
            wrong = f"{len(row)} cells" if len(row) != len(header) else str(error).partition("; expected ")[0]
            problems.append(Problem(path.name, line, f"the row has {wrong}", f"{len(header)} cells, of finite numbers"))
            return {}
    each = spec["trajectories"]
    expected = len(spec["accounts"]) * len(spec["scenarios"]) * each
    if count != expected:
        problems.append(Problem(path.name, 0, f"{count} rows", f"{expected}, one a trajectory, as run.json says"))
        return values
    counts = Counter(zip(values["account"], values["scenario"], strict=True))
    for account, scenario in product(spec["accounts"], spec["scenarios"]):
        if counts[account, scenario] != each:
            what = f"{counts[account, scenario]} rows of account {account[:40]!r} in scenario {scenario[:40]!r}"
            problems.append(Problem(path.name, 0, what, f"{each}, as run.json says"))
    return values


def _altered(root: Path) -> Iterator[Problem]:
    """Yield a problem for each table that is not as the run wrote it, by the hashes in datapackage.json.

    A byte order mark and the ends of lines, which spreadsheets change, do not count.
    """
    name = "datapackage.json"
    if not (root / name).is_file():
        return
    package = read_json(root / name, str(root / name), MAX_BYTES, within=root, expected="the list of a run's tables")
    listed = package.get("resources") if isinstance(package, dict) else None
    known = {f"{table}.csv" for table in (*TABLES, "outcomes")}
    for entry in listed if isinstance(listed, list) else ():
        file, noted = (entry.get("path"), entry.get("hash")) if isinstance(entry, dict) else (None, None)
        if file not in known or not isinstance(noted, str):
            continue
        if not (root / str(file)).is_file():
            yield Problem(str(file), 0, "the table is missing", f"every table that {name} lists", "run again")
            continue
        data = (root / str(file)).read_bytes()
        plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        if noted.removeprefix("sha256:") not in (hashlib.sha256(d).hexdigest() for d in (data, plain)):
            expected = f"the table as it was written, whose hash is in {name}"
            hint = f"run again; without {name} the folder is read as it is"
            yield Problem(
                str(file),
                0,
                "this is not what the run wrote: it was changed, or the disk lost some of it",
                expected,
                hint,
            )


def load_run(path: Path | str) -> Run:
    """Read a run folder.

    Parameters
    ----------
    path : str or path
        A folder that `write_run` or ``standoff run`` wrote.

    Returns
    -------
    Run

    Raises
    ------
    StandoffError
        When it is not one, or with every problem in it.

    Examples
    --------
    >>> import tempfile
    >>> import standoff as so
    >>> run = so.simulate(so.load("idlib"), accounts="record", trajectories=2, days=3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     so.load_run(so.write_run(run, f"{folder}/first"))
    <Run idlib: 1 account x 1 scenario, n = 2, 3 days from 2019-12-01>
    """
    root = Path(path)
    if not root.exists():
        recover_folder(root)  # of a program that was killed while it replaced this very run
    if not (root / "run.json").is_file():
        what = "there is no run.json" if root.is_dir() else "there is no such folder"
        raise StandoffError.of(what, file=str(root), expected="a folder written by standoff run")
    problems: list[Problem] = []
    meta = read_record(root)
    tables: dict[str, Any] = {
        name: _rows(root / f"{name}.csv", kind, problems)
        for name, kind in TABLES.items()
        if name not in LATER or (root / f"{name}.csv").exists()
    }
    outcomes = _outcomes(root / "outcomes.csv", problems, meta["spec"])
    if problems := problems or list(_altered(root)):
        raise StandoffError(problems)
    return Run(meta=meta, outcomes=outcomes, root=root, **tables)
