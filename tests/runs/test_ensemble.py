"""Same spec, same bytes: whatever the workers, and however often a run was stopped."""

from __future__ import annotations

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from as_printed import as_printed
from format_runs import idlib
from run_case import invented

from standoff.case.model import Case
from standoff.commitments.patterns.pattern import Matcher
from standoff.errors import StandoffError
from standoff.runs import ensemble
from standoff.runs.compare import paired_differences
from standoff.runs.ensemble import (
    Plan,
    Trajectories,
    forget,
    load_trajectories,
    make_plan,
    on_disk,
    parts_of,
    run_batch,
    run_plan,
    workers,
)
from standoff.runs.folder import files_of
from standoff.runs.opening import MIXED, OTHER, recorded_days
from standoff.runs.scenario import check_scenario
from standoff.runs.spec import make_spec, usual_batch
from standoff.runs.story import TrajectoryStory, story_days
from standoff.runs.summary import summarise
from standoff.views.lines.story import story_lines as lines


def _plan(**given: object) -> Plan:
    usual: dict[str, object] = {"trajectories": 30, "batch": 12, "days": 25, "seed": 7}
    case = invented()
    return make_plan(case, make_spec(case, **{**usual, **given}))  # type: ignore[arg-type]


def _same(one: Trajectories, other: Trajectories) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(Trajectories))


def test_the_result_does_not_depend_on_the_workers() -> None:
    made = _plan(mixed=True)
    alone = run_plan(made)
    with workers(2) as pool:
        together = run_plan(made, executor=pool)
    with ThreadPoolExecutor(3) as pool:
        threaded = run_plan(made, executor=pool)
    for key, batch in alone.items():
        assert _same(batch, together[key]), key
        assert _same(batch, threaded[key]), key
    case = invented()
    assert files_of(summarise(case, made, alone)) == files_of(summarise(case, made, together))


@pytest.mark.parametrize("case", [invented(), idlib()], ids=["invented", "idlib"])
def test_a_batch_opens_alone_as_it_does_with_all_others(case: Case) -> None:
    made = make_plan(case, make_spec(case, trajectories=30, batch=12, days=3, mixed=True))
    for account in made.openings:
        whole, days = made.openings[account], made.stretches["baseline"]
        for number in range(len(made.spec.sizes)):
            alone = made.openings.batch(account, number)
            assert alone.telling.size == made.spec.sizes[number]
            one, other = (run_batch(made.setting, at, made.spec, days, number) for at in (whole, alone))
            assert _same(one, other), (account, number)


PEAK = """
import re, sys
from dataclasses import fields
from pathlib import Path
from standoff.case.read import load
from standoff.runs.ensemble import make_plan, run_plan
from standoff.runs.spec import make_spec
case = load("idlib")
spec = make_spec(case, accounts=("pooled",), trajectories=int(sys.argv[1]), batch=1000, days=2)
results = run_plan(make_plan(case, spec), parts=Path(sys.argv[2]))
size = sum(getattr(one, f.name).nbytes for one in results.values() for f in fields(one))
# its own peak: ru_maxrss of a child holds that of the process it was made by
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024, size)
"""


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell a peak")
def test_memory_grows_by_the_results_alone(tmp_path: Path) -> None:
    figures = {}
    for n in (4_000, 16_000):
        command = [sys.executable, "-c", PEAK, str(n), str(tmp_path / str(n))]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        figures[n] = [int(word) for word in printed.split()]
    (few, small), (many, large) = figures.values()
    assert many < 400 * 2**20
    assert many - few < large - small + 25 * 2**20, (few, many, small, large)


def test_a_run_goes_on_from_what_was_finished(tmp_path: Path) -> None:
    made = _plan()
    whole = run_plan(made)
    parts = tmp_path / ".run.parts"
    seen: list[int] = []

    def stop(done: int, all_: int) -> None:
        seen.append(done)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_plan(made, parts=parts, tell=stop)
    kept = sorted(p.name for p in parts.iterdir())
    assert len(kept) == 3
    assert all(name.endswith(".npz") for name in kept)
    assert all(load_trajectories(parts / name) is not None for name in kept)
    seen.clear()
    again = run_plan(made, parts=parts, tell=lambda done, all_: seen.append(done))
    assert seen[0] == 3
    assert all(_same(batch, again[key]) for key, batch in whole.items())
    forget(parts)
    assert not parts.exists()


def test_nothing_of_a_batch_waits_for_the_collector() -> None:
    """The commands let it run seldom: what holds itself would pile up, megabytes a batch."""
    made = _plan(accounts=("blue-tells",))
    at = made.openings.batch("blue-tells", 0)
    stretches = made.stretches[made.spec.scenarios[0]]
    run_batch(made.setting, at, made.spec, stretches, 0)
    gc.collect()
    gc.disable()
    try:
        run_batch(made.setting, at, made.spec, stretches, 0)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_large_runs_lie_in_a_file_and_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _plan()
    whole = run_plan(made)
    monkeypatch.setattr(ensemble, "LARGE", 0)
    again = run_plan(made, parts=tmp_path)
    assert all(_same(batch, again[key]) for key, batch in whole.items())
    assert all(
        getattr(whole[key], f.name).dtype == getattr(batch, f.name).dtype
        for key, batch in again.items()
        for f in fields(batch)
    )
    one = next(iter(again.values()))
    assert not one.displaced.flags.writeable  # it is the file that is looked at
    one.put_aside()
    assert summarise(invented(), made, again) == summarise(invented(), made, whole)
    assert all(path.suffix == ".npz" for path in tmp_path.iterdir())  # the file has no name


