"""The page /arrivals answers what `standoff arrivals` answers; wrong fields are all told, by their names."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from standoff.workbench.app import Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.workspace import Watcher, Workspace

QUERY = "number=50,000&origin=Saraqab&full=Dana&full_on=2020-01-10&on=2020-01-05"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    ws = Workspace("idlib", tmp_path_factory.mktemp("runs"))
    yield TestClient(application(Bench(ws, Jobs(), Watcher(ws)), hosts=frozenset({"testserver"})))


def test_an_answer_with_ranges_a_map_and_files(client: Any) -> None:
    page = client.get(f"/arrivals?{QUERY}").text
    for words in (
        "50,000 people",
        "Expected by area",
        "full from 2020-01-10",
        "compared with open",
        "<svg",
        "expected by rule",
    ):
        assert words in page, words
    data = client.get(f"/arrivals.json?{QUERY}").json()
    assert sum(r["mean"] for r in data["answer"]["rows"] if r["level"] == "place") == pytest.approx(50000, abs=60)
    dana = next(r for r in data["answer"]["rows"] if r["level"] == "place" and r["name"] == "Dana")
    assert dana["change"] < 0
    assert client.get(f"/arrivals.csv?{QUERY}").text.count("\n") == 1 + len(data["rows"])
    assert client.get(f"/arrivals.xlsx?{QUERY}").content[:2] == b"PK"
    assert "#affected+modelled+new" in client.get(f"/arrivals/as.hxl.csv?{QUERY}").text
    assert client.get(f"/figure/arrivals.svg?{QUERY}").text.startswith("<svg")


def test_every_wrong_field_is_told_at_once(client: Any) -> None:
    answer = client.get("/arrivals?number=many&origin=Saraqib-nowhere&close=Atmaa@tomorrow")
    assert answer.status_code == 400
    for field in ("?number", "?origin", "?close"):
        assert field in answer.text, field
    assert client.get("/arrivals?on=1990-01-01").status_code == 400
    assert client.get("/arrivals?number=5&origin=Saraqab&days=5000").status_code == 400


def test_nothing_asked_shows_the_form(client: Any) -> None:
    page = client.get("/arrivals").text
    assert "How many more people leave" in page and "Where they go" not in page
