"""What a user puts into the case's ``library/`` from the browser: a text, or a log of events. All or nothing.

The ledger can be seen with a log that is kept in ``library/logs/`` beside the record.

Both are read and checked in memory (a log in a folder of its own) before the case folder is touched. The name of the
file is ours, never the sender's path; a link or a folder in its place is refused; the file appears at one stroke.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from standoff.case.model import Case, Event, refuse_errors
from standoff.case.read import LOGS as LOGS_OF_CASE
from standoff.errors import StandoffError, nearest
from standoff.evidence.library import MOST_SHOWN, text_name
from standoff.files.opener import inside
from standoff.intake.batch import EventLog
from standoff.intake.logs import log_names, log_of_file, open_log
from standoff.text.sentences import day
from standoff.workbench.page import check_name
from standoff.workbench.workspace import Workspace

FOLDER = "library/logs"
MAX_LOG = 20 * 2**20
_FRAME = 16 * 1024  # what the other fields of a form and its boundaries may add
TEXTS, LOGS = "/evidence/texts", "/ledger/logs"
LIMITS = {TEXTS: MOST_SHOWN + _FRAME, LOGS: MAX_LOG + _FRAME}
_PLAIN = re.compile(r"\w[\w.-]{0,99}")
_writing = threading.Lock()
T = TypeVar("T")
_program = logging.getLogger("standoff.workbench")


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """The case as the ledger is to see it: with the events of a log beside its own. ``key`` names it in a cache."""

    case: Case
    events: tuple[Event, ...]
    last: date
    key: tuple[Any, ...]
    loaded: EventLog | None = None

    @property
    def log(self) -> str:
        """The name of the log, or nothing."""
        return str(self.key[1]) if self.key else ""


def kept_logs(ws: Workspace) -> list[str]:
    """Return the names of the logs: those of the case (imported), then files that were put in here."""
    folder = ws.case.root / FOLDER
    logs = log_names(ws.case)
    if not folder.is_dir() or not folder.resolve().is_relative_to(ws.case.root.resolve()):
        return logs
    return logs + sorted(p.name for p in folder.glob("*.csv") if not p.name.startswith(".") and inside(folder, p.name))


def read_upload(path: Path, case: Case, label: str, skip_bad: bool) -> EventLog:
    """Read a log of events. Raises StandoffError whose problems name the file as the user knows it (``label``)."""
    try:
        return log_of_file(case, path, skip_bad=skip_bad)
    except StandoffError as error:
        problems = []
        for p in error.problems:
            hint = "tick “leave out bad rows” to load the others" if "--skip-bad" in p.hint else p.hint
            problems.append(replace(p, file=p.file.replace(str(path), label), hint=hint))
        raise StandoffError(problems) from None
    except Exception as error:  # a reader that fails of a log must not take the page down
        _program.exception("a log of events cannot be read")
        what = f"this cannot be read as a log of events: {type(error).__name__}: {str(error)[:200]}"
        expected = "a CSV file in UTF-8: ACLED, UCDP GED or our own"
        raise StandoffError.of(what, file=label, expected=expected) from None


def ledger_source(ws: Workspace, log: str, skip_bad: bool) -> LedgerSource:
    """Return the case with the events of a kept log; without a name, alone.

    Raises StandoffError when there is no such log, or (unless ``skip_bad``) it has bad rows.
    """
    case, last = ws.case, ws.period()[1]
    if log in ("", ALONE):
        return LedgerSource(case, (), last, ())
    names = kept_logs(ws)
    if log not in names:
        what, hint = f"there is no log {log[:80]!r}", nearest(log, names)
        raise StandoffError.of(what, file="?log", expected=f"a CSV file of {FOLDER}/", hint=hint)
    if log in log_names(case):
        key: tuple[Any, ...] = ("log", log)  # a file of the case: what is kept goes with its digest
        loaded = ws.kept(key, lambda: open_log(case, f"{LOGS_OF_CASE}/{log}"))
    else:
        path = case.root / FOLDER / log
        key = ("log", log, path.stat().st_mtime_ns, skip_bad)
        loaded = ws.kept(key, lambda: read_upload(path, case, f"{FOLDER}/{log}", skip_bad))
    days = [d for e in loaded.events for d in (e.date.start, e.date.end) if d]
    return LedgerSource(loaded.added_to(case), loaded.events, max([last, *days]), key, loaded)


ALONE = "none"  # ?log= for the record alone, where a log is shown by default


def chosen_log(ws: Workspace, log: str) -> str:
    """Return the log that a page shows: the one asked for, or the first of a case without events of its own."""
    if not log and not ws.case.events:
        log = next(iter(kept_logs(ws)), "")
    return "" if log == ALONE else log


LONG_LOG = 4 * 2**20  # bytes that take longer to read than a person waits for a page


def is_being_read(ws: Workspace, log: str, skip_bad: bool) -> bool:
    """Whether a long log is still to be read; the first to ask has a thread begin with it.

    A log that could not be read counts as read: the page that needs it then says why.
    """
    if not log or log not in kept_logs(ws):
        return False
    path = ws.case.root / (f"{LOGS_OF_CASE}/{log}.csv" if log in log_names(ws.case) else f"{FOLDER}/{log}")
    try:
        facts = path.stat()
    except OSError:
        return False
    tried = ("log-tried", log, facts.st_mtime_ns, skip_bad)
    if facts.st_size < LONG_LOG or ws.ready(tried):
        return False

    def read_it() -> bool:
        with contextlib.suppress(StandoffError):
            ledger_source(ws, log, skip_bad)
        return True

    begun = ws.kept(("log-begun", *tried), lambda: threading.Thread(target=ws.kept, args=(tried, read_it), daemon=True))
    with contextlib.suppress(RuntimeError):  # another page has started it
        begun.start()
    return True


def log_summary(source: LedgerSource, log: str) -> dict[str, Any] | None:
    """Return what a page says of the log it shows: how many events, of which days, what was left out."""
    loaded = source.loaded
    if loaded is None:
        return None
    days = sorted(d for e in loaded.events for d in (e.date.start, e.date.end) if d)
    return {
        "name": log,
        "format": {"acled": "ACLED", "ged": "UCDP GED", "own": "our own table"}.get(loaded.format, "imported"),
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


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form: the sender's file name, without any folder, and what was sent."""

    filename: str
    data: bytes

    @property
    def text(self) -> str:
        """The field as a word."""
        return self.data.decode("utf-8", errors="replace").strip()


