"""A folder of YAML, CSV and GeoJSON to a frozen Case, with every problem at once."""

from __future__ import annotations

import gc
import hashlib
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from standoff.case import claims, geography, groups, model, reports, strategy, talks, terms
from standoff.case.checks import OLD_KIND, READING, RECORDS, check_again, check_room
from standoff.case.claims import RECORD
from standoff.case.map_files import FILE as BACKGROUND
from standoff.case.map_files import read_zones
from standoff.case.model import Kind
from standoff.case.parsing import MAX_CSV_BYTES, PASSABLE, read_table, record
from standoff.case.rechecks import Verdicts
from standoff.errors import CaseWarning, OldCase, Problem, StandoffError, caution, closest, nearest
from standoff.files.atomic import WRITABLE, recover
from standoff.files.opener import is_there, read_bytes
from standoff.files.yaml import Lines, read_yaml

SHIPPED = Path(__file__).parent.parent / "cases"

# kind -> (record type, must exist). A kind is read from KIND.yaml and from every file of a folder KIND/.
YAML_KINDS: dict[Kind, tuple[type, bool]] = {
    Kind.SOURCES: (claims.Source, True),
    Kind.DOCUMENTS: (claims.Document, True),
    Kind.CLAIMS: (claims.Claim, True),
    Kind.DISPUTES: (claims.Dispute, False),
    Kind.ACCOUNTS: (claims.Account, True),
    Kind.ACTORS: (model.Actor, True),
    Kind.TYPES: (model.OwnType, False),
    Kind.GROUPS: (groups.CountedGroup, False),
    Kind.INCIDENTS: (reports.Incident, False),
    Kind.THREADS: (talks.Thread, False),
    Kind.SIGNALS: (talks.Signal, False),
    Kind.AGREEMENTS: (terms.Agreement, False),
    Kind.COMMITMENTS: (terms.Commitment, False),
    Kind.PARAMETERS: (model.Parameter, False),
    Kind.ISSUES: (strategy.Issue, False),
    Kind.STAKES: (strategy.Stake, False),
    Kind.OPTIONS: (strategy.Option, False),
    Kind.OUTCOMES: (strategy.Outcome, False),
    Kind.SCENARIOS: (strategy.Scenario, False),
    Kind.QUESTIONS: (strategy.Question, False),
}
TABLES: dict[Kind, tuple[type, bool]] = {
    Kind.PLACES: (geography.Place, True),
    Kind.ROUTES: (geography.Route, False),
    Kind.CLOSURES: (geography.Closure, False),
    Kind.EVENTS: (model.Event, False),
    Kind.OBSERVED: (model.Observation, False),
    Kind.COVERAGE: (model.Coverage, False),
    Kind.PUBLISHERS: (model.Publisher, False),
}
UNNAMED = (Kind.ROUTES, Kind.CLOSURES, Kind.COVERAGE)  # rows without an id, known by their lines
MAPPING = "mapping.yaml"  # names of other people's files; read by the room that reads those
LOGS = "logs"  # other people's reports in our columns; read when one of them is named
_OTHER = {"case.yaml", "zones.geojson", "areas.geojson", BACKGROUND, MAPPING, "coding.csv", "README.md", "LICENSE"}
_OTHER |= {"journal.jsonl", "decisions.jsonl"}  # what was changed, and what was decided on proposals
_FOLDERS = {"library", "tests", LOGS}


