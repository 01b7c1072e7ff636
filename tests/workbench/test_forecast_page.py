"""The page /forecast: a table dropped on it becomes a forecast with its score; nothing of it is kept in the case."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from standoff.workbench.workspace import Workspace

SAME = {"origin": "http://testserver"}
MONTHS = [f"{2022 + n // 12}-{n % 12 + 1:02d}-28" for n in range(20)]
ROWS = [
    f"{day},<b>Alma</b> {k},{2000 * (k + 1) + 80 * n + 31 * (n % 3)}" for k in range(2) for n, day in enumerate(MONTHS)
]
TABLE = "\n".join(["date,camp,people", *ROWS])


@pytest.fixture
def client(serve: Callable[..., Any]) -> Any:
    return serve()


def upload(client: Any, data: str, **form: str) -> Any:
    return client.post("/forecast/file", data=form, files={"file": ("camps.csv", data)}, headers=SAME)


def test_a_table_becomes_a_forecast_and_nothing_is_kept(client: Any, workspace: Workspace) -> None:
    before = sorted(p for p in workspace.root.rglob("*") if ".standoff" not in p.parts)
    answer = upload(client, TABLE, horizon="3m", above="5000")
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    page = client.get(where).text
    assert page.index("How such forecasts did") < page.index("What to expect")
    for words in ("&lt;b&gt;Alma&lt;/b&gt; 1", "over 5,000", "all sites", "<svg", "Why this kind"):
        assert words in page
    assert "<b>Alma" not in page and "--kind" not in page
    assert sorted(p for p in workspace.root.rglob("*") if ".standoff" not in p.parts) == before
    query = where.partition("?")[2]
    data = client.get(f"/forecast.json?{query}").json()
    assert data["forecast"]["scores"][0]["n"] > 20
    assert client.get(f"/forecast.csv?{query}").text.count("\n") == 1 + 3
    assert client.get(f"/forecast/as.xlsx?{query}").content[:2] == b"PK"
    assert "#date+forecast" in client.get(f"/forecast/as.hxl.csv?{query}").text
    link = unescape(page.partition('href="/figure/people-ahead.svg?')[2].partition('"')[0])
    assert client.get(f"/figure/people-ahead.svg?{link}").text.startswith("<svg")


REFUSED: list[tuple[str, dict[str, str], str]] = [
    ("date,site,people\n2024-01-31,Alma,-5\n", {}, "below zero"),
    ("date,site,people\n2024-01-31,Alma,5\n", {}, "nothing can be forecast"),
    (TABLE, {"horizon": "soon"}, "is not read"),
    (TABLE, {"above": "many"}, "is not read"),
    (TABLE, {"kind": "heap"}, "there is no kind"),
    (TABLE, {"dates": "ymd"}, "does not fit"),
    (TABLE, {"map-people": "Heads"}, "the table has no column"),
    (" ", {}, "the file is empty"),
]


def test_what_is_refused_is_told_on_the_page(client: Any) -> None:
    for data, form, words in REFUSED:
        answer = upload(client, data, **form)
        assert answer.status_code == 400 and words in answer.text, words
    assert client.get("/forecast?table=nothing").status_code == 400
    where = upload(client, TABLE, horizon="30").headers["location"]
    assert "there is no site" in client.get(f"{where}&site=Berg").text
