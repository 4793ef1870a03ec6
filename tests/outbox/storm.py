"""The outbox under fire: senders killed at random moments, the mail server and the database's server restarted under them.

    python -m tests.outbox.storm --messages 100000 --kills 50 --sink-restarts 5
    python -m tests.outbox.storm --messages 100000 --kills 50 --sink-restarts 5 --postgres --senders 3 --server-restarts 5 \\
        --stop

What happened is asked of the mail server's own count and of the database by its own driver, never of breachkit. A message the
server took whose envelope is in doubt is right: its reply was lost. One that is still queued would be sent twice.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from breachkit.storage.vault import Vault, vault_path
from breachkit.workflow.outbox.running import AHEAD
from tests.delivery.processes import free_port, wait_for_port
from tests.outbox.counting_sink import accepted, number_accepted
from tests.outbox.filling import filled
from tests.outbox.sender import CONNECTIONS, RECOVERING, SENDING
from tests.storage import servers

_ROOT = Path(__file__).parents[2]
_LOOK = 0.002
_A_GROUP = 12
"""Messages of one transaction, roughly."""


@dataclass(frozen=True)
class Plan:
    """How bad the weather is."""

    messages: int
    kills: int
    sink_restarts: int
    senders: int = 1
    server_restarts: int = 0
    stop: bool = False
    """Whether one sender is stopped (SIGSTOP) past its lease, taken for dead by another, and let go on."""
    lease: int = 3
    seed: int = 1
    patience: float = 900.0
    """Seconds after which it is given up."""


@dataclass
class Report:
    """What became of all messages."""

    statuses: Counter[str]
    taken: list[str]
    """What the mail server counted."""
    envelopes: dict[str, str]
    kills: int = 0
    sink_restarts: int = 0
    server_restarts: int = 0
    stopped: int = 0
    unstarted: int = 0
    """Senders that ended by themselves before the work was done, as the database was away when they started."""
    seconds: float = 0.0
    doubtful: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """What must never be."""
        counted = Counter(self.taken)
        said = [f"taken {number} times: {id}" for id, number in counted.items() if number > 1]
        said += [f"taken and no envelope of ours: {id}" for id in counted if id not in self.envelopes]
        for id, status in self.envelopes.items():
            if status == "sent" and id not in counted:
                said.append(f"lost, sent and never taken: {id}")
            if status in ("queued", "refused") and id in counted:
                said.append(f"{status} and yet taken: {id}")
            if status not in ("sent", "refused", "in_doubt"):
                said.append(f"left {status}: {id}")
        return said

    def __str__(self) -> str:
        there = sum(self.envelopes[id] == "in_doubt" for id in self.taken)
        per_kill = self.statuses["in_doubt"] / max(1, self.kills)
        lines = {
            "messages": len(self.envelopes),
            "kills": self.kills,
            "restarts of the mail server": self.sink_restarts,
            "restarts of the database's server": self.server_restarts,
            "senders stopped past their lease": self.stopped,
            "senders that could not start and were started again": self.unstarted,
            **dict(sorted(self.statuses.items())),
            "in doubt, and taken": there,
            "in doubt for each kill": f"{per_kill:.2f}",
            "taken by the mail server": len(self.taken),
            "taken twice": len(self.taken) - len(set(self.taken)),
            "faults": len(self.faults()),
            "seconds": f"{self.seconds:.1f}",
        }
        said = {name: value if isinstance(value, str) else f"{value:,}" for name, value in lines.items()}
        return "\n".join(f"{name:<52} {value}" for name, value in said.items())


@dataclass
class _Slot:
    """A place where a sender works; a new one sits down when the old one died."""

    home: Path
    process: subprocess.Popen[bytes] | None = None
    until: int | None = None
    """Killed from outside once so many messages were taken; None for never."""
    home_for_good: bool = False
    frozen: float | None = None


class Storm:
    """One run."""

    def __init__(self, plan: Plan, where: str, folder: Path, server: servers.Server | None = None) -> None:
        self.plan, self.where, self.folder, self.server = plan, where, folder, server
        self.random = random.Random(plan.seed)
        self.port = free_port()
        self.file = folder / "taken"
        self.report = Report(Counter(), [], {})
        self._slots = [_Slot(folder / f"home{min(number, 1)}") for number in range(plan.senders)]
        in_hand = AHEAD * CONNECTIONS * plan.senders  # when the queue is empty; who has none of them goes home, unharmed
        self._fates = sorted(self._moments(plan.kills, 0.95 - in_hand / plan.messages), reverse=True)
        acts = [(moment, "sink") for moment in self._moments(plan.sink_restarts, 0.9)]
        acts += [(moment, "server") for moment in self._moments(plan.server_restarts, 0.9)]
        acts += [(plan.messages // 3, "stop")] if plan.stop else []
        self._acts = sorted(acts, reverse=True)

    def _moments(self, number: int, until: float) -> list[int]:
        return [self.random.randrange(int(self.plan.messages * until)) for _ in range(number)]

    def run(self) -> Report:
        """Fill the outbox, send through the storm, and count."""
        with Vault.open(self.where) as vault:
            filled(vault, self.plan.messages, nobody=97)
        with ExitStack() as stack:
            self._log: IO[bytes] = stack.enter_context((self.folder / "said").open("wb"))
            self._start_sink()
            stack.callback(self._end)
            began = time.monotonic()
            while not self._calm():
                assert time.monotonic() - began < self.plan.patience, f"it takes too long; see {self.folder}/said"
                for slot in self._slots:
                    self._look_at(slot)
                while self._acts and number_accepted(self.file) >= self._acts[-1][0]:
                    self._act(self._acts.pop()[1])
                time.sleep(_LOOK)
            self.report.seconds = time.monotonic() - began
        self._count()
        return self.report

    def _calm(self) -> bool:
        return not self._acts and all(slot.home_for_good for slot in self._slots)

    # -- senders ---------------------------------------------------------------------------------------------------------

    def _look_at(self, slot: _Slot) -> None:
        if slot.process is None:
            if not slot.home_for_good or self._acts:
                self._sit_down(slot)
            return
        code = slot.process.poll()
        if code is None:
            self._kill_or_wake(slot)
            return
        slot.process = None
        slot.frozen = None
        if code == -signal.SIGKILL:
            self.report.kills += 1
        slot.home_for_good = code == 0
        if code > 0:
            self.report.unstarted += 1
            self._fates += [] if slot.until is None else [slot.until]
            time.sleep(0.2)

    def _kill_or_wake(self, slot: _Slot) -> None:
        assert slot.process is not None
        if slot.frozen is not None:
            if time.monotonic() > slot.frozen:
                slot.process.send_signal(signal.SIGCONT)
                slot.frozen = None
        elif slot.until is not None and number_accepted(self.file) >= slot.until:
            time.sleep(self.random.random() * 0.02)
            slot.process.kill()
            slot.process.wait()

    def _sit_down(self, slot: _Slot) -> None:
        """The next sender, and how it will end: from outside, at a point of its own, or, the last ones, not at all."""
        words = [sys.executable, "-m", "tests.outbox.sender", self.where, str(self.port), "--lease", str(self.plan.lease)]
        slot.until = None
        if self._fates:
            moment, now = self._fates.pop(), number_accepted(self.file)
            slot.until = max(moment, now)
            if (chance := self.random.random()) < 0.4:
                point = self.random.choice(SENDING)
                mine = max(1, (slot.until - now) * 2 // 3 // self.plan.senders)
                after = max(1, mine // _A_GROUP) if point in ("in-exchange", "taken") else mine
                words += ["--die", f"{point}:{after}"]
            elif chance < 0.6:
                words += ["--die", f"{self.random.choice(RECOVERING)}:1"]
        env = {**os.environ, "XDG_STATE_HOME": str(slot.home), "HOME": str(slot.home)}
        slot.process = subprocess.Popen(words, cwd=_ROOT, env=env, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)

    # -- the world -------------------------------------------------------------------------------------------------------

    def _act(self, what: str) -> None:
        if what == "sink":
            self._sink.kill()
            self._sink.wait()
            time.sleep(self.random.random() * 0.3)
            self._start_sink()
            self.report.sink_restarts += 1
        elif what == "server":
            assert self.server is not None
            self.server.restart(("immediate", "fast")[self.report.server_restarts % 2])
            self.report.server_restarts += 1
        else:
            self._stop_one()

    def _stop_one(self) -> None:
        """One stands still, and its lease ends; another one dies, so that who takes its place looks for the dead."""
        going = [slot for slot in self._slots if slot.process is not None and slot.process.poll() is None]
        if len(going) < 2:
            self._acts.append((number_accepted(self.file) + 1, "stop"))
            return
        still, other = going[-1], going[0]
        assert still.process is not None
        assert other.process is not None
        still.process.send_signal(signal.SIGSTOP)
        time.sleep(self.plan.lease + 1.5)
        still.frozen = time.monotonic() + 2.0
        other.process.kill()
        self.report.stopped += 1

    def _start_sink(self) -> None:
        words = [sys.executable, "-m", "tests.outbox.counting_sink", str(self.port), str(self.file)]
        self._sink = subprocess.Popen(words, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        wait_for_port(self.port, self._sink)

    def _end(self) -> None:
        for process in (*(slot.process for slot in self._slots), self._sink):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()

    # -- the count -------------------------------------------------------------------------------------------------------

    def _count(self) -> None:
        rows = self._rows("SELECT id, status FROM envelope")
        self.report.envelopes = dict(rows)
        self.report.statuses = Counter(self.report.envelopes.values())
        self.report.taken = accepted(self.file)

    def _rows(self, query: str) -> list[tuple[str, str]]:
        if self.server is None:
            with closing(sqlite3.connect(vault_path(Path(self.where)))) as connection:
                return connection.execute(query).fetchall()
        import psycopg

        with psycopg.connect(self.where, options="-c search_path=breachkit_vault") as connection:
            return connection.execute(query).fetchall()


def main() -> int:
    """Print the report; 1 when a message was lost or taken twice."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=100_000)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--sink-restarts", type=int, default=5)
    options.add_argument("--senders", type=int, default=1)
    options.add_argument("--server-restarts", type=int, default=0)
    options.add_argument("--stop", action="store_true", help="stop one sender past its lease (needs three or more)")
    options.add_argument("--lease", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--postgres", action="store_true")
    said = vars(options.parse_args())
    postgres = said.pop("postgres")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="breachkit-storm-")))
        server = stack.enter_context(servers.running()) if postgres else None
        where = str(folder / "breachkit.db") if server is None else server.url(server.new_database())
        report = Storm(Plan(**said), where, folder, server).run()
        print(report)
        if faults := report.faults():
            print("\n".join(faults[:20]))
            print((folder / "said").read_text()[-4000:], file=sys.stderr)
        return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
