"""The public names: each can be imported, each is documented, and there are few."""

from __future__ import annotations

import subprocess
import sys

import pytest

import standoff


@pytest.mark.parametrize("name", [n for n in standoff.__all__ if not n.startswith("__")])
def test_public_names_work_and_say_what_they_do(name: str) -> None:
    assert (getattr(standoff, name).__doc__ or "").strip()


def test_names_are_few_and_mistakes_are_named() -> None:
    assert len(standoff.__all__) <= 25
    with pytest.raises(AttributeError, match="simulat"):
        standoff.simulat  # noqa: B018


def test_reading_records_loads_no_numerical_library() -> None:
    """Of a case without zones: whether a polygon is sound, only shapely can say."""
    code = "import sys, standoff; from standoff.case.read import TEMPLATE, read_records; read_records(TEMPLATE)"
    code += "; print([m for m in ('numpy', 'shapely') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
