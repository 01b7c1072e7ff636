"""Threads: who decides them, how tellers differ, what a granted delay does to a last day, and what `check` refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from evidence_case import FILES, write_case

import standoff as so
from standoff.case.model import Case
from standoff.case.read import read, read_records
from standoff.commitments.monitor import evaluate
from standoff.commitments.signals import around, signals
from standoff.commitments.threads import talks, tellings_of

CLAIMS = (
    FILES["claims.yaml"]
    + """
- id: c-ask
  document: one-1
  at: {paragraph: 3, anchor: "red asked for time"}
  text: Red asked green and blue for more time.
  chain: [ann]
  realis: requested
  says: {offer: more time, from: red, to: [green, blue], date: 2001-02-20}
- id: c-granted
  document: one-2
  at: {paragraph: 2, anchor: "green gave time"}
  text: Green gave red more time.
  chain: [ann]
  says: {offer: more time, from: red, to: green, answer: granted, answered_by: green, date: 2001-02-21}
- id: c-not-granted
  document: two-1
  at: {paragraph: 5, anchor: "green gave none"}
  text: Green gave red no time.
  chain: [bob]
  realis: refused
  says: {offer: more time, from: red, to: green, answer: refused, answered_by: green, date: 2001-02-21}
- id: c-guard-says-no
  document: two-1
  at: {paragraph: 1, anchor: "the guard wants none"}
  text: The Red Guard wants no delay.
  chain: [bob, a-red-officer]
  says: {offer: more time, from: red, to: green, answer: rejected, answered_by: red-guard}
- id: c-meaning
  document: two-1
  at: {paragraph: 1, anchor: "meant as a warning"}
  text: The march is meant as a warning.
  chain: [bob]
  says: {assessment: purpose, of: the march}
"""
)
DEADLINE = (
    FILES["commitments.yaml"]
    + """
- id: leave-b
  title: Red leaves B by the end of February
  kind: achieve
  debtor: red
  creditor: blue
  from: 2001-02-01
  by: 2001-02-28
  then: {type: withdrawal, actor: red, at: b}
  assumed: made up for a test
"""
)
THREAD = """
- id: time
  kind: request
  title: More time to leave B
  by: red
  of: [green]
  due: 2001-02-25
  claims: [c-ask]
  replies:
