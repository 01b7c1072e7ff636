"""A record as a form: its keys in plain words with what each may hold, and a filled-in form as keys and values again.

The form follows the record types of the case, so a key that a type gains is in its form. Values are those of the files
as they are written: what nobody changes keeps its spelling, and keys that no type has stay where they are.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import types
import typing
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import yaml

from standoff.case import vocabulary as words
from standoff.case.checks import closed_words
from standoff.case.claims import SAYINGS, UNWRITTEN, Saying
from standoff.case.geography import Zone
from standoff.case.model import About, Case, Kind
from standoff.case.parsing import FORMER, keys_of
from standoff.case.read import TABLES, YAML_KINDS
from standoff.case.references import named_by
from standoff.case.restrictions import is_free
from standoff.case.write import as_cell, in_line
from standoff.errors import Problem
from standoff.files.yaml import Lines
from standoff.oneline import OneLine
from standoff.values import Bounds, Duration, ListMark, Tie, When

MOST_IN_A_LIST = 250  # choices that are offered in a list; of more, one is typed and proposed
_SUGGESTED = 40  # words that are proposed for a key of free words
_HERE, _MANY = "here!", "many!"  # marks of a form: that a record stands in it, and how many of a list do
_LONG = {"text", "note", "question", "summary", "disclaimer", "unmodelled", "moves", "resolution", "observable"}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{0,9}[1-9])?")

# Labels where the key alone does not say it in plain words, and help where the record type has none of its own.
_LABELS: dict[str, str] = {
    "debtor": "Obliged party", "creditor": "Beneficiary", "says": "What it says", "realis": "Said as",
    "at": "Where", "from": "From", "of": "Of", "lat": "Latitude", "lon": "Longitude", "pcode": "P-code",
    "adm3": "Sub-district", "row": "Rows of the coding sheet", "url": "Address", "sha256": "SHA-256 of your copy",
    "on": "On", "by": "By", "not": "But not", "any": "Any of", "all": "All of", "while": "Only while",
    "except": "Except", "when": "If", "then": "Then", "forbid": "Never", "as_of": "As of", "crs": "Map system",
    "member_of": "Member of", "variant_of": "Version of", "chain": "Who relays whom, publisher first",
    "voice": "Quoted or in whose words", "id": "Id", "accuracy_km": "Accuracy in km", "km": "Kilometres",
    "graded_by": "Graded by", "answers_for": "Whose acts count", "same_as": "The same promise as",
}  # fmt: skip
_LABELS_OF: dict[tuple[str, str], str] = {
    ("Document", "voice"): "Account it belongs to", ("EventSaid", "at"): "Place, sector or zone",
    ("Claim", "at"): "Where it stands in the document", ("Anchor", "anchor"): "Its words (one to eight)",
    ("Pattern", "at"): "At these places", ("Pattern", "by"): "Until", ("Pattern", "type"): "Event types",
    ("AssessmentSaid", "by"): "Until", ("Thread", "of"): "Asked of", ("Thread", "by"): "Who asks",
    ("Commitment", "by"): "Due on", ("Commitment", "within"): "Due within", ("Interpretation", "by"): "Due on",
    ("Interpretation", "within"): "Due within", ("Pattern", "within"): "Inside the zone",
    ("Pattern", "above"): "More than", ("Pattern", "beyond"): "Outside the zone",
    ("Commitment", "early"): "What was done before it was called in",
    ("Source", "of"): "Belongs to", ("Source", "party"): "Speaks for",
    ("Change", "of"): "Of the commitment", ("Thread", "same_as"): "The same request as",
    ("Thread", "on"): "Asked on", ("Event", "contested"): "Contested by, in words",
}  # fmt: skip
_HELP: dict[str, str] = {
    "id": "names this record in all others; letters, digits and hyphens",
    "title": "what it is, in one line of your own words",
    "name": "as people write it",
    "note": "for whoever works on the case; no result reads it",
    "claims": "claims of the case that tell it",
    "row": "numbers of rows of a coding sheet, where there is one",
    "citation": "publisher and address, where no claim of the case tells it",
    "assumed": "why it is assumed, where nothing tells it",
    "grade": "Admiralty grade; F and 6: nobody has judged it",
    "answers": "the alternative answers, each with the claims behind it",
    "sets": "what the model takes for true under this answer",
    "readings": "other readings of the text, each with who holds it",
    "says": "first the kind, then what that kind asks for",
    "supersedes": "what it takes the place of",
}
_OPEN: dict[str, tuple[str, ...]] = {  # keys that are shown at once, beside those that are needed or filled in
    "Document": ("url", "language"), "Claim": ("document", "at", "realis", "citation", "published"),
    "Source": ("of", "party"), "Actor": ("aliases", "role"), "Agreement": ("kind", "reference", "text"),
    "Event": ("actor", "target", "place", "title", "low", "high", "counted", "claims", "source", "answer"),
    "Commitment": (
        "creditor", "agreement", "adverse", "until", "by", "within", "when", "then", "forbid", "claims", "citation",
    ),
    "Dispute": ("moves", "unmodelled"), "Place": ("name_local", "sector", "source"), "Scenario": ("changes", "note"),
    "Thread": ("of", "on", "due", "claims", "replies"), "Signal": ("towards", "claims", "date", "cost"),
    "Account": ("party", "voices"), "Answer": ("claims", "assumed", "sets"),
    "Pattern": ("type", "actor", "target", "at"),
    "QuantitySaid": ("value", "low", "high", "counted", "of", "as_of", "window"), "Anchor": (),
    "EventSaid": ("actor", "target", "at", "date"), "CommitmentSaid": ("standing", "by", "date"),
    "RelationSaid": ("to", "date"), "PositionSaid": ("issue",), "AssessmentSaid": ("actor", "by"),
    "OfferSaid": ("to", "answer"), "Observation": ("place", "source", "url"),
}  # fmt: skip
SAYING_TITLES: dict[str, str] = {
    "quantity": "a number", "event": "something that happened", "commitment": "a promise, threat or clause",
    "relation": "a relation between actors", "position": "what an actor wants",
    "assessment": "a judgement or prediction", "offer": "a request or offer",
}  # fmt: skip


class Widget(StrEnum):
    """How a key is filled in."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"
    PAIRS = "pairs"
    RECORD = "record"
    RECORDS = "records"


