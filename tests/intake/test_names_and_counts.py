"""Edges of what is charged to whom and counted where: one country's group is not another's, one bad row hides none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ledger_case import case

from standoff.case.model import Case
from standoff.case.vocabulary import NOT_TOLD
from standoff.errors import StandoffError
from standoff.intake import batch
from standoff.intake.batch import EventLog, event_of, read_events, read_file
from standoff.intake.party_names import PartyNames
from standoff.values import When

OWN = "id,date,type,actor,target"
GED = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,low,high,latitude,longitude,where_prec,where_coordinates,"
    "source_article"
)
TODAY = date(2021, 1, 1)


def in_period(period: str) -> Case:
    made = case()
    return replace(made, about=replace(made.about, period=When.parse(period)))


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_a_group_of_another_country_is_another_group() -> None:
    names = PartyNames(case(actors="- {id: band, name: Front (Syria), kind: armed-group}"))
    assert names.by_rule("Front (Syria)") == "band"
    assert names.by_rule("Front (Turkey)") is None
    assert names.by_rule("Front") is None  # it may be the other one
    assert names.proposal("Front")[0] == "band"


def test_a_country_behind_a_name_is_that_of_a_state_of_the_case() -> None:
    actors = "- {id: red, name: Syria, kind: state}\n- {id: band, name: National Front, kind: armed-group}"
    names = PartyNames(case(actors=actors))
    assert names.by_rule("National Front") == "band"
    assert names.by_rule("National Front (Syria)") == "band"
    assert names.by_rule("National Front (2012-) (Syria)") == "band"
    assert names.by_rule("National Front (Turkey)") is None


def test_a_name_that_two_actors_share_is_neither() -> None:
    actors = "- {id: one, name: Front (Syria), kind: armed-group}\n- {id: two, name: Front (Turkey), kind: armed-group}"
    names = PartyNames(case(actors=actors))
    assert names.by_rule("Front (Syria)") == "one"
    assert names.by_rule("Front") is None
    assert names.by_rule("Front (2012-) (Syria)") is None


def test_a_place_of_the_case_is_met_only_at_the_place_itself() -> None:
    rows = [f"7{k},2020-01-03,2020-01-03,1,Red,Blue,2,9,35.9,36.6,{k},Northtown,Wire" for k in (1, 2)]
    events = read_events(table(GED, *rows), case(), today=TODAY).events
    assert events[0].place == ("northtown",)
    assert events[1].place != ("northtown",)


def test_a_bad_row_does_not_hide_those_behind_it() -> None:
    rows = ["a,2020-01-05,shelling,red,blue", "b,some day,shelling,red,blue", "c,2020-01-06,shelling,blue,red"]
    log = read_events(table(OWN, *rows), case(), skip_bad=True, today=TODAY)
    assert [event.id for event in log.events] == ["a", "c"]
    assert log.left_out == 1


@pytest.mark.parametrize(("many", "more"), [(20, False), (21, True)])
def test_it_is_told_when_not_every_bad_row_is_listed(many: int, more: bool) -> None:
    rows = [f"a{k},some day,shelling,red,blue" for k in range(many)]
    with pytest.raises(StandoffError) as raised:
        read_events(table(OWN, *rows), case(), today=TODAY)
    assert ("the first 20 follow" in str(raised.value)) is more


def test_days_of_an_exercise_set_in_the_future_are_none_of_the_future() -> None:
    rows = ["a,2090-01-05,shelling,red,blue"]
    assert len(read_events(table(OWN, *rows), in_period("2090-01-01/2090-12-31")).events) == 1
    with pytest.raises(StandoffError, match="in the future"):
        read_events(table(OWN, *rows), in_period("2019-01-01/2020-12-31"))
    log = read_events(table(OWN, "a,2021-05-05,shelling,red,blue"), in_period("2019-01-01/2020-12-31"))
    assert (log.outside_period, log.events) == (1, ())


def test_what_stands_on_standard_input_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "read_standard_input", lambda most: b"a,b\n1,2\n")
    with pytest.raises(StandoffError, match="standard input"):
        read_file("-", case())


def test_when_a_report_was_known_needs_both_ends() -> None:
    report = read_file(
        table(GED, "7,2020-01-03,2020-01-03,1,Red,Blue,2,9,35.9,36.6,1,N,W"), case(), today=TODAY
    ).records[0]
    assert str(event_of(report).known) == "2020-01-03/2021-01-01"
    assert event_of(replace(report, known_by=None)).known is None


@pytest.mark.parametrize(
    ("kind", "own", "told"),
    [
        ("shelling", (), True),
        ("shelling", ("clash/at-sea",), True),
        ("shelling", ("shelling/by-night",), False),  # the log cannot say which of the two it was
        ("shelling", ("clash/at-sea", "shelling/by-night"), False),
        ("suicide-bombing", ("bombing/by-night",), False),  # a kind of what the case parts
        ("assault", ("shelling/by-night",), False),  # wider than what the case parts
        ("clash", ("shelling/by-night",), True),
    ],
)
def test_a_case_with_kinds_of_its_own_is_not_told_which_of_them_a_log_means(
    kind: str, own: tuple[str, ...], told: bool
) -> None:
    report = read_file(
        table(GED, "7,2020-01-03,2020-01-03,1,Red,Blue,2,9,35.9,36.6,1,N,W"), case(), today=TODAY
    ).records[0]
    assert event_of(replace(report, type=kind), own).type == kind + NOT_TOLD * (not told)


def test_a_log_without_counts_has_none() -> None:
    log = EventLog((), {}, {}, 0, "acled")
    assert log.in_a_line() == "0 events of ACLED"


def test_what_two_columns_of_one_name_say_is_shown_in_short(tmp_path: Path) -> None:
    rows = ["id,date,type,actor,actor,actor", "a,2020-01-05,shelling,red,blue,green"]
    with pytest.raises(StandoffError) as raised:
        read_events(table(*rows), case(), today=TODAY)
    assert "green" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "own", "same"),
    [
        ("Government of Elbonia (2012-)", "Government of Elbonia", True),
        ("Government of Elbonia (2012-)", "Government of Elbonia (2012-)", True),
        ("Government of Elbonia (2012-2019)", "Government of Elbonia (2012-)", True),  # over since
        ("Government of Elbonia (2016-)", "Government of Elbonia (2012-)", False),
        ("Government of Elbonia (2016-) Supreme Council", "Government of Elbonia (2012-)", False),
        ("Government of Elbonia (1990-2011)", "Government of Elbonia (2012-)", False),
    ],
)
def test_years_part_two_governments_of_one_name(name: str, own: str, same: bool) -> None:
    names = PartyNames(case(actors=f"- {{id: one, name: '{own}', kind: armed-group}}"))
    assert names.by_rule(name) == ("one" if same else None)
    assert names.proposal(name)[0] == ("one" if same else "")


def test_a_body_of_a_states_forces_is_proposed_as_the_state() -> None:
    names = PartyNames(case(actors="- {id: one, name: Government of Elbonia (2012-), kind: state}"))
    name = "Government of Elbonia (2012-) Supreme Council"
    assert names.by_rule(name) is None
    assert names.proposal(name) == ("one", "'Government of Elbonia (2012-)' with other words behind it")


def test_a_bad_row_of_figures_hides_none_behind_it() -> None:
    rows = ["Site,Date,People", "Northtown,2020-03-25,7", "Northtown,some day,8", "Southtown,2020-03-26,9"]
    kept = read_file(table(*rows), case(), name="t.csv", skip_bad=True)
    assert [(figure.place, figure.value) for figure in kept.records] == [("northtown", 7.0), ("southtown", 9.0)]
    assert [row.line for row in kept.left_out] == [3]
    assert len({figure.id for figure in kept.records}) == 2


def test_of_two_places_of_one_name_the_figure_says_in_which_area() -> None:
    rows = [
        "Site,Province,Date,People",
        "Newtown,North,2020-03-25,7",
        "Newtown,South,2020-03-25,8",
        ",North,2020-03-25,9",
    ]
    figures = read_file(table(*rows), case(), name="t.csv").records
    assert [(one.value, one.qualifier) for one in figures] == [(7.0, "in: North"), (8.0, "in: South"), (9.0, "")]


def test_the_source_of_a_figure_is_who_publishes_it_and_who_said_it() -> None:
    rows = ["Site,Date,People,Source", "Northtown,2020-03-25,7,The mayor", "Southtown,2020-03-25,8,"]
    batch = read_file(table(*rows), case(), name="t.csv")
    assert [one.source for one in batch.records] == [f"{batch.title}; The mayor", batch.title]


HASHTAGS = "#date,#loc+name,#affected+idps"


def test_figures_by_hashtags_outside_the_period_are_counted() -> None:
    days = ["2019-12-30", "2020-01-05", "2020-03-05", "2021-02-01", "2021-02-02"]
    rows = ["When,Where,People", HASHTAGS, *(f"{day},Northtown,7" for day in days)]
    batch = read_file(table(*rows), case(), name="t.csv")
    assert (batch.rows, [str(one.to) for one in batch.records], batch.outside_period) == (5, days[1:3], 3)


def test_a_bad_row_of_our_own_is_left_out_once_with_the_first_of_what_is_wrong() -> None:
    some = ["a,2020-01-05,shelling,red,blue,1,2", "b,2020-01-06,shelling,red,blue,few,many"]
    rows = [f"{OWN},low,high", *some, "b,2020-01-07,shelling,red,blue,,"]
    kept = read_file(table(*rows), case(), name="t.csv", skip_bad=True)
    assert ([row.line for row in kept.left_out], kept.bad, [e.id for e in kept.records]) == ([3], 1, ["a", "b"])
    assert len(kept.problems) == 2
    with pytest.raises(StandoffError) as raised:
        read_file(table(*rows), case(), name="t.csv")
    top, *others = raised.value.problems
    assert (top.line, {problem.line for problem in others}) == (0, {3})  # the file as a whole, then its line
    assert str(top).startswith("t.csv: 1 bad row")


def test_a_state_in_words_of_its_own_is_that_country() -> None:
    actors = "- {id: red, name: Syria, kind: state}\n- {id: band, name: Military Forces of Syria, kind: armed-group}"
    names = PartyNames(case(actors=actors))
    assert names.by_rule("Government of Syria (2000-)") == "red"
    assert names.proposal("Government of Turkey (2000-)")[0] == ""


@pytest.mark.parametrize("first", ["conflict_name", "id"])
def test_what_a_report_says_besides_is_kept_wherever_its_column_stands(first: str) -> None:
    row = "7,2020-01-03,2020-01-03,1,Red,Blue,2,9,35.9,36.6,1,N,W,Red: Government"
    columns = dict(zip(f"{GED},conflict_name".split(","), row.split(","), strict=True))
    order = [first, *(name for name in columns if name != first)]
    rows = [",".join(order), ",".join(columns[name] for name in order)]
    (report,) = read_file(table(*rows), case(), today=TODAY).records
    assert report.others["conflict"] == "Red: Government"


def test_figures_alike_are_numbered_from_the_second_on() -> None:
    rows = ["Site,Date,People", *["Northtown,2020-03-25,7"] * 3]
    first, second, third = (figure.id for figure in read_file(table(*rows), case(), name="t.csv").records)
    assert (second, third) == (f"{first}-2", f"{first}-3")
