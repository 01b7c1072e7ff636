"""Sound files of every kind that Standoff reads, ways to break them, and the readers that must take it.

A reader reads what it is given or refuses it with StandoffError: every other end is a failure. What a reader accepts is
then used by the commands that come after it, with every warning of Python and NumPy an error.

Everything in the sound files is made up, or is the template that ships.
"""

# ruff: noqa: E501 - tables of rows, one a line

from __future__ import annotations

import contextlib
import copy
import csv
import io
import json
import random
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner
from workbooks import ods, xlsx

from standoff.case.model import Case
from standoff.case.read import TEMPLATE, load
from standoff.errors import CaseWarning, StandoffError, in_one_line

FLEE = Path(__file__).parents[1] / "people" / "flee" / "made_up"
TOKENS = (
    "nan", "NaN", ".nan", "inf", "-inf", "Infinity", "1e400", "1e308", "1e30", "-1", "-0.5", "0", "5", "9" * 30,
    "9" * 400, "9" * 5000, "9999-12", "9999-12-31", "0025-03-10", "0000-01-01", "2024-13-01", "05/03/2024", "true",
    "null", "[]", "{}", "''", "&a", "*a", "!!python/x", "\u2028", "\u202e", "\x00", "\ufeff", "'", '"', "[" * 50,
    "a" * 5000, "é", "1,000", "1.000", "50%", "41,0", "=1+1", "#REF!", "2024-02-20/..", "\t", "\r", ";", "|", "none",
    "../../etc/passwd", "/dev/zero", "town", "red", "30 km", "\U0001f600", "\ud800",
)  # fmt: skip
WARNED: tuple[type[Warning], ...] = (CaseWarning,)  # sentences for the user of a case, told as they should be


# Sound files


