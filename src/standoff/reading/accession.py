"""Documents taken into a case: the text in ``library/``, the file as it was captured beside it, record and sources.

What a document does not say of itself stays unknown: a day that is not known is written as a span that ends with the
day of capture, a publisher that is not known as a source without a name. A file that is there already changes nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from standoff.case.as_dict import as_written
from standoff.case.claims import Document, Source
from standoff.case.model import Case, Kind, refuse_errors
from standoff.case.write import Amendment
from standoff.errors import Problem, StandoffError, nearest
from standoff.evidence.standing import known_publishers
from standoff.files.opener import read_bytes
from standoff.oneline import OneLine
from standoff.reading.documents import MOST_BYTES, Copy, Particular, is_person, open_document
from standoff.values import When

# What a person may say in the place of what a document does.
OVERRIDES = ("title", "author", "published", "address", "publisher", "language", "licence")
UNKNOWN_PUBLISHER = "publisher-not-known"
LONGEST_ID = 48


@dataclass(frozen=True, slots=True, repr=False)
class Accession(OneLine):
    """A document on its way into a case: its record, the sources written with it, its files in ``library/``.

    ``same_as`` is the document of the case that has the same file or the same text; then nothing is written.
    ``unknown`` names what the document does not say of itself.
    """

    copy: Copy
    document: Document
    sources: tuple[Source, ...]
    files: Mapping[str, bytes]
    particulars: Mapping[str, Particular]
    unknown: tuple[str, ...] = ()
    same_as: str = ""


def id_of(words: str, in_use: Collection[str] = (), most: int = LONGEST_ID) -> str:
    """Return an id made of some words: small letters of a to z, digits and hyphens, another than those ``in_use``."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(name) > most:
        name = name[: most + 1].rpartition("-")[0] or name[:most]
    name = name or f"x-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    if not name[0].isalpha():
        name = f"n-{name}"
    number, free = 2, name
    while free in in_use:
        free, number = f"{name}-{number}", number + 1
    return free


_UNNAMED = re.compile(
    r"(?:an?|one|two|some|several|unnamed|unidentified|anonymous|local|security|military|diplomatic|medical|senior|"
    r"hospital|health|border|rescue|aid|relief|city|town|village|government|"
    r"rebel|opposition)\b.*\b(?:officials?|sources?|diplomats?|residents?|witness(?:es)?|activists?|commanders?|"
    r"soldiers?|medics?|doctors?|analysts?|experts?|person|people)$|(?:officials?|sources?|residents?|witnesses|"
    r"activists|diplomats|medics|analysts|experts)$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:spokes\w+|minist\w+|president\w*|presidency|government|army|military|command|kremlin|parliament|office|"
    r"governor|police|department|embassy|authorities|forces?|general staff|cabinet|foreign|defen[cs]e)\b",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:news agency|press agency|reuters|agence france-presse|associated press|afp|"
    r"xinhua)\b",
    re.I,
)


_BODY = re.compile(
    r"\b(?:nations|union|organi[sz]ation|council|committee|commission|front|party|league|society|association|watch|"
    r"international|crescent|red cross|civil defen[cs]e|hospital|church|university|observatory|mission|fund|"
    r"programme|agency for|network|group|coalition|alliance|brigade|movement)\b",
    re.IGNORECASE,
)


def kind_of_source(name: str) -> str:
    """Return the kind of source that a name as printed has the form of: anonymous, agency, office, person, ..."""
    words = re.sub(r"^(?:the|his|her|its|their)\s+", "", name.strip(), flags=re.IGNORECASE)
    if re.search(r"\w\s+and\s+(?:the\s+)?[A-Z]", words):
        return "organisation"  # several, and no person
    if re.search(r"\bspokes\w+\b", words, re.IGNORECASE):
        return "office"
    if _UNNAMED.fullmatch(words) and words == words.lower():
        return "anonymous"
    if _BODY.search(words):
        return "organisation"
    if _UNNAMED.match(words):
        return "anonymous"
    if _AGENCY.search(words):
        return "agency"
    if _OFFICE.search(words):
        return "office"
    return "person" if is_person(words) else "organisation"


