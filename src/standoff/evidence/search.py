"""Search over every record of a case: SQLite's full-text index (FTS5), in memory, of words as people may write them.

Words match from their beginning (``shell`` finds *shelling*), all of them must be there, and what stands in quotation
marks must stand together. Accents, the vowel marks of Arabic and its variants of alef, ya and ta marbuta do not matter,
nor does its article.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from standoff.case.catalogue import KINDS, Entry, every_entry, kind_named
from standoff.case.model import Case, refuse_errors
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine
from standoff.text.sentences import fold

MOST_WORDS = 12  # of a question
FACETS = ("kind", "party", "place", "year")
_TOKEN = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ی": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ـ": ""}
)
_ARTICLE = re.compile("^(?:وال|ال)(?=[\u0621-\u064a]{3})")


def plain_words(text: str) -> list[str]:
    """Return the words of a text as the index holds them: small letters, no accents, one form of each Arabic letter."""
    # Arabic letters with hamza would fall apart into a bare letter and a mark: they are put into one form before
    loose = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).translate(_LETTERS))
    marks = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in loose if not unicodedata.combining(c))
    bare = "".join(marks).casefold()
    return [_ARTICLE.sub("", word) for word in _TOKEN.findall(bare)]


@dataclass(frozen=True, slots=True, repr=False)
class Hit(OneLine):
    """One record that a search answers with: ``title`` and ``words`` as parts, each with whether it matches."""

    entry: Entry
    title: tuple[tuple[str, bool], ...]
    words: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class SearchResult(OneLine):
    """What a search answers: one page of records, how many there are, and how many of each kind, party, place, year."""

    words: str
    total: int
    page: int
    pages: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    near: str = ""  # a word of the case near one that nothing has


class SearchIndex:
    """The index of a case. It may be asked from several threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index records; the first of two of one kind and id stays."""
        self._entries: list[Entry] = []
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        run = self._base.execute
        run("CREATE VIRTUAL TABLE text USING fts5(id, title, words, tokenize='unicode61', prefix='2 3 4')")
        run("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(text, 'row')")
        run("CREATE TABLE tag (entry INTEGER, facet TEXT, value TEXT)")
        names: set[tuple[str, str]] = set()
        for entry in entries:
            if (entry.kind, entry.id) in names:
                continue
            names.add((entry.kind, entry.id))
            at = len(self._entries)
            self._entries.append(entry)
            cells = (
                " ".join(plain_words(t)) for t in (entry.id, entry.title, f"{' '.join(entry.facts)} {entry.words}")
            )
            run("INSERT INTO text (rowid, id, title, words) VALUES (?, ?, ?, ?)", (at, *cells))
            tags = [("kind", entry.kind), *(("party", p) for p in dict.fromkeys(entry.parties))]
            tags += [("place", p) for p in dict.fromkeys(entry.places)]
            tags += [("year", str(entry.day.year))] if entry.day else []
            self._base.executemany("INSERT INTO tag VALUES (?, ?, ?)", [(at, *tag) for tag in tags])
        run("CREATE INDEX by_entry ON tag (entry)")

    def __repr__(self) -> str:
        return f"<SearchIndex: {len(self._entries):,} records>"

    def __len__(self) -> int:
        return len(self._entries)

    def find(
        self,
        words: str,
        *,
        kind: str = "",
        party: str = "",
        place: str = "",
        year: str = "",
        page: int = 1,
        each: int = 20,
    ) -> SearchResult:
        """Return the records that hold all the words, the best first, and counts by facet.

        Parameters
        ----------
        words
            As typed; no sign in it is a command. Without a word every record that fits the facets is listed.
        kind, party, place, year
            Only records of this kind, about this actor or place (by id), or of this year.
        page, each
            Which page of the list, and how many records it holds.

        Returns
        -------
        SearchResult
            With ``near`` where nothing was found and a word of the case is near a word that was asked for.
        """
        parts = _parts(words)
        query = " AND ".join(f'"{" ".join(part)}"{"" if exact else " *"}' for part, exact in parts)
        with self._lock:
            run = self._base.execute
            run("DROP TABLE IF EXISTS hit")
            if parts:
                run(
                    "CREATE TEMP TABLE hit AS SELECT rowid AS entry, bm25(text, 8.0, 6.0, 1.0) AS rank FROM text "
                    "WHERE text MATCH ?",
                    (query,),
                )
            else:
                run("CREATE TEMP TABLE hit AS SELECT rowid AS entry, rowid AS rank FROM text")
            for facet, value in (("kind", kind), ("party", party), ("place", place), ("year", year)):
                if value:
                    run(
                        "DELETE FROM hit WHERE entry NOT IN (SELECT entry FROM tag WHERE facet = ? AND value = ?)",
                        (facet, value),
                    )
            total = int(run("SELECT count(*) FROM hit").fetchone()[0])
            pages = max(-(-total // each), 1)
            at = min(max(page, 1), pages)
            rows = run(
                "SELECT entry FROM hit ORDER BY rank, entry LIMIT ? OFFSET ?", (each, (at - 1) * each)
            ).fetchall()
            counts = run(
                "SELECT facet, value, count(*) FROM tag JOIN hit USING (entry) GROUP BY facet, value ORDER BY 3 DESC, 2"
            ).fetchall()
            near = "" if total or not parts else self._near([word for part, _ in parts for word in part])
        facets = {name: tuple((v, n) for f, v, n in counts if f == name) for name in FACETS}
        facets["kind"] = tuple(sorted(facets["kind"], key=lambda one: list(KINDS).index(one[0])))
        facets["year"] = tuple(sorted(facets["year"]))
        hits = tuple(_hit(self._entries[row[0]], parts) for row in rows)
        return SearchResult(words, total, at, pages, hits, facets, near)

    def _near(self, words: Sequence[str]) -> str:
        """Return a word of the index near the first word that it does not hold."""
        for word in words:
            have = self._base.execute("SELECT 1 FROM text WHERE text MATCH ? LIMIT 1", (f'"{word}" *',)).fetchone()
            if not have:
                first = self._base.execute(
                    "SELECT term FROM vocabulary WHERE term BETWEEN ? AND ?", (word[:1], word[:1] + "\uffff")
                ).fetchall()
                close = difflib.get_close_matches(word, [term for (term,) in first], n=1, cutoff=0.6)
                return close[0] if close else ""
        return ""


def _parts(words: str) -> list[tuple[list[str], bool]]:
    """Return what is asked for: words, each from its beginning, and phrases in quotation marks, which are exact."""
    parts: list[tuple[list[str], bool]] = []
    for quoted, loose in re.findall(r'["“”«]([^"“”»]*)["“”»]|([^"“”«»]+)', words):
        if quoted:
            parts += [(phrase, True)] if (phrase := plain_words(quoted)) else []
        else:
            parts += [([word], False) for word in plain_words(loose)]
    return parts[:MOST_WORDS]


def _hit(entry: Entry, parts: Sequence[tuple[list[str], bool]]) -> Hit:
    starts = [word for part, exact in parts for word in part if not exact]
    whole = {word for part, exact in parts for word in part if exact}
    title = _marked(entry.title, starts, whole)
    if any(match for _, match in title) or not parts:
        return Hit(entry, title)
    around = _marked(" ".join(entry.words.split()), starts, whole)
    return Hit(entry, title, _window(around))


def _marked(text: str, starts: Sequence[str], whole: set[str]) -> tuple[tuple[str, bool], ...]:
    """Return a text in parts, each with whether it matches."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for token in re.finditer(r"\w+", text):
        words = plain_words(token[0])
        if any(w in whole or any(w.startswith(s) for s in starts) for w in words):
            pieces += [(text[at : token.start()], False), (token[0], True)]
            at = token.end()
    pieces.append((text[at:], False))
    return tuple(piece for piece in pieces if piece[0])


