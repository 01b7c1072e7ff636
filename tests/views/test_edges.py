"""Edges of what pages say of a run and of a ledger: who is named first, how often, of how many, and on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from test_over_claiming import broken, party_case, telling, with_accounts

from standoff.case.model import Case
from standoff.commitments.engine.states import degree_score, settle
from standoff.commitments.ledger import Bar
from standoff.evidence.accounts import EventTelling
from standoff.runs.results import Run
from standoff.runs.scored import MECHANICS, ScoredCase
from standoff.views import charts, findings, happenings, network

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
    assert figure["title"].endswith(": Road, in 0 % of runs")  # of the account that the title speaks of


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


def test_futures_are_drawn_to_four_digits_and_listed_to_three_and_an_account_without_any_hides_none(
    case: Case, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"pooled": [], "a": [12346.0] * 40, "b": []}
    monkeypatch.setattr(charts, "people_displaced", lambda run, account, scenario="": values[account])
    figure = charts.dots(case, with_accounts(run, "pooled", "a", "b"))
    assert figure is not None
    (panel,) = figure["data"]["panels"]
    assert (panel["account"], panel["values"]) == ("a", [12350.0] * 20)
    assert [row[2] for row in figure["rows"]] == [12300] * 20


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("gate",), "“Gate”"),
        (("gate", "road"), "“Gate” and “Road”"),
        (("gate", "road", "mud"), "“Gate”, “Road” and “Mud”"),
        (("gate", "road", "mud", "sea"), "“Gate”, “Road”, “Mud” and 1 other"),
        (("gate", "road", "mud", "sea", "pass"), "“Gate”, “Road”, “Mud” and 2 others"),
    ],
)
def test_three_titles_are_listed_and_the_others_counted(names: tuple[str, ...], words: str) -> None:
    assert charts.listing_of([broken(name, 0.5) for name in names]) == words


SCORED = ScoredCase(
    edition="1", mechanics=MECHANICS, ranks_mechanics=MECHANICS, n=50, yes=10, brier=0.15, brier_base=0.2,
    brier_decayed=0.18, mean=0.3, high=9, high_came=4, gap=(-0.03, -0.05, -0.01),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "were better than base rates (mean squared miss 0.150 and 0.180; 90 % of the difference: -0.050 to "
         "-0.010). They averaged 30 %, and 20 % came about; of 9 above 40 % 4 did. How many"),
        ({"gap": (0.03, 0.01, 0.05)}, "were worse than base rates"),
        ({"gap": (0.01, -0.01, 0.05)}, "were not shown to be better than base rates"),
        ({"gap": (-0.01, -0.02, 0.0)}, "were not shown to be better than base rates"),
        ({"gap": (0.01, 0.0, 0.02)}, "were not shown to be better than base rates"),
        ({"brier_base": 0.17}, "0.150 and 0.170;"),
        ({"mechanics": "0.1"}, "4 did (runs of 0.1; what runs play has changed since). How many"),
        ({"ranks": (12, 0.5, 0.4)}, "4 did. Incidents of the baseline are those of the level forecast. They ranked 12 "
         "months with a correlation of 0.50 to what came, the count of the month before with 0.40. How many"),
        ({"ranks": (12, 0.5, 0.4), "districts": (90, 0.2, 0.3)}, "with 0.40, and 90 districts and months with 0.20 "
         "and 0.30. How many"),
        ({"ranks": (12, 0.5, 0.4), "ranks_mechanics": "0.2"}, "with 0.40 (runs of 0.2; what runs play has changed "
         "since). How many"),
        ({"districts": (90, 0.2, 0.3)}, "4 did. How many"),
    ],
)  # fmt: skip
def test_how_runs_scored_is_told_as_it_came(
    case: Case, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(findings, "scored_case", lambda case: replace(SCORED, **changes))
    assert words in findings.scored_line(case)
    monkeypatch.setattr(findings, "scored_case", lambda case: None)
    assert findings.scored_line(case).startswith(
        f"Nobody has scored runs of this case: standoff backcast {case.about.id}"
    )


@pytest.mark.parametrize(
    ("account", "asserted", "denied", "told", "tag"),
    [
        ("read", True, False, "told", ""),
        ("read", False, True, "denied", "denied in this reading"),
        ("elb", True, False, "asserted", "asserted by Elbonia"),
        ("elb", False, True, "denied", "denied by Elbonia"),
        ("elb", True, True, "says both", "Elbonia says both"),
        ("elb", False, False, "says nothing", "Elbonia says nothing"),
    ],
)
def test_in_which_words_an_event_stands(
    case: Case, account: str, asserted: bool, denied: bool, told: str, tag: str
) -> None:
    event = next(iter(case.events.values()))
    one = EventTelling(event, asserted=asserted, denied=denied, why="made up", claims=())
    row = happenings.event_record(party_case(case), one, account)
    assert (row["told"], row["tag"]) == (told, tag)
    assert happenings.event_record(case, replace(one, event=replace(event, title="")))["title"] == event.type
    assert happenings.event_record(case, replace(one, event=replace(event, title="Shells")))["title"] == "Shells"


def test_only_places_of_a_sector_inside_the_region_make_its_middle(case: Case) -> None:
    west, south, east, north = case.about.region
    lon, lat = (west + east) / 2, (south + north) / 2
    some = next(iter(case.places.values()))
    places = {
        "in": replace(some, id="in", sector="west", lon=lon, lat=lat),
        "corner": replace(some, id="corner", sector="west", lon=west, lat=north),
        "other": replace(some, id="other", sector="south", lon=east, lat=south),
        "out": replace(some, id="out", sector="west", lon=east + 1, lat=lat),
        "above": replace(some, id="above", sector="north", lon=lon, lat=north + 1),
        "none": replace(some, id="none", sector="", lon=lon, lat=lat),
    }
    centres = happenings.sector_centres(replace(case, places=places))
    assert centres == {"west": pytest.approx(((lon + west) / 2, (lat + north) / 2)), "south": (east, south)}


def test_an_event_that_is_not_drawn_hides_none_behind_it(case: Case) -> None:
    event = next(e for e in case.events.values() if e.place and e.place[0] in case.places)
    rows = []
    for name, asserted, place in (("a", False, event.place), ("b", True, ()), ("c", True, event.place)):
        one = replace(event, id=name, place=place, sector=())
        rows.append(
            happenings.event_record(case, EventTelling(one, asserted=asserted, denied=False, why="", claims=()))
        )
    assert [mark["id"] for mark in happenings.marks(case, rows)] == ["c"]


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


@pytest.mark.parametrize(
    ("degree", "score"), [(-0.1, 0), (0.0, 0), (0.01, 1), (0.49, 1), (0.5, 2), (0.99, 2), (1.0, 3), (1.5, 3)]
)
def test_degrees_of_compliance_are_scored_from_none_to_full(degree: float, score: int) -> None:
    assert degree_score(degree) == score


def test_what_breaks_first_elsewhere_is_named_before_what_breaks_more_seldom(case: Case, run: Run) -> None:
    rows = [replace(broken(name, first), account="other") for name, first in (("gate", 0.2), ("road", 0.6))]
    figure = charts.breaks(case, with_accounts(run, "pooled", "other", breaks=(broken("mud", 0.0), *rows)))
    assert figure is not None
    assert figure["title"].endswith(": Road, in 0 % of runs")
    assert [row["id"] for row in figure["data"]["commitments"]] == ["road", "gate"]


def test_the_title_of_the_futures_counts_what_is_above_its_mark(
    case: Case, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "people_displaced", lambda run, account, scenario="": [0.0] * 30 + [5.0] * 10)
    figure = charts.dots(case, with_accounts(run, "pooled"))
    assert figure is not None
    assert figure["title"].startswith("In 5 of 20 simulated futures more than 1 ")


def test_the_fan_of_accounts_without_the_main_one_speaks_of_the_first(
    case: Case, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "main_account", lambda run: "nobody")
    figure = charts.fan(case, run)
    assert figure is not None
    last = run.fan(figure["data"]["panels"][0]["account"], "displaced-people")[-1]
    assert charts.span(last.q05, last.q95) in figure["title"]


@pytest.mark.parametrize(("title", "origin", "shown"), [("By a count", "Elbonia", "By a count"), ("", "EL", "EL")])
def test_an_observed_figure_is_named_by_its_title_or_its_origin(
    case: Case, run: Run, title: str, origin: str, shown: str
) -> None:
    (value,) = (point["value"] for point in charts.observations_beside(case, run))
    observed = {k: replace(o, title=title, origin=origin) for k, o in case.observed.items() if o.value == value}
    points = charts.observations_beside(replace(case, observed=observed), run)
    assert {point["title"] for point in points} == {shown}


@pytest.mark.parametrize(("many", "words"), [(1, ""), (2, " (with 1 other answered"), (3, " (with 2 others answered")])
def test_disputes_that_cannot_be_told_apart_are_counted_in_the_finding(
    case: Case, run: Run, many: int, words: str
) -> None:
    rows = tuple(telling(name, 0.4, 0.1, 0.9) for name in "abc"[:many])
    (text,) = (f.text for f in findings.findings(case, replace(run, matters=rows)) if f.figure.startswith("matters"))
    assert ("answered together" in text) is bool(words)
    assert words in text


def test_places_of_an_event_are_named_and_one_that_the_case_has_not_by_its_id(case: Case) -> None:
    event = next(iter(case.events.values()))
    place = next(iter(case.places.values()))
    one = replace(event, place=(place.id, "nowhere"))
    row = happenings.event_record(case, EventTelling(one, asserted=True, denied=False, why="", claims=()))
    assert row["places"] == [place.name, "nowhere"]
