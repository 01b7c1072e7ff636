"""How many small faults the tests notice: mutants of mappings, of guards against saying too much, of the engine.

Run ``python benchmarks/mutants.py [-n 200] [--seed 1] [--group mappings]`` (or ``make mutants``). The operators are
those of cosmic-ray. Places in the code are drawn at random, evenly over groups and over the lines of a group, then one
operator for each. Every mutant runs against the tests of its module until one fails, in a copy of the tree: first
those that run its line, in a fork of a process that has collected them and with the code of one function exchanged;
where none fails, or the fault is in no function, all of them in a fork that has imported everything but Standoff and
its tests. A mutant may use a multiple of the processor time that its tests need without it; beyond, it counts as
noticed: a loop that does not end is seen. Mutants that change nothing a test could see are named in EQUIVALENT, each
with the reason, and counted apart. With ``--state FILE`` each outcome is kept as it comes, and what is known is not
played again: what a test noticed while its module stays as it is, what none did while the tests stay as they are too.
With ``--quick`` only the tests that run the line of a mutant are played, or, of a fault outside functions, those that
run a line that names what is set there; EQUIVALENT is believed. What is noticed is then at least what it says.
Ends with 0 when every group reaches 90 %.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import hashlib
import importlib
import inspect
import json
import math
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LEVEL = 0.9
AUTOMATON = (
    "commitments/test_day_table.py",
    "commitments/test_drawn_records.py", "commitments/test_automaton.py", "commitments/test_verdicts.py",
    "commitments/test_amounts.py", "commitments/test_coverage.py", "commitments/test_by_the_minute.py",
    "commitments/test_rules.py", "commitments/test_symboleo.py", "commitments/test_record.py",
    "commitments/test_completions.py", "commitments/test_revision.py", "commitments/test_oracle.py",
    "commitments/test_months.py", "cases/test_hard_stories.py", "cases/test_stories.py",
)  # fmt: skip
PATTERNS = (
    "commitments/test_day_table.py",
    "commitments/test_patterns_by_ways.py", "commitments/test_facts.py", "commitments/test_space.py",
    "commitments/test_logs.py", "commitments/test_verdicts.py", "commitments/test_coverage.py",
    "commitments/test_check.py", "commitments/test_rules.py", "commitments/test_by_the_minute.py",
    "commitments/test_amounts.py", "commitments/test_drawn_records.py", "commitments/test_statements.py",
    "commitments/test_audit.py", "cases/test_hard_stories.py", "cases/test_stories.py",
)  # fmt: skip
INTAKE = (
    "intake/test_report_fields.py",
    "intake/test_spots.py", "intake/test_intake_edges.py", "intake/test_feeds.py", "intake/test_mappings.py",
    "intake/test_events.py",
    "intake/test_names_and_counts.py", "intake/test_acled_columns.py", "intake/test_series_tables.py",
    "intake/test_incident_tables.py",
)  # fmt: skip
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "mappings": {
        "intake/batch.py": INTAKE,
        "intake/rows.py": INTAKE,
        "intake/columns.py": ("intake/test_intake_edges.py", "intake/test_columns.py", "intake/test_feeds.py"),
        "intake/party_names.py": (
            "intake/test_event_names.py", "intake/test_mapping.py", "intake/test_mappings.py",
            "intake/test_names_and_counts.py",
        ),
        "intake/country_names.py": ("intake/test_event_names.py", "intake/test_mappings.py"),
        "evidence/quantities.py": ("evidence/test_quantities.py", "evidence/test_check_edges.py"),
        "exports/hxl.py": ("exports/test_tables.py", "exports/test_hxl.py"),
        "exports/geojson.py": ("exports/test_tables.py", "exports/test_geojson.py"),
    },
    "guards": {
        "views/findings.py": (
            "views/test_over_claiming.py", "views/test_edges.py", "views/test_charts.py", "views/test_report.py",
        ),
        "views/happenings.py": (
            "views/test_over_claiming.py", "views/test_edges.py", "workbench/test_day_guards.py",
            "workbench/test_pages.py",
        ),
        "views/charts.py": (
            "views/test_edges.py", "views/test_over_claiming.py", "views/test_charts.py", "views/test_report.py",
        ),
        "evidence/checks.py": (
            "evidence/test_evidence_check.py", "evidence/test_check_accusations.py", "evidence/test_check_edges.py",
            "evidence/test_guards.py", "evidence/test_what_is_counted.py",
        ),
        "commitments/engine/states.py": (
            "views/test_edges.py", "commitments/test_verdicts.py", "commitments/test_automaton.py",
            "commitments/test_day_table.py",
        ),
    },
    "engine": {
        **dict.fromkeys(
            ("commitments/engine/automaton.py", "commitments/engine/arrays.py", "commitments/engine/rules.py",
             "commitments/engine/run.py"), AUTOMATON),
        **dict.fromkeys(
            ("commitments/patterns/compiler.py", "commitments/patterns/pattern.py", "commitments/patterns/facts.py",
             "commitments/patterns/zones.py", "commitments/patterns/coverage.py"), PATTERNS),
    },
}  # fmt: skip
# Operators whose mutants mean nothing here: identity where equality was, decorators, arithmetic in place of logic on
# arrays of yes and no, which gives the same, and what only a type checker sees.
LEFT_OUT = (
    "_Is", "_IsNot", "RemoveDecorator", "ExceptionReplacer", "ReplaceUnary", "MatMul", "VariableReplacer",
    "VariableInserter",
)  # fmt: skip
# Places (module, code that is mutated) at which no test can see a mutation, each with the reason. With an arrow in it
# it is one mutation alone: code of the line before, and code of the line after.
EQUIVALENT: dict[tuple[str, str], str] = {
    ("views/charts.py", "(round(b.fresh or 0.0, 2), b.broken)"): "what was never fresh is left out a line above",
    ("exports/hxl.py", "(at[0].accuracy_km or None) if len(at) == 1"): "of one place the first is the last",
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
    ("views/findings.py", "for g in groups if g[0]  ->  return [g for g in groups if g["): (
        "what is tied has the same numbers: the first is as good as the last"
    ),
    ("views/findings.py", "chance(fresh_break.fresh or 0.0)"): "first_unbroken returns only what was fresh",
    ("views/findings.py", "count(len(telling[0]) - 1, 'other')"): "one group is asked for: the first is the last",
    ("commitments/engine/automaton.py", "again &= (release == 0)  ->  again &= (release <= 0)"): (
        "counts of a day are never below zero"
    ),
    ("commitments/engine/automaton.py", "&= ~(resumed & running)  ->  state.suspended &= ~(resumed | running)"): (
        "what does not run is not asked before the suspension of the day is settled"
    ),
    (
        "commitments/engine/automaton.py",
        "v.ends, -1), last), v.ends)  ->  v.ends[...] = np.where(triggered, "
        "np.maximum(np.where(v.waiting > 0, v.ends, - 0)",
    ): "nothing that is called in ends before the first day",
    ("commitments/engine/automaton.py", "early = (when > 0) & v.evented  ->  early = (when > -1) & v.evented"): (
        "where nothing is called in, what is done counts the same a line later"
    ),
    ("commitments/engine/automaton.py", "if not len(slots) or not (v  ->  if not len(slots) and not (v"): (
        "of no slots nothing is due: it saves work alone"
    ),
    ("commitments/engine/automaton.py", "v.first_broken[missed & (v.first_broken < 0)]"): (
        "no period is over on the first day"
    ),
    ("commitments/engine/run.py", "both.reshape(-1)  ->  amounts[:, signal] = both.reshape(- 2)"): (
        "any number below zero stands for what is left"
    ),
    ("commitments/patterns/compiler.py", "begins = compiler.day(term.from_.start, 0)"): (
        "a check refuses an hour of a first day that is not known"
    ),
    ("commitments/patterns/pattern.py", "return _log(rows, [0] * len(rows), [0] * len(rows)"): (
        "what is simulated is of no day"
    ),
    ("commitments/patterns/facts.py", "max(len(schedule.signals), 1)  ->  max(len(schedule.signals), 2)"): (
        "any number above that of the signals tells pairs apart"
    ),
    ("commitments/engine/run.py", "age = np.full(owed.shape, -1"): ("a day that is looked at in vain changes nothing"),
    ("intake/columns.py", "if len(self._cache) < 100_000  ->  if not len(self._cache)"): (
        "remembered or read anew, a cell means the same"
    ),
    ("commitments/engine/run.py", "if 0 <= d < days  ->  if -1 <= d < days"): (
        "the last place of the array, which no step reaches"
    ),
    ("commitments/engine/run.py", "add(runs & (age >= 0)  ->  add(runs & (age != 0)"): (
        "what was called in today wakes tomorrow in any case, and a day that is looked at in vain changes nothing"
    ),
    (
        "commitments/engine/run.py",
        "(state.waiting > 0) & (schedule.every  ->  (state.waiting > -1) & (schedule.every",
    ): ("a clock begins anew with what is called in"),
    ("commitments/engine/run.py", "max(min(days), day + 1)  ->  max(min(days), day | 1)"): (
        "a day that is looked at in vain changes nothing"
    ),
    ("commitments/engine/run.py", "state.ends + paused + 1)  ->  state.ends + paused >> 1)"): (
        "it wakes earlier, and a day that is looked at in vain changes nothing"
    ),
    ("commitments/engine/run.py", "owed = runs & (state.waiting > 0)  ->  owed = runs | (state.waiting > 0)"): (
        "it wakes more often, and a day that is looked at in vain changes nothing"
    ),
    ("commitments/patterns/compiler.py", "rules[0] if len(rules) == 1"): "of one rule the first is the last",
    ("commitments/patterns/pattern.py", "if len(log.wheres) >= _MANY:  ->  if len(log.wheres) == _MANY:"): (
        "looked up once or each time, the table is the same"
    ),
    ("evidence/checks.py", '- {""}  ->  | {""}'): "no account and no voice has an empty name",
    ("evidence/checks.py", "if case.about.format >= 2:  ->  if case.about.format == 2:"): "2 is the last format",
    ("evidence/checks.py", 'source.reliability != "F"  ->  source.reliability < "F"'): "F is the last of the letters",
    ("exports/geojson.py", "if accuracy_km <= 0:  ->  if accuracy_km < 0:"): (
        "no rounding stays within 0 km: the finest in both ways"
    ),
    ("intake/rows.py", "if len(texts) < MOST_SPOTS:  ->  if len(texts) > MOST_SPOTS:"): (
        "remembered or made anew, a text is the same"
    ),
    ("intake/rows.py", "MOST_SPOTS = 100_000"): "how many are remembered changes no row",
    ("intake/rows.py", "for n in names), default=0.0)"): "both lie below what is proposed",
    ("intake/batch.py", 'source == "idmc-months":  #  ->  if sort.source <= "idmc-months":  #'): (
        "how numbers are read of which no column is told is asked by nobody"
    ),
    ("intake/batch.py", "head = path[:8192]"): "a look at the beginning, however long",
    ("intake/batch.py", "if len(cells) > width:  ->  if len(cells) != width:"): "a table fills its short rows",
    ("evidence/checks.py", "{'it' if count == 1  ->  {'it' if count <= 1"): "there is one at least",
    ("evidence/checks.py", "if event.sourcing == UNSOURCED:  ->  if event.sourcing >= UNSOURCED:"): (
        "it is the one word that the column may hold"
    ),
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
    """What became of a mutant: killed, survived or timeout; ``change`` is its diff."""

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


@cache
def mutated(mutant: Mutant) -> tuple[str, str]:
    """Return the source of a module before and after its mutation; nothing after it where that is no other code.

    It is not where ``**`` unpacks.
    """
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    before = (ROOT / "src" / "standoff" / mutant.module).read_text(encoding="utf-8")
    after = AFTER.get(mutant)
    if after is None:
        after = mutate_code(before, get_operator(mutant.operator)(), mutant.occurrence) or before
        try:
            ast.parse(after)
        except SyntaxError:
            return before, ""
    return before, after if after != before else ""


AFTER: dict[Mutant, str] = {}  # the source after a mutation, where it was drawn before


def tests_of(mutant: Mutant) -> list[str]:
    """Return the test files of the module of a mutant, nearest first. Raises FileNotFoundError for one that left."""
    paths = [f"tests/{name}" for name in GROUPS[mutant.group][mutant.module]]
    for path in paths:
        (ROOT / path).stat()
    return paths


@dataclass(frozen=True, slots=True)
class Watch:
    """What the tests of a module do without a mutant: seconds by test, and the tests by line of each module."""

    used: float
    seconds: dict[str, float]
    lines: dict[str, dict[int, set[str]]]

    def first(self, mutant: Mutant, text: str) -> set[str]:
        """Return the tests that run the statement a mutant is in."""
        by_line = self.lines.get(mutant.module, {})
        return set().union(*(by_line.get(line, ()) for line in lines_that_tell(text, mutant.line)))


class Watcher:
    """A plugin of pytest that notes which lines of some modules each test runs, and the processor time it needs."""

    def __init__(self, root: Path, modules: Sequence[str], out: Path) -> None:
        self.modules = {str(root / "src" / "standoff" / module): module for module in modules}
        self.out = out
        self.now: set[tuple[str, int]] = set()
        self.notes: dict[str, tuple[float, list[tuple[str, int]]]] = {}

    def call(self, frame: FrameType, event: str, argument: object) -> Any:
        """Follow the lines of a call into one of the modules; leave others alone."""
        name = self.modules.get(frame.f_code.co_filename)
        if name is None:
            return None

        def step(frame: FrameType, event: str, argument: object) -> Any:
            self.now.add((name, frame.f_lineno))
            return step

        return step

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note one test with its fixtures."""
        self.now = set()
        began = time.process_time()
        sys.settrace(self.call)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.notes[item.nodeid] = (time.process_time() - began, sorted(self.now))

    def write(self) -> None:
        """Leave the notes, and the names of the modules that the tests needed beside Standoff and themselves."""
        self.out.write_text(json.dumps({"notes": self.notes, "loaded": sorted(_third_party())}), encoding="utf-8")


