"""Records added below those of a case, and taken out again: the rest of a file stays as it is, letter for letter.

What is added is tried on a copy first: what brings an error that was not there is not written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from standoff.case.as_dict import as_written
from standoff.case.model import Case, Kind
from standoff.case.read import SHIPPED, read
from standoff.errors import Problem, StandoffError
from standoff.files.opener import is_there, read_text
from standoff.files.yaml import MAX_YAML_BYTES, read_yaml


class _Dumper(yaml.SafeDumper):
    """Lists of words stand on one line, as people write them; no anchors, which no file of a case has."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _list_node(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    flat = all(not isinstance(item, list | dict) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)


_Dumper.add_representer(list, _list_node)
_Dumper.yaml_implicit_resolvers = {}  # a case is read as plain texts: "on" and a day need no quotes


def as_yaml(value: Any) -> str:
    """Return plain data (lists, mappings, texts, numbers) as YAML in the way a case is written."""
    return yaml.dump(_plain(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def record_yaml(records: list[Any]) -> str:
    """Return records of a case as YAML: keys at their default are left out."""
    return as_yaml([as_written(record) for record in records])


def _plain(value: Any) -> Any:
    """Return a value in texts, as a file of a case has it: no enums, whole numbers without a point."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def add_records(case: Case, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write YAML below what the files of a case hold (file relative to its folder -> text); return the files.

    Raises StandoffError, with nothing written, where the case is one that comes with Standoff, a file is no list in
    block style, or the case would have an error that it has not now.
    """
    return _change(case, {file: _below(case, file, text) for file, text in texts.items()})


def take_out(case: Case, kind: Kind, key: str) -> Path:
    """Take a record out of its YAML file; return the file. Raises StandoffError as ``add_records`` does."""
    where = case.written[kind, key]
    text = read_text(case.root / where.file, where.file, MAX_YAML_BYTES)
    lines = text.splitlines(keepends=True)
    starts = sorted(w.line for (of, _), w in case.written.items() if of is kind and w.file == where.file)
    after = next((line for line in starts if line > where.line), len(lines) + 1)
    kept = "".join(lines[: where.line - 1] + lines[after - 1 :])
    return _change(case, {where.file: kept if kept.strip() else "[]\n"})[0]


def _below(case: Case, file: str, text: str) -> str:
    path = case.root / file
    if not is_there(path):
        return text
    present = read_text(path, file, MAX_YAML_BYTES)
    data, _, problems = read_yaml(path, file)
    if problems:
        raise StandoffError(problems)
    if not data:
        kept = "".join(line for line in present.splitlines(keepends=True) if line.strip() != "[]")
        return kept + ("" if not kept or kept.endswith("\n") else "\n") + text
    if not isinstance(data, list) or present.lstrip().startswith("["):
        what = "records cannot be added below what the file holds"
        raise StandoffError.of(what, file=file, expected="a list in which each record starts with '- id:'")
    return present.rstrip("\n") + "\n" + text


def _change(case: Case, texts: Mapping[str, str]) -> tuple[Path, ...]:
    root = case.root
    if root.resolve().is_relative_to(SHIPPED.resolve()):
        what = "this case comes with Standoff and is not changed"
        hint = f"standoff new mine --from {root.name} copies it"
        raise StandoffError.of(what, file=str(root.name), expected="a case of your own", hint=hint)
    before = {(p.what, p.file) for p in case.problems if p.severity == "error"}
    with tempfile.TemporaryDirectory() as scratch:
        draft = Path(shutil.copytree(root, Path(scratch) / root.name, ignore=shutil.ignore_patterns("library", "runs")))
        for file, text in texts.items():
            (draft / file).parent.mkdir(parents=True, exist_ok=True)
            (draft / file).write_text(text, encoding="utf-8")
        errors = [p for p in read(draft)[1] if p.severity == "error" and (p.what, p.file) not in before]
    if errors:
        head = Problem(
            str(root.name), 0, "nothing is written: the case would have errors", "an addition that passes check"
        )
        raise StandoffError([head, *errors])
    paths = []
    for file, text in texts.items():
        path = root / file
        _replace(path, text)
        paths.append(path)
    return tuple(paths)


def _replace(path: Path, text: str) -> None:
    """Write a file beside its place and rename it."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if is_there(path):
            shutil.copymode(path, temporary)
        else:
            Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True) if temporary else None
        what = f"the case cannot be written: {error.strerror or error}"
        raise StandoffError.of(what, file=path.name, expected="a folder you may write in") from None
