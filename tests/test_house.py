"""The house rules that a machine can hold: layers, sizes, names, dependencies, pages, nothing of others' texts."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from doc_page import pages

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "standoff"
CEILING = 1000  # files follow their subject; beyond this there is a seam
FLOOR = 40
SMALL = {  # files below the floor, and why they stand alone
    "__main__.py": "python -m standoff",
    "cores.py": "must be imported before NumPy",
    "intake/totals.py": "series are read and forecast by the same names of totals",
    "oneline.py": "a base of records of every room",
    "version.py": "what every room may name",
    "world/random_streams.py": "every draw of the world goes through it",
}
RUN = 8
PARTICIPLES = re.compile(
    "made|found|told|given|said|held|asked|seen|shown|taken|drawn|known|gone|called|meant|tried|spoken|heard|wanted|"
    "turned|looked|thought"
)
FILE_KEYS = {("Event", "known"), ("Question", "said")}  # fields of a case are called as the keys of its files
FAMILIES = {"read", "read_file", "ledger"}  # a read for each kind of file; a table as what it holds
NO_ROOM = {"fuzz", "browser", "cases", "cases_idlib", "docs", "support"}  # folders of tests that belong to no one room
DISTRIBUTIONS = {
    "docx": "python-docx",
    "yaml": "pyyaml",
    "ruamel": "ruamel.yaml",
    "pydantic_core": "pydantic",
}  # imported under another name


def test_imports_only_run_downward() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_stay_readable() -> None:
    sizes = {p.relative_to(ROOT).as_posix(): len(p.read_text().splitlines()) for p in PACKAGE.rglob("*.py")}
    assert {name: n for name, n in sizes.items() if n > CEILING} == {}
    assert not [name for name in sizes if name.endswith(("utils.py", "helpers.py"))]


def test_every_room_says_first_what_stands_in_it() -> None:
    first = {p.parent.name: p.read_text().split("\n", 1)[0] for p in PACKAGE.rglob("*/__init__.py")}
    assert len(first) > 15
    assert {room: line for room, line in first.items() if not re.match(r'"""[A-Z][A-Z\' ]+[A-Z][:,. ]', line)} == {}


def test_a_small_file_has_a_reason() -> None:
    sizes = {p.relative_to(PACKAGE).as_posix(): len(p.read_text().splitlines()) for p in PACKAGE.rglob("*.py")}
    small = {name for name, n in sizes.items() if n < FLOOR and not name.endswith("__init__.py")}
    small -= {name for name in small if name.startswith(("cli/", "views/lines/"))}  # of one command each
    assert small - set(SMALL) == set()


def test_tests_stand_in_the_rooms_they_test() -> None:
    rooms = {p.name for p in PACKAGE.iterdir() if p.is_dir()}
    folders = {p.parent.relative_to(ROOT / "tests").parts[0] for p in (ROOT / "tests").rglob("*/test_*.py")}
    assert folders - rooms - NO_ROOM == set()


def test_every_page_with_commands_has_a_test_file() -> None:
    tested = "".join(p.read_text() for p in (ROOT / "tests" / "docs").glob("test_page_*.py"))
    listed = [page.relative_to(ROOT).as_posix() for page in pages()]
    assert len(listed) > 5
    assert [name for name in listed if f'run_commands("{name}"' not in tested] == []


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path, parsed."""
    return {p.relative_to(PACKAGE).as_posix(): ast.parse(p.read_text()) for p in sorted(PACKAGE.rglob("*.py"))}


def names_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names that outlive a few lines: of parameters, attributes, classes, functions and modules'; with the class."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from ((target.id, "") for target in targets if isinstance(target, ast.Name))
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg, ""
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, ""
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, ""
        if isinstance(node, ast.ClassDef):
            fields = (line.target for line in node.body if isinstance(line, ast.AnnAssign))
            yield from ((field.id, node.name) for field in fields if isinstance(field, ast.Name))


def test_no_participle_is_a_name() -> None:
    named = [
        f"{module}: {name}"
        for module, tree in modules().items()
        for name, owner in names_in(tree)
        if PARTICIPLES.fullmatch(name.strip("_").lower()) and (owner, name) not in FILE_KEYS
    ]
    assert named == []


def test_a_public_name_means_one_thing() -> None:
    """But for families: a command is named as the call of the library it makes; exports each write the same tables."""
    homes: dict[str, set[str]] = {}
    for module, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
                family = module.split("/")[0] if module.startswith("exports/") else module
                if not (module.startswith("cli/") and node.decorator_list):
                    homes.setdefault(node.name, set()).add(family)
    assert {name: sorted(where) for name, where in homes.items() if len(where) > 1 and name not in FAMILIES} == {}


def imported() -> set[str]:
    """The distributions that some module of the package imports."""
    names = set()
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    tops = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"standoff"}
    return {DISTRIBUTIONS.get(top, top).lower().replace("_", "-") for top in tops}


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]

    def plain(lines: list[str]) -> set[str]:
        return {re.split(r"[<>=!\[ ]", line)[0].lower().replace("_", "-") for line in lines}

    core = plain(project["dependencies"])
    users = set().union(*(plain(lines) for name, lines in extras.items() if name not in ("dev", "oracles")))
    assert imported() - core - users == set(), "imported and not declared"
    assert core - imported() == set(), "declared and not imported"
    assert users - imported() <= {"distributed"}, "an extra that no module imports"  # handed in as an executor


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_no_run_of_words_from_an_article() -> None:
    articles = sorted((ROOT.parent / "shared" / "articles").glob("*.txt"))
    if not articles:
        pytest.skip("the articles are not at ../shared/articles; only their owner can run this check")

    def runs(text: str) -> set[tuple[str, ...]]:
        words = [w for w in (re.sub(r"[\W_]", "", token) for token in text.lower().split()) if w]
        return {tuple(words[i : i + RUN + 1]) for i in range(len(words) - RUN)}

    theirs: set[tuple[str, ...]] = set()
    for article in articles:
        theirs |= runs(article.read_text(encoding="utf-8"))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    copied = []
    for name in listed:
        path = ROOT / name
        if path.name == "documents.yaml":
            continue  # bibliographic records hold the titles
        if path.suffix in {".py", ".yaml", ".csv", ".md", ".html", ".json", ".geojson", ".txt"} and path.is_file():
            shared = runs(path.read_text(encoding="utf-8", errors="ignore")) & theirs
            copied += [f"{name}: {' '.join(words)}" for words in sorted(shared)[:3]]
    assert copied == []
