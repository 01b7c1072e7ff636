"""The brief of a day: answers first, every accusation with who reports it and what the accused answer."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import standoff as so
from standoff import ledger
from standoff.case.brief_sections import BriefDay, BriefSection, sections_on
from standoff.case.claims import EventSaid
from standoff.case.model import Case, Event
from standoff.case.read import load, start
from standoff.case.reports import incidents_of
from standoff.cli import cli
from standoff.commitments.daily import answer_words, carrier_words, is_incident
from standoff.errors import StandoffError
from standoff.evidence.accounts import reports
from standoff.evidence.standing import accuses
from standoff.text.sentences import day
from standoff.values import When
from standoff.views.brief import brief, brief_map, brief_page
from standoff.views.happenings import backing
from standoff.views.lines.brief import brief_answers, brief_lines

ON = date(2020, 2, 20)


@pytest.fixture(scope="module")
def idlib() -> Case:
    return load("idlib")


@pytest.fixture(scope="module")
def opened(idlib: Case) -> BriefDay:
    return BriefDay(idlib, ON)


@pytest.fixture(scope="module")
def sections(opened: BriefDay) -> list[BriefSection]:
    return sections_on(opened)


def test_it_fits_80_columns_and_70_lines(opened: BriefDay, sections: list[BriefSection]) -> None:
    lines = list(brief_lines(opened, sections, 80))
    assert len(lines) <= 70
    assert max(map(len, lines)) <= 80
    for width in (60, 120):
        assert max(map(len, brief_lines(opened, sections, width))) <= width


FIRSTS = [date(2017 + n // 12, n % 12 + 1, 1) for n in range(5, 48)]


@pytest.mark.parametrize(
    "on",
    [date(2019, 9, 1), date(2019, 9, 12), *(pytest.param(on, marks=pytest.mark.thorough) for on in FIRSTS)],
    ids=str,
)
def test_every_month_fits_a_page(idlib: Case, on: date) -> None:
    opened = BriefDay(idlib, on)
    sections = sections_on(opened)
    for width in (60, 80, 120):
        lines = list(brief_lines(opened, sections, width))
        assert len(lines) <= max(70, 70 * 80 // width), width
        assert max(map(len, lines)) <= width
        assert [line for line in lines if line.isupper()][:1] == ["WHAT CHANGED"]


@pytest.mark.parametrize("on", [date(2018, 10, 20), date(2019, 9, 1), date(2020, 1, 15), ON])
def test_numbers_of_its_sentences_are_counted_again(idlib: Case, on: date) -> None:
    """Changed and contested from two days of the ledger, incidents from the events that were known and not denied."""
    said = {section.id: section.headline for section in sections_on(BriefDay(idlib, on))}
    before, now = (
        {(r.commitment, r.key): r.words for r in ledger(idlib, "record", on=day, as_of=on) if not r.reading}
        for day in (on - timedelta(days=14), on)
    )
    moved = [key for key in now if before.get(key, "not yet in force") != now[key]]
    broken = sum(now[key] == "broken" for key in moved)
    many = (
        f"{len(moved)} promise or threat changed" if len(moved) == 1 else f"{len(moved)} promises and threats changed"
    )
    assert said["changed"].startswith(many)
    assert said["changed"].endswith(f": {broken or 'none'} broken")
    contested = sum(words == "contested" for words in now.values())
    assert contested == int(said["contested"].split()[0])
    names = incidents_of(idlib)
    once: dict[str, Event] = {}  # versions of one happening count as the first of them
    for report in reports(idlib, "record", as_of=on):
        if report.asserted:
            once.setdefault(names[report.event.id], report.event)
    told = [event for event in once.values() if is_incident(event.type)]
    for first, last, part in ((13, 0, 0), (27, 14, 1)):
        days = on - timedelta(days=first), on - timedelta(days=last)
        number = sum(e.date.possibly_within(*days) for e in told)
        assert number == [int(n) for n in re.findall(r"(?:^|, )(\d+) ", said["incidents"])][part], said["incidents"]


@pytest.mark.parametrize("on", [date(2018, 10, 5), date(2019, 9, 1), ON, date(2020, 3, 6)])
def test_what_falls_due_and_who_says_nothing_is_counted_again(idlib: Case, on: date) -> None:
    """Due from the days that the commitments write, silence from the ledger of each party's own words."""
    read = {section.id: section for section in sections_on(BriefDay(idlib, on))}
    many = re.match(r"(\d+) ", read["due"].headline)
    items = read["due"].items
    assert len(items) + read["due"].more == (int(many[1]) if many else 0)
    for item in items:
        own = idlib.commitments[item.id]
        ends = {w.end for w in (getattr(own, f.name) for f in fields(own)) if isinstance(w, When) and w.end}
        ends |= {own.when.by.end} if own.when is not None and own.when.by is not None else set()
        (day_due,) = [end for end in ends if item.text.startswith(f"{day(end)}: ")] or [None]
        assert day_due is None or on <= day_due <= on + timedelta(days=14)
        rows_now = [r for r in ledger(idlib, "record", on=on, as_of=on) if r.commitment == item.id and not r.reading]
        assert any(r.verdict not in ("satisfied", "violated", "expired", "cancelled") for r in rows_now)
        assert day_due is not None or any(r.due and item.text.startswith(day(r.due)) for r in rows_now)
    before, now = (
        {(r.commitment, r.key): r.words for r in ledger(idlib, "record", on=then, as_of=on) if not r.reading}
        for then in (on - timedelta(days=14), on)
    )
    moved = {key[0] for key in now if before.get(key, "not yet in force") != now[key]}
    mute: dict[str, set[str]] = {}
    for account in idlib.accounts.values():
        if account.is_statement:
            for r in ledger(idlib, account.id, on=on, as_of=on):
                if (
                    r.commitment in moved
                    and r.party in (*r.debtor, *r.creditor)
                    and not r.reading
                    and r.says in ("", "silent")
                ):
                    mute.setdefault(r.party, set()).add(r.commitment)
    told = dict(re.findall(r"(?:: |, | and )([A-Z][^,()]+) \((\d+)\)", read["silent"].items[0].text if mute else ""))
    counted = {idlib.actors[party].name: str(len(some)) for party, some in mute.items()}
    assert told.items() <= counted.items()
    assert len(told) == min(3, len(counted))


