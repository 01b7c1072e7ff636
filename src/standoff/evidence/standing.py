"""What carries a claim or a row, and what that may carry: the standing of addresses, symbols and sources.

An address in a text (a host, or the symbol of a document such as ``A/HRC/43/57``) has the standing that the case's own
publishers.csv gives it, else that of the table that comes with Standoff. The row that says most holds: the longest
ending of a host, then the longest beginning of its path. A host in neither table is *not judged*: its standing is
empty, it may carry nothing, and checks and the audit name it.

What carries a claim is worked out so:

- A claim with a citation is carried by the addresses of its citation, and by nothing else: whoever cites a page that
  copies a wire could cite the wire.
- A claim of a document is carried by whoever publishes the document: the outermost source of the chain, or the outlet
  where that only prints the document again. It is also carried by a wire or a monitor that stands *between* the
  outermost and the innermost source, since that printed the words under its own name. The innermost source is the voice
  itself and carries nothing, unless it is the whole chain, that is, publishes its own words.
- A source has the ``standing`` that it is given, or that of its document's address. Else its kind decides: an agency is
  a wire, a monitor a monitor, a republisher a copy; an agency or outlet with a ``party`` is a statement of that party.
  Outlets, persons, offices and organisations have none until it is said.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from urllib.parse import urlsplit

from standoff.case.claims import Claim, EventSaid, Source
from standoff.case.model import Case, Event, Publisher, two_sided
from standoff.case.vocabulary import CARRIES_WORDS, CITABLE, is_a
from standoff.evidence.independence import corroboration, institutions
from standoff.oneline import OneLine
from standoff.text.sentences import listing

NAMED = ("office", "person", "organisation", "monitor", "agency")  # kinds of sources that may speak for a party
ACCUSING = (
    "assault",
    "border-shooting",
    "blockade",
    "arrest",
    "property-damage",
)  # types, with their kinds, that accuse who did them
UNSOURCED = "unsourced"  # an event that no citable source tells: no account has it
_ORDER = ("wire", "monitor", "statement", "copy", "aggregator", "commentary", "")
_BY_KIND = {"agency": "wire", "monitor": "monitor", "republisher": "copy"}

_URL = re.compile(r"https?://[^\s;,<>\"']+", re.IGNORECASE)
_PLAIN = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(/[!-\"$->@-~]*)?(?:[?#][!-~]*)?")  # what most are
_GITHUB = re.compile(r"github:(\S+)")
_BARE = re.compile(r"(?<![\w@./-])((?:[a-z0-9-]+\.)+[a-z]{2,})((?:/[^\s;,()]*)?)")
_FILES = (".md", ".html", ".htm", ".pdf", ".csv", ".txt", ".yaml", ".json", ".doc", ".docx", ".xls", ".xlsx")
_PLATFORMS = ("github.com", "t.me", "twitter.com", "x.com", "facebook.com", "youtube.com")
_ARCHIVES = ("web.archive.org", "archive.org")


@dataclass(frozen=True, slots=True, repr=False)
class Carrier(OneLine):
    """Who carries a text to its readers: a host, symbol or source, its standing, and whose organ it is.

    ``standing`` is empty where nobody has judged it.
    """

    name: str
    standing: str = ""
    party: str = ""


@cache
def known_publishers() -> Mapping[str, Publisher]:
    """Return the publishers that come with Standoff, by id."""
    text = resources.files("standoff.evidence").joinpath("publishers.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["id"]: Publisher(**row) for row in rows})


@cache
def is_host(name: str) -> bool:
    """Whether the id of a publisher is a host, with or without the beginning of a path, and not a symbol."""
    host = name.partition("/")[0]
    return "." in host and host == host.lower() and " " not in host


@cache
def _known_symbols() -> re.Pattern[str] | None:
    return _symbols(known_publishers())


def _symbols(publishers: Iterable[str]) -> re.Pattern[str] | None:
    names = sorted((p for p in publishers if not is_host(p)), key=len, reverse=True)
    if not names:
        return None
    return re.compile(rf"(?<![\w/.-])({'|'.join(map(re.escape, names))})\s?(?=\w)")


def _url(text: str) -> tuple[str, str] | None:
    """Return (host, path) of an address; that of the page itself for a copy in a web archive; None of no address."""
    if (plain := _PLAIN.fullmatch(text)) and plain[1] not in _ARCHIVES:  # the same, in a quarter of the time
        return plain[1], plain[2] or ""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if host in _ARCHIVES and (inner := _URL.search(text, len(parts.scheme) + 3)):
        return _url(inner.group())
    return (host, parts.path) if host else None


def _addresses(text: str, rest: str) -> Iterator[tuple[str, str]]:
    """Yield (host, path) of every address in a text, in order of kind; ``rest`` is the text without those with //."""
    for match in _URL.finditer(text):
        if (address := _url(match.group().rstrip(").]"))) is not None:
            yield address
    if not rest:
        return
    for match in _GITHUB.finditer(rest):
        yield "github.com", f"/{match.group(1)}"
    for match in _BARE.finditer(_GITHUB.sub(" ", rest)):
        if not match.group(1).endswith(_FILES):
            yield match.group(1), match.group(2)


