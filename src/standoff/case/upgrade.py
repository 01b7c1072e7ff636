"""A case of an older edition rewritten in today's words, in place: only the words change, comments and order stay.

What has one meaning today is rewritten: keys that were renamed, kinds of accounts that are readings, and the format
where the case passes its checks. What a person has to decide is left as it is, with the line and a way on; errors that
the case has anyway are named beside it, and the format waits for them.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from standoff.case.checks import NEW_KINDS
from standoff.case.claims import AccountKind
from standoff.case.history import write as write_with_entry
from standoff.case.model import Kind
from standoff.case.parsing import FORMER, MAX_CSV_BYTES, keys_of
from standoff.case.read import TABLES, YAML_KINDS, locate, read, yaml_files
from standoff.case.write import refuse_shipped
from standoff.errors import Problem, StandoffError
from standoff.files.opener import is_there, read_bytes
from standoff.files.yaml import LOADER, MAX_YAML_BYTES, read_yaml
from standoff.oneline import OneLine
from standoff.text.sentences import count

FORMAT = 2
# old kinds that are read as what they are called today; the others were two things
_READINGS = (AccountKind.VOICE, AccountKind.POOLED)


@dataclass(frozen=True, slots=True, repr=False)
class Edit(OneLine):
    """One change of a file: where, what stood there, and what stands there now."""

    file: str
    line: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {f'{self.old} -> ' if self.old else 'added '}{self.new}"


@dataclass(frozen=True, slots=True, repr=False)
class Upgrade(OneLine):
    """What was rewritten of a case, or would be; what is left for a person to decide; for what `check` refuses it."""

    edits: tuple[Edit, ...]
    left: tuple[Problem, ...]
    errors: tuple[Problem, ...] = ()  # of the case as it is rewritten, whatever its format


@dataclass(frozen=True, slots=True)
class _Cut:
    """Characters ``start`` to ``end`` of a file, and what takes their place."""

    start: int
    end: int
    text: str
    edit: Edit


def upgrade(name: str | Path, *, write: bool = True, by: str = "standoff upgrade") -> Upgrade:
    """Rewrite a case folder in today's words.

    All files are written in one step, as an entry of the journal that can be taken back.

    Parameters
    ----------
    name : str or Path
        The folder of the case.
    write : bool
        Without it nothing changes.
    by : str
        Who does it, for the journal.

    Returns
    -------
    Upgrade
        What changed, and what is left for a person.

    Raises
    ------
    StandoffError
        When there is no such case, or a file of it cannot be read as YAML or text.

    Examples
    --------
    >>> import tempfile, standoff as so
    >>> with tempfile.TemporaryDirectory() as work:
    ...     so.upgrade(so.copy_case(f"{work}/mine", "idlib")).edits
    ()
    """
    root = locate(name)
    left: list[Problem] = []
    cuts: dict[Path, list[_Cut]] = {}
    for kind, (record, _) in YAML_KINDS.items():
        renamed = {old: new for old, new in FORMER.items() if new in keys_of(record)}
        for path in yaml_files(root, kind):
            if kind is Kind.ACCOUNTS or renamed:
                cuts[path] = list(_yaml(root, path, kind, renamed, left))
    for kind, (record, _) in TABLES.items():
        renamed = {old: new for old, new in FORMER.items() if new in keys_of(record)}
        if renamed and is_there(root / f"{kind}.csv"):
            cuts[root / f"{kind}.csv"] = list(_header(root / f"{kind}.csv", renamed, left))
    texts = {path: _cut(_text(path, path.name), some) for path, some in cuts.items() if some}
    edits = [cut.edit for some in cuts.values() for cut in some]
    errors = _errors(root, texts)
    formatted = None if left or errors else _format(root, texts, left)
    if formatted is not None:
        edits.append(formatted.edit)
        about = root / "case.yaml"
        texts[about] = _cut(_text(about, "case.yaml"), [formatted])
    if write:
        _write(root, texts, edits, by)
    return Upgrade(tuple(edits), tuple(sorted(left, key=lambda p: p.sort_key)), errors)


def _text(path: Path, file: str) -> str:
    try:
        return read_bytes(path, file, max(MAX_CSV_BYTES, MAX_YAML_BYTES)).decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is not UTF-8"
        raise StandoffError.of(what, file=file, expected="a text file in UTF-8") from None


def _cut(text: str, cuts: list[_Cut]) -> str:
    for cut in sorted(cuts, key=lambda c: -c.start):
        text = text[: cut.start] + cut.text + text[cut.end :]
    return text


def _records(path: Path, file: str) -> Iterator[Any]:
    """Yield the mapping nodes of the records of a file. Raises StandoffError where it is not YAML as a case has it."""
    _, _, problems = read_yaml(path, file)
    if problems:
        raise StandoffError(problems)
    node = yaml.compose(_text(path, file), Loader=LOADER)
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    yield from (n for n in nodes if isinstance(n, yaml.MappingNode))


def _yaml(root: Path, path: Path, kind: Kind, renamed: dict[str, str], left: list[Problem]) -> Iterator[_Cut]:
    file = path.relative_to(root).as_posix()
    for node in _records(path, file):
        keys = {key.value: (key, value) for key, value in node.value}
        for old, new in renamed.items():
            if old not in keys:
                continue
            key = keys[old][0]
            line = key.start_mark.line + 1
            if new in keys:
                left.append(Problem(file, line, f"the record has both {old} and {new}", f"{new} alone"))
            else:
                yield _Cut(key.start_mark.index, key.end_mark.index, new, Edit(file, line, old, new))
        if kind is Kind.ACCOUNTS and "id" in keys:
            yield from _account(file, node, keys, left)


def _account(file: str, node: Any, keys: dict[str, tuple[Any, Any]], left: list[Problem]) -> Iterator[_Cut]:
    name = keys["id"][1].value
    if "kind" not in keys:  # what older editions took for a voice
        new = "kind: reading"
        if node.flow_style:
            after = keys["title" if "title" in keys else "id"][1].end_mark
            yield _Cut(after.index, after.index, f", {new}", Edit(file, after.line + 1, "", new))
            return
        indent = "\n" + " " * node.value[0][0].start_mark.column
        if len(node.value) > 1:
            before = node.value[1][0].start_mark
            yield _Cut(before.index, before.index, new + indent, Edit(file, before.line + 1, "", new))
        else:
            after = node.value[0][1].end_mark
            yield _Cut(after.index, after.index, indent + new, Edit(file, after.line + 2, "", new))
        return
    value = keys["kind"][1]
    line = value.start_mark.line + 1
    if value.value in _READINGS:
        edit = Edit(file, line, f"kind: {value.value}", "kind: reading")
        yield _Cut(value.start_mark.index, value.end_mark.index, "reading", edit)
    elif value.value in NEW_KINDS:
        what = f"the account {name!r} is of the old kind {value.value!r}, which may be two things today"
        hint = "decide, write it, and call standoff upgrade again"
        left.append(Problem(file, line, what, NEW_KINDS[value.value], hint))


def _header(path: Path, renamed: dict[str, str], left: list[Problem]) -> Iterator[_Cut]:
    text = _text(path, path.name)
    head = text.splitlines()[0] if text else ""
    columns = [column.strip().removeprefix("\ufeff") for column in next(csv.reader([head]), [])]
    for old, new in renamed.items():
        if old in columns and new in columns:
            left.append(Problem(path.name, 1, f"the table has both {old} and {new}", f"the column {new} alone"))
        elif columns.count(old) == 1 and head.count(old) == 1:
            start = head.index(old)
            yield _Cut(start, start + len(old), new, Edit(path.name, 1, old, new))


def _errors(root: Path, texts: Mapping[Path, str]) -> tuple[Problem, ...]:
    """Return the errors of a case with some of its files rewritten."""
    with tempfile.TemporaryDirectory() as scratch:
        draft = Path(shutil.copytree(root, Path(scratch) / "case", ignore=shutil.ignore_patterns("library", "runs")))
        for path, text in texts.items():
            (draft / path.relative_to(root)).write_text(text, encoding="utf-8", newline="")
        return tuple(p for p in read(draft)[1] if p.severity == "error")


def _format(root: Path, texts: dict[Path, str], left: list[Problem]) -> _Cut | None:
    """Return the cut that says format 2, where the case passes its checks; else say what stands in the way."""
    node = next(_records(root / "case.yaml", "case.yaml"), None)
    keys = {key.value: (key, value) for key, value in node.value} if node is not None else {}
    line = keys["format"][0].start_mark.line + 1 if "format" in keys else 0
    if node is None or (line and keys["format"][1].value != "1"):
        return None
    if line:
        value = keys["format"][1]
        edit = Edit("case.yaml", line, "format: 1", f"format: {FORMAT}")
        cut = _Cut(value.start_mark.index, value.end_mark.index, str(FORMAT), edit)
    else:
        first = node.value[0][0].start_mark  # a key of the file: whatever stands above it stays above it
        cut = _Cut(first.index, first.index, f"format: {FORMAT}\n", Edit("case.yaml", first.line + 1, "", "format: 2"))
        if node.flow_style:
            cut = replace(cut, text=f"format: {FORMAT}, ")
    errors = _errors(root, {**texts, root / "case.yaml": _cut(_text(root / "case.yaml", "case.yaml"), [cut])})
    if not errors:
        return cut
    added = cut.text.count("\n")  # the draft has this line more than the file that a person will open
    shifted = (replace(p, line=p.line - added) if p.file == "case.yaml" and p.line else p for p in errors)
    hint = "mend this, and call standoff upgrade again: format 2 asks for it"
    left.extend(replace(p, hint=f"{p.hint}; {hint}" if p.hint else hint) for p in shifted)
    return None


def _write(root: Path, texts: Mapping[Path, str], edits: Sequence[Edit], by: str) -> None:
    """Write all files in one step, told in the journal of the case, so that it can be taken back."""
    if not texts:
        return
    refuse_shipped(root)
    names = {path: path.relative_to(root).as_posix() for path in texts}
    write_with_entry(
        root,
        {names[path]: text.encode("utf-8") for path, text in texts.items()},
        what=f"upgrade: {count(len(edits), 'change')} to the words of this edition",
        by=by,
        why="",
        records=(),
        undoes="",
        hashes={names[path]: hashlib.sha256(_text(path, names[path]).encode("utf-8")).hexdigest() for path in texts},
    )
