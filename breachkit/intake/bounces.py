"""Reads delivery status notifications (RFC 3464) from a mailbox: what became of a message, and which envelope it was.

Concludes nothing beyond what a report says. Whether the envelope exists, and what a bounce changes, is for the vault and the
workflow; the mailbox stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Final

from breachkit.domain.envelope import envelope_of, is_envelope
from breachkit.domain.without_addresses import host_name, without_addresses
from breachkit.intake.bounce_values import ACTIONS, Action, Bounce, Unread
from breachkit.intake.bounces_unstructured import Told, read_unstructured
from breachkit.intake.mail_parts import Mail, taken_apart
from breachkit.intake.mailboxes import Raw, messages

__all__ = ["Bounce", "Unread", "read_bounces"]

_OURS: Final = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9.-]{1,253}>")
_STATUS: Final = re.compile(r"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w]|\.\d)")
_CLASSES: Final[Mapping[Action, str]] = {"failed": "45", "delayed": "4", "delivered": "2", "relayed": "2", "expanded": "2"}
"""Which class of status each action can have. A message fails with 4 when its time in the queue is up."""
_TYPE: Final = re.compile(r"^\s*[A-Za-z][\w.-]*\s*;\s*")
"""What kind of code follows: `smtp; 550 ...`."""
_ZONED: Final = re.compile(r"\b(?:19|20)\d\d +\d\d:\d\d.* (?:[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T)(?: *\([^()]*\))?", re.IGNORECASE)
_NOBODY: Final = frozenset({"", "<>", "<mailer-daemon>", "mailer-daemon"})
"""How programs write the empty envelope sender of a report, in lower case."""
_MAILER: Final = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|microsoftexchange[0-9a-f]{32})@.+|mailer-daemon", re.IGNORECASE
)
_LONGEST_FIELD: Final = 2_000
_MOST_KNOWN: Final = 10


def read_bounces(path: Path) -> Iterator[Bounce | Unread]:
    """What each message at `path` says: an .eml, a folder of them, an mbox, or a Maildir (`new` and `cur`).

    A report on several recipients gives one bounce for each. Every message gives at least one value, and what is wrong
    with a message is said in an `Unread`. UsageError, when reading begins, if the path is no mailbox or cannot be read.
    """
    for raw in messages(path):
        if isinstance(raw, Unread):
            yield raw
        else:
            yield from _read(raw)


def _read(raw: Raw) -> Iterator[Bounce | Unread]:
    if not raw.head.strip():
        yield Unread(raw.source, "there is nothing in it")
        return
    mail = taken_apart(raw.head)
    if isinstance(mail, str):
        yield Unread(raw.source, mail)
    elif mail.groups:
        yield from _of_report(mail, raw)
    else:
        yield _of_prose(mail, raw)


def _of_report(mail: Mail, raw: Raw) -> Iterator[Bounce | Unread]:
    about, recipients = mail.groups[0], mail.groups[1:]
    if "action" in about or "final-recipient" in about:
        recipients = mail.groups  # The block of the message itself is missing.
    if not recipients:
        yield Unread(raw.source, "its delivery status names no recipient")
        return
    message_id, envelope, doubt = _named(mail, about)
    suspicious = "; ".join(one for one in (_doubt_of_sender(mail, raw.sender), doubt) if one)
    for group in recipients:
        read = _outcome(group)
        if isinstance(read, str):
            yield Unread(raw.source, read)
            continue
        action, status = read
        yield Bounce(
            message_id,
            envelope,
            action,
            status,
            _cleaned(_TYPE.sub("", group.get("diagnostic-code", "")), mail, group),
            _instant(group.get("last-attempt-date", "")) or _instant(mail.headers.get("date", "")),
            host_name(group.get("remote-mta", "")) or host_name(about.get("reporting-mta", "")),
            raw.source,
            suspicious,
        )


def _outcome(group: Mapping[str, str]) -> tuple[Action, str] | str:
    """Action and status of one recipient, or in words why they cannot be read."""
    written = group.get("action", "").split("(")[0].strip().lower()
    action = next((one for one in ACTIONS if one == written), None)
    if action is None:
        return "a recipient's block has no action that RFC 3464 knows"
    found = _STATUS.search(group.get("status", "")) or _STATUS.search(group.get("diagnostic-code", "")[:_LONGEST_FIELD])
    status = found[0] if found else ""
    if status and status[0] not in _CLASSES[action]:
        return f"its action ({action}) and its status ({status}) contradict each other"
    return action, status


def _named(mail: Mail, about: Mapping[str, str]) -> tuple[str | None, str | None, str]:
    """Message-ID and envelope the report names, and what is odd about that. The references of what we sent do not count."""
    ids = [_last_of_ours(mail.returned.get(name, "")) for name in ("message-id", "x-original-message-id")]
    ids.append(_last_of_ours(about.get("x-original-message-id", "")))
    ids += [_last_of_ours(mail.headers.get(name, "")) for name in ("in-reply-to", "references")]
    found = [one for one in ids if one]
    envelopes = [envelope for one in found if (envelope := envelope_of(one))]
    told = about.get("original-envelope-id", "").strip("<> ").partition("@")[0]
    if is_envelope(told):
        envelopes.append(told)
    if len(set(envelopes)) > 1:
        return None, None, "it names more than one envelope"
    return found[0] if found else None, envelopes[0] if envelopes else None, ""


def _last_of_ours(header: str) -> str | None:
    found = _OURS.findall(header[-_LONGEST_FIELD:])
    return found[-1] if found else None


def _doubt_of_sender(mail: Mail, noted: str | None) -> str:
    """Reports have an empty envelope sender (RFC 5321, 4.5.5); where none is noted, From must be a mail server's."""
    sender = mail.headers.get("return-path", noted if noted not in (None, "-") else None)
    if sender is not None:
        return "" if sender.strip().lower() in _NOBODY else "its envelope sender is not empty, as that of a report is"
    return "" if _from_mailer(mail) else "no envelope sender is noted, and From is not a mail server's mailbox"


