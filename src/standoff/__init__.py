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
    from standoff.case.read import load, read
    from standoff.commitments.audit import audit
    from standoff.commitments.daily import daily
    from standoff.commitments.incidents import happenings as incidents
    from standoff.commitments.ledger import Ledger, history, ledger
    from standoff.commitments.signals import signals
    from standoff.commitments.threads import talks
    from standoff.commitments.track import track
    from standoff.commitments.why import why
    from standoff.errors import Problem, StandoffError
    from standoff.evidence.accounts import reports, tell
    from standoff.evidence.contradictions import contradictions
    from standoff.evidence.harm import harm
    from standoff.evidence.independence import corroboration
    from standoff.evidence.listing import select_claims as claims
    from standoff.evidence.listing import select_disputes as disputes
    from standoff.evidence.relations import relations
    from standoff.intake.logs import read_log
    from standoff.levels.counts import incident_levels
    from standoff.people.series.outlook import forecast
    from standoff.runs.folder import load_run, write_run
    from standoff.runs.summary import simulate
    from standoff.runs.sweep import sweep
    from standoff.views.brief import brief
    from standoff.views.report import report
    from standoff.views.terminal import page

_HOME = {
    "Ledger": "commitments.ledger",
    "Problem": "errors",
    "StandoffError": "errors",
    "audit": "commitments.audit",
    "brief": "views.brief",
    "check": "case.checks",
    "claims": "evidence.listing:select_claims",
    "contradictions": "evidence.contradictions",
    "corroboration": "evidence.independence",
    "daily": "commitments.daily",
    "disputes": "evidence.listing:select_disputes",
    "forecast": "people.series.outlook",
    "harm": "evidence.harm",
    "history": "commitments.ledger",
    "incident_levels": "levels.counts",
    "incidents": "commitments.incidents:happenings",
    "ledger": "commitments.ledger",
    "load": "case.read",
    "load_run": "runs.folder",
    "page": "views.terminal",
    "read": "case.read",
    "read_log": "intake.logs",
    "relations": "evidence.relations",
    "report": "views.report",
    "reports": "evidence.accounts",
    "signals": "commitments.signals",
    "simulate": "runs.summary",
    "sweep": "runs.sweep",
    "talks": "commitments.threads",
    "tell": "evidence.accounts",
    "track": "commitments.track",
    "why": "commitments.why",
    "write_run": "runs.folder",
}

__all__ = [
    "Ledger",
    "Problem",
    "StandoffError",
    "__version__",
    "audit",
    "brief",
    "check",
    "claims",
    "contradictions",
    "corroboration",
    "daily",
    "disputes",
    "forecast",
    "harm",
    "history",
    "incident_levels",
    "incidents",
    "ledger",
    "load",
    "load_run",
    "page",
    "read",
    "read_log",
    "relations",
    "report",
    "reports",
    "signals",
    "simulate",
    "sweep",
    "talks",
    "tell",
    "track",
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
