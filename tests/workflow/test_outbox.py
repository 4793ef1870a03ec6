"""From an approved letter to a receipt for each recipient: nothing leaves unless a person let it go, and never twice."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes
from pathlib import Path

import pytest

from breachkit.domain.journal import canonical
from breachkit.errors import BreachkitError, Refused, UnknownName, UsageError
from breachkit.intake.opt_outs import read_opt_outs
from breachkit.storage.vault import Vault
from breachkit.workflow import recording
from breachkit.workflow.batch import sender_for
from breachkit.workflow.outbox import attaching, contract, forgetting, front, settling
from breachkit.workflow.outbox.queueing import Order, queue_one
from breachkit.workflow.subjects import answer, subject_of_incident
from tests.delivery.sink import needs_sink, running_sink
from tests.workflow.outbox_house import LETTER, NAMES, House, build, copied


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory, parsed_once: Path) -> House:
    return build(tmp_path_factory.mktemp("approved") / "desk", cache=parsed_once)


@pytest.fixture(scope="session")
def for_two(tmp_path_factory: pytest.TempPathFactory, parsed_once: Path) -> House:
    return build(tmp_path_factory.mktemp("two") / "desk", cache=parsed_once, approvals=2)


@pytest.fixture(scope="session")
def invented_once(tmp_path_factory: pytest.TempPathFactory, parsed_once: Path) -> House:
    return build(tmp_path_factory.mktemp("invented") / "desk", cache=parsed_once, invented=True)


@pytest.fixture
def house(approved: House, tmp_path: Path) -> House:
    return copied(approved, tmp_path / "desk")


def sent(house: House, typed: int | None = 3, **more: object) -> front.Report:
    """Send all that is queued into a folder."""
    with house.open() as (journal, vault):
        folder = house.folder / "out"
        seen = front.checks(house.space, journal, vault, "INC-1", [], folder)
        return front.run(house.space, journal, vault, "INC-1", seen, typed, folder=folder, **more)  # type: ignore[arg-type]  # flags


def statuses(vault: Vault) -> list[str]:
    return [one.status for one in vault.envelopes(vault.dispatches("INC-1"))]


def test_each_person_gets_one_envelope_and_nothing_is_sent_by_queueing(house: House) -> None:
    [queued] = house.queue()
    assert (queued.added, queued.there) == (3, 0)
    with house.open() as (_, vault):
        assert statuses(vault) == ["queued"] * 3
        assert sorted(one.name or "" for one in vault.envelopes(vault.dispatches("INC-1"))) == sorted(NAMES.values())
    assert not [kind for kind in house.kinds() if kind.startswith(("dispatch", "delivery"))]


def test_the_same_batch_again_puts_nothing_in(house: House) -> None:
    house.queue()
    with pytest.raises(Refused, match="everybody in this batch has an envelope of it already"):
        house.queue()
    sent(house)
    [again] = house.queue(Order(again="the first letter named the wrong day"))
    assert again.added == 3
    assert again.dispatch.body["ground"].endswith("again: the first letter named the wrong day")


def test_a_message_id_follows_from_its_envelope_and_each_message_is_for_one(house: House) -> None:
    house.queue()
    with house.open() as (_, vault):
        for one in vault.envelopes(vault.dispatches("INC-1")):
            message = message_from_bytes(vault.letter(one.id) or b"")
            assert message["Message-ID"] == f"<{one.id}@example.com>"
            assert str(message["To"]).count("@") == 1
            assert str(one.email) in str(message["To"])
            assert message["Cc"] is None


def test_a_draft_is_not_queued(tmp_path: Path) -> None:
    house = build(tmp_path / "draft", approved=False)
    with pytest.raises(Refused, match="is a draft: nothing leaves before a person approved it"):
        house.queue()


def test_a_letter_that_somebody_changed_in_the_batch_is_refused_and_nothing_is_put_in(house: House) -> None:
    letter = sorted(house.letters.rglob("*.eml"))[1]
    letter.write_bytes(letter.read_bytes().replace(b"Subject:", b"X-Subject:"))
    with pytest.raises(Refused, match="is not the letter that was made"):
        house.queue()
    with house.open() as (_, vault):
        assert vault.dispatches() == []


def test_a_changed_fact_stops_what_is_queued(house: House) -> None:
    house.queue()
    with house.space.journal() as journal:
        recording.record_facts(house.space, journal, "INC-1", {"records.total": "701"})
    with pytest.raises(Refused, match=r"withdrawn: records\.total changed from 700 to 701"):
        sent(house)
    with house.open() as (_, vault):
        assert statuses(vault) == ["queued"] * 3


@pytest.mark.parametrize("typed", [None, 0, 2, 4])
def test_another_number_than_is_queued_sends_nothing(house: House, typed: int | None) -> None:
    house.queue()
    with pytest.raises(Refused, match="3 messages are queued and"):
        sent(house, typed)
    assert not (house.folder / "out").exists()


def test_a_second_person_must_approve_where_the_organisation_says_so(for_two: House, tmp_path: Path) -> None:
    house = copied(for_two, tmp_path / "desk")
    house.queue()
    with pytest.raises(Refused, match=r"2 people must approve it and 1 did \(Ana Example\)"):
        sent(house)
    house.approve("ana  EXAMPLE")
    with pytest.raises(Refused, match="2 people must approve it and 1 did"):
        sent(house)
    house.approve("Ben Example")
    assert sent(house).ended.handed == 3


def test_into_a_folder_each_message_is_one_file_and_the_journal_has_the_counts(house: House) -> None:
    house.queue()
    report = sent(house)
    assert report.ended.handed == 3
    with house.open() as (journal, vault):
        files = {path.stem: path.read_bytes() for path in (house.folder / "out").glob("*.eml")}
        assert files == {one.id: vault.letter(one.id) for one in vault.envelopes(vault.dispatches("INC-1"))}
        released, delivered = journal.entries("INC-1")[-2:]
        assert (released.kind, delivered.kind) == ("dispatch.released", "delivery.recorded")
        assert released.body["approved_by"] == ["Ana Example"]
        assert released.body["count_typed"] == 3
        assert delivered.body["counts"] == {"sent": 3}
        receipts = b"".join(canonical(one) + b"\n" for one in vault.receipts("INC-1"))
        assert delivered.body["receipts"] == hashlib.sha256(receipts).hexdigest()
        assert b"example.com" not in re.sub(rb"<[0-9a-f]{32}@example\.com>", b"", receipts)
        assert journal.verify() is None
    with pytest.raises(UsageError, match="nothing is queued"):
        sent(house, 0)


def test_what_never_happened_goes_into_a_folder_and_nowhere_else(invented_once: House, tmp_path: Path) -> None:
    house = copied(invented_once, tmp_path / "desk")
    house.queue()
    settings = house.folder / "mail.yaml"
    settings.write_text(
        "format: breachkit/mail@1\nsender: {name: Example Co, email: privacy@example.com}\n"
        "servers:\n  - {name: main, host: 127.0.0.1, port: 9, tls: none}\n"
    )
    with house.open() as (journal, vault):
        seen = front.checks(house.space, journal, vault, "INC-1", [], None)
        assert "nothing of it happened" in seen[0].against[0]
        with pytest.raises(Refused, match="nothing of it happened"):
            front.run(house.space, journal, vault, "INC-1", seen, 3, folder=None, settings=settings)
        assert all(str(one.email).endswith(".invalid") for one in vault.envelopes(vault.dispatches("INC-1")))
    assert sent(house).ended.handed == 3


def test_mail_without_settings_is_refused(house: House) -> None:
    house.queue()
    with house.open() as (journal, vault), pytest.raises(Refused, match="no mail server is set"):
        front.run(house.space, journal, vault, "INC-1", [], 3, folder=None)


@needs_sink
def test_by_mail_the_servers_replies_are_the_proof_and_the_duty_is_filed(house: House) -> None:
    house.queue()
    with running_sink(keep=True) as sink:
        settings = house.folder / "mail.yaml"
        settings.write_text(
            "format: breachkit/mail@1\nsender: {name: Example Co, email: bounces@example.com}\n"
            f"servers:\n  - {{name: main, host: 127.0.0.1, port: {sink.port}, tls: none, connections: 2}}\n"
        )
        with house.open() as (journal, vault):
            seen = front.checks(house.space, journal, vault, "INC-1", [], None)
            report = front.run(house.space, journal, vault, "INC-1", seen, 3, folder=None, settings=settings, file=True)
        taken = {str(message_from_bytes(raw)["Message-ID"]) for raw in sink.messages()}
    with house.open() as (journal, vault):
        receipts = list(vault.receipts("INC-1"))
        assert taken == {one["message_id"] for one in receipts}
        assert {(one["status"], one["events"][-1]["code"], one["events"][-1]["server"]) for one in receipts} == {
            ("sent", 250, "main")
        }
        assert report.filed == [LETTER]
        assert "3 messages taken by the mail server" in str(journal.entries("INC-1")[-1].body["reference"])
        found = answer(subject_of_incident(journal, "INC-1", house.space), house.space)
        assert found.finding(LETTER).status == "done"


def test_who_opted_out_gets_a_notice_that_a_law_demands_and_the_ground_is_kept(house: House) -> None:
    opted_out = house.folder / "opted-out.csv"
    opted_out.write_text("email\nBEN@example.com\nnobody@example.com\n")
    [queued] = house.queue(Order(opt_outs=read_opt_outs(opted_out)))
    assert (queued.added, queued.opted_out) == (3, 1)
    sent(house)
    with house.space.journal(read_only=True) as journal:
        [released] = [e.body for e in journal.entries("INC-1") if e.kind == "dispatch.released"]
    assert released["opted_out"] == 1
    assert "GDPR Art. 34" in str(released["opt_out_ground"])


def test_one_notice_goes_to_one_address_that_a_person_named(house: House) -> None:
    house.approve("Ana Example", "eu.gdpr.33@es-aepd")
    found = house.judged()
    finding = found.finding("eu.gdpr.33@es-aepd")
    with house.space.vault() as vault:
        sender = sender_for(found, finding)
        queued = queue_one(found, vault, house.space, finding, "breaches@example.com", "", sender, Order())
        assert queued.dispatch.body["recipient_kind"] == "authority"
        with pytest.raises(Refused, match="was queued for that address already"):
            queue_one(found, vault, house.space, finding, "breaches@example.com", "", sender, Order())
        for wrong in ("no address", "a@b\r\nBcc: c@example.com", "a@example.com, b@example.com"):
            with pytest.raises(UsageError):
                queue_one(found, vault, house.space, finding, wrong, "", sender, Order())
    assert sent(house, 1).ended.handed == 1


def in_doubt(house: House) -> str:
    """One envelope that a sender was sending when it died."""
    house.queue()
    with house.open() as (journal, vault):
        dead = "UPDATE envelope SET status = 'sending', sender = 'dead', attempts = 1 WHERE n = 1"
        vault.database.run(dead)
        assert front.recover(house.space, journal, vault, "INC-1").in_doubt == 1
        [one] = list(vault.envelopes(vault.dispatches("INC-1"), "in_doubt"))
        return one.id


def test_what_a_crash_left_is_in_doubt_and_is_not_sent_again_by_itself(house: House) -> None:
    doubted = in_doubt(house)
    assert sent(house, 2).ended.handed == 2
    with house.open() as (_, vault):
        assert vault.envelope(doubted).status == "in_doubt"
    assert not (house.folder / "out" / f"{doubted}.eml").exists()


@pytest.mark.parametrize(("word", "status"), [("sent", "sent"), ("not-sent", "refused"), ("again", "queued")])
def test_a_person_settles_what_is_in_doubt_and_the_journal_keeps_the_word(house: House, word: str, status: str) -> None:
    doubted = in_doubt(house)
    with house.open() as (journal, vault):
        with pytest.raises(UsageError, match="say why"):
            settling.settle(house.space, journal, vault, "INC-1", [vault.envelope(doubted)], word, " ")
        settling.settle(house.space, journal, vault, "INC-1", [vault.envelope(doubted)], word, "asked the provider")
        assert vault.envelope(doubted).status == status
        [entry] = [e for e in journal.entries("INC-1") if e.kind == "envelope.settled"]
        assert (entry.body["envelopes"], entry.body["reason"]) == ([doubted], "asked the provider")
        with pytest.raises(Refused, match="not in doubt"):
            settling.settle(house.space, journal, vault, "INC-1", [vault.envelope(doubted)], word, "again")


def test_what_was_sent_is_never_queued_again(house: House) -> None:
    house.queue()
    sent(house)
    with house.open() as (journal, vault):
        every = list(vault.envelopes(vault.dispatches("INC-1")))
        with pytest.raises(Refused, match="nothing is sent twice"):
            settling.retry(house.space, journal, vault, "INC-1", every, "to be sure")


def test_what_waits_is_withdrawn_by_a_person_and_counts_neither_as_told_nor_as_owed(house: House) -> None:
    house.queue()
    with house.open() as (journal, vault):
        every = settling.named(vault, "INC-1", [], "queued", "D-1")
        with pytest.raises(UnknownName):
            settling.named(vault, "INC-1", [], "queued", "D-9")
        settling.withdraw(house.space, journal, vault, "INC-1", every, "the facts changed")
        row = contract.status_json(vault, "INC-1")["dispatches"][0]
        assert (row["counts"], row["complete"], row["second_channel_owed"]) == ({"withdrawn": 3}, False, 0)
        with pytest.raises(Refused, match="withdrawn and cannot become queued"):
            settling.retry(house.space, journal, vault, "INC-1", [vault.envelope(every[0].id)], "after all")
    with pytest.raises(UsageError, match="nothing is queued"):
        sent(house, 0)


BOUNCE = """From: MAILER-DAEMON@mx.example.com
To: privacy@example.com
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ana@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ana@example.com>: Ana Uno does not work here