@dataclass(slots=True, kw_only=True, repr=False)
class FormSlot(OneLine):
    """One place of a form to fill in: its name there, its words, and what stands in it."""

    path: str
    key: str
    label: str
    help: str
    widget: Widget
    needed: bool = False
    is_open: bool = True  # shown at once
    value: str = ""
    values: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    choices: str = ""  # the list that its values, or the keys of its pairs, are taken from
    choices_of_values: str = ""
    inside: tuple[FormSlot, ...] = ()
    items: tuple[tuple[FormSlot, ...], ...] = ()
    is_there: bool = True  # of a record: whether it stands in the form
    problems: tuple[str, ...] = ()


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind, include_extras=True)
    return {f.name.removesuffix("_"): hints[f.name] for f in dataclasses.fields(kind)}


@cache
def _needed(kind: type) -> frozenset[str]:
    missing = dataclasses.MISSING
    return frozenset(
        f.name.removesuffix("_") for f in dataclasses.fields(kind) if f.default is missing is f.default_factory
    )


@cache
def meanings(kind: type) -> dict[str, str]:
    """Return what the comment behind each key of a record type says."""
    try:
        source = inspect.getsource(kind)
    except OSError:
        return {}
    return {
        name.removesuffix("_"): text for name, text in re.findall(r"^    (\w+): .*?  # (.+)$", source, re.MULTILINE)
    }


def record_type(kind: Kind) -> type:
    """Return the class of the records of a kind."""
    if kind is Kind.CASE:
        return About
    return Zone if kind is Kind.ZONES else {**YAML_KINDS, **TABLES}[kind][0]


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        choices = [a for a in typing.get_args(hint) if a is not type(None)]
        return choices[0] if len(choices) == 1 else hint
    return hint


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and dataclasses.is_dataclass(hint) and not hasattr(hint, "parse")


def _listed(hint: Any) -> Any:
    """Return the type of the items of a list of any length, or None."""
    args = typing.get_args(hint)
    return args[0] if typing.get_origin(hint) is tuple and len(args) == 2 and args[1] is Ellipsis else None


