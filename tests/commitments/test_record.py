"""Recorded days and simulated days; track records; the daily report; geometry in metres."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from ledger_case import Tells, case
from record_state import recorded_state
from test_completions import LAST, build, imprecise, pinned
from test_oracle import DAYS, FIRST, Record
from thorough import examples

from standoff.case.geography import Zone
from standoff.commitments.daily import daily
from standoff.commitments.engine.arrays import initial
from standoff.commitments.engine.automaton import step
from standoff.commitments.engine.states import STATES, degree_score, pooled_verdict
from standoff.commitments.ledger import bars, rows
from standoff.commitments.monitor import evaluate
from standoff.commitments.patterns.compiler import compile_schedule, emissions, follow
from standoff.commitments.patterns.pattern import Emitted, Matcher
from standoff.commitments.patterns.zones import Geography
from standoff.commitments.track import tracks
from standoff.commitments.why import explain
from standoff.errors import StandoffError
from standoff.evidence.accounts import tell
from standoff.views.lines.daily import daily_lines


@settings(max_examples=examples(12), suppress_health_check=list(HealthCheck))
@given(imprecise())
def test_the_same_events_have_the_same_verdicts_recorded_and_simulated(
    given_: tuple[list[Record], list[Record], int],
) -> None:
    terms, log, _ = given_
    made = pinned(build(terms, [{**row, "date": row["date"][:10]} for row in log]))
    recorded = {(r.commitment, r.reading): r for r in rows(evaluate(made, ["silent"], on=LAST))}

    plan, matcher = compile_schedule(made, first=FIRST), Matcher(made)
    kinds = list({(e.type, e.actor, e.target, e.sector) for e in made.events.values()})
    reach = emissions(plan, matcher, [Emitted(t, a, g, s) for t, a, g, s in kinds]).astype(np.float32)
    active, told = follow(plan, [Tells()])
    state = initial(plan, 1, active=active, own_reading=told)
    for n in range(DAYS):
        today = [e for e in made.events.values() if e.date.start == FIRST + timedelta(days=n)]
        emitted = np.zeros((1, len(kinds)), np.float32)
        for e in today:
            emitted[0, kinds.index((e.type, e.actor, e.target, e.sector))] += 1
        step(plan, state, n, emitted @ reach)
    for i, slot in enumerate(plan.slots):
        row = recorded[slot.commitment, slot.reading]
        found = (STATES[state.state[0, i]], state.kept[0, i], state.broken[0, i], state.breaches[0, i])
        assert found == (row.state, row.kept, row.broken, row.breaches), slot


def test_a_simulation_goes_on_where_the_record_stops() -> None:
    made = case(
        "- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, forbid: {type: shelling}}",
        """
- {id: e1, date: 2020-01-05, type: shelling, actor: red}
- {id: e2, date: 2020-01-15, type: shelling, actor: red}""",
    )
    plan = compile_schedule(made, first=FIRST)
    state = recorded_state(made, plan, [tell(made, "red-tells")], date(2020, 1, 10))
    many = state.repeat(4)
    assert (many.columns, many.breaches.tolist()) == (4, [[1]] * 4)
    step(plan, many, plan.day(date(2020, 1, 10)), np.array([[0], [1], [2], [0]], np.float32))
    assert many.breaches[:, 0].tolist() == [1, 2, 3, 1]


LINE = """
- {id: line, title: L, kind: achieve, adverse: true, debtor: blue, from: 2020-01-01, when: {type: attack-on-post},
   then: {type: strike, actor: blue}, within: 1d}"""


def crossings(answered: int, not_answered: int) -> str:
    log = []
    for n in range(answered + not_answered):
        day = FIRST + timedelta(days=5 * n)
        log.append(f"- {{id: a{n}, date: {day}, type: attack-on-post, actor: red, target: blue}}")
        if n < answered:
            log.append(f"- {{id: b{n}, date: {day}, type: airstrike, actor: blue, target: red}}")
    return "\n".join(log)


def test_a_track_record_counts_what_was_called_in_and_says_when_it_is_too_few() -> None:
    few = tracks(evaluate(case(LINE, crossings(1, 1)), ["red-tells"], on=date(2020, 6, 1)), "red-tells")[0]
    assert (few.n, few.kept, few.mean, few.words) == (2, 1, None, "too few (carried out 1 of 2)")
    some = tracks(evaluate(case(LINE, crossings(3, 1)), ["red-tells"], on=date(2020, 6, 1)), "red-tells")[0]
    assert (some.n, some.kept, some.broken, some.adverse) == (4, 3, 1, True)
    assert some.mean == pytest.approx(4 / 6)
    assert some.low is not None
    assert some.high is not None
    assert some.low == pytest.approx(0.3426, abs=1e-4)  # Beta(4, 2): scipy.stats.beta.ppf(0.05, 4, 2)
    assert some.high == pytest.approx(0.9236, abs=1e-4)


def test_a_breach_counts_against_the_side_that_did_it() -> None:
    text_ = """
