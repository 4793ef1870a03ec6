"""A mail server on loopback that plays a script: what it answers, and where it hangs up, falls silent or says nonsense.

For what `smtp-sink` cannot play. `replies` gives for a word the lines it answers with, one after another and the last one for
good; HANG_UP and SILENCE stand for a broken connection and for one on which nothing comes. The words: CONNECT, EHLO, AUTH,
STARTTLS, MAIL, RCPT, DATA, CONTENT (the message's first byte), `.` (its final dot), RSET, NOOP, QUIT.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

HANG_UP = "hang up"
SILENCE = "silence"
USUAL = {
    "CONNECT": "220 scripted.example ESMTP",
    "EHLO": "250-scripted.example\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 SMTPUTF8",
    "DATA": "354 go on",
    ".": "250 2.0.0 Ok: queued as ABC123",
    "QUIT": "221 bye",
    "AUTH": "235 come in",
}


@dataclass
class Scripted:
    """What it answers, and what it saw."""

    replies: dict[str, list[str]]
    port: int = 0
    said: list[bytes] = field(default_factory=list)
    """Every line that came, without its end and without messages."""
    messages: list[bytes] = field(default_factory=list)
    """Every message that came to its final dot, as it was before dots were doubled."""
    connections: int = 0
    open_now: int = 0

    def count(self, word: str) -> int:
        """How often a command came."""
        return sum(1 for line in self.said if line.upper().startswith(word.encode()))

    def reply_to(self, word: str) -> str:
        """The next answer to it."""
        left = self.replies.get(word)
        if not left:
            return USUAL.get(word, "250 2.0.0 Ok")
        return left.pop(0) if len(left) > 1 else left[0]


class _Over(Exception):
    """The connection ends here."""


@asynccontextmanager
async def scripted(**replies: str | Sequence[str]) -> AsyncIterator[Scripted]:
    """A server that answers so; `END` stands for the final dot in keywords."""
    script: Mapping[str, str | Sequence[str]] = {"." if word == "END" else word: said for word, said in replies.items()}
    one = Scripted({word: [said] if isinstance(said, str) else list(said) for word, said in script.items()})
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        one.connections += 1
        one.open_now += 1
        with suppress(_Over, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _play(one, reader, writer)
        one.open_now -= 1
        writer.transport.abort()
        tasks.discard(task)

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 24)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _play(one: Scripted, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _answer(one, "CONNECT", reader, writer)
    while line := await reader.readline():
        one.said.append(line.rstrip(b"\r\n"))
        word = line.split()[0].decode("ascii", "replace").upper() if line.split() else ""
        answer = await _answer(one, word, reader, writer)
        if word == "QUIT":
            return
        if word == "DATA" and answer.startswith("354"):
            await _take(one, reader, writer)


async def _take(one: Scripted, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if "CONTENT" in one.replies:
        await reader.readexactly(1)
        await _answer(one, "CONTENT", reader, writer)
    content = await reader.readuntil(b"\r\n.\r\n")
    one.messages.append((b"\r\n" + content[:-3]).replace(b"\r\n..", b"\r\n.")[2:])
    await _answer(one, ".", reader, writer)


async def _answer(one: Scripted, word: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    answer = one.reply_to(word)
    if answer == HANG_UP:
        raise _Over
    if answer == SILENCE:
        while await reader.read(1 << 16):
            pass
        raise _Over
    writer.write(answer.encode("latin-1") + b"\r\n")
    await writer.drain()
    return answer
