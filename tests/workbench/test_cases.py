"""Several cases in one workbench: each below its own address, with all its links; a broken one is named."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from form_page import press

from standoff.errors import StandoffError
from standoff.workbench import cases as several
from standoff.workbench.app import PAGES
from standoff.workbench.cases import BELOW, Cases, cases_application, moved_links
from standoff.workbench.server import holds_cases

HOSTS = frozenset({"testserver"})
TITLE = "An invented standoff over one town"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, with_a_run: Path) -> Path:
    """Two cases that are sound, one with an error, one that cannot be read, and what is not a case."""
    folder = tmp_path_factory.mktemp("cases")
    for name in ("north", "south & east", "faulty", "torn"):
        shutil.copytree(with_a_run / "case", folder / name)
    shutil.copytree(with_a_run / "runs", folder / "runs" / "north")
    (folder / "torn" / "case.yaml").write_text("id: [", encoding="utf-8")
    claims = folder / "faulty" / "claims.yaml"
    claims.write_text(claims.read_text(encoding="utf-8").replace("gazette-1", "gazette-9"), encoding="utf-8")
    (folder / "notes").mkdir()
    return folder


@pytest.fixture(scope="module")
def cases(folder: Path) -> Cases:
    return Cases(folder, folder / "runs")


@pytest.fixture(scope="module")
def client(cases: Cases) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    with TestClient(cases_application(cases, hosts=HOSTS), follow_redirects=False) as one:
        yield one


def test_the_page_lists_every_case_with_its_faults(client: Any, cases: Cases) -> None:
    cases.look()
    answer = client.get("/cases.json").json()["cases"]
    states = {row["name"]: (row["state"], row["opens"]) for row in answer}
    assert states["north"] == states["south & east"] == ("sound", True)
    assert states["torn"] == ("fault", False)
    assert states["faulty"] == ("fault", True)
    torn = next(row for row in answer if row["name"] == "torn")
    assert torn["problems"][0]["file"] == "case.yaml"
    page = client.get("/cases").text
    assert 'href="/cases/north/"' in page and 'href="/cases/south%20%26%20east/"' in page
    assert 'href="/cases/torn/"' not in page
    assert client.get("/").headers["location"] == "/cases"
    assert client.get("/cases/north").headers["location"] == "/cases/north/"


def test_every_link_of_every_page_stays_in_the_case(client: Any) -> None:
    root = "/cases/south%20%26%20east"
    seen: set[str] = set()
    for name, (path, _, _) in PAGES.items():
        answer = client.get(f"{root}{path}")
        assert answer.status_code == 200 or name in ("without", "levels"), (name, answer.text[:500])
        links = re.findall(r' (?:href|src|action|formaction|data-source)="(/[^"]*)"', answer.text)
        assert links, name
        assert [one for one in links if not one.startswith(f"{root}/") and one != "/cases"] == []
        seen.update(one.replace("&amp;", "&").partition("#")[0] for one in links)
    pages = sorted(one for one in seen if "?" not in one and "/figure/" not in one and not one.endswith(".xlsx"))
    statuses = {one: client.get(one).status_code for one in pages}
    assert {one for one, status in statuses.items() if status in (404, 500)} == set()


def test_a_case_that_cannot_be_read_is_told_and_others_go_on(client: Any, folder: Path) -> None:
    torn = client.get("/cases/torn/ledger")
    assert torn.status_code == 400
    assert "case.yaml" in torn.text and 'href="/cases"' in torn.text
    assert client.get("/cases/torn/ledger.json").json()["problems"][0]["file"] == "case.yaml"
    assert client.get("/cases/north/ledger").status_code == 200
    shutil.copy(folder / "north" / "case.yaml", folder / "torn" / "case.yaml")  # mended
    try:
        assert client.get("/cases/torn/ledger").status_code == 200
    finally:
        (folder / "torn" / "case.yaml").write_text("id: [", encoding="utf-8")


@pytest.mark.parametrize("name", ["nowhere", "notes", "runs", "..", "%2e%2e", ".hidden", "north%2F..%2Ftorn"])
def test_only_cases_of_the_folder_are_opened(client: Any, name: str) -> None:
    assert client.get(f"/cases/{name}/about").status_code == 404


def test_runs_of_cases_lie_apart(client: Any) -> None:
    assert "first" in client.get("/cases/north/futures").text
    runs = client.get("/cases/south & east/futures.json").json()
    assert "first" not in str(runs)
    report = client.get("/cases/north/futures/runs/first/report.html")
    assert report.status_code == 200


def test_a_form_changes_the_case_it_stands_in(client: Any, folder: Path) -> None:
    page = client.get("/cases/north/edit", params={"kind": "actors", "record": "freedonia"}).text
    assert 'action="/cases/north/edit"' in page
    other = (folder / "south & east" / "actors.yaml").read_bytes()
    sent = press(page, "save", note="seen again", who="Mary")
    answer = client.post("/cases/north/edit", data=sent, headers={"origin": "http://testserver"})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/cases/north/edit?")
    assert "seen again" in (folder / "north" / "actors.yaml").read_text(encoding="utf-8")
    assert (folder / "south & east" / "actors.yaml").read_bytes() == other


def test_read_only_and_limits_hold_below_the_address_of_a_case(folder: Path, tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    origin = {"origin": "http://testserver"}
    with TestClient(cases_application(Cases(folder, tmp_path, read_only=True), hosts=HOSTS)) as one:
        refused = one.post("/cases/north/edit", data={"x": "y"}, headers=origin)
        assert refused.status_code == 403 and "--read-only" in refused.text
        assert one.post("/cases/north/futures/jobs/9/cancel", headers=origin).status_code != 403
        assert 'href="/cases/north/edit' not in one.get("/cases/north/about").text
    with TestClient(cases_application(Cases(folder, tmp_path), hosts=HOSTS)) as one:
        large = b"x" * 100_000
        assert one.post("/cases/north/futures/runs", content=large, headers=origin).status_code == 413
        assert one.post("/cases/north/import/file", content=large, headers=origin).status_code != 413


def run_apart(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run it in a thread of its own: a browser of other tests may hold the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, work).result()


def test_cases_nobody_looks_at_are_let_go_of(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "MOST_OPEN", 1)
    cases = Cases(folder, tmp_path)

    async def open_three() -> list[str]:
        async with cases.at_work():
            (await cases.open_case("north")).bench.watcher.listening = 1
            await cases.open_case("south & east")
            await cases.open_case("faulty")
            return sorted(cases._open)

    assert run_apart(open_three) == ["faulty", "north"]
    assert cases._open == {}


def test_a_text_that_looks_like_a_link_stays() -> None:
    sent: list[dict[str, Any]] = []
    page = b'<a href="/x?a=/y">one</a> href=&#34;/z&#34; <img src="//a"> <form action="/cases">'

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["path"] == "/x/y"
        headers = [(b"content-type", b"text/html"), (b"content-length", b"1"), (b"location", b"/here")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page[:20], "more_body": True})
        await send({"type": "http.response.body", "body": page[20:]})

    async def collect(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/cases/a b/x/y"}
    run_apart(lambda: moved_links(app, "a b")(scope, None, collect))  # type: ignore[arg-type]
    body = b'<a href="/cases/a%20b/x?a=/y">one</a> href=&#34;/z&#34; <img src="//a"> <form action="/cases">'
    assert sent[1]["body"] == body
    headers = dict(sent[0]["headers"])
    assert headers[b"location"] == b"/cases/a%20b/here" and headers[b"content-length"] == str(len(body)).encode()
    assert re.match(BELOW, "/cases/a b/edit") and not re.match(BELOW, "/edit/cases/x/")


def test_what_holds_cases(folder: Path, tmp_path: Path) -> None:
    assert holds_cases(str(folder))
    assert not holds_cases("idlib") and not holds_cases(str(folder / "north")) and not holds_cases("nowhere")
    with pytest.raises(StandoffError, match=r"there is no case\.yaml in this folder, nor in a folder in it"):
        holds_cases(str(tmp_path))
