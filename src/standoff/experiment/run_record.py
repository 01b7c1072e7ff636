"""What run.json must hold for a run folder to be read: each key with what it may be, and what is told where it is not.

Keys that an earlier edition did not write may be absent; what is there has to be of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from standoff.case.files import read_json
from standoff.case.geometry import short
from standoff.case.values import YEARS, calendar_day
from standoff.errors import Problem, StandoffError

MAX_BYTES = 16 * 2**20
MOST = 1_000_000_000
_Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _word(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _whole(low: int, high: int) -> _Check:
    return lambda value: type(value) is int and low <= value <= high


def is_day(value: Any) -> bool:
    """Whether a value is the text of a day, such as 2020-02-14."""
    try:
        return isinstance(value, str) and len(value) == 10 and calendar_day(value) is not None
    except ValueError:
        return False


def _words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_word, value)) and len(set(value)) == len(value)


def _titled(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and _word(item.get("id")) and _text(item.get("title")) for item in value
    )


_DAY = f"a day such as 2020-02-14, {YEARS}"
_TITLED = "a list of records with id and title"
# key: (needed, may it be null, check, what was expected)
KEYS: dict[str, tuple[bool, bool, _Check, str]] = {
    "case": (True, False, lambda v: isinstance(v, dict), "id, title and digest of the case"),
    "case.id": (True, False, _word, "the id of the case"),
    "case.title": (True, False, _text, "a text"),
    "case.digest": (True, False, _text, "a text"),
    "case.edition": (False, True, _text, "a text"),
    "spec": (True, False, lambda v: isinstance(v, dict), "what was run"),
    "spec.start": (True, False, is_day, _DAY),
    "spec.as_of": (False, True, is_day, _DAY),
    "spec.days": (True, False, _whole(1, 36_600), "a whole number of days from 1 on"),
    "spec.trajectories": (True, False, _whole(1, MOST), "a whole number from 1 on"),
    "spec.seed": (True, False, _whole(0, 2**63 - 1), "a whole number from 0 on"),
    "spec.batch": (False, False, _whole(1, MOST), "a whole number from 1 on"),
    "spec.accounts": (True, False, _words, "a list of accounts, each once"),
    "spec.scenarios": (True, False, _words, "a list of scenarios, each once"),
    "spec.mode": (False, False, _text, "a word"),
    "spec.ablation": (False, False, _text, "a word"),
    "spec.beliefs": (False, False, _text, "a word"),
    "spec.parameters": (False, False, _text, "a word"),
    "spec.mixed": (False, False, lambda v: isinstance(v, bool), "true or false"),
    "outcomes": (True, False, _titled, _TITLED),
    "scenarios": (False, False, _titled, _TITLED),
    "standoff": (False, False, _text, "a version"),
}


def read_record(root: Path) -> dict[str, Any]:
    """Return run.json of a run folder. Raises StandoffError with everything in it that cannot be used."""
    shown = str(root / "run.json")
    needs = "spec, outcomes and case as standoff run writes them"
    found = read_json(root / "run.json", shown, MAX_BYTES, within=root, expected="the record of a run")
    if not isinstance(found, dict) or not {"case", "spec"} & found.keys():
        raise StandoffError.of("this is not the run.json of a run", file=shown, expected=needs)
    if gone := [key for key, rule in KEYS.items() if rule[0] and not _has(found, key.split("."))]:
        raise StandoffError.of(f"run.json has no {', '.join(gone)}", file=shown, expected="a complete run folder")
    if problems := list(_wrong(found, shown)):
        raise StandoffError(problems)
    return found


def _has(record: Any, keys: list[str]) -> bool:
    return isinstance(record, dict) and keys[0] in record and (len(keys) == 1 or _has(record[keys[0]], keys[1:]))


def _wrong(found: Mapping[str, Any], shown: str) -> Iterator[Problem]:
    for key, (_, empty, good, expected) in KEYS.items():
        keys = key.split(".")
        if not _has(found, keys):
            continue
        value: Any = found
        for step in keys:
            value = value[step]
        if not (good(value) or (empty and value is None)):
            yield Problem(shown, 0, f"{key} is {short(value)}", expected)
