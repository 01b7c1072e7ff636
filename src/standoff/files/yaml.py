"""YAML as plain strings, lists and dicts, with the line of every value. Nothing is evaluated, nothing is aliased.

Types come from the schema, so ``no`` stays Norway. Anchors and aliases are refused: a case needs none, and they are
how a small file becomes a huge one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.events import MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from standoff.errors import Problem, StandoffError
from standoff.files.opener import read_text
from standoff.oneline import OneLine

MAX_YAML_BYTES = 16 * 2**20
MAX_DEPTH = 20
_DEEP = (f"nested deeper than {MAX_DEPTH} levels", "a flatter record")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TABBED = re.compile(r"^ *\t", re.MULTILINE)


@dataclass(slots=True, repr=False)
class Lines(OneLine):
    """The line a value starts on, and the lines of what it holds (by key or index)."""

    line: int
    inside: dict[str | int, Lines] = field(default_factory=dict)

    def at(self, path: tuple[str | int, ...]) -> int:
        """Return the line of the longest known part of ``path``."""
        here = self
        for step in path:
            lines = here.inside.get(step)
            if lines is None:
                break
            here = lines
        return here.line


class _Refused(Exception):
    def __init__(self, line: int, what: str, expected: str) -> None:
        super().__init__(what)
        self.line, self.what, self.expected = line, what, expected


_NOTHING: dict[str | int, Lines] = {}  # shared by all scalars, which hold nothing; a dict each costs time and memory


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _build(events: Any, event: Any, depth: int) -> tuple[Any, Lines]:
    line = event.start_mark.line + 1
    if event.anchor is not None:  # an alias has one, too
        raise _Refused(line, "anchors (&) and aliases (*) are not read", "the value written out")
    if event.tag is not None and event.tag != "!":
        raise _Refused(line, f"the tag {event.tag} is not read", "a plain value")
    if depth > MAX_DEPTH:
        raise _Refused(line, *_DEEP)
    if isinstance(event, ScalarEvent):
        return event.value, Lines(line, _NOTHING)
    lines = Lines(line)
    inside = lines.inside
    if isinstance(event, SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            item, inside[len(items)] = _build(events, event, depth + 1)
            items.append(item)
        return items, lines
    mapping: dict[str, Any] = {}
    while not isinstance(event := next(events), MappingEndEvent):
        key, at_key = _build(events, event, depth + 1)
        if not isinstance(key, str):
            raise _Refused(at_key.line, "a key is not a word", "a plain word before the colon")
        if key in mapping:
            raise _Refused(at_key.line, f"the key {key!r} is given twice", "each key once")
        mapping[key], where = _build(events, next(events), depth + 1)
        where.line = at_key.line
        inside[key] = where
    return mapping, lines


def read_yaml(path: Path, name: str) -> tuple[Any, Lines, list[Problem]]:
    """Read one YAML file as plain strings; problems come back, not raised. An empty file is an empty list."""
    try:
        text = read_text(path, name, MAX_YAML_BYTES, kind=" of YAML")
    except StandoffError as error:
        return [], Lines(1), list(error.problems)
    if tab := _TABBED.search(text):
        line = text.count("\n", 0, tab.end()) + 1
        return [], Lines(1), [Problem(name, line, "a tab indents this line", "spaces")]
    try:
        events: Any = iter(yaml.parse(text, Loader=_Loader))
        value: Any = []
        lines = Lines(1)
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(_line(event), "a second document starts here", "one document a file")
                value, lines = _build(events, next(events), 0)
        return value, lines, []
    except _Refused as refused:
        return [], Lines(1), [Problem(name, refused.line, refused.what, refused.expected)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = int(mark.line) + 1 if mark is not None else 0
        if "nesting depth" in str(error.problem):  # PyYAML from 6.0.4 on stops by itself, at a limit of its own
            return [], Lines(1), [Problem(name, line, *_DEEP)]
        what = f"this is not YAML: {error.problem or error.context}"
        return [], Lines(1), [Problem(name, line, what, "keys and values indented with spaces")]
    except yaml.YAMLError as error:
        what = f"this is not YAML: {str(error).splitlines()[0]}"
        return [], Lines(1), [Problem(name, 0, what, "a text file in UTF-8")]
