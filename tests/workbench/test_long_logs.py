"""A log that takes long to read: the page answers at once and says that it is being read. Rows are made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from test_desk import put_log

from standoff.workbench import uploads
from standoff.workbench.workspace import Workspace

ROWS = [f"x{n},2001-02-18,shelling,freedonia,elbonia,dryton,A shell," for n in range(3)]


@pytest.fixture(autouse=True)
def every_log_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LONG_LOG", 1)


def test_the_page_shows_the_record_until_the_log_is_read(serve: Callable[..., Any], workspace: Workspace) -> None:
    put_log(workspace, ROWS)
    client = serve()
    address = "/?log=monitor.csv&on=2001-02-20&days=7"
    first = client.get(address).text
    assert 'id="reading"' in first
    assert 'data-event="x0"' not in first
    assert f'<a href="{address.replace("&", "&amp;")}">Show the log</a>' in first
    full = client.get("/now.json?log=monitor.csv&on=2001-02-20&days=7").json()  # machines wait for it
    assert {"x0", "x1", "x2"} <= {e["id"] for e in full["events"]}
    while uploads.is_being_read(workspace, "monitor.csv", False):
        pass
    then = client.get(address).text
    assert 'id="reading"' not in then
    assert 'data-event="x0"' in then


def test_a_log_that_cannot_be_read_says_why_in_the_end(serve: Callable[..., Any], workspace: Workspace) -> None:
    put_log(workspace, ["x1,2001-02-30,shelling,freedonia,elbonia,dryton,A shell,"])
    client = serve()
    assert client.get("/?log=monitor.csv").status_code == 200
    while uploads.is_being_read(workspace, "monitor.csv", False):
        pass
    answer = client.get("/?log=monitor.csv")
    assert answer.status_code == 400
    assert "2001-02-30" in answer.text
