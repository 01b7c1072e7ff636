"""Rows that may not be passed on: every command and every page counts them, and shows none of them."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner

from standoff.case.restrictions import SWITCH, named, passed_on, restricted_in, without_ids
from standoff.cli import COMMANDS, cli
from standoff.levels.counts import _Rows
from standoff.workbench.app import DATA, PAGES, Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.workspace import Watcher, Workspace

WORDS = ("zqtitle", "zqe9", "zqe8", "zqo1", "zqa1", "zqa2", "zqloc", "zqsource", "zqnotes", "987654", "zqpage")
ROWS = """\
zqe9,2024-02-27,airstrike,red,blue,town,Zqtitle in the town,2024-02-27,,https://observer.example/zqpage,,none found,yes
zqe8,2024-02-26,prisoner-release,red,,market,Zqtitle two,2024-02-26,,https://observer.example/zqpage8,,,yes
"""
OBSERVED = """\
id,from,to,measure,indicator,value,place,source,title,published,restricted
zqo1,2024-02-01,2024-02-27,people-displaced,people displaced,987654,camp,Zqsource,Zqtitle,2024-02-28,yes
"""
ACLED = "\n".join(
    ",".join(row)
    for row in (
        ("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2", "country",
         "admin1", "location", "latitude", "longitude", "geo_precision", "source", "notes", "fatalities", "timestamp"),
        ("ZQA1", "2024-02-26", "1", "Battles", "Armed clash", "red", "blue", "Land",
         "Province", "Zqloc", "41.0", "11.0", "1", "Zqsource", "Zqnotes", "7", "1709000000"),
        ("ZQA2", "2024-02-26", "1", "Explosions/Remote violence", "Air/drone strike", "red", "blue", "Land",
         "Province", "Zqloc", "41.05", "11.0", "1", "Zqsource", "Zqnotes", "7", "1709000000"),
    )
)  # fmt: skip
DAY = ("--on", "2024-02-27")
# of every command, how it is called with a case; those that show no row of one are told below
CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "claims": ((),),
    "disputes": ((),),
    "contradictions": ((),),
    "corroboration": ((), ("--all",)),
    "sources": ((),),
    "brief": (DAY, (*DAY, "--events", "acled")),
    "ledger": (
        (),
        ("--table",),
        ("--agreements",),
        ("--readings",),
        ("--by", "agreement"),
        ("--without", "e2-red"),
        ("--without", "zqe9"),
        ("--why", "red-holds-fire"),
        ("--why", "red-holds-fire", "--events", "acled"),
        ("--events", "acled"),
    ),
    "incidents": (("--all",), ("--events", "acled"), ("--all", "--events", "acled"), ("--propose", "--least", "0")),
    "daily": (DAY, (*DAY, "--events", "acled")),
    "audit": ((), ("--all",)),
    "track": ((),),
    "talks": ((),),
    "signals": ((),),
    "harm": ((),),
    "relations": ((), ("--show", "relays"), ("--show", "owes")),
    "show": (("events",), ("figures",), ("incidents",), ("areas",)),
    "search": (("town",), ("camp",), ("town", "--events", "acled")),
    "arrivals": (("--people", "100", "--from", "town", "--on", "2024-03-01"),),
    "test": ((),),
    "compare": (("-n", "8", "--days", "3"),),
}
FILES = (
    ("ledger", "--xlsx", "ledger.xlsx"),
    ("ledger", "--events", "acled", "--xlsx", "beside.xlsx"),
    ("incidents", "--all", "--xlsx", "incidents.xlsx"),
    ("daily", *DAY, "--events", "acled", "--html", "daily.html"),
    ("brief", *DAY, "--events", "acled", "--out", "brief.html"),
    *(("export", "--to", form, "--table", table, "-o", f"{table}.{form}")
      for form, table in (("hxl", "events"), ("hxl", "ledger"), ("hxl", "observed"), ("hxl", "places"),
                          ("geojson", "events"), ("geojson", "places"), ("annotations", "claims"))),
    ("run", "-n", "8", "--days", "4", "--out", "run"),
)  # fmt: skip
# commands that show no row of a case: they check, start, change or serve it, read a text, or work on folders of Flee
OTHERS = {
    "check", "new", "import", "upgrade", "coverage", "read", "clause", "levels", "explain", "report", "backcast",
    "verify", "rank", "people", "score", "flee", "convert", "serve", "forecast", "add-document", "review", "propose",
    "linkage",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with rows of each kind that may not be passed on: recorded, observed, of a log."""
    root = tmp_path_factory.mktemp("restricted") / "case"
    call("new", root)
    table = root / "events.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([f"{head},restricted", *(f"{row}," for row in rows)]) + "\n" + ROWS, encoding="utf-8")
    (root / "observed.csv").write_text(OBSERVED, encoding="utf-8")
    (log := root.parent / "acled.csv").write_text(ACLED, encoding="utf-8")
    call("import", log, "--into", root, "--yes")
    (kept := root / "library" / "logs").mkdir(parents=True)
    (kept / "acled.csv").write_text(ACLED, encoding="utf-8")
    return root


