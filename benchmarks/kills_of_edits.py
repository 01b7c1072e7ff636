"""Kill a program that edits a case at random moments, hundreds of times: is every change there whole or not at all?

    python benchmarks/kills_of_edits.py [KILLS]

Each round a child adds actors, changes case.yaml in the same step, and takes every third change back, until it is
killed with SIGKILL: in every other round at any moment, else within 30 ms after it began to write. Then the case is
opened, as anybody would, and compared with its journal: the actors are those of the entries that stand, the summary is
that of the last of them, every line of the journal is whole, and the case passes its checks. Last, all that stands is
undone, the newest first: every file but the journal must have the bytes it began with.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from standoff.case.history import JOURNAL, entries, undone_ids
from standoff.case.journal import RecordChange, apply, undo
from standoff.case.model import Kind
from standoff.case.read import load, start
from standoff.files.atomic import WORK

CHILD = """
import sys
from pathlib import Path
from standoff.case.journal import RecordChange, apply, undo
from standoff.case.model import Kind
folder, number = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
while True:
    number += 1
    one = {"id": f"g{number}", "name": "G", "kind": "state"}
    changes = [RecordChange.add(Kind.ACTORS, one), RecordChange.change(Kind.CASE, "example", {"summary": f"n{number}"})]
    entry = apply(folder, changes, by="A")
    if number % 3 == 0:
        undo(folder, entry.id, by="A")
"""


def state(folder: Path) -> dict[str, bytes]:
    """Return the files of a case but its journal."""
    files = (p for p in folder.rglob("*") if p.is_file() and WORK not in p.parts and p.name != JOURNAL)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def faults(folder: Path) -> list[str]:
    """Return what is not whole in a case after a kill."""
    case, table = load(folder), entries(folder)
    gone = undone_ids(table)
    kept = [e for e in table if not e.undoes and e.id not in gone]
    told = [t.id for e in kept for t in e.records if t.kind == "actors"]
    wrong = []
    if [key for key in case.actors if key[:1] == "g" and key[1:].isdigit()] != told:
        wrong.append("the actors are not those of the journal")
    if told and case.about.summary != f"n{told[-1][1:]}":
        wrong.append("a change is half there")
    return wrong


def names(folder: Path) -> set[str]:
    """Return what stands in the folder of changes under way."""
    return {p.name for p in (folder / WORK).iterdir() if p.name.startswith(("draft-", "change"))}


def wait_for_writing(folder: Path, old: set[str]) -> None:
    """Wait until the child has begun to write a change."""
    last = time.monotonic() + 60
    while time.monotonic() < last:
        if names(folder) - old:
            return
    raise RuntimeError("the child writes nothing")


def main() -> int:
    """Kill, count, and print."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rng = random.Random(7)
    wrong: list[str] = []
    in_change = in_draft = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = start(Path(scratch) / "case")
        before = state(folder)
        began = time.monotonic()
        first = apply(folder, [RecordChange.change(Kind.CASE, "example", {"summary": "n"})], by="A")
        took = time.monotonic() - began
        undo(folder, first.id)
        for number in range(kills):
            child = subprocess.Popen([sys.executable, "-c", CHILD, folder, str(number * 1000)], stdout=subprocess.PIPE)
            assert child.stdout is not None
            old = names(folder)
            child.stdout.readline()
            if number % 2:
                time.sleep(rng.uniform(0.0, 3.0 * took))
            else:
                wait_for_writing(folder, old)
                time.sleep(rng.uniform(0.0, 0.03))
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            left = names(folder) - old
            in_change += "change" in left
            in_draft += any(name.startswith("draft-") for name in left)
            wrong += [f"kill {number}: {what}" for what in faults(folder)]
        changes = len(entries(folder))
        for entry in reversed(entries(folder)):
            if not entry.undoes and entry.id not in undone_ids(entries(folder)):
                undo(folder, entry.id)
        if state(folder) != before:
            wrong.append("after undoing everything the files are not what they were")
    print(f"{kills} kills, {in_change} of them between two files of a change, {in_draft} with a draft left; ", end="")
    print(f"{changes} entries in the journal")
    print(f"not whole: {len(wrong)}")
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
