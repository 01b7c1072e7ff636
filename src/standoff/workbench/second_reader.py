"""The second reader of the review page: a model that reads in a thread of its own, so that no page waits for it.

The proposals of the rules are shown at once; those of the model join them when it has read the text. One text is read
at a time, and what could not be read is told in words until somebody asks again.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import threading

from standoff.case.claims import Document
from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.reading.language_model import Endpoint, ModelReading, merged, read_with
from standoff.reading.propose import Reading, propose, saying_day

log = logging.getLogger("standoff.workbench")
Key = tuple[str, ...]


class SecondReader:
    """Reads documents with a model behind an endpoint, and remembers what it read and what it could not read."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._lock = threading.Lock()
        self._waiting: queue.Queue[tuple[Key, str, Case, Document]] = queue.Queue()
        self._requests: set[Key] = set()  # waits, is being read, or could not be read
        self._readings: dict[str, tuple[Key, ModelReading]] = {}  # the last reading of each document
        self._failures: dict[Key, str] = {}
        self._thread: threading.Thread | None = None

    def __call__(self, text: str, case: Case, document: Document) -> Reading:
        """Return what is proposed now: by the rules, and by the model where it has read this text."""
        rules = propose(text, case, saying_day(document))
        key = _key(text, case, document)
        with self._lock:
            latest, reading = self._readings.get(document.id, ((), None))
            if latest != key and key not in self._requests:
                self._requests.add(key)
                self._waiting.put((key, text, case, document))
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="second reader", daemon=True)
                    self._thread.start()
        # other names in the case make another reading; that of the same text stands until then
        return rules if reading is None or latest[:3] != key[:3] else merged(rules, reading)

    def _work(self) -> None:
        while True:
            key, text, case, document = self._waiting.get()
            try:
                reading = read_with(text, self.endpoint, case, saying_day(document))
            except StandoffError as error:
                told = "; ".join(f"{p.what}{f' ({p.hint})' if p.hint else ''}" for p in error.problems)
                with self._lock:
                    self._failures[key] = told
            except Exception as error:
                log.exception("the second reader failed")
                with self._lock:
                    self._failures[key] = f"a fault of the program: {type(error).__name__}"
            else:
                with self._lock:
                    self._readings[document.id] = key, reading
                    self._requests.discard(key)

    def reading(self) -> list[str]:
        """The documents that wait for it or are being read."""
        with self._lock:
            return sorted({key[0] for key in self._requests - self._failures.keys()})

    def failures(self) -> dict[str, str]:
        """Why a document could not be read, by document."""
        with self._lock:
            return {key[0]: told for key, told in sorted(self._failures.items())}

    def again(self) -> None:
        """Forget what failed, so that the next page asks again."""
        with self._lock:
            self._requests -= self._failures.keys()
            self._failures.clear()


def _key(text: str, case: Case, document: Document) -> Key:
    names = repr([sorted((r.name, *r.aliases) for r in records.values()) for records in (
        case.sources, case.actors, case.places)])  # fmt: skip
    return document.id, hashlib.sha256(text.encode()).hexdigest(), str(document.published), names
