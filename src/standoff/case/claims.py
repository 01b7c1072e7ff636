"""Who says what: sources, documents, and claims with their place in a document and their grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from standoff.case.saying import Saying
from standoff.case.values import Line, When

_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
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
    stance: str = ""  # what the document is for, in words
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where in the document: a physical line (one line is one paragraph) and at most eight exact words of it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    paragraph: Line  # line of your copy, from 1
    anchor: str  # one to eight words as they stand there
    prefix: str = ""  # words before it, where it stands twice
    suffix: str = ""  # words after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """An Admiralty grade, set by a person who is named in ``by``."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    reliability: str = "F"  # A to F
    credibility: str = "6"  # 1 to 6
    by: str = ""  # who set it


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
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
