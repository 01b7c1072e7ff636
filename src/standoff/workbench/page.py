"""What an end-point answers, and the questions every end-point asks of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.errors import StandoffError, nearest
from standoff.views import happenings
from standoff.workbench.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Page:
    """What an end-point answers: the finding as title, the table that ``.csv`` gives, and ``data`` for the page."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the page as JSON-able data."""
        return {"title": self.title, "columns": list(self.columns), "rows": [list(r) for r in self.rows], **self.data}


def known(what: str, name: str, names: Sequence[str]) -> str:
    """Return ``name`` if it is one of ``names``. Raises StandoffError with the nearest otherwise."""
    if name and name not in names:
        near = nearest(name, names)
        raise StandoffError.of(f"there is no {what} {name!r}", file=f"?{what}", expected=f"a {what} id", hint=near)
    return name


def first_day(case: Case) -> date:
    """Return the day a run of the case starts, where pages open."""
    return case.about.start.start or date(2000, 1, 1)


def told_events(ws: Workspace, account: str) -> list[dict[str, Any]]:
    """Return every recorded event as an account has it, computed once."""
    return ws.kept(("happenings", account), lambda: happenings.happenings(ws.case, account))
