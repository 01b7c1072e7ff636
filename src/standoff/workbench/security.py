"""What keeps the workbench on this machine: Host check, no cross-site posts, limits, a token where one is set.

A page of another site may make a browser send requests to 127.0.0.1 (or to a name that resolves to it), so the address
alone protects nothing: the Host header must be ours, and whatever changes something must come from our own pages.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from standoff.errors import StandoffError
from standoff.views.drawing import STYLE

MAX_BODY = 64 * 1024
COOKIE = "standoff-token"
SAFE = ("GET", "HEAD", "OPTIONS")
WRONG_TOKENS = 10  # tries of one address within ``TOKEN_MINUTE`` seconds, after which none of its tries is looked at
TOKEN_MINUTE = 60.0
MOST_ADDRESSES = 1000  # of wrong tries, that are remembered
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound
CHANGES_NOTHING = ("/futures/", "/forecast/")  # where forms compute, and leave the case as it is
# The style inside a figure that is opened by itself: named by its hash, so that no other style may stand in a page.
FIGURE_STYLE = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {FIGURE_STYLE}",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class TooLarge(Exception):
    """A request body is larger than allowed."""


def own_hosts(host: str, port: int, names: Iterable[str] = (), origins: Iterable[str] = ()) -> frozenset[str]:
    """Return the Host headers that are ours: the address we listen on, this machine's loopback, and what was given.

    ``names`` are further names of this machine, with or without a port; ``origins`` are addresses of a proxy before
    it, from ``proxy_origins``.
    """
    own = {host, "127.0.0.1", "localhost", "[::1]", *(name.lower() for name in names)} - set(ANY_ADDRESS)
    own = {f"[{n}]" if n.count(":") > 1 and not n.startswith("[") else n for n in own}
    whole = {n for n in own if re.search(r":\d+$", n)}
    bare = own - whole
    proxies = {urlsplit(origin).netloc for origin in origins}
    return frozenset({f"{n}:{port}" for n in bare} | (bare if port == 80 else set()) | whole | proxies)


def check_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return host names as they are compared. Raises StandoffError for all that are none."""
    names = tuple(names)
    bad = [
        n
        for n in names
        if not re.fullmatch(r"(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-fA-F:.]+\]|[0-9a-fA-F:.]+)(?::\d{1,5})?", n)
    ]
    if bad:
        expected = "a name or address of this machine, such as desk.local or 192.168.1.20"
        what = f"{', '.join(repr(n[:80]) for n in bad)} is not a host name"
        hint = "an address with https:// in front is given by --origin" if any("/" in n for n in bad) else ""
        raise StandoffError.of(what, file="--name", expected=expected, hint=hint)
    return tuple(n.lower() for n in names)


def proxy_origins(origins: Iterable[str]) -> tuple[str, ...]:
    """Return origins as browsers send them. Raises StandoffError for all that are none."""
    read, bad = [], []
    for origin in origins:
        try:
            parts = urlsplit(origin.strip().lower())
            sound = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
            sound = sound and not (parts.query or parts.fragment or "@" in parts.netloc)
            usual = {"http": 80, "https": 443}.get(parts.scheme)
            netloc = parts.netloc.removesuffix(f":{usual}") if parts.port == usual else parts.netloc
        except ValueError:
            sound = False
        if sound:
            read.append(f"{parts.scheme}://{netloc}")
        else:
            bad.append(origin[:80])
    if bad:
        what = f"{', '.join(map(repr, bad))} is not an origin"
        expected = "the address that browsers show, without a path, such as https://desk.example.org"
        raise StandoffError.of(what, file="--origin", expected=expected)
    return tuple(read)


