"""What an end-point is: a typed function whose parameters are the query, and the page it answers with.

Types check the values of a query, and names that are not asked for are refused.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from standoff.case.model import Case
from standoff.errors import Problem, StandoffError, nearest
from standoff.values import YEARS, calendar_day
from standoff.views import happenings
from standoff.workbench.workspace import Workspace

MAX_VALUE = 500  # characters


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


def check_name(what: str, name: str, names: Sequence[str]) -> str:
    """Return ``name`` if it is one of ``names``. Raises StandoffError with the nearest otherwise."""
    if name and name not in names:
        near = nearest(name, names)
        raise StandoffError.of(f"there is no {what} {name!r}", file=f"?{what}", expected=f"a {what} id", hint=near)
    return name


def opening_day(case: Case) -> date:
    """Return the day on which pages open: the last of which anything is recorded, else that on which a run starts."""
    days = [d for event in case.events.values() if (d := event.date.end or event.date.start)]
    return max(days, default=case.about.start.start or date(2000, 1, 1))


def account_events(ws: Workspace, account: str) -> list[dict[str, Any]]:
    """Return every recorded event as an account has it, computed once."""
    return ws.kept(("happenings", account), lambda: happenings.event_records(ws.case, account))


@cache
def parameters(function: Callable[..., Any]) -> dict[str, tuple[Any, Any]]:
    """Return the query parameters of an end-point (all but the first, the workspace) with type and default."""
    hints = typing.get_type_hints(function)
    rest = list(inspect.signature(function).parameters.values())[1:]
    return {p.name: (hints[p.name], p.default) for p in rest}


def arguments(function: Callable[..., Any], query: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Read a query string into the arguments of an end-point.

    Empty values are left to the default. Raises StandoffError with every unknown name and every value of a wrong type.
    """
    allowed = parameters(function)
    values: dict[str, Any] = {}
    problems = []
    for name, text in query:
        if name not in allowed:
            problems.append(
                Problem(f"?{name[:40]}", 0, "this is not asked here", ", ".join(allowed), nearest(name, allowed))
            )
        elif text:
            hint = allowed[name][0]
            try:
                value = _read(hint, text)
            except ValueError as error:
                problems.append(Problem(f"?{name}", 0, f"{text[:60]!r} does not fit", str(error)))
                continue
            if typing.get_origin(hint) is tuple:
                values[name] = (*values.get(name, ()), value)
            else:
                values[name] = value
    if problems:
        raise StandoffError(problems)
    return values


def _read(hint: Any, text: str) -> Any:
    if len(text) > MAX_VALUE:
        raise ValueError(f"at most {MAX_VALUE} characters")
    kinds = [k for k in (typing.get_args(hint) or (hint,)) if k not in (type(None), Ellipsis)]
    kind = kinds[0]
    if kind is date:
        try:
            return calendar_day(text)
        except ValueError:
            raise ValueError(f"a day such as 2020-02-05, of {YEARS}") from None
    if kind is int:
        if not (text.isascii() and text.isdigit()) or len(text) > 18:
            raise ValueError("a whole number")
        return int(text)
    if kind is bool:
        if text not in ("1", "0", "yes", "no", "true", "false"):
            raise ValueError("yes or no")
        return text in ("1", "yes", "true")
    return text
