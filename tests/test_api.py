"""The public names: each can be imported, each is documented, and there are few."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

import standoff
import standoff as so
from standoff.case.read import TEMPLATE
from standoff.errors import StandoffError


@pytest.mark.parametrize("name", [n for n in standoff.__all__ if not n.startswith("__")])
def test_public_names_work_and_say_what_they_do(name: str) -> None:
    assert (getattr(standoff, name).__doc__ or "").strip()


def test_names_are_few_and_mistakes_are_named() -> None:
    assert len(standoff.__all__) <= 60  # a call for each command, and what these give and take
    with pytest.raises(AttributeError, match="simulat"):
        standoff.simulat  # noqa: B018


def test_reading_records_loads_no_numerical_library() -> None:
    """Of a case without zones: whether a polygon is sound, only shapely can say."""
    code = "import sys, standoff; from standoff.case.read import TEMPLATE, read_records; read_records(TEMPLATE)"
    code += "; print([m for m in ('numpy', 'shapely') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_day_is_a_date_or_text() -> None:
    """Both mean the same in every call, and what is not a day is told with what was expected."""
    case = so.load(TEMPLATE)
    day = date(2024, 3, 10)
    assert so.ledger(case, "record", on="2024-03-10") == so.ledger(case, "record", on=day)
    assert so.history(case, "record", on="2024-03-10") == so.history(case, "record", on=day)
    assert so.why(case, "record", "red-holds-fire", on="2024-03-10", as_of="2024-03-20") == so.why(
        case, "record", "red-holds-fire", on=day, as_of=date(2024, 3, 20)
    )
    assert so.track(case, "record", "2024-03-10") == so.track(case, "record", day)
    for wrong in ("10 March", "2024-02-30", 5):
        with pytest.raises(StandoffError, match="a day such as 2020-02-14"):
            so.ledger(case, "record", on=wrong)  # type: ignore[arg-type]
