"""Edges of what pages say of a run and of a ledger: who is named first, how often, of how many, and on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from test_over_claiming import broken, party_case, telling, with_accounts

from standoff.case.model import Case
from standoff.commitments.engine.states import settle
from standoff.commitments.ledger import Bar
from standoff.runs.results import Run
from standoff.views import charts, network

ON = date(2001, 3, 10)


@pytest.mark.parametrize(
    ("account", "title"),
    [
        ("elb", "elb (a reading of an older edition of the case)"),
        ("read", "The Herald's answers (a reading)"),
        ("self", "The record, read as told"),
    ],
)
def test_a_party_was_never_run(case: Case, account: str, title: str) -> None:
    assert charts.account_title(party_case(case), account) == title


@pytest.mark.parametrize(
    ("accounts", "line"),
    [
        (["record"], "Run: the record."),
        (["read"], "Run: 1 reading of it (The Herald's answers (a reading))."),
        (["elb"], "Run: 1 reading of it (elb (a reading of an older edition of the case))."),
        (["record", "read", "self"], "Run: the record and 2 readings of it ("),
    ],
)
def test_which_accounts_were_run(case: Case, run: Run, accounts: list[str], line: str) -> None:
    assert charts.accounts_line(party_case(case), with_accounts(run, *accounts)).startswith(line)


@pytest.mark.parametrize(
    ("accounts", "n"),
    [(["a"], "n = 200 runs"), (["a", "b"], "n = 200 runs for each of 2 accounts"),
     (["a", "b", "c"], "n = 200 runs for each of 3 accounts")],
)  # fmt: skip
def test_a_figure_says_of_how_many_runs(case: Case, run: Run, accounts: list[str], n: str) -> None:
    assert charts.frame(case, with_accounts(run, *accounts))["n"] == n


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ((0.31, 0.6), (0.34, 0.1), "road"),  # to a hundredth
        ((0.341, 0.6), (0.339, 0.1), "gate"),  # level: the one that is broken more often
        ((0.5, 0.1), (0.5, 0.2), "road"),
    ],
)
def test_what_breaks_anew_is_ranked_to_a_hundredth(
    run: Run, first: tuple[float, float], second: tuple[float, float], name: str
) -> None:
    rows = (broken("gate", first[1], fresh=first[0]), broken("road", second[1], fresh=second[0]))
    best = charts.first_unbroken(with_accounts(run, "pooled", breaks=rows), "pooled")
    assert best is not None
    assert best.commitment == name


def test_the_figure_of_breaks_is_headed_by_what_breaks_first(case: Case, run: Run) -> None:
    level = (broken("gate", 0.9, sound=0.0), broken("road", 0.601))  # what stands broken is left out
    figure = charts.breaks(case, with_accounts(run, "pooled", breaks=level))
    assert figure is not None
    assert ": Road, " in figure["title"] and "left out: “Gate”" in figure["definition"]
    assert [row["id"] for row in figure["data"]["commitments"]] == ["road"]
    other = tuple(replace(row, account="other") for row in level)  # nothing breaks first in the main account
    figure = charts.breaks(case, with_accounts(run, "pooled", "other", breaks=(broken("gate", 0.0), *other)))
    assert figure is not None
    assert "Road" in figure["title"]


def test_breaks_of_other_scenarios_and_accounts_are_in_no_figure(case: Case, run: Run) -> None:
    rows = (
        broken("gate", 0.3),
        replace(broken("mud", 0.9), scenario="stock"),
        replace(broken("sea", 0.9), account="x"),
    )
    figure = charts.breaks(case, with_accounts(run, "pooled", breaks=rows))
    assert figure is not None
    assert figure["title"].endswith("Gate, in 30 % of runs")
    assert not [row for row in figure["rows"] if "Mud" in map(str, row) or "Sea" in map(str, row)]


def test_the_futures_of_an_account_are_numbered_from_one(case: Case, run: Run) -> None:
    figure = charts.dots(case, run)
    assert figure is not None
    assert [row[1] for row in figure["rows"][:20]] == list(range(1, 21))


def test_disputes_that_are_answered_together_come_first_together(case: Case, run: Run) -> None:
    one = telling("a", 0.4, 0.1, 0.9)
    rows = (replace(one, p_top=0.3), replace(one, dispute="b", p_top=0.25), replace(one, dispute="c", p_top=None))
    figures = charts.matters(case, replace(run, matters=rows))
    tops = [point["top"] for figure in figures for point in figure["data"]["points"]]
    assert sum(tops) == pytest.approx(0.55)
    certain = tuple(replace(row, p_top=0.8) for row in rows)
    tops = [p["top"] for f in charts.matters(case, replace(run, matters=certain)) for p in f["data"]["points"]]
    assert max(tops) <= 1.0


@pytest.mark.parametrize("code", [2, 3, 4, 5])
def test_a_slot_settles_where_both_completions_agree(code: int) -> None:
    from standoff.commitments.engine.states import STATES, VIOLATED

    assert settle(code, code, True) == STATES[code]
    assert settle(code, code, False, False) == (STATES[code] if code == VIOLATED else "unknown")
    assert settle(code, code, True, False) == (STATES[code] if code == VIOLATED else "contested")
    assert settle(code, code + 1, False) == "unknown"
    assert settle(code, code + 1, True) == "contested"


def bar(name: str, verdict: str, first: str, last: str | None, **more: Any) -> Bar:
    fields: dict[str, Any] = {"key": "", "account": "record", "reading": "", "state": verdict, "breaches": 0, **more}
    until = date.fromisoformat(last) if last else None
    return Bar(commitment=name, verdict=verdict, from_=date.fromisoformat(first), to=until, **fields)


@pytest.mark.parametrize(
    ("bars", "late", "look"),
    [
        ([("violated", "2001-03-01", None)], {}, "violated"),
        ([("violated", "2001-03-10", "2001-03-10")], {}, "violated"),  # its first and last day count
        ([("violated", "2001-03-11", None)], {}, None),
        ([("violated", "2001-03-01", "2001-03-09")], {}, None),
        ([("not-yet", "2001-03-01", None)], {}, None),
        ([("satisfied", "2001-03-01", None), ("violated", "2001-03-01", None)], {}, "violated"),  # the worst of several
        ([("violated", "2001-03-01", None), ("contested", "2001-03-01", None)], {}, "violated"),
        ([("violated", "2001-03-01", None)], {("record", "NAME", "", ""): date(2001, 3, 10)}, "late"),
        ([("violated", "2001-03-01", None)], {("record", "NAME", "", ""): date(2001, 3, 11)}, "violated"),
        ([("satisfied", "2001-03-01", None)], {("record", "NAME", "", ""): date(2001, 3, 1)}, "satisfied"),
    ],
)
def test_the_network_shows_the_worst_that_stands_on_the_day(
    case: Case, bars: list[tuple[str, str, str | None]], late: dict[tuple[str, ...], date], look: str | None
) -> None:
    name, record = next((n, c) for n, c in case.commitments.items() if not c.adverse)
    done: Any = {tuple(name if part == "NAME" else part for part in key): day for key, day in late.items()}
    spans = [bar(name, *one) for one in bars] + [bar(name, "violated", "2001-03-01", None, account="other")]
    spans.append(bar(name, "violated", "2001-03-01", None, reading="another"))
    columns = network.ledger_columns(case, spans, "record", ON, {}, done)
    assert [c["look"] for c in columns["commitments"]] == ([look] if look else [])
    if look:
        assert [d["id"] for d in columns["debtors"]] == list(record.debtor)
        assert all(d["commitments"] == 1 for d in columns["debtors"])
        assert [d["kind"] for d in columns["debtors"]] == [case.actors[d].kind for d in record.debtor]
