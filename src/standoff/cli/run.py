"""Commands that play the standoff forward and write it down: run, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from standoff.cli.options import print_json, print_lines
from standoff.errors import StandoffError
from standoff.text.table_printer import terminal_width

BASE = "baseline"
MOST_WORKERS = 256


def ensemble_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command with an ensemble has."""
    for option in reversed(
        [
            click.option("-n", "trajectories", default=1000, show_default=True, help="Simulated runs per account."),
            click.option("--seed", default=1, show_default=True, help="Same seed, same result."),
            click.option("--days", type=int, help="Days to play [default: the case's]."),
            click.option("--start", metavar="DATE", help="First day [default: the case's]."),
            click.option("--account", "accounts", multiple=True, metavar="A", help="May be given several times."),
            click.option("--scenario", "scenarios", multiple=True, metavar="S", help="May be given several times."),
            click.option(
                "--close",
                multiple=True,
                metavar="NAME[@DATE]",
                help="Shut a crossing, camp, route:A:B or border:XX:YY by name; beside the baseline.",
            ),
            click.option("--open", "opened", multiple=True, metavar="NAME[@DATE]", help="Open one that is shut."),
            click.option("--full", multiple=True, metavar="NAME[@DATE]", help="A camp that takes in nobody more."),
            click.option(
                "--mode",
                default="simultaneous",
                show_default=True,
                help="Order of moves within a day: simultaneous, sequential or equilibrium.",
            ),
            click.option("--beliefs", default="adaptive", show_default=True, help="adaptive or consistent."),
            click.option(
                "--choice-rule",
                default="logit",
                show_default=True,
                help="What turns values into chances; others come as plug-ins.",
            ),
            click.option("--fixed-parameters", is_flag=True, help="Do not draw parameters from their ranges."),
            click.option(
                "--workers", default=2, show_default=True, help="Processes; the result does not depend on it."
            ),
        ]
    ):
        command = option(command)
    return command


def asked_scenario(case: Any, close: Any, opened: Any, full: Any, start: Any) -> str:
    """Return the id of the scenario that --close, --open and --full ask for; what will do nothing goes to stderr."""
    from standoff.case.place_names import namesakes, shut_already
    from standoff.runs.scenario import dated_way, scenario_of_ways
    from standoff.world.setting import closures_of, home_of

    scenario = scenario_of_ways(case, close, opened, full)
    assert scenario is not None  # noqa: S101 - something was asked for
    begin = start or case.about.start.start
    shut, _ = closures_of(case, begin, home_of(case))
    asked = [dated_way(case, text, "--close")[0] for text in close]
    others = [dated_way(case, text, "--full", takes_in=text in full)[0] for text in (*opened, *full)]
    for line in (*namesakes(case, [*asked, *others]), *shut_already(case, asked, shut)):
        click.echo(f"note: {line}", err=True)
    click.echo(f"scenario {scenario.id}: {scenario.title}", err=True)
    return str(scenario.id)


def ensemble_arguments(case: Any = None, **options: Any) -> dict[str, Any]:
    """Return the options of a command as arguments of `standoff.runs.spec.make_spec`.

    With ``case`` what is to be closed, opened or full by name is a scenario beside the baseline.
    """
    from standoff.values import When

    close, opened, full = (options.pop(name, ()) for name in ("close", "opened", "full"))
    start = options.pop("start", None)
    if start is not None:
        try:
            start = When.parse(start).start
        except ValueError as error:
            expected = str(error).removeprefix("expected ")
            raise StandoffError.of(f"{start!r} is not a date", file="--start", expected=expected) from None
    named = tuple(dict.fromkeys(options.get("scenarios") or ()))
    if case is not None and (close or opened or full):
        named = (BASE, *named, asked_scenario(case, close, opened, full, start))
    if named:  # scenarios are differences to the baseline: it comes first, named or not
        named = (BASE, *(name for name in named if name != BASE))
    parameters = "fixed" if options.pop("fixed_parameters", False) else "drawn"
    return {**options, "start": start, "scenarios": named, "parameters": parameters}


def prepare(case_name: str, **options: Any) -> tuple[Any, Any]:
    """Return the case and the compiled plan of an ensemble from the options of a command."""
    from standoff.case.read import load
    from standoff.runs.ensemble import make_plan
    from standoff.runs.spec import make_spec

    case = load(case_name)
    arguments = ensemble_arguments(case, **options)
    return case, make_plan(case, make_spec(case, **arguments), level=True, present=True)


def check_workers(workers: int) -> None:
    """Raise StandoffError for a number of processes that no machine is helped by."""
    if not 1 <= workers <= MOST_WORKERS:
        raise StandoffError.of(f"{workers} workers", file="--workers", expected=f"from 1 to {MOST_WORKERS}")


def areas_in(case: Any, boundaries: Path | None, repair: bool) -> Any:
    """Return the area of each place by a file of boundaries, None without one; what was done to it goes to stderr."""
    from standoff.errors import digest
    from standoff.runs.areas import read_areas

    if boundaries is None:
        if repair:
            raise StandoffError.of("--repair goes with --boundaries", file="--repair", expected="--boundaries FILE")
        return None
    placed, warnings = read_areas(case, boundaries, repair=repair)
    for line in digest(warnings):
        click.echo(line, err=True)
    return placed


