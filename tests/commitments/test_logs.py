"""A log beside the record: it joins no sector, begins no record, makes no key, and of other things changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_case import case
from thorough import examples

from standoff.case.geography import Zone
from standoff.case.model import Case, Event, Source
from standoff.case.read import TEMPLATE, load
from standoff.commitments.daily import daily
from standoff.commitments.ledger import Row, ledger, rows
from standoff.commitments.monitor import evaluate
from standoff.commitments.patterns.compiler import matched_pairs
from standoff.commitments.patterns.pattern import log_of
from standoff.commitments.reasons import doubt, events_counting
from standoff.intake.batch import EventLog, read_events
from standoff.values import When

FETCHED = Path(__file__).parents[2].parent / "shared" / "data" / "fetched" / "events"
HEADER = "event_id_cnty,event_date,sub_event_type,actor1,actor2,latitude,longitude,geo_precision,location,fatalities"
SHELLING = "Shelling/artillery/missile attack"
ON = date(2020, 2, 1)


def acled(
    *rows_: tuple[str, str, str, str, float, float, int], folder: Path, made: Case, today: date = date(2021, 1, 1)
) -> EventLog:
    """Write rows (day, type, who, to whom, latitude, longitude, precision) as ACLED does, and read them."""
    lines = [
        f"L{n},{day},{kind},{who},{whom},{lat},{lon},{precision},Spot,0"
        for n, (day, kind, who, whom, lat, lon, precision) in enumerate(rows_)
    ]
    path = folder / "log.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return read_events(path, made, today=today)


def truce(forbidden: str, **more: Any) -> Case:
    terms = f"- {{id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-01, forbid: {{{forbidden}}}}}"
    return case(terms, **more)


def box(west: float, south: float, size: float) -> dict[str, Any]:
    corners = [(0.0, 0.0), (size, 0.0), (size, size), (0.0, size), (0.0, 0.0)]
    return {"type": "Polygon", "coordinates": [[[west + x, south + y] for x, y in corners]]}


@pytest.mark.parametrize(
    ("where", "spot", "certain", "possible"),
    [
        # a sector: at most possibly, near one of its places
        ("within: south", (35.30, 36.60, 1), 0, 1),
        ("within: south", (35.36, 36.60, 1), 0, 1),
        ("within: south", (35.10, 36.20, 1), 0, 0),
        ("within: south", (35.90, 36.60, 1), 0, 0),
        ("within: south", (35.10, 36.20, 3), 0, 1),
        # no line says where a sector ends
        ("beyond: south", (35.30, 36.60, 1), 0, 1),
        ("beyond: south", (35.90, 36.60, 1), 0, 1),
        # a town: possibly, when the disc reaches it
        ("at: southtown", (35.30, 36.60, 1), 0, 1),
        ("at: southtown", (35.31, 36.60, 1), 0, 1),
        ("at: southtown", (35.40, 36.60, 1), 0, 0),
        ("at: southtown", (35.40, 36.60, 2), 0, 1),
        # a zone that is drawn: by the disc
        ("within: drawn", (35.30, 36.60, 1), 1, 1),
        ("within: drawn", (35.30, 36.60, 2), 0, 1),
        ("within: drawn", (35.90, 36.60, 1), 0, 0),
        ("beyond: drawn", (35.90, 36.60, 1), 1, 1),
    ],
)
def test_where_a_row_of_a_log_may_lie(
    tmp_path: Path, where: str, spot: tuple[float, float, int], certain: int, possible: int
) -> None:
    drawn = Zone(id="drawn", title="Drawn", geometry=box(36.5, 35.2, 0.2), certainty="certain")
    made = truce(f"type: shelling, actor: red, {where}", zones=[drawn])
    loaded = acled(("2020-01-05", SHELLING, "Red", "Blue", *spot), folder=tmp_path, made=made)
    (row,) = ledger(loaded.added_to(made), "red-tells", on=ON, events=loaded.events)
    assert (row.breaches, row.breaches_possible) == (certain, possible)


def test_spots_of_a_log_leave_the_sectors_of_the_record_as_they_are(tmp_path: Path) -> None:
    """The record's event in the south is in the zone, as all places of the south are; a far protest changes none."""
    zone = Zone(id="area", title="Area", geometry=box(36.4, 35.2, 0.35), certainty="certain")
    made = truce(
        "type: shelling, actor: red, within: area",
        zones=[zone],
        events="""
- {id: e0, date: 2020-01-05, type: shelling, actor: red, target: blue, sector: south}""",
    )
    before = ledger(made, "red-tells", on=ON)
    assert (before[0].verdict, before[0].breaches) == ("violated", 1)
    loaded = acled(("2020-01-20", "Peaceful protest", "Protesters", "", 35.10, 36.58, 1), folder=tmp_path, made=made)
    assert ledger(loaded.added_to(made), "red-tells", on=ON, events=loaded.events) == before