def form_fields(body: bytes, content_type: str) -> dict[str, FormField]:
    """Read a form sent as multipart/form-data (RFC 7578). Raises StandoffError for anything else."""
    match = re.search(r'^multipart/form-data;.*?boundary="?([^";,\s]{1,70})"?', content_type)
    if match is None:
        raise StandoffError.of("this is not a form with a file", file="upload", expected="multipart/form-data")
    form: dict[str, FormField] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + match[1].encode("latin-1"))[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        words = head.decode("utf-8", errors="replace")
        name, file = (re.search(rf'[;\s]{k}="([^"\r\n]*)"', words) for k in ("name", "filename"))
        if name is not None:
            form[name[1]] = FormField(re.split(r"[/\\]", file[1])[-1][:80] if file else "", data)
    return form


def keep(root: Path, folder: str, name: str, data: bytes, *, over: bool = False) -> Path:
    """Write ``name`` into a folder of the case at one stroke, and return its path.

    Raises StandoffError, with nothing written, for a name that is not plain, a link or a folder on the way, a file
    that is there (unless ``over``), and a folder that cannot be written.
    """
    if not _PLAIN.fullmatch(name):
        raise StandoffError.of(
            f"{name[:80]!r} is not a plain file name", file=folder, expected="letters, digits, . - _"
        )
    try:
        with _writing:
            at = root.resolve(strict=True)
            for part in folder.split("/"):
                at = at / part
                if at.is_symlink() or (at.exists() and not at.is_dir()):
                    raise StandoffError.of("this is a link or a file", file=folder, expected="a folder of the case")
                at.mkdir(exist_ok=True)
            target = at / name
            if target.is_symlink() or (target.exists() and not target.is_file()):
                raise StandoffError.of("this is a link or a folder", file=f"{folder}/{name}", expected="a plain file")
            if target.exists() and not over:
                what, hint = "there is a file of this name", "tick “replace” to write over it"
                raise StandoffError.of(what, file=f"{folder}/{name}", expected="a new name", hint=hint)
            _write(target, data)
            return target
    except OSError as error:
        what = f"this cannot be written: {error.strerror}"
        raise StandoffError.of(what, file=f"{folder}/{name}", expected="a case folder that you may change") from None


def _write(target: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def text_bytes(sent: FormField) -> bytes:
    """Return a text as it may be kept. Raises StandoffError with the line when it is empty, too large or no text."""
    label = sent.filename or "the text"
    if len(sent.data) > MOST_SHOWN:
        raise StandoffError.of("the text is too large", file=label, expected=f"at most {MOST_SHOWN // 2**20} MB")
    try:
        text = sent.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = sent.data.count(b"\n", 0, error.start) + 1
        what, hint = f"byte {error.start} is not UTF-8", "save it as plain text first; PDF and Word files are not read"
        raise StandoffError.of(what, file=label, line=line, expected="a text file", hint=hint) from None
    odd = re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text)
    if odd:
        line, what = text.count("\n", 0, odd.start()) + 1, f"the character U+{ord(odd[0]):04X} is not text"
        raise StandoffError.of(what, file=label, line=line, expected="a plain text, one paragraph a line")
    if not text.strip():
        raise StandoffError.of("the file is empty", file=label, expected="a plain text, one paragraph a line")
    return text.encode()


def keep_text(case: Case, form: Mapping[str, FormField]) -> str:
    """Keep the user's own copy of a document and return the document's id."""
    document = check_name("document", form["document"].text if "document" in form else "", list(case.documents))
    if not document:
        raise StandoffError.of("no document is named", file="?document", expected="a document id")
    data = text_bytes(form.get("file", FormField("", b"")))
    keep(case.root, "library", text_name(case.documents[document]), data, over="over" in form)
    return document


def log_name(filename: str) -> str:
    """Return the name under which a log is kept: that of the sender's file, with only letters, digits, ``. - _``."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", re.sub(r"\.csv$", "", filename, flags=re.IGNORECASE)).strip("-_")
    return f"{stem[:60] or 'events'}.csv"


def keep_log(case: Case, form: Mapping[str, FormField]) -> tuple[str, bool]:
    """Check a log of events against the case, keep it, and return its name and whether bad rows are left out."""
    sent, skip = form.get("file", FormField("", b"")), "skip_bad" in form
    label = sent.filename or "the log"
    if len(sent.data) > MAX_LOG:
        raise StandoffError.of("the log is too large", file=label, expected=f"at most {MAX_LOG // 2**20} MB")
    if not sent.data.strip():
        raise StandoffError.of("the file is empty", file=label, expected="a CSV file: ACLED, UCDP GED or our own")
    with tempfile.TemporaryDirectory(prefix="standoff-log-") as folder:
        path = Path(folder) / "log.csv"
        path.write_bytes(sent.data)
        read_upload(path, case, label, skip)
    refuse_errors(case)  # of such a case a log has no verdicts
    name = log_name(sent.filename)
    keep(case.root, FOLDER, name, sent.data, over="over" in form)
    return name, skip


def upload_routes(ws: Workspace) -> list[Route]:
    """Return where forms with files are sent."""

    async def _form(request: Request) -> dict[str, FormField]:
        return form_fields(await request.body(), request.headers.get("content-type", ""))

    async def _in_thread(work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work)

    async def text(request: Request) -> Response:
        form = await _form(request)
        document = await _in_thread(lambda: keep_text(ws.case, form))
        return redirect("/evidence", document=document, account=_account(ws, form))

    async def log(request: Request) -> Response:
        form = await _form(request)
        name, skip = await _in_thread(lambda: keep_log(ws.case, form))
        return redirect("/ledger", log=name, skip_bad="yes" if skip else "", account=_account(ws, form))

    return [Route(TEXTS, text, methods=["POST"]), Route(LOGS, log, methods=["POST"])]


def _account(ws: Workspace, form: Mapping[str, FormField]) -> str:
    name = form["account"].text if "account" in form else ""
    return name if name in ws.case.accounts else ""


def redirect(path: str, **query: str) -> Response:
    """Answer a form with the page to look at next; empty values of its query are left out."""
    return RedirectResponse(f"{path}?{urlencode({k: v for k, v in query.items() if v})}", status_code=303)