@contextmanager
def progress(workers: int) -> Iterator[dict[str, Any]]:
    """Give the ``executor`` and the ``tell`` of an ensemble: processes, and a progress bar on stderr.

    It is asked for before the case is read: processes that begin early carry less.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from standoff.runs import ensemble

    check_workers(workers)
    bar = Progress(
        TextColumn("playing forward"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("batches"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("batches", total=None)

    def tell(done: int, every: int) -> None:
        bar.start()  # not before there is something to tell: notes on the case go to stderr as well
        bar.update(task, completed=done, total=every)

    with ensemble.workers(workers) as pool:
        try:
            yield {"executor": pool, "tell": tell}
        finally:
            if bar.live.is_started:
                bar.stop()


@click.command()
@click.argument("case_name", metavar="CASE")
@ensemble_options
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the run [default: runs/CASE].")
@click.option("--force", is_flag=True, help="Replace a run that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print the outlook as JSON instead of the page.")
@click.option("--no-report", is_flag=True, help="Do not write report.html.")
@click.option(
    "--boundaries",
    type=click.Path(path_type=Path),
    help="Your GeoJSON of areas, such as COD-AB or geoBoundaries: adds areas.csv.",
)
@click.option("--repair", is_flag=True, help="Mend or leave out what is not valid in --boundaries, and say what.")
@click.option(
    "--answers",
    is_flag=True,
    help="Also change one disputed answer at a time, on the same luck: as long again for each dispute that sets "
    "something (Idlib: five times as long in all).",
)
def run(
    case_name: str,
    workers: int,
    out: Path | None,
    force: bool,
    as_json: bool,
    no_report: bool,
    boundaries: Path | None,
    repair: bool,
    **options: Any,
) -> None:
    """Play the standoff forward under each account and write a run folder and a report."""
    from dataclasses import asdict

    from standoff.runs import areas, ensemble
    from standoff.runs.folder import refuse_existing, write_run
    from standoff.runs.summary import summarise
    from standoff.views.lines.waves import area_lines
    from standoff.views.report import report as html_report
    from standoff.views.terminal import page_lines

    if out is not None:
        refuse_existing(out, force)
    with progress(workers) as playing:
        case, plan = prepare(case_name, mixed=True, **options)
        scenarios = plan.spec.scenarios
        if len(scenarios) > 1 and BASE not in scenarios:
            click.echo(f"compared with {scenarios[0]}; add --scenario {BASE} to compare with nothing changed", err=True)
        folder = out or Path("runs") / case.about.id
        refuse_existing(folder, force)
        placed = areas_in(case, boundaries, repair)
        parts = ensemble.parts_of(folder, case, plan.spec)
        try:
            batches = ensemble.run_plan(plan, parts=parts, **playing)
        except BaseException:
            with suppress(OSError):
                parts.rmdir()  # only where no batch was finished; those that are wait for the next try
            raise
    result = summarise(case, plan, batches)
    arrivals = [] if placed is None else areas.areas_of_run(plan, batches, placed)
    extra = {} if placed is None else {"areas.csv": areas.areas_csv(arrivals)}
    if not no_report:
        extra["report.html"] = html_report(case, result)
    write_run(result, folder, force=force, extra=extra)
    ensemble.forget(parts)
    if as_json:
        outlook = [asdict(row) for row in result.outlook]
        print_json({"spec": result.meta["spec"], "outlook": outlook}, 2, escaped=True)
        return
    width = terminal_width()
    print_lines([*page_lines(case, result, width), ""])
    if arrivals:
        print_lines([*area_lines([row for row in arrivals if row.account == plan.spec.accounts[-1]], width), ""])
    click.echo(str(folder if no_report else folder / "report.html"))


def case_of_run(run: Any, case_name: str | None) -> Any:
    """Return the case of a run, the one given or the shipped one that the run names; say where it has changed since.

    Raises StandoffError where a run is of a case that does not come with Standoff and none is given.
    """
    from standoff.case.read import load, shipped

    name = str(run.meta["case"]["id"])
    if case_name is None and name not in shipped():
        what = f"the run is of {name!r}, which does not come with Standoff"
        raise StandoffError.of(what, file="--case", expected="the folder of the case")
    case = load(case_name or name)
    if case.digest != run.meta["case"]["digest"]:
        click.echo("the case has changed since this run; names and places are those it has now", err=True)
    return case


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--case", "case_name", help="Case of the run [default: the one it names].")
def report(run_folder: Path, case_name: str | None) -> None:
    """Write the self-contained report of a run into its folder."""
    from standoff.runs.folder import load_run, write_run
    from standoff.views.report import report as html_report

    result = load_run(run_folder)
    case = case_of_run(result, case_name)
    write_run(result, run_folder, force=True, extra={"report.html": html_report(case, result)})
    click.echo(str(run_folder / "report.html"))
