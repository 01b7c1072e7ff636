"""Checks of the evidence: chains, claims, numbers, dates, grades, disputes, accounts and the reader's copies.

Dangling ids, closed word lists, answers without a claim and weights that do not sum are ``standoff.case.check``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from standoff.case.model import Case, Claim
from standoff.case.saying import EventSaid, QuantitySaid
from standoff.case.where import at
from standoff.errors import Problem, nearest
from standoff.evidence.check_accounts import check_accounts, check_disputes, check_sets
from standoff.evidence.check_accusations import check_accusations
from standoff.evidence.compare import published
from standoff.evidence.independence import institutions
from standoff.evidence.library import check_anchors
from standoff.evidence.reading import UNWRITTEN
from standoff.evidence.vague_words import CONVENTIONS, convention_name, states_conversion


def check_chains(case: Case) -> Iterator[Problem]:
    """A chain names each source once, starts with who tells the document, and no source belongs to itself."""
    for key, source in case.sources.items():
        trail, step = [key], source.of
        while step and step not in trail:
            trail.append(step)
            step = case.sources[step].of if step in case.sources else ""
        if step == key:
            what = f"the source {key!r} belongs to itself: {' > '.join([*trail, key])}"
            yield at(case, "sources", key, what, "of", expected="what it belongs to, without a circle")
    for key, claim in case.claims.items():
        for number, name in enumerate(claim.chain):
            if name in claim.chain[:number]:
                what = f"the chain loops: {' > '.join(claim.chain)}"
                expected = "each source once, from the outermost teller to the innermost origin"
                yield at(case, "claims", key, what, "chain", number, expected=expected)
        yield from _teller(case, claim)


def _teller(case: Case, claim: Claim) -> Iterator[Problem]:
    document = case.documents.get(claim.document)
    if document is None or not claim.chain:
        return
    tellers = {*document.author, document.outlet, *document.republished}
    first = claim.chain[0]
    if first not in tellers and not tellers & set(institutions(case, first)):
        what = f"the chain starts with {first!r}, who does not tell {claim.document}"
        expected = ", ".join(name for name in (document.outlet, *document.author) if name)
        yield at(case, "claims", claim.id, what, "chain", 0, expected=expected, hint=nearest(first, tellers))
    elif claim.voice in ("quote", "paraphrase") and not set(claim.chain) - tellers:
        what = f"the {claim.voice} is of nobody: the chain ends with {claim.chain[-1]!r}, who tells the document"
        yield at(
            case,
            "claims",
            claim.id,
            what,
            "chain",
            expected="whom it quotes, at the end of the chain; or 'voice: narrator'",
        )


def check_claims(case: Case) -> Iterator[Problem]:
    """Claims have a text of their own; none denies or replaces itself, directly or in a circle, or both another one."""
    for key, claim in case.claims.items():
        if not claim.text.strip() or claim.text.startswith(UNWRITTEN):
            what = "the claim is only proposed: its text is not written"
            yield at(case, "claims", key, what, "text", expected="what the source says, in your own words")
        for name in ("denies", "supersedes"):
            if key in getattr(claim, name):
                expected = f"another claim that it {name}"
                yield at(case, "claims", key, f"the claim {key!r} {name} itself", name, expected=expected)
        for other in sorted(set(claim.denies) & set(claim.supersedes)):
            what = f"the claim both denies and supersedes {other!r}"
            expected = "denies for what is untrue, supersedes for what was corrected"
            yield at(case, "claims", key, what, "supersedes", expected=expected)
        trail, ahead = {key}, [c for c in claim.supersedes if c != key]
        while ahead:
            step = ahead.pop()
            if step == key:
                what = f"the claim {key!r} supersedes itself through {claim.supersedes[0]!r}"
                yield at(case, "claims", key, what, "supersedes", expected="an earlier claim")
                break
            if step not in trail and step in case.claims:
                trail.add(step)
                ahead += case.claims[step].supersedes


def check_quantities(case: Case) -> Iterator[Problem]:
    """Quantities have ends in order, one time, a share from 0 to 1, and a convention that exists."""
    for key, claim in case.claims.items():
        said = claim.says
        if not isinstance(said, QuantitySaid):
            continue
        low, high, value = said.low, said.high, said.value
        if low is not None and high is not None and low > high:
            what = f"low {low:g} is above high {high:g}"
            yield at(case, "claims", key, what, "says", "low", expected="low up to high")
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            what = f"value {value:g} lies outside low and high"
            yield at(case, "claims", key, what, "says", "value", expected="a value between them, or none")
        if value is None and low is None and high is None and claim.realis != "denied":
            yield at(case, "claims", key, "the quantity has no number", "says", expected="value, or low and high")
        if said.bound == "range" and (low is None or high is None):
            yield at(case, "claims", key, "the range has no two ends", "says", "bound", expected="low and high")
        if said.as_of is not None and said.window is not None:
            what = "the quantity has both a date and a window"
            yield at(case, "claims", key, what, "says", "window", expected="as_of (at a date) or window (over a time)")
        top = 1.0 if said.measure == "share" and not said.unit else None
        for name, number in (("value", value), ("low", low), ("high", high)):
            if number is not None and top is not None and not 0 <= number <= top:
                expected = "a share from 0 to 1, or 'unit: percent'"
                yield at(case, "claims", key, f"the share is {number:g}", "says", name, expected=expected)
        text = said.convention
        if text and not convention_name(text) and not states_conversion(text):
            hint = nearest(text, CONVENTIONS)
            expected = f"{', '.join(CONVENTIONS)}, or a conversion such as 'a mile is 1.609 km'"
            what = f"there is no convention {text!r}"
            yield at(case, "claims", key, what, "says", "convention", expected=expected, hint=hint)


def check_times(case: Case) -> Iterator[Problem]:
    """What is told as a fact does not lie after the day it was published."""
    for key, claim in case.claims.items():
        if claim.realis not in ("asserted", "denied", "alleged"):
            continue
        when = None
        name = ""
        if isinstance(claim.says, QuantitySaid):
            when, name = (claim.says.as_of, "as_of") if claim.says.as_of else (claim.says.window, "window")
        elif isinstance(claim.says, EventSaid):
            when, name = claim.says.date, "date"
        out = published(case, claim)
        if when and when.start and out and out.end and when.start > out.end:
            what = f"told as {claim.realis} for {when}, after it was published on {out}"
            expected = "a date up to then, or another realis (predicted, threatened, promised)"
            yield at(case, "claims", key, what, "says", name, expected=expected, severity="warning")


def check_grades(case: Case) -> Iterator[Problem]:
    """Admiralty grades other than F6 name the person who set them; no program sets one."""
    for key, claim in case.claims.items():
        grade = claim.grade
        if (grade.reliability, grade.credibility) != ("F", "6") and not grade.by.strip():
            what = f"the grade {grade.reliability}{grade.credibility} was set by no person"
            yield at(case, "claims", key, what, "grade", expected="by: who graded it, or no grade (F6)")
    for key, source in case.sources.items():
        if source.reliability != "F" and not source.graded_by.strip():
            what = f"the reliability {source.reliability} was set by no person"
            yield at(case, "sources", key, what, "reliability", expected="graded_by: who graded it, or F")


def _anchors(case: Case) -> Iterator[Problem]:
    yield from check_anchors(case)


CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    check_chains,
    check_claims,
    check_quantities,
    check_times,
    check_grades,
    check_disputes,
    check_accounts,
    check_sets,
    _anchors,
)


def check_evidence(case: Case) -> list[Problem]:
    """Run every check of the evidence and return the problems, errors and warnings, sorted by file and line."""
    from standoff.evidence.coverage import check_coverage

    problems = [problem for run in CHECKS for problem in run(case)]
    return sorted([*problems, *check_accusations(case), *check_coverage(case)], key=lambda p: p.sort_key)
