"""Records of the case as forms: seen, added, changed and taken out; the journal of all changes, and undo.

A form is built from the record as its file has it and carries it along: whoever saves second is shown what the first
one changed, and nothing is overwritten. Everything is checked as a whole case before it is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standoff.case.catalogue import KINDS as LISTED
from standoff.case.catalogue import entries_of
from standoff.case.history import Hunk, JournalEntry, entries, entry_named, undone_ids
from standoff.case.journal import RecordChange, amend, apply, history_of, record_stamp, undo
from standoff.case.model import Kind
from standoff.case.read import LOGS, UNNAMED, YAML_KINDS
from standoff.case.record_form import (
    MOST_IN_A_LIST,
    SAYING_TITLES,
    Layout,
    changed_keys,
    moved,
    new_id,
    place_problems,
    read_form,
    record_title,
)
from standoff.case.references import references_to
from standoff.case.restrictions import is_free, shown_here
from standoff.case.write import Amendment, is_shipped, records_in
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.atomic import ConflictError
from standoff.intake.areas import case_areas
from standoff.text.sentences import count
from standoff.workbench.desk import record_address
from standoff.workbench.page import Page
from standoff.workbench.uploads import redirect
from standoff.workbench.workspace import Workspace

PATH, JOURNAL = "/edit", "/journal"
LIMITS = {PATH: 4 * 2**20, JOURNAL: 64 * 1024}
EACH = 50
MOST_LINES = 60  # of a file, shown of one change
WHO = "standoff-by"  # the cookie that remembers who edits
_YES = frozenset({"yes", "true", "1"})
_AGAIN = 3  # times a change is made anew where another record of its file was saved in between
TITLES: dict[Kind, tuple[str, str]] = {  # of the kinds that have a form: one, several; in the order of the page
    Kind.DOCUMENTS: ("document", "documents"),
    Kind.SOURCES: ("source", "sources"),
    Kind.CLAIMS: ("claim", "claims"),
    Kind.EVENTS: ("event", "events"),
    Kind.INCIDENTS: ("decision on incidents", "decisions on incidents"),
    Kind.AGREEMENTS: ("agreement", "agreements"),
    Kind.COMMITMENTS: ("promise or threat", "promises and threats"),
    Kind.DISPUTES: ("dispute", "disputes"),
    Kind.ACCOUNTS: ("account", "accounts"),
    Kind.ACTORS: ("actor", "actors"),
    Kind.PLACES: ("place", "places"),
    Kind.THREADS: ("request, offer or demand", "requests, offers and demands"),
    Kind.SIGNALS: ("signal", "signals"),
    Kind.OBSERVED: ("figure", "figures"),
    Kind.SCENARIOS: ("scenario", "scenarios"),
    Kind.OPTIONS: ("option of an actor", "options of actors"),
    Kind.ISSUES: ("issue", "issues"),
    Kind.STAKES: ("stake", "stakes"),
    Kind.OUTCOMES: ("outcome", "outcomes"),
    Kind.QUESTIONS: ("question", "questions"),
    Kind.PARAMETERS: ("parameter", "parameters"),
    Kind.TYPES: ("event type", "event types"),
    Kind.ROUTES: ("route", "routes"),
    Kind.CLOSURES: ("closure", "closures"),
    Kind.COVERAGE: ("row of coverage", "rows of coverage"),
    Kind.PUBLISHERS: ("publisher", "publishers"),
    Kind.ZONES: ("zone or road", "zones and roads"),
    Kind.CASE: ("case", "about the case"),
}


# lists of records, as search calls them -> the kind whose form it is
LISTED_KINDS = {name: one.record.value for name, one in LISTED.items() if one.record in TITLES}


def kind_of_form(name: str) -> Kind:
    """Return a kind of record by its name. Raises StandoffError with the nearest."""
    if name not in list(Kind):
        hint = nearest(name, list(Kind))
        raise StandoffError.of(f"there is no kind {name[:80]!r}", file="?kind", expected="a kind of record", hint=hint)
    return Kind(name)


def edit_address(kind: str, record: str, **more: str) -> str:
    """Return the address of the form of a record."""
    return f"{PATH}?{urlencode({'kind': kind, 'record': record, **more})}"


def refuse_edit(ws: Workspace) -> None:
    """Raise StandoffError where this workbench changes nothing."""
    if ws.read_only:
        what = "this workbench shows the case and does not change it"
        raise StandoffError.of(what, file=PATH, expected="a workbench started without --read-only")


def edit_page(
    ws: Workspace,
    account: str = "",
    kind: str = "",
    record: str = "",
    new: bool = False,
    preset: tuple[str, ...] = (),
    q: str = "",
    page: int = 1,
    wrote: str = "",
) -> Page:
    """The records of the case by kind; those of one kind; or the form of one.

    ``new`` asks for an empty form, in which ``preset`` (``key=value``) fills keys in; ``wrote`` names the entry of the
    journal that was just written.
    """
    refuse_edit(ws)
    account = ws.account(account)
    if not kind:
        return _overview(ws, account)
    of = kind_of_form(kind)
    if of not in TITLES:
        raise StandoffError.of(f"{of} has no form", file="?kind", expected=", ".join(TITLES))
    if new:
        values = dict(pair.split("=", 1) for pair in preset if "=" in pair)
        countries = _countries(ws) if of is Kind.PLACES else set()
        if (
            len(countries) == 1
        ):  # a case in two countries has to say which; the form shows it, and a person may change it
            values.setdefault("country", *countries)
        return form_page(ws, account, of, "", {}, values)
    if record:
        values = _written(ws, of, record)
        return form_page(ws, account, of, record, values, values, wrote=wrote)
    return _records(ws, account, of, q, page)


def _countries(ws: Workspace) -> set[str]:
    """Return the countries of the places of the case; where it has none, those of the codes of its areas."""
    if ws.case.places:
        return {place.country for place in ws.case.places.values()}
    return {area.pcode[:2].upper() for area in case_areas(ws.case).areas if area.scheme == "pcode"}


def _faults(ws: Workspace) -> list[dict[str, Any]]:
    """Return the errors of the case on disk, which these pages are to mend."""
    return [asdict(problem) for problem in ws.snapshot.problems if problem.severity == "error"]


def _overview(ws: Workspace, account: str) -> Page:
    amendment = Amendment(ws.root)
    rows = []
    for kind, (_, several) in TITLES.items():
        try:
            many = str(len(amendment.ids(kind)))
        except StandoffError:
            many = "cannot be read"
        rows.append([several, kind.value, many])
    last = entries(ws.root)[-5:][::-1]
    data = {
        "account": account,
        "mode": "overview",
        "shipped": is_shipped(ws.root),
        "faults": _faults(ws),
        "last": [_row(e) for e in last],
    }
    return Page("Every record of the case", ("records", "kind", "how many"), rows, data)


def _hidden(ws: Workspace, kind: Kind) -> frozenset[str]:
    """Return the ids of rows on disk that may not be passed on, and so are in no form."""
    if kind not in (Kind.EVENTS, Kind.OBSERVED) or shown_here():
        return frozenset()
    file = f"{kind}.csv"
    rows = records_in(kind, Amendment(ws.root).text(file), file)
    return frozenset(key for key, row in rows.items() if row.get("restricted", "").strip().casefold() in _YES)


def _written(ws: Workspace, kind: Kind, record: str) -> dict[str, Any]:
    """Return a record as its file has it. Raises StandoffError where it may not be passed on."""
    values = Amendment(ws.root).values(kind, record)
    if record in _hidden(ws, kind):
        what = f"{record!r} is of a source that may not be passed on"
        hint = "on your own screen: STANDOFF_RESTRICTED=show standoff serve ..."
        raise StandoffError.of(what, file="?record", expected="another record", hint=hint)
    return values


def _records(ws: Workspace, account: str, kind: Kind, q: str, page: int) -> Page:
    records = ws.case.records(kind)
    hidden = _hidden(ws, kind)
    ids = [key for key in Amendment(ws.root).ids(kind) if key not in hidden]
    named = [(key, record_title(records[key]) if key in records else "") for key in ids]
    if kind in UNNAMED:
        named = [(key, ", ".join(f"{k} {v}" for k, v in _written(ws, kind, key).items())) for key in ids]
    words = q.casefold().split()
    rows = [[key, title] for key, title in named if all(w in f"{key} {title}".casefold() for w in words)]
    pages = max(-(-len(rows) // EACH), 1)
    at = min(max(page, 1), pages)
    one, several = TITLES[kind]
    return Page(
        f"{count(len(rows), 'record')} of {several}",
        ("id", "title"),
        rows,
        {
            "account": account,
            "mode": "records",
            "kind": kind.value,
            "one": one,
            "several": several,
            "q": q,
            "page": at,
            "pages": pages,
            "each": EACH,
            "shipped": is_shipped(ws.root),
            "faults": _faults(ws),
        },
    )


def form_page(
    ws: Workspace,
    account: str,
    kind: Kind,
    record: str,
    base: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    sent: Mapping[str, Sequence[str]] | None = None,
    problems: Iterable[Problem] = (),
    amendment: Amendment | None = None,
    key: str = "",
    wrote: str = "",
    **more: Any,
) -> Page:
    """Return the form of a record: with ``values`` in it, made of what the file had (``base``)."""
    layout = Layout(ws.case, kind, sent=sent)
    others = list(problems)
    at = key or record
    if others and amendment is not None and at and kind not in UNNAMED:
        with suppress(StandoffError):
            where, written = amendment.where(kind, at), amendment.values(kind, at)
            layout.problems, others = place_problems(kind, others, where, written)
    blanks = layout.blanks(values)
    one, _ = TITLES[kind]
    title = f"{one.capitalize()}: {_title(values) or record}" if record else f"Add: {one}"
    history = history_of(ws.root, kind, record) if record else ()
    used = _named_by(ws, kind, record) if record else []
    data = {
        "account": account,
        "mode": "form",
        "kind": kind.value,
        "one": one,
        "record": record,
        "base": json.dumps(base, sort_keys=True),
        "blanks": [asdict(blank) for blank in blanks],
        "lists": layout.lists,
        "long": [name for name, some in layout.lists.items() if len(some) > MOST_IN_A_LIST or name.startswith("used-")],
        "titles": {name: dict(some) for name, some in layout.lists.items() if len(some) > MOST_IN_A_LIST},
        "sayings": SAYING_TITLES,
        "files": list(Amendment(ws.root).files(kind)) if not record and kind in YAML_KINDS else [],
        "others": [asdict(problem) for problem in others],
        "beside": layout.problems,
        "shipped": is_shipped(ws.root),
        "faults": _faults(ws),
        "has_id": kind not in UNNAMED and kind is not Kind.CASE,
        "see": _address(ws, account, kind, record),
        "used": used[:EACH],
        "used_many": len(used),
        "history": [_row(entry) for entry in reversed(history)],
        "written": _row(entry_named(entries(ws.root), wrote), ws) if wrote else None,
        "change": [],
        "conflict": [],
        "warnings": [],
        "is_preview": False,
        "is_removal": False,
        "sent_file": "",
        "by": "",
        "why": "",
        **more,
    }
    return Page(title, ("key", "value"), [[blank.path, _cell(values.get(blank.key))] for blank in blanks], data)


def _title(values: Mapping[str, Any]) -> str:
    text = next((str(values[k]) for k in ("name", "title", "question", "text", "indicator") if values.get(k)), "")
    return text if len(text) <= 90 else f"{text[:87]}..."


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _address(ws: Workspace, account: str, kind: Kind, record: str) -> str:
    """Return the page that shows a record, where there is one."""
    listed = next((name for name, one in LISTED.items() if one.record is kind), "")
    if not record or not listed or ws.case.errors:
        return ""
    entry = next((one for one in entries_of(ws.case, listed)[0] if one.id == record), None)
    return record_address(account, entry) if entry is not None else ""


def _named_by(ws: Workspace, kind: Kind, record: str) -> list[dict[str, str]]:
    """Return which records name a record, and in which key."""
    rows: dict[tuple[str, str], list[str]] = {}
    for of, key, path, _, _ in references_to(ws.case, kind, record):
        if is_free(ws.case.records(of).get(key)):
            rows.setdefault((of.value, key), []).append(".".join(str(p).removesuffix("_") for p in path))
    found = []
    for (of_kind, key), paths in rows.items():
        title = record_title(ws.case.records(Kind(of_kind))[key])
        found.append({"kind": of_kind, "id": key, "title": title, "paths": ", ".join(dict.fromkeys(paths))})
    return found


# The journal.


def _row(entry: JournalEntry, ws: Workspace | None = None) -> dict[str, Any]:
    """Return an entry for a page; with a workspace also the lines that it replaced."""
    files: list[dict[str, Any]] = [{"file": one.file, "hunks": [], "whole": False} for one in entry.files]
    if ws is not None:
        files = [
            {"file": one.file, "hunks": _lines(one.file, one.hunks or ()), "whole": one.hunks is None}
            for one in entry.files
        ]
    return {
        "id": entry.id,
        "at": entry.at.replace("T", " ").removesuffix("Z"),
        "by": entry.by,
        "what": entry.what,
        "why": entry.why,
        "undoes": entry.undoes,
        "records": [asdict(touch) for touch in entry.records[:8]],
        "more": max(len(entry.records) - 8, 0) + entry.more,
        "files": files,
    }


def _lines(file: str, hunks: Iterable[Hunk]) -> list[dict[str, Any]]:
    """Return replaced lines for a page; those of feeds and of restricted rows are counted, and not shown."""
    rows: list[dict[str, Any]] = []
    for hunk in hunks:
        old, new = hunk.old.splitlines(), hunk.new.splitlines()
        if not shown_here() and _may_be_hidden(file, (*old, *new)):
            words = f"{count(len(old), 'line')} out, {count(len(new), 'line')} in, not around: rows of a source"
            rows.append({"at": hunk.at + 1, "old": [], "new": [], "words": words})
            continue
        left = len(old) + len(new) - MOST_LINES
        rows.append(
            {
                "at": hunk.at + 1,
                "old": old[:MOST_LINES],
                "new": new[:MOST_LINES],
                "words": f"and {left} more lines" if left > 0 else "",
            }
        )
    return rows


def _may_be_hidden(file: str, lines: Iterable[str]) -> bool:
    """Whether lines of a file may be rows that may not be passed on: those of feeds, and rows that say so."""
    if file not in ("events.csv", "observed.csv"):
        return file.startswith(f"{LOGS}/")
    ends = ([cell.strip().strip('"').casefold() for cell in line.split(",")[-3:]] for line in lines)
    return any(_YES & set(cells) for cells in ends)


def journal_page(
    ws: Workspace, account: str = "", kind: str = "", record: str = "", page: int = 1, wrote: str = ""
) -> Page:
    """Every change of the case, the newest first, with who made it, the lines it replaced, and undo."""
    account = ws.account(account)
    every = entries(ws.root)
    gone = undone_ids(every)
    table = history_of(ws.root, kind_of_form(kind), record) if kind and record else every
    table = table[::-1]
    pages = max(-(-len(table) // EACH), 1)
    at = min(max(page, 1), pages)
    rows = [[e.at, e.by, e.what, e.why, "; ".join(e.names), e.id, e.undoes, e.id in gone] for e in table]
    return Page(
        f"{count(len(table), 'change')}" + (f" of {kind} {record}" if record else " of this case"),
        ("at", "by", "what", "why", "files", "id", "undoes", "taken back"),
        rows,
        {
            "account": account,
            "kind": kind,
            "record": record,
            "entries": [{**_row(e, ws), "gone": e.id in gone} for e in table[(at - 1) * EACH : at * EACH]],
            "page": at,
            "pages": pages,
            "wrote": wrote,
            "faults": _faults(ws),
            "problems": [],
            "by": "",
        },
    )


# What is sent.


Form = Mapping[str, list[str]]
Render = Callable[[str, Page, int], Response]


def _one(form: Form, name: str) -> str:
    return form.get(name, [""])[-1]


def _base(form: Form) -> dict[str, Any]:
    try:
        base = json.loads(_one(form, "base!") or "{}")
    except ValueError:
        base = None
    if not isinstance(base, dict):
        raise StandoffError.of("the form is not whole", file=PATH, expected="a form of this page")
    return base


def _changes(kind: Kind, record: str, form: Form, values: dict[str, Any], base: dict[str, Any]) -> list[RecordChange]:
    if record:
        return [RecordChange.change(kind, record, changed_keys(values, base), stamp=record_stamp(base))]
    return [RecordChange.add(kind, values, file=_one(form, "file!"))]


def answer_form(ws: Workspace, form: Form) -> tuple[Page | str, int]:
    """Do what a form asks for; return the page to show, or the address to go to, and the status of the answer.

    Raises StandoffError where the form is none of ours or this workbench changes nothing.
    """
    refuse_edit(ws)
    kind, record, do = kind_of_form(_one(form, "kind!")), _one(form, "record!"), _one(form, "do!") or "preview"
    account = _one(form, "account!") if _one(form, "account!") in ws.case.accounts else ""
    if kind not in TITLES:
        raise StandoffError.of(f"{kind} has no form", file=PATH, expected="another kind of record")
    base = _base(form)
    who: dict[str, Any] = {"by": _one(form, "by!"), "why": _one(form, "why!"), "sent_file": _one(form, "file!")}
    if do == "remove" or do == "really-remove":
        return _answer_removal(ws, account, kind, record, base, who, really=do == "really-remove")
    if do.startswith(("more:", "drop:")):
        form = moved(form, do)
    values = read_form(kind, form, base)
    if do.startswith(("more:", "drop:", "again")):
        return form_page(ws, account, kind, record, base, values, sent=form, **who), 200
    if not record and kind not in UNNAMED and not values.get("id"):
        name = new_id(kind, values, Amendment(ws.root).ids(kind))
        values = {"id": name, **values} if name else values
    changes = _changes(kind, record, form, values, base)
    key = record or str(values.get("id", ""))
    around: dict[str, Any] = {"sent": form, "key": key, **who}
    if do == "save" and not who["by"].strip():
        nobody = Problem("by", 0, "nobody is named who makes the change", "your name, at the end of the form")
        return form_page(ws, account, kind, record, base, values, problems=[nobody], **around), 400
    amendment: Amendment | None = None
    for last in range(_AGAIN, 0, -1):
        try:
            amendment = amend(ws.root, changes)
            if do == "preview" or not amendment:
                return _preview(ws, account, kind, record, base, values, amendment, around)
            entry = apply(ws.root, amendment, by=who["by"], why=who["why"])
        except ConflictError:
            if _is_as_seen(ws, kind, record, base) and last > 1:
                continue  # another record of the file was saved meanwhile
            return _conflict(ws, account, kind, record, base, values, who)
        except StandoffError as error:
            page = form_page(
                ws, account, kind, record, base, values, problems=error.problems, amendment=amendment, **around
            )
            return page, 400
        break
    ws.refresh()
    where = key or str(entry.records[-1].id if entry.records else "")
    if kind in UNNAMED and not record:
        return f"{PATH}?{urlencode({'kind': kind.value, 'account': account})}", 303
    return edit_address(kind.value, where, account=account, wrote=entry.id), 303


def _is_as_seen(ws: Workspace, kind: Kind, record: str, base: Mapping[str, Any]) -> bool:
    if not record:
        return True
    try:
        return record_stamp(Amendment(ws.root).values(kind, record)) == record_stamp(base)
    except StandoffError:
        return False


def _preview(
    ws: Workspace,
    account: str,
    kind: Kind,
    record: str,
    base: dict[str, Any],
    values: dict[str, Any],
    amendment: Amendment,
    around: dict[str, Any],
) -> tuple[Page, int]:
    """Return the form with the lines that would change and what a check says of them."""
    if not amendment:
        note = Problem(PATH, 0, "nothing is changed yet", "another value in one of the fields")
        return form_page(ws, account, kind, record, base, values, problems=[note], **around), 200
    change = [
        {"file": file, "hunks": _lines(file, hunks), "whole": False} for file, hunks in amendment.replaced().items()
    ]
    problems = amendment.new_problems(warnings=True)
    errors = [p for p in problems if p.severity == "error"]
    warnings = [asdict(p) for p in problems if p.severity == "warning"]
    page = form_page(
        ws,
        account,
        kind,
        record,
        base,
        values,
        problems=errors,
        amendment=amendment,
        change=change,
        warnings=warnings,
        is_preview=True,
        **around,
    )
    return page, 400 if errors else 200


def _conflict(
    ws: Workspace,
    account: str,
    kind: Kind,
    record: str,
    base: dict[str, Any],
    values: dict[str, Any],
    who: dict[str, Any],
) -> tuple[Page, int]:
    """Return the form with both changes in it: where two changed one key, mine in the form and theirs beside it."""
    mine = changed_keys(values, base)
    try:
        now = Amendment(ws.root).values(kind, record)
    except StandoffError:
        what = f"the record {record!r} was taken out by somebody since you opened it; what you wrote stands here"
        note = Problem(PATH, 0, what, "save it as a new record, or leave it out")
        return form_page(ws, account, kind, "", {}, values, problems=[note], **who), 409
    theirs = changed_keys(now, base)
    rows = [
        {
            "key": key,
            "before": _cell(base.get(key)),
            "theirs": _cell(now.get(key)),
            "mine": _cell(values.get(key)) if key in mine else "",
            "both": key in mine and mine[key] != theirs[key],
        }
        for key in theirs
    ]
    merged = {key: value for key, value in {**now, **mine}.items() if value is not None}
    return form_page(ws, account, kind, record, now, merged, conflict=rows, **who), 409


def _answer_removal(
    ws: Workspace,
    account: str,
    kind: Kind,
    record: str,
    base: dict[str, Any],
    who: dict[str, Any],
    *,
    really: bool,
) -> tuple[Page | str, int]:
    changes = [RecordChange.remove(kind, record, stamp=record_stamp(base))]
    problems: list[Problem] = []
    try:
        amendment = amend(ws.root, changes)
        if really and not who["by"].strip():
            problems = [Problem("by", 0, "nobody is named who makes the change", "your name, at the end of the form")]
        elif really:
            apply(ws.root, amendment, by=who["by"], why=who["why"])
            ws.refresh()
            return f"{PATH}?{urlencode({'kind': kind.value, 'account': account})}", 303
        else:
            problems = amendment.new_problems()
        change = [
            {"file": file, "hunks": _lines(file, hunks), "whole": False} for file, hunks in amendment.replaced().items()
        ]
    except ConflictError:
        return _conflict(ws, account, kind, record, base, base, who)
    except StandoffError as error:
        problems, change = list(error.problems), []
    page = form_page(ws, account, kind, record, base, base, problems=problems, change=change, is_removal=True, **who)
    return page, 400 if problems else 200


def edit_routes(ws: Workspace, render: Render) -> list[Route]:
    """Return where the forms are sent; ``render`` makes the answer of a page's name, the page and a status."""

    async def _form(request: Request) -> dict[str, list[str]]:
        body = (await request.body()).decode("utf-8", errors="replace")
        form: dict[str, list[str]] = {}
        for name, value in parse_qsl(body, keep_blank_values=True, max_num_fields=20_000):
            form.setdefault(name, []).append(value)
        return form

    async def edit(request: Request) -> Response:
        form = await _form(request)

        def work() -> tuple[Page | str, int]:
            with ws.writing:
                return answer_form(ws, form)

        answer, status = await anyio.to_thread.run_sync(work)
        if isinstance(answer, str):
            response: Response = redirect(answer.partition("?")[0], **dict(parse_qsl(answer.partition("?")[2])))
        else:
            response = await anyio.to_thread.run_sync(lambda: render("edit", answer, status))
        return _remember(response, _one(form, "by!"))

    async def back(request: Request) -> Response:
        form = await _form(request)
        name, by, why = (_one(form, key) for key in ("entry", "by", "why"))
        account = _one(form, "account") if _one(form, "account") in ws.case.accounts else ""

        def work() -> Response:
            refuse_edit(ws)
            with ws.writing:
                try:
                    if not by.strip():
                        raise StandoffError.of("nobody is named who undoes it", file="by", expected="your name")
                    entry = undo(ws.root, name, by=by, why=why)
                except StandoffError as error:
                    page = journal_page(ws, account, _one(form, "kind"), _one(form, "record"))
                    page = replace(page, data={**page.data, "problems": [asdict(p) for p in error.problems], "by": by})
                    return render("journal", page, 400)
                ws.refresh()
            return redirect(JOURNAL, account=account, wrote=entry.id)

        return _remember(await anyio.to_thread.run_sync(work), by)

    return [Route(PATH, edit, methods=["POST"]), Route(JOURNAL, back, methods=["POST"])]


def _remember(response: Response, by: str) -> Response:
    """Have the browser remember who edits, for the next form."""
    if by.strip():
        response.set_cookie(WHO, quote(by.strip()[:80]), httponly=True, samesite="strict", max_age=180 * 86400)
    return response


def who_edits(request: Request | None) -> str:
    """Return the name that the browser remembers."""
    return unquote(request.cookies.get(WHO, "")) if request is not None else ""
