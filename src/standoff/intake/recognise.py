"""Which source a table is of, by the names of its columns; what it lacks, and what is left alone.

The names stand in headers.csv: a source, a version of it, a column, the field it gives, and whether it is needed. They
are compared without regard to case, spaces, underscores and other marks.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from standoff.errors import Problem, StandoffError, nearest
from standoff.oneline import OneLine
from standoff.plugins import HEADERS, READERS, load_plugin, plugin_names
from standoff.text.sentences import listing

TITLES = {
    "acled": "ACLED",
    "ged": "UCDP GED",
    "own": "our own table of events",
    "hapi-events": "HDX HAPI, conflict events",
    "hapi-idps": "HDX HAPI, displaced people",
    "hapi-refugees": "HDX HAPI, refugees and returnees",
    "hapi-population": "HDX HAPI, population",
    "acled-months": "ACLED on HDX, events by month",
    "dtm": "IOM DTM",
    "unhcr-days": "UNHCR portal, arrivals by day",
    "unhcr-portal": "UNHCR portal",
    "unhcr-years": "UNHCR, people by year",
    "idmc-updates": "IDMC, displacement updates",
    "idmc-years": "IDMC, displacement by year",
    "idmc-months": "IDMC, a month in a row and a country in a column",
    "ucdp-agreements": "UCDP Peace Agreements",
    "pax-agreements": "PA-X Peace Agreements",
    "agreements": "a list of agreements",
    "people": "a table of sites, dates and people",
    "incidents": "a table of incidents",
}
OTHER_KINDS = ("boundaries", "annotations")  # that are no tables, and may be named as well
NAMED_ONLY = ("idmc-months",)  # what is counted does not stand in the table: the user says it


@dataclass(frozen=True, slots=True, repr=False)
class HeaderMap(OneLine):
    """The columns of one version of a source: for each its name, its field, and whether it is needed."""

    source: str
    version: str
    columns: tuple[tuple[str, str, bool], ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields without which nothing can be read."""
        return tuple(dict.fromkeys(field for _, field, needed in self.columns if needed))

    def name_of(self, field: str) -> str:
        """Return the column that gives a field, by the name the source gives it."""
        return next((name for name, of, _ in self.columns if of == field), field)


@dataclass(frozen=True, slots=True, repr=False)
class Recognition(OneLine):
    """What a table is: the place of each field among its columns, and the columns that are left alone."""

    source: str
    version: str
    why: str
    at: dict[str, int]
    header: tuple[str, ...]

    @property
    def title(self) -> str:
        """The source as people call it."""
        return TITLES[self.source]

    @property
    def columns(self) -> dict[str, str]:
        """The column of each field."""
        return {field: self.header[k] for field, k in self.at.items()}

    @property
    def figures(self) -> tuple[str, ...]:
        """The fields that hold figures, ``figure:MEASURE``; what stands behind a plus says more of it."""
        return tuple(field for field in self.at if field.startswith("figure:"))

    @property
    def left(self) -> tuple[str, ...]:
        """The columns that nothing is read from."""
        used = set(self.at.values())
        return tuple(name for k, name in enumerate(self.header) if k not in used and name)


