"""What a scenario changes: sentences of clear differences with their reason, and one sentence for all others."""

from __future__ import annotations

from dataclasses import replace

from standoff.case.model import Case
from standoff.case.strategy import Change
from standoff.runs.compare import paired_differences
from standoff.runs.results import AnswerEffect, AreaIncidents, OptionDays, Run
from standoff.views.report import report
from standoff.views.whatif import (
    answer_lines,
    answer_sentences,
    apart_from_chance,
    effects_of,
    incident_ranges,
    level_sentence,
    lever_words,
    people_ranges,
    unplayed_line,
    whatif_lines,
)
from standoff.world.setting import NO_OPTION, NOTHING_SEEN


def test_what_is_the_same_in_both_is_one_sentence_and_no_figure(case: Case, run: Run) -> None:
    base = run.scenarios[0]
    outcomes = {k: list(v) for k, v in run.outcomes.items()}
    rows = list(zip(outcomes["account"], outcomes["scenario"], strict=True))
    for name, values in outcomes.items():
        if name not in ("account", "scenario", "trajectory"):
            first = {
                a: iter([v for v, (b, s) in zip(values, rows, strict=True) if (b, s) == (a, base)])
                for a in run.accounts
            }
            outcomes[name] = [v if s == base else next(first[a]) for v, (a, s) in zip(values, rows, strict=True)]
    (one,) = effects_of(case, replace(run, outcomes=outcomes))
    assert one.clear == ()
    assert one.why == ""
    assert one.rest.startswith("No difference that can be told from chance in 200 paired runs, in any of ")
    assert {row[4] for row in one.rows} == {"the same in every run"}


def test_a_clear_difference_has_both_levels_its_range_and_a_reason(case: Case, run: Run) -> None:
    more = replace(run, options=(OptionDays("pooled", "stock", "o", "Red attacks", "red", 200, 4.0, 2.5, 2.0, 3.0),))
    outcomes = {k: list(v) for k, v in run.outcomes.items()}
    name = next(k for k in outcomes if k == "newly-displaced")
    outcomes[name] = [v + 1000 * (s == "stock") for v, s in zip(outcomes[name], outcomes["scenario"], strict=True)]
    (one,) = effects_of(case, replace(more, outcomes=outcomes))
    text = next(t for t in one.clear if t.startswith("People newly displaced"))
    assert " people in the baseline, " in text
    assert "under every account." in text
    assert "“Red attacks” on 2.5 more days a run (+2.0 to +3.0)" in one.why
    assert any(line.strip() == text for line in whatif_lines(case, replace(more, outcomes=outcomes)))
    still = replace(more, options=(replace(more.options[0], low=-1.0),), outcomes=outcomes)
    assert "only what was changed" in effects_of(case, still)[0].why


def test_the_more_is_looked_at_the_more_it_takes(run: Run) -> None:
    d = replace(paired_differences(run)[0], mean=2.0, low=0.36, high=3.64, differ=0.5)
    assert apart_from_chance(d, 1)
    assert not apart_from_chance(d, 10)
    assert not apart_from_chance(replace(d, differ=0.0), 1)


def test_answers_that_move_an_outcome_are_told_with_both_shares(case: Case, run: Run) -> None:
    outcome = str(run.meta["outcomes"][0]["id"])
    row = AnswerEffect("dis-x", "yes", outcome, 90, 0.8, 110, 0.2, 0.6, 0.5, 0.7)
    (text,) = answer_lines(case, replace(run, answers=(row,)))
    assert "“yes” (90 runs" in text
    assert "in 80 %, else in 20 %" in text
    assert "(90 runs, unpaired)" in text
    (text,) = answer_lines(case, replace(run, answers=(replace(row, difference=0.01, low=-0.1, high=0.12),)))
    assert text.startswith("No answer to a disputed question changes an outcome")
    assert answer_lines(case, run) == []


def test_a_paired_answer_is_told_once_a_dispute_and_the_rest_is_counted(case: Case, run: Run) -> None:
    outcome = str(run.meta["outcomes"][0]["id"])
    clear = AnswerEffect("dis-x", "yes", outcome, 90, 0.8, 90, 0.2, 0.6, 0.5, 0.7, paired=True)
    mirror = replace(clear, answer="no", difference=-0.6, low=-0.7, high=-0.5)
    chance = replace(clear, dispute="dis-y", difference=0.01, low=-0.1, high=0.12)
    lines = answer_lines(case, replace(run, answers=(clear, mirror, chance)))
    assert len(lines) == 2
    assert "(90 pairs of runs)" in lines[0]
    assert lines[1] == "Of 1 other dispute no difference can be told from chance."
    told = answer_sentences(case, run, (clear, mirror, chance))
    assert list(told) == ["dis-x", "dis-y"]
    assert told["dis-y"].startswith("No difference that can be told from chance (90 pairs of runs); the largest is")


def test_levers_in_words(case: Case) -> None:
    place = next(iter(case.places.values()))
    assert lever_words(case, Change(shut=f"place:{place.id}")) == f"{place.name} is shut"
    assert lever_words(case, Change(open="border:AA:BB")) == "the border between AA and BB is open"
    assert lever_words(case, Change(capacity=place.id, value=1000.0)) == f"{place.name} has room for 1,000"
    assert "withdrawn" in lever_words(case, Change(withdraw=next(iter(case.commitments))))


def test_one_panel_holds_all_accounts_and_incidents_stand_beside_what_was_counted(case: Case, run: Run) -> None:
    panel = people_ranges(case, run)
    assert panel is not None
    assert len(panel["rows"]) == len(run.accounts) * len(run.scenarios)
    if len(panel["rows"]) > 1:  # from the least to the highest of several ranges is no range of 90 %
        assert "of each account at least 90 % of runs lie between" in panel["title"]
    assert incident_ranges(case, run) is None
    rows = [
        AreaIncidents("pooled", run.scenarios[0], area, days, 200, 10.0, 2.0, 9.0, 20.0, 10.0, 8)
        for area in ("north", "south", "everywhere")
        for days in (28, 84, 180)
    ]
    counted = replace(
        run, incidents=tuple(rows), meta={**run.meta, "level": {"counted": "A log", "until": "2001-02-28"}}
    )
    figure = incident_ranges(case, counted)
    assert figure is not None
    assert [row[:2] for row in figure["rows"]] == [["north", 84], ["south", 84]]
    assert level_sentence(counted) == "Counted up to 28 Feb 2001: A log."
    assert "is a selection" in level_sentence(
        replace(run, meta={**run.meta, "level": {"counted": "x", "until": "2001-02-28", "selection": True, "why": "y"}})
    )
    assert level_sentence(replace(run, meta={**run.meta, "level": {"counted": "", "missing": "z"}})) == (
        "No level of incidents: z."
    )
    assert 'id="incidents"' in report(case, counted)


def test_what_the_model_cannot_play_is_counted_by_its_reason(run: Run) -> None:
    some = [{"commitment": k, "why": NO_OPTION if k == "a" else NOTHING_SEEN} for k in "abc"]
    line = unplayed_line(replace(run, meta={**run.meta, "unmodelled": some, "modelled": 4}))
    assert line.startswith("the model cannot play 3 of 7 commitments live at the start: ")
    assert "2 say nothing that an event could show" in line
    assert "1 ask" in line
    assert unplayed_line(replace(run, meta={**run.meta, "unmodelled": []})) == ""
