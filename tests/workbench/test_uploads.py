from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.errors import StandoffError
from standoff.evidence.library import MOST_SHOWN
from standoff.workbench import uploads
from standoff.workbench.security import MAX_BODY
from standoff.workbench.workspace import Workspace

SAME = {"origin": "http://testserver"}
OWN = "id,date,type,actor,target,place,title\nx1,2001-02-12,border-closed,sylvania,,gatehouse,Shut <b>again</b>\n"
ACLED = (
    "event_id_cnty,event_date,sub_event_type,actor1,actor2,latitude,longitude,location,fatalities\n"
    "ELB1,12 February 2001,Shelling/artillery/missile attack,Freedonia,Elbonia,10.5,10.6,Mudville,3\n"
    "ELB2,13 February 2001,Armed clash,Nobody Known,Elbonia,10.5,10.6,Mudville,0\n"
)
GED = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,latitude,longitude,where_prec,low,high\n"
    "7,2001-02-12,2001-02-13,1,Freedonia,Elbonia,10.5,10.6,1,1,4\n"
)


def put(client: Any, path: str, data: bytes | str, name: str = "sent.txt", **form: str) -> Any:
    return client.post(path, data=form, files={"file": (name, data)}, headers=SAME)


def files(workspace: Workspace) -> list[str]:
    """Every file below the library folder, hidden ones too."""
    root = workspace.root / "library"
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_a_text_is_kept_and_shown_with_its_claims_in_place(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    answer = put(
        client, uploads.TEXTS, "Title\r\nHere the gate <b>stays</b> open.\n", document="gazette-1", account="two"
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/evidence?document=gazette-1&account=two"
    text = client.get(answer.headers["location"]).text
    assert '<mark data-claims="c-one">the gate &lt;b&gt;stays&lt;/b&gt; open</mark>' in text
    assert files(workspace) == ["gazette-1.txt"]


def test_what_is_there_is_only_replaced_when_asked(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    put(client, uploads.TEXTS, "first", document="gazette-1")
    refused = put(client, uploads.TEXTS, "second", document="gazette-1")
    assert refused.status_code == 400
    assert "there is a file of this name" in refused.text
    assert (workspace.root / "library" / "gazette-1.txt").read_text() == "first"
    assert put(client, uploads.TEXTS, "second", document="gazette-1", over="yes").status_code == 303
    assert (workspace.root / "library" / "gazette-1.txt").read_text() == "second"


@pytest.mark.parametrize(
    ("data", "form", "said"),
    [
        (b"one\ntwo\n\xff\xfe", {"document": "gazette-1"}, "sent.txt:3"),
        (b"%PDF-1.7\n\x00\x01", {"document": "gazette-1"}, "sent.txt:2"),
        (b"  \n", {"document": "gazette-1"}, "is empty"),
        (b"text", {"document": "gazette-2"}, "did you mean"),
        (b"text", {"document": "../gazette-1"}, "there is no document"),
        (b"text", {}, "no document is named"),
    ],
)
def test_a_bad_text_is_told_and_nothing_is_written(
    serve: Callable[..., Any], workspace: Workspace, data: bytes, form: dict[str, str], said: str
) -> None:
    answer = put(serve(), uploads.TEXTS, data, **form)
    assert answer.status_code == 400
    assert said in answer.text
    assert "Traceback" not in answer.text
    assert not (workspace.root / "library").exists()


def test_sizes_are_limited(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    assert put(client, uploads.TEXTS, b"a" * (MAX_BODY + 1), document="gazette-1").status_code == 303
    large = put(client, uploads.TEXTS, b"a" * (MOST_SHOWN + 1), document="gazette-1", over="yes")
    assert large.status_code == 400
    assert "at most 4 MB" in large.text
    huge = b"a" * (uploads.LIMITS[uploads.TEXTS] + 1)
    assert put(client, uploads.TEXTS, huge, document="gazette-1").status_code == 413
    assert client.post("/futures/runs", content=b"a" * (MAX_BODY + 1), headers=SAME).status_code == 413
    assert (workspace.root / "library" / "gazette-1.txt").stat().st_size == MAX_BODY + 1


@pytest.mark.parametrize("path", [uploads.TEXTS, uploads.LOGS])
@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {**SAME, "sec-fetch-site": "cross-site"}])
def test_another_site_cannot_put_anything(
    serve: Callable[..., Any], workspace: Workspace, path: str, headers: dict[str, str]
) -> None:
    answer = serve().post(path, data={"document": "gazette-1"}, files={"file": ("a.csv", OWN)}, headers=headers)
    assert answer.status_code == 403
    assert serve().get(path).status_code == 405
    assert not (workspace.root / "library").exists()


def test_a_form_without_a_file_is_told(serve: Callable[..., Any]) -> None:
    answer = serve().post(uploads.TEXTS, data={"document": "gazette-1"}, headers=SAME)
    assert answer.status_code == 400
    assert "not a form with a file" in answer.text


@pytest.mark.parametrize("where", ["library", "library/gazette-1.txt", "library-file"])
def test_a_link_in_the_way_is_refused(
    serve: Callable[..., Any], workspace: Workspace, tmp_path: Path, where: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret", encoding="utf-8")
    if where == "library":
        (workspace.root / "library").symlink_to(outside)
    elif where == "library-file":
        (workspace.root / "library").write_text("a file", encoding="utf-8")
    else:
        (workspace.root / "library").mkdir()
        (workspace.root / where).symlink_to(outside / "secret.txt")
    answer = put(serve(), uploads.TEXTS, "changed", document="gazette-1", over="yes")
    assert answer.status_code == 400
    assert "this is a link or a" in answer.text
    assert sorted(p.name for p in outside.iterdir()) == ["secret.txt"]
    assert (outside / "secret.txt").read_text() == "secret"


@pytest.mark.parametrize("file", ["../out.txt", "/tmp/out.txt", "deep/er.txt", ".hidden", "a\\b.txt"])  # noqa: S108
def test_a_record_cannot_send_its_text_elsewhere(tmp_path: Path, file: str) -> None:
    with pytest.raises(StandoffError, match="not a plain file name"):
        uploads.keep(tmp_path, "library", file, b"text")
    assert list(tmp_path.rglob("*")) == []


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads.keep(tmp_path, "library", "a.txt", b"whole")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StandoffError, match="No space left"):
        uploads.keep(tmp_path, "library", "a.txt", b"another", over=True)
    assert [(p.name, p.read_bytes()) for p in (tmp_path / "library").iterdir()] == [("a.txt", b"whole")]


@given(st.text(max_size=80))
def test_the_name_of_a_log_is_always_plain(name: str) -> None:
    made = uploads.log_name(name)
    assert uploads._PLAIN.fullmatch(made)
    assert made.endswith(".csv")
    assert made.isascii()


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.binary(max_size=300), max_size=4))
def test_a_form_is_read_as_it_was_sent(sent: dict[str, bytes]) -> None:
    line = b"----frame-1a2b"
    body = b"".join(
        b"--" + line + b'\r\nContent-Disposition: form-data; name="' + k.encode() + b'"; filename="c:\\x\\' + k.encode()
        + b'.csv"\r\nContent-Type: text/csv\r\n\r\n' + v + b"\r\n"
        for k, v in sent.items()
    )  # fmt: skip
    read = uploads.form_fields(body + b"--" + line + b"--\r\n", f"multipart/form-data; boundary={line.decode()}")
    assert {k: v.data for k, v in read.items()} == sent
    assert all(v.filename == f"{k}.csv" for k, v in read.items())


