"""Start a new case folder from the template or from a shipped case."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from standoff.case.read import SHIPPED, shipped
from standoff.errors import StandoffError, nearest

TEMPLATE = Path(__file__).parent / "template"


def start(folder: Path, source: str = "empty") -> Path:
    """Copy the template (``empty``) or a shipped case into a folder that is new or empty, all or nothing.

    Raises StandoffError when the folder holds something, its parent is missing, or the source is unknown.
    """
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
    with tempfile.TemporaryDirectory(dir=folder.absolute().parent) as scratch:
        draft = Path(scratch) / "case"
        shutil.copytree(origin, draft, ignore=shutil.ignore_patterns("library", "__pycache__"))
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    return folder
