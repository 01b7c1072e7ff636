from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from standoff.errors import StandoffError
from standoff.files.opener import inside
from standoff.workbench import server
from standoff.workbench.security import COOKIE, MAX_BODY, WRONG_TOKENS, check_names, own_hosts, proxy_origins
from standoff.workbench.workspace import Workspace

SAME = {"origin": "http://testserver"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "testserver.evil.example", "", "localhost"])
def test_another_host_header_is_refused(serve: Callable[..., Any], host: str) -> None:
    assert serve().get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_posts_from_elsewhere_are_refused(serve: Callable[..., Any], headers: dict[str, str]) -> None:
    for path in ("/futures/runs", "/futures/jobs/1/cancel"):
        assert serve().post(path, data={"trajectories": "10"}, headers=headers).status_code == 403


def test_nothing_changes_by_a_get(serve: Callable[..., Any]) -> None:
    assert serve().get("/futures/jobs/1/cancel").status_code == 405
    assert serve().get("/futures/runs").status_code == 405


def test_headers_are_on_every_answer(serve: Callable[..., Any]) -> None:
    client = serve()
    for answer in (
        client.get("/"),
        client.get("/now.json"),
        client.get("/nowhere"),
        client.get("/", headers={"host": "evil.example"}),
        client.get("/static/standoff.css"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_large_request_is_refused(serve: Callable[..., Any]) -> None:
    client = serve()
    body = b"trajectories=" + b"1" * MAX_BODY
    assert client.post("/futures/runs", content=body, headers=SAME).status_code == 413
    chunks = (b"a" * 1024 for _ in range(MAX_BODY // 1024 + 2))
    headers = {**SAME, "content-length": "10"}
    assert client.post("/futures/runs", content=chunks, headers=headers).status_code == 413


def test_a_token_is_asked_for_once(serve: Callable[..., Any]) -> None:
    token = "a-long-enough-token"  # noqa: S105
    client = serve(token=token)
    assert client.get("/").status_code == 401
    assert client.get("/", params={"token": "wrong"}).status_code == 401
    answer = client.get("/evidence", params={"token": token, "account": "two"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/evidence?account=two"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert client.get("/").status_code == 200
    client.cookies.clear()
    assert client.get("/", headers={"authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../report.py",
        "/static/%2e%2e/report.py",
        "/static/..%2f..%2fcase/read.py",
        "/static//etc/passwd",
        "/futures/runs/..%2f..%2fcase/report.html",
        "/futures/runs/../report.html",
        "/futures/runs/%2e%2e/report.html",
    ],
)
def test_no_path_leaves_its_folder(serve: Callable[..., Any], path: str) -> None:
    answer = serve().get(path)
    assert answer.status_code in (400, 404)
    assert "from __future__" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("name", ["../case", "..", ".", "/etc", "first/../../case", "first\0", "", ".hidden"])
def test_a_run_is_only_ever_a_name_in_the_runs_folder(workspace: Workspace, name: str) -> None:
    from standoff.workbench.futures import open_run

    with pytest.raises(StandoffError, match="there is no run"):
        open_run(workspace, name)


def test_a_linked_run_outside_the_runs_folder_is_not_shown(workspace: Workspace, tmp_path: Path) -> None:
    from standoff.workbench.futures import open_run, readable

    (workspace.runs / "first").rename(tmp_path / "outside")
    (workspace.runs / "linked").symlink_to(tmp_path / "outside")
    assert readable(workspace) == ([], [])
    with pytest.raises(StandoffError, match="there is no run"):
        open_run(workspace, "linked")


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "link.txt", "a\0b", "missing.txt", "folder", "loop"])
def test_the_library_opens_only_its_own_files(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "library"
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "own.txt").write_text("own", encoding="utf-8")
    assert inside(folder, name) is None
    assert inside(folder, "own.txt") == (folder / "own.txt").resolve()


def test_only_loopback_without_a_token(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "192.168.1.5", "example.org", "::"):  # noqa: S104
        with pytest.raises(StandoffError, match="other machines"):
            server.serve("idlib", host=host, port=0, token="", runs=tmp_path, browser=False)
    with pytest.raises(StandoffError, match="token is short"):
        server.serve("idlib", host="127.0.0.1", port=0, token="short", runs=tmp_path, browser=False)  # noqa: S106
    assert all(server.loopback(h) for h in ("127.0.0.1", "127.1.2.3", "::1", "localhost"))


def test_a_taken_port_is_told() -> None:
    taken = server.bind("127.0.0.1", 0)
    with pytest.raises(StandoffError, match="cannot be used"):
        server.bind("127.0.0.1", taken.getsockname()[1])
    taken.close()


def test_own_hosts() -> None:
    assert own_hosts("127.0.0.1", 8765) == {"127.0.0.1:8765", "localhost:8765", "[::1]:8765"}
    assert "0.0.0.0:8765" not in own_hosts("0.0.0.0", 8765)  # noqa: S104
    assert "localhost" in own_hosts("127.0.0.1", 80)


TOKEN = "a-long-enough-token"  # noqa: S105


@pytest.mark.parametrize("path", ["//evil.example/", "/%2Fevil.example/", "/%5C%5Cevil.example/", "/%09/evil.example/"])
def test_the_token_leads_to_no_other_site(serve: Callable[..., Any], path: str) -> None:
    answer = serve(token=TOKEN).get(f"http://testserver{path}?token={TOKEN}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/evil.example/"


def test_wrong_tokens_are_soon_not_looked_at_and_open_pages_go_on(serve: Callable[..., Any]) -> None:
    client = serve(token=TOKEN)
    client.get("/about", params={"token": TOKEN})
    cookie = {"cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    client.cookies.clear()
    tried = [client.get("/about", params={"token": f"guess {n}"}).status_code for n in range(WRONG_TOKENS + 2)]
    assert tried == [401] * WRONG_TOKENS + [429] * 2
    assert client.get("/about", params={"token": TOKEN}).status_code == 429
    assert client.get("/about", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 429
    assert client.get("/about", headers=cookie).status_code == 200
    assert TOKEN not in cookie["cookie"]


def test_names_and_origins_are_hosts() -> None:
    origins = proxy_origins(["https://Desk.example.org/", "https://desk.example.org:8443", "https://a.example:443"])
    assert origins == ("https://desk.example.org", "https://desk.example.org:8443", "https://a.example")
    names = check_names(["Desk.local", "192.168.1.20", "desk:80"])
    hosts = own_hosts("0.0.0.0", 8765, names, origins)  # noqa: S104 - compared with, not bound
    assert {"desk.local:8765", "192.168.1.20:8765", "desk:80", "desk.example.org", "desk.example.org:8443"} <= hosts
    assert "0.0.0.0:8765" not in hosts


@pytest.mark.parametrize("name", ["https://desk.local", "desk local", "", "a/b"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(StandoffError, match="not a host name"):
        check_names([name])


@pytest.mark.parametrize(
    "origin", ["desk.example.org", "ftp://a.b", "https://a.b/path", "https://", "https://a:b", "https://u@a.b"]
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(StandoffError, match="not an origin"):
        proxy_origins([origin])


def test_names_need_a_token(tmp_path: Path) -> None:
    with pytest.raises(StandoffError, match="can be reached from other machines"):
        server.serve("idlib", host="127.0.0.1", port=0, token="", runs=tmp_path, browser=False, names=["desk"])


def test_a_message_that_repeats_fills_no_log() -> None:
    sparing = server.Sparing(most=3)
    record = logging.LogRecord("asyncio", logging.ERROR, "", 0, "no more files", None, None)
    assert [sparing.filter(record) for _ in range(5)] == [True] * 3 + [False] * 2
    sparing._began -= server.MINUTE
    assert sparing.filter(record)
    assert "2 messages before this were left out" in record.getMessage()
