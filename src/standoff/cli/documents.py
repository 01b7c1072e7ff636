"""The command add-document: web pages, PDFs, docx, mails and texts taken into a case, originals kept."""

from __future__ import annotations

from pathlib import Path

import click

from standoff.cli.options import json_option, print_json, print_lines
from standoff.text.table_printer import terminal_width


@click.command("add-document")
@click.argument("name", metavar="CASE")
@click.argument("path", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option("--title", default="", help="Its title, where the file does not say it or says it wrongly.")
@click.option("--author", default="", help="Its author; several are parted by ';'.")
@click.option("--date", "published", default="", metavar="DATE", help="The day it was published, or a span.")
@click.option("--address", default="", metavar="URL", help="Where it stands in the web.")
@click.option("--source", "publisher", default="", metavar="NAME", help="Who published it; of the case, or new.")
@click.option("--language", default="", metavar="CODE", help="Its language, such as en or ar.")
@click.option("--licence", default="", help="The licence of its text, where it declares none.")
@click.option("--restricted", is_flag=True, help="Its words may not be passed on, and are not shown.")
@click.option("--id", "key", default="", metavar="ID", help="The id of the document; by default publisher and day.")
@click.option("--encoding", default="", metavar="E", help="Of a text that is not UTF-8, such as cp1256.")
@click.option("--skip-bad", is_flag=True, help="Of a folder, leave out the files that cannot be read.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@json_option
def add_document(
    name: str,
    path: Path,
    title: str,
    author: str,
    published: str,
    address: str,
    publisher: str,
    language: str,
    licence: str,
    restricted: bool,
    key: str,
    encoding: str,
    skip_bad: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take a document into a case: a web page, PDF, docx, mail or text, or every file of a folder.

    Its text goes to library/, one paragraph a line; the file itself is kept beside it, with its hash and the time.
    What it says of itself is shown with where it says so. Nothing is guessed: what is not there stays unknown, and
    these options say it. A file that is in the case already changes nothing.
    """
    from standoff.case.read import load
    from standoff.errors import Problem, StandoffError
    from standoff.files.opener import read_bytes
    from standoff.reading.accession import Accession, accession, add_documents, captured_now
    from standoff.reading.documents import EXPECTED, MOST_BYTES, open_document
    from standoff.text.sentences import count, fold
    from standoff.views.lines.documents import document_lines, document_record

    case = load(name)
    files = _files(path)
    said = {"title": title, "published": published, "address": address}
    if len(files) > 1 and (wrong := [one for one, value in {**said, "id": key}.items() if value]):
        option = {"published": "--date"}.get(wrong[0], f"--{wrong[0]}")
        raise StandoffError.of(f"said of {len(files)} files at once", file=option, expected="one file with it")
    said |= {"author": author, "publisher": publisher, "language": language, "licence": licence}
    captured = captured_now()
    several: list[Accession] = []
    problems: list[Problem] = []
    for file in files:
        try:
            data = read_bytes(file, str(file), MOST_BYTES)
            copy = open_document(data, file.name, encoding=encoding)
            several.append(
                accession(case, copy, captured=captured, overrides=said, key=key, restricted=restricted, new=several)
            )
        except StandoffError as error:
            problems += error.problems
    if problems and not (skip_bad and several):
        raise StandoffError(problems)
    written = () if dry_run else add_documents(case, several)
    if as_json:
        print_json(
            {
                "documents": [document_record(one, written) for one in several],
                "left_out": [{"file": p.file, "what": p.what} for p in problems],
                "written": list(written),
            }
        )
        return
    width = terminal_width()
    for one in several:
        print_lines(document_lines(one, width))
    for problem in problems:
        click.echo(f"left out: {problem}", err=True)
    if not several:
        raise StandoffError.of("the folder holds no file", file=str(path), expected=EXPECTED)
    if written:
        number = count(sum(not one.same_as for one in several), "document")
        print_lines(fold(f"written: {number}, {', '.join(written)}", width, hang="  "))
        click.echo(f"next: standoff review {name}")
    else:
        click.echo("nothing was written" + (" (--dry-run)" if dry_run else ""))


def _files(path: Path) -> list[Path]:
    """Return a file, or the files of a folder by name; what begins with a dot is not looked at."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
