"""The stories in the case's own tests/: events in, verdicts out, as a mediator wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from standoff.case.model import Coverage, Event
from standoff.case.read import load
from standoff.case.values import When
from standoff.commitments.ledger import verdict_at
from standoff.commitments.monitor import evaluate

STORIES = sorted((Path(__file__).parents[2] / "src/standoff/cases/idlib/tests").glob("*.yaml"))
TOLD = [story for path in STORIES for story in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)]  # noqa: S506
ALWAYS = Coverage(source="un", types=(), from_=When.parse("2017-01-01"), to=When.parse("2021-12-31"))


def _names(value):
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _made_up(case, story):
    """Return the case with the story's events alone, watched by somebody on every day."""
    events = {}
    for number, given in enumerate(story["events"]):
        name = given.get("id", f"made-{number}")
        lists = {key: _names(given.get(key)) for key in ("actor", "target", "place", "sector", "zone")}
        events[name] = Event(
            id=name, date=When.parse(given["date"]), type=given["type"], source="made up", **lists
        )  # fmt: skip
    account = replace(case.accounts["un"], answers={})
    return replace(case, events=events, coverage=(ALWAYS,), disputes={}, accounts={"un": account})


@pytest.fixture(scope="module")
def case():
    return load("idlib")


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story["name"])
def test_story(case, story):
    if "events" in story:
        case = _made_up(case, story)
    accounts = _names(story.get("account", "un"))
    names = story.get("commitments") or sorted({key.split("/")[0].split(":")[0] for key in story["expect"]})
    days = [date.fromisoformat(d) for expected in story["expect"].values() for d in expected]
    as_of = date.fromisoformat(story["as_of"]) if "as_of" in story else None
    made = evaluate(case, accounts, on=max(days), as_of=as_of, commitments=names)
    slots = {(s.commitment, s.reading, s.key): i for i, s in enumerate(made.plan.slots) if not s.span}
    for row, expected in story["expect"].items():
        commitment, _, reading = row.partition("/")[0].partition(":")
        slot = slots[commitment, reading, row.partition("/")[2]]
        for account in accounts:
            found = {day: verdict_at(made, slot, account, made.plan.day(date.fromisoformat(day))) for day in expected}
            assert found == expected, f"{row} in account {account}"


def test_there_are_stories():
    assert len(TOLD) >= 35
