"""The library as somebody uses it who has no folder and no command line: `import standoff as so`."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import standoff as so
from standoff.case.records import case_of_records
from standoff.cli import COMMANDS, cli
from standoff.people import flee
from standoff.runs.results import Run

pd = pytest.importorskip("pandas")

PROMISE = {
    "id": "fire",
    "kind": "maintain",
    "agreement": "truce",
    "debtor": "red",
    "creditor": "blue",
    "from": "2024-01-05",
    "forbid": {"type": ["shelling", "airstrike"], "actor": "red"},
}
EVENT = {
    "id": "e1",
    "date": "2024-01-10",
    "type": "shelling",
    "actor": "red",
    "target": "blue",
    "source": "our log, page 3",
}


@pytest.fixture(scope="module")
def case() -> so.case.model.Case:
    return so.load("idlib")


# Where public calls and what they return are written.
HOMES = sorted(
    {"standoff.record_list", "standoff.case.model", "standoff.case.records"}
    | {f"standoff.{home.partition(':')[0]}" for home in so._HOME.values()}
)
SECTIONS = ("Parameters", "Attributes", "Returns", "Raises", "Examples")


def sections_of(thing: object) -> set[str]:
    text = inspect.getdoc(thing) or ""
    return {section for section in SECTIONS if f"{section}\n{'-' * len(section)}\n" in text}


@pytest.mark.parametrize("name", [name for name in so.__all__ if callable(getattr(so, name))])
def test_a_public_call_says_what_it_takes_returns_and_raises(name: str) -> None:
    call = getattr(so, name)
    sections = sections_of(call)
    assert "Examples" in sections
    if inspect.isclass(call):
        assert sections & {"Parameters", "Attributes"}
        return
    names = [one for one in inspect.signature(call).parameters if one != "self"]
    assert {"Parameters", "Returns"} <= sections
    text = inspect.getdoc(call) or ""
    takes = text.partition("Parameters\n---")[2].partition("\n\nReturns")[0]
    assert [one for one in names if not re.search(rf"^[\w*, ]*\b{one}\b", takes, re.MULTILINE)] == []
    assert "Raises" in sections or "raise StandoffError" not in inspect.getsource(call)


LONG = "standoff.runs.verification"  # plays some minutes


@pytest.mark.parametrize(
    "home", [pytest.param(home, marks=[pytest.mark.thorough] if home == LONG else []) for home in HOMES]
)
def test_the_examples_of_the_library_run(home: str) -> None:
    result = doctest.testmod(importlib.import_module(home))
    assert result.attempted > 0
    assert result.failed == 0


def test_every_public_name_can_be_reached_and_says_what_it_does() -> None:
    for name in so.__all__:
        assert getattr(so, name) is not None
        assert name.startswith("__") or (getattr(so, name).__doc__ or "").strip()


def test_a_ledger_from_two_data_frames_is_that_of_the_records() -> None:
    commitments = pd.DataFrame(
        [
            {
                **{k: v for k, v in PROMISE.items() if k != "forbid"},
                "from": pd.Timestamp("2024-01-05"),
                "forbid.type": "shelling;airstrike",
                "forbid.actor": "red",
            }
        ]
    )
    events = pd.DataFrame([{**EVENT, "date": pd.Timestamp("2024-01-10"), "low": float("nan")}])
    with pytest.warns(so.errors.CaseWarning, match="citable source"):
        table = so.Ledger.from_records(commitments, events)
    with pytest.warns(so.errors.CaseWarning):
        other = so.Ledger.from_records([PROMISE], [EVENT])
    assert list(table) == list(other)
    assert [(row.commitment, row.account, row.words) for row in table] == [("fire", "record", "broken")]
    frame = table.frame()
    assert frame.loc[0, ["debtor", "first_breach"]].tolist() == ["red", pd.Timestamp("2024-01-10")]
    assert str(frame["due"].dtype) == "datetime64[s]"
    assert str(frame["degree_low"].dtype) == "float64"
    assert table["fire"].why()["rows"][0]["verdict"] == "violated"


def test_what_is_wrong_with_records_is_told_at_once_with_its_row() -> None:
    with pytest.raises(so.StandoffError) as error:
        so.Ledger.from_records(
            [PROMISE, {**PROMISE, "id": "two", "kind": "maintan"}, {**PROMISE, "id": "three", "from": "2024-13-05"}],
            [EVENT, EVENT],
        )
    told = str(error.value)
    assert "commitments:2" in told
    assert "did you mean 'maintain'" in told
    assert "commitments:3" in told
    assert "events:2: the event 'e1' is given twice" in told


def test_an_event_without_a_source_is_refused() -> None:
    with pytest.raises(so.StandoffError, match="events:1: the event has no origin; expected claims or a source"):
        case_of_records([PROMISE], [{k: v for k, v in EVENT.items() if k != "source"}])


def test_records_given_in_another_order_have_the_same_verdicts() -> None:
    more = [{**EVENT, "id": f"e{n}", "date": f"2024-01-{10 + n}"} for n in range(5)]
    two = [PROMISE, {**PROMISE, "id": "other", "debtor": "blue", "forbid": {"type": "shelling", "actor": "blue"}}]
    one = {(r.commitment, r.words, r.breaches) for r in so.ledger(case_of_records(two, more))}
    assert one == {(r.commitment, r.words, r.breaches) for r in so.ledger(case_of_records(two[::-1], more[::-1]))}
    assert ("fire", "broken", 5) in one


def test_days_are_given_as_days_or_as_text(case: so.case.model.Case) -> None:
    assert list(so.ledger(case, "record", on="2018-12-01")) == list(so.ledger(case, "record", on=date(2018, 12, 1)))
    assert list(so.talks(case, on="2018-09-15")) == list(so.talks(case, on=date(2018, 9, 15)))
    assert list(so.harm(case, on="2019-01-01")) == list(so.harm(case, on=date(2019, 1, 1)))
    assert so.daily(case, on="2020-02-20") == so.daily(case, on=date(2020, 2, 20))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda case: so.ledger(case, "turky"), "did you mean 'turkey'"),
        (lambda case: so.ledger(case, "record")["sochi6"], "did you mean 'sochi-6'"),
        (lambda case: so.ledger(case, "record").where(verdct="violated"), "did you mean 'verdict'"),
        (lambda case: so.relations(case, kinds="bakcs"), "did you mean 'backs'"),
        (lambda case: case.set("displacement.nuu", 1), "did you mean 'displacement.nu'"),
        (lambda case: so.claims(case, source="magnir"), "did you mean 'magnier'"),
        (lambda case: so.talks(case, on="2018-9-5"), "on is '2018-9-5'; expected a day such as 2020-02-14"),
    ],
)
def test_what_is_unknown_raises_with_the_nearest_and_names_no_option(case: so.case.model.Case, call, told) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(so.StandoffError) as error:
        call(case)
    assert told in str(error.value)
    assert "--" not in str(error.value)


def test_a_command_to_type_stays_a_command_in_the_text_of_an_error() -> None:
    hint = "copy it first: standoff new FOLDER --from idlib"
    error = so.StandoffError.of("not written to; say --as-of", file="--case", expected="--days N", hint=hint)
    assert str(error) == f"case: not written to; say as_of; expected days N ({hint})"
    assert str(error.problems[0]) == f"--case: not written to; say --as-of; expected --days N ({hint})"


def test_another_value_of_a_parameter_is_another_case(case: so.case.model.Case) -> None:
    other = case.set("displacement.nu", 0.4)
    assert other.parameters["displacement.nu"].range == (0.4, 0.4)
    assert case.parameters["displacement.nu"].value != 0.4
    assert other.digest != case.digest
    with pytest.raises(so.StandoffError):
        case.set("displacement.nu", float("nan"))


def test_a_list_of_records_is_shown_in_a_notebook_in_escaped_cells(case: so.case.model.Case) -> None:
    shown = so.claims(case, about="turkey")._repr_html_()
    assert shown.startswith("<table><thead>")
    assert "more</p>" in shown
    assert "<script" not in so.record_list.RecordList(so.claims(case))._repr_html_()
    assert so.brief(case, "2020-02-20")._repr_html_().startswith("<iframe srcdoc=")


def test_the_brief_of_the_library_is_that_of_the_command(case: so.case.model.Case) -> None:
    result = CliRunner().invoke(cli, ["brief", "idlib", "--on", "2020-02-20"], env={"COLUMNS": "80"})
    assert result.output.rstrip("\n") == str(so.brief(case, "2020-02-20"))


def test_every_command_has_its_call() -> None:
    """The table of the reference names a call for each command, and each call is there."""
    page = (Path(__file__).parents[1] / "docs" / "reference" / "library.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", page, re.MULTILINE))
    assert list(rows) == list(COMMANDS)
    for words in rows.values():
        calls = re.findall(r"\b(so|case|run|flee)\.(\w+)", words)
        modules = re.findall(r"`(standoff(?:\.\w+)+)(?:\(.*?\))?`", words)
        assert calls or modules
        for of, name in calls:
            there = {"so": so, "case": so.case.model.Case, "run": Run, "flee": flee}[of]
            assert hasattr(there, name), words
        for module in modules:
            importlib.import_module(module.rpartition(".")[0])
            parent, _, last = module.rpartition(".")
            assert hasattr(importlib.import_module(parent), last) or importlib.import_module(module)


def test_calls_take_days_as_text_and_one_account_by_name(case: so.case.model.Case) -> None:
    few: dict[str, Any] = {"trajectories": 4, "days": 3}
    assert so.linkage(case, ["Libya"], accounts="pooled", start="2020-01-05", **few).run.accounts == ("pooled",)
    assert "n = 4" in repr(so.rank(case, accounts="daher", start="2020-01-05", **few))
    assert so.arrivals(case, 1000, "Saraqab", on="2020-01-05", n=20).on == date(2020, 1, 5)
    assert so.backcast(case, only="2020-02-27", trajectories=2).questions
    with pytest.raises(so.StandoffError, match="no question has the cut-off 2020-02-26"):
        so.backcast(case, only="2020-02-26")
    with pytest.raises(so.StandoffError, match="expected"):
        so.rolling(case, until="some day")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda case, at: so.export(case, "hxl", "plces"), "there is no hxl of the plces.*did you mean 'places'"),
        (lambda case, at: so.export(case, "geojsn"), "a case has no geojsn.*did you mean 'geojson'"),
        (lambda case, at: so.add_document(case, at / "a.txt", titel="A"), "has no 'titel'.*did you mean 'title'"),
        (lambda case, at: so.search(case, "x", party="turky"), "no party 'turky'.*did you mean 'turkey'"),
        (lambda case, at: so.start(at / "c", region=(1, 1, 2, 3), period=("2024-03-01", "2024-02-01")),
         "the period ends on 2024-02-01; expected a last day from 2024-03-01 on"),
        (lambda case, at: so.start(at / "c", region=(1, 1, 2, 3), period=("2024-01-01", "2024-03-01"), actors=[": x"]),
         "this starts no case; expected a name"),
        (lambda case, at: so.arrivals(case, 1000, "Sarakeb"), "no place or area 'Sarakeb'.*did you mean 'saraqib'"),
    ],
)  # fmt: skip
def test_a_call_names_the_mistake_and_the_nearest(
    case: so.case.model.Case, tmp_path: Path, call: Callable[..., object], message: str
) -> None:
    with pytest.raises(so.StandoffError, match=f"(?s){message}"):
        call(case, tmp_path)
    assert not (tmp_path / "c").exists()
