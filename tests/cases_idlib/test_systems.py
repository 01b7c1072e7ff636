"""What the five articles add stands in the Idlib case: requests as threads, deployments as signals, harm as figures."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner

import standoff as so
from standoff.case.claims import QuantitySaid, RelationSaid
from standoff.case.model import Case
from standoff.cli import cli
from standoff.commitments.signals import signals
from standoff.commitments.threads import talks
from standoff.evidence.coding_sheet import coverage
from standoff.evidence.harm import harm, protests
from standoff.evidence.relations import relations


@cache
def idlib() -> Case:
    return so.load("idlib")


def uncovered_relations(case: Case) -> tuple[str, ...]:
    """Return claims of relations that no line holds: none, unless a claim names nobody who could be drawn."""
    lines = {name for line in relations(case) for name in line.claims}
    told = [c for c in case.claims.values() if isinstance(c.says, RelationSaid) and c.realis != "denied"]
    return tuple(c.id for c in told if c.id not in lines)


def rows(section: str) -> set[str]:
    return {row.id.lower() for row in coverage(idlib()) if row.section == section}


def missing(case: Case) -> set[str]:
    """Return rows of the sheet that no record of the right kind holds: the guard of the tour."""
    named = {
        "5": {r.lower() for t in case.threads.values() for r in t.row},
        "7": {r.lower() for s in case.signals.values() for r in s.row},
        "2": {
            r.lower()
            for c in case.claims.values()
            for r in c.row
            if isinstance(c.says, RelationSaid) and c.id not in uncovered_relations(case)
        }
        | {"rel-14"},  # told as an event: shots at a march
        "8": {r.lower() for c in case.claims.values() for r in c.row if isinstance(c.says, QuantitySaid)},
        "10": {r.lower() for d in case.disputes.values() for r in d.row},
    }
    # told as days of an act or of a deadline, not as a number that is counted
    others = {"8": {"qty-03", "qty-05", "qty-29", "qty-32", "qty-35"}}
    gaps = set()
    for section, held in named.items():
        gaps |= rows(section) - held - others.get(section, set())
    return gaps


def test_every_request_is_a_thread_and_every_deployment_a_signal() -> None:
    assert missing(idlib()) == set()
    assert len(rows("5")) == 14
    assert len(rows("7")) == 11


@pytest.mark.parametrize(
    ("kind", "key", "row"),
    [
        ("threads", "base-protection", "req-08"),
        ("signals", "russian-fleet-2018-09", "dep-05"),
        ("claims", "c-rel-13", "rel-13"),
        ("claims", "c-qty-12", "qty-12"),
        ("disputes", "dis-03", "dis-03"),
    ],
)
def test_the_guard_sees_a_record_that_is_taken_out(kind: str, key: str, row: str) -> None:
    case = idlib()
    left = {name: record for name, record in getattr(case, kind).items() if name != key}
    less: Any = {kind: left}
    assert missing(replace(case, **less)) == {row}


def test_one_text_calls_granted_what_damascus_rejects() -> None:
    by_id = {talk.thread.id: talk for talk in talks(idlib())}
    first, second = by_id["delay-2018-08"], by_id["delay-2018-09"]
    assert (first.state, dict(first.answers)) == ("granted", {"russia": "granted"})
    assert second.beside == (("syria", "refused"),)
    assert second.state == "overtaken"
    assert second.thread.same_as == ("delay-2018-08",)
    assert "russia" not in second.answers  # nobody says that Moscow refused


def test_the_forty_threads_name_their_tellers() -> None:
    for talk in talks(idlib()):
        assert all(turn.teller for turn in talk.turns), talk.thread.id


def test_a_signal_has_a_teller_and_a_cost_only_with_a_reason() -> None:
    seen = signals(idlib())
    assert all(one.tellers for one in seen)
    assert all(one.signal.cost_why for one in seen if one.signal.cost.value != "unknown")


def test_figures_of_harm_are_kept_apart_and_have_sources() -> None:
    figures = harm(idlib())
    assert len({f.id for f in figures}) == len(figures) >= 20
    assert all(f.teller for f in figures)
    assert not [f.id for f in figures if "soldier" in f.counted or "fighter" in f.counted]
    assert {"attacks-health", "attacks-education", "people-in-need", "wounded"} <= {f.measure for f in figures}
    need = {f.id: f for f in figures if f.measure == "people-in-need"}
    assert need["c-h-who-2019-09-need"].against == ("c-h-cluster-2019-10-need",)
    (march,) = protests(idlib())
    assert [name for name, _ in march.met] == ["c-rel-14"]


def test_relations_carry_the_claims_behind_each_line() -> None:
    lines = relations(idlib())
    assert all(line.claims or line.in_case for line in lines)
    assert uncovered_relations(idlib()) == ()
    pair = [line for line in lines if (line.source, line.target) == ("russia", "turkey")]
    assert {line.kind.value for line in pair} == {"backs", "opposes"}  # partners to one, rivals to another
    daher = relations(idlib(), account="daher")
    assert {name for line in daher for name in line.tellers} == {"daher"}
    assert not any(line.in_case for line in daher)


@pytest.mark.parametrize("words", [["talks"], ["signals"], ["harm"], ["relations"], ["relations", "--show", "relays"]])
@pytest.mark.parametrize("width", [60, 120])
def test_commands_keep_to_the_width(monkeypatch: pytest.MonkeyPatch, words: list[str], width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = CliRunner().invoke(cli, [words[0], "idlib", *words[1:]])
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= width


def test_commands_give_data() -> None:
    def data(*words: str) -> list[dict[str, object]]:
        result = CliRunner().invoke(cli, [*words, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)  # type: ignore[no-any-return]

    open_ones = data("talks", "idlib", "--open")
    assert {talk["state"] for talk in open_ones} == {"open"}
    about = data("talks", "idlib", "--about", "com-51")
    assert [talk["id"] for talk in about] == ["base-protection"]
    around = data("signals", "idlib", "--around", "com-07")
    assert "turkish-reinforcement-2018-09" in [one["id"] for one in around]
    relays = data("relations", "idlib", "--show", "relays", "--account", "daher")
    assert all(line["kind"] == "relays" for line in relays)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["talks", "idlib", "--about", "com-5l"], "nothing is called 'com-5l'"),
        (["signals", "idlib", "--around", "com-7"], "there is no promise or threat 'com-7'"),
        (["harm", "idlib", "--measure", "deaths-civilians"], "did you mean 'deaths-civilian'"),
        (["relations", "idlib", "--show", "back"], "did you mean 'backs'"),
        (["talks", "idlib", "--account", "daheer"], "did you mean 'daher'"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(
    words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from standoff.cli import main

    with pytest.raises(SystemExit):
        main(words)
    assert hint in capsys.readouterr().err
