"""`standoff new` starts small: region, period and actors as they are said, nothing invented, and it passes check."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from standoff.case.model import Kind
from standoff.case.read import load
from standoff.cli import main


def call(*arguments: object) -> int:
    try:
        main([str(a) for a in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


OPTIONS = ("--region", "-12.28,10.14,4.24,25", "--period", "2020-01-01/2020-06-01", "--actor", "Government of Mali: state", "--actor", "CMA")  # fmt: skip  # noqa: E501


def test_by_options_it_holds_what_was_said_and_nothing_else(tmp_path: Path) -> None:
    assert call("new", tmp_path / "mali", *OPTIONS) == 0
    case = load(tmp_path / "mali")
    assert case.problems == ()
    assert case.about.region == (-12.28, 10.14, 4.24, 25)
    assert str(case.about.period) == "2020-01-01/2020-06-01"
    assert [(a.id, a.name, a.kind) for a in case.actors.values()] == [
        ("government-of-mali", "Government of Mali", "state"),
        ("cma", "CMA", "party"),
    ]
    others = [kind for kind in Kind if kind not in (Kind.CASE, Kind.ACTORS, Kind.ACCOUNTS) and case.records(kind)]
    assert others == []
    assert list(case.accounts) == ["record"]


@pytest.mark.parametrize("region", ["Mali", "mali"])
def test_a_country_is_a_region(tmp_path: Path, region: str) -> None:
    assert call("new", tmp_path / "m", "--region", region, "--period", "2020-01-01/2020-06-01", "--actor", "A") == 0
    west, south, east, north = load(tmp_path / "m").about.region
    assert (west < -12, south > 10, east > 4, north == pytest.approx(25, abs=0.1)) == (True, True, True, True)


def test_it_asks_line_by_line_without_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "Mali\n2020-01-01/2020-06-01\nGovernment of Mali: state\nCMA\n\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert call("new", tmp_path / "m") == 0
    assert list(load(tmp_path / "m").actors) == ["government-of-mali", "cma"]
    assert "An actor, as NAME or NAME: KIND; empty: no more: CMA\n" in capsys.readouterr().out


def test_in_a_terminal_an_answer_that_does_not_fit_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    answers = iter(["Malia", "Mali", "soon", "2020-01-01/2020-06-01", "A: state", ""])

    def prompt(*_: Any, **__: Any) -> str:
        return next(answers)

    monkeypatch.setattr("click.prompt", prompt)
    assert call("new", tmp_path / "m") == 0
    wrong = capsys.readouterr().err
    assert "did you mean 'Mali'" in wrong
    assert "'soon' does not fit" in wrong
    assert list(load(tmp_path / "m").actors) == ["a"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--region", "Malia", "--period", "2020-01-01/2020-06-01"), "did you mean 'Mali'?"),
        (("--region", "1,2,3"), "four numbers in degrees"),
        (("--region", "5,2,3,4", "--period", "2020"), "west below east"),
        (("--region", "Mali", "--period", "2020-13-01"), "--period"),
        (("--region", "Mali"), "--period: it is not said"),
        (("--region", "Mali", "--period", "2020", "--actor", ": state"), "NAME: KIND"),
        (("--region", "Mali", "--period", "2020", "--actor", "A", "--actor", "A"), "named twice"),
        (("--region", "Mali", "--from", "idlib"), "--from does not go with --region"),
        (("--actor", "A", "--for", "x.csv"), "--for does not go with --actor"),
        (("--from", "idlib", "--for", "x.csv"), "one of them"),
        (("--period", "2020-13-01", "--for", "x.csv"), "--period"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    assert call("new", tmp_path / "m", *options) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_where_nobody_can_be_asked_it_is_the_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("new", tmp_path / "river") == 0
    assert "an invented example" in capsys.readouterr().out
    assert "red" in load(tmp_path / "river").actors


def test_it_grows_by_hand_and_never_ends_in_a_pile_of_errors(tmp_path: Path) -> None:
    """Each record can be added alone to the small case, in the order in which one names the other."""
    from standoff.case.journal import RecordChange, apply

    call("new", tmp_path / "m", *OPTIONS)
    steps: list[tuple[Kind, dict[str, Any]]] = [
        (Kind.SOURCES, {"id": "wire", "name": "A wire", "kind": "agency"}),
        (Kind.DOCUMENTS, {"id": "d", "title": "T", "author": ["wire"], "outlet": "wire", "published": "2020-02-01"}),
        (Kind.CLAIMS, {"id": "c", "text": "They met.", "chain": ["wire"], "document": "d", "at": {"paragraph": 1, "anchor": "met"}, "says": {"event": "meeting", "actor": "cma", "date": "2020-01-31"}}),  # noqa: E501
        (Kind.EVENTS, {"id": "e", "date": "2020-01-31", "type": "meeting", "actor": "cma", "claims": "c"}),
        (Kind.PLACES, {"id": "kidal", "name": "Kidal", "kind": "town", "lat": 18.44, "lon": 1.41, "country": "ML"}),
        (Kind.AGREEMENTS, {"id": "g", "title": "G", "parties": ["cma", "government-of-mali"], "date": "2020-02-01", "claims": ["c"]}),  # noqa: E501
        (Kind.SCENARIOS, {"id": "baseline", "title": "As it is", "lever": "none"}),
    ]  # fmt: skip
    for kind, record in steps:
        apply(tmp_path / "m", [RecordChange.add(kind, record)], by="A")
    case = load(tmp_path / "m")
    assert [len(case.records(kind)) for kind, _ in steps] == [1] * len(steps)
    assert "# Who publishes or speaks." in (tmp_path / "m" / "sources.yaml").read_text()


def test_a_feed_of_some_days_does_not_set_the_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --for the period, the region and the title may be said; what is not said is the file's."""
    file = tmp_path / "log.csv"
    file.write_text(
        "event_id_cnty,event_date,time_precision,sub_event_type,actor1,actor2,country,admin1,location,latitude,longitude,"
        "geo_precision,source,notes,fatalities,timestamp\n"
        "YEM1,2020-05-01,1,Attack,North Brigade,Civilians,Yemen,Aden,Aden,13.0,45.0,1,Wire,words,0,1590000000\n"
        "YEM2,2020-05-09,1,Attack,North Brigade,Civilians,Yemen,Socotra,Hadibu,12.5,54.0,1,Wire,words,0,1590000000\n",
        encoding="utf-8",
    )
    options = ("--for", str(file), "--period", "2019-11-05/2020-12-31", "--region", "Yemen", "--title", "South")
    assert call("new", tmp_path / "south", *options) == 0, capsys.readouterr().err
    case = load(tmp_path / "south")
    assert (str(case.about.period), case.about.title) == ("2019-11-05/2020-12-31", "South")
    west, south, east, north = case.about.region
    assert west < 45.0 < 54.0 < east  # the island, too
    assert south < 12.5 < 13.0 < north
    assert call("new", tmp_path / "own", "--for", str(file)) == 0
    assert str(load(tmp_path / "own").about.period) == "2020-05-01/2020-05-28"
