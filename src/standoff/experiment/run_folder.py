"""The run folder: what it holds, how it is written at one stroke, and how it is read again.

The folder is plain CSV and JSON that anyone can open without Standoff; docs/reference/run-folder.md tells every column.
Nothing in it depends on the clock or on the number of workers: the same spec gives the same bytes.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import shutil
import tempfile
import typing
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from standoff.errors import Problem, StandoffError, nearest
from standoff.experiment.package import crate, datapackage
from standoff.experiment.results import TABLES, Run


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
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def files_of(run: Run) -> dict[str, str]:
    """Return the text of every file of the folder but the two descriptors."""
    texts = {"run.json": json.dumps(run.meta, indent=2, ensure_ascii=False, sort_keys=True) + "\n"}
    texts["outcomes.csv"] = _csv(list(run.outcomes), zip(*run.outcomes.values(), strict=True))
    for name, kind in TABLES.items():
        texts[f"{name}.csv"] = _csv(columns(kind), (dataclasses.astuple(row) for row in getattr(run, name)))
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
    """Write the folder beside its place and rename it, so that it is there in full or not at all; return ``path``.

    ``extra`` holds further text files by name. Raises StandoffError when something else is at ``path``.
    """
    path = Path(path)
    refuse_existing(path, force)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    except OSError as error:
        raise StandoffError.of(f"the folder cannot be made: {error.strerror}", file=str(path)) from None
    try:
        texts = {**files_of(run), **(extra or {})}
        texts["datapackage.json"] = datapackage(run.meta, texts, {f"{k}.csv": v for k, v in TABLES.items()})
        texts["ro-crate-metadata.json"] = crate(run.meta, texts)
        for name, text in texts.items():
            (made / name).write_text(text, encoding="utf-8")
        made.chmod(0o755)
        old = made.with_name(made.name + "-old")
        if path.exists():
            path.replace(old)
        made.replace(path)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return path


def _value(hint: Any, text: str) -> Any:
    kinds = [k for k in (typing.get_args(hint) or (hint,)) if k is not type(None)]
    if text == "" and kinds[0] is not str:
        return None
    return text == "true" if kinds[0] is bool else kinds[0](text)


def _rows(path: Path, kind: type, problems: list[Problem]) -> tuple[Any, ...]:
    hints = typing.get_type_hints(kind)
    names = {f.name.removesuffix("_"): f.name for f in dataclasses.fields(kind)}
    made = []
    if not path.is_file():
        problems.append(Problem(path.name, 0, "the file is missing", "a complete run folder"))
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        given = reader.fieldnames or ()
        for column in given:
            if column not in names:
                expected = f"columns {', '.join(names)}"
                problems.append(
                    Problem(path.name, 1, f"the column {column!r} is unknown", expected, nearest(column, names))
                )
                return ()
        needs = [f.name.removesuffix("_") for f in dataclasses.fields(kind) if f.default is dataclasses.MISSING]
        if missing := [name for name in needs if name not in given]:
            what = f"the columns {', '.join(missing)} are missing" if given else "the file is empty"
            problems.append(Problem(path.name, 1 if given else 0, what, f"columns {', '.join(names)}"))
            return ()
        for row in reader:
            try:
                if None in row.values():
                    raise ValueError("it ends early")
                made.append(kind(**{names[k]: _value(hints[names[k]], v or "") for k, v in row.items()}))
            except (TypeError, ValueError) as error:
                problems.append(Problem(path.name, reader.line_num, f"the row cannot be read: {error}", "numbers"))
                break
    return tuple(made)


def _outcomes(path: Path, problems: list[Problem], expected: int) -> dict[str, list[Any]]:
    """Read outcomes.csv, which holds ``expected`` rows."""
    if not path.is_file():
        problems.append(Problem(path.name, 0, "the file is missing", "a complete run folder"))
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        found: dict[str, list[Any]] = {name: [] for name in header}
        count = 0
        for row in reader:
            count += 1
            try:
                for name, text in zip(header, row, strict=True):
                    as_text = name in ("account", "scenario", "first-break")
                    found[name].append(text if as_text else (int(float(text)) if text else None))
            except ValueError as error:
                told = f"{len(row)} cells" if len(row) != len(header) else str(error)
                problems.append(Problem(path.name, reader.line_num, f"the row has {told}", f"{len(header)} cells"))
                return {}
    if count != expected:
        problems.append(Problem(path.name, 0, f"{count} rows", f"{expected}, one a trajectory, as run.json says"))
    return found


NEEDED = ("outcomes", "case.id", "case.title", "case.digest", "spec.start", "spec.days")


def _gone(meta: Any) -> list[str]:
    """Return which of the keys `NEEDED` the record of a run lacks."""
    return [name for name in NEEDED if not _has(meta, name.split("."))]


def _has(record: Any, keys: list[str]) -> bool:
    return isinstance(record, dict) and keys[0] in record and (len(keys) == 1 or _has(record[keys[0]], keys[1:]))


def load_run(path: Path | str) -> Run:
    """Read a run folder. Raises StandoffError when it is not one, or with every problem in it."""
    root = Path(path)
    if not (root / "run.json").is_file():
        what = "there is no run.json" if root.is_dir() else "there is no such folder"
        raise StandoffError.of(what, file=str(root), expected="a folder written by standoff run")
    problems: list[Problem] = []
    try:
        meta = json.loads((root / "run.json").read_text(encoding="utf-8"))
        spec = meta["spec"]
        expected = len(spec["accounts"]) * len(spec["scenarios"]) * int(spec["trajectories"])
        if gone := _gone(meta):
            raise StandoffError.of(
                f"run.json has no {', '.join(gone)}", file=str(root / "run.json"), expected="a complete run folder"
            )
    except ValueError as error:
        raise StandoffError.of(f"this cannot be read: {error}", file=str(root / "run.json")) from None
    except (KeyError, TypeError):
        what, needs = "this is not the run.json of a run", "spec, outcomes and case as standoff run writes them"
        raise StandoffError.of(what, file=str(root / "run.json"), expected=needs) from None
    tables: dict[str, Any] = {name: _rows(root / f"{name}.csv", kind, problems) for name, kind in TABLES.items()}
    outcomes = _outcomes(root / "outcomes.csv", problems, expected)
    if problems:
        raise StandoffError(problems)
    return Run(meta=meta, outcomes=outcomes, root=root, **tables)