def call(*words: Any) -> str:
    """Return what a command prints."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, (words, result.output)
    return result.output


def leaks(text: str) -> list[str]:
    """Return the words of restricted rows that a text holds."""
    return [word for word in WORDS if word in text.casefold()]


def test_every_command_is_tried_or_shows_no_row() -> None:
    assert set(CALLS) | {words[0] for words in FILES} | OTHERS >= set(COMMANDS)


@pytest.mark.parametrize("command", CALLS)
def test_no_command_shows_them(folder: Path, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for words in CALLS[command]:
        for form in ((), ("--json",)):
            if command in ("test", "compare") and form:
                continue
            assert leaks(call(command, folder, *words, *form)) == [], (command, words, form)


@pytest.mark.parametrize("words", FILES, ids=lambda words: "-".join(words[:1] + words[-1:]))
def test_no_file_holds_them(
    folder: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    call(words[0], folder, *words[1:])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert leaks(text_of(path)) == [], path.name


def text_of(path: Path) -> str:
    """Return the text of a file, of a workbook that of all its parts."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", errors="replace")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist())


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Any]:
    """The workbench on the case."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    ws = Workspace(str(folder), folder.parent / "runs")
    with TestClient(application(Bench(ws, Jobs(), Watcher(ws)), hosts=frozenset({"testserver"}))) as client:
        yield client


QUERIES = {
    "now": ("", "?on=2024-02-28&days=30"),
    "ledger": ("", "?commitment=red-holds-fire", "?log=acled.csv", "?log=acled.csv&commitment=red-holds-fire"),
    "without": ("", "?event=e2-red", "?log=acled.csv"),
    "incidents": ("", "?log=acled.csv"),
}


def test_no_page_shows_them(client: Any) -> None:
    paths = [p for path in DATA for p in (f"{path}.json", f"{path}.csv")]
    for name, (path, stem, _) in PAGES.items():
        for query in QUERIES.get(name, ("",)):
            paths += [path + query, f"{stem}.json{query}", f"{stem}.csv{query}"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        names = {"zqloc"} if "/import" in path else set()  # a name that waits for a decision has to be seen
        assert set(leaks(answer.text.replace("acled.csv", ""))) <= names, path
    assert client.get("/now.json?on=2024-02-28").json()["restricted"].startswith("2 reports may not be passed on")
    withdrawn = client.get("/ledger/without.json?event=zqe9").json()
    assert withdrawn["withdrawal"]["report"]["id"] == withdrawn["event"] == "restricted"


def test_they_are_counted(folder: Path) -> None:
    assert "are left out" in " ".join(call("daily", folder, *DAY, "--days", "7").split())
    assert "1 report may not be passed on" in " ".join(call("ledger", folder, "--why", "red-holds-fire").split())
    assert "1 restricted" in call("ledger", folder, "--json")  # what the row rests on
    assert "of these 4 restricted" not in call("incidents", folder, "--all")


def test_they_are_seen_on_an_own_screen_and_in_no_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH, "show")
    assert "Zqtitle in the town" in " ".join(call("daily", folder, *DAY).split())
    assert "zqe9" in call("incidents", folder, "--all")
    for words in (
        ("daily", folder, *DAY, "--html", tmp_path / "a.html"),
        ("brief", folder, *DAY, "--out", tmp_path / "b.html"),
        ("ledger", folder, "--xlsx", tmp_path / "c.xlsx"),
        ("incidents", folder, "--xlsx", tmp_path / "d.xlsx"),
    ):
        result = CliRunner().invoke(cli, [str(word) for word in words])
        assert f"unset {SWITCH} first" in str(result.exception)
    assert not list(tmp_path.iterdir())


def acled_of(areas: dict[str, int]) -> str:
    """Return a log of ACLED's form with so many fights in each district, one a day."""
    head = ACLED.splitlines()[0].replace("admin1,", "admin1,admin2,")
    rows = [
        f"ZQB{name}{n},2024-02-{20 + n},1,Battles,Armed clash,red,blue,Land,Province,{name},Zqloc,41.0,11.0,1,Zqsource,"
        "Zqnotes,0,1709000000"
        for name, many in areas.items()
        for n in range(many)
    ]
    return "\n".join([head, *rows])