def in_order(items: Sequence[pytest.Item], first: set[str], seconds: Mapping[str, float]) -> list[pytest.Item]:
    """Return tests with some of them first, file by file, the quickest before the others."""
    files: dict[Path, float] = {}
    for item in items:
        if item.nodeid in first:
            files[item.path] = files.get(item.path, 0.0) + seconds[item.nodeid]
    rank = {path: i for i, path in enumerate(sorted(files, key=lambda path: files[path]))}
    return sorted(
        items,
        key=lambda item: (rank[item.path], seconds[item.nodeid]) if item.nodeid in first else (len(rank), 0.0),
    )


class Order:
    """A plugin of pytest that puts some tests first."""

    def __init__(self, first: set[str], seconds: Mapping[str, float], *, alone: bool) -> None:
        self.first, self.seconds, self.alone = first, seconds, alone

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort in place; the others keep their order, or are left out."""
        items[:] = [i for i in in_order(items, self.first, self.seconds) if not self.alone or i.nodeid in self.first]


class Nest:
    """A plugin of pytest that runs the tests it collected in forks: once to watch them, then once for each mutant.

    It writes a line for each mutant: how its tests ended, or that it is to be played in full.
    """

    def __init__(self, tree: Tree, watcher: Watcher, mutants: Sequence[Mutant], slack: float, out: int) -> None:
        self.tree, self.watcher, self.mutants, self.slack, self.out = tree, watcher, mutants, slack, out

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of the loop over the tests."""
        if session.testsfailed:
            return True
        if not self.watcher.out.exists():
            ended, _ = wait_for(self.fork(session, session.items, 86_400, watched=True))
            if ended != "passed":
                return True
        watch = read_watch(self.watcher.out)
        for mutant in self.mutants:
            before, after = mutated(mutant)
            first = watch.first(mutant, before)
            items = [i for i in in_order(session.items, first, watch.seconds) if i.nodeid in first]
            importlib.import_module("standoff." + mutant.module.removesuffix(".py").replace("/", "."))
            codes = exchanged(str(self.tree.root / "src" / "standoff" / mutant.module), before, after)
            row: tuple[str, float] = ("open", 0.0)
            if codes and items:
                limit = 10 + self.slack * sum(watch.seconds[test] for test in first)
                row = wait_for(self.fork(session, items, limit, codes=codes))
            os.write(self.out, (json.dumps(row) + "\n").encode())
        return True

    def fork(
        self,
        session: pytest.Session,
        items: Sequence[pytest.Item],
        limit: float,
        *,
        watched: bool = False,
        codes: Sequence[tuple[FunctionType, CodeType]] = (),
    ) -> int:
        """Run tests in a fork until one fails, with the codes of some functions exchanged; return its process id."""
        if pid := os.fork():
            return pid
        status = 70
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 5))
            for function, code in codes:
                function.__code__ = code
            if watched:
                session.config.pluginmanager.register(self.watcher)
            for item, following in zip(items, [*items[1:], None], strict=True):
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    break
            if watched and not session.testsfailed:
                self.watcher.write()
            status = 1 if session.testsfailed else 0
        finally:
            os._exit(status)


