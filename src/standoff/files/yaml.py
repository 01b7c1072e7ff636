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
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


# Shared by all scalars and rows, which hold nothing: a dict each costs time and memory.
NOTHING_INSIDE: dict[str | int, Lines] = {}


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
        return event.value, Lines(line, NOTHING_INSIDE)
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
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> tuple[Any, Lines, list[Problem]]:
    """Read a text of YAML as `read_yaml` does a file."""
    if tab := _TABBED.search(text):
        line = text.count("\n", 0, tab.end()) + 1
        return [], Lines(1), [Problem(name, line, "a tab indents this line", "spaces")]
    try:
        events: Any = iter(yaml.parse(text, Loader=LOADER))
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
        return [], Lines(1), [_in_our_words(name, text, error)]
    except yaml.YAMLError as error:
        control = _CONTROL.search(text)
        line = text.count("\n", 0, control.start()) + 1 if control else 0
        sign = f"the control character U+{ord(control[0]):04X}" if control else str(error).splitlines()[0]
        return [], Lines(1), [Problem(name, line, f"this is not YAML: {sign}", "a plain text in UTF-8")]


# What is wrong with a text that is not YAML, where it begins to be wrong: the parser often notes it lines below.


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("[\n\x85\u2028\u2029]")  # those of YAML
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
_TWO_COLONS = re.compile(r"\s*(?:- )*[^\s:#{\[\"'][^:]*:\s+(?P<text>[^\s\"'{\[|>&*!].*:(?:\s.*|$))")
_NO_BLANK = re.compile(r"\s*(?:- )?(?P<key>[A-Za-z_]\w*):(?P<value>[^\s:/].*)$")
_NO_DASH = re.compile(r"-(?P<key>[A-Za-z_]\w*:.*)")


def _in_our_words(name: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    lines = _BREAKS.split(text)
    at = int(error.problem_mark.line) if error.problem_mark is not None else 0
    opened = int(error.context_mark.line) if error.context_mark is not None else at
    said, context = str(error.problem or ""), str(error.context or "")
    lines += [""] * (max(at, opened) + 1 - len(lines))  # behind the last line, where something is missing
    here = lines[at]
    above = next((k for k in range(min(at, len(lines)) - 1, -1, -1) if lines[k].strip()), at)
    if "nesting depth" in said:  # PyYAML from 6.0.4 on stops by itself, at a limit of its own
        return Problem(name, at + 1, *_DEEP)
    if conflict := _CONFLICT.search(text):
        mark = text.count("\n", 0, conflict.start()) + 1
        return Problem(
            name, mark, "a mark of a merge conflict stands here", "one of the two versions, without the marks"
        )
    if "quoted scalar" in context:
        what = f"a quote is opened here and not closed: {_short(lines[opened])}"
        return Problem(
            name, opened + 1, what, 'a quote at both ends of the text; inside double quotes write \\" for one'
        )
    if "flow" in context or "',' or" in said:
        what = f"a bracket is opened here and not closed, or a quote in it: {_short(lines[opened])}"
        expected = "each { with its }, each [ with its ], entries parted by commas, a blank behind each colon"
        return Problem(name, opened + 1, what, expected)
    for k in (at, above):
        line = lines[k]
        if match := _NO_BLANK.fullmatch(line):
            hint = f"write {match['key']}: {match['value'].strip()[:40]}"
            return Problem(name, k + 1, f"no blank stands behind the colon: {_short(line)}", "key: value", hint)
        if match := _NO_DASH.fullmatch(line):
            hint = f"write - {match['key'][:40]}"
            return Problem(name, k + 1, f"no blank stands behind the dash: {_short(line)}", "- key: value", hint)
    if "mapping values" in said:
        if (match := _TWO_COLONS.fullmatch(here)) is not None:
            hint = f'put the text in quotes: "{match["text"].strip()[:40]}"' if '"' not in match["text"] else ""
            return Problem(name, at + 1, f"a colon stands inside a text: {_short(here)}", "a text in quotes", hint)
        return Problem(name, at + 1, f"this line is indented deeper than its neighbours: {_short(here)}", _LEVEL)
    if "did not find expected '-'" in said:
        what = f"this line belongs to no entry of the list: {_short(here)}"
        return Problem(name, at + 1, what, "'- ' before the first key of an entry, the other keys indented below it")
    if "expected key" in said or "expected ':'" in said or "<block end>" in said:
        k = at if here.strip() and "expected ':'" not in said else above
        return Problem(name, k + 1, f"this line is not a key of the entry it stands in: {_short(lines[k])}", _LEVEL)
    if "cannot start any token" in said or "unexpected" in said:
        what = f"a text cannot begin with this sign: {_short(here)}"
        return Problem(name, at + 1, what, "a text in quotes")
    what = f"this is not YAML: {said or context}"
    return Problem(name, at + 1, what, "keys and values indented with spaces")


_LEVEL = "key: value, with as many spaces before it as the keys beside it have"


def _short(line: str) -> str:
    return f"{line.strip()[:60]!r}"
