"""What runs play beyond the texts of a case: clauses of scenarios, agreements made anew, signals, delays, arenas."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from format_runs import idlib
from run_case import START, invented

from standoff.case.model import Case
from standoff.case.strategy import Change, Emission, Scenario, Shock
from standoff.case.talks import Signal, SignalCost, SignalKind
from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.commitments.ledger import history
from standoff.errors import StandoffError
from standoff.runs.as_of import case_as_of
from standoff.runs.ensemble import Plan, Trajectories, first_morning, make_plan, run_plan
from standoff.runs.linkage import arenas_of, play_linkage
from standoff.runs.scenario import check_scenario
from standoff.runs.spec import make_spec
from standoff.runs.summary import agreements_of, summarise
from standoff.values import Duration, When
from standoff.views.whatif import why_of
from standoff.world.played import again_id, played_case
from standoff.world.setting import compile_setting
from standoff.world.state import moved_odds

N = 40
RUN = {"accounts": ("blue-tells",), "trajectories": N, "batch": N, "days": 30, "start": START}
QUIET = Commitment(
    id="quiet",
    title="Red holds its fire for good",
    kind=CommitmentKind.MAINTAIN,
    debtor=("red",),
    creditor=("blue",),
    from_=When.parse("2024-03-11"),
    forbid=Pattern(type=("shelling",), actor=("red",)),
    assumed="invented",
)
ANSWERS = replace(
    invented().commitments["blue-answers"],
    id="blue-answers-anew",
    from_=When.parse("2024-03-11"),
    supersedes=("blue-answers",),
    claims=(),
    assumed="invented",
)
SENT = Signal(
    id="show",
    kind=SignalKind.REINFORCEMENT,
    title="Blue brings guns",
    by=("blue",),
    towards=("red",),
    date=When.parse("2024-02-25"),
    cost=SignalCost.HIGH,
    seen_by=("public",),
    commitments=("blue-answers",),
)


def with_scenario(case: Case, **fields: object) -> Case:
    """Return a case with the scenario ``what-if`` beside its own."""
    scenario = Scenario(id="what-if", title="What if", lever="mediation", **fields)  # type: ignore[arg-type]
    return replace(case, scenarios={**case.scenarios, "what-if": scenario})


def played(case: Case, *scenarios: str, **fields: object) -> tuple[Plan, dict[tuple[str, str], Trajectories]]:
    spec = make_spec(case, scenarios=("baseline", *scenarios), **{**RUN, **fields})  # type: ignore[arg-type]
    plan = make_plan(case, spec)
    return plan, run_plan(plan)


def emitting(case: Case, option: str, *emissions: Emission, **fields: object) -> Case:
    """Return a case in which an option emits more."""
    old = case.options[option]
    changed = replace(old, emits=(*old.emits, *emissions), **fields)  # type: ignore[arg-type]
    return replace(case, options={**case.options, option: changed})


def alike(one: Trajectories, other: Trajectories) -> bool:
    """Whether two runs are the same to the byte."""
    return all(getattr(one, k).tobytes() == getattr(other, k).tobytes() for k in ("pursued", "displaced", "broke"))


# ---- Clauses of scenarios


@cache
def _clauses() -> tuple[Plan, dict[tuple[str, str], Trajectories]]:
    return played(with_scenario(invented(), clauses=(QUIET, ANSWERS)), "what-if")


def test_a_scenario_adds_a_clause_from_its_day_on_and_only_there() -> None:
    plan, results = _clauses()
    slots = [s.commitment for s in plan.setting.plan.slots]
    at = slots.index("quiet")
    with_it, without = results["blue-tells", "what-if"], results["blue-tells", "baseline"]
    assert not without.tested[:, at].any()
    assert not without.broke[:, at].any()
    assert with_it.tested[:, at].all()
    days = with_it.broke[:, at]
    assert (days > 0).any()
    assert days[days > 0].min() >= 11  # the clause begins on the eleventh day


def test_a_clause_that_takes_the_place_of_another_closes_it() -> None:
    plan, results = _clauses()
    slots = [s.commitment for s in plan.setting.plan.slots]
    old, new = slots.index("blue-answers"), slots.index("blue-answers-anew")
    assert not results["blue-tells", "baseline"].tested[:, new].any()
    late = results["blue-tells", "what-if"].broke[:, old]
    assert not (late > 10).any()
    assert results["blue-tells", "what-if"].tested[:, new].any()


def test_a_baseline_beside_a_scenario_with_clauses_is_the_baseline() -> None:
    _, results = _clauses()
    _, alone = played(invented())
    one, other = results["blue-tells", "baseline"], alone["blue-tells", "baseline"]
    assert (one.pursued == other.pursued).all()
    assert (one.displaced == other.displaced).all()


def test_why_names_the_clauses() -> None:
    plan, results = _clauses()
    case = with_scenario(invented(), clauses=(QUIET, ANSWERS))
    words = why_of(case, summarise(case, plan, results), "what-if", "blue-tells")
    assert "“Red holds its fire for good” is added" in words
    assert "takes the place of what was agreed" in words


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        (replace(QUIET, id="blue-answers"), "a commitment 'blue-answers' is in the case already"),
        (replace(QUIET, debtor=("rde",)), "rde"),
        (replace(QUIET, forbid=Pattern(type=("shelin",), actor=("red",))), "shelin"),
    ],
)
def test_a_clause_is_checked_as_a_commitment_is(clause: Commitment, said: str) -> None:
    case = with_scenario(invented(), clauses=(clause,))
    problems = [p.what for p in check_scenario(case, case.scenarios["what-if"])]
    assert len(problems) == 1
    assert said in problems[0]


def test_a_withdrawal_that_ends_is_refused() -> None:
    change = Change(withdraw="blue-answers", until=When.parse("2024-03-20"))
    case = with_scenario(invented(), changes=(change,))
    assert any("until" in p.what for p in check_scenario(case, case.scenarios["what-if"]))


# ---- What the model alone sees, and what it makes anew


def test_a_promise_of_which_nothing_could_show_is_played_and_its_ledger_is_not_touched() -> None:
    silent = replace(QUIET, id="faith", forbid=None, observable="no report", from_=When.parse("2024-02-20"))
    case = replace(invented(), commitments={**invented().commitments, "faith": silent})
    case = emitting(case, "red-shell", Emission(type="obstruction", target=("blue",), breaks=("faith",)))
    setting = compile_setting(played_case(case, START), START)
    at = [s.commitment for s in setting.plan.slots].index("faith")
    assert setting.breaks[:, at].any()
    assert ("faith", "its text says nothing that an event could show") in compile_setting(case, START).left_out
    plan, results = played(case)
    assert (results["blue-tells", "baseline"].broke[:, at] > 0).any()
    rows = [span for span in summarise(case, plan, results).ledger if span.commitment == "faith"]
    known = history(case_as_of(case, START), "blue-tells", on=START)
    assert [row.state for row in rows] == [bar.state for bar in known if bar.commitment == "faith"]


def test_an_agreement_made_in_a_run_is_in_its_ledger_from_then_on() -> None:
    case = emitting(
        invented(), "blue-shell", Emission(type="ceasefire", target=("red",), first=True, makes=("red-holds-fire",))
    )
    plan, results = played(case)
    name = again_id("red-holds-fire", "blue-shell")
    at = [s.commitment for s in plan.setting.plan.slots].index(name)
    took = np.array([o.id for o in plan.setting.options]) == "blue-shell"
    batch = results["blue-tells", "baseline"]
    made = batch.pursued[:, took].any(axis=1)
    assert (batch.tested[:, at] == made).all()
    assert made.sum() > 0
    assert not (batch.broke[~made, at] > 0).any()
    (row,) = agreements_of(plan, results)
    assert (row["commitment"], row["n"], row["made"]) == ("red-holds-fire", N, made.mean())
    assert row["broken"] == (batch.broke[:, at] > 0).mean()


def test_a_delay_moves_the_last_day() -> None:
    due = replace(
        QUIET,
        id="due",
        kind=CommitmentKind.ACHIEVE,
        forbid=None,
        then=Pattern(type=("patrol",), actor=("red",)),
        from_=When.parse("2024-02-20"),
        by=When.parse("2024-03-10"),
    )
    patrol = Emission(type="patrol", actor=("red",), chance=0.0)
    slow = Emission(type="extension", target=("red",), delays=("due",), delay=Duration.parse("8d"))
    base = replace(invented(), commitments={**invented().commitments, "due": due})
    base = emitting(base, "red-hold", patrol)
    broke = {}
    for key, case in {"as-agreed": base, "moved": emitting(base, "blue-hold", replace(slow, first=False))}.items():
        plan, results = played(case, trajectories=10, batch=10)
        at = [s.commitment for s in plan.setting.plan.slots].index("due")
        broke[key] = results["blue-tells", "baseline"].broke[:, at]
    assert (broke["as-agreed"] > 0).all()
    later = (broke["moved"] == 0) | (broke["moved"] >= broke["as-agreed"] + 7)
    assert later.mean() > 0.5  # Blue mostly holds, and each day of it puts the last day off


# ---- Signals


def test_odds_move_by_the_ratio_and_the_cases_behind_stay() -> None:
    alpha, beta = np.array([[2.0, 1.0]]), np.array([[2.0, 3.0]])
    one, other = moved_odds(alpha, beta, np.log([[3.0, 1.0]]))
    assert one / other == pytest.approx(np.array([[3.0, 1.0 / 3.0]]))
    assert one + other == pytest.approx(alpha + beta)
    assert (one[0, 1], other[0, 1]) == (1.0, 3.0)


def _believed(case: Case, name: str = "blue-answers") -> float:
    plan = make_plan(case, make_spec(case, **RUN))  # type: ignore[arg-type]
    world, _, _ = first_morning(plan.setting, plan.openings["blue-tells"], plan.spec, 0, plan.stretches["baseline"][0])
    at = [s.commitment for s in plan.setting.plan.slots].index(name)
    return float(world.alpha[0, at] / (world.alpha[0, at] + world.beta[0, at]))


def _ratio(case: Case, value: float, kind: str = "costly") -> Case:
    from standoff.case.model import Parameter

    name = f"signal.{kind}"
    one = Parameter(id=name, title=name, value=value, range=(value, value), unit="times the odds", assumed="invented")
    return replace(case, parameters={**case.parameters, name: one})


def test_a_signal_that_was_seen_moves_belief() -> None:
    case = _ratio(invented(), 3.0)
    before, after = _believed(case), _believed(replace(case, signals={"show": SENT}))
    assert after / (1 - after) == pytest.approx(3.0 * before / (1 - before))


@pytest.mark.parametrize(
    "unseen",
    [
        replace(SENT, seen_by=()),
        replace(SENT, cost=SignalCost.UNKNOWN),
        replace(SENT, date=When.parse("2024-03-02")),
        replace(SENT, commitments=()),
    ],
)
def test_a_signal_that_nobody_sees_changes_no_byte(unseen: Signal) -> None:
    case = _ratio(invented(), 3.0)
    _, one = played(case)
    _, other = played(replace(case, signals={"show": unseen}))
    assert alike(one["blue-tells", "baseline"], other["blue-tells", "baseline"])


def test_a_scenario_takes_a_signal_back() -> None:
    case = _ratio(replace(invented(), signals={"show": SENT}), 50.0)
    case = with_scenario(case, changes=(Change(unsend="show"),))
    _, results = played(case, "what-if")
    _, never = played(replace(case, signals={}))
    assert alike(results["blue-tells", "what-if"], never["blue-tells", "baseline"])


def test_what_an_option_shows_counts_once() -> None:
    show = Emission(type="reinforcement", target=("red",), signal="costly")
    beliefs = {}
    for value in (1.0, 4.0):
        case = emitting(_ratio(invented(), value), "blue-hold", show)
        plan = make_plan(case, make_spec(case, **{**RUN, "days": 5, "trajectories": 1, "batch": 1}))  # type: ignore[arg-type]
        from standoff.runs.ensemble import play_batch

        at = [s.commitment for s in plan.setting.plan.slots].index("blue-answers")
        opening, stretches = plan.openings["blue-tells"], plan.stretches["baseline"]
        odds = [
            float(world.alpha[0, at] / world.beta[0, at])
            for world, _ in play_batch(plan.setting, opening, plan.spec, stretches, 0)
        ]
        beliefs[value] = odds
    assert beliefs[4.0][1] / beliefs[4.0][0] == pytest.approx(4.0 * beliefs[1.0][1] / beliefs[1.0][0])
    assert beliefs[4.0][2] / beliefs[4.0][1] == pytest.approx(beliefs[1.0][2] / beliefs[1.0][1])


# ---- Arenas


def linked(case: Case) -> Case:
    """Return the invented case with another dispute, which Red's shelling settles in Red's favour."""
    issue = replace(
        case.issues["calm"],
        id="port",
        title="The port",
        start=0.5,
        arena="The port",
        shocks=(
            Shock(date=When.parse("2024-02-01"), by=-0.2, title="A ship is turned back", assumed="invented"),
            Shock(date=When.parse("2024-06-01"), by=0.5, title="Later", assumed="invented"),
        ),
    )
    stake = replace(
        next(s for s in case.stakes.values() if s.actor == "red"),
        id="red-port",
        issue="port",
        position=1.0,
        salience=0.9,
        range=(0.6, 1.0),
        assumed="invented",
    )
    case = replace(case, issues={**case.issues, "port": issue}, stakes={**case.stakes, "red-port": stake})
    shell = case.options["red-shell"]
    moved = replace(shell, moves={**shell.moves, "port": 0.5}, cost=0.0)
    return replace(case, options={**case.options, "red-shell": moved})


def test_an_arena_moves_choices_and_left_out_it_does_not() -> None:
    case = linked(invented())
    play = play_linkage(case, accounts=("blue-tells",), start=START, days=30, trajectories=60)
    (arena,) = play.arenas
    assert arenas_of(case) == {"The port": ("port",)}
    assert arena.stands == pytest.approx((0.3,))  # the shock before the start, and not the one after it
    rows = {o.option: o for o in play.run.options if o.scenario != "baseline"}
    assert rows["red-shell"].high < 0  # who cares about the port shells more


def test_saliences_of_an_arena_are_drawn() -> None:
    case = linked(invented())
    plan = make_plan(case, make_spec(case, **RUN))  # type: ignore[arg-type]
    red = plan.setting.actors.index("red")
    _, _, dials = first_morning(plan.setting, plan.openings["blue-tells"], plan.spec, 0, plan.stretches["baseline"][0])
    cares = dials.minds[red].salience
    port = plan.setting.issues.index("port")
    assert cares.shape == (N, len(plan.setting.issues))
    assert cares[:, port].std() > 0
    others = [k for k in range(len(plan.setting.issues)) if k != port]
    assert (cares[:, others] == cares[0, others]).all()


def test_a_case_without_arenas_says_how_to_have_one() -> None:
    with pytest.raises(StandoffError, match="no issue of the case belongs to an arena"):
        play_linkage(invented())


# ---- The shipped case


def test_the_shipped_case_leaves_few_clauses_unplayed() -> None:
    case = idlib()
    start = case.about.start.start
    assert start is not None
    setting = compile_setting(played_case(case_as_of(case, start), start), start)
    silent = [why for _, why in setting.left_out if "no option" in why or "says nothing" in why]
    live = len(silent) + len({s.commitment for s in setting.plan.slots if "-again-by-" not in s.commitment})
    assert len(silent) <= 15
    assert live >= 60


def test_a_run_as_of_a_day_before_its_start_is_summed_up() -> None:
    case = invented()
    plan, results = played(case, as_of=When.parse("2024-02-25").start)
    assert summarise(case, plan, results).outlook
