"""Postfix's `smtp-sink`: a mail server that takes everything and keeps nothing, or fails where a test wants it to.

with running_sink("-r", "RCPT") as sink:
    server = Server("main", "127.0.0.1", sink.port, "none")
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.delivery.processes import free_port, wait_for_port

MISSING = None if shutil.which("smtp-sink") else "smtp-sink is not installed (Debian: package postfix)"
needs_sink = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")


class Sink:
    """A sink on one port, which it keeps when it is restarted."""

    def __init__(self, port: int, options: tuple[str, ...], folder: Path) -> None:
        self.port, self.options, self.folder = port, options, folder
        self._process: subprocess.Popen[bytes] | None = None

    def messages(self) -> list[bytes]:
        """What it kept, when it was started with `keep`: lines end in LF, and what it put before each is taken off."""
        return [_without_its_own(path.read_bytes()) for path in sorted(self.folder.iterdir())]

    def start(self, *options: str) -> None:
        """Start it; with other options than before, when some are given."""
        self.options = options or self.options
        as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(
            ["smtp-sink", *as_user, *self.options, f"127.0.0.1:{self.port}", "128"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.port, self._process)

    def stop(self) -> None:
        """End it at once, with whatever it has open."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def restart(self, *options: str) -> None:
        """End it and start it on the same port."""
        self.stop()
        self.start(*options)


@contextmanager
def running_sink(*options: str, port: int | None = None, keep: bool = False) -> Iterator[Sink]:
    """A sink with these options (`man smtp-sink`: -q and -Q hang up, -r and -f refuse); with `keep` it keeps each message."""
    # Not in pytest's own folder, which only its user can enter: started by root, the sink becomes nobody.
    folder = Path(tempfile.mkdtemp(prefix="breachkit-sink-"))
    folder.chmod(0o777)
    kept = ("-d", f"{folder}/m.") if keep else ()
    sink = Sink(port or free_port(), (*kept, *options), folder)
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()
        shutil.rmtree(folder)


def _without_its_own(dumped: bytes) -> bytes:
    """The message as it came: the sink puts lines of its own (X-...) and a Received header before it."""
    lines = dumped.split(b"\n")
    while lines[0].startswith((b"X-", b"Received: from ", b"\t")):
        lines.pop(0)
    return b"\n".join(lines)