def shipped() -> list[str]:
    """Return the names of the cases that come with Standoff."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/case.yaml"))


def locate(name: str | Path) -> Path:
    """Return the folder of a shipped case or of a path. Raises StandoffError when there is none."""
    if str(name) in shipped():
        return SHIPPED / str(name)
    path = Path(name)
    if not path.exists():
        near = sorted(p.name for p in path.parent.iterdir() if p.is_dir()) if path.parent.is_dir() else []
        raise StandoffError.of(
            f"there is no case {str(name)!r}",
            file=str(name),
            expected=f"a case folder, or a shipped case: {', '.join(shipped())}",
            hint=nearest(path.name, [*shipped(), *near]),
        )
    if not path.is_dir():
        raise StandoffError.of("this is a file", file=str(name), expected="a case folder with case.yaml in it")
    if not (path / "case.yaml").is_file():
        raise StandoffError.of("there is no case.yaml in this folder", file=str(name), expected="a case folder")
    return path


def _inside(root: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def yaml_files(root: Path, kind: Kind) -> Iterable[Path]:
    """Yield the YAML files that a kind of record is read from."""
    single = root / f"{kind}.yaml"
    if is_there(single):
        yield single
    if (root / kind).is_dir():
        yield from sorted((root / kind).glob("*.yaml"))


def _strays(root: Path) -> Iterable[Problem]:
    names = {f"{k}.yaml" for k in YAML_KINDS} | {f"{k}.csv" for k in TABLES} | _OTHER
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or (path.is_dir() and path.name in _FOLDERS | set(YAML_KINDS)):
            continue
        if path.name not in names:
            hint = nearest(path.name, names)
            yield Problem(path.name, 0, "this is not read", "only files of a case", hint, "strays", "warning")


def _under_another_name(root: Path, kind: Kind, form: str) -> str:
    """Return a hint where a file that is missing stands there with another suffix, other capitals or a slip."""
    names = [path.name for path in sorted(root.iterdir()) if path.is_file()]
    stems = {name.rpartition(".")[0]: name for name in names if "." in name}
    if not (stem := closest(kind, stems)):
        return ""
    return f"is it {stems[stem]!r}? rename it, or save it as {form}"


# What is wrong with a file; what stands in it, where, and of a table the row as it is written.
_Items = tuple[list[Problem], Iterable[tuple[Any, Lines, tuple[str, ...] | None]]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What stands in one place of a file: its id, the record, what is wrong with it; of a table its row, too."""

    key: str
    item: Any
    problems: tuple[Problem, ...]
    lines: Lines
    row: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _File:
    digest: bytes
    problems: tuple[Problem, ...]
    entries: tuple[_Entry, ...]
    of: object = None  # beside what it was read


# The files of the folders read last, as they were: what did not change since is not made again.
_MOST_CASES = 8
_files: dict[Path, dict[str, _File]] = {}


