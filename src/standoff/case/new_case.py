"""A case to begin with that holds only what its author says: region, period and parties; nothing in it is invented."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from standoff.case.read import read
from standoff.case.record_form import short_name
from standoff.case.write import amended_list
from standoff.errors import Problem, StandoffError
from standoff.values import When, as_day

KIND = "party"  # of an actor of whom nobody says what kind it is
LEAST_DAYS = 28  # of a period, so that a case can be counted by months
EMPTY = {
    "accounts.yaml": "# What parties and bodies themselves said. The record is always there.\n[]\n",
    "claims.yaml": "# Who says what, where, through whom.\n[]\n",
    "commitments.yaml": "# Promises, threats and red lines: standoff clause CASE asks for one.\n[]\n",
    "documents.yaml": "# Texts that claims come from.\n[]\n",
    "sources.yaml": "# Who publishes or speaks.\n[]\n",
    "places.csv": "id,name,kind,lat,lon,country,sector,accuracy_km,source\n",
}


def about_text(label: str, title: str, period: str, start: str, region: Sequence[float]) -> str:
    """Return case.yaml for a case that says no more than where and when."""
    return (
        f'id: {label}\ntitle: {json.dumps(title, ensure_ascii=False)}\nedition: "0"\nperiod: {period}\n'
        f"start: {start}   # first day of a run, if one is played\ndays: 60\n"
        f"region: {list(region)}   # west, south, east, north, in degrees\nformat: 2\nissued: {date.today()}\n"
        "disclaimer: Boundaries and names shown do not imply endorsement.\n"
    )


def actors_text(actors: Sequence[tuple[str, str]], comment: str) -> str:
    """Return actors.yaml for parties by name and kind, each under an id made of its name."""
    records: list[dict[str, str]] = []
    others: set[str] = set()
    for name, kind in actors:
        others.add(key := short_name(name, others))
        records.append({"id": key, "name": name, "kind": kind})
    return amended_list(f"# {comment}\n", added=records) if records else f"# {comment}\n[]\n"


def new_folder(folder: Path) -> Path:
    """Return the folder around a case that is to be made. Raises StandoffError where the case cannot stand there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StandoffError.of("this exists and is not empty", file=str(folder), expected="a new or empty folder")
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise StandoffError.of("the folder around it does not exist", file=str(folder), expected="an existing folder")
    return parent


def parse_period(text: str) -> tuple[date, date]:
    """Read the first and last day of a record. Raises ValueError that says what was expected."""
    when = When.parse(text.strip())
    if when.start is None or when.end is None:
        raise ValueError("expected a first and a last day, such as 2019-01-01/2020-03-05")
    return when.start, when.end


def parse_region(text: str) -> tuple[float, float, float, float]:
    """Read west, south, east and north in degrees. Raises ValueError that says what was expected."""
    parts = text.replace(",", " ").replace("[", " ").replace("]", " ").split()
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        raise ValueError("expected four numbers in degrees: west, south, east, north; or a country") from None
    if not (-180 <= west < east <= 360 and -90 <= south < north <= 90):
        raise ValueError("expected west below east (-180 to 360) and south below north (-90 to 90)")
    return west, south, east, north


def parse_actor(text: str) -> tuple[str, str]:
    """Read ``NAME`` or ``NAME: KIND``. Raises ValueError that says what was expected."""
    name, _, kind = text.rpartition(":") if ":" in text else (text, "", "")
    if not name.strip():
        raise ValueError("expected a name, or NAME: KIND such as Republic of Mali: state")
    return name.strip(), kind.strip() or KIND


def start_small(
    folder: str | Path,
    *,
    region: Sequence[float],
    period: tuple[date | str, date | str],
    actors: Sequence[str | tuple[str, str]] = (),
    title: str = "",
) -> Path:
    """Write a case that says where, when and who, into a folder that is new or empty, all or nothing.

    Parameters
    ----------
    folder : str or Path
        Where the case is to stand.
    region : sequence of float
        West, south, east and north, in degrees.
    period : tuple of date or str
        The first and the last day of the record; one of less than 28 days is made that long.
    actors : sequence of str or tuple of str
        Parties, each by name and kind, or as text such as ``"Mali: state"``.
    title : str
        What the case is called; empty: as its folder.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StandoffError
        When the folder holds something, or what was given does not make a case that passes `check`.

    Examples
    --------
    >>> import tempfile, standoff as so
    >>> with tempfile.TemporaryDirectory() as work:
    ...     folder = so.start(f"{work}/c", region=(10, 20, 12, 22), period=("2024-01-01", "2024-06-30"), actors=["Red"])
    ...     list(so.load(folder).actors)
    ['red']
    """
    folder = Path(folder)
    parent = new_folder(folder)
    try:
        named = [parse_actor(one) if isinstance(one, str) else one for one in actors]
    except ValueError as error:
        raise StandoffError.of(
            "this starts no case", file=str(folder), expected=str(error).removeprefix("expected ")
        ) from None
    label = short_name(folder.absolute().name, set())
    first, last = (as_day(day, "period") or date.min for day in period)
    if last < first:
        raise StandoffError.of(f"the period ends on {last}", file="period", expected=f"a last day from {first} on")
    last = max(last, first + timedelta(days=LEAST_DAYS - 1))
    if twice := sorted({name for name, _ in named if [n for n, _ in named].count(name) > 1}):
        raise StandoffError(Problem("--actor", 0, f"{twice[0]!r} is named twice", "each actor once"))
    with tempfile.TemporaryDirectory(dir=parent) as scratch:
        draft = Path(scratch) / "case"
        draft.mkdir()
        for file, text in EMPTY.items():
            (draft / file).write_text(text, encoding="utf-8")
        about = about_text(label, title.strip() or folder.absolute().name, f"{first}/{last}", str(first), region)
        (draft / "case.yaml").write_text(about, encoding="utf-8")
        comment = "Who takes part. Aliases are names under which logs and texts know an actor."
        (draft / "actors.yaml").write_text(actors_text(named, comment), encoding="utf-8")
        if errors := [p for p in read(draft)[1] if p.severity == "error"]:
            raise StandoffError(errors)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    return folder
