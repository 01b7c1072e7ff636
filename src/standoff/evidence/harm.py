"""Harm to civilians: figures of it as each source tells them, kept apart by what they measure.

Figures of different measures, kinds of person or windows are never added, and none is a forecast. A figure is a claim
of a quantity, an observed figure, or the number in the row of an event; each carries its source, its window and its
bound. Fighters and soldiers are not counted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from standoff.case.claims import EventSaid, QuantitySaid
from standoff.case.model import Case, Event, refuse_errors
from standoff.case.reports import incidents_of
from standoff.case.vocabulary import MEASURES, is_a
from standoff.evidence.contradictions import contradictions, differences
from standoff.evidence.independence import origin
from standoff.evidence.standing import carrier_names
from standoff.evidence.statements import said_on
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.values import When, as_day

HARM_MEASURES = (
    "deaths-civilian", "deaths-children", "deaths", "wounded-civilian", "wounded-children", "wounded", "injuries",
    "attacks-health", "attacks-education", "facilities-closed", "people-in-need", "people-aid-dependent",
    "people-at-risk",
)  # fmt: skip
_SHARES = ("schools", "hospitals", "buildings", "poverty")  # shares that are harm, by what is counted
_COUNTS = ("men arrested", "trouble breathing")  # counts that are harm, by what is counted
SOLDIERS = ("soldier", "fighter", "troops", "personnel")
PROTESTS = ("protest", "force-against-protesters")


@dataclass(frozen=True, slots=True, repr=False)
class HarmFigure(OneLine):
    """One figure of harm: ``measure``, at least ``low`` and at most ``high`` (None is open), of whom, where and when.

    ``teller`` is the innermost source (for an event: who publishes it), ``through`` those who pass it on. ``against``
    are claims that cannot hold beside it, or differ from it.
    """

    id: str
    measure: str
    low: float | None
    high: float | None
    bound: str
    counted: str
    where: str
    when: When | None
    published: date | None
    teller: str
    through: tuple[str, ...]
    text: str
    kind: str  # claim, event or observed
    contested: str = ""
    against: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The last day of its window, for the order of a timeline."""
        return (self.when and (self.when.end or self.when.start)) or self.published or date.max


@dataclass(frozen=True, slots=True, repr=False)
class ProtestMet(OneLine):
    """A protest and how it was met: the event, and what is told of force on the same day."""

    id: str
    when: When
    text: str
    met: tuple[tuple[str, str], ...]  # claim or event, and what it says
    teller: str


def harm(case: Case, *, on: date | str | None = None, as_of: date | str | None = None) -> RecordList[HarmFigure]:
    """Return the figures of harm to civilians in the order of their days; measures are never added up.

    Parameters
    ----------
    case : Case
        A case without errors.
    on : date or str, optional
        Leave out windows that end later.
    as_of : date or str, optional
        Leave out what was published later.

    Returns
    -------
    RecordList of HarmFigure

    Raises
    ------
    StandoffError
        For a case with errors, or a day that is none.

    Examples
    --------
    >>> import standoff as so
    >>> so.harm(so.load("idlib"), on="2020-02-20")
    <69 of HarmFigure>
    """
    refuse_errors(case)
    on, as_of = as_day(on, "on"), as_day(as_of, "as_of")
    clashes: dict[str, list[str]] = {}
    for pair in (*contradictions(case), *differences(case)):
        clashes.setdefault(pair.first, []).append(pair.second)
        clashes.setdefault(pair.second, []).append(pair.first)
    figures = [*_joined(list(_claimed(case, clashes)), list(_recorded(case))), *_observed(case)]
    kept = [
        f
        for f in figures
        if (on is None or f.day <= on) and (as_of is None or f.published is None or f.published <= as_of)
    ]
    return RecordList(sorted(kept, key=lambda f: (f.day, f.id)))


def _joined(claims: list[HarmFigure], events: list[HarmFigure]) -> Iterator[HarmFigure]:
    """Yield claims, and events whose number no claim tells; a claim carries what contests the event it tells."""
    for event in events:
        same = [
            number
            for number, claim in enumerate(claims)
            if claim.measure == event.measure
            and claim.when is not None
            and event.when is not None
            and claim.when.text == event.when.text
            and _inside(claim, event)
        ]
        for number in same:
            claims[number] = replace(claims[number], contested=claims[number].contested or event.contested)
        if not same:
            yield event
    yield from claims