class _Reader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.digests: dict[str, bytes] = {}
        self.before = _files.pop(root.resolve(), {})
        self.files: dict[str, _File] = {}
        self.problems: list[Problem] = []
        self.written: dict[tuple[Kind, str], model.Written] = {}
        self.hash = hashlib.sha256()

    def open(self, path: Path) -> str | None:
        file = path.relative_to(self.root).as_posix()
        if not _inside(self.root, path):
            self.problems.append(Problem(file, 0, "this link leaves the case folder", "a file of the case"))
            return None
        try:
            if path.stat().st_size <= MAX_CSV_BYTES:  # what is larger is refused by its reader
                content = read_bytes(path, file, MAX_CSV_BYTES)
                self.hash.update(file.encode() + b"\0" + content + b"\0")
                self.digests[file] = hashlib.sha256(content).digest()
        except (StandoffError, OSError) as error:
            problems = error.problems if isinstance(error, StandoffError) else ()
            self.problems += problems or [Problem(file, 0, "the file cannot be read", "a file of the case")]
            return None
        return file

    def keep(self) -> None:
        """Keep the files for the next reading of this folder."""
        _files[self.root.resolve()] = self.files
        if len(_files) > _MOST_CASES:
            _files.pop(next(iter(_files)), None)

    def entries(self, path: Path, file: str, cls: type, read_items: Callable[[], _Items]) -> Iterator[_Entry]:
        """Yield what a file holds: as before where it is the same file, and each row of a table that is the same."""
        digest, old = self.digests.get(file, b""), self.before.get(file)
        if old is None or not digest or old.digest != digest:
            problems, items = read_items()
            before = old.entries if old is not None else ()
            twins = {e.row: e.item for e in before if e.row and not e.problems}
            entries = tuple(self._entry(cls, data, file, lines, row, twins) for data, lines, row in items)
            old = _File(self._unless_changed(path, file, digest), tuple(problems), entries)
        self.files[file] = old
        self.problems += old.problems
        yield from old.entries

    def once(self, path: Path, file: str, make: Callable[[], _Entry], of: object = None) -> _Entry:
        """Return the one thing that a file holds: as before where it is the same file, read beside the same ``of``."""
        digest, old = self.digests.get(file, b""), self.before.get(file)
        if old is None or not digest or old.digest != digest or old.of is not of:
            entry = make()
            old = _File(self._unless_changed(path, file, digest), (), (entry,), of)
        self.files[file] = old
        self.problems += old.entries[0].problems
        return old.entries[0]

    def _unless_changed(self, path: Path, file: str, digest: bytes) -> bytes:
        """Return the digest of a file, or none where it was changed meanwhile and is not what was read."""
        with suppress(StandoffError, OSError):
            if hashlib.sha256(read_bytes(path, file, MAX_CSV_BYTES)).digest() != digest:
                return b""
        return digest

    def _entry(
        self,
        cls: type,
        data: Any,
        file: str,
        lines: Lines,
        row: tuple[str, ...] | None,
        twins: dict[tuple[str, ...], Any],
    ) -> _Entry:
        key = str(data.get("id", "")) if isinstance(data, dict) else ""
        if row in twins:
            return _Entry(key, twins[row], (), lines, row)
        item, problems = record(cls, data, file, lines)
        return _Entry(key, item, tuple(problems), lines, row)

    def add(self, kind: Kind, entry: _Entry, file: str, into: dict[str, Any]) -> None:
        key, lines = entry.key, entry.lines
        self.problems += entry.problems
        if kind in UNNAMED:
            key = f"{file}:{lines.line}"
        if not key:
            return
        if (kind, key) in self.written:
            first = self.written[kind, key]
            what = f"the {kind[:-1]} {key!r} is given twice"
            self.problems.append(Problem(file, lines.line, what, "each id once", f"first at {first.file}:{first.line}"))
            return
        self.written[kind, key] = model.Written(file=file, line=lines.line, lines=lines)
        if entry.item is not None:
            into[key] = entry.item

    def yaml(self, kind: Kind, cls: type, required: bool) -> dict[str, Any]:
        into: dict[str, Any] = {}
        paths = list(yaml_files(self.root, kind))
        if not paths and required:
            hint = _under_another_name(self.root, kind, "YAML, in UTF-8")
            self.problems.append(Problem(f"{kind}.yaml", 0, "the file is missing", f"a list of {kind}", hint))
        for path in paths:
            if (file := self.open(path)) is None:
                continue

            def items(path: Path = path, file: str = file) -> _Items:
                data, lines, problems = read_yaml(path, file)
                if isinstance(data, dict) and kind is Kind.SCENARIOS:
                    data, lines = [data], Lines(lines.line, {0: lines})
                if not isinstance(data, list):
                    what = "the file does not hold a list"
                    expected = f"a list of {kind}, each starting with '- id:'"
                    return [*problems, Problem(file, lines.line, what, expected)], ()
                return problems, [(item, lines.inside.get(index, lines), None) for index, item in enumerate(data)]

            for entry in self.entries(path, file, cls, items):
                self.add(kind, entry, file, into)
        return into

    def table(self, kind: Kind, cls: type, required: bool) -> dict[str, Any]:
        into: dict[str, Any] = {}
        path = self.root / f"{kind}.csv"
        if not is_there(path):
            if required:
                hint = _under_another_name(self.root, kind, "CSV UTF-8, parted by commas")
                self.problems.append(Problem(path.name, 0, "the file is missing", f"a table of {kind}", hint))
            return into
        if (file := self.open(path)) is None:
            return into

        def items() -> _Items:
            rows, problems = read_table(path, file, cls)
            return problems, ((row.data, row.lines, row.written) for row in rows)

        for entry in self.entries(path, file, cls, items):
            self.add(kind, entry, file, into)
        return into


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Look for no circles of objects while a case is read: it makes none, and to look costs half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def read_records(name: str | Path) -> tuple[model.Case | None, list[Problem]]:
    """Read the files of a case folder without checking what they say; return the case and the problems of its files.

    The case is None where a record cannot be made of what is written. Raises StandoffError when ``name`` is neither a
    shipped case nor a case folder.
    """
    root = locate(name)
    recover(root)
    with _not_collecting():
        return _read_records(root)


