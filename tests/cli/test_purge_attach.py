"""`breachkit purge` and `attach` as a responder types them: erased only when confirmed, kept whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.workflow.outbox_house import LETTER, House

from .conftest import Run
from .outbox_desk import OUT, PURGE, Typed, in_doubt, vault_sql


def test_nothing_is_erased_unless_it_is_confirmed(sent: House, run: Run) -> None:
    for words, code, says in (
        (("purge", "INC-1"), 2, "say what is erased: --people"),
        (("purge", "INC-1", "--people"), 2, 'say why: --reason "retention period ended"'),
        (PURGE, 4, "nothing was erased: type INC-1 to confirm, or give --confirm INC-1"),
        ((*PURGE, "--confirm", "inc-1"), 4, "nothing was erased"),
        (("purge", "INC-7", *PURGE[2:], "--confirm", "INC-7"), 2, "unknown incident 'INC-7'; did you mean 'INC-1'?"),
        ((*PURGE[:3], "--reason", "ana@example.com asked", "--confirm", "INC-1"), 4, "--reason holds an e-mail address"),
    ):
        assert says in run(*words, code=code).err, words
        assert vault_sql(sent, "SELECT count(*) FROM person") == [(3,)]


def test_at_a_terminal_the_incident_is_typed_to_confirm(house: House, run: Run, typed: Typed) -> None:
    run("send", "queue", "INC-1", "--letters", "letters")
    run("send", "run", "INC-1", *OUT, "--count", 3)
    refused = typed(*PURGE, keys="y\n", code=4)
    assert "INC-1: 3 recipients with their letters and 0 attachments are erased for good. Type INC-1 to go on: " in refused.err
    done = typed(*PURGE, keys="INC-1\n")
    assert "erased: names and addresses of 3 envelopes, 3 letters, 0 attachments" in done.out
    assert f"the letters in {house.letters}" in done.err
    assert f"the letters in {house.folder / 'out'}" in done.err
    assert vault_sql(house, "SELECT count(*) FROM person") == [(0,)]


def test_after_a_purge_nobody_is_queued_or_tried_again_by_mistake(queued: House, run: Run) -> None:
    one = in_doubt(queued, run)
    assert "2 queued, 1 in doubt" in run(*PURGE, "--confirm", "INC-1", code=4).err
    run(*PURGE, "--confirm", "INC-1", "--unsettled")
    assert "(erased)" in run("send", "list", "INC-1", "--people").out
    assert f"{LETTER}: purged" in run("send", "status", "INC-1").out
    assert "Nothing is queued" in run("send", "run", "INC-1").out
    again = run("send", "settle", "INC-1", one, "--as", "again", "--reason", "not in the log", code=4).err
    assert "its letter were erased, so it cannot be sent" in again
    assert f"who got {LETTER} was erased" in run("send", "queue", "INC-1", "--letters", "letters", code=4).err
    assert "nothing of INC-1 was left to erase" in run(*PURGE, "--confirm", "INC-1").out
    kinds = [entry["kind"] for entry in run("journal", "show", "INC-1", "--json").json["entries"]]
    assert kinds.count("people.purged") == 1
    assert "every chain holds" in run("journal", "verify").out


def test_a_purge_names_every_folder_that_letters_were_written_to(queued: House, run: Run) -> None:
    one = in_doubt(queued, run)
    run("send", "run", "INC-1", "--for-real", "--folder", "first", "--count", 2, code=5)
    run("send", "settle", "INC-1", one, "--as", "again", "--reason", "not in the provider's log")
    run("send", "run", "INC-1", "--for-real", "--folder", "second", "--count", 1)
    told = run(*PURGE, "--confirm", "INC-1").err
    assert all(f"erase it yourself: the letters in {queued.folder / name}\n" in told for name in ("first", "second"))


def test_a_file_is_kept_listed_with_its_label_and_written_out_again(house: House, run: Run) -> None:
    Path("receipt.pdf").write_bytes(b"%PDF-1.7 of Ana Uno")
    said = run("attach", "INC-1", "receipt.pdf", "--label", "AEPD receipt").out
    assert said.startswith("19 bytes kept, sha256 ")
    digest = said.split()[-1]
    assert "kept already" in run("attach", "INC-1", "receipt.pdf", "--label", "AEPD receipt").out
    assert run("attach", "INC-1").out == f"{digest[:12]}            19  receipt.pdf: AEPD receipt\n"
    run("attach", "INC-1", "--get", digest[:8], "--out", "again.pdf")
    assert Path("again.pdf").read_bytes() == b"%PDF-1.7 of Ana Uno"
    assert Path("again.pdf").stat().st_mode & 0o777 == 0o600
    entries = run("journal", "show", "INC-1", "--json").json["entries"]
    assert [one["body"] for one in entries if one["kind"] == "attachment.added"] == [
        {"label": "AEPD receipt", "sha256": digest, "size": 19}
    ]
    run(*PURGE, "--confirm", "INC-1")
    assert run("attach", "INC-1").out == f"{digest[:12]}            19  (erased): AEPD receipt\n"
    assert "one that was erased cannot be written out" in run(
        "attach", "INC-1", "--get", digest[:8], "--out", "more.pdf", code=2
    ).err  # fmt: skip


@pytest.mark.usefixtures("house")
def test_what_cannot_be_attached_is_explained(run: Run) -> None:
    Path("file").write_text("a call")
    Path("link").symlink_to("file")
    os.mkfifo("pipe")
    cannot: tuple[tuple[tuple[str, ...], int, str], ...] = (
        (("INC-1", "file"), 2, 'say what it is, without anybody\'s name: --label "AEPD receipt"'),
        (("INC-1", "file", "--label", "mail of ana@example.com"), 4, "--label holds an e-mail address"),
        (("INC-1", "file", "--label", "x", "--track", "priviledged"), 2, "did you mean 'privileged'?"),
        (("INC-9", "file", "--label", "x"), 2, "did you mean 'INC-1'?"),
        (("INC-9",), 2, "did you mean 'INC-1'?"),
        (("INC-1", "no-such", "--label", "x"), 2, "there is no file no-such"),
        (("INC-1", ".", "--label", "x"), 4, ". is no plain file"),
        (("INC-1", "link", "--label", "x"), 4, "name the file itself, not a link"),
        (("INC-1", "pipe", "--label", "x"), 4, "pipe is no plain file"),
        (("INC-1", "--get", "abc"), 2, "say where to: --out FILE"),
        (("INC-1", "file", "--get", "abc"), 2, "one of them"),
        (("INC-1", "--get", "abc", "--out", "x"), 2, "unknown attachment 'abc'"),
    )
    for words, code, says in cannot:
        ran = run("attach", *words, code=code)
        assert says in ran.err, words
        assert "ana@example.com" not in ran.err + ran.out


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file's name is text")
def test_a_file_whose_name_is_no_text_is_kept_too(house: House, run: Run) -> None:
    os.close(os.open(b"odd-\xff-name", os.O_CREAT | os.O_WRONLY))
    run("attach", "INC-1", os.fsdecode(b"odd-\xff-name"), "--label", "empty")
    assert "odd-?-name: empty" in run("attach", "INC-1").out


def test_a_command_that_was_stopped_before_it_said_so_is_made_good_by_the_next(house: House, run: Run) -> None:
    from breachkit.storage.attachments import add

    Path("note.txt").write_text("a call")
    with house.space.vault() as vault, Path("note.txt").open("rb") as file:
        add(vault, "INC-1", "note.txt", file, at="2026-11-21T12:00:00.000+00:00")
    assert run("attach", "INC-1", "--json").json["attachments"][0]["label"] is None
    run("attach", "INC-1", "note.txt", "--label", "a call")
    assert run("attach", "INC-1", "--json").json["attachments"][0]["label"] == "a call"