@pytest.mark.parametrize("on", [date(2018, 10, 5), date(2019, 9, 1), ON, date(2020, 3, 6)])
def test_figures_of_people_harm_and_watch_are_those_of_the_files(idlib: Case, on: date) -> None:
    """From the raw cells: the last figure of people, how many figures of harm, and what no coverage names."""
    read = {section.id: section for section in sections_on(BriefDay(idlib, on))}
    with (idlib.root / "observed.csv").open(encoding="utf-8", newline="") as file:
        observed = {row["id"]: row for row in csv.DictReader(file)}
    first = observed[read["people"].items[0].id]
    known = {name: (When.parse(row["published"] or "2200").end or date.max) for name, row in observed.items()}
    assert known[first["id"]] <= on
    assert f"{int(first['value']):,}" in read["people"].items[0].text
    assert f"{int(first['value']):,}" in read["people"].headline
    later = [
        row for row in observed.values()
        if row["indicator"] == first["indicator"] and first["to"] < row["to"] <= str(on) and known[row["id"]] <= on
        and row["source"] == first["source"] and row["place"] == first["place"]
    ]  # fmt: skip
    assert later == []
    some = [one for one in so.harm(idlib, on=on, as_of=on) if on - timedelta(days=13) <= one.day <= on]
    many = re.match(r"(\d+) figure", read["harm"].headline)
    assert len(some) == (int(many[1]) if many else 0) == len(read["harm"].items) + read["harm"].more
    with (idlib.root / "coverage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    text = read["unwatched"].items[0].text
    for kind in re.match(r"Nobody is known to have watched for ([\w ,]+?)(?: and \d+ other|\.)", text)[1].split(", "):
        word = kind.replace(" ", "-")
        assert not [r for r in rows if r["from"] <= str(on - timedelta(days=13)) and (r["to"] or "9") >= str(on)
                    and word in r["types"].split(";") and not r["within"]]  # fmt: skip


def test_three_sentences_stand_first(opened: BriefDay, sections: list[BriefSection]) -> None:
    lines = list(brief_lines(opened, sections, 200))
    assert [line.removeprefix("- ").rstrip(".") for line in lines[1:4]] == brief_answers(sections)
    assert len(brief_answers(sections)) == 3


def test_every_accusation_has_its_source_and_its_answer(idlib: Case) -> None:
    """Of each event of the case: who reports it, and, where it accuses somebody, the answer or that none was found."""
    accusing = [e for e in idlib.events.values() if accuses(e) and e.sourcing != "unsourced"]
    assert len(accusing) > 50
    for event in accusing:
        assert carrier_words(idlib, event).startswith("according to "), event.id
        assert answer_words(idlib, event).startswith("answer"), event.id
    quiet = next(e for e in idlib.events.values() if e.type == "statement")
    assert answer_words(idlib, quiet) == ""


def test_what_rests_on_an_event_names_who_reports_it(sections: list[BriefSection]) -> None:
    rests = [item.rests for s in sections if s.id in ("changed", "contested") for item in s.items if ";" in item.rests]
    assert rests
    for text in rests:
        assert "according to " in text or "no source is named" in text


def test_it_says_what_was_known_when(opened: BriefDay, sections: list[BriefSection]) -> None:
    assert "As known on 20 Feb 2020." in brief_lines(opened, sections, 80)[4]
    assert "As known on 20 Feb 2020." in brief_page(opened, sections)


def test_areas_are_names_and_parties_stand_beside_the_days_before(sections: list[BriefSection]) -> None:
    incidents = next(s for s in sections if s.id == "incidents")
    assert [row["name"] for row in incidents.counts][:2] == ["Saraqib", "Aleppo West"]
    assert "Syrian government 6 + 2 (6 + 1)" in incidents.items[0].text


def test_counts_of_a_selection_say_so(sections: list[BriefSection]) -> None:
    incidents = next(s for s in sections if s.id == "incidents")
    assert "no count" in incidents.headline and "selection" in incidents.note
    assert incidents.total == 12  # talks and statements are no incidents


def test_nothing_after_the_day_is_in_it(opened: BriefDay, sections: list[BriefSection]) -> None:
    """What was published later is not known: 27 February, the ceasefire of March and the summit are not there."""
    text = " ".join(brief_lines(opened, sections, 200))
    for later in ("34 Turkish", "Spring Shield", "Moscow protocol", "27 Feb 2020"):
        assert later not in text


def test_the_page_shows_two_figures_without_a_script(opened: BriefDay, sections: list[BriefSection]) -> None:
    page = brief_page(opened, sections)
    assert page.count('<div class="wide"><svg ') == 2
    assert "<script" not in page and "script-src" not in page
    assert page.index('id="answers"') < page.index('id="brief-map"') < page.index('id="changed"')


def test_versions_of_one_happening_stand_once_on_the_map(opened: BriefDay) -> None:
    figure = brief_map(opened)
    assert figure is not None
    titles = [row[1] for row in figure["rows"]]
    assert sum("helicopter is shot down near Nayrab" in title for title in titles) == 1


def test_a_case_without_places_has_no_map(idlib: Case) -> None:
    from dataclasses import replace

    assert brief_map(BriefDay(replace(idlib, places={}), ON)) is None


def test_a_quiet_day_says_that_nothing_changed(idlib: Case) -> None:
    quiet = BriefDay(idlib, date(2018, 2, 1), days=1)
    lines = list(brief_lines(quiet, sections_on(quiet), 80))
    assert any("No promise or threat changed" in line for line in lines)
    assert any("Who says nothing: nothing changed" in line for line in lines)


def test_a_period_of_no_days_is_refused(idlib: Case) -> None:
    with pytest.raises(StandoffError, match="0 days"):
        sections_on(BriefDay(idlib, ON, days=0))


def test_the_command_writes_a_page_and_json(tmp_path: Path) -> None:
    page = tmp_path / "made" / "brief.html"
    result = CliRunner().invoke(cli, ["brief", "idlib", "--on", "2020-02-20", "--out", str(page), "--json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.output)
    assert {"case", "on", "from", "answers", "sections", "caution"} <= set(data)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["brief", "idlib", "--out", "x.pages"], "html"),
        (["brief", "idlib", "--on", "1999-01-01"], "before the record"),
        (["brief", "idlib", "--on", "2030-01-01"], "after the record; expected a day from"),
        (["brief", "idlib", "--days", "0"], "366"),
        (["brief", "idlb"], "idlib"),
    ],
)
def test_bad_input_is_refused(arguments: list[str], expected: str) -> None:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code != 0 and expected in result.output + str(result.exception or "")