def _read_records(root: Path) -> tuple[model.Case | None, list[Problem]]:
    reader = _Reader(root)
    about: Any = None
    path = root / "case.yaml"
    if (file := reader.open(path)) is not None:

        def read_about(path: Path = path, file: str = file) -> _Entry:
            data, lines, problems = read_yaml(path, file)
            item, more = (None, []) if problems else record(model.About, data, file, lines)
            return _Entry("", item, (*problems, *more), lines)

        entry = reader.once(path, file, read_about)
        about = entry.item
        if about is not None:
            where = model.Written(file=file, line=entry.lines.line, lines=entry.lines)
            reader.written[Kind.CASE, about.id] = where
    records: dict[str, Any] = {kind: reader.yaml(kind, *rule) for kind, rule in YAML_KINDS.items()}
    records |= {kind: reader.table(kind, *rule) for kind, rule in TABLES.items()}
    reader.keep()
    for kind in UNNAMED:
        records[kind] = tuple(records[kind].values())
    if RECORD.id in records["accounts"]:
        where = reader.written[Kind.ACCOUNTS, RECORD.id]
        what = f"{RECORD.id!r} is the account of the record, which every case has"
        reader.problems.append(Problem(where.file, where.line, what, "another id"))
    records["accounts"] = {RECORD.id: RECORD, **records["accounts"]}
    zones: tuple[geography.Zone, ...] = ()
    path = root / "zones.geojson"
    if is_there(path) and (file := reader.open(path)) is not None:

        def read_shapes(path: Path = path) -> _Entry:
            problems: list[Problem] = []
            item = read_zones(path, problems, region=about.region if about is not None else None)
            return _Entry("", item, tuple(problems), Lines(1))

        zones = reader.once(path, file, read_shapes, of=about).item
    for name in (BACKGROUND, MAPPING):
        if is_there(root / name):
            reader.open(root / name)
    problems = [*reader.problems, *_strays(root)]
    errors = [p for p in problems if p.severity == "error"]
    case: model.Case | None = None
    if all(p.check in PASSABLE for p in errors):
        case = model.Case(
            root=root, about=about, zones=zones, written=reader.written, digest=reader.hash.hexdigest(), **records
        )
        if moved := talks.moved_commitments(case):
            case = replace(case, commitments={**case.commitments, **moved})
    if errors and case is not None:  # values that are not allowed: what else is wrong is told at once
        places = {(p.file, p.line) for p in errors}
        problems += [p for p in check_room(case, RECORDS) if (p.file, p.line) not in places]
        case = None
    problems = sorted((p if p.check else replace(p, check=READING[0]) for p in problems), key=lambda p: p.sort_key)
    return (replace(case, problems=tuple(problems)) if case is not None else None), problems


# A folder that has not changed since is one and the same case in a process, checked once: a page or a notebook reads it
# often, and what is worked out of a case (such as what people feared in a wave) is kept by the case it belongs to.


_cases: dict[tuple[object, ...], model.Case] = {}  # the one read last comes last
_verdicts: dict[Path, Verdicts] = {}


def _state(case: model.Case) -> tuple[object, ...]:
    """Return what the checks of a case depend on: its records, and the files beside them that checks open."""
    beside = (path for name in sorted(_FOLDERS) for path in sorted((case.root / name).rglob("*")))
    extra = (case.root / "coding.csv", *beside)
    stamps = tuple((str(p), s.st_mtime_ns, s.st_size) for p in extra if is_there(p) and (s := p.lstat()))
    return case.root, case.digest, case.problems, stamps


