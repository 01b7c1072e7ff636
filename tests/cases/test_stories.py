"""Plays the stories of this folder: terms and events in, verdicts out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ledger_case import case

from standoff.case.geography import Zone
from standoff.case.model import Case, Coverage
from standoff.commitments.ledger import Row, rows, verdict_at
from standoff.commitments.monitor import evaluate
from standoff.values import When

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
STORIES = [s for f in FILES for s in yaml.load(f.read_text(encoding="utf-8"), yaml.BaseLoader)]  # noqa: S506 (strings)


def zone(given: dict[str, Any]) -> Zone:
    west, south, east, north = (float(edge) for edge in given["box"])
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return Zone(
        id=given["id"],
        title=given["id"],
        geometry={"type": "Polygon", "coordinates": [ring]},
        certainty=given.get("certainty", "certain"),
        from_=When.parse(given["from"]) if "from" in given else None,
        until=When.parse(given["until"]) if "until" in given else None,
    )


def made(story: dict[str, Any]) -> Case:
    watched = [
        Coverage(source="monitor", types=tuple(w["types"]), from_=When.parse(w["from"]), to=When.parse(w["to"]))
        for w in story.get("watched", [])
    ]
    return case(
        story["terms"],
        [{"id": f"e{n}", **e} for n, e in enumerate(story["events"])],
        zones=[zone(z) for z in story.get("zones", [])],
        coverage=watched or None,
        accounts="- {id: record, title: The record}",
    )


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["name"])
def test_story(story: dict[str, Any]) -> None:
    days = [date.fromisoformat(d) for expected in story["expect"].values() for d in expected]
    run = evaluate(made(story), on=max(days))
    slots = {(s.commitment, s.key): i for i, s in enumerate(run.schedule.slots) if not s.span and not s.reading}
    for name, expected in story["expect"].items():
        commitment, _, key = name.partition("/")
        slot = slots[commitment, key]
        found = {d: verdict_at(run, slot, "record", run.schedule.day(date.fromisoformat(d))) for d in expected}
        assert found == expected, name
    last = {row.commitment: row for row in rows(run)}
    for field in ("breaches", "due", "degree", "score", "remedied", "words"):
        for name, value in story.get(field, {}).items():
            assert plain(last[name], field) == value, (name, field)


def plain(row: Row, field: str) -> Any:
    """A field of a row as a story writes it: everything is a word."""
    value = getattr(row, field)
    if isinstance(value, tuple):
        return [str(round(item, 3)) for item in value]
    return "null" if value is None else str(value)


def test_every_kind_has_a_story() -> None:
    kinds = {term["kind"] for story in STORIES for term in story["terms"]}
    assert kinds == {"achieve", "maintain", "quantity", "recurrent", "permission"}
