"""Rows of ACLED that are read thousands at a time are those that are read one by one, with the same faults."""

from __future__ import annotations

import random
import weakref
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ledger_case import case

from standoff.case.model import Case
from standoff.errors import StandoffError
from standoff.files import table_reader as table
from standoff.intake import parts
from standoff.intake.acled_columns import AcledColumns
from standoff.intake.batch import COUNTED, Batch, read_file
from standoff.intake.log_rows import DATE, ID, Waiting
from standoff.values import When

HEADER = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,assoc_actor_1,actor2,country,admin1,"
    "admin2,location,latitude,longitude,geo_precision,source,notes,fatalities,timestamp"
)
TODAY = date(2021, 6, 1)
PARTIES = (
    "Red", "Military Forces of Red (1999-)", "Blue; Green", "Red militia | Strangers", "Strangers", "", "-", "blue ",
    "Red; Red", "Strangers; Others", "The band", '"Band, of two ""names"""', '"Over\r\ntwo lines"', "Café\u0301",
)  # fmt: skip
TYPES = ("Armed clash", "ATTACK", "Shelling/artillery/missile attack", "Other", "Mob violence", "Peaceful protest")
SPOTS = (
    "Northtown,35.9,36.6,1", "Northtown,35.9,36.6,3", "Far,10.0,20.0,1", ",35.5,36.5,2", "Nowhere,,,", "A,35.5,36.5,",
)  # fmt: skip
DAYS = ("05 January 2020", "2020-01-07", "31 December 2019", "1 March 2015", "7 May 2020")
STAMPS = ("1580000000", "1480000000", "2020-02-03 10:00", "", "never", "99999999999", "1.58e9")


def framed() -> Case:
    made = case()
    about = replace(made.about, period=When.parse("2019-01-01/2020-12-31"), region=(36.0, 35.0, 37.0, 36.5))
    return replace(made, about=about)


def row(draw: random.Random, number: int) -> str:
    cells = [
        f"XXX{number}",
        draw.choice(DAYS),
        draw.choice("1123"),
        "Battles",
        draw.choice(TYPES),
        draw.choice(PARTIES),
    ]
    cells += [draw.choice(PARTIES), draw.choice(PARTIES), "Land", draw.choice(("North", "")), "Hills"]
    return ",".join([*cells, draw.choice(SPOTS), "Wire", "what", draw.choice(("0", "3", "", "-")), draw.choice(STAMPS)])


def text(rows: int, seed: int, wrong: dict[int, str] | None = None) -> bytes:
    draw = random.Random(seed)
    lines = [(wrong or {}).get(number, row(draw, number)) for number in range(rows)]
    return "\n".join([HEADER, *lines, "Source: ACLED"]).encode()


def both(monkeypatch: pytest.MonkeyPatch, data: bytes, **options: Any) -> tuple[Batch, Batch, list[bool]]:
    """Read a file by columns and row by row; and say which of the blocks were read by columns."""
    monkeypatch.setattr(table, "BLOCK", 50)
    taken: list[bool] = []
    read = AcledColumns.read

    def watched(self: AcledColumns, block: table.Block) -> bool:
        taken.append(read(self, block))
        return taken[-1]

    batches = []
    for reader in (watched, lambda self, block: False):
        monkeypatch.setattr(AcledColumns, "read", reader)
        batches.append(read_file(data, framed(), name="x.csv", today=TODAY, log_rows=True, **options))
    return batches[0], batches[1], taken


def facts(batch: Batch) -> dict[str, Any]:
    assert batch.log_rows is not None
    names = ("rows", "undecided", "outside_period", "outside_region", "nobody_known", "left_out", "asides", "places")
    found = {name: getattr(batch, name) for name in (*names, "assumptions", "problems")}
    return found | {"cells": list(batch.log_rows), "records": len(batch.records)}


def test_rows_read_by_column_are_those_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = text(400, 3)
    fast, slow, taken = both(monkeypatch, data)
    assert facts(fast) == facts(slow)
    assert all(taken)
    assert len(taken) >= 8
    assert facts(fast)["outside_region"] > 0 < facts(fast)["outside_period"]


def test_a_bad_row_is_named_and_its_neighbours_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    good = row(random.Random(1), 7).split(",")
    wrong = {
        60: "XXX60,05 January 2020,1,Battles,Armed brawl,Red,,Blue,Land,,,N,35.5,36.5,1,Wire,what,0,",
        130: "XXX130,05 January 2020,1,Battles,Armed clash,Red,,Blue,Land,,,N,95.5,36.5,1,Wire,what,0,",
        131: ",".join(good),  # the id of row 7 again
        300: "XXX300,1 January 2031,1,Battles,Armed clash,Red,,Blue,Land,,,N,35.5,36.5,1,Wire,what,0,",
    }
    data = text(400, 3, wrong)
    with pytest.raises(StandoffError, match="4 bad rows"):
        read_file(data, framed(), name="x.csv", today=TODAY, log_rows=True)
    fast, slow, taken = both(monkeypatch, data, skip_bad=True)
    assert facts(fast) == facts(slow)
    assert taken.count(False) == 3
    assert fast.bad == 4