def _row(publishers: Mapping[str, Publisher], host: str, path: str) -> Publisher | None:
    """Return the row that says most of a host: the longest ending, then the longest beginning of its path."""
    labels = host.split(".")
    steps = [step for step in path.split("/") if step]
    for cut in range(len(labels) - 1):
        name = ".".join(labels[cut:])
        names = [name, *(name := f"{name}/{step}" for step in steps)]
        for name in reversed(names):
            if name in publishers:
                return publishers[name]
    return None


def _address(host: str, path: str) -> str:
    """Return the name of a host that nobody has judged; on a platform of many, with whose page it is."""
    owner = path.strip("/").partition("/")[0]
    return f"{host}/{owner}" if host in _PLATFORMS and owner else host.removeprefix("www.")


def standing_of(case: Case, text: str) -> tuple[Carrier, ...]:
    """Return what carries a text that cites: each address and document symbol in it, with its standing, each once.

    Parameters
    ----------
    case
        Its own publishers come before those of Standoff.
    text
        The ``source`` of an event, the ``citation`` of a claim, the ``url`` of a document.
    """
    global _last
    book = _last
    if book is None or book.publishers is not case.publishers:
        book = _last = _Standings(case.publishers)
    return book.of(text)


class _Standings:
    """What carries the texts of cases that share these very publishers: ledgers ask for each again and again."""

    def __init__(self, publishers: Mapping[str, Publisher]) -> None:
        self.publishers = publishers
        self._own = {name: row for name, row in publishers.items() if not is_host(name)}
        self._symbols = _symbols(self._own)
        self._carriers: dict[str, tuple[Carrier, ...]] = {}

    def of(self, text: str) -> tuple[Carrier, ...]:
        carriers = self._carriers.get(text)
        if carriers is None:
            if len(self._carriers) > _MOST_TEXTS:
                self._carriers.clear()
            carriers = self._carriers[text] = self._work_out(text)
        return carriers

    def _work_out(self, text: str) -> tuple[Carrier, ...]:
        carriers: dict[str, Carrier] = {}
        rest = _URL.sub(" ", text)
        rest = "" if rest.isspace() else rest  # most texts are one address
        for host, path in _addresses(text, rest):
            row = _row(self.publishers, host, path) or _row(known_publishers(), host, path)
            name = row.id if row else _address(host, path)
            carriers.setdefault(name, Carrier(name, row.standing, row.party) if row else Carrier(name))
        if not rest:
            return tuple(carriers.values())
        rest = _GITHUB.sub(" ", rest)
        for pattern, rows in ((self._symbols, self._own), (_known_symbols(), known_publishers())):
            for symbol in pattern.finditer(rest) if pattern else ():
                row = rows[symbol.group(1)]
                carriers.setdefault(row.id, Carrier(row.id, row.standing, row.party))
            rest = pattern.sub(" ", rest) if pattern else rest
        return tuple(carriers.values())


_last: _Standings | None = None
_MOST_TEXTS = 20_000


def best(carriers: Iterable[Carrier]) -> str:
    """Return the best standing among carriers: wire, monitor, statement, copy, aggregator, commentary, or none."""
    return min((c.standing for c in carriers), key=_ORDER.index, default="")


def parties_of(case: Case, source: str) -> tuple[str, ...]:
    """Return the actors that a source speaks for: its party, what it belongs to, and the parties of that."""
    parties: dict[str, None] = {}
    for name in (source, *institutions(case, source)):
        if name in case.actors:
            parties[name] = None
        if name in case.sources and case.sources[name].party:
            parties[case.sources[name].party] = None
    return tuple(parties)


def blocs_of(case: Case, actor: str) -> tuple[str, ...]:
    """Return every bloc that an actor is part of, directly or through another, nearest first."""
    blocs: dict[str, None] = {}
    ahead = [actor]
    while ahead:
        name = ahead.pop(0)
        above = case.actors[name].member_of if name in case.actors else ()
        ahead += [bloc for bloc in above if bloc not in blocs]
        blocs |= dict.fromkeys(above)
    return tuple(name for name in blocs if name != actor)