def exchanged(path: str, before: str, after: str) -> list[tuple[FunctionType, CodeType]]:
    """Return the functions of a module that differ after a mutation, with their new code; none where more differs."""
    pairs: list[tuple[CodeType, CodeType]] = []

    def differ(old: CodeType, new: CodeType) -> bool:
        """Compare bodies of a module or class: whether they differ outside functions."""
        inside = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (old, new)]
        plain = [
            (code.co_code, code.co_names, [repr(c) for c in code.co_consts if not isinstance(c, CodeType)])
            for code in (old, new)
        ]
        if plain[0] != plain[1] or len(inside[0]) != len(inside[1]):
            return True
        for one, other in zip(*inside, strict=True):
            if one.co_flags & inspect.CO_OPTIMIZED:
                pairs.extend([(one, other)] * (one != other))
            elif differ(one, other):
                return True
        return False

    if differ(compile(before, path, "exec"), compile(after, path, "exec")):
        return []
    codes = {(old.co_qualname, old.co_firstlineno): new for old, new in pairs}
    functions = [
        (thing, codes[thing.__code__.co_qualname, thing.__code__.co_firstlineno])
        for thing in gc.get_objects()
        if type(thing) is FunctionType
        and thing.__code__.co_filename == path
        and (thing.__code__.co_qualname, thing.__code__.co_firstlineno) in codes
    ]
    at_hand = {(function.__code__.co_qualname, function.__code__.co_firstlineno) for function, _ in functions}
    return functions if at_hand == set(codes) else []


