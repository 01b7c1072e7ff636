"""Nobody is accused without a source and an answer, and nothing is owed by or against nobody (made-up case)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evidence_case import FILES

from standoff.case.checks import check_old_accounts
from standoff.case.model import Case
from standoff.case.read import read
from standoff.errors import Problem
from standoff.evidence.checks import check_accusations, silences

HEAD = FILES["events.csv"].split("\n")[0].replace(",answer", ",answer,sourcing") + "\n"
SOURCES = (
    FILES["sources.yaml"]
    + """
- {id: red-office, name: Red Office, kind: office, party: red}
- {id: blue-office, name: Blue Office, kind: office, party: blue}
- {id: guard-office, name: Office of the Red Guard, kind: office, party: red-guard}
- {id: red-tv, name: Television of red, kind: outlet, party: red}
"""
)
PUBLISHERS = FILES["publishers.csv"] + "copy.example,Copies,copy,,made up\nred.example,Red,statement,red,made up\n"
ANSWERS = """
- {id: c-red-denies, text: t, chain: red-office, realis: denied, citation: "https://wire.example/1",
   published: 2001-03-02, says: {event: shelling, actor: red, at: a, date: 2001-02-28, recorded: x}}
- {id: c-red-comments, text: t, chain: red-office, citation: "https://wire.example/2", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
- {id: c-red-unjudged, text: t, chain: red-office, citation: "https://unknown.test/3", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
- {id: c-blue-comments, text: t, chain: blue-office, citation: "https://wire.example/4", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
- {id: c-unnamed, text: t, chain: a-red-officer, citation: "https://wire.example/5", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
- {id: c-paper, text: t, chain: outlet-one, citation: "https://wire.example/6", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
- {id: c-red-tv, text: t, chain: red-tv, citation: "https://wire.example/8", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
- {id: c-red-says-blue, text: t, chain: blue-office, citation: "https://red.example/9", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
- {id: c-red-says-blue-denies, text: t, chain: blue-office, realis: denied, citation: "https://red.example/9",
   published: 2001-03-02, says: {assessment: the shelling, of: a}}
- {id: c-guard-comments, text: t, chain: guard-office, citation: "https://wire.example/7", published: 2001-03-02,
   says: {assessment: the shelling, of: a}}
"""
NO_DENIAL = ANSWERS.replace("recorded: x", "recorded: e3")


def row(
    source: str = "https://wire.example/a",
    answer: str = "none found",
    kind: str = "shelling",
    actor: str = "red",
    sourcing: str = "",
) -> str:
    return f"x,2001-02-28,{kind},{actor},blue,a,t,,,{source},,{answer},{sourcing}\n"


def of_rows(make: Callable[..., Case], rows: str, claims: str = NO_DENIAL, form: int = 2) -> Case:
    kept = "e3,2001-02-20,withdrawal,red,,b,Red leaves B,,,s,,,\n"
    return make(
        {
            "case.yaml": FILES["case.yaml"].replace("format: 2", f"format: {form}"),
            "sources.yaml": SOURCES,
            "publishers.csv": PUBLISHERS,
            "claims.yaml": FILES["claims.yaml"].replace(", recorded: e2-red", "").replace(", recorded: e2-blue", "")
            + ANSWERS * (claims == ANSWERS)
            + claims * (claims != ANSWERS),
            "events.csv": HEAD + kept + rows,
            "accounts.yaml": "[]\n",
            "disputes.yaml": "[]\n",
        }
    )


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(p.check, p.severity) for p in problems]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row(), []),
        (row(source="https://copy.example/a"), ["accusation-source"]),
        (row(source="https://red.example/a"), ["accusation-source"]),
        (row(source="https://unknown.test/a"), ["accusation-source"]),
        (row(source="the articles"), ["accusation-source"]),
        (row(answer=""), ["accusation-answer"]),
        (row(source="the articles", answer=""), ["accusation-source", "accusation-answer"]),
        (row(source="the articles", answer="", sourcing="unsourced"), []),
        (row(answer="", sourcing="unsourced"), ["sourcing"]),
        (row(source="s", answer="", actor=""), []),  # who did it is not known: nobody is accused
        (row(source="s", answer="", kind="withdrawal"), []),
        (row(source="s", answer="", kind="threat"), []),
        (row(answer="c-red-comments"), []),
        (row(answer="c-blue-comments"), ["answer", "accusation-answer"]),
        (row(answer="c-unnamed"), ["answer", "accusation-answer"]),
        (row(answer="c-paper"), ["answer", "accusation-answer"]),
        (row(answer="c-red-unjudged"), ["answer", "accusation-answer"]),
        (row(answer="c-guard-comments"), []),  # the guard is a member of red
        (row(answer="c-red-tv"), ["answer", "accusation-answer"]),  # an outlet is no organ, whosever it is
        (row(actor="blue", answer="c-red-says-blue"), ["answer", "accusation-answer"]),  # red does not speak for blue
        (row(actor="blue", answer="c-red-says-blue-denies"), []),  # but may pass on that blue denies it
        (row(actor="red;blue", answer="c-red-comments"), ["accusation-answer"]),
        (row(actor="red;blue", answer="c-red-comments;c-blue-comments"), []),
        (row(actor="red;blue", answer="c-red-comments;none found"), []),
        (row(actor="red-guard", answer="c-red-comments"), ["answer", "accusation-answer"]),  # its bloc is not it
        (row(answer="c-red-coments"), ["", "accusation-answer"]),
    ],
)
def test_an_accusing_row_has_a_source_and_an_answer(make: Callable[..., Case], given: str, expected: list[str]) -> None:
    problems = check_accusations(of_rows(make, given))
    assert said(problems) == [(check, "error") for check in expected]
    assert {(p.file, p.line) for p in problems} <= {("events.csv", 3)}


def test_none_found_beside_a_denial_that_the_case_holds_is_told(make: Callable[..., Case]) -> None:
    (found,) = check_accusations(of_rows(make, row(), claims=ANSWERS))
    assert (found.check, found.severity, found.expected) == ("answer", "warning", "c-red-denies")
    assert not list(check_accusations(of_rows(make, row(answer="c-red-denies"), claims=ANSWERS)))


def test_messages_name_the_row_its_carriers_and_the_accused(make: Callable[..., Case]) -> None:
    given = row(source="https://unknown.test/a ; https://copy.example/b", actor="red;blue", answer="c-red-coments")
    found = [str(p) for p in check_accusations(of_rows(make, given))]
    assert found == [
        "events.csv:3: answer names 'c-red-coments'; expected the id of a claim, or 'none found' "
        "(did you mean 'c-red-comments'?)",
        "events.csv:3: x accuses red and blue of shelling on unknown.test (not judged), copy.example (copy); expected "
        "an address of a wire or a monitor in source, or sourcing: unsourced",
        "events.csv:3: x accuses red and blue of shelling without an answer; expected in answer: a claim by a named "
        "organ or official of each, or 'none found'",
    ]


@pytest.mark.parametrize(
    ("actor", "claim", "why"),
    [
        ("red", "c-unnamed", "is by 'a-red-officer', who is not named"),
        ("red", "c-paper", "is by 'outlet-one', of kind 'outlet', which speaks for no party"),
        ("red", "c-red-tv", "is by 'red-tv', of kind 'outlet', which speaks for no party; an organ of a party is of "
         "kind organisation or agency"),
        ("red", "c-blue-comments", "is by 'blue-office', who speaks for blue"),
        ("red", "c-red-unjudged", "is carried by unknown.test (not judged), which may not carry the words of "
         "'red-office'"),
        ("blue", "c-red-says-blue", "is carried by red.example (statement), which may not carry the words of "
         "'blue-office'"),
    ],
)  # fmt: skip
def test_it_is_told_why_a_claim_is_no_answer(make: Callable[..., Case], actor: str, claim: str, why: str) -> None:
    found = check_accusations(of_rows(make, row(actor=actor, answer=claim)))
    assert [(p.what, p.expected) for p in found if p.check == "answer"] == [
        (f"{claim} {why}", f"a public claim by a named organ or official of {actor}")
    ]


@pytest.mark.parametrize("first", ["asserted", "denied"])
def test_every_claim_about_a_row_is_held_against_none_found(make: Callable[..., Case], first: str) -> None:
    others = "".join(
        f"""
- {{id: c-first-{n}, text: t, chain: {chain}, realis: {first}, citation: "https://wire.example/2{n}",
   published: 2001-03-01, says: {{event: shelling, actor: red, at: a, date: 2001-02-28, recorded: x}}}}
"""
        for n, chain in enumerate(("a-red-officer", "blue-office"))
    )
    found = check_accusations(of_rows(make, row(), claims=others + ANSWERS))
    # a denial on an address that may not carry it is named too, with what would let it
    unheard = [("warning", "a row of publishers.csv that says what it is, or another address")] * (first == "denied")
    assert [(p.severity, p.expected) for p in found if p.check == "answer"] == [*unheard, ("warning", "c-red-denies")]


DENIAL = """
- {{id: c-wide, text: t, chain: {chain}, realis: {realis}, citation: "https://wire.example/9", published: 2001-03-09,
   says: {{event: {event}, actor: {actor}, at: {at}, date: {date}}}}}
"""


@pytest.mark.parametrize(
    ("changes", "answered"),
    [
        ({}, True),
        ({"event": "assault"}, True),  # shelling is a kind of it
        ({"event": "airstrike"}, False),
        ({"date": "2001-03-01/2001-03-09"}, False),
        ({"date": "2001-02"}, True),
        ({"at": "b"}, False),
        ({"chain": "blue-office"}, False),
        ({"chain": "a-red-officer"}, False),
        ({"realis": "threatened"}, False),
        ({"realis": "asserted"}, False),  # a general assertion is about no row
        ({"actor": "blue"}, False),
    ],
)
def test_a_general_denial_answers_what_it_covers(
    make: Callable[..., Case], changes: dict[str, str], answered: bool
) -> None:
    keys = {"chain": "red-office", "realis": "denied", "event": "shelling", "actor": "red", "at": "a"}
    keys |= {"date": "2001-02-27/2001-03-02"} | changes
    case = of_rows(make, row(answer=""), claims=DENIAL.format(**keys))
    assert silences(case, case.events["x"]) == (() if answered else ("red",))


def test_a_denial_that_nobody_may_carry_is_named_and_the_page_of_the_charge_carries_it(
    make: Callable[..., Case],
) -> None:
    denied = ANSWERS.replace("https://wire.example/1", "https://unknown.test/1")
    (problem,) = check_accusations(of_rows(make, row(), claims=denied))
    assert problem.severity == "warning"
    assert problem.what == (
        "c-red-denies denies x for the accused, and is not heard: unknown.test (not judged) carries it"
    )
    charge = """
- {id: c-charge, text: t, chain: outlet-one, citation: "https://unknown.test/1", published: 2001-03-02,
   says: {event: shelling, actor: red, at: a, date: 2001-02-28, recorded: x}}
"""
    case = of_rows(make, row(answer=""), claims=denied + charge)
    assert silences(case, case.events["x"]) == ()


def test_a_claim_about_the_row_answers_it(make: Callable[..., Case]) -> None:
    case = of_rows(make, row(answer=""), claims=ANSWERS)
    assert silences(case, case.events["x"]) == ()
    assert check_accusations(case) == []


def test_an_older_case_gets_one_warning_for_each_kind(make: Callable[..., Case]) -> None:
    rows = "".join(row(source="s", answer="").replace("x,", f"x{n},", 1) for n in range(3))
    problems = check_accusations(of_rows(make, rows, form=1))
    assert said(problems) == [("accusation-source", "warning"), ("accusation-answer", "warning")]
    first, second = problems
    assert first.what.startswith("3 accusing rows without a citable source; the first: x0 accuses red of shelling")
    assert second.what.startswith("3 accusing rows without the answer of everybody they accuse; the first: x0")
    assert first.hint == "an error with format: 2 in case.yaml"
    (alone,) = check_accusations(of_rows(make, row(answer=""), form=1))
    assert alone.what.startswith("1 accusing row without the answer of everybody it accuses; it: x accuses red")


def test_an_answer_that_does_not_exist_is_an_error_in_every_case(make: Callable[..., Case]) -> None:
    found = check_accusations(of_rows(make, row(answer="nobody;none found"), form=1))
    assert said(found) == [("", "error")]


def test_an_unknown_format_is_refused(write: Callable[..., Path]) -> None:
    _, problems = read(write({"case.yaml": FILES["case.yaml"].replace("format: 2", "format: 3")}))
    assert "case.yaml:2: format is 3; expected the format of a case from 1 to 2" in [str(p) for p in problems]


COMMITMENT = """
- id: p
  title: t
  kind: {kind}
  debtor: red
  creditor: blue
  from: 2001-01-01
  adverse: {adverse}
  {role}: {pattern}
  assumed: made up
"""


@pytest.mark.parametrize(
    ("kind", "adverse", "role", "pattern", "missing"),
    [
        ("achieve", "true", "then", "{type: strike, actor: red, target: blue}", []),
        ("achieve", "true", "then", "{type: strike, actor: red}", ["target"]),
        ("achieve", "true", "then", "{type: strike, actor: red, at: a}", ["target"]),
        ("achieve", "true", "then", "{type: strike, actor: red, listed: un}", []),
        ("achieve", "true", "then", "{type: strike, target: blue}", ["actor"]),
        ("achieve", "true", "then", "{type: strike}", ["actor", "target"]),
        ("achieve", "true", "then", "{event: e1}", []),
        ("achieve", "true", "then", "{type: aid}", ["actor", "target"]),  # a threat is never passive
        ("achieve", "false", "then", "{type: aid, within: z}", []),
        ("achieve", "false", "then", "{type: transit-restored}", []),
        ("achieve", "false", "then", "{type: [weapons-withdrawn, radicals-withdrawn]}", []),
        ("achieve", "false", "then", "{type: [weapons-withdrawn, patrol]}", ["actor"]),
        ("achieve", "false", "then", "{type: patrol}", ["actor"]),
        ("achieve", "false", "then", "{type: patrol, actor: red}", []),
        ("achieve", "false", "then", "{type: withdrawal, target: blue}", ["actor"]),
        ("achieve", "false", "then", "{commitment: gate, state: satisfied}", []),
        ("permission", "false", "then", "{type: strike}", ["actor"]),
        ("maintain", "false", "forbid", "{type: shelling, target: blue}", ["actor"]),
        ("maintain", "false", "forbid", "{type: shelling, actor: red}", []),
        ("maintain", "false", "forbid", "{type: shelling, all: [{actor: red}, {target: blue}]}", []),
        ("maintain", "false", "forbid", "{any: [{type: shelling, actor: red}, {type: strike, actor: red}]}", []),
        ("maintain", "false", "forbid", "{any: [{type: shelling, actor: red}, {type: strike}]}", ["actor"]),
        ("maintain", "false", "forbid", "{any: [{type: shelling, actor: red}, {event: e1}]}", []),
        ("maintain", "false", "then", "{not: {type: shelling}}", ["actor"]),
        ("maintain", "true", "forbid", "{type: border-opened, actor: red}", []),
    ],
)
def test_a_consequent_names_who_and_a_threat_against_whom(
    make: Callable[..., Case], kind: str, adverse: str, role: str, pattern: str, missing: list[str]
) -> None:
    text = COMMITMENT.format(kind=kind, adverse=adverse, role=role, pattern=pattern)
    whole = (FILES["commitments.yaml"] + text).lstrip("\n")
    problems = check_accusations(make({"commitments.yaml": whole}))
    shown = "forbid" if "not:" in pattern else role
    assert [p.what for p in problems] == [f"p: {shown} names no {one}" for one in missing]
    assert said(problems) == [("consequent-party", "error")] * len(missing)
    line = whole.splitlines().index(f"  {role}: {pattern}") + 1
    assert {(p.file, p.line) for p in problems} <= {("commitments.yaml", line)}


def test_a_reading_is_looked_at_where_it_replaces_the_consequent(make: Callable[..., Case]) -> None:
    text = COMMITMENT.format(
        kind="achieve", adverse="true", role="then", pattern="{type: strike, actor: red, target: blue}"
    )
    text += "  readings:\n    - {id: wide, then: {type: strike, actor: red}}\n    - {id: late, by: 2001-02-01}\n"
    (problem,) = check_accusations(make({"commitments.yaml": FILES["commitments.yaml"] + text}))
    assert problem.what == "p: then names no target in the reading 'wide'"
    assert "an act against anybody else would carry the threat out" in problem.expected


@pytest.mark.parametrize(
    ("agreement", "keys", "lacks"),
    [
        ("{reference: X/1}", 'agreement: deal\n  provision: "1"', ""),
        ("{text: 'https://wire.example'}", 'agreement: deal\n  provision: "1"', ""),
        ("{}", 'agreement: deal\n  reference: X/1\n  provision: "1"', ""),
        ("{reference: X/1}", "agreement: deal", "no provision"),
        ("{}", 'agreement: deal\n  provision: "1"', "no text: deal has neither text nor reference"),
        ("{reference: X/1}", 'provision: "1"', "no agreement"),
        ("{}", "agreement: deal", "no text: deal has neither text nor reference and no provision"),
    ],
)
def test_a_clause_stands_in_a_text(make: Callable[..., Case], agreement: str, keys: str, lacks: str) -> None:
    deal = "{id: deal, title: t, parties: [red], date: 2001-01-01, " + agreement.strip("{}") + "}"
    text = COMMITMENT.format(kind="maintain", adverse="false", role="forbid", pattern="{type: strike, actor: red}")
    text += f"  form: clause\n  {keys}\n"
    files = {"agreements.yaml": f"- {deal}\n", "commitments.yaml": FILES["commitments.yaml"] + text}
    problems = check_accusations(make(files))
    assert [p.what for p in problems] == ([f"p is a clause with {lacks}"] if lacks else [])
    freer = text.replace("form: clause", "form: promise")
    assert check_accusations(make(files | {"commitments.yaml": FILES["commitments.yaml"] + freer})) == []


STATEMENTS = """
- {id: red-says, title: Red, kind: statement, party: red, voices: [red-office]}
"""


@pytest.mark.parametrize(
    ("holder", "claims", "problem"),
    [
        ("one", "[c-one-open]", ""),
        ("one", "[c-two-open]", "has no claim by 'one', who is to hold it"),
        ("one", "[]", "has no claim by 'one', who is to hold it"),
        ("red", "[c-red-comments]", ""),
        ("red", "[c-blue-comments]", "has no claim by 'red', who is to hold it"),
        ("red", "[c-unnamed]", "has no claim by 'red', who is to hold it"),  # an unnamed source speaks for nobody
        ("red", "[c-red-unjudged]", "has no claim by 'red', who is to hold it"),
        ("red-says", "[c-red-comments]", ""),
        ("red-says", "[c-guard-comments]", "has no claim by 'red-says', who is to hold it"),
        ("rad", "[c-red-comments]", "is held by 'rad'"),
    ],
)
def test_a_reading_is_held_by_a_claim(make: Callable[..., Case], holder: str, claims: str, problem: str) -> None:
    text = COMMITMENT.format(kind="maintain", adverse="false", role="forbid", pattern="{type: strike, actor: red}")
    text += f"  readings:\n    - {{id: r, held_by: [{holder}], claims: {claims}, by: 2001-02-01}}\n"
    case = make(
        {
            "sources.yaml": SOURCES,
            "publishers.csv": PUBLISHERS,
            "claims.yaml": FILES["claims.yaml"] + NO_DENIAL,
            "accounts.yaml": FILES["accounts.yaml"] + STATEMENTS,
            "commitments.yaml": FILES["commitments.yaml"] + text,
        }
    )
    found = check_accusations(case)
    assert [p.what for p in found] == ([f"p: the reading 'r' {problem}"] if problem else [])
    if holder == "rad":
        assert found[0].hint == "did you mean 'red'?"


@pytest.mark.parametrize(
    ("account", "what"),
    [
        ("{id: s, title: t, kind: statement, party: red, voices: [red-office]}", []),
        (
            "{id: s, title: t, kind: statement, party: red, voices: [red-office], answers: {dis-01: red}}",
            ["the statement account 's' has answers"],
        ),
        (
            "{id: s, title: t, kind: statement, party: red, voices: [red-office], weights: {dis-01: {red: 1}}}",
            ["the statement account 's' has weights"],
        ),
        (
            "{id: s, title: t, kind: statement, party: red, voices: [red-office], credence: {one: 1}}",
            ["the statement account 's' has credence"],
        ),
        ("{id: s, title: t, kind: statement, voices: [red-office]}", ["the statement account 's' has no party"]),
        ("{id: s, title: t, kind: statement, party: red}", ["the statement account 's' has no voices"]),
        (
            "{id: s, title: t, kind: statement, party: red, voices: [red-office, a-red-officer, outlet-one]}",
            [
                "the voice 'a-red-officer' of the statement account 's' is of kind 'anonymous'",
                "the voice 'outlet-one' of the statement account 's' is of kind 'outlet'",
            ],
        ),
        ("{id: s, title: t, kind: reading, voices: [outlet-one], answers: {dis-01: red}}", []),
    ],
)
def test_a_statement_account_holds_what_named_voices_said(
    make: Callable[..., Case], account: str, what: list[str]
) -> None:
    for form in (1, 2):
        files = {
            "case.yaml": FILES["case.yaml"].replace("format: 2", f"format: {form}"),
            "sources.yaml": SOURCES,
            "accounts.yaml": FILES["accounts.yaml"] + f"- {account}\n",
        }
        problems = check_accusations(make(files))
        assert [(p.what, p.severity) for p in problems] == [(one, "error") for one in what], form


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("voice", "kind: reading"),
        ("party", "kind: statement with party, and without answers"),
        ("monitor", "kind: statement with party, and without answers"),
        ("pooled", "kind: reading, with its credence"),
    ],
)
def test_old_kinds_of_accounts_are_told_what_to_write(make: Callable[..., Case], kind: str, words: str) -> None:
    old = "".join(f"- {{id: old-{n}, title: t, kind: {kind}, voices: [outlet-one]}}\n" for n in range(2))
    case = make({"accounts.yaml": FILES["accounts.yaml"] + old})
    (problem,) = (p for p in check_old_accounts(case) if "old-0" in p.what)
    assert problem.severity == "warning"
    assert problem.what == f"2 accounts are of the old kind {kind!r}, read as a reading of the record: old-0, old-1"
    assert problem.expected.startswith(words)
    assert (problem.file, problem.line) == ("accounts.yaml", 6)


SAME = """
- {{id: q, title: t, kind: maintain, debtor: [green, red], from: 2001-01-01, same_as: {same},
   forbid: {{type: strike, actor: red}}, assumed: made up}}
- {{id: r, title: t, kind: {kind}, adverse: {adverse}, debtor: {debtor}, from: 2001-01-01{more},
   {role}: {{type: strike, actor: red, target: blue}}, assumed: made up}}
"""


@pytest.mark.parametrize(
    ("given", "what", "expected"),
    [
        ({}, "", ""),
        ({"same": "q"}, "q is the same as itself", "another commitment"),
        ({"kind": "achieve", "role": "then"}, "q is the same as 'r', which is of kind 'achieve'",
         "one of kind 'maintain'"),
        ({"adverse": "true"}, "q is the same as 'r', which is a threat", "adverse alike"),
        ({"debtor": "blue"}, "q is the same as 'r', which blue owe", "a debtor that both have"),
        ({"debtor": "[red, blue]"}, "", ""),
        ({"more": ", same_as: gate", "debtor": "green"}, "q is the same as 'r', which is the same as 'gate'",
         "'gate' itself: no chains"),
    ],
)  # fmt: skip
def test_two_descriptions_of_one_promise_fit_each_other(
    make: Callable[..., Case], given: dict[str, str], what: str, expected: str
) -> None:
    keys = {"same": "r", "kind": "maintain", "adverse": "false", "debtor": "red", "more": "", "role": "forbid"} | given
    problems = check_accusations(make({"commitments.yaml": FILES["commitments.yaml"] + SAME.format(**keys)}))
    assert [(p.what, p.expected) for p in problems if p.check == "same-as"] == ([(what, expected)] if what else [])
    assert all(p.severity == "error" for p in problems)


@pytest.mark.parametrize(
    ("key", "rest", "what"),
    [
        ("paper.example", "wire,", ""),
        ("paper.example/opinion", "commentary,", ""),
        ("X/REP/", "monitor,", ""),
        ("PA-X", "copy,", ""),
        ("S/2018/1.b", "copy,", ""),
        ("https://paper.example", "wire,", "'paper.example'"),
        ("www.paper.example", "wire,", "'paper.example'"),
        ("Paper.example", "wire,", "'paper.example'"),
        ("paper.example/", "wire,", "'paper.example'"),
        ("office.example", "statement,red", ""),
        ("office.example", "statement,", "party: the actor whose organ it is, by id or name"),
    ],
)
def test_a_publisher_is_written_as_it_is_looked_up(make: Callable[..., Case], key: str, rest: str, what: str) -> None:
    files = {"publishers.csv": FILES["publishers.csv"] + f"{key},A name,{rest},made up\n"}
    problems = check_accusations(make(files))
    assert [(p.expected, p.file, p.line, p.severity) for p in problems] == (
        [(what, "publishers.csv", 3, "error")] if what else []
    )
