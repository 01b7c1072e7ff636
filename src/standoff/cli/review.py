"""The command review: proposals decided one by one, a key each, in a terminal or from standard input."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from standoff.cli.options import json_option, print_json, print_lines
from standoff.cli.reading import endpoint_of
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.reading.review import Item, Review

ASKING = {"e": "field=value, several parted by ' | '", "r": "why"}


@click.command()
@click.argument("name", metavar="CASE")
@click.option("--by", metavar="NAME", default="", help="Who reviews; stands beside each decision.")
@click.option("--document", metavar="ID", default="", help="Only proposals of this document.")
@click.option("--second", is_flag=True, help="Decide on what others have decided, without seeing what they changed.")
@click.option("--disagreements", is_flag=True, help="List where the last words of two reviewers differ.")
@click.option("--llm", "url", metavar="URL", help="Ask a model at this address too (any OpenAI-compatible endpoint).")
@click.option("--model", metavar="NAME", help="The model to ask, with --llm.")
@click.option("--llm-timeout", type=click.FloatRange(1, 3600), default=120.0, metavar="SECONDS", help="Default 120.")
@json_option
def review(
    name: str,
    by: str,
    document: str,
    second: bool,
    disagreements: bool,
    url: str | None,
    model: str | None,
    llm_timeout: float,
    as_json: bool,
) -> None:
    """Decide on what was proposed from the documents of a case, one key each. Nothing is accepted by itself.

    a accept, e edit, r reject with a reason, s split, m merge with the next of its sentence, + and - widen and narrow
    the words that are lit (+ left, - left: at their beginning), u undo, n next, y why, q quit. Without a terminal the
    keys are read from standard input, a line each: "a", "e date=2020-02-27 | at=town", "r misread".

    Each decision is a line of decisions.jsonl, on the disk before the next key. Accepting writes the claim and what is
    missing with it, or nothing where the case would not pass check.
    """
    from standoff.commitments.revision import verdicts_moved
    from standoff.evidence.decisions import agreement
    from standoff.evidence.decisions import disagreements as differing
    from standoff.reading.review import Review, with_model
    from standoff.views.lines.review import disagreement_lines, item_record, tally_line

    if not by and not disagreements and not as_json:
        raise click.UsageError("say who reviews: --by NAME")
    endpoint = endpoint_of(url, model, llm_timeout)
    reader = with_model(endpoint) if endpoint is not None else None
    desk = Review(name, by, document=document, second=second, moves=verdicts_moved, reader=reader)
    for note in desk.notes:
        click.echo(f"warning: {note}", err=True)
    if disagreements:
        several = differing(desk.log.standing)
        both, agree = agreement(desk.log.standing)
        if as_json:
            rows = [
                {"item": d.item, "document": d.document, "words": d.words, "kind": d.kind,
                 "says": [{"by": s.by, "act": s.act, "reason": s.reason, "values": dict(s.values)} for s in d.says]}
                for d in several
            ]  # fmt: skip
            print_json({"closed_by_several": both, "agree": agree, "disagreements": rows})
            return
        print_lines(disagreement_lines(several, both, agree, terminal_width()))
        return
    if as_json:
        tally = {f: getattr(desk.tally, f) for f in desk.tally.__slots__}
        print_json({"tally": tally, "notes": desk.notes, "queue": [item_record(desk, item) for item in desk.queue]})
        return
    if not desk.texts:
        click.echo(f"no document of {name} has a text in library/")
        click.echo(f"next: standoff add-document {name} FILE")
        return
    failed = _session(desk)
    click.echo(tally_line(desk.tally))
    click.echo(
        f"next: standoff ledger {name}" if desk.tally.accepted else f"next: standoff review {name} --by {by or 'NAME'}"
    )
    if failed and not sys.stdin.isatty():
        raise SystemExit(1)


def _lit(line: str) -> str:
    """Return a line with its marked words in reverse on a terminal, else between marks."""
    if "\u2063" not in line:
        return line
    if sys.stdout.isatty():
        return re.sub("\u2063([^\u2063]*)(?:\u2063|$)", lambda m: click.style(m[1], reverse=True), line)
    return line.replace("\u2063", "|")


def _keys() -> Iterator[str]:
    """Yield what is pressed, or the lines of standard input; a key that asks for more comes with it."""
    if not sys.stdin.isatty():
        for line in sys.stdin:
            if line.strip():
                yield line.strip()
        return
    while True:
        key = click.getchar()
        if key in ASKING:
            key = f"{key} {click.prompt(ASKING[key], default='', show_default=False)}"
        elif key in ("\x03", "\x04", "\x1b"):
            return
        yield key.strip() or "n"


def _session(desk: Review) -> int:
    """Go through the queue; return how many keys failed."""
    from standoff.errors import StandoffError
    from standoff.views.lines.review import KEYS, item_lines, tally_line, why_lines

    passed: set[str] = set()
    failed, fresh, at = 0, True, ""
    keys = _keys()
    while True:
        waiting = [item for item in desk.queue if item.key not in passed]
        waiting.sort(key=lambda item: item.key != at)  # what was edited stays before the eyes
        at = waiting[0].key if waiting else ""
        if not waiting:
            left = f"; {len(passed)} passed over" if passed else ""
            click.echo(f"nothing more waits{left}")
        elif fresh:
            width = terminal_width()
            print_lines(item_lines(desk, waiting[0], width, _lit))
            if sys.stdin.isatty():
                print_lines(["", tally_line(desk.tally), KEYS])
        fresh = True
        pressed = next(keys, "q")
        key, rest = pressed[0], pressed[1:].strip()
        try:
            if key == "q":
                return failed
            if key == "u":
                back = desk.undo(rest)
                at = back.item
                passed.discard(at)
                click.echo(f"undone: {_undone(desk, back.undoes)}")
            elif not waiting:
                return failed
            elif key == "n":
                passed.add(waiting[0].key)
            elif key == "y":
                print_lines(why_lines(desk, waiting[0], terminal_width()))
                fresh = False
            else:
                click.echo(_act(desk, waiting[0], key, rest))
        except StandoffError as error:
            failed += 1
            fresh = False
            for problem in error.problems:
                click.echo(f"error: {problem}", err=True)
            if not sys.stdin.isatty():  # the keys that follow were written for what this one should have done
                click.echo(f"stopped at this key: {pressed[:60]}; the keys after it were not read", err=True)
                return failed


def _undone(desk: Review, decision: str) -> str:
    old = next(d for d in desk.log.every if d.id == decision)
    return f"{old.act} of {old.item}" + (f", {old.claim} is taken out" if old.claim else "")


def _act(desk: Review, item: Item, key: str, rest: str) -> str:
    """Do what a key says with an item, and return what was done. Raises StandoffError where it cannot be done."""
    from standoff.errors import StandoffError

    if key == "a":
        decision = desk.accept(item, _fields(rest) if rest else None)
        return f"accepted: {decision.claim or 'your opinion; the record stands as it is'}"
    if key == "e":
        desk.edit(item, _fields(rest))
        return "edited"
    if key == "r":
        desk.reject(item, rest)
        return f"rejected: {rest}"
    if key == "s":
        desk.split(item)
        return "split: a second form of the same words waits behind it"
    if key == "m":
        desk.merge(item, desk.item(rest) if rest else None)
        return "merged"
    if key in "+-":
        left = rest.startswith("l")
        number = int(re.sub(r"\D", "", rest) or 1)
        desk.move(item, number if key == "+" else -number, left=left)
        return "wider" if key == "+" else "narrower"
    from standoff.views.lines.review import KEYS

    raise StandoffError.of(f"there is no key {key!r}", file="key", expected=KEYS)


def _fields(text: str) -> dict[str, str]:
    """Read ``field=value | field=value``. Raises StandoffError for a part without a sign."""
    from standoff.errors import Problem, StandoffError

    parts = [part.strip() for part in text.split(" | ") if part.strip()]
    wrong = [Problem("e", 0, f"{part[:40]!r} has no '='", "field=value, parted by ' | '") for part in parts
             if "=" not in part]  # fmt: skip
    if wrong or not parts:
        raise StandoffError(wrong or [Problem("e", 0, "nothing is changed", "field=value, parted by ' | '")])
    return {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)}
