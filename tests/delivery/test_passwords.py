"""A password comes from the environment or the keyring, and shows up nowhere."""

from __future__ import annotations

import base64
import logging
import pickle
import traceback

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from breachkit.delivery.passwords import Password, password_for, passwords_for, variable_for
from breachkit.delivery.smtp import ServerStopped, SmtpTransport, look
from breachkit.domain.mail_servers import Server
from breachkit.errors import Refused
from tests.delivery.mail_runs import plain
from tests.delivery.scripted_server import HANG_UP, scripted

SECRET = "Not-To-Be-Seen/42"
SERVER = Server("eu-west", "smtp.example.com", 587, user="mailer@example.com")


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()
        self.locked, self.held = locked, dict[tuple[str, str], str]()

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked(f"locked; {SECRET}")
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    """An empty keyring, and no password in the environment."""
    monkeypatch.delenv("BREACHKIT_SMTP_PASSWORD", raising=False)
    monkeypatch.delenv(variable_for(SERVER), raising=False)
    ring, before = Ring(), keyring.get_keyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", before)  # put back at the end
    keyring.set_keyring(ring)
    return ring


def revealed(server: Server, *, only: bool = False) -> str:
    password = password_for(server, only=only)
    assert password is not None
    return password.reveal()


def test_a_servers_own_variable_goes_before_the_general_one_and_the_keyring(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.set_password("breachkit", "smtp:mailer@example.com@smtp.example.com", "ring")
    assert revealed(SERVER, only=True) == "ring"
    monkeypatch.setenv("BREACHKIT_SMTP_PASSWORD", "general")
    assert revealed(SERVER, only=True) == "general"
    assert revealed(SERVER) == "ring", "with several servers the general variable could be anybody's"
    monkeypatch.setenv("BREACHKIT_SMTP_PASSWORD_EU_WEST", "own")
    assert revealed(SERVER, only=True) == revealed(SERVER) == "own"


def test_a_server_nobody_logs_in_to_needs_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREACHKIT_SMTP_PASSWORD_EU_WEST", "own")
    assert passwords_for([SERVER, plain(25)]).keys() == {"eu-west"}
    assert password_for(plain(25), only=True) is None


def test_no_password_says_every_way_to_set_it() -> None:
    with pytest.raises(Refused) as problem:
        password_for(SERVER, only=True)
    said = str(problem.value)
    assert "set BREACHKIT_SMTP_PASSWORD_EU_WEST in the environment (or BREACHKIT_SMTP_PASSWORD," in said
    assert "`keyring set breachkit smtp:mailer@example.com@smtp.example.com`" in said
    with pytest.raises(Refused) as problem:
        password_for(SERVER, only=False)
    assert "(or BREACHKIT_SMTP_PASSWORD" not in str(problem.value)


def test_a_locked_keyring_is_said_without_its_own_words(ring: Ring) -> None:
    ring.locked = True
    with pytest.raises(Refused, match="this machine's keyring cannot be read: KeyringLocked") as problem:
        password_for(SERVER, only=True)
    assert SECRET not in str(problem.value)


def test_a_machine_without_keyring_says_that_it_is_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    with pytest.raises(Refused, match="once the package keyring is installed"):
        password_for(SERVER, only=True)


def test_a_password_shows_nothing_of_itself() -> None:
    one = Password(SECRET)
    assert SECRET not in f"{one!r} {one} {one!s} {vars(Password)}"
    assert not hasattr(one, "__dict__")
    with pytest.raises(TypeError, match="not written down"):
        pickle.dumps(one)


ECHOES = [
    SECRET,
    base64.b64encode(SECRET.encode()).decode(),
    base64.b64encode(f"\0mailer\0{SECRET}".encode()).decode(),
]


def everything_about(problem: BaseException) -> str:
    """The error, its chain and every local variable on its way, as the most talkative traceback prints them."""
    assert problem.__traceback__ is not None
    below_the_test = problem.__traceback__.tb_next
    return "".join(traceback.TracebackException(type(problem), problem, below_the_test, capture_locals=True).format())


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("echo", ECHOES, ids=["plain", "login", "auth-plain"])
async def test_a_refused_login_gives_the_password_away_nowhere(
    method: str, echo: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    async with scripted(EHLO=f"250-x\r\n250 AUTH {method}", AUTH=f"535 5.7.8 not you: {echo}") as server:
        settings = plain(server.port, user="mailer")
        async with SmtpTransport([settings], {"main": Password(SECRET)}, hello="x", tell=told.append) as mail:
            with pytest.raises(ServerStopped) as stopped:
                await mail.lanes[0].ready()
            shown = repr((mail, mail.lanes, mail.states, [vars(lane) for lane in mail.lanes]))
        with pytest.raises(ServerStopped) as looked:
            await look(settings, Password(SECRET), hello="x")
        assert server.count("AUTH") == 2, "one try each: a wrong password said thrice locks an account"
    told += [everything_about(stopped.value), everything_about(looked.value), shown, caplog.text]
    assert "the login as mailer was refused: 535 5.7.8 not you: (password)" in stopped.value.why
    for form in ECHOES:
        assert form not in "".join(told)


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        ({"AUTH": HANG_UP}, "the connection was lost during the login"),
        ({"AUTH": "454 4.7.0 not just now"}, "the login is not possible just now: 454 4.7.0 not just now"),
        ({"EHLO": "250 x"}, "it offers no login that could be used"),
        ({"EHLO": "250-x\r\n250 AUTH GSSAPI"}, "it offers no login that could be used"),
    ],
)
async def test_every_other_failure_of_a_login_is_as_silent(replies: dict[str, str], why: str) -> None:
    async with scripted(**({"EHLO": "250-x\r\n250 AUTH PLAIN LOGIN"} | replies)) as server:
        with pytest.raises(ServerStopped) as stopped:
            await look(plain(server.port, user="mailer"), Password(SECRET), hello="x")
    assert why in stopped.value.why
    assert all(form not in everything_about(stopped.value) for form in ECHOES)
