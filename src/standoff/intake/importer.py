"""A file of others as a batch, whatever it is: a table, boundaries in GeoJSON, or annotations of texts."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
import zlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from standoff.case.model import Case, refuse_errors
from standoff.case.write import Amendment
from standoff.errors import StandoffError
from standoff.files.opener import parse_json, read_bytes
from standoff.files.table_reader import GZIP, unpacked
from standoff.intake.annotations import read_annotations
from standoff.intake.batch import Batch, read_file
from standoff.intake.boundaries import read_boundaries
from standoff.intake.preview import Import
from standoff.intake.recognise import other_way
from standoff.text.sentences import count

_PUBLISHERS = {  # whose codes are no P-codes
    "pcode": "",
    "geoboundaries": "geoBoundaries",
    "gadm": "GADM",
    "naturalearth": "Natural Earth",
    "nuts": "NUTS",
    "other": "another publisher, such as GAUL",
}
MOST_BYTES = 2**31
_MOST_POINTS = 64 * 2**20  # bytes of a layer of points
_HEAD = 256 * 1024  # bytes in which a file of JSON says what it is
BOUNDARIES, ANNOTATIONS = "boundaries", "annotations"


def open_batch(case: Case, file: Path | bytes, name: str, **options: Any) -> tuple[Batch, str]:
    """Return what a file holds for a case, and its hash (sha256).

    Parameters
    ----------
    case
        The case that is to have it.
    file
        A file, or what is in one.
    name
        How the user calls it.
    options
        Those of `read_file`; ``kind`` may be ``boundaries`` or ``annotations`` too. ``repair`` mends shapes of
        boundaries that are not valid, and leaves out what cannot be read, as ``skip_bad`` does.

    Raises
    ------
    StandoffError
        The file cannot be read, or it is not clear how; nothing has been written.
    """
    if isinstance(file, bytes):
        if not file.strip():
            raise StandoffError.of("the file is empty", file=name, expected="a table, boundaries or annotations")
        head, digest = file[:_HEAD], hashlib.sha256(file).hexdigest()
    else:
        head = read_bytes(file, name, MOST_BYTES) if not file.is_file() else b""  # refuses what is not a plain file
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if head.startswith(GZIP) and other_way(head, name) is None:  # known by the hash of the packed file
        file = unpacked(file if isinstance(file, bytes) else read_bytes(file, name, MOST_BYTES), name)
        head, name = file[:_HEAD], name.removesuffix(".gz")
    if head.startswith(b"PK\x03\x04") and (layer := _layer_in_zip(file)) is not None:
        file, head = layer, layer[:_HEAD]
    kind, repair = options.get("kind"), options.pop("repair", False) or bool(options.get("skip_bad"))
    if kind == BOUNDARIES or (kind is None and _is_collection(head)):
        if options.get("columns"):
            what = "boundaries are read by the names of their publishers"
            raise StandoffError.of(what, file="--map", expected="no --map", hint="rename the property in a GIS")
        if kind is None and b'"Point"' in head and (rows := _points(file, name)):
            return read_file(rows, case, name=name, **options), digest
        return _with_path(file, name, lambda path: _boundaries(case, path, name, repair=repair)), digest
    if kind == ANNOTATIONS or (kind is None and _is_annotation(head)):
        return _with_path(file, name, lambda path: _annotations(case, path, name)), digest
    return read_file(file, case, name=name, **options), digest


def _is_collection(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" and b'"FeatureCollection"' in head


def import_file(case: Case, file: str | Path, *, write: bool = False, log: str = "", **options: Any) -> Import:
    """Look at a file of others, and bring it into a case where that is asked for.

    Parameters
    ----------
    case : Case
        A case without errors, in a folder that may be written to.
    file : str or Path
        Reports, figures, places, boundaries, agreements or annotations.
    write : bool
        Without it nothing changes.
    log : str, optional
        The log that reports go to. Default: called as their source.
    options
        ``kind``, ``columns`` (ours to theirs), ``dates``, ``numbers``, ``sheet``, ``encoding``, ``skip_bad``,
        ``repair``: what the file itself does not decide.

    Returns
    -------
    Import
        ``drafts`` say what the file is, its columns, and the names that wait for a person.

    Raises
    ------
    StandoffError
        The file cannot be read, or it is not clear how; nothing has been written.

    Examples
    --------
    >>> import tempfile, standoff as so
    >>> with tempfile.TemporaryDirectory() as work:
    ...     _ = Path(f"{work}/t.csv").write_text("date,party,place\\n2020-02-01,Turkey,Idlib\\n")
    ...     case = so.load(so.copy_case(f"{work}/mine", "idlib"))
    ...     so.import_file(case, f"{work}/t.csv", write=True).drafts[0].added
    1
    """
    refuse_errors(case)
    options.setdefault("log_rows", True)
    whole = Import(case, Amendment(case.root))
    batch, digest = open_batch(case, Path(file), str(file), **options)
    whole.add(batch, digest, log=log)
    if write:
        whole.save()
    return whole


def _layer_in_zip(file: Path | bytes) -> bytes | None:
    """Return the GeoJSON that stands alone in an archive; None where something else does."""
    try:
        with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
            held = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")]
            if len(held) == 1 and held[0].filename.lower().endswith(".geojson") and held[0].file_size <= _MOST_POINTS:
                return archive.read(held[0])
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return None  # the reader of tables says what is wrong with it
    return None


def _points(file: Path | bytes, name: str) -> bytes:
    """Return a layer of points as records of a table with latitude and longitude; empty where it is another layer."""
    data = file if isinstance(file, bytes) else read_bytes(file, name, _MOST_POINTS)
    if len(data) > _MOST_POINTS:
        return b""
    whole = parse_json(data.decode("utf-8-sig", errors="replace"), name)
    features = whole.get("features") if isinstance(whole, dict) else None
    records = []
    for one in features if isinstance(features, list) else ():
        shape = one.get("geometry") if isinstance(one, dict) else None
        spot = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
        if not isinstance(spot, list) or len(spot) < 2 or not isinstance(one.get("properties"), dict):
            return b""
        own = one["properties"]
        places = (
            {}
            if {"latitude", "longitude"} & {str(key).lower() for key in own}
            else {"latitude": spot[1], "longitude": spot[0]}
        )
        records.append({**own, **places})
    return json.dumps(records, ensure_ascii=False).encode() if records else b""


def _is_annotation(head: bytes) -> bool:
    is_json = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")
    marks = (b"anno.jsonld", b'"AnnotationPage"', b'"AnnotationCollection"', b'"TextQuoteSelector"', b'"Annotation"')
    of_hypothesis = all(key in head for key in (b'"uri"', b'"target"', b'"user"'))
    return is_json and (of_hypothesis or any(mark in head for mark in marks))


def _with_path(file: Path | bytes, name: str, read: Any) -> Batch:
    """Call a reader that wants a file; its problems name the file as the user does."""
    if isinstance(file, Path):
        batch: Batch = read(file)
        return batch
    with tempfile.TemporaryDirectory(prefix="standoff-import-") as folder:
        path = Path(folder) / "file.json"
        path.write_bytes(file)
        try:
            batch = read(path)
        except StandoffError as error:
            raise StandoffError(replace(p, file=p.file.replace(str(path), name)) for p in error.problems) from None
        batch.assumptions = [text.replace(str(path), name) for text in batch.assumptions]
        return batch


def _boundaries(case: Case, path: Path, name: str, *, repair: bool) -> Batch:
    areas = read_boundaries(path, case.about.region, repair=repair)
    levels = sorted({area.level for area in areas})
    whole = {"type": "FeatureCollection", "features": [_feature(asdict(area)) for area in areas]}
    why = f"it holds {count(len(areas), 'area')} of level {', '.join(map(str, levels))}"
    columns = dict(areas.properties)
    batch = Batch(name, BOUNDARIES, BOUNDARIES, "administrative boundaries", "", why, "GeoJSON", (), columns, ())
    batch.records, batch.rows = tuple(areas), len(areas)
    batch.assumptions = [str(problem) for problem in areas.warnings]
    if publishers := sorted({_PUBLISHERS[area.scheme] for area in areas} - {""}):
        whose = ", ".join(publishers)
        batch.assumptions.append(f"the codes are of {whose}, and no P-codes: places are matched by where they lie")
    batch.whole = json.dumps(whole, ensure_ascii=False) + "\n"
    return batch


def _feature(area: dict[str, Any]) -> dict[str, Any]:
    geometry = area.pop("geometry")
    return {"type": "Feature", "properties": area, "geometry": geometry}


def _annotations(case: Case, path: Path, name: str) -> Batch:
    held = read_annotations(path, case)
    batch = Batch(name, "claims", ANNOTATIONS, "annotations", "", "annotations of texts in JSON", "JSON", (), {}, ())
    batch.records, batch.rows = held.claims, len(held.claims) + len(held.notes)
    batch.notes = [
        {key: value for key, value in asdict(note).items() if value not in ("", -1, 0)} for note in held.notes
    ]
    return batch
