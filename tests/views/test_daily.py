"""The daily report: every number of a sentence is a count of raw rows; what may not be passed on is in no file."""

from __future__ import annotations

import csv
import io
import itertools
import random
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from as_printed import as_printed
from click.testing import CliRunner

from standoff.case.read import TEMPLATE, load
from standoff.case.vocabulary import EVENT_TYPES
from standoff.cli import cli
from standoff.commitments.daily import daily, last_report
from standoff.commitments.engine.states import VERDICTS, words
from standoff.errors import StandoffError
from standoff.intake.logs import open_log
from standoff.values import When
from standoff.views.daily import daily_document
from standoff.views.figures import drawing_of
from standoff.views.lines.daily import daily_lines, daily_paper, headlines
from standoff.views.paper import Grid, Picture, breakable, paper_page, write_paper
from standoff.views.words import Phrase, Words, category, language_of, languages

HEAD = (
    "event_id_cnty,event_date,time_precision,sub_event_type,actor1,actor2,admin1,admin2,location,latitude,longitude,"
    "geo_precision,source,fatalities,timestamp"
)
KINDS = {  # the source's word -> with what it exploded, as we call it
    "Shelling/artillery/missile attack": "shelling",
    "Air/drone strike": "strike",
    "Remote explosive/landmine/IED": "remote-explosive",
    "Armed clash": "",
    "Peaceful protest": "",
}
PLACES = [("East", "Rivertown", 41.0, 11.0), ("East", "Ferry", 41.05, 11.05), ("West", "Hill", 41.1, 10.9)]
LAST = date(2024, 3, 8)


def raw_rows(seed: int, many: int = 80) -> list[dict[str, str]]:
    draw = random.Random(seed)
    rows = []
    for n in range(many):
        area, place, lat, lon = draw.choice(PLACES)
        day = LAST - timedelta(days=draw.randrange(16))
        kind = draw.choice(list(KINDS))
        values = (f"X{n}", day, draw.choice("1112"), kind, draw.choice(("Red", "Blue", "Strangers")),
                  draw.choice(("Blue", "Red", "")), "Land", area, place, lat, lon, 1, "The Paper", draw.randrange(4),
                  1709900000)  # fmt: skip
        rows.append(dict(zip(HEAD.split(","), map(str, values), strict=True)))
    return rows


def as_csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEAD.split(","), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def reported(path: Path, rows: list[dict[str, str]], on: date, days: int) -> tuple[Any, dict[str, Any]]:
    path.write_text(as_csv(rows), encoding="utf-8")
    case = load(TEMPLATE)
    log = open_log(case, path)
    case = log.added_to(case)
    return case, daily(case, on=on, days=days, events=log.events, areas=log.areas)


def counted(rows: list[dict[str, str]], first: date, last: date) -> list[dict[str, str]]:
    """The rows of exact days in a period, from the raw columns."""
    return [r for r in rows if r["time_precision"] == "1" and first <= date.fromisoformat(r["event_date"]) <= last]


