"""Mail by a real Postfix of the test's own: STARTTLS, TLS, logins, delivery, and every way a night can begin badly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from breachkit.delivery.passwords import Password
from breachkit.delivery.smtp import ServerStopped, SmtpTransport, look
from breachkit.domain.envelope import Outcome, Outgoing
from breachkit.domain.mail_servers import Server, Tls
from tests.delivery.mail_runs import SOON, FakeTime, letter
from tests.delivery.postfix import KNOWN, Postfix, needs_postfix, running_postfix

pytestmark = needs_postfix


@pytest.fixture(scope="module")
def postfix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postfix]:
    """One server for all tests of this module."""
    with running_postfix(tmp_path_factory.mktemp("postfix")) as server:
        yield server


def of(postfix: Postfix, tls: Tls = "starttls", **other: object) -> Server:
    """That server as settings name it."""
    port = {"starttls": postfix.submission, "tls": postfix.smtps, "none": postfix.plain}[tls]
    user = None if tls == "none" else postfix.user
    usual: dict[str, object] = {"host": postfix.host, "port": port, "user": user, "ca_file": str(postfix.ca_file)}
    return Server(name="main", tls=tls, connections=1, timeouts=SOON, **(usual | other))  # type: ignore[arg-type]  # as in `plain`


def send(server: Server, password: str, *letters: Outgoing) -> list[Outcome]:
    """What becomes of these letters, one after another."""

    async def run() -> list[Outcome]:
        time, found = FakeTime(), list[Outcome]()
        passwords = {server.name: Password(password)}
        async with SmtpTransport([server], passwords, sleep=time.sleep, monotonic=time.monotonic) as mail:
            for one in letters:
                await mail.lanes[0].ready()
                found.append(await mail.lanes[0].send(one))
        return found

    return asyncio.run(run())


@pytest.mark.parametrize("tls", ["starttls", "tls", "none"])
def test_a_letter_is_delivered_and_the_servers_log_proves_it(postfix: Postfix, tls: Tls) -> None:
    one = letter({"starttls": 1, "tls": 2, "none": 3}[tls], to=KNOWN, body="Grüße\r\n.a line with a dot\r\n".encode())
    (outcome,) = send(of(postfix, tls), postfix.password, one)
    assert (outcome.result, outcome.code) == ("sent", 250)
    queue_id = outcome.reply.rpartition(" ")[2]
    assert f"message-id=<{one.envelope}@example.com>" in postfix.logged(f"{queue_id}: message-id=")
    assert "status=sent" in postfix.logged(f"{queue_id}: to=<{KNOWN}>")
    delivered = postfix.delivered(one.envelope.encode())
    assert delivered.endswith(one.message.replace(b"\r\n", b"\n"))
    if tls != "none":
        assert b"(using TLSv1." in delivered


def test_a_recipient_there_is_not_is_refused_and_the_next_is_served(postfix: Postfix) -> None:
    letters = [letter(11), letter(12, to=KNOWN), letter(13)]
    outcomes = send(of(postfix), postfix.password, *letters)
    assert [(one.result, one.code) for one in outcomes] == [("refused", 550), ("sent", 250), ("refused", 550)]
    assert outcomes[0].reply.startswith("5.1.1 <address>: Recipient address rejected: User unknown")


def test_a_server_that_does_not_relay_refuses(postfix: Postfix) -> None:
    (outcome,) = send(of(postfix, "none"), "", letter(21, to="somebody@elsewhere.test"))
    assert (outcome.result, outcome.code) == ("refused", 554)
    assert outcome.reply.startswith("5.7.1 <address>: Relay access denied")


def test_a_message_larger_than_it_takes_is_refused_before_it_is_sent(postfix: Postfix) -> None:
    (outcome,) = send(of(postfix), postfix.password, letter(22, to=KNOWN, body=b"x" * 72 + b"\r\n" * 500_000))
    assert (outcome.result, outcome.code) == ("refused", None)
    assert outcome.reply.endswith("and the server takes at most 1000000")


STOPPED = [
    ({"user": "nobody"}, "starttls", "the login as nobody was refused: 535 5.7.8"),
    ({"ca_file": None}, "starttls", "its certificate is not trusted for localhost: "),
    ({"ca_file": None}, "tls", "its certificate is not trusted for localhost: "),
    ({"host": "127.0.0.1"}, "starttls", "its certificate is not trusted for 127.0.0.1: IP address mismatch"),
    ({"host": "127.0.0.1"}, "tls", "its certificate is not trusted for 127.0.0.1: IP address mismatch"),
]


@pytest.mark.parametrize(("other", "tls", "why"), STOPPED)
def test_what_cannot_be_trusted_or_logged_in_to_stops_with_what_to_do(
    postfix: Postfix, other: dict[str, object], tls: Tls, why: str
) -> None:
    with pytest.raises(ServerStopped) as stopped:
        send(of(postfix, tls, **other), postfix.password, letter(31, to=KNOWN))
    assert stopped.value.why.startswith(why)


def test_a_wrong_password_is_tried_once_and_shown_nowhere(postfix: Postfix) -> None:
    with pytest.raises(ServerStopped, match=r"the login as mailer was refused: 535 5\.7\.8") as stopped:
        send(of(postfix), "Not-The-Password", letter(32, to=KNOWN))
    assert "Not-The-Password" not in str(stopped.value)


def test_a_certificate_of_another_authority_is_not_trusted(postfix: Postfix) -> None:
    with pytest.raises(ServerStopped, match="its certificate is not trusted for localhost"):
        send(of(postfix, ca_file=str(postfix.other_ca_file)), postfix.password, letter(33, to=KNOWN))


def test_a_server_without_starttls_gets_neither_password_nor_letter(postfix: Postfix) -> None:
    with pytest.raises(ServerStopped, match="it does not offer STARTTLS, and nothing is sent without TLS"):
        send(of(postfix, port=postfix.plain), postfix.password, letter(34, to=KNOWN))


@pytest.mark.parametrize(("tls", "port"), [("tls", "submission"), ("tls", "plain")])
def test_tls_to_a_port_that_speaks_plain_says_which_ports_go_with_what(postfix: Postfix, tls: Tls, port: str) -> None:
    with pytest.raises(ServerStopped, match="tls: starttls goes with port 587, tls: tls with port 465"):
        send(of(postfix, tls, port=getattr(postfix, port)), postfix.password, letter(35, to=KNOWN))


def test_a_server_that_wants_a_login_and_gets_none_turns_the_first_letters_down(postfix: Postfix) -> None:
    with pytest.raises(ServerStopped, match="turns everything down, 10 recipients in a row"):
        send(of(postfix, user=None), "", *(letter(number, to=KNOWN) for number in range(40, 60)))


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_looking_at_it_says_what_it_offers(postfix: Postfix, tls: Tls) -> None:
    server = of(postfix, tls)
    said = asyncio.run(look(server, Password(postfix.password)))
    assert said == f"main: localhost:{server.port}, TLSv1.3, logged in as mailer, messages up to 1,000,000 bytes"
