"""Whatever a user may hold prints on one line, however much it holds."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

import standoff as so
from standoff.case.model import Case, Kind
from standoff.commitments.monitor import evaluate
from standoff.oneline import OneLine
from standoff.values import Duration, When

LONGEST = 200
# rooms whose records no call of the library returns: the engine's, and what the workbench keeps of a request
INNER = ("standoff.commitments.engine", "standoff.workbench")


def records() -> Iterator[type]:
    """Yield every public dataclass of the package."""
    for module in pkgutil.walk_packages(so.__path__, "standoff."):
        if not module.name.endswith("__main__"):
            for name, kind in vars(importlib.import_module(module.name)).items():
                if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == module.name:
                    yield from () if name.startswith("_") else (kind,)


def test_every_record_has_a_repr_of_its_own() -> None:
    every = [kind for kind in records() if not kind.__module__.startswith(INNER)]
    assert len(every) > 150
    generated = [kind.__qualname__ for kind in every if hasattr(kind.__repr__, "__wrapped__")]  # it guards recursion
    assert generated == []


def inside(value: Any, depth: int = 4) -> Iterator[Any]:
    """Yield a value and the records inside it."""
    yield value
    if depth and dataclasses.is_dataclass(value) and not isinstance(value, Case):
        for field in dataclasses.fields(value):
            yield from inside(getattr(value, field.name), depth - 1)
    elif depth and isinstance(value, tuple | list):
        for part in value:
            yield from inside(part, depth - 1)


def test_records_of_a_case_and_what_is_read_from_it(idlib: Case) -> None:
    held: list[Any] = [record for kind in Kind for record in idlib.records(kind).values()]
    held += [idlib, *idlib.written.values(), *so.reports(idlib, "record"), so.tell(idlib, "turkey")]
    held += so.contradictions(idlib)
    held.append(so.corroboration(idlib, next(iter(idlib.events.values())).claims))
    evaluation = evaluate(idlib, ("record", "turkey"), on=date(2019, 1, 1))
    held += [evaluation, *so.ledger(idlib, on=date(2019, 1, 1))]
    shown = [part for one in held for part in inside(one) if dataclasses.is_dataclass(part)]
    assert len({type(part) for part in shown}) > 40
    wrong = {type(part): repr(part) for part in shown if len(repr(part)) >= LONGEST or "\n" in repr(part)}
    assert wrong == {}


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Sample(OneLine):
    """One of each thing that a field may hold."""

    id: str
    text: str = ""
    many: tuple[str, ...] = ()
    number: float = 0.0
    table: Any = None
    keys: dict[str, int] = dataclasses.field(default_factory=dict)
    hidden: str = dataclasses.field(default="x", repr=False)


CROWDED = Sample("a", "x" * 60, ("y" * 53,), 1.5, "z" * 9)


@pytest.mark.parametrize(
    ("sample", "printed"),
    [
        (Sample("a"), "Sample(id='a')"),
        (Sample("a", "two\n lines"), "Sample(id='a', text='two lines')"),
        (Sample("a", "x" * 61), f"Sample(id='a', text='{'x' * 57}...')"),
        (Sample("a", many=("b", "c")), "Sample(id='a', many=('b', 'c'))"),
        (Sample("a", many=("b" * 40, "c" * 40)), "Sample(id='a', many=<2>)"),
        (Sample("a", many=("b",) * 99), "Sample(id='a', many=<99>)"),
        (Sample("a", number=1.5, keys={"k": 1}), "Sample(id='a', number=1.5, keys={'k': 1})"),
        (Sample("a", number=0), "Sample(id='a', number=0)"),  # not of the type of the default
        (Sample("a", hidden="y"), "Sample(id='a')"),
        (Sample("a", table=np.zeros((2, 2))), "Sample(id='a', table=array([[0., 0.], [0., 0.]]))"),
        (CROWDED, f"Sample(id='a', text='{'x' * 60}', many=('{'y' * 53}',), number=1.5, ...)"),
    ],
)
def test_a_record_prints_what_is_not_at_its_default(sample: Sample, printed: str) -> None:
    assert repr(sample) == printed


def test_dates_and_spans_print_as_they_are_written() -> None:
    assert repr(When.parse("2018-09~")) == "When('2018-09~')"
    assert repr(Duration.parse("7d")) == "Duration('7 d')"
