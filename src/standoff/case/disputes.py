"""Where sources disagree: disputes with their answers, what an answer sets, and accounts that choose among answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from standoff.case.values import Number, Share

_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """What an answer sets: parameters, events held true or denied, readings of commitments, commitments in force."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    parameters: dict[str, Number] = field(default_factory=dict)  # name: value
    asserts: tuple[str, ...] = ()  # events held true
    denies: tuple[str, ...] = ()  # events held untrue
    readings: dict[str, str] = field(default_factory=dict)  # commitment: reading
    commitments_on: tuple[str, ...] = ()  # held to have been made
    commitments_off: tuple[str, ...] = ()  # held never to have been made


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One of the alternative answers to a dispute, with the claims behind it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    text: str
    claims: tuple[str, ...] = ()
    assumed: str = ""
    sets: Sets = Sets()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A question on which sources give alternative answers. ``kind`` is the reason code of the disagreement."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    question: str
    kind: str  # a reason code of the reference, or cause, intention, prediction, structure
    answers: tuple[Answer, ...]
    moves: str = ""  # what it moves in the model, in words
    unmodelled: str = ""  # why no answer sets anything, when none does
    row: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one party or body itself said (``statement``), or the record read with one voice's answers (``reading``).

    A statement account asserts or denies what a claim by one of its ``voices`` asserts or denies, and is silent on all
    else; it has no ``answers``. A reading account chooses an answer for each dispute; one on which it is silent keeps
    all its answers, weighted equally unless ``weights`` says otherwise. With ``credence`` it draws from other reading
    accounts. The kinds voice, party, monitor and pooled are those of older cases and are read as readings.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    kind: str = "voice"  # statement or reading; record is the one that every case has
    party: str = ""  # the actor or body that a statement account speaks for
    standard: str = ""  # the standard of proof of a body that makes findings, such as 'reasonable grounds to believe'
    voices: tuple[str, ...] = ()  # sources: named organs and officials of the party, or the voice that is read
    answers: dict[str, str] = field(default_factory=dict)  # dispute: answer
    weights: dict[str, dict[str, Share]] = field(default_factory=dict)  # dispute: {answer: weight}
    credence: dict[str, Share] = field(default_factory=dict)  # account: weight, for a reading that draws from others
    note: str = ""

    @property
    def is_statement(self) -> bool:
        """Whether it holds only what its party or body itself said."""
        return self.kind == "statement"

    @property
    def is_pool(self) -> bool:
        """Whether it draws from other accounts by credence."""
        return self.kind == "pooled" or bool(self.credence)

    @property
    def is_record(self) -> bool:
        """Whether it is the record: all reports, contested where somebody denies."""
        return self.kind == "record"


RECORD = Account(id="record", title="The record", kind="record")
