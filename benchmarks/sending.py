"""Mail out of the crash-safe outbox against tools that keep nothing. Run by hand: python benchmarks/sending.py.

Every side sends the letter that breachkit ships for its sample incident, one message to each person, over four connections to
one and the same `smtp-sink` (Postfix), in turn, round by round; a ratio is the median of the rounds' ratios, with the lowest
and the highest. The outbox has each message on disk as being sent before a byte of it leaves, and its reply soon after.

  --peers FOLDER     a virtual environment with mailmerge (else it is left out)
  --only NAME ...    some of: sending, store, limits
  --messages N       for each side and round (6,000)
  --json             the figures for a program

PostgreSQL is left out where its programs are not installed. Databases lie in the temporary folder: name a real disk by TMPDIR.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import sending_limits
import sending_store
from sending_house import MAIL_FROM, Stores, addressed, messages, run_bare_lanes, run_outbox

from breachkit.delivery.smtp import SmtpTransport
from breachkit.domain.envelope import Outgoing
from breachkit.domain.mail_servers import Server

CONNECTIONS = 4
GOALS = {"outbox, SQLite / bare aiosmtplib": 0.8, "outbox, SQLite / mailmerge": 2.0, "outbox, SQLite / smtp-source": 0.5}
"""How many times as many messages in the same time. The last is a limit to look at and no promise."""
FIRM = frozenset(list(GOALS)[:2])


@contextmanager
def sink() -> Iterator[int]:
    """A server that takes everything and keeps nothing; its port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    with subprocess.Popen([program, *user, f"127.0.0.1:{port}", "128"], stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(500):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.01)
            yield port
        finally:
            process.kill()


async def bare(port: int, letters: list[tuple[str, bytes]]) -> None:
    """What a program of ten lines does: four connections, aiosmtplib's own `sendmail`, nothing noted anywhere."""
    import aiosmtplib

    waiting = iter(letters)

    async def lane() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        for to, message in waiting:
            await client.sendmail(MAIL_FROM, [to], message)
        await client.quit()

    await asyncio.gather(*(lane() for _ in range(CONNECTIONS)))


async def lanes_alone(port: int, letters: list[tuple[str, bytes]]) -> None:
    """breachkit's own lanes and no outbox: what of the time is mail, and what the outbox."""
    waiting = iter([Outgoing(f"{number:032x}", MAIL_FROM, to, message) for number, (to, message) in enumerate(letters)])

    async def work(lane: Any) -> None:
        for one in waiting:
            await lane.ready()
            assert (await lane.send(one)).result == "sent"

    async with SmtpTransport([Server("sink", "127.0.0.1", port, "none", connections=CONNECTIONS)], {}, hello="a.test") as way:
        await asyncio.gather(*(work(lane) for lane in way.lanes))


def smtp_source(port: int, number: int, letter: bytes, folder: Path) -> float:
    """Messages a second of Postfix's own generator in C, which reads no list of people and one letter once."""
    program = shutil.which("smtp-source") or "/usr/sbin/smtp-source"
    (folder / "letter").write_bytes(letter.replace(b"\r\n", b"\n"))
    words = [program, "-s", str(CONNECTIONS), "-d", "-m", str(number), "-f", MAIL_FROM, "-t", "reader@letters.test", "-F"]
    began = time.perf_counter()
    subprocess.run([*words, str(folder / "letter"), f"127.0.0.1:{port}"], check=True, capture_output=True)
    return number / (time.perf_counter() - began)