def test_wide_counts_of_one_batch_widen_all(tmp_path: Path) -> None:
    made = _plan(accounts=("blue-tells",))
    (batch,) = run_plan(made).values()
    many = replace(batch, displaced=batch.displaced.astype(np.int64) + 2**40)
    names = [tmp_path / "0.npz", tmp_path / "1.npz"]
    batch.save(names[0])
    many.save(names[1])
    both = on_disk(names, tmp_path)
    assert both.displaced.dtype == np.int64
    assert np.array_equal(both.displaced, np.concatenate([batch.displaced, many.displaced]))


def test_batches_of_a_large_run_that_are_gone_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _plan()
    run_plan(made, parts=tmp_path)
    names = sorted(tmp_path.iterdir())
    names[1].write_bytes(names[1].read_bytes()[:50])
    with pytest.raises(StandoffError, match="was finished, and is gone"):
        on_disk(names, tmp_path)
    monkeypatch.setattr(ensemble, "TemporaryFile", _full)
    with pytest.raises(StandoffError, match="No space left"):
        on_disk(names[:1], tmp_path)


def _full(**_: object) -> object:
    raise OSError(28, "No space left on device")


def test_a_batch_that_was_cut_off_is_run_again(tmp_path: Path) -> None:
    made = _plan()
    whole = run_plan(made, parts=tmp_path)
    victim = sorted(tmp_path.iterdir())[0]
    victim.write_bytes(victim.read_bytes()[:100])
    again = run_plan(made, parts=tmp_path)
    assert all(_same(batch, again[key]) for key, batch in whole.items())


def test_other_specs_keep_their_batches_apart(tmp_path: Path) -> None:
    case = invented()
    one, other = make_spec(case, seed=1), make_spec(case, seed=2)
    assert parts_of(tmp_path / "run", case, one) != parts_of(tmp_path / "run", case, other)
    changed = replace(case, digest="other")
    assert parts_of(tmp_path / "run", case, one) != parts_of(tmp_path / "run", changed, one)


def test_scenarios_share_their_random_numbers() -> None:
    """Before a change begins, the two are the same trajectory by trajectory."""
    made = _plan(scenarios=("baseline", "road-shut"), accounts=("blue-tells",))
    found = run_plan(made)
    base, shut = found["blue-tells", "baseline"], found["blue-tells", "road-shut"]
    assert np.array_equal(base.displaced[:, :9], shut.displaced[:, :9])
    assert not np.array_equal(base.arrived, shut.arrived)
    told = [d for d in paired_differences(summarise(invented(), made, found)) if d.kind == "scenario"]
    assert {d.outcome for d in told} == {*invented().outcomes, "newly-displaced", "in-sites"}
    assert all(d.low <= d.mean <= d.high for d in told)


def test_a_threat_that_is_taken_back_breaks_no_more() -> None:
    made = _plan(scenarios=("baseline", "threat-withdrawn"), accounts=("red-tells",), trajectories=60)
    found = run_plan(made)
    slot = next(i for i, s in enumerate(made.setting.plan.slots) if s.commitment == "blue-answers")
    base = found["red-tells", "baseline"].broke[:, slot]
    after = found["red-tells", "threat-withdrawn"].broke[:, slot]
    assert (base > 5).any()
    assert not (after > 5).any()


def test_mixed_answers_keep_their_shares_and_come_apart() -> None:
    made = _plan(mixed=True, trajectories=60)
    pooled, mixed = made.openings["pooled"].answers, made.openings[MIXED].answers
    assert np.array_equal(np.sort(pooled, axis=0), np.sort(mixed, axis=0))
    run_of = summarise(invented(), made, run_plan(made))
    assert "~mixed" not in run_of.outcomes["account"]
    assert {m.account for m in run_of.matters} == {"mixed"}