ZONE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": "z", "buffer_km": 5, "from": "2024-01-01", "claims": ["c-ceasefire"]},
            "geometry": {"type": "Polygon", "coordinates": [[[10.5, 40.5], [11.5, 40.5], [11.5, 41.5], [10.5, 40.5]]]},
        }
    ],
}
OUTLINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "Made up", "kind": "country", "ADM3_PCODE": "XX0101", "ADM3_EN": "Made up"},
            "geometry": {"type": "Polygon", "coordinates": [[[10, 40], [11, 40], [11, 41], [10, 40]]]},
        }
    ],
}
ACLED = [
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,location,"
    "latitude,longitude,geo_precision,source,notes,fatalities,timestamp",
    "XXX1,05 March 2024,2024,1,Battles,Armed clash,Red,Blue,Nowhere,North,Rivertown,41.0,11.0,1,Wire,made up,3,1709900000",
    "XXX2,2024-03-07,2024,1,Explosions/Remote violence,Shelling/artillery/missile attack,Red,Civilians (Nowhere),"
    "Nowhere,North,Marketplace,41.1,11.3,2,Wire,made up,0,1710000000",
    "XXX3,09 March 2024,2024,2,Strategic developments,Other,Green,,Nowhere,South,Hill,41.2,11.5,3,Wire,made up,0,1710000000",
]
GED = [
    "id,year,type_of_violence,conflict_name,side_a,side_b,where_prec,where_coordinates,adm_1,latitude,longitude,"
    "country,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,best,high,low,source_article",
    "77,2024,1,Nowhere: Government,Red,Blue,1,Rivertown,North,41.0,11.0,Nowhere,1,1,2024-03-03,2024-03-05,1,0,1,2,9,2,Wire",
    "78,2024,3,Red - Civilians,Red,Civilians,4,North,North,41.1,11.3,Nowhere,1,3,2024-03-10,2024-03-16,0,0,4,4,4,4,Wire",
]
OWN = [
    "id,date,type,actor,target,place,title,known,source,low,high,counted",
    "o1,2024-03-03,shelling,red,blue,town,Shells,2024-03-04,https://wire.example/1,,,",
    "o2,2024-03-05/2024-03-06,airstrike,blue,red,market,Strike,,https://wire.example/2,3,5,deaths",
]
DTM = [
    "admin0Name,admin0Pcode,admin1Name,admin1Pcode,numPresentIdpInd,reportingDate,roundNumber",
    "Nowhere,XX,North,XX01,1200,2024-02-14,1",
    "Nowhere,XX,South,XX02,30,2024-02-20,2",
]
HXL = "date,place,people\n#date,#loc+name,#affected+idps\n2024-02-14,Rivertown,1200\n2024-02-20,Hill camp,30\n"
NOTES = {
    "type": "Annotation",
    "id": "x",
    "target": {"source": "y", "selector": {"type": "FragmentSelector", "value": "line=3,4"}},
    "standoff:claim": {
        "id": "c", "text": "made up", "chain": ["observer"], "at": [{"paragraph": 3, "anchor": "x"}],
        "says": {"quantity": "people", "measure": "deaths", "value": 5},
    },
}  # fmt: skip
SETTINGS = (
    "log_levels:\n  agent: 0\nspawn_rules:\n  take_from_population: false\nmove_rules:\n  max_move_speed: 360.0\n"
    "  camp_movechance: 0.001\n  conflict_weight: 0.25\n  conflict_spawn_decay: [1.0, 0.5]\noptimisations:\n  hasten: 1\n"
)
PROSE = (
    "Rivertown, 3 March\n\nThe ministry said on 3 March 2020 that 35 people were killed and 2.5 million displaced by the "
    'fire. "We will answer any attack if they shell us again," the spokesman of Blue said.\n\nRed denied that it had '
    "shelled the town, and between 1,200 and 1,300 families fled, according to the Observer.\n"
)
MAPPING = """\
- {name: Green, source: acled, kind: actor, count: 1, proposal: red, reason: made up, decision: red, by: Ann, on: 2024-05-01}
- {name: Civilians (Nowhere), kind: actor, count: 1, decision: nobody, by: Ann, on: 2024-05-01}
- {name: Other, kind: type, count: 1}
"""
INCIDENTS = """\
- id: i1
  reports: [e2-red, e3]
  status: alleged
  by: Ann
  on: 2024-05-01
  why: one day, one town
"""
PARAMETERS = """\
- {id: inertia, title: made up, value: 0.1, range: [0.0, 0.3], unit: '', assumed: made up}
- {id: displacement.phi, title: made up, value: 0.1, range: [0.0, 0.3], unit: a day, assumed: made up}
- {id: displacement.hops, title: made up, value: 3, range: [1, 5], unit: links, assumed: made up}
"""
OBSERVED = (
    "id,from,to,measure,indicator,value,source\n"
    "o1,2024-02-01,2024-02-10,people-displaced,people displaced,100,observer\n"
)
CLOSURES = "kind,a,b,from,until,source\nroute,town,market,2024-03-05,2024-03-20,invented\n"
CODING = "id,section,title,left_out\nc-ceasefire,1,The ceasefire,\nx,1,Something,left out: made up\n"
TYPES = "- {id: shelling/in-truce-hours, title: made up}\n"
LEVER = "id: open-road\ntitle: made up\nlever: humanitarian\nchanges:\n  - {parameter: displacement.phi, value: 0.05}\n"


