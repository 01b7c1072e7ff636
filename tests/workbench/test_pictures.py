"""Figures by address: each link below a picture leads to the same picture, cut as its page is."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from standoff.workbench.app import Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.workspace import Watcher, Workspace


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    ws = Workspace("idlib", tmp_path_factory.mktemp("runs"))
    yield TestClient(application(Bench(ws, Jobs(), Watcher(ws)), hosts=frozenset({"testserver"})))


def links(page: str) -> list[str]:
    return sorted({unescape(one) for one in re.findall(r'href="(/figure/[^"]+)"', page)})


@pytest.mark.parametrize(
    ("page", "figures"),
    [
        ("/talks", ["signals", "talks"]),
        ("/talks?actor=turkey&on=2018-10-01", ["signals", "talks"]),
        ("/harm", ["harm-deaths-civilian"]),
        ("/levels?horizon=7", ["levels-7"]),
        ("/network?show=backs", ["relations"]),
        ("/arrivals?number=5000&origin=idlib", ["arrivals"]),
    ],
)
def test_links_below_a_picture_lead_to_it(client: Any, page: str, figures: list[str]) -> None:
    below = links(client.get(page).text)
    assert sorted({one.split("/")[2].split(".")[0] for one in below}) == figures
    for link in below:
        assert link.partition("?")[2] == page.partition("?")[2], "the picture is cut as its page is"
        if ".png" not in link:
            assert client.get(link).status_code == 200, link


def test_a_picture_is_that_of_its_query(client: Any) -> None:
    every, few = (client.get(f"/figure/talks.csv{asked}").text for asked in ("", "?on=2018-10-01"))
    assert 0 < few.count("\n") < every.count("\n")
    assert "there is nothing to draw" in client.get("/figure/levels-28.svg?horizon=7").text
