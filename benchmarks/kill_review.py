"""Kill a review in the middle of its keys, again and again: `python benchmarks/kill_review.py --n 200`.

Each round starts `standoff review` on a case, gives it keys that accept, reject, edit and undo without end, and kills
it (SIGKILL) at a moment drawn at random. After each kill the case must pass `check`, every decision that stands must be
written and everything written must stand, all keys that were answered must be there, and at most one key may be lost.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import signal
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from standoff.case.history import entries
from standoff.case.read import load, start
from standoff.cli import main as command
from standoff.evidence.decisions import MARK, Act, decisions, read_decisions
from standoff.reading.accession import accession, add_documents
from standoff.reading.documents import open_document
from standoff.reading.review import Review

KEYS = "a\nr misread\nu\ne note=seen\na\nu\ns\nu\na\nu\nu\n"
EACH = 5  # kills of one case, before its queue runs out
ANSWERS = ("accepted:", "rejected:", "undone:", "edited", "split:")


def write_case(folder: Path) -> str:
    start(folder)
    case = load(folder)
    lines = [f"The governor said that {k} houses were burnt in the town on 26 February." for k in range(20, 40)]
    copy = open_document("\n".join(lines).encode(), "words.txt")
    said = {"published": "2024-03-01", "publisher": "observer", "title": "The town"}
    one = accession(case, copy, captured=datetime(2024, 3, 2, tzinfo=UTC), overrides=said)
    add_documents(case, [one])
    return one.document.id


def killed_once(folder: Path, wait: float) -> int:
    """Start a review, kill it so many seconds after its first decision, and return how many keys it had answered.

    The review is forked from here, which has its libraries loaded: the keys, the writing and the kill are those of the
    command, and a round takes a tenth of the time.
    """
    before = len(read_decisions(folder)[0])
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        sys.stdin = io.StringIO(KEYS * 40)
        sys.stdout = os.fdopen(writing, "w", buffering=1)
        sys.stderr = io.StringIO()
        with contextlib.suppress(BaseException):
            command(["review", str(folder), "--by", "Mary"])
        os._exit(0)
    os.close(writing)
    answered: list[str] = []

    def listen() -> None:
        with os.fdopen(reading) as lines:
            answered.extend(line for line in lines if line.startswith(ANSWERS))

    listening = threading.Thread(target=listen)
    listening.start()
    ended = 0
    while not ended and len(read_decisions(folder)[0]) == before:
        time.sleep(0.01)
        ended, _ = os.waitpid(child, os.WNOHANG)
    if not ended:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    listening.join()
    return len(answered)


def faults(folder: Path, document: str, before: int, answered: int) -> list[str]:
    """Return what is wrong after a kill."""
    wrong: list[str] = []
    case = load(folder)  # raises where the case does not pass check
    log = decisions(folder)
    standing = {d.claim for d in log.standing if d.act is Act.ACCEPT}
    written = {name for name in case.claims if name.startswith(f"{document}-")}
    if standing != written:
        wrong.append(f"decided {sorted(standing)}, written {sorted(written)}")
    marks = {e.why.partition(" ")[2] for e in entries(folder) if e.why.startswith(f"{MARK} d-")}
    if not {d.id for d in log.standing if d.act is Act.ACCEPT} <= marks:
        wrong.append("a decision stands whose change is in no journal")
    lines = len(log.every) - before
    if lines < answered:
        wrong.append(f"{answered} keys answered, {lines} on the disk")
    if lines > answered + 1:
        wrong.append(f"{answered} keys answered, {lines} on the disk: more than the key being pressed")
    Review(folder, "Mary")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    bad = torn = lost = keys = 0
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(1, options.n + 1):
            folder = Path(scratch) / f"case-{(number - 1) // EACH}"
            if not folder.exists():
                document = write_case(folder)
            before = decisions(folder)
            answered = killed_once(folder, draw.uniform(0, 3.0))
            keys += answered
            wrong = faults(folder, document, len(before.every), answered)
            after = decisions(folder)
            torn += len(after.problems) - len(before.problems)
            lost += len(after.unfinished) - len(before.unfinished)
            bad += bool(wrong)
            for one in wrong:
                print(f"kill {number}: {one}", flush=True)
            if number % 20 == 0:
                print(f"after {number} kills: {keys} keys answered, {bad} with a fault", flush=True)
    print(f"kills: {options.n}; keys answered: {keys}; kills with a fault: {bad}; "
          f"accepted keys lost while pressed: {lost}; torn lines: {torn}")  # fmt: skip
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