def statement_of(text: str, line: int) -> range:
    """Return the lines of the statement that a line is in; of one with a body, those of its head."""
    best = range(line, line + 1)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            if node.lineno <= line <= last and (len(best) == 1 or last - node.lineno < len(best)):
                best = range(node.lineno, last + 1)
    return best


def lines_that_tell(text: str, line: int) -> set[int]:
    """Return the lines on which a fault in a line shows: its statement's; outside functions, those that name it."""
    own = set(statement_of(text, line))
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    if any(node.lineno <= line <= (node.end_lineno or 0) for node in functions):
        return own
    inside = {n for node in functions for n in range(node.lineno, (node.end_lineno or 0) + 1)}
    rows = list(enumerate(text.splitlines(), 1))
    names: set[str] = set()
    while new := _set_by(text, own - inside) - names:  # what is set by it may be named where something else is set
        names |= new
        word = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
        own |= {n for n, row in rows if word.search(row)}
    return own


def _set_by(text: str, lines: Collection[int]) -> set[str]:
    """Return the names that statements of some lines set, and those of the classes they are in."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and any(node.lineno <= n <= (node.end_lineno or 0) for n in lines):
            if isinstance(node, ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                names |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names


@dataclass(frozen=True, slots=True)
class Tree:
    """A copy of the source and the tests, in which one mutant at a time is played.

    ``kept`` is the stem of the files that keep what tests run without a mutant, for as long as they and the modules
    they watch stay as they are; None: they are run once more each time.
    """

    root: Path
    kept: Path | None

    def write(self, module: str, text: str, stamp: int) -> None:
        """Write a module; ``stamp`` is a time that no version of it had, so that no compiled file stands for it."""
        path = self.root / "src" / "standoff" / module
        path.write_text(text, encoding="utf-8")
        os.utime(path, (stamp, stamp))

    def start(self, tests: Sequence[str], limit: float, plugin: object) -> int:
        """Run tests with a plugin in a fork; return its process id. ``limit`` is in seconds of processor time."""
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
            from hypothesis import HealthCheck, Phase, settings

            plain = (Phase.explicit, Phase.generate)  # that a test fails is enough, whatever the machine does beside
            settings.register_profile(
                "mutants", phases=plain, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
            )
            settings.load_profile("mutants")
            asked = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
            status = int(pytest.main(asked, plugins=[plugin]))
        finally:
            os._exit(status)

    def play(
        self, tests: Sequence[str], mutants: Sequence[Mutant], slack: float, *, quick: bool = False
    ) -> Iterator[Outcome]:
        """Play mutants that have their tests in common; yield outcomes as they come. Nothing where a test fails."""
        group = GROUPS[mutants[0].group]
        modules = [module for module in group if group[module] == group[mutants[0].module]]
        if self.kept is None:
            out = self.root / "watch.json"
            out.unlink(missing_ok=True)
        else:
            rests = digest([*tests, *(f"src/standoff/{module}" for module in modules)])
            out = self.kept.with_suffix(f".{rests}").absolute()
        watcher = Watcher(self.root, modules, out)
        ours, theirs = os.pipe()
        pid = self.start(tests, 86_400, Nest(self, watcher, mutants, slack, theirs))
        os.close(theirs)
        full: list[Mutant] = []
        with os.fdopen(ours) as lines:
            for mutant, line in zip(mutants, lines, strict=False):
                ended, used = json.loads(line)
                if ended in ENDED or (quick and ended == "passed"):
                    yield Outcome(mutant, ENDED.get(ended, UNNOTICED), changed_line(*mutated(mutant)), used)
                else:
                    full.append(mutant)
        wait_for(pid)
        if not out.exists():
            return
        watch = read_watch(out)
        for name in json.loads(out.read_text(encoding="utf-8"))["loaded"]:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        for stamp, mutant in enumerate(full):
            before, after = mutated(mutant)
            first = watch.first(mutant, before)
            ended, used = "passed", 0.0
            if first or not quick:
                self.write(mutant.module, after, 1_000_000_000 + 2 * stamp)
                order = Order(first, watch.seconds, alone=quick)
                ended, used = wait_for(self.start(tests, 20 + slack * watch.used, order))
                self.write(mutant.module, before, 1_000_000_001 + 2 * stamp)
            yield Outcome(
                mutant, ENDED.get(ended, UNNOTICED if quick else "survived"), changed_line(before, after), used
            )


ENDED = {"failed": "killed", "timeout": "timeout"}
UNNOTICED = "unnoticed"  # by the tests that run its line: others were not played
LEFT = ("survived", UNNOTICED)


def read_watch(path: Path) -> Watch:
    """Read what a watcher noted."""
    watch = Watch(0.0, {}, {})
    used = 0.0
    for test, (seconds, lines) in json.loads(path.read_text(encoding="utf-8"))["notes"].items():
        watch.seconds[test] = seconds
        used += seconds
        for module, line in lines:
            watch.lines.setdefault(module, {}).setdefault(line, set()).add(test)
    return Watch(used, watch.seconds, watch.lines)


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
    before, _, after = change.partition("  ->  ")
    here = [(code, why) for (module, code), why in EQUIVALENT.items() if module == mutant.module]
    for code, why in here:
        old, arrow, new = code.partition("  ->  ")
        if arrow and old in before and new in after:
            return why
    if "Number" not in mutant.operator and "Or" not in mutant.operator:
        return ""
    return next((why for code, why in here if code in before), "")


class State:
    """A file with one outcome a line, and what it rests on: the module as it was, and the tests."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.known: dict[Mutant, dict[str, Any]] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                self.known[Mutant(**row["mutant"])] = row

    def drawn(self, number: int, seed: int) -> list[Mutant]:
        """Return the sample of a seed; it is kept beside the file, as drawing takes a while."""
        if self.path is None:
            return sample(list(GROUPS), number, seed)
        modules = [f"src/standoff/{module}" for group in GROUPS.values() for module in group]
        kept = self.path.with_suffix(f".{number}-{seed}-{digest(modules)}")
        if not kept.exists():
            rows = [(asdict(m), mutated(m)[1]) for m in sample(list(GROUPS), number, seed)]
            kept.write_text(json.dumps(rows), encoding="utf-8")
        mutants = [(Mutant(**row), after) for row, after in json.loads(kept.read_text(encoding="utf-8"))]
        AFTER.update(mutants)
        return [mutant for mutant, _ in mutants]

    def outcome(self, mutant: Mutant, *, quick: bool = False) -> Outcome | None:
        """Return what is known of a mutant; nothing where its module changed, or tests that did not notice it."""
        row = self.known.get(mutant)
        if row is None or row["module"] != digest([f"src/standoff/{mutant.module}"]):
            return None
        if row["how"] in ("survived", UNNOTICED) and row["tests"] != digest(tests_of(mutant)):
            return None
        if row["how"] == UNNOTICED and not quick:
            return None
        return Outcome(mutant, row["how"], row["change"], row["seconds"])

    def keep(self, o: Outcome) -> None:
        """Write an outcome down at once."""
        if self.path is None:
            return
        rests = {"module": digest([f"src/standoff/{o.mutant.module}"]), "tests": digest(tests_of(o.mutant))}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(o) | rests) + "\n")


