"""Names, addresses, subjects and reference numbers that try to open a header, or to hide in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.security.conftest import quoted
from tests.workflow.made_up_people import FACTS, letters, listed, person, write_table

HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Breachkit-Duty", "X-Breachkit-Notice",
    "X-Breachkit-Status", "Content-Language", "MIME-Version", "Content-Type",
]  # fmt: skip
"""Those every letter has, and no other."""

BREAKS = {
    "CRLF": "\r\nBcc: all@example.com",
    "LF": "\nBcc: all@example.com",
    "CR": "\rBcc: all@example.com",
    "two CRLF": "\r\n\r\nA body of my own",
    "NUL": "\0\r\nBcc: all@example.com",
    "NEL": "\x85Bcc: all@example.com",
    "line separator": "\u2028Bcc: all@example.com",
    "paragraph separator": "\u2029Bcc: all@example.com",
    "vertical tab and form feed": "\x0b\x0cBcc: all@example.com",
    "an encoded word": " =?utf-8?q?=0D=0ABcc:_all@example.com?=",
    "an encoded word in base64": " =?utf-8?b?DQpCY2M6IGFsbEBleGFtcGxlLmNvbQ==?=",
    "a second address": '" <all@example.com>, "B',
    "a comment": "(\r\n Bcc: all@example.com)",
    "a folded line": "\r\n Bcc: all@example.com",
    "a direction turned": "\u202emoc.elpmaxe@lla\u202c",
}


TURNS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def batch(
    run: Run,
    tmp_path: Path,
    people: Sequence[dict[str, str]],
    *,
    organisation: str = "Example Co",
    title: str = "A file",
    code: int = 0,
) -> tuple[list[bytes], dict[str, str], str]:
    """The letters of a batch with these words in it, the rows refused and why, and what the command said."""
    text = FACTS.replace(
        "organisation: example-co",
        f"organisation: {{id: mine, name: {quoted(organisation)}, roles: [controller], serves: [ES, US], established_in: [ES],"
        " main_establishment: ES, sectors: [saas]}",
    ).replace("A copied customer file", quoted(title))
    (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    table, out = write_table(tmp_path / "people.csv", people), tmp_path / "out"
    words = ("eu.gdpr.34", "--facts", tmp_path / "facts.yaml", "--people", table, "--out", out, "--workers", "1")
    ran = run("notice", "batch", *words, "--format", "eml", code=code)
    if code:
        return [], {}, ran.err
    return list(letters(out).values()), {row["row"]: row["code"] for row in listed(out, "refused.csv")}, ran.err


def check(raw: bytes) -> EmailMessage:
    """One mail to one person, with the headers of the house and no other, and nothing hidden in them; as it is read."""
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    assert not re.search(rb"=\?utf-8\?(?:q|b\?DQpCY2M6)", raw), "an encoded word of somebody else's"
    assert message.keys() == HEADERS
    assert not message.defects
    assert len(message["To"].addresses) == len(message["From"].addresses) == 1
    for name in HEADERS:
        assert not TURNS.search(str(message[name])), name
    assert message.get_body(("plain",)) is not None
    return message


@pytest.mark.parametrize("attack", BREAKS.values(), ids=BREAKS.keys())
def test_no_name_of_an_organisation_and_no_title_opens_a_header(run: Run, tmp_path: Path, attack: str) -> None:
    if broken := attack.isprintable() is False and "\u202e" not in attack:
        said = batch(run, tmp_path, [person(0)], organisation=f"Example{attack}", code=2)[2]
        assert "cannot stand in a mail header" in said
    name = "Example" if broken else f"Example{attack}"
    [raw], refused, _ = batch(run, tmp_path, [person(0)], organisation=name, title=f"A file{attack}")
    assert check(raw)["From"].addresses[0].addr_spec == "privacy@example-co.invalid"
    assert not refused


def test_no_name_in_a_table_opens_a_header_and_everybody_else_gets_their_letter(run: Run, tmp_path: Path) -> None:
    people = [person(number * 3, name=f"Ana{attack}") for number, attack in enumerate(BREAKS.values())]
    found, refused, _ = batch(run, tmp_path, [*people, person(99)])
    assert len(found) + len(refused) == len(people) + 1
    assert set(refused.values()) == {"control"}
    known = {one["email"] for one in [*people, person(99)]}
    for raw in found:
        assert check(raw)["To"].addresses[0].addr_spec in known
    assert len(found) > 4, "encoded words, quotes and brackets are a name like any other"


def test_no_address_in_a_table_opens_a_header_or_takes_a_second_one(run: Run, tmp_path: Path) -> None:
    attacks = [*BREAKS.values(), ">, <all@example.com", ",all@example.com", "?bcc=all@example.com", "%0d%0aBcc:all@example.com"]
    people = [
        person(number * 3, email=f"ana{number}@example.com{attack}", street="", city="", postcode="")
        for number, attack in enumerate(attacks)
    ]
    found, refused, _ = batch(run, tmp_path, [*people, person(99)])
    assert len(found) + len(refused) == len(people) + 1
    assert set(refused.values()) <= {"control", "unreachable", "no_email", "email_form"}
    for raw in found:
        assert check(raw)["To"].addresses[0].addr_spec != "all@example.com"


@pytest.mark.parametrize("attack", ["\r\nBcc: all@example.com", "\n\nX", "\0", ">, <all@example.com", " all@example.com"])
def test_no_address_of_the_sender_opens_a_header_nor_a_line_of_its_own_in_the_message_about_it(
    run: Run, tmp_path: Path, attack: str
) -> None:
    text = FACTS.replace("privacy@example-co.invalid", quoted(f"privacy@example-co.invalid{attack}"))
    (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    said = run("duties", "--facts", tmp_path / "facts.yaml", code=3).err
    assert "contact.email takes one e-mail address" in said
    assert len(said.splitlines()) == 1