def _window(pieces: Sequence[tuple[str, bool]], room: int = 80) -> tuple[tuple[str, bool], ...]:
    """Return the first match with some words before and after it."""
    first = next((n for n, (_, match) in enumerate(pieces) if match), None)
    if first is None:
        return ()
    before = pieces[first - 1][0] if first else ""
    after = pieces[first + 1][0] if first + 1 < len(pieces) else ""
    left = before if len(before) <= room else "… " + before[-room:].partition(" ")[2]
    right = after if len(after) <= room else (fold(after, room)[0] + " …")
    right = right if right[:1].isspace() or not after[:1].isspace() else f" {right}"
    return tuple(piece for piece in ((left, False), pieces[first], (right, False)) if piece[0])


def search_index(case: Case, more: Iterable[Entry] = ()) -> SearchIndex:
    """Return the index of a case, and of further records such as the events of a log."""
    return SearchIndex((*every_entry(case), *more))


def check_facets(case: Case, *, kind: str = "", party: str = "", place: str = "", year: str = "") -> None:
    """Refuse facets that a case does not have. Raises StandoffError with the nearest name."""
    if kind:
        kind_named(kind)
    for what, name, names in (("party", party, case.actors), ("place", place, case.places)):
        if name and name not in names:
            near = nearest(name, names)
            raise StandoffError.of(
                f"there is no {what} {name!r}", file=f"--{what}", expected="the id of one", hint=near
            )
    if year and not re.fullmatch(r"\d{4}", year):
        raise StandoffError.of(f"{year!r} is not a year", file="--year", expected="four digits, such as 2020")


def search(
    case: Case, words: str = "", *, kind: str = "", party: str = "", place: str = "", year: str = "", page: int = 1
) -> SearchResult:
    """Find the records of a case that hold all the words, in any script, the best first.

    Parameters
    ----------
    case : Case
        A case without errors.
    words : str
        As one would type them; each matches from its beginning, ``"words in quotes"`` stand together.
    kind, party, place, year : str, optional
        Only records of this kind, about this actor or place (by id), or of this year.
    page : int
        Which page of twenty records.

    Returns
    -------
    SearchResult
        ``hits``, how many there are (``total``), and how many of each kind, party, place and year (``facets``).

    Raises
    ------
    StandoffError
        For a facet that the case does not have, with the nearest name.

    Examples
    --------
    >>> import standoff as so
    >>> so.search(so.load("idlib"), "observation post", kind="commitments").hits[0].entry.kind
    'commitments'
    """
    refuse_errors(case)
    check_facets(case, kind=kind, party=party, place=place, year=year)
    index = search_index(case)
    return index.find(words, kind=kind_named(kind).key if kind else "", party=party, place=place, year=year, page=page)
