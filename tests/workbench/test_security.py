from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from standoff.errors import StandoffError
from standoff.workbench import library, server
from standoff.workbench.security import MAX_BODY, own_hosts
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
    from standoff.workbench.futures import open_run, run_summaries

    (workspace.runs / "first").rename(tmp_path / "outside")
    (workspace.runs / "linked").symlink_to(tmp_path / "outside")
    assert run_summaries(workspace) == []
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
    assert library.inside(folder, name) is None
    assert library.inside(folder, "own.txt") == (folder / "own.txt").resolve()


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
