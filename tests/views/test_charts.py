from __future__ import annotations

import csv
import io
import itertools
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.case.model import Case
from standoff.runs.results import LedgerSpan, Run
from standoff.views import bars, charts, comparing, maps
from standoff.views import charts as figures
from standoff.views import charts as runs
from standoff.views.charts import Figure
from standoff.views.findings import findings, spoken_of
from standoff.views.present import present_map
from standoff.views.whatif import effects_of


def every(case: Case, run: Run) -> list[Figure]:
    ledger = bars.ledger_bars(case, run.ledger, until=date(2001, 3, 1), as_of=None)
    made = [
        charts.fan(case, run),
        charts.dots(case, run),
        charts.outlook(case, run),
        charts.breaks(case, run),
        comparing.people_comparison(case, run),
        *comparing.difference_figures(case, run),
        *comparing.shifts(case, run),
        *charts.matters(case, run),
        maps.region_map(case),
        present_map(case, run),
        ledger,
    ]
    return [f for f in made if f is not None]


def test_every_figure_has_its_whole_frame(case: Case, run: Run) -> None:
    found = every(case, run)
    assert len(found) == 12
    for f in found:
        assert all(f[k] for k in ("title", "definition", "source", "as_of", "n", "columns", "rows", "data")), f["id"]
        assert all(len(row) == len(f["columns"]) for row in f["rows"]), f["id"]
        assert "will" not in f"{f['title']} {f['definition']}".lower().split()
        json.dumps(f)


def test_figures_of_the_model_say_so(case: Case, run: Run) -> None:
    for f in (charts.fan(case, run), charts.dots(case, run), charts.outlook(case, run), charts.breaks(case, run)):
        assert f is not None
        assert "in this model" in f"{f['title']} {f['definition']}"


def test_the_fan_speaks_of_the_pooled_account(case: Case, run: Run) -> None:
    f = charts.fan(case, run)
    assert f is not None
    last = run.fan("pooled", "displaced-people")[-1]
    assert f["title"].startswith(f"90 % of runs have {charts.span(last.q05, last.q95)} people newly displaced by ")
    assert [p["account"] for p in f["data"]["panels"]] == list(run.accounts)
    for panel in f["data"]["panels"]:
        bands = run.fan(panel["account"], "displaced-people")
        for (when, *drawn), band in zip(panel["points"], bands, strict=True):
            assert when == band.date
            for value, exact in zip(drawn, (band.q05, band.q25, band.q50, band.q75, band.q95), strict=True):
                assert abs(value - exact) <= 0.0005 * exact
                assert value == pytest.approx(float(f"{value:.4g}"), rel=1e-9)  # four digits, and no more


def test_only_the_same_measure_from_the_same_start_is_drawn_as_observed(case: Case, run: Run) -> None:
    assert [o["value"] for o in charts.observations_beside(case, run)] == [9000]


def test_dots_show_two_humps_that_the_fan_hides(case: Case, run: Run) -> None:
    f = charts.dots(case, run)
    assert f is not None
    values = f["data"]["panels"][0]["values"]
    assert len(values) == 20
    gaps = [b - a for a, b in itertools.pairwise(values)]
    assert max(gaps) > 0.4 * (values[-1] - values[0])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=300))
def test_twenty_dots_stay_inside_the_sample_and_in_order(values: list[int]) -> None:
    twenty = runs.twenty([float(v) for v in values])
    assert len(twenty) == 20
    assert twenty == sorted(twenty)
    assert min(values) <= twenty[0] + 1e-6
    assert twenty[-1] <= max(values) + 1e-6


def test_a_threat_that_is_not_carried_out_is_told_apart(case: Case, run: Run) -> None:
    f = charts.breaks(case, run)
    assert f is not None
    shown = [(c["id"], "threat, not carried out" in c["title"]) for c in f["data"]["commitments"]]
    assert shown == [("gate", False), ("withdraw", False), ("mud-threat", True)]
    assert f["title"].startswith("Of the promises intact, first to break in this model: Sylvania keeps the gate open, ")
    threats = replace(run, breaks=tuple(b for b in run.breaks if b.adverse))
    found = charts.breaks(case, threats)
    assert found is not None
    assert "(threat, not carried out), in 10 % of runs" in found["title"]


