"""The stories of a case: events in, verdicts out, as a mediator wrote them in ``tests/``, played against the ledger.

A story with ``events`` is made up: what it does not list did not happen, and somebody watched on every day. A story
without plays the recorded log, in the accounts it names (default: the record and the readings), as known on ``as_of``.
Of a statement account it expects what that party says: kept, broken, partly, in-force, both, denies or silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.checks import register
from standoff.case.claims import Account
from standoff.case.model import Case, Coverage, Event, refuse_errors
from standoff.case.parsing import record
from standoff.case.vocabulary import EVENT_TYPES
from standoff.commitments.engine.states import SAYS, VERDICTS, words
from standoff.commitments.ledger import verdict_at
from standoff.commitments.monitor import evaluate
from standoff.commitments.own_words import own_word
from standoff.commitments.patterns.wording import with_what_they_read
from standoff.commitments.patterns.zones import OUTSIDE, zones_of
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.yaml import Lines, read_yaml
from standoff.oneline import OneLine
from standoff.values import BY_DAY, When, is_timed

KEYS = ("name", "record", "account", "as_of", "commitments", "events", "expect", "note")
STORY = "story"  # the one account of made-up events


@dataclass(frozen=True, slots=True, repr=False)
class Expected(OneLine):
    """One expectation: how a row stands on a day. ``row`` is ``commitment``, ``commitment:reading``, each ``/key``."""

    row: str
    day: date
    verdict: str
    line: int

    @property
    def commitment(self) -> str:
        """The id of the commitment."""
        return self.row.partition("/")[0].partition(":")[0]


@dataclass(frozen=True, slots=True, repr=False)
class Story(OneLine):
    """One story, checked against the case: ``events`` is None when it is about the record."""

    name: str
    file: str
    line: int
    accounts: tuple[str, ...]
    commitments: tuple[str, ...]
    as_of: date | None
    events: tuple[Event, ...] | None
    expect: tuple[Expected, ...]


@dataclass(frozen=True, slots=True, repr=False)
class StoryResult(OneLine):
    """What was expected of a row on a day, what the ledger says, and both in words."""

    expected: Expected
    account: str
    got: str
    expected_words: str
    got_words: str

    @property
    def passed(self) -> bool:
        """Whether the ledger says what the story expects."""
        return self.got == self.expected.verdict


def stories(case: Case) -> tuple[Story, ...]:
    """Return the stories of a case: made-up or recorded events, and what the ledger should say of them.

    Parameters
    ----------
    case : Case
        A case; the stories stand in ``tests/*.yaml`` of its folder.

    Returns
    -------
    tuple of Story
        In the order of the files.

    Raises
    ------
    StandoffError
        With every problem of every file at once.

    Examples
    --------
    >>> import standoff as so
    >>> so.stories(so.load("idlib"))[0].accounts
    ('story',)
    """
    problems: list[Problem] = []
    outcomes: list[Story] = []
    for path in sorted((case.root / "tests").glob("*.yaml")):
        outcomes += _file(case, path, problems)
    if problems:
        raise StandoffError(problems)
    return tuple(outcomes)


@register("commitments")
def check_stories(case: Case) -> list[Problem]:
    """Return what is malformed in the stories of a case, without playing them; that is what ``standoff test`` does."""
    try:
        stories(case)
    except StandoffError as error:
        return list(error.problems)
    return []


def _file(case: Case, path: Path, problems: list[Problem]) -> list[Story]:
    name = f"tests/{path.name}"
    if not path.resolve().is_relative_to(case.root.resolve()):
        problems.append(Problem(name, 0, "this link leaves the case folder", "a file of the case"))
        return []
    data, lines, bad = read_yaml(path, name)
    problems += bad
    if not isinstance(data, list):
        problems.append(Problem(name, lines.line, "the file does not hold a list", "stories, each starting '- name:'"))
        return []
    stories_read, before = [], len(problems)
    for index, fields in enumerate(data):
        at = lines.inside.get(index, lines)
        if not isinstance(fields, dict) or "name" not in fields or not isinstance(fields.get("expect"), dict):
            problems.append(Problem(name, at.line, "this is not a story", "name, expect, and events for made-up ones"))
            continue
        reader = _Story(case, name, fields, at, problems)
        stories_read.append(reader.story())
    return stories_read if len(problems) == before else []


class _Story:
    def __init__(self, case: Case, file: str, fields: Mapping[str, Any], lines: Lines, problems: list[Problem]) -> None:
        self.case, self.file, self.fields, self.lines, self.problems = case, file, fields, lines, problems

    def wrong(self, what: str, expected: str, *path: str | int, hint: str = "") -> None:
        self.problems.append(Problem(self.file, self.lines.at(path), what, expected, hint))

    def names(self, key: str, choices: Sequence[str], kind: str) -> tuple[str, ...]:
        value = self.fields.get(key)
        names = (
            ()
            if value is None
            else (value,)
            if isinstance(value, str)
            else tuple(map(str, value if isinstance(value, list) else [value]))
        )
        for name in names:
            if name not in choices:
                self.wrong(f"there is no {kind} {name!r}", f"a {kind} of the case", key, hint=nearest(name, choices))
        return names

    def day(self, text: Any, *path: str | int) -> date:
        try:
            return date.fromisoformat(str(text))
        except ValueError:
            self.wrong(f"the day is {text!r}", BY_DAY if is_timed(str(text)) else "a day such as 2018-10-11", *path)
            return date.min

    def story(self) -> Story:
        fields, case = self.fields, self.case
        for key in fields:
            if key not in KEYS:
                self.wrong(f"the key {key!r} is unknown", f"one of {', '.join(KEYS)}", key, hint=nearest(key, KEYS))
        events = self.events() if "events" in fields else None
        versions = tuple(a.id for a in case.accounts.values() if not a.is_statement)
        accounts = self.names("account", list(case.accounts), "account") or versions
        expect = self.expected()
        chosen = self.names("commitments", list(case.commitments), "commitment")
        return Story(
            name=str(fields["name"]),
            file=self.file,
            line=self.lines.line,
            accounts=(STORY,) if events is not None else accounts,
            commitments=tuple(dict.fromkeys((*chosen, *(e.commitment for e in expect)))),
            as_of=self.day(fields["as_of"], "as_of") if "as_of" in fields else None,
            events=events,
            expect=expect,
        )

    def events(self) -> tuple[Event, ...]:
        rows = self.fields["events"]
        if not isinstance(rows, list):
            self.wrong("events is not a list", "a list of events; [] for none", "events")
            return ()
        events: dict[str, Event] = {}
        choices = {
            "actor": set(self.case.actors), "target": set(self.case.actors), "place": set(self.case.places),
            "sector": {p.sector for p in self.case.places.values()}, "zone": zones_of(self.case),
        }  # fmt: skip
        for number, row in enumerate(rows):
            at = self.lines.inside["events"].inside.get(number, self.lines)
            data = {"id": f"event-{number + 1}", "source": "made up", **row} if isinstance(row, dict) else row
            event, bad = record(Event, data, self.file, at)
            self.problems += bad
            if event is None:
                continue
            if event.type not in (types := [*EVENT_TYPES, *self.case.types]):
                hint = nearest(event.type, types)
                self.wrong(f"the event type {event.type!r} is unknown", "a type of event", "events", number, hint=hint)
            for key, names in choices.items():
                for name in getattr(event, key):
                    if (name.removeprefix(OUTSIDE) if key == "zone" else name) not in names:
                        what, hint = f"there is no {key} {name!r}", nearest(name, names)
                        self.wrong(what, "one that the case knows", "events", number, key, hint=hint)
            if event.id in events:
                self.wrong(f"the event {event.id!r} is given twice", "each id once", "events", number)
            events[event.id] = event
        return tuple(events.values())

    def expected(self) -> tuple[Expected, ...]:
        expectations = []
        for row, days in self.fields["expect"].items():
            name, _, reading = row.partition("/")[0].partition(":")
            if name not in self.case.commitments:
                hint = nearest(name, self.case.commitments)
                self.wrong(f"there is no commitment {name!r}", "a commitment of the case", "expect", row, hint=hint)
            elif reading and reading not in (readings := [r.id for r in self.case.commitments[name].readings]):
                hint = nearest(reading, readings)
                self.wrong(
                    f"{name} has no reading {reading!r}", ", ".join(readings) or "none", "expect", row, hint=hint
                )
            if not isinstance(days, dict) or not days:
                self.wrong(f"{row} expects {days!r}", "{day: verdict}, such as {2018-10-11: violated}", "expect", row)
                continue
            for day, verdict in days.items():
                if verdict not in (*VERDICTS, *SAYS):
                    hint, verdicts = (
                        nearest(str(verdict), (*VERDICTS, *SAYS)),
                        ", ".join(dict.fromkeys((*VERDICTS, *SAYS))),
                    )
                    self.wrong(f"the verdict is {verdict!r}", f"one of {verdicts}", "expect", row, day, hint=hint)
                when = self.day(day, "expect", row, day)
                expectations.append(Expected(row, when, str(verdict), self.lines.at(("expect", row, day))))
        if not expectations:
            self.wrong("the story expects nothing", "expect: {commitment: {day: verdict}}", "expect")
        return tuple(expectations)


def _made_up(case: Case, events: Sequence[Event]) -> Case:
    """Return the case with a story's events alone, told by one account and watched by somebody on every day."""
    always = Coverage(
        source="story", types=(), from_=When(None, date.max, False, ""), to=When(date.min, None, False, "")
    )
    account = Account(id=STORY, title="What the story tells")
    claims = {k: c for k, c in case.claims.items() if c.realis != "denied"}  # nobody spoke of what is made up
    made_up = {e.id: e for e in events}
    return replace(
        case, events=made_up, claims=claims, coverage=(always,), disputes={}, accounts={STORY: account}, outcomes={}
    )


def play(case: Case, story: Story) -> tuple[StoryResult, ...]:
    """Play one story: what the ledger says for each expectation and account.

    Parameters
    ----------
    case : Case
        A case without errors.
    story : Story
        One of `stories`.

    Returns
    -------
    tuple of StoryResult
        What was expected of a row on a day, and what the ledger says.

    Raises
    ------
    StandoffError
        For a row that the ledger does not have, such as a place for which nothing is kept.

    Examples
    --------
    >>> import standoff as so
    >>> case = so.load("idlib")
    >>> all(result.passed for story in so.stories(case) for result in so.play_story(case, story))
    True
    """
    refuse_errors(case)
    if story.events is not None:
        case = _made_up(case, story.events)
    last = max(e.day for e in story.expect)
    names = with_what_they_read(case, story.commitments, replaced=story.events is None)
    evaluation = evaluate(case, story.accounts, on=last, as_of=story.as_of, commitments=names)
    slots = {(s.commitment, s.reading, s.key): i for i, s in enumerate(evaluation.schedule.slots) if not s.span}
    results = []
    for one in story.expect:
        left, _, key = one.row.partition("/")
        name, _, reading = left.partition(":")
        if (name, reading, key) not in slots:
            rows = [f"{c}{':' + r if r else ''}{'/' + k if k else ''}" for c, r, k in slots if c == name]
            raise StandoffError(
                Problem(story.file, one.line, f"the ledger has no row {one.row!r}", "one of " + ", ".join(rows[:8]),
                        nearest(one.row, rows))
            )  # fmt: skip
        slot, term = slots[name, reading, key], case.commitments[name]
        adverse, kind = term.adverse, term.kind
        for account in story.accounts:
            if account in evaluation.statements:  # what was said up to that day, and nothing later
                then = evaluate(case, [account], on=one.day, as_of=story.as_of, commitments=names)
                got = next(
                    (own_word(then, i, account).says for i, s in enumerate(then.schedule.slots)
                     if (s.commitment, s.reading, s.key, s.span) == (name, reading, key, "")),
                    "silent",
                )  # fmt: skip
            else:
                got = verdict_at(evaluation, slot, account, evaluation.schedule.day(one.day))
            results.append(StoryResult(one, account, got, words(one.verdict, adverse, kind), words(got, adverse, kind)))
    return tuple(results)
