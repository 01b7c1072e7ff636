"""The page of incidents and the filters of the ledger: what is shown, what a form keeps, and what is refused."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest

from standoff.workbench.workspace import Workspace

SAME = {"origin": "http://testserver"}
HOSTILE = "<script>alert(9)</script>"
ROWS = (
    "twice-a,2001-02-14,shelling,freedonia,elbonia,gatehouse,Shells,,,Gazette of Mud\n"
    "twice-b,2001-02-14,shelling,freedonia,elbonia,gatehouse,Shells again,,,Herald of Mud\n"
)


def add_rows(workspace: Workspace) -> None:
    path = workspace.root / "events.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    cells = ("id", "date", "type", "actor", "target", "place", "title", "known", "claims", "source")
    rows = [dict(zip(cells, line.split(","), strict=True)) for line in ROWS.splitlines()]
    lines = [",".join(row.get(name, "") for name in head) for row in rows]
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    workspace.refresh()


def decide(client: Any, **form: str) -> Any:
    return client.post("/incidents", data=form, files={"none": ("", b"")}, headers=SAME)


def test_a_decision_is_kept_shown_and_taken_back(serve: Callable[..., Any], workspace: Workspace) -> None:
    add_rows(workspace)
    client = serve()
    page = client.get("/incidents.json").json()
    assert [p["pair"] for p in page["proposals"]] == [["twice-a", "twice-b"]]
    assert "Yes, one happening" in client.get("/incidents").text
    answer = decide(client, decision="one", reports="twice-a,twice-b", by="A desk", why=HOSTILE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents?")
    page = client.get("/incidents.json").json()
    assert page["proposals"] == []
    joined = next(i for i in page["incidents"] if i["records"])
    assert joined["reports"] == ["twice-a", "twice-b"]
    assert "Gazette of Mud" in "".join(joined["by"])
    shown = client.get("/incidents").text
    assert HOSTILE not in shown
    assert html.escape(HOSTILE) in shown
    assert decide(client, undo=joined["records"][0]).status_code == 303
    assert len(client.get("/incidents.json").json()["proposals"]) == 1


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ({"decision": "one", "reports": "twice-a,twice-c", "by": "A", "why": "b"}, "no event"),
        ({"decision": "one", "reports": "twice-a,twice-b", "by": "", "why": ""}, "this is missing"),
        ({"decision": "maybe", "reports": "twice-a,twice-b", "by": "A", "why": "b"}, "no decision is given"),
        ({"undo": "nothing"}, "there is no decision"),
    ],
)
def test_a_form_that_does_not_fit_changes_nothing(
    serve: Callable[..., Any], workspace: Workspace, form: dict[str, str], what: str
) -> None:
    add_rows(workspace)
    answer = decide(serve(), **form)
    assert answer.status_code == 400
    assert what in html.unescape(answer.text)
    assert not (workspace.root / "incidents.yaml").exists()


def test_another_site_decides_nothing(serve: Callable[..., Any], workspace: Workspace) -> None:
    add_rows(workspace)
    form = {"decision": "one", "reports": "twice-a,twice-b", "by": "A", "why": "b"}
    answer = serve().post("/incidents", data=form, files={"none": ("", b"")}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403
    assert not (workspace.root / "incidents.yaml").exists()


def test_the_ledger_is_chosen_and_grouped(serve: Callable[..., Any]) -> None:
    client = serve()
    every = client.get("/ledger.json").json()
    assert {"score", "observance", "group"} <= set(every["ledger"][0])
    party = every["parties"] and next(iter(every["parties"]))
    some = client.get(f"/ledger.json?party={party}&by=party").json()
    assert 0 < len(some["ledger"]) <= len(every["ledger"])
    assert all(row["group"] for row in some["ledger"])
    assert client.get("/ledger?by=agreement&page=9").status_code == 200
    refused = client.get("/ledger?state=brokn")
    assert refused.status_code == 400
