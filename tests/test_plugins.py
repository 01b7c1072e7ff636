"""What others add: choice rules, baselines and readers, by passing them or as plug-ins, held to what they promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from format_runs import idlib

import standoff as so
from standoff import plugins
from standoff.errors import StandoffError
from standoff.world.actors import logit
from standoff.world.choice_rules import chances_by_rule, name_of_rule

Plug = Callable[[str, str, Any], None]
FEW = {"accounts": "record", "trajectories": 6, "days": 8, "parameters": "fixed"}


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plug]:
    """Install a plug-in as a distribution would."""
    original = metadata.entry_points

    def install(group: str, name: str, value: Any) -> None:
        point = SimpleNamespace(name=name, load=lambda: value)
        monkeypatch.setattr(metadata, "entry_points", lambda **k: [point] if k == {"group": group} else original(**k))
        plugins.plugin_points.cache_clear()

    yield install
    monkeypatch.undo()
    plugins.plugin_points.cache_clear()


def best_reply(value: Any, rationality: Any, legal: Any) -> Any:
    """Take up the best option that is open, ties evenly."""
    best = np.where(legal, value, -np.inf)
    top = best >= best.max(axis=1, keepdims=True) - 1e-12
    return top / top.sum(axis=1, keepdims=True)


@pytest.mark.thorough
def test_a_rule_of_choice_that_is_the_logit_gives_the_same_run() -> None:
    plain = so.simulate(idlib(), **FEW)  # type: ignore[arg-type]
    own = so.simulate(idlib(), choice_rule=lambda v, r, legal: logit(v, r, legal), **FEW)  # type: ignore[arg-type]
    assert own.outlook == plain.outlook
    assert own.quantiles == plain.quantiles
    assert "choice_rule" not in plain.meta["spec"]
    assert own.meta["spec"]["choice_rule"].startswith("test_plugins:")
    assert any("not by the logit" in line for line in own.meta["warnings"])
    assert not any("not by the logit" in line for line in plain.meta.get("warnings", []))


def test_another_rule_changes_what_actors_do(plug: Plug) -> None:
    plug(plugins.CHOICE_RULES, "best-reply", best_reply)
    plain = so.simulate(idlib(), **FEW)  # type: ignore[arg-type]
    by_name = so.simulate(idlib(), choice_rule="best-reply", **FEW)  # type: ignore[arg-type]
    passed = so.simulate(idlib(), choice_rule=best_reply, **FEW)  # type: ignore[arg-type]
    assert by_name.options == passed.options != plain.options
    assert by_name.meta["spec"]["choice_rule"] == "best-reply"


def test_a_rule_that_is_not_there_is_named_with_those_that_are(plug: Plug) -> None:
    plug(plugins.CHOICE_RULES, "best-reply", best_reply)
    with pytest.raises(StandoffError, match=r"no choice rule 'best-repl'; expected logit, best-reply"):
        so.simulate(idlib(), choice_rule="best-repl", **FEW)  # type: ignore[arg-type]


def test_answers_to_answers_are_the_logits() -> None:
    from standoff.runs.spec import make_spec

    with pytest.raises(StandoffError, match="traced from the logit"):
        make_spec(idlib(), mode="equilibrium", choice_rule=best_reply)


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        (lambda v, r, legal: np.ones(3), "shape"),
        (lambda v, r, legal: np.full(v.shape, 0.5), r"its chances \[0.5, 0.5, 0.5\]"),
        (lambda v, r, legal: np.eye(3)[[2, 2]], r"open \[True, True, False\]"),
        (lambda v, r, legal: np.eye(3)[[0, 0]] * np.nan, "nan"),
        (lambda v, r, legal: np.array([[2.0, -1.0, 0.0]] * 2), "-1.0"),
        (lambda v, r, legal: 1 / 0, "the choice rule failed: ZeroDivisionError"),
    ],
    ids=["shape", "sum", "not-open", "nan", "negative", "raises"],
)
def test_chances_are_held_to_what_chances_are(rule: Any, what: str) -> None:
    legal = np.array([[True, True, False]] * 2)
    with pytest.raises(StandoffError, match=what):
        chances_by_rule(rule, np.zeros((2, 3)), np.ones(2), legal)


def test_a_rule_cannot_change_what_it_looks_at() -> None:
    value, legal = np.zeros((2, 3)), np.ones((2, 3), dtype=bool)

    def spoils(v: Any, r: Any, may: Any) -> Any:
        v += 1.0
        may[:] = False
        return np.full(v.shape, 1 / 3)

    chances_by_rule(spoils, value, np.ones(2), legal)
    assert (value == 0).all()
    assert legal.all()
    assert name_of_rule(logit) == "logit"


# ------------------------------------------------------------------ baselines


def days_of_log(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    lines = ["date,area"]
    for day in np.arange("2019-01-01", "2020-03-01", dtype="datetime64[D]"):
        for area, rate in (("North", 0.6), ("South", 0.2)):
            lines += [f"{day},{area}"] * int(rng.poisson(rate))
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_baseline_is_scored_beside_ours(tmp_path: Path, plug: Plug) -> None:
    seen: list[int] = []

    def month(counts: Any, horizon: int) -> Any:
        seen.append(counts.shape[1])
        return counts[:, -28:].mean(axis=1) * horizon

    path = days_of_log(tmp_path)
    plain = so.incident_levels(path, by="area", horizons=[28])
    beside = so.incident_levels(path, by="area", horizons=[28], baselines={"the month": month})
    assert beside.levels == plain.levels  # it has no part in what is expected
    score, own = beside.scores[28], plain.scores[28]
    assert score is not None
    assert own is not None
    assert score.crps == own.crps | {"the month": score.crps["the month"]}
    assert score.gain["the month"] == pytest.approx(1 - score.crps["mixture"] / score.crps["the month"])
    assert max(seen) == plain.counts.values.shape[1]
    assert len(set(seen)) == len(seen)  # one look at each origin
    plug(plugins.BASELINES, "the month", month)
    assert so.incident_levels(path, by="area", horizons=[28]).scores[28] == score

    from standoff.views.lines.levels import gain_sentence

    assert "than the baseline the month" in gain_sentence(28, score)


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        (lambda counts, horizon: [1.0], r"after 32 days the baseline expects \[1.\]"),
        (lambda counts, horizon: [-1.0, 0.0], "-1."),
        (lambda counts, horizon: [np.nan, 0.0], "nan"),
        (lambda counts, horizon: counts["x"], "the baseline failed after 32 days: IndexError"),
    ],
)
def test_a_baseline_that_is_wrong_is_told(tmp_path: Path, rule: Any, what: str) -> None:
    with pytest.raises(StandoffError, match=what):
        so.incident_levels(days_of_log(tmp_path), by="area", horizons=[28], baselines={"mine": rule})


def test_a_baseline_has_a_name_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(StandoffError, match="a baseline is called 'persistence'"):
        so.incident_levels(days_of_log(tmp_path), by="area", baselines={"persistence": lambda counts, horizon: [1, 1]})


# ------------------------------------------------------------------ readers


def test_a_file_of_another_program_is_read_where_its_reader_is_installed(tmp_path: Path, plug: Plug) -> None:
    path = tmp_path / "log.sav"
    path.write_bytes(b"SAVE\0m1|2019-05-01|shelling|idlib|https://example.org/1")
    with pytest.raises(StandoffError, match="a file of another program"):
        so.read_log(path, idlib())

    def read(data: bytes, sheet: str | None) -> Any:
        yield ["id", "date", "type", "place", "source"]
        yield data.split(b"\0")[1].decode().split("|")

    plug(plugins.READERS, "sav", read)
    assert [(e.id, e.type) for e in so.read_log(path, idlib()).events] == [("m1", "shelling")]


@pytest.mark.parametrize(
    ("reader", "what"),
    [
        (lambda data, sheet: [], "there is no table in it"),
        (lambda data, sheet: 1 / 0, "the plug-in standoff.readers:sav cannot read it: ZeroDivisionError"),
        ("no function", "it is str, not a function"),
    ],
)
def test_a_reader_that_fails_is_named(tmp_path: Path, plug: Plug, reader: Any, what: str) -> None:
    path = tmp_path / "log.sav"
    path.write_bytes(b"SAVE")
    plug(plugins.READERS, "sav", reader)
    with pytest.raises(StandoffError, match=what):
        so.read_log(path, idlib())