class Guard:
    """ASGI middleware: refuses foreign hosts, cross-site posts, large bodies and missing tokens; sets headers.

    ``origins`` are the addresses of proxies that may change the Host. ``larger`` gives paths whose requests may be
    larger than ``max_body`` bytes, and how large. ``read_only`` refuses all that would change the case. ``below``
    matches what stands before such paths, where several cases are served.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        origins: Iterable[str] = (),
        token: str = "",
        max_body: int = MAX_BODY,
        larger: Mapping[str, int] | None = None,
        read_only: bool = False,
        below: str = "",
    ) -> None:
        self.app = app
        self._below = re.compile(below)
        self.hosts = frozenset(hosts)
        self.origins = frozenset(origins)
        self._cookie = secrets.token_urlsafe(32)  # not the token: cookies are let in however many tokens are tried
        self._wrong: dict[str, list[float]] = {}
        self.token = token
        self.max_body = max_body
        self.larger = dict(larger or {})
        self.read_only = read_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refuse(scope, headers)
        if refused is not None:
            await refused(scope, receive, _with_headers(send))
            return
        size, most = 0, self._most(scope)

        async def limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                raise TooLarge
            return message

        try:
            await self.app(scope, limited, _with_headers(send))
        except TooLarge:
            await _answer(413, "the request is too large")(scope, receive, _with_headers(send))

    def _most(self, scope: Scope) -> int:
        return self.larger.get(self._path(scope), self.max_body)

    def _path(self, scope: Scope) -> str:
        return self._below.sub("", scope["path"], count=1)

    def _refuse(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if host.lower() not in self.hosts and host.lower() != _reached(scope):
            return _answer(421, f"this is not {host[:80]!r}; open the address the workbench printed")
        if scope["method"] not in SAFE:
            origin = urlsplit(headers.get("origin", ""))
            same = origin.scheme in ("http", "https") and origin.netloc.lower() == host.lower()
            if not same and f"{origin.scheme}://{origin.netloc}".lower() not in self.origins:
                return _answer(403, "a change must come from a page of the workbench itself")
            if headers.get("sec-fetch-site", "same-origin") != "same-origin":
                return _answer(403, "a change must come from a page of the workbench itself")
            if self.read_only and not self._path(scope).startswith(CHANGES_NOTHING):
                return _answer(403, "this workbench shows the case and does not change it (--read-only)")
            length = headers.get("content-length", "0")
            if not length.isdigit() or int(length) > self._most(scope):
                return _answer(413, "the request is too large")
        return self._ask_token(scope, headers) if self.token else None

    def _ask_token(self, scope: Scope, headers: Headers) -> Response | None:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        if cookie and _same(cookie.value, self._cookie):
            return None
        bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        token = bearer or next((value for key, value in query if key == "token"), "")
        if not token:
            return _answer(401, "this workbench asks for its token: open the address it printed")
        visitor, now = (scope.get("client") or ("",))[0], time.monotonic()
        wrong = [at for at in self._wrong.get(visitor, []) if now - at < TOKEN_MINUTE]
        if len(wrong) >= WRONG_TOKENS:
            answer = _answer(429, "too many wrong tokens: wait a minute, then open the address the workbench printed")
            answer.headers["Retry-After"] = str(int(TOKEN_MINUTE))
            return answer
        if not _same(token, self.token):
            self._wrong.pop(visitor, None)
            while len(self._wrong) >= MOST_ADDRESSES:
                self._wrong.pop(next(iter(self._wrong)))
            self._wrong[visitor] = [*wrong, now]
            return _answer(401, "this is not the token: open the address the workbench printed")
        if bearer:
            return None
        rest = urlencode([(k, v) for k, v in query if k != "token"])
        # One slash only: browsers take //name and /\\name for another site.
        path = "/" + re.sub(r"^[/\\\x00-\x20]+", "", scope["path"])
        answer = RedirectResponse(path + (f"?{rest}" if rest else ""), status_code=303)
        answer.set_cookie(COOKIE, self._cookie, httponly=True, samesite="strict")
        return answer


def _reached(scope: Scope) -> str:
    """Return the address of this machine that a request came in by: an address cannot be pointed here by another."""
    address, port = scope.get("server") or ("", 0)
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _same(token: str, secret: str) -> bool:
    return bool(token) and secrets.compare_digest(token.encode(), secret.encode())


def _answer(status: int, text: str) -> Response:
    return PlainTextResponse(text + "\n", status_code=status)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
