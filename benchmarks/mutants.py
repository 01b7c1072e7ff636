"""How many small faults the tests notice: mutants of mappings, of guards against saying too much, of the engine.

Run ``python benchmarks/mutants.py [-n 200] [--seed 1] [--group mappings]`` (or ``make mutants``). The operators are
those of cosmic-ray. Places in the code are drawn at random, evenly over groups and over the lines of a group, then one
operator for each. Every mutant runs against the tests of its module, the nearest first and until one fails, in a copy
of the tree and in a fork of this process, which has imported everything but Standoff and its tests. A mutant may use a
multiple of the processor time that its tests need without it; beyond, it counts as noticed: a loop that does not end is
seen. Mutants that change nothing a test could see are named in EQUIVALENT, each with the reason, and counted apart.
Ends with 0 when every group reaches 90 %.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import math
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LEVEL = 0.9
AUTOMATON = (
    "commitments/test_drawn_records.py", "commitments/test_automaton.py", "commitments/test_verdicts.py",
    "commitments/test_amounts.py", "commitments/test_coverage.py", "commitments/test_by_the_minute.py",
    "commitments/test_rules.py", "commitments/test_symboleo.py", "commitments/test_record.py",
    "commitments/test_completions.py", "commitments/test_revision.py", "commitments/test_oracle.py",
    "commitments/test_months.py", "cases/test_hard_stories.py", "cases/test_stories.py",
)  # fmt: skip
PATTERNS = (
    "commitments/test_patterns_by_ways.py", "commitments/test_facts.py", "commitments/test_space.py",
    "commitments/test_logs.py", "commitments/test_verdicts.py", "commitments/test_coverage.py",
    "commitments/test_check.py", "commitments/test_rules.py", "commitments/test_by_the_minute.py",
    "commitments/test_amounts.py", "commitments/test_drawn_records.py", "commitments/test_statements.py",
    "commitments/test_audit.py", "cases/test_hard_stories.py", "cases/test_stories.py",
)  # fmt: skip
INTAKE = (
    "intake/test_spots.py", "intake/test_intake_edges.py", "intake/test_feeds.py", "intake/test_mappings.py",
    "intake/test_events.py",
    "intake/test_names_and_counts.py", "intake/test_acled_columns.py", "intake/test_series_tables.py",
)  # fmt: skip
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "mappings": {
        "intake/batch.py": INTAKE,
        "intake/rows.py": INTAKE,
        "intake/columns.py": ("intake/test_intake_edges.py", "intake/test_columns.py", "intake/test_feeds.py"),
        "intake/names.py": (
            "intake/test_event_names.py", "intake/test_mapping.py", "intake/test_mappings.py",
            "intake/test_names_and_counts.py",
        ),
        "intake/country_names.py": ("intake/test_event_names.py", "intake/test_mappings.py"),
        "evidence/quantities.py": ("evidence/test_quantities.py", "evidence/test_check_edges.py"),
        "formats/hxl.py": ("formats/test_tables.py", "formats/test_hxl.py"),
        "formats/geojson.py": ("formats/test_tables.py", "formats/test_geojson.py"),
    },
    "guards": {
        "views/findings.py": (
            "views/test_over_claiming.py", "views/test_edges.py", "views/test_charts.py", "views/test_report.py",
        ),
        "views/happenings.py": (
            "views/test_over_claiming.py", "workbench/test_day_guards.py", "workbench/test_pages.py",
        ),
        "views/charts.py": (
            "views/test_edges.py", "views/test_over_claiming.py", "views/test_charts.py", "views/test_report.py",
        ),
        "evidence/checks.py": (
            "evidence/test_evidence_check.py", "evidence/test_check_accusations.py", "evidence/test_check_edges.py",
            "evidence/test_guards.py", "evidence/test_groups.py",
        ),
        "commitments/engine/states.py": (
            "views/test_edges.py", "commitments/test_verdicts.py", "commitments/test_automaton.py",
        ),
    },
    "engine": {
        **dict.fromkeys(
            ("commitments/engine/automaton.py", "commitments/engine/arrays.py", "commitments/engine/rules.py",
             "commitments/engine/run.py"), AUTOMATON),
        **dict.fromkeys(
            ("commitments/patterns/compiler.py", "commitments/patterns/pattern.py", "commitments/patterns/facts.py",
             "commitments/patterns/geography.py", "commitments/patterns/coverage.py"), PATTERNS),
    },
}  # fmt: skip
# Operators whose mutants mean nothing here: identity where equality was, decorators, arithmetic in place of logic on
# arrays of yes and no, which gives the same, and what only a type checker sees.
LEFT_OUT = (
    "_Is", "_IsNot", "RemoveDecorator", "ExceptionReplacer", "ReplaceUnary", "MatMul", "VariableReplacer",
    "VariableInserter",
)  # fmt: skip
# Places (module, code that is mutated) at which no test can see a mutation, each with the reason. With an arrow in it
# the code is that of one mutation alone: before and after.
EQUIVALENT: dict[tuple[str, str], str] = {
    ("views/charts.py", "(round(b.fresh or 0.0, 2), b.broken)"): "what was never fresh is left out a line above",
    ("formats/hxl.py", "(at[0].accuracy_km or None) if len(at) == 1"): "of one place the first is the last",
    ("views/charts.py", "best.get(m.outcome, 0.0)"): "a Brier score is never below zero",
    ("commitments/engine/states.py", "len(firm) > 1 or CONTESTED in distinct"): (
        "without a firm verdict two different ones are contested and unknown"
    ),
    ("intake/rows.py", "len(numbers) == len(parts) > 1"): "one name has no comma to part",
    ("intake/rows.py", 'again = f"-{ids[key]}" if ids[key] > 1 else ""  ->  again = f"-{ids[key]}" if ids[key] != 1'): (
        "it was counted a line above: at least one"
    ),
    ("commitments/engine/automaton.py", "waiting > 0)  ->  struck &= running & (bad > 0) & (state.waiting != 0)"): (
        "how many wait is never below zero"
    ),
    ("views/findings.py", "chance(fresh_break.fresh or 0.0)"): "first_unbroken returns only what was fresh",
}
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


def annotations(source: str) -> set[tuple[int, int]]:
    """Return the places (line, column) of what only a type checker reads, inside a line that does something."""
    places: set[tuple[int, int]] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign):
            inside = (part for part in ast.walk(node.annotation) if isinstance(part, ast.expr))
            first = min((part.lineno, part.col_offset) for part in inside)
            last = (node.annotation.end_lineno or 0, node.annotation.end_col_offset or 0)
            places |= {(line, column) for line in range(first[0], last[0] + 1) for column in range(first[1], last[1])}
    return places


def every_mutant(group: str, module: str) -> Iterator[Mutant]:
    """Yield all mutants of a module on lines that do something."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    path = ROOT / "src" / "standoff" / module
    text = path.read_text(encoding="utf-8")
    lines, typed, tree, rows = plain_lines(text), annotations(text), get_ast(text), text.splitlines()
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
                if line in lines and (line, column) not in typed and not rows[line - 1][:column].endswith("strict="):
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
    """Return the test files of the module of a mutant, nearest first. Raises FileNotFoundError for one that left."""
    paths = [f"tests/{name}" for name in GROUPS[mutant.group][mutant.module]]
    for path in paths:
        (ROOT / path).stat()
    return paths


