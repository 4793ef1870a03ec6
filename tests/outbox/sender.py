"""One sender as a process of its own, to be killed: the outbox's real engine on a released vault, to one server on a port.

    python -m tests.outbox.sender DATABASE PORT [--lease SECONDS] [--die WHERE:AFTER]

It says on stdout, as lines of JSON, what it settled and how it ended. With `--die` it kills itself with SIGKILL at one of
`POINTS`, the so-manieth time it comes by: where a driver from outside would hit once in a thousand tries.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from breachkit.delivery.smtp import SmtpTransport
from breachkit.domain.mail_servers import Server
from breachkit.storage.replies import ReplyLog
from breachkit.storage.vault_sending import LEASE, SendingDesk
from breachkit.workflow.outbox.sending import at_the_desk, send
from breachkit.workflow.workspace import Workspace
from tests.outbox.filling import MAIL_FROM

CONNECTIONS: Final = 4
POINTS: Final = {
    "in-exchange": "half a millisecond into a transaction",
    "taken": "what was taken is committed, and no lane has it yet",
    "begun": "noted as begun, not one byte sent",
    "sent": "the server's reply came and is not noted yet",
    "replied": "the reply is noted, and not yet in the database",
    "in-recovery": "half a millisecond into settling by replies",
    "resolved": "settled by replies, the rest not yet in doubt",
    "doubted": "in doubt, and the dead sender's log not yet taken away",
}
SENDING: Final = ("in-exchange", "taken", "begun", "sent", "replied")
RECOVERING: Final = ("in-recovery", "resolved", "doubted")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _soon() -> None:
    def wait_and_die() -> None:
        time.sleep(0.0005)
        _die()

    threading.Thread(target=wait_and_die, daemon=True).start()


def _rig(owner: type, name: str, after: int, *, before: bool, how: Callable[[], None] = _die) -> None:
    """From the so-manieth call on, die before or after it."""
    real = getattr(owner, name)
    calls = 0

    def rigged(*words: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if before and calls >= after:
            how()
        said = real(*words, **more)
        if not before and calls >= after:
            how()
        return said

    setattr(owner, name, rigged)


def _arrange(where: str, after: int) -> None:
    match where:
        case "in-exchange":
            _rig(SendingDesk, "exchange", after, before=True, how=_soon)
        case "taken":
            _rig(SendingDesk, "exchange", after, before=False)
        case "begun":
            _rig(ReplyLog, "begun", after, before=False)
        case "sent":
            _rig(ReplyLog, "replied", after, before=True)
        case "replied":
            _rig(ReplyLog, "replied", after, before=False)
        case "in-recovery":
            _rig(SendingDesk, "resolve", after, before=True, how=_soon)
        case "resolved":
            _rig(SendingDesk, "resolve", after, before=False)
        case "doubted":
            _rig(SendingDesk, "doubt", after, before=False)


def main() -> int:
    """Send until nothing is left. 0 when nothing is queued afterwards."""
    options = argparse.ArgumentParser()
    options.add_argument("database")
    options.add_argument("port", type=int)
    options.add_argument("--lease", type=int, default=LEASE)
    options.add_argument("--die", default="")
    said = options.parse_args()
    if said.die:
        where, _, after = said.die.partition(":")
        _arrange(where, int(after))
    space = Workspace(database=said.database, actor="storm")
    server = Server("sink", "127.0.0.1", said.port, "none", connections=CONNECTIONS)
    with space.vault() as vault, at_the_desk(space, vault, lease=said.lease) as (desk, log, settled):
        print(json.dumps({"settled": asdict(settled)}), flush=True)
        transport = SmtpTransport([server], {}, hello="storm.example.com")
        released = [one for one in vault.dispatches() if one.state == "released"]
        ended = asyncio.run(
            send(space, desk, log, released, transport, mail_from=MAIL_FROM, progress=lambda _: None, tell=_tell)
        )
    print(json.dumps({"handed": ended.handed, "next_due": ended.next_due, "elsewhere": ended.elsewhere}), flush=True)
    return 0 if ended.next_due is None else 1


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
