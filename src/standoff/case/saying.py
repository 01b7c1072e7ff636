"""What a claim says: typed payloads, told apart by their first key (``quantity``, ``event``, ``commitment``, ...)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from standoff.case.values import Number, When

_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantitySaid:
    """A number with its bounds, what is counted, by which measure, where, and as of when or over which window.

    ``value`` alone means low = high = value; ``convention`` names how a vague word was read (``acled``: dozens = 12).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    quantity: str
    measure: str
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    bound: str = "exact"
    counted: str = ""
    unit: str = ""
    of: str = ""
    as_of: When | None = None
    window: When | None = None
    convention: str = ""

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The closed interval of values the claim allows; None is open."""
        low = self.low if self.low is not None else self.value
        high = self.high if self.high is not None else self.value
        if self.bound in ("at-least", "more-than"):
            return low, None
        if self.bound in ("at-most", "almost"):
            return (None if self.bound == "at-most" else low), high
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSaid:
    """Something that happened (or is said to come): a type of the vocabulary, who did it to whom, where and when.

    ``recorded`` names the row of events.csv that this claim is about, when there is one. A denial without ``recorded``
    denies what happened wholly inside its type, actor, place (``at``: a place, sector or zone) and ``date``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    event: str
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    at: str = ""
    date: When | None = None
    recorded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentSaid:
    """A promise, threat, demand or clause that the claim reports; the commitment itself is in commitments.yaml.

    With ``standing`` the claim says how the commitment stands: kept, partly, broken or in-force, ``by`` whom, on what
    ``date`` (default: the day the claim was published).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    commitment: str
    reading: str = ""
    standing: str = ""  # kept, partly, broken, in-force: what the speaker says of it
    by: tuple[str, ...] = ()  # who kept or broke it, as the speaker says
    date: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSaid:
    """A relation between actors: sponsor, ally, rival, occupies, clashes-with, depends-on, ..."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    relation: str
    from_: tuple[str, ...]
    to: tuple[str, ...] = ()
    of: str = ""
    date: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionSaid:
    """What an actor wants, on an issue of the case where one fits."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    position: str
    actor: tuple[str, ...]
    issue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentSaid:
    """A judgement of the speaker: a cause, an intention, a condition of things, or a prediction with a deadline."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    assessment: str
    of: str = ""
    actor: tuple[str, ...] = ()
    value: str = ""
    by: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSaid:
    """A request, offer, demand or refusal between actors, and the answer as the source reports it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    offer: str
    from_: tuple[str, ...]
    to: tuple[str, ...] = ()
    answer: str = ""
    answered_by: tuple[str, ...] = ()
    date: When | None = None


Saying = QuantitySaid | EventSaid | CommitmentSaid | RelationSaid | PositionSaid | AssessmentSaid | OfferSaid

SAYINGS: dict[str, type] = {
    "quantity": QuantitySaid,
    "event": EventSaid,
    "commitment": CommitmentSaid,
    "relation": RelationSaid,
    "position": PositionSaid,
    "assessment": AssessmentSaid,
    "offer": OfferSaid,
}
