"""What docs/how-to/edit-in-the-browser.md says: its commands, its Python, and a small case filled by forms alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from doc_page import ROOT, run_commands
from form_page import FormPage, press

from standoff.case.journal import entries
from standoff.case.read import load

PAGE = "docs/how-to/edit-in-the-browser.md"
SAME = {"origin": "http://testserver"}


def test_the_commands_and_the_python_of_the_page_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_commands("docs/how-to/edit-in-the-browser.md", tmp_path, monkeypatch, capsys)
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / PAGE).read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, PAGE, "exec"), {})  # noqa: S102 - the page's own example
    said = capsys.readouterr().out
    assert "add sources wire" in said
    assert "undo: add sources wire" in said
    case = load(tmp_path / "mali")
    assert (dict(case.sources), len(entries(case.root))) == ({}, 2)


def test_a_small_case_is_filled_by_forms_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From source to commitment, each saved at once, in the order of the page."""
    from starlette.testclient import TestClient

    from standoff.workbench.app import Bench, application
    from standoff.workbench.jobs import Jobs
    from standoff.workbench.workspace import Watcher, Workspace

    run_commands("docs/how-to/edit-in-the-browser.md", tmp_path, monkeypatch, capsys)
    ws = Workspace(str(tmp_path / "mali"), tmp_path / "runs")
    client = TestClient(application(Bench(ws, Jobs(), Watcher(ws)), hosts=frozenset({"testserver"})))

    def add(of: str, *presses: str, **fields: Any) -> None:
        page = client.get(f"/edit?kind={of}&new=yes").text
        for button in presses:
            page = client.post("/edit", data=press(page, button), headers=SAME).text
        answer = client.post("/edit", data=press(page, "save", who="A. Clerk", **fields), headers=SAME)
        wrong = re.sub(r"<[^>]+>", "", answer.text.partition('id="wrong"')[2].partition("</section>")[0])
        assert "Saved" in answer.text, (of, wrong)
        assert not load(ws.root).errors

    wire = {"name": "A wire", "kind": "agency", "standing": "wire"}
    add("sources", id="wire", **wire)
    paper = {"title": "Talks", "author__0": "wire", "outlet": "wire", "published": "2020-02-01"}
    add("documents", id="talks", **paper)
    anchor = {"at__0__paragraph": 3, "at__0__anchor": "agreed to hold fire"}
    says = {"says__event": "meeting", "says__actor__0": "cma", "says__date": "2020-01-31"}
    add("claims", "more:at", text="The CMA met the government.", chain__0="wire", document="talks", **anchor, **says)
    add("events", date="2020-01-31", type="meeting", actor__0="cma", title="They meet", claims__0="talks-1")
    fire = {"forbid__type__0": "shelling", "forbid__actor__0": "cma", "debtor__0": "cma", "from": "2020-02-01"}
    add("commitments", "more:forbid", title="The CMA holds fire", kind="maintain", claims__0="talks-1", **fire)
    case = load(ws.root)
    assert list(case.claims) == ["talks-1"]
    assert list(case.events) == ["meeting-2020-01-31"]
    assert [c.forbid.type for c in case.commitments.values() if c.forbid] == [("shelling",)]
    assert len(entries(ws.root)) == 5
    assert FormPage(client.get("/edit?kind=claims&record=talks-1").text).labels
