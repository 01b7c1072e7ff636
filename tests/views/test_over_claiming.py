"""Guards against over-claiming: what a finding, a mark on the map or a line may say, one table a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from page_case import FILES, read_case

from standoff.case.claims import Account, Anchor
from standoff.case.model import Case
from standoff.case.read import load
from standoff.evidence.accounts import EventTelling, reports
from standoff.runs.compare import Difference
from standoff.runs.results import Arrivals, Break, Fan, Matters, Outlook, Present, Run
from standoff.values import When
from standoff.views import accounts, charts, comparing, evidence, findings, happenings, maps, records, terminal
from standoff.views.present import present_map

START = date(2001, 3, 1)


def with_accounts(run: Run, *accounts: str, **tables: Any) -> Run:
    spec = {**run.meta["spec"], "accounts": list(accounts), "scenarios": ["base", "stock"]}
    return replace(run, meta={**run.meta, "spec": spec}, **tables)


def broken(name: str, first: float, *, adverse: bool = False, sound: float = 1.0, fresh: float | None = None) -> Break:
    return Break("pooled", "base", name, name.title(), "x", adverse, 100, 1.0, first, first, 3, sound, fresh)


def telling(
    dispute: str, share: float, low: float, high: float, *, outcome: str = "shut", brier: float = 0.1
) -> Matters:
    return Matters(outcome, dispute, f"{dispute}?", 100, 0.7, 0.3, share, low, high, 0.5, brier)


def outcome(account: str, name: str, p: float) -> Outlook:
    return Outlook(account, "base", name, name.title(), 100, p, p - 0.04, p + 0.04, "2001-03-31")


# What breaks first.


NONE = "none breaks in these runs"


@pytest.mark.parametrize(
    ("rows", "name", "words", "before"),
    [
        ([], None, NONE, ""),
        ([broken("gate", 0.0)], None, NONE, ""),
        # a promise is named before a threat, however often that is not carried out
        ([broken("mud", 0.9, adverse=True), broken("gate", 0.1)], "gate", "Gate, in 10 % of runs", ""),
        ([broken("mud", 0.9, adverse=True)], "mud", "Mud (threat, not carried out), in 90 % of runs", ""),
        ([broken("gate", 0.2), broken("road", 0.6)], "road", "Road, in 60 % of runs", ""),
        # what stands broken is told as broken, and never as what may break
        ([broken("gate", 0.9, sound=0.0), broken("road", 0.6)], "road", "Road, in 60 % of runs", "1 promise: “Gate”"),
        (
            [broken("gate", 0.6, sound=0.0, fresh=0.0), broken("road", 0.2, fresh=0.3)],
            "road",
            "Road, in 30 % of runs",
            "1 promise: “Gate”",
        ),
        ([broken("gate", 0.6, sound=0.0, fresh=0.0)], None, NONE, "1 promise: “Gate”"),
        (
            [broken("gate", 0.1, sound=0.0), broken("road", 0.6, sound=0.4), broken("mud", 0.9, sound=0, adverse=True)],
            "mud",
            "Mud (threat, not carried out), in 90 % of runs",
            "2 promises: “Road” and “Gate”",
        ),
        # half and more of the runs begin with it whole: it is not said to be broken before
        ([broken("gate", 0.6, sound=0.5, fresh=0.6)], "gate", "Gate, in 60 % of runs", ""),
        ([broken("gate", 0.999)], "gate", "Gate, in over 99 % of runs", ""),
    ],
)
def test_what_is_broken_and_what_breaks_first(
    run: Run, rows: list[Break], name: str | None, words: str, before: str
) -> None:
    one = with_accounts(run, "pooled", breaks=tuple(rows))
    first = charts.first_unbroken(one, "pooled")
    assert (first and first.commitment) == name
    assert findings.breaking(one, "pooled") == words
    assert findings.broken_words(one, "pooled") == before
    assert charts.first_unbroken(one, "other") is None
    assert charts.first_unbroken(one, "pooled", "stock") is None


def test_no_finding_speaks_of_a_break_where_nothing_breaks(case: Case, run: Run) -> None:
    for first, many in ((0.0, 0), (0.3, 1)):
        one = with_accounts(run, "pooled", breaks=(broken("gate", first), broken("road", 0.0)))
        assert sum(f.figure == "first-break" for f in findings.findings(case, one)) == many
        assert ("MOST OFTEN FIRST TO BREAK" in terminal.page(case, one)) == bool(one.breaks)
        assert "BROKEN AS THE RUNS BEGIN" not in terminal.page(case, one)


def test_chances_and_medians_are_on_no_first_screen(case: Case, run: Run) -> None:
    """How it scored comes first, chances of outcomes last; nobody's median of people displaced is in a headline."""
    text = terminal.page(case, run)
    assert (
        text.index("HOW SUCH RUNS SCORED")
        < text.index("SENSITIVITY OF THIS MODEL")
        < text.index("WHAT IF THE MODEL HELD")
    )
    assert text.index("WHAT WE DO NOT KNOW") < text.index("WHAT IF THE MODEL HELD")
    assert "median" not in text
    for finding in findings.findings(case, run):
        assert finding.figure not in ("accounts", "displacement")
    assert "backcast" in findings.scored_line(case)


