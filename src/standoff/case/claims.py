"""Who says what: sources, documents, and claims with their place in a document and their grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from standoff.case.saying import Saying
from standoff.case.values import When

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
    of: str = ""
    party: str = ""
    aliases: tuple[str, ...] = ()
    reliability: str = "F"
    graded_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A bibliographic record. The text itself is never shipped: a user may put it in ``library/`` as ``file``."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    author: tuple[str, ...]
    outlet: str
    published: When
    written: When | None = None
    republished: tuple[str, ...] = ()
    language: str = "en"
    voice: str = ""  # the account this document belongs to
    url: str = ""
    file: str = ""
    sha256: str = ""
    paragraphs: int = 0
    stance: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where in the document: a physical line (one line is one paragraph) and at most eight exact words of it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    paragraph: int
    anchor: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """An Admiralty grade, set by a person who is named in ``by``."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    reliability: str = "F"
    credibility: str = "6"
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing one document says, in our words, with its place in the document and who relays whom.

    ``chain`` runs from the outermost teller to the innermost origin. Claims that come from compiled public reporting
    have a ``citation`` (publisher and address) and ``published`` instead of a document and a place in it.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    text: str
    chain: tuple[str, ...]
    says: Saying
    document: str = ""
    at: tuple[Anchor, ...] = ()
    voice: str = "narrator"
    realis: str = "asserted"
    denies: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    grade: Grade = Grade()
    citation: str = ""
    published: When | None = None
    row: tuple[str, ...] = ()  # rows of the coding sheet this claim covers
    note: str = ""