_ROLE = (
    r"(?:(?:chief|deputy|senior|acting|top|main|military|press|foreign|defen[cs]e|interior|prime|vice|joint|general)"
    r"[ -])*(?:spokes\w+|minister|ministry|commander|president|presidency|official|officer|command|press office|"
    r"media office|media cent(?:er|re)|general staff)"
)
_NOT_NOW = r"(?<![\w-])(?<![Ff]ormer )(?<![Rr]etired )"


def party_in_words(case: Case, name: str, sentence: str = "") -> str:
    """Return the actor of the case for whom a source speaks, where its words or the sentence say so; else nothing.

    ``a spokesman of Red``, ``Red's ministry``, ``Red spokesman Miller`` and ``Miller, a spokesman of Red,`` speak for
    Red. Nobody else is meant by it: a former commander, an envoy to Red and a governor of a town of Red do not.
    """
    words = " ".join(name.split())
    bare = re.escape(re.sub(r"^(?:the|an?)\s+(?=\S)", "", words, flags=re.IGNORECASE))
    sentence = " ".join(sentence.split())
    parties = set()
    for actor in case.actors.values():
        for one in (actor.id, actor.name, *actor.aliases):
            who = rf"(?:the\s+)?(?i:{re.escape(one)})(?![\w-])"
            role = rf"{_NOT_NOW}{_ROLE}"
            own = rf"(?:the\s+)?(?i:{re.escape(one)})(?:['’]s?)?\s+{_ROLE}"
            of = rf"{role}\s+(?:of|for)\s+{who}"
            last = r"(?:\s*$|\s+(?=[A-Z]))"
            printed = (
                re.match(rf"(?:(?:an?|the)\s+)?{of}\s*$", words),
                re.match(rf"{own}{last}", words),
                re.search(rf"{bare},\s+(?:(?:an?|the)\s+)?{of}(?=[,.;]|\s+(?:said|told|quoted)\b|\s*$)", sentence),
                re.search(rf"{_NOT_NOW}{own}\s+{bare}(?![\w-])", sentence),
            )
            if one and bare and any(printed):
                parties.add(actor.id)
    return parties.pop() if len(parties) == 1 else ""


def named_source(case: Case, name: str, new: Iterable[Source] = ()) -> Source | None:
    """Return the source that has exactly this id, name or alias, without regard to capitals and a leading article."""

    def folded(text: str) -> str:
        return re.sub(r"^the\s+", "", " ".join(text.split()).casefold())

    asked = folded(name)
    return next(
        (s for s in (*case.sources.values(), *new) if asked in map(folded, (s.id, s.name, *s.aliases)) and asked), None
    )


def source_for(case: Case, name: str, *, kind: str = "", of: str = "", new: Iterable[Source] = ()) -> Source:
    """Return the source of the case with this name, or a new one with the kind that its words show.

    Where the words are the id or a whole name of one actor of the case, the source is that party's own voice.
    """
    new = tuple(new)
    if (known := named_source(case, name, new)) is not None:
        return known
    words = re.sub(r"^(?:the|an?)\s+(?=\S)", "", " ".join(name.split()), flags=re.IGNORECASE)
    in_use = {*case.sources, *(s.id for s in new), *case.actors, *case.accounts}
    own = [
        actor
        for actor in case.actors.values()
        if words.casefold() in {one.casefold() for one in (actor.id, actor.name, *actor.aliases) if one}
    ]
    if len(own) == 1 and not kind:
        return Source(id=id_of(own[0].name, in_use), name=own[0].name, kind="organisation", of=of, party=own[0].id)
    party = "" if kind else party_in_words(case, name)
    kind = kind or kind_of_source(words)
    return Source(id=id_of(words, in_use), name=words[:1].upper() + words[1:], kind=kind, of=of, party=party)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _publisher(case: Case, name: str, address: str, new: list[Source]) -> Source:
    """The outlet: by the name that is given or declared, else by the host of its address, else one without a name."""
    host = _host(address)
    ends = [host[k:] for k in (0, *(m.end() for m in re.finditer(r"\.", host)))] if host else []
    table = {**known_publishers(), **case.publishers}
    known = next((table[one] for one in ends if one in table), None)
    name = name or (known.name if known else "") or host
    if not name:
        if UNKNOWN_PUBLISHER in case.sources:
            return case.sources[UNKNOWN_PUBLISHER]
        note = "documents that do not say who published them: one source, so that none counts as an independent one"
        return next((s for s in new if s.id == UNKNOWN_PUBLISHER), None) or Source(
            id=UNKNOWN_PUBLISHER, name="Publisher not known", kind="anonymous", note=note
        )
    source = source_for(case, name, kind="outlet", new=new)
    if source.id in case.sources or source in new:
        return source
    if known is None or (known.name.casefold() != source.name.casefold() and not host):
        known = next((p for p in table.values() if p.name.casefold() == source.name.casefold()), None)
    # an organ's party is an actor of the case, or is not said
    party = known.party if known and known.party in case.actors else ""
    return replace(source, standing=known.standing if known else "", party=party)


