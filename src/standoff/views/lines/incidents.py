"""Incidents on a terminal: what several reports tell, where they differ, what became of it, and what may be one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from standoff.case.model import Case, party_name
from standoff.case.restrictions import SWITCH, restricted_words
from standoff.commitments.incidents import Happening, MergeProposal
from standoff.text.sentences import count, fold, listing, reported_in_words, shortlist, when
from standoff.values import When

MOST_PROPOSED = 20
SCORED = "The score adds up points for what two reports share, from 0 to 1. It orders them and is not a probability."
STATUS = {
    "alleged": "alleged",
    "under-inquiry": "under inquiry",
    "verified": "verified",
    "not-verifiable": "not verifiable",
}


def incident_lines(
    case: Case, incidents: Sequence[Happening], total: int, width: int, restricted: int = 0
) -> Iterator[str]:
    """Yield each incident with what its reports share and differ in.

    ``total`` is how many the case has in all, ``restricted`` how many of their reports may not be passed on.
    """
    yield from fold(f"Incidents of {case.about.title}", width, hang="  ")
    for one in incidents:
        yield ""
        days = listing(when(When.parse(day)) for day in one.dates)
        yield from fold(f"{days}  {one.id}: {one.title}", width, hang="    ")
        for line in incident_facts(case, one):
            yield from fold(line, width, indent="    ", hang="      ")
    yield ""
    several = sum(len(one.reports) > 1 for one in incidents)
    yield from fold(
        f"n = {count(total, 'incident')} in all, of which {several} told by several reports. Quantities count an "
        "incident once; exactly one of its versions is true.",
        width,
    )
    yield from hidden_lines(restricted, width)


def hidden_lines(restricted: int, width: int) -> Iterator[str]:
    """Yield how many reports may not be passed on, and how they can be seen."""
    if restricted:
        yield from fold(f"{restricted_words(restricted)} (on your own screen: {SWITCH}=show).", width)


def incident_facts(case: Case, one: Happening) -> Iterator[str]:
    """Yield what is known of an incident in sentences: reports, differences, status, answer, decision."""
    where = f" at {listing(p for p in one.places if p)}" if any(one.places) else ""
    yield f"{count(len(one.reports), 'report')} ({shortlist(one.reports, 4)}): {', '.join(one.types)}{where}"
    for what, versions in one.differences.items():
        said = (f"{v.value} ({shortlist(v.by or ('source not named',), 3)})" for v in versions)
        yield f"they differ in {what}: {' / '.join(said)}"
    by = f" by {_name(case, one.found_by)}" if one.found_by else ""
    yield f"status: {STATUS[one.status]}{by}"
    if one.found_by:
        who = listing(party_name(p, case.actors) for p in one.attributed)
        yield f"attributed to {who}" if who else "attributed to nobody"
    if one.violation:
        yield f"class of violation: {one.violation}"
    if one.withdrawn:
        yield f"withdrawn: {one.withdrawn}"
    if one.response_asked:
        yield f"asked: {one.response_asked}"
        yield f"answered: {one.response_given or 'nothing is recorded'}"
    elif one.response_given:
        yield f"answered: {one.response_given}"
    yield from one.decision


def _name(case: Case, name: str) -> str:
    for records in (case.sources, case.actors):
        if name in records:
            return str(records[name].name)
    return case.accounts[name].title if name in case.accounts else name


def merge_lines(case: Case, pairs: Sequence[MergeProposal], width: int, events: dict[str, Any]) -> Iterator[str]:
    """Yield proposals to join reports, each with its score, both rows, and what speaks for it and against."""
    yield from fold(f"Reports that may tell one happening, in {case.about.title}", width, hang="  ")
    for one in pairs[:MOST_PROPOSED]:
        yield ""
        yield from fold(f"{one.score:.2f}  {','.join(one.reports)}", width, hang="      ")
        for name in one.pair:
            event = events[name]
            yield from fold(
                f"{name}, {reported_in_words(event.date, event.known)}: {event.title or event.type}",
                width,
                indent="      ",
                hang="        ",
            )
        yield from fold(f"for it: {'; '.join(one.reasons)}", width, indent="      ", hang="        ")
        if one.against:
            yield from fold(f"against: {'; '.join(one.against)}", width, indent="      ", hang="        ")
    yield ""
    more = f"; the first {MOST_PROPOSED} are shown, --json has all" if len(pairs) > MOST_PROPOSED else ""
    yield from fold(f"n = {count(len(pairs), 'proposal')}{more}. {SCORED}", width)


def incident_record(one: Happening) -> dict[str, Any]:
    """Return an incident as it is written to JSON."""
    return asdict(one)