def digest(paths: Sequence[str]) -> str:
    """Return a digest of files of the tree."""
    return hashlib.sha256(b"".join((ROOT / path).read_bytes() for path in paths)).hexdigest()[:16]


def report(outcomes: Sequence[Outcome]) -> int:
    """Print the table, who survived and who is equal; return how many groups are under the level."""
    under = 0
    print(f"\n{'':<34} {'n':>4} {'killed':>7} {'timeout':>8} {'survived':>9} {'equal':>6} {'noticed':>8}")
    for group, modules in GROUPS.items():
        for module in (None, *modules):
            counts = Counter(
                "equal" if o.how in LEFT and why_equal(o.mutant, o.change) else o.how
                for o in outcomes
                if o.mutant.group == group and module in (None, o.mutant.module)
            )
            if counts:
                total = counts.total() - counts["equal"]
                noticed = (counts["killed"] + counts["timeout"]) / max(total, 1)
                left = sum(counts[how] for how in LEFT)
                under += module is None and noticed < LEVEL
                name = group if module is None else f"  {module}"
                print(
                    f"{name:<34} {total:>4} {counts['killed']:>7} {counts['timeout']:>8} {left:>9} "
                    f"{counts['equal']:>6} {noticed:>8.0%}"
                )
    for o in outcomes:
        if o.how in LEFT:
            why = why_equal(o.mutant, o.change)
            how = "equal" if why else o.how
            print(f"{how}  {o.mutant.module}:{o.mutant.line}  {o.change[:200]}{f'  ({why})' if why else ''}")
    return under