"""
COVERAGE = "source,types,actor,from,to,within,note\ncounters,,,2000-01-01,2002-01-01,,\n"


def talk_case(root: Path, threads: str, **files: str) -> Case:
    more = {"claims.yaml": CLAIMS, "commitments.yaml": DEADLINE, "threads.yaml": threads, "coverage.csv": COVERAGE}
    case, problems = read_records(write_case(root, more | {f"{k}.yaml": v for k, v in files.items()}))
    assert case is not None, problems
    return case


REPLY = "    - {{state: {state}, by: [{by}], claims: [{claim}], date: {date}}}\n"


def reply(state: str, by: str, claim: str, day: str = "2001-02-21") -> str:
    return REPLY.format(state=state, by=by, claim=claim, date=day)


@pytest.mark.parametrize(
    ("replies", "state", "answers"),
    [
        ("", "open", {}),
        (reply("open", "green", "c-granted"), "open", {"green": "open"}),
        (reply("granted", "green", "c-granted"), "granted", {"green": "granted"}),
        (reply("granted-in-part", "green", "c-granted"), "granted-in-part", {"green": "granted-in-part"}),
        (reply("refused", "green", "c-not-granted"), "refused", {"green": "refused"}),
        # two tellers differ on the answer of one day: contested, whoever is right
        (
            reply("granted", "green", "c-granted") + reply("refused", "green", "c-not-granted"),
            "contested",
            {"green": "contested"},
        ),
        # a later answer takes the place of an earlier one
        (
            reply("refused", "green", "c-not-granted") + reply("granted", "green", "c-granted", "2001-02-22"),
            "granted",
            {"green": "granted"},
        ),
        # whoever was not asked decides nothing
        (reply("refused", "blue", "c-guard-says-no"), "open", {}),
    ],
)
def test_a_thread_is_decided_by_those_who_were_asked(
    tmp_path: Path, replies: str, state: str, answers: dict[str, str]
) -> None:
    case = talk_case(tmp_path, THREAD + replies if replies else THREAD.replace("  replies:\n", ""))
    (talk,) = talks(case)
    assert (talk.state, dict(talk.answers)) == (state, answers)


def test_those_asked_may_answer_differently(tmp_path: Path) -> None:
    text = THREAD.replace("of: [green]", "of: [green, blue]")
    replies = reply("granted", "green", "c-granted") + reply("refused", "blue", "c-not-granted")
    (talk,) = talks(talk_case(tmp_path, text + replies))
    assert talk.state == "divided"
    assert dict(talk.answers) == {"green": "granted", "blue": "refused"}


def test_a_bloc_that_was_asked_is_answered_by_its_member(tmp_path: Path) -> None:
    text = THREAD.replace("by: red", "by: green").replace("of: [green]", "of: [red]").replace("[c-ask]", "[c-meaning]")
    (talk,) = talks(talk_case(tmp_path, text + reply("refused", "red-guard", "c-guard-says-no")))
    assert talk.state == "refused"


def test_what_others_say_stands_beside_the_answer(tmp_path: Path) -> None:
    replies = reply("granted", "green", "c-granted") + reply("refused", "blue", "c-guard-says-no")
    (talk,) = talks(talk_case(tmp_path, THREAD + replies))
    assert talk.state == "granted"
    assert talk.beside == (("blue", "refused"),)
    assert talk.differs


def test_each_teller_has_a_version_of_its_own(tmp_path: Path) -> None:
    replies = reply("granted", "green", "c-granted") + reply("refused", "green", "c-not-granted")
    case = talk_case(tmp_path, THREAD + replies)
    (talk,) = talks(case)
    assert {(v.teller, v.state, v.accounts) for v in talk.versions} == {
        ("ann", "granted", ("one",)),
        ("bob", "refused", ("two",)),
    }
    assert [t.state for t in talks(case, account="one")] == ["granted"]
    assert [t.state for t in talks(case, account="two")] == ["refused"]
    with pytest.raises(so.StandoffError, match="there is no account 'onee'"):
        talks(case, account="onee")


def test_a_teller_who_tells_only_the_asking_says_nothing_of_an_answer(tmp_path: Path) -> None:
    case = talk_case(tmp_path, THREAD + reply("refused", "green", "c-not-granted"))
    (talk,) = talks(case)
    assert {v.teller: v.state for v in talk.versions} == {"ann": "", "bob": "refused"}
    assert not talk.differs


@pytest.mark.parametrize(
    ("on", "as_of", "state", "late"),
    [
        (date(2001, 2, 19), None, None, False),  # not asked yet
        (date(2001, 2, 20), None, "open", False),
        (date(2001, 2, 21), None, "granted", False),
        # asked on 20 February and published on 1 March; the answer was published on the 5th
        (date(2001, 2, 26), date(2001, 2, 26), None, False),
        (date(2001, 3, 2), date(2001, 3, 2), "open", True),
        (date(2001, 3, 5), date(2001, 3, 5), "granted", False),
    ],
)
def test_days_of_the_asking_the_answer_and_of_what_was_known(
    tmp_path: Path, on: date, as_of: date | None, state: str | None, late: bool
) -> None:
    case = talk_case(tmp_path, THREAD + reply("granted", "green", "c-granted"))
    standing = talks(case, on=on, as_of=as_of)
    assert [(t.state, t.late) for t in standing] == ([(state, late)] if state else [])


def test_what_is_overtaken_is_no_longer_open(tmp_path: Path) -> None:
    text = THREAD.replace("  replies:\n", "  overtaken: 2001-03-03\n  overtaken_by: [e3]\n")
    case = talk_case(tmp_path, text)
    assert [t.state for t in talks(case, on=date(2001, 3, 2))] == ["open"]
    assert [t.state for t in talks(case, on=date(2001, 3, 3))] == ["overtaken"]


def test_a_restricted_event_is_no_step_of_a_thread(tmp_path: Path) -> None:
    events = FILES["events.csv"].replace("variant_of,answer", "variant_of,answer,restricted", 1)
    lines = [events.splitlines()[0], *(f"{line}," for line in events.splitlines()[1:])]
    lines[1] = lines[1].removesuffix(",") + ",yes"
    text = THREAD.replace("  replies:\n", "  events: [e1]\n")
    write_case(tmp_path, {"events.csv": "\n".join(lines) + "\n"})
    root = tmp_path
    (root / "claims.yaml").write_text(CLAIMS.lstrip("\n"))
    (root / "threads.yaml").write_text(text.lstrip("\n"))
    case, _ = read_records(root)
    assert case is not None
    (talk,) = talks(case)
    assert [turn.event for turn in talk.turns] == [""]


def test_tellings_of_one_request_find_each_other(tmp_path: Path) -> None:
    other = THREAD.replace("id: time", "id: again").replace("  replies:\n", "  same_as: [time]\n")
    case = talk_case(tmp_path, THREAD.replace("  replies:\n", "") + other)
    assert tellings_of(case, "time") == tellings_of(case, "again") == ("time", "again")


MOVES = THREAD.replace("  replies:\n", "  moves:\n    - {commitment: leave-b, by: 2001-03-10}\n  replies:\n")


def test_a_granted_delay_moves_a_last_day_where_it_is_told(tmp_path: Path) -> None:
    """Red leaves B on 3 March: late by the text, in time for whoever tells that green granted a delay."""
    replies = reply("granted", "green", "c-granted") + reply("refused", "green", "c-not-granted")
    case = talk_case(tmp_path, MOVES + replies)
    name = "leave-b-moved-by-time"
    assert str(case.commitments[name].by) == "2001-03-10"
    assert case.commitments[name].supersedes == ("leave-b",)
    evaluation = evaluate(case, ["one", "two"], on=date(2001, 3, 31))
    from standoff.commitments.ledger import rows

    verdicts = {(r.account, r.commitment): r.verdict for r in rows(evaluation) if "leave-b" in r.commitment}
    assert verdicts["one", name] == "satisfied"
    assert verdicts["one", "leave-b"] == "superseded"
    assert verdicts["two", "leave-b"] == "violated"
    assert ("two", name) not in verdicts


@pytest.mark.parametrize(
    "replies",
    [
        reply("refused", "green", "c-not-granted"),
        reply("granted", "blue", "c-granted"),  # who was not asked cannot grant it
        reply("granted", "green", "c-granted", "2001-03-01"),  # after the last day
    ],
)
def test_nothing_moves_without_an_answer_in_time_by_those_who_were_asked(tmp_path: Path, replies: str) -> None:
    assert set(talk_case(tmp_path, MOVES + replies).commitments) == {"gate", "leave-b"}


@pytest.mark.parametrize(
    ("threads", "words"),
    [
        (THREAD.replace("by: red", "by: []"), "nobody asks"),
        (THREAD.replace("of: [green]", "of: []"), "nobody is asked"),
        (THREAD.replace("claims: [c-ask]", "claims: []").replace("  replies:\n", ""), "nothing tells it"),
        (THREAD.replace("by: red", "by: blue"), "the claim 'c-ask' names Red, the thread others"),
        (THREAD.replace("[c-ask]", "[c-aks]"), "there is no claim 'c-aks'"),
        (THREAD.replace("of: [green]", "of: [greeen]"), "there is no actor 'greeen'"),
        (THREAD + "    - {state: granted, by: [green]}\n", "nothing tells the answer"),
        (THREAD + reply("granted", "green", "c-granted", "2001-02-10"), "it is answered on 2001-02-10"),
        (MOVES.replace("leave-b", "gate") + reply("granted", "green", "c-granted"), "'gate' has no last day"),
        (THREAD.replace("kind: request", "kind: plea"), "plea"),
    ],
)
def test_check_tells_what_is_wrong_with_a_thread(tmp_path: Path, threads: str, words: str) -> None:
    files = {
        "claims.yaml": CLAIMS,
        "commitments.yaml": DEADLINE,
        "threads.yaml": threads.replace("  replies:\n", "", 0),
    }
    if threads.rstrip().endswith("replies:"):
        files["threads.yaml"] = threads.rstrip().removesuffix("replies:")
    _, problems = read(write_case(tmp_path, files))
    assert any(words in str(p) and p.file == "threads.yaml" and p.line for p in problems), problems


SIGNAL = """
- id: march
  kind: deployment
  title: Red marches
  by: red
  towards: blue
  events: [e4]
  means: [c-meaning]
  cost: high
  cost_why: soldiers in the field
  seen_by: [public]