# Which disputes matter.


@pytest.mark.parametrize(
    ("rows", "groups"),
    [
        ([], []),
        # an interval that touches chance is never listed
        ([telling("a", 0.4, 0.0, 0.9)], []),
        ([telling("a", 0.4, -0.1, 0.9)], []),
        ([telling("a", 0.4, 0.0, 0.9), telling("b", 0.2, 0.01, 0.3)], [["b"]]),
        ([telling("a", 0.2, 0.1, 0.3), telling("b", 0.4, 0.2, 0.5), telling("c", 0.3, 0.0, 0.5)], [["b"], ["a"]]),
        # what the voices answer together cannot be told apart
        ([telling("a", 0.2, 0.1, 0.3), telling("b", 0.2, 0.1, 0.3)], [["a", "b"]]),
        (
            [telling(name, x, 0.01, 0.5) for name, x in zip("abcd", (0.4, 0.3, 0.2, 0.1), strict=True)],
            [["a"], ["b"], ["c"]],
        ),
        # the outcome with most to gain
        (
            [telling("a", 0.2, 0.1, 0.3), telling("b", 0.1, 0.05, 0.3, outcome="many", brier=0.2)],
            [["b"]],
        ),
        ([telling("a", 0.2, 0.1, 0.3), telling("b", 0.9, 0.0, 1.0, outcome="many", brier=0.2)], [["a"]]),
    ],
)
def test_disputes_that_are_only_noise_are_never_listed(
    case: Case, run: Run, rows: list[Matters], groups: list[list[str]]
) -> None:
    one = replace(run, matters=tuple(rows))
    assert [[m.dispute for m in group] for group in findings.most_telling(one)] == groups
    text = terminal.page(case, one)
    listed = {m.dispute for m in rows if f"\n  {m.dispute}: " in text}
    assert listed == {group[0] for group in groups}
    assert ("none stands out from chance" in text) == (bool(rows) and not groups)
    assert any(f.figure.startswith("matters") for f in findings.findings(case, one)) == bool(groups)


def test_a_figure_of_disputes_shows_no_share_below_nothing(case: Case, run: Run) -> None:
    rows = (telling("a", 0.4, 0.1, 0.9), telling("b", 0.0, -0.1, 0.1), telling("c", -0.1, -0.2, 0.1))
    (figure,) = charts.matters(case, replace(run, matters=rows))
    assert [point["dispute"] for point in figure["data"]["points"]] == ["a"]
    assert len(figure["rows"]) == 3  # the table has them all


# The outlook.


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ([("one", "a", 0.2), ("two", "a", 0.24)], "agree to within 4 %"),
        ([("one", "a", 0.2), ("two", "a", 0.2)], "agree to within 0 %"),
        ([("one", "a", 0.20), ("two", "a", 0.26)], ""),
    ],
)
def test_how_far_accounts_lie_apart(case: Case, run: Run, shares: list[tuple[str, str, float]], text: str) -> None:
    rows = tuple(outcome(*share) for share in shares)
    other = replace(outcome("two", "z", 1.0), scenario="stock"), replace(outcome("one", "z", 0.0), scenario="stock")
    figure = charts.outlook(case, with_accounts(run, "one", "two", outlook=(*rows, *other)))
    assert figure is not None
    assert text in figure["title"]
    assert ("agree to within" in figure["title"]) == bool(text)


