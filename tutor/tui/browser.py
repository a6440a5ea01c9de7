"""The screens in a browser, through textual-serve: a page, and a websocket with a program of its own behind it.

Whoever can open the websocket runs code as the user. A page from elsewhere, open in the same browser, can reach a
server on this machine too: so a websocket is given only to a page that this server itself sent (Origin and Host agree,
and on this machine only, Host is a name of this machine: a foreign name can be made to point here).
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

_PAGE = Path(__file__).with_name("browser_page")
"""Ours: the package's own asks a host elsewhere for its font, and leaves the keys with the browser."""
LOCAL = ("localhost", "127.0.0.1", "::1")


class TutorServer(Server):
    """Serves the screens to browsers; each page starts the command anew."""

    def __init__(self, command: str, host: str, port: int) -> None:
        super().__init__(command, host=host, port=port, title="tutor", templates_path=_PAGE)
        self._only_here = host in LOCAL
        self._open: set[asyncio.Task[object]] = set()
        """What serves the pages that are open."""

    def initialize_logging(self) -> None:
        """Logs nothing: stderr is for what the user must know, not that a program ended after the server."""
        logging.getLogger("asyncio").setLevel(logging.ERROR)

    async def on_startup(self, app: web.Application) -> None:
        """Says where the page is, unless the address turns out to be taken: listening begins right after this."""
        asyncio.get_running_loop().call_later(0.3, self._say)

    def _say(self) -> None:
        print(f"The tutor is at {self.public_url} (Ctrl-C ends it).", file=sys.stderr, flush=True)

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page, with addresses as the browser reached it."""
        self._check_host(request)
        self.public_url = f"{request.scheme}://{request.host}"
        return await super().handle_index(request)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """The connection to a program, for a page of ours only."""
        self._check_host(request)
        if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
            raise web.HTTPForbidden(text="Open the page of this server itself; other pages may not run it.")
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            return await super().handle_websocket(request)
        finally:
            self._open.discard(task)

    async def on_shutdown(self, app: web.Application) -> None:
        """Ends the programs behind open pages; without it the server would wait a minute for their browsers."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _check_host(self, request: web.Request) -> None:
        if self._only_here and urlsplit(f"//{request.host}").hostname not in LOCAL:
            raise web.HTTPForbidden(text="This server is for this machine only: open it as localhost.")
