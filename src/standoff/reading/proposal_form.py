"""A proposal as a form, and a form as records: claim, source, actor, place, event, incident and commitment at once.

The fields hold codes, ids and names, never a sentence of the document: the text of a claim is made of the fields, and
whoever reviews writes a better one. Whatever is missing in the case is named before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from standoff.case.as_dict import as_written
from standoff.case.claims import SAYINGS, Anchor, Claim, Document, Source
from standoff.case.journal import RecordChange
from standoff.case.model import Case, Kind
from standoff.case.parsing import keys_of, record
from standoff.case.terms import CommitmentKind
from standoff.case.vocabulary import BOUNDS, EVENT_TYPES, MEASURES, REALIS, STANDINGS, VOICES, is_a
from standoff.errors import Problem, StandoffError, nearest
from standoff.files.yaml import Lines
from standoff.oneline import OneLine
from standoff.reading.accession import id_of, named_source, party_in_words, source_for
from standoff.reading.payloads import act_words, is_talk
from standoff.reading.propose import Proposal, saying_day
from standoff.values import When

COMMON = ("text", "says", "source", "realis", "voice", "note")
WRITES = ("speaks_for", "alias", "standing")  # what may be written beside any claim
FIELDS: dict[str, tuple[str, ...]] = {
    "event": ("event", "actor", "target", "at", "date", "row", "answer"),
    "quantity": ("measure", "value", "low", "high", "bound", "counted", "unit", "of", "as_of", "window", "convention"),
    "commitment": ("form", "who", "whom", "if", "then", "deadline", "from", "agreement", "commitment"),
    "assessment": ("assessment", "of", "actor", "value", "by"),
    "relation": ("relation", "from", "to", "of", "date"),
    "position": ("position", "actor", "issue"),
    "offer": ("offer", "from", "to", "answer", "answered_by", "date"),
}
HELP = {
    "text": "what the source says, in your own words",
    "says": "event, quantity, commitment, assessment, relation, position or offer",
    "source": "who says it, not the outlet; ' > ' between several, the innermost last",
    "actor": "who did it: ids or names, ';' between several; a new one as NAME (KIND)",
    "at": "a place of the case; a new one as NAME (LATITUDE, LONGITUDE); NAME? keeps it in the note only",
    "row": "yes: write a row of events.csv; an id: this claim tells that row; with ID: both are one incident",
    "answer": "of a row that accuses: a claim by the accused, or 'none found'",
    "if": "TYPE by ACTOR on TARGET at PLACE; none; ?: there is a condition, and it is not coded",
    "then": "the same; 'no TYPE ...' where it is forbidden; ?: not coded",
    "alias": "ID = NAME: another name of an actor of the case",
    "speaks_for": "the actor of the case whose spokesman or office the source is; empty where it is nobody's",
    "standing": "of the outlet: wire, monitor, statement, copy, aggregator or commentary",
    "deadline": "the last day to perform, or a span from the first day: within 30 days",
    "who": "who is bound",
    "whom": "to whom, or against whom",
}  # fmt: skip
THREATS = ("threat", "warning", "ultimatum", "red-line")
UNCODED = "?"
_NONE = ("", "no", "none")
_NOBODY = frozenset(  # written where no party is meant; never the name of a new one
    ("none", "no", "nobody", "no one", "noone", "none found", "not named", "not known", "unknown", "unnamed", "n/a",
     "na", "nil", "null", "-", "--", "?", "??", "somebody", "someone", "unclear", "unidentified", "tbd", "todo", "x")
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Acceptance(OneLine):
    """What accepting a form would write: the claim, all changes of records, and a line for each, for a person."""

    claim: Claim
    changes: tuple[RecordChange, ...]
    writes: tuple[str, ...]
    sources: tuple[Source, ...] = ()  # new ones


# From a proposal to a form.


def signature_of(says: Mapping[str, Any]) -> str:
    """Return in short what is said, by which a new reading of the same place knows it again."""
    kind = next((name for name in SAYINGS if name in says), "assessment")
    if kind == "event":
        return f"event:{says['event']}"
    if kind == "quantity":
        ends = [says.get("value")] if says.get("value") is not None else [says.get("low"), says.get("high")]
        return "quantity:" + "-".join("" if end is None else f"{float(end):g}" for end in ends)
    return kind


def form_of(case: Case, document: Document, proposal: Proposal) -> dict[str, str]:
    """Return a proposal as fields of a form; a field that is not known is empty."""
    says = dict(proposal.says)
    kind = next((name for name in SAYINGS if name in says), "assessment")
    fields = {"says": kind, "realis": proposal.realis, "voice": proposal.voice}
    fields["source"] = _source_of(case, proposal)
    if fields["source"] and fields["source"] not in case.sources and not source_for(case, fields["source"]).party:
        fields["speaks_for"] = party_in_words(case, fields["source"], proposal.sentence)
    if proposal.relay and fields["source"]:
        known = named_source(case, relay := party_words(proposal.relay))
        fields["source"] = f"{known.id if known is not None else relay} > {fields['source']}"
    if proposal.english and document.language != "en":
        fields["text"] = proposal.english  # a model's words for a text in another language, to be looked at
    place = proposal.place
    if kind == "commitment":
        return _clean(fields | _commitment_form(case, document, proposal, dict(says["commitment"] or {})))
    for name in FIELDS[kind]:
        value = says.get(name, says.get(name + "_", ""))
        fields[name] = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    where = {"event": "at", "quantity": "of"}.get(kind, "")
    if where and (printed := fields[where] or place):
        fields[where] = printed if _is_place(case, printed) else f"{printed}{UNCODED}"  # named, and none of the case
    if kind == "assessment" and fields["assessment"] == "statement":
        fields["assessment"] = ""
    return _clean(fields)


_JOINED = re.compile(r"\b(?:of|for|to|from|at|in|with|by|and|near|against)\b", re.IGNORECASE)


def _source_of(case: Case, proposal: Proposal) -> str:
    """Return the source whose whole name is printed; of a person also behind a title; else the words as printed.

    A spokesman of Blue is not Blue, and an adviser to a minister not the minister.
    """
    words = party_words(proposal.named or proposal.source_words)
    if not words:
        return ""
    if (known := named_source(case, words)) is not None:
        return known.id
    source = case.sources.get(proposal.source)
    if source is None:
        return words
    folded = " ".join(words.split()).casefold()
    for name in (source.name, *source.aliases):
        title = folded.removesuffix(name.casefold())
        if source.kind == "person" and title != folded and not _JOINED.search(title):
            return source.id
    return words


def _is_place(case: Case, text: str) -> bool:
    asked = " ".join(text.split()).casefold()
    names = (name for p in case.places.values() for name in (p.id, p.name, p.name_local, *p.aliases) if name)
    zones = (*(zone.id for zone in case.zones), *(p.sector for p in case.places.values()))
    return asked in map(str.casefold, names) or text in zones


def _clean(fields: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in fields.items() if value}


def _commitment_form(case: Case, document: Document, proposal: Proposal, terms: Mapping[str, Any]) -> dict[str, str]:
    def words(*names: str) -> str:
        value = next((terms[name] for name in names if terms.get(name)), "")
        return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

    forms = {"threatened": "threat", "promised": "promise", "demanded": "demand", "offered": "assurance"}
    condition, consequence = words("if", "when"), words("then")
    return {
        "form": words("form") or forms.get(proposal.realis, ""),
        "who": _actors_in(case, words("debtor", "who")),
        "whom": _actors_in(case, words("creditor", "to", "whom")),
        "if": _coded(case, condition) if condition else "",
        "then": _coded(case, consequence) if consequence else UNCODED,
        "deadline": words("by"),
        "from": str(saying_day(document) or ""),
    }


def _actors_in(case: Case, words: str) -> str:
    """Return the actors whose whole names the words are, several by ids; names that nobody has stay as printed."""
    names = {n.casefold(): a.id for a in case.actors.values() for n in (a.id, a.name, a.name_local, *a.aliases) if n}
    words = party_words(words)
    parts = [re.sub(r"^(?:both\s+)?(?:the\s+)?", "", p) for p in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|;", words)]
    return "; ".join(dict.fromkeys(names.get(part.casefold(), part) for part in parts if part))


_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_LEADS = re.compile(
    r"^(?:(?:on|in|by|since|from|until|after|before|as of)\s+(?:\w+day,?\s+)?"
    rf"(?:\d{{1,2}}\s+{_MONTH}|{_MONTH}(?:\s+\d{{1,2}})?)"
    r"(?:,?\s+\d{4})?|(?:on|since|until|by)\s+\w+day|"
    r"(?:under|following|despite)\s+(?:the|an?|this|that)\s+(?:\w+\s+){0,2}?"
    r"(?:agreement|accord|deal|truce|ceasefire|plan|treaty|resolution|protocol))\s*,?\s+(?=\S)",
    re.IGNORECASE,
)
_NAMELESS = re.compile(
    rf"^(?:under|on|in|by|after|before|since|from|until|for|with|following|despite|during|to|of)\s|"
    rf"\b\d{{1,2}}\s+{_MONTH}\b|\b(?:for|of|to|the|an?|and|or|in|on|at|by|with)$",
    re.IGNORECASE,
)


_ANYBODY = re.compile(
    r"both|each|all|either|neither|none|some|others?|many|most|several|one|two|three|another", re.IGNORECASE
)


def party_words(words: str) -> str:
    """Return the words that may name somebody: without a day or a text before them; empty where they name nobody.

    ``On 29 July 2020 the council`` is the council, ``27 April for an`` is nobody.
    """
    plain = _LEADS.sub("", " ".join(words.split()))
    return "" if _NAMELESS.search(plain) or _ANYBODY.fullmatch(plain) else plain


_NOT = re.compile(
    r"\b(?:not|no|never|nor|neither|none|without|unless|until|stop\w*|ceas\w*|halt\w*|end(?:s|ed|ing)?|"
    r"refrain\w*|avoid\w*|"
    r"prevent\w*|abandon\w*|suspend\w*|refus\w*|fail\w*|against|instead|rather)\b|n['’]t\b",
    re.IGNORECASE,
)


def _coded(case: Case, words: str) -> str:
    """Return the act that words have, or ``?`` where there is none, or several, or a word that may turn it round.

    To stop the attacks is no attack, and not to withdraw no withdrawal.
    """
    acts = {kind for kind, _, _ in act_words(words) if not is_talk(kind)}
    if len(acts) != 1 or _NOT.search(words):
        return UNCODED
    act = acts.pop()
    return UNCODED if act in _LIFTED and _LIFTING.search(words) else act


# What is lifted when it ends: the act is then the end of it, which has no word of its own here.
_LIFTED = frozenset(
    {"blockade", "encirclement", "border-closed", "road-closed", "sanction", "obstruction", "access-refused", "aid-cut"}
)
_LIFTING = re.compile(
    r"\b(?:lift\w*|eas(?:e[sd]?|ing)|relax\w*|remov\w*|br(?:eak\w*|oke\w*)|reliev\w*|(?:re)?open\w*|drop\w*|"
    r"cancel\w*|"
    r"scrap\w*|waiv\w*|rais(?:e[sd]?|ing)|rescind\w*|revok\w*|undo|undone|over)\b",
    re.IGNORECASE,
)


# From a form to words.

_VERBS = {
    "asserted": "says", "denied": "denies", "threatened": "threatens", "promised": "promises", "demanded": "demands",
    "requested": "asks for", "offered": "offers", "refused": "refuses", "predicted": "expects", "alleged": "alleges",
    "conditional": "makes conditional",
}  # fmt: skip
_PLURAL = {"denies": "deny", "promises": "promise", "refuses": "refuse", "makes conditional": "make conditional"}
_SEVERAL = re.compile(
    r"^(?:(?!.*\b(?:of|for|from|in|at)\b).*|[^,]*?)\b(?:officials|sources|witnesses|residents|police|workers|"
    r"doctors|medics|"
    r"authorities|monitors|observers|activists|diplomats|analysts|experts|sides|rebels|fighters|people|officers|"
    r"villagers)"
    r"(?: (?:of|for|from|in|at|near) .*)?$",
    re.IGNORECASE,
)
_AS_WORDS = {"at-least": "at least ", "more-than": "more than ", "about": "about ", "at-most": "at most ",
             "almost": "almost "}  # fmt: skip
_DONE = (
    ("deaths", "killed"),
    ("wounded", "wounded"),
    ("people-displaced", "displaced"),
    ("people-returned", "returned"),
)


_FATE = re.compile(
    r"\b(?:killed|dead|died|wounded|injured|hurt|missing|displaced|uprooted|returned|fled)\b", re.IGNORECASE
)


def worded_claim(case: Case, document: Document, fields: Mapping[str, str]) -> str:
    """Return the text of a claim made of its fields, or nothing where they do not say enough."""
    outlet = case.sources.get(document.outlet)
    names = [part.strip() for part in fields.get("source", "").split(">") if part.strip()]
    who = _source_name(case, names[-1]) if names else (outlet.name if outlet else document.outlet)
    verb = _VERBS.get(fields.get("realis", ""), "says") if names else "reports"
    if fields.get("says") == "commitment" and fields.get("realis") == "conditional" and names:
        verb = "says"  # the condition stands in what follows
    if names and _SEVERAL.search(who):
        verb = _PLURAL.get(verb, verb.replace("s ", " ").removesuffix("s"))
    if not names and fields.get("realis", "asserted") != "asserted":
        verb = f"reports ({fields['realis']})"
    write = _BODIES.get(fields.get("says", ""))
    body = write(case, fields) if write else ""
    return f"{who[:1].upper()}{who[1:]} {verb}: {body}." if body else ""


def _source_name(case: Case, name: str) -> str:
    known = named_source(case, name) or case.actors.get(name)
    return known.name if known else re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)


def _named(case: Case, text: str) -> str:
    names = []
    for part in _several(text):
        bare = re.sub(r"\s*\([^)]*\)$", "", part)
        names.append(case.actors[bare].name if bare in case.actors else bare)
    return " and ".join(names)


def _place_name(case: Case, text: str) -> str:
    bare = text.removesuffix(UNCODED)
    return case.places[bare].name if bare in case.places else re.sub(r"\s*\([^)]*\)$", "", bare)


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _event_words(case: Case, fields: Mapping[str, str]) -> str:
    if not fields.get("event"):
        return ""
    words = fields["event"].replace("/", ", ").replace("-", " ")
    for name, joint in (("actor", "by"), ("target", "against")):
        words += f" {joint} {_named(case, fields[name])}" if fields.get(name) else ""
    words += f" at {_place_name(case, fields['at'])}" if fields.get("at") else ""
    return words + (f", {fields['date']}" if fields.get("date") else "")


def _quantity_words(case: Case, fields: Mapping[str, str]) -> str:
    ends = [fields.get(name, "") for name in ("value", "low", "high")]
    number = _grouped(ends[0]) if ends[0] else " to ".join(_grouped(end) for end in ends[1:] if end)
    if not number:
        return ""
    measure = fields.get("measure", "")
    done = next((word for start, word in _DONE if measure.startswith(start)), "")
    if _FATE.search(fields.get("counted", "")):
        done = ""  # civilians wounded: said once
        measure = ""
    what = " ".join(filter(None, (fields.get("unit", ""), fields.get("counted", "") or (done and "people"))))
    words = f"{_AS_WORDS.get(fields.get('bound', ''), '')}{number} {what}".strip()
    words += f" {done}" if done else f" ({measure.replace('-', ' ')})" if measure else ""
    words += f" at {_place_name(case, fields['of'])}" if fields.get("of") else ""
    when = fields.get("as_of") or fields.get("window")
    return words + (f", {when}" if when else "")


def _grouped(text: str) -> str:
    try:
        return f"{float(text):,.10g}"
    except ValueError:
        return text


def _coded_words(case: Case, text: str) -> str:
    """Return a coded act or condition with the names of who and where, in place of their ids."""

    def word(match: re.Match[str]) -> str:
        one = case.actors.get(match[0]) or case.places.get(match[0])
        return one.name if one is not None else match[0].replace("-", " ")

    return re.sub(r"[\w-]+", word, text)


def _commitment_words(case: Case, fields: Mapping[str, str]) -> str:
    then, condition = fields.get("then", ""), fields.get("if", "")
    if then in (*_NONE, UNCODED):
        return ""
    words = f"{_named(case, fields.get('who', '')) or 'somebody'}: {_coded_words(case, then)}"
    words += f", towards {_named(case, fields['whom'])}" if fields.get("whom") else ""
    if condition == UNCODED:
        words += ", on a condition"
    elif condition not in _NONE:
        words += f", if {_coded_words(case, condition)}"
    last = fields.get("deadline", "")
    return words + (f", {'' if last.startswith('within') else 'by '}{last}" if last else "")


_BODIES: dict[str, Callable[[Case, Mapping[str, str]], str]] = {
    "event": _event_words,
    "quantity": _quantity_words,
    "commitment": _commitment_words,
}


# From a form to records.


@dataclass
class _Draft:
    """What one acceptance writes, gathered record by record; problems are gathered, too."""

    case: Case
    document: Document
    changes: list[RecordChange] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    actors: dict[str, str] = field(default_factory=dict)  # name or id as written: id
    places: dict[str, str] = field(default_factory=dict)

    def fault(self, name: str, what: str, expected: str, hint: str = "") -> None:
        self.problems.append(Problem(name, 0, what, expected, hint))

    def source(self, name: str) -> str:
        if len(several := self.several_parties(name)) > 1 and named_source(self.case, name, self.sources) is None:
            self.fault("source", f"{name!r} are several", f"one of them, and a claim for each: {' or '.join(several)}")
        source = source_for(self.case, name, new=self.sources)
        if source.id not in self.case.sources and source not in self.sources:
            self.sources.append(source)
            self.changes.append(RecordChange.add(Kind.SOURCES, as_written(source)))
            party = f", speaks for {source.party}" if source.party else ""
            self.writes.append(f"source {source.id}: {source.name}, {source.kind}{party}")
        return source.id

    def several_parties(self, text: str) -> list[str]:
        """Return the actors of the case that a text with commas or ``and`` names, where it names nothing but them."""
        names = {n.casefold(): a.id for a in self.case.actors.values() for n in (a.id, a.name, *a.aliases) if n}
        if re.sub(r"^the\s+", "", text.strip().casefold()) in names:
            return []
        parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", text.strip())
        bare = [re.sub(r"^(?:both\s+)?(?:the\s+)?", "", part.casefold()) for part in parts]
        return [names[part] for part in bare] if len(bare) > 1 and all(part in names for part in bare) else []

    def actor(self, text: str) -> str:
        match = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", text)
        name, kind = (match[1], match[2]) if match else (text, "")
        asked = " ".join(name.split()).casefold()
        bare = re.sub(r"^the\s+", "", asked)
        for key, one in self.case.actors.items():
            if {asked, bare} & {key.casefold(), *(n.casefold() for n in (one.name, one.name_local, *one.aliases) if n)}:
                return key
        if bare in self.actors:
            return self.actors[bare]
        words = re.sub(r"^the\s+", "", " ".join(name.split()), flags=re.IGNORECASE)
        in_use = {*self.case.actors, *self.actors.values(), *self.case.accounts}
        key = self.actors[bare] = id_of(words, in_use)
        new = {"id": key, "name": words[:1].upper() + words[1:], "kind": kind or "party"}
        self.changes.append(RecordChange.add(Kind.ACTORS, new))
        near = nearest(words, self.case.actors, {a.name.casefold(): a.id for a in self.case.actors.values()})
        self.writes.append(f"actor {key}: {new['name']}, {new['kind']}{f' ({near})' if near else ''}")
        return key

    def actor_list(self, text: str, field: str) -> list[str]:
        parts = [one for part in _several(text) for one in self.several_parties(part) or [part]]
        named = [part for part in parts if " ".join(part.split()).casefold() not in _NOBODY]
        for part in parts:
            if part not in named:
                what = f"{part!r} is not a name"
                self.fault(field, what, "an actor by id or name, or an empty field where nobody is named")
        return list(dict.fromkeys(map(self.actor, named)))

    def place(self, name: str, text: str) -> str:
        if text.endswith(UNCODED):
            printed = text.removesuffix(UNCODED).strip()
            self.notes.append(f"place as printed: {printed}")
            self.writes.append(
                f"in the note, the place as printed: {printed}; to place it: {name}={printed} (LAT, LON)"
            )
            return ""
        match = re.fullmatch(
            r"(.+?)\s*\(\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*(?:,\s*([A-Za-z]{2}))?\s*\)", text
        )
        words = match[1] if match else text
        asked = " ".join(words.split()).casefold()
        zones = {zone.id for zone in self.case.zones} | {p.sector for p in self.case.places.values() if p.sector}
        if text in zones:
            return text
        for key, one in self.case.places.items():
            if asked in {key.casefold(), *(n.casefold() for n in (one.name, one.name_local, *one.aliases) if n)}:
                return key
        if asked in self.places:
            return self.places[asked]
        if match is None:
            known = {p.name.casefold(): p.id for p in self.case.places.values()}
            expected = f"a place of the case, or a new one: {words} (LATITUDE, LONGITUDE); or nothing"
            self.fault(name, f"there is no place {words!r}", expected, nearest(words, self.case.places, known))
            return ""
        key = self.places[asked] = id_of(words, self.case.places)
        countries = [p.country for p in self.case.places.values() if p.country]
        country = (match[4] or "").upper() or (countries[0] if len(set(countries)) == 1 else "XX")
        row = {"id": key, "name": words, "kind": "town", "lat": match[2], "lon": match[3], "country": country}
        row |= {"accuracy_km": "5", "source": self.document.id}
        self.changes.append(RecordChange.add(Kind.PLACES, row))
        self.writes.append(f"place {key}: {words} at {match[2]}, {match[3]}, country {country}")
        return key


def plan_claim(
    case: Case,
    document: Document,
    fields: Mapping[str, str],
    anchors: Iterable[Anchor],
    *,
    claim_id: str = "",
    by: str = "",
) -> Acceptance:
    """Return what accepting a form would write. Raises StandoffError with all that is wrong in it."""
    draft = _Draft(case, document)
    kind = fields.get("says", "")
    if kind not in FIELDS:
        hint = nearest(kind, FIELDS)
        raise StandoffError.of(f"says is {kind!r}", file="says", expected=", ".join(FIELDS), hint=hint)
    allowed = (*COMMON, *WRITES, *FIELDS[kind])
    for name in fields:
        if name not in allowed and name not in {one for several in FIELDS.values() for one in several}:
            draft.fault(name, "there is no such field", ", ".join(allowed), nearest(name, allowed))
    key = claim_id or id_of(f"{document.id}-1", case.claims, most=200)
    text = fields.get("text", "").strip() or worded_claim(case, document, fields)
    if not text:
        draft.fault("text", "the claim has no text", f"{HELP['text']}: e text=...")
    names = [part.strip() for part in fields.get("source", "").split(">") if part.strip()]
    sources = [draft.source(name) for name in names]
    tellers = [document.outlet, *document.author]
    chain = list(dict.fromkeys([*tellers, *sources]))
    inner = [name for name in chain if name not in tellers]
    voice = fields.get("voice") or "narrator"
    voice = "narrator" if not inner else "paraphrase" if voice == "narrator" else voice
    for name, words in (("realis", REALIS), ("voice", VOICES), ("bound", BOUNDS), ("measure", tuple(MEASURES))):
        if fields.get(name) and fields[name] not in words:
            draft.fault(name, f"{fields[name]!r} is not on the list", ", ".join(words), nearest(fields[name], words))
    says = _PAYLOADS[kind](draft, fields, key, text, by)
    claim = {
        "id": key,
        "text": text,
        "document": document.id,
        "at": [as_written(anchor) for anchor in anchors],
        "chain": chain,
        "voice": voice,
        "realis": fields.get("realis") or "asserted",
        "says": says,
        "note": "; ".join(filter(None, (fields.get("note", ""), *draft.notes))),
    }
    claim = {name: value for name, value in claim.items() if value not in ("", [], None)}
    _more(draft, fields)
    if draft.problems:
        raise StandoffError(draft.problems)
    made, problems = record(Claim, _as_strings(claim), "claim", Lines(0))
    if problems or made is None:
        raise StandoffError([replace(p, line=0) for p in problems])
    # a claim stands before what names it, sources and actors before the claim
    first = [c for c in draft.changes if c.kind in (Kind.SOURCES, Kind.ACTORS, Kind.PLACES)]
    rest = [c for c in draft.changes if c not in first]
    changes = (*first, RecordChange.add(Kind.CLAIMS, claim), *rest)
    return Acceptance(made, changes, (f"claim {key}: {text}", *draft.writes), tuple(draft.sources))


def _as_strings(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _as_strings(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_as_strings(v) for v in value]
    return str(value)


def _more(draft: _Draft, fields: Mapping[str, str]) -> None:
    """What is written beside the claim: another name of an actor, the standing of the outlet."""
    for part in _several(fields.get("alias", "")):
        key, sign, name = (piece.strip() for piece in part.partition("="))
        actor = draft.case.actors.get(key)
        if not sign or not name or actor is None:
            expected = "ID = NAME, with an actor of the case"
            draft.fault("alias", f"{part!r} is not read", expected, nearest(key, draft.case.actors))
        elif name not in actor.aliases:
            aliases = [*actor.aliases, name]
            draft.changes.append(RecordChange.change(Kind.ACTORS, key, {"aliases": aliases}))
            draft.writes.append(f"another name of {key}: {name}")
    _speaks_for(draft, fields)
    standing = fields.get("standing", "")
    if standing and standing not in STANDINGS:
        draft.fault("standing", f"{standing!r} is not on the list", ", ".join(STANDINGS), nearest(standing, STANDINGS))
    elif standing and draft.case.sources[draft.document.outlet].standing != standing:
        draft.changes.append(RecordChange.change(Kind.SOURCES, draft.document.outlet, {"standing": standing}))
        draft.writes.append(f"standing of {draft.document.outlet}: {standing}")


def _speaks_for(draft: _Draft, fields: Mapping[str, str]) -> None:
    """The party of the innermost source: of a new one, or of one of the case that has none yet."""
    names = [part.strip() for part in fields.get("source", "").split(">") if part.strip()]
    party, case = fields.get("speaks_for", "").strip(), draft.case
    voice = source_for(case, names[-1], new=draft.sources) if names else None
    if voice is None:
        if party:
            draft.fault("speaks_for", "no source is said", "source: who speaks for it")
        return
    if not party:
        if voice.id not in case.sources and voice.kind in ("person", "office") and not voice.party:
            draft.writes.append(f"whom {voice.name} speaks for is not known: speaks_for=ACTOR, if somebody")
        return
    if party not in case.actors:
        draft.fault("speaks_for", f"there is no actor {party!r}", "an actor of the case", nearest(party, case.actors))
    elif voice.party and voice.party != party:
        draft.fault("speaks_for", f"{voice.id} speaks for {voice.party}", f"{voice.party}, or a change on its page")
    elif voice.id in case.sources and not voice.party:
        draft.changes.append(RecordChange.change(Kind.SOURCES, voice.id, {"party": party}))
        draft.writes.append(f"{voice.id} speaks for {party}")
    elif not voice.party:
        told = replace(voice, party=party)
        draft.sources[draft.sources.index(voice)] = told
        place = next(i for i, c in enumerate(draft.changes) if c.kind == Kind.SOURCES and c.id == voice.id)
        draft.changes[place] = RecordChange.add(Kind.SOURCES, as_written(told))
        draft.writes.append(f"{voice.id} speaks for {party}")


def _type(draft: _Draft, name: str, word: str) -> str:
    types = {*EVENT_TYPES, *draft.case.types}
    if word not in types:
        expected = "an event type, such as airstrike, shelling, ceasefire, meeting"
        draft.fault(name, f"there is no event type {word!r}", expected, nearest(word, types))
    return word


def _payload(fields: Mapping[str, str], kind: str) -> dict[str, Any]:
    keys = keys_of(SAYINGS[kind])
    return {name: fields[name] for name in FIELDS[kind] if name in keys and fields.get(name)}


def _event(draft: _Draft, fields: Mapping[str, str], key: str, text: str, by: str) -> dict[str, Any]:
    says = _payload(fields, "event")
    says["event"] = _type(draft, "event", fields.get("event", ""))
    for name in ("actor", "target"):
        says |= {name: draft.actor_list(fields[name], name)} if fields.get(name) else {}
    if fields.get("at"):
        says["at"] = draft.place("at", fields["at"])
    says = {k: v for k, v in says.items() if v}
    row = fields.get("row", "")
    if row in _NONE:
        return says
    joined = row.removeprefix("with ").strip() if row.startswith("with ") else ""
    if row != "yes" and not joined:
        event = draft.case.events.get(row)
        if event is None:
            draft.fault("row", f"there is no event {row!r}", "yes, no, or an id of events.csv",
                        nearest(row, draft.case.events))  # fmt: skip
            return says
        draft.changes.append(RecordChange.change(Kind.EVENTS, row, {"claims": [*event.claims, key]}))
        draft.writes.append(f"event {row} is told by this claim, too")
        return says | {"recorded": row}
    if joined and joined not in draft.case.events:
        draft.fault("row", f"there is no event {joined!r}", "with ID, an id of events.csv",
                    nearest(joined, draft.case.events))  # fmt: skip
    if not fields.get("date"):
        draft.fault("date", "the event has no day", "a day or a span, such as 2020-02-27 or 2020-02")
        return says
    where = says.get("at", "")
    name = id_of("-".join(filter(None, (says["event"], where or "-".join(says.get("actor", [])), fields["date"]))),
                 draft.case.events)  # fmt: skip
    event_row: dict[str, Any] = {"id": name, "date": fields["date"], "type": says["event"]}
    event_row |= {k: says[k] for k in ("actor", "target") if says.get(k)}
    if where in draft.case.places or where in draft.places.values():
        event_row["place"] = [where]
    elif where:
        event_row["zone" if where in {zone.id for zone in draft.case.zones} else "sector"] = [where]
    published = draft.document.published
    event_row |= {"title": text, "known": str(published) if published.is_day else "", "claims": [key]}
    event_row["answer"] = _several(fields.get("answer", ""))
    event_row["source"] = draft.document.url
    draft.changes.append(RecordChange.add(Kind.EVENTS, {k: v for k, v in event_row.items() if v not in ("", [])}))
    draft.writes.append(f"event {name}: {says['event']}, {fields['date']}")
    if joined:
        incident = {"id": id_of(f"{name}-incident", draft.case.incidents), "reports": [joined, name], "by": by}
        incident |= {"on": str(published.end or ""), "why": f"told by {key} as one happening"}
        draft.changes.append(RecordChange.add(Kind.INCIDENTS, {k: v for k, v in incident.items() if v}))
        draft.writes.append(f"incident {incident['id']}: {joined} and {name} are one happening")
    return says | {"recorded": name}


def _quantity(draft: _Draft, fields: Mapping[str, str], key: str, text: str, by: str) -> dict[str, Any]:
    says = _payload(fields, "quantity")
    for name in ("value", "low", "high"):
        if name in says:
            try:
                number = (
                    float(says[name].replace(",", "")) if re.fullmatch(r"[\d,.]+", says[name]) else float(says[name])
                )
                says[name] = int(number) if number.is_integer() else number
            except ValueError:
                draft.fault(name, f"{says[name]!r} is not a number", "digits, such as 1200")
    says["measure"] = fields.get("measure", "")
    if not says["measure"]:
        draft.fault("measure", "the number has no measure", ", ".join(MEASURES))
    says["quantity"] = id_of(fields.get("counted", "") or says["measure"] or "number")
    if fields.get("of"):
        says["of"] = draft.place("of", fields["of"])
    return {"quantity": says.pop("quantity"), **{k: v for k, v in says.items() if v not in ("", None)}}


def _pattern(draft: _Draft, name: str, text: str, actor: list[str], target: list[str]) -> dict[str, Any]:
    """Read ``TYPE, TYPE by ACTOR on TARGET at PLACE``; who acts and against whom is taken over where it is not said."""
    match = re.fullmatch(
        r"(?P<types>[\w/-]+(?:\s*,\s*[\w/-]+)*)(?:\s+by\s+(?P<by>.+?))?(?:\s+(?:on|against)\s+(?P<on>.+?))?"
        r"(?:\s+at\s+(?P<at>.+))?",
        text.strip(),
    )
    if match is None:
        draft.fault(name, f"{text!r} is not read", HELP["if"])
        return {}
    pattern: dict[str, Any] = {"type": [_type(draft, name, one.strip()) for one in match["types"].split(",")]}
    actor = draft.actor_list(match["by"], name) if match["by"] else actor
    target = draft.actor_list(match["on"], name) if match["on"] else target
    pattern |= {"actor": actor} if actor else {}
    pattern |= {"target": target} if target else {}
    if match["at"]:
        pattern["at"] = [draft.place(name, match["at"])]
    return pattern


def _commitment(draft: _Draft, fields: Mapping[str, str], key: str, text: str, by: str) -> dict[str, Any]:
    known = fields.get("commitment", "")
    if known:
        if known not in draft.case.commitments:
            draft.fault("commitment", f"there is no commitment {known!r}", "an id of commitments.yaml, or nothing",
                        nearest(known, draft.case.commitments))  # fmt: skip
        return {"commitment": known}
    debtor, creditor = draft.actor_list(fields.get("who", ""), "who"), draft.actor_list(fields.get("whom", ""), "whom")
    if not debtor:
        draft.fault("who", "nobody is bound", HELP["actor"])
    form, then, condition = fields.get("form", ""), fields.get("then", ""), fields.get("if", "")
    adverse = form in THREATS
    start = fields.get("from", "") or str(saying_day(draft.document) or "")
    try:
        When.parse(start)
    except ValueError:
        draft.fault("from", f"{start!r} is not a day", "the day from which it holds, such as 2020-02-05")
    is_coded = then not in (*_NONE, UNCODED) and condition != UNCODED
    forbids = then.startswith(("no ", "not ", "never "))
    record: dict[str, Any] = {"title": text.rstrip(".") or "a commitment"}
    record["kind"] = str(CommitmentKind.MAINTAIN if forbids else CommitmentKind.ACHIEVE)
    record |= {"form": form, "debtor": debtor, "creditor": creditor, "agreement": fields.get("agreement", "")}
    record |= {"adverse": True} if adverse else {}
    record["condition"] = "explicit" if condition not in _NONE else "unconditional"
    record |= {"from": start, **_deadline(draft, fields.get("deadline", ""))}
    if is_coded:
        if condition not in _NONE:
            record["when"] = _pattern(draft, "if", condition, [], [])
        bare = re.sub(r"^(?:no|not|never)\s+", "", then)
        record["forbid" if forbids else "then"] = _pattern(draft, "then", bare, debtor, creditor if adverse else [])
    else:
        left = "its condition" if condition == UNCODED else "what is owed"
        record["observable"] = f"{left} is told in words and is not coded"
    name = id_of("-".join(filter(None, (*debtor[:1], form, re.sub(r"\W+", "-", then)[:24]))), draft.case.commitments)
    record = {"id": name, **record, "claims": [key]}
    draft.changes.append(RecordChange.add(Kind.COMMITMENTS, {k: v for k, v in record.items() if v not in ("", [], {})}))
    more = "" if is_coded else "; told in words, no verdict until it is coded"
    draft.writes.append(f"commitment {name}: {form or 'commitment'} of {_named(draft.case, '; '.join(debtor))}{more}")
    return {"commitment": name}


_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SPELT = {word: number for number, word in enumerate(_ONES, 1)} | {
    "a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_SPAN = re.compile(r"(?:within\s+)?(?P<many>\d{1,4}|[a-z]+)\s+(?P<unit>hour|day|week|month|year)s?", re.IGNORECASE)


def _deadline(draft: _Draft, text: str) -> dict[str, str]:
    """Return the deadline as a commitment has it: a day in ``by``, or a span from its first day in ``within``."""
    text = " ".join(text.split())
    if not text:
        return {}
    match = _SPAN.fullmatch(text)
    many = (
        0 if match is None else int(match["many"]) if match["many"].isdigit() else _SPELT.get(match["many"].lower(), 0)
    )
    if match is not None and many:
        return {"within": f"{many}{match['unit'][0].lower()}"}
    try:
        return {"by": When.parse(text).text}
    except ValueError:
        expected = "a day, such as 2020-02-29, a span from the first day, such as within 30 days, or nothing"
        draft.fault("deadline", f"{text!r} is not a deadline", expected)
        return {}


def _others(kind: str) -> Callable[[_Draft, Mapping[str, str], str, str, str], dict[str, Any]]:
    def payload(draft: _Draft, fields: Mapping[str, str], key: str, text: str, by: str) -> dict[str, Any]:
        says: dict[str, Any] = {kind: fields.get(kind, "")}
        for name in FIELDS[kind][1:]:
            if value := fields.get(name, ""):
                is_list = name in ("actor", "from", "to", "answered_by")
                says[name] = draft.actor_list(value, name) if is_list else value
        if kind == "assessment" and not says[kind] and text:
            says[kind] = id_of(text, most=40)  # a name of its own, where none is said
        if not says[kind]:
            draft.fault(kind, f"the {kind} is empty", f"in a word or an id: what the {kind} is about")
        return says

    return payload


_PAYLOADS: dict[str, Callable[[_Draft, Mapping[str, str], str, str, str], dict[str, Any]]] = {
    "event": _event,
    "quantity": _quantity,
    "commitment": _commitment,
    **{kind: _others(kind) for kind in ("assessment", "relation", "position", "offer")},
}


def near_events(case: Case, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the rows of events.csv that a form may tell: of the same kind, on a day of it, nobody and nowhere else."""
    try:
        when = When.parse(fields["date"])
    except (KeyError, ValueError):
        return ()
    kind, actors = fields.get("event", ""), set(_several(fields.get("actor", "")))

    def may_be(event: Any) -> bool:
        same = is_a(event.type, kind) or is_a(kind, event.type)
        people = not actors or not event.actor or bool(actors & set(event.actor))
        where = (fields.get("at") or UNCODED).endswith(UNCODED) or not event.place or fields["at"] in event.place
        return same and people and where and bool(event.date.possibly_within(when.start, when.end))

    return tuple(key for key, event in case.events.items() if may_be(event))