def test_ranked_outlook_keeps_account_and_scenario_apart(run: Run) -> None:
    rows = (outcome("one", "b", 0.1), outcome("two", "a", 0.2), replace(outcome("one", "a", 0.3), scenario="stock"))
    one = with_accounts(run, "one", "two", outlook=rows)
    assert findings.ranked_outlook(one, "one") == [rows[0]]
    assert findings.ranked_outlook(one, "one", "stock") == [rows[2]]


# People.


@pytest.mark.parametrize(
    ("change", "drawn"),
    [
        ({}, True),
        ({"from_": When.parse("2001-02-26")}, True),
        ({"from_": When.parse("2001-03-04")}, True),
        ({"from_": When.parse("2001-02-25")}, False),  # four days off, and thirty
        ({"from_": When.parse("2001-03-05")}, False),
        ({"from_": When.parse("2001-01-30")}, False),
        ({"from_": When.parse("../2001-03-01")}, False),
        ({"to": When.parse("2001-03-31")}, True),
        ({"to": When.parse("2001-03-01")}, True),
        ({"to": When.parse("2001-04-01")}, False),
        ({"to": When.parse("2001-02-28")}, False),
        ({"to": When.parse("2001-03-10/..")}, False),
        ({"place": "mudville"}, False),
        ({"measure": "displacement-movements"}, False),
        ({"contested": "somebody says it is not so"}, False),
    ],
)
def test_only_what_measures_the_same_is_drawn_beside_the_run(
    case: Case, run: Run, change: dict[str, Any], drawn: bool
) -> None:
    one = replace(case, observed={"o": replace(case.observed["o1"], **change)})
    assert bool(charts.observations_beside(one, run)) == drawn


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ({"displaced": [1, 2]}, [1.0, 2.0]),
        ({"displaced": [1, 2], "newly-displaced": [3, None]}, [3.0]),
        ({"newly-displaced": [3, 4], "displaced-people": [5, 6]}, [5.0, 6.0]),
        ({"shut": [1, None]}, []),
    ],
)
def test_people_displaced_by_the_column_a_run_has(run: Run, columns: dict[str, list[Any]], values: list[float]) -> None:
    keys = {"account": ["one", "one"], "scenario": ["base", "base"], "trajectory": [0, 1]}
    assert charts.people_displaced(with_accounts(run, "one", outcomes=keys | columns), "one") == values


def test_twenty_dots_are_the_middles_of_twentieths() -> None:
    values = [float(v) for v in range(101)]
    assert charts.twenty(values) == pytest.approx([2.5 + 5 * i for i in range(20)])


def test_the_table_of_a_fan_has_every_seventh_day_and_the_last() -> None:
    rows = [Fan("one", "base", "s", "", f"2001-03-{d:02d}", *[0.0] * 8) for d in range(1, 18)]
    assert [r.date[-2:] for r in charts.weekly(rows)] == ["01", "08", "15", "17"]


@pytest.mark.parametrize(
    ("accounts", "main"), [(("one", "pooled"), "pooled"), (("one", "two"), "one"), (("pooled",), "pooled")]
)
def test_headlines_speak_of_the_pooled_account_or_the_first(run: Run, accounts: Sequence[str], main: str) -> None:
    assert charts.main_account(with_accounts(run, *accounts)) == main


def test_days_of_a_run(run: Run) -> None:
    assert (charts.run_start(run), charts.run_end(run), charts.known_day(run)) == (START, date(2001, 3, 31), START)
    later = {**run.meta, "spec": {**run.meta["spec"], "as_of": "2001-02-10"}}
    assert charts.known_day(replace(run, meta=later)) == date(2001, 2, 10)


def test_people_are_told_with_their_range_or_not_at_all(run: Run) -> None:
    rows = tuple(
        Fan("one", "base", "displaced-people", "", f"2001-03-{d}", 0, 1000 * d, 0, 0, 2000 * d, 0, 0, 3000 * d)
        for d in (30, 31)
    )
    one = with_accounts(run, "one", quantiles=rows)
    assert findings.displacement_line(one, "one") == "31,000 to 93,000"
    assert findings.displacement_line(one, "two") == ""
    assert findings.displacement_line(one, "one", "stock") == ""


