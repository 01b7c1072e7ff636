"""Levels of a case: the log that it ships, as-of days, areas by coordinates, truces beside their counts."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from as_printed import as_printed
from click.testing import CliRunner

import standoff as so
from standoff.case.brief_sections import BriefDay
from standoff.case.model import Case
from standoff.cli import cli
from standoff.errors import StandoffError
from standoff.intake.logs import log_reports
from standoff.levels.brief import level_ahead, truces_beside
from standoff.levels.counts import count_case, count_log, incident_levels
from standoff.levels.truces import ObservedTruce, held_by_month, held_shares, observed_words, truces_of
from standoff.views.lines.levels import levels_lines


@pytest.fixture(scope="module")
def idlib() -> Case:
    return so.load("idlib")


def test_the_shipped_log_is_counted_unasked_and_the_ledger_does_not_read_it(idlib: Case) -> None:
    counts, left = count_case(idlib, by="admin1")
    reports = log_reports(idlib, "fatal-events")
    assert int(counts.values.sum()) == len(reports) == 2404 and left.no_area == 0
    by_area = Counter(report.areas[1] for report in reports)
    assert dict(zip(counts.areas, counts.values.sum(1).tolist(), strict=True)) == dict(by_area)
    assert (counts.first, counts.last) == (date(2018, 1, 1), date(2019, 11, 30))
    assert "CC BY 4.0" in counts.source and "after the events" in counts.what
    assert not any(report.id in idlib.events for report in reports)


def test_counts_ignore_the_known_day_unless_they_are_asked_as_of_one(idlib: Case) -> None:
    with pytest.raises(StandoffError, match="nothing in it was known for certain on 30 Nov 2019"):
        count_log(idlib, as_of=date(2019, 11, 30))
    assert int(count_log(idlib, as_of=date(2020, 1, 31))[0].values.sum()) == 2404


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"until": date(2020, 2, 20)}, "no counts after 30 Nov 2019"),
        ({"until": date(2018, 1, 20)}, "20 days"),
        ({"by": "admin4"}, "admin3"),
        ({"log": "fatal-event"}, "fatal-events"),
        ({"party": "nobody at all"}, "of this party"),
    ],
)
def test_what_cannot_be_counted_is_told(idlib: Case, options: dict[str, object], expected: str) -> None:
    with pytest.raises(StandoffError, match=expected):
        count_case(idlib, **options)  # type: ignore[arg-type]


def test_a_party_is_an_actor_of_the_case_or_a_name_as_written(idlib: Case) -> None:
    by_id, left = count_log(idlib, party="sdf")
    as_written = sum("SDF" in (r.actor_written + r.target_written) for r in log_reports(idlib, "fatal-events"))
    assert int(by_id.values.sum()) + left.no_area == as_written == 2404 - left.others
    assert int(count_log(idlib, party="Suqour al-Sham")[0].values.sum()) > 0


def test_levels_by_every_door_are_the_same(idlib: Case) -> None:
    one = incident_levels("idlib", by="admin1", horizons=(7,), on="2019-06-30")
    assert one.levels == idlib.levels(by="admin1", horizons=(7,), on="2019-06-30").levels
    assert one.counts.last == date(2019, 6, 30)
    options = ["--by", "admin1", "--horizon", "7", "--on", "2019-06-30", "--json"]
    result = CliRunner().invoke(cli, ["levels", "idlib", *options])
    data = json.loads(result.output)
    assert [row["median"] for row in data["levels"]] == [level.median for level in one.levels]
    assert data["notes"] == [] and data["incidents"] == 1806


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["idlib", "--count", "events"], "--count goes with a file"),
        (["idlib", "--repair"], "--boundaries FILE"),
        (["nothing.csv"], "there is no such file"),
        (["idlib", "--by", "admin1", "--boundaries", "x.geojson"], "both say what the areas are"),
        (["idlib", "--as-of", "2019-01-01"], "nothing in it was known"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], expected: str) -> None:
    result = CliRunner().invoke(cli, ["levels", *options])
    assert result.exit_code != 0
    assert expected in (result.output if result.exit_code == 2 else as_printed(result.exception))


def square(name: str, code: str, west: float) -> dict[str, object]:
    ring = [[west, 0.0], [west + 1, 0.0], [west + 1, 1.0], [west, 1.0], [west, 0.0]]
    properties = {"ADM3_EN": name, "ADM3_PCODE": code, "ADM2_PCODE": code[:4]}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_boundaries_place_rows_by_their_coordinates(tmp_path: Path) -> None:
    areas = tmp_path / "areas.geojson"
    shapes = [square("East", "AA0101", 1.0), square("West", "AA0102", 0.0)]
    areas.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), encoding="utf-8")
    header = "id,date_start,date_end,type_of_violence,side_a,side_b,where_prec,adm_1,latitude,longitude,best,low,high"
    spots = (("1", 0.5, 1.5), ("1", 0.5, 0.5), ("4", 0.5, 0.5), ("1", 5.0, 5.0))  # east, west, an area only, outside
    rows = [
        f"{day}{n},2001-{1 + day // 28:02d}-{1 + day % 28:02d},2001-01-01,1,A,B,{precision},North,{lat},{lon},1,1,1"
        for day in range(60)
        for n, (precision, lat, lon) in enumerate(spots)
    ]
    log = tmp_path / "ged.csv"
    log.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    result = incident_levels(log, boundaries=areas, horizons=(7,))
    assert result.counts.areas == ("East", "West") and result.left.no_area == 120
    assert result.counts.values.sum(1).tolist() == [60, 60]


def test_a_row_may_stand_for_several_incidents(tmp_path: Path) -> None:
    months = "".join(f"North,{2000 + m // 12}-{1 + m % 12:02d}-01,{m}\n" for m in range(30))
    log = tmp_path / "months.csv"
    log.write_text(f"area,date,events\n{months}", encoding="utf-8")
    result = incident_levels(log, by="area", number="events", horizons=(28,))
    assert int(result.counts.values.sum()) == sum(range(30))
    assert any("by month" in note for note in result.counts.notes)
    assert (result.counts.first, result.counts.last) == (date(2000, 1, 1), date(2002, 6, 30))
    (level,) = result.levels
    assert level.last == 29 and level.usual == pytest.approx((27 + 28 + 29) / 3)  # of months, whatever their length
    assert result.scores[28] is not None and result.scores[28].n == 23  # of 30 months 6 warm up, and one has no next
    frame = result.counts.frame()
    assert [(str(d)[:7], n) for d, n in zip(frame["day"], frame["count"], strict=True)] == [
        (f"{2000 + m // 12}-{1 + m % 12:02d}", m) for m in range(30)
    ]
    assert [*result.scores] == [28]
    lines = "\n".join(levels_lines(result, 80))
    assert "Expected in the month from 1 Jul 2002" in lines and "1 month:" in lines and "28 days:" not in lines
    until = incident_levels(log, by="area", number="events", horizons=(7, 84), on="2002-03-30")
    assert until.counts.last == date(2002, 2, 28) and [*until.scores] == [84]  # March was not over
    assert until.counts.end_of(84) == date(2002, 5, 31)
    with pytest.raises(StandoffError, match="counts by month"):
        incident_levels(log, by="area", number="events", horizons=(7,))
    with pytest.raises(StandoffError, match="lies before the first day"):
        incident_levels(log, by="area", on="1999-12-31")
    with pytest.raises(StandoffError, match="a whole number"):
        log.write_text("area,date,events\nNorth,2001-01-01,1.5\n", encoding="utf-8")
        incident_levels(log, by="area", number="events")


def test_truces_are_followed_by_day(idlib: Case) -> None:
    """Counted again from the rows: the truce of 31 August 2019 against the 28 days before it."""
    truces = {one.agreement: one for one in truces_of(idlib, forecasts=True)}
    one = truces["truce-2019-08-31"]
    days = [r.date.start for r in log_reports(idlib, "fatal-events") if "side:syria" in (*r.actor, *r.target)]
    days += [r.date.start for r in log_reports(idlib, "fatal-events") if "syria" in (*r.actor, *r.target)]
    assert one.fighters == ("syria",)
    assert one.before == sum(date(2019, 8, 3) <= day < one.start for day in days if day)
    assert one.since == sum(one.start <= day <= date(2019, 11, 30) for day in days if day)
    assert one.back is None and one.holds_after(90) and one.holds_after(100) is None
    assert one.low <= one.expected <= one.high and one.came <= one.since
    assert "2020-01" not in "".join(truces), "the log ends before it"
    assert "were to be expected" in observed_words(one)


def test_how_many_held() -> None:
    def truce(back: int | None, days: int, before: int = 10) -> ObservedTruce:
        return ObservedTruce(
            agreement="a", title="A", start=date(2001, 1, 1), fighters=(), before=before, days=days, since=0, back=back
        )

    some = [truce(None, 100), truce(20, 100), truce(None, 20), truce(8, 10), truce(None, 100, before=0)]
    assert [(s.days, s.still, s.n) for s in held_shares(some)] == [(7, 4, 4), (30, 1, 3), (90, 1, 3)]
    assert all(s.low <= s.still / s.n <= s.high for s in held_shares(some))
    month, third = held_by_month((1, 3), ceasefire=True)
    assert month.n == third.n and month.still > third.still and month.low < month.still / month.n < month.high


def test_the_brief_says_where_counts_end(idlib: Case) -> None:
    late = level_ahead(BriefDay(idlib, date(2020, 2, 20)))
    assert late.missing == "no counts after 30 Nov 2019"
    day = BriefDay(idlib, date(2019, 9, 20))
    section = level_ahead(day)
    assert "expected" in section.headline and "CC BY 4.0" in section.note and day.shared
    assert "as the log counts" in truces_beside(day)


def test_counts_are_a_data_frame_of_areas_and_days(idlib: Case) -> None:
    counts = idlib.levels().counts
    frame = counts.frame()
    assert list(frame.columns) == ["area", "day", "count"]
    assert len(frame) == counts.values.size
    day = counts.values[0].argmax()
    row = frame[(frame["area"] == counts.areas[0]) & (frame["count"] == counts.values[0].max())].iloc[0]
    assert (row["day"].date() - counts.first).days == day