def read(name: str | Path) -> tuple[model.Case | None, list[Problem]]:
    """Read a case folder and run every check.

    The case is there beside errors, so that one can look at what is written. Nothing that gives a verdict, a run or an
    export takes a case with errors.

    Parameters
    ----------
    name : str or path
        The name of a shipped case, or a case folder.

    Returns
    -------
    case : Case or None
        None where a record cannot be made of what is written. It carries its problems, too.
    problems : list of Problem
        All, sorted by file and line.

    Raises
    ------
    StandoffError
        When ``name`` is neither a shipped case nor a case folder.

    Examples
    --------
    >>> import standoff as so
    >>> case, problems = so.read("idlib")
    >>> problems
    []
    """
    case, problems = read_records(name)
    if case is None:
        return None, problems
    state = _state(case)
    one = _cases.pop(state, None)
    if one is None:
        folder = case.root.resolve()
        verdicts = _verdicts.pop(folder, None) or Verdicts()
        with _not_collecting():
            one = replace(case, problems=tuple(check_again(case, verdicts.begin(case, state))))
        _verdicts[folder] = verdicts
    _cases[state] = one
    if len(_cases) > _MOST_CASES:
        _cases.pop(next(iter(_cases)), None)
    if len(_verdicts) > _MOST_CASES:
        _verdicts.pop(next(iter(_verdicts)), None)
    return one, list(one.problems)


def load(name: str | Path) -> model.Case:
    """Return a case that can be read and passes every check.

    Warns in a sentence (`CaseWarning`) of what checks warn of, and (`OldCase`) of what is written as in older editions,
    with what to write instead.

    Parameters
    ----------
    name : str or path
        The name of a shipped case, or a case folder.

    Returns
    -------
    Case
        Frozen: to change it, use ``case.set`` or a copy.

    Raises
    ------
    StandoffError
        With all errors at once, or when there is no such case.

    Examples
    --------
    >>> import standoff as so
    >>> so.load("idlib")
    <Case idlib: 686 claims, 120 commitments, 278 events, 0 errors, 0 warnings>
    """
    case, problems = read(name)
    if case is None or case.errors:
        raise StandoffError(p for p in problems if p.severity == "error")
    for problem in case.warnings:
        if problem.check == OLD_KIND:
            warnings.warn(str(problem), OldCase, stacklevel=2)
    if others := caution(p for p in case.warnings if p.check != OLD_KIND):
        warnings.warn(others, CaseWarning, stacklevel=2)
    return case


# Start a new case folder from the template or from a shipped case.


TEMPLATE = Path(__file__).parent / "template"


def start(folder: str | Path, source: str = "empty") -> Path:
    """Copy the template (``empty``) or a shipped case into a folder that is new or empty, all or nothing.

    Parameters
    ----------
    folder : str or Path
        Where the copy is to stand.
    source : str
        ``empty``, or the name of a case that came with the program.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StandoffError
        When the folder holds something, its parent is missing, the source is unknown, or it cannot be written.

    Examples
    --------
    >>> import tempfile, standoff as so
    >>> with tempfile.TemporaryDirectory() as work:
    ...     so.load(so.copy_case(f"{work}/mine", "hodeidah")).about.id
    'hodeidah'
    """
    folder = Path(folder)
    if source != "empty" and source not in shipped():
        names = ["empty", *shipped()]
        raise StandoffError.of(
            f"there is no case {source!r} to start from",
            file="--from",
            expected=", ".join(names),
            hint=nearest(source, names),
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StandoffError.of("this exists and is not empty", file=str(folder), expected="a new or empty folder")
    if not folder.absolute().parent.is_dir():
        raise StandoffError.of(
            "the folder around it does not exist", file=str(folder), expected="an existing parent folder"
        )
    origin = TEMPLATE if source == "empty" else SHIPPED / source
    try:
        with tempfile.TemporaryDirectory(dir=folder.absolute().parent) as scratch:
            draft = Path(scratch) / "case"
            shutil.copytree(origin, draft, ignore=shutil.ignore_patterns("library", "__pycache__"))
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
    except OSError as error:
        # copytree tells of every file that it could not write, one like the other
        reason = str(error.args[0][0][2]) if isinstance(error, shutil.Error) else error.strerror or str(error)
        what = f"the case cannot be written: {re.sub(r'^.Errno [0-9]+. |: .*$', '', reason)}"
        raise StandoffError.of(what, file=str(folder), expected=WRITABLE) from None
    return folder