@dataclass(frozen=True, slots=True)
class Tree:
    """A copy of the source and the tests, in which one mutant at a time is played."""

    root: Path

    def write(self, module: str, text: str, stamp: int) -> None:
        """Write a module; ``stamp`` is a time that no version of it had, so that no compiled file stands for it."""
        path = self.root / "src" / "standoff" / module
        path.write_text(text, encoding="utf-8")
        os.utime(path, (stamp, stamp))

    def start(self, tests: Sequence[str], limit: float, loaded: Path | None = None) -> int:
        """Run tests in a fork and return its process id; ``limit`` is in seconds of processor time.

        ``loaded`` is a file for the names of the modules that the tests needed, beside Standoff and themselves.
        """
        if pid := os.fork():
            return pid
        status = 70
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 5))
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            os.chdir(self.root)
            os.environ["PYTHONPATH"] = str(self.root / "src")
            sys.path[:0] = [str(self.root / "src"), str(self.root)]
            import pytest
            from hypothesis import HealthCheck, Phase, settings

            plain = (Phase.explicit, Phase.generate)  # that a test fails is enough, whatever the machine does beside
            settings.register_profile(
                "mutants", phases=plain, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
            )
            settings.load_profile("mutants")
            status = int(pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))
            if loaded is not None:
                loaded.write_text("\n".join(sorted(_third_party())), encoding="utf-8")
        finally:
            os._exit(status)


def _third_party() -> Iterator[str]:
    for name, module in list(sys.modules.items()):
        if "site-packages" in str(getattr(module, "__file__", "")) and not name.startswith(("standoff", "_pytest")):
            yield name


def wait_for(pid: int) -> tuple[str, float]:
    """Wait for a fork; return how its tests ended (passed, failed or timeout) and the seconds of processor it took."""
    _, status, usage = os.wait4(pid, 0)
    used = usage.ru_utime + usage.ru_stime
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "failed", used
    return "passed" if os.WEXITSTATUS(status) == 0 else "failed", used


