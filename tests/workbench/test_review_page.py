"""The page /review: a document taken in, its proposals decided by forms, refused with what is wrong, undone."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import ChatServer
from review_case import DOCUMENT, LINES, write_case

from standoff.case.read import load
from standoff.reading.language_model import KEY, Endpoint
from standoff.workbench.app import Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.second_reader import SecondReader
from standoff.workbench.workspace import Watcher, Workspace

SAME = {"origin": "http://testserver"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_case(tmp_path / "case")


@pytest.fixture
def workspace(folder: Path, tmp_path: Path) -> Workspace:
    return Workspace(str(folder), tmp_path / "runs")


@pytest.fixture
def client(workspace: Workspace) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    bench = Bench(workspace, Jobs(), Watcher(workspace))
    with TestClient(application(bench, hosts=frozenset({"testserver"})), follow_redirects=True) as opened:
        yield opened


def decide(client: Any, act: str, item: str, **form: str) -> str:
    answer = client.post("/review/decide", data={"act": act, "item": item, "by": "Mary", **form}, headers=SAME)
    assert answer.status_code == 200, answer.text
    return str(answer.text).replace("\N{NO-BREAK SPACE}", " ")


def test_the_sentence_is_lit_beside_the_form(client: Any) -> None:
    page = client.get("/review.json").json()
    item = page["item"]
    assert f"{item['before']}{item['lit']}{item['after']}" == item["sentence"] and item["sentence"] in LINES
    html = client.get("/review").text
    assert f"<mark>{item['lit']}</mark>" in html and 'name="f-realis"' in html
    assert len(page["rows"]) == len(page["queue"]) > 3
    assert client.get("/review.csv").text.startswith("item,document,why,")


def test_accepting_and_undoing(client: Any, folder: Path) -> None:
    rows = client.get("/review.json").json()["queue"]
    key = next(row["key"] for row in rows if "1,500" in row["words"])
    before = (folder / "claims.yaml").read_bytes()
    html = decide(client, "accept", key, **{"f-of": "town"})
    assert f"Accepted: {DOCUMENT}-1." in html
    assert load(folder).claims[f"{DOCUMENT}-1"].says.of == "town"
    assert key not in client.get("/review.json").text
    html = decide(client, "undo", "")
    assert f"Undone: accept, {DOCUMENT}-1 is taken out." in html
    assert (folder / "claims.yaml").read_bytes() == before


def test_a_refused_form_comes_back_as_it_was_with_what_is_wrong(client: Any, folder: Path) -> None:
    key = client.get("/review.json").json()["item"]["item"]
    before = (folder / "claims.yaml").read_bytes()
    html = decide(client, "accept", key, **{"f-text": "My own words.", "f-realis": "said", "f-note": "5 %"})
    assert "is not on the list" in html and "My own words." in html and 'id="messages"' in html
    assert (folder / "claims.yaml").read_bytes() == before
    item = client.get("/review.json", params={"item": key}).json()["item"]
    assert item["fields"]["text"] == "My own words." and item["fields"]["note"] == "5 %"
    assert "no reason is given" in decide(client, "reject", key)
    assert "there is no button" in decide(client, "fly", key)
    assert "there is no proposal" in decide(client, "accept", "nothing")
    unnamed = client.post("/review/decide", data={"act": "reject", "item": key, "reason": "x"}, headers=SAME)
    assert "nobody is named" in unnamed.text


def test_another_kind_of_claim_has_other_fields(client: Any) -> None:
    key = client.get("/review.json").json()["item"]["item"]
    html = decide(client, "save", key, **{"f-says": "commitment", "f-at": "town"})
    assert 'name="f-who"' in html and 'name="f-at"' not in html
    html = decide(client, "next", key)
    assert client.get("/review.json").json()["tally"].startswith("6 open") or "open" in html
    assert "Split" in decide(client, "split", key)
    assert "Rejected." in decide(client, "reject", key, reason="misread")


def test_two_reviewers(client: Any) -> None:
    key = client.get("/review.json").json()["item"]["item"]
    decide(client, "reject", key, reason="misread")
    html = decide(client, "accept", key, by="Paul", second="yes", **{"f-text": "It is so.", "f-says": "assessment"})
    assert "Accepted: your opinion" in html
    (one,) = client.get("/review.json").json()["disagreements"]
    assert one["says"] == ["Mary: reject, misread", "Paul: accept"]


def test_a_document_is_taken_in(client: Any, folder: Path) -> None:
    words = b"The mayor of the town said on Friday that the bridge would be open again in the summer.\n"
    form = {"title": "The bridge", "published": "2024-03-05", "publisher": "observer", "by": "Mary"}
    answer = client.post("/review/document", data=form, files={"file": ("b.txt", words)}, headers=SAME)
    assert "Taken in: observer-2024-03-05, text" in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Not known: author, address." in answer.text
    assert "observer-2024-03-05" in load(folder).documents
    answer = client.post("/review/document", data=form, files={"file": ("b.txt", words)}, headers=SAME)
    assert "nothing changes" in answer.text
    answer = client.post("/review/document", data=form, files={"file": ("b.png", b"\x89PNG")}, headers=SAME)
    assert answer.status_code == 400 and "this is a picture" in answer.text


def test_nothing_of_another_site_decides(client: Any) -> None:
    for way in ("decide", "document"):
        assert client.post(f"/review/{way}", data={"act": "undo"}).status_code == 403


def test_words_that_may_not_be_passed_on_are_not_shown(client: Any, folder: Path, workspace: Workspace) -> None:
    assert "had fled" in client.get("/evidence", params={"document": DOCUMENT}).text
    path = folder / "documents.yaml"
    path.write_text(path.read_text() + "  restricted: true\n", encoding="utf-8")
    answer = client.get("/review.json")
    assert "1,500" not in answer.text and "may not be passed on" in answer.json()["notes"][0]
    assert "1,500" not in client.get("/review").text
    workspace.refresh()
    assert "had fled" not in client.get("/evidence", params={"document": DOCUMENT}).text


TOLD = {
    "quote": LINES[3],
    "source": "The governor",
    "realis": "asserted",
    "kind": "event",
    "type": "property-damage",
    "english": "Forty houses burnt.",
}


@pytest.fixture
def model(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChatServer]:
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    server = ChatServer()
    workspace.second_reader = SecondReader(Endpoint(server.url, "m", 30.0))
    yield server
    server.close()


def when_read(client: Any) -> dict[str, Any]:
    """The page when the second reader reads no more."""
    until = time.monotonic() + 60
    while (page := client.get("/review.json").json())["reader"]["reading"]:
        assert time.monotonic() < until
        time.sleep(0.02)
    return dict(page)


def test_the_rules_are_shown_while_the_second_reader_reads(client: Any, model: ChatServer) -> None:
    goes_on = threading.Event()

    def answer(_: dict[str, Any]) -> Any:
        goes_on.wait(60)
        return [TOLD]

    model.answer = answer
    first = client.get("/review.json").json()
    assert len(first["queue"]) > 3 and first["reader"] == {"model": "m", "reading": [DOCUMENT], "failed": {}}
    assert f"The second reader (m) is reading {DOCUMENT}." in client.get("/review").text
    decide(client, "reject", first["item"]["item"], reason="misread")  # deciding does not wait either
    goes_on.set()
    page = when_read(client)
    assert len(model.questions) == 1
    assert len(page["queue"]) == len(first["queue"])  # one is decided, one has come
    new = next(row for row in page["queue"] if row["key"] not in {one["key"] for one in first["queue"]})
    assert client.get("/review.json", params={"item": new["key"]}).json()["item"]["made_by"].startswith("model m: ")
    assert "is reading" not in client.get("/review").text
    assert "Rejected." in decide(client, "reject", new["key"], reason="misread")


def test_what_the_second_reader_could_not_read_is_told_until_asked_again(
    client: Any, model: ChatServer, workspace: Workspace
) -> None:
    workspace.second_reader = SecondReader(Endpoint(model.url, "m", 0.2))
    model.wait = 1.0
    client.get("/review")
    page = when_read(client)
    assert "no answer within 0.2 seconds (give more with --llm-timeout)" in page["reader"]["failed"][DOCUMENT]
    html = client.get("/review").text
    assert f"The second reader (m) has not read {DOCUMENT}: no answer" in html and len(page["queue"]) > 3
    asked = len(model.questions)
    assert asked == 1  # and not with every page
    model.wait, model.answer = 0.0, [TOLD]
    workspace.second_reader.endpoint = Endpoint(model.url, "m", 30.0)
    decide(client, "ask-again", "")
    page = when_read(client)
    assert page["reader"]["failed"] == {} and len(model.questions) == asked + 1


def test_words_that_may_not_be_passed_on_are_not_sent(client: Any, model: ChatServer, folder: Path) -> None:
    path = folder / "documents.yaml"
    path.write_text(path.read_text() + "  restricted: true\n", encoding="utf-8")
    assert client.get("/review.json").json()["reader"]["reading"] == [] and not model.questions
