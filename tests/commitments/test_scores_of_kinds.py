"""Scores from 0 to 3: a table of cases for every kind of commitment."""

from __future__ import annotations

from datetime import date

import pytest
from ledger_case import case

from standoff.commitments.ledger import rows
from standoff.commitments.monitor import evaluate
from standoff.commitments.scores import score_of, score_words, scored_record
from standoff.values import When

LEAVE = (
    "{id: c, title: C, kind: achieve, debtor: red, from: 2020-01-01, by: 2020-02-01,"
    " then: {type: withdrawal, actor: red}}"
)
ANSWER = (
    "{id: c, title: C, kind: achieve, debtor: red, from: 2020-01-01, within: 5d, when: {type: request, actor: blue},"
    " then: {type: report, actor: red}}"
)
FREE = (
    "{id: c, title: C, kind: quantity, debtor: red, from: 2020-01-01, by: 2020-02-01,"
    " amount: {value: 10, unit: prisoners}, then: {type: prisoner-release, actor: red}}"
)
WEEKLY = (
    "{id: c, title: C, kind: recurrent, debtor: red, from: 2020-01-01, every: 7d, then: {type: report, actor: red}}"
)
HOLD = "{id: c, title: C, kind: maintain, debtor: red, from: 2020-01-01, forbid: {type: shelling, actor: red}}"
PATROL = "{id: c, title: C, kind: permission, debtor: red, from: 2020-01-01, then: {type: patrol, actor: red}}"
MEASURES = HOLD.replace("debtor: red", "debtor: red, duty: effort")


def happens(kind: str, *days: str, **more: object) -> list[dict[str, object]]:
    actor = "blue" if kind == "request" else "red"
    return [{"id": f"{kind}-{n}", "date": day, "type": kind, "actor": actor, **more} for n, day in enumerate(days)]


MONDAYS = [str(date.fromordinal(737425 + 7 * n)) for n in range(13)]
BAD = ["2020-01-10", "2020-01-20", "2020-02-10", "2020-03-01"]


def freed(many: str) -> list[dict[str, object]]:
    return happens("prisoner-release", "2020-01-20", low=many, high=many, counted="prisoners")


CASES = [
    ("achieve done", LEAVE, happens("withdrawal", "2020-01-20"), (3, 3)),
    ("achieve not done", LEAVE, [], (0, 0)),
    ("achieve done late", LEAVE, happens("withdrawal", "2020-02-20"), (3, 3)),
    ("achieve, never called", ANSWER, [], None),
    (
        "achieve, one of three calls answered",
        ANSWER,
        [*happens("request", "2020-01-05", "2020-01-25", "2020-02-15"), *happens("report", "2020-01-07")],
        (1, 1),
    ),
    (
        "quantity, all",
        FREE,
        freed("10"),
        (3, 3),
    ),
    ("quantity, most", FREE, freed("6"), (2, 2)),
    ("quantity, few", FREE, freed("1"), (1, 1)),
    ("quantity, none", FREE, [], (0, 0)),
    ("recurrent, never", WEEKLY, [], (0, 0)),
    (
        "recurrent, always",
        WEEKLY,
        happens("report", *MONDAYS),
        (3, 3),
    ),
    ("maintain, quiet", HOLD, [], (3, 3)),
    ("maintain, one bad week of thirteen", HOLD, happens("shelling", "2020-01-10"), (2, 2)),
    (
        "maintain, four bad weeks",
        HOLD,
        happens("shelling", *BAD),
        (1, 1),
    ),
    (
        "maintain, every week",
        HOLD,
        happens("shelling", *MONDAYS),
        (0, 0),
    ),
    ("maintain, contested", HOLD, happens("shelling", "2020-01-10", contested="Red"), (2, 3)),
    ("permission, used", PATROL, happens("patrol", "2020-01-10"), (3, 3)),
    ("permission, used as one side says", PATROL, happens("patrol", "2020-01-10", contested="Blue"), (0, 3)),
    ("permission, not used", PATROL, [], (0, 0)),
    ("permission, never called", PATROL.replace("then:", "when: {type: request}, then:"), [], None),
    ("effort", MEASURES, happens("shelling", "2020-01-10"), None),
]


@pytest.mark.parametrize(("commitment", "events", "score"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_table(commitment: str, events: list[object], score: tuple[int, int] | None) -> None:
    run = evaluate(case(f"- {commitment}", events), ["red-tells"], on=date(2020, 3, 31))
    (row,) = rows(run)
    assert score_of(run, row) == score
    assert scored_record(run, row)["score"] == score


def test_what_nobody_watched_may_be_anything() -> None:
    run = evaluate(case(f"- {HOLD}", [], coverage=[]), ["red-tells"], on=date(2020, 3, 31))
    assert score_of(run, rows(run)[0]) == (0, 3)


def test_words() -> None:
    assert [score_words(s) for s in (None, (2, 2), (0, 3))] == ["", "2", "0 to 3"]
    assert When.parse("2020-01-01").is_day
