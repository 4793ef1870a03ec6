"""The shipped laws, the pack they make with an organisation's own promises, and the hash of all that an answer rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from breachkit import __version__
from breachkit.content import timezones
from breachkit.content.calendars import SHIPPED as CALENDARS
from breachkit.content.law_reader import Words, read_regimes
from breachkit.content.shipped import LAWS, VOCABULARY, read_cached
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.domain.journal import canonical
from breachkit.domain.law import LawPack, Regime


@cache
def load_laws() -> tuple[Regime, ...]:
    """The shipped regimes, read once."""
    files = read_cached(LAWS.rglob("*.yaml"), cache_name="laws", base=LAWS)
    return read_regimes(files, Words(load_vocabulary(), load_directory()), "breachkit")


def load_pack(extra: Iterable[Regime] = (), profile: Mapping[str, Any] | None = None) -> LawPack:
    """The shipped laws and an organisation's own promises. The hash is that of `pack_bytes`: all that answers rest on."""
    return LawPack(load_laws() + tuple(extra), __version__, hashlib.sha256(pack_bytes(profile)).hexdigest())


def pack_bytes(profile: Mapping[str, Any] | None = None) -> bytes:
    """Everything an answer rests on beside the facts, in one piece: laws, calendars, vocabulary, time zones, own profile."""
    # Canonical, so that a profile has one hash before and after it went through the journal, which sorts its keys.
    own = canonical(dict(profile)) if profile is not None else b"null"
    return b"".join((_shipped_bytes(), b"profile\0", own))


@cache
def _shipped_bytes() -> bytes:
    files = [*sorted(LAWS.rglob("*.yaml")), CALENDARS, *sorted(VOCABULARY.rglob("*.yaml"))]
    parts = [f"breachkit {__version__} tzdata {timezones.VERSION}".encode()]
    parts += [path.name.encode() + b"\0" + path.read_bytes() for path in files]
    return b"\0".join(parts)
