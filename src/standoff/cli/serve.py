"""The workbench: a local web server over a case."""

from __future__ import annotations

from pathlib import Path

import click

from standoff.cli.reading import endpoint_of
from standoff.errors import StandoffError


@click.command()
@click.argument("case", default="idlib")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address than loopback needs --token.")
@click.option("--token", default="", help="Ask every visitor for this token (at least 16 characters).")
@click.option("--name", "names", multiple=True, help="Another name or address of this machine, as visitors type it.")
@click.option("--origin", "origins", multiple=True, help="Address of a proxy before it: https://desk.example.org")
@click.option("--runs", default="runs", show_default=True, type=click.Path(path_type=Path), help="Folder of kept runs.")
@click.option("--read-only", is_flag=True, help="Show the case; no form may change it.")
@click.option("--llm", "url", metavar="URL", help="Ask a model at this address too, on the page /review.")
@click.option("--model", metavar="NAME", help="The model to ask, with --llm.")
@click.option("--llm-timeout", type=click.FloatRange(1, 3600), default=120.0, metavar="SECONDS", help="Default 120.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def serve(
    case: str,
    port: int,
    host: str,
    token: str,
    names: tuple[str, ...],
    origins: tuple[str, ...],
    runs: Path,
    read_only: bool,
    url: str | None,
    model: str | None,
    llm_timeout: float,
    no_browser: bool,
) -> None:
    """Open the workbench of CASE (idlib unless told otherwise) on 127.0.0.1; Ctrl-C stops it.

    A folder that holds cases is served as a list of them, each below an address of its own.
    """
    from standoff.workbench.server import serve as start

    if runs.exists() and not runs.is_dir():
        raise StandoffError.of("this is a file", file=str(runs), expected="a folder of runs, or a new one")
    endpoint = endpoint_of(url, model, llm_timeout)
    start(
        case,
        host=host,
        port=port,
        token=token,
        runs=runs,
        browser=not no_browser,
        read_only=read_only,
        endpoint=endpoint,
        names=names,
        origins=origins,
    )