def test_an_answer_is_changed_and_nothing_else() -> None:
    made = _plan(answers=True, trajectories=60)
    mixed, other = made.openings[MIXED], made.openings[OTHER + "who-shelled"]
    assert (mixed.answers != other.answers).all()  # there is one dispute, with two answers
    assert np.array_equal(mixed.doubted, other.doubted)
    played = run_plan(made)
    one, two = played[MIXED, "baseline"], played[OTHER + "who-shelled", "baseline"]
    rows = summarise(invented(), made, played).answers
    assert {row.paired for row in rows} == {True}
    for row in rows:
        k = [o.id for o in made.setting.outcomes].index(row.outcome)
        number = ["red-did", "red-did-not"].index(row.answer)
        holds = one.answers[:, 0] == number
        with_it = np.where(holds, one.first[:, k] > 0, two.first[:, k] > 0)
        without = np.where(holds, two.first[:, k] > 0, one.first[:, k] > 0)
        assert row.n == row.others == 60
        assert row.difference == pytest.approx(with_it.mean() - without.mean())
    # where the answer sets nothing that a run reads, the same luck gives the same course
    case = invented()
    dispute = case.disputes["who-shelled"]
    idle = tuple(
        replace(a, sets=replace(a.sets, asserts=(), denies=(), parameters={"nothing-reads-it": float(i)}))
        for i, a in enumerate(dispute.answers)
    )
    still = make_plan(
        replace(case, disputes={"who-shelled": replace(dispute, answers=idle)}),
        make_spec(case, trajectories=20, days=15, answers=True),
    )
    courses = run_plan(still)
    assert np.array_equal(courses[MIXED, "baseline"].first, courses[OTHER + "who-shelled", "baseline"].first)


def test_the_story_of_a_trajectory_is_that_of_the_run() -> None:
    case = invented()
    made = _plan(accounts=("blue-tells",))
    batch = run_plan(made)["blue-tells", "baseline"]
    for trajectory in (0, 13, 29):
        morning, *story = story_days(case, made, "blue-tells", "baseline", trajectory)
        assert {course["actor"] for course in morning["courses"]} == set(made.setting.actors)
        fired = [e["day"] for e in story if any(x["actor"] == ["blue"] for x in e["events"])]
        assert (fired[0] if fired else 0) == batch.first[trajectory, 1]
        assert story[-1]["displaced"] <= batch.displaced[trajectory, -1]
        for entry in story:
            assert entry["displaced"] == batch.displaced[trajectory, entry["day"] - 1]
            for choice in entry["choices"]:
                assert sum(o["chance"] for o in choice["options"]) == pytest.approx(1.0) or not choice["options"]
        assert list(lines(case, TrajectoryStory("blue-tells", "baseline", trajectory, [morning, *story]), 80))
    with pytest.raises(StandoffError, match="no trajectory 30"):
        story_days(case, made, "blue-tells", "baseline", 30)


def test_what_is_out_of_bounds_is_told_at_once() -> None:
    with pytest.raises(StandoffError) as caught:
        make_spec(invented(), accounts=("blue-tels",), scenarios=("road-shot",), trajectories=0, days=0, mode="random")
    text = as_printed(caught.value)
    for word in ("blue-tells", "road-shut", "-n", "--days", "--mode"):
        assert word in text
    assert len(caught.value.problems) == 5


def test_a_scenario_may_not_touch_what_armed_actors_can_do() -> None:
    from standoff.case.model import Parameter
    from standoff.case.strategy import Change, Scenario

    cost = Parameter(id="cost.red-shell", title="Cost", value=0.1, range=(0.0, 1.0), unit="units", assumed="invented")
    case = replace(invented(), parameters={"cost.red-shell": cost})
    bad = Scenario(id="x", title="x", lever="military", changes=(Change(parameter="cost.red-shell", value=0.0),))
    told = " ".join(str(p) for p in check_scenario(case, bad))
    assert "military" in told
    assert "not for a scenario to change" in told


def test_every_shipped_scenario_uses_a_lever_that_protects_or_informs() -> None:

    case = idlib()
    assert case is not None
    for scenario in case.scenarios.values():
        assert check_scenario(case, scenario) == []
        assert scenario.lever in ("none", "humanitarian", "mediation", "monitoring")


def test_versions_are_told_apart_by_what_is_served() -> None:
    case = idlib()
    made = make_plan(case, make_spec(case, trajectories=2, days=1, accounts=("daher",), parameters="fixed"))
    record = recorded_days(made.case, made.setting.plan, made.spec.start, Matcher(made.case))
    rng = np.random.default_rng(4)
    served = np.flatnonzero(record.hits.any(axis=0) & (record.day >= 0))
    rows = [rng.random(record.day.size) < 0.5 for _ in range(20)]
    for e in served:  # and each with one event more or less
        rows.append(rows[0] ^ (np.arange(record.day.size) == e))
    rows.append(rows[0] ^ (record.day < 0))  # what lies outside the record tells nothing apart
    keys, counts = (
        record.alike(np.array(rows)).tolist(),
        [b"".join(a.tobytes() for a in record.happened(r)) for r in rows],
    )
    assert len(set(keys)) > len(served)
    assert keys[-1] == keys[0]
    for k, c in zip(keys, counts, strict=True):
        assert [k == other for other in keys] == [c == other for other in counts]


def test_large_runs_go_in_even_batches_of_up_to_a_thousand() -> None:
    assert {usual_batch(n) for n in range(1, 2001)} == {500}
    case = invented()
    for n in (2001, 2999, 3001, 4000, 12_345):
        sizes = make_spec(case, trajectories=n).sizes
        assert sum(sizes) == n
        assert max(sizes) - min(sizes) < len(sizes)
        assert 600 < max(sizes) <= 1000
    assert make_spec(case, trajectories=4000, batch=500).sizes == (500,) * 8