# Recorded events.


EVENTS = """id,date,type,actor,target,place,sector,title,known,claims,source,contested
e1,2001-02-10,shelling,freedonia,elbonia,mudville,,One,,c-three,,
e2,2001-02-20,shelling,freedonia,elbonia,,west,Two,,,"https://a.example/x; https://www.a.example/y",
e3,2001-02-18/2001-03-03,shelling,freedonia,elbonia,,,Three,,,"Bulletin 7; https://b.example/z",
e4,2001-02-25,shelling,freedonia,elbonia,dryton,,Four,,c-three,https://c.example/z,
"""


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(Path(tmp_path_factory.mktemp("eventful")), FILES | {"events.csv": EVENTS})


def report(case: Case, event: str, *, asserted: bool = True, denied: bool = False) -> EventTelling:
    return EventTelling(case.events[event], asserted, denied, "why", case.events[event].claims)


@pytest.mark.parametrize(
    ("event", "denied", "sources", "corroborated"),
    [
        ("e1", False, 1, False),  # one chain of claims
        ("e2", False, 1, False),  # two addresses of one host
        ("e3", False, 2, True),  # a bulletin and a host
        ("e4", False, 2, True),  # a claim and a host
        ("e3", True, 2, False),  # whatever stands behind it, an account that denies it does not corroborate it
        ("e4", True, 2, False),
    ],
)
def test_what_an_account_denies_is_never_corroborated(
    eventful: Case, event: str, denied: bool, sources: int, corroborated: bool
) -> None:
    assert happenings.backing(eventful, report(eventful, event, denied=denied)) == (sources, corroborated)
    one = happenings.event_record(eventful, report(eventful, event, denied=denied))
    assert (one["solid"], one["mark"]) == (corroborated, "corroborated" if corroborated else "claimed")
    for mark in happenings.marks(eventful, [one]):
        assert mark["solid"] == corroborated


@pytest.mark.parametrize(
    ("source", "sources"),
    [
        ("https://one.example/a ; https://copies.example/a", 1),  # a copy of a page is no second source
        ("https://one.example/a ; https://many.example/a", 1),  # nor is a page of many hands
        ("https://copies.example/a", 1),  # one that has only a copy rests on one source still
        ("https://one.example/a ; https://two.example/b", 2),
        ("https://one.example/a ; Local partner", 2),  # whoever is named without an address
        ("A/HRC/99/1", 1),  # the symbol of a document is that document, not a second name
    ],
)
def test_copies_and_pages_of_many_hands_corroborate_nothing(tmp_path: Path, source: str, sources: int) -> None:
    rows = "id,name,standing\none.example,One,wire\ncopies.example,Copies,copy\nmany.example,Many,aggregator\n"
    header, first = EVENTS.splitlines()[:2]
    names = header.split(",")
    cells = dict(zip(names, first.split(","), strict=False)) | {"id": "e9", "source": source, "claims": ""}
    events = f"{header}\n{','.join(cells.get(name, '') for name in names)}\n"
    case = read_case(tmp_path / "case", FILES | {"events.csv": events, "publishers.csv": rows})
    assert happenings.backing(case, report(case, "e9")) == (sources, sources > 1)


@pytest.mark.parametrize(
    ("asserted", "denied", "account", "word", "tag", "on_map"),
    [
        (True, False, "record", "told", "", True),
        (False, True, "record", "denied", "denied in the record", False),
        (True, True, "record", "contested", "contested in the record", True),
        (False, False, "record", "not told", "not reported in the record", False),
        (True, True, "one", "contested", "contested in this reading", True),
        (False, False, "one", "not told", "not reported in this reading", False),
    ],
)
def test_how_an_event_stands(
    eventful: Case, asserted: bool, denied: bool, account: str, word: str, tag: str, on_map: bool
) -> None:
    one = happenings.event_record(eventful, report(eventful, "e1", asserted=asserted, denied=denied), account)
    assert (one["told"], one["tag"]) == (word, tag)
    assert bool(happenings.marks(eventful, [one])) == on_map


