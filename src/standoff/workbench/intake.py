"""The page /import: a file of others uploaded, looked at, its names decided, written, and undone.

An upload waits in memory until somebody confirms it: nothing of it is in the case before. Each decision on a name is
written to mapping.yaml with who took it and the day.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standoff.case.history import JournalEntry, entries, undone_ids
from standoff.case.journal import undo as undo_entry
from standoff.case.model import refuse_errors
from standoff.case.write import Amendment, is_shipped
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.table_reader import read_table_file
from standoff.intake.areas import case_areas
from standoff.intake.importer import ANNOTATIONS, BOUNDARIES, open_batch
from standoff.intake.mapping import KINDS, ids_of, read_mapping
from standoff.intake.preview import IMPORT, Import, decide_names
from standoff.intake.recognise import TITLES, header_maps, is_known_header
from standoff.text.sentences import count
from standoff.views.lines.intake import changes_in_words, draft_record
from standoff.workbench.page import Page
from standoff.workbench.uploads import form_fields, redirect
from standoff.workbench.workspace import Workspace

PATH = "/import"
MOST_BYTES = 64 * 2**20
MOST_NAMES = 40  # names to decide in one form
MOST_DECIDED = 250  # names that are decided, and can be decided anew in one form
MOST_WAITING = 4  # uploads that wait to be confirmed
LIMITS = {f"{PATH}/file": MOST_BYTES + 16 * 1024, f"{PATH}/names": 256 * 1024}
NAME_PARTS = {  # which of the names that wait
    "": "all", "proposed": "with a proposal", "actor": "parties", "type": "kinds of events", "area": "areas",
    "place": "places",
}  # fmt: skip
REST = {  # what a person may decide of all names of one kind that are shown and left empty
    "actor": "nobody of this case", "type": "no event", "area": "none of this case", "place": "none of this case",
}  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits: its name, what is in it, and how it is to be read."""

    name: str
    data: bytes
    options: Mapping[str, Any]
    log: str = ""  # the name that its log or its figures are to have


@dataclass
class Uploads:
    """The files that wait, by a word that only their page knows; the oldest goes where there are too many."""

    waiting: dict[str, Upload] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, upload: Upload) -> str:
        """Keep a file and return its word."""
        word = secrets.token_urlsafe(9)
        with self.lock:
            while len(self.waiting) >= MOST_WAITING:
                self.waiting.pop(next(iter(self.waiting)))
            self.waiting[word] = upload
        return word

    def change(self, word: str, options: Mapping[str, Any], log: str) -> None:
        """Let a file that waits be read otherwise. Raises StandoffError where it waits no more."""
        upload = self.get(word)
        with self.lock:
            if word in self.waiting:
                self.waiting[word] = replace(upload, options=options, log=log)

    def get(self, word: str) -> Upload:
        """Return the file of a word. Raises StandoffError where it waits no more."""
        if word not in self.waiting:
            what = "this file does not wait any more: it was written, dropped, or the workbench was started again"
            raise StandoffError.of(what, file="?draft", expected="a file that was just uploaded")
        return self.waiting[word]


_uploads = Uploads()
_COLUMNS_OF = "the columns of "
_FORM_WORDS = (  # what a hint says of the command line, by the form of this page
    (r"say --dates dmy for (.+?), or --dates mdy", r"choose day first for \1, or month first"),
    (r"say --dates dmy or --dates mdy", "choose day first or month first"),
    (r"say --dates dmy or mdy", "choose day first or month first"),
    (
        r"say --numbers point for (.+?), or --numbers comma for (.+)",
        r"choose a decimal point for \1, or a comma for \2",
    ),
    (r"say --encoding ", "as the encoding write "),
    (r"name the (\w+) with --sheet", r"write the name of the \1 as the sheet"),
    (r"leave --sheet out", "leave the sheet empty"),
    (r"use --skip-bad to leave them out", "tick: leave out rows that cannot be read"),
    (r"read it with --repair", "tick: mend shapes that are not valid"),
    (r"of figures of IDMC by month and country say --as idmc-months", r"choose what it is: IDMC, a month in a row"),
    (r"if it has another name, say --map (.+)=THEIRS", r"choose the column for \1 below"),
    (r"name the source with --as, and columns with --map", r"choose what it is, and then its columns"),
    (r"(.*--(?:as|map) .*)", r"choose what it is, and its columns: \1"),
)
KINDS_OF_FILES = {**TITLES, BOUNDARIES: "boundaries", ANNOTATIONS: "annotations of texts"}
CHOICES = ("kind", "dates", "numbers", "sheet", "encoding")