def test_a_log_gives_areas_and_a_level_with_how_such_forecasts_did(tmp_path: Path) -> None:
    """Areas as the source names them; the level beside its own score; the record alone gives none."""
    from datetime import timedelta

    from standoff.intake.first_case import start_for
    from standoff.intake.logs import open_log

    rows = ["event_id_cnty,event_date,sub_event_type,actor1,actor2,country,admin1,admin2,latitude,longitude,fatalities"]
    for n in range(260):
        area = "East" if n % 3 else "West"
        day = date(2001, 1, 1) + timedelta(days=n)
        rows.append(f"AA{n},{day},Armed clash,Red Army,Blue Army,R,North,{area},1.0,1.{n % 3},0")
    feed = tmp_path / "feed.csv"
    feed.write_text("\n".join(rows), encoding="utf-8")
    start_for(tmp_path / "c", feed)
    case = load(tmp_path / "c")
    log = open_log(case, feed)
    opened = BriefDay(log.added_to(case), date(2001, 9, 17), 14, log.events, areas=log.areas)
    by_id = {s.id: s for s in sections_on(opened)}
    assert [(c["name"], c["now"], c["before"]) for c in by_id["incidents"].counts] == [("East", 9, 10), ("West", 5, 4)]
    level = by_id["level"]
    assert level.headline in {f"{n} incidents are expected in 28 days" for n in range(24, 32)}
    assert [item.text.split(":")[0] for item in level.items] == ["28 days, all areas", "East", "West"]
    assert "n = " in level.note and "as it stands now" in level.note
    early = BriefDay(log.added_to(case), date(2001, 1, 20), 14, log.events, areas=log.areas)
    assert {s.id: s for s in sections_on(early)}["level"].missing


