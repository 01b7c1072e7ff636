"""Starts the workbench: binds the address, prints where it is, opens the browser, stops in order."""

from __future__ import annotations

import ipaddress
import logging
import socket
import time
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from standoff.case.read import shipped
from standoff.errors import StandoffError
from standoff.files.opener import is_there
from standoff.reading.language_model import Endpoint
from standoff.text.sentences import count
from standoff.workbench.app import Bench, application
from standoff.workbench.cases import Cases, case_folders, cases_application
from standoff.workbench.jobs import Jobs
from standoff.workbench.second_reader import SecondReader
from standoff.workbench.security import ANY_ADDRESS, check_names, own_hosts, proxy_origins
from standoff.workbench.workspace import Watcher, Workspace

SHORTEST_TOKEN = 16
HEAD_WITHIN = 20.0  # seconds for the head of a request
BODY_WITHIN = 600.0  # and for the whole of its body, the largest upload over a slow line
LOOK = 2.0  # seconds between two looks at a connection
MINUTE = 60.0
MESSAGES = 50  # of the server's log a minute


class PatientConnection(H11Protocol):
    """A connection that ends when a request does not come in time, and that leaves files to open to the rest.

    The server this builds on waits for ever for the end of a request that began, and takes connections until the
    process may open no more files.
    """

    def connection_made(self, transport: Any) -> None:
        """Take a connection, or end it where there are too many."""
        super().connection_made(transport)
        self._waiting_since = time.monotonic()
        self._cycle: Any = None
        own = transport.get_extra_info("socket")
        if own is not None:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # streams of machines that went away end
        if len(self.connections) > most_connections():
            transport.abort()
            return
        self._look_again = self.loop.call_later(LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if again := getattr(self, "_look_again", None):
            again.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        now, cycle = time.monotonic(), self.cycle
        if cycle is not None and not cycle.response_complete:
            if cycle is not self._cycle:
                self._cycle, self._waiting_since = cycle, now
            late = cycle.more_body and now - self._waiting_since > BODY_WITHIN
        else:
            if self._cycle is not None:
                self._cycle, self._waiting_since = None, now
            late = now - self._waiting_since > HEAD_WITHIN
        if late:
            self.transport.abort()
        else:
            self._look_again = self.loop.call_later(LOOK, self._look)


def most_connections() -> int:
    """Return how many connections are taken at once: three quarters of the files a process may open, at most 2,000."""
    try:
        import resource
    except ImportError:  # a system that sets no such limit
        return 2000
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2000 if soft == resource.RLIM_INFINITY else min(2000, soft * 3 // 4)


class Sparing(logging.Filter):
    """Lets through so many messages a minute, and says how many it left out: a fault that repeats fills no disk."""

    def __init__(self, most: int = MESSAGES) -> None:
        super().__init__()
        self.most = most
        self._began = -MINUTE
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the message is let through."""
        now = time.monotonic()
        if now - self._began >= MINUTE:
            if self._count > self.most:
                record.msg = f"{record.getMessage()} ({self._count - self.most} messages before this were left out)"
                record.args = ()
            self._began, self._count = now, 0
        self._count += 1
        return self._count <= self.most


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


def holds_cases(name: str) -> bool:
    """Whether this is a folder that is not a case and holds some. Raises StandoffError for a folder that holds none."""
    path = Path(name)
    if name in shipped() or not path.is_dir() or is_there(path / "case.yaml"):
        return False
    if not case_folders(path):
        what = "there is no case.yaml in this folder, nor in a folder in it"
        hint = f"standoff new {path / 'my-case'} starts one"
        raise StandoffError.of(what, file=name, expected="a case folder, or a folder of them", hint=hint)
    return True


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
    names: Sequence[str] = (),
    origins: Sequence[str] = (),
) -> None:
    """Serve a case, or the cases of a folder, until stopped.

    A model at ``endpoint`` is the second reader of the review page. Runs of each of several cases are kept below
    ``runs`` in a folder of its name.
    ``names`` are further names by which this machine is reached, ``origins`` the addresses of a proxy before it.
    Raises StandoffError for a case that cannot be read or an unsafe address.
    """
    names, origins = check_names(names), proxy_origins(origins)
    if not token and not loopback(host):
        what = f"{host} can be reached from other machines"
        raise StandoffError.of(what, file="--host", expected="127.0.0.1, or a --token that visitors must know")
    if not token and (names or origins):
        what = "a workbench with further names can be reached from other machines"
        file = "--name" if names else "--origin"
        raise StandoffError.of(what, file=file, expected="a --token that visitors must know")
    if token and len(token) < SHORTEST_TOKEN:
        raise StandoffError.of("the token is short", file="--token", expected=f"{SHORTEST_TOKEN} characters or more")
    second_reader = SecondReader(endpoint) if endpoint is not None else None
    several = Cases(Path(case), runs, read_only, second_reader) if holds_cases(case) else None
    if several is None:
        workspace = Workspace(case, runs, read_only=read_only, second_reader=second_reader)
        bench = Bench(workspace, Jobs(), Watcher(workspace))
        title = workspace.case.about.title
    else:
        title = f"{count(len(case_folders(several.folder)), 'case')} in {several.folder}"
    listening = bind(host, port)
    own_port = int(listening.getsockname()[1])
    own_name = socket.gethostname().lower() if host in ANY_ADDRESS else host
    addresses = addresses_to_print(own_name, own_port, token, names, origins)
    hosts = own_hosts(host, own_port, (own_name, *names), origins)
    if several is None:
        app = application(bench, hosts=hosts, origins=origins, token=token)
    else:
        app = cases_application(several, hosts=hosts, origins=origins, token=token)
    settings = uvicorn.Config(
        app,
        http=PatientConnection,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
        ws="none",
    )
    sparing = Sparing()
    for one in ("asyncio", "standoff.workbench", "uvicorn.error"):
        logging.getLogger(one).addFilter(sparing)
    print("\n".join((title, *addresses, "Ctrl-C stops the workbench.")), flush=True)
    if browser:
        webbrowser.open(addresses[0])
    uvicorn.Server(settings).run(sockets=[listening])


def addresses_to_print(host: str, port: int, token: str, names: Sequence[str], origins: Sequence[str]) -> list[str]:
    """Return the addresses that answer: those given first, since they are what others are told."""
    query = f"?token={token}" if token else ""
    own = []
    for name in (*names, host):
        bracketed = f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name
        has_port = bracketed.rpartition(":")[2].isdigit() and ":" in bracketed and not bracketed.endswith("]")
        own.append(f"http://{bracketed}/{query}" if has_port else f"http://{bracketed}:{port}/{query}")
    return [*(f"{origin}/{query}" for origin in origins), *own]
