"""Claims as W3C Web Annotations (JSON-LD) and back: https://www.w3.org/TR/annotation-model/.

One annotation a claim: the body is the claim in our words, the targets are its anchors in the document, as a
TextQuoteSelector, a FragmentSelector for the line (RFC 5147, which counts lines from 0) and, from the reader's own
copy, a TextPositionSelector in code points. What the model has no words for (chain, realis, payload, grade) is kept
whole in ``standoff:claim``, so that reading what was written gives the same claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from standoff.case.as_dict import as_written
from standoff.case.claims import Claim
from standoff.case.model import Case
from standoff.evidence.library import selectors
from standoff.intake.annotations import urn

CONTEXT: list[Any] = [
    "http://www.w3.org/ns/anno.jsonld",
    {"standoff": "urn:standoff:terms:", "standoff:claim": {"@type": "@json"}},
]
LINES = "http://tools.ietf.org/rfc/rfc5147"
_URL = re.compile(r"https?://[^\s)\]]+")


def _source(case: Case, claim: Claim) -> str:
    document = case.documents.get(claim.document)
    if document is not None:
        return document.url or urn(case, "document", document.id)
    match = _URL.search(claim.citation)
    return match[0] if match else urn(case, "citation", claim.id)


def _targets(case: Case, claim: Claim, in_text: bool) -> list[Any]:
    source = _source(case, claim)
    if not claim.at:
        return [source]
    places = selectors(case, claim) if in_text else (None,) * len(claim.at)
    targets = []
    for anchor, place in zip(claim.at, places, strict=True):
        quote = {"type": "TextQuoteSelector", "exact": anchor.anchor, "prefix": anchor.prefix, "suffix": anchor.suffix}
        line = f"line={anchor.paragraph - 1},{anchor.paragraph}"
        chosen: list[dict[str, Any]] = [{k: v for k, v in quote.items() if v}]
        if place is not None:
            quote |= {"exact": place.exact, "prefix": place.prefix, "suffix": place.suffix}
            chosen = [quote, {"type": "TextPositionSelector", "start": place.start, "end": place.end}]
        chosen.append({"type": "FragmentSelector", "conformsTo": LINES, "value": line, "refinedBy": chosen[0]})
        targets.append({"source": source, "selector": chosen})
    return targets


def to_annotations(case: Case, claims: Iterable[Claim] | None = None, *, in_text: bool = False) -> dict[str, Any]:
    """Return claims as a W3C AnnotationPage; all claims of the case unless some are given.

    ``in_text`` adds positions and context from the reader's own copies in ``library/``; such a file then holds words
    of those texts and is the reader's to share or not.
    """
    items = []
    for claim in case.claims.values() if claims is None else claims:
        targets = _targets(case, claim, in_text)
        items.append(
            {
                "id": urn(case, "claim", claim.id),
                "type": "Annotation",
                "motivation": "describing",
                "body": {"type": "TextualBody", "value": claim.text, "format": "text/plain", "purpose": "describing"},
                "target": targets[0] if len(targets) == 1 else targets,
                "standoff:claim": as_written(claim),
            }
        )
    page = {"@context": CONTEXT, "id": urn(case, "claims", "page"), "type": "AnnotationPage", "items": items}
    return {**page, "standoff:caution": case.caution} if case.warnings else page
