"""Every door refuses a case that check refuses: each command, each public call and each page of the workbench."""

from __future__ import annotations

import csv
import inspect
import io
import json
import shutil
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import standoff as so
from standoff.case.model import Case
from standoff.case.read import TEMPLATE
from standoff.cli import COMMANDS, main
from standoff.errors import CaseWarning
from standoff.exports.hxl import observed, observed_by, to_csv, with_caution
from standoff.exports.tables import EXPORTS, Export
from standoff.intake.hxl import read_observed
from standoff.runs.results import Run
from standoff.workbench.app import DATA, PAGES, Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.workspace import Watcher, Workspace

DAY = date(2024, 3, 1)
# What is wrong, in which file, what stands there and what is put in its place, and the words of the refusal.
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a chain that loops": (
        "claims.yaml",
        "chain: [observer, blue-spokesman]\n  realis: alleged",
        "chain: [observer, blue-spokesman, observer]\n  realis: alleged",
        "the chain loops",
    ),
    "a commitment cancelled by its own state": (
        "commitments.yaml",
        "- id: red-holds-fire\n",
        "- id: red-holds-fire\n  cancel: {commitment: red-holds-fire, state: violated}\n",
        "red-holds-fire",
    ),
}
# Command -> its arguments, with {case}, {run} and {out} (which is not there yet). Those that take no case, or are for
# mending one, stand below with why.
DOORS: dict[str, tuple[str, ...]] = {
    "add-document": ("{case}", "{case}/README.md", "--dry-run"),
    "claims": ("{case}",),
    "disputes": ("{case}",),
    "contradictions": ("{case}",),
    "corroboration": ("{case}",),
    "sources": ("{case}",),
    "coverage": ("{case}",),
    "review": ("{case}", "--json"),
    "ledger": ("{case}", "--json"),
    "daily": ("{case}", "--on", "2024-03-01", "--html", "{out}"),
    "audit": ("{case}",),
    "brief": ("{case}", "--out", "{out}.html"),
    "clause": ("{case}", "--template", "ceasefire"),
    "incidents": ("{case}",),
    "talks": ("{case}",),
    "show": ("{case}",),
    "search": ("{case}", "town"),
    "signals": ("{case}",),
    "linkage": ("{case}",),
    "harm": ("{case}",),
    "relations": ("{case}",),
    "levels": ("{case}",),
    "arrivals": ("{case}", "--people", "100", "--from", "town"),
    "track": ("{case}",),
    "test": ("{case}",),
    "run": ("{case}", "-n", "4", "--days", "5", "--workers", "1", "--out", "{out}"),
    "compare": ("{case}", "-n", "4", "--days", "5", "--workers", "1", "--out", "{out}"),
    "propose": ("{case}", "{case}/README.md", "-n", "4", "--workers", "1"),
    "rank": ("{case}", "-n", "4", "--days", "5", "--workers", "1"),
    "explain": ("{run}", "--trajectory", "0", "--case", "{case}"),
    "report": ("{run}", "--case", "{case}"),
    "people": ("{run}", "--case", "{case}"),
    "backcast": ("{case}", "-n", "4", "--workers", "1"),
    "verify": ("{case}", "-n", "4", "--workers", "1"),
    "score": ("{run}", "--case", "{case}"),
    "convert": ("to-flee", "{case}", "{out}"),
    "export": ("{case}", "--to", "hxl", "--table", "ledger", "-o", "{out}"),
}
MORE = (
    ("export", ("{case}", "--to", "hxl", "--table", "events", "-o", "{out}")),
    ("export", ("{case}", "--to", "geojson", "-o", "{out}")),
    ("export", ("{case}", "--to", "annotations", "-o", "{out}")),
    ("export", ("{run}", "--case", "{case}", "--to", "hxl", "--table", "arrivals", "-o", "{out}")),
    ("ledger", ("{case}", "--why", "red-holds-fire")),
    ("ledger", ("{case}", "--agreements")),
    ("score", ("{case}",)),
)
ELSEWHERE = {
    "check": "is the refusal",
    "import": "brings in what may be missing, and writes nothing that check refuses",
    "new": "copies a case that comes with Standoff",
    "read": "reads a text, which may be what mends the case",
    "flee": "reads Flee folders",
    "forecast": "reads a table of anybody's, and no case",
    "upgrade": "rewrites an older case, which may be what mends it",
    "serve": "shows what is wrong, and nothing else",
}
# Of what the template lacks the matter of, only the refusal is tried.
CALLS: dict[str, Callable[[Case, Run], Any]] = {
    "audit": lambda case, run: so.audit(case),
    "brief": lambda case, run: so.brief(case),
    "claims": lambda case, run: so.claims(case),
    "daily": lambda case, run: so.daily(case),
    "disputes": lambda case, run: so.disputes(case),
    "harm": lambda case, run: so.harm(case),
    "incidents": lambda case, run: so.incidents(case),
    "read_log": lambda case, run: so.read_log(case.root / "events.csv", case),
    "relations": lambda case, run: so.relations(case),
    "signals": lambda case, run: so.signals(case),
    "sweep": lambda case, run: so.sweep(case, "any", [1.0]) if case.errors else None,
    "talks": lambda case, run: so.talks(case),
    "contradictions": lambda case, run: so.contradictions(case),
    "corroboration": lambda case, run: so.corroboration(case, list(case.claims)),
    "history": lambda case, run: so.history(case, "record"),
    "ledger": lambda case, run: so.ledger(case),
    "page": so.page,
    "report": so.report,
    "reports": lambda case, run: so.reports(case, "record"),
    "simulate": lambda case, run: so.simulate(case, trajectories=4, days=5),
    "tell": lambda case, run: so.tell(case, "record"),
    "track": lambda case, run: so.track(case, "record"),
    "why": lambda case, run: so.why(case, "record", "red-holds-fire"),
    "search": lambda case, run: so.search(case, "fire"),
    "sources": lambda case, run: so.sources(case),
    "play_story": lambda case, run: so.play_story(case, so.stories(so.load(TEMPLATE))[0]),
    "story": lambda case, run: so.story(case, run),
    "rank": lambda case, run: so.rank(case, trajectories=4, days=5),
    "import_file": lambda case, run: so.import_file(case, TEMPLATE / "events.csv"),
    "add_document": lambda case, run: so.add_document(case, TEMPLATE / "README.md", write=False),
    "export": lambda case, run: so.export(case, "hxl"),
    "arrivals": lambda case, run: so.arrivals(case, 1000, "all") if case.errors else None,
    "backcast": lambda case, run: so.backcast(case, trajectories=2) if case.errors else None,
    "coverage": lambda case, run: so.coverage(case) if case.errors else None,
    "linkage": lambda case, run: so.linkage(case) if case.errors else None,
    "propose": lambda case, run: so.propose(case, "draft.yaml") if case.errors else None,
    "rolling": lambda case, run: so.rolling(case) if case.errors else None,
    "score": lambda case, run: so.score(case, run) if case.errors else None,
    "verify": lambda case, run: so.verify(case) if case.errors else None,
}


