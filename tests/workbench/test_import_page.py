"""The page /import: a file looked at, its names decided by a person, written, and undone. Rows are made up."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from standoff.case.read import SHIPPED, load
from standoff.intake.logs import open_log
from standoff.workbench.intake import LIMITS, MOST_BYTES
from standoff.workbench.workspace import Workspace

SAME = {"origin": "http://testserver"}
ACLED = (
    "event_id_cnty,event_date,sub_event_type,actor1,actor2,latitude,longitude,location,fatalities,timestamp\n"
    "ELB1,12 February 2001,Shelling/artillery/missile attack,Freedonia,Elbonia,10.5,10.6,Mudville,3,982000000\n"
    "ELB2,13 February 2001,Armed clash,Nobody <b>Known</b>,Elbonia,10.5,10.6,Mudville,0,982000000\n"
)


def state(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file() and not {".standoff", "journal.jsonl"} & set(p.parts))
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def upload(client: Any, data: str | bytes = ACLED, name: str = "acled.csv", **form: str) -> Any:
    return client.post("/import/file", data=form, files={"file": (name, data)}, headers=SAME)


def send(client: Any, way: str, **form: str) -> Any:
    return client.post(f"/import/{way}", data=form, headers=SAME)


def draft_of(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("draft=")[2].partition("&")[0]


def test_a_file_is_looked_at_decided_written_and_undone(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    before = state(workspace.root)
    word = draft_of(upload(client))
    page = client.get(f"/import?draft={word}").text
    for words in ("ACLED", "2 rows, 2 taken", "logs/acled.csv: 2 added", "Nobody &lt;b&gt;Known&lt;/b&gt;"):
        assert words in page
    assert state(workspace.root) == before  # nothing is written before somebody says so
    assert send(client, "confirm", draft=word).status_code == 303
    assert set(state(workspace.root)) - set(before) == {"logs/acled.csv", "logs/acled.yaml", "mapping.yaml"}
    assert "To decide: 1 name" in client.get("/import").text.replace("\N{NO-BREAK SPACE}", " ")
    named = {"name-1": "actor|acled|Nobody <b>Known</b>", "decision-1": "sylvania", "by": "A. Clerk"}
    assert send(client, "names", **named).status_code == 303
    text = (workspace.root / "mapping.yaml").read_text(encoding="utf-8")
    assert "decision: sylvania" in text
    assert "by: A. Clerk" in text
    events = open_log(load(workspace.root), "acled").events
    assert [e.actor for e in events] == [("freedonia",), ("side:sylvania",)]
    assert client.get("/import").text.count("sylvania") >= 1
    assert send(client, "undo").status_code == 303
    after = state(workspace.root)
    assert after.pop("mapping.yaml").decode() == text  # what persons decided stays
    assert after == before
    assert send(client, "undo").status_code == 400


def test_the_same_file_again_changes_nothing(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    send(client, "confirm", draft=draft_of(upload(client)))
    before = state(workspace.root)
    word = draft_of(upload(client))
    assert "nothing would change" in client.get(f"/import?draft={word}").text
    send(client, "confirm", draft=word)
    assert state(workspace.root) == before


def test_a_file_is_dropped(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    before = state(workspace.root)
    word = draft_of(upload(client))
    send(client, "confirm", draft=word, drop="yes")
    assert client.get(f"/import?draft={word}").status_code == 400
    assert state(workspace.root) == before


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"decision-1": "sylvannia", "by": "A. Clerk"}, "did you mean &#39;sylvania&#39;"),
        ({"decision-1": "sylvania", "by": " "}, "nobody is named who decides"),
        ({"decision-1": "sylvania", "by": "rule"}, "nobody is named who decides"),
        ({"decision-1": "none", "by": "A. Clerk"}, "none is a decision on a type"),
        ({"name-1": "actor|acled|Who", "decision-1": "sylvania", "by": "A. Clerk"}, "there is no name"),
        ({"name-1": "thing|acled|Who", "decision-1": "sylvania", "by": "A. Clerk"}, "the kind is"),
    ],
)
def test_a_wrong_decision_is_refused_and_nothing_is_written(
    serve: Callable[..., Any], workspace: Workspace, form: dict[str, str], words: str
) -> None:
    client = serve()
    send(client, "confirm", draft=draft_of(upload(client)))
    before = state(workspace.root)
    answer = send(client, "names", **{"name-1": "actor|acled|Nobody <b>Known</b>", **form})
    assert answer.status_code == 400
    assert words in answer.text
    assert state(workspace.root) == before


def test_what_was_typed_comes_back_where_one_decision_is_wrong(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    send(client, "confirm", draft=draft_of(upload(client)))
    named = {"name-1": "actor|acled|Nobody <b>Known</b>", "decision-1": "sylvannia", "by": "A. <i>Clerk</i>"}
    page = send(client, "names", **named).text
    assert 'name="decision-1" value="sylvannia"' in page and 'value="A. &lt;i&gt;Clerk&lt;/i&gt;"' in page
    again = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
    again = {name: unescape(value) for name, value in again.items()} | {"decision-1": "sylvania"}
    assert send(client, "names", **again).status_code == 303
    assert "decision: sylvania" in (workspace.root / "mapping.yaml").read_text(encoding="utf-8")
    assert "What you typed" not in client.get("/import?draft=none").text


@pytest.mark.parametrize(
    ("data", "form", "words"),
    [
        ("", {}, "the file is empty"),
        (ACLED, {"kind": "aclde"}, "did you mean"),
        (ACLED, {"dates": "ymd"}, "dmy or mdy"),
        (b"\x00\x01\x02", {}, "acled.csv"),
    ],
)
def test_what_cannot_be_read_is_told(
    serve: Callable[..., Any], workspace: Workspace, data: str | bytes, form: dict[str, str], words: str
) -> None:
    before = state(workspace.root)
    answer = upload(serve(), data, **form)
    assert answer.status_code == 400
    assert words in answer.text
    assert state(workspace.root) == before


def test_what_a_file_is_and_which_of_its_columns_is_which_are_chosen(
    serve: Callable[..., Any], workspace: Workspace
) -> None:
    client, before = serve(), state(workspace.root)
    ours = "quand,lequel,ou,tombés\n12/02/2001,Freedonia,Mudville,1.200\n"
    word = draft_of(upload(client, ours, "mine.csv"))
    page = client.get(f"/import?draft={word}").text
    assert "these columns are of no source that is known" in page
    assert "choose what it is" in page
    assert 'name="map-' not in page  # of what, is not said yet
    send(client, "again", draft=word, kind="incidents")
    page = client.get(f"/import?draft={word}").text
    assert "the column &#39;date&#39; is missing" in page
    assert page.count('<option value="tombés" dir="auto">') == page.count('name="map-') > 5
    columns = {"map-date": "quand", "map-party": "lequel", "map-place": "ou", "map-deaths": "tombés"}
    for more, words in (({}, "choose day first"), ({"dates": "dmy"}, "choose a decimal point for")):
        send(client, "again", draft=word, kind="incidents", **columns, **more)
        assert words in client.get(f"/import?draft={word}").text
    send(client, "again", draft=word, kind="incidents", dates="dmy", numbers="comma", **columns)
    page = client.get(f"/import?draft={word}").text
    assert "1 row, 1 taken" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert '<option value="lequel" dir="auto" selected>' in page
    assert state(workspace.root) == before
    assert send(client, "again", draft="gone", kind="incidents").status_code == 400
    send(client, "confirm", draft=word)
    (event,) = open_log(load(workspace.root), "incidents").events
    assert (str(event.date), event.low) == ("2001-02-12", 1200)


def test_a_change_must_come_from_a_page_of_the_workbench(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    for way in ("file", "confirm", "names", "undo"):
        for headers in ({}, {"origin": "http://elsewhere.example"}):
            assert client.post(f"/import/{way}", data={"a": "b"}, headers=headers).status_code == 403
    assert LIMITS["/import/file"] > MOST_BYTES


def test_a_case_of_the_program_says_so(tmp_path: Path) -> None:
    from standoff.workbench.intake import import_page

    ws = Workspace("idlib", tmp_path)
    assert import_page(ws).data["shipped"]
    assert ws.root.is_relative_to(SHIPPED)


def test_a_refusal_speaks_of_the_form_and_leads_back_to_it(serve: Callable[..., Any]) -> None:
    client = serve()
    day_or_month = ACLED.replace("12 February 2001", "05/03/2001").replace("13 February 2001", "06/03/2001")
    word = draft_of(upload(client, day_or_month))
    text = client.get(f"/import?draft={word}").text
    for words in ("nothing is written", "choose day first for 5 March, or month first", 'action="/import/again"'):
        assert words in text
    assert "--" not in text.partition("<main")[2]
    send(client, "again", draft=word, dates="dmy")  # the file is not sent again
    assert "2 rows" in client.get(f"/import?draft={word}").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Back to the map" in client.get("/nowhere").text


def test_bad_rows_and_missing_columns_are_answered_in_the_form(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    before = state(workspace.root)
    word = draft_of(upload(client, ACLED.replace("10.5,10.6", "95,10.6", 1)))
    assert "tick: leave out rows that cannot be read" in client.get(f"/import?draft={word}").text
    send(client, "again", draft=word, skip_bad="yes")
    assert "Write this into the case" in client.get(f"/import?draft={word}").text
    word = draft_of(upload(client, ACLED.replace("actor2", "against")))
    text = client.get(f"/import?draft={word}").text
    assert "choose the column for actor2 below" in text
    assert 'name="map-target"' in text  # the columns of what the file seems to be, at once
    assert state(workspace.root) == before


def test_a_newer_table_takes_the_place_of_the_older_one_under_its_name(
    serve: Callable[..., Any], workspace: Workspace
) -> None:
    client = serve()
    for number, name in ((340, "sites"), (341, "sites")):
        word = draft_of(upload(client, f"Date,Site,IDPs\n2001-02-12,Camp,{number}\n"))
        send(client, "again", draft=word, name=name)
        send(client, "confirm", draft=word)
    rows = (workspace.root / "observed.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [("341" in row, row.startswith("sites-")) for row in rows if "Camp" in row] == [(True, True)]
    word = draft_of(upload(client, "Date,Site,IDPs\n2001-02-12,Camp,9\n"))
    send(client, "again", draft=word, name="No Name!")
    assert "small letters, digits and hyphens" in client.get(f"/import?draft={word}").text


def test_a_decision_is_made_anew_and_taken_back_on_the_page(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    send(client, "confirm", draft=draft_of(upload(client)))
    name = "actor|acled|Nobody <b>Known</b>"
    mapping = workspace.root / "mapping.yaml"
    send(client, "names", **{"name-1": name, "decision-1": "sylvania", "by": "A. Clerk"})
    page = client.get("/import").text
    assert 'name="was-1" value="sylvania"' in page
    assert "1 decided by persons" in page
    same = {"name-1": name, "was-1": "sylvania", "decision-1": "sylvania", "by": "B. Clerk"}
    send(client, "names", **same)
    assert "by: A. Clerk" in mapping.read_text(encoding="utf-8")  # what did not change is nobody else's decision
    send(client, "names", **{**same, "decision-1": "nobody"})
    text = mapping.read_text(encoding="utf-8")
    assert "decision: nobody" in text
    assert "by: B. Clerk" in text
    send(client, "names", **{**same, "was-1": "nobody", "decision-1": ""})
    assert "Clerk" not in mapping.read_text(encoding="utf-8")
    assert "To decide: 1 name" in client.get("/import").text.replace("\N{NO-BREAK SPACE}", " ") or (
        "Nobody &lt;b&gt;Known&lt;/b&gt;" in client.get("/import").text
    )


MANY = (
    "event_id_cnty,event_date,sub_event_type,actor1,actor2,latitude,longitude,location,fatalities,timestamp\n"
    + "".join(
        f"ELC{k},13 February 2001,Armed clash,{name},Elbonia,10.5,10.6,Mudville,0,982000000\n"
        for k, name in enumerate(("Others", "Others", "Strangers", "Sylvanian", "Guests"))
    )
)


def asked(page: str) -> list[str]:
    return re.findall(r'name="name-\d+" value="actor\|acled\|([^"]*)"', page)


def test_of_many_names_those_with_a_proposal_come_first_and_a_part_is_shown(
    serve: Callable[..., Any], workspace: Workspace
) -> None:
    client = serve()
    send(client, "confirm", draft=draft_of(upload(client, MANY)))
    assert asked(client.get("/import").text)[:2] == ["Sylvanian", "Others"]  # then the most frequent
    assert asked(client.get("/import?show=actor&part=STRANG").text) == ["Strangers"]
    assert asked(client.get("/import?show=proposed").text) == ["Sylvanian"]
    assert client.get("/import?show=place").text.count("No name of these waits") == 1
    assert client.get("/import?show=thing").status_code == 400


def test_many_names_are_decided_at_once_only_as_shown_and_by_a_person(
    serve: Callable[..., Any], workspace: Workspace
) -> None:
    client = serve()
    send(client, "confirm", draft=draft_of(upload(client, MANY)))
    assert 'name="rest"' not in client.get("/import").text  # names of several kinds are not decided in one word
    assert 'name="rest" value="actor"' in client.get("/import?show=actor").text
    form = {"name-1": "actor|acled|Sylvanian", "decision-1": "sylvania", "name-2": "actor|acled|Others",
            "name-3": "actor|acled|Guests", "rest": "actor", "show": "actor"}  # fmt: skip
    assert send(client, "names", **form).status_code == 400
    answer = send(client, "names", **form, by="A. Clerk")
    assert answer.status_code == 303 and "show=actor" in answer.headers["location"]
    names = client.get("/import.json").json()["rows"]
    decided = {row[0]: row[6] for row in names}
    assert decided == {"Sylvanian": "sylvania", "Others": "nobody", "Guests": "nobody", "Strangers": ""}
