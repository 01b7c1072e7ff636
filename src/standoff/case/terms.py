"""What was promised or threatened, as written in agreements.yaml and commitments.yaml: frozen data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from standoff.oneline import OneLine
from standoff.values import Clock, Count, Duration, NonNegative, Tie, TimeZone, When

_STRICT: dict[str, str] = {"extra": "forbid"}


class CommitmentKind(StrEnum):
    """What a commitment asks for: an act, an abstention, an amount, an act in every period; or what it allows."""

    ACHIEVE = "achieve"
    MAINTAIN = "maintain"
    QUANTITY = "quantity"
    RECURRENT = "recurrent"
    PERMISSION = "permission"


DONE_ONCE = (CommitmentKind.ACHIEVE, CommitmentKind.QUANTITY)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Amount(OneLine):
    """How much: of what a ``quantity`` owes at least ``value`` of ``unit``; of a limit (``above``) more than that."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    value: NonNegative
    unit: str = ""  # what is counted, as in the column counted of events.csv; 'share' takes the largest report


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pattern(OneLine):
    """Which events count. Every key that is given must match; an empty key matches anything.

    ``type`` also matches the kinds of a type. ``within`` and ``beyond`` name a zone of zones.geojson (or a ``sector``
    of places.csv). ``commitment`` with ``state`` reads the state of another commitment strictly before the day.
    ``at_least`` events within ``per`` make one occurrence (a threshold). ``by`` closes the window of a condition.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    type: tuple[str, ...] = ()  # words of the list or of types.yaml
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    at: tuple[str, ...] = ()  # places
    within: str = ""  # a zone or sector
    beyond: str = ""  # a zone or sector
    listed: str = ""  # a list that all targets are on
    event: tuple[str, ...] = ()  # rows of events.csv
    above: Amount | None = None  # only what is told to be more than so many
    commitment: tuple[str, ...] = ()  # other commitments
    state: tuple[str, ...] = ()  # states of theirs; empty: violated
    not_: Pattern | None = None
    any: tuple[Pattern, ...] = ()
    all: tuple[Pattern, ...] = ()
    at_least: Count = 1
    per: Duration | None = None
    by: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Interpretation(OneLine):
    """A named reading of a commitment beside its text: it replaces only the keys it gives, and says who holds it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str = ""
    held_by: tuple[str, ...] = ()  # actors or accounts
    claims: tuple[str, ...] = ()
    debtor: tuple[str, ...] | None = None
    creditor: tuple[str, ...] | None = None
    when: Pattern | None = None
    then: Pattern | None = None
    forbid: Pattern | None = None
    while_: Pattern | None = None
    within: Duration | None = None
    by: When | None = None
    except_: Pattern | None = None
    answers_for: dict[str, tuple[Tie, ...]] | None = None
    duty: str | None = None  # 'result': it is broken by what happens, whatever the effort


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Commitment(OneLine):
    """A commitment of debtors to creditors: if ``when``, then ``then`` (or never ``forbid``), by a deadline.

    ``adverse`` marks a threat: the consequent harms the creditor. ``within`` is a span after the trigger, ``by`` a date
    (inclusive). ``while_`` suspends it when false; ``except_`` defeats a breach; ``answers_for`` lists whose acts count
    as a debtor's. ``supersedes`` names commitments this one replaces from its start on. ``each`` asks every one that
    ``then`` lists to act; ``distinct`` counts a place, actor or type once; ``verify`` is a second act that proves the
    first.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    kind: CommitmentKind
    debtor: tuple[str, ...]
    creditor: tuple[str, ...] = ()
    agreement: str = ""
    provision: str = ""
    reference: str = ""
    adverse: bool = False  # a threat: the consequent harms the creditor
    form: str = ""  # promise, threat, red-line, demand, ultimatum, assurance, clause, warning, permission
    condition: str = "explicit"  # explicit, implied, unconditional
    from_: When  # first day
    until: When | None = None  # last day
    by: When | None = None  # last day to perform
    within: Duration | None = None  # time to perform after the trigger, or after from
    every: Duration | None = None  # period of a recurrent
    when: Pattern | None = None  # the condition; without it, owed from the first day
    then: Pattern | None = None  # what is owed
    forbid: Pattern | None = None  # what must not happen
    while_: Pattern | None = None  # suspended whenever this does not hold
    except_: Pattern | None = None  # events that are forbidden and do not count
    verify: Pattern | None = None  # a second act, without which the first is claimed and not verified
    release: Pattern | None = None  # ends it without a breach
    reopen: Pattern | None = None  # puts it in force again after a release
    cancel: Pattern | None = None  # ends it; a breach where it was owed
    suspend: Pattern | None = None  # stops the clock
    resume: Pattern | None = None  # starts it again
    key: str = ""  # place, actor: one instance per key
    each: str = ""  # actor, place or type: every one that then lists must have acted
    distinct: str = ""  # actor, place or type: of an amount each is counted once
    amount: Amount | None = None
    from_hour: Clock = ""  # HH:MM on the first day; before it nothing counts
    until_hour: Clock = ""  # HH:MM on the last day; after it nothing counts
    by_hour: Clock = ""  # HH:MM on the last day to perform
    answers_for: dict[str, tuple[Tie, ...]] = field(default_factory=dict)  # debtor: actors whose acts count as its own
    early: str = ""  # counts, anew: what was done before it was called in; empty: open where what is done lasts
    duty: str = "result"  # 'effort': broken only by a finding about the effort; the result stands beside
    same_as: tuple[str, ...] = ()  # other descriptions of this promise: counted once, as the one with a text
    supersedes: tuple[str, ...] = ()  # commitments that it closes on its first day
    amends: str = ""  # one commitment, or an agreement to which it adds a permission
    readings: tuple[Interpretation, ...] = ()
    observable: str = ""  # why no consequent can be observed, when none is given
    claims: tuple[str, ...] = ()
    citation: str = ""
    assumed: str = ""
    row: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Agreement(OneLine):
    """A text, summit outcome or informal deal: its parties, date, reference and status as claimed."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    parties: tuple[str, ...]
    date: When
    kind: str = "agreement"  # agreement, summit, deal, ceasefire, norm
    place: str = ""  # where it was made
    timezone: TimeZone = ""  # of its hours, such as Asia/Aden or +03:00; empty: that of the case
    reference: str = ""  # such as a PA-X or UN document number
    text: str = ""  # where the text can be read
    supersedes: tuple[str, ...] = ()
    status: str = ""  # as claimed
    violations: dict[str, str] = field(default_factory=dict)  # classes of violation: its word -> what counts as one
    claims: tuple[str, ...] = ()
    citation: str = ""
    row: tuple[str, ...] = ()
    note: str = ""
