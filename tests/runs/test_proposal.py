"""A draft agreement: what the model cannot play comes first; the rest is compared on the same luck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from run_case import invented

from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.runs.compare import paired_differences
from standoff.runs.ensemble import make_plan, run_plan
from standoff.runs.proposal import DRAFT, DraftPlay, first_day_of, plan_with, play_draft, with_draft
from standoff.runs.spec import make_spec
from standoff.values import When
from standoff.views.lines.proposal import draft_play_lines
from standoff.world.setting import NOTHING_SEEN

DAY = When.parse("2024-03-01")
QUIET = Commitment(
    id="quiet",
    title="Red holds its fire",
    kind=CommitmentKind.MAINTAIN,
    debtor=("red",),
    creditor=("blue",),
    from_=DAY,
    forbid=Pattern(type=("shelling",), actor=("red",)),
)
FAITH = replace(QUIET, id="faith", title="Red acts in good faith", forbid=None)
PATROL = replace(
    QUIET,
    id="patrol",
    title="Red patrols",
    kind=CommitmentKind.ACHIEVE,
    forbid=None,
    then=Pattern(type=("patrol",), actor=("red",)),
    by=When.parse("2024-03-20"),
)


@pytest.fixture(scope="module")
def proposal() -> DraftPlay:
    case = invented()
    return play_draft(
        case, [QUIET, FAITH, PATROL], accounts=("blue-tells",), trajectories=60, days=20, title="A draft", each=True
    )


def test_what_cannot_be_played_says_why_and_comes_first(proposal: DraftPlay) -> None:
    quiet, faith, patrol = proposal.clauses
    assert quiet.plays
    assert quiet.breaks
    assert faith.why == NOTHING_SEEN
    assert patrol.why == "no option of the model can meet, keep or break it"
    lines = list(draft_play_lines(proposal, "A draft", 80))
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert text.index("THE MODEL CANNOT PLAY 2 OF 3 CLAUSES") < text.index("WHAT OPTIONS ARE TO THE OTHERS")
    assert text.index("WHAT OPTIONS ARE TO THE OTHERS") < text.index("IN RUNS WITH THE DRAFT") < text.index("WHAT IF")


def test_compliance_is_by_account_and_only_of_what_plays(proposal: DraftPlay) -> None:
    (row,) = proposal.compliance
    assert (row.clause, row.account, row.n) == ("quiet", "blue-tells", 60)
    assert row.tested == 1.0
    assert 0.0 <= row.broken <= row.tested


def test_a_draft_of_which_nothing_plays_changes_nothing_at_all() -> None:
    case = invented()
    nothing = play_draft(case, [FAITH, PATROL], accounts=("blue-tells",), trajectories=20, days=10)
    assert {d.differ for d in paired_differences(nothing.run)} == {0.0}
    assert nothing.compliance == ()
    assert nothing.without is None


def test_the_draft_and_what_is_left_of_it_stand_beside_one_another(proposal: DraftPlay) -> None:
    assert proposal.run.scenarios == ("baseline", DRAFT)
    assert proposal.without is not None
    assert proposal.without.scenarios == (DRAFT, "draft-less-quiet")
    back = {d.outcome: d.mean for d in paired_differences(proposal.without)}
    there = {d.outcome: d.mean for d in paired_differences(proposal.run)}
    for outcome, mean in there.items():  # the one clause that plays is all that the draft does
        assert back[outcome] == pytest.approx(-mean)


def test_a_draft_that_is_signed_later_is_played_from_its_day() -> None:
    """Nobody breaks it before that day; from it on it is in force, tested and broken."""
    case = invented()
    late = replace(QUIET, from_=When.parse("2024-03-11"))
    start = date(2024, 3, 1)
    arguments = {"accounts": ("blue-tells",), "start": start, "days": 20, "trajectories": 60}
    play = play_draft(case, [late], **arguments)  # type: ignore[arg-type]
    spec = make_spec(case, **arguments)  # type: ignore[arg-type]
    base = make_plan(case, spec, level=True)
    days = {}
    for clause in (QUIET, late):
        plan = plan_with(case, [clause], spec, base)
        (runs,) = run_plan(plan).values()
        slots = [i for i, slot in enumerate(plan.setting.plan.slots) if slot.commitment == "quiet"]
        broke = runs.broke[:, slots].ravel()
        days[clause.from_] = broke[broke > 0]
    assert days[DAY].min() < 11 <= days[late.from_].min()  # the tenth of March is the tenth day of the run
    assert days[late.from_].size > 10
    (row,) = play.compliance
    assert row.tested == 1.0 and row.broken > 0
    assert play.run.meta["spec"]["start"] == "2024-03-01"


def test_a_draft_starts_on_its_last_day_unless_another_is_asked_for() -> None:
    case = invented()
    late = replace(QUIET, from_=When.parse("2024-03-15"))
    assert first_day_of([late], case, None) == date(2024, 3, 15)
    assert first_day_of([late], case, date(2024, 3, 1)) == date(2024, 3, 1)
    with pytest.raises(StandoffError, match="after the last day"):
        play_draft(case, [late], accounts=("blue-tells",), start=date(2024, 3, 1), days=10, trajectories=10)
    with pytest.raises(StandoffError, match="already"):
        with_draft(case, [replace(QUIET, id=next(iter(case.commitments)))])


def test_the_command_reads_a_file_of_answers_and_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text("clauses:\n- {template: ceasefire, who: nobody, from: 2024-03-01}\n", encoding="utf-8")
    from standoff.case.read import SHIPPED

    template = str(SHIPPED.parent / "case" / "template")
    with pytest.raises(StandoffError) as caught:
        CliRunner().invoke(cli, ["propose", template, str(file)], catch_exceptions=False, standalone_mode=False)
    assert "nobody" in str(caught.value)
    file.write_text(
        "agreement: {id: d, title: A draft, parties: [red, blue], date: 2024-03-01, reference: d, citation: made up}\n"
        "clauses:\n- {template: ceasefire, provision: '1', who: 'red, blue', from: 2024-03-01}\n",
        encoding="utf-8",
    )
    asked = ["propose", template, str(file), "-n", "10", "--days", "5", "--workers", "1", "--account", "blue-tells"]
    done = CliRunner().invoke(cli, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert "A draft, in this model" in done.output
    told = CliRunner().invoke(cli, [*asked, "--json"], catch_exceptions=False)
    assert '"cannot_play"' in told.output
