"""Reports of several makes are read alike; what is no report is said to be none; nobody's address is left in what is kept."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breachkit.intake.bounces import Bounce, Unread
from tests.intake.reports import ENVELOPE, MAKES, OURS, PERSON, POSTFIX, QMAIL, bounce, head, read, report, why

DATE = datetime(2026, 11, 22, 9, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("make", "action", "status", "remote", "at", "diagnostic"),
    [
        (
            "postfix",
            "failed",
            "5.1.1",
            "mx.mail.example.com",
            DATE,
            "550 5.1.1 <address>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
        ("exim", "failed", "5.0.0", "mx.mail.example.com", DATE, "550 No such user <recipient> here"),
        (
            "exchange",
            "failed",
            "5.1.10",
            "EX01.org.example",
            DATE,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient <address> not found by SMTP address lookup",
        ),
        (
            "gmail",
            "failed",
            "5.2.1",
            "mx.mail.example.com",
            datetime(2026, 11, 22, 9, 0, 2, tzinfo=UTC),
            "550-5.2.1 The email account that you tried to reach is disabled. For more 550 5.2.1 go to "
            "https://support.example.com/mail?p=DisabledUser",
        ),
        ("ses", "failed", "5.1.1", "a1-2.smtp-out.amazonses.example", DATE, "550 5.1.1 user unknown"),
        (
            "sendmail",
            "delayed",
            "4.4.1",
            "mx.mail.example.com",
            datetime(2026, 11, 22, 13, 0, tzinfo=UTC),
            "451 4.4.1 reply: read error from mx.mail.example.com.",
        ),
        ("international", "failed", "5.1.1", "mx.org.example", DATE, "550 5.1.1 <recipient>, <address>: unbekannt"),
    ],
)
def test_a_report_of_each_make_names_the_envelope_and_what_became_of_it(
    tmp_path: Path, make: str, action: str, status: str, remote: str, at: datetime, diagnostic: str
) -> None:
    found = bounce(tmp_path, MAKES[make])
    assert (found.message_id, found.envelope, found.suspicious) == (OURS, ENVELOPE, "")
    assert (found.action, found.status, found.remote, found.at) == (action, status, remote, at)
    assert found.diagnostic == diagnostic
    assert found.source == "report.eml"


@pytest.mark.parametrize("make", MAKES)
def test_line_ends_of_the_wire_make_no_difference(tmp_path: Path, make: str) -> None:
    assert bounce(tmp_path, MAKES[make].replace("\n", "\r\n")) == bounce(tmp_path, MAKES[make])


def test_a_report_on_several_recipients_gives_one_bounce_for_each(tmp_path: Path) -> None:
    more = "Action: expanded\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; b@example.com\nAction: delivered (to mailbox)"
    found = read(
        tmp_path, report(head(), "Reporting-MTA: dns; mx.org.example", f"Final-Recipient: rfc822; a@example.com\n{more}")
    )
    assert [one.action for one in found if isinstance(one, Bounce)] == ["expanded", "delivered"]


def test_the_envelope_id_of_the_smtp_session_is_enough(tmp_path: Path) -> None:
    lost = MAKES["sendmail"].replace(f"Message-ID: {OURS}\n", "")
    assert (bounce(tmp_path, lost).envelope, bounce(tmp_path, lost).message_id) == (ENVELOPE, None)


def test_what_our_own_message_referred_to_is_not_what_bounced(tmp_path: Path) -> None:
    found = bounce(tmp_path, POSTFIX.replace(f"Message-ID: {OURS}\n", ""))
    assert (found.envelope, found.message_id) == (None, None)


def test_a_report_of_somebody_elses_message_names_no_envelope(tmp_path: Path) -> None:
    found = bounce(tmp_path, POSTFIX.replace(OURS, "<CA+abc@mail.example.com>"))
    assert (found.envelope, found.message_id, found.action) == (None, None, "failed")


def test_two_envelopes_in_one_report_are_none(tmp_path: Path) -> None:
    found = bounce(tmp_path, MAKES["sendmail"].replace(f"Id: {ENVELOPE}", f"Id: {'ab' * 16}"))
    assert found.envelope is None
    assert found.suspicious == "it names more than one envelope"


@pytest.mark.parametrize("path", ["<>", " <> ", "<MAILER-DAEMON>"])
def test_an_empty_envelope_sender_is_not_suspicious(tmp_path: Path, path: str) -> None:
    assert bounce(tmp_path, POSTFIX.replace("Return-Path: <>", f"Return-Path: {path}")).suspicious == ""


def test_a_report_with_a_sender_is_flagged_whatever_its_from_says(tmp_path: Path) -> None:
    found = bounce(tmp_path, POSTFIX.replace("Return-Path: <>", "Return-Path: <eve@example.com>"))
    assert found.suspicious == "its envelope sender is not empty, as that of a report is"
    assert found.envelope == ENVELOPE


def test_without_a_noted_sender_from_must_be_a_mail_server(tmp_path: Path) -> None:
    bare = POSTFIX.replace("Return-Path: <>\n", "")
    assert bounce(tmp_path, bare).suspicious == ""
    for eve in ("Eve <eve@example.com>", "MAILER-DAEMON <eve@example.com>", '"postmaster@org.example" <eve@example.com>'):
        forged = bare.replace("From: MAILER-DAEMON@mx.org.example (Mail Delivery System)", f"From: {eve}")
        assert "From is not a mail server's mailbox" in bounce(tmp_path, forged).suspicious


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Action: failed", "Action: exploded", "no action that RFC 3464 knows"),
        ("Action: failed\n", "", "no action that RFC 3464 knows"),
        ("Status: 5.1.1", "Status: 2.0.0", "contradict each other"),
        ("Action: failed", "Action: delayed", "contradict each other"),
        ("Content-Type: message/delivery-status", "Content-Type: text/plain", "no code of permanent failure"),
        ("report-type=delivery-status", "report-type=disposition-notification", None),
    ],
)
def test_a_report_that_makes_no_sense_is_left_unread(tmp_path: Path, old: str, new: str, words: str | None) -> None:
    changed = POSTFIX.replace(old, new)
    if words is None:
        assert bounce(tmp_path, changed).action == "failed"  # Its delivery status says what it is.
    else:
        assert words in why(tmp_path, changed)


def test_a_report_that_was_cut_before_its_status_says_so(tmp_path: Path) -> None:
    cut = POSTFIX[: POSTFIX.index("Content-Type: message/delivery-status")]
    assert why(tmp_path, cut) == "a report whose delivery status is missing or damaged"


def test_a_status_that_is_missing_is_taken_from_the_diagnostic_or_left_out(tmp_path: Path) -> None:
    without = POSTFIX.replace("Status: 5.1.1\n", "")
    assert bounce(tmp_path, without).status == "5.1.1"
    assert bounce(tmp_path, without.replace("550 5.1.1", "550")).status == ""


@pytest.mark.parametrize(
    "date", ["Sun, 22 Nov 2026 10:00:05", "yesterday", "Sun, 99 Nov 2026 10:00:05 +0100", "1 Jan 0001 00:00 +0100"]
)
def test_a_date_without_its_zone_is_no_date(tmp_path: Path, date: str) -> None:
    assert bounce(tmp_path, POSTFIX.replace("Date: Sun, 22 Nov 2026 10:00:05 +0100", f"Date: {date}")).at is None


def test_an_encoded_delivery_status_is_read(tmp_path: Path) -> None:
    blocks = "Reporting-MTA: dns; mx.org.example\n\nFinal-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\n"
    encoded = base64.encodebytes(blocks.encode()).decode()
    made = report(head(), "X-Cut: here", "X-Cut: here").replace("X-Cut: here\n\nX-Cut: here", encoded)
    made = made.replace("message/delivery-status\n", "message/delivery-status\nContent-Transfer-Encoding: base64\n")
    assert (bounce(tmp_path, made).action, bounce(tmp_path, made).envelope) == ("failed", ENVELOPE)


REPLY = f"Return-Path: <>\nFrom: Ana Example <{PERSON}>\nSubject: Away\nIn-Reply-To: {OURS}\n"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (f"{REPLY}Auto-Submitted: auto-replied\n\nI am away. 550 5.1.1\n", "not a bounce: an automatic reply"),
        (f"{REPLY}X-Autoreply: yes\n\nI am away.\n", "not a bounce: an automatic reply"),
        (f"{REPLY}\nPlease call me. 550 5.1.1\n\nMessage-ID: {OURS}\n", "not a bounce"),
        (f"From: MAILER-DAEMON@mx.org.example\n\nIn reply to {OURS}\n", "not a bounce"),
        (
            "From: a@example.com\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b--\n",
            "not a bounce: a receipt for reading",
        ),
        (
            "From: a@example.com\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b--\n",
            "not a bounce: a complaint (feedback report)",
        ),
        (" \n\n", "there is nothing in it"),
    ],
)
def test_what_is_no_bounce_is_said_to_be_none(tmp_path: Path, message: str, words: str) -> None:
    assert why(tmp_path, message) == words


def test_a_bounce_that_a_person_forwards_is_none(tmp_path: Path) -> None:
    outer = 'From: a@example.com\nContent-Type: multipart/mixed; boundary="out"\n\n--out\nContent-Type: message/rfc822\n\n'
    assert why(tmp_path, f"{outer}{POSTFIX}\n--out--\n") == "not a bounce"


def test_an_old_bounce_counts_when_our_message_came_back_with_a_permanent_code(tmp_path: Path) -> None:
    found = bounce(tmp_path, QMAIL)
    assert (found.message_id, found.envelope, found.action, found.status) == (OURS, ENVELOPE, "failed", "5.1.1")
    assert (found.diagnostic, found.at) == ("Remote host said: 550 5.1.1 no mailbox for <recipient>", DATE)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("550 5.1.1", "450 4.2.2", "no code of permanent failure"),
        ("550 5.1.1 no", "no", "no code of permanent failure"),
        ("550 5.1.1 no", "order 550 of no", "no code of permanent failure"),
        ("Giving up", "Earlier: 451 4.4.1 busy. Giving up", "both permanent and temporary"),
        (OURS, "<somebody-else@example.com>", "not a bounce"),
        ("From: MAILER-DAEMON@mx.org.example", "From: Eve <eve@example.com>", "not a bounce"),
        ("Return-Path: <>", "Return-Path: <eve@example.com>", "not a bounce"),
    ],
)
def test_an_old_bounce_is_never_guessed(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in why(tmp_path, QMAIL.replace(old, new, 1))


def test_an_old_bounce_with_our_message_attached_is_read(tmp_path: Path) -> None:
    made = POSTFIX.replace("multipart/report; report-type=delivery-status", "multipart/mixed")
    cut = made.index("--B/1.org\nContent-Type: message/delivery-status")
    made = made[:cut] + made[made.index("--B/1.org\nContent-Type: text/rfc822-headers") :]
    found = bounce(tmp_path, made.replace("It could not be delivered.", "ana.example@mail.example.com #550 5.7.1 refused"))
    assert (found.action, found.status, found.diagnostic) == ("failed", "5.7.1", "<address> #550 5.7.1 refused")


def test_nothing_read_repeats_who_it_was_for(tmp_path: Path) -> None:
    for name, made in {**MAKES, "qmail": QMAIL}.items():
        for one in read(tmp_path, made):
            words = repr(one).lower()
            assert "ana" not in words, name
            assert "müller" not in words, name
            assert isinstance(one, Bounce | Unread)
