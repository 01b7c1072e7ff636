"""Checks that nobody is accused without a source and an answer, and that nothing is owed by or against nobody.

They hold for a case with ``format: 2``. An older case gets one warning for each kind of fault, with how many there are
and the first. Stories (``tests/``) and rows of a log are no rows of events.csv and are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from standoff.case.model import Case, Claim, Event
from standoff.case.where import at
from standoff.errors import Problem, nearest
from standoff.evidence.check_account_kinds import check_account_kinds
from standoff.evidence.check_promises import check_clauses, check_consequents, check_holders, check_same_as
from standoff.evidence.standing import (
    NAMED,
    UNSOURCED,
    accuses,
    carriers_of,
    carries_answer,
    carries_words,
    citable,
    event_carriers,
    parties_of,
    speaks_for,
)
from standoff.evidence.statements import claims_about

NONE_FOUND = "none found"
_KINDS = {
    "accusation-source": ("accusing row without a citable source", "accusing rows without a citable source"),
    "accusation-answer": (
        "accusing row without the answer of everybody it accuses",
        "accusing rows without the answer of everybody they accuse",
    ),
    "answer": ("answer that answers for nobody accused", "answers that answer for nobody accused"),
    "sourcing": ("row marked 'unsourced' that has a citable source", "rows marked 'unsourced' with a citable source"),
    "consequent-party": ("consequent without actor or target", "consequents without actor or target"),
    "clause": ("clause without a place in a text", "clauses without a place in a text"),
    "holder": ("reading without a claim of its holder", "readings without a claim of their holder"),
}


def silences(case: Case, event: Event, spoken: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """Return the accused of a row who have neither an answer nor ``none found``, in order.

    An answer is a claim in ``answer``, a claim whose ``recorded`` is this row, or a denial of all such acts that covers
    it. Its innermost source is named and speaks for the accused, and it is carried by what may carry words. ``spoken``
    is what `claims_about` returns, for whoever asks of many rows.
    """
    if not accuses(event) or event.sourcing == UNSOURCED or NONE_FOUND in event.answer:
        return ()
    names = (*event.answer, *(claims_about(case) if spoken is None else spoken).get(event.id, ()))
    claims = [case.claims[name] for name in dict.fromkeys(names) if name in case.claims]
    answers = [claim for claim in claims if carries_answer(case, claim)]
    return tuple(
        actor
        for actor in dict.fromkeys(event.actor)
        if not any(speaks_for(case, claim.chain[-1], actor) for claim in answers)
    )


def check_accusing_rows(case: Case) -> Iterator[Problem]:
    """An accusing row has a citable source and the answer of everybody it accuses, or is marked ``unsourced``."""
    spoken = claims_about(case)
    for key, event in case.events.items():
        yield from _answers(case, event)
        if event.sourcing == UNSOURCED:
            if accuses(event) and citable(case, event):
                what = f"{key} is marked 'unsourced', and {_carried(case, event)} carries it"
                yield at(case, "events", key, what, "sourcing", expected="an empty cell", check="sourcing")
            continue
        if not accuses(event):
            continue
        accused = " and ".join(event.actor)
        if not citable(case, event) and not owned(case, event, spoken):
            what = f"{key} accuses {accused} of {event.type} on {_carried(case, event)}"
            expected = "an address of a wire or a monitor in source, or sourcing: unsourced"
            hint = "" if event.source or event.claims else "standing of an address: publishers.csv"
            yield at(case, "events", key, what, "source", expected=expected, hint=hint, check="accusation-source")
        if left := silences(case, event, spoken):
            what = f"{key} accuses {' and '.join(left)} of {event.type} without an answer"
            expected = f"in answer: a claim by a named organ or official of each, or '{NONE_FOUND}'"
            yield at(case, "events", key, what, "answer", expected=expected, check="accusation-answer")


def owned(case: Case, event: Event, spoken: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether everybody whom a row accuses said in public that it did it: then nobody else's word is needed."""
    own = [case.claims[name] for name in spoken.get(event.id, ()) if case.claims[name].realis == "asserted"]
    own = [claim for claim in own if carries_words(case, claim)]
    return all(any(speaks_for(case, claim.chain[-1], actor) for claim in own) for actor in event.actor)


