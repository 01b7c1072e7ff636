"""Header maps of others: an organisation's own export is read without --map where its plug-in is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from format_runs import idlib

import standoff as so
from standoff.errors import StandoffError
from standoff.intake.recognise import header_maps
from standoff.plugins import HEADERS, plugin_points

OURS = """source,version,column,field,needed
own,mission log,Número,id,yes
own,mission log,Fecha,date,yes
own,mission log,Clase de asiento,type,yes
own,mission log,Lugar,place,
own,mission log,Fuente,source,yes
"""
LOG = "Número,Fecha,Clase de asiento,Lugar,Fuente\nm1,2019-05-01,shelling,idlib,https://example.org/1\n"


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Install a plug-in as a distribution would: an entry point of the group."""
    original = metadata.entry_points

    def plug(value: Any) -> None:
        def load() -> Any:
            if isinstance(value, Exception):
                raise value
            return value

        point = SimpleNamespace(name="mission", load=load)
        monkeypatch.setattr(metadata, "entry_points", lambda **k: [point] if k == {"group": HEADERS} else original(**k))
        plugin_points.cache_clear()
        header_maps.cache_clear()

    yield plug
    monkeypatch.undo()
    plugin_points.cache_clear()
    header_maps.cache_clear()


@pytest.mark.parametrize("value", [OURS, lambda: OURS], ids=["text", "function"])
def test_an_export_of_ones_own_is_recognised(install: Callable[[Any], None], tmp_path: Path, value: Any) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    case = idlib()
    with pytest.raises(StandoffError, match="is missing"):
        so.read_log(path, case)
    install(value)
    events = so.read_log(path, case).events
    assert [(e.id, e.type) for e in events] == [("m1", "shelling")]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (ImportError("there is no module mission"), ["standoff.headers:mission", "ImportError", "no module mission"]),
        ("a,b\n1,2\n", ["standoff.headers:mission:1", "source, version, column, field, needed"]),
        (OURS.replace("own,mission log,Lugar", "owm,mission log,Lugar"), [":5", "'owm'", "own"]),
        (OURS.replace("Lugar,place", "Lugar,plac"), [":5", "'plac'", "place"]),
        (OURS.replace("type,yes", "type,maybe"), [":4", "'maybe'", "yes, or nothing"]),
        (OURS.replace("mission log", "1"), ["there is already"[:5], "a version of its own name"]),
        (7, ["cannot be read"]),
    ],
)
def test_a_plug_in_that_is_wrong_is_named(install: Callable[[Any], None], value: Any, words: list[str]) -> None:
    install(value)
    with pytest.raises(StandoffError) as error:
        header_maps()
    for word in words:
        assert word in str(error.value)
