"""Records as forms: added, changed, taken out and undone without a script; who comes second overwrites nothing."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from form_page import FormPage, press

from standoff.case.history import JOURNAL
from standoff.case.journal import entries
from standoff.case.new_case import start_small
from standoff.case.read import load
from standoff.workbench.edit import TITLES, edit_page
from standoff.workbench.workspace import Workspace

SAME = {"origin": "http://testserver"}
PLACE = {"id": "x", "name": "X", "kind": "town", "lon": "10", "country": "EL"}
HOSTILE = "<script>alert(9)</script>"


def state(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file() and not {".standoff", JOURNAL} & set(p.parts))
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


def send(client: Any, page: str, button: str, **fields: Any) -> Any:
    return client.post("/edit", data=press(page, button, **fields), headers=SAME)


def follow(client: Any, answer: Any) -> str:
    assert answer.status_code == 303, answer.text[-3000:]
    return str(client.get(answer.headers["location"]).text)


def test_a_record_is_changed_looked_at_saved_and_undone(serve: Callable[..., Any], workspace: Workspace) -> None:
    client, before = serve(), state(workspace.root)
    page = client.get("/edit?kind=actors&record=freedonia").text
    seen = send(client, page, "preview", note=HOSTILE)
    assert seen.status_code == 200
    assert HOSTILE not in seen.text
    assert html.escape(HOSTILE) in seen.text
    assert "What would change" in seen.text
    assert state(workspace.root) == before
    nobody = send(client, seen.text, "save")
    assert (nobody.status_code, "nobody is named" in nobody.text) == (400, True)
    saved = send(client, nobody.text, "save", who="A. Clerk", why="it was asked")
    page = follow(client, saved)
    assert load(workspace.root).actors["freedonia"].note == HOSTILE
    assert workspace.case.actors["freedonia"].note == HOSTILE
    assert "Saved: change actors freedonia" in page
    assert 'value="A. Clerk"' in page  # remembered
    (entry,) = entries(workspace.root)
    assert (entry.by, entry.why) == ("A. Clerk", "it was asked")
    journal = client.get("/journal").text
    assert HOSTILE not in journal
    assert "it was asked" in journal
    undone = client.post("/journal", data={"entry": entry.id, "by": "B"}, headers=SAME)
    assert undone.status_code == 303
    assert state(workspace.root) == before
    again = client.post("/journal", data={"entry": entry.id, "by": "B"}, headers=SAME)
    assert (again.status_code, "taken back already" in again.text) == (400, True)


def test_a_record_is_added_with_an_id_of_its_own(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    page = client.get("/edit?kind=actors&new=yes&preset=kind=state").text
    saved = send(client, page, "save", name="Republic of Ruritania", aliases="Ruritania\r\nThe Republic", who="A")
    follow(client, saved)
    new = load(workspace.root).actors["republic-of-ruritania"]
    assert (new.name, new.kind, new.aliases) == ("Republic of Ruritania", "state", ("Ruritania", "The Republic"))


def test_places_are_added_and_taken_out_without_a_script(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    key = next(iter(workspace.case.disputes))
    many = len(workspace.case.disputes[key].answers)
    page = client.get(f"/edit?kind=disputes&record={key}").text
    page = send(client, page, "more:answers").text
    fields = {f"answers__{many}__id": "third", f"answers__{many}__text": "Neither", f"answers__{many}__assumed": "x"}
    page = send(client, page, "preview", **fields).text
    assert "Neither" in page
    follow(client, send(client, page, "save", who="A"))
    assert [a.id for a in load(workspace.root).disputes[key].answers][-1] == "third"
    page = client.get(f"/edit?kind=disputes&record={key}").text
    page = send(client, page, f"drop:answers.{many}").text
    follow(client, send(client, page, "save", who="A"))
    assert len(load(workspace.root).disputes[key].answers) == many
    assert load(workspace.root).disputes[key] == workspace.case.disputes[key]


def test_two_people_at_one_record(serve: Callable[..., Any], workspace: Workspace) -> None:
    first, second = serve(), serve()
    mine = first.get("/edit?kind=actors&record=freedonia").text
    theirs = second.get("/edit?kind=actors&record=freedonia").text
    other = second.get("/edit?kind=actors&record=elbonia").text
    follow(first, send(first, mine, "save", note="by the first", role="host", who="One"))
    before = state(workspace.root)
    answer = send(second, theirs, "save", note="by the second", persons="A. Marshal", who="Two")
    assert answer.status_code == 409
    assert state(workspace.root) == before
    for words in ("Somebody changed this record since you opened it", "by the first", "by the second", "both changed"):
        assert words in answer.text
    follow(second, send(second, answer.text, "save"))  # decided: mine, and what only the first one changed stays
    actor = load(workspace.root).actors["freedonia"]
    assert (actor.note, actor.role, actor.persons) == ("by the second", "host", ("A. Marshal",))
    follow(second, send(second, other, "save", note="no conflict", who="Two"))  # another record of the same file
    assert load(workspace.root).actors["elbonia"].note == "no conflict"


def test_a_record_taken_out_meanwhile_is_not_lost(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    page = client.get("/edit?kind=actors&new=yes").text
    follow(client, send(client, page, "save", id="moat", name="Moat", kind="state", who="A"))
    mine = client.get("/edit?kind=actors&record=moat").text
    gone = send(client, mine, "remove")
    assert "Take this record out?" in gone.text
    assert send(client, gone.text, "really-remove", who="A").status_code == 303
    answer = send(client, mine, "save", note="mine", who="B")
    assert (answer.status_code, "was taken out by somebody" in answer.text) == (409, True)
    follow(client, send(client, answer.text, "save", who="B"))
    assert load(workspace.root).actors["moat"].note == "mine"


def test_what_others_name_is_not_taken_out(serve: Callable[..., Any], workspace: Workspace) -> None:
    client, before = serve(), state(workspace.root)
    page = client.get("/edit?kind=actors&record=freedonia").text
    answer = send(client, page, "remove")
    assert answer.status_code == 400
    assert "Named by" in answer.text
    assert "mud-threat" in answer.text
    assert "really-remove" not in FormPage(answer.text).buttons
    assert state(workspace.root) == before


@pytest.mark.parametrize(
    ("kind", "record", "fields", "path", "words"),
    [
        ("events", "e1", {"type": "bombardment"}, "type", "did you mean"),
        (
            "places",
            "",
            {"id": "x", "name": "X", "kind": "town", "lat": "95", "lon": "10", "country": "EL"},
            "lat",
            "95",
        ),
        ("commitments", "mud-threat", {"from": "soon"}, "from", "soon"),
        ("actors", "", {"id": "y", "name": "Y"}, "kind", "missing"),
        ("commitments", "mud-threat", {"then__target__0": "nobody"}, "then.target.0", "nobody"),
    ],
)
def test_a_problem_stands_beside_its_field(
    serve: Callable[..., Any],
    workspace: Workspace,
    kind: str,
    record: str,
    fields: dict[str, str],
    path: str,
    words: str,
) -> None:
    client, before = serve(), state(workspace.root)
    page = client.get(f"/edit?kind={kind}&record={record}&new={'' if record else 'yes'}").text
    answer = send(client, page, "save", who="A", **fields)
    assert answer.status_code == 400
    assert state(workspace.root) == before
    links = answer.text.partition('id="wrong"')[2].partition("</section>")[0]
    assert f'href="#f-{path}"' in links or f'href="#f-{path.rsplit(".", 1)[0]}"' in links, links
    assert words in links
    for name, value in fields.items():  # nothing has to be typed again
        assert (name.replace("__", "."), value) in FormPage(answer.text).sent


def test_every_kind_has_a_form_whose_fields_have_labels(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    overview = client.get("/edit").text
    for kind in TITLES:
        assert f"kind={kind.value}&amp;" in overview
        for query in (f"kind={kind}&new=yes", f"kind={kind}"):
            answer = client.get(f"/edit?{query}")
            assert answer.status_code == 200, answer.text
            form = FormPage(answer.text)
            if "new" in query:
                assert form.ids
                assert set(form.ids) - form.labels == set()
                assert len(set(form.ids)) == len(form.ids)
        for record in list(workspace.case.records(kind))[:2]:
            if record != "record":
                answer = client.get("/edit", params={"kind": kind.value, "record": record})
                assert answer.status_code == 200, answer.text
                nothing = client.post("/edit", data=press(answer.text, "preview"), headers=SAME)
                assert "nothing is changed yet" in nothing.text, (kind, record)


def test_titles_stand_before_ids(serve: Callable[..., Any], workspace: Workspace) -> None:
    form = FormPage(serve().get("/edit?kind=commitments&record=mud-threat").text)
    name = workspace.case.actors["freedonia"].name
    assert ("freedonia", f"{name} (freedonia)") in form.selects["debtor.0"]


def test_a_case_that_check_refuses_is_mended_here(serve: Callable[..., Any], workspace: Workspace) -> None:
    path = workspace.root / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",shelling,", ",shellling,"), encoding="utf-8")
    workspace.refresh()
    assert not workspace.snapshot.current
    client = serve()
    for key, _ in client.get("/edit.json?kind=events").json()["rows"]:
        page = client.get(f"/edit?kind=events&record={key}").text
        if ("type", "shellling") in FormPage(page).sent:
            follow(client, send(client, page, "save", type="shelling", who="A"))
    assert not load(workspace.root).errors
    assert workspace.snapshot.current


def test_read_only_hides_and_refuses(serve: Callable[..., Any], workspace: Workspace) -> None:
    client, before = serve(), state(workspace.root)
    page = client.get("/edit?kind=actors&record=freedonia").text
    workspace.read_only = True
    reader = serve()
    for address in ("/edit", "/edit?kind=actors&record=freedonia", "/edit.json"):
        assert reader.get(address).status_code == 400
    home = reader.get("/evidence").text
    assert 'href="/edit' not in home
    assert 'href="/import' not in home
    for path in ("/edit", "/journal", "/import/undo", "/incidents", "/evidence/texts", "/ledger/logs"):
        answer = reader.post(path, data=press(page, "save", note="x", who="A"), headers=SAME)
        assert (answer.status_code, "--read-only" in answer.text) == (403, True)
    assert "/journal" not in reader.get("/journal").text.partition("<main")[2].partition("<button")[1]
    assert state(workspace.root) == before


def test_a_case_of_the_program_shows_the_way_on(tmp_path: Path, serve: Callable[..., Any]) -> None:
    from starlette.testclient import TestClient

    from standoff.workbench.app import Bench, application
    from standoff.workbench.jobs import Jobs
    from standoff.workbench.workspace import Watcher

    ws = Workspace("hodeidah", tmp_path / "runs")
    client = TestClient(application(Bench(ws, Jobs(), Watcher(ws)), hosts=frozenset({"testserver"})))
    page = client.get("/edit?kind=actors&record=" + next(iter(ws.case.actors))).text
    assert "standoff new FOLDER --from hodeidah" in page
    assert "Save" not in FormPage(page).buttons
    sent = dict(FormPage(page).sent) | {"do!": "save", "by!": "A", "note": "x"}
    answer = client.post("/edit", data=sent, headers=SAME)
    assert (answer.status_code, "came with the program" in answer.text) == (400, True)


def test_a_change_must_come_from_a_page_of_the_workbench(serve: Callable[..., Any], workspace: Workspace) -> None:
    client = serve()
    sent = press(client.get("/edit?kind=actors&record=freedonia").text, "save", note="x", who="A")
    for headers in ({}, {"origin": "http://other.example"}, SAME | {"sec-fetch-site": "cross-site"}):
        assert client.post("/edit", data=sent, headers=headers).status_code == 403
        assert client.post("/journal", data={"entry": "x"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("query", "words"),
    [("kind=actor", "actors"), ("kind=actors&record=fredonia", "freedonia"), ("kind=logs", "there is no kind")],
)
def test_a_wrong_address_names_the_nearest(serve: Callable[..., Any], query: str, words: str) -> None:
    answer = serve().get(f"/edit?{query}")
    assert (answer.status_code, words in answer.text) == (400, True)


@pytest.mark.parametrize("sent", [{}, {"kind!": "actors", "base!": "{"}, {"kind!": "actors", "base!": "[1]"}])
def test_a_form_that_is_none_is_refused(serve: Callable[..., Any], sent: dict[str, str]) -> None:
    assert serve().post("/edit", data=sent, headers=SAME).status_code == 400


def test_restricted_rows_are_in_no_form_and_in_no_line(serve: Callable[..., Any], workspace: Workspace) -> None:
    path = workspace.root / "events.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",")
    new = head + [c for c in ("licence", "restricted") if c not in head]
    rows = [line + "," * (len(new) - len(head)) for line in lines[1:]]
    secret = {"id": "hidden-row", "date": "2001-02-14", "type": "meeting", "title": "Secret words", "restricted": "yes"}
    rows.append(",".join(secret.get(column, "") for column in new))
    path.write_text("\n".join([",".join(new), *rows]) + "\n", encoding="utf-8")
    workspace.refresh()
    client = serve()
    for address in ("/edit?kind=events", "/edit.json?kind=events", "/edit?kind=threads&new=yes"):
        text = client.get(address).text
        assert "hidden-row" not in text
        assert "Secret words" not in text
    assert client.get("/edit?kind=events&record=hidden-row").status_code == 400


def test_a_new_place_is_in_the_country_of_all_others_unless_a_person_says_so(
    serve: Callable[..., Any], workspace: Workspace
) -> None:
    client = serve()
    assert press(client.get("/edit?kind=places&new=true").text, "preview")["country"] == "EL"
    assert press(client.get("/edit?kind=places&new=true&preset=country=XX").text, "preview")["country"] == "XX"
    with (workspace.root / "places.csv").open("a", encoding="utf-8") as file:
        file.write("far,Far,,town,11.0,11.0,SL,west,0,0,0,made up\n")
    workspace.refresh()
    assert press(client.get("/edit?kind=places&new=true").text, "preview")["country"] == ""


def test_without_a_place_the_codes_of_the_areas_tell_the_country(tmp_path: Path) -> None:
    when = (date(2024, 1, 1), date(2024, 6, 30))
    folder = start_small(tmp_path / "small", region=(10, 10, 12, 12), period=when, actors=["Red"])
    (folder / "library").mkdir(exist_ok=True)
    for codes, country in ([(), ""], [("EL0101", "EL0102"), "EL"], [("EL0101", "SL0102"), ""]):
        features = [
            f'{{"type": "Feature", "properties": {{"ADM2_PCODE": "{code}", "ADM2_EN": "{code}"}}, "geometry": '
            f'{{"type": "Polygon", "coordinates": [[[{11 + n},11],[{11.5 + n},11],[11.5,11.5],[{11 + n},11]]]}}}}'
            for n, code in enumerate(codes)
        ]
        layer = f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}'
        if codes:
            (folder / "library" / "areas.geojson").write_text(layer, encoding="utf-8")
        page = edit_page(Workspace(str(folder), tmp_path / "runs"), kind="places", new=True)
        assert dict(page.rows)["country"] == country
