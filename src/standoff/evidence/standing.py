"""Placeholder until the table of publishers is merged."""

from __future__ import annotations

from standoff.case.model import Case, Claim

NAMED = ("office", "person", "organisation", "monitor", "agency")


def carries_words(case: Case, claim: Claim) -> bool:
    """Whether the claim may speak for its innermost source."""
    source = case.sources.get(claim.chain[-1]) if claim.chain else None
    return source is not None and source.kind in NAMED and bool(claim.citation)