def speaks_for(case: Case, source: str, actor: str) -> bool:
    """Whether a source speaks for an actor: it is of that party, or of a party that is a member of it.

    A bloc does not speak for its members.
    """
    return any(actor == party or actor in blocs_of(case, party) for party in parties_of(case, source))


def _source(case: Case, name: str) -> Carrier:
    """Return a source as a carrier, by its own standing or that of its kind."""
    source = case.sources.get(name)
    if source is None:
        return Carrier(name)
    party = next(iter(parties_of(case, name)), "")
    return Carrier(name, source.standing or _kind_standing(source, party), party)


def _kind_standing(source: Source, party: str) -> str:
    if source.kind in ("agency", "outlet") and party:
        return "statement"
    return _BY_KIND.get(source.kind, "")


def _publisher(case: Case, claim: Claim) -> Carrier:
    """Return who publishes the document of a claim: its outermost source, its outlet or its address.

    A page that prints a document again has the standing of the outlet whose document it is: a copy of an article of
    opinion is an article of opinion.
    """
    document = case.documents.get(claim.document)
    outlet = document.outlet if document else ""
    names = [name for name in dict.fromkeys((*claim.chain[:1], outlet)) if name]
    stated = [_source(case, n) for n in names if n in case.sources and case.sources[n].standing]
    judged = [c for c in standing_of(case, document.url) if c.standing] if document else []
    carriers = [_source(case, name) for name in names]
    first = next((c for c in (*stated, *judged, *carriers) if c.standing), None)
    if first is not None and first.standing == "copy" and outlet and first.name != outlet:
        return _source(case, outlet)
    return first or (carriers[0] if carriers else Carrier(claim.document))


def carriers_of(case: Case, claim: Claim) -> tuple[Carrier, ...]:
    """Return what carries a claim; the rule stands at the head of this module."""
    if claim.citation and not claim.document:
        return standing_of(case, claim.citation)
    between = [_source(case, name) for name in claim.chain[1:-1]]
    return (_publisher(case, claim), *(c for c in between if c.standing in CITABLE))


def carries_words(case: Case, claim: Claim) -> bool:
    """Whether a claim may speak for its innermost source.

    That source is named (an office, person, organisation, monitor or agency), and the claim is carried by a wire, a
    monitor or a copy, or by a statement of the party that the source speaks for: a party's organ carries what that
    party says, and nothing of others.
    """
    if not claim.chain:
        return False
    voice = claim.chain[-1]
    source = case.sources.get(voice)
    if source is None or source.kind not in NAMED:
        return False
    for carrier in carriers_of(case, claim):
        if carrier.standing == "statement":
            if carrier.name == voice or _of_party(case, voice, carrier.party):
                return True
        elif carrier.standing in CARRIES_WORDS:
            return True
    return False


def carries_answer(case: Case, claim: Claim) -> bool:
    """Whether a claim may answer for the accused: as ``carries_words``, and a denial also by another party's organ.

    The doubt is the accused's: its denial is heard, whoever passes it on.
    """
    if carries_words(case, claim):
        return True
    return _is_denial(case, claim) and any(c.standing == "statement" for c in carriers_of(case, claim))


def _is_denial(case: Case, claim: Claim) -> bool:
    voice = case.sources.get(claim.chain[-1]) if claim.chain else None
    return voice is not None and voice.kind in NAMED and claim.realis == "denied"


def on_its_page(case: Case, claim: Claim, event: Event) -> bool:
    """Whether a claim is the denial of a row by a named source on a page that tells the row as well.

    A page on which a charge rests is good enough for its denial, whoever has judged it.
    """
    if not _is_denial(case, claim):
        return False
    page = claim.document or claim.citation
    return bool(page) and any(page in (c.document, c.citation) for c in reporting(case, event))


def doubt_in_words(case: Case, event: Event) -> str:
    """Say why a row is contested, where no claim denies it; empty where it is not.

    It is where ``contested`` says so, and where all whose claims tell it speak for who was attacked, none for who is
    said to have acted, and no other wire or monitor stands in ``source``.
    """
    if event.contested or not accuses(event) or not event.target or two_sided(event.actor, event.target):
        return event.contested
    tellers = reporting(case, event)
    voices = tuple(dict.fromkeys(claim.chain[-1] if claim.chain else "" for claim in tellers))
    if not voices or not all(
        any(speaks_for(case, voice, target) for target in event.target)
        and not any(speaks_for(case, voice, actor) for actor in event.actor)
        for voice in voices
    ):
        return ""
    pages = " ".join(case.documents[c.document].url if c.document in case.documents else c.citation for c in tellers)
    own = {carrier.name for carrier in standing_of(case, pages)}
    own |= {carrier.name for claim in tellers for carrier in carriers_of(case, claim)}
    if any(c.standing in CITABLE and c.name not in own for c in standing_of(case, event.source)):
        return ""
    names = listing([case.sources[v].name if v in case.sources else v for v in voices])
    return f"told by {names} alone, which speaks for who was attacked"