@pytest.mark.parametrize(
    ("log", "kind", "events"), [(OWN, "our own table", 1), (ACLED, "ACLED", 2), (GED, "UCDP GED", 1)]
)
def test_a_log_stands_beside_the_record_in_the_ledger(
    serve: Callable[..., Any], workspace: Workspace, log: str, kind: str, events: int
) -> None:
    client = serve()
    answer = put(client, uploads.LOGS, log, "C:\\My Files\\log <1>.csv", account="one")
    assert answer.headers["location"] == "/ledger?log=log-1.csv&account=one"
    assert files(workspace) == ["logs/log-1.csv"]
    found = client.get("/ledger.json", params={"log": "log-1.csv", "account": "one"}).json()
    assert (found["log"]["format"], found["log"]["events"]) == (kind, events)
    page = client.get("/ledger", params={"log": "log-1.csv", "account": "one"})
    assert "beside the record and every reading" in page.text


def test_the_events_of_a_log_change_a_verdict_and_are_named_in_why(serve: Callable[..., Any]) -> None:
    client = serve()
    put(client, uploads.LOGS, OWN, "mine.csv")
    asked = {"commitment": "gate", "account": "one", "on": "2001-02-15"}
    without = client.get("/ledger.json", params=asked).json()
    beside = client.get("/ledger.json", params={**asked, "log": "mine.csv"}).json()
    assert without["why"]["rows"][0]["verdict"] == "detached"
    assert beside["why"]["rows"][0]["verdict"] == "violated"
    assert [e["id"] for e in beside["why"]["rows"][0]["events"]] == ["x1"]
    text = client.get("/ledger", params={**asked, "log": "mine.csv"}).text
    assert "Shut &lt;b&gt;again&lt;/b&gt;" in text
    assert "From the log" in text
    bars = client.get("/ledger/bars.json", params={"account": "one", "log": "mine.csv"}).json()
    first = min(row[3] for row in bars["rows"] if row[0].startswith("Sylvania") and row[5].startswith("broken"))
    assert first == "2001-02-12"