def test_disputes_that_cannot_be_told_apart_share_a_line(case: Case, run: Run) -> None:
    twins = [replace(run.matters[0], dispute=name, question=name) for name in ("dis-01", "dis-02")]
    figure = charts.matters(case, replace(run, matters=tuple(twins)))[0]
    assert len(figure["data"]["points"]) == 1
    assert figure["data"]["points"][0]["question"] == "dis-01 And 1 dispute answered together with it."
    assert len(figure["rows"]) == 2


def test_an_outcome_on_which_nothing_stands_out_has_no_ranking(case: Case, run: Run) -> None:
    flat = [replace(m, low=0.0) for m in run.matters]
    assert charts.matters(case, replace(run, matters=tuple(flat))) == []


def test_scenarios_are_compared_run_by_run(case: Case, run: Run) -> None:
    f = comparing.people_comparison(case, run)
    assert f is not None
    base, other = runs.people_displaced(run, "pooled"), runs.people_displaced(run, "pooled", "stock")
    less = sum(b < a for a, b in zip(base, other, strict=True)) / len(base)
    assert f["rows"][0][5] == less
    assert f"fewer people displaced than in the base scenario in {round(100 * less)} % of runs" in f["title"]


def test_every_way_a_scenario_goes_is_told(case: Case, run: Run) -> None:
    change = [5000.0] * 11 + [-5000.0] * 8 + [0.0]
    told = comparing.change_words(run, "pooled", change)
    assert told == "more people displaced than in the base scenario in 55 % of runs, fewer in 40 %, as many in 5 %"
    level = comparing.change_words(run, "pooled", [0.0] * 10 + [5000.0] * 5)
    assert level == "as many people displaced as in the base scenario in 67 % of runs, more in 33 %"


def test_the_findings_say_what_each_scenario_changes(case: Case, run: Run) -> None:
    (told,) = [f for f in findings(case, run) if f.figure == "whatif-stock"]
    assert told.text.startswith("Tents stand at Mudcamp: ")
    (effects,) = effects_of(case, run)
    assert told.text.endswith(effects.clear[0] if effects.clear else effects.rest)
    assert "1,000" not in spoken_of(case, run)
    assert f"{runs.trajectories(run)} runs" in spoken_of(case, run)
    alone = {**run.meta, "spec": {**run.meta["spec"], "scenarios": run.scenarios[:1]}}
    assert not [f for f in findings(case, replace(run, meta=alone)) if f.figure.startswith("whatif")]


def test_a_slight_change_is_told_as_next_to_none(case: Case, run: Run) -> None:
    same = dict(run.outcomes)
    base = dict(enumerate(run.values("pooled", "newly-displaced")))
    same["newly-displaced"] = [
        base[t] + (t % 3) - 1 if (a, s) == ("pooled", "stock") else v
        for a, s, t, v in zip(
            *(run.outcomes[k] for k in ("account", "scenario", "trajectory", "newly-displaced")), strict=False
        )
    ]
    f = comparing.people_comparison(case, replace(run, outcomes=same))
    assert f is not None
    assert "almost no difference" in f["title"]


def test_every_outcome_is_shown_as_a_paired_difference_with_its_error(case: Case, run: Run) -> None:
    (f,) = comparing.difference_figures(case, run)
    assert [g["outcome"] for g in f["data"]["groups"]] == ["shut", "many", "newly-displaced"]
    people = f["data"]["groups"][2]["points"][-1]
    base, other = (np.array(runs.people_displaced(run, "pooled", s)) for s in run.scenarios)
    gap = other - base
    error = 1.645 * gap.std(ddof=1) / np.sqrt(gap.size)
    assert people["mean"] == pytest.approx(gap.mean(), rel=0.01)
    assert people["high"] - people["low"] == pytest.approx(2 * error, rel=0.02)
    assert people["clear"]
    assert people["text"].startswith("\N{MINUS SIGN}")
    assert "People newly displaced, \N{MINUS SIGN}" in f["title"]
    assert f["title"].endswith("in this model")
    assert all(row[-1] == 200 for row in f["rows"])
    assert len(f["rows"]) == 9
    assert "about 1 would do so by chance" in f["definition"]


