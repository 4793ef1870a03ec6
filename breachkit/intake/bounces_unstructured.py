"""Bounces from before RFC 3464, and from servers that never learnt it: prose with our message below it.

Taken for a bounce only when a mail server wrote it, our own Message-ID stands in the message that came back, and a code of
permanent failure stands in the prose above. Anything less is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from breachkit.domain.values import value
from breachkit.intake.mail_parts import Mail

_OURS: Final = re.compile(r"^[> \t]*Message-I[Dd]:\s*(<[0-9a-f]{32}@[A-Za-z0-9.-]{1,253}>)[ \t\r]*$", re.MULTILINE)
_ENHANCED: Final = re.compile(r"(?<![\w.])([45]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")
_SMTP: Final = re.compile(r"(?:^|[:(#]|<<<|\bsaid|\berror)[ \t]*([45])[0-5]\d(?=[ -]\S)", re.MULTILINE | re.IGNORECASE)
_TO: Final = re.compile(r"^To:[ \t]*(.+)$", re.MULTILINE)
_ADDRESS: Final = re.compile(r"(?<![^\s<>()\"',;:])[^\s<>()\"',;:@]{1,100}@[^\s<>()\"',;:@]{1,255}")
_LONGEST_PROSE: Final = 20_000
_MOST_ADDRESSES: Final = 20


@value
class Told:
    """What an unstructured bounce says."""

    message_id: str
    status: str
    """"" when only a reply code of three digits stands there."""
    line: str
    """The line with the code, as written."""
    addresses: tuple[str, ...]
    """Those the prose names, so that they can be taken out of the line."""
    to: str
    """Who the message that came back was for, as its header in the prose has it; "" when it does not stand there."""


def read_unstructured(mail: Mail) -> Told | str | None:
    """What it says; in words why our message came back and nothing is concluded from it; None when ours did not come back."""
    prose, message_id = _prose(mail)
    if message_id is None:
        return None
    lines = prose[:_LONGEST_PROSE].splitlines()
    permanent = temporary = ""
    status = ""
    for line in lines:
        enhanced = _ENHANCED.search(line)
        found = enhanced or _SMTP.search(line)
        if found is None:
            continue
        if found[1].startswith("4"):
            temporary = temporary or line
        elif not status:
            status = enhanced[1] if enhanced else ""
            permanent = line if status or not permanent else permanent
    if permanent and temporary:
        return "our message came back, with codes of both permanent and temporary failure; read it yourself"
    if not permanent:
        return "our message came back, and no code of permanent failure (5xx, 5.x.x) stands beside it; read it yourself"
    addresses = tuple(dict.fromkeys(_ADDRESS.findall(prose[:_LONGEST_PROSE])))[:_MOST_ADDRESSES]
    to = _TO.search(mail.text[len(prose) :][:_LONGEST_PROSE])
    return Told(message_id, status, permanent, addresses, to[1] if to else "")


def _prose(mail: Mail) -> tuple[str, str | None]:
    """The text above the message that came back, and its Message-ID when it is ours."""
    if mail.returned:
        return mail.text, _id_of(mail.returned)
    found = _OURS.search(mail.text)
    if found is None:
        return mail.text, None
    # The headers that came back begin after the empty line above them.
    above = mail.text[: found.start()].replace("\r\n", "\n")
    return above.rpartition("\n\n")[0], found[1]


def _id_of(headers: Mapping[str, str]) -> str | None:
    found = _OURS.match(f"Message-ID: {headers.get('message-id', '')}")
    return found[1] if found else None