def violent(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Those that are incidents: a peaceful protest is none."""
    return [r for r in rows if r["sub_event_type"] != "Peaceful protest"]


STATE_WORDS = {words(v, adverse, kind) for v in VERDICTS for adverse in (False, True) for kind in ("", "permission")}


@pytest.mark.parametrize(("seed", "days"), [(1, 1), (2, 3), (3, 5)])
def test_counts_are_those_of_the_raw_columns(tmp_path: Path, seed: int, days: int) -> None:
    rows = raw_rows(seed)
    _, report = reported(tmp_path / "log.csv", rows, LAST, days)
    first = LAST - timedelta(days=days - 1)
    now, before = counted(rows, first, LAST), counted(rows, first - timedelta(days=days), first - timedelta(days=1))
    assert (report["incidents"]["now"], report["incidents"]["before"]) == (len(violent(now)), len(violent(before)))
    maybe = [r for r in rows if r["sub_event_type"] == "Peaceful protest"]
    assert len(now) - len(violent(now)) <= report["incidents"]["other_reports"] <= len(maybe)
    for name, some in (("now", now), ("before", before)):
        assert {a["area"]: a[name] for a in report["areas"] if a[name]} == Counter(r["admin2"] for r in violent(some))
        weapons = Counter(filter(None, (KINDS[r["sub_event_type"]] for r in some)))
        assert {w["weapon"]: w[name] for w in report["explosions"] if w[name]} == weapons
    deaths = next((c for c in report["casualties"] if c["day"] == "certain"), None)
    assert deaths is None or deaths["reported"][0] == sum(int(r["fatalities"]) for r in now)
    # certain of a party: its own one-sided act on an exact day; a fight and a stranger's act are only possible
    acts = [r for r in now if KINDS[r["sub_event_type"]] and r["actor1"] != "Strangers"]
    certain: Counter[str] = Counter()
    for line in report["parties"]:
        certain[line["party"].partition(" ")[0]] += line["certain"]
    assert +certain == Counter(r["actor1"] for r in acts)
    columns = list(zip(*[row[1:] for row in report["chart"]["days"]], strict=True))
    exact = counted(rows, LAST - timedelta(days=89), LAST)
    assert sum(map(sum, columns)) == len(violent(exact))
    assert sum(columns[0]) == sum(bool(KINDS[r["sub_event_type"]]) for r in exact)


def numbers(sentence: str) -> list[int]:
    return [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", sentence)]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_number_of_a_headline_is_one_of_the_raw_rows(tmp_path: Path, language: str) -> None:
    rows = raw_rows(4)
    _, report = reported(tmp_path / "log.csv", rows, LAST, 2)
    now, before = counted(rows, date(2024, 3, 7), LAST), counted(rows, date(2024, 3, 5), date(2024, 3, 6))
    say = Words(language)
    span = say.span("2024-03-07", "2024-03-08")
    first, *rest = (str(s).replace(str(span), "") for s in headlines(report, say))
    dead = sum(int(r["fatalities"]) for r in now)
    now, before = violent(now), violent(before)
    assert numbers(first) == [len(now), len(before)]
    areas = next(s for s in rest if "East" in s)
    expected = []
    for area, many in Counter(r["admin2"] for r in now).most_common():
        expected += [many, sum(r["admin2"] == area for r in before)]
    assert sorted(numbers(areas)) == sorted(expected)
    explosive = [r for r in now if KINDS[r["sub_event_type"]]]
    old = [r for r in before if KINDS[r["sub_event_type"]]]
    kinds = Counter(KINDS[r["sub_event_type"]] for r in explosive)
    assert sorted([len(explosive), len(old), *kinds.values()]) in [sorted(numbers(s)) for s in rest]
    assert [0, dead] in [numbers(s) for s in rest]


def fields(pattern: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", pattern))


def forms(pattern: object) -> dict[str, str]:
    return dict(pattern) if isinstance(pattern, Mapping) else {"other": str(pattern)}


@pytest.mark.parametrize("language", languages())
def test_patterns_of_a_language_ask_for_what_english_gives(language: str) -> None:
    from standoff.views.words import _file

    english = _file("en")["phrases"]
    assert len(_file(language)["months"]) == 12
    for key, pattern in _file(language)["phrases"].items():
        if key.startswith("type."):
            assert key.removeprefix("type.") in EVENT_TYPES
            continue
        if key.startswith("state."):
            assert key.removeprefix("state.") in STATE_WORDS
            continue
        assert key in english, f"{language}: {key} is no phrase of English"
        offered = set().union(*(fields(text) for text in forms(english[key]).values())) | {"n"}
        for form, text in forms(pattern).items():
            assert fields(text) <= offered, f"{language}: {key}.{form}"
            assert form in ("zero", "one", "two", "few", "many", "other")
        assert "other" in forms(pattern)


@pytest.mark.parametrize(
    ("key", "n", "said"),
    [
        ("incidents", 0, "No incident is reported for 8 Mar 2024; 2 in the period before."),
        ("incidents", 1, "1 incident is reported for 8 Mar 2024; 2 in the period before."),
        ("incidents", 1200, "1,200 incidents are reported for 8 Mar 2024; 2 in the period before."),
        ("incidents-recorded", 1, "1 incident is recorded for 8 Mar 2024. The record is a selection by whoever made "
         "the case, not a count."),
        ("possible", 1, "1 more may have happened then: its source gives no exact day."),
        ("possible", 2, "2 more may have happened then: their sources give no exact day."),
        ("changes", 0, "No promise or threat changed."),
        ("changes", 1, "1 promise or threat changed."),
        ("changes-broken", 3, "3 promises or threats changed, 1 of them broken."),
        ("left-out", 1, "1 report is left out: its source may not be passed on. The counts hold it."),
        ("left-out", 2, "2 reports are left out: their sources may not be passed on. The counts hold them."),
    ],
)  # fmt: skip
def test_patterns_say_none_one_and_many(key: str, n: int, said: str) -> None:
    assert Words().say(key, n, span=("2024-03-08", "2024-03-08"), before=2, broken=1) == said


@pytest.mark.parametrize(
    ("language", "forms"),
    [("en", "other one other other"), ("fr", "one one other other"), ("ar", "zero one two few")],
)
def test_plural_forms_are_those_of_the_language(language: str, forms: str) -> None:
    assert [category(language, n) for n in (0, 1, 2, 3)] == forms.split()
    if language == "ar":
        assert [category("ar", n) for n in (10, 11, 99, 100, 102, 103)] == [
            "few",
            "many",
            "many",
            "other",
            "other",
            "few",
        ]


@pytest.mark.parametrize("language", languages())
def test_every_phrase_state_and_number_of_a_language_is_its_own(language: str) -> None:
    say = Words(language)
    from standoff.views.words import _file

    assert [key for key in _file("en")["phrases"] if not say.has(key)] == []
    if language != "en":
        assert sorted(word for word in STATE_WORDS if not say.has(f"state.{word}")) == []
    assert str(say.say("at-least", 12345)).count("345") == 1
    assert say.number(12345) == {"fr": "12\u202f345"}.get(language, "12,345")


def test_what_has_no_translation_is_english_and_marked(tmp_path: Path) -> None:
    assert language_of(Words("ar").word("type", "operation-postponed")) == "en"
    assert language_of(Words("ar").say("annex")) == "ar"
    _, report = reported(tmp_path / "log.csv", raw_rows(5), LAST, 2)
    page = paper_page(daily_paper(report, Words("ar")))
    assert '<html lang="ar" dir="rtl">' in page
    assert re.search(r'<span lang="en" dir="ltr">\w', page)
    with pytest.raises(StandoffError, match="expected en, ar, fr"):
        Words("arr")


def test_a_day_inside_an_english_sentence_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Words, "has", lambda _, key: key != "change")
    said = Words("ar").say("change", day=date(2024, 3, 8), title="T", place="", was="kept", now="broken")
    assert said.startswith("8 Mar 2024:")


# Files.


@pytest.fixture(scope="module")
def own_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with hours, a weapon, a closed road, numbers, a row that may not be passed on, two directions."""
    folder = tmp_path_factory.mktemp("case") / "river"
    shutil.copytree(TEMPLATE, folder)
    table = folder / "events.csv"
    old = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    columns = list(old[0])
    columns += [c for c in ("hour", "low", "high", "counted", "restricted", "answer") if c not in columns]
    place = next(iter(load(TEMPLATE).places))
    rows: list[dict[str, str]] = [
        {"id": "n1", "date": "2024-03-05", "type": "shelling", "actor": "red", "hour": "08:00", "low": "2", "high": "5",
         "counted": "deaths-civilian", "title": "Shells hit the =market"},
        {"id": "n2", "date": "2024-03-05", "type": "weapon-seen", "actor": "blue", "hour": "20:30", "low": "3",
         "high": "3", "counted": "equipment", "title": "Three howitzers east of the river"},
        {"id": "n3", "date": "2024-03-06", "type": "movement-restricted", "actor": "red", "hour": "09:00",
         "title": "Patrol turned back <b>at</b> the bridge"},
        {"id": "n4", "date": "2024-03-06", "type": "airstrike", "actor": "blue", "title": "SECRET WITNESS ROW",
         "restricted": "yes"},
        {"id": "n5", "date": "2024-03-06", "type": "clash", "title": "اشتباك قرب الجسر", "hour": "10:00"},
    ]  # fmt: skip
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(old)
    for row in rows:
        writer.writerow({"place": place, "source": "https://www.reuters.com/x", "answer": "none found", **row})
    table.write_text(out.getvalue(), encoding="utf-8")
    assert load(folder).errors == ()
    return folder


@pytest.fixture(scope="module")
def files(own_case: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    for library in ("typst", "docx", "xlsxwriter"):
        pytest.importorskip(library)
    case = load(own_case)
    report = daily(case, on=date(2024, 3, 6), days=2)
    folder = tmp_path_factory.mktemp("paper")
    papers = {language: daily_document(case, report, language) for language in ("en", "ar")}
    paths = {f"{ending}": folder / f"day.{ending}" for ending in ("html", "pdf", "docx", "xlsx")}
    for path in paths.values():
        write_paper(path, papers["en"])
    paths |= {"ar.pdf": folder / "ar.pdf", "ar.docx": folder / "ar.docx"}
    for name in ("ar.pdf", "ar.docx"):
        write_paper(paths[name], papers["ar"])
    paths["txt"] = folder / "day.txt"
    paths["txt"].write_text("\n".join(daily_lines(report)), encoding="utf-8")
    return paths


def pdf_text(path: Path) -> str:
    document = pytest.importorskip("pypdfium2").PdfDocument(path.read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def words_of(path: Path) -> str:
    if path.suffix == ".pdf":
        return pdf_text(path)
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as book:
            parts = [book.read(n).decode() for n in book.namelist() if n.endswith(".xml")]
        return " ".join(re.sub(r"<[^>]+>", " ", part) for part in parts)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["html", "pdf", "docx", "xlsx", "txt", "ar.pdf", "ar.docx"])
def test_every_file_has_the_rows_and_none_that_may_not_be_passed_on(files: dict[str, Path], name: str) -> None:
    text = words_of(files[name])
    flat = " ".join(text.split())
    assert "SECRET" not in text
    assert "howitzers" in flat
    if name != "ar.pdf":  # whose text comes in the order of the page, from the right
        assert "reuters.com" in flat
    assert not re.search(r"\bat[-:]\d", flat)
    if not name.startswith("ar"):
        assert "1 report is left out" in flat
        assert "not a count" in flat


def test_a_docx_has_headings_repeated_heads_captions_and_alternative_texts(files: dict[str, Path]) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document(str(files["docx"]))
    heads = [p for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert heads[0].style.name == "Heading 1"
    assert {"In short", "Casualties", "Annex: incidents"} <= {p.text for p in heads}
    assert all(table.rows[0]._tr.trPr.xpath("w:tblHeader") for table in document.tables)
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(document.tables) + len(document.inline_shapes)
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert len(document.inline_shapes) == 2
    turned = docx.Document(str(files["ar.docx"]))
    assert all(table._tbl.tblPr.xpath("w:bidiVisual") for table in turned.tables)


def test_a_pdf_is_tagged_and_its_arabic_reads_as_written(files: dict[str, Path]) -> None:
    raw = files["ar.pdf"].read_bytes()
    assert b"/StructTreeRoot" in raw or b"/MarkInfo" in raw
    text = pdf_text(files["ar.pdf"])
    assert "الملحق" in text
    assert "اشتباك" in text


def test_numbers_are_numbers_in_a_workbook_and_no_text_is_a_formula(files: dict[str, Path]) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(files["xlsx"]))
    assert book.sheet_names[0] == "report"
    areas = book.get_sheet_by_name("areas").to_python()
    assert all(isinstance(cell, float | int) for row in areas[1:] for cell in row[1:])
    annex = [str(cell) for row in book.get_sheet_by_name("annex").to_python() for cell in row]
    assert any("=market" in cell for cell in annex)
    assert "daily-chart" in book.sheet_names


def test_the_page_escapes_records_and_runs_no_script(files: dict[str, Path]) -> None:
    page = files["html"].read_text(encoding="utf-8")
    assert "&lt;b&gt;at&lt;/b&gt;" in page
    assert "<script" not in page
    assert "src=" not in page


def test_sections_list_weapons_and_access_with_their_numbers(own_case: Path) -> None:
    report = daily(load(own_case), on=date(2024, 3, 6), days=2)
    assert (report["weapons"]["now"], report["access"]["now"]) == (1, 1)
    assert report["incidents"]["now"] == 5  # the one that may not be passed on is counted
    deaths = next(c for c in report["casualties"] if c["measure"] == "deaths-civilian")
    assert (deaths["confirmed"][2], deaths["reported"]) == (0, [2.0, 5.0, 1])
    text = " ".join(" ".join(daily_lines(report)).split())
    assert "Three howitzers east of the river" in text
    assert "Civilian deaths: 0 confirmed, 2–5 reported." in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit_a_terminal(own_case: Path, width: int) -> None:
    report = daily(load(own_case), on=date(2024, 3, 6), days=2)
    assert max(map(len, daily_lines(report, width))) <= width


def test_the_column_with_the_longest_texts_is_the_widest() -> None:
    told = "Government forces take towns on the motorway. " * 8
    rows = tuple(
        (f"{n} Feb 2020", "Town (Area)", "", told, "uprootedpalestinians.wordpress.com", "alleged") for n in range(9)
    )
    shares = Grid("annex", "Annex", ("Time", "Place", "Number", "Observation", "Source", "Status"), rows).shares
    assert sum(shares) == pytest.approx(1)
    assert shares[3] > 0.35
    assert shares[3] > 1.4 * max(shares[:3] + shares[4:])
    assert breakable(rows[0][4]) == "uprootedpalestinians.\u200bwordpress.\u200bcom"
    assert breakable("reuters.com, at 20.02.2020") == "reuters.com, at 20.02.2020"


def test_a_day_of_reports_ends_at_the_cut_off(own_case: Path) -> None:
    run = CliRunner()
    late = run.invoke(cli, ["daily", str(own_case), "--on", "2024-03-05", "--cutoff", "19:30", "--zone", "Europe/Kyiv"])
    assert "A day of reports ends at 19:30 (Europe/Kyiv)" in late.output
    assert "howitzers" not in late.output
    plain = run.invoke(cli, ["daily", str(own_case), "--on", "2024-03-05"])
    assert "howitzers" in plain.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cutoff", "25:00"), "--cutoff: '25:00' is not read; expected an hour of the day"),
        (("--zone", "Kyiv"), "expected a time zone such as"),
        (("--out", "day.doc"), "did you mean '.docx'"),
        (("--out", "day"), "expected .html, .pdf, .docx, .xlsx"),
        (("--language", "de"), "expected en, ar, fr"),
        (("--from", "2024-03-07", "--on", "2024-03-06"), "is after"),
    ],
)
def test_what_cannot_be_is_refused_and_says_what_can(own_case: Path, options: tuple[str, ...], said: str) -> None:
    answer = CliRunner().invoke(cli, ["daily", str(own_case), *options])
    assert said in as_printed(answer.exception)