def test_without_a_difference_beyond_error_the_title_says_so(case: Case, run: Run) -> None:
    base = {(a, t): i for i, (a, s, t) in enumerate(_keys(run)) if s == "base"}
    same = {k: [v[base[a, t]] for a, _, t in _keys(run)] for k, v in run.outcomes.items() if k != "scenario"}
    (f,) = comparing.difference_figures(case, replace(run, outcomes={**same, "scenario": run.outcomes["scenario"]}))
    assert f["title"] == "Tents stand at Mudcamp: no outcome changes beyond sampling error in this model"
    assert all(p["text"] == "the same in every run" for g in f["data"]["groups"] for p in g["points"])
    assert not any(p["clear"] for g in f["data"]["groups"] for p in g["points"])
    assert all(p["low"] < 0 < p["high"] for g in f["data"]["groups"] for p in g["points"])


def _keys(run: Run) -> list[tuple[str, str, int]]:
    return list(zip(*(run.outcomes[k] for k in ("account", "scenario", "trajectory")), strict=True))


def test_shifts_tell_where_people_present_change_most(case: Case, run: Run) -> None:
    f = comparing.shifts(case, run)[0]
    changes = [abs(row[4]) for row in f["rows"]]
    assert changes == sorted(changes, reverse=True)
    assert f["rows"][0][0] in f["title"]


def test_a_run_with_nothing_to_show_shows_nothing(case: Case, run: Run) -> None:
    bare = replace(
        run, outlook=(), quantiles=(), arrivals=(), present=(), breaks=(), ledger=(), matters=(), outcomes={}
    )
    assert charts.fan(case, bare) is None
    assert charts.dots(case, bare) is None
    assert charts.outlook(case, bare) is None
    assert charts.breaks(case, bare) is None
    assert comparing.people_comparison(case, bare) is None
    assert charts.matters(case, bare) == []
    assert present_map(case, bare) is None
    assert bars.ledger_bars(case, (), until=date(2001, 3, 1), as_of=None) is None


def test_accounts_that_agree_share_a_lane(case: Case, run: Run) -> None:
    lanes = bars.lanes(case, run.ledger, date(2001, 3, 1))
    told = [(lane["commitment"], lane["told"]) for lane in lanes]
    assert ("gate", "all accounts") in told
    assert ("withdraw", "As the Gazette tells it (a reading)") in told
    assert ("withdraw", "As the Herald tells it (a reading) and Both voices pooled (a reading)") in told


@pytest.mark.parametrize(
    ("state", "verdict", "kind", "look"),
    [
        ("violated", "contested", "achieve", "contested"),
        ("detached", "unknown", "achieve", "unknown"),
        ("detached", "detached", "achieve", "detached"),
        ("detached", "detached", "maintain", "in-force"),
        ("detached", "violated", "maintain", "violated"),
        ("expired", "expired", "achieve", "ended"),
        ("superseded", "superseded", "maintain", "ended"),
        ("satisfied", "satisfied", "achieve", "satisfied"),
    ],
)
def test_what_a_state_looks_like(state: str, verdict: str, kind: str, look: str) -> None:
    assert bars.appearance(state, verdict, kind) == look


def test_bars_that_touch_and_agree_are_one(case: Case) -> None:
    spans = [
        LedgerSpan("gate", "", "one", "", "2001-01-05", "2001-01-20", "violated", "violated", 1),
        LedgerSpan("gate", "", "one", "", "2001-01-20", "2001-02-20", "violated", "violated", 2),
    ]
    assert bars.lanes(case, spans, date(2001, 3, 1))[0]["bars"] == [
        {"from": "2001-01-05", "to": "2001-02-20", "look": "violated"}
    ]


def test_places_are_sized_by_people_and_shaped_by_kind(case: Case) -> None:
    f = maps.region_map(case)
    shapes = {p["id"]: p["shape"] for p in f["data"]["places"]}
    assert shapes == {
        "mudville": "circle",
        "dryton": "circle",
        "mudcamp": "triangle",
        "gatehouse": "square",
        "lookout": "cross",
    }
    assert [p["people"] for p in f["data"]["places"]] == [60000, 30000, 29000, 0, 0]
    assert figures.BOUNDARIES in f["definition"]


def test_zones_hold_only_in_their_time(case: Case) -> None:
    assert [z["id"] for z in maps.zones_on(case, date(2001, 1, 1))] == ["m1"]
    assert [z["id"] for z in maps.zones_on(case, date(2001, 2, 1))] == ["strip", "m1"]


def test_csv_is_what_the_table_shows_and_nothing_a_spreadsheet_runs() -> None:
    text = figures.csv_text(["a", "b"], [["=cmd()", 1], ["plain, text", -2.5], ["+1", None]])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["'=cmd()", "1"], ["plain, text", "-2.5"], ["'+1", ""]]
