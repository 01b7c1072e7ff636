"""The page /review: one proposal, its sentence lit in its document, beside the claim as a form; and the queue.

The keys are those of the terminal. What was typed is a decision of its own before the record is asked, so that a form
the record refuses comes back as it was, with what is wrong in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standoff.case.claims import SAYINGS
from standoff.case.restrictions import is_free
from standoff.case.vocabulary import BOUNDS, EVENT_TYPES, MEASURES, REALIS, STANDINGS, VOICES
from standoff.commitments.revision import verdicts_moved
from standoff.errors import StandoffError
from standoff.evidence.anchors import bounds, paragraph_of
from standoff.evidence.decisions import agreement, disagreements
from standoff.reading.accession import accession, add_documents, captured_now
from standoff.reading.documents import MOST_BYTES, open_document
from standoff.reading.proposal_form import COMMON, FIELDS, HELP, WRITES, worded_claim
from standoff.reading.review import REASONS, Item, Review
from standoff.text.sentences import count
from standoff.views.lines.documents import document_record
from standoff.views.lines.review import item_record, tally_line
from standoff.workbench.page import Page
from standoff.workbench.uploads import form_fields, redirect
from standoff.workbench.workspace import Workspace

PATH = "/review"
LIMITS = {f"{PATH}/document": MOST_BYTES + 16 * 1024}
MOST_SHOWN = 60  # items of the queue in its list
AROUND = 1_200  # letters of the document on each side of a sentence
T = TypeVar("T")
_CHOICES: dict[str, tuple[str, ...]] = {
    "says": tuple(SAYINGS), "realis": REALIS, "voice": VOICES, "bound": BOUNDS, "measure": tuple(MEASURES),
    "standing": tuple(STANDINGS),
}  # fmt: skip
_FORMS = ("promise", "threat", "demand", "ultimatum", "assurance", "clause", "warning", "red-line", "permission")
_messages: dict[str, list[str]] = {}  # what a form was answered, until its page is shown
_MOST_MESSAGES = 50


def _message(lines: list[str]) -> str:
    while len(_messages) >= _MOST_MESSAGES:
        _messages.pop(next(iter(_messages)), None)
    word = secrets.token_urlsafe(6)
    _messages[word] = lines
    return word


def review_page(
    ws: Workspace,
    account: str = "",
    document: str = "",
    item: str = "",
    by: str = "",
    second: bool = False,
    message: str = "",
) -> Page:
    """The proposal that comes first, or ``item``; the queue behind it; where two reviewers differ."""
    desk = Review(ws.root, by, document=document, second=second, moves=verdicts_moved,
                  reader=ws.second_reader)  # fmt: skip
    queue = desk.queue
    waiting = {one.key for one in queue}
    one = desk.items[item] if item in waiting else queue[0] if queue else None
    rows = [[i.key, i.document, i.why, desk.lit(i)[1], i.fields.get("says", ""), i.fields.get("source", "")]
            for i in queue]  # fmt: skip
    both, agree = agreement(desk.log.standing)
    differ = [
        {"document": d.document, "words": d.words, "kind": d.kind,
         "says": [f"{s.by}: {s.act}{f', {s.reason}' if s.reason else ''}" for s in d.says]}
        for d in disagreements(desk.log.standing)
    ]  # fmt: skip
    title = f"{count(len(queue), 'proposal')} to decide" if queue else "Nothing waits"
    return Page(
        title,
        ("item", "document", "why", "words", "says", "source"),
        rows,
        {
            "account": ws.account(account),
            "document": document,
            "by": by,
            "second": second,
            "messages": _messages.get(message, []),
            "tally": tally_line(desk.tally),
            "notes": desk.notes,
            "documents": [[d.id, d.title] for d in ws.case.documents.values() if d.id in desk.texts],
            "item": _item(desk, one) if one else None,
            "queue": [{"key": i.key, "words": desk.lit(i)[1], "why": i.why, "document": i.document}
                      for i in queue[:MOST_SHOWN]],
            "more": max(len(queue) - MOST_SHOWN, 0),
            "agreement": [both, agree],
            "disagreements": differ,
            "reasons": list(REASONS),
            "reader": _reader(ws),
        },
    )  # fmt: skip


def _reader(ws: Workspace) -> dict[str, Any] | None:
    """What the second reader is doing, or None without one."""
    one = ws.second_reader
    if one is None:
        return None
    return {"model": one.endpoint.model, "reading": one.reading(), "failed": one.failures()}


def _item(desk: Review, item: Item) -> dict[str, Any]:
    """Return an item for its page: the document around it, the fields with their lists, what it meets and writes."""
    document = desk.case.documents[item.document]
    text = desk.texts[item.document].text
    before, words, after = desk.lit(item)
    first, last = min(item.sentence[0], item.start), max(item.sentence[1], item.end)
    start = bounds(text, paragraph_of(text, max(0, first - AROUND)))[0] if first > AROUND else 0
    said = {**item.fields}
    kind = said.get("says", "assessment")
    return {
        **item_record(desk, item),
        "title": document.title,
        "published": str(document.published),
        "address": document.url if document.url.startswith(("https://", "http://")) else "",
        "above": text[start:first],
        "before": before,
        "lit": words,
        "after": after,
        "below": text[last : last + AROUND],
        "form": [_field(desk, name, said) for name in (*COMMON, *FIELDS.get(kind, ()), *WRITES)],
        "offer": worded_claim(desk.case, document, said),
        "made_by": f"{item.proposal.reader}: {item.proposal.why}",
        "others": [[i.key, desk.lit(i)[1]] for i in desk.others_of(item)],
        "near": list(desk.near_events(item)),
        "log": [f"{d.at} {d.by}: {d.act} {d.reason}".strip() for d in item.log],
        "essentials": list(desk.essentials(item)),
    }


def _field(desk: Review, name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    case = desk.case
    lists: dict[str, list[str]] = {
        "event": sorted({*EVENT_TYPES, *case.types}), "at": list(case.places), "of": list(case.places),
        "row": ["yes", "no", *case.events], "commitment": list(case.commitments), "agreement": list(case.agreements),
        "form": list(_FORMS), "source": [s.name for s in case.sources.values()],
    }  # fmt: skip
    for key in ("actor", "target", "who", "whom", "from", "to"):
        lists[key] = list(case.actors)
    if name == "from" and fields.get("says") == "commitment":
        lists["from"] = []
    return {
        "name": name,
        "value": fields.get(name, ""),
        "help": HELP.get(name, ""),
        "choices": list(_CHOICES.get(name, ())),
        "list": lists.get(name, [])[:400],
    }


def review_routes(ws: Workspace) -> list[Route]:
    """Return where the forms of the page are sent."""

    async def _in_thread(work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work)

    async def decide(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", errors="replace")
        form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=200))
        lines, item = await _in_thread(lambda: decide_item(ws, form))
        second = "yes" if form.get("second") == "yes" else ""
        keep = {name: form.get(name, "") for name in ("account", "document", "by")}
        return redirect(PATH, **keep, second=second, item=item, message=_message(lines) if lines else "")

    async def document(request: Request) -> Response:
        form = form_fields(await request.body(), request.headers.get("content-type", ""))
        sent = form.get("file")
        if sent is None or not sent.data.strip():
            raise StandoffError.of("the file is empty", file=sent.filename if sent else "the file", expected="a file")
        words = {name: form[name].text.strip() for name in form if name != "file"}
        lines, key = await _in_thread(lambda: take_document(ws, sent.data, sent.filename or "the file", words))
        return redirect(PATH, account=words.get("account", ""), by=words.get("by", ""), document=key,
                        message=_message(lines))  # fmt: skip

    return [
        Route(f"{PATH}/decide", decide, methods=["POST"]),
        Route(f"{PATH}/document", document, methods=["POST"]),
    ]


def take_document(ws: Workspace, data: bytes, name: str, words: Mapping[str, str]) -> tuple[list[str], str]:
    """Take a file into the case, and return what it says of itself, what is not known, and the document.

    Raises StandoffError as the command does; nothing is written then.
    """
    copy = open_document(data, name, encoding=words.get("encoding", ""))
    said = {key: words.get(key, "") for key in ("title", "author", "published", "address", "publisher")}
    with ws.writing:
        case = ws.refresh().case
        one = accession(
            case, copy, captured=captured_now(), overrides=said, restricted=words.get("restricted") == "yes"
        )
        add_documents(case, [one])
        ws.refresh()
    if one.same_as:
        return [f"{name} is in the case already, as {one.same_as}: nothing changes."], one.same_as
    record = document_record(one, tuple(one.files))
    lines = [f"Taken in: {one.document.id}, {record['format']}, {count(record['paragraphs'], 'paragraph')}."]
    lines += [f"{key}: {part['value']} ({part['where']})." for key, part in record["particulars"].items()]
    lines += [f"Not known: {', '.join(one.unknown)}."] if one.unknown else []
    lines += [f"{remark[:1].upper()}{remark[1:]}." for remark in copy.remarks]
    if not is_free(one.document):
        lines.append("Its words may not be passed on, and are not shown here.")
    return lines, one.document.id


def decide_item(ws: Workspace, form: Mapping[str, str]) -> tuple[list[str], str]:
    """Do what a button says, and return what to tell and the item to show next; a refusal is told, too."""
    act, key = form.get("act", ""), form.get("item", "")
    if act == "ask-again" and ws.second_reader is not None:
        ws.second_reader.again()
        return [], key
    # a page keeps a percent sign on the line of its number by a space that nobody means
    pairs = ((name.removeprefix("f-"), value) for name, value in form.items() if name.startswith("f-"))
    values = {name: value.replace("\N{NO-BREAK SPACE}", " ").replace("\r\n", "\n") for name, value in pairs}
    with ws.writing:
        desk = Review(ws.root, form.get("by", ""), document=form.get("document", ""),
                      second=form.get("second") == "yes", reader=ws.second_reader)  # fmt: skip
        try:
            lines, show = _do(desk, act, key, values, form)
        except StandoffError as error:
            return [f"{problem}" for problem in error.problems], key
        finally:
            ws.refresh()
    return lines, show


def _do(desk: Review, act: str, key: str, values: Mapping[str, str], form: Mapping[str, str]) -> tuple[list[str], str]:
    if act == "undo":
        back = desk.undo(form.get("decision", ""))
        old = next(d for d in desk.log.every if d.id == back.undoes)
        return [f"Undone: {old.act}{f', {old.claim} is taken out' if old.claim else ''}."], back.item
    item = desk.item(key)
    order = [one.key for one in desk.queue]
    behind = order[order.index(key) + 1 :] if key in order else order
    after = (behind or [one for one in order if one != key] or [""])[0]
    if act == "next":
        return [], after
    offered = worded_claim(desk.case, desk.case.documents[item.document], {**item.fields})
    changed = {name: value.strip() for name, value in values.items() if value.strip() != item.fields.get(name, "")}
    if changed.get("text") == offered:
        changed.pop("text")  # made of the fields, and made anew when they change
    if "says" in changed:  # another kind of claim has other fields
        changed = {k: v for k, v in changed.items() if k in (*COMMON, *WRITES, *FIELDS.get(changed["says"], ()))}
    if changed and act not in ("reject", "merge"):
        desk.edit(item, changed)
        item = desk.item(key)
    if act == "save":
        return ["Kept."] if changed else [], key
    if act == "accept":
        decision = desk.accept(item)
        return [f"Accepted: {decision.claim or 'your opinion; the record stands as it is'}."], after
    if act == "reject":
        desk.reject(item, form.get("reason", ""))
        return ["Rejected."], after
    if act == "split":
        desk.split(item)
        return ["Split: a second form of the same words waits behind it."], key
    if act == "merge":
        desk.merge(item, desk.item(form["other"]) if form.get("other") else None)
        return ["Merged."], after if after != key else ""
    ways = {"wider": (1, False), "narrower": (-1, False), "wider-left": (1, True), "narrower-left": (-1, True)}
    if act in ways:
        words, left = ways[act]
        desk.move(item, words, left=left)
        return [], key
    raise StandoffError.of(f"there is no button {act[:40]!r}", file="act", expected="accept, reject, save, undo, ...")