def test_a_file_on_disk_gives_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text(300, 9))
    kept = facts(read_file(path, framed(), name="x.csv", today=TODAY, log_rows=True))
    monkeypatch.setattr(table, "KEPT_BYTES", 0)
    streamed = facts(read_file(path, framed(), name="x.csv", today=TODAY, log_rows=True))
    assert streamed == kept
    assert len(streamed["asides"]) == 1


def test_rows_that_wait_come_back_as_they_are_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"{k % 7}-{k}", f"2020-01-0{k % 9 + 1}", *"é,\"'\n;x" * 3] for k in range(40)]
    rows = [(cells + [""] * 26)[:26] for cells in rows]
    for most in (10, 2**20):
        monkeypatch.setattr("standoff.intake.log_rows.MOST_BYTES_IN_MEMORY", most)
        monkeypatch.setattr("standoff.intake.log_rows.MOST_ROWS", 7)
        waiting = Waiting()
        for cells in rows[:20]:
            waiting.add(cells)
        waiting.add_columns(dict(enumerate(zip(*rows[20:], strict=True))))
        assert list(waiting) == rows
        lines = b"".join(waiting.in_order()).decode()
        ordered = sorted(rows, key=lambda cells: (cells[DATE], cells[ID]))
        assert [part.split(",")[0] for part in lines.split("\n") if part[:1].isdigit()] == [c[ID] for c in ordered]
        assert waiting.extent() == ({"\n"}, "2020-01-01", "2020-01-09")


def parted(monkeypatch: pytest.MonkeyPatch, path: Path, **options: Any) -> tuple[Batch, list[bool]]:
    """Read a file by two processes, in parts; and say of both passes whether its parts were enough."""
    enough: list[bool] = []
    for name in ("seen_in_parts", "reports_in_parts"):
        work = getattr(parts, name)

        def watched(*given: Any, work: Any = work) -> Any:
            found = work(*given)
            enough.append(found is not None)
            return found

        monkeypatch.setattr(f"standoff.intake.batch.{name}", watched)
    monkeypatch.setattr(parts, "PART_BYTES", 6000)
    monkeypatch.setattr(table, "KEPT_BYTES", 0)
    batch = read_file(path, framed(), name="x.csv", today=TODAY, log_rows=True, workers=2, **options)
    return batch, enough


@pytest.mark.parametrize(
    ("wrong", "is_enough"),
    [
        ({}, [True, True]),
        ({60: "XXX60,05 January 2020,1,Battles,Armed brawl,Red,,Blue,Land,,,N,35.5,36.5,1,Wire,what,0,"}, [True, True]),
        ({150: "Total,,9"}, [True, True]),
        ({300: row(random.Random(1), 7)}, [True, False]),  # the id of row 7, in another part
        ({9: row(random.Random(1), 9).replace("Wire", 'a 5" shell', 1)}, None),  # no quote of CSV, and counted as one
    ],
)
def test_a_large_file_in_parts_gives_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wrong: dict[int, str], is_enough: list[bool] | None
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text(400, 3, wrong))
    whole = facts(read_file(path.read_bytes(), framed(), name="x.csv", today=TODAY, log_rows=True, skip_bad=True))
    batch, enough = parted(monkeypatch, path, skip_bad=True)
    assert facts(batch) == whole
    assert is_enough in (None, enough)
    assert whole["rows"] == 400 - sum("Total" in cells for cells in wrong.values())


def test_rows_that_are_only_counted_give_the_same_counts(tmp_path: Path) -> None:
    data = text(400, 3)
    kept, counted = (
        read_file(data, framed(), name="x.csv", today=TODAY, log_rows=log_rows).log_rows for log_rows in (True, COUNTED)
    )
    assert kept is not None and counted is not None
    assert vars(kept.counts) == vars(counted.counts)
    assert (len(kept), kept.extent()) == (len(counted), counted.extent())
    with pytest.raises(ValueError, match="counted only"):
        list(counted)


def test_what_the_part_before_left_is_gone_while_a_part_is_read() -> None:
    class Circle:
        def __init__(self) -> None:
            self.itself = self

    class OnePart:
        def table(self) -> table.Table:
            kept.append(left() is not None)
            return table.read_table_file(text(3, 3), "x.csv")

    kept: list[bool] = []
    left = weakref.ref(Circle())
    with parts.without_collection():
        parts._first_pass(parts.FieldColumns({}, {}), OnePart())  # type: ignore[arg-type]
    assert kept == [False]