@pytest.mark.parametrize(
    ("first", "last", "events"),
    [
        ("2001-02-21", "2001-02-24", ["e3"]),  # it began before the window and goes on in it
        ("2001-03-03", "2001-03-09", ["e3"]),
        ("2001-03-04", "2001-03-09", []),
        ("2001-02-20", "2001-02-20", ["e2", "e3"]),
        ("2001-02-25", "2001-03-09", ["e4", "e3"]),
        ("2001-02-11", "2001-02-17", []),
        ("2001-02-10", "2001-02-10", ["e1"]),
    ],
)
def test_what_goes_on_in_a_window_is_in_it(eventful: Case, first: str, last: str, events: list[str]) -> None:
    rows = happenings.event_records(eventful, "record")
    window = date.fromisoformat(first), date.fromisoformat(last)
    assert [h["id"] for h in happenings.within_window(rows, *window)] == events


def test_an_event_known_only_by_area_stands_at_its_middle_and_says_so(eventful: Case) -> None:
    rows = [happenings.event_record(eventful, report(eventful, name)) for name in ("e1", "e2", "e3")]
    marks = {mark["id"]: mark for mark in happenings.marks(eventful, rows)}
    assert set(marks) == {"e1", "e2"}  # one with neither place nor area is not drawn
    assert (marks["e1"]["area"], marks["e2"]["area"]) == (False, True)
    west = [p for p in eventful.places.values() if p.sector == "west"]
    assert marks["e2"]["lon"] == pytest.approx(sum(p.lon for p in west) / len(west), abs=1e-4)
    assert happenings.sector_centres(eventful).keys() == {"west", "border"}


@pytest.mark.parametrize("name", ["idlib", "hodeidah"])
def test_a_page_that_a_row_and_its_claim_cite_is_one_source(name: str) -> None:
    """A row with one address in all rests on one source, and is never corroborated."""
    case = load(name)
    single = []
    for told in reports(case, "record"):
        claims = [case.claims[c] for c in told.event.claims if c in case.claims]
        texts = (told.event.source, *(c.citation for c in claims))
        addresses = {happenings.web(word) for text in texts for word in text.split()}
        if len(addresses - {""}) == 1 and claims and all(c.citation for c in claims) and len(claims) == 1:
            single.append(told)
    assert len(single) >= 5
    for told in single:
        assert happenings.backing(case, told) == (1, False), told.event.id


def test_publishers_are_hosts_else_the_first_word(eventful: Case) -> None:
    publishers = {name: happenings.publishers(event.source) for name, event in eventful.events.items()}
    assert publishers == {"e1": set(), "e2": {"a.example"}, "e3": {"bulletin", "b.example"}, "e4": {"c.example"}}


# Scenarios.


def difference(
    mean: float, half: float, *, account: str = "pooled", unit: str = "share", differ: float = 1.0
) -> Difference:
    return Difference(
        kind="scenario",
        account=account,
        scenario="stock",
        against="base",
        outcome=f"o{mean}",
        title=f"Title {mean}",
        unit=unit,
        n=100,
        mean=mean,
        low=mean - half,
        high=mean + half,
        differ=1.0,
    )


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], "no outcome changes beyond sampling error"),
        ([difference(0.1, 0.2)], "no outcome changes beyond sampling error"),
        ([difference(0.1, 0.05, account="one")], "no outcome changes beyond sampling error"),
        ([difference(0.1, 0.05)], "Title 0.1, +10 points (+5 to +15),"),
        # that which stands out most from its error, not the largest
        ([difference(0.1, 0.01), difference(-0.5, 0.4)], "Title 0.1, +10 points (+9 to +11),"),
        ([difference(4512.0, 100, unit="people")], "Title 4512.0, +4,500 people (+4,400 to +4,600),"),
    ],
)
def test_the_clearest_difference_or_none(rows: list[Difference], text: str) -> None:
    assert comparing.clearest(rows, "pooled") == text