def json_bytes(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode()


def lines_bytes(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def cells_of(lines: list[str]) -> list[list[str | float | date | None]]:
    return [[cell or None for cell in row] for row in csv.reader(lines)]


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write_full_case(folder: Path) -> Path:
    """Write the template with a file of every kind that a case may have."""
    shutil.copytree(TEMPLATE, folder)
    (folder / "README.md").unlink()
    with (folder / "events.csv").open("a", encoding="utf-8") as events:
        events.write("e3,2024-02-25,shelling,red,blue,town,Shells again,,,https://observer.example/b,,none found\n")
    for name, text in (
        ("parameters.yaml", PARAMETERS), ("observed.csv", OBSERVED), ("closures.csv", CLOSURES), ("coding.csv", CODING), ("types.yaml", TYPES),
        ("mapping.yaml", MAPPING), ("incidents.yaml", INCIDENTS), ("scenarios/open-road.yaml", LEVER),
    ):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "zones.geojson").write_bytes(json_bytes(ZONE))
    (folder / "background.geojson").write_bytes(json_bytes(OUTLINE))
    (folder / "library").mkdir()
    (folder / "library" / "boundaries.geojson").write_bytes(json_bytes(OUTLINE))
    (folder / "library" / "observer-2024-02-28.txt").write_text(f"The river\n\n{PROSE}", encoding="utf-8")
    return folder


# Ways to break a file


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # where PyYAML has LibYAML: ten times as fast
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def broken_bytes(data: bytes, dice: random.Random) -> bytes:
    """Return a file with one to three changes of bytes, tokens or lines."""
    for _ in range(dice.randint(1, 3)):
        how = dice.randrange(7)
        text = data.decode("utf-8", errors="surrogateescape")
        at = dice.randrange(len(data) + 1)
        if how == 0:
            data = data[:at] + bytes([dice.randrange(256)]) + data[at + dice.randint(0, 1) :]
            continue
        if how == 1:  # a number or word becomes a token
            words = [i for i, c in enumerate(text) if c.isalnum() and (i == 0 or not text[i - 1].isalnum())]
            if words:
                start = end = dice.choice(words)
                while end < len(text) and (text[end].isalnum() or text[end] in ".-"):
                    end += 1
                text = text[:start] + dice.choice(TOKENS) + text[end:]
        elif how == 2:  # a value after a colon or between commas becomes a token
            marks = [i for i, c in enumerate(text) if c in ":,"]
            if marks:
                start = dice.choice(marks) + 1
                end = min((e for c in ",\n]}" if (e := text.find(c, start)) >= 0), default=len(text))
                text = text[:start] + " " + dice.choice(TOKENS) + text[end:]
        elif how == 3:
            lines = text.split("\n")
            i, j = dice.randrange(len(lines)), dice.randrange(len(lines))
            lines[i], lines[j] = (lines[j], lines[i]) if dice.random() < 0.5 else (lines[j], lines[j])
            text = "\n".join(lines)
        elif how == 4:
            text = text[: dice.randrange(len(text) + 1)]
        elif how == 5:
            encoding = dice.choice(["utf-16", "cp1252", "utf-8-sig", "utf-16-be"])
            data = text.encode(encoding, errors="replace")
            continue
        else:
            spot = dice.randrange(len(text) + 1)
            text = text[:spot] + dice.choice(TOKENS) + text[spot:]
        data = text.encode("utf-8", errors="replace" if "\ud800" in text else "surrogateescape")
    return data


def _value(dice: random.Random) -> Any:
    return dice.choice(
        [None, True, -1, 0, 1e308, 10**30, float("nan"), float("inf"), "", [], {}, [[]], {"a": {"b": []}}, "town", "e1",
         "2024-02-30", "x" * 3000, ["red", "red"], *TOKENS[:12]]
    )  # fmt: skip


def _spots(tree: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _spots(value, (*here, key))


def broken_tree(tree: Any, dice: random.Random) -> Any:
    """Return a tree of lists, keys and values with one to three of them changed, renamed, doubled or taken out."""
    for _ in range(dice.randint(1, 3)):
        spots = [spot for spot in _spots(tree) if spot]
        if not spots:
            return _value(dice)
        *way, last = dice.choice(spots)
        parent = tree
        for step in way:
            parent = parent[step]
        how = dice.randrange(7)
        if how == 0:
            parent[last] = _value(dice)
        elif how == 1:
            del parent[last]
        elif how == 2 and isinstance(parent, dict):
            parent[str(dice.choice(["", "id", "x", f"{last}s", f"{last}"[::-1], 7, "date"]))] = parent.pop(last)
        elif how == 3:
            parent[last] = [copy.deepcopy(parent[last]) for _ in range(dice.randint(1, 3))]
        elif how == 4:
            parent[last] = {"a": parent[last]}
        elif how == 5 and isinstance(parent, list):
            parent.insert(0, copy.deepcopy(parent[last]))
        else:
            parent[last] = copy.deepcopy(value_at(tree, dice.choice(spots[:200])))
    return tree


def value_at(tree: Any, spot: tuple[Any, ...]) -> Any:
    for step in spot:
        tree = tree[step]
    return tree


def broken_cells(data: bytes, dice: random.Random) -> bytes:
    """Return a table with cells, columns or rows changed."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8", errors="replace"))))
    for _ in range(dice.randint(1, 3)):
        if not rows or not any(rows):
            break
        row = dice.choice([r for r in rows if r])
        k = dice.randrange(len(row))
        how = dice.randrange(7)
        if how <= 2:
            row[k] = dice.choice(TOKENS)
        elif how == 3:
            rows.append(list(row))
        elif how == 4:
            for one in rows:
                if len(one) > k:
                    del one[k]
        elif how == 5:
            for one in rows:
                one.insert(0, dice.choice(TOKENS) if dice.random() < 0.3 else "")
        else:
            row.extend(dice.choice(TOKENS) for _ in range(dice.randint(1, 3)))
    out = io.StringIO()
    csv.writer(out, delimiter=dice.choice([",", ",", ",", ";", "\t"])).writerows(rows)
    return out.getvalue().encode("utf-8", errors="replace")


def broken_archive(data: bytes, dice: random.Random) -> bytes:
    """Return a zip archive (a workbook is one) with one member broken, or bytes of the whole changed."""
    if dice.random() < 0.3:
        at = dice.randrange(len(data))
        return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :] if dice.random() < 0.7 else data[:at]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = archive.namelist()
        chosen = dice.choice(names)
        for name in names:
            inside = archive.read(name)
            if name == chosen:
                if dice.random() < 0.1:
                    continue
                inside = broken_bytes(inside, dice)
            made.writestr(zipfile.ZipInfo(name), inside, zipfile.ZIP_DEFLATED)  # of no time: the same bytes each time
    return out.getvalue()


def broken(data: bytes, suffix: str, dice: random.Random) -> bytes:
    """Return the bytes of a file, broken by its bytes or by its structure."""
    if data[:2] == b"PK":
        return broken_archive(data, dice)
    if dice.random() < 0.5:
        return broken_bytes(data, dice)
    try:
        if suffix in (".yaml", ".yml"):
            tree = broken_tree(yaml.load(data, Loader=_LOADER), dice)  # noqa: S506 - plain strings
            text = yaml.dump(tree, Dumper=_DUMPER, allow_unicode=True, sort_keys=False)
            return text.encode("utf-8", errors="replace")
        if suffix in (".json", ".geojson"):
            return json.dumps(broken_tree(json.loads(data), dice)).encode("utf-8", errors="replace")
        if suffix == ".csv":
            return broken_cells(data, dice)
    except (yaml.YAMLError, ValueError, csv.Error):
        pass
    return broken_bytes(data, dice)


# Readers


@dataclass
class Reader:
    """The files that a reader reads, one of which is broken; how it reads; and what is then done with it."""

    name: str
    files: list[Path]
    read: Callable[[Path], object]
    after: Callable[[random.Random], object] | None = None


class Failed(AssertionError):
    """A command that ended in neither an answer nor a plain error."""


def plain(error: StandoffError) -> int:
    """Return 1 where an error is lines that a person can read. Raises Failed where it is not."""
    lines = str(error).split("\n")
    if (
        not all(lines)
        or max(map(len, lines)) > 1500
        or any(in_one_line(line) != line for line in lines if len(line) < 400)
    ):
        raise Failed(f"an error of {len(str(error)):,} letters: {str(error)[:200]!r}") from error
    return 1


def command(*words: str, given: bytes | None = None) -> int:
    """Run a command in this process; return its status. Raises what it should have caught."""
    from standoff.cli import cli

    result = CliRunner().invoke(cli, [str(w) for w in words], input=given, env={"COLUMNS": "80"})
    error = result.exception
    if isinstance(error, StandoffError):  # the program prints it and ends with 1
        return plain(error)
    if error is not None and not isinstance(error, SystemExit):
        raise error
    if result.exit_code and not result.output.strip():
        raise Failed(f"{' '.join(words)}: status {result.exit_code} and not a word")
    if result.exit_code and any(len(line) > 1500 for line in result.output.splitlines() if "rror" in line):
        raise Failed(f"{' '.join(words)}: an error of {max(map(len, result.output.splitlines())):,} letters")
    return result.exit_code


def case_commands(case: Path, out: Path) -> list[tuple[str, ...]]:
    """Return the commands that a case which passes check must stand."""
    few = ("-n", "4", "--days", "4", "--workers", "1")
    where = str(case)
    return [
        ("ledger", where), ("ledger", where, "--readings"), ("ledger", where, "--why", "blue-answers"),
        ("ledger", where, "--table"), ("ledger", where, "--agreements", "--json"), ("ledger", where, "--by", "party"),
        ("brief", where), ("brief", where, "--json"), ("brief", where, "--out", f"{out}/brief.html"),
        ("daily", where, "--on", "2024-02-27"), ("daily", where, "--on", "2024-03-05", "--json"),
        ("claims", where), ("disputes", where), ("contradictions", where), ("sources", where), ("coverage", where),
        ("audit", where), ("track", where), ("test", where), ("incidents", where), ("incidents", where, "--propose"),
        ("levels", where), ("levels", where, "--json"), ("clause", where, "--list"), ("upgrade", where, "--dry-run"),
        ("run", where, *few, "--force", "--out", f"{out}/run"), ("compare", where, *few, "--scenario", "baseline",
         "--scenario", "camp-enlarged"), ("rank", where, *few), ("backcast", where, "-n", "4", "--workers", "1"),
        ("run", where, *few, "--no-report", "--force", "--scenario", "open-road", "--out", f"{out}/open"),
        ("explain", f"{out}/run", "--case", where), ("score", where, "-n", "4", "--from", "2024-02-01"), ("import", f"{out}/acled.csv", "--into", where,
         "--dry-run"), ("ledger", where, "--events", f"{out}/acled.csv"),
        *(("export", where, "--to", "hxl", "--table", t, "--force", "-o", f"{out}/t.csv")
          for t in ("events", "ledger", "observed", "places")),
        ("export", where, "--to", "geojson", "--table", "zones", "--force", "-o", f"{out}/t.geojson"),
        ("export", where, "--to", "annotations", "--force", "-o", f"{out}/t.json"),
        ("convert", "to-flee", where, f"{out}/flee"),
    ]  # fmt: skip


def pages(case: Path) -> list[str]:
    """Read the pages of the workbench of a case; return those that fail."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

        from standoff.workbench.app import PAGES, Bench, application
        from standoff.workbench.jobs import Jobs
        from standoff.workbench.workspace import Watcher, Workspace

        ws = Workspace(str(case), case.parent / "runs")
        client = TestClient(application(Bench(ws, Jobs(), Watcher(ws)), hosts=frozenset({"testserver"})))
        ways = [path for html, other, _ in PAGES.values() for path in (html, f"{other}.json", f"{other}.csv")]
        return [way for way in ways if client.get(way).status_code >= 500]


class Workbench:
    """A folder with every sound file, and the readers over it."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.case = write_full_case(work / "case")
        self.out = work / "out"
        self.out.mkdir()
        self.files: dict[str, Path] = {}
        for name, data in {
            "acled.csv": lines_bytes(ACLED), "ged.csv": lines_bytes(GED), "own.csv": lines_bytes(OWN),
            "dtm.csv": lines_bytes(DTM), "figures.csv": HXL.encode(), "areas.geojson": json_bytes(OUTLINE),
            "notes.json": json_bytes(NOTES), "settings.yml": SETTINGS.encode(), "text.txt": PROSE.encode(),
            "acled.xlsx": xlsx({"Data": cells_of(ACLED)}), "acled.ods": ods({"Data": cells_of(ACLED)}),
            "acled.zip": zipped("acled.csv", lines_bytes(ACLED)),
            "acled.json": json_bytes({"success": True, "count": 3, "data": list(csv.DictReader(ACLED))}),
            "page.html": f"<!DOCTYPE html><html><body><p>{PROSE}</p></body></html>".encode(),
        }.items():  # fmt: skip
            self.files[name] = work / name
            self.files[name].write_bytes(data)
            (self.out / name).write_bytes(data)
        shutil.copytree(FLEE, work / "flee")
        shutil.copy(self.files["settings.yml"], work / "flee" / "input" / "simsetting.yml")
        self._runs = False

    def _with_run(self) -> Path:
        if not self._runs:
            few = ("-n", "8", "--days", "8", "--workers", "1")
            command("run", str(self.case), *few, "--out", str(self.work / "run"))
            self._runs = True
        return self.work / "run"

    @cached_property
    def sound(self) -> Case:
        """The case as it was written; what is imported does not change it."""
        return load(self.case)

    # ------------------------------------------------------------------ how each reads

    def checked(self, _: Path) -> object:
        from standoff.case.read import read

        case, problems = read(self.case)
        if case is None or any(p.severity == "error" for p in problems):
            raise StandoffError(p for p in problems if p.severity == "error")
        return case

    def used(self, dice: random.Random, most: int = 2) -> object:
        """Run some of the commands on a case that was accepted; the first is a run, which is where numbers matter."""
        every = case_commands(self.case, self.out)
        for words in dice.sample(every, most):
            shutil.rmtree(self.out / "flee", ignore_errors=True)
            command(*words)
        if dice.random() < 0.05 and (failures := pages(self.case)):
            raise Failed(f"pages {failures}")
        return None

    def batch(self, path: Path) -> object:
        from standoff.intake.importer import open_batch

        return open_batch(self.sound, path, path.name)

    def standard_input(self, path: Path) -> object:
        from standoff.intake.importer import open_batch

        return open_batch(self.sound, path.read_bytes(), "standard input")

    def imported(self, name: str) -> Callable[[random.Random], object]:
        def use(dice: random.Random) -> object:
            path, case = str(self.files[name]), str(self.case)
            which = dice.randrange(7)
            if which == 0:
                copy = self.work / "copy"
                shutil.copytree(self.case, copy)
                try:
                    if command("import", path, "--into", str(copy), "--yes") == 0:
                        if command("check", str(copy)):
                            raise Failed("what import wrote does not pass check")
                        command("import", path, "--into", str(copy), "--yes", "--json")
                finally:
                    shutil.rmtree(copy)
            elif which == 1:
                with contextlib.suppress(FileNotFoundError):
                    shutil.rmtree(self.work / "new")
                if command("new", str(self.work / "new"), "--for", path) == 0 and command(
                    "check", str(self.work / "new")
                ):
                    raise Failed("what new --for wrote does not pass check")
            else:
                command(*[("ledger", case, "--events", path), ("daily", case, "--on", "2024-03-10", "--events", path),
                          ("brief", case, "--events", path), ("incidents", case, "--events", path, "--propose"),
                          ("levels", path, "--json")][which - 2])  # fmt: skip
            return None

        return use

    def flee(self, _: Path) -> object:
        from standoff.people.flee.folder import read_folder
        from standoff.people.flee.rules import FleeRules
        from standoff.people.flee.scenario import scenario_of
        from standoff.people.flee.series import read_series

        folder = read_folder(self.work / "flee" / "input")
        series = read_series(self.work / "flee" / "data", folder)
        return scenario_of(folder, series, FleeRules())

    def flee_used(self, dice: random.Random) -> object:
        where = str(self.work / "flee" / "input")
        if dice.random() < 0.15:
            shutil.rmtree(self.out / "fleerun", ignore_errors=True)
            data = ("--data", str(self.work / "flee" / "data"))
            return command("flee", "run", where, *data, "--out", str(self.out / "fleerun"), "-n", "1")
        return None

    def settings(self, path: Path) -> object:
        from standoff.people.flee.folder import Finds
        from standoff.people.flee.settings import read_settings

        finds = Finds()
        read_settings(path, finds)
        finds.raise_errors()
        return None

    def text(self, path: Path) -> object:
        from standoff.reading.propose import as_claims, propose
        from standoff.reading.texts import open_text

        return as_claims(propose(open_text(path), None, None), None)

    def run(self, _: Path) -> object:
        from standoff.runs.folder import load_run
        from standoff.views.findings import findings
        from standoff.workbench.futures import run_figures

        case, run = load(self.case), load_run(self.work / "run")
        return run_figures(case, run, "pooled", ""), findings(case, run)

    def run_used(self, dice: random.Random) -> object:
        """Make a report of the run, tell one trajectory, or open the page of it."""
        run, case = str(self.work / "run"), str(self.case)
        if dice.random() < 0.3:
            return command(*[("report", run, "--case", case), ("explain", run, "--case", case)][dice.randrange(2)])
        return None

    def answers(self, path: Path) -> object:
        return command("clause", str(self.case), "--answers", str(path), "--dry-run")

    # ------------------------------------------------------------------ all of them

    def readers(self) -> Iterator[Reader]:
        """Yield every reader."""
        from standoff.intake.annotations import read_annotations
        from standoff.intake.boundaries import read_boundaries
        from standoff.intake.hxl import read_observed

        case, files = self.case, self.files
        own = ("mapping.yaml", "incidents.yaml")
        plain = [p for p in sorted(case.glob("*.yaml")) if p.name not in own]
        yield Reader("case, YAML", plain, self.checked, self.used)
        yield Reader("case, CSV", sorted(case.glob("*.csv")), self.checked, self.used)
        yield Reader("case, GeoJSON", sorted(case.rglob("*.geojson")), self.checked, self.used)
        yield Reader("case, scenarios", sorted(case.glob("scenarios/*.yaml")), self.checked, self.used)
        yield Reader("case, stories", sorted(case.glob("tests/*.yaml")), self.checked, self.used)
        yield Reader("case, mapping.yaml", [case / "mapping.yaml"], self.checked, self.used)
        yield Reader("case, incidents.yaml", [case / "incidents.yaml"], self.checked, self.used)
        yield Reader("case, texts", sorted(case.glob("library/*.txt")), self.checked, self.used)
        for name in ("own.csv", "acled.csv", "ged.csv", "acled.json", "acled.xlsx", "acled.ods", "acled.zip"):
            yield Reader(f"import, {name}", [files[name]], self.batch, self.imported(name))
        for name in ("dtm.csv", "figures.csv", "areas.geojson", "notes.json"):
            yield Reader(f"import, {name}", [files[name]], self.batch)
        yield Reader(
            "standard input", [files[n] for n in ("acled.csv", "acled.json", "figures.csv")], self.standard_input
        )
        yield Reader("figures in HXL", [files["figures.csv"]], read_observed)
        yield Reader("boundaries", [files["areas.geojson"]], read_boundaries)
        yield Reader("annotations", [files["notes.json"]], read_annotations)
        yield Reader("text to read", [files["text.txt"], files["page.html"]], self.text)
        yield Reader("Flee folder", sorted((self.work / "flee").rglob("*.csv")), self.flee, self.flee_used)
        yield Reader("Flee settings", [files["settings.yml"]], self.settings)
        run = self._with_run()
        yield Reader("run folder", [*sorted(run.glob("*.csv")), run / "run.json"], self.run, self.run_used)


def play(reader: Reader, dice: random.Random, clock: Callable[[float], object] = float) -> str:
    """Break one file of a reader and read it; return what came of it. Raises what should not have happened.

    ``clock`` is called with the seconds that what follows may take: 5 to read, 60 for the commands after it.
    """
    path = dice.choice(reader.files)
    sound = path.read_bytes()
    path.write_bytes(broken(sound, path.suffix, dice))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for kind in WARNED:
                warnings.simplefilter("ignore", kind)
            clock(5)
            try:
                reader.read(path)
            except StandoffError as error:
                plain(error)
                return "refused"
            if reader.after is not None:
                clock(60)
                reader.after(dice)
            return "read"
    finally:
        clock(0)
        path.write_bytes(sound)
