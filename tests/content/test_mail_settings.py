"""`mail.yaml` is read strictly, and a password in it is refused without being repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.content.mail_settings import MailSettings, load_mail_settings
from breachkit.domain.mail_servers import Server, Timeouts
from breachkit.errors import BadFile

GOOD = """\
format: breachkit/mail@1
sender: {name: Example Co, email: privacy@example.com}
hello: desk.example.com
servers:
  - name: main
    host: smtp.example.com
    user: mailer@example.com
    rate: 600/min
    connections: 8
    per_connection: 100
    give_up: 900
    timeouts: {connect: 30, content: 1200}
  - {name: second, host: mx.example.net, tls: tls}
  - {name: here, host: 127.0.0.1, tls: none}
"""


def read(folder: Path, text: str) -> MailSettings:
    path = folder / "mail.yaml"
    path.write_text(text, encoding="utf-8")
    return load_mail_settings(path)


def test_what_the_file_says_is_what_is_used(tmp_path: Path) -> None:
    settings = read(tmp_path, GOOD)
    assert (settings.sender.name, settings.sender.email, settings.hello) == (
        "Example Co",
        "privacy@example.com",
        "desk.example.com",
    )
    main, second, here = settings.servers
    assert main == Server(
        "main", "smtp.example.com", 587, "starttls", "mailer@example.com", 10.0, 8, None, 100, 900.0,
        Timeouts(connect=30.0, command=300.0, data=120.0, content=1200.0),
    )  # fmt: skip
    assert second == Server("second", "mx.example.net", 465, "tls")
    assert here == Server("here", "127.0.0.1", 25, "none")


def test_a_file_of_certificates_is_looked_for_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-", encoding="utf-8")
    settings = read(tmp_path, GOOD.replace("rate: 600/min", "ca_file: ca.pem"))
    assert settings.servers[0].ca_file == str(tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("rate", "per_second"), [("10/s", 10.0), ("600/min", 10.0), ("5000/h", 5000 / 3600), ("0.5/s", 0.5), ("3 / min", 0.05)]
)
def test_a_rate_is_written_as_people_say_it(tmp_path: Path, rate: str, per_second: float) -> None:
    assert read(tmp_path, GOOD.replace("600/min", rate)).servers[0].rate == pytest.approx(per_second)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("breachkit/mail@1", "breachkit/mail@2", "mail.yaml line 1: format must be 'breachkit/mail@1'"),
        ("sender: {name: Example Co, email: privacy@example.com}\n", "", "mail.yaml line 1: 'sender' is missing"),
        ("email: privacy@example.com", "mail: privacy@example.com", "unknown key 'mail' in 'sender'; did you mean 'email'?"),
        ("privacy@example.com", "privacy", "mail.yaml line 2: the sender's email takes one plain address"),
        ('name: Example Co', 'name: "a\\nBcc: b@c.de"', "mail.yaml line 2: the sender's name takes at most 120 printable"),
        ("hello: desk.example.com", "hello: my desk", "mail.yaml line 3: 'hello' is the name"),
        ("name: main", "name: Main Server", "mail.yaml line 5: 'Main Server' cannot name a server"),
        ("name: second", "name: main", "mail.yaml line 13: 'main' is the name of another server above"),
        ("host: smtp.example.com\n", "port: 25\n", "mail.yaml line 5: 'host' is missing in an entry of 'servers'"),
        ("host: smtp.example.com", "host: smtp.example.com:587", "mail.yaml line 6: 'host' takes a name or an address alone"),
        ("user: mailer@example.com", "user: 'mailer:hunter2'", "mail.yaml line 7: 'user' takes the name to log in with"),
        ("rate: 600/min", "rate: fast", "mail.yaml line 8: 'fast' is no rate; write 10/s, 600/min or 5000/h"),
        ("rate: 600/min", "rate: 0/s", "mail.yaml line 8: '0/s' is no rate"),
        ("connections: 8", "connections: 0", "mail.yaml line 9: 'connections' takes a whole number from 1 to 64, not '0'"),
        ("connections: 8", "conections: 8", "mail.yaml line 9: unknown key 'conections' in an entry of 'servers'; did you"),
        ("per_connection: 100", "per_connection: -1", "mail.yaml line 10: 'per_connection' takes a whole number"),
        ("give_up: 900", "give_up: soon", "mail.yaml line 11: 'give_up' takes seconds, from 1 to 86400, such as 300"),
        ("connect: 30", "connect: 0", "mail.yaml line 12: 'connect' takes seconds"),
        ("tls: tls", "tls: ssl", "mail.yaml line 13: unknown tls 'ssl'"),
        ("host: 127.0.0.1, tls: none", "host: 192.0.2.1, tls: none", "mail.yaml line 14: tls: none sends every letter"),
        ("rate: 600/min", "ca_file: nowhere.pem", "nowhere.pem is not there; name a file of certificates (PEM)"),
    ],
)  # fmt: skip
def test_a_wrong_line_says_which_and_what_is_right(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD
    with pytest.raises(BadFile) as problem:
        read(tmp_path, GOOD.replace(before, after, 1))
    assert said in str(problem.value)


@pytest.mark.parametrize("text", ["servers: []\n", "servers:\n", ""])
def test_settings_without_a_server_say_how_to_name_one(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile, match="must list at least one server, such as - "):
        read(tmp_path, GOOD.partition("servers:")[0] + text)


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("600/min", "fast").replace("connections: 8", "connections: many").replace("tls: tls", "tls: ssl")
    with pytest.raises(BadFile) as problem:
        read(tmp_path, text)
    assert [fault.line for fault in problem.value.faults] == [8, 9, 13]


@pytest.mark.parametrize("key", ["password", "pass", "Passwd", "smtp_password", "secret", "token", "api_key"])
def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadFile) as problem:
        read(tmp_path, GOOD.replace("rate: 600/min", f"{key}: hunter2"))
    said = str(problem.value)
    assert f"mail.yaml line 8: '{key}': no password is kept in this file." in said
    assert "set BREACHKIT_SMTP_PASSWORD_MAIN in the environment" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("host: smtp.example.com", "host: mailer:hunter2@smtp.example.com"),
        ("host: smtp.example.com", "host: smtp://mailer:hunter2@smtp.example.com"),
        ("user: mailer@example.com", "user: mailer@example.com:hunter2"),
        ("hello: desk.example.com", "password: hunter2"),
        ("name: main", "name: main\n    auth: {password: hunter2}"),
    ],
)
def test_a_password_put_anywhere_else_is_not_repeated_either(tmp_path: Path, before: str, after: str) -> None:
    with pytest.raises(BadFile) as problem:
        read(tmp_path, GOOD.replace(before, after, 1))
    assert "hunter2" not in str(problem.value)
