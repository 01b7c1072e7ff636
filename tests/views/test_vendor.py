"""Vendored files are what VENDOR.md says they are."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from standoff.case.read import SHIPPED
from standoff.views.pages import STATIC

ROW = re.compile(r"^\| ([\w./-]+) \|.*\| ([0-9a-f]{64}) \|$", re.MULTILINE)
FOLDERS = [STATIC / "world", Path(__file__).parents[1] / "browser" / "vendor"]


@pytest.mark.parametrize("folder", FOLDERS, ids=["package", "tests"])
def test_hashes_agree(folder: Path) -> None:
    rows = ROW.findall((folder / "VENDOR.md").read_text(encoding="utf-8"))
    listed = {name for name, _ in rows}
    assert {p.name for p in folder.glob("*.js")} <= listed
    for name, sha in rows:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha, name


@pytest.mark.parametrize("folder", FOLDERS, ids=["package", "tests"])
def test_every_library_has_its_licence(folder: Path) -> None:
    for script in folder.glob("*.js"):
        assert (folder / f"{re.split(r'-[0-9]', script.name)[0]}-LICENSE").is_file()


def test_no_registry_host_is_named() -> None:
    for folder in FOLDERS:
        assert "://" not in (folder / "VENDOR.md").read_text(encoding="utf-8")


def test_no_script_of_others_is_in_a_page() -> None:
    assert [p.name for p in STATIC.rglob("*.js") if ".min." in p.name or p.stat().st_size > 20_000] == []


def test_background_is_small_and_known() -> None:
    text = (SHIPPED / "idlib" / "background.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    assert len(text) < 40_000
    assert {"Syria", "Turkey", "Idlib", "Aleppo", "Hama", "Latakia"} <= {f["properties"]["name"] for f in features}
