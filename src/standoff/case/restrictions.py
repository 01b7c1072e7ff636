"""What may not be passed on: rows whose source forbids it are counted in every output, and left out of it.

Verdicts, counts and forecasts read these rows as all others; what is written, printed or shown never has their words,
place or id. On an own screen they can be seen with ``STANDOFF_RESTRICTED=show``; nothing is written to a file then.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from standoff.errors import StandoffError

SWITCH = "STANDOFF_RESTRICTED"
RESTRICTED = " restricted"  # behind a number, in the place of ids
LEAST = 3  # rows that may not be passed on, from which their number stands beside the name of an area
FEW = "areas with few reports that may not be passed on"
NO_AREA = "no area named"
_T = TypeVar("_T")


def shown_here() -> bool:
    """Whether the user wants to see what may not be passed on: on an own screen, and in no file."""
    return os.environ.get(SWITCH, "") == "show"


def refuse_files(what: str) -> None:
    """Refuse to write a file while rows that may not be passed on are shown. Raises StandoffError."""
    if shown_here():
        why = f"rows that may not be passed on are shown ({SWITCH}=show), and {what} could be passed on"
        raise StandoffError.of(why, file=SWITCH, expected="the screen alone", hint=f"unset {SWITCH} first")


def is_free(record: Any) -> bool:
    """Whether a record may be shown: it may be passed on, or the user looks at it on an own screen."""
    return not getattr(record, "restricted", False) or shown_here()


def free(records: Iterable[_T]) -> list[_T]:
    """Return the records that may be passed on."""
    return [record for record in records if is_free(record)]


def restricted_words(number: int, noun: str = "report") -> str:
    """Say how many rows are left out; empty where none is."""
    if not number:
        return ""
    return f"{number} {noun if number == 1 else noun + 's'} may not be passed on, and {_verb(number)} left out"


def _verb(number: int) -> str:
    return "is" if number == 1 else "are"


def areas_to_name(
    events: Iterable[_T], areas_of: Callable[[_T], Sequence[str]], nowhere: Sequence[str] = (NO_AREA,)
) -> Callable[[_T], tuple[str, ...]]:
    """Return the areas that an event is counted under where numbers of areas are shown.

    A row that may not be passed on is counted under the name of its area where at least three such rows of these
    events lie in it, else together with those of other such areas: one or two would tell where somebody was.
    ``nowhere`` are names that name no area.
    """
    hidden = Counter(name for event in events if not is_free(event) for name in areas_of(event))

    def counted_under(event: _T) -> tuple[str, ...]:
        own = areas_of(event)
        if is_free(event):
            return tuple(own)
        return tuple(dict.fromkeys(n if n in nowhere or hidden[n] >= LEAST else FEW for n in own))

    return counted_under


def named(ids: Iterable[str], events: Mapping[str, Any]) -> tuple[str, ...]:
    """Return ids in their order; in the place of those of rows that may not be passed on, how many they are."""
    ids = tuple(ids)
    shown = tuple(name for name in ids if is_free(events.get(name)))
    return shown if len(shown) == len(ids) else (*shown, f"{len(ids) - len(shown)}{RESTRICTED}")


def without_ids(value: Any, events: Mapping[str, Any]) -> Any:
    """Return plain data in whose lists the ids of rows that may not be passed on are counted, as in `named`."""
    hidden = {name for name, event in events.items() if not is_free(event)}

    def walk(item: Any) -> Any:
        if isinstance(item, Mapping):
            return {key: walk(part) for key, part in item.items()}
        if isinstance(item, list | tuple):
            kept = [walk(part) for part in item if not (isinstance(part, str) and part in hidden)]
            return kept if len(kept) == len(item) else [*kept, f"{len(item) - len(kept)}{RESTRICTED}"]
        return item

    return walk(value) if hidden else value


def restricted_in(value: Any) -> set[str]:
    """Return the ids of the rows in plain data that may not be passed on."""
    if isinstance(value, Mapping):
        own = {str(value.get("id") or value.get("event"))} if value.get("restricted") is True else set()
        return own.union(*map(restricted_in, value.values()))
    return set().union(*map(restricted_in, value)) if isinstance(value, list | tuple) else set()


def passed_on(value: Any) -> tuple[Any, int]:
    """Return plain data without the rows of sources that may not be passed on, and how many were left out."""
    if isinstance(value, Mapping):
        parts = {key: passed_on(item) for key, item in value.items()}
        return {key: item for key, (item, _) in parts.items()}, sum(n for _, n in parts.values())
    if isinstance(value, list | tuple):
        kept = [item for item in value if not (isinstance(item, Mapping) and item.get("restricted") is True)]
        several = [passed_on(item) for item in kept]
        return [item for item, _ in several], len(value) - len(kept) + sum(n for _, n in several)
    return value, 0