@pytest.mark.parametrize(
    ("base", "other", "shown"),
    [(100.0, 100.4, False), (100.0, 101.0, True), (100.0, 99.0, True), (0.0, 3.0, True)],
)
def test_a_shift_of_less_than_one_person_is_not_told(
    case: Case, run: Run, base: float, other: float, shown: bool
) -> None:
    def rows(account: str, scenario: str, area: str, mean: float) -> Present:
        quantiles = dict.fromkeys(("q05", "q10", "q25", "q50", "q75", "q90", "q95"), mean)
        return Present(account, scenario, "", area, "2001-03-31", "newcomers", 0.0, mean, **quantiles)

    present = (rows("pooled", "base", "Dryton", base), rows("pooled", "stock", "Dryton", other),
               rows("one", "stock", "Mudcamp", 5000.0))  # fmt: skip
    figures = comparing.shifts(case, replace(run, present=present))
    assert bool(figures) == shown
    if shown:
        assert f"{'more' if other > base else 'fewer'} people have come to Dryton and stay" in figures[0]["title"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ([0.0] * 10, "almost no difference to how many people are displaced"),
        ([300.0] * 10, "almost no difference to how many people are displaced"),
        ([500.0] * 10, "more people displaced than in the base scenario in 100 % of runs"),
        ([-500.0] * 10, "fewer people displaced than in the base scenario in 100 % of runs"),
        (
            [-500.0] * 999 + [0.0],
            "fewer people displaced than in the base scenario in over 99 % of runs, as many in under 1 %",
        ),
    ],
)
def test_what_a_scenario_does_is_told_beyond_one_in_a_hundred(run: Run, change: list[float], text: str) -> None:
    """The median of the base is some 40,000: a change below one in a hundred of it is next to none."""
    keys = {"account": ["one"], "scenario": ["base"], "trajectory": [0], "displaced": [40000]}
    assert comparing.change_words(with_accounts(run, "one", outcomes=keys), "one", change) == text


def test_scenarios_of_unequal_runs_are_not_compared(run: Run) -> None:
    keys = {
        "account": ["one"] * 3,
        "scenario": ["base", "base", "stock"],
        "trajectory": [0, 1, 0],
        "displaced": [10, 20, 30],
    }
    assert comparing.people_changes(with_accounts(run, "one", outcomes=keys), "one", "stock") == []


# What is not known.


def test_places_two_kilometres_off_and_more_are_weak(case: Case) -> None:
    assert records.unknowns(case)["weak_places"] == 3  # mudcamp 3, gatehouse 2, lookout 5
    assert "3 places may be 2 km or more off" in maps.region_map(case)["definition"]


def test_a_zone_holds_on_its_first_and_its_last_day(case: Case) -> None:
    strip = next(zone for zone in case.zones if zone.id == "strip")
    strip = replace(strip, until=When.parse("2001-02-03"))
    days = {"2001-01-04": False, "2001-01-05": True, "2001-02-03": True, "2001-02-04": False}
    assert {day: maps.holds(strip, date.fromisoformat(day)) for day in days} == days
    assert maps.holds(strip, None)


# Whose word it is.


def party_case(case: Case) -> Case:
    accounts = {
        "elb": Account(id="elb", title="What Elbonia said", kind="statement", party="elbonia"),
        "gaz": Account(id="gaz", title="The Gazette's", kind="statement", party="gazette", standard="two witnesses"),
        "lost": Account(id="lost", title="What somebody said", kind="statement", party="somebody"),
        "mute": Account(id="mute", title="What nobody said", kind="statement"),
        "read": Account(id="read", title="The Herald's answers", kind="reading"),
        "self": Account(id="self", title="The record, read as told", kind="reading"),
    }
    return replace(case, accounts=accounts)


@pytest.mark.parametrize(
    ("account", "speaker", "title", "scope"),
    [
        (
            "elb",
            "Elbonia",
            "What Elbonia said",
            "Elbonia itself said in public. Of all else it says nothing.",
        ),
        ("gaz", "The Elbonia Gazette", "The Gazette's", "by this standard: two witnesses."),
        ("lost", "somebody", "What somebody said", "Only what somebody itself said in public."),
        ("mute", "mute", "What nobody said", "Only what mute itself said in public."),
        ("read", "The Herald's answers (a reading)", "The Herald's answers (a reading)", "not that voice's word"),
        (
            "self",
            "The record, read as told",
            "The record, read as told",
            "A reading",
        ),
        ("record", "record", "record", "what somebody denies is contested"),
    ],
)
def test_an_account_says_whose_word_it_is(case: Case, account: str, speaker: str, title: str, scope: str) -> None:
    one = party_case(case)
    assert accounts.speaker(one, account) == speaker
    assert accounts.title(one, account) == title
    assert scope in accounts.account_scope(one, account)
    headings = {name: heading for heading, some in accounts.groups(one) for name, _ in some}
    if account != "record":
        assert headings[account] == ("Readings" if account in ("read", "self") else "What parties and bodies said")


