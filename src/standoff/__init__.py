"""Standoff: evidence-linked, executable models of armed standoffs.

Names are imported when first used, so that reading a case loads no numerical library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.4.1"

if TYPE_CHECKING:
    from standoff.case.check import check as check
    from standoff.case.read import load as load
    from standoff.case.read import read as read
    from standoff.commitments.explain import why as why
    from standoff.commitments.ledger import history as history
    from standoff.commitments.ledger import ledger as ledger
    from standoff.commitments.track import track as track
    from standoff.errors import Problem as Problem
    from standoff.errors import StandoffError as StandoffError
    from standoff.evidence.contradictions import contradictions as contradictions
    from standoff.evidence.independence import corroboration as corroboration
    from standoff.evidence.telling import reports as reports
    from standoff.evidence.telling import tell as tell
    from standoff.experiment.run_folder import load_run as load_run
    from standoff.experiment.run_folder import write_run as write_run
    from standoff.experiment.simulate import simulate as simulate
    from standoff.views.report import report as report
    from standoff.views.terminal import page as page

_HOME = {
    "Problem": "errors",
    "StandoffError": "errors",
    "check": "case.check",
    "contradictions": "evidence.contradictions",
    "corroboration": "evidence.independence",
    "history": "commitments.ledger",
    "ledger": "commitments.ledger",
    "load": "case.read",
    "load_run": "experiment.run_folder",
    "page": "views.terminal",
    "read": "case.read",
    "report": "views.report",
    "reports": "evidence.telling",
    "simulate": "experiment.simulate",
    "tell": "evidence.telling",
    "track": "commitments.track",
    "why": "commitments.explain",
    "write_run": "experiment.run_folder",
}

__all__ = [
    "Problem",
    "StandoffError",
    "__version__",
    "check",
    "contradictions",
    "corroboration",
    "history",
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