def main() -> int:
    """Play the mutants asked for and return 0 when every group is noticed often enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=200, help="mutants in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", action="append", choices=list(GROUPS))
    parser.add_argument("--only", help="play the mutants drawn for this module alone")
    parser.add_argument("--slack", type=float, default=4.0, help="times the processor time of the tests without it")
    parser.add_argument("--state", type=Path, help="a file that keeps the outcomes; what it knows is not played again")
    parser.add_argument("--quick", action="store_true", help="play only tests that run the line: at least so many")
    asked = parser.parse_args()
    state = State(asked.state)
    drawn = state.drawn(asked.n, asked.seed)  # a group alone plays what it plays among the others
    mutants = [m for m in drawn if m.group in (asked.group or GROUPS) and asked.only in (None, m.module)]
    known = {m: o for m in mutants if (o := state.outcome(m, quick=asked.quick))}
    mutants = [m for m in mutants if m in known or mutated(m)[1]]
    for mutant in mutants if asked.quick else ():
        if mutant not in known and why_equal(mutant, change := changed_line(*mutated(mutant))):
            known[mutant] = Outcome(mutant, UNNOTICED, change, 0.0)
    by_tests: dict[tuple[str, ...], list[Mutant]] = {}
    for mutant in mutants:
        if mutant not in known:
            by_tests.setdefault(tuple(tests_of(mutant)), []).append(mutant)
    os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(Path(scratch) / "tree", asked.state)
        for name in ("src", "tests", "docs") if by_tests else ():
            shutil.copytree(ROOT / name, tree.root / name)
        if by_tests:
            shutil.copy(ROOT / "pyproject.toml", tree.root)
        for tests, some in by_tests.items():
            for o in tree.play(tests, some, asked.slack, quick=asked.quick):
                where = f"{o.mutant.module}:{o.mutant.line}"
                state.keep(o)
                known[o.mutant] = o
                print(f"{len(known):>4} {o.how:<9} {o.seconds:5.0f} s  {where}  {o.change[:110]}", flush=True)
            if any(mutant not in known for mutant in some):
                print(f"the tests of {some[0].module} fail without a mutant: nothing to learn", file=sys.stderr)
                return 2
    return 1 if report([known[m] for m in mutants]) else 0


if __name__ == "__main__":
    sys.exit(main())