@pytest.mark.parametrize(
    ("says", "by", "text"),
    [
        ("broken", ("elbonia",), "broken by Elbonia"),
        ("broken", ("elbonia", "xx"), "broken by Elbonia and xx"),
        ("broken", (), "broken"),
        ("kept", ("elbonia",), "broken"),
        ("own-act", ("elbonia",), "broken, by Elbonia"),
    ],
)
def test_who_did_it_stands_only_where_somebody_says_so(case: Case, says: str, by: tuple[str, ...], text: str) -> None:
    assert accounts.wording(case, "broken", says, by) == text


@pytest.mark.parametrize(
    ("asserted", "denied", "claims", "word", "tag", "behind"),
    [
        (True, False, ("c-three",), "asserted", "asserted by Elbonia", "1 statement"),
        (False, True, ("c-three", "c-one"), "denied", "denied by Elbonia", "2 statements"),
        (True, True, ("c-three",), "says both", "Elbonia says both", "1 statement"),
        (False, False, (), "says nothing", "Elbonia says nothing", "no statement"),
    ],
)
def test_what_a_party_says_of_an_event_is_its_word_and_corroborates_nothing(
    eventful: Case, asserted: bool, denied: bool, claims: tuple[str, ...], word: str, tag: str, behind: str
) -> None:
    one = EventTelling(eventful.events["e4"], asserted, denied, "why", claims)
    row = happenings.event_record(party_case(eventful), one, "elb")
    assert (row["told"], row["tag"], row["witnesses"], row["solid"], row["mark"]) == (word, tag, behind, False, "")
    assert row["contested"] == ""
    assert row["links"] == (["https://example.org/bulletin/7"] if claims else [])
    assert bool(happenings.marks(eventful, [row])) == asserted
    gone = happenings.event_record(eventful, replace(one, claims=("c-gone",)), "record")
    assert gone["claims"] == []  # a claim that the case has no more is not linked


# The map.


def test_the_map_stands_at_the_start_or_at_the_day_it_is_asked_for(case: Case) -> None:
    ids = {on: [z["id"] for z in maps.region_map(case, on)["data"]["zones"]] for on in (None, date(2001, 1, 1))}
    assert ids == {None: ["strip", "m1"], date(2001, 1, 1): ["m1"]}
    assert maps.region_map(case)["as_of"] == "1 Mar 2001"
    assert maps.region_map(case, date(2001, 1, 1))["as_of"] == "1 Jan 2001"


def test_the_map_shows_where_people_are_within_the_region(case: Case) -> None:
    # people at 10.6 to 11.2 east and 10.5 to 11.2 north; the region is 10 to 12 and 10 to 11.6
    assert maps.map_extent(case) == [10.3, 10.25, 11.5, 11.4]
    tight = replace(case, about=replace(case.about, region=(10.5, 10.4, 11.3, 11.3)))
    assert maps.map_extent(tight) == [10.5, 10.4, 11.3, 11.3]
    empty = replace(case, places={k: replace(p, residents=0, displaced=0) for k, p in case.places.items()})
    assert maps.map_extent(empty) == [10, 10, 12, 11.6]


def test_no_title_or_total_is_of_gross_arrivals(case: Case, run: Run) -> None:
    rows = tuple(Arrivals("pooled", "base", "dryton", "2001-03-31", n, n, n, n) for n in (10.0, 25.0))
    alone = replace(run, arrivals=rows, present=())
    assert present_map(case, alone) is None
    assert comparing.shifts(case, alone) == []


def test_the_outcome_with_most_to_gain_comes_first_by_its_best_dispute(run: Run) -> None:
    rows = (
        telling("a", 0.2, 0.1, 0.3, outcome="shut", brier=0.3),
        telling("b", 0.1, 0.1, 0.3, outcome="shut", brier=0.01),
        telling("a", 0.2, 0.1, 0.3, outcome="many", brier=0.2),
        telling("b", 0.2, 0.0, 0.3, outcome="many", brier=0.9),
        telling("a", 0.2, 0.1, 0.3, outcome="alike", brier=0.2),
    )
    assert charts.telling_outcomes(replace(run, matters=rows)) == ["shut", "alike", "many"]