@pytest.fixture(scope="module")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the template while it was whole."""
    run = so.simulate(so.load(TEMPLATE), trajectories=4, days=5)
    return so.write_run(run, tmp_path_factory.mktemp("runs") / "good")


@pytest.fixture(params=sorted(BROKEN))
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A case that check refuses, and how the refusal begins, less the line."""
    name, old, new, words = BROKEN[request.param]
    folder = Path(shutil.copytree(TEMPLATE, tmp_path / "case"))
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    assert line > 1
    return folder, f"{name}:{line}: " if words == "the chain loops" else f"{name}:"


def names(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_no_command_is_forgotten() -> None:
    assert set(DOORS) | set(ELSEWHERE) == set(COMMANDS)
    assert not set(DOORS) & set(ELSEWHERE)


@pytest.mark.parametrize(("command", "given"), [*DOORS.items(), *MORE], ids=lambda v: v if isinstance(v, str) else "")
def test_a_command_refuses_a_broken_case(
    command: str,
    given: tuple[str, ...],
    broken: tuple[Path, str],
    good_run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, where = broken
    run = Path(shutil.copytree(good_run, tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    before = names(tmp_path)
    paths = {"case": folder, "run": run, "out": tmp_path / "out"}
    with pytest.raises(SystemExit) as stopped:
        main([command, *(part.format(**paths) for part in given)])
    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert f"error: {where}" in said.err
    assert said.out == ""
    assert names(tmp_path) == before


def test_the_same_commands_take_the_case_while_it_is_whole(
    good_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is refused above is refused for the fault, not for the arguments."""
    for command, given in [(name, DOORS[name]) for name in ("claims", "ledger", "daily", "export", "explain", "run")]:
        out = tmp_path / command
        main([command, *(part.format(case=TEMPLATE, run=good_run, out=out) for part in given)])
        assert capsys.readouterr().out or out.exists()


@pytest.mark.parametrize("call", sorted(CALLS))
def test_a_public_call_refuses_a_broken_case(call: str, broken: tuple[Path, str], good_run: Path) -> None:
    folder, where = broken
    case, problems = so.read(folder)
    assert case is not None
    assert case.errors
    assert problems == list(case.problems) == so.check(case)
    with pytest.raises(so.StandoffError) as refused:
        CALLS[call](case, so.load_run(good_run))
    assert str(refused.value).startswith(where)
    CALLS[call](so.load(TEMPLATE), so.load_run(good_run))  # for the fault, not for the arguments


def test_no_public_call_that_takes_a_case_is_forgotten() -> None:
    takes = {
        name
        for name in so.__all__
        if inspect.isfunction(getattr(so, name))
        and {"case", "thing", "where"} & set(inspect.signature(getattr(so, name)).parameters)
    }
    assert takes - {"check", "propose_claims", "stories"} == set(CALLS)  # these give no verdict


def test_load_refuses_with_all_errors_at_once(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TEMPLATE, tmp_path / "case"))
    for name, old, new, _ in BROKEN.values():
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(so.StandoffError) as refused:
        so.load(folder)
    assert {p.file for p in refused.value.problems} == {"claims.yaml", "commitments.yaml"}


def test_a_text_is_read_beside_a_broken_case(broken: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    folder, _ = broken
    text = folder / "library" / "news.txt"
    text.parent.mkdir()
    text.write_text("The spokesman of Blue said on Monday that 300 people had fled the town.\n", encoding="utf-8")
    main(["read", str(text), "--case", str(folder), "--json"])
    said = capsys.readouterr()
    assert '"proposals"' in said.out
    assert f"{folder} has 1 error" in said.err


@pytest.fixture
def client(broken: tuple[Path, str], tmp_path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    workspace = Workspace(str(broken[0]), tmp_path / "kept")
    bench = Bench(workspace, Jobs(), Watcher(workspace))
    with TestClient(application(bench, hosts=frozenset({"testserver"})), follow_redirects=False) as made:
        yield made


def test_no_page_of_the_workbench_shows_a_broken_case(client: Any, broken: tuple[Path, str]) -> None:
    paths = [form for path, stem, _ in PAGES.values() for form in (path, f"{stem}.json", f"{stem}.csv")]
    paths += [f"{stem}{form}" for stem in DATA for form in (".json", ".csv")]
    where = broken[1].partition(":")[0]
    for path in paths:
        answer = client.get(path)
        of_files = path.startswith(("/edit", "/journal"))  # no verdict: there the case is mended
        shows = of_files or path.startswith("/problems")
        assert answer.status_code == (200 if shows else 400), path
        assert where in answer.text or (of_files and path.endswith(".csv")), path
    answer = client.post("/futures/runs", content="trajectories=10", headers={"Origin": "http://testserver"})
    assert answer.status_code == 400
    assert where in answer.text


def test_a_case_says_in_a_line_what_it_holds_and_what_is_wrong(broken: tuple[Path, str]) -> None:
    case, _ = so.read(broken[0])
    assert repr(case).startswith("<Case ")
    assert "1 error," in repr(case)
    assert len(repr(case)) < 160


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    """The template with a file that nothing reads, which check warns of."""
    folder = Path(shutil.copytree(TEMPLATE, tmp_path / "case"))
    (folder / "notes.txt").write_text("nothing\n", encoding="utf-8")
    return folder


SENTENCE = "This case has 1 warning: notes.txt: this is not read"


def test_warnings_travel_into_everything_that_is_made(
    warned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.warns(CaseWarning, match=SENTENCE):
        case = so.load(warned)
    run = so.simulate(case, trajectories=4, days=5)
    folder = so.write_run(run, tmp_path / "run")
    assert so.load_run(folder).warnings == tuple(map(str, case.warnings))
    assert SENTENCE in so.report(case, run)
    assert SENTENCE in " ".join(so.page(case, run).split())
    main(["ledger", str(warned)])
    assert f"warning: {SENTENCE}" in capsys.readouterr().err
    for command, given, made in (
        ("daily", ("--on", "2024-03-01"), None),
        ("daily", ("--on", "2024-03-01", "--json"), None),
        ("daily", ("--on", "2024-03-01", "--html", str(tmp_path / "daily.html")), tmp_path / "daily.html"),
        ("convert", ("to-flee", str(warned), str(tmp_path / "flee")), tmp_path / "flee" / "simsetting.yml"),
    ):
        main([command, *(() if command == "convert" else (str(warned),)), *given])
        said = capsys.readouterr()
        text = made.read_text(encoding="utf-8") if made else said.out
        assert SENTENCE in " ".join(text.split()), given


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: f"{e.form}-{'run' if e.of_run else 'case'}-{e.table}")
def test_warnings_travel_into_every_export(
    export: Export, warned: Path, good_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = warned, tmp_path / "out"
    if export.of_run:
        source = Path(shutil.copytree(good_run, tmp_path / "run"))
        meta = json.loads((source / "run.json").read_text(encoding="utf-8"))
        meta["warnings"] = ["notes.txt: this is not read"]
        (source / "run.json").write_text(json.dumps(meta), encoding="utf-8")
    of_case = ("--case", str(TEMPLATE)) if export.of_run else ()
    main(["export", str(source), "--to", export.form, "--table", export.table, "-o", str(out), *of_case])
    text = out.read_text(encoding="utf-8")
    if (export.form, export.table) == ("hxl", "observed"):  # the template has no figure, and so no row to carry it
        assert len(text.splitlines()) == 2
        assert "#meta+caution" in text
        return
    assert SENTENCE in text
    if export.form == "hxl":  # in every row: whoever sorts, filters or joins them keeps it
        head, tags, *rows = csv.reader(io.StringIO(text))
        assert (head[-1], tags[-1]) == ("caution", "#meta+caution")
        assert rows
        assert all(SENTENCE in row[-1] for row in rows)


def test_figures_that_carry_a_warning_are_read_back_as_those_that_do_not(idlib: Case, tmp_path: Path) -> None:
    sheet = observed(observed_by(idlib))
    for name, one in (("clean", sheet), ("warned", with_caution(sheet, SENTENCE))):
        (tmp_path / name).write_text(to_csv(one), encoding="utf-8")
    clean, warned = (read_observed(tmp_path / name) for name in ("clean", "warned"))
    assert (tmp_path / "clean").read_text(encoding="utf-8").count(SENTENCE) == 0
    assert (tmp_path / "warned").read_text(encoding="utf-8").count(SENTENCE) == len(sheet.rows) > 100
    assert clean.observations == warned.observations


def test_a_case_without_warnings_leaves_run_folders_as_they_were(good_run: Path) -> None:
    assert '"warnings"' not in (good_run / "run.json").read_text(encoding="utf-8")
    assert so.load_run(good_run).warnings == ()


def test_pages_of_the_workbench_carry_warnings(warned: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    workspace = Workspace(str(warned), tmp_path / "kept")
    bench = Bench(workspace, Jobs(), Watcher(workspace))
    with TestClient(application(bench, hosts=frozenset({"testserver"}))) as client:
        assert SENTENCE in client.get("/ledger").text