@pytest.fixture(scope="module")
def by_area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a log that has two rows that may not be passed on in one district, and three in another."""
    root = tmp_path_factory.mktemp("areas") / "case"
    call("new", root)
    (log := root.parent / "acled.csv").write_text(acled_of({"Zqsmall": 2, "Zqlarge": 3}), encoding="utf-8")
    call("import", log, "--into", root, "--yes")
    return root


WEEK = ("--on", "2024-02-27", "--events", "acled", "--days", "14")
WHY = ("--why", "red-holds-fire", "--events", "acled", "--on", "2024-02-27")
BY_AREA = (
    ("brief", WEEK), ("brief", (*WEEK, "--json")), ("daily", WEEK), ("daily", (*WEEK, "--json")),
    *(("brief", (*WEEK, "--out", f"brief.{end}")) for end in ("html", "pdf", "docx", "xlsx")),
    *(("daily", (*WEEK, "--out", f"daily.{end}")) for end in ("html", "pdf", "docx", "xlsx")),
    ("ledger", WHY), ("ledger", (*WHY, "--json")),
)  # fmt: skip


@pytest.mark.parametrize(("command", "words"), BY_AREA, ids=lambda it: it if isinstance(it, str) else it[-1])
def test_an_area_is_named_where_three_of_them_lie(
    by_area: Path, command: str, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = call(command, by_area, *words)
    for path in tmp_path.iterdir():
        text += "".join(words_of_pages(path)) if path.suffix == ".pdf" else text_of(path)
    text = "".join(text.casefold().split())
    assert "zqsmall" not in text
    if command != "ledger":
        assert "zqlarge" in text
        assert "areaswithfewreports" in text


def words_of_pages(path: Path) -> list[str]:
    """Return the text of a PDF, page by page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def test_areas_of_the_workbench_are_named_so_too(by_area: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

        ws = Workspace(str(by_area), by_area.parent / "runs")
        with TestClient(application(Bench(ws, Jobs(), Watcher(ws)), hosts=frozenset({"testserver"}))) as client:
            log, day = "log=acled", "on=2024-02-27&days=14&log=acled"
            named = ("/brief", "/brief.json", "/figure/brief-areas.svg", "/figure/brief-areas.csv")
            for path in named:
                text = client.get(f"{path}?{day}").text.casefold()
                assert ("zqlarge" in text, "zqsmall" in text) == (True, False), path
            unnamed = ("/", "/now.json", "/now.csv", "/now/day.json", "/figure/map.svg", "/figure/map.csv")
            for path in (*(f"{path}?{day}" for path in unnamed), f"/search?q=zq&{log}", f"/ledger.json?{log}"):
                answer = client.get(path)
                assert answer.status_code == 200, path
                assert not [w for w in ("zqsmall", "zqlarge", "zqloc") if w in answer.text.casefold()], path


def test_levels_count_rows_of_small_areas_in_none() -> None:
    rows = _Rows()
    for area, is_hidden in (("a", True), ("a", True), ("b", True), ("b", True), ("b", True), ("a", False)):
        rows.add(area, date(2024, 2, 1), restricted=is_hidden)
    rows.drop_few()
    assert (rows.areas, rows.no_area) == (["b", "b", "b", "a"], 2)


def test_areas_are_shown_to_who_may_see_the_rows(by_area: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "show")
    assert "zqsmall" in call("daily", by_area, *WEEK).casefold()


def test_ids_and_rows_are_counted_in_the_place_of_words() -> None:
    class Row:
        def __init__(self, restricted: bool) -> None:
            self.restricted = restricted

    events = {"a": Row(False), "b": Row(True), "c": Row(True)}
    assert named(("a", "b", "c", "d"), events) == ("a", "d", "2 restricted")
    assert named(("a", "d"), events) == ("a", "d")
    data = {"rows": [{"id": "a", "restricted": False}, {"id": "b", "restricted": True}], "ids": ["a", "b"]}
    assert passed_on(data) == ({"rows": [{"id": "a", "restricted": False}], "ids": ["a", "b"]}, 1)
    assert restricted_in(data) == {"b"}
    assert without_ids(data, events)["ids"] == ["a", "1 restricted"]
