"""Time stamps by RFC 3161: the question, the authority's answer over HTTP, and whether the answer is to that question.

Asked only when a person names an authority. What leaves the machine is one SHA-256 and a random number. Whether to trust the
authority is for whoever verifies the archive, with `openssl ts`; here only that the token is of this hash and this question.
"""

from __future__ import annotations

import hashlib
import http.client
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from breachkit.errors import BadFile, BreachkitError, ExitCode, Fault, UsageError

LARGEST_REPLY: Final = 1 << 20
TIMEOUT: Final = 30.0
"""Seconds for each step of the connection."""


class StampRefused(BreachkitError):
    """No time stamp was given; nothing was written."""

    exit_code = ExitCode.DELIVERY


@dataclass(frozen=True)
class Question:
    """What an authority is asked."""

    content: bytes
    """DER, as in a .tsq file."""
    nonce: int
    imprint: bytes
    """The SHA-256 that is to be stamped."""


@dataclass(frozen=True)
class Stamp:
    """An authority's answer."""

    content: bytes
    """DER, as in a .tsr file."""
    at: datetime
    """The time it names, UTC. Not verified here."""


def question(data: bytes) -> Question:
    """The question for a time stamp of these bytes, with a random number in it; it asks for the authority's certificate too."""
    from asn1crypto import tsp  # type: ignore[import-untyped]  # the package ships no types

    imprint, nonce = hashlib.sha256(data).digest(), secrets.randbits(64)
    of = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint}
    asked = tsp.TimeStampReq({"version": "v1", "message_imprint": of, "nonce": nonce, "cert_req": True})
    return Question(asked.dump(), nonce, imprint)


def ask(url: str, asked: Question, *, timeout: float = TIMEOUT) -> Stamp:
    """The authority's answer. UsageError for a wrong URL; StampRefused when there is no answer, or not one to this question."""
    where = urlsplit(url)
    if where.scheme not in ("http", "https") or not where.hostname or where.username is not None:
        raise UsageError(f"'{url}' is no address of a time-stamping authority; write https://host/path, without a user's name")
    head = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    call = urllib.request.Request(url, data=asked.content, headers=head, method="POST")
    opener = urllib.request.build_opener(_NoRedirect())
    try:
        with opener.open(call, timeout=timeout) as reply:
            raw: bytes = reply.read(LARGEST_REPLY + 1)
    except urllib.error.HTTPError as problem:
        problem.close()
        raise StampRefused(f"{where.hostname} gave no time stamp: {problem}. Nothing was written") from problem
    except (OSError, ValueError, http.client.HTTPException) as problem:
        why = getattr(problem, "reason", None) or problem
        raise StampRefused(f"{where.hostname} gave no time stamp: {why}. Nothing was written") from problem
    if len(raw) > LARGEST_REPLY:
        raise StampRefused(f"{where.hostname} answered with more than {LARGEST_REPLY} bytes, which is no time stamp")
    try:
        return read_reply(raw, asked.imprint, nonce=asked.nonce, name=where.hostname)
    except BadFile as fault:
        raise StampRefused(f"{fault}. Nothing was written") from fault


def read_reply(raw: bytes, imprint: bytes, *, nonce: int | None = None, name: str = "the reply") -> Stamp:
    """The stamp in a reply. BadFile unless it was granted, for that SHA-256, and with that nonce where one is given."""
    try:
        info = _granted(raw, name)
        of, found, at = info["message_imprint"].native, info["nonce"].native, info["gen_time"].native
        stamped, algorithm = of["hashed_message"], of["hash_algorithm"]["algorithm"]
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise BadFile([Fault(name, None, "is no time stamp as RFC 3161 has it")]) from problem
    if algorithm != "sha256" or stamped != imprint:
        raise BadFile([Fault(name, None, "is a time stamp of something else")])
    if nonce is not None and found != nonce:
        raise BadFile([Fault(name, None, "is an answer to another question: its nonce is not the one that was sent")])
    return Stamp(raw, at.astimezone(UTC))


def _granted(raw: bytes, name: str) -> Any:
    """The TSTInfo of a reply; BadFile when the authority refused. Errors of the reader for what is no reply at all."""
    from asn1crypto import core, tsp

    status = tsp.PKIStatusInfo.load(core.Sequence.load(raw, strict=True)[0].dump())
    if status["status"].native not in ("granted", "granted_with_mods"):
        said = "; ".join(status["status_string"].native or ()) or status["status"].native
        raise BadFile([Fault(name, None, f"the authority refused: {said}")])
    token = tsp.TimeStampResp.load(raw, strict=True)["time_stamp_token"]["content"]["encap_content_info"]
    if token["content_type"].native != "tst_info":
        raise ValueError(token["content_type"].native)
    return token["content"].parsed


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only the host that a person named is asked."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None