# The claims that stand on a text.


def test_claims_stand_on_their_words_and_nowhere_else(case: Case) -> None:
    claims = [
        replace(case.claims["c-one"], at=(Anchor(paragraph=2, anchor="the gate stays"),)),
        replace(case.claims["c-two"], at=(Anchor(paragraph=2, anchor="stays open"),)),
        replace(case.claims["c-three"], at=(Anchor(paragraph=3, anchor="words that are not there"),)),
    ]
    paragraphs, lost = evidence.marked("Mud.\nToday the gate stays open, they say.\nNothing here.", claims)
    assert [[(piece.text, piece.claims) for piece in pieces] for pieces in paragraphs] == [
        [("Mud.", ())],
        [
            ("Today ", ()),
            ("the gate ", ("c-one",)),
            ("stays", ("c-one", "c-two")),
            (" open", ("c-two",)),
            (", they say.", ()),
        ],
        [("Nothing here.", ())],
    ]
    assert lost == ["c-three"]


# Figures say no more than their rows.


@pytest.mark.parametrize(
    ("people", "title"),
    [
        ([100, 300, 320, 900], "than 300 people"),
        ([0, 0, 0, 4], "than 1 people"),  # a median of nobody asks for more than one
        ([210, 210, 210, 210], "than 200 people"),
    ],
)
def test_the_title_of_the_dots_is_about_a_round_middle(case: Case, run: Run, people: list[int], title: str) -> None:
    keys: dict[str, list[Any]] = {"account": ["one"] * 4, "scenario": ["base"] * 4, "trajectory": [0, 1, 2, 3]}
    made = charts.dots(case, with_accounts(run, "one", "two", outcomes=keys | {"displaced-people": people}))
    assert made is not None
    assert title in made["title"]
    assert [panel["account"] for panel in made["data"]["panels"]] == ["one"]  # of the other nothing is recorded
    assert len(made["rows"]) == 20


def test_the_outlook_has_the_accounts_and_the_scenario_it_speaks_of(case: Case, run: Run) -> None:
    rows = [outcome("one", "shut", 0.2), outcome("two", "shut", 0.6), outcome("nobody", "shut", 0.9)]
    rows += [replace(outcome("one", "shut", 0.95), scenario="stock"), outcome("one", "many", 0.5)]
    made = charts.outlook(case, with_accounts(run, "one", "two", outlook=tuple(rows)))
    assert made is not None
    assert [(p["account"], p["p"]) for p in made["data"]["points"]] == [("one", 0.2), ("two", 0.6), ("one", 0.5)]
    assert "Shut (20" in made["title"].replace("%", "")
    assert " by 31 Mar 2001" in made["definition"]
    rows[4] = replace(rows[4], by="2001-03-15")
    later = charts.outlook(case, with_accounts(run, "one", "two", outlook=tuple(rows)))
    assert later is not None
    assert "by its date" in later["definition"]


def test_promises_are_ranked_by_the_account_headlines_speak_of_and_threats_come_last(case: Case, run: Run) -> None:
    rows = [broken("gate", 0.3), broken("road", 0.5), broken("mud", 0.9, adverse=True), broken("well", 0.0)]
    rows += [replace(broken("gate", 0.9), account="one"), replace(broken("road", 0.9), scenario="stock")]
    made = charts.breaks(case, with_accounts(run, "pooled", "one", breaks=tuple(rows)))
    assert made is not None
    assert [one["id"] for one in made["data"]["commitments"]] == ["road", "gate", "mud"]
    assert [(p["commitment"], p["account"], p["share"]) for p in made["data"]["points"]] == [
        ("road", "pooled", 0.5), ("gate", "pooled", 0.3), ("gate", "one", 0.9), ("mud", "pooled", 0.9),
    ]  # fmt: skip
    top = charts.breaks(case, with_accounts(run, "pooled", "one", breaks=tuple(rows)), top=1)
    assert top is not None
    assert [one["id"] for one in top["data"]["commitments"]] == ["road"]
    assert charts.breaks(case, with_accounts(run, "pooled", breaks=(broken("well", 0.0),))) is None
