"""`breachkit send queue`, `status` and `list` as a responder types them, and what a refusal says to do next."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.workflow.outbox_house import LETTER, NAMES, House

from .conftest import NOON, Run
from .outbox_desk import OUT, in_doubt, vault_sql


def test_queueing_says_what_was_put_in_and_which_command_comes_next(house: House, run: Run) -> None:
    said = run("send", "queue", "INC-1", "--letters", "letters").out
    assert f"D-1: 3 of {LETTER} queued" in said
    assert "Nothing was sent. Look at it: breachkit send run INC-1" in said
    again = run("send", "queue", "INC-1", "--letters", "letters", code=4).err
    assert "everybody in this batch has an envelope of it already; --again REASON" in again
    assert "2 have" not in again


CANNOT: tuple[tuple[tuple[str, ...], int, str], ...] = (
    (("queue", "INC-1"), 2, "say --letters FOLDER (a batch) or --to ADDRESS (one notice)"),
    (("queue", "INC-1", "--letters", "letters", "--to", "x@example.com"), 2, "one of them"),
    (("queue", "INC-1", "--letters", "."), 2, "holds no batch; `breachkit notice batch ... --format eml --out ."),
    (("queue", "INC-1", "eu.gdpr.33@es-aepd", "--letters", "letters"), 2, f"it holds {LETTER}"),
    (("queue", "INC-9", "--letters", "letters"), 2, "unknown incident 'INC-9'; did you mean 'INC-1'?"),
    (("queue", "--facts", "facts.yaml", "INC-1"), 4, "breachkit incident open --facts FILE"),
    (("queue", "--facts", "facts.yaml"), 4, "a facts file keeps no journal"),
    (("queue",), 2, "name an incident"),
    (("status", "INC-9"), 2, "unknown incident 'INC-9'; did you mean 'INC-1'?"),
    (("list", "INC-9"), 2, "unknown incident 'INC-9'; did you mean 'INC-1'?"),
    (("list", "INC-1", "--status", "in doubts"), 2, "did you mean 'in-doubt'"),
    (("run", "INC-9"), 2, "unknown incident 'INC-9'; did you mean 'INC-1'?"),
    (("recover", "INC-9"), 2, "unknown incident 'INC-9'; did you mean 'INC-1'?"),
    (("retry", "INC-1"), 2, "breachkit send list INC-1 shows them"),
    (("retry", "INC-1", "--all", "refused", "--reason", "x"), 2, "no envelope of INC-1 is refused"),
    (("settle", "INC-1", "--all"), 2, "--as sent (a server took it), --as not-sent, or --as again"),
    (("replace", "INC-1", "abc", "--all", "refused"), 2, "name envelopes or a status, one of them"),
    (("bounces", "no-such-file"), 2, "no-such-file"),
    (("servers",), 2, "no mail server is set; docs/mail.md says how"),
)


@pytest.mark.usefixtures("house")
def test_what_cannot_be_is_explained(run: Run) -> None:
    for words, code, says in CANNOT:
        assert says in run("send", *words, code=code).err, words
    run("fact", "set", "INC-1", "records.total=701")
    said = run("send", "queue", "INC-1", LETTER, "--to", "x@example.com", code=4).err
    assert "is a draft: nothing leaves before a person approved it. Approve it: breachkit notice approve" in said


def test_a_clock_that_only_looks_is_no_option_of_what_writes(queued: House, run: Run) -> None:
    before = run("journal", "show", "INC-1", "--json").json
    for words in (
        ("queue", "INC-1", "--letters", "letters"),
        ("run", "INC-1", *OUT, "--count", "3"),
        ("recover", "INC-1"),
        ("settle", "INC-1", "--all", "--as", "sent", "--reason", "x"),
    ):
        for clock in ("--now", "--as-of"):
            assert f"No such option: {clock}" in run("send", *words, clock, NOON, code=2).err
    assert run("journal", "show", "INC-1", "--json").json == before
    assert vault_sql(queued, "SELECT DISTINCT status FROM envelope") == [("queued",)]


@pytest.mark.usefixtures("house")
def test_where_an_authority_has_a_portal_it_is_named_and_no_mailbox_invented(run: Run) -> None:
    report = "eu.gdpr.33@es-aepd"
    run("notice", "approve", report, "INC-1", "--by", "Ana Example", "--incomplete", "a test")
    asked = run("send", "queue", "INC-1", report, code=2).err
    assert "(AEPD) takes reports so: sedeagpd.gob.es" in asked
    assert f"breachkit notice worksheet {report} INC-1" in asked
    assert "no mailbox of it is known here" in asked
    done = run("send", "queue", "INC-1", report, "--to", "breaches@example.com")
    assert "takes reports so: sedeagpd.gob.es" in done.err
    assert f"D-1: 1 of {report} queued" in done.out


def test_nobody_is_shown_unless_people_are_asked_for(sent: House, run: Run) -> None:
    for words in (("list", "INC-1"), ("list", "INC-1", "--json"), ("status", "INC-1"), ("status", "--json"), ("run", "INC-1")):
        ran = run("send", *words)
        assert not [name for name in (*NAMES.values(), "ana@example.com") if name in ran.out + ran.err]
    shown = run("send", "list", "INC-1", "--people").out
    assert "Ana Uno <ana@example.com>" in shown
    rows = run("send", "list", "INC-1", "--people", "--json").json["envelopes"]
    assert sorted(row["name"] for row in rows) == sorted(NAMES.values())
    assert "email" not in run("send", "list", "INC-1", "--json").json["envelopes"][0]
    assert run("send", "list", "INC-1", "--status", "sent").err == "3 envelopes\n"


def test_unknown_dispatches_and_envelopes_name_the_nearest(sent: House, run: Run) -> None:
    assert "unknown dispatch 'D-7'; did you mean 'D-1'?" in run("send", "run", "INC-1", "--dispatch", "D-7", code=2).err
    one = run("send", "list", "INC-1", "--json").json["envelopes"][0]["envelope"]
    wrong = one[:-1] + ("0" if one[-1] != "0" else "1")
    for command in (("retry",), ("settle", "--as", "sent"), ("replace", "--by", "post", "--proof", "x")):
        said = run("send", command[0], "INC-1", wrong, *command[1:], code=2).err
        assert f"unknown envelope '{wrong}'; did you mean '{one}'" in said
    assert "nothing is sent twice" in run("send", "retry", "INC-1", one[:10], "--reason", "to be sure", code=4).err


def test_a_person_settles_by_words_and_each_command_names_the_next(queued: House, run: Run) -> None:
    one = in_doubt(queued, run)
    shown = run("send", "status", "INC-1").out
    assert "1 in doubt, may have arrived. The mail server's log settles them (breachkit send log FILE)" in shown
    assert "in doubt: it may have arrived" in run("send", "retry", "INC-1", one, "--reason", "x", code=4).err
    assert "did you mean 'sent'" in run("send", "settle", "INC-1", one, "--as", "send", "--reason", "x", code=2).err
    assert (
        'say why, in words an auditor may read: --reason "' in run("send", "settle", "INC-1", one, "--as", "sent", code=2).err
    )
    told = run("send", "settle", "INC-1", one, "--as", "not-sent", "--reason", "ana@example.com said so", code=4).err
    assert "--reason holds an e-mail address" in told
    assert "ana@example.com" not in told
    done = run("send", "settle", "INC-1", one, "--as", "not-sent", "--reason", "not in the provider's log")
    assert done.out == "1 settled as not-sent\n"
    assert "breachkit send replace INC-1 --by post" in done.err
    assert "say the other channel in one word" in run("send", "replace", "INC-1", one, "--proof", "x", code=2).err
    assert "--proof" in run("send", "replace", "INC-1", one, "--by", "post", code=2).err
    assert run("send", "replace", "INC-1", one, "--by", "post", "--proof", "posting list 17").out == "1 replaced by post\n"


def test_what_every_command_prints_for_programs_is_one_json_document(house: House, run: Run) -> None:
    Path("log").write_text("nothing of ours\n")
    Path("bounces").mkdir()
    Path("note.txt").write_text("a call")
    assert run("send", "queue", "INC-1", "--letters", "letters", "--json").json["dispatches"][0]["added"] == 3
    assert run("send", "run", "INC-1", "--json").json["dry_run"]
    assert run("send", "run", "INC-1", *OUT, "--count", 3, "--json").json["settled"] == {"by_reply": 0, "in_doubt": 0}
    assert run("send", "recover", "INC-1", "--json").json == {"by_reply": 0, "in_doubt": 0}
    assert run("send", "log", "log", "--json").json["settled"] == []
    assert run("send", "bounces", "bounces", "--json").json["bounced"] == []
    assert run("attach", "INC-1", "note.txt", "--label", "a call", "--json").json["new"]
    assert run("attach", "INC-1", "--json").json["attachments"][0]["label"] == "a call"
    purge = ("purge", "INC-1", "--people", "--reason", "retention period ended", "--confirm", "INC-1", "--json")
    assert run(*purge).json["letters"] == 3


@pytest.mark.usefixtures("queued")
def test_no_error_shows_an_address_or_a_letter(run: Run) -> None:
    run("notice", "approve", "eu.gdpr.33@es-aepd", "INC-1", "--by", "Ana Example", "--incomplete", "a test")
    shutil.copytree("letters", "changed")
    one = sorted(Path("changed").rglob("*.eml"))[0]
    one.write_bytes(one.read_bytes() + b"P.S.")
    for words in (
        ("queue", "INC-1", "eu.gdpr.33@es-aepd", "--to", "ana..uno@@example.com"),
        ("queue", "INC-1", "eu.gdpr.33@es-aepd", "--to", "ana@example.com\r\nBcc: ben@example.com"),
        ("queue", "INC-1", "eu.gdpr.33@es-aepd", "--to", "ana@exa_mple.invalid.", "--name", "Ana\nUno"),
        ("queue", "INC-1", "eu.gdpr.33@es-aepd", "--to", "ana@\u2603.example.com, ben@example.com"),
        ("retry", "INC-1", "ana@example.com", "--reason", "x"),
        ("replace", "INC-1", "--all", "queued", "--by", "ana@example.com", "--proof", "x"),
        ("replace", "INC-1", "--all", "queued", "--by", "post", "--proof", "ana@example.com"),
        ("queue", "INC-1", "--letters", "letters", "--again", "ana@example.com asked"),
        ("queue", "INC-1", "--letters", "changed", "--again", "a test"),
    ):
        with pytest.raises(AssertionError, match=r"ended with [234], not 0") as told:
            run("send", *words)
        said = str(told.value).split("not 0\n", 1)[1]
        if words[0] == "retry":  # what was typed where an envelope's id belongs is said again
            said = said.replace("ana@example.com", "")
        assert not [word for word in ("ana@", "ben@", "Ana Uno", "Dear", "P.S.") if word in said], words
