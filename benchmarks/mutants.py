"""How many small faults the tests notice: mutants of mappings, of guards against saying too much, of the engine.

Run ``python benchmarks/mutants.py [-n 200] [--seed 1] [--group mappings]`` (or ``make mutants``). The operators are
those of cosmic-ray. Places in the code are drawn at random, evenly over groups and over the lines of a group, then one
operator for each. Every mutant runs against the tests nearest to its module, in a copy of the tree, two at a time, with
a time-out (which counts as noticed: a loop that does not end is seen). Ends with 0 when every group reaches 90 %.
"""

from __future__ import annotations

import argparse
import ast
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LEVEL = 0.9
AUTOMATON = (
    "commitments/test_automaton.py", "commitments/test_verdicts.py", "commitments/test_amounts.py",
    "commitments/test_completions.py", "commitments/test_coverage.py", "commitments/test_symboleo.py",
    "commitments/test_oracle.py",
)  # fmt: skip
PATTERNS = (
    "commitments/test_facts.py", "commitments/test_space.py", "commitments/test_verdicts.py",
    "commitments/test_coverage.py", "commitments/test_check.py", "commitments/test_logs.py",
)  # fmt: skip
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "mappings": {
        "intake/batch.py": ("intake/test_events.py", "intake/test_event_names.py", "intake/test_mappings.py"),
        "intake/rows.py": ("intake/test_events.py", "intake/test_event_names.py", "intake/test_mappings.py"),
        "intake/names.py": ("intake/test_event_names.py", "intake/test_mappings.py"),
        "intake/country_names.py": ("intake/test_event_names.py", "intake/test_mappings.py"),
        "evidence/quantities.py": ("evidence/test_quantities.py",),
        "formats/hxl.py": ("formats/test_tables.py", "formats/test_hxl.py"),
        "formats/geojson.py": ("formats/test_tables.py", "formats/test_geojson.py"),
    },
    "guards": {
        "views/findings.py": ("views/test_guards.py", "views/test_charts.py", "views/test_report.py"),
        "views/happenings.py": ("views/test_guards.py", "workbench/test_day_guards.py", "workbench/test_pages.py"),
        "views/charts.py": ("views/test_charts.py", "views/test_report.py"),
        "evidence/checks.py": ("evidence/test_evidence_check.py", "evidence/test_check_accusations.py"),
        "commitments/engine/states.py": ("commitments/test_verdicts.py", "commitments/test_automaton.py"),
    },
    "engine": {
        **dict.fromkeys(
            ("commitments/engine/automaton.py", "commitments/engine/arrays.py", "commitments/engine/rules.py",
             "commitments/engine/run.py"), AUTOMATON),
        **dict.fromkeys(
            ("commitments/patterns/compiler.py", "commitments/patterns/pattern.py", "commitments/patterns/facts.py",
             "commitments/patterns/geography.py", "commitments/patterns/coverage.py"), (*PATTERNS, *AUTOMATON[:2])),
    },
}  # fmt: skip
# Operators whose mutants mean nothing here: identity where equality was, decorators, arithmetic in place of logic on
# arrays of yes and no, which gives the same, and what only a type checker sees.
LEFT_OUT = (
    "_Is", "_IsNot", "RemoveDecorator", "ExceptionReplacer", "ReplaceUnary", "MatMul", "VariableReplacer",
    "VariableInserter",
)  # fmt: skip
LOGIC = {"ReplaceBinaryOperator_BitAnd_": "BitOr", "ReplaceBinaryOperator_BitOr_": "BitAnd"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small fault: where it is, and which operator makes it at which of its occurrences in the file."""

    group: str
    module: str
    line: int
    column: int
    operator: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant: killed, survived, timeout or same (no change of the code); ``change`` is its diff."""

    mutant: Mutant
    how: str
    change: str
    seconds: float


def plain_lines(source: str) -> set[int]:
    """Return the lines that do something: no docstring, import, annotation or check of types alone."""
    tree = ast.parse(source)
    kept: set[int] = set()
    dropped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            kept.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for node in ast.walk(tree):
        spans: list[Any] = []
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert | ast.Raise):
            spans.append(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            spans.append(node)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            spans.append(node)
        if isinstance(node, ast.FunctionDef):
            last = node.body[0].lineno - 1
            dropped.update(range(node.lineno, max(last, node.lineno) + 1))
        for span in spans:
            dropped.update(range(span.lineno, (span.end_lineno or span.lineno) + 1))
        if isinstance(node, ast.AnnAssign) and node.value is None:
            dropped.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return kept - dropped


def every_mutant(group: str, module: str) -> Iterator[Mutant]:
    """Yield all mutants of a module on lines that do something."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    path = ROOT / "src" / "standoff" / module
    text = path.read_text(encoding="utf-8")
    lines, tree, rows = plain_lines(text), get_ast(text), text.splitlines()
    nodes = list(ast_nodes(tree))
    for name in sorted(operator_names()):
        if any(word in name for word in LEFT_OUT):
            continue
        if any(prefix in name and not name.endswith(other) for prefix, other in LOGIC.items()):
            continue
        operator: Any = get_operator(name)()
        occurrence = 0
        for node in nodes:
            for (line, column), _ in operator.mutation_positions(node):
                if line in lines and not rows[line - 1][:column].endswith("strict="):
                    yield Mutant(group, module, line, column, name, occurrence)
                occurrence += 1


def sample(groups: Sequence[str], number: int, seed: int) -> list[Mutant]:
    """Draw mutants, evenly over groups; in a group first a place in the code, then what goes wrong there."""
    chosen: list[Mutant] = []
    for i, group in enumerate(groups):
        rng = random.Random(f"{seed} {group}")
        places: dict[tuple[str, int, int], list[Mutant]] = {}
        for module in GROUPS[group]:
            for mutant in every_mutant(group, module):
                places.setdefault((mutant.module, mutant.line, mutant.column), []).append(mutant)
        share = number // len(groups) + (i < number % len(groups))
        for place in rng.sample(sorted(places), min(share, len(places))):
            chosen.append(rng.choice(places[place]))
    return chosen


def mutated(mutant: Mutant) -> tuple[str, str]:
    """Return the source of a module before and after its mutation."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = (ROOT / "src" / "standoff" / mutant.module).read_text(encoding="utf-8")
    return text, mutate_code(text, get_operator(mutant.operator)(), mutant.occurrence) or text


def tests_of(mutant: Mutant) -> list[str]:
    """Return the test files nearest to the module of a mutant that are there."""
    paths = (f"tests/{name}" for name in GROUPS[mutant.group][mutant.module])
    return [path for path in paths if (ROOT / path).is_file()]


def run_tests(tree: Path, tests: Sequence[str], limit: float) -> str:
    """Run tests in a copy of the tree and return how they ended: passed, failed or timeout."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    surroundings = os.environ | {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=tree, env=surroundings, timeout=limit, check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "timeout"
    return "passed" if done.returncode == 0 else "failed"


def play(mutant: Mutant, trees: queue.SimpleQueue[Path], limit: float) -> Outcome:
    """Play one mutant in a tree that is free, and put the tree back as it was."""
    before, after = mutated(mutant)
    change = next(
        (
            f"{old.strip()}  ->  {new.strip()}"
            for old, new in zip(before.splitlines(), after.splitlines(), strict=False)
            if old != new
        ),
        "",
    )
    if not change:
        return Outcome(mutant, "same", "", 0.0)
    tree = trees.get()
    path = tree / "src" / "standoff" / mutant.module
    start = time.monotonic()
    try:
        path.write_text(after, encoding="utf-8")
        ended = run_tests(tree, tests_of(mutant), limit)
    finally:
        path.write_text(before, encoding="utf-8")
        trees.put(tree)
    how = {"passed": "survived", "failed": "killed", "timeout": "timeout"}[ended]
    return Outcome(mutant, how, change, time.monotonic() - start)


def report(outcomes: Sequence[Outcome]) -> int:
    """Print the table by group and who survived; return how many groups stay under the level."""
    under = 0
    print(f"\n{'group':<10} {'n':>4} {'killed':>7} {'timeout':>8} {'survived':>9} {'noticed':>8}")
    for group in GROUPS:
        counts = Counter(o.how for o in outcomes if o.mutant.group == group and o.how != "same")
        total = sum(counts.values())
        if total:
            noticed = (counts["killed"] + counts["timeout"]) / total
            under += noticed < LEVEL
            print(f"{group:<10} {total:>4} {counts['killed']:>7} {counts['timeout']:>8} {counts['survived']:>9} "
                  f"{noticed:>8.0%}")  # fmt: skip
    for o in outcomes:
        if o.how == "survived":
            print(f"survived  {o.mutant.module}:{o.mutant.line}  {o.change[:200]}")
    return under


def main() -> int:
    """Play the mutants asked for and return 0 when every group is noticed often enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=200, help="mutants in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", action="append", choices=list(GROUPS))
    parser.add_argument("--limit", type=float, default=600.0, help="seconds a mutant may take")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    groups = asked.group or list(GROUPS)
    mutants = sample(groups, asked.n, asked.seed)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(asked.workers) as pool:
        trees: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for i in range(asked.workers):
            tree = Path(scratch) / str(i)
            for name in ("src", "tests", "docs"):
                shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(ROOT / "pyproject.toml", tree)
            trees.put(tree)
        tree = trees.get()
        tests = sorted({path for mutant in mutants for path in tests_of(mutant)})
        if run_tests(tree, tests, asked.limit * 4) != "passed":
            print("the tests fail without any mutant: nothing to learn", file=sys.stderr)
            return 2
        trees.put(tree)
        outcomes = []
        for n, outcome in enumerate(pool.map(lambda m: play(m, trees, asked.limit), mutants), 1):
            m = outcome.mutant
            print(
                f"{n:>4} {outcome.how:<9} {outcome.seconds:5.0f} s  {m.module}:{m.line}  {outcome.change[:110]}",
                flush=True,
            )
            outcomes.append(outcome)
    return 1 if report(outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