def _parsed(text: str) -> Any:
    """Return a value written in brackets or braces; the text itself where it is neither."""
    if text[:1] not in "{[":
        return text
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - plain strings
    except yaml.YAMLError:
        return text


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return in_line(value) if isinstance(value, Mapping | list | tuple) else str(value).replace("\r\n", "\n")


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value in (None, "") else [value]


def _plain(hint: Any, text: str) -> Any:
    """Return what somebody typed as the file is to hold it: numbers bare, structures as such, texts as they are."""
    text = text.replace("\r\n", "\n").strip()
    bare = typing.get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    if bare in (int, float) or any(isinstance(part, Bounds) for part in getattr(hint, "__metadata__", ())):
        return (float(text) if "." in text else int(text)) if _NUMBER.fullmatch(text) else text
    if bare in (Duration, Tie, ListMark) or typing.get_origin(bare) is not None:
        return _parsed(text)
    return text


class Layout:
    """The form of one record: built from what its file holds, with problems beside the places they are about.

    ``sent`` is a form that came back and is shown again: which records stand in it, and how many of each list.
    """

    def __init__(self, case: Case, kind: Kind, *, sent: Mapping[str, Sequence[str]] | None = None) -> None:
        self.case, self.kind = case, kind
        self.sent = sent or {}
        self.problems: dict[str, list[str]] = {}
        self.lists: dict[str, list[tuple[str, str]]] = {}

    def blanks(self, values: Mapping[str, Any]) -> tuple[FormSlot, ...]:
        """Return the places of the form, in the order of the record type; those needed first."""
        return self._record(record_type(self.kind), values, "", self.kind in TABLES)

    def _record(self, kind: type, values: Mapping[str, Any], prefix: str, is_row: bool = False) -> tuple[FormSlot, ...]:
        values = {FORMER.get(key, key): value for key, value in values.items()}
        keys = [key for key in keys_of(kind) if not (kind is Zone and key == "line")]
        blanks = [self._blank(kind, key, values.get(key), f"{prefix}{key}", is_row) for key in keys]
        return tuple(sorted(blanks, key=lambda one: not one.is_open))

    def _blank(self, kind: type, key: str, value: Any, path: str, is_row: bool) -> FormSlot:
        hint = _without_none(_hints(kind)[key])
        help_ = meanings(kind).get(key) or _HELP.get(key, "")
        widget, names = self._widget(kind, key, hint)
        if is_row and isinstance(value, str) and _listed(hint) is not None:
            value = [part.strip() for part in value.split(";")]
        needed = key in _needed(kind)
        blank = FormSlot(
            path=path,
            key=key,
            label=_LABELS_OF.get((kind.__name__, key)) or _LABELS.get(key) or key.replace("_", " ").capitalize(),
            help=_help(hint, help_, _defaults(kind).get(key)),
            widget=widget,
            needed=needed,
            choices=names,
            problems=tuple(self.problems.get(path, ())),
        )
        if widget in (Widget.LINE, Widget.TEXT, Widget.CHOICE):
            blank.value = _yes(_as_text(value)) if hint is bool else _as_text(value)
            if key == "geometry" and value is not None:
                blank.value = json.dumps(value)
        elif widget is Widget.CHOICES:
            blank.values = tuple(_as_text(one) for one in _several(value))
            self._keep(names, blank.values)
        elif widget is Widget.LINES:
            blank.value = "\n".join(_as_text(one) for one in _several(value))
        elif widget is Widget.PAIRS:
            blank.pairs = tuple((str(k), _as_text(v)) for k, v in value.items()) if isinstance(value, Mapping) else ()
            if target := named_by(self.kind, kind, f"{key}="):
                blank.choices_of_values = self._list(target)
            self._keep(names, [k for k, _ in blank.pairs])
        elif widget is Widget.RECORD:
            self._inside(blank, hint, value)
        else:
            some = [one if isinstance(one, Mapping) else {} for one in _several(value)]
            many = max(len(some), _whole(self.sent.get(f"{path}.{_MANY}", ("0",))[-1]))
            some += [{}] * (many - len(some))
            inner = _listed(hint)
            blank.items = tuple(self._record(inner, one, f"{path}.{n}.") for n, one in enumerate(some))
        if widget is Widget.CHOICE and blank.value:
            self._keep(names, [blank.value])
        filled = value not in (None, "", [], {}) or bool(blank.items)
        within = any(name.startswith(f"{path}.") for name in self.problems)
        blank.is_open = needed or filled or bool(blank.problems) or within or key in _OPEN.get(kind.__name__, ())
        blank.is_open = blank.is_open or f"{path}.{_HERE}" in self.sent
        return blank

    def _inside(self, blank: FormSlot, hint: Any, value: Any) -> None:
        values = value if isinstance(value, Mapping) else {}
        blank.is_there = value not in (None, "") or blank.needed or f"{blank.path}.{_HERE}" in self.sent
        if not blank.is_there:
            return
        if hint == Saying:
            says = next((name for name in SAYINGS if name in values), "")
            says = next(iter(self.sent.get(f"{blank.path}.kind!", ())), says) or "event"
            blank.value = says
            blank.inside = self._record(SAYINGS[says if says in SAYINGS else "event"], values, f"{blank.path}.")
        else:
            blank.inside = self._record(hint, values, f"{blank.path}.")

    def _widget(self, kind: type, key: str, hint: Any) -> tuple[Widget, str]:
        """Return how a key is filled in, and the list that its values are taken from."""
        inner = _listed(hint)
        if hint == Saying or _is_record(hint):
            return Widget.RECORD, ""
        if inner is not None and _is_record(inner):
            return Widget.RECORDS, ""
        target = named_by(self.kind, kind, key)
        if typing.get_origin(hint) in (dict, Mapping) and key != "geometry":
            return Widget.PAIRS, self._list(target) if target else ""
        names = self._list(target) if target else self._words(kind, key, hint)
        if inner is not None:
            return (Widget.CHOICES, names) if names else (Widget.LINES, "")
        if names:
            return Widget.CHOICE, names
        if key == "geometry" or (
            hint is str and (key in _LONG or (kind.__name__, key) == ("AssessmentSaid", "assessment"))
        ):
            return Widget.TEXT, ""
        return Widget.LINE, self._suggestions(kind, key) if hint is str else ""

    def _words(self, kind: type, key: str, hint: Any) -> str:
        """Return the name of the list of words for a key that has one."""
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return self._add(f"words-{hint.__name__}", [(one, one.replace("-", " ")) for one in map(str, hint)])
        if hint is bool:
            return self._add("words-flag", [("yes", "yes"), ("no", "no")])
        name = kind.__name__
        if (name, key) in {("Event", "type"), ("EventSaid", "event"), ("Emission", "type"), ("Pattern", "type")} or (
            (name, key) == ("Coverage", "types")
        ):
            own = [(one.id, one.title) for one in self.case.types.values()]
            return self._add("types", [(one, one.replace("-", " ")) for one in words.EVENT_TYPES] + own)
        if (name, key) == ("Place", "kind"):
            return self._add("words-places", list(words.PLACE_KINDS.items()))
        path = f"says.{key}" if name.endswith("Said") else f"grade.{key}" if name == "Grade" else key
        if closed := closed_words(self.kind, path):
            titles = {**words.MEASURES, **words.STANDINGS} if key in ("measure", "standing") else {}
            return self._add(
                f"words-{name}-{key}", [(one, titles.get(one, one.replace("-", " "))) for one in closed if one]
            )
        return ""

    def _list(self, target: str) -> str:
        """Return the name of the list of the records that a key may name."""
        if target not in self.lists:
            pairs = dict(pair for kind in target.split("|") for pair in self._records(kind))
            self.lists[target] = sorted(pairs.items(), key=lambda pair: _folded(pair[1]))
        return target

    def _records(self, target: str) -> Iterator[tuple[str, str]]:
        case = self.case
        if target in ("sectors", "zones"):
            sectors = sorted({place.sector for place in case.places.values() if place.sector})
            yield from ((name, name.replace("-", " ")) for name in sectors)
            if target == "zones":
                yield from ((zone.id, zone.title) for zone in case.zones)
            return
        for key, record in case.records(Kind(target)).items():
            if is_free(record):
                yield key, record_title(record)

    def _suggestions(self, kind: type, key: str) -> str:
        """Return the name of the list of words that records of the kind already have for a key."""
        if kind is not record_type(self.kind) or key in ("id", "title", "name", "question"):
            return ""
        used = {getattr(one, key, "") for one in self.case.records(self.kind).values() if is_free(one)} - {""}
        short = sorted(one for one in used if isinstance(one, str) and len(one) < 40)
        if not 0 < len(used) <= _SUGGESTED:
            return ""
        return self._add(f"used-{key}", [(one, one) for one in short])

    def _add(self, name: str, pairs: list[tuple[str, str]]) -> str:
        self.lists.setdefault(name, pairs)
        return name

    def _keep(self, names: str, values: Iterable[str]) -> None:
        """Have what stands in a record on the list, where the case has no such record."""
        if names and not names.startswith("used-"):
            there = {value for value, _ in self.lists[names]}
            self.lists[names] += [(v, f"{v}: not in the case") for v in dict.fromkeys(values) if v and v not in there]


