"""A bad night for letters: mail servers that break off or say nonsense, killed senders, full disks, old back-ups, pipes."""

from __future__ import annotations

import os
import shutil
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.outbox_desk import vault_sql
from tests.workflow.outbox_house import LETTER, House

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills, pipes and limits of POSIX")
FOR_REAL = ("send", "run", "INC-1", "--for-real", "--mail", "mail.yaml", "--count")


class _Mail(socketserver.StreamRequestHandler):
    """Takes mail as its server's `mood` says."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        bad: MailServer = self.server  # type: ignore[assignment]  # the only server that has this handler
        if bad.mood in _GREETINGS:
            try:
                for _ in range(400):
                    self.wfile.write(_GREETINGS[bad.mood])
            except OSError:
                pass  # hung up on, as it should be
            return
        self.wfile.write(b"220 night.example ESMTP\r\n")
        recipient = b""
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = line.split(b"<")[1].split(b">")[0]
                if bad.mood == "escape":
                    self.wfile.write(b"550 5.1.1 <" + recipient + b"> \x1b[31mred\x9b31m =cmd()\r\n")
                    continue
            if word != b"DATA":
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                continue
            self.wfile.write(b"354 go on\r\n")
            while self.rfile.readline() not in (b".\r\n", b""):
                pass
            bad.took.append(recipient.decode())
            if bad.mood == "silent after one" and len(bad.took) > 1:
                bad.gone.wait(30)
                return
            self.wfile.write(b"250 2.0.0 taken\r\n")


_GREETINGS = {"garbage": b"\x00\xff\x93\r\n" * 50, "flood": b"220-" + b"A" * 60_000, "lines": b"220-come in\r\n" * 5_000}


class MailServer(socketserver.ThreadingTCPServer):
    """On a port of its own on this machine."""

    daemon_threads, allow_reuse_address = True, True

    def __init__(self, mood: str) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.mood, self.gone = mood, threading.Event()
        self.took: list[str] = []


@contextmanager
def mail_server(mood: str) -> Iterator[MailServer]:
    """A mail server in that mood, and `mail.yaml` in this folder that names it."""
    with MailServer(mood) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        Path("mail.yaml").write_text(
            "format: breachkit/mail@1\nsender: {name: Example Co, email: privacy@example.com}\nservers:\n"
            f"  - {{name: main, host: 127.0.0.1, port: {server.server_address[1]}, tls: none, connections: 1, give_up: 1}}\n"
        )
        yield server
        server.gone.set()
        server.shutdown()


def statuses(house: House) -> dict[str, str]:
    """By address: how its envelope stands."""
    found = vault_sql(house, "SELECT p.email, e.status FROM envelope e JOIN person p ON p.envelope = e.n")
    return {str(email): str(status) for email, status in found}


@pytest.mark.parametrize("mood", sorted(_GREETINGS))
def test_what_does_not_talk_like_a_mail_server_is_left_alone_and_all_stays_queued(queued: House, run: Run, mood: str) -> None:
    with mail_server(mood):
        said = run(*FOR_REAL, 3, code=5)
    assert "it does not answer like a mail server; check host, port and tls" in said.err
    assert "Traceback" not in said.err
    assert set(statuses(queued).values()) == {"queued"}


def test_a_servers_words_bring_no_escape_code_and_no_address_onto_a_screen_or_into_a_file(queued: House, run: Run) -> None:
    with mail_server("escape"):
        shown = run(*FOR_REAL, 3, code=5)
    for said in (shown, run("send", "list", "INC-1"), run("send", "list", "INC-1", "--json"), run("journal", "show", "INC-1")):
        assert not {"\x1b", "\x9b"} & set(said.out + said.err)
        assert "@example.com" not in (said.out + said.err).replace("privacy@example.com", "")
    assert set(statuses(queued).values()) == {"refused"}


def test_a_sender_killed_while_a_server_keeps_silent_sends_nothing_twice_and_forgets_nothing(queued: House, run: Run) -> None:
    with mail_server("silent after one") as server:
        sender = subprocess.Popen([sys.executable, "-m", "breachkit", *FOR_REAL, "3"], stdout=-3, stderr=-3)
        end = time.monotonic() + 30
        while len(server.took) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        sender.kill()
        sender.wait(10)
        server.mood = "fine"
        left = run("send", "run", "INC-1", "--for-real", "--mail", "mail.yaml", "--count", 1, code=5)
        assert "1 in doubt" in left.err
        assert sorted(server.took) == sorted(set(server.took)), "nobody was written to twice"
        assert len(server.took) == 3
    stood = statuses(queued)
    assert sorted(stood.values()) == ["in_doubt", "sent", "sent"]
    assert stood[server.took[1]] == "in_doubt"


def test_on_a_full_disk_nothing_leaves_that_is_not_on_record(queued: House, run: Run) -> None:
    limited = (
        "import resource, signal, runpy, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))\n"
        "sys.argv = ['breachkit', *sys.argv[1:]]\n"
        "runpy.run_module('breachkit', run_name='__main__')\n"
    )
    with mail_server("fine") as server:
        ended = subprocess.run([sys.executable, "-c", limited, *FOR_REAL, "3"], capture_output=True, text=True, timeout=60)
        assert ended.returncode == 4, ended.stderr
        assert "Traceback" not in ended.stderr
        assert server.took == []
        assert set(statuses(queued).values()) == {"queued"}
        run(*FOR_REAL, 3)
        assert len(server.took) == 3


def test_a_restored_database_does_not_send_again_what_went_out_after_the_back_up(
    queued: House, run: Run, tmp_path: Path
) -> None:
    run("backup", "--out", "b.tar")
    with mail_server("fine") as server:
        run(*FOR_REAL, 3)
        there = tmp_path / "restored" / "breachkit.db"
        run("restore", "b.tar", "--to", there)
        on = ("--database", there)
        assert "in doubt, and nothing is sent again by itself" in run("send", "status", *on).err
        run(*FOR_REAL, 3, *on, code=2)
        assert (
            "everybody in this batch has an envelope" in run("send", "queue", "INC-1", "--letters", "letters", *on, code=4).err
        )
        assert len(server.took) == 3


def test_a_vault_that_is_gone_stops_the_same_letters_from_going_out_again(queued: House, run: Run) -> None:
    with mail_server("fine") as server:
        run(*FOR_REAL, 3)
        for left in queued.folder.glob("breachkit.db.vault*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        assert "THE VAULT IS GONE" in run("send", "status", "INC-1").out
        assert "the vault is gone" in run("send", "queue", "INC-1", "--letters", "letters", code=4).err
        assert len(server.took) == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("restore", "pipe", "--verify"), 3),
        (("send", "bounces", "pipe"), 2),
        (("send", "log", "pipe"), 2),
        (("send", "queue", "INC-1", LETTER, "--letters", "letters", "--opt-outs", "pipe"), 2),
    ],
    ids=lambda words: str(words[0]) if isinstance(words, tuple) else "",
)
def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(
    house: House, run: Run, words: tuple[str, ...], code: int
) -> None:
    os.mkfifo(house.folder / "pipe")
    assert "file" in run(*words, code=code).err
