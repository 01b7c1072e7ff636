"""Clause templates: what they ask, what the answers make, and stories that the ledger meets."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from standoff.case.read import load, start
from standoff.cli import cli
from standoff.commitments.clause_answers import parse_answer
from standoff.commitments.clauses import TEMPLATES, applies, draft_clause, from_ucdp, questions_of
from standoff.commitments.stories import play, stories
from standoff.errors import StandoffError

ANSWERS = {
    "who": "red, blue",
    "other": "blue",
    "act": "withdrawal",
    "consequence": "airstrike",
    "from": "2024-02-22",
    "by": "2024-03-10",
    "types": "shelling",
    "title": "It says this",
    "why": "nobody can look into a mind",
    "to": "",
    "counted": "posts",
}
UCDP = Path(__file__).parents[3] / "shared" / "data" / "fetched" / "events" / "ucdp_peace_agreements_to_2014.csv"


def answers_for(template: str, **more: str) -> dict[str, str]:
    own = {q.key for q in questions_of(TEMPLATES[template])}
    chosen = {key: text for key, text in ANSWERS.items() if key in own}
    if template == "disarmament":
        chosen["act"] = "cantonment"
    if template == "limit":
        chosen["number"] = "12"
    if template == "monitoring":
        chosen |= {"who": "red", "to": "blue"}
    if template == "deadline-with-consequence":
        chosen["who"] = "red"
    return {"template": template, "agreement": "river-ceasefire", **chosen, **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "mine")


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_makes_records_that_pass_check_and_stories_that_hold(folder: Path, template: str) -> None:
    pairs = [
        f"--set={key}={text}" for key, text in answers_for(template).items() if key not in ("template", "agreement")
    ]
    command = ["clause", str(folder), "--template", template, "--agreement", "river-ceasefire", *pairs]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    case = load(folder)
    new = [c for c in case.commitments if c.startswith("river-ceasefire-")]
    assert new
    own = [s for s in stories(case) if set(s.commitments) & set(new)]
    assert all(r.passed for s in own for r in play(case, s))
    assert bool(own) is (template != "unobservable")


def test_answers_decide_the_day_the_kind_and_who_is_judged(folder: Path) -> None:
    case = load(folder)
    (both,) = draft_clause(case, answers_for("withdrawal-of-forces", both="no")).commitments
    assert both["debtor"] == ["red", "blue"]
    each = draft_clause(case, answers_for("withdrawal-of-forces", first_day="no", last_day="no", verifies="blue"))
    red, _, verified, _ = each.commitments
    assert (str(red["from"]), str(red["by"])) == ("2024-02-23", "2024-03-09")
    assert red["verify"] == {"type": "verification", "actor": ["blue"]}
    assert verified["when"] == {"commitment": red["id"], "state": "claimed"}
    effort = draft_clause(case, answers_for("withdrawal-of-forces", duty="effort"))
    assert {c["duty"] for c in effort.commitments} == {"effort"}
    assert effort.stories == []
    some = draft_clause(case, answers_for("prisoners", number="400")).commitments[0]
    assert (some["kind"], some["amount"]) == ("quantity", {"value": 400, "unit": "prisoners"})
    places = draft_clause(case, answers_for("withdrawal-of-forces", who="red", where="town, camp")).commitments[0]
    assert (places["key"], places["then"]["at"]) == ("place", ["town", "camp"])


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ({"template": "ceasefire", "hour": "06:00"}, {"kind": "maintain", "from_hour": "06:00"}),
        ({"both": "together"}, {"each": "actor", "kind": "achieve"}),
        ({"who": "red", "places": "3"}, {"distinct": "place", "kind": "quantity"}),
        ({"who": "red", "places": "2", "where": "town, camp", "verifies": "blue"}, {"distinct": "place"}),
        ({"who": "red", "verifies": "blue", "where": "town, camp"}, {"key": "place"}),
    ],
)
def test_what_is_asked_is_written_and_its_stories_hold(
    folder: Path, answers: dict[str, str], keys: dict[str, str]
) -> None:
    template = answers.get("template", "withdrawal-of-forces")
    chosen = answers_for(template, **{k: v for k, v in answers.items() if k != "template"})
    pairs = [f"--set={k}={v}" for k, v in chosen.items() if k not in ("template", "agreement")]
    command = ["clause", str(folder), "--template", template, "--agreement", "river-ceasefire", *pairs]
    assert CliRunner().invoke(cli, command).exit_code == 0
    case = load(folder)
    new = [c for c in case.commitments.values() if c.id.startswith("river-ceasefire-") and "verified" not in c.id]
    assert {key: str(getattr(new[0], key)) for key in keys} == keys
    assert (new[0].verify is not None) is ("verifies" in answers)
    own = [s for s in stories(case) if set(s.commitments) & {c.id for c in new}]
    assert len(own) >= 2
    assert [r for s in own for r in play(case, s) if not r.passed] == []


def test_a_text_without_a_deadline_gets_an_assumed_one(folder: Path) -> None:
    (one,) = draft_clause(load(folder), answers_for("amnesty", who="red", by="")).commitments
    assert one["within"] == {"assumed": "30d", "range": ["7d", "90d"]}


def test_every_wrong_answer_is_named_at_once_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    before = (folder / "commitments.yaml").read_text()
    (tmp_path / "answers.yaml").write_text(
        "clauses:\n- template: ceasefire\n  agreement: river-ceasefire\n  who: rad\n  from: soon\n  whom: blue\n"
        "- template: ceasefir\n"
    )
    result = CliRunner().invoke(cli, ["clause", str(folder), "--answers", str(tmp_path / "answers.yaml")])
    assert isinstance(result.exception, StandoffError)
    shown = [(p.line, p.what, p.hint) for p in result.exception.problems]
    assert (4, "who: 'rad' does not fit", "did you mean 'red'?") in shown
    assert [line for line, _, _ in shown] == [4, 5, 6, 7]
    assert (folder / "commitments.yaml").read_text() == before


def test_it_asks_and_asks_again(folder: Path) -> None:
    words = {**answers_for("reporting", who="red", by=""), "every": "7d", "from": "tomorrow\n2024-02-22"}
    template = TEMPLATES["reporting"]
    parsed: dict[str, object] = {}
    case = load(folder)
    lines = []
    for question in questions_of(template):
        if applies(question, parsed):
            answer = words.get(question.key, "")
            lines.append(answer)
            parsed[question.key] = parse_answer(case, question, answer.split("\n")[-1])
    text = "\n".join(["reporting", "river-ceasefire", *lines]) + "\n"
    result = CliRunner().invoke(cli, ["clause", str(folder)], input=text)
    assert result.exit_code == 0, result.output
    assert "'tomorrow' does not fit" in result.output
    assert "Parties of this case: red, blue" in result.output  # whose ids the next question asks for
    assert load(folder).commitments["river-ceasefire-reporting"].kind == "recurrent"


def test_the_reference_of_an_agreement_says_where_its_text_can_be_read(folder: Path) -> None:
    agreement = replace(
        load(folder).agreements["river-ceasefire"], citation="", text="", reference="S/2024/1", claims=()
    )
    case = replace(load(folder), agreements={"river-ceasefire": agreement})
    draft = draft_clause(case, {**answers_for("reporting", who="red"), "agreement": "river-ceasefire"})
    assert [one["citation"] for one in draft.commitments] == ["S/2024/1"]


def test_questions_can_be_filled_in_as_a_file(folder: Path, tmp_path: Path) -> None:
    blank = CliRunner().invoke(cli, ["clause", str(folder), "--template", "ceasefire", "--questions"]).output
    filled = blank.replace("  who:\n", "  who: red, blue\n").replace("  from:\n", "  from: 2024-02-22\n")
    filled = filled.replace("- template: ceasefire", "- agreement: river-ceasefire\n  template: ceasefire")
    (tmp_path / "answers.yaml").write_text(filled)
    result = CliRunner().invoke(cli, ["clause", str(folder), "--answers", str(tmp_path / "answers.yaml")])
    assert result.exit_code == 0, result.output
    assert "4 of 4 expectations met" in result.output


def test_a_row_of_peace_agreements_becomes_an_agreement_and_the_questions_it_calls_for() -> None:
    row = {
        "paid": "7",
        "pa_name": "A Made-up Accord",
        "pa_date": "1999-05-04 00:00:00",
        "cease": "1",
        "pris": "0",
        "elections": "1",
    }
    agreement, calls, others = from_ucdp(row, ["red"])
    assert (agreement.id, str(agreement.date), agreement.parties) == ("a-made-up-accord-1999", "1999-05-04", ("red",))
    assert (calls, others) == (("ceasefire",), ("elections",))
    with pytest.raises(StandoffError, match="pa_date"):
        from_ucdp({**row, "pa_date": "long ago"}, [])


@pytest.mark.fetched
@pytest.mark.skipif(not UCDP.is_file(), reason="the data set is not here")
def test_real_rows_are_drafted(folder: Path) -> None:
    with UCDP.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    drafts = [from_ucdp(row, []) for row in rows]
    assert len(drafts) == len(rows) > 200
    command = ["clause", str(folder), "--ucdp", os.fspath(UCDP), "--row", rows[0]["paid"]]
    assert 'agreement:\n  id: "peshawar-accord-1992"' in CliRunner().invoke(cli, command).output


def test_nobody_is_bound_by_what_others_signed(folder: Path) -> None:
    actors = folder / "actors.yaml"
    text = actors.read_text(encoding="utf-8")
    actors.write_text(text + "- {id: grey, name: Grey, kind: armed-group}\n", encoding="utf-8")
    with pytest.raises(StandoffError, match=r"'grey' is not a party of 'river-ceasefire'.*red, blue"):
        draft_clause(load(folder), answers_for("ceasefire", who="red, grey"))
    assert draft_clause(load(folder), answers_for("reporting", who="grey")).commitments
    actors.write_text(text + "- {id: grey, name: Grey, kind: armed-group, member_of: [red]}\n", encoding="utf-8")
    assert draft_clause(load(folder), answers_for("ceasefire", who="red, grey")).commitments


def test_who_acts_may_be_another_than_who_owes(folder: Path) -> None:
    command = [
        "clause",
        str(folder),
        "--template",
        "other-act",
        "--agreement",
        "river-ceasefire",
        "--set=who=red, blue",
    ]
    command += ["--set=both=one", "--set=types=withdrawal", "--set=acts=civilians", "--set=from=2024-02-22"]
    assert CliRunner().invoke(cli, [*command, "--set=by=2024-03-10", "--set=provision=7"]).exit_code == 0
    case = load(folder)
    record = case.commitments["river-ceasefire-7"]
    assert record.debtor == ("red", "blue")
    assert record.then is not None and record.then.actor == ("civilians",)
    assert all(r.passed for s in stories(case) for r in play(case, s))


def test_a_second_duty_of_a_provision_gets_an_id(folder: Path) -> None:
    command = ["clause", str(folder), "--template", "demining", "--agreement", "river-ceasefire", "--set=who=red"]
    command += ["--set=from=2024-02-22", "--set=provision=7"]
    assert CliRunner().invoke(cli, command).exit_code == 0
    again = CliRunner().invoke(cli, command)
    assert again.exit_code == 1
    assert "there is a commitment 'river-ceasefire-7' already" in str(again.exception)
    named = CliRunner().invoke(cli, [*command, "--set=id=mines-too"])
    assert named.exit_code == 0, named.output
    assert "mines-too" in load(folder).commitments


def test_a_duty_without_a_last_day_is_written_without_one_and_its_title_names_the_place(folder: Path) -> None:
    (one,) = draft_clause(
        load(folder), answers_for("withdrawal-of-forces", who="red", by="none", where="town", title="")
    ).commitments
    assert ("within" in one, "by" in one) == (False, False)
    assert one["title"].endswith("(Rivertown (invented))")


@pytest.mark.parametrize(
    ("until", "hour", "last"),
    [
        ("2024-03-20", "", {"until": date(2024, 3, 20)}),
        ("30d", "", {"until": date(2024, 3, 30)}),
        ("1m", "", {"until": date(2024, 3, 31)}),
        ("72h", "12:00", {"until": date(2024, 3, 4), "until_hour": "12:00"}),
        ("none", "", {}),
    ],
)
def test_what_binds_for_a_span_has_its_first_day_in_it(
    folder: Path, until: str, hour: str, last: dict[str, object]
) -> None:
    more = {"from": "2024-03-01", "until": until, "hour": hour}
    record = draft_clause(load(folder), answers_for("ceasefire", **more)).commitments[0]
    assert {key: record[key] for key in ("until", "until_hour") if key in record} == last


def test_hours_of_a_deadline_stay_hours(folder: Path) -> None:
    for span in ("150h", "72h"):
        record = draft_clause(load(folder), answers_for("prisoners", by=span)).commitments[0]
        assert record["within"] == span
