"""A case to begin with for a file of somebody's own: its period, its region, and its parties as the file names them.

Nothing is invented and nothing is guessed: no promise, no place and no account stands in it. A party is an actor under
the very name that the file gives it; that two names mean one party is for a person to decide.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from standoff.case.model import NO_NAME, Event, bare, is_unknown
from standoff.case.new_case import EMPTY, about_text, actors_text, new_folder
from standoff.case.read import load, read
from standoff.case.record_form import short_name
from standoff.case.reports import Report
from standoff.errors import StandoffError
from standoff.intake.batch import Batch, read_file

MOST_ACTORS = 20
MARGIN = 0.2  # of the extent, on each side of the region
LEAST = 0.5  # degrees: the smallest region
_NOBODY = re.compile(r"unidentified|unknown|civilians?\b|protesters?\b|rioters?\b|not named", re.IGNORECASE)
_STATE = re.compile(r"(government|military forces|police forces) of ", re.IGNORECASE)


def _region(spots: Sequence[tuple[float, float]], file: str) -> list[float]:
    if not spots:
        what = "no row of the file says where"
        hint = "say --region W,S,E,N in degrees, or the name of a country"
        raise StandoffError.of(what, file=file, expected="rows with latitude and longitude", hint=hint)
    lats, lons = [lat for lat, _ in spots], [lon for _, lon in spots]
    high, wide = max(max(lats) - min(lats), LEAST), max(max(lons) - min(lons), LEAST)
    return [
        round(max(-180.0, min(lons) - MARGIN * wide), 2),
        round(max(-90.0, min(lats) - MARGIN * high), 2),
        round(min(180.0, max(lons) + MARGIN * wide), 2),
        round(min(90.0, max(lats) + MARGIN * high), 2),
    ]


def _spots(batch: Batch) -> list[tuple[float, float]]:
    """Return where the incidents of a file lie."""
    if batch.kind == "events":
        return [(place.lat, place.lon) for place in batch.places.values()]
    return [(r.lat, r.lon) for r in batch.records if r.lat is not None and r.lon is not None]


def _countries(batch: Batch) -> list[str]:
    """Return the countries that a file names."""
    return sorted({str(r.others.get("country", "")) for r in batch.records if isinstance(r, Report)} - {""})


def _actors(reports: list[Report | Event]) -> list[tuple[str, str]]:
    rows = Counter(bare(p) for r in reports for p in (*r.actor, *r.target) if is_unknown(p) and p != NO_NAME)
    names = [name for name, _ in sorted(rows.items(), key=lambda item: (-item[1], item[0])) if not _NOBODY.search(name)]
    return [(name, "state" if _STATE.match(name) else "armed-group") for name in names[:MOST_ACTORS]]


def start_for(
    folder: str | Path,
    path: str | Path | bytes,
    *,
    name: str = "",
    title: str = "",
    period: tuple[date, date] | None = None,
    region: Sequence[float] | None = None,
    **settings: str | None,
) -> dict[str, int]:
    """Write a case for a file of incidents into a folder that is new or empty, all or nothing.

    Parameters
    ----------
    folder : str or Path
        Where the case is to stand.
    path : str, Path or bytes
        ACLED, UCDP GED, our own table of events or another file of incidents, as
        `standoff.intake.batch.read_file` takes it.
    name : str
        How the user calls the file.
    title, period, region
        What the case is called, its first and last day, and its west, south, east and north. Default: as the file has
        them. Rows outside are left out by an import, and counted there.
    settings
        ``dates``, ``numbers``, ``sheet``: what the file itself does not decide.

    Returns
    -------
    dict
        How many ``rows`` and ``actors`` there are.

    Raises
    ------
    StandoffError
        When the folder holds something, or the file is not read or says not when and where.

    Examples
    --------
    >>> import tempfile, standoff as so
    >>> with tempfile.TemporaryDirectory() as work:
    ...     _ = Path(f"{work}/t.csv").write_text("date,party,lat,lon\\n2024-02-01,Red,10.5,20.5\\n")
    ...     so.start_for(f"{work}/mine", f"{work}/t.csv", region=(20, 10, 21, 11))["rows"]
    1
    """
    folder = Path(folder)
    parent = new_folder(folder)
    label = short_name(folder.absolute().name, set())
    with tempfile.TemporaryDirectory(dir=parent) as scratch:
        draft = Path(scratch) / "case"
        draft.mkdir()
        for file, text in EMPTY.items():
            (draft / file).write_text(text, encoding="utf-8")
        (draft / "actors.yaml").write_text("[]\n", encoding="utf-8")
        everything = ("1800-01-01/2200-12-31", "2000-01-01", [-180, -90, 180, 90])
        (draft / "case.yaml").write_text(about_text(label, label, *everything), encoding="utf-8")
        batch = read_file(path, load(draft), name=name, **settings)  # type: ignore[arg-type]
        if batch.kind not in ("reports", "events"):
            what = f"this is {batch.title}, which holds no reports of incidents"
            expected = "ACLED, UCDP GED, our own table of events or another file of incidents"
            hint = "start the case with --region, --period and --actor, and import this into it"
            raise StandoffError.of(what, file=batch.name, expected=expected, hint=hint)
        reports = list(batch.records)
        days = [d for r in reports for d in (r.date.start, r.date.end) if d]
        if not days:
            raise StandoffError.of("no row of the file can be read", file=batch.name, expected="incidents with a day")
        first, last = min(days), max(days)
        actors = _actors(reports)
        lands = _countries(batch)
        ends = period or (first, max(last, first + timedelta(days=27)))
        called = title or f"{', '.join(lands[:3]) or batch.title}, {ends[0]} to {last if period is None else ends[1]}"
        begin = min(max(first, ends[0]), ends[1])
        where = list(region) if region is not None else _region(_spots(batch), batch.name)
        text = about_text(label, called, f"{ends[0]}/{ends[1]}", str(begin), where)
        (draft / "case.yaml").write_text(text, encoding="utf-8")
        comment = "Parties as the file names them: an alias joins names that a person finds to be one."
        (draft / "actors.yaml").write_text(actors_text(actors, comment), encoding="utf-8")
        _, problems = read(draft)
        if errors := [p for p in problems if p.severity == "error"]:
            raise StandoffError(errors)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    return {"rows": len(reports), "actors": len(actors)}