def _by_form(hint: str) -> str:
    for pattern, words in _FORM_WORDS:
        hint = re.sub(pattern, words, hint)
    return hint


def _options(form: Mapping[str, str]) -> dict[str, Any]:
    """Return how a file is to be read, as a form says it. Raises StandoffError of what is none of its choices."""
    words: dict[str, Any] = {key: form[key].strip() for key in CHOICES if form.get(key, "").strip()}
    allowed = {"dates": ("dmy", "mdy"), "numbers": ("point", "comma"), "kind": tuple(KINDS_OF_FILES)}
    for key, choices in allowed.items():
        if words.get(key, choices[0]) not in choices:
            what, expected = f"{words[key][:40]!r} does not fit", " or ".join(choices)
            raise StandoffError.of(what, file=f"?{key}", expected=expected, hint=nearest(words[key], choices))
    columns = {key.removeprefix("map-"): text for key, text in form.items() if key.startswith("map-") and text}
    return {**words, **({"columns": columns} if columns else {}), "skip_bad": "skip_bad" in form}


def _in_words_of_the_form(error: StandoffError) -> StandoffError:
    return StandoffError(replace(p, hint=_by_form(p.hint), file=p.file.removeprefix("--")) for p in error.problems)


def _can_be_answered(error: StandoffError) -> bool:
    """Whether a file is refused for something that the form can say: what it is, its columns, days, sheet, encoding."""
    answers = r"--(?:as|map|dates|numbers|sheet|encoding|skip-bad|repair)\b"
    return any(re.search(answers, f"{p.file} {p.hint}") for p in error.problems)


def _kind_of(error: StandoffError | None) -> str:
    """Return the source whose columns a file lacks some of; empty where that is not what it is refused for."""
    for problem in error.problems if error else ():
        if problem.expected.startswith(_COLUMNS_OF):
            title = problem.expected.removeprefix(_COLUMNS_OF)
            return next((kind for kind, words in TITLES.items() if words == title), "")
    return ""


def _columns(upload: Upload, whole: Import | None, error: StandoffError | None = None) -> dict[str, Any]:
    """Return what a person may choose of a file: the columns it has, and which of them each field is read from."""
    kind, header, read = upload.options.get("kind", "") or _kind_of(error), tuple[str, ...](), dict[str, str]()
    if whole is not None:
        batch = whole.drafts[0].batch
        kind, header, read = batch.source, batch.header, batch.columns
    else:
        sheet, encoding = upload.options.get("sheet"), upload.options.get("encoding")
        try:
            header = read_table_file(
                upload.data, upload.name, is_header=is_known_header, sheet=sheet, encoding=encoding
            ).header
        except StandoffError:
            header = ()
    maps = [one for one in header_maps() if one.source == kind]
    fields = dict.fromkeys(row[1] for one in maps for row in one.columns)
    needed = set(maps[0].needed) if maps else set()
    read = {**read, **upload.options.get("columns", {})}
    return {
        "kind": kind if kind in KINDS_OF_FILES else "",
        "kinds": KINDS_OF_FILES,
        "header": [name for name in header if name],
        "fields": [[field, read.get(field, ""), field in needed] for field in fields] if header else [],
        "chosen": {key: upload.options.get(key, "") for key in CHOICES}
        | {"skip_bad": upload.options["skip_bad"], "name": upload.log},
    }


def _import(ws: Workspace, upload: Upload) -> Import:
    """Return what a file would change in the case as it is now."""
    case = ws.case
    refuse_errors(case)
    batch, digest = open_batch(case, upload.data, upload.name, log_rows=True, **upload.options)
    whole = Import(case, Amendment(case.root))
    whole.add(batch, digest, log=upload.log)
    return whole


