"""What a person, a report of non-delivery or a server's log says of envelopes after they were sent, each with its ground."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from breachkit.domain.envelope import By, Status, check_move, said
from breachkit.domain.journal import Draft, Json
from breachkit.domain.without_addresses import without_addresses
from breachkit.errors import Refused, UnknownName, UsageError
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Kept, Vault
from breachkit.workflow.outbox.releasing import append
from breachkit.workflow.outbox.remembered import for_good
from breachkit.workflow.outbox.sending import record
from breachkit.workflow.workspace import Workspace

_NAMED: Final = 100
_LOGGED: Final[dict[str, Status]] = {"sent": "sent", "bounced": "refused", "expired": "refused"}
WORDS: Final[dict[str, Status]] = {"sent": "sent", "again": "queued", "not-sent": "refused"}
"""How an envelope in doubt is settled: it arrived, send it once more, or it did not arrive and a second channel is owed."""


@dataclass
class Told:
    """What was read of bounces or a log."""

    moved: list[str] = field(default_factory=list)
    """Envelopes whose status changed by it."""
    noted: int = 0
    """Reports that change nothing, such as of a delay; kept with their envelope."""
    known: int = 0
    """Reports that were read before."""
    unknown: int = 0
    """Reports of no envelope of this vault."""
    unread: list[str] = field(default_factory=list)
    """What is no report, with its place and the reason."""
    suspicious: list[str] = field(default_factory=list)
    """Envelopes of reports that may be forged; kept with the envelope, and nothing moved by them."""


def named(
    vault: Vault, incident: str, envelopes: Sequence[str], status: Status | None, dispatch: str | None = None
) -> list[Kept]:
    """The envelopes meant: by their ids or beginnings, or all with that status of an incident or of one dispatch.

    UsageError for neither.
    """
    if envelopes and status is not None:
        raise UsageError("name envelopes or a status, one of them")
    held = vault.dispatches(incident)
    if dispatch is not None and dispatch not in {one.id for one in held}:
        raise UnknownName("dispatch", dispatch, [one.id for one in held])
    held = [one for one in held if dispatch in (None, one.id)]
    mine = {one.id for one in held}
    if not envelopes:
        if status is None:
            raise UsageError(f"name envelopes (breachkit send list {incident} shows them), or all that stand alike with --all")
        every = list(vault.envelopes(held, status))
        if not every:
            raise UsageError(f"no envelope of {dispatch or incident} is {said(status)}; see `breachkit send status {incident}`")
        return every
    found = [vault.envelope(id) for id in envelopes]
    for one in found:
        if one.dispatch not in mine:
            raise UnknownName("envelope", one.id, (), hint=f"(it is not of {dispatch or incident})")
    return found


def settle(
    space: Workspace, journal: Journal, vault: Vault, incident: str, envelopes: Sequence[Kept], word: str, reason: str
) -> int:
    """A person's word on envelopes in doubt; `word` is one of WORDS. Refused for one that is not in doubt."""
    if word not in WORDS:
        raise UnknownName("word", word, WORDS, hint=f"(one of {', '.join(WORDS)})")
    for one in envelopes:
        if one.status != "in_doubt":
            raise Refused(
                f"{one.id} is {said(one.status)}, not in doubt; see `breachkit send retry` and `breachkit send replace`"
            )
    return _move(space, journal, vault, incident, envelopes, WORDS[word], reason, word=word)


def retry(space: Workspace, journal: Journal, vault: Vault, incident: str, envelopes: Sequence[Kept], reason: str) -> int:
    """Queue again what was refused or bounced, on a person's word. Refused for what was sent, and for what is in doubt."""
    for one in envelopes:
        if one.status == "in_doubt":
            raise Refused(
                f"{one.id} is in doubt: it may have arrived. `breachkit send settle --as again` says to send it twice"
            )
        check_move(one.id, one.status, "queued", "person")
    return _move(space, journal, vault, incident, envelopes, "queued", reason)


def withdraw(space: Workspace, journal: Journal, vault: Vault, incident: str, envelopes: Sequence[Kept], reason: str) -> int:
    """Take what is queued out for good: it was never sent, and counts neither as told nor as owed."""
    for_good(reason, "--reason", "the facts changed; D-2 takes its place")
    return _move(space, journal, vault, incident, envelopes, "withdrawn", reason)


def replace(
    space: Workspace, journal: Journal, vault: Vault, incident: str, envelopes: Sequence[Kept], channel: str, proof: str
) -> int:
    """Another channel took the place of mail, with its proof: a posting list, a tracking number."""
    if not channel.replace("-", "").isalnum() or channel == "mail":
        raise UsageError("say the other channel in one word, such as --by post or --by phone")
    for_good(proof, "--proof", "posting list 17")
    return _move(space, journal, vault, incident, envelopes, "replaced", proof, channel=channel)


