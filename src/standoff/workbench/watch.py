"""Follows the files of the case as they are saved and tells open pages, as server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from standoff.workbench.workspace import Workspace

log = logging.getLogger("standoff.workbench")
BEAT = 15.0
AGAIN = 5.0  # seconds until the folder is watched again, where it could not be


class Watcher:
    """One watcher of the case folder, any number of listening pages."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._changed = asyncio.Event()
        self._stop = asyncio.Event()

    def close(self) -> None:
        """Let listening pages go."""
        self._stop.set()
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def watch(self) -> None:
        """Read the case again whenever a file of its folder changes, until the server stops, whatever goes wrong."""
        from watchfiles import awatch

        while not self._stop.is_set():
            try:
                async for _ in awatch(self.workspace.root, stop_event=self._stop, recursive=True):
                    await anyio.to_thread.run_sync(self.workspace.refresh)
                    self._tell()
                return
            except Exception as error:
                log.exception("the case folder cannot be watched")
                self.workspace.tell(f"the case folder cannot be watched at the moment: {str(error)[:200]}")
                self._tell()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), AGAIN)
            await anyio.to_thread.run_sync(self.workspace.refresh)  # what was saved meanwhile
            self._tell()

    async def events(self, request: Request) -> Response:
        """Answer with the problems as they change, until the page goes away."""
        return StreamingResponse(self._stream(request), media_type="text/event-stream")

    async def _stream(self, request: Request) -> AsyncIterator[str]:
        version = 0
        while not self._stop.is_set():
            changed = self._changed
            seen = self.workspace.snapshot
            if seen.version != version:
                version = seen.version
                told = {
                    "version": version,
                    "problems": len(seen.problems),
                    "errors": seen.errors,
                    "current": seen.current,
                }
                yield f"event: case\ndata: {json.dumps(told)}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), BEAT)
            except TimeoutError:
                yield ": still here\n\n"
            if await request.is_disconnected():
                return