def _inside(claim: HarmFigure, event: HarmFigure) -> bool:
    """Whether the number of a claim is one that the row of the event holds."""
    numbers = [x for x in (claim.low, claim.high) if x is not None]
    low, high = event.low or 0.0, event.high if event.high is not None else float("inf")
    return bool(numbers) and all(low <= number <= high for number in numbers)


def _is_harm(measure: str, counted: str) -> bool:
    counted = counted.lower()
    if measure == "share":
        return any(word in counted for word in _SHARES)
    if measure == "count":
        return any(word in counted for word in _COUNTS)
    if measure not in HARM_MEASURES:
        return False
    return not any(word in counted for word in SOLDIERS)


def _claimed(case: Case, clashes: dict[str, list[str]]) -> Iterator[HarmFigure]:
    """Yield claims of quantities; one that a claim of the same figure corrects is left out."""
    superseded = {old for claim in case.claims.values() for old in claim.supersedes}
    for claim in case.claims.values():
        says = claim.says
        if not isinstance(says, QuantitySaid) or claim.id in superseded or not _is_harm(says.measure, says.counted):
            continue
        low, high = says.interval
        teller = origin(case, claim)
        yield HarmFigure(
            claim.id,
            says.measure,
            low,
            high,
            says.bound,
            says.counted,
            says.of,
            says.window or says.as_of,
            said_on(case, claim),
            teller,
            tuple(name for name in claim.chain if name != teller),
            claim.text,
            "claim",
            "denied" if claim.realis == "denied" else "",
            tuple(dict.fromkeys(clashes.get(claim.id, ()))),
        )


def _recorded(case: Case) -> Iterator[HarmFigure]:
    """Yield the numbers of civilians in rows of events; what must not be passed on is left out."""
    names = incidents_of(case)
    numbers: set[tuple[str, str, float | None, float | None]] = set()
    # of versions with one number the one that names nobody stands for all
    for event in sorted(case.events.values(), key=lambda one: bool(one.actor)):
        if event.restricted or event.sourcing or not _is_harm(event.counted, "") or not _of_civilians(event):
            continue
        version = names.get(event.id, event.id), event.counted, event.low, event.high
        if (event.low is None and event.high is None) or version in numbers:
            continue
        numbers.add(version)
        published = event.known or event.date
        carriers = carrier_names(case, event)
        yield HarmFigure(
            event.id,
            event.counted,
            event.low,
            event.high,
            "range" if event.low != event.high else "exact",
            MEASURES.get(event.counted, event.counted),
            ", ".join(event.place or event.sector or event.zone),
            event.date,
            published.end or published.start,
            carriers[0] if carriers else "",
            carriers[1:],
            event.title or event.type,
            "event",
            event.contested,
        )


def _of_civilians(event: Event) -> bool:
    return event.counted not in ("deaths", "wounded", "injuries") or "civilians" in event.target


def _observed(case: Case) -> Iterator[HarmFigure]:
    for one in case.observed.values():
        if not _is_harm(one.measure, one.indicator):
            continue
        if getattr(one, "restricted", False):
            continue
        low = None if one.bound in ("at-most", "almost") else one.value
        high = None if one.bound in ("at-least", "more-than") else one.value
        window = f"{one.from_.start}/{one.to.end}" if one.from_.start != one.to.end else str(one.from_.start)
        day = When.parse(one.published) if one.published else None
        yield HarmFigure(
            one.id,
            one.measure,
            low,
            high,
            one.bound,
            one.indicator,
            one.place,
            When.parse(window),
            (day.end or day.start) if day else None,
            one.source,
            (),
            one.title or one.indicator,
            "observed",
            one.contested,
        )


def protests(case: Case, *, on: date | None = None, as_of: date | None = None) -> tuple[ProtestMet, ...]:
    """Return the protests of the record and how each was met, as far as anybody tells it of the same day."""
    rows = []
    for event in case.events.values():
        if event.restricted or not any(is_a(event.type, kind) for kind in PROTESTS):
            continue
        published = (event.known or event.date).end
        if (on and event.date.start and event.date.start > on) or (as_of and published and published > as_of):
            continue
        met = [
            (claim.id, claim.text)
            for claim in case.claims.values()
            if isinstance(claim.says, EventSaid)
            and is_a(claim.says.event, "violence-against-civilians")
            and claim.says.date is not None
            and claim.says.date.text == event.date.text
            and claim.realis != "denied"
        ]
        teller = "; ".join(carrier_names(case, event))
        rows.append(ProtestMet(event.id, event.date, event.title, tuple(met), teller))
    return tuple(sorted(rows, key=lambda row: (row.when.start or date.min, row.id)))