--b
Content-Type: message/rfc822-headers

Message-ID: <{envelope}@example.com>
Subject: A notice

--b--
"""


def test_a_bounce_owes_a_second_channel_until_something_took_its_place(house: House) -> None:
    house.queue()
    sent(house)
    with house.open() as (journal, vault):
        one = next(iter(vault.envelopes(vault.dispatches("INC-1"))))
        mailbox = house.folder / "bounce.eml"
        mailbox.write_text(BOUNCE.format(envelope=one.id))
        told = settling.read_bounces(house.space, journal, vault, mailbox)
        assert told.moved == [one.id]
        row = contract.status_json(vault, "INC-1")
        assert row["second_channel_owed"] == 1
        kept = vault.envelope(one.id).reply
        assert not [word for word in ("ana@example.com", "Ana", "Uno") if word in kept], kept
        assert settling.read_bounces(house.space, journal, vault, mailbox).known == 1
        bounced = [vault.envelope(one.id)]
        settling.replace(house.space, journal, vault, "INC-1", bounced, "post", "posting list 17")
        assert vault.envelope(one.id).channel == "post"
        row = contract.status_json(vault, "INC-1")
        assert row["second_channel_owed"] == 0
        assert row["dispatches"][0]["complete"]
        assert journal.verify() is None


def test_purging_leaves_no_byte_of_anybody_and_every_proof(house: House) -> None:
    house.queue()
    sent(house)
    note = house.folder / "note.txt"
    note.write_text("Ana Uno rang at noon")
    with house.open() as (journal, vault):
        attaching.attach(house.space, journal, vault, "INC-1", note, "a call", "factual")
        before = list(vault.receipts("INC-1"))
        head = journal.head("INC-1")
        done = forgetting.purge_people(house.space, journal, vault, "INC-1", "retention period ended")
        assert done.erased == {"envelopes": 3, "letters": 3, "attachments": 1}
        assert list(vault.receipts("INC-1")) == before
        assert journal.verify() is None
        assert journal.holds("INC-1", *head)
        assert {one.email for one in vault.envelopes(vault.dispatches("INC-1"))} == {None}
    stores = [path for path in house.folder.iterdir() if path.name.startswith("breachkit.db") and path.is_file()]
    for path in stores:
        held = path.read_bytes()
        assert not [word for word in (b"ana@example.com", b"Ana Uno", b"rang at noon", b"note.txt") if word in held], path.name


def test_purging_waits_for_what_is_not_settled(house: House) -> None:
    in_doubt(house)
    with house.open() as (journal, vault):
        with pytest.raises(Refused, match="2 queued, 1 in doubt"):
            forgetting.purge_people(house.space, journal, vault, "INC-1", "too early")
        assert statuses(vault).count("queued") == 2
        forgetting.purge_people(house.space, journal, vault, "INC-1", "a court ordered it", unsettled=True)
    with pytest.raises(BreachkitError, match="nothing is queued"):
        sent(house, 2)


def test_an_attachment_comes_back_byte_for_byte(house: House) -> None:
    file = house.folder / "log.bin"
    file.write_bytes(bytes(range(256)) * 9000)
    with house.open() as (journal, vault):
        one, new = attaching.attach(house.space, journal, vault, "INC-1", file, "a log", "privileged")
        assert new
        assert not attaching.attach(house.space, journal, vault, "INC-1", file, "a log", "privileged")[1]
        attaching.write_out(vault, "INC-1", one.sha256[:10], house.folder / "again.bin")
        [entry] = [e for e in journal.entries("INC-1") if e.kind == "attachment.added"]
    assert (house.folder / "again.bin").read_bytes() == file.read_bytes()
    assert (entry.track, entry.body["sha256"]) == ("privileged", one.sha256)
    assert "log.bin" not in str(entry.body)
    (house.folder / "link").symlink_to(file)
    with house.open() as (journal, vault):
        with pytest.raises(Refused, match="name the file itself, not a link"):
            attaching.attach(house.space, journal, vault, "INC-1", house.folder / "link", "a link", "factual")
        with pytest.raises(UnknownName):
            attaching.attach(house.space, journal, vault, "INC-2", file, "a log", "factual")
