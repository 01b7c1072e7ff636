"""Two completions bracket every way in which disputed and imprecise reports can be settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from interpreter import Interpreter
from ledger_case import case, records
from settlings import settlings
from test_oracle import DAYS, FIRST, TYPES, Record, commitments, day, logs
from thorough import examples

from standoff.case.claims import Dispute
from standoff.case.model import Case, Coverage, Event
from standoff.case.terms import Commitment
from standoff.commitments.ledger import Row, ledger
from standoff.values import When

ACCOUNTS = """
- {id: silent, title: Says nothing}
- {id: red-tells, title: As red tells it, answers: {d0: denied, d1: denied, d2: denied}}
- {id: blue-tells, title: As blue tells it, answers: {d0: asserted, d1: asserted, d2: asserted}}
"""
EMPTY = case(accounts=ACCOUNTS)
LAST = FIRST + timedelta(days=DAYS - 1)
OPEN = ("contested", "unknown")


def disputes(count: int) -> list[Record]:
    return [
        {
            "id": f"d{n}",
            "question": "Did it happen?",
            "kind": "polarity",
            "answers": [
                {"id": "asserted", "text": "It did.", "sets": {"asserts": [f"e{n}"]}},
                {"id": "denied", "text": "It did not.", "sets": {"denies": [f"e{n}"]}},
            ],
        }
        for n in range(count)
    ]


def build(terms: list[Record], rows: list[Record], disputed: int = 0) -> Case:
    return replace(
        EMPTY,
        commitments=records(Commitment, terms),
        events=records(Event, rows),
        disputes=records(Dispute, disputes(disputed)),
        accounts={k: replace(v, answers={d: a for d, a in v.answers.items() if int(d[1:]) < disputed})
                  for k, v in EMPTY.accounts.items()},
    )  # fmt: skip


def completions(events: list[Event], disputed: int) -> list[list[Event]]:
    """Every way to settle who is right, and on which day of its interval each event happened."""
    out = []
    for happened in product((True, False), repeat=disputed):
        kept = [e for e in events if int(e.id[1:]) >= disputed or happened[int(e.id[1:])]]
        spans = []
        for e in kept:
            assert e.date.start is not None
            assert e.date.end is not None
            many = (e.date.end - e.date.start).days + 1
            spans.append([replace(e, date=When.parse(e.date.start + timedelta(days=k))) for k in range(many)])
        out += [list(choice) for choice in product(*spans)]
    return out


def oracle_verdicts(made: Case, disputed: int) -> dict[str, set[str]]:
    """What each commitment is in every way of settling; where each has it broken, "open again" in some says no more."""
    found: dict[str, set[tuple[str, bool]]] = {name: set() for name in made.commitments}
    for events in completions(list(made.events.values()), disputed):
        final = Interpreter(made, FIRST).run(events, DAYS)[-1]
        for name, (state, _, _, broken, *_) in final.items():
            found[name].add(("violated" if broken and state != "detached" else state, broken > 0))
    return {
        name: {"violated"} if len(some) > 1 and all(broken for _, broken in some) else {state for state, _ in some}
        for name, some in found.items()
    }


def by_id(made: Case, account: str) -> dict[str, Row]:
    return {row.commitment: row for row in ledger(made, account, on=LAST)}


@st.composite
def imprecise(draw: st.DrawFn) -> tuple[list[Record], list[Record], int]:
    rows = draw(logs(8))
    for row in rows[:2]:
        if draw(st.booleans()):
            first = date.fromisoformat(row["date"])
            row["date"] = f"{first}/{min(first + timedelta(days=draw(st.integers(1, 3))), LAST)}"
    return draw(commitments()), rows, min(draw(st.integers(0, 3)), len(rows))


def pinned(made: Case) -> Case:
    """The same case with an early event nobody asks about, so that the ledger starts on the first day."""
    first = Event(
        id="e99", date=When.parse(FIRST), type="protest", actor=("green",), target=("green",), sector=("north",)
    )
    return replace(made, events={**made.events, "e99": first})


@settings(max_examples=examples(18), suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(imprecise())
def test_a_firm_verdict_holds_however_the_rest_is_settled(given_: tuple[list[Record], list[Record], int]) -> None:
    terms, rows, disputed = given_
    made = pinned(build(terms, rows, disputed))
    expected = oracle_verdicts(made, disputed)
    for name, row in by_id(made, "silent").items():
        if row.verdict not in OPEN:
            assert expected[name] == {row.verdict}, (name, row.rule)


@settings(max_examples=examples(12), suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(imprecise())
def test_without_disputes_and_with_known_days_every_verdict_is_firm_where_the_order_of_a_day_decides_nothing(
    given_: tuple[list[Record], list[Record], int],
) -> None:
    terms, rows, _ = given_
    made = pinned(build(terms, [{**row, "date": row["date"][:10]} for row in rows]))
    expected = oracle_verdicts(made, 0)
    sides = Interpreter(made, FIRST, ("harsh", "lenient")).both(made.events.values(), DAYS)
    for name, row in by_id(made, "silent").items():
        if sides["harsh"][-1][name] == sides["lenient"][-1][name]:
            assert {row.verdict} == expected[name], (name, row.rule)
            assert row.disputed == 0


TRUCE = """
- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, until: 2020-01-12, forbid: {type: shelling}}"""


def verdicts(made: Case) -> dict[str, str]:
    return {account: ledger(made, account, on=date(2020, 1, 20))[0].verdict for account in made.accounts}


def test_a_disputed_breach_is_contested_for_who_is_silent_and_firm_for_who_answers() -> None:
    made = replace(
        case(TRUCE, "- {id: e0, date: 2020-01-05, type: shelling, actor: red}", accounts=ACCOUNTS),
        disputes=records(Dispute, disputes(1)),
    )
    accounts = {
        k: replace(v, answers={d: a for d, a in v.answers.items() if d == "d0"}) for k, v in made.accounts.items()
    }
    assert verdicts(replace(made, accounts=accounts)) == {
        "silent": "contested",
        "red-tells": "satisfied",
        "blue-tells": "violated",
    }


def test_an_imprecise_date_is_unknown_and_not_contested() -> None:
    over = case(TRUCE, "- {id: e0, date: 2020-01-10/2020-01-14, type: shelling, actor: red}", accounts=ACCOUNTS)
    assert set(verdicts(over).values()) == {"unknown"}
    inside = case(TRUCE, "- {id: e0, date: 2020-01-05/2020-01-12, type: shelling, actor: red}", accounts=ACCOUNTS)
    assert set(verdicts(inside).values()) == {"violated"}


def test_an_unnamed_actor_is_unknown() -> None:
    made = case(TRUCE, "- {id: e0, date: 2020-01-05, type: shelling}", accounts=ACCOUNTS)
    assert set(verdicts(made).values()) == {"unknown"}


def watch(types: tuple[str, ...], first: str, last: str, within: str = "") -> Coverage:
    return Coverage(source="monitor", types=types, from_=When.parse(first), to=When.parse(last), within=within)


def test_silence_is_unknown_unless_somebody_watched_every_day() -> None:
    def one(*coverage: Coverage) -> str:
        return verdicts(case(TRUCE, accounts=ACCOUNTS, coverage=coverage))["silent"]

    assert one() == "unknown"
    assert one(watch(("shelling",), day(2), day(11))) == "satisfied"
    assert one(watch(("assault",), day(2), day(6)), watch((), day(7), day(11))) == "satisfied"
    assert one(watch(("shelling",), day(2), day(10))) == "unknown"
    assert one(watch(("airstrike",), day(2), day(11))) == "unknown"
    assert one(watch(("shelling",), day(2), day(11), "north")) == "unknown"


def test_disputed_membership_of_a_list_is_contested() -> None:
    text = """