def mailmerge(peers: Path, port: int, letter: bytes, folder: Path) -> float:
    """Messages a second of mailmerge really sending, its start taken off; it connects anew for each."""
    text = letter.partition(b"\r\n\r\n")[2].decode("utf-8", "replace").replace("{", "(").replace("\r", "")
    (folder / "template.txt").write_text(f"TO: {{{{email}}}}\nSUBJECT: Notice\nFROM: {MAIL_FROM}\n\n{text}")
    (folder / "server.conf").write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n")
    took = []
    words = [peers / "bin" / "mailmerge", "--no-dry-run", "--no-limit"]
    files = ["--template", "template.txt", "--database", "people.csv", "--config", "server.conf"]
    for number in (1, 301):
        people = (f"reader{n}@letters.test" for n in range(number))
        (folder / "people.csv").write_text("\n".join(["email", *people, ""]))
        began = time.perf_counter()
        subprocess.run([*words, *files], cwd=folder, check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return 300 / (took[1] - took[0])


def sending(said: argparse.Namespace) -> dict[str, Any]:
    """All sides in turn."""
    letters = messages(said.messages)
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        port = stack.enter_context(sink())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stores = stack.enter_context(Stores.made(folder, addressed(letters)))

        def timed(work: Callable[[], object]) -> float:
            began = time.perf_counter()
            work()
            return len(letters) / (time.perf_counter() - began)

        for number in range(said.rounds):
            rates.setdefault("bare aiosmtplib", []).append(timed(lambda: asyncio.run(bare(port, letters))))
            rates.setdefault("lanes, no outbox", []).append(timed(lambda: asyncio.run(lanes_alone(port, letters))))
            for name in stores.names:
                with stores.fresh(name) as where:
                    rates.setdefault(f"outbox, {name}", []).append(run_outbox(where, port, len(letters), CONNECTIONS))
            rates.setdefault("smtp-source", []).append(smtp_source(port, 3 * len(letters), letters[0][1], folder))
            if said.peers is not None and number < 3:
                rates.setdefault("mailmerge", []).append(mailmerge(said.peers, port, letters[0][1], folder))
    against = {
        "bare aiosmtplib": ("outbox, SQLite", "outbox, SQLCipher", "outbox, PostgreSQL", "lanes, no outbox"),
        "mailmerge": ("outbox, SQLite", "outbox, SQLCipher", "outbox, PostgreSQL"),
        "lanes, no outbox": ("outbox, SQLite",),
        "smtp-source": ("outbox, SQLite", "lanes, no outbox"),
    }
    ratios = {
        f"{one} / {other}": ratio(rates[one], rates[other])
        for other, ours in against.items()
        for one in ours
        if one in rates and other in rates
    }
    return {
        "messages_per_second": {name: round(statistics.median(found)) for name, found in rates.items()},
        "ratios": ratios,
        "bytes_of_a_message": len(letters[0][1]),
    }


def limits(said: argparse.Namespace) -> dict[str, Any]:
    """How far from Postfix's generator each layer is, and what an experiment without them reaches."""
    letters = messages(said.messages)
    rates: dict[str, list[float]] = {}
    with sink() as port, tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        stores = stack.enter_context(Stores.made(folder, addressed(letters), files_alone=True))
        sides: dict[str, Callable[[], Any]] = {
            "lanes, no outbox": lambda: lanes_alone(port, letters),
            "bare protocol": lambda: sending_limits.raw(port, letters, together=False),
            "bare protocol, pipelined": lambda: sending_limits.raw(port, letters, together=True),
        }
        for _ in range(said.rounds):
            for name, work in sides.items():
                began = time.perf_counter()
                asyncio.run(work())
                rates.setdefault(name, []).append(len(letters) / (time.perf_counter() - began))
            for name, run in (
                ("outbox, SQLite", run_outbox),
                ("outbox, SQLite, on the bare protocol, pipelined", run_bare_lanes),
            ):
                with stores.fresh("SQLite") as where:
                    rates.setdefault(name, []).append(run(where, port, len(letters), CONNECTIONS))
            rates.setdefault("smtp-source", []).append(smtp_source(port, 3 * len(letters), letters[0][1], folder))
    return {
        "messages_per_second": {name: round(statistics.median(found)) for name, found in rates.items()},
        "ratios": {
            f"{name} / smtp-source": ratio(rates[name], rates["smtp-source"]) for name in rates if name != "smtp-source"
        },
    }


def ratio(one: list[float], other: list[float]) -> list[float]:
    """The median of the rounds' ratios, the lowest and the highest."""
    found = sorted(a / b for a, b in zip(one, other, strict=False))
    return [round(statistics.median(found), 2), round(found[0], 2), round(found[-1], 2)]


def shown(figures: dict[str, Any]) -> Iterator[str]:
    """The figures as a table."""
    for name, found in figures.items():
        yield f"\n{name}"
        for what, number in found.get("messages_per_second", {}).items():
            yield f"  {what:<62} {number:>9,} messages/s"
        for what, number in found.get("microseconds", {}).items():
            yield f"  {what:<62} {number:>9.1f} us each"
        for what, (middle, low, high) in found.get("ratios", {}).items():
            goal = GOALS.get(what)
            met = "" if goal is None else f"   goal {goal:g}: {'met' if middle >= goal else 'missed'}"
            yield f"  {what:<62} {middle:>9.2f} x  ({low:.2f}-{high:.2f}){met}"


def main() -> None:
    """Measure, print, and fail when a firm goal is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=lambda text: Path(text).absolute())
    options.add_argument("--only", nargs="*", default=["sending", "limits", "store"])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--messages", type=int, default=6_000)
    options.add_argument("--json", action="store_true")
    said = options.parse_args()
    sections: dict[str, Callable[[], dict[str, Any]]] = {
        "sending": lambda: sending(said),
        "limits": lambda: limits(said),
        "store": lambda: sending_store.store(said.rounds),
    }
    figures = {name: work() for name, work in sections.items() if name in said.only}
    print(json.dumps(figures, indent=1) if said.json else "\n".join(shown(figures)))
    ratios = figures.get("sending", {}).get("ratios", {})
    if missed := [what for what in FIRM if what in ratios and ratios[what][0] < GOALS[what]]:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