KEYED = """
- {id: quiet, title: Q, kind: maintain, debtor: red, key: place, from: 2020-01-01, forbid: {type: shelling}}
- {id: posts, title: P, kind: maintain, debtor: red, key: place, from: 2020-01-01,
   forbid: {type: shelling, at: [post-1, post-2]}}
- {id: each, title: E, kind: maintain, debtor: [red, blue], key: actor, from: 2020-01-01,
   forbid: {type: shelling, actor: [red, blue]}}
- {id: anybody, title: A, kind: maintain, debtor: red, key: actor, from: 2020-01-01, forbid: {type: shelling}}
"""
RECORDED = "- {id: e0, date: 2020-01-10, type: shelling, actor: red, target: blue, place: northtown}"


def keyed(found: tuple[Row, ...]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(r.commitment, r.key): (r.breaches, r.breaches_possible) for r in found}


def test_a_log_makes_no_keys_and_counts_for_a_key_at_most_possibly(tmp_path: Path) -> None:
    made = case(KEYED, RECORDED)
    before = keyed(ledger(made, "red-tells", on=ON))
    assert before == {
        ("quiet", "northtown"): (1, 1),
        ("posts", "post-1"): (0, 0),
        ("posts", "post-2"): (0, 0),
        ("each", "red"): (1, 1),
        ("each", "blue"): (0, 0),
        ("anybody", "red"): (1, 1),
    }
    loaded = acled(
        ("2020-01-05", SHELLING, "Red", "Blue", 35.50, 36.50, 1),  # at post 1
        ("2020-01-06", SHELLING, "Rioters", "Blue", 35.30, 36.60, 1),  # at no key, by nobody known
        ("2020-01-07", SHELLING, "Red", "Blue", 35.90, 36.60, 1),  # at northtown
        folder=tmp_path,
        made=made,
    )
    after = keyed(ledger(loaded.added_to(made), "red-tells", on=ON, events=loaded.events))
    assert after == {
        ("quiet", "northtown"): (1, 2),
        ("posts", "post-1"): (0, 1),
        ("posts", "post-2"): (0, 0),
        ("each", "red"): (3, 4),
        ("each", "blue"): (0, 1),
        ("anybody", "red"): (3, 4),
    }


def test_what_is_told_of_a_sector_counts_for_each_of_its_places_only_possibly() -> None:
    made = case(KEYED, "- {id: e0, date: 2020-01-10, type: shelling, actor: red, target: blue, sector: north}")
    found = keyed(ledger(made, "red-tells", on=ON))
    assert (found["posts", "post-2"], found["posts", "post-1"]) == ((0, 1), (0, 0))


