"""Standoff: evidence-linked, executable models of armed standoffs.

Names are imported when first used, so that reading a case loads no numerical library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from standoff.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from standoff.case.checks import check
    from standoff.case.new_case import start_small as start
    from standoff.case.read import load, read
    from standoff.case.read import start as copy_case
    from standoff.case.upgrade import upgrade
    from standoff.commitments.audit import audit
    from standoff.commitments.daily import daily
    from standoff.commitments.incidents import happenings as incidents
    from standoff.commitments.ledger import Ledger, history, ledger
    from standoff.commitments.signals import signals
    from standoff.commitments.stories import play as play_story
    from standoff.commitments.stories import stories
    from standoff.commitments.threads import talks
    from standoff.commitments.track import track
    from standoff.commitments.why import why
    from standoff.errors import Problem, StandoffError
    from standoff.evidence.accounts import reports, tell
    from standoff.evidence.coding_sheet import coverage
    from standoff.evidence.contradictions import contradictions
    from standoff.evidence.harm import harm
    from standoff.evidence.independence import corroboration
    from standoff.evidence.listing import select_claims as claims
    from standoff.evidence.listing import select_disputes as disputes
    from standoff.evidence.listing import source_entries as sources
    from standoff.evidence.relations import relations
    from standoff.evidence.search import search
    from standoff.exports.tables import export
    from standoff.intake.first_case import start_for
    from standoff.intake.importer import import_file
    from standoff.intake.logs import read_log
    from standoff.levels.counts import incident_levels
    from standoff.people.series.outlook import forecast
    from standoff.reading.accession import add_document
    from standoff.reading.propose import propose as propose_claims
    from standoff.runs.backcast import backcast
    from standoff.runs.drafts import propose_from_file as propose
    from standoff.runs.folder import load_run, write_run
    from standoff.runs.grounds import case_arrivals as arrivals
    from standoff.runs.linkage import play_linkage as linkage
    from standoff.runs.observed import score_run as score
    from standoff.runs.rolling import roll as rolling
    from standoff.runs.sensitivity import rank
    from standoff.runs.story import story_of as story
    from standoff.runs.summary import simulate
    from standoff.runs.sweep import sweep
    from standoff.runs.verification import verify
    from standoff.views.brief import brief
    from standoff.views.present import area_people as people_present
    from standoff.views.report import report
    from standoff.views.terminal import page

_HOME = {
    "Ledger": "commitments.ledger",
    "Problem": "errors",
    "StandoffError": "errors",
    "add_document": "reading.accession",
    "arrivals": "runs.grounds:case_arrivals",
    "audit": "commitments.audit",
    "backcast": "runs.backcast",
    "brief": "views.brief",
    "check": "case.checks",
    "claims": "evidence.listing:select_claims",
    "contradictions": "evidence.contradictions",
    "copy_case": "case.read:start",
    "corroboration": "evidence.independence",
    "coverage": "evidence.coding_sheet",
    "daily": "commitments.daily",
    "disputes": "evidence.listing:select_disputes",
    "export": "exports.tables",
    "forecast": "people.series.outlook",
    "harm": "evidence.harm",
    "history": "commitments.ledger",
    "import_file": "intake.importer",
    "incident_levels": "levels.counts",
    "incidents": "commitments.incidents:happenings",
    "ledger": "commitments.ledger",
    "linkage": "runs.linkage:play_linkage",
    "load": "case.read",
    "load_run": "runs.folder",
    "page": "views.terminal",
    "people_present": "views.present:area_people",
    "play_story": "commitments.stories:play",
    "propose": "runs.drafts:propose_from_file",
    "propose_claims": "reading.propose:propose",
    "rank": "runs.sensitivity",
    "read": "case.read",
    "read_log": "intake.logs",
    "relations": "evidence.relations",
    "report": "views.report",
    "reports": "evidence.accounts",
    "rolling": "runs.rolling:roll",
    "score": "runs.observed:score_run",
    "search": "evidence.search",
    "signals": "commitments.signals",
    "simulate": "runs.summary",
    "sources": "evidence.listing:source_entries",
    "start": "case.new_case:start_small",
    "start_for": "intake.first_case",
    "stories": "commitments.stories",
    "story": "runs.story:story_of",
    "sweep": "runs.sweep",
    "talks": "commitments.threads",
    "tell": "evidence.accounts",
    "track": "commitments.track",
    "upgrade": "case.upgrade",
    "verify": "runs.verification",
    "why": "commitments.why",
    "write_run": "runs.folder",
}

__all__ = [
    "Ledger",
    "Problem",
    "StandoffError",
    "__version__",
    "add_document",
    "arrivals",
    "audit",
    "backcast",
    "brief",
    "check",
    "claims",
    "contradictions",
    "copy_case",
    "corroboration",
    "coverage",
    "daily",
    "disputes",
    "export",
    "forecast",
    "harm",
    "history",
    "import_file",
    "incident_levels",
    "incidents",
    "ledger",
    "linkage",
    "load",
    "load_run",
    "page",
    "people_present",
    "play_story",
    "propose",
    "propose_claims",
    "rank",
    "read",
    "read_log",
    "relations",
    "report",
    "reports",
    "rolling",
    "score",
    "search",
    "signals",
    "simulate",
    "sources",
    "start",
    "start_for",
    "stories",
    "story",
    "sweep",
    "talks",
    "tell",
    "track",
    "upgrade",
    "verify",
    "why",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'standoff' has no attribute {name!r}")
    room, _, own = _HOME[name].partition(":")  # its name there, where that differs
    return getattr(importlib.import_module(f"standoff.{room}"), own or name)


def __dir__() -> list[str]:
    return __all__