def accession(
    case: Case,
    copy: Copy,
    *,
    captured: datetime,
    overrides: Mapping[str, str] | None = None,
    key: str = "",
    restricted: bool = False,
    new: Iterable[Accession] = (),
) -> Accession:
    """Return what taking a document into a case would write.

    Parameters
    ----------
    case
        The case.
    copy
        The document as it was read.
    captured
        When its file was captured, with a time zone.
    overrides
        What a person says in the place of what the document does: title, author, published, address, publisher,
        language, licence.
    key
        The id of its record; else one made of publisher and day.
    restricted
        Whether its words may not be passed on.
    new
        Documents that are taken in with it.

    Raises
    ------
    StandoffError
        An id is taken, or a day that is given cannot be read.
    """
    new = tuple(new)
    particulars = dict(copy.particulars)
    particulars |= {name: Particular(words, "as you said") for name, words in (overrides or {}).items() if words}
    text = copy.text.encode()
    digests = hashlib.sha256(text).hexdigest(), hashlib.sha256(copy.data).hexdigest()

    def value(name: str) -> str:
        return particulars[name].value if name in particulars else ""

    published = _when(value("published"), captured)
    sources = [s for one in new for s in one.sources]
    before = len(sources)
    outlet = _publisher(case, value("publisher"), value("address"), sources)
    if outlet.id not in case.sources and outlet not in sources:
        sources.append(outlet)
    authors = []
    for name in filter(None, (one.strip() for one in value("author").split(";"))):
        author = named_source(case, name, sources)
        if author is None:
            kind = "person" if is_person(name) else kind_of_source(name)
            author = source_for(case, name, kind=kind, of=outlet.id if kind == "person" else "", new=sources)
            sources.append(author)
        authors.append(author.id)
    in_use = {*case.documents, *(one.document.id for one in new)}
    if key and key in in_use:
        raise StandoffError.of(f"there is a document {key!r} already", file="--id", expected="another id")
    stem = outlet.id if outlet.id != UNKNOWN_PUBLISHER else id_of(value("title") or copy.name, (), 32)
    day = published.text if published.is_day else "undated"
    name = key or id_of(f"{stem}-{day}", in_use)
    same = {(d.sha256, d.id) for d in case.documents.values()}
    same |= {(d.original_sha256, d.id) for d in case.documents.values()}
    same |= {(d, one.document.id) for one in new for d in (one.document.sha256, one.document.original_sha256)}
    files = {f"library/{name}.txt": text}
    original = "" if digests[0] == digests[1] else f"{name}.original.{copy.suffix}"
    if original:
        files[f"library/{original}"] = copy.data
    document = Document(
        id=name,
        title=value("title") or f"{copy.name} (title not known)",
        author=tuple(dict.fromkeys(authors)) or (outlet.id,),
        outlet=outlet.id,
        published=published,
        language=value("language") or "und",
        url=value("address"),
        file=f"{name}.txt",
        sha256=digests[0],
        paragraphs=len(copy.text.splitlines()),
        original=original,
        original_sha256=digests[1] if original else "",
        captured=captured.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        licence=value("licence"),
        restricted=restricted,
        note=f"read from {copy.name}",
    )
    unknown = tuple(one for one in ("title", "author", "published", "address", "publisher") if not value(one))
    unknown = tuple(one for one in unknown if one != "publisher" or outlet.id == UNKNOWN_PUBLISHER)
    same_as = next((own for digest, own in sorted(same) if digest and digest in digests), "")
    return Accession(copy, document, tuple(sources[before:]), files, particulars, unknown, same_as)


