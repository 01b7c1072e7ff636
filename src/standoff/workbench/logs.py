"""Logs of events the user keeps in ``library/logs/``: the ledger can be seen with one of them added to the record."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.model import Case, Event
from standoff.errors import StandoffError, nearest
from standoff.exchange.events import Loaded, read_events
from standoff.views.words import day
from standoff.workbench.library import inside
from standoff.workbench.workspace import Workspace

FOLDER = "library/logs"
_program = logging.getLogger("standoff.workbench")


@dataclass(frozen=True, slots=True)
class Record:
    """The case as the ledger is to see it: with the events of a log beside its own. ``key`` names it in a cache."""

    case: Case
    events: tuple[Event, ...]
    last: date
    key: tuple[Any, ...]
    loaded: Loaded | None = None


def kept_logs(ws: Workspace) -> list[str]:
    """Return the names of the kept logs."""
    folder = ws.case.root / FOLDER
    if not folder.is_dir() or not folder.resolve().is_relative_to(ws.case.root.resolve()):
        return []
    return sorted(p.name for p in folder.glob("*.csv") if not p.name.startswith(".") and inside(folder, p.name))


def read_log(path: Path, case: Case, shown: str, skip_bad: bool) -> Loaded:
    """Read a log of events. Raises StandoffError whose problems name the file as it is ``shown`` to the user."""
    try:
        return read_events(path, case, skip_bad=skip_bad)
    except StandoffError as error:
        found = []
        for p in error.problems:
            hint = "tick “leave out bad rows” to load the others" if "--skip-bad" in p.hint else p.hint
            found.append(replace(p, file=p.file.replace(str(path), shown), hint=hint))
        raise StandoffError(found) from None
    except Exception as error:  # a reader that fails of a log must not take the page down
        _program.exception("a log of events cannot be read")
        what = f"this cannot be read as a log of events: {type(error).__name__}: {str(error)[:200]}"
        expected = "a CSV file in UTF-8: ACLED, UCDP GED or our own"
        raise StandoffError.of(what, file=shown, expected=expected) from None


def record(ws: Workspace, log: str, skip_bad: bool) -> Record:
    """Return the case with the events of a kept log, or alone where ``log`` is empty.

    Raises StandoffError when there is no such log, or (unless ``skip_bad``) it has bad rows.
    """
    case, last = ws.case, ws.period()[1]
    if not log:
        return Record(case, (), last, ())
    names = kept_logs(ws)
    if log not in names:
        what, hint = f"there is no log {log[:80]!r}", nearest(log, names)
        raise StandoffError.of(what, file="?log", expected=f"a CSV file of {FOLDER}/", hint=hint)
    path = case.root / FOLDER / log
    key = ("log", log, path.stat().st_mtime_ns, skip_bad)
    loaded = ws.kept(key, lambda: read_log(path, case, f"{FOLDER}/{log}", skip_bad))
    days = [d for e in loaded.events for d in (e.date.start, e.date.end) if d]
    return Record(loaded.added_to(case), loaded.events, max([last, *days]), key, loaded)


def summary(found: Record, log: str) -> dict[str, Any] | None:
    """Return what a page says of the log it shows: how many events, of which days, what was left out."""
    loaded = found.loaded
    if loaded is None:
        return None
    days = sorted(d for e in loaded.events for d in (e.date.start, e.date.end) if d)
    return {
        "name": log,
        "format": {"acled": "ACLED", "ged": "UCDP GED", "own": "our own table"}[loaded.format],
        "events": len(loaded.events),
        "from": day(days[0]) if days else "",
        "to": day(days[-1]) if days else "",
        "left_out": loaded.left_out,
        "unknown_actors": [name for name, _ in Counter(loaded.unknown_actors).most_common(5)],
        "unknown": len(loaded.unknown_actors),
        "names": loaded.names(),
        "nobody_known": loaded.nobody_known,
        "outside_period": loaded.outside_period,
        "outside_region": loaded.outside_region,
    }