def read_bounces(space: Workspace, journal: Journal, vault: Vault, path: Path) -> Told:
    """Reports of non-delivery from a mailbox or file: what failed owes a second channel. The mailbox stays as it is."""
    from breachkit.intake.bounces import Bounce, read_bounces

    told = Told()
    digest = hashlib.sha256()
    touched: dict[str, dict[str, int]] = {}
    for one in read_bounces(path):
        if not isinstance(one, Bounce):
            told.unread.append(f"{one.source}: {one.why}")
            continue
        where = _known(vault, one.envelope)
        if where is None:
            told.unknown += 1
            continue
        doubt = f" (may be forged: {one.suspicious})" if one.suspicious else ""
        words = _nobody(where, f"{one.action} {one.status}: {one.diagnostic}{doubt}")
        digest.update(f"{where.id} {words}\n".encode())
        counts = touched.setdefault(_incident_of(vault, where), {"matched": 0, "delayed": 0})
        if _before(vault, where, words):
            told.known += 1
            continue
        counts["matched"] += 1
        told.suspicious += [where.id] if one.suspicious else []
        if one.action == "failed" and not one.suspicious and where.status in ("sent", "in_doubt"):
            _by_report(space, vault, where, "bounced", "bounce", words, one.remote)
            told.moved.append(where.id)
        else:
            counts["delayed"] += one.action == "delayed"
            vault.note(where.id, "bounce", at=_at(space), actor=space.who, reply=words, server=one.remote)
            told.noted += 1
    for incident, counts in touched.items():
        if counts["matched"]:
            body: dict[str, Json] = {"reports_sha256": digest.hexdigest(), "unknown": told.unknown, **counts}
            append(space, journal, incident, Draft("bounces.read", body))
            record(space, journal, vault, [d for d in vault.dispatches(incident) if d.state == "released"], [])
    return told


def read_log(space: Workspace, journal: Journal, vault: Vault, path: Path) -> Told:
    """A mail server's own log settles what is in doubt: it says that the message was taken on, or turned down."""
    from breachkit.intake.server_log import Logged, read_server_log

    told = Told()
    incidents = set()
    for one in read_server_log(path):
        if not isinstance(one, Logged):
            told.unread.append(f"{one.source}: {one.why}")
            continue
        where = _known(vault, one.envelope)
        if where is None:
            told.unknown += 1
            continue
        words = _nobody(where, f"log: {one.status} {one.dsn}: {one.reply}")
        to = _LOGGED.get(one.status)
        if where.status != "in_doubt" or to is None or _own_hop(one.relay):
            told.known += 1
            continue
        _by_report(space, vault, where, to, "reply", words, one.relay)
        told.moved.append(where.id)
        incidents.add(_incident_of(vault, where))
    for incident in sorted(incidents):
        record(space, journal, vault, [d for d in vault.dispatches(incident) if d.state == "released"], [])
    return told


def _move(
    space: Workspace, journal: Journal, vault: Vault, incident: str, envelopes: Sequence[Kept], to: Status, reason: str,
    *, channel: str | None = None, word: str | None = None,
) -> int:  # fmt: skip
    """Move them and keep the word in the journal, for each dispatch of its own; then how it stands now."""
    reason = for_good(reason, "--reason", "not in the provider's log")
    if not envelopes:
        raise UsageError("there is no such envelope; `breachkit send list` shows which there are")
    if to == "queued":
        _refuse_erased(vault, incident, envelopes)
    at = _at(space)
    vault.move([one.id for one in envelopes], to, "person", at=at, actor=space.who, reply=reason, channel=channel)
    for dispatch in dict.fromkeys(one.dispatch for one in envelopes):
        ids = [one.id for one in envelopes if one.dispatch == dispatch]
        body: dict[str, Any] = {"dispatch": dispatch, "count": len(ids), "to": to, "reason": reason}
        body |= {"envelopes": ids} if len(ids) <= _NAMED else {}
        body |= {"channel": channel} if channel else {}
        body |= {"word": word} if word else {}
        append(space, journal, incident, Draft("envelope.settled", body))
    record(space, journal, vault, _of(vault, incident, {one.dispatch for one in envelopes}), [])
    return len(envelopes)


def _refuse_erased(vault: Vault, incident: str, envelopes: Sequence[Kept]) -> None:
    erased = {one.id for one in vault.dispatches(incident) if one.state == "purged"}
    for one in envelopes:
        if one.dispatch in erased:
            raise Refused(f"{one.id}: who it was for and its letter were erased, so it cannot be sent; nothing was changed")


def _nobody(one: Kept, words: str) -> str:
    """A server's words without the person the envelope is for: address, name and each part of the name."""
    names = [one.name, *one.name.split()] if one.name else []
    return without_addresses(words.strip(), [one.email] if one.email else [], names)


def _by_report(space: Workspace, vault: Vault, one: Kept, to: Status, by: By, words: str, server: str) -> None:
    vault.move([one.id], to, by, at=_at(space), actor=space.who, reply=words, server=server)


def _known(vault: Vault, envelope: str | None) -> Kept | None:
    if envelope is None:
        return None
    try:
        return vault.envelope(envelope)
    except UnknownName:
        return None


def _own_hop(relay: str) -> bool:
    """Whether the log's server handed it to another program of its own machine, which is no delivery."""
    return "[127.0.0.1]" in relay or "[::1]" in relay


def _before(vault: Vault, one: Kept, words: str) -> bool:
    """Whether this very report was read before: reading a mailbox twice tells nothing new."""
    query = 'SELECT 1 FROM event v JOIN envelope e ON e.n = v.envelope WHERE e.id = ? AND v."by" = ? AND v.reply = ?'
    return bool(vault.database.rows(query, (one.id, "bounce", words)))


def _incident_of(vault: Vault, one: Kept) -> str:
    return vault.dispatch(one.dispatch).incident


def _of(vault: Vault, incident: str, ids: Iterable[str]) -> list[Any]:
    wanted = set(ids)
    return [one for one in vault.dispatches(incident) if one.id in wanted]


def _at(space: Workspace) -> str:
    return space.writing_time().isoformat(timespec="milliseconds")