@cache
def _defaults(kind: type) -> dict[str, Any]:
    return {f.name.removesuffix("_"): f.default for f in dataclasses.fields(kind) if _speaks(f.default)}


def _speaks(value: Any) -> bool:
    """Whether a default is worth saying: a word or a number, and no absence of one."""
    return isinstance(value, str | int | float) and value not in ("", False) and value is not True and value != 0


def _help(hint: Any, text: str, default: Any = None) -> str:
    inner = _listed(hint) or hint
    form = ""
    if inner is When:
        form = "a day, month, year or span: 2020-02-05, 2020-02, 2020-02-05/2020-02-20; ~ behind it: about"
    elif inner is Duration:
        form = "a span: 36h, 7d, 2w, 6m, 1y, or {assumed: 3d, range: [1d, 14d]}"
    elif inner is Tie:
        form = "with days: {actor: ID, from: DAY, until: DAY}"
    elif typing.get_origin(hint) is tuple and _listed(hint) is None:
        form = "numbers in brackets: [1, 2]"
    else:
        form = next((p.expected for p in getattr(hint, "__metadata__", ()) if isinstance(p, Bounds)), "")
    return "; ".join(part for part in (text, form, f"left empty: {default}" if default is not None else "") if part)


def _yes(text: str) -> str:
    return {"true": "yes", "1": "yes", "false": "no", "0": "no"}.get(text.lower(), text)


