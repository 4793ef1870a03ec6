"""A mail server that counts on its own: the Message-ID of each message is on file before the server says that it took it.

    python -m tests.outbox.counting_sink PORT FILE

It may be killed at any moment and started again on the same file. A recipient whose address begins with `nobody` is refused.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Final

LINE: Final = 33
"""Bytes of one line in the file: the 32 digits before the @ of a Message-ID."""
_ID: Final = re.compile(rb"^Message-ID: <([0-9a-f]{32})@", re.MULTILINE)
_OK: Final = b"250 2.0.0 Ok\r\n"
_REPLIES: Final = {
    b"EHLO": b"250-sink.test\r\n250-SIZE 10000000\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
    b"RCPT": b"250 2.1.5 Ok\r\n",
}


def accepted(path: Path) -> list[str]:
    """The ids in the file, in the order they came."""
    return path.read_text("ascii").split() if path.exists() else []


def number_accepted(path: Path) -> int:
    """How many there are, without reading them."""
    return path.stat().st_size // LINE if path.exists() else 0


class _Talk(asyncio.Protocol):
    """One connection."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._held = b""
        self._content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink.test\r\n")

    def data_received(self, data: bytes) -> None:
        self._held += data
        while self._step():
            pass

    def _step(self) -> bool:
        whole, end, rest = self._held.partition(b"\r\n.\r\n" if self._content else b"\r\n")
        if not end:
            return False
        self._held = rest
        if self._content:
            found = _ID.search(whole)
            assert found, "a message without an id of ours"
            os.write(self._file, found[1] + b"\n")
            self._content = False
            self._transport.write(_OK)
            return True
        word = whole[:4].upper()
        if word == b"RCPT" and b"<nobody" in whole:
            self._transport.write(b"550 5.1.1 no such user\r\n")
            return True
        self._content = word == b"DATA"
        self._transport.write(_REPLIES.get(word, _OK))
        return True


async def _serve(port: int, path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    server = await asyncio.get_running_loop().create_server(lambda: _Talk(file), "127.0.0.1", port, backlog=128)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
