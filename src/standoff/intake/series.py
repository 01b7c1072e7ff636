"""Figures of people by site and day, from any table: a row each, dates as columns, sites as columns, or hashtags.

Columns are known by the source's header map, by hashtags, or by their names and what is in them; where two would do,
the error asks. Nothing is added that the table does not part itself: rows of totals are set aside, and several rows of
one site and day are summed only where the source parts its figures so, or where the user says it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from standoff.errors import Problem, StandoffError, nearest
from standoff.files.opener import read_bytes
from standoff.files.sheet_layout import TypedNumber
from standoff.files.table_reader import MOST_BYTES, NOTE_BELOW, TOTAL, Table, is_total, read_table_file
from standoff.intake.columns import (
    HOUSEHOLDS,
    OF_ROUNDS,
    THOUSANDS,
    Days,
    Numbers,
    code_of,
    days_of,
    formula_errors,
    in_thousands,
    is_blank,
    month_number,
    no_days,
    numbers_of,
    only_parts,
    which_column,
)
from standoff.intake.hxl import measure_of_tag, tag_parts
from standoff.intake.inexact import (
    Inexact,
    InexactCell,
    added,
    count_is,
    inexact,
    inexact_notes,
    looks_numeric,
    refusal,
    settled_by,
)
from standoff.intake.recognise import TITLES, is_known_header, other_way, plain_name, recognise
from standoff.intake.totals import (
    TotalRow,
    folded,
    is_total_name,
    rows_of_totals,
    total_notes,
    totals_beside_sums,
)
from standoff.oneline import OneLine
from standoff.text.sentences import count
from standoff.values import When

MOST_LISTED = 20
MOST_SITES = 20_000
REPEATS = ("sum", "last")
_PEOPLE = {"whole": True, "high": 1e12, "noun": "a number of people such as 3 or 1,000"}
_ADDED = {  # feeds that part the figure of an area and day into rows, and by what
    "dtm": ("what", "origin", "assessment", "operation", "status"),
    "hapi-idps": ("assessment", "operation"),
    "idmc-updates": ("what", "event", "told_by", "place"),
    "unhcr-portal": ("told_by",),
    "unhcr-years": ("origin",),
    "hapi-population": (),
}
_LEVELS = (  # names of columns of areas, the largest first, as `plain_name` has them
    ("country", "countryname", "admin0", "adm0", "admin0name", "adm0name", "pays", "pais", "countryofasylum", "iso3"),
    ("admin1", "adm1", "admin1name", "adm1name", "region", "province", "governorate", "state", "oblast", "wilaya",
     "departement", "departamento", "provincia", "muhafaza"),
    ("admin2", "adm2", "admin2name", "adm2name", "district", "county", "cercle", "raion", "municipality", "lga",
     "prefecture", "territoire", "municipio"),
    ("admin3", "adm3", "admin3name", "adm3name", "subdistrict", "commune", "ward", "hromada", "payam", "nahiya",
     "subprefecture"),
    ("admin4", "adm4", "admin4name", "adm4name", "village", "community", "neighbourhood", "neighborhood"),
    ("site", "sitename", "camp", "campname", "location", "locationname", "place", "placename", "settlement",
     "settlementname", "area", "areaname", "name", "nameofsite", "nameofcamp", "locality", "sitio", "lieu", "centre",
     "center", "collectivecentre", "shelter"),
)  # fmt: skip
_RANK = {name: rank for rank, names in enumerate(_LEVELS) for name in names}
LEVEL_OF = {name: rank for name, rank in _RANK.items() if rank < 5}  # of a column of areas: 0 a country, 1 admin1 ...
_FIELDS = {"country": 0, "country_code3": 0, "admin1": 1, "admin2": 2, "admin3": 3, "place": 5}
_CODES = {"code0": 0, "code1": 1, "code2": 2, "code3": 3}
_WORDS = re.compile(
    r"people|person|individual|indiv\b|idps?\b|refugee|displaced|population|returnee|arrival|cumul|migrant|caseload|"
    r"present|\bstocks?$|departure|leaving|(?-i:\b[Ii]nds?\b)|"
    r"nombre|personnes|personas|deplac|desplaz|crossing|numpresent|headcount|total$|^count|^number|^figure|^value",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"house|famil|\bhhs?\b|menage|hogar|male|female|\bmen\b|women|boys?\b|girls?\b|child|elder|infant|adult|under|"
    r"years?(?! to date)|"
    r"percent|%|share|rate|average|mean|change|difference|capacity|target|need|age|pregnan|disab",
    re.IGNORECASE,
)
_NO_FIGURE = re.compile(
    r"lat|lon|lng|coord|^x$|^y$|code|uuid|(^|[^a-z])(id|ssid|no|nr)$|round|year|month|week|day|date|phone|"
    r"altitude|radius",
    re.IGNORECASE,
)
_FLOWING = re.compile(r"arriv|depart|leaving|\bnew\b|newly|return|crossing|entr[ée]es|sorties|llegadas", re.IGNORECASE)
_STANDING = re.compile(r"present|\bstocks?\b|remain|residing|hosted|\bin (?:camp|site)", re.IGNORECASE)
_WEEK_HEADS = frozenset(
    ("week", "weekno", "weeknumber", "isoweek", "semaine", "semana", "settimana", "kw", "kalenderwoche", "woche", "wk",
     "hafta", "неделя", "тиждень", "الأسبوع", "اسبوع")
)  # fmt: skip
_UNITS = ("unit", "units", "unite", "unidad", "unitofmeasure", "countedin", "populationunit")


class LeftRow(NamedTuple):
    """A row that is not taken: where it stands, and why."""

    line: int
    why: str


@dataclass(repr=False)
class PeopleTable(OneLine):
    """Figures of people by area and day, with what had to be supposed.

    ``figures`` are values by day for each path of areas, the largest area first; ``totals`` rows of larger areas, or
    that call themselves totals, which are not added. ``levels`` are the columns of the areas.
    """

    name: str
    format: str
    title: str
    column: str
    measure: str
    levels: tuple[str, ...]
    figures: dict[tuple[str, ...], dict[int, float]] = field(default_factory=dict)
    codes: dict[tuple[str, ...], str] = field(default_factory=dict)
    totals: dict[tuple[str, ...], dict[int, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: list[LeftRow] = field(default_factory=list)
    inexact: list[InexactCell] = field(default_factory=list)
    compared: list[TotalRow] = field(default_factory=list)
    rows: int = 0


@dataclass(repr=False)
class _Roles(OneLine):
    """Which columns are days, areas, their codes, figures, and what parts figures."""

    days: dict[str, int] = field(default_factory=dict)  # date, or from and to, or year and month
    areas: dict[int, int] = field(default_factory=dict)  # by level
    codes: dict[int, int] = field(default_factory=dict)
    figure: int = -1
    more: tuple[int, ...] = ()  # further columns that are added to the figure, as the user says
    wide: dict[int, str] = field(default_factory=dict)  # columns of figures: each a day, or a site
    left: tuple[str, ...] = ()  # what stands beside the days in columns that are left alone
    by_site: bool = False  # what the columns of ``wide`` are
    parting: dict[str, int] = field(default_factory=dict)
    unit: int = -1
    title: str = "a table of people"
    measure: str = ""
    groups: dict[str, int] = field(default_factory=dict)  # sex and age, of which "all" is taken


def read_figures(
    path: str | Path | bytes,
    *,
    name: str = "",
    feed: str | None = None,
    columns: Mapping[str, str] | None = None,
    measure: str = "",
    only: Mapping[str, str] | None = None,
    repeats: str = "",
    dates: str | None = None,
    numbers: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    skip_bad: bool = False,
    today: date | None = None,
) -> PeopleTable:
    """Read figures of people by site and day from a table.

    Parameters
    ----------
    path : str, Path or bytes
        A file, or what is in one.
    name : str
        How the user calls it; by default its path.
    feed : str, optional
        The source, where its columns do not say it (``--as``).
    columns : mapping, optional
        For ``site``, ``date``, ``people`` or an area such as ``admin1`` the column of the table (``--map``).
    measure : str, optional
        The column of figures, where there are several.
    only : mapping, optional
        Take only rows that have these values in these columns.
    repeats : str, optional
        What several rows of one site and day mean: ``sum``, or ``last``.
    dates, numbers, sheet, encoding : str, optional
        What the file does not decide: dmy or mdy; point or comma; a sheet; an encoding.
    skip_bad : bool
        Leave rows out that cannot be read.
    today : date, optional
        The last day a figure may be of. Default: that of the clock.

    Raises
    ------
    StandoffError
        When the file cannot be read, its columns can be taken in two ways, it holds two units or bad rows.
    """
    name = name or ("the file" if isinstance(path, bytes) else str(path))
    head = path[:8192] if isinstance(path, bytes) else read_bytes(Path(path), name, MOST_BYTES, part=8192)
    if way := other_way(head, name):
        raise StandoffError.of(way[0], file=name, expected="a table of people by site and day", hint=way[1])
    if repeats and repeats not in REPEATS:
        raise StandoffError.of(f"{repeats!r} is unknown", file="--repeats", expected=" or ".join(REPEATS))
    table = read_table_file(path, name, sheet=sheet, encoding=encoding, is_header=is_known_header, two_rows=True)
    own_names = {**(columns or {}), **({"people": measure} if measure else {})}
    roles = _roles(table, feed, own_names)
    out = PeopleTable(
        name, table.format, roles.title,
        " + ".join(table.header[k] for k in (roles.figure, *roles.more)) if roles.figure >= 0 else "", roles.measure,
        tuple(table.header[k] or f"column {k + 1}" for _, k in sorted(roles.areas.items())),
    )  # fmt: skip
    out.notes += table.assumptions
    if roles.left:
        out.notes.append(f"{', '.join(roles.left)} {'is' if len(roles.left) == 1 else 'are'} left alone")
    if roles.figure >= 0:
        used = {roles.figure, roles.unit, *roles.more}
        used |= {*roles.areas.values(), *roles.days.values(), *roles.parting.values()}
        left = [
            h for k, h in enumerate(table.header) if k not in used and _WORDS.search(h) and not _NO_FIGURE.search(h)
        ]
        left = [h for h in left if not _PARTS.search(h)]
        if left:
            what = f"{', '.join(left[:4])} {'is' if len(left) == 1 else 'are'} left alone"
            out.notes.append(f"{what}; for it say --map people='{left[0]}'")
        households = [h for k, h in enumerate(table.header) if k not in used and h not in left and HOUSEHOLDS.search(h)]
        if households:
            what = f"{', '.join(households[:4])} {'is' if len(households) == 1 else 'are'} left alone"
            out.notes.append(f"{what}: people are counted, not households")
    _Reader(table, roles, out, dict(only or {}), repeats, today or date.today()).read(dates, numbers, skip_bad)
    out.notes += formula_errors(table, range(len(table.header)))
    below = [aside for aside in table.asides if aside.why == NOTE_BELOW]
    if below:
        first = f"line {below[0].line}: {below[0].text[:60]}"
        out.notes.append(f"{count_is(len(below), 'row')} below the table and left out as notes, {first}")
    return out


# ------------------------------------------------------------------ columns


def _roles(table: Table, kind: str | None, own_names: Mapping[str, str]) -> _Roles:
    header = table.header
    places = {plain_name(one): k for k, one in enumerate(header) if one}
    own: dict[str, int] = {}
    word = ""
    more: tuple[int, ...] = ()
    for ours, theirs in own_names.items():
        some = [plain_name(one) for one in theirs.split("+")]
        if (
            ours == "people"
            and len(some) > 1
            and plain_name(theirs) not in places
            and all(one in places for one in some)
        ):
            own["people"], *rest = (places[one] for one in some)
            more = tuple(rest)
            continue
        if ours == "people" and plain_name(theirs) not in places and plain_name(theirs) in _beside_days(header):
            word = plain_name(theirs)
            continue
        if plain_name(theirs) not in places:
            what = f"the table has no column {theirs!r}"
            names = [one for one in header if one]
            raise StandoffError.of(
                what, file=table.name, line=table.header_line, expected=f"one of {', '.join(names)[:200]}",
                hint=nearest(theirs, names),
            )  # fmt: skip
        own[plain_name(ours)] = places[plain_name(theirs)]
    roles = None
    if kind is not None or is_known_header(header):
        roles = _by_source(table, kind, own)
    elif table.tags:
        roles = _by_tags(table)
    if roles is None:
        roles = _by_content(table, own, word)
    for ours, k in own.items():
        if ours in ("people", "figure", "count"):
            roles.figure, roles.wide, roles.measure, roles.more = k, {}, "", more
        elif ours in ("date", "day"):
            roles.days = {"date": k}
        elif ours in ("from", "to", "year", "month", "week"):
            roles.days[ours] = k
        elif ours in ("unit",):
            roles.unit = k
        elif ours in ("pcode", "code"):
            roles.codes[max(roles.areas, default=5)] = k
        elif ours in _RANK:
            roles.areas[_RANK[ours]] = k
        else:
            expected = "site, date, people, from, to, year, month, week, pcode, unit, country, admin1 to admin4"
            what = f"no column of ours is called {ours!r}"
            raise StandoffError.of(what, file="--map", expected=expected, hint=nearest(ours, _RANK))
    if roles.figure >= 0 and "people" not in own and THOUSANDS.search(header[roles.figure]):
        raise in_thousands(table, header[roles.figure])
    taken = {roles.figure, *roles.more, *roles.wide}
    roles.areas = {level: k for level, k in roles.areas.items() if k not in taken}
    return roles


def _by_source(table: Table, kind: str | None, own: Mapping[str, int]) -> _Roles | None:
    sort = recognise(table.header, table.name, table.header_line or 1, kind=kind)
    at = sort.at
    roles = _Roles(title=TITLES[sort.source])
    if sort.source == "idmc-months":
        roles.days = {"date": at["month_of"]}
        roles.wide = {k: one for k, one in enumerate(table.header) if k != at["month_of"] and one}
        roles.by_site, roles.measure = True, "displacement-movements"
        return roles
    figures = [f for f in at if f.startswith("figure:")]
    if not figures:
        what = f"this is {sort.title}, which holds no figures of people"
        raise StandoffError.of(what, file=table.name, expected="people by site and day")
    if len(figures) > 1 and "people" not in own:
        names = [table.header[at[f]] for f in figures]
        so_far = [f for f in figures if f.endswith("+so-far")]
        if not so_far:
            what = f"it has several columns of people: {', '.join(names)}"
            hint = f"name one with --map people='{names[0]}'"
            raise StandoffError.of(what, file=table.name, line=table.header_line, expected="one column", hint=hint)
        figures = so_far
    roles.figure, roles.measure = at[figures[0]], figures[0].removeprefix("figure:")
    roles.days = {f: at[f] for f in ("date", "from", "to") if f in at}
    if "date" in roles.days and sort.source != "idmc-updates":
        roles.days = {"date": roles.days["date"]}
    if not roles.days:
        roles.days = {f: at[f] for f in ("year", "month") if f in at}
    added = _ADDED.get(sort.source)
    if added is not None:
        roles.parting = {f: at[f] for f in added if f in at}
    levels = dict(_FIELDS)
    if added and "place" in added:
        levels.pop("place")
    for name, level in levels.items():
        if name in at and (level not in roles.areas or name != "country_code3"):
            roles.areas[level] = at[name]
    roles.codes = {level: at[f] for f, level in _CODES.items() if f in at}
    roles.groups = {f: at[f] for f in ("gender", "age") if f in at}
    if sort.source == "people":  # areas that its header map does not name
        for k, one in enumerate(table.header):
            level = _RANK.get(plain_name(one), -1)
            if level >= 0 and k not in roles.areas.values() and level not in roles.areas and k != roles.figure:
                roles.areas[level] = k
        roles.codes = {max(roles.areas): at["code2"]} if "code2" in at else {}
        roles.unit = next((k for k, one in enumerate(table.header) if plain_name(one) in _UNITS), -1)
        if table.header[roles.figure]:
            roles.measure = ""  # the word of the column says no more than people
        if "people" not in own and _FLOWING.search(table.header[roles.figure]):
            free = [k for k in range(len(table.header)) if k not in at.values() and k not in roles.areas.values()]
            numbers = [k for k in free if _STANDING.search(table.header[k]) and _is_numeric(_sample(table), k)]
            if numbers:
                names = list(dict.fromkeys(table.header[k] for k in (*numbers, roles.figure)))
                what = f"several columns may be the people: {', '.join(names)[:200]}"
                raise which_column(table, what, "people", names)
    return roles


_DEPTH = {"country": 0, "adm1": 1, "adm2": 2, "adm3": 3, "adm4": 4, "adm5": 4, "loc": 5}
_DATES: tuple[Collection[str], ...] = (frozenset(), {"occurred"}, {"reported"}, {"survey"}, {"assessment"})


def _by_tags(table: Table) -> _Roles:
    roles = _Roles(title="HXL")
    parts = []
    for k, tag in enumerate(table.tags):
        try:
            parts.append((k, *tag_parts(tag)))
        except ValueError:
            continue
    measures = [(k, measure_of_tag(table.tags[k])) for k, _, _ in parts]
    measures = [(k, m) for k, m in measures if m and m not in ("share", "money", "distance", "duration")]
    if len(measures) != 1:
        names = ", ".join(f"{table.header[k] or table.tags[k]}" for k, _ in measures)
        what = f"{len(measures) or 'no'} columns hold figures of people{': ' + names if names else ''}"
        hint = f"name one with --map people='{table.header[measures[0][0]]}'" if measures else ""
        raise StandoffError.of(what, file=table.name, expected="one such as #affected+idps", hint=hint)
    ((roles.figure, roles.measure),) = measures
    dates = {k: attributes for k, name, attributes in parts if name == "date"}
    for wanted in _DATES:
        at = [k for k, attributes in dates.items() if attributes == wanted]
        if at and not roles.days:
            roles.days = {"date": at[0]}
    if not roles.days:
        for key, words in (("from", {"start", "from"}), ("to", {"end", "to"})):
            at = [k for k, attributes in dates.items() if attributes & words]
            roles.days |= {key: at[0]} if at else {}
    for k, name, attributes in parts:
        if name in _DEPTH and "origin" not in attributes:
            code = bool(attributes & {"code", "pcode", "id"}) or any(a.startswith("v_") for a in attributes)
            (roles.codes if code else roles.areas).setdefault(_DEPTH[name], k)
        elif name in ("cause", "operation", "assessment") or "origin" in attributes:
            roles.parting[table.header[k] or table.tags[k]] = k
    if not roles.areas and roles.codes:
        roles.areas, roles.codes = roles.codes, {}
    return roles


def _sample(table: Table, most: int = 400) -> list[list[str]]:
    rows = []
    for _, cells in table:
        rows.append(cells)
        if len(rows) >= most:
            break
    return rows


def _is_numeric(rows: Sequence[Sequence[str]], k: int) -> bool:
    cells = [row[k] for row in rows if not is_blank(row[k])]
    return bool(cells) and sum(1 for cell in cells if looks_numeric(cell)) * 2 >= len(cells)


def _beside_days(header: Sequence[str]) -> dict[str, dict[int, str]]:
    """Return words that stand beside days in the header, as in "2023-01-31 individuals", with columns and days."""
    out: dict[str, dict[int, str]] = {}
    for k, one in enumerate(header):
        for pattern, day_at, word_at in ((_DAY_THEN_WORD, 1, 2), (_WORD_THEN_DAY, 2, 1)):
            match = pattern.fullmatch(one)
            if match and not _is_day(one) and _is_day(match[day_at]):
                out.setdefault(plain_name(match[word_at]), {})[k] = match[day_at]
                break
    return {word: days for word, days in out.items() if len(days) >= 2}


_DAY_THEN_WORD = re.compile(r"(.*\d)[\s:(_/-]+([^\W\d_][^\d]*?)\)?")
_WORD_THEN_DAY = re.compile(r"([^\W\d_][^\d]*?)[\s:(_/-]+(\d.*?|[^\W\d_]{3,}\.?[\s'-]+\d{2,4})\)?")


def _is_day(cell: str) -> bool:
    for order in ("dmy", "mdy"):
        try:
            Days("", order, weeks=True, short_years=True).moment(cell)
        except ValueError:
            continue
        return True
    return False


def _by_content(table: Table, own: Mapping[str, int], word: str) -> _Roles:
    header, rows = table.header, _sample(table)
    beside = _beside_days(header)
    taken = {*own.values(), *(k for days in beside.values() for k in days)}
    date_heads = [k for k, one in enumerate(header) if one and k not in taken and _is_day(one)]
    roles = _Roles(wide={})
    filled = {k: [row[k] for row in rows if not is_blank(row[k])] for k in range(len(header))}
    text: list[int] = []
    figures: list[int] = []
    for k, one in enumerate(header):
        cells = filled[k]
        plain = plain_name(one)
        if k in date_heads or k in taken or not one:
            continue
        like = sum(1 for c in cells if looks_numeric(c, inexact_too=bool(_WORDS.search(one))))
        if plain in _UNITS:
            roles.unit = k
        elif plain in ("year", "annee", "ano") and all(re.fullmatch(r"\d{4}", code_of(c)) for c in cells):
            roles.days.setdefault("year", k)
        elif plain in _WEEK_HEADS and cells and all(code_of(c).isdigit() for c in cells):
            roles.days.setdefault("week", k)
        elif plain in ("month", "mois", "mes") and all(month_number(c) or code_of(c).isdigit() for c in cells):
            roles.days.setdefault("month", k)
        elif cells and sum(map(_is_day, cells[:60])) >= 0.9 * len(cells[:60]) and like < len(cells) + 1:
            roles.days.setdefault("date", k) if "date" not in roles.days else None
        elif re.search(r"p?-?code$|_?id$", one, re.IGNORECASE) and cells:
            level = next((_RANK[w] for w in (re.sub(r"p?code$|id$", "", plain),) if w in _RANK), -1)
            if level >= 0 or "pcode" in plain:
                roles.codes[level if level >= 0 else 5] = k
        elif cells and like >= 0.5 * len(cells):
            figures.append(k)
        elif cells:
            text.append(k)
    if "date" in roles.days:
        roles.days = {"date": roles.days["date"]}
    if set(roles.days) in ({"month"}, {"week"}):
        (unit,) = roles.days
        raise StandoffError.of(
            f"the column {header[roles.days[unit]]!r} has the {unit}, and no column the year",
            file=table.name,
            line=table.header_line,
            expected=f"a column of years, or each {unit} with its year",
        )
    for k in text:
        level = _RANK.get(plain_name(header[k]), -1)
        if level >= 0 and level not in roles.areas:
            roles.areas[level] = k
    others = [k for k in text if k not in roles.areas.values()]
    if len(date_heads) >= 2 and not ({"people", "date"} & set(own)):
        roles.wide = {k: header[k] for k in date_heads}
        roles.days = {}
        if not roles.areas and len(others) == 1:
            roles.areas[5] = others[0]
        roles.title = "a table with a day in each column"
        return roles
    if beside and not ({"people", "date"} & set(own)) and not roles.days:
        people = [word] if word else [w for w in beside if not HOUSEHOLDS.search(w) and not _PARTS.search(w)]
        if len(people) != 1:
            names = [_word_of(header, beside[w]) for w in (people or beside)]
            what = f"several columns of a day may be the people: {', '.join(names)}"
            raise which_column(table, what, "people", names)
        roles.wide = beside[people[0]]
        roles.left = tuple(_word_of(header, days) for w, days in beside.items() if w != people[0])
        if not roles.areas and len(others) == 1:
            roles.areas[5] = others[0]
        roles.title = "a table with days in its columns"
        return roles
    rounds = [header[k] for k in figures if OF_ROUNDS.search(header[k])]
    if not roles.days and "date" not in own and len(rounds) >= 2:
        raise StandoffError.of(
            f"the columns {rounds[0]!r} to {rounds[-1]!r} are rounds, and no day is told of them",
            file=table.name,
            line=table.header_line,
            expected="the day of each round",
            hint=f"write it in place of the name: 2023-01-31 for {rounds[0]!r}",
        )
    if not roles.days and "date" not in own:
        raise no_days(table, filled)
    if "people" in own:
        pass
    else:
        words = [k for k in figures if _WORDS.search(header[k]) and not _PARTS.search(header[k])]
        plain_figures = [k for k in figures if not _NO_FIGURE.search(header[k]) and not _PARTS.search(header[k])]
        sites = bool(roles.areas or others or "site" in own)
        if not sites and len(plain_figures) >= 2 and not [k for k in words if not is_total(header[k])]:
            roles.wide, roles.by_site = {k: header[k] for k in plain_figures}, True
            roles.title = "a table with a site in each column"
            return roles
        chosen = words if words else plain_figures
        if len(chosen) != 1:
            names = [header[k] for k in (chosen or figures)]
            if not chosen and names:
                raise only_parts(table, names)
            if not names:
                raise which_column(table, "no column holds numbers of people", "people", [h for h in header if h])
            raise which_column(table, f"several columns may be the people: {', '.join(names)[:200]}", "people", names)
        roles.figure = chosen[0]
    if not roles.areas and "site" not in own:
        if len(others) == 1:
            roles.areas[5] = others[0]
        elif others:
            names = [header[k] for k in others]
            raise which_column(table, f"several columns may be the site: {', '.join(names)[:200]}", "site", names)
    return roles


def _word_of(header: Sequence[str], days: Mapping[int, str]) -> str:
    k, day = next(iter(days.items()))
    return header[k].replace(day, "").strip(" :()_/-")


# ------------------------------------------------------------------ rows


class _Reader:
    """The rows of a table as figures, once its columns are known."""

    def __init__(
        self, table: Table, roles: _Roles, out: PeopleTable, only: dict[str, str], repeats: str, today: date
    ) -> None:
        self.table, self.roles, self.out, self.repeats, self.today = table, roles, out, repeats, today
        self.only: list[tuple[int, str]] = []
        places = {plain_name(one): k for k, one in enumerate(table.header) if one}
        for column, value in only.items():
            if plain_name(column) not in places:
                hint = nearest(column, [h for h in table.header if h])
                raise StandoffError.of(
                    f"the table has no column {column!r}", file="--only", expected="COLUMN=VALUE", hint=hint
                )
            self.only.append((places[plain_name(column)], value.casefold()))
        self.levels = sorted(roles.areas.items())
        self.latest: dict[tuple[str, ...], int] = {}
        self.repeated: dict[tuple[tuple[str, ...], int], tuple[int, int]] = {}
        self.parted = 0
        self.by: set[int] = set()
        self.equal = self.blank = 0
        self.counts: Counter[str] = Counter()
        self.code_by_key: dict[tuple[str, ...], str] = {}
        self.before: dict[tuple[tuple[str, ...], int], tuple[int, float, tuple[str, ...]]] = {}
        self.names: dict[tuple[str, ...], dict[str, None]] = {}
        self.unnamed: list[tuple[int, int, float]] = []  # rows without a site: line, day, people
        self.set_aside: list[tuple[int, float]] | None = None  # day and people of a row of totals that is read
        self.above = self._merged()

    def _merged(self) -> set[int]:
        """Return columns of areas and days of which a blank cell means what stands above, as merged cells are saved.

        So it is where each name stands once within its area, and as many cells are blank as are not, or areas have
        totals below them.
        """
        columns = [k for _, k in self.levels] + [k for key, k in self.roles.days.items() if key == "date"]
        if self.roles.wide and self.roles.by_site:
            columns = columns[-1:]
        names: dict[int, set[tuple[str, ...]]] = {k: set() for k in columns}
        filled, blank, closed = Counter[int](), Counter[int](), set()
        first = True
        for _, cells in self.table:
            within: list[str] = []
            total = next((k for k in columns if is_total_name(cells[k])), None)
            if total is not None:
                closed.add(total)
                continue
            for k in columns:
                if is_blank(cells[k]):
                    blank[k] += 1
                    if first:
                        names.pop(k, None)
                elif k in names:
                    filled[k] += 1
                    own = (*within, cells[k]) if k in self.roles.areas.values() else (cells[k],)
                    if own in names[k]:
                        del names[k]
                    else:
                        names[k].add(own)
                within.append(cells[k])
            columns = [k for k in columns if k in names]
            first = False
            if not columns:
                break
        return {k for k in columns if blank[k] >= max(filled[k], 1) or (blank[k] and k in closed)}

    def _filled(self, cells: list[str], last: dict[int, str]) -> list[str]:
        """Return a row with what stands above in the place of blank cells of merged columns."""
        out, fresh = list(cells), False
        for k in [k for _, k in self.levels] + [k for k in self.above if k not in self.roles.areas.values()]:
            if k not in self.above:
                continue
            if not is_blank(cells[k]):
                last[k], fresh = cells[k], k in self.roles.areas.values()
            elif k in last and not (fresh and k in self.roles.areas.values()):
                out[k] = last[k]
        return out

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        if not self.above:
            yield from self.table
            return
        last: dict[int, str] = {}
        for line, cells in self.table:
            yield line, self._filled(cells, last)

    def read(self, dates: str | None, numbers: str | None, skip_bad: bool) -> None:
        """Read every row; raises StandoffError for what cannot be read, with its lines."""
        out = self.out
        if "week" in self.roles.days:
            out.notes.append("weeks are those of ISO 8601, Monday to Sunday")
        if self.above:
            heads = ", ".join(self.table.header[k] for k in sorted(self.above))
            out.notes.append(f"a blank cell in {heads} is read as what stands above it, as in merged cells")
        self._settle(dates, numbers)
        for line, cells in self._rows():
            out.rows += 1
            try:
                if len(cells) > len(self.table.header):
                    raise ValueError("the row has more cells than the header")
                if any(cells[k].casefold() != value for k, value in self.only):
                    self.counts["of other values than --only asks for"] += 1
                    continue
                self._row(line, cells)
            except ValueError as error:
                out.left_out.append(LeftRow(line, str(error)))
        self._refuse(skip_bad)
        self._finish()
        self._compare()

    def _settle(self, dates: str | None, numbers: str | None) -> None:
        table, roles, header = self.table, self.roles, self.table.header
        wide = list(roles.wide)
        day_at = {key: k for key, k in roles.days.items() if key in ("date", "from", "to")}
        day_cells: dict[str, dict[str, int]] = {key: {} for key in day_at}
        columns = [roles.figure, *roles.more] if roles.figure >= 0 else wide
        cells_of: dict[str, int] = {}
        units: Counter[str] = Counter()
        first_unit: dict[str, int] = {}
        for line, cells in table:
            if any(k < len(cells) and cells[k].casefold() != value for k, value in self.only):
                continue
            for key, k in day_at.items():
                if cells[k] not in day_cells[key]:
                    day_cells[key][cells[k]] = line
            for k in columns:
                cell = cells[k]
                if cell and not cell.isdigit() and type(cell) is not TypedNumber and cell not in cells_of:
                    cells_of[cell] = line
            if roles.unit >= 0 and not is_blank(cells[roles.unit]):
                unit = folded(cells[roles.unit])
                units[unit] += 1
                first_unit.setdefault(unit, line)
        problems: list[Problem] = []
        if len(units) > 1:
            told = ", ".join(
                f"{unit} ({count(n, 'row')}, first line {first_unit[unit]})" for unit, n in units.most_common(4)
            )
            what = f"the column {header[roles.unit]!r} has two units: {told}"
            hint = f"take one: --only '{header[roles.unit]}={units.most_common(1)[0][0]}'"
            problems.append(Problem(table.name, table.header_line, what, "one unit, people", hint))
        elif units and (HOUSEHOLDS.search(unit := next(iter(units))) or THOUSANDS.search(unit)):
            what = f"the column {header[roles.unit]!r} says {unit!r} on all rows: people are not counted one by one"
            hint = "without that column all numbers are read as people"
            problems.append(Problem(table.name, first_unit[unit], what, "the unit people", hint))
        self.days: dict[str, Days] = {}
        for key, seen in day_cells.items():
            try:
                self.days[key] = days_of(seen, header[day_at[key]], table.name, dates, numbered=True)
                self.out.notes += self.days[key].notes
            except StandoffError as error:
                problems += error.problems
        if roles.wide and not roles.by_site:
            try:
                heads = days_of(dict.fromkeys(roles.wide.values(), table.header_line), "the header", table.name, dates)
                self.out.notes += heads.notes
                self.heads = {k: self._last(heads.moment(one).when) for k, one in roles.wide.items()}
            except StandoffError as error:
                problems += error.problems
            except ValueError as error:
                problems.append(Problem(table.name, table.header_line, str(error), "days that can be read"))
        said = dict(settled_by(cells_of.items()))
        label = header[roles.figure] if roles.figure >= 0 else "the figures"
        try:
            comma = table.decimal_comma_likely
            self.numbers = numbers_of(said, label, table.name, numbers, hint=comma, **_PEOPLE)  # type: ignore[arg-type]
            self.out.notes += self.numbers.notes
        except StandoffError as error:
            problems += error.problems
            self.numbers = Numbers(label, **_PEOPLE)  # type: ignore[arg-type]
        if problems:
            raise StandoffError(problems)

    def _last(self, when: When) -> int:
        assert when.end is not None  # noqa: S101 - no cell is open
        return when.end.toordinal()

    def _day(self, cells: Sequence[str]) -> int:
        days = self.roles.days
        if "year" in days:
            year = code_of(cells[days["year"]])
            month = code_of(cells[days["month"]]) if "month" in days else ""
            if not re.fullmatch(r"\d{4}", year):
                raise ValueError(f"the year is {year!r}; expected a year such as 2020")
            if "week" in days:
                week = code_of(cells[days["week"]])
                if not (week.isdigit() and 1 <= int(week) <= 53):
                    raise ValueError(f"the week is {week!r}; expected a number from 1 to 53")
                return self._last(Days("week").moment(f"{year}-W{int(week):02d}").when)
            number = (int(month) if month.isdigit() else month_number(month)) if month else None
            if month and not (number and 1 <= number <= 12):
                raise ValueError(f"the month is {month!r}; expected a month such as 3 or March")
            return self._last(When.parse(f"{year}-{number:02d}" if number else year))
        for key in ("to", "date", "from"):
            if key in days and not is_blank(cells[days[key]]):
                return self._last(self.days[key].moment(cells[days[key]]).when)
        raise ValueError("the row has no date; expected one")

    def _number(self, cell: str) -> float | Inexact | None:
        try:
            return self.numbers.number(cell)
        except ValueError as error:
            if (some := inexact(cell, self.numbers.number)) is not None:
                return some
            why = refusal(cell, self.numbers.column)
            raise (ValueError(why) if why else error) from None

    def _path(self, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple("" if is_blank(cells[k]) else cells[k] for _, k in self.levels)

    def _row(self, line: int, cells: Sequence[str]) -> None:
        roles = self.roles
        for k in roles.groups.values():
            if folded(cells[k]) not in ("", "all", "total", "*"):
                self.counts["of one sex or age, who are in the totals as well"] += 1
                return
        path = self._path(cells)
        if roles.wide and roles.by_site:
            day = self._day(cells)
            for k, site in roles.wide.items():
                self._put(line, (site,), day, self._number(cells[k]), ())
            return
        if roles.wide:
            for k, day in self.heads.items():
                self._put(line, path, day, self._number(cells[k]), ())
            return
        value = self._number(cells[roles.figure])
        for k in roles.more:
            one = self._number(cells[k])
            if (one is None) != (value is None):
                raise ValueError(f"one of {self.out.column} is blank; expected all of them, or none")
            value = added(value, one)
        parts = tuple(cells[k] for k in roles.parting.values())
        day = self._day(cells)
        if value is not None and roles.codes and path:
            deepest = max((level for level, k in roles.codes.items() if not is_blank(cells[k])), default=-1)
            if deepest >= 0:
                self.code_by_key[self._key(path)] = cells[roles.codes[deepest]]
        self._put(line, path, day, value, parts)

    def _key(self, path: tuple[str, ...]) -> tuple[str, ...]:
        key = tuple(folded(part) for part in path)
        names = self.names.setdefault(key, {})
        names.setdefault("\n".join(path))
        return key

    def _put(
        self, line: int, path: tuple[str, ...], day: int, value: float | Inexact | None, parts: tuple[str, ...]
    ) -> None:
        if self.set_aside is not None:
            self.set_aside += [] if value is None or isinstance(value, Inexact) else [(day, value)]
            return
        if value is None:
            self.blank += 1
            return
        if day > self.today.toordinal():
            what = f"the figure is dated {date.fromordinal(day)}, in the future"
            if day - self.today.toordinal() > 31:
                raise ValueError(f"{what}; expected a day up to {self.today}, today by this machine's clock")
            day = self.today.toordinal()  # a week or month that is not over
        if isinstance(value, Inexact):
            self.out.inexact.append(InexactCell(line, self._key(path), day, value))
            value = value.used
            if value is None:
                return
        if path == ("",):
            self.unnamed.append((line, day, value))
            return
        key = self._key(path)
        if not self.roles.wide and self.latest.get(key, 0) > day:
            self.counts["earlier than the one before of their site, read in order of date"] += 1
        self.latest[key] = day
        place = (key, day)
        table = self.out.figures
        values = table.setdefault(key, {})
        if day in values:
            first, before, known = self.before[place]
            if (self.roles.parting and parts != known) or (self.repeats == "sum"):
                self.parted += 1
                self.by |= {k for k, (a, b) in enumerate(zip(parts, known, strict=True)) if a != b}
                values[day] += value
            elif value == before and self.repeats != "last":
                self.equal += 1
            elif self.repeats == "last":
                values[day] = value
                self.counts["of a site and day that a later row replaces, as you say"] += 1
            elif self.roles.parting:
                self.parted += 1
                values[day] += value
            else:
                self.repeated.setdefault(place, (first, line))
            return
        values[day] = value
        self.before[place] = (line, value, parts)
        if len(table) > MOST_SITES:
            what = f"there are more than {MOST_SITES:,} sites"
            raise StandoffError.of(what, file=self.table.name, line=line, expected="a table of one country, or by area")

    def _refuse(self, skip_bad: bool) -> None:
        bad, name = self.out.left_out, self.table.name
        if bad and not skip_bad:
            shown = []
            for row in bad[:MOST_LISTED]:
                what, _, expected = row.why.partition("; expected ")
                shown.append(Problem(name, row.line, what, expected))
            many = f"{len(bad):,} rows cannot be read" if len(bad) > 1 else "1 row cannot be read"
            more = f"; the first {MOST_LISTED} follow" if len(bad) > MOST_LISTED else ""
            top = Problem(name, 0, f"{many}, and nothing was forecast{more}", "", "use --skip-bad to leave them out")
            raise StandoffError([top, *shown])
        if self.repeated:
            (key, day), (first, second) = next(iter(self.repeated.items()))
            site = self._name(key)[-1] if key else "the table"
            what = f"{site or 'a row'} has two figures on {date.fromordinal(day)}, on lines {first} and {second}"
            more = f" ({len(self.repeated):,} sites and days have several)" if len(self.repeated) > 1 else ""
            hint = "say --repeats sum where rows are parts of a site, last where later ones correct, or --only"
            raise StandoffError.of(what + more, file=name, line=second, expected="one row a site and day", hint=hint)
        self._refuse_unnamed(skip_bad)
        if not any(self.out.figures.values()):
            raise StandoffError.of("it holds no figure", file=name, expected="people by site and day")

    def _refuse_unnamed(self, skip_bad: bool) -> None:
        """Take rows without a site as totals where they are the sum of the sites; refuse others."""
        if not self.unnamed:
            return
        sums, sites = Counter[int](), Counter[int]()
        for values in self.out.figures.values():
            sites.update(values.keys())
            sums.update({day: int(value) for day, value in values.items()})
        bad = [(line, day, value) for line, day, value in self.unnamed if abs(sums[day] - value) > 0.5]
        many = len(self.unnamed) - len(bad)
        if many:
            self.counts["without a site, the sum of the sites and not added"] += many
        if bad and not skip_bad:
            what = f"{len(bad):,} rows have no site" if len(bad) > 1 else "the row has no site"
            hint = "write the site into each row, or leave such rows out with --skip-bad"
            top = Problem(self.table.name, bad[0][0], what, "a site in each row", hint)
            misfits = [
                Problem(self.table.name, line, f"a total? {row.in_words()}")
                for line, day, value in bad[: MOST_LISTED if many else 0]
                if (row := TotalRow(0, "the row", day, value, sums[day], sites[day])).sites
            ]
            raise StandoffError([top, *misfits])
        if bad:
            self.counts["without a site, left out as you say"] += len(bad)

    def _compare(self) -> None:
        """Put every total beside the sum of its sites on that day, and say which are not equal."""
        out = self.out
        asides = [] if self.only else [one for one in self.table.asides if one.why == TOTAL]
        lines = sorted((line, day, value) for (_, day), (line, value, _) in self.before.items()) if asides else []
        above = "date" in self.roles.days and self.roles.days["date"] in self.above
        rows, notes = rows_of_totals(asides, self._figures, out.figures, [] if self.parted else lines, above=above)
        areas = totals_beside_sums(out.totals, out.figures)
        lines_of = len({one.line for one in rows})
        out.notes += [*total_notes(rows, lines_of, areas=False), *notes]
        out.notes += total_notes(areas, len(out.totals), areas=True)
        out.compared = [*rows, *areas]

    def _figures(self, line: int, cells: Sequence[str]) -> list[tuple[int, float]]:
        """Return the days and people of a row of totals; raises ValueError where it has none."""
        self.set_aside = []
        self._row(line, [*cells, *[""] * (len(self.table.header) - len(cells))])
        return self.set_aside

    def _name(self, key: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(list(self.names[key])[-1].split("\n")) if key else ()

    def _finish(self) -> None:
        out = self.out
        several = [names for names in self.names.values() if len(names) > 1]
        if several:
            ways = [name.split("\n")[-1] for name in list(several[0])[:2]]
            out.notes.append(
                f"{count_is(len(several), 'name')} written in several ways and read as one: {ways[0]!r} and {ways[1]!r}"
            )
        out.inexact = [one._replace(path=self._name(one.path) or (Path(out.name).stem,)) for one in out.inexact]
        figures: dict[tuple[str, ...], dict[int, float]] = {}
        totals: dict[tuple[str, ...], dict[int, float]] = {}
        depth = len(self.levels)
        whole = [key for key in out.figures if not depth or all(key)]
        full = depth and any(key[-1] for key in whole)
        for n, (_, k) in enumerate(self.levels[:-1]):
            out_of = [self._name(key)[-1] for key in out.figures if not key[n] and key[-1]]
            if out_of and any(key[n] for key in out.figures):
                listed = f"{', '.join(out_of[:3])}{', ...' * (len(out_of) > 3)}"
                out.notes.append(f"{count_is(len(out_of), 'site')} in no {self.table.header[k]} of the table: {listed}")
        renamed: dict[str, list[tuple[str, ...]]] = {}
        for key, values in out.figures.items():
            name = self._name(key) or (Path(out.name).stem,)
            total = bool(depth or self.roles.by_site) and (
                (full and not key[-1]) or any(is_total_name(part) for part in name if part)
            )
            (totals if total else figures)[name] = values
            if not total and key in self.code_by_key:
                out.codes[name] = self.code_by_key[key]
                renamed.setdefault(self.code_by_key[key], []).append(name)
        for code, names in renamed.items():
            if len(names) > 1 and not any(set(figures[a]) & set(figures[b]) for a in names for b in names if a != b):
                newest = max(names, key=lambda n: max(figures[n]))
                for other in names:
                    if other != newest:
                        figures[newest] = {**figures.pop(other), **figures[newest]}
                out.notes.append(f"{', '.join(n[-1] for n in names)} have the code {code} and are read as one site")
        out.figures, out.totals = figures, totals
        if self.parted:
            by = [self.table.header[k] for n, k in enumerate(self.roles.parting.values()) if n in self.by]
            how = f"by {', '.join(by)}" if by and self.repeats != "sum" else "as you say"
            out.notes.append(f"{count_is(self.parted, 'row')} added, each a part of a site and day, {how}")
        if self.equal:
            out.notes.append(
                f"{count_is(self.equal, 'row')} of a site and day once more with the same figure, and read once"
            )
        out.notes += [count(self.blank, "cell") + " without a number"] if self.blank else []
        out.notes += inexact_notes(out.inexact)
        out.notes += [f"{count(n, 'row')} {what}" for what, n in self.counts.items()]
        if out.left_out:
            out.notes.append(f"{count_is(len(out.left_out), 'row')} left out, as you say: they cannot be read")
