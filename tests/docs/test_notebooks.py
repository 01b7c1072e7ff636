"""The notebooks are run from top to bottom, cell by cell, as somebody would; what they show is there."""

from __future__ import annotations

import ast
import json
import warnings
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pandas")
FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"


def shown(source: str, names: dict[str, Any]) -> Any:
    """Run a cell and return the value of its last expression, which a notebook shows."""
    tree = ast.parse(source)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - our own page
        return None
    tree.body.pop()
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307


LONG = {"sweep-a-parameter"}
PATHS = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.thorough] if path.stem in LONG else [])
    for path in sorted(FOLDER.glob("*.ipynb"))
]


@pytest.mark.parametrize("path", PATHS)
def test_a_notebook_runs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    values = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for cell in cells:
            assert cell.get("outputs", []) == []  # made when it is run, never kept in the page
            if cell["cell_type"] == "code":
                values.append(shown("".join(cell["source"]), names))
    assert any(value is not None for value in values)
    check = globals()[f"_{path.stem.replace('-', '_')}"]
    check(names, values)


def _ledger_from_data_frames(names: dict[str, Any], values: list[Any]) -> None:
    frame = names["frame"].set_index("commitment")
    assert frame.loc["no-fire", ["breaches", "breaches_possible", "verdict"]].tolist() == [1, 2, "violated"]
    assert frame.loc["open-road", "verdict"] != "satisfied"
    assert values[-1]


def _sweep_a_parameter(names: dict[str, Any], values: list[Any]) -> None:
    assert names["points"].frame()["median"].is_monotonic_increasing
    assert values[-1]._repr_svg_().startswith("<svg")
    assert set(names["run"].compare("crossing-shut").frame()["n"]) == {8}


def _forecast_your_sites(names: dict[str, Any], values: list[Any]) -> None:
    frame = names["forecast"].frame()
    assert set(frame["name"]) >= {"River camp", "Hill school"}
    assert (frame["range_80_low"] <= frame["median"]).all()
