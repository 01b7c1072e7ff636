"""A case of every kind of record made by forms alone: added, changed, taken out, and all of it undone to the byte."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from form_page import FormPage, press

from standoff.case.history import JOURNAL
from standoff.case.journal import entries
from standoff.case.model import Kind
from standoff.case.read import load
from standoff.case.write import Amendment
from standoff.cli import main
from standoff.workbench.app import Bench, application
from standoff.workbench.edit import TITLES
from standoff.workbench.jobs import Jobs
from standoff.workbench.workspace import Watcher, Workspace

SAME = {"origin": "http://testserver"}
# kind -> buttons for more places, and what is filled in; in an order in which what is named is there already
RECORDS: list[tuple[Kind, tuple[str, ...], dict[str, str]]] = [
    (Kind.PUBLISHERS, (), {"id": "wire.example", "name": "Wire", "standing": "wire"}),
    (Kind.ACTORS, (), {"name": "Council of Elders", "kind": "movement"}),
    (Kind.SOURCES, (), {"name": "Wire", "kind": "agency"}),
    (Kind.PLACES, (), {"name": "Alpha", "kind": "town", "lat": "14.5", "lon": "-4.2", "country": "ML"}),
    (Kind.PLACES, (), {"name": "Beta", "kind": "town", "lat": "14.6", "lon": "-4.1", "country": "ML"}),
    (
        Kind.ZONES,
        (),
        {
            "id": "belt",
            "title": "Belt",
            "certainty": "certain",
            "basis": "drawn for this test",
            "geometry": '{"type": "Polygon", "coordinates": [[[-5, 14], [-4, 14], [-4, 15], [-5, 15], [-5, 14]]]}',
        },
    ),
    (Kind.TYPES, (), {"id": "shelling/by-night", "title": "Shelling by night"}),
    (
        Kind.DOCUMENTS,
        (),
        {"title": "A report", "author.0": "wire", "outlet": "wire", "published": "2012-02-01", "language": "en"},
    ),
    (
        Kind.CLAIMS,
        (),
        {
            "id": "c-met",
            "text": "The council met.",
            "chain.0": "wire",
            "says.event": "meeting",
            "says.date": "2012-02-01",
            "realis": "asserted",
            "citation": "A report, 2012",
        },
    ),
    (
        Kind.EVENTS,
        (),
        {
            "id": "e-met",
            "date": "2012-02-01",
            "type": "meeting",
            "title": "The council met",
            "actor.0": "council-of-elders",
            "claims.0": "c-met",
        },
    ),
    (
        Kind.INCIDENTS,
        (),
        {"id": "one-meeting", "reports": "e-met", "title": "The meeting", "by": "A", "on": "2012-03-01", "why": "one"},
    ),
    (
        Kind.AGREEMENTS,
        (),
        {
            "id": "pact",
            "title": "The pact",
            "parties.0": "council-of-elders",
            "date": "2012-03-01",
            "kind": "ceasefire",
            "claims.0": "c-met",
        },
    ),
    (
        Kind.COMMITMENTS,
        ("more:then",),
        {
            "id": "pact-1",
            "title": "The council reports",
            "kind": "achieve",
            "debtor.0": "council-of-elders",
            "agreement": "pact",
            "from": "2012-03-01",
            "by": "2012-06-01",
            "then.type.0": "report",
            "then.actor.0": "council-of-elders",
            "claims.0": "c-met",
        },
    ),
    (Kind.ACCOUNTS, (), {"id": "elders", "title": "As the elders tell it", "kind": "reading", "voices.0": "wire"}),
    (
        Kind.DISPUTES,
        ("more:answers", "more:answers"),
        {
            "id": "did-they-meet",
            "question": "Did they meet?",
            "kind": "intention",
            "unmodelled": "nothing plays it",
            "answers.0.id": "yes",
            "answers.0.text": "They met",
            "answers.0.claims.0": "c-met",
            "answers.1.id": "no",
            "answers.1.text": "They did not meet",
            "answers.1.assumed": "nobody says so",
        },
    ),
    (
        Kind.THREADS,
        (),
        {
            "id": "asked",
            "kind": "request",
            "title": "To meet again",
            "by.0": "council-of-elders",
            "of.0": "council-of-elders",
            "on": "2012-03-02",
            "claims.0": "c-met",
        },
    ),
    (
        Kind.SIGNALS,
        (),
        {
            "id": "flag",
            "kind": "statement",
            "title": "A flag",
            "by.0": "council-of-elders",
            "claims.0": "c-met",
            "date": "2012-03-02",
        },
    ),
    (
        Kind.OBSERVED,
        (),
        {
            "id": "idps",
            "from": "2012-03-01",
            "to": "2012-03-31",
            "measure": "people-displaced",
            "indicator": "people displaced",
            "value": "1200",
            "source": "wire",
        },
    ),
    (
        Kind.ISSUES,
        (),
        {"id": "road", "title": "The road", "zero": "closed", "one": "open", "start": "0", "assumed": "yes"},
    ),
    (
        Kind.STAKES,
        (),
        {
            "id": "elders-road",
            "actor": "council-of-elders",
            "issue": "road",
            "position": "1",
            "salience": "1",
            "assumed": "for this test",
        },
    ),
    (
        Kind.OPTIONS,
        (),
        {"id": "wait", "actor": "council-of-elders", "title": "Wait", "cost": "0", "assumed": "for this test"},
    ),
    (Kind.OUTCOMES, (), {"id": "shut", "title": "The border is shut", "question": "Is it shut?", "border": "shut"}),
    (
        Kind.QUESTIONS,
        (),
        {
            "id": "q-shut",
            "cutoff": "2012-06-01",
            "text": "Will it be shut?",
            "deadline": "2012-09-01",
            "outcome": "shut",
            "resolved": "yes",
            "resolution": "as it was",
        },
    ),
    (
        Kind.PARAMETERS,
        (),
        {
            "id": "discount",
            "title": "What the future counts",
            "value": "0.9",
            "range": "[0.8, 0.95]",
            "assumed": "yes",
        },
    ),
    (Kind.SCENARIOS, (), {"id": "as-it-is", "title": "As it is", "lever": "none"}),
    (Kind.ROUTES, (), {"a": "alpha", "b": "beta", "km": "20", "basis": "measured"}),
    (Kind.CLOSURES, (), {"kind": "place", "a": "beta", "from": "2012-05-01", "until": "2012-06-01", "source": "wire"}),
    (Kind.COVERAGE, (), {"source": "wire", "from": "2012-01-01", "to": "2012-06-30"}),
]


def state(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file() and not {".standoff", JOURNAL} & set(p.parts))
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


# Kinds of each shape: a table and a list, names of others, a nested record.
FEW = (Kind.ACTORS, Kind.SOURCES, Kind.PLACES, Kind.DOCUMENTS, Kind.CLAIMS, Kind.EVENTS)


def test_records_are_made_by_forms_and_undone_to_the_byte(tmp_path: Path) -> None:
    assert on_a_fresh_case(tmp_path, FEW) == 7


@pytest.mark.thorough
def test_a_case_of_every_kind_is_made_by_forms_and_undone_to_the_byte(tmp_path: Path) -> None:
    assert on_a_fresh_case(tmp_path) == len(RECORDS)
    assert {kind for kind, _, _ in RECORDS} | {Kind.CASE} == set(TITLES)


def on_a_fresh_case(folder: Path, kinds: Collection[Kind] = tuple(Kind), *, whole: bool = False) -> int:
    """Go through every kind (or some) on a case just started in a folder."""
    root = folder / "fresh"
    main(["new", str(root), "--region", "Mali", "--period", "2012-01-01/2013-12-31", "--actor", "Mali: state"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

        workspace = Workspace(str(root), folder / "runs")
        bench = Bench(workspace, Jobs(), Watcher(workspace))
        app = application(bench, hosts=frozenset({"testserver"}))
        with TestClient(app, follow_redirects=False) as client:
            return every_kind(client, root, kinds, whole=whole)


def problems_of(page: str) -> str:
    """What a page says that is wrong, in plain words."""
    text = re.sub(
        r"\s+", " ", re.sub(r"<script.*?</script>|<style.*?</style>|<option.*?</option>|<[^>]+>", " ", page, flags=re.S)
    )
    return " | ".join(
        text[max(0, m.start() - 160) : m.end() + 120]
        for m in re.finditer("; expected", text)
        if "accounts.yaml" not in text[m.start() - 90 : m.end()]
    )


def every_kind(client: Any, root: Path, kinds: Collection[Kind], *, whole: bool = False) -> int:
    """Add a record of each kind (``whole``: change each and take all out, too), and undo it all; return the changes."""
    states = [state(root)]
    added: list[tuple[Kind, str]] = []

    def sent(page: str, button: str, **fields: str) -> None:
        answer = client.post("/edit", data=press(page, button, **fields), headers=SAME)
        assert answer.status_code == 303, problems_of(answer.text)
        assert state(root) != states[-1]
        states.append(state(root))

    for kind, buttons, fields in (row for row in RECORDS if row[0] in kinds):
        before = set(Amendment(root).ids(kind))
        page = client.get(f"/edit?kind={kind.value}&new=yes").text
        for button in buttons:
            page = client.post("/edit", data=press(page, button), headers=SAME).text
        sent(page, "save", who="A", **fields)
        (key,) = set(Amendment(root).ids(kind)) - before
        added.append((kind, key))
    assert not load(root).errors
    for kind, key in added if whole else ():
        page = client.get("/edit", params={"kind": kind.value, "record": key}).text
        names = {name for name, _ in FormPage(page).sent}
        field = next(
            name
            for name in ("note", "title", "text", "name", "basis", "question", "assumed", "source")
            if name in names
        )
        sent(page, "save", who="B", **{field: "as told" if field == "source" else "it is 'so', and \"thus\": ë # {x}"})
    for kind, key in reversed(added) if whole else ():
        there = Amendment(root).ids(kind)
        page = client.get("/edit", params={"kind": kind.value, "record": key if key in there else there[-1]}).text
        page = client.post("/edit", data=press(page, "remove"), headers=SAME).text
        sent(page, "really-remove", who="C")
    written = entries(root)
    for step, entry in enumerate(reversed(written), start=2):
        answer = client.post("/journal", data={"entry": entry.id, "by": "D"}, headers=SAME)
        assert answer.status_code == 303, problems_of(answer.text)
        assert state(root) == states[-step]
    assert state(root) == states[0]
    return len(written)