@pytest.mark.parametrize(
    ("source", "certain"),
    [
        ("Blue Army Press", 0),  # who was attacked is the only one to tell
        ("blue army press; Office of Blue", 0),
        ("Blue Army Press; Observer Mission", 1),
        ("Blue Army Press; somebody nobody knows", 1),
        ("Red Army Press", 1),  # its own word
        ("Observer Mission", 1),
        ("", 1),
    ],
)
def test_the_word_of_the_opponent_alone_makes_no_act_certain(source: str, certain: int) -> None:
    made = truce("type: shelling")
    voices = {"blue-army": ("Blue Army Press", "blue"), "blue-office": ("Office of Blue", "blue")}
    voices |= {"red-army": ("Red Army Press", "red"), "mission": ("Observer Mission", "")}
    sources = {
        key: Source(id=key, name=name, kind="organisation", party=party) for key, (name, party) in voices.items()
    }
    made = replace(made, sources={**made.sources, **sources})
    told = Event(
        id="x", date=When.parse("2024-01-05"), type="shelling", actor=("red",), target=("blue",), source=source
    )
    run = evaluate(made, events=[told])
    (report,) = [r for r in run.reports[run.accounts[0]] if r.event.id == "x"]
    assert (report.asserted, not report.denied) == (True, bool(certain))
    data = daily(made, on="2024-01-05", events=[told])
    assert [p["certain"] for p in data["parties"]] == [certain]
    assert {t["source"] for t in data["tellers"]} == {name.strip() for name in source.split(";") if name}


def test_a_fight_that_one_side_tells_stays_a_fight() -> None:
    made = truce("type: clash")
    made = replace(made, sources={"b": Source(id="b", name="Blue Army Press", kind="organisation", party="blue")})
    told = Event(
        id="x", date=When.parse("2024-01-05"), type="clash", actor=("side:red",), target=("side:blue",), source="b"
    )
    run = evaluate(made, events=[told])
    (report,) = [r for r in run.reports[run.accounts[0]] if r.event.id == "x"]
    assert not report.denied


def test_a_log_does_not_begin_the_record() -> None:
    made = truce("type: shelling, actor: red")
    old = Event(id="old", date=made.about.period.parse("1950-01-01"), type="shelling", actor=("red",))
    run = evaluate(made, ["red-tells"], on=ON, events=[old])
    assert run.schedule.first == date(2020, 1, 1)
    assert rows(run) == rows(evaluate(made, ["red-tells"], on=ON))


@pytest.mark.parametrize(
    ("told", "asked", "certain", "possible"),
    [
        ("assault", "airstrike", 0, 1),
        ("strike", "airstrike", 0, 1),
        ("airstrike", "assault", 1, 1),
        ("airstrike", "airstrike", 1, 1),
        ("shelling", "airstrike", 0, 0),
        ("assault", "[airstrike, assault]", 1, 1),
        ("agreement", "ceasefire", 0, 1),
        ("statement", "threat", 0, 0),  # heard, and no threat
        ("development", "airstrike", 0, 0),
        ("compliance", "patrol", 0, 0),  # says how an act was judged, not what was done
        ("breach", "incursion", 0, 0),
    ],
)
def test_an_event_of_a_wider_type_is_a_possible_one_of_its_kinds(
    told: str, asked: str, certain: int, possible: int
) -> None:
    event = f"- {{id: e0, date: 2020-01-05, type: {told}, actor: red, target: blue, place: post-1}}"
    (row,) = ledger(truce(f"type: {asked}, actor: red", events=event), "red-tells", on=ON)
    assert (row.breaches, row.breaches_possible) == (certain, possible)


def test_where_a_run_starts_takes_types_as_they_are_told() -> None:
    event = "- {id: e0, date: 2020-01-05, type: assault, actor: red, target: blue, place: post-1}"
    run = evaluate(truce("type: airstrike, actor: red", events=event), ["red-tells"], on=ON)
    told = list(run.case.events.values())
    assert len(matched_pairs(run.schedule, run.matcher, log_of(told))[0]) == 1
    assert len(matched_pairs(run.schedule, run.matcher, log_of(told, typed=True))[0]) == 0


