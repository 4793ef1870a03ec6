"""Letters as ready-to-send mail: the message is encoded once, and each person's values are spliced into its finished bytes.

Text and HTML are quoted-printable. A value stands on lines of its own there, between soft line breaks, so that it can be
put in without encoding anything around it again. RFC 5322, RFC 2045 section 6.7 and RFC 2047.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import format_datetime
from html import escape

from breachkit.documents.merge import Escaper, Said, Spliced, check_marks
from breachkit.documents.render import render
from breachkit.domain import marks
from breachkit.domain.notice_fields import split_fields
from breachkit.domain.notices import Notice

_END = b"\r\n"
_SOFT = b"=\r\n"
_LINE = 76
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of writing: with them a name shows as another address than the one it stands before."""
_WORDS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~-]+(?:\.[!#-'*+/-9=?A-Z^-~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
# What quoted-printable leaves as it is, on one line. A dot or `From ` at a line's start is encoded: relays and mail
# folders change those.
_PLAIN = re.compile(r"(?!\.|From )[ -<>-~]{0,72}(?<! )")
_WHOLE = re.compile(r"(?!\.|From )[ -<>-~]{0,76}(?<! )")


class HeaderRefused(ValueError):
    """A name or an address that would break a header open, or that mail cannot carry."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mail is from."""

    name: str
    email: str


def compile_mail(notice: Notice, sender: Sender, about: Mapping[str, str]) -> Spliced:
    """The message with its holes: the notice's fields, `to` (see `recipient`) and `message_id`, both as bytes in ASCII text.

    `about` are headers `X-Breachkit-...` without any data of a person. NotBare as for other formats.
    """
    text, page = _rendered(notice, "text"), _rendered(notice, "html")
    boundary = "=_" + hashlib.sha256((text + page).encode()).hexdigest()[:24]  # `=_` cannot stand in quoted-printable
    day = notice.written_on or date(1970, 1, 1)
    head = [
        f"From: {mailbox(sender.name, sender.email, first=len('From: '))}",
        "To: ",
        "\r\n".join(
            [
                f"\r\nSubject: {words(subject(notice), first=len('Subject: '))}",
                f"Date: {_noon(day)}",
                "Message-ID: ",
            ]
        ),
        "\r\n".join(
            [
                "",
                "Auto-Submitted: auto-generated",
                *(f"X-Breachkit-{name}: {_plain_header(value)}" for name, value in about.items()),
                *(["X-Breachkit-Exercise: yes"] if notice.exercise is not None else []),
                f"Content-Language: {notice.language}",
                "MIME-Version: 1.0",
                f'Content-Type: multipart/alternative; boundary="{boundary}"',
                "",
                f"--{boundary}",
                *_part_head("plain"),
                "",
            ]
        ),
    ]
    pieces = [f"{head[0]}\r\n{head[1]}".encode("ascii"), head[2].encode("ascii"), head[3].encode("ascii")]
    slots: list[tuple[str, Escaper]] = [("to", _as_it_is), ("message_id", _as_it_is)]
    _add(pieces, slots, text, quoted)
    pieces[-1] += "\r\n".join([f"--{boundary}", *_part_head("html"), ""]).encode("ascii")
    _add(pieces, slots, page, quoted_html)
    pieces[-1] += f"--{boundary}--\r\n".encode("ascii")
    return Spliced(pieces, slots)


def subject(notice: Notice) -> str:
    """The title without fields, after DRAFT until it is approved, and EXERCISE or INVENTED when nothing of it happened."""
    title = " ".join("".join(piece for piece, _ in split_fields(notice.title)).split())
    said = [marks.word(notice.invented, notice.exercise), "DRAFT" if notice.draft else ""]
    return " - ".join([*filter(None, said), title])


def message_id(sender: Sender, *what: str) -> str:
    """The same for the same letter to the same person, so that one sent again can be recognised."""
    digest = hashlib.sha256("\0".join(what).encode()).hexdigest()[:40]
    return f"<{digest}@{sender.email.rpartition('@')[2]}>"


def recipient(name: str, email: str) -> str:
    """The value of the field `to`. HeaderRefused for line breaks, control characters and addresses mail cannot carry."""
    return mailbox(name, email, first=len("To: "))


def mail_address(email: str, *, invented: bool) -> str:
    """The address in ASCII; below `.invalid` for an invented incident. HeaderRefused when it has no such form."""
    if not email.isascii():
        local, _, domain = email.rpartition("@")
        import idna

        try:
            email = f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
        except idna.IDNAError as problem:
            raise HeaderRefused(f"the domain of '{email}' is none that mail knows") from problem
    if not _ADDRESS.fullmatch(email):
        raise HeaderRefused("the e-mail address has signs that need a mail server of its own kind (SMTPUTF8)")
    return f"{email}.invalid" if invented and not email.lower().endswith(".invalid") else email


def mailbox(name: str, email: str, *, first: int) -> str:
    """`Name <address>` as a header has it, folded; `first` is how much of its first line is taken."""
    name = _TURNING.sub("", name)
    if _CONTROL.search(name) or not _ADDRESS.fullmatch(email):
        raise HeaderRefused("a name or address with a line break or another control character cannot stand in a header")
    if not name:
        return f"<{email}>" if first + len(email) + 2 <= _LINE else f"\r\n <{email}>"
    if name.isascii() and len(name) <= 60 and "=?" not in name:
        said = name if _WORDS.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        last = first + len(said)
    else:
        said = words(name, first=first, always=True)
        last = len(said) - said.rfind("\n") if "\n" in said else first + len(said)
    return f"{said} <{email}>" if last + len(email) + 3 <= _LINE else f"{said}\r\n <{email}>"


def words(text: str, *, first: int, always: bool = False) -> str:
    """Header text, as encoded words where it is not plain ASCII (RFC 2047), folded to lines of at most 76 signs."""
    if _CONTROL.search(text):
        raise HeaderRefused("a line break or another control character cannot stand in a header")
    if not always and text.isascii() and "=?" not in text and all(len(word) <= 60 for word in text.split()):
        return _folded(text.split(), first)
    made: list[bytes] = []
    held = b""
    for char in text:
        more = char.encode()
        if len(held) + len(more) > (42 if made else 42 - first // 2):
            made.append(held)
            held = b""
        held += more
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in [*made, held])


def quoted(value: Said) -> bytes:
    """A value on lines of its own in quoted-printable text."""
    if isinstance(value, str):
        return value.encode() if _PLAIN.fullmatch(value) else _quote_line(value)
    return b"\r\n".join(map(quoted, value))


def quoted_html(value: Said) -> bytes:
    """The same in HTML."""
    if isinstance(value, str):
        return quoted(escape(value))
    return b"<br>\r\n".join(_shorter(quoted(escape(line)), 4) for line in value)


def _rendered(notice: Notice, format: str) -> str:
    document = render(notice, format)
    assert isinstance(document, str)
    check_marks(notice, document, format)
    return document


def _part_head(kind: str) -> list[str]:
    return [f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", ""]


def _add(pieces: list[bytes], slots: list[tuple[str, Escaper]], document: str, escaper: Escaper) -> None:
    """The document's pieces, quoted, after what stands already; a soft break on both sides of each field."""
    after_field = False
    for before, field in split_fields(document):
        literal = _quote(before)
        if after_field and not before.startswith("\n"):
            literal = _SOFT + literal
        if field is not None and literal and not literal.endswith(_END):
            literal += _SOFT
        if after_field:
            pieces.append(literal)
        else:
            pieces[-1] += literal
        if field is not None:
            slots.append((field, escaper))
        after_field = field is not None


def _quote(text: str) -> bytes:
    """Finished text; its last line is left short enough for a soft break."""
    *whole, last = text.split("\n")
    lines = [line.encode() if _WHOLE.fullmatch(line) else _quote_line(line) for line in whole]
    return _END.join([*lines, quoted(last)])


def _quote_line(line: str) -> bytes:
    """One line as quoted-printable lines short enough for a soft break at the end."""
    made = b2a_qp(line.encode(), quotetabs=False, istext=False).replace(b"=\n", _SOFT)
    parts = made.split(_SOFT)
    parts = [_start(part) for part in parts]
    return _SOFT.join(piece for part in parts for piece in _cut(part))


def _start(part: bytes) -> bytes:
    if part.startswith(b"."):
        return b"=2E" + part[1:]
    return b"=46" + part[1:] if part.startswith(b"From ") else part


def _cut(part: bytes) -> list[bytes]:
    """The line, or two of it where it leaves no room for a soft break; never within an escaped byte."""
    if len(part) < _LINE:
        return [part]
    at = 40 - (part[39:40] == b"=") - 2 * (part[38:39] == b"=")
    return [part[:at], part[at:]]


def _shorter(quoted_line: bytes, room: int) -> bytes:
    """The line with space for `room` more signs."""
    last = quoted_line.rpartition(b"\n")[2]
    return quoted_line + _SOFT if len(last) + room >= _LINE else quoted_line


def _as_it_is(value: Said) -> bytes:
    assert isinstance(value, str)
    return value.encode("ascii")


def _plain_header(value: str) -> str:
    if _CONTROL.search(value) or not value.isascii():
        raise HeaderRefused(f"'{value}' cannot stand in a header")
    return value


def _folded(parts: list[str], first: int) -> str:
    lines, length = [""], first
    for part in parts:
        if lines[-1] and length + 1 + len(part) > _LINE:
            lines.append(part)
            length = 1 + len(part)
        else:
            lines[-1] += f" {part}" if lines[-1] else part
            length += len(part) + 1
    return "\r\n ".join(lines)


def _noon(day: date) -> str:
    from datetime import UTC, datetime, time

    return format_datetime(datetime.combine(day, time(12), tzinfo=UTC))