def _when(text: str, captured: datetime) -> When:
    if not text:
        return When.parse(f"../{captured.date().isoformat()}")
    try:
        return When.parse(text)
    except ValueError as error:
        raise StandoffError.of(f"{text[:40]!r} is not read: {error}", file="--date", expected="2020-03-06") from None


def add_documents(case: Case, several: Iterable[Accession], *, by: str = "") -> tuple[str, ...]:
    """Write documents into a case, all or none, and return the names of the files that changed.

    Raises StandoffError where the case would not pass `check` with them, or a file of this name is in ``library/``.
    """
    amendment = Amendment(case.root)
    problems = []
    several = [one for one in several if not one.same_as]
    for one in several:
        for name, data in one.files.items():
            path = case.root / name
            if path.exists() and path.read_bytes() != data:
                problems.append(Problem(name, 0, "another file of this name is there", "a free name", "give one: --id"))
            amendment.others[name] = data
        if one.sources:
            amendment.add(Kind.SOURCES, [as_written(source) for source in one.sources])
        amendment.add(Kind.DOCUMENTS, as_written(one.document))
    if problems:
        raise StandoffError(problems)
    ids = ", ".join(one.document.id for one in several)
    return amendment.save(what=f"take in {ids}", by=by)


def captured_now(today: date | None = None) -> datetime:
    """Return the time of capture: now, or the start of a day."""
    return datetime(today.year, today.month, today.day, tzinfo=UTC) if today else datetime.now(UTC)


def add_document(case: Case, file: str | Path, *, write: bool = True, key: str = "", **overrides: str) -> Accession:
    """Take a document into a case: a web page, PDF, docx, mail or text; its words go to ``library/``.

    Parameters
    ----------
    case : Case
        A case without errors, in a folder that may be written to.
    file : str or Path
        The document.
    write : bool
        Without it nothing changes.
    key : str, optional
        The id of its record. Default: made of publisher and day.
    overrides
        What a person says in the place of what the document does: ``title``, ``author``, ``published``, ``address``,
        ``publisher``, ``language``, ``licence``.

    Returns
    -------
    Accession
        The record, its sources, and where each field comes from; a file that is there already changes nothing.

    Raises
    ------
    StandoffError
        The file is not read, or the case would not pass `check` with it.

    Examples
    --------
    >>> import tempfile, standoff as so
    >>> with tempfile.TemporaryDirectory() as work:
    ...     _ = Path(f"{work}/note.txt").write_text("The truce held on Monday.\\n")
    ...     case = so.load(so.copy_case(f"{work}/mine", "idlib"))
    ...     so.add_document(case, f"{work}/note.txt", title="A note").document.title
    'A note'
    """
    refuse_errors(case)
    if wrong := [name for name in overrides if name not in OVERRIDES]:
        hint = nearest(wrong[0], OVERRIDES)
        raise StandoffError.of(
            f"a document has no {wrong[0]!r}", file="add_document", expected=", ".join(OVERRIDES), hint=hint
        )
    copy = open_document(read_bytes(Path(file), str(file), MOST_BYTES), Path(file).name)
    one = accession(case, copy, captured=captured_now(), overrides=overrides, key=key)
    if write:
        add_documents(case, [one])
    return one
