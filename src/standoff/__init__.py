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
    from standoff.commitments.ledger import history, ledger
    from standoff.commitments.track import track
    from standoff.commitments.why import why
    from standoff.errors import Problem, StandoffError
    from standoff.evidence.accounts import reports, tell
    from standoff.evidence.contradictions import contradictions
    from standoff.evidence.independence import corroboration
    from standoff.levels.counts import incident_levels
    from standoff.people.series.outlook import forecast
    from standoff.runs.folder import load_run, write_run
    from standoff.runs.summary import simulate
    from standoff.views.report import report
    from standoff.views.terminal import page

_HOME = {
    "Problem": "errors",
    "StandoffError": "errors",
    "check": "case.checks",
    "contradictions": "evidence.contradictions",
    "corroboration": "evidence.independence",
    "forecast": "people.series.outlook",
    "history": "commitments.ledger",
    "ledger": "commitments.ledger",
    "incident_levels": "levels.counts",
    "load": "case.read",
    "load_run": "runs.folder",
    "page": "views.terminal",
    "read": "case.read",
    "report": "views.report",
    "reports": "evidence.accounts",
    "simulate": "runs.summary",
    "tell": "evidence.accounts",
    "track": "commitments.track",
    "why": "commitments.why",
    "write_run": "runs.folder",
}

__all__ = [
    "Problem",
    "StandoffError",
    "__version__",
    "check",
    "contradictions",
    "corroboration",
    "forecast",
    "history",
    "incident_levels",
    "ledger",
    "load",
    "load_run",
    "page",
    "read",
    "report",
    "reports",
    "simulate",
    "tell",
    "track",
    "why",
    "write_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'standoff' has no attribute {name!r}")
    return getattr(importlib.import_module(f"standoff.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