def _whole(text: str) -> int:
    return min(int(text), 200) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()


def record_title(record: Any) -> str:
    """Return what a record is called, in one short line."""
    for key in ("name", "title", "question", "text", "indicator", "type"):
        if isinstance(text := getattr(record, key, ""), str) and text:
            first = text.removeprefix(UNWRITTEN).strip(": ")
            return first if len(first) <= 100 else f"{first[:97]}..."
    return str(getattr(record, "id", ""))


# A form that was filled in, as the keys and values of the record.


def read_form(kind: Kind, sent: Mapping[str, Sequence[str]], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as a form has it; what the form does not show, or nobody changed, is as in ``base``."""
    return _filled(record_type(kind), sent, dict(base), "", kind in TABLES)


def _filled(
    kind: type, sent: Mapping[str, Sequence[str]], base: dict[str, Any], prefix: str, is_row: bool = False
) -> dict[str, Any]:
    values = {FORMER.get(key, key): value for key, value in base.items()}
    for key in keys_of(kind):
        path = f"{prefix}{key}"
        old = values.get(key)
        new = _value(_without_none(_hints(kind)[key]), sent, old, path, is_row)
        if new is _UNTOLD or _same(new, old, is_row):
            continue
        if new in (None, "", [], {}):
            values.pop(key, None)
        else:
            values[key] = new
    return values


_UNTOLD = object()  # a key that the form does not show


def _value(hint: Any, sent: Mapping[str, Sequence[str]], old: Any, path: str, is_row: bool) -> Any:
    inner = _listed(hint)
    if hint == Saying or _is_record(hint):
        return _inner_record(hint, sent, old, path)
    if inner is not None and _is_record(inner):
        if f"{path}.{_MANY}" not in sent:
            return _UNTOLD
        before = [one if isinstance(one, Mapping) else {} for one in _several(old)]
        many = _whole(sent[f"{path}.{_MANY}"][-1])
        before += [{}] * (many - len(before))
        items = [_filled(inner, sent, dict(before[n]), f"{path}.{n}.") for n in range(many)]
        return [item for item in items if item]
    if typing.get_origin(hint) in (dict, Mapping) and path != "geometry":
        return _pairs(hint, sent, path)
    if inner is not None:
        if f"{path}.0" in sent:
            texts = [text for n in range(len(sent)) for text in sent.get(f"{path}.{n}", ())]
        elif path in sent:
            texts = [line for text in sent[path] for line in text.splitlines()]
        else:
            return _UNTOLD
        several = [_plain(inner, text) for text in texts if text.strip()]
        return several[0] if len(several) == 1 and isinstance(old, str) and not is_row else several
    if path not in sent:
        return _UNTOLD
    text = sent[path][-1]
    if hint is bool:
        return {"yes": True, "no": False, "": None}.get(text, text)
    return _geometry(text) if path == "geometry" else _plain(hint, text)


def _geometry(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text


def _inner_record(hint: Any, sent: Mapping[str, Sequence[str]], old: Any, path: str) -> Any:
    if f"{path}.{_HERE}" not in sent:
        return _UNTOLD
    before = dict(old) if isinstance(old, Mapping) else {}
    if hint == Saying:
        says = sent.get(f"{path}.kind!", ("event",))[-1]
        kind = SAYINGS.get(says, SAYINGS["event"])
        if says not in before:  # another kind of saying: what both have stays
            before = {key: value for key, value in before.items() if key in keys_of(kind)}
        return _filled(kind, sent, before, f"{path}.")
    filled = _filled(hint, sent, before, f"{path}.")
    return old if not filled and isinstance(old, Mapping) and not old else filled


def _pairs(hint: Any, sent: Mapping[str, Sequence[str]], path: str) -> Any:
    if f"{path}.0.key" not in sent:
        return _UNTOLD
    inner = (*typing.get_args(hint), str, str)[1]
    pairs: dict[str, Any] = {}
    for number in range(len(sent)):
        if f"{path}.{number}.key" not in sent:
            break
        key = sent[f"{path}.{number}.key"][-1].strip()
        text = sent.get(f"{path}.{number}.value", ("",))[-1]
        if key:
            pairs[key] = _plain(inner, text)
    return pairs


def _same(new: Any, old: Any, is_row: bool) -> bool:
    """Whether a value of a form is what the file has, spelled in one way or the other."""
    if isinstance(new, bool):
        return _yes(str(old).strip()) == ("yes" if new else "no")
    return bool(_canonical(new, is_row) == _canonical(old, is_row))


def _canonical(value: Any, is_row: bool) -> Any:
    if isinstance(value, Mapping):
        return {key: _canonical(item, False) for key, item in value.items()} or None
    if isinstance(value, list | tuple):
        if is_row:
            return as_cell([str(one).strip() for one in value]) or None
        several = [_canonical(item, False) for item in value]
        return (several[0] if len(several) == 1 else several) or None
    if value is None or value == "":
        return None
    text = "\n".join(line.rstrip() for line in str(value).replace("\r\n", "\n").strip().split("\n"))
    return ";".join(part.strip() for part in text.split(";")) if is_row else text


def changed_keys(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys that a form sets to another value; None for those it takes away."""
    return {key: new.get(key) for key in (*new, *old) if new.get(key) != old.get(key)}


def form_marks(path: str) -> tuple[str, str]:
    """Return the names of a form that say that the record at a path stands in it, and how many of a list do."""
    return f"{path}.{_HERE}", f"{path}.{_MANY}"


def moved(sent: Mapping[str, Sequence[str]], do: str) -> dict[str, list[str]]:
    """Return a form with one more place in it (``more:PATH``), or with one taken out (``drop:PATH``)."""
    form = {name: list(values) for name, values in sent.items()}
    act, _, path = do.partition(":")
    here, many = form_marks(path)
    if act == "more":
        if many in form:
            form[many] = [str(_whole(form[many][-1]) + 1)]
        elif f"{path}.0.key" in form:
            number = next(n for n in range(len(form) + 1) if f"{path}.{n}.key" not in form)
            form |= {f"{path}.{number}.key": [""], f"{path}.{number}.value": [""]}
        elif f"{path}.0" in form:
            number = next(n for n in range(len(form) + 1) if f"{path}.{n}" not in form)
            form[f"{path}.{number}"] = [""]
        else:
            form[here] = ["1"]
        return form
    above, _, last = path.rpartition(".")
    if act == "drop" and last.isdigit() and f"{above}.{_MANY}" in form:
        return _without_item(form, above, int(last))
    return {name: values for name, values in form.items() if not name.startswith(f"{path}.")}


def _without_item(form: Mapping[str, list[str]], above: str, number: int) -> dict[str, list[str]]:
    """Return a form without an item of a list, those behind it one number lower."""
    out: dict[str, list[str]] = {}
    for name, values in form.items():
        match = re.match(rf"{re.escape(above)}\.(\d+)\.", name)
        if match is None:
            out[name] = values
        elif (at := int(match[1])) != number:
            out[f"{above}.{at - (at > number)}.{name[match.end() :]}"] = values
    out[f"{above}.{_MANY}"] = [str(max(_whole(form[f"{above}.{_MANY}"][-1]) - 1, 0))]
    return out


# Names for new records, and the places of a form that problems are about.


def short_name(name: str, others: Collection[str]) -> str:
    """Return an id for a name: plain letters, short, and no one's yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"\(\s*\d{4}\s*-\s*(?:\d{4})?\s*\)", " ", plain)
    plain = "-".join(re.findall(r"[a-z0-9]+", plain))[:48].strip("-") or "party"
    plain = plain if plain[0].isalpha() else f"party-{plain}"
    own, number = plain, 2
    while own in others:
        own, number = f"{plain}-{number}", number + 1
    return own


def new_id(kind: Kind, values: Mapping[str, Any], others: Collection[str]) -> str:
    """Return an id for a new record, made of its title; nothing where it has none."""
    text = next(
        (str(values[k]) for k in ("name", "title", "question", "text", "indicator", "type") if values.get(k)), ""
    )
    if kind is Kind.CLAIMS and values.get("document"):
        return short_name(f"{values['document']} {len(others) + 1}", others)
    if kind is Kind.EVENTS and values.get("date"):
        text = f"{values.get('type', 'event')} {values['date']}"
    return short_name(" ".join(text.split()[:7]), others) if text else ""


def place_problems(
    kind: Kind, problems: Iterable[Problem], where: tuple[str, int, int, Lines], values: Mapping[str, Any]
) -> tuple[dict[str, list[str]], list[Problem]]:
    """Return the problems of a record by the place of its form that each is about, and all others.

    ``where`` is where the record stands, as `Amendment.where` has it. A problem of the record that speaks of no key
    stands under the empty name.
    """
    file, first, last, lines = where
    by_line: dict[int, list[tuple[tuple[str, ...], Any]]] = {}
    for path, value in _paths(values, ()):
        line = lines.at(tuple(int(p) if p.isdigit() else p for p in path))
        by_line.setdefault(line, []).append((path, value))
    keys = set(keys_of(record_type(kind)))
    beside: dict[str, list[str]] = {}
    others: list[Problem] = []
    for problem in problems:
        if problem.file != file or not first <= problem.line <= last:
            others.append(problem)
            continue
        text = problem.what + (f"; expected {problem.expected}" if problem.expected else "")
        text += f" ({problem.hint})" if problem.hint else ""
        beside.setdefault(_place(problem, by_line.get(problem.line, []), keys), []).append(text)
    return beside, others


def _place(problem: Problem, here: Sequence[tuple[tuple[str, ...], Any]], keys: Collection[str]) -> str:
    """Return the place that a problem is about: the key it names, or whose value it quotes, or that is alone there."""
    named = re.match(r"the (?:key|column) '([\w.]+)'|([\w.]+) is ", problem.what)
    path = (named[1] or named[2] or "") if named is not None else ""
    if path.partition(".")[0] in keys:
        return path
    quoted = [p for p, value in here if isinstance(value, str) and value and repr(value) in problem.what]
    ends = [p for p, _ in here if path and ".".join(p).endswith(f".{path}")]
    for some in (ends, quoted, [here[0][0]] if len(here) == 1 else []):
        if some:
            return ".".join(max(some, key=lambda path: len(list(path))))
    return ""


def _paths(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    pairs = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*path, str(key)), item
        yield from _paths(item, (*path, str(key)))
