"""Takes people out of what mail servers said: addresses however they are written, mailbox names, and known names.

Rather too much than too little goes: what is left is kept for good. The names of servers and their numeric addresses stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_LONGEST_KEPT: Final = 500
LONGEST: Final = 1_000
"""How much of a text is looked at, in characters; what comes after is dropped before anything else."""

_BETWEEN: Final = r"\s<>\"():;,"
_AT: Final = r"(?:[@\uff20\ufe6b]|=40|%40|\+40|&#64;|\(at\)|\[at\])"
# Each begins where a word begins, so that a long run of signs is walked through once.
_ADDRESS: Final = re.compile(rf"(?:\"[^\"]*\"|(?<![^{_BETWEEN}])[^{_BETWEEN}]+?) ?{_AT} ?[^{_BETWEEN}]+", re.IGNORECASE)
_PLAIN: Final = re.compile(r"(?<![^\s<>\"'():;,=])[^\s<>\"'():;,=]+@[^\s<>\"'():;,]+")
_BRACKETED: Final = re.compile(r"<[^<>]+>")
_X500: Final = re.compile(r"/o=.*/cn=[^\s\"'<>;,]*", re.IGNORECASE)
# Controls, format characters that turn the direction of text or show nowhere, and halves of characters.
_UNSHOWN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
_PARTS: Final = re.compile(r"[._+\-=%]+")
_HOST: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]{2,45}\]")
_SHORTEST_NAME: Final = 3


def one_line(text: str) -> str:
    """The text as it may be shown: no escape codes, no controls, single spaces, cut to 1,000 characters at a space."""
    shown = " ".join(_UNSHOWN.sub(" ", _ESCAPE.sub(" ", text[: 4 * LONGEST])).split())
    if len(shown) <= LONGEST:
        return shown
    # A word that is cut in two could be half an address, which nothing would recognise.
    return shown[:LONGEST].rpartition(" ")[0]


def without_addresses(text: str, addresses: Iterable[str] = (), names: Iterable[str] = ()) -> str:
    """The text on one line without addresses, at most 500 characters.

    `addresses` are those the message is known to be about: their part before the @ goes too, alone or as a name (`ana.example`,
    `Ana Example`). `names` are names of people.
    """
    said = _ADDRESS.sub("<address>", _BRACKETED.sub("<address>", _X500.sub("<address>", one_line(text))))
    for word in names:
        said = _without(said, [word])
    # The longer first: what is left of one mailbox's name when a shorter one is taken out of it would not be recognised.
    for local, _, domain in sorted((address.strip("<> ").rpartition("@") for address in addresses), key=_length, reverse=True):
        said = _without(said, [local, domain], r"[@=%]")
        said = _without(said, [local])
        parts = [part for part in _PARTS.split(local) if part]
        if len(parts) > 1:
            said = _without(said, parts, r"[\W_]*")
            said = _without(said, parts[::-1], r"[\W_]*")
    return _PLAIN.sub("<address>", said)[:_LONGEST_KEPT]


def host_name(text: str) -> str:
    """The name of a server as a report's field gives it, `dns; mx.example.com (192.0.2.1)`; "" when it is none."""
    kind, found, rest = text.partition(";")
    words = (rest if found else kind).split()
    name = words[0].rstrip(".,") if words else ""
    return name if _HOST.fullmatch(name) else ""


def _length(parts: tuple[str, str, str]) -> int:
    return len(parts[0])


def _without(text: str, words: list[str], between: str = "") -> str:
    """The text without these words one after another, in any case, where they stand by themselves."""
    lower = text.lower()
    if len("".join(words)) < _SHORTEST_NAME or not all(word and word.lower() in lower for word in words):
        return text
    pattern = between.join(map(re.escape, words))
    return re.sub(rf"(?<!\w)(?<!<){pattern}(?!\w)", "<recipient>", text, flags=re.IGNORECASE)