def test_contested_reports_show_beside_a_log_that_decides_the_verdict(tmp_path: Path) -> None:
    case = load(start(tmp_path / "river"))
    (row,) = [e for e in case.events.values() if e.type == "shelling"]
    on = When.parse("2024-02-27")
    told = [replace(row, id=f"log-{n}", date=on, known=None, claims=(), answer=(), source="a wire") for n in range(3)]
    opened = BriefDay(case, date(2024, 3, 5), events=told)
    contested = next(s for s in sections_on(opened) if s.id == "contested")
    assert "1 report is contested" in contested.headline or "1 report is too" in contested.headline
    assert [item.id for item in contested.items if item.kind == "event"] == [row.id]
    assert "answer: " in contested.items[-1].rests


def test_the_record_stands_on_the_map_where_nothing_of_the_log_may(tmp_path: Path) -> None:
    case = load(start(tmp_path / "river"))
    (row,) = [e for e in case.events.values() if e.type == "shelling"]
    told = [replace(row, id="log-0", date=When.parse("2024-02-27"), known=None, claims=(), restricted=True)]
    drawn = brief_map(BriefDay(case, date(2024, 3, 5), events=told))
    assert drawn is not None
    assert drawn["title"].startswith("1 incident of the case's own record stands on the map")
    assert drawn["title"].endswith("; 1 of the log may not be passed on")


def test_what_waits_for_its_condition_falls_due_on_its_last_day(tmp_path: Path) -> None:
    folder = start(tmp_path / "river")
    threat = "- {id: red-warns, title: Red warns, kind: achieve, form: threat, adverse: true, debtor: red,\n"
    threat += "   creditor: blue, from: 2024-02-26, by: 2024-03-10, when: {type: airstrike, actor: blue},\n"
    threat += "   then: {type: shelling, actor: red, target: blue}, citation: A paper (invented)}\n"
    path = folder / "commitments.yaml"
    path.write_text(path.read_text(encoding="utf-8") + threat, encoding="utf-8")
    case = load(folder)
    due = next(s for s in sections_on(BriefDay(case, date(2024, 3, 5))) if s.id == "due")
    assert [i.text for i in due.items if i.id == "red-warns"] == [
        "10 Mar 2024: “Red warns” (threat of Red (invented)), its last day; that it is called in is not reported"
    ]
    later = next(s for s in sections_on(BriefDay(case, date(2024, 3, 11))) if s.id == "due")
    assert not [i for i in later.items if i.id == "red-warns"]


