"""Every table that can be written for others: of a case or a run, in which format, by account and day or not.

`EXPORTS` is the list; whatever offers exports reads it. What `check` warns of in a case goes along: in GeoJSON and
annotations as a member of the file; in HXL as a column, since HXL knows no comments and files beside it get lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from standoff.case.claims import RECORD
from standoff.errors import Problem, StandoffError, caution, nearest
from standoff.oneline import OneLine

if TYPE_CHECKING:
    from standoff.case.model import Case
    from standoff.intake.hxl import HxlSheet
    from standoff.runs.results import Run

Text = tuple[str, int]  # of a file, and how many rows, features or annotations it has
THINGS = {"hxl": "row", "geojson": "feature", "annotations": "annotation"}


@dataclass(frozen=True, slots=True, repr=False)
class Export(OneLine):
    """A table in a format. ``write`` takes a case, or a run and a way to its case; then an account and a day."""

    form: str
    table: str
    of_run: bool
    write: Callable[..., Text]
    by_account: bool = False  # what it holds depends on the account
    dated: bool = False  # it can be cut to what was known on a day, or to a day


# Tables of a case.


def _sheet(sheet: HxlSheet, warnings: Iterable[object]) -> Text:
    from standoff.exports.hxl import to_csv, with_caution

    return to_csv(with_caution(sheet, caution(warnings))), len(sheet.rows)


def _collection(case: Case, table: str, features: list[dict[str, Any]], *notes: str) -> Text:
    from standoff.exports.geojson import NOTE, collection

    source = f"{case.about.title}, edition {case.about.edition}"
    note = " ".join(filter(None, (*notes, NOTE)))
    return collection(features, title=f"{case.about.title}: {table}", source=source, note=note), len(features)


def _observed(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.exports import hxl

    return _sheet(hxl.observed(hxl.observed_by(case, on)), case.warnings)


def _events(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.exports import hxl

    return _sheet(hxl.events(case, account, on), case.warnings)


def _ledger(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.commitments.ledger import ledger
    from standoff.commitments.monitor import default_day
    from standoff.exports import hxl

    day = on or default_day(case)
    return _sheet(hxl.ledger(ledger(case, account, on=day, as_of=on), day), case.warnings)


def _places(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.exports import hxl

    return _sheet(hxl.places(case), case.warnings)


def _place_points(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.exports import geojson

    return _collection(case, "places", geojson.places(case), case.caution)


def _zones(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.exports import geojson

    return _collection(case, "zones", geojson.zones(case, on), case.caution)


def _event_points(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.exports import geojson
    from standoff.exports.hxl import stances

    features = geojson.events(case, stances(case, account, on), account or RECORD.id)
    return _collection(case, "events", features, case.caution)


def _annotations(case: Case, account: str | None, on: date | None) -> Text:
    from standoff.exports.annotation import to_annotations

    page = to_annotations(case)
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n", len(page["items"])


# Tables of a run. The warnings are those that its case had when it was run.


def _of(rows: Iterable[Any], table: str, account: str | None, on: date | None) -> Iterable[Any]:
    """Return the rows of an account and a day. Raises StandoffError where the run has none on that day."""
    rows = list(rows)
    days = sorted({row.date for row in rows})
    if on is not None and on.isoformat() not in days:
        expected = f"a day from {days[0]} to {days[-1]}" if len(days) > 1 else ", ".join(days)
        raise StandoffError.of(f"the run has no {table} on {on}", file="--on", expected=expected)
    return [row for row in rows if account in (None, row.account) and (on is None or on.isoformat() == row.date)]


def _arrivals(run: Run, case: Callable[[], Case], account: str | None, on: date | None) -> Text:
    from standoff.exports import hxl

    return _sheet(hxl.arrivals(case(), run, _of(run.arrivals, "arrivals", account, on)), run.warnings)


def _displaced(run: Run, case: Callable[[], Case], account: str | None, on: date | None) -> Text:
    from standoff.exports import hxl

    recorded = (fan for fan in run.quantiles if fan.series in hxl.SERIES)
    return _sheet(hxl.displaced(case(), run, _of(recorded, "displaced", account, on)), run.warnings)


def _run_ledger(run: Run, case: Callable[[], Case], account: str | None, on: date | None) -> Text:
    from standoff.exports import hxl

    return _sheet(hxl.run_ledger(run, account), run.warnings)


def _arrival_points(run: Run, case: Callable[[], Case], account: str | None, on: date | None) -> Text:
    from standoff.exports import geojson

    rows = _of(run.arrivals, "arrivals", account, on)
    whole = case()
    return _collection(
        whole, "arrivals", geojson.arrivals(whole, run, rows), geojson.MODELLED, caution(run.warnings)
    )  # fmt: skip


EXPORTS = (  # of each format and source the first is the default
    Export("hxl", "observed", False, _observed, dated=True),
    Export("hxl", "events", False, _events, by_account=True, dated=True),
    Export("hxl", "ledger", False, _ledger, by_account=True, dated=True),
    Export("hxl", "places", False, _places),
    Export("geojson", "places", False, _place_points),
    Export("geojson", "zones", False, _zones, dated=True),
    Export("geojson", "events", False, _event_points, by_account=True, dated=True),
    Export("annotations", "claims", False, _annotations),
    Export("hxl", "arrivals", True, _arrivals, by_account=True, dated=True),
    Export("hxl", "displaced", True, _displaced, by_account=True, dated=True),
    Export("hxl", "ledger", True, _run_ledger, by_account=True),
    Export("geojson", "arrivals", True, _arrival_points, by_account=True, dated=True),
)


def exports_of(form: str, of_run: bool) -> dict[str, Export]:
    """Return the exports of a case or a run in a format by their table, the default first; empty where none is."""
    return {one.table: one for one in EXPORTS if (one.form, one.of_run) == (form, of_run)}


def check_choice(
    form: str, table: str, of_run: bool, account: str | None, on: date | None, option: str = "--to"
) -> Iterator[Problem]:
    """Yield what is wrong with a choice of a table: a format or a table that there is not, a day or account in vain."""
    tables = exports_of(form, of_run)
    what = "a run" if of_run else "a case"
    if not tables:
        forms = sorted({one.form for one in EXPORTS if one.of_run == of_run})
        yield Problem(option, 0, f"{what} has no {form}", f"one of {', '.join(forms)}", nearest(form, forms))
        return
    if table and table not in tables:
        other = "a case" if of_run else "a run folder"
        hint = f"it is a table of {other}" if table in exports_of(form, not of_run) else nearest(table, tables)
        yield Problem("--table", 0, f"there is no {form} of the {table} of {what}", f"one of {', '.join(tables)}", hint)
        return
    chosen = tables[table] if table else next(iter(tables.values()))
    if on is not None and not chosen.dated:
        why = "of a run is its whole recorded history" if of_run else "of a case have no day"
        yield Problem("--on", 0, f"the {chosen.table} {why}", "no --on")
    if account is not None and not chosen.by_account:
        yield Problem("--account", 0, f"the {chosen.table} of {what} are the same in every account", "no --account")


def refuse_account(run: Run, account: str | None, title_of: Callable[[str], str | None]) -> None:
    """Raise StandoffError for an account that a run does not have; ``title_of`` gives that of a statement account."""
    if account is None or account in run.accounts:
        return
    what, hint = f"the run has no account {account!r}", nearest(account, run.accounts)
    if (title := title_of(account)) is not None:
        what, hint = f"{account!r} is a statement account ({title}): what a party said is not run", ""
    raise StandoffError.of(what, file="--account", expected=", ".join(run.accounts), hint=hint)


def export(
    thing: Case | Run,
    form: str,
    table: str = "",
    *,
    account: str | None = None,
    on: date | str | None = None,
    case: Case | None = None,
) -> str:
    """Return a table of a case or a run in a format of others, as the text of a file.

    Parameters
    ----------
    thing : Case or Run
        A case without errors, or a run as `simulate` or `load_run` returns it.
    form : str
        ``hxl``, ``geojson``, or (of a case) ``annotations``.
    table : str, optional
        Such as ``events``, ``observed``, ``places`` or ``ledger`` of a case, ``displaced`` of a run. Default: the
        first of the format.
    account : str, optional
        As of the ledger, or of the run.
    on : date or str, optional
        What was known on a day, or the row of a day, where the table has it.
    case : Case, optional
        Of a run: its case, for the places. Default: the shipped one that the run names.

    Returns
    -------
    str
        What the command ``export`` writes; rows that may not be passed on are left out.

    Raises
    ------
    StandoffError
        For a format, a table, an account or a day that there is not.

    Examples
    --------
    >>> import standoff as so
    >>> so.export(so.load("idlib"), "hxl", "places").splitlines()[0].split(",")[0]
    'place id'
    """
    from standoff.case.model import Case, refuse_errors
    from standoff.case.read import load
    from standoff.evidence.accounts import find_account
    from standoff.values import as_day

    is_run, day = not isinstance(thing, Case), as_day(on, "on")
    if problems := list(check_choice(form, table, is_run, account, day, "form")):
        raise StandoffError(problems)
    tables = exports_of(form, is_run)
    chosen = tables[table] if table else next(iter(tables.values()))
    if isinstance(thing, Case):
        refuse_errors(thing)
        if account is not None:
            find_account(thing, account)
        return chosen.write(thing, account, day)[0]
    refuse_account(thing, account, lambda name: None)
    return chosen.write(thing, lambda: case or load(str(thing.meta["case"]["id"])), account, day)[0]