UNSURE = [
    ("type: shelling", "type: shelling, place: post-1", "the attacker is not named"),
    ("type: shelling", "type: shelling, actor: 'unknown:Rioters', place: post-1", "the attacker is Rioters, not known"),
    ("type: patrol", "type: patrol, place: post-1", "who did it is not named"),
    ("type: shelling", "type: shelling, actor: 'side:red', target: 'side:blue'", "who began it is not told"),
    ("type: shelling, target: blue", "type: shelling, actor: red, place: post-1", "the target is not named"),
    ("type: shelling, target: blue", "type: shelling, place: post-1", "the attacker is not named"),
    ("type: shelling, listed: the-list", "type: shelling, actor: red, target: wing", "the target is on the list"),
    ("type: shelling, within: drawn", "type: shelling, actor: red, place: post-1", "the place is not exact"),
    ("type: shelling, within: drawn", "type: shelling, actor: red", "the place is not told"),
    ("type: shelling, within: drawn", "type: shelling, place: post-1", "the attacker is not named"),
    ("type: airstrike", "type: assault, actor: red, place: post-1", "it is told as assault, no more exactly"),
    ("type: airstrike", "type: assault, place: post-1", "the attacker is not named"),
    ("type: airstrike, within: drawn", "type: assault, actor: red, place: post-1", "the place is not exact"),
]


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize(("asked", "told", "cause"), UNSURE)
def test_the_reason_of_an_unknown_row_is_the_true_one(asked: str, told: str, cause: str, watched: bool) -> None:
    drawn = Zone(id="drawn", title="Drawn", geometry=box(36.5, 35.4, 0.2), certainty="certain")
    cover = {} if watched else {"coverage": ()}
    made = truce(f"{asked}, actor: red", events=f"- {{id: e0, date: 2020-01-05, {told}}}", zones=[drawn], **cover)
    run = evaluate(made, ["red-tells"], on=ON)
    (row,) = rows(run)
    assert row.verdict == ("contested" if "list" in asked else "unknown")
    if "list" not in asked:
        assert row.rule.startswith("in force or broken: ")
        assert cause in row.rule
    (event,) = events_counting(run, 0, "red-tells")
    assert cause in doubt(run, 0, "red-tells", event)


def test_a_day_that_may_lie_outside_is_a_doubt_and_one_beside_is_none() -> None:
    terms = (
        "- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, forbid: {type: shelling, actor: red}}"
    )
    event = "- {{id: e0, date: {}, type: shelling, actor: red, place: post-1}}"
    astride, inside = (
        evaluate(case(terms, event.format(d)), ["red-tells"], on=ON) for d in ("2020-01-01/2020-01-04", "2020-01-04")
    )
    assert rows(astride)[0].rule == "in force or broken: the day is not exact"
    assert [doubt(run, 0, "red-tells", events_counting(run, 0, "red-tells")[0]) for run in (astride, inside)] == [
        "the day is not exact",
        "",
    ]


def test_silence_alone_is_still_nobody_watching() -> None:
    made = truce("type: shelling, actor: red", coverage=(), events=RECORDED.replace("actor: red", "actor: green"))
    made = replace(
        made,
        commitments={
            k: replace(v, kind="achieve", forbid=None, then=v.forbid, by=made.about.period.parse("2020-01-20"))
            for k, v in made.commitments.items()
        },
    )
    (row,) = ledger(made, "red-tells", on=ON)
    assert (row.verdict, row.rule) == ("unknown", "kept or broken: nobody is known to have watched")


# an unrelated log: it matches no pattern, even possibly

_WHO = ["Green", "Protesters (Red)", "Rioters", "Military Forces of Green (1999-)", "Red", "Blue", ""]
_WHAT = ["Peaceful protest", "Other", "Disrupted weapons use", "Arrests", "Change to group/activity",
         "Non-violent transfer of territory", "Headquarters or base established", "Looting/property destruction",
         SHELLING, "Armed clash", "Attack"]  # fmt: skip
_ROW = st.tuples(
    st.dates(date(2023, 12, 1), date(2024, 12, 31)).map(str),
    st.sampled_from(_WHAT),
    st.sampled_from(_WHO),
    st.sampled_from(_WHO),
    st.floats(40.0, 43.0).map(lambda x: round(x, 3)),
    st.floats(9.5, 12.5).map(lambda x: round(x, 3)),
    st.sampled_from([1, 2, 3]),
)
_CASE = load(TEMPLATE)
_LAST = _CASE.about.period.end or date(2024, 12, 31)


