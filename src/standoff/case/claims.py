"""What a claim says: typed payloads, told apart by their first key (``quantity``, ``event``, ``commitment``, ...)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from standoff.oneline import OneLine
from standoff.values import Line, Number, Share, When

# Who says what: sources, documents, and claims with their place in a document and their grade.


UNWRITTEN = "TO WRITE"  # how the text of a proposal starts; `check` refuses a claim that still has it
_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Source(OneLine):
    """Somebody who says things: an outlet, person, office, organisation, monitor or an unnamed role.

    ``of`` is what it belongs to (an author's outlet, an official's government); ``party`` the actor it speaks for.
    ``reliability`` is an Admiralty letter set by a person; F means that it cannot be judged.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    name: str
    kind: str  # outlet, republisher, person, office, organisation, monitor, anonymous, agency
    of: str = ""  # what it belongs to: a source or an actor
    party: str = ""  # the actor it speaks for
    aliases: tuple[str, ...] = ()
    standing: str = ""  # statement, wire, monitor, aggregator, commentary, copy; empty: what its kind says
    reliability: str = "F"  # A to F
    graded_by: str = ""  # who set the letter
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Document(OneLine):
    """A bibliographic record. The text itself is never shipped: a user may put it in ``library/`` as ``file``."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    author: tuple[str, ...]  # sources
    outlet: str  # a source
    published: When
    written: When | None = None  # when that is another day
    republished: tuple[str, ...] = ()  # sources that printed it again: no second source
    language: str = "en"  # ISO 639
    voice: str = ""  # the account this document belongs to
    url: str = ""
    file: str = ""  # name of your copy in library/
    sha256: str = ""  # of your copy
    paragraphs: Line = 0  # lines of your copy
    original: str = ""  # name in library/ of the file as it was captured, where your copy was read from one
    original_sha256: str = ""  # of that file
    captured: str = ""  # when it was captured, such as 2020-03-01T09:30:00Z
    licence: str = ""  # of the text, as it is declared
    restricted: bool = False  # yes: its words are not to be passed on; nothing shown or written has more than anchors
    stance: str = ""  # what the document is for, in words
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Anchor(OneLine):
    """Where in the document: a physical line (one line is one paragraph) and at most eight exact words of it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    paragraph: Line  # line of your copy, from 1
    anchor: str  # one to eight words as they stand there
    prefix: str = ""  # words before it, where it stands twice
    suffix: str = ""  # words after it


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Grade(OneLine):
    """An Admiralty grade, set by a person who is named in ``by``."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    reliability: str = "F"  # A to F
    credibility: str = "6"  # 1 to 6
    by: str = ""  # who set it


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Claim(OneLine):
    """One thing one document says, in our words, with its place in the document and who relays whom.

    ``chain`` runs from who publishes it to the innermost origin. Claims that come from compiled public reporting
    have a ``citation`` (publisher and address) and ``published`` instead of a document and a place in it.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    text: str  # in our own words
    chain: tuple[str, ...]  # sources, outermost first
    says: Saying
    document: str = ""  # or a citation
    at: tuple[Anchor, ...] = ()
    voice: str = "narrator"  # a word of the list
    realis: str = "asserted"  # a word of the list: a threat to strike is not a strike
    denies: tuple[str, ...] = ()  # claims
    supersedes: tuple[str, ...] = ()  # claims it corrects
    grade: Grade = Grade()
    citation: str = ""
    published: When | None = None  # with a citation
    row: tuple[str, ...] = ()  # rows of the coding sheet this claim covers
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class QuantitySaid(OneLine):
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EventSaid(OneLine):
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CommitmentSaid(OneLine):
    """A promise, threat, demand or clause that the claim reports; the commitment itself is in commitments.yaml.

    With ``standing`` the claim says how the commitment stands: kept, partly, broken, in-force, or justified (it was
    broken, and rightly), ``by`` whom, on what ``date`` (default: the day the claim was published).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    commitment: str
    reading: str = ""
    standing: str = ""  # kept, partly, broken, justified, in-force: what the speaker says of it
    by: tuple[str, ...] = ()  # who kept or broke it, as the speaker says
    date: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RelationSaid(OneLine):
    """A relation between actors: sponsor, ally, rival, occupies, clashes-with, depends-on, ..."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    relation: str
    from_: tuple[str, ...]
    to: tuple[str, ...] = ()
    of: str = ""
    date: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PositionSaid(OneLine):
    """What an actor wants, on an issue of the case where one fits."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    position: str
    actor: tuple[str, ...]
    issue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AssessmentSaid(OneLine):
    """A judgement of the speaker: a cause, an intention, a condition of things, or a prediction with a deadline."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    assessment: str
    of: str = ""
    actor: tuple[str, ...] = ()
    value: str = ""
    by: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OfferSaid(OneLine):
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


# Where sources disagree: disputes with their answers, what an answer sets, and accounts that choose among answers.


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sets(OneLine):
    """What an answer sets: parameters, events held true or denied, readings of commitments, commitments in force."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    parameters: dict[str, Number] = field(default_factory=dict)  # name: value
    asserts: tuple[str, ...] = ()  # events held true
    denies: tuple[str, ...] = ()  # events held untrue
    readings: dict[str, str] = field(default_factory=dict)  # commitment: reading
    commitments_on: tuple[str, ...] = ()  # held to have been made
    commitments_off: tuple[str, ...] = ()  # held never to have been made


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer(OneLine):
    """One of the alternative answers to a dispute, with the claims behind it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    text: str
    claims: tuple[str, ...] = ()
    assumed: str = ""
    sets: Sets = Sets()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Dispute(OneLine):
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


class AccountKind(StrEnum):
    """What an account is. Those after the record are kinds of older cases: each is read as a reading."""

    STATEMENT = "statement"
    READING = "reading"
    RECORD = "record"
    VOICE = "voice"
    PARTY = "party"
    MONITOR = "monitor"
    POOLED = "pooled"

    @property
    def is_old(self) -> bool:
        """Whether only cases before format 2 have accounts of this kind."""
        return self not in (AccountKind.STATEMENT, AccountKind.READING, AccountKind.RECORD)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Account(OneLine):
    """What one party or body itself said (``statement``), or the record read with one voice's answers (``reading``).

    A statement account asserts or denies what a claim by one of its ``voices`` asserts or denies, and is silent on all
    else; it has no ``answers``. A reading account chooses an answer for each dispute; one on which it is silent keeps
    all its answers, weighted equally unless ``weights`` says otherwise. With ``credence`` it draws from other reading
    accounts. The kinds voice, party, monitor and pooled are those of older cases and are read as readings.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    kind: AccountKind = AccountKind.VOICE  # write statement or reading
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
        return self.kind == AccountKind.STATEMENT

    @property
    def is_pool(self) -> bool:
        """Whether it draws from other accounts by credence."""
        return self.kind == AccountKind.POOLED or bool(self.credence)

    @property
    def is_voice(self) -> bool:
        """Whether it is the record as one voice answers it."""
        return self.kind in (AccountKind.VOICE, AccountKind.READING)

    @property
    def is_record(self) -> bool:
        """Whether it is the record: all reports, contested where somebody denies."""
        return self.kind == AccountKind.RECORD


RECORD = Account(id="record", title="The record", kind=AccountKind.RECORD)