def import_page(
    ws: Workspace, draft: str = "", written: str = "", account: str = "", show: str = "", part: str = ""
) -> Page:
    """A file of others: what it is and what it would change; the names that wait for a person; the last import.

    Of the names that wait ``show`` picks those with a proposal or those of one kind, ``part`` those with these letters.
    """
    if show not in NAME_PARTS:
        raise StandoffError.of(
            f"{show[:40]!r} cannot be shown", file="?show", expected=", ".join(filter(None, NAME_PARTS))
        )
    case = ws.case
    record: dict[str, Any] | None = None
    columns: dict[str, Any] | None = None
    trouble: list[str] = []
    if draft:
        upload = _uploads.get(draft)
        key = ("import", draft, hashlib.sha256(upload.data).hexdigest(), repr(upload.options), upload.log)
        try:
            whole = ws.kept(key, lambda: _import(ws, upload))
        except StandoffError as error:
            trouble = [str(problem) for problem in _in_words_of_the_form(error).problems[:MOST_NAMES]]
            columns = _columns(upload, None, error)
        else:
            record = {**draft_record(whole.drafts[0]), "change": changes_in_words(whole.drafts[0])}
            record["nothing"] = not whole.amendment
            columns = _columns(upload, whole)
    names, problems = read_mapping(case.root)
    if problems:
        raise StandoffError(problems)
    waiting = sorted(names.undecided(), key=lambda one: not one.proposal)  # then as before: the most frequent first
    picked = [
        one
        for one in waiting
        if show in ("", one.kind, "proposed" if one.proposal else "") and part.strip().casefold() in one.name.casefold()
    ]
    decided = [one for one in names.names.values() if one.by_person]
    last = _last_change(ws)
    title = f"To decide: {count(len(waiting), 'name')}" if waiting else "Bring a file of others into the case"
    return Page(
        title,
        ("name", "kind", "source", "rows", "proposal", "reason", "decision", "by", "on"),
        [
            [n.name, n.kind, n.source, n.count, n.proposal, n.reason, n.decision, n.by, str(n.on or "")]
            for n in (*waiting, *decided)
        ],
        {
            "account": ws.account(account),
            "draft": draft,
            "record": record,
            "file": _uploads.get(draft).name if draft else "",
            "trouble": trouble,
            "choices": columns,
            "kinds": KINDS_OF_FILES,
            "written": written,
            "shipped": is_shipped(case.root),
            "waiting": [_name(ws, n) for n in picked[:MOST_NAMES]],
            "more": max(len(picked) - MOST_NAMES, 0),
            "all_waiting": len(waiting),
            "show": show,
            "part": part,
            "parts": [
                [one, words, sum(1 for n in waiting if one in ("", n.kind, "proposed" if n.proposal else ""))]
                for one, words in NAME_PARTS.items()
            ],
            "rest": REST.get(show, ""),
            "decided": [_name(ws, n) for n in decided[:MOST_DECIDED]],
            "decided_more": max(len(decided) - MOST_DECIDED, 0),
            "ids": {kind: _ids(ws, kind) for kind in KINDS},
            "last": last.what if last else "",
        },
    )


def _ids(ws: Workspace, kind: str) -> list[list[str]]:
    """Return what a name of a kind may be decided to be, with a title for people to read."""
    records: Mapping[str, Any] = {"actor": ws.case.actors, "place": ws.case.places}.get(kind, {})
    labels = {name: records[name].name for name in records}
    if kind == "area":
        labels = dict(case_areas(ws.case).labels) | {name: place.name for name, place in ws.case.places.items()}
    pairs = [[one, labels.get(one, one)] for one in sorted(ids_of(ws.case, kind))]
    return [*pairs, [KINDS[kind], "not a party of this case" if kind == "actor" else "not of this case"]]


def _name(ws: Workspace, one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "source": one.source,
        "rows": one.count,
        "proposal": one.proposal,
        "reason": one.reason,
        "decision": one.decision,
        "by": one.by,
        "on": str(one.on or ""),
    }