- {id: truce, title: T, kind: maintain, debtor: red, from: 2020-01-03, until: 2020-01-12, forbid: {type: shelling},
   except: {listed: the-list}}"""
    for target, verdict in (("band", "satisfied"), ("wing", "contested"), ("blue", "violated")):
        made = case(text, f"- {{id: e0, date: 2020-01-05, type: shelling, actor: red, target: {target}}}")
        assert ledger(made, "red-tells", on=date(2020, 1, 20))[0].verdict == verdict


def test_the_assumed_deadline_is_judged_over_its_range() -> None:
    text = """
- {id: line, title: L, kind: achieve, adverse: true, debtor: blue, from: 2020-01-01, when: {type: attack-on-post},
   then: {type: strike, actor: blue}, within: {assumed: 3d, range: [1d, 10d]}}"""

    def verdict(on_day: int) -> Any:
        log = f"""
- {{id: e0, date: 2020-01-05, type: attack-on-post, actor: red, target: blue}}
- {{id: e1, date: 2020-01-{on_day:02d}, type: airstrike, actor: blue, target: red}}"""
        return ledger(case(text, log), "red-tells", on=date(2020, 1, 30))[0]

    assert verdict(6).verdict == "satisfied"
    assert verdict(7).verdict == "unknown"
    assert "depends on the deadline" in verdict(7).rule
    assert verdict(20).verdict == "violated"


def test_a_disputed_cancellation_is_contested() -> None:
    terms = [{"id": "truce", "title": "T", "kind": "maintain", "debtor": "red", "from": FIRST.isoformat(),
              "forbid": {"type": ["shelling"]}, "cancel": {"type": ["shelling"]}}]  # fmt: skip
    log = [
        {"id": "e0", "date": FIRST.isoformat(), "type": "shelling", "actor": "red", "target": "blue", "sector": "north"}
    ]
    assert by_id(build(terms, log, 1), "silent")["truce"].verdict == "contested"


def _beyond(pattern: Record, draw: st.DrawFn) -> Record:
    """The pattern, asking for what lies outside a sector here and there instead of inside one."""
    out = {k: _beyond(v, draw) if isinstance(v, dict) else v for k, v in pattern.items()}
    if "within" in out and isinstance(out["within"], str) and not out["within"].endswith("d") and draw(st.booleans()):
        out["beyond"] = out.pop("within")
    return out


@st.composite
def inexact(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Commitments, and logs of which one or two events are told in versions, wider, outside a zone, of two targets."""
    rows = draw(logs(6))
    for row in rows[:2]:
        match draw(st.sampled_from(("wider", "outside", "two", "version", "days"))):
            case "wider":
                row["type"] = "assault"
            case "outside":
                del row["sector"]
                row["zone"] = draw(st.sampled_from(("not north", "not south")))
            case "two":
                row["target"] = draw(st.sampled_from((["band", "blue"], ["band", "wing"], ["wing", "red"])))
            case "version":
                row["variant_of"] = "v"
            case _:
                first = date.fromisoformat(row["date"])
                row["date"] = f"{first}/{min(first + timedelta(days=2), LAST)}"
    terms = [
        {k: _beyond(v, draw) if isinstance(v, dict) else v for k, v in term.items()} for term in draw(commitments())
    ]
    return terms, rows


@settings(max_examples=examples(18), suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(inexact())
def test_a_firm_verdict_holds_however_versions_zones_lists_and_types_are_settled(
    told: tuple[list[Record], list[Record]],
) -> None:
    terms, rows = told
    made = pinned(build(terms, rows))
    found: dict[str, set[tuple[str, bool]]] = {name: set() for name in made.commitments}
    for settled, events in settlings(made, TYPES):
        for name, (state, _, _, broken, *_) in Interpreter(settled, FIRST).run(events, DAYS)[-1].items():
            found[name].add(("violated" if broken and state != "detached" else state, broken > 0))
    for name, row in by_id(made, "silent").items():
        if row.verdict not in OPEN:
            always_broken = row.verdict == "violated" and all(broken for _, broken in found[name])
            assert always_broken or {state for state, _ in found[name]} == {row.verdict}, (name, row.rule)
