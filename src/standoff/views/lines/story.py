"""The story of one simulated run, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from standoff.case.model import Case
from standoff.case.vocabulary import is_a
from standoff.commitments.engine.states import words
from standoff.runs.story import TrajectoryStory
from standoff.text.sentences import fold, listing, people, percent, refold
from standoff.text.table_printer import table

MOST_OPTIONS = 4
HOSTILE = ("assault", "encirclement", "arrest", "sanction", "accusation", "threat", "demand", "refusal", "breach")


def story_lines(case: Case, story: TrajectoryStory, width: int) -> Iterator[str]:
    """Yield a story: what it is, a key, then each day on which something happens."""
    yield from fold(case.about.title, width, hang="  ")
    run = f"One simulated run of many: trajectory {story.trajectory}, account {story.account}, {story.scenario}"
    yield from fold(run, width, hang="  ")
    yield from fold("worth: of an option to its actor; 1 is from worst to best on its core issue", width, hang="  ")
    yield from fold("chance: of being taken when the actor thinks again", width, hang="  ")
    yield ""
    yield from refold(_days(case, story, width), width)


def _days(case: Case, story: TrajectoryStory, width: int) -> Iterator[str]:
    for entry in story.days:
        if "courses" in entry:
            yield f"{entry['date']}  the morning before the first day"
            for course in entry["courses"]:
                yield f"  {case.actors[course['actor']].name}: {course['title']} ({course['option']})"
            continue
        yield f"{entry['date']}  day {entry['day']}"
        for choice in entry["choices"]:
            yield f"  {case.actors[choice['actor']].name}: {choice['title']} (before: {choice['was']})"
            options = [
                (option["option"], f"worth {option['value']:+.3f}, {_chance(option['chance'], len(choice['options']))}")
                for option in choice["options"]
            ]
            yield from table(("", ""), options[:MOST_OPTIONS], width, indent="      ")
            if not options:
                yield "      falls back: what it pursued is over or no longer open"
            yield f"      rests on {_basis(choice)}"
        for event in entry["events"]:
            yield f"  event: {_event(case, event)} (option {event['option']})"
        for change in entry["commitments"]:
            yield f"  commitment {change['commitment']}: {_change(change)} ({change['title']})"
            yield f"      rests on {_basis(change)}"
        for name in entry["outcomes"]:
            yield f"  first today: {case.outcomes[name].title if name in case.outcomes else name}"
        if entry["left"]:
            yield f"  {people(entry['left'])} people leave home, most from {_places(case, entry['from'])}"
            if entry["to"]:
                yield f"      most arrive at {_places(case, entry['to'])}"
            yield f"      {people(entry['displaced'])} newly displaced so far"


def _chance(chance: float, options: int) -> str:
    """Return a chance that a formula gives, which is never quite none nor all where there is a choice."""
    if options == 1:
        return "the only one open"
    return f"chance {'under 1 %' if chance < 0.01 else 'over 99 %' if chance > 0.99 else percent(chance)}"


def _places(case: Case, counts: Sequence[tuple[str, int]]) -> str:
    return listing(f"{case.places[p].name if p in case.places else p} ({people(n)})" for p, n in counts)


def _event(case: Case, event: Mapping[str, Any]) -> str:
    def names(ids: Sequence[str]) -> str:
        return listing(case.actors[i].name if i in case.actors else i for i in ids)

    hostile = any(is_a(event["type"], kind) for kind in HOSTILE)
    target = f" {'against' if hostile else 'towards'} {names(event['target'])}" if event["target"] else ""
    where = f" in {listing(event['sector'])}" if event["sector"] else ""
    return f"{event['type']} by {names(event['actor'])}{target}{where}"


def _change(change: Mapping[str, Any]) -> str:
    """Return a change of state in the words of the ledger."""
    return " -> ".join(words(change[key], change["adverse"]) for key in ("was", "is"))


def _basis(record: Mapping[str, Any]) -> str:
    if record.get("claims"):
        return ", ".join(record["claims"][:4])
    if record.get("citation"):
        return str(record["citation"])
    return f"an assumption: {record['assumed']}" if record.get("assumed") else "nothing of its own"