def import_routes(ws: Workspace) -> list[Route]:
    """Return where the forms of the page are sent."""

    async def _in_thread(work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work)

    async def _pairs(request: Request) -> list[tuple[str, str]]:
        body = await request.body()
        return parse_qsl(body.decode("utf-8", errors="replace"), keep_blank_values=True, max_num_fields=1000)

    async def file(request: Request) -> Response:
        form = form_fields(await request.body(), request.headers.get("content-type", ""))
        account = form["account"].text if "account" in form else ""
        sent = form.get("file")
        if sent is None or not sent.data.strip():
            raise StandoffError.of("the file is empty", file=sent.filename if sent else "the file", expected="a file")
        upload = Upload(
            sent.filename or "the file",
            sent.data,
            _options({key: one.text for key, one in form.items() if key != "file"}),
        )
        try:
            await _in_thread(lambda: _import(ws, upload))  # refuses here, before it waits
        except StandoffError as error:
            if not _can_be_answered(error):
                raise _in_words_of_the_form(error) from None
        return redirect(PATH, draft=_uploads.put(upload), account=account)

    async def again(request: Request) -> Response:
        form = dict(await _pairs(request))
        _uploads.change(form.get("draft", ""), _options(form), form.get("name", "").strip())
        return redirect(PATH, draft=form["draft"], account=form.get("account", ""))

    async def confirm(request: Request) -> Response:
        form = dict(await _pairs(request))
        word = form.get("draft", "")
        upload = _uploads.get(word)
        if "drop" not in form:
            names = await _in_thread(lambda: _import(ws, upload).save())
            await _in_thread(ws.refresh)
        else:
            names = ()
        _uploads.waiting.pop(word, None)
        return redirect(PATH, written=", ".join(names), account=form.get("account", ""))

    async def names(request: Request) -> Response:
        form = await _pairs(request)
        plain = dict(form)
        keys: dict[str, tuple[str, str, str]] = {}
        for key, value in form:
            if key.startswith("name-"):
                kind, _, rest = value.partition("|")
                source, _, name = rest.partition("|")
                keys[key.removeprefix("name-")] = (kind, source, name)
        wrong = [
            Problem("?name", 0, f"the kind is {k[0][:40]!r}", ", ".join(KINDS))
            for k in keys.values()
            if k[0] not in KINDS
        ]
        if wrong:
            raise StandoffError(wrong)
        decisions = {key: plain.get(f"decision-{number}", "").strip() for number, key in keys.items()}
        was = {key: plain.get(f"was-{number}", "") for number, key in keys.items()}  # of names that are decided
        if (rest := plain.get("rest", "")) in REST:  # of those that the person saw: its kind alone, and no other name
            left = {key: KINDS[rest] for key, what in decisions.items() if key[0] == rest and not (what or was[key])}
            decisions |= left
        chosen = {key: what for key, what in decisions.items() if what != was[key]}
        request.state.form_again = _form_again(
            plain, keys, decisions
        )  # if it is refused, nothing has to be typed again
        await _in_thread(lambda: decide_names(ws.case, chosen, plain.get("by", "")))
        await _in_thread(ws.refresh)
        seen = {key: plain[key] for key in ("show", "part") if plain.get(key)}
        return redirect(PATH, draft=plain.get("draft", ""), account=plain.get("account", ""), **seen)

    async def undo(request: Request) -> Response:
        form = dict(await _pairs(request))
        await _in_thread(lambda: undo_import(ws))
        await _in_thread(ws.refresh)
        return redirect(PATH, account=form.get("account", ""))

    ways = (("file", file), ("again", again), ("confirm", confirm), ("names", names), ("undo", undo))
    return [Route(f"{PATH}/{name}", way, methods=["POST"]) for name, way in ways]


def _form_again(
    plain: Mapping[str, str], keys: Mapping[str, tuple[str, str, str]], decisions: Mapping[tuple[str, str, str], str]
) -> dict[str, Any]:
    """Return the form of names as it was filled in, without what was left empty."""
    kept = {number: key for number, key in keys.items() if decisions[key] or plain.get(f"was-{number}")}
    hidden = [(name, plain.get(name, "")) for name in ("account", "draft", "show", "part")]
    for number in kept:
        hidden.append((f"name-{number}", plain[f"name-{number}"]))
        hidden += [(name, plain[name]) for name in (f"was-{number}",) if name in plain]
    shown = [(f"decision-{number}", key[2], decisions[key]) for number, key in kept.items()]
    shown.append(("by", "Your name", plain.get("by", "")))
    return {"action": f"{PATH}/names", "hidden": hidden, "shown": shown, "button": "Write these decisions"}


def _last_change(ws: Workspace) -> JournalEntry | None:
    """Return the last change of the case that is not taken back, where there is one."""
    table = entries(ws.case.root)
    gone = undone_ids(table)
    return next((one for one in reversed(table) if not one.undoes and one.id not in gone and _is_import(one)), None)


def _is_import(entry: JournalEntry) -> bool:
    return entry.what.startswith(IMPORT)


def undo_import(ws: Workspace, by: str = "") -> str:
    """Put the files back as they stood before the last import, and return what was undone.

    Raises StandoffError where there is none, or where what it wrote was changed since.
    """
    last = _last_change(ws)
    if last is None:
        what = "there is no import to undo"
        raise StandoffError.of(what, file=PATH, expected="an import that is not undone")
    undo_entry(ws.case.root, last.id, by=by)
    return last.what