"""


def test_a_signal_stands_around_promises_of_its_parties_near_its_days(tmp_path: Path) -> None:
    case = talk_case(tmp_path, "", signals=SIGNAL)
    (one,) = signals(case)
    assert (one.first, one.last) == (date(2001, 3, 1), date(2001, 3, 31))
    assert one.meanings == (("c-meaning", "bob"),)
    assert around(case.commitments["leave-b"], (one,)) == (one,)  # due on 28 February, between red and blue
    assert around(case.commitments["gate"], (one,)) == ()  # between others
    assert signals(case, on=date(2001, 2, 28)) == ()
    assert signals(case, as_of=date(2001, 3, 30)) == ()  # published when the month was over


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("seen_by: [public]", "seen_by: [publik]", "there is no actor 'publik'"),
        ("  cost_why: soldiers in the field\n", "", "its cost is 'high', and nothing says by what"),
        ("events: [e4]", "events: []", "nothing tells it"),
        ("by: red\n", "by: []\n", "nobody sends it"),
    ],
)
def test_check_tells_what_is_wrong_with_a_signal(tmp_path: Path, old: str, new: str, words: str) -> None:
    files = {"claims.yaml": CLAIMS, "signals.yaml": SIGNAL.replace(old, new)}
    _, problems = read(write_case(tmp_path, files))
    assert any(words in str(p) and p.file == "signals.yaml" for p in problems), problems