def _carried(case: Case, event: Event) -> str:
    """Say what carries a row: each name with its standing."""
    names = [f"{c.name} ({c.standing or 'not judged'})" for c in event_carriers(case, event)]
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "") or "no address"


def _answers(case: Case, event: Event) -> Iterator[Problem]:
    for name in event.answer:
        if name == NONE_FOUND:
            continue
        claim = case.claims.get(name)
        if claim is None:
            hint = nearest(name, [*case.claims, NONE_FOUND])
            expected = f"the id of a claim, or '{NONE_FOUND}'"
            yield at(case, "events", event.id, f"answer names {name!r}", "answer", expected=expected, hint=hint)
            continue
        why = _no_answer(case, claim, event)
        if why:
            expected = f"a public claim by a named organ or official of {' or '.join(event.actor) or 'an actor'}"
            yield at(case, "events", event.id, f"{name} {why}", "answer", expected=expected, check="answer")


def _no_answer(case: Case, claim: Claim, event: Event) -> str:
    """Say why a claim is no answer of an actor of the row; empty where it is one."""
    voice = claim.chain[-1] if claim.chain else ""
    source = case.sources.get(voice)
    if source is None or source.kind == "anonymous":
        return f"is by {voice!r}, who is not named"
    if source.kind not in NAMED:
        organ = "; an organ of a party is of kind organisation or agency" if source.party else ""
        return f"is by {voice!r}, of kind {source.kind!r}, which speaks for no party{organ}"
    if not any(speaks_for(case, voice, actor) for actor in event.actor):
        of = ", ".join(parties_of(case, voice)) or "nobody"
        return f"is by {voice!r}, who speaks for {of}"
    if not carries_answer(case, claim):
        by = ", ".join(f"{c.name} ({c.standing or 'not judged'})" for c in carriers_of(case, claim))
        return f"is carried by {by or 'no address'}, which may not carry the words of {voice!r}"
    return ""


def check_publishers(case: Case) -> Iterator[Problem]:
    """A publisher is a host as it stands in addresses, or the beginning of a symbol; a statement says whose it is."""
    for key, publisher in case.publishers.items():
        if (host := _plain(key)) != key:
            what, expected = f"the id {key!r} is no host as addresses are looked up", repr(host)
            yield at(case, "publishers", key, what, "id", expected=expected, check="publisher")
        if publisher.standing == "statement" and not publisher.party:
            what = f"{key} is a statement of nobody"
            expected = "party: the actor whose organ it is, by id or name"
            yield at(case, "publishers", key, what, "party", expected=expected, check="publisher")


def _plain(name: str) -> str:
    """Return the id of a publisher as it is looked up: a host without scheme, www and the slash at its end."""
    bare = re.sub(r"^[a-z]+://", "", name, flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}", host):
        return name  # a symbol
    return (host.lower().removeprefix("www.") + slash + path).rstrip("/")


CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    check_publishers,
    check_accusing_rows,
    check_consequents,
    check_clauses,
    check_holders,
    check_account_kinds,
    check_same_as,
)


def check_accusations(case: Case) -> list[Problem]:
    """Run the checks; a case older than format 2 gets one warning for each kind of fault that format 2 refuses."""
    problems = [problem for run in CHECKS for problem in run(case)]
    if case.about.format >= 2:
        return problems
    shown = [p for p in problems if p.check not in _KINDS]
    for check, (one, many) in _KINDS.items():
        if faults := [p for p in problems if p.check == check]:
            shown.append(_summary(faults, one, many))
    return shown


def _summary(faults: list[Problem], one: str, many: str) -> Problem:
    first, count = faults[0], len(faults)
    what = f"{count} {one if count == 1 else many}; {'it' if count == 1 else 'the first'}: {first.what}"
    return replace(first, what=what, hint="an error with format: 2 in case.yaml", severity="warning")
