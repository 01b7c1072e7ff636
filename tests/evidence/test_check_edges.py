"""Edges of the checks of evidence: a check looks at every record, ends in a circle, and counts words as it should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from claim_pairs import claim, with_claims

from standoff.case.claims import AccountKind, Dispute, EventSaid, QuantitySaid, Sets
from standoff.case.model import Case, Event, Parameter
from standoff.case.terms import CommitmentKind, Pattern
from standoff.errors import Problem
from standoff.evidence import checks
from standoff.evidence.quantities import unit
from standoff.evidence.standing import event_carriers
from standoff.evidence.statements import about
from standoff.values import When

SHELLED = EventSaid(event="shelling", actor=("red",), target=("blue",), at="a", date=When.parse("2001-02-03"))


@pytest.mark.parametrize(
    ("chains", "circles"),
    [
        ({"p": ("q",), "q": ("r",), "r": ("q",)}, ["q", "r"]),  # one that leads into a circle is in none
        ({"p": ("q", "r"), "q": ("s",), "r": ("s",), "s": ()}, []),  # two ways to one claim are no circle
        ({"p": ("nobody",)}, []),  # that there is no such claim is said elsewhere
        ({"p": ("nobody", "q"), "q": ("p",)}, ["p", "q"]),
        ({"p": ("p",)}, []),  # said of itself in other words
    ],
)
def test_what_replaces_itself_in_a_circle(case: Case, chains: dict[str, tuple[str, ...]], circles: list[str]) -> None:
    claims = [replace(claim(name, SHELLED), supersedes=others) for name, others in chains.items()]
    problems = [p.what for p in checks.check_claims(with_claims(case, claims)) if "supersedes itself through" in p.what]
    assert [what.split("'")[1] for what in problems] == circles


def test_every_claim_is_held_against_the_day_of_its_document(case: Case) -> None:
    name = next(iter(case.documents))
    late = replace(SHELLED, date=When.parse("2001-12-01"))
    claims = [replace(claim(n, late, realis=r), document=name) for n, r in (("p", "promised"), ("q", "asserted"))]
    assert len(list(checks.check_times(with_claims(case, claims)))) == 1


@pytest.mark.parametrize(("many", "words"), [(0, "0 answers"), (1, "1 answer"), (2, "")])
def test_a_dispute_has_two_answers(case: Case, many: int, words: str) -> None:
    dispute: Dispute = next(iter(case.disputes.values()))
    one = replace(case, disputes={dispute.id: replace(dispute, answers=dispute.answers[:many])})
    texts = [p.what for p in checks.check_disputes(one) if "the dispute has" in p.what]
    assert texts == ([f"the dispute has {words}"] if words else [])


@pytest.mark.parametrize(
    ("role", "adverse", "pattern", "lacks"),
    [
        ("then", False, Pattern(type=("aid",)), ()),  # a state of things that anybody may bring about
        ("then", True, Pattern(type=("aid",)), ("actor", "target")),
        ("forbid", False, Pattern(type=("aid",)), ("actor",)),  # who must not is named, whatever it is
        ("forbid", True, Pattern(type=("aid",), actor=("red",)), ()),
        ("then", False, Pattern(type=("aid", "patrol")), ("actor",)),
        ("then", False, Pattern(), ("actor",)),
    ],
)
def test_who_a_consequent_must_name(case: Case, role: str, adverse: bool, pattern: Pattern, lacks: tuple[str]) -> None:
    record = replace(next(iter(case.commitments.values())), adverse=adverse)
    assert checks._nobody(record, role, pattern) == lacks


@pytest.mark.parametrize(
    ("role", "adverse", "missing", "expected"),
    [
        ("forbid", False, "actor", "actor: who (red, or others?); as it stands an act of anybody could be meant, and "
         "only its debtors are judged"),
        ("forbid", True, "actor", "actor: who (red, or others?); as it stands an act of anybody could be meant, and "
         "only its debtors are judged"),
        ("then", False, "actor", "actor: who (red, or others?); as it stands an act of anybody could fulfil it"),
        ("then", True, "actor", "actor: who (red, or others?); as it stands an act of anybody could carry it out"),
        ("then", True, "target", "target: against whom (blue?); an act against anybody else would carry the threat "
         "out"),
    ],
)  # fmt: skip
def test_what_a_consequent_without_a_party_would_mean(
    case: Case, role: str, adverse: bool, missing: str, expected: str
) -> None:
    record = replace(next(iter(case.commitments.values())), adverse=adverse, debtor=("red",), creditor=("blue",))
    assert checks._expected(record, missing, role) == expected
    if missing == "target":
        nobody = replace(record, creditor=())
        assert checks._expected(nobody, missing, role).startswith("target: against whom (those it threatens?)")


@pytest.mark.parametrize(
    ("voice", "realis", "holds"),
    [("one", "promised", True), ("one", "denied", False), ("two", "promised", False), ("", "promised", False)],
)
def test_an_account_holds_what_its_documents_tell_in_their_own_voice(
    case: Case, voice: str, realis: str, holds: bool
) -> None:
    told = replace(case.claims["c-one-open"], realis=realis)
    document = replace(case.documents[told.document], voice=voice)
    account = replace(case.accounts["one"], voices=("counters",))  # who wrote it is no voice of the account
    other = replace(case, documents={**case.documents, document.id: document}, accounts={"one": account})
    assert checks._holds(other, "one", told) is holds


def accusing(case: Case, **more: object) -> Event:
    event = next(e for e in case.events.values() if checks.accuses(e))
    return replace(event, answer=(), sourcing="", **more)  # type: ignore[arg-type]


def test_only_the_accused_who_have_not_answered_are_silent(case: Case) -> None:
    event = accusing(case)
    nobody: dict[str, tuple[str, ...]] = {}
    assert checks.silences(case, event, nobody) == event.actor
    assert checks.silences(case, replace(event, sourcing="unsourced"), nobody) == ()
    assert checks.silences(case, replace(event, answer=("none found",)), nobody) == ()
    assert checks.silences(case, replace(event, type="withdrawal"), nobody) == ()  # accuses of nothing
    assert checks.silences(case, replace(event, actor=()), nobody) == ()


def test_each_name_in_an_answer_is_looked_up(case: Case) -> None:
    event = accusing(case)
    other = replace(case, events={event.id: replace(event, answer=("none found", "c-nobody", "c-none"))})
    named = [p.what for p in checks.check_accusing_rows(other) if p.what.startswith("answer names")]
    assert named == ["answer names 'c-nobody'", "answer names 'c-none'"]


@pytest.mark.parametrize(("value", "within"), [(0.1, True), (0.05, False), (0.9, True), (0.95, False), (0.5, True)])
def test_an_answer_sets_a_parameter_inside_its_range_ends_and_all(case: Case, value: float, within: bool) -> None:
    dispute = next(iter(case.disputes.values()))
    answer = replace(dispute.answers[0], sets=Sets(parameters={"p": value}))
    parameter = Parameter(id="p", title="P", value=0.5, range=(0.1, 0.9), unit="", assumed="made up")
    one = replace(case, parameters={"p": parameter}, disputes={"d": replace(dispute, id="d", answers=(answer,))})
    outside = [p for p in checks.check_sets(one) if "sets p to" in p.what]
    assert [p.expected for p in outside] == ([] if within else ["0.1 to 0.9"])


def test_rows_after_one_that_accuses_nobody_are_looked_at(case: Case) -> None:
    event = accusing(case)
    rows = {"a": replace(event, id="a", type="withdrawal"), "b": replace(event, id="b", sourcing="unsourced")}
    rows["c"] = replace(event, id="c")
    found = [p.what for p in checks.check_accusing_rows(replace(case, events=rows))]
    assert [what for what in found if what.startswith("c accuses") and what.endswith("without an answer")]
    assert not [what for what in found if what.startswith("a accuses")]


# What a claim is about, what carries a row, and in which unit a number is told.


@pytest.mark.parametrize(
    ("realis", "denies", "recorded", "events"),
    [
        ("asserted", (), "e2-red", ("e2-red",)),
        ("asserted", (), "nothing", ()),
        ("promised", (), "e2-red", ()),
        ("asserted", ("c-one-red-did",), "", ()),  # only a denial is about what it denies
        ("denied", ("c-one-red-did",), "", ("e2-red",)),
        ("denied", ("c-one-killed",), "", "inside"),  # of a number: about no event by its id, so by what it says
        ("denied", ("c-nobody",), "e2-red", ("e2-red",)),
    ],
)
def test_which_events_a_claim_is_about(
    case: Case, realis: str, denies: tuple[str, ...], recorded: str, events: tuple[str, ...] | str
) -> None:
    one = replace(claim("p", replace(SHELLED, recorded=recorded), realis=realis), denies=denies)
    if events == "inside":
        one = replace(one, says=replace(SHELLED, date=When.parse("1999-01-01")))
        events = ()
    assert about(case, one) == events


def test_a_row_is_carried_by_its_source_and_its_claims_once_each(make: Callable[..., Case]) -> None:
    case = make({"publishers.csv": "id,name,standing,party,note\nwire.example,The Wire,wire,,\n"})
    event = replace(accusing(case), claims=(), source="https://wire.example/a https://wire.example/b")
    assert [c.name for c in event_carriers(case, event)].count("wire.example") == 1
    assert event_carriers(case, replace(event, source="", id="another")) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("thousand people", ("", "", 1000.0)),
        ("m", ("", "m", 1.0)),  # a word alone is no multiple
        ("m people", ("", "", 1e6)),
        ("persons", ("", "", 1.0)),
        ("tents", ("", "tents", 1.0)),
        ("millions of tents", ("", "tents", 1e6)),
        ("percent", ("share", "", 0.01)),
    ],
)
def test_in_which_unit_a_number_is_told(text: str, told: tuple[str, str, float]) -> None:
    assert unit(text) == (told[0], told[1], pytest.approx(told[2]))


# A fault is found wherever it stands, and where one half of it is missing there is none.


def test_accounts_after_one_with_a_fault_are_looked_at(case: Case) -> None:
    one = next(a for a in case.accounts.values() if a.kind == "reading")
    faulty = {
        "v": replace(one, id="v", kind=AccountKind.VOICE, credence={"one": 1.0}, answers={}),
        "w": replace(one, id="w", voices=(), answers={}),
        "p": replace(one, id="p", credence={"q": 1.0}, answers={}),
        "q": replace(one, id="q", credence={"w": 1.0}, answers={}),
    }
    found = [p.what for p in checks.check_accounts(replace(case, accounts=faulty))]
    assert found == [
        "an account of kind 'voice' has credences", "the account has no voices",
        "the account draws from 'q', which draws from others itself",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sets", "unmodelled", "words"),
    [
        (Sets(), "", ["no answer sets anything"]),
        (Sets(), "nobody counts it", []),
        (Sets(asserts=("e1",)), "", []),
        (Sets(asserts=("e1",)), "nobody counts it", []),
        (Sets(asserts=("e1",), denies=("e2",)), "", []),
        (Sets(asserts=("e1", "e2"), denies=("e2",)), "", ["asserts and denies 'e2'"]),
        (Sets(commitments_on=("c1",), commitments_off=("c2",)), "", []),
        (Sets(commitments_on=("c1", "c2"), commitments_off=("c2",)), "", ["puts 'c2' both in and out of force"]),
    ],
)
def test_an_answer_sets_something_or_says_why_not(case: Case, sets: Sets, unmodelled: str, words: list[str]) -> None:
    dispute = next(iter(case.disputes.values()))
    answers = tuple(replace(answer, sets=sets if n == 0 else Sets()) for n, answer in enumerate(dispute.answers))
    one = replace(dispute, answers=answers, unmodelled=unmodelled)
    found = [p.what for p in checks.check_disputes(replace(case, disputes={one.id: one})) if p.severity == "error"]
    assert len(found) == len(words)
    assert all(what.endswith(word) for what, word in zip(found, words, strict=True))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "no address"),
        (("a", "b"), "a (not judged), b (not judged)"),
        (("a", "b", "c"), "a (not judged), b (not judged), c (not judged)"),
        (("a", "b", "c", "d"), "a (not judged), b (not judged), c (not judged) and others"),
    ],
)
def test_what_carries_a_row_is_told_by_three_names(case: Case, names: tuple[str, ...], words: str) -> None:
    source = " ".join(f"https://{name}.example/x" for name in names)
    event = replace(accusing(case), claims=(), source=source, id="another")
    assert checks._carried(case, event) == words.replace(" (", ".example (")


def test_of_an_older_case_faults_of_a_kind_are_one_warning() -> None:
    fault = Problem("events.csv", 3, "e1 accuses", expected="a source", check="accusation-source")
    one, many = ("row", "rows")
    assert checks._summary([fault], one, many).what == "1 row; it: e1 accuses"
    two = checks._summary([fault, replace(fault, what="e2 accuses")], one, many)
    assert (two.what, two.severity, two.line) == ("2 rows; the first: e1 accuses", "warning", 3)


@pytest.mark.parametrize(
    ("voice", "voices", "own"),
    [("one", ("counters",), True), ("two", ("counters",), False), ("two", ("ann",), True), ("", ("wire",), True),
     ("", ("outlet-one",), True), ("", (), False)],
)  # fmt: skip
def test_whose_claim_it_is(case: Case, voice: str, voices: tuple[str, ...], own: bool) -> None:
    claim = case.claims["c-one-killed"]
    document = replace(case.documents[claim.document], voice=voice)
    other = replace(case, documents={**case.documents, document.id: document})
    assert checks._own(other, replace(case.accounts["one"], voices=voices), claim) is own


@pytest.mark.parametrize(
    ("value", "low", "high", "outside"),
    [
        (7.0, 8.0, 9.0, True), (10.0, 8.0, 9.0, True), (8.0, 8.0, 9.0, False), (9.0, 8.0, 9.0, False),
        (8.5, 8.0, 9.0, False), (7.0, 8.0, None, True), (9.0, 8.0, None, False), (10.0, None, 9.0, True),
        (8.0, None, 9.0, False), (None, 8.0, 9.0, False),
    ],
)  # fmt: skip
def test_a_value_lies_from_its_low_to_its_high(
    case: Case, value: float | None, low: float | None, high: float | None, outside: bool
) -> None:
    says = QuantitySaid(quantity="t", measure="deaths", value=value, low=low, high=high, as_of=When.parse("2001-02-03"))
    problems = [p.what for p in checks.check_quantities(with_claims(case, [claim("p", says)]))]
    assert any("lies outside low and high" in what for what in problems) is outside


@pytest.mark.parametrize(
    ("kind", "role", "pattern", "expected"),
    [
        ("maintain", "then", Pattern(not_=Pattern(type=("aid",))), "forbid"),  # not to do it is owed: it is forbidden
        ("maintain", "then", Pattern(type=("aid",)), "then"),
        ("achieve", "then", Pattern(type=("aid",), not_=Pattern(actor=("red",))), "then"),
        ("maintain", "forbid", Pattern(type=("aid",), not_=Pattern(actor=("red",))), "forbid"),
    ],
)
def test_what_is_not_to_be_done_is_forbidden(case: Case, kind: str, role: str, pattern: Pattern, expected: str) -> None:
    record = replace(
        next(iter(case.commitments.values())), kind=CommitmentKind(kind), then=None, forbid=None, readings=()
    )
    ((path, _, as_role, asked),) = checks._consequents(replace(record, **{role: pattern}))
    assert (path, as_role, asked) == ((role,), expected, pattern.not_ if kind == "maintain" and role == "then"
                                      and pattern.not_ else pattern)  # fmt: skip


@pytest.mark.parametrize(
    ("chain", "realis", "owned"),
    [
        (("one-paper", "red-office"), "asserted", True),  # the last of a chain speaks, as the first carries
        (("red-office", "one-paper"), "asserted", False),
        (("red-office",), "asserted", True),
        (("one-paper", "red-office"), "denied", False),
    ],
)
def test_who_owns_an_act_is_the_last_of_the_chain(
    case: Case, monkeypatch: pytest.MonkeyPatch, chain: tuple[str, ...], realis: str, owned: bool
) -> None:
    event = accusing(case, actor=("red",))
    told = replace(claim("p", SHELLED), chain=chain, realis=realis)
    monkeypatch.setattr(checks, "carries_words", lambda case, claim: True)
    monkeypatch.setattr(checks, "speaks_for", lambda case, source, actor: (source, actor) == ("red-office", "red"))
    assert checks.owned(with_claims(case, [told]), event, {event.id: ("p",)}) is owned