def unrelated(made: Case, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return the events that match no pattern of the case, not even possibly."""
    run = evaluate(made, on=_LAST, events=events)
    hit = {
        run.report_arrays.log.id[i] for i in matched_pairs(run.schedule, run.matcher, run.report_arrays.log)[0].tolist()
    }
    return tuple(e for e in events if e.id not in hit)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_ROW, min_size=1, max_size=12))
def test_a_log_of_other_happenings_changes_no_row(tmp_path_factory: pytest.TempPathFactory, told: list[Any]) -> None:
    before = rows(evaluate(_CASE, on=_LAST))
    loaded = acled(*told, folder=tmp_path_factory.mktemp("log"), made=_CASE, today=date(2026, 1, 1))
    made = loaded.added_to(_CASE)
    others = unrelated(made, loaded.events)
    assert rows(evaluate(made, on=_LAST, events=others)) == before


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_ROW, min_size=1, max_size=12))
def test_what_a_log_does_not_touch_stays_and_no_certain_breach_is_lost(
    tmp_path_factory: pytest.TempPathFactory, told: list[Any]
) -> None:
    before = {key(r): r for r in rows(evaluate(_CASE, on=_LAST))}
    loaded = acled(*told, folder=tmp_path_factory.mktemp("log"), made=_CASE, today=date(2026, 1, 1))
    run = evaluate(loaded.added_to(_CASE), on=_LAST, events=loaded.events)
    after = {key(r): r for r in rows(run)}
    assert set(after) == set(before)
    assert not [k for k in before if after[k].breaches < before[k].breaches]


def key(row: Row) -> tuple[str, str, str, str]:
    return row.commitment, row.account, row.reading, row.key


def test_the_rows_that_are_drawn_do_not_all_match_and_not_all_miss(tmp_path: Path) -> None:
    """The property above is about something: some rows of the pool are other happenings, and some are not."""
    spots = [("2024-03-05", what, who, "Blue", 41.5, 11.0, 2) for what in _WHAT for who in _WHO]
    loaded = acled(*spots, folder=tmp_path, made=_CASE, today=date(2026, 1, 1))
    others = unrelated(loaded.added_to(_CASE), loaded.events)
    assert 0 < len(others) < len(loaded.events)


@pytest.mark.thorough
@pytest.mark.fetched
@pytest.mark.parametrize("name", ["acled_2020_yemen_ukraine_syria.csv", "ged_syria_2018_2019.csv"])
def test_real_logs_take_no_certain_breach_from_idlib_and_what_they_do_not_match_stays(name: str) -> None:
    path = FETCHED / name
    if not path.is_file():
        pytest.skip(f"there is no {name} in ../shared/data/fetched")
    made = load("idlib")
    loaded = read_events(path, made)
    assert loaded.events
    assert loaded.outside_region > len(loaded.events) / 2
    before = {key(r): r for r in rows(evaluate(made))}
    run = evaluate(loaded.added_to(made), events=loaded.events)
    after = {key(r): r for r in rows(run)}
    assert set(after) == set(before)
    assert not [k for k in before if after[k].breaches < before[k].breaches]
    ids = {e.id for e in loaded.events}
    touched = {
        run.schedule.signals[s][0]
        for e, s, _ in zip(*matched_pairs(run.schedule, run.matcher, run.report_arrays.log), strict=True)
        if run.report_arrays.log.id[e] in ids
    }
    reached = reached_by(run, touched)
    untouched = {k for k in before if k[0] not in reached}
    assert untouched
    assert not [k for k in untouched if after[k] != before[k]]


def reached_by(run: Any, slots: set[int]) -> set[str]:
    """Return the commitments that what happens to these slots can reach."""
    from standoff.commitments.engine.arrays import closure, reads

    readers: dict[int, set[int]] = {}
    for slot, sources in reads(run.schedule).items():
        for source in sources:
            readers.setdefault(source, set()).add(slot)
    return {run.schedule.slots[s].commitment for s in closure(readers, slots)}