def changed_line(before: str, after: str) -> str:
    """Return the first line that differs, before and after; empty where none does."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next((f"{old.strip()}  ->  {new.strip()}" for old, new in pairs if old != new), "")


def why_equal(mutant: Mutant, change: str) -> str:
    """Return why no test can see a change, of a number or an alternative that never comes into play; else nothing."""
    before = change.partition("  ->  ")[0]
    here = [(code, why) for (module, code), why in EQUIVALENT.items() if module == mutant.module]
    if exact := next((why for code, why in here if "  ->  " in code and code in change), ""):
        return exact
    if "Number" not in mutant.operator and "Or" not in mutant.operator:
        return ""
    return next((why for code, why in here if code in before), "")


def play(mutants: Sequence[Mutant], trees: Sequence[Tree], limits: Mapping[str, float]) -> Iterator[Outcome]:
    """Play mutants, one in each tree at a time, and put the trees back as they were; yield outcomes as they come."""
    free, stamp = list(trees), 1_000_000_000
    running: dict[int, tuple[Mutant, Tree, str, str]] = {}
    waiting = list(reversed(mutants))
    while waiting or running:
        while waiting and free:
            mutant = waiting.pop()
            before, after = mutated(mutant)
            if not (change := changed_line(before, after)):
                yield Outcome(mutant, "same", "", 0.0)
                continue
            tree, stamp = free.pop(), stamp + 1
            tree.write(mutant.module, after, stamp)
            running[tree.start(tests_of(mutant), limits[mutant.module])] = (mutant, tree, before, change)
        if not running:
            continue
        pid = next(iter(running))
        ended, used = wait_for(pid)
        mutant, tree, before, change = running.pop(pid)
        stamp += 1
        tree.write(mutant.module, before, stamp)
        free.append(tree)
        how = {"passed": "survived", "failed": "killed", "timeout": "timeout"}[ended]
        if how == "survived" and why_equal(mutant, change):
            how = "equal"
        yield Outcome(mutant, how, change, used)


def report(outcomes: Sequence[Outcome]) -> int:
    """Print the table by group, who survived and who is equal; return how many groups stay under the level."""
    under = 0
    print(f"\n{'group':<10} {'n':>4} {'killed':>7} {'timeout':>8} {'survived':>9} {'equal':>6} {'noticed':>8}")
    for group in GROUPS:
        counts = Counter(o.how for o in outcomes if o.mutant.group == group and o.how != "same")
        total = counts.total() - counts["equal"]
        if total:
            noticed = (counts["killed"] + counts["timeout"]) / total
            under += noticed < LEVEL
            print(f"{group:<10} {total:>4} {counts['killed']:>7} {counts['timeout']:>8} {counts['survived']:>9} "
                  f"{counts['equal']:>6} {noticed:>8.0%}")  # fmt: skip
    for o in outcomes:
        if o.how in ("survived", "equal"):
            why = why_equal(o.mutant, o.change)
            print(f"{o.how}  {o.mutant.module}:{o.mutant.line}  {o.change[:200]}{f'  ({why})' if why else ''}")
    return under


def main() -> int:
    """Play the mutants asked for and return 0 when every group is noticed often enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=200, help="mutants in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", action="append", choices=list(GROUPS))
    parser.add_argument("--only", help="play the mutants drawn for this module alone")
    parser.add_argument("--slack", type=float, default=4.0, help="times the processor time of the tests without it")
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time")
    asked = parser.parse_args()
    drawn = sample(list(GROUPS), asked.n, asked.seed)  # a group alone plays what it plays among the others
    mutants = [m for m in drawn if m.group in (asked.group or GROUPS) and asked.only in (None, m.module)]
    os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    with tempfile.TemporaryDirectory() as scratch:
        trees = [Tree(Path(scratch) / str(i)) for i in range(asked.jobs)]
        for tree in trees:
            for name in ("src", "tests", "docs"):
                shutil.copytree(ROOT / name, tree.root / name, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(ROOT / "pyproject.toml", tree.root)
        limits, lists = {}, {m.module: tests_of(m) for m in mutants}
        for module, tests in lists.items():
            loaded = Path(scratch) / "loaded"
            ended, used = wait_for(trees[0].start(tests, 3600, loaded))
            if ended != "passed":
                print(f"the tests of {module} fail without any mutant: nothing to learn", file=sys.stderr)
                return 2
            limits[module] = 20 + asked.slack * used
            for name in loaded.read_text(encoding="utf-8").split():
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
        outcomes = []
        for n, o in enumerate(play(mutants, trees, limits), 1):
            where = f"{o.mutant.module}:{o.mutant.line}"
            print(f"{n:>4} {o.how:<9} {o.seconds:5.0f} s  {where}  {o.change[:110]}", flush=True)
            outcomes.append(o)
    return 1 if report(outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
