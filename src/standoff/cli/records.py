"""The commands show and search: records of a case, listed and searched."""

from __future__ import annotations

import click

from standoff.cli.options import how_to_read, json_option, print_json, print_lines, reading_options


@click.command()
@click.argument("case")
@click.argument("kind", required=False)
@click.argument("name", metavar="[ID]", required=False)
@click.option("-n", "most", type=click.IntRange(1), default=200, show_default=True, help="Records of a list.")
@json_option
def show(case: str, kind: str | None, name: str | None, most: int, as_json: bool) -> None:
    """List the records of a KIND in CASE, or one of them by its ID; without a KIND, the kinds.

    Kinds: actors, agreements, areas, claims, commitments, crossings, disputes, documents, events, figures, incidents,
    options, parameters, places, scenarios, sources, zones.
    """
    from standoff.case.catalogue import KINDS, entries_of, kind_named, written_fields
    from standoff.case.read import load
    from standoff.text.sentences import count
    from standoff.text.table_printer import terminal_width
    from standoff.views.lines.catalogue import field_lines, kind_lines, record_lines

    opened = load(case)
    width = terminal_width()
    if kind is None:
        if as_json:
            print_json({name: len(entries_of(opened, name)[0]) for name in KINDS})
            return
        print_lines(kind_lines(opened, width))
        click.echo(f"next: standoff show {case} actors")
        return
    if name is not None:
        fields = written_fields(opened, kind, name)
        if as_json:
            print_json(fields)
        else:
            print_lines(field_lines(fields, width))
        return
    entries, left_out = entries_of(opened, kind)
    heads = kind_named(kind).heads
    if as_json:
        rows = [{"id": e.id, "title": e.title, **dict(zip(heads, e.facts, strict=True))} for e in entries]
        print_json({"kind": kind_named(kind).title, "records": rows, "restricted_left_out": left_out})
        return
    print_lines(record_lines(heads, entries, most, width))
    more = f", the first {most:,} shown; more with -n {len(entries)}" if len(entries) > most else ""
    click.echo(f"{kind_named(kind).title}: {count(len(entries), 'record')}{more}")
    if left_out:
        click.echo(f"{count(left_out, 'record')} of sources that may not be passed on: left out")
    if entries:
        click.echo(f"next: standoff show {case} {kind} {entries[0].id}")


@click.command()
@click.argument("case")
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", default="", help="Only this kind of record, as standoff show lists them.")
@click.option("--party", metavar="ID", default="", help="Only about this actor.")
@click.option("--place", metavar="ID", default="", help="Only at this place.")
@click.option("--year", default="", help="Only of this year.")
@click.option("--events", "log", help="A log beside the record, as for ledger.")
@reading_options
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Which page of the list.")
@json_option
def search(
    case: str,
    words: tuple[str, ...],
    kind: str,
    party: str,
    place: str,
    year: str,
    log: str | None,
    page: int,
    as_json: bool,
) -> None:
    """Find records of CASE that hold all the WORDS, in any script; "words in quotes" stand together."""
    from standoff.case.catalogue import event_entry, kind_named
    from standoff.case.read import load
    from standoff.evidence.search import check_facets, search_index
    from standoff.intake.logs import open_log
    from standoff.text.table_printer import terminal_width
    from standoff.views.lines.catalogue import search_lines

    opened = load(case)
    check_facets(opened, kind=kind, party=party, place=place, year=year)
    more = []
    if log is not None:
        read = open_log(opened, log, **how_to_read())
        click.echo(f"{log}: {read.in_a_line()}", err=True)
        opened = read.added_to(opened)
        more = [entry for event in read.events if not (entry := event_entry(opened, event)).restricted]
    question = " ".join(f'"{word}"' if " " in word else word for word in words)
    chosen = kind_named(kind).key if kind else ""
    result = search_index(opened, more).find(question, kind=chosen, party=party, place=place, year=year, page=page)
    if as_json:
        records = [
            {"kind": h.entry.kind, "id": h.entry.id, "title": h.entry.title, "facts": [*h.entry.facts]}
            for h in result.hits
        ]
        print_json(
            {
                "words": question,
                "total": result.total,
                "page": result.page,
                "pages": result.pages,
                "records": records,
                "facets": {name: dict(some) for name, some in result.facets.items()},
                "near": result.near,
            }
        )
        return
    print_lines(search_lines(opened, result, terminal_width()))
    if result.near:
        click.echo(f"next: standoff search {case} {result.near}")
    elif result.pages > result.page:
        click.echo(f"\npage {result.page} of {result.pages}; next: add --page {result.page + 1}")
    elif result.hits:
        first = result.hits[0].entry
        click.echo(f"\nnext: standoff show {case} {first.kind} {first.id}")