@lru_cache(8192)
def plain_name(name: str) -> str:
    """Return the name of a column without case, spaces, accents and marks."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
    return re.sub(r"[\W_]+", "", name.casefold())


_UNIT = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")


_ROW = ("source", "version", "column", "field", "needed")


@cache
def header_maps() -> tuple[HeaderMap, ...]:
    """Return the columns of every source: those of headers.csv in its order, then those of plug-ins.

    A plug-in is an entry point of the group ``standoff.headers``: a text of the form of headers.csv, or a function
    that returns one. It adds versions of sources that are known, so that an organisation's own export needs no
    ``--map``. Raises StandoffError, with all problems at once, where a plug-in cannot be imported, has other columns,
    names a source that is unknown or fields that this source does not have, or a version that is there already.
    """
    text = files("standoff.intake").joinpath("headers.csv").read_text(encoding="utf-8")
    shipped = _maps_of(text)
    problems: list[Problem] = []
    added: dict[tuple[str, str], HeaderMap] = {}
    for name in plugin_names(HEADERS):
        file = f"{HEADERS}:{name}"
        try:
            loaded = load_plugin(HEADERS, name)
            text = loaded() if callable(loaded) else loaded
            rows = list(csv.DictReader(text.splitlines()))
        except StandoffError as error:
            problems += error.problems
            continue
        except Exception as error:
            what = f"its columns cannot be read: {type(error).__name__}: {error}"
            problems.append(Problem(file, 0, what, "a text such as headers.csv, or a function that returns it"))
            continue
        wrong = _wrong_rows(rows, shipped, file)
        problems += wrong
        if not wrong:
            for one in _maps_of(text):
                if (one.source, one.version) in {(m.source, m.version) for m in (*shipped, *added.values())}:
                    what = f"the version {one.version!r} of {one.source} is there already"
                    problems.append(Problem(file, 0, what, "a version of its own name"))
                added.setdefault((one.source, one.version), one)
    if problems:
        raise StandoffError(problems)
    return (*shipped, *added.values())


def _maps_of(text: str) -> tuple[HeaderMap, ...]:
    columns: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}
    for row in csv.DictReader(text.splitlines()):
        of = columns.setdefault((row["source"], row["version"]), [])
        of.append((row["column"], row["field"], row["needed"] == "yes"))
    return tuple(HeaderMap(source, version, tuple(rows)) for (source, version), rows in columns.items())


def _wrong_rows(rows: Sequence[Mapping[str, str]], shipped: Sequence[HeaderMap], file: str) -> list[Problem]:
    """Return what is wrong with the rows of a plug-in, by line: a column of a source that the program cannot use."""
    if not rows or any(set(row) != set(_ROW) or None in row.values() for row in rows):
        return [Problem(file, 1, "its rows do not have the columns of headers.csv", ", ".join(_ROW))]
    fields: dict[str, set[str]] = {}
    for one in shipped:
        fields.setdefault(one.source, set()).update(field for _, field, _ in one.columns)
    problems = []
    for line, row in enumerate(rows, start=2):
        source, field = row["source"], row["field"]
        if source not in fields:
            what = f"the source {source!r} is unknown"
            problems.append(Problem(file, line, what, ", ".join(fields), nearest(source, fields)))
        elif field not in fields[source]:
            what = f"{TITLES[source]} has no field {field!r}"
            problems.append(Problem(file, line, what, ", ".join(fields[source]), nearest(field, fields[source])))
        if row["needed"] not in ("yes", ""):
            problems.append(Problem(file, line, f"needed is {row['needed']!r}", "yes, or nothing"))
    return problems


def _fields(map_: HeaderMap, header: Sequence[str], own_names: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for k, name in enumerate(header):
        places.setdefault(plain_name(name), k)
    for k, name in enumerate(header):  # with its unit in brackets
        places.setdefault(plain_name(_UNIT.sub("", name)), k)
    taken = {plain_name(theirs) for theirs in own_names.values()}
    at: dict[str, int] = {}
    for name, field, _ in map_.columns:
        theirs = own_names.get(field, own_names.get(name))
        if theirs is not None:
            at.setdefault(field, places[plain_name(theirs)])
        elif field not in at and plain_name(name) in places and plain_name(name) not in taken:
            at[field] = places[plain_name(name)]
    if map_.source == "people":
        _add_months_and_levels(at, places)
        if word := _people_by_word(map_, header, at):
            at[word[0]] = word[1]
    return at


_MONTH_NAMES = ("month", "reporting month", "mois", "mes", "mese", "monat", "месяц", "місяць", "الشهر", "شهر", "ay")
_YEAR_NAMES = ("year", "année", "año", "ano", "anno", "jahr", "год", "рік", "السنة", "سنة", "yıl")
_LEVEL_NAME = re.compile(r"adm(?:in)?([1-5])(?:name)?(?:en|fr|es|pt|ar|uk|ua|ru)?")
_LEVEL_CODE = re.compile(r"adm(?:in)?([1-5])p?code")


def _add_months_and_levels(at: dict[str, int], names: Mapping[str, int]) -> None:
    """Add what a table of people has in the place of a day and a site: a month, and the deepest area with its code."""
    free = {name: k for name, k in names.items() if k not in at.values()}
    if "date" not in at:
        month, year = (
            next((free[plain_name(word)] for word in words if plain_name(word) in free), None)
            for words in (_MONTH_NAMES, _YEAR_NAMES)
        )
        if month is not None:
            at |= {"date": month} if year is None else {"year": year, "month": month}
    codes = {match[1]: k for name, k in free.items() if (match := _LEVEL_CODE.fullmatch(name))}
    levels = {match[1]: k for name, k in names.items() if (match := _LEVEL_NAME.fullmatch(name))}
    if "place" not in at and levels:
        at["place"] = levels[max(levels)]
    deepest = next((level for level, k in levels.items() if k == at.get("place")), "")
    if "code2" not in at and deepest in codes:  # the code of a larger area is none of a site
        at["code2"] = codes[deepest]


def _has(at: Mapping[str, int], field: str) -> bool:
    return field in at or (field == "date" and {"year", "month"} <= at.keys())


_PEOPLE_WORDS = {
    "figure:idps-stock": r"\bidps?\b|displaced|d[ée]plac[ée]|desplazad|deslocad|vertrieben|sfollat|переселен|"
    r"перемещ[ёе]н|переміщен|впл\b|впо\b|نازح|yerinden ed",
    "figure:refugees-stock": r"refugee|r[ée]fugi[ée]|refugiad|flüchtling|rifugiat|беженц|біженц|لاجئ|mülteci",
    "figure:people-stock": r"people|persons|individuals|personnes|personas|pessoas|людей|человек|осіб|أفراد|أشخاص|kişi",
}
_NOT_ALL = re.compile(  # of a part of the people, of households, of a change, or of harm done
    r"househ|\bhhs?\b|famil|m[ée]nage|hogar|foyer|домохоз|семе|семь|сім|господар|أسر|عائل|hane|aile|%|percent|share|rate|"
    r"male|\bmen\b|wom[ae]n|homme|femme|hombre|mujer|homens|mulher|boys|girls|child|enfant|niñ|crian|дет|діт|أطفال|çocuk|"
    r"\bage|years|\bans\b|años|anos\b|\bnew|nouve|nuev|nov[oa]|нов|جديد|yeni|retur|retour|retorn|возвра|поверн|عائد|"
    r"arriv|origin|date|code|target|need|besoin|neces|\bнужд|change|differ|capaci|kill|dead|death|injur|wound|mort|muert|"
    r"tu[ée]s|bless|herid|ferid|погиб|ранен|affect|previous|last|ratio|average|\bavg|site|camp\b|disab",
    re.IGNORECASE,
)


def _figure(map_: HeaderMap) -> str:
    return next(field for _, field, _ in map_.columns if field.startswith("figure:"))


def _people_by_word(map_: HeaderMap, header: Sequence[str], at: Mapping[str, int]) -> tuple[str, int] | None:
    """Return the one column that counts people by a word in its name, where none has a name that is known."""
    figure = _figure(map_)
    if figure in at or not _has(at, "date") or "place" not in at:
        return None
    found = [(k, name) for k, name in enumerate(header) if k not in at.values() and _people_word(name)]
    if len(found) != 1 or _people_word(found[0][1]) != figure or _NOT_ALL.search(found[0][1]):
        return None
    return figure, found[0][0]


def _people_word(name: str) -> str:
    """Return which people the name of a column speaks of, the more special first; empty for none."""
    return next((f for f, words in _PEOPLE_WORDS.items() if re.search(words, name, re.IGNORECASE)), "")


def is_known_header(cells: Sequence[str]) -> bool:
    """Whether a row has every needed column of some source."""
    if sum(1 for cell in cells if cell) < 2:
        return False
    maps = (m for m in header_maps() if m.source not in NAMED_ONLY)
    return any(all(_has(at, f) for f in m.needed) for m in maps for at in (_fields(m, cells, {}),))


def recognise(
    header: Sequence[str],
    file: str,
    line: int = 1,
    *,
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Recognition:
    """Return what a table is, by the names of its columns.

    ``kind`` is a source that the user names; ``columns`` gives the names of the table's columns for fields or columns
    of ours. Raises StandoffError, with the nearest names, for columns that lack and for a table of no source.
    """
    own_names = dict(columns or {})
    maps = header_maps()
    if kind is not None and kind not in TITLES:
        hint = nearest(kind, (*TITLES, *OTHER_KINDS))
        expected = ", ".join((*TITLES, *OTHER_KINDS))
        raise StandoffError.of(f"the kind {kind!r} is unknown", file="--as", expected=expected, hint=hint)
    maps = tuple(m for m in maps if m.source == kind or (kind is None and m.source not in NAMED_ONLY))
    _check_given(own_names, maps, header)
    scored = []
    is_of_feed = False
    for order, one in enumerate(maps):  # those of incidents come last
        at = _fields(one, header, own_names)
        needed = sum(1 for field in one.needed if _has(at, field))
        named = any(plain_name(name) in _ONLY_ITS.get(one.source, ()) for name in header)
        is_of_feed |= named and needed > len(one.needed) / 2
        if one.source == "incidents" and kind is None and (is_of_feed or needed < len(one.needed)):
            continue  # a feed that lacks columns is told as that; and a column or two are of any table
        scored.append((needed == len(one.needed), needed / len(one.needed), len(at), -order, one, at))
    whole, share, _, _, best, at = max(scored, key=lambda item: item[:4])
    if whole and best.source == "people" and kind is None:
        incident = next((fields for good, *_, one, fields in scored if good and one.source == "incidents"), {})
        if "subtype" in incident:
            people, events = header[at[_figure(best)]], header[incident["subtype"]]
            what = f"it counts people in {people!r}, and names incidents in {events!r}"
            hint = "say --as incidents for what happened, or --as people for who is there"
            raise StandoffError.of(what, file=file, line=line, expected="a table of one of them", hint=hint)
    if whole:
        more = len(at) - len(best.needed)
        why = f"it has the {len(best.needed)} columns that {TITLES[best.source]} needs, and {more} more of its columns"
        return Recognition(best.source, best.version, why, at, tuple(header))
    if kind is None and (share < 0.5 or len(at) < 2):
        names = ", ".join(name for name in header if name)
        if sum(map(len, header)) > 30 and sum(1 for name in header if name) <= 2 and len(names.split()) > 5:
            what = f"this is running text: {names[:60]}..."
            hint = "its text is for standoff read; a note of figures, type into a table"
            raise StandoffError.of(what, file=file, line=line, expected="a table with names of columns", hint=hint)
        what = f"these columns are of no source that is known: {names[:200] or 'none'}"
        if sum(1 for name in header if _DAY.match(name)) > 1:
            what = f"its columns are days: {names[:200]}"
            hint = "make a row of each area and day (site, date, people); standoff forecast reads it as it is"
            raise StandoffError.of(what, file=file, line=line, expected="a row for each area and day", hint=hint)
        expected = f"the columns of one of: {', '.join(TITLES)}"
        wide = len(header) > 5 and plain_name(header[0]) in ("month", "date", "year")
        if wide and all(name.isalpha() and len(name) == 3 for name in header[1:] if name):
            hint = "of figures of IDMC by month and country say --as idmc-months"
            raise StandoffError.of(what, file=file, line=line, expected=expected, hint=hint)
        hint = f"name the source with --as, and columns with --map{_of_incidents(header, maps)}"
        raise StandoffError.of(what, file=file, line=line, expected=expected, hint=hint)
    used = {header[k] for k in at.values()}
    spare = [name for name in header if name and name not in used]
    problems = []
    for field in (f for f in best.needed if not _has(at, f)):
        name = best.name_of(field)
        what = f"the column {name!r} is missing"
        hint = nearest(name, spare) or f"if it has another name, say --map {name}=THEIRS"
        counts = (
            [one for one in spare if _people_word(one) and not _NOT_ALL.search(one)]
            if field.startswith("figure:")
            else []
        )
        if counts:
            hint = f"if it is {counts[0]!r}, say --map {name}={_shell_word(counts[0])}"
        problems.append(Problem(file, line, what, f"the columns of {TITLES[best.source]}", hint))
    raise StandoffError(problems)


def _of_incidents(header: Sequence[str], maps: Iterable[HeaderMap]) -> str:
    """Return which columns a table has of one of incidents, where a day is among them; else nothing."""
    fields = {plain_name(name): field for m in maps if m.source == "incidents" for name, field, _ in m.columns}
    there = {name: fields[plain_name(name)] for name in header if plain_name(name) in fields}
    if "date" not in there.values() or len(there) < 2:
        return ""
    return f"; of incidents (a table with who, what or whom) it has {listing(there)}"


_ONLY_ITS = {  # names of columns that are a feed's own: with actor1 and latitude alone it may be anybody's table
    "acled": ("eventidcnty", "eventdate", "subeventtype"),
    "ged": ("typeofviolence", "dyadname", "datestart", "whereprec"),
}
_DAY = re.compile(r"(?:\d{4}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-])")


def _shell_word(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]+", name) else f"'{name}'"


def _check_given(own_names: Mapping[str, str], maps: Iterable[HeaderMap], header: Sequence[str]) -> None:
    ours = {word for m in maps for name, field, _ in m.columns for word in (name, field)}
    there = {plain_name(name) for name in header}
    problems = []
    for mine, theirs in own_names.items():
        if mine not in ours:
            what = f"no source that fits has a column {mine!r}"
            problems.append(Problem("--map", 0, what, "ours=theirs", nearest(mine, ours)))
        if plain_name(theirs) not in there:
            what = f"the table has no column {theirs!r}"
            problems.append(Problem("--map", 0, what, f"one of {', '.join(header)[:200]}", nearest(theirs, header)))
    if problems:
        raise StandoffError(problems)


def other_way(head: bytes, name: str) -> tuple[str, str] | None:
    """Say what a file is that is not a table that can be read, and the nearest way on; None where it may be a table.

    ``head`` is its beginning, ``name`` what the user calls it.
    """
    end = name.lower().rsplit(".", 1)[-1] if "." in name else ""
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    start = text[:4000]
    if end in plugin_names(READERS):
        return None
    for test, what, way in _OTHERS:
        if test(head, start, end):
            return what, way
    return None


def _zip_holds(*ends: bytes) -> Callable[[bytes, str, str], bool]:
    return lambda head, text, end: head.startswith(b"PK\x03\x04") and any(e in head for e in ends)


def _is_gdelt(head: bytes, text: str, end: str) -> bool:
    cells = text.split("\n", 1)[0].split("\t")
    return len(cells) in (57, 58, 61) and cells[0].isdigit() and len(cells[1]) == 8 and cells[1].isdigit()


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_ESRI = re.compile(r'"esri(?:Geometry|FieldType)\w+"|"features"\s*:\s*\[\s*\{\s*"attributes"\s*:')
_FEATURE = re.compile(r'\x1e?\{\s*"type"\s*:\s*"Feature"\s*,')

_OTHERS: tuple[tuple[Callable[[bytes, str, str], bool], str, str], ...] = (
    (
        lambda h, t, e: h.startswith(b"%PDF"),
        "this is a PDF",
        "copy its table into a spreadsheet; its text is for standoff read",
    ),
    (
        _zip_holds(b"word/document.xml", b"word/"),
        "this is a Word document",
        "save its table as CSV or xlsx; its text is for standoff read",
    ),
    (
        _zip_holds(b"ppt/"),
        "this is a presentation",
        "save its table as CSV or xlsx; its text is for standoff read",
    ),
    (
        _zip_holds(b".iwa"),
        "this is a file of Numbers, Pages or Keynote",
        "export its table as CSV or xlsx",
    ),
    (
        lambda h, t, e: h.startswith(_PICTURES) or (h[:4] == b"RIFF" and h[8:12] == b"WEBP"),
        "this is a picture",
        "type what its table says into a spreadsheet, and name the picture as its document",
    ),
    (
        lambda h, t, e: h.startswith(b"\xd0\xcf\x11\xe0") and e in ("doc", "ppt", "msg"),
        "this is a file of Word, PowerPoint or Outlook",
        "save its table as CSV or xlsx; its text is for standoff read",
    ),
    (
        lambda h, t, e: t.startswith("BEGIN:VC"),
        "this is a calendar or a list of addresses",
        "save what it holds as a table",
    ),
    (
        _zip_holds(b".shp", b".dbf"),
        "this is a zipped shapefile",
        "save it as GeoJSON in a GIS, then import it as boundaries",
    ),
    (
        lambda h, t, e: h[:4] == b"\x00\x00\x27\x0a" or e in ("shp", "dbf", "gpkg"),
        "this is a file of a GIS",
        "save it as GeoJSON, then import it as boundaries",
    ),
    (
        lambda h, t, e: h[:5] in (b"RDX2\n", b"RDX3\n", b"X\n\x00\x00\x00") or e in ("rda", "rdata", "rds"),
        "this is a file of R",
        "in R, save the table with write.csv",
    ),
    (
        lambda h, t, e: e in ("kml", "kmz") or "<kml" in t,
        "this is KML",
        "save it as GeoJSON in a GIS, then import it as boundaries",
    ),
    (
        lambda h, t, e: bool(re.match(r'\{\s*"type"\s*:\s*"Topology"', t)) or '"Topology"' in t[:200],
        "this is TopoJSON",
        "save it as GeoJSON (topo2geo, mapshaper), then import it as boundaries",
    ),
    (
        lambda h, t, e: t.startswith("{") and bool(_ESRI.search(t)),
        "this is Esri JSON, the answer of a service for maps",
        "ask the service for GeoJSON (f=geojson in its address), or save the layer as GeoJSON in a GIS",
    ),
    (
        lambda h, t, e: e in ("geojsonl", "geojsons") or bool(_FEATURE.match(t)),
        "this is GeoJSON but not a collection: one feature, or one on each line",
        "save it as a FeatureCollection in a GIS, then import it; one area alone: --as boundaries",
    ),
    (
        lambda h, t, e: (
            bool(re.match(r'\{.{0,200}?"type"\s*:\s*"FeatureCollection"', t, re.DOTALL))
            or (e == "geojson" and not t.startswith("["))
        ),
        "this is GeoJSON: areas or places on a map",
        "import it as boundaries, or as zones of a case",
    ),
    (
        lambda h, t, e: t.startswith("{") and '"schema"' in t and '"properties"' in t,
        "these are entities of FollowTheMoney",
        "export them as CSV (ftm export-csv), then name the columns with --map",
    ),
    (
        lambda h, t, e: "Annotation/Reply Type" in t.split("\n", 1)[0],
        "these are annotations of Hypothesis in a table, which has no places in their texts",
        "export them as JSON in Hypothesis, and import that",
    ),
    (
        lambda h, t, e: t[:1] in ("{", "[") and all(key in t for key in ('"uri"', '"target"', '"user"')),
        "these are annotations of Hypothesis",
        "import them as annotations",
    ),
    (
        _is_gdelt,
        "this is GDELT: codes of news, and no reports that somebody has read",
        "take ACLED or UCDP GED for counts of events",
    ),
    (
        lambda h, t, e: (
            e in ("eml", "msg", "mbox")
            or bool(
                re.match(
                    r"(?:(?:Received|Delivered-To|MIME-Version|From|Subject|Date|To): [^\n]*\n){2}",
                    t,
                )
            )
        ),
        "this is an e-mail",
        "save its attachment, or its text for standoff read",
    ),
    (
        lambda h, t, e: e == "gpx" or "<gpx" in t or "<gml:" in t or "<osm " in t,
        "this is a file of a GIS",
        "save it as GeoJSON, then import it as boundaries; places as a table with latitude and longitude",
    ),
    (
        lambda h, t, e: e in ("yaml", "yml", "toml", "ini") or t.startswith("%YAML"),
        "this is a file of settings or of a case",
        "save a table as CSV or xlsx; files of a case are written on the page Edit",
    ),
    (lambda h, t, e: e == "xml" or t.startswith("<?xml"), "this is XML", "save its table as CSV or xlsx"),
    (
        lambda h, t, e: bool(re.match(r"<(?:!doctype|html|head|body)", t, re.IGNORECASE)),
        "this is a web page",
        "save its table as CSV; its text is for standoff read",
    ),
    (
        lambda h, t, e: (
            e
            in (
                "dta",
                "sav",
                "por",
                "parquet",
                "feather",
                "sas7bdat",
                "mdb",
                "accdb",
                "sqlite",
                "db",
                "pickle",
                "pkl",
                "mat",
            )
        ),
        "this is a file of another program",
        "save the table as CSV or xlsx",
    ),
    (
        lambda h, t, e: h.startswith((b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")),
        "this is packed",
        "unpack it first, or pack it as zip",
    ),
)