def test_bad_rows_are_told_with_their_lines_and_can_be_left_out(
    serve: Callable[..., Any], workspace: Workspace
) -> None:
    client = serve()
    bad = ACLED + "ELB3,no day,Armed clash,Freedonia,Elbonia,10.5,10.6,Mudville,0\n"
    answer = put(client, uploads.LOGS, bad, "acled.csv")
    assert answer.status_code == 400
    assert "acled.csv:4" in answer.text
    assert "leave out bad rows" in answer.text
    assert not (workspace.root / "library").exists()
    answer = put(client, uploads.LOGS, bad, "acled.csv", skip_bad="yes")
    assert answer.headers["location"] == "/ledger?log=acled.csv&skip_bad=yes"
    text = client.get(answer.headers["location"]).text
    assert "1 bad row left out" in text
    assert "Nobody Known" in text
    assert client.get("/ledger?log=acled.csv").status_code == 400
    assert str(workspace.root) not in client.get("/ledger?log=acled.csv").text


@pytest.mark.parametrize("name", ["../../case.yaml", "/etc/passwd", "secret.csv", "mine", ".hidden.csv", "nine.csv"])
def test_only_a_kept_log_can_be_opened(
    serve: Callable[..., Any], workspace: Workspace, tmp_path: Path, name: str
) -> None:
    client = serve()
    put(client, uploads.LOGS, OWN, "mine.csv")
    (tmp_path / "secret.csv").write_text(OWN, encoding="utf-8")
    (workspace.root / "library" / "logs" / "secret.csv").symlink_to(tmp_path / "secret.csv")
    answer = client.get("/ledger", params={"log": name})
    assert answer.status_code == 400
    assert "there is no log" in answer.text


def test_what_is_no_log_is_told(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    for data, said in (("a,b\n1,2\n", "of no source"), (b"\xff\xfe\x00", "UTF-16"), ("", "is empty")):
        answer = put(client, uploads.LOGS, data, "x.csv")
        assert answer.status_code == 400
        assert said in answer.text
    assert not (workspace.root / "library").exists()
