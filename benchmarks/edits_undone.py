"""Change, take out and put back every record of a shipped case: does undo leave every byte as it was?

    python benchmarks/edits_undone.py [CASE] [--each N] [--unchecked]
    python benchmarks/edits_undone.py --forms

A copy of the case (hodeidah unless told otherwise) is changed record by record through the journal: another text, then
undo; the record out, then undo. ``--each`` takes N records of a kind; ``--unchecked`` leaves the check of the whole
case out, so that a removal which others stand in the way of is tried, too. ``--forms`` adds, changes and takes out a
record of every kind of a fresh case by the forms of the workbench. Prints how many were accepted and refused.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from standoff.case.history import JOURNAL
from standoff.case.journal import RecordChange, apply, undo
from standoff.case.model import Kind
from standoff.case.read import UNNAMED, load, start
from standoff.case.write import Amendment
from standoff.errors import StandoffError
from standoff.files.atomic import WORK

TEXTS = ("note", "title", "name", "question", "text", "indicator", "basis")


def state(folder: Path) -> dict[str, bytes]:
    """Return the files of a case but its journal."""
    files = (p for p in folder.rglob("*") if p.is_file() and WORK not in p.parts and p.name != JOURNAL)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def other(values: dict[str, Any]) -> dict[str, Any] | None:
    """Return another text for a key that has one, or None where no key has."""
    key = next((k for k in TEXTS if isinstance(values.get(k), str)), None)
    return None if key is None else {key: f"{values[key]}: 'it', \"they\" # and ë; {{x}}"}


def main() -> int:
    """Try all, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="?", default="hodeidah")
    parser.add_argument("--each", type=int, default=10**6)
    parser.add_argument("--unchecked", action="store_true")
    parser.add_argument("--forms", action="store_true")
    options = parser.parse_args()
    if options.forms:
        tests = Path(__file__).parent.parent / "tests"
        sys.path[:0] = [str(tests / "support"), str(tests / "workbench")]
        from test_every_kind_by_form import on_a_fresh_case

        with tempfile.TemporaryDirectory() as scratch:
            print(f"forms: {on_a_fresh_case(Path(scratch), whole=True)} changes, each undone to the byte")
        return 0
    if options.unchecked:
        Amendment.new_problems = lambda self, *, warnings=False: []  # type: ignore[method-assign]
    counts = {"change": [0, 0], "remove": [0, 0]}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = start(Path(scratch) / "case", options.case)
        before = state(folder)
        for kind in Kind:
            ids = Amendment(folder).ids(kind)
            for key in ids[:: max(len(ids) // options.each, 1)] if kind is not Kind.CASE else ids:
                text = other(Amendment(folder).values(kind, key)) if kind not in UNNAMED else None
                acts = [RecordChange.change(kind, key, text)] if text else []
                acts += [RecordChange.remove(kind, key)] if kind is not Kind.CASE else []
                for act in acts:
                    try:
                        entry = apply(folder, [act], by="A")
                    except StandoffError:
                        counts[act.act][1] += 1
                        if state(folder) != before:
                            wrong.append(f"{kind} {key}: refused, and something is written")
                        continue
                    counts[act.act][0] += 1
                    if not options.unchecked and load(folder).errors:
                        wrong.append(f"{kind} {key}: accepted, and the case has errors")
                    undo(folder, entry.id)
                    if state(folder) != before:
                        wrong.append(f"{kind} {key}: {act.act} and undo leave other bytes")
                        before = state(folder)
    for act, (taken, refused) in counts.items():
        print(f"{act}: {taken} accepted and undone to the byte, {refused} refused with nothing written")
    print(f"wrong: {len(wrong)}", *wrong[:20], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