def _of_party(case: Case, voice: str, party: str) -> bool:
    """Whether a voice speaks for the party of an organ, which is an id of an actor, its name or one of its aliases."""
    organ = party.casefold()
    if not organ:
        return False
    for name in parties_of(case, voice):
        actor = case.actors.get(name)
        names = {name, *((actor.name, *actor.aliases) if actor else ())}
        if any(one.casefold() == organ for one in names):
            return True
    return False


def accuses(event: Event) -> bool:
    """Whether a row accuses: it names who did something to somebody's life, body, liberty or livelihood by force."""
    return bool(event.actor) and _is_accusing(event.type)


@cache
def _is_accusing(event_type: str) -> bool:
    return any(is_a(event_type, kind) for kind in ACCUSING)


def reporting(case: Case, event: Event) -> tuple[Claim, ...]:
    """Return the claims that tell an event: those it names, and those that name it, without denials of it."""
    claims = [case.claims[c] for c in event.claims if c in case.claims]
    claims += _tellers(case.claims).get(event.id, ())
    return tuple({c.id: c for c in claims if c.realis != "denied"}.values())


def _tellers(claims: Mapping[str, Claim]) -> Mapping[str, list[Claim]]:
    """Return the claims that name an event and do not deny it, by that event."""
    global _last_tellers
    last = _last_tellers
    if last is None or last[0] is not claims:
        events: dict[str, list[Claim]] = {}
        for claim in claims.values():
            says = claim.says
            if isinstance(says, EventSaid) and says.recorded and claim.realis in ("asserted", "alleged"):
                events.setdefault(says.recorded, []).append(claim)
        last = _last_tellers = (claims, events)
    return last[1]


_last_tellers: tuple[Mapping[str, Claim], Mapping[str, list[Claim]]] | None = None  # asked for row by row


def voices(case: Case, events: Sequence[Event], *, unjudged: bool = False) -> tuple[str, ...]:
    """Return the independent voices behind some events: origins of the claims that tell them, and other publishers.

    Claims that are one witness count once. A publisher in ``source`` counts where it carries none of these claims and
    is judged at all, and neither a copy nor an aggregator; one that nobody has judged counts where there is nothing
    else, or with ``unjudged``.
    """
    claims = {claim.id: claim for event in events for claim in reporting(case, event)}
    origins = dict.fromkeys(witness.origin for witness in corroboration(case, claims).sources)
    through = {carrier.name for claim in claims.values() for carrier in carriers_of(case, claim)}
    through |= {name for claim in claims.values() for name in claim.chain}
    publishers = [carrier for event in events for carrier in standing_of(case, event.source)]
    apart = ("copy", "aggregator") if unjudged else ("", "copy", "aggregator")
    others = [c for c in publishers if c.name not in through and c.standing not in apart]
    origins |= dict.fromkeys(c.name for c in others)
    return tuple(origins or dict.fromkeys(c.name for c in publishers))


def event_carriers(case: Case, event: Event) -> tuple[Carrier, ...]:
    """Return what carries a row: the addresses of its source, and what carries the claims that tell it."""
    carriers = list(standing_of(case, event.source))
    for claim in reporting(case, event):
        carriers += carriers_of(case, claim)
    return tuple(dict.fromkeys(carriers))


def carrier_names(case: Case, event: Event) -> tuple[str, ...]:
    """Return who carries a row, as a reader knows them: sources and document series by their names, hosts as such."""
    names = (_label(case, carrier) for carrier in event_carriers(case, event))
    return tuple(dict.fromkeys(names))


def _label(case: Case, carrier: Carrier) -> str:
    if carrier.name in case.sources:
        return case.sources[carrier.name].name
    row = case.publishers.get(carrier.name) or known_publishers().get(carrier.name)
    return row.name if row is not None and not is_host(row.id) else carrier.name


def citable(case: Case, event: Event) -> bool:
    """Whether a newsroom could cite what an event rests on: at least one wire or monitor carries it."""
    return best(event_carriers(case, event)) in CITABLE
