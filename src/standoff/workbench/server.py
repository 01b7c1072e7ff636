"""Starts the workbench: binds the address, prints where it is, opens the browser, stops in order."""

from __future__ import annotations

import ipaddress
import socket
import webbrowser
from pathlib import Path

import uvicorn

from standoff.errors import StandoffError
from standoff.reading.model import Endpoint
from standoff.workbench.app import Bench, application
from standoff.workbench.jobs import Jobs
from standoff.workbench.second_reader import SecondReader
from standoff.workbench.security import own_hosts
from standoff.workbench.workspace import Watcher, Workspace

SHORTEST_TOKEN = 16


def loopback(host: str) -> bool:
    """Whether an address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises StandoffError when the address is taken or cannot be bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # so that a browser opened at once waits instead of being turned away
    except (OSError, OverflowError) as error:
        listener.close()
        what = f"port {port} of {host} cannot be used: {error}"
        raise StandoffError.of(what, file="--port", expected="a free port; 0 takes any") from None
    return listener


def serve(
    case: str,
    *,
    host: str,
    port: int,
    token: str,
    runs: Path,
    browser: bool,
    read_only: bool = False,
    endpoint: Endpoint | None = None,
) -> None:
    """Serve a case until stopped; a model at ``endpoint`` is the second reader of the review page.

    Raises StandoffError for a case that cannot be read or an unsafe address.
    """
    if not loopback(host) and not token:
        what = f"{host} can be reached from other machines"
        raise StandoffError.of(what, file="--host", expected="127.0.0.1, or a --token that visitors must know")
    if token and len(token) < SHORTEST_TOKEN:
        raise StandoffError.of("the token is short", file="--token", expected=f"{SHORTEST_TOKEN} characters or more")
    second_reader = SecondReader(endpoint) if endpoint is not None else None
    workspace = Workspace(case, runs, read_only=read_only, second_reader=second_reader)
    listening = bind(host, port)
    own_port = int(listening.getsockname()[1])
    host_text = f"[{host}]" if ":" in host else host
    address = f"http://{host_text}:{own_port}/" + (f"?token={token}" if token else "")
    bench = Bench(workspace, Jobs(), Watcher(workspace))
    app = application(bench, hosts=own_hosts(host, own_port), token=token)
    settings = uvicorn.Config(
        app, log_level="warning", server_header=False, date_header=False, timeout_graceful_shutdown=2, ws="none"
    )
    print(f"{workspace.case.about.title}\n{address}\nCtrl-C stops the workbench.", flush=True)
    if browser:
        webbrowser.open(address)
    uvicorn.Server(settings).run(sockets=[listening])