- {id: truce, title: T, kind: maintain, debtor: [red, blue], from: 2020-01-01, until: 2020-01-20,
   forbid: {type: shelling}}"""
    made = case(text_, "- {id: e1, date: 2020-01-05, type: shelling, actor: red, target: blue}")
    found = {t.debtor: t.broken for t in tracks(evaluate(made, ["red-tells"], on=date(2020, 2, 1)), "red-tells")}
    assert found == {"red": 1}


def test_what_accounts_agree_on_and_what_some_say() -> None:
    assert pooled_verdict(["violated", "violated"]) == ("violated", ("violated",))
    assert pooled_verdict(["violated", "satisfied"]) == ("contested", ("violated", "satisfied"))
    assert pooled_verdict(["violated", "unknown"]) == ("unknown", ("violated", "unknown"))
    assert [degree_score(d) for d in (0.0, 0.2, 0.5, 0.99, 1.0)] == [0, 1, 2, 2, 3]


def test_a_buffer_is_as_wide_as_it_says_in_metres() -> None:
    road = {"type": "LineString", "coordinates": [[36.3, 35.7], [36.8, 35.7]]}
    made = case(zones=[Zone(id="corridor", title="C", geometry=road, buffer_km=6)])
    corridor = Geography(made).metric(made.zones[0])
    length = 111_320 * np.cos(np.radians(35.7)) * 0.5  # metres of half a degree of longitude there
    assert corridor.area == pytest.approx(12_000 * length, rel=0.005)


def test_a_buffer_around_a_point_is_a_circle() -> None:
    town = {"type": "Point", "coordinates": [36.6, 35.9]}
    made = case(zones=[Zone(id="around", title="A", geometry=town, buffer_km=20)])
    geography = Geography(made)
    assert geography.metric(made.zones[0]).area == pytest.approx(np.pi * 20_000**2, rel=0.005)
    (version,) = geography.versions("around")
    assert geography.place_inside(version, "post-2") == (True, True)  # 14 km off
    assert geography.place_inside(version, "post-1") == (False, False)  # 45 km off


def test_zones_are_asked_in_metres_with_the_accuracy_of_the_place() -> None:
    ring = [[36.4, 35.49], [36.6, 35.49], [36.6, 35.6], [36.4, 35.6], [36.4, 35.49]]
    made = case(zones=[Zone(id="z", title="Z", geometry={"type": "Polygon", "coordinates": [ring]})])
    geography = Geography(made)
    (version,) = geography.versions("z")
    assert geography.place_inside(version, "post-1") == (False, True)  # 1.1 km from the edge, known to 2 km
    assert geography.place_inside(version, "southtown") == (False, False)
    assert geography.place_inside(version, "nowhere") == (False, True)


def test_the_day_after_what_is_known_cannot_be_asked() -> None:
    with pytest.raises(StandoffError, match="lies after"):
        evaluate(case(LINE), on=date(2020, 2, 1), as_of=date(2020, 1, 1))


def test_what_was_not_known_yet_does_not_count() -> None:
    log = "- {id: e1, date: 2020-01-05, known: 2020-01-20, type: shelling, actor: red}"
    made = case("- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, forbid: {type: shelling}}", log)
    found = {
        day: rows(evaluate(made, ["red-tells"], on=date(2020, 1, 19), as_of=day))[0].verdict
        for day in (date(2020, 1, 19), date(2020, 1, 20))
    }
    assert list(found.values()) == ["detached", "violated"]


def test_bars_cover_every_day_once_and_end_where_the_row_stands() -> None:
    made = case(LINE, crossings(2, 1))
    run = evaluate(made, ["red-tells"], on=date(2020, 2, 1))
    found = [b for b in bars(run) if b.commitment == "line"]
    assert found[0].from_ == FIRST
    assert found[-1].to is None
    for before, after in pairwise(found):
        assert before.to is not None
        assert before.to + timedelta(days=1) == after.from_
    assert found[-1].verdict == rows(run)[0].verdict


def test_the_daily_report_says_what_is_new_and_what_changed() -> None:
    made = case(LINE, crossings(1, 1))
    report = daily(made, on=date(2020, 1, 8), days=4)
    assert [e["id"] for e in report["events"]] == ["a1"]
    assert report["events"][0]["bears_on"][0]["role"] == "meets the condition of"
    assert [(c["date"], c["now"]) for c in report["changed"]] == [
        ("2020-01-06", "called: due"),
        ("2020-01-08", "not carried out"),
    ]
    assert {t["type"]: (t["now"], t["before"]) for t in report["trend"]} == {"attack-on-post": (1, 1), "strike": (0, 1)}
    printed = daily_lines(report)
    assert max(map(len, printed)) <= 80
    assert "IN SHORT" in printed


def test_why_names_the_events_and_what_they_did() -> None:
    run = evaluate(case(LINE, crossings(1, 1)), ["red-tells"], on=date(2020, 2, 1))
    found = explain(run, "line")
    assert [(e["id"], e["role"]) for e in found["rows"][0]["events"]] == [
        ("a0", "meets the condition"),
        ("b0", "does what was threatened"),
        ("a1", "meets the condition"),
    ]
    steps = [(s["date"], s["what"]) for s in found["rows"][0]["timeline"]]
    assert steps[-1] == ("2020-01-08", "not carried out")
    with pytest.raises(StandoffError, match="did you mean 'line'"):
        explain(run, "lines")


def test_versions_of_one_happening_count_once_in_a_trend() -> None:
    made = case(
        LINE,
        """
- {id: a-red, date: 2020-01-05, type: shelling, actor: red, target: blue, variant_of: a}
- {id: a-blue, date: 2020-01-05, type: bombing, actor: blue, target: red, variant_of: a}
- {id: b, date: 2020-01-06, type: shelling, actor: red, target: blue}""",
    )
    report = daily(made, on=date(2020, 1, 8), days=4)
    assert len(report["events"]) == 3
    assert sum(t["now"] for t in report["trend"]) == 2


def test_a_record_of_more_years_than_a_ledger_holds_is_refused() -> None:
    with pytest.raises(StandoffError, match=r"covers 80 years"):
        evaluate(case(LINE, "- {id: e1, date: 1940-01-05, type: shelling}"), on=date(2020, 2, 1))
