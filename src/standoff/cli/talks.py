"""Commands on the rest of a standoff: talks, signals, harm to civilians, relations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from standoff.cli.options import DayParam, json_option, print_json, print_lines
from standoff.errors import StandoffError, nearest
from standoff.text.table_printer import terminal_width

if TYPE_CHECKING:
    from standoff.commitments.signals import SeenSignal
    from standoff.commitments.threads import Talk

on_option = click.option("--on", type=DayParam(), help="How it stands on this day. Default: the end of the record.")
as_of_option = click.option("--as-of", type=DayParam(), help="Leave out what was published after this day.")


@click.command()
@click.argument("case")
@click.option("--open", "only_open", is_flag=True, help="Only what no source tells an answer to.")
@click.option("--about", metavar="ID", help="Only this thread, or those of this actor or commitment.")
@click.option("--account", default="record", show_default=True, help="As this account tells it.")
@on_option
@as_of_option
@json_option
def talks(
    case: str, only_open: bool, about: str | None, account: str, on: date | None, as_of: date | None, as_json: bool
) -> None:
    """Who asked whom for what in CASE, by when, how it was answered, and who says so."""
    from standoff.case.read import load
    from standoff.commitments.threads import talks as talks_of
    from standoff.views.lines.talks import talk_lines, talk_record

    opened = load(case)
    rows: tuple[Talk, ...] = talks_of(opened, on=on, as_of=as_of, account=account)
    if about is not None:
        known = [*opened.threads, *opened.actors, *opened.commitments]
        if about not in known:
            expected = "the id of a thread, an actor or a commitment"
            raise StandoffError.of(
                f"nothing is called {about!r}", file="--about", expected=expected, hint=nearest(about, known)
            )
        rows = tuple(
            talk
            for talk in rows
            if about in (talk.thread.id, *talk.thread.by, *talk.thread.of, *talk.thread.makes, *talk.thread.ends)
            or about in [move.commitment for move in talk.thread.moves]
        )
    if only_open:
        rows = tuple(talk for talk in rows if talk.is_open)
    if as_json:
        print_json([talk_record(opened, talk) for talk in rows])
        return
    print_lines(talk_lines(opened, rows, len(opened.threads), terminal_width()))
    click.echo(f"next: standoff signals {case}")


@click.command()
@click.argument("case")
@click.option("--around", metavar="ID", help="Only those around this promise or threat.")
@on_option
@as_of_option
@json_option
def signals(case: str, around: str | None, on: date | None, as_of: date | None, as_json: bool) -> None:
    """What was moved, shown or said in CASE for others to see: by whom, towards whom, how costly, said to mean what."""
    from standoff.case.read import load
    from standoff.commitments.signals import around as around_commitment
    from standoff.commitments.signals import signals as signals_of
    from standoff.views.lines.talks import signal_lines, signal_record

    opened = load(case)
    seen: tuple[SeenSignal, ...] = signals_of(opened, on=on, as_of=as_of)
    if around is not None:
        if around not in opened.commitments:
            hint = nearest(around, opened.commitments)
            what = f"there is no promise or threat {around!r}"
            raise StandoffError.of(what, file="--around", expected="the id of a commitment of the case", hint=hint)
        seen = around_commitment(opened.commitments[around], seen)
    if as_json:
        print_json([signal_record(one) for one in seen])
        return
    print_lines(signal_lines(opened, seen, terminal_width()))
    click.echo(f"next: standoff talks {case}")


@click.command()
@click.argument("case")
@click.option("--measure", metavar="WORD", help="Only this measure, such as deaths-civilian or attacks-health.")
@on_option
@as_of_option
@json_option
def harm(case: str, measure: str | None, on: date | None, as_of: date | None, as_json: bool) -> None:
    """Harm to civilians in CASE: figures by measure, each with source and window; never added, never forecast."""
    from standoff.case.read import load
    from standoff.evidence.harm import harm as harm_of
    from standoff.evidence.harm import protests
    from standoff.views.lines.harm import TITLES, harm_lines, harm_record

    opened = load(case)
    if measure is not None and measure not in TITLES:
        expected, hint = ", ".join(TITLES), nearest(measure, TITLES)
        raise StandoffError.of(f"{measure!r} is not a measure of harm", file="--measure", expected=expected, hint=hint)
    figures = tuple(f for f in harm_of(opened, on=on, as_of=as_of) if measure in (None, f.measure))
    met = protests(opened, on=on, as_of=as_of) if measure is None else ()
    if as_json:
        print_json({"figures": [harm_record(f) for f in figures], "protests": [harm_record(p) for p in met]})
        return
    print_lines(harm_lines(opened, figures, met, terminal_width()))
    click.echo(
        f"next: standoff claims {case} --about {figures[0].id if figures and figures[0].kind == 'claim' else 'ID'}"
    )


@click.command()
@click.argument("case")
@click.option(
    "--show",
    "kinds",
    multiple=True,
    metavar="WORD",
    help="backs, opposes, belongs, holds, other, owes or relays; may be given again.",
)
@click.option("--account", default="record", show_default=True, help="As this account tells it.")
@click.option("--on", type=DayParam(), help="Only what holds on this day, as far as a window is told.")
@json_option
def relations(case: str, kinds: tuple[str, ...], account: str, on: date | None, as_json: bool) -> None:
    """Who backs, opposes, owes or relays whom in CASE, with the claims behind each line."""
    from standoff.case.read import load
    from standoff.evidence.relations import LineKind
    from standoff.evidence.relations import relations as relations_of
    from standoff.views.lines.harm import relation_lines, relation_records

    for kind in kinds:
        if kind not in list(LineKind):
            expected, hint = ", ".join(LineKind), nearest(kind, [one.value for one in LineKind])
            raise StandoffError.of(f"there is no kind of line {kind!r}", file="--show", expected=expected, hint=hint)
    opened = load(case)
    lines = relations_of(opened, account=account, on=on, kinds=kinds)
    if as_json:
        print_json(relation_records(lines))
        return
    print_lines(relation_lines(opened, lines, terminal_width()))
    click.echo(f"next: standoff claims {case} --about {lines[0].source if lines else 'ID'}")
