"""What keeps the workbench on this machine: Host check, no cross-site posts, limits, a token where one is set.

A page of another site may make a browser send requests to 127.0.0.1 (or to a name that resolves to it), so the address
alone protects nothing: the Host header must be ours, and whatever changes something must come from our own pages.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from standoff.views.drawing import STYLE

MAX_BODY = 64 * 1024
COOKIE = "standoff-token"
SAFE = ("GET", "HEAD", "OPTIONS")
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


def own_hosts(host: str, port: int) -> frozenset[str]:
    """Return the Host headers that are ours: the address we listen on and the names of this machine's loopback."""
    names = {host, "127.0.0.1", "localhost", "[::1]"} - {"0.0.0.0", "::"}  # noqa: S104 - taken out, not bound
    names = {f"[{n}]" if ":" in n and not n.startswith("[") else n for n in names}
    return frozenset({f"{n}:{port}" for n in names} | (names if port == 80 else set()))


class Guard:
    """ASGI middleware: refuses foreign hosts, cross-site posts, large bodies and missing tokens; sets headers.

    ``larger`` gives paths whose requests may be larger than ``max_body`` bytes, and how large. ``read_only``
    refuses all that would change the case.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        token: str = "",
        max_body: int = MAX_BODY,
        larger: Mapping[str, int] | None = None,
        read_only: bool = False,
    ) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
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
        return self.larger.get(scope["path"], self.max_body)

    def _refuse(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if host.lower() not in self.hosts:
            return _answer(421, f"this is not {host[:80]!r}; open the address the workbench printed")
        if scope["method"] not in SAFE:
            origin = urlsplit(headers.get("origin", ""))
            if origin.scheme not in ("http", "https") or origin.netloc.lower() != host.lower():
                return _answer(403, "a change must come from a page of the workbench itself")
            if headers.get("sec-fetch-site", "same-origin") != "same-origin":
                return _answer(403, "a change must come from a page of the workbench itself")
            if self.read_only and not scope["path"].startswith(CHANGES_NOTHING):
                return _answer(403, "this workbench shows the case and does not change it (--read-only)")
            length = headers.get("content-length", "0")
            if not length.isdigit() or int(length) > self._most(scope):
                return _answer(413, "the request is too large")
        return self._ask_token(scope, headers) if self.token else None

    def _ask_token(self, scope: Scope, headers: Headers) -> Response | None:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if any(_same(token, self.token) for token in (cookie.value if cookie else "", bearer)):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        token = next((value for key, value in query if key == "token"), "")
        if not _same(token, self.token):
            return _answer(401, "this workbench asks for its token: open the address it printed")
        rest = urlencode([(k, v) for k, v in query if k != "token"])
        answer = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), status_code=303)
        answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
        return answer


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
