"""A message taken apart by Python's `email` package into plain text: what of it matters to a report of delivery.

The package is met here and nowhere else in this room. Says what stands in a message; what it means is for others.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import BytesParser, Parser
from email.policy import Compat32
from typing import Final

from breachkit.domain.values import value

MOST_PARTS: Final = 100
"""How many parts, one inside another or side by side, a message may have."""
MOST_GROUPS: Final = 101
"""How many blocks of a delivery status are read: that of the message and those of 100 recipients."""

_LONGEST_HEADER: Final = 8_000
"""In characters."""
_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)
_STATUS: Final = ("message/delivery-status", "message/global-delivery-status")
_WHOLE: Final = ("message/rfc822", "message/global", "message/news")
_HEADERS: Final = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")


class _AsWritten(Compat32):
    """Headers as they stand, cut to a length. The newer policies read each into its grammar, which damaged mail breaks."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, written = super().header_source_parse(sourcelines)
        # The package takes quadratic time over the parameters of a header.
        return name, written[:_LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the package's own signature
        return value


_POLICY: Final = _AsWritten()


@value
class Mail:
    """The parts of a message that matter. Names of headers are in lower case; of several of one name the first counts."""

    headers: Mapping[str, str]
    kind: str
    """Its media type: `multipart/report`."""
    report_type: str
    """`delivery-status`; "" when it says none."""
    groups: tuple[Mapping[str, str], ...]
    """The blocks of its delivery status: first that of the message, then one for each recipient; () when it has none."""
    returned: Mapping[str, str]
    """The headers of the message that came back; empty when none did."""
    text: str
    """The first part that is plain text, where people are told what happened."""


def taken_apart(raw: bytes) -> Mail | str:
    """The message's parts, or in words why it cannot be taken apart."""
    if len(_BOUNDARY.findall(raw)) > MOST_PARTS:
        return f"it has more than {MOST_PARTS} parts, one inside another or side by side"
    try:
        return _mail(BytesParser(policy=_POLICY).parsebytes(raw))
    except RecursionError:
        return "its parts are nested too deeply"
    except Exception as problem:  # The package raises many kinds on damaged mail, and says itself that it should raise none.
        return f"it is damaged ({type(problem).__name__})"


def _mail(message: Message) -> Mail:
    groups: tuple[Mapping[str, str], ...] = ()
    returned: Mapping[str, str] = {}
    text: str | None = None
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in _STATUS and not groups:
            groups = tuple(_groups(part))
        elif kind in _WHOLE and not returned:
            returned = _headers_inside(part)
        elif kind in _HEADERS and not returned:
            returned = _headers_of(_read(_content(part).lstrip()))
        elif kind == "text/plain" and text is None:
            text = _content(part)
    report_type = message.get_param("report-type")
    told = report_type.lower() if isinstance(report_type, str) else ""
    return Mail(_headers_of(message), message.get_content_type(), told, groups, returned, text or "")


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold no others, without going into messages inside the message."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        inside = _inside(part)
        if part.get_content_maintype() == "multipart" and inside:
            waiting.extend(reversed(inside))
        else:
            yield part


def _groups(part: Message) -> Iterator[Mapping[str, str]]:
    """The blocks of a delivery status; those of an encoded or international one are told apart here."""
    blocks = _inside(part)[:MOST_GROUPS]
    if part.get_content_type() != _STATUS[0] or _encoding(part):
        text = _content(part).replace("\r\n", "\n").strip("\n")
        blocks = [_read(block) for block in _split(text)]
    for block in blocks:
        if headers := _headers_of(block):
            yield headers


def _split(text: str) -> list[str]:
    return re.split(r"\n[ \t]*\n\s*", text, maxsplit=MOST_GROUPS)[:MOST_GROUPS]


def _headers_inside(part: Message) -> Mapping[str, str]:
    if _encoding(part):  # Against the standard, and met.
        return _headers_of(_read(_content(part).lstrip()))
    inside = _inside(part)
    return _headers_of(inside[0]) if inside else {}


def _read(text: str) -> Message:
    return Parser(policy=_POLICY).parsestr(text, headersonly=True)


def _headers_of(message: Message) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, written in message.items():
        found.setdefault(name.lower(), " ".join(_as_text(written).split()))
    return found


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload() if part.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)]


def _content(part: Message) -> str:
    """What a part holds as text; of messages in it, their headers and first lines as they were written."""
    encoding = _encoding(part)
    text = "\n\n".join(_written(one) for one in _inside(part)) if part.is_multipart() else _text_of(part)
    if not encoding:
        return text
    data = text.encode("ascii", "replace")
    try:
        data = base64.b64decode(data) if encoding == "base64" else quopri.decodestring(data)
    except (binascii.Error, ValueError):
        return ""
    return data.decode("utf-8", "replace")


def _written(message: Message) -> str:
    headers = "\n".join(f"{name}: {_as_text(written)}" for name, written in message.items())
    return "\n\n".join(one for one in (headers, "" if message.is_multipart() else _text_of(message)) if one)


def _text_of(part: Message) -> str:
    """A part's text as UTF-8: what is looked for is ASCII in every charset, and some that a message may name are slow."""
    if "content-type" in part:
        part.replace_header("content-type", "text/plain; charset=utf-8")
    written = part.get_payload()
    return _as_text(written) if isinstance(written, str) else ""


def _encoding(part: Message) -> str:
    told = str(part.get("content-transfer-encoding", "")).strip().lower()
    return told if told in ("base64", "quoted-printable") else ""


def _as_text(written: str) -> str:
    return written if written.isascii() else written.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
