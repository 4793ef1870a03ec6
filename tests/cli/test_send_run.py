"""`breachkit send run` as a responder types it: nothing leaves by accident, and what to know of it is said before."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

import pytest

from tests.delivery.sink import needs_sink, running_sink
from tests.storage.servers import Server
from tests.workflow.outbox_house import LETTER, House, build

from .conftest import Run
from .outbox_desk import MEASURES, OUT, PURGE, Typed, vault_sql


def test_without_for_real_nothing_is_sent_and_it_says_what_would_be(queued: House, run: Run) -> None:
    said = run("send", "run", "INC-1", "--folder", "out").out
    assert f"D-1    3 of {LETTER}, approved by Ana Example" in said
    assert said.endswith("3 messages would leave. Nothing was sent; to send: breachkit send run INC-1 --for-real\n")
    assert not Path("out").exists()
    by_mail = run("send", "run", "INC-1").out
    assert "NOT YET: no mail server is set (docs/mail.md says how); --folder writes files instead" in by_mail
    assert by_mail.endswith("Put right what stands in the way, then look again: breachkit send run INC-1\n")
    shown = run("send", "run", "INC-1", "--json").json
    assert (shown["dry_run"], shown["mail_is_set"], shown["would"][0]["queued"]) == (True, False, 3)
    assert run("send", "status", "INC-1", "--json").json["dispatches"][0]["state"] == "queued"


def test_looking_at_an_empty_outbox_makes_no_vault(house: House, run: Run) -> None:
    assert (
        "the outbox is empty; put letters in: breachkit send queue INC-1 --letters FOLDER" in run("send", "status", "INC-1").out
    )
    assert run("send", "status", "--json").json == {
        "format": "breachkit/outbox@1", "dispatches": [], "gone": [], "in_doubt": 0, "second_channel_owed": 0,
    }  # fmt: skip
    assert run("send", "list", "INC-1", "--json").json["envelopes"] == []
    assert "Nothing is queued. Put letters in" in run("send", "run", "INC-1").out
    assert run("attach", "INC-1", "--json").json == {"attachments": []}
    assert not (house.folder / "breachkit.db.vault").exists()


@pytest.mark.usefixtures("queued")
def test_for_real_the_number_must_be_typed_or_given(run: Run) -> None:
    assert (
        "no number was typed (--count where nobody can type); nothing was sent" in run("send", "run", "INC-1", *OUT, code=4).err
    )
    wrong = run("send", "run", "INC-1", *OUT, "--count", 2, code=4).err
    assert "3 messages are queued and 2 was typed; nothing was sent. Look again" in wrong
    assert not Path("out").exists()
    done = run("send", "run", "INC-1", *OUT, "--count", 3).out
    assert "3 sent" in done
    assert "nobody has them before your own mail system sent them" in done
    assert len(list(Path("out").glob("*.eml"))) == 3
    assert "nothing is queued" in run("send", "run", "INC-1", *OUT, "--count", 3, code=2).err


def test_at_a_terminal_the_number_is_asked_for_and_anything_else_sends_nothing(queued: House, typed: Typed) -> None:
    for keys, says in (
        ("2\n", "3 messages are queued and 2 was typed"),
        ("yes\n", "that is no number"),
        ("3.0\n", "that is no number"),
        ("-3\n", "that is no number"),
        ("\n", "nothing was typed"),
        ("\x04", "nothing was typed"),
    ):
        assert says in typed("send", "run", "INC-1", *OUT, keys=keys, code=4).err
        assert not Path("out").exists()
        assert vault_sql(queued, "SELECT DISTINCT status FROM envelope") == [("queued",)]
    done = typed("send", "run", "INC-1", *OUT, "--json", keys=" 0,003 \n")
    assert "Type the number of messages that leave now (3 are queued): " in done.err
    assert done.json["taken_by_servers"] == 3


def test_control_c_at_the_question_sends_nothing_and_says_so(queued: House) -> None:
    import pty  # not on Windows

    words = [sys.executable, "-m", "breachkit", "send", "run", "INC-1", *OUT]
    child, terminal = pty.fork()
    if not child:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell that starts tests in the background has it ignored
        os.execv(words[0], words)
    timer = threading.Timer(60, os.kill, (child, 9))
    timer.start()
    heard, asked = b"", False
    try:
        while True:
            heard += os.read(terminal, 4096)
            if b"(3 are queued): " in heard and not asked:
                asked = True
                os.write(terminal, b"\x03")
    except OSError:  # it has ended, and its terminal with it
        pass
    timer.cancel()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    assert ended == 4, heard.decode()
    assert b"you broke off at the question; nothing was done" in heard
    assert b"Traceback" not in heard
    assert vault_sql(queued, "SELECT DISTINCT status FROM envelope") == [("queued",)]


def test_what_a_crash_left_is_settled_before_the_number_is_asked_for(queued: House, run: Run) -> None:
    vault_sql(queued, "UPDATE envelope SET status = 'sending', sender = 'dead', attempts = 1 WHERE n = 1")
    assert "left by a crash: breachkit send recover INC-1" in run("send", "status", "INC-1").out
    done = run("send", "run", "INC-1", *OUT, "--count", 2, code=5)
    assert "a run before was stopped: 0 of its envelopes are settled, 1 are in doubt" in done.err
    assert "1 in doubt: see `breachkit send settle`" in done.err
    assert "2 sent, 1 in doubt" in done.out


@needs_sink
def test_what_servers_turn_down_ends_with_five_and_says_how_to_go_on(queued: House, run: Run) -> None:
    with running_sink("-f", "RCPT") as sink:
        Path("mail.yaml").write_text(
            "format: breachkit/mail@1\nsender: {name: Example Co, email: bounces@example.com}\n"
            f"servers:\n  - {{name: main, host: 127.0.0.1, port: {sink.port}, tls: none}}\n"
        )
        assert "to send: breachkit send run INC-1" in run("send", "run", "INC-1", "--mail", "mail.yaml").out
        done = run("send", "run", "INC-1", "--mail", "mail.yaml", "--for-real", "--count", 3, "--json", code=5)
    assert done.json["dispatches"][0]["counts"] == {"refused": 3}
    assert "3 refused: see `breachkit send list INC-1 --status refused`" in done.err
    assert "@example.com" not in done.err + done.out
    shown = run("send", "status", "INC-1").out
    assert "3 not reached by mail: tell them another way (breachkit send list INC-1 --people says whom)" in shown
    assert "then breachkit send replace INC-1 --by post" in shown
    run("send", "retry", "INC-1", "--all", "refused", "--reason", "our address is off the block list")
    run("send", "replace", "INC-1", "--all", "queued", "--by", "post", "--proof", "posting list 17")
    assert "all were taken by a mail server, or replaced" in run("send", "status", "INC-1").out


def test_what_never_happened_has_no_way_out_but_a_folder(
    tmp_path: Path, parsed_once: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = build(tmp_path / "invented", invented=True)
    monkeypatch.setenv("BREACHKIT_DATABASE", str(made.folder / "breachkit.db"))
    monkeypatch.chdir(made.folder)
    run("send", "queue", "INC-1", "--letters", "letters")
    assert "NOT YET: this incident is invented: nothing of it happened" in run("send", "run", "INC-1").out
    assert "nothing of it happened" in run("send", "run", "INC-1", "--for-real", "--count", 3, code=4).err
    run("send", "run", "INC-1", *OUT, "--count", 3)
    assert all(b"@example.com.invalid" in path.read_bytes() for path in Path("out").glob("*.eml"))
    for row in run("send", "list", "INC-1", "--people", "--json").json["envelopes"]:
        assert row["email"].endswith(".invalid")


def test_on_a_teams_server_the_same_commands_do_the_same(
    tmp_path: Path, team_database: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = build(tmp_path / "team", database=team_database)
    monkeypatch.setenv("BREACHKIT_DATABASE", team_database)
    monkeypatch.chdir(made.folder)
    assert f"D-1: 3 of {LETTER} queued" in run("send", "queue", "INC-1", "--letters", "letters").out
    assert "everybody in this batch has an envelope" in run("send", "queue", "INC-1", "--letters", "letters", code=4).err
    assert "3 messages would leave" in run("send", "run", "INC-1", "--folder", "out").out
    assert run("send", "run", "INC-1", *OUT, "--count", 3, "--json").json["taken_by_servers"] == 3
    assert [one["counts"] for one in run("send", "status", "--json").json["dispatches"]] == [{"sent": 3}]
    Path("note.txt").write_text("a call")
    run("attach", "INC-1", "note.txt", "--label", "a call")
    assert run(*PURGE, "--confirm", "INC-1").out == "erased: names and addresses of 3 envelopes, 3 letters, 1 attachment\n"
    assert "(erased)" in run("send", "list", "INC-1", "--people").out
    assert "every chain holds" in run("journal", "verify").out


def test_a_server_without_a_vault_is_an_empty_outbox(run: Run, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    name = server.new_database("blank")
    monkeypatch.setenv("BREACHKIT_DATABASE", server.url(name))
    try:
        run("incident", "open", "Drawer left open", "--organisation", "example-co")
        assert "the outbox is empty" in run("send", "status", "INC-1").out
        assert "Nothing is queued" in run("send", "run", "INC-1").out
        assert run("send", "list", "INC-1", "--json").json["envelopes"] == []
    finally:
        server.drop(name)


def test_an_exercises_outbox_is_looked_at_and_says_that_it_is_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.exercises.world import played

    with played(tmp_path, ()) as drill:
        path = drill.path
    monkeypatch.setenv("BREACHKIT_DATABASE", str(path))
    shown = run("send", "status")
    assert "EXERCISE" in shown.err
    assert "the outbox is empty" in shown.out
    assert run("send", "run", "INC-1", "--for-real", "--count", 0, code=2).out == ""


def test_a_notice_that_tells_what_was_said_for_counsel_is_shown_loudly_and_not_held_back(queued: House, run: Run) -> None:
    entries = run("journal", "show", "INC-1", "--json").json["entries"]
    [told] = [one["seq"] for one in entries if one["body"].get("key") == "consequences"]
    run("journal", "track", "INC-1", told, "privileged", "--reason", "for counsel")
    [would] = run("send", "run", "INC-1", "--json").json["would"]
    assert would["against"] == []
    [loud] = [remark for remark in would["remarks"] if "consequences" in remark]
    assert loud.startswith("LOOK TWICE: in 'en' it tells consequences, entry ")
    assert "of the privileged track" in loud


def test_an_approval_of_what_is_not_complete_is_shown_with_its_reason(house: House, run: Run) -> None:
    run("fact", "set", "INC-1", "consequences=unknown")
    run("notice", "approve", LETTER, "INC-1", "--by", "Ana Example", "--incomplete", "counsel says it must go today")
    run("notice", "batch", LETTER, "INC-1", "--people", "people.csv", "--out", "again", "--format", "eml")
    run("send", "queue", "INC-1", "--letters", "again")
    [would] = run("send", "run", "INC-1", "--json").json["would"]
    said = "in 'en' Ana Example approved it although its check is not complete: counsel says it must go today"
    assert said in would["remarks"]


def test_who_approved_which_language_is_said_where_it_was_not_one_person(house: House, run: Run) -> None:
    told = ("incident.summary", "incident.title", "consequences", "risk.reason", *(f"measures.{word}" for word in MEASURES))
    run("fact", "set", "INC-1", *(f"translated.es.{key}=Un texto." for key in told))
    for language, name in (("en", "Ana Example"), ("es", "Ben Example")):
        run("notice", "approve", LETTER, "INC-1", "--lang", language, "--by", name, "--incomplete", "a test")
    Path("both.csv").write_text(
        "id,name,email,country,language\n1,Ana Uno,ana@example.com,ES,en\n2,Ben Dos,ben@example.com,ES,es\n"
    )
    run("notice", "batch", LETTER, "INC-1", "--people", "both.csv", "--out", "both", "--format", "eml")
    run("send", "queue", "INC-1", "--letters", "both")
    assert run("send", "run", "INC-1", "--json").json["would"][0]["approved_by"] == ["Ana Example (en)", "Ben Example (es)"]
    run("send", "run", "INC-1", *OUT, "--count", 2)
    [released] = [
        one for one in run("journal", "show", "INC-1", "--json").json["entries"] if one["kind"] == "dispatch.released"
    ]
    assert released["body"]["approved_by"] == ["Ana Example (en)", "Ben Example (es)"]


def test_a_vault_that_is_gone_is_said_plainly_and_nothing_is_queued_over_it(sent: House, run: Run) -> None:
    for path in sent.folder.glob("breachkit.db.vault*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shown = run("send", "status", "INC-1").out
    assert f"D-1    INC-1    {LETTER}: THE VAULT IS GONE" in shown
    assert "and 3 of its 3 messages were sent; who has it is not known here" in shown
    assert "put the vault's backup back (breachkit restore)" in shown
    assert "THE VAULT IS GONE" in run("send", "run", "INC-1").out
    [lost] = run("send", "status", "--json").json["gone"]
    assert (lost["dispatch"], lost["duty"], lost["sent"]) == ("D-1", LETTER, 3)
    assert "the vault is gone: D-1" in run("send", "queue", "INC-1", "--letters", "letters", code=4).err
    done = run("send", "queue", "INC-1", "--letters", "letters", "--again", "the vault is lost for good")
    assert "D-2: 3 of" in done.out
    assert "THE VAULT IS GONE" in run("send", "status", "INC-1").out


def test_a_vault_older_than_the_journal_sends_nothing(queued: House, run: Run) -> None:
    vault = queued.folder / "breachkit.db.vault"
    older = vault.read_bytes()
    run("send", "run", "INC-1", *OUT, "--count", 3)
    vault.write_bytes(older)
    said = run("send", "run", "INC-1", *OUT, "--count", 3, code=4).err
    assert "the journal says that 3 of it were sent by " in said
    assert "To send from it would send twice; put the newest backup back" in said


def test_a_damaged_vault_is_refused_by_each_command_and_nothing_is_begun_anew(sent: House, run: Run) -> None:
    vault = sent.folder / "breachkit.db.vault"
    broken = b"nothing " + vault.read_bytes()[8:]
    vault.write_bytes(broken)
    for words in (("status", "INC-1"), ("list", "INC-1"), ("run", "INC-1"), ("recover", "INC-1")):
        said = run("send", *words, code=4).err
        assert "It is the vault, which knows who has which notice: it was not touched" in said
    assert vault.read_bytes() == broken
    assert "every chain holds" in run("journal", "verify").out