def _from_mailer(mail: Mail) -> bool:
    written = mail.headers.get("from", "")[:_LONGEST_FIELD]
    return any(_MAILER.fullmatch(address) for _, address in getaddresses([written]))


def _of_prose(mail: Mail, raw: Raw) -> Bounce | Unread:
    """A message without a delivery status: a bounce of the old kind, or none."""
    if mail.report_type == "disposition-notification":
        return Unread(raw.source, "not a bounce: a receipt for reading")
    if mail.report_type == "feedback-report":
        return Unread(raw.source, "not a bounce: a complaint (feedback report)")
    if not _from_mailer(mail) or _doubt_of_sender(mail, raw.sender):
        return Unread(raw.source, _no_bounce(mail))
    told = read_unstructured(mail)
    if told is None:
        return Unread(raw.source, _no_bounce(mail))
    if isinstance(told, str):
        return Unread(raw.source, told)
    return _from_told(told, mail, raw)


def _no_bounce(mail: Mail) -> str:
    if mail.report_type == "delivery-status":
        return "a report whose delivery status is missing or damaged"
    automatic = mail.headers.get("auto-submitted", "no").lower()
    if automatic.startswith("auto-replied") or "x-autoreply" in mail.headers:
        return "not a bounce: an automatic reply"
    return "not a bounce"


def _from_told(told: Told, mail: Mail, raw: Raw) -> Bounce:
    return Bounce(
        told.message_id,
        envelope_of(told.message_id),
        "failed",
        told.status,
        _cleaned(told.line, mail, {}, told),
        _instant(mail.headers.get("date", "")),
        "",
        raw.source,
    )


def _cleaned(words: str, mail: Mail, group: Mapping[str, str], told: Told | None = None) -> str:
    """A server's words without the people the report itself names: its recipients, and who the returned message was for."""
    addresses = [group.get(name, "").rpartition(";")[2].strip() for name in ("final-recipient", "original-recipient")]
    addresses += mail.headers.get("x-failed-recipients", "").split(",", _MOST_KNOWN)[:_MOST_KNOWN]
    pairs = getaddresses([(mail.returned.get("to", "") or (told.to if told else ""))[:_LONGEST_FIELD]])[:_MOST_KNOWN]
    addresses += [address for _, address in pairs]
    addresses += told.addresses if told else ()
    return without_addresses(words, dict.fromkeys(addresses), [name for name, _ in pairs])


def _instant(written: str) -> datetime | None:
    """A mail's date in UTC; None when it cannot be read, or has no zone: nothing is guessed."""
    if len(written) > 100 or not _ZONED.search(written):
        return None
    try:
        found = parsedate_to_datetime(written)
        # `-0000` is UTC of a clock whose own zone is not told (RFC 5322, 3.3).
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
