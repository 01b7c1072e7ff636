"""A local server that speaks the chat protocol with answers a test sets, hostile ones among them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ChatServer:
    """Answers every question with ``answer``: claims, text, bytes, or what a function makes of the question."""

    def __init__(self) -> None:
        self.questions: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Any = []
        self.statuses: list[tuple[int, dict[str, str]]] = []  # before answers
        self.wait = 0.0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.questions.append(body)
                server.headers.append(dict(self.headers))
                status, more = server.statuses.pop(0) if server.statuses else (200, {})
                time.sleep(server.wait)
                answer = server.answer(body) if callable(server.answer) else server.answer
                if isinstance(answer, list):
                    answer = json.dumps({"claims": answer}, ensure_ascii=False)
                if isinstance(answer, str):
                    answer = json.dumps({"choices": [{"message": {"role": "assistant", "content": answer}}]}).encode()
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                try:
                    self.wfile.write(answer)
                except OSError:  # the reader has hung up
                    return

            def log_message(self, *_args: Any) -> None:
                return

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    def clear(self) -> None:
        self.questions.clear()
        self.headers.clear()
        self.statuses.clear()
        self.answer, self.wait = [], 0.0

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


Answer = Callable[[dict[str, Any]], Any]
