"""THE COMMAND LINE: each command is a few lines over the library; its module is imported only when it is called."""

from __future__ import annotations

import gc
import importlib
import sys
import warnings
from typing import Any

import click

from standoff.cli.options import shipped_names
from standoff.cores import one_thread_each
from standoff.errors import CaseWarning, StandoffError, digest, nearest
from standoff.text.console import accept_any_text, close_quietly
from standoff.version import VERSION

# door -> command -> (module below standoff.cli, attribute, one line of help)
DOORS: dict[str, dict[str, tuple[str, str, str]]] = {
    "Agreement: who promised or threatened what, and is it kept?": {
        "brief": ("brief", "brief", "One page for a day: what changed, falls due, is contested."),
        "ledger": ("ledger", "ledger", "How every promise and threat stands on a day, and why."),
        "incidents": ("incidents", "incidents", "What several reports tell as one happening."),
        "daily": ("daily", "daily", "A mission's daily report, also as docx and PDF."),
        "talks": ("talks", "talks", "Who asked whom for what, and how it was answered."),
        "signals": ("talks", "signals", "What was moved, shown or said for others to see."),
        "track": ("ledger", "track", "How often each party kept its word, with interval and n."),
        "clause": ("clause", "clause", "Write a clause by answering questions."),
        "test": ("case", "test", "Play a case's stories: events in, verdicts out."),
    },
    "Dispute: who says so, through whom, from how many sources?": {
        "search": ("records", "search", "Find records by their words, in any script."),
        "claims": ("evidence", "claims", "Who says what, through whom."),
        "disputes": ("evidence", "disputes", "Where sources disagree, with independent sources."),
        "contradictions": ("evidence", "contradictions", "Pairs of claims that cannot both hold, and why."),
        "corroboration": ("evidence", "corroboration", "What several independent sources say."),
        "harm": ("talks", "harm", "Figures of harm to civilians, each with its source."),
        "relations": ("talks", "relations", "Who backs, opposes, owes or relays whom."),
        "sources": ("evidence", "sources", "Sources, their links and what rests on them."),
        "audit": ("audit", "audit", "Whom the record accuses, on what sources, what answer."),
        "add-document": ("documents", "add_document", "Take in a web page, PDF, docx, mail or text."),
        "read": ("reading", "read", "Propose claims from a text; none is accepted."),
        "review": ("review", "review", "Decide on what was proposed, one key each."),
        "coverage": ("evidence", "coverage", "Which rows of a coding sheet the case covers."),
    },
    "Expect: how many incidents, how many people where?": {
        "levels": ("levels", "levels", "Incidents to expect by area, scored beside rivals."),
        "forecast": ("forecast", "forecast", "People to expect by site, from a table of their past."),
        "arrivals": ("arrivals", "arrivals", "Where so many more people would arrive, if ways close."),
        "flee": ("flee", "flee", "Run, score and forecast Flee folders."),
    },
    "What if: what would a lever or a clause change, in this model?": {
        "run": ("run", "run", "Play the standoff forward and write a report."),
        "propose": ("propose", "propose", "A draft agreement: which clauses play, what changes."),
        "linkage": ("linkage", "linkage", "Other disputes left out: what each changes."),
        "compare": ("matters", "compare", "Scenarios and accounts side by side."),
        "people": ("people", "people", "Who is where in a run, by area; PDF, xlsx, HXL, GeoJSON."),
        "rank": ("matters", "rank", "Sensitivity of this model: which dispute moves it most."),
        "explain": ("matters", "explain", "The day-by-day story of one simulated run."),
        "report": ("run", "report", "Write the report of a run again."),
        "backcast": ("score", "backcast", "Questions at past cut-offs, scored beside baselines."),
        "score": ("score", "score", "People displaced beside what was observed."),
        "verify": ("verify", "verify", "The model beside textbooks and the record."),
    },
    "Your case": {
        "new": ("case", "new", "Start a case that passes check."),
        "import": ("intake", "import_files", "Bring in a file of others; nothing is guessed."),
        "check": ("case", "check", "Every problem of a case, with file and line."),
        "show": ("records", "show", "List the records of a case by kind: actors, places, ..."),
        "serve": ("serve", "serve", "The workbench in your browser, on 127.0.0.1."),
        "export": ("export", "export", "A case or a run as HXL, GeoJSON or annotations."),
        "convert": ("flee", "convert", "Read and write Flee folders and other formats."),
        "upgrade": ("case", "upgrade", "Rewrite a case of an older edition."),
    },
}
COMMANDS: dict[str, tuple[str, str, str]] = {
    name: entry for commands in DOORS.values() for name, entry in commands.items()
}


class LazyGroup(click.Group):
    """A group whose commands are imported when called, so that ``--help`` loads no numerical library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        if cmd_name not in COMMANDS:
            hint = nearest(cmd_name, COMMANDS) or f"expected one of {', '.join(COMMANDS)}"
            ctx.fail(f"there is no command {cmd_name!r}; {hint}")
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"standoff.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by door, from the table alone."""
        for door, commands in DOORS.items():
            formatter.write(f"\n{door}\n")
            with formatter.indentation():
                formatter.write_dl([(name.ljust(14), entry[2]) for name, entry in commands.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(VERSION, prog_name="standoff")
def cli() -> None:
    """Who promised or threatened what in an armed standoff, who says what happened, and what may follow.

    CASE is the path of a case folder, or a case that is inside: SHIPPED.
    """


cli.help = (cli.help or "").replace("SHIPPED", ", ".join(shipped_names()))


def main(args: list[str] | None = None) -> Any:
    """Run the command line; problems stand one a line and the exit status is 1. A closed pipe is not a problem."""
    one_thread_each()
    gc.set_threshold(50_000, 20, 50)  # records of a case last: to walk them again and again costs a tenth of a command
    accept_any_text()
    warnings.showwarning = _show_warning
    output = sys.stdout
    try:
        result = _run(args)
    except SystemExit:
        # click puts another in the place of an output whose pipe is closed; what the buffer holds finds out here
        if sys.stdout is not output or not close_quietly():
            sys.exit(0)
        raise
    if not close_quietly():
        sys.exit(0)
    return result


def _run(args: list[str] | None) -> Any:
    try:
        return cli.main(args=args, standalone_mode=False)
    except StandoffError as error:
        for line in digest(error.problems, 21):  # a log that is refused has its own first line
            click.echo(line, err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(
            "stopped; nothing half-written is left behind, and finished batches of a run are kept for the next try",
            err=True,
        )
        sys.exit(130)
    except OSError as error:
        click.echo(f"error: {_named(error.filename)}: {error.strerror or error}", err=True)
        sys.exit(1)
    except MemoryError:
        click.echo("error: there is not memory enough; ask for less, such as a smaller -n or fewer --days", err=True)
        sys.exit(1)


def _show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Print a warning in one line, as checks print theirs."""
    kind = "warning" if issubclass(category, CaseWarning) else category.__name__
    click.echo(f"{kind}: {message}", err=True)


def _named(file: object, most: int = 60) -> str:
    name = str(file) if file is not None else "standoff"
    return name if len(name) <= most else f"{name[:most]}..."
