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
    """One version of what happened: a choice of answer for each dispute, or (``pooled``) weights over accounts.

    A dispute on which the account is silent keeps all its answers, weighted equally unless ``weights`` says otherwise.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    kind: str = "voice"  # voice, party, monitor, pooled
    voices: tuple[str, ...] = ()  # sources
    answers: dict[str, str] = field(default_factory=dict)  # dispute: answer
    weights: dict[str, dict[str, Share]] = field(default_factory=dict)  # dispute: {answer: weight}
    credence: dict[str, Share] = field(default_factory=dict)  # pooled: account: weight
    note: str = ""