def test_without_a_day_it_is_the_last_that_a_report_names(own_case: Path, tmp_path: Path) -> None:
    case = load(own_case)
    assert last_report(case) == date(2024, 3, 6)
    later = replace(case.events["n5"], id="n6", date=When.parse("2024-03-09"), known=When.parse("2024-03-10"))
    assert last_report(replace(case, events={**case.events, "n6": later})) == date(2024, 3, 6)  # known the day after
    rows = [{**raw_rows(6, 1)[0], "event_date": "2024-03-04", "time_precision": "1"}]
    rows.append({**rows[0], "event_id_cnty": "X9", "event_date": "2024-03-07", "time_precision": "3"})
    path = tmp_path / "log.csv"
    path.write_text(as_csv(rows), encoding="utf-8")
    assert last_report(case, open_log(case, path).events) == date(2024, 3, 4)


def test_with_a_log_the_record_is_listed_and_not_counted(own_case: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(as_csv(raw_rows(7)), encoding="utf-8")
    case = load(own_case)
    log = open_log(case, path)
    report = daily(log.added_to(case), on=date(2024, 3, 6), events=log.events, areas=log.areas)
    assert report["incidents"]["now"] == len(counted(raw_rows(7), date(2024, 3, 6), date(2024, 3, 6)))
    assert report["incidents"]["of_the_case"] == 3
    assert {e["id"] for e in report["events"] if not e["in_counts"]} == {"n3", "n4", "n5"}


def test_a_log_that_begins_later_compares_nothing(tmp_path: Path) -> None:
    rows = [r for r in raw_rows(8) if date.fromisoformat(r["event_date"]) >= date(2024, 3, 6)]
    _, report = reported(tmp_path / "log.csv", rows, LAST, 14)
    assert not report["compared"]
    text = " ".join(daily_lines(report))
    assert "The period before is not covered" in text
    assert not [b for b in daily_paper(report).blocks if isinstance(b, Grid) and "Before" in b.heads]


def test_phrases_are_texts_with_a_language() -> None:
    assert Phrase("a", "fr") == "a"
    assert language_of(Phrase("a", "fr")) == "fr"
    assert language_of("a") == ""
    assert list(itertools.islice(languages(), 1)) == ["en"]


@pytest.mark.parametrize(("language", "axis", "country"), [("fr", "févr.", "SYRIE"), ("ar", "فبراير", "سوريا")])
def test_figures_are_written_in_the_language_of_the_report(language: str, axis: str, country: str) -> None:
    case = load("idlib")
    report = daily(case, ["record"], on="2020-02-20", days=7)
    pictures = [block.figure for block in daily_document(case, report, language).blocks if isinstance(block, Picture)]
    drawn = {one["kind"]: drawing_of(one, link=None).svg() for one in pictures}
    assert axis in drawn["columns"]
    assert country in drawn["map"]
    assert (">سراقب<" in drawn["map"]) == (language == "ar")
    assert not re.findall(r">[^<]*\b(Feb|Jan|Dec|claimed|corroborated|and more)\b[^<]*<", "".join(drawn.values()))


def test_no_reason_names_a_record_by_its_id() -> None:
    case = load("idlib")
    report = daily(case, ["record"], on="2020-02-20", days=30)
    ids = {*case.commitments, *case.events, *case.agreements} - {"", *(word for word in ("truce",))}
    for change in report["changed"]:
        assert not ids & set(re.findall(r"[\w-]+", f"{change['rule']} {change['why']}")), change


def test_a_case_without_promises_says_so_and_nothing_of_agreements(own_case: Path) -> None:
    case = replace(load(own_case), commitments={}, agreements={})
    text = "\n".join(daily_lines(daily(case), 80))
    assert "The case holds no promise and no threat" in text
    assert "was watched" not in text
    assert "No promise or threat changed" not in text
