"""The screens in a browser: served to this machine's own pages, and to nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import aiohttp
import psutil
import pytest

from tutor.core.workspace import Workspace


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def served(workspace: Workspace, port: int) -> Iterator[subprocess.Popen[str]]:
    """A server on that port, once it has said that it is there."""
    words = ["--course", workspace.course.root, "--workspace", workspace.root, "serve", "--port", port]
    command = [sys.executable, "-P", "-m", "tutor", *map(str, words)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=dict(os.environ)) as process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline() == f"The tutor is at http://localhost:{port} (Ctrl-C ends it).\n"
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


async def there(session: aiohttp.ClientSession, url: str) -> None:
    """Waits until the server listens."""
    for _ in range(100):
        with contextlib.suppress(aiohttp.ClientConnectorError):
            await session.head(url)
            return
        await asyncio.sleep(0.1)


async def drawn_in_browser(session: aiohttp.ClientSession, url: str) -> str:
    """What comes over the websocket of a page of the server's own until the course and the keys were drawn."""
    text = b""
    async with session.ws_connect(f"{url}/ws?width=90&height=30", origin=url) as websocket:
        while b"Toy course" not in text or b"Quit" not in text:
            text += (await asyncio.wait_for(websocket.receive(), 30)).data or b""
    return text.decode("utf-8", "replace")


async def test_a_page_is_served_with_the_screens_in_it_but_to_no_other_page(served, port):
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        await there(session, url)
        async with session.get(url) as page:
            assert page.status == 200
            html = await page.text()
            assert f"ws://127.0.0.1:{port}/ws" in html and "<title>tutor</title>" in html
        addresses = re.findall(r'(?:src|href|url)[=(]"(?!data:|ws:)([^"]+)"', html)
        assert len(addresses) == 4 and all(each.startswith(url) for each in addresses), "nothing comes from elsewhere"
        for address in addresses:
            async with session.get(address) as part:
                assert part.status == 200
        for origin in ("http://elsewhere.example", ""):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(f"{url}/ws", headers={"Origin": origin} if origin else {})
            assert refused.value.status == 403
        async with session.get(url, headers={"Host": "elsewhere.example"}) as page:
            assert page.status == 403
        assert "of 4 passed" in await drawn_in_browser(session, url)


async def test_an_open_page_keeps_the_server_not_from_ending(served, port):
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        await there(session, url)
        async with session.ws_connect(f"{url}/ws?width=90&height=30", origin=url) as websocket:
            await asyncio.wait_for(websocket.receive(), 30)
            programs = psutil.Process(served.pid).children(recursive=True)
            assert programs
            served.send_signal(signal.SIGTERM)
            while (await asyncio.wait_for(websocket.receive(), 30)).type is aiohttp.WSMsgType.BINARY:
                pass
    assert await asyncio.to_thread(served.wait, 30) == 0
    assert psutil.wait_procs(programs, 20)[1] == []


def test_a_port_that_is_taken_is_one_sentence(tutor):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = tutor("serve", "--host", "127.0.0.1", "--port", taken.getsockname()[1])
    assert done.returncode == 2
    assert "Choose another --port." in done.stderr and "Traceback" not in done.stderr


def test_an_address_that_others_reach_is_warned_of(tutor):
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        done = tutor("serve", "--host", "0.0.0.0", "--port", taken.getsockname()[1])
    assert "can run code as you and change your files" in done.stderr


def test_without_the_extra_the_pip_line_is_said(tutor, tmp_path, monkeypatch):
    (tmp_path / "textual_serve").mkdir()
    (tmp_path / "textual_serve" / "__init__.py").write_text("raise ModuleNotFoundError(name='textual_serve')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = tutor("serve")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("a package that is not here (textual_serve): pip install textual-serve")