def test_observance_stands_beside_the_verdicts(sections: list[BriefSection]) -> None:
    observed = next(s for s in sections if s.id == "observance")
    assert [item.id for item in observed.items] == ["truce-2020-01-12", "truce-2020-01-09"]
    assert all("not a count" in item.text and "last certain breach" in item.text for item in observed.items)


def test_what_items_rest_on_is_written_once(
    opened: BriefDay, sections: list[BriefSection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.views.lines.brief.HEIGHT", 500)  # nothing is left out for want of room
    text = " ".join(" ".join(brief_lines(opened, sections, 80)).split())
    assert "[as above]" in text
    assert text.count("Turkish troops join the attack on Nayrab") == 1


def log_of_days(folder: Path, first: date, last: date) -> str:
    """Write a log with one strike a day into a case; rows are made up."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    rows = [f"s{n},{day},strike,Blue (invented),rivertown,https://example.org/{n}" for n, day in enumerate(days)]
    path = folder.parent / "log.csv"
    path.write_text("\n".join(["id,date,type,actor,place,source", *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_days_after_the_end_of_a_log_are_not_days_without_incidents(tmp_path: Path) -> None:
    folder = start(tmp_path / "case")
    case = load(folder)
    end = case.about.period.end
    assert end is not None
    end -= timedelta(60)
    log = log_of_days(folder, end - timedelta(59), end)

    def page(days: int) -> str:
        on = str(end + timedelta(days))
        out = CliRunner().invoke(cli, ["brief", str(folder), "--events", log, "--on", on], env={"COLUMNS": "200"})
        assert out.exit_code == 0, out.output
        return out.output

    assert "14 incidents in the 14 days" in page(0)
    assert "expected (80 %" in page(0)
    assert "14 in the 14 days before" in page(0)
    assert "the case holds no promise" not in page(0)
    late = page(10)
    assert "4 incidents in the 14 days" in late
    assert "the days before are not covered" in late
    assert "expected (80 %" not in late
    gone = page(30)
    assert "0 incidents" not in gone
    assert "the log ends on" in gone
    assert "nothing is known of the days after it" in gone


def test_who_denies_it_is_no_witness_and_has_answered(tmp_path: Path) -> None:
    """A row that accuses, with a claim by the accused that denies it: it is an answer, and not a second source."""
    from evidence_case import read_case

    case = read_case(tmp_path / "case")
    event = case.events["e2-red"]
    assert accuses(event)
    claim = next(c for c in case.claims.values() if isinstance(c.says, EventSaid))
    denial = replace(
        claim,
        id="own-denial",
        realis="denied",
        chain=("red-command",),
        document="",
        citation="https://wire.example/1",
        text="It did nothing of the kind.",
        says=replace(claim.says, recorded=event.id),
        denies=(),
    )
    asked = replace(case, claims={denial.id: denial}, events={event.id: replace(event, claims=(denial.id,), answer=())})
    plain = replace(asked, claims={}, events={event.id: replace(event, claims=(), answer=())})
    own = asked.events[event.id]
    assert answer_words(asked, own) == "answer: It did nothing of the kind"
    assert answer_words(asked, own, denied=False) == "answer of the accused: none found"
    assert answer_words(plain, plain.events[event.id]) == "answer of the accused: none found"

    def sources(some: Case) -> int:
        return backing(some, next(r for r in reports(some, "record") if r.event.id == event.id))[0]

    assert sources(asked) == sources(plain)


def test_a_case_that_only_holds_a_log_leads_with_its_incidents(tmp_path: Path) -> None:
    """Where nothing is promised it is not known that nothing falls due; the log is read without being asked for."""
    folder = start(tmp_path / "case")
    case = load(folder)
    end = case.about.period.end
    assert end is not None
    log = log_of_days(folder, end - timedelta(40), end)
    (folder / "logs").mkdir(exist_ok=True)
    Path(log).rename(folder / "logs" / "feed.csv")
    bare = replace(load(folder), events={}, commitments={}, agreements={})
    page = brief(bare)
    assert (page.opened.on, page.opened.log) == (end, "feed")
    assert brief_answers(page.sections)[0].startswith("14 incidents in the 14 days to")
    text = "\n".join(page.lines())
    assert "Nothing falls due" not in text
    assert "- What changed; what falls due; what is contested: the case holds no promise" in text
